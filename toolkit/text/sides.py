"""Split the articles of an index into a target and a reference, and count the words of each side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from toolkit.tables import FramingError, listed, not_found, require
from toolkit.text.tokens import Tokens

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Condition = ArrayLike | Mapping[str, Any]
"""Which articles: true or false for each, or columns with the value (or values) wanted."""

UNITS = ("article", "story")
_MOST_NAMED = 50  # values that an error lists


class Sides(NamedTuple):
    """The articles that are counted on each side, and the story of every article of the index."""

    target: Mask
    reference: Mask
    story: Ints


def two_sides(tokens: Tokens, target: Condition, reference: Condition | None, unit: str = "article") -> Sides:
    """Return which articles are the target and which the reference.

    Parameters
    ----------
    tokens : Tokens
        The index of the articles.
    target, reference : array_like of bool, or mapping
        True or false for each article, or conditions such as ``{"source": ["CNN", "BBC"]}``, all of which must be true. Without a
        reference all other articles are it.
    unit : {"article", "story"}
        With "story", of each story on each side the earliest article only.

    Raises
    ------
    FramingError
        If a side has no article or no word, both share an article, or a condition cannot be read.

    Examples
    --------
    >>> import toolkit as tk
    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "source": ["Post", "Sun"], "text": ["A ban.", "No ban."]})
    >>> two_sides(tk.tokenize(articles), {"source": "Sun"}, None).target.tolist()
    [False, True]
    """
    if not isinstance(tokens, Tokens):
        raise FramingError(f"Words are compared in an index: tk.tokenize(articles). This is a {type(tokens).__name__}.")
    if unit not in UNITS:
        raise not_found("unit", unit, UNITS)
    wanted = _mask(tokens, target, "target")
    others = ~wanted if reference is None else _mask(tokens, reference, "reference")
    n_shared = int((wanted & others).sum())
    if n_shared:
        noun = "article" if n_shared == 1 else "articles"
        raise FramingError(f"Target and reference share {n_shared:,} {noun}; each belongs to one side.")
    story = story_numbers(tokens.articles)
    for name, mask in (("target", wanted), ("reference", others)):
        if not mask.any():
            raise FramingError(f"The {name} has no article: the condition is true of none.")
        if not tokens.n_words[mask].any():
            empty = "one article is empty" if mask.sum() == 1 else f"{int(mask.sum()):,} articles are empty"
            raise FramingError(f"The {name} has no word: its {empty}.")
    if unit == "story":
        wanted, others = (_earliest(tokens.articles, mask, story) for mask in (wanted, others))
    return Sides(wanted, others, story)


def story_numbers(articles: pd.DataFrame) -> Ints:
    """Return a number for each article's story; an article without a story is one.

    Examples
    --------
    >>> story_numbers(pd.DataFrame({"doc_id": list("abcd"), "story_id": ["s", None, "s", None]})).tolist()
    [0, 1, 0, 2]
    """
    if "story_id" not in articles.columns:
        return np.arange(len(articles), dtype=np.int64)
    number = pd.factorize(articles["story_id"])[0].astype(np.int64)
    alone = number < 0
    number[alone] = number.max(initial=-1) + 1 + np.arange(alone.sum())
    return number


def word_counts(tokens: Tokens, mask: Mask) -> tuple[Ints, Ints]:
    """Return the occurrences of each word in the articles under the mask, and how many of them have it."""
    if mask.sum() * 2 > len(mask):  # the smaller side is counted, the other is the rest
        rest = word_counts(tokens, ~mask)
        return tokens.key_totals[0] - rest[0], tokens.key_totals[1] - rest[1]
    part = tokens.by_article[np.flatnonzero(mask)]
    occurrences = np.bincount(part.indices, weights=part.data, minlength=part.shape[1]).astype(np.int64)
    return occurrences, np.bincount(part.indices, minlength=part.shape[1])


def stated(condition: Condition | None) -> Any:
    """Return a side as a recipe states it: its conditions, or that it was a mask, or all the rest."""
    if condition is None:
        return "all others"
    if not isinstance(condition, Mapping):
        return "a mask"
    return {str(column): [str(v) for v in _values(value)] for column, value in condition.items()}


def _values(value: Any) -> list[Any]:
    one = isinstance(value, str) or not hasattr(value, "__iter__")
    return [value] if one else list(value)


def _mask(tokens: Tokens, given: Condition, name: str) -> Mask:
    if isinstance(given, Mapping):
        return _where(tokens.articles, given, name)
    mask = np.asarray(given)
    if mask.dtype != bool or mask.shape != (len(tokens.articles),):
        raise FramingError(
            f"The {name} is true or false for each of the {len(tokens.articles):,} articles, such as "
            f"tokens.articles['source'] == 'CNN'; this is {mask.dtype} of shape {mask.shape}."
        )
    return mask


def _where(articles: pd.DataFrame, conditions: Mapping[str, Any], name: str) -> Mask:
    if not conditions:
        raise FramingError(f"The {name} has no condition. Name a column and its value, such as {{'source': 'CNN'}}.")
    require(articles, conditions, "articles")
    mask = np.ones(len(articles), dtype=bool)
    for column, value in conditions.items():
        values = _values(value)
        mask &= articles[column].isin(values).to_numpy(dtype=bool)
        absent = [v for v in values if not articles[column].isin([v]).any()]
        if absent:
            known = articles[column].dropna().unique()
            if len(known) <= _MOST_NAMED:
                raise not_found(column, str(absent[0]), [str(v) for v in known])
            raise FramingError(f"There is no {column} {listed(repr(v) for v in absent)} in these articles.")
    return mask


def _earliest(articles: pd.DataFrame, mask: Mask, story: Ints) -> Mask:
    """Keep of each story the earliest article under the mask, of a tie the one that stands first; undated ones come last."""
    rows = np.flatnonzero(mask)
    if "date" in articles.columns:
        rows = rows[np.argsort(articles["date"].to_numpy(dtype="datetime64[us]")[rows], kind="stable")]
    kept = np.zeros(len(mask), dtype=bool)
    kept[rows[np.unique(story[rows], return_index=True)[1]]] = True
    return kept
