"""Measures of keyness against published values, other programs, and the laws that they keep."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from toolkit.measures import association, keyness
from toolkit.measures.association import log_likelihood
from toolkit.measures.keyness import (
    bayes_information,
    chi_squared,
    conservative_log_ratio,
    fisher_p,
    log_likelihood_two_cells,
    log_odds_z,
    odds_ratio,
    percent_difference,
    simple_maths,
    smoothed_log_ratio,
)

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "keyness.json").read_text(encoding="utf-8"))
COUNT = st.integers(1, 10_000)
SIDES = st.tuples(COUNT, COUNT, st.integers(20_000, 10**7), st.integers(20_000, 10**7))


def columns(table):
    """The columns of a reference table as arrays."""
    return {name: [row[i] for row in table["rows"]] for i, name in enumerate(table["columns"])}


# Published values


@pytest.mark.parametrize("case", REFERENCE["cases"], ids=lambda case: f"{case['function']}-{case['expected']:g}")
def test_published_values(case):
    """Each measure gives what others have printed for the same counts."""
    a, b, n1, n2 = (case[name] for name in ("a", "b", "n_target", "n_reference"))
    if case["function"] == "log_likelihood":
        value = log_likelihood(a, b, n1 - a, n2 - b)
    else:
        measure = getattr(keyness, case["function"], None) or getattr(association, case["function"])
        value = measure(a, b, n1, n2, **case.get("settings", {}))
    value = abs(float(value)) if case.get("size_only") else float(value)
    assert value == pytest.approx(case["expected"], rel=0, abs=case["within"])


def test_evert_s_table_of_mrsa():
    """G2, the log ratio with .5 added, its significance filter, simple maths and the conservative log ratios are Evert's."""
    table = REFERENCE["mrsa"]
    rows, n1, n2, m = columns(table), table["n_target"], table["n_reference"], table["n_words"]
    a, b = np.array(rows["f1"]), np.array(rows["f2"])
    g2, ratio = log_likelihood(a, b, n1 - a, n2 - b), smoothed_log_ratio(a, b, n1, n2)
    found = {
        "G2": g2,
        "LogRatio": ratio,
        "LogRatio_G2filter": np.where(stats.chi2.sf(np.abs(g2), 1) <= 0.05 / m, ratio, 0),
        "SM_lambda100": simple_maths(a, b, n1, n2, constant=100),
        "LRC": conservative_log_ratio(a, b, n1, n2, n_words=m),
        "PositiveLRC": conservative_log_ratio(a, b, n1, n2, n_words=m, kind="positive"),
    }
    for name, values in found.items():
        np.testing.assert_allclose(values, rows[name], rtol=1e-10, atol=1e-10, err_msg=name)


def test_cqpweb_s_conservative_log_ratios():
    """Hardie's log ratio and the four conservative ones, by the normal distribution and exact, are CQPweb's and Evert's."""
    table = REFERENCE["cqpweb"]
    rows, m = columns(table), table["n_words"]
    a, n1 = np.array(rows["f"]), np.array(rows["f1"])
    b, n2 = np.array(rows["f2"]) - a, np.array(rows["N"]) - n1
    found = {
        "lr": association.log_ratio(a, b, n1, n2),
        "clr": conservative_log_ratio(a, b, n1, n2, confidence=0.99, n_words=m, kind="normal"),
        "lrc": conservative_log_ratio(a, b, n1, n2, n_words=m),
        "lrc.positive": conservative_log_ratio(a, b, n1, n2, n_words=m, kind="positive"),
        "lrc.normal": conservative_log_ratio(a, b, n1, n2, n_words=m, kind="normal"),
    }
    for name, values in found.items():
        np.testing.assert_allclose(values, rows[name], rtol=1e-10, atol=1e-10, err_msg=name)


@pytest.mark.parametrize("case", REFERENCE["log_odds"], ids=lambda case: case["id"])
def test_weighted_log_odds_of_others(case):
    """z is that of three programs, two of which take two terms of the variance and one four."""
    a, b = np.array(case["a"]), np.array(case["b"])
    z = log_odds_z(a, b, a.sum(), b.sum(), case["prior"], four_terms=case["four_terms"])
    values = z if case["form"] == "z" else 2 * stats.norm.cdf(z) - 1
    known = [i for i, value in enumerate(case["expected"]) if value is not None]
    expected = [case["expected"][i] for i in known]
    np.testing.assert_allclose(values[known], expected, rtol=0, atol=case["within"])


