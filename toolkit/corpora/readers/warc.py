"""Own web archives (WARC): the pages in them, record by record, with damaged records reported and the rest read.

The date of a record is when it was crawled and stands in `crawled`; the article's date is what its page states.
"""

from __future__ import annotations

import gzip
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from toolkit.corpora.readers.base import Document, File, Item, Problem, Reader
from toolkit.corpora.readers.pages import LARGEST, read_page
from toolkit.tables import FramingError, listed

_HEADERS = 64 * 1024  # bytes of a record's headers
_BLOCK = 1024 * 1024
_LONG = 50_000_000  # bytes from which progress shows: some minutes
_GZIP = b"\x1f\x8b\x08"
_PLAIN = b"WARC/1."


def _recognise(file: File) -> int:
    head = file.head(4096)
    if head.startswith(b"WARC/"):
        return 98
    if head.startswith(_GZIP):
        try:
            return 98 if zlib.decompressobj(wbits=31).decompress(head, 16).startswith(b"WARC/") else 0
        except zlib.error:
            return 0
    return 0


def _read(file: File) -> Iterator[Item]:
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError:
        raise FramingError(
            f"{file.name} needs the extra 'web': python -m pip install 'framing-toolkit[web]'."
        ) from None
    from tqdm.auto import tqdm

    others: Counter[str] = Counter()
    packed = file.head(3) == _GZIP
    at: int | None = 0
    wanted = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
    n = 0
    while at is not None:
        last = at
        bar = tqdm(
            total=file.size, initial=at, desc="pages", unit="B", unit_scale=True, disable=file.size < _LONG, leave=False
        )
        with bar, file.open() as stream:
            stream.seek(at)
            try:
                for record in ArchiveIterator(stream, parse_http=False, max_header_len=_HEADERS):
                    last = at + record.stream_pos
                    bar.update(last - bar.n)
                    n += 1
                    if not record.record_type & wanted:
                        others[str(record.record_type)] += 1
                        continue
                    yield from _record(record, f"record {n}, byte {last:,}", others)
                at = None
            except (OSError, ValueError, EOFError, RuntimeError, gzip.BadGzipFile) as error:
                at = _next(file, last + 1, packed)
                rest = f"reading went on at byte {at:,}" if at is not None else "no record follows"
                yield Problem(
                    f"after record {n}, byte {last:,}",
                    "unparsed",
                    f"The archive is damaged here ({_said(error)}); {rest}.",
                )
    if others:
        what = listed(f"{k:,} {kind}" for kind, k in others.most_common())
        yield Problem("file", "odd", f"Besides pages it has records that hold no article: {what}.")


def _said(error: BaseException) -> str:
    return str(error).strip().rstrip(".") or type(error).__name__


def _record(record: Any, place: str, others: Counter[str]) -> Iterator[Item]:
    """Yield what one record that may hold a page gives; count it where it holds something else."""
    url = record.headers.get("WARC-Target-URI")
    crawled = record.headers.get("WARC-Date")
    size = record.content_length
    if size > 4 * LARGEST:
        others[f"over {4 * LARGEST // 1_000_000} MB"] += 1
        return
    record.freeze()
    if record.content_length < size:
        note = f"The record is cut off after {record.content_length:,} of {size:,} bytes ({url})."
        yield Problem(place, "odd", note)
    kind = (record.headers.get("Content-Type") or "").partition(";")[0].strip().casefold()
    charset = None
    if record.is_http:
        try:
            record.parse_http(auto_decode="all")
        except (OSError, ValueError) as error:
            yield Problem(place, "unparsed", f"The headers of the page cannot be read ({_said(error)}; {url}).")
            return
        status = record.http_headers.status_code if record.http_headers else None
        if status != 200:
            others[f"answers with status {status}"] += 1
            return
        kind = (record.http_content_type or "").casefold()
        charset = record.http_charset
    if kind not in ("text/html", "application/xhtml+xml", ""):
        others[kind] += 1
        return
    try:
        raw = record.reader.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        yield Problem(place, "unparsed", f"The page cannot be unpacked ({_said(error)}; {url}).")
        return
    if not raw.strip() or (not kind and b"<html" not in raw[:4096].lower()):
        others["empty or of unknown kind"] += 1
        return
    for item in read_page(raw, place=place, url=url, charset=charset):
        yield Document(item.place, {**item.fields, "crawled": crawled}) if isinstance(item, Document) else item


def _next(file: File, start: int, packed: bool) -> int | None:
    """Return where the next record may begin, or None."""
    mark = _GZIP if packed else b"\r\n\r\n" + _PLAIN
    skip = 0 if packed else 4
    with file.open() as stream:
        stream.seek(start)
        before = b""
        at = start
        while block := stream.read(_BLOCK):
            window = before + block
            found = window.find(mark)
            while found >= 0:
                where = at - len(before) + found + skip
                if not packed or _begins(file, where):
                    return where
                found = window.find(mark, found + 1)
            before = window[-(len(mark) - 1) :]
            at += len(block)
    return None


def _begins(file: File, where: int) -> bool:
    """Whether a record begins at these bytes, which look like the start of a gzip member."""
    with file.open() as stream:
        stream.seek(where)
        try:
            return zlib.decompressobj(wbits=31).decompress(stream.read(4096), 16).startswith(_PLAIN)
        except zlib.error:
            return False


READER = Reader("warc", "Web archive (WARC)", (".warc", ".gz"), _recognise, _read, extra="web")
