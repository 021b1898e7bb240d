"""Own the interrupted time series: how usage changed at a dated event, beyond its course before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.deprecation import old_name
from toolkit.measures.series.interruptions import interruption
from toolkit.recipes import recorded
from toolkit.tables import PERIODS, FramingError
from toolkit.tables.choices import Adjustment, Freq, Measure, Unit
from toolkit.tally.rates import PARTS
from toolkit.text.matches import AnyTerms
from toolkit.trends.chronologies import events_of
from toolkit.trends.series import Runs, adjusted_known, check_adjustment, laid_out, runs_of

Floats = NDArray[np.float64]

LEAST = 8
"""The fewest covered periods on either side of an event."""

MOST = 20_000
"""The most models to fit in one call."""


@recorded(packages=("pandas", "numpy", "scipy", "statsmodels"))
def event_effects(
    corpus: Any,
    terms: AnyTerms | None = None,
    events: pd.DataFrame | str | Path | dict[str, Any] | None = None,
    *,
    by: str | Sequence[str] = (),
    freq: Freq = "W",
    measure: Measure | None = None,
    unit: Unit = "article",
    window: int | None = None,
    lags: int | None = None,
    adjust: Adjustment | None = "holm",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Estimate the step and the change of slope of usage at named events.

    Parameters
    ----------
    corpus : Tokens, DataFrame, Tally, Topics, or Dask DataFrame
        What `tk.usage` takes: anything that can be tallied.
    terms : Terms, dict, list or str, optional
        What to count; for a tally, the kinds to take, by default all.
    events : DataFrame, str, Path or dict
        With `date` and `label`, as `tk.events` returns; or the name of a chronology, a TOML file, or a dict of label to day.
    by : str or list of str, keyword-only
        Columns of the articles, a series for each combination; by default the corpus is one series.
    freq : {"D", "W", "M", "Q", "Y"}, keyword-only
        The periods of time; weeks begin on Monday.
    measure : {"per_million", "share", "rival_share"}, keyword-only
        What may have changed.
    unit : {"article", "story"}, keyword-only
        What is counted; see `tk.usage`.
    window : int, optional, keyword-only
        How many periods on each side to take. By default all periods between the neighbouring events, as if all events were in
        one model with a separate line between each two.
    lags : int, optional, keyword-only
        Lags of the Newey-West error; by default 4 (periods / 100)^(2 / 9), rounded down.
    adjust : {"holm", "bonferroni", "fdr"} or None, keyword-only
        How p-values are adjusted for the number of tests in the table: "holm" and "bonferroni" bound the chance of any false finding,
        "fdr" (Benjamini and Hochberg 1995) the expected part of false ones among the findings.
    confidence : float, keyword-only
        Nominal coverage of the intervals.

    Returns
    -------
    DataFrame
        One row per series, term and event. The `by` columns; `term`; `event`; `date`; `period`, the first that counts as after;
        `n_periods_before`, `n_periods_after`, covered ones; the counts of the measure on each side; `level_ratio`, the measure in
        `period` over what the line before predicts, with `level_low`, `level_high`, `level_p` and `level_p_adjusted`;
        `slope_before` and `slope_after`, the growth per period as a factor; `slope_ratio`, the second over the first, with
        `slope_low`, `slope_high`, `slope_p` and `slope_p_adjusted`; `autocorrelation` of neighbouring periods, `dispersion`
        (variance over mean); and `note`, which says why there is no estimate and is empty otherwise.

    Raises
    ------
    FramingError
        Where `tk.usage` does, if no article has a date, if events lack a date or a label, or if a setting is unknown.

    Warns
    -----
    FramingWarning
        As `tk.usage` does, and for undated articles.

    Notes
    -----
    A line before and a line after in the logarithm of the measure, fitted to counts with the denominator as offset and a variance
    in proportion to the mean. The error is the larger of Newey and West's and that under a first-order autoregression whose
    coefficient is corrected for the bias that fitted lines cause, with a t distribution
    (`toolkit.measures.series.interruptions.interruption`). In a simulation with 60 periods and autocorrelations of 0, .3, .5 and
    .7 a test at 5 % found a step where there was none in 4, 5, 6 and 9 %, and a change of slope in 4, 7, 7 and 12 %; with naive
    errors it did so in 5, 10, 21 and 34 %, and in 5, 16, 24 and 43 %. With 16 periods and .7 it was 9 and 17 %
    (tests/benchmarks/over_time.md).

    The period in which the event falls, unless on its first day, is neither before nor after, and is left out. Each side needs 8
    covered periods, and 2 with a hit. Other things happen at the time of an event, and the event may answer what was written
    before it: a step is not yet an effect.

    Examples
    --------
    One hit in four words each day until the eighth day, two in four afterwards:

    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({
    ...     "doc_id": [f"d{i}" for i in range(16)], "date": pd.date_range("2017-01-02", periods=16),
    ...     "text": ["ban one two three"] * 8 + ["ban ban two three"] * 8})
    >>> found = tk.event_effects(articles, "ban", {"order": "2017-01-10"}, freq="D")
    >>> found[["event", "period", "n_periods_before", "n_hits_before", "n_hits_after", "level_ratio"]]
       event     period  n_periods_before  n_hits_before  n_hits_after  level_ratio
    0  order 2017-01-10                 8              8            16          2.0
    """
    if events is None:
        raise FramingError(
            "Say which events: events={'order': '2017-01-27'}, a table with date and label, or the name of a chronology."
        )
    if window is not None and window < LEAST:
        raise FramingError(f"window is how many periods to take on each side, {LEAST} or more; this is {window!r}.")
    if lags is not None and lags < 0:
        raise FramingError(f"lags is how many earlier periods a period resembles, 0 or more; this is {lags!r}.")
    check_adjustment(adjust)
    dated = events_of(events)
    runs = runs_of(corpus, terms, by, freq, measure=measure, unit=unit, confidence=confidence)
    spans = _spans(runs, dated["date"], window)
    if (wanted := runs.shape[0] * len(runs.counted.kinds) * len(spans)) > MOST:
        raise FramingError(
            f"Series times terms times events are {wanted:,} models; at most {MOST:,} are fitted at a time. "
            "Take fewer articles, terms or events."
        )
    rows = []
    for term in range(len(runs.counted.kinds)):
        x, n = runs.totals(term)
        for series in range(len(x)):
            for number, span in enumerate(spans):
                row = {
                    "series": series,
                    "term": term,
                    "event": dated["label"].iloc[number],
                    "date": dated["date"].iloc[number],
                }
                rows.append(row | _fitted(runs, x[series], n[series], span, lags, confidence))
    table = laid_out(runs, pd.DataFrame(rows).astype({"event": "str", "note": "str"}))
    p = table[["level_p", "slope_p"]].to_numpy()
    table[["level_p_adjusted", "slope_p_adjusted"]] = adjusted_known(p.ravel(), adjust).reshape(p.shape)
    runs.state(
        table,
        events={label: f"{day:%Y-%m-%d}" for label, day in zip(dated["label"], dated["date"])},
        window=window or "to the neighbouring events",
        lags="4 (periods / 100)^(2 / 9)" if lags is None else lags,
    )
    return table


