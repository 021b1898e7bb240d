"""Own what the readers of LexisNexis exports share: labels in the interface's languages, and how a head, a body and a tail are laid out."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from toolkit.corpora.dates import read_date, read_date_line
from toolkit.corpora.readers.base import Declared, Problem

# The field, then its labels in any language; case, accents and hyphens do not count.
_HEAD = """
title: headline, title, titre, kop, titel, überschrift, titular, título, titolo, 标题, 標題, 題名
author: byline, autor, auteur, signature, name, verfasser, autore, author, by, 作者, 署名, 撰稿, 著者
section: section, rubrik, rubrique, rubriek, sectie, sección, sezione, secção, seção, ressort, 版块, 版面, 栏目, 版位, 欄目, セクション
n_words_stated: length, länge, laenge, longueur, lengte, longitud, extensión, lunghezza, comprimento, tamanho, umfang, 长度, 長度, 篇幅, 字数, 字數, 文字数
dateline: dateline, ortszeile, dagtekening, lieu, datum en plaats, 电头, 電頭
standfirst: highlight, highlights, chapeau, encart, destacado, resumen, intro, abstract, kurzfassung, 要点, 重点, 摘要
series: series, serie, série
guests: guests, gäste
anchors: anchors, anchor, host, hosts
reporters: reporters, reporter
show: show
bio: bio
"""
_TAIL = """
load_date: load date, update, date chargement, date de chargement, ladedatum, laaddatum, laad datum, fecha de carga, \
data di caricamento, data de carregamento, 加载日期, 载入日期, 上载日期, 載入日期, ロード日
language: language, sprache, langue, taal, idioma, lingua, língua, 语言, 語言, 言語
publication_type: publication type, pub type, type publication, type de publication, publikationstyp, publikationsart, zeitungstyp, publicatietype, \
soort publicatie, tipo de publicación, tipo di pubblicazione, \
tipo de publicação, 出版物类型, 出版类型, 出版物類型
document_type: document type, type de document, dokumenttyp, tipo de documento, documenttype
journal_code: journal code, zeitungs code, zeitungscode, code revue, code de la revue, code de revue, zeitschriftencode, \
código de publicación, codice giornale, 期刊代码, 期刊代碼
subject: subject, subjects, pub subject, sujet, sujets, schlagwort, schlagwörter, thema, themen, \
onderwerp, tema, temas, asunto, materia, argomento, assunto, 主题, 主題
company: company, companies, société, firma, unternehmen, empresa, bedrijf, società, 公司
organization: organization, organisation, organización, organisatie, organizzazione, organização, 组织, 組織, 机构
ticker: ticker, symbole boursier, tickersymbol, ticker symbol, 股票代码
industry: industry, secteur activité, secteur d'activité, branche, industrie, industria, bedrijfstak, settore, 行业, 行業
person: person, people, personne, persona, persoon, personen, 人物
geographic: geographic, localisation géo, géographie, geographie, geografisch, geográfico, geografico, geografia, lieu géographique, 地理, 地理位置
state: state
city: city
country: country, pays, land, país
region: region
graphic: graphic, graphics, grafik, grafiek, graphique, gráfico, grafico, illustration, 图片
correction: correction, korrektur, correctie, corrección
correction_date: correction date, date de correction, korrekturdatum, fecha de corrección
distribution: distribution
transcript: transcript
bibliography: bibliographie, bibliography
url: url
original_page: view original page
notes: notes, note, anmerkungen
category: category
enhancement: enhancement
"""
_TEXT = """body, text, texte, tekst, artikel, article, volltext, haupttext, textkörper, hauptteil, fließtext, corps,
corps du texte, texte intégral, corps de l'article, cuerpo, texto, corpo, testo, inhoud, hoofdtekst, 正文, 全文, 文本, 内文, 本文"""
_CLASSIFICATION = """classification, klassifizierung, klassifikation, classificatie, clasificación, classificazione, classificação, 分类, 分類, 分類情報"""


