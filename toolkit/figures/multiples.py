"""Own small multiples over time: a panel for each source, lines with bands, gaps where nothing was covered."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from toolkit.figures.paper import (
    CAPTION,
    GROUND,
    HEAD,
    INK,
    LABEL,
    LINES,
    MARGIN,
    MARKERS,
    MUTED,
    NOTE,
    PALETTE,
    Column,
    n_lines,
    new_picture,
    place,
    spread,
    text_height,
    text_width,
    width_of,
    wrapped,
    wrapped_caption,
    write,
)
from toolkit.figures.periods import Periods, date_ticks
from toolkit.figures.reading import figure_of

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_TITLE = 7.0
KEY_LINE = 0.3  # inches, the sample of a line in the key


@dataclass(frozen=True)
class Line:
    """One term in one panel, a value for each period; NaN where there is nothing to draw."""

    style: int
    name: str
    value: Floats
    low: Floats
    high: Floats
    partial: Bools


@dataclass(frozen=True)
class LinePanel:
    """One source: its name, its n, its lines, and the periods in which it has no articles."""

    title: str
    note: str
    lines: Sequence[Line]
    uncovered: Bools


def value_end(panels: Sequence[LinePanel], *, whole: float | None = None) -> float:
    """Choose the top of the shared axis so that one very wide band does not press the lines to the ground.

    It is the highest band, but not more than 1.6 times the highest mark, and never beyond the whole.
    """
    values = _all(panels, "value")
    highs = _all(panels, "high")
    top = float(values.max()) if len(values) else 0.0
    high = float(highs.max()) if len(highs) else top
    end = 1.05 * high if top <= 0 else max(1.12 * top, min(1.02 * high, 1.6 * top))
    if whole is not None:
        end = min(end, whole)
    return end if end > 0 else 1.0


def cut_sentence(panels: Sequence[LinePanel], top: float) -> list[str]:
    """Say so where bands go on above the panels."""
    highs = _all(panels, "high")
    high = float(highs.max()) if len(highs) else 0.0
    return (
        [f"Bands are cut at the top of the panels; the highest reaches {figure_of(high)}."]
        if high > top * 1.000001
        else []
    )


def _all(panels: Sequence[LinePanel], what: str) -> Floats:
    parts = [np.asarray(getattr(line, what)) for panel in panels for line in panel.lines]
    joined = np.concatenate(parts) if parts else np.zeros(0)
    return joined[np.isfinite(joined)]


def line_figure(
    panels: Sequence[LinePanel],
    periods: Periods,
    *,
    top: float,
    ylabel: str,
    caption: str,
    title: str | None,
    column: Column,
    names: Sequence[str],
    end_words: tuple[str, str] | None = None,
    reference: float | None = None,
    marks: bool = True,
    above: float = 0.0,
    name_ends: bool = True,
) -> Figure:
    """Lay out the panels in rows. With several `names` a key stands above and each row's last panel names its lines.

    `end_words` are written right of the panels at the top and at the bottom instead, for an axis between two terms. Without
    `marks` the lines have none; without `name_ends` only the key names them. `above` is room in inches that is left free over each panel.
    """
    width = width_of(column)
    across = min(len(panels), 3 if column == "double" else 2)
    plot_height = 0.85 if len(panels) > 1 else (1.9 if column == "double" else 1.4)
    labels = _end_labels(names, plot_height) if end_words is None and name_ends else []
    words = [wrapped(word, 1.05, LABEL) for word in end_words] if end_words else []
    right = max((text_width(label, LABEL) for label in [*labels, *words]), default=0.0)
    right += 0.14 if right else 0.04

    ticks = [float(t) for t in MaxNLocator(3, steps=[1, 2, 2.5, 5, 10]).tick_values(0, top) if 0 <= t <= top * 1.001]
    tick_labels = [f"{t:,.10g}" for t in ticks]
    left = MARGIN + max(text_width(t, LABEL) for t in tick_labels) + 0.08
    gap = 0.16
    plot_width = (width - left - right - MARGIN - (across - 1) * gap) / across

    head = wrapped(title, width - 2 * MARGIN, HEAD, bold=True) if title else ""
    caption = wrapped_caption(caption, width - 2 * MARGIN)
    titles = [wrapped(p.title, plot_width, _TITLE, bold=True) if p.title else "" for p in panels]
    notes = [wrapped(p.note, plot_width, NOTE) if p.note else "" for p in panels]
    grid = [range(start, min(start + across, len(panels))) for start in range(0, len(panels), across)]
    title_heights = [
        max(
            (text_height(n_lines(titles[i]), _TITLE) if titles[i] else 0.0)
            + (text_height(n_lines(notes[i]), NOTE) if notes[i] else 0.0)
            for i in line
        )
        + 0.05
        + above
        for line in grid
    ]
    y = MARGIN
    head_top = y
    y += text_height(n_lines(head), HEAD) + 0.06 if head else 0.0
    key_top = y
    ylabel = wrapped(ylabel, width - 2 * MARGIN, LABEL)
    key_names = [wrapped(name, width - 2 * MARGIN - KEY_LINE - 0.05, LABEL, most=1) for name in names]
    key_names = key_names if len(names) > 1 and end_words is None else []
    places, key_height = key_places(key_names, ylabel, width)
    y += key_height + 0.07
    tops = []
    for height in title_heights:
        tops.append(y)
        y += height + plot_height + 0.1
    at, date_labels = date_ticks(periods, max(2, int(plot_width / 0.42)))
    y += text_height(max(n_lines(label) for label in date_labels), LABEL) + 0.04
    caption_top = y
    figure = new_picture(width, y + text_height(n_lines(caption), CAPTION) + MARGIN)

    if head:
        write(figure, MARGIN, head_top, head, size=HEAD, weight="bold", gid="title")
    write(figure, MARGIN, key_top, ylabel, size=LABEL, gid="ylabel")
    for (x, line_top), (index, name) in zip(places, enumerate(key_names), strict=True):
        key_sample(figure, x, key_top + line_top, index)
        write(figure, x + KEY_LINE + 0.05, key_top + line_top, name, size=LABEL, gid=f"key-{index}")

    for line, line_top, title_height in zip(grid, tops, title_heights, strict=True):
        for position, index in enumerate(line):
            panel = panels[index]
            x = left + position * (plot_width + gap)
            axes = place(figure, x, line_top + title_height, plot_width, plot_height)
            axes.set_gid(f"panel-{index}")
            axes.set_label(panel.title)
            axes.set_xlim(float(periods.left[0]), float(periods.right[-1]))
            axes.set_ylim(0, top)
            axes.set_yticks(ticks, tick_labels if position == 0 else [""] * len(ticks))
            last = index + across >= len(panels)
            axes.set_xticks(at, date_labels if last else [""] * len(at))
            axes.grid(axis="y")
            if position > 0:
                axes.spines["left"].set_visible(False)
                axes.tick_params(axis="y", length=0)
            if reference is not None:
                axes.axhline(reference, color=MUTED, linewidth=0.6, linestyle=(0, (1, 2)), zorder=1)
            _ground(axes, panel.uncovered, periods)
            for drawn in panel.lines:
                x_of_marks = _dodged(periods, [d.style for d in panel.lines], drawn.style, plot_width)
                _draw(axes, drawn, x_of_marks, 0.2 if len(panel.lines) == 1 else 0.15, marks=marks)
            bottom = line_top + title_height - 0.04 - above
            if notes[index]:
                write(figure, x, bottom, notes[index], size=NOTE, va="bottom", color=MUTED, gid=f"note-{index}")
                bottom -= text_height(n_lines(notes[index]), NOTE)
            if titles[index]:
                write(figure, x, bottom, titles[index], size=_TITLE, weight="bold", va="bottom", color=INK)
            if position == len(line) - 1:
                if labels:
                    _name_lines(figure, axes, panel, labels, top, plot_height)
                for word, height, side in zip(words, (0.0, plot_height), ("top", "bottom"), strict=False):
                    write(
                        figure,
                        x + plot_width + 0.08,
                        line_top + title_height + height,
                        word,
                        va=side,
                        color=MUTED,
                    )
    write(figure, MARGIN, caption_top, caption, size=CAPTION, color=MUTED, gid="caption")
    return figure


def _end_labels(names: Sequence[str], plot_height: float) -> list[str]:
    """Wrap the names that stand right of the panels; where they need too much height, shorten them, or leave them out."""
    if len(names) < 2:
        return []
    labels = [wrapped(name, 0.85, LABEL) for name in names]
    if sum(text_height(n_lines(label), LABEL) for label in labels) > plot_height + 0.16:
        labels = [wrapped(name, 0.85, LABEL, most=1) for name in names]
    return labels if len(set(labels)) == len(labels) else []


def key_places(names: Sequence[str], ylabel: str, width: float) -> tuple[list[tuple[float, float]], float]:
    """Return the place of each name in the key, in inches from the left and from its top, and the key's height."""
    x, y = MARGIN + text_width(ylabel, LABEL) + 0.25, text_height(n_lines(ylabel) - 1, LABEL)
    places = []
    for name in names:
        needed = KEY_LINE + 0.05 + text_width(name, LABEL)
        if x + needed > width - MARGIN and x > MARGIN:
            x, y = MARGIN, y + text_height(1, LABEL) + 0.02
        places.append((x, y))
        x += needed + 0.2
    return places, y + text_height(1, LABEL)


