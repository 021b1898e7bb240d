"""Own who moves first: the correlation of two series at each lag, and what chance would make of it."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


class Lags(NamedTuple):
    """The correlation at each lag from -max_lag on, the middle 95 % of chance at each, and the p of the largest of all."""

    correlation: Floats
    null_low: Floats
    null_high: Floats
    p: float


def prewhiten(values: ArrayLike, *, most: int | None = None) -> tuple[Floats, int]:
    """Take from a series its straight line and what each value says of the next, and return what is new in each period.

    Parameters
    ----------
    values : array_like, shape (periods,)
        NaN where there is none.
    most : int, optional
        The longest memory to try; by default 10 log10(periods), and not more than a quarter of the values.

    Returns
    -------
    new : ndarray
        Residuals of an autoregression on the detrended values; NaN where a value or one of its predecessors is missing.
    order : int
        Its order, that with the least Bayesian information criterion, all compared on the same periods.

    Examples
    --------
    >>> new, order = prewhiten([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    >>> float(np.abs(new).max().round(9)), order
    (0.0, 0)
    """
    y = np.asarray(values, dtype=float)
    there = np.isfinite(y)
    n = int(there.sum())
    if n < 3:
        return np.full(len(y), np.nan), 0
    t = np.arange(len(y), dtype=float)
    line = np.polynomial.Polynomial.fit(t[there], y[there], 1)
    y = y - line(t)
    if np.nansum(y * y) <= 1e-20 * n * (1 + float(np.max(np.abs(line(t)))) ** 2):
        return np.where(there, 0.0, np.nan), 0
    longest = min(int(10 * math.log10(n)) if most is None else most, n // 4)
    past = np.column_stack(
        [np.concatenate([np.full(k, np.nan), y[: len(y) - k]]) for k in range(1, longest + 1)] or [y]
    )
    past = past[:, :longest]
    rows = np.isfinite(y) & np.isfinite(past).all(axis=1)
    criteria = []
    for order in range(longest + 1):
        size = int(rows.sum())
        if size < 2 * longest + 3:
            break
        rest = _rest(y[rows], past[rows, :order])
        criteria.append(size * math.log(max(float(rest @ rest) / size, 1e-300)) + order * math.log(size))
    order = int(np.argmin(criteria)) if criteria else 0
    usable = np.isfinite(y) & np.isfinite(past[:, :order]).all(axis=1)
    new = np.full(len(y), np.nan)
    new[usable] = _rest(y[usable], past[usable, :order])
    return new, order


def _rest(y: Floats, past: Floats) -> Floats:
    design = np.column_stack([np.ones(len(y)), past])
    return np.asarray(y - design @ np.linalg.lstsq(design, y, rcond=None)[0], dtype=float)


def cross_correlation(a: ArrayLike, b: ArrayLike, max_lag: int) -> Floats:
    """Return the correlation of a_t with b_(t + lag) for lag = -max_lag, ..., max_lag: at positive lags a comes first.

    Notes
    -----
    sum(a_t b_(t + lag)) / sqrt(sum(a_t^2) sum(b_t^2)) of values about their mean (Box and Jenkins 1976, section 11.1), with missing
    values as their mean: the same divisor at every lag, so that lags with few pairs do not stand out. `b` may have several rows.

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
    """Correlate two series at all lags, and compare the largest with that of the second series in a shuffled order.

    Parameters
    ----------
    a, b : array_like, shape (periods,)
        What is new in each period of the two, as `prewhiten` returns it.
    max_lag : int
        The largest lag, either way.
    permutations : int
        How often to shuffle.
    rng : Generator
        Where chance comes from.
    block : int, optional
        How many periods stay together; by default the cube root of the number of periods, rounded up.

    Notes
    -----
    `b` is turned round by a chance number of periods, cut into blocks, and the blocks are shuffled: neighbours stay neighbours, so what
    autocorrelation is left stays in, while any tie with `a` is lost. `p` is the share of orders (with the one found) whose largest
    absolute correlation over all lags is at least the one found, so it needs no correction for the number of lags.

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
    found = cross_correlation(one, other, max_lag)
    n_blocks = math.ceil(n / length)
    shuffled = []
    for first in range(0, permutations, 1000):
        many = min(1000, permutations - first)
        order = rng.permuted(np.tile(np.arange(n_blocks), (many, 1)), axis=1)
        index = (order[:, :, None] * length + np.arange(length)).reshape(many, -1)
        index = index[index < n].reshape(many, n)
        index = (index + rng.integers(n, size=(many, 1))) % n
        shuffled.append(cross_correlation(one, other[index], max_lag))
    null = np.concatenate(shuffled)
    low, high = np.quantile(null, [0.025, 0.975], axis=0)
    at_least = int((np.abs(null).max(axis=1) >= np.abs(found).max() - 1e-12).sum())
    return Lags(found, low, high, (1 + at_least) / (1 + permutations))
