"""Own news pages as they were saved: what the page states of its article in JSON-LD and meta tags first, then what trafilatura finds in it.

Home and section pages are no articles and are reported. A page that the Internet Archive handed out is given its own address again.
"""

from __future__ import annotations

import email
import email.policy
import html
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from toolkit.corpora.dates import read_date
from toolkit.corpora.readers.base import Document, File, Item, Problem, Reader, declared_encoding, decode
from toolkit.corpora.readers.htmltext import adds, paragraphs, parse, plain
from toolkit.corpora.readers.jsons import dicts, kept, words
from toolkit.tables import FramingError

LARGEST = 20 * 1024 * 1024  # bytes of a page
_ENOUGH = 250  # characters that make a text
_KINDS = frozenset(
    "article newsarticle reportagenewsarticle opinionnewsarticle analysisnewsarticle backgroundnewsarticle reviewnewsarticle askpublicnewsarticle "
    "satiricalarticle advertisercontentarticle blogposting liveblogposting".split()
)
_LISTS = frozenset("collectionpage searchresultspage profilepage itemlist".split())
_NOBODY = frozenset(
    "admin useradmin administrator staff webmaster editor redaccion redaktion none null unknown".split()
)
_ARCHIVE = re.compile(
    r"(?:https?:)?//(?:web\.archive\.org|archive\.org|wayback\.archive-it\.org/\d+)/(?:web/)?(\d{4,14})(?:[a-z]{2}_)?/(.+)",
    re.IGNORECASE,
)
_SAVED = re.compile(
    rb"<!--\s*saved from url=\(\d+\)(\S+?)\s*-->|Page saved with SingleFile\s+url:\s*(\S+)", re.IGNORECASE
)
_ELLIPSIS = re.compile(r"(?:…|\.\.\.|\[…\])\s*$")
_META_DATES = (
    "article:published_time article.published og:article:published_time og:published_time datepublished date publishdate publish_date pubdate parsely-pub-date "
    "sailthru.date dc.date dc.date.issued dcterms.created dcterms.date cxenseparse:recs:publishtime publication_date"
).split()
_META_CHANGES = (
    "article:modified_time",
    "og:updated_time",
    "lastmodified",
    "last-modified",
    "dcterms.modified",
    "revised",
)
_CHANGED = re.compile(r"modif|updated?\b|revised|edited|geändert|aktualisiert|mis à jour|actualizad", re.IGNORECASE)
_COMMENTS = re.compile(
    r"(?:^|[\s_-])(?:comments?|replies|reply|disqus|kommentare?|commentaires?|comentarios?|related|sidebar)(?:$|[\s_-])",
    re.IGNORECASE,
)


def unwrapped(url: str | None) -> tuple[str | None, str | None]:
    """Return an address as it was before the Internet Archive put its own in front, and when it was archived.

    Examples
    --------
    >>> unwrapped("https://web.archive.org/web/20220724231339/https://example.org/a")
    ('https://example.org/a', '20220724231339')
    >>> unwrapped("https://example.org/a")
    ('https://example.org/a', None)
    """
    moment = None
    while url and (found := _ARCHIVE.match(url)):
        moment = moment or found[1]
        url = found[2] if re.match(r"https?:", found[2]) else f"http://{found[2]}"
    return url, moment


def _recognise(file: File) -> int:
    head = file.head()
    start = head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"snapshot-content-location:" in start or (b"saved by" in start and b"multipart/related" in start):
        return 85
    if not (
        start.startswith((b"<!doctype html", b"<html", b"<!--", b"<head", b"<?xml"))
        and b"<html" in head[:20_000].lower()
    ):
        return 0
    lower = head.lower()
    stated = b"application/ld+json" in lower or b"og:type" in lower or b"article:published_time" in lower
    return 70 if stated else 45


def _read(file: File) -> Iterator[Item]:
    raw = file.bytes()
    url = None
    if re.match(rb"[\w-]+:", raw[:200].lstrip()) and b"multipart/related" in raw[:4096].lower():
        raw, url, charset = _of_mhtml(raw)
        if not raw:
            yield Problem("page", "unparsed", "This web archive has no page in it.")
            return
    else:
        charset = declared_encoding(raw)
    yield from read_page(raw, place="page", url=url, charset=charset)


