"""Own the picture of contrasts: how many times as often each source uses a term as the reference does, or how much more."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from toolkit.figures.paper import FAINT, INK, PALETTE, Column, style
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
    quoted,
    recipe_of,
    records,
    row_names,
    settings_of,
)
from toolkit.figures.rows import RowPanel, axes_gid, row_figure
from toolkit.tables import CONTRASTS, FramingError

_NEEDED = ("reference", "term", "p_adjusted", "n_hits_target", "n_hits_reference", "n_words_target", "covered")
_UNITS = {
    "per_million": ("hits per million words", "hits per million words", 1.0),
    "share": ("the share of articles with the term", "percentage points of the articles", 100.0),
    "rival_share": ("the share among rival terms", "percentage points of the hits of all rivals", 100.0),
}
_PERIODS = {"Y": "%Y", "Q": "%Y-%m", "M": "%Y-%m"}
_ADJUSTED = {"holm": "Holm", "bonferroni": "Bonferroni", "fdr": "Benjamini and Hochberg"}


def plot_contrasts(
    contrasts: pd.DataFrame,
    *,
    of: str = "ratio",
    sort: bool = True,
    n_rows: int = 40,
    title: str | None = None,
    column: Column = "double",
) -> Figure:
    """Draw how much more or less each source, or period, uses each term than the reference does.

    A row is what is compared, a panel is a term. The dot is the ratio on an axis of doublings, or the difference; the line is
    its interval, and the upright line is where both sides are equal. A filled dot has an adjusted p below 1 - confidence.
    Right of each row stand the hits on both sides. A row whose source or reference has no articles says so and has no mark,
    and so has, of a ratio, one where neither side has a hit. An arrowhead without a dot is a ratio of which one side is zero,
    filled or hollow as dots are.

    Parameters
    ----------
    contrasts : DataFrame
        What ``tk.compare_usage`` returns; where values are compared inside periods, of one period.
    of : {"ratio", "difference"}
        What to draw.
    sort : bool
        Order the rows by the first term, highest first; otherwise as in the table. Periods and ordered categories keep their
        order.
    n_rows : int
        How many rows to draw, those with the most words; the caption says of how many.
    title : str, optional
        A title above the figure; journals want none.
    column : {"double", "single"}
        7.2 or 3.5 inches wide.

    Returns
    -------
    Figure
        A matplotlib figure; ``figure.axes`` holds a panel for each term.

    Raises
    ------
    FramingError
        Where the table has no rows, lacks columns, has several periods of each row, or has nothing that is covered.

    Notes
    -----
    With many rows some intervals leave the line of equality by chance; the filled dots allow for that.

    Examples
    --------
    >>> contrasts = pd.DataFrame({
    ...     "source": ["A", "B"], "reference": "rest", "term": "reset", "ratio": [2.0, 0.5], "ratio_low": [1.1, 0.2],
    ...     "ratio_high": [3.6, 1.4], "p_adjusted": [0.02, 0.2], "n_hits_target": [20, 5], "n_hits_reference": [5, 20],
    ...     "n_words_target": 1000, "n_words_reference": 1000, "covered": True})
    >>> axes = plot_contrasts(contrasts).axes[0]
    >>> [label.get_text() for label in axes.get_xticklabels()]
    ['1/4', '1/2', '1', '2', '4']
    """
    table = check_table(contrasts, CONTRASTS.name)
    if of not in ("ratio", "difference"):
        raise FramingError(f"plot_contrasts draws the 'ratio' or the 'difference', not {of!r}.")
    low, high = ("ratio_low", "ratio_high") if of == "ratio" else ("low", "high")
    check_columns(table, [*_NEEDED, of, low, high], CONTRASTS.name)
    if n_rows < 1:
        raise FramingError(f"n_rows is how many rows to draw, 1 or more, not {n_rows}.")
    settings = settings_of(recipe_of(table))
    over_time = _over_time(table, settings)
    frame = _named(table, settings, over_time)
    if not frame["covered"].astype(bool).any():
        raise FramingError("Nothing can be drawn: no row of this table has articles on both sides (covered is False).")
    frame, selected = _largest(frame, n_rows)
    terms = list(dict.fromkeys(frame["term"]))
    cells = {(row["row"], row["term"]): row for row in records(frame)}
    rows = list(dict.fromkeys(frame["row"]))
    if sort and not over_time and not _ordered(table, settings):
        rows.sort(key=lambda row: _height(cells.get((row, terms[0])), of))
    measure = _measure(table, settings)
    noun, unit, factor = _UNITS[measure]
    places = {key: _place(row, of, low, high, factor) for key, row in cells.items()}
    limits = _limits([p for p in places.values() if p], of)
    against = _reference(frame, over_time)
    alpha = 1 - float(settings.get("confidence", 0.95))
    panels = [
        RowPanel(quoted(term), [_note(cells.get((row, term)), of) for row in rows], f"hits here / {against}")
        for term in terms
    ]
    keys = [[(row, term) for row in rows] for term in terms]

    def paint(axes: Axes, i: int, ys: Any) -> None:
        drawn = []
        for y, key in zip(ys, keys[i]):
            place = places.get(key)
            if place:
                drawn.append((float(y), place, bool(cells[key]["p_adjusted"] < alpha)))
        _paint(axes, drawn, limits, of)

    xlabel = (
        f"times as much as {_of_reference(against)}: {noun}"
        if of == "ratio"
        else f"more than {_of_reference(against)}: {unit}"
    )
    with style():
        return row_figure(
            rows,
            panels,
            paint,
            xmax=1.0,
            xlabel=xlabel,
            caption=_caption(table, frame, places, cells, limits, of, noun, against, selected, over_time),
            title=title,
            column=column,
            most_across=3 if column == "double" else 1,
            ends=("less", "more"),
        )


def _over_time(table: pd.DataFrame, settings: dict[str, Any]) -> bool:
    if "between" in settings:
        return bool(settings["between"] == "period")
    return "period" in table.columns and not by_columns(table, CONTRASTS, {})


def _named(table: pd.DataFrame, settings: dict[str, Any], over_time: bool) -> pd.DataFrame:
    """Name each row after what is compared; with several references, after these, too."""
    left = by_columns(table, CONTRASTS, {})
    frame = table.assign(term=table["term"].astype("str"))
    names = row_names(frame, left)
    stamp = _PERIODS.get(str(settings.get("freq")), "%Y-%m-%d")

    def told(values: pd.Series) -> pd.Series:
        when = pd.api.types.is_datetime64_any_dtype(values)
        return (values.dt.strftime(stamp) if when else values.astype("str")).where(values.notna(), "(unknown)")

    if over_time:
        names = names + " · " + told(frame["period"]) if left else told(frame["period"])
        if "partial" in frame.columns:
            names = names.where(~frame["partial"].astype(bool), names + " (part)")
    frame["reference"] = told(frame["reference"])
    if len(frame["reference"].unique()) > 1:
        names = names + " : " + frame["reference"]
    frame["row"] = names.astype("str")
    if "period" in frame.columns and not over_time and len(frame["period"].unique()) > 1:
        raise FramingError(
            "plot_contrasts draws one mark for each row and term, and this table compares inside several periods. "
            "Draw one of them: contrasts[contrasts['period'] == '2017-02-01']."
        )
    check_once(frame, ["row", "term"], CONTRASTS.name)
    return frame


def _ordered(table: pd.DataFrame, settings: dict[str, Any]) -> bool:
    column = settings.get("between")
    return column in table.columns and getattr(table[column].dtype, "ordered", False) is True


def _largest(frame: pd.DataFrame, most: int) -> tuple[pd.DataFrame, list[str]]:
    sizes = frame.groupby("row", sort=False)["n_words_target"].max().sort_values(ascending=False, kind="stable")
    if len(sizes) <= most:
        return frame, []
    kept = frame[frame["row"].isin(sizes.index[:most])]
    return kept, [f"Drawn are the {most:,} of {len(sizes):,} rows with the most words."]


def _measure(table: pd.DataFrame, settings: dict[str, Any]) -> str:
    stated = settings.get("measure")
    there = [m for m in _UNITS if f"{m}_target" in table.columns]
    return str(stated) if stated in _UNITS else there[0] if there else "per_million"


def _reference(frame: pd.DataFrame, over_time: bool) -> str:
    """Name what all rows are compared with."""
    names = frame["reference"].unique()
    return str(names[0]) if len(names) == 1 else "reference"


def _of_reference(against: str) -> str:
    return f"the {against}" if against in ("rest", "reference") else f"in {against}"


def _height(row: Row | None, of: str) -> tuple[int, float]:
    """Sort key: from the highest, then those without a number, then those without articles."""
    if row is None or not row["covered"]:
        return 2, 0.0
    return (1, 0.0) if not known(row[of]) else (0, -float(row[of]))


def _place(row: Row, of: str, low: str, high: str, factor: float) -> tuple[float, float, float] | None:
    """Return where mark and ends stand on the axis, or nothing where there is no number."""
    if not row["covered"] or not known(row[of]):
        return None
    values = [float(row[name]) for name in (of, low, high)]
    if of == "difference":
        return values[0] * factor, values[1] * factor, values[2] * factor
    logs = [math.log2(v) if v > 0 else -math.inf for v in values]
    return logs[0], logs[1], logs[2]


def _limits(places: Sequence[tuple[float, float, float]], of: str) -> tuple[float, float]:
    """Choose an axis that holds each dot and, unless it is more than 2.5 times as far out as any dot, each interval."""
    dots = max((abs(p[0]) for p in places if math.isfinite(p[0])), default=0.0)
    ends = max((abs(e) for p in places for e in p[1:] if math.isfinite(e)), default=dots)
    reach = max(1.1 * dots, min(1.05 * ends, 2.5 * dots if dots else ends))
    if of == "ratio":
        reach = max(reach, 2.1)  # from a quarter to four times
    return (-reach, reach) if reach else (-1.0, 1.0)


def _ticks(reach: float, most: int) -> dict[float, str]:
    step = next(s for s in (1, 2, 3, 4, 5, 10, 20, 50) if 2 * int(reach / s) + 1 <= most)
    powers = [k for k in range(-int(reach), int(reach) + 1) if k % step == 0]
    return {float(k): f"{2**k:,}" if k >= 0 else f"1/{2**-k:,}" for k in powers}


def _paint(
    axes: Axes, drawn: list[tuple[float, tuple[float, float, float], bool]], limits: tuple[float, float], of: str
) -> None:
    start, end = limits
    axes.set_xlim(start, end)
    if of == "ratio":
        width = axes.get_window_extent().width / axes.figure.dpi  # inches
        ticks = _ticks(end, max(3, int(width / 0.36)))
        axes.set_xticks(list(ticks), list(ticks.values()))
    colour = PALETTE[0]
    axes.hlines(
        [y for y, _, _ in drawn], start, end, color=FAINT, linewidth=0.5, zorder=0.5, gid=axes_gid(axes, "guides")
    )
    axes.axvline(0, color=INK, linewidth=0.7, zorder=1, gid=axes_gid(axes, "equal"))
    lines = [(y, place[1], place[2]) for y, place, _ in drawn if not any(map(math.isnan, place[1:]))]
    axes.hlines(
        [y for y, _, _ in lines],
        np.clip([low for _, low, _ in lines], start, end),
        np.clip([high for _, _, high in lines], start, end),
        color=colour,
        linewidth=1.3,
        zorder=2,
        gid=axes_gid(axes, "intervals"),
    )
    inside = [(y, place[0], clear) for y, place, clear in drawn if start <= place[0] <= end]
    slack = 1e-9 * end
    marks: list[tuple[str, str, str, float, list[tuple[float, float]]]] = [
        ("dots", "o", colour, 4.4, [(x, y) for y, x, clear in inside if clear]),
        ("open-dots", "o", "white", 4.4, [(x, y) for y, x, clear in inside if not clear]),
        ("below", "<", colour, 3.4, [(start, y) for y, low, _ in lines if low < start - slack]),
        ("beyond", ">", colour, 3.4, [(end, y) for y, _, high in lines if high > end + slack]),
        ("open-below", "<", "white", 4.4, [(start, y) for y, p, clear in drawn if p[0] == -math.inf and not clear]),
        ("open-beyond", ">", "white", 4.4, [(end, y) for y, p, clear in drawn if p[0] == math.inf and not clear]),
    ]
    for name, marker, face, size, places in marks:
        if places:
            axes.plot(
                [x for x, _ in places],
                [y for _, y in places],
                linestyle="none",
                marker=marker,
                markersize=size,
                markerfacecolor=face,
                markeredgecolor=colour,
                clip_on=False,
                zorder=3,
                gid=axes_gid(axes, name),
            )


def _note(row: Row | None, of: str) -> str:
    if row is None:
        return "no row"
    if not row["n_words_target"]:
        return "no text" if row.get("n_articles_total_target") else "no articles"
    if not row["covered"]:
        return "no reference"
    if of == "ratio" and not known(row["ratio"]):
        return "no hits" if not row["n_hits_target"] and not row["n_hits_reference"] else "no ratio"
    return f"{number(row['n_hits_target'])} / {number(row['n_hits_reference'])}"


def _caption(
    table: pd.DataFrame,
    frame: pd.DataFrame,
    places: dict[Any, Any],
    cells: dict[Any, Row],
    limits: tuple[float, float],
    of: str,
    noun: str,
    against: str,
    selected: list[str],
    over_time: bool,
) -> str:
    recipe = recipe_of(table)
    settings = settings_of(recipe)
    adjust = settings.get("adjust")
    each = "all of them together" if adjust == "bonferroni" else "each by itself"
    what = f"ratio of {noun}, row over {against}" if of == "ratio" else f"difference in {noun}, row less {against}"
    counts = table.rename(
        columns={f"{name}_target": name for name in ("n_stories_total", "n_articles_total")}
    )  # the caption's words for stories need these names
    parts = [f"Dot: {what}; line: {interval_words(counts, recipe)}, {each}."]
    alpha = 1 - float(settings.get("confidence", 0.95))
    n = int(table["p_adjusted"].notna().sum())
    how = f"p adjusted for {plural(n, 'comparison')} ({_ADJUSTED[adjust]})" if adjust in _ADJUSTED else "p"
    drawn = [(place, cells[key]) for key, place in places.items() if place]
    clear = sum(bool(row["p_adjusted"] < alpha) for _, row in drawn)
    parts.append(f"Filled: {how} below {alpha:.3g}." if clear else f"No drawn row has a {how} below {alpha:.3g}.")
    slack = 1e-9 * limits[1]
    if any(place[1] < limits[0] - slack or place[2] > limits[1] + slack for place, _ in drawn):
        parts.append("Arrowheads: the interval goes on.")
    if any(math.isinf(place[0]) for place, _ in drawn):
        parts.append("Arrowhead without a dot: one side has no hit.")
    if any(bool(row["n_words_target"]) and not row["covered"] for row in cells.values()):
        parts.append("No reference: articles on this side only.")
    if over_time and frame["row"].str.contains("(part)", regex=False).any():
        parts.append("(part): articles from a part of the period only.")
    parts += selected
    totals = frame.groupby("term", sort=False)["n_hits_target"].sum()
    hits = "; ".join(f"{quoted(str(term))} {plural(total, 'hit')}" for term, total in totals.items())
    if against not in ("rest", "reference"):
        there = frame[frame["covered"].astype(bool)].groupby("term", sort=False)["n_hits_reference"].max()
        hits = "; ".join(
            f"{quoted(str(term))} {plural(total, 'hit')} and {number(there.get(term, 0))} in {against}"
            for term, total in totals.items()
        )
    if settings.get("reference") not in ("pairs", "previous"):
        parts.append(f"n = {hits}.")
    return " ".join([*parts, *corpus_sentences(recipe)])
