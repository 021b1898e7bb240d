"""Own the key of a figure: samples of what is drawn, each with its words, in as many lines as they need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from toolkit.figures.paper import INK, LABEL, MARGIN, n_lines, text_height, text_width, wrapped, write

_GAP = 0.2  # inches, between two entries
_LINE = 0.3  # inches, the sample of a line


@dataclass(frozen=True)
class Entry:
    """One sample and its words. The sample is a patch, a mark, a line, or a letter; `gid` names the words."""

    text: str
    patch: Mapping[str, Any] | None = None
    mark: Mapping[str, Any] | None = None
    line: Mapping[str, Any] | None = None
    glyph: str = ""
    gid: str = ""

    @property
    def width(self) -> float:
        """The width of the sample in inches."""
        return _LINE if self.line is not None else 0.16 if self.patch is not None else 0.09


@dataclass(frozen=True)
class Key:
    """Entries laid out on a paper of a given width: their texts, their places in inches from the key's corner, and its height."""

    entries: Sequence[Entry]
    texts: Sequence[str]
    places: Sequence[tuple[float, float]]
    height: float


def lay_out(entries: Sequence[Entry], width: float, start: float = MARGIN) -> Key:
    """Place entries side by side on a paper of that width, the first one at `start`; an empty key has no height."""
    x, y, tallest = start, 0.0, 1
    texts, places = [], []

    for entry in entries:
        text = wrapped(entry.text, width - 2 * MARGIN - entry.width - 0.05, LABEL)
        needed = entry.width + 0.05 + text_width(text, LABEL)
        if x > MARGIN and x + needed > width - MARGIN:
            x, y, tallest = MARGIN, y + text_height(tallest, LABEL) + 0.02, 1

        texts.append(text)
        places.append((x, y))
        tallest = max(tallest, n_lines(text))
        x += needed + _GAP

    return Key(entries, texts, places, y + text_height(tallest, LABEL) if entries else 0.0)


def draw(figure: Figure, key: Key, top: float) -> None:
    """Draw a key whose upper edge is `top` inches below that of the paper."""
    across, down = figure.get_size_inches()
    for entry, text, (x, y) in zip(key.entries, key.texts, key.places, strict=True):
        middle = top + y + text_height(1, LABEL) * 0.53

        if entry.patch is not None:
            corner = (x / across, 1 - (middle + 0.045) / down)
            size = (entry.width / across, 0.09 / down)
            figure.add_artist(Rectangle(corner, *size, transform=figure.transFigure, **entry.patch))
        elif entry.glyph:
            write(figure, x + entry.width / 2, top + y + text_height(1, LABEL), entry.glyph, ha="center", va="bottom")
        else:
            ends = [x, x + entry.width / 2, x + entry.width] if entry.line is not None else [x + entry.width / 2]
            sample = entry.line if entry.line is not None else entry.mark or {}
            figure.add_artist(Line2D([at / across for at in ends], [1 - middle / down] * len(ends), **sample))

        # on a common baseline, whatever letters the words have
        bottom = top + y + text_height(n_lines(text), LABEL)
        write(figure, x + entry.width + 0.05, bottom, text, va="bottom", color=INK, gid=entry.gid or None)
