"""Own the audit: what became of every file and document, and what is odd in the table that came of it."""

from __future__ import annotations

import html
import os
import textwrap
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from toolkit.corpora.ledger import coverage
from toolkit.corpora.oddities import findings
from toolkit.corpora.stories import mark_stories
from toolkit.tables import FramingWarning, check_articles

_COLUMNS = ("check", "n", "share", "note", "place")
_PLACES = 3  # that a row names
_SAMPLE = 500  # texts whose language is looked at
_CELLS = 2_000_000  # of source and day, above which gaps are counted by month
_COMPARED = 50_000  # articles up to which near duplicates are looked for unasked
_WIDTH = 94  # characters that a notebook shows beside its list of files
_UTF8 = ("utf-8", "utf-8-sig", "utf_8", "utf_8_sig", "ascii", "us-ascii")
_KINDS = {
    "unparsed": "documents not read",
    "merged": "documents merged",
    "mended": "repairs in reading",
    "odd": "oddities in reading",
}

Line = tuple[str, int, float | None, str, str]


class Audit(pd.DataFrame):
    """An audit as a table that prints as a report; whatever is made of it is a plain DataFrame.

    Examples
    --------
    >>> type(Audit({"check": ["articles"]}).head()).__name__
    'DataFrame'
    """

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        return pd.DataFrame

    @property
    def by_file(self) -> pd.DataFrame:
        """One row per file: file, format, encoding, declared, parsed, unparsed, merged, n_problems."""
        files = self.attrs.get("audit", [])
        rows = [{**{k: v for k, v in f.items() if k != "problems"}, "n_problems": len(f["problems"])} for f in files]
        names = ["file", "format", "encoding", "declared", "parsed", "unparsed", "merged", "n_problems"]
        return pd.DataFrame(rows, columns=names).astype({"declared": "Int64"})

    @property
    def by_problem(self) -> pd.DataFrame:
        """One row per problem in reading: file, place, kind, note."""
        files = self.attrs.get("audit", [])
        rows = [{"file": file["file"], **problem} for file in files for problem in file["problems"]]
        return pd.DataFrame(rows, columns=["file", "place", "kind", "note"], dtype="str")

    def __repr__(self) -> str:
        return _report(self)

    def __str__(self) -> str:
        return _report(self)

    def _repr_html_(self) -> str:
        # in a narrow window it is scrolled: wrapped lines would tear its columns apart
        return f'<pre style="white-space: pre; overflow-x: auto">{html.escape(_report(self))}</pre>'


def audit(articles: pd.DataFrame, *, near_duplicates: bool | None = None) -> Audit:
    """Account for every document, and count what is odd in a table of articles or counts.

    What happened while reading (files; documents declared, read, merged, lost) is reported as `read_articles` left it.
    Everything else is counted on the table that you give, so the audit of a filtered table is about that table.
    Nothing is changed.

    Parameters
    ----------
    articles : pandas.DataFrame
        Articles or counts, from `read_articles` or `load`.
    near_duplicates : bool, optional, keyword-only
        Whether to look for near-identical articles, which takes a while in large corpora. By default they are looked
        for in tables of up to 50,000 articles. Where `mark_stories` has marked the table, its marks are counted.

    Returns
    -------
    pandas.DataFrame
        One row per check: `check` (what was looked for), `n` (int, how many), `share` (float, of the articles; for files,
        of the files; for documents, of those declared; for days without articles, of each source's days; missing where
        there is nothing to divide by), `note` (what was done about it, or what follows from it) and `place` (up to three
        places, file first). It prints as a report. `by_file` has a row per file, `by_problem` a row per problem.

    Raises
    ------
    FramingError
        If it is not a table of articles or counts, or is empty.

    See Also
    --------
    read_articles : Read articles, and keep an account of every document.
    coverage : Count the articles of each source in each period.
    mark_stories : Mark near-identical articles.

    Notes
    -----
    Languages are identified by py3langid from the first 500 characters of up to 500 texts, evenly spread over the table.
    A day without articles counts if it lies between a source's own first and last day. There may have been no news on it,
    or it may not have been collected; the articles cannot tell.

    Examples
    --------
    >>> from toolkit.corpora import load
    >>> table = audit(load("daily-brief"))
    >>> table.loc[table["check"].isin(["articles", "missing dates", "missing titles"]), ["check", "n"]].to_dict("split")["data"]
    [['articles', 18], ['missing dates', 1], ['missing titles', 1]]
    """
    articles = check_articles(articles, ("doc_id",))
    rows = [*_of_reading(articles)]

    sourced = articles if "source" in articles.columns else articles.assign(source=None)
    for oddity in findings(sourced):
        check, n = oddity["check"], oddity["n"]
        rows.append((check, n, None if check == "articles" else n / len(articles), oddity["note"], ""))

    rows += _of_time(articles)
    if "text" in articles.columns:
        rows += _of_languages(articles)
        rows += _of_near(articles, near_duplicates)

    table = Audit(rows, columns=list(_COLUMNS))
    table = Audit(table.astype({"check": "str", "n": "int64", "share": "float64", "note": "str", "place": "str"}))
    table.attrs = {"corpus": articles.attrs.get("corpus", "unnamed"), "audit": articles.attrs.get("audit", [])}
    return table


