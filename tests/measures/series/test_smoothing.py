"""The local line against two other programs and against itself written out, and what it does with gaps and zeros."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from toolkit.measures.intervals import StorySums, ratio_interval, story_sums
from toolkit.measures.series.smoothing import Pairs, choose_bandwidth, local_line


def sums_of(x, n):
    """One story in each period of each series."""
    x, n = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
    return StorySums((n > 0).astype(float), x, n, x * x, x * n, n * n)


def tricube(n, bandwidth):
    away = np.abs(np.subtract.outer(np.arange(n), np.arange(n))) / bandwidth
    return np.where(away < 1, (1 - away**3) ** 3, 0.0)


@pytest.fixture
def series():
    rng = np.random.default_rng(5)
    n = rng.integers(50, 500, size=(2, 20)).astype(float)
    return rng.binomial(n.astype(int), 0.1).astype(float), n


@pytest.mark.parametrize("bandwidth", [1.5, 3, 7.2, 40])
def test_the_line_is_a_weighted_least_squares_fit(series, bandwidth):
    """At each period statsmodels' WLS of the rates, weighted by tricube times denominators, has the same height."""
    x, n = series
    line = local_line(sums_of(x, n), bandwidth).rate
    kernel = tricube(20, bandwidth)
    for row in range(2):
        for t in range(20):
            weights = kernel[t] * n[row]
            some = weights > 0
            design = sm.add_constant(np.arange(20.0) - t)[some]
            fit = sm.WLS((x[row] / n[row])[some], design, weights=weights[some]).fit()
            assert line[row, t] == pytest.approx(max(fit.params[0], 0), abs=1e-10)


def test_with_equal_denominators_the_line_is_lowess():
    """Inside the series, statsmodels' lowess without robust steps, on as many neighbours, is the same."""
    rng = np.random.default_rng(1)
    x = rng.integers(20, 40, size=30).astype(float)
    theirs = sm.nonparametric.lowess(x / 100, np.arange(30.0), frac=11 / 30, it=0, return_sorted=False)
    ours = local_line(sums_of([x], np.full((1, 30), 100.0)), 5).rate[0]
    assert ours[5:-5] == pytest.approx(theirs[5:-5], abs=1e-10)


def test_without_smoothing_each_period_has_its_own_interval(series):
    """At a bandwidth of 1 no other period weighs: rate and interval are those of the period's stories."""
    rng = np.random.default_rng(2)
    cell = np.repeat(np.arange(6), 8)
    n, x = rng.integers(200, 900, size=48), rng.poisson(2.0, size=48)
    x[cell == 3] = 0
    sums = story_sums(x, n, cell, 6)
    line = local_line(StorySums(*(part[None] for part in sums)), 1, bundle=2.5)
    low, high = ratio_interval(sums, bundle=2.5)
    assert line.rate[0] == pytest.approx(sums.x / sums.n)
    assert line.low[0] == pytest.approx(low, rel=1e-9)
    assert line.high[0] == pytest.approx(high, rel=1e-9)


STORY = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9), st.integers(20, 400)), min_size=1, max_size=3)


@given(st.lists(STORY, min_size=2, max_size=12), st.sampled_from([2.0, 3.5, 6.0]))
def test_the_interval_is_that_of_the_weighted_totals_of_stories(stories, bandwidth):
    """Written out: each story's hits and words times the weights of its periods, then the interval of any rate."""
    parts = [(number, at, x, n) for number, story in enumerate(stories) for at, x, n in story]
    size, hits = np.zeros((len(stories), 6)), np.zeros((len(stories), 6))
    for number, at, x, n in parts:
        hits[number, at] += x
        size[number, at] += n
    n, x = size.sum(axis=0), hits.sum(axis=0)
    sums = StorySums(
        (size > 0).sum(axis=0), x, n, (hits**2).sum(axis=0), (hits * size).sum(axis=0), (size**2).sum(axis=0)
    )
    two = [
        (
            0,
            i,
            j,
            2 * hits[s, i] * hits[s, j],
            hits[s, i] * size[s, j] + hits[s, j] * size[s, i],
            2 * size[s, i] * size[s, j],
        )
        for s in range(len(stories))
        for i in range(6)
        for j in range(i + 1, 6)
        if size[s, i] and size[s, j]
    ]
    columns = list(zip(*two, strict=True)) or [()] * 6
    pairs = Pairs(*(np.array(c, dtype=np.int64) for c in columns[:3]), *(np.array(c, dtype=float) for c in columns[3:]))
    line = local_line(
        StorySums(*(np.asarray(part, dtype=float)[None] for part in sums)), bandwidth, pairs=pairs, bundle=2
    )
    kernel, away = tricube(6, bandwidth), np.arange(6)[None, :] - np.arange(6)[:, None]
    for t in np.flatnonzero(n > 0):
        s0, s1, s2 = (float((kernel[t] * n * away[t] ** k).sum()) for k in range(3))
        a = kernel[t] * ((s2 - s1 * away[t]) / s2 if s0 * s2 - s1 * s1 > 1e-9 * s0 * s2 else 1.0)
        a = a * (a @ n) / (a * a @ n)
        of_x, of_n = hits @ a, size @ a
        if of_x.sum() <= 1e-6 * max((hits @ np.abs(a)).sum(), (hits @ kernel[t]).sum()):  # what rounding leaves of none
            assert line.rate[0, t] == pytest.approx(0, abs=1e-6)
            continue
        whole = StorySums(
            *(np.array([v], dtype=float) for v in ((a @ sums[0]) ** 2 / (a * a @ sums[0]), of_x.sum(), of_n.sum())),
            *(np.array([v @ w]) for v, w in ((of_x, of_x), (of_x, of_n), (of_n, of_n))),
        )
        low, high = ratio_interval(whole, bundle=2)
        rate = of_x.sum() / of_n.sum()
        assert line.rate[0, t] == pytest.approx(rate, rel=1e-6)
        assert line.low[0, t] == pytest.approx(min(low[0], rate), rel=1e-5, abs=1e-9)
        assert line.high[0, t] == pytest.approx(max(high[0], rate), rel=1e-5, abs=1e-9)


