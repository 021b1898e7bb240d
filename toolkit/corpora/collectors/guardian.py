"""Own collecting from the Guardian's content service: all articles of a query and a time, with their text."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from toolkit.corpora.collectors.http import Client, Collection, Key, days, folder_for, progress
from toolkit.tables import FramingError

FIELDS = "headline,standfirst,trailText,byline,body,wordcount,publication,lastModified,newspaperPageNumber,newspaperEditionDate,lang"


def collect_guardian(
    query: str,
    from_date: str | date,
    to_date: str | date,
    folder: str | os.PathLike[str] | None = None,
    *,
    section: str | None = None,
    page_size: int = 50,
    contact: str | None = None,
    show_progress: bool = True,
    base_url: str = "https://content.guardianapis.com",
    pause: float = 1.0,
) -> Path:
    """Collect the Guardian's articles that match a query, as the service answers, into a folder that `toolkit.read_articles` reads.

    Needs the extra `web` and a key in the environment variable GUARDIAN_API_KEY. At most one request a second is made; a free key has a number of
    requests a day, and when they are used up the same call goes on the next day.

    It was written from the service's documentation and tested against a local server; it has not been run against the
    service itself.

    Parameters
    ----------
    query : str
        In the service's own syntax: `"travel ban"`, `immigration AND (ban OR order)`.
    from_date, to_date : str or date
        First and last day of publication.
    folder : path, optional
        Where the answers are kept, a JSON file a page; by default a folder in the user's data folder, named after the request. A call with the same
        request asks only for what is missing.
    section : str, optional, keyword-only
        Only that section, such as "world".
    page_size : int, keyword-only
        Articles an answer, up to 200.
    contact : str, optional, keyword-only
        An address that the user agent states, so that the service can reach you.
    show_progress : bool, keyword-only
        Whether to show a progress bar.
    base_url : str, keyword-only
        Where the service is.
    pause : float, keyword-only
        Seconds between two requests, at least.

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
    >>> folder = collect_guardian("travel ban", "2017-01-20", "2017-03-31")  # doctest: +SKIP
    >>> articles = toolkit.read_articles(folder)  # doctest: +SKIP
    """
    first, last = days(from_date, to_date)
    if not query.strip():
        raise FramingError("query is empty; the Guardian is asked for something.")
    if not 1 <= page_size <= 200:
        raise FramingError(f"page_size is between 1 and 200; this is {page_size}.")
    request = {
        "service": "guardian",
        "query": query,
        "from": str(first),
        "to": str(last),
        "section": section,
        "page_size": page_size,
    }
    kept = Collection(folder_for("guardian", folder, request), request)
    if kept.finished:
        return kept.folder
    key = Key("GUARDIAN_API_KEY", "https://open-platform.theguardian.com/access")
    params = {
        "q": query,
        "from-date": str(first),
        "to-date": str(last),
        "order-by": "oldest",
        "page-size": page_size,
        "show-fields": FIELDS,
        "show-tags": "contributor,keyword,tone",
        **({"section": section} if section else {}),
        "api-key": key.reveal(),
    }
    with (
        Client("The Guardian", pause=pause, key=key, contact=contact) as client,
        progress("The Guardian", show=show_progress) as bar,
    ):
        n, pages = 1, 1
        while n <= pages:
            part = f"page {n}"
            if part not in kept.parts:
                raw, answer = client.json(f"{base_url.rstrip('/')}/search", {**params, "page": n})
                response = answer.get("response")
                if not isinstance(response, dict) or not isinstance(response.get("results"), list):
                    raise FramingError(
                        "The Guardian answered in a shape that is not known: it has no response.results."
                    )
                kept.keep(
                    part,
                    f"page-{n:05}.json",
                    raw,
                    pages=_whole(response.get("pages")),
                    articles=len(response["results"]),
                )
            pages = max(pages, _whole(kept.parts[part].get("pages")))
            bar.total = pages
            bar.update()
            n += 1
    return kept.finish()


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