def _of_reading(articles: pd.DataFrame) -> Iterator[Line]:
    """Yield what became of the files and of the documents in them."""
    files: list[dict[str, Any]] = articles.attrs.get("audit", [])
    if not files:
        return
    folder = _folder(articles)
    files = [{**file, "file": file["file"].removeprefix(folder)} for file in files]
    read = [file for file in files if file["parsed"]]
    formats = Counter(str(file["format"]) for file in read)
    yield "files read", len(read), len(read) / len(files), _counted(formats), ""
    lost = [file for file in files if not file["parsed"] and file["unparsed"]]
    reasons = [problem["note"] for file in lost for problem in file["problems"] if problem["kind"] == "unparsed"]
    yield (
        "files not read",
        len(lost),
        len(lost) / len(files),
        " ".join(reasons[:_PLACES]),
        _some(f["file"] for f in lost),
    )
    telling = [file for file in files if file["declared"] is not None]
    n_declared = sum(file["declared"] for file in telling)
    note = f"{len(telling):,} of {len(files):,} files say how many they hold"
    yield "documents declared", n_declared, None, note, ""
    n_parsed = sum(file["parsed"] for file in files)
    of_declared = sum(file["parsed"] for file in telling)
    note = f"{of_declared:,} of them in files that say how many they hold"
    if n_parsed != len(articles):
        note += f"; this table has {len(articles):,} articles, the reading is told as it was"
    yield "documents read", n_parsed, of_declared / n_declared if n_declared else None, note, ""
    short = [f for f in telling if f["declared"] != f["parsed"] + f["unparsed"] + f["merged"]]
    missing = sum(abs(f["declared"] - f["parsed"] - f["unparsed"] - f["merged"]) for f in short)
    said = (f"{f['file']}: {f['declared']:,} declared, {f['parsed']:,} read" for f in short)
    yield (
        "documents unaccounted for",
        missing,
        missing / n_declared if n_declared else None,
        "more or fewer than declared",
        _some(said),
    )
    for kind, check in _KINDS.items():
        found = [(file["file"], p) for file in files for p in file["problems"] if p["kind"] == kind]
        n = sum(file[kind] for file in files) if kind in ("unparsed", "merged") else len(found)
        share = n / n_declared if kind in ("unparsed", "merged") and n_declared else None
        notes = list(dict.fromkeys(p["note"] for _, p in found))
        yield check, n, share, " ".join(notes[:_PLACES]), _some(f"{file}, {p['place']}" for file, p in found)
    named = [file for file in files if file.get("columns")]
    if named:
        taken = dict.fromkeys(f"{their!r} as {our}" for file in named for their, our in file["columns"].items())
        yield (
            "files with other column names",
            len(named),
            len(named) / len(files),
            f"taken: {', '.join(taken)}",
            _some(f["file"] for f in named),
        )
    other = [file for file in files if file["encoding"] and file["encoding"].lower() not in _UTF8]
    note = f"read as {_counted(Counter(file['encoding'] for file in other))}" if other else "all text is UTF-8"
    yield "files not in UTF-8", len(other), len(other) / len(files), note, _some(file["file"] for file in other)


