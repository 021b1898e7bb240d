"""tk.trend is the table of tk.usage with a line, and keeps zero, not covered and partial apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from toolkit.measures.series.smoothing import local_line
from toolkit.tables import USAGE, FramingError, FramingWarning
from toolkit.trends.series import runs_of
from toolkit.trends.trend import _pairs

LINE = ["smooth", "smooth_low", "smooth_high", "bandwidth"]


def test_the_table_is_that_of_usage_with_a_line(daily):
    """All columns and rows of tk.usage are there, unchanged and in order; the new ones follow, and all are known names."""
    corpus = daily(Post=[1, 0, 2, 3, None, 1], Wire=[0, 0, 1, None, None, 2])
    usage = tk.usage(corpus, ["reset"], by="source", freq="D")
    table = tk.trend(corpus, ["reset"], by="source", freq="D")
    pd.testing.assert_frame_equal(table.drop(columns=LINE), usage)
    assert list(table.columns) == [*usage.columns, *LINE]
    assert set(table.columns) - {"source"} <= {*USAGE.columns, *USAGE.optional}


def test_the_line_is_in_the_unit_of_the_measure(daily):
    """The same two hits in 100 words each day are 20,000 per million, a share of 1, and all of the rivals' hits."""
    corpus = daily(Post=[2] * 6).assign(n_other=0)
    for measure, value in (("per_million", 20_000), ("share", 1), ("rival_share", 1)):
        table = tk.trend(corpus, ["reset", "other"], freq="D", measure=measure)
        own = table[table["term"] == "reset"]
        assert own["smooth"].tolist() == pytest.approx([value] * 6)
        assert own[measure].tolist() == pytest.approx([value] * 6)
        assert (own["smooth_low"] <= value).all() and (own["smooth_high"] >= value - 1e-9).all()


def test_without_smoothing_line_and_band_are_rate_and_interval(daily):
    """At a bandwidth of 1 the line is the rate and the band its interval."""
    corpus = daily(Post=[1, 0, 2, 3, None, 1], Wire=[0, 4, 1, None, None, 2])
    for measure in ("per_million", "share"):
        table = tk.trend(corpus, ["reset"], by="source", freq="D", measure=measure, bandwidth=1)
        there = table[table["covered"]]
        assert there["smooth"].tolist() == pytest.approx(there[measure].tolist())
        assert there["smooth_low"].tolist() == pytest.approx(there["low"].tolist(), rel=1e-9)
        assert there["smooth_high"].tolist() == pytest.approx(there["high"].tolist(), rel=1e-9)


def test_a_gap_is_a_gap_and_zero_is_zero(daily):
    """No line is drawn through days without articles; days without a hit have one."""
    table = tk.trend(daily(Post=[0, 0, 0, None, None, 2, 2, 2]), ["reset"], freq="D", bandwidth=2)
    assert table["smooth"].isna().tolist() == [False] * 3 + [True] * 2 + [False] * 3
    assert table["smooth"].iloc[:3].tolist() == [0, 0, 0]
    assert (table["smooth_high"].iloc[:3] > 0).all()
    assert table["covered"].tolist() == [True] * 3 + [False] * 2 + [True] * 3


def test_a_partial_period_weighs_as_much_as_its_words(counts):
    """A last week of one article pulls the line less than a full one with the same rate."""
    weeks = [f"2017-01-{day:02}" for day in (2, 9, 16)]
    full = [("Post", week, 1000, 5) for week in weeks for _ in range(7)]
    few = tk.trend(counts([*full, ("Post", "2017-01-23", 1000, 50)]), ["reset"], bandwidth=3)
    many = tk.trend(counts([*full, *[("Post", "2017-01-29", 1000, 50)] * 7]), ["reset"], bandwidth=3)
    assert few["partial"].tolist() == [False, False, False, True]
    assert few["smooth"].iloc[2] < many["smooth"].iloc[2]


