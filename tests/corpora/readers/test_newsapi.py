"""Test the reading of NewsAPI's answers."""

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
    """Make one article."""
    return {
        "source": {"id": "harbour-post", "name": "Harbour Post"},
        "author": "Ada Byron",
        "title": "Port to reopen - Harbour Post",
        "description": "What it means for the town.",
        "url": "https://harbour-post.example/a",
        "urlToImage": None,
        "publishedAt": "2024-01-15T10:00:00Z",
        "content": "<p>The port reopens today, the mayor\r\nsaid… [+1234 chars]",
        **more,
    }


def written(path: Path, *articles: Any, total: int) -> Path:
    """Write an answer."""
    path.write_text(json.dumps({"status": "ok", "totalResults": total, "articles": list(articles)}))
    return path


def test_a_content_is_an_excerpt(tmp_path: Path) -> None:
    """The mark of the cut goes, the number of characters cut stays, and so does the outlet, out of the title."""
    documents, problems, declared = read(written(tmp_path / "a.json", article(), total=1), "newsapi")
    assert documents[0].fields == {
        "source": "Harbour Post",
        "source_id": "harbour-post",
        "date": "2024-01-15T10:00:00Z",
        "title": "Port to reopen",
        "text": "The port reopens today, the mayor said",
        "text_is_excerpt": True,
        "n_characters_cut": 1234,
        "standfirst": "What it means for the town.",
        "url": "https://harbour-post.example/a",
        "author": "Ada Byron",
    }
    assert (problems, declared) == ([], 1)


def test_the_longer_of_two_cuts_is_taken_once(tmp_path: Path) -> None:
    """Where the description goes on after the content's cut, it is the text, and words are not there twice."""
    more = article(content="The port reopens… [+90 chars]", description="The port reopens today, the mayor said.")
    fields = read(written(tmp_path / "a.json", more, total=1), "newsapi")[0][0].fields
    assert (fields["text"], fields.get("standfirst")) == ("The port reopens today, the mayor said.", None)


def test_withdrawn_articles_and_results_that_are_elsewhere(tmp_path: Path) -> None:
    """A removed article is reported as lost, and so are the results that other pages have."""
    gone = article(title="[Removed]", description="[Removed]", content="[Removed]", publishedAt="1970-01-01T00:00:00Z")
    documents, problems, declared = read(
        written(tmp_path / "a.json", article(content=None), gone, total=120), "newsapi"
    )
    assert (len(documents), declared) == (1, 2)
    assert documents[0].fields["text"] == "What it means for the town."
    assert problems == [
        Problem("article 2", "unparsed", "Its outlet withdrew it from NewsAPI: all fields say [Removed]."),
        Problem("file", "odd", "The query has 120 results; this answer holds 2 of them."),
    ]
