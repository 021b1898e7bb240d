"""Own the smooth line through usage over time, with its band."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from toolkit.measures.intervals import StorySums, story_sums
from toolkit.measures.series.smoothing import Pairs, Smooth, choose_bandwidth, local_line
from toolkit.recipes import recorded
from toolkit.tables import FramingError
from toolkit.tables.choices import Freq, Measure, Unit
from toolkit.tally.sources import as_tally
from toolkit.tally.tally import kind_column
from toolkit.tally.usage import usage
from toolkit.text.matches import AnyTerms
from toolkit.trends.bursts import burst_levels
from toolkit.trends.change_points import segments_of
from toolkit.trends.series import Runs, runs_of

UNDERSMOOTH = 0.5


@recorded(packages=("pandas", "numpy", "scipy"))
def trend(
    corpus: Any,
    terms: AnyTerms | None = None,
    *,
    by: str | Sequence[str] = (),
    freq: Freq = "W",
    measure: Measure | None = None,
    unit: Unit = "article",
    bandwidth: float | None = None,
    segments: bool = False,
    bursts: bool = False,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Follow usage over time, with a smooth line and its band.

    Parameters
    ----------
    corpus : Tokens, DataFrame, Tally, Topics, or Dask DataFrame
        What `tk.usage` takes: anything that can be tallied.
    terms : Terms, dict, list or str, optional
        What to count; for a tally, the kinds to take, by default all.
    by : str or list of str, keyword-only
        Columns of the articles, a line for each combination; by default the corpus is one line.
    freq : {"D", "W", "M", "Q", "Y"}, keyword-only
        The periods of time; weeks begin on Monday.
    measure : {"per_million", "share", "rival_share"}, keyword-only
        What is smoothed.
    unit : {"article", "story"}, keyword-only
        What is counted; see `tk.usage`.
    bandwidth : float, optional, keyword-only
        How many periods away a period no longer counts for the line. By default half the bandwidth that best predicts periods
        left out, over all lines of a term together, and at least 2; the column `bandwidth` says which.
    segments, bursts : bool, keyword-only
        Also say in which segment between change points a period lies (as `tk.change_points` finds them by default), and at which
        level of burst (as `tk.bursts` does).
    confidence : float, keyword-only
        Nominal coverage of interval and band.

    Returns
    -------
    DataFrame
        The table of `tk.usage`, one row per cell and term, with `smooth`, `smooth_low` and `smooth_high` in the unit of the measure
        and `bandwidth` in periods. Missing where a period is not covered: no line is drawn through it. With `segments` also
        `segment`, counted from 0; with `bursts` also `burst`, 0 outside of any.

    Raises
    ------
    FramingError
        Where `tk.usage` does, if no article has a date, or if the bandwidth is below 1.

    Warns
    -----
    FramingWarning
        As `tk.usage` does, and for undated articles, which are rows without a line.

    Notes
    -----
    A local line through hits over words, where a period weighs as much as its words, and less the farther away it is
    (`toolkit.measures.series.smoothing.local_line`). Partial periods weigh as much as the words they have.

    The band is the interval of `tk.usage` for weighted sums of stories, so it allows for bundles of hits and for copies. It holds
    period by period, not for the line as a whole, and it is the interval of the *smoothed* rate. In a simulation of 60 weeks with
    bundled hits and copied stories it held the true rate in 94 to 98 % of the weeks where that rate was constant or rose, and in
    95 to 96 % where it oscillated, but in 90 % where it oscillated with only four stories a week, too few to see it. After a
    sudden jump the true rate leaves the band for as long as the bandwidth, since a line cannot jump
    (tests/benchmarks/over_time.md); `tk.change_points` looks for jumps.

    Examples
    --------
    One hit in the ten words of each day, none in those of the last:

    >>> import pandas as pd, toolkit as tk
    >>> ten, none = "reset " + "and so on " * 3, "all day " * 5
    >>> articles = pd.DataFrame({
    ...     "doc_id": list("abcd"), "date": pd.date_range("2017-01-02", periods=4), "text": [ten, ten, ten, none]})
    >>> table = tk.trend(articles, "reset", freq="D", bandwidth=2)
    >>> table[["period", "n_hits", "per_million", "smooth"]]
          period  n_hits  per_million         smooth
    0 2017-01-02       1     100000.0  100000.000000
    1 2017-01-03       1     100000.0  100000.000000
    2 2017-01-04       1     100000.0   71368.948247
    3 2017-01-05       0          0.0       0.000000
    """
    if bandwidth is not None and not bandwidth >= 1:
        raise FramingError(
            f"bandwidth is a number of periods, 1 (no smoothing) or more, better 2; this is {bandwidth!r}."
        )
    tally = as_tally(corpus, terms, rivals=measure == "rival_share")  # once for the table and the stories behind it
    table = usage(tally, by=by, freq=freq, measure=measure, unit=unit, confidence=confidence)
    runs = runs_of(tally, None, by, freq, measure=measure, unit=unit, confidence=confidence, warn=False)
    n_series, n_periods = runs.shape
    drawn = []
    widths = {}
    for term, name in enumerate(runs.counted.kinds):
        width = choose_bandwidth(*runs.totals(term), undersmooth=UNDERSMOOTH) if bandwidth is None else bandwidth
        widths[name] = round(float(width), 6)
        line = _smooth(runs, term, float(width), confidence)
        part = runs.groups.iloc[np.repeat(np.arange(n_series), n_periods)].reset_index(drop=True)
        part["period"] = np.tile(runs.periods.to_numpy(), n_series)
        part[tally.name] = kind_column(tally.kinds, np.full(len(part), term))
        for column, values in zip(("smooth", "smooth_low", "smooth_high"), line):
            part[column] = values.ravel() * runs.factor
        part["bandwidth"] = float(width)
        if segments:
            part["segment"] = segments_of(runs, term).ravel()
        if bursts:
            part["burst"] = burst_levels(runs, term).ravel()
        drawn.append(part)
    keys = [*runs.by, "period", tally.name]
    table = table.merge(pd.concat(drawn, ignore_index=True), how="left", on=keys, validate="one_to_one")
    rule = "given" if bandwidth is not None else f"{UNDERSMOOTH:g} x leave-one-period-out"
    runs.state(table, bandwidth=widths, rule=rule)
    return table


