"""Pooling: shrunk ratios lie between their own and the mean, and the variance between is that of meta-analysis."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from toolkit.measures.intervals import StorySums, story_sums, wilson
from toolkit.measures.pooling import between_variance, pooled_ratios


def cells(*stories):
    """Sums of one term: of each cell the (hits, words) of its stories."""
    x = [x for cell in stories for x, _ in cell]
    n = [n for cell in stories for _, n in cell]
    where = np.repeat(np.arange(len(stories)), [len(cell) for cell in stories])
    return StorySums(*(part[:, None] for part in story_sums(x, n, where, len(stories))))


ESTIMATES = st.integers(2, 12).flatmap(
    lambda k: st.tuples(
        st.lists(st.floats(-5, 5), min_size=k, max_size=k), st.lists(st.floats(0.05, 4), min_size=k, max_size=k)
    )
)


@given(ESTIMATES)
def test_the_variance_between_is_that_of_meta_analysis(case):
    """It is the estimate of Paule and Mandel as statsmodels gives it, and so is the mean."""
    from statsmodels.stats.meta_analysis import combine_effects

    y, v = (np.array(part) for part in case)
    between, mean = between_variance(y, v)
    with np.errstate(divide="ignore"):
        theirs = combine_effects(y, v, method_re="iterated", atol=1e-9, maxiter=1000)
    if theirs.tau2 == 0 < between[0]:
        return  # its last step went beyond by a rounding error, for which it gives up; the equation is tested below
    assert between[0] == pytest.approx(theirs.tau2, rel=1e-4, abs=1e-6)
    assert mean[0] == pytest.approx(theirs.mean_effect_re, rel=1e-4, abs=1e-5)


def test_the_variance_between_of_one_case():
    """Nine measurements and their variances: statsmodels' variance between and mean, to its printed digits."""
    from statsmodels.stats.meta_analysis import combine_effects

    y = np.array([61.0, 61.4, 62.21, 62.3, 62.34, 62.6, 62.7, 62.84, 65.9])
    v = np.array([0.2025, 1.21, 0.09, 0.2025, 0.3844, 0.5625, 0.0676, 0.0225, 1.8225])
    between, mean = between_variance(y, v)
    theirs = combine_effects(y, v, method_re="iterated", atol=1e-8)
    assert between[0] == pytest.approx(theirs.tau2, abs=1e-6) and between[0] > 0.1
    assert mean[0] == pytest.approx(theirs.mean_effect_re, abs=1e-6)


@given(ESTIMATES)
def test_its_equation_holds(case):
    """The weighted squares add up to the number of estimates less one, or do not reach it without any variance between."""
    y, v = (np.array(part) for part in case)
    between, mean = between_variance(y, v)
    squares = ((y - mean[0]) ** 2 / (v + between[0])).sum()
    if between[0] > 0:
        assert squares == pytest.approx(len(y) - 1, rel=1e-6)
    else:
        assert squares <= (len(y) - 1) * (1 + 1e-9)


def test_groups_do_not_mix():
    """Each group has the variance that it has alone; a group of one has none, an empty one no mean."""
    y, v = np.array([1.0, 2.0, 4.0, 7.0, 0.0, 9.0]), np.array([0.5, 0.5, 0.5, 1.0, 1.0, 0.1])
    between, mean = between_variance(y, v, [0, 0, 0, 1, 1, 3], 4)
    assert between[0] == between_variance(y[:3], v[:3])[0][0] > 0
    assert between[1] == between_variance(y[3:5], v[3:5])[0][0] > 0
    assert between[3] == 0 and mean[3] == 9
    assert np.isnan(mean[2])


def test_equal_variances_by_hand():
    """With one error variance the variance between is the variance of the estimates less it: 7/3 - 1/2 = 11/6."""
    between, mean = between_variance([1.0, 2.0, 4.0], [0.5] * 3)
    assert (between[0], mean[0]) == (pytest.approx(11 / 6), pytest.approx(7 / 3))


STORIES = st.lists(
    st.lists(st.tuples(st.integers(0, 6), st.integers(50, 500)), min_size=1, max_size=12), min_size=2, max_size=8
)


@given(STORIES)
def test_shrunk_ratios_lie_between_their_own_and_the_mean(stories):
    """Every cell moves towards one mean and none beyond it; ends enclose what they are the ends of."""
    sums = cells(*stories)
    pooled, low, high = (part[:, 0] for part in pooled_ratios(sums))
    ratio = (sums.x / sums.n)[:, 0]
    if sums.x.sum() == 0:
        assert (pooled == 0).all() and np.isnan(low).all()
        return
    moved = pooled - ratio
    slack = 1e-9
    rising, falling = ratio[moved > slack], ratio[moved < -slack]
    if len(rising) and len(falling):
        assert rising.max() < falling.min()  # a mean lies between them
    assert (pooled >= ratio.min() - slack).all() and (pooled <= ratio.max() + slack).all()
    assert ((low <= pooled + slack) & (pooled <= high + slack) & (low >= 0) & (high <= 1)).all()


