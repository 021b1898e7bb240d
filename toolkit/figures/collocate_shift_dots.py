"""Own the picture of a collocate shift: a row for each word, right of zero where the target has more of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from toolkit.figures.paper import INK, PALETTE, Column, style
from toolkit.figures.reading import (
    Row,
    check_once,
    check_table,
    corpus_sentences,
    figure_of,
    joined,
    known,
    number,
    plural,
    quoted,
    recipe_of,
    records,
    settings_of,
)
from toolkit.figures.rows import RowPanel, axes_gid, row_figure
from toolkit.tables import COLLOCATE_SHIFT, FramingError, require

_LEVEL = 0.05


def plot_collocate_shift(
    shift: pd.DataFrame,
    *,
    n_rows: int = 30,
    sides: tuple[str, str] = ("target", "reference"),
    title: str | None = None,
    column: Column = "double",
) -> Figure:
    """Draw which collocates a term has more of on one side than on the other.

    A row is a word. The dot is the difference in the share of the term's hits that have the word near them, in percentage points;
    the line is its interval. Right of each row stand the hits with the word on both sides. A filled dot has a `q` or a `p_max` of at
    most 5 %, so it stands out among all words of the table, drawn or not.

    Parameters
    ----------
    shift : DataFrame
        What ``tk.collocate_shift`` returns.
    n_rows : int
        How many words to draw, those with the largest z on either side; the caption says of how many.
    sides : (str, str)
        What to call target and reference.
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
        Where the table has no rows, lacks columns, or has a word twice.

    Notes
    -----
    The intervals are for one word at a time, so some exclude zero without a filled dot.

    Examples
    --------
    >>> shift = pd.DataFrame({
    ...     "collocate": ["illegal", "young"], "n_target": [30, 2], "n_reference": [4, 12], "n_hits_target": 100,
    ...     "n_hits_reference": 80, "difference": [0.25, -0.13], "low": [0.1, -0.2], "high": [0.35, 0.02],
    ...     "z": [3.9, -2.1], "q": [0.002, 0.11], "p_max": [0.001, 0.6]})
    >>> axes = plot_collocate_shift(shift, sides=("Post", "Sun")).axes[0]
    >>> {line.get_gid(): [round(float(x)) for x in line.get_xdata()] for line in axes.lines if "dots" in line.get_gid()}
    {'panel-0-dots': [25], 'panel-0-open-dots': [-13]}
    """
    kind = COLLOCATE_SHIFT.name
    table = check_table(shift, kind)
    needed = ["collocate", "n_target", "n_reference", "n_hits_target", "n_hits_reference"]
    require(table, [*needed, "difference", "low", "high", "z", "q", "p_max"], kind)
    check_once(table, ["collocate"], kind)
    if n_rows < 1:
        raise FramingError(f"n_rows is how many words to draw, 1 or more, not {n_rows}.")
    if len(sides) != 2 or isinstance(sides, str):
        raise FramingError(f"sides are two names, such as ('CNN', 'others'), not {sides!r}.")
    largest = table["z"].abs().sort_values(ascending=False, kind="stable").index[:n_rows]
    drawn = table.loc[table.index.isin(largest)].sort_values("difference", ascending=False, kind="stable")
    rows = records(drawn)
    end = _axis_end(rows)
    first = rows[0]
    panel = RowPanel(
        "",
        [f"{number(row['n_target'])} / {number(row['n_reference'])}" for row in rows],
        f"of {number(first['n_hits_target'])} / {number(first['n_hits_reference'])} hits",
    )
    with style():
        return row_figure(
            [str(row["collocate"]) for row in rows],
            [panel],
            lambda axes, _, ys: _paint(axes, [float(y) for y in ys], rows, end),
            xmax=end,
            xlabel="difference in the share of hits with the word, percentage points",
            caption=_caption(table, rows, end, sides),
            title=title,
            column=column,
            most_across=1,
            ends=(f"more in {sides[1]}", f"more in {sides[0]}"),
        )


def _axis_end(rows: list[Row]) -> float:
    """Choose how far the axis reaches to both sides: to the farthest interval, but not past 2.5 times the farthest dot."""
    dot = max(abs(100 * float(row["difference"])) for row in rows)
    ends = [abs(100 * float(row[name])) for row in rows for name in ("low", "high") if known(row[name])]
    farthest = max(ends, default=dot)
    return min(max(1.1 * dot, min(1.05 * farthest, 2.5 * dot if dot else farthest)), 100.0) or 1.0


def _paint(axes: Axes, ys: list[float], rows: list[Row], end: float) -> None:
    axes.set_xlim(-end, end)
    axes.axvline(0, color=INK, linewidth=0.6, zorder=1, gid=axes_gid(axes, "zero"))
    lines = [
        (y, 100 * float(r["low"]), 100 * float(r["high"])) for y, r in zip(ys, rows, strict=True) if known(r["low"])
    ]
    axes.hlines(
        [y for y, _, _ in lines],
        np.clip([low for _, low, _ in lines], -end, end),
        np.clip([high for _, _, high in lines], -end, end),
        color=PALETTE[0],
        linewidth=1.3,
        zorder=2,
        gid=axes_gid(axes, "intervals"),
    )
    marks: list[tuple[str, str, str, list[tuple[float, float]]]] = [
        ("dots", "o", PALETTE[0], _dots(ys, rows, clear=True)),
        ("open-dots", "o", "white", _dots(ys, rows, clear=False)),
        ("beyond-left", "<", PALETTE[0], [(-end, y) for y, low, _ in lines if low < -end * (1 + 1e-9)]),
        ("beyond-right", ">", PALETTE[0], [(end, y) for y, _, high in lines if high > end * (1 + 1e-9)]),
    ]
    for name, marker, face, places in marks:
        if places:
            axes.plot(
                [x for x, _ in places],
                [y for _, y in places],
                linestyle="none",
                marker=marker,
                markersize=3.2 if name.startswith("beyond") else 4.2,
                markerfacecolor=face,
                markeredgecolor=PALETTE[0],
                clip_on=False,
                zorder=3,
                gid=axes_gid(axes, name),
            )


def _dots(ys: list[float], rows: list[Row], *, clear: bool) -> list[tuple[float, float]]:
    pairs = zip(ys, rows, strict=True)
    return [(100 * float(row["difference"]), y) for y, row in pairs if _clear(row) is clear]


def _clear(row: Row) -> bool:
    return min(float(row["q"]), float(row["p_max"])) <= _LEVEL  # with few shuffles q cannot be small


def _caption(table: pd.DataFrame, rows: list[Row], end: float, sides: tuple[str, str]) -> str:
    recipe = recipe_of(table)
    settings = settings_of(recipe)
    terms = settings.get("terms")
    term = joined([quoted(str(name)) for name in terms]) if isinstance(terms, dict) and terms else "the term"
    level = f"{100 * float(settings.get('confidence', 0.95)):g}\u00a0%"  # never broken over two lines
    parts = [
        f"Dot: share of the hits of {term} with the word {_where(settings.get('window'))} in {sides[0]}, minus that in {sides[1]}; "
        f"line: {level} interval for each word by itself (unit: the story)."
    ]
    shuffles = settings.get("permutations")
    told = f" ({plural(shuffles, 'shuffle')} of stories)" if shuffles else ""
    n_clear = sum(map(_clear, records(table)))
    n_drawn = sum(map(_clear, rows))
    which = f"q or p_max of at most {_LEVEL:g} among {plural(len(table), 'word')}{told}"
    parts.append(
        f"Filled: {which}." if n_drawn else f"No word has a {which}." if not n_clear else f"None drawn has a {which}."
    )
    farthest = max(
        (abs(100 * float(row[name])) for row in rows for name in ("low", "high") if known(row[name])), default=0.0
    )
    if farthest > end * (1 + 1e-9):
        parts.append(f"Arrowheads: the interval goes on, up to {figure_of(farthest)}.")
    if len(rows) < len(table):
        more = f"; {plural(n_clear - n_drawn, 'word')} not drawn would be filled" if n_clear > n_drawn else ""
        parts.append(f"Drawn are the {len(rows):,} of {len(table):,} words with the largest z{more}.")
    first = rows[0]
    parts.append(f"n = {plural(first['n_hits_target'], 'hit')} and {plural(first['n_hits_reference'], 'hit')}.")
    return " ".join([*parts, *corpus_sentences(recipe)])


def _where(window: Any) -> str:
    if isinstance(window, str):
        return f"in its {window}"
    if isinstance(window, (list, tuple)) and len(window) == 2:
        left, right = window
        if not left or not right:
            side, n = ("before", left) if left else ("after", right)
            return f"right {side} it" if n == 1 else f"among the {number(n)} words {side} it"
        return f"among the {plural(left, 'word')} before or the {plural(right, 'word')} after it"
    return f"within {plural(window, 'word')}" if window else "near it"
