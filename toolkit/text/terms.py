"""Own terms: named sets of patterns, how a pattern is written, and which words of a vocabulary it means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from toolkit.tables import FramingError, nearest
from toolkit.text import words
from toolkit.text.tokens import Vocabulary

_WILD = "*?"


@dataclass(frozen=True)
class Pattern:
    """One pattern: one or more words that stand next to each other.

    `*` stands for any characters of a word (none, too), `?` for exactly one; a `*` alone is any one word. Hyphens part words,
    in patterns as in texts. Between the words of a phrase there may be white space, hyphens and quotation marks; other
    punctuation only where the pattern has it.

    Examples
    --------
    >>> Pattern("Travel-ban*").words
    ('Travel', 'ban*')
    """

    text: str
    case: bool = False

    @cached_property
    def _spans(self) -> words.Spans:
        return words.word_spans(words.code_points(self.text), extra=_WILD)

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(words.split_words(self.text, extra=_WILD))

    @cached_property
    def breaks(self) -> tuple[bool, ...]:
        """Whether the pattern itself has punctuation before each word, so that a text may."""
        return tuple(bool(b) for b in self._spans.breaks)

    def codes(self, vocabulary: Vocabulary) -> list[NDArray[np.int64]]:
        """Return, for each word of the pattern, the codes of the forms that it means."""
        return [_matching(word, vocabulary, self.case) for word in self.words]

    def near(self, vocabulary: Vocabulary) -> list[str]:
        """Return words of the vocabulary that look like those words of the pattern that it does not have."""
        found: list[str] = []
        for word, codes in zip(self.words, self.codes(vocabulary), strict=True):
            bare = words.fold(word).replace("*", "").replace("?", "")
            if len(codes) or not bare:
                continue
            keys = vocabulary.keys(possessive=True)[0].to_pylist()
            found.extend(nearest(bare, (k for k in keys if k[:1] == bare[:1])))
        return list(dict.fromkeys(found))


def _matching(word: str, vocabulary: Vocabulary, case: bool) -> NDArray[np.int64]:
    """Return the codes of the forms that one word of a pattern means, with or without a possessive 's."""
    key = words.fold(word, case=case)
    if (key, case) in vocabulary.matched:
        return vocabulary.matched[key, case]
    hit = np.zeros(len(vocabulary), dtype=bool)
    for possessive in (False, True):
        keys, key_of_form = vocabulary.keys(case=case, possessive=possessive)
        if any(c in key for c in _WILD):
            expression = "".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in key)
            mask = pc.match_substring_regex(keys, f"(?s)^{expression}$")
        else:
            mask = pc.equal(keys, key)
        hit |= np.asarray(mask, dtype=bool)[key_of_form]
    vocabulary.matched[key, case] = np.flatnonzero(hit)
    return vocabulary.matched[key, case]


class Terms(Mapping[str, tuple[Pattern, ...]]):
    """Named sets of patterns: what is counted, and under which name.

    Parameters
    ----------
    terms : str, sequence of str, mapping, or Terms
        A mapping from names to a pattern or a list of patterns; or patterns, each of which is then its own name.
    case : bool, keyword-only
        Whether capitals matter; by default they do not.

    Raises
    ------
    FramingError
        If there is no term, a term has no pattern, or a pattern has no word.

    Examples
    --------
    >>> terms = Terms({"reset": ["reset", "resets"], "travel ban": "travel ban*"})
    >>> list(terms)
    ['reset', 'travel ban']
    >>> print(terms)
    reset: reset | resets
    travel ban: travel ban*
    """

    def __init__(
        self, terms: str | Sequence[str] | Mapping[str, str | Sequence[str]] | Terms, *, case: bool = False
    ) -> None:
        self._terms: dict[str, tuple[Pattern, ...]]
        if isinstance(terms, Terms):
            self._terms = dict(terms._terms)
            return
        if isinstance(terms, str):
            terms = [terms]
        if not isinstance(terms, Mapping):
            odd = [t for t in terms if not isinstance(t, str)]
            if odd:
                raise FramingError(f"Terms are names with patterns, or a list of patterns; {odd[0]!r} is neither.")
            terms = {pattern: pattern for pattern in terms}
        named: Mapping[str, Any] = terms
        self._terms = {str(name): _patterns(str(name), given, case) for name, given in named.items()}
        if not self._terms:
            raise FramingError("There is no term to look for. Name at least one: {'reset': ['reset', 'resets']}.")

    def __getitem__(self, name: str) -> tuple[Pattern, ...]:
        return self._terms[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)

    def __str__(self) -> str:
        return "\n".join(f"{name}: {' | '.join(p.text for p in patterns)}" for name, patterns in self._terms.items())

    def __repr__(self) -> str:
        return f"Terms({self.as_dict()!r})"

    def as_dict(self) -> dict[str, list[str]]:
        """Return the terms as plain values, as recipes state them; a pattern in which capitals matter ends in "(case)".

        Examples
        --------
        >>> Terms("reset*").as_dict()
        {'reset*': ['reset*']}
        """
        return {name: [p.text + (" (case)" if p.case else "") for p in patterns] for name, patterns in self.items()}


def _patterns(name: str, given: str | Iterable[str], case: bool) -> tuple[Pattern, ...]:
    texts = [given] if isinstance(given, str) else list(given)
    if not texts:
        raise FramingError(f"The term {name!r} has no pattern. Give it one: {{{name!r}: [{name!r}]}}.")
    patterns = tuple(dict.fromkeys(Pattern(str(text).strip(), case) for text in texts))
    for pattern in patterns:
        if not pattern.words:
            raise FramingError(
                f"The pattern {pattern.text!r} of the term {name!r} has no word in it: "
                "write letters or digits, * for any characters and ? for one."
            )
    return patterns
