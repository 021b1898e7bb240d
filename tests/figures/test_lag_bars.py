"""The picture of leads and lags has a bar at each lag, the best one dark, before the ground of chance."""

from __future__ import annotations

import pandas as pd
import pytest

from toolkit.figures import plot_lead_lag
from toolkit.tables import FramingError


@pytest.fixture
def lags():
    """Return a function that makes a table of every lag from {(first, second): correlations}."""

    def make(pairs, term="ban", freq="D", **settings):
        rows = []
        for (first, second), correlation in pairs.items():
            reach = len(correlation) // 2
            for lag, value in zip(range(-reach, reach + 1), correlation):
                rows.append((term, first, second, lag, value, -0.25, 0.3, 60))
        names = ["term", "first", "second", "lag", "correlation", "null_low", "null_high", "n_periods"]
        table = pd.DataFrame(rows, columns=names)
        table.attrs["recipe"] = {"settings": {"freq": freq, **settings}, "corpus": {"name": "daily-brief"}}
        return table

    return make


TWO = {("Post", "Sun"): [0.1, -0.2, 0.0, 0.7, 0.1], ("Post", "Wire"): [0.0, 0.1, -0.4, 0.2, 0.1]}


def bars(axes, kind):
    return [
        (round(p.get_x() + p.get_width() / 2), float(p.get_height()))
        for p in axes.patches
        if (p.get_gid() or "").endswith(kind)
    ]


def test_each_pair_is_a_panel_with_a_bar_at_each_lag(lags):
    """The heights are the correlations; the largest in size, also a negative one, is dark."""
    figure = plot_lead_lag(lags(TWO))
    post_sun, post_wire = figure.axes
    assert [axes.get_label() for axes in figure.axes] == ["Post, Sun", "Post, Wire"]
    assert bars(post_sun, "best") == [(1, 0.7)]
    assert bars(post_sun, "bars") == [(-2, 0.1), (-1, -0.2), (0, 0.0), (2, 0.1)]
    assert bars(post_wire, "best") == [(0, -0.4)]


def test_the_ground_is_what_chance_gives(lags):
    """At each lag a ground from null_low to null_high."""
    axes = plot_lead_lag(lags(TWO)).axes[0]
    ground = [p for p in axes.patches if p.get_gid() is None]
    assert [(round(p.get_x() + p.get_width() / 2), p.get_y(), p.get_y() + p.get_height()) for p in ground] == [
        (lag, -0.25, pytest.approx(0.3)) for lag in range(-2, 3)
    ]


def test_the_caption_stands_alone(lags, read):
    """It says what bars, side and ground are, the term, the unit of lags, and the corpus."""
    figure = plot_lead_lag(lags(TWO, shared="drop"))
    assert read.text(figure, "caption") == (
        "Correlation of what is new in the usage of “ban” of two sources, by lag in days. Right of 0 the source named first goes ahead. "
        "Grey: the middle 95 % of chance at each lag. Dark: the largest correlation. Stories that both have are left out. "
        "Corpus: daily-brief."
    )
    assert (read.text(figure, "xlabel"), read.text(figure, "note-0")) == ("lag in days", "60 days")


def test_several_terms_are_named_in_the_titles(lags):
    """A panel for each pair and term."""
    table = pd.concat([lags(TWO), lags(TWO, term="order")], ignore_index=True)
    labels = [axes.get_label() for axes in plot_lead_lag(table).axes]
    assert labels == ["Post, Sun: “ban”", "Post, Wire: “ban”", "Post, Sun: “order”", "Post, Wire: “order”"]


def test_of_many_pairs_the_largest_are_drawn(lags, read):
    """The pair with the largest correlation is kept, and the caption says of how many."""
    figure = plot_lead_lag(lags(TWO), n_rows=1)
    assert [axes.get_label() for axes in figure.axes] == ["Post, Sun"]
    assert "Drawn are the 1 of 2 pairs with the largest." in read.text(figure, "caption")


@pytest.mark.parametrize("column", ["single", "double"])
def test_nothing_overlaps_and_nothing_is_cut(lags, read, column):
    """With long names and many lags no two texts overlap, and none leaves the paper."""
    long = "The International Journal of Extraordinarily Long Outlet Names"
    pairs = {
        (a, b): [0.1] * 7 + [0.9] + [-0.3] * 7
        for a, b in (("A", long), (long, "B"), ("A", "B"), ("C", "D"), ("E", "F"))
    }
    assert read.overlaps(plot_lead_lag(lags(pairs), column=column, title="A title")) == []


def test_a_table_of_the_best_lags_is_refused(lags):
    """The sentence says how to count every lag."""
    table = lags(TWO).drop(columns=["null_low", "null_high"]).assign(p=0.1)
    with pytest.raises(FramingError) as error:
        plot_lead_lag(table)
    assert str(error.value) == (
        "plot_lead_lag draws every lag, and this table has the best one of each pair. "
        "Count again: tk.lead_lag(..., all_lags=True)."
    )


def test_an_empty_table_is_refused(lags):
    """No pair is no picture."""
    with pytest.raises(FramingError) as error:
        plot_lead_lag(lags({}))
    assert str(error.value) == "This table of lags is empty: it has columns but no row."
