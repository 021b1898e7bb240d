"""Own the likeness of texts: how alike in their words those of a topic are, and how alike chance would make them."""

from __future__ import annotations

from typing import Any

import numpy as np

from toolkit.models.embedders import unit_rows
from toolkit.topics.counts import sum_by
from toolkit.topics.nearest import Floats, Labels, n_neighbours, nearest_neighbours
from toolkit.topics.steps import group, lay_out, rounded

_MOST = 1_000  # texts that are dealt out; beyond, a part of them with as many to a topic
_TEXTS = 5_000  # texts in all deals together
_DEALS = 10  # at most
_DIMENSIONS = 100  # of the layout of words dealt out, as in TF-IDF + SVD


def word_vectors(counts: Any) -> Any:
    """Return the words of each text as a sparse vector of length 1, each weighted by ln(texts / texts with the word).

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


def cohesion(vectors: Any, labels: Labels, n_topics: int) -> Floats:
    """Return how many times as alike two texts of each topic are as any two texts: 1 is no more alike than any.

    The mean cosine of the vectors of two texts of the topic, divided by that of two of all texts; labels below 0 belong to no
    topic. NaN for a topic of one text, and if no two texts share a word.

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


def separation(vectors: Any, labels: Labels, n_topics: int) -> Floats:
    """Return how many times as alike two texts of each topic are as one of it and one of the rest.

    The mean cosine of two texts of the topic, divided by that of a text of the topic and one outside it (of another topic or of
    none). Infinite if they share no word with the rest. NaN for a topic of one text, and for one of all texts.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> vectors = csr_matrix([[1.0, 0.0], [1.0, 0.0], [0.6, 0.8], [0.0, 1.0]])
    >>> separation(vectors, np.array([0, 0, 1, 1]), 2).round(2).tolist()
    [3.33, 2.67]
    """
    within = _likeness(vectors, labels, n_topics)

    # the cosines of all pairs are had from sums of vectors
    summed = sum_by(vectors, labels, n_topics)
    every = np.asarray(vectors.sum(axis=0)).ravel()
    size = np.bincount(labels[labels >= 0], minlength=n_topics).astype(np.float64)
    outside = summed @ every - np.asarray(summed.multiply(summed).sum(axis=1)).ravel()
    pairs = size * (len(labels) - size)
    between = np.divide(outside, pairs, out=np.full(n_topics, np.nan), where=pairs > 0)
    between = np.where(np.abs(between) < 1e-12, 0.0, between)  # sums that cancel out but for the last bit

    with np.errstate(divide="ignore", invalid="ignore"):
        return np.round(within / between, 6)


def _likeness(vectors: Any, labels: Labels, n_topics: int) -> Floats:
    """Return the mean cosine of two texts of each topic, from the length of the sum of its vectors."""
    summed = sum_by(vectors, labels, n_topics)
    square = np.asarray(summed.multiply(summed).sum(axis=1)).ravel()
    rows = labels >= 0
    size = np.bincount(labels[rows], minlength=n_topics).astype(np.float64)

    # without the pairs of a text with itself
    own = np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel()
    self_pairs = np.bincount(labels[rows], weights=own[rows], minlength=n_topics)
    pairs = size * (size - 1)
    return np.divide(square - self_pairs, pairs, out=np.full(n_topics, np.nan), where=pairs > 0)


def chance_separation(counts: Any, sizes: Any) -> Floats:
    """Return the separation that groups of these sizes reach when the words are dealt out among the texts at random.

    Each text keeps its number of words, and each word its number of texts; chance decides which text has which word. The
    resulting texts are grouped by their words (TF-IDF, SVD, spectral layout, k-means), into groups whose mean size is a power
    of two. Smaller groups are more alike by chance; between two powers the values are interpolated by the logarithm of the
    size. The value is the highest that any group reaches in three to ten deals. The idea is Horn's parallel analysis (1965)
    of factors: keep what exceeds what the same analysis finds in noise with the same margins.

    Parameters
    ----------
    counts : sparse matrix, texts by words
        How often each text has each word; only whether it has it counts.
    sizes : array of int
        Texts in each topic.

    Returns
    -------
    ndarray of float
        One per topic. NaN if there is one topic only, and if there are too few texts for a comparison.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> words = csr_matrix(np.kron(np.eye(2, dtype=int), np.ones((20, 6), dtype=int)))  # two topics with six words each
    >>> chance = chance_separation(words, [20, 20])
    >>> topics = separation(word_vectors(words), np.repeat([0, 1], 20), 2)
    >>> (chance < topics).tolist()
    [True, True]
    """
    sizes = np.asarray(sizes, dtype=np.int64)
    present = (counts > 0).tocsr()
    present = present[np.flatnonzero(np.diff(present.indptr))]
    n = present.shape[0]
    if len(sizes) < 2 or n < 4:
        return np.full(len(sizes), np.nan)

    # sizes between which the topics lie, and how many groups have such sizes
    some = min(n, _MOST)
    power = np.log2(np.maximum(sizes, 2))
    powers = np.unique(np.concatenate([np.floor(power), np.ceil(power)]))
    parts = np.clip(np.round(some / 2**powers), 2, some // 2).astype(np.int64)

    draw = np.random.default_rng(0)
    highest = np.full(len(powers), np.nan)
    for _ in range(int(np.clip(_TEXTS // some, 3, _DEALS))):
        rows = np.sort(draw.choice(n, some, replace=False)) if some < n else np.arange(n)
        highest = np.fmax(highest, _highest(_dealt(present[rows], draw), parts))
    return np.interp(power, powers, highest)


def _dealt(present: Any, draw: np.random.Generator) -> Any:
    """Return the same number of words in each text, dealt out anew; words that no text has any more are omitted."""
    from scipy.sparse import csr_matrix

    words = draw.permutation(present.indices)
    dealt = csr_matrix((np.ones(len(words)), words, present.indptr), shape=present.shape)
    dealt.sum_duplicates()
    return dealt[:, np.flatnonzero(np.asarray(dealt.sum(axis=0)).ravel())]


def _highest(dealt: Any, parts: Labels) -> Floats:
    """Return, for each number of parts, the highest separation of a group that is at least half as large as the mean group."""
    from sklearn.decomposition import TruncatedSVD
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has no types

    vectors = word_vectors(dealt)
    n = vectors.shape[0]
    highest = np.full(len(parts), np.nan)
    dimensions = min(_DIMENSIONS, min(vectors.shape) - 1)
    if dimensions < 1:
        return highest

    # the steps are many and small, and several threads would only wait for each other; numpy warns of an explained share
    # of variance that nobody asks for
    with threadpool_limits(limits=1), np.errstate(invalid="ignore", divide="ignore"):
        points = TruncatedSVD(dimensions, n_iter=7, random_state=0).fit_transform(vectors)
        near = rounded(unit_rows(points))
        neighbours = nearest_neighbours(near, n_neighbours(n))

        for number in np.unique(parts).tolist():
            layout = lay_out(near, "spectral", dimensions=number, seed=0, neighbours=neighbours)
            labels = group(layout.points, "kmeans", n_topics=number, min_size=1, seed=0).labels

            sizes = np.bincount(labels)
            reached = separation(vectors, labels, len(sizes))[sizes >= max(2, n / number / 2)]
            reached = reached[np.isfinite(reached)]
            if len(reached):
                highest[parts == number] = reached.max()
    return highest
