"""Own how two groupings of the same things are held against each other: overlaps, one-to-one matches, ranked words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def group_jaccard(one: ArrayLike, other: ArrayLike, n_one: int, n_other: int) -> Floats:
    """Jaccard index of each group of one grouping with each of another: shared members over all members of the two.

    A group that is more than half shared (above 0.5) is so with one group only: two groups without a common member
    cannot both hold more than half of what either of them makes up with it (Hennig 2007, "Cluster-wise assessment of
    cluster stability", who calls a cluster dissolved at 0.5 or less).

    Parameters
    ----------
    one, other : array-like of int
        The group of each thing in the two groupings, from 0; negative for things that are in no group.
    n_one, n_other : int
        How many groups there are.

    Returns
    -------
    ndarray of float, groups of one by groups of other
        Between 0 and 1; 0 where both are empty.

    Examples
    --------
    >>> group_jaccard([0, 0, 0, 1], [0, 0, 1, 1], 2, 2).round(3).tolist()
    [[0.667, 0.25], [0.0, 0.5]]
    """
    a, b = np.asarray(one, dtype=np.int64), np.asarray(other, dtype=np.int64)
    both = (a >= 0) & (b >= 0)
    shared = np.bincount(a[both] * n_other + b[both], minlength=n_one * n_other).reshape(n_one, n_other).astype(float)
    sizes = np.bincount(a[a >= 0], minlength=n_one)[:, None] + np.bincount(b[b >= 0], minlength=n_other)[None, :]
    return np.divide(shared, sizes - shared, out=np.zeros_like(shared), where=sizes > shared)


def match_groups(similarity: ArrayLike) -> NDArray[np.int64]:
    """Match groups one to one so that the similarities add up to the most (Kuhn 1955, "The Hungarian method").

    Parameters
    ----------
    similarity : array-like, groups of one by groups of other
        How alike they are.

    Returns
    -------
    ndarray of int
        Of each group of one the group of the other, -1 where none is left for it.

    Examples
    --------
    >>> match_groups([[0.9, 0.8], [0.8, 0.1], [0.0, 0.2]]).tolist()
    [1, 0, -1]
    """
    from scipy.optimize import linear_sum_assignment

    table = np.asarray(similarity, dtype=np.float64)
    found = np.full(len(table), -1, dtype=np.int64)
    if table.size:
        rows, columns = linear_sum_assignment(-table)
        found[rows] = columns
    return found


def adjusted_rand(one: ArrayLike, other: ArrayLike) -> float:
    """Likeness of two groupings by pairs of things: 1 where they are the same, 0 on average by chance (Hubert and Arabie 1985).

    Parameters
    ----------
    one, other : array-like
        The group of each thing in the two groupings; what the groups are called does not matter.

    Examples
    --------
    >>> adjusted_rand([0, 0, 1, 1], [1, 1, 0, 0]), round(adjusted_rand([0, 0, 1, 1], [0, 1, 0, 1]), 3)
    (1.0, -0.5)
    """
    a, b = (np.unique(np.asarray(part), return_inverse=True)[1] for part in (one, other))
    cells = np.unique(np.stack([a, b]), axis=1, return_counts=True)[1]

    def pairs(sizes: NDArray[np.int64]) -> float:
        return float((sizes * (sizes - 1)).sum()) / 2

    together, in_one, in_other = pairs(cells), pairs(np.bincount(a)), pairs(np.bincount(b))
    everything = len(a) * (len(a) - 1) / 2
    expected = in_one * in_other / everything if everything else 0.0
    most = (in_one + in_other) / 2
    return (together - expected) / (most - expected) if most != expected else 1.0


def average_jaccard(one: Sequence[str], other: Sequence[str]) -> float:
    """Likeness of two ranked lists: the mean Jaccard index of their first 1, 2, ... words.

    Greene, O'Callaghan and Cunningham (2014), "How many topics? Stability analysis for topic models", equation 1: a
    difference near the top weighs more. Where one list is shorter, it stays as it is at the further depths. NaN without
    words.

    Examples
    --------
    >>> average_jaccard(["ban", "court"], ["ban", "order"])
    0.6666666666666666
    """
    depth = max(len(one), len(other))
    if depth == 0:
        return float("nan")
    total = 0.0
    a: set[str] = set()
    b: set[str] = set()
    for at in range(depth):
        a.update(one[at : at + 1])
        b.update(other[at : at + 1])
        total += len(a & b) / len(a | b)
    return total / depth


def mean_interval(values: ArrayLike, confidence: float = 0.95) -> tuple[float, float, float]:
    """Mean of numbers between 0 and 1, with Student's interval, kept between 0 and 1.

    Missing numbers are left out. One number has no interval (NaN); equal numbers have one of no width.

    Examples
    --------
    >>> [round(x, 3) for x in mean_interval([0.7, 0.8, 0.9])]
    [0.8, 0.552, 1.0]
    """
    from scipy.stats import t

    known = np.asarray(values, dtype=np.float64)
    known = known[~np.isnan(known)]
    if len(known) == 0:
        return (float("nan"),) * 3
    mean = float(known.mean())
    if len(known) == 1:
        return mean, float("nan"), float("nan")
    half = float(t.ppf((1 + confidence) / 2, len(known) - 1) * known.std(ddof=1) / len(known) ** 0.5)
    return mean, max(0.0, mean - half), min(1.0, mean + half)