def test_a_story_in_two_periods_is_one_witness():
    """Copies on the next day widen the band inside the series: the same counts in stories of their own give a narrower one."""
    x, n = np.array([[2.0, 2.0, 0.0, 2.0, 2.0, 0.0]] * 1), np.full((1, 6), 500.0)
    sums = StorySums(np.full((1, 6), 10.0), 10 * x, 10 * n, 10 * x * x, 10 * x * n, 10 * n * n)
    one, other = np.array([0, 3]), np.array([1, 4])
    both = Pairs(np.zeros(2, dtype=np.int64), one, other, np.full(2, 80.0), np.full(2, 20_000.0), np.full(2, 5e6))
    alone, shared = local_line(sums, 4), local_line(sums, 4, pairs=both)
    assert alone.rate == pytest.approx(shared.rate)
    assert ((shared.high - shared.low)[0, 1:5] > (alone.high - alone.low)[0, 1:5]).all()


def test_turned_round_in_time_the_line_is_turned_round(series):
    """The past and the future weigh the same."""
    x, n = series
    forth, back = local_line(sums_of(x, n), 4.5), local_line(sums_of(x[:, ::-1], n[:, ::-1]), 4.5)
    for one, other in zip(forth, back, strict=True):
        assert one == pytest.approx(other[:, ::-1], rel=1e-9)


def test_no_line_is_drawn_through_a_gap(series):
    """Periods without words are missing, and do not change what is beyond the bandwidth."""
    x, n = (part.copy() for part in series)
    x[:, 8:12] = n[:, 8:12] = 0
    line = local_line(sums_of(x, n), 3)
    for part in line:
        assert np.isnan(part[:, 8:12]).all() and np.isfinite(np.delete(part, range(8, 12), axis=1)).all()
    assert line.rate[:, :5] == pytest.approx(local_line(sums_of(*series), 3).rate[:, :5])


def test_a_line_below_zero_is_zero():
    """After a steep fall the local line would be negative; a rate is not, and its interval begins at zero."""
    line = local_line(sums_of([[90.0, 40.0, 0.0, 0.0]], [[100.0] * 4]), 3, bundle=2)
    assert (line.rate[0, 3], line.low[0, 3]) == (0, 0)
    assert line.rate[0, 2] > 0 and line.high[0, 3] > 0


def test_a_share_stays_a_share():
    """A line that rises to 1 does not go beyond."""
    line = local_line(sums_of([[10.0, 60.0, 100.0, 100.0]], [[100.0] * 4]), 3.5, whole=True)
    assert (line.rate <= 1).all() and (line.high <= 1).all()


def test_the_bandwidth_predicts_left_out_periods_best():
    """Of the bandwidths that are tried it is the one that, refitted without each period, predicts it best; then halved."""
    rng = np.random.default_rng(3)
    n = rng.integers(500, 3000, size=(2, 32)).astype(float)
    x = rng.poisson(n * (0.05 + 0.04 * np.sin(np.arange(32) / 4))).astype(float)
    tried = [2.0 * 2 ** (k / 2) for k in range(9)]
    errors = []
    for bandwidth in tried:
        total = 0.0
        for t in range(32):
            others = n.copy()
            others[:, t] = 0
            weights = tricube(32, bandwidth)[t] * others
            for row in range(2):
                some = weights[row] > 0
                expected = x[row].sum() / n[row].sum()  # where one other period is left, no line can be drawn
                if some.sum() > 1:
                    design = np.column_stack([np.ones(32), np.arange(32.0) - t])[some]
                    expected = sm.WLS((x[row] / n[row])[some], design, weights=weights[row][some]).fit().params[0]
                total += n[row, t] * (x[row, t] / n[row, t] - expected) ** 2
        errors.append(total)
    assert choose_bandwidth(x, n, undersmooth=1.0) == pytest.approx(tried[int(np.argmin(errors))])
    assert choose_bandwidth(x, n) == pytest.approx(max(2.0, tried[int(np.argmin(errors))] / 2))


def test_a_constant_rate_takes_the_longest_bandwidth():
    """Where all bandwidths predict as well, the line is as straight as can be; with one period it is 2."""
    assert choose_bandwidth(np.full((1, 40), 3), np.full((1, 40), 100)) == 20
    assert choose_bandwidth([[0] * 40], [[100] * 40]) == 20
    assert choose_bandwidth([[3]], [[100]]) == 2
