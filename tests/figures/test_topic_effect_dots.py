"""The picture of a regression of topics: effects in percentage points, and what has none is said to have none."""

from __future__ import annotations

import pandas as pd
import pytest

from toolkit.figures import plot_contrasts, plot_topic_effects
from toolkit.tables import FramingError

from .conftest import NAN, recipe


def effects_of(rows, *, stable=None, **settings):
    """A regression of rows (topic, covariate, level, effect, p, note); intervals reach a tenth to either side."""
    labels = {0: "court, judge", 1: "rain, wind", -1: "outliers"}
    table = pd.DataFrame(
        [
            {
                "topic": topic, "label": labels[topic], "covariate": covariate, "level": level,
                "reference": "Wire" if isinstance(level, str) else NAN, "effect": effect, "effect_low": effect - 0.1,
                "effect_high": effect + 0.1, "p_adjusted": p, "n": 20 - topic, "n_contexts": 60, "n_clusters": 50, "note": note,
            }
            for topic, covariate, level, effect, p, note in rows
        ]
    ).astype({"level": "str", "reference": "str", "note": "str"})  # fmt: skip
    if stable is not None:
        table["stable"] = table["topic"].map(stable).astype("boolean")
    table.attrs["recipe"] = recipe(
        "toolkit.topic_regression", confidence=0.95, adjust="holm", cluster="story_id", **settings
    )
    return table


ROWS = [
    (0, "source", "Post", 0.3, 0.01, ""),
    (0, "source", "Star", NAN, NAN, "none of 7 contexts with source Star"),
    (0, "time", None, NAN, 0.2, "joint test of 3 coefficients"),
    (1, "source", "Post", -0.2, 0.3, ""),
    (1, "source", "Star", 0.05, 0.9, ""),
    (1, "time", None, NAN, NAN, "it runs to infinity: some contexts"),
    (-1, "source", "Post", -0.1, 0.7, ""),
    (-1, "source", "Star", NAN, NAN, "it runs to infinity: some contexts"),
    (-1, "time", None, NAN, 0.4, "joint test of 3 coefficients"),
]


def test_dots_are_effects_and_a_spline_is_left_out(read):
    """Pale dots have no small p; the level without the topic says none; time has no row, and the caption says so."""
    figure = plot_topic_effects(effects_of(ROWS, time="spline", stable={0: True, 1: False, -1: None}))
    assert [axes.get_label() for axes in figure.axes] == ["court, judge", "rain, wind\N{NO-BREAK SPACE}?", "no topic"]
    court, rain = figure.axes[:2]
    assert [x for x, _ in read.points(court, "-dots")] == [30.0]
    assert [x for x, _ in read.points(rain, "-dots-pale")] == [-20.0, 5.0]
    assert read.intervals(court) == [pytest.approx((20.0, 40.0))]
    assert {"none", "–", "less", "more"} <= set(read.texts(figure)) and "time, per year" not in read.texts(figure)
    assert read.text(figure, "xlabel") == "percentage points of the contexts, more or less than in Wire"
    assert read.text(figure, "caption") == (
        "Dot: average marginal effect, other covariates as they are; line: 95 % interval, errors by story. "
        "Pale: not significant, p adjusted for 6 tests (Holm) of 0.05 or more. "
        "?: the topic is found again in fewer than 80 % of runs on other stories. Compared: source with Wire. "
        "None, all: so many of the level’s contexts have the topic, so that its effect has no interval. –: no estimate; the table says why. "
        "Time enters as a spline, which has no single effect: it is not drawn. "
        "n = 60 contexts in 50 stories. Corpus: daily-brief."
    )


def test_several_covariates_are_named(read):
    """A level is named with its covariate, a number per unit, a line of time per year; without a certificate the caption says so."""
    rows = [(0, "source", "Post", 0.3, 0.4, ""), (0, "age", None, 0.01, 0.4, ""), (0, "time", None, 0.02, 0.4, "")]
    figure = plot_topic_effects(effects_of(rows, time="linear"))
    assert {"source: Post", "age, per unit", "time, per year"} <= set(read.texts(figure))
    caption = read.text(figure, "caption")
    assert "Pale: not significant, p adjusted for 3 tests (Holm) of 0.05 or more." in caption
    assert "No certificate of stability was made (resamples=0)." in caption


def test_with_one_row_the_topics_are_the_rows(read):
    """Of time alone there is one panel, named for it, and a row for each topic."""
    rows = [(topic, "time", None, effect, 0.4, "") for topic, effect in ((0, 0.1), (1, -0.05), (-1, -0.05))]
    figure = plot_topic_effects(effects_of(rows, time="linear"))
    assert [axes.get_label() for axes in figure.axes] == ["time, per year"]
    assert {"court, judge", "rain, wind", "no topic"} <= set(read.texts(figure))
    assert [x for x, _ in read.points(figure.axes[0], "-dots-pale")] == [10.0, -5.0, -5.0]


def test_a_wide_effect_does_not_set_the_axis(read):
    """One of twenty effects is ten times as large: it is a double arrowhead, and its value is told."""
    rows = [(0, "source", f"s{i}", 0.05, 0.4, "") for i in range(19)] + [(0, "source", "Tiny", 0.9, 0.4, "")]
    figure = plot_topic_effects(effects_of(rows))
    axes = figure.axes[0]
    assert axes.get_xlim()[1] < 30 and len(read.points(axes, "-outside-right-pale")) == 1
    assert "Double arrowhead: beyond the axis (Tiny +90)." in read.text(figure, "caption")


@pytest.mark.parametrize("column", ["single", "double"])
def test_nothing_overlaps(read, column):
    """Twenty levels fit, and the topics that leave the page are counted."""
    rows = [(t, "source", f"China Daily Europe {i}", 0.1, 0.2, "") for t in (0, 1, -1) for i in range(20)]
    figure = plot_topic_effects(effects_of(rows), column=column)
    assert read.overlaps(figure) == [] and figure.get_size_inches()[1] <= 9


def test_what_cannot_be_drawn():
    """A table of another kind, one of splines only, and a table of effects where contrasts are drawn are refused."""
    with pytest.raises(FramingError) as error:
        plot_topic_effects(effects_of([(0, "time", None, NAN, 0.2, "joint test of 3 coefficients")]))
    assert str(error.value) == (
        "Nothing can be drawn: no row of this table has an effect. A spline of time has none; see the columns p and note."
    )
    with pytest.raises(FramingError) as error:
        plot_topic_effects(pd.DataFrame({"topic": [0], "label": ["court"], "n": [3]}))
    assert str(error.value).endswith("this one has: topic, label, n. tk.topic_regression(topics, 'source') makes one.")
    with pytest.raises(FramingError) as error:
        plot_contrasts(effects_of(ROWS))
    assert str(error.value).endswith("note. tk.compare(tokens, terms, reference='rest') makes one.")


def test_an_effect_without_an_interval_is_a_dot_with_a_word(read):
    """Where a level has the topic in none of its contexts, the dot has no line, and "none" stands beside it."""
    table = effects_of(ROWS)
    at = table.index[table["note"].astype("str").str.startswith("none")][0]
    table.loc[at, "effect"] = -0.31
    figure = plot_topic_effects(table)
    points = [point for axes in figure.axes for point in read.points(axes, "-dots-pale")]
    assert any(x == pytest.approx(-31) for x, _ in points)
    assert not any(low <= -31 <= high for axes in figure.axes for low, high in read.intervals(axes))
    assert "none" in read.texts(figure) and "so that its effect has no interval" in read.text(figure, "caption")
