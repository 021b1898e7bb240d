"""Own the JSON: an array or object of records, and JSON Lines, a record a line, when no archive's own layout is known."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from toolkit.corpora.readers.base import Document, File, Item, Problem, Reader
from toolkit.corpora.readers.lines import Lines, head_text
from toolkit.tables import FramingError

_DEEP = 4  # levels at which a list of records is looked for
_FLAT = 3  # levels of objects that become columns with dotted names


def _recognise_json(file: File) -> int:
    text = (head_text(file) or "").lstrip()
    if not text.startswith(("{", "[")) or _is_lines(text):
        return 0
    return 30 if re.match(r"""\[\s*[\[{"\]]|\{\s*["}]""", text) else 0


def _recognise_jsonl(file: File) -> int:
    return 35 if _is_lines((head_text(file) or "").lstrip()) else 0


def _is_lines(text: str) -> bool:
    """Tell a record a line: the first line is a whole object, and another one follows."""
    first, _, rest = text.partition("\n")
    if not first.startswith("{") or not rest.lstrip().startswith("{"):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return first.rstrip().endswith("}")


def _read_json(file: File) -> Iterator[Item]:
    text, _ = file.text()
    try:
        data = json.loads(text)
    except RecursionError:
        raise FramingError(f"{file.name} has lists within lists without end, and is not read.") from None
    except ValueError as error:
        yield from _rescued(text, file.name, error)
        return
    for n, record in enumerate(_records(data, file.name), start=1):
        if isinstance(record, dict):
            yield Document(f"record {n}", flat(record))
        else:
            yield Problem(f"record {n}", "unparsed", f"It is no object with names but {_short(record)}.")


def _records(data: Any, name: str) -> list[Any]:
    """Find the list of records in whatever wraps it."""
    if isinstance(data, list):
        return data
    if isinstance(data, dict):
        if (found := _longest(data, _DEEP)) is not None:
            return found
        if rows := _turned(data):
            return rows
        if data and all(isinstance(value, dict) for value in data.values()) and len(data) > 1:
            return [{"doc_id": key, **value} for key, value in data.items()]
        if data:
            return [data]
    raise FramingError(f"{name} holds no records: it is {_short(data)}.")


def _turned(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a table that was written by columns, each with its row numbers, as pandas writes one.

    Examples
    --------
    >>> _turned({"title": {"0": "A", "1": "B"}, "body": {"0": "C", "1": "D"}})
    [{'title': 'A', 'body': 'C'}, {'title': 'B', 'body': 'D'}]
    """
    columns = list(data.values())
    if len(columns) < 2 or not all(isinstance(column, dict) and column for column in columns):
        return []
    numbers = list(columns[0])
    if not all(number.isdigit() for number in numbers) or all(name.isdigit() for name in data):
        return []
    if any(list(column) != numbers for column in columns):
        return []
    return [{name: column[number] for name, column in data.items()} for number in numbers]


def _longest(data: dict[str, Any], depth: int) -> list[Any] | None:
    """Return the longest list of objects that an object holds; one article's own lists (tags, media) are none."""
    if any(str(key).casefold() in ("text", "body", "title", "headline", "content") for key in data):
        return None
    best: list[Any] | None = None
    for value in data.values():
        here = None
        if isinstance(value, list) and value and all(isinstance(record, dict) for record in value[:20]):
            here = value
        elif isinstance(value, dict) and depth:
            here = _longest(value, depth - 1)
        if here is not None and (best is None or len(here) > len(best)):
            best = here
    return best


def _rescued(text: str, name: str, error: ValueError) -> Iterator[Item]:
    """Yield the whole records of a list that is damaged further on."""
    decoder = json.JSONDecoder()
    at = text.find("[") + 1
    n = 0
    while at:
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        try:
            record, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        if isinstance(record, dict):
            n += 1
            yield Document(f"record {n}", flat(record))
    where = f"after record {n}" if n else "file"
    yield Problem(where, "unparsed", f"{name} is no valid JSON from there on ({error}): cut off or damaged.")


def _read_jsonl(file: File) -> Iterator[Item]:
    lines = Lines(file)
    for n, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Problem(f"line {n}", "unparsed", f"It is no valid JSON ({error}).")
            continue
        if isinstance(record, dict):
            yield Document(f"line {n}", flat(record))
        else:
            yield Problem(f"line {n}", "unparsed", f"It is no object with names but {_short(record)}.")
    yield from lines.problems()


def flat(record: dict[str, Any], depth: int = _FLAT) -> dict[str, Any]:
    """Make one level of a record: an object in it becomes columns with dotted names, a list of words one string.

    Examples
    --------
    >>> flat({"title": "A reset", "source": {"id": 3, "name": "Post"}, "tags": ["a", "b"], "media": [{"n": 1}]})
    {'title': 'A reset', 'source.id': 3, 'source.name': 'Post', 'tags': 'a; b', 'media': '[{"n": 1}]'}
    """
    fields: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, dict) and depth:
            fields |= {f"{key}.{inner}": v for inner, v in flat(value, depth - 1).items()}
        elif isinstance(value, list) and all(isinstance(v, (str, int, float)) for v in value):
            fields[str(key)] = "; ".join(str(v) for v in value)
        elif isinstance(value, (dict, list)):
            fields[str(key)] = json.dumps(value, ensure_ascii=False)
        else:
            fields[str(key)] = value
    return fields


def _short(value: Any) -> str:
    said = repr(value) if not isinstance(value, (dict, list)) else f"a {type(value).__name__} of {len(value):,}"
    return said if len(said) < 60 else said[:60] + "…"


READERS = (
    Reader("json", "JSON, a list of records", (".json",), _recognise_json, _read_json),
    Reader("jsonl", "JSON Lines, a record a line", (".jsonl", ".ndjson"), _recognise_jsonl, _read_jsonl),
)
