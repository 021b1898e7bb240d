"""The picture of a trend keeps points, line and band apart, breaks at gaps, and numbers its events."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from toolkit.figures import plot_trend
from toolkit.tables import FramingError

WEEKS = ["2017-01-02", "2017-01-09", "2017-01-16", "2017-01-23", "2017-01-30", "2017-02-06"]
ROWS = [
    ("Post", "reset", 2, 1, 10, WEEKS[0], True),  # partial
    ("Post", "reset", 0, 0, 10, WEEKS[1], False),  # zero
    ("Post", "reset", 0, 0, 0, WEEKS[2], False),  # not covered
    ("Post", "reset", 5, 2, 10, WEEKS[3], False),
    ("Post", "reset", 4, 2, 10, WEEKS[4], False),
    ("Post", "reset", 4, 2, 10, WEEKS[5], False),
    *(("Wire", "reset", 1, 1, 10, week, False) for week in WEEKS),
]
MONDAYS = {pd.Timestamp(w).toordinal() - pd.Timestamp("1970-01-01").toordinal(): w for w in WEEKS}
EVENTS = pd.DataFrame(
    {"date": pd.to_datetime(["2017-01-27", "2017-01-28", "2016-01-01"]), "label": ["Order", "Stay", "Before"]}
)


@pytest.fixture
def make_trend(make_usage):
    """Return a function that makes a table of tk.trend from rows of usage, with a line at 300 and a band from 200 to 450."""

    def make(rows=ROWS, **extra):
        table = make_usage(rows, freq="W")
        covered = table["covered"].to_numpy(dtype=bool)
        for name, value in (("smooth", 300.0), ("smooth_low", 200.0), ("smooth_high", 450.0)):
            table[name] = np.where(covered, value, np.nan)
        recipe = table.attrs["recipe"]
        table = table.assign(bandwidth=2.5, **extra)
        table.attrs["recipe"] = recipe
        return table

    return make


def weeks_of(points):
    return {MONDAYS[int(x - 3.5)]: y for x, y in points}


def upright(axes):
    """First x of each line that spans the panel from bottom to top."""
    return [float(line.get_xdata()[0]) for line in axes.lines if list(line.get_ydata()) == [0, 1]]


def test_points_are_usage_and_the_line_is_the_smooth(make_trend, read):
    """Points stand at the usage of each covered week, full, open or half-filled; the line and its band at the smooth, in pieces."""
    post = plot_trend(make_trend()).axes[0]
    assert weeks_of(read.points(post, "-full")) == {WEEKS[3]: 500.0, WEEKS[4]: 400.0, WEEKS[5]: 400.0}
    assert weeks_of(read.points(post, "-zero")) == {WEEKS[1]: 0.0}
    assert weeks_of(read.points(post, "-partial")) == {WEEKS[0]: 200.0}
    pieces = [line for line in post.lines if line.get_linestyle() != "None" and line.get_gid() is None]
    spans = [tuple(MONDAYS[int(x - 3.5)] for x in line.get_xdata()[[0, -1]]) for line in pieces]
    assert spans == [(WEEKS[0], WEEKS[1]), (WEEKS[3], WEEKS[5])]
    assert all((line.get_ydata() == 300).all() for line in pieces)
    bands = [path.vertices[:, 1] for c in post.collections for path in c.get_paths()]
    assert len(bands) == 2 and all((b.min(), b.max()) == (200, 450) for b in bands)
    assert read.grounds(post) == [("2017-01-16", "2017-01-23")]


def test_the_caption_stands_alone(make_trend, read):
    """It says what everything is, the bandwidth, n and the corpus."""
    caption = read.text(plot_trend(make_trend()), "caption")
    assert caption.startswith(
        "A point is a week; line: local line through the points, weighted by their denominators, bandwidth 2.5 weeks; band: 95 % interval ("
    )
    assert caption.endswith(
        "of the line, week by week. Open: articles, but no hit. Half-filled: articles from a part of the week only. Hatched: no articles. "
        "n = “reset” 21 hits in 13 articles; of 110 articles. Corpus: daily-brief."
    )


def test_bandwidths_that_differ_are_named_by_term(make_trend, read):
    """Two terms with a bandwidth each."""
    rows = [(s, term, *rest) for term in ("a", "b") for s, _, *rest in ROWS]
    table = make_trend(rows)
    table.loc[table["term"] == "b", "bandwidth"] = 4.0
    assert "bandwidth “a” 2.5, “b” 4 weeks;" in read.text(plot_trend(table), "caption")


def test_events_are_numbered_over_each_panel_and_named_in_the_caption(make_trend, read):
    """An upright line on the day of each event in every panel; those outside are counted."""
    figure = plot_trend(make_trend(), events=EVENTS)
    days = [pd.Timestamp(d).toordinal() - pd.Timestamp("1970-01-01").toordinal() for d in ("2017-01-27", "2017-01-28")]
    for panel, axes in enumerate(figure.axes):
        assert upright(axes) == days
        assert [read.text(figure, f"panel-{panel}-number-{n}") for n in (1, 2)] == ["1", "2"]
    assert read.text(figure, "caption").endswith(
        "Events: (1) 27 Jan 2017, Order; (2) 28 Jan 2017, Stay. 1 event lies outside the periods."
    )


def test_no_event_inside_takes_no_room(make_trend):
    """Where all events lie outside, the figure is as high as one without events, but for the sentence."""
    table = make_trend()
    with_room = plot_trend(table, events=EVENTS).axes[0].get_position()
    outside = plot_trend(table, events=EVENTS.iloc[[2]])
    assert upright(outside.axes[0]) == []
    assert with_room.height < outside.axes[0].get_position().height


def test_a_point_far_above_is_an_arrow(make_trend, read):
    """The axis ends at twice what line and band need; beyond it a double arrowhead stands at the edge, and the caption says how high."""
    table = make_trend()
    table.loc[table["n_hits"] == 5, "per_million"] = 90_000.0
    figure = plot_trend(table)
    axes = figure.axes[0]
    top = axes.get_ylim()[1]
    assert 450 < top < 1000
    assert weeks_of(read.points(axes, "-outside")) == {WEEKS[3]: top}
    assert "Double arrowhead: 1 point above the panels, the highest at 90,000." in read.text(figure, "caption")


def test_change_points_are_dotted_and_bursts_barred(make_trend, read):
    """An upright dotted line where the segment changes, a bar under the top edge over each week of a burst."""
    figure = plot_trend(make_trend(segment=[0, 0, 0, 1, 1, 1] * 2, burst=[0, 0, 0, 0, 1, 1] + [0] * 6))
    post, wire = figure.axes
    days = {v: k for k, v in MONDAYS.items()}
    assert upright(post) == upright(wire) == [days[WEEKS[3]]]
    bars = [line.get_xdata() for line in post.lines if (line.get_gid() or "").endswith("-burst-0")]
    assert [[float(x) for x in bar] for bar in bars] == [[days[w], days[w] + 7] for w in WEEKS[4:]]
    assert not [line for line in wire.lines if "-burst-" in (line.get_gid() or "")]
    assert "Dotted: change points. Bar at the top: burst." in read.text(figure, "caption")


def test_panels_share_both_axes(make_trend):
    """All panels have the same ends."""
    assert len({(a.get_xlim(), a.get_ylim()) for a in plot_trend(make_trend(), events=EVENTS).axes}) == 1


@pytest.mark.parametrize("column", ["single", "double"])
def test_nothing_overlaps_and_nothing_is_cut(make_trend, read, column):
    """With five sources, three terms and nine events within days of each other no two texts overlap, and none leaves the paper."""
    terms = ("illegal immigrant", "undocumented immigrant", "migrant")
    sources = ["Post", "The International Journal of Extraordinarily Long Outlet Names", "C", "D", "E"]
    rows = [(s, t, i, 1, 10, w, False) for s in sources for t in terms for i, w in enumerate(WEEKS)]
    days = pd.date_range("2017-01-20", periods=9)
    events = pd.DataFrame({"date": days, "label": [f"An event of the day {day:%d}" for day in days]})
    assert read.overlaps(plot_trend(make_trend(rows), events=events, column=column, title="A title")) == []


def test_more_events_than_fit_are_refused(make_trend):
    """A hundred numbers do not stand side by side; the sentence says how many do."""
    days = pd.date_range("2017-01-02", periods=100, freq="8h")
    with pytest.raises(FramingError) as error:
        plot_trend(make_trend(), events=pd.DataFrame({"date": days, "label": "x"}), column="single")
    assert str(error.value).startswith("100 events do not fit over a panel of this width; about ")
    assert str(error.value).endswith(" do. Draw a part of them, fewer panels, or column='double'.")


def test_a_table_of_usage_is_refused(make_usage):
    """Without a smooth the sentence says what the function draws."""
    with pytest.raises(FramingError) as error:
        plot_trend(make_usage(ROWS, freq="W"))
    assert (
        str(error.value) == "plot_trend draws what tk.trend returns, with period, smooth, smooth_low and smooth_high."
    )


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        ("us-russia-reset", "events is a table with date and label, as tk.events returns; this is a str."),
        (
            pd.DataFrame({"date": ["2017-01-27"], "label": ["x"]}),
            "The column date of the events holds str, not dates. Convert it with pd.to_datetime.",
        ),
        (pd.DataFrame({"date": []}), "A table of events needs the column label; this one has: date."),
    ],
)
def test_events_that_are_none_are_refused(make_trend, events, sentence):
    """A figure draws tables only."""
    with pytest.raises(FramingError) as error:
        plot_trend(make_trend(), events=events)
    assert str(error.value) == sentence
