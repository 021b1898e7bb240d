"""Hold the reader of Factiva's XML to its elements, and to what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolkit.corpora.readers.base import Declared, Document, File, Item, Problem
from toolkit.corpora.readers.factiva_xml import READER
from toolkit.tables import FramingError

ARTICLE = """<ppsarticle><article>
  <accessionNo>SPOST00020120109e51700030</accessionNo><baseLanguage>EN</baseLanguage><copyright>(c) 2012 Post  </copyright>
  <headline><paragraph><hlt>Reset</hlt> -
    at last</paragraph></headline>
  <byline><paragraph>By Ada Sample</paragraph></byline>
  <leadParagraph><paragraph>It begins.</paragraph></leadParagraph>
  <tailParagraphs><paragraph>It <hlt>goes</hlt> on.</paragraph><paragraph>It ends.</paragraph></tailParagraphs>
  <pages><page>A1</page><page>A4</page></pages>
  <publicationDate><dateTime>2012-01-09T01:35:58Z</dateTime></publicationDate>
  <publisherName>Post Ltd</publisherName><sourceName>The Post</sourceName><sourceCode>SPOST</sourceCode>
  <region code="usa"><name>United States</name></region><region code="namz"><name>North America</name></region>
  <newsSubject code="gpol"><name>Politics</name></newsSubject><notes>A note</notes><wordCount>942</wordCount>
</article></ppsarticle>"""


def xml(*articles: str, count: int = 1) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><PPSResponse><ppsArticleResponse xmlns="http://global.factiva.com/pps/2.0">'
        f'<ppsarticleResultSet count="{count}">{"".join(articles)}</ppsarticleResultSet></ppsArticleResponse></PPSResponse>'
    )


def items(tmp_path: Path, content: str | bytes) -> list[Item]:
    path = tmp_path / "export.xml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(READER.read(File("export.xml", path)))


def test_an_article(tmp_path: Path):
    """Every element lands in its field; hits are plain words, and lead and tail are one text."""
    assert items(tmp_path, b"\xef\xbb\xbf" + xml(ARTICLE).encode()) == [
        Declared(1),
        Document(
            "document 1",
            {
                "doc_id": "SPOST00020120109e51700030",
                "archive_id": "SPOST00020120109e51700030",
                "source": "The Post",
                "source_code": "SPOST",
                "language": "EN",
                "copyright": "(c) 2012 Post",
                "notes": "A note",
                "publisher": "Post Ltd",
                "title": "Reset - at last",
                "author": "Ada Sample",
                "date": "2012-01-09T01:35:58Z",
                "page": "A1, A4",
                "text": "It begins.\n\nIt goes on.\n\nIt ends.",
                "n_words_stated": 942,
                "subject": "gpol : Politics",
                "region": "usa : United States | namz : North America",
            },
        ),
    ]


def test_a_day_without_a_time(tmp_path: Path):
    """Old articles have a date element instead of a moment."""
    old = ARTICLE.replace("<dateTime>2012-01-09T01:35:58Z</dateTime>", "<date>1987-02-26</date>")
    document = items(tmp_path, xml(old))[1]
    assert isinstance(document, Document) and document.fields["date"] == "1987-02-26"


def test_more_declared_than_held(tmp_path: Path):
    """The number that the file declares is passed on as it stands."""
    found = items(tmp_path, xml(ARTICLE, count=20))
    assert [type(item) for item in found] == [Declared, Document] and found[0] == Declared(20)


def test_an_article_with_nothing_in_it(tmp_path: Path):
    """An article with neither headline nor text is reported."""
    found = items(tmp_path, xml("<article><accessionNo>1</accessionNo></article>", ARTICLE, count=2))
    assert found[1] == Problem("document 1", "unparsed", "It has neither a headline nor a paragraph.")
    assert isinstance(found[2], Document)


@pytest.mark.parametrize(
    "declaration",
    ['<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>', '<!doctype r SYSTEM "http://example.org/a.dtd">'],
)
def test_entities_are_refused(tmp_path: Path, declaration: str):
    """A file that declares a document type is not read at all."""
    content = xml(ARTICLE.replace("It ends.", "&x;")).replace("?>", "?>" + declaration, 1)
    with pytest.raises(FramingError) as error:
        items(tmp_path, content)
    assert str(error.value) == (
        "export.xml declares a document type or entities of its own; exports of this format have none, and such "
        "declarations can pull in other files. It is not read. Take the declaration out if the file is yours."
    )


def test_a_file_that_was_cut_off(tmp_path: Path):
    """What is whole in a file that was cut off is read, and the account says that the XML is broken."""
    text = xml(ARTICLE, ARTICLE.replace("51700030", "51700031"), count=2)
    found = items(tmp_path, text[: text.rindex("<notes>")])
    assert isinstance(found[0], Problem) and found[0].kind == "mended"
    assert found[0].note.startswith("The XML is broken (") and found[0].note.endswith(
        "): what could be saved was read."
    )
    assert [item.fields["archive_id"] for item in found if isinstance(item, Document)] == [
        "SPOST00020120109e51700030",
        "SPOST00020120109e51700031",
    ]


def test_an_empty_file(tmp_path: Path):
    """An empty file gives a problem and raises nothing."""
    assert [type(item) for item in items(tmp_path, "")] == [Problem]


def test_recognising(tmp_path: Path):
    """The name space, or the elements, tell."""
    sure = []
    for content in (xml(ARTICLE), f"<ppsarticle>{ARTICLE}</ppsarticle>", "<rss></rss>", ""):
        (tmp_path / "a.xml").write_text(content)
        sure.append(READER.recognise(File("a.xml", tmp_path / "a.xml")))
    assert sure == [95, 95, 0, 0]
