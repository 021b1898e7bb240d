"""Own the writing of files and folders: each is written beside its place and then renamed, so that no half one is ever there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(place: Path) -> Iterator[Path]:
    """Give a path to write a file or folder at; when that went well, it is renamed to `place`.

    What stood at `place` stays there until then, and stays for good where something goes wrong. Folders above it are made.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     place = Path(folder) / "new" / "note.txt"
    ...     with replacing(place) as beside:
    ...         n_characters = beside.write_text("A reset.")
    ...     place.read_text(), os.listdir(place.parent)
    ('A reset.', ['note.txt'])
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=place.parent) as workshop:
        beside, old = Path(workshop, f".{place.name}"), Path(workshop, ".old")
        yield beside

        # A folder cannot be renamed onto one that holds files.
        if place.is_dir():
            os.replace(place, old)
        try:
            os.replace(beside, place)
        except OSError:
            if old.exists():
                os.replace(old, place)
            raise
