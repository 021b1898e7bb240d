"""Own how Factiva lays an article out, whatever the file: its field codes, and the lines of a head that bears no codes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from toolkit.corpora.dates import read_date_line
from toolkit.corpora.readers.markup import tidy

CODES = {
    "HD": "title",
    "BY": "author",
    "CR": "credit",
    "SN": "source",
    "SC": "source_code",
    "SE": "section",
    "CLM": "column",
    "ED": "edition",
    "PG": "page",
    "VOL": "volume",
    "LA": "language",
    "CY": "copyright",
    "CX": "correction",
    "DLN": "dateline",
    "CT": "contact",
    "ART": "captions",
    "RF": "reference",
    "CO": "company",
    "IN": "industry",
    "NS": "subject",
    "RE": "region",
    "IPC": "publisher_codes",
    "IPD": "publisher_descriptors",
    "PUB": "publisher",
    "NGC": "group",
    "GC": "group_code",
}
"""Field codes and our names; WC, PD, ET, LP, TD and AN are worked on, see `of_codes`."""

TAIL = frozenset("CX CT ART RF CO IN NS RE IPC IPD PUB AN RST NGC GC".split())
"""Codes that can come after the running text."""

_ACCESSION = re.compile(r"(?=[A-Za-z0-9]*(?:1[89]|20)\d{6})(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9]{18,34}")
_END = re.compile(rf"\S{{2,24}}\s+({_ACCESSION.pattern})")

# A unit of which a letter got lost (U+FFFD, or two wrong ones) still counts as one.
_UNITS = (
    r"words?|w\S{1,2}rter|wort|mots?|palabras?|parol[ae]|palavras?|woord(?:en)?|paraules|ord|sanaa|s\S{1,2}\w?w|s\S{1,2}owa|kelime|"
    r"perkataan|kata|слов[оа]?|[个個]?字|字符|文字|語|ワード|単語|단어|\S*\ufffd\S*"
)
_COUNT = re.compile(rf"(\d{{1,3}}(?:[.,'’\s]\d{{3}})+|\d+)\s*(?:{_UNITS})", re.IGNORECASE)
_TIME = re.compile(r"\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:\s*[AP]\.?M\.?)?(?:\s+[A-Z]{2,4})?", re.IGNORECASE)
_PAGE_ONE = r"(?:[A-Z]{1,3}[\s.-]?)?\d{1,4}[A-Za-z]?"
_PAGE = re.compile(rf"(?:p\.?|S\.?)?\s*{_PAGE_ONE}(?:\s*[,;&/–-]\s*{_PAGE_ONE})*")
_VOLUME = re.compile(r"0|0? ?(?:19|20)\d\d|\d{1,3}/(?:19|20)\d\d|(?:Vol|No|Nr|Jg)\.?\s*\d.*", re.IGNORECASE)
_RIGHTS = re.compile(
    r"©|\(c\)|copyright|\brights reserved|droits réservés|rechte vorbehalten|derechos reservados", re.IGNORECASE
)
_SOURCE_CODE = re.compile(r"[A-Z0-9]{2,10}")
_BYLINE = re.compile(r"(?:By|BY|by|Von|VON|Par|PAR|Por|POR|Door|DOOR)\s+(?=[^a-z\W])(?P<name>\S.*)", re.DOTALL)


def end_mark(line: str) -> str | None:
    """Return the accession number of the line that ends an article, whatever the interface calls a document.

    Examples
    --------
    >>> end_mark("Dokument POST000020170401ed410001a"), end_mark("Document of 2017")
    ('POST000020170401ed410001a', None)
    """
    found = _END.fullmatch(line.strip()) if len(line) <= 200 else None
    return found[1] if found else None


def n_words(text: str) -> int | None:
    """Return the length that a line states, in any language, or None where it is no such line.

    Examples
    --------
    >>> n_words("1,285 words"), n_words("877 W\\ufffdrter"), n_words("8165 字"), n_words("5 Fragen")
    (1285, 877, 8165, None)
    """
    found = _COUNT.fullmatch(text.strip()) if len(text) <= 100 else None
    return int(re.sub(r"\D", "", found[1])) if found else None


def without_by(author: str | None) -> str | None:
    """Return a byline without its "By".

    Examples
    --------
    >>> without_by("Von Ada Muster"), without_by("Von der Heide")
    ('Ada Muster', 'Von der Heide')
    """
    found = _BYLINE.fullmatch(author) if author else None
    return found["name"] if found else author


def of_codes(values: Mapping[str, str], text: Sequence[str]) -> dict[str, Any]:
    """Return the fields of an article that names its lines by code.

    Parameters
    ----------
    values : Mapping[str, str]
        By code.
    text : sequence of str
        The paragraphs of LP and TD: the lead is part of the running text.
    """
    accession = end_mark(values.get("AN", "")) or values.get("AN", "")
    fields: dict[str, Any] = {ours: values.get(code) for code, ours in CODES.items()}
    fields["author"] = without_by(fields["author"])
    fields["date"] = " ".join(part for part in (values.get("PD"), values.get("ET")) if part)
    fields["n_words_stated"] = n_words(values.get("WC", ""))
    fields["text"] = "\n\n".join(text)
    return identified(fields, accession)


def of_lines(lines: Sequence[str], accession: str | None) -> dict[str, Any]:
    """Return the fields that stand below the headline without codes: length, date, source and so on, by their order.

    Some are always there, some not: length / date / [time] / source / source code / [edition, page, volume] / language /
    copyright. The length is where it starts; without it the source code does, with which the accession number begins.

    Parameters
    ----------
    lines : sequence of str
        From the line after the byline on, up to the running text. Lines before the length are the credit.
    accession : str, optional
        The number at the end of the article.

    Examples
    --------
    >>> lines = ["808 words", "13 November 2017", "The Post", "POST", "1; National", "23", "English", "(c) 2017 Post Ltd"]
    >>> of_lines(lines, "POST000020171113edbd0001a") == {
    ...     "n_words_stated": 808, "date": "13 November 2017", "source": "The Post", "source_code": "POST",
    ...     "edition": "1; National", "page": "23", "language": "English", "copyright": "(c) 2017 Post Ltd"}
    True
    """
    lines = [line.strip() for line in lines if line.strip()]
    count = next((at for at, line in enumerate(lines) if n_words(line) is not None), None)
    fields: dict[str, Any] = {}
    if count is not None:
        fields["n_words_stated"] = n_words(lines[count])
        credit, lines = lines[:count], lines[count + 1 :]
    else:
        start = next((at for at, line in enumerate(lines) if read_date_line(line)), 0)
        credit, lines = lines[:start], lines[start:]
    fields["credit"] = "; ".join(credit)
    if lines and (count is not None or read_date_line(lines[0])):
        fields["date"] = lines.pop(0)
        if lines and _TIME.fullmatch(lines[0]):
            fields["date"] += f" {lines.pop(0)}"
    # The accession number begins with the source code, so it tells which line that is.
    known = (accession or "").upper()
    code = next((at for at, line in enumerate(lines) if at and len(line) > 1 and known.startswith(line.upper())), None)
    if code is None and len(lines) > 1 and _SOURCE_CODE.fullmatch(lines[1]):
        code = 1
    if code is not None:
        fields["source"], fields["source_code"] = "; ".join(lines[:code]), lines[code]
        rest = lines[code + 1 :]
    else:
        fields["source"], rest = (lines[0], lines[1:]) if lines else ("", [])
    rights = next((at for at, line in enumerate(rest) if _RIGHTS.search(line)), None)
    if rights is not None:
        fields["copyright"] = " ".join(rest[rights:])
        rest = rest[:rights]
    elif len(rest) > 1 and _looks_like_language(rest[-2]):
        fields["copyright"] = rest[-1]
        rest = rest[:-1]
    if rest and _looks_like_language(rest[-1]):
        fields["language"] = rest[-1]
        rest = rest[:-1]
    # edition, page and volume stand in this order; of several that could be pages, the last is the volume
    edition = []
    pages = [at for at, line in enumerate(rest) if _PAGE.fullmatch(line) and not _VOLUME.fullmatch(line)]
    for at, line in enumerate(rest):
        if _VOLUME.fullmatch(line) or (len(pages) > 1 and at == pages[-1]):
            fields["volume"] = line
        elif at in pages[:1]:
            fields["page"] = line
        else:
            edition.append(line)
    fields["edition"] = "; ".join(edition)
    return tidy(fields)


def is_head_end(line: str) -> bool:
    """Tell whether a line is the copyright, with which a head without codes ends."""
    return bool(_RIGHTS.search(line))


def is_byline(line: str) -> bool:
    """Tell whether a line begins as bylines do.

    Examples
    --------
    >>> is_byline("By ADA SAMPLE"), is_byline("By the river")
    (True, False)
    """
    return bool(_BYLINE.fullmatch(line))


def identified(fields: dict[str, Any], accession: str | None) -> dict[str, Any]:
    """Add the accession number, by which the archive knows the article, and leave out what is empty."""
    return tidy({"doc_id": accession, "archive_id": accession, **fields})


def _looks_like_language(line: str) -> bool:
    return not re.search(r"\d", line) and len(line) <= 40
