"""Own the picture of coverage: a row for each source, a cell for each period, and hatching where there are no articles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from toolkit.figures import inputs, sheets, wording
from toolkit.figures.inputs import drawn_from
from toolkit.figures.keys import Entry
from toolkit.figures.multiples import runs
from toolkit.figures.orders import cell_ranks
from toolkit.figures.paper import (
    FAINT,
    LABEL,
    MARGIN,
    MUTED,
    NOTE,
    Column,
    place,
    text_height,
    text_width,
    width_of,
    wrapped,
    write,
)
from toolkit.figures.periods import Periods, date_ticks, read_periods
from toolkit.figures.signs import hatched
from toolkit.tables import COVERAGE, FramingError, require
from toolkit.tables.checks import check_at_least

_STEPS = (1, 3, 10, 30, 100, 300, 1000, 3000, 10_000)
_LIGHT, _DARK = 0.66, 0.0  # the greys of the smallest and the largest class


@drawn_from
def plot_coverage(
    coverage: pd.DataFrame, *, n_rows: int = 40, title: str | None = None, column: Column = "double"
) -> Figure:
    """Draw how many articles each source has in each period.

    A row is a source, a cell a period; the darker, the more articles, in classes that the key names. A period without articles is
    hatched: nothing is known of it. One that the table does not have is white. Right of each row stands the number of its articles.

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
        A matplotlib figure with one panel; ``figure.framing_table`` is the table that was given.

    Raises
    ------
    FramingError
        If the table has no row, no dated article, or a cell twice.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "source": ["A", "A"], "period": pd.to_datetime(["2017-01-02", "2017-01-03"]),
    ...     "n_articles": [4, 0], "covered": [True, False]})
    >>> plot_coverage(table).axes[0].get_label()
    'coverage'
    """
    frame = inputs.check_table(coverage, "coverage")
    require(frame, COVERAGE.columns, "coverage")
    recipe = inputs.recipe_of(frame)
    by = inputs.by_columns(frame, COVERAGE, inputs.settings_of(recipe))
    frame = frame.assign(row=inputs.row_names(frame, by))
    dated = frame[frame["period"].notna()]
    if not (dated["n_articles"] > 0).any():
        raise FramingError("There is nothing to draw: no article in this table has a date.")
    inputs.check_once(dated, ["row", "period"], "coverage")
    totals = dated.groupby("row", sort=False)["n_articles"].sum()
    check_at_least("n_rows", n_rows, 1, "how many rows to draw")
    ranks = cell_ranks(frame, by)
    rows = sorted(totals.nlargest(n_rows).index, key=lambda row: (ranks[row], totals.index.get_loc(row)))
    periods = read_periods(dated["period"], inputs.settings_of(recipe).get("freq"))
    counts = np.full((len(rows), len(periods)), np.nan)
    column_of = {start: i for i, start in enumerate(periods.starts)}
    for name, period, n in dated[["row", "period", "n_articles"]].itertuples(index=False):
        if name in rows:
            counts[rows.index(name), column_of[period]] = n
    parts = [f"A cell is a {periods.name}; the darker, the more articles."]
    if (counts == 0).any():
        parts.append("Hatched: no articles.")
    if np.isnan(counts).any():
        parts.append("White: not in the table.")
    if len(rows) < len(totals):
        parts.append(f"Drawn are the {len(rows)} of {len(totals)} rows with the most articles.")
    parts.append(f"n = {wording.plural(int(dated['n_articles'].sum()), 'article')}.")
    undated = int(frame.loc[frame["period"].isna(), "n_articles"].sum())
    caption = " ".join([*parts, *wording.corpus_sentences(recipe, undated)])
    return _drawn(counts, rows, totals, periods, caption, title, column)


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
    numbers = [wording.number(int(totals[row])) for row in rows]
    right = max(text_width(text, NOTE) for text in [*numbers, "articles"]) + 2 * MARGIN

    # from the top down: title, key, head of the last column, rows, dates, caption
    steps = [step for step in _STEPS if step <= np.nanmax(counts)]
    greys = [str(grey) for grey in (np.linspace(_LIGHT, _DARK, len(steps)) if len(steps) > 1 else [_DARK])]
    classes = [
        Entry(text, patch={"facecolor": grey, "linewidth": 0.0})
        for text, grey in zip(_class_names(steps, periods.name), greys, strict=True)
    ]
    uncovered = [Entry("no articles", patch=hatched(), gid="key-uncovered")] if (counts == 0).any() else []
    sheet = sheets.plan(column, title, caption, [*classes, *uncovered])
    top = sheet.top + text_height(1, NOTE) + 0.03
    row_height = text_height(1, LABEL) + 0.06
    height = row_height * len(rows)
    figure = sheets.begin(sheet, top + height + text_height(2, LABEL) + 0.12)

    axes = place(figure, left, top, width - left - right, height)
    axes.set_gid("panel-0")
    axes.set_label("coverage")
    axes.set(xlim=(periods.left[0], periods.right[-1]), ylim=(len(rows) - 0.5, -0.5))
    _paint(axes, counts, periods, steps, greys)

    # a line between rows, none between periods
    axes.set_yticks(range(len(rows)), names)
    axes.tick_params(axis="y", length=0)
    axes.grid(False)
    axes.set_yticks(np.arange(len(rows) + 1) - 0.5, minor=True)
    axes.grid(axis="y", which="minor", color=FAINT, linewidth=0.5)
    axes.tick_params(axis="y", which="minor", length=0)
    axes.set_xticks(*date_ticks(periods, most=max(2, int((width - left - right) / (LABEL * 0.065)))))

    write(figure, width - MARGIN, top - 0.03, "articles", size=NOTE, ha="right", va="bottom", color=MUTED)
    for i, text in enumerate(numbers):
        middle = top + (i + 0.5) * row_height
        write(figure, width - MARGIN, middle, text, size=NOTE, ha="right", va="center", color=MUTED)
    return figure


def _paint(
    axes: Axes, counts: NDArray[np.float64], periods: Periods, steps: Sequence[int], greys: Sequence[str]
) -> None:
    """Fill a cell for each period with articles, and hatch each stretch without."""
    for i, line in enumerate(counts):
        for j in np.flatnonzero(line > 0):
            grey = greys[np.searchsorted(steps, line[j], side="right") - 1]
            span = periods.right[j] - periods.left[j]
            corner = (periods.left[j], i - 0.42)
            axes.add_patch(Rectangle(corner, span, 0.84, facecolor=grey, linewidth=0, antialiased=False))

        for first, last in runs(line == 0):
            span = periods.right[last] - periods.left[first]
            corner = (periods.left[first], i - 0.42)
            axes.add_patch(Rectangle(corner, span, 0.84, gid=f"panel-0-uncovered-{i}-{first}", **hatched()))


def _class_names(steps: Sequence[int], name: str) -> list[str]:
    """Name the classes of grey: the first says of what."""
    names = []
    for low, above in zip(steps, [*steps[1:], None], strict=True):
        if above is None:
            names.append(f"{wording.number(low)} or more")
        else:
            names.append(
                wording.number(low) if above == low + 1 else f"{wording.number(low)}–{wording.number(above - 1)}"
            )
    return [f"{names[0]} a {name}", *names[1:]]
