"""Own NewsAPI: its answers in JSON, whose contents are cut at about 200 characters and so marked `text_is_excerpt`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from toolkit.corpora.readers.base import Declared, Document, File, Item, Problem, Reader
from toolkit.corpora.readers.htmltext import adds, plain
from toolkit.corpora.readers.jsons import dicts, kept, keys, number, values, words

_CUT = re.compile(r"\s*(?:…|\.\.\.)?\s*\[\+(\d+) chars\]\s*$")


def _recognise(file: File) -> int:
    found = keys(file)
    if found >= {"publishedAt", "title", "url"} and found & {"urlToImage", "source"}:
        return 90 if "content" in found or "totalResults" in found else 82
    return 80 if found == {"status", "totalResults", "articles"} else 0


def _read(file: File) -> Iterator[Item]:
    n = 0
    for item in values(file, "articles"):
        if isinstance(item, Problem):
            yield item
            continue
        for answer in dicts(item[1]):
            if answer.get("status") == "error":
                yield Problem(
                    f"article {n + 1}",
                    "unparsed",
                    f"The service answered with an error: {words(answer.get('message')) or 'no reason'}.",
                )
                continue
            records = answer.get("articles", [answer] if "publishedAt" in answer else [])
            records = records if isinstance(records, list) else []
            yield Declared(len(records))
            for record in records:
                n += 1
                if not isinstance(record, dict):
                    yield Problem(f"article {n}", "unparsed", "It is no article.")
                elif words(record.get("title")) == "[Removed]":
                    yield Problem(
                        f"article {n}", "unparsed", "Its outlet withdrew it from NewsAPI: all fields say [Removed]."
                    )
                else:
                    yield Document(f"article {n}", fields_of(record))
            total = number(answer.get("totalResults"))
            if total is not None and total > len(records):
                yield Problem(
                    "file", "odd", f"The query has {total:,} results; this answer holds {len(records):,} of them."
                )


def fields_of(record: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of one article."""
    outlet: Any = record.get("source")
    outlet = outlet if isinstance(outlet, dict) else {"name": outlet}
    source = words(outlet.get("name"))
    title = plain(record.get("title"))
    if title and source:
        title = re.sub(rf"\s+[-–—|]\s+{re.escape(source)}$", "", title, flags=re.IGNORECASE) or title
    content = record.get("content") if isinstance(record.get("content"), str) else None
    cut = _CUT.search(content) if content else None
    text = plain(_CUT.sub("", content)) if content else None
    description = plain(record.get("description"))
    if text and description and adds(text, description) is None:  # the description goes on where the content is cut
        text, description = description, None
    return kept(
        {
            "source": source,
            "source_id": words(outlet.get("id")),
            "date": words(record.get("publishedAt")),
            "title": title,
            "text": text or description,
            "text_is_excerpt": True if text or description else None,
            "n_characters_cut": int(cut[1]) if cut else None,
            "standfirst": adds(description, text) if text else None,
            "url": words(record.get("url")),
            "author": words(record.get("author")),
            "image": words(record.get("urlToImage")),
        }
    )


READER = Reader("newsapi", "NewsAPI answers in JSON (excerpts)", (".json", ".jsonl"), _recognise, _read)
