"""Own the picture of voices: a bar for each outlet, divided among the outlet's word, scare quotes, quotations and reports."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from toolkit.figures import inputs, wording
from toolkit.figures.bars import Segment, paint_bars
from toolkit.figures.inputs import Row, drawn_from
from toolkit.figures.keys import Entry
from toolkit.figures.paper import INK, PALETTE, Column
from toolkit.figures.rows import Axis, Rows, draw_rows, panels_of, quarters
from toolkit.tables import VOICE_SHARES, FramingError, listed, require

_NEEDED = ("term", "voice", "n_hits", "n_hits_total", "n_stories_total", "share", "low", "high", "covered")

# What each voice looks like: its name in the key, ground, hatching, and the colour of its number. In grey they are dark,
# hatched, light and dotted, so that no two neighbours look alike.
_LOOKS = {
    "outlet": ("outlet’s own word", PALETTE[0], None, "white"),
    "scare_quote": ("scare quote", PALETTE[1], "///////", INK),
    "quoted": ("quoted", PALETTE[3], None, INK),
    "reported": ("reported", PALETTE[5], "....", INK),
}


@drawn_from
def plot_voice_shares(
    voice_shares: pd.DataFrame,
    *,
    sort: bool = True,
    n_rows: int = 36,
    title: str | None = None,
    column: Column = "double",
) -> Figure:
    """Draw in whose voice each outlet has each term.

    A row is a cell of the ``by`` columns, mostly an outlet; a panel is a term. A bar is divided into the shares of the four
    voices; a segment that has room for it says its per cent. The thin line over a bar is the interval of the first share,
    the outlet's own word. Right of each bar stand the hits and the stories that they are in. A cell without a hit of the
    term says "no hits".

    Parameters
    ----------
    voice_shares : DataFrame
        What ``tk.voice_shares`` returns, without periods.
    sort : bool
        Order the rows by the outlet's share in the first term, highest first, and those without a hit of it last; otherwise as
        in the table. Columns with an order of their own, such as leanings or an ordered Categorical, keep it.
    n_rows : int
        How many rows to draw, those with the most hits; the caption says of how many.
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
        If the table has no rows, lacks columns, has periods, has a cell twice, or has no covered cell.

    See Also
    --------
    plot_adoption : How far a term is each outlet's own word.
    plot_speakers : Who is quoted or reported with it.

    Notes
    -----
    Voices are assigned by rules that err; see the Notes of ``tk.voice_shares``.

    Examples
    --------
    >>> shares = pd.DataFrame({
    ...     "source": "A", "term": "reset", "voice": ["outlet", "scare_quote", "quoted", "reported"], "n_hits": [2, 0, 1, 1],
    ...     "n_hits_total": 4, "n_stories_total": 3, "share": [0.5, 0.0, 0.25, 0.25], "low": 0.0, "high": 1.0, "covered": True})
    >>> plot_voice_shares(shares).axes[0].get_label()
    '“reset”'
    """
    table = inputs.check_table(voice_shares, "voice shares")
    require(table, _NEEDED, "voice shares")
    if "period" in table.columns:
        raise FramingError(
            "plot_voice_shares draws one bar for each cell and term, and this table has periods. "
            "Draw one of them, voice_shares[voice_shares['period'] == '2017-02-01'], or count without freq."
        )
    unknown = [voice for voice in table["voice"].unique().tolist() if voice not in _LOOKS]
    if unknown:
        raise FramingError(f"There is no voice {unknown[0]!r}. There are: {listed(_LOOKS)}.")

    frame, by = inputs.cells_of(table, VOICE_SHARES, ["voice shares", "hit"])
    inputs.check_once(frame, ["row", "term", "voice"], "voice shares")
    frame, selected = inputs.most_of(frame, frame.groupby("row", sort=False)["n_hits"].sum(), n_rows, "rows", "hits")

    # rows are sorted by the outlet's own word
    own_first = frame.assign(other=frame["voice"] != "outlet").sort_values("other", kind="stable")
    own = inputs.read_cells(
        own_first.drop_duplicates(["row", "term"]).sort_index(), by, table["term"], "share", sort=sort
    )
    shares = {(row["row"], row["term"], row["voice"]): row for row in inputs.records(frame)}
    bars = [[[_segment(voice, shares.get((*key, voice))) for voice in _LOOKS] for key in keys] for keys in own.panels]
    labels, panels = panels_of(own, lambda row: None, "hits (stories)", _note)

    recipe = inputs.recipe_of(table)
    hits = frame.groupby("term", sort=False)["n_hits"].sum()
    counts = "; ".join(f"{wording.quoted(str(term))} {wording.plural(n, 'hit')}" for term, n in hits.items())
    of = "the term’s hits" if len(own.kinds) > 1 else f"the hits of {wording.quoted(own.kinds[0])}"

    return draw_rows(
        Rows(
            labels,
            panels,
            Axis(0.0, 100.0, f"% of {of}", quarters),
            opening=[
                "Bars: shares of the voices, in the order of the key, in %. "
                f"Thin line: {wording.interval_words(table, recipe)} of the outlet’s own word, from the left."
            ],
            closing=[
                *selected,
                f"n = {counts}.",
                *wording.unmeasured_sentences(frame),
                *wording.corpus_sentences(recipe),
            ],
            key=[Entry(look[0], patch=_look(voice), gid=f"key-{voice}") for voice, look in _LOOKS.items()],
            paint=lambda axes, index, ys: paint_bars(axes, ys, bars[index]),
            across=3 if column == "double" else 1,
            pad=0.15,
        ),
        title=title,
        column=column,
    )


def _look(voice: str) -> dict[str, Any]:
    _, ground, hatch, _ = _LOOKS[voice]
    return {"facecolor": ground, "edgecolor": "white", "hatch": hatch, "linewidth": 0.5}


def _segment(voice: str, cell: Row | None) -> Segment:
    ink = _LOOKS[voice][3]
    if cell is None or not inputs.known(cell["share"]):
        return Segment(voice, 0.0, _look(voice), ink)
    share, low, high = (100 * float(cell[name]) for name in ("share", "low", "high"))
    return Segment(voice, share, _look(voice), ink, low, high)


def _note(own: Row | None) -> str:
    if own is None or not own["covered"]:
        return "not measured" if own is not None and own.get("n_unmeasured") else "no hits"
    return f"{wording.number(own['n_hits_total'])} ({wording.number(own['n_stories_total'])})"
