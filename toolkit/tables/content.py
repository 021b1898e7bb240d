"""Own the hash of a table's content: what a table held when it was made, and what of it has changed since."""

from __future__ import annotations

import base64
import itertools
import json
import weakref
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b, sha256
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

Words = NDArray[np.uint64]  # 64 bits for each cell or row

ROWS_KEPT = 10_000  # up to so many rows, four bytes of each are kept, to prove that a part is a part

_ODD, _TURN = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_MISSING, _TRUE, _FALSE = (np.uint64(n) for n in (0x6D697373696E6721, 0x7472756574727565, 0x66616C736566616C))
_TEXT = np.uint64(0x746578742D746578)
_TIME, _AWARE, _SPAN, _FINE = (np.uint64(n) for n in (0x74696D652D617421, 0x617761726521, 0x7370616E21, 0x66696E6521))
_MASKS = np.array([2 ** (8 * n) - 1 for n in range(9)], dtype=np.uint64)  # the first bytes of eight
_FEW = 500  # texts; so many are hashed faster than others are looked up
_LONG = 256  # bytes; longer texts are hashed one by one
_EXACT = 2**53  # whole numbers up to here are the same as floats
_MOST_REMEMBERED = 4_000_000  # words, 32 megabytes


def content_of(table: pd.DataFrame) -> dict[str, Any]:
    """Describe what a table holds, in a few plain values that travel with it.

    Values count, their dtype does not: 5 and 5.0, ``None`` and ``NaN``, a list and a tuple, strings and categories are
    the same, so that pickle, Parquet, `concat` and `merge` change nothing. True and 1 differ. An index without a name is
    left out; a named one counts as a column. The order of columns does not count.

    Parameters
    ----------
    table : DataFrame
        Any table; it is not changed.

    Returns
    -------
    dict
        `n_rows`; `rows`, the sum of the hashes of all rows, which is the same in any order; `columns`, for each column the
        hash of its values in their order; of a table of up to 10,000 rows also `each_row`, four bytes of each row's hash.

    Notes
    -----
    All hashes have 64 bits; a change of one cell always shows, others but for a chance of 2 ** -64. The hashes tell
    accidents and edits, not forgery: whoever can edit a table can replace its recipe, too.

    Examples
    --------
    >>> usage = pd.DataFrame({"source": ["Post", "Wire"], "n_hits": [2, 0]})
    >>> content_of(usage) == content_of(usage.astype({"n_hits": float, "source": "category"}))
    True
    >>> sorted(content_of(usage))
    ['columns', 'each_row', 'n_rows', 'rows']
    """
    digests, total = {}, np.zeros(len(table), dtype=np.uint64)
    for name, column in _columns(table):  # one at a time: large tables would fill the memory twice
        words = _words(column)
        digests[name] = _digest(words)
        total += words * _key(name)

    rows = _mixed(total)
    content: dict[str, Any] = {"n_rows": len(table), "rows": _hexadecimal(rows), "columns": digests}
    if len(table) <= ROWS_KEPT:
        content["each_row"] = base64.b64encode(_short(rows).tobytes()).decode("ascii")
    return content


def content_name(content: Mapping[str, Any]) -> str:
    """Return a short name of a content, the same for the same rows in any order.

    Examples
    --------
    >>> usage = pd.DataFrame({"source": ["Post", "Wire"], "n_hits": [2, 0]})
    >>> content_name(content_of(usage)) == content_name(content_of(usage[::-1]))
    True
    """
    named = json.dumps([content["n_rows"], content["rows"], sorted(content["columns"])]).encode("utf-8")
    return f"{content['n_rows']}-{sha256(named).hexdigest()[:32]}"


