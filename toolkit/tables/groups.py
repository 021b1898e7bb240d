"""Own the numbering of rows: of groups, stories and articles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.tables.checks import check_choice, check_own_columns
from toolkit.tables.choices import UNITS as UNITS
from toolkit.tables.declarations import USAGE
from toolkit.tables.messages import FramingError
from toolkit.tables.periods import check_freq
from toolkit.tables.table import Table

Ints = NDArray[np.int64]


def numbered(cells: pd.DataFrame) -> tuple[Ints, pd.DataFrame]:
    """Number the distinct rows in the order in which they come, a missing value counting as a value.

    Examples
    --------
    >>> number, rows = numbered(pd.DataFrame({"source": ["x", None, "x"]}))
    >>> number.tolist(), len(rows)
    ([0, 1, 0], 2)
    """
    code = np.zeros(len(cells), dtype=np.int64)
    for column in cells.columns:
        try:
            place, known = pd.factorize(cells[column], use_na_sentinel=False)
        except TypeError:
            raise FramingError(
                f"The column {column} holds values that cannot be told apart, such as lists. Give each a row: articles.explode({column!r})."
            ) from None
        code = pd.factorize(code * max(len(known), 1) + place)[0].astype(np.int64)
    return code, cells.iloc[first_rows(code)].reset_index(drop=True)


def first_rows(code: Ints) -> Ints:
    """Return the first row of each number."""
    first = np.zeros(int(code.max(initial=-1)) + 1, dtype=np.int64)
    first[code[::-1]] = np.arange(len(code))[::-1]
    return first


def columns_named(by: str | Sequence[str]) -> list[str]:
    """Return the names in `by` as a list, each once."""
    return [by] if isinstance(by, str) else list(dict.fromkeys(by))


def check_cells(by: list[str], freq: str | None, unit: str = "article", *, table: Table = USAGE) -> None:
    """Raise where cells cannot be made so; `table` is made of them, and its own columns make no cells."""
    check_choice("unit", unit, UNITS)
    check_freq(freq)
    check_own_columns(by, table)


def article_numbers(frame: pd.DataFrame) -> Ints:
    """Number the articles that rows belong to: those of one `doc_id` have one number."""
    return np.asarray(pd.factorize(frame["doc_id"])[0], dtype=np.int64)


def story_numbers(frame: pd.DataFrame, article: Ints) -> Ints:
    """Number the stories that rows belong to; an article without a `story_id` is a story of its own.

    Examples
    --------
    >>> frame = pd.DataFrame({"doc_id": ["a", "b", "c", "d"], "story_id": ["s", None, "s", None]})
    >>> story_numbers(frame, article_numbers(frame)).tolist()
    [0, 1, 0, 2]
    """
    if "story_id" not in frame.columns:
        return article

    named = np.asarray(pd.factorize(frame["story_id"])[0], dtype=np.int64)
    n_named = int(named.max(initial=-1)) + 1
    return np.asarray(pd.factorize(np.where(named >= 0, named, article + n_named))[0], dtype=np.int64)


def standing(story: Ints, article: Ints, date: pd.Series) -> NDArray[np.bool_]:
    """Tell which rows are of the earliest article of their story: of a tie the first row's, and undated ones last.

    Examples
    --------
    Of three articles of one story the second is the earliest:

    >>> dates = pd.Series(pd.to_datetime(["2017-01-03", "2017-01-02", None]))
    >>> standing(np.array([0, 0, 0]), np.array([0, 1, 2]), dates).tolist()
    [False, True, False]
    """
    order = np.argsort(date.to_numpy(), kind="stable")[::-1]  # numpy puts missing dates last

    earliest = np.empty(int(story.max(initial=-1)) + 1, dtype=np.int64)
    earliest[story[order]] = article[order]  # of several the last that is written stays: the earliest
    return np.asarray(earliest[story] == article, dtype=bool)