# Laws


@given(SIDES)
def test_swapping_the_sides_turns_the_sign(sides):
    """What the target has more of, the reference has as much less of; ratios turn upside down."""
    a, b, n1, n2 = sides
    for measure in (log_likelihood_two_cells, chi_squared, smoothed_log_ratio, conservative_log_ratio):
        there, back = float(measure(a, b, n1, n2)), float(measure(b, a, n2, n1))
        assert there == pytest.approx(-back, rel=1e-6, abs=1e-7)
    for measure in (odds_ratio, simple_maths):
        assert float(measure(a, b, n1, n2)) * float(measure(b, a, n2, n1)) == pytest.approx(1)
    percent = 1 + float(percent_difference(a, b, n1, n2)) / 100
    assert percent * (1 + float(percent_difference(b, a, n2, n1)) / 100) == pytest.approx(1)
    prior = [0.001 * (a + b), 0.001 * (n1 + n2 - a - b)]
    there = log_odds_z([a, n1 - a], [b, n2 - b], n1, n2, prior)
    back = log_odds_z([b, n2 - b], [a, n1 - a], n2, n1, prior)
    np.testing.assert_allclose(there, -back, atol=1e-9)


@given(SIDES)
def test_chi_squared_is_scipy_s(sides):
    """With and without Yates's correction the size is scipy's."""
    a, b, n1, n2 = sides
    for correction in ("none", "yates"):
        test = stats.chi2_contingency([[a, b], [n1 - a, n2 - b]], correction=correction == "yates")
        size = abs(float(chi_squared(a, b, n1, n2, correction=correction)))
        assert size == pytest.approx(test.statistic, rel=1e-6, abs=1e-6)


SMALL = st.integers(0, 30)


@given(SMALL, SMALL, SMALL, SMALL)
def test_conditional_correction_follows_quantedas_rule(a, b, c, d):
    """Yates's correction is made where any cell is expected less than 5 times and |ad - bc| is N / 2 at least, and only there."""
    n = a + b + c + d
    margins = (a + b), (c + d), (a + c), (b + d)
    if 0 in margins:
        return
    corrected = (
        abs(a * d - b * c) >= n / 2 and min(row * column / n for row in margins[:2] for column in margins[2:]) < 5
    )
    size = n * (abs(a * d - b * c) - corrected * n / 2) ** 2 / np.prod(margins)
    assert abs(float(chi_squared(a, b, a + c, b + d, correction="conditional"))) == pytest.approx(size, abs=1e-9)


def test_conditional_correction_by_hand():
    """3 and 7 of 10 and 9: a cell is expected 4.7 times, so it is corrected; ten times as many are not."""
    few, many = ((3, 7, 10, 9), (30, 70, 100, 90))
    assert float(chi_squared(*few, correction="conditional")) == float(chi_squared(*few, correction="yates"))
    assert float(chi_squared(*many, correction="conditional")) == float(chi_squared(*many))
    assert float(chi_squared(1, 1, 2, 3, correction="conditional")) == float(
        chi_squared(1, 1, 2, 3)
    )  # .2 from what is expected: too near


@given(SIDES)
def test_two_cells_are_four_without_the_other_words(sides):
    """The difference of four cells and two is the part of the other words, which is small and never negative."""
    a, b, n1, n2 = sides
    pooled = (a + b) / (n1 + n2)
    rest = 2 * sum((n - x) * np.log((n - x) / (n * (1 - pooled))) for x, n in ((a, n1), (b, n2)))
    two, four = (abs(float(g2)) for g2 in (log_likelihood_two_cells(*sides), log_likelihood(a, b, n1 - a, n2 - b)))
    assert four - two == pytest.approx(rest, abs=1e-5)


@given(SIDES, st.floats(0.5, 0.999))
def test_the_conservative_log_ratio_is_nearer_to_zero(sides, confidence):
    """It lies between 0 and the log ratio, and nearer to 0 with more confidence and with more words looked at."""
    a, b, n1, n2 = sides
    ratio = np.log2((a / n1) / (b / n2))
    for kind in ("two-sided", "normal"):
        one = float(conservative_log_ratio(a, b, n1, n2, confidence=confidence, kind=kind))
        assert min(0, ratio) - 1e-9 <= one <= max(0, ratio) + 1e-9
        more = float(conservative_log_ratio(a, b, n1, n2, confidence=confidence, n_words=100, kind=kind))
        assert abs(more) <= abs(one) + 1e-9


