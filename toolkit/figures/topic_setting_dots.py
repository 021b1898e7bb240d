"""Own the picture of settings of topics that were compared: a panel for each measure, over the number of topics."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, StrMethodFormatter
from numpy.typing import NDArray

from toolkit.figures import inputs, sheets, wording
from toolkit.figures.inputs import drawn_from
from toolkit.figures.keys import Entry
from toolkit.figures.multiples import line_look
from toolkit.figures.paper import (
    INK,
    LABEL,
    MARGIN,
    PALETTE,
    TITLE,
    Column,
    n_lines,
    place,
    text_height,
    text_width,
    width_of,
    wrapped,
    write,
)
from toolkit.figures.signs import Meaning, Sign, entries, look, sentences, signs_of
from toolkit.tables import TOPIC_SETTINGS, FramingError, listed

_MEASURES = {
    "npmi": "coherence (NPMI)",
    "c_v": "coherence (C_v)",
    "exclusivity": "exclusivity of words",
    "diversity": "diversity of words",
    "outlier_share": "% of contexts without topic",
    "stable_share": "% of contexts in stable topics",
    "persistence": "mean persistence",
}
_PERCENT = ("outlier_share", "stable_share")
_ZERO = signs_of(zero=True)


@drawn_from
def plot_topic_settings(topic_settings: pd.DataFrame, *, title: str | None = None, column: Column = "double") -> Figure:
    """Draw how coherent, exclusive and stable topics are under each setting that was tried, so that a number is argued for.

    A panel is a measure over the number of topics, or over the least size of a topic where only that differs. Where both do, each least
    size has its own line. A number that was left to the clustering stands apart, as "auto". No setting is "right": the finest whose
    topics are still stable is a good one.

    Parameters
    ----------
    topic_settings : DataFrame
        What ``topics.compare_settings`` returns.
    title : str, optional
        A title above the figure.
    column : {"double", "single"}
        7.2 or 3.5 inches wide.

    Returns
    -------
    Figure
        A matplotlib figure; ``figure.axes`` holds a panel for each measure, ``figure.framing_table`` the table that was given.

    Raises
    ------
    FramingError
        If the table has no rows, lacks columns, or has more lines than can be told apart.

    See Also
    --------
    plot_stability : The stability of each topic of one setting.

    Notes
    -----
    The more topics there are, the more share a word, so that exclusivity and diversity tend to fall; one topic is always stable.

    Examples
    --------
    >>> settings = pd.DataFrame({
    ...     "n_topics": [5, 10], "min_size": 10, "n_found": [5, 10], "outlier_share": 0.0, "npmi": [0.2, 0.1], "exclusivity": [0.5, 0.7],
    ...     "diversity": [0.9, 0.8]})
    >>> [axes.get_label() for axes in plot_topic_settings(settings).axes]
    ['coherence (NPMI)', 'exclusivity of words', 'diversity of words', '% of contexts without topic']
    """
    table = inputs.check_table(topic_settings, TOPIC_SETTINGS.name)
    inputs.check_columns(table, TOPIC_SETTINGS.columns, TOPIC_SETTINGS.name)
    measures = [m for m in _MEASURES if m in table.columns and table[m].notna().any()]
    if not measures:
        raise FramingError("Nothing can be drawn: this table of topic settings has no measure that is known.")

    # the number of topics is the axis, unless only the least size of a topic differs
    frame = table.copy()
    across_sizes = len(frame["n_topics"].unique()) == 1 and len(frame["min_size"].unique()) > 1
    x, other = ("min_size", "n_topics") if across_sizes else ("n_topics", "min_size")
    frame["n_topics"] = [_number(n) for n in frame["n_topics"]]
    inputs.check_once(frame, ["n_topics", "min_size"], TOPIC_SETTINGS.name)

    values = sorted(set(frame[x]))
    groups = sorted(set(frame[other]))
    if len(groups) > len(PALETTE):
        raise FramingError(
            f"plot_topic_settings tells {len(PALETTE)} least sizes apart; this table has {len(groups)}: {listed(groups)}. "
            "Draw some of them: settings[settings['min_size'].isin([...])]."
        )

    series = {
        measure: [[_cell(frame, measure, {x: value, other: group}) for value in values] for group in groups]
        for measure in measures
    }
    names = [f"least size {group:g}" for group in groups] if len(groups) > 1 else []
    return _drawn(series, values, names, x, _caption(table, frame), title, column)


def _number(n: Any) -> float:
    return math.inf if pd.isna(n) else float(n)  # left to the clustering: stands last


def _cell(frame: pd.DataFrame, measure: str, at: dict[str, float]) -> float:
    here = frame[(frame[list(at)] == pd.Series(at)).all(axis=1)]
    return float(here[measure].iloc[0]) * (100 if measure in _PERCENT else 1) if len(here) else math.nan


def _caption(table: pd.DataFrame, frame: pd.DataFrame) -> str:
    recipe = inputs.recipe_of(table)
    settings = inputs.settings_of(recipe)
    parts = ["Means over topics. No setting is “right”: look for the finest whose topics are still stable."]
    parts.append("Exclusivity and diversity tend to fall with more topics, since more share a word.")
    if "persistence" in table.columns:
        runs = settings.get("resamples")
        stories = f"{wording.plural(runs, 'run')} on other stories" if runs else "runs on other stories"
        parts.append(f"Persistence: share of {stories} in which a topic is found again; stable: 0.8 or more.")
    else:
        parts.append("No certificate of stability was made (resamples=0).")
    fewer = frame[np.isfinite(frame["n_topics"]) & (frame["n_found"] != frame["n_topics"])]
    if len(fewer):
        counts = [
            f"{found:,} for {asked:,.0f}" for asked, found in zip(fewer["n_topics"], fewer["n_found"], strict=True)
        ]
        parts.append(f"Topics found, where not as many as asked: {', '.join(dict.fromkeys(counts))}.")
    auto = frame[~np.isfinite(frame["n_topics"])]
    if len(auto):
        parts.append(
            f"Auto, the number is left to the clustering: {', '.join(f'{n:,}' for n in auto['n_found'])} topics."
        )
    if len(frame["min_size"].unique()) == 1:
        parts.append(f"Least size of a topic: {int(frame['min_size'].iloc[0]):,}.")
    made = settings.get("topics")
    contexts = made.get("n_contexts") if isinstance(made, dict) else None
    of = f" of {wording.plural(contexts, 'context')}" if contexts else ""
    parts.append(f"n = {wording.plural(len(table), 'setting')}{of}.")
    return " ".join([*parts, *wording.corpus_sentences(recipe)])


def _drawn(
    series: dict[str, list[list[float]]],
    values: Sequence[float],
    names: Sequence[str],
    x: str,
    caption: str,
    title: str | None,
    column: Column,
) -> Figure:
    width = width_of(column)
    across = min(len(series), 3 if column == "double" else 2)
    left, gap, height = MARGIN + 0.36, 0.5, 0.95
    panel = (width - left - 0.14 - (across - 1) * gap) / across
    titles = [wrapped(_MEASURES[m], panel + 0.3, TITLE, bold=True) for m in series]
    grid = [range(start, min(start + across, len(titles))) for start in range(0, len(titles), across)]
    places, ticks = _places(values, panel)

    none = any(_none(measure, line).any() for measure, lines in series.items() for line in lines)
    meanings = {Sign.ZERO: Meaning("none of the contexts")}
    used = list(meanings) if none else []
    key = [Entry(name, line=line_look(i), gid=f"key-{i}") for i, name in enumerate(names)] + entries(used, meanings)
    sheet = sheets.plan(column, title, " ".join([*sentences(used, meanings), caption]), key)
    y = sheet.top
    tops = []
    for line in grid:
        tops.append(y + max(text_height(n_lines(titles[i]), TITLE) for i in line) + 0.08)
        y = tops[-1] + height + text_height(2, LABEL) + 0.16
    figure = sheets.begin(sheet, y)

    for line, top in zip(grid, tops, strict=True):
        for position, index in enumerate(line):
            measure = list(series)[index]
            at = left + position * (panel + gap)
            axes = place(figure, at, top, panel, height)
            axes.set_gid(f"panel-{index}")
            axes.set_label(_MEASURES[measure])
            _panel(axes, series[measure], places, ticks, measure)

            write(figure, at - 0.3, top - 0.08, titles[index], size=TITLE, weight="bold", va="bottom", color=INK)
            below = top + height + text_height(1, LABEL) + 0.08
            xlabel = "number of topics" if x == "n_topics" else "least size of a topic"
            write(figure, at + panel / 2, below, xlabel, size=LABEL, ha="center", gid=f"xlabel-{index}")

    return figure


def _places(values: Sequence[float], width: float) -> tuple[list[float], dict[float, str]]:
    """Return where each setting stands, at its number, and what is written under which: as many numbers as have room.

    What was left to the clustering has no number; it stands apart, beyond the largest.
    """
    numbers = [value for value in values if math.isfinite(value)]
    span = numbers[-1] - numbers[0] if len(numbers) > 1 else 1.0
    apart = (numbers[-1] if numbers else 0.0) + 0.2 * span
    places = [value if math.isfinite(value) else apart for value in values]

    # labels from both ends inwards, so that the first and the last number always have theirs
    per_unit = width / (1.1 * (places[-1] - places[0]) or 1.0)
    ticks: dict[float, str] = {}
    for at, value in sorted(
        zip(places, values, strict=True), key=lambda pair: min(pair[0] - places[0], places[-1] - pair[0])
    ):
        text = f"{value:,.0f}" if math.isfinite(value) else "auto"
        room = (
            abs(at - other) * per_unit - (text_width(text) + text_width(label)) / 2 for other, label in ticks.items()
        )
        if all(gap > 0.05 for gap in room):
            ticks[at] = text
    return places, dict(sorted(ticks.items()))


def _panel(
    axes: Axes, lines: list[list[float]], places: Sequence[float], ticks: Mapping[float, str], measure: str
) -> None:
    span = places[-1] - places[0] or 1.0
    axes.set_xlim(places[0] - 0.05 * span, places[-1] + 0.05 * span)
    axes.set_xticks(list(ticks), list(ticks.values()))
    axes.set_xticks(places, minor=True)  # each setting has its tick, also where its number has no room
    axes.tick_params(axis="x", which="minor", length=2.5, width=0.6)

    known = [value for line in lines for value in line if math.isfinite(value)]
    if measure in ("npmi", "c_v"):  # the other measures have a whole
        pad = 0.15 * (max(known) - min(known)) or 0.05
        axes.set_ylim(min(known) - pad, max(known) + pad)
    else:
        axes.set_ylim(0, 100 if measure in _PERCENT else 1)
    axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:.10g}"))
    axes.grid(axis="y")

    for index, line in enumerate(lines):
        dodge = 0.012 * span * (index - (len(lines) - 1) / 2)  # so that equal values are both seen
        style = {**line_look(index), "linewidth": 0.8, "markersize": 4.0, "markevery": None}
        xs = np.array(places) + dodge

        # no line leads to what was left to the clustering
        numbered = len(places) - (len(places) > 1 and ticks.get(places[-1]) == "auto")
        axes.plot(xs[:numbered], line[:numbered], zorder=2.9, **style | {"marker": None})
        gid = f"{axes.get_gid()}-line-{index}"
        axes.plot(xs, line, clip_on=False, zorder=3, gid=gid, **style | {"linestyle": "none"})
        none = _none(measure, line)
        axes.plot(
            xs[none], np.zeros(none.sum()), clip_on=False, zorder=3.1, gid=f"{gid}-zero", **look(_ZERO, index, 4.0)
        )


def _none(measure: str, line: Sequence[float]) -> NDArray[np.bool_]:
    """Return where a share of the contexts is that of none."""
    return np.array([measure in _PERCENT and value == 0 for value in line], dtype=bool)
