"""Own the paper that figures are drawn on: the style, the colours, and the layout in inches from the top."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from unicodedata import east_asian_width

import matplotlib
import matplotlib.style
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from matplotlib.textpath import text_to_path

from toolkit.figures.fonts import families, quiet, undrawn, warn_undrawn
from toolkit.tables import FramingError

Column = Literal["single", "double"]

WIDTHS = {"single": 3.5, "double": 7.2}  # inches, the columns of most journals

# After Okabe and Ito (2008), with lightness pushed apart so that the order survives a grey print: CIE L* of
# 30, 71, 46, 86, 0 and 57.
PALETTE = ("#00497A", "#E69F00", "#B84A00", "#B5DDF5", "#000000", "#C36F9A")
MARKERS = ("o", "s", "^", "D", "v", "P")
LINES: tuple[Any, ...] = ("-", (0, (4, 1.2)), (0, (1, 1)), (0, (5, 1, 1, 1)), (0, (2, 1)), (0, (6, 2)))
HATCHES = ("", "////", "", "....", "", "xxxx")

INK = "#222222"
MUTED = "#666666"
FAINT = "#e3e3e3"
GROUND = "#f1f1f1"  # where nothing was covered

LABEL = 8.0  # points, the least that journals print
NOTE = 8.0
TITLE = 8.5
HEAD = 10.0
CAPTION = 8.0
LEADING = 1.32  # line height in parts of the type size
MARGIN = 0.06  # inches
_DESCENT = 0.24  # of the type size, below the baseline

_STYLE = Path(__file__).with_name("framing.mplstyle")


class _Styled:
    """The style while a figure is drawn; at the end it says, once, which letters no font has."""

    def __enter__(self) -> None:
        self._style = matplotlib.style.context(str(_STYLE), after_reset=True)
        self._style.__enter__()
        self._before = set(_boxes)

    def __exit__(self, *error: Any) -> None:
        self._style.__exit__(*error)
        new = _boxes - self._before
        _boxes.intersection_update(self._before)
        if error[0] is None:
            warn_undrawn(new)


_boxes: set[str] = set()  # texts of the figure at hand that have letters of which there is no font


def style() -> AbstractContextManager[None]:
    """Draw in the toolkit's style inside a ``with`` block; the session's own settings are untouched.

    Settings that the session changed before do not show inside the block, so a figure looks the same everywhere.

    Examples
    --------
    >>> import matplotlib
    >>> before = matplotlib.rcParams["font.size"]
    >>> with style():
    ...     matplotlib.rcParams["font.size"]
    8.0
    >>> matplotlib.rcParams["font.size"] == before
    True
    """
    return _Styled()


class Picture(Figure):
    """A matplotlib figure that shows itself once in a notebook, whether or not pyplot is in use.

    A text that needs letters of other fonts is given them when it is drawn; of those that no font has the style warns once.

    Attributes
    ----------
    framing_table : DataFrame or None
        A copy of the table that the figure was drawn from.
    """

    framing_table: pd.DataFrame | None = None

    def draw(self, renderer: Any) -> None:
        """Draw the figure, without a warning for each letter that no font has."""
        texts = [t for t in self.findobj(Text) if isinstance(t, Text) and not t.get_text().isascii()]
        for text in texts:
            fonts = families(text.get_text())
            if len(fonts) > 1:
                text.set_fontfamily(list(fonts))
        with quiet([text.get_text() for text in texts]):
            super().draw(renderer)

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        stream = io.BytesIO()
        with style():
            self.savefig(stream, format="png", dpi=200, metadata={"Software": None})
        width, height = self.get_size_inches()
        return stream.getvalue(), {"width": round(width * 100), "height": round(height * 100)}


def new_picture(width: float, height: float) -> Picture:
    """Return an empty figure of that size in inches. It is not registered with pyplot, so none pile up."""
    figure = Picture(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


def width_of(column: Column) -> float:
    """Return the width in inches of a journal's single or double column."""
    if column not in WIDTHS:
        raise FramingError(f"column is 'single' (3.5 inches) or 'double' (7.2 inches), not {column!r}.")
    return WIDTHS[column]


