"""Own the Factiva RTF and text exports, with or without field codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from toolkit.corpora.dates import read_date_line
from toolkit.corpora.readers.base import Document, File, Item, Problem, Reader, decode
from toolkit.corpora.readers.factiva import (
    CODES,
    TAIL,
    end_mark,
    identified,
    is_byline,
    is_head_end,
    n_words,
    of_codes,
    of_lines,
    without_by,
)
from toolkit.corpora.readers.markup import rtf_text, squeeze

_ALL_CODES = frozenset(CODES) | {"WC", "PD", "ET", "LP", "TD", "AN", "RST"}
# A code stands alone in its cell or column; in running text a single blank follows a word in capitals.
_CODE = re.compile(rf"\s{{0,12}}({'|'.join(sorted(_ALL_CODES, key=len, reverse=True))})(?:\s*\||\s*$|\t|\s{{2,}})(.*)")
_FURNITURE = re.compile(
    r"\s*(?:Page \d+ of \d+|©\s*(?:19|20)\d\d (?:Dow Jones|Factiva)\b.*|Factiva RTF Display Format)\s*", re.IGNORECASE
)


def recognise(file: File) -> int:
    """Return how sure it is that a file is RTF or text from Factiva."""
    head = decode(file.head())[0]
    if "<html" in head[:2000].lower():
        return 0
    if head.lstrip("\ufeff \r\n").startswith("{\\rtf"):
        if "Factiva" in head or re.search(r"\b[A-Z]{2,8}0{0,6}(?:19|20)\d{6}[a-z0-9]{9}\b", head):
            return 90
        return 0
    lines = head.splitlines()
    codes = {found[1] for line in lines if (found := _CODE.match(line))}
    if len(codes & {"HD", "WC", "PD", "SN", "SC", "LA", "LP", "TD", "AN"}) >= 5:
        return 90
    return 85 if any(end_mark(line) for line in lines) and any(n_words(line) for line in lines) else 0


def read(file: File) -> Iterator[Item]:
    """Yield the articles; each ends with the line that bears its number."""
    raw, _ = file.text()
    rich = raw.lstrip("\ufeff \r\n\t").startswith("{\\rtf")
    text = rtf_text(raw, file.name).replace("\f", "\n").lstrip("\ufeff")
    block: list[str] = []
    number = 0
    for line in text.split("\n"):
        line = line.rstrip()
        ending = re.sub(r"^\s*(?:AN\s*[|\t ]\s*)?\|?|\|\s*$", "", line)
        accession = end_mark(ending)
        if accession is None:
            if not _FURNITURE.fullmatch(line):
                block.append(line)
            continue
        number += 1
        yield from _document(block, accession, number, rich)
        block = []
    if any(n_words(line) is not None for line in block) or any(line.startswith(("HD", "LP")) for line in block):
        number += 1
        place = f"document {number}"
        yield Problem(place, "odd", "It has no line with a document number: the file may be cut off here.")
        yield from _document(block, None, number, rich)


def _document(block: list[str], accession: str | None, number: int, rich: bool) -> Iterator[Item]:
    place = f"document {number}"
    coded = sum(bool(_CODE.match(line)) for line in block) >= 3
    fields = _by_code(block, accession, rich) if coded else _by_order(block, accession, rich)
    if {"title", "text"} & set(fields):
        yield Document(place, fields)
    else:
        yield Problem(place, "unparsed", "An article ends here, but there is neither headline nor text in it.")


def _by_code(block: list[str], accession: str | None, rich: bool) -> dict[str, Any]:
    parts: dict[str, list[str]] = {}
    code = ""
    for line in block:
        found = _CODE.match(line)
        in_text = code in ("LP", "TD")
        if found and (not in_text or found[1] in TAIL or found[1] == "TD"):
            code = found[1]
            parts.setdefault(code, []).append(found[2])
        elif code:
            parts[code].append(line)
    bodies = [parts.pop(code, []) for code in ("LP", "TD")]
    wrapped = not rich and any(_has_gap(body) for body in bodies)
    text = [paragraph for body in bodies for paragraph in _paragraphs(body, wrapped)]
    values = {code: squeeze(" ".join(line.strip().strip("|") for line in lines)) for code, lines in parts.items()}
    values = {code: value for code, value in values.items() if value}
    if accession:
        values["AN"] = accession
    return of_codes(values, text)


def _by_order(block: list[str], accession: str | None, rich: bool) -> dict[str, Any]:
    lines = [line.strip().strip("|").strip() for line in block]
    full = [at for at, line in enumerate(lines) if line]
    count = next((at for at in full[:30] if n_words(lines[at]) is not None), None)
    if count is None:
        count = next((at for at in full[:30] if read_date_line(lines[at])), None)
    if count is None:
        return identified({"text": "\n\n".join(_paragraphs(lines, not rich and _has_gap(lines)))}, accession)
    above = [lines[at] for at in full if at < count]
    # Formats are gone, so the headline is told by its length: sections, bylines and credits are shorter.
    candidates = [line for line in above if not is_byline(line)]
    title = max(candidates, key=len, default=None)
    at_title = above.index(title) if title is not None else len(above)
    before, below = above[:at_title], above[at_title + 1 :]
    author = below.pop(0) if below else None
    below_count = [at for at in full if at >= count][:14]
    end = next((at for at in below_count if is_head_end(lines[at])), None)
    if end is None:
        end = next((at for at in range(count, len(lines)) if not lines[at]), below_count[-1])
    body = lines[end + 1 :]
    fields: dict[str, Any] = {
        "title": title,
        "author": without_by(author),
        "section": before[-1] if before else None,
        "column": "; ".join(before[:-1]),
        "text": "\n\n".join(_paragraphs(body, not rich and _has_gap(body))),
    }
    return identified({**fields, **of_lines([*below, *lines[count : end + 1]], accession)}, accession)


def _paragraphs(lines: list[str], wrapped: bool) -> list[str]:
    """Return paragraphs: each line is one, as in RTF, or empty lines part them, as in text that was wrapped."""
    lines = [line.strip().strip("|").strip() for line in lines]
    if not wrapped:
        return [squeeze(line) for line in lines if line]
    return [squeeze(piece) for piece in re.split(r"\n\s*\n", "\n".join(lines)) if piece.strip()]


def _has_gap(lines: list[str]) -> bool:
    """Tell whether an empty line stands between others."""
    full = [at for at, line in enumerate(lines) if line.strip(" |\t")]
    return bool(full) and full[-1] - full[0] + 1 > len(full)


READER = Reader("factiva_rtf", "Factiva, RTF or text", (".rtf", ".txt"), recognise, read)