def content_changes(content: Mapping[str, Any], table: pd.DataFrame) -> dict[str, Any]:
    """Say how a table differs from the content that was written down of it.

    Parameters
    ----------
    content : mapping
        What `content_of` returned when the table was made.
    table : DataFrame
        The table as it is now.

    Returns
    -------
    dict
        Empty where the same rows are there, in any order. Else what can be told: `rows`, a sentence on rows that were added or
        removed; `columns_added`, `columns_removed`, `columns_renamed` and `columns_changed`; `cells`, where values
        changed or moved and no column can be named.

    Examples
    --------
    >>> usage = pd.DataFrame({"source": ["Post", "Wire"], "n_hits": [2, 0]})
    >>> content = content_of(usage)
    >>> content_changes(content, usage.sort_values("n_hits"))
    {}
    >>> content_changes(content, usage[usage["n_hits"] > 0])
    {'rows': '1 of 2 rows, none of them altered'}
    >>> content_changes(content, usage.assign(n_hits=5))
    {'columns_changed': ['n_hits']}
    """
    before: Mapping[str, str] = content["columns"]
    now = {name: _words(column) for name, column in _columns(table)}
    n_before, n_now = content["n_rows"], len(table)
    removed = [name for name in before if name not in now]
    added = [name for name in now if name not in before]

    # Most tables are as they were made.
    if not removed and not added and n_now == n_before and _hexadecimal(_row_words(now, n_now)) == content["rows"]:
        return {}

    # A column that went and one that came with the same values in the same order is one column under another name.
    digests = {name: _digest(words) for name, words in now.items()}
    renamed: dict[str, str] = {}
    for old in removed:
        new = next((name for name in added if name not in renamed.values() and digests[name] == before[old]), None)
        if new is not None:
            renamed[old] = new
    told: dict[str, Any] = {
        "columns_removed": [name for name in removed if name not in renamed],
        "columns_added": [name for name in added if name not in renamed.values()],
        "columns_renamed": renamed,
    }

    # Rows can be compared whole where all the columns that they were hashed over are still there.
    old_names = {renamed.get(name, name): name for name in before}
    whole = not told["columns_removed"]
    rows = _row_words({old_names[name]: now[name] for name in old_names}, n_now) if whole else None
    if rows is not None and n_now == n_before and _hexadecimal(rows) == content["rows"]:
        return {key: value for key, value in told.items() if value}

    if n_now != n_before:
        told["rows"] = _rows_told(content, rows, n_now)
    else:
        told["columns_changed"] = [old for new, old in old_names.items() if new in now and digests[new] != before[old]]
        if whole and not told["columns_changed"]:
            told["cells"] = "values stand in other rows"
    return {key: value for key, value in told.items() if value}


def frame_changes(before: pd.DataFrame, now: pd.DataFrame) -> dict[str, Any]:
    """Say what of an earlier state of a frame no longer holds, as `content_changes` does; columns that came do not count.

    Keep the earlier state as ``frame.copy(deep=False)``: pandas copies a column before it is edited in place. So where both hold the same
    memory nothing was edited, and nothing is read.

    Examples
    --------
    >>> usage = pd.DataFrame({"source": ["Post", "Wire"], "n_hits": [2, 0]})
    >>> before = usage.copy(deep=False)
    >>> usage["leaning"] = "center"
    >>> frame_changes(before, usage)
    {}
    >>> usage.loc[0, "source"] = "Courier"
    >>> frame_changes(before, usage)
    {'columns_changed': ['source']}
    """
    if len(before) == len(now) and all(
        name in now.columns and _same_column(column, now[name]) for name, column in before.items()
    ):
        return {}

    changed = content_changes(content_of(before), now)
    changed.pop("columns_added", None)
    if not changed and content_of(before)["columns"] != content_of(now[list(before.columns)])["columns"]:
        return {"cells": "rows stand in another order"}
    return changed


def _same_column(before: pd.Series, now: Any) -> bool:
    first, second = (_arrow_array(column) if isinstance(column, pd.Series) else None for column in (before, now))
    return (first is not None and first is second) or before.reset_index(drop=True).equals(now.reset_index(drop=True))


def changes_told(changed: Mapping[str, Any]) -> str:
    """Say what `content_changes` found, for a sentence.

    Examples
    --------
    >>> changes_told({"rows": "3 of 4 rows, none of them altered", "columns_changed": ["share"]})
    '3 of 4 rows, none of them altered; columns changed: share'
    """
    parts = []
    for key, what in changed.items():
        if isinstance(what, Mapping):
            what = [f"{old} -> {new}" for old, new in what.items()]
        parts.append(what if isinstance(what, str) else f"{key.replace('_', ' ')}: {', '.join(what)}")
    return "; ".join(parts)


