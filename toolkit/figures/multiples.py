"""Own small multiples over time: a panel for each source, lines with bands, gaps where nothing was covered."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from toolkit.figures import sheets, wording
from toolkit.figures.keys import Entry
from toolkit.figures.paper import (
    INK,
    LABEL,
    LINES,
    MARGIN,
    MARKERS,
    MUTED,
    NOTE,
    PALETTE,
    TITLE,
    Column,
    n_lines,
    place,
    spread,
    text_height,
    text_width,
    width_of,
    wrapped,
    write,
)
from toolkit.figures.periods import Periods, date_ticks
from toolkit.figures.signs import Meanings, Sign, Signs, arrow, edge, entries, hatched, look, sentences, signs_of

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Line:
    """One term in one panel: a value for each period, NaN where there is nothing to draw, and its flags.

    A line is thin beside periods that are partial or of few stories, and does not go through those that stand `alone`.
    """

    style: int
    name: str
    value: Floats
    low: Floats
    high: Floats
    zero: Bools | None = None
    partial: Bools | None = None
    few: Bools | None = None
    alone: Bools | None = None

    def flag(self, name: str) -> Bools:
        """Return where a value is there and the flag of that name is set."""
        flags = getattr(self, name)
        there = np.isfinite(self.value)
        return there & flags if flags is not None else np.zeros(len(there), dtype=bool)

    def signs(self, i: int) -> Signs:
        """Return the signs of the mark of period `i`."""
        return signs_of(**{name: self.flag(name)[i] for name in ("zero", "partial", "few")})


@dataclass(frozen=True)
class LinePanel:
    """One source: its name, its n, its lines, and the periods in which it has no articles."""

    title: str
    note: str
    lines: Sequence[Line]
    uncovered: Bools


def unflagged(panels: Sequence[LinePanel], *names: str) -> list[LinePanel]:
    """Return the panels with lines that lack the flags of these names."""
    without: dict[str, Any] = dict.fromkeys(names)
    return [replace(panel, lines=[replace(line, **without) for line in panel.lines]) for panel in panels]


def on_periods(periods: Periods, cells: pd.DataFrame, names: Sequence[str], factor: float = 1.0) -> list[Floats]:
    """Return columns of `cells`, times a factor, with a value for each period: NaN where the table has no row."""
    position = {start: i for i, start in enumerate(periods.starts)}
    at = np.array([position[start] for start in cells["period"]], dtype=int)
    columns = []
    for name in names:
        values = np.full(len(periods), math.nan)
        values[at] = cells[name].to_numpy(dtype=float) * factor
        columns.append(values)
    return columns


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
        [f"Bands are cut at the top of the panels; the highest reaches {wording.figure_of(high)}."]
        if high > top * 1.000001
        else []
    )


def _all(panels: Sequence[LinePanel], what: str) -> Floats:
    parts = [np.asarray(getattr(line, what)) for panel in panels for line in panel.lines]
    joined = np.concatenate(parts) if parts else np.zeros(0)
    return joined[np.isfinite(joined)]


def draw_lines(
    panels: Sequence[LinePanel],
    periods: Periods,
    *,
    top: float,
    ylabel: str,
    opening: Sequence[str],
    closing: Sequence[str],
    meanings: Meanings,
    title: str | None,
    column: Column,
    names: Sequence[str],
    end_words: tuple[str, str] | None = None,
    reference: float | None = None,
    points: Sequence[LinePanel] | None = None,
    above: float = 0.0,
    name_ends: bool = True,
) -> Figure:
    """Lay out the panels in rows. With several `names` a key stands above and each row's last panel names its lines.

    `opening` and `closing` are the sentences of the caption before and after those that say what the signs are; `meanings` says what
    these stand for here. `end_words` are written right of the panels at the top and at the bottom instead, for an axis between two
    terms. With `points` the marks are theirs, and the lines have none; without `name_ends` only the key names the lines. `above` is
    room in inches that is left free over each panel.
    """
    width = width_of(column)
    across = min(len(panels), 3 if column == "double" else 2)
    plot_height = 0.9 if len(panels) > 1 else (1.9 if column == "double" else 1.4)
    marked = panels if points is None else points
    used = _signs_used(panels, marked, top)

    # columns: the ticks, the panels, and right of them names of lines or words at the ends of the axis
    labels = _end_labels(names, plot_height) if end_words is None and name_ends else []
    words = [wrapped(word, 1.05, LABEL) for word in end_words] if end_words else []
    right = max((text_width(label, LABEL) for label in [*labels, *words]), default=0.0)
    right += 0.14 if right else 0.04
    ticks = [float(t) for t in MaxNLocator(3, steps=[1, 2, 2.5, 5, 10]).tick_values(0, top) if 0 <= t <= top * 1.001]
    tick_labels = [f"{t:,.10g}" for t in ticks]
    left = MARGIN + max(text_width(t, LABEL) for t in tick_labels) + 0.08
    gap = 0.16
    plot_width = (width - left - right - MARGIN - (across - 1) * gap) / across

    # from the top down: the label of the axis with the key, the rows of panels, dates, caption
    titles = [wrapped(panel.title, plot_width, TITLE, bold=True) if panel.title else "" for panel in panels]
    notes = [wrapped(panel.note, plot_width, NOTE) if panel.note else "" for panel in panels]
    grid = [range(start, min(start + across, len(panels))) for start in range(0, len(panels), across)]
    title_heights = [
        max(
            (text_height(n_lines(titles[i]), TITLE) if titles[i] else 0.0)
            + (text_height(n_lines(notes[i]), NOTE) if notes[i] else 0.0)
            for i in line
        )
        + 0.05
        + above
        for line in grid
    ]
    key = [*_line_entries(names if len(names) > 1 and end_words is None else [], width), *entries(used, meanings)]
    sheet = sheets.plan(column, title, " ".join([*opening, *sentences(used, meanings), *closing]), key, beside=ylabel)
    y = sheet.top
    tops = []
    for height in title_heights:
        tops.append(y)
        y += height + plot_height + 0.1
    at, date_labels = date_ticks(periods, max(2, int(plot_width / (LABEL * 0.065))))
    y += text_height(max(n_lines(label) for label in date_labels), LABEL) + 0.04
    figure = sheets.begin(sheet, y)

    for line, line_top, title_height in zip(grid, tops, title_heights, strict=True):
        for position, index in enumerate(line):
            panel = panels[index]
            x = left + position * (plot_width + gap)
            axes = place(figure, x, line_top + title_height, plot_width, plot_height)
            axes.set_gid(f"panel-{index}")
            axes.set_label(panel.title)
            axes.set_xlim(float(periods.left[0]), float(periods.right[-1]))
            axes.set_ylim(0, top)

            # ticks are shared, and written once for each row and each column of panels
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
            styles = [line.style for line in panel.lines]
            for drawn in panel.lines:
                places = _dodged(periods, styles, drawn.style, plot_width)
                _draw_line(axes, drawn, places, 0.2 if len(panel.lines) == 1 else 0.15)
            for drawn in marked[index].lines:
                places = periods.middle if points is not None else _dodged(periods, styles, drawn.style, plot_width)
                _draw_marks(axes, drawn, places, top)

            bottom = line_top + title_height - 0.04 - above
            if notes[index]:
                write(figure, x, bottom, notes[index], size=NOTE, va="bottom", color=MUTED, gid=f"note-{index}")
                bottom -= text_height(n_lines(notes[index]), NOTE)
            if titles[index]:
                write(figure, x, bottom, titles[index], size=TITLE, weight="bold", va="bottom", color=INK)
            if position == len(line) - 1:
                if labels:
                    _name_lines(figure, axes, panel, labels, top, plot_height)
                for word, height, side in zip(words, (0.0, plot_height), ("top", "bottom"), strict=False):
                    at_height = line_top + title_height + height
                    write(figure, x + plot_width + 0.08, at_height, word, va=side, color=MUTED)

    return figure


def _signs_used(panels: Sequence[LinePanel], marked: Sequence[LinePanel], top: float) -> set[Sign]:
    """Return the signs that occur: on marks, on the ground, in titles and names."""
    lines = [line for panel in marked for line in panel.lines]
    names = [text for panel in panels for text in (panel.title, *(line.name for line in panel.lines))]
    used = signs_of(
        **{name: any(line.flag(name).any() for line in lines) for name in ("zero", "partial", "few")},
        uncovered=any(panel.uncovered.any() for panel in panels),
        unstable=any(name.endswith("\N{NO-BREAK SPACE}?") for name in names),
        outside=any((np.nan_to_num(line.value) > top).any() for line in lines),
    )
    # a partial zero is drawn as partial
    only_partial = all((line.flag("partial") | ~line.flag("zero")).all() for line in lines)
    return set(used - {Sign.ZERO} if only_partial else used)


def _line_entries(names: Iterable[str], width: float) -> list[Entry]:
    """Return a line of the key for each name."""
    return [
        Entry(wrapped(name, width - 2 * MARGIN - 0.35, LABEL, most=1), line=line_look(i), gid=f"key-{i}")
        for i, name in enumerate(names)
    ]


def line_look(style: int) -> Mapping[str, Any]:
    """Return how a line of that style is drawn, with its mark in the middle."""
    return {
        "color": PALETTE[style],
        "linestyle": LINES[style],
        "linewidth": 1.1,
        "marker": MARKERS[style],
        "markersize": 3.6,
        "markevery": [1],
        "markeredgecolor": edge(style),
        "markeredgewidth": 0.6,
    }


def _end_labels(names: Sequence[str], plot_height: float) -> list[str]:
    """Wrap the names that stand right of the panels; where they need too much height, shorten them, or leave them out."""
    if len(names) < 2:
        return []
    labels = [wrapped(name, 0.85, LABEL) for name in names]
    if sum(text_height(n_lines(label), LABEL) for label in labels) > plot_height + 0.16:
        labels = [wrapped(name, 0.85, LABEL, most=1) for name in names]
    return labels if len(set(labels)) == len(labels) else []


def runs(flags: Bools) -> list[tuple[int, int]]:
    """Return the runs of true flags as first and last position."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _ground(axes: Axes, uncovered: Bools, periods: Periods) -> None:
    for first, last in runs(uncovered):
        axes.axvspan(
            float(periods.left[first]),
            float(periods.right[last]),
            zorder=0.4,
            gid=f"{axes.get_gid()}-uncovered-{first}",
            **hatched(),
        )


