"""Intervals against published tables and another program, and the laws that they keep."""

import itertools
import json
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import special, stats

from toolkit.measures import intervals
from toolkit.measures.intervals import StorySums, garwood, ratio_interval, story_bootstrap, story_sums, wilson

PUBLISHED = json.loads((Path(__file__).parents[1] / "reference" / "intervals.json").read_text(encoding="utf-8"))

STORY = st.integers(0, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))  # hits of words
STORIES = st.lists(STORY, min_size=1, max_size=12)
CONFIDENCE = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999])


@pytest.fixture(autouse=True)
def no_warnings():
    """No interval warns, whatever it is given: a cell without words or hits is an answer, not an accident."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def interval(stories, **settings):
    """Return both ends for one cell of (hits, denominator) pairs."""
    x, n = zip(*stories, strict=True)
    low, high = ratio_interval(story_sums(x, n), **settings)
    return float(low[0]), float(high[0])


def width(ends):
    return ends[1] - ends[0]


# Wilson


@pytest.mark.parametrize("case", PUBLISHED["wilson"], ids=lambda case: f"{case['x']}-of-{case['n']}")
def test_wilson_gives_the_published_intervals(case):
    """The ends are those that tables and other programs print."""
    low, high = wilson(case["x"], case["n"], confidence=case.get("confidence", 0.95))
    assert (float(low), float(high)) == pytest.approx((case["low"], case["high"]), abs=case["within"])


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), CONFIDENCE)
def test_wilson_is_that_of_scipy(counts, confidence):
    """scipy's interval of a binomial test without correction is the same."""
    theirs = stats.binomtest(*counts).proportion_ci(confidence, method="wilson")
    low, high = wilson(*counts, confidence=confidence)
    assert (float(low), float(high)) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_wilson_of_nothing_is_missing():
    """No words, no interval."""
    assert np.isnan(wilson(0, 0)).all()


# Sums of stories


@given(STORIES, st.integers(0, 12))
def test_sums_of_two_halves_are_the_sums_of_the_whole(stories, cut):
    """Partial tables add up exactly, so a laptop and a cluster agree to the digit."""
    x, n = (np.array(part) for part in zip(*stories, strict=True))
    halves = [story_sums(x[part], n[part]) for part in (slice(cut), slice(cut, None))]
    whole = story_sums(x, n)
    for name, total in whole._asdict().items():
        assert total.tolist() == (getattr(halves[0], name) + getattr(halves[1], name)).tolist(), name


@given(st.lists(st.tuples(STORY, st.integers(0, 3)), min_size=1, max_size=12))
def test_cells_are_summed_apart(rows):
    """Each cell's sums are those of its own stories; a cell without stories has zeros."""
    x, n = zip(*(story for story, _ in rows), strict=True)
    cell = np.array([at for _, at in rows])
    together = story_sums(x, n, cell, 5)
    for at in range(5):
        own = story_sums(np.array(x)[cell == at], np.array(n)[cell == at])
        assert [part[at] for part in together] == [part[0] for part in own]


def test_sums_are_what_their_names_say():
    """Two stories, worked by hand."""
    sums = story_sums([2, 1], [10, 20])
    assert [float(part[0]) for part in sums] == [2, 3, 30, 5, 40, 500]
    assert StorySums._fields == ("stories", "x", "n", "xx", "xn", "nn")


# Both kinds


@given(STORIES, CONFIDENCE, st.booleans(), st.none() | st.floats(0, 1e4))
def test_the_ratio_lies_inside(stories, confidence, whole, bundle):
    """0 <= low <= r <= high <= 1, whatever the stories."""
    low, high = interval(stories, confidence=confidence, whole=whole, bundle=bundle)
    words = sum(n for _, n in stories)
    if words == 0:
        assert np.isnan([low, high]).all()
    else:
        r = sum(x for x, _ in stories) / words
        assert 0 <= low <= r + 1e-12 and r - 1e-12 <= high <= 1


