"""Own the checks at every door: whether a table has the columns that a question needs."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

import pandas as pd

from toolkit.tables.checks import check_dates_in, check_frame
from toolkit.tables.declarations import (
    ADOPTION,
    ARTICLES,
    ASSIGNMENTS,
    COLLOCATE_SHIFT,
    COLLOCATES,
    CONTEXTS,
    CONTRASTS,
    COUNTS,
    COVERAGE,
    HIERARCHY,
    HITS,
    KEYNESS,
    SENSES,
    SPEAKERS,
    TERM_ERROR,
    TOPIC_SETTINGS,
    TOPIC_SHARES,
    TOPICS,
    USAGE,
    VALIDATION_SHEET,
    VOICE_SHARES,
    WORD_SHIFT,
)
from toolkit.tables.messages import FramingError, listed

ALIASES = {
    "text": ("body", "content", "article", "fulltext", "content_original"),
    "date": ("published", "publish_date", "pubdate", "day", "published_at", "datetime"),
    "source": ("outlet", "publisher", "newspaper", "medium", "publication"),
    "doc_id": ("id", "docid", "article_id", "guid", "stories_id"),
    "title": ("headline", "head"),
}


_KNOWN = frozenset(
    column
    for table in (
        ARTICLES,
        COUNTS,
        HITS,
        USAGE,
        CONTRASTS,
        KEYNESS,
        WORD_SHIFT,
        COLLOCATES,
        COLLOCATE_SHIFT,
        CONTEXTS,
        TOPICS,
        ASSIGNMENTS,
        HIERARCHY,
        TOPIC_SETTINGS,
        TOPIC_SHARES,
        VOICE_SHARES,
        ADOPTION,
        SPEAKERS,
        VALIDATION_SHEET,
        TERM_ERROR,
        SENSES,
        COVERAGE,
    )
    for column in table.columns
).union(HITS.optional)
"""Columns that mean something already, so none of them is another one under a wrong name."""


def _nearly(column: str, has: Sequence[str]) -> list[str]:
    """Return the name that `column` may be misspelt as: only a really near one, since advice to rename the wrong column misleads."""
    names = {name.casefold(): name for name in has}
    return [names[m] for m in difflib.get_close_matches(column.casefold(), list(names), n=1, cutoff=0.75)]


def require(frame: pd.DataFrame, wanted: Iterable[str], table: str) -> None:
    """Raise unless `frame` has every wanted column, saying what it has and how to map it.

    Examples
    --------
    >>> frame = pd.DataFrame({"id": ["a"], "body": ["A reset."]})
    >>> try:
    ...     require(frame, ["text"], "articles")
    ... except FramingError as error:
    ...     print(error)
    A table of articles needs the column text; this one has: id, body. If body is the text, rename it: articles.rename(columns={'body': 'text'}).
    """
    if getattr(frame, "columns", None) is None:  # a Dask frame has columns too
        check_frame(frame, table)
    has = [str(c) for c in frame.columns]
    missing = [c for c in wanted if c not in has]
    if not missing:
        return
    mapping = {}
    for column in missing:
        candidates = [h for h in has if h.casefold() in ALIASES.get(column, ())] or _nearly(column, has)
        candidates = [c for c in candidates if c not in _KNOWN and c not in mapping]
        if candidates:
            mapping[candidates[0]] = column
    hint = ""
    if mapping:
        guess = " and ".join(f"{old} is the {new}" for old, new in mapping.items())
        pronoun = "it" if len(mapping) == 1 else "them"
        hint = f" If {guess}, rename {pronoun}: {table}.rename(columns={mapping!r})."
    elif near := [repr(h) for c in missing if c not in _KNOWN for h in _nearly(c, has)]:
        hint = f" Did you mean {listed(near)}?"
    noun = "column" if len(missing) == 1 else "columns"
    raise FramingError(
        f"A table of {table} needs the {noun} {listed(missing)}; this one has: {listed(has) or 'no columns'}.{hint}"
    )


def check_articles(articles: pd.DataFrame, wanted: Iterable[str] = ("doc_id", "text")) -> None:
    """Raise unless `articles` can be worked on: columns there, at least one row, `doc_id` unique, `date` a date.

    Examples
    --------
    >>> check_articles(pd.DataFrame({"doc_id": ["a"], "text": ["A reset."]}))
    """
    check_frame(articles, "articles")
    require(articles, wanted, "articles")
    if len(articles) == 0:
        raise FramingError("This table of articles is empty: it has columns but no row.")
    if "doc_id" in articles.columns:
        twice = articles["doc_id"][articles["doc_id"].duplicated()]
        if len(twice):
            raise FramingError(
                f"doc_id must name one article each; {twice.nunique():,} occur more than once, for example {twice.iloc[0]!r}. "
                "Number the articles anew or drop the repeats: articles.drop_duplicates('doc_id')."
            )
        if articles["doc_id"].isna().any():
            raise FramingError(
                f"doc_id is missing in {articles['doc_id'].isna().sum():,} articles; each needs its own."
            )
    if "date" in articles.columns:
        check_dates_in(articles, "articles")
