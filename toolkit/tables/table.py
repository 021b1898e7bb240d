"""Own what a declared table is: its columns in order, and how a frame is laid out, checked and described by them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from pandas.api import types

from toolkit.tables.messages import FramingError, listed

Dtype = Literal["str", "int", "float", "bool", "date", "Int64", "boolean", "any"]

_PANDAS = {
    "str": "str",
    "int": "int64",
    "float": "float64",
    "bool": "bool",
    "date": "datetime64[us]",
    "Int64": "Int64",
    "boolean": "boolean",
}
"""How pandas spells each dtype; Int64 and boolean have missing values, int and bool have none."""

_FITS: dict[Dtype, Callable[[Any], bool]] = {
    "any": lambda dtype: True,
    "str": lambda dtype: isinstance(getattr(getattr(dtype, "categories", None), "dtype", dtype), pd.StringDtype),
    "int": lambda dtype: isinstance(dtype, np.dtype) and dtype.kind in "iu",
    "float": lambda dtype: isinstance(dtype, np.dtype) and dtype.kind == "f",
    "bool": lambda dtype: dtype == np.dtype(bool),
    "date": types.is_datetime64_any_dtype,
    "Int64": lambda dtype: dtype == pd.Int64Dtype(),
    "boolean": lambda dtype: dtype == pd.BooleanDtype(),
}
"""Which dtypes of pandas fit, whatever their width; categories of text are text."""

_ENDINGS = {
    "low": "lower end of the interval of `{name}`",
    "high": "upper end of the interval of `{name}`",
    "target": "{meaning}, of the target",
    "reference": "{meaning}, of the reference",
    "before": "{meaning}, before",
    "after": "{meaning}, after",
    "first": "{meaning}, of the first",
    "second": "{meaning}, of the second",
}
"""Columns whose names end so mean what the rest of the name means, and this."""


@dataclass(frozen=True)
class Column:
    """A column: what kind of value it holds, what the value means, and in what unit it is.

    Attributes
    ----------
    dtype : {"str", "int", "float", "bool", "date", "Int64", "boolean", "any"}
        The kind of value; ``"any"`` is for a column that keeps the dtype of what it was taken from.
    meaning : str
        What a value says.
    unit : str
        Of a number, where the meaning leaves it open: articles, words, a share from 0 to 1, ...
    """

    dtype: Dtype
    meaning: str
    unit: str = ""

    def fits(self, values: pd.Series) -> bool:
        """Tell whether these values are of the column's dtype, whatever their width.

        Examples
        --------
        >>> Column("int", "hits").fits(pd.Series([1, 2])), Column("int", "hits").fits(pd.Series([1.0, None]))
        (True, False)
        """
        return _FITS[self.dtype](values.dtype)


class Table:
    """A kind of table: what a row is, and its columns in order.

    Parameters
    ----------
    name : str
        What the project calls a table of this kind.
    row : str
        What one row is.
    made_by : str
        The function that returns such a table.
    order : str
        The names of the columns in order, parted by spaces. One that ends in ``?`` is optional; those in brackets come in any
        order. ``n_<term>`` stands for any column that begins with ``n_``, and ``<by>`` for any column at all.
    common : mapping of str to Column
        Columns that several tables share.
    **own : Column
        Columns that `common` lacks, or that mean something else here. A name that neither has means what it means without its
        ending: `n_words_target` is `n_words`, of the target, and `share_low` the lower end of the interval of `share`.

    Attributes
    ----------
    columns, optional : dict of str to Column
        The columns that are always there, and those that can be there; in order.

    Examples
    --------
    >>> common = {"<by>": Column("any", "the cell"), "n_words": Column("int", "words in the cell")}
    >>> rates = Table("rates", "one cell", "tk.rates", "<by> rate rate_low n_words?", common, rate=Column("float", "a rate"))
    >>> list(rates.columns), list(rates.optional)
    (['rate', 'rate_low'], ['n_words'])
    >>> rates.columns["rate_low"].meaning
    'lower end of the interval of `rate`'
    """

    def __init__(
        self, name: str, row: str, made_by: str, order: str, common: Mapping[str, Column], /, **own: Column
    ) -> None:
        self.name, self.row, self.made_by = name, row, made_by
        self.order: dict[str, Column] = {}
        self.columns: dict[str, Column] = {}
        self.optional: dict[str, Column] = {}
        self._rank: dict[str, int] = {}

        known = {**common, **own}
        for rank, group in enumerate(re.findall(r"\[[^]]*\]|\S+", order)):
            for written in group.strip("[]").split():
                key = written.removesuffix("?")
                self.order[key], self._rank[key] = _column(key, known), rank
                if not _stands_for_any(key):
                    (self.optional if written.endswith("?") else self.columns)[key] = self.order[key]

        # a slip in a name would leave its meaning without a place
        unused = [each for each in own if not any(f"{key}_".startswith(f"{each}_") for key in self.order)]
        if unused:
            raise KeyError(f"The order of {name} has no {listed(unused)}")

    def __repr__(self) -> str:
        return f"<table of {self.name}: {self.row}; {listed(self.columns)}>"

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        """The names with a part in angle brackets, the most definite first: ``<by>`` stands for any column, and comes last."""
        keys = [key for key in self.order if "<" in key]
        keys.sort(key=lambda key: -len(re.sub(r"<[^>]*>", "", key)))
        return {key: re.compile(re.sub(r"<[^>]*>", "(.+)", key)) for key in keys}

    def place_of(self, name: str) -> str | None:
        """Return the declared name that a column comes under, or None where the table has no such column.

        Examples
        --------
        >>> from toolkit.tables import COUNTS, USAGE
        >>> USAGE.place_of("n_hits"), USAGE.place_of("outlet"), COUNTS.place_of("n_reset")
        ('n_hits', '<by>', 'n_<term>')
        """
        if name in self.order:
            return name
        return next((key for key, pattern in self._patterns.items() if pattern.fullmatch(name)), None)

    def layout(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame with its columns in the declared order and dtypes.

        Columns that the table does not know come last.

        Examples
        --------
        >>> from toolkit.tables import COVERAGE
        >>> frame = pd.DataFrame({"covered": [True], "n_articles": [2.0], "period": ["2017-01-01"], "source": ["CNN"]})
        >>> COVERAGE.layout(frame)
          source     period  n_articles  covered
        0    CNN 2017-01-01           2     True
        """
        ordered = frame[self._ordered(frame)]
        wrong = {
            name: _PANDAS[self.order[place].dtype]
            for name in ordered.columns
            if (place := self.place_of(str(name))) and not self.order[place].fits(ordered[name])
        }
        return ordered.astype(wrong) if wrong else ordered

    def _ordered(self, frame: pd.DataFrame) -> list[str]:
        """Return the names of the frame's columns in the declared order."""
        places = {name: self.place_of(str(name)) for name in frame.columns}
        rank = {name: math.inf if place is None else self._rank[place] for name, place in places.items()}
        return sorted(frame.columns, key=rank.__getitem__)

    def misfits(self, frame: pd.DataFrame) -> list[str]:
        """Return what is wrong with a frame, one sentence each: none, where it fits the declaration.

        Examples
        --------
        >>> from toolkit.tables import COVERAGE
        >>> COVERAGE.misfits(pd.DataFrame({"period": [pd.Timestamp("2017-01-01")], "n_articles": ["two"]}))
        ['covered is missing', 'n_articles holds str, not int']
        """
        faults = [f"{name} is missing" for name in self.columns if name not in frame.columns]

        for name in map(str, frame.columns):
            place = self.place_of(name)
            if place is None:
                faults.append(f"{name} is not declared")
            elif not self.order[place].fits(frame[name]):
                faults.append(f"{name} holds {frame[name].dtype}, not {self.order[place].dtype}")

        ordered = self._ordered(frame)
        if list(frame.columns) != ordered:
            faults.append(f"the order of columns is {listed(frame.columns)}, not {listed(ordered)}")
        return faults

    def check(self, frame: pd.DataFrame) -> None:
        """Raise unless the frame is a table of this kind.

        Examples
        --------
        >>> from toolkit.tables import COVERAGE
        >>> COVERAGE.check(pd.DataFrame({"period": [pd.Timestamp("2017-01-01")], "covered": [True]}))
        Traceback (most recent call last):
        ...
        toolkit.tables.FramingError: This is no table of coverage, as tk.coverage returns: n_articles is missing.
        """
        if faults := self.misfits(frame):
            raise FramingError(f"This is no table of {self.name}, as {self.made_by} returns: {'; '.join(faults)}.")

    def describe(self) -> pd.DataFrame:
        """Return the declaration as a table: one row per column, in order, with dtype, unit, meaning, and whether it is always there.

        Examples
        --------
        >>> from toolkit.tables import EVENTS
        >>> EVENTS.describe()[["column", "dtype", "meaning"]]
               column dtype                     meaning
        0        date  date         the day of the fact
        1       label   str                 a few words
        2      source   str  the document that says so
        3  chronology   str      the file that lists it
        """
        rows = [(key, c.dtype, c.unit, c.meaning, key in self.columns) for key, c in self.order.items()]
        return pd.DataFrame(rows, columns=["column", "dtype", "unit", "meaning", "always"])


def _stands_for_any(key: str) -> bool:
    """Tell whether a name such as ``<by>`` stands for any column."""
    return re.fullmatch("<[^>]*>", key) is not None


def _column(name: str, known: Mapping[str, Column]) -> Column:
    """Return the column of that name, or what its name without the ending means and what the ending adds."""
    if name in known:
        return known[name]

    base, _, ending = name.rpartition("_")
    if ending not in _ENDINGS:
        raise KeyError(f"{name} is not declared")
    column = _column(base, known)
    return Column(column.dtype, _ENDINGS[ending].format(name=base, meaning=column.meaning), column.unit)
