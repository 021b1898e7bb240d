"""Take the difference of two texts apart into what each word adds to it.

These are word shifts (Gallagher et al. 2021). `p` and `q` are always the shares of the words in the target and in the
reference, each summing to 1. Contributions sum to the total that is named, and have its sign convention: target minus
reference. Shifterator, which these follow, calls the reference text 1 and the target text 2. Logarithms are binary, so
entropies are in bits.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def proportion_shift(p: ArrayLike, q: ArrayLike) -> Floats:
    """Return p - q, which sums to 0.

    Examples
    --------
    >>> proportion_shift([0.75, 0.25], [0.5, 0.5]).tolist()
    [0.25, -0.25]
    """
    return np.asarray(p, dtype=float) - np.asarray(q, dtype=float)


def entropy_shift(p: ArrayLike, q: ArrayLike, *, alpha: float = 1.0) -> Floats:
    """Return what each word adds to the entropy of the target less that of the reference.

    Parameters
    ----------
    p, q : array_like
        Shares of the words.
    alpha : float
        1 is Shannon's entropy. Others are Tsallis's, (sum p^alpha - 1) / (1 - alpha), without its logarithm: more than 1
        weighs common words, less than 1 rare ones.

    Notes
    -----
    A word's part of Tsallis's entropy is taken as p^alpha / (1 - alpha), as in shifterator; the constant is the same on both sides.

    Examples
    --------
    >>> entropy_shift([0.5, 0.5], [1.0, 0.0]).tolist()
    [0.5, 0.5]
    >>> entropy_shift([0.5, 0.5], [1.0, 0.0], alpha=2).tolist()
    [0.75, -0.25]
    """
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    if alpha == 1:
        return _surprise(p) - _surprise(q)
    return (p**alpha - q**alpha) / (1 - alpha)


def kullback_leibler_shift(p: ArrayLike, q: ArrayLike) -> Floats:
    """Return p * log2(p / q), which sums to D(target || reference); infinite where only the target has a word.

    Examples
    --------
    >>> kullback_leibler_shift([0.5, 0.5, 0.0], [0.25, 0.5, 0.25]).tolist()
    [0.5, 0.0, 0.0]
    """
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p > 0, p * np.log2(p / q), 0.0)


def jensen_shannon_shift(p: ArrayLike, q: ArrayLike, *, weight: float = 0.5, alpha: float = 1.0) -> Floats:
    """Return what each word adds to the Jensen-Shannon divergence; never negative, and the same seen from either side.

    Parameters
    ----------
    p, q : array_like
        Shares of the words.
    weight : float
        Of the target, between 0 and 1.
    alpha : float
        1 is Shannon's entropy; others are Tsallis's, and their divergence is the entropy of the mixture less the weighted
        entropies of the two.

    Notes
    -----
    Shifterator 0.3.0 has the wrong sign in one term where alpha is not 1; these values are not its.

    Examples
    --------
    >>> jensen_shannon_shift([1.0, 0.0], [0.0, 1.0]).tolist()
    [0.5, 0.5]
    """
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    mixed = weight * p + (1 - weight) * q
    if alpha == 1:
        parts = _surprise(mixed) - weight * _surprise(p) - (1 - weight) * _surprise(q)
    else:
        parts = (mixed**alpha - weight * p**alpha - (1 - weight) * q**alpha) / (1 - alpha)
    return np.maximum(parts, 0.0)  # below it is what rounding leaves of words as frequent on both sides


def average_shift(p: ArrayLike, q: ArrayLike, score: ArrayLike, *, score_reference: float | None = None) -> Floats:
    """Return (p - q) * (score - score_reference), which sums to the target's average score less the reference's.

    Parameters
    ----------
    p, q : array_like
        Shares of the words.
    score : array_like
        The score of each word, the same on both sides.
    score_reference : float, optional
        The score that divides high from low; by default the reference's average. It moves contributions, not their total.

    Examples
    --------
    >>> average_shift([0.5, 0.5], [1.0, 0.0], [1.0, 3.0]).tolist()
    [-0.0, 1.0]
    """
    p, q, score = (np.asarray(part, dtype=float) for part in (p, q, score))
    middle = float(q @ score) if score_reference is None else score_reference
    return (p - q) * (score - middle)


def shares_of_all(contributions: ArrayLike) -> Floats:
    """Return each contribution over the sum of all their absolute values, the "variation" of shifterator; 0 where that is 0.

    Examples
    --------
    >>> shares_of_all([3.0, -1.0]).tolist()
    [0.75, -0.25]
    """
    parts = np.asarray(contributions, dtype=float)
    whole = np.abs(parts).sum()
    return parts / whole if whole > 0 else np.zeros(parts.shape)


def _surprise(p: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p > 0, -p * np.log2(p), 0.0)
