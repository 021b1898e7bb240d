"""Own quotation marks: which marks of a text belong together, and what they enclose.

It handles straight, curly, single and German marks, guillemets and CJK brackets; nested quotations; quotations of several paragraphs,
each of which opens again and only the last of which closes; and missing marks. Every string has a result, always the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from toolkit.speech.rules import Rule, decide

SHORT = 4
"""Words in marks that, said by nobody, are a scare quote."""


class Quote(NamedTuple):
    """What stands between two marks.

    Attributes
    ----------
    start, end : int
        First character, the mark, and one past the last, the closing mark.
    inner_start, inner_end : int
        The same without the marks.
    depth : int
        0 outside all others, 1 inside one, and so on.
    whole : bool
        Whether both marks are there. Where one is missing, its place is a guess.
    """

    start: int
    end: int
    inner_start: int
    inner_end: int
    depth: int
    whole: bool


def inside(text: str, quote: Quote) -> str:
    """Return what stands in the marks."""
    return text[quote.inner_start : quote.inner_end]


def is_short(text: str, quote: Quote) -> bool:
    """Return whether only a few words stand in the marks."""
    few = quote.inner_end - quote.inner_start < 40 * SHORT  # characters, so that a long one is not split
    return few and len(inside(text, quote).split()) <= SHORT


_DOUBLE, _SINGLE, _ANGLE, _SMALL_ANGLE, _CORNER, _WHITE_CORNER = range(6)
_FAMILY = {
    **dict.fromkeys('"“”„‟＂', _DOUBLE),
    "``": _DOUBLE,
    "''": _DOUBLE,
    **dict.fromkeys("'‘’‚‛", _SINGLE),
    **dict.fromkeys("«»", _ANGLE),
    **dict.fromkeys("‹›", _SMALL_ANGLE),
    **dict.fromkeys("「」", _CORNER),
    **dict.fromkeys("『』", _WHITE_CORNER),
}
_OPENS = frozenset("“„‟‘‚‛«‹「『") | {"``"}
_CLOSES = frozenset("”»›」』") | {"''"}  # ’ is not among them: it is an apostrophe more often

# An apostrophe between two letters is no candidate; that is most of them.
_MARKS = re.compile(r"``|''|[\"“”„‟＂«»‹›「」『』]|(?<!\w)['‘’‚‛](?=\S)|(?<=\S)['‘’](?!\w)")
_BREAK = re.compile(r"\n\s*")
_SENTENCE_END = re.compile(r"[.!?…](?=\s)")
_WORDS_BEFORE_QUOTES = ("[", "(", "{", "-", "–", "—", "/", "¿", "¡")
_AFTER_QUOTES = frozenset(".,;:!?…)]}-–—/")
_ELIDED = re.compile(
    r"['‘’](?:\d0s?\b|\d\d\b|em\b|tis\b|twas\b|til\b|cause\b|bout\b|uns?\b|ello\b|n['’])", re.IGNORECASE
)
_AHEAD = 40  # marks looked ahead at, so that a text of nothing else stays quick
_NESTED = 12  # the same, for quotations inside one another


def quotes(text: str) -> list[Quote]:
    """Return what a text encloses in quotation marks, in order.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of Quote
        Sorted by `start`; of two that start together the longer first. They nest and never cross.

    Notes
    -----
    A mark opens or closes by its shape; straight marks, and curly ones that stand the wrong way round, by their neighbours. A quotation ends
    in its paragraph unless the next one begins with an opening mark of the same kind. Where a closing mark is missing, the
    quotation ends with its paragraph, or where the next one begins; where an opening mark is missing, it begins with its
    sentence. Single marks need a partner, since most are apostrophes.

    Examples
    --------
    >>> text = "The outlets' “reset” is, he says, ‘over’."
    >>> [text[q.start : q.end] for q in quotes(text)]
    ['“reset”', '‘over’']
    """
    marks = [(m.start(), m.group()) for m in _MARKS.finditer(text)]
    if not marks:
        return []

    reader = _Reader(text, marks)
    reader.read()
    return sorted(reader.done, key=lambda q: (q.start, -q.end))


class _Open(NamedTuple):
    family: int
    start: int
    inner: int


@dataclass(frozen=True, slots=True)
class _Mark:
    """A mark and its neighbours, of which it is asked whether it opens or closes."""

    mark: str
    before: str
    after: str
    pending: bool  # whether one of its kind is open
    turned: bool  # »so« in this text
    swedish: bool  # ”so” in this text

    @property
    def angled(self) -> bool:
        return self.mark in "«»‹›"

    @property
    def straight(self) -> bool:
        return self.mark in '"＂'

    @property
    def could_open(self) -> bool:
        before, after = self.before, self.after
        if after.isspace() or (self.angled and after in ",.;:!?"):  # « oui », as French spaces them
            return False
        return before.isspace() or before in _WORDS_BEFORE_QUOTES or before in _FAMILY

    @property
    def could_close(self) -> bool:
        if self.before.isspace():
            return False
        return self.after.isspace() or self.after in _AFTER_QUOTES or self.after in _FAMILY

    @property
    def decided(self) -> bool:
        """Whether the neighbours allow one of the two only."""
        return self.could_open != self.could_close


# Whether a mark opens; any other goes by its shape.
DIRECTIONS: tuple[Rule[_Mark], ...] = (
    Rule("« oui » or »so«: by its neighbours", lambda m: m.angled and m.decided, lambda m: m.could_open),
    Rule("x»so«x: turned, as in the rest of the text", lambda m: m.angled and m.turned, lambda m: m.mark in _CLOSES),
    Rule(
        "„so“: closes in German",
        lambda m: m.mark == "“" and m.pending and m.decided and m.could_close,
        lambda m: False,
    ),
    Rule(
        "”so”: opens in Swedish, or by its neighbours",
        lambda m: m.mark == "”" and not m.pending and (m.swedish or (m.decided and m.could_open)),
        lambda m: m.could_open,
    ),
    Rule('"so": by its neighbours', lambda m: m.straight and m.decided, lambda m: m.could_open),
    Rule('x"so"x: by what is open', lambda m: m.straight, lambda m: not m.pending),
)


class _Reader:
    """Reads marks from left to right with a stack of those that are open."""

    def __init__(self, text: str, marks: list[tuple[int, str]]) -> None:
        self.text = text
        self.marks = marks
        self.done: list[Quote] = []
        self.stack: list[_Open] = []
        self.reopened = -1  # the mark that opens a paragraph anew inside a quotation
        first_angle = next((m for _, m in marks if m in "«»"), "«")
        self.turned = first_angle == "»"  # German books: »so«
        self.swedish = not any(m in "“„" for _, m in marks)  # ”so”, and ” is then like a straight mark

    def read(self) -> None:
        """Fill `done` with the quotations of the text."""
        bounds = paragraphs(self.text)
        number = 0
        for at, (place, mark) in enumerate(self.marks):
            while place >= bounds[number][0]:
                self._end_of_paragraph(*bounds[number])
                number += 1
            if place != self.reopened:
                self._take(at, place, mark, bounds[number][0])
        for ends in bounds[number:]:
            self._end_of_paragraph(*ends)

    def _take(self, at: int, place: int, mark: str, end: int) -> None:
        family, stop = _FAMILY[mark], place + len(mark)
        if family == _SINGLE and len(mark) == 1:
            self._take_single(at, place, mark, end)
            return

        pending = any(o.family == family for o in self.stack)
        before, after = self._neighbours(place, stop)
        case = _Mark(mark, before, after, pending, self.turned, self.swedish)
        opens = decide(DIRECTIONS, case, lambda m: m.mark in _OPENS)(case)

        if opens:
            if pending and not self._nests(at, family, end):
                self._missing_close(family, place)
            self.stack.append(_Open(family, place, stop))
        elif pending:
            self._close(family, place, stop)
        elif before in ",.!?…":
            self._missing_open(place, stop)

    def _neighbours(self, start: int, stop: int) -> tuple[str, str]:
        """Return the characters on both sides; at the ends of the text, a space."""
        return self.text[start - 1] if start else " ", self.text[stop : stop + 1] or " "

    def _take_single(self, at: int, place: int, mark: str, end: int) -> None:
        before, after = self._neighbours(place, place + 1)
        pending = any(o.family == _SINGLE for o in self.stack)
        could_open = not before.isalnum() and not after.isspace() and (after.isalnum() or after in '([$€£“"')
        could_close = not before.isspace() and not after.isalnum() and not (mark in "‘‚‛" and could_open)

        if pending and could_close:
            if not self._is_plural(place, before, after) or not self._stronger_follows(at, end):
                self._close(_SINGLE, place, place + 1)
        elif could_open and not pending and (mark != "’" or not before.isspace()):
            elided = _ELIDED.match(self.text, place) and (mark != "‘" or after.isdigit())
            if not elided and (mark in "‘‚" or self._closes_later(at, end)):
                self.stack.append(_Open(_SINGLE, place, place + 1))

    def _is_plural(self, place: int, before: str, after: str) -> bool:
        """Tell whether a closing mark can be the apostrophe of a plural: outlets' reports."""
        following = self.text[place + 1 : place + 3].lstrip()
        return before in "sxzSXZ" and after.isspace() and following[:1].isalnum()

    def _singles(self, at: int, end: int) -> Iterator[tuple[str, str, int, bool]]:
        """Yield the later single marks of the paragraph: mark, character before, place, and whether it can open."""
        text = self.text
        for place, mark in self.marks[at + 1 : at + 1 + _AHEAD]:
            if place >= end:
                break
            if mark in "'‘’":
                before = text[place - 1]
                yield mark, before, place, not before.isalnum() and text[place + 1 : place + 2].isalnum()

    def _stronger_follows(self, at: int, end: int) -> bool:
        for mark, before, place, opens in self._singles(at, end):
            after = self.text[place + 1 : place + 2] or " "
            if opens:
                return False
            if mark in "'’" and not self._is_plural(place, before, after):
                return True
        return False

    def _closes_later(self, at: int, end: int) -> bool:
        return any(not b.isspace() and not opens and m in "'’" for m, b, _, opens in self._singles(at, end))

    def _nests(self, at: int, family: int, end: int) -> bool:
        """Tell whether enough closing marks follow in the paragraph for one quotation inside another of its kind."""
        need = 1 + sum(o.family == family for o in self.stack)
        for place, mark in self.marks[at + 1 : at + 1 + _NESTED]:
            if place >= end:
                return False
            if _FAMILY[mark] != family:
                continue
            after = self.text[place + len(mark) : place + len(mark) + 1] or " "
            closing = mark in _CLOSES or (mark not in _OPENS and (after.isspace() or after in _AFTER_QUOTES))
            need += -1 if closing else 1
            if need == 0:
                return True
        return False

    def _close(self, family: int, place: int, end: int) -> None:
        """Close the last open mark of a family; marks inside it that are still open have no partner."""
        while self.stack:
            last = self.stack.pop()
            if last.family == family:
                self.done.append(Quote(last.start, end, last.inner, place, len(self.stack), True))
                return

    def _missing_close(self, family: int, place: int) -> None:
        """End the open quotation of a family before `place`: after its first sentence, or there."""
        while self.stack:
            last = self.stack.pop()
            if last.family == family:
                sentence = _SENTENCE_END.search(self.text, last.inner, place)
                end = sentence.end() if sentence else last.inner + len(self.text[last.inner : place].rstrip())
                self.done.append(Quote(last.start, end, last.inner, end, len(self.stack), False))
                return

    def _missing_open(self, place: int, end: int) -> None:
        """Begin a quotation with its sentence where only its closing mark is there."""
        begin = max(self.done[-1].end if self.done else 0, self.stack[-1].inner if self.stack else 0)
        begin = max(begin, place - 1_000)
        begin = max(begin, self.text.rfind("\n", begin, place) + 1)
        *_, last = (begin, *(m.end() for m in _SENTENCE_END.finditer(self.text, begin, place - 1)))
        last += len(self.text[last:place]) - len(self.text[last:place].lstrip())
        if last < place:
            self.done.append(Quote(last, end, last, place, len(self.stack), False))

    def _end_of_paragraph(self, end: int, following: int) -> None:
        """Go on with a quotation that the next paragraph opens anew; end what else is open."""
        if not self.stack:
            return
        outer, mark = self.stack[0], self.text[following : following + 1]
        if mark and _FAMILY.get(mark) == outer.family and mark == self.text[outer.start]:
            self.stack = [outer]
            self.reopened = following
            return
        while self.stack:
            last = self.stack.pop()
            if last.family == _SINGLE and self.stack:
                continue
            stop = last.inner + len(self.text[last.inner : end].rstrip())
            self.done.append(Quote(last.start, stop, last.inner, stop, len(self.stack), False))


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Return where each paragraph ends and where the next begins; a line that only wraps does not end one.

    Examples
    --------
    >>> paragraphs("One line that\\nwraps. \\n\\nAnother.")
    [(20, 23), (32, 31)]
    """
    ends = []
    for gap in _BREAK.finditer(text):
        start = gap.start()
        while start and text[start - 1].isspace():
            start -= 1
        before, after = text[start - 1 : start], text[gap.end() : gap.end() + 1]
        if gap.group().count("\n") > 1 or not ((before.isalnum() or before == ",") and after.islower()):
            ends.append((start, gap.end()))
    return [*ends, (len(text) + 1, len(text))]
