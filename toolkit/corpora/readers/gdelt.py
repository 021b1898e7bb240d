"""Own GDELT: article lists and timelines of its DOC service in JSON and CSV, and the Global Knowledge Graph (GKG 2.1) in TSV.

GDELT gives no text. Its date is when it first saw a page, in steps of 15 minutes, unless the page states its own (`date_is` tells "first seen" or "published").
Of GKG rows the offsets of the second-version columns and GCAM are left out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from toolkit.corpora.readers.base import Declared, Document, File, Item, Problem, Reader
from toolkit.corpora.readers.csvs import header, need, rows
from toolkit.corpora.readers.htmltext import plain
from toolkit.corpora.readers.jsons import dicts, kept, keys, number, values, words
from toolkit.tables import FramingError

MOST = 250  # articles that the DOC service hands out at once
_LONGEST = 64 * 1024 * 1024  # bytes of a line of GKG
_LISTED = frozenset({"url", "title", "seendate", "domain"})
_COLUMNS = (
    "GKGRECORDID DATE SourceCollectionIdentifier SourceCommonName DocumentIdentifier Counts V2Counts Themes V2Themes Locations V2Locations Persons "
    "V2Persons Organizations V2Organizations V2Tone Dates GCAM SharingImage RelatedImages SocialImageEmbeds SocialVideoEmbeds Quotations AllNames "
    "Amounts TranslationInfo Extras"
).split()
_RECORD = re.compile(rb"\d{14}-T?\d+\t\d{14}\t\d?\t")
_COLLECTIONS = {"1": "web", "2": "citation only", "3": "CORE", "4": "DTIC", "5": "JSTOR", "6": "non-textual source"}
_TONES = (
    "tone",
    "tone_positive",
    "tone_negative",
    "tone_polarity",
    "activity_density",
    "self_density",
    "n_words_stated",
)


def _recognise_list(file: File) -> int:
    if found := keys(file):
        return 95 if found >= _LISTED else 0
    if re.fullmatch(rb"\s*\{\s*(?:\"articles\"\s*:\s*\[\s*\]\s*)?\}\s*", file.head(200)):
        return 60
    known = {name.casefold() for name in header(file)[0]}
    return 90 if known >= {"url", "title"} and known & {"seendate", "mobileurl"} else 0


def _read_list(file: File) -> Iterator[Item]:
    if not file.head(200).lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"{", b"[")):
        for row in rows(file, need(file)[2]):
            yield (
                row
                if isinstance(row, Problem)
                else Document(row[0], _listed({k.casefold(): v for k, v in row[1].items()}))
            )
        return
    n = 0
    for item in values(file, "articles"):
        if isinstance(item, Problem):
            yield item
            continue
        for answer in item[1] if isinstance(item[1], list) else [item[1]]:
            single = [answer] if not isinstance(answer, dict) or "seendate" in answer else []
            records = answer.get("articles", single) if isinstance(answer, dict) else single
            records = records if isinstance(records, list) else []
            yield Declared(len(records))
            for record in records:
                n += 1
                if isinstance(record, dict):
                    yield Document(f"article {n}", _listed(record))
                else:
                    yield Problem(f"article {n}", "unparsed", "It is no article.")
            if len(records) >= MOST:
                note = f"It has {len(records)} articles, the most that GDELT hands out at once: there may be more of that time."
                yield Problem("file", "odd", note)


def _listed(record: dict[str, Any]) -> dict[str, Any]:
    seen = words(record.get("seendate")) or words(record.get("date"))
    return kept(
        {
            "source": words(record.get("domain")),
            "date": seen,
            "date_is": "first seen" if seen else None,
            "title": plain(words(record.get("title"))),
            "url": words(record.get("url")),
            "language": words(record.get("language")),
            "country": words(record.get("sourcecountry")),
            "image": words(record.get("socialimage")),
        }
    )


def _recognise_timeline(file: File) -> int:
    if found := keys(file):
        return 95 if {"timeline", "series", "data"} <= found else 0
    names = [name.casefold() for name in header(file)[0]]
    return 90 if names[:3] == ["date", "series", "value"] else 0


def _read_timeline(file: File) -> Iterator[Item]:
    yield Problem(
        "file",
        "odd",
        "This file counts articles and holds none: each row is a point of a timeline, without title and text.",
    )
    if not keys(file):
        for row in rows(file, need(file)[2]):
            if isinstance(row, Problem):
                yield row
            else:
                cells = {k.casefold(): v for k, v in row[1].items()}
                yield Document(row[0], _point(cells.get("series"), cells, None))
        return
    for item in values(file, "data"):
        if isinstance(item, Problem):
            yield item
            continue
        value = item[1]
        query = words((dicts(value.get("query_details")) or [{}])[0].get("title")) if isinstance(value, dict) else None
        series = dicts(value.get("timeline")) if isinstance(value, dict) else [{"data": value}]
        for s, line in enumerate(series, 1):
            for n, record in enumerate(dicts(line.get("data")), 1):
                yield Document(f"series {s}, point {n}", _point(words(line.get("series")), record, query))


def _point(series: str | None, record: dict[str, Any], query: str | None) -> dict[str, Any]:
    """Return one point: a count where the series counts, else a value (volume in per cent of what GDELT watches, tone)."""
    counts = "norm" in record or (series or "").casefold() == "article count"
    value = record.get("value")
    if isinstance(value, str):
        value = float(value) if re.fullmatch(r"-?\d+(?:\.\d+)?", value) else None
    fields = {"date": words(record.get("date")), "query": query, "series": series}
    if counts:
        return kept({**fields, "n_articles": number(value), "n_articles_total": number(record.get("norm"))})
    return kept({**fields, "attention": value})


def _recognise_gkg(file: File) -> int:
    head = file.head()
    first = head.split(b"\n", 1)[0]
    if _RECORD.match(first) and first.count(b"\t") >= 14:
        return 98
    if b"tableId" in first and b"GKGRECORDID" in head:
        return 98
    names = [name.casefold() for name in header(file)[0]] if b"GKGRECORDID" in first.upper() else []
    return 98 if "gkgrecordid" in names else 0


def _read_gkg(file: File) -> Iterator[Item]:
    first = file.head().split(b"\n", 1)[0]
    if b"tableId" in first:
        yield Declared(0)
        yield Problem("file", "odd", f"{file.name} explains GKG's columns and holds no articles.")
        return
    if b"GKGRECORDID" in first.upper():
        ours = {name.casefold(): name for name in _COLUMNS}
        for row in rows(file, need(file)[2]):
            if isinstance(row, Problem):
                yield row
            else:
                yield Document(row[0], record({ours.get(name.casefold(), name): cell for name, cell in row[1].items()}))
        return
    with file.open() as stream:
        n = 0
        while line := stream.readline(_LONGEST + 1):
            n += 1
            if len(line) > _LONGEST:
                raise FramingError(
                    f"{file.name} has a line of more than {_LONGEST // 1_000_000} MB (line {n}); this is no GKG."
                )
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            if not text.strip():
                continue
            cells = text.split("\t")
            if not re.fullmatch(r"\d{14}-T?\d+", cells[0]) or len(cells) < 15:
                yield Problem(
                    f"line {n}", "unparsed", f"It is no record of GKG: {len(cells)} cells, the first {cells[0][:40]!r}."
                )
                continue
            if "\ufffd" in text:
                yield Problem(f"line {n}", "mended", "It has bytes that are not UTF-8; they became U+FFFD.")
            if len(cells) != len(_COLUMNS):
                yield Problem(f"line {n}", "odd", f"It has {len(cells)} cells, not {len(_COLUMNS)}.")
            yield Document(f"line {n}", record(dict(zip(_COLUMNS, cells, strict=False))))


def record(cells: dict[str, str]) -> dict[str, Any]:
    """Return the fields of one GKG record."""
    extras = cells.get("Extras") or ""
    published = _extra(extras, "PAGE_PRECISEPUBTIMESTAMP")
    seen = cells.get("DATE")
    identifier = (cells.get("DocumentIdentifier") or "").strip()
    translated = re.search(r"srclc:([a-z]{2,3})", cells.get("TranslationInfo") or "")
    tones: dict[str, Any] = {}
    for name, value in zip(_TONES, islice((cells.get("V2Tone") or "").split(","), len(_TONES)), strict=False):
        if re.fullmatch(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", value.strip()):
            tones[name] = int(float(value)) if name == "n_words_stated" else float(value)
    return kept(
        {
            "doc_id": cells.get("GKGRECORDID"),
            "source": words(cells.get("SourceCommonName")),
            "date": published or seen,
            "date_is": "published" if published else "first seen",
            "seen": seen,
            "title": plain(_extra(extras, "PAGE_TITLE")),
            "url": identifier if re.match(r"https?://", identifier) else None,
            "archive_id": None if re.match(r"https?://", identifier) else identifier,
            "author": _joined(_extra(extras, "PAGE_AUTHORS")),
            "language": translated[1] if translated else None,
            "collection": _COLLECTIONS.get((cells.get("SourceCollectionIdentifier") or "").strip()),
            "themes": _joined(cells.get("Themes")),
            "persons": _joined(cells.get("Persons")),
            "organizations": _joined(cells.get("Organizations")),
            "locations": _joined(
                ";".join(
                    part.split("#")[1] for part in (cells.get("Locations") or "").split(";") if part.count("#") > 1
                )
            ),
            "names": _joined(
                ";".join(part.rpartition(",")[0] or part for part in (cells.get("AllNames") or "").split(";"))
            ),
            "quotations": _joined(
                "#".join(part.split("|", 3)[-1] for part in (cells.get("Quotations") or "").split("#")), "#", " | "
            ),
            "image": words(cells.get("SharingImage")),
            **tones,
        }
    )


def _extra(extras: str, name: str) -> str | None:
    """Return what stands between two tags of the extras, which only look like XML."""
    start = extras.find(f"<{name}>")
    end = extras.find(f"</{name}>", start)
    return html.unescape(extras[start + len(name) + 2 : end]).strip() or None if 0 <= start < end else None


def _joined(value: str | None, mark: str = ";", by: str = "; ") -> str | None:
    parts = [part.strip() for part in (value or "").split(mark)]
    return by.join(dict.fromkeys(part for part in parts if part)) or None


READERS = (
    Reader("gdelt", "GDELT DOC article list in JSON or CSV (no text)", (".json", ".csv"), _recognise_list, _read_list),
    Reader(
        "gdelt_timeline", "GDELT DOC timeline in JSON or CSV", (".json", ".csv"), _recognise_timeline, _read_timeline
    ),
    Reader("gdelt_gkg", "GDELT GKG 2.1 in TSV (no text)", (".csv", ".tsv", ".txt"), _recognise_gkg, _read_gkg),
)
