"""The picture of topics over time: gaps are gaps, zeros are zeros, and too many lines are refused."""

from __future__ import annotations

import pandas as pd
import pytest

from toolkit.figures import plot_topic_shares_over_time
from toolkit.tables import FramingError, FramingWarning

from .conftest import NAN, recipe

MONTHS = ["2017-01-01", "2017-02-01", "2017-03-01", "2017-04-01"]


def shares_of(counts, *, stable=None):
    """Topic shares by month of {source: [(contexts of topic 0, of topic 1), ...]}; nothing at all is not covered."""
    rows = []
    for source, months in counts.items():
        for month, pair in zip(MONTHS, months, strict=False):
            for topic, label in ((0, "court, judge"), (1, "rain, wind"), (-1, "outliers")):
                total = sum(pair)
                n = pair[topic] if topic >= 0 else 0
                share = n / total if total else NAN
                rows.append(
                    {
                        "source": source, "period": pd.Timestamp(month), "topic": topic, "label": label, "n": n, "n_contexts": total,
                        "share": share, "low": share / 2, "high": min(1.0, share * 1.5) if n else 0.2 if total else NAN,
                        "covered": total > 0,
                    }
                )  # fmt: skip
    table = pd.DataFrame(rows)
    if stable is not None:
        table["stable"] = table["topic"].map(stable).astype("boolean")
    table.attrs["recipe"] = recipe("toolkit.topic_shares", by=["source"], freq="M", confidence=0.95)
    return table


def test_a_topic_is_a_panel_and_a_month_without_contexts_a_gap(read):
    """With one source: a panel for each topic and "no topic"; March is hatched and has no mark; zero is a mark on the ground."""
    figure = plot_topic_shares_over_time(shares_of({"Post": [(1, 3), (4, 0), (0, 0), (2, 2)]}))
    assert [axes.get_label() for axes in figure.axes] == ["court, judge", "rain, wind", "no topic"]
    court, rain = figure.axes[:2]
    assert [y for _, y in read.points(court, "-full")] == [25.0, 100.0, 50.0]
    assert [y for _, y in read.points(rain, "-full")] == [75.0, 50.0]
    assert [y for _, y in read.points(rain, "-zero")] == [0.0]
    assert read.grounds(court) == [("2017-03-01", "2017-04-01")]
    assert "7 of 12 contexts" in read.texts(figure)
    caption = read.text(figure, "caption")
    assert caption == (
        "A mark is a month; band: 95 % interval (unit: the story). Open: contexts, but none of the topic. "
        "Hatched: no contexts; whether there were articles, the table does not say. "
        "Upright line with ends (arrow: it goes on): the interval of a month that stands alone. Contexts of no topic are in every denominator. "
        "No certificate of stability was made (resamples=0). n = 12 contexts. Corpus: daily-brief."
    )


def test_few_sources_are_lines_and_many_need_a_topic(read):
    """Two sources share each panel; five are refused until a topic is named, and then each is a panel."""
    two = {"Post": [(1, 3), (4, 0)], "Wire": [(2, 2), (1, 1)]}
    figure = plot_topic_shares_over_time(shares_of(two))
    assert {"key-0", "key-1"} <= {text.get_gid() for text in figure.texts}
    assert read.texts(figure).count("Post") == 1
    assert read.text(figure, "ylabel") == "% of each source’s contexts"
    five = shares_of({name: [(1, 3), (2, 2)] for name in "ABCDE"})
    with pytest.raises(FramingError) as error:
        plot_topic_shares_over_time(five)
    assert str(error.value) == (
        "plot_topic_shares_over_time draws 4 lines in a panel, and this table has 5 rows of source. Name a topic (topic=1), or count all "
        "together: tk.topic_shares(topics, by=[], freq=...)."
    )
    figure = plot_topic_shares_over_time(five, topic=1)
    assert [axes.get_label() for axes in figure.axes] == list("ABCDE")
    assert read.text(figure, "ylabel") == "rain, wind: % of each source’s contexts"


def test_no_line_goes_through_a_single_context(read):
    """February has one context: a small mark with its own interval, and the line from January ends nowhere."""
    figure = plot_topic_shares_over_time(shares_of({"Post": [(1, 3), (1, 0), (2, 2), (3, 1)]}))
    court = figure.axes[0]
    assert [y for _, y in read.points(court, "-few")] == [100.0]
    pieces = [line.get_ydata().tolist() for line in court.lines if line.get_linestyle() == "-" and not line.get_gid()]
    assert pieces == [[50.0, 75.0]]
    assert "Small: a single context, through which no line goes." in read.text(figure, "caption")


