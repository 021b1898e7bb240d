"""The picture of topics compares sources within each topic, and keeps the outliers in sight."""

from __future__ import annotations

import pytest

from toolkit.figures import plot_topic_shares
from toolkit.tables import FramingError

LABELS = {-1: "outliers", 0: "court, judge", 1: "airport, visa", 2: "wall, mexico"}
COUNTS = {
    "Post": {-1: 1, 0: 1, 1: 2, 2: 0},
    "Wire": {-1: 2, 0: 6, 1: 1, 2: 1},
    "Star": {-1: 0, 0: 0, 1: 0, 2: 0},
}


def test_topics_are_panels_with_the_outliers_last(make_shares, read):
    """Panels go from the largest topic to the smallest, then "no topic"; sources by their share of the largest."""
    figure = plot_topic_shares(make_shares(COUNTS, LABELS))
    assert [axes.get_label() for axes in figure.axes] == ["court, judge", "airport, visa", "wall, mexico", "no topic"]
    assert [x for x, _ in read.points(figure.axes[0], "-dots")] == [60.0, 25.0]
    assert [t for t in read.texts(figure) if t in COUNTS] == ["Wire", "Post", "Star"]


def test_a_source_without_contexts_has_no_mark(make_shares, read):
    """Its n is "none", its row empty; a source with contexts but none of the topic has an open dot."""
    figure = plot_topic_shares(make_shares(COUNTS, LABELS))
    assert {"10", "4", "none", "contexts"} <= set(read.texts(figure))
    wall = figure.axes[2]
    assert [x for x, _ in read.points(wall, "-dots")] == [10.0]
    assert [x for x, _ in read.points(wall, "-dots-zero")] == [0.0]
    assert all(len(read.intervals(axes)) == 2 for axes in figure.axes)


def test_the_caption_states_n_and_the_denominator(make_shares, read):
    """n is all contexts, those of no topic included."""
    assert read.text(plot_topic_shares(make_shares(COUNTS, LABELS)), "caption") == (
        "Dot: share; line: 95 % interval (unit: the story). Open: contexts, but none of the topic. "
        "Contexts of no topic are in every denominator. No certificate of stability was made (resamples=0). n = 14 contexts. Corpus: daily-brief."
    )


def test_with_one_source_the_topics_are_the_rows(make_shares, read):
    """One source is one panel; beside each topic stand its contexts of all."""
    figure = plot_topic_shares(make_shares({"Wire": COUNTS["Wire"]}, LABELS))
    assert [axes.get_label() for axes in figure.axes] == ["Wire"]
    assert {"court, judge", "no topic", "6 of 10", "2 of 10"} <= set(read.texts(figure))


def test_small_topics_can_be_left_out_and_are_counted(make_shares, read):
    """With one topic drawn, two are left out, and the outliers stay."""
    figure = plot_topic_shares(make_shares(COUNTS, LABELS), n_topics=1)
    assert [axes.get_label() for axes in figure.axes] == ["court, judge", "no topic"]
    assert "2 smaller topics are not drawn." in read.text(figure, "caption")


def test_of_many_rows_those_with_the_most_contexts_are_drawn(make_shares, read):
    """Of three sources the two with contexts are drawn."""
    figure = plot_topic_shares(make_shares(COUNTS, LABELS), n_rows=2)
    assert [t for t in read.texts(figure) if t in COUNTS] == ["Wire", "Post"]
    assert (
        "Drawn are the 2 of 3 rows with the most contexts. No certificate of stability was made (resamples=0). n = 14 contexts."
        in read.text(figure, "caption")
    )


@pytest.mark.parametrize("column", ["single", "double"])
def test_nothing_overlaps_and_nothing_is_cut(make_shares, read, column):
    """Eight topics with long labels and nine sources fit: no two texts overlap, none leaves the paper."""
    labels = {-1: "outliers", **{i: f"topic {i}, technology, companies, amicus brief, employees" for i in range(8)}}
    sources = ["Al Jazeera", "TASS", "ABC", "RTE", "HuffPost", "DW", "China Daily Europe", "BBC", "CNN"]
    shares = make_shares({s: {t: 2 + (i + t) % 5 for t in labels} for i, s in enumerate(sources)}, labels)
    assert read.overlaps(plot_topic_shares(shares, column=column)) == []


