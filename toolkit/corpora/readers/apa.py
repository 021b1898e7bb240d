"""Own the export of the Austrian APA (DeFacto): RTF, or plain text that is called .rtf."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from toolkit.corpora.readers.base import Document, File, Item, Problem, Reader, decode
from toolkit.corpora.readers.markup import rough_text, rtf_text, squeeze, tidy

_QUOTED = r"[\"„“”«»](?P<source>[^\"„“”«»\n]{1,120})[\"„“”«»]"
_HEADER = re.compile(
    rf"^[ \t]*{_QUOTED}\s+(?P<how>vom|gefunden am)\s+(?P<date>\d{{1,2}}\.\s?\d{{1,2}}\.\s?\d{{4}})"
    r"(?:,?\s+(?P<time>\d{1,2}[:.]\d{2})(?:\s*Uhr)?)?[ \t]*(?P<rest>[^\n]*)$",
    re.MULTILINE,
)
_LABELS = {
    "seite": "page",
    "seiten": "page",
    "ressort": "section",
    "rubrik": "section",
    "von": "author",
    "autor": "author",
    "autorin": "author",
    "autoren": "author",
    "ausgabe": "edition",
    "mutation": "edition",
    "nr": "issue",
    "nummer": "issue",
}
_LABEL = re.compile(rf"({'|'.join(sorted(_LABELS, key=len, reverse=True))})\.?\s*:\s*(.*)", re.IGNORECASE)
_EDITION = re.compile(
    r"(?:(?:Früh|Vor|Nach)?mittags?|Morgen|Abend|Nacht|Früh|Haupt|Wochenend|Sonntags?|Landes|Stadt|Bundesländer|Gesamt|Österreich|Wien(?:er)?|"
    r"Niederösterreich|Oberösterreich|Burgenland|Steiermark|Kärnten|Salzburg|Tirol|Vorarlberg|Graz|Linz)"
    r"(?:[ -]?(?:aus)?gabe|ausgabe)?(?:[/,;] ?[\w-]{2,20}){0,3}|[\w-]{2,20}[ -]?[Aa]usgabe"
)
_FULL = 50  # characters from which on a line of a headline may have been wrapped
_RULE = re.compile(r"[_=*-]{20,}")


def recognise(file: File) -> int:
    """Return how sure it is that a file is an export of the APA."""
    head = decode(file.head())[0]
    if head.lstrip("\ufeff \r\n").startswith("{\\rtf"):
        head = rough_text(head)
    return 90 if _HEADER.search(head.replace("\r\n", "\n")) else 0


def read(file: File) -> Iterator[Item]:
    """Yield the articles: each begins with a line of outlet and date.

    "vom" is followed by the day of publication. "gefunden am" is followed by the moment at which the archive found an
    online article, which can be months later; it is kept as `date_found`, and the article is undated.
    """
    raw, _ = file.text()
    rich = raw.lstrip("\ufeff \r\n\t").startswith("{\\rtf")
    text = rtf_text(raw.lstrip("\ufeff"), file.name)
    headers = list(_HEADER.finditer(text))
    opening = text[: headers[0].start()] if headers else text
    if opening := squeeze(_RULE.sub("", opening)):
        kind = "odd" if headers else "unparsed"
        yield Problem("file", kind, f"Before the first line of outlet and date stands: {opening[:80]!r}.")
    found: set[str] = set()
    n_found = 0
    for number, header in enumerate(headers, start=1):
        end = headers[number].start() if number < len(headers) else len(text)
        place = f"document {number}"
        fields: dict[str, str] = {"source": header["source"].strip()}
        day = re.sub(r"\s", "", header["date"])
        moment = f"{day} {header['time'].replace('.', ':')}" if header["time"] else day
        if header["how"] == "vom":
            fields["date"] = moment
        else:
            fields["date_found"] = moment
            found.add(moment)
            n_found += 1
        if label := _LABEL.match(header["rest"].strip()):
            fields[_LABELS[label[1].lower()]] = label[2].strip()
        body = _labelled(text[header.end() : end], fields, rich)
        if len(body) > 2 and _EDITION.fullmatch(body[0]):
            fields.setdefault("edition", body.pop(0))
        fields["title"] = body[0] if body else ""
        fields["text"] = "\n\n".join(body[1:])
        if not body:
            yield Problem(place, "unparsed", "It has neither a headline nor a text.")
            continue
        if len(body) == 1:
            yield Problem(place, "odd", "It has a headline and no text.")
        yield Document(place, tidy(fields))
    if n_found:
        when = min(found) if len(found) == 1 else f"{len(found)} moments, such as {min(found)}"
        note = f"{n_found} articles say when they were found ({when}), not when they were published: they are undated."
        yield Problem("file", "odd", note)


def _labelled(block: str, fields: dict[str, str], rich: bool) -> list[str]:
    """Take the labelled lines off the top of a block, and return the paragraphs below.

    Of RTF each line is one; plain text is wrapped, and blank lines part its paragraphs.
    """
    lines = [squeeze(line) for line in block.split("\n")]
    lines = ["" if _RULE.fullmatch(line) else line for line in lines]
    for at, line in enumerate(lines):
        if label := _LABEL.fullmatch(line):
            fields.setdefault(_LABELS[label[1].lower()], label[2])
            lines[at] = ""
        elif line:
            break
    whole = "\n".join(lines).strip("\n")
    if rich:
        headline, gap, text = whole.partition("\n\n")
        whole = f"{_unwrapped(headline)}{gap}{text}" if gap else whole
    pieces = whole.split("\n") if rich or "\n\n" not in whole else re.split(r"\n{2,}", whole)
    return [squeeze(piece) for piece in pieces if piece]


def _unwrapped(headline: str) -> str:
    """Join the lines of a headline that was too long for one, as this export wraps them even in RTF.

    Examples
    --------
    >>> _unwrapped("Bürgermeisterin der kleinen Stadt am See beginnt\\nneu")
    'Bürgermeisterin der kleinen Stadt am See beginnt neu'
    >>> _unwrapped("Sie beginnt neu\\nVon Ada Muster")
    'Sie beginnt neu\\nVon Ada Muster'
    """
    lines = headline.split("\n")
    full = all(
        len(line) + 1 + len(after.split(maxsplit=1)[0]) >= _FULL and not re.search(r"[.!?…]$", line)
        for line, after in pairwise(lines)
    )
    return " ".join(lines) if full and len(lines) <= 3 else headline


READER = Reader("apa_rtf", "APA DeFacto, RTF or text", (".rtf", ".txt"), recognise, read)
