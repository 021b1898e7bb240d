"""Own what is counted of each story in each cell, from a tally and the columns that make the cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.measures.sparse import summed_rows
from toolkit.tables import require, warn_user
from toolkit.tables.checks import check_choice, check_dates_in
from toolkit.tables.choices import MEASURES
from toolkit.tables.groups import first_rows, numbered, standing
from toolkit.tables.periods import check_dates, period_of
from toolkit.tally.tally import Tally

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Laid:
    """The units of a tally that count, each with its cell.

    Attributes
    ----------
    tally : Tally
        All units.
    unit : ndarray of int64, shape (n,)
        The units that count: all of them, or with the story as unit those of the earliest article of each story in each cell.
    cell : ndarray of int64, shape (n,)
        The cell of each, as a place in `groups`.
    groups : DataFrame
        The `by` columns and the `period`, one row per cell that occurs.
    n_copies, n_left_out : ndarray of int64, shape (n_cells,)
        Articles of each cell that an earlier one of their story stands for, and the units that are left out with them.
    in_time : bool
        Whether stories stand in the order of time, as they do with the story as unit.
    """

    tally: Tally
    unit: Ints
    cell: Ints
    groups: pd.DataFrame
    n_copies: Ints
    n_left_out: Ints
    in_time: bool

    @property
    def n_cells(self) -> int:
        """How many cells occur."""
        return len(self.groups)

    def count(self, mask: NDArray[np.bool_]) -> Ints:
        """Count the units of each cell for which `mask`, given for all units of the tally, is true."""
        return np.bincount(self.cell[mask[self.unit]], minlength=self.n_cells)


def lay(
    tally: Tally, by: Sequence[str], freq: str | None, unit: str, *, warn: bool = True, what: str = "articles"
) -> Laid:
    """Give each unit its cell, and with the story as unit leave out the copies of each story in each cell."""
    require(tally.units, [*by, *(["date"] if freq else [])], what)
    if "date" in tally.units.columns:
        check_dates_in(tally.units, what)
    cells = tally.units[list(by)]
    if freq:
        day = tally.date.dt.normalize()
        if warn:
            check_dates(tally.units, day, freq)
        cells = cells.assign(period=period_of(day, freq))
    cell, groups = numbered(cells)

    everything = np.arange(len(cell), dtype=np.int64)
    if unit != "story":
        none = np.zeros(len(groups), dtype=np.int64)
        return Laid(tally, everything, cell, groups, none, none, False)

    story_in_cell = pd.factorize(cell * (int(tally.story.max(initial=0)) + 1) + tally.story)[0]
    stands = standing(story_in_cell, tally.article, tally.date)
    copy = pd.unique(cell[~stands] * len(cell) + tally.article[~stands])
    n_copies = np.bincount(copy // max(len(cell), 1), minlength=len(groups))
    n_left_out = np.bincount(cell[~stands], minlength=len(groups))
    kept = np.flatnonzero(stands)
    return Laid(tally, kept, cell[kept], groups, n_copies, n_left_out, True)


@dataclass(frozen=True, eq=False)
class StoryCounts:
    """What is counted of each story in each cell: one row per story and cell.

    Attributes
    ----------
    kinds : list
        What was counted: terms, voices, topics.
    name : str
        What the kinds are.
    groups : DataFrame
        The `by` columns and the `period`, one row per cell that occurs.
    cell : ndarray of int64, shape (n_rows,)
        The cell of each row, as a place in `groups`.
    story : ndarray of int64, shape (n_rows,)
        The story of each row; the same story in two cells has the same number. An article without a story is one.
    n_articles, n_words : ndarray of int64, shape (n_rows,)
        Articles counted, and their words (0 where none were measured).
    n_whole, with_any : ndarray, shape (n_rows,)
        Hits of all kinds together, and articles with any.
    hits, with_hit : csr_array, shape (n_rows, n_kinds)
        Hits of each kind, and articles with one.
    first, last : ndarray of datetime64, shape (n_cells,)
        The earliest and the latest day in each cell.
    n_copies : ndarray of int64, shape (n_cells,)
        Articles of each cell that are not counted because an earlier one of their story stands for them.
    measures_words : bool
        Whether words were measured.
    terms : object
        The kinds as a recipe states them.
    corpus : dict
        Name, fingerprint and size of the articles.
    about : dict of array
        What else is known of each kind.
    """

    kinds: list[Any]
    name: str
    groups: pd.DataFrame
    cell: Ints
    story: Ints
    n_articles: Ints
    n_words: Ints
    n_whole: NDArray[Any]
    with_any: Ints
    hits: csr_array
    with_hit: csr_array
    first: NDArray[np.datetime64]
    last: NDArray[np.datetime64]
    n_copies: Ints
    measures_words: bool
    terms: Any
    corpus: dict[str, Any]
    about: dict[str, Any]

    @cached_property
    def cells(self) -> pd.DataFrame:
        """The `by` columns and the `period` of each row."""
        return self.groups.iloc[self.cell].reset_index(drop=True)

    @cached_property
    def _columns(self) -> tuple[Any, Any]:
        return self.hits.tocsc(), self.with_hit.tocsc()

    def of_kind(self, kind: int, *, articles: bool = False) -> NDArray[Any]:
        """Return the hits of one kind in each row, or the articles with one."""
        column = self._columns[int(articles)]
        at = slice(column.indptr[kind], column.indptr[kind + 1])
        values = np.zeros(len(self.cell), dtype=column.dtype)
        values[column.indices[at]] = column.data[at]
        return values

    @cached_property
    def weight(self) -> float:
        """What a typical label counts as: 1 where labels are counted, else the sum of squared weights over their sum.

        Intervals take a count of 1 as one thing that was seen. So weighted counts are divided by it, and whether weights are thirds
        or thousands changes nothing.
        """
        weights = self.hits.data
        if np.issubdtype(weights.dtype, np.integer) or not weights.any():
            return 1.0
        return float((weights * weights).sum() / weights.sum())

    def size(self, measure: str) -> NDArray[Any]:
        """Return what a measure divides by: the words, the articles, or the hits of all kinds of each row."""
        check_choice("measure", measure, MEASURES)
        if measure == "rival_share":
            return self.n_whole
        return self.n_words if measure == "per_million" else self.n_articles

    def ratio(self, measure: str, kind: int) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return numerator and denominator of each row; a sum of these over stories, divided, is the measure."""
        return self.of_kind(kind, articles=measure == "share"), self.size(measure)


