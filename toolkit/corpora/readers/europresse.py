"""Own the Europresse (Eureka.cc) HTML exports, the old one and the new one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from toolkit.corpora.dates import read_date
from toolkit.corpora.readers.base import Document, File, Item, Problem, Reader, declared_encoding, decode
from toolkit.corpora.readers.markup import classes, flat, html_tree, paragraphs, squeeze, tidy, with_class

_NAME = r"<span\b[^<>]{0,200}?class\s*=\s*[\"']?[^\"'<>]{0,200}?\bDocPublicationName\b"
_NUMBER = re.compile(r"\bnews\W{1,3}((?:19|20)\d{6})\W{1,3}([A-Za-z0-9_]{1,12})\W{1,3}([\w-]+)")
_WORD = r"[^\W\d_]+\.?"
_DATE = re.compile(
    rf"\d{{1,2}}(?:er|st|nd|rd|th|\.|º)?\s+(?:de\s+)?{_WORD}\s+(?:de[l]?\s+)?(?:1[89]|20)\d\d"
    rf"|{_WORD}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:1[89]|20)\d\d"
    r"|(?:1[89]|20)\d\d-\d\d-\d\d|\d{1,2}/\d{1,2}/(?:1[89]|20)\d\d",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"lunes|martes|miércoles|jueves|viernes|sábado|domingo|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|"
    r"lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|"
    r"(?:segunda|terça|quarta|quinta|sexta)-feira|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)[\s,]*$",
    re.IGNORECASE,
)
_TIME = re.compile(r"^[\s,–-]*(?:(?:à|at|um)\s+)?(\d{1,2}\s?[:h]\s?\d{2}(?::\d{2})?(?:\s*[AP]M)?)", re.IGNORECASE)
_PAGE = re.compile(r"^(?:p(?:p|ages?|\.|ág\.?)?|s(?:eite|\.)?)\s*\.?\s*(?=\S*\d|[A-Z])(\S.*)$", re.IGNORECASE)
_COUNT = re.compile(r"^(\d[\d\s.,]*)\s*(?:mots|words|palabras|wörter|parole)\b", re.IGNORECASE)
_ISSUE = re.compile(r"\s*,\s*(?:no\.?|n°|nº|nr\.?|num\.?)\s*(\S.*)$", re.IGNORECASE)
_RIGHTS = re.compile(r"^(?:©|\(c\)|copyright\b).*", re.IGNORECASE)
_END = re.compile(
    r"^(?:Numéro de document|Document number|Número de documento|Dokumentnummer|Numero (?:di|del) documento|"
    r"Ce certificat est|This certificate is)\b.*|^news\W{1,3}(?:19|20)\d{6}\W.*",
    re.IGNORECASE,
)
_APART = (
    3  # days between the date in the header and in the number that pass: evening papers bear the date of the next day
)


def recognise(file: File) -> int:
    """Return how sure it is that a file is a page from Europresse."""
    head = decode(file.head())[0]
    if "DocPublicationName" in head or "cedrom-sni.com" in head:
        return 95
    return 60 if "<article" in head and "titreArticle" in head else 0


def read(file: File) -> Iterator[Item]:
    """Yield the articles of a page, one at a time."""
    text, _ = file.text(declared_encoding(file.head(4096)))
    new = bool(re.search(r"<article\b", text, re.IGNORECASE))
    pieces = list(_pieces(text, new))
    numbers: list[str] = []
    for number, piece in enumerate(pieces, start=1):
        place = f"document {number}"
        tree = html_tree(piece)
        fields = {} if tree is None else _new(tree) if new else _old(tree, piece)
        problem = _identify(fields, piece, place)
        numbers.append(fields.get("archive_id", ""))
        if not {"title", "text"} & set(fields):
            yield Problem(place, "unparsed", "An article begins here, but there is neither headline nor text in it.")
            continue
        if problem is not None:
            yield problem
        yield Document(place, tidy(fields))


def _pieces(text: str, new: bool) -> Iterator[str]:
    """Cut a page where its articles begin: tags are unbalanced, and one article must not swallow the next."""
    if new:
        starts = [found.start() for found in re.finditer(r"<article\b", text, re.IGNORECASE)]
    else:
        found_at = [found.start() for found in re.finditer(_NAME, text)]
        # A second name inside an article is followed by neither headline nor document number of its own.
        starts = [
            start
            for start, end in zip(found_at, [*found_at[1:], len(text)])
            if re.search(r"TitreArticleVisu|DocHeader", text[start:end]) or _NUMBER.search(text, start, end)
        ]
    for start, end in zip(starts, [*starts[1:], len(text)]):
        closed = re.search(r"</article\s*>", text[start:end], re.IGNORECASE) if new else None
        yield text[start : start + closed.end() if closed else end]


def _identify(fields: dict[str, Any], piece: str, place: str) -> Problem | None:
    """Add the document number, whose eight figures are a second source for the date."""
    found = _NUMBER.search(squeeze(re.sub(r"<[^>]*>|&nbsp;", " ", piece)).replace("Â·", "·").replace("&middot;", "·"))
    if not found:
        return None
    day, code, rest = found.groups()
    fields["doc_id"] = fields["archive_id"] = f"news·{day}·{code}·{rest}"
    fields["source_code"] = code
    stated = read_date(f"{day[:4]}-{day[4:6]}-{day[6:]}")
    if stated is None:
        return None
    printed = read_date(fields.get("date", ""), day_first=True) if fields.get("date") else None
    if printed is None:
        fields["date"] = f"{day[:4]}-{day[4:6]}-{day[6:]}"
        return Problem(
            place, "mended", "Its header has no date that can be read; the one in the document number was taken."
        )
    if abs((printed.date - stated.date).days) > _APART:
        note = f"Its header says {fields['date']!r}, its document number {stated.date:%Y-%m-%d}; the header was taken."
        return Problem(place, "odd", note)
    return None


def _header(header: str) -> dict[str, Any]:
    """Return what a header says: section, date, time, number of words, page and whatever else.

    Examples
    --------
    >>> _header("Communication, mardi 14 mars 2006, p. 16")
    {'section': 'Communication', 'date': '14 mars 2006', 'page': '16'}
    >>> _header("World, Friday, November 13, 2015 - 08:30 EST 250 words, Final Edition")
    {'section': 'World', 'date': 'November 13, 2015 08:30', 'n_words_stated': 250, 'edition': 'Final Edition'}
    """
    header = squeeze(header)
    found = next((f for f in _DATE.finditer(header) if read_date(f[0], day_first=True)), None)
    if found is None:
        return tidy({"section": header.strip(" ,")})
    before = _WEEKDAY.sub("", header[: found.start()].rstrip(" ,")).strip(" ,")
    after = header[found.end() :]
    fields: dict[str, Any] = {"section": before, "date": found[0]}
    if time := _TIME.match(after):
        fields["date"] += " " + re.sub(r"\s|h", lambda sign: ":" if sign[0] == "h" else "", time[1])
        after = re.sub(r"^\s*[A-Z]{2,5}\b(?:\s*[+-]\d{1,2}(?::?\d{2})?)?(?=[\s,]|$)", "", after[time.end() :])
    edition = []
    for part in re.split(r"\s*,\s*", after.strip(" ,–-")):
        if count := _COUNT.match(part):
            fields["n_words_stated"] = int(re.sub(r"\D", "", count[1]))
            part = part[count.end() :].strip()
        if page := _PAGE.match(part):
            fields["page"] = page[1]
        elif part:
            edition.append(part)
    fields["edition"] = ", ".join(edition)
    return tidy(fields)


def _name(element: Any) -> dict[str, Any]:
    """Return the outlet, and the number of the issue that may stand behind it."""
    name = next(iter(paragraphs(element)), "").partition("\n")[0]
    found = _ISSUE.search(name)
    return tidy({"source": name[: found.start()] if found else name, "issue": found[1] if found else ""})


def _old(tree: Any, piece: str) -> dict[str, Any]:
    names, headers = with_class(tree, "DocPublicationName"), with_class(tree, "DocHeader")
    titles = with_class(tree, "TitreArticleVisu")
    fields: dict[str, Any] = {}
    if names:
        fields |= _name(names[0])
    fields |= _header("".join(header.text_content() for header in headers))
    if titles:
        fields["title"] = flat(titles[0])
    # Everything before the headline is left out; a line there is a kicker.
    opening = piece.find("TitreArticleVisu")
    head = piece[:opening] if opening >= 0 else ""
    last_header = head.rfind("DocHeader")
    kicker = re.sub(r"<[^>]*$", "", head[head.find(">", last_header) + 1 :]) if last_header >= 0 else ""
    if kicker and (above := html_tree(re.sub(r"^[^<]*</span>", "", kicker))) is not None:
        fields["kicker"] = flat(above)
    below = _after_title(piece) if titles else piece[piece.find(">", (piece.rfind("DocHeader"))) + 1 :]
    # The author is loose text that a line end closes before the first paragraph opens; a text goes on without one.
    author = re.match(r"(?:\s|<br\s*/?>)*([^<]{2,200}(?:<span[^>]*>[^<]*</span>[^<]*)?)<br\s*/?>\s*<p\b", below)
    if author and (written := html_tree(author[1])) is not None:
        fields["author"] = flat(written)
        below = below[author.end(1) :]
    rest = html_tree(below)
    return fields if rest is None else {**fields, **_body(paragraphs(rest))}


def _after_title(piece: str) -> str:
    """Return what follows the headline's own element, in which hits have elements of theirs."""
    start = piece.find(">", piece.find("TitreArticleVisu")) + 1
    depth = 1
    for found in re.finditer(r"<(/?)span\b[^>]*>", piece[start:], re.IGNORECASE):
        depth += -1 if found[1] else 1
        if depth == 0:
            return piece[start + found.end() :]
    return piece[start:]


