"""The picture of a collocate shift: which side has more of a word, how sure, and of how many."""

from __future__ import annotations

import pandas as pd
import pytest

from toolkit.figures import plot_collocate_shift
from toolkit.tables import FramingError

ROWS = [  # word, hits with it in the target (of 200) and the reference (of 100), low, high, z, q, p_max
    ("illegal", 60, 10, 0.10, 0.28, 4.0, 0.08, 0.01),  # few shuffles: q cannot be small
    ("young", 40, 12, -0.01, 0.15, 2.0, 0.30, 0.70),
    ("came", 20, 11, -0.08, 0.05, -0.3, 0.90, 1.00),
    ("border", 0, 8, -0.14, 0.30, -2.5, 0.04, 0.20),
]


@pytest.fixture
def shift():
    columns = ["collocate", "n_target", "n_reference", "low", "high", "z", "q", "p_max"]
    table = pd.DataFrame(ROWS, columns=columns).assign(n_hits_target=200, n_hits_reference=100)
    table["difference"] = table["n_target"] / 200 - table["n_reference"] / 100
    settings = {"terms": {"migrants": ["migrant*"]}, "window": 5, "permutations": 999, "confidence": 0.95}
    table.attrs["recipe"] = {
        "function": "toolkit.collocate_shift",
        "settings": settings,
        "corpus": {"name": "daily-brief"},
    }
    return table


def test_words_are_rows_from_the_target_to_the_reference(shift, read):
    """Each word has a dot at its difference in percentage points; those without a small q or p_max are pale."""
    figure = plot_collocate_shift(shift)
    axes = figure.axes[0]
    assert [round(x) for x, _ in read.points(axes, "-0-dots")] == [20, -8]
    assert [round(x) for x, _ in read.points(axes, "-dots-pale")] == [8, -1]
    heights = {round(x): y for name in ("-dots", "-dots-pale") for x, y in read.points(axes, name)}
    assert heights[20] < heights[8] < heights[-1] < heights[-8]
    assert [t for t in read.texts(figure) if t in shift["collocate"].tolist()] == ["illegal", "young", "came", "border"]
    assert {"60 / 10", "0 / 8", "of 200 / 100 hits", "more in target", "more in reference"} <= set(read.texts(figure))


def test_lines_are_the_intervals_up_to_the_end_of_the_axis(shift, read):
    """The axis is as long on both sides; where an interval goes beyond, it is cut and has an arrowhead."""
    axes = plot_collocate_shift(shift).axes[0]
    low, high = axes.get_xlim()
    assert high == -low
    expected = [(10, 28), (-1, 15), (-8, 5), (-14, 30)]
    assert [tuple(round(x, 9) for x in ends) for ends in read.intervals(axes)] == expected
    shift.loc[3, "high"] = 0.9
    axes = plot_collocate_shift(shift).axes[0]
    assert read.points(axes, "-beyond-right") == [(axes.get_xlim()[1], read.points(axes, "-0-dots")[1][1])]
    assert read.intervals(axes)[3][1] == axes.get_xlim()[1] == pytest.approx(50)


def test_the_caption_says_what_is_drawn(shift, read):
    """Term, window, sides, interval, level of q, words, hits and corpus stand in the caption."""
    assert read.text(plot_collocate_shift(shift, sides=("Post", "Sun")), "caption") == (
        "Dot: share of the hits of “migrants” with the word within 5 words in Post, minus that in Sun; line: 95 % interval "
        "for each word by itself (unit: the story). Pale: not significant, q and p_max above 0.05 among 4 words (999 shuffles of stories). "
        "n = 200 hits and 100 hits. Corpus: daily-brief."
    )


@pytest.mark.parametrize(
    ("window", "words"),
    [
        ("sentence", "with the word in its sentence in target"),
        ([0, 3], "with the word among the 3 words after it in target"),
        ([1, 0], "with the word right before it in target"),
        ([2, 3], "with the word among the 2 words before or the 3 words after it in target"),
    ],
)
def test_the_caption_names_the_window(shift, read, window, words):
    """A sentence and a window of unequal sides are told as such, also where a recipe was read from JSON."""
    shift.attrs["recipe"]["settings"]["window"] = window
    assert words in read.text(plot_collocate_shift(shift), "caption")


def test_of_many_words_those_with_the_largest_z_are_drawn(shift, read):
    """Of four words two are drawn, one of each side; the caption says so, and how many clear ones are left out."""
    shift.loc[1, "q"] = 0.04
    figure = plot_collocate_shift(shift, n_rows=2)
    assert [t for t in read.texts(figure) if t in shift["collocate"].tolist()] == ["illegal", "border"]
    assert "Drawn are the 2 of 4 words with the largest z; 1 word not drawn would be dark." in read.text(
        figure, "caption"
    )


def test_nothing_clear_is_said(shift, read):
    """Where no word stands out, all dots are pale."""
    shift[["q", "p_max"]] = 0.2
    figure = plot_collocate_shift(shift)
    assert "Pale: not significant, q and p_max above 0.05" in read.text(figure, "caption")
    assert read.points(figure.axes[0], "-0-dots") == [] and len(read.points(figure.axes[0], "-dots-pale")) == 4


@pytest.mark.parametrize("column", ["single", "double"])
def test_nothing_overlaps_and_nothing_is_cut(shift, read, column):
    """Thirty words with long names of the sides fit: no two texts overlap, none leaves the paper."""
    many = pd.concat([shift.assign(collocate=shift["collocate"] + f"-undocumented-{n}") for n in range(8)])
    many.attrs = shift.attrs
    sides = ("HuffPost, CNN and ABC", "Al Jazeera, TASS and China Daily Europe")
    figure = plot_collocate_shift(many.reset_index(drop=True), sides=sides, column=column, title="Company of a word")
    assert read.overlaps(figure) == []


@pytest.mark.parametrize(
    ("change", "settings", "message"),
    [
        (lambda t: t.iloc[:0], {}, "This table of collocate shift is empty: it has columns but no row."),
        (lambda t: t, {"n_rows": 0}, "n_rows is how many words to draw, 1 or more; this is 0."),
        (lambda t: t, {"sides": "CNN"}, "sides are two names, such as ('CNN', 'others'), not 'CNN'."),
        (
            lambda t: pd.concat([t, t]),
            {},
            "A table of collocate shift has one row for each collocate; illegal occurs more than once.",
        ),
    ],
)
def test_what_cannot_be_drawn(shift, change, settings, message):
    """An empty table, no rows, one name for two sides and a word twice are refused."""
    with pytest.raises(FramingError) as error:
        plot_collocate_shift(change(shift), **settings)
    assert str(error.value) == message
