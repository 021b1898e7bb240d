"""Own the cross-correlation of two series: how they correlate at each lag, and what chance alone would give."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


class Lags(NamedTuple):
    """The correlation at each lag from -max_lag to max_lag, the middle 95 % under chance, and the p-value of the largest."""

    correlation: Floats
    null_low: Floats
    null_high: Floats
    p: float


def prewhiten(values: ArrayLike, *, most: int | None = None) -> tuple[Floats, int]:
    """Remove the linear trend and the autocorrelation of a series, and return what is new in each period.

    Parameters
    ----------
    values : array_like, shape (periods,)
        NaN where a value is missing.
    most : int, optional
        The longest memory to try; by default 10 log10(periods), and not more than a quarter of the values.

    Returns
    -------
    new : ndarray
        Residuals of an autoregression on the detrended values; NaN where a value or one of its predecessors is missing.
    order : int
        The order of the autoregression with the least Bayesian information criterion, all orders compared on the same periods.

    Examples
    --------
    >>> new, order = prewhiten([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    >>> float(np.abs(new).max().round(9)), order
    (0.0, 0)
    """
    y = np.asarray(values, dtype=float)
    known = np.isfinite(y)
    n = int(known.sum())
    if n < 3:
        return np.full(len(y), np.nan), 0

    t = np.arange(len(y), dtype=float)
    line = np.polynomial.Polynomial.fit(t[known], y[known], 1)
    y = y - line(t)
    if np.nansum(y * y) <= 1e-20 * n * (1 + float(np.max(np.abs(line(t)))) ** 2):
        return np.where(known, 0.0, np.nan), 0

    # one column of past values for each lag
    longest = min(int(10 * math.log10(n)) if most is None else most, n // 4)
    past = np.column_stack(
        [np.concatenate([np.full(k, np.nan), y[: len(y) - k]]) for k in range(1, longest + 1)] or [y]
    )
    past = past[:, :longest]

    # criteria are comparable only over the periods that the longest memory leaves
    rows = np.isfinite(y) & np.isfinite(past).all(axis=1)
    criteria = []
    for order in range(longest + 1):
        size = int(rows.sum())
        if size < 2 * longest + 3:
            break
        residuals = _residuals(y[rows], past[rows, :order])
        variance = max(float(residuals @ residuals) / size, 1e-300)
        criteria.append(size * math.log(variance) + order * math.log(size))
    order = int(np.argmin(criteria)) if criteria else 0

    usable = np.isfinite(y) & np.isfinite(past[:, :order]).all(axis=1)
    new = np.full(len(y), np.nan)
    new[usable] = _residuals(y[usable], past[usable, :order])
    return new, order


def _residuals(y: Floats, past: Floats) -> Floats:
    design = np.column_stack([np.ones(len(y)), past])
    return np.asarray(y - design @ np.linalg.lstsq(design, y, rcond=None)[0], dtype=float)


def cross_correlation(a: ArrayLike, b: ArrayLike, max_lag: int) -> Floats:
    """Return the correlation of a_t with b_(t + lag) for lag = -max_lag, ..., max_lag: at positive lags a comes first.

    Notes
    -----
    sum(a_t b_(t + lag)) / sqrt(sum(a_t^2) sum(b_t^2)) of values about their mean (Box and Jenkins 1976, section 11.1), with missing
    values set to the mean: the same divisor at every lag, so that lags with few pairs do not stand out. `b` may have several rows.

    Examples
    --------
    What a does, b does one period later:

    >>> cross_correlation([0, 1, 0, 0, -1, 0], [0, 0, 1, 0, 0, -1], 1).tolist()
    [0.0, 0.0, 1.0]
    """
    one, other = _centred(np.asarray(a, dtype=float)), _centred(np.asarray(b, dtype=float))
    n = one.shape[-1]
    lead = np.zeros((2 * max_lag + 1, n))
    for lag in range(-max_lag, max_lag + 1):
        to = slice(max(lag, 0), n + min(lag, 0))
        lead[lag + max_lag, to] = one[max(-lag, 0) : n - max(lag, 0)]
    size = np.sqrt((one * one).sum() * (other * other).sum(axis=-1, keepdims=True))
    sums = other @ lead.T
    return np.asarray(np.divide(sums, size, out=np.zeros_like(sums), where=size > 0), dtype=float)


def _centred(values: Floats) -> Floats:
    with np.errstate(invalid="ignore"):
        count = np.isfinite(values).sum(axis=-1, keepdims=True)
        mean = np.nansum(values, axis=-1, keepdims=True) / np.maximum(count, 1)
    return np.nan_to_num(values - mean)


def lagged(
    a: ArrayLike, b: ArrayLike, max_lag: int, *, permutations: int, rng: np.random.Generator, block: int | None = None
) -> Lags:
    """Correlate two series at all lags, and compare the largest correlation with those of the second series shuffled.

    Parameters
    ----------
    a, b : array_like, shape (periods,)
        What is new in each period of either, as `prewhiten` returns it.
    max_lag : int
        The largest lag in either direction.
    permutations : int
        How often to shuffle.
    rng : Generator
        The source of random numbers.
    block : int, optional
        How many periods stay together; by default the cube root of the number of periods, rounded up.

    Notes
    -----
    `b` is rotated by a random number of periods and cut into blocks, which are shuffled: neighbours stay neighbours, so any remaining
    autocorrelation is kept, while any tie with `a` is lost. `p` is the share of orders (the observed one included) whose largest
    absolute correlation over all lags is at least the observed one, so it needs no correction for the number of lags.

    Examples
    --------
    >>> noise = np.random.default_rng(1).normal(size=201)
    >>> found = lagged(noise[1:], noise[:-1], 3, permutations=99, rng=np.random.default_rng(0))
    >>> int(found.correlation.argmax()) - 3, found.p
    (1, 0.01)
    """
    one, other = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    n = len(other)
    length = max(1, math.ceil(n ** (1 / 3) - 1e-9)) if block is None else block
    observed = cross_correlation(one, other, max_lag)

    # a thousand orders at a time, so that memory does not grow with the permutations
    n_blocks = math.ceil(n / length)
    shuffled = []
    for first in range(0, permutations, 1000):
        many = min(1000, permutations - first)
        order = rng.permuted(np.tile(np.arange(n_blocks), (many, 1)), axis=1)

        # blocks to periods; the last block may be short, and where the circle is cut is random
        index = (order[:, :, None] * length + np.arange(length)).reshape(many, -1)
        index = index[index < n].reshape(many, n)
        index = (index + rng.integers(n, size=(many, 1))) % n
        shuffled.append(cross_correlation(one, other[index], max_lag))

    null = np.concatenate(shuffled)
    low, high = np.quantile(null, [0.025, 0.975], axis=0)
    at_least = int((np.abs(null).max(axis=1) >= np.abs(observed).max() - 1e-12).sum())
    return Lags(observed, low, high, (1 + at_least) / (1 + permutations))
