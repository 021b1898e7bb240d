"""Own the language of patterns: how one is written, and which words of a vocabulary each of its words means."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from toolkit.tables import FramingError, nearest
from toolkit.text import words
from toolkit.text.index import Vocabulary
from toolkit.text.signs import Edges, is_sign, signs_between

MOST_GAP = 50
"""Words that a gap can span. What stands further off is company, not a phrase."""

_WILD = "*?"
_CASE = re.compile(r"\s+\(case\)$")
_SPECIAL = re.compile(r"(?<![\w*?])/(?=\S)[^\s/]*/?|\{[^{}]*\}?|\}")  # an expression, a gap, or an attempt at one
_GAP = re.compile(r"\{(\d+)(?:,(\d+))?\}", re.ASCII)
_EXPRESSION_MARK, _GAP_MARK = "\ue000", "\ue001"  # stand for them while the rest is parted into words


class _Parts(NamedTuple):
    words: tuple[str, ...]
    gaps: tuple[tuple[int, int], ...]
    breaks: tuple[bool, ...]
    edges: tuple[Edges, ...]


@dataclass(frozen=True)
class Pattern:
    """One pattern: one or more words that stand next to each other, or with gaps between them.

    A word is written with `*` for any characters (none, too) and `?` for exactly one; a `*` alone is any one word. Or it is a
    regular expression between slashes, which has to match the whole word: `/re(set|boot)s?/` (RE2, which takes linear time).
    `{0,3}` between two words stands for none to three words of any kind, `{2}` for exactly two; a gap takes as few as it can.
    ` (case)` at the end makes capitals matter. Hyphens part words, in patterns as in texts. Between the words of a phrase, and in
    its gaps, there may be white space, hyphens and quotation marks; other punctuation only where the pattern has it.

    Signs at the edge of a word are matched where they are written: `#reset`, `@name`, `20%`, `$5 billion`, `C++`, `AT&T`. One space
    may stand between a number and the sign of a currency or of per cent. Without a sign, `reset` also stands for the word in
    "#reset". Braces and slashes are never a part of a word, so there is no way to write a literal one, and no need: leave it out.
    A slash inside a word (`and/or`) parts it, as a hyphen does.

    Attributes
    ----------
    text : str
        The pattern as it is written, with ` (case)` where capitals matter.
    case : bool
        Whether they do.

    Examples
    --------
    >>> Pattern("Travel-ban*").words
    ('Travel', 'ban*')
    >>> pattern = Pattern("ban {0,3} /(im)?migrants?/")
    >>> pattern.words, pattern.gaps
    (('ban', '/(im)?migrants?/'), ((0, 0), (0, 3)))
    >>> Pattern("US", case=True).text
    'US (case)'
    """

    text: str
    case: bool = False

    def __post_init__(self) -> None:
        body = self.text.strip()
        marked = _CASE.search(body)
        case = self.case or marked is not None
        body = body[: marked.start()] if marked else body
        object.__setattr__(self, "text", body + " (case)" if case else body)
        object.__setattr__(self, "case", case)

    def __str__(self) -> str:
        return self.text

    @property
    def words(self) -> tuple[str, ...]:
        """The words, as written; an expression between its slashes."""
        return self._parts.words

    @property
    def gaps(self) -> tuple[tuple[int, int], ...]:
        """The fewest and the most words of any kind that stand before each word."""
        return self._parts.gaps

    @property
    def breaks(self) -> tuple[bool, ...]:
        """Whether the pattern itself has punctuation before each word, so that a text may."""
        return self._parts.breaks

    @property
    def edges(self) -> tuple[Edges, ...]:
        """The signs beside each word."""
        return self._parts.edges

    @cached_property
    def _parts(self) -> _Parts:
        check_whole(self.text, "pattern")
        body = _CASE.sub("", self.text) if self.case else self.text
        special: dict[str, list[str]] = {_EXPRESSION_MARK: [], _GAP_MARK: []}

        def stand_in(match: re.Match[str]) -> str:
            mark = _EXPRESSION_MARK if match[0][0] == "/" else _GAP_MARK
            special[mark].append(match[0])
            return mark

        # marks stand for gaps and expressions while the rest is parted into words
        plain = _SPECIAL.sub(stand_in, re.sub(f"[{_EXPRESSION_MARK}{_GAP_MARK}]", "\ufffd", body))
        pieces, between, broken = _pieces(plain)
        for piece in pieces:
            for mark, texts in special.items():
                if mark in piece and piece != mark:
                    raise FramingError(
                        f"In the pattern {self.text!r}, {texts[0]!r} touches letters. "
                        "A gap or an expression is a word by itself: put a space around it, or leave slashes and braces out."
                    )

        # what stands between two pieces: signs belong to a word, other punctuation may stand in the text, too
        beside = ["" if piece == _GAP_MARK else piece for piece in ["", *pieces, ""]]
        beside[0], beside[-1] = "", ""
        signs = [
            signs_between(self.text, text, left, right)
            for text, left, right in zip(between, beside[:-1], beside[1:], strict=True)
        ]

        own: list[str] = []
        gaps: list[tuple[int, int]] = []
        breaks: list[bool] = []
        edges: list[Edges] = []
        low = high = 0
        link, open_break, waiting = "", False, False
        for number, piece in enumerate(pieces):
            after, before = signs[number]
            link += (after.text if after else "") + (before.text if before else "")
            open_break = open_break or broken[number]
            if piece == _GAP_MARK:
                fewest, most = self._gap(special[_GAP_MARK].pop(0), first=not own)
                low, high, waiting = low + fewest, high + most, True
                continue

            own.append(self._expression(special[_EXPRESSION_MARK].pop(0)) if piece == _EXPRESSION_MARK else piece)
            gaps.append((low, high))
            breaks.append(open_break)
            edges.append(Edges(before, signs[number + 1][0], link if len(own) > 1 else ""))
            low, high, link, open_break, waiting = 0, 0, "", False, False
        if waiting:
            raise self._gap_at_an_end()
        if any(most > MOST_GAP for _, most in gaps):
            raise FramingError(f"A gap spans {MOST_GAP} words at most; the pattern {self.text!r} asks for more.")
        return _Parts(tuple(own), tuple(gaps), tuple(breaks), tuple(edges))

    def _gap(self, text: str, *, first: bool) -> tuple[int, int]:
        sizes = _GAP.fullmatch(text)
        fewest, most = (int(sizes[1]), int(sizes[2] or sizes[1])) if sizes else (0, -1)
        if most < fewest:
            raise FramingError(
                f"{text!r} in the pattern {self.text!r} is no gap. Write {{0,3}} for none to three words of any kind, "
                "{2} for exactly two; a brace is never a part of a word, so leave a literal one out."
            )
        if first:
            raise self._gap_at_an_end()
        return fewest, most

    def _gap_at_an_end(self) -> FramingError:
        return FramingError(f"The pattern {self.text!r} begins or ends with a gap; a gap stands between two words.")

    def _expression(self, text: str) -> str:
        if len(text) < 3 or not text.endswith("/"):
            raise FramingError(
                f"{text!r} in the pattern {self.text!r} begins an expression that has no end, or nothing in it. An expression "
                "stands for one word, without spaces, as in /re(set|boot)s?/. A slash is never a part of a word, so leave a "
                "literal one out."
            )
        for expression in (
            text[1:-1],
            f"^(?:{text[1:-1]})$",
        ):  # alone first: ")(" is not made valid by what is around it
            try:
                pc.match_substring_regex(pa.array([""], pa.string()), expression)
            except pa.ArrowInvalid as error:
                reason = str(error).removeprefix("Invalid regular expression: ").rstrip(".")
                raise FramingError(
                    f"The expression {text} in the pattern {self.text!r} is not valid ({reason}). "
                    "The syntax is that of RE2: https://github.com/google/re2/wiki/Syntax."
                ) from None
        return text

    def codes(self, vocabulary: Vocabulary) -> list[NDArray[np.int64]]:
        """Return, for each word of the pattern, the codes of the forms that it means."""
        return [_matching(word, vocabulary, self.case) for word in self.words]

    def not_in_turkish(self, vocabulary: Vocabulary) -> list[NDArray[np.int64]]:
        """Return those of the `codes` of each word that it does not mean in Turkish and Azeri, where I is no capital i."""
        return [_not_in_turkish(word, vocabulary, self.case) for word in self.words]

    def without_signs(self) -> Pattern | None:
        """Return the pattern without the signs at its words; None where it has none."""
        if not any(before or after for before, after, _ in self.edges):
            return None
        text = _CASE.sub("", self.text) if self.case else self.text
        return Pattern("".join(" " if is_sign(c) else c for c in text), self.case)

    def near(self, vocabulary: Vocabulary) -> list[str]:
        """Return words of the vocabulary that look like those words of the pattern that it does not have."""
        found: list[str] = []
        for word, codes in zip(self.words, self.codes(vocabulary), strict=True):
            bare = words.fold(word).replace("*", "").replace("?", "")
            if len(codes) or not bare or bare[0] == "/":
                continue
            keys = vocabulary.keys(possessive=True)[0].to_pylist()
            found.extend(nearest(bare, (k for k in keys if k[:1] == bare[:1])))
        return list(dict.fromkeys(found))


def _pieces(plain: str) -> tuple[list[str], list[str], list[bool]]:
    """Part a pattern into its words, gaps and expressions.

    Returns
    -------
    pieces : list of str
        Each of them.
    between : list of str
        What stands before each, and behind the last.
    broken : list of bool
        Whether punctuation stands before each; signs are none.
    """
    bare = "".join(" " if is_sign(c) else c for c in plain)
    spans = words.word_spans(words.code_points(bare), extra=_WILD + _EXPRESSION_MARK + _GAP_MARK)
    starts, ends = spans.starts.tolist(), (spans.starts + spans.lengths).tolist()
    pieces = [plain[start:end] for start, end in zip(starts, ends, strict=True)]
    between = [plain[start:end] for start, end in zip([0, *ends], [*starts, len(plain)], strict=True)]
    return pieces, between, spans.breaks.tolist()


def check_whole(text: str, what: str) -> str:
    """Return a text, or raise where it holds lone surrogates, which no table and no file can hold."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise FramingError(f"The {what} {text!r} holds half a character (a lone surrogate).") from None
    return text


