"""Own how results are written down: plain JSON without paths or keys, and CSV that is the same on every machine."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from toolkit.disclosure import paths_shortened
from toolkit.files import replacing
from toolkit.recipes import plain as stated_plainly


def plain(value: Any) -> Any:
    """Return a value as plain JSON types, as recipes state it, and besides without absolute paths.

    Of an absolute path its last part is kept.

    Examples
    --------
    >>> plain({"window": np.int64(25), "api_key": "abc", "terms": ("reset", float("nan"))})
    {'window': 25, 'api_key': '(not written down)', 'terms': ['reset', None]}
    """
    return paths_shortened(stated_plainly(value))


def json_text(value: Any) -> str:
    """Write plain JSON, indented, in the order given, with a last line break."""
    return json.dumps(plain(value), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def csv_text(table: pd.DataFrame) -> str:
    """Write a table as CSV: ten significant digits, ISO dates, nothing where a value is missing.

    An index with names is written as columns; a plain one is left out.

    Examples
    --------
    >>> print(csv_text(pd.DataFrame({"n": [1, 2], "share": [1 / 3, np.nan], "on": pd.to_datetime(["2017-01-27", None])})))
    n,share,on
    1,0.3333333333,2017-01-27
    2,,
    """
    flat = flattened(table)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([str(name) for name in flat.columns])
    columns = [[_cell(value) for value in flat.iloc[:, position]] for position in range(flat.shape[1])]
    writer.writerows(zip(*columns, strict=True))
    return stream.getvalue()


def flattened(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the named parts of its index as columns."""
    return table.reset_index() if any(name is not None for name in table.index.names) else table


def _cell(value: Any) -> str:
    if isinstance(value, (list, tuple, dict, set, np.ndarray)):
        return json.dumps(plain(value), ensure_ascii=False)
    if pd.isna(value):
        return ""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (float, np.floating)):
        return f"{float(value):.10g}"
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d") if value == value.normalize() else value.isoformat()
    return str(value)


def sha256(data: bytes) -> str:
    """Return the SHA-256 of bytes as hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


@contextlib.contextmanager
def beside(folder: Path) -> Iterator[Path]:
    """Give a hidden folder inside `folder` to write in, so that finished files can be renamed into place at once."""
    made = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
    try:
        yield workshop
    finally:
        for left in workshop.iterdir():
            left.unlink()
        workshop.rmdir()
        for parent in made:
            with contextlib.suppress(OSError):  # it is not empty: something was written
                parent.rmdir()


def write_text(path: Path, text: str) -> None:
    """Write a file beside its place and rename it, so that no half file is ever seen there."""
    with replacing(path) as part:
        part.write_bytes(text.encode("utf-8"))
