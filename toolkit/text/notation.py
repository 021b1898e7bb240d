"""Own how terms are written down: as printed lines, as a TOML file, and as a table with one row per pattern."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from toolkit.tables import FramingError, require

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_ITEM = re.compile(rf"\s*(!\s*)?({_QUOTED}(?=\s*(?:\||$))|(?:(?<![\w*?])/[^\s/]+/|[^|])*)")
_GROUP = re.compile(rf"\s*({_QUOTED}|[^/\"]+?)\s*(?:/|$)")
_PLAIN_NAME = re.compile(r"[^:\x00-\x1f\x7f\"\[#!][^:\x00-\x1f\x7f]*")
_PLAIN_GROUP = re.compile(r"[^/\"\]\x00-\x1f\x7f]+")


class Row(NamedTuple):
    """A term as it is written down: exclusions behind a "!", clauses parted by "||"."""

    name: str
    path: tuple[str, ...]
    items: list[str]
    note: str


def write_text(rows: Iterable[Row]) -> str:
    """Return terms as lines that `read_text` reads."""
    lines: list[str] = []
    path: tuple[str, ...] = ()
    for row in rows:
        if row.path != path:
            path = row.path
            head = " / ".join(part if _PLAIN_GROUP.fullmatch(part) else _quoted(part) for part in path)
            lines += [""] if lines else []
            lines.append(f"[{head}]")
        name = row.name if _PLAIN_NAME.fullmatch(row.name) else _quoted(row.name)
        lines.append(f"{name}: " + " | ".join(map(_item, row.items)).replace(" | || | ", " || "))
        lines += ["    #" + (" " + line if line else "") for line in row.note.split("\n") if row.note]
    return "\n".join(lines)


def _item(item: str) -> str:
    if item == "||":
        return item
    sign, text = ("!", item[1:]) if item[0] == "!" else ("", item)
    plain = split_items(text) == [text] and text[0] != '"' and not re.search(r"[\x00-\x1f\x7f]", text)
    return sign + (text if plain else _quoted(text))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def split_items(text: str) -> list[str]:
    """Part patterns at the bars between them; bars in expressions and in quotation marks are none.

    Examples
    --------
    >>> split_items('/re(set|boot)/ | !"a | b" || c')
    ['/re(set|boot)/', '!a | b', '||', 'c']
    """
    items, at = [], 0
    while True:
        found = _ITEM.match(text, at)
        assert found is not None  # it matches the empty text, too
        bare = found[2].strip()
        if len(bare) > 1 and bare[0] == '"' and re.fullmatch(_QUOTED, bare):
            with suppress(json.JSONDecodeError):  # else they are marks of the pattern's own
                bare = str(json.loads(bare))
        items.append(("!" if found[1] else "") + bare if bare or found[1] else "||")
        at = text.find("|", found.end()) + 1
        if at == 0:
            return items


def read_text(text: str) -> dict[str, Any]:
    """Return the nested mapping that lines stand for."""
    terms: dict[str, Any] = {}
    path: list[str] = []
    current: dict[str, Any] | None = None
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        bare = line.strip()
        if bare.startswith("#"):
            if line[0] in " \t" and current is not None:
                note = line.lstrip()[1:].removeprefix(" ")
                current["note"] = f"{current['note']}\n{note}" if "note" in current else note
        elif bare.startswith("["):
            if not bare.endswith("]"):
                raise FramingError(
                    f"Line {number} begins a group and does not end it: {bare!r}. Write [migration / people]."
                )
            path, current = _group_path(bare[1:-1]), None
        elif bare:
            name, patterns = _named(bare, number)
            current = {"patterns": split_items(patterns) if patterns.strip() else []}
            put(terms, path, name, current)
    return terms


def _group_path(text: str) -> list[str]:
    parts = [found[1].strip() for found in _GROUP.finditer(text)]
    return [str(json.loads(part)) if part.startswith('"') else part for part in parts]


def _named(line: str, number: int) -> tuple[str, str]:
    quoted = re.match(rf"({_QUOTED})\s*:", line)
    if quoted:
        try:
            return str(json.loads(quoted[1])), line[quoted.end() :]
        except json.JSONDecodeError:
            pass
    name, colon, patterns = line.partition(":")
    if not colon:
        raise FramingError(f"Line {number} has no name before its patterns: {line!r}. Write name: pattern | pattern.")
    return name.strip(), patterns


def put(terms: dict[str, Any], path: Iterable[str], name: str, settings: dict[str, Any]) -> None:
    """Put the settings of a term into the mapping of its group."""
    node = terms
    for part in path:
        node = node.setdefault(part, {})
        if "patterns" in node and not isinstance(node["patterns"], dict):
            raise FramingError(
                f"{part!r} is the name of a term and, in the same place, of a group. Rename one of them."
            )
    if name in node:
        kind = "stands twice in the same group" if "patterns" in node[name] else "is also the name of a group there"
        raise FramingError(f"The term {name!r} {kind}. Each needs its own name.")
    node[name] = settings


def write_toml(rows: Iterable[Row], path: Path) -> Path:
    """Write terms into a file, a table each, so that they keep their order; whole or not at all."""
    tables = []
    for row in rows:
        clauses = "||" in row.items  # then exclusions hold for some of the patterns and stay behind them
        patterns = [item for item in row.items if clauses or item[0] != "!"]
        lines = [f"[{'.'.join(map(_quoted_key, (*row.path, row.name)))}]", f"patterns = {_array(patterns)}"]
        if len(patterns) < len(row.items):
            lines.append(f"exclude = {_array(item[1:] for item in row.items if item[0] == '!')}")
        if row.note:
            lines.append(f"note = {_quoted(row.note)}")
        tables.append("\n".join(lines) + "\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    beside.write_text("\n".join(tables), encoding="utf-8", newline="\n")
    beside.replace(path)
    return path


def _quoted_key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _quoted(key)


def _array(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


def read_toml(path: Path) -> dict[str, Any]:
    """Return the mapping that a TOML file holds."""
    if not path.is_file():
        raise FramingError(f"There is no file {path} with terms. Write one: terms.write({str(path)!r}).")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FramingError(
            f'{path} is no TOML: {error}. A line of it is like: reset = ["reset*", "!resettle*"].'
        ) from None


def read_frame(frame: pd.DataFrame) -> dict[str, Any]:
    """Return the nested mapping that the rows of a table stand for."""
    require(frame, ["term", "pattern"], "terms")
    terms: dict[str, Any] = {}
    where: dict[str, tuple[list[str], dict[str, Any]]] = {}
    columns = [c for c in ("term", "pattern", "exclude", "note", "group", "case") if c in frame.columns]
    marks = "exclude" in columns and pd.api.types.is_bool_dtype(frame["exclude"])
    for number, values in enumerate(frame[columns].astype(object).itertuples(index=False, name=None)):
        row = {c: v for c, v in zip(columns, values, strict=True) if not pd.isna(v)}
        if "term" not in row:
            raise FramingError(
                f"Row {number} of this table of terms has no term; its pattern is {row.get('pattern')!r}."
            )
        name = str(row["term"]).strip()
        case = row.get("case", False)
        if case not in (True, False):
            raise FramingError(f"The column case is true or false; for the term {name!r} it is {case!r}.")
        path = _group_path(str(row.get("group", "")))
        if name not in where:
            where[name] = (path, {"patterns": [], "exclude": []})
            put(terms, path, name, where[name][1])
        before, settings = where[name]
        if path != before:
            groups = [" / ".join(p) or "no group" for p in (before, path)]
            raise FramingError(
                f"The term {name!r} stands twice: in {groups[0]} and in {groups[1]}. Each needs its own name."
            )
        patterns = _cell(row.get("pattern"), case)
        settings["exclude" if marks and row.get("exclude") else "patterns"] += patterns
        if not marks:
            settings["exclude"] += _cell(row.get("exclude"), case)
        note = str(row.get("note", "")).strip()
        if note and note not in settings.get("note", "").split("\n"):
            settings["note"] = "\n".join(filter(None, (settings.get("note"), note)))
    return terms


def _cell(value: Any, case: Any) -> list[str]:
    items = split_items(str(value)) if value is not None else []
    return [item if not case or item == "||" or item.endswith(" (case)") else f"{item} (case)" for item in items]
