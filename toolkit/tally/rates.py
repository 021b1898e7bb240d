"""Own rates and shares: the intervals of summed counts, and the table that gives them cell by cell."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.measures.intervals import StorySums, garwood, ratio_interval, story_bootstrap, wilson
from toolkit.measures.pooling import pooled_ratios
from toolkit.tables import FramingError, Table
from toolkit.tables.checks import check_choice, check_confidence
from toolkit.tables.choices import MEASURES
from toolkit.tables.groups import check_cells, numbered
from toolkit.tables.periods import columns_and_freq
from toolkit.tally.cells import CellSums, Grid, cell_sums, lay_grid
from toolkit.tally.stories import Laid, StoryCounts, group, lay, warn_of_stories
from toolkit.tally.tally import Tally, kind_column

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

PARTS = {
    "per_million": ("n_hits", "n_words"),
    "share": ("n_articles", "n_articles_total"),
    "rival_share": ("n_hits", "n_hits_rivals"),
}
"""What each measure is a ratio of, as tables name it."""


def scale_of(measure: str) -> float:
    """Return what a proportion is multiplied by to be the measure."""
    return 1e6 if measure == "per_million" else 1.0


def chosen_measure(measure: str | None, measures_words: bool, weight: float = 1.0) -> str:
    """Return the measure that is asked for, by default hits per million words, or shares among the kinds where there are no words."""
    if measure is None:
        return "per_million" if measures_words and weight == 1 else "rival_share"

    check_choice("measure", measure, MEASURES)
    if measure == "per_million" and not measures_words:
        raise FramingError(
            "These counts have no words to divide by, so there is no rate per million. Take measure='rival_share' (among all kinds) or "
            "'share' (of articles), or give the articles that were searched: tk.tally(hits, articles=tokens)."
        )
    if measure == "per_million" and weight != 1:
        raise FramingError(
            "Weighted labels are no number of hits, so they have no rate per million words. Take measure='rival_share' or 'share'."
        )
    return measure


def interval_of(sums: CellSums, measure: str, confidence: float, interval: str = "story") -> tuple[Floats, Floats]:
    """Return the interval of each place, as proportions."""
    story = sums.story
    if interval == "wilson":
        return wilson(story.x, story.n, confidence=confidence)
    if interval == "garwood":
        return garwood(story.x, story.n, confidence=confidence)

    family = sums.family[sums.cell_of]
    bundle, rest = (part[family, sums.kind_of] for part in sums.bundles(measure))
    return ratio_interval(story, confidence=confidence, whole=measure != "per_million", bundle=bundle, rest=rest)


def bootstrap_of(
    counted: StoryCounts, measure: str, confidence: float, resamples: int, seed: int
) -> tuple[Floats, Floats]:
    """Draw the stories of each cell again, the same ones for each kind; return the interval of each place."""
    from tqdm.auto import tqdm

    ends = []
    for kind, _ in enumerate(tqdm(counted.kinds, desc="kinds", disable=None if len(counted.kinds) > 4 else True)):
        x, n = counted.ratio(measure, kind)
        measured = n > 0  # the others say nothing about the measure
        ends.append(
            story_bootstrap(
                x[measured],
                n[measured],
                counted.cell[measured],
                len(counted.groups),
                draws=resamples,
                confidence=confidence,
                seed=seed,
            )
        )
    return np.column_stack([low for low, _ in ends]).ravel(), np.column_stack([high for _, high in ends]).ravel()


def pooled_of(
    sums: CellSums, low: Floats, high: Floats, confidence: float, by_period: bool
) -> tuple[Floats, Floats, Floats]:
    """Return each rate shrunk towards the mean of its kind over the cells of its period, with its interval."""
    n_cells = len(sums.groups)
    period = numbered(sums.groups[["period"]])[0] if by_period else np.zeros(n_cells, dtype=np.int64)
    square = StorySums(*(part.reshape(n_cells, -1) for part in sums.story))
    pooled, pooled_low, pooled_high = (part.ravel() for part in pooled_ratios(square, period, confidence=confidence))

    single = np.isnan(pooled_low)  # nothing to shrink to
    return pooled, np.where(single, low, pooled_low), np.where(single, high, pooled_high)


def taken(values: Any, at: Ints, missing: float = 0) -> Any:
    """Return the values at some places; where the place is -1, the value `missing`.

    Examples
    --------
    >>> taken(np.array([5.0, 7.0]), np.array([1, -1])).tolist()
    [7, 0]
    """
    if len(values) == 0:
        return np.full(len(at), missing)
    found = np.where(at >= 0, values[at], missing)
    return found if missing else whole(found)


class Shares(NamedTuple):
    """How the units of cells divide among kinds, laid on the grid of the cells.

    Attributes
    ----------
    laid : Laid
        The units that count.
    sums : CellSums
        Counts by cell and kind, as shares among all kinds.
    grid : Grid
        The cells in the order of the table.
    low, high : ndarray
        The interval of each place of `sums`.
    within : str or None
        The column each of whose values is a whole of its own.
    """

    laid: Laid
    sums: CellSums
    grid: Grid
    low: Floats
    high: Floats
    within: str | None

    def table(self, at: Ints, kind: Ints | None = None, name: str = "") -> tuple[pd.DataFrame, Ints]:
        """Begin a table with a row for each of these cells of the grid, and return it with the cells' places in the sums."""
        cells = self.grid.cells.iloc[at].reset_index(drop=True)
        if self.within is not None:  # it comes after the period, as text
            cells[self.within] = cells.pop(self.within).astype("str")
        if kind is not None:
            cells[name] = kind_column(self.sums.kinds, kind)
        return cells, self.grid.place[at]

    def in_cell(self, name: str, place: Ints) -> Ints:
        """Return a count of cells as whole numbers, 0 for a cell without units."""
        return taken(self.sums.total[name], place)


