"""Own the picture of adoption: how far a term is each outlet's own word, as dots by outlet or as lines over time."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from toolkit.figures import inputs, wording
from toolkit.figures.inputs import Row, drawn_from
from toolkit.figures.multiples import Line, LinePanel, draw_lines, on_periods
from toolkit.figures.orders import cell_ranks, ordered_terms
from toolkit.figures.paper import PALETTE, Column
from toolkit.figures.periods import read_periods
from toolkit.figures.rows import Axis, Mark, Rows, draw_rows, panels_of, quarters
from toolkit.figures.signs import Meaning, Meanings, Sign, signs_of
from toolkit.tables import ADOPTION, FramingError, listed, require

_NEEDED = ("term", "n_uses", "n_own", "n_mentioned", "n_stories_total", "adoption", "low", "high", "covered")


@drawn_from
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
    interval; a small dot has few stories behind it, an open one no own use. Right of each row stand the own uses of all uses and the
    stories with a use. A cell without a use says "no uses" and has no mark. With periods each cell is a panel over time, a line for
    each term; a period without a use of any term is hatched, and no line goes through a period with a single story.

    Parameters
    ----------
    adoption : DataFrame
        What ``tk.adoption`` returns.
    sort : bool
        Order the rows by the adoption of the first term, highest first, and those without a use of it last; otherwise, and
        with periods, as in the table. Columns with an order of their own, such as leanings or an ordered Categorical, keep it.
    few : int
        Marks of fewer stories than that are small.
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
        ``figure.framing_table`` is the table that was given.

    Raises
    ------
    FramingError
        If the table has no rows, lacks columns, has a cell twice, or has no covered cell.

    See Also
    --------
    plot_voice_shares : In whose voice the hits are.
    plot_speakers : Who is quoted or reported with a term.

    Notes
    -----
    Voices are assigned by rules that err; see the Notes of ``tk.adoption``.

    Examples
    --------
    >>> adoption = pd.DataFrame({
    ...     "source": ["A", "B"], "term": ["reset", "reset"], "n_mentioned": [1, 0], "n_uses": [8, 6], "n_own": [6, 1],
    ...     "n_stories_total": [7, 3], "adoption": [0.75, 1 / 6], "low": [0.35, 0.01], "high": [0.97, 0.7], "covered": True})
    >>> plot_adoption(adoption).axes[0].get_label()
    '“reset”'
    """
    table = inputs.check_table(adoption, "adoption")
    require(table, _NEEDED, "adoption")
    if few < 0:
        raise FramingError(f"few is a number of stories, 0 or more, not {few}.")

    frame, by = inputs.cells_of(table, ADOPTION, ["adoption", "use"])
    over_time = "period" in table.columns
    uses = frame.groupby("row", sort=False)["n_uses"].sum()
    frame, selected = inputs.most_of(frame, uses, n_rows, "panels" if over_time else "rows", "uses")

    single = "; no line goes through a single one" if over_time and few > 1 else ""
    meanings = {
        Sign.ZERO: Meaning("no own use"),
        Sign.FEW: Meaning(f"fewer than {few} stories", f"fewer than {few} stories{single}"),
        Sign.UNCOVERED: Meaning("no uses"),
    }
    if over_time:
        return _over_time(table, frame, by, few, meanings, selected, title, column)

    inputs.check_once(frame, ["row", "term"], "adoption")
    cells = inputs.read_cells(frame, by, table["term"], "adoption", sort=sort)
    labels, panels = panels_of(cells, lambda cell: _mark(cell, few), "own of uses (stories)", _note)
    return draw_rows(
        Rows(
            labels,
            panels,
            Axis(0.0, 100.0, _label(table), quarters),
            opening=[f"Dot: adoption; line: {wording.interval_words(table, inputs.recipe_of(table))}."],
            meanings=meanings,
            closing=_sentences(table, frame, selected, 0),
            across=3 if column == "double" else 1,
        ),
        title=title,
        column=column,
    )


