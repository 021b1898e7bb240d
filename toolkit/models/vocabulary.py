"""Own which words may name a topic: the toolkit's own words, without those that say nothing by themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from toolkit.tables import FramingError, not_found
from toolkit.text.tokens import tokenize
from toolkit.text.words import code_points, fold, word_spans

_FIRST_ALONE = "\u3040"  # from here on Chinese and Japanese characters, each of which is a word by itself
_APART = re.compile(f"[{_FIRST_ALONE}-\U0010ffff]")

_FULL_WORDS = frozenset("amount bill bottom cry describe detail fill fire found front interest mill mine move serious show "
                        "side sincere system thick thin".split())  # fmt: skip
"""Words on scikit-learn's English list that a news text is about: "health bill", "immigration system", "front"."""

_CONTRACTED = frozenset(
    "aren't can't couldn't didn't doesn't don't hadn't hasn't haven't he'd he'll he's i'd i'll i'm i've isn't it'd it'll it's "
    "let's mustn't shan't she'd she'll she's shouldn't that's there's they'd they'll they're they've wasn't we'd we'll we're "
    "we've weren't what's who's won't wouldn't you'd you'll you're you've".split()
)
_SAYING = frozenset("said say says saying told tell mr mrs ms".split())
"""In news these are everywhere and tell no topic from another."""


def english_stop_words() -> frozenset[str]:
    """Return scikit-learn's English list without the words that carry news, with contractions and "said".

    Examples
    --------
    >>> words = english_stop_words()
    >>> "the" in words, "don't" in words, "said" in words, "bill" in words
    (True, True, True, False)
    """
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return frozenset((ENGLISH_STOP_WORDS - _FULL_WORDS) | _CONTRACTED | _SAYING)


def as_stop_words(choice: str | Iterable[str] | None, language: str) -> frozenset[str]:
    """Turn a choice of stop words into a set: "auto" is the English list for English and no list for other languages.

    Examples
    --------
    >>> len(as_stop_words("auto", "de")), as_stop_words(["Said"], "en")
    (0, frozenset({'said'}))
    """
    if choice is None:
        return frozenset()
    if isinstance(choice, str):
        if choice == "english" or (choice == "auto" and is_english(language)):
            return english_stop_words()
        if choice == "auto":
            return frozenset()
        raise not_found("list of stop words", choice, ["auto", "english", "None", "a list of your own"])

    words = list(choice)
    strange = [word for word in words if not isinstance(word, str)]
    if strange:
        raise FramingError(f"Stop words are strings; one of these is a {type(strange[0]).__name__}: {strange[0]!r}.")
    return frozenset(fold(word, possessive=True) for word in words)


def is_english(language: str) -> bool:
    """Tell whether a language code or name means English.

    Examples
    --------
    >>> is_english("en-GB"), is_english("English"), is_english("de")
    (True, True, False)
    """
    return language.casefold() == "english" or re.split(r"[-_]", language.casefold())[0] == "en"


@dataclass(frozen=True)
class TopicWords:
    """The words of a text that may name a topic, as scikit-learn's vectorizers want them.

    Lower case, without possessive 's; numbers and single letters are omitted. In scripts that do not separate words,
    every two neighbouring characters are a word.

    Parameters
    ----------
    stop_words : frozenset of str
        Words to leave out.

    Examples
    --------
    >>> TopicWords(frozenset({"the"}))("The President’s 2 travel-bans in 2017")
    ['president', 'travel', 'bans', 'in']
    >>> TopicWords()("難民問題、EU")
    ['難民', '民問', '問題', 'eu']
    """

    stop_words: frozenset[str] = frozenset()

    def __call__(self, text: str) -> list[str]:
        words = []
        before, end = "", -1
        spans = word_spans(code_points(text))
        for start, length in zip(spans.starts.tolist(), spans.lengths.tolist(), strict=True):
            word = _key(text[start : start + length])

            # two neighbouring characters of such a script are a word
            if len(word) == 1 and word >= _FIRST_ALONE:
                word, before = (before + word if start == end else ""), word
            else:
                before = ""
            end = start + length

            if self._names(word):
                words.append(word)
        return words

    def count(self, texts: Sequence[str]) -> tuple[list[str], Any]:
        """Count the words of many texts at once.

        Returns
        -------
        words : list of str
            In the order of the alphabet.
        counts : scipy.sparse.csr_matrix of int64, texts by words
            How often each text has each word.

        Examples
        --------
        >>> words, counts = TopicWords(frozenset({"the"})).count(["The wall, the walls", "Walls"])
        >>> words, counts.toarray().tolist()
        (['wall', 'walls'], [[1, 1], [0, 1]])
        """
        from scipy.sparse import csr_matrix

        # texts in scripts that do not separate words are cut one by one, all others at once
        one_by_one = {at: Counter(self(text)) for at, text in enumerate(texts) if _APART.search(text)}
        together = ["" if at in one_by_one else text for at, text in enumerate(texts)]
        tokens = tokenize(pd.DataFrame({"doc_id": np.arange(len(texts)).astype(str), "text": together}), ["text"])
        keys = [_key(form) for form in tokens.vocabulary.forms]

        words = sorted({key for key in keys if self._names(key)}.union(*one_by_one.values()))
        number = {word: at for at, word in enumerate(words)}
        row = np.repeat(np.arange(len(texts)), np.diff(tokens.offsets))
        column = np.array([number.get(key, -1) for key in keys], dtype=np.int64)[tokens.codes]
        keep = column >= 0

        listed = [(at, number[word], n) for at, found in one_by_one.items() for word, n in found.items()]
        more = np.array(listed, dtype=np.int64).reshape(-1, 3)
        counts = csr_matrix(
            (
                np.concatenate([np.ones(int(keep.sum()), dtype=np.int64), more[:, 2]]),
                (np.concatenate([row[keep], more[:, 0]]), np.concatenate([column[keep], more[:, 1]])),
            ),
            shape=(len(texts), len(words)),
        )
        counts.sum_duplicates()
        return words, counts

    def _names(self, word: str) -> bool:
        return len(word) > 1 and word not in self.stop_words and any(map(str.isalpha, word))


@lru_cache(maxsize=2**17)
def _key(form: str) -> str:
    return fold(form, possessive=True)
