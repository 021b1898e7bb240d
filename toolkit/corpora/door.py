"""Own the reading of articles: whatever a researcher has, in one call, as one table with an account of every document."""

from __future__ import annotations

import codecs
import difflib
import importlib.metadata
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm.auto import tqdm

from toolkit.corpora import archives
from toolkit.corpora.exports import Found, Paths, located, opened
from toolkit.corpora.history import with_step
from toolkit.corpora.readers import TABULAR, all_readers
from toolkit.corpora.readers.base import HEAD, Declared, Document, File, Problem, Reader, decode
from toolkit.corpora.shape import Account, Audit, Row, aliases, check_direction, dated, framed, identified, named
from toolkit.tables import ARTICLES, FramingError, listed, nearest, not_found, warn_user

BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_REASONS = 5  # that an error lists


def read_articles(
    paths: Paths,
    format: str | None = None,
    columns: Mapping[str, str] | None = None,
    *,
    day_first: bool | None = None,
    **facts: Any,
) -> pd.DataFrame:
    """Read exports, pages and tables into one table of articles, and keep an account of every document.

    Parameters
    ----------
    paths : path or list of paths
        A file, a folder (with all below it), a pattern such as `"exports/*.docx"`, a zip (its members are read as
        files), or a list of these. Hidden files and lock files are left out.
    format : str, optional
        The name of a format (see `formats`), for files that are recognised wrongly or not at all. By default each
        file is recognised by its content.
    columns : Mapping[str, str], optional
        For tables and JSON with column names of their own: ours to the file's, as in `{"text": "body"}`. Usual names
        (body, headline, outlet, published ...) are recognised.
    day_first : bool, optional, keyword-only
        Whether 03/04/2017 is the third of April. By default a date of the same file that can be read in one way only
        decides; if there is none, such dates are missing.
    **facts
        What the files lack: `source="BBC"`, `language="en"`. Fills only what is missing.

    Returns
    -------
    pandas.DataFrame
        One row per document, in the order of files and places: `doc_id` (the archive's own, else made of file and
        place), `source`, `date` (as printed; with a time zone in the file's own data, UTC), `title`, `text` (empty
        where there is none), `standfirst`, `url`, `author`, `section`, `language`, `page`, what else the archive says,
        and `file`, `place`, `format`, `date_raw` (as printed), `date_precision` (minute, day, month or year).

        `attrs` has `corpus` (the name of the file or folder), `kind` and `audit`: for each file a dictionary with
        `file`, `format`, `encoding`, `declared` (documents that it says it has, None where it does not say), `parsed`,
        `unparsed`, `merged` and `problems` (each with `place`, `kind`, `note`). See `toolkit.audit`.

    Raises
    ------
    FramingError
        If a path leads nowhere, a name is unknown, or nothing at all could be read. A file that cannot be read does
        not stop the others; the audit names it.

    See Also
    --------
    formats : List the formats that can be read.
    audit : See what became of every file and document.
    load : Load a corpus by its name.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export = Path(folder, "export.csv")
    ...     _ = export.write_text("headline,body,published\\nA reset,It begins.,2017-02-03\\n", encoding="utf-8")
    ...     articles = read_articles(export, source="The Post")
    >>> articles[["doc_id", "source", "date", "title", "text"]]
         doc_id    source       date    title        text
    0  export:2  The Post 2017-02-03  A reset  It begins.
    """
    forced = _reader(format) if format is not None else None
    _check_facts(facts)
    check_direction(columns or {})
    _check_ours(columns or {})
    accounts: list[Account] = []
    rows: list[Row] = []
    files = located(paths)
    for path, root in tqdm(files, desc="reading", unit="file", disable=len(files) < 2, leave=False):
        for found in opened(path):
            account, its = _read(found, root, forced, dict(columns or {}))
            dated(its, account, facts.get("date"), day_first)
            accounts.append(account)
            rows += its
    _check_columns(columns or {}, accounts)
    if not rows:
        if not any(account.sound for account in accounts):
            raise _nothing(accounts)
        warn_user(str(_nothing(accounts)))  # an archive of pages none of which is an article was read all the same
    identified(rows)
    table = framed(rows, {key: value for key, value in facts.items() if key != "date"}, accounts)
    table.attrs = {
        "corpus": _name(paths, files),
        "kind": "articles",
        "audit": Audit(account.plain() for account in accounts),
    }
    settings = {"n_files": len(files), "format": format, "columns": columns, "day_first": day_first, **facts}
    return with_step(table, "read_articles", **{name: value for name, value in settings.items() if value is not None})


