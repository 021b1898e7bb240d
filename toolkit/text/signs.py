"""Own the signs at the edge of a word, such as # @ % $ +: how a pattern has them, and beside which words of a corpus they stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from toolkit.tables import FramingError
from toolkit.text import words
from toolkit.text.index import Index

Positions = NDArray[np.int64]

_TAGS = "#@"
"""These make a tag or a handle of the word that they touch, and in "ruth@site" they do not."""

_MARKS = _TAGS + "%&\u00a7\u2030\u2031\u066a"
_SPACES = " \u00a0\u2009\u202f"
_COMPATIBLE = (*range(0x2070, 0x20A0), *range(0xFE50, 0xFFF0))


class Sign(NamedTuple):
    """A sign, or several in a row, beside a word.

    Attributes
    ----------
    text : str
        The sign as the pattern has it, in the ordinary width.
    loose : bool
        Whether one space may stand between it and the word, as in "20 %" and "5 EUR".
    """

    text: str
    loose: bool


class Edges(NamedTuple):
    """What a word of a pattern has on each side, and what may stand between it and the word before.

    Attributes
    ----------
    before, after : Sign or None
        The signs beside it.
    link : str
        The signs between the word before and this one. They are punctuation that a phrase may have there, and no other.
    """

    before: Sign | None = None
    after: Sign | None = None
    link: str = ""


def is_sign(character: str) -> bool:
    """Tell whether a character is a sign that a pattern can have at a word's edge: a symbol, and no punctuation.

    Examples
    --------
    >>> "".join(c for c in "#@%&$\u20ac+=\u00b0,.;:!()-'" if is_sign(c))
    '#@%&$€+=°'
    """
    return character in _MARKS or unicodedata.category(character) in ("Sc", "Sm", "So")


def signs_between(pattern: str, between: str, left: str, right: str) -> tuple[Sign | None, Sign | None]:
    """Return the signs that stand between two words of a pattern: those of the left word, and those of the right one.

    A sign belongs to the word that it touches. One that stands alone belongs to the number that follows it if it is of a
    currency or a section, else to the word before.

    Parameters
    ----------
    pattern : str
        The whole pattern, for the error.
    between : str
        What is written between the two words.
    left, right : str
        The words; empty at the ends of the pattern, and beside a gap.

    Raises
    ------
    FramingError
        If a sign cannot be told from the text: one that makes a tag or a handle and touches no word.

    Examples
    --------
    >>> signs_between("20% of", "% ", "20", "of"), signs_between("cost $5", " $", "cost", "5")
    ((Sign(text='%', loose=True), None), (None, Sign(text='$', loose=True)))
    """
    runs = [(run.start(), run.end(), run[0]) for run in _sign_runs(between)]
    after = before = None
    for start, end, text in runs:
        touches_left, touches_right = bool(left) and start == 0, bool(right) and end == len(between)
        alone = not touches_left and not touches_right
        if alone and (set(text) & set(_TAGS) or not (left or right)):
            raise FramingError(
                f"In the pattern {pattern!r} the sign {text!r} touches no word, so nothing tells which word it belongs to. Write it at the "
                f"edge of one, as in '#reset' or '20%', or leave it out."
            )

        sign = Sign(_plain(text), alone or all(map(_is_loose, text)))
        number_follows = right[:1].isnumeric() and _precedes(text[0])
        if touches_left or (alone and left and not number_follows):
            after = Sign(after.text + sign.text, False) if after else sign
        else:
            before = Sign(before.text + sign.text, False) if before else sign
    return after, before


def _sign_runs(between: str) -> Iterator[re.Match[str]]:
    own = "".join(re.escape(c) for c in sorted(set(between)) if is_sign(c))
    return re.finditer(f"[{own}]+", between) if own else iter(())


def _plain(text: str) -> str:
    """Return signs in their ordinary width."""
    return "".join(n if len(n := unicodedata.normalize("NFKC", c)) == 1 else c for c in text).replace("\u066a", "%")


def _is_loose(sign: str) -> bool:
    """Tell whether print puts a space between this sign and its number or name, in one country or another."""
    return unicodedata.category(sign) == "Sc" or _plain(sign) in "%&\u2030\u2031\u00a7\u00b0\u2116"


def _precedes(sign: str) -> bool:
    """Tell whether a sign stands before its number."""
    return unicodedata.category(sign) == "Sc" or _plain(sign) in "\u00a7\u2116"


def places_beside(index: Index, edges: Edges) -> Positions | None:
    """Return the sorted positions of all words that have these signs beside them; None where none are asked for.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> tokens = tk.tokenize(pd.DataFrame({"doc_id": ["a"], "text": ["#reset: a reset of 20 % or 20 men"]}))
    >>> places_beside(tokens, Edges(before=Sign("#", False))).tolist(), places_beside(tokens, Edges(after=Sign("%", True))).tolist()
    ([0], [4])
    """
    places = None
    for sign, after in ((edges.before, False), (edges.after, True)):
        if sign is None:
            continue
        if (sign, after) not in index.beside:
            index.beside[sign, after] = _places(index, sign, after=after)
        own = index.beside[sign, after]
        places = own if places is None else np.intersect1d(places, own, assume_unique=True)
    return places


def _places(index: Index, sign: Sign, *, after: bool) -> Positions:
    """Look for a sign in each text, and for the word that ends where it begins, or begins where it ends."""
    expression, first = _expression(sign, after=after), _variants(sign.text[0])
    n_fields = len(index.fields)
    places: list[Positions] = []
    for number, field in enumerate(index.fields):
        for article, text in enumerate(index.texts(field)):
            if not any(variant in text for variant in first):
                continue
            edges = [match.start() if after else match.end() for match in expression.finditer(text)]
            at = article * n_fields + number
            begin, end = index.offsets[at], index.offsets[at + 1]
            starts = index.starts[begin:end]
            if after:
                place = begin + np.searchsorted(starts, edges) - 1
                known = place >= begin
                known[known] = index.ends_at(place[known]) == np.asarray(edges)[known]
            else:
                place = begin + np.searchsorted(starts, edges)
                known = place < end
                known[known] = index.starts[place[known]] == np.asarray(edges)[known]
            places.append(place[known])
    return np.unique(np.concatenate(places)).astype(np.int64) if places else np.empty(0, dtype=np.int64)


def _expression(sign: Sign, *, after: bool) -> re.Pattern[str]:
    """Return the expression of a sign beside a word; "+" and "++" are two signs, and a handle is no address."""
    text = "".join(f"[{''.join(map(re.escape, _variants(c)))}]" for c in sign.text)
    space = f"[{_SPACES}]?" if sign.loose else ""
    plus = f"[{''.join(map(re.escape, _variants('+')))}]"
    if after:
        return re.compile(space + text + (f"(?!{plus})" if sign.text[-1] == "+" else ""))
    behind = r"(?<!\w)" if sign.text[0] in _TAGS else f"(?<!{plus})" if sign.text[0] == "+" else ""
    return re.compile(behind + text + space)


@cache
def _variants(sign: str) -> tuple[str, ...]:
    """Return a sign and its wide, small and raised forms."""
    other = [chr(code) for code in _COMPATIBLE if unicodedata.normalize("NFKC", chr(code)) == sign]
    return (sign, *other, *(["\u066a"] if sign == "%" else []))


def only_signs(index: Index, one: Positions, other: Positions, signs: str) -> NDArray[np.bool_]:
    """Tell between which neighbouring words no punctuation stands but these signs."""
    allowed = {variant for sign in signs for variant in _variants(sign)}
    one, other = np.minimum(one, other), np.maximum(one, other)
    field, place = index.fields_at(one), len(index.fields)
    same = field == index.fields_at(other)
    texts = [index.texts(name) for name in index.fields]

    joined = ~index.breaks[other]
    for row in np.flatnonzero(same & ~joined).tolist():
        article, number = divmod(int(field[row]), place)
        begin, end = int(index.ends_at(one[row : row + 1])[0]), int(index.starts[other[row]])
        between = texts[number][article][begin:end]
        joined[row] = between.count("\n") < 2 and not any(words.parts_phrases(c) for c in between if c not in allowed)
    return joined & same
