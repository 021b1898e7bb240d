"""Labels dealt anew to stories: who exchanges with whom, and which draws are as extreme."""

from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse, stats

from toolkit.measures.association import log_likelihood
from toolkit.measures.permutations import as_extreme, draws_at_a_time, exchangeable_stories, permuted_targets

SOME_ARTICLES = st.lists(st.tuples(st.integers(0, 12), st.booleans(), st.integers(0, 500)), min_size=2, max_size=80)


@given(SOME_ARTICLES)
def test_groups_hold_each_article_once_and_stories_that_are_alike(articles):
    """Rows are stories, whole; the stories of a group have as many articles, and are within a quarter of length or few."""
    story, _, n_words = (np.array(part) for part in zip(*articles, strict=True))
    groups = exchangeable_stories(story, n_words)
    assert sorted(np.concatenate([group.ravel() for group in groups]).tolist()) == list(range(len(articles)))
    for group in groups:
        for row in group:
            assert len(set(story[row])) == 1
            assert len(row) == (story == story[row[0]]).sum()
        length = np.sort(n_words[group].sum(axis=1))
        # but for up to nine that were left over, and those as long as the tenth
        assert len(group) < 20 or length[-10] <= max(1.25 * length[0], length[9])


def test_stories_as_long_as_each_other_stay_together():
    """Twelve of one length and twelve of another are two groups, wherever in the corpus they stand; nine would be too few for one."""
    lengths = np.tile([100, 300], 12)
    assert [np.sort(lengths[group.ravel()]).tolist() for group in exchangeable_stories(range(24), lengths)] == [
        [100] * 12,
        [300] * 12,
    ]
    assert len(exchangeable_stories(range(21), [100] * 12 + [300] * 9)) == 1


@given(SOME_ARTICLES)
def test_dealing_keeps_what_it_should(articles):
    """Each side keeps its articles; the ways in which copies lie on the two sides are as many as before."""
    story, target, n_words = (np.array(part) for part in zip(*articles, strict=True))
    dealt = permuted_targets(target, exchangeable_stories(story, n_words), 5, np.random.default_rng(0))
    copies = np.bincount(story)[story]

    def patterns(labels):
        return sorted((int(copies[story == s][0]), tuple(labels[story == s].tolist())) for s in np.unique(story))

    assert dealt.shape == (5, len(articles))
    assert all(patterns(labels) == patterns(target) for labels in dealt)


def test_stories_exchange_labels_with_stories_of_their_length():
    """Of twenty short stories and twenty long ones, with the target among the short only, no long one ever becomes target.

    All of the short ones become target at times, and none always.
    """
    groups = exchangeable_stories(range(40), np.repeat([100, 1000], 20))
    dealt = permuted_targets(np.arange(40) < 10, groups, 200, np.random.default_rng(0))
    assert not dealt[:, 20:].any()
    assert dealt[:, :20].any(axis=0).all()
    assert not dealt[:, :20].all(axis=0).any()


def test_all_ways_to_deal_are_as_frequent():
    """Of four stories with one in the target, each is it in about a quarter of the draws; and so of four pairs of copies."""
    for copies in (1, 2):
        story, target = np.repeat(np.arange(4), copies), np.arange(4 * copies) < 1
        groups = exchangeable_stories(story, [5] * (4 * copies))
        dealt = permuted_targets(target, groups, 4000, np.random.default_rng(0))
        assert stats.chisquare(dealt[:, ::copies].sum(axis=0)).pvalue > 0.001


def test_extreme_draws_are_counted_by_g2():
    """Counted with the sparse matrix is what the log-likelihood of `association` says, draw by draw, on all ways to deal."""
    rng = np.random.default_rng(1)
    counts, target = rng.poisson(1.0, (6, 4)), np.array([1, 1, 0, 0, 0, 0], bool)
    n_words = counts.sum(axis=1) + rng.integers(5, 50, 6)
    dealt = np.array(sorted(set(permutations(target.tolist()))))

    def g2(labels):
        a, b = counts[labels].sum(axis=0), counts[~labels].sum(axis=0)
        n1, n2 = n_words[labels].sum(), n_words[~labels].sum()
        return np.abs(log_likelihood(a, b, n1 - a, n2 - b))

    expected = sum((g2(labels) >= g2(target) - 1e-9).astype(int) for labels in dealt)
    assert as_extreme(sparse.csr_matrix(counts), n_words, target, dealt).tolist() == expected.tolist()


def test_large_counts_are_exact():
    """Where sums are beyond what single precision holds, equal draws still count as equal, and others do not."""
    counts = sparse.csr_matrix([[2**25], [2**25 + 1], [0], [1]])
    n_words = [2**26] * 4
    target, dealt = [True, True, False, False], [[True, True, False, False], [True, False, False, True]]
    assert as_extreme(counts, n_words, target, dealt).tolist() == [1]


def test_a_vocabulary_of_any_size_is_drawn_in_pieces():
    """At least one draw at a time, at most 64, and a whole number of them."""
    assert [draws_at_a_time(n) for n in (0, 1, 10**6, 3 * 10**6, 10**9)] == [64, 64, 8, 2, 1]


def test_a_group_has_ten_stories_at_least():
    """Where each of 24 stories is half as long again as the one before, the first ten make a group, and four are not left alone."""
    lengths = 100 * 1.5 ** np.arange(24)
    assert [len(group) for group in exchangeable_stories(range(24), lengths)] == [10, 14]


def test_equal_stories_are_not_parted_by_the_fewest():
    """Where the tenth story is as long as the two after it, the group has twelve."""
    lengths = [*1.5 ** np.arange(9), *[1.5**9] * 3, *[1000.0] * 10]
    assert [len(group) for group in exchangeable_stories(range(22), lengths)] == [12, 10]
