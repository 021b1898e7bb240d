"""Own the picture of a word shift: a bar for each word, as long as its part of the difference, on the side it works for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from toolkit.figures.paper import INK, PALETTE, Column, style
from toolkit.figures.reading import check_table, corpus_sentences, number, plural, recipe_of, records, settings_of
from toolkit.figures.word_rows import WordGroup, check_sides, side_names, word_figure
from toolkit.tables import WORD_SHIFT, FramingError, require

_DARK, _LIGHT = PALETTE[0], PALETTE[1]
_SIDES: dict[str, dict[str, Any]] = {
    "target": {"facecolor": _DARK, "edgecolor": _DARK},
    "reference": {"facecolor": _LIGHT, "edgecolor": _LIGHT},
    "same": {"facecolor": "white", "edgecolor": INK},
}
_SCORES: dict[str, dict[str, Any]] = {
    "high, more": {"facecolor": _LIGHT, "edgecolor": _LIGHT},
    "low, less": {"facecolor": "white", "edgecolor": _DARK, "hatch": "//////"},
    "low, more": {"facecolor": _DARK, "edgecolor": _DARK},
    "high, less": {"facecolor": "white", "edgecolor": _LIGHT, "hatch": "//////"},
    "same": {"facecolor": "white", "edgecolor": INK},
}
_TOTALS = {
    "entropy": "Entropy, {target} less {reference}",
    "kl": "Kullback-Leibler divergence of {target} from {reference}",
    "jsd": "Jensen-Shannon divergence",
    "average": "Average score, {target} less {reference}",
}


def plot_word_shift(
    word_shift: pd.DataFrame,
    *,
    n: int = 30,
    sides: tuple[str, str] | None = None,
    title: str | None = None,
    column: Column = "double",
) -> Figure:
    """Draw which words make the difference between two groups of articles.

    A row is a word, the largest contribution first. The bar is its contribution as a part of the sum of all absolute
    contributions. Bars to the right raise the total, bars to the left lower it; a Jensen-Shannon divergence is raised by every word,
    and there the bar points to the side that has relatively more. The shade says which side that is, or with scores, whether the
    score is high or low; then a hatched bar is a word that the target has less of. Right stand the occurrences on either side.

    Parameters
    ----------
    word_shift : DataFrame
        What ``tk.word_shift`` returns.
    n : int
        How many words to draw.
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
        Where the table has no rows, lacks columns, or nothing differs.

    Examples
    --------
    >>> shift = pd.DataFrame({
    ...     "word": ["ban", "order"], "contribution": [0.5, -0.5], "contribution_share": [0.5, -0.5],
    ...     "kind": ["target", "reference"], "p_target": [0.75, 0.25], "p_reference": [0.25, 0.75],
    ...     "n_target": [3, 1], "n_reference": [1, 3]})
    >>> [float(bar.get_width()) for bar in plot_word_shift(shift, sides=("Post", "Sun")).axes[0].patches]
    [50.0, -50.0]
    """
    table = check_table(word_shift, "word shift")
    require(table, [c for c in WORD_SHIFT.columns if not c.startswith("n_articles")], "word shift")
    if n < 1:
        raise FramingError(f"n is how many words to draw, 1 or more, not {n}.")
    settings = settings_of(recipe_of(table))
    target, reference = check_sides(sides) or side_names(settings)
    drawn = table[table["contribution"] != 0]
    drawn = drawn.iloc[np.argsort(-drawn["contribution_share"].abs().to_numpy(), kind="stable")].head(n)
    if len(drawn) == 0:
        raise FramingError("Nothing can be drawn: no word contributes, since its share is the same on both sides.")
    both_ways = settings.get("measure") == "jsd"
    length = 100 * drawn["contribution_share"].to_numpy(dtype=float)
    if both_ways:
        length = np.where(drawn["kind"] == "reference", -1.0, 1.0) * np.abs(length)
    looks = _SCORES if "score" in drawn.columns else _SIDES
    limits = (1.08 * min(0.0, float(length.min())), 1.08 * max(0.0, float(length.max())))
    there = [kind for kind in looks if (drawn["kind"] == kind).any()]
    key = [(_key_text(kind, target), looks[kind]) for kind in there if kind != "same"]
    if looks is _SIDES:
        key = [
            (f"more in {target if kind == 'target' else reference}", look)
            for kind, look in _SIDES.items()
            if kind in there
        ][:2]
    with style():
        return word_figure(
            [WordGroup("", drawn["word"].tolist(), [_notes(row) for row in records(drawn)])],
            [target, reference],
            lambda axes, ys: _paint(axes, ys, length, [looks[kind] for kind in drawn["kind"]]),
            limits=limits,
            ticks=_ticks(limits, 4 if column == "single" else 8),
            xlabel="% of all contributions, whatever their sign",
            ends=_ends(settings.get("measure"), target, reference),
            caption=_caption(table, drawn, (target, reference)),
            title=title,
            column=column,
            key=key,
        )


def _notes(row: dict[str, Any]) -> list[str]:
    return [number(row["n_target"]), number(row["n_reference"])]


def _key_text(kind: str, target: str) -> str:
    score, _, change = kind.partition(", ")
    return f"{score} score, {change} in {target}"


def _ends(measure: Any, target: str, reference: str) -> tuple[str, str]:
    """Return what a bar to the left and one to the right say."""
    if measure in ("jsd", "proportion"):
        return f"← more in {reference}", f"more in {target} →"
    what = {"entropy": "entropy", "kl": "divergence", "average": "average score"}.get(str(measure), "total")
    return f"← lowers {target}’s {what}", f"raises {target}’s {what} →"


def _ticks(limits: tuple[float, float], most: int) -> dict[float, str]:
    places = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(*limits)
    inside = [float(x) for x in places if limits[0] <= x <= limits[1]]
    return {x: f"{abs(x):.10g}" if x else "0" for x in inside}


def _paint(
    axes: Axes,
    ys: np.ndarray[tuple[int], np.dtype[np.float64]],
    length: np.ndarray[tuple[int], np.dtype[np.float64]],
    looks: list[Mapping[str, Any]],
) -> None:
    for i, (y, x, look) in enumerate(zip(ys, length, looks, strict=True)):
        axes.barh(y, x, height=0.1, linewidth=0.7, zorder=2, gid=f"panel-0-bar-{i}", **look)


def _signed(value: float) -> str:
    return f"{float(value):.3g}".replace("-", "−")


def _caption(table: pd.DataFrame, drawn: pd.DataFrame, names: tuple[str, str]) -> str:
    recipe = recipe_of(table)
    settings = settings_of(recipe)
    measure, total = settings.get("measure"), settings.get("total")
    parts = ["Bar: what the word adds to the difference, as a part of the absolute sum over all words."]
    unit = "" if measure == "average" or settings.get("alpha", 1) != 1 else " bits"
    if measure in _TOTALS and total is not None:
        what = _TOTALS[measure].format(target=names[0], reference=names[1])
        parts.append(f"{what}: {_signed(total)}{unit}.")
    if measure == "average":
        parts.append(
            f"Averages: {names[0]} {_signed(settings['average_target'])}, {names[1]} {_signed(settings['average_reference'])}; "
            f"a score is high above {_signed(settings['score_reference'])}. Words without a score are left out."
        )
    part = 100 * float(drawn["contribution_share"].abs().sum())
    of = f" of {number(settings['n_words_compared'])}" if "n_words_compared" in settings else ""
    parts.append(f"The {plural(len(drawn), 'word')} drawn{of} make {part:.0f}\u00a0% of it. Right: occurrences.")
    if "n_articles_target" in settings:
        sizes = [
            f"{name} {plural(settings[f'n_articles_{side}'], 'article')}, {plural(settings[f'n_words_{side}'], 'word')}"
            for name, side in zip(names, ("target", "reference"), strict=True)
        ]
        parts.append(f"n = {'; '.join(sizes)}{' with a score' if measure == 'average' else ''}.")
    return " ".join([*parts, *corpus_sentences(recipe)])
