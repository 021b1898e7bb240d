"""The layout and the grouping of vectors: exact neighbours, one answer, on any processor."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.tables import FramingError
from toolkit.topics import nearest, steps
from toolkit.topics.nearest import n_neighbours, nearest_neighbours
from toolkit.topics.steps import group, lay_out, merge_groups, spectral_points


def blobs(sizes, dimensions=20, spread=0.3, seed=0):
    """Return unit vectors around as many centres as there are sizes, and the centre of each."""
    draw = np.random.default_rng(seed)
    centres = np.eye(dimensions)[: len(sizes)]
    which = np.repeat(np.arange(len(sizes)), sizes)
    vectors = centres[which] + spread * draw.normal(size=(len(which), dimensions)) / dimensions**0.5
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), which


def same_partition(one, other):
    """Tell whether two labellings part things alike, whatever they call the parts."""
    pairs = {(a, b) for a, b in zip(np.asarray(one).tolist(), np.asarray(other).tolist())}
    return len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})


@given(st.integers(2, 30), st.integers(0, 5), st.booleans())
def test_neighbours_are_those_of_a_full_sort(n, seed, with_ties):
    """The nearest are the first of all others sorted by similarity, and of equal ones by their place."""
    vectors = np.random.default_rng(seed).normal(size=(n, 3))
    if with_ties:
        vectors[n // 2 :] = vectors[0]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    k = n_neighbours(n)
    similarity = np.rint(vectors @ vectors.T * 1e6)
    expected = [
        sorted((j for j in range(n) if j != i), key=lambda j, i=i: (-similarity[i, j], j))[:k] for i in range(n)
    ]
    found, values = nearest_neighbours(vectors, k)
    assert found.tolist() == expected
    assert values == pytest.approx(np.take_along_axis(similarity, found, axis=1) / 1e6)


def test_blocks_change_no_neighbour(monkeypatch):
    """Computed a row at a time, the neighbours are the same."""
    vectors, _ = blobs([10, 10, 10])
    whole = nearest_neighbours(vectors, 5)
    monkeypatch.setattr(nearest, "_CELLS", 1)
    rows = nearest_neighbours(vectors, 5)
    assert (whole[0] == rows[0]).all() and (whole[1] == rows[1]).all()


@pytest.mark.parametrize("reduction", ["spectral", "pca", "none"])
@pytest.mark.parametrize("clustering", ["kmeans", "hdbscan"])
def test_planted_groups_are_found(reduction, clustering):
    """Three bundles of vectors come out as three groups, whichever way is taken."""
    vectors, which = blobs([40, 30, 20])
    layout = lay_out(vectors, reduction, dimensions=3, seed=0)
    groups = group(layout.points, clustering, n_topics=3, min_size=8, seed=0)
    kept = groups.labels >= 0
    assert kept.mean() > 0.9 and same_partition(groups.labels[kept], which[kept])


def test_kmeans_may_look_for_its_start_in_a_part(monkeypatch):
    """Started on part of the points, k-means finds the planted groups, also where the part misses one of few points."""
    vectors, which = blobs([400, 300, 200])
    monkeypatch.setattr(steps, "_SAMPLE", 150)
    assert same_partition(group(vectors, "kmeans", n_topics=3, min_size=5, seed=0).labels, which)
    rare = np.vstack([np.repeat(vectors[:1], 999, axis=0), vectors[-1:]])
    assert np.bincount(group(rare, "kmeans", n_topics=2, min_size=1, seed=0).labels).min() == 1


def test_sparse_and_full_eigenvectors_agree(monkeypatch):
    """The layout is the same whether all eigenvectors are computed or only the first."""
    vectors, _ = blobs([60, 50, 40], spread=0.8)
    index, _ = nearest_neighbours(vectors, n_neighbours(len(vectors)))
    monkeypatch.setattr(steps, "_DENSE", 1000)
    full = spectral_points(vectors, 3, index)
    monkeypatch.setattr(steps, "_DENSE", 10)
    assert np.abs(full - spectral_points(vectors, 3, index)).max() < 1e-8


def test_a_layout_in_pieces_is_joined():
    """Bundles that are no neighbours of each other still have one layout, in which each is a group."""
    vectors, which = blobs([30, 30, 30, 30], spread=0.01)
    points = spectral_points(vectors, 4, nearest_neighbours(vectors, 15)[0])
    groups = group(points, "kmeans", n_topics=4, min_size=5, seed=0)
    assert same_partition(groups.labels, which)


@pytest.mark.parametrize("reduction", ["spectral", "pca", "none"])
@pytest.mark.parametrize("clustering", ["kmeans", "hdbscan"])
def test_fitted_vectors_are_placed_where_they_were(reduction, clustering):
    """A text that was fitted is given its own topic when it is asked for again."""
    vectors, _ = blobs([40, 30, 20], spread=1.0)
    layout = lay_out(vectors, reduction, dimensions=3, seed=0)
    groups = group(layout.points, clustering, n_topics=3, min_size=5, seed=0)
    assert layout.transform(vectors) == pytest.approx(layout.points, abs=1e-6)
    kept = groups.labels >= 0
    assert (groups.predict(layout.points)[kept] == groups.labels[kept]).all()


def test_noise_in_the_last_digits_changes_nothing():
    """What another processor would make of the same vectors gives the same points and groups."""
    vectors, _ = blobs([200, 150, 120, 100], spread=1.2)
    noisy = vectors + np.random.default_rng(1).normal(size=vectors.shape) * 1e-13
    one, other = (lay_out(each, "spectral", dimensions=4, seed=0) for each in (vectors, noisy))
    assert (one.points == other.points).all()
    labels = [group(each.points, "kmeans", n_topics=4, min_size=5, seed=0).labels for each in (one, other)]
    assert (labels[0] == labels[1]).all()


def test_similar_groups_are_merged_first():
    """Of three groups, the two whose means point the same way become one."""
    vectors = np.array([[1, 0, 0], [1, 0.1, 0], [0.9, 0.2, 0], [0, 0, 1.0]])
    merged = merge_groups(np.array([0, 1, 1, 2]), vectors, 2)
    assert merged[0] == merged[1] != merged[2]
    assert merge_groups(np.array([0, -1, 1, 1]), vectors, 5) == {0: 0, 1: 1}


class NoLabels:
    """A clustering that forgets to say what it found."""

    def fit(self, points):
        return self


class Failing:
    """A reduction, and a clustering, that raises."""

    def fit(self, points, y=None):
        raise ValueError("out of luck")

    def transform(self, points):
        return points


def test_objects_that_fail_are_named():
    """What an object of the user's raises comes as one sentence with the object's name."""
    vectors, _ = blobs([5, 5])
    for act, sentence in (
        (
            lambda: lay_out(vectors, Failing(), dimensions=2, seed=0),
            "The reduction Failing failed on 10 texts: out of luck",
        ),
        (
            lambda: group(vectors, Failing(), n_topics=2, min_size=2, seed=0),
            "The clustering Failing failed on 10 texts: out of luck",
        ),
        (
            lambda: group(vectors, NoLabels(), n_topics=2, min_size=2, seed=0),
            "The clustering NoLabels has no labels_ for the 10 texts after fitting.",
        ),
    ):
        with pytest.raises(FramingError) as error:
            act()
        assert str(error.value) == sentence


def test_the_users_objects_are_not_changed():
    """A reduction and a clustering are copied before they are fitted."""
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.decomposition import TruncatedSVD

    vectors, _ = blobs([20, 20])
    reduction, clustering = TruncatedSVD(2, random_state=0), AgglomerativeClustering(2)
    layout = lay_out(vectors, reduction, dimensions=2, seed=0)
    groups = group(layout.points, clustering, n_topics=2, min_size=2, seed=0)
    assert layout.name == "TruncatedSVD" and groups.name == "AgglomerativeClustering"
    assert not hasattr(reduction, "components_") and not hasattr(clustering, "labels_")
    assert (groups.predict(layout.points) == groups.labels).all()
