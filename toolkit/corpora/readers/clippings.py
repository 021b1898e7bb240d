"""Own the lists of clippings: many articles in one text or page, each with a number, a headline, its outlet or edition, and a day."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from toolkit.corpora.dates import read_date
from toolkit.corpora.readers.base import Declared, Document, File, Item, Problem, Reader, declared_encoding, decode
from toolkit.corpora.readers.markup import classes, flat, html_tree, paragraphs, squeeze, tidy

# Mediargus: "3. A headline", an empty line, "Outlet, weekday 4 november 2011, p. 26, 3751w.", an empty line, the text
_ITEM = re.compile(
    r"^[\ufeff?]?(?P<number>\d{1,5})\.[ \t]+(?P<title>\S[^\n]{0,400}(?:\n[^\n]{1,400}){0,2})\n[ \t]*\n"
    r"(?P<source>[^\n,]{2,80}),[ \t]+(?P<date>[^\n,]{0,20}?\d{1,2}\.? [^\W\d]{3,12}\.? \d{4})"
    r"(?:,[ \t]+(?:p|blz|pg)\.[ \t]?(?P<page>[^\n,]{1,12}))?(?:,[ \t]+(?P<words>\d{1,6})[ \t]?w[a-z]{0,7})?\.?[ \t]*$",
    re.MULTILINE,
)
# below the list there can be the whole texts, in its order: "30-11-2011, p.23", the section, the headline, the text
_WHOLE = re.compile(r"^(?P<date>\d{1,2}-\d{1,2}-\d{4})(?:, p\.[^\n]{0,20})?[ \t]*$", re.MULTILINE)
_RIGHTS = re.compile(r"^\W{0,4}(?:©|\(c\)|copyright|�)\s?\S[^\n]{1,120}$", re.IGNORECASE)

# Yomidasu: a table of cells over each article: number, day, headline, edition, section, page, characters, columns
_TABLE = "contentsTable"


def _recognise_text(file: File) -> int:
    """Return how sure it is that a text is a list of clippings."""
    head = _lines(decode(file.head())[0])
    found = [int(item["number"]) for item in _ITEM.finditer(head)]
    return 90 if found[:2] == [1, 2] else 60 if found == [1] else 0


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read_text(file: File) -> Iterator[Item]:
    """Yield the clippings; the last number is how many there are said to be.

    A list gives the beginnings of texts, and the whole texts can follow it: then each takes the place of its beginning.
    """
    text = _lines(file.text()[0])
    items = [item for item in _ITEM.finditer(text) if read_date(item["date"])]
    wholes = list(_WHOLE.finditer(text, items[-1].end())) if items else []
    opening = squeeze(text[: items[0].start()] if items else text).strip("\ufeff?")
    if opening:
        yield Problem("file", "odd" if items else "unparsed", f"Before the first clipping stands: {opening[:80]!r}.")

    # the beginnings in the list, and over them the whole texts
    stop = wholes[0].start() if wholes else len(text)
    ends = [*(item.start() for item in items), stop][1:]
    running = [(_paragraphs(text[item.end() : end]), "") for item, end in zip(items, ends, strict=True)]
    places = _places(items, wholes)
    with_whole = set(places)
    stops = [*(whole.start() for whole in wholes), len(text)][1:]
    for whole, end, place in zip(wholes, stops, places, strict=True):
        if place is None:
            yield Problem(
                "file",
                "unparsed",
                f"A whole text of {whole['date']} stands below the list, and no clipping in its turn has that day.",
            )
        else:
            running[place] = _body(_paragraphs(text[whole.end() : end]), squeeze(items[place]["title"]))

    last = 0
    for at, (item, (body, section)) in enumerate(zip(items, running, strict=True)):
        number, where = int(item["number"]), f"clipping {item['number']}"
        if number != last + 1:
            yield Problem(where, "odd", f"The clipping before it has the number {last}.")
        last = number

        rights = body.pop() if body and _RIGHTS.match(body[-1]) else None
        fields: dict[str, Any] = {
            "title": squeeze(item["title"]),
            "source": item["source"].strip(),
            "date": item["date"].strip(),
            "page": item["page"],
            "section": section,
            "n_words_stated": int(item["words"]) if item["words"] else None,
            "text": "\n\n".join(body),
            "copyright": rights.lstrip("\ufffd ") if rights else None,
        }
        if body and body[-1].endswith(("...", "…")):
            fields["text_is_excerpt"] = True
        if not body:
            yield Problem(where, "odd", "It has no text.")
        elif wholes and at not in with_whole:
            yield Problem(where, "odd", "Its whole text is not below the list; its beginning stands for it.")
        yield Document(where, tidy(fields))
    if items:
        yield Declared(last)


def _places(items: list[re.Match[str]], wholes: list[re.Match[str]]) -> list[int | None]:
    """Return which clipping each whole text belongs to: they stand in the order of the list, and some can be missing."""
    of_day: dict[Any, list[int]] = {}
    for number, item in enumerate(items):
        of_day.setdefault(_day(item), []).append(number)

    places: list[int | None] = []
    at = 0
    for whole in wholes:
        numbers = of_day.get(_day(whole), [])
        next_one = bisect_left(numbers, at)
        place = numbers[next_one] if next_one < len(numbers) else None
        places.append(place)
        at = at if place is None else place + 1
    return places


def _body(parts: list[str], title: str) -> tuple[list[str], str]:
    """Return the running text below a headline, and the section above it."""
    named = next((n for n, part in enumerate(parts[:5]) if part == title), None)
    return (parts, "") if named is None else (parts[named + 1 :], "; ".join(parts[:named]))


def _paragraphs(text: str) -> list[str]:
    return [squeeze(part) for part in re.split(r"\n[ \t]*\n", text) if part.strip()]


def _day(item: re.Match[str]) -> Any:
    read = read_date(item["date"], day_first=True)
    return read.date.date() if read else None


def _recognise_page(file: File) -> int:
    """Return how sure it is that a page is a list of articles from Yomidasu: by a table with a day in its own way of writing."""
    raw = file.head()
    head = decode(raw, declared_encoding(raw))[0]
    return 95 if _TABLE in head and re.search(r">\s*\d{4}\.\d{1,2}\.\d{1,2}\s*<", head) else 0


def _read_page(file: File) -> Iterator[Item]:
    """Yield the articles of a page: over each stands a table whose cells are told by what they look like."""
    text, _ = file.text(declared_encoding(file.head(4096)) or "utf-8")
    tree = html_tree(text)
    heads = (
        [] if tree is None else [table for table in tree.iter("table") if _TABLE in classes(table) and _cells(table)]
    )
    if tree is None or not heads:
        yield Problem("file", "unparsed", "No table with number, day and headline was found over an article.")
        return

    # running text stands in paragraphs between one table and the next
    bodies: list[list[str]] = [[] for _ in heads]
    at, of = -1, {id(table): number for number, table in enumerate(heads)}
    for element in tree.iter():
        if id(element) in of:
            at = of[id(element)]
        elif at >= 0 and element.tag == "p":
            bodies[at] += [line for line in paragraphs(element) if line]

    for table, body in zip(heads, bodies, strict=True):
        fields = _cells(table)
        place = f"article {fields.pop('number', '?')}"
        fields["text"] = "\n\n".join(body)
        if not body:
            yield Problem(place, "odd", "It has no text.")
        yield Document(place, tidy(fields))
    yield Declared(len(heads))


def _cells(table: Any) -> dict[str, Any]:
    """Return what the cells over an article say; nothing where there is no day among them."""
    cells = [flat(cell) for cell in table.iter("th", "td")]
    day = next((n for n, cell in enumerate(cells) if re.fullmatch(r"\d{4}\.\d{1,2}\.\d{1,2}", cell)), None)
    if day is None:
        return {}

    fields: dict[str, Any] = {"date": cells[day].replace(".", "-"), "source": "Yomiuri Shimbun"}
    if day and cells[day - 1].isdigit():
        fields["number"] = cells[day - 1]
    rest = cells[day + 1 :]
    if rest:
        fields["title"] = rest[0].strip("\u3000 ")
    for cell in rest[1:]:
        if found := re.fullmatch(r"0*(\d+)頁", cell):
            fields["page"] = found[1]
        elif found := re.fullmatch(r"(\d+)字", cell):
            fields["n_characters_stated"] = int(found[1])
        elif re.fullmatch(r"\d+段", cell):
            fields["n_columns_stated"] = cell
        elif "edition" not in fields:
            fields["edition"] = cell
        elif "section" not in fields:
            fields["section"] = cell
    return fields


READERS = (
    Reader("mediargus", "Mediargus, list of clippings in text", (".txt",), _recognise_text, _read_text),
    Reader("yomidasu", "Yomidasu, list of articles in HTML", (".html", ".htm"), _recognise_page, _read_page),
)
