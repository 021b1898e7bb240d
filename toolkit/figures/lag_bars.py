"""Own the picture of leads and lags: a panel for each pair of sources, a bar for each lag, before what chance gives."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from toolkit.figures import inputs, sheets, wording
from toolkit.figures.inputs import drawn_from
from toolkit.figures.paper import (
    GROUND,
    INK,
    LABEL,
    MARGIN,
    MUTED,
    NOTE,
    PALETTE,
    Column,
    n_lines,
    place,
    text_height,
    text_width,
    width_of,
    wrapped,
    write,
)
from toolkit.tables import FramingError, require
from toolkit.tables.checks import check_at_least

_PERIODS = {"D": "day", "W": "week", "M": "month", "Q": "quarter", "Y": "year"}
_NEEDED = ("term", "first", "second", "lag", "correlation", "null_low", "null_high", "n_periods")


@drawn_from
def plot_lead_lag(
    lags: pd.DataFrame, *, n_rows: int = 36, title: str | None = None, column: Column = "double"
) -> Figure:
    """Draw how usage of two sources goes together at each lag.

    A panel is a pair of sources (and a term), a bar the correlation at a lag; right of zero the source that is named first goes
    ahead. The grey ground is where the middle 95 % of chance lies at each lag. The bar of the largest correlation is dark.

    Parameters
    ----------
    lags : DataFrame
        What ``tk.lead_lag(..., all_lags=True)`` returns.
    n_rows : int
        How many panels to draw, those with the largest correlations; the caption says of how many.
    title : str, optional
        A title above the figure.
    column : {"double", "single"}
        7.2 or 3.5 inches wide.

    Returns
    -------
    Figure
        A matplotlib figure; ``figure.axes`` holds a panel for each pair, ``figure.framing_table`` the table that was given.

    Raises
    ------
    FramingError
        If the table has no row for each lag, or no row at all.

    Notes
    -----
    The ground holds for one lag looked at alone: of 15 lags one is expected to leave it by chance in half of the pairs. The p of
    ``tk.lead_lag`` is that of the largest.

    Examples
    --------
    >>> lags = pd.DataFrame({
    ...     "term": "ban", "first": "Post", "second": "Wire", "lag": [-1, 0, 1], "correlation": [0.1, 0.2, 0.8],
    ...     "null_low": -0.3, "null_high": 0.3, "n_periods": 40})
    >>> [axes.get_label() for axes in plot_lead_lag(lags).axes]
    ['Post, Wire']
    """
    if isinstance(lags, pd.DataFrame) and "p" in lags.columns and "null_low" not in lags.columns:
        raise FramingError(
            "plot_lead_lag draws every lag, and this table has the best one of each pair. "
            "Count again: tk.lead_lag(..., all_lags=True)."
        )
    table = inputs.check_table(lags, "lags")
    require(table, _NEEDED, "lags")
    if len(table) == 0:
        raise FramingError("This table of lags is empty: no pair had enough periods in common.")
    check_at_least("n_rows", n_rows, 1, "how many panels to draw")

    recipe = inputs.recipe_of(table)
    keys = ["term", "first", "second"]
    size = table["correlation"].abs().groupby([table[key] for key in keys], sort=False).max()
    pairs = [key for key in size.index if key in set(size.sort_values(ascending=False, kind="stable").index[:n_rows])]
    of_pair = {key: part.sort_values("lag") for key, part in table.groupby(keys, sort=False) if key in pairs}

    several = len(set(table["term"])) > 1
    names = {key: f"{key[1]}, {key[2]}" + (f": {wording.quoted(str(key[0]))}" if several else "") for key in pairs}
    period = _PERIODS.get(str(inputs.settings_of(recipe).get("freq")), "period")
    term = "" if several else f" of {wording.quoted(str(pairs[0][0]))}"

    parts = [
        f"Correlation of what is new in the usage{term} of two sources, by lag in {period}s. Right of 0 the source named first goes ahead. "
        "Grey: the middle 95 % of chance at each lag. Dark: the largest correlation."
    ]
    if len(pairs) < len(size):
        parts.append(f"Drawn are the {len(pairs):,} of {len(size):,} pairs with the largest.")
    if inputs.settings_of(recipe).get("shared") == "drop":
        parts.append("Stories that both have are left out.")
    parts += wording.corpus_sentences(recipe)
    return _drawn(pairs, of_pair, names, period, " ".join(parts), title, column)


def _drawn(
    pairs: list[Any],
    of_pair: dict[Any, pd.DataFrame],
    names: dict[Any, str],
    period: str,
    caption: str,
    title: str | None,
    column: Column,
) -> Figure:
    width = width_of(column)
    across = min(len(pairs), 4 if column == "double" else 2)
    height, gap = 0.8, 0.16
    left = MARGIN + text_width("-1.0", LABEL) + 0.08
    plot_width = (width - left - MARGIN - (across - 1) * gap) / across

    # from the top down: rows of panels with their titles, the label of the axis, the caption
    titles = [wrapped(names[key], plot_width, LABEL, bold=True) for key in pairs]
    rows = math.ceil(len(pairs) / across)
    heads = [
        text_height(max(n_lines(t) for t in titles[r * across : (r + 1) * across]), LABEL) + text_height(1, NOTE) + 0.05
        for r in range(rows)
    ]
    sheet = sheets.plan(column, title, caption)
    y = sheet.top
    tops = []
    for extra in heads:
        tops.append(y)
        y += extra + height + 0.1
    label_top = y + text_height(1, LABEL)
    figure = sheets.begin(sheet, label_top + text_height(1, LABEL) + 0.04)

    # all panels share the upright axis
    every = np.concatenate(
        [part[["correlation", "null_low", "null_high"]].to_numpy().ravel() for part in of_pair.values()]
    )
    low, high = (1.08 * float(end) for end in (np.nanmin(every, initial=-0.05), np.nanmax(every, initial=0.05)))
    ticks = [float(t) for t in MaxNLocator(4, steps=[1, 2, 4, 5, 10]).tick_values(low, high) if low <= t <= high]
    for number, key in enumerate(pairs):
        row, position = divmod(number, across)
        x = left + position * (plot_width + gap)
        axes = place(figure, x, tops[row] + heads[row], plot_width, height)
        axes.set_label(names[key])
        axes.set_gid(f"panel-{number}")

        # the ground is what chance gives, the bars stand before it
        part = of_pair[key]
        lag, correlation = part["lag"].to_numpy(dtype=float), part["correlation"].to_numpy(dtype=float)
        axes.bar(
            lag,
            part["null_high"].to_numpy(dtype=float) - part["null_low"].to_numpy(dtype=float),
            bottom=part["null_low"].to_numpy(dtype=float),
            width=1.0,
            color=GROUND,
            edgecolor="#d4d4d4",
            linewidth=0.3,
            zorder=1,
        )

        best = np.abs(correlation) >= np.nanmax(np.abs(correlation)) - 1e-12
        for some, colour, kind in ((~best, "#9fb6c8", "bars"), (best, PALETTE[0], "best")):
            bars = axes.bar(lag[some], correlation[some], width=0.55, color=colour, zorder=2)
            for bar in bars:
                bar.set_gid(f"panel-{number}-{kind}")

        axes.axhline(0, color=MUTED, linewidth=0.6, zorder=3)
        axes.set_xlim(lag.min() - 0.7, lag.max() + 0.7)
        axes.set_ylim(low, high)
        axes.set_yticks(ticks, [f"{t:g}" for t in ticks] if position == 0 else [""] * len(ticks))

        # lags are written under the last row of panels, as many as have room
        step = max(1, math.ceil(len(lag) / max(3, int(plot_width / 0.2))))
        shown = [t for t in lag.tolist() if t % step == 0]
        last = number + across >= len(pairs)
        axes.set_xticks(shown, [f"{t:+.0f}" if t else "0" for t in shown] if last else [""] * len(shown))

        bottom = tops[row] + heads[row] - 0.04
        n = wording.plural(part["n_periods"].iloc[0], period)
        write(figure, x, bottom, n, size=NOTE, va="bottom", color=MUTED, gid=f"note-{number}")
        write(
            figure, x, bottom - text_height(1, NOTE), titles[number], size=LABEL, weight="bold", va="bottom", color=INK
        )
    write(figure, left, label_top, f"lag in {period}s", size=LABEL, gid="xlabel")
    return figure
