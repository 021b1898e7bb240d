"""Own sentences and paragraphs: where they begin and end, and which of them holds a hit.

Simplemma, which knows abbreviations of several languages, splits the sentences. Some characters are replaced first, one for one, so that
it reads them correctly: the point of "Sen." ends no sentence, that of "U.S. The" ends one, and quotation marks close in German
and French, too. The text keeps its length, so positions stay valid.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from toolkit.tables import FramingError
from toolkit.text.index import Index
from toolkit.text.languages import languages_of_articles

Places = NDArray[np.int64]
Unit = Literal["sentence", "paragraph"]
UNITS: tuple[str, ...] = get_args(Unit)

REACH = 10_000
"""Characters on each side of a hit within which its sentence or paragraph must end; a longer one is cut there, at a word."""

_PART = 2_000  # characters read at a time
_EDGE = 128  # characters read beyond a part, so that none of its ends is misread: the splitter looks less far than that
_TITLES = "Ft Mt Adm Aug Det Feb Gov Hon Maj Nov Oct Rep Rev Sen Sgt Atty Capt Cmdr Govs Insp Pres Prof Reps Sens Supt".split()
_BY_LENGTH = "|".join(
    rf"(?<=\b(?:{'|'.join(title for title in _TITLES if len(title) == n)})\.)" for n in sorted({*map(len, _TITLES)})
)
_NO_END = re.compile(rf"\.(?:(?:{_BY_LENGTH})(?=\s+[A-Z0-9])|(?<=\bNo\.)(?=\s+[0-9]))")
_STARTS = "The|He|She|It|They|We|But|And|In|On|This|That|These|Those"
_AN_END = re.compile(
    rf"\.(?:(?<=\b[A-Za-z]\.[A-Za-z]\.)(?=\s+[\"“‘]?(?:{_STARTS})\s)"
    r"|(?:(?<=\s[0-9]\.)|(?<=\s[0-9][0-9]\.))(?=\s+[\"“‘(]?[A-Z]))"  # English has no ordinals with a point
)
_CLOSED = re.compile("[“«‹›‘»](?<=[.!?…].)(?=\\s)")  # as German and French close what was said, with or without a space
_CLOSED_APART = re.compile("[ \u00a0\u202f]»(?<=[.!?…]..)(?=\\s)")
_IDEOGRAPHIC = re.compile("[。！？｡][。！？｡」』”’）]*")  # ends a sentence without a space
_LINE = re.compile(r"[^\r\n]+")


def sentence_spans(text: str, language: str = "en") -> Iterator[tuple[int, int]]:
    """Yield where each sentence of a text begins and ends.

    Parameters
    ----------
    text : str
        Any text. An empty line ends a sentence; a single line break is a space.
    language : str
        Two-letter code. Without rules for the language, a sentence ends where a point, a question or exclamation mark is
        followed by a space and no small letter.

    Examples
    --------
    >>> text = "“We want a reset.” Mr. Putin left.  Sen. Cruz of the U.S. stayed."
    >>> [text[a:b] for a, b in sentence_spans(text)]
    ['“We want a reset.”', 'Mr. Putin left.', 'Sen. Cruz of the U.S. stayed.']
    """
    import simplemma

    for first, last in _between(text, _IDEOGRAPHIC):
        piece = text[first:last]
        if not piece.isascii():
            piece = _CLOSED_APART.sub('""', _CLOSED.sub('"', piece))
        if language == "en":
            piece = _AN_END.sub("!", _NO_END.sub("·", piece))
        at = 0
        for sentence in simplemma.split_sentences(piece, lang=language):
            if not sentence:
                continue
            at = piece.index(sentence, at)
            yield first + at, first + at + len(sentence)
            at += len(sentence)


def paragraph_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each paragraph of a text begins and ends: the lines that are not empty, without the white space around them.

    Examples
    --------
    >>> list(paragraph_spans("One line.\\n\\n  Another. "))
    [(0, 9), (13, 21)]
    """
    for piece in _LINE.finditer(text):
        line = piece.group().rstrip()
        if line:
            yield piece.start() + len(line) - len(line.lstrip()), piece.start() + len(line)