def whole(values: Any) -> Any:
    """Return counts as whole numbers; weighted ones that are none stay as they are.

    Examples
    --------
    >>> whole(np.array([2.0, 3.0])).tolist(), whole(np.array([2.5, 3.0])).tolist()
    ([2, 3], [2.5, 3.0])
    """
    rounded = np.asarray(values).astype(np.int64)
    return rounded if (rounded == values).all() else np.asarray(values)


def shares_of(
    tally: Tally,
    table: Table,
    by: Any,
    freq: str | None,
    unit: str,
    confidence: float,
    *,
    within: str | None = None,
    also: Ints | None = None,
    sparse: bool = False,
    what: str = "articles",
) -> Shares:
    """Divide the units of each cell among the kinds of a tally.

    Parameters
    ----------
    tally : Tally
        What was counted.
    table : Table
        The table that is made of it, whose own columns cannot make cells.
    by, freq, unit, confidence
        As in `tk.usage`.
    within : str, optional, keyword-only
        A Categorical among the columns of the units, each of whose values is a whole of its own, such as the term whose hits
        divide among voices.
    also, sparse : keyword-only
        As in `toolkit.tally.cells.cell_sums`.
    what : str, keyword-only
        What the units are called in a message about dates.
    """
    keys, freq = columns_and_freq(by, freq, tally.columns)
    check_cells(keys, freq, unit, table=table)
    check_confidence(confidence)

    cells = [*keys, *([within] if within else [])]
    laid = lay(tally, cells, freq, unit, what=what)
    warn_of_stories(tally, unit, what)
    counted = group(laid)
    family = np.asarray(laid.groups[within].cat.codes, dtype=np.int64) if within else None
    sums = cell_sums(counted, "rival_share", family=family, also=also, sparse=sparse)

    grid = lay_grid(laid.groups, (sums.first, sums.last), cells, freq, every=within)
    low, high = interval_of(sums, "rival_share", confidence)
    return Shares(laid, sums, grid, low, high, within)


def with_share(table: pd.DataFrame, name: str, over: str, under: str, ends: tuple[Floats, Floats]) -> pd.DataFrame:
    """Return a table with a share, its interval, and whether it is covered."""
    covered = table[under].to_numpy() > 0
    share = np.divide(table[over], table[under], out=np.full(len(table), np.nan), where=covered)
    low, high = (np.where(covered, end, np.nan) for end in ends)
    return table.assign(**{name: share, "low": low, "high": high, "covered": covered})
