"""Own Kleinberg's burst automaton: its cheapest path of states, and the runs at each level."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def batch_costs(relevant: ArrayLike, total: ArrayLike, probability: ArrayLike) -> Floats:
    """Return the cost for each state to emit each batch of documents.

    Parameters
    ----------
    relevant, total : array_like, shape (series, periods)
        Documents with the term, and all documents. A period without documents costs nothing in any state.
    probability : array_like, shape (series, states)
        The share of relevant documents that each state expects.

    Returns
    -------
    ndarray, shape (series, periods, states)

    Notes
    -----
    -log of the binomial probability, Kleinberg (2003, section 4): -log(C(d, r) p^r (1 - p)^(d - r)).

    Examples
    --------
    >>> batch_costs([[1]], [[2]], [[0.5, 0.25]]).round(4).tolist()
    [[[0.6931, 0.9808]]]
    """
    from scipy import special

    r, d = (np.asarray(part, dtype=float)[..., None] for part in (relevant, total))
    p = np.asarray(probability, dtype=float)[:, None, :]
    choose = special.gammaln(d + 1) - special.gammaln(r + 1) - special.gammaln(d - r + 1)
    return np.asarray(-(choose + special.xlogy(r, p) + special.xlog1py(d - r, -p)), dtype=float)


def cheapest_path(costs: ArrayLike, step: ArrayLike) -> Ints:
    """Find the sequence of states with the least cost, of many series at once.

    Parameters
    ----------
    costs : array_like, shape (series, periods, states)
        What each state costs in each period.
    step : array_like
        The cost of going up by one state, a number for each series; going down is free. All begin in state 0.

    Returns
    -------
    ndarray of int64, shape (series, periods)
        Of paths with equal cost, the one that is lower, counted from the end.

    Notes
    -----
    Viterbi's algorithm with Kleinberg's (2003) transition costs, exact for any number of states.

    Examples
    --------
    >>> cheapest_path([[[0, 5], [9, 0], [9, 0], [0, 5]]], [3]).tolist()
    [[0, 1, 1, 0]]
    """
    emitted = np.asarray(costs, dtype=float)
    n_series, n, n_states = emitted.shape
    states = np.arange(n_states)

    # forwards: the least cost of a path to each state, and the state it came from
    up = np.maximum(states[None, :] - states[:, None], 0) * np.asarray(step, dtype=float)[:, None, None]
    cost = np.where(states == 0, 0.0, np.inf)[None, :]
    came_from = np.zeros((n, n_series, n_states), dtype=np.int64)
    for t in range(n):
        through = cost[:, :, None] + up  # from the second index to the third
        came_from[t] = through.argmin(axis=1)
        cost = through.min(axis=1) + emitted[:, t]

    # backwards from the cheapest end
    path = np.zeros((n_series, n), dtype=np.int64)
    state = cost.argmin(axis=1)
    for t in range(n - 1, -1, -1):
        path[:, t] = state
        state = came_from[t, np.arange(n_series), state]
    return path


def runs_above(path: ArrayLike) -> tuple[Ints, Ints, Ints, Ints]:
    """Return the series, the level, the first and the last period of each run at or above each level from 1.

    Examples
    --------
    A run at level 2 lies inside one at level 1:

    >>> [part.tolist() for part in runs_above([[0, 1, 2, 2, 0]])]
    [[0, 0], [1, 2], [1, 2], [3, 3]]
    """
    states = np.asarray(path, dtype=np.int64)
    found = []
    for level in range(1, int(states.max(initial=0)) + 1):
        up = np.pad(states >= level, ((0, 0), (1, 1))).astype(np.int8)
        change = np.diff(up, axis=1)
        series, first = np.nonzero(change == 1)
        last = np.nonzero(change == -1)[1] - 1
        found.append((series, np.full(len(series), level), first, last))
    series, level_of, first, last = (np.concatenate([np.zeros(0, dtype=np.int64), *parts]) for parts in _columns(found))
    order = np.lexsort((level_of, first, series))
    return series[order], level_of[order], first[order], last[order]


def _columns(rows: list[tuple[Ints, Ints, Ints, Ints]]) -> list[list[Ints]]:
    return [[row[column] for row in rows] for column in range(4)]
