"""The step and the slope at an event against statsmodels, the correction of the autocorrelation against matrices written out."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from toolkit.measures.series.interruptions import interruption, newey_west_lags


@pytest.fixture
def counts():
    rng = np.random.default_rng(8)
    noise = np.zeros(40)
    for t in range(1, 40):
        noise[t] = 0.6 * noise[t - 1] + 0.3 * rng.normal()
    n = rng.integers(5_000, 30_000, size=40).astype(float)
    return rng.poisson(0.002 * n * np.exp(noise)).astype(float), n


def design(t, start):
    after = (t >= start).astype(float)
    return np.column_stack([np.ones(len(t)), t - start, after, after * (t - start)])


def test_the_estimates_are_those_of_a_poisson_regression(counts):
    """Slope before, step and change of slope are statsmodels' coefficients; the plain error is quasi-Poisson's."""
    x, n = counts
    t = np.arange(40)
    found = interruption(x, n, t, 22)
    theirs = sm.GLM(x, design(t, 22), family=sm.families.Poisson(), offset=np.log(n)).fit(scale="X2")
    assert found.estimate == pytest.approx(theirs.params[1:], abs=1e-8)
    assert found.naive == pytest.approx(theirs.bse[1:], rel=1e-6)
    assert found.dispersion == pytest.approx(theirs.scale, rel=1e-6)


@pytest.mark.parametrize("lags", [None, 0, 5])
def test_the_newey_west_error_is_the_sandwich_written_out(counts, lags):
    """Bartlett weights over the lags of the scores, times n / (n - 4), between two inverses of the information."""
    x, n = counts
    t = np.arange(40)
    found = interruption(x, n, t, 22, lags=lags)
    z = design(t, 22)
    mean = n * np.exp(z @ sm.GLM(x, z, family=sm.families.Poisson(), offset=np.log(n)).fit().params)
    score = z * (x - mean)[:, None]
    middle = score.T @ score
    reach = newey_west_lags(40) if lags is None else lags
    for lag in range(1, reach + 1):
        part = score[lag:].T @ score[:-lag]
        middle += (1 - lag / (reach + 1)) * (part + part.T)
    bread = np.linalg.inv(z.T @ (z * mean[:, None]))
    error = np.sqrt(np.diag(bread @ middle @ bread) * 40 / 36)
    assert (found.lags, found.newey_west) == (reach, pytest.approx(error[1:], rel=1e-6))


def test_the_error_is_the_larger_of_two(counts):
    """It is never below Newey and West's, and p is twice the tail of a t distribution."""
    found = interruption(*counts, np.arange(40), 22)
    assert (found.error >= found.newey_west - 1e-12).all()
    assert found.p == pytest.approx(2 * stats.t.sf(np.abs(found.estimate / found.error), found.df))


@pytest.mark.parametrize("missing", [[], [3, 4, 5, 30]])
def test_the_autocorrelation_is_freed_of_the_bias_of_the_fit(counts, missing):
    """The coefficient is the first of .00, .02, ... whose expected autocorrelation of residuals reaches the one found;
    errors and degrees of freedom follow from it. All with full matrices."""
    t = np.delete(np.arange(40), missing)
    x, n = (part[t] for part in counts)
    found = interruption(x, n, t, 22)
    z = design(t, 22)
    mean = n * np.exp(z @ sm.GLM(x, z, family=sm.families.Poisson(), offset=np.log(n)).fit().params)
    weighted, residual = z * np.sqrt(mean)[:, None], (x - mean) / np.sqrt(mean)
    inverse = np.linalg.inv(weighted.T @ weighted)
    keep = np.eye(len(t)) - weighted @ inverse @ weighted.T
    seen = residual[1:] @ residual[:-1] / (residual @ residual)

    def correlated(rho):
        return rho ** np.abs(np.subtract.outer(t, t)).astype(float)

    def expected(rho):
        kept = keep @ correlated(rho) @ keep
        return np.trace(kept, offset=1) / np.trace(kept)

    tried = np.arange(50) / 50
    rho = next((r for r in tried if expected(r) >= seen), tried[-1])
    assert found.autocorrelation == pytest.approx(rho)
    kept = keep @ correlated(rho)
    variance = residual @ residual / np.trace(kept)
    assert found.df == pytest.approx(np.trace(kept) ** 2 / np.trace(kept @ kept), rel=1e-6)
    error = np.sqrt(np.diag(inverse @ weighted.T @ correlated(rho) @ weighted @ inverse) * variance)
    assert found.error == pytest.approx(np.maximum(error[1:], found.newey_west), rel=1e-6)


def test_independent_noise_has_the_plain_degrees_of_freedom():
    """Where no autocorrelation is found, the t distribution has n - 4 degrees of freedom."""
    found = interruption([4, 6] * 15, [100] * 30, range(30), 15)
    assert (found.autocorrelation, found.df) == (0, pytest.approx(26))


def test_a_known_step_and_slope_are_found():
    """Counts without noise: the rate halves at the event and then grows by 10 % each period."""
    t = np.arange(24)
    rate = np.where(t < 12, 0.1, 0.05 * 1.1 ** (t - 12))
    found = interruption(rate * 1e6, np.full(24, 1e6), t, 12)
    assert np.exp(found.estimate) == pytest.approx([1.0, 0.5, 1.1], rel=1e-6)
    assert (found.p[1:] < 1e-6).all()


def test_the_unit_of_the_denominator_does_not_matter(counts):
    """Rates per word or per thousand words: estimates, errors and p stay."""
    x, n = counts
    one, other = (interruption(x, size, np.arange(40), 22) for size in (n, n / 1000))
    assert one.estimate == pytest.approx(other.estimate, abs=1e-7)
    assert one.error == pytest.approx(other.error, rel=1e-5)


@pytest.mark.parametrize(("n", "lags"), [(1, 1), (24, 2), (100, 4), (200, 4), (1000, 6)])
def test_how_many_lags(n, lags):
    """4 (n / 100)^(2 / 9), rounded down."""
    assert newey_west_lags(n) == lags == int(4 * (n / 100) ** (2 / 9))
