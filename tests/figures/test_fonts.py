"""Letters that the figures' font lacks come from another font, or are told of in one sentence."""

from __future__ import annotations

import warnings

import pytest

from toolkit.figures import fonts, plot_usage
from toolkit.figures.paper import wrapped
from toolkit.tables import FramingWarning

GREEK_BOLD = "\N{MATHEMATICAL BOLD SCRIPT CAPITAL A}"  # in STIX, which matplotlib carries, and not in DejaVu Sans


@pytest.fixture
def only(monkeypatch):
    """Return a function that leaves only these fonts to fall back on."""

    def leave(*names):
        fonts.families.cache_clear()
        fonts.undrawn.cache_clear()
        monkeypatch.setattr(fonts, "_installed", lambda: names)

    yield leave
    monkeypatch.undo()
    fonts.families.cache_clear()
    fonts.undrawn.cache_clear()


def test_latin_greek_and_cyrillic_need_no_other_font(only):
    """They are drawn by the figures' own font, so that a figure does not hang on what is installed."""
    only("STIXGeneral")
    assert {fonts.families(text) for text in ("court, Straße", "δίκη", "суд", "…\N{NO-BREAK SPACE}–")} == {
        ("DejaVu Sans",)
    }


def test_a_font_that_has_the_letters_is_used(only, make_usage):
    """A source with a letter of another font is drawn with both fonts and without a warning."""
    only("STIXGeneral")
    assert fonts.families(f"A {GREEK_BOLD}") == ("DejaVu Sans", "STIXGeneral")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = plot_usage(make_usage([(GREEK_BOLD, "reset", 3, 2, 4)]))
        figure.canvas.draw()
    assert ["DejaVu Sans", "STIXGeneral"] in [text.get_fontfamily() for text in figure.texts]


def test_letters_of_no_font_are_told_once(only, make_usage):
    """Two Chinese sources and a Korean one make one warning of the toolkit, at the caller's line, and none of matplotlib."""
    only()
    with pytest.warns(Warning) as warned:
        figure = plot_usage(make_usage([(name, "reset", 3, 2, 4) for name in ("人民日报", "新华社", "한겨레", "TASS")]))
        figure._repr_png_()
    assert [(w.category, str(w.message)) for w in warned] == [
        (
            FramingWarning,
            "Chinese, Korean letters are drawn as boxes in this figure, since no installed font has them. "
            "Install Noto Sans CJK (free fonts), and draw again.",
        )
    ]
    assert warned[0].filename == __file__


@pytest.mark.parametrize(
    ("text", "scripts"),
    [
        ("移民", {"Chinese"}),
        ("かな", {"Japanese"}),
        ("이민", {"Korean"}),
        ("हिन्दी", {"Devanagari"}),
        ("суд", set()),
        ("العربية", set()),
    ],
)
def test_scripts_have_names(only, text, scripts):
    """A script is named as a reader knows it; Cyrillic and Arabic are in the figures' own font."""
    only()
    assert fonts.undrawn(text) == scripts


def test_chinese_is_broken_without_hyphens(only):
    """A Chinese text has no spaces; its lines end without a hyphen."""
    only()
    lines = wrapped("移民法院总统行政命令", 0.4)
    assert "\n" in lines and "-" not in lines and lines.replace("\n", "") == "移民法院总统行政命令"
