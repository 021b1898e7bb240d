"""tk.lead_lag finds who goes ahead, keeps copies apart where asked, and says why where it cannot compare."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from toolkit.measures.series.breaks import stabilise
from toolkit.measures.series.leads import cross_correlation, prewhiten
from toolkit.tables import LAGS, LEADS, FramingError

RNG = np.random.default_rng(0)
NEWS = RNG.poisson(6, size=61).tolist()
OTHER = RNG.poisson(6, size=60).tolist()


def test_the_source_that_goes_ahead_is_found(daily):
    """What the Post writes the Sun writes a day later: lag 1, or -1 where the Sun is named first."""
    found = tk.lead_lag(daily(Post=NEWS[1:], Sun=NEWS[:-1]), ["reset"])
    assert set(LEADS.columns) <= set(found.columns)
    (row,) = found.itertuples()
    assert (row.first, row.second, row.lag, row.p) == ("Post", "Sun", 1, 0.001)
    assert (row.n_periods, row.n_hits_first, row.n_hits_second, row.note) == (60, sum(NEWS[1:]), sum(NEWS[:-1]), "")
    turned = tk.lead_lag(daily(Post=NEWS[:-1], Sun=NEWS[1:]), ["reset"])
    assert turned["lag"].tolist() == [-1]


def test_sources_that_know_nothing_of_each_other(daily):
    """Two sources with news of their own have no small p here; the same news at the same time is lag 0."""
    apart = tk.lead_lag(daily(Post=NEWS[1:], Sun=OTHER), ["reset"])
    assert apart["p"].iloc[0] > 0.05
    together = tk.lead_lag(daily(Post=OTHER, Sun=OTHER), ["reset"])
    assert together[["lag", "p"]].to_numpy().tolist() == [[0, 0.001]]


def test_every_lag_is_the_correlation_of_what_is_new(daily):
    """With all_lags each row is measures' correlation of the prewhitened roots of the rates; the best is the other table's."""
    corpus = daily(Post=NEWS[1:], Sun=OTHER)
    lags = tk.lead_lag(corpus, ["reset"], max_lag=5, all_lags=True)
    assert list(lags.columns) == list(LAGS.columns)
    assert lags["lag"].tolist() == list(range(-5, 6))
    new = [prewhiten(stabilise(hits, [100] * 60)[0])[0] for hits in (NEWS[1:], OTHER)]
    assert lags["correlation"].to_numpy() == pytest.approx(cross_correlation(*new, 5))
    assert (lags["null_low"] < 0).all() and (lags["null_high"] > 0).all()
    best = tk.lead_lag(corpus, ["reset"], max_lag=5).iloc[0]
    at = lags.loc[lags["correlation"].abs().idxmax()]
    assert (best["lag"], best["correlation"]) == (at["lag"], at["correlation"])


def test_every_two_are_compared_once(daily):
    """Three sources and two terms are six rows; only= takes some, in the order in which they are named."""
    corpus = daily(Post=NEWS[1:], Sun=OTHER, Sky=NEWS[:-1]).assign(n_other=lambda t: t["n_reset"] // 2)
    found = tk.lead_lag(corpus, ["reset", "other"], permutations=99)
    assert found[["term", "first", "second"]].to_numpy().tolist() == [
        [term, *pair] for term in ("reset", "other") for pair in (("Post", "Sky"), ("Post", "Sun"), ("Sky", "Sun"))
    ]
    some = tk.lead_lag(corpus, ["reset"], only=["Sun", "Post"], permutations=99)
    assert some[["first", "second"]].to_numpy().tolist() == [["Sun", "Post"]]
    alone = tk.lead_lag(corpus[corpus["source"] != "Sky"], ["reset"], permutations=99)
    assert found.loc[found["second"] == "Sun", "p"].iloc[0] == alone["p"].iloc[0]
    assert (found["p_adjusted"] >= found["p"]).all()


def test_shared_stories_are_counted_and_can_be_dropped(counts):
    """Both print an agency's copies and a piece of their own each day: the copies tie them at lag 0; without them nothing does."""
    days = pd.date_range("2017-01-02", periods=60)
    rows = []
    for i, day in enumerate(days):
        for source, own in (("Post", NEWS[i + 1]), ("Sun", OTHER[i])):
            rows += [(source, day, 100, own, f"{source}{i}"), (source, day, 100, 3 * NEWS[i], f"wire{i}")]
    corpus = counts(rows)
    kept, dropped = (tk.lead_lag(corpus, ["reset"], shared=shared).iloc[0] for shared in ("keep", "drop"))
    assert (kept["lag"], kept["p"]) == (0, 0.001)
    assert kept["n_stories_shared"] == dropped["n_stories_shared"] == sum(n > 0 for n in NEWS[:-1])
    assert (dropped["n_hits_first"], dropped["n_hits_second"]) == (sum(NEWS[1:]), sum(OTHER))
    assert dropped["p"] > 0.05
    plain = tk.lead_lag(corpus[~corpus["story_id"].str.startswith("wire")], ["reset"]).iloc[0]
    assert dropped[["lag", "correlation", "p"]].tolist() == plain[["lag", "correlation", "p"]].tolist()


