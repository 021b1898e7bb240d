"""Differences and ratios against other programs and their own definition, and the laws that they keep."""

import warnings

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import optimize, stats
from statsmodels.stats.proportion import confint_proportions_2indep
from statsmodels.stats.rates import confint_poisson_2indep

from toolkit.measures.contrasts import (
    SMALLEST_P,
    SharedSums,
    contrast,
    difference_interval,
    p_value,
    quotient_interval,
    story_correlation,
)
from toolkit.measures.intervals import StorySums, garwood, ratio_interval, story_sums, wilson

from ..conftest import shared_sums

HITS = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
CONFIDENCE = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999])
PART = st.integers(1, 40).flatmap(
    lambda n: st.tuples(st.integers(0, n), st.just(n))
)  # hits of words of a story in one arm
STORY = st.tuples(st.none() | PART, st.none() | PART)  # a story can lie in one arm, the other, or both
STORIES = st.lists(STORY, min_size=1, max_size=14)
RHO = st.floats(-1, 1)


@pytest.fixture(autouse=True)
def no_warnings():
    """No contrast warns, whatever it is given: an arm without words or hits is an answer, not an accident."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def sums_of(stories):
    """Return the sums of the first arm, of the second, and of what lies in both."""
    arms = [[story[side] for story in stories if story[side]] for side in (0, 1)]
    one, other = (story_sums([x for x, _ in arm], [n for _, n in arm]) for arm in arms)
    both = [(*first, *second) for first, second in stories if first and second]
    return one, other, shared_sums(*(np.array(both, dtype=float).reshape(-1, 4).T))


def has_both(stories):
    return any(first for first, _ in stories) and any(second for _, second in stories)


# Two intervals put together


@given(HITS, HITS, CONFIDENCE)
def test_a_difference_of_two_wilson_intervals_is_newcombes(first, second, confidence):
    """statsmodels has Newcombe's method 10 of the difference of two proportions; it is the same."""
    theirs = confint_proportions_2indep(*first, *second, method="newcomb", compare="diff", alpha=1 - confidence)
    arms = [(x / n, *wilson(x, n, confidence=confidence)) for x, n in (first, second)]
    assert difference_interval(*arms) == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize(("x1", "n1", "x2", "n2"), [(10, 5, 4, 8), (30, 200, 100, 300), (1, 3, 2, 7)])
@pytest.mark.parametrize("compare", ["diff", "ratio"])
def test_two_exact_poisson_intervals_together_are_those_of_statsmodels(x1, n1, x2, n2, compare):
    """statsmodels puts intervals of two Poisson rates together by MOVER, of their difference and of their ratio."""
    theirs = confint_poisson_2indep(x1, n1, x2, n2, method="mover", compare=compare, method_mover="exact-c")
    ends = difference_interval if compare == "diff" else quotient_interval
    arms = [(x / n, *garwood(x, n)) for x, n in ((x1, n1), (x2, n2))]
    assert ends(*arms) == pytest.approx(theirs, rel=1e-6)


RATES = st.tuples(st.floats(0.01, 1), st.just(0.0) | st.floats(1e-3, 1), st.floats(0.01, 20)).map(
    lambda t: (t[0], t[0] * t[1], t[0] * (1 + t[2]))
)


@given(RATES, RATES, RHO)
def test_the_ends_of_a_ratio_are_where_the_difference_just_holds_zero(first, second, rho):
    """At the lower end q, r1 - q r2 has the lower end 0; at the upper end the upper. Infinite where no q does it."""
    low, high = (float(end) for end in quotient_interval(first, second, rho))
    r1, r2 = first[0], second[0]

    def gap(q, end):
        return float(difference_interval(first, [q * part for part in second], rho)[end])

    assert 0 <= low <= r1 / r2 * (1 + 1e-9) and high >= r1 / r2 * (1 - 1e-9)
    assert gap(low, 0) == pytest.approx(0, abs=1e-6 * r1)
    if np.isfinite(high):
        assert gap(high, 1) == pytest.approx(0, abs=1e-6 * (r1 + high * r2))
    else:
        assert second[1] == 0