def _rows_told(content: Mapping[str, Any], rows: Words | None, n_now: int) -> str:
    """Say what became of the rows, whose number is not what it was."""
    n_before = content["n_rows"]
    if rows is None or "each_row" not in content:
        return f"{n_now:,} rows instead of {n_before:,}"

    kept = Counter(np.frombuffer(base64.b64decode(content["each_row"]), dtype="<u4").tolist())
    same = (kept & Counter(_short(rows).tolist())).total()
    if same == n_now:
        return f"{n_now:,} of {n_before:,} rows, none of them altered"
    if same == n_before:
        return f"{n_now - n_before:,} rows added to {n_before:,}"
    return f"{n_now:,} rows instead of {n_before:,}, {same:,} of them as they were"


def _columns(table: pd.DataFrame) -> Iterator[tuple[str, Any]]:
    """Yield names and values of the index's named levels and of the columns; a name that comes again is numbered."""
    levels = [(name, table.index.get_level_values(at)) for at, name in enumerate(table.index.names) if name is not None]
    table = table.copy(deep=False)
    table.attrs = {}  # or pandas would copy the recipe for each column
    seen: Counter[str] = Counter()
    for name, column in itertools.chain(levels, table.items()):
        spelled = str(name)
        seen[spelled] += 1
        yield spelled if seen[spelled] == 1 else f"{spelled} ({seen[spelled]})", column


def _row_words(columns: Mapping[str, Words], n_rows: int) -> Words:
    """Return the hash of each row, over the names and values of all columns, in whatever order they stand."""
    total, part = np.zeros((2, n_rows), dtype=np.uint64)
    for name, words in columns.items():
        total += np.multiply(words, _key(name), out=part)
    return _mixed(total)


@lru_cache(maxsize=1024)
def _key(name: str) -> np.uint64:
    """Return an odd number for a column, by which its words are multiplied so that values cannot change columns unseen."""
    return _name_word(name) | np.uint64(1)


def _name_word(name: str) -> np.uint64:
    return _bytes_word(name.encode("utf-8", "surrogatepass"))


def _bytes_word(content: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(blake2b(content, digest_size=8).digest(), "little"))


def _mixed(words: Words) -> Words:
    """Spread each word's bits over all 64; different words stay different."""
    mixed = words >> np.uint64(32)
    mixed ^= words
    mixed *= _ODD
    moved = mixed >> np.uint64(29)
    mixed ^= moved
    mixed *= _TURN
    mixed ^= np.right_shift(mixed, np.uint64(32), out=moved)
    return mixed


_FLAGS = _mixed(np.array([_TRUE, _FALSE]))


@lru_cache(maxsize=64)
def _weights(n: int) -> Words:
    """Return an odd number for each row, so that values cannot change places unseen."""
    return _mixed(np.arange(1, n + 1, dtype=np.uint64)) | np.uint64(1)


def _hexadecimal(rows: Words) -> str:
    return f"{int(rows.sum(dtype=np.uint64)):016x}"


def _short(rows: Words) -> NDArray[np.uint32]:
    return (rows >> np.uint64(32)).astype("<u4")


def _digest(words: Words) -> str:
    """Return the hash of a column: one value that changes always changes it, for its weight is odd."""
    return f"{int(np.dot(words, _weights(len(words)))):016x}"


# Values become words. A value gives the same word whatever the dtype of the column that it stands in.


_remembered: OrderedDict[Any, tuple[Any, Words]] = OrderedDict()
"""The words of columns that were hashed lately, the latest at the end, each with what proves that the column is that one."""


def _words(column: Any) -> Words:
    """Return a word for each value of a column, its bits well mixed; those of a column that was hashed lately are remembered."""
    values = column if isinstance(column, pd.Series) else pd.Series(column)
    dtype = values.dtype
    if dtype == np.bool_:
        return np.where(values.to_numpy(), _FLAGS[0], _FLAGS[1])
    if isinstance(dtype, pd.CategoricalDtype):
        words = np.append(_words(values.cat.categories), _mixed(np.array([_MISSING])))
        return words[values.cat.codes.to_numpy()]  # code -1, a missing value, takes the last
    if len(values) <= _FEW:
        return _mixed(_raw_words(values))

    key, proof = _proof(values)
    known = _remembered.get(key)
    if known is not None and _proves(known[0], proof):
        return known[1]
    words = _mixed(_raw_words(values))
    if key is not None:
        words.setflags(write=False)
        _remember(key, proof, words)
    return words


