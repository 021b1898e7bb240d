"""Test the reading of the New York Times' answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from toolkit.corpora.readers import all_readers, nyt
from toolkit.corpora.readers.base import Declared, Document, File, Problem


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


def old(**more: Any) -> dict[str, Any]:
    """Make one article in the shape before 2025."""
    return {
        "web_url": "http://www.nytimes.com/2012/01/01/us/port.html",
        "snippet": "The port reopens.",
        "lead_paragraph": "PORT TOWN -- The port, closed for a year, reopens.",
        "abstract": "Port reopens after long debate; photo; map (M)",
        "print_page": "1",
        "source": "The New York Times",
        "multimedia": [],
        "headline": {"main": "Port to Reopen", "kicker": "The Harbor"},
        "keywords": [{"name": "subject", "value": "PORTS"}, {"name": "type_of_material", "value": "News"}],
        "pub_date": "2012-01-01T00:00:00Z",
        "document_type": "article",
        "news_desk": None,
        "section_name": "U.S.",
        "byline": {"person": [], "original": "By ADA BYRON and AL MASON"},
        "word_count": 365,
        "type_of_material": "News",
        "_id": "4fd2",
        **more,
    }


def written(path: Path, *docs: Any, meta: str = "meta") -> Path:
    """Write an answer."""
    path.write_text(
        json.dumps({"status": "OK", "copyright": "(c)", "response": {"docs": list(docs), meta: {"hits": len(docs)}}})
    )
    return path


def test_the_old_shape(tmp_path: Path) -> None:
    """The first paragraph is the text, marked as an excerpt; the abstract, without the indexers' codes, the standfirst."""
    documents, problems, declared = read(written(tmp_path / "a.json", old()), "nyt")
    assert documents[0].fields == {
        "doc_id": "4fd2",
        "source": "The New York Times",
        "date": "2012-01-01T00:00:00Z",
        "title": "Port to Reopen",
        "text": "PORT TOWN -- The port, closed for a year, reopens.",
        "text_is_excerpt": True,
        "standfirst": "Port reopens after long debate",
        "url": "http://www.nytimes.com/2012/01/01/us/port.html",
        "author": "ADA BYRON and AL MASON",
        "section": "U.S.",
        "page": "1",
        "kicker": "The Harbor",
        "genre": "News",
        "document_type": "article",
        "subject": "PORTS",
        "n_words_stated": 365,
    }
    assert (problems, declared) == ([], 1)


def test_the_shape_of_2025(tmp_path: Path) -> None:
    """Without a first paragraph the abstract is the text; the page has its section."""
    doc = {
        "_id": "nyt://article/1",
        "uri": "nyt://article/1",
        "web_url": "https://www.nytimes.com/2025/05/01/us/port.html",
        "abstract": "The port reopens.",
        "snippet": "The port reopens.",
        "headline": {"main": "Port to Reopen", "kicker": "", "print_headline": "Port Reopens"},
        "pub_date": "2025-05-01T09:00:00Z",
        "byline": {"original": "By Ada Byron"},
        "multimedia": {"caption": "A caption."},
        "print_page": "1",
        "print_section": "A",
        "word_count": 1200,
    }
    fields = read(written(tmp_path / "a.json", doc, meta="metadata"), "nyt")[0][0].fields
    assert (fields["text"], fields["text_is_excerpt"], fields.get("standfirst")) == ("The port reopens.", True, None)
    assert (fields["page"], fields["author"], fields["print_headline"]) == ("A1", "Ada Byron", "Port Reopens")


@pytest.mark.parametrize(
    ("byline", "author"),
    [
        (None, None),
        ([], None),
        ("", None),
        ("By Ada Byron", "Ada Byron"),
        ([{"original": "by Ada Byron"}], "Ada Byron"),
        ({"original": None, "person": [{"firstname": "Ada", "middlename": "K.", "lastname": "Byron"}]}, "Ada K. Byron"),
        ({"original": None, "person": [], "organization": "The Editorial Board"}, "The Editorial Board"),
    ],
)
def test_bylines_of_all_years(byline: Any, author: str | None) -> None:
    """A byline may be null, empty, a string, a list or a dict."""
    assert nyt.fields_of(old(byline=byline)).get("author") == author


def test_what_an_agency_wrote_is_still_the_times(tmp_path: Path) -> None:
    """The agency is the wire, the Times the outlet."""
    fields = read(written(tmp_path / "a.json", old(source="AP", keywords="", headline=[])), "nyt")[0][0].fields
    assert (fields["source"], fields["wire"]) == ("The New York Times", "AP")
    assert "title" not in fields


def test_a_month_of_the_archive_with_a_broken_entry(tmp_path: Path) -> None:
    """Each entry is accounted for."""
    documents, problems, declared = read(written(tmp_path / "2012-1.json", old(), None, old(_id="4fd3")), "nyt")
    assert ([d.place for d in documents], declared) == (["document 1", "document 3"], 3)
    assert problems == [Problem("document 2", "unparsed", "It is no article.")]
