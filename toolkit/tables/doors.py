"""Own the check at every door: whether a table has the columns that a question needs, and can be worked on."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

import pandas as pd

from toolkit.tables.aliases import ALIASES, namesakes
from toolkit.tables.checks import check_dates_in, check_frame, check_levels
from toolkit.tables.declarations import TABLES
from toolkit.tables.frames import as_plain
from toolkit.tables.messages import FramingError, listed

_OWN = {table.name: {*table.columns, *table.optional} for table in TABLES}
_KNOWN = frozenset().union(*_OWN.values())
"""Columns that mean something already, so none of them is another one misspelt."""


def _nearly(column: str, has: Sequence[str]) -> list[str]:
    """Return the name that `column` may be a misspelling of: only a very near one, since renaming the wrong column misleads."""
    names = {name.casefold(): name for name in has}
    return [names[m] for m in difflib.get_close_matches(column.casefold(), list(names), n=1, cutoff=0.75)]


def require(frame: pd.DataFrame, wanted: Iterable[str], table: str) -> None:
    """Raise unless `frame` has every wanted column, saying what it has, and what to rename or to write instead.

    Examples
    --------
    >>> frame = pd.DataFrame({"id": ["a"], "body": ["A reset."]})
    >>> try:
    ...     require(frame, ["text"], "articles")
    ... except FramingError as error:
    ...     print(error)
    A table of articles needs the column text; this one has: id, body. If body is the text, rename it: articles.rename(columns={'body': 'text'}).
    >>> try:
    ...     require(frame.assign(source="CNN"), ["outlet"], "articles")
    ... except FramingError as error:
    ...     print(error)
    A table of articles needs the column outlet; this one has: id, body, source. Did you mean 'source'?
    """
    if getattr(frame, "columns", None) is None:  # a Dask frame has columns too
        check_frame(frame, table)
    check_levels(frame, table)

    has = [str(c) for c in frame.columns]
    wanted = [str(c) for c in wanted]
    twice = [c for c in wanted if has.count(c) > 1]
    if twice:
        raise FramingError(
            f"This table of {table} has the column {twice[0]} {has.count(twice[0])} times. Keep one: "
            f"{table} = {table}.loc[:, ~{table}.columns.duplicated()]."
        )
    missing = [c for c in wanted if c not in has]
    if not missing:
        return

    own = _OWN.get(table, set())
    renames: dict[str, str] = {}
    meant: list[str] = []
    for column in missing:
        same, near = namesakes(column, has), _nearly(column, has)
        if column not in own and column not in ALIASES and (same or column not in _KNOWN):
            meant += (same or near)[:1]  # the call names it wrongly
            continue

        # the call names it rightly, so the table has it under another name, if at all
        others = [name for name in same if column in ALIASES and name not in own]
        others = others or [name for name in near if name not in _KNOWN]
        renames |= {name: column for name in others[:1] if name not in renames}

    hint = ""
    if renames:
        guess = " and ".join(f"{old} is the {new}" for old, new in renames.items())
        pronoun = "it" if len(renames) == 1 else "them"
        hint = f" If {guess}, rename {pronoun}: {table}.rename(columns={renames!r})."
    elif meant:
        hint = f" Did you mean {listed(map(repr, meant))}?"

    noun = "column" if len(missing) == 1 else "columns"
    raise FramingError(
        f"A table of {table} needs the {noun} {listed(missing)}; this one has: {listed(has) or 'no columns'}.{hint}"
    )


def check_articles(articles: pd.DataFrame, wanted: Iterable[str] = ("doc_id", "text")) -> pd.DataFrame:
    """Return articles with columns of the kinds that rooms work on, or raise.

    There has to be a row, every wanted column, a `doc_id` of its own for each article, and dates in `date`. What can be read
    otherwise is (see `toolkit.tables.frames.as_plain`).

    Examples
    --------
    >>> check_articles(pd.DataFrame({"doc_id": ["a"], "date": [20170129], "text": ["A reset."]}))["date"].tolist()
    [Timestamp('2017-01-29 00:00:00')]
    """
    articles = as_plain(articles, "articles")
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
        if (gap := articles["doc_id"].isna()).any():
            raise FramingError(f"doc_id is missing in {gap.sum():,} articles; each needs its own.")

    if "date" in articles.columns:
        check_dates_in(articles, "articles")
    return articles
