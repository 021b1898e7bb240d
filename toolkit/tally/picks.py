"""Turn hits that were picked, by sense or voice or by hand, into counts, so that counting goes on with them."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from toolkit.tables import BULKY, FramingError, listed, require
from toolkit.text.tokens import Tokens


def count_hits(tokens: Tokens, hits: pd.DataFrame, *, terms: list[str] | None = None) -> pd.DataFrame:
    """Count picked hits in each article, as a counts corpus that `tk.usage` and its neighbours take.

    Parameters
    ----------
    tokens : Tokens
        The index that the hits are from: all its articles are in the denominator.
    hits : DataFrame
        Rows of `tk.find`, such as those of one sense or one voice.
    terms : list of str, optional, keyword-only
        The terms to count, so that one of which no hit was picked is counted, too; by default those of the hits' recipe, or else
        those that occur.

    Returns
    -------
    DataFrame
        Counts: one row per article, with the article's columns but for its texts, `n_words`, and for each term `n_<term>`, the
        picked hits, in lower case with an underscore for other signs than letters a to z and digits.

    Raises
    ------
    FramingError
        If a hit is of an article or a term that is not there, or two terms would have one column.

    Examples
    --------
    Only the hits of the policy:

    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({
    ...     "doc_id": ["a", "b"], "source": ["Post", "Wire"], "text": ["A reset with Moscow.", "A password reset."]})
    >>> tokens = tk.tokenize(articles)
    >>> hits = tk.find(tokens, "reset")
    >>> policy = tk.count_hits(tokens, hits[hits["doc_id"] == "a"])
    >>> tk.usage(policy, ["reset"])[["source", "n_hits", "n_words"]]
      source  n_hits  n_words
    0   Post       1        4
    1   Wire       0        3
    """
    require(hits, ["doc_id", "term"], "hits")
    stated: Any = hits.attrs.get("recipe", {}).get("settings", {}).get("terms")
    names = list(dict.fromkeys(map(str, terms if terms is not None else (stated or hits["term"].unique()))))
    if not names:
        raise FramingError("There is no hit, and no term to count. Name the terms: terms=['reset'].")
    columns = {name: "n_" + re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_") for name in names}
    if len(set(columns.values())) < len(names) or "n_words" in columns.values():
        raise FramingError(
            f"These terms would share a column of counts: {listed(names)}. Name them in letters a to z that differ."
        )
    article = pd.Index(tokens.articles["doc_id"]).get_indexer(pd.Index(hits["doc_id"]))
    term = pd.Index(names).get_indexer(pd.Index(hits["term"].astype("str")))
    for place, values, what in (
        (article, hits["doc_id"], "articles of the index"),
        (term, hits["term"], "terms to count"),
    ):
        if (place < 0).any():
            odd = values[place < 0]
            raise FramingError(
                f"{len(odd):,} of {len(hits):,} hits are of none of the {what}, for example {odd.iloc[0]!r}."
            )
    counted = np.bincount(article * len(names) + term, minlength=len(tokens.articles) * len(names))
    keep = [c for c in tokens.articles.columns if c not in (*BULKY, *tokens.fields, "n_words", *columns.values())]
    table = tokens.articles[keep].reset_index(drop=True)
    parts = counted.reshape(-1, len(names)).T
    table = table.assign(n_words=tokens.n_words, **dict(zip(columns.values(), parts, strict=True)))
    table.attrs = dict(tokens.articles.attrs)
    return table
