"""The picture of a word shift: a bar for each word, as long as its part of the difference."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.colors import to_hex

from toolkit.figures import plot_word_shift
from toolkit.tables import FramingError

ROWS = [
    # word, contribution, kind, occurrences in target and reference
    ("ban", 0.3, "target", 30, 10),
    ("the", -0.2, "reference", 50, 900),
    ("wall", 0.1, "target", 12, 7),
    ("end", 0.0, "same", 4, 8),
]
SIZES = {"n_articles_target": 50, "n_articles_reference": 70, "n_words_target": 9000, "n_words_reference": 11000}


def make_shift(rows=ROWS, *, scores=None, **settings):
    table = pd.DataFrame(rows, columns=["word", "contribution", "kind", "n_target", "n_reference"])
    table["contribution_share"] = table["contribution"] / table["contribution"].abs().sum()
    table["p_target"], table["p_reference"] = table["n_target"] / 9000, table["n_reference"] / 11000
    if scores:
        table["score"] = scores
    stated = {"target": {"source": ["CNN"]}, "reference": "all others", "measure": "proportion", "alpha": 1.0, **SIZES}
    stated |= {"total": 0.2, "n_words_compared": 1000, **settings}
    corpus = {"name": "daily-brief", "fingerprint": "10-ab12", "n_articles": 120}
    table.attrs["recipe"] = {"function": "toolkit.word_shift", "settings": stated, "corpus": corpus, "versions": {}}
    return table


SCORED = [
    ("peace", 0.4, "high, more", 30, 10),
    ("war", -0.3, "low, more", 40, 9),
    ("growth", -0.2, "high, less", 3, 90),
    ("crisis", 0.1, "low, less", 2, 60),
]
AVERAGE = {
    **{
        "measure": "average",
        "average_target": -0.5,
        "average_reference": 0.25,
        "score_reference": 0.25,
        "total": -0.75,
    },
}


def lengths(figure):
    return [round(float(bar.get_width()), 6) for bar in figure.axes[0].patches]


def test_bars_are_parts_of_all_contributions_the_largest_first(read):
    """In per cent, with their sign; a word that adds nothing has no row."""
    figure = plot_word_shift(make_shift())
    assert lengths(figure) == pytest.approx([50, -100 / 3, 50 / 3], abs=1e-5)
    assert [text for text in read.texts(figure) if text in {row[0] for row in ROWS}] == ["ban", "the", "wall"]
    assert [patch.get_y() for patch in figure.axes[0].patches] == sorted(p.get_y() for p in figure.axes[0].patches)


def test_the_shade_says_which_side_has_more(read):
    """Dark is the target, light the reference, and the key says so."""
    figure = plot_word_shift(make_shift())
    shades = [to_hex(bar.get_facecolor()) for bar in figure.axes[0].patches]
    assert shades[0] == shades[2] != shades[1]
    assert {"more in CNN", "more in all others"} <= set(read.texts(figure))


def test_a_divergence_points_to_the_side_that_has_more(read):
    """All contributions raise it, so the direction is that of the kind."""
    rows = [(word, abs(part), *rest) for word, part, *rest in ROWS]
    figure = plot_word_shift(make_shift(rows, measure="jsd", total=0.087))
    assert [length > 0 for length in lengths(figure)] == [True, False, True]
    assert {"← more in all others", "more in CNN →"} <= set(read.texts(figure))
    assert "Jensen-Shannon divergence: 0.087 bits." in read.text(figure, "caption")


def test_with_scores_there_are_four_kinds_of_bars(read):
    """High and low scores differ in shade, more and less in being filled or hatched; the key names those that are drawn."""
    figure = plot_word_shift(make_shift(SCORED, scores=[3, -3, 2, -2], **AVERAGE))
    bars = figure.axes[0].patches
    assert [bool(bar.get_hatch()) for bar in bars] == [False, False, True, True]
    edges = [to_hex(bar.get_edgecolor()) for bar in bars]
    assert edges[0] == edges[2] != edges[1] == edges[3]
    key = [f"{score} score, {change} in CNN" for score in ("high", "low") for change in ("more", "less")]
    assert set(key) <= set(read.texts(figure))
    some = read.texts(plot_word_shift(make_shift(SCORED[:2], scores=[3, -3], **AVERAGE)))
    assert [text for text in key if text in some] == ["high score, more in CNN", "low score, more in CNN"]


def test_the_caption_can_stand_alone(read):
    """What a bar is, how much of the difference is drawn, n and the corpus."""
    assert read.text(plot_word_shift(make_shift(), n=2), "caption") == (
        "Bar: what the word adds to the difference, as a part of the absolute sum over all words. The 2 words drawn of 1,000 make "
        "83 % of it. Right: occurrences. n = CNN 50 articles, 9,000 words; all others 70 articles, 11,000 words. "
        "Corpus: daily-brief."
    )


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"measure": "entropy", "total": -0.3471}, "Entropy, CNN less all others: −0.347 bits."),
        ({"measure": "entropy", "total": 0.5, "alpha": 2}, "Entropy, CNN less all others: 0.5."),
        ({"measure": "kl", "total": 1.25}, "Kullback-Leibler divergence of CNN from all others: 1.25 bits."),
    ],
)
def test_the_total_has_its_unit(read, settings, sentence):
    """Shannon's entropies are in bits, Tsallis's are not; what a bar to the right raises is named."""
    figure = plot_word_shift(make_shift(**settings))
    assert sentence in read.text(figure, "caption")
    assert any(text.startswith("raises CNN’s") for text in read.texts(figure))


def test_averages_are_in_the_caption(read):
    """Of both sides, with the score that divides high from low, and what n counts."""
    caption = read.text(plot_word_shift(make_shift(SCORED, scores=[3, -3, 2, -2], **AVERAGE)), "caption")
    assert "Average score, CNN less all others: −0.75." in caption
    assert (
        "Averages: CNN −0.5, all others 0.25; a score is high above 0.25. Words without a score are left out."
        in caption
    )
    assert "11,000 words with a score." in caption


def test_counts_stand_beside_each_word(read):
    """Occurrences on either side."""
    assert read.row(plot_word_shift(make_shift()), "the") == ["the", "50", "900"]


def test_a_table_without_its_recipe_is_still_drawn(read):
    """The sides are then called target and reference."""
    table = make_shift()
    table.attrs = {}
    figure = plot_word_shift(table)
    assert {"more in the target", "more in the reference"} <= set(read.texts(figure))
    assert "more in Post" in read.texts(plot_word_shift(table, sides=("Post", "Sun")))


@pytest.mark.parametrize("column", ["single", "double"])
@pytest.mark.parametrize("scored", [False, True])
def test_nothing_overlaps_and_nothing_is_cut(read, column, scored):
    """Thirty words, long ones and odd ones, with large counts and long names: no two texts overlap, none leaves the paper."""
    words = ["Donaudampfschifffahrtsgesellschaft", "$x_1$", "e\u0301tat", "a" * 60, *(f"word{i}" for i in range(26))]
    kinds = [kind for _, _, kind, *_ in (SCORED if scored else ROWS[:3])]
    rows = [(word, (40 - i) * (-1.0) ** i, kinds[i % len(kinds)], 1234567, 98765) for i, word in enumerate(words)]
    settings = {"scores": [1.0] * 30, **AVERAGE} if scored else {"measure": "entropy"}
    figure = plot_word_shift(
        make_shift(rows, **settings),
        column=column,
        title="What makes the difference",
        sides=("articles of 2016", "those of 2017"),
    )
    assert read.overlaps(figure) == []


@pytest.mark.parametrize(
    ("change", "settings", "message"),
    [
        (lambda t: t.drop(columns="kind"), {}, "A table of word shift needs the column kind; this one has: "),
        (lambda t: t.head(0), {}, "This table of word shift is empty: it has columns but no row."),
        (lambda t: t, {"n": 0}, "n is how many words to draw, 1 or more; this is 0."),
        (lambda t: t, {"sides": ("CNN",)}, "sides are two names, such as ('CNN', 'others'), not ('CNN',)."),
        (
            lambda t: t.assign(contribution=0.0),
            {},
            "Nothing can be drawn: no word contributes, since its share is the same on both sides.",
        ),
    ],
)
def test_what_cannot_be_drawn(change, settings, message):
    """A table that is none, and settings out of range, are refused in a sentence."""
    with pytest.raises(FramingError) as error:
        plot_word_shift(change(make_shift()), **settings)
    assert str(error.value).startswith(message)


def test_the_table_stays_as_it_was():
    """Drawing changes nothing in the table."""
    table = make_shift()
    before = table.copy(deep=True)
    plot_word_shift(table)
    pd.testing.assert_frame_equal(table, before)
