"""Own collecting from feeds: each as it is today, and if wanted the pages that they lead to, as far as robots.txt allows."""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

from toolkit.corpora.collectors.http import Client, Collection, Robots, folder_for, progress
from toolkit.tables import FramingError, warn_user

_LARGEST = 20 * 1024 * 1024


def collect_feeds(
    urls: Iterable[str],
    folder: str | os.PathLike[str] | None = None,
    *,
    pages: bool = False,
    contact: str | None = None,
    show_progress: bool = True,
    pause: float = 1.0,
) -> Path:
    """Collect feeds as they are now into a folder that `toolkit.read_articles` reads; call it again tomorrow for what is new.

    It needs the extra `web`. A feed shows only its latest entries, mostly with a teaser instead of the text, so collect it again and again. A feed
    that has not changed is not kept twice; an entry that is in the feeds of two days is in two files. This was tested against a local server only.

    Parameters
    ----------
    urls : iterable of str
        Addresses of RSS or Atom feeds.
    folder : path, optional
        Where the feeds are kept (in `feeds`, an XML file each time that one has changed), and the pages (in `pages`, an HTML file each); by default
        a folder in the user's data folder, named after the addresses.
    pages : bool, keyword-only
        Whether to fetch the pages that the entries lead to, once each, where robots.txt allows. Then read them alone:
        `toolkit.read_articles(folder / "pages")`.
    contact, show_progress, pause
        As in `toolkit.collect_guardian`. A robots.txt that asks for a longer pause gets it.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    FramingError
        If no feed at all could be fetched.

    Warns
    -----
    FramingWarning
        If some feeds or pages could not be fetched, or robots.txt forbids them.

    See Also
    --------
    read_articles : Read the folder.
    fetch : Collect the query of a known corpus.

    Examples
    --------
    >>> folder = collect_feeds(["https://example.org/news.rss"])  # doctest: +SKIP
    >>> entries = toolkit.read_articles(folder)  # doctest: +SKIP
    """
    wanted = [urls] if isinstance(urls, str) else list(dict.fromkeys(urls))
    wrong = [
        url for url in wanted if urlsplit(str(url)).scheme not in ("http", "https") or not urlsplit(str(url)).hostname
    ]
    if not wanted or wrong:
        fault = f"this is none: {wrong[0]!r}" if wrong else "there are none"
        raise FramingError(f"urls are addresses of feeds, such as 'https://example.org/news.rss'; {fault}.")
    request = {"service": "feeds", "urls": sorted(wanted)}
    kept = Collection(folder_for("feeds", folder, request), request)
    failed: list[str] = []
    links: list[str] = []
    with (
        Client("The feed", pause=pause, contact=contact) as client,
        progress("feeds", len(wanted), "feed", show=show_progress) as bar,
    ):
        for url in wanted:
            try:
                content = _feed(client, kept, url, _now())
                links += _links(content) if pages else []
            except FramingError as error:
                failed.append(f"{url}: {error}")
            bar.update()
    if len(failed) == len(wanted):
        raise FramingError(f"No feed could be had. {failed[0]}")
    if pages:
        with Client("The page", pause=pause, contact=contact) as client:
            failed += _pages(client, kept, list(dict.fromkeys(links)), show_progress)
    if failed:
        warn_user(f"{len(failed):,} addresses could not be had, for example {failed[0]}")
    return kept.finish()


def _now() -> datetime:
    """Return the time that files are named after; tests set the clock here."""
    return datetime.now(UTC)


def _feed(client: Client, kept: Collection, url: str, moment: datetime) -> bytes:
    """Return a feed as it is now, and keep it if it has changed."""
    part = f"feed {url}"
    before = kept.parts.get(part, {})
    headers = {name: before[name] for name in ("If-None-Match", "If-Modified-Since") if before.get(name)}
    answer = client.follow(url, headers, largest=_LARGEST)
    if answer is None:
        raise FramingError("It leads to an address that is no http.")
    if answer.status == 304 and before.get("file"):
        return (kept.folder / before["file"]).read_bytes()
    if answer.status != 200:
        raise FramingError(f"status {answer.status}.")
    if not re.search(rb"<(?:\w+:)?(?:rss|feed|rdf)[\s>]", answer.content[:65_536].replace(b"\0", b""), re.IGNORECASE):
        raise FramingError("It is no feed.")
    digest = hashlib.sha256(answer.content).hexdigest()
    tags = {"If-None-Match": answer.headers.get("ETag"), "If-Modified-Since": answer.headers.get("Last-Modified")}
    if digest == before.get("sha256"):
        kept.note(part, **{**before, **tags})
    else:
        name = f"{_name(url)}-{moment:%Y%m%dT%H%M%SZ}.xml"
        kept.keep(part, f"feeds/{name}", answer.content, sha256=digest, **tags)
    return answer.content


def _name(url: str) -> str:
    host = re.sub(r"[^a-z0-9]+", "-", (urlsplit(url).hostname or "").casefold()).strip("-")
    return f"{host[:60]}-{hashlib.sha256(url.encode()).hexdigest()[:10]}"


def _links(content: bytes) -> list[str]:
    """Return the addresses of a feed's entries."""
    import feedparser

    if b"<!ENTITY" in content.replace(b"\0", b"").upper():
        return []
    entries = feedparser.parse(io.BytesIO(content), resolve_relative_uris=False).get("entries", [])
    links = (urldefrag(str(entry.get("link") or ""))[0] for entry in entries)
    return [link for link in links if urlsplit(link).scheme in ("http", "https")]


def _pages(client: Client, kept: Collection, links: list[str], show: bool) -> list[str]:
    """Fetch the pages that are not there yet; return what could not be had."""
    robots = Robots(client)
    failed = []
    with progress("pages", len(links), show=show) as bar:
        for url in links:
            part = f"page {url}"
            bar.update()
            if part in kept.parts:
                continue
            try:
                pause = max(client.pause, robots.pause(url)) if robots.allow(url) else None
                answer = client.follow(
                    url,
                    {"Accept": "text/html,application/xhtml+xml"},
                    allowed=robots.allow,
                    largest=_LARGEST,
                    pause=pause,
                )
            except FramingError as error:
                failed.append(f"{url}: {error}")
                continue
            if answer is None:
                kept.note(part, file=None, forbidden=True)
                failed.append(f"{url}: robots.txt forbids it.")
            elif answer.status != 200 or "html" not in answer.headers.get("Content-Type", "html").casefold():
                failed.append(
                    f"{url}: status {answer.status}, {answer.headers.get('Content-Type', 'of no stated type')}."
                )
            else:
                own = answer.url.replace("--", "%2D%2D")
                mark = f"<!-- saved from url=({len(own):04}){own} -->\n".encode()
                kept.keep(part, f"pages/{_name(url)}.html", mark + answer.content)
    return failed
