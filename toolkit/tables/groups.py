"""Own the numbering of rows: of groups, stories and articles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.tables.checks import check_choice, check_own_columns
from toolkit.tables.choices import UNITS as UNITS
from toolkit.tables.declarations import USAGE
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
        place, known = pd.factorize(cells[column], use_na_sentinel=False)
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