def is_literal(word: str) -> bool:
    """Tell whether a word of a pattern stands for itself only.

    Examples
    --------
    >>> [is_literal(word) for word in ("reset", "reset*", "/resets?/")]
    [True, False, False]
    """
    return word[0] != "/" and not any(c in word for c in _WILD)


def _key(word: str, case: bool) -> tuple[str, str | None]:
    """Return the key of one word of a pattern, and the expression that it is, if it is one."""
    if word[0] == "/":  # not folded, since \S is not \s; RE2 disregards capitals itself
        key = "/" + unicodedata.normalize("NFKC", word[1:-1]).replace("\u2019", "'") + "/"
        return key, key[1:-1]
    key = words.fold(word, case=case)
    return key, _wildcards(key)


def _wildcards(key: str) -> str | None:
    """Return the expression of a word with wildcards."""
    if not any(c in key for c in _WILD):
        return None
    return "".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in key)


def _matching(word: str, vocabulary: Vocabulary, case: bool) -> NDArray[np.int64]:
    """Return the codes of the forms that one word of a pattern means, with or without a possessive 's."""
    key, expression = _key(word, case)
    if (word, case) in vocabulary.matched:
        return vocabulary.matched[word, case]

    hit = np.zeros(len(vocabulary), dtype=bool)
    for possessive in (False, True):
        keys, key_of_form = vocabulary.keys(case=case, possessive=possessive)
        if expression is not None:
            folded = key[0] == "/" and not case
            mask = pc.match_substring_regex(keys, f"(?s)^(?:{expression})$", ignore_case=folded)
        else:
            mask = pc.equal(keys, key)
        hit |= np.asarray(mask, dtype=bool)[key_of_form]
    if not case and word[0] != "/":
        hit[_by_language(word, vocabulary)] = True

    vocabulary.matched[word, case] = np.flatnonzero(hit)
    return vocabulary.matched[word, case]