def _of_mhtml(raw: bytes) -> tuple[bytes, str | None, str | None]:
    """Return the page of a browser's single-file save, its address and its encoding."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            url = message.get("Snapshot-Content-Location") or part.get("Content-Location")
            return (
                payload if isinstance(payload, bytes) else b"",
                str(url).strip() if url else None,
                part.get_content_charset(),
            )
    return b"", None, None


def read_page(
    raw: bytes, *, place: str, url: str | None = None, charset: str | None = None
) -> Iterator[Document | Problem]:
    """Yield the article of a page, with what is odd about it, or the problem that there is none.

    Parameters
    ----------
    raw : bytes
        The page.
    place : str
        What reports call it.
    url : str, optional
        Where it was fetched, if that is known from outside.
    charset : str, optional
        The encoding that was declared; valid UTF-8 is read as such whatever was declared.
    """
    if len(raw) > LARGEST:
        yield Problem(
            place, "unparsed", f"The page has {len(raw) / 1e6:,.0f} MB; pages are read up to {LARGEST / 1e6:,.0f} MB."
        )
        return
    saved = _SAVED.search(raw[:4096])
    url = url or (html.unescape((saved[1] or saved[2]).decode("utf-8", "replace")) if saved else None)
    text, _ = decode(raw, charset or declared_encoding(raw))
    try:
        root = parse(_sound(text))
    except FramingError as error:
        yield Problem(place, "unparsed", str(error))
        return
    problems: list[Problem] = []
    page = _Page(root, url, place, problems)
    fields = page.fields()
    yield from problems
    if isinstance(fields, str):
        yield Problem(place, "unparsed", fields)
    else:
        yield Document(place, fields)


def _sound(text: str) -> str:
    """Leave out what lxml takes for another encoding or for the end: an XML declaration, and characters no page has."""
    text = re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", text)
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", " ", text)


class _Page:
    """One page: what it states, and what is found in it."""

    def __init__(self, root: Any, url: str | None, place: str, problems: list[Problem]) -> None:
        self.root, self.place, self.problems = root, place, problems
        self.date: str | None = None
        self.n_other_times = 0  # of changes and comments, which are no day of publication
        self.meta: dict[str, list[str]] = {}
        for tag in root.iter("meta"):
            name = tag.get("property") or tag.get("name") or tag.get("itemprop") or ""
            if name and (content := words(tag.get("content"))):
                self.meta.setdefault(name.casefold(), []).append(content)
        canonical = next(
            (tag.get("href") for tag in root.iter("link") if "canonical" in (tag.get("rel") or "").casefold().split()),
            None,
        )
        self.graph = self._graph()
        self.stated = self._article(canonical)
        main = self.stated.get("mainEntityOfPage")
        candidates = [
            canonical,
            *self.meta.get("og:url", []),
            self.stated.get("url"),
            main if isinstance(main, str) else None,
            url,
        ]
        self.url, self.archived = None, None
        for candidate in candidates:
            own, moment = unwrapped(words(candidate))
            self.archived = self.archived or moment
            if self.url is None and own and re.match(r"https?://", own):
                self.url = own
        self.archived = self.archived or unwrapped(url)[1]

    def _graph(self) -> list[dict[str, Any]]:
        """Return the objects that the page states, those in graphs and lists too, outermost first."""
        found: list[dict[str, Any]] = []
        broken = 0
        for script in self.root.iter("script"):
            if "ld+json" not in (script.get("type") or "").casefold():
                continue
            stated = (
                re.sub(r"^\s*(?://)?\s*<!\[CDATA\[|(?://)?\s*\]\]>\s*$|^\s*<!--|-->\s*$", "", script.text or "")
                .strip()
                .rstrip(";")
            )
            if not stated:
                continue
            try:
                value = json.loads(stated, strict=False)
            except (ValueError, RecursionError):
                broken += 1
                continue
            level: list[Any] = [value]
            for _ in range(6):
                deeper: list[Any] = []
                for one in level:
                    if isinstance(one, list):
                        deeper += one
                    elif isinstance(one, dict):
                        found.append(one)
                        deeper += [
                            one[name]
                            for name in ("@graph", "mainEntity", "mainEntityOfPage", "item")
                            if isinstance(one.get(name), dict | list)
                        ]
                level = deeper
        if broken:
            self.problems.append(
                Problem(
                    self.place,
                    "odd",
                    f"The page states its article in broken JSON ({broken} of its blocks); that was left out.",
                )
            )
        return found

    def _article(self, canonical: str | None) -> dict[str, Any]:
        """Return what is stated of the page's one article: of several, the one with its address or the fullest; nothing where none stands out."""
        articles = [
            one
            for one in self.graph
            if _types(one) & _KINDS and (one.get("headline") or one.get("name") or one.get("articleBody"))
        ]
        distinct = {words(one.get("headline")) or words(one.get("name")) for one in articles}
        if len(distinct) > 1:
            own = _path(canonical)
            here = [one for one in articles if own and own in _paths(one)]
            bodied = [one for one in articles if one.get("articleBody")]
            articles = here or (bodied if len(bodied) == 1 else [])
        return max(articles, key=lambda one: len(str(one.get("articleBody") or "")), default={})

    def fields(self) -> dict[str, Any] | str:
        """Return the fields of the article, or why there is none."""
        kind = next(iter(self.meta.get("og:type", [])), "").casefold()
        path = urlsplit(self.url or "").path.strip("/") if self.url else None
        types = set().union(*map(_types, self.graph)) if self.graph else set()
        if (
            path is not None
            and re.fullmatch(r"(?:index\.\w+|home|[a-z]{2}(?:-[a-z]{2})?)?", path, re.IGNORECASE)
            and not self.stated.get("articleBody")
        ):
            return f"This is a home page and no article ({self.url})."
        claims = bool(self.stated) or "article" in kind or "article:published_time" in self.meta
        if not claims and types & _LISTS:
            return (
                f"This is a section page or a list and no article ({self.url or self._heading() or 'without title'})."
            )
        body, found = self._body()
        if not claims and not self._reads_like_one(body):
            return f"No article is found on this page ({self.url or self._heading() or 'without title'}): it may be a home or section page."
        return self._fields(body, found)

    def _body(self) -> tuple[str, dict[str, Any]]:
        """Return the text, and what trafilatura states beside it."""
        stated = self.stated.get("articleBody")
        stated = (
            stated
            if isinstance(stated, str)
            else "\n\n".join(s for s in stated if isinstance(s, str))
            if isinstance(stated, list)
            else ""
        )
        stated = paragraphs(html.unescape(stated)) if re.search(r"&lt;\w|&#?\w+;", stated) else paragraphs(stated)
        self.date = self._date()
        if self.date is None:
            self._without_other_times()
        found, extracted = _extracted(self.root, dated=self.date is not None)
        if self.date is None:
            extracted = {**extracted, "date": self._published(extracted.get("date"))}
        if (
            len(stated) < _ENOUGH
            or (_ELLIPSIS.search(stated) and len(found) > 1.3 * len(stated))
            or len(found) > 2 * len(stated)
        ):
            return (
                (found, {**extracted, "text_from": "page"})
                if len(found) >= len(stated)
                else (stated, {**extracted, "text_from": "json-ld"})
            )
        return _parted(stated, found), {**extracted, "text_from": "json-ld"}

    def _reads_like_one(self, body: str) -> bool:
        """Whether a page that does not say what it is reads like an article: running text, and few headlines that are links."""
        long = [p for p in body.split("\n\n") if len(p) >= 80 and re.search(r"[.!?…\"”»。！？][)\]]?$", p)]
        linked = sum(
            1
            for tag in ("h2", "h3", "h4")
            for heading in self.root.iter(tag)
            if heading.find(".//a") is not None or heading.getparent().tag == "a"
        )
        return len(body) >= _ENOUGH and len(long) >= 3 and linked <= 2 * len(long)

    def _fields(self, body: str, found: dict[str, Any]) -> dict[str, Any]:
        stated = self.stated
        description = plain(stated.get("description")) or self._first(
            "og:description", "description", "twitter:description"
        )
        title = (
            plain(stated.get("headline"))
            or plain(self._first("og:title", "twitter:title"))
            or plain(stated.get("name"))
            or self._heading()
        )
        section = stated.get("articleSection")
        section = (
            "; ".join(filter(None, map(plain, section)))
            if isinstance(section, list)
            else plain(section) or self._first("article:section")
        )
        second = plain(stated.get("alternativeHeadline"))
        standfirst = second if _bare(second) not in ("", _bare(title)) else plain(description)
        body = _without_head(body, {_bare(title), _bare(section), _bare(standfirst), _bare(self._heading())} - {""})
        excerpt = not body and description
        if excerpt:
            self.problems.append(
                Problem(self.place, "odd", "No text is found on the page; its description stands for it.")
            )
        free = stated.get("isAccessibleForFree")
        return kept(
            {
                "source": self._outlet(),
                "date": self.date or words(found.get("date")),
                "title": title,
                "text": body or description,
                "text_is_excerpt": True if excerpt else None,
                "text_from": found.get("text_from") if body else "description",
                "standfirst": None if excerpt else adds(standfirst, body),
                "url": self.url,
                "author": self._authors(),
                "section": section,
                "language": words(stated.get("inLanguage"))
                or words(self.root.get("lang"))
                or self._first("og:locale", "content-language"),
                "genre": next(
                    (
                        str(kind)
                        for kind in _listed(stated.get("@type"))
                        if str(kind).casefold() in _KINDS - {"article", "newsarticle"}
                    ),
                    None,
                ),
                "free": {"true": True, "false": False}.get(str(free).casefold()),
                "modified": words(stated.get("dateModified")) or self._first("article:modified_time"),
                "archived": self.archived,
            }
        )

    def _first(self, *names: str) -> str | None:
        return next((value for name in names for value in self.meta.get(name, [])), None)

    def _heading(self) -> str | None:
        for tag in ("h1", "title"):
            found = next(iter(self.root.iter(tag)), None)
            if found is not None and (text := plain(found.text_content())):
                return text
        return None

    def _outlet(self) -> str | None:
        publisher = self._resolved(self.stated.get("publisher"))
        named = next((plain(p.get("name")) for p in dicts(publisher) if plain(p.get("name"))), None)
        host = re.sub(r"^(?:www|m|amp)\.", "", urlsplit(self.url).hostname or "") if self.url else None
        return named or plain(self._first("og:site_name", "application-name")) or host

    def _authors(self) -> str | None:
        names = []
        stated = self._resolved(self.stated.get("author")) or self._resolved(self.stated.get("creator"))
        for one in _listed(stated or self._first("author", "parsely-author", "sailthru.author", "dc.creator")):
            one = self._resolved(one)
            for name in _listed(one.get("name") if isinstance(one, dict) else one):
                name = plain(name)
                if name and not name.startswith("http") and re.sub(r"\W", "", name.casefold()) not in _NOBODY:
                    names.append(name)
        return "; ".join(dict.fromkeys(names)) or None

    def _resolved(self, value: Any) -> Any:
        """Return the object that a reference by `@id` means."""
        if isinstance(value, dict) and set(value) == {"@id"}:
            return next((one for one in self.graph if one.get("@id") == value["@id"] and len(one) > 1), None)
        return value

    def _without_other_times(self) -> None:
        """Take the times of changes and of comments off the page, so that none of them is read as the day of publication."""
        for tag in list(self.root.iter("time")):
            marks = " ".join(filter(None, (tag.get("itemprop"), tag.get("class"), tag.get("title"))))
            above = " ".join(f"{one.get('class') or ''} {one.get('id') or ''}" for one in tag.iterancestors())
            if _CHANGED.search(marks) or _COMMENTS.search(above):
                self.n_other_times += 1
                tag.drop_tree()
        for tag in list(self.root.iter("meta")):
            if (tag.get("property") or tag.get("name") or "").casefold() in _META_CHANGES:
                tag.drop_tree()

    def _published(self, day: Any) -> Any:
        """Return a day that was found on the page, unless the page says that it was changed on it, and say why there is none."""
        changed = [
            words(self.stated.get("dateModified")),
            *(v for name in _META_CHANGES for v in self.meta.get(name, [])),
        ]
        days = {read.date.date() for value in changed if value and (read := read_date(value))}
        found = read_date(words(day) or "")
        if found is not None and found.date.date() not in days:
            return day

        if days:
            note = f"It states only when it was changed ({min(days)}), not when it was published."
            self.problems.append(Problem(self.place, "odd", note))
        elif self.n_other_times:
            note = "Its only times are those of a change or a comment; they are not the day of publication."
            self.problems.append(Problem(self.place, "odd", note))
        return None

    def _date(self) -> str | None:
        stated = next(
            (w for name in ("datePublished", "dateCreated") if (w := words(self.stated.get(name))) and read_date(w)),
            None,
        )
        metas = [value for name in _META_DATES for value in self.meta.get(name, []) if read_date(value)]
        if stated and metas:
            one, other = (read_date(stated), read_date(metas[0]))
            if one and other and abs(one.date - other.date) > timedelta(days=2):
                note = f"The page states two dates, {stated} in JSON-LD and {metas[0]} in its meta tags; the first was taken."
                self.problems.append(Problem(self.place, "odd", note))
        timed = (
            words(tag.get("datetime"))
            for tag in self.root.iter("time")
            if tag.get("pubdate") is not None or "publish" in (tag.get("itemprop") or "").casefold()
        )
        return stated or next(iter(metas), None) or next((t for t in timed if t and read_date(t)), None)


