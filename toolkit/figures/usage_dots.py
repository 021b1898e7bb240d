"""Own the picture of usage by source: a dot and its interval for each source, a panel for each term."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from toolkit.figures import inputs, wording
from toolkit.figures.inputs import Row, drawn_from
from toolkit.figures.paper import Column
from toolkit.figures.rows import Axis, Mark, Rows, axis_end, draw_rows, marks_of, panels_of
from toolkit.figures.signs import Meaning, Sign, signs_of
from toolkit.tables import FramingError
from toolkit.tables.choices import Measure


@drawn_from
def plot_usage(
    usage: pd.DataFrame,
    *,
    measure: Measure | None = None,
    sort: bool = True,
    n_rows: int = 40,
    title: str | None = None,
    column: Column = "double",
) -> Figure:
    """Draw how often each source uses each term.

    A row is a cell of the ``by`` columns, mostly a source; a panel is a term. The dot is the measure, the line its
    interval. Right of each row stand the hits, the articles with a hit and all articles of the cell. A cell with
    articles but no hit has an open dot at zero; a cell without articles says "no articles" and has no mark. Where rates were
    pooled, a cross stands at the pooled one.

    Parameters
    ----------
    usage : DataFrame
        What ``tk.usage`` returns, without periods.
    measure : {"per_million", "share", "rival_share"}, optional
        Which measure to draw. The interval in a table belongs to one measure only, so this is a check more than a
        choice; by default it is the one that the table was counted with.
    sort : bool
        Order the rows by the first term, highest first, and cells without articles last; otherwise as in the table. Columns with
        an order of their own, such as leanings, weekdays or an ordered Categorical, keep it: sorting is within them.
    n_rows : int
        How many rows to draw, those with the most articles; the caption says of how many.
    title : str, optional
        A title above the figure; journals want none.
    column : {"double", "single"}
        7.2 or 3.5 inches wide.

    Returns
    -------
    Figure
        A matplotlib figure; ``figure.axes`` holds a panel for each term, ``figure.framing_table`` the table that was given.

    Raises
    ------
    FramingError
        If the table has no rows, lacks columns, has periods, has no covered cell, or holds another measure.

    See Also
    --------
    plot_usage_over_time : The same with periods.
    plot_rivals : Shares among names for the same thing.
    plot_contrasts : Differences and ratios with their intervals.

    Notes
    -----
    Sources differ in what they write about: a rate says how often a term stands in a source's articles in this corpus.

    Examples
    --------
    >>> usage = pd.DataFrame({
    ...     "source": ["A", "B"], "term": ["reset", "reset"], "n_hits": [3, 0], "n_articles": [2, 0],
    ...     "n_articles_total": [4, 5], "n_words": [2000, 2500], "per_million": [1500.0, 0.0], "share": [0.5, 0.0],
    ...     "low": [300.0, 0.0], "high": [5000.0, 1800.0], "covered": [True, True]})
    >>> plot_usage(usage).axes[0].get_label()
    '“reset”'
    """
    reading = inputs.read_usage(usage, measure)
    if "period" in usage.columns:
        raise FramingError(
            "plot_usage draws one mark for each cell and term, and this table has periods. "
            "Draw it with plot_usage_over_time(usage), or count without freq."
        )

    inputs.check_once(reading.frame, ["row", "term"], "usage")
    reading, selected = inputs.largest(reading, n_rows, "n_articles_total", "rows")
    name, factor = reading.measure, inputs.MEASURES[reading.measure].factor

    many = wording.counted_noun(reading.recipe)[1]
    labels, panels = panels_of(
        inputs.read_cells(reading.frame, reading.by, usage["term"], name, sort=sort),
        lambda row: _mark(row, name, factor),
        "hits of all" if name == "rival_share" else f"hits / {many} of all",
        lambda row: _note(row, name),
    )

    noun = inputs.MEASURES[name].noun
    pooled = [f"Cross: the {noun} shrunk towards the mean of the rows."] if "pooled" in usage.columns else []
    end = axis_end(marks_of(panels), whole=100.0 if factor == 100 else None)
    return draw_rows(
        Rows(
            labels,
            panels,
            Axis(0.0, end, wording.measure_label(name, reading.recipe), reach=True),
            opening=[f"Dot: {noun}; line: {wording.interval_words(usage, reading.recipe)}."],
            meanings={Sign.ZERO: Meaning("no hit", f"{many}, but no hit")},
            closing=[*pooled, *selected, wording.hits_sentence(reading), *wording.corpus_sentences(reading.recipe)],
            across=3 if column == "double" else 1,
        ),
        title=title,
        column=column,
    )


def _mark(row: Row, measure: str, factor: float) -> Mark | None:
    if not row["covered"] or not inputs.known(row[measure]):
        return None
    value, low, high = (float(row[name]) * factor for name in (measure, "low", "high"))
    pooled = row.get("pooled")
    cross = float("nan") if pooled is None else float(pooled) * factor
    return Mark(value, low, high, signs_of(zero=row["n_hits"] == 0), cross=cross)


def _note(row: Row | None, measure: str) -> str:
    """Say what the row counts, or in words why it counts nothing."""
    if row is None:
        return "no row"
    if not row["covered"]:
        return "no text" if row["n_articles_total"] else "no articles"
    if measure == "rival_share":
        total = row["n_hits_rivals"]
        return f"{wording.number(row['n_hits'])} of {wording.number(total)}" if total else "no hits"
    return f"{wording.number(row['n_hits'])} / {wording.number(row['n_articles'])} of {wording.number(row['n_articles_total'])}"
