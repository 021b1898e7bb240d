"""Own what the readers of JSON share: telling whose JSON a file is by its head, and taking out what is sound of a damaged one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from toolkit.corpora.readers.base import File, Problem, decode

_KEY = re.compile(r'"((?:[^"\\]|\\.){1,60})"\s*:')
_SPACE = re.compile(r"[\s,]*")
_BAD_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*)\\(?=[^\"\\/bfnrtu]|u(?![0-9a-fA-F]{4}))")


def keys(file: File) -> frozenset[str]:
    """Return the names of keys in the head of a file, or none if it does not begin as JSON does."""
    head = decode(file.head())[0].lstrip()
    if head[:1] not in ("{", "["):
        return frozenset()
    return frozenset(_KEY.findall(head))


def values(file: File, array: str) -> Iterator[tuple[str, Any] | Problem]:
    """Yield the JSON values of a file, each with its place: one value, or one a line.

    Titles with impossible escapes are mended by leaving out the backslash. Of a file that is cut off, or broken somewhere, the whole objects of
    its first `array` (a key, such as "articles"; "" for an array that is the file) are given as one list up to the place where it breaks.
    """
    text = file.text()[0].strip()
    if not text:
        yield Problem("file", "unparsed", "The file is empty.")
        return
    value, fault = _load(text)
    if fault is None:
        yield "file", value
        return
    sound = mended(text)
    if sound != text:
        value, again = _load(sound)
        if again is None:
            yield Problem(
                "file", "mended", f"It has escapes that JSON does not know ({fault}); their backslashes were left out."
            )
            yield "file", value
            return
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    loaded = [(n, *_load(line)) for n, line in lines] if len(lines) > 1 and lines[0][1].rstrip().endswith("}") else []
    if any(wrong is None for _, _, wrong in loaded):
        for n, value, wrong in loaded:
            if wrong is None:
                yield f"line {n}", value
            else:
                yield Problem(f"line {n}", "unparsed", f"This line is not JSON ({wrong}).")
        return
    found, broken = _salvage(sound, array)
    yield Problem(
        f"character {broken:,}",
        "unparsed",
        f"The JSON is broken or cut off ({fault}); {len(found)} whole objects before this place were read.",
    )
    yield "file", found


def mended(text: str) -> str:
    r"""Leave out the backslashes of escapes that JSON does not know.

    Examples
    --------
    >>> print(mended(r'"It\'s a \"reset\""'))
    "It's a \"reset\""
    """
    return _BAD_ESCAPE.sub(r"\1", text)


def _load(text: str) -> tuple[Any, str | None]:
    """Return the value, or what is wrong."""
    try:
        return json.loads(text), None
    except RecursionError:
        return None, "it nests too deeply"
    except ValueError as error:
        return None, str(error)


def _salvage(text: str, array: str) -> tuple[list[Any], int]:
    """Return the whole objects at the start of an array, and the place where it breaks."""
    start = None if text.startswith("[") else re.compile(rf'"{re.escape(array)}"\s*:\s*\[').search(text)
    start = start or re.compile(r"\[").match(text)
    if start is None:
        return [], 0
    decoder, at = json.JSONDecoder(), start.end()
    found: list[Any] = []
    while True:
        at = _SPACE.match(text, at).end()  # type: ignore[union-attr]
        if text[at : at + 1] != "{":
            return found, at
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return found, at
        found.append(value)


def dicts(value: Any) -> list[dict[str, Any]]:
    """Return the dicts of a list, or of one dict, or of nothing: services send each of these for "some".

    Examples
    --------
    >>> dicts({"name": "a"}), dicts(None), dicts(""), dicts([{"name": "b"}, None])
    ([{'name': 'a'}], [], [], [{'name': 'b'}])
    """
    if isinstance(value, dict):
        return [value] if value else []
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def words(value: Any) -> str | None:
    """Return a string without the space around it, a number as string, and None for anything else or nothing.

    Examples
    --------
    >>> words(" A reset "), words(3), words("  "), words([]), words(True)
    ('A reset', '3', None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return re.sub(r"[^\S\n]+", " ", str(value)).strip() or None


def number(value: Any) -> int | None:
    """Return a whole number, also from "1200"; None for anything else."""
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return None


def kept(fields: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not there."""
    return {name: value for name, value in fields.items() if value is not None and value != ""}