def test_a_story_in_two_weeks_is_counted_as_one_story(counts):
    """A copy in the next week widens the band, as the sums over stories of both weeks say."""
    rows = [("Post", f"2017-01-{day:02}", 500, day % 3, f"s{day}") for day in range(2, 30)]
    copied = [("Sun", f"2017-01-{min(day + 7, 31):02}", 500, day % 3, f"s{day}") for day in range(2, 25)]
    alone = [(source, day, n, x, f"{story}x") for source, day, n, x, story in copied]
    one, other = (tk.trend(counts([*rows, *more]), ["reset"], bandwidth=4) for more in (copied, alone))
    assert one["smooth"].tolist() == pytest.approx(other["smooth"].tolist())
    width = [table["smooth_high"] - table["smooth_low"] for table in (one, other)]
    assert (width[0].iloc[1:3] > width[1].iloc[1:3]).all()


def test_products_of_stories_are_added_by_their_two_periods(counts):
    """Story s has 2 hits in 10 words and 3 in 20; t 1 in 5 and 4 in 30: of these two weeks 2 (2 * 3 + 1 * 4) and so on."""
    rows = [("Post", "2017-01-02", 10, 2, "s"), ("Post", "2017-01-09", 20, 3, "s")]
    rows += [("Post", "2017-01-03", 5, 1, "t"), ("Post", "2017-01-10", 30, 4, "t"), ("Post", "2017-01-16", 9, 9, "u")]
    pairs = _pairs(runs_of(counts(rows), ["reset"], (), "W"), 0)
    assert [part.tolist() for part in pairs] == [
        [0],
        [0],
        [1],
        [2 * (2 * 3 + 1 * 4)],
        [2 * 20 + 3 * 10 + 1 * 30 + 4 * 5],
        [2 * (10 * 20 + 5 * 30)],
    ]


def test_each_source_has_its_own_line_and_all_of_a_term_one_bandwidth(daily):
    """The line of a source is that of its articles alone, at the bandwidth chosen for all."""
    corpus = daily(Post=[3, 1, 2, 3, 1, 1, 4, 2], Wire=[0, 0, 1, 5, 9, 2, 2, 0])
    table = tk.trend(corpus, ["reset"], by="source", freq="D")
    (bandwidth,) = table["bandwidth"].unique()
    alone = tk.trend(corpus[corpus["source"] == "Wire"], ["reset"], freq="D", bandwidth=bandwidth)
    wire = table[table["source"] == "Wire"]
    assert wire["smooth"].tolist() == pytest.approx(alone["smooth"].tolist())
    recipe = table.attrs["recipe"]
    assert recipe["function"] == "toolkit.trend"
    assert recipe["settings"]["bandwidth"] == {"reset": bandwidth}
    assert recipe["settings"]["rule"] == "0.5 x leave-one-period-out"


def test_segments_and_bursts_are_those_of_their_own_functions(daily):
    """The columns agree with the tables of tk.change_points and tk.bursts."""
    corpus = daily(Post=[0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 9, 8, 9, 8, 9, 9, 8, 9])
    corpus = pd.concat([corpus.assign(doc_id=corpus["doc_id"] + str(k)) for k in range(5)], ignore_index=True)
    corpus.loc[corpus["n_reset"] == 1, "n_reset"] = [1, 0, 0, 0, 0] * 3
    table = tk.trend(corpus, ["reset"], freq="D", segments=True, bursts=True)
    (change,) = tk.change_points(corpus, ["reset"], freq="D")["period"]
    assert table["segment"].tolist() == (table["period"] >= change).astype(int).tolist()
    burst = tk.bursts(corpus, ["reset"], freq="D").iloc[0]
    inside = (table["period"] >= burst["begin"]) & (table["period"] <= burst["end"])
    assert table["burst"].tolist() == inside.astype(int).tolist()
    assert inside.sum() == 8


def test_undated_articles_keep_their_row_without_a_line(daily):
    """They are warned of, counted in the row without a period, and have no line."""
    corpus = daily(Post=[1, 0, 2])
    corpus.loc[0, "date"] = pd.NaT
    with pytest.warns(FramingWarning) as caught:
        table = tk.trend(corpus, ["reset"], freq="D")
    assert [str(w.message) for w in caught] == ["1 undated article is left out: nothing says when they appeared."]
    assert table["period"].isna().tolist() == [False, False, True]
    assert np.isnan(table["smooth"].iloc[-1]) and table["n_hits"].iloc[-1] == 1


