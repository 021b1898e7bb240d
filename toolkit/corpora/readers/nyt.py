"""Own the New York Times' services: answers of its article search and its monthly archive in JSON, in the shapes before and since April 2025.

They hold no text: `text` is the first paragraph, or else the abstract or snippet, and always marked `text_is_excerpt`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from toolkit.corpora.readers.base import Declared, Document, File, Item, Problem, Reader
from toolkit.corpora.readers.htmltext import adds, plain
from toolkit.corpora.readers.jsons import dicts, kept, keys, number, values, words

_AGENCIES = {
    "ap": "AP",
    "associated press": "AP",
    "the associated press": "AP",
    "reuters": "Reuters",
    "afp": "AFP",
    "agence france-presse": "AFP",
    "bloomberg": "Bloomberg",
    "upi": "UPI",
}
_PICTURES = r"(?:photos?|drawings?|maps?|graphs?|charts?|tables?|diagrams?|cartoons?)"
_CODES = re.compile(
    rf"(?:[\s;,]*\b{_PICTURES}\b(?:[\s;,]*(?:and )?\b{_PICTURES}\b)*)?[\s;,.]*\([SML]\)\s*[a-z]?\.?$"
    rf"|(?<=[.;])\s*{_PICTURES}(?:; {_PICTURES})*$",
    re.IGNORECASE,
)


def _recognise(file: File) -> int:
    found = keys(file)
    if found >= {"web_url", "pub_date"} and found & {"headline", "lead_paragraph", "snippet"}:
        return 95
    return 80 if found >= {"response", "docs"} and found & {"meta", "metadata", "copyright"} else 0


def _read(file: File) -> Iterator[Item]:
    n = 0
    for item in values(file, "docs"):
        if isinstance(item, Problem):
            yield item
            continue
        for answer in dicts(item[1]):
            response = answer.get("response", answer)
            if not isinstance(response, dict):
                continue
            docs = response.get("docs", [response] if "web_url" in response else [])
            docs = docs if isinstance(docs, list) else []
            yield Declared(len(docs))
            for doc in docs:
                n += 1
                if isinstance(doc, dict):
                    yield Document(f"document {n}", fields_of(doc))
                else:
                    yield Problem(f"document {n}", "unparsed", "It is no article.")


def fields_of(doc: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of one article, whatever year's shape it has: an empty list can be sent as null, "" or {}."""
    headline = doc.get("headline")
    heads = headline if isinstance(headline, dict) else {"main": headline}
    abstract = _bare(plain(doc.get("abstract")))
    parts = [plain(doc.get("lead_paragraph")), abstract, plain(doc.get("snippet"))]
    excerpt = next((part for part in parts if part), None)
    agency = _AGENCIES.get((words(doc.get("source")) or "").casefold())
    page = "".join(filter(None, (words(doc.get("print_section")), words(doc.get("print_page")))))
    keywords = dicts(doc.get("keywords"))
    return kept(
        {
            "doc_id": words(doc.get("_id")) or words(doc.get("uri")),
            "source": "The New York Times" if agency else words(doc.get("source")) or "The New York Times",
            "wire": agency,
            "date": words(doc.get("pub_date")),
            "title": plain(heads.get("main")) or plain(heads.get("print_headline")),
            "text": excerpt,
            "text_is_excerpt": True if excerpt else None,
            "standfirst": None if abstract == excerpt else adds(abstract, excerpt),
            "url": words(doc.get("web_url")),
            "author": _author(doc.get("byline")),
            "section": words(doc.get("section_name")),
            "subsection": words(doc.get("subsection_name")) or words(doc.get("subsectoinName")),
            "desk": words(doc.get("news_desk")),
            "page": page,
            "kicker": plain(heads.get("kicker")),
            "print_headline": plain(heads.get("print_headline")),
            "genre": words(doc.get("type_of_material")),
            "document_type": words(doc.get("document_type")),
            "subject": "; ".join(
                dict.fromkeys(
                    w for k in keywords if (w := words(k.get("value"))) and k.get("name") != "type_of_material"
                )
            ),
            "n_words_stated": number(doc.get("word_count")),
        }
    )


def _bare(abstract: str | None) -> str | None:
    """Leave out the indexers' codes: pictures, and (S), (M) or (L) for the length.

    Examples
    --------
    >>> _bare("Aides wage a ground war; photos (L)d"), _bare("A map (M)"), _bare("Plan (B)")
    ('Aides wage a ground war', 'A', 'Plan (B)')
    """
    return (_CODES.sub("", abstract).strip() or None) if abstract else None


def _author(byline: Any) -> str | None:
    """Return the names of a byline, which is a dict, a list of one, a string, or null."""
    for entry in dicts(byline) or [{"original": byline}]:
        original = words(entry.get("original"))
        if original:
            return re.sub(r"^by\s+", "", original, flags=re.IGNORECASE)
        names = []
        for person in dicts(entry.get("person")):
            parts = (words(person.get(part)) for part in ("firstname", "middlename", "lastname"))
            names.append(" ".join(filter(None, parts)) or words(person.get("organization")) or "")
        joined = "; ".join(filter(None, names))
        if joined or words(entry.get("organization")):
            return joined or words(entry.get("organization"))
    return None


READER = Reader(
    "nyt", "New York Times search and archive answers in JSON (excerpts)", (".json", ".jsonl"), _recognise, _read
)
