"""Own the picture of keyness: for the words of each side, how many times as often they are there, with intervals."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from toolkit.deprecation import old_parameters
from toolkit.figures import inputs, wording
from toolkit.figures.inputs import Row, drawn_from
from toolkit.figures.paper import Column
from toolkit.figures.rows import Axis, Mark, Numbers, Panel, Rows, doublings, draw_rows
from toolkit.figures.signs import Meaning, Sign, signs_of
from toolkit.tables import KEYNESS, FramingError, require
from toolkit.tables.checks import check_at_least

Order = Literal["G2", "log_odds_z", "log_ratio"]

_ORDERS = {"G2": "log-likelihood (G2)", "log_odds_z": "weighted log-odds", "log_ratio": "log ratio"}
_LEVEL = 0.05
_SIDES = ("target", "reference")
_STYLES = (0, 2)  # of the target's words, and of the reference's


@old_parameters(order="sort")
@drawn_from
def plot_keyness(
    keyness: pd.DataFrame,
    *,
    n: int = 15,
    sort: Order = "G2",
    certain: bool = True,
    sides: tuple[str, str] | None = None,
    title: str | None = None,
    column: Column = "double",
) -> Figure:
    """Draw the words that tell target and reference apart: how many times as often, and how sure that is.

    Above stand the words that the target has more of, below those of the reference, each in the order of `sort`. The dot is the log
    ratio, written as how many times as often; the line is its interval, whose unit is the story; a line that goes on beyond the axis
    ends in an arrowhead. Right of each word stand its occurrences on either side and the stories that have it. A word that one
    side lacks has an open mark.

    Parameters
    ----------
    keyness : DataFrame
        What ``tk.keyness`` returns.
    n : int
        How many words of each side to draw.
    sort : {"G2", "log_odds_z", "log_ratio"}
        The column by which words are chosen and ordered.
    certain : bool
        Leave out words whose interval holds 1, such as those that one story has many times, and where the table has `q`,
        those whose q is above .05; the caption counts them. Otherwise they are drawn, pale.
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
        If the table has no rows or lacks columns, or no word is left to draw.

    See Also
    --------
    plot_word_shift : What each word adds to the difference.
    plot_collocate_shift : Words near a term that are more common on one side.

    Examples
    --------
    >>> keyness = pd.DataFrame({
    ...     "feature": ["ban", "order"], "G2": [9.0, -4.0], "log_ratio": [2.0, -1.0], "low": [1.0, -1.8], "high": [3.1, -0.2],
    ...     "log_odds_z": [2.5, -1.4], "n_target": [20, 5], "n_reference": [5, 10],
    ...     "n_stories_target": [10, 4], "n_stories_reference": [4, 8]})
    >>> plot_keyness(keyness, sides=("Post", "Sun")).axes[0].get_xticklabels()[0].get_text()
    '1/4'
    """
    table = inputs.check_table(keyness, "keyness")
    needed = [c for c in KEYNESS.columns if c not in ("p", "n_articles_target", "n_articles_reference")]
    require(table, needed, "keyness")
    check_at_least("n", n, 1, "how many words of each side to draw")
    if sort not in _ORDERS:
        raise FramingError(f"Words are sorted by {', '.join(_ORDERS)}, not by {sort!r}.")

    settings = inputs.settings_of(inputs.recipe_of(table))
    names = wording.check_sides(sides) or wording.side_names(settings)

    # the words of each side, from the strongest, until n of them are sure
    sure = (table["low"] > 0) | (table["high"] < 0)
    if "q" in table.columns:
        sure &= table["q"] <= _LEVEL
    chosen, doubtful = [], 0
    for sign in (1, -1):
        side = table[sign * table["log_ratio"] > 0]
        side = side.iloc[np.argsort(-sign * side[sort].to_numpy(), kind="stable")]

        kept = side[sure[side.index]] if certain else side
        kept = kept.head(n)
        if certain and len(kept):
            last = kept[sort].iloc[-1]
            doubtful += int((~sure[side.index] & (sign * side[sort] >= sign * last)).sum())
        chosen.append(kept.assign(sure=sure[kept.index]))
    drawn = pd.concat(chosen)
    if len(drawn) == 0:
        raise FramingError(
            "No word is left to draw: none is surely more common on one side (its interval holds 1, or q is above .05). "
            "Draw them all the same: certain=False."
        )

    rows = inputs.records(drawn)
    headings, at = {}, 0  # over the first word of each side
    for name, part in zip(names, chosen, strict=True):
        if len(part):
            headings[at] = f"More in {name}"
        at += len(part)

    low, high = _limits(drawn)
    counts = [Numbers(name, [_count(row, side) for row in rows]) for name, side in zip(names, _SIDES, strict=True)]

    by_story = _grouped(table)
    unit = "unit: the story" if by_story else "unit: the article, each a story of its own"
    which = f"Drawn are the {wording.plural(len(drawn), 'word')} with the highest {_ORDERS[sort]} of {wording.number(len(table))}"
    reason = "interval holds 1 or q is above .05" if "q" in table.columns else "interval holds 1"
    if doubtful:
        which += f", but for {wording.number(doubtful)} whose {reason}"

    return draw_rows(
        Rows(
            [str(row["feature"]) for row in rows],
            [Panel("", [_mark(row) for row in rows], counts)],
            Axis(low, high, f"times as often in {names[0]} as in {names[1]}", doublings, rule=0.0),
            opening=[f"Dot: how many times as often; line: {wording.confidence_words(settings)} interval ({unit})."],
            meanings={
                Sign.ZERO: Meaning(
                    "one side lacks the word", "one side lacks the word, which is drawn as if it had it half a time"
                ),
                Sign.PALE: Meaning("not significant", f"not significant: the {reason}"),
            },
            closing=[
                f"Right: occurrences, and in brackets {'stories' if by_story else 'articles'} with the word.",
                f"{which}.",
                *wording.size_sentence(settings, names),
                *wording.corpus_sentences(inputs.recipe_of(table)),
            ],
            headings=headings,
            pad=0.05,
            label_cap=0.95 if column == "single" else 1.6,
        ),
        title=title,
        column=column,
    )


def _mark(row: Row) -> Mark:
    value, low, high = (float(row[name]) for name in ("log_ratio", "low", "high"))
    lacks = row["n_target"] == 0 or row["n_reference"] == 0
    return Mark(value, low, high, signs_of(zero=lacks, pale=not row["sure"]), _STYLES[value < 0])


def _count(row: Row, side: str) -> str:
    return f"{wording.number(row[f'n_{side}'])} ({wording.number(row[f'n_stories_{side}'])})"


def _grouped(table: pd.DataFrame) -> bool:
    """Whether stories were grouped, so that there are fewer of them than articles."""
    return "n_articles_target" in table.columns and any(
        bool((table[f"n_stories_{side}"] != table[f"n_articles_{side}"]).any()) for side in _SIDES
    )


def _limits(drawn: pd.DataFrame) -> tuple[float, float]:
    """Return an axis that holds each dot and, unless it is much farther out than any dot, each interval."""
    value = drawn["log_ratio"].to_numpy()
    ends = []
    for sign, name in ((-1, "low"), (1, "high")):
        dots = float(max(0.0, (sign * value).max()))
        lines = sign * drawn[name].to_numpy()
        lines = lines[np.isfinite(lines)]
        ends.append(sign * (0.3 + max(dots, min(float(lines.max(initial=0.0)), 1.5 * dots + 0.7))))
    return ends[0], ends[1]
