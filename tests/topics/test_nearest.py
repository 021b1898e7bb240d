"""Nearest neighbours: exact in single precision's despite, nearly so by cells, and the same among texts that are kept."""

import numpy as np
import pytest

from toolkit.topics import nearest
from toolkit.topics.nearest import nearest_fitted, nearest_kept, nearest_neighbours


def unit(n, dimensions=16, seed=0, repeats=0):
    """Return unit vectors, the last `repeats` of them equal to the first."""
    vectors = np.random.default_rng(seed).normal(size=(n, dimensions))
    if repeats:
        vectors[-repeats:] = vectors[0]
    return np.round(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), 6)


def sorted_out(vectors, k):
    """Return the `k` nearest of each by a full sort."""
    similarity = np.rint(vectors @ vectors.T * 1e6)
    np.fill_diagonal(similarity, -9e9)
    return np.argsort(-similarity, axis=1, kind="stable")[:, :k]


@pytest.mark.parametrize("repeats", [0, 200])
def test_blocks_and_ties_are_those_of_a_full_sort(repeats):
    """With many texts and many equal ones the neighbours are those of a sort, equal ones in the order of the texts."""
    vectors = unit(3000, repeats=repeats)
    found, _ = nearest_neighbours(vectors, 10)
    assert (found == sorted_out(vectors, 10)).all()


def test_cells_find_nearly_all(monkeypatch):
    """Sought by cells, at least nine of ten neighbours are found among vectors that lie in bundles, and never a text itself."""
    draw = np.random.default_rng(1)
    centres = draw.normal(size=(40, 32))
    vectors = centres[draw.integers(0, 40, 6000)] + 0.6 * draw.normal(size=(6000, 32))
    vectors = np.round(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), 6)
    monkeypatch.setattr(nearest, "EXACT", 100)
    monkeypatch.setattr(nearest, "_PER_CELL", 60)
    found, similarity = nearest_neighbours(vectors, 10)
    exact = sorted_out(vectors, 10)
    shares = [len(set(a) & set(b)) / 10 for a, b in zip(found.tolist(), exact.tolist())]
    assert np.mean(shares) > 0.9
    assert (found != np.arange(6000)[:, None]).all()
    assert (np.diff(similarity, axis=1) <= 0).all()
    again, _ = nearest_neighbours(vectors + draw.normal(size=vectors.shape) * 1e-13, 10)
    assert (again == found).all()


@pytest.mark.parametrize("share", [0.8, 0.2])
def test_neighbours_of_kept_texts_are_those_sought_anew(share):
    """Taken from the known neighbours, those of a part in any order are those that a search in the part finds."""
    vectors = unit(400)
    keep = np.random.default_rng(2).permutation(400)[: int(400 * share)]
    (found, similarity), (others, near) = nearest_kept(vectors, nearest_neighbours(vectors, 20), keep, 10)
    anew, _ = nearest_neighbours(vectors[keep], 10)
    assert (np.sort(found) == np.sort(anew)).all()
    assert (np.diff(similarity, axis=1) <= 0).all()
    left = np.setdiff1d(np.arange(400), keep)
    exact, _ = nearest_fitted(vectors[left], vectors[keep], 10)
    assert near.any(axis=1).all() and near.sum(axis=1).max() <= 10
    for row in range(len(left)):
        some = others[row][near[row]]
        assert set(some.tolist()) <= set(exact[row].tolist())


def test_a_bundle_that_is_not_kept_is_placed_by_the_next():
    """Texts all of whose known neighbours were left out get the nearest that was kept."""
    vectors = np.round(np.vstack([unit(20) * 0.001 + np.eye(16)[0], unit(20, seed=3) * 0.001 + np.eye(16)[1]]), 6)
    keep = np.arange(20)
    _, (others, near) = nearest_kept(vectors, nearest_neighbours(vectors, 5), keep, 5)
    assert near.sum(axis=1).tolist() == [1] * 20
    assert others[:, 0].tolist() == nearest_fitted(vectors[20:], vectors[:20], 1)[0].ravel().tolist()
