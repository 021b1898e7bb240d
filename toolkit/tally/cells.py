"""Own the sums over stories by cell and kind, and the grid of cells, in which periods without articles have their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.measures.intervals import StorySums
from toolkit.measures.sparse import entries, values_at
from toolkit.tables import PERIODS, FramingError, listed
from toolkit.tables.groups import numbered
from toolkit.tables.order import category_order
from toolkit.tables.periods import periods_between
from toolkit.tally.stories import StoryCounts

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CellSums:
    """Sums over the stories of each cell; those of two halves of a corpus add up.

    Each number of `by_kind` belongs to a place: a kind in a cell. There is a place for every kind in every cell, cell by cell,
    unless only those that occur were asked for.

    Attributes
    ----------
    groups : DataFrame
        The `by` columns and the `period`, one row per cell that occurs.
    kinds, name, about, measures_words
        What was counted, as `StoryCounts` has it.
    total : dict of ndarray, shape (n_cells,)
        Counts of the cell whatever the kind.
    by_kind : dict of ndarray, shape (n_places,)
        Counts of each kind in each cell.
    cell_of, kind_of : ndarray of int64, shape (n_places,)
        The cell and the kind of each place.
    family : ndarray of int64, shape (n_cells,)
        Cells of one family show together how large the bundles of a kind's hits are.
    first, last : ndarray of datetime64, shape (n_cells,)
        The earliest and the latest day.
    """

    groups: pd.DataFrame
    kinds: list[Any]
    name: str
    about: dict[str, Any]
    measures_words: bool
    total: dict[str, Floats]
    by_kind: dict[str, Floats]
    cell_of: Ints
    kind_of: Ints
    family: Ints
    first: NDArray[Any]
    last: NDArray[Any]

    @property
    def story(self) -> StorySums:
        """The sums that intervals are made of, (n_places,)."""
        stories, n, nn = (self.total[name][self.cell_of] for name in ("stories", "n", "nn"))
        own = self.by_kind
        return StorySums(stories, own["x"], n, own["xx"], own["xn"], nn)

    def square(self, name: str) -> Floats:
        """Return a number of each kind in each cell, (n_cells, n_kinds), where all have a place."""
        return self.by_kind[name].reshape(len(self.groups), len(self.kinds))

    def bundles(self, measure: str) -> tuple[Floats, Floats]:
        """Return how large bundles of hits and of non-hits are for each kind, (n_families, n_kinds).

        A cell without a hit cannot show it, so all cells of its family are taken together.
        """
        n_families, k = int(self.family.max(initial=0)) + 1, len(self.kinds)
        code = self.family[self.cell_of] * k + self.kind_of

        def over(values: Floats) -> Floats:
            return np.bincount(code, values, n_families * k).astype(float).reshape(n_families, k)

        def overall(values: Floats) -> Floats:
            return np.bincount(self.family, values, n_families).astype(float)[:, None]

        x, xx, with_hit, full = (over(self.by_kind[name]) for name in ("x", "xx", "n_stories", "full"))
        stories, n = overall(self.total["stories"]), overall(self.total["n"])
        with np.errstate(divide="ignore", invalid="ignore"):
            bundle = np.maximum(xx / x, 2.0) if measure == "per_million" else x / with_hit
            rest = (n - x) / (stories - full)
        return bundle, rest


def cell_sums(
    counted: StoryCounts, measure: str, *, family: Ints | None = None, also: Ints | None = None, sparse: bool = False
) -> CellSums:
    """Sum stories by cell, all kinds in one pass; most stories have no hit of most kinds, so only the others are visited.

    Parameters
    ----------
    counted : StoryCounts
        A row per story and cell.
    measure : {"per_million", "share", "rival_share"}
        What numerator and denominator are.
    family : ndarray of int64, shape (n_cells,), optional, keyword-only
        Which cells show together how large bundles are; by default all.
    also, sparse : ndarray of int64, bool, keyword-only
        With `sparse` there are places only for kinds that occur in a cell, and in every cell for the kinds in `also`: a cell may
        have ten of a thousand speakers.
    """
    cell, k, n_cells = counted.cell, len(counted.kinds), len(counted.groups)
    size = counted.size(measure)

    row, kind, hits = entries(counted.hits)
    articles = values_at(counted.with_hit, row, kind)
    if measure == "rival_share" and counted.weight != 1:
        hits_of_one, size = hits / counted.weight, size / counted.weight
    else:
        hits_of_one = hits
    x = (articles if measure == "share" else hits_of_one).astype(float)
    n = size[row].astype(float)

    place = cell[row] * k + kind
    if sparse:
        always = (np.arange(n_cells)[:, None] * k + (also if also is not None else np.empty(0, np.int64))).ravel()
        places = np.unique(np.concatenate([place, always]))
        place = np.searchsorted(places, place)
        cell_of, kind_of = np.divmod(places, max(k, 1))
    else:
        cell_of, kind_of = np.repeat(np.arange(n_cells), k), np.tile(np.arange(k), n_cells)

    def total(values: Any = None) -> Floats:
        return np.bincount(cell, weights=values, minlength=n_cells).astype(float)

    def by_kind(values: Any = None) -> Floats:
        return np.bincount(place, weights=values, minlength=len(cell_of)).astype(float)

    return CellSums(
        counted.groups,
        counted.kinds,
        counted.name,
        counted.about,
        counted.measures_words,
        {
            "n_copies": counted.n_copies.astype(float),
            "n_articles_total": total(counted.n_articles),
            "n_stories_total": total(),
            "n_words": total(counted.n_words),
            "n_hits_rivals": total(counted.n_whole),
            "n_articles_any": total(counted.with_any),
            "n_stories_any": total(counted.n_whole > 0),
            "stories": total(size > 0),
            "n": total(size),
            "nn": total(size.astype(float) ** 2),
        },
        {
            "n_hits": by_kind(hits),
            "n_articles": by_kind(articles),
            "n_stories": by_kind(),
            "x": by_kind(x),
            "xx": by_kind(x * x),
            "xn": by_kind(x * n),
            "full": by_kind(x == n),  # stories that are nothing but hits
        },
        cell_of,
        kind_of,
        np.zeros(n_cells, dtype=np.int64) if family is None else family,
        counted.first,
        counted.last,
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
    place: Ints
    group: Ints
    partial: NDArray[np.bool_]


def ordered(groups: pd.DataFrame, by: Sequence[str]) -> Ints:
    """Return the order of groups, by one column after the other; steps of a known scale keep its order.

    Examples
    --------
    >>> ordered(pd.DataFrame({"leaning": ["right", "center", "left"]}), ["leaning"]).tolist()
    [2, 1, 0]
    """
    ranks = pd.DataFrame({column: _rank(groups[column]) for column in by})
    try:
        return ranks.sort_values(list(by), na_position="last", kind="stable").index.to_numpy()
    except TypeError:
        for column in by:
            types = sorted({type(value).__name__ for value in groups[column].dropna()})
            if len(types) > 1:
                raise FramingError(
                    f"The column {column} holds values of several kinds ({listed(types)}), which have no order. "
                    f"Make them text: articles[{column!r}] = articles[{column!r}].astype('str')."
                ) from None
        raise


def _rank(values: pd.Series) -> pd.Series:
    """Return what a column is sorted by: its steps on a known scale, or itself."""
    if isinstance(values.dtype, pd.CategoricalDtype) or not pd.api.types.is_string_dtype(values.dtype):
        return values

    order = category_order(values)
    if order is None:
        return values
    return values.astype("str").map({name: step for step, name in enumerate(order)})


def lay_grid(
    groups: pd.DataFrame,
    ends: tuple[NDArray[Any], NDArray[Any]],
    by: Sequence[str],
    freq: str | None,
    *,
    every: str | None = None,
) -> Grid:
    """Order the cells, and add those periods in which a group has nothing.

    Parameters
    ----------
    groups : DataFrame
        The `by` columns and the `period`, one row per cell that occurs.
    ends : tuple of ndarray
        The earliest and the latest day of each.
    by, freq
        The columns that make the cells, and the length of a period.
    every : str, optional, keyword-only
        A Categorical among the columns of `by`: each group gets every category, whether it occurs there or not.
    """
    keys = list(by)
    group, combinations = numbered(groups[keys])
    if every is not None:
        group, combinations = _completed(group, combinations, every)
    if keys:
        order = ordered(combinations, keys)
        combinations = combinations.iloc[order].reset_index(drop=True)
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        group = rank[group]

    n_groups, occurring = len(combinations), np.arange(len(groups))
    if not freq:
        place = np.full(n_groups, -1, dtype=np.int64)
        place[group] = occurring
        return Grid(combinations, place, np.arange(n_groups), np.zeros(n_groups, dtype=bool))

    # a column for each period, and a last one for undated articles
    when = groups["period"]
    known = when.notna().to_numpy()
    periods = periods_between(when.min(), when.max(), freq) if known.any() else pd.DatetimeIndex([])
    column = np.where(known, periods.searchsorted(when.fillna(pd.Timestamp(0))), len(periods))
    places = np.full((n_groups, len(periods) + 1), -1, dtype=np.int64)
    places[group, column] = occurring
    keep = np.ones(places.shape, dtype=bool)
    keep[:, -1] = places[:, -1] >= 0  # a row for undated articles where there are some

    which, column = np.nonzero(keep)
    starts = periods.append(pd.DatetimeIndex([pd.NaT])).astype("datetime64[us]")
    cells = combinations.iloc[which].reset_index(drop=True).assign(period=starts[column])
    place = places[keep]

    # a period is partial where the group's first article comes after its first day, or the last one before its last
    begins, stops = (
        pd.Series(end).groupby(group).agg(how).reindex(range(n_groups)).to_numpy()
        for end, how in zip(ends, ("min", "max"), strict=True)
    )
    first_day = cells["period"].to_numpy()
    last_day = cells["period"].dt.to_period(PERIODS[freq]).dt.end_time.dt.normalize().to_numpy()
    partial = (place >= 0) & ((first_day < begins[which]) | (last_day > stops[which]))
    return Grid(cells, place, which, partial)


def _completed(group: Ints, combinations: pd.DataFrame, every: str) -> tuple[Ints, pd.DataFrame]:
    """Add the combinations that lack a category of the column `every`."""
    others = [column for column in combinations.columns if column != every]
    categories = combinations[every].cat.categories
    number, rest = numbered(combinations[others])

    n = len(categories)
    full = rest.iloc[np.repeat(np.arange(len(rest)), n)].reset_index(drop=True)
    codes = np.tile(np.arange(n), len(rest))
    full[every] = pd.Series(pd.Categorical(categories.take(codes), categories=categories))
    place = number * n + combinations[every].cat.codes.to_numpy(dtype=np.int64)
    return place[group], full[list(combinations.columns)]
