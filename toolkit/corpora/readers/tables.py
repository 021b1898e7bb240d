"""Own the tables: CSV and its kin with whatever separator and encoding, Excel, and Parquet, a row an article."""

from __future__ import annotations

import csv
import itertools
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from toolkit.corpora import archives
from toolkit.corpora.readers.base import Document, File, Item, Problem, Reader
from toolkit.corpora.readers.lines import LONGEST, Lines, head_text
from toolkit.tables import ALIASES, ARTICLES, FramingError
from toolkit.tables.aliases import plain_name

_SEPARATORS = ",;\t|"
_CELL = 32_767  # characters that a cell of Excel holds
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BLANK_ROWS = 10_000  # in a row, after which a sheet is over
_MOST_COLUMNS = 2_000
_LARGEST_GROUP = 4 * 1024**3  # bytes of a row group of Parquet when unpacked
_KNOWN = frozenset(map(plain_name, (*ARTICLES.columns, *ARTICLES.optional, *itertools.chain(*ALIASES.values()))))


class _Dialect(csv.Dialect):
    """How a table is written: what parts the fields, and how a quotation mark inside one is written."""

    delimiter = ","
    quotechar = '"'
    doublequote = True
    skipinitialspace = False
    lineterminator = "\n"
    quoting = csv.QUOTE_MINIMAL
    strict = False


def _dialect(head: str) -> tuple[type[_Dialect], list[list[str]]] | None:
    """Find the separator under which most records have as many fields as the first; return the first records too."""
    text = head if len(head) < 30_000 or "\n" not in head else head[: head.rindex("\n") + 1]
    lines = text.replace("\r\n", "\n").replace("\r", "\n").splitlines(keepends=True)
    if lines and lines[0].strip().lower().startswith("sep=") and len(lines[0].strip()) == 5:
        return _made(lines[0].strip()[4], text), _records(lines[1:], _made(lines[0].strip()[4], text))
    best: tuple[float, int] = (0, 0)
    found = None
    for separator in _SEPARATORS:
        made = _made(separator, text)
        records = _records(lines, made)
        if not records or len(records[0]) < 2:
            continue
        # The last record can be cut off.
        whole = records[:-1] if len(records) > 2 else records
        same = sum(len(record) == len(records[0]) for record in whole) / len(whole)
        if (round(same, 1), len(records[0])) > best:
            best, found = (round(same, 1), len(records[0])), (made, records)
    return found


def _made(separator: str, text: str) -> type[_Dialect]:
    backslash = '\\"' in text and '""' not in text.replace(f'{separator}""', "")
    return type("_Found", (_Dialect,), {"delimiter": separator, "escapechar": "\\" if backslash else None})


def _records(lines: Iterable[str], dialect: type[_Dialect]) -> list[list[str]]:
    try:
        return [record for record in itertools.islice(csv.reader(lines, dialect), 200) if record]
    except csv.Error:
        return []


def _recognise_csv(file: File) -> int:
    text = head_text(file)
    if not text or text.lstrip()[:1] in ("{", "[", "<"):
        return 0
    ours = file.suffix in (".csv", ".tsv", ".tab")
    found = _dialect(text)
    if found is None:
        first = text.strip().partition("\n")[0].strip().strip('"')
        return 40 if ours and plain_name(first) in _KNOWN else 20 if ours else 0
    records = found[1]
    header = [plain_name(name) for name in records[0]]
    known = sum(name in _KNOWN for name in header)
    if known >= 2 and all(len(name) < 80 for name in header):
        return 50
    if ours:
        return 40 if known else 30
    even = len(records) > 3 and len(header) > 2 and all(len(record) == len(header) for record in records[:-1])
    return 12 if even and all(0 < len(name) < 60 for name in header) else 0