def _types(one: dict[str, Any]) -> set[str]:
    return {re.sub(r".*[/:#]", "", str(kind)).casefold() for kind in _listed(one.get("@type"))}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _address(value: Any) -> str | None:
    return words(value.get("@id") or value.get("url")) if isinstance(value, dict) else words(value)


def _paths(one: dict[str, Any]) -> set[str | None]:
    addresses = (one.get("url"), one.get("mainEntityOfPage"), one.get("@id"))
    return {_path(_address(address)) for address in addresses}


def _path(url: str | None) -> str | None:
    """Return host and path of an address, to compare."""
    own, _ = unwrapped(url)
    if not own:
        return None
    parts = urlsplit(own)
    return (
        f"{re.sub(r'^(?:www|m|amp)[.]', '', parts.hostname or '')}{parts.path.rstrip('/')}" if parts.hostname else None
    )


def _extracted(root: Any, *, dated: bool) -> tuple[str, dict[str, Any]]:
    """Return the text that trafilatura finds, its paragraphs parted by empty lines, and the date, which it looks for unless the page is dated."""
    import copy
    import logging

    from trafilatura import bare_extraction

    tree = copy.deepcopy(root)
    for node in list(tree.iter("figcaption", "script", "style", "noscript")) + tree.xpath(
        "//*[@id='wm-ipp-base' or @id='wm-ipp' or @id='donato']"
    ):
        if node.getparent() is not None:
            node.drop_tree()
    logger = logging.getLogger("trafilatura")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        found: Any = bare_extraction(
            tree,
            include_comments=False,
            include_tables=True,
            with_metadata=not dated,  # a quarter of the time
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception:  # it raises anything on damaged pages; what the page states is still there
        found = None
    finally:
        logger.setLevel(level)
    if found is None:
        return "", {}
    links = {_bare(link.text_content()) for link in root.iter("a")} - {""}
    parts = [_flat(part) for part in (found.text or "").split("\n")]
    # A paragraph that is one link and no more leads to another story.
    return "\n\n".join(part for part in parts if part and _bare(part) not in links), {"date": found.date}


def _parted(text: str, by: str) -> str:
    """Break a stated text where the paragraphs of the page begin, if it is theirs: what is stated often has no breaks, or has them inside sentences.

    Examples
    --------
    >>> page = "The first paragraph is here.\\n\\nThe second one follows it."
    >>> print(_parted("The first paragraph\\n\\nis here. The second one follows it.", page))
    The first paragraph is here.
    <BLANKLINE>
    The second one follows it.
    """
    line, at, covered, cuts = _flat(text), 0, 0, []
    for paragraph in map(_flat, by.split("\n\n")):
        found = line.find(paragraph, at) if len(paragraph) >= 20 else -1
        if found >= 0:
            cuts.append(found)
            at = found + len(paragraph)
            covered += len(paragraph)
    if covered < 0.7 * len(line):
        return text
    cuts = [cut for cut in cuts if cut]
    pieces = [line[a:b].strip() for a, b in zip([0, *cuts], [*cuts, len(line)], strict=True)]
    return "\n\n".join(piece for piece in pieces if piece)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _bare(text: str | None) -> str:
    return re.sub(r"\W+", " ", text or "").strip().casefold()


def _without_head(body: str, heads: set[str]) -> str:
    """Leave out the title, section and lead that stand above the text, since they have their own columns."""
    parts = body.split("\n\n")
    while len(parts) > 1 and _bare(parts[0]) in heads:
        parts.pop(0)
    return "\n\n".join(parts)


READER = Reader(
    "page", "News page saved as HTML or MHTML", (".html", ".htm", ".mhtml", ".mht", ".xhtml"), _recognise, _read
)
