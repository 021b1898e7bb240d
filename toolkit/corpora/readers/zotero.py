"""Own Zotero: libraries exported as CSL JSON, as other reference managers write it too, and as Zotero's CSV.

They hold what describes an article and rarely its text: an abstract stands in `text`, marked `text_is_excerpt`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from toolkit.corpora.readers.base import Declared, Document, File, Item, Problem, Reader
from toolkit.corpora.readers.csvs import header, need, rows
from toolkit.corpora.readers.htmltext import plain
from toolkit.corpora.readers.jsons import dicts, kept, keys, values, words
from toolkit.tables import listed

_PRESS = frozenset(
    "article-newspaper article-magazine article broadcast post-weblog post webpage newspaperarticle magazinearticle blogpost".split()
)
_CSL = frozenset(
    {"container-title", "issued", "title-short", "publisher-place", "event-place", "abstract", "ISSN", "citation-key"}
)
_CSV = frozenset({"item type", "publication title", "title", "date"})


def _recognise_csl(file: File) -> int:
    found = keys(file)
    if not {"type", "title"} <= found or not found & _CSL:
        return 0
    newspaper = re.search(rb'"type"\s*:\s*"article-(?:newspaper|magazine|journal)"', file.head())
    return 90 if newspaper else 80 if {"issued", "date-parts"} <= found else 0


def _read_csl(file: File) -> Iterator[Item]:
    n = 0
    kinds: Counter[str] = Counter()
    for item in values(file, ""):
        if isinstance(item, Problem):
            yield item
            continue
        value = item[1]
        if isinstance(value, dict):
            value = value.get("items", [value])
        value = value if isinstance(value, list) else []
        yield Declared(len(value))
        for entry in value:
            n += 1
            if isinstance(entry, dict):
                kinds[words(entry.get("type")) or "no type"] += 1
                yield Document(f"item {n}", _csl(entry))
            else:
                yield Problem(f"item {n}", "unparsed", "It is no item of a library.")
    yield from _others(kinds)


def _others(kinds: Counter[str]) -> Iterator[Problem]:
    """Say that a library has more than press articles."""
    others = {kind: n for kind, n in kinds.most_common() if kind.casefold() not in _PRESS}
    if others:
        what = listed(f"{n} {kind}" for kind, n in others.items())
        yield Problem(
            "file", "odd", f"Not all items are press articles ({what}); they were read, too: see the column genre."
        )


def _csl(entry: dict[str, Any]) -> dict[str, Any]:
    abstract = plain(entry.get("abstract"))
    container = entry.get("container-title")
    return kept(
        {
            "doc_id": words(entry.get("id")),
            "source": plain(container[0] if isinstance(container, list) and container else container)
            or plain(entry.get("publisher")),
            "date": date_of(entry.get("issued")),
            "title": plain(entry.get("title")),
            "text": abstract,
            "text_is_excerpt": True if abstract else None,
            "url": words(entry.get("URL")),
            "author": "; ".join(filter(None, map(_name, dicts(entry.get("author"))))),
            "section": words(entry.get("section")),
            "language": words(entry.get("language")),
            "page": words(entry.get("page")),
            "edition": words(entry.get("edition")),
            "place_published": words(entry.get("publisher-place")) or words(entry.get("event-place")),
            "genre": words(entry.get("type")),
            "issn": words(entry.get("ISSN")),
            "subject": words(entry.get("keyword")),
            "accessed": date_of(entry.get("accessed")),
            "archive": words(entry.get("archive")) or words(entry.get("source")),
        }
    )


def _name(person: dict[str, Any]) -> str | None:
    if words(person.get("literal")):
        return words(person.get("literal"))
    parts = (
        words(person.get(part)) for part in ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")
    )
    return " ".join(filter(None, parts)) or None


def date_of(value: Any) -> str | None:
    """Return a date of CSL as a string: parts of numbers or strings, the first of a range, or the words as they are.

    Examples
    --------
    >>> date_of({"date-parts": [["2012", 4, "6"]]}), date_of({"date-parts": [[2012, "4"]]}), date_of({"raw": "6 April 2012"})
    ('2012-04-06', '2012-04', '6 April 2012')
    """
    if not isinstance(value, dict):
        return words(value)
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list):
        numbers = [words(part) for part in parts[0][:3]]
        while numbers and numbers[-1] is None:
            numbers.pop()
        if numbers and all(part and re.fullmatch(r"\d{1,4}", part) for part in numbers):
            year, *rest = [str(part) for part in numbers]
            return "-".join([year.zfill(4), *(part.zfill(2) for part in rest)])
    return words(value.get("literal")) or words(value.get("raw"))


def _recognise_csv(file: File) -> int:
    known = {name.casefold() for name in header(file)[0]}
    return 92 if known >= _CSV and known & {"abstract note", "publication year", "key"} else 0


def _read_csv(file: File) -> Iterator[Item]:
    kinds: Counter[str] = Counter()
    for item in rows(file, need(file)[2]):
        if isinstance(item, Problem):
            yield item
            continue
        cells = {name.casefold(): cell for name, cell in item[1].items()}
        kinds[cells.get("item type", "no type")] += 1
        abstract = plain(cells.get("abstract note"))
        tags = _unique(tag for name in ("manual tags", "automatic tags") for tag in cells.get(name, "").split(";"))
        yield Document(
            item[0],
            kept(
                {
                    "doc_id": cells.get("key"),
                    "source": cells.get("publication title") or cells.get("publisher"),
                    "date": cells.get("date") or cells.get("publication year"),
                    "title": plain(cells.get("title")),
                    "text": abstract,
                    "text_is_excerpt": True if abstract else None,
                    "url": cells.get("url"),
                    "author": cells.get("author"),
                    "section": cells.get("section"),
                    "language": cells.get("language"),
                    "page": cells.get("pages"),
                    "edition": cells.get("edition"),
                    "place_published": cells.get("place"),
                    "genre": cells.get("item type"),
                    "issn": cells.get("issn"),
                    "subject": "; ".join(tags),
                    "accessed": cells.get("access date"),
                    "archive": cells.get("library catalog") or cells.get("archive"),
                }
            ),
        )
    yield from _others(kinds)


def _unique(parts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


READERS = (
    Reader("csl_json", "Zotero and other libraries in CSL JSON", (".json",), _recognise_csl, _read_csl),
    Reader("zotero_csv", "Zotero library in CSV", (".csv",), _recognise_csv, _read_csv),
)
