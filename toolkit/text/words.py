"""Own what a word is: which characters make one up, where it starts and ends, and when two are the same.

A word is a run of letters, marks and digits of any script. Joined to it are an apostrophe between letters ("don't"), a
point or comma between digits ("1,000.5"), the points of single letters ("U.S"), and invisible format characters.
Hyphens part words, so that "travel-ban" and "travel ban" are the same two words. Each Chinese, Japanese, Thai, Lao, Burmese or Khmer
character is a word of its own, with the marks that are written on it, since those scripts put no spaces between words. These are the
word boundaries of Unicode Standard Annex 29 but for the hyphen-free letters-with-points rule, which keeps "end.Start" apart.
"""

from __future__ import annotations

import re
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
_UNSPACED = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0xA9E0, 0xA9FE),
    (0xAA60, 0xAA7F),
)  # Thai, Lao, Burmese, Khmer
_LONE, _MARK = WORD | BREAK, WORD | BREAK | FORMAT  # a word by itself, and what joins it
_SEPARATOR = "\0"  # between fields; a break, so no phrase reaches over it


class Spans(NamedTuple):
    """Where the words of a text are: first characters, lengths, and whether a break stands before each."""

    starts: NDArray[np.int32]
    lengths: NDArray[np.int32]
    breaks: NDArray[np.bool_]


@cache
def _classes(extra: str = "") -> NDArray[np.uint8]:
    """Return the class of each code point; characters of `extra` count as letters."""
    # by Unicode's category; beyond these are ideographs, which are set below, and emoji and unassigned, which break
    table = np.full(0x110000, BREAK, dtype=np.uint8)
    for code in range(0x20000):
        category = unicodedata.category(chr(code))
        if category[0] in "LM":
            table[code] = WORD
        elif category[0] == "N":
            table[code] = WORD | DIGIT
        elif category == "Cf":
            table[code] = FORMAT
        elif category[0] == "Z" or category in ("Pi", "Pf"):
            table[code] = 0

    # scripts without spaces
    for first, last in _IDEOGRAPHS:
        table[first : last + 1] = _LONE
    for first, last in _UNSPACED:
        for code in range(first, last + 1):
            category = unicodedata.category(chr(code))
            table[code] = _LONE if category[0] == "L" else _MARK if category[0] == "M" else table[code]
    for low, high in ((0x3040, 0x3040), (0x30FB, 0x30FB), (0x3097, 0x309A), (0x30A0, 0x30A0)):  # marks among the kana
        table[low : high + 1] = BREAK

    # single characters that are treated unlike their category
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


def parts_phrases(character: str) -> bool:
    """Tell whether a character between two words parts them, so that no phrase goes over it.

    Examples
    --------
    >>> [parts_phrases(c) for c in ";-\u201c "]
    [True, False, False, False]
    """
    return bool(_classes()[ord(character)] & _LONE == BREAK)


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

    # characters of scripts without spaces are words of their own, each with the vowels and tones that are written on it
    lone, marks = rare[rare_kinds == _LONE], rare[rare_kinds == _MARK]
    if len(lone) or len(marks):
        begins = np.zeros(size + 1, dtype=bool)
        begins[starts] = begins[lone] = begins[lone + 1] = begins[marks + 1] = True
        begins[marks[(marks > 0) & word[marks - 1]]] = False
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
        at = rare[((rare_kinds & mask) > 0) & (rare_kinds != _MARK)]
        at = at[(at > 0) & (at < last)]
        beside_lone = ((kinds[at - 1] & _LONE) == _LONE) | ((kinds[at + 1] & _LONE) == _LONE)
        return at[~beside_lone]

    for at in inner(FORMAT):  # few; in order, since several can follow each other
        word[at] = word[at - 1]
    if last > 0 and kinds[last] == FORMAT and (kinds[last - 1] & _LONE) != _LONE:  # also at the end of a text
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

    Compatible characters are one (NFKC: full width, ligatures), and so are the kinds of apostrophe; there are no invisible format
    characters; lower case (full case folding) unless `case`; without a possessive 's where `possessive`. A dot that casing put
    above an i, as in Turkish and Lithuanian, is none.

    Examples
    --------
    >>> fold("Trump’s"), fold("Trump’s", possessive=True), fold("STRASSE") == fold("Straße")
    ("trump's", 'trump', True)
    >>> fold("ＲＥＳＥＴ"), fold("ﬁnance"), fold("İstanbul")
    ('reset', 'finance', 'istanbul')
    """
    if form.isascii():
        key = form if case else form.lower()
    else:
        key = "".join("'" if c in _APOSTROPHES else c for c in form if unicodedata.category(c) != "Cf")
        key = unicodedata.normalize("NFKC", key)
        if not case:
            key = unicodedata.normalize("NFKC", _without_dots(key.casefold()))
    if possessive and len(key) > 2 and key[-2] == "'" and key[-1] in "sS":
        key = key[:-2]
    return key


_DOT = "\u0307"
_SOFT_DOTTED = re.compile(f"(?<=[ij\u012f]){_DOT}")


def _without_dots(key: str) -> str:
    """Leave out the dots above i and j that casing adds where these letters have one anyway."""
    return _SOFT_DOTTED.sub("", key) if _DOT in key else key


def fold_by_language(form: str, *, possessive: bool = False) -> str | None:
    """Return the key of a word whose capitals are cased otherwise in some languages than in most; None where there is none such.

    In Turkish and Azeri, I is the capital of the dotless i and the capital of i keeps its dot. Greek words in capitals have no accents.

    Examples
    --------
    >>> fold_by_language("IŞIK"), fold_by_language("ΤΑΞΙΔΙ"), fold_by_language("reset")
    ('ışık', 'ταξιδι', None)
    """
    if any(c in form for c in "Iİı"):
        return fold(form.replace("I", "ı").replace("İ", "i"), possessive=possessive)
    if form.isascii() or not any("\u0370" <= c <= "\u03ff" or "\u1f00" <= c <= "\u1fff" for c in form):
        return None
    parted = unicodedata.normalize("NFD", fold(form, possessive=possessive))
    return unicodedata.normalize("NFC", parted.translate(_GREEK_ACCENTS))


_GREEK_ACCENTS = dict.fromkeys(map(ord, "\u0300\u0301\u0308\u0313\u0314\u0342"))


def is_bare_greek(form: str) -> bool:
    """Tell whether a Greek word is all in capitals and without accents, so that it says nothing of them."""
    return (
        form.isupper()
        and not form.isascii()
        and not any(c in unicodedata.normalize("NFD", form) for c in "\u0301\u0342")
    )
