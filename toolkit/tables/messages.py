"""Own the errors and warnings, and the phrases that their sentences are made of."""

from __future__ import annotations

import difflib
import sys
import warnings
from collections.abc import Collection, Iterable
from typing import Any

import pandas as pd

from toolkit.tables.aliases import namesakes


class FramingError(ValueError):
    """Raised when a question cannot be answered as asked."""

    __module__ = "toolkit.tables"  # as tracebacks and warning filters name it


class FramingWarning(UserWarning):
    """Warns that an answer is right, but that the question may not be the one that was meant."""

    __module__ = "toolkit.tables"


def warn_user(message: str) -> None:
    """Warn at the line of the first caller outside the toolkit: the line that can be changed."""
    level, frame = 2, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "toolkit":
        level, frame = level + 1, frame.f_back
    warnings.warn(message, FramingWarning, stacklevel=level)


def pick(values: Iterable[str], at: Any) -> pd.api.extensions.ExtensionArray:
    """Return a string column whose rows are the `values` at these places.

    Examples
    --------
    >>> list(pick(["title", "text"], [1, 1, 0]))
    ['text', 'text', 'title']
    """
    known = list(values)
    return pd.array(known, dtype="str").take(at) if known else pd.array([], dtype="str")


def nearest(word: str, known: Iterable[str], n: int = 3) -> list[str]:
    """Return up to `n` of the `known` names that look most like `word`.

    Examples
    --------
    >>> nearest("news2017", ["news-2017", "abp-counts"])
    ['news-2017']
    """
    names = {str(name).casefold(): str(name) for name in known}
    return [names[m] for m in difflib.get_close_matches(word.casefold(), list(names), n=n, cutoff=0.5)]


def listed(names: Iterable[Any]) -> str:
    """Join names for a sentence.

    Examples
    --------
    >>> listed(["source", "date"])
    'source, date'
    """
    return ", ".join(str(n) for n in names)


def a_type(value: Any) -> str:
    """Name the type of a value with its article.

    Examples
    --------
    >>> a_type(3), a_type([])
    ('an int', 'a list')
    """
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeioAEIO' else 'a'} {name}"


def not_found(what: str, wanted: Any, known: Collection[str]) -> FramingError:
    """Return the error that says what was not found, what is near it, and what there is.

    A name for a column of articles that archives use suggests the column.

    Examples
    --------
    >>> print(not_found("corpus", "news2017", ["abp-counts", "news-2017"]))
    There is no corpus 'news2017'. Did you mean 'news-2017'? There are: abp-counts, news-2017.
    """
    near = namesakes(str(wanted), known)[:1] or nearest(str(wanted), known)
    hint = f" Did you mean {' or '.join(repr(n) for n in near)}?" if near else ""
    there = f" There are: {listed(known)}." if known else " There are none."
    return FramingError(f"There is no {what} {wanted!r}.{hint}{there}")
