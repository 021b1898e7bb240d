"""Own the sheet of a figure: the title and key above what is drawn, and the caption below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from toolkit.figures import keys
from toolkit.figures.keys import Entry, Key
from toolkit.figures.paper import (
    CAPTION,
    HEAD,
    LABEL,
    MARGIN,
    MUTED,
    Column,
    n_lines,
    new_picture,
    text_height,
    text_width,
    width_of,
    wrapped,
    wrapped_caption,
    write,
)


@dataclass(frozen=True)
class Sheet:
    """What stands around a drawing, laid out for a column of a journal: all places in inches from the top.

    Attributes
    ----------
    width : float
        Of the column.
    head, beside, caption : str
        The title, the words that stand beside the key, and the caption, broken into lines.
    key : Key
        What signs and lines mean; it can be empty.
    beside_top, key_top : float
        Where the words beside the key and the key itself begin.
    top : float
        Where the room for the drawing begins.
    """

    width: float
    head: str
    beside: str
    caption: str
    key: Key
    beside_top: float
    key_top: float
    top: float


def plan(column: Column, title: str | None, caption: str, entries: Sequence[Entry] = (), *, beside: str = "") -> Sheet:
    """Lay out title, key and caption; `beside` stands left of the key, such as the label of an upright axis."""
    width = width_of(column)
    inside = width - 2 * MARGIN
    head = wrapped(title, inside, HEAD, bold=True) if title else ""
    beside = wrapped(beside, inside, LABEL) if beside else ""
    key = keys.lay_out(entries, width, MARGIN + (text_width(beside, LABEL) + 0.25 if beside else 0.0))

    # the key begins on the last line of the words beside it
    beside_top = MARGIN + (text_height(n_lines(head), HEAD) + 0.06 if head else 0.0)
    key_top = beside_top + text_height(n_lines(beside) - 1, LABEL)
    height = max(key.height, text_height(1, LABEL) if beside else 0.0)
    top = key_top + (height + 0.07 if height else 0.0)
    return Sheet(width, head, beside, wrapped_caption(caption, inside), key, beside_top, key_top, top)


def begin(sheet: Sheet, bottom: float) -> Figure:
    """Return a figure with its title, key and caption, and room for a drawing down to `bottom`."""
    figure = new_picture(sheet.width, bottom + text_height(n_lines(sheet.caption), CAPTION) + MARGIN)
    if sheet.head:
        write(figure, MARGIN, MARGIN, sheet.head, size=HEAD, weight="bold", gid="title")
    if sheet.beside:
        base = sheet.beside_top + text_height(n_lines(sheet.beside), LABEL)
        write(figure, MARGIN, base, sheet.beside, va="bottom", gid="ylabel")
    keys.draw(figure, sheet.key, sheet.key_top)
    write(figure, MARGIN, bottom, sheet.caption, size=CAPTION, color=MUTED, gid="caption")
    return figure
