"""Own the figure whose rows share their labels: a specification of rows, marks and numbers, and the one function that draws it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from toolkit.figures import sheets, wording
from toolkit.figures.inputs import Cells, Row
from toolkit.figures.keys import Entry
from toolkit.figures.paper import (
    FAINT,
    INK,
    LABEL,
    MARGIN,
    MUTED,
    NOTE,
    TITLE,
    Column,
    n_lines,
    place,
    text_height,
    text_width,
    widest_word,
    width_of,
    wrapped,
    write,
)
from toolkit.figures.signs import (
    NONE,
    Meaning,
    Meanings,
    Sign,
    Signs,
    arrow,
    entries,
    interval_colour,
    look,
    sentences,
    signs_of,
)

PAGE = 9.0  # inches, the height of a journal's page between its margins
_SLACK = 1e-9  # of the axis, by which a mark may lie beyond its end

Floats = NDArray[np.float64]
Ticks = Callable[["Axis", float], Mapping[float, str]]


@dataclass(frozen=True)
class Mark:
    """One mark in the unit of the axis: its value, the ends of its interval, its signs, and a second value, drawn as a cross."""

    value: float
    low: float = math.nan
    high: float = math.nan
    signs: Signs = NONE
    style: int = 0
    cross: float = math.nan


@dataclass(frozen=True)
class Numbers:
    """A column of texts, one for each row, under its header."""

    header: str
    texts: Sequence[str]


@dataclass(frozen=True)
class Panel:
    """One panel: its title, a mark for each row (None where there is nothing to draw), and the numbers right of it."""

    title: str = ""
    marks: Sequence[Mark | None] = ()
    numbers: Sequence[Numbers] = ()


@dataclass(frozen=True)
class Axis:
    """The axis that all panels share.

    Attributes
    ----------
    low, high : float
        Where it ends.
    label : str
        What it counts, with the unit.
    ticks : callable, optional
        Given the axis and its length in inches, what is written where; by default round numbers.
    ends : (str, str), optional
        Words over its two ends.
    rule, dotted : float, bool
        Where an upright rule stands, if anywhere, and whether it is dotted.
    format : str, optional
        How a value beyond the axis is written in the caption; without it none is.
    reach : bool
        Whether the caption says how far the intervals go that leave the axis.
    """

    low: float
    high: float
    label: str
    ticks: Ticks | None = None
    ends: tuple[str, str] | None = None
    rule: float | None = None
    dotted: bool = False
    format: str = "{:.0f}"
    reach: bool = False


@dataclass(frozen=True)
class Rows:
    """All that a figure of rows shows.

    Attributes
    ----------
    labels : sequence of str
        The names of the rows.
    panels : sequence of Panel
        Side by side, at most `across` of them.
    axis : Axis
        What all panels share.
    opening, closing : sequence of str
        The sentences of the caption before and after those that say what the signs are.
    meanings : mapping of Sign to Meaning
        What signs stand for here. Key and caption name those that occur, so more can be given than do.
    key : sequence of Entry
        What else the key explains.
    headings : mapping of int to str
        Titles over the rows of these positions.
    numbers : Numbers, optional
        A column between labels and panels.
    paint : callable, optional
        Draws more than marks: given the axes, the number of the panel and the heights of the rows.
    across : int
        How many panels stand side by side at most.
    pad, label_cap : float, optional
        Inches between two labels, and the most that the column of labels takes.
    """

    labels: Sequence[str]
    panels: Sequence[Panel]
    axis: Axis
    opening: Sequence[str] = ()
    closing: Sequence[str] = ()
    meanings: Meanings = field(default_factory=dict)
    key: Sequence[Entry] = ()
    headings: Mapping[int, str] = field(default_factory=dict)
    numbers: Numbers | None = None
    paint: Callable[[Axes, int, Floats], None] | None = None
    across: int = 1
    pad: float = 0.075
    label_cap: float | None = None


def draw_rows(rows: Rows, *, title: str | None, column: Column) -> Figure:
    """Draw a figure of rows: labels left, panels with their marks, numbers right, the key above, the caption below."""
    width = width_of(column)
    axis = rows.axis
    meanings = {**_arrows(rows), **rows.meanings}
    used = _signs_used(rows)

    # columns: labels and their numbers, then for each panel the plot and its numbers
    label_cap = rows.label_cap or (1.15 if column == "single" else 2.1)
    labels = [wrapped(label, label_cap, LABEL) for label in rows.labels]
    label_width = max(text_width(label, LABEL) for label in labels) + 0.07
    left_numbers = [rows.numbers] if rows.numbers else []
    left_widths, left_heads = _number_columns(left_numbers, column)
    number_widths, heads = _panel_columns(rows.panels, column)
    right = sum(number_widths)
    gap = 0.2 if right else 0.28

    # as few lines of panels as the width allows, and these as even as can be
    across = math.ceil(len(rows.panels) / math.ceil(len(rows.panels) / rows.across))
    widest = widest_word([panel.title for panel in rows.panels], TITLE, bold=True)
    left = MARGIN + label_width + sum(left_widths)
    while True:
        plot_width = (width - left - 0.14 - across * right - (across - 1) * gap) / across
        title_width = plot_width + right + 0.08  # it may reach a little into the gap
        if across == 1 or (plot_width >= 0.8 and widest <= title_width):
            break
        across -= 1
    grid = [range(start, min(start + across, len(rows.panels))) for start in range(0, len(rows.panels), across)]

    # heights: each row is as high as its label, and a heading stands over its first row
    headings = {i: wrapped(text, width - 2 * MARGIN, TITLE, bold=True) for i, text in rows.headings.items()}
    ys, heading_tops, plot_height = _row_places(labels, headings, rows.pad)
    titles = [wrapped(panel.title, title_width, TITLE, bold=True) if panel.title else "" for panel in rows.panels]
    title_heights = [max(text_height(n_lines(titles[i]), TITLE) if titles[i] else 0.0 for i in line) for line in grid]
    ends = [wrapped(text, plot_width / 2 - 0.04, NOTE) for text in axis.ends or ()]
    header_lines = max((n_lines(text) for text in (*heads, *left_heads, *ends) if text), default=0)
    header_height = text_height(header_lines, NOTE) + 0.03 if header_lines else 0.0

    # from the top down: the lines of panels, the label of the axis, the caption
    caption = " ".join([*rows.opening, *sentences(used, meanings), *rows.closing])
    sheet = sheets.plan(column, title, caption, [*rows.key, *entries(used, meanings)])
    xlabel = wrapped(axis.label, width - left - MARGIN, LABEL)
    top = sheet.top
    tops = []
    for title_height in title_heights:
        tops.append(top)
        top += title_height + header_height + plot_height + text_height(1, LABEL) + 0.17
    xlabel_top = top - 0.12
    figure = sheets.begin(sheet, xlabel_top + text_height(n_lines(xlabel), LABEL) + 0.08)

    for line, line_top, title_height in zip(grid, tops, title_heights, strict=True):
        plot_top = line_top + title_height + header_height

        # what the panels of a line share
        for i, heading in headings.items():
            write(figure, MARGIN, plot_top + heading_tops[i], heading, size=TITLE, weight="bold", color=INK)
        for y, label in zip(ys, labels, strict=True):
            write(figure, MARGIN + label_width - 0.07, plot_top + float(y), label, ha="right", va="center", color=INK)
        _write_numbers(figure, left_numbers, left_heads, [left - 0.09], plot_top, ys)

        for position, index in enumerate(line):
            panel = rows.panels[index]
            x = left + position * (plot_width + right + gap)
            axes = place(figure, x, plot_top, plot_width, plot_height)
            axes.set_gid(f"panel-{index}")
            axes.set_label(panel.title)
            _prepare(axes, axis, plot_height, plot_width)
            paint_marks(axes, ys, panel.marks, axis)
            if rows.paint is not None:
                rows.paint(axes, index, ys)

            if titles[index]:
                bottom = line_top + title_height
                write(figure, x, bottom, titles[index], size=TITLE, weight="bold", va="bottom", color=INK)
            for at, side, words in zip((x, x + plot_width), ("left", "right"), ends, strict=False):
                write(figure, at, plot_top - 0.02, words, size=NOTE, ha=side, va="bottom", color=MUTED)
            stops = [x + plot_width + float(end) for end in np.cumsum(number_widths)]
            panel_heads = heads if panel.numbers else []
            _write_numbers(figure, panel.numbers, panel_heads, stops, plot_top, ys)

    write(figure, left, xlabel_top, xlabel, size=LABEL, gid="xlabel")
    return figure


def _signs_used(rows: Rows) -> set[Sign]:
    """Return the signs of all marks, and the arrowheads that the axis gives them."""
    used: set[Sign] = set()
    for mark in marks_of(rows.panels):
        used |= mark.signs
        names = [name for name, _, _ in _shapes(mark, rows.axis)]
        used |= signs_of(
            beyond=any(name.startswith("beyond") for name in names),
            outside=any(name.startswith("outside") for name in names),
        )
    if any(label.endswith("\N{NO-BREAK SPACE}?") for label in (*rows.labels, *(panel.title for panel in rows.panels))):
        used.add(Sign.UNSTABLE)
    return used


def _outside(mark: Mark, axis: Axis) -> bool:
    """Whether the mark itself lies beyond the axis; one without end, as the ratio to nothing, is a sign of its own."""
    slack = _SLACK * (axis.high - axis.low)
    return math.isfinite(mark.value) and not axis.low - slack <= mark.value <= axis.high + slack


def _arrows(rows: Rows) -> Meanings:
    """Say what the arrowheads are, how far the intervals go, and which marks lie beyond the axis."""
    axis = rows.axis
    inside = [mark for mark in marks_of(rows.panels) if not _outside(mark, axis)]
    farthest = max((abs(end) for mark in inside for end in (mark.low, mark.high) if math.isfinite(end)), default=0.0)
    reach = f"the interval goes on, up to {wording.figure_of(farthest)}" if axis.reach else "the interval goes on"

    beyond = [
        (label, mark.value)
        for panel in rows.panels
        for label, mark in zip(rows.labels, panel.marks, strict=False)
        if mark is not None and _outside(mark, axis)
    ]
    beyond.sort(key=lambda pair: -abs(pair[1]))
    named = ", ".join(f"{label} {axis.format.format(value)}" for label, value in beyond[:4])
    more = f" and {len(beyond) - 4:,} more" if len(beyond) > 4 else ""
    return {
        Sign.BEYOND: Meaning("the interval goes on", reach),
        Sign.OUTSIDE: Meaning("beyond the axis", f"beyond the axis ({named}{more})"),
    }


def _number_columns(numbers: Sequence[Numbers], column: Column) -> tuple[list[float], list[str]]:
    """Return the width of each column of numbers, and its header, wrapped."""
    cap = 0.75 if column == "single" else 1.2
    widths, heads = [], []
    for each in numbers:
        widest = max((text_width(text, NOTE) for text in each.texts), default=0.0)
        head = wrapped(each.header, max(widest, cap), NOTE)
        heads.append(head)
        widths.append(max(widest, text_width(head, NOTE)) + 0.1)
    return widths, heads


def _panel_columns(panels: Sequence[Panel], column: Column) -> tuple[list[float], list[str]]:
    """Return widths and headers of the numbers right of each panel: the same for all, so that panels align."""
    with_numbers = [panel.numbers for panel in panels if panel.numbers]
    if not with_numbers:
        return [], []
    measured = [_number_columns(numbers, column) for numbers in with_numbers]
    widths = [max(each) for each in zip(*(widths for widths, _ in measured), strict=True)]
    return widths, measured[0][1]


def _row_places(
    labels: Sequence[str], headings: Mapping[int, str], pad: float
) -> tuple[Floats, dict[int, float], float]:
    """Return the middle of each row and the top of each heading in inches from the top, and the height of all."""
    at, ys, tops = 0.0, [], {}
    for i, label in enumerate(labels):
        if i in headings:
            tops[i] = at + (0.06 if at else 0.0)
            at = tops[i] + text_height(n_lines(headings[i]), TITLE) + 0.04
        height = text_height(n_lines(label), LABEL) + pad
        ys.append(at + height / 2)
        at += height
    return np.array(ys), tops, at


def _write_numbers(
    figure: Figure,
    numbers: Sequence[Numbers],
    heads: Sequence[str],
    stops: Sequence[float],
    plot_top: float,
    ys: Floats,
) -> None:
    """Write columns of numbers that end at `stops` inches from the left; words in place of a number are slanted."""
    for each, head, stop in zip(numbers, heads, stops, strict=False):
        write(figure, stop, plot_top - 0.02, head, size=NOTE, ha="right", va="bottom", color=MUTED)
        for y, text in zip(ys, each.texts, strict=True):
            slant = "italic" if text.startswith("no ") else "normal"
            write(figure, stop, plot_top + float(y), text, size=NOTE, ha="right", va="center", color=MUTED, style=slant)


def _prepare(axes: Axes, axis: Axis, height: float, width: float) -> None:
    """Set up the axes of one panel: its ends, ticks, grid, and rule."""
    axes.set_xlim(axis.low, axis.high)
    axes.set_ylim(height, 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")

    ticks = axis.ticks(axis, width) if axis.ticks else rounded(axis, width)
    axes.set_xticks(list(ticks), list(ticks.values()))
    if axis.rule is not None:
        colour, line = (MUTED, (0, (1, 2))) if axis.dotted else (INK, "-")
        axes.axvline(axis.rule, color=colour, linewidth=0.7, linestyle=line, zorder=1, gid=axes_gid(axes, "rule"))


def rounded(axis: Axis, width: float) -> dict[float, str]:
    """Return as many round numbers as the axis has room for."""
    room = max(text_width(f"{end:,.0f}", LABEL) for end in (axis.low, axis.high)) + 0.16
    locator = MaxNLocator(max(2, min(8, int(width / room))), steps=[1, 2, 2.5, 5, 10])
    slack = _SLACK * (axis.high - axis.low)
    inside = [float(x) for x in locator.tick_values(axis.low, axis.high) if axis.low - slack <= x <= axis.high + slack]
    return {x: f"{x:,.10g}".replace("-", "−") if x else "0" for x in inside}


def unsigned(axis: Axis, width: float) -> dict[float, str]:
    """Return round numbers without their sign, for an axis that names its two sides."""
    return {x: text.removeprefix("−") for x, text in rounded(axis, width).items()}


def quarters(axis: Axis, width: float) -> dict[float, str]:
    """Return 0, 25, 50, 75 and 100, or every second of them where room is short."""
    step = 25 if width > 5 * (text_width("100", LABEL) + 0.06) else 50
    return {float(x): str(x) for x in range(0, 101, step)}


def doublings(axis: Axis, width: float) -> dict[float, str]:
    """Return powers of two on an axis of binary logarithms, written as how many times: 1/4, 1/2, 1, 2, 4."""
    low, high = math.ceil(axis.low), math.floor(axis.high)
    for step in (1, 2, 3, 4, 5, 10, 20, 50):
        powers = [k for k in range(low, high + 1) if k % step == 0]
        texts = [f"{2**k:,}" if k >= 0 else f"1/{2**-k:,}" for k in powers]
        widest = max((text_width(text, LABEL) for text in texts), default=0.0)
        if widest + 0.08 <= step * width / (axis.high - axis.low):
            break
    return dict(zip(map(float, powers), texts, strict=True))


def paint_marks(axes: Axes, ys: Sequence[float] | Floats, marks: Sequence[Mark | None], axis: Axis) -> None:
    """Draw the marks of one panel with their intervals and signs; what goes beyond the axis is an arrowhead at its end."""
    drawn = [(float(y), mark) for y, mark in zip(ys, marks, strict=False) if mark is not None]
    if not drawn:
        return
    low, high = axis.low, axis.high
    axes.hlines([y for y, _ in drawn], low, high, color=FAINT, linewidth=0.5, zorder=0.5, gid=axes_gid(axes, "guides"))

    # intervals, cut at the ends of the axis; one that lies wholly beyond it has none
    known = [(y, mark) for y, mark in drawn if not math.isnan(mark.low) and not math.isnan(mark.high)]
    spans = [(y, mark) for y, mark in known if mark.low < high and mark.high > low]
    intervals = axes.hlines(
        [y for y, _ in spans],
        [max(mark.low, low) for _, mark in spans],
        [min(mark.high, high) for _, mark in spans],
        color=[interval_colour(mark.signs, mark.style) for _, mark in spans],
        linewidth=1.3,
        zorder=2,
        gid=axes_gid(axes, "intervals"),
    )
    intervals.set_clip_on(False)

    # marks of one look are one artist, named for its signs
    artists: dict[str, tuple[dict[str, Any], list[tuple[float, float]]]] = {}
    for y, mark in drawn:
        for name, settings, x in _shapes(mark, axis):
            prefix = f"{mark.style}-" if mark.style else ""
            artists.setdefault(prefix + name, (settings, []))[1].append((x, y))
    for name, (settings, points) in artists.items():
        xs, heights = zip(*points, strict=True)
        axes.plot(xs, heights, clip_on=False, zorder=3, gid=axes_gid(axes, name), **settings)


def _shapes(mark: Mark, axis: Axis) -> list[tuple[str, dict[str, Any], float]]:
    """Return what is drawn for one mark besides its interval: name, look and place of each shape."""
    slack = _SLACK * (axis.high - axis.low)
    suffix = "".join(f"-{sign.name.lower()}" for sign in Sign if sign in mark.signs)
    sides: Sequence[tuple[str, float, bool]] = (
        ("left", axis.low, mark.low < axis.low - slack),
        ("right", axis.high, mark.high > axis.high + slack),
    )
    shapes = []

    if _outside(mark, axis):
        side, end = ("left", axis.low) if mark.value < axis.low else ("right", axis.high)
        return [(f"outside-{side}{suffix}", arrow(side, mark.signs, mark.style, double=True), end)]
    if math.isinf(mark.value):
        side, end = ("left", axis.low) if mark.value < 0 else ("right", axis.high)
        shapes.append((f"endless-{side}{suffix}", arrow(side, mark.signs, mark.style), end))
        sides = tuple(each for each in sides if each[0] != side)
    else:
        shapes.append((f"dots{suffix}", look(mark.signs, mark.style), mark.value))

    for side, end, goes_on in sides:
        if goes_on:
            pale = mark.signs & {Sign.PALE}
            shapes.append((f"beyond-{side}{'-pale' if pale else ''}", arrow(side, pale, mark.style), end))
    if not math.isnan(mark.cross):
        cross = {"linestyle": "none", "marker": "x", "markersize": 4.2, "markeredgecolor": INK, "markeredgewidth": 0.9}
        shapes.append(("crosses", cross, mark.cross))
    return shapes


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


def axis_end(marks: Sequence[Mark | None], *, whole: float | None = None) -> float:
    """Choose where an axis from zero ends, so that one very wide interval does not press all marks against zero.

    The end is the highest interval, but not more than 2.5 times the highest mark, and never beyond the whole.
    """
    values = [mark.value for mark in marks if mark is not None and math.isfinite(mark.value)]
    highs = [mark.high for mark in marks if mark is not None and math.isfinite(mark.high)]
    top = max(values, default=0.0)
    high = max(highs, default=top)

    end = 1.02 * high if top <= 0 else max(1.1 * top, min(1.02 * high, 2.5 * top))
    if whole is not None:
        end = min(end, whole)
    return end if end > 0 else 1.0


def axis_reach(marks: Sequence[Mark | None], *, least: float = 0.0, most: float = math.inf) -> float:
    """Choose how far an axis reaches to both sides of zero: to the farthest interval, but not past 2.5 times the farthest mark."""
    known = [mark for mark in marks if mark is not None]
    value = max((abs(mark.value) for mark in known if math.isfinite(mark.value)), default=0.0)
    ends = (abs(end) for mark in known for end in (mark.low, mark.high) if math.isfinite(end))
    farthest = max(ends, default=value)

    reach = max(1.1 * value, min(1.05 * farthest, 2.5 * value if value else farthest), least)
    return min(reach, most) or 1.0


def clear_sentence(marks: Iterable[Mark | None], how: str) -> list[str]:
    """Say that all marks are significant where none is pale, so that no key says what that would mean."""
    return [] if any(mark and Sign.PALE in mark.signs for mark in marks) else [f"All marks: {how}."]


def panels_of(
    cells: Cells, mark: Callable[[Row], Mark | None], header: str, note: Callable[[Row | None], str]
) -> tuple[list[str], list[Panel]]:
    """Return labels and panels of a table by term: a panel for each term, or one panel whose rows are the terms."""
    marks = {key: mark(row) for key, row in cells.at.items()}
    terms = [wording.quoted(term) for term in cells.kinds]
    panels = [
        Panel(title, [marks.get(key) for key in keys], [Numbers(header, [note(cells.at.get(key)) for key in keys])])
        for title, keys in zip(terms if cells.by else [""], cells.panels, strict=True)
    ]
    return (cells.rows if cells.by else terms), panels


def marks_of(panels: Sequence[Panel]) -> list[Mark]:
    """Return all marks of some panels."""
    return [mark for panel in panels for mark in panel.marks if mark is not None]
