"""Measures of association against published values, another program, and the laws that they keep."""

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from toolkit.measures import association
from toolkit.measures.association import (
    cubed_mutual_information,
    delta_p,
    dice,
    local_mutual_information,
    log_dice,
    log_likelihood,
    log_odds_ratio,
    log_ratio,
    minimum_sensitivity,
    pointwise_mutual_information,
    squared_mutual_information,
    t_score,
    z_score,
)

REFERENCE = Path(__file__).parents[1] / "reference"
PUBLISHED = json.loads((REFERENCE / "association.json").read_text(encoding="utf-8"))
COLLOCATES = json.loads((REFERENCE / "collocates.json").read_text(encoding="utf-8"))

COUNT = st.integers(0, 10**6)
SOME = st.integers(1, 10**6)
TABLE = st.tuples(COUNT, COUNT, COUNT, COUNT)
# Every row and column has something in it: without that scipy refuses the table.
FULL_TABLE = TABLE.filter(lambda t: min(t[0] + t[1], t[2] + t[3], t[0] + t[2], t[1] + t[3]) > 0)


@pytest.fixture(autouse=True)
def no_warnings():
    """No measure warns, whatever it is given."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def name_of(case):
    return f"{case['function']}-{case['expected']:g}"


@pytest.mark.parametrize("case", PUBLISHED["cases"], ids=name_of)
def test_published_values(case):
    """Each measure gives what others have printed for the same counts."""
    measure = getattr(association, case["function"])
    got = float(measure(**case["input"])) * case.get("times", 1)
    assert got == pytest.approx(case["expected"], abs=case["within"])


def test_each_measure_answers_to_a_published_value():
    """No measure is left without an outsider; three answer to the table of UCS below, and one is the smaller of two shares."""
    functions = {
        name for name, thing in vars(association).items() if getattr(thing, "__module__", "").endswith("association")
    }
    elsewhere = {"squared_mutual_information", "local_mutual_information", "dice", "minimum_sensitivity"}
    assert {case["function"] for case in PUBLISHED["cases"]} | elsewhere == functions


def test_evert_surface_co_occurrence():
    """On Evert's 94 collocates of "circular economy" each measure gives what UCS gives, to all digits; its logarithms are decimal."""
    gold = COLLOCATES["ucs"]
    names, rows = gold["columns"], gold["rows"]
    ucs = {name: np.array([row[i] for row in rows]) for i, name in enumerate(names) if name != "word"}
    assert len(rows) == 94
    n, n_window, n_corpus, n_words = (ucs[name] for name in ("n", "n_window", "n_corpus", "n_words"))
    table = n, n_corpus - n, n_window - n, n_words - n_window - n_corpus + n
    expected = n_window * n_corpus / n_words
    decimal = np.log10(2)
    ours = {
        "MI": decimal * pointwise_mutual_information(n, expected),
        "MI3": decimal * cubed_mutual_information(n, expected),
        "MI2": decimal * squared_mutual_information(n, expected),
        "local.MI": decimal * local_mutual_information(n, expected),
        "t.score": t_score(n, expected),
        "z.score": z_score(n, expected),
        "log.likelihood": log_likelihood(*table),
        "Dice": dice(n, n_window, n_corpus),
        "odds.ratio.disc": log_odds_ratio(*table) / np.log(10),
        # of the word's occurrences that lie in a window, against those of other words: target and reference are turned
        "relative.risk": decimal * log_ratio(n, n_window - n, n_corpus, n_words - n_corpus),
    }
    assert set(ours) == set(names) - {"word", "n", "n_window", "n_corpus", "n_words"}
    for name, values in ours.items():
        np.testing.assert_allclose(values, ucs[name], rtol=1e-12, err_msg=name)


