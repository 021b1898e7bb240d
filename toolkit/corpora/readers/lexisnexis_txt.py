"""Own the plain text that LexisNexis Academic and Nexis UK exported: a counter over each document, centred lines, labels in capitals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from toolkit.corpora.readers.base import Document, File, Item, Problem, Reader, decode
from toolkit.corpora.readers.lexis import Block, declared, finished, interpret, is_stub
from toolkit.corpora.readers.lines import Lines
from toolkit.corpora.readers.markup import rough_text, rtf_text

_N = r"(\d[\d.,]*)"
_COUNTER = re.compile(
    rf"\s*(?:[\w .&]{{1,30}} - )?{_N}\s+(?:of|von|de|van|di)\s+{_N}\s+(?:DOCUMENTS?|DOKUMENTEN?|DOKUMENTE?|DOCUMENTOS?|DOCUMENTEN|DOCUMENT[IO]|ARTICLES?)\s*"
)
_COUNTER_AFTER = re.compile(
    rf"\s{{8,}}(?:[\w .&]{{1,30}} - )?(?:Dokument|Document|Documento|DOKUMENT|DOCUMENT|DOCUMENTO)\s+{_N}\s+(?:of|von|de|van|di)\s+{_N}\s*"
)
_STATED = re.compile(
    r"(?:Items|Documents|documenten|Dokumente|documents|documentos|Elemente)\s*:\s*(\d+)\s*-\s*(\d+)\s*$"
)
_WIDTH = 80  # columns that the archive wraps at
_KEPT = re.compile(r"\S {3,}\S")  # a line of a table


def counter(line: str) -> tuple[int, int] | None:
    """Return the numbers of a line that stands over a document, or None.

    Examples
    --------
    >>> counter("                 FOCUS - 3 of 12 DOCUMENTS"), counter("                      Dokument 3 von 12")
    ((3, 12), (3, 12))
    >>> counter("He read 3 of 12 documents.") is None
    True
    """
    if len(line) > 200:
        return None
    found = _COUNTER.fullmatch(line) or _COUNTER_AFTER.fullmatch(line)
    if not found:
        return None
    numbers = [int(re.sub(r"\D", "", number)[:9]) for number in found.groups()]
    return numbers[0], numbers[1]


def blocks_of(lines: list[str]) -> list[Block]:
    """Return the blocks of a document: lines between empty lines."""
    lines = [line.replace("\t", "    ").replace("\x0c", "").rstrip() for line in lines]
    width = min(_WIDTH, max(map(len, lines), default=0))
    blocks: list[Block] = []
    gap, together = 0, list[str]()
    for line in [*lines, ""]:
        if line.strip("\xa0 "):
            together.append(line)
            continue
        if together:
            blocks.append(_block(together, gap, width))
            gap, together = 0, []
        gap += 1
    return blocks


def _block(lines: list[str], gap: int, width: int) -> Block:
    bare = [line.strip() for line in lines]
    middle = [_is_centred(line) for line in lines]
    # A centred line that fills the page has no indentation to see.
    centred = any(middle) and all(m or len(line.rstrip()) >= 66 for m, line in zip(middle, lines))
    return Block(bare, [_paragraph(lines, width)], centred, gap)


def _is_centred(line: str) -> bool:
    indent = len(line) - len(line.lstrip(" "))
    return indent >= 4 and abs(indent + len(line.strip()) / 2 - _WIDTH / 2) <= 6


def _paragraph(lines: list[str], width: int) -> str:
    """Join lines that were wrapped; where the next word would have fitted, the break was meant."""
    text = lines[0].strip()
    for before, line in pairwise(lines):
        word = line.split(maxsplit=1)[0]
        meant = len(before) + 1 + len(word) < width - 2 or _KEPT.search(before.strip()) or _KEPT.search(line.strip())
        text += ("\n" if meant else " ") + line.strip()
    return text


def _recognise(file: File) -> int:
    """Look for a counter, or for the labels around it."""
    text, _ = decode(file.head())
    if text.lstrip().startswith(("<", "{", "PK")):
        return 0
    lines = text.splitlines()
    if not any(counter(line) for line in lines):
        return 0
    labels = re.findall(
        r"(?m)^(?:LENGTH|LOAD-DATE|LANGUAGE|LÄNGE|SPRACHE|UPDATE|LONGUEUR|LANGUE|DATE-CHARGEMENT|TAAL|LENGTE|BYLINE|SECTION): ",
        text,
    )
    return 95 if labels else 75


def _read(file: File) -> Iterator[Item]:
    """Read the lines of a text, one document at a time."""
    lines = Lines(file)
    yield from _documents(lines)
    yield from lines.problems()


def _documents(lines: Iterable[str]) -> Iterator[Item]:
    """Cut at the counters, one document at a time."""
    counters: list[tuple[int, int]] = []
    stated: list[int] = []
    chunk: list[str] = []
    start = 0
    for number, raw in enumerate(lines, 1):
        line = raw.rstrip("\r\n")
        found = counter(line)
        if found is None:
            if counters:
                chunk.append(line)
            elif cover := _STATED.search(line):
                stated.append(int(cover[2]) - int(cover[1]) + 1)
            continue
        if counters:
            yield from _document(chunk, len(counters), start)
        counters.append(found)
        chunk, start = [], number
    if counters:
        yield from _document(chunk, len(counters), start)
    else:
        yield Problem(
            "file", "unparsed", 'It has no line such as "1 of 12 DOCUMENTS", so that no document was found in it.'
        )
    said, problems = declared(counters, stated[0] if len(stated) == 1 else None)
    if said:
        yield said
    yield from problems


def _recognise_rich(file: File) -> int:
    """Look for a counter in RTF, which old services also called .doc."""
    head = decode(file.head())[0]
    if not head.lstrip("\ufeff \r\n").startswith("{\\rtf"):
        return 0
    return 92 if any(counter(line) for line in rough_text(head).splitlines()) else 0


def _read_rich(file: File) -> Iterator[Item]:
    """Read an RTF of the same lines, in which each line is a paragraph and nothing stands in the middle of the page."""
    raw, _ = file.text()
    text = rtf_text(raw.lstrip("\ufeff"), file.name)
    yield from _documents(line.replace("\x0c", "") for line in text.split("\n"))


def _document(lines: list[str], n: int, start: int) -> Iterator[Item]:
    place = f"document {n}, line {start}"
    blocks = blocks_of(lines)
    if any(is_stub(block.text) for block in blocks) and sum(len(block.text) for block in blocks) < 1000:
        yield Problem(place, "unparsed", "The archive printed an error in place of this document.")
        return
    fields = interpret(blocks)
    excerpt = re.match(r"Bewaar lees artikel\s*", fields["text"])
    if excerpt:
        fields |= {"text": fields["text"][excerpt.end() :], "text_is_excerpt": True}
    fields, problems = finished(fields, place)
    yield Document(place, fields)
    yield from problems


READERS = (
    Reader("lexisnexis_txt", "LexisNexis Academic or Nexis UK, text", (".txt",), _recognise, _read),
    Reader(
        "lexisnexis_rtf",
        "LexisNexis Academic or Nexis UK, RTF (also called .doc)",
        (".rtf", ".doc"),
        _recognise_rich,
        _read_rich,
    ),
)