def test_a_ratio_found_by_a_root_finder():
    """The ends that scipy finds for .4 (.3 to .5) over .2 (.1 to .3), arms that are half correlated."""

    def gap(q, sign):
        return 0.4 - q * 0.2 + sign * np.sqrt(0.1**2 - 2 * 0.5 * 0.1 * q * 0.1 + (q * 0.1) ** 2)

    theirs = [optimize.brentq(gap, 0.5, 2, args=-1), optimize.brentq(gap, 2, 50, args=1)]
    assert quotient_interval((0.4, 0.3, 0.5), (0.2, 0.1, 0.3), 0.5) == pytest.approx(theirs, rel=1e-9)


@given(RATES, RATES, RHO)
def test_arms_turned_round_mirror_the_interval(first, second, rho):
    """second - first is the difference with the other sign; second / first the ratio upside down."""
    difference, turned = difference_interval(first, second, rho), difference_interval(second, first, rho)
    assert turned == pytest.approx((-difference[1], -difference[0]), abs=1e-9)
    ratio, upside = quotient_interval(first, second, rho), quotient_interval(second, first, rho)
    with np.errstate(divide="ignore"):
        assert [float(end) for end in upside] == pytest.approx([float(1 / ratio[1]), float(1 / ratio[0])], rel=1e-6)


@given(RATES, RATES, RHO, st.floats(0.001, 1000))
def test_a_larger_unit_scales_the_difference_and_leaves_the_ratio(first, second, rho, times):
    """Per million words or per word: the difference is in that unit, the ratio in none."""
    scaled = [tuple(times * part for part in arm) for arm in (first, second)]
    difference = difference_interval(first, second, rho)
    assert difference_interval(*scaled, rho) == pytest.approx(
        tuple(times * end for end in difference), rel=1e-6, abs=1e-9 * times
    )
    ratio, same = (quotient_interval(*arms, rho) for arms in (scaled, (first, second)))
    assert [float(end) for end in ratio] == pytest.approx([float(end) for end in same], rel=1e-6)


def test_arms_without_a_hit():
    """0 over something has the lower end 0; something over 0 is infinite above; 0 over 0 is missing; so is no words."""
    zero, some, nothing = (0.0, 0.0, 0.1), (0.4, 0.3, 0.5), (np.nan, np.nan, np.nan)
    low, high = quotient_interval(zero, some)
    assert low == 0 and 0 < high < 1
    low, high = quotient_interval(some, zero)
    assert low == pytest.approx(np.sqrt(0.3 * 0.5) / 0.1) and high == np.inf  # only the rate of some is uncertain below
    assert quotient_interval(zero, zero) == (0, np.inf)
    assert np.isnan(quotient_interval(some, nothing)).all() and np.isnan(difference_interval(some, nothing)).all()


# What stories that both arms print are worth


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=20))
def test_of_stories_of_equal_length_the_plain_correlation_is_pearsons(hits):
    """Where both arms print all stories, at one length, it is numpy's correlation of the hits."""
    x, y = (np.array(part, dtype=float) for part in zip(*hits, strict=True))
    assume(len(set(x)) > 1 and len(set(y)) > 1)
    n = np.full(len(x), 100.0)
    sums = story_sums(x, n), story_sums(y, n), shared_sums(x, n, y, n)
    assert story_correlation(*sums, unseen=0)[0] == pytest.approx(np.corrcoef(x, y)[0, 1], abs=1e-9)


def test_a_positive_correlation_is_reduced_as_by_four_stories_more():
    """Five stories of the same hits in both arms: 1 becomes h / (h + 4), with h = 4^2 / 6 carriers; -1 stays."""
    n = [100.0] * 5
    both = story_sums([2, 1, 0, 1, 0], n)
    same = story_correlation(both, both, shared_sums([2, 1, 0, 1, 0], n, [2, 1, 0, 1, 0], n))
    carriers = 4**2 / 6
    assert same[0] == pytest.approx(carriers / (carriers + 4))
    turned = story_sums([0, 1, 2, 1, 2], n)
    against = story_correlation(both, turned, shared_sums([2, 1, 0, 1, 0], n, [0, 1, 2, 1, 2], n))
    assert against[0] == pytest.approx(-1)


