"""Own the picture of keyness: for the words of each side, how many times as often they are there, with intervals."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from toolkit.figures.paper import INK, PALETTE, Column, style
from toolkit.figures.reading import check_table, corpus_sentences, number, plural, recipe_of, records, settings_of
from toolkit.figures.word_rows import WordGroup, check_sides, side_names, word_figure
from toolkit.tables import KEYNESS, FramingError, require

_ORDERS = ("G2", "log_odds_z", "log_ratio")


def plot_keyness(
    keyness: pd.DataFrame,
    *,
    n: int = 15,
    order: str = "G2",
    certain: bool = True,
    sides: tuple[str, str] | None = None,
    title: str | None = None,
    column: Column = "double",
) -> Figure:
    """Draw the words that tell target and reference apart: how many times as often, and how sure that is.

    Above stand the words that the target has more of, below those of the reference, each in the order of `order`. The dot is the log
    ratio, written as how many times as often; the line is its interval, whose unit is the story; a line that goes on beyond the axis
    ends in an arrowhead. Right of each word stand its occurrences on either side and the stories that have it. A word that one
    side lacks has an open dot.

    Parameters
    ----------
    keyness : DataFrame
        What ``tk.keyness`` returns.
    n : int
        How many words of each side to draw.
    order : {"G2", "log_odds_z", "log_ratio"}
        The column by which words are chosen and ordered.
    certain : bool
        Leave out words whose interval holds 1, such as those that one story has many times, and where the table has `q`,
        those whose q is above .05. The caption counts them.
    sides : (str, str), optional
        What to call target and reference; by default what the recipe says of them.
    title : str, optional
        A title above the figure; journals want none.
    column : {"double", "single"}
        7.2 or 3.5 inches wide.

    Returns
    -------
    Figure
        A matplotlib figure with one panel.

    Raises
    ------
    FramingError
        Where the table has no rows or lacks columns, or no word is left to draw.

    Examples
    --------
    >>> keyness = pd.DataFrame({
    ...     "feature": ["ban", "order"], "G2": [9.0, -4.0], "log_ratio": [2.0, -1.0], "low": [1.0, -1.8], "high": [3.1, -0.2],
    ...     "log_odds_z": [2.5, -1.4], "n_target": [20, 5], "n_reference": [5, 10],
    ...     "n_stories_target": [10, 4], "n_stories_reference": [4, 8]})
    >>> plot_keyness(keyness, sides=("Post", "Sun")).axes[0].get_xticklabels()[0].get_text()
    '1/4'
    """
    table = check_table(keyness, "keyness")
    needed = [c for c in KEYNESS.columns if c not in ("p", "n_articles_target", "n_articles_reference")]
    require(table, needed, "keyness")
    if n < 1:
        raise FramingError(f"n is how many words of each side to draw, 1 or more, not {n}.")
    if order not in _ORDERS:
        raise FramingError(f"Words are ordered by {', '.join(_ORDERS)}, not by {order!r}.")
    settings = settings_of(recipe_of(table))
    target, reference = check_sides(sides) or side_names(settings)
    sure = (table["low"] > 0) | (table["high"] < 0)
    if "q" in table.columns:
        sure &= table["q"] <= 0.05
    chosen, doubtful = [], 0
    for sign in (1, -1):
        side = table[sign * table["log_ratio"] > 0]
        side = side.iloc[np.argsort(-sign * side[order].to_numpy(), kind="stable")]
        kept = side[sure[side.index]] if certain else side
        kept = kept.head(n)
        if certain and len(kept):
            last = kept[order].iloc[-1]
            doubtful += int((~sure[side.index] & (sign * side[order] >= sign * last)).sum())
        chosen.append(kept)
    drawn = pd.concat(chosen)
    if len(drawn) == 0:
        raise FramingError(
            "No word is left to draw: none is surely more common on one side (its interval holds 1, or q is above .05). "
            "Draw them all the same: certain=False."
        )
    limits = _limits(drawn)
    caption = _caption(table, drawn, limits, order, doubtful, (target, reference))
    groups = [
        WordGroup(f"More in {name}", part["feature"].tolist(), [_notes(row) for row in records(part)])
        for name, part in zip((target, reference), chosen, strict=True)
        if len(part)
    ]
    with style():
        return word_figure(
            groups,
            [target, reference],
            lambda axes, ys: _paint(axes, ys, drawn),
            limits=limits,
            ticks=_ticks(limits, 5 if column == "single" else 9),
            xlabel=f"times as often in {target} as in {reference}",
            caption=caption,
            title=title,
            column=column,
        )


def _notes(row: dict[str, Any]) -> list[str]:
    return [f"{number(row[f'n_{side}'])} ({number(row[f'n_stories_{side}'])})" for side in ("target", "reference")]


def _limits(drawn: pd.DataFrame) -> tuple[float, float]:
    """Return an axis that holds each dot and, unless it is more than twice as far out as any dot, each interval."""
    value = drawn["log_ratio"].to_numpy()
    ends = []
    for sign, name in ((-1, "low"), (1, "high")):
        dots = float(max(0.0, (sign * value).max()))
        lines = sign * drawn[name].to_numpy()
        lines = lines[np.isfinite(lines)]
        ends.append(sign * (0.3 + max(dots, min(float(lines.max(initial=0.0)), 1.5 * dots + 0.7))))
    return ends[0], ends[1]


def _ticks(limits: tuple[float, float], most: int) -> dict[float, str]:
    low, high = math.ceil(limits[0]), math.floor(limits[1])
    step = next(s for s in (1, 2, 3, 4, 5, 10, 20) if (high - low) / s < most)
    powers = [k for k in range(low, high + 1) if k % step == 0]
    return {float(k): f"{2**k:,}" if k >= 0 else f"1/{2**-k:,}" for k in powers}


def _paint(axes: Axes, ys: np.ndarray[tuple[int], np.dtype[np.float64]], drawn: pd.DataFrame) -> None:
    low, high = axes.get_xlim()
    for name, sign, colour, marker in (("target", 1, PALETTE[0], "o"), ("reference", -1, PALETTE[2], "s")):
        here = (sign * drawn["log_ratio"] > 0).to_numpy()
        y, rows = ys[here], drawn[here]
        left, right = rows["low"].to_numpy(), rows["high"].to_numpy()
        lines = axes.hlines(y, np.maximum(left, low), np.minimum(right, high), color=colour, linewidth=1.2, zorder=2)
        lines.set_gid(f"panel-0-{name}-intervals")
        lack = (rows[["n_target", "n_reference"]] == 0).any(axis=1).to_numpy()
        for kind, some, face in (("dots", ~lack, colour), ("zeros", lack, "white")):
            _marks(axes, rows["log_ratio"].to_numpy()[some], y[some], marker, colour, face, f"panel-0-{name}-{kind}")
        for kind, some, at, arrow in (("below", left < low, low, "<"), ("beyond", right > high, high, ">")):
            _marks(axes, np.full(some.sum(), at), y[some], arrow, colour, colour, f"panel-0-{name}-{kind}", size=3.2)
    axes.tick_params(axis="x", colors=INK)


def _marks(
    axes: Axes,
    x: np.ndarray[Any, Any],
    y: np.ndarray[Any, Any],
    marker: str,
    colour: str,
    face: str,
    gid: str,
    size: float = 4.2,
) -> None:
    if len(x):
        axes.plot(
            x,
            y,
            linestyle="none",
            marker=marker,
            markersize=size,
            markerfacecolor=face,
            markeredgecolor=colour,
            clip_on=False,
            zorder=3,
            gid=gid,
        )


def _caption(
    table: pd.DataFrame,
    drawn: pd.DataFrame,
    limits: tuple[float, float],
    order: str,
    doubtful: int,
    names: tuple[str, str],
) -> str:
    recipe = recipe_of(table)
    settings = settings_of(recipe)
    grouped = "n_articles_target" in table.columns and bool(
        (table["n_stories_target"] != table["n_articles_target"]).any()
        or (table["n_stories_reference"] != table["n_articles_reference"]).any()
    )
    unit = "unit: the story" if grouped else "unit: the article, each a story of its own"
    level = f"{100 * float(settings.get('confidence', 0.95)):g}\u00a0%"
    parts = [f"Dot: how many times as often; line: {level} interval ({unit})."]
    if (drawn[["n_target", "n_reference"]] == 0).any(axis=None):
        parts.append("Open mark: one side lacks the word, which is drawn as if it had it half a time.")
    if ((drawn["low"] < limits[0]) | (drawn["high"] > limits[1])).any():
        parts.append("Arrowheads: the interval goes on.")
    what = "stories" if grouped else "articles"
    parts.append(f"Right: occurrences, and in brackets {what} with the word.")
    ordered = {"G2": "log-likelihood (G2)", "log_odds_z": "weighted log-odds", "log_ratio": "log ratio"}[order]
    parts.append(f"Drawn are the {plural(len(drawn), 'word')} with the highest {ordered} of {number(len(table))}.")
    if doubtful:
        reason = "interval holds 1 or q is above .05" if "q" in table.columns else "interval holds 1"
        parts[-1] = f"{parts[-1][:-1]}, but for {number(doubtful)} whose {reason}."
    if "n_articles_target" in settings:
        sizes = [
            f"{name} {plural(settings[f'n_articles_{side}'], 'article')}, {plural(settings[f'n_words_{side}'], 'word')}"
            for name, side in zip(names, ("target", "reference"), strict=True)
        ]
        parts.append(f"n = {'; '.join(sizes)}.")
    return " ".join([*parts, *corpus_sentences(recipe)])
