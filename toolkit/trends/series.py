"""Own the series behind every question about time: what each source has in each period, story by story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.measures.intervals import ratio_interval, story_sums
from toolkit.measures.multiplicity import ADJUSTMENTS, adjusted
from toolkit.recipes import make_recipe
from toolkit.tables import PERIODS, FramingError, not_found, pick, warn_user
from toolkit.tables.groups import columns_named
from toolkit.tally.checks import MEASURES
from toolkit.tally.sources import story_counts
from toolkit.tally.stories import StoryCounts
from toolkit.text.matches import AnyTerms

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PARTS = {
    "per_million": ("n_hits", "n_words"),
    "share": ("n_articles", "n_articles_total"),
    "rival_share": ("n_hits", "n_hits_rivals"),
}
"""What each measure is a ratio of, as tables name it."""


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
        return 1e6 if self.measure == "per_million" else 1.0

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

    def bundle(self, term: int) -> tuple[float, float]:
        """Return how large bundles of hits are, and of what is no hit, over the whole table; cells without either need them."""
        x, n = (part.astype(float) for part in self.ratio(term))
        if self.measure == "per_million":
            return max(float((x * x).sum()) / max(float(x.sum()), 1e-300), 2.0) if x.any() else np.nan, np.nan
        carrying, other = int((x > 0).sum()), int((x < n).sum())
        return float(x.sum()) / carrying if carrying else np.nan, float((n - x).sum()) / other if other else np.nan

    def rates(self, term: int, cell: Ints, n_cells: int, confidence: float) -> dict[str, Floats]:
        """Return x, n, rate, low and high of cells that join several periods; `cell` is each row's, -1 for none.

        A story that lies in several periods of one cell is one story.
        """
        x, n = self.ratio(term)
        inside = cell >= 0
        pair = cell[inside] * (int(self.counted.story.max(initial=0)) + 1) + self.counted.story[self.rows][inside]
        story, place = np.unique(pair, return_inverse=True)
        sums = story_sums(
            np.bincount(place, weights=x[inside], minlength=len(story)),
            np.bincount(place, weights=n[inside], minlength=len(story)),
            story // (int(self.counted.story.max(initial=0)) + 1),
            n_cells,
        )
        bundle, rest = self.bundle(term)
        whole = self.measure != "per_million"
        low, high = ratio_interval(sums, confidence=confidence, whole=whole, bundle=bundle, rest=rest)
        rate = np.divide(sums.x, sums.n, out=np.full(n_cells, np.nan), where=sums.n > 0)
        return {
            "x": sums.x,
            "n": sums.n,
            "rate": rate * self.factor,
            "low": low * self.factor,
            "high": high * self.factor,
        }

    def recipe(self, function: str, settings: dict[str, Any], *packages: str) -> dict[str, Any]:
        """Return the recipe of a table that was made from these series."""
        stated = {"terms": self.counted.terms, "by": self.by, "freq": self.freq, "measure": self.measure, **settings}
        return make_recipe(function, stated, self.counted.corpus, ("pandas", "numpy", "scipy", *packages))


def runs_of(
    corpus: Any,
    terms: AnyTerms,
    by: str | Sequence[str],
    freq: str | None,
    *,
    measure: str = "per_million",
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
    if measure not in MEASURES:
        raise not_found("measure", measure, MEASURES)
    if not 0 < confidence < 1:
        raise FramingError(f"confidence is a number between 0 and 1, such as 0.95; this is {confidence!r}.")
    counted = story_counts(corpus, terms, keys, freq, unit=unit, rivals=measure == "rival_share", warn=warn)
    period = counted.groups["period"]
    if period.isna().all():
        raise FramingError("No article has a date, so there is nothing to follow over time.")
    undated = int(counted.n_articles[period.isna().to_numpy()[counted.cell]].sum())
    if undated:
        are = "article is" if undated == 1 else "articles are"
        warn_user(f"{undated:,} undated {are} left out: nothing can be said of when.")
    first, last = period.min().to_period(PERIODS[freq]), period.max().to_period(PERIODS[freq])
    periods = pd.DatetimeIndex(pd.period_range(first, last).start_time.astype("datetime64[us]"))
    groups, series = _series(counted.groups, keys)
    place = np.where(period.notna(), periods.searchsorted(period.fillna(periods[0])), -1)
    rows = np.flatnonzero(place[counted.cell] >= 0)
    cell = counted.cell[rows]
    return Runs(counted, measure, keys, groups, periods, freq, rows, series[cell], place[cell].astype(np.int64))


def _series(cells: pd.DataFrame, by: list[str]) -> tuple[pd.DataFrame, Ints]:
    """Return the series in the order of their names, and that of each cell."""
    if not by:
        return pd.DataFrame(index=pd.RangeIndex(1)), np.zeros(len(cells), dtype=np.int64)
    grouped = cells.groupby(by, observed=True, dropna=False, sort=True)
    number = grouped.ngroup().to_numpy(dtype=np.int64)
    some = np.zeros(int(number.max()) + 1, dtype=np.int64)
    some[number] = np.arange(len(number))
    return cells[by].iloc[some].reset_index(drop=True), np.asarray(number, dtype=np.int64)


def laid_out(runs: Runs, found: pd.DataFrame) -> pd.DataFrame:
    """Return findings as a table: instead of the numbers `series` and `term` the `by` columns and the name, in their order."""
    found = found.sort_values(["series", "term"], kind="stable", ignore_index=True)
    table = runs.groups.iloc[found["series"].to_numpy(dtype=np.int64)].reset_index(drop=True)
    table["term"] = pick(runs.counted.names, found["term"].to_numpy(dtype=np.int64))
    return pd.concat([table, found.drop(columns=["series", "term"])], axis=1)


def check_adjustment(adjust: str | None) -> None:
    """Raise unless p-values can be adjusted so."""
    if adjust is not None and adjust not in ADJUSTMENTS:
        raise not_found("adjustment", str(adjust), ADJUSTMENTS)


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