def key_sample(figure: Figure, x: float, top: float, index: int) -> None:
    across, down = figure.get_size_inches()
    y = 1 - (top + text_height(1, LABEL) * 0.42) / down
    figure.add_artist(
        Line2D(
            [x / across, (x + KEY_LINE / 2) / across, (x + KEY_LINE) / across],
            [y, y, y],
            color=PALETTE[index],
            linestyle=LINES[index],
            marker=MARKERS[index],
            markevery=[1],
            markeredgecolor=edge(index),
            markeredgewidth=0.6,
        )
    )


def edge(index: int) -> str:
    """Return the colour of a mark's rim: pale colours get a dark one."""
    return INK if index in (1, 3, 5) else PALETTE[index]


def _runs(flags: Bools) -> list[tuple[int, int]]:
    """Return the runs of true flags as first and last position."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _ground(axes: Axes, uncovered: Bools, periods: Periods) -> None:
    for first, last in _runs(uncovered):
        axes.axvspan(
            float(periods.left[first]),
            float(periods.right[last]),
            facecolor=GROUND,
            edgecolor="#c4c4c4",
            hatch="/////",
            linewidth=0.0,
            zorder=0.4,
            gid=f"{axes.get_gid()}-uncovered-{first}",
        )


def _dodged(periods: Periods, styles: Sequence[int], style: int, plot_width: float) -> Floats:
    """Return where a term's marks stand: a hair side by side within the period, so that two zeros are both seen."""
    hair = 0.035 / plot_width * float(periods.right[-1] - periods.left[0])  # inches, as time
    step = np.minimum(hair, min(0.3, 0.6 / max(1, len(styles) - 1)) * (periods.right - periods.left))
    return periods.middle + (styles.index(style) - (len(styles) - 1) / 2) * step


