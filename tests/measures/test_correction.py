"""Errors of a search: shares as outsiders give them, published ratios, and intervals that hold the truth."""

import importlib
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from toolkit.measures.correction import (
    Estimate,
    product_interval,
    ratio_of,
    sampled_share,
    search_error,
    sum_interval,
)
from toolkit.measures.intervals import wilson

HERE = Path(__file__).resolve().parents[1]
REFERENCE = json.loads((HERE / "reference" / "correction.json").read_text(encoding="utf-8"))
sys.path.append(str(HERE / "benchmarks"))
study = importlib.import_module("term_error")


def floats(bounded):
    return [float(part) for part in bounded]


def of_wilson(x, n):
    return Estimate(np.asarray(x / n), *wilson(x, n))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 80), st.data(), st.sampled_from([0.8, 0.95]))
def test_a_plain_sample_has_the_exact_interval(n, data, confidence):
    """Without strata and clusters the share has Clopper and Pearson's interval, as scipy gives it."""
    x = data.draw(st.integers(0, n))
    weight = data.draw(st.sampled_from([None, np.full(n, 3.5)]))
    share = sampled_share(np.arange(n) < x, weight, confidence=confidence)
    exact = stats.binomtest(x, n).proportion_ci(confidence, method="exact")
    assert floats(share) == pytest.approx([x / n, exact.low, exact.high], abs=1e-9)


def test_weights_give_the_share_of_the_whole():
    """Where 4 of 10 and 1 of 2 were drawn, each unit stands for 2.5 and for 2 others."""
    share = sampled_share([1, 1, 0, 1, 0], [2.5, 2.5, 2.5, 2.5, 2], [0, 0, 0, 0, 1])
    assert float(share.value) == pytest.approx(7.5 / 12)


def test_copies_add_nothing():
    """Each of ten stories three times over has no narrower interval than ten units, and wider for the few stories."""
    y = [1, 1, 0, 1, 0, 1, 1, 1, 0, 1]
    plain = sampled_share(y)
    copied = sampled_share(np.repeat(y, 3), cluster=np.repeat(np.arange(10), 3))
    assert float(copied.value) == pytest.approx(0.7)
    assert copied.low < plain.low < plain.high < copied.high
    naive = sampled_share(np.repeat(y, 3))
    assert naive.high - naive.low < 0.7 * (copied.high - copied.low)


def test_strata_that_differ_make_the_share_surer():
    """The same codes, weighted the same, are surer where the strata explain them; clusters across strata undo that."""
    y = [1] * 18 + [0] * 2 + [1] * 4 + [0] * 16
    weight = [1.0] * 20 + [1.5] * 20
    stratum = [0] * 20 + [1] * 20
    without = sampled_share(y, weight)
    within = sampled_share(y, weight, stratum)
    assert float(within.value) == float(without.value)
    assert without.low < within.low < within.high < without.high
    across = sampled_share(y, weight, stratum, list(range(20)) * 2)
    assert across.low < within.low < within.high < across.high


def test_no_unit_is_no_share():
    """An empty sample says nothing, and one of a single unit nearly nothing."""
    assert np.isnan(floats(sampled_share([]))).all()
    assert floats(sampled_share([1])) == pytest.approx([1.0, 0.025, 1.0])


@pytest.mark.parametrize("case", REFERENCE["ratio"], ids=lambda case: f"{case['over']} over {case['under']}")
def test_ratios_are_as_published(case):
    """MOVER-R from Wilson's intervals gives the published ends."""
    ratio = ratio_of(of_wilson(*case["over"]), of_wilson(*case["under"]))
    assert [round(float(end), case["digits"]) for end in ratio[1:]] == [case["low"], case["high"]]


def test_a_sum_is_newcombes_difference_turned():
    """p + (1 - q) has the interval of the difference p - q, which statsmodels gives by Newcombe's method, shifted by 1."""
    p, q = of_wilson(41, 60), of_wilson(13, 50)
    total = sum_interval(p, Estimate(1 - q.value, 1 - q.high, 1 - q.low))
    ends = confint_proportions_2indep(41, 60, 13, 50, method="newcomb", compare="diff")
    assert [float(end) - 1 for end in total[1:]] == pytest.approx(ends, abs=1e-9)


SHARES = (
    st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: (min(pair), max(pair))).filter(lambda p: p[1])
)


@settings(max_examples=100, deadline=None)
@given(SHARES, SHARES, st.floats(0.01, 50))
def test_the_parts_of_an_error_agree(retrieved, rest, k):
    """Ends enclose their value and keep in range, and the correction is precision over recall."""
    p, q = (sampled_share(np.arange(n) < x) for x, n in (retrieved, rest))
    error = search_error(p, q, k)
    for value, low, high in error:
        assert np.isnan(value) or low - 1e-9 <= value <= high + 1e-9
    for name in ("precision", "recall", "f1"):
        low, high = getattr(error, name)[1:]
        assert -1e-12 <= low <= high <= 1 + 1e-12
    if retrieved[0]:
        assert float(error.correction.value) == pytest.approx(float(error.precision.value / error.recall.value))
        harmonic = 2 / (1 / float(error.precision.value) + 1 / float(error.recall.value))
        assert float(error.f1.value) == pytest.approx(harmonic)


