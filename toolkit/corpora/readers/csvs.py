"""Own what the readers of a service's CSV share: telling it by its header, and reading its rows."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterator

from toolkit.corpora.readers.base import File, Problem, decode
from toolkit.tables import FramingError

MARKS = ",;\t|"


def header(file: File) -> tuple[list[str], list[list[str]], str]:
    """Return the names of the columns, some rows, and the mark between cells; nothing where the head is no table."""
    head = file.head()
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return [], [], ","
    text = decode(head)[0].lstrip("\n\r")
    if not text or text[0] in "{[<":
        return [], [], ","
    first = text.split("\n", 1)[0]
    bare = re.sub(r'"(?:[^"]|"")*"', "", first)
    mark = max(MARKS, key=bare.count)
    if not bare.count(mark):
        return [], [], ","
    whole = text if len(head) == file.size else text.rpartition("\n")[0] or text
    _unbound()
    try:
        rows = list(csv.reader(io.StringIO(whole, newline=""), delimiter=mark))
    except csv.Error:
        return [], [], mark
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        return [], [], mark
    return [name.strip() for name in rows[0]], rows[1:], mark


def need(file: File) -> tuple[list[str], list[list[str]], str]:
    """Return what `header` does, or raise where the file is no table, as when a format was named for it wrongly."""
    found = header(file)
    if not found[0]:
        raise FramingError(f"{file.name} is no table: its head has no row of column names.")
    return found


def rows(file: File, mark: str) -> Iterator[tuple[str, dict[str, str]] | Problem]:
    """Yield the rows that have anything, each with its place ("row 2" is the first after the header) and its filled cells by column."""
    text = file.text()[0].lstrip("\n\r").replace("\0", "")
    _unbound()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    names: list[str] = []
    n = 0
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield Problem(f"row {n + 1}", "unparsed", f"The CSV breaks here ({error}).")
            return
        if row is None:
            return
        n += 1
        if not any(cell.strip() for cell in row):
            continue
        if not names:
            names = [name.strip() for name in row]
            continue
        if len(row) > len(names):
            yield Problem(
                f"row {n}",
                "odd",
                f"It has {len(row)} cells where the header has {len(names)}; those beyond were left out.",
            )
        yield f"row {n}", {name: cell.strip() for name, cell in zip(names, row, strict=False) if name and cell.strip()}


def _unbound() -> None:
    """Let cells be as long as the file: articles are longer than the module's 131,072 characters."""
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
