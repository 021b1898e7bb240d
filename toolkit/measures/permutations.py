"""Test keyness by dealing the labels target and reference anew to the stories, which leaves words in their bundles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_CELLS_AT_A_TIME = 8_000_000  # words times draws held at once
_LONGER, _FEWEST = (
    1.25,
    10,
)  # how much longer a story may be than one that it exchanges labels with, and fewest of these


def exchangeable_stories(story: ArrayLike, n_words: ArrayLike) -> list[Ints]:
    """Group the stories that can exchange their labels.

    Parameters
    ----------
    story : array_like of int, shape (n_articles,)
        The story of each article.
    n_words : array_like of int, shape (n_articles,)
        All words of each article.

    Returns
    -------
    list of ndarray of int64, shape (n_stories, n_articles_of_each)
        The articles, by place, of the stories of each group: a row is a story. Stories of a group have as many articles, and the
        longest at most a quarter more words than the shortest, unless there are fewer than ten of these.

    Examples
    --------
    A pair of copies and three articles:

    >>> [group.tolist() for group in exchangeable_stories([7, 7, 1, 2, 3], [100] * 5)]
    [[[2], [3], [4]], [[0, 1]]]
    """
    number = np.unique(np.asarray(story), return_inverse=True)[1]
    copies = np.bincount(number)
    length: Floats = np.bincount(number, weights=np.asarray(n_words, dtype=float)).astype(float)
    order = np.lexsort((number, length[number], copies[number]))  # the articles of a story next to each other
    groups: list[Ints] = []
    begin = 0
    for k, n in zip(*np.unique(copies[number], return_counts=True), strict=True):
        stories = order[begin : begin + n].reshape(-1, k)
        groups += np.split(stories, _ends_of_alike(length[number[stories[:, 0]]]))
        begin += n
    return groups


def _ends_of_alike(length: Floats) -> list[int]:
    """Return where runs of about the same length end, the last end left out, given lengths from the shortest to the longest."""
    ends: list[int] = []
    begin = 0
    while True:
        end = max(int(np.searchsorted(length, _LONGER * length[begin], side="right")), begin + _FEWEST)
        end = int(np.searchsorted(length, length[min(end, len(length)) - 1], side="right"))  # equal ones stay together
        if len(length) - end < _FEWEST:
            return ends
        ends.append(end)
        begin = end


def permuted_targets(
    target: ArrayLike, groups: Sequence[Ints], draws: int, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Return the target with its labels dealt anew to the stories of each group, as many times as there are draws.

    Parameters
    ----------
    target : array_like of bool, shape (n_articles,)
        Which articles are the target; all others are the reference.
    groups : list of ndarray
        What `exchangeable_stories` returns.
    draws : int
        How many times the labels are dealt.
    rng : Generator
        Where the chance comes from.

    Returns
    -------
    ndarray of bool, shape (draws, n_articles)
        A story takes over the labels of another, article by article. So copies stay together as far as they were, a story
        that both sides print stays one that both print, and each side keeps its number of articles and, nearly, of words.

    Examples
    --------
    A pair of copies and three articles; the pair has no other to exchange labels with:

    >>> groups = exchangeable_stories([7, 7, 1, 2, 3], [100] * 5)
    >>> permuted_targets([True, False, True, False, False], groups, 3, np.random.default_rng(3)).astype(int).tolist()
    [[1, 0, 0, 0, 1], [1, 0, 1, 0, 0], [1, 0, 1, 0, 0]]
    """
    given = np.asarray(target, dtype=bool)
    dealt = np.tile(given, (draws, 1))
    for places in groups:
        labels = given[places]
        if (labels == labels[0]).all():
            continue
        if places.shape[1] == 1:
            dealt[:, places[:, 0]] = rng.permuted(np.tile(labels[:, 0], (draws, 1)), axis=1)
        else:
            which = rng.permuted(np.tile(np.arange(len(places)), (draws, 1)), axis=1)
            dealt[:, places.ravel()] = labels[which].reshape(draws, -1)
    return dealt


def draws_at_a_time(n_words: int) -> int:
    """Return how many draws of so many words fit into memory comfortably."""
    return max(1, min(64, _CELLS_AT_A_TIME // max(n_words, 1)))


def as_extreme(counts: Any, n_words: ArrayLike, target: ArrayLike, dealt: ArrayLike) -> Ints:
    """Return in how many of the draws each word's G2 over four cells is at least as large as the one observed, whatever its sign.

    Parameters
    ----------
    counts : sparse matrix, shape (n_articles, n_kinds)
        Occurrences of each word in each article of both sides.
    n_words : array_like, shape (n_articles,)
        All words of each article.
    target : array_like of bool, shape (n_articles,)
        Which articles are the target.
    dealt : array_like of bool, shape (draws, n_articles)
        The same with labels dealt anew.

    Notes
    -----
    With b of m draws as extreme, p = (b + 1) / (m + 1) (Phipson and Smyth 2010): the labels as they are, are one of the ways to deal them. Under exchangeable
    stories P(p <= x) <= x, whatever words do inside a story. The test is that of Mildenberger's keyperm, with stories for documents.

    Examples
    --------
    A word that stands in one article of four; whichever side that is, it is as extreme:

    >>> from scipy import sparse
    >>> counts = sparse.csr_matrix([[9], [0], [0], [0]])
    >>> dealt = [[True, False, True, False], [False, True, False, True]]
    >>> as_extreme(counts, [100] * 4, [True, True, False, False], dealt).tolist()
    [2]
    """
    from scipy import sparse, special

    size = np.asarray(n_words, dtype=float)
    sides = np.vstack([np.asarray(target, dtype=bool)[None], np.asarray(dealt, dtype=bool)])
    total = np.asarray(counts.sum(axis=0), dtype=float).reshape(-1, 1)
    # float32 holds sums of integers exactly up to 2**24, in half the time
    kind = np.float32 if total.max(initial=0) < 2**24 else np.float64
    rows = sparse.csr_matrix(counts).astype(kind, copy=False).T
    a = (rows @ np.ascontiguousarray(sides.T, dtype=kind)).astype(float)
    n1, all_words = sides @ size, size.sum()
    b, c = total - a, n1 - a
    d = all_words - n1 - b
    # half of G2, but for what is the same in every draw
    g2 = special.xlogy(a, a)
    for part in (b, c, d):
        g2 += special.xlogy(part, part)
    g2 -= special.xlogy(n1, n1) + special.xlogy(all_words - n1, all_words - n1)
    rounding = 16 * np.finfo(float).eps * all_words * np.log(all_words + 1)
    return np.asarray((g2[:, 1:] >= g2[:, :1] - rounding).sum(axis=1), dtype=np.int64)
