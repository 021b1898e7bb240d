"""Own the shaping: from documents as readers find them to one table of articles, with names, dates and ids."""

from __future__ import annotations

import math
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.corpora.dates import ReadDate, in_utc, read_date
from toolkit.corpora.dates import day_first as evidence
from toolkit.corpora.hosts import hosts_of
from toolkit.corpora.leads import with_one_lead
from toolkit.corpora.lines import unwrapped, words_of
from toolkit.corpora.readers.base import Problem
from toolkit.tables import ALIASES, ARTICLES, COUNTS, FramingError
from toolkit.tables.aliases import plain_name
from toolkit.tables.frames import whole_characters
from toolkit.tables.languages import language_code

FIRST = (
    *("doc_id", "source", "date", "title", "text", "standfirst"),
    *("url", "author", "section", "language", "page"),
)
LAST = ("file", "place", "format", "date_raw", "date_precision")
MOST_PROBLEMS = 1_000  # of one kind that are kept of a file, so that a broken file does not fill the memory

# The address of an article in a database says nothing of who published it, also through a library ("...proxy.lib...").
_DATABASE = r"(?:^|[.-])(?:proquest|nexisuni|lexisnexis|lexis|nexis|factiva|europresse|eureka|integrum|newsbank)[.-]"


class Audit(list[dict[str, Any]]):
    """The accounts of the files, as plain dictionaries; not to be changed, so that a copied table shares it.

    pandas copies `attrs` deeply with each operation: for a folder of many files that would be most of the work.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> Audit:
        return self


@dataclass
class Account:
    """What became of one file."""

    file: str
    format: str | None = None
    encoding: str | None = None
    declared: int | None = None
    parsed: int = 0
    unparsed: int = 0
    merged: int = 0
    sound: bool = False  # read to its end, whatever was in it
    problems: list[Problem] = field(default_factory=list)
    names: dict[str, None] = field(default_factory=dict)
    taken: dict[str, str] = field(default_factory=dict)  # the file's columns under other names: what each is taken for
    of_kind: Counter[str] = field(default_factory=Counter)

    def note(self, problem: Problem) -> None:
        """Keep a problem, and count it where it means a document lost or merged."""
        self.of_kind[problem.kind] += 1
        self.unparsed += problem.kind == "unparsed"
        self.merged += problem.kind == "merged"
        if self.of_kind[problem.kind] <= MOST_PROBLEMS:
            self.problems.append(problem)

    def plain(self) -> dict[str, Any]:
        """Return it as plain values, for JSON."""
        problems = [{"place": p.place, "kind": p.kind, "note": p.note} for p in self.problems]
        for kind, n in self.of_kind.items():
            if n > MOST_PROBLEMS:
                note = f"{n - MOST_PROBLEMS:,} more of this kind are counted, not listed."
                problems.append({"place": "file", "kind": kind, "note": note})
        return {
            "file": self.file,
            "format": self.format,
            "encoding": self.encoding,
            "declared": self.declared,
            "parsed": self.parsed,
            "unparsed": self.unparsed,
            "merged": self.merged,
            "problems": problems,
            **({"columns": dict(self.taken)} if self.taken else {}),
        }


@dataclass
class Row:
    """One article on its way into the table."""

    fields: dict[str, Any]
    place: str
    account: Account
    root: Path


def aliases(names: Iterable[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Tell which of a table's own names are which of ours: theirs to ours.

    What `columns` says (ours to theirs) comes first, then our own names in any case, then usual ones.

    Examples
    --------
    >>> aliases(["Headline", "body", "summary", "Pub. date"], {"text": "summary"})
    {'summary': 'text', 'Pub. date': 'date', 'Headline': 'title'}
    """
    have = {plain_name(name): name for name in reversed(list(names))}
    taken = {their: our for our, their in columns.items() if their in have.values()}
    for our in (*FIRST, "wire"):
        if our not in taken.values() and our in have and have[our] not in taken:
            taken[have[our]] = our
    for our in FIRST:
        usual = map(plain_name, ALIASES.get(our, ()))
        match = next((have[u] for u in usual if u in have and have[u] not in taken), None)
        if match is not None and our not in taken.values():
            taken[match] = our
    return taken


