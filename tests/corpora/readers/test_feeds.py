"""Test the reading of RSS and Atom."""

from __future__ import annotations

import socket
from datetime import datetime
from pathlib import Path

import pytest

from toolkit.corpora.readers import all_readers
from toolkit.corpora.readers.base import Declared, Document, File, Problem
from toolkit.tables import FramingError


def read(path: Path, name: str) -> tuple[list[Document], list[Problem], int | None]:
    """Read with the reader of that name, after checking that it is the surest."""
    file = File(path.name, path)
    surest = max(all_readers(), key=lambda reader: reader.recognise(file))
    assert surest.name == name
    items = list(surest.read(file))
    declared = [i.n for i in items if isinstance(i, Declared)]
    return (
        [i for i in items if isinstance(i, Document)],
        [i for i in items if isinstance(i, Problem)],
        sum(declared) if declared else None,
    )


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write a feed."""
    path.write_bytes(text.encode(encoding))
    return path


RSS = """<?xml version="1.0" encoding="{encoding}"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Harbour Post &#8211; News</title><link>https://harbour-post.example</link><language>en-gb</language>
{items}
</channel></rss>"""


def rss(*items: str, encoding: str = "utf-8") -> str:
    """Make a feed."""
    return RSS.format(items="\n".join(f"<item>{item}</item>" for item in items), encoding=encoding)


def test_a_description_is_an_excerpt_and_content_is_the_text(tmp_path: Path) -> None:
    """A teaser stands in the text, marked; where the entry has its content, that is the text and the teaser the standfirst."""
    teaser = (
        "<title>Port &amp; town</title><link>https://harbour-post.example/a</link><guid>a1</guid><dc:creator>Ada Byron</dc:creator>"
        "<pubDate>Fri, 03 Feb 2017 10:36:00 GMT</pubDate><category>Ports</category><category>Town</category>"
        "<description>&lt;p&gt;The port &lt;b&gt;reopens&lt;/b&gt;.&lt;/p&gt;&lt;img src='x'&gt;</description>"
    )
    whole = (
        "<title>Whole</title><description>What it means</description>"
        "<content:encoded><![CDATA[<p>One.</p><figure><figcaption>Cranes</figcaption></figure><p>Two.</p>]]></content:encoded>"
    )
    documents, problems, declared = read(written(tmp_path / "a.xml", rss(teaser, whole)), "feed")
    assert documents[0].fields == {
        "source": "Harbour Post – News",
        "date": "Fri, 03 Feb 2017 10:36:00 GMT",
        "title": "Port & town",
        "text": "The port reopens.",
        "text_is_excerpt": True,
        "url": "https://harbour-post.example/a",
        "author": "Ada Byron",
        "language": "en-gb",
        "subject": "Ports; Town",
        "archive_id": "a1",
    }
    assert documents[1].fields == {
        "source": "Harbour Post – News",
        "title": "Whole",
        "text": "One.\n\nTwo.",
        "standfirst": "What it means",
        "language": "en-gb",
    }
    assert (problems, declared) == ([], 2)


def test_atom_and_the_source_of_an_aggregated_entry(tmp_path: Path) -> None:
    """An entry may name another outlet than the feed."""
    text = """<feed xmlns="http://www.w3.org/2005/Atom"><title>All news</title>
    <entry><title>A reset</title><id>tag:x,1</id><link href="https://talbote.example/a"/><published>2017-02-03T10:36:00+01:00</published>
    <updated>2017-02-04T00:00:00Z</updated><source><title>Talbote</title></source><content type="html">&lt;p&gt;Text.&lt;/p&gt;</content></entry></feed>"""
    documents, _, declared = read(written(tmp_path / "a.atom", text), "feed")
    fields = documents[0].fields
    assert (fields["source"], fields["date"], fields["modified"], fields["text"]) == (
        "Talbote",
        "2017-02-03T10:36:00+01:00",
        "2017-02-04T00:00:00Z",
        "Text.",
    )
    assert declared == 1


def test_encodings_and_dates_that_only_feeds_have(tmp_path: Path) -> None:
    """The declared encoding is read, and a Greek date too, in universal time; a wrong guess is not taken for a date."""
    greek = "<title>Λιμάνι</title><pubDate>Κυρ, 11 Ιούλ 2004 12:00:00 EST</pubDate>"
    documents, _, _ = read(written(tmp_path / "a.xml", rss(greek, encoding="iso-8859-7"), "iso-8859-7"), "feed")
    assert documents[0].fields["title"] == "Λιμάνι"
    assert documents[0].fields["date"] == datetime(2004, 7, 11, 17, 0)
    hungarian = "<title>Kikötő</title><pubDate>2004-július-13T9:15-05:00</pubDate>"
    documents, _, _ = read(written(tmp_path / "b.xml", rss(hungarian)), "feed")
    assert documents[0].fields["date"] == "2004-július-13T9:15-05:00"


def test_a_broken_feed_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    """Raw ampersands and a cut do not lose the entries before them, and the fault is said."""
    text = rss("<title>Port & town</title><link>https://harbour-post.example/a</link>", "<title>Second</title>")
    documents, problems, declared = read(written(tmp_path / "a.xml", text[: text.index("</channel>")]), "feed")
    assert [d.fields["title"] for d in documents] == ["Port & town", "Second"]
    assert declared == 2
    assert [(p.place, p.kind) for p in problems] == [("file", "odd")]
    assert problems[0].note.startswith("It is not sound XML (")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_of_its_own_are_refused(tmp_path: Path, encoding: str) -> None:
    """A feed that declares entities, which could unfold without end or open files, is not read."""
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
        "<rss version='2.0'><channel><item><title>&b;</title></item></channel></rss>"
    )
    path = written(tmp_path / "a.xml", text, encoding)
    with pytest.raises(FramingError, match=r"^a\.xml declares entities of its own, as no feed needs to: not used\.$"):
        read(path, "feed")


def test_an_address_inside_is_never_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading opens no connection, whatever the file says."""

    def refuse(*args: object, **more: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    text = '<!DOCTYPE rss SYSTEM "http://harbour-post.example/rss.dtd">' + rss("<title>A</title>").split("?>")[1]
    documents, _, _ = read(written(tmp_path / "a.xml", text), "feed")
    assert [d.fields["title"] for d in documents] == ["A"]


@pytest.mark.parametrize(
    "text",
    [
        "<html><head><link rel='alternate' type='application/rss+xml' href='x'></head></html>",
        "<?xml version='1.0'?><kml><Feed/></kml>",
        "plain",
    ],
)
def test_what_is_no_feed(tmp_path: Path, text: str) -> None:
    """A page that links to a feed, or other XML, is none."""
    path = written(tmp_path / "a.xml", text)
    assert next(r for r in all_readers() if r.name == "feed").recognise(File("a.xml", path)) == 0


def test_a_damaged_name_of_an_encoding(tmp_path: Path) -> None:
    """Where the parser itself breaks, the file is named."""
    path = tmp_path / "a.xml"
    path.write_bytes(b'<?xml version="1.0" encoding="euc\xb3kr"?><rss version="2.0"><channel/></rss>')
    with pytest.raises(FramingError, match=r"^a\.xml cannot be read as a feed \("):
        read(path, "feed")
