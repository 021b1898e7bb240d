"""Find the words that tell one part of a corpus from the rest."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from toolkit.measures.association import log_likelihood, log_ratio
from toolkit.recipes import make_recipe
from toolkit.tables import KEYNESS, FramingError
from toolkit.text.tokens import Tokens


def keyness(tokens: Tokens, target: ArrayLike, reference: ArrayLike | None = None, *, min_n: int = 3) -> pd.DataFrame:
    """Compare the words of some articles with those of others.

    Parameters
    ----------
    tokens : Tokens
        The index of the articles.
    target : array_like of bool, shape (n_articles,)
        Which articles are the target, such as ``articles["source"] == "CNN"``.
    reference : array_like of bool, optional
        Which are the reference; by default all others.
    min_n : int, keyword-only
        Leave out words that target and reference together have less often.

    Returns
    -------
    DataFrame
        Keyness: one row per word (in lower case, without possessive 's), the most typical of the target first. `G2`, the
        log-likelihood ratio over four cells (Dunning 1993; quanteda's), negative where the reference has more; `p`, its
        chi-squared tail; `log_ratio` (Hardie 2014), the size of the difference: 1 is twice as often; `n_target`,
        `n_reference`, and the articles with the word.

    Raises
    ------
    FramingError
        If a mask has the wrong length, either side is empty, or they share articles.

    Notes
    -----
    `p` takes words as independent and is not corrected for the many words that are looked at: rank by it, do not quote it. A
    word of one article can be key; look at `n_articles_target`.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "text": ["ban ban ban order", "order order order ban"]})
    >>> tk.keyness(tk.tokenize(articles), [True, False])[["feature", "log_ratio", "n_target", "n_reference"]]
      feature  log_ratio  n_target  n_reference
    0     ban   1.584963         3            1
    1   order  -1.584963         1            3
    """
    from scipy import stats

    wanted = _mask(tokens, target, "target")
    others = ~wanted if reference is None else _mask(tokens, reference, "reference")
    if (wanted & others).any():
        raise FramingError(
            f"Target and reference share {int((wanted & others).sum()):,} articles; each belongs to one side."
        )
    for name, mask in (("target", wanted), ("reference", others)):
        if not mask.any():
            raise FramingError(f"The {name} has no article: the condition is true of none.")
    keys = tokens.vocabulary.keys(possessive=True)[0]
    counts, documents = map(list, zip(_totals(tokens, wanted), _totals(tokens, others), strict=True))
    kept = np.flatnonzero(counts[0] + counts[1] >= max(min_n, 1))
    n_target, n_reference = counts[0][kept], counts[1][kept]
    words_target, words_reference = int(counts[0].sum()), int(counts[1].sum())
    g2 = log_likelihood(n_target, n_reference, words_target - n_target, words_reference - n_reference)
    table = pd.DataFrame(
        {
            "feature": pd.array(keys.take(kept).to_pylist(), dtype="str"),
            "G2": g2,
            "p": stats.chi2.sf(np.abs(g2), 1),
            "log_ratio": log_ratio(n_target, n_reference, words_target, words_reference),
            "n_target": n_target,
            "n_reference": n_reference,
            "n_articles_target": documents[0][kept],
            "n_articles_reference": documents[1][kept],
        }
    )[list(KEYNESS.columns)]
    table = table.sort_values(["G2", "feature"], ascending=[False, True]).reset_index(drop=True)
    settings = {"min_n": min_n, "n_articles_target": int(wanted.sum()), "n_articles_reference": int(others.sum())}
    settings |= {"n_words_target": words_target, "n_words_reference": words_reference}
    table.attrs = {"recipe": make_recipe("toolkit.keyness", settings, tokens.corpus, ("pandas", "numpy", "scipy"))}
    return table


def _totals(tokens: Tokens, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the occurrences of each word in the articles under the mask, and how many of them have it."""
    if mask.sum() * 2 > len(mask):  # the smaller side is counted, the other is the rest
        rest = _totals(tokens, ~mask)
        return tokens.key_totals[0] - rest[0], tokens.key_totals[1] - rest[1]
    part = tokens.by_article[np.flatnonzero(mask)]
    occurrences = np.bincount(part.indices, weights=part.data, minlength=part.shape[1]).astype(np.int64)
    return occurrences, np.bincount(part.indices, minlength=part.shape[1])


def _mask(tokens: Tokens, given: ArrayLike, name: str) -> np.ndarray:
    mask = np.asarray(given)
    if mask.dtype != bool or mask.shape != (len(tokens.articles),):
        raise FramingError(
            f"The {name} is true or false for each of the {len(tokens.articles):,} articles, such as "
            f"tokens.articles['source'] == 'CNN'; this is {mask.dtype} of shape {mask.shape}."
        )
    return mask