def _draw(axes: Axes, line: Line, x: Floats, band: float, *, marks: bool) -> None:
    """Draw one term: its band of that opacity, its line and its marks. Lines and bands break where there is no value."""
    colour, marker = PALETTE[line.style], MARKERS[line.style]
    name = f"{axes.get_gid()}-line-{line.style}"
    there = np.isfinite(line.value)
    for first, last in _runs(there & np.isfinite(line.low) & np.isfinite(line.high)):
        part = slice(first, last + 1)
        if first == last:
            # a band needs two periods; a lone one has an interval
            low, top = float(line.low[first]), axes.get_ylim()[1]
            high = min(float(line.high[first]), top)
            axes.plot(
                [x[first], x[first]],
                [low, high],
                color=colour,
                alpha=0.6,
                linewidth=0.8,
                zorder=2,
                gid=f"{name}-lone",
            )
            ends = [("_", low), ("_" if line.high[first] <= top else "^", high)]  # so that it is no rule
            for end, y in ends:
                size = 4.5 if end == "_" else 3.2
                axes.plot(
                    [x[first]],
                    [y],
                    color=colour,
                    marker=end,
                    markersize=size,
                    clip_on=False,
                    zorder=2,
                    gid=f"{name}-end",
                )
        else:
            axes.fill_between(
                x[part], line.low[part], line.high[part], color=colour, alpha=band, linewidth=0, zorder=1.5
            )
    for first, last in _runs(there):
        # a stretch that ends in a partial period is drawn thin
        for i in range(first, last):
            thin = bool(line.partial[i] or line.partial[i + 1])
            if not thin and i > first and not (line.partial[i - 1] or line.partial[i]):
                continue  # inside a longer full stretch that has been drawn
            stop = i + 1
            while not thin and stop < last and not line.partial[stop + 1]:
                stop += 1
            axes.plot(
                x[i : stop + 1],
                line.value[i : stop + 1],
                color=colour,
                linestyle=LINES[line.style],
                linewidth=0.6 if thin else 1.1,
                alpha=0.7 if thin else 1.0,
                zorder=3,
                clip_on=False,
            )
    if not marks:
        return
    size = 3.4 if len(x) <= 24 else 2.6 if len(x) <= 60 else 1.8
    full, partial = there & ~line.partial, there & line.partial
    for which, some, face, rim in (
        ("full", full, colour, edge(line.style)),
        ("partial", partial, "white", edge(line.style)),
    ):
        if some.any():
            axes.plot(
                x[some],
                line.value[some],
                linestyle="none",
                marker=marker,
                markersize=size,
                markerfacecolor=face,
                markeredgecolor=rim,
                markeredgewidth=0.5 if which == "full" else 0.9,
                clip_on=False,
                zorder=4,
                gid=f"{name}-{which}",
            )