def _proof(values: pd.Series) -> tuple[Any, Any]:
    """Return where a column lies and what proves later that it still holds the same.

    An Arrow array can never be changed: pandas puts another in its place where a text is. So it is proof itself, as long as it lives.
    Numbers and times can be changed in place; their proof is a copy of their bytes. Python's objects have none.
    """
    array = _arrow_array(values)
    if array is not None:
        return id(array), weakref.ref(array)
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "iufM":
        numbers = values.to_numpy()
        return (numbers.__array_interface__["data"][0], numbers.dtype.str), numbers.tobytes()
    return None, None


def _proves(before: Any, now: Any) -> bool:
    """Tell whether two proofs are of the same values."""
    return bool(before == now) if isinstance(now, bytes) else before is now and now() is not None


def _arrow_array(values: pd.Series) -> Any:
    """Return the Arrow array that holds a column's texts, or None where they lie elsewhere."""
    if not isinstance(values.dtype, pd.StringDtype) or values.dtype.storage != "pyarrow":
        return None
    return values.array.__arrow_array__()


def _remember(key: Any, proof: Any, words: Words) -> None:
    """Keep the words of a column, until there is no room for more."""
    _remembered[key] = (proof, words)
    _remembered.move_to_end(key)
    held = sum(len(kept) for _, kept in _remembered.values())
    while held > _MOST_REMEMBERED:
        held -= len(_remembered.popitem(last=False)[1][1])


def _raw_words(column: pd.Series) -> Words:
    """Return a word for each value of a column."""
    dtype = column.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in "iuf" and dtype.itemsize <= 8:
        return _number_words(column.to_numpy())
    if isinstance(dtype, pd.StringDtype):
        return _text_words(column)
    if isinstance(dtype, pd.DatetimeTZDtype):
        return _time_words(column.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy(), _TIME ^ _AWARE)
    if isinstance(dtype, np.dtype) and dtype.kind in "Mm":
        return _time_words(column.to_numpy(), _TIME if dtype.kind == "M" else _SPAN)
    if isinstance(dtype, pd.BooleanDtype):
        words = np.where(column.to_numpy(dtype=bool, na_value=False), _TRUE, _FALSE)
        return np.where(column.isna().to_numpy(), _MISSING, words)
    return _object_words(column.to_numpy(dtype=object))


def _number_words(values: NDArray[Any]) -> Words:
    """Return the bits of each number as a float; of whole numbers that no float tells apart, those of the number."""
    floats = values.astype(np.float64)
    words = floats.view(np.uint64)
    if values.dtype.kind == "f":
        floats += 0.0  # -0.0 becomes 0.0
        words[np.isnan(floats)] = _MISSING
        return words
    if values.dtype.itemsize < 8:
        return words

    large = np.abs(floats) > _EXACT
    if large.any():
        words[large] = values[large].astype(np.uint64) * _ODD
    return words


