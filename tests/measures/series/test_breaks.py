"""Breaks against strucchange, ruptures and all partitions tried one by one; the criterion, and the memory of noise."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import ruptures
from hypothesis import given
from hypothesis import strategies as st

from toolkit.measures.series.breaks import best_partitions, bic, memory, optimal_breaks, stabilise, without_memory

PUBLISHED = json.loads((Path(__file__).parents[2] / "reference" / "series.json").read_text(encoding="utf-8"))
SERIES = {name: np.array(series["values"], dtype=float) for name, series in PUBLISHED["series"].items()}


def searched(case, most):
    y = SERIES[case["series"]]
    return best_partitions(y[None], np.ones((1, len(y))), max_breaks=most, min_size=case["h"])


def by_id(case):
    return case["id"]


@pytest.mark.parametrize("case", PUBLISHED["optimal_breaks"], ids=by_id)
def test_the_best_places_are_the_published_ones(case):
    """Both searches give the breaks that strucchange and ruptures give, for each number of them."""
    y = SERIES[case["series"]]
    assert searched(case, case["m"]).breaks(0, case["m"]) == case["expected"]
    assert optimal_breaks(y, np.ones(len(y)), case["m"], min_size=case["h"]) == case["expected"]


@pytest.mark.parametrize("case", PUBLISHED["rss"], ids=by_id)
def test_the_sums_of_squares_are_the_published_ones(case):
    """The cost of each number of breaks is strucchange's residual sum of squares."""
    assert searched(case, case["m"]).cost[0, case["m"]] == pytest.approx(case["expected"], abs=case["within"])


@pytest.mark.parametrize("case", PUBLISHED["bic"], ids=by_id)
def test_the_criterion_is_strucchanges(case):
    """Without the correction the criterion is strucchange's, to the printed digits."""
    found = bic(searched(case, 5).cost[0], 100, corrected=False)
    assert found[case["m"]] == pytest.approx(case["expected"], abs=case["within"])


def test_the_nile_has_one_break_after_observation_28():
    """Of up to five breaks one is best, after 1898, by strucchange's criterion and by the corrected one."""
    found = searched({"series": "nile", "h": 15}, 5)
    for corrected in (False, True):
        number = int(bic(found.cost[0], 100, corrected=corrected).argmin())
        assert found.breaks(0, number) == [28]


@pytest.mark.parametrize("case", PUBLISHED["penalised"], ids=by_id)
def test_a_penalty_gives_the_breaks_of_pelt(case):
    """The number with the least cost plus penalty, and its places, are what ruptures' Pelt returns."""
    found = searched(case, 30)
    number = int(np.argmin(found.cost[0] + case["pen"] * np.arange(31)))
    assert found.breaks(0, number) == case["expected"]


VALUES = st.lists(st.tuples(st.integers(-9, 9), st.integers(0, 4)), min_size=4, max_size=9)


@given(VALUES, st.integers(1, 3), st.integers(1, 3))
def test_no_partition_is_better(rows, n_breaks, min_size):
    """Of all partitions, tried one by one, none has a smaller weighted sum of squares; ruptures finds the same cost."""
    y, w = (np.array(part, dtype=float) for part in zip(*rows, strict=True))
    n = len(y)

    def cost(places):
        total = 0.0
        for first, last in zip([0, *places], [*places, n]):
            weight = w[first:last].sum()
            if weight > 0:
                mean = (w * y)[first:last].sum() / weight
                total += (w[first:last] * (y[first:last] - mean) ** 2).sum()
        return total

    fitting = [places for places in combinations(range(1, n), n_breaks) if min(np.diff([0, *places, n])) >= min_size]
    found = best_partitions(y[None], w[None], max_breaks=n_breaks, min_size=min_size)
    if not fitting:
        assert found.cost[0, n_breaks] == np.inf
        return
    least = min(map(cost, fitting))
    assert found.cost[0, n_breaks] == pytest.approx(least, abs=1e-9)
    assert cost(found.breaks(0, n_breaks)) == pytest.approx(least, abs=1e-9)
    assert cost(optimal_breaks(y, w, n_breaks, min_size=min_size)) == pytest.approx(least, abs=1e-9)


