"""Own the oddities of a table of articles or counts: each is counted, and nothing is mended in silence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pandas as pd

from toolkit.corpora.leads import repeats_lead
from toolkit.corpora.lines import wrapped_joins
from toolkit.deprecation import old_name
from toolkit.tables import check_articles
from toolkit.tables.periods import far_dates

LOST_QUOTE = '"?'
SCRAP = 20
_SAME = ["source", "title", "text"]
_YEAR_FIRST = r"^\d{4}-\d\d?-\d\d?$"


def repeats(articles: pd.DataFrame) -> pd.Series:
    """Return, for each article whose outlet, title and text are exactly an earlier one's, the doc_id of the first.

    Articles without text repeat nothing. A missing title equals a missing title.
    """
    have = articles[articles["text"] != ""]
    first = have.groupby(
        [column for column in _SAME if column in have.columns], dropna=False, sort=False, observed=True
    )["doc_id"].transform("first")
    return first.where(first != have["doc_id"]).reindex(articles.index).astype("str")


_STOP = r"[.!?。！？؟।]"
_HEADERS = re.compile(
    r"(?m)^[ \t]*(?:(?:document|dokument)?[ \t]*\d+ (?:of|von|de) \d+(?: documents?| dokumenten)?|(?:length|länge|longueur):? \d+ words?|"
    r"(?:load-date|language|publication-type|byline|section):.{0,80}|document [a-z0-9]{15,})[ \t]*$",
    re.IGNORECASE,
)
_RULED = re.compile(r"(?m)^[ \t]*([-=_*#~])\1{4,}[ \t]*$")
_WORDS = 15  # that a text needs for its marks to show


def without_stops(text: pd.Series) -> pd.Series:
    """Tell which longer texts have no mark that ends a sentence, so that sentences, and voices, cannot be told in them.

    Examples
    --------
    >>> without_stops(pd.Series(["rain and wind " * 20, "Rain. Wind. " * 20, "rain"])).tolist()
    [True, False, False]
    """
    long = text.str.count(r"\S+") >= _WORDS
    return long & ~text.str.contains(_STOP, regex=True)


def several_in_one(text: str) -> int:
    """Guess how many articles one text holds, from header lines that come again and from ruled lines; 1 where nothing shows more.

    Examples
    --------
    >>> several_in_one("1 of 3 DOCUMENTS\\nRain.\\n2 of 3 DOCUMENTS\\nWind.\\n3 of 3 DOCUMENTS\\nSun."), several_in_one("Rain.")
    (3, 1)
    """
    kinds = Counter(re.sub(r"\d+", "0", found[0].split(":")[0].strip().casefold()) for found in _HEADERS.finditer(text))
    ruled = Counter(found[0].strip() for found in _RULED.finditer(text))
    n_ruled = max(ruled.values(), default=0)
    return max([1, *(n for n in kinds.values() if n > 1), n_ruled + 1 if n_ruled > 2 else 1])


def findings(articles: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the checks of a table as plain dictionaries: `check`, `n` and `note`.

    Examples
    --------
    >>> findings(pd.DataFrame({"doc_id": ["a"], "source": [None]}))[1]
    {'check': 'missing sources', 'n': 1, 'note': 'kept'}
    """
    checks = [_of_all, _of_dates]
    if "text" in articles.columns:
        checks += [_of_texts, _of_titles]
    return [{"check": check, "n": int(n), "note": note} for look in checks for check, n, note in look(articles)]


def _of_all(articles: pd.DataFrame) -> Iterator[tuple[str, int, str]]:
    sources = articles["source"]
    n_sources = sources.nunique()
    yield "articles", len(articles), f"{n_sources:,} {'source' if n_sources == 1 else 'sources'}"
    yield "missing sources", sources.isna().sum(), "kept"
    hosts = articles.attrs.get("unknown_hosts", [])
    if "url" in articles.columns:
        yield "unknown hosts", sources.isin(hosts).sum(), _some("the host stands as the source", hosts)


def _of_dates(articles: pd.DataFrame) -> Iterator[tuple[str, int, str]]:
    if "date" not in articles.columns:
        return
    dates = articles["date"]
    raw = articles["date_raw"].fillna("") if "date_raw" in articles.columns else None
    written = dates.notna() if raw is None else raw.str.strip() != ""
    yield "missing dates", (~written).sum(), "NaT, kept; no count by period has them" + _most_in(articles, ~written)
    if raw is not None:
        plain = raw.str.replace("/", "-").str.match(_YEAR_FIRST)
        odd = written & ~plain & dates.notna()
        note = _some("not as year, month, day; read all the same", raw[odd].str.strip())
        yield "dates written otherwise", odd.sum(), note
        lost = written & dates.isna()
        note = _some("unreadable or outside the coverage; kept in date_raw", raw[lost])
        yield "dates set to missing", lost.sum(), note
    far = far_dates(dates)
    if far.any():
        note = _some("after today, or years from all others: a mistyped year?", dates[far].dt.strftime("%Y-%m-%d"))
        yield "dates far from the rest", int(far.sum()), note
    if period := articles.attrs.get("period"):
        outside = (dates < period[0]) | (dates >= pd.Timestamp(period[1]) + pd.Timedelta(days=1))
        note = _some(f"not in {period[0]} to {period[1]}; kept", dates[outside].dt.strftime("%Y-%m-%d"))
        yield "dates outside the coverage", outside.sum(), note