def test_small_rows_do_not_set_the_axis(make_shares, read):
    """A source of two contexts, all in one topic, gets a double arrowhead at the end of the others' axis, and its share is told."""
    counts = {"Post": {-1: 10, 0: 10, 1: 15, 2: 15}, "Wire": {-1: 10, 0: 15, 1: 15, 2: 10}, "Tiny": {0: 2, 1: 0, 2: 0}}
    figure = plot_topic_shares(make_shares(counts, LABELS))
    court = next(axes for axes in figure.axes if axes.get_label() == "court, judge")
    end = court.get_xlim()[1]
    assert end <= 75 and [x for x, _ in read.points(court, "-outside-right")] == [end]
    assert sorted(x for x, _ in read.points(court, "-dots")) == [20.0, 30.0]
    caption = read.text(figure, "caption")
    assert "Double arrowhead: beyond the axis (Tiny 100 %)." in caption
    assert "The axis is that of rows with 10 or more contexts." in caption


def test_one_column_fits_on_a_page(make_shares, read):
    """Unasked, as many topics are drawn as a page holds, and the caption counts the others; asked for, all are."""
    labels = {i: f"topic {i}, undocumented, immigrants" for i in range(8)}
    shares = make_shares({f"source {s}": {t: 5 + t for t in labels} for s in range(20)}, labels)
    figure = plot_topic_shares(shares, column="single")
    assert figure.get_size_inches()[1] <= 9 and len(figure.axes) < 8
    assert f"{8 - len(figure.axes)} smaller topics are not drawn." in read.text(figure, "caption")
    assert len(plot_topic_shares(shares, column="single", n_topics=8).axes) == 8


def test_a_name_with_its_mark_breaks_before_the_mark(make_shares, read):
    """Where "undocumented ?" is wider than its panel, no word is broken."""
    labels = {i: "enforcement, border, undocumented" for i in range(10)}
    shares = make_shares({s: {t: 5 for t in labels} for s in ("Post", "Wire")}, labels).assign(stable=False)
    titles = [text for text in read.texts(plot_topic_shares(shares)) if text.startswith("enforcement")]
    assert titles and not any("-" in title for title in titles)


def test_topics_themselves_are_no_table():
    """What is not a table is answered with the call that makes it."""
    with pytest.raises(FramingError) as error:
        plot_topic_shares(object())
    assert str(error.value) == (
        "A table of topic shares is a pandas DataFrame; this is a object. tk.topic_shares(topics, by='source') makes one."
    )


def test_periods_are_refused(make_shares):
    """Shares over time are another picture."""
    shares = make_shares(COUNTS, LABELS)
    shares["period"] = "2017-01-01"
    with pytest.raises(FramingError) as error:
        plot_topic_shares(shares)
    assert str(error.value) == (
        "plot_topic_shares draws one mark for each topic and source, and this table has periods. "
        "Draw one of them: topic_shares[topic_shares['period'] == '2017-02-01']."
    )


def test_no_context_at_all_is_refused(make_shares):
    """Without contexts there is nothing to draw."""
    with pytest.raises(FramingError) as error:
        plot_topic_shares(make_shares({"Star": COUNTS["Star"]}, LABELS))
    assert str(error.value) == (
        "Nothing can be drawn: no cell of this table has any context. "
        "See whether the terms have hits: tk.word_forms(tokens, terms)."
    )


def test_a_number_of_topics_below_one_is_refused(make_shares):
    """No topics cannot be drawn."""
    with pytest.raises(FramingError) as error:
        plot_topic_shares(make_shares(COUNTS, LABELS), n_topics=0)
    assert str(error.value) == "n_topics is how many topics to draw, 1 or more; this is 0."