def _smooth(runs: Runs, term: int, bandwidth: float, confidence: float) -> Smooth:
    weight = runs.counted.weight if runs.measure == "rival_share" else 1.0
    x, n = (part / weight for part in runs.ratio(term))
    cells = runs.shape[0] * runs.shape[1]
    sums = story_sums(x, n, runs.series * runs.shape[1] + runs.when, cells)
    bundle, rest = runs.bundle(term)
    return local_line(
        StorySums(*(part.reshape(runs.shape) for part in sums)),
        bandwidth,
        pairs=_pairs(runs, term),
        confidence=confidence,
        whole=runs.measure != "per_million",
        bundle=bundle,
        rest=rest,
    )


def _pairs(runs: Runs, term: int) -> Pairs:
    """Return what stories in several periods of a series have in each two of them, added up by these two."""
    x, n = runs.ratio(term)
    rows = pd.DataFrame(
        {"series": runs.series, "story": runs.counted.story[runs.rows], "at": runs.when, "x": x, "n": n}
    )
    rows = rows[rows.duplicated(["series", "story"], keep=False)]
    both = rows.merge(rows, on=["series", "story"], suffixes=("", "_other"))
    both = both[both["at"] < both["at_other"]]
    x, n, x_other, n_other = (both[c].to_numpy(dtype=float) for c in ("x", "n", "x_other", "n_other"))
    two = both[["series", "at", "at_other"]].assign(xx=x * x_other, xn=x * n_other + x_other * n, nn=n * n_other)
    sums = two.groupby(["series", "at", "at_other"], as_index=False).sum()
    series, one, other = (sums[c].to_numpy(dtype=np.int64) for c in ("series", "at", "at_other"))
    xx, xn, nn = (sums[c].to_numpy(dtype=float) for c in ("xx", "xn", "nn"))
    return Pairs(series, one, other, 2 * xx, xn, 2 * nn)
