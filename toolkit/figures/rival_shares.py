"""Own the picture of rival terms: how the hits of a cell divide among names for the same thing."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from toolkit.figures import inputs, wording
from toolkit.figures.bars import Segment, paint_bars
from toolkit.figures.inputs import Reading, Row, drawn_from
from toolkit.figures.keys import Entry
from toolkit.figures.multiples import draw_lines
from toolkit.figures.paper import HATCHES, INK, PALETTE, Column
from toolkit.figures.rows import Axis, Mark, Numbers, Panel, Rows, draw_rows, quarters
from toolkit.figures.signs import Meaning, Sign, signs_of
from toolkit.figures.usage_lines import line_panels, time_meanings
from toolkit.tables import FramingError

_NEEDED = ("term", "n_hits", "n_articles", "n_articles_total", "n_hits_rivals", "rival_share", "low", "high", "covered")
_DARK = (0, 2, 4)  # colours on which print is white

Cells = dict[tuple[str, str], Row]


@drawn_from
def plot_rivals(
    usage: pd.DataFrame,
    *,
    sort: bool = True,
    n_rows: int = 36,
    title: str | None = None,
    column: Column = "double",
) -> Figure:
    """Draw how hits divide among rival terms, as by "travel ban" and "Muslim ban".

    A row is a cell of the ``by`` columns, mostly a source. Two rivals are one dot with its interval between the two
    ends of an axis; three or more are a bar of stacked shares, in which the first and the last share have their
    intervals. Right of each row stand the hits. With periods each cell is a small panel over time. A cell with
    articles but none of the terms says "no hits", one without articles "no articles"; neither has a mark. An open mark is a cell
    that has no hit of the term that is drawn. No line goes through a period with a single story.

    Parameters
    ----------
    usage : DataFrame
        What ``tk.usage(..., measure="rival_share")`` returns, with two to six terms.
    sort : bool
        Order the rows by the share of the first term, highest first; otherwise as in the table. Columns with an order of their
        own, such as leanings or an ordered Categorical, keep it.
    n_rows : int
        How many rows or panels to draw, those with the most hits; the caption says of how many.
    title : str, optional
        A title above the figure.
    column : {"double", "single"}
        7.2 or 3.5 inches wide.

    Returns
    -------
    Figure
        A matplotlib figure; ``figure.framing_table`` is the table that was given.

    Raises
    ------
    FramingError
        If the table holds another measure, fewer than two terms, no covered cell, or no hit at all.

    See Also
    --------
    plot_usage : Rates of terms that are no rivals.

    Notes
    -----
    A share says nothing of how often a source speaks of the matter: a row of three hits can be all for one name.

    Examples
    --------
    >>> usage = pd.DataFrame({
    ...     "source": ["A", "A"], "term": ["travel ban", "Muslim ban"], "n_hits": [3, 1], "n_articles": [2, 1],
    ...     "n_articles_total": [4, 4], "n_hits_rivals": [4, 4], "rival_share": [0.75, 0.25],
    ...     "low": [0.2, 0.02], "high": [0.98, 0.8], "covered": [True, True]})
    >>> len(plot_rivals(usage).axes)
    1
    """
    if len(inputs.check_table(usage, "usage").columns) and "rival_share" not in usage.columns:
        raise FramingError(
            "plot_rivals draws shares among rival terms, and this table has no column rival_share. "
            "Count with measure='rival_share': tk.usage(corpus, terms, measure='rival_share')."
        )
    reading = inputs.read_usage(usage, "rival_share", needed=_NEEDED)
    if len(reading.terms) < 2:
        raise FramingError(
            f"Rivals are two terms or more; this table has one: {reading.terms[0]}. Count them together: "
            "tk.usage(corpus, {'travel ban': [...], 'Muslim ban': [...]}, measure='rival_share')."
        )

    inputs.check_terms(reading.terms, "plot_rivals")
    if not reading.frame["rival_share"].notna().any():
        raise FramingError(
            f"Nothing can be drawn: none of the terms ({', '.join(reading.terms)}) has a hit in any cell. "
            "See what the patterns match: tk.word_forms(tokens, terms)."
        )
    if "period" in usage.columns:
        return _over_time(usage, reading, n_rows, title, column)

    inputs.check_once(reading.frame, ["row", "term"], "usage")
    reading, selected = inputs.largest(reading, n_rows, "n_hits_rivals", "rows")
    cells = {(row["row"], row["term"]): row for row in inputs.records(reading.frame)}

    rows, first = reading.rows, reading.terms[0]
    if sort:
        rows = sorted(rows, key=lambda row: (reading.ranks[row], inputs.height(cells.get((row, first)), "rival_share")))

    specified = _between_two if len(reading.terms) == 2 else _stacked
    closing = [*selected, wording.hits_sentence(reading), *wording.corpus_sentences(reading.recipe)]
    return draw_rows(specified(usage, reading, rows, cells, closing), title=title, column=column)


def _state(cells: Cells, reading: Reading, row: str) -> str:
    """Return what stands in place of a count: "" where there are hits."""
    there = [cells[(row, term)] for term in reading.terms if (row, term) in cells]
    if not any(cell["covered"] for cell in there):
        return "no articles"
    return "" if any(inputs.known(cell["rival_share"]) for cell in there) else "no hits"


def _between_two(
    usage: pd.DataFrame, reading: Reading, rows: Sequence[str], cells: Cells, closing: Sequence[str]
) -> Rows:
    first, second = reading.terms
    marks: list[Mark | None] = []
    notes = []
    for row in rows:
        cell, state = cells.get((row, first)), _state(cells, reading, row)
        if state or cell is None:
            marks.append(None)
            notes.append(state or "no row")
            continue

        share, low, high = (100 * float(cell[name]) for name in ("rival_share", "low", "high"))
        marks.append(Mark(share, low, high, signs_of(zero=cell["n_hits"] == 0)))
        notes.append(f"{wording.number(cell['n_hits'])} of {wording.number(cell['n_hits_rivals'])}")

    ends = (f"←\N{NO-BREAK SPACE}{wording.quoted(second)}", f"{wording.quoted(first)}\N{NO-BREAK SPACE}→")
    label = f"{wording.quoted(first)}, % of the hits of both"
    return Rows(
        rows,
        [Panel("", marks, [Numbers("hits of both", notes)])],
        Axis(0.0, 100.0, label, quarters, ends=ends, rule=50.0, dotted=True),
        opening=[
            f"Dot: share of {wording.quoted(first)} in the hits of both; line: {wording.interval_words(usage, reading.recipe)}; "
            "dotted: half of the hits."
        ],
        meanings={Sign.ZERO: Meaning(f"no hit of {wording.quoted(first)}")},
        closing=closing,
    )


def _stacked(usage: pd.DataFrame, reading: Reading, rows: Sequence[str], cells: Cells, closing: Sequence[str]) -> Rows:
    terms = reading.terms
    notes, bars = [], []
    for row in rows:
        state = _state(cells, reading, row)
        of_row = [cells.get((row, term)) for term in terms]
        notes.append(state or wording.number(max(cell["n_hits_rivals"] for cell in of_row if cell is not None)))
        bars.append([] if state else [_segment(i, cell) for i, cell in enumerate(of_row)])

    level = wording.interval_words(usage, reading.recipe)
    return Rows(
        rows,
        [Panel("", (), [Numbers("hits", notes)])],
        Axis(0.0, 100.0, "% of the hits of all rival terms", quarters),
        opening=[
            f"Bars: shares in the hits of all {len(terms)} terms, in the order of the key, in %. Thin lines: {level} "
            f"of the first share ({wording.quoted(terms[0])}, from the left) and of the last ({wording.quoted(terms[-1])}, from the right)."
        ],
        closing=closing,
        key=[Entry(wording.quoted(term), patch=_look(i), gid=f"key-{i}") for i, term in enumerate(terms)],
        paint=lambda axes, _, ys: paint_bars(axes, ys, bars, last=True),
        pad=0.15,
    )


def _look(index: int) -> dict[str, object]:
    return {"facecolor": PALETTE[index], "edgecolor": "white", "hatch": HATCHES[index] or None, "linewidth": 0.5}


def _segment(index: int, cell: Row | None) -> Segment:
    ink = "white" if index in _DARK else INK
    if cell is None or not inputs.known(cell["rival_share"]):
        return Segment(f"share-{index}", 0.0, _look(index), ink)
    share, low, high = (100 * float(cell[name]) for name in ("rival_share", "low", "high"))
    return Segment(f"share-{index}", share, _look(index), ink, low, high)


def _over_time(usage: pd.DataFrame, reading: Reading, n_rows: int, title: str | None, column: Column) -> Figure:
    reading, n_undated = inputs.dated(reading)
    reading, selected = inputs.largest(reading, n_rows, "n_hits_rivals", "panels")
    terms = reading.terms

    # of two rivals one line says all
    two = len(terms) == 2
    drawn = terms[:1] if two else terms
    periods, panels = line_panels(reading, drawn)

    closing = []
    if (reading.frame["covered"].astype(bool) & reading.frame["rival_share"].isna()).any():
        closing.append(f"A gap on white: articles, but no hit of {'either' if two else 'any'}.")
    if two:
        closing.append("Dotted: half of the hits.")
    closing += [*selected, wording.hits_sentence(reading), *wording.corpus_sentences(reading.recipe, n_undated)]
    return draw_lines(
        panels,
        periods,
        top=100.0,
        ylabel=f"{wording.quoted(terms[0])}, % of the hits of both" if two else "% of the hits of all rival terms",
        opening=[f"A mark is a {periods.name}; band: {wording.interval_words(usage, reading.recipe)}."],
        meanings=time_meanings(reading, periods) | {Sign.ZERO: Meaning("no hit of the term")},
        closing=closing,
        title=title,
        column=column,
        names=[wording.quoted(term) for term in drawn],
        end_words=(f"↑\N{NO-BREAK SPACE}{wording.quoted(terms[0])}", f"↓\N{NO-BREAK SPACE}{wording.quoted(terms[1])}")
        if two
        else None,
        reference=50.0 if two else None,
    )
