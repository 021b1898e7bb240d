"""Own the loading: from a known corpus, a folder with a card or a file to a table of articles or counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.corpora.cards import CARD, Card, card, data_folder, located, names, read_card
from toolkit.corpora.dates import in_utc
from toolkit.corpora.exports import no_such
from toolkit.corpora.files import FORMATS, read, read_known
from toolkit.corpora.history import with_step
from toolkit.corpora.hosts import hosts_of
from toolkit.corpora.oddities import findings, repeats
from toolkit.corpora.shape import check_direction
from toolkit.tables import ALIASES, ARTICLES, COUNTS, FramingError, check_articles, listed, nearest, not_found
from toolkit.tables.aliases import plain_name

_YEAR_FIRST = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_FIRST_COLUMNS = {
    "articles": ("doc_id", "source", "date", "title", "standfirst", "text", "url", "date_raw", "repeat_of"),
    "counts": ("doc_id", "source", "date", "date_raw", "leaning", "topic", "n_words"),
}


def load(
    corpus: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    source: str | None = None,
    date_format: str | None = None,
) -> pd.DataFrame:
    """Load a corpus as a table of articles, or of counts.

    Nothing is dropped and no text is mended. What is odd is counted; see `toolkit.audit`.

    Parameters
    ----------
    corpus : str or Path
        The name of a known corpus (see `catalogue`), a folder with a `card.toml`, or a file: CSV with a head line (also
        compressed, `.csv.gz`), Parquet, or whatever else `read_articles` reads, which is then read as it does.
    columns : Mapping[str, str], optional
        For a file with other column names: ours to the file's, as in `{"text": "body", "date": "published"}`.
    source : str, optional
        The outlet, for a file of one outlet that does not name it.
    date_format : str, optional
        How dates are written (as in `datetime.strptime`), where the year does not come first: `"%d/%m/%Y"`.

    Returns
    -------
    pandas.DataFrame
        One row per article, in the file's order: `doc_id`, `source`, `date`, `title`, `standfirst`, `text`, `url`,
        `date_raw` (the date as written), `repeat_of` (doc_id of the first article with the same source, title and
        text; missing if there is none), and the file's other columns. A corpus of counts has `n_words` and one column
        `n_<term>` for each term instead of title and text. Everything in a CSV but the counts is read as text.

        A title, standfirst or date that the file lacks is missing; a text that it lacks is empty. Without doc_id,
        articles are numbered. Without source, the host of the url stands for it. Dates with a time zone become UTC.

        `attrs` has `corpus` (its name), `kind` (articles or counts), `report` (a list of dictionaries `check`, `n`,
        `note`: those rows of `toolkit.audit` that are about the table as it was loaded) and, where the card tells it, `period` (first and last day).

    Raises
    ------
    FramingError
        If there is no such corpus or file, its data are not on this machine, the file is not the one that the card
        describes, it lacks text, date or source, none of its dates can be read, or it is empty.

    See Also
    --------
    catalogue : List the corpora that have a name.
    read_articles : Read the export of an archive, or whatever else you have.
    audit : Count what is odd in the table.

    Notes
    -----
    A card of one's own needs a title and a file that lies beside it; the rest is as needed::

        title = "My export"
        period = ["2016-01-01", "2017-12-31"]   # the coverage

        [data]
        file = "texts.csv"

        [rename]                                # our column = the file's
        text = "body"
        url = "link"

        [sources]                               # where there is no source: the outlet of a link's host
        "www.example.org" = "The Example"

        [dates]
        formats = ["%d.%m.%Y"]
        outside = "missing"                     # or "keep": what becomes of a date outside the period

    Examples
    --------
    >>> articles = load("daily-brief")
    >>> len(articles), articles["source"].nunique()
    (18, 4)
    >>> articles.loc[0, "title"]
    'A second reset with Russia?'
    >>> load("abp-counts")[["n_travel_ban", "n_muslim_ban"]].sum().to_dict()
    {'n_travel_ban': 1010, 'n_muslim_ban': 185}
    """
    check_direction(columns or {})
    call = _Call(corpus, dict(columns or {}), source, date_format)
    known, path = _which(corpus)
    if known.gathered:
        return _gathered(known, call)
    if path.name == CARD:
        raw = read_known(known)
    elif not path.name.lower().endswith(FORMATS):
        return _by_its_content(path, call)
    else:
        try:
            raw = read(path)
        except FramingError as error:
            return _by_its_content(path, call, error)
    if source is not None:
        raw = raw.assign(source=source)
    ours = {**known.rename, **call.columns}
    kind = known.kind or ("counts" if "n_words" in raw.columns and "text" not in {*raw.columns, *ours} else "articles")
    table = _named(raw, ours, kind, path, call)
    table = _dated(table, known, path, call)
    table, unknown = _sourced(table, known)
    table = _counted(table) if kind == "counts" else _written(table)
    check_articles(table, ["doc_id", "source", "date", "n_words" if kind == "counts" else "text"])
    first = [c for c in _FIRST_COLUMNS[kind] if c in table.columns]
    table = table[[*first, *(c for c in table.columns if c not in first)]].reset_index(drop=True)
    table.attrs = {"corpus": known.name, "kind": kind}
    if known.period:
        table.attrs["period"] = list(known.period)
    if unknown:
        table.attrs["unknown_hosts"] = unknown
    table.attrs["report"] = findings(table)
    return with_step(table, "load", **_called(known, call))


def _gathered(known: Card, call: _Call) -> pd.DataFrame:
    """Read the folder of a corpus that was collected, or put there by hand."""
    from toolkit.corpora.door import read_articles

    folder = located(known)
    if folder is None:
        way = f"Get them: toolkit.fetch({known.name!r})." if known.collector else f"To get them, {known.by_hand}"
        raise FramingError(
            f"The data of {known.name!r} are not on this machine; they belong into {data_folder() / known.name}. {way}"
        )
    facts: dict[str, Any] = {"source": call.source} if call.source is not None else {}
    table = read_articles(folder, columns={**known.rename, **call.columns} or None, **facts)
    table.attrs["corpus"] = known.name
    if known.period:
        table.attrs["period"] = list(known.period)
    return with_step(table, "load", table, **_called(known, call))


def _by_its_content(path: Path, call: _Call, error: FramingError | None = None) -> pd.DataFrame:
    """Read a file that is no plain CSV in UTF-8 as `read_articles` does: by its content; `error` is what spoke against the plain way."""
    from toolkit.corpora.door import read_articles

    if call.date_format is not None:
        raise error or FramingError(
            f"date_format is for CSV; the dates of {path} are read by themselves. Leave it out."
        )
    facts: dict[str, Any] = {"source": call.source} if call.source is not None else {}
    try:
        table = read_articles(path, columns=call.columns or None, **facts)
    except FramingError as other:
        raise (error or other) from None
    return with_step(table, "load", table, corpus=table.attrs["corpus"])


def _called(known: Card, call: _Call) -> dict[str, Any]:
    """Return what the history says of a call: the corpus, its file's hash as the card has it, and settings that were given."""
    settings = {"corpus": known.name, "sha256": known.sha256, "columns": call.columns, "source": call.source}
    return {name: value for name, value in (settings | {"date_format": call.date_format}).items() if value}