@given(STORIES, CONFIDENCE, CONFIDENCE, st.booleans(), st.none() | st.floats(0, 1e4))
def test_more_confidence_is_wider(stories, one, other, whole, bundle):
    """An interval of less confidence lies inside one of more."""
    assume(one < other and any(n for _, n in stories))
    inner = interval(stories, confidence=one, whole=whole, bundle=bundle)
    outer = interval(stories, confidence=other, whole=whole, bundle=bundle)
    assert outer[0] <= inner[0] + 1e-12 and inner[1] <= outer[1] + 1e-12


@given(
    st.lists(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=8)
)
def test_the_order_of_stories_does_not_matter(stories):
    """Sorted or not, the interval is the same."""
    assert interval(stories) == pytest.approx(interval(sorted(stories)), rel=1e-9)


@pytest.mark.parametrize("whole", [True, False])
def test_a_cell_without_words_is_missing(whole):
    """No articles, or articles without words: both ends are NaN and never zero."""
    sums = story_sums([0, 0], [0, 5], [0, 2], 3)
    low, high = ratio_interval(sums, whole=whole, bundle=2)
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, True, False]


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5])
def test_confidence_is_a_proportion(confidence):
    """95 is refused and not taken for .95."""
    with pytest.raises(ValueError) as error:
        ratio_interval(story_sums([1], [10]), confidence=confidence)
    assert str(error.value) == f"confidence is a number between 0 and 1; this is {confidence}."


def test_each_cell_can_have_its_own_confidence():
    """An array of confidences gives each cell the interval that it has with its own, of rates and of shares."""
    sums = story_sums([3, 1, 0, 2, 1, 0, 4, 0], [9] * 8, [0, 0, 0, 1, 1, 1, 2, 2], 3)
    levels = np.array([0.5, 0.95, 0.999])
    for whole in (True, False):
        together = ratio_interval(sums, confidence=levels, whole=whole, bundle=2)
        for at, level in enumerate(levels):
            own = ratio_interval(sums, confidence=float(level), whole=whole, bundle=2)
            assert [end[at] for end in together] == [end[at] for end in own]


# Shares


@pytest.mark.parametrize("case", PUBLISHED["all_or_none"], ids=lambda case: f"{case['x']}-of-{case['n']}")
def test_all_or_none_is_the_published_interval(case):
    """Where all articles agree, the interval of a share is that of Clopper and Pearson."""
    stories = [(1, 1)] * case["x"] + [(0, 1)] * (case["n"] - case["x"])
    assert interval(stories, whole=True) == pytest.approx((case["low"], case["high"]), abs=case["within"])


@given(st.integers(1, 500), st.booleans(), CONFIDENCE)
def test_all_or_none_is_that_of_scipy(n, every, confidence):
    """scipy's exact interval is the same, for any number of articles."""
    theirs = stats.binomtest(n if every else 0, n).proportion_ci(confidence, method="exact")
    assert interval([(int(every), 1)] * n, whole=True, confidence=confidence) == pytest.approx(theirs, abs=1e-9)


@given(st.integers(10, 500).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n))), CONFIDENCE)
def test_a_share_of_lone_articles_is_clopper_pearson_with_t(counts, confidence):
    """Of articles that are their own story n_eff is (n - 1)(z / t)^2: each end is where a binomial tail of that size is alpha / 2."""
    x, n = counts
    low, high = interval([(1, 1)] * x + [(0, 1)] * (n - x), whole=True, confidence=confidence)
    tail = (1 - confidence) / 2
    size = (n - 1) * (stats.norm.isf(tail) / stats.t.isf(tail, n - 1)) ** 2
    hits, misses = size * x / n, size * (n - x) / n
    assert special.betainc(hits, misses + 1, low) == pytest.approx(tail, rel=1e-6)
    assert special.betaincc(hits + 1, misses, high) == pytest.approx(tail, rel=1e-6)