def _dodged(periods: Periods, styles: Sequence[int], style: int, plot_width: float) -> Floats:
    """Return where a term's marks stand: a hair side by side within the period, so that two zeros are both seen."""
    hair = 0.035 / plot_width * float(periods.right[-1] - periods.left[0])  # inches, as time
    step = np.minimum(hair, min(0.3, 0.6 / max(1, len(styles) - 1)) * (periods.right - periods.left))
    return periods.middle + (styles.index(style) - (len(styles) - 1) / 2) * step


def _draw_line(axes: Axes, line: Line, x: Floats, band: float) -> None:
    """Draw the band of one term, of that opacity, and its line; both break where there is no value, and beside what stands alone."""
    colour = PALETTE[line.style]
    joined = np.isfinite(line.value) & ~line.flag("alone")
    bounded = np.isfinite(line.value) & np.isfinite(line.low) & np.isfinite(line.high)

    # a band needs two periods; a single one has an interval
    in_band = np.zeros(len(x), dtype=bool)
    for first, last in runs(bounded & joined):
        if first == last:
            continue
        part = slice(first, last + 1)
        in_band[part] = True
        axes.fill_between(x[part], line.low[part], line.high[part], color=colour, alpha=band, linewidth=0, zorder=1.5)
    for i in np.flatnonzero(bounded & ~in_band).tolist():
        _draw_interval(axes, line, float(x[i]), float(line.low[i]), float(line.high[i]))

    # stretches between two periods, those beside a weak period thin; equal ones are drawn together
    weak = line.flag("partial") | line.flag("few")
    for first, last in runs(joined):
        thin = [bool(weak[i] or weak[i + 1]) for i in range(first, last)]
        start = first
        for i in range(first, last):
            if i + 1 < last and not thin[i - first] and not thin[i + 1 - first]:
                continue
            axes.plot(
                x[start : i + 2],
                line.value[start : i + 2],
                color=colour,
                linestyle=LINES[line.style],
                linewidth=0.6 if thin[i - first] else 1.1,
                alpha=0.7 if thin[i - first] else 1.0,
                zorder=3,
                clip_on=False,
            )
            start = i + 1