def test_a_search_that_misses_nothing_has_a_recall_below_one_at_most():
    """No relevant unit among 100 others: recall is 1, and its lower end is what up to 3.6 % of the others would leave."""
    error = search_error(sampled_share([1] * 50), sampled_share([0] * 100), 1.0)
    assert floats(error.recall)[0::2] == [1.0, 1.0]
    assert 0.95 < float(error.recall.low) < 1 / 1.0362


def test_zero_times_anything_is_between_zero_and_the_product_of_the_upper_ends():
    """A rate without a hit has a corrected rate of zero, whose upper end is that of the rate times that of the correction."""
    product = product_interval(Estimate(*np.array([0.0, 0.0, 30.0])), Estimate(*np.array([0.8, 0.5, 1.2])))
    assert floats(product) == [0.0, 0.0, 36.0]


def test_a_correction_known_for_sure_only_rescales():
    """Times a number without error, the interval of a rate is that of the rate, rescaled."""
    product = product_interval(Estimate(*np.array([10.0, 4.0, 30.0])), Estimate(*np.array([0.5, 0.5, 0.5])))
    assert floats(product) == pytest.approx([5.0, 2.0, 15.0])


@pytest.mark.parametrize("n", [50, 100])
@pytest.mark.parametrize(("precision", "recall"), [(0.5, 0.4), (0.8, 0.6), (0.9, 0.95), (0.95, 0.4)])
def test_nominal_95_percent_holds(precision, recall, n):
    """The exact coverage of every part of the error is at least .95 in plain samples."""
    assert min(study.exact_coverage(precision, recall, n, 3.0).values()) >= 0.95


@pytest.mark.parametrize("stories", [False, True])
def test_nominal_95_percent_holds_with_strata_and_stories(stories):
    """In 800 runs, standard error .008, none of the four covers less than .93."""
    assert min(study.stratified(0.8, 0.8, 100, 3.0, stories, 800, seed=1).values()) >= 0.93


@pytest.mark.parametrize(("precision", "recall"), [(0.7, 0.6), (0.9, 0.4)])
def test_the_corrected_rate_is_unbiased_and_covers(precision, recall):
    """In 600 runs the mean corrected rate is within three standard errors of the true rate, and 93 % of the intervals hold it."""
    found = study.corrected_rates(precision, recall, 200, 600, seed=3)
    assert abs(found["bias"]) < 3 * found["bias_se"] < 0.03
    assert found["coverage"] >= 0.93
    assert found["raw_coverage"] < 0.9


def test_the_page_says_what_the_study_finds():
    """term_error.md states the lowest coverage of plain samples, and none of its tables has one below .94."""
    page = (HERE / "benchmarks" / "term_error.md").read_text(encoding="utf-8")
    assert "**The lowest coverage of a plain sample is 0.95" in page
    plain, rest = page.split("## Strata and stories")
    designs, rates = rest.split("## Corrected rates")
    numbers = [
        float(cell.split(",")[0])
        for row in plain.splitlines()
        if row[:3] in ("| 5", "| 1", "| 2", "| 4")
        for cell in row.split("|")[3:7]
    ]
    numbers += [float(cell) for row in designs.splitlines() if row.startswith("| st") for cell in row.split("|")[4:8]]
    numbers += [float(row.split("|")[6]) for row in rates.splitlines() if row[:3] in ("| 1", "| 4")]
    assert len(numbers) == 8 * 4 + 32 * 4 + 20
    assert min(numbers) >= 0.94


def test_clusters_of_equal_weights_by_hand():
    """Three clusters of two that agree, one of them against: the variance is 1/9, the effective size 2.4, with one degree of freedom."""
    share = sampled_share([1, 1, 0, 0, 1, 1], cluster=[0, 0, 1, 1, 2, 2])
    size = 2.4 * (stats.norm.ppf(0.025) / stats.t.ppf(0.025, 1)) ** 2
    hits, misses = size * 2 / 3, size / 3
    expected = 2 / 3, stats.beta.ppf(0.025, hits, misses + 1), stats.beta.ppf(0.975, hits + 1, misses)
    assert [float(part) for part in share] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("code", [0, 1])
def test_clusters_that_all_agree_by_hand(code):
    """A cluster of three and 19 of one that agree: the effective size is 22^2 / (9 + 19), with 19 degrees of freedom.

    With few clusters the end would be 1 to the last digit, whatever the size.
    """
    share = sampled_share([code] * 22, cluster=[0, 0, 0, *range(1, 20)])
    end = stats.beta.ppf(0.975, 1, reduced(22**2 / 28, 19))  # the upper end of none of that many
    assert 0.2 < end < 0.25
    expected = (0, 0, end) if code == 0 else (1, 1 - end, 1)
    assert floats(share) == pytest.approx(expected, rel=1e-9)


