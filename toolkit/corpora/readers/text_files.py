"""Own the text files that somebody described: with front matter at their head, or with a table of metadata beside them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

from toolkit.corpora.readers.base import COMPANIONS, Document, File, Item, Problem, Reader
from toolkit.corpora.readers.lines import head_text
from toolkit.corpora.readers.tables import read_csv
from toolkit.tables import FramingError

SUFFIXES = (".txt", ".md", ".text", ".markdown", "")
_Table = tuple[Path, dict[str, dict[str, Any]], dict[str, str]]
_FILE_COLUMNS = ("file", "filename", "file_name", "file name", "path", "datei", "fichier", "archivo")
_KEY = re.compile(r"([^\W\d][\w .-]{0,40}?)\s*:(?:\s+(.*))?$")
_FRONT = re.compile(r"\s*---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*\r?$", re.DOTALL | re.MULTILINE)


def _recognise_text(file: File) -> int:
    if file.suffix not in SUFFIXES:
        return 0
    text = head_text(file)
    if not text:
        return 0
    found = _FRONT.match(text)
    if found and any(_KEY.match(line) for line in found[1].splitlines()):
        return 80
    return 70 if _companion_row(file) is not None else 0


def _read_text(file: File) -> Iterator[Item]:
    text, encoding = file.text()
    if encoding not in ("utf-8", "utf-8-sig"):
        yield Problem("file", "mended", f"It is not UTF-8; it was read as {encoding}.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    fields: dict[str, Any] = {}
    if (found := _FRONT.match(text)) is not None:
        fields, unread = front_matter(found[1])
        text = text[found.end() :]
        for line in unread:
            yield Problem("front matter", "odd", f"The line {line!r} is no key with a value; it was left out.")
    if (row := _companion_row(file)) is not None:
        # The file's own word goes before the table's.
        fields = {key: value for key, value in row.items() if value not in (None, "")} | fields
    text = text.strip("\n")
    taken = {key.casefold() for key in fields}
    if not taken & {"title", "headline", "titel", "titre", "título"}:
        heading = re.match(r"#[ \t]+(\S.*)\n+", text)
        if heading:
            fields["title"], text = heading[1].strip(" #"), text[heading.end() :]
    for key in [key for key in fields if key.casefold() == "text"]:
        fields["text_in_metadata"] = fields.pop(key)
    if not text.strip():
        yield Problem("file", "odd", "There is no text below the front matter." if found else "The file has no text.")
    yield Document("file", fields | {"text": text})


def front_matter(block: str) -> tuple[dict[str, Any], list[str]]:
    """Read keys and values as people write them in front matter: the simple part of YAML, without its types and tags.

    Returns
    -------
    tuple of dict and list
        The fields (a list of values is one string, joined by semicolons), and the lines that could not be read.

    Examples
    --------
    >>> front_matter('title: "A reset: what now?"\\ntags: [ports, snow]\\nauthors:\\n- A. Lind\\n- B. Roe')
    ({'title': 'A reset: what now?', 'tags': 'ports; snow', 'authors': 'A. Lind; B. Roe'}, [])
    """
    fields: dict[str, Any] = {}
    unread = []
    key = ""
    for line in block.splitlines():
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        if key and re.match(r"\s*-\s+", line):
            fields[key] = "; ".join(filter(None, [fields[key], _value(re.sub(r"^-\s+", "", bare))]))
        elif key and line[0] in " \t":
            fields[key] = f"{fields[key]} {_value(bare)}".strip()
        elif (found := _KEY.match(line)) is not None:
            key = found[1].strip()
            value = (found[2] or "").strip()
            # A value that follows on the next lines, folded or not.
            fields[key] = "" if value in (">", "|", ">-", "|-") else _value(value)
        else:
            unread.append(bare)
    return {name: value for name, value in fields.items() if value}, unread


def _value(text: str) -> str:
    if text.startswith("[") and text.endswith("]"):
        return "; ".join(filter(None, (_value(part.strip()) for part in text[1:-1].split(","))))
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return text


def _companion_row(file: File) -> dict[str, Any] | None:
    table = companion(file.path.parent)
    if table is None:
        return None
    name = PurePosixPath(file.name.rpartition("!")[2].replace("\\", "/"))
    rows = table[1]
    return rows.get(name.name) or rows.get(name.name.casefold()) or rows.get(name.stem.casefold())


def companion(folder: Path) -> _Table | None:
    """Return the table of metadata that lies in a folder: where, its rows by file, its files by place; None if none."""
    for called in COMPANIONS:
        path = folder / called
        if path.is_file():
            state = path.stat()
            rows = _rows_by_file(str(path), state.st_mtime_ns, state.st_size)
            if rows is not None:
                return path, *rows
    return None


@lru_cache(maxsize=8)
def _rows_by_file(path: str, _changed: int, _size: int) -> tuple[dict[str, dict[str, Any]], dict[str, str]] | None:
    rows: dict[str, dict[str, Any]] = {}
    places: dict[str, str] = {}
    column = None
    try:
        for item in read_csv(File(path, Path(path))):
            if isinstance(item, Document):
                column = column or next((c for c in item.fields if c.strip().casefold() in _FILE_COLUMNS), None)
                if column is None:
                    return None
                name = str(item.fields[column] or "").strip().replace("\\", "/").rpartition("/")[2]
                if name:
                    places[item.place] = name
                    rows[name] = {key: value for key, value in item.fields.items() if key != column}
                    rows.setdefault(name.casefold(), rows[name])
    except FramingError:
        return None
    return rows, places


def _recognise_companion(file: File) -> int:
    if Path(file.name.rpartition("!")[2]).name.lower() not in COMPANIONS or file.path.name not in COMPANIONS:
        return 0
    return 95 if companion(file.path.parent) is not None else 0


def _read_companion(file: File) -> Iterator[Item]:
    """Yield no document: the rows are told with the texts. A row whose text is not there is a loss."""
    yield from (item for item in read_csv(file) if isinstance(item, Problem))
    beside = _beside(file)
    if beside is None:
        return
    found = companion(file.path.parent)
    here = {name.casefold() for path in beside for name in (path.name, path.stem)}
    for place, name in found[2].items() if found else ():
        if name.casefold() not in here:
            yield Problem(place, "unparsed", f"It names the file {name!r}, which is not in the folder.")


def _beside(file: File) -> list[PurePath] | None:
    """Return what lies in the folder of a file; None for an archive in an archive, which is not looked into again."""
    outer, mark, inner = file.name.partition("!")
    if not mark:
        return list(file.path.parent.iterdir())
    # The members of an archive are never all on disk, so its index tells.
    try:
        with zipfile.ZipFile(outer) as archive:
            names = archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return None
    folder = PurePosixPath(inner).parent
    return [PurePosixPath(name) for name in names if PurePosixPath(name).parent == folder] if inner in names else None


READERS = (
    Reader("metadata", "Table of metadata beside text files", (".csv", ".tsv"), _recognise_companion, _read_companion),
    Reader(
        "text", "Text with front matter or a table of metadata beside it", SUFFIXES[:-1], _recognise_text, _read_text
    ),
)
