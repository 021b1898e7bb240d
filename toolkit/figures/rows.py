"""Own the figure whose rows are sources and whose columns are panels: labels left, counts right, marks between."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from toolkit.figures.paper import (
    CAPTION,
    FAINT,
    HEAD,
    INK,
    LABEL,
    MARGIN,
    MUTED,
    NOTE,
    PALETTE,
    TITLE,
    Column,
    n_lines,
    new_picture,
    place,
    text_height,
    text_width,
    widest_word,
    width_of,
    wrapped,
    wrapped_caption,
    write,
)
from toolkit.figures.reading import figure_of

PAGE = 9.0  # inches, the height of a journal's page between its margins


@dataclass(frozen=True)
class RowPanel:
    """One panel: its title, and what stands right of each row under `header`."""

    title: str = ""
    notes: Sequence[str] = ()
    header: str = ""


@dataclass(frozen=True)
class Dot:
    """One mark: the measure in the axis's unit with its interval; `drawn` is False where there is nothing to draw."""

    value: float
    low: float
    high: float
    drawn: bool = True
    zero: bool = False


Paint = Callable[[Axes, int, "np.ndarray[tuple[int], np.dtype[np.float64]]"], None]


def row_figure(
    labels: Sequence[str],
    panels: Sequence[RowPanel],
    paint: Paint,
    *,
    xmax: float,
    xlabel: str,
    caption: str,
    title: str | None,
    column: Column,
    most_across: int,
    label_notes: Sequence[str] = (),
    label_header: str = "",
    ends: tuple[str, str] | None = None,
    key: Callable[[Figure, float, float, float], float] | None = None,
    row_pad: float = 0.075,
    label_cap: float | None = None,
) -> Figure:
    """Lay out panels that share their rows; `paint` draws the marks of one panel at the given heights.

    `ends` are words for the two ends of the axis, written above it. `key` draws a key at (left, top, width) and
    returns its height; on an empty figure it is asked for the height only. `row_pad` is the room between two labels
    in inches, `label_cap` the most that the labels' column takes.
    """
    width = width_of(column)
    label_cap = label_cap or (1.05 if column == "single" else 1.9)
    row_labels = [wrapped(label, label_cap, LABEL) for label in labels]
    label_width = max(text_width(label, LABEL) for label in row_labels) + 0.07
    extra = [*label_notes, label_header] if label_notes else []
    extra_width = max((text_width(t, NOTE) for t in extra), default=0.0) + (0.1 if extra else 0.0)
    note_width = max((text_width(t, NOTE) for panel in panels for t in (*panel.notes, panel.header)), default=0.0)
    note_width += 0.1 if note_width else 0.0
    gap = 0.2 if note_width else 0.28

    # as few rows of panels as the width allows, and these as even as can be
    across = math.ceil(len(panels) / math.ceil(len(panels) / most_across))
    widest = widest_word([panel.title for panel in panels], TITLE, bold=True)
    while True:
        left = MARGIN + label_width + extra_width
        plot_width = (width - left - 0.14 - across * note_width - (across - 1) * gap) / across
        title_width = plot_width + note_width + 0.08  # it may reach a little into the gap
        if across == 1 or (plot_width >= 0.8 and widest <= title_width):
            break
        across -= 1

    heights = np.array([text_height(n_lines(label), LABEL) + row_pad for label in row_labels])
    ys = np.cumsum(heights) - heights / 2
    plot_height = float(heights.sum())

    xlabel = wrapped(xlabel, width - left - MARGIN, LABEL)
    ends = (
        (wrapped(ends[0], plot_width / 2 - 0.04, NOTE), wrapped(ends[1], plot_width / 2 - 0.04, NOTE)) if ends else None
    )
    titles = [wrapped(panel.title, title_width, TITLE, bold=True) if panel.title else "" for panel in panels]
    headers = [*(panel.header for panel in panels), label_header, *(ends or ())]
    header_lines = max((n_lines(header) for header in headers if header), default=0)
    caption = wrapped_caption(caption, width - 2 * MARGIN)
    head = wrapped(title, width - 2 * MARGIN, HEAD, bold=True) if title else ""

    grid = [range(start, min(start + across, len(panels))) for start in range(0, len(panels), across)]
    title_heights = [max(text_height(n_lines(titles[i]), TITLE) if titles[i] else 0.0 for i in line) for line in grid]
    header_height = text_height(header_lines, NOTE) + 0.03 if header_lines else 0.0
    ticks_height = text_height(1, LABEL) + 0.05
    top = MARGIN
    head_top = top
    top += text_height(n_lines(head), HEAD) + 0.06 if head else 0.0
    key_top = top
    top += key(new_picture(width, 1), MARGIN, 0.0, width - 2 * MARGIN) + 0.06 if key else 0.0
    tops = []
    for title_height in title_heights:
        tops.append(top)
        top += title_height + header_height + plot_height + ticks_height + 0.12
    xlabel_top = top - 0.12
    top = xlabel_top + text_height(n_lines(xlabel), LABEL) + 0.08
    caption_top = top
    total = top + text_height(n_lines(caption), CAPTION) + MARGIN

    figure = new_picture(width, total)
    if head:
        write(figure, MARGIN, head_top, head, size=HEAD, weight="bold", gid="title")
    if key:
        key(figure, MARGIN, key_top, width - 2 * MARGIN)
    for line, line_top, title_height in zip(grid, tops, title_heights, strict=True):
        plot_top = line_top + title_height + header_height
        for y, label in zip(ys, row_labels, strict=True):
            write(figure, left - extra_width - 0.07, plot_top + float(y), label, ha="right", va="center", color=INK)
        for y, note in zip(ys, label_notes, strict=False):
            write(figure, left - 0.09, plot_top + float(y), note, size=NOTE, ha="right", va="center", color=MUTED)
        if label_header:
            write(figure, left - 0.09, plot_top - 0.02, label_header, size=NOTE, ha="right", va="bottom", color=MUTED)
        for position, index in enumerate(line):
            panel = panels[index]
            x = left + position * (plot_width + note_width + gap)
            axes = place(figure, x, plot_top, plot_width, plot_height)
            axes.set_gid(f"panel-{index}")
            axes.set_xlim(0, xmax)
            axes.set_ylim(plot_height, 0)
            axes.set_yticks([])
            axes.spines["left"].set_visible(False)
            room = text_width(f"{xmax:,.0f}", LABEL) + 0.16
            axes.xaxis.set_major_locator(MaxNLocator(max(2, min(6, int(plot_width / room))), steps=[1, 2, 2.5, 5, 10]))
            axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
            axes.grid(axis="x")
            axes.set_label(panel.title)
            paint(axes, index, ys)
            if titles[index]:
                bottom = line_top + title_height
                write(figure, x, bottom, titles[index], size=TITLE, weight="bold", va="bottom", color=INK)
            if panel.header:
                end = x + plot_width + note_width
                write(figure, end, plot_top - 0.02, panel.header, size=NOTE, ha="right", va="bottom", color=MUTED)
            for y, note in zip(ys, panel.notes, strict=False):
                italic = "italic" if note.startswith("no ") else "normal"
                end = x + plot_width + note_width
                write(
                    figure,
                    end,
                    plot_top + float(y),
                    note,
                    size=NOTE,
                    ha="right",
                    va="center",
                    color=MUTED,
                    style=italic,
                )
            if ends is not None:
                for at, side, words in ((x, "left", ends[0]), (x + plot_width, "right", ends[1])):
                    write(figure, at, plot_top - 0.02, words, size=NOTE, ha=side, va="bottom", color=MUTED)
    write(figure, left, xlabel_top, xlabel, size=LABEL, gid="xlabel")
    write(figure, MARGIN, caption_top, caption, size=CAPTION, color=MUTED, gid="caption")
    return figure


