"""Shuffling stories between two sides: against exact distributions, and uniform where there is no difference."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse, stats

from toolkit.measures.shuffles import shuffle_stories

STORY = st.tuples(st.integers(1, 9), st.booleans(), st.floats(0, 1))


def shuffle(x, size, in_target, permutations=199, seed=0):
    x = sparse.csr_matrix(np.atleast_2d(np.asarray(x, dtype=float).T).T)
    return shuffle_stories(x, size, in_target, permutations=permutations, seed=seed)


@given(st.integers(1, 30), st.integers(1, 30), st.integers(0, 30), st.integers(0, 30))
def test_stories_of_one_hit_are_drawn_as_from_an_urn(n_target, n_reference, with_target, with_reference):
    """With one hit a story the word's count in the target is hypergeometric: z and both tails are scipy's."""
    a, b = min(with_target, n_target), min(with_reference, n_reference)
    x = [1] * a + [0] * (n_target - a) + [1] * b + [0] * (n_reference - b)
    result = shuffle(x, np.ones(len(x)), [True] * n_target + [False] * n_reference, permutations=2000)
    urn = stats.hypergeom(len(x), a + b, n_target)
    if 0 < a + b < len(x):
        counts = np.arange(n_target + 1)
        chance = urn.pmf(counts)
        mean = chance @ counts
        assert result.z[0] == pytest.approx((a - mean) / np.sqrt(chance @ (counts - mean) ** 2), abs=1e-9)
        expected = min(1.0, 2 * min(urn.sf(a - 1), urn.cdf(a)))
        # five standard deviations of 2,000 shuffles, on each tail
        assert result.p[0] == pytest.approx(expected, abs=10 * np.sqrt(max(expected, 1e-3) / 4000) + 2 / 2001)
    else:  # all or none have the word, so nothing can change
        assert (result.z[0], result.p[0]) == (0, 1)


@given(st.lists(STORY, min_size=2, max_size=9).filter(lambda stories: len({side for _, side, _ in stories}) == 2))
def test_mean_and_spread_are_those_of_all_shuffles(stories):
    """z is observed minus the mean over all ways to deal the labels inside each group of sizes, over their standard deviation."""
    size = np.array([n for n, _, _ in stories])
    target = np.array([side for _, side, _ in stories])
    x = np.array([round(part * n) for n, _, part in stories], dtype=float)
    groups = [np.flatnonzero((size >= low) & (size < 2 * low)) for low in (1, 2, 4, 8)]
    y = x / size
    for places in groups:
        y[places] *= size[places].mean() if len(places) else 1
    sums = [np.zeros(1)]
    for places in groups:
        drawn = [y[list(some)].sum() for some in combinations(places, int(target[places].sum()))]
        sums.append(np.add.outer(sums.pop(), drawn).ravel())
    values = sums[0]
    result = shuffle(x, size, target)
    if values.std() > 1e-6:
        assert result.z[0] == pytest.approx((y[target].sum() - values.mean()) / values.std(), abs=1e-6)
    else:
        assert result.z[0] == pytest.approx(0, abs=1e-6)
    mixed = [places for places in groups if 0 < target[places].sum() < len(places)]
    assert result.n_stories == sum(map(len, mixed))


@given(st.lists(STORY, min_size=2, max_size=12).filter(lambda stories: len({side for _, side, _ in stories}) == 2))
def test_sides_swapped_turn_the_sign(stories):
    """What is more in the target is less in the reference, by as many standard deviations."""
    size, target = [n for n, _, _ in stories], np.array([side for _, side, _ in stories])
    x = [round(part * n) for n, _, part in stories]
    assert shuffle(x, size, target).z[0] == pytest.approx(-shuffle(x, size, ~target).z[0], abs=1e-9)


@given(st.lists(STORY, min_size=2, max_size=12).filter(lambda stories: len({side for _, side, _ in stories}) == 2))
def test_copies_are_no_evidence(stories):
    """When each story is printed twice, with all its hits, nothing changes."""
    size, target = np.array([n for n, _, _ in stories]), np.array([side for _, side, _ in stories])
    x = np.array([round(part * n) for n, _, part in stories])
    once, twice = shuffle(x, size, target), shuffle(2 * x, 2 * size, target)
    assert once.z[0] == pytest.approx(twice.z[0], abs=1e-9)
    assert once.p[0] == twice.p[0]


def company(rng, n_target, n_reference, more_target, more_reference, share, spread, n_words):
    """Draw sizes of stories on both sides and, from beta distributions with the same mean, how many hits have each word."""
    size = 1 + np.concatenate([rng.poisson(more_target, n_target), rng.poisson(more_reference, n_reference)])
    rate = rng.beta(share * spread, (1 - share) * spread, (len(size), n_words))
    return rng.binomial(size[:, None], rate), size, np.arange(len(size)) < n_target


def test_p_is_uniform_where_there_is_no_difference():
    """Over 400 pairs of sides without a difference p is uniform (Kolmogorov and Smirnov)."""
    rng = np.random.default_rng(4)
    p = [shuffle(*company(rng, 60, 90, 3, 3, 0.3, 5, 1), permutations=999, seed=n).p[0] for n in range(400)]
    assert stats.kstest(p, "uniform").pvalue > 0.01


@pytest.mark.parametrize("more", [(0.5, 4), (4, 0.5), (0.3, 7)])
def test_longer_stories_are_not_taken_for_a_difference(more):
    """Where one side has several times the hits a story, .05 is undercut in no more than 5 % of the pairs, but for chance."""
    rng = np.random.default_rng(5)
    p = np.concatenate([shuffle(*company(rng, 20, 200, *more, 0.2, 20, 10), seed=n).p for n in range(100)])
    assert (p <= 0.05).sum() <= stats.binom(len(p), 0.05).ppf(0.999)


def test_p_max_is_for_all_words_together():
    """Among 30 words without a difference, the smallest p_max is below .05 in no more than 5 % of the pairs; it is never below p."""
    rng = np.random.default_rng(6)
    results = [shuffle(*company(rng, 40, 60, 1, 1, 0.2, 5, 30), seed=n) for n in range(300)]
    assert all((one.p_max >= one.p).all() for one in results)
    n = sum(one.p_max.min() <= 0.05 for one in results)
    assert stats.binom(300, 0.05).ppf(0.0005) <= n <= stats.binom(300, 0.05).ppf(0.9995)


def test_a_planted_difference_is_found():
    """Of 50 words the one that 60 instead of 30 % of the hits have stands out, also among all words."""
    rng = np.random.default_rng(7)
    x, size, target = company(rng, 60, 90, 2, 2, 0.3, 5, 50)
    x[target, 7] = rng.binomial(size[target], rng.beta(3, 2, target.sum()))
    result = shuffle(x, size, target, permutations=999)
    assert int(np.argmax(result.z)) == 7
    assert np.flatnonzero(result.p_max <= 0.05).tolist() == [7]


def test_the_seed_decides():
    """The same seed gives the same p, another seed another one; z needs none."""
    rng = np.random.default_rng(8)
    data = company(rng, 20, 30, 1, 1, 0.3, 5, 5)
    first, again, other = shuffle(*data), shuffle(*data), shuffle(*data, seed=1)
    assert first.p.tolist() == again.p.tolist() != other.p.tolist()
    assert first.z.tolist() == other.z.tolist()


def test_nothing_to_shuffle():
    """Without a story, and with each side's stories of other sizes, z is 0 and p is 1."""
    for x, size, target in ([np.zeros((0, 2)), [], []], [np.ones((3, 2)), [1, 4, 5], [True, False, False]]):
        result = shuffle_stories(sparse.csr_matrix(x), size, target, permutations=9, seed=0)
        assert result.z.tolist() == [0, 0]
        assert result.p.tolist() == result.p_max.tolist() == [1, 1]
        assert result.n_stories == 0


def test_no_story_at_all():
    """Without a story there is no evidence for any word: z is 0 and p is 1."""
    result = shuffle_stories(sparse.csr_matrix((0, 2)), [], [], permutations=9, seed=1)
    assert (result.z.tolist(), result.p.tolist(), result.n_stories) == ([0, 0], [1, 1], 0)


def test_a_word_that_cannot_change_is_no_extreme():
    """A word that all stories have has z 0 in every shuffle, so beside it a word has the p for all words that it has alone."""
    one = np.array([[1], [1], [1], [0], [0], [0]])
    labels = [True, True, False, True, False, False]
    alone = shuffle_stories(sparse.csr_matrix(one), [1] * 6, labels, permutations=999, seed=3)
    beside = shuffle_stories(
        sparse.csr_matrix(np.hstack([one, np.ones((6, 1), int)])), [1] * 6, labels, permutations=999, seed=3
    )
    assert beside.z[1] == 0 and beside.p[1] == 1
    assert beside.p_max[0] == pytest.approx(alone.p[0], abs=0.05) and alone.p[0] == pytest.approx(1, abs=0.1)
