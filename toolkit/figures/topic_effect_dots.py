"""Own the picture of a regression of topics: a panel for each topic, a row for each level that is compared."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from toolkit.figures import inputs, wording
from toolkit.figures.inputs import Row, drawn_from
from toolkit.figures.paper import Column
from toolkit.figures.rows import Axis, Mark, Numbers, Panel, Rows, clear_sentence, draw_rows, fitted
from toolkit.figures.signs import Meaning, Sign, signs_of
from toolkit.figures.topic_captions import UNSTABLE, certificate_sentences, topic_names
from toolkit.tables import TOPIC_REGRESSION, FramingError
from toolkit.tables.checks import check_at_least
from toolkit.tables.order import category_order

_MOST = 12  # topics, by default
_CLUSTERS = {"story_id": ("story", "stories"), "doc_id": ("article", "articles")}


@drawn_from
def plot_topic_effects(
    topic_regression: pd.DataFrame,
    *,
    n_topics: int | None = None,
    title: str | None = None,
    column: Column = "double",
) -> Figure:
    """Draw by how many percentage points each level has more or less of each topic than the reference, other covariates equal.

    A panel is a topic, a row a level of a covariate, or a number, per unit; with one such row the rows are topics.
    The dot is the average marginal effect, the line its interval, the upright rule no difference; a dark dot has an
    adjusted p below 1 - confidence, the others are pale. A spline has no single effect and is left out. Where a level has the topic in none or
    all of its contexts, its effect has no interval, and the row says so.

    Parameters
    ----------
    topic_regression : DataFrame
        What ``tk.topic_regression`` returns.
    n_topics : int, optional
        How many topics to draw, the largest ones; by default 12, or as many as fit on a page. The caption says how many are left out.
    title : str, optional
        A title above the figure.
    column : {"double", "single"}
        7.2 or 3.5 inches wide.

    Returns
    -------
    Figure
        A matplotlib figure; ``figure.axes`` holds a panel for each topic, or one where topics are the rows;
        ``figure.framing_table`` is the table that was given.

    Raises
    ------
    FramingError
        If the table has no rows, lacks columns, or has no effect that can be drawn.

    See Also
    --------
    plot_topic_shares : The shares themselves.

    Notes
    -----
    Levels keep the order of the table; those of leanings, weekdays or an ordered Categorical keep that of their scale.
    Effects are associations, not what covariates do. The effects of a level on all topics, outliers included, add up to about zero.

    Examples
    --------
    >>> effects = pd.DataFrame({
    ...     "topic": [0, 1], "label": ["court, judge", "rain"], "covariate": "source", "level": "Post", "reference": "Wire",
    ...     "effect": [0.4, -0.4], "effect_low": [0.1, -0.7], "effect_high": [0.7, -0.1], "p_adjusted": 0.01,
    ...     "n": [10, 10], "n_contexts": 20, "n_clusters": 20, "note": ""})
    >>> axes = plot_topic_effects(effects).axes[0]
    >>> [float(x) for line in axes.lines if line.get_gid() == "panel-0-dots" for x in line.get_xdata()]
    [40.0, -40.0]
    """
    kind = TOPIC_REGRESSION.name
    table = inputs.check_table(topic_regression, kind)
    needed = [c for c in TOPIC_REGRESSION.columns if c not in ("estimate", "low", "high", "p")]
    inputs.check_columns(table, needed, kind)
    check_at_least("n_topics", n_topics, 1, "how many topics to draw", optional=True)

    splines = _splines(table)
    frame = table[~table["covariate"].isin(splines)].copy()
    if not np.isfinite(frame["effect"].to_numpy(dtype=float)).any():
        raise FramingError(
            "Nothing can be drawn: no row of this table has an effect. A spline of time has none; see the columns p and note."
        )
    several = len(frame["covariate"].unique()) > 1
    frame["row"] = [_row(row, several) for row in inputs.records(frame)]
    inputs.check_once(frame, ["row", "topic"], kind)

    sizes = frame.drop_duplicates("topic").set_index("topic")["n"].sort_values(ascending=False, kind="stable")
    ranked = [topic for topic in sizes.index if topic != -1]
    outliers = [topic for topic in sizes.index if topic == -1]

    def drawn(n: int) -> Figure:
        rows = _specified(table, frame, ranked[:n] + outliers, splines, column)
        return draw_rows(rows, title=title, column=column)

    return fitted(drawn, min(_MOST, max(len(ranked), 1))) if n_topics is None else drawn(n_topics)


def _splines(table: pd.DataFrame) -> list[str]:
    """Return the covariates that have no single effect: splines, which have one row with the p of a joint test."""
    joint = table["level"].isna() & table["effect"].isna() & table["note"].astype("str").str.startswith("joint test")
    splines = list(dict.fromkeys(table.loc[joint, "covariate"]))
    if inputs.settings_of(inputs.recipe_of(table)).get("time") == "spline" and "time" not in splines:
        splines += ["time"] if (table["covariate"] == "time").any() else []
    return splines


def _row(row: Row, several: bool) -> str:
    if inputs.known(row["level"]):
        return f"{row['covariate']}: {row['level']}" if several else str(row["level"])
    return "time, per year" if row["covariate"] == "time" else f"{row['covariate']}, per unit"


def _in_order(frame: pd.DataFrame) -> list[str]:
    """Return the rows, covariate by covariate, with levels in the order of their scale where they have one."""
    rows: list[str] = []
    for _, of_covariate in frame.groupby("covariate", sort=False):
        order = category_order(of_covariate["level"])
        names = of_covariate.drop_duplicates("row")
        places = {level: i for i, level in enumerate(order or [])}
        rank = names["level"].astype("str").map(lambda level, places=places: places.get(level, len(places)))
        rows += names["row"].iloc[np.argsort(rank.to_numpy(), kind="stable")].tolist()
    return rows


def _specified(table: pd.DataFrame, frame: pd.DataFrame, topics: list[Any], splines: list[str], column: Column) -> Rows:
    settings = inputs.settings_of(inputs.recipe_of(table))
    alpha = 1 - float(settings.get("confidence", 0.95))
    cells = {(row["row"], row["topic"]): row for row in inputs.records(frame) if row["topic"] in topics}
    rows = _in_order(frame)
    names = topic_names(frame)
    marks = {key: _mark(row, alpha) for key, row in cells.items()}
    noted = any(_note(row) for row in cells.values())

    one = len(rows) == 1  # then topics are the rows
    keys = [[(rows[0], topic) for topic in topics]] if one else [[(row, topic) for row in rows] for topic in topics]
    titles = rows if one else [names[topic] for topic in topics]
    panels = [
        Panel(
            panel,
            [marks.get(key) for key in of_panel],
            [Numbers("", [_note(cells.get(key)) for key in of_panel])] if noted else [],
        )
        for panel, of_panel in zip(titles, keys, strict=True)
    ]

    low, high = _limits([mark for mark in marks.values() if mark])
    cluster = str(settings.get("cluster", ""))
    robust = f", errors by {_CLUSTERS.get(cluster, (cluster,))[0]}" if cluster else ""
    which = wording.adjusted_words(settings, int(table["p_adjusted"].notna().sum()), "test")
    narrow = column == "single" and not one
    return Rows(
        [names[topic] for topic in topics] if one else rows,
        panels,
        Axis(low, high, _xlabel(frame), ends=("less", "more"), rule=0.0, format="{:+.0f}"),
        opening=[
            "Dot: average marginal effect, other covariates as they are; "
            f"line: {wording.confidence_words(settings)} interval{robust}."
        ],
        meanings={
            Sign.PALE: Meaning("not significant", f"not significant, {which} of {alpha:.3g} or more"),
            Sign.UNSTABLE: UNSTABLE,
        },
        closing=clear_sentence(marks.values(), f"{which} below {alpha:.3g}") + _closing(table, frame, topics, splines),
        across=4 if column == "double" else 2,
        pad=0.04 if narrow else 0.075,
        label_cap=0.85 if narrow else None if one else 1.3,
    )


def _mark(row: Row, alpha: float) -> Mark | None:
    if not np.isfinite(row["effect"]):
        return None
    value, low, high = (100 * float(row[name]) for name in ("effect", "effect_low", "effect_high"))
    return Mark(value, low, high, signs_of(pale=not row["p_adjusted"] < alpha))


def _limits(marks: list[Mark]) -> tuple[float, float]:
    """Choose the ends of the axis so that the widest tenth of the intervals does not press the others together."""
    lows = np.array([min(mark.value, mark.low) if inputs.known(mark.low) else mark.value for mark in marks])
    highs = np.array([max(mark.value, mark.high) if inputs.known(mark.high) else mark.value for mark in marks])
    most = 1.5 * float(np.quantile(np.maximum(np.abs(lows), np.abs(highs)), 0.9)) or 1.0

    left, right = min(1.04 * max(-lows.min(), 0.0), most), min(1.04 * max(highs.max(), 0.0), most)
    least = 0.25 * max(left, right) or 1.0  # both sides are seen
    return -max(left, least), max(right, least)


def _note(row: Row | None) -> str:
    if row is None:
        return ""
    first = str(row["note"]).split(" ")[0]
    return first if first in ("none", "all") else "" if np.isfinite(row["effect"]) else "–"


def _xlabel(frame: pd.DataFrame) -> str:
    against = list(dict.fromkeys(frame.loc[frame["reference"].notna(), "reference"].astype("str")))
    of = f" than in {against[0]}" if len(against) == 1 and frame["reference"].notna().all() else ""
    return f"percentage points of the contexts, more or less{of}"


def _closing(table: pd.DataFrame, frame: pd.DataFrame, topics: list[Any], splines: list[str]) -> list[str]:
    """Say what is compared, what words in place of intervals mean, what is not drawn, and n."""
    sentences = []
    pairs = frame[frame["reference"].notna()].drop_duplicates("covariate")
    if len(pairs):
        compared = [f"{c} with {r}" for c, r in zip(pairs["covariate"], pairs["reference"], strict=True)]
        sentences.append(f"Compared: {wording.joined(compared)}.")

    notes = {_note(row) for row in inputs.records(frame[frame["topic"].isin(topics)])}
    if notes & {"none", "all"}:
        sentences.append(
            "None, all: so many of the level’s contexts have the topic, so that its effect has no interval."
        )
    if "–" in notes:
        sentences.append("–: no estimate; the table says why.")
    if splines:
        names = wording.joined([name.capitalize() for name in splines])
        sentences.append(f"{names} enters as a spline, which has no single effect: it is not drawn.")
    left = frame["topic"].nunique() - len(topics)
    if left:
        sentences.append(f"{wording.plural(left, 'smaller topic')} {'is' if left == 1 else 'are'} not drawn.")

    recipe = inputs.recipe_of(table)
    cluster = _CLUSTERS.get(str(inputs.settings_of(recipe).get("cluster", "")), ("cluster", "clusters"))
    n = f"{wording.plural(frame['n_contexts'].max(), 'context')} in {wording.plural(int(frame['n_clusters'].max()), *cluster)}"
    return [*sentences, *certificate_sentences(frame), f"n = {n}.", *wording.corpus_sentences(recipe)]
