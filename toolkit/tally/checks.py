"""Check what is asked of a corpus and whether it can be answered: cells, terms, words and dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.tables import (
    TEXT_FIELDS,
    FramingError,
    listed,
    not_found,
    require,
    warn_user,
)
from toolkit.text.matches import AnyTerms
from toolkit.text.terms import Terms
from toolkit.text.tokens import Tokens, tokenize

MEASURES = ("per_million", "share", "rival_share")
Ints = NDArray[np.int64]


def columns_of(corpus: Any) -> list[str]:
    """Return the columns of the articles of any corpus."""
    return [str(c) for c in getattr(corpus.articles if isinstance(corpus, Tokens) else corpus, "columns", ())]


def is_counts(corpus: Any) -> bool:
    """Tell whether a corpus has counts instead of text.

    Examples
    --------
    >>> is_counts(pd.DataFrame({"doc_id": ["a"], "n_words": [100], "n_reset": [1]}))
    True
    """
    columns = getattr(corpus, "columns", None)
    return columns is not None and "text" not in columns and "n_words" in columns


def wanted_of(corpus: Any, terms: AnyTerms) -> Any:
    """Return the terms to look for in text, or of a counts corpus the column of each."""
    return _count_columns(corpus, terms) if is_counts(corpus) else Terms(terms)


def _count_columns(corpus: Any, terms: Any) -> dict[str, str]:
    """Return the column of each wanted term of a counts corpus."""
    has = {str(c)[2:]: str(c) for c in corpus.columns if str(c).startswith("n_") and c != "n_words"}
    if isinstance(terms, (Terms, dict)):
        raise FramingError(
            "A counts corpus has no text to search, only counts that were made with patterns of its own (see its card). "
            f"Name the terms: {listed(repr(name) for name in has)}."
        )
    names = [terms] if isinstance(terms, str) else list(terms)
    if not names:
        raise FramingError(f"There is no term to count. Name at least one of: {listed(has)}.")
    columns = {}
    for name in names:
        slug = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")
        if slug not in has:
            raise not_found("count of", name, sorted(has))
        columns[name] = has[slug]
    return columns


def stated(wanted: Any) -> Any:
    """Return the terms as a recipe states them."""
    return wanted.as_dict() if isinstance(wanted, Terms) else wanted


def indexed(articles: Any) -> Tokens:
    columns = [str(c) for c in getattr(articles, "columns", ())]
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
    return tokenize(articles)


def check_counted(n_words: float, hits: Any, names: Sequence[str], corpus: dict[str, Any]) -> None:
    """Raise if nothing was read, and say which terms have no hit at all; a partition cannot know it of its patterns."""
    n_articles = corpus["n_articles"]
    if n_words == 0:
        raise FramingError(f"None of these {n_articles:,} articles has a word, so there is nothing to count in.")
    for name, n in zip(names, hits.tolist(), strict=True):
        if n == 0:
            warn_user(f"The term {name!r} matches nothing in these {n_articles:,} articles.")


def check_words(corpus: Tokens | pd.DataFrame, n_words: Ints, warn: bool) -> None:
    """Raise if no article has a word; warn where texts are missing."""
    if isinstance(corpus, pd.DataFrame):
        if warn and n_words.sum() == 0:
            raise FramingError(f"None of these {len(corpus):,} articles has a word (n_words is 0 in all of them).")
        return
    if not warn:
        return
    n, fields = len(corpus.articles), listed(corpus.fields)
    if n_words.sum() == 0:
        counts = [c for c in corpus.articles.columns if c in ("n_articles", "n_articles_total", "share", "attention")]
        hint = (
            f" They are counts of an archive, not articles: {listed(counts)} say how many articles it has, "
            "and rates are had from these columns."
            if counts
            else ""
        )
        raise FramingError(f"None of these {n:,} rows has a word in {fields}, so there is nothing to count in.{hint}")
    if "text" in corpus.fields:
        by_field = np.diff(corpus.offsets).reshape(n, -1)
        empty = int((by_field[:, corpus.fields.index("text")] == 0).sum())
        if empty > n / 20:
            others = [field for field in corpus.fields if field != "text"]
            only = f" ({listed(others)} is all that is read of them)" if others else ""
            warn_user(
                f"{empty:,} of {n:,} articles have no text{only}. A rate or share takes that as all there was to read; "
                "leave them out with articles[articles['text'].fillna('') != '']."
            )
