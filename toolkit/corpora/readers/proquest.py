"""Own the ProQuest exports: text, HTML, and the e-mails that it sends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from toolkit.corpora.readers.base import Declared, Document, File, Item, Problem, Reader, declared_encoding, decode
from toolkit.corpora.readers.markup import flat, html_tree, paragraphs, squeeze, tidy

LABELS = {
    "author": "author",
    "title": "title",
    "publicationinfo": "publication_info",
    "publicationtitle": "source",
    "publicationdate": "date",
    "publicationyear": "year",
    "abstract": "abstract",
    "fulltext": "text",
    "section": "section",
    "pages": "page",
    "page": "page",
    "column": "column",
    "dateline": "dateline",
    "edition": "edition",
    "subject": "subject",
    "businessindexingterm": "business_subject",
    "location": "region",
    "people": "people",
    "companyorganization": "company",
    "identifierkeyword": "keyword",
    "publisher": "publisher",
    "languageofpublication": "language",
    "language": "language",
    "documenttype": "genre",
    "copyright": "copyright",
    "proquestdocumentid": "archive_id",
    "documenturl": "url",
    "database": "database",
    "wordcount": "n_words_stated",
    "lastupdated": "last_updated",
    # Interfaces in other languages.
    "autor": "author",
    "auteur": "author",
    "verfasser": "author",
    "作者": "author",
    "título": "title",
    "titre": "title",
    "titel": "title",
    "títulodepublicación": "source",
    "titredelapublication": "source",
    "titelderpublikation": "source",
    "publikationstitel": "source",
    "出版物名称": "source",
    "fechadepublicación": "date",
    "datedepublication": "date",
    "publikationsdatum": "date",
    "erscheinungsdatum": "date",
    "出版日期": "date",
    "añodepublicación": "year",
    "annéedepublication": "year",
    "publikationsjahr": "year",
    "resumen": "abstract",
    "résumé": "abstract",
    "zusammenfassung": "abstract",
    "摘要": "abstract",
    "textocompleto": "text",
    "texteintégral": "text",
    "volltext": "text",
    "全文文献": "text",
    "全文": "text",
    "sección": "section",
    "páginas": "page",
    "seiten": "page",
    "materia": "subject",
    "sujet": "subject",
    "thema": "subject",
    "主题": "subject",
    "idiomadelapublicación": "language",
    "languedepublication": "language",
    "sprachederpublikation": "language",
    "出版物语言": "language",
    "iddeldocumentodeproquest": "archive_id",
    "iddudocumentproquest": "archive_id",
    "proquestdokumentid": "archive_id",
    "proquest文档id": "archive_id",
    "urldeldocumento": "url",
    "urldudocument": "url",
    "dokumenturl": "url",
}
"""Labels without blanks and signs, and our names: exports lose blanks inside them ("Language ofpublication")."""

_OTHER = frozenset(
    "links advisor classification countryofpublication placeofpublication numberofpages sourcetype issn eissn isbn coden "
    "publicationsubject url volume issue documentfeature firstpage startpage dissertationthesisnumber degree school "
    "schoollocation sourceattribution doi supplement alternatetitle storyid subfile credit illustration namedperson "
    "companyurl industry product accessionnumber startdate enddate lastupdate updates rights notes".split()
)
_KNOWN = frozenset(LABELS) | _OTHER
_LONG = frozenset({"text", "abstract"})
_COUNTER = re.compile(
    r"(?:Document|Documento|Dokument|文档)\s+(\d[\d.,]*)\s+(?:of|de|von|di|sur|/)\s+(\d[\d.,]*)", re.IGNORECASE
)
_RULE = re.compile(r"[ \t]*_{40,}[ \t]*")
_FURNITURE = re.compile(
    r"(?:Report Information from ProQuest|Table of contents|Bibliography|Contact us at|Database copyright|Terms and Conditions|"
    r"Citation style|Información del informe|Informations sur le rapport|_{5,})",
    re.IGNORECASE,
)
_ANCHOR = re.compile(r"<a\b[^<>]{0,200}?\bname\s*=\s*[\"']?(DocID_\w+|Bibliography)[\"']?[^<>]{0,200}>", re.IGNORECASE)
_PAGE_IN_PAGE = re.compile(
    r"<!DOCTYPE[^<>]{0,400}>|</?(?:html|head|body|meta|link)\b[^<>]{0,800}>|<title\b[^<>]{0,200}>[^<]{0,2000}</title\s*>",
    re.IGNORECASE | re.DOTALL,
)
_NO_TEXT = re.compile(
    r"(?:Full[- ]?text (?:is )?(?:not available|available\b.*)|Not available\.?|None available\.?)",
    re.IGNORECASE | re.DOTALL,
)
_CORRECTION = re.compile(r"\s*CORRECTION:\s*SEE CORRECTION APPENDED[;.]?\s*", re.IGNORECASE)
_EMAIL = re.compile(r"\(?[\w.+-]+@[\w-]+(?:\.[\w-]+)+\)?")
_OPEN, _CLOSE = "\ue010", "\ue011"


def label(text: str) -> str:
    """Return a label as it is compared: small letters only.

    Examples
    --------
    >>> label("Language ofpublication: "), label("Company / organization:")
    ('languageofpublication', 'companyorganization')
    """
    return re.sub(r"[\W_]+", "", text).lower()


# HTML ---------------------------------------------------------------------------------------------------------------


def recognise_html(file: File) -> int:
    """Return how sure it is that a file is a page from ProQuest."""
    head = decode(file.head())[0]
    if _is_mail(head):
        return 0
    if re.search(r"name\s*=\s*[\"']?DocID_", head):
        return 95
    labels = {label(found) for found in re.findall(r"<(?:strong|b)\b[^>]*>([^<>]{3,40}:)\s*</", head)}
    return 80 if len(labels & _KNOWN) >= 4 and "proquest" in head.lower() else 0


def read_html(file: File) -> Iterator[Item]:
    """Yield the articles of a page."""
    text, _ = file.text(declared_encoding(file.head(4096)))
    yield from _of_html(text)


def _of_html(text: str) -> Iterator[Item]:
    # Some of the pages inside the page lack the sign that opens them; the rest of the file would go with them.
    text = text.replace(">html&gt;<head", "><html><head")
    anchors = list(_ANCHOR.finditer(text))
    ends = [*(found.start() for found in anchors[1:]), len(text)]
    pieces = [text[found.end() : end] for found, end in zip(anchors, ends) if found[1].lower() != "bibliography"]
    declared: set[int] = set()
    for number, piece in enumerate(pieces or [text], start=1):
        place = f"document {number}"
        tree = html_tree(_PAGE_IN_PAGE.sub(" ", piece))
        head, values = ([], []) if tree is None else _labelled(tree)
        head, total = _without_counter(head)
        if total is not None and total not in declared:
            declared.add(total)
            yield Declared(total, place)
        yield from _document(place, head, values)


def _labelled(tree: Any) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Return the paragraphs before the first label, then each label with its paragraphs."""
    bodies = list(tree.iter("text"))
    for element in list(tree.iter("strong", "b")):
        if any(above.tag == "text" for above in element.iterancestors()):
            continue
        words = flat(element)
        # Where the running text has an element of its own, whatever is bold outside of it is a label.
        if words.endswith(":") and (label(words) in _KNOWN or bodies):
            for child in list(element):
                element.remove(child)
            element.text = f"{_OPEN}{label(words)}{_CLOSE}"
    whole = "\n\n".join(paragraphs(tree))
    first, *rest = re.split(f"{_OPEN}(.*?){_CLOSE}", whole)
    values = [(rest[at], _split(rest[at + 1])) for at in range(0, len(rest), 2)]
    if bodies and (bodies[0].get("wordcount") or "").isdigit():
        values.append(("wordcount", [bodies[0].get("wordcount")]))
    return _split(first), values


