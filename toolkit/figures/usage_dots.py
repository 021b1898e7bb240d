"""Own the picture of usage by source: a dot and its interval for each source, a panel for each term."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from toolkit.figures.paper import INK, Column, style
from toolkit.figures.reading import (
    MEASURES,
    Reading,
    Row,
    check_once,
    corpus_sentences,
    counted_noun,
    hits_sentence,
    interval_words,
    known,
    largest,
    measure_label,
    number,
    quoted,
    read_usage,
    records,
)
from toolkit.figures.rows import Dot, RowPanel, axes_gid, axis_end, beyond_sentence, paint_dots, row_figure
from toolkit.tables import FramingError


def plot_usage(
    usage: pd.DataFrame,
    *,
    measure: str | None = None,
    sort: bool = True,
    n_rows: int = 40,
    title: str | None = None,
    column: Column = "double",
) -> Figure:
    """Draw how often each source uses each term.

    A row is a cell of the ``by`` columns, mostly a source; a panel is a term. The dot is the measure, the line its
    interval. Right of each row stand the hits, the articles with a hit and all articles of the cell. A cell with
    articles but no hit has an open dot at zero; a cell without articles says "no articles" and has no mark. Where rates were
    pooled, an upright tick stands at the pooled one.

    Parameters
    ----------
    usage : DataFrame
        What ``tk.usage`` returns, without periods.
    measure : {"per_million", "share", "rival_share"}, optional
        Which measure to draw. The interval in a table belongs to one measure only, so this is a check more than a
        choice; by default it is the one that the table was counted with.
    sort : bool
        Order the rows by the first term, highest first; otherwise as in the table. Cells without articles come last.
    n_rows : int
        How many rows to draw, those with the most articles; the caption says of how many.
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
        Where the table has no rows, lacks columns, has periods, has no covered cell, or holds another measure.

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
    reading = read_usage(usage, measure)
    if "period" in usage.columns:
        raise FramingError(
            "plot_usage draws one mark for each cell and term, and this table has periods. "
            "Draw it with plot_usage_over_time(usage), or count without freq."
        )
    check_once(reading.frame, ["row", "term"], "usage")
    reading, selected = largest(reading, n_rows, "n_articles_total", "rows")
    factor = MEASURES[reading.measure].factor
    cells = {(row["row"], row["term"]): row for row in records(reading.frame)}
    rows = _ordered(reading, cells) if sort else reading.rows
    dots = {cell: _dot(row, reading.measure, factor) for cell, row in cells.items()}
    nothing = Dot(float("nan"), float("nan"), float("nan"), drawn=False)

    if reading.by:
        labels, panel_names = rows, reading.terms
        keys = [[(row, term) for row in labels] for term in panel_names]
        titles = [quoted(term) for term in panel_names]
    else:
        # without `by` each term is a row of one panel
        terms = _ordered_terms(reading, cells, sort)
        labels = [quoted(term) for term in terms]
        keys = [[("all articles", term) for term in terms]]
        titles = [""]
    panels = [
        RowPanel(title, [_note(cells.get(key), reading.measure) for key in column_keys], _header(reading))
        for title, column_keys in zip(titles, keys, strict=True)
    ]
    whole = 100.0 if factor == 100 else None
    ticks = {key: float(row["pooled"]) * factor for key, row in cells.items() if known(row.get("pooled"))}
    xmax = axis_end(list(dots.values()), whole=whole)
    caption = _caption(usage, reading, list(dots.values()), xmax, selected)
    with style():
        return row_figure(
            labels,
            panels,
            lambda axes, i, ys: _paint(axes, list(ys), [dots.get(key, nothing) for key in keys[i]], ticks, keys[i]),
            xmax=xmax,
            xlabel=measure_label(reading.measure, reading.recipe),
            caption=caption,
            title=title,
            column=column,
            most_across=3 if column == "double" else 1,
        )


def _paint(
    axes: Axes,
    ys: list[float],
    dots: list[Dot],
    ticks: dict[tuple[str, str], float],
    keys: list[tuple[str, str]],
) -> None:
    paint_dots(axes, ys, dots)
    pooled = [(ticks[key], y) for key, y in zip(keys, ys) if key in ticks]
    if pooled:
        axes.plot(
            [x for x, _ in pooled],
            [y for _, y in pooled],
            linestyle="none",
            marker="|",
            markersize=7,
            color=INK,
            clip_on=False,
            zorder=4,
            gid=axes_gid(axes, "pooled"),
        )


def _dot(row: Row, measure: str, factor: float) -> Dot:
    value = float(row[measure]) * factor
    drawn = bool(row["covered"]) and known(row[measure])
    return Dot(value, float(row["low"]) * factor, float(row["high"]) * factor, drawn, drawn and row["n_hits"] == 0)


def _header(reading: Reading) -> str:
    return "hits of all" if reading.measure == "rival_share" else f"hits / {counted_noun(reading.recipe)[1]} of all"


def _note(row: Row | None, measure: str) -> str:
    if row is None:
        return "no row"
    if not row["covered"]:
        return "no text" if row["n_articles_total"] else "no articles"
    if measure == "rival_share":
        total = row["n_hits_rivals"]
        return f"{number(row['n_hits'])} of {number(total)}" if total else "no hits"
    return f"{number(row['n_hits'])} / {number(row['n_articles'])} of {number(row['n_articles_total'])}"


def _height(row: Row | None, measure: str) -> tuple[int, float]:
    """Sort key: drawn cells from the highest, then those without a rate, then those without articles."""
    if row is None or not row["covered"]:
        return 2, 0.0
    return (1, 0.0) if not known(row[measure]) else (0, -float(row[measure]))


def _ordered(reading: Reading, cells: dict[tuple[str, str], Row]) -> list[str]:
    return sorted(reading.rows, key=lambda row: [_height(cells.get((row, t)), reading.measure) for t in reading.terms])


def _ordered_terms(reading: Reading, cells: dict[tuple[str, str], Row], sort: bool) -> list[str]:
    if not sort:
        return reading.terms
    return sorted(reading.terms, key=lambda term: _height(cells.get(("all articles", term)), reading.measure))


def _caption(usage: pd.DataFrame, reading: Reading, dots: list[Dot], xmax: float, selected: list[str]) -> str:
    noun = MEASURES[reading.measure].noun
    parts = [f"Dot: {noun}; line: {interval_words(usage, reading.recipe)}."]
    if any(dot.zero for dot in dots):
        parts.append(f"Open dot: {counted_noun(reading.recipe)[1]} but no hit.")
    if "pooled" in usage.columns:
        parts.append(f"Upright tick: the {noun} shrunk towards the mean of the rows.")
    parts += [*beyond_sentence(dots, xmax), *selected]
    parts.append(hits_sentence(reading))
    return " ".join([*parts, *corpus_sentences(reading.recipe)])