def test_a_share_of_many_lone_articles_is_nearly_clopper_pearson():
    """With 300 of 1,000 articles the t costs less than a hundredth of the width."""
    theirs = stats.binomtest(300, 1000).proportion_ci(method="exact")
    ours = interval([(1, 1)] * 300 + [(0, 1)] * 700, whole=True)
    assert ours == pytest.approx(tuple(theirs), abs=0.001)
    assert 1 < width(ours) / width(theirs) < 1.01


@given(STORIES, CONFIDENCE)
def test_a_share_and_its_rest_are_mirrors(stories, confidence):
    """The interval of all that does not count is that of the share, turned round 1/2."""
    assume(any(n for _, n in stories))
    low, high = interval(stories, whole=True, confidence=confidence)
    rest = interval([(n - x, n) for x, n in stories], whole=True, confidence=confidence)
    assert rest == pytest.approx((1 - high, 1 - low), abs=1e-6)


@pytest.mark.parametrize(("x", "n"), [(1, 10), (1, 3), (2, 7), (3, 10)])
def test_stories_that_agree_are_as_many_as_they_are(x, n):
    """Stories with one and the same share count as one witness each, whatever rounding makes of their variance."""
    low, high = interval([(x, n)] * 3, whole=True)
    assert special.betainc(3 * x / n, 3 * (n - x) / n + 1, low) == pytest.approx(0.025, rel=1e-6)
    assert special.betaincc(3 * x / n + 1, 3 * (n - x) / n, high) == pytest.approx(0.025, rel=1e-6)


@given(st.lists(st.booleans(), min_size=2, max_size=30), st.integers(2, 20))
def test_copies_are_no_witnesses_of_a_share(carry, copies):
    """Whether one outlet or 20 print each story, the share of articles has the same interval."""
    once = interval([(int(c), 1) for c in carry], whole=True)
    often = interval([(c * copies, copies) for c in carry], whole=True)
    assert often == pytest.approx(once, abs=1e-9)


def test_a_share_of_none_reaches_what_larger_stories_would_make_it():
    """Ten stories of two without a hit allow .31 of the stories to have one; with six hits each these are .57 of all."""
    low, high = interval([(0, 2)] * 10, whole=True, bundle=6, rest=2)
    p = stats.binomtest(0, 10).proportion_ci(method="exact").high
    assert (low, high) == pytest.approx((0, p * 6 / (p * 6 + (1 - p) * 2)), abs=1e-9)
    assert interval([(2, 2)] * 10, whole=True, bundle=2, rest=6) == pytest.approx((1 - high, 1), abs=1e-9)


def test_smaller_stories_elsewhere_do_not_narrow_a_share():
    """The interval of a cell without a hit never gets narrower by what other cells show, and unknown sizes change nothing."""
    alone = interval([(0, 2)] * 10, whole=True)
    assert interval([(0, 2)] * 10, whole=True, bundle=1, rest=1) == alone
    assert interval([(0, 2)] * 10, whole=True, bundle=np.nan, rest=np.nan) == alone


# Rates


@given(st.integers(1, 10**6), st.floats(1, 50), CONFIDENCE)
def test_no_hit_is_bounded_as_bundles_would_be(words, bundle, confidence):
    """Without a hit the upper end is 1 - (alpha / 2)^(bundle / n): n / bundle words, none of them a hit."""
    low, high = interval([(0, words), (0, words)], bundle=bundle, confidence=confidence)
    assert low == 0
    assert high == pytest.approx(1 - ((1 - confidence) / 2) ** (bundle / (2 * words)), rel=1e-9)


def test_no_hit_with_bundles_of_one_is_clopper_pearson():
    """Words that come alone: scipy's exact interval of 0 in 6,000."""
    theirs = stats.binomtest(0, 6000).proportion_ci(method="exact")
    assert interval([(0, 1000)] * 6, bundle=1) == pytest.approx(tuple(theirs), abs=1e-12)


def test_no_hit_of_unknown_bundles_is_wide():
    """Where no other cell says how hits come together, the bound is above that of bundles of 10 and below one hit in 50 words."""
    unknown = interval([(0, 1000)] * 6)
    assert unknown[0] == 0
    assert interval([(0, 1000)] * 6, bundle=10)[1] < unknown[1] < 1 / 50
    assert interval([(0, 1000)] * 6, bundle=20) == interval([(0, 1000)] * 6, bundle=np.nan) == unknown