def check_direction(columns: Mapping[str, str]) -> None:
    """Refuse a mapping from the file's names to ours.

    Examples
    --------
    >>> check_direction({"Story": "text"})
    Traceback (most recent call last):
    ...
    toolkit.tables.FramingError: columns= goes from our name to the file's, and this is the other way round: columns={'text': 'Story'}.
    """
    known = {*ARTICLES.columns, *ARTICLES.optional, *COUNTS.columns}
    if columns and not known & set(columns) and known & set(map(str, columns.values())):
        right = {our: their for their, our in columns.items()}
        raise FramingError(
            f"columns= goes from our name to the file's, and this is the other way round: columns={right!r}."
        )


def named(rows: list[Row], account: Account, columns: Mapping[str, str], tabular: bool) -> None:
    """Give the fields our names: in tables the usual ones are guessed, elsewhere only `columns` counts."""
    if tabular:
        ours = aliases(account.names, columns)
        account.taken = {their: our for their, our in ours.items() if plain_name(their) != our and our not in columns}
    else:
        ours = {their: our for our, their in columns.items()}
    if not ours:
        return
    wanted = set(ours.values())
    for row in rows:
        # A column that has one of our names already gives way to the one that was asked for.
        fields = {ours.get(key, key): value for key, value in row.fields.items() if key in ours or key not in wanted}
        row.fields = fields


def plain_text(value: Any) -> Any:
    """Clean a string of marks that are no text: byte order marks, carriage returns, halves of characters.

    Examples
    --------
    >>> plain_text("\\ufeffOne\\r\\ntwo")
    'One\\ntwo'
    """
    if not isinstance(value, str):
        return value
    if "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    if "&soft" in value:  # what Factiva writes for a line break, as text
        value = re.sub(r"\s*&softReturn;?\s*", " ", value)
    if "\ufeff" in value:
        value = value.replace("\ufeff", "")
    return whole_characters(value)


def is_missing(value: Any) -> bool:
    """Tell what stands for nothing: None, NaN, NaT, an empty string or list."""
    if value is None or value is pd.NaT or value is pd.NA:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return isinstance(value, (str, list, tuple, dict)) and not value


def as_text(value: Any) -> str:
    """Write a value of a text column as a string; lists are joined by semicolons."""
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        return "; ".join(as_text(v) for v in value if not is_missing(v))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def dated(rows: list[Row], account: Account, fallback: Any, day_first: bool | None) -> None:
    """Turn the printed dates of one file into dates; keep them as printed, and say which cannot be read."""
    printed = [as_text(row.fields["date"]) for row in rows if isinstance(row.fields.get("date"), (str, list, tuple))]
    order = day_first if day_first is not None else evidence(printed)
    n_unclear, unclear = 0, ""
    known: dict[str, ReadDate | None] = {}  # many articles have one date
    for row in rows:
        raw = row.fields.pop("date", None)
        raw = fallback if is_missing(raw) else raw
        when, precision, zone, written = None, None, None, ""
        if isinstance(raw, datetime):
            when, precision, written = in_utc(raw), "minute", raw.isoformat(sep=" ")
            if not _has_time(when):
                precision = "day"
        elif isinstance(raw, date):
            when, precision, written = datetime(raw.year, raw.month, raw.day), "day", raw.isoformat()
        elif not is_missing(raw):
            written = as_text(raw).strip()
            if written not in known:
                known[written] = read_date(written, day_first=order)
            if (read := known[written]) is not None:
                when, precision, zone = read.date.replace(tzinfo=None), read.precision, read.zone
                if precision == "minute" and not _has_time(when):
                    precision = "day"
        if when is not None and not 1700 <= when.year <= datetime.now(UTC).year + 1:
            when, precision = None, None
        if when is None and written:
            if order is None and read_date(written, day_first=True) and read_date(written, day_first=False):
                n_unclear, unclear = n_unclear + 1, unclear or f"{row.place}: {written!r}"
            else:
                account.note(Problem(row.place, "odd", f"The date {_short(written)} cannot be read; it is missing."))
        row.fields |= {"date": when, "date_precision": precision}
        row.fields["date_raw"] = row.fields.get("date_raw") or written
        if zone:
            row.fields["date_zone"] = zone
    if n_unclear:
        note = (
            f"{n_unclear:,} dates can be day or month first ({unclear}), and no date of the file tells; they are "
            "missing. Say it: read_articles(..., day_first=True) or day_first=False."
        )
        account.note(Problem("file", "odd", note))


