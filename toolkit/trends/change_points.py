"""Own the change points of usage: when its level changed, and how certain the stories make that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.measures.series.breaks import best_partitions, bic, memory, optimal_breaks, stabilise, without_memory
from toolkit.recipes import recorded
from toolkit.tables import FramingError, warn_user
from toolkit.tables.choices import Freq, Measure, Unit
from toolkit.tally.rates import PARTS
from toolkit.text.matches import AnyTerms
from toolkit.trends.series import Runs, laid_out, runs_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MAX_CHANGES = 5


class Found(NamedTuple):
    """The changes of one series: the covered periods, and how many of them stand before each change."""

    series: int
    covered: Ints
    rho: float
    breaks: list[int]
    min_size: int
    most: int


@recorded(packages=("pandas", "numpy", "scipy", "ruptures"))
def change_points(
    corpus: Any,
    terms: AnyTerms | None = None,
    *,
    by: str | Sequence[str] = (),
    freq: Freq = "W",
    measure: Measure | None = None,
    unit: Unit = "article",
    n_changes: int | None = None,
    max_changes: int = MAX_CHANGES,
    min_size: int | None = None,
    prewhiten: bool = True,
    resamples: int = 199,
    seed: int = 0,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Find when the level of usage changed.

    Parameters
    ----------
    corpus : Tokens, DataFrame, Tally, Topics, or Dask DataFrame
        What `tk.usage` takes: anything that can be tallied.
    terms : Terms, dict, list or str, optional
        What to count; for a tally, the kinds to take, by default all.
    by : str or list of str, keyword-only
        Columns of the articles, a series for each combination; by default the corpus is one series.
    freq : {"D", "W", "M", "Q", "Y"}, keyword-only
        The periods of time; weeks begin on Monday.
    measure : {"per_million", "share", "rival_share"}, keyword-only
        The measure whose level is followed.
    unit : {"article", "story"}, keyword-only
        What is counted; see `tk.usage`.
    n_changes : int, optional, keyword-only
        How many changes to place. By default the number with the least BIC, corrected for few periods: from none to
        `max_changes`.
    max_changes : int, keyword-only
        The largest number to consider.
    min_size : int, optional, keyword-only
        The fewest covered periods between two changes; by default 15 % of a series' covered periods (as strucchange has it), and at
        least 2.
    prewhiten : bool, keyword-only
        Whether to first remove what each period's noise leaves in the next (see Notes).
    resamples, seed : int, keyword-only
        How often the stories are drawn anew, and the seed for it.
    confidence : float, keyword-only
        Nominal coverage of all intervals.

    Returns
    -------
    DataFrame
        One row per change, and no row where the level did not change. The `by` columns; `term`; `change`, counted from 1 in its
        series; `period`, the first day of the first period at the new level; `low` and `high`, the interval of that day;
        `support`, the share of resamples with a change from `low` to `high`; and for the segment on either side (`_before`,
        `_after`) the measure with its interval (`low_`, `high_`), the counts that it is a ratio of, and `n_periods_`, covered
        ones.

    Raises
    ------
    FramingError
        Where `tk.usage` does, if no article has a date, or if a number is out of range.

    Warns
    -----
    FramingWarning
        As `tk.usage` does, for undated articles, and for series that are too short to look for a change in.

    Notes
    -----
    The level is the mean of the square root of the rate (for shares, of the arcsine of the root), so that chance varies about as
    much at all heights; each period weighs as much as its words (articles, hits of all rivals). Periods without them are left
    out, so a change can lie in a gap. `ruptures.Dynp` finds the places with the least squares; their number has the least BIC as
    strucchange counts it, with McQuarrie's correction (`toolkit.measures.series.breaks.bic`).

    News lasts: a high week follows a high week, and stretches of high weeks look like levels. So `prewhiten` places the changes,
    estimates from the differences inside their segments how much of a period's noise lasts into the next
    (`toolkit.measures.series.breaks.memory`), removes that and places them again. In a simulation without any change, with
    autocorrelations of 0, .3 and .6, some change was found in 5, 11 and 28 % of series of 30 periods (7, 25 and 61 % without
    prewhitening), and in 2, 6 and 15 % of 120 periods (3, 19 and 65 %). The price is that a change which is not larger than the
    noise is missed more often (tests/benchmarks/over_time.md).

    For the uncertainty every story gets a Poisson weight with mean 1 (the Poisson bootstrap, Hanley and MacGibbon 2006), with
    which all of its periods are summed again; then the number of changes is chosen and they are placed again. Each of the new
    changes counts for the nearest of the old ones. So `low`, `high` and `support` say what depends on the stories that happened
    to be published. They do not say whether a level is the right description: a peak is found as two changes, a slope as a
    staircase.

    The intervals of the segments treat the places of the changes as known, so neighbouring segments differ a little too much.

    Examples
    --------
    One hit in each article of ten words until the fourth day, three afterwards:

    >>> import pandas as pd, toolkit as tk
    >>> few, many = "reset " + "and so on " * 3, "reset " * 3 + "all day " * 3 + "long"
    >>> articles = pd.DataFrame({
    ...     "doc_id": [f"d{i}" for i in range(80)], "date": pd.date_range("2017-01-02", periods=8).repeat(10),
    ...     "text": [few] * 40 + [many] * 40})
    >>> found = tk.change_points(articles, "reset", freq="D")
    >>> found[["period", "low", "high", "support", "n_hits_before", "n_hits_after"]]
          period        low       high  support  n_hits_before  n_hits_after
    0 2017-01-06 2017-01-06 2017-01-06      1.0             40           120
    """
    if n_changes is not None and not n_changes >= 1:
        raise FramingError(f"n_changes is how many changes to place, 1 or more; this is {n_changes!r}.")
    if not max_changes >= 1:
        raise FramingError(
            f"max_changes is the largest number of changes to consider, 1 or more; this is {max_changes!r}."
        )
    if min_size is not None and not min_size >= 1:
        raise FramingError(f"min_size is a number of periods between two changes, 1 or more; this is {min_size!r}.")
    if not resamples >= 1:
        raise FramingError(f"resamples is how often the stories are drawn anew, 1 or more; this is {resamples!r}.")
    runs = runs_of(corpus, terms, by, freq, measure=measure, unit=unit, confidence=confidence)
    rows: list[dict[str, Any]] = []
    short = 0
    for term in range(len(runs.counted.kinds)):
        found = list(_found(runs, term, n_changes, max_changes, min_size, prewhiten))
        looked_at = {each.series for each in found}
        with_hits = np.flatnonzero(runs.totals(term)[0].sum(axis=1) > 0)
        short += len(set(with_hits.tolist()) - looked_at)
        changed = [each for each in found if each.breaks]
        for each, placed in zip(changed, _placed_again(runs, term, changed, n_changes, resamples, seed)):
            rows += _rows(runs, term, each, placed, confidence)
    if short:
        wanted = n_changes or 1
        least = max((wanted + 1) * (min_size or 2), 6 if n_changes is None else 0)
        warn_user(
            f"{short:,} series with hits {'has' if short == 1 else 'have'} too few covered periods for "
            f"{wanted} change{'s' if wanted > 1 else ''}; {least} are the fewest."
        )
    table = _table(runs, rows)
    runs.state(table, n_changes=n_changes or "least BIC", min_size=min_size or "15 %, at least 2")
    return table


