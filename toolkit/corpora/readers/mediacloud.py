"""Own Media Cloud: story lists, counts over time (a query a column, too), source lists, and its answers in JSON.

Its files hold titles and addresses but no text (only its staff get that), so the articles are without text. A count is a row with `n_articles` and
no title: it is not an article, and an audit says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from toolkit.corpora.readers.base import Declared, Document, File, Item, Problem, Reader
from toolkit.corpora.readers.csvs import header, need, rows
from toolkit.corpora.readers.jsons import dicts, kept, keys, number, values, words

_STORY = frozenset({"title", "url", "publish_date"})
_STORY_MARKS = (
    {"stories_id"},
    {"media_name", "media_url"},
    {"media_name", "indexed_date"},
    {"media_name", "media_id"},
    {"id", "indexed_date"},
)
_COUNTED = {
    "count": "n_articles",
    "matched_stories": "n_articles",
    "total_count": "n_articles_total",
    "all_candidate_stories": "n_articles_total",
    "ratio": "share",
    "pct_of_all_candidate_stories": "share",
    "date": "date",
    "name": "query_name",
    "query": "query",
    "q": "query",
    "source": "source",
    "language": "language",
}
_SOURCES = frozenset(
    "id name label url homepage domain media_id media_url notes platform stories_per_week first_story pub_country pub_state primary_language media_type".split()
)
_NUMBER = re.compile(r"-?\d[\d ]*(?:[.,]\d+)?(?:[eE][+-]?\d+)?%?")
_TOKEN = re.compile(r"[^\W\d_]")


def _lower(names: list[str]) -> list[str]:
    return [name.casefold().strip() for name in names]


def _is_stories(names: list[str]) -> bool:
    known = set(_lower(names))
    return known >= _STORY and any(known >= marks for marks in _STORY_MARKS)


def _is_counts(names: list[str]) -> bool:
    known = set(_lower(names))
    if {"title", "text", "url"} & known:
        return False
    counted = {"count", "matched_stories", "all_candidate_stories"} & known
    return bool(counted and {"date", "source", "language"} & known and known <= set(_COUNTED))


def _is_wide(names: list[str], sample: list[list[str]]) -> bool:
    """Whether the first column is a date and all others are queries with a number a day."""
    if len(names) < 2 or _lower(names)[0] != "date" or len(sample) < 2 or set(_lower(names)[1:]) & set(_COUNTED):
        return False
    cells = [cell.strip() for row in sample for cell in row[1:] if cell.strip()]
    return (
        bool(cells)
        and all(_NUMBER.fullmatch(cell) for cell in cells)
        and all(row and re.fullmatch(r"[\d/.T: -]{6,25}Z?", row[0].strip()) for row in sample)
        and all(_TOKEN.search(name) for name in names[1:])
    )


def _is_sources(names: list[str]) -> bool:
    known = set(_lower(names))
    return (
        known <= _SOURCES
        and bool(known & {"name", "label"})
        and bool(known & {"url", "homepage", "domain", "media_url"})
    )


def _recognise_stories(file: File) -> int:
    if found := keys(file):
        marks = found >= _STORY and any(found >= names for names in _STORY_MARKS)
        return 90 if marks else 0
    return 95 if _is_stories(header(file)[0]) else 0


def _read_stories(file: File) -> Iterator[Item]:
    found: Iterator[tuple[str, Any] | Problem]
    if not keys(file):
        for item in rows(file, need(file)[2]):
            yield (
                item
                if isinstance(item, Problem)
                else Document(item[0], story({k.casefold(): v for k, v in item[1].items()}))
            )
        return
    n = 0
    found = values(file, "stories")
    for item in found:
        if isinstance(item, Problem):
            yield item
            continue
        place, value = item
        listed = value.get("stories", value) if isinstance(value, dict) else value
        if isinstance(listed, list):
            listed = [
                s
                for one in listed
                for s in (one["stories"] if isinstance(one, dict) and isinstance(one.get("stories"), list) else [one])
            ]
        many = isinstance(listed, list)
        yield Declared(len(listed) if many else 1)
        for record in listed if many else [listed]:
            n += 1
            where = f"story {n}" if many or place == "file" else place
            if isinstance(record, dict):
                yield Document(where, story(record))
            else:
                yield Problem(where, "unparsed", "It is no story.")


_TAKEN = frozenset(
    "id stories_id title url publish_date language media_name media_url text story_text ap_syndicated indexed_date story_sentences".split()
)


def story(record: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of one story, as a row of a CSV or an object has it."""
    sentences = sorted(dicts(record.get("story_sentences")), key=lambda s: number(s.get("sentence_number")) or 0)
    text = (
        words(record.get("text"))
        or words(record.get("story_text"))
        or words(" ".join(str(s.get("sentence") or "") for s in sentences))
    )
    others = {k: v for k, v in record.items() if k not in _TAKEN and isinstance(v, str | int | float) and k}
    if str(record.get("ap_syndicated")).casefold() in ("1", "true", "t"):
        others["wire"] = "AP"
    return kept(
        {
            "doc_id": words(record.get("stories_id")) or words(record.get("id")),
            "source": words(record.get("media_name")),
            "date": words(record.get("publish_date")),
            "title": words(record.get("title")),
            "text": text,
            "url": words(record.get("url")),
            "language": words(record.get("language")),
            "media_url": words(record.get("media_url")),
            "indexed": words(record.get("indexed_date")),
            **others,
        }
    )