def _short(text: str, most: int = 60) -> str:
    return repr(text if len(text) <= most else text[:most] + "…")


def _has_time(when: datetime) -> bool:
    """Tell a moment from a day that was written as one: archives write midnight where they know no time."""
    return (when.hour, when.minute, when.second, when.microsecond) != (0, 0, 0, 0)


def identified(rows: list[Row]) -> None:
    """Give each row a doc_id of its own: the archive's, else file and place; a repeated one gets a number behind it."""
    seen: dict[str, int] = {}
    for row in rows:
        own = row.fields.get("doc_id")
        if is_missing(own):
            own = row.fields.get("archive_id")
        stated = not is_missing(own)
        wanted = plain_text(as_text(own)).strip() if stated else ""
        if not wanted:
            stated, wanted = False, _made(row)
        given = wanted
        while given in seen:
            seen[wanted] += 1
            given = f"{wanted}-{seen[wanted]}"
        seen.setdefault(given, 1)
        row.fields["doc_id"] = given
        if stated and given != wanted:
            note = f"The id {_short(wanted)} occurs before; this article is {given!r}."
            row.account.note(Problem(row.place, "odd", note))


def _made(row: Row) -> str:
    """Make an id of file and place: "2017/export:3"; it stays the same wherever the folder lies."""
    outer, mark, inner = row.account.file.partition("!")
    name = Path(os.path.relpath(outer, row.root)).as_posix() if row.root.parts else outer
    name = f"{name}!{inner}" if mark else name
    stem, dot, ending = name.rpartition(".")
    name = stem if dot and stem and "/" not in ending and len(ending) < 9 else name
    numbers = re.findall(r"\d+", row.place)
    place = numbers[0] if len(numbers) == 1 else re.sub(r"\W+", "-", row.place).strip("-")
    return plain_text(name if place in ("", "file") else f"{name}:{place}")


def framed(rows: list[Row], facts: Mapping[str, Any], accounts: list[Account]) -> pd.DataFrame:
    """Make the table: what files lack filled from `facts`, columns in order, each of one type."""
    names: dict[str, None] = {}
    for row in rows:
        row.fields = _without_stand_ins({_renamed(key): value for key, value in row.fields.items()})
        names |= dict.fromkeys(row.fields)
        row.fields |= {"file": row.account.file, "place": row.place, "format": row.account.format}
    extra = [name for name in (*names, *facts) if name not in FIRST and name not in LAST]
    columns: dict[str, Any] = {}
    for name in (*FIRST, *dict.fromkeys(extra), *LAST):
        values = [plain_text(row.fields.pop(name, None)) for row in rows]  # given up, so that nothing is held twice
        columns[name] = _column(name, values, facts.get(name))
    table = pd.DataFrame(columns)
    table = _with_joined_lines(table, accounts)
    table = _with_one_lead(_with_codes(table, accounts), accounts)
    unnamed = table["source"].isna() & table["url"].notna()
    if unnamed.any():
        hosts = hosts_of(table.loc[unnamed, "url"])
        hosts = hosts.mask(hosts.str.contains(_DATABASE, na=False))
        table["source"] = table["source"].fillna(hosts).astype("str")
        per_account = Counter(id(rows[i].account) for i in hosts.index[hosts.notna()])
        for account in accounts:
            if n := per_account[id(account)]:
                note = f"{n:,} articles name no source; the host of their url stands for it."
                account.note(Problem("file", "odd", note))
    return table


_NO_TITLE = re.compile(
    r"[\[(]?\s*(?:no (?:headline|title)(?: in original)?|ohne titel|sans titre|artikel zonder titel|untitled)\s*[\])]?\.?",
    re.IGNORECASE,
)
_LAST_ADDRESS = re.compile(r"\s*\(?(https?://[^\s()]+)\)?\s*$")