def test_the_positive_conservative_log_ratio_can_be_negative():
    """It is the lower end itself: below 0 where the target may have less, and minus infinity without an occurrence."""
    values = conservative_log_ratio([2, 0], [2, 5], 100, 100, kind="positive")
    assert values[0] < 0
    assert values[1] == -np.inf


def test_words_that_one_side_lacks():
    """Ratios of what is not there are infinite, and no warning is given; the smoothed ones are not."""
    assert float(percent_difference(3, 0, 100, 100)) == np.inf
    assert float(odds_ratio(3, 0, 100, 100)) == np.inf
    assert float(odds_ratio(0, 3, 100, 100)) == 0
    assert float(simple_maths(0, 0, 100, 100)) == 1
    assert float(smoothed_log_ratio(0, 0, 100, 100)) == 0
    assert float(log_likelihood_two_cells(0, 0, 100, 100)) == 0


def test_bayes_information_takes_the_size_of_both_sides():
    """Evidence that is as large in a larger corpus counts less: by the logarithm of its size, whatever the sign of G2."""
    assert float(bayes_information(-10, 100) - bayes_information(10, 1000)) == pytest.approx(np.log(10))


def test_fisher_s_two_sided_p_is_the_sum_of_the_tables_no_more_likely():
    """Of 3 and 0 in 5 and 5 words: the tables with 0 and 3 are as likely as this one, and no other."""
    chance = stats.hypergeom.pmf(np.arange(4), 10, 3, 5)
    assert float(fisher_p(3, 0, 5, 5)) == pytest.approx(chance[0] + chance[3])


def test_fisher_s_p_of_many_words_is_that_of_each():
    """Tables that come again have one p, in the shape of what was given, one-sided too."""
    a, b = np.array([[3, 0, 3], [2, 3, 0]]), np.array([[0, 3, 0], [2, 1, 3]])
    for alternative in ("two-sided", "less", "greater"):
        p = fisher_p(a, b, 5, 7, alternative=alternative)
        one = [
            stats.fisher_exact([[x, y], [5 - x, 7 - y]], alternative=alternative).pvalue for x, y in zip(a.flat, b.flat)
        ]
        assert p.shape == a.shape
        assert p.ravel().tolist() == one


@given(SIDES)
def test_a_strong_prior_draws_log_odds_to_zero(sides):
    """The more words the prior has, the nearer is z to 0; four terms give a smaller z than two."""
    a, b, n1, n2 = sides
    counts = [a, n1 - a], [b, n2 - b], n1, n2
    share = np.array([a + b, n1 + n2 - a - b]) / (n1 + n2)
    weak, strong = (abs(log_odds_z(*counts, words * share)[0]) for words in (10, 10**9))
    assert strong <= weak + 1e-9
    assert abs(log_odds_z(*counts, 10 * share, four_terms=True)[0]) <= weak + 1e-9


def test_one_word_is_looked_at_by_default():
    """Without n_words nothing is corrected for: the interval is Clopper and Pearson's at 95 %, as scipy has it."""
    share = stats.binomtest(30, 40).proportion_ci(0.95, method="exact").low
    assert float(conservative_log_ratio(30, 10, 1000, 2000)) == pytest.approx(np.log2(2 * share / (1 - share)))


def test_counts_of_zero_have_ends_of_their_own():
    """Exact: without an occurrence in the target it is the upper end of a share of 0. By the normal distribution 0 is taken as .5."""
    share = stats.binomtest(0, 9).proportion_ci(0.95, method="exact").high
    assert float(conservative_log_ratio(0, 9, 1000, 1000)) == pytest.approx(np.log2(share / (1 - share)))

    middle, error = np.log(12 / 0.5), np.sqrt(1 / 12 + 1 / 0.5 - 2 / 1000)
    expected = (middle - stats.norm.ppf(0.975) * error) / np.log(2)
    assert float(conservative_log_ratio(12, 0, 1000, 1000, kind="normal")) == pytest.approx(expected)
