"""Own contrasts: differences and ratios of two rates that can share stories, with intervals and p-values.

The two arms keep the intervals that they have by themselves; how far their estimates move together is taken from the
stories that lie in both.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from toolkit.measures.intervals import Estimate, StorySums, ratio_interval

Floats = NDArray[np.float64]
Ends = tuple[Floats, Floats]

UNSEEN = 4.0  # stories that do not move together, added to those that were seen
SMALLEST_P = 1e-10
MOST_STEPS = 60  # of the search for log p, which mostly takes ten


class SharedSums(NamedTuple):
    """Five sums over the stories that lie in both arms of each pair; those of two halves of a corpus add up.

    With `x` the hits and `n` the denominator of a story in the first arm and in the second: `stories` is the number of stories in both
    arms, the others are sums of the products `x1 * x2`, `x1 * n2`, `n1 * x2` and `n1 * n2`.
    """

    stories: Floats
    xx: Floats
    xn: Floats
    nx: Floats
    nn: Floats


def story_correlation(one: StorySums, other: StorySums, shared: SharedSums, *, unseen: float = UNSEEN) -> Floats:
    r"""Return how far two ratios x / n move together through the stories that both arms print, as far as it is known.

    Parameters
    ----------
    one, other : StorySums
        Sums over the stories of the first arm and of the second.
    shared : SharedSums
        Sums over the stories that lie in both.
    unseen : float
        How many stories that do not move together are added to those that were seen; 0 gives the plain correlation.

    Returns
    -------
    ndarray
        Between -1 and 1; 0 where an arm shows no spread, or no story is shared.

    Notes
    -----
    With the residuals e = x - r n of each arm (r = X / N), the correlation of the linearised ratios is rho = sum(e1 e2) over shared
    stories, by the root of sum(e1^2) sum(e2^2), each over its arm. A positive one makes the interval of a difference
    narrower. Few stories say little about it: where all that were seen agree, rho is 1, and the difference would be known
    without error. So it is taken as rho h / (h + 4), as if four stories more had been seen that do not move together; h is
    the effective number of stories that carry the hits, or the rest, in the arm where it is smallest, (sum x)^2 / sum(x^2) and
    (sum(n - x))^2 / sum((n - x)^2). With the plain rho nominal 95 % covered .71 in the simulations, where an outlet
    prints what another does but for a few stories. A negative rho, which makes an interval wider, is taken as it is.

    Examples
    --------
    Both print the same five stories, and the first of them adds a hit of its own:

    >>> from toolkit.measures.intervals import story_sums
    >>> one = story_sums([2, 1, 0, 1, 0], [100] * 5)
    >>> other = story_sums([1, 1, 0, 1, 0], [100] * 5)
    >>> both = SharedSums(*(np.array([value]) for value in (5.0, 4.0, 400.0, 300.0, 50_000.0)))
    >>> round(float(story_correlation(one, other, both)[0]), 3)
    0.349
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        r1, r2 = one.x / one.n, other.x / other.n
        together = shared.xx - r2 * shared.xn - r1 * shared.nx + r1 * r2 * shared.nn
        spread1 = one.xx - 2 * r1 * one.xn + r1 * r1 * one.nn
        spread2 = other.xx - 2 * r2 * other.xn + r2 * r2 * other.nn

        plain = np.clip(together / np.sqrt(spread1 * spread2), -1.0, 1.0)
        seen = np.minimum.reduce([*_effective(one), *_effective(other)])
        credited = np.where(plain > 0, plain * seen / (seen + unseen), plain)
        # below the thresholds is what rounding leaves where all stories of an arm agree
        known = (spread1 > 1e-12 * one.xx) & (spread2 > 1e-12 * other.xx) & (shared.stories > 0)
    return np.where(known, credited, 0.0)


def _effective(sums: StorySums) -> tuple[Floats, Floats]:
    """Return the effective numbers of stories that carry the hits, and what is no hit."""
    others = sums.n - sums.x
    return sums.x**2 / sums.xx, others**2 / (sums.nn - 2 * sums.xn + sums.xx)


def difference_interval(one: Estimate, other: Estimate, correlation: ArrayLike = 0.0) -> Ends:
    r"""Return the interval of r1 - r2 from the intervals of r1 and of r2.

    Parameters
    ----------
    one, other : Estimate
        The two arms, r1 and r2 with their intervals, all of one confidence, which is then that of the result.
    correlation : array_like
        Of the two estimates; `story_correlation` gives it.

    Returns
    -------
    low, high : ndarray
        NaN where an arm is.

    Notes
    -----
    MOVER, "method of variance estimates recovery" (Zou 2007; Zou and Donner 2008): with a = r1 - low1 and b = high2 - r2, the
    lower end is r1 - r2 - sqrt(a^2 - 2 rho a b + b^2), and the upper likewise with the other ends. Of two Wilson intervals
    without correlation it is the method 10 of Newcombe (1998).

    Examples
    --------
    56 of 70 and 48 of 80 (Newcombe 1998, table II (a)):

    >>> from toolkit.measures.intervals import wilson
    >>> one, other = (Estimate(x / n, *wilson(x, n)) for x, n in ((56, 70), (48, 80)))
    >>> low, high = difference_interval(one, other)
    >>> round(float(low), 4), round(float(high), 4)
    (0.0524, 0.3339)
    """
    r1, low1, high1, r2, low2, high2, rho = _arrays(*one, *other, correlation)
    low = r1 - r2 - _reach(r1 - low1, high2 - r2, rho)
    high = r1 - r2 + _reach(high1 - r1, r2 - low2, rho)
    return low, high


