"""Own the nearest texts of each text: exact up to some ten thousand, by cells beyond.

Single precision finds which texts may be near, and double precision, rounded to six digits, decides which are: neither the
processor nor the number of threads changes a neighbour.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

NEIGHBOURS = 15  # as in BERTopic's UMAP
DIGITS = 6
ONE = 10**DIGITS
EXACT = 30_000  # texts up to which every pair is compared
_CELLS = 8_000_000  # similarities held at a time (32 MB)
_SLACK = 4e-6  # more than single precision errs by on unit vectors
_BLOCK = 32  # similarities of which the highest stands for all when a bound is sought
_PER_CELL = 400  # texts in a cell, about
_PROBED = 24  # cells among which a text's neighbours are sought


def n_neighbours(n: int) -> int:
    """Return how many neighbours each of `n` texts is joined to: 15, or fewer if 15 would be half of all.

    Examples
    --------
    >>> [n_neighbours(n) for n in (2, 12, 36, 225, 10_000)]
    [1, 3, 6, 15, 15]
    """
    return max(1, min(NEIGHBOURS, round(n**0.5), n - 1))


def nearest_neighbours(vectors: Floats, k: int) -> tuple[Labels, Floats]:
    """Return the nearest other texts of each: indices and similarities, the most similar first.

    Ties (to six digits) go by the order of the texts. Up to 30,000 texts all pairs are compared. Beyond that, texts are put
    into cells around some of them, and each is compared with those in the cells nearest to its own, which finds nearly all of
    the nearest (tests/benchmarks/topics_speed.md has the share).

    Examples
    --------
    >>> index, similarity = nearest_neighbours(np.array([[1.0, 0.0], [0.8, 0.6], [0.0, 1.0]]), 1)
    >>> index.ravel().tolist(), similarity.ravel().tolist()
    ([1, 0, 1], [0.8, 0.8, 0.6])
    """
    n = len(vectors)
    everything = np.arange(n)
    small = vectors.astype(np.float32)

    index, similarity = np.empty((n, k), dtype=np.int64), np.empty((n, k))
    for members, among in [(everything, everything)] if n <= EXACT else _cells(vectors, k):
        pool = small if len(among) == n else small[among]
        height = max(1, _CELLS // len(among))
        for first in range(0, len(members), height):
            rows = members[first : first + height]
            index[rows], similarity[rows] = _among(vectors, small, rows, pool, among, k)
    return index, similarity


def _cells(vectors: Floats, k: int) -> Iterator[tuple[Labels, Labels]]:
    """Yield the texts of each cell with those of the cells nearest to it, both in order."""
    n = len(vectors)
    n_cells = n // _PER_CELL

    # a few steps of k-means on a part are enough for cells of like size
    draw = np.random.default_rng(0)
    some = np.sort(draw.choice(n, min(n, 40 * n_cells), replace=False))
    centres = vectors[np.sort(draw.choice(n, n_cells, replace=False))]
    for _ in range(4):
        own = _highest(vectors[some], centres)
        sums = np.zeros_like(centres)
        np.add.at(sums, own, vectors[some])
        length = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(length > 0, np.round(sums / np.where(length > 0, length, 1), DIGITS), centres)

    # the texts of all cells, one cell after the other, and which cells are nearest to each
    own = _highest(vectors, centres)
    order = np.argsort(own, kind="stable")
    bounds = np.searchsorted(own[order], np.arange(n_cells + 1))
    near = np.argsort(-np.round(centres @ centres.T, DIGITS), axis=1, kind="stable")

    for cell in range(n_cells):
        members = order[bounds[cell] : bounds[cell + 1]]
        if len(members) == 0:
            continue

        probed: list[Labels] = []
        taken = 0
        for other in near[cell]:
            if len(probed) >= _PROBED and taken > k:
                break
            probed.append(order[bounds[other] : bounds[other + 1]])
            taken += len(probed[-1])

        yield members, np.sort(np.concatenate(probed))


def _highest(vectors: Floats, centres: Floats) -> Labels:
    """Return the most similar centre of each, a part at a time; of equal ones the first."""
    height = max(1, _CELLS // len(centres))
    parts = [
        np.argmax(np.round(vectors[at : at + height] @ centres.T, DIGITS), axis=1)
        for at in range(0, len(vectors), height)
    ]
    return np.concatenate(parts)


def _among(
    vectors: Floats, small: NDArray[np.float32], rows: Labels, pool: NDArray[np.float32], among: Labels, k: int
) -> tuple[Labels, Floats]:
    """Return the `k` nearest of some texts among others; a text is not its own neighbour."""
    # who may be near: k others and itself, and few more
    rough = small[rows] @ pool.T
    candidates = np.flatnonzero(rough >= _bound(rough, k + 1)[:, None])
    line, at = np.divmod(candidates, len(among))
    other = among[at]
    keep = other != rows[line]
    line, other = line[keep], other[keep]

    # who is
    exact = similarities_of(vectors, rows[line], other)
    order = np.lexsort((other, -exact, line))
    first = np.searchsorted(line, np.arange(len(rows)))
    best = order[first[:, None] + np.arange(k)]
    return other[best], exact[best] / ONE


def _bound(rough: NDArray[np.float32], k: int) -> NDArray[np.float32]:
    """Return a number for each row that at least `k` of its values reach, and few more."""
    n = rough.shape[1]
    n_blocks = n // _BLOCK
    if n_blocks <= 2 * k:
        highest = rough
    else:  # the k-th highest of the blocks' highest: each of those k blocks has one that is as high
        highest = rough[:, : n_blocks * _BLOCK].reshape(len(rough), n_blocks, _BLOCK).max(axis=2)
    at = highest.shape[1] - min(k, highest.shape[1])
    return np.asarray(np.partition(highest, at, axis=1)[:, at] - np.float32(_SLACK), dtype=np.float32)


def similarities_of(vectors: Floats, ones: Labels, others: Labels) -> Floats:
    """Return the cosine similarity of each pair of texts in whole millionths, a part at a time."""
    found = np.empty(len(ones))
    height = max(1, _CELLS // vectors.shape[1])
    for at in range(0, len(ones), height):
        part = slice(at, at + height)
        found[part] = np.rint(np.einsum("ij,ij->i", vectors[ones[part]], vectors[others[part]]) * ONE)
    return found


def nearest_kept(
    vectors: Floats, known: tuple[Labels, Floats], keep: Labels, k: int
) -> tuple[tuple[Labels, Floats], tuple[Labels, NDArray[np.bool_]]]:
    """Return the nearest among the texts that were kept, from the known nearest of all, without another search.

    First those of the kept texts, `k` each, in the order of `keep` and numbered by it. Then those of the other texts, in
    their order, with a mask of the places that count: some have fewer.

    Examples
    --------
    >>> vectors = np.array([[1.0, 0.0], [0.8, 0.6], [0.6, 0.8], [0.0, 1.0]])
    >>> (index, _), (others, near) = nearest_kept(vectors, nearest_neighbours(vectors, 2), np.array([3, 2, 0]), 1)
    >>> index.ravel().tolist(), others[near].tolist()
    ([1, 0, 1], [1])
    """
    place = np.full(len(vectors), -1)
    place[keep] = np.arange(len(keep))
    index, similarity = known

    # of each kept text its kept neighbours, the nearest in front
    here, close = place[index[keep]], similarity[keep]
    first = np.argsort(here < 0, axis=1, kind="stable")[:, :k]
    found, closeness = np.take_along_axis(here, first, axis=1), np.take_along_axis(close, first, axis=1)

    # texts that lost too many neighbours are searched again
    few = np.flatnonzero((found < 0).any(axis=1)) if found.shape[1] == k else np.arange(len(keep))
    if len(few):
        found, closeness = (
            np.resize(each, (len(keep), k)) if each.shape[1] < k else each for each in (found, closeness)
        )
        pool = vectors[keep]
        small = pool.astype(np.float32)
        height = max(1, _CELLS // len(keep))
        for at in range(0, len(few), height):
            rows = few[at : at + height]
            found[rows], closeness[rows] = _among(pool, small, rows, small, np.arange(len(keep)), k)

    # of each text that was not kept its nearest kept neighbours; a text without any gets one
    left = np.flatnonzero(place < 0)
    others = place[index[left]]
    near = (others >= 0) & (np.cumsum(others >= 0, axis=1) <= k)
    lonely = np.flatnonzero(~near.any(axis=1))
    if len(lonely):
        others[lonely, :1] = nearest_fitted(vectors[left[lonely]], vectors[keep], 1)[0]
        near[lonely, 0] = True
    return (found, closeness), (others, near)


def nearest_fitted(vectors: Floats, fitted: Floats, k: int) -> tuple[Labels, Floats]:
    """Return the `k` nearest fitted texts of each new one: indices and similarities, the most similar first.

    Examples
    --------
    >>> index, similarity = nearest_fitted(np.array([[0.6, 0.8]]), np.array([[1.0, 0.0], [0.0, 1.0]]), 2)
    >>> index.tolist(), similarity.tolist()
    ([[1, 0]], [[0.8, 0.6]])
    """
    index, similarity = np.empty((len(vectors), k), dtype=np.int64), np.empty((len(vectors), k))
    height = max(1, _CELLS // len(fitted))
    pool = fitted.astype(np.float32)
    for at in range(0, len(vectors), height):
        block = vectors[at : at + height]
        rough = block.astype(np.float32) @ pool.T
        line, other = np.nonzero(rough >= _bound(rough, k)[:, None])

        exact = np.rint(np.einsum("ij,ij->i", block[line], fitted[other]) * ONE)
        order = np.lexsort((other, -exact, line))
        best = order[np.searchsorted(line, np.arange(len(block)))[:, None] + np.arange(k)]
        index[at : at + height], similarity[at : at + height] = other[best], exact[best] / ONE
    return index, similarity