def _of_time(articles: pd.DataFrame) -> Iterator[Line]:
    """Yield the range of dates, what is only proposed, and the days on which a source has nothing."""
    if "date" not in articles.columns:
        return
    dates = articles["date"]
    have = dates.notna()
    span = f"{dates.min():%Y-%m-%d} to {dates.max():%Y-%m-%d}" if have.any() else "none"
    yield "dated articles", int(have.sum()), float(have.mean()), span, ""
    if "date_precision" in articles.columns:
        vague = have & articles["date_precision"].isin(["month", "year"])
        note = "only a month or a year is printed; the first day of it stands for it"
        yield "dates without a day", int(vague.sum()), float(vague.mean()), note, _places(articles, vague)
    if "date_proposed" in articles.columns:
        proposed = ~have & articles["date_proposed"].notna()
        note = "a date stands in the text only; see date_proposed, and confirm its year"
        yield "dates proposed", int(proposed.sum()), float(proposed.mean()), note, _places(articles, proposed)
    if have.any() and "source" in articles.columns:
        yield _gaps(articles[have])


def _gaps(articles: pd.DataFrame) -> Line:
    """Count the days without articles of each source, between its own first and last."""
    days = (articles["date"].max() - articles["date"].min()).days + 1
    n_sources = articles["source"].nunique(dropna=False)
    freq, unit = ("D", "days") if days * n_sources <= _CELLS else ("M", "months")
    cells = coverage(articles[["doc_id", "source", "date"]], freq=freq)
    first = cells["period"].where(cells["covered"]).groupby(cells["source"], dropna=False).transform("min")
    last = cells["period"].where(cells["covered"]).groupby(cells["source"], dropna=False).transform("max")
    own = cells[(cells["period"] >= first) & (cells["period"] <= last)]
    empty = own[~own["covered"]]
    per_source = own.groupby("source", dropna=False)["covered"].agg(["size", "sum"])
    per_source["gap"] = per_source["size"] - per_source["sum"]
    worst = per_source[per_source["gap"] > 0].sort_values("gap", ascending=False, kind="stable").head(_PLACES)
    note = "between a source's first and last day; no news or not collected, the articles cannot tell"
    if len(worst):
        names = worst.index.fillna("no source").astype(str)
        shown = (f"{s} ({gap:,} of {size:,})" for s, gap, size in zip(names, worst["gap"], worst["size"]))
        note += "; most in " + ", ".join(shown)
    return f"{unit} without articles", len(empty), len(empty) / len(own), note, _longest(own)


def _longest(own: pd.DataFrame) -> str:
    """Name the longest run of days without articles of any source."""
    empty = own.assign(run=own["covered"].cumsum(), source=own["source"].fillna("no source"))[~own["covered"]]
    if empty.empty:
        return ""
    runs = empty.groupby(["source", "run"])["period"].agg(["size", "min", "max"]).reset_index()
    longest = runs.sort_values("size", ascending=False, kind="stable").iloc[0]
    return f"longest: {longest['source']}, {longest['min']:%Y-%m-%d} to {longest['max']:%Y-%m-%d}"


