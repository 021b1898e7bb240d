"""Own the picture of voices: a bar for each outlet, divided among the outlet's word, scare quotes, quotations and reports."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MultipleLocator

from toolkit.figures.adoption_dots import cells_of, most_of
from toolkit.figures.paper import INK, LABEL, NOTE, PALETTE, Column, style, text_height, text_width, width_of, write
from toolkit.figures.reading import (
    Row,
    check_once,
    check_table,
    corpus_sentences,
    interval_words,
    known,
    number,
    plural,
    quoted,
    recipe_of,
    records,
)
from toolkit.figures.rows import RowPanel, axes_gid, row_figure
from toolkit.tables import VOICE_SHARES, FramingError, listed, require

_NEEDED = ("term", "voice", "n_hits", "n_hits_total", "n_stories_total", "share", "low", "high", "covered")
_HEIGHT = 0.125  # inches

# What each voice looks like: its name in the key, ground, hatching, and the colour of its number. In grey they are dark,
# hatched, light and dotted, so that no two neighbours look alike.
_LOOKS = {
    "outlet": ("outlet’s own word", PALETTE[0], None, "white"),
    "scare_quote": ("scare quote", PALETTE[1], "///////", INK),
    "quoted": ("quoted", PALETTE[3], None, INK),
    "reported": ("reported", PALETTE[5], "....", INK),
}


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
        in the table.
    n_rows : int
        How many rows to draw, those with the most hits; the caption says of how many.
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
        Where the table has no rows, lacks columns, has periods, has a cell twice, or has no covered cell.

    Notes
    -----
    Voices are told by rules with errors of their own; see the Notes of ``tk.voice_shares``.

    Examples
    --------
    >>> shares = pd.DataFrame({
    ...     "source": "A", "term": "reset", "voice": ["outlet", "scare_quote", "quoted", "reported"], "n_hits": [2, 0, 1, 1],
    ...     "n_hits_total": 4, "n_stories_total": 3, "share": [0.5, 0.0, 0.25, 0.25], "low": 0.0, "high": 1.0, "covered": True})
    >>> plot_voice_shares(shares).axes[0].get_label()
    '“reset”'
    """
    table = check_table(voice_shares, "voice shares")
    require(table, _NEEDED, "voice shares")
    if "period" in table.columns:
        raise FramingError(
            "plot_voice_shares draws one bar for each cell and term, and this table has periods. "
            "Draw one of them, voice_shares[voice_shares['period'] == '2017-02-01'], or count without freq."
        )
    unknown = [voice for voice in table["voice"].unique().tolist() if voice not in _LOOKS]
    if unknown:
        raise FramingError(f"There is no voice {unknown[0]!r}. There are: {listed(_LOOKS)}.")
    frame, by = cells_of(table, VOICE_SHARES, ["voice shares", "hit"])
    check_once(frame, ["row", "term", "voice"], "voice shares")
    frame, selected = most_of(frame, "n_hits", n_rows, "rows", "hits")
    cells = {(row["row"], row["term"], row["voice"]): row for row in records(frame)}
    rows, terms = (list(dict.fromkeys(frame[name])) for name in ("row", "term"))

    def height(row: str, term: str) -> tuple[int, float]:
        cell = cells.get((row, term, "outlet"))
        return (1, 0.0) if cell is None or not cell["covered"] else (0, -float(cell["share"]))

    if by:
        if sort:
            rows.sort(key=lambda row: [height(row, term) for term in terms])
        labels, titles, keys = rows, [quoted(term) for term in terms], [[(row, term) for row in rows] for term in terms]
    else:  # without `by` each term is a row of one panel
        if sort:
            terms.sort(key=lambda term: height(rows[0], term))
        labels, titles, keys = [quoted(term) for term in terms], [""], [[(rows[0], term) for term in terms]]
    bars = [[[cells.get((*key, voice)) for voice in _LOOKS] for key in some] for some in keys]
    panels = [
        RowPanel(name, [_note(bar) for bar in some], "hits (stories)") for name, some in zip(titles, bars, strict=True)
    ]

    def paint(axes: Axes, i: int, ys: Any) -> None:
        axes.xaxis.set_major_locator(MultipleLocator(25 if axes.get_position().width * width_of(column) > 1.3 else 50))
        axes.grid(visible=False)
        scale = axes.get_position().width * width_of(column) / 100  # inches for each per cent
        for y, bar in zip(ys, bars[i], strict=True):
            _bar(axes, float(y), bar, scale)

    with style():
        return row_figure(
            labels,
            panels,
            paint,
            xmax=100.0,
            xlabel="% of the term’s hits" if len(terms) > 1 else f"% of the hits of {quoted(terms[0])}",
            caption=_caption(table, frame, selected),
            title=title,
            column=column,
            most_across=3 if column == "double" else 1,
            key=_key,
            row_pad=0.15,
        )


