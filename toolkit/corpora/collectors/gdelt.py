"""Own collecting from GDELT's DOC service: the article list of a query and a time (no text), or a timeline of counts."""

from __future__ import annotations

import json
import os
import re
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any, Literal, get_args

from toolkit.corpora.collectors.http import Client, Collection, days, folder_for, progress
from toolkit.corpora.readers.jsons import mended
from toolkit.tables import FramingError, warn_user
from toolkit.tables.checks import check_choice

What = Literal["articles", "counts"]
MOST = 250  # articles an answer
_STEP = timedelta(minutes=15)  # GDELT's own grid


def collect_gdelt(
    query: str,
    from_date: str | date,
    to_date: str | date,
    folder: str | os.PathLike[str] | None = None,
    *,
    what: Literal["articles", "counts"] = "articles",
    contact: str | None = None,
    show_progress: bool = True,
    base_url: str = "https://api.gdeltproject.org/api/v2",
    pause: float = 6.0,
) -> Path:
    """Collect what GDELT finds for a query, as it answers, into a folder that `toolkit.read_articles` reads.

    Needs the extra `web`, and no key. An answer has at most 250 articles, without text, and the time when GDELT first saw each; so a time with more is asked
    for in halves, down to 15 minutes. GDELT wants five seconds between requests.

    It was written from the service's documentation and tested against a local server; it has not been run against the
    service itself.

    Parameters
    ----------
    query : str
        In the service's own syntax: `"travel ban" sourcelang:english`.
    from_date, to_date : str or date
        First and last day (UTC) on which GDELT saw the articles.
    folder : path, optional
        Where the answers are kept, a JSON file a stretch of time; by default a folder in the user's data folder, named after the request. A call with the same
        request asks only for what is missing.
    what : {"articles", "counts"}, keyword-only
        The articles; or the number of matching articles a day, and of all articles.
    contact, show_progress, base_url, pause
        As in `toolkit.collect_guardian`.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    FramingError
        If the service refuses or cannot be reached. What was collected is kept.

    Warns
    -----
    FramingWarning
        When a quarter of an hour has more articles than GDELT hands out.

    See Also
    --------
    read_articles : Read the folder.
    fetch : Collect the query of a known corpus.

    Examples
    --------
    >>> folder = collect_gdelt('"travel ban" sourcelang:english', "2017-01-20", "2017-02-03")  # doctest: +SKIP
    >>> listed = toolkit.read_articles(folder)  # doctest: +SKIP
    """
    first, last = days(from_date, to_date)
    if not query.strip():
        raise FramingError("query is empty; GDELT is asked for something.")
    check_choice("thing to collect", what, get_args(What))
    request = {"service": "gdelt", "what": what, "query": query, "from": str(first), "to": str(last)}
    kept = Collection(folder_for("gdelt", folder, request), request)
    if kept.finished:
        return kept.folder
    url = f"{base_url.rstrip('/')}/doc/doc"
    start, end = datetime.combine(first, clock()), datetime.combine(last + timedelta(days=1), clock())
    full = 0
    with (
        Client("GDELT", pause=pause, contact=contact) as client,
        progress("GDELT", show=show_progress) as bar,
    ):
        if what == "counts":
            raw, answer = _ask(
                client, url, {"query": query, "mode": "timelinevolraw", "format": "json", **_between(start, end)}
            )
            if not isinstance(answer.get("timeline", []), list):
                raise FramingError("GDELT answered in a shape that is not known: its timeline is no list.")
            kept.keep("counts", "timeline.json", raw)
            return kept.finish()
        open_times = [(start, end)]
        while open_times:
            begin, until = open_times.pop()
            part = f"{begin:%Y%m%d%H%M%S}-{until:%Y%m%d%H%M%S}"
            if part not in kept.parts:
                params = {
                    "query": query,
                    "mode": "artlist",
                    "format": "json",
                    "maxrecords": MOST,
                    "sort": "dateasc",
                    **_between(begin, until),
                }
                raw, answer = _ask(client, url, params)
                articles = answer.get("articles", [])
                if not isinstance(articles, list):
                    raise FramingError("GDELT answered in a shape that is not known: its articles are no list.")
                if len(articles) >= MOST and until - begin > _STEP:
                    kept.note(part, file=None, halved=True)
                elif articles:
                    kept.keep(part, f"articles-{part}.json", raw, articles=len(articles))
                else:
                    kept.note(part, file=None, articles=0)
            known = kept.parts[part]
            if known.get("halved"):
                middle = begin + max(_STEP, _STEP * ((until - begin) // _STEP // 2))
                open_times += [(middle, until), (begin, middle)]
            full += known.get("articles", 0) >= MOST
            bar.update()
    if full:
        warn_user(
            f"In {full:,} quarters of an hour GDELT has {MOST} articles or more for {query!r}; it hands out no more, so some are missing."
        )
    return kept.finish()


def _between(start: datetime, end: datetime) -> dict[str, str]:
    """Return the parameters of a stretch of time; GDELT counts both ends in."""
    return {"startdatetime": f"{start:%Y%m%d%H%M%S}", "enddatetime": f"{end - timedelta(seconds=1):%Y%m%d%H%M%S}"}


def _ask(client: Client, url: str, params: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
    return client.json(
        url,
        params,
        loads=_loads,
        busy=_asks_for_patience,
    )


def _asks_for_patience(text: str) -> bool:
    """Whether GDELT answers in words that it was asked too often, with a status that says all is well."""
    asks = re.search(r"limit requests|too many|rate limit", text[:500], re.IGNORECASE)
    return bool(asks) and not text.lstrip().startswith("{")


def _loads(text: str) -> Any:
    """Read JSON with the impossible escapes that titles can have."""
    try:
        return json.loads(text)
    except ValueError:
        return json.loads(mended(text), strict=False)
