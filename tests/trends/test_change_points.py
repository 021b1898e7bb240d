"""tk.change_points finds the planted changes, says how surely, and finds none where there is none."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from toolkit.measures.intervals import ratio_interval, story_sums
from toolkit.tables import CHANGE_POINTS, FramingError, FramingWarning

NILE = json.loads((Path(__file__).parents[1] / "reference" / "series.json").read_text(encoding="utf-8"))["series"][
    "nile"
]


def stepping(counts, levels, per_day=10, source="Post"):
    """Return `per_day` stories of 1,000 words on each day, each with the level's number of hits, give or take one in every other."""
    return counts(
        [
            (source, day, 1000, level + ((i + at) % 2 if level else 0))
            for at, (day, level) in enumerate(zip(pd.date_range("2017-01-02", periods=len(levels)), levels))
            for i in range(per_day)
        ]
    )


def test_a_planted_change_is_found_on_its_day(counts):
    """Four hits a story until the tenth day, nine afterwards: one change, the same in every resample."""
    found = tk.change_points(stepping(counts, [4] * 10 + [9] * 10), ["reset"], freq="D")
    assert len(found) == 1
    (row,) = found.itertuples()
    assert row.period == row.low == row.high == pd.Timestamp("2017-01-12")
    assert (row.change, row.support) == (1, 1.0)
    assert (row.n_hits_before, row.n_words_before, row.n_periods_before) == (450, 100_000, 10)
    assert (row.n_hits_after, row.n_words_after, row.n_periods_after) == (950, 100_000, 10)
    assert (row.per_million_before, row.per_million_after) == pytest.approx((4500, 9500))
    assert row.low_before < 4500 < row.high_before < row.low_after < 9500 < row.high_after


def test_several_changes_bound_each_others_segments(counts):
    """Up and down again: two rows, and what comes after the first change comes before the second."""
    found = tk.change_points(stepping(counts, [2] * 8 + [9] * 8 + [3] * 8), ["reset"], freq="D")
    assert found["period"].dt.day.tolist() == [10, 18] and found["change"].tolist() == [1, 2]
    one, two = found.iloc[0], found.iloc[1]
    for name in ("per_million", "low", "high", "n_hits", "n_words", "n_periods"):
        assert one[f"{name}_after"] == two[f"{name}_before"]


