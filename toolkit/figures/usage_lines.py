"""Own the picture of usage over time: a panel for each source, a line with its band for each term."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from toolkit.figures import inputs, wording
from toolkit.figures.inputs import Reading, drawn_from
from toolkit.figures.multiples import Line, LinePanel, cut_sentence, draw_lines, on_periods, value_end
from toolkit.figures.paper import Column
from toolkit.figures.periods import Periods, read_periods
from toolkit.figures.signs import Meaning, Sign
from toolkit.tables import FramingError
from toolkit.tables.choices import Measure


@drawn_from
def plot_usage_over_time(
    usage: pd.DataFrame,
    *,
    measure: Measure | None = None,
    n_rows: int = 36,
    title: str | None = None,
    column: Column = "double",
) -> Figure:
    """Draw how often each source uses each term in each period.

    A panel is a cell of the ``by`` columns, mostly a source; a line is a term, its band the interval. All panels share
    both axes. Where a source has no articles the ground is grey and hatched and the line breaks; a zero is an open mark on the
    axis. A half-filled mark stands for a period that the source's articles cover only in part, a small one for a single story, through
    which no line goes. Undated articles are left out and counted in the caption.

    Parameters
    ----------
    usage : DataFrame
        What ``tk.usage(..., freq=...)`` returns.
    measure : {"per_million", "share", "rival_share"}, optional
        Which measure to draw; by default the one that the table was counted with, to which its interval belongs.
    n_rows : int
        How many panels to draw, those with the most articles; the caption says of how many.
    title : str, optional
        A title above the figure.
    column : {"double", "single"}
        7.2 or 3.5 inches wide.

    Returns
    -------
    Figure
        A matplotlib figure; ``figure.axes`` holds a panel for each source, ``figure.framing_table`` the table that was given.

    Raises
    ------
    FramingError
        If the table has no periods, no rows or no covered cell, or more terms than can be told apart.

    See Also
    --------
    plot_usage : The same without periods.
    plot_trend : Usage over time with a smooth line.

    Notes
    -----
    With few hits a period the lines jump for no other reason than chance: read the bands.

    Examples
    --------
    >>> usage = pd.DataFrame({
    ...     "source": ["A", "A"], "term": ["reset", "reset"], "period": pd.to_datetime(["2017-01-01", "2017-02-01"]),
    ...     "n_hits": [3, 0], "n_articles": [2, 0], "n_articles_total": [4, 5], "n_words": [2000, 2500],
    ...     "per_million": [1500.0, 0.0], "low": [300.0, 0.0], "high": [5000.0, 1800.0], "covered": [True, True]})
    >>> [axes.get_label() for axes in plot_usage_over_time(usage).axes]
    ['A']
    """
    reading = inputs.read_usage(usage, measure)
    if "period" not in usage.columns:
        raise FramingError(
            "plot_usage_over_time draws periods, and this table has no column period. "
            "Count with a frequency: tk.usage(..., freq='W')."
        )
    inputs.check_terms(reading.terms, "plot_usage_over_time")
    reading, n_undated = inputs.dated(reading)
    reading, selected = inputs.largest(reading, n_rows, "n_articles_total", "panels")
    periods, panels = line_panels(reading)

    factor = inputs.MEASURES[reading.measure].factor
    top = value_end(panels, whole=100.0 if factor == 100 else None)
    ylabel = wording.measure_label(reading.measure, reading.recipe)
    if len(reading.terms) == 1:
        ylabel = f"{wording.quoted(reading.terms[0])}, {ylabel}"
    closing = [
        *cut_sentence(panels, top),
        *selected,
        wording.hits_sentence(reading),
        *wording.corpus_sentences(reading.recipe, n_undated),
    ]
    return draw_lines(
        panels,
        periods,
        top=top,
        ylabel=ylabel,
        opening=[f"A mark is a {periods.name}; band: {wording.interval_words(usage, reading.recipe)}."],
        closing=closing,
        meanings=time_meanings(reading, periods),
        title=title,
        column=column,
        names=[wording.quoted(term) for term in reading.terms],
    )


def line_panels(reading: Reading, terms: Sequence[str] | None = None) -> tuple[Periods, list[LinePanel]]:
    """Lay a dated table out by panel and period; `terms` are the ones to draw, by default all."""
    frame = reading.frame
    inputs.check_once(frame, ["row", "term", "period"], "usage")
    periods = read_periods(frame["period"], inputs.settings_of(reading.recipe).get("freq"))
    factor = inputs.MEASURES[reading.measure].factor
    panels = []

    for row in reading.rows:
        cells = frame[frame["row"] == row]
        lines = []
        # a period in which the source has no row at all is left blank: nothing is known about it
        uncovered = np.zeros(len(periods), dtype=bool)

        for style, term in enumerate(reading.terms):
            of_term = cells[cells["term"] == term]
            covered = on_periods(periods, of_term, ["covered"])[0]
            uncovered |= covered == 0
            if terms is not None and term not in terms:
                continue

            value, low, high = (
                np.where(covered == 1, values, np.nan)
                for values in on_periods(periods, of_term, [reading.measure, "low", "high"], factor)
            )
            zero = on_periods(periods, of_term, ["n_hits"])[0] == 0
            partial = on_periods(periods, of_term.assign(partial=_partial(of_term)), ["partial"])[0] == 1
            alone = _behind(reading, cells, of_term, periods) < 2
            lines.append(Line(style, wording.quoted(term), value, low, high, zero, partial, few=alone, alone=alone))

        panels.append(LinePanel(row if reading.by else "", _note(cells, reading), lines, uncovered))
    return periods, panels


def _partial(cells: pd.DataFrame) -> pd.Series:
    if "partial" not in cells.columns:
        return pd.Series(False, index=cells.index)
    return cells["partial"].astype("boolean").fillna(False).astype(bool)


def _counted(reading: Reading) -> str:
    """Return the columns by which it is judged how much stands behind a value: stories where the table has them, else articles."""
    return "n_stories" if {"n_stories", "n_stories_total"} <= set(reading.frame.columns) else "n_articles"


def _behind(reading: Reading, cells: pd.DataFrame, of_term: pd.DataFrame, periods: Periods) -> NDArray[np.float64]:
    """Return how many stories or articles stand behind the value of each period: those of the cell, of shares those with a hit."""
    name = _counted(reading)
    if reading.measure != "rival_share":
        return on_periods(periods, of_term, [f"{name}_total"])[0]

    # a story can have several of the terms, so their sum is the most that it can be
    with_hit = cells.groupby("period", as_index=False)[[name]].sum()
    hits, stories = on_periods(periods, of_term, ["n_hits_rivals"])[0], on_periods(periods, with_hit, [name])[0]
    return np.fmin(hits, stories)


def _note(cells: pd.DataFrame, reading: Reading) -> str:
    sums = cells.groupby("term", sort=False)[["n_hits", "n_articles_total"]].sum()
    total = sums["n_articles_total"].max()
    if not cells["covered"].astype(bool).any():
        return "no articles"
    by_term = sums["n_hits"].to_dict()
    hits = [wording.number(by_term.get(term, 0)) for term in reading.terms]
    noun = "hit" if hits == ["1"] else "hits"
    return f"{wording.joined(hits)} {noun}, {wording.plural(total, *wording.counted_noun(reading.recipe))}"


def time_meanings(reading: Reading, periods: Periods) -> dict[Sign, Meaning]:
    """Say what the signs of usage over time stand for."""
    single = "story" if _counted(reading) == "n_stories" else "article"
    with_hit = " with a hit" if reading.measure == "rival_share" else ""
    return {
        Sign.ZERO: Meaning("no hit", f"{wording.counted_noun(reading.recipe)[1]}, but no hit"),
        Sign.PARTIAL: Meaning(f"part of the {periods.name}", f"articles from a part of the {periods.name} only"),
        Sign.FEW: Meaning(f"a single {single}", f"a single {single}{with_hit}, through which no line goes"),
        Sign.UNCOVERED: Meaning("no articles"),
    }
