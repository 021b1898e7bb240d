"""Own what a frame that somebody hands in has to be before a room works on it: plain columns, dates that are dates, text that is text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from toolkit.tables.checks import check_frame
from toolkit.tables.declarations import TEXT_FIELDS
from toolkit.tables.messages import FramingError, a_type, listed

_DAYS = (17000101, 22001231)  # whole numbers that are days, such as 20170129


def as_plain(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return a frame with columns of the kinds that the rooms work on; the frame that was given is not changed.

    Columns of Arrow, of Categorical text and of sparse values become plain ones; dates that are written as whole numbers
    (20170129), as days without a time, as periods or with several time zones become dates; bytes and numbers among texts become
    text; half characters become the replacement character. A frame that has nothing of the kind is returned as it is.

    Parameters
    ----------
    frame : DataFrame
        Articles, hits, labels or any other table.
    name : str
        What it is called in an error.

    Raises
    ------
    FramingError
        If this is no DataFrame, its columns have several levels, a date cannot be read, or a text is none.

    Examples
    --------
    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "date": [20170129, 20170130], "text": [b"A reset.", 5]})
    >>> plain = as_plain(articles, "articles")
    >>> plain["date"].dt.day.tolist(), plain["text"].tolist()
    ([29, 30], ['A reset.', '5'])
    """
    check_frame(frame, name)
    changed: dict[Any, pd.Series] = {}
    for column in frame.columns[~frame.columns.duplicated(keep=False)]:
        given = frame[column]
        made = _plain_column(given)
        if column == "date":
            made = _dates(made, name)
        elif column in TEXT_FIELDS or (made.dtype == object and not str(column).endswith("_id")):
            made = _texts(made, frame, str(column), name, every=column in TEXT_FIELDS)
        if made is not given:
            changed[column] = made

    plain = frame.copy(deep=False) if changed else frame
    for column, values in changed.items():
        plain[column] = values

    # pandas takes a level of the index that is named like a column for that column
    levels = list(plain.index.names)
    if any(level is not None and level in plain.columns for level in levels):
        plain = plain.set_axis(plain.index.set_names([None if level in plain.columns else level for level in levels]))
    return plain


def _plain_column(values: pd.Series) -> pd.Series:
    """Return a column of Arrow or of sparse values as an ordinary one."""
    if isinstance(values.dtype, pd.SparseDtype):
        return pd.Series(np.asarray(values), index=values.index, name=values.name)
    if not isinstance(values.dtype, pd.ArrowDtype):
        return values

    kind = values.dtype.pyarrow_dtype
    if pa.types.is_timestamp(kind):
        return values.astype(pd.DatetimeTZDtype("us", kind.tz) if kind.tz else "datetime64[us]")
    if pa.types.is_date(kind):
        return values.astype("datetime64[us]")
    if pa.types.is_dictionary(kind):
        return values.astype("category")
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return values.astype("str")

    # whole numbers and flags have no value for what is missing
    if pa.types.is_boolean(kind):
        return values.astype("boolean" if values.isna().any() else "bool")
    if pa.types.is_integer(kind) and not values.isna().any():
        return values.astype("int64")
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return values.astype("float64")
    return values


