"""Test the reading of libraries: CSL JSON and Zotero's CSV."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from toolkit.corpora.readers import all_readers, zotero
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


def test_items_of_a_library(tmp_path: Path) -> None:
    """Each item has its outlet, date, people and pages; an abstract is an excerpt; what is no press is said."""
    items: list[Any] = [
        {
            "id": "http://zotero.org/users/1/items/AB",
            "type": "article-newspaper",
            "container-title": "Talbote",
            "title": "Neustart im <i>Hafen</i>",
            "author": [{"family": "Byron", "given": "Ada"}, {"literal": "Redaktion Hafen"}],
            "page": "6-7",
            "abstract": "Der Hafen öffnet.",
            "URL": "https://talbote.example/a",
            "issued": {"date-parts": [["2022", 8, 27]]},
        },
        {"id": "b", "type": "book", "title": "Ports", "issued": {"raw": "1999"}},
        3,
    ]
    path = tmp_path / "library.json"
    path.write_text(json.dumps(items), encoding="utf-8")
    documents, problems, declared = read(path, "csl_json")
    assert documents[0].fields == {
        "doc_id": "http://zotero.org/users/1/items/AB",
        "source": "Talbote",
        "date": "2022-08-27",
        "title": "Neustart im Hafen",
        "text": "Der Hafen öffnet.",
        "text_is_excerpt": True,
        "url": "https://talbote.example/a",
        "author": "Ada Byron; Redaktion Hafen",
        "page": "6-7",
        "genre": "article-newspaper",
    }
    assert declared == 3
    assert problems == [
        Problem("item 3", "unparsed", "It is no item of a library."),
        Problem("file", "odd", "Not all items are press articles (1 book); they were read, too: see the column genre."),
    ]


@pytest.mark.parametrize(
    ("issued", "date"),
    [
        ({"date-parts": [["2012", "4", 6]]}, "2012-04-06"),
        ({"date-parts": [[2012]]}, "2012"),
        ({"date-parts": [[2012, 4, None]]}, "2012-04"),
        ({"date-parts": [[2012, 4, 6], [2012, 4, 8]]}, "2012-04-06"),
        ({"date-parts": [[]], "literal": "Frühjahr 2012"}, "Frühjahr 2012"),
        ({"raw": "6 April 2012"}, "6 April 2012"),
        ("2012-04-06", "2012-04-06"),
        (None, None),
    ],
)
def test_dates_of_all_shapes(issued: Any, date: str | None) -> None:
    """Parts may be numbers or strings, few or none; words stay words."""
    assert zotero.date_of(issued) == date


def test_a_library_in_csv(tmp_path: Path) -> None:
    """Zotero's CSV, with its byte order mark."""
    names = "Key,Item Type,Publication Year,Author,Title,Publication Title,ISSN,Url,Abstract Note,Date,Pages,Manual Tags,Automatic Tags"
    first = "AB12,newspaperArticle,2017,Byron; Mason,A reset,Harbour Post,,https://harbour-post.example/a,,2017-02-03,A1,ports; mayor,ports"
    second = "AB13,newspaperArticle,2018,,Undated,Harbour Post,,,,,,,"
    lines = (",".join(f'"{cell}"' for cell in line.split(",")) for line in (names, first, second))
    text = "\n".join(lines)
    path = tmp_path / "library.csv"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    documents, problems, _ = read(path, "zotero_csv")
    assert documents[0].fields == {
        "doc_id": "AB12",
        "source": "Harbour Post",
        "date": "2017-02-03",
        "title": "A reset",
        "url": "https://harbour-post.example/a",
        "author": "Byron; Mason",
        "page": "A1",
        "genre": "newspaperArticle",
        "subject": "ports; mayor",
    }
    assert documents[1].fields["date"] == "2018"
    assert problems == []
