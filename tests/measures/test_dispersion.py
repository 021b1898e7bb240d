"""Measures of dispersion against published values and the laws that they keep."""

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy, variation

from toolkit.measures import dispersion as measures
from toolkit.measures.dispersion import Parts

PUBLISHED = json.loads((Path(__file__).parents[1] / "reference" / "dispersion.json").read_text(encoding="utf-8"))

EVEN_AT_0 = (measures.deviation_of_proportions, measures.deviation_normalised, measures.divergence)
EVEN_AT_1 = (measures.juilland_d, measures.carroll_d2, measures.rosengren_s, measures.burch_da)


@st.composite
def tables(draw, least=2):
    """Counts of three words in a few parts, and the sizes of these, which hold them."""
    n = draw(st.integers(least, 6))
    counts = draw(st.lists(st.lists(st.integers(0, 9), min_size=n, max_size=n), min_size=3, max_size=3))
    extra = draw(st.lists(st.integers(1, 50), min_size=n, max_size=n))
    return np.array(counts), np.sum(counts, axis=0) + np.array(extra)


@pytest.fixture(autouse=True)
def no_warnings():
    """No measure warns, whatever it is given."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def measured(statistic, counts=None, sizes=None, positions=None, n_words=None):
    """Return a statistic under its usual name, adjusted frequencies included."""
    if positions is not None:
        return measures.average_reduced_frequency(positions, n_words)
    parts = Parts.of(counts, sizes)
    n, n_parts = parts.totals[0], len(sizes)
    found, d2 = measures.parts_with(parts)[0], measures.carroll_d2(parts)[0]
    return {
        "range": found,
        "range_share": found / n_parts,
        "DP": measures.deviation_of_proportions(parts)[0],
        "1 - DP": 1 - measures.deviation_of_proportions(parts)[0],
        "DPnorm": measures.deviation_normalised(parts)[0],
        "D": measures.juilland_d(parts)[0],
        "D2": d2,
        "S": measures.rosengren_s(parts)[0],
        "DA": measures.burch_da(parts)[0],
        "KLD": measures.divergence(parts)[0],
        "U": n * measures.juilland_d(parts)[0],
        "Um": n * d2 + (1 - d2) * n / n_parts,
        "KF": n * measures.rosengren_s(parts)[0],
        "FM": n * found / n_parts,
    }[statistic]


@pytest.mark.parametrize("case", PUBLISHED["cases"], ids=lambda case: case["id"])
def test_published_values(case):
    """Each measure gives what others have printed for the same counts."""
    assert measured(case["statistic"], **case["input"]) == pytest.approx(case["expected"], abs=case["within"])


def test_each_measure_answers_to_a_published_value():
    """No measure is left without an outsider."""
    assert {"range", "DP", "DPnorm", "D", "D2", "S", "DA", "KLD", "ARF"} <= {c["statistic"] for c in PUBLISHED["cases"]}


def test_a_word_by_hand():
    """Two parts of 10 and 30 words with one occurrence each: every number can be redone on paper."""
    parts = Parts.of([1, 1], [10, 30])
    assert parts.share.tolist() == [1 / 2, 1 / 2]
    assert parts.expected.tolist() == [1 / 4, 3 / 4]
    assert measures.deviation_of_proportions(parts)[0] == pytest.approx(1 / 4)
    assert measures.deviation_normalised(parts)[0] == pytest.approx(1 / 3)
    assert measures.juilland_d(parts)[0] == pytest.approx(1 / 2)  # rates 3/30 and 1/30: sd / mean = 1/2
    assert measures.rosengren_s(parts)[0] == pytest.approx((np.sqrt(1 / 8) + np.sqrt(3 / 8)) ** 2)
    assert measures.burch_da(parts)[0] == pytest.approx(1 / 2)  # the rates differ by 2/30, the mean is 2/30
    assert measures.divergence(parts)[0] == pytest.approx(np.log2(2) / 2 + np.log2(2 / 3) / 2)


@given(tables())
def test_outsiders_agree(table):
    """Juilland's D is scipy's coefficient of variation rescaled, D2 and KLD are its entropies, DA a mean over all pairs."""
    counts, sizes = table
    parts = Parts.of(counts, sizes)
    n = len(sizes)
    for row, d, d2, kld, da in zip(
        counts,
        measures.juilland_d(parts),
        measures.carroll_d2(parts),
        measures.divergence(parts),
        measures.burch_da(parts),
        strict=True,
    ):
        if not row.any():
            assert np.isnan([d, d2, kld, da]).all()
            continue
        rate = row / sizes
        pairs = np.abs(rate[:, None] - rate).sum() / (n * (n - 1))
        assert d == pytest.approx(1 - variation(rate) / np.sqrt(n - 1), abs=1e-9)
        assert d2 == pytest.approx(entropy(rate) / np.log(n), abs=1e-9)
        assert kld == pytest.approx(entropy(row, sizes, base=2), abs=1e-9)
        assert da == pytest.approx(1 - pairs / (2 * rate.mean()), abs=1e-9)


@given(tables())
def test_deviation_is_its_definition(table):
    """DP is half the summed difference of shares, parts without the word included."""
    counts, sizes = table
    found = measures.deviation_of_proportions(Parts.of(counts, sizes))
    for row, dp in zip(counts, found, strict=True):
        if row.any():
            assert dp == pytest.approx(np.abs(row / row.sum() - sizes / sizes.sum()).sum() / 2, abs=1e-9)


@given(tables())
def test_each_measure_keeps_to_its_range(table):
    """DP, DPnorm, D, D2, S and DA lie between 0 and 1; KLD is not negative; a word without an occurrence has no value."""
    parts = Parts.of(*table)
    for measure in (*EVEN_AT_0, *EVEN_AT_1):
        values = measure(parts)
        assert np.isnan(values[parts.totals == 0]).all()
        there = values[parts.totals > 0]
        assert (there >= 0).all()
        assert measure is measures.divergence or (there <= 1).all()


@given(st.lists(st.integers(1, 30), min_size=2, max_size=8), st.integers(1, 5))
def test_an_even_word_is_even_by_every_measure(sizes, times):
    """A word with the same rate in every part is at the even end of every scale."""
    parts = Parts.of(np.array(sizes) * times, np.array(sizes) * 10)
    for measure in EVEN_AT_0:
        assert measure(parts)[0] == pytest.approx(0, abs=1e-9)
    for measure in EVEN_AT_1:
        assert measure(parts)[0] == pytest.approx(1, abs=1e-6)


@given(tables())
def test_order_of_parts_does_not_matter(table):
    """Turned round, the parts give the same values."""
    counts, sizes = table
    one, other = Parts.of(counts, sizes), Parts.of(counts[:, ::-1], sizes[::-1])
    for measure in (*EVEN_AT_0, *EVEN_AT_1, measures.parts_with):
        np.testing.assert_allclose(measure(one), measure(other), atol=1e-9)


def test_all_in_the_smallest_part():
    """DPnorm is 1 where all occurrences are in the smallest part, which DP cannot reach."""
    parts = Parts.of([0, 0, 3], [10, 10, 5])
    assert measures.deviation_of_proportions(parts).tolist() == [0.8]
    assert measures.deviation_normalised(parts).tolist() == [1.0]


def test_one_part():
    """With one part there is nothing to compare: DP is 0, and what needs two parts is missing."""
    parts = Parts.of([3], [10])
    assert measures.deviation_of_proportions(parts).tolist() == [0.0]
    for measure in (measures.deviation_normalised, measures.juilland_d, measures.carroll_d2, measures.burch_da):
        assert np.isnan(measure(parts)).all()


@given(st.sets(st.integers(0, 99), min_size=1, max_size=20), st.integers(0, 99))
def test_reduced_frequency_lies_between_one_and_the_count(places, turn):
    """ARF is at least 1 and at most the number of occurrences, and turning the corpus round its end changes nothing."""
    at = sorted(places)
    reduced = measures.average_reduced_frequency(at, 100)
    assert 1 - 1e-9 <= reduced <= len(at) + 1e-9
    assert measures.average_reduced_frequency(sorted((p + turn) % 100 for p in at), 100) == pytest.approx(reduced)


def test_reduced_frequency_of_nothing():
    """A word that does not occur has a reduced frequency of 0."""
    assert measures.average_reduced_frequency([], 10) == 0.0