def _over_time(
    table: pd.DataFrame,
    frame: pd.DataFrame,
    by: list[str],
    few: int,
    meanings: Meanings,
    selected: list[str],
    title: str | None,
    column: Column,
) -> Figure:
    terms = [term for term in ordered_terms(table["term"]) if term in set(frame["term"])]
    if len(terms) > len(PALETTE):
        raise FramingError(
            f"plot_adoption tells {len(PALETTE)} terms apart over time; this table has {len(terms)}: {listed(terms)}. "
            "Draw some of them: adoption[adoption['term'].isin([...])]."
        )
    undated = frame["period"].isna()
    n_undated, dated = int(frame.loc[undated, "n_uses"].sum()), frame[~undated]
    if not dated["covered"].astype(bool).any():
        raise FramingError("Nothing can be drawn over time: no use in this table has a date.")
    inputs.check_once(dated, ["row", "term", "period"], "adoption")

    periods = read_periods(dated["period"], inputs.settings_of(inputs.recipe_of(table)).get("freq"))
    ranks = cell_ranks(dated, by)
    panels = []
    for row in sorted(dict.fromkeys(dated["row"]), key=lambda row: ranks[row]):
        of_row = dated[dated["row"] == row]
        used, lines = np.zeros(len(periods), dtype=bool), []

        for style, term in enumerate(terms):
            cells = of_row[of_row["term"] == term]
            value, low, high = on_periods(periods, cells, ["adoption", "low", "high"], 100)
            own, stories, covered = on_periods(periods, cells, ["n_own", "n_stories_total", "covered"])
            used |= covered == 1
            alone = stories < min(few, 2)
            lines.append(Line(style, wording.quoted(term), value, low, high, own == 0, few=stories < few, alone=alone))

        uses = [wording.number(of_row.loc[of_row["term"] == term, "n_uses"].sum()) for term in terms]
        note = f"{wording.joined(uses)} {'use' if uses == ['1'] else 'uses'}"
        panels.append(LinePanel(row if by else "", note, lines, ~used))

    label = _label(table)
    return draw_lines(
        panels,
        periods,
        top=100.0,
        ylabel=f"{wording.quoted(terms[0])}, {label}" if len(terms) == 1 else label,
        opening=[f"A mark is a {periods.name}; band: {wording.interval_words(table, inputs.recipe_of(table))}."],
        meanings=meanings,
        closing=_sentences(table, dated, selected, n_undated),
        title=title,
        column=column,
        names=[wording.quoted(term) for term in terms],
    )


def _label(table: pd.DataFrame) -> str:
    headlines = inputs.settings_of(inputs.recipe_of(table)).get("headlines")
    where = "" if headlines is None else " in headlines" if headlines else " outside of headlines"
    return f"own uses, % of all uses{where}"


def _mark(cell: Row, few: int) -> Mark | None:
    if not cell["covered"]:
        return None
    value, low, high = (100 * float(cell[name]) for name in ("adoption", "low", "high"))
    return Mark(value, low, high, signs_of(zero=cell["n_own"] == 0, few=cell["n_stories_total"] < few))


def _note(cell: Row | None) -> str:
    if cell is None or not cell["covered"]:
        return "not measured" if cell is not None and cell.get("n_unmeasured") else "no uses"
    return f"{wording.number(cell['n_own'])} of {wording.number(cell['n_uses'])} ({wording.number(cell['n_stories_total'])})"


def _sentences(table: pd.DataFrame, frame: pd.DataFrame, selected: list[str], n_undated: int) -> list[str]:
    """Say what is a use, what is put aside, n, and the corpus."""
    recipe = inputs.recipe_of(table)
    own = inputs.settings_of(recipe).get("scare_quotes") == "own"
    sums = frame.groupby("term", sort=False)[["n_uses", "n_own"]].sum()
    parts = [
        f"{wording.quoted(str(term))} {wording.number(row['n_own'])} own of {wording.plural(row['n_uses'], 'use')}"
        for term, row in sums.iterrows()
    ]
    aside = int(frame["n_mentioned"].sum())
    return [
        f"Own: in the outlet’s voice{' or in scare quotes' if own else ''} and not negated.",
        *selected,
        f"n = {'; '.join(parts)}; {wording.plural(aside, 'mention')} put aside.",
        *(
            [f"{wording.plural(n_undated, 'undated use')} {'is' if n_undated == 1 else 'are'} left out."]
            if n_undated
            else []
        ),
        *wording.unmeasured_sentences(frame),
        *wording.corpus_sentences(recipe),
    ]
