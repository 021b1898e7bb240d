"""Test the reading of web archives."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from toolkit.corpora.readers import all_readers
from toolkit.corpora.readers.base import Document, File, Problem

pytest.importorskip("fastwarc")

PARAGRAPH = "The port of the town reopens today, a year after the storm closed it, the mayor said on Friday, and ships are expected before noon."
PAGE = (
    '<html><head><meta property="og:type" content="article"><meta property="article:published_time" content="2017-02-03T10:36:00Z">'
    f"<title>Port {{n}} reopens</title></head><body><article><h1>Port {{n}} reopens</h1>{f'<p>{PARAGRAPH}</p>' * 3}</article></body></html>"
)


def record(
    n: int,
    *,
    kind: str = "response",
    status: str = "200 OK",
    mime: str = "text/html; charset=utf-8",
    body: bytes | None = None,
    packed: bool = False,
) -> bytes:
    """Make one record."""
    payload = PAGE.format(n=n).encode() if body is None else body
    coded = "Content-Encoding: gzip\r\n" if packed else ""
    payload = gzip.compress(payload) if packed else payload
    block = (
        f"HTTP/1.1 {status}\r\nContent-Type: {mime}\r\n{coded}Content-Length: {len(payload)}\r\n\r\n".encode() + payload
    )
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{n:012}>\r\nWARC-Date: 2026-03-04T05:06:07Z\r\n"
        f"WARC-Target-URI: https://harbour-post.example/town/{n}\r\nContent-Type: application/http; msgtype={kind}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def read(path: Path, content: bytes) -> tuple[list[Document], list[Problem]]:
    """Read with the reader that is surest, which is the one of web archives."""
    path.write_bytes(content)
    file = File(path.name, path)
    surest = max(all_readers(), key=lambda reader: reader.recognise(file))
    assert surest.name == "warc"
    items = list(surest.read(file))
    return [i for i in items if isinstance(i, Document)], [i for i in items if isinstance(i, Problem)]


@pytest.mark.parametrize("packed", [False, True])
def test_pages_are_read_and_the_rest_is_counted(tmp_path: Path, packed: bool) -> None:
    """Pages become articles with the time of the crawl beside their own date; pictures, requests and errors are counted."""
    records = [
        record(1),
        record(2, kind="request"),
        record(3, mime="image/png", body=b"x"),
        record(4, status="404 Not Found"),
        record(5, packed=True),
    ]
    content = b"".join(gzip.compress(r) if packed else r for r in records)
    documents, problems = read(tmp_path / ("a.warc.gz" if packed else "a.warc"), content)
    assert [d.fields["title"] for d in documents] == ["Port 1 reopens", "Port 5 reopens"]
    assert documents[0].fields["date"] == "2017-02-03T10:36:00Z"
    assert documents[0].fields["crawled"] == "2026-03-04T05:06:07Z"
    assert documents[0].fields["url"] == "https://harbour-post.example/town/1"
    assert documents[0].fields["text"].count(PARAGRAPH) >= 1
    note = "Besides pages it has records that hold no article: 1 request, 1 image/png, 1 answers with status 404."
    assert problems == [Problem("file", "odd", note)]


def test_a_record_that_is_cut_off(tmp_path: Path) -> None:
    """What is there of it is read, and the cut is said."""
    content = record(1) + record(2)
    documents, problems = read(tmp_path / "a.warc", content[:-200])
    assert [d.fields["title"] for d in documents] == ["Port 1 reopens", "Port 2 reopens"]
    assert len(problems) == 1
    assert problems[0].note.startswith("The record is cut off after ")
    assert problems[0].place.startswith("record 2, byte ")


@pytest.mark.parametrize("packed", [False, True])
def test_a_damaged_record_does_not_cost_the_rest(tmp_path: Path, packed: bool) -> None:
    """Reading goes on at the next record, and the place of the damage is given."""
    records = [gzip.compress(record(n)) if packed else record(n) for n in range(1, 5)]
    damaged = records[1]
    records[1] = damaged[:60] + b"\xff" * 60 + damaged[120:] if packed else damaged.replace(b"WARC/1.0", b"WRAC/1.0", 1)
    documents, problems = read(tmp_path / ("a.warc.gz" if packed else "a.warc"), b"".join(records))
    assert [d.fields["title"] for d in documents] == ["Port 1 reopens", "Port 3 reopens", "Port 4 reopens"]
    assert [p.kind for p in problems] == ["unparsed"]
    assert "The archive is damaged here" in problems[0].note
    assert "reading went on at byte" in problems[0].note


def test_an_archive_that_ends_in_the_middle_of_packing(tmp_path: Path) -> None:
    """A gzip member that is cut loses at most its own record."""
    content = gzip.compress(record(1)) + gzip.compress(record(2))[:-40]
    documents, problems = read(tmp_path / "a.warc.gz", content)
    assert documents[0].fields["title"] == "Port 1 reopens"
    assert problems


def test_other_gzip_files_are_left_alone(tmp_path: Path) -> None:
    """A packed table is no web archive."""
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"title,text\n"))
    assert next(r for r in all_readers() if r.name == "warc").recognise(File(path.name, path)) == 0
