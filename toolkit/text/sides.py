"""Own the sides of a comparison: which articles are the target, which the reference, and how often each word stands there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from toolkit.tables import FramingError, listed, not_found, require
from toolkit.tables.checks import check_choice
from toolkit.tables.choices import UNITS, Unit
from toolkit.tables.groups import standing, story_numbers
from toolkit.tables.periods import dates_of
from toolkit.text.index import Index

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Side = Literal["rest"] | str | Sequence[str] | Mapping[str, Any] | ArrayLike
"""Which articles: a source, or several; columns with the value or values wanted; true or false for each; or "rest", all others."""

_MOST_NAMED = 50  # values that an error lists


class Sides(NamedTuple):
    """The articles that are counted on each side, and the story of every article of the index."""

    target: Mask
    reference: Mask
    story: Ints


def two_sides(tokens: Index, target: Side, reference: Side | None = "rest", unit: Unit = "article") -> Sides:
    """Return which articles are the target and which the reference.

    Parameters
    ----------
    tokens : Index
        The index of the articles.
    target, reference : str, list of str, mapping, array_like of bool, or "rest"
        One of: the name of a source, or a list of such names (values of the column `source`); columns with the value or values
        wanted, such as ``{"section": ["news", "sport"]}``, all of which must be true; true or false for each article; or "rest", all
        articles that are not on the other side. Without a reference (None) it is the rest. A source that is called
        "rest" is written ``{"source": "rest"}``.
    unit : {"article", "story"}
        With "story", of each story on each side the earliest article only.

    Raises
    ------
    FramingError
        If a side has no article or no word, both share articles, both are the rest, or a condition cannot be read.

    Examples
    --------
    >>> import toolkit as tk
    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "source": ["Post", "Sun"], "text": ["A ban.", "No ban."]})
    >>> two_sides(tk.tokenize(articles), "Sun").target.tolist()
    [False, True]
    """
    check_choice("unit", unit, UNITS)
    wanted, others = side_masks(tokens.articles, target, reference)
    for name, mask in _named(wanted, others):
        _check_words(tokens, mask, name)

    if unit == "story":
        wanted, others = (earliest_of_stories(tokens.articles, np.where(mask, 0, -1)) for mask in (wanted, others))
    return Sides(wanted, others, story_numbers(tokens.articles, np.arange(len(tokens.articles), dtype=np.int64)))


def side_masks(articles: pd.DataFrame, target: Side, reference: Side | None = "rest") -> tuple[Mask, Mask]:
    """Return which rows of a table are on the one side and which on the other; see `two_sides`.

    Examples
    --------
    >>> articles = pd.DataFrame({"source": ["Post", "Sun", "Wire"]})
    >>> [mask.tolist() for mask in side_masks(articles, "Sun", "Post")]
    [[False, True, False], [True, False, False]]
    """
    if _is_rest(target) and _is_rest(reference):
        raise FramingError(
            'Target and reference are both "rest", all articles of the other side. Say of one of them which articles it is.'
        )

    masks = [None if _is_rest(side) else _mask(articles, side, name) for name, side in _named(target, reference)]
    known = next(mask for mask in masks if mask is not None)
    wanted, others = (~known if mask is None else mask for mask in masks)

    n_shared = int((wanted & others).sum())
    if n_shared:
        noun = "article" if n_shared == 1 else "articles"
        raise FramingError(f"Target and reference share {n_shared:,} {noun}; each belongs to one side.")
    return wanted, others


def is_condition(side: Any) -> bool:
    """Tell whether a side is stated by columns with their values, or by true and false for each row."""
    if isinstance(side, Mapping):
        return True
    return hasattr(side, "__len__") and not isinstance(side, str) and np.asarray(side).dtype == bool


def _named(target: Any, reference: Any) -> tuple[tuple[str, Any], tuple[str, Any]]:
    return ("target", target), ("reference", reference)


def _is_rest(side: Any) -> bool:
    return side is None or (isinstance(side, str) and side == "rest")


def _check_words(tokens: Index, mask: Mask, name: str) -> None:
    """Raise unless a side has an article with a word."""
    if not mask.any():
        raise FramingError(f"The {name} has no article: the condition is true of none.")
    if not tokens.n_words[mask].any():
        empty = "one article is empty" if mask.sum() == 1 else f"{int(mask.sum()):,} articles are empty"
        raise FramingError(f"The {name} has no word: its {empty}.")


def earliest_of_stories(articles: pd.DataFrame, cell: Ints) -> Mask:
    """Tell which articles are the earliest of their story in their cell; those of the cell -1 are not.

    Of articles of one day it is the one that stands first. Undated articles come last.

    Examples
    --------
    >>> dates = pd.to_datetime(["2017-01-02", "2017-01-01", "2017-01-03"])
    >>> articles = pd.DataFrame({"doc_id": list("abc"), "story_id": "s", "date": dates})
    >>> earliest_of_stories(articles, np.array([0, 0, 1])).tolist()
    [False, True, True]
    """
    article = np.arange(len(articles), dtype=np.int64)
    story = story_numbers(articles, article)
    story_in_cell = pd.factorize(cell * (int(story.max(initial=0)) + 1) + story)[0]
    return standing(story_in_cell, article, dates_of(articles)) & (cell >= 0)


def word_counts(tokens: Index, mask: Mask) -> tuple[Ints, Ints]:
    """Return the occurrences of each word in the articles under the mask, and how many of them have it."""
    if mask.sum() * 2 > len(mask):  # the smaller side is counted, the larger is what that leaves
        occurrences, articles = word_counts(tokens, ~mask)
        return tokens.key_totals[0] - occurrences, tokens.key_totals[1] - articles

    part = tokens.by_article[np.flatnonzero(mask)]
    occurrences = np.bincount(part.indices, weights=part.data, minlength=part.shape[1]).astype(np.int64)
    return occurrences, np.bincount(part.indices, minlength=part.shape[1])


def stated(side: Side | None) -> Any:
    """Return a side as a recipe states it: its conditions, or that it was a mask, or all others."""
    if _is_rest(side):
        return "all others"
    conditions = _conditions(side)
    if conditions is None:
        return "a mask"
    return {str(column): [str(value) for value in _values(values)] for column, values in conditions.items()}


def _conditions(side: Any) -> Mapping[str, Any] | None:
    """Return columns with the values wanted, or None where a side is not stated so; a bare value is a source."""
    if isinstance(side, Mapping):
        return side
    names = [side] if isinstance(side, str) else side
    listing = isinstance(names, (list, tuple, np.ndarray, pd.Series, pd.Index)) and len(names) > 0
    if listing and all(isinstance(name, str) for name in names):
        return {"source": list(names)}
    return None


def _values(value: Any) -> list[Any]:
    one = isinstance(value, str) or not hasattr(value, "__iter__")
    return [value] if one else list(value)


def _mask(articles: pd.DataFrame, side: Any, name: str) -> Mask:
    """Return which articles a side names."""
    conditions = _conditions(side)
    if conditions is not None:
        return _where(articles, conditions, name)

    mask = np.asarray(side)
    if mask.dtype != bool or mask.shape != (len(articles),):
        raise FramingError(
            f'The {name} is a source, a list of sources, a dict of columns with their values, "rest", or true or false for each '
            f"of the {len(articles):,} articles, such as articles['source'] == 'CNN'; this is {mask.dtype} of shape "
            f"{mask.shape}."
        )
    return mask


def _where(articles: pd.DataFrame, conditions: Mapping[str, Any], name: str) -> Mask:
    """Return for which articles all conditions are true."""
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
