"""Matching of groupings against worked examples of others, scipy, every other matching, and the laws that it keeps."""

import json
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from toolkit.measures.matches import adjusted_rand, average_jaccard, group_jaccard, match_groups, mean_interval

CASES = {
    case["id"]: case
    for case in json.loads((Path(__file__).parents[1] / "reference" / "topics.json").read_text(encoding="utf-8"))[
        "cases"
    ]
}
LABELS = st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 2)), min_size=1, max_size=30)


def test_average_jaccard_is_that_of_the_paper():
    """At each depth of the paper's two lists the mean Jaccard index is the printed one."""
    case = CASES["greene_aj"]
    one, other = case["input"]["a"], case["input"]["b"]
    found = [average_jaccard(one[:depth], other[:depth]) for depth in range(1, 6)]
    assert found == pytest.approx(case["expected"]["AJ"], abs=case["within"])


def test_agreement_of_two_models_is_that_of_the_paper():
    """The matrix of the paper's two sets of topics, matched one to one, has the printed mean."""
    case = CASES["greene_agree"]
    ones, others = case["input"]["S1"], case["input"]["S2"]
    table = np.array([[average_jaccard(a, b) for b in others] for a in ones])
    assert table == pytest.approx(np.array(case["expected"]["matrix"]), abs=case["within"])
    match = match_groups(table)
    assert table[np.arange(3), match].mean() == pytest.approx(case["expected"]["agree"], abs=case["within"])


@given(LABELS)
def test_jaccard_is_that_of_sets(pairs):
    """Each cell is the shared members over all members of two sets of positions."""
    one, other = zip(*pairs)
    found = group_jaccard(one, other, 4, 3)
    for a in range(4):
        for b in range(3):
            left = {at for at, label in enumerate(one) if label == a}
            right = {at for at, label in enumerate(other) if label == b}
            assert found[a, b] == (len(left & right) / len(left | right) if left | right else 0)


@given(LABELS)
def test_more_than_half_is_shared_with_one_group_only(pairs):
    """A group has a Jaccard index above one half with at most one group of another partition."""
    one, other = zip(*pairs)
    assert ((group_jaccard(one, other, 4, 3) > 0.5).sum(axis=1) <= 1).all()


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=1, max_size=4))
def test_no_other_matching_is_better(rows):
    """The matched similarities add up to the most of all one-to-one matchings."""
    table = np.array(rows, dtype=float)
    match = match_groups(table)
    used = match[match >= 0]
    assert len(set(used.tolist())) == len(used) == min(table.shape)
    total = sum(table[row, column] for row, column in enumerate(match) if column >= 0)
    padded = np.zeros((4, 4))
    padded[: len(rows), :3] = table
    assert total == max(sum(padded[i, j] for i, j in enumerate(order)) for order in permutations(range(4)))


def test_nothing_to_match():
    """Groups without a partner are -1, whether none is left or there never was one."""
    assert match_groups(np.zeros((2, 0))).tolist() == [-1, -1]
    assert match_groups(np.zeros((0, 2))).tolist() == []


def test_lists_of_different_length():
    """The shorter list stays as it is at further depths; of no words nothing can be said."""
    assert average_jaccard(["a"], ["a", "b"]) == (1 + 1 / 2) / 2
    assert average_jaccard([], ["a"]) == 0
    assert np.isnan(average_jaccard([], []))


def test_the_interval_is_students():
    """Mean and interval are scipy's, kept between 0 and 1; missing numbers are left out."""
    from scipy import stats

    values = [0.5, 0.6, 0.8, np.nan]
    low, high = stats.t.interval(0.95, 2, loc=np.mean(values[:3]), scale=stats.sem(values[:3]))
    assert mean_interval(values) == pytest.approx((1.9 / 3, low, min(1, high)))
    assert mean_interval([1.0, 1.0]) == (1.0, 1.0, 1.0)
    assert np.isnan(mean_interval([0.4])[1:]).all() and mean_interval([0.4])[0] == 0.4
    assert np.isnan(mean_interval([])).all()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-1, 2)), min_size=1, max_size=30))
def test_the_adjusted_rand_index_is_that_of_scikit_learn(groups):
    """For any two groupings, degenerate ones included; renaming groups or swapping the two changes nothing."""
    one, other = np.array(groups).T
    value = adjusted_rand(one, other)
    assert value == pytest.approx(adjusted_rand_score(one, other), abs=1e-12)
    assert adjusted_rand(other, one) == pytest.approx(value, abs=1e-12)
    assert adjusted_rand([f"group {9 - n}" for n in one], other) == pytest.approx(value, abs=1e-12)


def test_the_adjusted_rand_index_by_hand():
    """Of six things one has moved: 4 of the pairs are together in both, of 6 and 7 of 15; chance gives 2.8 (Hubert and Arabie 1985)."""
    assert adjusted_rand([0, 0, 0, 1, 1, 1], [0, 0, 0, 0, 1, 1]) == pytest.approx((4 - 2.8) / (6.5 - 2.8))
