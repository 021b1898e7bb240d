"""Own the picture of rival terms: how the hits of a cell divide among names for the same thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MultipleLocator

from toolkit.figures.multiples import line_figure
from toolkit.figures.paper import (
    HATCHES,
    INK,
    LABEL,
    MUTED,
    NOTE,
    PALETTE,
    Column,
    style,
    text_height,
    text_width,
    width_of,
    write,
)
from toolkit.figures.reading import (
    Reading,
    Row,
    check_once,
    check_table,
    check_terms,
    corpus_sentences,
    dated,
    hits_sentence,
    interval_words,
    known,
    largest,
    number,
    quoted,
    read_usage,
    records,
)
from toolkit.figures.rows import Dot, RowPanel, axes_gid, paint_dots, row_figure
from toolkit.figures.usage_lines import line_panels, time_sentences
from toolkit.tables import FramingError

_NEEDED = ("term", "n_hits", "n_articles", "n_articles_total", "n_hits_rivals", "rival_share", "low", "high", "covered")
_DARK = (0, 2, 4)  # colours on which print is white


def plot_rivals(
    usage: pd.DataFrame,
    *,
    sort: bool = True,
    n_rows: int = 36,
    title: str | None = None,
    column: Column = "double",
) -> Figure:
    """Draw how hits divide among rival terms, as by "travel ban" and "Muslim ban".

    A row is a cell of the ``by`` columns, mostly a source. Two rivals are one dot with its interval between the two
    ends of an axis; three or more are a bar of stacked shares, in which the first and the last share have their
    intervals. Right of each row stand the hits. With periods each cell is a small panel over time. A cell with
    articles but none of the terms says "no hits", one without articles "no articles"; neither has a mark.

    Parameters
    ----------
    usage : DataFrame
        What ``tk.usage(..., measure="rival_share")`` returns, with two to six terms.
    sort : bool
        Order the rows by the share of the first term, highest first; otherwise as in the table.
    n_rows : int
        How many rows or panels to draw, those with the most hits; the caption says of how many.
    title : str, optional
        A title above the figure.
    column : {"double", "single"}
        7.2 or 3.5 inches wide.

    Returns
    -------
    Figure
        A matplotlib figure.

    Raises
    ------
    FramingError
        Where the table holds another measure, fewer than two terms, no covered cell, or no hit at all.

    Notes
    -----
    A share says nothing of how often a source speaks of the matter: a row of three hits can be all for one name.

    Examples
    --------
    >>> usage = pd.DataFrame({
    ...     "source": ["A", "A"], "term": ["travel ban", "Muslim ban"], "n_hits": [3, 1], "n_articles": [2, 1],
    ...     "n_articles_total": [4, 4], "n_hits_rivals": [4, 4], "rival_share": [0.75, 0.25],
    ...     "low": [0.2, 0.02], "high": [0.98, 0.8], "covered": [True, True]})
    >>> len(plot_rivals(usage).axes)
    1
    """
    if len(check_table(usage, "usage").columns) and "rival_share" not in usage.columns:
        raise FramingError(
            "plot_rivals draws shares among rival terms, and this table has no column rival_share. "
            "Count with measure='rival_share': tk.usage(corpus, terms, measure='rival_share')."
        )
    reading = read_usage(usage, "rival_share", needed=_NEEDED)
    if len(reading.terms) < 2:
        raise FramingError(
            f"Rivals are two terms or more; this table has one: {reading.terms[0]}. Count them together: "
            "tk.usage(corpus, {'travel ban': [...], 'Muslim ban': [...]}, measure='rival_share')."
        )
    check_terms(reading.terms, "plot_rivals")
    if not reading.frame["rival_share"].notna().any():
        raise FramingError(
            f"Nothing can be drawn: none of the terms ({', '.join(reading.terms)}) has a hit in any cell. "
            "See what the patterns match: tk.word_forms(tokens, terms)."
        )
    if "period" in usage.columns:
        return _over_time(usage, reading, n_rows, title, column)
    check_once(reading.frame, ["row", "term"], "usage")
    reading, selected = largest(reading, n_rows, "n_hits_rivals", "rows")
    cells = {(row["row"], row["term"]): row for row in records(reading.frame)}
    rows = sorted(reading.rows, key=lambda row: _order(cells, reading, row)) if sort else reading.rows
    draw = _between_two if len(reading.terms) == 2 else _stacked
    return draw(usage, reading, rows, cells, selected, title, column)


Cells = dict[tuple[str, str], Row]


def _order(cells: Cells, reading: Reading, row: str) -> tuple[int, float]:
    cell = cells.get((row, reading.terms[0]))
    if cell is None or not cell["covered"]:
        return 2, 0.0
    return (1, 0.0) if not known(cell["rival_share"]) else (0, -float(cell["rival_share"]))


def _state(cells: Cells, reading: Reading, row: str) -> str:
    """Return what stands in place of a count: "" where there are hits."""
    there = [cells[(row, term)] for term in reading.terms if (row, term) in cells]
    if not any(cell["covered"] for cell in there):
        return "no articles"
    return "" if any(known(cell["rival_share"]) for cell in there) else "no hits"


def _between_two(
    usage: pd.DataFrame,
    reading: Reading,
    rows: Sequence[str],
    cells: Cells,
    selected: Sequence[str],
    title: str | None,
    column: Column,
) -> Figure:
    first, second = reading.terms
    dots, notes = [], []
    for row in rows:
        cell = cells.get((row, first))
        state = _state(cells, reading, row)
        if state or cell is None:
            dots.append(Dot(np.nan, np.nan, np.nan, drawn=False))
            notes.append(state or "no row")
        else:
            share, low, high = (100 * float(cell[name]) for name in ("rival_share", "low", "high"))
            dots.append(Dot(share, low, high))
            notes.append(f"{number(cell['n_hits'])} of {number(cell['n_hits_rivals'])}")
    parts = [
        f"Dot: share of {quoted(first)} in the hits of both; line: {interval_words(usage, reading.recipe)}; "
        "dotted: half of the hits.",
        *selected,
        hits_sentence(reading),
        *corpus_sentences(reading.recipe),
    ]

    def paint(axes: Axes, _: int, ys: Any) -> None:
        axes.axvline(50, color=MUTED, linewidth=0.8, linestyle=(0, (1, 2)), zorder=1, gid=axes_gid(axes, "half"))
        axes.xaxis.set_major_locator(MultipleLocator(25))
        paint_dots(axes, list(ys), dots)

    with style():
        return row_figure(
            rows,
            [RowPanel("", notes, "hits of both")],
            paint,
            xmax=100.0,
            xlabel=f"{quoted(first)}, % of the hits of both",
            caption=" ".join(parts),
            title=title,
            column=column,
            most_across=1,
            ends=(f"← {quoted(second)}", f"{quoted(first)} →"),
        )


def _stacked(
    usage: pd.DataFrame,
    reading: Reading,
    rows: Sequence[str],
    cells: Cells,
    selected: Sequence[str],
    title: str | None,
    column: Column,
) -> Figure:
    states = [_state(cells, reading, row) for row in rows]
    notes = []
    for row, state in zip(rows, states, strict=True):
        totals = [cells[(row, term)]["n_hits_rivals"] for term in reading.terms if (row, term) in cells]
        notes.append(state or number(max(totals)))
    level = interval_words(usage, reading.recipe)
    first, last = reading.terms[0], reading.terms[-1]
    parts = [
        f"Bars: shares in the hits of all {len(reading.terms)} terms, in the order of the key, in %. Thin lines: {level} "
        f"of the first share ({quoted(first)}, from the left) and of the last ({quoted(last)}, from the right).",
        *selected,
        hits_sentence(reading),
        *corpus_sentences(reading.recipe),
    ]

    def paint(axes: Axes, _: int, ys: Any) -> None:
        axes.xaxis.set_major_locator(MultipleLocator(25))
        axes.grid(visible=False)
        scale = axes.get_position().width * width_of(column) / 100  # inches for each percent
        for y, row, state in zip(ys, rows, states, strict=True):
            if not state:
                _bar(axes, float(y), [cells.get((row, term)) for term in reading.terms], scale)

    def key(figure: Figure, left: float, top: float, width: float) -> float:
        x, y = left, 0.0
        for i, term in enumerate(reading.terms):
            needed = 0.22 + text_width(quoted(term), LABEL)
            if x > left and x + needed > left + width:
                x, y = left, y + text_height(1, LABEL) + 0.03
            across, down = figure.get_size_inches()
            figure.add_artist(
                _segment(x / across, 1 - (top + y + 0.105) / down, 0.16 / across, 0.095 / down, i, figure=True)
            )
            write(figure, x + 0.21, top + y, quoted(term), size=LABEL, gid=f"key-{i}")
            x += needed + 0.2
        return y + text_height(1, LABEL)

    with style():
        return row_figure(
            rows,
            [RowPanel("", notes, "hits")],
            paint,
            xmax=100.0,
            xlabel="% of the hits of all rival terms",
            caption=" ".join(parts),
            title=title,
            column=column,
            most_across=1,
            key=key,
            row_pad=0.15,
        )


def _segment(x: float, y: float, width: float, height: float, index: int, *, figure: bool = False) -> Rectangle:
    rectangle = Rectangle(
        (x, y),
        width,
        height,
        facecolor=PALETTE[index],
        edgecolor="white",
        hatch=HATCHES[index] or None,
        linewidth=0.5,
        zorder=2,
    )
    if not figure:
        rectangle.set_clip_on(False)
    return rectangle


def _bar(axes: Axes, y: float, cells: Sequence[Row | None], scale: float) -> None:
    """Draw one row of stacked shares, with a number in each segment that has room for it."""
    height = 0.125
    at = 0.0
    for index, cell in enumerate(cells):
        share = 0.0 if cell is None or not known(cell["rival_share"]) else 100 * float(cell["rival_share"])
        if share <= 0:
            continue
        segment = _segment(at, y - height / 2, share, height, index)
        segment.set_gid(f"{axes_gid(axes, 'share')}-{round(y * 1000)}-{index}")
        axes.add_patch(segment)
        words = f"{share:.0f}"
        if share * scale > text_width(words, NOTE) + 0.1:
            axes.text(
                at + share / 2,
                y,
                words,
                fontsize=NOTE,
                ha="center",
                va="center_baseline",
                color="white" if index in _DARK else INK,
                zorder=4,
                bbox={"facecolor": PALETTE[index], "edgecolor": "none", "pad": 0.8} if HATCHES[index] else None,
            )
        at += share
    for position, mirrored in ((0, False), (len(cells) - 1, True)):
        cell = cells[position]
        if cell is None or not (known(cell["low"]) and known(cell["rival_share"])):
            continue
        low, high = 100 * float(cell["low"]), 100 * float(cell["high"])
        if mirrored:
            low, high = 100 - high, 100 - low
        # just above and just below the bar, so that the two never meet
        where = y - height / 2 - 0.018 if not mirrored else y + height / 2 + 0.018
        axes.hlines([where], low, high, color=INK, linewidth=0.8, zorder=5).set_clip_on(False)


def _over_time(usage: pd.DataFrame, reading: Reading, n_rows: int, title: str | None, column: Column) -> Figure:
    reading, n_undated = dated(reading)
    reading, selected = largest(reading, n_rows, "n_hits_rivals", "panels")
    two = len(reading.terms) == 2
    drawn = reading.terms[:1] if two else reading.terms
    periods, panels = line_panels(reading, drawn)
    ylabel = f"{quoted(reading.terms[0])}, % of the hits of both" if two else "% of the hits of all rival terms"
    parts = time_sentences(panels, periods, interval_words(usage, reading.recipe))
    if (reading.frame["covered"].astype(bool) & reading.frame["rival_share"].isna()).any():
        parts.append(f"A gap on white: articles, but no hit of {'either' if two else 'any'}.")
    if two:
        parts.append("Dotted: half of the hits.")
    with style():
        return line_figure(
            panels,
            periods,
            top=100.0,
            ylabel=ylabel,
            caption=" ".join([*parts, *selected, hits_sentence(reading), *corpus_sentences(reading.recipe, n_undated)]),
            title=title,
            column=column,
            names=[quoted(term) for term in drawn],
            end_words=(f"↑ {quoted(reading.terms[0])}", f"↓ {quoted(reading.terms[1])}") if two else None,
            reference=50.0 if two else None,
        )
