"""Own the fingerprint: a short name for the exact content of an articles or a counts frame."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

import pandas as pd

from toolkit.tables import FramingError

_FIELDS = ("doc_id", "source", "date", "title", "standfirst", "text")
_MODULUS = 2**128
_TEXT = b"\x01"
_DATE = b"\x02"


def fingerprint(articles: pd.DataFrame) -> str:
    """Name the content of `articles`: same rows, same name, in whatever order they stand.

    Each row is hashed by itself (BLAKE2b, 128 bits) over doc_id, source, date, title, standfirst and text; of a counts
    frame, which has no text, over its n_ columns as well. The hashes are added modulo 2**128, so that the parts of a
    corpus can be hashed apart and put together with `combine`. A column that is not there counts as missing
    everywhere; missing and empty differ. Other columns (url, leaning, what you add) do not change the fingerprint. It
    tells accidents and edits, not forgery: sums of hashes can be forged by one who sets out to.

    Parameters
    ----------
    articles : pandas.DataFrame
        One row per article, with at least `doc_id`.

    Returns
    -------
    str
        The number of rows, a hyphen and 32 hexadecimal digits.

    Raises
    ------
    FramingError
        When there is no column `doc_id`.

    Examples
    --------
    >>> frame = pd.DataFrame({"doc_id": ["a", "b"], "text": ["A reset.", "A ban."]})
    >>> fingerprint(frame) == fingerprint(frame[::-1])
    True
    >>> fingerprint(frame).split("-")[0]
    '2'
    >>> fingerprint(frame) == combine([fingerprint_parts(frame[:1]), fingerprint_parts(frame[1:])])
    True
    """
    return combine([fingerprint_parts(articles)])


def fingerprint_parts(articles: pd.DataFrame) -> tuple[int, int]:
    """Return the number of rows and the sum of their hashes, to be added to other parts by `combine`.

    Examples
    --------
    >>> fingerprint_parts(pd.DataFrame({"doc_id": [], "text": []}))
    (0, 0)
    """
    if "doc_id" not in articles.columns:
        has = ", ".join(str(c) for c in articles.columns) or "no columns"
        raise FramingError(f"A fingerprint needs the column doc_id; this table has: {has}.")
    names = [name for name in _FIELDS if name in articles.columns]
    if "text" not in articles.columns:
        names += sorted(str(c) for c in articles.columns if str(c).startswith("n_"))
    # A name goes in with its value, so a column that is absent and one that is missing throughout are the same nothing.
    columns = [_pieces(name, articles[name]) for name in names]
    total = 0
    for row in zip(*columns, strict=True):
        total += int.from_bytes(blake2b(b"".join(row), digest_size=16).digest(), "big")
    return len(articles), total % _MODULUS


def combine(parts: Iterable[tuple[int, int]]) -> str:
    """Put the parts of a corpus together into its fingerprint.

    Examples
    --------
    >>> combine([(2, 10), (3, 5)])
    '5-0000000000000000000000000000000f'
    """
    n, total = 0, 0
    for rows, hashed in parts:
        n, total = n + rows, (total + hashed) % _MODULUS
    return f"{n}-{total:032x}"


def _pieces(name: str, column: pd.Series) -> list[bytes]:
    """Spell each value so that no two rows spell alike: field, kind, length, bytes; nothing at all where missing."""
    head = _framed(name.encode())
    missing = column.isna().tolist()
    if pd.api.types.is_datetime64_any_dtype(column):
        if getattr(column.dt, "tz", None) is not None:
            column = column.dt.tz_convert("UTC").dt.tz_localize(None)
        stamps = column.astype("datetime64[us]").astype("int64").tolist()
        return [
            b"" if gone else head + _DATE + stamp.to_bytes(8, "big", signed=True)
            for stamp, gone in zip(stamps, missing, strict=True)
        ]
    if pd.api.types.is_float_dtype(column):
        # Whole numbers turn into floats where a column has gaps: 5 and 5.0 are the same count.
        column = pd.Series([int(v) if v == v and v % 1 == 0 else v for v in column.tolist()], dtype=object)
    return [
        b"" if gone else head + _TEXT + _framed(str(value).encode("utf-8", "surrogatepass"))
        for value, gone in zip(column.tolist(), missing, strict=True)
    ]


def _framed(content: bytes) -> bytes:
    return len(content).to_bytes(8, "big") + content
