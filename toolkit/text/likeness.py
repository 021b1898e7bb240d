"""Own how like two words are: in lemma, in spelling, and in the company they keep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.tables import not_found
from toolkit.text.index import Index
from toolkit.text.search import Positions

BESIDE = (-2, -1, 1, 2)
"""Offsets from an occurrence at which the words of its company stand."""

LEAST = 10
"""The fewest occurrences of a word whose company can be compared."""

_MOST_FEATURES = 200  # of a term, by which candidates are found
_MOST_CANDIDATES = 150  # the ten most alike are among these nearly always: tried on twelve terms of the news corpus
_SAMPLE = 1_000  # occurrences of a candidate that are read
_SAMPLE_FEATURE = 50_000  # and of a neighbour


class Words:
    """The words of an index, by the keys under which they are looked up (lower case, no possessive 's).

    Attributes
    ----------
    keys : list of str
        The words.
    place : dict of str to int
        The place of each word in `keys`.
    counts : ndarray of int64
        How often each occurs.
    """

    def __init__(self, tokens: Index) -> None:
        keys, self.key_of_form = tokens.vocabulary.keys(possessive=True)
        self.keys: list[str] = keys.to_pylist()
        self.place = {key: n for n, key in enumerate(self.keys)}
        self.counts = np.bincount(self.key_of_form, tokens.form_counts, len(self.keys)).astype(np.int64)

        # the forms of each key stand together
        self._forms = np.argsort(self.key_of_form, kind="stable")
        self._begins = np.searchsorted(self.key_of_form[self._forms], np.arange(len(self.keys) + 1))

        # the letters of a word as a set of 64 bits: words whose sets differ much are not spelled alike
        self.lengths = np.fromiter(map(len, self.keys), dtype=np.int64, count=len(self.keys))
        points = np.frombuffer("".join(self.keys).encode("utf-32-le"), dtype=np.uint32)
        bits = np.uint64(1) << (points % 64).astype(np.uint64)
        begins = np.cumsum(self.lengths) - self.lengths
        self._letters = np.bitwise_or.reduceat(bits, begins) if len(bits) else np.empty(0, dtype=np.uint64)
        self._lemmas: dict[str, dict[str, list[int]]] = {}

    @classmethod
    def of(cls, tokens: Index) -> Words:
        """Return the words of an index; they are made once."""
        if tokens not in _words:
            _words[tokens] = cls(tokens)
        return _words[tokens]

    def codes(self, key: int) -> NDArray[np.int64]:
        """Return the codes of the forms of a key."""
        return self._forms[self._begins[key] : self._begins[key + 1]]

    def inflections(self, keys: Iterable[str], language: str) -> dict[str, str]:
        """Return the words that share a lemma with any of these, each with the key whose lemma it shares."""
        if language not in self._lemmas:
            by_lemma: dict[str, list[int]] = {}
            for n, key in enumerate(self.keys):
                by_lemma.setdefault(lemma_of(key, language), []).append(n)
            self._lemmas[language] = by_lemma

        found: dict[str, str] = {}
        for key in keys:
            for n in self._lemmas[language].get(lemma_of(key, language), ()):
                found.setdefault(self.keys[n], key)
        return found

    def spellings(self, key: str, most: int) -> dict[str, int]:
        """Return the words within `most` edits of this one, with their number of edits.

        An edit inserts, deletes or replaces a character, or swaps two neighbours: the restricted Damerau-Levenshtein distance ("optimal string alignment").
        """
        points = np.frombuffer(key.encode("utf-32-le"), dtype=np.uint32)
        letters = np.bitwise_or.reduce(np.uint64(1) << (points % 64).astype(np.uint64)) if len(key) else np.uint64(0)
        # an edit changes the length by one at most, and the set of letters by two
        close = np.abs(self.lengths - len(key)) <= most
        close[close] = np.bitwise_count(self._letters[close] ^ letters) <= 2 * most
        at = np.flatnonzero(close)
        distance = edits(key, [self.keys[n] for n in at])
        return {self.keys[n]: int(d) for n, d in zip(at, distance) if d <= most and self.keys[n] != key}


_words: WeakKeyDictionary[Index, Words] = WeakKeyDictionary()


def lemma_of(key: str, language: str) -> str:
    """Return a word's lemma in lower case; a word unknown to simplemma is its own lemma.

    Examples
    --------
    >>> [lemma_of(word, "en") for word in ("bans", "banned", "muslims")]
    ['ban', 'ban', 'muslim']
    """
    import simplemma

    return str(simplemma.lemmatize(key, lang=language)).casefold()


def is_known(key: str, language: str) -> bool:
    """Tell whether simplemma's dictionary has a word, which is then hardly a misspelling.

    Examples
    --------
    >>> is_known("rest", "en"), is_known("resset", "en")
    (True, False)
    """
    import simplemma

    return bool(simplemma.is_known(key, lang=language))


def check_language(language: str) -> None:
    """Raise unless simplemma has a dictionary for a language."""
    from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

    if language not in SUPPORTED_LANGUAGES:
        raise not_found("dictionary for the language", str(language), sorted(SUPPORTED_LANGUAGES))


def edits(word: str, others: Sequence[str]) -> NDArray[np.int64]:
    """Return the number of edits from a word to each of the others: the restricted Damerau-Levenshtein distance.

    Examples
    --------
    >>> edits("reset", ["reset", "rest", "rseet", "resettle"]).tolist()
    [0, 1, 1, 3]
    """
    if not others:
        return np.empty(0, dtype=np.int64)

    # the others as a matrix of code points, so that each cell of the table of distances is filled for all of them at once
    width = max(1, *map(len, others))
    points = np.array(others, dtype=f"U{width}").view(np.uint32).reshape(len(others), width)

    # three rows of that table suffice, since a swap looks two rows back
    before = np.zeros((len(others), width + 1), dtype=np.int64)
    row = np.tile(np.arange(width + 1), (len(others), 1))
    for i, char in enumerate(map(ord, word), start=1):
        before, above = row, before
        row = np.empty_like(before)
        row[:, 0] = i
        for j in range(1, width + 1):
            here = points[:, j - 1]
            cost = np.minimum(np.minimum(before[:, j], row[:, j - 1]) + 1, before[:, j - 1] + (here != char))
            if i > 1 and j > 1:
                swapped = (here == ord(word[i - 2])) & (points[:, j - 2] == char)
                cost = np.where(swapped, np.minimum(cost, above[:, j - 2] + 1), cost)
            row[:, j] = cost

    return row[np.arange(len(others)), [len(other) for other in others]]


class Company:
    """The company of a term, to which the company of other words is compared.

    Each word at one of the offsets `BESIDE`, in the same field, is a feature. Its weight is log(1 + simple-ll), where simple-ll is
    2 (O log(O / E) - (O - E)) for O occurrences where E are expected; it is 0 where O <= E. Likeness is the cosine of the weights. This is the
    setting of Lapesa and Evert (2014, A large scale evaluation of distributional semantic models, TACL 2) without reduction of
    dimensions. Of very frequent words an evenly spaced sample is read.

    Attributes
    ----------
    enough : bool
        Whether the term occurs often enough to be compared.
    """

    def __init__(self, tokens: Index, words: Words, first: Positions, last: Positions) -> None:
        self._tokens, self._words = tokens, words
        self.enough = len(first) >= LEAST
        self._first, self._last = first, last
        step = max(1, len(first) // _SAMPLE)
        self._own = self._weights(np.zeros(len(first[::step]), dtype=np.int64), first[::step], last[::step], 1)

    def _weights(self, owner: NDArray[np.int64], first: Positions, last: Positions, n: int) -> pd.DataFrame:
        """Return the features of each owner's occurrences with their weights."""
        tokens, n_keys = self._tokens, len(self._words.keys)
        n_features = len(BESIDE) * n_keys

        # a feature is an offset and the word that stands there, in the same field
        rows, columns = [], []
        for number, shift in enumerate(BESIDE):
            edge = first if shift < 0 else last
            at = edge + shift
            inside = (at >= 0) & (at < len(tokens))
            inside[inside] = tokens.fields_at(at[inside]) == tokens.fields_at(edge[inside])
            rows.append(owner[inside])
            columns.append(number * n_keys + self._words.key_of_form[tokens.codes[at[inside]]])
        pairs, counts = np.unique(np.concatenate(rows) * n_features + np.concatenate(columns), return_counts=True)

        table = pd.DataFrame({"owner": pairs // n_features, "feature": pairs % n_features})
        size = np.bincount(owner, minlength=n)[table["owner"]]
        table["weight"] = self._weight(counts, size, table["feature"].to_numpy() % n_keys)
        return table[table["weight"] > 0]

    def _weight(
        self, observed: NDArray[np.int64], size: NDArray[np.int64], key: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return log(1 + simple-ll) of features, given how often their owners and their words occur."""
        expected = size * self._words.counts[key] / len(self._tokens)
        more = observed > expected
        ratio = np.where(more, observed / expected, 1.0)
        return np.where(more, np.log1p(2 * (observed * np.log(ratio) - (observed - expected))), 0.0)

    def likeness(self, spans: Sequence[tuple[Positions, Positions]]) -> NDArray[np.float64]:
        """Return the likeness, from 0 to 1, of the company of each set of occurrences to the term's; missing for rare words."""
        result = np.full(len(spans), np.nan)
        if not self.enough or not spans:
            return result

        # of frequent words a sample, as of the term itself
        owner, first, last = [], [], []
        for n, (begin, end) in enumerate(spans):
            step = max(1, len(begin) // _SAMPLE)
            owner.append(np.full(len(begin[::step]), n))
            first.append(begin[::step])
            last.append(end[::step])
        theirs = self._weights(np.concatenate(owner), np.concatenate(first), np.concatenate(last), len(spans))

        # the cosine: a feature that only one of the two has adds nothing to the product
        own = self._own.set_index("feature")["weight"]
        shared = theirs["weight"] * theirs["feature"].map(own).fillna(0.0)
        n = len(spans)
        product = np.bincount(theirs["owner"], shared, n)
        norm = np.sqrt(np.bincount(theirs["owner"], theirs["weight"] ** 2, n) * (own**2).sum())

        enough = np.array([len(begin) >= LEAST for begin, _ in spans]) & (norm > 0)
        result[enough] = product[enough] / norm[enough]
        return result

    def candidates(self) -> list[str]:
        """Return the words most likely to keep the term's company, best first; `likeness` compares them in full."""
        if not self.enough:
            return []

        # go from the term's heaviest features back to the words that have them, too
        tokens, words = self._tokens, self._words
        n_keys = len(words.keys)
        score, shared = np.zeros(n_keys), np.zeros(n_keys, dtype=np.int64)
        top = self._own.sort_values(["weight", "feature"], ascending=[False, True]).head(_MOST_FEATURES)
        for feature, weight in zip(top["feature"].tolist(), top["weight"].tolist()):
            number, key = divmod(feature, n_keys)
            at = tokens.positions(words.codes(key))
            step = max(1, len(at) // _SAMPLE_FEATURE)
            at = at[::step] - BESIDE[number]

            counts = np.bincount(words.key_of_form[tokens.codes[at[(at >= 0) & (at < len(tokens))]]], minlength=n_keys)
            there = np.flatnonzero(counts)
            theirs = self._weight(counts[there] * step, words.counts[there], np.full(len(there), key))
            score[there] += weight * theirs
            shared[there] += theirs > 0

        # about the cosine: frequent words have more features, and longer vectors
        able = np.flatnonzero((words.counts >= LEAST) & (shared > 2))
        rank = -score[able] / words.counts[able] ** 0.25
        best = able[np.argsort(rank, kind="stable")[:_MOST_CANDIDATES]]
        return [words.keys[n] for n in best.tolist()]