@pytest.mark.parametrize("turned", [False, True])
def test_stories_that_are_nearly_all_hits_are_counted_by_the_rest(turned):
    """Where 0, 0, 1 and 2 of ten words are no hit, the carriers of the rest are the fewest: h = (1 + 2)^2 / (1 + 4)."""
    x, n = np.array([10, 10, 9, 8]), [10] * 4
    if turned:
        x = 10 - x  # now the hits have the fewest carriers
    sums = story_sums(x, n)
    carriers = 3**2 / 5
    assert story_correlation(sums, sums, shared_sums(x, n, x, n))[0] == pytest.approx(carriers / (carriers + 4))


@pytest.mark.parametrize(
    "stories",
    [
        [((2, 9), None), ((0, 9), None), (None, (1, 9)), (None, (0, 9))],  # none shared
        [((2, 9), (0, 9)), ((0, 9), (0, 9))],  # no hit in the second arm
        [((1, 9), (1, 9)), ((1, 9), (2, 9))],  # no spread in the first
    ],
)
def test_without_spread_or_shared_stories_nothing_is_known_of_a_correlation(stories):
    """It is 0 then, and the interval that of arms apart."""
    one, other, shared = sums_of(stories)
    assert story_correlation(one, other, shared).tolist() == [0]
    with_shared, apart = contrast(one, other, shared, bundle=2), contrast(one, other, bundle=2)
    assert (with_shared.low, with_shared.high, with_shared.p) == (apart.low, apart.high, apart.p)


def test_shared_stories_that_agree_narrow_a_difference():
    """Forty stories in both arms, with the term in the same ones, tell more of the difference than forty apart."""
    hits = [2, 0, 0, 1] * 10
    sums, n = story_sums(hits, [100] * 40), [100] * 40
    together = contrast(sums, sums, shared_sums(hits, n, hits, n))
    apart = contrast(sums, sums)
    assert 0 < together.correlation[0] < 1
    assert 0 < (together.high - together.low)[0] < 0.7 * (apart.high - apart.low)[0]


@given(STORIES, st.integers(0, 14))
def test_sums_of_two_halves_are_the_sums_of_the_whole(stories, cut):
    """What two partitions know of shared stories adds up to what the whole does, and the contrast with it."""
    assume(has_both(stories))
    whole = sums_of(stories)
    halves = [sums_of(part) for part in (stories[:cut], stories[cut:])]
    added = [
        type(total)(*(a + b for a, b in zip(*parts, strict=True))) for total, *parts in zip(whole, *halves, strict=True)
    ]
    assert isinstance(added[0], StorySums) and isinstance(added[2], SharedSums)
    for total, parts in zip(whole, added, strict=True):
        assert [t.tolist() for t in total] == [p.tolist() for p in parts]


def test_pairs_are_summed_apart():
    """Each pair of arms has the sums of its own rows; one without a shared story has zeros."""
    sums = shared_sums([1, 2, 3], [10, 20, 30], [4, 5, 6], [40, 50, 60], [2, 0, 2], 3)
    assert SharedSums._fields == ("stories", "xx", "xn", "nx", "nn")
    assert [part.tolist() for part in sums] == [[1, 0, 2], [10, 0, 22], [100, 0, 220], [100, 0, 220], [1000, 0, 2200]]


# Difference, ratio and p at once


@given(STORIES, CONFIDENCE, st.booleans(), st.sampled_from([None, 2.0]))
def test_p_and_both_intervals_tell_the_same(stories, confidence, whole, bundle):
    """p is below 1 - confidence where the difference excludes 0, which is where the ratio excludes 1, and nowhere else."""
    assume(has_both(stories))
    found = contrast(*sums_of(stories), confidence=confidence, whole=whole, bundle=bundle, rest=bundle)
    excluded = found.low[0] > 0 or found.high[0] < 0
    assert (found.p[0] < 1 - confidence) == excluded
    assert found.low[0] <= found.difference[0] <= found.high[0] and 0 < found.p[0] <= 1
    if min(abs(found.low[0]), abs(found.high[0])) > 1e-9:  # not just touching
        assert (found.ratio_low[0] > 1 or found.ratio_high[0] < 1) == excluded