@pytest.mark.parametrize("case", COLLOCATES["lambda_z"]["cases"], ids=lambda case: case["words"])
def test_lambda_and_z_of_quanteda(case):
    """Lambda, its error, z and the likelihood ratio of two words are those of a Poisson model fitted to the counts plus .5."""
    both, first, second, neither = case["counts"]
    table = both, second, first, neither
    within = COLLOCATES["lambda_z"]["within"]
    error = np.sqrt(sum(1 / (count + 0.5) for count in table))
    assert float(log_odds_ratio(*table)) == pytest.approx(case["lambda"], abs=within)
    assert error == pytest.approx(case["sigma"], abs=within)
    assert float(log_odds_ratio(*table) / error) == pytest.approx(case["z"], abs=within)
    assert abs(float(log_likelihood(*(count + 0.5 for count in table)))) == pytest.approx(case["LR"], abs=within)


# Log-likelihood


@given(FULL_TABLE)
def test_log_likelihood_is_that_of_scipy(table):
    """The size is scipy's G over four cells without correction; the sign is that of the difference of relative frequencies."""
    a, b, c, d = table
    expected = chi2_contingency([[a, b], [c, d]], lambda_="log-likelihood", correction=False).statistic
    # Both sum terms of up to n ln n that nearly cancel, so that is what rounding is relative to.
    rounding = 1e-13 * sum(table) * np.log(sum(table) + 1)
    got = float(log_likelihood(a, b, c, d))
    assert abs(got) == pytest.approx(expected, rel=1e-9, abs=rounding)
    if abs(got) > 2 * rounding:
        assert (got > 0) == (a * (b + d) > b * (a + c))


@given(TABLE)
def test_swapping_target_and_reference_turns_the_sign(table):
    """What is key in the target is as negatively key in the reference."""
    a, b, c, d = table
    rounding = 1e-13 * sum(table) * np.log(sum(table) + 1)
    assert float(log_likelihood(b, a, d, c)) == pytest.approx(
        -float(log_likelihood(a, b, c, d)), rel=1e-9, abs=rounding
    )


@given(TABLE)
def test_the_word_and_all_others_are_mirrors(table):
    """A word that the target has more of leaves all others with as much less."""
    a, b, c, d = table
    rounding = 1e-13 * sum(table) * np.log(sum(table) + 1)
    assert float(log_likelihood(c, d, a, b)) == pytest.approx(
        -float(log_likelihood(a, b, c, d)), rel=1e-9, abs=rounding
    )


@given(FULL_TABLE, st.integers(2, 50))
def test_evidence_grows_with_the_corpus(table, times):
    """The same frequencies in a corpus of k times the size are k times the evidence; the log ratio stays."""
    a, b, c, d = table
    rounding = 1e-12 * times * sum(table) * np.log(sum(table) + 1)
    larger = float(log_likelihood(a * times, b * times, c * times, d * times))
    assert larger == pytest.approx(times * float(log_likelihood(a, b, c, d)), rel=1e-9, abs=rounding)


@given(st.tuples(SOME, SOME), st.integers(1, 1000))
def test_equal_relative_frequencies_are_no_evidence(target, times):
    """Where the reference is the target k times over, G2 and the log ratio are 0."""
    word, rest = target
    rounding = 1e-13 * (times + 1) * sum(target) * np.log((times + 1) * sum(target))
    assert float(log_likelihood(word, word * times, rest, rest * times)) == pytest.approx(0, abs=rounding)
    assert float(log_ratio(word, word * times, word + rest, (word + rest) * times)) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("table", [(0, 0, 5, 7), (5, 7, 0, 0), (0, 0, 0, 0), (5, 0, 7, 0), (0, 3, 0, 9)])
def test_a_table_with_nothing_to_compare_is_zero(table):
    """An empty row or column says nothing: G2 is 0, and not missing."""
    assert float(log_likelihood(*table)) == 0


def test_two_cells_would_be_less():
    """The documentation's claim: UCREL's two-cell form, worked by hand, is smaller on the same counts."""
    a, b, n_target, n_reference = 10, 5, 100, 100
    two_cells = 2 * (a * np.log(a / 7.5) + b * np.log(b / 7.5))
    assert two_cells == pytest.approx(1.699, abs=0.001)
    assert float(log_likelihood(a, b, n_target - a, n_reference - b)) > two_cells


