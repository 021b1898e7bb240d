"""The picture of words: dark in the topic, pale in all, with both numbers beside."""

from __future__ import annotations

import pandas as pd
import pytest

from toolkit.figures import plot_topic_words
from toolkit.tables import FramingError

from .conftest import recipe


def words_of(topics):
    """Topic words of {label: [(word, n, n_total), ...]}."""
    rows = [
        {"topic": t, "label": label, "rank": rank, "word": word, "n": n, "n_total": total, "n_texts_total": 9}
        for t, (label, words) in enumerate(topics.items())
        for rank, (word, n, total) in enumerate(words, start=1)
    ]
    table = pd.DataFrame(rows)
    table.attrs["recipe"] = recipe("toolkit.topic_words", measure="frex")
    return table


SMALL = {"court, judge": [("judge", 5, 5), ("ban", 4, 8)], "rain, wind": [("rain", 3, 4)]}


def test_bars_are_the_counts(read):
    """Each word has a pale bar of all its occurrences and a dark one of those in the topic; the numbers stand beside."""
    figure = plot_topic_words(words_of(SMALL))
    court = figure.axes[0]
    widths = {patch.get_gid(): patch.get_width() for patch in court.patches}
    assert widths == {"panel-0-all-0": 5, "panel-0-own-0": 5, "panel-0-all-1": 8, "panel-0-own-1": 4}
    assert {"judge", "ban", "5 of 5", "4 of 8", "9 texts"} <= set(read.texts(figure))
    assert read.text(figure, "caption").endswith(
        "Words are ranked by FREX (frequent and exclusive). Each panel has its own axis. Copies of a text are not counted. "
        "No certificate of stability was made (resamples=0). n = 18 texts in 2 topics. Corpus: daily-brief."
    )


def test_topics_and_words_can_be_left_out(read):
    """The first topics and words are drawn, and the caption says of how many."""
    figure = plot_topic_words(words_of(SMALL), n_topics=1, n_words=1)
    assert "ban" not in read.texts(figure) and len(figure.axes) == 1
    assert "Drawn are 1 of 2 topics." in read.text(figure, "caption")


@pytest.mark.parametrize("column", ["single", "double"])
def test_nothing_overlaps(read, column):
    """Nine topics with long labels and words fit."""
    words = [(f"counterrevolutionary{i}", 1000 - i, 12000) for i in range(8)]
    figure = plot_topic_words(
        words_of({f"technology, companies, amicus brief {i}": words for i in range(9)}), column=column
    )
    assert read.overlaps(figure) == []


def test_words_of_topics_with_a_certificate(read):
    """With the column stable nothing is said of resamples=0; an unstable topic has its mark."""
    table = words_of(SMALL).assign(stable=[False, False, True])
    figure = plot_topic_words(table)
    assert [axes.get_label() for axes in figure.axes] == ["court, judge\N{NO-BREAK SPACE}?", "rain, wind"]
    caption = read.text(figure, "caption")
    assert "resamples=0" not in caption and "?: the topic is found again in fewer than 80 % of runs" in caption
    assert "“5 of 8”: 5 times in the topic, of 8 in all." in caption


def test_the_words_of_a_fit_are_another_table():
    """The table of words with weights is answered with the call that makes the one that is drawn, not with a rename."""
    words = pd.DataFrame({"topic": [0], "rank": [1], "word": ["judge"], "weight": [0.4], "stable": [True]})
    with pytest.raises(FramingError) as error:
        plot_topic_words(words)
    assert str(error.value) == (
        "A table of topic words needs the columns label, n, n_total, n_texts_total; this one has: topic, rank, word, weight, stable. "
        "tk.topic_words(topics) makes one."
    )


def test_numbers_that_cannot_be():
    """None is not drawn."""
    with pytest.raises(FramingError) as error:
        plot_topic_words(words_of(SMALL), n_words=0)
    assert str(error.value) == "n_words is how many words of each topic to draw, 1 or more; this is 0."
