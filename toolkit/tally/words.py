"""Own the counting of terms in text, article by article, and the warnings about texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.tables import TEXT_FIELDS, FramingError, listed, require, warn_user
from toolkit.text.matches import match
from toolkit.text.terms import Terms
from toolkit.text.tokens import Tokens, as_tokens

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Ints = NDArray[np.int64]


def columns_of(corpus: Any) -> list[str]:
    """Return the columns of a tally, an index, or any table by which you can count."""
    if isinstance(corpus, Tokens):
        return [str(c) for c in corpus.articles.columns]
    return [str(c) for c in getattr(corpus, "columns", ())]


def indexed(articles: Any) -> Tokens:
    """Return the index of articles, or say that there is nothing to count in."""
    columns = columns_of(articles)
    if isinstance(articles, pd.DataFrame) and not set(columns) & set(TEXT_FIELDS):
        try:
            require(articles, ["text"], "articles")
        except FramingError as error:
            if "rename" in str(error):
                raise
            raise FramingError(
                "There is nothing to count in: this table has neither text (columns title, standfirst or text) nor counts "
                f"(n_words and n_<term>). It has: {listed(columns) or 'no columns'}."
            ) from None
    return as_tokens(articles)


def hits_by_article(tokens: Tokens, terms: Terms, *, rivals: bool, warn: bool) -> csr_array:
    """Count the hits of each term in each article, (n_articles, n_terms)."""
    from scipy.sparse import coo_array

    found = match(tokens, terms, warn=warn)
    if rivals and warn and len(terms) > 1:
        shared = (found.first[1:] <= found.last[:-1]) & (found.term[1:] != found.term[:-1])
        if shared.any():
            warn_user(
                f"Rival terms share words in {int(shared.sum()):,} places, so their shares count these twice. "
                "Make the patterns exclude each other."
            )

    field = np.searchsorted(tokens.offsets, found.first, side="right") - 1
    article = field // len(tokens.fields)
    ones = np.ones(len(article), dtype=np.int64)
    return coo_array((ones, (article, found.term)), shape=(len(tokens.articles), len(terms))).tocsr()


def check_counted(n_words: float, hits: Any, names: Sequence[str], corpus: dict[str, Any]) -> None:
    """Raise if nothing was read, and warn of terms without any hit; a partition by itself cannot know."""
    n_articles = corpus["n_articles"]
    if n_words == 0:
        raise FramingError(f"None of these {n_articles:,} articles has a word, so there is nothing to count in.")
    for name, n in zip(names, hits.tolist(), strict=True):
        if n == 0:
            warn_user(f"The term {name!r} matches nothing in these {n_articles:,} articles.")


def check_words(corpus: Tokens | pd.DataFrame, n_words: Ints, warn: bool) -> None:
    """Raise if no article has a word; warn where texts are missing."""
    if not warn:
        return
    if isinstance(corpus, pd.DataFrame):
        if n_words.sum() == 0:
            raise FramingError(f"None of these {len(corpus):,} articles has a word (n_words is 0 in all of them).")
        return

    n, fields = len(corpus.articles), listed(corpus.fields)
    if n_words.sum() == 0:
        counts = [c for c in corpus.articles.columns if c in ("n_articles", "n_articles_total", "share", "attention")]
        hint = (
            f" They are counts of an archive, not articles: {listed(counts)} say how many articles it has, "
            "so compute rates from these columns."
            if counts
            else ""
        )
        raise FramingError(f"None of these {n:,} rows has a word in {fields}, so there is nothing to count in.{hint}")

    if "text" in corpus.fields:
        by_field = np.diff(corpus.offsets).reshape(n, -1)
        empty = int((by_field[:, corpus.fields.index("text")] == 0).sum())
        if empty > n / 20:
            others = [field for field in corpus.fields if field != "text"]
            only = f" ({listed(others)} is all that can be read)" if others else ""
            warn_user(
                f"{empty:,} of {n:,} articles have no text{only}. Rates and shares treat that as all there was to read; "
                "leave them out with articles[articles['text'].fillna('') != '']."
            )