def reduced(size, df):
    """Return an effective size as it is reduced for these degrees of freedom, at 95 %."""
    return size * (stats.norm.ppf(0.025) / stats.t.ppf(0.025, df)) ** 2


def ends_of(share, size):
    """Return a share with Clopper and Pearson's ends for a sample of any size."""
    hits, misses = share * size, (1 - share) * size
    return [share, stats.beta.ppf(0.025, hits, misses + 1), stats.beta.ppf(0.975, hits + 1, misses)]


def test_unequal_weights_by_hand():
    """Weights of 2, 1 and 1, the first relevant: v is 9/64, the effective size 3 (1/8) / v = 8/3, with 2 degrees of freedom."""
    assert floats(sampled_share([1, 0, 0], [2, 1, 1])) == pytest.approx(ends_of(1 / 2, reduced(8 / 3, 2)), rel=1e-9)


def test_a_stratum_with_one_cluster_by_hand():
    """A lone cluster is taken about the share: v = 0.16^2 + 0.04, where the other stratum has 1, 0 and 0; 2 degrees of freedom."""
    share = sampled_share([1, 1, 1, 0, 0], stratum=[0, 0, 1, 1, 1], cluster=[0, 0, 1, 2, 3])
    size = 5 * (0.6 * 0.4 / 4) / (0.16**2 + 0.04)
    assert floats(share) == pytest.approx(ends_of(0.6, reduced(size, 2)), rel=1e-9)


@pytest.mark.parametrize("turned", [False, True])
def test_few_clusters_with_the_rarer_code_by_hand(turned):
    """Clusters with 3 and 1 of the rarer code, in six: v is 7/135, the size 360/77, the degrees of freedom (3 + 1)^2 / (9 + 1)."""
    y = np.array([1, 1, 1, 1] + [0] * 8)
    share = sampled_share(1 - y if turned else y, cluster=[0, 0, 0, 1, 2, 2, 3, 3, 4, 4, 5, 5])
    expected = ends_of(1 / 3, reduced(360 / 77, 16 / 10))
    if turned:
        expected = [1 - expected[0], 1 - expected[2], 1 - expected[1]]
    assert floats(share) == pytest.approx(expected, rel=1e-9)


def test_strata_that_explain_everything_by_hand():
    """Where the units of each stratum agree nothing varies, and the interval is that of 2 of 4 drawn alone."""
    share = sampled_share([1, 1, 0, 0], stratum=[0, 0, 1, 1])
    exact = stats.binomtest(2, 4).proportion_ci(method="exact")
    assert floats(share) == pytest.approx([0.5, exact.low, exact.high], rel=1e-9)


def test_two_strata_by_hand():
    """Of weights 2 two in three are relevant, of weights 1 one in three: v is 5/81, the effective size 4.8, with 6 - 2 degrees."""
    share = sampled_share([1, 0, 1, 0, 0, 1], [2, 2, 2, 1, 1, 1], [0, 0, 0, 1, 1, 1])
    assert floats(share) == pytest.approx(ends_of(5 / 9, reduced(4.8, 4)), rel=1e-9)


@pytest.mark.parametrize("code", [0, 1])
def test_unequal_weights_that_all_agree_by_hand(code):
    """Two units of weight 3 and ten of weight 1 that agree: the effective size is 16^2 / (18 + 10), with 12 - 1 degrees."""
    share = sampled_share([code] * 12, [3, 3] + [1] * 10)
    end = stats.beta.ppf(0.975, 1, reduced(16**2 / 28, 11))
    expected = (0, 0, end) if code == 0 else (1, 1 - end, 1)
    assert floats(share) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("code", [0, 1])
def test_agreement_is_as_sure_as_its_clusters_are_many(code):
    """Where all units agree, more weight in one cluster makes the share less sure, and copies of each cluster change nothing."""

    def width(sizes):
        share = sampled_share([code] * sum(sizes), cluster=np.repeat(np.arange(len(sizes)), sizes))
        return float(share.high - share.low)

    assert width([2] * 12) < width([3] + [2] * 10 + [1]) < width([13] + [1] * 11)
    assert width([2] * 12) == pytest.approx(width([4] * 12))


def test_a_product_by_hand():
    """Two numbers known to a factor of 2 have a product that is known to a factor of 2 to the power of the root of 2."""
    product = product_interval(Estimate(*np.array([100.0, 50.0, 200.0])), Estimate(*np.array([0.8, 0.4, 1.6])))
    factor = 2 ** np.sqrt(2)
    assert floats(product) == pytest.approx([80.0, 80 / factor, 80 * factor])
