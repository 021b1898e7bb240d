"""Own what the readers of line by line formats share: lines of bounded length, each in its own right encoding."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator

from toolkit.corpora.readers.base import HEAD, File, Problem, decode
from toolkit.tables import FramingError

LONGEST = 64 * 1024 * 1024  # bytes of one line, or of one field of a table
_BLOCK = 1024 * 1024
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


class Lines:
    """The lines of a file, with their ends, as text.

    A line that is valid UTF-8 is read as such whatever the others are: files are pasted together from several. The others
    are Windows-1252, or what the letters speak for.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "a.txt")
    ...     _ = path.write_bytes("Zürich\\n".encode() + "Genève\\n".encode("cp1252"))
    ...     lines = Lines(File("a.txt", path))
    ...     list(lines), [problem.note for problem in lines.problems()]
    (['Zürich\\n', 'Genève\\n'], ['1 line is not UTF-8; it was read as cp1252.'])
    """

    def __init__(self, file: File) -> None:
        self.file = file
        self.head = file.head()
        self.n_other = 0
        self.n = 0
        self.first_other = 0
        self._other: str | None = None

    def __iter__(self) -> Iterator[str]:
        if wide := _wide(self.head):
            with io.TextIOWrapper(self.file.open(), wide, errors="replace", newline="") as text:
                while line := text.readline(LONGEST):
                    self._count(len(line))
                    yield line.removeprefix("\ufeff")
            return
        for raw in self._raw():
            self._count(len(raw))
            yield self._decoded(raw.removeprefix(codecs.BOM_UTF8) if self.n == 1 else raw)

    def problems(self) -> Iterator[Problem]:
        """Yield what was mended on the way; to be asked for after the last line."""
        if self.n_other:
            lines = f"{self.n_other:,} line is" if self.n_other == 1 else f"{self.n_other:,} lines are"
            pronoun = "it was" if self.n_other == 1 else "they were"
            note = f"{lines} not UTF-8; {pronoun} read as {self._other}."
            yield Problem(f"line {self.first_other}", "mended", note)

    def _count(self, length: int) -> None:
        self.n += 1
        if length >= LONGEST:
            raise FramingError(
                f"Line {self.n:,} of {self.file.name} has more than {LONGEST / 1e6:,.0f} MB, so this is no file of lines, or "
                "a damaged one; nothing after it was read."
            )

    def _raw(self) -> Iterator[bytes]:
        with self.file.open() as stream:
            if b"\n" in self.head or b"\r" not in self.head:
                while line := stream.readline(LONGEST):
                    yield line
                return
            rest = b""  # lines that end as on the first Macintosh
            while block := stream.read(_BLOCK):
                *lines, rest = (rest + block).split(b"\r")
                yield from (line + b"\n" for line in lines)
                if len(rest) >= LONGEST:
                    break
            if rest:
                yield rest

    def _decoded(self, raw: bytes) -> str:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            pass
        self.n_other += 1
        self.first_other = self.first_other or self.n
        if self._other is None:
            self._other = other_encoding(self.head if not _is_utf8(self.head) else raw)
        return raw.decode(self._other, "replace")


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _wide(head: bytes) -> str | None:
    """Return the encoding of a file with two or four bytes a letter; without a mark, the zeros tell."""
    if head.startswith(_WIDE):
        return decode(head)[1]
    even, odd = head[0:2000:2], head[1:2000:2]
    if len(odd) > 4 and odd.count(0) > 0.8 * len(odd) and not even.count(0):
        return "utf-16-le"
    if len(odd) > 4 and even.count(0) > 0.8 * len(even) and not odd.count(0):
        return "utf-16-be"
    return None


def other_encoding(sample: bytes) -> str:
    """Guess the encoding of bytes that are not UTF-8.

    Where most letters would be accented ones it is no Western European text, and the letters' frequencies are asked.

    Examples
    --------
    >>> other_encoding("Das ist schön, für alle, in Zürich".encode("cp1252"))
    'cp1252'
    """
    text = sample.decode("cp1252", "replace")
    plain, accented = len(re.findall(r"[A-Za-z]", text)), len(re.findall(r"[\x80-\xff\u0152-\u2122\ufffd]", text))
    if accented * 3 < plain:
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample[:20_000]).best()
    return codecs.lookup(best.encoding).name if best and not best.encoding.startswith("utf") else "cp1252"


def head_text(file: File) -> str | None:
    """Return the beginning of a file as text, None where it is no text.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "a.bin")
    ...     _ = path.write_bytes(bytes(range(32)))
    ...     head_text(File("a.bin", path)) is None
    True
    """
    head = file.head(HEAD)
    if wide := _wide(head):
        return head.decode(wide, "replace").removeprefix("\ufeff")
    # A few control characters stand in old exports; many mean that these are no letters.
    control = len(re.findall(rb"[\x00-\x08\x0e-\x1f\x7f]", head))
    if head.startswith((b"%PDF", b"{\\rtf", b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"PAR1")) or (
        (control > len(head) // 200 and b"\x00" in head) or control > len(head) // 20
    ):
        return None
    for cut in range(4):  # the head can end within a letter
        try:
            return head[: len(head) - cut].decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    return head.decode(other_encoding(head), "replace")
