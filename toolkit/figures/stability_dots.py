"""Own the picture of stability: a row for each topic, a panel for each way in which it can be stable."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from toolkit.figures import inputs, wording
from toolkit.figures.inputs import Row, drawn_from
from toolkit.figures.paper import MUTED, Column
from toolkit.figures.rows import Axis, Mark, Numbers, Panel, Rows, axes_gid, draw_rows
from toolkit.figures.signs import Meaning, Sign, signs_of
from toolkit.figures.topic_captions import UNSTABLE, topic_names
from toolkit.tables import FramingError
from toolkit.tables.checks import check_at_least

_PANELS = {"persistence": "found again", "stability": "same passages", "word_stability": "same words"}
_STABLE = 0.8


@drawn_from
def plot_stability(
    topics: pd.DataFrame, *, n_topics: int = 40, title: str | None = None, column: Column = "double"
) -> Figure:
    """Draw how stable each topic is when the fit is repeated on other stories.

    Left the share of runs in which the topic is found again, with a dashed line from which on it is called stable; then how far its
    passages, and its words, are the same in its match. Unstable topics have a "?" after their names.

    Parameters
    ----------
    topics : DataFrame
        ``topics.topics`` of ``tk.fit_topics``, with a certificate.
    n_topics : int
        How many topics to draw, the largest ones.
    title : str, optional
        A title above the figure.
    column : {"double", "single"}
        7.2 or 3.5 inches wide.

    Returns
    -------
    Figure
        A matplotlib figure with three panels; ``figure.framing_table`` is the table that was given.

    Raises
    ------
    FramingError
        If the table has no certificate, or no topic.

    See Also
    --------
    plot_topic_settings : Stability and coherence under several settings.

    Notes
    -----
    A topic that is found again need not mean anything; one that is not may still be worth reading. Few runs say little: see the
    intervals.

    Examples
    --------
    >>> topics = pd.DataFrame({"topic": [0, -1], "label": ["court, judge", "outliers"], "n": [20, 3], "stable": [True, None]})
    >>> for name in ("persistence", "stability", "word_stability"):
    ...     topics[name], topics[name + "_low"], topics[name + "_high"] = 0.9, 0.6, 1.0
    >>> [axes.get_label() for axes in plot_stability(topics).axes]
    ['found again', 'same passages', 'same words']
    """
    table = inputs.check_table(topics, "topics")
    inputs.check_columns(table, ["topic", "label", "n"], "topics")
    if "persistence" not in table.columns:
        raise FramingError(
            "These topics have no certificate, so there is no stability to draw. Fit with resamples=5, or make one: "
            "topics.certify(resamples=20).topics."
        )
    inputs.check_columns(table, ["stable", *(n + e for n in _PANELS for e in ("", "_low", "_high"))], "topics")
    check_at_least("n_topics", n_topics, 1, "how many topics to draw")

    real = table[(table["topic"] >= 0) & table["persistence"].notna()]
    if real.empty:
        raise FramingError("Nothing can be drawn: this table has no topic with a certificate.")

    rows = inputs.records(real.sort_values("n", ascending=False, kind="stable").head(n_topics))
    names = topic_names(table)

    recipe = inputs.recipe_of(table)
    runs = inputs.settings_of(recipe).get("resamples")
    closing = [f"n = {wording.number(table['n'].sum())} contexts.", *wording.corpus_sentences(recipe)]
    if len(real) > len(rows):
        closing.insert(0, f"Drawn are the {len(rows):,} largest of {len(real):,} topics.")

    return draw_rows(
        Rows(
            [names[row["topic"]] for row in rows],
            [Panel(panel, [_mark(row, name) for row in rows]) for name, panel in _PANELS.items()],
            Axis(0.0, 1.0, "0: not at all, 1: wholly"),
            opening=[
                f"Found again: share of {f'{runs} ' if runs else ''}runs on other stories in which the topic is found; "
                f"dashed: {_STABLE:g}, from which on it is called stable. Same passages: Jaccard index of its passages with those "
                "of its match, mean over runs. Same words: average Jaccard index of their ranked words. "
                "Lines: 95\N{NO-BREAK SPACE}% interval over runs."
            ],
            meanings={Sign.ZERO: Meaning("in no run"), Sign.UNSTABLE: UNSTABLE},
            closing=closing,
            numbers=Numbers("contexts", [wording.number(row["n"]) for row in rows]),
            paint=_threshold,
            across=3,
        ),
        title=title,
        column=column,
    )


def _threshold(axes: Axes, index: int, _: object) -> None:
    """Draw the line of stability in the panel of persistence."""
    if index == 0:
        gid = axes_gid(axes, "stable")
        axes.axvline(_STABLE, color=MUTED, linewidth=0.7, linestyle=(0, (3, 2)), zorder=1, gid=gid)


def _mark(row: Row, name: str) -> Mark | None:
    if not inputs.known(row[name]):
        return None
    value, low, high = (float(row[name + end]) for end in ("", "_low", "_high"))
    return Mark(value, max(low, 0.0), min(high, 1.0), signs_of(zero=value == 0))