def _name_lines(
    figure: Figure,
    axes: Axes,
    panel: LinePanel,
    labels: Sequence[str],
    top: float,
    plot_height: float,
) -> None:
    """Write each term's name right of the panel, at the height where its line ends, moved apart where they meet."""
    ends: list[tuple[int, float]] = []
    for line in panel.lines:
        there = np.flatnonzero(np.isfinite(line.value))
        if len(there):
            ends.insert(0, (line.style, float(line.value[there[-1]])))  # so that of equals the first stands on top
    if not ends:
        return
    box = axes.get_position()
    across, down = figure.get_size_inches()
    heights = [text_height(n_lines(labels[i]), LABEL) for i, _ in ends]
    wanted = [min(value / top, 1.0) * plot_height for _, value in ends]
    placed = spread(wanted, heights, -0.08, plot_height + 0.08)
    for (index, _), y in zip(ends, placed, strict=True):
        x = box.x1 * across + 0.04
        bottom = (1 - box.y0) * down
        figure.add_artist(
            Line2D(
                [(x + 0.035) / across],
                [1 - (bottom - y) / down],
                linestyle="none",
                marker=MARKERS[index],
                markersize=3.0,
                markerfacecolor=PALETTE[index],
                markeredgecolor=edge(index),
                markeredgewidth=0.5,
            )
        )
        write(figure, x + 0.09, bottom - y, labels[index], va="center", gid=f"{axes.get_gid()}-name-{index}")


def missing(n: int) -> Floats:
    """Return `n` times NaN."""
    return np.full(n, math.nan)