def paint_dots(
    axes: Axes, ys: Sequence[float], dots: Sequence[Dot], colour: str = PALETTE[0], marker: str = "o"
) -> None:
    """Draw dots with their intervals; a zero is an open dot, and what is not drawn leaves its row empty.

    A mark beyond the axis is a hollow arrowhead at its end, an interval that goes on a filled one.
    """
    xmax = axes.get_xlim()[1]
    drawn = [(y, dot) for y, dot in zip(ys, dots, strict=True) if dot.drawn]
    axes.hlines([y for y, _ in drawn], 0, xmax, color=FAINT, linewidth=0.5, zorder=0.5, gid=axes_gid(axes, "guides"))
    known = [(y, dot) for y, dot in drawn if np.isfinite(dot.low) and np.isfinite(dot.high) and dot.low < xmax]
    lines = axes.hlines(
        [y for y, _ in known],
        [dot.low for _, dot in known],
        [min(dot.high, xmax) for _, dot in known],
        color=colour,
        linewidth=1.3,
        zorder=2,
        gid=axes_gid(axes, "intervals"),
    )
    lines.set_clip_on(False)
    for name, zero, face in (("dots", False, colour), ("zeros", True, "white")):
        some = [(y, dot) for y, dot in drawn if dot.zero is zero and not dot.value > xmax * (1 + 1e-9)]
        if some:
            axes.plot(
                [dot.value for _, dot in some],
                [y for y, _ in some],
                linestyle="none",
                marker=marker,
                markersize=4.2,
                markerfacecolor=face,
                markeredgecolor=colour,
                clip_on=False,
                zorder=3,
                gid=axes_gid(axes, name),
            )
    outside = [y for y, dot in drawn if dot.value > xmax * (1 + 1e-9)]
    beyond = [y for y, dot in known if dot.high > xmax * (1 + 1e-9) and y not in outside]
    for name, places, size, face in (("beyond", beyond, 3.2, colour), ("outside", outside, 4.6, "white")):
        if places:
            axes.plot(
                [xmax] * len(places),
                places,
                linestyle="none",
                marker=">",
                markersize=size,
                markerfacecolor=face,
                markeredgecolor=colour,
                clip_on=False,
                zorder=3,
                gid=axes_gid(axes, name),
            )


