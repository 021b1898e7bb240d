"""Own the matrix of a regression: levels against a reference, numbers as they are, time as a line or a spline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.tables import FramingError, listed, not_found
from toolkit.tables.groups import first_rows

_MOST_LEVELS = 60  # coefficients of one covariate that a reader can read
_YEAR = 365.25

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Part:
    """The columns of one covariate.

    Attributes
    ----------
    covariate : str
        Its name.
    columns : list of int
        Its columns in the matrix.
    levels : list of str
        The level of each column; empty for numbers and splines.
    reference : str
        What the levels are compared with; empty for numbers and splines.
    codes : ndarray of int
        The level of each row, 0 being the reference; all 0 for numbers and splines.
    """

    covariate: str
    columns: list[int]
    levels: list[str]
    reference: str
    codes: Ints

    @property
    def numeric(self) -> bool:
        """Whether it is a number."""
        return not self.levels and len(self.columns) == 1

    @property
    def joint(self) -> bool:
        """Whether its columns have a meaning only together, as those of a spline."""
        return not self.levels and len(self.columns) > 1


@dataclass(frozen=True)
class Design:
    """The matrix (rows by columns, the first being the constant), its parts, and the rows of the table that it has.

    `row` numbers the distinct rows of the matrix, and `first` is where each of them comes first.
    """

    matrix: Floats
    parts: list[Part]
    kept: Ints
    n_missing: int
    row: Ints
    first: Ints

    @property
    def references(self) -> dict[str, str]:
        """The reference of each covariate that has levels."""
        return {part.covariate: part.reference for part in self.parts if part.levels}


def design_of(
    rows: pd.DataFrame, keys: Sequence[str], *, time: str | None, df: int, reference: dict[str, Any], weights: Ints
) -> Design:
    """Lay out covariates; rows in which one is missing are omitted.

    Examples
    --------
    >>> rows = pd.DataFrame({"source": ["B", "A", "A"], "year": [1.0, 2.0, None], "_date": pd.NaT})
    >>> design = design_of(rows, ["source"], time=None, df=4, reference={}, weights=np.array([1, 1, 1]))
    >>> design.matrix.tolist(), design.references
    ([[1.0, 1.0], [1.0, 0.0], [1.0, 0.0]], {'source': 'A'})
    """
    unknown = [name for name in reference if name not in keys]
    if unknown:
        raise not_found("covariate", unknown[0], list(keys))

    known = rows[list(keys)].notna().all(axis=1).to_numpy() if keys else np.ones(len(rows), dtype=bool)
    if time:
        known = known & rows["_date"].notna().to_numpy()
    kept = np.flatnonzero(known)
    if len(kept) == 0:
        what = " with ".join([*keys, *(["date"] if time else [])])
        raise FramingError(
            f"{what} is known of none of these {len(rows):,} articles, so there is nothing to regress on."
        )
    used = rows.iloc[kept]
    none = np.zeros(len(kept), dtype=np.int64)

    # the columns of the matrix, and which of them belong to which covariate
    columns: list[Floats] = [np.ones(len(kept))]
    parts = []
    for name in keys:
        column, first = used[name], len(columns)
        if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
            columns.append(_numbers(name, column))
            parts.append(Part(name, [first], [], "", none))
        else:
            codes, levels = _levels(name, column, weights[kept], reference.get(name))
            columns += [(codes == at).astype(float) for at in range(1, len(levels))]
            parts.append(Part(name, list(range(first, len(columns))), levels[1:], levels[0], codes))
    if time:
        first = len(columns)
        columns += _time_columns(used["_date"], time, df)
        parts.append(Part("time", list(range(first, len(columns))), [], "", none))
    matrix = np.column_stack(columns)

    # number the distinct rows, column by column
    row = np.zeros(len(matrix), dtype=np.int64)
    for part in parts:
        for numbers in [part.codes] if part.levels else matrix[:, part.columns].T:
            place, values = pd.factorize(numbers)
            row = pd.factorize(row * len(values) + place)[0].astype(np.int64)
    distinct = first_rows(row)

    _check_rank(matrix[distinct], parts)
    return Design(matrix, parts, kept, len(rows) - len(kept), row, distinct)


def _numbers(name: str, column: pd.Series) -> Floats:
    """Return a column of numbers less their mean; raise if they are not finite or all one."""
    values = column.to_numpy(dtype=float)
    if not np.isfinite(values).all():
        raise FramingError(f"The column {name} holds numbers that are not finite.")
    if np.ptp(values) == 0:
        raise FramingError(_one_value(name, column.iloc[0]))
    return np.asarray(values - values.mean(), dtype=np.float64)


def _time_columns(dates: pd.Series, time: str, df: int) -> list[Floats]:
    """Return time as a line or a spline, by day: hours are seldom known of all articles, and those of a day share a row."""
    day = dates.dt.normalize().to_numpy().astype("datetime64[s]").astype(float) / 86400
    if np.ptp(day) == 0:
        raise FramingError(_one_value("date", dates.iloc[0].date()))
    if time == "linear":
        return [(day - day.mean()) / _YEAR]

    n_days = len(np.unique(day))
    if n_days <= df:
        raise FramingError(
            f"A spline of df={df} needs at least {df + 1} different days; there are {n_days}. Ask for time='linear'"
            + (f" or df={n_days - 1}." if n_days > 3 else ".")
        )
    return list(spline_basis(day, df).T)


def spline_basis(values: Floats, df: int) -> Floats:
    """Return a natural cubic spline basis without the constant: `df` columns, inner knots at quantiles, straight at both ends.

    The space is that of R's ns; straight ends keep a few early and late articles from bending the whole line.

    Examples
    --------
    >>> values = np.arange(5.0)
    >>> basis = np.column_stack([np.ones(5), spline_basis(values, 2)])
    >>> line = basis @ np.linalg.lstsq(basis, 3 * values + 1)[0]  # a line is in the space
    >>> basis.shape, line.round(6).tolist()
    ((5, 3), [1.0, 4.0, 7.0, 10.0, 13.0])
    """
    from scipy.interpolate import BSpline
    from scipy.linalg import null_space

    # cubic B-splines from 0 to 1, inner knots at quantiles
    low, high = float(values.min()), float(values.max())
    unit = (values - low) / (high - low)
    inner = np.unique(np.quantile(unit, np.linspace(0, 1, df + 1)[1:-1]))
    knots = np.concatenate([[0.0] * 4, inner[(inner > 0) & (inner < 1)], [1.0] * 4])
    size = len(knots) - 4

    # those of their combinations that do not bend at the ends; the constant is a column of its own
    bends = np.array([[float(BSpline(knots, row, 3)(end, 2)) for row in np.eye(size)] for end in (0.0, 1.0)])
    basis = BSpline.design_matrix(unit, knots, 3).toarray() @ null_space(bends)
    basis = basis - basis.mean(axis=0)

    # orthogonal columns with a sign that does not depend on the processor
    left, length, _ = np.linalg.svd(basis, full_matrices=False)
    kept = length > 1e-9 * length[0]
    columns = left[:, kept] * np.sqrt(len(values))
    signs = np.sign(columns[np.argmax(np.abs(columns), axis=0), np.arange(columns.shape[1])])
    return np.asarray(columns * signs, dtype=np.float64)


def _one_value(name: str, value: Any) -> str:
    return f"There is only one {name}, {value}, so nothing can be compared by it. Leave it out."


def _levels(name: str, column: pd.Series, weights: Ints, wanted: Any) -> tuple[Ints, list[str]]:
    """Return the level of each row and the levels, the reference first, the others in order."""
    code, values = pd.factorize(column, sort=True)
    levels = [str(value) for value in values]
    if len(levels) == 1:
        raise FramingError(_one_value(name, levels[0]))
    if len(levels) > _MOST_LEVELS:
        raise FramingError(
            f"The column {name} has {len(levels):,} values; a regression takes at most {_MOST_LEVELS}, each with a coefficient. Put them "
            "into groups, or use numbers."
        )

    if wanted is None:
        at = int(np.argmax(np.bincount(code, weights=weights, minlength=len(levels))))
    elif str(wanted) in levels:
        at = levels.index(str(wanted))
    else:
        raise not_found(name, str(wanted), levels)

    order = [at, *(i for i in range(len(levels)) if i != at)]
    place = np.empty(len(levels), dtype=np.int64)
    place[order] = np.arange(len(levels))
    return place[code], [levels[i] for i in order]


def _check_rank(matrix: Floats, parts: Sequence[Part]) -> None:
    """Raise where covariates cannot be told apart, naming them."""
    chosen = set(independent(matrix, range(matrix.shape[1])))
    for at, part in enumerate(parts):
        if not chosen.issuperset(part.columns):
            others = [other.covariate for other in parts[:at]]
            raise FramingError(
                f"{part.covariate} cannot be told apart from {listed(others) or 'the constant'}: it follows from them, as when each "
                "source has one leaning. Leave one of them out."
            )


def independent(matrix: Floats, columns: Sequence[int]) -> list[int]:
    """Return the columns that do not follow from those before them.

    Examples
    --------
    >>> independent(np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0], [1.0, 1.0, 0.0]]), [0, 1, 2])
    [0, 1]
    """
    chosen: list[int] = []
    basis = np.zeros((len(matrix), 0))
    for column in columns:
        vector = matrix[:, column]
        length = np.linalg.norm(vector)

        # Gram and Schmidt, twice for the rounding
        residual = vector - basis @ (basis.T @ vector)
        residual = residual - basis @ (basis.T @ residual)
        if length > 0 and np.linalg.norm(residual) > 1e-8 * length:
            chosen.append(column)
            basis = np.column_stack([basis, residual / np.linalg.norm(residual)])
    return chosen
