"""Own the picture of usage over time: a panel for each source, a line with its band for each term."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from toolkit.figures.multiples import Line, LinePanel, cut_sentence, line_figure, missing, value_end
from toolkit.figures.paper import Column, style
from toolkit.figures.periods import Periods, read_periods
from toolkit.figures.reading import (
    MEASURES,
    Reading,
    check_once,
    check_terms,
    corpus_sentences,
    counted_noun,
    dated,
    hits_sentence,
    interval_words,
    joined,
    largest,
    measure_label,
    number,
    plural,
    quoted,
    read_usage,
    settings_of,
)
from toolkit.tables import FramingError


def plot_usage_over_time(
    usage: pd.DataFrame,
    *,
    measure: str | None = None,
    n_rows: int = 36,
    title: str | None = None,
    column: Column = "double",
) -> Figure:
    """Draw how often each source uses each term in each period.

    A panel is a cell of the ``by`` columns, mostly a source; a line is a term, its band the interval. All panels share
    both axes. Where a source has no articles the ground is grey and hatched and the line breaks; a zero lies on the
    axis. A hollow mark stands for a period that the source's articles cover only in part. Undated articles are left out
    and counted in the caption.

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
        A matplotlib figure; ``figure.axes`` holds a panel for each source.

    Raises
    ------
    FramingError
        Where the table has no periods, no rows or no covered cell, or more terms than can be told apart.

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
    reading = read_usage(usage, measure)
    if "period" not in usage.columns:
        raise FramingError(
            "plot_usage_over_time draws periods, and this table has no column period. "
            "Count with a frequency: tk.usage(..., freq='W')."
        )
    check_terms(reading.terms, "plot_usage_over_time")
    reading, n_undated = dated(reading)
    reading, selected = largest(reading, n_rows, "n_articles_total", "panels")
    periods, panels = line_panels(reading)
    factor = MEASURES[reading.measure].factor
    top = value_end(panels, whole=100.0 if factor == 100 else None)
    ylabel = measure_label(reading.measure, reading.recipe)
    if len(reading.terms) == 1:
        ylabel = f"{quoted(reading.terms[0])}, {ylabel}"
    parts = time_sentences(panels, periods, interval_words(usage, reading.recipe))
    parts += [
        *cut_sentence(panels, top),
        *selected,
        hits_sentence(reading),
        *corpus_sentences(reading.recipe, n_undated),
    ]
    with style():
        return line_figure(
            panels,
            periods,
            top=top,
            ylabel=ylabel,
            caption=" ".join(parts),
            title=title,
            column=column,
            names=[quoted(term) for term in reading.terms],
        )


def line_panels(reading: Reading, terms: Sequence[str] | None = None) -> tuple[Periods, list[LinePanel]]:
    """Lay a dated table out by panel and period; `terms` are the ones to draw, by default all."""
    frame = reading.frame
    check_once(frame, ["row", "term", "period"], "usage")
    periods = read_periods(frame["period"], settings_of(reading.recipe).get("freq"))
    factor = MEASURES[reading.measure].factor
    position = {start: i for i, start in enumerate(periods.starts)}
    panels = []
    for row in reading.rows:
        cells = frame[frame["row"] == row]
        lines = []
        # a period in which the source has no row at all is left blank: nothing is known about it
        uncovered = np.zeros(len(periods), dtype=bool)
        for style_index, term in enumerate(reading.terms):
            of_term = cells[cells["term"] == term]
            at = np.array([position[p] for p in of_term["period"]], dtype=int)
            covered = of_term["covered"].to_numpy(dtype=bool)
            uncovered[at[~covered]] = True
            if terms is not None and term not in terms:
                continue
            series = {}
            for name in (reading.measure, "low", "high"):
                values = missing(len(periods))
                values[at] = np.where(covered, of_term[name].to_numpy(dtype=float) * factor, np.nan)
                series[name] = values
            partial = np.zeros(len(periods), dtype=bool)
            if "partial" in of_term.columns:
                partial[at] = of_term["partial"].fillna(False).to_numpy(dtype=bool)
            lines.append(
                Line(style_index, quoted(term), series[reading.measure], series["low"], series["high"], partial)
            )
        title = row if reading.by else ""
        panels.append(LinePanel(title, _note(cells, reading), lines, uncovered))
    return periods, panels


def _note(cells: pd.DataFrame, reading: Reading) -> str:
    sums = cells.groupby("term", sort=False)[["n_hits", "n_articles_total"]].sum()
    total = sums["n_articles_total"].max()
    if not cells["covered"].astype(bool).any():
        return "no articles"
    by_term = sums["n_hits"].to_dict()
    hits = [number(by_term.get(term, 0)) for term in reading.terms]
    noun = "hit" if hits == ["1"] else "hits"
    return f"{joined(hits)} {noun}, {plural(total, *counted_noun(reading.recipe))}"


def time_sentences(panels: Sequence[LinePanel], periods: Periods, interval: str) -> list[str]:
    """Say what marks, bands, hatching and hollow marks are, as far as they occur."""
    parts = [f"A mark is a {periods.name}; band: {interval}."]
    if any(panel.uncovered.any() for panel in panels):
        parts.append("Hatched: no articles.")
    if any((line.partial & np.isfinite(line.value)).any() for panel in panels for line in panel.lines):
        parts.append(f"Hollow: articles from a part of the {periods.name} only.")
    return parts
