"""Own the error of a search: how large a coded sample says it is, and how a rate is corrected by it, with intervals.

A search retrieves units (hits, articles); of those it leaves, a wider net holds some. Coders say which are relevant. With p the
share of the retrieved that is relevant, q that of the rest of the net, and K units in the rest for each one retrieved:
precision is p, recall p / (p + K q), and what a rate has to be multiplied with, precision / recall, is p + K q. These
are sums and ratios of two shares that are estimated from different units, so their intervals are had from those of the two.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from toolkit.measures.contrasts import quotient_interval
from toolkit.measures.intervals import Estimate

Floats = NDArray[np.float64]


class SearchError(NamedTuple):
    """How wrong a search is."""

    precision: Estimate
    recall: Estimate
    f1: Estimate
    correction: Estimate


def sampled_share(
    relevant: ArrayLike,
    weight: ArrayLike | None = None,
    stratum: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    *,
    confidence: float = 0.95,
) -> Estimate:
    r"""Estimate a share from a sample whose units stand for different numbers of others and can come in clusters.

    Parameters
    ----------
    relevant : array_like, shape (n,)
        1 or 0 for each unit of the sample.
    weight : array_like, optional
        How many units each stands for: those in its stratum, over those coded.
    stratum : array_like of int, optional
        The stratum each was drawn in.
    cluster : array_like of int, optional
        What units share their fate with, such as the story.
    confidence : float
        Nominal coverage.

    Returns
    -------
    Estimate
        NaN without a unit.

    Notes
    -----
    The share is sum(w y) / sum(w), which is Horvitz and Thompson's (1952) estimate, since the weights of a stratum sum to its
    size. The interval is Clopper and Pearson's (1934) with the effective sample size of Korn and Graubard (1998): n over the
    design effect v / (p (1 - p) / (n - 1)), at most n, and then, where units have unequal weights or come in clusters, reduced
    by the squared ratio of the normal quantile to that of t. Its degrees of freedom are the clusters less the strata, as theirs
    are; where units cluster, no more than the effective number of clusters with the rarer code, (sum W)^2 / sum W^2 over their
    weights of it. With theirs nominal 95 % covered .938 where few stories held all that was relevant.

    v is the linearised variance between the clusters of a stratum; where a cluster lies in two strata, and in strata with one
    cluster, about the share itself. Where all units agree the effective size is (sum W)^2 / sum W^2 over the weights W of
    clusters. With equal weights and no clusters the interval is Clopper and Pearson's.

    No correction is made for a finite number of units: what is wanted is how the search does on such texts, not only on these.
    Where everything was coded the share is the share; its interval still has a width.

    Examples
    --------
    Of 10 drawn from 100 of one outlet 5 are relevant, and all of 10 from 300 of another:

    >>> share = sampled_share([1] * 5 + [0] * 5 + [1] * 10, [10] * 10 + [30] * 10, [0] * 10 + [1] * 10)
    >>> [round(float(part), 3) for part in share]
    [0.875, 0.63, 0.982]
    """
    from scipy import special

    y = np.asarray(relevant, dtype=float)
    n = len(y)
    if n == 0:
        return Estimate(*(np.asarray(np.nan) for _ in range(3)))

    w = np.ones(n) if weight is None else np.asarray(weight, dtype=float)
    strata = np.zeros(n, dtype=np.int64) if stratum is None else np.unique(np.asarray(stratum), return_inverse=True)[1]
    clusters = np.arange(n) if cluster is None else np.unique(np.asarray(cluster), return_inverse=True)[1]
    share = float((w * y).sum() / w.sum())
    n_clusters = int(clusters.max()) + 1
    if n_clusters < len(np.unique(strata * n_clusters + clusters)):  # a cluster in two strata
        strata = np.zeros(n, dtype=np.int64)
    n_strata = int(strata.max()) + 1

    # the effective size: units over the design effect
    together = np.bincount(clusters, weights=w)
    if share in (0.0, 1.0):
        size = together.sum() ** 2 / (together * together).sum()
    else:
        variance = _variance(w * (y - share) / w.sum(), strata, clusters)
        drawn_alone = share * (1 - share) / max(n - 1, 1)
        size = n * min(1.0, drawn_alone / variance) if variance > 0 else float(n)

    # unequal weights and clusters make the variance itself uncertain
    tail = 0.5 - confidence / 2
    plain = n_clusters == n and bool(np.all(w == w[0]))
    if not plain:
        free = n_clusters - n_strata
        if 0 < share < 1 and n_clusters < n:
            # the rarer code says how far units come together, and few clusters may have it
            rare = np.bincount(clusters, weights=w * (y if share < 0.5 else 1 - y))
            free = min(free, rare.sum() ** 2 / (rare * rare).sum())
        size *= float(special.ndtri(tail) / special.stdtrit(max(free, 1), tail)) ** 2

    hits, misses = share * size, (1 - share) * size
    low = special.betaincinv(hits, misses + 1, tail) if hits > 0 else 0.0
    high = special.betainccinv(hits + 1, misses, tail) if misses > 0 else 1.0
    return Estimate(np.asarray(share), np.asarray(low, dtype=float), np.asarray(high, dtype=float))


def _variance(residual: Floats, strata: NDArray[np.int64], clusters: NDArray[np.int64]) -> float:
    """Return the variance of the sum of residuals, drawn by cluster within strata."""
    total = np.bincount(clusters, weights=residual)
    home = np.zeros(len(total), dtype=np.int64)
    home[clusters] = strata

    n_clusters = np.bincount(home)
    mean = np.where(n_clusters > 1, np.bincount(home, weights=total) / np.maximum(n_clusters, 1), 0.0)
    factor = np.where(n_clusters > 1, n_clusters / np.maximum(n_clusters - 1, 1), 1.0)
    return float((factor[home] * (total - mean[home]) ** 2).sum())


def sum_interval(one: Estimate, other: Estimate, factor: ArrayLike = 1.0) -> Estimate:
    """Return one + factor * other of two independent estimates, the factor not negative (Zou and Donner 2008: MOVER).

    Examples
    --------
    >>> ends = sum_interval(Estimate(*np.array([0.8, 0.7, 0.9])), Estimate(*np.array([0.1, 0.05, 0.2])), 2)
    >>> [round(float(part), 3) for part in ends]
    [1.0, 0.859, 1.224]
    """
    k = np.asarray(factor, dtype=float)
    value = one.value + k * other.value
    below = np.hypot(one.value - one.low, k * (other.value - other.low))
    above = np.hypot(one.high - one.value, k * (other.high - other.value))
    return Estimate(value, value - below, value + above)


def ratio_of(over: Estimate, under: Estimate) -> Estimate:
    """Return over / under of two independent estimates that are not negative; see `quotient_interval`.

    Examples
    --------
    24 of 73 over 53 of 65, with Wilson's intervals (Fagerland and Newcombe 2013 have .282 to .563):

    >>> from toolkit.measures.intervals import wilson
    >>> over, under = (Estimate(np.asarray(x / n), *wilson(x, n)) for x, n in ((24, 73), (53, 65)))
    >>> [round(float(part), 3) for part in ratio_of(over, under)]
    [0.403, 0.282, 0.563]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return Estimate(np.asarray(over.value / under.value), *quotient_interval(over, under))


