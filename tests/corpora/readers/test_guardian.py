"""Test the reading of the Guardian's answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from toolkit.corpora.readers import all_readers
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


def article(**more: Any) -> dict[str, Any]:
    """Make one article as the service sends it."""
    return {
        "id": "world/2017/feb/03/port",
        "type": "article",
        "sectionId": "world",
        "sectionName": "World news",
        "pillarName": "News",
        "webPublicationDate": "2017-02-03T10:36:00Z",
        "webTitle": "Port to reopen | Ada Byron",
        "webUrl": "https://www.theguardian.com/world/2017/feb/03/port",
        **more,
    }


def answer(*results: Any, total: int, start: int = 1, size: int = 10) -> dict[str, Any]:
    """Make one page of a search."""
    head = {"status": "ok", "userTier": "developer", "total": total, "startIndex": start, "pageSize": size}
    return {"response": {**head, "currentPage": 1, "pages": 1, "orderBy": "newest", "results": list(results)}}


def written(path: Path, value: Any) -> Path:
    """Write a value as JSON."""
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


BODY = (
    '<p>The port <a href="x">reopens</a>&nbsp;today.</p><figure><img alt="Cranes"><figcaption>Cranes. '
    "<span>Photograph: A. Lens</span></figcaption></figure><aside><p>Related: another story</p></aside>"
    "<h2>What next</h2><p>Ships &amp; trains.<br>Soon.</p>"
)


def test_the_body_becomes_paragraphs_without_captions(tmp_path: Path) -> None:
    """Text is the HTML body without captions and related links; tags give genre, subject and authors."""
    fields = {
        "headline": "Port to reopen",
        "standfirst": "<p>The mayor <strong>agrees</strong></p>",
        "trailText": "The mayor agrees",
        "body": BODY,
        "wordcount": "9",
        "publication": "theguardian.com",
        "lastModified": "2017-02-04T00:00:00Z",
    }
    tags = [
        {"type": "contributor", "webTitle": "Ada Byron"},
        {"type": "keyword", "webTitle": "Ports"},
        {"type": "tone", "webTitle": "News"},
    ]
    path = written(tmp_path / "a.json", answer(article(fields=fields, tags=tags), total=1))
    documents, problems, declared = read(path, "guardian")
    assert documents[0].fields == {
        "doc_id": "world/2017/feb/03/port",
        "source": "The Guardian",
        "date": "2017-02-03T10:36:00Z",
        "title": "Port to reopen",
        "text": "The port reopens today.\n\nWhat next\n\nShips & trains.\nSoon.",
        "standfirst": "The mayor agrees",
        "url": "https://www.theguardian.com/world/2017/feb/03/port",
        "author": "Ada Byron",
        "section": "World news",
        "pillar": "News",
        "genre": "article",
        "tone": "News",
        "subject": "Ports",
        "modified": "2017-02-04T00:00:00Z",
        "n_words_stated": 9,
    }
    assert (problems, declared) == ([], 1)


def test_a_trail_text_is_an_excerpt(tmp_path: Path) -> None:
    """Without a body the trail text stands in the text and is marked, and not counted twice."""
    path = written(tmp_path / "a.json", answer(article(fields={"trailText": "The mayor agrees"}), total=1))
    fields = read(path, "guardian")[0][0].fields
    assert (fields["text"], fields["text_is_excerpt"], fields.get("standfirst")) == ("The mayor agrees", True, None)


def test_without_fields_there_is_no_text(tmp_path: Path) -> None:
    """A search that asked for no fields gives titles only."""
    fields = read(written(tmp_path / "a.json", answer(article(), total=1)), "guardian")[0][0].fields
    assert "text" not in fields
    assert fields["title"] == "Port to reopen | Ada Byron"


def test_a_page_declares_how_many_it_should_have(tmp_path: Path) -> None:
    """The last page of 23 hits in tens has three; a middle one has ten."""
    last = written(tmp_path / "a.json", answer(article(), total=23, start=21))
    middle = written(tmp_path / "b.json", answer(article(), total=23, start=11))
    assert read(last, "guardian")[2] == 3
    assert read(middle, "guardian")[2] == 10


def test_a_single_item_and_the_sunday_paper(tmp_path: Path) -> None:
    """The answer to an item has one article; the Observer is an outlet of its own."""
    value = {
        "response": {
            "status": "ok",
            "userTier": "developer",
            "total": 1,
            "content": article(fields={"publication": "The Observer"}),
        }
    }
    documents, _, declared = read(written(tmp_path / "a.json", value), "guardian")
    assert (len(documents), declared) == (1, 1)
    assert documents[0].fields["source"] == "The Observer"


def test_blocks_lists_and_lines(tmp_path: Path) -> None:
    """A live blog's blocks are joined; pages in a list, and articles a line, are read, too."""
    live = article(type="liveblog", blocks={"body": [{"bodyHtml": "<p>Two.</p>"}, {"bodyHtml": "<p>One.</p>"}]})
    documents, _, _ = read(
        written(tmp_path / "a.json", [answer(live, total=1), answer(article(), total=1)]), "guardian"
    )
    assert [d.place for d in documents] == ["document 1", "document 2"]
    assert (documents[0].fields["text"], documents[0].fields["genre"]) == ("Two.\n\nOne.", "liveblog")
    lines = written(tmp_path / "a.jsonl", json.dumps(article()) + "\n" + json.dumps(article()) + "\n{broken\n")
    documents, problems, _ = read(lines, "guardian")
    assert len(documents) == 2
    assert [p.place for p in problems] == ["line 3"]


def test_an_error_that_was_saved(tmp_path: Path) -> None:
    """An answer that is an error is reported with the service's reason."""
    value = {
        "response": {
            "status": "error",
            "userTier": "developer",
            "pageSize": 10,
            "results": None,
            "message": "page out of range",
        }
    }
    documents, problems, _ = read(written(tmp_path / "a.json", value), "guardian")
    assert documents == []
    assert problems == [Problem("document 1", "unparsed", "The service answered with an error: page out of range.")]


def test_an_answer_that_is_cut_off(tmp_path: Path) -> None:
    """The whole articles before the cut are read."""
    text = json.dumps(answer(article(), article(id="second"), total=2))
    documents, problems, _ = read(written(tmp_path / "a.json", text[: text.index("second")]), "guardian")
    assert len(documents) == 1
    assert [p.kind for p in problems] == ["unparsed"]
