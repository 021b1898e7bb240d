"""Own the tally of terms in articles: of an index, of texts, or of a counts corpus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from toolkit.tables import BULKY, FramingError
from toolkit.tables.frames import as_plain
from toolkit.tables.groups import story_numbers
from toolkit.tally.counts import columns_of_kinds, counts_of, is_counts
from toolkit.tally.tally import Tally, row_sums
from toolkit.tally.words import check_words, hits_by_article, indexed
from toolkit.text.terms import Terms
from toolkit.text.tokens import Tokens, describe_corpus


def wanted_of(corpus: Any, terms: Any) -> Any:
    """Return the terms to look for in text, or of a counts corpus the column of each."""
    if terms is None:
        if is_counts(corpus):
            return columns_of_kinds(corpus, None)
        raise FramingError(
            "There is no term to count. Name them: tk.usage(corpus, ['reset']). A tally and a counts corpus need none, and of a table of "
            "labels name the column that is counted: tk.tally(labels, kind='frame')."
        )
    return columns_of_kinds(corpus, terms) if is_counts(corpus) else Terms(terms)


def stated(wanted: Any) -> Any:
    """Return the terms as a recipe states them."""
    return wanted.as_dict() if isinstance(wanted, Terms) else wanted


def of_articles(
    corpus: Tokens | pd.DataFrame,
    wanted: Any,
    *,
    rivals: bool = False,
    warn: bool = True,
    columns: Sequence[str] | None = None,
    tokenized: Callable[[pd.DataFrame], Tokens] = indexed,
) -> Tally:
    """Count terms in each article of an index, of articles with text, or of a counts corpus.

    Parameters
    ----------
    corpus, wanted
        From `wanted_of`.
    rivals : bool, keyword-only
        Whether the terms are rivals, so that a warning names words that two of them share.
    warn : bool, keyword-only
        Whether to warn of patterns that match nothing and the like; for a part of a corpus, do not.
    columns : list of str, optional, keyword-only
        The columns of the articles that the units keep; by default all but the texts.
    tokenized : callable, keyword-only
        What makes an index of articles.
    """
    if isinstance(corpus, Tokens) or not is_counts(corpus):
        tokens = corpus if isinstance(corpus, Tokens) else tokenized(corpus)
        check_words(tokens, tokens.n_words, warn)
        articles, described = tokens.articles, tokens.corpus
        n_words, counts = tokens.n_words, hits_by_article(tokens, wanted, rivals=rivals, warn=warn)
        fields: Sequence[str] = tokens.fields
    else:
        corpus = as_plain(corpus, "articles")
        n_words, counts = counts_of(corpus, wanted)
        check_words(corpus, n_words, warn)
        articles, described, fields = corpus, None, ()

    kept = columns if columns is not None else [c for c in articles.columns if c not in (*BULKY, *fields)]
    units = articles[[c for c in kept if c in articles.columns]].reset_index(drop=True)
    article = np.arange(len(articles), dtype=np.int64)
    return Tally(
        units,
        list(wanted),
        "term",
        counts,
        np.asarray(n_words, dtype=np.int64),
        row_sums(counts),
        article,
        story_numbers(articles, article),
        describe_corpus(articles) if described is None else described,
        stated(wanted),
    )