def _by_language(word: str, vocabulary: Vocabulary) -> NDArray[np.int64]:
    """Return the codes of the forms that a word means by the casing of Turkish or Greek."""
    key = words.fold_by_language(word)
    if key is None:
        return np.empty(0, dtype=np.int64)
    return _equal_by_language(key, vocabulary, None if words.is_bare_greek(word) else word)


def _equal_by_language(key: str, vocabulary: Vocabulary, accented: str | None = None) -> NDArray[np.int64]:
    """Return the codes of the forms with such a key; a Greek word with its accents meets only forms that show none."""
    at, both = vocabulary.cased_by_language
    expression = re.compile(_wildcards(key) or re.escape(key), re.DOTALL)
    greek = accented is not None and not any(c in accented for c in "Iİı")
    found = [
        code
        for code, keys in zip(at.tolist(), both, strict=True)
        if any(map(expression.fullmatch, keys)) and (not greek or words.is_bare_greek(vocabulary.forms[code]))
    ]
    return np.array(found, dtype=np.int64)


def _not_in_turkish(word: str, vocabulary: Vocabulary, case: bool) -> NDArray[np.int64]:
    """Return the codes of the forms that a word means only where I is the capital of i."""
    if case or word[0] == "/":
        return np.empty(0, dtype=np.int64)
    codes = _matching(word, vocabulary, case)
    capital = codes[[any(c in vocabulary.forms[code] for c in "Iİı") for code in codes.tolist()]]
    key = words.fold_by_language(word) or words.fold(word)
    return np.setdiff1d(capital, _equal_by_language(key, vocabulary))
