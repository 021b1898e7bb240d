"""tk.bursts finds the planted bursts with their counts, and none in an even course."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from toolkit.measures.intervals import ratio_interval, story_sums
from toolkit.tables import BURSTS, FramingError, FramingWarning


def shares(counts, with_term, per_day=10, source="Post"):
    """Return `per_day` articles on each day, of which that many have one hit."""
    days = pd.date_range("2017-01-02", periods=len(with_term))
    return counts([(source, day, 100, int(i < n)) for day, n in zip(days, with_term) for i in range(per_day)])


def test_a_planted_burst_is_found_with_its_counts(counts):
    """One article in ten, eight in ten on three days: a burst over these days."""
    corpus = shares(counts, [1, 1, 1, 1, 8, 8, 8, 1, 1, 1])
    found = tk.bursts(corpus, ["reset"], freq="D")
    assert len(found) == 1 and set(BURSTS.columns) <= set(found.columns)
    (row,) = found.itertuples()
    assert (row.begin, row.end) == (pd.Timestamp("2017-01-06"), pd.Timestamp("2017-01-08"))
    assert (row.level, row.n_periods, row.n_hits, row.n_articles, row.n_articles_total) == (1, 3, 24, 24, 30)
    assert (row.share, row.share_overall) == pytest.approx((0.8, 0.31))
    low, high = ratio_interval(story_sums([1] * 24 + [0] * 6, [1] * 30), whole=True)
    assert (row.low, row.high) == pytest.approx((low[0], high[0]))
    p = 0.31
    log_ratio = 24 * np.log(2) + 6 * np.log((1 - 2 * p) / (1 - p))
    assert row.weight == pytest.approx(log_ratio)


def test_weeks_end_on_their_last_day(counts):
    """A burst of one week lasts from Monday to Sunday."""
    weeks = [
        ("Post", f"2017-01-{day:02}", 100, int(day == 16 or i < 1)) for day in (2, 9, 16, 23, 30) for i in range(8)
    ]
    (row,) = tk.bursts(counts(weeks), ["reset"], freq="W", scaling=2.5).itertuples()
    assert (row.begin, row.end) == (pd.Timestamp("2017-01-16"), pd.Timestamp("2017-01-22"))


def test_levels_nest(counts):
    """The height of a burst is a burst of level 2 inside that of level 1."""
    corpus = shares(counts, [0, 1, 0, 1, 0, 4, 4, 20, 20, 4, 4, 0, 1, 0, 1, 0, 1, 0, 1, 0] * 1, per_day=40)
    found = tk.bursts(corpus, ["reset"], freq="D", levels=2)
    assert found["level"].tolist() == [1, 2]
    outer, inner = found.iloc[0], found.iloc[1]
    assert outer["begin"] <= inner["begin"] <= inner["end"] <= outer["end"]
    assert inner["share"] == pytest.approx(0.5)


def test_an_even_course_has_no_burst(counts):
    """The same share each day is no burst, and so is no hit at all; the empty table has all columns."""
    for with_term in ([3] * 12, [0] * 12):
        found = tk.bursts(shares(counts, with_term), ["reset"], freq="D")
        assert len(found) == 0 and set(BURSTS.columns) <= set(found.columns)


def test_a_dearer_entry_gives_fewer_bursts(counts):
    """With a larger gamma or scaling there are no more bursts than before."""
    rng = np.random.default_rng(0)
    corpus = shares(counts, rng.choice([1, 1, 1, 4, 6], 60).tolist())
    by_gamma = [len(tk.bursts(corpus, ["reset"], freq="D", gamma=gamma)) for gamma in (0, 0.5, 1, 3, 50)]
    assert by_gamma == sorted(by_gamma, reverse=True) and by_gamma[-1] == 0 < by_gamma[0]


def test_copies_make_a_burst_of_articles_but_not_of_stories(counts):
    """Nine copies of one story on a day are a burst of articles; counted as stories they are one."""
    rows = [
        ("Post", f"2017-01-{day:02}", 100, int(i == 0 and day % 2), f"{day}-{i}")
        for day in range(2, 22)
        for i in range(4)
    ]
    rows += [("Post", "2017-01-12", 100, 1, "wire")] * 9
    corpus = counts(rows)
    assert len(tk.bursts(corpus, ["reset"], freq="D")) == 1
    assert len(tk.bursts(corpus, ["reset"], freq="D", unit="story")) == 0


def test_a_burst_reaches_across_days_without_articles(counts):
    """A weekend without articles inside a burst does not end it; n_periods leaves it out."""
    corpus = shares(counts, [1, 1, 1, 8, 8, 1, 1, 8, 8, 1, 1, 1])
    gap = corpus["date"].between("2017-01-07", "2017-01-08")
    (row,) = tk.bursts(corpus[~gap].reset_index(drop=True), ["reset"], freq="D").itertuples()
    assert (row.begin, row.end, row.n_periods) == (pd.Timestamp("2017-01-05"), pd.Timestamp("2017-01-10"), 4)


def test_series_are_looked_at_one_by_one_and_in_order(counts):
    """Rows come by source, then term; each as alone."""
    post, sun = shares(counts, [1, 1, 9, 9, 1, 1, 1, 1]), shares(counts, [1, 1, 1, 1, 1, 1, 9, 9], source="Sun")
    both = pd.concat([sun.assign(doc_id="x" + sun["doc_id"]), post], ignore_index=True)
    both["n_other"] = both["n_reset"]
    found = tk.bursts(both, ["reset", "other"], by="source", freq="D")
    assert found[["source", "term"]].to_numpy().tolist() == [
        ["Post", "reset"],
        ["Post", "other"],
        ["Sun", "reset"],
        ["Sun", "other"],
    ]
    alone = tk.bursts(post, ["reset"], by="source", freq="D")
    pd.testing.assert_frame_equal(found.iloc[[0]], alone)


def test_a_term_in_most_articles_cannot_burst(counts):
    """No share is twice .8: no burst is looked for, and a warning says so."""
    with pytest.warns(FramingWarning) as caught:
        assert len(tk.bursts(shares(counts, [8] * 10), ["reset"], freq="D")) == 0
    assert [str(w.message) for w in caught] == [
        "'reset': a series has the term in so many articles that no share can be 2 times as large. "
        "No bursts are looked for there; take a smaller scaling or fewer levels."
    ]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"scaling": 1}, "scaling is how many times the overall share a burst has, above 1; this is 1."),
        ({"gamma": -1}, "gamma is how costly it is to enter a burst, 0 or more; this is -1."),
        ({"levels": 0}, "levels is how many levels of burst there are, 1 or more; this is 0."),
    ],
)
def test_numbers_out_of_range_are_refused(daily, settings, sentence):
    """Each setting is checked where it is made."""
    with pytest.raises(FramingError) as error:
        tk.bursts(daily(Post=[1, 2]), ["reset"], freq="D", **settings)
    assert str(error.value) == sentence
