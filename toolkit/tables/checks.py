"""Own the checks that every room shares: choices, numbers, tables, dates, and columns that a result has itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from numbers import Integral, Real
from typing import Any

import pandas as pd

from toolkit.tables.messages import FramingError, a_type, listed, not_found
from toolkit.tables.table import Table


def check_choice(what: str, value: Any, choices: Collection[str], *, optional: bool = False) -> None:
    """Raise unless `value` is one of the `choices`; with `optional`, None is one too.

    Examples
    --------
    >>> check_choice("unit", "storys", ["article", "story"])
    Traceback (most recent call last):
    ...
    toolkit.tables.FramingError: There is no unit 'storys'. Did you mean 'story'? There are: article, story.
    """
    if optional and value is None:
        return

    if not isinstance(value, str) or value not in choices:
        raise not_found(what, value, choices)


def check_at_least(
    name: str,
    value: Any,
    least: float,
    what: str = "a whole number",
    *,
    better: int | None = None,
    whole: bool = True,
    optional: bool = False,
) -> None:
    """Raise unless `value` is a whole number (without `whole`, any number) of at least `least`; with `optional`, or None.

    `what` says what the number is, and `better` names one that serves better than the least.

    Examples
    --------
    >>> check_at_least("n", 0, 1, "how many words to return")
    Traceback (most recent call last):
    ...
    toolkit.tables.FramingError: n is how many words to return, 1 or more; this is 0.
    >>> check_at_least("draws", 9, 100, "how often stories are drawn again", better=2_000)
    Traceback (most recent call last):
    ...
    toolkit.tables.FramingError: draws is how often stories are drawn again, 100 or more, better 2,000; this is 9.
    """
    if optional and value is None:
        return

    # True counts as 1 in Python, and nobody means it
    number = isinstance(value, Integral if whole else Real) and not isinstance(value, bool)
    if not number or not value >= least:
        advice = "" if better is None else f", better {better:,}"
        raise FramingError(f"{name} is {what}, {least:,} or more{advice}; this is {value!r}.")


def check_fraction(name: str, value: Any, such_as: float) -> None:
    """Raise unless `value` lies between 0 and 1, both excluded.

    Examples
    --------
    >>> check_fraction("weight", 1, such_as=0.5)
    Traceback (most recent call last):
    ...
    toolkit.tables.FramingError: weight is a number between 0 and 1, such as 0.5; this is 1.
    """
    if not isinstance(value, Real) or not 0 < float(value) < 1:
        raise FramingError(f"{name} is a number between 0 and 1, such as {such_as}; this is {value!r}.")


def check_confidence(confidence: Any) -> None:
    """Raise unless `confidence` can be the coverage of an interval.

    Examples
    --------
    >>> check_confidence(95)
    Traceback (most recent call last):
    ...
    toolkit.tables.FramingError: confidence is a number between 0 and 1, such as 0.95; this is 95.
    """
    check_fraction("confidence", confidence, such_as=0.95)


def check_type(value: Any, kind: type, wanted: str) -> None:
    """Raise unless `value` is of this kind; `wanted` is the first half of the sentence, and says where one comes from.

    Examples
    --------
    >>> check_type([], dict, "topic_map takes what tk.fit_topics returns")
    Traceback (most recent call last):
    ...
    toolkit.tables.FramingError: topic_map takes what tk.fit_topics returns; this is a list.
    """
    if not isinstance(value, kind):
        raise FramingError(f"{wanted}; this is {a_type(value)}.")


def check_frame(frame: Any, name: str, *, made_by: str | None = None) -> None:
    """Raise unless `frame` is a DataFrame; `made_by` names the function that makes such a table.

    Examples
    --------
    >>> check_frame([], "hits", made_by="tk.find")
    Traceback (most recent call last):
    ...
    toolkit.tables.FramingError: A table of hits is a pandas DataFrame, from tk.find; this is a list.
    """
    origin = "" if made_by is None else f", from {made_by}"
    check_type(frame, pd.DataFrame, f"A table of {name} is a pandas DataFrame{origin}")
    check_levels(frame, name)


def check_levels(frame: Any, name: str) -> None:
    """Raise if columns have several levels, as those of a pivoted table; a Dask frame has columns, too."""
    if getattr(frame.columns, "nlevels", 1) > 1:
        raise FramingError(
            f"This table of {name} has columns of {frame.columns.nlevels} levels; it needs one. Join their names: "
            f"{name}.columns = ['_'.join(map(str, levels)) for levels in {name}.columns]."
        )


def check_dates_in(frame: pd.DataFrame, name: str, column: str = "date") -> None:
    """Raise unless the column holds dates; `name` is what the table is called in the advice.

    Examples
    --------
    >>> check_dates_in(pd.DataFrame({"date": ["1 May"]}), "hits")
    Traceback (most recent call last):
    ...
    toolkit.tables.FramingError: The column date holds str, not dates. Convert it: hits['date'] = pd.to_datetime(hits['date'], errors='coerce').
    """
    if not pd.api.types.is_datetime64_any_dtype(frame[column]):
        place = f"{name}[{column!r}]"
        aware = any(getattr(value, "tzinfo", None) is not None for value in frame[column].dropna().head(1000))
        zones = ", utc=True" if aware else ""  # else dates of a second time zone come out as missing
        raise FramingError(
            f"The column {column} holds {frame[column].dtype}, not dates. "
            f"Convert it: {place} = pd.to_datetime({place}, errors='coerce'{zones})."
        )


def check_own_columns(by: Sequence[str], table: Table, *, what: str = "Cells cannot be made by") -> None:
    """Raise where `by` names a column that the resulting table has itself.

    Examples
    --------
    >>> from toolkit.tables import USAGE
    >>> check_own_columns(["source", "covered"], USAGE)
    Traceback (most recent call last):
    ...
    toolkit.tables.FramingError: Cells cannot be made by covered: the table of usage has that column itself.
    """
    own = [column for column in by if column in table.columns or column in table.optional]
    if own:
        columns = "that column" if len(own) == 1 else "those columns"
        raise FramingError(f"{what} {listed(own)}: the table of {table.name} has {columns} itself.")
