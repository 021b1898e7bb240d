"""Own collecting from the New York Times: its article search for a query, or its archive month by month (no text in either)."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from toolkit.corpora.collectors.http import Client, Collection, Key, days, folder_for, progress
from toolkit.tables import FramingError, warn_user

PAGE = 10  # articles an answer
MOST = 1_000  # articles of one search that the service hands out


def collect_nyt(
    query: str | None,
    from_date: str | date,
    to_date: str | date,
    folder: str | os.PathLike[str] | None = None,
    *,
    filter_query: str | None = None,
    contact: str | None = None,
    show_progress: bool = True,
    base_url: str = "https://api.nytimes.com/svc",
    pause: float = 12.0,
) -> Path:
    """Collect the Times' articles that match a query, or all of a time, as the service answers, into a folder that `toolkit.read_articles` reads.

    Needs the extra `web` and a key in the environment variable NYT_API_KEY. The service gives abstracts and first
    paragraphs, no text. It allows five requests a minute and 500 a day; when they are used up the same call goes on the
    next day. A search hands out 1,000 articles, so a time with more is asked for in halves, down to a day.

    It was written from the service's documentation and tested against a local server; it has not been run against the
    service itself.

    Parameters
    ----------
    query : str or None
        In the service's own syntax; None for all articles of the months that the days lie in, from the archive.
    from_date, to_date : str or date
        First and last day of publication.
    folder : path, optional
        Where the answers are kept, a JSON file a page or month; by default a folder in the user's data folder, named after the request. A call with the same
        request asks only for what is missing.
    filter_query : str, optional, keyword-only
        The service's `fq`, such as `typeOfMaterials:("News")`.
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

    Warns
    -----
    FramingWarning
        When a single day has more articles than the service hands out.

    See Also
    --------
    read_articles : Read the folder.
    fetch : Collect the query of a known corpus.

    Examples
    --------
    >>> folder = collect_nyt('"travel ban"', "2017-01-20", "2017-03-31")  # doctest: +SKIP
    >>> excerpts = toolkit.read_articles(folder)  # doctest: +SKIP
    """
    first, last = days(from_date, to_date)
    if query is not None and not query.strip():
        raise FramingError("query is empty; for all articles of a time it is None.")
    if query is None and filter_query is not None:
        raise FramingError("The archive takes no filter_query; name a query.")
    request = {"service": "nyt", "query": query, "filter_query": filter_query, "from": str(first), "to": str(last)}
    kept = Collection(folder_for("nyt", folder, request), request)
    if kept.finished:
        return kept.folder
    key = Key("NYT_API_KEY", "https://developer.nytimes.com")
    base = base_url.rstrip("/")
    with (
        Client("The New York Times", pause=pause, key=key, contact=contact) as client,
        progress("The New York Times", show=show_progress) as bar,
    ):
        if query is None:
            _archive(client, kept, base, key, first, last, bar)
        else:
            params = {"q": query, "sort": "oldest", **({"fq": filter_query} if filter_query else {})}
            _search(client, kept, f"{base}/search/v2/articlesearch.json", key, params, (first, last), bar)
    return kept.finish()


def _archive(client: Client, kept: Collection, base: str, key: Key, first: date, last: date, bar: Any) -> None:
    months = [
        (y, m)
        for y in range(first.year, last.year + 1)
        for m in range(1, 13)
        if (first.year, first.month) <= (y, m) <= (last.year, last.month)
    ]
    bar.total = len(months)
    for year, month in months:
        part = f"{year}-{month:02}"
        if part not in kept.parts:
            raw, answer = client.json(f"{base}/archive/v1/{year}/{month}.json", {"api-key": key.reveal()})
            kept.keep(part, f"archive-{part}.json", raw, articles=len(_response(answer)["docs"]))
        bar.update()


def _search(
    client: Client, kept: Collection, url: str, key: Key, params: dict[str, Any], whole: tuple[date, date], bar: Any
) -> None:
    open_times = [whole]
    crowded = []
    while open_times:
        begin, until = open_times.pop()
        n, pages = 0, 1
        while n < pages:
            part = f"{begin:%Y%m%d}-{until:%Y%m%d} page {n}"
            if part not in kept.parts:
                asked = {
                    **params,
                    "begin_date": f"{begin:%Y%m%d}",
                    "end_date": f"{until:%Y%m%d}",
                    "page": n,
                    "api-key": key.reveal(),
                }
                raw, answer = client.json(url, asked)
                response = _response(answer)
                meta = response.get("metadata") or response.get("meta")
                hits = meta.get("hits") if isinstance(meta, dict) else None
                hits = hits if isinstance(hits, int) else len(response["docs"])
                if n == 0 and hits > MOST and begin < until:
                    kept.note(part, file=None, halved=True)
                else:
                    kept.keep(
                        part,
                        f"{begin:%Y%m%d}-{until:%Y%m%d}-page-{n:03}.json",
                        raw,
                        hits=hits,
                        articles=len(response["docs"]),
                    )
            known = kept.parts[part]
            bar.update()
            if known.get("halved"):
                middle = begin + (until - begin) // 2
                open_times += [(middle + timedelta(days=1), until), (begin, middle)]
                break
            if n == 0:
                pages = min(-(-known["hits"] // PAGE), MOST // PAGE)
                crowded += [str(begin)] if known["hits"] > MOST else []
            n += 1
    if crowded:
        warn_user(
            f"On {len(crowded):,} days ({crowded[0]} is one) the Times has more than {MOST:,} articles for this query; "
            "it hands out no more, so some are missing."
        )


def _response(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the part of an answer that has the articles; an empty list of them can be sent as null or ""."""
    response = answer.get("response")
    if not isinstance(response, dict) or not (isinstance(response.get("docs"), list) or not response.get("docs")):
        raise FramingError("The New York Times answered in a shape that is not known: it has no response.docs.")
    return {**response, "docs": response.get("docs") or []}