def _of_languages(articles: pd.DataFrame) -> Iterator[Line]:
    """Yield how many of a sample of texts are not in the language of most."""
    texts = articles.loc[articles["text"].str.len() >= 80, "text"]
    if texts.empty:
        return
    try:
        import py3langid  # type: ignore[import-untyped]
    except ImportError:
        return
    step = max(1, len(texts) // _SAMPLE)
    looked_at = texts.iloc[::step].head(_SAMPLE)
    told = Counter(py3langid.classify(text[:500])[0] for text in looked_at)
    others = len(looked_at) - told.most_common(1)[0][1]
    note = f"of {len(looked_at):,} texts looked at: {_counted(told)}; told by their letters, so a few may be wrong"
    yield "texts not in the main language", others, others / len(looked_at), note, ""
    if "language" in articles.columns and articles["language"].notna().any():
        stated = articles["language"].dropna()
        note = f"as the archive states it: {_counted(Counter(stated))}"
        yield "languages stated", len(stated), len(stated) / len(articles), note, ""


def _of_near(articles: pd.DataFrame, wanted: bool | None) -> Iterator[Line]:
    """Yield how many articles are near-identical copies of an earlier one."""
    check, how = "near duplicates", "as mark_stories has marked them"
    if "story_role" not in articles.columns:
        if wanted is False or (wanted is None and len(articles) > _COMPARED):
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FramingWarning)  # undated articles are told of already
            articles = mark_stories(articles)
        how = "copies within three days of a story's first article, exact ones among them; kept, see mark_stories"
    copies = articles["story_role"] == "copy"
    yield check, int(copies.sum()), float(copies.mean()), how, _places(articles, copies)


def _counted(counts: Counter[Any]) -> str:
    shown = [f"{name} {n:,}" for name, n in counts.most_common(8)]
    return ", ".join(shown) + (", ..." if len(counts) > 8 else "")


def _some(places: Iterable[str]) -> str:
    found = list(places)
    more = f"; and {len(found) - _PLACES:,} more" if len(found) > _PLACES else ""
    return "; ".join(found[:_PLACES]) + more


def _places(articles: pd.DataFrame, rows: pd.Series) -> str:
    """Name up to three of the rows: by file and place where the table has them, else by doc_id."""
    some = articles[rows.fillna(False).astype(bool)]
    if {"file", "place"} <= set(articles.columns):
        folder = _folder(articles)
        return _some(f"{str(file).removeprefix(folder)}, {place}" for file, place in zip(some["file"], some["place"]))
    return _some(some["doc_id"].astype(str))


def _folder(articles: pd.DataFrame) -> str:
    """Return the folder that all files lie in, with its slash, so that places need not repeat it."""
    folders = {os.path.dirname(file["file"].partition("!")[0]) for file in articles.attrs.get("audit", [])}
    try:
        common = os.path.commonpath(folders) if folders else ""
    except ValueError:  # of different drives, or some of them absolute
        return ""
    return os.path.join(common, "") if common else ""


def _report(table: pd.DataFrame) -> str:
    """Write the audit as a report: what was found, line by line, then in one sentence what was not."""
    if not set(_COLUMNS) <= set(table.columns):
        return pd.DataFrame(table).to_string()
    lines = [f"Audit of {table.attrs.get('corpus', 'unnamed')}"]
    width = max((len(check) for check in table["check"]), default=0)
    for check, n, share, note, place in zip(*(table[name] for name in _COLUMNS)):
        if n == 0:
            continue
        head = f"{check:<{width}}  {n:>9,}  {'' if pd.isna(share) else format(share, '.1%'):>7}  "
        body = [
            *_wrapped(note, _WIDTH - len(head)),
            *(_wrapped(f"at {place}", _WIDTH - len(head)) if place else ()),
        ] or [""]
        lines.append((head + body[0]).rstrip())
        lines += [" " * len(head) + more for more in body[1:]]
    clear = [check for check, n in zip(table["check"], table["n"]) if n == 0]
    if clear:
        lines += textwrap.wrap(f"None: {', '.join(clear)}.", _WIDTH)
    return "\n".join(lines)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(_printable(text), max(40, width), break_long_words=False, break_on_hyphens=False)


def _printable(text: str) -> str:
    """Show control characters, which file names can hold, instead of sending them to a terminal."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in str(text))