def test_equal_sources_are_pooled_into_one():
    """Where sources differ no more than chance would have it, all get the mean, and a narrower interval than alone."""
    from toolkit.measures.intervals import ratio_interval

    even = [[(1, 500), (0, 500)] * 10, [(1, 500), (0, 500)] * 5, [(1, 500), (0, 500), (0, 500)]]
    sums = cells(*even)
    pooled, low, high = pooled_ratios(sums)
    assert np.ptp(pooled) < 1e-12
    own_low, own_high = ratio_interval(sums, bundle=2)
    assert (high - low < own_high - own_low).all()


def test_large_cells_hardly_move_and_small_ones_do():
    """A source with thousands of stories keeps its rate; one with three, far off, is drawn to the others."""
    large = [
        [(1, 100)] * 400 + [(0, 100)] * 3600,
        [(1, 100)] * 800 + [(0, 100)] * 3200,
        [(1, 100)] * 600 + [(0, 100)] * 3400,
    ]
    small = [(1, 100), (1, 100), (1, 100)]
    pooled = pooled_ratios(cells(*large, small))[0][:, 0]
    assert pooled[:3] == pytest.approx([0.001, 0.002, 0.0015], rel=0.02)
    assert 0.0015 < pooled[3] < 0.007


def test_one_story_full_of_hits_is_heeded_less_than_many_with_one():
    """Nine hits in one story are drawn to the others more than nine hits in nine stories."""
    others = [
        [(1, 100)] * 20 + [(0, 100)] * 180,
        [(1, 100)] * 10 + [(0, 100)] * 190,
        [(1, 100)] * 30 + [(0, 100)] * 170,
    ]
    bundled = pooled_ratios(cells(*others, [(9, 100)] + [(0, 100)] * 19))[0][3, 0]
    scattered = pooled_ratios(cells(*others, [(1, 100)] * 9 + [(0, 100)] * 11))[0][3, 0]
    assert bundled < scattered < 9 / 2000


def test_a_cell_without_a_hit_is_not_certain():
    """Of two sources without a hit the smaller is drawn more; neither stays at zero while the others have hits."""
    others = [[(1, 100)] * 20 + [(0, 100)] * 180, [(1, 100)] * 60 + [(0, 100)] * 140]
    pooled = pooled_ratios(cells(*others, [(0, 100)] * 100, [(0, 100)] * 5))[0][:, 0]
    assert 0 < pooled[2] < pooled[3]


def test_terms_and_groups_are_apart():
    """Each term in each group is pooled as it would be alone, but for the design effect, which all groups share."""
    one, other = cells([(1, 50)] * 3, [(2, 90)], [(0, 70)] * 2), cells([(5, 50)] * 3, [(1, 90)], [(1, 70)] * 2)
    both = StorySums(*(np.hstack(parts) for parts in zip(one, other)))
    together = pooled_ratios(both)
    for column, alone in enumerate((one, other)):
        for part, whole in zip(pooled_ratios(alone), together):
            assert whole[:, column] == pytest.approx(part[:, 0])
    stacked = StorySums(*(np.vstack([part, part]) for part in one))
    twice = pooled_ratios(stacked, [0, 0, 0, 1, 1, 1])[0][:, 0]
    assert twice == pytest.approx(np.tile(pooled_ratios(one)[0][:, 0], 2))


def test_a_cell_without_denominator_has_no_rate():
    """A cell in which nothing was read has no pooled rate and does not touch the others."""
    full = cells([(1, 100), (0, 80)], [(2, 90), (0, 90)])
    with_gap = StorySums(*(np.vstack([part, [[0.0]]]) for part in full))
    pooled = pooled_ratios(with_gap)[0][:, 0]
    assert np.isnan(pooled[2])
    assert pooled[:2] == pytest.approx(pooled_ratios(full)[0][:, 0])


def test_it_keeps_what_it_promises_on_average():
    """In made worlds the pooled rates err less than half as much as the cells' own, and 95 % intervals cover .88 or more."""
    rng = np.random.default_rng(7)
    covered, own_error, error = [], 0.0, 0.0
    for _ in range(60):
        many = np.exp(rng.normal(np.log(30), 1.3, 40)).astype(int) + 1
        true = 0.05 * rng.gamma(4, 1 / 4, 40)  # of the stories, with a spread of half the mean
        cell = np.repeat(np.arange(40), many)
        n = np.exp(rng.normal(np.log(500), 0.5, len(cell))).round()
        x = np.where(rng.random(len(cell)) < true[cell], rng.geometric(1 / 3, len(cell)), 0)
        sums = StorySums(*(part[:, None] for part in story_sums(x, n, cell, 40)))
        rate = true * 3 / (500 * np.exp(0.125))
        pooled, low, high = (part[:, 0] for part in pooled_ratios(sums))
        covered.append(((low <= rate) & (rate <= high)).mean())
        own_error += (((sums.x / sums.n)[:, 0] - rate) ** 2).mean()
        error += ((pooled - rate) ** 2).mean()
    assert error < own_error / 4
    assert np.mean(covered) > 0.88


