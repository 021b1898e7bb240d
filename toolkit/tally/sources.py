"""Own the door of the tally: what can be tallied, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from toolkit.tables import FramingError, require
from toolkit.tables.content import content_name, content_of
from toolkit.tables.groups import check_cells, columns_named
from toolkit.tables.messages import a_type
from toolkit.tally import partitions
from toolkit.tally.articles import of_articles, wanted_of
from toolkit.tally.labels import of_labels
from toolkit.tally.stories import StoryCounts, group, lay, warn_of_stories
from toolkit.tally.tally import Tally
from toolkit.text.matches import AnyTerms
from toolkit.text.tokens import Tokens


def tally(
    source: Any,
    kinds: Any = None,
    *,
    kind: str | None = None,
    articles: Tokens | pd.DataFrame | None = None,
    weight: str | None = None,
) -> Tally:
    """Count kinds in articles, passages or hits, whatever the source: terms, voices, speakers, topics, frames, labels.

    Parameters
    ----------
    source : Tokens, DataFrame, Topics, Tally or Dask DataFrame
        - An index or articles with text: `kinds` are the terms to look for. A Dask frame of articles is counted part by part.
        - A counts corpus, with `n_words` and a column ``n_<term>`` for each term: `kinds` are the names of terms.
        - Hits, from `tk.find`: they are counted by `kind`, a column such as "term" (the default), "voice" or "speaker".
        - Topics, from `tk.fit_topics`: the contexts, counted by topic.
        - Any table of labels with `doc_id` and a column `kind`, such as the codes of people: one row per label.
    kinds : Terms, dict, list or str, optional
        The terms to look for in text; of everything else the kinds to take, by default all. Shares are out of all kinds, taken or not.
    kind : str, optional, keyword-only
        Of hits and labels: the column whose values are counted. By default the column `kind`, or of hits `term`.
    articles : Tokens or DataFrame, optional, keyword-only
        Of hits and labels: all articles that were searched or read, also those without a row. With it, rates have all their
        articles and words as denominator; without it, only the rows that are there. Leave out articles that nobody read: what was
        not measured is not zero.
    weight : str, optional, keyword-only
        Of labels: a column of numbers, 0 or more, that each row counts as, by default 1.

    Returns
    -------
    Tally
        Per unit and kind what was counted, with source, story and date where the source has them.

    Raises
    ------
    FramingError
        If the source cannot be counted this way: a column or kind is missing, a label belongs to no article, a weight is negative
        or missing.

    See Also
    --------
    usage : rates and shares of a tally by source and over time.
    compare : differences between sources or periods.
    trend, change_points, bursts, event_effects, lead_lag : how a tally changes over time.

    Notes
    -----
    Kinds are told apart by their own text, in any script; capitals and signs count. A label that is missing (None, NaN) means
    that someone looked at the unit and found no kind: the unit stays in the denominator of a share of articles.

    Examples
    --------
    What three coders' labels say of two outlets:

    >>> import pandas as pd, toolkit as tk
    >>> labels = pd.DataFrame({
    ...     "doc_id": ["a", "a", "b", "c"], "source": ["Post", "Post", "Post", "Wire"],
    ...     "frame": ["conflict", "morality", "conflict", None]})
    >>> codes = tk.tally(labels, kind="frame")
    >>> tk.usage(codes, measure="share")[["source", "frame", "n_articles", "n_articles_total", "share"]]
      source     frame  n_articles  n_articles_total  share
    0   Post  conflict           2                 2    1.0
    1   Post  morality           1                 2    0.5
    2   Wire  conflict           0                 1    0.0
    3   Wire  morality           0                 1    0.0
    """
    return as_tally(source, kinds, kind=kind, articles=articles, weight=weight)


_FINGERPRINTED = ("source", "date", "story_id", "title", "text", "period", "term")
"""Columns whose values the fingerprint of a corpus holds, or that are made of those."""


def as_tally(
    source: Any,
    kinds: Any = None,
    *,
    kind: str | None = None,
    articles: Tokens | pd.DataFrame | None = None,
    weight: str | None = None,
    rivals: bool = False,
    warn: bool = True,
) -> Tally:
    """Return the tally of whatever can be tallied; `rivals` and `warn` are those of `of_articles`."""
    columns = [str(column) for column in getattr(source, "columns", ())]
    by_column = kind is not None or weight is not None or articles is not None

    if isinstance(source, Tally) or hasattr(source, "__tally__"):
        if by_column:
            raise FramingError("kind, articles and weight are for tables of hits or labels; this is counted already.")
        made = source if isinstance(source, Tally) else source.__tally__()
    elif by_column or _are_labels(source, columns):
        made = of_labels(source, kind or _kind_of(columns), articles, weight)
    elif hasattr(source, "map_partitions"):
        return partitions.tallied(source, wanted_of(source, kinds))
    elif isinstance(source, (Tokens, pd.DataFrame)):
        return of_articles(source, wanted_of(source, kinds), rivals=rivals, warn=warn)
    else:
        raise FramingError(
            "What can be tallied: articles or their index with terms, a counts corpus, hits, topics, a Dask frame, or a table of labels with "
            f"doc_id and kind=; this is {a_type(source)}."
        )

    return made if kinds is None else made.select(kinds)


def _are_labels(source: Any, columns: Sequence[str]) -> bool:
    """Tell whether a frame is one of hits or labels: it says kinds, and has neither texts nor words."""
    readable = {"text", "n_words"} & set(columns)
    return isinstance(source, pd.DataFrame) and not readable and _kind_of(columns) is not None


def _kind_of(columns: Sequence[str]) -> str | None:
    """Return the column that labels are in where none is named."""
    return next((column for column in ("kind", "frame", "term") if column in columns), None)


def story_counts(
    corpus: Any,
    terms: AnyTerms | None = None,
    by: str | Sequence[str] = (),
    freq: str | None = None,
    *,
    unit: str = "article",
    rivals: bool = False,
    warn: bool = True,
) -> StoryCounts:
    """Count terms, or the kinds of a tally, in each story of each cell.

    Parameters
    ----------
    corpus : Tally, Tokens, DataFrame, or Dask DataFrame
        Anything that can be tallied; see `toolkit.tally.tally.tally`.
    terms : Terms, dict, list or str, optional
        What to count; of a tally and a counts corpus, which kinds.
    by : str or list of str
        Columns of the units that make the cells.
    freq : {"D", "W", "M", "Q", "Y"}, optional
        The periods of time, which are a part of the cell.
    unit : {"article", "story"}, keyword-only
        What is counted: each article, or of each story in each cell the earliest article only.
    rivals : bool, keyword-only
        Whether the terms are rivals, so that words which two of them share are warned of.
    warn : bool, keyword-only
        Whether to warn of patterns that match nothing and the like; of a part of a corpus, do not.

    Returns
    -------
    StoryCounts
        With the story as unit, rows stand in the order of their articles in time, undated ones last.

    Examples
    --------
    Wire copy "s" stands in two papers, twice in one of them:

    >>> articles = pd.DataFrame({
    ...     "doc_id": ["a", "b", "c"], "source": ["Post", "Post", "Sun"], "story_id": ["s", "s", "s"],
    ...     "text": ["A reset.", "The reset, a reset.", "A reset."]})
    >>> counted = story_counts(articles, "reset", ["source"])
    >>> counted.cells["source"].tolist(), counted.story.tolist(), counted.of_kind(0).tolist()
    (['Post', 'Sun'], [0, 0], [3, 1])
    >>> once = story_counts(articles, "reset", ["source"], unit="story")
    >>> once.of_kind(0).tolist(), once.n_articles.tolist(), once.n_copies.tolist()
    ([1, 1], [1, 1], [1, 0])
    """
    keys = columns_named(by)
    check_cells([key for key in keys if key != "term"], freq, unit)
    articles = corpus.articles if isinstance(corpus, Tokens) else corpus
    if isinstance(articles, pd.DataFrame):  # before anything is counted, and with all columns that the table has
        require(articles, [*keys, *(["date"] if freq else [])], "articles")

    tally = as_tally(corpus, terms, rivals=rivals, warn=warn)
    more = [key for key in keys if key not in (*_FINGERPRINTED, tally.name) and key in tally.units.columns]
    if tally.name in keys:
        raise FramingError(f"Cells cannot be made by {tally.name}: the table of usage has that column itself.")

    counted = group(lay(tally, keys, freq, unit, warn=warn))
    if warn:
        warn_of_stories(tally, unit)
    if more:  # what a fingerprint of the articles does not hold, and cells are made by
        named = tally.units[["doc_id", *more]] if "doc_id" in tally.units.columns else tally.units[more]
        counted = replace(counted, corpus={**counted.corpus, "cells_by": content_name(content_of(named))})
    return counted
