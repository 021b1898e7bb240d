"""Own the coherence and distinctness of topics, judged by their words: NPMI, C_v, exclusivity, diversity.

A document is any sequence of words: an article, a passage around a term, a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

_CELLS = 4_000_000  # cells of the 0/1 matrix held at a time, so that memory does not grow with the documents


def npmi(
    n_both: ArrayLike, n_one: ArrayLike, n_other: ArrayLike, n: ArrayLike, *, epsilon: float = 0.0
) -> NDArray[np.float64]:
    """Normalised pointwise mutual information of two words from counts of documents.

    ``ln(p(x, y) / (p(x) p(y))) / -ln p(x, y)``: Bouma (2009), "Normalized (pointwise) mutual information in collocation
    extraction". It is 1 where the two words occur only together, 0 where they occur as if by chance, -1 where they
    never meet.

    Parameters
    ----------
    n_both, n_one, n_other : array-like of int
        Documents with both words, with the one, with the other.
    n : array-like of int
        All documents.
    epsilon : float, default 0
        Added to ``p(x, y)`` in both places. Röder, Both and Hinneburg (2015) and the programs that follow them add
        1e-12 so that the logarithm exists; a pair that never meets then gets about -0.6 to -0.9, the rarer its words
        the higher. At 0 the limit is taken instead: exactly -1.

    Returns
    -------
    ndarray of float
        Between -1 and 1. NaN where a word occurs in no document, or both occur in every document: that they meet says
        nothing then (the formula gives 0/0).

    Examples
    --------
    Of eight documents, four have each word and two have both, which is what chance would give:

    >>> float(npmi(2, 4, 4, 8))
    0.0

    Two words that occur in the same two of eight documents:

    >>> float(npmi(2, 2, 2, 8))
    1.0
    """
    both, one, other, total = (np.asarray(x, dtype=np.float64) for x in (n_both, n_one, n_other, n))
    with np.errstate(divide="ignore", invalid="ignore"):
        joint = both / total + epsilon
        log_joint = np.log(joint)
        value = np.clip((log_joint - np.log(one / total) - np.log(other / total)) / -log_joint, -1, 1)
    value = np.where((both == 0) & (epsilon == 0), -1.0, value)
    return np.where((one == 0) | (other == 0) | (both == total), np.nan, value)


def cooccurrence(
    documents: Iterable[Sequence[str]], words: Sequence[str], *, window: int | None = None
) -> tuple[NDArray[np.int64], int]:
    """Count the documents, or the windows, in which each pair of words occurs.

    Parameters
    ----------
    documents : iterable of sequences of str
        Words of each document in order.
    words : sequence of str
        The words to count, each once.
    window : int, optional
        Count windows of this many words, moved on by one word at a time, instead of documents (the boolean sliding
        window of Röder et al. 2015). A document shorter than the window is one window.

    Returns
    -------
    counts : ndarray of int, words by words
        Documents (or windows) with both words; on the diagonal, with the word.
    n : int
        All documents (or windows).

    Examples
    --------
    >>> counts, n = cooccurrence([["a", "b"], ["a", "c"], ["b"]], ["a", "b"])
    >>> counts.tolist(), n
    ([[2, 1], [1, 2]], 3)
    >>> counts, n = cooccurrence([["a", "x", "b", "x"]], ["a", "b"], window=3)
    >>> counts.tolist(), n
    ([[1, 1], [1, 2]], 2)
    """
    index = {word: i for i, word in enumerate(words)}
    if len(index) != len(words):
        raise ValueError("Each word must be given once.")
    if window is not None and window < 1:
        raise ValueError(f"A window has at least one word; this one has {window}.")
    counts = np.zeros((len(index), len(index)), dtype=np.int64)
    n = 0
    for block in _presence(documents, index, window):
        n += len(block)
        counts += (block.T @ block).astype(np.int64)  # whole numbers below 2**53: exact on any machine
    return counts, n


def _presence(
    documents: Iterable[Sequence[str]], index: dict[str, int], window: int | None
) -> Iterator[NDArray[np.float64]]:
    """Yield blocks of a 0/1 matrix, documents (or windows) by words."""
    # a block is filled row by row, handed out when it is full, and used again
    height = max(1, _CELLS // max(1, len(index)))
    block = np.zeros((height, len(index)))
    filled = 0
    for document in documents:
        occurrences = [(place, index[word]) for place, word in enumerate(document) if word in index]
        rows = 1 if window is None else max(1, len(document) - window + 1)

        # a document with more windows than the block has rows is taken in parts
        for first in range(0, rows, height):
            part = min(height, rows - first)
            if filled + part > height:
                yield block[:filled]
                block[:filled] = 0
                filled = 0

            for place, column in occurrences:
                if window is None:
                    block[filled, column] = 1
                    continue

                # the windows of this part that hold the place
                low = max(0, place - window + 1 - first)
                high = min(part, place + 1 - first)
                if low < high:
                    block[filled + low : filled + high, column] = 1
            filled += part

    yield block[:filled]


def counted_npmi(
    topics: Sequence[Sequence[int]], counts: NDArray[np.int64], n: int, *, epsilon: float = 0.0
) -> NDArray[np.float64]:
    """Coherence of each topic: the mean NPMI over all pairs of its words, from their counts.

    The measure that Röder, Both and Hinneburg (2015), "Exploring the space of topic coherence measures", write as
    (S_one-one, P, m_nlr, arithmetic mean), with P over whole documents unless they were counted in windows; with a window of 10
    and ``epsilon=1e-12`` it is the C_NPMI of their paper. Values depend on the documents, the window and the number of
    words, so compare topics only where all three are the same. Words that occur in few documents get extreme values.

    Parameters
    ----------
    topics : sequence of sequences of int
        The rows of `counts` that are the topic's words.
    counts, n
        As `cooccurrence` returns them.
    epsilon
        As in `npmi`.

    Returns
    -------
    ndarray of float
        One number per topic, between -1 and 1. Pairs with a word that occurs nowhere, and pairs of words that both occur
        everywhere, are left out; a topic without another pair is NaN.

    Examples
    --------
    >>> counted_npmi([[0, 1]], np.array([[2, 2], [2, 3]]), 4).round(3).tolist()
    [0.415]
    """
    alone = np.diag(counts)
    values = []
    for topic in topics:
        members = list(dict.fromkeys(topic))
        pairs = [(i, j) for at, i in enumerate(members) for j in members[at + 1 :]]
        if not pairs or n == 0:
            values.append(np.nan)
            continue
        one, other = np.array(pairs).T
        pair_values = npmi(counts[one, other], alone[one], alone[other], n, epsilon=epsilon)
        known = pair_values[~np.isnan(pair_values)]
        values.append(float(known.mean()) if len(known) else np.nan)
    return np.array(values, dtype=np.float64)


def counted_cv(topics: Sequence[Sequence[int]], counts: NDArray[np.int64], n: int) -> NDArray[np.float64]:
    """Return C_v of each topic: how similar the company of each of its words is to the company of all of them.

    Röder, Both and Hinneburg (2015): each word is the vector of its NPMI with all the topic's words (itself included;
    epsilon 1e-12), C_v the mean cosine of these vectors with their sum. In their paper counts are of windows of 110
    words. It tends to be high for topics of rare words and has no chance level, so compare it between fits over the same
    texts only.

    Parameters
    ----------
    topics : sequence of sequences of int
        The rows of `counts` that are the topic's words.
    counts, n
        As `cooccurrence` returns them.

    Examples
    --------
    >>> counted_cv([[0, 1]], np.array([[2, 2], [2, 2]]), 4).round(3).tolist()
    [1.0]
    """
    alone = np.diag(counts)
    values = []
    for topic in topics:
        members = np.array(list(dict.fromkeys(topic)), dtype=np.int64)
        members = members[alone[members] > 0] if len(members) else members
        if len(members) < 2 or n == 0:
            values.append(np.nan)
            continue

        # each word is the vector of its NPMI with all of them
        with np.errstate(divide="ignore", invalid="ignore"):
            joint = counts[np.ix_(members, members)] / n + 1e-12
            expected = np.outer(alone[members] / n, alone[members] / n)
            vectors = np.log(joint / expected) / -np.log(joint)

        whole = vectors.sum(axis=0)
        lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(whole)
        cosines = np.divide(vectors @ whole, lengths, out=np.zeros(len(members)), where=lengths > 0)
        values.append(float(cosines.mean()))
    return np.array(values, dtype=np.float64)


def exclusivity(rates: ArrayLike, topics: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """Exclusivity of each topic: the part of its words' rates, summed over all topics, that belongs to this topic.

    The mean over the topic's words of b_kw / sum_j b_jw, with b_kw the word's share of topic k's words: the exclusivity
    part of FREX (Bischof and Airoldi 2012), without its ranks.

    Parameters
    ----------
    rates : array-like, topics by words
        The share of each word in the words of each topic.
    topics : sequence of sequences of int
        The columns of `rates` that are each topic's words.

    Returns
    -------
    ndarray of float
        One number per topic: 1 where no other topic has its words, one over the number of topics where all have them
        alike. NaN without words.

    Examples
    --------
    >>> exclusivity([[0.5, 0.5, 0.0], [0.0, 0.5, 0.5]], [[0, 1], [2]]).tolist()
    [0.75, 1.0]
    """
    table = np.asarray(rates, dtype=np.float64)
    total = table.sum(axis=0)
    part = np.divide(table, total, out=np.zeros_like(table), where=total > 0)
    return np.array([part[at, list(words)].mean() if len(words) else np.nan for at, words in enumerate(topics)])


def diversity(topics: Sequence[Sequence[str]]) -> float:
    """Share of different words among all the topics' words: Dieng, Ruiz and Blei (2020), "Topic modeling in embedding spaces".

    1 where no two topics share a word. The least possible value is one over the number of topics. NaN without words.

    Examples
    --------
    >>> diversity([["ban", "court"], ["ban", "oil"]])
    0.75
    """
    words = [word for topic in topics for word in topic]
    return len(set(words)) / len(words) if words else float("nan")
