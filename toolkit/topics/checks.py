"""Own the checks of what functions about topics are given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from toolkit.tables import FramingError, listed, warn_user
from toolkit.tables.checks import check_choice, check_type
from toolkit.tables.choices import UNITS
from toolkit.topics.tables import Fit, TopicTables

AnyTopics = TypeVar("AnyTopics", bound=TopicTables)


def check_topics(topics: Any, function: str) -> None:
    """Raise unless these are topics."""
    check_type(topics, TopicTables, f"{function} takes what fit_topics returns")


def fit_of(topics: TopicTables) -> Fit:
    """Return the fit that topics came from, or raise if they do not hold it."""
    check_type(topics, TopicTables, "Topics are what tk.fit_topics returns")
    if topics.fit is None:
        raise FramingError("These topics do not hold the fit that they came from. Fit them again with tk.fit_topics.")
    return topics.fit


def check_topics_named(topics: TopicTables, wanted: int | Sequence[int] | None) -> list[int]:
    """Return the topics that are named, by default all."""
    known = list(topics.labels)
    if wanted is None:
        return known

    named = [int(wanted)] if isinstance(wanted, (int, np.integer)) else [int(each) for each in wanted]
    unknown = [topic for topic in named if topic not in known]
    if unknown:
        raise FramingError(f"There is no topic {listed(unknown)}. There are: {listed(known)}.")
    return named


def check_between(name: str, value: Any, low: float, high: float) -> None:
    """Raise unless `value` is a number from `low` to `high`, both included.

    Examples
    --------
    >>> try:
    ...     check_between("threshold", 2, 0, 1)
    ... except FramingError as error:
    ...     print(error)
    threshold is a number from 0 to 1; this is 2.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        raise FramingError(f"{name} is a number from {low:g} to {high:g}; this is {value!r}.")


def whole_numbers(name: str, given: Any) -> list[int]:
    """Return a list of whole numbers, or a single one as a list; raise if one of them is something else."""
    values = list(given) if isinstance(given, Iterable) and not isinstance(given, str) else [given]
    odd = [v for v in values if isinstance(v, bool) or not isinstance(v, (int, np.integer)) or v < 1]
    if odd or not values:
        raise FramingError(
            f"{name} is a list of whole numbers, 1 or more, as in [5, 10, 20]; this has {listed(odd) or 'none'}."
        )
    return [int(value) for value in values]


def check_unit(unit: str, contexts: pd.DataFrame) -> None:
    """Raise unless contexts can be counted by that unit; warn where stories are not known."""
    check_choice("unit", unit, UNITS)
    if unit == "story" and "story_id" not in contexts.columns:
        warn_user(
            "These contexts have no column story_id, so unit='story' counts each article as a story of its own. "
            "Mark stories before contexts are cut: articles = tk.mark_stories(articles)."
        )