def _body(parts: list[str]) -> dict[str, Any]:
    """Return text and copyright from the paragraphs that end with the document number."""
    fields: dict[str, Any] = {}
    text: list[str] = []
    for part in parts:
        if _END.match(part):
            break
        if _RIGHTS.match(part):
            fields["copyright"] = squeeze(part)
        else:
            text.append(part)
    fields["text"] = "\n\n".join(text)
    return tidy(fields)


def _new(tree: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if names := with_class(tree, "DocPublicationName"):
        fields |= _name(names[0])
    if headers := with_class(tree, "DocHeader"):
        fields |= _header(" ".join(flat(header) for header in headers))
    header = next(iter(tree.iter("header")), None)
    title = next(
        (e for name in ("titreArticleVisu", "TitreArticleVisu", "titreArticle") for e in with_class(tree, name)), None
    )
    if title is not None:
        fields["title"] = flat(title)
    if header is not None:
        fields |= _around_title(header, title)
    if authors := with_class(tree, "docAuthors"):
        fields["author"] = flat(authors[0])
    # A stray closing tag lets paragraphs fall out of the element that holds the text, so all but the rest is text.
    apart = [e for name in ("header", "aside", "footer") for e in tree.iter(name)]
    apart += [
        e for name in ("DocPublicationName", "DocHeader", "titreArticle", "docAuthors") for e in with_class(tree, name)
    ]
    apart += [title] if title is not None else []
    fields |= _body(paragraphs(tree, apart))
    fields["notes"] = "\n\n".join(part for aside in tree.iter("aside") for part in paragraphs(aside))
    for footer in tree.iter("footer"):
        for part in paragraphs(footer):
            if _RIGHTS.match(part):
                fields.setdefault("copyright", squeeze(part))
    return tidy(fields)


def _around_title(header: Any, title: Any) -> dict[str, Any]:
    """Return what else the header of a new article holds: kicker above the headline, standfirst and author below it."""
    leave = [
        e
        for e in header.iter()
        if isinstance(e.tag, str) and {"DocPublicationName", "DocHeader", "docAuthors"} & set(classes(e))
    ]
    if title is None:
        return {}
    mark = "\ue012"
    inner = [e for e in title.iter() if e is not title]
    for element in inner:
        element.text, element.tail = None, None
    title.text = mark
    subtitles = with_class(header, "rdp__subtitle")
    fields: dict[str, Any] = {}
    if subtitles:
        fields["standfirst"] = flat(subtitles[0])
    parts = paragraphs(header, [*leave, *subtitles])
    at = next((n for n, part in enumerate(parts) if mark in part), len(parts))
    fields["kicker"] = " ".join(parts[:at])
    below = [part for part in parts[at + 1 :] if not _NUMBER.search(part)]
    if below and len(below[-1]) <= 150:
        fields["author"] = squeeze(below.pop())
    if below:
        fields.setdefault("standfirst", "\n\n".join(below))
    return tidy(fields)


READER = Reader("europresse_html", "Europresse (Eureka.cc), HTML", (".html", ".htm"), recognise, read)
