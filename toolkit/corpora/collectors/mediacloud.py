"""Own collecting from Media Cloud: the stories of a query and a time (no text), or how many there are a day."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from toolkit.corpora.collectors.http import Client, Collection, Key, days, folder_for, progress
from toolkit.tables import FramingError
from toolkit.tables.checks import check_choice

What = Literal["stories", "counts"]
PLATFORM = "onlinenews-mediacloud"


def collect_mediacloud(
    query: str,
    from_date: str | date,
    to_date: str | date,
    folder: str | os.PathLike[str] | None = None,
    *,
    collections: Iterable[int] = (),
    sources: Iterable[int] = (),
    what: Literal["stories", "counts"] = "stories",
    contact: str | None = None,
    show_progress: bool = True,
    base_url: str = "https://search.mediacloud.org/api",
    pause: float = 6.0,
) -> Path:
    """Collect what Media Cloud finds for a query, as it answers, into a folder that `toolkit.read_articles` reads.

    Needs the extra `web` and a key in the environment variable MEDIACLOUD_API_KEY. Stories come with title, outlet, day and
    address, but without text.

    It was written from the service's own client and tested against a local server; it has not been run against the
    service itself.

    Parameters
    ----------
    query : str
        In the service's own syntax.
    from_date, to_date : str or date
        First and last day of publication.
    folder : path, optional
        Where the answers are kept, a JSON file a page; by default a folder in the user's data folder, named after the request. A call with the same
        request asks only for what is missing.
    collections, sources : iterable of int, keyword-only
        The numbers of collections (34412234 is the United States' national press) and of single sources; without any, all that the service has.
    what : {"stories", "counts"}, keyword-only
        The stories; or the number of matching stories a day, and of all stories.
    contact, show_progress, base_url, pause
        As in `toolkit.collect_guardian`.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    FramingError
        If there is no key, or the service refuses or cannot be reached. What was collected is kept.

    See Also
    --------
    read_articles : Read the folder.
    fetch : Collect the query of a known corpus.

    Examples
    --------
    >>> folder = collect_mediacloud('"travel ban"', "2017-01-20", "2017-03-31", collections=[34412234])  # doctest: +SKIP
    >>> stories = toolkit.read_articles(folder)  # doctest: +SKIP
    """
    first, last = days(from_date, to_date)
    if not query.strip():
        raise FramingError("query is empty; Media Cloud is asked for something.")
    check_choice("thing to collect", what, get_args(What))
    groups, outlets = sorted(map(int, collections)), sorted(map(int, sources))
    request = {
        "service": "mediacloud", "what": what, "query": query, "from": str(first), "to": str(last), "collections": groups, "sources": outlets,
    }  # fmt: skip
    kept = Collection(folder_for("mediacloud", folder, request), request)
    if kept.finished:
        return kept.folder
    key = Key("MEDIACLOUD_API_KEY", "https://search.mediacloud.org")
    params: dict[str, Any] = {"q": query, "start": str(first), "end": str(last), "platform": PLATFORM}
    params |= {"cs": ",".join(map(str, groups))} if groups else {}
    params |= {"ss": ",".join(map(str, outlets))} if outlets else {}
    headers = {"Authorization": f"Token {key.reveal()}"}
    base = f"{base_url.rstrip('/')}/search"
    with (
        Client("Media Cloud", pause=pause, key=key, contact=contact) as client,
        progress("Media Cloud", show=show_progress) as bar,
    ):
        if what == "counts":
            raw, answer = client.json(f"{base}/count-over-time", params, headers)
            if not isinstance(answer.get("count_over_time"), dict):
                raise FramingError("Media Cloud answered in a shape that is not known: it has no count_over_time.")
            kept.keep("counts", "counts.json", raw)
            return kept.finish()
        n, token = 1, None
        while n == 1 or token:
            part = f"page {n}"
            if part not in kept.parts:
                # Pages hang together by tokens, so those behind a lost one are asked for again, too.
                kept.parts = {k: v for k, v in kept.parts.items() if int(k.split()[1]) < n}
                asked = {**params, "page_size": 1000, **({"pagination_token": token} if token else {})}
                raw, answer = client.json(f"{base}/story-list", asked, headers)
                if not isinstance(answer.get("stories"), list):
                    raise FramingError("Media Cloud answered in a shape that is not known: it has no stories.")
                following = answer.get("pagination_token") or None
                if following == token and token:
                    raise FramingError("Media Cloud sends the same page again and again. What was collected is kept.")
                kept.keep(part, f"stories-{n:05}.json", raw, token=following, articles=len(answer["stories"]))
            token = kept.parts[part].get("token")
            bar.update()
            n += 1
    return kept.finish()
