"""Own the figure whose rows are words: the word left, its counts right, and marks on both sides of a middle line between."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from toolkit.figures.paper import (
    CAPTION,
    HEAD,
    INK,
    LABEL,
    MARGIN,
    MUTED,
    NOTE,
    TITLE,
    Column,
    n_lines,
    new_picture,
    place,
    text_height,
    text_width,
    width_of,
    wrapped,
    write,
)
from toolkit.tables import FramingError

_SWATCH = 0.14  # inches, the side of a patch in the key
_GAP = 0.12


@dataclass(frozen=True)
class WordGroup:
    """Words under one title, and for each what stands right of it, one text for each header."""

    title: str
    words: Sequence[str]
    notes: Sequence[Sequence[str]]


Paint = Callable[[Axes, "np.ndarray[tuple[int], np.dtype[np.float64]]"], None]


def word_figure(
    groups: Sequence[WordGroup],
    headers: Sequence[str],
    paint: Paint,
    *,
    limits: tuple[float, float],
    ticks: Mapping[float, str],
    xlabel: str,
    caption: str,
    title: str | None,
    column: Column,
    ends: tuple[str, str] | None = None,
    key: Sequence[tuple[str, Mapping[str, Any]]] = (),
    row_pad: float = 0.05,
) -> Figure:
    """Lay out words and their marks; `paint` draws all marks, given the height of each word.

    `limits` are the ends of the axis, `ticks` what is written where, `ends` words under the two ends. `key` is a text with
    the look of its patch, for each kind of mark.
    """
    width = width_of(column)
    label_cap = 0.95 if column == "single" else 1.6
    labels = [[wrapped(word, label_cap, LABEL, most=2) for word in group.words] for group in groups]
    label_width = max(text_width(label, LABEL) for group in labels for label in group) + 0.08
    header_cap = 0.62 if column == "single" else 1.1
    heads = [wrapped(header, header_cap, NOTE) for header in headers]
    note_widths = [
        max([text_width(head, NOTE), *(text_width(note[i], NOTE) for group in groups for note in group.notes)]) + _GAP
        for i, head in enumerate(heads)
    ]
    left = MARGIN + label_width
    plot_width = width - left - sum(note_widths) - MARGIN - 0.02
    group_titles = [
        wrapped(group.title, width - 2 * MARGIN, TITLE, bold=True) if group.title else "" for group in groups
    ]

    at, ys, title_tops = 0.0, [], []
    for texts, group_title in zip(labels, group_titles, strict=True):
        title_tops.append(at + (0.06 if at else 0.0))
        at += text_height(n_lines(group_title), TITLE) + (0.1 if at else 0.04) if group_title else 0.0
        for label in texts:
            height = text_height(n_lines(label), LABEL) + row_pad
            ys.append(at + height / 2)
            at += height
    plot_height = at

    xlabel = wrapped(xlabel, width - left - MARGIN, LABEL)
    caption = wrapped(caption, width - 2 * MARGIN, CAPTION)
    head = wrapped(title, width - 2 * MARGIN, HEAD, bold=True) if title else ""
    top = MARGIN + (text_height(n_lines(head), HEAD) + 0.06 if head else 0.0)
    key_top = top
    top += _draw_key(None, key, width, 0.0) + (0.06 if key else 0.0)
    header_lines = max((n_lines(text) for text in heads), default=0)
    plot_top = top + (text_height(header_lines, NOTE) + 0.03 if header_lines else 0.0)
    ends_top = plot_top + plot_height + text_height(1, LABEL) + 0.06
    cap = max(plot_width / 2 - 0.05, 0.5)
    under = tuple(wrapped(text, cap, NOTE) for text in ends) if ends else ("", "")
    xlabel_top = ends_top + (text_height(max(map(n_lines, under)), NOTE) if ends else 0.0) + 0.02
    caption_top = xlabel_top + text_height(n_lines(xlabel), LABEL) + 0.08
    figure = new_picture(width, caption_top + text_height(n_lines(caption), CAPTION) + MARGIN)

    if head:
        write(figure, MARGIN, MARGIN, head, size=HEAD, weight="bold", gid="title")
    _draw_key(figure, key, width, key_top)
    axes = place(figure, left, plot_top, plot_width, plot_height)
    axes.set_gid("panel-0")
    axes.set_xlim(*limits)
    axes.set_ylim(plot_height, 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    shown = _thinned(ticks, limits, plot_width)
    axes.set_xticks(list(shown), list(shown.values()))
    axes.grid(axis="x")
    axes.axvline(0, color=MUTED, linewidth=0.6, zorder=1)
    paint(axes, np.asarray(ys))
    place_of = iter(ys)
    for group, texts, group_title, title_top in zip(groups, labels, group_titles, title_tops, strict=True):
        if group_title:
            write(figure, MARGIN, plot_top + title_top, group_title, size=TITLE, weight="bold", color=INK)
        for label, notes in zip(texts, group.notes, strict=True):
            y = plot_top + next(place_of)
            write(figure, left - 0.08, y, label, ha="right", va="center", color=INK)
            for end, note in zip(_ends(left + plot_width, note_widths), notes, strict=True):
                write(figure, end, y, note, size=NOTE, ha="right", va="center", color=MUTED)
    for end, text in zip(_ends(left + plot_width, note_widths), heads, strict=True):
        write(figure, end, plot_top - 0.02, text, size=NOTE, ha="right", va="bottom", color=MUTED)
    for at, side, text in ((left, "left", under[0]), (left + plot_width, "right", under[1])):
        if text:
            write(figure, at, ends_top, text, size=NOTE, ha=side, color=MUTED)
    write(figure, left + plot_width / 2, xlabel_top, xlabel, ha="center", gid="xlabel")
    write(figure, MARGIN, caption_top, caption, size=CAPTION, color=MUTED, gid="caption")
    return figure


def _thinned(ticks: Mapping[float, str], limits: tuple[float, float], width: float) -> dict[float, str]:
    """Leave out every second tick, counted from 0, until no two labels touch."""
    shown = dict(sorted(ticks.items()))
    while len(shown) > 2:
        places = [x / (limits[1] - limits[0]) * width for x in shown]
        sizes = [text_width(text, LABEL) for text in shown.values()]
        gaps = [b - a - (v + w) / 2 for a, b, v, w in zip(places, places[1:], sizes, sizes[1:], strict=False)]
        if min(gaps) > 0.05:
            break
        middle = list(shown).index(0.0) if 0.0 in shown else 0
        shown = {x: text for i, (x, text) in enumerate(shown.items()) if (i - middle) % 2 == 0}
    return shown


def _ends(start: float, widths: Sequence[float]) -> list[float]:
    return [start + float(end) for end in np.cumsum(widths)]


def _draw_key(figure: Figure | None, key: Sequence[tuple[str, Mapping[str, Any]]], width: float, top: float) -> float:
    """Draw patches with their texts, in as many lines as they need, and return the height; without a figure, the height only."""
    line, left, line_height = 0, MARGIN, text_height(1, LABEL) + 0.04
    for text, look in key:
        size = _SWATCH + 0.05 + text_width(text, LABEL)
        if left > MARGIN and left + size > width - MARGIN:
            line, left = line + 1, MARGIN
        if figure is not None:
            across, down = figure.get_size_inches()
            y = top + line * line_height + (line_height - 0.08) / 2
            patch = Rectangle(
                (left / across, 1 - (y + 0.08) / down),
                _SWATCH / across,
                0.08 / down,
                transform=figure.transFigure,
                **look,
            )
            figure.add_artist(patch)
            write(figure, left + _SWATCH + 0.05, y + 0.04, text, va="center", color=INK)
        left += size + 0.2
    return (line + 1) * line_height if key else 0.0


def side_names(settings: Mapping[str, Any]) -> tuple[str, str]:
    """Return what a recipe calls target and reference: their values, or "all others", else "the target" and "the reference"."""
    found = []
    for side in ("target", "reference"):
        given = settings.get(side)
        if isinstance(given, Mapping) and given:
            values = [", ".join(map(str, value)) if isinstance(value, list) else str(value) for value in given.values()]
            found.append(" · ".join(values))
        else:
            found.append("all others" if given == "all others" else f"the {side}")
    return found[0], found[1]


def check_sides(sides: Any) -> tuple[str, str] | None:
    """Raise unless `sides` are two names or nothing."""
    if sides is None:
        return None
    if isinstance(sides, str) or len(sides) != 2:
        raise FramingError(f"sides are two names, such as ('CNN', 'others'), not {sides!r}.")
    return str(sides[0]), str(sides[1])
