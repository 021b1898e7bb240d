"""The methods over time are wrong about as often as their documentation says; the whole study is over_time.py."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

HERE = Path(__file__).resolve().parent
spec = importlib.util.spec_from_file_location("over_time", HERE / "over_time.py")
study = sys.modules["over_time"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(study)


@pytest.mark.parametrize("rate", ["constant", "rising", "swinging"])
def test_the_band_holds_a_rate_without_jumps(rate):
    """At a nominal 95 % the band holds the true rate in more than 92 % of the weeks, and in no week in less than 75 %."""
    held, _ = study.band_holds(study.RATES[rate], 40, 40, np.random.default_rng(1))
    assert held.mean() > 0.92
    assert held.min() > 0.75


def test_beside_a_jump_the_band_does_not_hold_and_elsewhere_it_does():
    """A line cannot jump: in the week before it the band misses, ten weeks away on either side it holds."""
    held, _ = study.band_holds(study.RATES["jumping"], 40, 40, np.random.default_rng(2))
    assert held[24] < 0.5
    assert np.delete(held, range(15, 36)).mean() > 0.92


@pytest.mark.parametrize(("n", "rho", "most"), [(30, 0.0, 0.09), (60, 0.3, 0.16), (120, 0.3, 0.12), (120, 0.6, 0.2)])
def test_few_changes_are_found_where_there_is_none(n, rho, most):
    """Fewer series without a change get one than the documentation allows; without prewhitening far more do."""
    rng = np.random.default_rng(n)
    flat = [study.noisy_counts(n, rho, np.ones(n), rng) for _ in range(200)]
    found = np.mean([bool(study.changes(x, words)) for x, words in flat])
    plain = np.mean([bool(study.changes(x, words, white=False)) for x, words in flat])
    assert found <= most
    assert rho == 0 or plain > 1.5 * found


def test_a_large_change_is_found_near_its_place():
    """Where the rate grows fivefold, nearly every series of 60 periods has a change within two periods of it."""
    rng = np.random.default_rng(3)
    level = np.where(np.arange(60) >= 30, 5.0, 1.0)
    found = [study.changes(*study.noisy_counts(60, 0.0, level, rng)) for _ in range(100)]
    assert np.mean([any(abs(place - 30) <= 2 for place in places) for places in found]) > 0.95


@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_an_event_that_did_nothing_is_rejected_about_as_often_as_said(rho):
    """With 60 periods and 400 series a 5 % test rejects between 2.5 and 9 %; with autocorrelation naive errors reject twice as often."""
    found = study.rejections(60, rho, 400, np.random.default_rng(4))
    assert ((found["ours"] >= 0.025) & (found["ours"] <= 0.09)).all()
    assert rho == 0 or (found["naive"] > 2 * found["ours"]).all()
    assert (found["newey_west"] > found["ours"]).all()


@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_p_of_independent_sources_is_uniform(rho):
    """Over 400 pairs of sources that know nothing of each other p has the distribution of chance (Kolmogorov and Smirnov)."""
    rng = np.random.default_rng(5)
    p, _ = study.lag_p(60, rho, 4, 400, rng)
    spread = p - rng.random(len(p)) / 200  # p is one of 200 steps
    assert stats.kstest(spread, "uniform").pvalue > 0.01


def test_a_planted_lead_is_found():
    """Where half of what one source does is what the other did a day before, the best lag is 1 in nearly all pairs."""
    p, lag = study.lag_p(120, 0.3, 7, 60, np.random.default_rng(6), led=True)
    assert np.mean(lag == 1) > 0.95
    assert np.mean(p <= 0.05) > 0.95