def _split(text: str) -> list[str]:
    return [piece.strip() for piece in text.split("\n\n") if piece.strip()]


# E-mail -------------------------------------------------------------------------------------------------------------


def _is_mail(head: str) -> bool:
    return bool(
        re.match(
            r"(?:From |(?:[A-Za-z][A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){2,})",
            head.replace("\r\n", "\n").lstrip("\ufeff"),
        )
    ) and bool(
        re.search(
            r"^(?:MIME-Version|Content-Type|Received|Message-ID|Return-Path):", head, re.IGNORECASE | re.MULTILINE
        )
    )


def recognise_mail(file: File) -> int:
    """Return how sure it is that a file is an e-mail that ProQuest sent."""
    head = decode(file.head())[0]
    if not _is_mail(head):
        return 0
    if "DocID_" in head or re.search(r"proquest", head, re.IGNORECASE):
        return 95
    return 30 if file.suffix == ".eml" else 0


def read_mail(file: File) -> Iterator[Item]:
    """Yield the articles of an e-mail; of its alternatives, HTML is read, and plain text where HTML holds none."""
    import email
    from email import policy

    message = email.message_from_bytes(file.bytes(), policy=policy.compat32)
    bodies: dict[str, list[str]] = {"text/html": [], "text/plain": []}
    for part in message.walk():
        kind = part.get_content_type()
        raw = part.get_payload(decode=True) if kind in bodies and not part.is_multipart() else None
        if isinstance(raw, bytes):
            bodies[kind].append(decode(raw, part.get_content_charset())[0])
    pages = [page for page in bodies["text/html"] if _ANCHOR.search(page) or len(_labels_in(page)) >= 3]
    items = _renumbered(item for page in pages for item in _of_html(page))
    if not any(isinstance(item, Document) for item in items):
        items = _renumbered(item for plain in bodies["text/plain"] for item in _of_text(plain))
    if not any(isinstance(item, Document) for item in items):
        items = [Problem("file", "odd", "No article was found in this e-mail.")]
    yield from items


