"""Own what a word is: which characters make one up, where it starts and ends, and when two are the same.

A word is a run of letters, marks and digits of any script. Joined to it are an apostrophe between letters ("don't"), a
point or comma between digits ("1,000.5"), the points of single letters ("U.S"), and invisible format characters.
Hyphens part words, so that "travel-ban" and "travel ban" are the same two words. Each Chinese or Japanese character is a
word of its own, since those scripts do not part words. These are the word boundaries of Unicode Standard Annex 29 but for
the hyphen-free letters-with-points rule, which keeps "end.Start" apart.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

WORD, DIGIT, APOSTROPHE, POINT, COMMA, FORMAT, LINE, BREAK = 1, 2, 4, 8, 16, 32, 64, 128
"""Classes of characters, as bits. BREAK parts phrases (white space, hyphens and quotation marks do not); a word character
with it is parted from its neighbours."""

_APOSTROPHES = "'\u2019\u02bc\uff07"
_JOINERS = (
    "-\u2010\u2011\u2012\u2013_/\"'`\u00b4\u2032\u2033"  # with white space and quotation marks, allowed inside a phrase
)
_IDEOGRAPHS = ((0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
_SEPARATOR = "\0"  # between fields; a break, so no phrase reaches over it


class Spans(NamedTuple):
    """Where the words of a text are: first characters, lengths, and whether a break stands before each."""

    starts: NDArray[np.int32]
    lengths: NDArray[np.int32]
    breaks: NDArray[np.bool_]


@cache
def _classes(extra: str = "") -> NDArray[np.uint8]:
    """Return the class of every code point; characters of `extra` count as letters."""
    table = np.full(0x110000, BREAK, dtype=np.uint8)
    for code in range(0x20000):  # beyond it there are ideographs, set below, and emoji and unassigned, which break
        category = unicodedata.category(chr(code))
        if category[0] in "LM":
            table[code] = WORD
        elif category[0] == "N":
            table[code] = WORD | DIGIT
        elif category == "Cf":
            table[code] = FORMAT
        elif category[0] == "Z" or category in ("Pi", "Pf"):
            table[code] = 0
    for first, last in _IDEOGRAPHS:
        table[first : last + 1] = WORD | BREAK
    for low, high in ((0x3040, 0x3040), (0x30FB, 0x30FB), (0x3097, 0x309A), (0x30A0, 0x30A0)):  # marks among the kana
        table[low : high + 1] = BREAK
    for char in "\t\n\r\v\f" + _JOINERS:
        table[ord(char)] = 0
    table[ord("\n")] = LINE
    for char in _APOSTROPHES:
        table[ord(char)] = APOSTROPHE
    table[ord(".")] = POINT | BREAK
    table[ord(",")] = COMMA | BREAK
    for char in extra:
        table[ord(char)] = WORD
    return table


def code_points(text: str) -> NDArray[np.uint16] | NDArray[np.uint32]:
    """Return the code points of a text, in two bytes each where none needs more; lone surrogates, which odd files hold, are kept."""
    narrow = text.encode("utf-16-le", "surrogatepass")
    if len(narrow) == 2 * len(text):
        return np.frombuffer(narrow, dtype=np.uint16)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def word_spans(points: NDArray[Any], *, extra: str = "") -> Spans:
    """Find the words among code points.

    Parameters
    ----------
    points : ndarray of uint16 or uint32
        A text as `code_points` gives it.
    extra : str
        Characters that count as letters (the wildcards of a pattern).

    Examples
    --------
    >>> text = "The U.S. “travel-ban”, 1,000 days."
    >>> spans = word_spans(code_points(text))
    >>> [text[s : s + n] for s, n in zip(spans.starts, spans.lengths)]
    ['The', 'U.S', 'travel', 'ban', '1,000', 'days']
    >>> spans.breaks.tolist()
    [True, False, False, False, True, False]
    """
    size = len(points)
    if size == 0:
        return Spans(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, bool))
    kinds = _classes(extra)[points]
    word = (kinds & WORD).view(bool)
    rare = np.flatnonzero(kinds > (WORD | DIGIT))  # all but letters, digits and white space: a twentieth of a text
    rare_kinds = kinds[rare]
    _join(kinds, word, rare, rare_kinds)

    changes = np.empty(size + 1, dtype=bool)
    np.not_equal(word[1:], word[:-1], out=changes[1:-1])
    changes[0], changes[-1] = word[0], word[-1]
    edges = np.flatnonzero(changes).astype(np.int32)
    starts, ends = np.ascontiguousarray(edges[::2]), edges[1::2]

    # Chinese and Japanese characters are words of their own
    lone = rare[rare_kinds == (WORD | BREAK)]
    if len(lone):
        begins = np.zeros(size + 1, dtype=bool)
        begins[starts] = begins[lone] = begins[lone + 1] = True
        begins[:-1] &= word
        starts = np.flatnonzero(begins[:-1]).astype(np.int32)
        ends = np.minimum(np.append(starts[1:], np.int32(size)), ends[np.searchsorted(ends, starts, side="right")])

    # punctuation and empty lines between a word and the one before
    breaks = np.zeros(len(starts) + 1, dtype=bool)
    breaks[0] = True
    stops = rare[(rare_kinds & (BREAK | WORD)) == BREAK]
    stops = stops[~word[stops]]
    stops = stops[~_ends_initials(stops, kinds, word)]
    breaks[np.searchsorted(starts, stops)] = True
    lines = np.searchsorted(starts, rare[rare_kinds == LINE])
    breaks[lines[1:][lines[1:] == lines[:-1]]] = True  # an empty line ends a paragraph
    return Spans(starts, ends - starts, breaks[:-1])


def _join(
    kinds: NDArray[np.uint8], word: NDArray[np.bool_], rare: NDArray[np.int64], rare_kinds: NDArray[np.uint8]
) -> None:
    """Make word characters of the apostrophes, points, commas and format characters that stand inside words."""
    last = len(kinds) - 1

    def inner(mask: int) -> NDArray[np.int64]:
        at = rare[(rare_kinds & mask) > 0]
        at = at[(at > 0) & (at < last)]
        return at[
            (kinds[at - 1] != (WORD | BREAK)) & (kinds[at + 1] != (WORD | BREAK))
        ]  # those are words by themselves

    for at in inner(FORMAT):  # few; in order, since several can follow each other
        word[at] = word[at - 1]
    if last > 0 and kinds[last] & FORMAT and kinds[last - 1] != (WORD | BREAK):  # also at the end of a text
        word[last] = word[last - 1]
    at = inner(APOSTROPHE)
    at = at[word[at - 1] & word[at + 1]]
    number = inner(POINT | COMMA)
    number = number[(kinds[number - 1] & kinds[number + 1] & DIGIT) > 0]
    point = inner(POINT)
    point = point[word[point - 1] & word[point + 1]]
    before = np.where(point >= 2, word[point - 2], False)
    after = np.where(point + 2 <= last, word[np.minimum(point + 2, last)], False)
    point = point[~before & ~after & ((kinds[point - 1] | kinds[point + 1]) & DIGIT == 0)]
    word[at] = word[number] = word[point] = True


def _ends_initials(at: NDArray[np.int64], kinds: NDArray[np.uint8], word: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which positions hold the last point of initials, as in "U.S. envoy": it parts no phrase."""
    point = (at >= 2) & ((kinds[at] & POINT) > 0)
    one, two = np.maximum(at - 1, 0), np.maximum(at - 2, 0)
    return point & word[one] & word[two] & ((kinds[two] & POINT) > 0) & ((kinds[one] & DIGIT) == 0)


