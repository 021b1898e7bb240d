"""Kleinberg's automaton against published numbers, all paths tried one by one, and scipy."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from toolkit.measures.series.bursts import batch_costs, cheapest_path, runs_above

PUBLISHED = json.loads((Path(__file__).parents[2] / "reference" / "series.json").read_text(encoding="utf-8"))


def probabilities(case):
    p = sum(case["r"]) / sum(case["d"])
    return [p, case["s"] * p]


def test_the_shares_of_the_states_are_the_published_ones():
    """The lower state expects the overall share, the upper one s times as much."""
    (case,) = PUBLISHED["kleinberg"]
    assert probabilities(case) == pytest.approx(case["expected"], abs=case["within"])


def test_the_weight_is_the_published_one():
    """How much less a batch costs in the upper state is the weight that is printed."""
    (case,) = PUBLISHED["kleinberg_weight"]
    costs = batch_costs([case["r"]], [case["d"]], [probabilities(case)])[0]
    weight = (costs[:, 0] - costs[:, 1])[case["from"] : case["to"] + 1].sum()
    assert weight == pytest.approx(case["expected"], abs=case["within"])


def test_the_states_are_the_cheapest():
    """The path is the optimum of an exhaustive search, which a greedy choice misses."""
    (case,) = PUBLISHED["kleinberg_states"]
    costs = batch_costs([case["r"]], [case["d"]], [probabilities(case)])
    assert cheapest_path(costs, [case["gamma"] * np.log(10)])[0].tolist() == case["expected"]


def test_nested_bursts_of_gaps_are_the_published_ones():
    """With the costs of Kleinberg's infinite automaton for gaps, path and runs give the nested bursts of another program."""
    (case,) = PUBLISHED["kleinberg_gaps"]
    offsets = np.sort(np.array(case["offsets"], dtype=float))
    gaps = np.diff(offsets)
    n_states = int(np.ceil(1 + np.log2(gaps.sum()) + np.log2(1 / gaps.min())))
    rate = case["s"] ** np.arange(n_states) / gaps.mean()
    path = cheapest_path((rate * gaps[:, None] - np.log(rate))[None], [case["gamma"] * np.log(len(gaps))])
    _, level, first, last = runs_above(path)
    found = [[float(k), float(offsets[a]), float(offsets[b + 1])] for k, a, b in zip(level, first, last, strict=True)]
    assert [[0.0, 0.0, 1000.0], *found] == case["expected"]


COSTS = st.lists(st.tuples(*[st.integers(0, 9)] * 3), min_size=1, max_size=6)


@given(COSTS, st.integers(0, 6))
def test_no_path_is_cheaper(costs, step):
    """Of all paths of three states, tried one by one, none costs less."""

    def cost(path):
        up = sum(max(b - a, 0) for a, b in zip((0, *path), path))
        return sum(row[state] for row, state in zip(costs, path)) + step * up

    found = tuple(cheapest_path([costs], [step])[0].tolist())
    assert cost(found) == min(cost(path) for path in product(range(3), repeat=len(costs)))


@given(st.integers(0, 60).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d))), st.floats(0.01, 0.99))
def test_a_batch_costs_its_binomial_probability(batch, p):
    """scipy's binomial has the same logarithm, also where nothing or everything is relevant, or there is no document."""
    r, d = batch
    assert batch_costs([[r]], [[d]], [[p]])[0, 0, 0] == pytest.approx(-stats.binom.logpmf(r, d, p), abs=1e-8)


def test_series_do_not_disturb_each_other():
    """Each series has its own price of going up."""
    costs = [[[0, 2], [2, 0], [0, 2]]] * 2
    assert cheapest_path(costs, [1, 3]).tolist() == [[0, 1, 0], [0, 0, 0]]


def test_runs_at_the_edges_and_of_no_burst():
    """A burst can begin with the first and end with the last period; no burst is no row."""
    assert [part.tolist() for part in runs_above([[1, 0, 1], [0, 0, 0], [1, 1, 1]])] == [
        [0, 0, 2],
        [1, 1, 1],
        [0, 2, 0],
        [0, 2, 2],
    ]
    assert [len(part) for part in runs_above([[0, 0]])] == [0, 0, 0, 0]