@dataclass(frozen=True)
class _Call:
    """What `load` was called with, so that an error can spell the call that would be right."""

    corpus: str | Path
    columns: dict[str, str]
    source: str | None
    date_format: str | None

    def with_(self, columns: Mapping[str, str] | None = None, date_format: str | None = None) -> str:
        columns, date_format = {**self.columns, **(columns or {})}, date_format or self.date_format
        said = [f"{str(self.corpus)!r}"]
        said += [f"columns={columns!r}"] if columns else []
        said += [f"source={self.source!r}"] if self.source is not None else []
        said += [f"date_format={date_format!r}"] if date_format else []
        return f"toolkit.load({', '.join(said)})"


def _which(corpus: str | Path) -> tuple[Card, Path]:
    """Tell a known name from a path; return the card and its path, or for a bare file a blank card and the file's."""
    if not isinstance(corpus, (str, Path)):
        raise FramingError(f"load takes the name of a corpus, a folder or a file; this is a {type(corpus).__name__}.")
    if isinstance(corpus, str) and corpus in names():
        known = card(corpus)
        return known, known.folder / CARD
    path = Path(corpus).expanduser()
    named = isinstance(corpus, str) and path.name == corpus and not corpus.lower().endswith(FORMATS)
    if corpus == "" or (named and not path.exists()):
        raise not_found("corpus", str(corpus), names())
    if path.is_dir():
        return read_card(path), path / CARD
    if not path.exists():
        raise no_such(path)
    name = path.name.partition(".")[0]
    return Card(name=name, folder=path.parent, title=name, file=path.name), path


def _named(raw: pd.DataFrame, ours: Mapping[str, str], kind: str, where: Path, call: _Call) -> pd.DataFrame:
    """Give the columns our names, or say which are missing and how to name them."""
    has = [str(c) for c in raw.columns]
    for our, their in ours.items():
        if their not in has:
            raise FramingError(f"{where} has no column {their!r} to take as {our}; it has: {listed(has)}.")
    # A column that has one of our names already gives way to the one that was asked for.
    rest = raw.drop(columns=[c for c in has if c in ours or c in ours.values()])
    table = rest.assign(**{our: raw[their] for our, their in ours.items()})
    wanted = [c for c in (COUNTS if kind == "counts" else ARTICLES).columns if c not in ("doc_id", "title")]
    if "url" in table.columns:
        wanted.remove("source")  # its host will do
    if missing := [c for c in wanted if c not in table.columns]:
        noun = "column" if len(missing) == 1 else "columns"
        guess = _guess(missing, has)
        one_outlet = " A file of one outlet: source='its name'." if guess.get("source") == "..." else ""
        raise FramingError(
            f"{where} lacks the {noun} {listed(missing)}; it has: {listed(has)}. "
            f"Say which they are: {call.with_(columns=guess)}.{one_outlet}"
        )
    return table