def group(laid: Laid) -> StoryCounts:
    """Put the units of one article in one cell together, and then the articles of one story."""
    tally, at = laid.tally, laid.unit
    cell, story = laid.cell, tally.story[at]
    hits, n_whole = tally.counts[at] if len(at) < len(tally.story) else tally.counts, tally.n_whole[at]
    n_words = np.zeros(len(at), dtype=np.int64) if tally.n_words is None else tally.n_words[at]
    first, last = _ends(tally.date.dt.normalize().to_numpy()[at], cell, laid.n_cells)
    date = tally.date.to_numpy()[at]

    if not tally.one_each:
        code = _pair(cell, tally.article[at])
        some = first_rows(code)
        hits, n_whole, n_words = (summed_rows(part, code, len(some)) for part in (hits, n_whole, n_words))
        cell, story, date = cell[some], story[some], date[some]

    # from here on a row is an article in a cell, so that articles with a hit can be counted
    with_hit = hits.copy()
    with_hit.data = (hits.data > 0).astype(np.int64)
    with_any, n_articles = (n_whole > 0).astype(np.int64), np.ones(len(cell), dtype=np.int64)

    order = np.argsort(date, kind="stable") if laid.in_time else None
    code = _pair(cell, story, order)
    some = first_rows(code)
    if len(some) < len(code) or order is not None:
        hits, with_hit, n_whole, n_words, with_any, n_articles = (
            summed_rows(part, code, len(some)) for part in (hits, with_hit, n_whole, n_words, with_any, n_articles)
        )
        cell, story = cell[some], story[some]

    return StoryCounts(
        tally.kinds,
        tally.name,
        laid.groups,
        cell,
        story,
        n_articles,
        n_words,
        n_whole,
        with_any,
        hits,
        with_hit,
        first,
        last,
        laid.n_copies,
        tally.measures_words,
        tally.stated,
        tally.stated_corpus,
        tally.about,
    )


def joined(counted: StoryCounts, rows: Ints, cell: Ints, n_cells: int, kind: int) -> StoryCounts:
    """Put some rows into other cells, one kind of them; a story that has several rows in one of the new cells is one story.

    Parameters
    ----------
    counted : StoryCounts
        A row per story and cell.
    rows : ndarray of int64
        The rows to take.
    cell : ndarray of int64
        The new cell of each of these.
    n_cells, kind : int
        How many new cells there are, and the kind to take.
    """
    code = _pair(cell, counted.story[rows])
    some = first_rows(code)

    def over(values: Any) -> Any:
        return summed_rows(values[rows], code, len(some))

    nothing = np.full(n_cells, "NaT", dtype="M8[us]")
    return replace(
        counted,
        kinds=[counted.kinds[kind]],
        groups=pd.DataFrame(index=range(n_cells)),
        cell=cell[some],
        story=counted.story[rows][some],
        n_articles=over(counted.n_articles),
        n_words=over(counted.n_words),
        n_whole=over(counted.n_whole),
        with_any=over(counted.with_any),
        hits=over(counted.hits[:, [kind]]),
        with_hit=over(counted.with_hit[:, [kind]]),
        first=nothing,
        last=nothing,
        n_copies=np.zeros(n_cells, dtype=np.int64),
    )


def _pair(cell: Ints, other: Ints, order: Ints | None = None) -> Ints:
    """Number the pairs that occur, in the order of the rows or in the `order` given."""
    code = cell * (int(other.max(initial=0)) + 1) + other
    if order is None:
        return np.asarray(pd.factorize(code)[0], dtype=np.int64)

    number = np.empty(len(code), dtype=np.int64)
    number[order] = pd.factorize(code[order])[0]
    return number


def _ends(day: NDArray[Any], cell: Ints, n_cells: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the earliest and the latest day of each cell, missing where it has none."""
    grouped = pd.Series(day).groupby(cell)
    ends = (grouped.min().reindex(range(n_cells)), grouped.max().reindex(range(n_cells)))
    return ends[0].to_numpy(), ends[1].to_numpy()


def warn_of_stories(tally: Tally, unit: str, what: str = "articles") -> None:
    """Warn where stories are to be counted and none are known."""
    if unit == "story" and "story_id" not in tally.units.columns:
        warn_user(
            f"These {what} have no column story_id, so unit='story' counts each article as a story of its own. "
            "Group copies first: articles = tk.mark_stories(articles)."
        )
