"""Test collecting from Media Cloud."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import toolkit as tk
from toolkit.corpora.collectors import collect_mediacloud

KEY = "secret-0123"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set a key."""
    monkeypatch.setenv("MEDIACLOUD_API_KEY", KEY)


def collect(service: Any, folder: Path, **more: Any) -> Path:
    """Collect from the service of the test, without waiting."""
    return collect_mediacloud(
        "ban",
        "2017-02-01",
        "2017-02-28",
        folder,
        show_progress=False,
        base_url=service.url,
        **more,
    )


def stories(reply: Any, pages: int) -> Any:
    """Make a service with so many pages of one story each, held together by tokens."""

    def answer(asked: Any) -> Any:
        n = int(asked.params.get("pagination_token", "t1")[1:])
        story = {
            "id": f"s{n}",
            "media_name": "harbour-post.example",
            "media_url": "harbour-post.example",
            "title": f"Story {n}",
            "publish_date": "2017-02-03",
            "url": f"https://harbour-post.example/{n}",
            "language": "en",
            "indexed_date": "2017-02-04 00:00:00",
        }
        return reply({"stories": [story], "pagination_token": f"t{n + 1}" if n < pages else None})

    return answer


def test_pages_hang_together_by_tokens(service: Any, reply: Any, tmp_path: Path) -> None:
    """All pages are collected, with the key in a header and nowhere else."""
    service.answer = stories(reply, 3)
    folder = collect(service, tmp_path / "m", collections=[34412234, 5], sources=[7])
    articles = tk.read_articles(folder)
    assert list(articles["title"]) == ["Story 1", "Story 2", "Story 3"]
    assert list(articles["doc_id"]) == ["s1", "s2", "s3"]
    first = service.asked[0]
    assert first.path == "/search/story-list"
    assert first.params == {
        "q": "ban",
        "start": "2017-02-01",
        "end": "2017-02-28",
        "platform": "onlinenews-mediacloud",
        "cs": "5,34412234",
        "ss": "7",
        "page_size": "1000",
    }
    assert first.headers["Authorization"] == f"Token {KEY}"
    assert not [p for p in folder.rglob("*") if p.is_file() and KEY in p.read_text()]


def test_going_on_with_the_token_that_was_kept(service: Any, reply: Any, tmp_path: Path) -> None:
    """An interrupted collection asks for the page that comes next."""
    good = stories(reply, 3)
    service.answer = lambda asked: reply("down", 503) if asked.params.get("pagination_token") == "t3" else good(asked)
    with pytest.raises(tk.FramingError):
        collect(service, tmp_path / "m")
    service.answer, before = good, len(service.asked)
    folder = collect(service, tmp_path / "m")
    assert [a.params.get("pagination_token") for a in service.asked[before:]] == ["t3"]
    assert len(tk.read_articles(folder)) == 3


def test_pages_behind_a_lost_one_are_asked_for_again(service: Any, reply: Any, tmp_path: Path) -> None:
    """Tokens of a lost page cannot be trusted further on."""
    service.answer = stories(reply, 3)
    folder = collect(service, tmp_path / "m")
    (folder / "stories-00002.json").unlink()
    collect(service, folder)
    assert [a.params.get("pagination_token") for a in service.asked[3:]] == ["t2", "t3"]


def test_a_service_that_goes_in_circles(service: Any, reply: Any, tmp_path: Path) -> None:
    """The same token again and again ends the collecting."""
    service.answer = lambda asked: reply({"stories": [], "pagination_token": "t1"})
    with pytest.raises(tk.FramingError, match="sends the same page again and again"):
        collect(service, tmp_path / "m")


def test_counts(service: Any, reply: Any, tmp_path: Path) -> None:
    """Counts a day are collected with the count of all stories."""
    counts = [{"date": "2017-02-03", "count": 3, "total_count": 60, "ratio": 0.05}]
    service.answer = lambda asked: reply({"count_over_time": {"counts": counts}})
    folder = collect(service, tmp_path / "m", what="counts")
    assert service.asked[0].path == "/search/count-over-time"
    assert json.loads((folder / "counts.json").read_text())["count_over_time"]["counts"] == counts
    table = tk.read_articles(folder)
    assert list(table["n_articles"]) == [3]
    assert list(table["n_articles_total"]) == [60]


def test_an_unknown_thing_to_collect(tmp_path: Path) -> None:
    """A wrong `what` is refused with what there is."""
    with pytest.raises(tk.FramingError) as caught:
        collect_mediacloud("ban", "2017-02-01", "2017-02-28", tmp_path, what="story")
    assert (
        str(caught.value) == "There is no thing to collect 'story'. Did you mean 'stories'? There are: stories, counts."
    )
