"""Turn hits that were picked, by sense or voice or by hand, into counts, so that counting goes on with them."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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


def contexts_of(hits: pd.DataFrame, contexts: pd.DataFrame) -> NDArray[np.int64]:
    """Return the row of the context that each hit belongs to, or -1.

    Where a field has as many contexts as hits, the first belongs to the first, and so on; else a hit belongs to the context whose
    middle is nearest of those that hold it. A context that is a whole article of several fields (`field` "article") holds all
    hits of the article.
    """
    whole = contexts["field"] == "article"
    if whole.any():
        return _of_whole_articles(hits, contexts, whole.to_numpy())
    columns = ["doc_id", "field", "start", "end"]

    def ordered(table: pd.DataFrame, name: str) -> pd.DataFrame:
        table = table[columns].assign(**{name: np.arange(len(table))}).sort_values(columns, kind="stable")
        fields = table.groupby(["doc_id", "field"], sort=False)
        return table.assign(_rank=fields.cumcount(), _many=fields["start"].transform("size"))

    pairs = ordered(hits, "_hit").merge(ordered(contexts, "_context"), on=["doc_id", "field"], suffixes=("", "_of"))
    pairs = pairs[(pairs["start_of"] <= pairs["start"]) & (pairs["end"] <= pairs["end_of"])]
    by_rank = (pairs["_many"] == pairs["_many_of"]) & (pairs["_rank"] == pairs["_rank_of"])
    off = (pairs["start"] + pairs["end"] - pairs["start_of"] - pairs["end_of"]).abs()
    pairs = pairs.assign(_off=off.where(~by_rank, -1)).sort_values(["_hit", "_off", "_context"]).drop_duplicates("_hit")
    home = np.full(len(hits), -1, dtype=np.int64)
    home[pairs["_hit"].to_numpy()] = pairs["_context"].to_numpy()
    return home


def _of_whole_articles(hits: pd.DataFrame, contexts: pd.DataFrame, whole: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the rows of contexts where some are whole articles; of several of one article by the order of hits and contexts."""
    home = np.full(len(hits), -1, dtype=np.int64)
    articles = contexts[whole]
    of_hits, of_contexts = hits.groupby("doc_id", sort=False), articles.groupby("doc_id", sort=False)
    row = np.flatnonzero(whole)
    rank = np.where(of_contexts["doc_id"].transform("size").to_numpy() > 1, of_contexts.cumcount().to_numpy(), -1)
    place = pd.Series(row, index=pd.MultiIndex.from_arrays([articles["doc_id"], rank]))
    for key in (np.full(len(hits), -1), of_hits.cumcount().to_numpy()):
        found = place.reindex(pd.MultiIndex.from_arrays([hits["doc_id"], key])).to_numpy()
        known = (home < 0) & ~np.isnan(found)
        home[known] = found[known].astype(np.int64)
    rest = np.flatnonzero(home < 0)
    if len(rest) and not whole.all():
        others = np.flatnonzero(~whole)
        inside = contexts_of(hits.iloc[rest], contexts.iloc[others])
        home[rest] = np.where(inside >= 0, others[np.maximum(inside, 0)], -1)
    return home