def _dates(values: pd.Series, name: str) -> pd.Series:
    """Return dates as such; of a time zone that differs from row to row, as the clock stood there."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return values
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(values.cat.categories.dtype)
    if isinstance(values.dtype, pd.PeriodDtype):
        return values.dt.to_timestamp().astype("datetime64[us]")
    if pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype):
        return _days_of_numbers(values, name)
    if values.dtype != object:
        return values

    known = values.dropna()
    if len(known) and all(isinstance(value, pd.Period) for value in known):
        return values.map(lambda value: value.to_timestamp(), na_action="ignore").astype("datetime64[us]")
    if len(known) and all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in known):
        return _days_of_numbers(values.astype("float64"), name)
    if not all(isinstance(value, (date, datetime)) for value in known):
        return values

    def local(value: Any) -> Any:
        return value.replace(tzinfo=None) if isinstance(value, datetime) else value

    return pd.to_datetime(values.map(local, na_action="ignore")).astype("datetime64[us]")


def _days_of_numbers(values: pd.Series, name: str) -> pd.Series:
    """Read whole numbers such as 20170129 as days; nobody can tell seconds since 1970 from anything else."""
    known = values.dropna().astype("float64")
    whole = np.isfinite(known) & known.between(*_DAYS) & (known % 1 == 0)
    read = pd.to_datetime(known.where(whole, _DAYS[0]).astype("int64").astype("str"), format="%Y%m%d", errors="coerce")
    wrong = known[~whole | read.isna()]
    if len(wrong) == 0:
        return read.reindex(values.index).astype("datetime64[us]") if values.index.is_unique else _placed(read, values)

    raise FramingError(
        f"The column date holds numbers, and {wrong.iloc[0]:.15g} is no day such as 20170129. {_way(wrong.iloc[0], name)}"
    )


def _way(number: float, name: str) -> str:
    """Say what a number that is no day may be, and how it is read then."""
    place = f"{name}['date']"
    if _DAYS[0] <= number <= _DAYS[1]:
        return "Mend it, or make it missing."
    for low, high, what, way in (
        (1e4, 1e5, "a day as spreadsheets count them", "unit='D', origin='1899-12-30'"),
        (1e8, 1e10, "seconds since 1970", "unit='s'"),
        (1e11, 1e13, "milliseconds since 1970", "unit='ms'"),
    ):
        if low <= number < high:
            return f"If it is {what}: {place} = pd.to_datetime({place}, {way})."
    return f"Make dates of them first: {place} = pd.to_datetime({place}, ...)."


def _placed(read: pd.Series, values: pd.Series) -> pd.Series:
    """Put what was read back where it stood, in a column whose index names rows twice."""
    dates = pd.Series(pd.NaT, index=range(len(values)), dtype="datetime64[us]")
    dates[values.notna().to_numpy()] = read.to_numpy()
    return dates.set_axis(values.index)


def _texts(values: pd.Series, frame: pd.DataFrame, column: str, name: str, *, every: bool) -> pd.Series:
    """Return a column of objects with its bytes and half characters mended; with `every`, all that is there is text."""
    if isinstance(values.dtype, pd.CategoricalDtype) and every:
        values = values.astype(object)
    if values.dtype != object:
        return values if not every or values.dtype == "str" or values.isna().all() else _as_strings(values)

    def text_of(row: int, value: Any) -> Any:
        if isinstance(value, str):
            return whole_characters(value)
        if isinstance(value, bytes):
            return _decoded(value, lambda: _where(frame, row, column, name))
        if not every or (pd.api.types.is_scalar(value) and pd.isna(value)):
            return value
        if not pd.api.types.is_scalar(value):
            raise FramingError(
                f"{_where(frame, row, column, name)} holds {a_type(value)}, not a text. Make it one, or leave it empty."
            )
        return str(value)

    made = [text_of(row, value) for row, value in enumerate(values.tolist())]
    if all(one is other for one, other in zip(made, values.tolist(), strict=True)):
        return values
    return pd.Series(made, index=values.index, dtype=object, name=values.name)


def _as_strings(values: pd.Series) -> pd.Series:
    """Return numbers and the like as text; missing ones stay missing."""
    return values.astype("str").where(values.notna())


def whole_characters(text: str) -> str:
    """Return a text without halves of characters (lone surrogates): a pair becomes its character, any other the sign for a lost one.

    Examples
    --------
    >>> whole_characters("a \\ud83d b"), whole_characters("\\ud83d\\ude00") == "\\U0001f600", whole_characters("a")
    ('a \\ufffd b', True, 'a')
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _decoded(value: bytes, where: Callable[[], str]) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        raise FramingError(
            f"{where()} holds bytes that are not UTF-8. Decode them first, with the encoding that they were written in: .decode('cp1252')."
        ) from None


def _where(frame: pd.DataFrame, row: int, column: str, name: str) -> str:
    """Name a cell: by the article, where it has a name."""
    which = frame["doc_id"].iloc[row] if "doc_id" in frame.columns else row
    return f"The column {column} of {listed([repr(which)])} in this table of {name}"