def _note(bar: list[Row | None]) -> str:
    there = [cell for cell in bar if cell is not None and cell["covered"]]
    return f"{number(there[0]['n_hits_total'])} ({number(there[0]['n_stories_total'])})" if there else "no hits"


def _bar(axes: Axes, y: float, bar: list[Row | None], scale: float) -> None:
    """Draw one bar, and the interval of its first share just above it."""
    at = 0.0
    for (voice, (_, ground, hatch, ink)), cell in zip(_LOOKS.items(), bar, strict=True):
        if cell is None or not known(cell["share"]) or cell["share"] <= 0:
            continue
        share = 100 * float(cell["share"])
        segment = Rectangle((at, y - _HEIGHT / 2), share, _HEIGHT, zorder=2, **_look(ground, hatch))
        segment.set_clip_on(False)
        segment.set_gid(f"{axes_gid(axes, voice)}-{round(y * 1000)}")
        axes.add_patch(segment)
        words = f"{share:.0f}"
        if share * scale > text_width(words, NOTE) + 0.06:
            axes.text(
                at + share / 2,
                y,
                words,
                fontsize=NOTE,
                ha="center",
                va="center_baseline",
                color=ink,
                zorder=4,
                bbox={"facecolor": ground, "edgecolor": "none", "pad": 0.8} if hatch else None,
            )
        at += share
    first = bar[0]
    if first is not None and known(first["low"]):
        low, high = 100 * float(first["low"]), 100 * float(first["high"])
        line = axes.hlines([y - _HEIGHT / 2 - 0.022], low, high, color=INK, linewidth=0.8, zorder=5)
        line.set_gid(axes_gid(axes, "intervals"))
        line.set_clip_on(False)


def _look(ground: str, hatch: str | None) -> dict[str, Any]:
    return {"facecolor": ground, "edgecolor": "white", "hatch": hatch, "linewidth": 0.5}


def _key(figure: Figure, left: float, top: float, width: float) -> float:
    """Draw the key at that place in inches, in as many lines as it needs, and return its height."""
    x, y = left, 0.0
    across, down = figure.get_size_inches()
    for voice, (name, ground, hatch, _) in _LOOKS.items():
        needed = 0.22 + text_width(name, LABEL)
        if x > left and x + needed > left + width:
            x, y = left, y + text_height(1, LABEL) + 0.03
        corner = (x / across, 1 - (top + y + 0.105) / down)
        figure.add_artist(
            Rectangle(corner, 0.16 / across, 0.095 / down, transform=figure.transFigure, **_look(ground, hatch))
        )
        write(figure, x + 0.21, top + y, name, size=LABEL, gid=f"key-{voice}")
        x += needed + 0.2
    return y + text_height(1, LABEL)


def _caption(table: pd.DataFrame, frame: pd.DataFrame, selected: list[str]) -> str:
    recipe = recipe_of(table)
    hits = frame.groupby("term", sort=False)["n_hits"].sum()
    counts = [f"{quoted(str(term))} {plural(n, 'hit')}" for term, n in hits.items()]
    parts = [
        "Bars: shares of the voices, in the order of the key, in %. "
        f"Thin line: {interval_words(table, recipe)} of the outlet’s own word, from the left.",
        *selected,
        f"n = {'; '.join(counts)}.",
    ]
    return " ".join([*parts, *corpus_sentences(recipe)])