def _time_words(values: NDArray[Any], tag: np.uint64) -> Words:
    """Return the microseconds of each time, or nanoseconds where there are any."""
    unit, step = np.datetime_data(values.dtype)
    missing = np.isnat(values)
    numbers = values.view(np.int64)
    if unit == "us" and step == 1:
        words = numbers.view(np.uint64) ^ tag
    elif unit == "ns" and step == 1:
        fine = (numbers % 1000 != 0) & ~missing
        micro = (numbers // 1000).view(np.uint64) ^ tag
        words = np.where(fine, numbers.view(np.uint64) ^ tag ^ _FINE, micro)
    else:  # seconds, milliseconds, days
        return _time_words(values.astype(f"{values.dtype.kind}8[us]"), tag)
    return np.where(missing, _MISSING, words)


def _text_words(column: pd.Series) -> Words:
    """Hash each different text once."""
    array = _arrow_array(column) if len(column) <= _FEW else None
    if array is not None and not array.null_count:
        return _hashed_texts(array)
    codes, texts = pd.factorize(column)
    return np.append(_hashed_texts(texts), _MISSING)[codes]  # code -1, a missing text, takes the last


def _hashed_texts(texts: Any) -> Words:
    """Hash texts, none of them missing: eight bytes of all at a time, without making a Python string of any."""
    array = texts if isinstance(texts, pa.ChunkedArray) else pa.array(texts, type=pa.large_string())
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if array.type != pa.large_string():
        array = array.cast(pa.large_string())
    offsets = np.frombuffer(array.buffers()[1], dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    starts, lengths = offsets[:-1], np.diff(offsets)
    buffer = array.buffers()[2]
    data = np.frombuffer(buffer, dtype=np.uint8) if buffer is not None else np.empty(0, dtype=np.uint8)

    # The eight bytes that begin at each byte, as one number; beyond the end there are zeros.
    padded = np.append(data[: offsets[-1]], np.zeros(8, dtype=np.uint8))
    chunks: Words = np.ndarray(len(padded) - 7, dtype="<u8", buffer=padded, strides=(1,))

    words = _mixed(lengths.astype(np.uint64) ^ _TEXT)
    for begin in range(0, _LONG, 8):
        rows = np.flatnonzero(lengths > begin)
        if not len(rows):
            break
        masks = _MASKS[np.minimum(lengths[rows] - begin, 8)]
        words[rows] = _mixed(words[rows] ^ (chunks[starts[rows] + begin] & masks))

    # What is longer is hashed whole, a text at a time.
    for row in np.flatnonzero(lengths > _LONG):
        words[row] = _bytes_word(data[starts[row] : offsets[row + 1]].tobytes())
    return words


def _hashed_text(text: str) -> np.uint64:
    try:
        return np.uint64(_hashed_texts([text])[0])
    except UnicodeEncodeError:  # half a surrogate pair, which no encoding has
        return _name_word(text)


def _object_words(values: NDArray[Any]) -> Words:
    """Return a word for each Python object: texts together, everything else one by one."""
    words = np.full(len(values), _MISSING, dtype=np.uint64)
    is_text = np.fromiter((type(value) is str for value in values), dtype=bool, count=len(values))
    if is_text.any():
        texts = values[is_text]
        try:
            words[is_text] = _text_words(pd.Series(texts, dtype=object))
        except UnicodeEncodeError:
            words[is_text] = [_hashed_text(text) for text in texts]
    for at in np.flatnonzero(~is_text):
        words[at] = _object_word(values[at])
    return words


def _object_word(value: Any) -> np.uint64:
    if isinstance(value, np.generic):
        if value.dtype.kind in "Mm":
            tag = _TIME if value.dtype.kind == "M" else _SPAN
            return np.uint64(_time_words(np.array([value]), tag)[0])
        value = value.item()
    if value is None or value is pd.NA or value is pd.NaT:
        return _MISSING
    if isinstance(value, bool):
        return _TRUE if value else _FALSE
    if isinstance(value, float):
        return np.uint64(_number_words(np.array([value]))[0])
    if isinstance(value, int) and -(2**63) <= value < 2**64:
        kind = np.int64 if value < 2**63 else np.uint64
        return np.uint64(_number_words(np.array([value], dtype=kind))[0])
    if isinstance(value, datetime):  # pandas' Timestamp is one
        stamp = pd.Timestamp(value)
        aware = stamp.tzinfo is not None
        naive = stamp.tz_convert("UTC").tz_localize(None) if aware else stamp
        return np.uint64(_time_words(np.array([naive.to_datetime64()]), _TIME ^ _AWARE if aware else _TIME)[0])
    if isinstance(value, timedelta):
        return np.uint64(_time_words(np.array([pd.Timedelta(value).to_timedelta64()]), _SPAN)[0])
    return _hashed_text(_spelled(value))


def _spelled(value: Any) -> str:
    """Spell a value that is no plain one, so that what Parquet makes of it (arrays of lists, gaps in dicts) spells the same."""
    if isinstance(value, Mapping):
        inside = sorted((str(key), _spelled(inner)) for key, inner in value.items() if inner is not None)
        return "{" + ",".join(f"{key!r}:{inner}" for key, inner in inside) + "}"
    if isinstance(value, (list, tuple, np.ndarray, pd.Index, pd.Series)):
        return "[" + ",".join(_spelled(inner) for inner in value) + "]"
    if isinstance(value, (set, frozenset)):
        return "(" + ",".join(sorted(_spelled(inner) for inner in value)) + ")"
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"day {value.isoformat()}"
    if isinstance(value, (bool, int, float, np.generic, datetime, timedelta)) or value is None:
        return f"{int(_object_word(value)):016x}" if not _too_large(value) else str(value)
    return f"{type(value).__name__} {value}"


def _too_large(value: Any) -> bool:
    return isinstance(value, int) and not -(2**63) <= value < 2**64
