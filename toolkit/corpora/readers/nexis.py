"""Own the DOCX and RTF that Nexis Uni, Lexis+ and Lexis Advance export: a cover that may be there, articles, an end mark after each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from zipfile import BadZipFile
from zlib import error as ZlibError

from toolkit.corpora.archives import checked_zip
from toolkit.corpora.dates import read_date, read_date_line
from toolkit.corpora.readers.base import Declared, Document, File, Item, Problem, Reader, decode
from toolkit.corpora.readers.lexis import (
    CERTAIN,
    CLASSIFICATION_MARKS,
    DISTRIBUTOR,
    HEAD_LABELS,
    LABELS,
    TAIL_LABELS,
    TEXT_MARKS,
    corrected,
    finished,
    is_copyright,
    is_stub,
    label_of,
    normal,
)
from toolkit.tables import FramingError

LARGEST_RTF = 128 * 1024 * 1024  # bytes; striprtf takes several times that
_ENTRY = "word/document.xml"
_END = re.compile(
    r"end of document|ende des dokument(?:e?s)?|dokument ?ende|fin (?:du|de|del) document[oe]?|final del documento"
    r"|einde (?:van (?:het )?)?document|fi(?:m|ne) d(?:o|el) documento|конец документа|문서의? ?끝"
    r"|(?:文[档件檔書书]|ドキュメント)の?(?:结尾|结束|結束|結尾|末尾|终止|終了|終わり)",
)
_COUNT = re.compile(r"(?:[^\W\d_]+(?: [^\W\d_]+){0,3})\s?[(（](\d{1,6})[)）]")  # Documents (50), 文档（50）
_SECTIONS = {
    "correction",
    "graphic",
    "graphics",
    "notes",
    "korrektur",
    "grafik",
    "correctie",
    "corrección",
    "abstract",
    "graphique",
}
_SEEN = re.compile(
    rb"End of Document|Ende des Dokument|Fin du document|Fin del documento|Einde |Load-Date|Length:|Byline:|Documents \("
)


def _docx_paragraphs(file: File) -> list[str]:
    """Return the paragraphs of a DOCX in their order; a row of a table is a line, its cells joined by bars."""
    from docx import Document as open_docx
    from docx.opc.exceptions import OpcError
    from lxml import etree

    checked_zip(file.path, file.name).close()
    try:
        with file.open() as stream:
            body = open_docx(stream).element.body
        return list(_walk(body))
    except (
        KeyError,
        ValueError,
        AttributeError,
        IndexError,
        etree.XMLSyntaxError,
        OpcError,
        OSError,
        BadZipFile,
        ZlibError,
    ) as error:
        raise FramingError(
            f"{file.name} is a zip but no Word document that can be read ({error}). Download it again, or save it as DOCX in a word processor."
        ) from None


def _walk(body: Any) -> Iterator[str]:
    """Yield the text of the body's paragraphs and rows."""
    for node in body:
        kind = _kind(node)
        if kind == "p":
            yield _words(node)
        elif kind == "tbl":
            for row in node.iter():
                if _kind(row) != "tr":
                    continue
                cells = [" ".join(_words(cell).split()) for cell in row if _kind(cell) == "tc"]
                if any(cells):
                    yield " | ".join(cell for cell in cells if cell)
            yield ""
        elif kind == "sdt":
            for content in node:
                if _kind(content) == "sdtContent":
                    yield from _walk(content)


