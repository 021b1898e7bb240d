"""Own the picture of a word shift: a bar for each word, as long as its part of the difference, on the side it works for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from toolkit.figures import inputs, wording
from toolkit.figures.inputs import drawn_from
from toolkit.figures.keys import Entry
from toolkit.figures.paper import INK, PALETTE, Column, text_height
from toolkit.figures.rows import Axis, Floats, Numbers, Panel, Rows, draw_rows, unsigned
from toolkit.tables import WORD_SHIFT, FramingError, require
from toolkit.tables.checks import check_at_least

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


@drawn_from
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
        A matplotlib figure with one panel; ``figure.framing_table`` is the table that was given.

    Raises
    ------
    FramingError
        If the table has no rows, lacks columns, or nothing differs.

    See Also
    --------
    plot_keyness : Words that are more common on one side, with intervals.

    Examples
    --------
    >>> shift = pd.DataFrame({
    ...     "word": ["ban", "order"], "contribution": [0.5, -0.5], "contribution_share": [0.5, -0.5],
    ...     "kind": ["target", "reference"], "p_target": [0.75, 0.25], "p_reference": [0.25, 0.75],
    ...     "n_target": [3, 1], "n_reference": [1, 3]})
    >>> [float(bar.get_width()) for bar in plot_word_shift(shift, sides=("Post", "Sun")).axes[0].patches]
    [50.0, -50.0]
    """
    table = inputs.check_table(word_shift, "word shift")
    require(table, [c for c in WORD_SHIFT.columns if not c.startswith("n_articles")], "word shift")
    check_at_least("n", n, 1, "how many words to draw")
    settings = inputs.settings_of(inputs.recipe_of(table))
    target, reference = wording.check_sides(sides) or wording.side_names(settings)

    drawn = table[table["contribution"] != 0]
    drawn = drawn.iloc[np.argsort(-drawn["contribution_share"].abs().to_numpy(), kind="stable")].head(n)
    if len(drawn) == 0:
        raise FramingError("Nothing can be drawn: no word contributes, since its share is the same on both sides.")

    # a divergence is raised by every word, so that its bars point to the side that has more
    length = 100 * drawn["contribution_share"].to_numpy(dtype=float)
    if settings.get("measure") == "jsd":
        length = np.where(drawn["kind"] == "reference", -1.0, 1.0) * np.abs(length)
    low, high = 1.08 * min(0.0, float(length.min())), 1.08 * max(0.0, float(length.max()))

    looks = _SCORES if "score" in drawn.columns else _SIDES
    kinds = [kind for kind in looks if kind != "same" and (drawn["kind"] == kind).any()]
    if looks is _SIDES:
        words = {"target": f"more in {target}", "reference": f"more in {reference}"}
    else:
        words = {kind: _key_text(kind, target) for kind in kinds}

    return draw_rows(
        Rows(
            drawn["word"].astype("str").tolist(),
            [
                Panel(
                    "",
                    (),
                    [
                        Numbers(name, drawn[f"n_{side}"].map(wording.number).tolist())
                        for name, side in ((target, "target"), (reference, "reference"))
                    ],
                )
            ],
            Axis(
                low,
                high,
                "% of all contributions, whatever their sign",
                unsigned,
                ends=_ends(settings.get("measure"), target, reference),
                rule=0.0,
            ),
            opening=[_caption(table, drawn, (target, reference))],
            key=[Entry(words[kind], patch=looks[kind]) for kind in kinds],
            paint=lambda axes, _, ys: _paint(axes, ys, length, [looks[kind] for kind in drawn["kind"]]),
            pad=0.05,
            label_cap=0.95 if column == "single" else 1.6,
        ),
        title=title,
        column=column,
    )


def _key_text(kind: str, target: str) -> str:
    score, _, change = kind.partition(", ")
    return f"{score} score, {change} in {target}"


def _ends(measure: Any, target: str, reference: str) -> tuple[str, str]:
    """Return what a bar to the left and one to the right say."""
    if measure in ("jsd", "proportion"):
        return f"← more in {reference}", f"more in {target} →"
    what = {"entropy": "entropy", "kl": "divergence", "average": "average score"}.get(str(measure), "total")
    return f"← lowers {target}’s {what}", f"raises {target}’s {what} →"


def _paint(axes: Axes, ys: Floats, length: Floats, looks: list[Mapping[str, Any]]) -> None:
    for i, (y, x, look) in enumerate(zip(ys, length, looks, strict=True)):
        axes.barh(y, x, height=0.8 * text_height(1), linewidth=0.7, zorder=2, gid=f"panel-0-bar-{i}", **look)


def _signed(value: float) -> str:
    return f"{float(value):.3g}".replace("-", "−")


def _caption(table: pd.DataFrame, drawn: pd.DataFrame, names: tuple[str, str]) -> str:
    recipe = inputs.recipe_of(table)
    settings = inputs.settings_of(recipe)
    measure, total = settings.get("measure"), settings.get("total")
    parts = ["Bar: what the word adds to the difference, as a part of the absolute sum over all words."]

    # Shannon's entropies are in bits, Tsallis's have no unit
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
    of = f" of {wording.number(settings['n_words_compared'])}" if "n_words_compared" in settings else ""
    parts.append(
        f"The {wording.plural(len(drawn), 'word')} drawn{of} make {part:.0f}\u00a0% of it. Right: occurrences."
    )
    parts += wording.size_sentence(settings, names, " with a score" if measure == "average" else "")
    return " ".join([*parts, *wording.corpus_sentences(recipe)])