def segments_of(runs: Runs, term: int) -> Ints:
    """Return the segment of each period, (series, periods), counted from 0, as `change_points` finds them by default."""
    segment = np.zeros(runs.shape, dtype=np.int64)
    for each in _found(runs, term, None, MAX_CHANGES, None, True):
        for place in each.breaks:
            segment[each.series, each.covered[place] :] += 1
    return segment


def _found(
    runs: Runs, term: int, n_changes: int | None, max_changes: int, min_size: int | None, prewhiten: bool
) -> Iterator[Found]:
    """Look for changes in each series that has a hit and is long enough."""
    from tqdm.auto import tqdm

    x, n = runs.totals(term)
    n_covered = (n > 0).sum(axis=1)
    least = np.maximum(2, (0.15 * n_covered + 1e-9).astype(int)) if min_size is None else np.full(len(n), min_size)
    fits = n_covered // least - 1
    if n_changes is None:
        fits = np.minimum(fits, (n_covered - 4) // 2)  # the numbers that the criterion can choose from
    long_enough = (x.sum(axis=1) > 0) & (fits >= (n_changes or 1))
    for series in tqdm(np.flatnonzero(long_enough).tolist(), desc="change points", disable=None, leave=False):
        covered = np.flatnonzero(n[series] > 0)
        y, w = stabilise(x[series, covered], n[series, covered], whole=runs.measure != "per_million")
        size, most = int(least[series]), n_changes or int(min(max_changes, fits[series]))
        rho, places = 0.0, _search(y, w, n_changes, most, size)
        if prewhiten:
            rho = memory(y, w, places)
            places = _search(without_memory(y, rho), w, n_changes, most, size) if rho else places
        yield Found(series, covered, rho, places, size, most)


def _search(y: Floats, w: Floats, n_changes: int | None, most: int, min_size: int) -> list[int]:
    """Place the given number of changes, or the number with the least criterion."""
    number = n_changes
    if number is None:
        cost = best_partitions(y[None], w[None], max_breaks=most, min_size=min_size).cost[0]
        number = int(bic(cost, len(y)).argmin())
    return optimal_breaks(y, w, number, min_size=min_size)


def _placed_again(
    runs: Runs, term: int, found: list[Found], n_changes: int | None, resamples: int, seed: int
) -> Iterator[list[list[int]]]:
    """Draw the stories of each series anew, and return where each resample has its changes."""
    from scipy import sparse
    from tqdm.auto import tqdm

    x, n = runs.ratio(term)
    order = np.argsort(runs.series, kind="stable")
    ends = np.searchsorted(runs.series[order], [[each.series, each.series + 1] for each in found] or np.zeros((0, 2)))
    for each, (first, last) in tqdm(
        zip(found, ends.tolist()), total=len(found), desc="resamples", disable=None, leave=False
    ):
        rows = order[first:last]
        story, place = np.unique(runs.counted.story[runs.rows[rows]], return_inverse=True)
        weights = np.random.default_rng(seed).poisson(1.0, size=(len(story), resamples)).astype(float)
        at = np.searchsorted(each.covered, runs.when[rows])
        inside = (at < len(each.covered)) & (each.covered[np.minimum(at, len(each.covered) - 1)] == runs.when[rows])
        shape = (len(each.covered), len(story))
        drawn = [
            (sparse.csr_array((values[rows][inside], (at[inside], place[inside])), shape=shape) @ weights).T
            for values in (x, n)
        ]
        y, w = stabilise(*drawn, whole=runs.measure != "per_million")
        y = without_memory(y, each.rho)
        search = best_partitions(y, w, max_breaks=each.most, min_size=each.min_size)
        number = np.full(resamples, n_changes) if n_changes else bic(search.cost, len(each.covered)).argmin(axis=1)
        yield [search.breaks(draw, int(m)) for draw, m in enumerate(number)]


def _rows(runs: Runs, term: int, found: Found, placed: list[list[int]], confidence: float) -> list[dict[str, Any]]:
    """Return a row for each change of a series."""
    breaks = np.array(found.breaks)
    ends = [0, *found.breaks, len(found.covered)]
    segment = np.full(runs.shape[1], -1, dtype=np.int64)
    for number in range(len(ends) - 1):
        segment[found.covered[ends[number] : ends[number + 1]]] = number
    own = runs.series == found.series
    rates = runs.rates(term, np.where(own, segment[runs.when], -1), len(ends) - 1, confidence)
    above, below = PARTS[runs.measure]
    nearest: list[list[int]] = [[] for _ in found.breaks]
    for resample in placed:
        for place in resample:
            nearest[int(np.abs(breaks - place).argmin())].append(place)
    rows = []
    for number, place in enumerate(found.breaks):
        tail = (1 - confidence) / 2
        again = nearest[number] or [place]
        low, high = (int(end) for end in np.quantile(again, [tail, 1 - tail], method="inverted_cdf"))
        low, high = min(low, place), max(high, place)
        row: dict[str, Any] = {
            "series": found.series,
            "term": term,
            "change": number + 1,
            "period": runs.periods[found.covered[place]],
            "low": runs.periods[found.covered[low]],
            "high": runs.periods[found.covered[high]],
            "support": float(np.mean([any(low <= p <= high for p in resample) for resample in placed])),
        }
        for side, part in (("before", number), ("after", number + 1)):
            row[f"{runs.measure}_{side}"] = rates["rate"][part]
            row[f"low_{side}"], row[f"high_{side}"] = rates["low"][part], rates["high"][part]
            row[f"{above}_{side}"], row[f"{below}_{side}"] = int(rates["x"][part]), int(rates["n"][part])
            row[f"n_periods_{side}"] = ends[part + 1] - ends[part]
        rows.append(row)
    return rows


def _table(runs: Runs, rows: list[dict[str, Any]]) -> pd.DataFrame:
    above, below = PARTS[runs.measure]
    kinds = {"change": "int64", "period": "datetime64[us]", "low": "datetime64[us]", "high": "datetime64[us]"}
    kinds["support"] = "float64"
    for side in ("before", "after"):
        kinds |= {f"{name}_{side}": "float64" for name in (runs.measure, "low", "high")}
        kinds |= {f"{name}_{side}": "int64" for name in (above, below, "n_periods")}
    found = pd.DataFrame(rows, columns=["series", "term", *kinds])
    return laid_out(runs, found.astype({"series": "int64", "term": "int64", **kinds}))
