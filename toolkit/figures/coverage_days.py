"""Own the picture of coverage: a row for each source, a cell for each period, nothing told from zero."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from toolkit.figures.paper import (
    CAPTION,
    FAINT,
    LABEL,
    LEADING,
    MARGIN,
    MUTED,
    NOTE,
    Column,
    n_lines,
    new_picture,
    place,
    style,
    text_height,
    text_width,
    width_of,
    wrapped,
    write,
)
from toolkit.figures.periods import Periods, date_ticks, read_periods
from toolkit.figures.reading import (
    by_columns,
    check_once,
    check_table,
    corpus_sentences,
    number,
    plural,
    recipe_of,
    row_names,
    settings_of,
)
from toolkit.tables import COVERAGE, FramingError, require

_ROW = 0.19  # inches
_STEPS = (1, 3, 10, 30, 100, 300, 1000, 3000, 10_000)
_LIGHT, _DARK = 0.80, 0.05  # the greys of the smallest and the largest class


def plot_coverage(
    coverage: pd.DataFrame, *, n_rows: int = 40, title: str | None = None, column: Column = "double"
) -> Figure:
    """Draw how many articles each source has in each period.

    A row is a source, a cell a period; the darker, the more articles, in classes that the legend names. A period without
    articles is left white: nothing is known of it. Right of each row stands the number of its articles.

    Parameters
    ----------
    coverage : DataFrame
        What ``tk.coverage`` returns.
    n_rows : int
        How many rows to draw, those with the most articles; the caption says of how many.
    title : str, optional
        A title above the figure.
    column : {"double", "single"}
        7.2 or 3.5 inches wide.

    Returns
    -------
    Figure
        A matplotlib figure with one panel.

    Raises
    ------
    FramingError
        Where the table has no row, no dated article, or a cell twice.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "source": ["A", "A"], "period": pd.to_datetime(["2017-01-02", "2017-01-03"]),
    ...     "n_articles": [4, 0], "covered": [True, False]})
    >>> plot_coverage(table).axes[0].get_label()
    'coverage'
    """
    frame = check_table(coverage, "coverage")
    require(frame, COVERAGE.columns, "coverage")
    recipe = recipe_of(frame)
    by = by_columns(frame, COVERAGE, settings_of(recipe))
    frame = frame.assign(row=row_names(frame, by))
    dated = frame[frame["period"].notna()]
    if not (dated["n_articles"] > 0).any():
        raise FramingError("There is nothing to draw: no article in this table has a date.")
    check_once(dated, ["row", "period"], "coverage")
    totals = dated.groupby("row", sort=False)["n_articles"].sum()
    rows = [row for row in totals.index if row in set(totals.nlargest(n_rows).index)]
    periods = read_periods(dated["period"], settings_of(recipe).get("freq"))
    counts = np.zeros((len(rows), len(periods)))
    column_of = {start: i for i, start in enumerate(periods.starts)}
    for name, period, n in dated[["row", "period", "n_articles"]].itertuples(index=False):
        if name in rows:
            counts[rows.index(name), column_of[period]] = n
    parts = [f"A cell is a {periods.name}; the darker, the more articles. White: no articles."]
    if len(rows) < len(totals):
        parts.append(f"Drawn are the {len(rows)} of {len(totals)} rows with the most articles.")
    parts.append(f"n = {plural(int(dated['n_articles'].sum()), 'article')}.")
    undated = int(frame.loc[frame["period"].isna(), "n_articles"].sum())
    with style():
        return _drawn(
            counts, rows, totals, periods, " ".join([*parts, *corpus_sentences(recipe, undated)]), title, column
        )


def _drawn(
    counts: NDArray[np.float64],
    rows: list[str],
    totals: pd.Series,
    periods: Periods,
    caption: str,
    title: str | None,
    column: Column,
) -> Figure:
    width = width_of(column)
    names = [wrapped(str(row), width * 0.28, LABEL, most=1) for row in rows]
    left = max(text_width(name) for name in names) + 2 * MARGIN
    right = max(text_width(number(int(totals[row])), NOTE) for row in rows)
    right = max(right, text_width("articles", NOTE)) + 2 * MARGIN
    caption = wrapped(caption, width - 2 * MARGIN, CAPTION)
    most = counts.max()
    steps = [s for s in _STEPS if s <= most]
    labels = _class_names(steps, periods.name)
    beside = left + sum(text_width(label, NOTE) + 0.28 for label in labels) < width - right
    lines = 1 if beside else 2  # where the classes do not fit beside the head of the last column, they stand above it
    top = MARGIN + (text_height(1, LABEL) * 1.6 if title else 0) + text_height(1, NOTE) * (0.8 + lines)
    height = _ROW * len(rows)
    below = text_height(2, LABEL) + 0.12
    whole = top + height + below + text_height(n_lines(caption), CAPTION) + MARGIN
    figure = new_picture(width, whole)
    if title:
        write(figure, MARGIN, MARGIN, title, size=LABEL, weight="bold")
    axes = place(figure, left, top, width - left - right, height)
    axes.set_label("coverage")
    greys = np.linspace(_LIGHT, _DARK, len(steps)) if len(steps) > 1 else np.array([_DARK])
    for i, line in enumerate(counts):
        for j in np.flatnonzero(line):
            grey = str(greys[np.searchsorted(steps, line[j], side="right") - 1])
            span = periods.right[j] - periods.left[j]
            axes.add_patch(
                Rectangle((periods.left[j], i - 0.42), span, 0.84, facecolor=grey, linewidth=0, antialiased=False)
            )
    axes.set(xlim=(periods.left[0], periods.right[-1]), ylim=(len(rows) - 0.5, -0.5))
    axes.set_yticks(range(len(rows)), names)
    axes.tick_params(axis="y", length=0)
    axes.grid(False)
    axes.set_yticks(np.arange(len(rows) + 1) - 0.5, minor=True)
    axes.grid(axis="y", which="minor", color=FAINT, linewidth=0.5)
    axes.tick_params(axis="y", which="minor", length=0)
    axes.set_xticks(*date_ticks(periods, most=12 if column == "double" else 6))
    write(figure, width - MARGIN, top - text_height(1, NOTE) * 1.2, "articles", size=NOTE, ha="right", color=MUTED)
    for i, row in enumerate(rows):
        middle = top + (i + 0.5) * _ROW - NOTE * LEADING / 144
        write(figure, width - MARGIN, middle, number(int(totals[row])), size=NOTE, ha="right", color=MUTED)
    _legend(figure, left if beside else MARGIN, top - text_height(1, NOTE) * (0.2 + lines), labels, greys)
    write(figure, MARGIN, top + height + below, caption, size=CAPTION, color=MUTED)
    return figure


def _class_names(steps: list[int], name: str) -> list[str]:
    """Name the classes of grey: the first says of what."""
    names = []
    for low, above in zip(steps, [*steps[1:], None], strict=True):
        if above is None:
            names.append(f"{number(low)} or more")
        else:
            names.append(number(low) if above == low + 1 else f"{number(low)}–{number(above - 1)}")
    return [f"{names[0]} a {name}", *names[1:]]


def _legend(figure: Figure, x: float, y: float, labels: list[str], greys: NDArray[np.float64]) -> None:
    """Draw the classes of grey with their names, from the left."""
    across, down = figure.get_size_inches()
    for label, grey in zip(labels, greys, strict=True):
        box = Rectangle(
            (x / across, 1 - (y + 0.09) / down), 0.1 / across, 0.08 / down, facecolor=str(grey), linewidth=0
        )
        figure.add_artist(box)
        write(figure, x + 0.14, y, label, size=NOTE, color=MUTED)
        x += 0.28 + text_width(label, NOTE)
