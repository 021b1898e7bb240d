"""The style leaves the session alone, the colours survive a grey print, and labels are wrapped and kept apart."""

from __future__ import annotations

import itertools
import subprocess
import sys

import matplotlib
import pytest

from toolkit import figures
from toolkit.figures.paper import PALETTE, spread, text_width, width_of, wrapped
from toolkit.tables import FramingError


def lightness(colour: str) -> float:
    """CIE L* of a colour: what remains of it in grey."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in matplotlib.colors.to_rgb(colour)]
    y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 116 * y ** (1 / 3) - 16 if y > 216 / 24389 else y * 24389 / 27


# Viénot, Brettel and Mollon (1999), on linear RGB.
COLOUR_BLIND = {
    "protanopia": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deuteranopia": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
}


def test_colours_differ_in_grey():
    """Any two colours of the palette are 10 or more apart in lightness, the first three more than 15."""
    for some, least in ((PALETTE, 10), (PALETTE[:3], 15)):
        for a, b in itertools.combinations(some, 2):
            assert abs(lightness(a) - lightness(b)) > least, (a, b)


@pytest.mark.parametrize("kind", COLOUR_BLIND)
def test_colours_differ_for_the_colour_blind(kind):
    """Seen without one kind of cone, any two colours are still apart in RGB by more than a tenth of its side."""

    def seen(colour):
        return [sum(w * c for w, c in zip(row, matplotlib.colors.to_rgb(colour))) for row in COLOUR_BLIND[kind]]

    for a, b in itertools.combinations(PALETTE, 2):
        assert max(abs(x - y) for x, y in zip(seen(a), seen(b))) > 0.1, (a, b)


def test_drawing_leaves_the_settings_alone(make_usage):
    """No setting of matplotlib is different after a figure than before, and settings made before do not show in it."""
    usage = make_usage([("A", "reset", 3, 2, 4)])
    with matplotlib.rc_context({"font.size": 30, "axes.grid": True, "axes.facecolor": "red"}):
        before = dict(matplotlib.rcParams)
        figure = figures.plot_usage(usage)
        assert dict(matplotlib.rcParams) == before
        assert figure.axes[0].get_facecolor() == (1, 1, 1, 1)


def test_a_figure_does_not_wait_in_pyplot(make_usage):
    """Figures are not registered with pyplot, so drawing many neither shows them twice nor keeps them in memory."""
    import matplotlib.pyplot as plt

    figures.plot_usage(make_usage([("A", "reset", 3, 2, 4)]))
    assert plt.get_fignums() == []


def test_a_figure_shows_itself_in_a_notebook(make_usage):
    """A figure as the last line of a cell is shown as a PNG of twice the pixels at its own size."""
    data, size = figures.plot_usage(make_usage([("A", "reset", 3, 2, 4)]))._repr_png_()
    assert data.startswith(b"\x89PNG") and size["width"] == 720


def test_figures_are_lazy():
    """`toolkit.figures` loads matplotlib when a picture is asked for, not before."""
    code = "import sys, toolkit.figures; print('matplotlib' in sys.modules, sorted(dir(toolkit.figures)))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert said == f"False {sorted(figures.__all__)}" and "plot_usage" in said


def test_wrapping_keeps_every_letter():
    """Wrapped text is the text; lines are no wider than asked, and a word that is wider is broken with a hyphen."""
    text = "A source with a Donaudampfschifffahrtsgesellschaft in its name"
    lines = wrapped(text, 1.0).split("\n")
    assert max(text_width(line) for line in lines) <= 1.0
    assert "".join(lines).replace("-", "").replace(" ", "") == text.replace(" ", "")


def test_wrapping_can_end_in_an_ellipsis():
    """With a limit of lines the rest is cut, and said to be."""
    assert wrapped("one two three four five six", 0.4, most=1).endswith("…")


def test_wrapping_does_not_break_at_a_no_break_space():
    """A number and its unit stay on one line."""
    assert "95\N{NO-BREAK SPACE}%" in wrapped("an interval of 95\N{NO-BREAK SPACE}%", 0.6)


def test_labels_are_moved_apart_and_kept_inside():
    """Labels that would overlap touch instead, keep their order, and stay between the bounds."""
    assert spread([0.0, 0.0, 0.1, 2.0], [0.2, 0.2, 0.2, 0.2], 0.0, 2.0) == [0.1, 0.3, 0.5, 1.9]


def test_a_column_is_one_of_two():
    """A width that no journal has is refused."""
    with pytest.raises(FramingError) as error:
        width_of("triple")
    assert str(error.value) == "column is 'single' (3.5 inches) or 'double' (7.2 inches), not 'triple'."
