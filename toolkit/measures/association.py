"""Own association: how much more often two words meet, or one word occurs, than chance would have it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def log_likelihood(a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike) -> Floats:
    r"""Return the signed log-likelihood ratio G2 of two-by-two tables.

    Parameters
    ----------
    a, b : array_like
        Occurrences of the word in the target and in the reference.
    c, d : array_like
        All other words of the target and of the reference.

    Returns
    -------
    ndarray
        G2 = 2 * sum(O * ln(O / E)) over the four cells (Dunning 1993), as quanteda has it; positive where the target has
        relatively more, negative where it has less. The two-cell form of UCREL (Rayson) is smaller; it leaves out `c` and `d`.

    Examples
    --------
    10 of 100 words against 5 of 100:

    >>> round(float(log_likelihood(10, 5, 90, 95)), 4)
    1.8341
    """
    table = [np.asarray(part, dtype=float) for part in (a, b, c, d)]
    total = sum(table)
    word, others = table[0] + table[1], table[2] + table[3]
    target, reference = table[0] + table[2], table[1] + table[3]

    with np.errstate(divide="ignore", invalid="ignore"):
        expected = [row * column / total for row in (word, others) for column in (target, reference)]
        parts = [np.where(o > 0, o * np.log(o / e), 0.0) for o, e in zip(table, expected, strict=True)]
        g2 = np.maximum(2 * sum(parts), 0.0)
        return np.where(table[0] >= expected[0], g2, -g2)


def log_ratio(a: ArrayLike, b: ArrayLike, n_target: ArrayLike, n_reference: ArrayLike) -> Floats:
    """Return the binary logarithm of the ratio of relative frequencies (Hardie 2014; a count of 0 is taken as 0.5).

    1 means twice as often in the target, 2 four times. A side without words has no frequency: NaN.

    Examples
    --------
    >>> float(log_ratio(8, 2, 1000, 1000)), float(log_ratio(1, 0, 1000, 1000))
    (2.0, 1.0)
    """
    target, reference = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    size, other = np.asarray(n_target, dtype=float), np.asarray(n_reference, dtype=float)
    target, reference = np.where(target == 0, 0.5, target), np.where(reference == 0, 0.5, reference)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log2((target / size) / (reference / other))
    return np.where((size > 0) & (other > 0), ratio, np.nan)


def log_odds_ratio(a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike) -> Floats:
    """Return ln((a + .5)(d + .5) / ((b + .5)(c + .5))) of two-by-two tables, cells as in `log_likelihood`.

    The half in each cell is Haldane's (1956). For two words this is the lambda of quanteda's `textstat_collocations` (Blaheta and
    Johnson 2001), and ln(10) times the discounted odds ratio of UCS (Evert 2005), which is decimal.

    Examples
    --------
    >>> round(float(log_odds_ratio(10, 5, 90, 95)), 4)
    0.7004
    """
    cells = [np.asarray(part, dtype=float) + 0.5 for part in (a, b, c, d)]
    return np.log(cells[0] * cells[3] / (cells[1] * cells[2]))


def delta_p(a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike) -> Floats:
    """Return Delta P of two-by-two tables: a / (a + c) - b / (b + d), a difference of two shares (Gries 2013).

    Parameters
    ----------
    a, b, c, d : array_like
        Cells as in `log_likelihood`: the word in the target and in the reference, other words in the target and in the reference. This
        is P(word | target) - P(word | reference); with `b` and `c` swapped it is the other direction.

    Examples
    --------
    After "of" comes "course" a little more often than after other words, before "course" stands "of" nearly always:

    >>> after_of, after_others, no_course_after_of, neither = 5610, 2257, 168938, 10233063
    >>> round(float(delta_p(after_of, after_others, no_course_after_of, neither)), 3)
    0.032
    >>> round(float(delta_p(after_of, no_course_after_of, after_others, neither)), 3)
    0.697
    """
    table = [np.asarray(part, dtype=float) for part in (a, b, c, d)]
    with np.errstate(divide="ignore", invalid="ignore"):
        return table[0] / (table[0] + table[2]) - table[1] / (table[1] + table[3])


def pointwise_mutual_information(n: ArrayLike, n_expected: ArrayLike) -> Floats:
    """Return log2(observed / expected) (Church and Hanks 1990). It favours rare words.

    Examples
    --------
    >>> float(pointwise_mutual_information(8, 2))
    2.0
    """
    with np.errstate(divide="ignore"):
        return np.log2(np.asarray(n, dtype=float) / np.asarray(n_expected, dtype=float))


def cubed_mutual_information(n: ArrayLike, n_expected: ArrayLike) -> Floats:
    """Return MI3, log2(observed^3 / expected) (Daille 1994). The cube takes away most of PMI's favour for rare words.

    Examples
    --------
    >>> float(cubed_mutual_information(8, 2))
    8.0
    """
    with np.errstate(divide="ignore"):
        return np.log2(np.asarray(n, dtype=float) ** 3 / np.asarray(n_expected, dtype=float))


def squared_mutual_information(n: ArrayLike, n_expected: ArrayLike) -> Floats:
    """Return MI2, log2(observed^2 / expected) (Daille 1994; Pecina 2010, measure 8). It lies between PMI and MI3.

    Examples
    --------
    >>> float(squared_mutual_information(8, 2))
    5.0
    """
    with np.errstate(divide="ignore"):
        return np.log2(np.asarray(n, dtype=float) ** 2 / np.asarray(n_expected, dtype=float))


def local_mutual_information(n: ArrayLike, n_expected: ArrayLike) -> Floats:
    """Return local MI, observed * log2(observed / expected) (Evert 2008). It favours frequent words.

    It is what one cell adds to G2, but for the factor of 2 ln 2. A word that is never met adds 0.

    Examples
    --------
    >>> float(local_mutual_information(8, 2))
    16.0
    """
    observed = np.asarray(n, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(observed == 0, 0.0, observed * np.log2(observed / np.asarray(n_expected, dtype=float)))


def minimum_sensitivity(n: ArrayLike, n_window: ArrayLike, n_collocate: ArrayLike) -> Floats:
    """Return the smaller of two shares: of the words near the node, and of the word's occurrences (Pedersen 1998).

    That is min(n / n_window, n / n_collocate), between 0 and 1; it is high only where each predicts the other.

    Examples
    --------
    >>> float(minimum_sensitivity(5, 20, 10))
    0.25
    """
    larger = np.maximum(np.asarray(n_window, dtype=float), np.asarray(n_collocate, dtype=float))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(n, dtype=float) / larger


def z_score(n: ArrayLike, n_expected: ArrayLike) -> Floats:
    """Return (observed - expected) / sqrt(expected) (Dennis 1965; Berry-Rogghe's differs a little). It favours rare words.

    Examples
    --------
    >>> float(z_score(16, 4))
    6.0
    """
    expected = np.asarray(n_expected, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (np.asarray(n, dtype=float) - expected) / np.sqrt(expected)


def t_score(n: ArrayLike, n_expected: ArrayLike) -> Floats:
    """Return (observed - expected) / sqrt(observed) (Church et al. 1991). It favours frequent words; it is no t test.

    Examples
    --------
    >>> float(t_score(16, 4))
    3.0
    """
    observed = np.asarray(n, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (observed - np.asarray(n_expected, dtype=float)) / np.sqrt(observed)


def dice(n: ArrayLike, n_node: ArrayLike, n_collocate: ArrayLike) -> Floats:
    """Return 2 n / (n_node + n_collocate), twice the meetings over the occurrences of both (Dice 1945; Pecina 2010, measure 29).

    Examples
    --------
    >>> float(dice(5, 12, 8))
    0.5
    """
    both = np.asarray(n_node, dtype=float) + np.asarray(n_collocate, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return 2 * np.asarray(n, dtype=float) / both


def log_dice(n: ArrayLike, n_node: ArrayLike, n_collocate: ArrayLike) -> Floats:
    """Return 14 + log2(Dice) (Rychly 2008). It does not depend on the size of the corpus.

    Examples
    --------
    >>> float(log_dice(10, 10, 10)), float(log_dice(5, 10, 10))
    (14.0, 13.0)
    """
    with np.errstate(divide="ignore"):
        return 14 + np.log2(dice(n, n_node, n_collocate))
