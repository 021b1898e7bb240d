"""Own the Guardian's content service: search answers and single items in JSON, as it sends them or gathered in a list or lines.

The text is there only if it was asked for (`show-fields=body` or `bodyText`, or `show-blocks=body`); else the trail text, marked `text_is_excerpt`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from toolkit.corpora.readers.base import Declared, Document, File, Item, Problem, Reader
from toolkit.corpora.readers.htmltext import adds, paragraphs, plain
from toolkit.corpora.readers.jsons import dicts, kept, keys, number, values, words


def _recognise(file: File) -> int:
    found = keys(file)
    if found >= {"webPublicationDate", "webTitle"}:
        return 95
    return 80 if found >= {"response", "userTier"} or found >= {"response", "pageSize", "results"} else 0


def _read(file: File) -> Iterator[Item]:
    n = 0
    for item in values(file, "results"):
        if isinstance(item, Problem):
            yield item
            continue
        for answer in dicts(item[1]):
            response = answer.get("response", answer)
            response = response if isinstance(response, dict) else {}
            if response.get("status") == "error":
                yield Problem(
                    f"document {n + 1}",
                    "unparsed",
                    f"The service answered with an error: {words(response.get('message')) or 'no reason'}.",
                )
                continue
            records, declared = _records(response)
            if declared is not None:
                yield Declared(declared)
            for record in records:
                n += 1
                if isinstance(record, dict) and ("webTitle" in record or "fields" in record):
                    yield Document(f"document {n}", fields_of(record))
                else:
                    yield Problem(f"document {n}", "unparsed", "It is no article of the Guardian.")


def _records(response: dict[str, Any]) -> tuple[list[Any], int | None]:
    """Return the articles of an answer, and how many it says that this page has."""
    if "content" in response and "webTitle" not in response:
        return [response["content"]], 1
    if "results" not in response:
        return ([response], 1) if "webTitle" in response else ([], None)
    results = response["results"] if isinstance(response["results"], list) else []
    total, start, size = (number(response.get(k)) for k in ("total", "startIndex", "pageSize"))
    if total is None or size is None:
        return results, len(results)
    return results, max(0, min(size, total - (start or 1) + 1)) if total else 0


def fields_of(record: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of one article."""
    given = record.get("fields")
    shown: dict[str, Any] = given if isinstance(given, dict) else {}
    tags = dicts(record.get("tags"))
    body = shown.get("body")
    text = paragraphs(body) if isinstance(body, str) and body.strip() else ""
    if not text and isinstance(record.get("blocks"), dict):
        blocks = dicts(record["blocks"].get("body"))
        text = "\n\n".join(
            filter(
                None,
                (
                    paragraphs(b["bodyHtml"]) if isinstance(b.get("bodyHtml"), str) else words(b.get("bodyTextSummary"))
                    for b in blocks
                ),
            )
        )
    text = text or words(shown.get("bodyText")) or ""
    standfirst = plain(shown.get("standfirst")) or plain(shown.get("trailText"))
    excerpt = not text and standfirst is not None
    contributors = [words(t.get("webTitle")) for t in tags if t.get("type") == "contributor"]
    return kept(
        {
            "doc_id": words(record.get("id")),
            "source": _outlet(words(shown.get("publication"))),
            "date": words(record.get("webPublicationDate")),
            "title": plain(shown.get("headline")) or plain(record.get("webTitle")),
            "text": text or standfirst,
            "text_is_excerpt": True if excerpt else None,
            "standfirst": None if excerpt else adds(standfirst, text),
            "url": words(record.get("webUrl")),
            "author": plain(shown.get("byline")) or "; ".join(filter(None, contributors)),
            "section": words(record.get("sectionName")) or words(record.get("sectionId")),
            "language": words(shown.get("lang")),
            "page": words(shown.get("newspaperPageNumber")),
            "print_date": words(shown.get("newspaperEditionDate")),
            "pillar": words(record.get("pillarName")),
            "genre": words(record.get("type")),
            "tone": "; ".join(w for t in tags if t.get("type") == "tone" and (w := words(t.get("webTitle")))),
            "subject": "; ".join(w for t in tags if t.get("type") == "keyword" and (w := words(t.get("webTitle")))),
            "modified": words(shown.get("lastModified")),
            "n_words_stated": number(shown.get("wordcount")),
        }
    )


def _outlet(publication: str | None) -> str:
    """Return the outlet: the paper and its site are one, the Observer is another.

    Examples
    --------
    >>> _outlet("theguardian.com"), _outlet("The Observer"), _outlet(None)
    ('The Guardian', 'The Observer', 'The Guardian')
    """
    bare = re.sub(r"^the\s*|\W|\.com$", "", (publication or "").casefold())
    return "The Guardian" if bare in ("", "guardian", "guardiancom", "guardiancouk") else publication or ""


READER = Reader("guardian", "Guardian content answers in JSON", (".json", ".jsonl"), _recognise, _read)
