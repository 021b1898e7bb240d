"""Own the map of topics: passages as dots, topics as discs with their names, no two names on each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from toolkit.figures import inputs, sheets, wording
from toolkit.figures.inputs import Row, drawn_from
from toolkit.figures.keys import Entry
from toolkit.figures.paper import (
    INK,
    LABEL,
    LEADING,
    MARGIN,
    MUTED,
    PALETTE,
    Column,
    n_lines,
    place,
    text_width,
    width_of,
    wrapped,
)
from toolkit.figures.signs import Sign, entries, sentences
from toolkit.figures.topic_captions import UNSTABLE, certificate_sentences, is_unstable, topic_names
from toolkit.tables import require
from toolkit.tables.checks import check_at_least

_DOTS = (("o", "#4f7390"), ("^", "#a6a6a6"), ("_", "#707070"), ("o", "#d0bc8a"))  # told apart in grey print, too
_UNSTABLE = "#d9dfe4"
_LARGEST = 0.13  # inches, the radius of the largest disc
_REACH = 0.06  # inches, from which on a name has a line to its topic

Box = tuple[float, float, float, float]


@drawn_from
def plot_topic_map(
    topic_map: pd.DataFrame, *, n_topics: int = 30, title: str | None = None, column: Column = "double"
) -> Figure:
    """Draw passages as dots and topics as discs with their names; what is near is alike.

    The area of a disc is the number of the topic's contexts; that of an unstable topic is pale, with a "?" on it. Dots have four markers, in shades
    that differ in grey print, too, and neighbouring topics have different ones; there are fewer than topics, so names say which is
    which. Names stand beside their discs, moved where they would lie on each other, with a line where they are far.

    Parameters
    ----------
    topic_map : DataFrame
        What ``tk.topic_map`` returns.
    n_topics : int
        How many topics to name, the largest ones.
    title : str, optional
        A title above the figure.
    column : {"double", "single"}
        7.2 or 3.5 inches wide.

    Returns
    -------
    Figure
        A matplotlib figure with one panel; ``figure.framing_table`` is the table that was given.

    Raises
    ------
    FramingError
        If the table has no rows or lacks columns.

    See Also
    --------
    plot_topic_words : The words of each topic.

    Notes
    -----
    The axes have no unit, and distances between far clouds mean nothing. It is a picture to find one's way, not a finding.

    Examples
    --------
    >>> points = pd.DataFrame({
    ...     "context_id": list("abc"), "topic": [0, 0, -1], "label": ["court, judge", "court, judge", "outliers"], "x": [0.0, 1.0, 5.0],
    ...     "y": [0.0, 1.0, 5.0], "topic_x": [0.5, 0.5, None], "topic_y": [0.5, 0.5, None], "n": [2, 2, 1]})
    >>> [text.get_text() for text in plot_topic_map(points).axes[0].texts]
    ['court, judge']
    """
    table = inputs.check_table(topic_map, "topic map")
    require(table, ["context_id", "topic", "label", "x", "y", "topic_x", "topic_y", "n"], "topic map")
    check_at_least("n_topics", n_topics, 1, "how many topics to name")

    names = topic_names(table)
    topics = inputs.records(
        table[table["topic"] >= 0].drop_duplicates("topic").sort_values("n", ascending=False, kind="stable")
    )
    named = topics[:n_topics]

    outliers = int((table["topic"] == -1).sum())
    parts = [
        "A small mark is a passage, a disc a topic at the median of its passages, its area the number of contexts."
    ]
    if len(topics) > 1:
        parts.append("Topics beside each other have different marks.")
    used = [Sign.UNSTABLE] if any(is_unstable(topic.get("stable")) for topic in topics) else []
    meanings = {Sign.UNSTABLE: UNSTABLE}
    parts += [*sentences(used, meanings), *certificate_sentences(table)]
    if outliers:
        parts.append(f"Crosses: {wording.plural(outliers, 'context')} of no topic.")
    if len(named) < len(topics):
        parts.append(f"Named are the {len(named):,} largest of {len(topics):,} topics.")
    parts.append("Near is alike; the axes have no unit, and far distances mean nothing.")
    parts.append(f"n = {wording.plural(len(table), 'context')}, {wording.plural(len(topics), 'topic')}.")
    caption = " ".join([*parts, *wording.corpus_sentences(inputs.recipe_of(table))])
    return _drawn(table, topics, named, names, entries(used, meanings), caption, title, column)


def _drawn(
    table: pd.DataFrame,
    topics: Sequence[Row],
    named: Sequence[Row],
    names: dict[Any, str],
    key: Sequence[Entry],
    caption: str,
    title: str | None,
    column: Column,
) -> Figure:
    width = width_of(column)
    across, down = width - 2 * MARGIN, (width - 2 * MARGIN) * (0.68 if column == "double" else 1.0)

    sheet = sheets.plan(column, title, caption, key)
    top = sheet.top
    figure = sheets.begin(sheet, top + down + 0.08)
    axes = place(figure, MARGIN, top, across, down)

    axes.set_gid("panel-0")
    axes.set_label("map")
    axes.set(xticks=[], yticks=[])
    axes.grid(visible=False)
    for side in axes.spines.values():
        side.set_visible(False)

    # one inch is as many units on both axes
    low, high = _limits(table, across, down)
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1], high[1])
    per_inch = (high[0] - low[0]) / across

    # small marks for passages, in looks that differ between neighbouring topics
    size = 2.8 if len(table) < 1000 else 2.1 if len(table) < 5000 else 1.6
    looks = _looks(topics)
    for number, own in table.groupby("topic", sort=True):
        marker, colour = looks.get(number, ("x", MUTED))
        axes.plot(
            own["x"], own["y"], linestyle="none", marker=marker, markersize=size * (1.4 if marker == "_" else 1), color=colour,
            markeredgewidth=0.6 if marker in "x_" else 0, alpha=0.75, zorder=1, gid=f"panel-0-dots-{number}",
        )  # fmt: skip

    # discs for topics, with a question mark on unstable ones
    most = max((float(topic["n"]) for topic in topics), default=1.0)
    discs = []
    for topic in topics:
        shaky = is_unstable(topic.get("stable"))
        radius = max(_LARGEST * math.sqrt(float(topic["n"]) / most), 0.055 if shaky else 0.025)
        x, y = float(topic["topic_x"]), float(topic["topic_y"])
        discs.append(((x - low[0]) / per_inch, (y - low[1]) / per_inch, radius))
        axes.plot(
            [x],
            [y],
            linestyle="none",
            marker="o",
            markersize=2 * radius * 72,
            markeredgecolor=PALETTE[0],
            markeredgewidth=1.1,
            markerfacecolor=_UNSTABLE if shaky else PALETTE[0],
            zorder=3,
            gid=f"panel-0-topic-{topic['topic']}",
        )
        if shaky:
            axes.plot(
                [x], [y], linestyle="none", marker="$?$", markersize=5, color=INK, zorder=3.1, gid="panel-0-unstable"
            )

    _name(axes, [names[t["topic"]] for t in named], discs, (across, down), low, per_inch)
    return figure


def _looks(topics: Sequence[Row]) -> dict[Any, tuple[str, str]]:
    """Give each topic a marker and a shade that the topics near it do not have: that whose nearest bearer is furthest."""
    borne: list[list[tuple[float, float]]] = [[] for _ in _DOTS]
    looks = {}
    for topic in topics:
        x, y = float(topic["topic_x"]), float(topic["topic_y"])
        gaps = [min((math.hypot(x - a, y - b) for a, b in own), default=math.inf) for own in borne]
        at = gaps.index(max(gaps))
        borne[at].append((x, y))
        looks[topic["topic"]] = _DOTS[at]
    return looks


def _limits(table: pd.DataFrame, across: float, down: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the corners of a field of the panel's shape that holds all points, with some room."""
    middle, half = [], []
    for axis in ("x", "y"):
        values = table[axis].to_numpy(dtype=float)
        middle.append((values.min() + values.max()) / 2)
        half.append(max((values.max() - values.min()) / 2 * 1.08, 1e-6))
    scale = max(half[0] / across, half[1] / down)
    reach = (scale * across, scale * down)
    return (middle[0] - reach[0], middle[1] - reach[1]), (middle[0] + reach[0], middle[1] + reach[1])


