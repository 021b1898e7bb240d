"""Own the HTML that LexisNexis Academic and Nexis UK exported: documents between marks in comments, one division a field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from toolkit.corpora.readers.base import Document, File, Item, Problem, Reader, declared_encoding, decode
from toolkit.corpora.readers.htmltext import parse
from toolkit.corpora.readers.lexis import Block, declared, finished, interpret, is_stub
from toolkit.corpora.readers.lexisnexis_txt import counter
from toolkit.tables import FramingError

# The tags of a document stand in comments, where a tree does not show them.
_START = re.compile(r"<DOCFULL>(?:\s*-->)?", re.IGNORECASE)
_END = re.compile(r"(?:<!--(?:(?!-->).){0,200}?)?</DOCFULL>", re.IGNORECASE | re.DOTALL)
_ANCHOR = re.compile(r"""<a\s+name=["']?DOC_ID_\d+_\d+["']?\s*>""", re.IGNORECASE)
_META = re.compile(r"""<meta\b[^>]{0,200}\bdocuments=["']?(\d{1,7})""", re.IGNORECASE)
_CENTRED = re.compile(r"\.(\w+)\s*\{[^}]{0,500}text-align:\s*center", re.IGNORECASE)
_BACK = {"return to list", "retour à la liste", "zurück zur liste", "terug naar lijst", "volver a la lista"}
_APART = frozenset("p div tr li ul ol h1 h2 h3 h4 h5 h6 blockquote center table hr pre".split())
_OUT = frozenset("script style head img".split())


def _recognise(file: File) -> int:
    """Look for the marks of documents, or a counter in HTML."""
    text, _ = decode(file.head())
    if "<" not in text[:2000]:
        return 0
    if _START.search(text) or _ANCHOR.search(text):
        return 97
    if _META.search(text):
        return 90
    return 60 if re.search(r">\s*\d+ (?:of|von|de) \d+ (?:DOCUMENTS?|DOKUMENTEN?)\s*<", text) else 0


def _read(file: File) -> Iterator[Item]:
    """Cut at the marks, one document at a time."""
    markup, encoding = file.text(declared_encoding(file.head()))
    parts = _documents(markup)
    centred = set(_CENTRED.findall(markup))
    counters: list[tuple[int, int]] = []
    for n, part in enumerate(parts, 1):
        yield from _document(part, n, centred, counters)
    stated = [int(found) for found in _META.findall(markup)]
    said, problems = declared(counters, sum(stated) or None)
    if said:
        yield said
    yield from problems
    if not parts:
        yield Problem("file", "unparsed", "It has none of the marks (DOCFULL, DOC_ID) that stand around each document.")
    if encoding not in ("utf-8", "utf-8-sig"):
        yield Problem("file", "mended", f"It is not UTF-8; it was read as {encoding}.")


def _documents(markup: str) -> list[str]:
    """Return the markup of each document."""
    starts = list(_START.finditer(markup))
    if starts:
        ends = [*(found.start() for found in starts[1:]), len(markup)]
        return [_END.split(markup[start.end() : end], maxsplit=1)[0] for start, end in zip(starts, ends)]
    anchors = list(_ANCHOR.finditer(markup))
    ends = [*(found.start() for found in anchors[1:]), len(markup)]
    return [markup[start.end() : end] for start, end in zip(anchors, ends)]


def _document(markup: str, n: int, centred: set[str], counters: list[tuple[int, int]]) -> Iterator[Item]:
    place = f"document {n}"
    if not markup.strip():
        yield Problem(place, "unparsed", "There is nothing between the marks of this document.")
        return
    try:
        blocks = list(_blocks(markup, centred))
    except FramingError as error:
        yield Problem(place, "unparsed", str(error))
        return
    kept: list[Block] = []
    for block in blocks:
        found = counter(f"{'':20}{block.text}") if len(kept) < 2 else None
        if found:
            counters.append(found)
        elif block.text.casefold() not in _BACK:
            kept.append(block)
    if any(is_stub(block.text) for block in kept) and sum(len(block.text) for block in kept) < 1000:
        yield Problem(place, "unparsed", "The archive printed an error in place of this document.")
        return
    fields, problems = finished(interpret(kept), place)
    yield Document(place, fields)
    yield from problems


def _blocks(markup: str, centred: set[str]) -> Iterator[Block]:
    """Yield the divisions of a document."""
    body = parse(f"<html><body>{markup}</body></html>").find("body")
    for node in body if body is not None else ():
        if not isinstance(node.tag, str) or node.tag in _OUT:
            continue
        text = _text(node)
        if not text:
            continue
        paragraphs = re.split(r"\n{2,}", text)
        yield Block([line for line in text.split("\n") if line], paragraphs, _is_centred(node, centred))


def _is_centred(node: Any, centred: set[str]) -> bool:
    """Whether a division stands in the middle: by its class, whose name differs from file to file, or by itself."""
    if node.tag == "center" or "center" in f"{node.get('align', '')} {node.get('style', '')}".casefold():
        return True
    return any(name in centred for name in (node.get("class") or "").split())


def _text(node: Any) -> str:
    """Return the text of a division: paragraphs apart, cells of a table joined by bars, spans joined as they are."""
    from lxml import etree

    parts: list[str] = []
    out = cells = 0  # elements left out, and cells of tables, open at this place
    for event, element in etree.iterwalk(node, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        left = tag in _OUT or not tag
        cell = tag in ("td", "th")
        if event == "start":
            out += left
            cells += cell
            if out:
                continue
            if cell and element.getprevious() is not None:
                parts.append(" | ")
            elif cells and (tag in _APART or tag == "br"):
                parts.append(" ")
            elif tag in ("br", "tr"):
                parts.append("\n")
            elif tag in _APART:
                parts.append("\n\n")
            parts.append(_line(element.text))
            continue
        out -= left
        cells -= cell
        if out:
            continue
        if tag in _APART and tag != "tr" and not left:
            parts.append(" " if cells else "\n\n")
        if element is not node:
            parts.append(_line(element.tail))
    text = re.sub(r"[ \xa0]+", " ", "".join(parts))
    return re.sub(r"\n{2,}", "\n\n", "\n".join(line.strip() for line in text.split("\n"))).strip()


def _line(text: str | None) -> str:
    return re.sub(r"[ \t\r\n\f]+", " ", text or "")


READER = Reader("lexisnexis_html", "LexisNexis Academic or Nexis UK, HTML", (".html", ".htm"), _recognise, _read)