def test_a_bundle_changes_only_cells_without_a_hit():
    """What other cells show is not used where a cell has hits of its own."""
    sums = story_sums([0, 1, 2, 0], [100] * 4, [0, 1, 1, 1], 2)
    with_bundle, without = ratio_interval(sums, bundle=[5, 5]), ratio_interval(sums)
    assert with_bundle[1][1] == without[1][1]
    assert with_bundle[1][0] != without[1][0]


def test_one_story_says_little():
    """Ten hits in the only story: from less than a twentieth of the rate to more than eight times it."""
    low, high = interval([(10, 1000)])
    assert 0 < low < 0.01 / 20
    assert 0.08 < high < 0.5


def test_a_bundle_says_less_than_hits_apart():
    """Six hits in six stories are better known than six in one story of six."""
    apart, bundled = interval([(1, 1000)] * 6), interval([(6, 1000)] + [(0, 1000)] * 5)
    assert bundled[0] < apart[0] and apart[1] < bundled[1]


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(50, 2000)), min_size=2, max_size=12), st.integers(2, 20))
def test_copies_are_no_witnesses_of_a_rate(stories, copies):
    """Each story printed k times has at least the width of one printing, and the same where hits bundle."""
    assume(any(x for x, _ in stories))
    once, often = interval(stories), interval([(x * copies, n * copies) for x, n in stories])
    x, n = (np.array(part, dtype=float) for part in zip(*stories, strict=True))
    r = x.sum() / n.sum()
    variance = max(((x - r * n) ** 2).sum() / (n.sum() ** 2 - (n * n).sum()), (r / len(x)) ** 2)
    if r * (1 - r) <= variance * n.sum():  # more spread than independent words would have
        assert often == pytest.approx(once, rel=1e-6)
    else:
        assert width(often) <= width(once)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(5_000, 20_000)), min_size=2, max_size=12), st.integers(2, 9))
def test_a_smaller_unit_scales_the_rate(stories, times):
    """Hits per syllable are hits per word over the syllables of a word: both ends scale, as far as the rate is small."""
    assume(sum(x for x, _ in stories) > 0)
    per_word = interval(stories)
    per_syllable = interval([(x, n * times) for x, n in stories])
    tolerance = 5 * per_word[1]  # of a proportion p, p (1 - p) is not in proportion to p
    assert tuple(end * times for end in per_syllable) == pytest.approx(per_word, rel=tolerance)


@pytest.mark.parametrize("stories", [[(2, 100), (1, 100), (0, 100)], [(4, 300), (1, 100), (1, 200), (0, 50), (2, 150)]])
def test_a_rate_worked_by_hand(stories):
    """Every step of the formula as the documentation states it, of equal stories and of unequal ones."""
    x, n = (np.array(part, dtype=float) for part in zip(*stories, strict=True))
    r = x.sum() / n.sum()
    k = n.sum() ** 2 / (n**2).sum()
    variance = max(k / (k - 1) * ((x - r * n) ** 2).sum() / n.sum() ** 2, (r / len(x)) ** 2)
    size = min(r * (1 - r) / variance, n.sum())
    carriers = x.sum() ** 2 / (x**2).sum()
    z = stats.t.ppf(0.975, max(3 / 4 * carriers, 2))
    middle = (r + z**2 / (2 * size)) / (1 + z**2 / size)
    half = z / (1 + z**2 / size) * np.sqrt(r * (1 - r) / size + z**2 / (4 * size**2))
    assert interval(stories) == pytest.approx((middle - half, middle + half), rel=1e-9)