def formats() -> pd.DataFrame:
    """List what `read_articles` can read.

    Returns
    -------
    pandas.DataFrame
        One row per format: `format` (its name, as in `read_articles(..., format=)`), `title`, `suffixes` (usual endings,
        joined by commas; the content decides), `extra` (the extra of the package that it needs, missing if none) and `here`
        (whether it can be read on this machine).

    Examples
    --------
    >>> table = formats().set_index("format")
    >>> table.loc[["csv", "jsonl"], ["title", "suffixes"]]
                                    title        suffixes
    format
    csv     Table in CSV or TSV            .csv, .tsv, .tab
    jsonl   JSON Lines, a record a line    .jsonl, .ndjson
    """
    rows = [(r.name, r.title, ", ".join(r.suffixes), r.extra, r.extra is None or _here(r.extra)) for r in all_readers()]
    table = pd.DataFrame(rows, columns=["format", "title", "suffixes", "extra", "here"])
    return table.astype({"format": "str", "title": "str", "suffixes": "str", "extra": "str", "here": "bool"})


def _here(extra: str) -> bool:
    """Tell whether the packages of an extra are installed."""
    try:
        needs = importlib.metadata.requires("framing-toolkit") or []
    except importlib.metadata.PackageNotFoundError:
        return True
    marked = [need for need in needs if re.search(rf"""extra\s*==\s*["']{re.escape(extra)}["']""", need)]
    for need in marked:
        name = re.match(r"[\w.-]+", need)
        try:
            importlib.metadata.version(name[0] if name else need)
        except importlib.metadata.PackageNotFoundError:
            return False
    return True


class _Watched(File):
    """A file that remembers in which encoding a reader read it."""

    def text(self, encoding: str | None = None) -> tuple[str, str]:
        text, read_in = super().text(encoding)
        object.__setattr__(self, "read_in", read_in)
        return text, read_in


def _reader(name: str) -> Reader:
    known = {reader.name: reader for reader in all_readers()}
    if name not in known:
        raise not_found("format", str(name), sorted(known))
    return known[name]


_OF_PANDAS = {
    **dict.fromkeys(
        ("sep", "delimiter", "quotechar", "escapechar", "dialect", "engine"),
        "it finds out itself how a table is parted",
    ),
    **dict.fromkeys(("encoding", "encoding_errors"), "it finds out itself in which encoding a file is written"),
    **dict.fromkeys(
        ("date_format", "parse_dates", "dayfirst"),
        "it reads dates itself; day_first= says whether 03/04/2017 is in April",
    ),
    **dict.fromkeys(
        ("header", "names", "usecols", "index_col", "skiprows", "nrows"),
        "it reads whole tables; columns= names what is what",
    ),
    **dict.fromkeys(("dtype", "na_values", "sheet_name", "low_memory"), "it reads every column as it stands"),
}
"""Arguments of pandas that someone may give, and what stands in their place here."""


def _check_facts(facts: Mapping[str, Any]) -> None:
    """Refuse a fact whose name is nearly, but not, a column or an argument: it would be a silent new column."""
    for name, value in facts.items():
        if name in _OF_PANDAS:
            raise FramingError(
                f"read_articles has no argument {name}: {_OF_PANDAS[name]}. As a fact about all articles it would become a column."
            )
        _check_ours([name], "column or argument", ["format", "columns", "day_first"])
        if name in ("doc_id", "text"):
            raise FramingError(f"{name} cannot be one for all articles; leave out {name}={value!r}.")


def _check_ours(names: Iterable[str], what: str = "column", more: Iterable[str] = ()) -> None:
    """Refuse a name that is nearly, but not, one of ours."""
    known = [*ARTICLES.columns, *ARTICLES.optional, *more]
    for name in names:
        near = nearest(name, known, 1)
        if name not in known and near and difflib.SequenceMatcher(None, name, near[0]).ratio() > 0.75:
            raise not_found(what, name, known)


def _read(found: Found, root: Path, forced: Reader | None, columns: dict[str, str]) -> tuple[Account, list[Row]]:
    """Read one file: whatever goes wrong is in its account."""
    account = Account(found.name)
    for problem in found.problems:
        account.note(problem)
    if found.file is None:
        return account, []
    file = _Watched(found.file.name, found.file.path)
    rows: list[Row] = []
    try:
        if file.size == 0:
            raise FramingError(f"{file.name} is empty.")
        reader = forced or _recognised(file)
        account.format = reader.name
        if reader.extra and not _here(reader.extra):
            raise FramingError(
                f"{file.name} needs the extra {reader.extra!r}: python -m pip install 'framing-toolkit[{reader.extra}]'."
            )
        for item in reader.read(file):
            if isinstance(item, Document):
                rows.append(Row(dict(item.fields), item.place, account, root))
                account.names |= dict.fromkeys(item.fields)
            elif isinstance(item, Declared):
                account.declared = (account.declared or 0) + item.n
            else:
                account.note(item)
        account.sound = True
    except FramingError as error:
        account.note(Problem("file", "unparsed", str(error)))
    except Exception as error:  # parsers of damaged files raise anything; the other files are still read
        where = f" after {rows[-1].place}" if rows else ""
        note = f"{file.name} could not be read further{where} ({type(error).__name__}: {error})."
        account.note(Problem("file", "unparsed", note))
    account.encoding = getattr(file, "read_in", None) or _encoding(file)
    named(rows, account, columns, account.format in TABULAR)
    if account.format in TABULAR:
        read, rows = rows, _of_articles(rows, account, columns)
        account.sound &= len(rows) == len(read)  # a table whose text has to be named first was not read
    account.parsed = len(rows)
    _settle(account)
    return account, rows