def _kind(node: Any) -> str:
    """Return the local name of an element."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _words(node: Any) -> str:
    """Return the text in an element, that of its links, text boxes and insertions included."""
    parts: list[str] = []
    skipped = {id(inner) for twin in node.iter() if _kind(twin) == "Fallback" for inner in twin.iter()}
    for inner in node.iter():
        kind = _kind(inner)
        if id(inner) in skipped:
            continue
        if kind == "t":
            parts.append(inner.text or "")
        elif kind == "tab" and _kind(inner.getparent()) == "r":
            parts.append("\t")
        elif kind in ("br", "cr") or (kind == "p" and parts):
            parts.append("\n")
        elif kind == "noBreakHyphen":
            parts.append("-")
    return "".join(parts)


def _rtf_paragraphs(file: File, raw: bytes) -> list[str]:
    """Return the paragraphs of an RTF."""
    if len(raw) > LARGEST_RTF:
        raise FramingError(
            f"{file.name} has {len(raw) / 1e6:,.0f} MB; an RTF is read up to {LARGEST_RTF / 1e6:,.0f} MB. Export it in parts."
        )
    from striprtf.striprtf import rtf_to_text

    try:
        text: str = rtf_to_text(  # type: ignore[no-untyped-call]
            raw.decode("latin-1"), encoding="cp1252", errors="replace"
        )
    except Exception as error:  # it raises whatever its tables miss
        raise FramingError(
            f"{file.name} is an RTF that cannot be read ({error}). Save it anew in a word processor."
        ) from None
    return [re.sub(r"\|+\s*$", "", line).replace("|", " | ") if "|" in line else line for line in text.split("\n")]


def _paragraphs(file: File) -> tuple[list[str], Problem | None]:
    """Return the paragraphs of a file, by what it is and not by what it is called."""
    head = file.head(8)
    docx = file.suffix in (".docx", ".docm")
    if head.startswith(b"PK"):
        return _docx_paragraphs(file), None
    raw = file.bytes()
    if raw.lstrip().startswith(b"{\\rtf"):
        note = "It is called a DOCX and is an RTF; it was read as one." if docx else None
        return _rtf_paragraphs(file, raw), Problem("file", "mended", note) if note else None
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise FramingError(
            f"{file.name} is a Word file of before 2007, or encrypted. Save it as DOCX in a word processor."
        )
    if docx:
        what = "is empty" if not raw.strip() else "is no zip: the download is not a real DOCX, or is cut off"
        raise FramingError(f"{file.name} {what}. Download it again.")
    text, _ = decode(raw)
    note = "It is called an RTF and is plain text; it was read as that." if file.suffix == ".rtf" else None
    return text.splitlines(), Problem("file", "mended", note) if note else None


def _recognise_docx(file: File) -> int:
    head = file.head(8)
    if head.lstrip().startswith(b"{\\rtf"):
        return _recognise_rtf(file) if file.suffix == ".docx" else 0
    if not head.startswith(b"PK"):
        return 15 if file.suffix == ".docx" else 0
    try:
        with checked_zip(file.path, file.name) as archive:
            if _ENTRY not in archive.namelist():
                return 0
            with archive.open(_ENTRY) as stream:
                start = stream.read(1_000_000)
    except Exception:  # whatever is wrong with it is said when it is read
        return 15 if file.suffix == ".docx" else 0
    plain = re.sub(rb"<[^>]*>", b"", start)
    return 95 if _SEEN.search(plain) or _ends_in(plain) else 20


def _ends_in(plain: bytes) -> bool:
    text = plain.decode("utf-8", "replace").casefold()
    return _END.search(text) is not None


def _recognise_rtf(file: File) -> int:
    head = file.head()
    if head.lstrip().startswith(b"{\\rtf"):
        return (
            85
            if len(re.findall(rb"End of Document|Load-Date|Length:|Byline:|Section:|Documents \(", head)) >= 2
            else 10
        )
    text, _ = decode(head)
    if any(_is_end(line) for line in text.splitlines()) and re.search(
        r"(?m)^(?:Length|Load-Date|Body|Section|Byline)\b", text
    ):
        return 85
    return 0


def _bare(text: str) -> str:
    """Return a paragraph on one line, without hard spaces."""
    return re.sub(r"[\s\xa0]+", " ", text).strip()


def _is_end(text: str) -> bool:
    return len(text) < 60 and _END.fullmatch(_bare(text).casefold()) is not None


def _is_mark(text: str, marks: set[str]) -> bool:
    """Whether a paragraph is one of these words and nothing else."""
    return len(text) < 40 and normal(text) in marks


def _label(text: str) -> tuple[str, str] | None:
    """Return the field and the value of a label, known or, where a hard space follows the colon as this export prints it, unknown."""
    stripped = text.strip("\n ")
    known = label_of(stripped, capitals=False)
    if known:
        return known
    found = re.match(r"([^\W\d_][^:\n]{1,38}?)\s?[:：]\xa0(.*)", stripped, re.DOTALL)
    if not found or len(found[1].split()) > 4:
        return None
    name = re.sub(r"\W+", "_", normal(found[1])).strip("_")
    return (name, _bare(found[2])) if name and name not in ("text", "title", "source", "date") else None


def _is_label(text: str) -> bool:
    """Whether a paragraph is a label of this export and no sentence with a colon."""
    label = _label(text)
    if label is None:
        return False
    return (
        ":\xa0" in text
        or "：" in text
        or len(label[1]) < 200
        or label[0] in ("subject", "company", "industry", "geographic", "person")
    )


def _read(file: File) -> Iterator[Item]:
    paragraphs, problem = _paragraphs(file)
    if problem:
        yield problem
    parts, n_ends, covers = _parts(paragraphs)
    stated = 0
    for cover in covers:
        counts = [int(found[1]) for text in cover if (found := _COUNT.fullmatch(_bare(text)))]
        stated += counts[0] if counts else 0
    if stated or n_ends:
        yield Declared(stated or n_ends)
    n = 0
    for part in parts:
        if not any(text.strip() for text in part):
            continue
        n += 1
        yield from _article(part, n)
    if not n:
        yield Problem(
            "file",
            "unparsed",
            "It has no article in the layout of Nexis: no end mark, no label such as Length, no body.",
        )
    elif n_ends and n_ends != n:
        yield Problem(
            "file", "odd", f"It has {n_ends} end marks and {n} articles; those without were found by their heads."
        )


def _parts(paragraphs: list[str]) -> tuple[list[list[str]], int, list[list[str]]]:
    """Cut at the end marks, and at the heads where those are missing; take covers off."""
    cuts = [n for n, text in enumerate(paragraphs) if _is_end(text)]
    parts, covers = [], []
    for low, high in zip([-1, *cuts], [*cuts, len(paragraphs)], strict=True):
        part = paragraphs[low + 1 : high]
        starts = _starts(part)
        if not starts:
            # What follows the last end mark is nothing, or an article that was cut off.
            if cuts and high < len(paragraphs) and any(text.strip() for text in part):
                parts.append(part)
            continue
        above = [_bare(text) for text in part[: starts[0]] if text.strip()]
        if above and low >= 0 and len(above) <= 3 and not any(_COUNT.fullmatch(text) for text in above):
            starts[0] = 0  # between two articles there is no cover: a title that an empty line parts from its newspaper
        elif above:
            covers.append(part[: starts[0]])
        for start, stop in zip(starts, [*starts[1:], len(part)], strict=True):
            parts.append(part[start:stop])
    return parts, len(cuts), covers


def _starts(part: list[str]) -> list[int]:
    """Return where the articles of a part begin: above each body there is a head."""
    bodies: list[int] = []
    for n, text in enumerate(part):
        # "Text" can be a heading in an article: between two bodies there is a head.
        if _is_mark(text, TEXT_MARKS) and _headed(part, n, bodies[-1] + 1 if bodies else 0):
            bodies.append(n)
    if not bodies:  # no body mark: the first copyright or label of a head
        first = next((n for n, text in enumerate(part) if _anchors(part, n)), None)
        bodies = [] if first is None else [first]
    starts: list[int] = []
    for body in bodies:
        low = starts[-1] + 1 if starts else 0
        starts.append(_head_start(part, body, low))
    return starts


def _anchors(part: list[str], n: int) -> bool:
    """Whether a paragraph stands in a head under the date."""
    label = _label(part[n])
    return is_copyright(part[n].strip()) or (
        label is not None and label[0] in set(HEAD_LABELS.values()) and _is_label(part[n])
    )


def _headed(part: list[str], body: int, low: int = 0) -> bool:
    """Whether a body mark has a head above it, and not above `low`: a label, a copyright or a date line."""
    above = [text for text in part[max(low, body - 25) : body] if text.strip()][-12:]
    return any(_is_label(text) or is_copyright(text.strip()) or read_date_line(_bare(text)) for text in above)


def _head_start(part: list[str], body: int, low: int) -> int:
    """Return where the head of the article with this body begins."""
    at = body
    # Up over labels and copyright, and the lines that go on from them.
    top = at
    for n in range(at, low - 1, -1):
        if n < at and (
            _is_mark(part[n], TEXT_MARKS)
            or ((label := _label(part[n])) and label[0] in set(TAIL_LABELS.values()) - {"distribution"})
        ):
            break
        if _anchors(part, n) or (_is_label(part[n]) and n < at):
            top = n
        elif at - n > 60:
            break
    # Then over the date and what stands with it: title, newspaper and date have no empty line between them.
    at = top
    while at > low and not part[at - 1].strip():
        at -= 1
    start = at
    seen = 0
    while start > low and seen < 12:
        text = part[start - 1]
        if not text.strip():
            block = [line for line in part[start:at] if line.strip()]
            # Some exports have an empty line between title, newspaper and date too.
            spaced = (
                len(block) == 2 and read_date_line(_bare(block[1])) and start + 1 < at and not part[start + 1].strip()
            )
            if len(block) >= 2 and not spaced and not all(corrected(_bare(line)) for line in block):
                break
            if len(block) == 1 and not corrected(_bare(block[0])) and not read_date_line(_bare(block[0])):
                break
        elif (_is_label(text) and (label := _label(text)) and label[0] in set(TAIL_LABELS.values())) or _is_end(text):
            break
        else:
            seen += 1
        start -= 1
    return start


def _article(part: list[str], n: int) -> Iterator[Item]:
    place = f"document {n}"
    if any(is_stub(text) for text in part) and sum(map(len, part)) < 1500:
        yield Problem(place, "unparsed", "The archive printed an error in place of this document.")
        return
    fields, problems = finished(_fields(part), place)
    yield Document(place, fields)
    yield from problems


def _fields(part: list[str]) -> dict[str, Any]:
    """Return the fields of one article."""
    mark = next((n for n, text in enumerate(part) if _is_mark(text, TEXT_MARKS) and _headed(part, n)), None)
    anchor = next(
        (n for n, text in enumerate(part[:mark]) if _anchors(part, n) or (_is_label(text) and ":\xa0" in text)), None
    )
    if anchor is None:
        anchor = mark if mark is not None else _under_date(part)
    fields = _masthead([_bare(text) for text in part[:anchor] if text.strip()])
    begin = mark + 1 if mark is not None else _labels(part, anchor, len(part), fields)
    if mark is not None:
        _labels(part, anchor, mark, fields)
    stop = _tail(part, begin, fields)
    text = [line for paragraph in part[begin:stop] for line in [_tidy(paragraph)] if line]
    marks = [line.casefold() for line in text[:8]]
    if marks[:1] == ["abstract"] and "full text" in marks:
        full = marks.index("full text")
        fields.setdefault("standfirst", "\n\n".join(text[1:full]))
        text = text[full + 1 :]
    elif marks[:1] == ["full text"]:
        text = text[1:]
    if text and re.fullmatch(r"https?://\S+", text[-1]) and "url" not in fields:
        fields["url"] = text.pop()
    fields["text"] = "\n\n".join(text)
    return fields


def _under_date(part: list[str]) -> int:
    """Return where a head without labels ends: under its date, or after two lines."""
    full = [n for n, text in enumerate(part) if text.strip()][:6]
    dated = next((n for n in full if read_date_line(_bare(part[n]))), None)
    return dated + 1 if dated is not None else (full[min(1, len(full) - 1)] + 1 if full else 0)


def _tidy(text: str) -> str:
    """Return a paragraph with its own line breaks, without the spaces around it."""
    lines = (re.sub(r"[ \t\xa0]+", " ", line).strip() for line in text.split("\n"))
    return re.sub(r"\n+", "\n", "\n".join(lines)).strip()


def _masthead(lines: list[str]) -> dict[str, Any]:
    """Return title, newspaper, date and edition from the lines over the labels, by their order."""
    fields: dict[str, Any] = {}
    if any(corrected(line) and len(line) < 40 for line in lines[1:]):
        fields["correction"] = "Correction Appended"
        lines = [line for n, line in enumerate(lines) if not n or not (corrected(line) and len(line) < 40)]
    # A headline can look like a date: the last date line counts, and never the first line of several.
    dated = next((n for n in range(len(lines) - 1, 0, -1) if read_date_line(lines[n])), None)
    if dated is None and len(lines) >= 3 and read_date(lines[-1]):
        dated = len(lines) - 1  # a month, a season or a date in another layout
    if dated is not None:
        fields["date"] = lines[dated]
        if lines[dated + 1 :]:
            fields["edition"] = "; ".join(lines[dated + 1 :])
        lines = lines[:dated]
    while len(lines) > 1 and (re.fullmatch(r"\(.{1,60}\)", lines[-1]) or DISTRIBUTOR.match(lines[-1])):
        fields["source_note"] = lines.pop().strip("()")
    if len(lines) == 1 and dated is None:
        fields["title"] = lines[0]
    elif lines:
        fields["source"] = lines[-1]
        fields["title"] = " ".join(lines[:-1])
    return fields


def _labels(part: list[str], begin: int, stop: int, fields: dict[str, Any]) -> int:
    """Read the labels of a head; return where they end."""
    last: str | None = None
    end = begin
    known_stop = stop < len(part)
    for n in range(begin, stop):
        text = _bare(part[n])
        if not text:
            continue
        label = _label(part[n]) if _is_label(part[n]) else None
        if label:
            last, value = label
            _add(fields, last, _bare(value))
        elif is_copyright(text):
            last = "copyright"
            _add(fields, last, text)
        elif corrected(text) and len(text) < 40:
            fields.setdefault("correction", "Correction Appended")
        elif not known_stop:
            return n
        elif last and last != "n_words_stated":
            _add(fields, last, re.sub(r"^By (?=[A-Z])", "", text) if last == "author" else text)
        end = n + 1
    return end


def _add(fields: dict[str, Any], name: str, value: str) -> None:
    """Keep a value; of a second one, what the first does not say."""
    known = fields.get(name)
    if not known:
        fields[name] = value
    elif value and value not in known:
        fields[name] = f"{known} {value}" if name == "copyright" else f"{known}; {value}"


def _tail(part: list[str], begin: int, fields: dict[str, Any]) -> int:
    """Read what follows the body, from the end upwards; return where the body ends."""
    stop = len(part)
    # Under the classification mark every label is one; above it a sentence can begin like a label ("Note: ...").
    classified = max((n for n in range(begin, stop) if _is_mark(part[n], CLASSIFICATION_MARKS)), default=stop)
    labels: list[tuple[str, str]] = []
    sections: list[tuple[str, str]] = []
    loose: list[int] = []  # paragraphs under what may be a section
    n = len(part) - 1
    while n >= begin:
        text = part[n]
        bare = _bare(text)
        label = _label(text) if _is_label(text) else None
        if not bare:
            pass
        elif label and (":\xa0" in text or "：" in text or label[0] in CERTAIN or n > classified) and not loose:
            labels.append(label)
            stop = n
        elif _is_mark(text, CLASSIFICATION_MARKS) and (labels or sections):
            stop, loose = n, []
        elif bare.casefold() in _SECTIONS and n > begin and loose and len(loose) <= 12 and _alone(part, n):
            name = {"corrections": "correction"}.get(bare.casefold(), bare.casefold())
            name = LABELS.get(normal(name), name)
            sections.append((name, "\n\n".join(_tidy(part[i]) for i in reversed(loose))))
            stop, loose = n, []
        elif is_copyright(bare) and not loose and n > begin:
            labels.append(("copyright", bare))
            stop = n
        else:
            loose.append(n)
            if len(loose) > 12:
                break
        n -= 1
    for name, value in [*reversed(labels), *sections]:
        if name == "correction" and fields.get(name) == "Correction Appended":
            fields[name] = value
        elif name not in ("title", "source", "date", "text"):
            _add(fields, name, _tidy(value))
    return stop


def _alone(part: list[str], n: int) -> bool:
    """Whether a word is the heading of a section: an empty paragraph follows."""
    return n + 1 < len(part) and not part[n + 1].strip()


READERS = (
    Reader("nexis_docx", "Nexis Uni, Lexis+ or Lexis Advance, Word", (".docx",), _recognise_docx, _read),
    Reader("nexis_rtf", "Nexis Uni, Lexis+ or Lexis Advance, RTF", (".rtf",), _recognise_rtf, _read),
)
