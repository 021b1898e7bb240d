"""Own the picture of topic shares: a panel for each topic, a row for each source."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from toolkit.figures import inputs, wording
from toolkit.figures.inputs import Row, drawn_from
from toolkit.figures.orders import cell_ranks
from toolkit.figures.paper import Column
from toolkit.figures.rows import Axis, Mark, Numbers, Panel, Rows, axis_end, draw_rows, fitted
from toolkit.figures.signs import Meaning, Sign, signs_of
from toolkit.figures.topic_captions import UNSTABLE, certificate_sentences, topic_names
from toolkit.tables import TOPIC_SHARES, FramingError
from toolkit.tables.checks import check_at_least

_MOST = 12  # topics, by default
_ENOUGH = 10  # contexts of a row, from which on its interval sets the axis
_NEEDED = ("topic", "label", "n", "n_contexts", "share", "low", "high", "covered")


@drawn_from
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
    they are in every denominator. With one source the rows are topics. A source with contexts but none of the topic has an open dot.

    Parameters
    ----------
    topic_shares : DataFrame
        What ``tk.topic_shares`` returns, without periods.
    n_topics : int, optional
        How many topics to draw, the largest ones; by default 12, or as many as fit on a page. The caption says how many are
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
        A matplotlib figure; ``figure.axes`` holds a panel for each topic, ``figure.framing_table`` the table that was given.

    Raises
    ------
    FramingError
        If the table has no rows, lacks columns, has periods, or has no covered cell.

    See Also
    --------
    plot_topic_shares_over_time : The same with periods.
    plot_topic_effects : Differences between sources, other covariates equal.

    Notes
    -----
    Sources stand from the largest share of the first topic down; columns with an order of their own, such as leanings, keep it.
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
    table = inputs.check_table(topic_shares, "topic shares")
    inputs.check_columns(table, _NEEDED, "topic shares")
    if "period" in table.columns:
        raise FramingError(
            "plot_topic_shares draws one mark for each topic and source, and this table has periods. "
            "Draw one of them: topic_shares[topic_shares['period'] == '2017-02-01']."
        )
    check_at_least("n_topics", n_topics, 1, "how many topics to draw", optional=True)
    by = inputs.by_columns(table, TOPIC_SHARES, inputs.settings_of(inputs.recipe_of(table)))
    frame = table.assign(row=inputs.row_names(table, by))
    inputs.check_once(frame, ["row", "topic"], "topic shares")
    if not frame["covered"].astype(bool).any():
        raise FramingError(
            "Nothing can be drawn: no cell of this table has any context. "
            "See whether the terms have hits: tk.word_forms(tokens, terms)."
        )

    contexts = frame.groupby("row", sort=False)["n_contexts"].max()
    frame, selected = inputs.most_of(frame, contexts, n_rows, "rows", "contexts")
    sizes = frame.groupby("topic", sort=False)["n"].sum().sort_values(ascending=False, kind="stable")
    ranked = [topic for topic in sizes.index if topic != -1]
    outliers = [topic for topic in sizes.index if topic == -1]

    def drawn(n: int) -> Figure:
        rows = _specified(table, frame, [*ranked[:n], *outliers], by, selected, column)
        return draw_rows(rows, title=title, column=column)

    return fitted(drawn, min(_MOST, max(len(ranked), 1))) if n_topics is None else drawn(n_topics)


def _specified(
    table: pd.DataFrame, frame: pd.DataFrame, topics: list[Any], by: list[str], selected: list[str], column: Column
) -> Rows:
    cells = {(row["row"], row["topic"]): row for row in inputs.records(frame) if row["topic"] in topics}
    rows = list(dict.fromkeys(frame["row"]))
    names = topic_names(frame)
    marks = {key: _mark(cell) for key, cell in cells.items()}

    # a share of few contexts has a wide interval, which would press all others together
    enough = [mark for key, mark in marks.items() if cells[key]["n_contexts"] >= _ENOUGH]
    axis_of = enough if any(enough) else list(marks.values())
    whose = f"each {by[0]}’s contexts" if len(by) == 1 else "the contexts of each row" if by else "contexts"
    axis = Axis(0.0, axis_end(axis_of, whole=100.0), f"% of {whose}", reach=True, format="{:.0f}\N{NO-BREAK SPACE}%")

    one = len(rows) == 1  # then topics are the rows
    if one:
        counts = [
            f"{wording.number(cells[rows[0], t]['n'])} of {wording.number(cells[rows[0], t]['n_contexts'])}"
            for t in topics
        ]
        of_topics = [marks.get((rows[0], topic)) for topic in topics]
        panels = [Panel(rows[0] if by else "", of_topics, [Numbers("contexts of all", counts)])]
    else:
        ranks = cell_ranks(frame, by)
        rows.sort(key=lambda row: (ranks[row], inputs.height(cells.get((row, topics[0])), "share")))
        panels = [Panel(names[topic], [marks.get((row, topic)) for row in rows]) for topic in topics]

    narrow = column == "single" and not one
    return Rows(
        [names[topic] for topic in topics] if one else rows,
        panels,
        axis,
        opening=[f"Dot: share; line: {wording.interval_words(table, inputs.recipe_of(table))}."],
        meanings={
            Sign.ZERO: Meaning("none of the topic", "contexts, but none of the topic"),
            Sign.UNSTABLE: UNSTABLE,
        },
        closing=_closing(
            table, frame, topics, selected, cut=any(mark and mark.value > axis.high for mark in marks.values())
        ),
        numbers=None if one else Numbers("n" if narrow else "contexts", [_contexts(frame, row) for row in rows]),
        across=5 if column == "double" else 2,
        pad=0.04 if narrow else 0.075,
        label_cap=0.85 if narrow else None,
    )


def _mark(cell: Row) -> Mark | None:
    if not cell["covered"] or not inputs.known(cell["share"]):
        return None
    share, low, high = (100 * float(cell[name]) for name in ("share", "low", "high"))
    return Mark(share, low, high, signs_of(zero=cell["n"] == 0))


def _contexts(frame: pd.DataFrame, row: str) -> str:
    cells = frame[frame["row"] == row]
    return wording.number(cells["n_contexts"].max()) if cells["covered"].astype(bool).any() else "none"


def _closing(
    table: pd.DataFrame, frame: pd.DataFrame, topics: list[Any], selected: list[str], *, cut: bool
) -> list[str]:
    """Say whose intervals set the axis, what is not drawn, and n."""
    rows = frame.drop_duplicates("row")
    sentences = []
    if cut:
        sentences.append(f"The axis is that of rows with {_ENOUGH} or more contexts.")
    if -1 in topics:
        sentences.append("Contexts of no topic are in every denominator.")
    left_out = frame["topic"].nunique() - len(topics)
    if left_out:
        sentences.append(f"{wording.plural(left_out, 'smaller topic')} {'is' if left_out == 1 else 'are'} not drawn.")
    sentences += [
        *selected,
        *certificate_sentences(frame),
        f"n = {wording.plural(rows['n_contexts'].sum(), 'context')}.",
    ]
    return [*sentences, *wording.corpus_sentences(inputs.recipe_of(table))]