@given(st.integers(1, 300), st.integers(1, 9), CONFIDENCE)
def test_one_carrying_story_is_seen_less_often_than_alpha(others, hits, confidence):
    """Were the rate at the lower end, fewer than 1 in 20 such cells would have a story with the term."""
    low, _ = interval([(hits, 10_000)] + [(0, 10_000)] * others, confidence=confidence)
    carrying = low * 10_000 * (others + 1) / hits  # how many stories with the term to expect
    assert 1 - np.exp(-carrying) < 1 - confidence


def test_stories_that_agree_by_chance_are_no_certainty():
    """Two stories of 40 hits each in 1,000 words: the standard error is half the rate, what one of them contributes."""
    low, high = interval([(40, 1000)] * 2)
    size, z = (1 - 0.04) / 0.04 * 4, stats.t.ppf(0.975, 2)
    middle = (0.04 + z**2 / (2 * size)) / (1 + z**2 / size)
    half = z / (1 + z**2 / size) * np.sqrt(0.04 * 0.96 / size + z**2 / (4 * size**2))
    assert (low, high) == pytest.approx((middle - half, middle + half), rel=1e-9)


def test_sums_of_weighted_stories_have_an_interval():
    """Where weights below 0 leave a total smaller than its parts, as a line through periods does, the ends stay proportions."""
    sums = StorySums(*(np.array([part]) for part in (6.0, 3.0, 100.0, 9.0, 400.0, 15_000.0)))
    low, high = ratio_interval(sums)
    assert 0 < low[0] < 0.03 < high[0] < 1


# Garwood


@pytest.mark.parametrize("case", PUBLISHED["garwood"], ids=lambda case: f"{case['x']}-in-{case['exposure']}")
def test_garwood_gives_the_published_limits(case):
    """The ends are those that tables and other programs print."""
    low, high = garwood(case["x"], case["exposure"], confidence=case.get("confidence", 0.95))
    assert (float(low), float(high)) == pytest.approx((case["low"], case["high"]), abs=case["within"])


@given(st.integers(0, 10**5), st.floats(1e-3, 1e6), CONFIDENCE)
def test_garwoods_limits_are_where_a_poisson_tail_is_half_of_alpha(x, exposure, confidence):
    """At the lower end x or more, at the upper end x or fewer hits have the chance alpha / 2."""
    low, high = garwood(x, exposure, confidence=confidence)
    tail = (1 - confidence) / 2
    assert stats.poisson.cdf(x, high * exposure) == pytest.approx(tail, rel=1e-6)
    assert low == 0 if x == 0 else stats.poisson.sf(x - 1, low * exposure) == pytest.approx(tail, rel=1e-6)


def test_garwood_without_exposure_is_missing():
    """No words, no interval."""
    assert np.isnan(garwood([0, 3], [0, 0])).all()


# The bootstrap


def test_the_bootstrap_draws_rows_as_another_program_does():
    """R's boot has the same interval of the ratio of ten cities, as far as 200,000 resamples tell."""
    case = PUBLISHED["bootstrap"]["city"]
    assert sum(case["x"]) / sum(case["n"]) == case["ratio"]
    low, high = story_bootstrap(case["x"], case["n"], draws=20_000)
    assert (float(low[0]), float(high[0])) == pytest.approx((case["low"], case["high"]), abs=case["within"])


def test_the_bootstrap_is_that_of_all_resamples():
    """Of five articles all 3,125 resamples can be written down; the ends are their quantiles."""
    case = PUBLISHED["bootstrap"]["five"]
    x, n = np.array(case["x"], dtype=float), np.array(case["n"], dtype=float)
    drawn = np.array(list(itertools.product(range(5), repeat=5)))
    ratios = x[drawn].sum(1) / n[drawn].sum(1)
    assert ratios.mean() * 1000 == pytest.approx(case["mean_per_1000"], abs=case["within"])
    assert ratios.std(ddof=1) * 1000 == pytest.approx(case["sd_per_1000"], rel=2e-4)
    for confidence in (0.5, 0.8, 0.95):
        low, high = story_bootstrap(x, n, draws=20_000, confidence=confidence)
        tail = (1 - confidence) / 2
        assert (ratios < low[0] - 1e-12).mean() < tail + 0.01 and (ratios <= low[0] + 1e-12).mean() > tail - 0.01
        assert (ratios > high[0] + 1e-12).mean() < tail + 0.01 and (ratios >= high[0] - 1e-12).mean() > tail - 0.01


