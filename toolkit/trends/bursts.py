"""Own the bursts of usage: stretches in which a far larger share of articles than otherwise has a term."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.measures.series.bursts import batch_costs, cheapest_path, runs_above
from toolkit.recipes import recorded
from toolkit.tables import PERIODS, FramingError, warn_user
from toolkit.tables.choices import Freq, Unit
from toolkit.text.matches import AnyTerms
from toolkit.trends.series import Runs, laid_out, runs_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SCALING, GAMMA = 2.0, 1.0


@recorded(packages=("pandas", "numpy", "scipy"))
def bursts(
    corpus: Any,
    terms: AnyTerms | None = None,
    *,
    by: str | Sequence[str] = (),
    freq: Freq = "W",
    unit: Unit = "article",
    scaling: float = SCALING,
    gamma: float = GAMMA,
    levels: int = 1,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Find the bursts of a term: stretches in which a larger share of articles has it.

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
    unit : {"article", "story"}, keyword-only
        What is counted. With "article" a story that many outlets copy can be a burst of its own.
    scaling : float, keyword-only
        How many times the overall share a burst has, Kleinberg's s; above 1.
    gamma : float, keyword-only
        How costly it is to enter a burst: the larger, the fewer and longer the bursts. 0 or more.
    levels : int, keyword-only
        How many levels of burst there are; each has `scaling` times the share of the one below.
    confidence : float, keyword-only
        Nominal coverage of the interval.

    Returns
    -------
    DataFrame
        One row per burst, and no row where there is none. The `by` columns; `term`; `begin` and `end`, its first and last day (of
        whole periods); `level`, from 1 (a burst of level 2 lies inside one of level 1); `weight`, how much less its documents
        cost at its level than at the one below, in natural logarithms; `n_periods`; `n_hits`; `n_articles` with a hit of
        `n_articles_total`; `share` with its interval `low` and `high`; and `share_overall`, that of the whole series.

    Raises
    ------
    FramingError
        Where `tk.usage` does, if no article has a date, or if a number is out of range.

    Warns
    -----
    FramingWarning
        As `tk.usage` does, for undated articles, and for series whose overall share is too large to be scaled.

    Notes
    -----
    Kleinberg's (2003, section 4) automaton for batches of documents: in state i each of a period's d articles has the term with
    probability p_i = scaling^i R / D, R of all D articles having it; a state costs minus the logarithm of the binomial probability of the
    r found; to go up by one state costs gamma ln(periods), to go down nothing. The states are the cheapest path (Viterbi's algorithm,
    not a greedy choice). Periods without articles cost nothing, so a burst can reach across them; `n_periods` leaves them out.

    A burst is a description, not a test: there is no p-value, and other values of `gamma` or `scaling` give other bursts. Rank
    them by weight. Copies of a story count as separate articles unless ``unit="story"``.

    Examples
    --------
    Four articles a day; one of them has the word, on the third and fourth day all four:

    >>> import pandas as pd, toolkit as tk
    >>> texts = (["A reset."] + ["No news."] * 3) * 2 + ["A reset."] * 8 + (["A reset."] + ["No news."] * 3) * 4
    >>> articles = pd.DataFrame({
    ...     "doc_id": [f"d{i}" for i in range(32)], "date": pd.date_range("2017-01-02", periods=8).repeat(4), "text": texts})
    >>> found = tk.bursts(articles, "reset", freq="D")
    >>> found[["begin", "end", "level", "n_articles", "share", "share_overall"]]
           begin        end  level  n_articles  share  share_overall
    0 2017-01-04 2017-01-05      1           8    1.0         0.4375
    """
    if not scaling > 1:
        raise FramingError(f"scaling is how many times the overall share a burst has, above 1; this is {scaling!r}.")
    if not gamma >= 0:
        raise FramingError(f"gamma is how costly it is to enter a burst, 0 or more; this is {gamma!r}.")
    if not levels >= 1:
        raise FramingError(f"levels is how many levels of burst there are, 1 or more; this is {levels!r}.")
    runs = runs_of(corpus, terms, by, freq, measure="share", unit=unit, confidence=confidence)
    found = [_bursts_of(runs, term, scaling, gamma, levels, confidence) for term in range(len(runs.counted.kinds))]
    table = laid_out(runs, pd.concat(found, ignore_index=True))
    runs.state(table)
    return table


