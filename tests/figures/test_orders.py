"""Categories keep their order: the user's, or that of a scale that everybody knows."""

from __future__ import annotations

import pandas as pd
import pytest

from toolkit.figures import plot_adoption, plot_coverage, plot_rivals, plot_usage, plot_usage_over_time
from toolkit.figures.orders import cell_ranks, ordered_terms
from toolkit.tables.order import category_order

LEANINGS = ["right", "left", "center"]


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["Right", "Left", "Center"], ["Left", "Center", "Right"]),
        (["right", "lean left", "left"], ["left", "lean left", "right"]),
        (["Sunday", "Monday"], ["Monday", "Sunday"]),
        (["Dienstag", "Montag"], ["Montag", "Dienstag"]),
        (["left", "Post"], None),  # one value is on no scale
        (["left", "monday"], None),  # two scales
        (["left", "left"], None),  # one value has no order
        (["b", "a"], None),
        ([None, "right", "left"], ["left", "right"]),
    ],
)
def test_known_scales(values, order):
    """A column has an order where all its values stand on one scale, whatever their capitals."""
    assert category_order(pd.Series(values)) == order


def test_the_user_s_categories_come_before_a_known_scale():
    """A Categorical keeps its order; one whose categories merely stand in the order of the alphabet has none of its own."""
    declared = pd.Categorical(LEANINGS, LEANINGS)
    assert category_order(pd.Series(declared)) == LEANINGS
    assert category_order(pd.Series(["b", "a"], dtype="category")) is None
    assert category_order(pd.Series(pd.Categorical(["b", "a"], ["a", "b"], ordered=True))) == ["a", "b"]


def test_cells_of_two_columns_are_ranked_by_those_that_have_an_order():
    """Of leaning and source only leanings have an order; a missing one comes last."""
    frame = pd.DataFrame({"leaning": ["right", "left", None], "source": list("abc"), "row": list("xyz")})
    assert cell_ranks(frame, ["leaning", "source"]) == {"x": (1,), "y": (0,), "z": (2,)}
    assert cell_ranks(frame, ["source"]) == {"x": (), "y": (), "z": ()}


def test_terms_keep_the_order_of_their_categories():
    """Terms come as in the table, or as the Categorical has them; categories that no row has are left out."""
    assert ordered_terms(pd.Series(["b", "a", "b"])) == ["b", "a"]
    assert ordered_terms(pd.Series(pd.Categorical(["a", "b"], ["b", "c", "a"]))) == ["b", "a"]


def labels(read, figure, names):
    return [text for text in read.texts(figure) if text in names]


def test_rows_keep_the_order_whatever_their_rates(make_usage, read):
    """The right has the highest rate and still stands below left and center; sources of one leaning are sorted within it."""
    usage = make_usage([(name, "reset", n, 1, 9) for name, n in zip(LEANINGS, (9, 2, 5))])
    assert labels(read, plot_usage(usage), LEANINGS) == ["left", "center", "right"]
    assert labels(read, plot_usage(usage, sort=False), LEANINGS) == LEANINGS

    usage["outlet"] = usage["source"]
    both = pd.concat(
        [usage.assign(outlet="Low", n_hits=1, per_million=1.0, low=0.5, high=2.0), usage.assign(outlet="Top")]
    )
    both.attrs["recipe"] = {"settings": {"by": ["source", "outlet"], "measure": "per_million"}}
    rows = [text for text in read.texts(plot_usage(both)) if " · " in text]
    assert rows == [f"{leaning} · {outlet}" for leaning in ("left", "center", "right") for outlet in ("Top", "Low")]


def test_panels_over_time_keep_the_order(make_usage):
    """Panels stand left, center, right, though the table has them otherwise."""
    usage = make_usage([(name, "reset", 3, 1, 9, "2017-01-01") for name in LEANINGS], freq="M")
    assert [axes.get_label() for axes in plot_usage_over_time(usage).axes] == ["left", "center", "right"]


def test_the_user_s_order_of_terms_is_that_of_panels_and_colours(make_usage, read):
    """With a Categorical of terms the first category is the first panel, and over time the first line of the key."""
    rows = [("A", term, 3, 1, 9) for term in ("travel ban", "Muslim ban")]
    usage = make_usage(rows)
    usage["term"] = pd.Categorical(usage["term"], ["travel ban", "Muslim ban"][::-1], ordered=True)
    assert [axes.get_label() for axes in plot_usage(usage).axes] == ["“Muslim ban”", "“travel ban”"]

    dated = make_usage([(*row, "2017-01-01") for row in rows], freq="M")
    dated["term"] = usage["term"].to_numpy()
    dated["term"] = pd.Categorical(dated["term"], ["Muslim ban", "travel ban"], ordered=True)
    assert read.text(plot_usage_over_time(dated), "key-0") == "“Muslim ban”"


def test_other_figures_keep_the_order_too(make_usage, read):
    """Rivals, adoption and coverage have their rows left, center, right."""
    rows = [(name, term, n + (term == "a"), 1, 9) for name, n in zip(LEANINGS, (9, 2, 5)) for term in "ab"]
    rivals = make_usage(rows, measure="rival_share")
    assert labels(read, plot_rivals(rivals), LEANINGS) == ["left", "center", "right"]

    adoption = pd.DataFrame(
        {"source": LEANINGS, "term": "reset", "n_mentioned": 0, "n_uses": 9, "n_own": [9, 1, 5], "n_stories_total": 9}
    ).assign(adoption=[1.0, 1 / 9, 5 / 9], low=0.0, high=1.0, covered=True)
    assert labels(read, plot_adoption(adoption), LEANINGS) == ["left", "center", "right"]

    days = pd.Timestamp("2017-01-02")
    coverage = pd.DataFrame({"source": LEANINGS, "period": days, "n_articles": [3, 2, 1], "covered": True})
    assert [text.get_text() for text in plot_coverage(coverage).axes[0].get_yticklabels()] == [
        "left",
        "center",
        "right",
    ]
