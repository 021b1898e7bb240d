"""The picture of stability: a row for each topic, a question mark for what is unstable."""

from __future__ import annotations

import pandas as pd
import pytest

from toolkit.figures import plot_stability
from toolkit.tables import FramingError

from .conftest import recipe


@pytest.fixture
def topics():
    """Two topics, the smaller one unstable, and outliers."""
    table = pd.DataFrame(
        {
            "topic": [0, 1, -1],
            "label": ["court, judge", "rain, wind", "outliers"],
            "n": [20, 30, 5],
            "stable": [True, False, None],
        }
    ).astype({"stable": "boolean"})
    for name, values in (
        ("persistence", [1.0, 0.4, None]),
        ("stability", [0.9, 0.5, None]),
        ("word_stability", [0.8, 0.6, None]),
    ):
        table[name] = values
        table[f"{name}_low"], table[f"{name}_high"] = table[name] - 0.3, table[name] + 0.3
    table.attrs["recipe"] = recipe("toolkit.fit_topics", resamples=5)
    return table


def test_rows_are_topics_by_size_and_unstable_ones_have_a_question_mark(topics, read):
    """The larger topic stands first, with a question mark; no dot is open; intervals end at 0 and 1; outliers have no row."""
    figure = plot_stability(topics)
    assert [axes.get_label() for axes in figure.axes] == ["found again", "same passages", "same words"]
    first = figure.axes[0]
    assert [x for x, _ in read.points(first, "-dots")] == [0.4, 1.0]
    assert read.key(figure) == {"unstable": "unstable topic"}
    assert sorted(read.intervals(first)) == [pytest.approx((0.1, 0.7)), pytest.approx((0.7, 1.0))]
    assert [x for x, _ in read.points(first, "-stable")] == [0.8, 0.8]
    assert [t for t in read.texts(figure) if t.startswith(("court, judge", "rain, wind", "outliers"))] == [
        "rain, wind\N{NO-BREAK SPACE}?",
        "court, judge",
    ]
    assert "?: the topic is found again in fewer than 80 % of runs on other stories." in read.text(figure, "caption")
    assert "share of 5 runs" in read.text(figure, "caption") and "n = 55 contexts." in read.text(figure, "caption")


@pytest.mark.parametrize("column", ["single", "double"])
def test_nothing_overlaps(topics, read, column):
    """No two texts overlap, and none leaves the paper."""
    assert read.overlaps(plot_stability(topics, column=column)) == []


def test_titles_stand_on_one_line_and_n_stays_whole(topics, read):
    """A title with letters below the line stands on the same line as one without; "n = 55" is not broken."""
    figure = plot_stability(topics)
    figure.canvas.draw()
    titles = [text for text in figure.texts if text.get_text() in ("found again", "same passages", "same words")]
    assert {(text.get_verticalalignment(), text.get_position()[1]) for text in titles} == {
        ("baseline", titles[0].get_position()[1])
    }
    caption = next(text.get_text() for text in figure.texts if text.get_gid() == "caption")
    assert "n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}55 contexts" in caption.replace("\n", " ")


def test_another_table_is_named(topics):
    """A comparison of settings, which has persistence too, is answered with what is one, and no column is to be renamed."""
    settings = pd.DataFrame({"n_topics": [5], "persistence": [0.4], "stable_share": [0.2]})
    with pytest.raises(FramingError) as error:
        plot_stability(settings)
    assert str(error.value) == (
        "A table of topics needs the columns topic, label, n; this one has: n_topics, persistence, stable_share. "
        "tk.fit_topics(contexts).topics is one."
    )


def test_topics_without_a_certificate(topics):
    """There is nothing to draw before the fit was repeated."""
    with pytest.raises(FramingError) as error:
        plot_stability(topics[["topic", "label", "n"]])
    assert str(error.value) == (
        "These topics have no certificate, so there is no stability to draw. Fit with resamples=5, or make one: "
        "topics.certify(resamples=20).topics."
    )
