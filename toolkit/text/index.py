"""Own the index of running words: an integer for each word, its place, and what follows from the two.

Each word form, as it is written, has a number. A corpus is then an array of numbers with the character at which each word
starts. Patterns are matched against the forms, of which there are few, and never against the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from toolkit.tables import listed, not_found
from toolkit.text import words
from toolkit.text.languages import stated_languages

Ints = NDArray[np.int32]
Positions = NDArray[np.int64]


class Vocabulary:
    """The word forms of a corpus, as written, and the keys under which they are looked up.

    Attributes
    ----------
    forms : list of str
        Each distinct word as written; a form's code is its place.
    lower : list of str
        Each form in lower case.
    lengths : ndarray of int32
        Characters in each form.
    """

    def __init__(self, forms: Sequence[str]) -> None:
        self.forms = list(forms)
        self.lengths = np.fromiter(map(len, self.forms), dtype=np.int32, count=len(self.forms))
        self._keys: dict[tuple[bool, bool], tuple[pa.Array, Ints]] = {}
        self.matched: dict[tuple[str, bool], NDArray[np.int64]] = {}  # what words of patterns meant, asked before

    def __len__(self) -> int:
        return len(self.forms)

    @cached_property
    def lower(self) -> list[str]:
        return [form.lower() for form in self.forms]

    def keys(self, *, case: bool = False, possessive: bool = False) -> tuple[pa.Array, Ints]:
        """Return the distinct keys and, for each form, the place of its key (see `toolkit.text.words.fold`)."""
        which = (case, possessive)
        if which not in self._keys:
            folded = pa.array([words.fold(form, case=case, possessive=possessive) for form in self.forms], pa.string())
            encoded = folded.dictionary_encode()
            self._keys[which] = (encoded.dictionary, np.asarray(encoded.indices, dtype=np.int32))
        return self._keys[which]

    @cached_property
    def cased_by_language(self) -> tuple[NDArray[np.int64], list[tuple[str, str]]]:
        """The forms whose capitals are cased otherwise in some languages, and the keys of each without and with a possessive 's cut."""
        forms = pa.array(self.forms, pa.string())
        at = np.flatnonzero(np.asarray(pc.match_substring_regex(forms, "[Iİı\u0370-\u03ff\u1f00-\u1fff]"), dtype=bool))
        whole = [words.fold_by_language(self.forms[n]) or "" for n in at.tolist()]
        cut = [words.fold_by_language(self.forms[n], possessive=True) or "" for n in at.tolist()]
        return at.astype(np.int64), list(zip(whole, cut, strict=True))