def _labels_in(page: str) -> set[str]:
    return {label(found) for found in re.findall(r"<(?:strong|b)\b[^>]*>([^<>]{3,40}:)\s*</", page)} & _KNOWN


def _renumbered(items: Iterable[Item]) -> list[Item]:
    """Number the articles through all parts of a message."""
    kept: list[Item] = []
    number = 0
    for item in items:
        if isinstance(item, Document):
            number += 1
            item = Document(f"document {number}", item.fields)
        kept.append(item)
    return kept


# Text ---------------------------------------------------------------------------------------------------------------


def recognise_text(file: File) -> int:
    """Return how sure it is that a file is text from ProQuest."""
    head = decode(file.head())[0].replace("\r\n", "\n")
    if _is_mail(head) or "<html" in head[:2000].lower():
        return 0
    ruled = bool(re.search(r"^_{40,}\s*$", head, re.MULTILINE))
    labels = {label(found) for found in re.findall(r"^([A-Z][^:\n]{2,40}):", head, re.MULTILINE)} & _KNOWN
    if "Report Information from ProQuest" in head or (ruled and {"proquestdocumentid"} & labels):
        return 95
    if ruled and len(labels) >= 4:
        return 85
    return 80 if "ProQuest" in head and len(labels) >= 5 else 0


def read_text(file: File) -> Iterator[Item]:
    """Yield the articles of a text."""
    text, _ = file.text()
    yield from _of_text(text)


def _of_text(text: str) -> Iterator[Item]:
    blocks: list[list[str]] = [[]]
    for line in text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if _RULE.fullmatch(line):
            blocks.append([])
        else:
            blocks[-1].append(line.rstrip())
    articles: list[list[str]] = []
    firsts = [next((line.strip() for line in block if line.strip()), "") for block in blocks]
    counted = any(_COUNTER.fullmatch(first) for first in firsts)
    for block, first in zip(blocks, firsts):
        if not first or _FURNITURE.match(first):
            continue
        begins = bool(_COUNTER.fullmatch(first)) if counted else len(_lines_with_labels(block)) >= 2
        if begins or not articles:
            articles.append(block)
        else:
            # A rule inside an article: what follows belongs to it.
            articles[-1] += ["", *block]
    declared: set[int] = set()
    number = 0
    for block in articles:
        head, values = _labelled_lines(block)
        head, total = _without_counter(head)
        if total is not None and total not in declared:
            declared.add(total)
            yield Declared(total, f"document {number + 1}")
        if not values and total is None:
            yield Problem("file", "odd", f"A part without labels was left out: {squeeze(' '.join(block))[:80]!r}.")
            continue
        number += 1
        yield from _document(f"document {number}", head, values)


def _lines_with_labels(block: list[str]) -> list[int]:
    """Return the lines that begin with a label, after an empty line or another label."""
    found: list[int] = []
    for at, line in enumerate(block):
        name, colon, _ = line.partition(":")
        after_gap = at == 0 or not block[at - 1].strip() or (found and found[-1] == at - 1)
        if colon and after_gap and len(name) <= 40 and label(name) in _KNOWN:
            found.append(at)
    return found


def _labelled_lines(block: list[str]) -> tuple[list[str], list[tuple[str, list[str]]]]:
    marks = _lines_with_labels(block)
    kept: list[int] = []
    for position, at in enumerate(marks):
        inside = kept and LABELS.get(label(block[kept[-1]].partition(":")[0])) == "text"
        if inside:
            # Articles have lines such as "Location: ..." too: the text ends where one label follows upon another.
            following = next((n for n in range(at + 1, len(block)) if not block[n].strip()), len(block))
            following = next((n for n in range(following, len(block)) if block[n].strip()), None)  # type: ignore[assignment]
            after = marks[position + 1] if position + 1 < len(marks) else None
            if not (following is None or after == following or after == at + 1):
                continue
        kept.append(at)
    first = kept[0] if kept else len(block)
    values = []
    for at, end in zip(kept, [*kept[1:], len(block)]):
        name, _, rest = block[at].partition(":")
        values.append((label(name), _wrapped([rest, *block[at + 1 : end]])))
    return _wrapped(block[:first]), values