def test_the_bootstrap_keeps_cells_apart_in_blocks_of_any_size(monkeypatch):
    """Cells in any order, empty ones and ones without words; small blocks change the draws but not what is drawn from."""
    rng = np.random.default_rng(3)
    cell = rng.integers(0, 40, 500)
    cell = cell[cell != 7]
    n = np.where(cell == 9, 0, rng.integers(1, 50, len(cell)))
    x = rng.binomial(n, 0.2 + cell / 100)
    whole = np.array(story_bootstrap(x, n, cell, 41, draws=400))
    monkeypatch.setattr(intervals, "_BLOCK", 300)
    parts = np.array(story_bootstrap(x, n, cell, 41, draws=400))
    missing = [7, 9, 40]
    assert np.flatnonzero(np.isnan(whole[0])).tolist() == np.flatnonzero(np.isnan(parts[1])).tolist() == missing
    known = np.setdiff1d(np.arange(41), missing)
    assert np.abs(whole - parts)[:, known].max() < 0.1
    for at in known:
        inside = x[cell == at] / n[cell == at]
        assert inside.min() <= parts[0, at] <= parts[1, at] <= inside.max()


@pytest.mark.parametrize("stories", [[(3, 10)], [(0, 10), (0, 20)]])
def test_the_bootstrap_of_one_story_or_no_hit_has_no_width(stories):
    """Where nothing differs between stories, there is nothing to draw again: the ends are the ratio itself."""
    x, n = zip(*stories, strict=True)
    low, high = story_bootstrap(x, n)
    assert low == high == sum(x) / sum(n)


def test_the_bootstrap_is_as_random_as_its_seed():
    """The same seed gives the same ends, another one others."""
    x, n = [5, 0, 1, 7, 2, 0, 0, 3], [70, 20, 31, 44, 19, 53, 60, 71]
    first, again, other = (np.array(story_bootstrap(x, n, seed=seed)).tolist() for seed in (1, 1, 2))
    assert first == again != other


def test_the_bootstrap_draws_at_least_once():
    """No draws are refused and not taken for an interval."""
    with pytest.raises(ValueError) as error:
        story_bootstrap([1], [2], draws=0)
    assert str(error.value) == "draws is a number of at least 1; this is 0."


# Small values by hand, each at the place where a formula turns


def test_a_single_story_varies_as_independent_units_do():
    """4 of 10 in one story: the variance is r (1 - r), so the effective size is 1, reduced for one degree of freedom."""
    size = (special.ndtri(0.025) / special.stdtrit(1, 0.025)) ** 2
    hits, misses = 0.4 * size, 0.6 * size
    expected = stats.beta.ppf(0.025, hits, misses + 1), stats.beta.ppf(0.975, hits + 1, misses)
    assert interval([(4, 10)], whole=True) == pytest.approx(expected, rel=1e-9)


def test_one_hit_is_a_hit():
    """With a single hit both ends are Wilson's, two degrees of freedom; what bundles are elsewhere says nothing."""
    stories = [(1, 100), (0, 100), (0, 100)]
    r, z = 1 / 300, -special.stdtrit(2, 0.025)
    # e = x - r n is 2/3, -1/3, -1/3; the variance 3/2 * (6/9) / 300^2 is as large as (r / 3)^2 at least
    size = r * (1 - r) / (1.5 * (6 / 9) / 300**2)
    middle, half = (r + z * z / (2 * size)), z * np.sqrt(r * (1 - r) / size + z * z / (4 * size * size))
    expected = (middle - half) / (1 + z * z / size), (middle + half) / (1 + z * z / size)
    for bundle in (None, 1, 50):
        assert interval(stories, bundle=bundle) == pytest.approx(expected, rel=1e-9)


