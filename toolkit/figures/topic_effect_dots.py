"""Own the picture of a regression of topics: a panel for each topic, a row for each level that is compared."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from toolkit.figures.paper import FAINT, INK, PALETTE, Column, style
from toolkit.figures.reading import (
    Row,
    check_columns,
    check_once,
    check_table,
    corpus_sentences,
    joined,
    known,
    plural,
    recipe_of,
    records,
    settings_of,
)
from toolkit.figures.rows import RowPanel, axes_gid, fitted, row_figure
from toolkit.figures.topic_captions import stability_sentences, topic_names
from toolkit.tables import TOPIC_REGRESSION, FramingError

_MOST = 12  # topics, unasked
_ADJUSTED = {"holm": "Holm", "bonferroni": "Bonferroni", "fdr": "Benjamini and Hochberg"}
_ERRORS = {"story_id": "story", "doc_id": "article"}

Place = tuple[float, float, float, bool]


def plot_topic_effects(
    topic_regression: pd.DataFrame,
    *,
    n_topics: int | None = None,
    title: str | None = None,
    column: Column = "double",
) -> Figure:
    """Draw by how many percentage points each level has more or less of each topic than the reference, other covariates equal.

    A panel is a topic, a row a level of a covariate, or a number, per unit; with one such row the rows are topics.
    The dot is the average marginal effect, the line its interval, the upright line no difference; a filled dot has an
    adjusted p below 1 - confidence. A spline has no single effect and is left out. Where a level has the topic in none or
    all of its contexts, its effect has no interval, and the row says so.

    Parameters
    ----------
    topic_regression : DataFrame
        What ``tk.topic_regression`` returns.
    n_topics : int, optional
        How many topics to draw, the largest ones; unasked 12, or as many as fit on a page. The caption says how many are left out.
    title : str, optional
        A title above the figure.
    column : {"double", "single"}
        7.2 or 3.5 inches wide.

    Returns
    -------
    Figure
        A matplotlib figure; ``figure.axes`` holds a panel for each topic, or one where topics are the rows.

    Raises
    ------
    FramingError
        Where the table has no rows, lacks columns, or has no effect that can be drawn.

    Notes
    -----
    Associations, not what covariates do. The effects of a level on all topics, outliers included, add up to about zero.

    Examples
    --------
    >>> found = pd.DataFrame({
    ...     "topic": [0, 1], "label": ["court, judge", "rain"], "covariate": "source", "level": "Post", "reference": "Wire",
    ...     "effect": [0.4, -0.4], "effect_low": [0.1, -0.7], "effect_high": [0.7, -0.1], "p_adjusted": 0.01,
    ...     "n": [10, 10], "n_contexts": 20, "n_clusters": 20, "note": ""})
    >>> axes = plot_topic_effects(found).axes[0]
    >>> [float(x) for line in axes.lines if line.get_gid() == "panel-0-dots" for x in line.get_xdata()]
    [40.0, -40.0]
    """
    kind = TOPIC_REGRESSION.name
    table = check_table(topic_regression, kind)
    needed = [c for c in TOPIC_REGRESSION.columns if c not in ("estimate", "low", "high", "p")]
    check_columns(table, needed, kind)
    if n_topics is not None and n_topics < 1:
        raise FramingError(f"n_topics is how many topics to draw, 1 or more, not {n_topics}.")
    splines = _splines(table)
    frame = table[~table["covariate"].isin(splines)].copy()
    if not np.isfinite(frame["effect"].to_numpy(dtype=float)).any():
        raise FramingError(
            "Nothing can be drawn: no row of this table has an effect. A spline of time has none; see the columns p and note."
        )
    several = len(frame["covariate"].unique()) > 1
    frame["row"] = [_row(row, several) for row in records(frame)]
    check_once(frame, ["row", "topic"], kind)
    names = topic_names(frame)
    sizes = frame.drop_duplicates("topic").set_index("topic")["n"].sort_values(ascending=False, kind="stable")
    ranked = [topic for topic in sizes.index if topic != -1]
    outliers = [topic for topic in sizes.index if topic == -1]
    with style():
        if n_topics is not None:
            return _drawn(table, frame, ranked[:n_topics] + outliers, names, splines, title, column)
        most = min(_MOST, max(len(ranked), 1))
        return fitted(lambda n: _drawn(table, frame, ranked[:n] + outliers, names, splines, title, column), most)


def _splines(table: pd.DataFrame) -> list[str]:
    """Return the covariates that have no single effect: splines, which have one row with the p of a joint test."""
    joint = table["level"].isna() & table["effect"].isna() & table["note"].astype("str").str.startswith("joint test")
    found = list(dict.fromkeys(table.loc[joint, "covariate"]))
    if settings_of(recipe_of(table)).get("time") == "spline" and "time" not in found:
        found += ["time"] if (table["covariate"] == "time").any() else []
    return found


def _row(row: Row, several: bool) -> str:
    if known(row["level"]):
        return f"{row['covariate']}: {row['level']}" if several else str(row["level"])
    return "time, per year" if row["covariate"] == "time" else f"{row['covariate']}, per unit"


def _drawn(
    table: pd.DataFrame,
    frame: pd.DataFrame,
    topics: list[Any],
    names: dict[Any, str],
    splines: list[str],
    title: str | None,
    column: Column,
) -> Figure:
    recipe = recipe_of(table)
    alpha = 1 - float(settings_of(recipe).get("confidence", 0.95))
    cells = {(row["row"], row["topic"]): row for row in records(frame) if row["topic"] in topics}
    rows = list(dict.fromkeys(frame["row"]))
    places = {key: _place(row, alpha) for key, row in cells.items()}
    limits = _limits([place for place in places.values() if place])
    noted = any(_note(row) for row in cells.values())
    one = len(rows) == 1  # then topics are the rows
    keys = [[(rows[0], topic) for topic in topics]] if one else [[(row, topic) for row in rows] for topic in topics]
    titles = rows if one else [names[topic] for topic in topics]
    panels = [
        RowPanel(said, [_note(cells.get(key)) for key in own] if noted else [])
        for said, own in zip(titles, keys, strict=True)
    ]

    def paint(axes: Axes, index: int, ys: Any) -> None:
        drawn = [(float(y), places.get(key)) for y, key in zip(ys, keys[index], strict=True)]
        _paint(axes, [(y, place) for y, place in drawn if place], limits)

    narrow = column == "single" and not one
    return row_figure(
        [names[topic] for topic in topics] if one else rows,
        panels,
        paint,
        xmax=limits[1],
        xlabel=_xlabel(frame),
        caption=_caption(table, frame, topics, names, splines, {k: p for k, p in places.items() if p}, limits, alpha),
        title=title,
        column=column,
        most_across=4 if column == "double" else 2,
        ends=("less", "more"),
        label_cap=0.85 if narrow else None if one else 1.3,
        row_pad=0.04 if narrow else 0.075,
    )


def _place(row: Row, alpha: float) -> Place | None:
    if not np.isfinite(row["effect"]):
        return None
    value, low, high = (100 * float(row[name]) for name in ("effect", "effect_low", "effect_high"))
    return value, low, high, bool(row["p_adjusted"] < alpha)


def _limits(places: list[Place]) -> tuple[float, float]:
    """Choose the ends of the axis so that the widest tenth of the intervals does not press the others together."""
    ends = np.array([[min(place[:3]), max(place[:3])] for place in places], dtype=float)
    ends = np.where(np.isfinite(ends), ends, np.array([[place[0]] for place in places]))
    most = 1.5 * float(np.quantile(np.abs(ends).max(axis=1), 0.9)) or 1.0
    left, right = min(1.04 * max(-ends[:, 0].min(), 0.0), most), min(1.04 * max(ends[:, 1].max(), 0.0), most)
    least = 0.25 * max(left, right) or 1.0  # both sides are seen
    return -max(left, least), max(right, least)


def _note(row: Row | None) -> str:
    if row is None:
        return ""
    first = str(row["note"]).split(" ")[0]
    return first if first in ("none", "all") else "" if np.isfinite(row["effect"]) else "–"


def _paint(axes: Axes, drawn: list[tuple[float, Place]], limits: tuple[float, float]) -> None:
    start, end = limits
    axes.set_xlim(start, end)
    colour = PALETTE[0]
    axes.hlines([y for y, _ in drawn], start, end, color=FAINT, linewidth=0.5, zorder=0.5, gid=axes_gid(axes, "guides"))
    axes.axvline(0, color=INK, linewidth=0.7, zorder=1, gid=axes_gid(axes, "equal"))
    lines = [(y, low, high) for y, (_, low, high, _) in drawn if np.isfinite(low) and np.isfinite(high)]
    axes.hlines(
        [y for y, _, _ in lines],
        [min(max(low, start), end) for _, low, _ in lines],
        [max(min(high, end), start) for _, _, high in lines],
        color=colour,
        linewidth=1.3,
        zorder=2,
        gid=axes_gid(axes, "intervals"),
    )
    inside = [(place[0], y, place[3]) for y, place in drawn if start <= place[0] <= end]
    under = [(start, y) for y, place in drawn if place[0] < start]
    over = [(end, y) for y, place in drawn if place[0] > end]
    for name, marker, face, size, points in (
        ("dots", "o", colour, 4.2, [(x, y) for x, y, clear in inside if clear]),
        ("open-dots", "o", "white", 4.2, [(x, y) for x, y, clear in inside if not clear]),
        ("below", "<", colour, 3.2, [(start, y) for y, low, _ in lines if low < start and (start, y) not in under]),
        ("beyond", ">", colour, 3.2, [(end, y) for y, _, high in lines if high > end and (end, y) not in over]),
        ("under", "<", "white", 4.6, under),
        ("outside", ">", "white", 4.6, over),
    ):
        if points:
            axes.plot(
                [x for x, _ in points],
                [y for _, y in points],
                linestyle="none",
                marker=marker,
                markersize=size,
                markerfacecolor=face,
                markeredgecolor=colour,
                clip_on=False,
                zorder=3,
                gid=axes_gid(axes, name),
            )


def _xlabel(frame: pd.DataFrame) -> str:
    against = list(dict.fromkeys(frame.loc[frame["reference"].notna(), "reference"].astype("str")))
    of = f" than in {against[0]}" if len(against) == 1 and frame["reference"].notna().all() else ""
    return f"percentage points of the contexts, more or less{of}"


def _caption(
    table: pd.DataFrame,
    frame: pd.DataFrame,
    topics: list[Any],
    names: dict[Any, str],
    splines: list[str],
    places: dict[tuple[str, Any], Place],
    limits: tuple[float, float],
    alpha: float,
) -> str:
    recipe = recipe_of(table)
    settings = settings_of(recipe)
    cluster = str(settings.get("cluster", ""))
    robust = f", errors by {_ERRORS.get(cluster, cluster)}" if cluster else ""
    level = f"{100 * (1 - alpha):g}\N{NO-BREAK SPACE}%"
    parts = [f"Dot: average marginal effect, other covariates as they are; line: {level} interval{robust}."]
    adjust = settings.get("adjust")
    how = (
        f"p adjusted for {plural(table['p_adjusted'].notna().sum(), 'test')} ({_ADJUSTED[adjust]})"
        if adjust in _ADJUSTED
        else "p"
    )
    filled = any(place[3] for place in places.values())
    parts.append(f"Filled: {how} below {alpha:.3g}." if filled else f"No effect drawn has a {how} below {alpha:.3g}.")
    pairs = frame[frame["reference"].notna()].drop_duplicates("covariate")
    if len(pairs):
        said = [f"{c} with {r}" for c, r in zip(pairs["covariate"], pairs["reference"], strict=True)]
        parts.append(f"Compared: {joined(said)}.")
    start, end = limits
    if any(low < start or high > end for _, low, high, _ in places.values()):
        parts.append("Arrowheads: the interval goes on.")
    outside = [(row, place[0]) for (row, _), place in places.items() if not start <= place[0] <= end]
    if outside:
        beyond = ", ".join(f"{row} {value:+.0f}" for row, value in outside[:4])
        more = f" and {len(outside) - 4:,} more" if len(outside) > 4 else ""
        parts.append(f"Hollow arrowheads: an effect beyond the axis ({beyond}{more}).")
    notes = {_note(row) for row in records(frame[frame["topic"].isin(topics)])}
    if notes & {"none", "all"}:
        parts.append("None, all: so many of the level’s contexts have the topic, so that its effect has no interval.")
    if "–" in notes:
        parts.append("–: no estimate; the table says why.")
    if splines:
        parts.append(
            f"{joined([s.capitalize() for s in splines])} enters as a spline, which has no single effect: it is not drawn."
        )
    left = frame["topic"].nunique() - len(topics)
    if left:
        parts.append(f"{plural(left, 'smaller topic')} {'is' if left == 1 else 'are'} not drawn.")
    parts += stability_sentences(frame, {topic: names[topic] for topic in topics})
    clusters = int(frame["n_clusters"].max())
    one, many = {"story_id": ("story", "stories"), "doc_id": ("article", "articles")}.get(
        cluster, ("cluster", "clusters")
    )
    parts.append(f"n = {plural(frame['n_contexts'].max(), 'context')} in {plural(clusters, one, many)}.")
    return " ".join([*parts, *corpus_sentences(recipe)])
