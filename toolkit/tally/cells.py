"""Sum stories by cell, and lay cells on a grid in which periods without articles have their place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.measures.intervals import StorySums
from toolkit.tables import PERIODS, FramingError, listed
from toolkit.tables.groups import numbered
from toolkit.tally.stories import StoryCounts, counted_articles

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CellSums:
    """Sums over the stories of each cell; those of two halves of a corpus add up.

    Attributes
    ----------
    groups : DataFrame
        The `by` columns and the `period`, one row per cell that occurs.
    names : list of str
        The terms.
    total : dict of ndarray, shape (n_cells,)
        Counts of the cell whatever the term.
    by_term : dict of ndarray, shape (n_cells, n_terms)
        Counts of each term.
    first, last : Series of datetime64
        The earliest and the latest day.
    """

    groups: pd.DataFrame
    names: list[str]
    total: dict[str, Floats]
    by_term: dict[str, Floats]
    first: pd.Series
    last: pd.Series

    @property
    def story(self) -> StorySums:
        """The sums that intervals are made of, (n_cells, n_terms)."""
        cells, terms = self.total, self.by_term
        shape = terms["x"].shape
        stories, n, nn = (np.broadcast_to(cells[name][:, None], shape) for name in ("stories", "n", "nn"))
        return StorySums(stories, terms["x"], n, terms["xx"], terms["xn"], nn)

    def bundles(self, measure: str) -> tuple[Floats, Floats]:
        """Return how large the bundles of each term's hits are, as the whole table shows it, and of what is no hit."""
        x, xx, with_hit, full = (self.by_term[name].sum(axis=0) for name in ("x", "xx", "n_stories", "full"))
        stories, n = self.total["stories"].sum(), self.total["n"].sum()
        with np.errstate(divide="ignore", invalid="ignore"):
            bundle = np.maximum(xx / x, 2.0) if measure == "per_million" else x / with_hit
            rest = (n - x) / (stories - full)
        return bundle, rest


def cell_sums(counted: StoryCounts, measure: str) -> CellSums:
    """Sum stories by cell, all terms in one pass; most stories have no hit of most terms, so only the others are visited."""
    cell, k, n_cells = counted.cell, len(counted.names), len(counted.groups)
    size = counted.size(measure)
    row, term = np.nonzero(counted.hits)
    hits, articles = counted.hits[row, term], counted.with_hit[row, term]
    x = (articles if measure == "share" else hits).astype(float)
    n = size[row].astype(float)
    slot = cell[row] * k + term

    def total(values: Any = None) -> Floats:
        return np.bincount(cell, weights=values, minlength=n_cells).astype(float)

    def by_term(values: Any = None) -> Floats:
        return np.bincount(slot, weights=values, minlength=n_cells * k).astype(float).reshape(n_cells, k)

    return CellSums(
        counted.groups,
        counted.names,
        {
            "n_articles_total": total(counted.n_articles),
            "n_stories_total": total(),
            "n_words": total(counted.n_words),
            "n_copies": total(counted.n_copies),
            "n_hits_rivals": total(counted.size("rival_share")),
            "stories": total(size > 0),
            "n": total(size),
            "nn": total(size.astype(float) ** 2),
        },
        {
            "n_hits": by_term(hits),
            "n_articles": by_term(articles),
            "n_stories": by_term(),
            "x": by_term(x),
            "xx": by_term(x * x),
            "xn": by_term(x * n),
            "full": by_term(x == n),  # stories that are nothing but hits
        },
        counted.first.groupby(cell).min().reset_index(drop=True),
        counted.last.groupby(cell).max().reset_index(drop=True),
    )


def partial_sums(articles: pd.DataFrame, wanted: Any, by: list[str], freq: str | None, measure: str) -> pd.DataFrame:
    """Count one partition: sums of cells, a row each."""
    sums = cell_sums(counted_articles(articles, wanted, by, freq, "article", warn=False)[0], measure)
    columns = {f"_{name}": values for name, values in sums.total.items()}
    columns |= {f"_{name}:{t}": part for name, values in sums.by_term.items() for t, part in enumerate(values.T)}
    return pd.concat([sums.groups, pd.DataFrame(columns)], axis=1).assign(_first=sums.first, _last=sums.last)