def product_interval(one: Estimate, other: Estimate) -> Estimate:
    """Return one * other of two independent estimates that are not negative (MOVER on the logarithms).

    Where one of them is zero the ends are multiplied, which is wide.

    Examples
    --------
    >>> ends = product_interval(Estimate(*np.array([100.0, 50.0, 200.0])), Estimate(*np.array([0.8, 0.4, 1.6])))
    >>> [round(float(part), 1) for part in ends]
    [80.0, 30.0, 213.2]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        value = one.value * other.value
        below = np.hypot(np.log(one.value / one.low), np.log(other.value / other.low))
        above = np.hypot(np.log(one.high / one.value), np.log(other.high / other.value))
        some = value > 0
        low = np.where(some, value * np.exp(-below), one.low * other.low)
        high = np.where(some, value * np.exp(above), one.high * other.high)
    return Estimate(np.asarray(value), low, high)


def search_error(precision: Estimate, missed: Estimate, rest: ArrayLike) -> SearchError:
    r"""Return how wrong a search is, from the two shares that a coded sample gives.

    Parameters
    ----------
    precision : Estimate
        The share of the retrieved units that is relevant, p.
    missed : Estimate
        The share of the rest of the wider net that is relevant, q.
    rest : array_like
        Units in the rest of the net for each one retrieved, K.

    Returns
    -------
    SearchError
        precision = p, recall = p / (p + K q), f1 = 2 p / (1 + p + K q), and correction = precision / recall = p + K q.

    Notes
    -----
    Precision, recall and the correction are those of Stryker, Wray, Hornik and Yanovitzky (2006). Recall is
    1 / (1 + K q / p) and F1 is 2 / (1 + (1 + K q) / p), whose interval is that of the ratio (`ratio_of`); the correction is a
    sum (`sum_interval`). So it is not taken as a ratio of two independent estimates: precision and recall rise together.

    Examples
    --------
    80 of 100 hits are relevant, and 10 of 100 drawn from 300 other units of the net, for 600 hits in all:

    >>> p, q = sampled_share([1] * 80 + [0] * 20), sampled_share([1] * 10 + [0] * 90)
    >>> error = search_error(p, q, 300 / 600)
    >>> [round(float(part), 3) for part in error.recall]
    [0.941, 0.899, 0.97]
    >>> [round(float(part), 3) for part in error.correction]
    [0.85, 0.755, 0.933]
    """
    k = np.asarray(rest, dtype=float)
    left = Estimate(*(k * part for part in missed))
    odds = ratio_of(left, precision)
    more = ratio_of(Estimate(*(1 + part for part in left)), precision)
    with np.errstate(invalid="ignore"):
        recall = Estimate(*(1 / (1 + part) for part in (odds.value, odds.high, odds.low)))
        f1 = Estimate(*(2 / (1 + part) for part in (more.value, more.high, more.low)))
    return SearchError(precision, recall, f1, sum_interval(precision, missed, k))
