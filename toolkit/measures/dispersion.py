"""Measure how evenly words are spread over the parts of a corpus.

Each measure takes `Parts`: how often each word stands in each part, and how large the parts are. A word that does not occur, and a
measure that needs two parts where there is one, give NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.integer]


@dataclass(frozen=True, eq=False)
class Parts:
    """How often words stand in parts, cells without an occurrence left out.

    Attributes
    ----------
    word, part : ndarray of int
        The word and the part of each cell; a pair comes once.
    n : ndarray of int
        Occurrences in the cell, 1 or more.
    sizes : ndarray
        Words of each part, 1 or more.
    n_words : int
        How many words are measured.
    """

    word: Ints
    part: Ints
    n: Ints
    sizes: Ints
    n_words: int

    @classmethod
    def of(cls, counts: ArrayLike, sizes: ArrayLike) -> Parts:
        """Make it from a table: a row of `counts` for each word, a column for each part.

        Examples
        --------
        >>> Parts.of([[0, 2], [1, 0]], [10, 10]).n.tolist()
        [2, 1]
        """
        table = np.atleast_2d(np.asarray(counts))
        word, part = np.nonzero(table)
        return cls(word, part, table[word, part], np.asarray(sizes), len(table))

    def sum(self, values: Floats | Ints | None = None) -> Floats:
        """Add up values of cells by word."""
        return np.bincount(self.word, weights=values, minlength=self.n_words).astype(float)

    @cached_property
    def totals(self) -> Floats:
        return self.sum(self.n)

    @cached_property
    def share(self) -> Floats:
        """Of a word's occurrences, those in the cell."""
        return self.n / self.totals[self.word]

    @cached_property
    def expected(self) -> Floats:
        """Of the words of all parts, those in the cell's part."""
        return (self.sizes / self.sizes.sum())[self.part]

    @cached_property
    def rate(self) -> Floats:
        """Occurrences per word of the part."""
        return self.n / self.sizes[self.part]

    def seen(self, values: Floats) -> Floats:
        """Return the values of words that occur, NaN for others."""
        return np.where(self.totals > 0, values, np.nan)


def parts_with(parts: Parts) -> NDArray[np.int64]:
    """Return the range: in how many parts each word occurs.

    Examples
    --------
    >>> parts_with(Parts.of([0, 4, 3, 2, 1], [10] * 5)).tolist()
    [4]
    """
    return np.bincount(parts.word, minlength=parts.n_words).astype(np.int64)


def deviation_of_proportions(parts: Parts) -> Floats:
    """Return DP, half the sum of |share of occurrences - share of words| over the parts (Gries 2008).

    0 where a word is spread as all words are; it nears 1 where all of it is in one small part.

    Examples
    --------
    >>> deviation_of_proportions(Parts.of([2, 1, 0], [1, 1, 1])).round(3).tolist()
    [0.333]
    """
    apart = parts.sum(np.abs(parts.share - parts.expected))
    elsewhere = 1 - parts.sum(parts.expected)  # parts without the word
    return parts.seen(np.clip((apart + elsewhere) / 2, 0, 1))


def deviation_normalised(parts: Parts) -> Floats:
    """Return DPnorm = DP / (1 - the smallest part's share of words) (Lijffijt and Gries 2012), whose highest value is 1.

    Egbert, Burch and Biber (2020) take the smallest part in which the word occurs, which gives another number.

    Examples
    --------
    >>> deviation_normalised(Parts.of([2, 1, 0], [1, 1, 1])).tolist()
    [0.5]
    """
    most = 1 - parts.sizes.min() / parts.sizes.sum()
    return deviation_of_proportions(parts) / most if most > 0 else np.full(parts.n_words, np.nan)


