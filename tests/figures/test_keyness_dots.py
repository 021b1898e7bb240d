"""The picture of keyness: words of both sides, how many times as often, and how sure."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from toolkit.figures import plot_keyness
from toolkit.tables import FramingError

INF = float("inf")
ROWS = [
    # word, G2, log ratio, low, high, log-odds, occurrences and stories on both sides
    ("ban", 90.0, 2.0, 1.0, 3.0, 5.0, 40, 20, 10, 8),
    ("shark", 80.0, 4.0, -1.0, 9.0, 6.0, 30, 1, 2, 1),
    ("wall", 20.0, 1.0, 0.5, 1.5, 2.0, 20, 15, 10, 9),
    ("yuan", 15.0, 5.0, 1.0, INF, 1.0, 9, 6, 0, 0),
    ("order", -30.0, -1.0, -1.6, -0.4, -3.0, 10, 9, 20, 17),
    ("garda", -40.0, -4.0, -INF, -1.0, -2.0, 0, 0, 18, 11),
]


def make_keyness(rows=ROWS, **settings):
    names = ["feature", "G2", "log_ratio", "low", "high", "log_odds_z", "n_target", "n_stories_target"]
    table = pd.DataFrame(rows, columns=[*names, "n_reference", "n_stories_reference"])
    table["n_articles_target"], table["n_articles_reference"] = (
        table["n_stories_target"] + 1,
        table["n_stories_reference"],
    )
    sizes = {"n_articles_target": 50, "n_articles_reference": 70, "n_words_target": 9000, "n_words_reference": 11000}
    stated = {"target": {"source": ["CNN"]}, "reference": "all others", "confidence": 0.95, **sizes, **settings}
    corpus = {"name": "daily-brief", "fingerprint": "10-ab12", "n_articles": 120}
    table.attrs["recipe"] = {"function": "toolkit.keyness", "settings": stated, "corpus": corpus, "versions": {}}
    return table


def words_of(read, figure):
    """The words drawn, from the top."""
    return [text for text in read.texts(figure) if text in {row[0] for row in ROWS}]


def test_each_side_s_words_stand_in_the_order_of_evidence(read):
    """Target above, reference below, each by G2; a word whose interval holds no difference is left out and counted."""
    figure = plot_keyness(make_keyness())
    assert words_of(read, figure) == ["ban", "wall", "yuan", "garda", "order"]
    assert {"More in CNN", "More in all others"} <= set(read.texts(figure))
    assert [x for x, _ in read.points(figure.axes[0], "0-dots")] == [2.0, 1.0]
    assert [x for x, _ in read.points(figure.axes[0], "2-dots")] == [-1.0]
    heights = [
        y
        for name in ("-0-dots", "-0-dots-zero", "-2-dots-zero", "-2-dots")
        for _, y in read.points(figure.axes[0], name)
    ]
    assert heights == sorted(heights)


def test_words_in_doubt_can_be_drawn(read):
    """With certain=False the burst of one story is there, pale, with its interval over the middle line."""
    figure = plot_keyness(make_keyness(), certain=False)
    assert words_of(read, figure)[:2] == ["ban", "shark"]
    end = figure.axes[0].get_xlim()[1]
    assert 4 < end < 9
    assert (-1.0, end) in read.intervals(figure.axes[0])
    assert [x for x, _ in read.points(figure.axes[0], "-dots-pale")] == [4.0]
    assert "Pale: not significant: the interval holds 1." in read.text(figure, "caption")
    assert "but for" not in read.text(figure, "caption")


def test_q_counts_where_there_is_one(read):
    """A word with a q above .05 is left out, too."""
    table = make_keyness()
    table["q"] = [0.01, 0.5, 0.2, 0.04, 0.01, 0.01]
    figure = plot_keyness(table)
    assert words_of(read, figure) == ["ban", "yuan", "garda", "order"]
    assert "but for 2 whose interval holds 1 or q is above .05." in read.text(figure, "caption")


def test_the_order_can_be_another(read):
    """By the log ratio and the weighted log-odds, largest first on either side."""
    assert words_of(read, plot_keyness(make_keyness(), sort="log_ratio")) == ["yuan", "ban", "wall", "garda", "order"]
    by_odds = words_of(read, plot_keyness(make_keyness(), sort="log_odds_z", n=1))
    assert by_odds == ["ban", "order"]


def test_a_word_that_a_side_lacks_has_an_open_mark_and_an_arrowhead(read):
    """Its interval goes on beyond the axis, and the caption says both."""
    figure = plot_keyness(make_keyness())
    axes = figure.axes[0]
    assert [x for x, _ in read.points(axes, "0-dots-zero")] == [5.0]
    assert [x for x, _ in read.points(axes, "2-dots-zero")] == [-4.0]
    assert [x for x, _ in read.points(axes, "-0-beyond-right")] == [axes.get_xlim()[1]]
    assert [x for x, _ in read.points(axes, "2-beyond-left")] == [axes.get_xlim()[0]]
    caption = read.text(figure, "caption")
    assert "Open: one side lacks the word, which is drawn as if it had it half a time." in caption
    assert "Arrowhead: the interval goes on." in caption


def test_the_axis_reads_as_how_many_times_as_often(read):
    """Powers of two, fractions left of 1."""
    figure = plot_keyness(make_keyness())
    ticks = dict(
        zip(figure.axes[0].get_xticks().tolist(), (t.get_text() for t in figure.axes[0].get_xticklabels()), strict=True)
    )
    assert (ticks[0], ticks[2], ticks[-2]) == ("1", "4", "1/4")
    assert read.text(figure, "xlabel") == "times as often in CNN as in all others"


def test_counts_stand_beside_each_word(read):
    """Occurrences with the stories in brackets, on both sides."""
    figure = plot_keyness(make_keyness())
    assert read.row(figure, "ban") == ["ban", "40 (20)", "10 (8)"]
    assert {"CNN", "all others"} <= set(read.texts(figure))


def test_the_caption_can_stand_alone(read):
    """What is drawn, of how many, in what unit, n and the corpus."""
    rows = [row for row in ROWS if row[0] not in ("yuan", "garda")]
    assert read.text(plot_keyness(make_keyness(rows)), "caption") == (
        "Dot: how many times as often; line: 95 % interval (unit: the story). Right: occurrences, and in brackets stories with "
        "the word. Drawn are the 3 words with the highest log-likelihood (G2) of 4, but for 1 whose interval holds 1. "
        "n = CNN 50 articles, 9,000 words; all others 70 articles, 11,000 words. Corpus: daily-brief."
    )


def test_the_caption_names_the_article_where_no_stories_are_grouped(read):
    """With as many stories as articles, the unit is the article; the level is that of the recipe."""
    table = make_keyness(confidence=0.9)
    table["n_articles_target"] = table["n_stories_target"]
    caption = read.text(plot_keyness(table), "caption")
    assert "line: 90 % interval (unit: the article, each a story of its own)" in caption
    assert "in brackets articles with the word" in caption


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"target": {"source": ["CNN", "ABC"], "section": ["world"]}}, ("CNN, ABC · world", "all others")),
        ({"target": "a mask", "reference": {"source": ["BBC"]}}, ("the target", "BBC")),
        ({"target": "a mask", "reference": "a mask"}, ("the target", "the reference")),
    ],
)
def test_sides_are_named_as_the_recipe_has_them(read, settings, names):
    """Values of the conditions, or plainly target and reference; or as one says."""
    texts = read.texts(plot_keyness(make_keyness(**settings)))
    assert {f"More in {name}" for name in names} <= set(texts)
    assert "More in Post" in read.texts(plot_keyness(make_keyness(**settings), sides=("Post", "Sun")))


def test_the_old_name_of_the_order_still_works(read):
    """With order= the words are sorted as with sort=, and a warning names the new name."""
    with pytest.warns(DeprecationWarning, match="order=.*is now called sort"):
        figure = plot_keyness(make_keyness(), order="log_odds_z", n=1)
    assert words_of(read, figure) == ["ban", "order"]


def test_one_side_alone_can_have_words(read):
    """Where nothing is surely more common in the reference, its title is not there either."""
    texts = read.texts(plot_keyness(make_keyness(ROWS[:4])))
    assert "More in CNN" in texts
    assert "More in all others" not in texts


def test_a_table_without_its_recipe_is_still_drawn(read):
    """The sizes and names it had are left out."""
    table = make_keyness()
    table.attrs = {}
    assert read.text(plot_keyness(table), "caption").endswith("Corpus: not named in the table.")


@pytest.mark.parametrize("column", ["single", "double"])
def test_nothing_overlaps_and_nothing_is_cut(read, column):
    """Thirty words, long ones and odd ones, with large counts and long names: no two texts overlap, none leaves the paper."""
    words = ["Donaudampfschifffahrtsgesellschaft", "$x_1$", "e\u0301tat", "a" * 60, *(f"word{i}" for i in range(26))]
    rows = [
        (
            word,
            sign * (90.0 - i),
            sign * (1 + i % 7),
            *sorted((sign * 0.1, sign * (3 + i % 9))),
            sign * 2.0,
            123456,
            9876,
            98765,
            4321,
        )
        for i, word in enumerate(words)
        for sign in (1, -1)
        if (i % 2 == 0) == (sign == 1)
    ]
    figure = plot_keyness(
        make_keyness(rows),
        column=column,
        title="What the two write about",
        sides=("articles of 2016", "articles of 2017"),
    )
    assert read.overlaps(figure) == []


@pytest.mark.parametrize(
    ("change", "settings", "message"),
    [
        (lambda t: t.drop(columns="low"), {}, "A table of keyness needs the column low; this one has: "),
        (lambda t: t.head(0), {}, "This table of keyness is empty: it has columns but no row."),
        (lambda t: t, {"n": 0}, "n is how many words of each side to draw, 1 or more; this is 0."),
        (lambda t: t, {"sort": "p"}, "Words are sorted by G2, log_odds_z, log_ratio, not by 'p'."),
        (lambda t: t, {"sides": "CNN"}, "sides are two names, such as ('CNN', 'others'), not 'CNN'."),
        (
            lambda t: t.assign(low=-9.0, high=9.0),
            {},
            "No word is left to draw: none is surely more common on one side (its interval holds 1, or q is above .05). "
            "Draw them all the same: certain=False.",
        ),
    ],
)
def test_what_cannot_be_drawn(change, settings, message):
    """A table that is none, and settings out of range, are refused in a sentence."""
    with pytest.raises(FramingError) as error:
        plot_keyness(change(make_keyness()), **settings)
    assert str(error.value).startswith(message)


def test_the_table_stays_as_it_was():
    """Drawing changes nothing in the table."""
    table = make_keyness()
    before = table.copy(deep=True)
    plot_keyness(table)
    pd.testing.assert_frame_equal(table, before)
    assert np.isfinite(table["G2"]).all()