def _without_stand_ins(fields: dict[str, Any]) -> dict[str, Any]:
    """Leave out what archives print where a title is missing, and take an address off the end of a standfirst."""
    title, standfirst = fields.get("title"), fields.get("standfirst")
    if isinstance(title, str) and _NO_TITLE.fullmatch(title.strip()):
        fields = {**fields, "title": None}
    if isinstance(standfirst, str) and (found := _LAST_ADDRESS.search(standfirst)) and found.start():
        fields = {**fields, "standfirst": standfirst[: found.start()]}
        fields["url"] = fields.get("url") or found[1]
    return fields


def _with_codes(table: pd.DataFrame, accounts: list[Account]) -> pd.DataFrame:
    """State languages by their codes; what was printed stays beside them, where it was anything else."""
    printed = table["language"]
    codes = printed.map(language_code, na_action="ignore").replace("", None).astype("str")
    if codes.equals(printed):
        return table

    unknown = printed.notna() & codes.isna()
    _note(
        accounts,
        table["file"][unknown],
        "odd",
        "Languages that have no code here are stated by {n:,} of the articles; see language_printed.",
    )
    columns = list(table.columns)
    columns.insert(columns.index("language") + 1, "language_printed")
    return table.assign(language=codes, language_printed=printed)[columns]


def _with_joined_lines(table: pd.DataFrame, accounts: list[Account]) -> pd.DataFrame:
    """Join the lines of texts that were broken at a fixed width, in print or where each printed line became a paragraph."""
    texts = table["text"].tolist()
    is_word = words_of(texts)
    made = pd.Series([unwrapped(text, is_word) for text in texts], index=table.index, dtype="str")
    joined = made != table["text"]
    note = "Lines that were broken at a fixed width are joined in {n:,} of the texts, so that phrases go on over a line's end."
    _note(accounts, table["file"][joined], "mended", note)
    return table.assign(text=made) if joined.any() else table


def _with_one_lead(table: pd.DataFrame, accounts: list[Account]) -> pd.DataFrame:
    """Set standfirsts aside that the text begins with."""
    once = with_one_lead(table)
    twice = table["standfirst"].notna() & once["standfirst"].isna()
    note = "The text begins with the standfirst in {n:,} of the articles; it is in standfirst_raw, since its words would count twice."
    _note(accounts, table["file"][twice], "mended", note)
    return once


def _note(accounts: list[Account], files: pd.Series, kind: str, note: str) -> None:
    """Note in the account of each file how many of its articles something is true of."""
    counts = files.value_counts()
    for account in accounts:
        if n := counts.get(account.file):
            account.note(Problem("file", kind, note.format(n=n)))


def _renamed(name: str) -> str:
    """Keep a field of the file's own apart from the column of the same name that the door writes."""
    name = str(plain_text(name))
    return f"{name}_in_file" if name in ("file", "place", "format") else name


def _column(name: str, values: list[Any], fact: Any) -> pd.Series:
    """Make a column: of text where the table's names want text, else of what all its values are."""
    values = [None if is_missing(value) else value for value in values]
    if fact is not None:
        values = [fact if value is None else value for value in values]
    if name == "date":
        return pd.Series(values, dtype="datetime64[us]")
    if name in ("text", "date_raw"):  # these are empty where there is nothing
        return pd.Series(["" if value is None else as_text(value) for value in values], dtype="str")
    kinds = {type(value) for value in values if value is not None}
    if name not in (*FIRST, *LAST) and kinds:
        if kinds <= {int, float} and all(abs(v) < 2**53 for v in values if v is not None):
            whole = kinds == {int} and None not in values
            return pd.Series(values, dtype="int64" if whole else "float64")
        if kinds == {bool}:
            return pd.Series(values, dtype="boolean" if None in values else "bool")
        if all(issubclass(kind, datetime) for kind in kinds):
            return pd.Series([None if v is None else in_utc(v) for v in values], dtype="datetime64[us]")
    return pd.Series([None if value is None else plain_text(as_text(value)) for value in values], dtype="str")