def test_three_cells_of_equal_size_by_hand():
    """With 1, 5 and 6 of 11 single words the mean is 4/11, Z is 0.6, and the interval averages seven values of t."""
    sums = cells(*([(1, 1)] * x + [(0, 1)] * (11 - x) for x in (1, 5, 6)))
    pooled, low, high = (part[:, 0] for part in pooled_ratios(sums, confidence=0.9))

    # the design effect of single words is 11 / 10, so each cell is worth 10 of them
    ratio, mean, size = np.array([1, 5, 6]) / 11, 4 / 11, 10
    error = mean * (1 - mean) / size
    assert np.var(ratio, ddof=1) - error == pytest.approx(0.6 * np.var(ratio, ddof=1))
    assert pooled == pytest.approx([2.2 / 11, 4.6 / 11, 5.2 / 11], rel=1e-9)

    free, df = 2, 2**2 / (3 * (1 + 1 / (mean * size)))
    spread = np.zeros(3)
    for quantile in (1 / 14, 3 / 14, 5 / 14, 7 / 14, 9 / 14, 11 / 14, 13 / 14):
        target = free * stats.chi2.isf(quantile, df) / df
        t = max(((ratio - mean) ** 2).sum() / target - error, 0.0)
        z = t / (t + error)
        at = mean + z * (ratio - mean)
        of_mean = (t + error) / 3
        spread += (z * at * (1 - at) / size + (1 - z) ** 2 * of_mean + (at - pooled) ** 2) / 7
    worth = np.maximum(pooled * (1 - pooled) / spread, 1.0)
    expected = wilson(pooled * worth, worth, confidence=0.9)
    assert low == pytest.approx(expected[0], rel=1e-6)
    assert high == pytest.approx(expected[1], rel=1e-6)


def test_the_number_of_groups_is_counted():
    """Without their number the groups are those that occur, and a target is that of each group."""
    y, v = [1.0, 2.0, 4.0, 0.0, 4.0], [0.5] * 5
    between, mean = between_variance(y, v, [0, 0, 0, 1, 1], target=[4.0, 2.0])
    assert between == pytest.approx([14 / 3 / 4 - 0.5, 8 / 2 - 0.5])
    assert mean == pytest.approx([7 / 3, 2])


@pytest.mark.parametrize(
    ("stories", "by_story", "by_draw", "effect"),
    [
        ([(4, 8)], 0, 0, 4),  # one story shows no spread, and counts as one bundle
        ([(1, 1), (0, 1)], 1, 1 / 2, 2),
        ([(1, 2), (0, 2), (0, 2)], 1, 5 / 6, 6 / 5),
        ([(0, 3), (0, 3)], 0, 0, 1),
    ],
    ids=["one story", "one story of two", "one story of three", "no hit"],
)
def test_what_a_small_cell_is_worth_by_hand(stories, by_story, by_draw, effect):
    """A cell is worth its words over its design effect, or over that of all cells of several stories where this is larger.

    Beside it stand two cells of 101 single words, 5 and 80 of them hits, whose own effect is 101 / 100.
    """
    sums = cells(*([(1, 1)] * x + [(0, 1)] * (101 - x) for x in (5, 80)), stories)
    pooled = pooled_ratios(sums)[0][:, 0]

    drawn = (5 * 96 + 80 * 21) / 101
    together = (1.01 * drawn + by_story) / (drawn + by_draw)
    ratio, size = (sums.x / sums.n)[:, 0], sums.n[:, 0] / np.maximum([1.01, 1.01, effect], together)
    mean = sums.x.sum() / sums.n.sum()
    for _ in range(50):
        error = mean * (1 - mean) / size
        (between,), (mean,) = between_variance(ratio, error)
    assert pooled == pytest.approx(mean + between / (between + error) * (ratio - mean), rel=1e-8)


def test_nothing_to_shrink_to_by_hand():
    """A cell alone in its group keeps its ratio and a group without a hit its zeros; neither has ends, the third group has both."""
    sums = cells([(3, 10), (1, 10)], [(0, 10)] * 2, [(0, 30)] * 2, [(1, 10), (0, 10)], [(3, 10), (1, 10)])
    pooled, low, high = (part[:, 0] for part in pooled_ratios(sums, [0, 1, 1, 2, 2]))
    assert pooled[:3].tolist() == [4 / 20, 0, 0]
    assert np.isnan(low[:3]).all() and np.isnan(high[:3]).all()
    assert (low[3:] < pooled[3:]).all() and (pooled[3:] < high[3:]).all()


def test_a_single_hit_is_something_to_shrink_to():
    """One hit in all makes a mean above zero, towards which every cell goes, with an interval round it."""
    pooled, low, high = (part[:, 0] for part in pooled_ratios(cells([(1, 10), (0, 10)], [(0, 10)] * 2)))
    assert (pooled > 0).all() and (pooled < 1 / 20).any()
    assert (low < pooled).all() and (pooled < high).all()