# Log ratio


@given(COUNT, COUNT, SOME, SOME)
def test_log_ratio_turns_its_sign(a, b, n_target, n_reference):
    """Target and reference swapped is the same number with the other sign, zeros included."""
    there, back = log_ratio(a, b, n_target, n_reference), log_ratio(b, a, n_reference, n_target)
    assert float(there) == pytest.approx(-float(back), abs=1e-9)


@pytest.mark.parametrize(
    ("a", "b", "n_target", "n_reference", "expected"),
    [
        (8, 0, 1000, 2000, 5),  # .008 against .00025, 32 times
        (0, 8, 2000, 1000, -5),
        (0, 0, 1000, 4000, 2),  # half a hit in each
        (6, 2, 100, 100, np.log2(3)),
    ],
)
def test_log_ratio_takes_a_count_of_0_as_a_half(a, b, n_target, n_reference, expected):
    """Hardie's convention: half a hit instead of none, and no other count is changed."""
    assert float(log_ratio(a, b, n_target, n_reference)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("n_target", "n_reference"), [(0, 10), (10, 0), (0, 0)])
def test_a_side_without_words_has_no_log_ratio(n_target, n_reference):
    """What has no words has no frequency, so the ratio is missing and not infinite."""
    assert np.isnan(float(log_ratio(0, 0, n_target, n_reference)))


# Odds, and shares


@given(TABLE)
def test_log_odds_turn_their_sign_and_have_no_direction(table):
    """Sides swapped, the log odds ratio changes its sign; word and target swapped, it stays."""
    a, b, c, d = table
    here = float(log_odds_ratio(a, b, c, d))
    assert float(log_odds_ratio(b, a, d, c)) == pytest.approx(-here, abs=1e-9)
    assert float(log_odds_ratio(a, c, b, d)) == pytest.approx(here, abs=1e-9)


@given(FULL_TABLE)
def test_delta_p_is_a_difference_of_shares(table):
    """It lies between -1 and 1, turns its sign with the sides, and both directions agree in sign: their product is phi squared."""
    a, b, c, d = table
    forth, back = float(delta_p(a, b, c, d)), float(delta_p(a, c, b, d))
    assert -1 <= forth <= 1
    assert float(delta_p(b, a, d, c)) == -forth
    phi_squared = chi2_contingency([[a, b], [c, d]], correction=False).statistic / (a + b + c + d)
    assert forth * back == pytest.approx(phi_squared, abs=1e-9)


def test_delta_p_without_a_side_is_missing():
    """Where the target has no word at all there is no share to compare."""
    assert np.isnan(float(delta_p(0, 5, 0, 7)))


# Collocation


@given(SOME, st.floats(1e-6, 1e6))
def test_what_is_expected_is_no_association(n, times):
    """PMI, t-score and z-score are 0 where observed is expected, and have the sign of the difference."""
    assert float(pointwise_mutual_information(n, n)) == 0 == float(t_score(n, n)) == float(z_score(n, n))
    measures = (pointwise_mutual_information, t_score, z_score)
    assert {float(np.sign(measure(n, n * times))) for measure in measures} == {np.sign(n - n * times)}


def test_pmi_favours_rare_words_and_t_frequent_ones():
    """At the same ratio of observed to expected PMI is the same, so one meeting is worth as much as 100; t is ten times."""
    assert pointwise_mutual_information([1, 100], [0.5, 50]).tolist() == [1, 1]
    assert t_score([1, 100], [0.5, 50]).tolist() == [0.5, 5]


@given(SOME, st.floats(1e-6, 1e6))
def test_mi3_is_pmi_and_twice_the_logarithm_of_the_count(n, expected):
    """Cubing the count adds 2 log2 n."""
    pmi = float(pointwise_mutual_information(n, expected))
    assert float(cubed_mutual_information(n, expected)) == pytest.approx(pmi + 2 * np.log2(n), abs=1e-9)


