"""Own the picture of stability: a row for each topic, a panel for each way in which it can hold still."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from toolkit.figures.paper import MUTED, Column, style
from toolkit.figures.reading import (
    Row,
    check_columns,
    check_table,
    corpus_sentences,
    known,
    number,
    recipe_of,
    records,
    settings_of,
)
from toolkit.figures.rows import Dot, RowPanel, paint_dots, row_figure
from toolkit.figures.topic_captions import topic_names, unstable_sentence
from toolkit.tables import FramingError

_PANELS = {"persistence": "found again", "stability": "same passages", "word_stability": "same words"}
_STABLE = 0.8


def plot_stability(
    topics: pd.DataFrame, *, n_topics: int = 40, title: str | None = None, column: Column = "double"
) -> Figure:
    """Draw how far each topic holds still when the fit is repeated on other stories.

    Left the share of runs in which the topic is found again, with the line from which on it is called stable; then how far its
    passages, and its words, are the same in its match. Unstable topics have open dots and a "?".

    Parameters
    ----------
    topics : DataFrame
        ``topics.topics`` of ``tk.fit_topics``, with a certificate.
    n_topics : int
        How many topics to draw, the largest ones.
    title : str, optional
        A title above the figure.
    column : {"double", "single"}
        7.2 or 3.5 inches wide.

    Returns
    -------
    Figure
        A matplotlib figure with three panels.

    Raises
    ------
    FramingError
        Where the table has no certificate, or no topic.

    Notes
    -----
    A topic that is found again need not mean anything; one that is not may still be worth reading. Few runs say little: see the
    intervals.

    Examples
    --------
    >>> topics = pd.DataFrame({"topic": [0, -1], "label": ["court, judge", "outliers"], "n": [20, 3], "stable": [True, None]})
    >>> for name in ("persistence", "stability", "word_stability"):
    ...     topics[name], topics[name + "_low"], topics[name + "_high"] = 0.9, 0.6, 1.0
    >>> [axes.get_label() for axes in plot_stability(topics).axes]
    ['found again', 'same passages', 'same words']
    """
    table = check_table(topics, "topics")
    check_columns(table, ["topic", "label", "n"], "topics")
    if "persistence" not in table.columns:
        raise FramingError(
            "These topics have no certificate, so there is no stability to draw. Fit with runs=5, or make one: "
            "topics.certificate(runs=20).topics."
        )
    check_columns(table, ["stable", *(n + e for n in _PANELS for e in ("", "_low", "_high"))], "topics")
    if n_topics < 1:
        raise FramingError(f"n_topics is how many topics to draw, 1 or more, not {n_topics}.")
    real = table[(table["topic"] >= 0) & table["persistence"].notna()]
    if real.empty:
        raise FramingError("Nothing can be drawn: this table has no topic with a certificate.")
    rows = records(real.sort_values("n", ascending=False, kind="stable").head(n_topics))
    dots = {name: [_dot(row, name) for row in rows] for name in _PANELS}

    def paint(axes: Axes, index: int, ys: object) -> None:
        if index == 0:
            axes.axvline(_STABLE, color=MUTED, linewidth=0.7, linestyle=(0, (3, 2)), zorder=1, gid="panel-0-stable")
        paint_dots(axes, list(ys), list(dots.values())[index])  # type: ignore[call-overload]  # an array of heights

    recipe = recipe_of(table)
    runs = settings_of(recipe).get("resamples")
    parts = [
        f"Found again: share of {f'{runs} ' if runs else ''}runs on other stories in which the topic is found; dashed: "
        f"{_STABLE:g}, from which on it is called stable (open dot: it is not). Same passages: Jaccard index of its passages with those of "
        "its match, mean over runs. Same words: average Jaccard index of their ranked words. Lines: 95\N{NO-BREAK SPACE}% interval over runs."
    ]
    if len(real) > len(rows):
        parts.append(f"Drawn are the {len(rows):,} largest of {len(real):,} topics.")
    names = topic_names(table)
    parts += unstable_sentence({row["topic"]: names[row["topic"]] for row in rows})
    parts.append(f"n = {number(table['n'].sum())} contexts.")
    with style():
        return row_figure(
            [names[row["topic"]] for row in rows],
            [RowPanel(name) for name in _PANELS.values()],
            paint,
            xmax=1.0,
            xlabel="0: not at all, 1: wholly",
            caption=" ".join([*parts, *corpus_sentences(recipe)]),
            title=title,
            column=column,
            most_across=3,
            label_notes=[number(row["n"]) for row in rows],
            label_header="contexts",
        )


def _dot(row: Row, name: str) -> Dot:
    value, low, high = (float(row[name + end]) for end in ("", "_low", "_high"))
    return Dot(value, max(low, 0.0), min(high, 1.0), known(row[name]), not bool(row["stable"]))