def quotient_interval(one: Estimate, other: Estimate, correlation: ArrayLike = 0.0) -> Ends:
    r"""Return the interval of r1 / r2 from the intervals of r1 and of r2.

    Parameters
    ----------
    one, other, correlation
        As of `difference_interval`; no number of the arms is below 0.

    Returns
    -------
    low, high : ndarray
        The lower end is 0 where the first arm can be 0, the upper infinite where the second can; NaN where an arm is.

    Notes
    -----
    MOVER for ratios (Donner and Zou 2012, equation 9): the ends are the q at which the interval of r1 - q r2 just holds
    0, so that of the ratio excludes 1 exactly where that of the difference excludes 0, and turning the arms round turns
    the ends upside down. With a2 = high2 (2 r2 - high2), b = r1 r2 - rho (r1 - low1) (high2 - r2) and c = low1 (2 r1 -
    low1), the lower end is the smaller root of a2 q^2 - 2 b q + c, here as c / (b + sqrt(b^2 - a2 c)), which holds
    where a2 is not positive, too; where b is negative, so that this would cancel, as (b - sqrt(b^2 - a2 c)) / a2, and
    the upper end likewise.

    Examples
    --------
    >>> low, high = quotient_interval(Estimate(0.4, 0.3, 0.5), Estimate(0.2, 0.1, 0.3))
    >>> round(float(low), 3), round(float(high), 3)
    (1.214, 4.12)
    """
    r1, low1, high1, r2, low2, high2, rho = _arrays(*one, *other, correlation)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        a, b, c = high2 * (2 * r2 - high2), r1 * r2 - rho * (r1 - low1) * (high2 - r2), low1 * (2 * r1 - low1)
        root = np.sqrt(np.maximum(b * b - a * c, 0.0))
        low = np.where(c > 0, np.where(b < 0, (b - root) / a, c / (b + root)), 0.0)

        a, b, c = low2 * (2 * r2 - low2), r1 * r2 - rho * (high1 - r1) * (r2 - low2), high1 * (2 * r1 - high1)
        root = np.sqrt(np.maximum(b * b - a * c, 0.0))
        high = np.where(a > 0, np.where(b < 0, c / (b - root), (b + root) / a), np.inf)

    known = np.isfinite(r1) & np.isfinite(r2)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def p_value(
    arms: Callable[[Floats, NDArray[np.int64]], tuple[Floats, Floats, Floats, Floats]],
    r1: ArrayLike,
    r2: ArrayLike,
    correlation: ArrayLike = 0.0,
    *,
    confidence: float = 0.95,
) -> Floats:
    """Return 1 - the confidence at which the interval of r1 - r2 just touches 0.

    Parameters
    ----------
    arms : callable
        Takes the places of some pairs (in the order of the flat array) and a confidence for each of these, confidences first,
        and returns their ends low1, high1, low2, high2.
    r1, r2, correlation : array_like
        As of `difference_interval`.
    confidence : float
        Of the interval that is shown beside: p is below 1 - confidence exactly where that interval excludes 0.

    Returns
    -------
    ndarray
        Two-sided p. One below 1e-10 is given as 1e-10. 1 where r1 = r2 or no interval excludes 0; NaN where an arm is.

    Examples
    --------
    >>> from toolkit.measures.intervals import wilson
    >>> def arms(level, at):
    ...     return (*wilson([56], [70], confidence=level), *wilson([48], [80], confidence=level))
    >>> round(float(p_value(arms, [56 / 70], [48 / 80])[0]), 4)
    0.0081
    """
    pairs = np.broadcast_arrays(*(np.asarray(part, dtype=float) for part in (r1, r2, correlation)))
    shape = pairs[0].shape
    first, second, rho = (part.ravel() for part in pairs)
    above = first > second

    def room(level: Floats, at: NDArray[np.int64]) -> Floats:
        """Return how far the interval stays away from 0; negative where it holds it."""
        low1, high1, low2, high2 = arms(level, at)
        one, other = Estimate(first[at], low1, high1), Estimate(second[at], low2, high2)
        low, high = difference_interval(one, other, rho[at])
        return np.where(above[at], low, -high)

    at = np.arange(first.size)
    shown = room(np.full(first.shape, confidence), at)
    excluded = shown > 0
    alpha = np.log(1 - confidence)

    # log p lies between two ends; false position on them, and the end that stays loses half its weight (Illinois)
    end = np.where(excluded, np.log(SMALLEST_P), np.log1p(-SMALLEST_P))
    at_end = room(-np.expm1(end), at)
    low, high = np.where(excluded, end, alpha), np.where(excluded, alpha, end)
    at_low, at_high = np.where(excluded, at_end, shown), np.where(excluded, shown, at_end)
    never = np.where(excluded, at_end > 0, at_end <= 0)

    side = np.zeros(first.shape)
    at = np.flatnonzero(~never & (first != second) & np.isfinite(shown))
    for _ in range(MOST_STEPS):
        if not len(at):
            break
        left, right, f_left, f_right = low[at], high[at], at_low[at], at_high[at]
        with np.errstate(divide="ignore", invalid="ignore"):
            guess = (left * f_right - right * f_left) / (f_right - f_left)
        guess = np.where((guess > left) & (guess < right), guess, (left + right) / 2)

        # where the interval stays away from 0, log p lies below the guess
        at_guess = room(-np.expm1(guess), at)
        out = at_guess > 0
        at_low[at] = np.where(out, np.where(side[at] > 0, f_left / 2, f_left), at_guess)
        at_high[at] = np.where(out, at_guess, np.where(side[at] < 0, f_right / 2, f_right))
        low[at], high[at] = np.where(out, left, guess), np.where(out | (at_guess == 0), guess, right)
        side[at] = np.where(out, 1.0, -1.0)
        at = at[high[at] - low[at] > 1e-6]  # each pair until it is near enough, so that its p depends on no other

    p = np.exp(np.where(never, end, (low + high) / 2))
    p = np.where(first == second, 1.0, p)
    return np.where(np.isfinite(first) & np.isfinite(second), p, np.nan).reshape(shape)


