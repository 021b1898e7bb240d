"""Own the breaks of a level: the best places of any number of them, and how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Partitions(NamedTuple):
    """The best partitions of several series: `cost` (series, number of breaks), and for each end where its last part began."""

    cost: Floats
    began: NDArray[np.int32]

    def breaks(self, series: int, n_breaks: int) -> list[int]:
        """Return how many periods stand before each break, of the best partition with that many."""
        end, found = self.began.shape[2] - 1, []
        for k in range(n_breaks, 0, -1):
            end = int(self.began[k, series, end])
            found.append(end)
        return found[::-1]


def stabilise(x: ArrayLike, n: ArrayLike, *, whole: bool = False) -> tuple[Floats, Floats]:
    """Return rates on a scale on which their spread does not depend on their height, and their weights.

    The square root of a rate (of a Poisson count), the arcsine of the root of a share (of a binomial one; Bartlett 1947); the
    weights are the denominators over their mean, so that a period without one weighs nothing.

    Examples
    --------
    >>> [part.tolist() for part in stabilise([4, 0, 0], [100, 100, 0])]
    [[0.2, 0.0, 0.0], [1.5, 1.5, 0.0]]
    """
    hits, size = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
    rate = np.divide(hits, size, out=np.zeros(np.broadcast_shapes(hits.shape, size.shape)), where=size > 0)
    mean = size.mean(axis=-1, keepdims=True)
    weights = np.divide(size, mean, out=np.zeros_like(size), where=mean > 0)
    return (np.arcsin(np.sqrt(np.minimum(rate, 1.0))) if whole else np.sqrt(rate)), weights


def best_partitions(values: ArrayLike, weights: ArrayLike, *, max_breaks: int, min_size: int) -> Partitions:
    """Find the partitions with the least squares for every number of breaks, of many series at once.

    Parameters
    ----------
    values, weights : array_like, shape (series, periods)
        What has a level, and how much each period counts.
    max_breaks : int
        The largest number of breaks to look for.
    min_size : int
        The fewest periods between two breaks.

    Returns
    -------
    Partitions
        The cost is the weighted sum of squares about the weighted mean of each part; infinite where so many breaks do not fit.

    Notes
    -----
    The recursion of Bellman (1961), as in Bai and Perron (2003): exact, like `optimal_breaks`, and for resamples, of which there
    are hundreds, all at one time.

    Examples
    --------
    >>> found = best_partitions([[1, 1, 1, 5, 5, 5]], np.ones((1, 6)), max_breaks=1, min_size=2)
    >>> found.cost.tolist(), found.breaks(0, 1)
    ([[24.0, 0.0]], [3])
    """
    y, w = np.asarray(values, dtype=float), np.asarray(weights, dtype=float)
    n_series, n = y.shape
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = np.nan_to_num((w * y).sum(axis=1, keepdims=True) / w.sum(axis=1, keepdims=True))
    y = y - middle  # so that the differences below keep their digits
    start = np.zeros((n_series, 1))
    mass, first, second = (np.hstack([start, np.cumsum(part, axis=1)]) for part in (w, w * y, w * y * y))

    def cost(begin: slice, end: int) -> Floats:
        size, total = mass[:, [end]] - mass[:, begin], first[:, [end]] - first[:, begin]
        squares = second[:, [end]] - second[:, begin]
        return np.maximum(squares - np.divide(total * total, size, out=np.zeros_like(size), where=size > 0), 0.0)

    best = np.full((max_breaks + 1, n_series, n + 1), np.inf)
    began = np.zeros((max_breaks + 1, n_series, n + 1), dtype=np.int32)
    for end in range(min_size, n + 1):
        best[0, :, end] = cost(slice(0, 1), end)[:, 0]
        last = slice(min_size, end - min_size + 1)
        if last.stop <= last.start:
            continue
        part = cost(last, end)
        for k in range(1, min(max_breaks, end // min_size - 1) + 1):
            whole = best[k - 1, :, last] + part
            at = whole.argmin(axis=1)
            best[k, :, end] = whole[np.arange(n_series), at]
            began[k, :, end] = at + min_size
    return Partitions(best[:, :, n].T.copy(), began)


def optimal_breaks(values: ArrayLike, weights: ArrayLike, n_breaks: int, *, min_size: int) -> list[int]:
    """Find the best partition of one series with `ruptures.Dynp` (Truong, Oudre and Vayatis 2020).

    Returns
    -------
    list of int
        How many periods stand before each break; ruptures' own answer without the number of periods that it appends.

    Examples
    --------
    >>> optimal_breaks([1, 1, 1, 5, 5, 5], [1] * 6, 1, min_size=2)
    [3]
    """
    import ruptures
    from ruptures.base import BaseCost

    class WeightedMean(BaseCost):  # ruptures' own l2 takes all periods as equal
        model, min_size = "weighted mean", 1

        def fit(self, signal: Floats) -> WeightedMean:
            self.signal = signal
            y, w = signal.T
            parts = (w, w * (y - y.mean()), w * (y - y.mean()) ** 2)
            self.sums = [[0.0, *np.cumsum(part).tolist()] for part in parts]
            return self

        def error(self, start: int, end: int) -> float:
            size, total, squares = (part[end] - part[start] for part in self.sums)
            return squares - total * total / size if size > 0 else 0.0

    if n_breaks == 0:
        return []
    signal = np.column_stack([np.asarray(values, dtype=float), np.asarray(weights, dtype=float)])
    search = ruptures.Dynp(custom_cost=WeightedMean(), min_size=min_size, jump=1).fit(signal)
    return [int(end) for end in search.predict(n_bkps=n_breaks)[:-1]]


def memory(values: ArrayLike, weights: ArrayLike, breaks: Sequence[int] = ()) -> float:
    """Estimate how much of a period's noise lasts into the next, whatever the level does.

    Parameters
    ----------
    values, weights : array_like, shape (periods,)
        The series, and how much each period counts.
    breaks : sequence of int
        How many periods stand before each break; differences across one are not looked at.

    Returns
    -------
    float
        The coefficient of a first-order autoregression, held between 0 and .9; 0 where there are too few periods to tell.

    Notes
    -----
    Of such a series the mean square of differences two periods apart is 1 + rho times that of neighbours, and a level that stays the
    same within a part has no say in either (after Chakar, Lebarbier, Levy-Leduc and Robin 2017, who take medians of all differences, which
    need longer series). A difference weighs as much as its two periods allow, 1 / (1 / w + 1 / w').

    Examples
    --------
    A slow wave, whose neighbours differ by 1 and those two apart by 2, 0, 2, ...; and one change of level in a fast one:

    >>> memory([0, 1, 2, 1, 0, 1, 2, 1, 0], [1] * 9)
    0.9
    >>> memory([1, 2, 1, 2, 1, 6, 5, 6, 5, 6], [1] * 10, [5])
    0.0
    """
    y, w = np.asarray(values, dtype=float), np.asarray(weights, dtype=float)
    part = np.searchsorted(np.asarray(breaks, dtype=np.int64), np.arange(len(y)), side="right")
    squares = []
    for apart in (1, 2):
        both = w[apart:] + w[:-apart]
        weight = np.divide(w[apart:] * w[:-apart], both, out=np.zeros_like(both), where=both > 0)
        weight = np.where(part[apart:] == part[:-apart], weight, 0.0)
        total = float(weight.sum())
        squares.append(float((weight * (y[apart:] - y[:-apart]) ** 2).sum()) / total if total > 0 else 0.0)
    return float(np.clip(squares[1] / squares[0] - 1, 0.0, 0.9)) if squares[0] > 0 else 0.0


def without_memory(values: ArrayLike, rho: float) -> Floats:
    """Return each value less what the one before leads to expect, y_t - rho y_(t - 1); of the first, y_1 (1 - rho).

    A change of level stays one, at the same period.

    Examples
    --------
    >>> without_memory([[1.0, 1.0, 5.0, 5.0]], 0.5).tolist()
    [[0.5, 0.5, 4.5, 2.5]]
    """
    y = np.asarray(values, dtype=float)
    return y - rho * np.concatenate([y[..., :1], y[..., :-1]], axis=-1)


def bic(cost: ArrayLike, n: int, *, corrected: bool = True) -> Floats:
    """Return the Bayesian information criterion of 0, 1, 2, ... breaks from their sums of squares.

    Parameters
    ----------
    cost : array_like, shape (..., number of breaks + 1)
        Weighted sums of squares.
    n : int
        The number of periods.
    corrected : bool
        With McQuarrie's correction for few periods, without which three in ten series of 17 independent periods without a break get one.

    Notes
    -----
    n (log(cost / n) + 1 + log 2 pi) + 2 (m + 1) log n, as in strucchange (Zeileis et al. 2003): of m breaks, each with a level of its
    own, the parameters are m places, m + 1 levels and a variance. Corrected, each of the 2 m + 1 parameters other than the variance
    counts n / (n - 2 m - 3) times (McQuarrie 1999). With weights the same holds but for a constant. Yao (1988) shows that the number
    with the least criterion is right in the long run where periods are independent. A cost of nothing but rounding is
    taken as 1e-12 of the largest.

    Examples
    --------
    >>> bic([24.0, 6.0], 6, corrected=False).round(2).tolist()
    [28.93, 24.19]
    """
    squares = np.asarray(cost, dtype=float)
    least = 1e-12 * squares.max(axis=-1, keepdims=True, initial=0.0, where=np.isfinite(squares))
    m = np.arange(squares.shape[-1])
    left = n - 2 * m - 3
    with np.errstate(divide="ignore"):
        deviance = n * (np.log(np.maximum(squares, least) / n) + 1 + np.log(2 * np.pi))
        factor = np.where(left > 0, n / left, np.inf) if corrected else 1.0
    return np.asarray(deviance + ((2 * m + 1) * factor + 1) * np.log(n), dtype=float)