def read_csv(file: File) -> Iterator[Item]:
    """Yield the rows of a table in text as documents, with the table's own names."""
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST))
    found = _dialect(head_text(file) or "")
    dialect = found[0] if found else _made("," if file.suffix != ".tsv" else "\t", "")
    lines = Lines(file)
    header: list[str] | None = None
    for n, (record, problem) in enumerate(_mended(lines, dialect), start=1):
        place = f"row {n}"
        if problem:
            yield Problem(place, "mended", problem)
        if header is None:
            header = _header(record)
            continue
        yield from _row(header, record, place)
    yield from lines.problems()


def _mended(lines: Iterable[str], dialect: type[_Dialect]) -> Iterator[tuple[list[str], str]]:
    """Yield the records; where a quotation mark that is never closed has swallowed lines, take them one by one."""
    source_lines = iter(lines)
    held: list[str] = []  # the lines of the record that is being read
    first = over = False

    def fed() -> Iterator[str]:
        nonlocal first, over
        for line in source_lines:
            first, stated = True, not first and line.lower().startswith("sep=") and len(line.strip()) == 5
            if stated:
                continue
            end = "\n" if line.endswith(("\n", "\r")) else ""
            held.append(line.rstrip("\r\n").replace("\r", " ") + end)
            yield held[-1]
        over = True

    n_fields = 0
    source = csv.reader(fed(), dialect)
    while True:
        try:
            record = next(source, None)
        except csv.Error as error:
            # The reader is lost within a field; what it held is given as lines, and a new one takes over.
            swallowed, source = held[:], csv.reader(fed(), dialect)
            held.clear()
            yield from _one_by_one(swallowed, dialect, str(error))
            continue
        if record is None:
            return
        swallowed = held[:]
        held.clear()
        if not any(record):
            continue
        n_fields = n_fields or len(record)
        if len(swallowed) > 1:
            unclosed = _quotes("".join(swallowed), dialect) % 2 == 1
            if unclosed or len(record) != n_fields:
                whole = sum(_is_row(_alone(line, dialect), n_fields) for line in swallowed[1:])
                if whole * 2 >= len(swallowed[1:]):
                    yield from _one_by_one(swallowed, dialect, "a quotation mark is not closed")
                    continue
            if unclosed and over:
                yield record, "The table ends within quotation marks: it is cut off, or one is not closed."
                continue
        yield record, ""


def _quotes(text: str, dialect: type[_Dialect]) -> int:
    return text.count('"') - (text.count('\\"') if dialect.escapechar else 0)


def _alone(line: str, dialect: type[_Dialect]) -> list[str]:
    """Read one line as a record of its own, whatever stands before it."""
    if _quotes(line, dialect) % 2:
        dialect = type("_Plain", (dialect,), {"quoting": csv.QUOTE_NONE, "quotechar": None})
    return next(iter(_records([line], dialect)), [])


def _is_row(record: list[str], n_fields: int) -> bool:
    """Tell a row from a paragraph with commas in it, which a space follows."""
    return len(record) == n_fields and not any(value.startswith(" ") for value in record[1:])


def _one_by_one(lines: list[str], dialect: type[_Dialect], why: str) -> Iterator[tuple[list[str], str]]:
    said = f"From here {len(lines):,} lines are taken as a row each ({why})."
    for line in lines:
        if record := _alone(line, dialect):
            yield [value.strip('"') for value in record], said
            said = ""


def _header(record: Iterable[Any]) -> list[str]:
    """Name the columns: each has a name, and none has another's."""
    names: list[str] = []
    for i, value in enumerate(record, start=1):
        name = wanted = " ".join(str(value).split()) if value is not None and str(value).strip() else f"column_{i}"
        n = 1
        while name in names:
            n += 1
            name = f"{wanted}_{n}"
        names.append(name)
    return names


