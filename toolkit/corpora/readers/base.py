"""Own the contract between the door and the readers: what a reader is given, and what it gives."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from toolkit.tables import FramingError

HEAD = 65_536  # bytes that a format is recognised by
LARGEST = 512 * 1024 * 1024  # bytes that a reader may take into memory at once

COMPANIONS = ("metadata.csv", "metadata.tsv")
"""Tables that lie beside texts and say what they are."""


@dataclass(frozen=True)
class File:
    """One file to read, on disk (a member of an archive is unpacked to a temporary file first).

    Attributes
    ----------
    name : str
        As reports name it: the path as given, or the archive and the member, joined by "!".
    path : Path
        Where its bytes are.
    """

    name: str
    path: Path

    @property
    def suffix(self) -> str:
        """The ending of the name, in lower case and with its dot; of "a.warc.gz" it is ".gz"."""
        return Path(self.name.rpartition("!")[2]).suffix.lower()

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def open(self) -> BinaryIO:
        """Open for reading bytes."""
        return self.path.open("rb")

    def head(self, n: int = HEAD) -> bytes:
        """Return the first bytes."""
        with self.open() as stream:
            return stream.read(n)

    def bytes(self) -> bytes:
        """Return all bytes, or raise where they are more than a reader may take at once."""
        if self.size > LARGEST:
            raise FramingError(
                f"{self.name} has {self.size / 1e6:,.0f} MB; a file of this format is read as a whole, up to "
                f"{LARGEST / 1e6:,.0f} MB. Split it, or export it in parts."
            )
        with self.open() as stream:
            return stream.read()

    def text(self, encoding: str | None = None) -> tuple[str, str]:
        """Return all as text, and the encoding it was read in; see `decode`."""
        return decode(self.bytes(), encoding)


def decode(raw: bytes, declared: str | None = None) -> tuple[str, str]:
    """Turn bytes into text without ever failing.

    A byte order mark decides; then UTF-8 where the bytes are valid UTF-8, whatever was declared (files say ISO-8859-1 and hold UTF-8);
    then the declared encoding; then Windows-1252, with U+FFFD for its few undefined bytes.

    Examples
    --------
    >>> decode("Zürich".encode("cp1252"))
    ('Zürich', 'cp1252')
    >>> decode(b"\\xef\\xbb\\xbfreset")
    ('reset', 'utf-8-sig')
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return raw.decode(name, "replace"), name
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if declared:
        try:
            return raw.decode(declared), codecs.lookup(declared).name
        except (LookupError, UnicodeDecodeError):
            pass
    return raw.decode("cp1252", "replace"), "cp1252"


def declared_encoding(head: bytes) -> str | None:
    """Return the encoding that an HTML or XML head declares, if it does.

    Examples
    --------
    >>> declared_encoding(b'<meta charset="windows-1251">')
    'windows-1251'
    """
    found = re.search(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", head[:4096])
    return found[1].decode("ascii") if found else None


@dataclass(frozen=True)
class Document:
    """One article as a reader found it.

    Attributes
    ----------
    place : str
        Where in the file: "document 3", "line 17", "row 4".
    fields : dict
        By the names of the articles table (title, text, source, date, author, url, section, language, page, standfirst, wire, doc_id), and
        further plain names for what else the archive says (edition, copyright, n_words_stated, archive_id, subject, dateline,
        correction, genre, text_is_excerpt, ...). A date may be the string as printed; the door reads it. What is not there is left out.
    """

    place: str
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """Something that a reader could not read, mended, or took in another way than it stands.

    Attributes
    ----------
    place : str
        Where in the file.
    kind : str
        "unparsed" (a document is lost to the table), "merged" (two entries became one), "mended" (read after a repair),
        "odd" (read, but to be looked at).
    note : str
        One sentence.
    """

    place: str
    kind: str
    note: str


@dataclass(frozen=True)
class Declared:
    """How many documents a file says it has."""

    n: int
    place: str = "file"


Item = Document | Problem | Declared


@dataclass(frozen=True)
class Reader:
    """A format: how it is recognised and how it is read.

    Attributes
    ----------
    name : str
        Its name as `format=`, such as "nexis_docx".
    title : str
        What it is called in the list of formats.
    suffixes : tuple of str
        Usual endings, in lower case with the dot.
    recognise : callable
        Takes a `File`, looks at its head only, and returns how sure it is, from 0 (not this format) to 100. Never raises.
    read : callable
        Takes a `File` and yields documents, problems, and what the file declares, in any order, a document at a time.
    extra : str, optional
        The extra of the package that it needs.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    recognise: Callable[[File], int]
    read: Callable[[File], Iterator[Item]]
    extra: str | None = None