def test_days_without_articles_are_missing_not_zero(daily):
    """A source that does not appear on Sundays is compared on the other days."""
    post = [None if i % 7 == 6 else n for i, n in enumerate(NEWS[1:])]
    (row,) = tk.lead_lag(daily(Post=post, Sun=NEWS[:-1]), ["reset"]).itertuples()
    assert row.n_periods == 52
    assert row.lag == 1


@pytest.mark.parametrize(
    ("post", "note"),
    [
        (NEWS[1:20], "19 periods that both cover; 21 are needed"),
        ([0] * 60, "no hit in one of the two"),
        ([4] * 60, "one of the two does not vary"),
    ],
)
def test_where_two_cannot_be_compared_the_note_says_why(daily, post, note):
    """Few common periods, no hits and no variation are rows with a note; of every lag such a pair has no row."""
    corpus = daily(Post=post, Sun=OTHER)
    (row,) = tk.lead_lag(corpus, ["reset"]).itertuples()
    assert row.note == note and row.lag is pd.NA
    assert np.isnan([row.correlation, row.p, row.p_adjusted]).all()
    empty = tk.lead_lag(corpus, ["reset"], all_lags=True)
    assert len(empty) == 0 and list(empty.columns) == list(LAGS.columns)


def test_shares_count_articles(daily):
    """Of the share the counts are articles with a hit."""
    corpus = daily(Post=[n % 2 for n in NEWS[1:]], Sun=[n % 3 for n in OTHER])
    found = tk.lead_lag(corpus, ["reset"], measure="share")
    assert found["n_articles_first"].tolist() == [sum(n % 2 for n in NEWS[1:])]
    assert found["n_articles_second"].tolist() == [sum(n % 3 > 0 for n in OTHER)]


def test_other_columns_can_be_compared(daily):
    """`between` names any column; its kind stays."""
    corpus = daily(Post=NEWS[1:], Sun=NEWS[:-1])
    corpus["leaning"] = corpus["source"].map({"Post": "left", "Sun": "right"}).astype("category")
    found = tk.lead_lag(corpus, ["reset"], between="leaning")
    assert found[["first", "second", "lag"]].to_numpy().tolist() == [["left", "right", 1]]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"shared": "ignore"}, "There is no way with shared stories 'ignore'. There are: keep, drop."),
        ({"adjust": "none"}, "There is no adjustment 'none'. There are: holm, bonferroni, fdr."),
        ({"max_lag": -1}, "max_lag is a number of periods, 0 or more; this is -1."),
        ({"permutations": 10}, "permutations is how often to shuffle, 99 or more, better 999; this is 10."),
        ({"only": ["Post", "Son"]}, "There is no source 'Son'. Did you mean 'Sun'? There are: Post, Sun."),
        (
            {"only": "Post"},
            "To compare who moves first takes two values of source with dated articles; there is one: Post.",
        ),
        (
            {"between": "outlet"},
            "A table of articles needs the column outlet; this one has: source, date, n_words, n_reset, doc_id. Did you mean 'source'?",
        ),
    ],
)
def test_settings_out_of_range_are_refused(daily, settings, sentence):
    """Each setting is checked where it is made."""
    with pytest.raises(FramingError) as error:
        tk.lead_lag(daily(Post=[1, 2], Sun=[1, 2]), ["reset"], **settings)
    assert str(error.value) == sentence


def test_one_source_and_very_many_are_refused(daily, counts):
    """One source has nobody to be compared with; thousands would be millions of pairs."""
    with pytest.raises(FramingError) as error:
        tk.lead_lag(daily(Post=[1, 2]), ["reset"])
    assert str(error.value) == (
        "To compare who moves first takes two values of source with dated articles; there is one: Post."
    )
    many = counts([(f"s{i:04}", "2017-01-02", 10, 1) for i in range(5000)] + [("s0007", "2017-01-03", 10, 1)])
    with pytest.raises(FramingError) as error:
        tk.lead_lag(many, ["reset"])
    assert str(error.value) == (
        "5,000 values of source are 12,497,500 pairs; at most 40 values can be compared. "
        "Name some: only=['s0007', 's0000', 's0001', 's0002', 's0003'] are those with the most articles."
    )