class Contrast(NamedTuple):
    """Two ratios of totals against each other, one value per pair of arms; `difference` is the first less the second."""

    difference: Floats
    low: Floats
    high: Floats
    ratio: Floats
    ratio_low: Floats
    ratio_high: Floats
    correlation: Floats
    p: Floats


def contrast(
    one: StorySums,
    other: StorySums,
    shared: SharedSums | None = None,
    *,
    confidence: float = 0.95,
    whole: bool = False,
    bundle: ArrayLike | None = None,
    rest: ArrayLike | None = None,
) -> Contrast:
    """Return difference and ratio of two rates or shares, each with its interval, and the p-value of no difference.

    Parameters
    ----------
    one, other : StorySums
        Sums over the stories of the first arm and of the second, one value per pair.
    shared : SharedSums, optional
        Sums over the stories that lie in both; without it there are none.
    confidence, whole, bundle, rest
        As of `toolkit.measures.intervals.ratio_interval`.

    Returns
    -------
    Contrast
        `difference`, first less second, with `low` and `high`; `ratio`, first by second, with `ratio_low` and `ratio_high`;
        `correlation` as `story_correlation` gives it; `p`, two-sided. All as proportions; NaN where an arm has no n.

    Notes
    -----
    The arms' intervals are those of `ratio_interval`, put together by MOVER. In the settings of a simulation
    (tests/benchmarks/interval_coverage.md: sources that share none, a third or nearly all of their stories, a source and the rest, periods)
    nominal 95 % never covered less than 94 %.

    Examples
    --------
    Hits in four stories of 500 words, and in none of four others:

    >>> from toolkit.measures.intervals import story_sums
    >>> found = contrast(story_sums([2, 1, 1, 3], [500] * 4), story_sums([0] * 4, [500] * 4), bundle=2)
    >>> [round(float(end[0]) * 1000, 2) for end in (found.difference, found.low, found.high)], round(float(found.p[0]), 2)
    ([3.5, -0.97, 12.52], 0.12)
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        r1, r2 = one.x / one.n, other.x / other.n
        quotient = r1 / r2
    rho = np.zeros(r1.shape) if shared is None else story_correlation(one, other, shared)

    flat = [StorySums(*(np.broadcast_to(part, r1.shape).ravel() for part in arm)) for arm in (one, other)]
    shown = [
        None if part is None else np.broadcast_to(np.asarray(part, dtype=float), r1.shape).ravel()
        for part in (bundle, rest)
    ]

    def arms(level: float | Floats, at: NDArray[np.int64] | slice) -> tuple[Floats, Floats, Floats, Floats]:
        bundles, others = (None if part is None else part[at] for part in shown)
        first, second = (
            ratio_interval(
                StorySums(*(part[at] for part in arm)), confidence=level, whole=whole, bundle=bundles, rest=others
            )
            for arm in flat
        )
        return (*first, *second)

    low1, high1, low2, high2 = (end.reshape(r1.shape) for end in arms(confidence, slice(None)))
    first, second = Estimate(r1, low1, high1), Estimate(r2, low2, high2)
    low, high = difference_interval(first, second, rho)
    ratio_low, ratio_high = quotient_interval(first, second, rho)
    p = p_value(arms, r1, r2, rho, confidence=confidence)
    return Contrast(r1 - r2, low, high, quotient, ratio_low, ratio_high, rho, p)


def _arrays(*parts: ArrayLike) -> tuple[Floats, ...]:
    return tuple(np.asarray(part, dtype=float) for part in parts)


def _reach(a: Floats, b: Floats, rho: Floats) -> Floats:
    return np.sqrt(np.maximum(a * a - 2 * rho * a * b + b * b, 0.0))
