"""Own the smoothing of rates: a local line through hits over words, with an interval whose unit is the story."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from toolkit.measures.intervals import StorySums, ratio_interval

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Pairs(NamedTuple):
    """Stories that lie in more than one period of a series: one entry for each pair of a story's periods.

    `series`, `one` and `other` name the series and the two periods; the other fields are 2 x x', x n' + x' n and 2 n n' for
    the story's hits and denominators in the two. Entries of the same two periods may be added up.
    """

    series: Ints
    one: Ints
    other: Ints
    xx: Floats
    xn: Floats
    nn: Floats


class Smooth(NamedTuple):
    """The smooth line and its interval, each (series, periods); NaN where a period has no denominator."""

    rate: Floats
    low: Floats
    high: Floats


def local_line(
    sums: StorySums,
    bandwidth: float,
    *,
    pairs: Pairs | None = None,
    confidence: float = 0.95,
    whole: bool = False,
    bundle: ArrayLike | None = None,
    rest: ArrayLike | None = None,
) -> Smooth:
    r"""Fit a local line through rates, with an interval; each period is weighted by its denominator.

    Parameters
    ----------
    sums : StorySums
        Sums over the stories of each period; each is an array (series, periods).
    bandwidth : float
        How many periods away from the middle the weight falls to zero.
    pairs : Pairs, optional
        The stories that lie in several periods.
    confidence, whole, bundle, rest
        As in `toolkit.measures.intervals.ratio_interval`.

    Returns
    -------
    Smooth
        The line at each period that has a denominator, and the ends of its interval, as proportions.

    Notes
    -----
    At period t the line is fitted by least squares to r_i = x_i / n_i with the weights K((i - t) / bandwidth) n_i, where K is
    the tricube (1 - |u|^3)^3 (Cleveland 1979). Its height at t is a ratio of weighted sums, sum(a_i x_i) / sum(a_i n_i) with
    a_i = K_i (S2 - S1 (i - t)) and S_k = sum(K_i n_i (i - t)^k) (Fan and Gijbels 1996, section 3.2). So stories enter as they
    do in a rate, x_s and n_s times the weight of their period, and the interval is `ratio_interval` of these sums, with the
    weights scaled so that their denominator is the words that equal weights would need, (sum a n)^2 / sum(a^2 n). Where a
    line would fall below zero it is zero.

    The interval is that of the smoothed rate: a jump inside the bandwidth is drawn as a slope.

    Examples
    --------
    Rates that lie on a line stay where they are; a period without words stays empty:

    >>> n = np.array([[100.0, 200.0, 0.0, 400.0]])
    >>> x = np.array([[1.0, 4.0, 0.0, 16.0]])
    >>> sums = StorySums(np.full((1, 4), 9.0), x, n, x, x, n)
    >>> local_line(sums, 4).rate.round(4).tolist()
    [[0.01, 0.02, nan, 0.04]]
    """
    n = np.asarray(sums.n, dtype=float)
    line = _Lines(n, bandwidth)
    total = line.sum(n)

    # the words and stories that equal weights would need
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = total / line.sum_of_squares(n)
        stories = line.sum(sums.stories) ** 2 / line.sum_of_squares(sums.stories)

    # a story in several periods moves all of them
    xx, xn, nn = (line.sum_of_squares(part) for part in (sums.xx, sums.xn, sums.nn))
    if pairs is not None and len(pairs.one):
        more = line.sums_of_pairs(pairs)
        xx, xn, nn = xx + more[0], xn + more[1], nn + more[2]

    # below the threshold is what rounding leaves of zero
    x = line.sum(sums.x)
    some = x > 1e-9 * line.kernel_sum(sums.x) * np.abs(line.level)
    hits = np.where(some, x, 0.0)

    weighted = StorySums(
        stories,
        (np.minimum(hits, total) if whole else hits) * scale,
        total * scale,
        np.where(some, xx * scale**2, 0.0),
        np.where(some, xn * scale**2, 0.0),
        nn * scale**2,
    )
    low, high = ratio_interval(weighted, confidence=confidence, whole=whole, bundle=bundle, rest=rest)

    covered = n > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = weighted.x / weighted.n
    return Smooth(*(np.where(covered, part, np.nan) for part in (rate, np.fmin(low, rate), np.fmax(high, rate))))


def choose_bandwidth(x: ArrayLike, n: ArrayLike, *, undersmooth: float = 0.5) -> float:
    """Choose one bandwidth for all series by leave-one-out cross-validation over periods.

    Parameters
    ----------
    x, n : array_like, shape (series, periods)
        Hits and denominators; n is 0 in a period that is not covered.
    undersmooth : float
        The bandwidth that predicts best is multiplied by this. What predicts best is off by about as much as its error, so
        an interval round it would miss the rate at peaks.

    Notes
    -----
    Among 2, 2.8, 4, ... up to the number of periods it takes the bandwidth with the least sum of n_t (r_t - m_t)^2, where m_t is
    the local line through all periods but t (a series that has no other period within the bandwidth is predicted by its
    overall rate). Never below 2 periods.

    Examples
    --------
    >>> choose_bandwidth([[5, 5, 5, 5, 5, 5, 5, 5]], [[100] * 8])
    4.0
    """
    hits, size = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
    longest = max(2.0, float(hits.shape[1]))
    tried = [min(2.0 * 2 ** (k / 2), longest) for k in range(1 + math.ceil(2 * math.log2(longest / 2)))]
    errors = [_left_out(hits, size, bandwidth) for bandwidth in tried]
    with np.errstate(divide="ignore", invalid="ignore"):
        nothing = 1e-12 * float(np.nansum(hits * hits / size))  # what rounding makes of no error
    best = max(h for h, error in zip(tried, errors, strict=True) if error <= min(errors) * (1 + 1e-9) + nothing)
    return max(2.0, undersmooth * best)


def _left_out(x: Floats, n: Floats, bandwidth: float) -> float:
    """Return the squared errors of predicting each period from the others, weighted by the denominators."""
    line = _Lines(n, bandwidth)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate, smooth = x / n, line.sum(x) / line.sum(n)
        leverage = line.level * n / line.sum(n)
        overall = x.sum(axis=1, keepdims=True) / n.sum(axis=1, keepdims=True)
        error = np.where(leverage < 1 - 1e-9, (rate - smooth) / (1 - leverage), rate - overall)
    return float(np.sum(np.where(n > 0, n * error * error, 0.0)))


class _Lines:
    """The weights a_i = K_i (level + slope (i - t)) of local lines at all periods of all series."""

    def __init__(self, n: Floats, bandwidth: float) -> None:
        self.reach = max(0, math.ceil(bandwidth) - 1)
        self.distance = np.arange(-self.reach, self.reach + 1, dtype=float)
        self.kernel = (1 - np.abs(self.distance / bandwidth) ** 3) ** 3
        s0, s1, s2 = (self._slide(n, self.kernel * self.distance**k) for k in range(3))
        flat = s0 * s2 - s1 * s1 <= 1e-9 * s0 * s2  # one period within reach: a line needs two
        with np.errstate(divide="ignore", invalid="ignore"):
            self.slope = np.where(flat, 0.0, -s1 / s2)
        self.level = np.ones_like(s0)

    @staticmethod
    def _slide(values: Floats, weights: Floats) -> Floats:
        from scipy.ndimage import correlate1d

        sums = correlate1d(np.asarray(values, dtype=float), weights, axis=1, mode="constant", cval=0.0)
        return np.asarray(sums, dtype=float)

    def kernel_sum(self, values: Floats) -> Floats:
        return self._slide(values, self.kernel)

    def sum(self, values: Floats) -> Floats:
        return self.level * self.kernel_sum(values) + self.slope * self._slide(values, self.kernel * self.distance)

    def sum_of_squares(self, values: Floats) -> Floats:
        parts = [self._slide(values, self.kernel**2 * self.distance**k) for k in range(3)]
        return self.level**2 * parts[0] + 2 * self.level * self.slope * parts[1] + self.slope**2 * parts[2]

    def sums_of_pairs(self, pairs: Pairs) -> list[Floats]:
        """Return sum(a_one a_other v) at each period, for the three products v."""
        n_series, n_periods = self.level.shape
        sums = [np.zeros(n_series * n_periods) for _ in range(3)]
        for step in range(-self.reach, self.reach + 1):
            at = pairs.one + step
            away = pairs.other - at
            inside = (at >= 0) & (at < n_periods) & (np.abs(away) <= self.reach)
            where = pairs.series[inside] * n_periods + at[inside]
            level, slope = self.level.ravel()[where], self.slope.ravel()[where]
            weight = self.kernel[self.reach - step] * self.kernel[away[inside] + self.reach]
            weight = weight * (level - slope * step) * (level + slope * away[inside])
            for total, product in zip(sums, (pairs.xx, pairs.xn, pairs.nn), strict=True):
                total += np.bincount(where, weights=weight * product[inside], minlength=len(total))
        return [total.reshape(n_series, n_periods) for total in sums]