def split_words(text: str, *, extra: str = "") -> list[str]:
    """Return the words of a text as they are written.

    Examples
    --------
    >>> split_words("Ankara's U.K. envoy, he didn’t say re-set")
    ["Ankara's", 'U.K', 'envoy', 'he', 'didn’t', 'say', 're', 'set']
    """
    spans = word_spans(code_points(text), extra=extra)
    return [text[start : start + length] for start, length in zip(spans.starts.tolist(), spans.lengths.tolist())]


def fold(form: str, *, case: bool = False, possessive: bool = False) -> str:
    """Return the key under which a word is looked up.

    Composed characters (NFC), one kind of apostrophe, no invisible format characters; lower case (full case folding)
    unless `case`; without a possessive 's where `possessive`.

    Examples
    --------
    >>> fold("Trump’s"), fold("Trump’s", possessive=True), fold("STRASSE") == fold("Straße")
    ("trump's", 'trump', True)
    """
    if form.isascii():
        key = form if case else form.lower()
    else:
        key = "".join("'" if c in _APOSTROPHES else c for c in form if unicodedata.category(c) != "Cf")
        key = unicodedata.normalize("NFC", key)
        key = key if case else unicodedata.normalize("NFC", key.casefold())
    if possessive and len(key) > 2 and key[-2] == "'" and key[-1] in "sS":
        key = key[:-2]
    return key
