"""Own the signs: what a mark looks like for each thing that a reader should be warned of, the same in every figure.

=====================  ====================================================================================
what is said           how it looks
=====================  ====================================================================================
counted, none found    an open mark: a rim with white inside
part of a period       a half-filled mark
few stories            a small mark; where it is a single one, no line goes through it
not significant        a pale mark, with a pale interval
unstable topic         a question mark after its name, and on its disc
not covered            no mark: hatched ground, or words in place of a number ("no articles", "no text")
no row in the table    no mark, on white ground
interval goes on       an arrowhead at the end of the axis
mark beyond the axis   a double arrowhead at the end of the axis
=====================  ====================================================================================

Signs go together: a small open mark is a zero of few stories. The exception is a zero of a part of a period, which is half-filled:
that it is zero shows in its place on the axis. No sign rests on colour, so all survive a grey print. A sign says nothing else
anywhere, and nothing else looks like one; bars and fields have shades of their own, which their key names.

Each figure says what its signs stand for in a key, which is drawn where a sign occurs and only then, and in its caption.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from matplotlib.path import Path

from toolkit.figures.keys import Entry
from toolkit.figures.paper import GROUND, INK, MARKERS, PALETTE

SIZE = 4.2  # points, of a mark in a row
PALE = "#93a9b9"
_SMALL = 0.55  # of the size
_ARROW = 3.2  # points
_HATCH = "#bdbdbd"


class Sign(Enum):
    """What a reader should be warned of; the value is what captions call its look. Keys and captions keep this order."""

    ZERO = "Open"
    PARTIAL = "Half-filled"
    FEW = "Small"
    PALE = "Pale"
    UNSTABLE = "?"
    UNCOVERED = "Hatched"
    BEYOND = "Arrowhead"
    OUTSIDE = "Double arrowhead"


Signs = frozenset[Sign]
NONE: Signs = frozenset()


@dataclass(frozen=True)
class Meaning:
    """What a sign stands for in one figure: in a few words for the key, and in full for the caption where that differs."""

    short: str
    full: str = ""


Meanings = Mapping[Sign, Meaning]


def signs_of(**flags: Any) -> Signs:
    """Return the signs whose flag is true.

    Examples
    --------
    >>> signs_of(zero=True, few=False) == {Sign.ZERO}
    True
    """
    return frozenset(Sign[name.upper()] for name, flag in flags.items() if flag)


def edge(style: int) -> str:
    """Return the colour of a mark's rim: pale colours get a dark one."""
    return INK if style in (1, 3, 5) else PALETTE[style]


def look(signs: Signs, style: int = 0, size: float = SIZE) -> dict[str, Any]:
    """Return how a mark with these signs is drawn, as settings of a line without a line; `style` tells terms apart.

    Examples
    --------
    >>> look(signs_of(zero=True))["markerfacecolor"], look(signs_of(partial=True))["fillstyle"]
    ('white', 'left')
    """
    rim = PALE if Sign.PALE in signs else edge(style)
    face = PALE if Sign.PALE in signs else PALETTE[style]
    drawn: dict[str, Any] = {
        "linestyle": "none",
        "marker": MARKERS[style],
        "markersize": size * (_SMALL if Sign.FEW in signs else 1),
        "markeredgecolor": rim,
        "markeredgewidth": 0.6 if Sign.FEW in signs else 0.8,
        "markerfacecolor": "white" if Sign.ZERO in signs else face,
    }
    if Sign.PARTIAL in signs:
        # filled with the dark rim, as a pale colour beside white cannot be told from it in grey
        drawn |= {"fillstyle": "left", "markerfacecolor": rim, "markerfacecoloralt": "white"}
    return drawn


def interval_colour(signs: Signs, style: int = 0) -> str:
    """Return the colour of the interval that belongs to a mark with these signs."""
    return PALE if Sign.PALE in signs else PALETTE[style]


def arrow(direction: str, signs: Signs = NONE, style: int = 0, *, double: bool = False) -> dict[str, Any]:
    """Return how an arrowhead is drawn that points "left", "right" or "up"; a double one stands for the mark itself."""
    drawn = look(signs - {Sign.PARTIAL, Sign.FEW}, style)
    marker: Any = {"left": "<", "right": ">", "up": "^"}[direction]
    size = _ARROW if Sign.ZERO not in signs else 1.4 * _ARROW
    return drawn | {"marker": _double(direction) if double else marker, "markersize": 1.9 * _ARROW if double else size}


def _double(direction: str) -> Path:
    """Return two triangles, one behind the other, as the outline of a marker."""
    across, up = {"left": (-1.0, 0.0), "right": (1.0, 0.0), "up": (0.0, 1.0)}[direction]
    corners = []
    for start in (-1.0, 0.0):
        for along, aside in ((start, 0.8), (start + 1.0, 0.0), (start, -0.8), (start, 0.8)):
            corners.append((along * across + aside * up, along * up + aside * across))
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * 2
    return Path(corners, codes)


def hatched() -> dict[str, Any]:
    """Return how ground is drawn where nothing was covered."""
    return {"facecolor": GROUND, "edgecolor": _HATCH, "hatch": "/////", "linewidth": 0.0}


def entries(used: Iterable[Sign], meanings: Meanings) -> list[Entry]:
    """Return the lines of a key for the signs that occur, in the order of the table above."""
    occurring = set(used)
    return [_entry(sign, meanings[sign].short) for sign in Sign if sign in occurring and sign in meanings]


def sentences(used: Iterable[Sign], meanings: Meanings) -> list[str]:
    """Say what the signs stand for that occur.

    Examples
    --------
    >>> sentences([Sign.ZERO], {Sign.ZERO: Meaning("no hit", "articles, but no hit")})
    ['Open: articles, but no hit.']
    """
    occurring = set(used)
    return [
        f"{sign.value}: {meanings[sign].full or meanings[sign].short}."
        for sign in Sign
        if sign in occurring and sign in meanings
    ]


def _entry(sign: Sign, text: str) -> Entry:
    gid = f"key-{sign.name.lower()}"
    if sign is Sign.UNSTABLE:
        return Entry(text, glyph="?", gid=gid)
    if sign is Sign.UNCOVERED:
        return Entry(text, patch=hatched(), gid=gid)
    if sign in (Sign.BEYOND, Sign.OUTSIDE):
        return Entry(text, mark=arrow("right", double=sign is Sign.OUTSIDE), gid=gid)
    return Entry(text, mark=look(frozenset({sign})), gid=gid)