def test_weights_below_zero_leave_a_variance():
    """Where n^2 is less than sum(n^2), as weights below 0 can make it, the variance has the factor S / (S - 1) over n^2."""
    sums = StorySums(*(np.array([value]) for value in (4.0, 2.0, 10.0, 3.0, 8.0, 120.0)))
    r = 2 / 10
    spread = 3 - 2 * r * 8 + r * r * 120
    size = r * (1 - r) / max(spread / (100 * 3 / 4), (r / 4) ** 2)
    z = -special.stdtrit(2, 0.025)
    middle = (r + z * z / (2 * size)) / (1 + z * z / size)
    half = z / (1 + z * z / size) * np.sqrt(r * (1 - r) / size + z * z / (4 * size * size))
    low, high = ratio_interval(sums)
    assert (float(low[0]), float(high[0])) == pytest.approx((max(middle - half, 0), min(middle + half, 1)), rel=1e-9)


def test_one_draw_is_a_bootstrap():
    """A single draw is allowed, and both ends are its ratio."""
    low, high = story_bootstrap([2, 0, 1], [10, 10, 20], draws=1)
    assert low[0] == high[0]


def test_blocks_of_cells_are_as_large_as_memory_allows(monkeypatch):
    """With room for four ratios and two draws, cells are drawn two at a time, and not one by one."""
    sizes = []
    redrawn = intervals._redrawn

    def counted(x, n, stories, draws, rng):
        sizes.append(len(stories))
        return redrawn(x, n, stories, draws, rng)

    monkeypatch.setattr(intervals, "_redrawn", counted)
    monkeypatch.setattr(intervals, "_BLOCK", 4)
    story_bootstrap([1, 0, 1, 2, 1], [9] * 5, [0, 1, 2, 3, 4], draws=2)
    assert sizes == [2, 2, 1]


def test_a_single_event_has_a_lower_limit():
    """One event in one unit: the published limits of Garwood are .0253 and 5.572."""
    low, high = garwood(1, 1)
    assert (round(float(low), 4), round(float(high), 3)) == (0.0253, 5.572)


def test_resamples_without_words_are_left_out():
    """Where a story without words can be drawn alone, the quantiles are of the other draws, not missing."""
    low, high = story_bootstrap([1, 0], [10, 0], draws=200)
    assert (low[0], high[0]) == (0.1, 0.1)


# a square has to be a number still
WEIGHT = st.floats(-2, 2).filter(lambda w: w == 0 or abs(w) > 1e-100) | st.sampled_from([0.25, -0.25, 1e-9, 1e-99])


@given(st.lists(st.tuples(STORY, WEIGHT, st.floats(0, 4)), min_size=1, max_size=8), CONFIDENCE, st.booleans())
def test_a_cell_with_words_has_an_interval_whatever_its_stories_weigh(weighted, confidence, whole):
    """Weights that cancel leave sums of rounding dust; the ends stay numbers, in their order, from 0 to 1."""
    x, n = (np.array([story[part] * weight for story, weight, _ in weighted], dtype=float) for part in (0, 1))
    stories = sum(count for _, _, count in weighted)
    sums = StorySums(*(np.array([part]) for part in (stories, x.sum(), n.sum(), x @ x, x @ n, n @ n)))
    assume(sums.n[0] > 0 and sums.x[0] >= 0 and (not whole or sums.x[0] <= sums.n[0]) and stories > 0)
    low, high = ratio_interval(sums, confidence=confidence, whole=whole, bundle=2)
    assert 0 <= low[0] <= high[0] <= 1


def test_one_story_that_is_left_of_weights_is_one_story():
    """Where the weights of all stories but one cancel, the interval is wide, and no band without a width."""
    low, high = ratio_interval(
        StorySums(
            *(np.array([v]) for v in (1.3156554144, 0.52575372294, 526.26216576, 0.27641697718, 0.0, 526.26216576**2))
        )
    )
    assert low[0] < 0.52575 / 526.262 / 10 and high[0] > 0.52575 / 526.262 * 4
