"""Find the words that stand near a term more often than chance would put them there."""

from __future__ import annotations

import numpy as np
import pandas as pd

from toolkit.measures.association import log_dice, log_likelihood, pointwise_mutual_information, t_score
from toolkit.recipes import make_recipe
from toolkit.tables import COLLOCATES, FramingError
from toolkit.text.finding import AnyTerms, match
from toolkit.text.terms import Terms
from toolkit.text.tokens import Tokens


def collocates(tokens: Tokens, terms: AnyTerms, *, window: int = 5, min_n: int = 3) -> pd.DataFrame:
    """List the words near a term.

    Parameters
    ----------
    tokens : Tokens
        The index of the articles.
    terms : Terms, dict, list or str
        The node: all patterns of all terms together.
    window : int, keyword-only
        Words on each side, within the field. A word near two occurrences counts once.
    min_n : int, keyword-only
        Leave out words that stand in the windows less often.

    Returns
    -------
    DataFrame
        Collocates: one row per word (in lower case, without possessive 's), the highest `logDice` first. `n` inside the
        windows, `n_left` and `n_right` of the nearest occurrence, `n_articles`; `n_corpus` outside the node itself;
        `n_expected` = words in all windows times the word's share of the corpus (surface co-occurrence, Evert 2008);
        `logDice`, `PMI`, `t_score`, and signed `G2` over the four cells (word or other, inside or outside the windows).

    Raises
    ------
    FramingError
        If `window` is less than 1.

    Notes
    -----
    G2 takes words as independent; where one story is printed often, it is too large. logDice is a descriptive measure.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({"doc_id": ["a"], "text": ["A fresh reset. No fresh start, no fresh reset of ties."]})
    >>> tk.collocates(tk.tokenize(articles), "reset", window=1, min_n=1)[["collocate", "n", "n_left", "n_corpus"]]
      collocate  n  n_left  n_corpus
    0     fresh  2       2         3
    1        of  1       0         1
    2        no  1       0         2
    """
    if window < 1:
        raise FramingError(f"A window is at least one word on each side; this is {window}.")
    wanted = Terms(terms)
    found = match(tokens, wanted)
    keys, key_of_form = tokens.vocabulary.keys(possessive=True)
    n = len(tokens)
    inside = _near(tokens, found.first, found.last, window)
    left_side = inside.side < 0
    near_keys = key_of_form[tokens.codes[inside.at]]
    size = len(keys)
    corpus = np.bincount(key_of_form, weights=tokens.form_counts, minlength=size)
    corpus -= np.bincount(key_of_form[tokens.codes[inside.node]], minlength=size)
    count = np.bincount(near_keys, minlength=size)
    left = np.bincount(near_keys[left_side], minlength=size)
    article = (np.searchsorted(tokens.offsets, inside.at, side="right") - 1) // len(tokens.fields)
    pairs = np.unique(near_keys.astype(np.int64) * max(len(tokens.articles), 1) + article)
    in_articles = np.bincount(pairs // max(len(tokens.articles), 1), minlength=size)
    kept = np.flatnonzero(count >= max(min_n, 1))
    observed, total = count[kept].astype(float), corpus[kept]
    in_windows, outside = float(len(inside.at)), float(n - len(inside.node))
    expected = in_windows * total / outside if outside else total
    table = pd.DataFrame(
        {
            "collocate": pd.array(keys.take(kept).to_pylist(), dtype="str"),
            "n": count[kept],
            "n_left": left[kept],
            "n_right": count[kept] - left[kept],
            "n_articles": in_articles[kept],
            "n_corpus": total.astype(np.int64),
            "n_expected": expected,
            "logDice": log_dice(observed, len(found.first), total),
            "PMI": pointwise_mutual_information(observed, expected),
            "t_score": t_score(observed, expected),
            "G2": log_likelihood(
                observed, total - observed, in_windows - observed, outside - in_windows - (total - observed)
            ),
        }
    )[list(COLLOCATES.columns)]
    table = table.sort_values(["logDice", "collocate"], ascending=[False, True]).reset_index(drop=True)
    settings = {"terms": wanted.as_dict(), "window": window, "min_n": min_n, "n_node": len(found.first)}
    table.attrs = {"recipe": make_recipe("toolkit.collocates", settings, tokens.corpus)}
    return table


class _Near:
    """Positions inside the windows, on which side of their nearest occurrence, and the positions of the node."""

    def __init__(self, at: np.ndarray, side: np.ndarray, node: np.ndarray) -> None:
        self.at, self.side, self.node = at, side, node


def _near(tokens: Tokens, first: np.ndarray, last: np.ndarray, window: int) -> _Near:
    node = np.unique(
        np.concatenate([np.arange(a, b + 1) for a, b in zip(first.tolist(), last.tolist(), strict=True)] or [first])
    )
    field = np.searchsorted(tokens.offsets, first, side="right") - 1
    begins, ends = tokens.offsets[field], tokens.offsets[field + 1]
    steps = np.arange(1, window + 1)
    before, after = first[:, None] - steps, last[:, None] + steps
    at = np.concatenate([before[before >= begins[:, None]], after[after < ends[:, None]]])
    distance = np.concatenate(
        [
            np.broadcast_to(-steps, before.shape)[before >= begins[:, None]],
            np.broadcast_to(steps, after.shape)[after < ends[:, None]],
        ]
    )
    order = np.lexsort((np.abs(distance), at))
    at, distance = at[order], distance[order]
    nearest = np.ones(len(at), dtype=bool)
    nearest[1:] = at[1:] != at[:-1]
    nearest[np.isin(at, node)] = False
    return _Near(at[nearest], distance[nearest], node)