def _of_texts(articles: pd.DataFrame) -> Iterator[tuple[str, int, str]]:
    text = articles["text"]
    length = text.str.strip().str.len()
    empty = length == 0
    yield "empty texts", empty.sum(), "kept, with their titles" + _most_in(articles, empty)
    scraps = (length > 0) & (length < SCRAP)
    yield f"texts under {SCRAP} characters", scraps.sum(), "kept; a page element or a slipped column, hardly an article"
    same = text.duplicated()
    again, blank = (same & ~empty).sum(), (same & empty).sum()
    yield "texts that repeat an earlier one", same.sum(), f"kept; {blank:,} of them empty, {again:,} with text"
    twice = repeats(articles).notna()
    yield "repeated articles", twice.sum(), "same outlet, title and text as an earlier one; kept, see repeat_of"
    lost = text.str.contains(LOST_QUOTE, regex=False)
    yield 'texts with "?', lost.sum(), "most where a curly quotation mark, an apostrophe or a dash was lost; not mended"
    if len(text) and not text.str.contains("\n", regex=False).any():
        yield "texts without line breaks", (~empty).sum(), "no text has any: paragraphs are lost"
    yield from _of_assumptions(articles, text[~empty])


def _of_assumptions(articles: pd.DataFrame, text: pd.Series) -> Iterator[tuple[str, int, str]]:
    """Yield what texts have to be for words, sentences and voices to be told, where some are not."""
    without = without_stops(text)
    if without.any():
        yield "texts without full stops", int(without.sum()), "sentences cannot be told, nor who says what in them"
    small = (text.str.len() > 200) & (text == text.str.lower()) & (text != text.str.upper())
    if small.any():
        yield "texts without capitals", int(small.sum()), "names cannot be told, nor patterns with (case)"
    capitals = (text.str.len() > 200) & (text == text.str.upper()) & (text != text.str.lower())
    if capitals.any():
        yield "texts in capitals", int(capitals.sum()), "names cannot be told, nor patterns with (case)"
    wrapped = text.map(lambda body: "\n" in body and bool(wrapped_joins(body))).astype("bool")
    if wrapped.any():
        yield (
            "texts with wrapped lines",
            int(wrapped.sum()),
            "broken at a fixed width; phrases over a line's end are lost until clean() joins the lines",
        )
    several = text.map(several_in_one)
    if (several > 1).any():
        note = f"about {int(several[several > 1].sum()):,} articles by their header or ruled lines; split them"
        yield "texts that hold several articles", int((several > 1).sum()), note
    if "standfirst" in articles.columns:
        twice = repeats_lead(articles.loc[text.index, "standfirst"], text)
        if twice.any():
            yield (
                "standfirsts that repeat the lead",
                int(twice.sum()),
                "their words count twice until clean() leaves the standfirst out",
            )


def _of_titles(articles: pd.DataFrame) -> Iterator[tuple[str, int, str]]:
    if "title" in articles.columns:
        missing = articles["title"].isna()
        yield "missing titles", missing.sum(), "kept" + _most_in(articles, missing)
    if "standfirst" in articles.columns:
        yield "missing standfirsts", articles["standfirst"].isna().sum(), "kept"


def _most_in(articles: pd.DataFrame, rows: pd.Series, most: int = 5) -> str:
    """Say in which sources most of the rows are, and out of how many: what is missing is seldom spread evenly."""
    if not rows.any():
        return ""
    sources = articles["source"].fillna("no source")
    here, of_all = sources[rows].value_counts(), sources.value_counts().to_dict()
    return "; most in " + ", ".join(f"{s} ({n:,} of {of_all[s]:,})" for s, n in here.head(most).items())


def _some(note: str, examples: pd.Series | list[str], most: int = 6) -> str:
    """Add up to `most` different examples to a note, each with its number where there are several."""
    counts = pd.Series(examples, dtype="str").value_counts(sort=False)
    if counts.empty:
        return note
    shown = [f"{e} ({n:,})" if n > 1 else str(e) for e, n in counts.head(most).items()]
    return f"{note}: {', '.join(shown)}{', ...' if len(counts) > most else ''}"


def _report(articles: pd.DataFrame) -> pd.DataFrame:
    """Return the part of an audit that is about the table alone: `check`, `n` and `note`."""
    articles = check_articles(articles, ("doc_id",))
    sourced = articles if "source" in articles.columns else articles.assign(source=None)
    return pd.DataFrame(findings(sourced), columns=["check", "n", "note"])


report = old_name("report", "audit", _report)