def _name(
    axes: Axes,
    names: Sequence[str],
    discs: Sequence[tuple[float, float, float]],
    panel: tuple[float, float],
    low: tuple[float, float],
    per_inch: float,
) -> None:
    """Write the names; places are in inches from the lower left corner, and each takes the first free one around its disc."""
    cap = 1.0 if panel[0] > 5 else 0.8
    taken: list[Box] = [(x - r, y - r, x + r, y + r) for x, y, r in discs]
    for name, (x, y, radius) in zip(names, discs, strict=False):
        text = wrapped(name, cap, LABEL, most=3)
        w, h = text_width(text, LABEL) + 0.03, n_lines(text) * LABEL * LEADING / 72 + 0.01
        spot = _free(x, y, radius, w, h, taken, panel)
        if spot is None:
            continue

        box = spot
        taken.append(box)
        at = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)

        # a name that had to move away has a line to its disc
        near = (min(max(x, box[0]), box[2]), min(max(y, box[1]), box[3]))
        if math.hypot(near[0] - x, near[1] - y) > radius + _REACH:
            line = [(low[0] + px * per_inch, low[1] + py * per_inch) for px, py in ((x, y), near)]
            axes.plot(
                [line[0][0], line[1][0]],
                [line[0][1], line[1][1]],
                color=INK,
                linewidth=0.5,
                zorder=2.5,
                gid="panel-0-line",
            )
        axes.text(
            low[0] + at[0] * per_inch, low[1] + at[1] * per_inch, text, fontsize=LABEL, ha="center", va="center", color=INK, zorder=5,
            linespacing=LEADING / 1.2, parse_math=False, path_effects=[withStroke(linewidth=1.8, foreground="white", alpha=0.9)],
        )  # fmt: skip


def _free(
    x: float, y: float, radius: float, w: float, h: float, taken: Sequence[Box], panel: tuple[float, float]
) -> Box | None:
    for step in range(24):
        gap = radius + 0.03 + step * 0.06
        for turn in np.arange(0, 2 * math.pi, math.pi / (4 + 2 * min(step, 6))):
            # the box touches the circle of that radius with the corner or side that faces the disc
            dx, dy = math.cos(turn), math.sin(turn)
            left = x + gap * dx + (dx - 1) / 2 * w
            low = y + gap * dy + (dy - 1) / 2 * h
            box = (left, low, left + w, low + h)
            inside = box[0] >= 0 and box[1] >= 0 and box[2] <= panel[0] and box[3] <= panel[1]
            if inside and not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
                return box
    return None
