"""Own RSS and Atom: feeds as they were saved, read from bytes and never fetched.

Descriptions are teasers: they stand in `text`, marked `text_is_excerpt`, unless the entry has its content.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from toolkit.corpora.dates import read_date
from toolkit.corpora.readers.base import Declared, Document, File, Item, Problem, Reader
from toolkit.corpora.readers.htmltext import adds, paragraphs, plain
from toolkit.corpora.readers.jsons import kept, words
from toolkit.tables import FramingError

_ROOT = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE)
_ASIDES = ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"))
_ENTRY = re.compile(rb"<(?:\w+:)?(?:item|entry)(?=[\s>/])", re.IGNORECASE)
_LARGEST = 64 * 1024 * 1024


def _recognise(file: File) -> int:
    head = _bare(file.head(8192).replace(b"\0", b""))
    if not _ROOT.search(head):
        return 0
    first = re.search(rb"<(?:\w+:)?(\w+)[\s>]", re.sub(rb"<\?[^>]*>|<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>", b"", head))
    name = first[1].lower() if first else b""
    if name == b"rss":
        return 95
    if name == b"feed":
        return 95 if b"atom" in head.lower() else 70
    return 90 if name == b"rdf" and b"purl.org/rss" in head else 0


def _read(file: File) -> Iterator[Item]:
    import feedparser

    raw = file.bytes()
    if len(raw) > _LARGEST:
        raise FramingError(f"{file.name} has {len(raw) / 1e6:,.0f} MB; feeds are read up to {_LARGEST / 1e6:,.0f} MB.")
    # In any encoding an entity is declared so; feeds have no use for it, and it can unfold without end or open files.
    if b"<!ENTITY" in raw.replace(b"\0", b"").upper():
        raise FramingError(f"{file.name} declares entities of its own, as no feed needs to: not used.")
    yield Declared(len(_ENTRY.findall(_bare(raw.replace(b"\0", b"")))))
    try:
        feed = feedparser.parse(io.BytesIO(raw), sanitize_html=True, resolve_relative_uris=False)
    except Exception as error:  # it says to raise nothing, and does where an encoding's name is damaged
        raise FramingError(f"{file.name} cannot be read as a feed ({_said(error)}).") from None
    if feed.get("bozo"):
        fault = feed.get("bozo_exception")
        yield Problem("file", "odd", f"It is not sound XML ({_said(fault)}); it was read as far as it goes.")
    about = feed.get("feed", {})
    for n, entry in enumerate(feed.get("entries", []), 1):
        yield Document(f"item {n}", _fields(entry, about))


def _bare(raw: bytes) -> bytes:
    """Leave out comments and CDATA, up to the first that does not end."""
    parts: list[bytes] = []
    at = 0
    while True:
        starts = [(start, mark, end) for mark, end in _ASIDES if (start := raw.find(mark, at)) >= 0]
        if not starts:
            return b"".join([*parts, raw[at:]])
        start, mark, end = min(starts)
        parts.append(raw[at:start])
        at = raw.find(end, start + len(mark))
        if at < 0:
            return b"".join(parts)
        at += len(end)


def _said(fault: Any) -> str:
    return re.sub(r"\s+", " ", str(fault)).strip().rstrip(".") or type(fault).__name__


def _fields(entry: Any, about: Any) -> dict[str, Any]:
    whole = max((c.get("value") or "" for c in entry.get("content", []) if isinstance(c, dict)), key=len, default="")
    summary = entry.get("summary") or ""
    text = paragraphs(whole)
    teaser = plain(summary)
    excerpt = not text and teaser is not None
    source = entry.get("source")
    published, updated = words(dict.get(entry, "published")), words(dict.get(entry, "updated"))
    authors = [words(a.get("name")) for a in entry.get("authors", []) if isinstance(a, dict)]
    return kept(
        {
            "source": plain(source.get("title") if isinstance(source, dict) else None) or plain(about.get("title")),
            "date": _date(entry),
            "title": plain(entry.get("title")),
            "text": paragraphs(summary) if excerpt else text,
            "text_is_excerpt": True if excerpt else None,
            "standfirst": None if excerpt or summary == whole else adds(teaser, text),
            "url": words(entry.get("link")),
            "author": "; ".join(filter(None, authors)) or plain(entry.get("author")),
            "language": words(entry.get("language")) or words(about.get("language")),
            "subject": "; ".join(dict.fromkeys(t for tag in entry.get("tags", []) if (t := plain(tag.get("term"))))),
            "archive_id": words(entry.get("id")),
            "modified": updated if published and updated != published else None,
        }
    )


def _date(entry: Any) -> str | datetime | None:
    """Return the date as printed where the door can read it, else as feedparser, which knows more languages, reads it (UTC)."""
    for name in ("published", "updated", "created"):
        printed = words(dict.get(entry, name))  # not its own get, which takes one for the other
        if printed is None:
            continue
        parsed = dict.get(entry, f"{name}_parsed")
        if read_date(printed) is not None or not parsed:
            return printed
        moment = datetime(*parsed[:6])
        # It takes some forms for dates that they are not: year and day have to stand there, the day perhaps in another zone.
        numbers = {int(n) for n in re.findall(r"\d{1,4}", printed)}
        near = {(moment + timedelta(days=d)).day for d in (-1, 0, 1)}
        return moment if moment.year in numbers and near & numbers else printed
    return None


READER = Reader("feed", "RSS or Atom feed (mostly excerpts)", (".xml", ".rss", ".atom", ".rdf"), _recognise, _read)