def test_unstable_topics_have_a_mark_and_a_sentence(read):
    """The question mark stands behind the name, and the caption says what it is."""
    figure = plot_topic_shares_over_time(shares_of({"Post": [(1, 3), (4, 0)]}, stable={0: False, 1: True, -1: None}))
    assert figure.axes[0].get_label() == "court, judge\N{NO-BREAK SPACE}?"
    assert "?: the topic is found again in fewer than 80 % of runs on other stories." in read.text(figure, "caption")


def test_a_lone_month_has_an_interval_with_ends(read):
    """April, after a gap, has a line from low to high."""
    figure = plot_topic_shares_over_time(shares_of({"Post": [(1, 3), (4, 0), (0, 0), (2, 2)]}))
    assert [y for _, y in read.points(figure.axes[0], "-lone")] == [25.0, 75.0]


def test_the_axis_can_be_cut(read):
    """From February to March: January's and April's contexts are counted and left out; other days are refused."""
    table = shares_of({"Post": [(1, 3), (4, 0), (1, 1), (2, 1)]})
    figure = plot_topic_shares_over_time(table, since="2017-02-01", until="2017-03-31")
    assert [y for _, y in read.points(figure.axes[0], "-full")] == [100.0, 50.0]
    assert (
        "n = 6 contexts. 4 contexts before 2017-02-01 are not drawn. 3 contexts in periods that begin after 2017-03-31 are not drawn."
        in read.text(figure, "caption")
    )
    for settings, sentence in (
        ({"since": "soon"}, "since is a day, such as '2017-02-01', not 'soon'."),
        (
            {"since": "2018-01-01"},
            "Nothing can be drawn: the periods of this table go from 2017-01-01 to 2017-04-01, and none lies inside "
            "since='2018-01-01', until=None.",
        ),
    ):
        with pytest.raises(FramingError) as error:
            plot_topic_shares_over_time(table, **settings)
        assert str(error.value) == sentence


def test_a_few_early_contexts_are_warned_of():
    """One context three months before the others takes most of the axis, which is said with the way to cut it."""
    table = shares_of({"Post": [(1, 0), (0, 0), (0, 0), (40, 40)]})
    with pytest.warns(FramingWarning) as warned:
        plot_topic_shares_over_time(table)
    assert [str(w.message) for w in warned] == [
        "3 of 4 months on this axis hold 1 context of 81. since='2017-04-01' leaves them out."
    ]


def test_undated_contexts_are_counted_and_left_out(read):
    """A row without a period is not drawn and is told."""
    table = shares_of({"Post": [(1, 3), (4, 0)]})
    undated = table[table["period"] == "2017-01-01"].assign(period=pd.NaT)
    both = pd.concat([table, undated])
    both.attrs = table.attrs
    caption = read.text(plot_topic_shares_over_time(both), "caption")
    assert "n = 8 contexts. 4 undated contexts are left out." in caption


@pytest.mark.parametrize("column", ["single", "double"])
def test_nothing_overlaps(read, column):
    """No two texts overlap, and none leaves the paper."""
    figure = plot_topic_shares_over_time(
        shares_of({"Post": [(1, 3), (4, 0), (0, 0), (2, 2)], "Wire": [(1, 1)] * 4}), column=column
    )
    assert read.overlaps(figure) == []


def test_what_cannot_be_drawn():
    """A table without periods, an unknown topic, and nothing but gaps are said."""
    table = shares_of({"Post": [(1, 3), (4, 0)]})
    for given, settings, sentence in (
        (
            table.drop(columns="period"),
            {},
            "plot_topic_shares_over_time draws periods, and this table has no column period. Count with a frequency: "
            "tk.topic_shares(topics, freq='W').",
        ),
        (table, {"topic": 9}, "There is no topic 9 in this table. There are: -1, 0, 1."),
        (shares_of({"Post": [(0, 0)]}), {}, "Nothing can be drawn over time: no period of this table has any context."),
    ):
        with pytest.raises(FramingError) as error:
            plot_topic_shares_over_time(given, **settings)
        assert str(error.value) == sentence
