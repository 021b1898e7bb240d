"""Own counts corpora: articles with a column of counts for each term instead of text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.corpora.history import with_step
from toolkit.recipes import input_of
from toolkit.tables import BULKY, COUNTS, FramingError, check_articles, listed, not_found, require
from toolkit.text.terms import Terms
from toolkit.text.tokens import Tokens

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Ints = NDArray[np.int64]


def is_counts(corpus: Any) -> bool:
    """Tell whether a corpus has counts instead of text.

    Examples
    --------
    >>> is_counts(pd.DataFrame({"doc_id": ["a"], "n_words": [100], "n_reset": [1]}))
    True
    """
    columns = getattr(corpus, "columns", None)
    return columns is not None and "text" not in columns and "n_words" in columns


def columns_of_kinds(corpus: Any, terms: Any) -> dict[str, str]:
    """Return the column of each wanted term of a counts corpus, by default of all that it has.

    A term is found by its own text, ``n_<term>``. Published counts often write "travel ban" as ``n_travel_ban``, so where no
    column has the exact text, capitals and the characters between words are ignored, as long as only one column then fits.

    Examples
    --------
    >>> counts = pd.DataFrame(columns=["doc_id", "n_words", "n_travel_ban", "n_перезагрузка"])
    >>> columns_of_kinds(counts, ["travel ban", "перезагрузка"])
    {'travel ban': 'n_travel_ban', 'перезагрузка': 'n_перезагрузка'}
    """
    has = {str(c)[2:]: str(c) for c in corpus.columns if str(c).startswith("n_") and c != "n_words"}
    if isinstance(terms, (Terms, dict)):
        raise FramingError(
            "A counts corpus has no text to search, only counts that were made with patterns of its own (see its card). "
            f"Name the terms: {listed(repr(name) for name in has)}."
        )

    names = list(has) if terms is None else [terms] if isinstance(terms, str) else list(terms)
    if not names:
        raise FramingError(f"There is no term to count. Name at least one of: {listed(has)}.")

    columns = {}
    for name in names:
        near = [own for own in has if _spelled(own) == _spelled(str(name))]
        own = name if name in has else near[0] if len(near) == 1 else None
        if own is None:
            raise not_found("count of", name, sorted(has))
        columns[name] = has[own]
    return columns


def _spelled(name: str) -> str:
    """Return a name without capitals and without the characters between its words; letters of every script stay."""
    return re.sub(r"[\W_]+", "_", name.casefold()).strip("_")


def counts_of(corpus: pd.DataFrame, columns: dict[str, str]) -> tuple[Ints, csr_array]:
    """Return the words and the counts of each article of a counts corpus."""
    from scipy.sparse import csr_array

    corpus = check_articles(corpus, COUNTS.columns.keys() - {"source", "date"})
    holes = corpus[["n_words", *columns.values()]].isna().sum()
    if holes.any():
        raise FramingError(f"Counts are missing: {listed(f'{n:,} of {c}' for c, n in holes[holes > 0].items())}.")

    for column in ("n_words", *columns.values()):
        values = pd.to_numeric(corpus[column], errors="coerce").to_numpy(dtype=float)
        if not np.isfinite(values).all() or (values < 0).any() or (values != np.floor(values)).any():
            raise FramingError(f"Counts are whole numbers, 0 or more; some in the column {column} are none.")
    counts = corpus[list(columns.values())].to_numpy(dtype=np.int64)
    return corpus["n_words"].to_numpy(dtype=np.int64), csr_array(counts)


def count_hits(tokens: Tokens, hits: pd.DataFrame, *, terms: list[str] | None = None) -> pd.DataFrame:
    """Count selected hits in each article, as a counts corpus that you can save, share and count further.

    Parameters
    ----------
    tokens : Tokens
        The index that the hits come from: all its articles are in the denominator.
    hits : DataFrame
        Rows of `tk.find`, such as those of one sense or one voice.
    terms : list of str, optional, keyword-only
        The terms to count, so that a term without any selected hit is counted, too; by default those of the hits' recipe, or else
        those that occur.

    Returns
    -------
    DataFrame
        Counts: one row per article, with the article's columns but for its texts, `n_words`, and for each term the selected hits
        in a column ``n_<term>``, with the term's own text in any script.

    Raises
    ------
    FramingError
        If a hit belongs to an article or a term that is not there, or a term is called "words".

    See Also
    --------
    tally : ``tk.tally(hits, articles=tokens)`` is the same as a tally, without a table in between.

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
    if "words" in names:
        raise FramingError(
            "The counts of a term called 'words' would be in n_words, which holds the words of the article."
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
                f"{len(odd):,} of {len(hits):,} hits belong to none of the {what}, for example {odd.iloc[0]!r}."
            )

    counted = np.bincount(article * len(names) + term, minlength=len(tokens.articles) * len(names))
    columns = {f"n_{name}": part for name, part in zip(names, counted.reshape(-1, len(names)).T, strict=True)}
    keep = [c for c in tokens.articles.columns if c not in (*BULKY, *tokens.fields, "n_words", *columns)]
    table = tokens.articles[keep].reset_index(drop=True).assign(n_words=tokens.n_words, **columns)
    table.attrs = dict(tokens.articles.attrs)
    return with_step(table, "count_hits", tokens.corpus.get("steps", ()), terms=names, hits=input_of(hits))