def test_a_lower_end_near_zero_does_not_cancel():
    """A first arm whose lower end is all but 0 gives a ratio whose lower end is all but 0, not infinite."""
    found = contrast(*sums_of([((0, 1), (0, 5)), ((1, 1), (1, 1))]), whole=True)
    assert found.low[0] < 0 < found.high[0] and 0 <= found.ratio_low[0] < 1e-10 and found.ratio[0] == pytest.approx(3)
    turned = contrast(*sums_of([((0, 5), (0, 1)), ((1, 1), (1, 1))]), whole=True)
    assert turned.ratio_high[0] > 1e10 and turned.ratio[0] == pytest.approx(1 / 3)


def test_pairs_can_stand_in_a_table():
    """Arms of any shape give what the same arms give in a row."""
    one, other, shared = sums_of([((0, 1), (0, 5)), ((1, 1), (1, 1)), ((2, 4), (1, 3))])
    many = [type(part)(*(np.repeat(each, 6) for each in part)) for part in (one, other, shared)]
    many[0] = many[0]._replace(x=many[0].x - np.array([0, 1, 2, 0, 1, 3]))
    table = [type(part)(*(each.reshape(2, 3) for each in part)) for part in many]
    for flat, shaped in zip(contrast(*many), contrast(*table), strict=True):
        assert shaped.shape == (2, 3)
        np.testing.assert_array_equal(shaped.ravel(), flat)


@given(STORIES, st.booleans())
def test_contrasts_turned_round_are_mirrors(stories, whole):
    """With the arms exchanged the difference has the other sign, the ratio is upside down, and p is the same."""
    assume(has_both(stories))
    found = contrast(*sums_of(stories), whole=whole, bundle=2.0, rest=2.0)
    turned = contrast(*sums_of([(b, a) for a, b in stories]), whole=whole, bundle=2.0, rest=2.0)
    assert (turned.low[0], turned.high[0]) == pytest.approx((-found.high[0], -found.low[0]), abs=1e-9)
    assert turned.correlation[0] == pytest.approx(found.correlation[0], abs=1e-9)
    assert turned.p[0] == pytest.approx(found.p[0], rel=1e-4)


@given(STORIES, st.booleans())
def test_an_arm_against_itself_does_not_differ(stories, whole):
    """The same stories on both sides: difference 0 inside the interval, p 1."""
    assume(any(first for first, _ in stories))
    sums = sums_of([(first, first) for first, _ in stories])
    found = contrast(*sums, whole=whole, bundle=2.0, rest=2.0)
    assert found.difference[0] == 0 and found.low[0] <= 0 <= found.high[0] and found.p[0] == 1


def test_cells_are_contrasted_apart():
    """Many pairs at once have the numbers that each has by itself."""
    rng = np.random.default_rng(5)
    cell = rng.integers(0, 6, 120)
    n = rng.integers(1, 30, (2, 120))
    x = rng.binomial(n, 0.1 * (1 + cell % 3))
    arms = [story_sums(x[side], n[side], cell, 6) for side in (0, 1)]
    shared = shared_sums(x[0], n[0], x[1], n[1], cell, 6)
    together = contrast(*arms, shared, bundle=2.0)
    for at in range(6):
        own = contrast(*(type(part)(*(p[at : at + 1] for p in part)) for part in (*arms, shared)), bundle=2.0)
        assert [float(part[at]) for part in together] == pytest.approx([float(part[0]) for part in own], rel=1e-5)


def test_an_arm_without_words_is_missing():
    """No difference, no ratio and no p where one of the arms has nothing."""
    found = contrast(story_sums([1, 2], [9, 9]), story_sums([], [], [], 1), shared_sums([], [], [], [], [], 1))
    assert np.isnan([*found.difference, *found.low, *found.high, *found.ratio_low, *found.ratio_high, *found.p]).all()


# p


