"""Own what is computed from counts of words: class-based TF-IDF, the words of topics, and pairs in a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def sum_by(counts: Any, labels: NDArray[np.int64], n: int) -> Any:
    """Add up the counts of texts by label, 0 to n - 1; negative labels are left out."""
    from scipy.sparse import csr_matrix

    rows = np.flatnonzero(labels >= 0)
    member = csr_matrix((np.ones(len(rows), dtype=np.int64), (labels[rows], rows)), shape=(n, len(labels)))
    return (member @ counts).tocsr()


def class_tfidf(by_topic: Any) -> Any:
    """Weigh the words of topics by class-based TF-IDF (Grootendorst 2022), as BERTopic does.

    A word's share of the topic's words times ln(1 + mean number of words of a topic / occurrences in all topics). The mean is
    a whole number, as in BERTopic, but at least 1, so that every word has a weight.
    """
    from scipy.sparse import diags

    total = np.asarray(by_topic.sum(axis=1), dtype=np.float64).ravel()
    everywhere = np.asarray(by_topic.sum(axis=0), dtype=np.float64).ravel()
    mean = max(int(total.mean()), 1) if len(total) else 0

    rarity = np.log(np.divide(mean, everywhere, out=np.zeros_like(everywhere), where=everywhere > 0) + 1)
    share = np.divide(1, total, out=np.zeros_like(total), where=total > 0)
    return (diags(share) @ by_topic @ diags(rarity)).tocsr()


def weighed_words(weights: Any, words: Sequence[str], n: int) -> list[list[tuple[str, float]]]:
    """Return the highest words of each topic with their weights, of equal ones the first in the alphabet (`words` is sorted).

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> weighed_words(csr_matrix([[0.2, 0.5, 0.2], [0.0, 0.0, 0.1]]), ["ban", "court", "judge"], 2)
    [[('court', 0.5), ('ban', 0.2)], [('judge', 0.1)]]
    """
    ranked = []
    for first, last in zip(weights.indptr[:-1], weights.indptr[1:], strict=True):
        columns, values = weights.indices[first:last], weights.data[first:last]
        best = np.lexsort((columns, -np.round(values, 12)))[:n]
        ranked.append([(str(words[columns[i]]), float(values[i])) for i in best if values[i] > 0])
    return ranked


def top_words(weights: Any, words: Sequence[str], n: int) -> list[list[str]]:
    """Return the highest words of each topic, of equal ones the first in the alphabet (`words` is sorted)."""
    return [[word for word, _ in ranked] for ranked in weighed_words(weights, words, n)]


def cooccurring(counts: Any, columns: Sequence[int]) -> tuple[NDArray[np.int64], int]:
    """Count the texts in which each pair of words occurs; on the diagonal, those with the word."""
    present = (counts[:, list(columns)] > 0).astype(np.int64)
    return np.asarray((present.T @ present).todense(), dtype=np.int64), counts.shape[0]