def test_text_and_an_index_give_the_same(daily):
    """Articles with text are tokenised; an index of them gives the same table."""
    articles = tk.load("daily-brief").dropna(subset="date")
    pd.testing.assert_frame_equal(
        tk.trend(articles, ["reset"], freq="M"), tk.trend(tk.tokenize(articles), ["reset"], freq="M")
    )


def test_one_period_and_no_hit_at_all(daily):
    """One period is its own line; a term without a hit is a line at zero with a band."""
    one = tk.trend(daily(Post=[2]), ["reset"], freq="D")
    assert one[["smooth", "bandwidth"]].to_numpy().tolist() == [[pytest.approx(20_000), 2]]
    none = tk.trend(daily(Post=[0] * 5), ["reset"], freq="D")
    assert (none["smooth"] == 0).all() and (none["smooth_high"] > 0).all()


def test_a_missing_source_and_odd_names_are_series_too(counts):
    """A source that is missing, and one in another script, have their line."""
    rows = [(source, f"2017-01-{day:02}", 100, 1) for source in (None, "Вести", "a\u0301") for day in (2, 3, 4)]
    table = tk.trend(counts(rows), ["reset"], by="source", freq="D")
    assert len(table) == 9 and table["smooth"].tolist() == pytest.approx([10_000] * 9)


def test_a_hundred_thousand_sources_are_answered_at_once(counts):
    """Each has one article; lines are drawn for all of them without a loop over sources."""
    n = 100_000
    corpus = pd.DataFrame(
        {
            "doc_id": [f"d{i}" for i in range(n)],
            "source": [f"s{i}" for i in range(n)],
            "date": pd.Timestamp("2017-01-02"),
            "n_words": 100,
            "n_reset": 1,
        }
    )
    table = tk.trend(corpus, ["reset"], by="source", freq="Y")
    assert len(table) == n and table["smooth"].to_numpy() == pytest.approx(np.full(n, 10_000.0))


def test_the_band_uses_the_line_of_measures(daily):
    """smooth is measures' local_line of the stories' sums, times a million."""
    corpus = daily(Post=[3, 1, 2, 3, 1, 1, 4, 2])
    x, n = np.array([[3.0, 1, 2, 3, 1, 1, 4, 2]]), np.full((1, 8), 100.0)
    from toolkit.measures.intervals import StorySums

    line = local_line(StorySums(np.ones((1, 8)), x, n, x * x, x * n, n * n), 3, bundle=(x * x).sum() / x.sum())
    table = tk.trend(corpus, ["reset"], freq="D", bandwidth=3)
    assert table["smooth_high"].tolist() == pytest.approx((line.high[0] * 1e6).tolist())


@pytest.mark.parametrize("bandwidth", [0, 0.5, -3, float("nan")])
def test_a_bandwidth_below_one_period_is_refused(daily, bandwidth):
    """It would weigh nothing."""
    with pytest.raises(FramingError) as error:
        tk.trend(daily(Post=[1, 2]), ["reset"], freq="D", bandwidth=bandwidth)
    assert str(error.value) == (
        f"bandwidth is a number of periods, 1 (no smoothing) or more, better 2; this is {bandwidth!r}."
    )


def test_articles_without_any_date_are_refused(counts):
    """The sentence says that no article has one."""
    with pytest.raises(FramingError) as error:
        tk.change_points(counts([("Post", None, 100, 1)]), ["reset"], freq="D")
    assert str(error.value) == "No article has a date, so nothing can be followed over time."


def test_time_needs_periods(daily):
    """freq=None is answered with the periods there are; a wrong one as in tk.usage."""
    with pytest.raises(FramingError) as error:
        tk.change_points(daily(Post=[1, 2]), ["reset"], freq=None)
    assert str(error.value) == (
        "Change over time needs periods: freq is D (day), W (week), M (month), Q (quarter) or Y (year)."
    )
    with pytest.raises(FramingError, match="There is no period 'H'"):
        tk.trend(daily(Post=[1, 2]), ["reset"], freq="H")