@given(HITS, HITS)
def test_p_is_where_newcombes_interval_touches_zero(first, second):
    """At 1 - p statsmodels' interval of the difference ends at 0."""
    (x1, n1), (x2, n2) = first, second
    assume(x1 * n2 != x2 * n1)

    def arms(level, at):
        return (*wilson([x1], [n1], confidence=level), *wilson([x2], [n2], confidence=level))

    p = float(p_value(arms, [x1 / n1], [x2 / n2])[0])
    assume(SMALLEST_P * 10 < p < 1 - 1e-6)
    ends = confint_proportions_2indep(*first, *second, method="newcomb", compare="diff", alpha=p)
    assert min(abs(end) for end in ends) < 1e-5


def test_p_of_two_large_samples_is_that_of_the_normal_test():
    """Of 5,100 and 4,900 in 10,000, it is nearly the p of the z test that every textbook has."""

    def arms(level, at):
        return (*wilson([5100], [10_000], confidence=level), *wilson([4900], [10_000], confidence=level))

    z = 0.02 / np.sqrt(2 * 0.5 * 0.5 / 10_000)
    assert p_value(arms, [0.51], [0.49])[0] == pytest.approx(2 * stats.norm.sf(z), rel=0.02)


def test_a_p_too_small_to_be_told_is_the_smallest():
    """9,000 of 10,000 against 1,000: given as 1e-10, not as 0."""
    sums = [story_sums([1] * hits + [0] * (10_000 - hits), [1] * 10_000) for hits in (9000, 1000)]
    assert contrast(*sums, whole=True).p[0] == pytest.approx(SMALLEST_P, rel=1e-6)


def test_no_difference_is_claimed_where_no_hit_was_seen():
    """A story with a hit against a few without: the p is 1 or large, never small, since nobody can know."""
    one, other = story_sums([1], [500]), story_sums([0, 0], [500, 500])
    assert contrast(one, other, bundle=2.0).p[0] > 0.3
    assert contrast(other, other, bundle=2.0).p[0] == 1


def test_p_keeps_to_the_interval_that_is_shown():
    """At a confidence where the interval just excludes 0, p is just below; the arms need not be Wilson's."""
    one, other = story_sums([3, 1, 2, 4, 0, 2], [90] * 6), story_sums([0, 1, 0, 0, 0, 1], [90] * 6)
    p = float(contrast(one, other).p[0])
    assert 0.001 < p < 0.3
    for level, excluded in ((1 - p - 1e-4, True), (1 - p + 1e-4, False)):
        low, high = (ratio_interval(arm, confidence=level) for arm in (one, other))
        shown = difference_interval((12 / 540, *low), (2 / 540, *high))
        assert (float(shown[0][0]) > 0) == excluded
        assert (contrast(one, other, confidence=level).p[0] < 1 - level) == excluded


def test_p_of_a_pair_does_not_depend_on_the_others():
    """Each pair has the p that it has alone; also with one hit in five stories, whose widest interval is not defined."""
    draw = np.random.default_rng(0)
    arms = [story_sums(*values, cell, 40) for values, cell in (
        ((draw.integers(0, 2, 300), np.ones(300)), draw.integers(0, 40, 300)),
        ((draw.integers(0, 3, 300), np.full(300, 2.0)), draw.integers(0, 40, 300)),
    )]  # fmt: skip
    five = [story_sums([1, 0, 0, 0, 0], [1] * 5), story_sums([1, 0, 0, 0, 0] * 40, [4] * 200)]
    one, other = (type(arm)(*(np.append(a, b) for a, b in zip(arm, extra))) for arm, extra in zip(arms, five))
    together = contrast(one, other, whole=True, bundle=1.0, rest=1.0).p
    alone = [
        contrast(
            *(type(arm)(*(part[[at]] for part in arm)) for arm in (one, other)), whole=True, bundle=1.0, rest=1.0
        ).p[0]
        for at in range(41)
    ]
    assert together.tolist() == pytest.approx(alone, rel=1e-12, nan_ok=True)
    assert 0.1 < together[-1] < 0.9
    found = contrast(*five, confidence=1 - together[-1], whole=True, bundle=1.0, rest=1.0)
    assert min(abs(found.low[0]), abs(found.high[0])) < 1e-5
