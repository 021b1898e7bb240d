"""Test whether two sides differ by shuffling between them the stories that make them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_BLOCK = 1_000_000  # numbers held at a time
_SAME = 1e-9  # values of z that differ by less are equal but for rounding
_FLAT = 1e-7  # a spread below this part of what it could be is what rounding leaves of none


class Shuffled(NamedTuple):
    """What the shuffles say of each word.

    Attributes
    ----------
    z : ndarray
        Observed minus expected under shuffling, over the standard deviation under shuffling; both by formula.
    p : ndarray
        Two-sided: twice the smaller of (b + 1) / (m + 1), where b of m shuffles have a z at least as large, and the same of one
        at least as small; at most 1.
    p_max : ndarray
        The same with the largest and the smallest z of any word in each shuffle: the chance that any word lies so far out.
    n_stories : int
        How many stories can change places with one of the other side; where none can, z is 0 and p is 1.
    """

    z: Floats
    p: Floats
    p_max: Floats
    n_stories: int


def shuffle_stories(
    x: Any,
    size: ArrayLike,
    in_target: ArrayLike,
    *,
    permutations: int,
    seed: int,
    progress: Callable[[Iterable[int]], Iterable[int]] = iter,
) -> Shuffled:
    """Shuffle stories between target and reference, and say how unusual the observed difference is for each word.

    Parameters
    ----------
    x : sparse matrix of int, shape (n_stories, n_words)
        How many of a story's hits have the word.
    size : array_like of int, shape (n_stories,)
        Hits of each story.
    in_target : array_like of bool, shape (n_stories,)
        On which side each story is.
    permutations : int
        How many shuffles.
    seed : int
        Of the random numbers.
    progress : callable
        Wraps the loop over blocks of shuffles.

    Notes
    -----
    Stories change places only with those that have about as many hits: 1, 2 to 3, 4 to 7, 8 to 15 and so on. A story with few hits
    varies more in the share of them that have the word, so a side that has more of such stories would else be taken for different. A
    group that lies on one side has nothing to be compared with and tells nothing. The statistic is the sum, over the stories of the
    target, of x / size times the mean size of the group, so that it does not depend on which sizes come together.

    Mean and variance of it are those of sums drawn without replacement, so z needs no shuffle; shuffles give p (Phipson and Smyth
    2010) and the extremes (Westfall and Young 1993, single step). The two tails are counted apart, since z of a rare word is far
    from symmetric.

    Examples
    --------
    Of four stories with one hit each the two of the target have the word; of the six ways to choose two of four, two part them so:

    >>> from scipy import sparse
    >>> x = sparse.csr_matrix([[1], [1], [0], [0]])
    >>> result = shuffle_stories(x, [1] * 4, [True, True, False, False], permutations=9999, seed=1)
    >>> round(float(result.z[0]), 3), bool(abs(result.p[0] - 2 / 6) < 0.02)
    (1.732, True)
    """
    from scipy import sparse

    hits, target = np.asarray(size, dtype=float), np.asarray(in_target, dtype=bool)
    n_words = x.shape[1]
    if not len(hits):
        return Shuffled(np.zeros(n_words), np.ones(n_words), np.ones(n_words), 0)
    group = np.unique(np.frexp(hits)[1], return_inverse=True)[1]  # 1, 2 to 3, 4 to 7, ...
    order = np.lexsort((~target, group))
    lengths = np.bincount(group)
    begins = np.cumsum(lengths) - lengths
    group, target = group[order], target[order]
    weight = (np.bincount(group, weights=hits[order]) / lengths)[group] / hits[order]
    shares = sparse.csr_matrix(sparse.diags_array(weight) @ sparse.csr_matrix(x, dtype=float)[order])
    ends = np.append(begins, len(order))
    in_group = sparse.csr_matrix((np.ones(len(order)), np.arange(len(order)), ends), shape=(len(lengths), len(order)))
    total, squares = (np.asarray((in_group @ part).todense()) for part in (shares, shares.multiply(shares)))
    drawn_share = (in_group @ target.astype(float)) / lengths
    mean = drawn_share @ total
    chance = drawn_share * (1 - drawn_share) * lengths / np.maximum(lengths - 1, 1)
    spread = np.sqrt(chance @ np.maximum(squares - total * total / lengths[:, None], 0.0))
    spread = np.where(spread > _FLAT * np.sqrt(squares.sum(axis=0)), spread, np.inf)  # what cannot change has z 0
    by_word = sparse.csr_matrix(shares.T)

    def z_of(labels: Floats) -> Floats:
        return np.asarray((by_word @ labels - mean[:, None]) / spread[:, None])

    z = z_of(target.astype(float)[:, None])[:, 0]
    above, below = z - _SAME, z + _SAME
    larger, smaller, larger_max, smaller_min = np.zeros((4, n_words))
    rng = np.random.default_rng(seed)
    step = max(1, min(_BLOCK // max(n_words, len(hits), 1), 256, permutations))
    for done in progress(range(0, permutations, step)):
        drawn = z_of(_shuffles(target, begins, lengths, min(step, permutations - done), rng))
        larger += (drawn >= above[:, None]).sum(axis=1)
        smaller += (drawn <= below[:, None]).sum(axis=1)
        largest, smallest = np.sort(drawn.max(axis=0, initial=0.0)), np.sort(drawn.min(axis=0, initial=0.0))
        larger_max += len(largest) - np.searchsorted(largest, above)
        smaller_min += np.searchsorted(smallest, below, side="right")

    def two_sided(up: Floats, down: Floats) -> Floats:
        return np.minimum(2 * (np.minimum(up, down) + 1) / (permutations + 1), 1.0)

    n_stories = int(lengths[(drawn_share > 0) & (drawn_share < 1)].sum())
    return Shuffled(z, two_sided(larger, smaller), two_sided(larger_max, smaller_min), n_stories)


def _shuffles(target: NDArray[np.bool_], begins: Ints, lengths: Ints, n: int, rng: np.random.Generator) -> Floats:
    """Return n shufflings of the labels within each group, one a column."""
    labels = np.tile(target, (n, 1))
    for begin, length in zip(begins.tolist(), lengths.tolist(), strict=True):
        part = labels[:, begin : begin + length]
        if part[0].any() and not part[0].all():
            rng.permuted(part, axis=1, out=part)
    return labels.T.astype(float)