def _wrapped(lines: list[str]) -> list[str]:
    return [squeeze(piece) for piece in re.split(r"\n\s*\n", "\n".join(lines)) if piece.strip()]


# Both ---------------------------------------------------------------------------------------------------------------


def _without_counter(head: list[str]) -> tuple[list[str], int | None]:
    """Take "Document 1 of 100" off the top, and return what is left and the total."""
    total = None
    kept: list[str] = []
    for paragraph in head:
        found = _COUNTER.fullmatch(paragraph)
        if found:
            total = int(re.sub(r"\D", "", found[2]))
            kept = []  # what stood before it belongs to the cover
        else:
            kept.append(paragraph)
    return kept, total


def _document(place: str, head: list[str], values: list[tuple[str, list[str]]]) -> Iterator[Item]:
    fields: dict[str, Any] = {}
    for name, parts in values:
        ours = LABELS.get(name)
        if ours is None:
            continue
        links = [part for part in parts if re.fullmatch(r"https?://\S+", part)]
        if ours not in _LONG:
            parts = parts[:1]
        value = "\n\n".join(part for part in parts if ours == "url" or part not in links)
        if value and ours not in fields:
            fields[ours] = value
        if links and ours != "text":
            fields.setdefault("url", links[0])
    if "text" in fields and _NO_TEXT.fullmatch(fields["text"]):
        del fields["text"]
    if head and not re.fullmatch(r"https?://\S+", head[0]):
        fields["title"] = head[0]
    _source_and_date(fields)
    _text(fields)
    if "n_words_stated" in fields:
        fields["n_words_stated"] = int(fields["n_words_stated"])
    if "archive_id" in fields:
        fields["doc_id"] = fields["archive_id"]
    if {"title", "text"} & set(fields):
        yield Document(place, tidy(fields))
    else:
        yield Problem(place, "unparsed", "It has neither a title nor a text.")


def _source_and_date(fields: dict[str, Any]) -> None:
    """Fill source, edition, date and page, from the citation where the labels are not there."""
    info = fields.pop("publication_info", "")
    # "The Post ; Springfield [Springfield]08 May 2010: A.2."
    cited = re.search(
        r"\]?\s*(\d{1,2}\.?\s+\w+\.?\s+\d{4}|\w+\.?\s+\d{1,2},\s+\d{4}|\d{4}年\d+月\d+日)\s*(?::\s*([^:]+?)\.?)?\s*$",
        info,
    )
    name = fields.get("source") or info.partition("[")[0]
    name, _, _ = name.partition(";")
    edition = re.search(r",\s*([^,;]*\bedition\b[^;]*)$|\(([^()]*\bedition\b[^()]*)\)\s*$", name, re.IGNORECASE)
    if edition:
        fields.setdefault("edition", (edition[1] or edition[2]).strip())
        name = name[: edition.start()]
    fields["source"] = name.strip(" .,")
    if cited:
        fields.setdefault("date", cited[1])
        if cited[2]:
            fields.setdefault("page", cited[2])
    year = fields.pop("year", None)
    if year:
        fields.setdefault("date", year)


def _text(fields: dict[str, Any]) -> None:
    """Take the notice of a correction and the address at the end out of the text; without a text, the abstract is one."""
    parts = _split(fields.get("text", ""))
    kept: list[str] = []
    for part in parts:
        if found := _CORRECTION.match(part):
            fields["correction"] = squeeze(found[0]).rstrip(";")
            part = part[found.end() :]
        if part:
            kept.append(part)
    if kept and _EMAIL.fullmatch(kept[-1]):
        fields["contact"] = kept.pop()
    while kept and re.fullmatch(r"[-–—*]{1,5}", kept[-1]):
        kept.pop()
    fields["text"] = "\n\n".join(kept)
    if not kept and fields.get("abstract"):
        fields["text"] = fields.pop("abstract")
        fields["text_is_excerpt"] = True
    if not fields["text"]:
        del fields["text"]


READERS = (
    Reader("proquest_html", "ProQuest, HTML", (".html", ".htm"), recognise_html, read_html),
    Reader("proquest_eml", "ProQuest, e-mail", (".eml",), recognise_mail, read_mail),
    Reader("proquest_txt", "ProQuest, text", (".txt",), recognise_text, read_text),
)
