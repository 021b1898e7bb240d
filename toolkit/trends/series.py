"""Own the series behind every question about time: what each source has in each period, story by story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.measures.intervals import ratio_interval
from toolkit.measures.multiplicity import adjusted
from toolkit.recipes import state
from toolkit.tables import FramingError, warn_user
from toolkit.tables.checks import check_choice, check_confidence
from toolkit.tables.choices import ADJUSTMENTS, MEASURES
from toolkit.tables.groups import columns_named, numbered
from toolkit.tables.periods import periods_between
from toolkit.tally.cells import cell_sums, ordered
from toolkit.tally.rates import chosen_measure, scale_of
from toolkit.tally.sides import rows_of
from toolkit.tally.sources import story_counts
from toolkit.tally.stories import StoryCounts, joined
from toolkit.tally.tally import kind_columns
from toolkit.text.matches import AnyTerms

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Runs:
    """The dated part of the counts of a corpus, as series over one run of periods.

    Attributes
    ----------
    counted : StoryCounts
        One row per story and cell, of all articles.
    measure : str
        What is followed.
    by : list of str
        The columns that make the series.
    groups : DataFrame
        The `by` columns, one row per series.
    periods : DatetimeIndex
        The first day of each period from the first to the last.
    freq : str
        The length of a period.
    rows : ndarray of int64
        The rows of `counted` that have a date.
    series, when : ndarray of int64
        The series and the period of each of these.
    """

    counted: StoryCounts
    measure: str
    by: list[str]
    groups: pd.DataFrame
    periods: pd.DatetimeIndex
    freq: str
    rows: Ints
    series: Ints
    when: Ints

    @property
    def shape(self) -> tuple[int, int]:
        """How many series and how many periods there are."""
        return len(self.groups), len(self.periods)

    @property
    def factor(self) -> float:
        """What a proportion is multiplied by to be the measure."""
        return scale_of(self.measure)

    def total(self, values: NDArray[Any]) -> Floats:
        """Sum a number of each row by series and period."""
        cell = self.series * self.shape[1] + self.when
        return np.bincount(cell, values, self.shape[0] * self.shape[1]).astype(float).reshape(self.shape)

    def ratio(self, term: int) -> tuple[Ints, Ints]:
        """Return numerator and denominator of the measure in each row."""
        x, n = self.counted.ratio(self.measure, term)
        return x[self.rows], n[self.rows]

    def totals(self, term: int) -> tuple[Floats, Floats]:
        """Return numerator and denominator of the measure, (series, periods); a denominator of 0 is a period not covered."""
        x, n = self.ratio(term)
        return self.total(x), self.total(n)

    @cached_property
    def _bundles(self) -> tuple[Floats, Floats]:
        dated = rows_of(self.counted, self.rows, self.counted.cell, self.counted.groups)
        return cell_sums(dated, self.measure).bundles(self.measure)

    def bundle(self, term: int) -> tuple[float, float]:
        """Return how large bundles of hits and of non-hits are over the whole table; cells without either need them."""
        bundle, rest = (float(part[0, term]) for part in self._bundles)
        return bundle, rest

    def rates(self, term: int, cell: Ints, n_cells: int, confidence: float) -> dict[str, Floats]:
        """Return x, n, rate, low and high of cells that join several periods; `cell` is each row's, -1 for none.

        A story that lies in several periods of one cell is one story.
        """
        inside = cell >= 0
        sums = cell_sums(joined(self.counted, self.rows[inside], cell[inside], n_cells, term), self.measure).story

        bundle, rest = self.bundle(term)
        whole = self.measure != "per_million"
        low, high = ratio_interval(sums, confidence=confidence, whole=whole, bundle=bundle, rest=rest)
        rate = np.divide(sums.x, sums.n, out=np.full(n_cells, np.nan), where=sums.n > 0)
        weight = self.counted.weight if self.measure == "rival_share" else 1.0
        return {
            "x": sums.x * weight,
            "n": sums.n * weight,
            "rate": rate * self.factor,
            "low": low * self.factor,
            "high": high * self.factor,
        }

    def state(self, table: pd.DataFrame, **settings: Any) -> None:
        """State in the recipe of a table that was made from these series how terms and cells were understood."""
        counted = self.counted
        of = {} if counted.name == "term" else {"kind": counted.name}
        state(table, counted.corpus, terms=counted.terms, by=self.by, measure=self.measure, **of, **settings)


def runs_of(
    corpus: Any,
    terms: AnyTerms | None,
    by: str | Sequence[str],
    freq: str | None,
    *,
    measure: str | None = None,
    unit: str = "article",
    confidence: float = 0.95,
    warn: bool = True,
) -> Runs:
    """Count terms in periods, and lay the counts out as series; without `warn` only undated articles are warned of."""
    keys = columns_named(by)
    if freq is None:
        raise FramingError(
            "Change over time needs periods: freq is D (day), W (week), M (month), Q (quarter) or Y (year)."
        )
    if measure is not None:
        check_choice("measure", measure, MEASURES)
    check_confidence(confidence)

    counted = story_counts(corpus, terms, keys, freq, unit=unit, rivals=measure == "rival_share", warn=warn)
    measure = chosen_measure(measure, counted.measures_words, counted.weight)
    period = counted.groups["period"]
    if period.isna().all():
        raise FramingError("No article has a date, so nothing can be followed over time.")
    undated = int(counted.n_articles[period.isna().to_numpy()[counted.cell]].sum())
    if undated:
        are = "article is" if undated == 1 else "articles are"
        warn_user(f"{undated:,} undated {are} left out: nothing says when they appeared.")
    periods = periods_between(period.min(), period.max(), freq)
    groups, series = _series(counted.groups, keys)
    place = np.where(period.notna(), periods.searchsorted(period.fillna(periods[0])), -1)
    rows = np.flatnonzero(place[counted.cell] >= 0)
    cell = counted.cell[rows]
    return Runs(counted, measure, keys, groups, periods, freq, rows, series[cell], place[cell].astype(np.int64))


def _series(cells: pd.DataFrame, by: list[str]) -> tuple[pd.DataFrame, Ints]:
    """Return the series in their order, and that of each cell."""
    number, groups = numbered(cells[by])
    if not by:
        return pd.DataFrame(index=pd.RangeIndex(1)), number

    order = ordered(groups, by)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return groups.iloc[order].reset_index(drop=True), rank[number]


def laid_out(runs: Runs, found: pd.DataFrame) -> pd.DataFrame:
    """Return findings as a table: instead of the numbers `series` and `term` the `by` columns and the name, in their order."""
    found = found.sort_values(["series", "term"], kind="stable", ignore_index=True)
    table = runs.groups.iloc[found["series"].to_numpy(dtype=np.int64)].reset_index(drop=True)
    table = table.assign(**kind_columns(runs.counted, found["term"].to_numpy(dtype=np.int64)))
    return pd.concat([table, found.drop(columns=["series", "term"])], axis=1)


def check_adjustment(adjust: str | None) -> None:
    """Raise unless p-values can be adjusted in this way."""
    check_choice("adjustment", adjust, ADJUSTMENTS, optional=True)


def adjusted_known(p: Floats, adjust: str | None) -> Floats:
    """Return p-values adjusted for their number; missing ones stay so and do not count.

    Examples
    --------
    >>> adjusted_known(np.array([0.01, np.nan, 0.04]), "holm").tolist()
    [0.02, nan, 0.04]
    """
    out = p.astype(float)
    there = np.isfinite(out)
    out[there] = adjusted(out[there], adjust)
    return out
