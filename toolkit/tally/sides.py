"""Own the sums of both sides of comparisons between cells, and of the stories that lie on both sides."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.measures.contrasts import SharedSums
from toolkit.measures.intervals import StorySums
from toolkit.measures.pairs import meetings
from toolkit.measures.sparse import entries, same_entries, summed_rows, values_at
from toolkit.tally.cells import CellSums, Grid, cell_sums
from toolkit.tally.stories import StoryCounts

COUNTED = ("n_articles", "n_words", "n_whole", "with_any", "hits", "with_hit")
"""What is counted of each story in each cell."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Pairs(NamedTuple):
    """Target and reference of each comparison as cells of the grid; -1 where the reference is not a cell."""

    target: Ints
    reference: Ints
    name: Any = None  # of the reference, where all have the same one
    rest: bool = False  # whether all others of the context are the reference, which is no cell of the grid


class Sides(NamedTuple):
    """The sums of target and reference, one row per comparison, and those of the stories in both."""

    target: dict[str, Floats]
    reference: dict[str, Floats]
    shared: SharedSums
    reference_partial: NDArray[np.bool_]


def both_sides(
    counted: StoryCounts, sums: CellSums, grid: Grid, context: Ints, pairs: Pairs, measure: str, unit: str
) -> Sides:
    """Sum both sides of each comparison and the stories that lie in both."""
    n_contexts = int(context.max(initial=-1)) + 1
    of_cell = np.empty(len(sums.groups), dtype=np.int64)  # the context of each cell that occurs
    of_cell[grid.place[grid.place >= 0]] = context[grid.place >= 0]

    # stories that lie in several cells of their context: all that sides can share
    together = of_cell[counted.cell] * (int(counted.story.max(initial=0)) + 1) + counted.story
    story, _ = pd.factorize(together)
    several = np.flatnonzero(np.bincount(story)[story] > 1)
    some = rows_of(counted, several, counted.cell, counted.groups)
    story, _ = pd.factorize(story[several])
    own = _flat(sums)
    target = {name: _at(values, grid.place[pairs.target]) for name, values in own.items()}

    if pairs.rest:
        base, base_of_row, rest = _without(some, story, of_cell, n_contexts, unit)
        inside = {name: np.zeros((n_contexts, *values.shape[1:])) for name, values in own.items()}
        for name, values in own.items():
            np.add.at(inside[name], of_cell, values)

        parts = [_flat(cell_sums(part, measure)) for part in (some, base, base_of_row, rest)]
        reference = {}
        for name, values in own.items():
            of_some, of_base, of_base_of_row, of_rest = (part[name] for part in parts)
            lost = np.zeros_like(inside[name])
            np.add.at(lost, of_cell, of_some)
            whole = inside[name] - lost + of_base  # the context, each story once where the story is the unit
            change = -values + of_some + of_rest - of_base_of_row
            reference[name] = whole[context[pairs.target]] + _at(change, grid.place[pairs.target])

        shared = _products(some, rest, some.cell, len(sums.groups), measure)
        shared = SharedSums(*(_at(part, grid.place[pairs.target]) for part in shared))
        partial = np.zeros(len(pairs.target), dtype=bool)
        return Sides(target, reference, shared, partial)

    there = np.where(pairs.reference >= 0, grid.place[pairs.reference], -1)
    reference = {name: _at(values, there) for name, values in own.items()}
    first, second, pair = meetings(some.cell, story, grid.place[pairs.target], there, len(sums.groups))
    shared = _products(
        rows_of(some, first, some.cell, some.groups),
        rows_of(some, second, some.cell, some.groups),
        pair,
        len(pairs.target),
        measure,
    )
    return Sides(target, reference, shared, (pairs.reference >= 0) & grid.partial[pairs.reference])


def rows_of(counted: StoryCounts, at: Ints, cell: Ints, groups: pd.DataFrame) -> StoryCounts:
    """Take some of the rows; `cell` is that of every row, as a place in `groups`."""
    taken: dict[str, Any] = {name: getattr(counted, name)[at] for name in ("story", *COUNTED)}
    n_cells = len(groups)

    # what is known of a whole cell does not hold of other cells
    if n_cells != len(counted.groups):
        unknown = np.full(n_cells, "NaT", "M8[us]")
        taken.update(first=unknown, last=unknown, n_copies=np.zeros(n_cells, dtype=np.int64))
    return replace(counted, groups=groups.reset_index(drop=True), cell=cell[at], **taken)


