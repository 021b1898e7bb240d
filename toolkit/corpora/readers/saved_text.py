"""Own text as people save it from a web page: title, standfirst, paragraphs with subheads, and the page's foot."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from toolkit.corpora.dates import read_date, read_date_line
from toolkit.corpora.readers.base import Document, File, Item, Problem, Reader
from toolkit.corpora.readers.lines import head_text
from toolkit.tables import FramingError

_TEXT = (".txt", ".text", ".md", "")
_OTHER = (
    *(
        ".csv",
        ".tsv",
        ".json",
        ".jsonl",
        ".xml",
        ".html",
        ".htm",
        ".xhtml",
        ".mht",
        ".eml",
        ".rtf",
        ".docx",
        ".doc",
        ".xlsx",
        ".xls",
    ),
    *(
        ".pdf",
        ".parquet",
        ".warc",
        ".py",
        ".r",
        ".ipynb",
        ".toml",
        ".yaml",
        ".yml",
        ".ini",
        ".log",
        ".css",
        ".js",
        ".sql",
        ".bib",
        ".ris",
    ),
)
_LONG = 60  # characters from which a line is a sentence, not a label
_TITLE = 250
_STANDFIRST = 350
_SUBHEAD = 80
_ENDS = (".", "!", "?", "…", ".”", '."', "?”", "!”", ".’", ".'", "»", ":", ";", ",")

_FOOT = re.compile(
    r"""^(?:
      (?:©|\(c\)|copyright\b|all\ rights\ reserved|alle\ rechte\ vorbehalten|tous\ droits\ réservés|todos\ los\ derechos).*
    | .{0,120}\ball\ rights\ reserved\.?
    | (?:[\d.,]+\s?[kmb]?|[\w@ .]{0,40})\s(?:followers|follower|abonnés|seguidores|subscribers|likes|shares|comments?)\b.{0,40}
    | (?:follow|like|join|find|connect\ with)\s(?:us|me|@\w+|.{1,30}\son\s(?:twitter|x|facebook|instagram|linkedin|youtube|tiktok|telegram)).{0,80}
    | .{0,80}\b(?:uses?\ cookies|cookies?\ (?:policy|settings|preferences|notice|consent)|accept\ (?:all\ )?cookies|manage\ (?:my\ )?cookies)\b.{0,120}
    | (?:we|this\ site|diese\ website|ce\ site|nous)\b.{0,60}\bcookies\b.{0,160}
    | (?:privacy|terms|contact|imprint|impressum|about|advertise|careers|help|accessibility|datenschutz|mentions\ légales|cookies?)
        (?:\ (?:policy|notice|statement|of\ (?:use|service)|us|with\ us|and\ conditions|centre|center))?
        (?:\s*[|·•/,]\s*[\w ]{3,40})*
    | (?:sign\ up|subscribe|register|get\ (?:the|our))\b.{0,120}\b(?:newsletters?|inbox|app|alerts?|e-?mail|updates)\b.{0,60}
    | (?:share|tweet|post|e?mail|print|save|comments?|pin\ it|whatsapp|facebook|twitter|linkedin|copy\ link|\s|\|)+(?:this\ (?:article|story|page).{0,60})?
    | (?:share\ this|read\ more|related|more\ (?:on|from|about)|most\ (?:read|popular|viewed)|recommended|see\ also|trending|topics|tags)\b.{0,80}
    | (?:back\ to\ top|skip\ to\ (?:main\ )?content|advertisement|loading\.{3}|log\ in|sign\ in|menu)
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
_URL = re.compile(r"(?:(?:url|link|source|from|quelle)\s*:\s*)?(https?://\S+)$", re.IGNORECASE)
_BYLINE = re.compile(r"(?:by|von|par|por|di|door)\s+(?-i:[A-ZÀ-ÝА-Я])[^.!?]{2,100}$", re.IGNORECASE)
_STAMP = re.compile(
    r"(?:published|updated|posted|last (?:updated|modified)|first published|veröffentlicht|publié|stand)\b:?\s*(?:on|am|le)?\s*",
    re.IGNORECASE,
)
_NOISE = re.compile(
    r"(?:\d+\s*(?:min(?:ute)?s?)(?:\s+read)?|\d+\s+(?:hours?|days?|minutes?)\s+ago|[|·•*_=-]{1,80})$", re.IGNORECASE
)
_WIRE_LINE = re.compile(
    r"[A-ZÀ-Ý][\w.'’ /-]{1,40}(?:,\s[^—–-]{2,40})?\s*(?:\((?:AP|Reuters|AFP|UPI|dpa|TASS|Xinhua|CNN)\))?\s*(?:—|–|--| - )"
)

# "Nov. 23", "November 23rd"; "23 November", "23. November", "le 23 novembre", "el 23 de noviembre"; never one with its year.
_NO_YEAR = r"(?!\d|\s*,?\s*(?:de\s+)?\d{4}|[:.,]\d|\s?%)"
_MONTH_FIRST = re.compile(rf"(?<![\w-])([A-Z][a-zé]{{2,8}})\.?\s(\d{{1,2}})(?:st|nd|rd|th)?(?!\w){_NO_YEAR}")
_DAY_FIRST = re.compile(
    rf"(?<![\d,.:-])(\d{{1,2}})(?:\.|er)?\s(?:de\s)?([A-ZÄ][a-zäé]{{2,8}}|(?<=[lem]\s\d\s)[a-zûé]{{3,9}}|(?<=[lem]\s\d\d\s)[a-zûé]{{3,9}}"
    rf"|(?<=\sde\s)[a-zç]{{3,10}})(?!\w){_NO_YEAR}"
)
_YEARS = re.compile(r"(?<![\d.,/-])(1[89]\d\d|20\d\d)(?![\d,]|\.\d)")
_ON = re.compile(r"(?:\b(?:on|am|le|el|op|il)\s(?:[A-Z]?[a-zäéì]+,?\s(?:(?:the|dem|den)\s)?)?)$")


def _recognise(file: File) -> int:
    text = head_text(file)
    if not text or not text.strip() or file.suffix in _OTHER:
        return 0
    if re.match(r"\s*(?:<[!?a-zA-Z]|[{\[]\s*[\"{\[])", text):
        return 0
    return 10 if file.suffix in _TEXT else 3


def _read(file: File) -> Iterator[Item]:
    text, encoding = file.text()
    if encoding not in ("utf-8", "utf-8-sig"):
        yield Problem("file", "mended", f"It is not UTF-8; it was read as {encoding}.")
    lines = [
        " ".join(line.split()) for line in re.split(r"\r\n|\r|\n", text.replace("\x0b", "\n").replace("\x0c", "\n"))
    ]
    lines = [line for line in lines if line]
    if not lines:
        raise FramingError(f"{file.name} has no text in it.")
    lines, foot = _without_foot(lines)
    fields, body, problems = _head(lines)
    yield from problems
    if foot:
        fields["footer"] = "\n".join(foot)
    subheads = _subheads(body)
    if subheads:
        fields["subheads"] = " | ".join(subheads)
    if "date" not in fields:
        # The name of the file, as people give it: "2016-11-24 travel ban.txt".
        yield from _proposed(body, foot, file, fields)
    yield Document("file", fields | {"text": "\n\n".join(body)})


def _without_foot(lines: list[str]) -> tuple[list[str], list[str]]:
    """Part the article from the foot of the page: the last run of lines that are a page's furniture.

    Examples
    --------
    >>> _without_foot(["Title", "A paragraph that says something.", "© 2017 The Post", "12K followers"])
    (['Title', 'A paragraph that says something.'], ['© 2017 The Post', '12K followers'])
    """
    cut = len(lines)
    for i in range(len(lines) - 1, 0, -1):
        line = lines[i]
        if _FOOT.match(line) and line[0] not in "\"'“„«":
            cut = i
        elif len(line) >= _LONG or line.endswith((".", "!", "?", "”", '"')):
            break
    return lines[:cut], lines[cut:]


def _head(lines: list[str]) -> tuple[dict[str, Any], list[str], list[Problem]]:
    """Take title, standfirst, byline, date and address off the head; return them, the paragraphs, and what was odd."""
    fields: dict[str, Any] = {}
    problems: list[Problem] = []
    rest = list(lines)
    while len(rest) > 1 and ((url := _URL.match(rest[0])) or _FOOT.match(rest[0]) or _NOISE.match(rest[0])):
        if url:
            fields.setdefault("url", url[1])
        else:
            problems.append(Problem("line 1", "odd", f"The line {rest[0]!r} before the title was left out."))
        rest.pop(0)
    if len(rest[0]) <= _TITLE and (len(rest) > 1 or not rest[0].endswith(_ENDS)):
        fields["title"] = rest.pop(0)
    else:
        problems.append(Problem("line 1", "odd", "It begins with a paragraph, not with a title; the title is missing."))
    above: list[str] = []  # between the title and the byline or date
    while rest:
        line = rest[0]
        if (url := _URL.match(line)) is not None:
            fields.setdefault("url", url[1])
        elif len(line) <= 120 and _BYLINE.match(line):
            fields.setdefault("author", re.sub(r"^\w+\s+", "", line, count=1))
        elif (read := _date_line(line)) is not None:
            fields.setdefault("date", read)
        elif not _NOISE.match(line):
            known = "author" in fields or "date" in fields
            if known or above or not _more_head(rest[1:4]):
                break
            above.append(line)
        rest.pop(0)
    if above:
        fields["standfirst"] = above[0]
    elif len(rest) > 2 and "title" in fields and _is_standfirst(rest):
        fields["standfirst"] = rest.pop(0)
    return fields, rest, problems


def _more_head(lines: list[str]) -> bool:
    """Tell whether a byline, a date or an address still follows, so that what stands before it is a standfirst."""
    return any(_BYLINE.match(line) or _date_line(line) or _URL.match(line) for line in lines[:1])


def _date_line(line: str) -> str | None:
    """Return a line that is a date with its year, as printed."""
    if len(line) > 100:
        return None
    bare = _STAMP.sub("", line, count=1) if _STAMP.match(line) else line
    read = read_date_line(bare)
    return bare if read is not None and len(read.rest) < 40 else None


def _is_standfirst(lines: list[str]) -> bool:
    """Tell whether the line under the title is a lead of its own: a sentence or two, before longer paragraphs."""
    line = lines[0]
    sentences = len(re.findall(r"[.!?…][”\"’']?(?=\s|$)", line))
    plain = 20 <= len(line) <= _STANDFIRST and sentences <= 2 and not _WIRE_LINE.match(line) and line[0] not in '"“„«'
    longer = [other for other in lines[1:] if len(other) >= _LONG]
    return plain and (sentences == 0 or len(longer) >= 2)


def _subheads(body: list[str]) -> list[str]:
    """Return the short lines between paragraphs that end as no sentence does; they stay in the text."""
    return [
        line
        for before, line, after in zip(body, body[1:], body[2:])
        if len(line) <= _SUBHEAD
        and not line.endswith(_ENDS)
        and line[0] not in "\"'“„«-–—•*"
        and len(after) > len(line)
        and len(before) > _SUBHEAD // 2
    ]


def _proposed(body: list[str], foot: list[str], file: File, fields: dict[str, Any]) -> Iterator[Item]:
    """Propose a date that stands only in the running text; its year is a guess, and said to be one."""
    text = "\n".join(body)
    found = _day_and_month(text)
    if found is None:
        return
    said, spelled = found
    year, why = _year(spelled, text, "\n".join(foot), file)
    read = read_date(f"{spelled} {year}") if year else None
    if read is None:
        note = f"A date stands only in the text ({said!r}), without a year. To use it, say: date=..."
        yield Problem("file", "odd", note)
        return
    fields["date_proposed"] = read.date
    note = (
        f"A date stands only in the text ({said!r}). {read.date:%Y-%m-%d} is proposed in date_proposed, not taken: "
        f"confirm the year, {why}."
    )
    yield Problem("file", "odd", note)


def _day_and_month(text: str) -> tuple[str, str] | None:
    """Return a day and month as the text has them and as they are read; those after "on" and in the first words go first."""
    best: tuple[int, int, str, str] | None = None
    for pattern in (_MONTH_FIRST, _DAY_FIRST):
        for found in pattern.finditer(text):
            month, day = found.groups() if pattern is _MONTH_FIRST else reversed(found.groups())
            spelled = f"{int(day)} {month}"
            read = read_date(f"{spelled} 2016")
            if read is None or read.precision != "day" or read.rest:
                continue
            on = _ON.search(text[max(0, found.start() - 30) : found.start()])
            rank = 0 if found.start() < _LONG else 1 if on else 2
            said = (on[0] if on else "") + found[0]
            if best is None or (rank, found.start()) < best[:2]:
                best = (rank, found.start(), said.strip(), spelled)
    return best and (best[2], best[3])


def _year(spelled: str, text: str, foot: str, file: File) -> tuple[int, str]:
    """Guess the year: of the file's name, the rights line, the text, or the last such day before the file was saved."""
    name = file.name.rpartition("!")[2].replace("\\", "/").rpartition("/")[2]
    for where, words in (("the file's name", name.replace("_", " ")), ("the rights line", foot)):
        if years := [int(year) for year in _YEARS.findall(re.sub(r"(?<=\d)[-.](?=\d)", " ", words))]:
            return max(years), f"which is that of {where}"
    if most := Counter(int(year) for year in _YEARS.findall(text)).most_common(1):
        return most[0][0], "which is the one that the text names most"
    if "!" in file.name:
        return 0, ""
    saved = datetime.fromtimestamp(file.path.stat().st_mtime, UTC).replace(tzinfo=None)
    for year in (saved.year, saved.year - 1):
        read = read_date(f"{spelled} {year}")
        if read is not None and read.date <= saved:
            return year, "which is that of the last such day before the file was saved"
    return 0, ""


READER = Reader("saved_text", "Text saved from a web page", _TEXT[:-1], _recognise, _read)
