"""Pairing: the pairs and meetings of a plain loop."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from toolkit.measures.pairs import each_with_each, meetings

ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5)), max_size=20, unique=True)
PAIRS = st.lists(
    st.tuples(st.integers(-1, 4), st.integers(-1, 4)).filter(lambda pair: pair[0] != pair[1]), max_size=12, unique=True
)


@given(st.lists(st.integers(0, 4), max_size=15))
def test_each_two_of_a_group_are_paired_once(group):
    """The pairs are those of two loops, the earlier member first."""
    first, second = each_with_each(np.array(group, dtype=np.int64))
    expected = [(i, j) for i, j in itertools.combinations(range(len(group)), 2) if group[i] == group[j]]
    assert sorted(zip(first.tolist(), second.tolist())) == expected


@given(ROWS, PAIRS)
def test_stories_meet_where_a_loop_finds_them(rows, pairs):
    """Two rows of a story meet in each pair of cells that has one as target and the other as reference."""
    cell, story = (np.array([row[i] for row in rows], dtype=np.int64) for i in (0, 1))
    target, reference = (np.array([pair[i] for pair in pairs], dtype=np.int64) for i in (0, 1))
    found = meetings(cell, story, target, reference, 5)
    expected = [
        (one, other, number)
        for (one, a), (other, b) in itertools.permutations(enumerate(rows), 2)
        for number, (t, r) in enumerate(pairs)
        if a[1] == b[1] and a[0] == t and b[0] == r
    ]
    assert sorted(zip(*(part.tolist() for part in found))) == sorted(expected)


def test_a_pair_with_no_cell_on_one_side_has_no_meeting():
    """Cell 1 with no cell, and no cell with cell 1, are not taken for the cells 0 and 1, in which a story does meet."""
    cell, story = np.array([0, 1]), np.array([0, 0])
    for target, reference in ((1, -1), (-1, 3)):
        found = meetings(cell, story, np.array([target]), np.array([reference]), 2)
        assert [part.tolist() for part in found] == [[], [], []]