def _draw_interval(axes: Axes, line: Line, x: float, low: float, high: float) -> None:
    """Draw the interval of a single period, with ends that tell it from a rule; an arrow where it goes on above the panel."""
    top = axes.get_ylim()[1]
    name = f"{axes.get_gid()}-line-{line.style}"
    colour, end = PALETTE[line.style], min(high, top)
    axes.plot([x, x], [low, end], color=colour, alpha=0.6, linewidth=0.8, zorder=2, gid=f"{name}-lone")
    for marker, y in (("_", low), ("_" if high <= top else "^", end)):
        axes.plot(
            [x],
            [y],
            color=colour,
            marker=marker,
            markersize=4.5 if marker == "_" else 3.2,
            clip_on=False,
            zorder=2,
            gid=f"{name}-end",
        )


def _draw_marks(axes: Axes, line: Line, x: Floats, top: float) -> None:
    """Draw the marks of one term; one above the panel is a double arrowhead at its top."""
    name = f"{axes.get_gid()}-line-{line.style}"
    size = 3.4 if len(x) <= 24 else 2.6 if len(x) <= 60 else 1.8 if len(x) <= 200 else 1.2

    # marks of one look are one artist, named for its signs
    artists: dict[str, tuple[dict[str, Any], list[int]]] = {}
    for i in np.flatnonzero(np.isfinite(line.value)).tolist():
        signs = line.signs(i)
        if line.value[i] > top * (1 + 1e-9):
            key, settings = "outside", arrow("up", double=True, style=line.style)
        else:
            key = "-".join(sign.name.lower() for sign in Sign if sign in signs) or "full"
            settings = look(signs, line.style, max(size, 2.8) if signs else size)
            settings["markeredgewidth"] = 0.7 if signs else 0.4
        artists.setdefault(key, (settings, []))[1].append(i)

    for key, (settings, at) in artists.items():
        heights = np.minimum(line.value[at], top)
        axes.plot(x[at], heights, clip_on=False, zorder=4, gid=f"{name}-{key}", **settings)


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
