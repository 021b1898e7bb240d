"""Own the picture of speakers: a row for each, a column for each outlet, and in the cells how often they have the term."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from toolkit.figures import inputs, sheets, wording
from toolkit.figures.inputs import drawn_from
from toolkit.figures.keys import Entry
from toolkit.figures.orders import cell_ranks
from toolkit.figures.paper import (
    FAINT,
    INK,
    LABEL,
    MARGIN,
    MUTED,
    NOTE,
    Column,
    n_lines,
    place,
    text_height,
    text_width,
    width_of,
    wrapped,
    write,
)
from toolkit.tables import SPEAKERS, FramingError, listed, not_found, require
from toolkit.tables.checks import check_at_least

_NEEDED = ("term", "speaker", "n_hits", "n_hits_total", "covered")
_STEPS = (0.0, 0.05, 0.1, 0.2, 0.4)  # where the classes of shares begin
_GREYS = ("0.92", "0.78", "0.6", "0.4", "0.15")
_NAMES = {"double": 0.26, "single": 0.36}  # of the width, at most, for the names of speakers
_PALE = 3  # classes on which print is dark
_OTHERS, _NOBODY, _ALL = "other speakers", "no speaker named", "all"

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class _Grid:
    """Counts of hits: a row for each speaker, then the other speakers and nobody; a column for each cell."""

    speakers: list[str]
    cells: list[str]
    counts: Ints
    totals: Ints


@drawn_from
def plot_speakers(
    speakers: pd.DataFrame,
    *,
    term: str | None = None,
    n_speakers: int = 20,
    n_columns: int = 12,
    title: str | None = None,
    column: Column = "double",
) -> Figure:
    """Draw who is quoted or reported with a term, and in which outlets.

    A row is a speaker, a column a cell of the ``by`` columns, mostly an outlet. A field has the number of hits; it is the darker
    the larger their part of the outlet's quoted and reported hits, and empty where there is none. The two rows under the
    line are the speakers that are not drawn, together, and the hits for which no speaker is named; so a column adds up to its
    last row. The last column has the sums over all outlets, also those not drawn.

    Parameters
    ----------
    speakers : DataFrame
        What ``tk.speakers`` returns, without periods.
    term : str, optional
        Which term to draw, where the table has several.
    n_speakers, n_columns : int
        How many speakers and columns to draw, those with the most hits, and no more columns than there is room for; the
        caption says of how many. Columns stand by their hits, or in the order of leanings, weekdays or an ordered Categorical.
    title : str, optional
        A title above the figure; journals want none.
    column : {"double", "single"}
        7.2 or 3.5 inches wide.

    Returns
    -------
    Figure
        A matplotlib figure with one panel; ``figure.framing_table`` is the table that was given, with all its terms.

    Raises
    ------
    FramingError
        If the table has no rows, lacks columns, has periods, several terms and none named, or no quoted or reported hit.

    See Also
    --------
    plot_voice_shares : How many hits are quoted or reported at all.

    Notes
    -----
    A name is what the rules made of one article: two spellings are two rows. See the Notes of ``tk.speakers``.

    Examples
    --------
    >>> speakers = pd.DataFrame({
    ...     "source": ["A", "A", "B"], "term": "reset", "speaker": ["Ann Lee", None, None], "n_hits": [3, 1, 2],
    ...     "n_hits_total": [4, 4, 2], "covered": True})
    >>> [text.get_text() for text in plot_speakers(speakers).axes[0].texts]
    ['3', '3', '1', '2', '3', '4', '2', '6']
    """
    table = inputs.check_table(speakers, "speakers")
    require(table, _NEEDED, "speakers")
    if "period" in table.columns:
        raise FramingError(
            "plot_speakers draws one cell for each speaker and outlet, and this table has periods. "
            "Draw one of them, speakers[speakers['period'] == '2017-02-01'], or count without freq."
        )
    check_at_least("n_speakers", n_speakers, 1, "how many speakers to draw")
    check_at_least("n_columns", n_columns, 1, "how many columns to draw")
    terms = table["term"].astype("str").unique().tolist()
    if term is None and len(terms) > 1:
        raise FramingError(
            f"plot_speakers draws one term, and this table has {listed(terms)}. Name one: plot_speakers(speakers, term={terms[0]!r})."
        )
    if term is not None and term not in terms:
        raise not_found("term", term, terms)
    drawn = term if term is not None else terms[0]
    frame, by = inputs.cells_of(
        table[table["term"].astype("str") == drawn], SPEAKERS, ["speakers", "quoted or reported hit"]
    )
    inputs.check_once(frame, ["row", "speaker"], "speakers")

    # as many columns as there is room for beside the names, each wide enough for its sum
    narrowest = max(0.24, text_width(wording.number(frame.drop_duplicates("row")["n_hits_total"].sum()), NOTE) + 0.06)
    room = int((0.96 - _NAMES[column]) * width_of(column) / narrowest) - 1
    grid, sentences = _counted(frame, cell_ranks(frame, by), n_speakers, min(n_columns, max(room, 1)))
    parts = [
        f"Numbers: hits of {wording.quoted(drawn)} that the speaker is quoted or reported with; "
        f"the darker, the larger their part of the column. Empty: none.",
        *sentences,
        f"n = {wording.plural(int(grid.totals[-1]), 'quoted or reported hit')}.",
        *wording.unmeasured_sentences(frame),
        *wording.corpus_sentences(inputs.recipe_of(table)),
    ]
    return _drawn(grid, " ".join(parts), title, column)


def _counted(
    frame: pd.DataFrame, ranks: Mapping[str, tuple[int, ...]], n_speakers: int, n_columns: int
) -> tuple[_Grid, list[str]]:
    """Lay the counts out, and say what is not drawn."""
    covered = frame[frame["covered"].astype(bool)]
    without = [row for row in frame["row"].unique() if row not in set(covered["row"])]
    of_cell = covered.groupby("row", sort=False)["n_hits_total"].max().sort_values(ascending=False, kind="stable")
    cells = sorted(of_cell.index[:n_columns], key=lambda row: ranks[row])

    # speakers over all columns, also those not drawn
    named = covered[covered["speaker"].notna()]
    ranked = named.groupby("speaker", sort=True)["n_hits"].sum().sort_values(ascending=False, kind="stable")
    ranked = ranked[ranked > 0]
    names = ranked.index[:n_speakers].tolist()

    def sums(part: pd.DataFrame) -> Ints:
        by_cell = part.groupby("row")["n_hits"].sum()
        return np.array([*by_cell.reindex(cells, fill_value=0), by_cell.sum()], dtype=np.int64)

    lines = {name: part for name, part in named[named["speaker"].isin(names)].groupby("speaker")}
    counts = [sums(lines[name]) for name in names]
    nobody = sums(covered[covered["speaker"].isna()])
    totals = np.array([*of_cell[cells], of_cell.sum()], dtype=np.int64)
    others = totals - nobody - (np.sum(counts, axis=0) if counts else 0)

    sentences = []
    if len(names) < len(ranked):
        sentences.append(f"Drawn are the {len(names):,} of {len(ranked):,} speakers with the most hits.")
    if len(cells) < len(of_cell):
        sentences.append(f"Drawn are the {len(cells):,} of {len(of_cell):,} columns with the most hits.")
    if without:
        more = f" and {len(without) - 6:,} more" if len(without) > 6 else ""
        sentences.append(f"No quoted or reported hit: {listed(without[:6])}{more}.")
    return _Grid([str(name) for name in names], cells, np.array([*counts, others, nobody]), totals), sentences


def _drawn(grid: _Grid, caption: str, title: str | None, column: Column) -> Figure:
    width = width_of(column)
    labels = [wrapped(name, width * _NAMES[column], LABEL, most=1) for name in [*grid.speakers, _OTHERS, _NOBODY, _ALL]]
    left = MARGIN + max(text_width(label, LABEL) for label in labels) + 0.07
    n_rows, n_cells = len(labels), len(grid.cells) + 1
    cell = min((width - left - MARGIN) / n_cells, 0.95)
    names = [*grid.cells, _ALL]
    words = [wrapped(name, cell - 0.06, NOTE) for name in names]
    upright = any(n_lines(text) > 4 or "-\n" in text for text in words)  # where words would break, names stand upright
    if upright:
        words = [wrapped(name, 1.3, NOTE, most=2 if cell > 0.26 else 1) for name in names]
    header = max(text_width(text, NOTE) if upright else text_height(n_lines(text), NOTE) for text in words) + 0.05

    # from the top down: names of the columns, rows, caption
    sheet = sheets.plan(column, title, caption, _classes())
    plot_top = sheet.top + header
    row_height = text_height(1, LABEL) + 0.06
    figure = sheets.begin(sheet, plot_top + n_rows * row_height + 0.08)

    axes = place(figure, left, plot_top, cell * n_cells, n_rows * row_height)
    axes.set_gid("panel-0")
    axes.set_label("speakers")
    axes.set(xlim=(0, n_cells), ylim=(n_rows, 0), xticks=[], yticks=[])
    axes.grid(visible=False)
    for side in axes.spines.values():
        side.set_visible(False)
    _paint(axes, grid)

    for i, label in enumerate(labels):
        slant = "normal" if i < len(grid.speakers) else "italic"
        y = plot_top + (i + 0.5) * row_height
        write(figure, left - 0.06, y, label, ha="right", va="center", color=INK, style=slant)
    for j, text in enumerate(words):
        x, slant = left + (j + 0.5) * cell, "italic" if j == n_cells - 1 else "normal"
        turn = {"rotation": 90, "rotation_mode": "default"} if upright else {}
        write(figure, x, plot_top - 0.04, text, size=NOTE, ha="center", va="bottom", color=INK, style=slant, **turn)
    return figure


def _paint(axes: Axes, grid: _Grid) -> None:
    n_speakers, n_cells = len(grid.speakers), len(grid.cells)
    for i, counts in enumerate([*grid.counts, grid.totals]):
        for j, n in enumerate(counts.tolist()):
            ink = MUTED
            if n and i < n_speakers and j < n_cells:
                step = int(np.searchsorted(_STEPS, n / grid.totals[j], side="right")) - 1
                shaded = Rectangle((j + 0.02, i + 0.05), 0.96, 0.9, facecolor=_GREYS[step], linewidth=0)
                shaded.set_gid(f"panel-0-cell-{i}-{j}")
                axes.add_patch(shaded)
                ink = INK if step < _PALE else "white"
            if n or i == len(grid.counts):
                axes.text(
                    j + 0.5, i + 0.5, wording.number(n), fontsize=NOTE, ha="center", va="center_baseline", color=ink
                )
    axes.hlines(np.arange(1, n_speakers), 0, n_cells + 1, color=FAINT, linewidth=0.4, zorder=0.5)
    axes.hlines([n_speakers, n_speakers + 2], 0, n_cells + 1, color=MUTED, linewidth=0.6)
    axes.vlines([n_cells], 0, n_speakers + 3, color=MUTED, linewidth=0.6)


def _classes() -> list[Entry]:
    """Return the key: the classes of grey with their bounds."""
    bounds = [f"{100 * step:.0f}" for step in _STEPS]
    names = [
        f"under {bounds[1]} % of the column’s hits",
        *(f"{low}–{high}" for low, high in pairwise(bounds[1:])),
        f"{bounds[-1]} % or more",
    ]
    return [Entry(name, patch={"facecolor": grey, "linewidth": 0.0}) for name, grey in zip(names, _GREYS, strict=True)]