def _recognised(file: File) -> Reader:
    """Return the reader that is surest of the file; of equals, one that knows its ending."""
    best: tuple[int, bool, Reader] | None = None
    for reader in all_readers():
        try:
            sure = int(reader.recognise(file))
        except Exception:  # it never raises; if it does, the others still get their turn
            sure = 0
        if sure > 0 and (best is None or (sure, file.suffix in reader.suffixes) > best[:2]):
            best = (sure, file.suffix in reader.suffixes, reader)
    if best is None:
        raise FramingError(
            f"{file.name} is in no format that is known (see formats()), or is not what its name says. If it is in one, "
            "name it: read_articles(..., format=...)."
        )
    return best[2]


def _encoding(file: File) -> str | None:
    """Return the encoding of a file whose reader did not tell, None where it is no text."""
    with file.open() as stream:
        head = stream.read(HEAD)
        if archives.is_zip(head) or archives.is_gzip(head) or (b"\0" in head and not head.startswith(BOMS)):
            return None
        if head.startswith(BOMS):
            return decode(head)[1]
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while head:
                decoder.decode(head)
                head = stream.read(1024 * 1024)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _of_articles(rows: list[Row], account: Account, columns: dict[str, str]) -> list[Row]:
    """Make sure that a table is one of articles, or say which columns it has and how to name them."""
    ours = set(aliases(account.names, columns).values())
    if not rows or "text" in ours:
        return rows
    has = list(account.names)
    said = {**columns, "text": "..."}
    what = f"It lacks the column text; it has: {listed(has)}. Say which it is: read_articles(..., columns={said!r})."
    if ours & {"title", "url"}:
        account.note(Problem("file", "odd", f"{what} The articles are without text."))
        return rows
    account.note(Problem("file", "unparsed", what))
    return []


def _settle(account: Account) -> None:
    """Compare what a file declares with what was found in it."""
    here = account.parsed + account.unparsed + account.merged
    if account.declared is not None and here != account.declared:
        note = f"It declares {account.declared:,} documents; {account.parsed:,} were read"
        note += f", {account.merged:,} merged" if account.merged else ""
        note += f", {account.unparsed:,} not read." if account.unparsed else "."
        account.note(Problem("file", "odd", note))
    elif not here and account.format != "metadata":  # whose rows are told with the texts beside it
        account.note(Problem("file", "odd", f"{account.file} has no article in it."))


def _check_columns(columns: Mapping[str, str], accounts: list[Account]) -> None:
    """Raise for a name that stands in no file at all: it is mistyped."""
    has = list(dict.fromkeys(name for account in accounts for name in account.names))
    for our, their in columns.items():
        if has and their not in has:
            near = nearest(their, has)
            hint = f" Did you mean {' or '.join(repr(n) for n in near)}?" if near else ""
            raise FramingError(f"No file has a column {their!r} to take as {our}; there are: {listed(has)}.{hint}")


def _nothing(accounts: list[Account]) -> FramingError:
    reasons = []
    for account in accounts:
        first = next((p for kind in ("unparsed", "odd") for p in account.problems if p.kind == kind), None)
        note = first.note if first else "no article in it."
        reasons.append(note if account.file in note else f"{account.file}: {note}")
    more = f" And {len(reasons) - _REASONS:,} more." if len(reasons) > _REASONS else ""
    what = (
        "No article could be read." if len(accounts) == 1 else f"No article could be read in {len(accounts):,} files."
    )
    return FramingError(f"{what} {' '.join(reasons[:_REASONS])}{more}")


def _name(paths: Paths, files: list[tuple[Path, Path]]) -> str:
    """Name the corpus after the folder or file, or after the first of several."""
    if isinstance(paths, (str, os.PathLike)):
        path = Path(os.fsdecode(paths)).expanduser()
        named_by = files[0][1] if not path.exists() else path
        return named_by.absolute().name if named_by.is_dir() else named_by.name.partition(".")[0] or named_by.name
    first = files[0][0].name.partition(".")[0] or files[0][0].name
    return first if len(files) == 1 else f"{first} and {len(files) - 1:,} more"
