"""Own the picture of topic shares: a panel for each topic, a row for each source."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from toolkit.figures.paper import Column, style
from toolkit.figures.reading import (
    Row,
    by_columns,
    check_columns,
    check_once,
    check_table,
    corpus_sentences,
    interval_words,
    known,
    number,
    plural,
    recipe_of,
    records,
    row_names,
    settings_of,
)
from toolkit.figures.rows import Dot, RowPanel, axis_end, beyond_sentence, fitted, paint_dots, row_figure
from toolkit.figures.topic_captions import stability_sentences, topic_names
from toolkit.tables import TOPIC_SHARES, FramingError

_MOST = 12  # topics, unasked
_ENOUGH = 10  # contexts of a row, from which on its interval sets the axis
_NEEDED = ("topic", "label", "n", "n_contexts", "share", "low", "high", "covered")


def plot_topic_shares(
    topic_shares: pd.DataFrame,
    *,
    n_topics: int | None = None,
    n_rows: int = 40,
    title: str | None = None,
    column: Column = "double",
) -> Figure:
    """Draw what part of each source's contexts belongs to each topic.

    A panel is a topic, a row is a source; so the eye compares sources within a topic. The dot is the share, the line
    its interval. The contexts of each source stand left of its row. BERTopic's outliers are the last panel, "no topic";
    they are in every denominator. With one source the rows are topics.

    Parameters
    ----------
    topic_shares : DataFrame
        What ``tk.topic_shares`` returns, without periods.
    n_topics : int, optional
        How many topics to draw, the largest ones; unasked 12, or as many as fit on a page. The caption says how many are
        left out.
    n_rows : int
        How many sources to draw, those with the most contexts; the caption says of how many.
    title : str, optional
        A title above the figure.
    column : {"double", "single"}
        7.2 or 3.5 inches wide.

    Returns
    -------
    Figure
        A matplotlib figure; ``figure.axes`` holds a panel for each topic.

    Raises
    ------
    FramingError
        Where the table has no rows, lacks columns, has periods, or has no covered cell.

    Notes
    -----
    A topic is a cluster of contexts with similar words. It is not a frame.

    Examples
    --------
    >>> shares = pd.DataFrame({
    ...     "source": ["A", "A", "B", "B"], "topic": [0, -1, 0, -1], "label": ["court, judge", "outliers"] * 2,
    ...     "n": [3, 1, 1, 1], "n_contexts": [4, 4, 2, 2], "n_stories_total": [4, 4, 2, 2],
    ...     "share": [0.75, 0.25, 0.5, 0.5], "low": [0.3, 0.02, 0.05, 0.05], "high": [0.97, 0.7, 0.95, 0.95],
    ...     "covered": True})
    >>> [axes.get_label() for axes in plot_topic_shares(shares).axes]
    ['court, judge', 'no topic']
    """
    table = check_table(topic_shares, "topic shares")
    check_columns(table, _NEEDED, "topic shares")
    if "period" in table.columns:
        raise FramingError(
            "plot_topic_shares draws one mark for each topic and source, and this table has periods. "
            "Draw one of them: topic_shares[topic_shares['period'] == '2017-02-01']."
        )
    if n_topics is not None and n_topics < 1:
        raise FramingError(f"n_topics is how many topics to draw, 1 or more, not {n_topics}.")
    if n_rows < 1:
        raise FramingError(f"n_rows is how many rows to draw, 1 or more, not {n_rows}.")
    recipe = recipe_of(table)
    by = by_columns(table, TOPIC_SHARES, settings_of(recipe))
    frame = table.copy()
    frame["row"] = row_names(frame, by)
    check_once(frame, ["row", "topic"], "topic shares")
    if not frame["covered"].astype(bool).any():
        raise FramingError(
            "Nothing can be drawn: no cell of this table has any context. "
            "See whether the terms have hits: tk.word_forms(tokens, terms)."
        )
    contexts = frame.groupby("row", sort=False)["n_contexts"].max().sort_values(ascending=False, kind="stable")
    selected = []
    if len(contexts) > n_rows:
        frame = frame[frame["row"].isin(contexts.index[:n_rows])]
        selected = [f"Drawn are the {n_rows:,} of {len(contexts):,} rows with the most contexts."]
    sizes = frame.groupby("topic", sort=False)["n"].sum()
    outliers = [t for t in sizes.index if t == -1]
    ranked = [t for t in sizes.sort_values(ascending=False, kind="stable").index if t != -1]
    labels = topic_names(frame)
    cells = {(row["row"], row["topic"]): row for row in records(frame)}
    with style():
        if n_topics is not None:
            return _drawn(
                table, frame, cells, ranked[:n_topics], outliers, ranked[n_topics:], labels, selected, by, title, column
            )
        return fitted(
            lambda n: _drawn(
                table, frame, cells, ranked[:n], outliers, ranked[n:], labels, selected, by, title, column
            ),
            min(_MOST, max(len(ranked), 1)),
        )


def _drawn(
    table: pd.DataFrame,
    frame: pd.DataFrame,
    cells: dict[tuple[str, Any], Row],
    ranked: list[Any],
    outliers: list[Any],
    left_out: list[Any],
    labels: dict[Any, str],
    selected: list[str],
    by: list[str],
    title: str | None,
    column: Column,
) -> Figure:
    topics = [*ranked, *outliers]
    rows = list(dict.fromkeys(frame["row"]))
    dots = {key: _dot(cell) for key, cell in cells.items() if key[1] in topics}
    nothing = Dot(float("nan"), float("nan"), float("nan"), drawn=False)
    enough = [dot for key, dot in dots.items() if cells[key]["n_contexts"] >= _ENOUGH]
    xmax = axis_end(enough if any(dot.drawn for dot in enough) else list(dots.values()), whole=100.0)
    one = len(rows) == 1
    if one:
        keys = [[(rows[0], topic) for topic in topics]]
        notes = [f"{number(cells[key]['n'])} of {number(cells[key]['n_contexts'])}" for key in keys[0]]
        panels = [RowPanel(rows[0] if by else "", notes, "contexts of all")]
        row_labels, row_notes = [labels[topic] for topic in topics], []
    else:
        rows.sort(key=lambda row: _order(cells.get((row, topics[0]))))
        keys = [[(row, topic) for row in rows] for topic in topics]
        panels = [RowPanel(labels[topic]) for topic in topics]
        row_labels = rows
        row_notes = [_contexts(frame[frame["row"] == row]) for row in rows]
    shaky = stability_sentences(frame, {t: labels[t] for t in topics})
    narrow = column == "single" and not one
    return row_figure(
        row_labels,
        panels,
        lambda axes, i, ys: paint_dots(axes, list(ys), [dots.get(key, nothing) for key in keys[i]]),
        xmax=xmax,
        xlabel=_xlabel(by),
        caption=_caption(table, frame, dots, xmax, left_out, bool(outliers), selected, shaky),
        title=title,
        column=column,
        most_across=5 if column == "double" else 2,
        label_notes=row_notes,
        label_header=("n" if narrow else "contexts") if row_notes else "",
        label_cap=0.85 if narrow else None,
        row_pad=0.04 if narrow else 0.075,
    )


def _dot(cell: Row) -> Dot:
    share, low, high = (100 * float(cell[name]) for name in ("share", "low", "high"))
    drawn = bool(cell["covered"]) and known(cell["share"])
    return Dot(share, low, high, drawn, drawn and cell["n"] == 0)


def _xlabel(by: list[str]) -> str:
    return (
        f"% of each {by[0]}’s contexts" if len(by) == 1 else "% of the contexts of each row" if by else "% of contexts"
    )


def _order(cell: Row | None) -> tuple[int, float]:
    if cell is None or not cell["covered"]:
        return 1, 0.0
    return 0, -float(cell["share"])


def _contexts(rows: pd.DataFrame) -> str:
    return number(rows["n_contexts"].max()) if rows["covered"].astype(bool).any() else "none"


def _caption(
    table: pd.DataFrame,
    frame: pd.DataFrame,
    dots: dict[tuple[str, Any], Dot],
    xmax: float,
    left_out: list[Any],
    outliers: bool,
    selected: list[str],
    unstable: list[str],
) -> str:
    recipe = recipe_of(table)
    parts = [f"Dot: share; line: {interval_words(table, recipe)}."]
    if any(dot.zero for dot in dots.values()):
        parts.append("Open dot: contexts, but none of the topic.")
    outside = {key: dot.value for key, dot in dots.items() if dot.drawn and dot.value > xmax * (1 + 1e-9)}
    parts += beyond_sentence([dot for key, dot in dots.items() if key not in outside], xmax)
    if outside:
        said = [
            f"{row} {share:.0f}\N{NO-BREAK SPACE}%" for (row, _), share in sorted(outside.items(), key=lambda o: -o[1])
        ]
        more = f" and {len(said) - 4:,} more" if len(said) > 4 else ""
        parts.append(
            f"The axis is that of rows with {_ENOUGH} or more contexts; hollow arrowheads: a share beyond it ({', '.join(said[:4])}{more})."
        )
    if outliers:
        parts.append("Contexts of no topic are in every denominator.")
    if left_out:
        verb = "is" if len(left_out) == 1 else "are"
        parts.append(f"{plural(len(left_out), 'smaller topic')} {verb} not drawn.")
    parts += selected + unstable
    total = frame.drop_duplicates("row")["n_contexts"].sum()
    parts.append(f"n = {plural(total, 'context')}.")
    return " ".join([*parts, *corpus_sentences(recipe)])
