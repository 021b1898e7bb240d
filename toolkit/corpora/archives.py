"""Own the archives: opening a zip only when it is sane, and taking members out of it without trusting it."""

from __future__ import annotations

import gzip
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from toolkit.tables import FramingError

MOST_MEMBERS = 200_000
LARGEST_TOTAL = 16 * 1024**3  # bytes of all members of an archive of files, which are unpacked one at a time
LARGEST_OFFICE = 1024**3  # bytes of all parts of a DOCX or XLSX
RATIO = 250  # times that a member may be larger than it is packed; text is packed to a tenth, office XML to a fiftieth
SMALL = 8 * 1024**2  # bytes below which the ratio does not matter
_BLOCK = 1024 * 1024
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, KeyError)
_OFFICE = "[Content_Types].xml"


def checked_zip(path: Path, name: str | None = None) -> zipfile.ZipFile:
    """Open a zip, or a DOCX or XLSX, after looking at its index: not damaged, no bomb, not encrypted.

    What is read later is no more than the index declares: `zipfile` stops there.

    Parameters
    ----------
    path : Path
        Where it is.
    name : str, optional
        What errors call it; the path if not given.

    Returns
    -------
    zipfile.ZipFile
        Open; close it or use it in a `with` statement.

    Raises
    ------
    FramingError
        If it is not a zip or damaged, has too many members, would unpack to more than is sane, is encrypted, or is an
        office file that declares entities.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "a.docx"
    ...     _ = path.write_bytes(b"no zip at all")
    ...     try:
    ...         checked_zip(path, "a.docx")
    ...     except FramingError as error:
    ...         print(error)
    a.docx is not a zip archive, or is cut off (File is not a zip file). Get it again.
    """
    name = name or str(path)
    try:
        archive = zipfile.ZipFile(path)
    except _FAULTS as error:
        raise FramingError(f"{name} is not a zip archive, or is cut off ({error}). Get it again.") from None
    try:
        _check(archive, name)
    except BaseException:
        archive.close()
        raise
    return archive


def _check(archive: zipfile.ZipFile, name: str) -> None:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise FramingError(f"{name} has {len(members):,} members; up to {MOST_MEMBERS:,} are read. Split it.")
    office = is_office(archive)
    most = LARGEST_OFFICE if office else LARGEST_TOTAL
    total = sum(member.file_size for member in members)
    if total > most:
        raise FramingError(
            f"{name} would unpack to {total / 1e6:,.0f} MB; up to {most / 1e6:,.0f} MB are read. "
            "If that is no mistake, unpack it and give the folder."
        )
    packed = path_size(archive)
    if total > SMALL and total > RATIO * max(packed, 1):
        raise FramingError(
            f"{name} would unpack to {total // max(packed, 1):,} times its size: this is a zip bomb, not used."
        )
    for member in members:
        if member.file_size > SMALL and member.file_size > RATIO * max(member.compress_size, 1):
            times = member.file_size // max(member.compress_size, 1)
            raise FramingError(
                f"{member.filename!r} in {name} would unpack to {times:,} times its size: this is a zip bomb, not used."
            )
        if office and member.flag_bits & 0x1:
            raise FramingError(f"{name} is encrypted. Save it without a password.")
    if office:
        _check_parts(archive, name)


def _check_parts(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse office XML that has a document type: office programs write none, and entities come in by it."""
    for member in archive.infolist():
        if not member.filename.lower().endswith((".xml", ".rels")):
            continue
        try:
            with archive.open(member) as part:
                head = part.read(65_536)
        except _FAULTS as error:
            raise FramingError(f"{member.filename!r} in {name} is damaged ({error}). Get the file again.") from None
        # UTF-16 has a zero byte in each letter.
        if b"<!DOCTYPE" in head.replace(b"\0", b"").upper():
            raise FramingError(
                f"{member.filename!r} in {name} declares a document type, as no office file does: not used."
            )


def path_size(archive: zipfile.ZipFile) -> int:
    """Return the bytes of the archive itself."""
    stream = archive.fp
    if stream is None:
        return 0
    here = stream.tell()
    size = stream.seek(0, 2)
    stream.seek(here)
    return size


def is_office(archive: zipfile.ZipFile) -> bool:
    """Tell a DOCX, XLSX or the like, which is a zip too, from an archive of files."""
    return _OFFICE in archive.namelist()


def is_zip(head: bytes) -> bool:
    """Tell a zip, or an office file, by its first bytes.

    Examples
    --------
    >>> is_zip(b"PK" + bytes([3, 4])), is_zip(b"Post")
    (True, False)
    """
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"))


def is_gzip(head: bytes) -> bool:
    """Tell gzip by its first bytes."""
    return head.startswith(b"\x1f\x8b\x08")


def leads_out(name: str) -> bool:
    """Tell whether a member's name would lead out of the folder that it is unpacked in.

    Examples
    --------
    >>> [leads_out(name) for name in ("a/b.txt", "../b.txt", "/etc/b.txt", "C:\\\\b.txt", "a..txt")]
    [False, True, True, True, False]
    """
    plain = name.replace("\\", "/")
    return plain.startswith("/") or plain[1:2] == ":" or ".." in plain.split("/")


def is_link(member: zipfile.ZipInfo) -> bool:
    """Tell whether a member is a symbolic link, whose content is a path."""
    return stat.S_ISLNK(member.external_attr >> 16)


def unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, to: Path, name: str) -> None:
    """Stream one member to the file `to`, whose name the caller chose: the archive's own names are never used on disk.

    Raises
    ------
    FramingError
        If the member is encrypted or damaged.
    """
    if member.flag_bits & 0x1:
        raise FramingError(f"{name} is encrypted. Unpack the archive with its password and give the folder.")
    try:
        with archive.open(member) as packed, to.open("wb") as out:
            shutil.copyfileobj(packed, out, _BLOCK)
    except _FAULTS as error:
        raise FramingError(f"{name} cannot be unzipped ({error}): it is damaged.") from None


def gunzip(path: Path, to: Path, name: str) -> None:
    """Stream what a gzip file holds to the file `to`, and stop where it grows beyond what is sane.

    Raises
    ------
    FramingError
        If it is damaged, or unpacks to far more than its size.
    """
    most = max(SMALL, RATIO * path.stat().st_size)
    written = 0
    try:
        with gzip.open(path) as packed, to.open("wb") as out:
            for block in _blocks(packed):
                written += len(block)
                if written > min(most, LARGEST_TOTAL):
                    raise FramingError(f"{name} unpacks to more than {RATIO} times its size: not used.")
                out.write(block)
    except _FAULTS as error:
        if isinstance(error, FramingError):
            raise
        raise FramingError(f"{name} cannot be unpacked ({error}): it is damaged or cut off.") from None


def _blocks(stream: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
    while block := stream.read(_BLOCK):
        yield block