def test_many_series_are_searched_as_each_alone():
    """A series has the same partitions in any company."""
    rng = np.random.default_rng(0)
    y, w = rng.normal(size=(4, 30)), rng.uniform(0.5, 2, size=(4, 30))
    together = best_partitions(y, w, max_breaks=3, min_size=3)
    for row in range(4):
        alone = best_partitions(y[[row]], w[[row]], max_breaks=3, min_size=3)
        assert together.cost[row] == pytest.approx(alone.cost[0])
        assert [together.breaks(row, k) for k in range(4)] == [alone.breaks(0, k) for k in range(4)]


def test_equal_weights_are_ruptures_own_l2():
    """With equal weights the places are those of ruptures' l2 cost."""
    y = np.random.default_rng(4).normal(size=60).cumsum()
    theirs = ruptures.Dynp(model="l2", min_size=4, jump=1).fit(y).predict(n_bkps=4)[:-1]
    assert optimal_breaks(y, np.ones(60), 4, min_size=4) == theirs


def test_a_period_without_weight_has_no_say():
    """What stands in a period that weighs nothing changes neither the cost nor the place."""
    y, w = np.array([1.0, 1, 1, 99, 5, 5, 5]), np.array([1.0, 1, 1, 0, 1, 1, 1])
    found = best_partitions([y, np.where(w, y, -7)], [w, w], max_breaks=1, min_size=2)
    assert found.cost[0] == pytest.approx(found.cost[1])
    assert found.breaks(0, 1) == found.breaks(1, 1) == [3]


def test_a_flat_series_has_no_break():
    """Where nothing varies, no number of breaks is better than none."""
    found = best_partitions(np.full((1, 20), 0.3), np.ones((1, 20)), max_breaks=3, min_size=3)
    assert int(bic(found.cost[0], 20).argmin()) == 0


def test_the_correction_vanishes_in_long_series_and_forbids_in_short_ones():
    """With 10,000 periods the two criteria agree to a hundredth of their penalty; with five, one break costs infinitely much."""
    cost = np.array([100.0, 90.0, 80.0])
    differences = [np.diff(bic(cost, 10_000, corrected=c)) for c in (False, True)]
    assert differences[0] == pytest.approx(differences[1], abs=0.01 * 2 * np.log(10_000))
    assert np.isinf(bic(cost, 5)[1])


def test_the_stabilised_scale_has_even_spread():
    """Counts of any height have a spread of 1/2 on the root scale (Bartlett), per root of the denominator; shares too."""
    rng = np.random.default_rng(6)
    for mean in (20, 500):
        assert np.std(stabilise(rng.poisson(mean, 20_000), np.full(20_000, 1.0))[0]) == pytest.approx(0.5, rel=0.03)
    for p in (0.1, 0.5):
        values = stabilise(rng.binomial(400, p, 20_000), np.full(20_000, 400), whole=True)[0]
        assert np.std(values) * 20 == pytest.approx(0.5, rel=0.03)


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.7])
def test_memory_is_that_of_the_noise_and_not_of_the_level(rho):
    """A long autoregression gives its coefficient, with a huge change of level inside too, if its place is known."""
    rng = np.random.default_rng(7)
    noise = np.zeros(5000)
    for t in range(1, 5000):
        noise[t] = rho * noise[t - 1] + rng.normal()
    step = noise + np.where(np.arange(5000) >= 2500, 1000.0, 0.0)
    assert memory(noise, np.ones(5000)) == pytest.approx(rho, abs=0.05)
    assert memory(step, np.ones(5000), [2500]) == pytest.approx(memory(noise, np.ones(5000)), abs=0.01)


def test_memory_lies_between_0_and_nine_tenths():
    """Alternation is no memory, a wave has at most .9, and a series too short or without variation has none."""
    assert memory([0, 1] * 10, np.ones(20)) == 0
    assert memory(np.sin(np.arange(50) / 8), np.ones(50)) == 0.9
    assert memory([1.0, 2.0], [1, 1]) == memory([3.0] * 9, np.ones(9)) == memory([1.0] * 3, [0, 0, 0]) == 0


def test_without_memory_a_change_stays_at_its_place():
    """The first value at the new level is the first that differs."""
    left = without_memory([2.0] * 5 + [7.0] * 5, 0.6)
    assert left[:5] == pytest.approx(np.full(5, 0.8))
    assert left[5:] == pytest.approx([7 - 1.2, 2.8, 2.8, 2.8, 2.8])
