"""Own the Factiva HTML export: articles with field codes, and articles whose lines are told by their order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from toolkit.corpora.dates import read_date_line
from toolkit.corpora.readers.base import Document, File, Item, Problem, Reader, declared_encoding, decode
from toolkit.corpora.readers.factiva import end_mark, identified, n_words, of_codes, of_lines, without_by
from toolkit.corpora.readers.markup import classes, flat, html_tree, paragraphs

_OPENING = re.compile(
    r"<(?:div|section|article)\b[^<>]{0,400}?\bclass\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))[^<>]{0,400}>",
    re.IGNORECASE,
)
_LANGUAGE_CLASS = re.compile(r"[a-z]{2,6}Article")
_HEADLINE_CLASS = re.compile(r"(?:[a-z]{2,6})?[Hh]eadline")
_LINK = re.compile(r" ?\[(https?://[^\]\s]*)\s*\]")
_MARK = re.compile(r">\s*[^<>\s]{2,24}(?:\s|&nbsp;)+([A-Za-z0-9]{18,34})\s*<")


def recognise(file: File) -> int:
    """Return how sure it is that a file is a page saved from Factiva."""
    head = decode(file.head())[0]
    if re.search(r"class\s*=\s*[\"']?[^\"'<>]{0,200}?\b[a-z]{2,6}(?:Article|articleParagraph)\b", head):
        return 95
    if re.search(r"<title>\s*(?:Dow Jones )?Factiva\b", head, re.IGNORECASE):
        return 95
    return 40 if "<" in head and "Factiva" in head and re.search(r"<html|<div", head, re.IGNORECASE) else 0


def read(file: File) -> Iterator[Item]:
    """Yield the articles of a page, one at a time."""
    text, _ = file.text(declared_encoding(file.head(4096)))
    number = 0
    seen: set[str] = set()
    for number, piece in enumerate(_pieces(text), start=1):
        place = f"document {number}"
        fields = _article(piece)
        if not fields:
            yield Problem(place, "unparsed", "An article begins here, but there is neither headline nor text in it.")
            continue
        seen.add(fields.get("archive_id", ""))
        if "archive_id" not in fields:
            yield Problem(place, "odd", "It has no line with a document number: the file may be cut off here.")
        if "text" not in fields:
            yield Problem(place, "odd", "It has no running text.")
        yield Document(place, fields)
    lost = [mark for mark in dict.fromkeys(_MARK.findall(text)) if end_mark(f"Document {mark}") and mark not in seen]
    for mark in lost:
        yield Problem("file", "unparsed", f"The document number {mark} stands outside of any article that was found.")


def _pieces(text: str) -> Iterator[str]:
    """Cut a page where its articles begin.

    Pages that were saved by a browser wrap each article in a second element of the class `article`, so the class that
    names the language (`enArticle`) decides; only where no element has one does `article` alone. Cutting before parsing
    keeps one broken article from swallowing the next.
    """
    strict, loose = [], []
    for found in _OPENING.finditer(text):
        names = (found[1] or found[2] or found[3] or "").split()
        if any(_LANGUAGE_CLASS.fullmatch(name) for name in names):
            strict.append(found.start())
        elif "article" in names:
            loose.append((found.start(), found.end()))
    if not strict:
        # The inner of two that begin together is the article.
        strict = [
            start
            for at, (start, end) in enumerate(loose)
            if not (at + 1 < len(loose) and not text[end : loose[at + 1][0]].strip())
        ]
    for start, end in zip(strict, [*strict[1:], len(text)]):
        yield text[start:end]


def _article(piece: str) -> dict[str, Any]:
    tree = html_tree(piece)
    if tree is None:
        return {}
    body = tree.find("body")
    article = next((element for element in (body if body is not None else tree) if isinstance(element.tag, str)), None)
    if article is None:
        return {}
    coded = _coded(article)
    fields = _by_code(coded) if coded else _by_order(article)
    snippets = (
        [] if "text" in fields else [e for e in article.iter() if any("snippet" in name.lower() for name in classes(e))]
    )
    if snippets:
        fields["text"] = "\n\n".join(paragraphs(snippets[0]))
        fields["text_is_excerpt"] = True
    # The archive glues the target of a link to its words: "the report[http://...] says".
    links = [link for name in ("title", "text") for link in _LINK.findall(fields.get(name, ""))]
    for name in ("title", "text", "notes", "copyright"):
        if name in fields:
            fields[name] = _LINK.sub("", fields[name])
    if links:
        fields["links"] = " ".join(dict.fromkeys(links))
    return fields if {"title", "text"} & set(fields) else {}


def _coded(article: Any) -> list[tuple[str, Any]]:
    """Return codes and cells of the table of an article that has one."""
    table = next(article.iter("table"), None)
    if table is None:
        return []
    rows = []
    for row in table.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        if len(cells) < 2 or next(row.iterancestors("table")) is not table:
            continue
        code = flat(cells[0])
        if re.fullmatch(r"[A-Z]{2,4}", code):
            rows.append((code, cells[1]))
    return rows if {"HD", "PD", "SN", "AN", "LP", "TD"} & {code for code, _ in rows} else []


def _by_code(rows: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, str] = {}
    text: list[str] = []
    for code, cell in rows:
        if code in ("LP", "TD"):
            text += paragraphs(cell)
        elif value := _headline(cell) if code == "HD" else flat(cell):
            values[code] = f"{values[code]}; {value}" if code in values else value
    return of_codes(values, text)


def _headline(cell: Any) -> str:
    """Return a headline without the number that some tools put in front of it."""
    value = flat(cell)
    counted = any("counted" in classes(element) for element in cell.iter() if isinstance(element.tag, str))
    return re.sub(r"^\d+\)\s+", "", value) if counted else value


def _by_order(article: Any) -> dict[str, Any]:
    before: list[str] = []
    after: list[str] = []
    text: list[str] = []
    last: list[str] = []
    title, author, accession = None, None, None
    for child in article:
        if not isinstance(child.tag, str) or any("snippet" in name.lower() for name in classes(child)):
            continue
        names = classes(child)
        if title is None and (child.get("id") == "hd" or _is_headline(child)):
            title = _headline(child)
        elif "author" in names:
            author = flat(child)
        elif child.tag == "div" and not any("rticleParagraph" in name for name in names) and not text:
            (after if title is not None else before).append(flat(child))
        elif child.tag == "p" and not any("rticleParagraph" in name for name in names):
            line = flat(child)
            accession = end_mark(line) or accession
            if line and not end_mark(line):
                last += paragraphs(child)
        else:
            # What lies between paragraphs, such as a table, is part of the text; so are lines before the first of them.
            text += paragraphs(child)
    if title is None:
        before, after = _without_headline(before)
    publisher = last.pop() if last and _is_name(last[-1]) else None
    if not text:
        text, last = last, []
    fields: dict[str, Any] = {
        "title": title,
        "author": without_by(author),
        "section": before[-1] if before else None,
        "column": "; ".join(before[:-1]),
        "text": "\n\n".join(text),
        "notes": "\n\n".join(last),
        "publisher": publisher,
    }
    return identified({**fields, **of_lines(after, accession)}, accession)


def _is_headline(element: Any) -> bool:
    return any(
        _HEADLINE_CLASS.fullmatch(name)
        for inner in element.iter()
        if isinstance(inner.tag, str)
        for name in classes(inner)
    )


def _is_name(line: str) -> bool:
    """Tell the publisher, which has no label and stands last, from a caption or a note."""
    sentence = re.search(r"[.!?…]$", line) and not re.search(r"\b(?:Inc|Ltd|Co|Corp|LLC|S\.A|e\.V)\.$", line)
    return len(line) <= 100 and not sentence


def _without_headline(lines: list[str]) -> tuple[list[str], list[str]]:
    """Part the lines of an article without a headline: what is before its length, or before its date, is the section."""
    start = next((at for at, line in enumerate(lines) if n_words(line) is not None), None)
    if start is None:
        start = next((at for at, line in enumerate(lines) if read_date_line(line)), len(lines))
    return lines[:start], lines[start:]


READER = Reader("factiva_html", "Factiva, HTML (with or without field codes)", (".html", ".htm"), recognise, read)
