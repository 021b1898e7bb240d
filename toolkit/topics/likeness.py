"""Own how alike in their words the texts of a topic are, and how alike chance alone would make them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from toolkit.topics.counts import sum_by
from toolkit.topics.embedders import unit_rows
from toolkit.topics.steps import group, lay_out, rounded

Labels = NDArray[np.int64]

_MOST = 2_000  # texts that are dealt out; beyond, a part of them with as many to a topic
_DEALS = 10  # times, where texts are few
_DIMENSIONS = 100  # of the layout of words dealt out, as in TF-IDF + SVD


def word_vectors(counts: Any) -> Any:
    """Return the words of each text as a sparse vector of length 1: those it has, weighted by ln(texts / texts with the word).

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> word_vectors(csr_matrix([[2, 1, 0], [1, 0, 1]])).toarray().tolist()
    [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    from scipy.sparse import diags

    n = counts.shape[0]
    within = np.asarray((counts > 0).sum(axis=0), dtype=np.float64).ravel()
    weighted = (counts > 0).astype(np.float64) @ diags(np.log(n / np.maximum(within, 1)))
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return (diags(np.divide(1, length, out=np.zeros(n), where=length > 0)) @ weighted).tocsr()


def cohesion(vectors: Any, labels: Labels, n_topics: int) -> NDArray[np.float64]:
    """Return how many times as alike two texts of each topic are as any two texts: 1 is no more than any.

    The mean cosine of the vectors of two texts of the topic, divided by that of two of all texts; labels below 0 belong to no
    topic. NaN for a topic of one text, and where no two texts share a word.

    Examples
    --------
    Of four texts two have one word, two another: any two are alike in 2 of 6 pairs, two of a topic always.

    >>> from scipy.sparse import csr_matrix
    >>> vectors = csr_matrix([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    >>> cohesion(vectors, np.array([0, 0, 1, 1]), 2).round(6).tolist()
    [3.0, 3.0]
    """
    every = _likeness(vectors, np.zeros(len(labels), dtype=np.int64), 1)[0]
    within = _likeness(vectors, labels, n_topics)
    return np.round(within / every, 6) if every > 0 else np.full(n_topics, np.nan)


def _likeness(vectors: Any, labels: Labels, n_topics: int) -> NDArray[np.float64]:
    """Return the mean cosine of two texts of each topic, from the length of the sum of its vectors."""
    summed = sum_by(vectors, labels, n_topics)
    square = np.asarray(summed.multiply(summed).sum(axis=1)).ravel()
    rows = labels >= 0
    size = np.bincount(labels[rows], minlength=n_topics).astype(np.float64)
    own = np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel()
    self_pairs = np.bincount(labels[rows], weights=own[rows], minlength=n_topics)
    pairs = size * (size - 1)
    return np.divide(square - self_pairs, pairs, out=np.full(n_topics, np.nan), where=pairs > 0)


def chance_cohesion(counts: Any, sizes: Any, *, seed: int = 0) -> NDArray[np.float64]:
    """Return the cohesion that groups of these sizes reach when the words are dealt out among the texts at random.

    Each text keeps the number of its words and each word the number of its places; which word stands in which text is chance.
    The texts that come of it are parted by the words themselves (TF-IDF, SVD, spectral layout, k-means) into groups of the topic's
    size on average, or a little smaller, since smaller groups are more alike by chance: sizes are taken as the power of two
    below. Where texts are few it is repeated; the value is what the highest group stays below in 95 % of the deals. The
    idea is Horn's parallel analysis (1965) of factors: keep what is more than the same analysis finds in noise with the same
    margins.

    Parameters
    ----------
    counts : sparse matrix, texts by words
        How often each text has each word; only whether it has it counts.
    sizes : array of int
        Texts in each topic.
    seed : int
        Of the deals.

    Returns
    -------
    ndarray of float
        One per topic. NaN where there is one topic only, and where there are too few texts for a comparison.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> words = csr_matrix(np.kron(np.eye(2, dtype=int), np.ones((20, 6), dtype=int)))  # two topics with six words each
    >>> chance = chance_cohesion(words, [20, 20])
    >>> topics = cohesion(word_vectors(words), np.repeat([0, 1], 20), 2)
    >>> (chance < topics).tolist()
    [True, True]
    """
    sizes = np.asarray(sizes, dtype=np.int64)
    present = (counts > 0).tocsr()
    present = present[np.flatnonzero(np.diff(present.indptr))]
    n = present.shape[0]
    found = np.full(len(sizes), np.nan)
    if len(sizes) < 2 or n < 4:
        return found
    below = 2 ** np.floor(np.log2(np.maximum(sizes, 2))).astype(np.int64)
    draw = np.random.default_rng([seed, 0])
    some = min(n, _MOST)
    parts = np.maximum(2, np.round(some / below)).astype(np.int64)
    highest: dict[int, list[float]] = {int(each): [] for each in np.unique(parts)}
    for _ in range(int(np.clip(_MOST // some, 1, _DEALS))):
        rows = np.sort(draw.choice(n, some, replace=False)) if some < n else np.arange(n)
        dealt = _dealt(present[rows], draw)
        for each, reached in highest.items():
            reached.append(_highest(dealt, each))
    for each, reached in highest.items():
        known = [value for value in reached if not np.isnan(value)]
        if known:
            found[parts == each] = np.quantile(known, 0.95, method="higher")
    return found


def _dealt(present: Any, draw: np.random.Generator) -> Any:
    from scipy.sparse import csr_matrix

    words = draw.permutation(present.indices)
    dealt = csr_matrix((np.ones(len(words)), words, present.indptr), shape=present.shape)
    dealt.sum_duplicates()
    return dealt[:, np.flatnonzero(np.asarray(dealt.sum(axis=0)).ravel())]


def _highest(dealt: Any, parts: int) -> float:
    """Return the highest cohesion among groups of texts that are at least half as large as the mean group."""
    from sklearn.decomposition import TruncatedSVD
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has no types

    vectors = word_vectors(dealt)
    n = vectors.shape[0]
    dimensions, parts = min(_DIMENSIONS, min(vectors.shape) - 1), min(parts, n // 2)
    if dimensions < 1:
        return float("nan")
    # many small steps, which threads only make wait for each other; the warning is of a share that nobody asks for
    with threadpool_limits(limits=1), np.errstate(invalid="ignore", divide="ignore"):
        points = TruncatedSVD(dimensions, n_iter=7, random_state=0).fit_transform(vectors)
        layout = lay_out(rounded(unit_rows(points)), "spectral", dimensions=parts, seed=0)
        labels = group(layout.points, "kmeans", n_topics=parts, min_size=1, seed=0).labels
    sizes = np.bincount(labels)
    found = cohesion(vectors, labels, len(sizes))[sizes >= max(2, n / parts / 2)]
    found = found[~np.isnan(found)]
    return float(found.max()) if len(found) else float("nan")