def juilland_d(parts: Parts) -> Floats:
    """Return Juilland's D = 1 - V / sqrt(n - 1), V being sd / mean of the rates in n parts (Juilland and Chang-Rodriguez 1964).

    The sd is that of a population. Rates take the size of the parts into account; for equal parts counts give the same.

    Examples
    --------
    >>> juilland_d(Parts.of([0, 4, 3, 2, 1], [1] * 5)).round(4).tolist()
    [0.6464]
    """
    n = len(parts.sizes)
    if n < 2:
        return np.full(parts.n_words, np.nan)
    mean = parts.sum(parts.rate) / n
    with np.errstate(divide="ignore", invalid="ignore"):
        centred = parts.rate - mean[parts.word]
        variance = (parts.sum(centred**2) + (n - parts_with(parts)) * mean**2) / n
        return parts.seen(np.clip(1 - np.sqrt(variance) / mean / np.sqrt(n - 1), 0, 1))


def carroll_d2(parts: Parts) -> Floats:
    """Return Carroll's D2, the entropy of the rates (as shares of their sum) over its highest value, log n (Carroll 1970).

    Examples
    --------
    >>> carroll_d2(Parts.of([[3, 3], [6, 0]], [10, 10])).tolist()
    [1.0, 0.0]
    """
    n = len(parts.sizes)
    if n < 2:
        return np.full(parts.n_words, np.nan)
    share = parts.rate / parts.sum(parts.rate)[parts.word]
    return parts.seen(np.clip(parts.sum(share * np.log(1 / share)) / np.log(n), 0, 1))


def rosengren_s(parts: Parts) -> Floats:
    """Return Rosengren's S, the squared sum of sqrt(share of occurrences * share of words) (Rosengren 1971).

    For equal parts it is Zhang's distributional consistency DC.

    Examples
    --------
    >>> rosengren_s(Parts.of([1, 2, 3, 4, 5], [1] * 5)).round(3).tolist()
    [0.937]
    """
    return parts.seen(np.clip(parts.sum(np.sqrt(parts.share * parts.expected)) ** 2, 0, 1))


def divergence(parts: Parts) -> Floats:
    """Return the Kullback-Leibler divergence, in bits, of the occurrences from the words: sum of v log2(v / s) (Gries 2020).

    Examples
    --------
    >>> divergence(Parts.of([[3, 3], [6, 0]], [10, 10])).tolist()
    [0.0, 1.0]
    """
    return parts.seen(np.maximum(parts.sum(parts.share * np.log2(parts.share / parts.expected)), 0))


def burch_da(parts: Parts) -> Floats:
    """Return DA = 1 - (mean |difference| of the rates of two parts) / (2 * mean rate) (Burch, Egbert and Biber 2017).

    The mean is over all pairs of parts. It is 1 less Gini's coefficient with n - 1 for n.

    Examples
    --------
    >>> burch_da(Parts.of([[3, 3], [6, 0]], [10, 10])).tolist()
    [1.0, 0.0]
    """
    n = len(parts.sizes)
    if n < 2:
        return np.full(parts.n_words, np.nan)
    # the sum over pairs is that of each rate times (parts below it - parts above it); parts without the word are the lowest
    order = np.lexsort((parts.rate, parts.word))
    word, rate = parts.word[order], parts.rate[order]
    some = parts_with(parts)
    place = np.arange(len(word)) - (np.cumsum(some) - some)[word]  # from 0, within the word
    below = n - some[word] + place
    pairs = np.bincount(word, weights=rate * (2 * below - n + 1), minlength=parts.n_words)
    with np.errstate(invalid="ignore"):
        return parts.seen(np.clip(1 - pairs / ((n - 1) * parts.sum(parts.rate)), 0, 1))


def average_reduced_frequency(positions: ArrayLike, n_words: int) -> float:
    """Return ARF, the sum of min(d, v) / v over the distances d between occurrences, v being n_words / n (Savicky and Hlavacova 2002).

    Parameters
    ----------
    positions : array_like of int
        Where the occurrences are, in order.
    n_words : int
        Words of the corpus; the distance to the first occurrence goes on from the last one, round the end.

    Returns
    -------
    float
        The number of occurrences where they are evenly spread, near 1 where they stand together.

    Examples
    --------
    >>> average_reduced_frequency([0, 5], 10), average_reduced_frequency([4, 5], 10)
    (2.0, 1.2)
    """
    at = np.asarray(positions)
    if len(at) == 0:
        return 0.0
    apart = np.diff(at, append=at[0] + n_words)
    mean = n_words / len(at)
    return float(np.minimum(apart, mean).sum() / mean)
