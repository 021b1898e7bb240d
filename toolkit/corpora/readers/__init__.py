"""Own the list of readers: one module a family of formats, imported when the first file is read."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from toolkit.corpora.readers.base import Reader

TABULAR = frozenset({"csv", "excel", "parquet", "json", "jsonl", "text"})
"""Formats whose fields have the file's own names, so that the door gives them ours."""


@cache
def all_readers() -> tuple[Reader, ...]:
    """Return all readers, by name.

    Examples
    --------
    >>> [reader.name for reader in all_readers() if reader.name in TABULAR]
    ['csv', 'excel', 'json', 'jsonl', 'parquet', 'text']
    """
    found: list[Reader] = []
    for module in pkgutil.iter_modules(__path__):
        room = importlib.import_module(f"{__name__}.{module.name}")
        found += getattr(room, "READERS", ())
        found += [room.READER] if hasattr(room, "READER") else []
    return tuple(sorted(found, key=lambda reader: reader.name))