def burst_levels(runs: Runs, term: int) -> Ints:
    """Return the level of burst of each period, (series, periods), 0 outside of any, as `bursts` finds them by default."""
    level = np.zeros(runs.shape, dtype=np.int64)
    series, path, _ = _paths(runs, term, SCALING, GAMMA, 1)
    level[series] = path
    return level


def _paths(runs: Runs, term: int, scaling: float, gamma: float, levels: int) -> tuple[Ints, Ints, Floats]:
    """Return the series in which there can be bursts, the level of each of their periods, and what each level costs."""
    counted = runs.counted
    r, d = runs.total(counted.of_kind(term, articles=True)[runs.rows]), runs.total(counted.n_articles[runs.rows])
    share = np.divide(r.sum(axis=1), d.sum(axis=1), out=np.zeros(len(d)), where=d.sum(axis=1) > 0)
    n_covered = (d > 0).sum(axis=1)
    wanted = (share > 0) & (n_covered > 1)
    possible = wanted & (share * scaling**levels < 1)
    if n_left := int((wanted & ~possible).sum()):
        name = counted.kinds[term]
        too = f"{n_left:,} series have" if n_left > 1 else "a series has"
        warn_user(
            f"{name!r}: {too} the term in so many articles that no share can be {scaling**levels:g} times as large. "
            "No bursts are looked for there; take a smaller scaling or fewer levels."
        )
    series = np.flatnonzero(possible)
    probability = share[series, None] * scaling ** np.arange(levels + 1)
    costs = batch_costs(r[series], d[series], probability)
    return series, cheapest_path(costs, gamma * np.log(n_covered[series])), costs


def _bursts_of(runs: Runs, term: int, scaling: float, gamma: float, levels: int, confidence: float) -> pd.DataFrame:
    chosen, path, costs = _paths(runs, term, scaling, gamma, levels)
    where, level, first, last = runs_above(path)
    series = chosen[where]
    counted = runs.counted
    hits = runs.total(counted.of_kind(term)[runs.rows])
    r, d = runs.total(counted.of_kind(term, articles=True)[runs.rows]), runs.total(counted.n_articles[runs.rows])
    cheaper = costs[where, :, level - 1] - costs[where, :, level]

    def over(values: Floats) -> Floats:
        ends = np.pad(np.cumsum(values, axis=1), ((0, 0), (1, 0)))
        rows = np.arange(len(values))
        return np.asarray(ends[rows, last + 1] - ends[rows, first], dtype=float)

    share, low, high = (np.full(len(series), np.nan) for _ in range(3))
    for each in range(1, levels + 1):  # bursts of one level do not overlap
        own = np.flatnonzero(level == each)
        place = np.full(runs.shape, -1, dtype=np.int64)
        for burst in own.tolist():
            place[series[burst], first[burst] : last[burst] + 1] = burst
        rates = runs.rates(term, place[runs.series, runs.when], len(series), confidence)
        share[own], low[own], high[own] = rates["rate"][own], rates["low"][own], rates["high"][own]
    ends = runs.periods.to_period(PERIODS[runs.freq]).end_time.normalize().to_numpy().astype("datetime64[us]")
    overall = np.divide(r.sum(axis=1), d.sum(axis=1), out=np.zeros(len(d)), where=d.sum(axis=1) > 0)
    return pd.DataFrame(
        {
            "series": series,
            "term": term,
            "begin": runs.periods.to_numpy()[first],
            "end": ends[last],
            "level": level,
            "weight": over(cheaper),
            "n_periods": over((d > 0)[series].astype(float)).astype(np.int64),
            "n_hits": over(hits[series]).astype(np.int64),
            "n_articles": over(r[series]).astype(np.int64),
            "n_articles_total": over(d[series]).astype(np.int64),
            "share": share,
            "low": low,
            "high": high,
            "share_overall": overall[series],
        }
    )
