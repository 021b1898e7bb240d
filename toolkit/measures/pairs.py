"""Pair cells with one another, and find the stories that lie in both cells of a pair."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def each_with_each(group: Ints) -> tuple[Ints, Ints]:
    """Pair the members of each group, each two once.

    Parameters
    ----------
    group : ndarray of int
        The group of each member, counted from 0.

    Returns
    -------
    first, second : ndarray of int64
        Places of the members; the first of a pair stands before the second.

    Examples
    --------
    >>> first, second = each_with_each(np.array([0, 1, 0, 0]))
    >>> list(zip(first.tolist(), second.tolist()))
    [(0, 2), (0, 3), (2, 3)]
    """
    order, begin, _ = _sorted(group)
    before = np.arange(len(order)) - begin  # members of the group that stand before
    second = np.repeat(np.arange(len(order)), before)
    first = np.repeat(begin, before) + _counting(before)
    return order[first], order[second]


def meetings(cell: Ints, story: Ints, target: Ints, reference: Ints, n_cells: int) -> tuple[Ints, Ints, Ints]:
    """Find the rows of a story that meet in a pair of cells.

    Parameters
    ----------
    cell, story : ndarray of int, shape (n_rows,)
        The cell and the story of each row, counted from 0; no two rows agree in both.
    target, reference : ndarray of int, shape (n_pairs,)
        The cells of each pair, each pair once; -1 is no cell.
    n_cells : int
        How many cells there are.

    Returns
    -------
    in_target, in_reference, pair : ndarray of int64
        Places of two rows of one story, the first in the pair's target and the second in its reference.

    Examples
    --------
    Story 0 lies in the cells 0 and 1, story 1 in the cell 0 only:

    >>> cell, story = np.array([0, 0, 1]), np.array([0, 1, 0])
    >>> [part.tolist() for part in meetings(cell, story, np.array([1]), np.array([0]), 2)]
    [[2], [0], [0]]
    """
    known = np.flatnonzero((target >= 0) & (reference >= 0))
    if not len(known) or not len(story):
        none = np.empty(0, dtype=np.int64)
        return none, none, none
    order, begin, size = _sorted(story)
    one = order[np.repeat(np.arange(len(order)), size)]  # each two rows of a story, both ways round
    other = order[np.repeat(begin, size) + _counting(size)]
    code = target[known] * n_cells + reference[known]
    sort = np.argsort(code)
    wanted = cell[one] * n_cells + cell[other]
    place = np.minimum(np.searchsorted(code[sort], wanted), len(code) - 1)
    meets = code[sort][place] == wanted
    return one[meets], other[meets], known[sort[place[meets]]]


def _sorted(group: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the members in the order of their groups, and for each where its group begins and how large it is."""
    order = np.argsort(group, kind="stable").astype(np.int64)
    sizes = np.bincount(group)
    return order, (np.cumsum(sizes) - sizes)[group[order]], sizes[group[order]]


def _counting(sizes: Ints) -> Ints:
    """Count from 0 to each of the sizes, one run after the other."""
    return np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
