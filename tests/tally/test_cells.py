"""Sums by cell and the grid that they are laid on, number by number on a corpus of five articles."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from toolkit.tally.cells import cell_sums, lay_grid, ordered
from toolkit.tally.partitions import added
from toolkit.tally.rates import bootstrap_of, chosen_measure, taken, whole, with_share
from toolkit.tally.sources import story_counts
from toolkit.tally.stories import lay

# the Post has a story of two articles and one of none of the words; of the Wire one article has no word at all
COUNTS = pd.DataFrame(
    {
        "doc_id": list("abcde"),
        "source": ["Post", "Post", "Post", "Wire", "Wire"],
        "date": pd.to_datetime(["2017-01-03", "2017-01-01", "2017-01-05", "2017-01-02", "2017-01-04"]),
        "story_id": ["s", "s", None, "t", None],
        "n_words": [10, 20, 5, 4, 0],
        "n_reset": [2, 1, 0, 0, 0],
        "n_ban": [1, 0, 0, 4, 0],
    }
)


def counted(unit="article"):
    return story_counts(COUNTS, ["reset", "ban"], ["source"], None, unit=unit, rivals=False)


# of each measure: stories, n and nn of Post and Wire; x, xx, xn and full of reset and ban in the Post, and then in the Wire
BY_HAND = {
    "per_million": ([2, 1], [35, 4], [925, 16], [3, 1, 0, 4], [9, 1, 0, 16], [90, 30, 0, 16], [0, 0, 0, 1]),
    "share": ([2, 2], [3, 2], [5, 2], [2, 1, 0, 1], [4, 1, 0, 1], [4, 2, 0, 1], [1, 0, 0, 1]),
    "rival_share": ([1, 1], [4, 4], [16, 16], [3, 1, 0, 4], [9, 1, 0, 16], [12, 4, 0, 16], [0, 0, 0, 1]),
}


@pytest.mark.parametrize("measure", BY_HAND)
def test_sums_by_hand(measure):
    """Every sum over the stories of each cell, whatever the measure divides by."""
    sums = cell_sums(counted(), measure)
    assert sums.groups["source"].tolist() == ["Post", "Wire"]
    expected = {
        "n_copies": [0, 0],
        "n_articles_total": [3, 2],
        "n_stories_total": [2, 2],
        "n_words": [35, 4],
        "n_hits_rivals": [4, 4],
        "n_articles_any": [2, 1],
        "n_stories_any": [1, 1],
    }
    expected |= dict(zip(("stories", "n", "nn"), BY_HAND[measure], strict=False))
    assert {name: values.tolist() for name, values in sums.total.items()} == expected

    by_kind = {"n_hits": [3, 1, 0, 4], "n_articles": [2, 1, 0, 1], "n_stories": [1, 1, 0, 1]}
    by_kind |= dict(zip(("x", "xx", "xn", "full"), BY_HAND[measure][3:], strict=True))
    assert {name: values.tolist() for name, values in sums.by_kind.items()} == by_kind
    assert sums.square("n_hits").tolist() == [[3, 1], [0, 4]]
    assert sums.story.n.tolist() == np.repeat(BY_HAND[measure][1], 2).tolist()


def test_bundles_by_hand():
    """Hits come 9 / 3 and 17 / 5 at a time, what is no hit (39 - 3) / 3 and, with a story that is all hits, (39 - 5) / 2."""
    bundle, rest = cell_sums(counted(), "per_million").bundles("per_million")
    assert bundle.tolist() == [[3, 17 / 5]]
    assert rest.tolist() == [[12, 17]]
    bundle, rest = cell_sums(counted(), "share").bundles("share")
    assert bundle.tolist() == [[2, 1]]
    assert rest.tolist() == [[3 / 3, 3 / 3]]


def test_each_family_has_its_own_bundles():
    """Cells of two families do not lend each other their bundles; of hits per word these are 2 at least, of none missing."""
    sums = cell_sums(counted(), "per_million", family=np.array([0, 1]))
    bundle, rest = sums.bundles("per_million")
    np.testing.assert_array_equal(bundle, [[3, 2], [np.nan, 4]])
    np.testing.assert_array_equal(rest, [[16, 17], [4, np.nan]])


def test_sparse_sums_have_places_for_what_occurs():
    """A kind has a place in the cells where it occurs, and in all of them where that is asked for; the sums are the same."""
    sums = cell_sums(counted(), "per_million", sparse=True)
    assert list(zip(sums.cell_of.tolist(), sums.kind_of.tolist())) == [(0, 0), (0, 1), (1, 1)]
    assert sums.by_kind["xn"].tolist() == [90, 30, 16]
    sums = cell_sums(counted(), "per_million", sparse=True, also=np.array([0]))
    assert list(zip(sums.cell_of.tolist(), sums.kind_of.tolist())) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert sums.by_kind["x"].tolist() == [3, 1, 0, 4]


def test_the_first_article_of_a_story_stands_for_it_by_hand():
    """With the story as unit b, the earlier, stands for a: one copy is left out, with its two resets and its ban."""
    sums = cell_sums(counted("story"), "per_million")
    assert sums.total["n_copies"].tolist() == [1, 0]
    assert sums.total["n_words"].tolist() == [25, 4]
    assert sums.by_kind["n_hits"].tolist() == [1, 0, 0, 4]
    tally = tk.tally(COUNTS, ["reset", "ban"])
    laid = lay(tally, ["source"], None, "story")
    assert (laid.unit.tolist(), laid.cell.tolist(), laid.n_left_out.tolist()) == ([1, 2, 3, 4], [0, 0, 1, 1], [1, 0])
    assert laid.count(np.array([True, True, True, False, True])).tolist() == [2, 1]
    assert lay(tally, ["source"], None, "article").count(np.ones(5, dtype=bool)).tolist() == [3, 2]


def test_sums_of_parts_add_up_by_hand():
    """Two parts have the sums of the whole, cell by cell, from the earliest to the latest day of both."""
    articles = COUNTS.drop(columns="story_id")
    parts = [
        cell_sums(story_counts(part, ["reset", "ban"], ["source"], None, unit="article", rivals=False), "share")
        for part in (articles.iloc[[3, 0]], articles.iloc[[4, 1, 2]])
    ]
    sums = added(parts)
    assert sums.groups["source"].tolist() == ["Wire", "Post"]
    assert (sums.total["n"].tolist(), sums.total["n_words"].tolist()) == ([2, 3], [4, 35])
    assert sums.by_kind["n_hits"].tolist() == [0, 4, 3, 1]
    assert (sums.cell_of.tolist(), sums.kind_of.tolist()) == ([0, 0, 1, 1], [0, 1, 0, 1])
    assert pd.DatetimeIndex(sums.first).day.tolist() == [2, 1]
    assert pd.DatetimeIndex(sums.last).day.tolist() == [4, 5]


# The grid


def days(*texts):
    return pd.to_datetime(list(texts)).to_numpy()


def test_a_grid_has_a_row_for_each_period_of_each_group():
    """From the first month to the last, in order; months without articles have no place, and undated ones come last."""
    groups = pd.DataFrame({"source": ["Wire", "Post", "Wire", "Post"]}).assign(
        period=pd.to_datetime(["2017-02-01", "2017-01-01", None, "2017-03-01"])
    )
    ends = days("2017-02-01", "2017-01-01", None, "2017-03-02"), days("2017-02-28", "2017-01-09", None, "2017-03-30")
    grid = lay_grid(groups, ends, ["source"], "M")
    assert grid.cells["source"].tolist() == ["Post"] * 3 + ["Wire"] * 4
    assert grid.cells["period"].dt.month.tolist()[:6] == [1, 2, 3, 1, 2, 3]
    assert pd.isna(grid.cells["period"].iloc[6])
    assert grid.place.tolist() == [1, -1, 3, -1, 0, -1, 2]
    assert grid.group.tolist() == [0, 0, 0, 1, 1, 1, 1]
    # the Post ends a day before its March does; the February of the Wire is full
    assert grid.partial.tolist() == [False, False, True, False, False, False, False]


def test_a_period_begun_a_day_late_is_partial():
    """A group that begins on the second of its month, and ends with its last day, has a partial first month only."""
    groups = pd.DataFrame({"period": pd.to_datetime(["2017-01-01", "2017-02-01"])})
    grid = lay_grid(groups, (days("2017-01-02", "2017-02-03"), days("2017-01-20", "2017-02-28")), [], "M")
    assert grid.partial.tolist() == [True, False]


def test_a_grid_without_periods_has_each_group_once():
    """Groups stand in order, each with its place, and none is partial."""
    groups = pd.DataFrame({"source": ["Wire", "Sun", "Post"]})
    grid = lay_grid(groups, (days(None, None, None),) * 2, ["source"], None)
    assert grid.cells["source"].tolist() == ["Post", "Sun", "Wire"]
    assert (grid.place.tolist(), grid.group.tolist()) == ([2, 1, 0], [0, 1, 2])
    assert not grid.partial.any()


def test_every_category_has_a_cell_in_every_group():
    """Each source gets each term, in the order of the terms, whether it has it or not."""
    terms = pd.Categorical(["ban", "reset", "ban"], categories=["reset", "ban"])
    groups = pd.DataFrame({"term": terms, "source": ["Wire", "Post", "Post"]})
    grid = lay_grid(groups, (days(None, None, None),) * 2, ["source", "term"], None, every="term")
    assert list(zip(grid.cells["source"], grid.cells["term"])) == [
        ("Post", "reset"),
        ("Post", "ban"),
        ("Wire", "reset"),
        ("Wire", "ban"),
    ]
    assert grid.place.tolist() == [1, 2, -1, 0]


def test_a_column_of_several_kinds_has_no_order():
    """Numbers among texts are refused in a sentence that names both; a missing value stands last."""
    with pytest.raises(tk.FramingError, match=r"holds values of several kinds \(int, str\)"):
        ordered(pd.DataFrame({"desk": ["a", 1]}, dtype=object), ["desk"])
    assert ordered(pd.DataFrame({"desk": ["b", None, "a"]}, dtype="str"), ["desk"]).tolist() == [2, 0, 1]
    assert ordered(pd.DataFrame({"day": ["Sun", None, "Mon"]}, dtype="str"), ["day"]).tolist() == [2, 0, 1]


# Rates


def test_what_has_no_place_has_the_missing_value():
    """Counts are taken by place, as whole numbers where they are; no place is 0, or what is asked for."""
    values = np.array([5.0, 7.0])
    assert taken(values, np.array([1, -1, 0])).tolist() == [7, 0, 5]
    assert taken(values, np.array([1, -1, 0]), missing=np.nan).tolist()[::2] == [7, 5]
    assert np.isnan(taken(values, np.array([-1]), missing=np.nan)).all()
    assert taken(np.empty(0), np.array([-1, -1])).tolist() == [0, 0]


def test_a_share_of_nothing_is_missing_with_its_ends():
    """3 of 4 is a share with its ends; 0 of 0 is not covered, and neither share nor ends are known."""
    table = pd.DataFrame({"x": [3, 0, 0], "n": [4, 0, 1]})
    made = with_share(table, "share", "x", "n", (np.array([0.2, 0.0, 0.0]), np.array([0.9, 1.0, 0.8])))
    assert made["covered"].tolist() == [True, False, True]
    np.testing.assert_array_equal(
        made[["share", "low", "high"]], [[0.75, 0.2, 0.9], [np.nan, np.nan, np.nan], [0.0, 0.0, 0.8]]
    )


def test_the_measure_is_chosen_by_what_was_counted():
    """With words it is hits per million, without them a share among all kinds; a rate without words is refused."""
    assert [chosen_measure(None, words) for words in (True, False)] == ["per_million", "rival_share"]
    assert [chosen_measure("share", words) for words in (True, False)] == ["share", "share"]
    with pytest.raises(tk.FramingError, match="no words to divide by"):
        chosen_measure("per_million", False)


@pytest.mark.parametrize("measure", ["per_million", "rival_share"])
def test_stories_that_say_nothing_are_not_drawn(measure):
    """A story without a word, and for shares among rivals one without a hit, changes no end of a bootstrap interval."""
    counts = pd.DataFrame(
        {
            "doc_id": list("abcd"),
            "source": "Post",
            "n_words": [10, 20, 5, 40],
            "n_reset": [2, 1, 1, 3],
            "n_ban": [1, 0, 2, 4],
        }
    )
    silent = pd.DataFrame({"doc_id": list("xyz"), "source": "Post", "n_words": 0, "n_reset": 0, "n_ban": 0})

    def ends(frame):
        return bootstrap_of(
            story_counts(frame, ["reset", "ban"], ["source"], None, unit="article", rivals=False), measure, 0.95, 200, 0
        )

    np.testing.assert_array_equal(ends(pd.concat([silent, counts], ignore_index=True)), ends(counts))


def test_counts_are_whole_only_where_all_are():
    """Whole numbers become integers; one weighted count among them leaves all as they are."""
    assert whole(np.array([2.0, 3.0])).dtype.kind == "i"
    assert whole(np.array([2.5, 3.0])).tolist() == [2.5, 3.0]
    assert whole(np.array([2.0, 3.5])).tolist() == [2.0, 3.5]
