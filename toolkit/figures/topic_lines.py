"""Own the picture of topic shares over time: small multiples with bands, and gaps where there are no contexts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from toolkit.figures import inputs, wording
from toolkit.figures.inputs import drawn_from
from toolkit.figures.multiples import Line, LinePanel, cut_sentence, draw_lines, on_periods, value_end
from toolkit.figures.orders import cell_ranks
from toolkit.figures.paper import Column
from toolkit.figures.periods import Periods, read_periods
from toolkit.figures.signs import Meaning, Sign
from toolkit.figures.topic_captions import UNSTABLE, certificate_sentences, topic_names
from toolkit.tables import TOPIC_SHARES, FramingError, listed, warn_user
from toolkit.tables.checks import check_at_least

_NEEDED = ("topic", "label", "period", "n", "n_contexts", "share", "low", "high", "covered")
_THIN = 0.02  # of all contexts, less than which can be left out
_TOGETHER = 4  # sources whose lines can be told apart in a small panel


@drawn_from
def plot_topic_shares_over_time(
    topic_shares: pd.DataFrame,
    *,
    topic: int | None = None,
    n_topics: int = 12,
    since: str | None = None,
    until: str | None = None,
    title: str | None = None,
    column: Column = "double",
) -> Figure:
    """Draw what part of the contexts of each period belongs to each topic.

    A panel is a topic, with a line for each source, four at most; or, with `topic`, a panel is a source. A period without
    contexts is hatched and breaks the line; one with contexts but none of the topic is an open mark on the axis, and one with a
    single context a small mark through which no line goes.

    Parameters
    ----------
    topic_shares : DataFrame
        What ``tk.topic_shares(topics, freq=...)`` returns; with ``by=[]`` all sources together.
    topic : int, optional
        Draw this topic only, a panel for each source.
    n_topics : int
        How many topics to draw, the largest ones; the caption says how many are left out.
    since, until : str, optional
        Draw periods that begin on this day or later, and on this day or before, as in ``since="2017-02-01"``.
    title : str, optional
        A title above the figure.
    column : {"double", "single"}
        7.2 or 3.5 inches wide.

    Returns
    -------
    Figure
        A matplotlib figure; ``figure.axes`` holds the panels, ``figure.framing_table`` the table that was given.

    Raises
    ------
    FramingError
        If the table has no periods, no covered cell, no such topic, or more sources than lines can be told apart.

    Warns
    -----
    FramingWarning
        Where more than half of the axis, at its beginning, holds hardly any context.

    See Also
    --------
    plot_topic_shares : The same without periods.

    Notes
    -----
    A share can rise because a topic is talked about more or because the others are less.

    Examples
    --------
    >>> shares = pd.DataFrame({
    ...     "period": pd.to_datetime(["2017-01-01", "2017-02-01"] * 2), "topic": [0, 0, 1, 1],
    ...     "label": ["court, judge"] * 2 + ["rain"] * 2, "n": [3, 1, 1, 1], "n_contexts": [4, 2] * 2, "share": [0.75, 0.5, 0.25, 0.5],
    ...     "low": [0.3, 0.1, 0.0, 0.1], "high": [0.9, 0.9, 0.7, 0.9], "covered": True})
    >>> [axes.get_label() for axes in plot_topic_shares_over_time(shares).axes]
    ['court, judge', 'rain']
    """
    table = inputs.check_table(topic_shares, "topic shares")
    if "period" not in table.columns:
        raise FramingError(
            "plot_topic_shares_over_time draws periods, and this table has no column period. "
            "Count with a frequency: tk.topic_shares(topics, freq='W')."
        )
    inputs.check_columns(table, _NEEDED, "topic shares")
    check_at_least("n_topics", n_topics, 1, "how many topics to draw")

    recipe = inputs.recipe_of(table)
    by = inputs.by_columns(table, TOPIC_SHARES, inputs.settings_of(recipe))
    frame = table.copy()
    frame["row"] = inputs.row_names(frame, by)
    inputs.check_once(frame, ["row", "topic", "period"], "topic shares")

    undated = frame["period"].isna()
    n_undated = int(frame[undated].drop_duplicates("row")["n_contexts"].sum())
    frame = frame[~undated]
    frame, cut = _cut(frame, since, until)
    if not frame["covered"].astype(bool).any():
        raise FramingError("Nothing can be drawn over time: no period of this table has any context.")

    names = topic_names(frame)
    ranks = cell_ranks(frame, by)
    rows = sorted(dict.fromkeys(frame["row"]), key=lambda row: ranks[row])

    # which topics are drawn, and whether sources are lines of one panel or panels
    sizes = frame.groupby("topic", sort=False)["n"].sum().sort_values(ascending=False, kind="stable")
    ranked = [t for t in sizes.index if t != -1]
    chosen: list[Any] = [*ranked[:n_topics], *[t for t in sizes.index if t == -1]]
    if topic is not None:
        if topic not in names:
            raise FramingError(f"There is no topic {topic!r} in this table. There are: {listed(sorted(names))}.")
        chosen = [topic]
    elif len(rows) > _TOGETHER:
        raise FramingError(
            f"plot_topic_shares_over_time draws {_TOGETHER} lines in a panel, and this table has {len(rows)} rows of "
            f"{listed(by)}. Name a topic (topic={ranked[0] if ranked else -1}), or count all together: tk.topic_shares(topics, by=[], freq=...)."
        )

    periods = read_periods(frame["period"], inputs.settings_of(recipe).get("freq"))
    if since is None:
        _warn_thin(frame, periods)

    if topic is None:
        panels = [_panel(frame[frame["topic"] == t], rows, names[t], periods, one=len(rows) == 1) for t in chosen]
        lines = rows
    else:
        own = frame[frame["topic"] == topic]
        panels = [_panel(own[own["row"] == row], [row], row if by else names[topic], periods, one=True) for row in rows]
        lines = [names[topic]]

    top = value_end(panels, whole=100.0)
    whose = f"each {by[0]}’s" if len(by) == 1 else "each row’s"
    base = (
        "% of all contexts" if not by else f"% of {rows[0]}’s contexts" if len(rows) == 1 else f"% of {whose} contexts"
    )
    label = base if topic is None else f"{names[topic]}: {base}"

    closing = []
    if any(_lone(line) for panel in panels for line in panel.lines):
        closing.append(
            f"Upright line with ends (arrow: it goes on): the interval of a {periods.name} that stands alone."
        )
    if topic is None and len(rows) > 1 and any(_broken(panel) for panel in panels):
        closing.append(f"A line breaks where its {by[0] if len(by) == 1 else 'row'} has no context.")
    closing += cut_sentence(panels, top)
    if -1 in names:
        closing.append("Contexts of no topic are in every denominator.")
    if topic is None and len(ranked) > n_topics:
        left = len(ranked) - n_topics
        closing.append(f"{wording.plural(left, 'smaller topic')} {'is' if left == 1 else 'are'} not drawn.")
    closing += certificate_sentences(frame)
    total = frame.drop_duplicates(["row", "period"])["n_contexts"].sum()
    closing += [f"n = {wording.plural(total, 'context')}.", *cut]
    if n_undated:
        closing.append(f"{wording.plural(n_undated, 'undated context')} {'is' if n_undated == 1 else 'are'} left out.")

    return draw_lines(
        panels,
        periods,
        top=top,
        ylabel=label,
        opening=[f"A mark is a {periods.name}; band: {wording.interval_words(table, recipe)}."],
        meanings={
            Sign.ZERO: Meaning("none of the topic", "contexts, but none of the topic"),
            Sign.FEW: Meaning("a single context", "a single context, through which no line goes"),
            Sign.UNSTABLE: UNSTABLE,
            Sign.UNCOVERED: Meaning("no contexts", "no contexts; whether there were articles, the table does not say"),
        },
        closing=[*closing, *wording.corpus_sentences(recipe)],
        title=title,
        column=column,
        names=lines,
        name_ends=False,
    )


def _cut(frame: pd.DataFrame, since: str | None, until: str | None) -> tuple[pd.DataFrame, list[str]]:
    """Keep the periods from one day to another, and say how many contexts lie outside."""
    kept = pd.Series(True, index=frame.index)
    sentences = []
    for name, day in (("since", since), ("until", until)):
        if day is None:
            continue
        try:
            when = pd.Timestamp(day)
        except ValueError:
            raise FramingError(f"{name} is a day, such as '2017-02-01', not {day!r}.") from None

        inside = frame["period"] >= when if name == "since" else frame["period"] <= when
        n = frame[~inside].drop_duplicates(["row", "period"])["n_contexts"].sum()
        if n:
            where = "before" if name == "since" else "in periods that begin after"
            sentences.append(
                f"{wording.plural(n, 'context')} {where} {when:%Y-%m-%d} {'is' if n == 1 else 'are'} not drawn."
            )
        kept &= inside

    if not kept.any():
        raise FramingError(
            f"Nothing can be drawn: the periods of this table go from {frame['period'].min():%Y-%m-%d} to "
            f"{frame['period'].max():%Y-%m-%d}, and none lies inside since={since!r}, until={until!r}."
        )
    return frame[kept], sentences


def _warn_thin(frame: pd.DataFrame, periods: Periods) -> None:
    """Warn where a few early contexts take more than half of the axis."""
    each = frame.drop_duplicates(["row", "period"]).groupby("period")["n_contexts"].sum()
    n = each.reindex(periods.starts, fill_value=0).cumsum().to_numpy()
    first = int((n < _THIN * n[-1]).sum())  # the period from which on there is something to see
    if first > len(periods) / 2 and n[first - 1]:
        warn_user(
            f"{first} of {len(periods)} {periods.name}s on this axis hold {wording.plural(n[first - 1], 'context')} of {wording.number(n[-1])}. "
            f"since='{periods.starts[first]:%Y-%m-%d}' leaves them out."
        )


def _lone(line: Line) -> bool:
    """Whether some period has an interval of its own, since no band goes through it."""
    joined = np.isfinite(line.value) & np.isfinite(line.low) & ~line.flag("alone")
    beside = np.concatenate([[False], joined, [False]])
    return bool((line.flag("alone") | (joined & ~beside[:-2] & ~beside[2:])).any())


def _broken(panel: LinePanel) -> bool:
    return any(bool((np.isnan(line.value) & ~panel.uncovered).any()) for line in panel.lines)


def _panel(cells: pd.DataFrame, rows: Sequence[str], title: str, periods: Periods, *, one: bool) -> LinePanel:
    lines = []
    nothing, known = np.ones(len(periods), dtype=bool), np.zeros(len(periods), dtype=bool)
    for style, row in enumerate(rows):
        own = cells[cells["row"] == row]
        covered, n_own, contexts = on_periods(periods, own, ["covered", "n", "n_contexts"])
        known |= np.isfinite(covered)
        nothing &= covered != 1
        value, low, high = (
            np.where(covered == 1, values, np.nan) for values in on_periods(periods, own, ["share", "low", "high"], 100)
        )
        lines.append(Line(style, row, value, low, high, zero=n_own == 0, few=contexts < 2, alone=contexts < 2))

    n = wording.number(cells["n"].sum())
    noun = (
        f"{n} of {wording.plural(cells['n_contexts'].sum(), 'context')}"
        if one
        else wording.plural(cells["n"].sum(), "context")
    )
    return LinePanel(title, noun, lines, nothing & known)
