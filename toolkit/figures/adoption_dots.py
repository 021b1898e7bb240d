"""Own the picture of adoption: how far a term is each outlet's own word, as dots by outlet or as lines over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from toolkit.figures.multiples import Line, LinePanel, line_figure, missing
from toolkit.figures.paper import PALETTE, Column, style
from toolkit.figures.periods import read_periods
from toolkit.figures.reading import (
    Row,
    by_columns,
    check_once,
    check_table,
    corpus_sentences,
    interval_words,
    joined,
    number,
    plural,
    quoted,
    recipe_of,
    records,
    row_names,
    settings_of,
)
from toolkit.figures.rows import Dot, RowPanel, paint_dots, row_figure
from toolkit.tables import ADOPTION, FramingError, Table, listed, require

_NEEDED = ("term", "n_uses", "n_own", "n_mentioned", "n_stories_total", "adoption", "low", "high", "covered")


def plot_adoption(
    adoption: pd.DataFrame,
    *,
    sort: bool = True,
    few: int = 5,
    n_rows: int = 40,
    title: str | None = None,
    column: Column = "double",
) -> Figure:
    """Draw how far each term is each outlet's own word.

    A row is a cell of the ``by`` columns, mostly an outlet; a panel is a term. The dot is the adoption, the line its
    interval, hollow where few stories carry it. Right of each row stand the own uses of all uses and the stories with a
    use. A cell without a use says "no uses" and has no mark. With periods each cell is a panel over time, a line for each term; a
    period without a use of any term is hatched.

    Parameters
    ----------
    adoption : DataFrame
        What ``tk.adoption`` returns.
    sort : bool
        Order the rows by the adoption of the first term, highest first, and those without a use of it last; otherwise, and
        with periods, as in the table.
    few : int
        Marks of fewer stories than that are hollow.
    n_rows : int
        How many rows or panels to draw, those with the most uses; the caption says of how many.
    title : str, optional
        A title above the figure; journals want none.
    column : {"double", "single"}
        7.2 or 3.5 inches wide.

    Returns
    -------
    Figure
        A matplotlib figure; ``figure.axes`` holds a panel for each term, or with periods for each outlet.

    Raises
    ------
    FramingError
        Where the table has no rows, lacks columns, has a cell twice, or has no covered cell.

    Notes
    -----
    Adoption is told by rules with errors of their own; see the Notes of ``tk.adoption``.

    Examples
    --------
    >>> adoption = pd.DataFrame({
    ...     "source": ["A", "B"], "term": ["reset", "reset"], "n_mentioned": [1, 0], "n_uses": [8, 6], "n_own": [6, 1],
    ...     "n_stories_total": [7, 3], "adoption": [0.75, 1 / 6], "low": [0.35, 0.01], "high": [0.97, 0.7], "covered": True})
    >>> plot_adoption(adoption).axes[0].get_label()
    '“reset”'
    """
    table = check_table(adoption, "adoption")
    require(table, _NEEDED, "adoption")
    if few < 0:
        raise FramingError(f"few is a number of stories, 0 or more, not {few}.")
    frame, by = cells_of(table, ADOPTION, ["adoption", "use"])
    frame, selected = most_of(frame, "n_uses", n_rows, "rows" if "period" not in table.columns else "panels", "uses")
    if "period" in table.columns:
        return _over_time(table, frame, by, few, selected, title, column)
    return _by_row(table, frame, by, sort, few, selected, title, column)


def cells_of(table: pd.DataFrame, kind: Table, words: Sequence[str]) -> tuple[pd.DataFrame, list[str]]:
    """Return a table with its cells named in ``row``, and the columns that make them; `words` name the table and what it counts."""
    by = by_columns(table, kind, settings_of(recipe_of(table)))
    frame = table.assign(row=row_names(table, by), term=table["term"].astype("str"))
    name, counted = words
    if not frame["covered"].astype(bool).any():
        raise FramingError(
            f"Nothing can be drawn: no cell of this table of {name} has any {counted} (covered is False in all rows)."
        )
    return frame, by


def most_of(frame: pd.DataFrame, size: str, most: int, what: str, counted: str) -> tuple[pd.DataFrame, list[str]]:
    """Return the rows of the `most` largest cells, and the sentence that says of how many."""
    if most < 1:
        raise FramingError(f"n_rows is how many {what} to draw, 1 or more, not {most}.")
    sizes = frame.groupby("row", sort=False)[size].sum()
    if len(sizes) <= most:
        return frame, []
    kept = sizes.sort_values(ascending=False, kind="stable").index[:most]
    return frame[frame["row"].isin(kept)], [f"Drawn are the {most:,} of {len(sizes):,} {what} with the most {counted}."]


def _by_row(
    table: pd.DataFrame,
    frame: pd.DataFrame,
    by: list[str],
    sort: bool,
    few: int,
    selected: list[str],
    title: str | None,
    column: Column,
) -> Figure:
    check_once(frame, ["row", "term"], "adoption")
    cells = {(row["row"], row["term"]): row for row in records(frame)}
    rows, terms = (list(dict.fromkeys(frame[name])) for name in ("row", "term"))
    if by:
        if sort:
            rows.sort(key=lambda row: [_height(cells.get((row, term))) for term in terms])
        labels, titles, keys = rows, [quoted(term) for term in terms], [[(row, term) for row in rows] for term in terms]
    else:  # without `by` each term is a row of one panel
        if sort:
            terms.sort(key=lambda term: _height(cells.get((rows[0], term))))
        labels, titles, keys = [quoted(term) for term in terms], [""], [[(rows[0], term) for term in terms]]
    dots = {key: _dot(cell, few) for key, cell in cells.items()}
    nothing = Dot(np.nan, np.nan, np.nan, drawn=False)
    panels = [
        RowPanel(name, [_note(cells.get(key)) for key in some], "own of uses (stories)")
        for name, some in zip(titles, keys, strict=True)
    ]
    hollow = any(dot.zero for dot in dots.values())
    parts = [
        f"Dot: adoption; line: {interval_words(table, recipe_of(table))}.",
        *([f"Hollow: fewer than {few} stories."] if hollow else []),
        *_sentences(table, frame, selected, 0),
    ]

    def paint(axes: Axes, i: int, ys: Any) -> None:
        axes.xaxis.set_major_locator(MultipleLocator(25))
        paint_dots(axes, list(ys), [dots.get(key, nothing) for key in keys[i]])

    with style():
        return row_figure(
            labels,
            panels,
            paint,
            xmax=100.0,
            xlabel=_label(table),
            caption=" ".join(parts),
            title=title,
            column=column,
            most_across=3 if column == "double" else 1,
        )


def _over_time(
    table: pd.DataFrame,
    frame: pd.DataFrame,
    by: list[str],
    few: int,
    selected: list[str],
    title: str | None,
    column: Column,
) -> Figure:
    terms = list(dict.fromkeys(frame["term"]))
    if len(terms) > len(PALETTE):
        raise FramingError(
            f"plot_adoption tells {len(PALETTE)} terms apart over time; this table has {len(terms)}: {listed(terms)}. "
            "Draw some of them: adoption[adoption['term'].isin([...])]."
        )
    undated = frame["period"].isna()
    n_undated, dated = int(frame.loc[undated, "n_uses"].sum()), frame[~undated]
    if not dated["covered"].astype(bool).any():
        raise FramingError("Nothing can be drawn over time: no use in this table has a date.")
    check_once(dated, ["row", "term", "period"], "adoption")
    periods = read_periods(dated["period"], settings_of(recipe_of(table)).get("freq"))
    position = {start: i for i, start in enumerate(periods.starts)}
    rows = list(dict.fromkeys(dated["row"]))
    panels = []
    for row in rows:
        of_row = dated[dated["row"] == row]
        used, lines = np.zeros(len(periods), dtype=bool), []
        for number_of, term in enumerate(terms):
            of_term = of_row[of_row["term"] == term]
            at = np.array([position[start] for start in of_term["period"]], dtype=int)
            series = {}
            for name in ("adoption", "low", "high"):
                values = missing(len(periods))
                values[at] = 100 * of_term[name].to_numpy(dtype=float)
                series[name] = values
            hollow = np.zeros(len(periods), dtype=bool)
            hollow[at] = of_term["n_stories_total"].to_numpy() < few
            used[at] |= of_term["covered"].to_numpy(dtype=bool)
            lines.append(Line(number_of, quoted(term), series["adoption"], series["low"], series["high"], hollow))
        uses = [number(of_row.loc[of_row["term"] == term, "n_uses"].sum()) for term in terms]
        panels.append(
            LinePanel(row if by else "", f"{joined(uses)} {'use' if uses == ['1'] else 'uses'}", lines, ~used)
        )
    parts = [f"A mark is a {periods.name}; band: {interval_words(table, recipe_of(table))}."]
    if any(panel.uncovered.any() for panel in panels):
        parts.append("Hatched: no uses.")
    if any((line.partial & np.isfinite(line.value)).any() for panel in panels for line in panel.lines):
        parts.append(f"Hollow: fewer than {few} stories.")
    label = _label(table)
    with style():
        return line_figure(
            panels,
            periods,
            top=100.0,
            ylabel=f"{quoted(terms[0])}, {label}" if len(terms) == 1 else label,
            caption=" ".join([*parts, *_sentences(table, dated, selected, n_undated)]),
            title=title,
            column=column,
            names=[quoted(term) for term in terms],
        )


def _label(table: pd.DataFrame) -> str:
    headlines = settings_of(recipe_of(table)).get("headlines")
    where = "" if headlines is None else " in headlines" if headlines else " outside of headlines"
    return f"own uses, % of all uses{where}"


def _height(cell: Row | None) -> tuple[int, float]:
    """Sort key: covered cells from the highest, then the others."""
    return (1, 0.0) if cell is None or not cell["covered"] else (0, -float(cell["adoption"]))


def _dot(cell: Row, few: int) -> Dot:
    value, low, high = (100 * float(cell[name]) for name in ("adoption", "low", "high"))
    drawn = bool(cell["covered"])
    return Dot(value, low, high, drawn, drawn and cell["n_stories_total"] < few)


def _note(cell: Row | None) -> str:
    if cell is None or not cell["covered"]:
        return "no uses"
    return f"{number(cell['n_own'])} of {number(cell['n_uses'])} ({number(cell['n_stories_total'])})"


def _sentences(table: pd.DataFrame, frame: pd.DataFrame, selected: list[str], n_undated: int) -> list[str]:
    """Say what is a use, what is put aside, n, and the corpus."""
    recipe = recipe_of(table)
    own = settings_of(recipe).get("scare_quotes") == "own"
    sums = frame.groupby("term", sort=False)[["n_uses", "n_own"]].sum()
    parts = [
        f"{quoted(str(term))} {number(row['n_own'])} own of {plural(row['n_uses'], 'use')}"
        for term, row in sums.iterrows()
    ]
    aside = int(frame["n_mentioned"].sum())
    return [
        f"Own: in the outlet’s voice{' or in scare quotes' if own else ''} and not negated.",
        *selected,
        f"n = {'; '.join(parts)}; {plural(aside, 'mention')} put aside.",
        *([f"{plural(n_undated, 'undated use')} {'is' if n_undated == 1 else 'are'} left out."] if n_undated else []),
        *corpus_sentences(recipe),
    ]
