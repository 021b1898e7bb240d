"""One sign has one meaning: signs look different without colour, and a key names those that occur and no others."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from toolkit.figures import plot_usage, plot_usage_over_time
from toolkit.figures.paper import PALETTE, new_picture, place
from toolkit.figures.signs import Meaning, Sign, arrow, entries, interval_colour, look, sentences, signs_of

MARKS = {
    "plain": look(frozenset()),
    "zero": look(signs_of(zero=True)),
    "partial": look(signs_of(partial=True)),
    "few": look(signs_of(few=True)),
    "pale": look(signs_of(pale=True)),
    "zero, few": look(signs_of(zero=True, few=True)),
    "zero, pale": look(signs_of(zero=True, pale=True)),
    "beyond": arrow("right"),
    "outside": arrow("right", double=True),
}


def grey(settings):
    """The mark as it is printed in grey at 300 dots to the inch, a square of lightness from 0 to 1."""
    figure = new_picture(0.12, 0.12)
    axes = place(figure, 0, 0, 0.12, 0.12)
    axes.axis("off")
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.plot([0.5], [0.5], **settings)
    figure.set_dpi(300)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3] @ (0.299, 0.587, 0.114) / 255


@pytest.mark.parametrize(("one", "other"), itertools.combinations(MARKS, 2))
def test_signs_differ_in_grey_print(one, other):
    """Any two signs differ by a fifth of the way from black to white on the area of thirty dots at least."""
    difference = np.abs(grey(MARKS[one]) - grey(MARKS[other]))
    assert (difference > 0.2).sum() >= 30


@pytest.mark.parametrize("style", range(len(PALETTE)))
def test_half_a_mark_is_dark_in_every_colour(style):
    """Of a half-filled mark one half is white and the other dark, also where the term's own colour is pale."""
    image = grey(look(signs_of(partial=True), style, size=6))
    middle = image[image.shape[0] // 2]
    left, right = np.array_split(middle[middle < 1] if (middle < 1).any() else middle, 2)
    dark, light = sorted((left.mean(), right.mean()))
    assert dark < 0.5 and middle.max() > 0.95 and light > dark


def test_the_interval_of_a_pale_mark_is_pale():
    """What is not significant has a pale line, too, as pale as its mark."""
    pale = signs_of(pale=True)
    assert interval_colour(pale) == look(pale)["markerfacecolor"] != interval_colour(frozenset())


def test_key_and_caption_name_what_occurs_and_nothing_else():
    """Of two signs with a meaning one occurs: it has an entry and a sentence, in full where the key is short."""
    meanings = {Sign.ZERO: Meaning("no hit", "articles, but no hit"), Sign.FEW: Meaning("few stories")}
    assert [entry.text for entry in entries([Sign.ZERO], meanings)] == ["no hit"]
    assert sentences([Sign.ZERO, Sign.UNSTABLE], meanings) == ["Open: articles, but no hit."]
    assert sentences(meanings, meanings) == ["Open: articles, but no hit.", "Small: few stories."]


def test_figures_have_a_key_only_where_a_sign_is_used(make_usage, read):
    """A source without a hit brings a key; without it there is none, by source and over time."""
    months = ("2017-01-01", "2017-02-01")
    for plot, rows in (
        (plot_usage, [("A", "reset", 3, 2, 9), ("B", "reset", 0, 0, 9)]),
        (plot_usage_over_time, [("A", "reset", n, min(n, 2), 9, month) for n, month in zip((3, 0), months)]),
    ):
        assert read.key(plot(make_usage(rows))) == {"zero": "no hit"}
        assert read.key(plot(make_usage(rows[:1]))) == {}


def test_a_sign_is_the_same_by_source_and_over_time(make_usage):
    """The mark of a cell without a hit has the same face and marker in both figures."""
    month = "2017-01-01"
    by_source = plot_usage(make_usage([("A", "reset", 0, 0, 9)])).axes[0]
    over_time = plot_usage_over_time(make_usage([("A", "reset", 0, 0, 9, month)])).axes[0]
    marks = [
        next(line for line in axes.lines if (line.get_gid() or "").endswith("-zero")) for axes in (by_source, over_time)
    ]
    assert len({(mark.get_marker(), mark.get_markerfacecolor(), mark.get_markeredgecolor()) for mark in marks}) == 1