def _between(text: str, end: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    at = 0
    for found in () if text.isascii() else end.finditer(text):
        yield at, found.end()
        at = found.end()
    if at < len(text):
        yield at, len(text)


def unit_bounds(
    tokens: Index, first: Places, last: Places, unit: Unit, language: str | None = None
) -> tuple[Places, Places]:
    """Return the first and the last word (inclusive) of the sentence or paragraph that holds each hit.

    Parameters
    ----------
    tokens : Index
        The index of the articles.
    first, last : ndarray of int64
        Positions of the first and last word of each hit.
    unit : "sentence" or "paragraph"
        What is wanted; see `unit_spans`.
    language : str, optional
        For sentences: a code for all articles, or the column that has the codes; by default the column `language`, else "en".

    Examples
    --------
    >>> import numpy as np, pandas as pd, toolkit as tk
    >>> tokens = tk.tokenize(pd.DataFrame({"doc_id": ["a"], "text": ["It rained. A reset came. It rained."]}))
    >>> hit = np.array([3])
    >>> [bound.tolist() for bound in unit_bounds(tokens, hit, hit, "sentence")]
    [[2], [4]]
    """
    low, high = unit_spans(tokens, first, last, unit, language)
    place = tokens.fields_at(first)
    left, right = np.empty(len(first), dtype=np.int64), np.empty(len(first), dtype=np.int64)
    begins, ends = tokens.offsets[place].tolist(), tokens.offsets[place + 1].tolist()
    edges = np.column_stack([low, high]).astype(tokens.starts.dtype)  # in another, each look-up would copy the field
    for i, (begin, end) in enumerate(zip(begins, ends, strict=True)):
        left[i], right[i] = begin + np.searchsorted(tokens.starts[begin:end], edges[i])
    return np.minimum(left, first), np.maximum(right - 1, last)


def unit_spans(
    tokens: Index, first: Places, last: Places, unit: Unit, language: str | None = None
) -> tuple[Places, Places]:
    """Return the first and last character, in its field, of the sentence or paragraph that holds each hit.

    A hit that crosses a boundary gets all the sentences it touches. Texts are read in parts, only near hits and each part once. The
    search for an end stops after `REACH` characters, so a text without any costs no more than others.

    Parameters
    ----------
    tokens, first, last, unit, language
        As in `unit_bounds`.

    Raises
    ------
    FramingError
        If `unit` is neither.
    """
    if unit not in UNITS:
        raise FramingError(f'A unit of text is "sentence" or "paragraph"; this is {unit!r}.')
    from tqdm.auto import tqdm

    place, start, end = tokens.fields_at(first), tokens.starts[first], tokens.ends_at(last)
    inside = np.unique(place // len(tokens.fields)).tolist()
    languages = languages_of_articles(tokens.articles, language, which=inside, known=tokens.detected).codes
    texts = [tokens.texts(name) for name in tokens.fields]
    low, high = np.empty(len(first), dtype=np.int64), np.empty(len(first), dtype=np.int64)
    current, parts = -1, _Parts("", unit, "")
    hits = zip(place.tolist(), start.tolist(), end.tolist(), strict=True)
    bar = tqdm(hits, total=len(first), desc=f"{unit}s", disable=None if len(first) > 100_000 else True)
    for i, (here, begin, stop) in enumerate(bar):
        if here != current:
            article, field = divmod(here, len(texts))
            current, parts = here, _Parts(texts[field][article], unit, languages[article])
        low[i], high[i] = parts.around(begin, stop)
    return low, high


class _Parts:
    """A text whose sentences or paragraphs are found part by part, when they are needed."""

    def __init__(self, text: str, unit: Unit, language: str) -> None:
        self.text, self.unit, self.language = text, unit, language
        self._begins: dict[int, list[int]] = {}

    def begins(self, part: int) -> list[int]:
        if part not in self._begins:
            low, high = part * _PART, (part + 1) * _PART
            cut = max(low - _EDGE, 0)
            piece = self.text[cut : high + _EDGE]
            spans = paragraph_spans(piece) if self.unit == "paragraph" else sentence_spans(piece, self.language)
            found = [cut + begin for begin, _ in spans]
            # what a cut piece begins with is no beginning
            self._begins[part] = [begin for begin in (found[1:] if cut else found) if low <= begin < high]
        return self._begins[part]

    def around(self, start: int, end: int) -> tuple[int, int]:
        """Return the bounds of the sentence or paragraph that holds these characters."""
        text = self.text
        lowest, highest = max(start - REACH, 0), min(end + REACH, len(text))

        # the last beginning before, and the first one after
        low = high = -1
        for part in range(start // _PART, lowest // _PART - 1, -1):
            begins = self.begins(part)
            if before := bisect_right(begins, start):
                low = begins[before - 1]
                break
        for part in range((end - 1) // _PART, (highest - 1) // _PART + 1):
            begins = self.begins(part)
            if (after := bisect_left(begins, end)) < len(begins):
                high = begins[after]
                break

        # none within reach: cut there, at a space
        if not lowest <= low <= start:
            low = (lowest and text.find(" ", lowest, start) + 1) or lowest
        if not end <= high <= highest:
            high = highest
            if highest < len(text) and (space := text.rfind(" ", end, highest)) > 0:
                high = space

        return low, end + len(text[end:high].rstrip())