def _flat(sums: CellSums) -> dict[str, Floats]:
    """Return all counts, those of kinds with a column for each."""
    return {**sums.total, **{name: sums.square(name) for name in sums.by_kind}}


def _at(values: Floats, place: Ints) -> Floats:
    """Take rows; zeros where the place is -1."""
    if len(values) == 0:
        return np.zeros((len(place), *values.shape[1:]))
    known = (place >= 0).reshape(-1, *([1] * (values.ndim - 1)))
    return np.where(known, values[place], 0.0)


def _without(
    some: StoryCounts, story: Ints, of_cell: Ints, n_contexts: int, unit: str
) -> tuple[StoryCounts, StoryCounts, StoryCounts]:
    """Return each story as a context has it, the same beside each of its rows, and what is left of it without the row."""
    n, n_stories = len(some.cell), int(story.max(initial=-1)) + 1
    order = np.argsort(story, kind="stable")
    begins = np.searchsorted(story[order], np.arange(n_stories))
    first, second = order[begins], order[begins + 1]  # each has two rows at least; rows stand in the order of time

    arrays = {name: getattr(some, name) for name in COUNTED}
    if unit == "story":
        left = np.where(first[story] == np.arange(n), second[story], first[story])
        base = {name: values[first] for name, values in arrays.items()}
        rest = {name: values[left] for name, values in arrays.items()}
    else:
        base = {name: summed_rows(values, story, n_stories) for name, values in arrays.items()}
        rest = {name: base[name][story] - values for name, values in arrays.items()}
        # a difference of two matrices has its own entries, and both have to have the same
        rest["with_hit"] = same_entries(rest["with_hit"], rest["hits"])

    contexts = pd.DataFrame(index=range(n_contexts))

    def made(like: Ints, cell: Ints, groups: pd.DataFrame, parts: dict[str, Any]) -> StoryCounts:
        moved = rows_of(some, like, np.zeros(n, dtype=np.int64), groups)
        return replace(moved, cell=cell, **parts)

    everything = np.arange(n)
    base_of_row = {name: values[story] for name, values in base.items()}
    return (
        made(first, of_cell[some.cell[first]], contexts, base),
        made(everything, some.cell, some.groups, base_of_row),
        made(everything, some.cell, some.groups, rest),
    )


def _products(one: StoryCounts, other: StoryCounts, pair: Ints, n_pairs: int, measure: str) -> SharedSums:
    """Sum products over the stories that lie in both sides; only those with a hit on one of them count for a kind."""
    k = len(one.kinds)
    n1, n2 = one.size(measure).astype(float), other.size(measure).astype(float)
    both = (n1 > 0) & (n2 > 0)

    x1, x2 = (part.with_hit if measure == "share" else part.hits for part in (one, other))
    row, kind, _ = entries(x1 + x2)
    row, kind = row[both[row]], kind[both[row]]
    a, b = (values_at(x, row, kind).astype(float) for x in (x1, x2))
    slot = pair[row] * k + kind

    def by_kind(values: Floats) -> Floats:
        return np.bincount(slot, weights=values, minlength=n_pairs * k).astype(float).reshape(n_pairs, k)

    def total(values: Floats) -> Floats:
        summed = np.bincount(pair, weights=values, minlength=n_pairs).astype(float)
        return np.broadcast_to(summed[:, None], (n_pairs, k))

    return SharedSums(
        total(np.ones(len(n1))), by_kind(a * b), by_kind(a * n2[row]), by_kind(n1[row] * b), total(n1 * n2)
    )


def story_sums_of(side: dict[str, Floats], k: int) -> StorySums:
    """Return the sums of one side, (n_pairs, k)."""
    stories, n, nn = (np.broadcast_to(side[name][:, None], (len(side[name]), k)) for name in ("stories", "n", "nn"))
    return StorySums(stories, side["x"], n, side["xx"], side["xn"], nn)