def fitted(draw: Callable[[int], Figure], most: int) -> Figure:
    """Draw with `most` panels, or with as many fewer as leave the figure on a page."""
    for n in range(most, 0, -1):
        figure = draw(n)
        if figure.get_size_inches()[1] <= PAGE:
            break
    return figure


def axes_gid(axes: Axes, name: str) -> str:
    """Return an identifier that is unique in the figure, for tests and for whoever edits the SVG."""
    return f"{axes.get_gid()}-{name}"


def axis_end(dots: Sequence[Dot], *, whole: float | None = None) -> float:
    """Choose where the axis ends so that one very wide interval does not press all marks against zero.

    The end is the highest interval, but not more than 2.5 times the highest mark, and never beyond the whole.
    """
    values = [dot.value for dot in dots if dot.drawn and np.isfinite(dot.value)]
    highs = [dot.high for dot in dots if dot.drawn and np.isfinite(dot.high)]
    top = max(values, default=0.0)
    high = max(highs, default=top)
    end = 1.02 * high if top <= 0 else max(1.1 * top, min(1.02 * high, 2.5 * top))
    if whole is not None:
        end = min(end, whole)
    return end if end > 0 else 1.0


def beyond_sentence(dots: Sequence[Dot], xmax: float) -> list[str]:
    """Say so where intervals go on beyond the axis."""
    beyond = [dot.high for dot in dots if dot.drawn and dot.high > xmax * (1 + 1e-9)]
    return [f"Arrowheads: the interval goes on, up to {figure_of(max(beyond))}."] if beyond else []