def normal(label: str) -> str:
    """Return a label in the form in which labels are compared.

    Examples
    --------
    >>> normal(" LOCALISATION-GÉO"), normal("Länge")
    ('localisation geo', 'lange')
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", label.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[\s_’'-]+", " ", bare).strip()


def _table(lines: str) -> dict[str, str]:
    """Return the field of each label."""
    rows = (line.partition(": ") for line in lines.strip().splitlines())
    return {normal(label): name for name, _, labels in rows for label in labels.split(",")}


HEAD_LABELS = _table(_HEAD)
TAIL_LABELS = _table(_TAIL)
LABELS = TAIL_LABELS | HEAD_LABELS
TEXT_MARKS = {normal(label) for label in _TEXT.split(",")}
CLASSIFICATION_MARKS = {normal(label) for label in _CLASSIFICATION.split(",")}

# What stands in a tail and never begins a paragraph of running text; the others can.
CERTAIN = {"load_date", "language", "publication_type", "document_type", "journal_code", "correction_date"}
_LABEL = re.compile(r"([^:：\s][^:：\n]{1,39}?)\s*[:：](.*)", re.DOTALL)
_RIGHTS = re.compile(
    r"rights reserved|rechte vorbehalten|droits r[ée]serv|derechos reservados|diritti riservati|direitos reservados|rechten voorbehouden",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"\s*(?:©|\(c\)\s|copyright\b|copr\.|copy\s+(?:©\s*)?\d{4}|版权)", re.IGNORECASE)
DISTRIBUTOR = re.compile(
    r"\s*(?:(?:provided|distributed|supplied|syndicated|delivered) (?:by|via|through)|bereitgestellt (?:von|durch)|fourni par|"
    r"distribuid[oa] por|geleverd door)\b",
    re.IGNORECASE,
)
_ON_COPYRIGHT = re.compile(r"\s*[Cc]opyright\s+(?!(?:by|of|notice|reserved|c)\b)[a-zß-ÿ]")
_WORDS = re.compile(
    r"\s*(\d[\d.,\s]*)\s*(?:words?|w[öo]e?rter|w\S{1,3}rter|wort|mots?|woorden|palabras|parole|palavras|字|词|詞|語|слов)\b\s*|\s*(\d[\d.,]*)\s*",
    re.IGNORECASE,
)
_CORRECTED = re.compile(
    r"\s*[-–—(\[;]*\s*(?:corrections?|correctie|korrektur)\s+(?:appended|angefügt)\s*[)\]]?\s*$", re.IGNORECASE
)
_STUB = re.compile(r"we are sorry but there is an error in this document", re.IGNORECASE)
_EDITION = re.compile(
    r"(.+?)\s+-\s+([^-]*\b(?:edition|ausgabe|édition|edición|editie|edizione|edição)\b.*)", re.IGNORECASE
)
_PAGE = re.compile(r"(?:\b(?:Pg\.|Page|Blz\.|P[áa]g\.)|(?:^|; )S\.|(?:^|; )[Pp]\.)\s?([A-Z]{0,3}\d[\w-]{0,7})")
_BARE_PAGE = re.compile(r"[;,] ?(?:[Pp]\.? ?)?([A-Z]{0,2}\d{1,3})$")  # "Editorial; A26"
_LATIN_BY = re.compile(r"^(?:by|from|von|par|por|door)\s*:?\s+(?=\S)", re.IGNORECASE)


@dataclass
class Block:
    """Lines that stand together, in a text or in an HTML division.

    Attributes
    ----------
    lines : list of str
        Without their indentation.
    paragraphs : list of str
        The same as running text.
    centred : bool
        Whether they stand in the middle of the page, as the newspaper, the date and the copyright do.
    gap : int
        Empty lines before them.
    """

    lines: list[str]
    paragraphs: list[str]
    centred: bool = False
    gap: int = 1

    @property
    def text(self) -> str:
        return " ".join(self.lines).strip()


def label_of(text: str, *, capitals: bool = True) -> tuple[str, str] | None:
    """Return the field that a paragraph's label names and the rest, or None where it has no label that is known.

    Examples
    --------
    >>> label_of("LÄNGE: 306 Wörter"), label_of("ANNOUNCER: Good evening."), label_of("Length: a matter of taste")
    (('n_words_stated', '306 Wörter'), None, None)
    """
    found = _LABEL.match(text.lstrip())  # before the expression: what it tries grows with white space
    if not found or (capitals and found[1] != found[1].upper()):
        return None
    name = LABELS.get(normal(found[1]))
    value = found[2].replace("\xa0", " ").strip()
    if name is None or (name == "n_words_stated" and value and words_of(value) is None):
        return None
    if name == "load_date" and value and read_date(value) is None:
        return None
    return name, value


def text_mark(text: str, *, capitals: bool = True) -> str | None:
    """Return what follows where a paragraph begins with the mark of the running text ("BODY:"), or None.

    Examples
    --------
    >>> text_mark("TEKST:"), text_mark("TEXT: It began."), text_mark("The text: long.") is None
    ('', 'It began.', True)
    """
    found = _LABEL.match(text.lstrip())  # before the expression: what it tries grows with white space
    if not found or normal(found[1]) not in TEXT_MARKS or (capitals and found[1] != found[1].upper()):
        return None
    return found[2].replace("\xa0", " ").strip()


def words_of(text: str) -> int | None:
    """Return the number that a length line states.

    Examples
    --------
    >>> words_of("2,968 words"), words_of("306 Wörter"), words_of("19.43 meters") is None
    (2968, 306, True)
    """
    found = _WORDS.fullmatch(text.replace("\xa0", " "))
    digits = re.sub(r"\D", "", (found[1] or found[2]) if found else "")
    return int(digits) if 0 < len(digits) < 10 else None


def is_copyright(text: str) -> bool:
    """Whether a line begins with a copyright note, and not a sentence or headline on copyright.

    Examples
    --------
    >>> is_copyright("Copyright 2009 The Harbour Press"), is_copyright("Copyright law is hard.")
    (True, False)
    """
    return bool(_COPYRIGHT.match(text)) and len(text) < 500 and not _ON_COPYRIGHT.match(text)


def is_stub(text: str) -> bool:
    """Whether the archive printed an error in place of the document."""
    return bool(_STUB.search(text))


def corrected(text: str) -> bool:
    """Whether a line says that a correction is appended."""
    return bool(_CORRECTED.match(text) or _CORRECTED.search(text))


@dataclass
class Masthead:
    """What stands over an article: newspaper, date, edition, copyright."""

    source: str | None = None
    date: str | None = None
    edition: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rights: list[str] = field(default_factory=list)
    show: str | None = None
    correction: bool = False

    def take(self, lines: list[str]) -> None:
        """Take the lines of one block."""
        rights = False
        for line in lines:
            line = line.replace("\xa0", " ").strip()
            if not line:
                continue
            label = label_of(line)
            if is_copyright(line) or (rights and (_RIGHTS.search(line) or _runs_on(self.rights[-1]))):
                rights = True
                self.rights.append(line)
            elif label and label[0] == "show":
                self.show = label[1]
            elif DISTRIBUTOR.match(line):
                self.notes.append(line)
            elif re.fullmatch(_CORRECTED, line):
                self.correction = True
            elif self._take_date(line):
                continue
            elif self.source is None:
                self.source = line
            elif self.date is None and not self.notes and re.search(r"(?:,|&|\b(?:and|of|for|und|et))$", self.source):
                self.source = f"{self.source} {line}"
            elif self.date is not None:
                self.edition.append(line.strip(" ;"))
            elif self.notes and len(self.notes[-1]) >= 60:
                self.notes[-1] = f"{self.notes[-1]} {line}"
            else:
                self.notes.append(line)

    def _take_date(self, line: str) -> bool:
        """Take a line of a date: the first one, and a time or a weekday that stands under it."""
        if self.date is None:
            loose = read_date(line) if self.source and len(line) <= 60 else None
            if read_date_line(line) or (loose and loose.precision in ("month", "year") and len(loose.rest) < 12):
                self.date = line
                return True
            return False
        if read_date_line(line):
            return True  # the same day in another language
        longer = read_date(f"{self.date} {line}")
        known = read_date(self.date)
        if not self.edition and longer and known and longer.rest == known.rest and len(line) <= 40:
            self.date = f"{self.date} {line}"
            return True
        return False

    def fields(self) -> dict[str, Any]:
        """Return what was found."""
        found = {"source": self.source, "date": self.date, "show": self.show}
        found["edition"] = "; ".join(part for part in self.edition if part)
        found["source_note"] = "; ".join(self.notes)
        found["copyright"] = " ".join(self.rights)
        if self.correction:
            found["correction"] = "Correction Appended"
        return {name: value for name, value in found.items() if value}


def _runs_on(line: str) -> bool:
    """Whether a copyright line goes on in the next: it fills the page, or ends in the middle of something."""
    return len(line) >= 60 or line.endswith((",", "&", " All", " by", " of"))


def interpret(blocks: list[Block]) -> dict[str, Any]:
    """Return the fields of one article, whose head, body and tail are blocks."""
    blocks = [block for block in blocks if block.text.replace("\xa0", " ").strip()]
    head = Masthead()
    fields: dict[str, Any] = {}
    at, front = _masthead(blocks, head, fields)
    at, lead = _labels(blocks, at, head, fields)
    if front is not None:
        at, lead = front, []
    stop = _tail_start(blocks, at)
    body = blocks[at:stop]
    rest = blocks[stop:]
    while body and (is_copyright(body[-1].text) or (body[-1].centred and _RIGHTS.search(body[-1].text))):
        rest.insert(0, body.pop())
    _tail(rest, head, fields)
    paragraphs = lead + [paragraph for block in body for paragraph in block.paragraphs]
    fields["text"] = "\n\n".join(paragraph.strip() for paragraph in paragraphs if paragraph.strip())
    return head.fields() | fields


def _masthead(blocks: list[Block], head: Masthead, fields: dict[str, Any]) -> tuple[int, int | None]:
    """Read newspaper, date and headline; return the block after them, and where the body begins if no label stands before it."""
    loose = not any(block.centred for block in blocks[:5])
    for at, block in enumerate(blocks):
        text = block.text
        if _is_label(block) or text_mark(text) is not None:
            return at, None
        dated = head.date is None and len(text) < 80 and read_date_line(text) is not None
        if block.centred or is_copyright(text) or (loose and (head.source is None or dated)):
            head.take(block.lines)
        elif loose and re.match(r"https?://\S", text):
            fields.setdefault("url", "".join(block.lines))
        elif len(text) < 40 and re.search(r"[^\W\d_]|[字词]", text) and words_of(text) is not None:
            fields["n_words_stated"] = text
        elif "title" not in fields:
            if not _is_headline(blocks, at, head):
                return at, at
            fields["title"] = text
        else:
            if not any(_head_label(blocks, at + n) for n in (1, 2)) or block.gap >= 2 or len(text) > 300:
                return at, at
            fields.setdefault("author" if len(text) <= 100 else "standfirst", text)
    return len(blocks), None


def _is_label(block: Block) -> bool:
    return not block.centred and label_of(block.text) is not None


def _is_headline(blocks: list[Block], at: int, head: Masthead) -> bool:
    """Whether the first unlabelled block is a headline, and not already the body of an article that has none."""
    block = blocks[at]
    if head.date is None:
        return True
    if len(block.text) > 400 or len(block.paragraphs) > 1:
        return False
    if re.search(r"[.!?]\W*$", block.text) and len(block.text) > 80 and not _head_label(blocks, at + 1):
        return _plain_blocks(blocks, at + 1) > 0
    followed = at + 1 < len(blocks) and (_is_label(blocks[at + 1]) or blocks[at + 1].gap >= 2)
    return followed or block.gap < 2 or len(block.text) <= 120


def _labels(blocks: list[Block], at: int, head: Masthead, fields: dict[str, Any]) -> tuple[int, list[str]]:
    """Read the labels before the body; return where the body begins, and what of it stands beside its mark."""
    mark = next((n for n, block in enumerate(blocks[at : at + 40], at) if text_mark(block.text) is not None), None)
    if mark is not None and any(label and label[0] in CERTAIN for label in (label_of(b.text) for b in blocks[at:mark])):
        mark = None  # it stands after a tail
    while at < len(blocks):
        block = blocks[at]
        if at == mark:
            first = [text_mark(block.paragraphs[0]) or "", *block.paragraphs[1:]]
            return at + 1, first
        label = None if block.centred else label_of(block.text)
        if label is None:
            if mark is not None:
                if block.centred:
                    head.take(block.lines)
                else:
                    fields.setdefault("title" if len(block.text) < 300 else "standfirst", block.text)
            elif block.centred and not fields.get("text") and read_date_line(block.text) and head.date is None:
                head.take(block.lines)
            elif not (
                "title" not in fields and block.gap < 2 and len(block.text) < 300 and _head_label(blocks, at + 1)
            ):
                return at, []
            else:
                fields["title"] = block.text
            at += 1
            continue
        name, value = label
        if name in CERTAIN:
            return at, []
        at += 1
        if not value and len(block.paragraphs) > 1:
            value = "\n\n".join(block.paragraphs[1:])
        if not value:
            wide = mark if mark is not None else at + 1
            if mark is not None or _plain_blocks(blocks, at) >= 2:
                taken = []
                while at < wide and not _is_label(blocks[at]):
                    taken += blocks[at].paragraphs
                    at += 1
                value = "\n\n".join(taken)
        _put(fields, name, value)
    return at, []


def _head_label(blocks: list[Block], at: int) -> bool:
    label = label_of(blocks[at].text) if at < len(blocks) and not blocks[at].centred else None
    return label is not None and label[0] not in set(TAIL_LABELS.values())


def _plain_blocks(blocks: list[Block], at: int) -> int:
    """Return how many blocks without a label follow."""
    n = 0
    while at + n < len(blocks) and not _is_label(blocks[at + n]) and n < 3:
        n += 1
    return n


def _tail_start(blocks: list[Block], begin: int) -> int:
    """Return where the tail begins: at its first certain label, or at the labels right above it."""
    names = [label[0] if (label := None if block.centred else label_of(block.text)) else None for block in blocks]
    stop = next((n for n in range(begin, len(blocks)) if names[n] in CERTAIN), None)
    if stop is None:  # nothing certain: the labels that end the article
        stop = len(blocks)
        while stop > begin and (blocks[stop - 1].centred or is_copyright(blocks[stop - 1].text)):
            stop -= 1
        if stop == begin or names[stop - 1] is None:
            return stop if stop < len(blocks) and is_copyright(blocks[stop].text) else len(blocks)
    while stop > begin:
        if names[stop - 1] is not None:
            stop -= 1
        elif (
            stop - 2 >= begin
            and names[stop - 2] in ("correction", "graphic", "standfirst")
            and _empty(blocks[stop - 2])
        ):
            stop -= 2
        else:
            break
    return stop


def _empty(block: Block) -> bool:
    label = label_of(block.text)
    return label is not None and not label[1]


def _tail(blocks: list[Block], head: Masthead, fields: dict[str, Any]) -> None:
    """Read the labels after the body."""
    last: str | None = None
    for block in blocks:
        label = None if block.centred else label_of(block.text)
        if label:
            last, value = label
            if len(block.paragraphs) > 1:
                value = "\n\n".join(
                    [found[1] if (found := label_of(block.paragraphs[0])) else "", *block.paragraphs[1:]]
                ).strip()
            _put(fields, last, value)
        elif block.centred or is_copyright(block.text):
            head.rights += [line for line in block.lines if line.strip()]
            last = None
        elif last:
            fields[last] = f"{fields[last]}\n\n{block.text}".strip() if fields.get(last) else block.text


def _put(fields: dict[str, Any], name: str, value: str) -> None:
    """Keep a field; of a second value, what the first does not say."""
    value = value.strip()
    known = fields.get(name)
    if not known:
        if value or name not in fields:
            fields[name] = value
    elif value and value not in known:
        if name == "title":
            fields["subtitle"] = value
        elif name in ("author", "subject", "company", "section", "copyright", "guests"):
            fields[name] = f"{known}; {value}"
        else:
            fields[name] = f"{known}\n\n{value}"


def finished(fields: dict[str, Any], place: str) -> tuple[dict[str, Any], list[Problem]]:
    """Tidy the fields of one article; return them with what is to be said about it.

    Examples
    --------
    >>> fields, problems = finished({"title": "A reset", "source": "The Herald(Leeds)", "load_date": "May 5, 2017", "text": "One."}, "document 1")
    >>> fields["source"], fields["date"], problems[0].note
    ('The Herald (Leeds)', 'May 5, 2017', 'It prints no date; its load date (May 5, 2017) is taken, which can be a day or more later.')
    """
    problems: list[Problem] = []
    fields = {
        name: value.replace("\xa0", " ").strip() if isinstance(value, str) else value for name, value in fields.items()
    }
    for name in (
        "title",
        "source",
        "author",
        "section",
        "dateline",
        "edition",
        "copyright",
        "language",
        "subject",
        "load_date",
    ):
        if isinstance(fields.get(name), str):
            fields[name] = re.sub(r"\s+", " ", fields[name]).strip()
    _source(fields)
    if fields.get("title") and corrected(fields["title"]):
        fields["title"] = _CORRECTED.sub("", fields["title"]).strip()
        fields.setdefault("correction", "Correction Appended")
    if fields.get("edition") and corrected(fields["edition"]):
        fields["edition"] = _CORRECTED.sub("", fields["edition"]).strip()
        fields.setdefault("correction", "Correction Appended")
    if fields.get("author"):
        fields["author"] = _LATIN_BY.sub("", fields["author"].strip(" ;"), count=1)
    section = fields.get("section") or ""
    page = _PAGE.search(section) or _BARE_PAGE.search(section)
    if page:
        fields.setdefault("page", page[1])
    words = fields.pop("n_words_stated", None)
    if words:
        number = words_of(words) if isinstance(words, str) else words
        fields |= {"n_words_stated": number} if number is not None else {}
    _dates(fields, place, problems)
    if fields.get("correction") or fields.get("correction_date"):
        apart = fields.get("correction") not in (None, "Correction Appended")
        where = (
            "what it says is in the column correction" if apart else "the export does not set it apart from the text"
        )
        problems.append(Problem(place, "odd", f"A correction is appended to it; {where}."))
    if not fields.get("text") and not fields.get("title"):
        problems.append(Problem(place, "odd", "It has neither a headline nor a text."))
    kept = {name: value for name, value in fields.items() if value is not None and re.search(r"\w", str(value))}
    kept.setdefault("text", "")
    return kept, problems


def _source(fields: dict[str, Any]) -> None:
    """Spell a newspaper one way: "The Herald(Leeds)", "Herald.com.", "Herald - Final Edition"."""
    source = fields.get("source") or ""
    edition = _EDITION.fullmatch(source)
    if edition:
        source = edition[1]
        fields["edition"] = fields.get("edition") or edition[2]
    source = re.sub(r"(?<=\w)\((?=[^\W\d_]{3})", " (", source)
    if re.search(r"\.(?:com|org|net|co\.uk|de|fr)\.$", source):
        source = source[:-1]
    if source:
        fields["source"] = source


def _dates(fields: dict[str, Any], place: str, problems: list[Problem]) -> None:
    """Take the edition out of the date, and the load date where no date is printed."""
    date = re.sub(r"\s+", " ", fields.get("date") or "").strip()
    if date:
        found = read_date(date)
        if found and corrected(found.rest):
            fields.setdefault("correction", "Correction Appended")
        edition = _CORRECTED.sub("", found.rest).strip(" ,;-") if found else ""
        if edition and found and found.precision in ("day", "minute"):
            fields["edition"] = "; ".join(part for part in (edition, fields.get("edition")) if part)
        fields["date"] = date
    elif fields.get("load_date") and read_date(fields["load_date"]):
        fields["date"] = fields["load_date"]
        fields["date_is_load_date"] = True
        note = f"It prints no date; its load date ({fields['load_date']}) is taken, which can be a day or more later."
        problems.append(Problem(place, "odd", note))
    else:
        fields.pop("date", None)
        problems.append(Problem(place, "odd", "It prints no date, nor when it was loaded."))


def declared(counters: list[tuple[int, int]], stated: int | None = None) -> tuple[Declared | None, list[Problem]]:
    """Return how many documents a file says it has, from the counters "N of M" it prints, and what does not fit.

    Parameters
    ----------
    counters : list of (int, int)
        N and M of each document.
    stated : int, optional
        What the file says elsewhere.

    Examples
    --------
    >>> declared([(1, 2), (2, 2)])[0].n, declared([(2001, 2146), (2002, 2146)])[0].n
    (2, 2)
    >>> declared([(1, 3), (3, 3)])[1][0].note
    'The counters go from 1 to 3: 1 document is not in the file.'
    """
    if not counters:
        return (Declared(stated) if stated else None), []
    numbers = [n for n, _ in counters]
    usual, times = Counter(m for _, m in counters).most_common(1)[0]
    one = all(a < b for a, b in pairwise(numbers)) and times * 2 > len(counters)
    if not one:  # several exports pasted together, or picked documents
        return Declared(len(counters)), []
    problems = []
    for before, after in pairwise(numbers):
        if after != before + 1:
            missing = after - before - 1
            what = "1 document is" if missing == 1 else f"{missing} documents are"
            problems.append(
                Problem(
                    f"document {before}", "odd", f"The counters go from {before} to {after}: {what} not in the file."
                )
            )
    n = stated or (usual if numbers[0] == 1 else numbers[-1] - numbers[0] + 1)
    if n > len(numbers) and numbers[-1] < usual:
        note = f"The file says that it has {n} documents and ends with number {numbers[-1]} of {usual}: it is a part, or cut off."
        problems.append(Problem("file", "odd", note))
    return Declared(n), problems