def test_the_intervals_of_segments_are_those_of_their_stories(counts):
    """A story that runs over several days of a segment is one story there."""
    corpus = stepping(counts, [4] * 10 + [9] * 10)
    corpus["story_id"] = "s" + (corpus.index // 20).astype(str)  # each over two days
    found = tk.change_points(corpus, ["reset"], freq="D").iloc[0]
    before = corpus[corpus["date"] < found["period"]].groupby("story_id")[["n_reset", "n_words"]].sum()
    low, high = ratio_interval(story_sums(before["n_reset"], before["n_words"]))
    assert (found["low_before"], found["high_before"]) == pytest.approx((low[0] * 1e6, high[0] * 1e6))


def test_the_nile_changes_in_1899(counts):
    """A year's flow as words with one hit in each 10,000 of its inverse is one change; its first year at the new level is 1899."""
    years = pd.to_datetime([f"{1871 + i}-07-01" for i in range(100)])
    corpus = counts([("Aswan", day, 1_000_000, flow) for day, flow in zip(years, NILE["values"])])
    found = tk.change_points(corpus, ["reset"], freq="Y", resamples=1)
    assert found["period"].dt.year.tolist() == [1899]
    assert found["n_periods_before"].tolist() == [28]
    assert found["per_million_before"].tolist() == pytest.approx([np.mean(NILE["values"][:28])])


def test_a_level_that_stays_has_no_change(counts):
    """No change is no row, with all columns and their kinds."""
    found = tk.change_points(stepping(counts, [4] * 20), ["reset"], by="source", freq="D")
    assert len(found) == 0
    with_rows = tk.change_points(stepping(counts, [4] * 10 + [9] * 10), ["reset"], by="source", freq="D")
    assert found.dtypes.astype(str).to_dict() == with_rows.dtypes.astype(str).to_dict()
    assert list(found.columns)[:7] == ["source", "term", "change", "period", "low", "high", "support"]
    assert set(CHANGE_POINTS.columns) <= set(found.columns)


def test_few_stories_say_it_less_surely(counts):
    """With two stories a day, half of them without a hit, the place is vague; with sixty it is known to a day or two."""
    rng = np.random.default_rng(0)

    def world(per_day):
        days = pd.date_range("2017-01-02", periods=24).repeat(per_day)
        hits = rng.poisson(np.where(np.arange(24).repeat(per_day) < 12, 1.0, 4.0)) * (rng.random(24 * per_day) < 0.5)
        return counts([("Post", day, 1000, n) for day, n in zip(days, hits.tolist())])

    few, many = (tk.change_points(world(n), ["reset"], freq="D", n_changes=1).iloc[0] for n in (2, 60))
    assert few["high"] - few["low"] > many["high"] - many["low"]
    assert many["high"] - many["low"] <= pd.Timedelta(days=2)
    assert many["low"] <= pd.Timestamp("2017-01-14") <= many["high"]
    assert many["support"] >= 0.95


def test_copies_are_no_witnesses_of_a_change(counts):
    """Each story printed ten times gives the same intervals of position as once, since stories are drawn, not articles."""
    rng = np.random.default_rng(2)
    days = pd.date_range("2017-01-02", periods=20).repeat(3)
    hits = rng.poisson(np.where(np.arange(20).repeat(3) < 10, 1.5, 4.0)).tolist()
    once = counts([("Post", day, 1000, n, f"s{i}") for i, (day, n) in enumerate(zip(days, hits))])
    often = pd.concat([once.assign(doc_id=once["doc_id"] + f"-{k}") for k in range(10)], ignore_index=True)
    one, ten = (tk.change_points(corpus, ["reset"], freq="D", n_changes=1).iloc[0] for corpus in (once, often))
    assert one[["period", "low", "high", "support"]].tolist() == ten[["period", "low", "high", "support"]].tolist()


def test_periods_without_articles_are_left_out(counts):
    """A change in a gap is at the first covered day after it; n_periods counts covered days."""
    corpus = stepping(counts, [4] * 10 + [0] * 5 + [9] * 10)
    corpus = corpus[corpus["n_reset"] > 0].reset_index(drop=True)
    found = tk.change_points(corpus, ["reset"], freq="D").iloc[0]
    assert found["period"] == pd.Timestamp("2017-01-17")
    assert (found["n_periods_before"], found["n_periods_after"]) == (10, 10)


def test_each_series_has_the_same_changes_in_any_company(counts):
    """Sources and terms do not change each other's rows, the resamples included."""
    post, sun = stepping(counts, [4] * 10 + [9] * 10), stepping(counts, [2] * 12 + [7] * 8, source="Sun")
    both = pd.concat([post, sun.assign(doc_id="x" + sun["doc_id"])], ignore_index=True).assign(n_other=1)
    together = tk.change_points(both, ["other", "reset"], by="source", freq="D")
    alone = tk.change_points(sun, ["reset"], by="source", freq="D")
    pd.testing.assert_frame_equal(together[together["source"] == "Sun"].reset_index(drop=True), alone)
    assert together["source"].tolist() == ["Post", "Sun"]


def test_a_share_and_a_share_of_rivals(counts):
    """Of the share of articles the counts are articles, of rivals' hits the hits of all."""
    corpus = stepping(counts, [0] * 10 + [9] * 10).assign(n_other=1)
    share = tk.change_points(corpus, ["reset"], freq="D", measure="share").iloc[0]
    assert (share["share_before"], share["share_after"]) == (0, 1)
    assert (share["n_articles_after"], share["n_articles_total_after"]) == (100, 100)
    rivals = tk.change_points(corpus, ["reset", "other"], freq="D", measure="rival_share")
    assert rivals["term"].tolist() == ["reset", "other"]
    assert rivals["rival_share_before"].tolist() == [0, 1]
    assert rivals["n_hits_rivals_before"].tolist() == [100, 100]


def test_n_changes_places_as_many(counts):
    """A number that is asked for is placed, in a flat series too."""
    found = tk.change_points(stepping(counts, [4] * 12), ["reset"], freq="D", n_changes=2)
    assert found["change"].tolist() == [1, 2]


def test_the_seed_decides_the_resamples(counts):
    """The same seed gives the same table, and the recipe has it."""
    rng = np.random.default_rng(1)
    days = pd.date_range("2017-01-02", periods=20).repeat(2)
    corpus = counts(
        [("Post", day, 1000, n) for day, n in zip(days, rng.poisson(np.arange(20).repeat(2) // 5).tolist())]
    )
    tables = [
        tk.change_points(corpus, ["reset"], freq="D", n_changes=1, seed=seed, resamples=50) for seed in (4, 4, 5, 6, 7)
    ]
    one, other, *more = tables
    pd.testing.assert_frame_equal(one, other)
    assert len({tuple(table[["low", "high", "support"]].iloc[0]) for table in (one, *more)}) > 1
    assert one.attrs["recipe"]["settings"]["seed"] == 4


def test_series_that_are_too_short_are_told(counts):
    """A source with hits on three days only is left out with a warning; one without hits is left out in silence."""
    corpus = pd.concat(
        [
            stepping(counts, [4] * 10 + [9] * 10),
            stepping(counts, [4] * 3, source="Sun"),
            stepping(counts, [0] * 3, source="Sky"),
        ],
        ignore_index=True,
    )
    corpus["doc_id"] = [f"d{i}" for i in range(len(corpus))]
    with pytest.warns(FramingWarning) as caught:
        found = tk.change_points(corpus, ["reset"], by="source", freq="D")
    assert found["source"].tolist() == ["Post"]
    assert [str(w.message) for w in caught] == [
        "1 series with hits has too few covered periods for 1 change; 6 are the fewest."
    ]


def test_one_period_and_no_hits_are_empty_tables(daily):
    """One day has no change, nor has a term that never occurs."""
    with pytest.warns(FramingWarning, match="too few covered periods"):
        assert len(tk.change_points(daily(Post=[2]), ["reset"], freq="D")) == 0
    assert len(tk.change_points(daily(Post=[0] * 20), ["reset"], freq="D")) == 0


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"n_changes": 0}, "n_changes is how many changes to place, 1 or more; this is 0."),
        ({"max_changes": 0}, "max_changes is the largest number of changes to consider, 1 or more; this is 0."),
        ({"min_size": 0}, "min_size is a number of periods between two changes, 1 or more; this is 0."),
        ({"resamples": 0}, "resamples is how often the stories are drawn anew, 1 or more; this is 0."),
        ({"confidence": 95}, "confidence is a number between 0 and 1, such as 0.95; this is 95."),
    ],
)
def test_numbers_out_of_range_are_refused(daily, settings, sentence):
    """Each setting is checked where it is made."""
    with pytest.raises(FramingError) as error:
        tk.change_points(daily(Post=[1, 2]), ["reset"], freq="D", **settings)
    assert str(error.value) == sentence