class _Span(NamedTuple):
    """The periods around an event: before are those from `begin` to `last`, after those from `start` to `end`, ends excluded."""

    begin: int
    last: int
    start: int
    end: int


def _spans(runs: Runs, dates: pd.Series, window: int | None) -> list[_Span]:
    """Find the periods before and after each event; that of the event itself is neither, unless it begins with it."""
    period = PERIODS[runs.freq]
    of_event = pd.DatetimeIndex(dates).to_period(period)
    last = of_event.asi8 - runs.periods.to_period(period).asi8[0]
    start = last + (of_event.start_time != pd.DatetimeIndex(dates))
    n = len(runs.periods)
    if window is None:
        begin, end = np.array([0, *start[:-1]]), np.array([*last[1:], n])
    else:
        begin, end = last - window, start + window
    return [_Span(*(min(max(int(place), 0), n) for place in span)) for span in zip(begin, last, start, end)]


def _fitted(runs: Runs, x: Floats, n: Floats, span: _Span, lags: int | None, confidence: float) -> dict[str, Any]:
    """Return what is found at one event in one series."""
    from scipy import stats

    above, below = PARTS[runs.measure]
    sides = {"before": np.arange(span.begin, span.last), "after": np.arange(span.start, span.end)}
    sides = {side: at[n[at] > 0] for side, at in sides.items()}
    row: dict[str, Any] = {"period": runs.periods[span.start] if 0 < span.start < len(n) else pd.NaT}
    row |= {f"n_periods_{side}": len(at) for side, at in sides.items()}
    for name, values in ((above, x), (below, n)):
        row |= {f"{name}_{side}": int(values[at].sum()) for side, at in sides.items()}
    found = dict.fromkeys(
        "level_ratio level_low level_high level_p level_p_adjusted slope_before slope_after slope_ratio slope_low slope_high "
        "slope_p slope_p_adjusted autocorrelation dispersion".split(),
        np.nan,
    )
    note = "outside the dates of the articles" if span.start == 0 or span.last == len(n) else _why_not(x, sides)
    if not note:
        at = np.concatenate(list(sides.values()))
        fit = interruption(x[at], n[at], at, span.start, lags=lags)
        if np.isfinite(fit.estimate).all():
            reach = float(stats.t.ppf(0.5 + confidence / 2, fit.df)) * fit.error
            with np.errstate(over="ignore"):
                ratio, low, high = (np.exp(part) for part in (fit.estimate, fit.estimate - reach, fit.estimate + reach))
            for place, effect in ((1, "level"), (2, "slope")):
                found |= {
                    f"{effect}_ratio": ratio[place],
                    f"{effect}_low": low[place],
                    f"{effect}_high": high[place],
                    f"{effect}_p": fit.p[place],
                }
            found |= {"slope_before": ratio[0], "slope_after": ratio[0] * ratio[2]}
            found |= {"autocorrelation": fit.autocorrelation, "dispersion": fit.dispersion}
        else:
            note = "the fit found no answer"
    return row | found | {"note": note}


def _why_not(x: Floats, sides: dict[str, Any]) -> str:
    """Say why nothing can be estimated; empty where it can."""
    for side, at in sides.items():
        if len(at) < LEAST:
            return f"{len(at)} covered period{'' if len(at) == 1 else 's'} {side}; {LEAST} are needed"
        carrying = int((x[at] > 0).sum())
        if carrying < 2:
            return f"{carrying} period{'' if carrying == 1 else 's'} with a hit {side}; 2 are needed"
    return ""


interrupted = old_name("interrupted", "event_effects", event_effects)
