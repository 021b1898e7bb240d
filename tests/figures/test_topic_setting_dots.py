"""The picture of settings: a panel for each measure, a line for each least size, and no setting called right."""

from __future__ import annotations

import pandas as pd
import pytest

from toolkit.figures import plot_topic_settings
from toolkit.tables import FramingError

from .conftest import recipe


def settings_of(rows, *, resamples=5):
    """Settings of rows (number asked, least size, found, stable share); the measures are made of the number found."""
    table = pd.DataFrame(rows, columns=["n_topics", "min_size", "n_found", "stable_share"])
    table["n_topics"] = table["n_topics"].astype("Int64")
    table = table.assign(outlier_share=0.25, npmi=1 / table["n_found"], exclusivity=0.5, diversity=0.9, persistence=0.7)
    if not resamples:
        table = table.drop(columns=["persistence", "stable_share"])
    table.attrs["recipe"] = recipe("toolkit.Topics.compare_settings", resamples=resamples, topics={"n_contexts": 692})
    return table


GRID = [(5, 10, 5, 0.8), (10, 10, 10, 0.5), (20, 10, 18, 0.25)]


def test_a_measure_is_a_panel_over_the_number_of_topics(read):
    """Shares are in percent; each setting stands at its number, also where they were given in another order."""
    figure = plot_topic_settings(settings_of(GRID[::-1]))
    assert [axes.get_label() for axes in figure.axes] == [
        "coherence (NPMI)",
        "exclusivity of words",
        "diversity of words",
        "% of contexts without topic",
        "% of contexts in stable topics",
        "mean persistence",
    ]
    stable = figure.axes[4]
    assert read.points(stable, "-line-0") == [(5.0, 80.0), (10.0, 50.0), (20.0, 25.0)]
    assert [label.get_text() for label in stable.get_xticklabels()] == ["5", "10", "20"]
    assert read.text(figure, "caption") == (
        "Means over topics. No setting is “right”: look for the finest whose topics are still stable. Exclusivity and diversity tend to fall "
        "with more topics, since more share a word. Persistence: share of 5 runs on other stories in which a topic is found again; stable: 0.8 or "
        "more. Topics found, where not as many as asked: 18 for 20. Least size of a topic: 10. n = 3 settings of 692 contexts. "
        "Corpus: daily-brief."
    )


def test_least_sizes_are_lines_or_the_axis(read):
    """With numbers and least sizes each least size has a line and a name; least sizes alone are the axis."""
    both = plot_topic_settings(settings_of([*GRID, *((n, 30, found, share) for n, _, found, share in GRID)]))
    assert [read.text(both, f"key-{i}") for i in range(2)] == ["least size 10", "least size 30"]
    assert [y for _, y in read.points(both.axes[4], "-line-1")] == [80.0, 50.0, 25.0]
    alone = plot_topic_settings(settings_of([(None, 10, 12, 0.5), (None, 20, 7, 0.6)]))
    assert read.text(alone, "xlabel-0") == "least size of a topic"
    assert "Auto, the number is left to the clustering: 12, 7 topics." in read.text(alone, "caption")


def test_numbers_stand_at_their_distances(read):
    """Between 2 and 8 topics, 3 stands one step from 2 and 8 three steps from 5."""
    figure = plot_topic_settings(settings_of([(n, 10, n, 0.5) for n in (2, 3, 5, 8)]))
    axes = figure.axes[4]
    assert [x for x, _ in read.points(axes, "-line-0")] == [2.0, 3.0, 5.0, 8.0]
    assert axes.get_xticks().tolist() == [2.0, 3.0, 5.0, 8.0]


def test_a_number_left_to_the_clustering_stands_apart(read):
    """It has no place on the axis: it stands right of all numbers as "auto", and no line leads to it."""
    figure = plot_topic_settings(settings_of([(5, 10, 5, 0.8), (10, 10, 10, 0.5), (None, 10, 7, 0.6)]))
    axes = figure.axes[4]
    points = read.points(axes, "-line-0")
    assert [y for _, y in points] == [80.0, 50.0, 60.0] and points[2][0] > 10
    assert [label.get_text() for label in axes.get_xticklabels()] == ["5", "10", "auto"]
    lines = [line.get_xdata().tolist() for line in axes.lines if line.get_linestyle() == "-"]
    assert lines == [[5.0, 10.0]]


def test_a_share_of_none_is_an_open_mark(read):
    """Without outliers the share of contexts without topic is zero: its marks are open, and the key says so."""
    figure = plot_topic_settings(settings_of(GRID).assign(outlier_share=[0.0, 0.1, 0.0]))
    assert [x for x, _ in read.points(figure.axes[3], "-line-0-zero")] == [5.0, 20.0]
    assert read.key(figure) == {"zero": "none of the contexts"}
    assert read.key(plot_topic_settings(settings_of(GRID))) == {}


def test_without_runs_nothing_is_said_to_be_stable(read):
    """There are four panels, and the caption says that there is no certificate."""
    figure = plot_topic_settings(settings_of(GRID, resamples=0))
    assert len(figure.axes) == 4
    assert "No certificate of stability was made (resamples=0)." in read.text(figure, "caption")


@pytest.mark.parametrize("column", ["single", "double"])
def test_nothing_overlaps(read, column):
    """Twelve numbers of topics and three least sizes fit."""
    rows = [(n, size, n, 1 / n) for n in range(100, 1300, 100) for size in (5, 10, 20)]
    assert read.overlaps(plot_topic_settings(settings_of(rows), title="How many topics?", column=column)) == []


def test_what_cannot_be_drawn():
    """Another table, a setting that occurs twice, and more lines than can be told apart are refused."""
    for given, sentence in (
        (
            pd.DataFrame({"topic": [0], "label": ["court"], "n": [3]}),
            "A table of topic settings needs the columns n_topics, min_size, n_found, outlier_share, exclusivity, diversity; "
            "this one has: topic, label, n. topics.compare_settings(n=[5, 10, 20]) makes one.",
        ),
        (
            settings_of([GRID[0], GRID[0]]),
            "A table of topic settings has one row for each n_topics and min_size; 5.0, 10.0 occurs more than once.",
        ),
        (
            settings_of([(n, size, n, 0.5) for n in (5, 10) for size in range(1, 8)]),
            "plot_topic_settings tells 6 least sizes apart; this table has 7: 1, 2, 3, 4, 5, 6, 7. "
            "Draw some of them: settings[settings['min_size'].isin([...])].",
        ),
    ):
        with pytest.raises(FramingError) as error:
            plot_topic_settings(given)
        assert str(error.value) == sentence