def _recognise_counts(file: File) -> int:
    if found := keys(file):
        return 90 if {"count_over_time", "counts", "count"} <= found else 0
    names, sample, _ = header(file)
    return 90 if _is_counts(names) else 80 if _is_wide(names, sample) else 0


def _read_counts(file: File) -> Iterator[Item]:
    yield Problem(
        "file",
        "odd",
        "This file counts articles and holds none: each row is a count (n_articles), without title and text.",
    )
    if keys(file):
        yield from _counts_in_json(file)
        return
    names, sample, mark = need(file)
    wide = not _is_counts(names)
    if wide and any("." in cell or "," in cell for row in sample for cell in row[1:]):
        yield Problem(
            "file", "odd", "Its numbers have fractions: they are shares, not counts, and stand in the column attention."
        )
    whole = wide and not any(re.search(r"[.,%]", cell) for row in sample for cell in row[1:])
    for item in rows(file, mark):
        if isinstance(item, Problem):
            yield item
            continue
        place, row = item
        if not wide:
            yield Document(place, kept({_COUNTED[k.casefold()]: _value(v, k.casefold()) for k, v in row.items()}))
            continue
        date = row.get(names[0])
        for column, name in enumerate(names[1:], 2):
            if name in row:
                counted = _value(row[name], "count")
                yield Document(
                    f"{place}, column {column}",
                    kept({"date": date, "query": name, "n_articles" if whole else "attention": counted}),
                )


def _counts_in_json(file: File) -> Iterator[Item]:
    for item in values(file, "counts"):
        if isinstance(item, Problem):
            yield item
            continue
        value = item[1]
        inner = value.get("count_over_time", value) if isinstance(value, dict) else value
        for n, record in enumerate(dicts(inner.get("counts") if isinstance(inner, dict) else inner), 1):
            yield Document(f"count {n}", kept({_COUNTED[k]: _value(v, k) for k, v in record.items() if k in _COUNTED}))


def _value(cell: Any, name: str) -> Any:
    """Return a count as a whole number where it is one, a share as a number, and all else as it is."""
    if name in ("date", "name", "query", "q", "source", "language"):
        return words(cell)
    try:
        number = float(str(cell).replace(" ", "").rstrip("%").replace(",", "."))
    except ValueError:
        return words(cell)
    return int(number) if number.is_integer() and name not in ("ratio", "pct_of_all_candidate_stories") else number


def _recognise_sources(file: File) -> int:
    return 70 if _is_sources(header(file)[0]) else 0


def _read_sources(file: File) -> Iterator[Item]:
    n = 0
    for item in rows(file, need(file)[2]):
        if isinstance(item, Problem):
            yield item
        else:
            n += 1
    yield Declared(0)
    yield Problem("file", "odd", f"{file.name} is a list of {n:,} sources and holds no articles.")


READERS = (
    Reader(
        "mediacloud",
        "Media Cloud stories in CSV or JSON (no text)",
        (".csv", ".json"),
        _recognise_stories,
        _read_stories,
    ),
    Reader(
        "mediacloud_counts",
        "Media Cloud counts over time in CSV or JSON",
        (".csv", ".json"),
        _recognise_counts,
        _read_counts,
    ),
    Reader(
        "mediacloud_sources",
        "Media Cloud source list in CSV (no articles)",
        (".csv",),
        _recognise_sources,
        _read_sources,
    ),
)