def added_sums(parts: pd.DataFrame, by: list[str], names: list[str]) -> CellSums:
    """Add up the sums of all partitions."""
    cell, groups = numbered(parts[by])

    def total(column: str) -> Floats:
        return np.bincount(cell, weights=parts[column], minlength=len(groups)).astype(float)

    columns = [c[1:] for c in parts.columns.difference([*by, "_first", "_last"])]
    return CellSums(
        groups,
        names,
        {c: total(f"_{c}") for c in columns if ":" not in c},
        {
            c: np.column_stack([total(f"_{c}:{t}") for t in range(len(names))])
            for c in {c.partition(":")[0] for c in columns if ":" in c}
        },
        parts["_first"].groupby(cell).min().reset_index(drop=True),
        parts["_last"].groupby(cell).max().reset_index(drop=True),
    )


@dataclass(frozen=True, eq=False)
class Grid:
    """All cells of a table in its order, the periods without articles included.

    Attributes
    ----------
    cells : DataFrame
        The `by` columns and the `period`, ordered by these.
    place : ndarray of int64
        Where each cell stands in the groups that it was made from; -1 where it has no article.
    group : ndarray of int64
        The number of each cell's combination of the `by` columns.
    partial : ndarray of bool
        Whether the group's articles begin or end inside the period.
    """

    cells: pd.DataFrame
    place: NDArray[np.int64]
    group: NDArray[np.int64]
    partial: NDArray[np.bool_]


def _in_order(kinds: pd.DataFrame, by: list[str]) -> NDArray[np.int64]:
    try:
        return kinds.sort_values(by, na_position="last").index.to_numpy()
    except TypeError:
        for column in by:
            types = sorted({type(value).__name__ for value in kinds[column].dropna()})
            if len(types) > 1:
                raise FramingError(
                    f"The column {column} holds values of several kinds ({listed(types)}), which have no order. "
                    f"Make them text: articles[{column!r}] = articles[{column!r}].astype('str')."
                ) from None
        raise


def lay_grid(sums: CellSums, by: list[str], freq: str | None) -> Grid:
    """Order the cells, and add those periods in which a group has nothing."""
    groups = sums.groups
    group, kinds = numbered(groups[by])
    if by:
        order = _in_order(kinds, by)
        kinds = kinds.iloc[order].reset_index(drop=True)
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        group = rank[group]
    n_cells = np.arange(len(groups))
    if not freq:
        place = np.empty(len(kinds), dtype=np.int64)
        place[group] = n_cells
        return Grid(kinds, place, np.arange(len(kinds)), np.zeros(len(kinds), dtype=bool))
    when = groups["period"]
    known = when.notna().to_numpy()
    periods = pd.DatetimeIndex([])
    if known.any():
        first, last = when.min().to_period(PERIODS[freq]), when.max().to_period(PERIODS[freq])
        periods = pd.period_range(first, last).start_time
    at = np.where(known, periods.searchsorted(when.fillna(pd.Timestamp(0))), len(periods))
    places = np.full((len(kinds), len(periods) + 1), -1, dtype=np.int64)
    places[group, at] = n_cells
    keep = np.ones(places.shape, dtype=bool)
    keep[:, -1] = places[:, -1] >= 0  # a row for undated articles where there are some
    which, column = np.nonzero(keep)
    starts = periods.append(pd.DatetimeIndex([pd.NaT])).astype("datetime64[us]")
    cells = kinds.iloc[which].reset_index(drop=True).assign(period=starts[column])
    place = places[keep]
    begins, ends = sums.first.groupby(group).min().to_numpy(), sums.last.groupby(group).max().to_numpy()
    start = cells["period"].to_numpy()
    stop = cells["period"].dt.to_period(PERIODS[freq]).dt.end_time.dt.normalize().to_numpy()
    partial = (place >= 0) & ((start < begins[which]) | (stop > ends[which]))
    return Grid(cells, place, which, partial)