@dataclass(frozen=True, eq=False)
class Index:
    """The running words of a corpus.

    Made by `tokenize` or `Tokens.open`. Positions run over the whole corpus, from article to article and, inside an
    article, from field to field.

    Attributes
    ----------
    articles : DataFrame
        The articles, one row each, in the order of the index.
    fields : tuple of str
        The text fields that were read, in order.
    vocabulary : Vocabulary
        The word forms.
    codes : ndarray of int32, shape (n_tokens,)
        The form of each word.
    starts : ndarray of int32, shape (n_tokens,)
        The character of its field at which each word starts; it ends after as many characters as its form has.
    breaks : ndarray of bool, shape (n_tokens,)
        Whether punctuation or an empty line stands between a word and the one before it.
    offsets : ndarray of int64, shape (n_articles * n_fields + 1,)
        The position at which each field of each article begins.
    indexed : DataFrame
        The articles as they were when they were indexed.
    """

    articles: pd.DataFrame
    fields: tuple[str, ...]
    vocabulary: Vocabulary
    codes: Ints
    starts: Ints
    breaks: NDArray[np.bool_]
    offsets: NDArray[np.int64]
    indexed: pd.DataFrame = field(init=False)

    def __post_init__(self) -> None:
        # pandas copies what is edited in place, so that edits of `articles` do not reach it
        object.__setattr__(self, "indexed", self.articles.copy(deep=False))

    def __len__(self) -> int:
        return len(self.codes)

    def __repr__(self) -> str:
        return (
            f"Tokens: {len(self):,} words of {len(self.vocabulary):,} forms in {len(self.articles):,} articles "
            f"({listed(self.fields)})"
        )

    @cached_property
    def n_words(self) -> NDArray[np.int64]:
        """Words of each article, all fields together."""
        return np.diff(self.offsets[:: len(self.fields)])

    @cached_property
    def by_form(self) -> tuple[Ints, NDArray[np.int64]]:
        """All positions sorted by form, and where in them the positions of each form begin."""
        from scipy import sparse

        n, size = len(self.codes), len(self.vocabulary)
        ends = np.zeros(size + 1, dtype=np.int64)
        np.cumsum(np.bincount(self.codes, minlength=size), out=ends[1:])
        if n == 0:
            return np.empty(0, np.int32), ends
        # a matrix with one entry a row; to turn it into columns is a counting sort, several times faster than argsort
        rows = np.arange(n + 1, dtype=np.int32)
        matrix = sparse.csr_matrix((np.ones(n, dtype=np.int8), np.asarray(self.codes), rows), shape=(n, size))
        return matrix.tocsc().indices, ends

    @cached_property
    def form_counts(self) -> NDArray[np.int64]:
        """How often each form occurs."""
        return np.diff(self.by_form[1])

    @cached_property
    def by_article(self) -> Any:
        """How often each word (lower case, without possessive 's) occurs in each article: a sparse matrix, made once."""
        from scipy import sparse

        keys, key_of_form = self.vocabulary.keys(possessive=True)
        ends = self.offsets[:: len(self.fields)].astype(np.int32)
        shape = (len(self.articles), len(keys))
        matrix = sparse.csr_matrix((np.ones(len(self), dtype=np.int32), key_of_form[self.codes], ends), shape=shape)
        matrix.sum_duplicates()
        return matrix

    @cached_property
    def key_totals(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """How often each word (lower case, without possessive 's) occurs, and in how many articles."""
        keys, key_of_form = self.vocabulary.keys(possessive=True)
        occurrences = np.bincount(key_of_form, weights=self.form_counts, minlength=len(keys)).astype(np.int64)
        return occurrences, np.bincount(self.by_article.indices, minlength=len(keys))

    @cached_property
    def beside(self) -> dict[Any, Positions]:
        """Which words have a sign beside them, as far as it was asked before (see `toolkit.text.signs`)."""
        return {}

    @cached_property
    def in_turkish(self) -> NDArray[np.bool_]:
        """Which articles are said to be in Turkish or Azeri, where I is no capital i."""
        return np.isin(stated_languages(self.articles), ["tr", "az"])

    @cached_property
    def detected(self) -> dict[int, str]:
        """The languages of articles that do not state one, as far as it was asked before (see `toolkit.text.languages`)."""
        return {}

    def fields_at(self, positions: Positions) -> Positions:
        """Return the field, by its place in `offsets`, in which each position lies."""
        return np.searchsorted(self.offsets, positions, side="right") - 1

    def ends_at(self, positions: Positions) -> Positions:
        """Return the character of its field at which the word at each position ends."""
        return self.starts[positions].astype(np.int64) + self.vocabulary.lengths[self.codes[positions]]

    def positions(self, codes: Sequence[int] | NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        """Return the sorted positions at which any of the forms stands."""
        order, ends = self.by_form
        parts = [order[ends[code] : ends[code + 1]] for code in codes]
        if not parts:
            return np.empty(0, dtype=np.int64)
        joined = np.concatenate(parts).astype(np.int64)
        return joined if len(parts) == 1 else np.sort(joined)

    @cached_property
    def _texts(self) -> dict[str, list[str]]:
        return {field: as_texts(self.articles[field]) for field in self.fields}

    def texts(self, field: str) -> list[str]:
        """Return the texts of a field in the order of the articles; a missing one is empty."""
        if field not in self.fields:
            raise not_found("field", field, self.fields)
        return self._texts[field]


def as_texts(column: pd.Series) -> list[str]:
    """Return a column as strings; a missing text is an empty one."""
    return [text if isinstance(text, str) else "" if pd.isna(text) else str(text) for text in column.tolist()]
