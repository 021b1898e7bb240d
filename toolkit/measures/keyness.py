"""Own keyness: how much more often a word occurs in one text than in another, and how surprising that is.

`a` and `b` are always the occurrences of the word in the target and in the reference, `n_target` and `n_reference` all words
of each. The log-likelihood ratio over four cells and Hardie's log ratio are in `toolkit.measures.association`.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Correction = Literal["none", "yates", "conditional"]


# Evidence, each word taken as drawn by itself


def log_likelihood_two_cells(a: ArrayLike, b: ArrayLike, n_target: ArrayLike, n_reference: ArrayLike) -> Floats:
    """Return the signed log-likelihood ratio over two cells, as UCREL's calculator has it (Rayson and Garside 2000).

    2 * (a * ln(a / E1) + b * ln(b / E2)), with E the words of each side times the word's share of all. It leaves out all other
    words, so it is a little less than Dunning's over four cells, and visibly so for frequent words.

    Examples
    --------
    >>> round(float(log_likelihood_two_cells(52, 57, 50_000, 75_000)), 2)
    2.65
    """
    a, b, n1, n2 = _floats(a, b, n_target, n_reference)

    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = (a + b) / (n1 + n2)
        g2 = 2 * sum(np.where(x > 0, x * np.log(x / (n * pooled)), 0.0) for x, n in ((a, n1), (b, n2)))
    return np.where(a >= n1 * pooled, np.maximum(g2, 0.0), -np.maximum(g2, 0.0))


def chi_squared(
    a: ArrayLike,
    b: ArrayLike,
    n_target: ArrayLike,
    n_reference: ArrayLike,
    *,
    correction: Correction = "none",
) -> Floats:
    """Return Pearson's signed chi-squared over four cells.

    Parameters
    ----------
    a, b, n_target, n_reference : array_like
        Occurrences and words of each side.
    correction : {"none", "yates", "conditional"}
        With "yates" each difference of observed and expected is lessened by .5, but to no less than 0, as R and scipy do it.
        "conditional" is quanteda's default: the correction is made only for words of which a cell is expected less than five times
        and the difference is at least .5 (quanteda.textstats 0.97, keyness.cpp).

    Examples
    --------
    >>> [round(float(chi_squared(3, 7, 10, 9, correction=c)), 4) for c in ("none", "yates", "conditional")]
    [-4.3372, -2.6324, -2.6324]
    """
    a, b, n1, n2 = _floats(a, b, n_target, n_reference)
    total, word = n1 + n2, a + b

    with np.errstate(divide="ignore", invalid="ignore"):
        expected = n1 * word / total
        away = a - expected
        size = np.abs(away)
        if correction == "yates":
            size = size - np.minimum(0.5, size)
        elif correction == "conditional":
            # the least of the four expected counts is in the rarer row and the smaller column
            least = np.minimum(word, total - word) * np.minimum(n1, n2) / total
            size = np.where((least < 5) & (size >= 0.5), size - 0.5, size)
        chi2 = size**2 * total**3 / (n1 * n2 * word * (total - word))
    return np.where(away >= 0, chi2, -chi2)


def fisher_p(
    a: ArrayLike,
    b: ArrayLike,
    n_target: ArrayLike,
    n_reference: ArrayLike,
    *,
    alternative: Literal["two-sided", "less", "greater"] = "two-sided",
) -> Floats:
    """Return the p-value of Fisher's exact test (scipy's); "greater" asks whether the target has more.

    Examples
    --------
    >>> round(float(fisher_p(3, 7, 10, 9)), 4)
    0.0698
    """
    from scipy import stats

    parts = np.broadcast_arrays(*(np.asarray(part, dtype=np.int64) for part in (a, b, n_target, n_reference)))
    tables, which = np.unique(np.stack([part.ravel() for part in parts]), axis=1, return_inverse=True)

    # rare words have few different counts, so most tables come again and again
    p = [
        stats.fisher_exact([[one, other], [n1 - one, n2 - other]], alternative=alternative).pvalue
        for one, other, n1, n2 in tables.T.tolist()
    ]
    return np.asarray(p, dtype=float)[which.ravel()].reshape(parts[0].shape)


def bayes_information(g2: ArrayLike, n_words: ArrayLike) -> Floats:
    """Return |G2| - ln(n), n being the words of both sides: BIC against no difference (Wilson 2013).

    Above 2 it is called positive evidence, above 6 strong, above 10 very strong.

    Examples
    --------
    >>> float(bayes_information(20.0, np.exp(12.0)))
    8.0
    """
    return np.abs(np.asarray(g2, dtype=float)) - np.log(np.asarray(n_words, dtype=float))


# Size of the difference


def percent_difference(a: ArrayLike, b: ArrayLike, n_target: ArrayLike, n_reference: ArrayLike) -> Floats:
    """Return %DIFF, by how many percent the target's rate exceeds the reference's (Gabrielatos and Marchi 2011).

    Infinite where the reference lacks the word; Gabrielatos puts a tiny number there, which makes an arbitrary large one.

    Examples
    --------
    >>> float(percent_difference(30, 20, 1000, 1000))
    50.0
    """
    a, b, n1, n2 = _floats(a, b, n_target, n_reference)
    with np.errstate(divide="ignore", invalid="ignore"):
        return 100 * ((a / n1) / (b / n2) - 1)


def odds_ratio(a: ArrayLike, b: ArrayLike, n_target: ArrayLike, n_reference: ArrayLike) -> Floats:
    """Return the odds ratio of the four cells (Pojanapunya and Todd 2016), the sample's, as counted.

    Examples
    --------
    >>> float(odds_ratio(2, 1, 10, 9))
    2.0
    """
    a, b, n1, n2 = _floats(a, b, n_target, n_reference)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (a / (n1 - a)) / (b / (n2 - b))


def simple_maths(
    a: ArrayLike, b: ArrayLike, n_target: ArrayLike, n_reference: ArrayLike, *, constant: float = 1.0
) -> Floats:
    """Return Kilgarriff's (2009) ratio of rates per million, each with a constant added.

    A small constant favours rare words, a large one common words.

    Examples
    --------
    199 per million against 99, and the same with 100 added:

    >>> float(simple_maths(199, 99, 10**6, 10**6)), round(float(simple_maths(199, 99, 10**6, 10**6, constant=100)), 4)
    (2.0, 1.5025)
    """
    a, b, n1, n2 = _floats(a, b, n_target, n_reference)
    return (1e6 * a / n1 + constant) / (1e6 * b / n2 + constant)


def smoothed_log_ratio(a: ArrayLike, b: ArrayLike, n_target: ArrayLike, n_reference: ArrayLike) -> Floats:
    """Return the binary logarithm of the ratio of rates with .5 added to each count and size (Walter 1975).

    Evert (2022) has it so; Hardie's log ratio changes counts of 0 only.

    Examples
    --------
    >>> float(smoothed_log_ratio(3.5, 0.5, 1000, 1000))
    2.0
    """
    a, b, n1, n2 = _floats(a, b, n_target, n_reference)
    return np.log2(((a + 0.5) / (n1 + 0.5)) / ((b + 0.5) / (n2 + 0.5)))


def conservative_log_ratio(
    a: ArrayLike,
    b: ArrayLike,
    n_target: ArrayLike,
    n_reference: ArrayLike,
    *,
    confidence: float = 0.95,
    n_words: int = 1,
    kind: Literal["two-sided", "positive", "normal"] = "two-sided",
) -> Floats:
    """Return the end of the log ratio's interval that is nearest 0, and 0 where the interval holds 0 (Evert 2022).

    Parameters
    ----------
    a, b, n_target, n_reference : array_like
        Occurrences and words of each side.
    confidence : float
        Of the interval.
    n_words : int
        Words that are looked at; the error is divided by it (Bonferroni).
    kind : {"two-sided", "positive", "normal"}
        "two-sided" is Evert's LRC: the exact interval of a share (Clopper and Pearson 1934), given the occurrences on both
        sides. "positive" is its one-sided PositiveLRC: the lower end, below 0 too. "normal" is CQPweb's, by the normal distribution of the
        log ratio with a count of 0 taken as .5.

    Notes
    -----
    It takes each word as drawn by itself, so where words come in bundles it is not conservative at all. The interval that
    `tk.keyness` gives has the story as unit.

    Examples
    --------
    >>> conservative_log_ratio([1, 100], [0, 10], 1000, 1000).round(2).tolist()
    [0.0, 2.38]
    """
    from scipy import special

    a, b, n1, n2 = _floats(a, b, n_target, n_reference)
    alpha = (1 - confidence) / n_words

    if kind == "normal":
        a, b = np.where(a == 0, 0.5, a), np.where(b == 0, 0.5, b)
        middle = np.log((a / n1) / (b / n2))
        half = -special.ndtri(alpha / 2) * np.sqrt(1 / a + 1 / b - 1 / n1 - 1 / n2)
        return np.where(middle >= 0, np.maximum(middle - half, 0), np.minimum(middle + half, 0)) / np.log(2)

    # the share of the occurrences that the target has, turned into a ratio of rates
    tail = alpha if kind == "positive" else alpha / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(a > 0, special.betaincinv(np.maximum(a, 1e-12), b + 1, tail), 0.0)
        high = np.where(b > 0, special.betainccinv(a + 1, np.maximum(b, 1e-12), tail), 1.0)
        low, high = (np.log2(n2 / n1 * share / (1 - share)) for share in (low, high))

    if kind == "positive":
        return np.asarray(low)
    return np.where(a / n1 >= b / n2, np.maximum(low, 0), np.minimum(high, 0))


def log_odds_z(
    a: ArrayLike,
    b: ArrayLike,
    n_target: ArrayLike,
    n_reference: ArrayLike,
    prior: ArrayLike,
    prior_total: float | None = None,
    *,
    four_terms: bool = False,
) -> Floats:
    """Return the weighted log-odds ratio with a Dirichlet prior, in its standard errors (Monroe, Colaresi and Quinn 2008).

    Parameters
    ----------
    a, b, n_target, n_reference : array_like
        Occurrences and words of each side.
    prior : array_like
        Occurrences that the prior adds to each word on each side: all the same, or in proportion to its frequency elsewhere.
    prior_total : float, optional
        Their sum over all words; by default that of `prior`, which then must name every word.
    four_terms : bool
        The variance is 1 / (a + prior) + 1 / (b + prior), the approximation that Monroe et al. use and most programs with
        them, such as ConvoKit. With four terms it also has those of all other words, as scattertext does.

    Notes
    -----
    It takes each word as drawn by itself, so it is no test where words come in bundles; it ranks words by size and evidence
    together.

    Examples
    --------
    >>> log_odds_z([10, 5], [5, 10], 15, 15, [7.5, 7.5]).round(3).tolist()
    [1.817, -1.817]
    """
    a, b, n1, n2, alpha = _floats(a, b, n_target, n_reference, prior)
    total = float(alpha.sum()) if prior_total is None else prior_total

    with np.errstate(divide="ignore", invalid="ignore"):
        others1, others2 = n1 + total - a - alpha, n2 + total - b - alpha
        difference = np.log((a + alpha) / others1) - np.log((b + alpha) / others2)
        variance = 1 / (a + alpha) + 1 / (b + alpha)
        if four_terms:
            variance = variance + 1 / others1 + 1 / others2
        return difference / np.sqrt(variance)


def _floats(*parts: ArrayLike) -> tuple[Floats, ...]:
    return tuple(np.asarray(part, dtype=float) for part in parts)
