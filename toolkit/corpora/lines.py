"""Own the lines of texts that were broken at a fixed width: whether a text was, and where its lines belong together."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

_FEWEST = 4  # breaks that a text needs to show anything
_WIDEST = 200  # characters; longer lines are paragraphs
_NARROWEST = 30  # characters of the longest line, from which on widths say something
_FULL = 0.85  # of breaks at which the next word would not have fitted
_SOME_OPEN = 0.3  # of these without the end of a sentence before
_OPEN = 0.55  # the same, where widths do not show it
_SMALL = 0.35  # of breaks with a small letter behind, then
_ENDS = re.compile(r"[.!?:;。！？…][\"'”’»)\]]*$")
_STOPS = re.compile(r"[.!?。！？]")
_PARTED = re.compile(r"[-\u00ad\u2010][ \t\r]{0,3}\n\s{0,6}\w+")
_HYPHEN = re.compile(r"[^\W\d_][-\u00ad\u2010]$")


class Join(NamedTuple):
    """A place at which two lines belong together: what stands between them, and what is written instead."""

    start: int
    end: int
    becomes: str


class _Line(NamedTuple):
    start: int
    end: int
    empty_behind: bool  # whether an empty line follows

    def of(self, text: str) -> str:
        return text[self.start : self.end]


def wrapped_joins(text: str, is_word: Callable[[str], bool] = lambda word: True) -> list[Join]:
    """Return where lines of a text that was broken at a fixed width belong together; nothing if it was not.

    A text was, where nearly every line is as long as the next word allows and some end inside a sentence, or where most end inside a
    sentence and go on with a small letter. Lines may have an empty line between them, as where each printed line became a paragraph; then a line that is
    much shorter than the others and ends a sentence ends a paragraph.

    Parameters
    ----------
    text : str
        A text.
    is_word : callable
        Tells whether the corpus has a word elsewhere. Where a hyphen at a line's end stands between two words that are no word
        together ("so-", "called"), it stays; otherwise it goes ("immi-", "gration").

    Examples
    --------
    >>> text = "The council of the town met on\\nMonday and talked about a tra-\\nvel ban, which the mayor had\\ncalled late, and which many of\\nus liked."
    >>> [text[join.start : join.end] for join in wrapped_joins(text)], wrapped_joins(text)[1].becomes
    (['\\n', '-\\n', '\\n', '\\n'], '')
    >>> wrapped_joins("Roses are red.\\nViolets are blue.\\nSugar is sweet.\\nAnd so are you.\\nThe end.\\nOr not.")
    []
    """
    # in a script without spaces nothing tells whether the next word would have fitted
    if text.count(" ") * 20 < len(text):
        return []
    lines = _lines(text)
    if len(lines) <= _FEWEST or max(line.end - line.start for line in lines) > _WIDEST:
        return []

    # breaks without an empty line are those of the width, if there are enough; else each line has one
    pairs = list(pairwise(lines))
    single = [pair for pair in pairs if not pair[0].empty_behind]
    chosen = single if len(single) >= _FEWEST else pairs
    width = max(line.end - line.start for line in lines)
    if not _is_wrapped(text, chosen, width):
        return []

    joins = []
    for one, other in chosen:
        ends_paragraph = one.empty_behind and _ENDS.search(one.of(text)) and _room(text, one, other, width)
        if not ends_paragraph:
            joins.append(_join(text, one, other, is_word))
    return joins


def _lines(text: str) -> list[_Line]:
    """Return the lines that have a word or a sign."""
    lines: list[_Line] = []
    for found in re.finditer(r"[^\n]+", text):
        bare = found[0].strip()
        if not bare:
            continue
        start = found.start() + found[0].index(bare)
        if lines:
            between = text[lines[-1].end : start]
            lines[-1] = lines[-1]._replace(empty_behind=between.count("\n") > 1)
        lines.append(_Line(start, start + len(bare), False))
    return lines


def _is_wrapped(text: str, pairs: Sequence[tuple[_Line, _Line]], width: int) -> bool:
    n = len(pairs)
    if n < _FEWEST:
        return False

    # paragraphs of one sentence each can be as long as each other, too
    n_open = sum(not _ENDS.search(one.of(text)) for one, _ in pairs)
    n_full = sum(not _room(text, one, other, width) for one, other in pairs)
    if width >= _NARROWEST and n_full >= _FULL * n and n_open >= _SOME_OPEN * n:
        return True

    # without stops each line may be a sentence, and capitals at the beginning may be those of verses
    if len(_STOPS.findall(text)) * 60 < len(text.split()):
        return False
    n_small = sum(text[other.start].islower() for _, other in pairs)
    return n_open >= _OPEN * n and n_small >= _SMALL * n


def _room(text: str, one: _Line, other: _Line, width: int) -> bool:
    """Tell whether the next word would have fitted into the line."""
    first = other.of(text).split(maxsplit=1)[0]
    return one.end - one.start + 1 + len(first) <= width


def _join(text: str, one: _Line, other: _Line, is_word: Callable[[str], bool]) -> Join:
    """Join two lines by a space, or a word that a hyphen parts."""
    if not _HYPHEN.search(one.of(text)) or not text[other.start].islower():
        return Join(one.end, other.start, " ")

    left = re.search(r"[^\W\d_]+$", text[one.start : one.end - 1])
    right = re.match(r"[^\W\d_]+", other.of(text))
    whole = (left[0] if left else "") + (right[0] if right else "")
    parts_are_words = all(part and is_word(part[0]) for part in (left, right))
    own = text[one.end - 1] != "\u00ad" and not is_word(whole) and parts_are_words
    return Join(one.end if own else one.end - 1, other.start, "")


def words_of(texts: Sequence[str]) -> Callable[[str], bool]:
    """Return what tells whether any of the texts has a word; they are read once it is asked."""

    @cache
    def known() -> frozenset[str]:
        # what stands behind a hyphen at a line's end may be half a word
        whole = (_PARTED.sub(" ", text) for text in texts)
        return frozenset(word for text in whole for word in re.findall(r"[^\W\d_]+", text.casefold()))

    return lambda word: word.casefold() in known()


def unwrapped(text: str, is_word: Callable[[str], bool] = lambda word: True) -> str:
    """Return a text with the lines joined that belong together.

    Examples
    --------
    >>> unwrapped("A vote\\n\\nA reset"), unwrapped("")
    ('A vote\\n\\nA reset', '')
    """
    parts, at = [], 0
    for join in wrapped_joins(text, is_word) if "\n" in text else []:
        parts += [text[at : join.start], join.becomes]
        at = join.end
    return "".join([*parts, text[at:]]) if parts else text
