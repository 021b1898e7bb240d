"""Own the XML that Factiva's older interface gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from toolkit.corpora.readers.base import Declared, Document, File, Item, Problem, Reader, declared_encoding, decode
from toolkit.corpora.readers.factiva import identified, without_by
from toolkit.corpora.readers.markup import squeeze, xml_tree

_PLAIN = {
    "source": "sourceName",
    "source_code": "sourceCode",
    "section": "sectionName",
    "column": "columnName",
    "edition": "edition",
    "volume": "volume",
    "language": "baseLanguage",
    "copyright": "copyright",
    "credit": "credit",
    "notes": "notes",
    "publisher": "publisherName",
    "correction": "corrections",
    "captions": "artWork",
    "contact": "contact",
}
_CODED = {"subject": "newsSubject", "region": "region", "company": "company", "industry": "industry"}


def recognise(file: File) -> int:
    """Return how sure it is that a file is Factiva's XML."""
    head = decode(file.head())[0]
    if "global.factiva.com" in head or re.search(r"<(?:PPSResponse|ppsArticleResponse|ppsarticle)\b", head):
        return 95
    return 0


def read(file: File) -> Iterator[Item]:
    """Yield what the file declares, then its articles."""
    text, _ = file.text(declared_encoding(file.head(4096)))
    root, problem = xml_tree(file, text)
    if problem is not None:
        yield problem
    if root is None:
        return
    for results in root.iter("{*}ppsarticleResultSet"):
        if (results.get("count") or "").isdigit():
            yield Declared(int(results.get("count")))
    for number, article in enumerate(root.iter("{*}article"), start=1):
        place = f"document {number}"
        fields = _article(article)
        if {"title", "text"} & set(fields):
            yield Document(place, fields)
        else:
            yield Problem(place, "unparsed", "It has neither a headline nor a paragraph.")


def _article(article: Any) -> dict[str, Any]:
    text = [p for part in ("leadParagraph", "tailParagraphs") for p in _paragraphs(article, part)]
    fields: dict[str, Any] = {ours: _value(article, theirs) for ours, theirs in _PLAIN.items()}
    fields["title"] = " ".join(_paragraphs(article, "headline"))
    fields["author"] = without_by(" ; ".join(_paragraphs(article, "byline")))
    fields["date"] = _date(article)
    fields["page"] = ", ".join(page for page in map(_flat, article.iterfind("{*}pages/{*}page")) if page)
    if not text and (snippet := _paragraphs(article, "snippet")):
        text, fields["text_is_excerpt"] = snippet, True
    fields["text"] = "\n\n".join(text)
    count = _value(article, "wordCount")
    fields["n_words_stated"] = int(count) if count.isdigit() else None
    for ours, theirs in _CODED.items():
        pairs = [(part.get("code") or "", _value(part, "name")) for part in article.iterfind(f"{{*}}{theirs}")]
        fields[ours] = " | ".join(" : ".join(half for half in pair if half) for pair in pairs)
    return identified(fields, _value(article, "accessionNo"))


def _date(article: Any) -> str:
    """Return the moment of publication, or the day and, where it stands beside it, the time."""
    for name in ("publicationDate", "pubDate"):
        if moment := _value(article, f"{name}/{{*}}dateTime"):
            return moment
        if day := _value(article, f"{name}/{{*}}date"):
            time = _value(article, "publicationTime/{*}time") or _value(article, f"{name}/{{*}}time")
            return f"{day} {time}".strip()
    return _value(article, "publicationDate")


def _value(element: Any, path: str) -> str:
    found = element.find(f"{{*}}{path}")
    return "" if found is None else _flat(found)


def _paragraphs(article: Any, name: str) -> list[str]:
    """Return the paragraphs of a part, or its own text where it has none."""
    found = []
    for part in article.iterfind(f"{{*}}{name}"):
        found += [_flat(p) for p in part.iterfind(".//{*}paragraph")] or [_flat(part)]
    return [paragraph for paragraph in found if paragraph]


def _flat(element: Any) -> str:
    return squeeze("".join(element.itertext()))


READER = Reader("factiva_xml", "Factiva, XML of the older interface", (".xml",), recognise, read)
