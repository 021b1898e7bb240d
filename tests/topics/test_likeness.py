"""Cohesion and separation: how alike the words of a topic are, against all pairs, the rest, and words dealt out at random."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from sklearn.cluster import KMeans

from toolkit.topics.likeness import chance_separation, cohesion, separation, word_vectors


def by_hand(counts, labels, topic):
    """The mean cosine over pairs of texts of a topic, over that of all pairs, and of pairs with the rest, one after the other."""
    present = (counts > 0).astype(float)
    weighted = present * np.log(len(counts) / np.maximum(present.sum(axis=0), 1))
    length = np.linalg.norm(weighted, axis=1)
    unit = weighted / np.where(length > 0, length, 1)[:, None]

    def mean(rows):
        return np.mean([unit[a] @ unit[b] for a in rows for b in rows if a < b])

    inside, outside = np.flatnonzero(labels == topic), np.flatnonzero(labels != topic)
    within = mean(inside)
    return within / mean(range(len(counts))), within / np.mean([unit[a] @ unit[b] for a in inside for b in outside])


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000))
def test_both_are_means_over_pairs(seed):
    """Computed from sums of vectors, they are what adding up the pairs gives."""
    draw = np.random.default_rng(seed)
    counts = draw.poisson(0.6, (12, 7))
    labels = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, -1, -1, -1])
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = np.array([by_hand(counts, labels, topic) for topic in (0, 1)])
    vectors = word_vectors(csr_matrix(counts))
    found = np.stack([cohesion(vectors, labels, 2), separation(vectors, labels, 2)], axis=1)
    assert found == pytest.approx(expected, abs=1e-5, rel=1e-5, nan_ok=True)


def test_all_texts_in_one_topic_are_as_alike_as_any():
    """One topic of everything has a cohesion of 1."""
    counts = csr_matrix(np.random.default_rng(1).poisson(0.5, (30, 20)))
    assert cohesion(word_vectors(counts), np.zeros(30, dtype=int), 1).tolist() == [1.0]


def test_a_topic_of_one_text_has_no_cohesion():
    """There is no pair in it."""
    counts = csr_matrix([[1, 0, 1], [1, 1, 0], [0, 1, 1]])
    assert np.isnan(cohesion(word_vectors(counts), np.array([0, 1, 1]), 2)).tolist() == [True, False]


@pytest.mark.parametrize("seed", range(6))
def test_noise_stays_below_chance(seed):
    """Texts of random words, parted at random or so that they are near each other, are no more alike than chance makes them."""
    draw = np.random.default_rng(seed)
    counts = csr_matrix((draw.random((600, 300)) < 0.03).astype(int))
    some = counts @ draw.normal(size=(300, 5))
    near = KMeans(6, random_state=0, n_init=1).fit_predict(
        some / np.linalg.norm(some, axis=1, keepdims=True).clip(1e-9)
    )
    for labels in (draw.integers(0, 6, 600), near):
        assert (separation(word_vectors(counts), labels, 6) < chance_separation(counts, np.bincount(labels))).all()


def test_smaller_groups_are_more_alike_by_chance():
    """The smaller the topic, the more its texts have to have in common."""
    counts = csr_matrix((np.random.default_rng(1).random((600, 300)) < 0.03).astype(int))
    chance = chance_separation(counts, [300, 150, 70, 33, 16])
    assert (np.diff(chance) > 0).all() and chance[0] > 1


def test_one_text_more_changes_chance_little():
    """Between powers of two the bar moves with the size, and not by leaps."""
    counts = csr_matrix((np.random.default_rng(1).random((600, 300)) < 0.03).astype(int))
    chance = chance_separation(counts, [31, 32, 33, 63, 64, 65])
    assert chance[[0, 2, 3, 5]] == pytest.approx(chance[[1, 1, 4, 4]], rel=0.05)


@pytest.mark.parametrize("n_words", [4, 8])
@pytest.mark.parametrize("n_topics", [2, 200])
def test_topics_with_words_of_their_own_stand_above_chance(n_topics, n_words):
    """Planted topics of twenty texts are set off by more than chance sets off any group, with 40 texts as with 4,000, short or long."""
    draw = np.random.default_rng(3)
    labels = np.repeat(np.arange(n_topics), 20)
    counts = np.zeros((len(labels), 15 * n_topics + 200), dtype=int)
    for text, topic in enumerate(labels):
        counts[text, 15 * topic + draw.choice(15, n_words, replace=False)] = 1
        counts[text, 15 * n_topics + draw.choice(200, n_words // 2, replace=False)] = 1
    found = separation(word_vectors(csr_matrix(counts)), labels, n_topics)
    assert (found > chance_separation(csr_matrix(counts), np.bincount(labels))).all()


def test_chance_is_the_same_every_time_and_changes_nothing():
    """The same counts and seed give the same number; the counts stay as they were."""
    counts = csr_matrix(np.random.default_rng(0).poisson(0.1, (200, 100)))
    before = counts.copy()
    assert chance_separation(counts, [50, 150]).tolist() == chance_separation(counts, [50, 150]).tolist()
    assert (counts != before).nnz == 0


@pytest.mark.parametrize(
    ("counts", "sizes"),
    [(np.ones((10, 3)), [10]), (np.ones((3, 3)), [1, 2]), (np.zeros((9, 3)), [4, 5]), (np.ones((10, 1)), [5, 5])],
)
def test_where_nothing_can_be_compared_there_is_no_number(counts, sizes):
    """One topic, few texts, no words: no number."""
    assert np.isnan(chance_separation(csr_matrix(counts.astype(int)), sizes)).all()
