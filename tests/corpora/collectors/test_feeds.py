"""Test collecting from feeds and the pages they lead to."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import toolkit as tk
from toolkit.corpora.collectors import collect_feeds, feeds

PARAGRAPH = "The port of the town reopens today, a year after the storm closed it, the mayor said on Friday, and ships are expected before noon."


def rss(url: str, *paths: str) -> str:
    """Make a feed with these entries."""
    items = "".join(
        f"<item><title>Story {p}</title><link>{url}{p}</link><description>A teaser.</description></item>" for p in paths
    )
    return f"<rss version='2.0'><channel><title>Harbour Post</title>{items}</channel></rss>"


def page(path: str) -> str:
    """Make a page."""
    return (
        f'<html><head><meta property="og:type" content="article"><title>Story {path}</title></head>'
        f"<body><article><h1>Story {path}</h1><p>{PARAGRAPH}</p><p>{PARAGRAPH[::-1]}</p></article></body></html>"
    )


def collect(service: Any, urls: list[str], folder: Path, hour: int = 10, **more: Any) -> Path:
    """Collect from the service of the test, without waiting."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feeds, "_now", lambda: datetime(2026, 3, 4, hour, tzinfo=UTC))
        return collect_feeds(urls, folder, show_progress=False, **more)


def files(folder: Path) -> int:
    """Count the feeds that were kept."""
    return len(list((folder / "feeds").glob("*.xml")))


def test_a_feed_is_kept_when_it_has_changed(service: Any, reply: Any, tmp_path: Path) -> None:
    """Unchanged feeds are not kept twice, by the server's word or by their content."""
    service.answer = lambda asked: (
        reply("", 304)
        if asked.headers.get("If-None-Match") == '"1"'
        else reply(rss(service.url, "/a"), headers={"ETag": '"1"'})
    )
    url = f"{service.url}/news.rss"
    folder = collect(service, [url], tmp_path / "f")
    assert len(tk.read_articles(folder)) == 1
    collect(service, [url], folder, 11)
    assert service.asked[1].headers["If-None-Match"] == '"1"'
    service.answer = lambda asked: reply(rss(service.url, "/a"))
    collect(service, [url], folder, 12)
    assert files(folder) == 1
    service.answer = lambda asked: reply(rss(service.url, "/b"))
    collect(service, [url], folder, 13)
    assert files(folder) == 2
    assert sorted(tk.read_articles(folder)["title"]) == ["Story /a", "Story /b"]


def test_a_feed_that_fails_does_not_stop_the_others(service: Any, reply: Any, tmp_path: Path) -> None:
    """What could not be had is said; when nothing could, that is an error."""
    service.answer = lambda asked: reply(rss(service.url, "/a")) if asked.path == "/good" else reply("<html></html>")
    with pytest.warns(tk.FramingWarning) as caught:
        folder = collect(service, [f"{service.url}/bad", f"{service.url}/good"], tmp_path / "f")
    assert str(caught[0].message) == f"1 addresses could not be had, for example {service.url}/bad: It is no feed."
    assert files(folder) == 1
    with pytest.raises(tk.FramingError) as failed:
        collect(service, [f"{service.url}/bad"], tmp_path / "g")
    assert str(failed.value) == f"No feed could be had. {service.url}/bad: It is no feed."


def test_redirections_are_followed_but_not_without_end(service: Any, reply: Any, tmp_path: Path) -> None:
    """A feed that has moved is found; one that goes in circles, or to a file, is not."""

    def answer(asked: Any) -> Any:
        if asked.path == "/file":
            return reply("", 302, {"Location": "file:///etc/hostname"})
        if asked.path == "/circle":
            return reply("", 302, {"Location": "/circle"})
        return reply("", 301, {"Location": "/new"}) if asked.path == "/old" else reply(rss(service.url, "/a"))

    service.answer = answer
    assert files(collect(service, [f"{service.url}/old"], tmp_path / "f")) == 1
    for path, note in (
        ("/file", "It leads to an address that is no http."),
        ("/circle", "The feed sends on more than 5 times."),
    ):
        with pytest.raises(tk.FramingError, match=note):
            collect(service, [f"{service.url}{path}"], tmp_path / path[1:])


def test_pages_are_fetched_once_and_as_robots_allow(service: Any, reply: Any, tmp_path: Path) -> None:
    """A page that robots.txt forbids is left, the pause that it asks for is kept, and pages that are there are not fetched again."""

    def answer(asked: Any) -> Any:
        if asked.path == "/robots.txt":
            return reply("User-agent: *\nDisallow: /secret\nCrawl-delay: 20\n", headers={"Content-Type": "text/plain"})
        if asked.path == "/news.rss":
            return reply(rss(service.url, "/a", "/secret/b", "/to-secret"))
        if asked.path == "/to-secret":
            return reply("", 302, {"Location": "/secret/c"})
        return reply(page(asked.path), headers={"Content-Type": "text/html"})

    service.answer = answer
    with pytest.warns(tk.FramingWarning) as caught:
        folder = collect(service, [f"{service.url}/news.rss"], tmp_path / "f", pages=True)
    assert (
        str(caught[0].message)
        == f"2 addresses could not be had, for example {service.url}/secret/b: robots.txt forbids it."
    )
    assert not [a.path for a in service.asked if a.path.startswith("/secret")]
    assert max(service.waits) > 15
    articles = tk.read_articles(folder / "pages")
    assert list(articles["title"]) == ["Story /a"]
    assert list(articles["url"]) == [f"{service.url}/a"]
    before = len(service.asked)
    collect(service, [f"{service.url}/news.rss"], folder, 11, pages=True)
    assert [a.path for a in service.asked[before:]] == ["/news.rss"]


@pytest.mark.parametrize(("status", "n"), [(404, 1), (500, 0)])
def test_robots_that_are_not_there(service: Any, reply: Any, tmp_path: Path, status: int, n: int) -> None:
    """No robots.txt allows all; a host that fails to say allows nothing."""

    def answer(asked: Any) -> Any:
        if asked.path == "/robots.txt":
            return reply("", status)
        if asked.path == "/news.rss":
            return reply(rss(service.url, "/a"))
        return reply(page(asked.path), headers={"Content-Type": "text/html"})

    service.answer = answer
    if n:
        folder = collect(service, [f"{service.url}/news.rss"], tmp_path / "f", pages=True)
    else:
        with pytest.warns(tk.FramingWarning):
            folder = collect(service, [f"{service.url}/news.rss"], tmp_path / "f", pages=True)
    assert len(list(folder.glob("pages/*.html"))) == n


@pytest.mark.parametrize("urls", [[], ["file:///etc/hostname"], ["news.rss"]])
def test_addresses_that_are_none(tmp_path: Path, urls: list[str]) -> None:
    """Only http and https are asked."""
    fault = f"this is none: {urls[0]!r}" if urls else "there are none"
    with pytest.raises(tk.FramingError) as caught:
        collect_feeds(urls, tmp_path / "f")
    assert str(caught.value) == f"urls are addresses of feeds, such as 'https://example.org/news.rss'; {fault}."
