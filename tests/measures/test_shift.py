"""Word shifts against shifterator's, and the laws that they keep."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.measures.shift import (
    average_shift,
    entropy_shift,
    jensen_shannon_shift,
    kullback_leibler_shift,
    proportion_shift,
    shares_of_all,
)

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "word_shift.json").read_text(encoding="utf-8"))
KINDS = {
    "proportion": proportion_shift,
    "entropy": entropy_shift,
    "kld": kullback_leibler_shift,
    "jsd": jensen_shannon_shift,
    "weighted_avg": average_shift,
}


@st.composite
def two_texts(draw):
    """Shares of the same words in two texts, zeros among them."""
    n = draw(st.integers(1, 8))
    counts = st.lists(st.integers(0, 1000), min_size=n, max_size=n).filter(any)
    return tuple(np.array(part) / sum(part) for part in (draw(counts), draw(counts)))


def entropy(p, alpha):
    """Shannon's in bits or Tsallis's, as the textbook has it."""
    some = p[p > 0]
    return -(some * np.log2(some)).sum() if alpha == 1 else ((some**alpha).sum() - 1) / (1 - alpha)


@pytest.mark.parametrize("case", REFERENCE["cases"], ids=lambda case: case["id"])
def test_shifterator_s_values(case):
    """Totals are shifterator's to the last digit, and so are contributions, raw where the total is 0."""
    p, q = (np.array(case[side]) / sum(case[side]) for side in ("target", "reference"))
    scores = [case["scores"]] if "scores" in case else []
    contributions = KINDS[case["kind"]](p, q, *scores, **case.get("settings", {}))
    assert contributions.sum() == pytest.approx(case["total"], abs=1e-12)
    values = contributions if case["total"] == 0 else shares_of_all(contributions)
    np.testing.assert_allclose(values, case["normalised"], rtol=0, atol=1e-12)


@given(two_texts(), st.sampled_from([0.3, 0.8, 1, 2, 3.5]), st.floats(0.01, 0.99))
def test_contributions_sum_to_the_difference(texts, alpha, weight):
    """Entropies, divergences and averages, each taken as a whole by its textbook formula, are the sums of the words' parts."""
    p, q = texts
    assert proportion_shift(p, q).sum() == pytest.approx(0, abs=1e-12)
    assert entropy_shift(p, q, alpha=alpha).sum() == pytest.approx(entropy(p, alpha) - entropy(q, alpha), abs=1e-9)
    mixed = (
        entropy(weight * p + (1 - weight) * q, alpha) - weight * entropy(p, alpha) - (1 - weight) * entropy(q, alpha)
    )
    assert jensen_shannon_shift(p, q, weight=weight, alpha=alpha).sum() == pytest.approx(mixed, abs=1e-9)
    score = np.arange(len(p)) - 2.5
    for middle in (None, 0.0, 7.0):
        total = average_shift(p, q, score, score_reference=middle).sum()
        assert total == pytest.approx(float(p @ score - q @ score), abs=1e-9)


@given(two_texts(), st.sampled_from([0.5, 1, 2]))
def test_swapping_the_texts_turns_the_sign(texts, alpha):
    """Differences turn their sign; the Jensen-Shannon divergence, its weight turned too, is the same, and never negative."""
    p, q = texts
    np.testing.assert_allclose(proportion_shift(p, q), -proportion_shift(q, p))
    np.testing.assert_allclose(entropy_shift(p, q, alpha=alpha), -entropy_shift(q, p, alpha=alpha), atol=1e-12)
    there = jensen_shannon_shift(p, q, weight=0.3, alpha=alpha)
    np.testing.assert_allclose(there, jensen_shannon_shift(q, p, weight=0.7, alpha=alpha), atol=1e-12)
    assert (there >= 0).all()


@given(two_texts())
def test_a_text_against_itself(texts):
    """Nothing adds to a difference that is none, whatever the measure."""
    p, _ = texts
    for shift in (proportion_shift, entropy_shift, kullback_leibler_shift, jensen_shannon_shift):
        np.testing.assert_allclose(shift(p, p), 0, atol=1e-15)


@given(two_texts())
def test_the_divergence_is_infinite_for_a_word_that_only_the_target_has(texts):
    """Kullback and Leibler's divergence has a part for each word of the target, infinite where the reference lacks it."""
    p, q = texts
    parts = kullback_leibler_shift(p, q)
    assert np.isinf(parts).tolist() == ((p > 0) & (q == 0)).tolist()
    assert (parts[p == 0] == 0).all()
    if np.isfinite(parts).all():
        assert parts.sum() >= -1e-12


def test_shares_of_all_are_of_the_absolute_sum():
    """Signs stay, sizes sum to 1; where nothing differs they are 0."""
    assert shares_of_all([2.0, -1.0, 1.0]).tolist() == [0.5, -0.25, 0.25]
    assert shares_of_all([0.0, 0.0]).tolist() == [0, 0]
    assert shares_of_all([]).tolist() == []
