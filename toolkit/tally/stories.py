"""Count terms in each story of each cell, whatever the corpus: an index, articles, counts, or a Dask frame of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.tables import COUNTS, PERIODS, FramingError, check_articles, listed, not_found, require, warn_user
from toolkit.tables.groups import check_cells, columns_named, first_rows, numbered
from toolkit.tables.periods import check_dates
from toolkit.tally.checks import MEASURES, check_counted, check_words, columns_of, indexed, is_counts, stated, wanted_of
from toolkit.text.matches import AnyTerms, match
from toolkit.text.terms import Terms
from toolkit.text.tokens import Tokens, describe_corpus

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class StoryCounts:
    """What is counted of each story in each cell: one row per story and cell.

    Attributes
    ----------
    names : list of str
        The terms.
    groups : DataFrame
        The `by` columns and the `period`, one row per cell that occurs.
    cell : ndarray of int64, shape (n_rows,)
        The cell of each row, as a place in `groups`.
    story : ndarray of int64, shape (n_rows,)
        The story of each row; the same story in two cells has the same number. An article without a story is one.
    n_articles, n_words : ndarray of int64, shape (n_rows,)
        Articles counted, and their words.
    n_copies : ndarray of int64, shape (n_rows,)
        With the story as unit, the articles that are not counted because an earlier one of their story stands for them;
        else 0.
    hits, with_hit : ndarray of int64, shape (n_rows, n_terms)
        Hits of each term, and articles with one.
    first, last : Series of datetime64
        The earliest and the latest day of the story's articles in the cell.
    terms : dict or list
        The terms as a recipe states them.
    corpus : dict
        Name, fingerprint and size of the articles.
    """

    names: list[str]
    groups: pd.DataFrame
    cell: Ints
    story: Ints
    n_articles: Ints
    n_words: Ints
    n_copies: Ints
    hits: Ints
    with_hit: Ints
    first: pd.Series
    last: pd.Series
    terms: Any
    corpus: dict[str, Any]

    @cached_property
    def cells(self) -> pd.DataFrame:
        """The `by` columns and the `period` of each row."""
        return self.groups.iloc[self.cell].reset_index(drop=True)

    def size(self, measure: str) -> Ints:
        """Return what a measure divides by: the words, the articles, or the hits of all terms of each row."""
        if measure not in MEASURES:
            raise not_found("measure", measure, MEASURES)
        if measure == "rival_share":
            return np.asarray(self.hits.sum(axis=1), dtype=np.int64)
        return self.n_words if measure == "per_million" else self.n_articles

    def ratio(self, measure: str, term_number: int) -> tuple[Ints, Ints]:
        """Return numerator and denominator of each row; a sum of these over stories, divided, is the measure."""
        counted = self.with_hit if measure == "share" else self.hits
        return counted[:, term_number], self.size(measure)


def story_counts(
    corpus: Any,
    terms: AnyTerms,
    by: str | Sequence[str] = (),
    freq: str | None = None,
    *,
    unit: str = "article",
    rivals: bool = False,
    warn: bool = True,
    described: dict[str, Any] | None = None,
) -> StoryCounts:
    """Count terms in each story of each cell.

    Parameters
    ----------
    corpus : Tokens, DataFrame, or Dask DataFrame
        An index, articles with text, or a counts corpus.
    terms : Terms, dict, list or str
        What to count; of a counts corpus, the names of the terms it has.
    by : str or list of str
        Columns of the articles that make the cells.
    freq : {"D", "W", "M", "Q", "Y"}, optional
        The periods of time, which are a part of the cell.
    unit : {"article", "story"}, keyword-only
        What is counted: each article, or of each story in each cell the earliest article only.
    rivals : bool, keyword-only
        Whether the terms are rivals, so that words which two of them share are warned of.
    warn : bool, keyword-only
        Whether to warn of patterns that match nothing and the like; of a part of a corpus, do not.
    described : dict, optional, keyword-only
        Name, fingerprint and size of the articles, where they are known; else they are worked out, which takes seconds for 100,000.

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
    >>> counted.cells["source"].tolist(), counted.story.tolist(), counted.hits[:, 0].tolist()
    (['Post', 'Sun'], [0, 0], [3, 1])
    >>> once = story_counts(articles, "reset", ["source"], unit="story")
    >>> once.hits[:, 0].tolist(), once.n_articles.tolist(), once.n_copies.tolist()
    ([1, 1], [1, 1], [1, 0])
    """
    keys = columns_named(by)
    check_cells(keys, freq, unit)
    wanted = wanted_of(corpus, terms)
    if hasattr(corpus, "map_partitions"):
        from toolkit.tally import partitions as scale

        parts, gathered = scale.gather(corpus, _story_rows, wanted, keys, freq, unit)
        counted = _from_story_rows(parts, wanted, keys, freq, unit, gathered)
        if warn:
            check_counted(counted.n_words.sum(), counted.hits.sum(axis=0), counted.names, gathered)
    else:
        counted = counted_articles(corpus, wanted, keys, freq, unit, rivals=rivals, warn=warn, described=described)[0]
    if warn and unit == "story" and "story_id" not in columns_of(corpus):
        warn_user(
            "These articles have no column story_id, so unit='story' counts each of them as a story of its own. "
            "Group copies first: articles = tk.mark_stories(articles)."
        )
    return counted


def counted_articles(
    corpus: Tokens | pd.DataFrame,
    wanted: Any,
    by: list[str],
    freq: str | None,
    unit: str,
    *,
    rivals: bool = False,
    warn: bool = True,
    described: dict[str, Any] | None = None,
) -> tuple[StoryCounts, pd.Series, pd.Series]:
    """Count in each article, then put the articles of one story in one cell together.

    Also returned: the name of each row's story and the date of its earliest article, by which parts come together.
    """
    if not isinstance(corpus, Tokens) and not is_counts(corpus):
        corpus = indexed(corpus)
    articles = corpus.articles if isinstance(corpus, Tokens) else corpus
    require(articles, [*by, *(["date"] if freq else [])], "articles")
    if isinstance(corpus, Tokens):
        n_words = corpus.n_words
        check_words(corpus, n_words, warn)
        hits = _hits_by_article(corpus, wanted, rivals=rivals, warn=warn)
    else:
        check_articles(articles, COUNTS.columns.keys() - {"source", "date"})
        columns = ["n_words", *wanted.values()]
        holes = articles[columns].isna().sum()
        if holes.any():
            raise FramingError(f"Counts are missing: {listed(f'{n:,} of {c}' for c, n in holes[holes > 0].items())}.")
        n_words = articles["n_words"].to_numpy(dtype=np.int64)
        check_words(corpus, n_words, warn)
        hits = articles[list(wanted.values())].to_numpy(dtype=np.int64)
    articles = articles.reset_index(drop=True)
    date = articles["date"] if "date" in articles.columns else pd.Series(pd.NaT, articles.index)
    if date.dt.tz is not None:
        date = date.dt.tz_localize(None)  # the day where it was published
    day = date.dt.normalize()
    cells = articles[by]
    if freq:
        if warn:
            check_dates(articles, day, freq)
        cells = cells.assign(period=day.dt.to_period(PERIODS[freq]).dt.start_time.astype("datetime64[us]"))
    cell, groups = numbered(cells)
    ones = np.ones(len(articles), dtype=np.int64)
    own = "\0" + articles["doc_id"].astype("str")
    if "story_id" in articles.columns:  # an article without a story is one
        given = articles["story_id"]
        story_name = given.astype("str").where(given.notna(), own)
        story = pd.factorize(story_name)[0].astype(np.int64)
    else:
        story_name, story = own, np.arange(len(articles), dtype=np.int64)
    if described is None:
        described = corpus.corpus if isinstance(corpus, Tokens) else describe_corpus(articles)
    table = StoryCounts(
        list(wanted),
        groups,
        cell,
        story,
        ones,
        n_words,
        0 * ones,
        hits,
        (hits > 0).astype(np.int64),
        day,
        day,
        stated(wanted),
        described,
    )
    if "story_id" in articles.columns:
        return _together(table, story_name, date, unit)
    return table, story_name, date


def _hits_by_article(tokens: Tokens, terms: Terms, *, rivals: bool, warn: bool) -> Ints:
    found = match(tokens, terms, warn=warn)
    n, k = len(tokens.articles), len(terms)
    if rivals and warn and k > 1:
        shared = (found.first[1:] <= found.last[:-1]) & (found.term[1:] != found.term[:-1])
        if shared.any():
            warn_user(
                f"Rival terms share words in {int(shared.sum()):,} places, so their shares count these twice. "
                "Make the patterns exclude each other."
            )
    field = np.searchsorted(tokens.offsets, found.first, side="right") - 1
    article = field // len(tokens.fields)
    return np.bincount(article * k + found.term, minlength=n * k).reshape(n, k)


def _together(
    parts: StoryCounts, story_name: pd.Series, date: pd.Series, unit: str
) -> tuple[StoryCounts, pd.Series, pd.Series]:
    """Put the rows of one story in one cell together; parts of several partitions come together the same way."""
    pair = parts.cell * (int(parts.story.max(initial=0)) + 1) + parts.story
    if unit == "story":  # earliest first, and of a tie the one that stands first
        order = np.argsort(date.to_numpy(), kind="stable")  # numpy puts missing dates last
    else:
        order = np.arange(len(pair))
    row = np.empty(len(pair), dtype=np.int64)
    row[order] = pd.factorize(pair[order])[0]
    some = order[first_rows(row[order])]
    n, k = len(some), len(parts.names)

    def total(values: Ints) -> Ints:
        return np.bincount(row, weights=values, minlength=n).astype(np.int64)  # exact: counts are far below 2 ** 53

    def totals(values: Ints) -> Ints:
        at, term = np.nonzero(values)
        summed = np.bincount(row[at] * k + term, weights=values[at, term], minlength=n * k)
        return summed.reshape(n, k).astype(np.int64)

    n_given = total(parts.n_articles + parts.n_copies)
    if unit == "story":
        n_articles, n_words = parts.n_articles[some], parts.n_words[some]
        hits, with_hit = parts.hits[some], parts.with_hit[some]
    else:
        n_articles, n_words = n_given, total(parts.n_words)
        hits, with_hit = totals(parts.hits), totals(parts.with_hit)
    table = StoryCounts(
        parts.names,
        parts.groups,
        parts.cell[some],
        parts.story[some],
        n_articles,
        n_words,
        n_given - n_articles,
        hits,
        with_hit,
        parts.first.groupby(row).min(),
        parts.last.groupby(row).max(),
        parts.terms,
        parts.corpus,
    )
    return table, story_name.iloc[some].reset_index(drop=True), date.iloc[some].reset_index(drop=True)


def _story_rows(articles: pd.DataFrame, wanted: Any, by: list[str], freq: str | None, unit: str) -> pd.DataFrame:
    """Count one partition, as a table with a row per story and cell, since a story can lie in two partitions."""
    counted, name, date = counted_articles(
        articles, wanted, by, freq, unit, warn=False
    )  # a part may lack what the whole has
    hits = pd.DataFrame(counted.hits, columns=[f"_hits{n}" for n in range(len(counted.names))])
    with_hit = pd.DataFrame(counted.with_hit, columns=[f"_with{n}" for n in range(len(counted.names))])
    return pd.concat([counted.cells, hits, with_hit], axis=1).assign(
        _story=name,
        _date=date,
        _first=counted.first,
        _last=counted.last,
        _n_articles=counted.n_articles,
        _n_words=counted.n_words,
        _n_copies=counted.n_copies,
    )


def _from_story_rows(
    parts: pd.DataFrame, wanted: Any, by: list[str], freq: str | None, unit: str, described: dict[str, Any]
) -> StoryCounts:
    """Put the rows of stories of all partitions together."""
    names = list(wanted)
    cell, groups = numbered(parts[[*by, *(["period"] if freq else [])]])
    table = StoryCounts(
        names,
        groups,
        cell,
        pd.factorize(parts["_story"])[0].astype(np.int64),
        parts["_n_articles"].to_numpy(),
        parts["_n_words"].to_numpy(),
        parts["_n_copies"].to_numpy(),
        parts[[f"_hits{n}" for n in range(len(names))]].to_numpy(),
        parts[[f"_with{n}" for n in range(len(names))]].to_numpy(),
        parts["_first"],
        parts["_last"],
        stated(wanted),
        described,
    )
    return _together(table, parts["_story"], parts["_date"], unit)[0]
