"""Own the Integrum exports: Excel sheets with a Russian header, and HTML reports in Windows-1251."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from toolkit.corpora.archives import checked_zip
from toolkit.corpora.dates import read_date
from toolkit.corpora.readers.base import Declared, Document, File, Item, Problem, Reader, declared_encoding, decode
from toolkit.corpora.readers.markup import flat, html_tree, paragraphs, squeeze, tidy
from toolkit.tables import FramingError

COLUMNS = {
    "источник": "source",
    "дата": "date",
    "время": "time",
    "заголовок": "title",
    "анонс": "announcement",
    "текст": "text",
    "оригинал": "original",
    "автор": "author",
    "авторы": "author",
    "рубрика": "section",
    "раздел": "section",
    "страница": "page",
    "номер": "issue",
    "язык": "language",
    "ссылка": "url",
    "адрес": "url",
    "регион": "region",
}
_NEEDED = {"source", "date", "title"}
_MOST_EMPTY = 100_000  # rows: a sheet can claim a million empty ones
_REPORT = re.compile(r"\b(?:Report|Отч[её]т)\s+\d{1,2}\.\d{1,2}\.\d{4}\s+\d{1,2}:\d{2}", re.IGNORECASE)


# Excel --------------------------------------------------------------------------------------------------------------


def recognise_xlsx(file: File) -> int:
    """Return how sure it is that a file is a sheet from Integrum."""
    if not file.head(4).startswith(b"PK"):
        return 0
    try:
        with checked_zip(file.path, file.name) as archive:
            for name in archive.namelist():
                if name == "xl/sharedStrings.xml" or re.fullmatch(r"xl/worksheets/sheet1?\.xml", name):
                    with archive.open(name) as part:
                        head = html.unescape(part.read(65_536).decode("utf-8", "replace")).lower()
                    if all(word in head for word in (">источник<", ">дата<", ">заголовок<")):
                        return 95
    except Exception:  # recognising never raises; reading says what is wrong
        return 0
    return 0


def read_xlsx(file: File) -> Iterator[Item]:
    """Yield the rows of every sheet that has the header."""
    import openpyxl

    checked_zip(file.path, file.name).close()
    with file.open() as stream:  # given a path, openpyxl wants its ending, which a member of an archive has not
        try:
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        except Exception as error:  # whatever a damaged workbook makes the parser raise
            raise FramingError(
                f"{file.name} cannot be opened as an Excel workbook ({error}): it is damaged or is none."
            ) from error
        try:
            several = len(book.worksheets) > 1
            for sheet in book.worksheets:
                yield from _sheet(sheet, f"sheet {sheet.title!r}, " if several else "")
        finally:
            book.close()


def _sheet(sheet: Any, prefix: str) -> Iterator[Item]:
    sheet.reset_dimensions()  # the size that a file states is often wrong
    columns: dict[int, str] = {}
    empty = 0
    number = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if not any(value not in (None, "") for value in row):
            empty += 1
            if empty > _MOST_EMPTY:
                return
            continue
        empty = 0
        if not columns:
            columns = _header(row)
            if not columns and number >= 20:
                break
            continue
        place = f"{prefix}row {number}"
        fields = _row({ours: row[at] for at, ours in columns.items() if at < len(row)})
        if {"title", "text"} & set(fields):
            yield Document(place, fields)
        else:
            yield Problem(place, "unparsed", "This row has neither a headline nor a text.")
    if not columns and number:
        yield Problem(
            f"{prefix}row 1", "odd", "No row has the headings Источник, Дата and Заголовок: the sheet was left out."
        )


def _header(row: Sequence[Any]) -> dict[int, str]:
    """Return which column is which, or nothing where a row is not the header."""
    columns = {
        at: COLUMNS[name]
        for at, value in enumerate(row)
        if isinstance(value, str) and (name := value.strip().strip(":").casefold()) in COLUMNS
    }
    return columns if set(columns.values()) >= _NEEDED else {}


def _row(values: dict[str, Any]) -> dict[str, Any]:
    fields = {name: squeeze(value) if isinstance(value, str) else value for name, value in values.items()}
    for name in ("announcement", "original", "text"):
        fields.pop(name, None)
    fields["date"] = _moment(fields.get("date"), fields.pop("time", None))
    announcement, original, text = (
        str(values.get(name) or "").strip() for name in ("announcement", "original", "text")
    )
    if re.fullmatch(r"https?://\S+", original):
        fields.setdefault("url", original)
        original = ""
    # "Анонс" holds the whole text in some exports and its beginning in others, where the whole one has a column of its own.
    whole = max((text, original, announcement), key=len)
    parts = _without_head(_split(whole), str(fields.get("title") or ""))
    fields["text"] = "\n\n".join(parts)
    if announcement and announcement != whole:
        fields["standfirst"] = "\n\n".join(_without_head(_split(announcement), str(fields.get("title") or "")))
    elif whole and whole == announcement and re.search(r"(?:\.\.\.|…)$", whole):
        fields["text_is_excerpt"] = True
    return tidy(fields)


def _split(text: str) -> list[str]:
    text = text.replace("_x000D_", "").replace("\r\n", "\n")
    pieces = re.split(r"\n\s*\n", text) if re.search(r"\n\s*\n", text) else text.split("\n")
    return [squeeze(piece) for piece in pieces if piece.strip()]


def _without_head(parts: list[str], title: str) -> list[str]:
    """Take the headline and the date off the top of a text: they are repeated there."""
    if parts and title and parts[0].casefold() == title.casefold():
        parts = parts[1:]
        if parts and re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{2,4}(?:\s+\d{1,2}:\d{2})?", parts[0]):
            parts = parts[1:]
    return parts


def _moment(day: Any, clock: Any) -> Any:
    """Join day and time; midnight is what the archive writes where it knows no time."""
    if isinstance(clock, (time, datetime)):
        clock = f"{clock:%H:%M}"
    clock = str(clock or "").strip()
    if not re.fullmatch(r"\d{1,2}:\d{2}(?::\d{2})?", clock) or re.fullmatch(r"0{1,2}:00(?::00)?", clock):
        clock = ""
    if isinstance(day, datetime):
        hours, minutes = (int(part) for part in clock.split(":")[:2]) if clock else (day.hour, day.minute)
        return day.replace(hour=hours, minute=minutes) if hours < 24 and minutes < 60 else day
    if isinstance(day, date):
        day = f"{day:%Y-%m-%d}"
    return f"{day or ''} {clock}".strip()


# HTML ---------------------------------------------------------------------------------------------------------------


def recognise_html(file: File) -> int:
    """Return how sure it is that a file is a report from Integrum."""
    raw = file.head()
    head = decode(raw, declared_encoding(raw))[0]
    if not re.search(r"<(?:html|small|body)\b", head, re.IGNORECASE):
        return 0
    if re.search(r"Интегрум|integrum", head, re.IGNORECASE) and "<small" in head.lower():
        return 90
    return (
        85
        if _REPORT.search(head) and re.search(r"<small\b[^>]*>[^<;]+;\s*\d{1,2}\.\d{1,2}\.\d{2,4}", head, re.IGNORECASE)
        else 0
    )


_MARKED = re.compile(r"\^([А-ЯA-Z]{2,3}):\s*")
_MARKS = {
    "ИС": "source",
    "РБ": "section",
    "НР": "issue",
    "ДТ": "date",
    "АВ": "author",
    "ЗГ": "title",
    "СТ": "page",
    "ЯЗ": "language",
}
_ANCHOR = re.compile(r"<a\s+name\s*=\s*[\"']?(\d+)[\"']?[^>]*>", re.IGNORECASE)
_CONTENTS = re.compile(r"<a\s+href\s*=\s*[\"']?#(\d+)", re.IGNORECASE)


def _marked(text: str) -> Iterator[Item]:
    """Yield the articles of a report with a list of contents, below which each has its fields behind marks such as ^ЗГ."""
    anchors = list(_ANCHOR.finditer(text))
    contents = set(_CONTENTS.findall(text[: anchors[0].start()]))
    for anchor, end in zip(anchors, [*(one.start() for one in anchors[1:]), len(text)], strict=True):
        place = f"document {anchor[1]}"
        tree = html_tree(text[anchor.end() : end])
        table = None if tree is None else next(tree.iter("table"), None)
        body = None if tree is None else next(tree.iter("pre"), None)
        fields: dict[str, Any] = {}
        if table is not None:
            pieces = _MARKED.split(table.text_content())
            marked = zip(pieces[1::2], pieces[2::2], strict=True)
            fields = {_MARKS.get(mark, mark): squeeze(value).strip(" ,;") for mark, value in marked}
        fields["text"] = "\n\n".join(_of_lines(body.text_content() if body is not None else ""))
        fields = tidy(fields)
        if {"title", "text"} & set(fields):
            yield Document(place, fields)
        else:
            yield Problem(place, "unparsed", "A document begins here, but it has neither headline nor text.")
    if contents:
        yield Declared(len(contents))


def _of_lines(text: str) -> list[str]:
    """Return the paragraphs of lines that were broken at a fixed width: each begins with an indentation."""
    lines = text.replace("\r", "").split("\n")
    indented = any(line.startswith("   ") for line in lines if line.strip())
    parts: list[list[str]] = []
    for line in lines:
        if not line.strip():
            if not indented:
                parts.append([])
        elif not parts or (indented and line.startswith("   ")):
            parts.append([line.strip()])
        else:
            parts[-1].append(line.strip())
    return [squeeze(" ".join(part)) for part in parts if part]


def read_html(file: File) -> Iterator[Item]:
    """Yield the articles of a report: each has a line "source; date; issue;" in small print beside its headline."""
    text, _ = file.text(declared_encoding(file.head(4096)) or "windows-1251")
    if _MARKED.search(text) and _ANCHOR.search(text):
        yield from _marked(text)
        return
    tree = html_tree(text)
    lines = [] if tree is None else [line for line in tree.iter("small") if _source_line(line)]
    if not lines:
        yield Problem("file", "odd", "No line of source and date in small print was found.")
        return
    opening, closing = "\ue013", "\ue014"
    stated = [_source_line(line) for line in lines]
    for number, line in enumerate(lines):
        for child in list(line):
            line.remove(child)
        line.text = f"{opening}{number}{closing}"
    for element in tree.iter("b", "strong", "h1", "h2", "h3", "h4", "h5"):
        if words := flat(element):
            for child in list(element):
                element.remove(child)
            element.text = f"\ue015{words}\ue016"
    whole = "\n\n".join(paragraphs(tree))
    first, *rest = re.split(f"{opening}\\d+{closing}", whole)
    heading = re.compile(r"\ue015([^\ue016]*)\ue016\s*$")
    above = bool(heading.search(first)) and not _REPORT.search(heading.search(first)[1])  # type: ignore[index]
    before = [first, *rest[:-1]]
    for number, part in enumerate(rest):
        fields: dict[str, Any] = dict(stated[number])
        if above:
            found = heading.search(before[number])
            body = part if number + 1 == len(rest) else heading.sub("", part)
        else:
            found = re.match(r"\s*\ue015([^\ue016]*)\ue016", part)
            body = part[found.end() :] if found else part
        body = re.sub("[\ue015\ue016]", "", body)
        fields["title"] = squeeze(found[1]) if found else ""
        fields["text"] = "\n\n".join(_without_head(_split(body), fields["title"]))
        fields = tidy(fields)
        place = f"document {number + 1}"
        if {"title", "text"} & set(fields):
            yield Document(place, fields)
        else:
            yield Problem(place, "unparsed", "A line of source and date stands here, but neither headline nor text.")


def _source_line(element: Any) -> dict[str, Any]:
    """Return source, date and issue of a line of small print, or nothing where it is another one."""
    parts = [squeeze(part) for part in flat(element).split(";")]
    if len(parts) < 2 or not re.search(r"\d{1,2}\.\d{1,2}\.\d{2,4}", parts[1]) or read_date(parts[1]) is None:
        return {}
    return tidy({"source": parts[0], "date": parts[1], "issue": "; ".join(part for part in parts[2:] if part)})


READERS = (
    Reader("integrum_xlsx", "Integrum, Excel", (".xlsx",), recognise_xlsx, read_xlsx),
    Reader("integrum_html", "Integrum, HTML report", (".html", ".htm"), recognise_html, read_html),
)