def test_words_that_never_meet():
    """PMI and logDice are minus infinity, t is minus infinity: no finite value is made up."""
    assert float(pointwise_mutual_information(0, 2)) == -np.inf
    assert float(log_dice(0, 10, 10)) == -np.inf
    assert float(cubed_mutual_information(0, 2)) == -np.inf
    assert float(t_score(0, 2)) == -np.inf
    assert float(z_score(0, 4)) == -2


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_log_dice_is_at_most_14_and_symmetric(n, node_alone, collocate_alone):
    """14 is reached only where the two words are never without each other; which is the node does not matter."""
    node, collocate = n + node_alone, n + collocate_alone
    got = float(log_dice(n, node, collocate))
    assert got == float(log_dice(n, collocate, node))
    assert got <= 14
    assert (got == 14) == (node == collocate == n)


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_twice_as_many_meetings_are_one_point_of_log_dice(n, more):
    """Rychlý's property: with the same frequencies, plus one is twice as often."""
    difference = log_dice(2 * n, 2 * n + more, 2 * n) - log_dice(n, 2 * n + more, 2 * n)
    assert float(difference) == pytest.approx(1, abs=1e-9)


@given(st.lists(st.tuples(SOME, SOME, SOME, SOME), min_size=1, max_size=5))
def test_arrays_are_counted_cell_by_cell(rows):
    """An array gives what its elements give one at a time."""
    columns = np.array(rows).T
    for measure, arguments in (
        (log_likelihood, columns),
        (log_ratio, columns),
        (log_odds_ratio, columns),
        (delta_p, columns),
        (log_dice, columns[:3]),
        (dice, columns[:3]),
        (minimum_sensitivity, columns[:3]),
        (squared_mutual_information, columns[:2]),
        (local_mutual_information, columns[:2]),
        (pointwise_mutual_information, columns[:2]),
        (cubed_mutual_information, columns[:2]),
        (t_score, columns[:2]),
        (z_score, columns[:2]),
    ):
        assert measure(*arguments).tolist() == [float(measure(*one)) for one in np.array(arguments).T]


def test_further_measures_by_hand():
    """8 meetings where 2 are expected, of 16 words near the node, 20 hits of it and 12 of the other word."""
    assert float(squared_mutual_information(8, 2)) == 5
    assert float(local_mutual_information(8, 2)) == 16
    assert float(dice(8, 20, 12)) == 0.5
    assert float(minimum_sensitivity(8, 16, 12)) == 0.5
    assert float(minimum_sensitivity(8, 10, 32)) == 0.25


@given(SOME, SOME)
def test_mutual_informations_are_one_family(n, n_expected):
    """MI2 lies in the middle between PMI and MI3, and local MI is PMI times the meetings; a word never met has local MI 0."""
    pmi, mi2, mi3 = (
        float(measure(n, n_expected))
        for measure in (pointwise_mutual_information, squared_mutual_information, cubed_mutual_information)
    )
    assert mi2 == pytest.approx((pmi + mi3) / 2, abs=1e-9)
    assert float(local_mutual_information(n, n_expected)) == pytest.approx(n * pmi, abs=1e-6)
    assert float(local_mutual_information(0, n_expected)) == 0


@given(SOME, SOME, SOME)
def test_dice_and_sensitivity_lie_between_none_and_all(n, one, other):
    """Both are 1 where the two words are always together, symmetric in the two, and Dice is never the smaller."""
    sizes = n + one, n + other
    for measure in (dice, minimum_sensitivity):
        assert 0 < float(measure(n, *sizes)) <= 1
        assert float(measure(n, *sizes)) == float(measure(n, *sizes[::-1]))
        assert float(measure(n, n, n)) == 1
    assert float(dice(n, *sizes)) >= float(minimum_sensitivity(n, *sizes))
