"""Lagged correlation against numpy and statsmodels, and what shuffling in blocks keeps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.tsa.ar_model import AutoReg
from statsmodels.tsa.stattools import ccf

from toolkit.measures.series.leads import cross_correlation, lagged, prewhiten


def autoregression(n, *coefficients, seed=0):
    rng = np.random.default_rng(seed)
    y = np.zeros(n + 100)
    for t in range(len(coefficients), n + 100):
        y[t] = sum(c * y[t - k] for k, c in enumerate(coefficients, start=1)) + rng.normal()
    return y[100:]


def test_the_correlation_is_that_of_statsmodels():
    """At each lag that is not negative it is statsmodels' biased cross-correlation; the others with both changed over."""
    a, b = autoregression(50, 0.5, seed=1), autoregression(50, 0.2, seed=2)
    found = cross_correlation(a, b, 6)
    assert found[6:] == pytest.approx(ccf(b, a, adjusted=False, nlags=7))
    assert found[6::-1] == pytest.approx(ccf(a, b, adjusted=False, nlags=7))


def test_a_planted_lag_is_found_on_its_side():
    """What b does two periods after a is at lag 2; changed over, it is at lag -2."""
    a = np.random.default_rng(3).normal(size=80)
    b = np.roll(a, 2)
    assert int(cross_correlation(a, b, 5).argmax()) - 5 == 2
    assert int(cross_correlation(b, a, 5).argmax()) - 5 == -2


NUMBERS = st.lists(st.integers(-5, 5), min_size=6, max_size=12)


@given(NUMBERS, NUMBERS, st.integers(0, 4))
def test_changing_the_two_over_turns_the_lags_round(a, b, reach):
    """The correlations are the same from the other end."""
    n = min(len(a), len(b))
    one, other = cross_correlation(a[:n], b[:n], reach), cross_correlation(b[:n], a[:n], reach)
    assert one == pytest.approx(other[::-1], abs=1e-12)
    assert (np.abs(one) <= 1 + 1e-12).all()


def test_missing_values_have_no_say():
    """A gap in either series counts as its mean: pairs with it add nothing."""
    a, b = autoregression(30, seed=4), autoregression(30, seed=5)
    a[5], b[20] = np.nan, np.nan
    filled_a, filled_b = np.where(np.isnan(a), np.nanmean(a), a), np.where(np.isnan(b), np.nanmean(b), b)
    assert cross_correlation(a, b, 4) == pytest.approx(cross_correlation(filled_a, filled_b, 4))


def test_several_series_at_once():
    """Rows of b are correlated one by one."""
    a, b = autoregression(20, seed=6), np.stack([autoregression(20, seed=s) for s in (7, 8)])
    assert cross_correlation(a, b, 3) == pytest.approx(np.stack([cross_correlation(a, row, 3) for row in b]))


def test_prewhitening_is_detrending_and_an_autoregression():
    """The residuals are statsmodels' for the chosen order, after the least-squares line is taken off."""
    y = autoregression(300, 0.5, 0.3) + 0.05 * np.arange(300)
    new, order = prewhiten(y)
    t = np.arange(300.0)
    detrended = y - np.polyval(np.polyfit(t, y, 1), t)
    assert order == 2
    assert new[2:] == pytest.approx(AutoReg(detrended, 2).fit().resid, abs=1e-9)
    assert np.isnan(new[:2]).all()


@pytest.mark.parametrize(("coefficients", "order"), [((), 0), ((0.8,), 1), ((0, 0, 0, 0, 0, 0, 0.7), 7)])
def test_the_order_is_found(coefficients, order):
    """Noise has no memory, a first-order series one period, a weekly cycle of days seven."""
    assert prewhiten(autoregression(400, *coefficients, seed=9))[1] == order


def test_what_is_new_is_missing_where_a_predecessor_is():
    """With an order of 1 a gap takes the period after it, too."""
    y = autoregression(200, 0.8, seed=10)
    y[50] = np.nan
    new, order = prewhiten(y)
    assert order == 1
    assert np.flatnonzero(np.isnan(new)).tolist() == [0, 50, 51]


def test_too_little_is_missing_and_a_line_is_nothing_new():
    """Two values say nothing; values on a line are all expected."""
    assert np.isnan(prewhiten([1.0, np.nan, 2.0])[0]).all()
    assert prewhiten(np.arange(30.0))[0] == pytest.approx(np.zeros(30))


def test_shuffling_keeps_blocks_together():
    """With one block as long as the series only its beginning changes: the middle 95 % of many turns are those of all 12 turns."""
    a, b = autoregression(12, seed=11), autoregression(12, seed=12)
    circle = [float(cross_correlation(a, np.roll(b, k), 0)[0]) for k in range(12)]
    found = lagged(a, b, 0, permutations=999, rng=np.random.default_rng(0), block=12)
    assert (found.null_low[0], found.null_high[0]) == pytest.approx((min(circle), max(circle)))


def test_shorter_blocks_keep_less():
    """Six high and six low periods, in both: turned as a whole every sixth order agrees or disagrees wholly, shuffled singly few do."""
    wave = np.repeat([1.0, -1.0], 6)
    whole, single = (
        lagged(wave, wave, 0, permutations=1999, rng=np.random.default_rng(0), block=size).p for size in (12, 1)
    )
    assert whole == pytest.approx(1 / 6, abs=0.03)
    assert single < 0.01


def test_p_counts_the_order_that_was_found():
    """Of 99 shuffles of a series that follows exactly, none does as well: p is 1 in 100, and never 0."""
    a = np.random.default_rng(13).normal(size=60)
    assert lagged(a, a, 3, permutations=99, rng=np.random.default_rng(0)).p == 0.01


def test_the_same_seed_gives_the_same_p():
    """Chance comes from the generator that is given."""
    a, b = autoregression(40, seed=14), autoregression(40, seed=15)
    one, other = (lagged(a, b, 3, permutations=99, rng=np.random.default_rng(5)) for _ in range(2))
    assert one.p == other.p and one.null_high.tolist() == other.null_high.tolist()


def test_the_longest_memory_is_a_quarter_of_the_values():
    """A series that repeats itself every sixth period shows it in 60 periods, and not in 20, where only five are tried."""
    cycle = np.random.default_rng(16).normal(size=6)
    noise = 0.05 * np.random.default_rng(17).normal(size=60)
    long = np.tile(cycle, 10) + noise
    assert prewhiten(long)[1] >= 5
    assert prewhiten(long[:20], most=12)[1] <= 5
    assert prewhiten(long[:20])[1] <= 5