def _guess(missing: list[str], has: list[str]) -> dict[str, str]:
    """Guess which of the file's columns are the missing ones; three dots where there is nothing to go by."""
    guess: dict[str, str] = {}
    for our in missing:
        near = [h for h in has if plain_name(h) in map(plain_name, ALIASES.get(our, ()))] or nearest(our, has, 1)
        near = [h for h in near if h not in ARTICLES.columns and h not in guess.values()]
        guess[our] = near[0] if near else "..."
    return guess


def _dated(table: pd.DataFrame, known: Card, where: Path, call: _Call) -> pd.DataFrame:
    """Turn the column date into dates, and keep it as it was written in date_raw."""
    raw = table["date"]
    if pd.api.types.is_datetime64_any_dtype(raw):
        dates = raw.dt.tz_convert("UTC").dt.tz_localize(None) if isinstance(raw.dtype, pd.DatetimeTZDtype) else raw
    else:
        written = raw.astype("str").fillna("")
        formats = (call.date_format,) if call.date_format else known.date_formats
        values = {text: _date(text, formats) for text in written.unique()}
        if values and not any(values.values()) and any(text.strip() for text in values):
            example = next(text for text in values if text.strip())
            raise FramingError(
                f"No date in {where} could be read; the first is {example!r}. Say how dates are written, for example: "
                f"{call.with_(date_format='%d/%m/%Y')}."
            )
        dates = pd.Series([values[text] for text in written], index=table.index, dtype="datetime64[us]")
        table = table.assign(date_raw=written)
    dates = dates.astype("datetime64[us]")
    if known.whole_days:
        dates = dates.dt.normalize()
    if known.period and known.drop_outside:
        first, last = pd.Timestamp(known.period[0]), pd.Timestamp(known.period[1]) + pd.Timedelta(days=1)
        dates = dates.where((dates >= first) & (dates < last))
    return table.assign(date=dates)


def _date(text: str, formats: tuple[str, ...]) -> datetime | None:
    """Read one date: in one of the formats, else year first, else ISO 8601; None where it cannot be read."""
    text = text.strip()
    for form in formats:
        with suppress(ValueError):
            return in_utc(datetime.strptime(text, form))
    with suppress(ValueError, OverflowError):
        if found := _YEAR_FIRST.fullmatch(text):
            year, month, day, hour, minute, second = (int(part) for part in found.groups(default="0"))
            return datetime(year, month, day, hour, minute, second)
        return in_utc(datetime.fromisoformat(text))
    return None


def _sourced(table: pd.DataFrame, known: Card) -> tuple[pd.DataFrame, list[str]]:
    """Name the outlet by the link's host where there is no source; return the hosts that the card does not know."""
    if "source" in table.columns:
        return table, []
    host = hosts_of(table["url"])
    named = host.map(dict(known.sources)).astype("str")
    return table.assign(source=named.fillna(host)), sorted(host[named.isna()].dropna().unique().tolist())


def _written(table: pd.DataFrame) -> pd.DataFrame:
    """Make an articles table: what is not there is missing, but a text is empty."""
    table = _numbered(table)
    if "title" not in table.columns:
        table = table.assign(title=None)
    table = table.assign(**{c: table[c].astype("str") for c in ("title", "text")})
    table = _missing(table)
    return table.assign(repeat_of=repeats(table))


def _counted(table: pd.DataFrame) -> pd.DataFrame:
    """Make a counts table: every column n_ holds whole numbers from 0."""
    table = _missing(_numbered(table))
    counts = {}
    for column in (c for c in table.columns if c.startswith("n_")):
        numbers = pd.to_numeric(table[column], errors="coerce")
        bad = numbers.isna() | (numbers < 0) | (numbers % 1 != 0)
        if bad.any():
            raise FramingError(
                f"The column {column} must hold counts, whole numbers from 0; in {bad.sum():,} of {len(table):,} rows "
                f"it does not, for example {table.loc[bad, column].iloc[0]!r}."
            )
        counts[column] = numbers.astype("int64")
    return table.assign(**counts)


def _numbered(table: pd.DataFrame) -> pd.DataFrame:
    ids = table["doc_id"].astype("str") if "doc_id" in table.columns else [str(n) for n in range(1, len(table) + 1)]
    return table.assign(doc_id=ids)


def _missing(table: pd.DataFrame) -> pd.DataFrame:
    """Tell what is missing from what is empty: only a text and a date as written can be empty."""
    strings = [c for c in table.columns if isinstance(table[c].dtype, pd.StringDtype)]
    filled = {c: table[c].fillna("") for c in strings if c in ("text", "date_raw")}
    masked = {c: table[c].mask(table[c] == "") for c in strings if c not in filled}
    return table.assign(**filled, **masked)
