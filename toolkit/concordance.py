"""Show terms in the words around them, in the columns that quanteda uses."""

from __future__ import annotations

import numpy as np
import pandas as pd

from toolkit.recipes import make_recipe
from toolkit.tables import FramingError, pick
from toolkit.text.finding import AnyTerms, match
from toolkit.text.terms import Terms
from toolkit.text.tokens import Tokens


def kwic(tokens: Tokens, terms: AnyTerms, *, window: int = 8, n: int | None = None, seed: int = 0) -> pd.DataFrame:
    """Show each occurrence of terms between the words before and after it (key word in context).

    Parameters
    ----------
    tokens : Tokens
        The index of the articles.
    terms : Terms, dict, list or str
        What to look for.
    window : int, keyword-only
        Words on each side; a line never leaves its field.
    n : int, optional, keyword-only
        Draw this many lines at random, in the order of the corpus; all where there are fewer.
    seed : int, keyword-only
        Of that draw.

    Returns
    -------
    DataFrame
        Concordance: one row per occurrence with `docname`, `from`, `to` (words within the field, from 0, inclusive; quanteda
        counts from 1), `pre`, `keyword`, `post` (as printed, with its punctuation), `pattern`, `term`, `field`, and `source`
        and `date` where the articles have them.

    Raises
    ------
    FramingError
        If `window` or `n` is negative.

    Warns
    -----
    FramingWarning
        For each pattern that matches nothing.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({"doc_id": ["a"], "text": ["They call it a “reset”, again."]})
    >>> tk.kwic(tk.tokenize(articles), "reset", window=2)[["pre", "keyword", "post"]].loc[0].tolist()
    ['it a “', 'reset', '”, again.']
    """
    if window < 0 or (n is not None and n < 0):
        raise FramingError(f"A window and a number of lines are 0 or more; these are {window} and {n}.")
    wanted = Terms(terms)
    found = match(tokens, wanted)
    if n is not None and n < len(found.first):
        chosen = np.sort(np.random.default_rng(seed).choice(len(found.first), size=n, replace=False))
        found = type(found)(*(part[chosen] for part in found))
    place = np.searchsorted(tokens.offsets, found.first, side="right") - 1
    article, field = place // len(tokens.fields), place % len(tokens.fields)
    begins, ends = tokens.offsets[place], tokens.offsets[place + 1]
    left = np.maximum(found.first - window, begins)
    right = np.minimum(found.last + window, ends - 1)
    start, end = tokens.starts[found.first], _end(tokens, found.last)
    before = np.where(left == begins, 0, tokens.starts[left])  # a line from the start has the field's first marks too
    after = np.where(
        right == ends - 1, np.iinfo(np.int32).max, _end(tokens, right) + 1
    )  # one more: a closing mark or space
    texts = [tokens.texts(name) for name in tokens.fields]
    places = zip(*(part.tolist() for part in (field, article, before, after)), strict=True)
    lines = [texts[f][a][first:last] for f, a, first, last in places]  # each text is reached for once: that is the cost
    cuts = list(zip((start - before).tolist(), (end - before).tolist(), strict=True))
    pre = [line[:a] for line, (a, _) in zip(lines, cuts, strict=True)]
    keyword = [line[a:b] for line, (a, b) in zip(lines, cuts, strict=True)]
    post = [line[b:] for line, (_, b) in zip(lines, cuts, strict=True)]
    table = pd.DataFrame(
        {
            "docname": tokens.articles["doc_id"].array.take(article),
            "from": found.first - begins,
            "to": found.last - begins,
            "pre": pd.array(_one_line(pre), dtype="str"),
            "keyword": pd.array(_one_line(keyword), dtype="str"),
            "post": pd.array(_one_line(post), dtype="str"),
            "pattern": pick((p.text for group in wanted.values() for p in group), found.pattern),
            "term": pick(wanted, found.term),
            "field": pick(tokens.fields, field),
            **{c: tokens.articles[c].array.take(article) for c in ("source", "date") if c in tokens.articles.columns},
        }
    )
    settings = {"terms": wanted.as_dict(), "window": window, "n": n, "seed": seed}
    table.attrs = {"recipe": make_recipe("toolkit.kwic", settings, tokens.corpus)}
    return table


def _end(tokens: Tokens, positions: np.ndarray) -> np.ndarray:
    return tokens.starts[positions] + tokens.vocabulary.lengths[tokens.codes[positions]]


def _one_line(parts: list[str]) -> list[str]:
    """Turn line breaks and tabs into spaces, so that a line of the concordance is one line."""
    joined = "\0".join(parts)
    for mark in "\n\r\t\v\f\u2028\u2029":
        if mark in joined:
            joined = joined.replace(mark, " ")
    whole = joined.split("\0")
    return whole if len(whole) == len(parts) else [" ".join(part.split()) for part in parts]