def place(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Add axes whose place is given in inches from the left and the top of the figure."""
    across, down = figure.get_size_inches()
    return figure.add_axes((left / across, 1 - (top + height) / down, width / across, height / down))


def write(figure: Figure, left: float, top: float, text: str, *, size: float = LABEL, **kwargs: Any) -> Text:
    """Write text whose upper left corner is given in inches. What comes from data is never read as mathematics.

    What stands on a line (``va="bottom"``) stands there with its baseline, whether or not it has letters that go below.
    """
    across, down = figure.get_size_inches()
    if kwargs.get("va") == "bottom":
        kwargs["va"] = "baseline"
        top -= _DESCENT * size / 72
    if undrawn(text):
        _boxes.add(text)
    kwargs = {"va": "top", "ha": "left", "linespacing": LEADING / 1.2, "parse_math": False, **kwargs}
    return figure.text(left / across, 1 - top / down, text, fontsize=size, **kwargs)


@lru_cache(maxsize=4096)
def _line_width(line: str, size: float, bold: bool) -> float:
    font = FontProperties(family=list(families(line)), size=size, weight="bold" if bold else "normal")
    with quiet([line]):
        # 4 % more than the outlines: on the pixel grid letters are drawn a little wider
        return 1.04 * float(text_to_path.get_text_width_height_descent(line, font, False)[0]) / 72


def text_width(text: str, size: float = LABEL, *, bold: bool = False) -> float:
    """Return the width in inches of the widest line of `text`."""
    if undrawn(text):
        _boxes.add(text)
    return max((_line_width(line, size, bold) for line in text.split("\n")), default=0.0)


def text_height(n_lines: int, size: float = LABEL) -> float:
    """Return the height in inches of that many lines."""
    return n_lines * size * LEADING / 72


def wrapped(text: str, width: float, size: float = LABEL, *, bold: bool = False, most: int | None = None) -> str:
    """Break `text` into lines no wider than `width` inches; a word that is wider is broken too, at a no-break space first.

    With `most`, lines beyond that number are cut and the last one ends in an ellipsis.
    """
    lines: list[str] = []
    line = ""
    for word in _words(str(text), width, size, bold):
        candidate = f"{line} {word}" if line else word
        if text_width(candidate, size, bold=bold) <= width:
            line = candidate
            continue
        if line:
            lines.append(line)
            line = ""
        while len(word) > 1 and text_width(word, size, bold=bold) > width:
            keep = next(
                (k for k in range(len(word) - 1, 1, -1) if text_width(word[:k] + "-", size, bold=bold) <= width), 1
            )
            # scripts that are wide are written without hyphens
            lines.append(word[:keep] + ("" if east_asian_width(word[keep - 1]) in "WF" else "-"))
            word = word[keep:]
        line = word
    lines.append(line)
    if most is not None and len(lines) > most:
        lines = lines[:most]
        while len(lines[-1]) > 1 and text_width(lines[-1] + "…", size, bold=bold) > width:
            lines[-1] = lines[-1][:-1].rstrip()
        lines[-1] += "…"
    return "\n".join(lines)


def _words(text: str, width: float, size: float, bold: bool) -> list[str]:
    """Split at spaces, but at a no-break space only where what it holds together is wider than a line."""
    words: list[str] = []
    for word in text.replace("\n", " ").split(" "):
        fits = "\N{NO-BREAK SPACE}" not in word or text_width(word, size, bold=bold) <= width
        words += [word] if fits else word.split("\N{NO-BREAK SPACE}")
    return words


def widest_word(texts: Sequence[str], size: float = LABEL, *, bold: bool = False) -> float:
    """Return the width in inches of the widest word."""
    return max((text_width(word, size, bold=bold) for text in texts for word in text.split()), default=0.0)


def wrapped_caption(text: str, width: float) -> str:
    """Break a caption into lines; a number stays with its "n ="."""
    return wrapped(text.replace(" n = ", " n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}"), width, CAPTION)


def n_lines(text: str) -> int:
    """Return how many lines `text` has."""
    return text.count("\n") + 1


def spread(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Move label centres as little as needed so that none overlap, inside `low` to `high` where there is room.

    Examples
    --------
    >>> spread([1.0, 1.1], [0.4, 0.4], 0.0, 3.0)
    [0.85, 1.25]
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    blocks: list[list[int]] = []
    centres: list[float] = []

    def extent(block: list[int]) -> float:
        return sum(heights[i] for i in block)

    def centre(block: list[int]) -> float:
        at, total = 0.0, 0.0
        for i in block:
            total += wanted[i] - (at + heights[i] / 2)
            at += heights[i]
        middle = total / len(block) + extent(block) / 2
        return min(max(middle, low + extent(block) / 2), max(high - extent(block) / 2, low + extent(block) / 2))

    for i in order:
        blocks.append([i])
        centres.append(centre([i]))
        while len(blocks) > 1 and centres[-2] + extent(blocks[-2]) / 2 > centres[-1] - extent(blocks[-1]) / 2 + 1e-9:
            last = blocks.pop()
            centres.pop()
            blocks[-1] = blocks[-1] + last
            centres[-1] = centre(blocks[-1])
    placed = [0.0] * len(wanted)
    for block, middle in zip(blocks, centres, strict=True):
        at = middle - extent(block) / 2
        for i in block:
            placed[i] = round(at + heights[i] / 2, 6)
            at += heights[i]
    return placed
