"""Own the document-term matrix: how often each word, or each of a few terms, occurs in each article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from toolkit.tables.checks import check_at_least
from toolkit.text.index import Index
from toolkit.text.matches import match
from toolkit.text.terms import Terms


@dataclass(frozen=True, eq=False)
class DocumentTermMatrix:
    """The words of each article, counted. Made by `tokens.matrix()`.

    Attributes
    ----------
    counts : scipy.sparse.csr_matrix of int32
        How often each word (a column) occurs in each article (a row).
    doc_ids : list of str
        The article of each row.
    words : list of str
        The word of each column.
    """

    counts: Any
    doc_ids: list[str]
    words: list[str]

    def __repr__(self) -> str:
        return (
            f"DocumentTermMatrix: {len(self.doc_ids):,} articles, {len(self.words):,} words, "
            f"{self.counts.sum():,} occurrences"
        )


def all_words(tokens: Index, *, lower: bool, min_n: int, min_articles: int) -> DocumentTermMatrix:
    """Count every word in each article; see `Tokens.matrix`."""
    for name, least in (("min_n", min_n), ("min_articles", min_articles)):
        check_at_least(name, least, 1, "how often a word has to occur")

    if lower:
        counts, words = tokens.by_article, tokens.vocabulary.keys(possessive=True)[0].to_pylist()
    else:
        counts, words = _by_form(tokens), tokens.vocabulary.forms
    occurrences = np.asarray(counts.sum(axis=0)).ravel()
    with_word = np.bincount(counts.indices, minlength=counts.shape[1])
    kept = np.flatnonzero((occurrences >= min_n) & (with_word >= min_articles))
    return DocumentTermMatrix(counts[:, kept], tokens.articles["doc_id"].tolist(), [words[at] for at in kept.tolist()])


def _by_form(tokens: Index) -> Any:
    """Count each form as it is printed, capitals and possessives apart."""
    from scipy import sparse

    ends = tokens.offsets[:: len(tokens.fields)].astype(np.int32)
    shape = (len(tokens.articles), len(tokens.vocabulary))
    counts = sparse.csr_matrix((np.ones(len(tokens), dtype=np.int32), tokens.codes, ends), shape=shape, copy=True)
    counts.sum_duplicates()
    return counts


def term_counts(tokens: Index, terms: Terms) -> pd.DataFrame:
    """Count the hits of each term in each article; see `Tokens.matrix`."""
    found = match(tokens, terms)
    article = tokens.fields_at(found.first) // len(tokens.fields)
    shape = (len(tokens.articles), len(terms))
    counts = np.bincount(article * shape[1] + found.term, minlength=shape[0] * shape[1]).reshape(shape)
    index = pd.Index(tokens.articles["doc_id"], name="doc_id")
    return pd.DataFrame(counts, index=index, columns=pd.Index(list(terms), dtype="str"))