def _row(header: list[str], record: list[Any], place: str) -> Iterator[Item]:
    """Turn one record into a document; say where it has more or fewer fields than the head, or was cut by Excel."""
    if len(record) > len(header):
        spare = [str(value) for value in record[len(header) :] if value not in (None, "")]
        if spare:
            note = f"It has {len(record)} fields, the head line has {len(header)}; what is more is in the column more_fields."
            yield Problem(place, "odd", note)
            record = [*record[: len(header)], "; ".join(spare)]
            header = [*header, "more_fields"]
    elif len(record) < len(header):
        yield Problem(place, "odd", f"It has {len(record)} fields, the head line has {len(header)}.")
    fields = {name: value for name, value in zip(header, record) if value not in (None, "")}
    for name, value in fields.items():
        if isinstance(value, str) and len(value) == _CELL:
            note = f"The column {name} has {_CELL:,} characters, where Excel cuts: its end is probably lost."
            yield Problem(place, "odd", note)
    if fields:
        # Every column is named once, so that an empty one is known to be there.
        yield Document(place, dict.fromkeys(header) | fields)


def _recognise_excel(file: File) -> int:
    head = file.head(8)
    if head == _OLE:
        return 20 if file.suffix in (".xls", ".xlsx", ".xlsm") else 0
    if not archives.is_zip(head):
        return 0
    try:
        with zipfile.ZipFile(file.path) as archive:
            return 40 if "xl/workbook.xml" in archive.namelist() else 0
    except Exception:  # damaged in one of many ways: not ours to say
        return 30 if file.suffix in (".xlsx", ".xlsm") else 0


def _read_excel(file: File) -> Iterator[Item]:
    if file.head(8) == _OLE:
        raise FramingError(
            f"{file.name} is a workbook of the old kind (.xls) or has a password. Open it and save it as .xlsx without one."
        )
    archives.checked_zip(file.path, file.name).close()
    import openpyxl  # type: ignore[import-untyped]

    with file.open() as stream:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        sheets = book.worksheets
        for sheet in sheets:
            sheet.reset_dimensions()  # what it says of its size can be wrong, or enormous
            header: list[str] | None = None
            blank = 0
            for n, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                record = [_cell(value) for value in cells[:_MOST_COLUMNS]]
                while record and record[-1] in (None, ""):
                    record.pop()
                if not record:
                    blank += 1
                    if blank > _BLANK_ROWS:
                        break
                    continue
                blank = 0
                place = f"row {n}" if len(sheets) == 1 else f"sheet {sheet.title}, row {n}"
                if header is None:
                    header = _header(record)
                    continue
                # Empty cells at the end of a row are not written.
                yield from _row(header, [*record, *[None] * (len(header) - len(record))], place)
        book.close()


def _cell(value: Any) -> Any:
    return value.replace("_x000D_", "") if isinstance(value, str) else value


def _recognise_parquet(file: File) -> int:
    return 90 if file.head(4) == b"PAR1" else 0


def _read_parquet(file: File) -> Iterator[Item]:
    import pyarrow
    import pyarrow.parquet

    try:
        with pyarrow.parquet.ParquetFile(file.path) as table:
            shape = table.metadata
            for group in range(shape.num_row_groups):
                if shape.row_group(group).total_byte_size > _LARGEST_GROUP:
                    raise FramingError(
                        f"{file.name} has row groups of more than {_LARGEST_GROUP / 1e9:.0f} GB. Write smaller ones."
                    )
            n = 0
            for batch in table.iter_batches(batch_size=512):
                for fields in batch.to_pylist():
                    n += 1
                    fields.pop("__index_level_0__", None)
                    yield Document(f"row {n}", fields)
    except (pyarrow.ArrowException, OSError) as error:
        raise FramingError(f"{file.name} cannot be read as Parquet: {str(error).strip().rstrip('.')}.") from None


READERS = (
    Reader("csv", "Table in CSV or TSV", (".csv", ".tsv", ".tab"), _recognise_csv, read_csv),
    Reader("excel", "Table in Excel", (".xlsx", ".xlsm"), _recognise_excel, _read_excel),
    Reader("parquet", "Table in Parquet", (".parquet", ".pq"), _recognise_parquet, _read_parquet),
)
