"""Own the windows around hits: how far each reaches, and which words are in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toolkit.tables import FramingError, not_found
from toolkit.text.index import Index
from toolkit.text.matches import AnyTerms, match
from toolkit.text.sentences import UNITS, Unit, unit_bounds
from toolkit.text.terms import Terms

Places = NDArray[np.int64]
Window = int | tuple[int, int] | Unit
"""The reach of a window: words on each side, words to the left and to the right, or the whole sentence or paragraph."""


class Windows(NamedTuple):
    """Occurrences of the node with their windows, in the order of the corpus and without overlap.

    Attributes
    ----------
    first, last : ndarray of int64
        Positions of the first and last word of each occurrence.
    low, high : ndarray of int64
        Positions of the first and last word of each window, the occurrence included; they never leave its field.
    article : ndarray of int64
        Place of the article of each.
    """

    first: Places
    last: Places
    low: Places
    high: Places
    article: Places


def check_window(window: Any) -> Window:
    """Return the window as plain values, or raise.

    Examples
    --------
    >>> check_window([5, 0])
    (5, 0)
    """
    if isinstance(window, str):
        if window not in UNITS:
            raise not_found("window", window, UNITS)
        return "sentence" if window == "sentence" else "paragraph"
    sides: Any = window if isinstance(window, Sequence) else (window, window)
    whole = all(isinstance(n, (int, np.integer)) and not isinstance(n, bool) for n in sides)
    if not whole or len(sides) != 2 or min(sides) < 0:
        raise FramingError(
            "A window is a number of words on each side, two numbers (left, right), "
            f'"sentence" or "paragraph"; this is {window!r}.'
        )
    left, right = int(sides[0]), int(sides[1])
    if left + right < 1:
        raise FramingError(f"A window is at least one word on one side; this is {window!r}.")
    return (left, right) if isinstance(window, Sequence) else left


def windows_of(tokens: Index, terms: AnyTerms, window: Window, language: str | None = None) -> Windows:
    """Find the occurrences of the node, and the reach of their windows.

    Parameters
    ----------
    tokens : Index
        The index of the articles.
    terms : Terms, dict, list or str
        The node: all patterns of all terms together. Where matches of two terms overlap, they are one occurrence.
    window : int, (int, int), "sentence" or "paragraph"
        Words on each side, words left and right, or the sentence or paragraph that holds the occurrence.
    language : str, optional
        For sentences: a code for all articles, or the column that has the codes; by default the column `language`, else "en".

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> tokens = tk.tokenize(pd.DataFrame({"doc_id": ["a"], "text": ["No reset. A fresh reset of ties."]}))
    >>> found = windows_of(tokens, "reset", (5, 1))
    >>> found.first.tolist(), found.low.tolist(), found.high.tolist()
    ([1, 4], [0, 0], [2, 5])
    """
    found = match(tokens, Terms(terms))
    first, last = found.first, found.last
    if len(first):
        reach = np.maximum.accumulate(last)
        begins = np.flatnonzero(np.concatenate([[True], first[1:] > reach[:-1]]))
        first, last = first[begins], np.maximum.reduceat(last, begins)
    field = tokens.fields_at(first)
    if isinstance(window, str):
        low, high = unit_bounds(tokens, first, last, window, language)
    else:
        left, right = window if isinstance(window, tuple) else (window, window)
        low = np.maximum(first - left, tokens.offsets[field])
        high = np.minimum(last + right, tokens.offsets[field + 1] - 1)
    return Windows(first, last, low, high, field // max(len(tokens.fields), 1))


def words_near_any(found: Windows) -> tuple[Places, NDArray[np.bool_]]:
    """Return the positions inside any window, each once and in order, and whether each stands right of its nearest occurrence.

    Words of the node itself are left out. A word as far from the next occurrence as from the one before stands left of the next.

    Examples
    --------
    >>> places = [np.array(part) for part in ([1, 4], [1, 4], [0, 2], [3, 5], [0, 0])]
    >>> [part.tolist() for part in words_near_any(Windows(*places))]
    [[0, 2, 3, 5], [False, True, False, True]]
    """
    first, last, low, high, _ = found
    if len(first) == 0:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=bool)
    end_of_right, begin_of_left = high.copy(), low.copy()
    end_of_right[:-1] = np.minimum(high[:-1], first[1:] - 1)
    begin_of_left[1:] = np.maximum(low[1:], last[:-1] + 1)
    # where two windows meet, the gap between the occurrences is parted in its middle
    middle = (last[:-1] + first[1:] - 1) // 2
    end_of_right[:-1] = np.minimum(end_of_right[:-1], np.maximum(middle, begin_of_left[1:] - 1))
    begin_of_left[1:] = np.maximum(begin_of_left[1:], end_of_right[:-1] + 1)
    starts = np.column_stack([begin_of_left, last + 1]).ravel()
    stops = np.column_stack([first, end_of_right + 1]).ravel()
    at, run = _runs(starts, stops)
    return at, run % 2 == 1


def words_near_each(found: Windows) -> tuple[Places, Places]:
    """Return the positions inside each window, and the number of the occurrence: a word near two of them comes twice.

    Words of the node itself, of any occurrence, are left out.

    Examples
    --------
    >>> places = [np.array(part) for part in ([1, 4], [1, 4], [0, 2], [3, 5], [0, 0])]
    >>> [part.tolist() for part in words_near_each(Windows(*places))]
    [[0, 2, 3, 2, 3, 5], [0, 0, 0, 1, 1, 1]]
    """
    first, last, low, high, _ = found
    if len(first) == 0:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    at, which = _runs(low, high + 1)
    before = np.searchsorted(first, at, side="right") - 1
    outside = (before < 0) | (at > last[before])
    return at[outside], which[outside]


def _runs(starts: Places, stops: Places) -> tuple[Places, Places]:
    """Return the whole numbers from each start up to its stop, one run after the other, and the number of the run."""
    lengths = np.maximum(stops - starts, 0)
    run = np.repeat(np.arange(len(starts)), lengths)
    skipped = np.cumsum(lengths) - lengths
    return np.arange(len(run)) + (starts - skipped)[run], run
