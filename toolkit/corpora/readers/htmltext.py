"""Own the turning of HTML into running text: paragraphs apart, and captions, scripts and the like out."""

from __future__ import annotations

import html
import re
from typing import Any

from toolkit.tables import FramingError

_OUT = frozenset(
    "script style noscript template figure figcaption aside iframe object embed svg math form button select nav video audio canvas head".split()
)
_BLOCK = frozenset(
    "p div li ul ol dl dt dd h1 h2 h3 h4 h5 h6 blockquote section article header footer main tr table pre hr address details summary center".split()
)
_TAG = re.compile(r"<[a-zA-Z/!][^>]*>|&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")


def parse(markup: str | bytes, encoding: str | None = None) -> Any:
    """Parse HTML as lxml does, without network, or raise where it cannot.

    libxml2 resolves no entity that the markup declares, and refuses trees that are deeper than 256.
    """
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    raw = markup.encode("utf-8", "replace") if isinstance(markup, str) else markup
    parser = HTMLParser(
        encoding=encoding or "utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return document_fromstring(raw, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise FramingError(f"This is not HTML that can be read ({error}).") from None


def plain(markup: Any) -> str | None:
    """Return a line of text: tags out, entities resolved, white space single; None for nothing.

    Examples
    --------
    >>> plain("A <strong>reset</strong> &amp; more"), plain("3 < 4"), plain(""), plain(None)
    ('A reset & more', '3 < 4', None, None)
    """
    if not isinstance(markup, str):
        return None
    text = paragraphs(markup) if _TAG.search(markup) else markup
    return re.sub(r"\s+", " ", text).strip() or None


def paragraphs(markup: str) -> str:
    """Return the text of an HTML fragment, its paragraphs parted by empty lines.

    Examples
    --------
    >>> print(paragraphs("<p>One.</p><figure><img><figcaption>A caption</figcaption></figure><p>Two<br>lines &ndash; and.</p>"))
    One.
    <BLANKLINE>
    Two
    lines – and.
    """
    if not _TAG.search(markup):
        return _tidy(markup)
    try:
        root = parse(f"<html><body>{markup}</body></html>")
    except FramingError:
        return _tidy(html.unescape(_TAG.sub(" ", markup)))
    return text_of(root)


def text_of(root: Any) -> str:
    """Return the text of an element, its paragraphs parted by empty lines."""
    from lxml import etree

    parts: list[str] = []
    inside = 0  # elements that are left out, open at this place
    for event, node in etree.iterwalk(root, events=("start", "end")):
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            inside += tag in _OUT or not tag
            if inside:
                continue
            if tag in _BLOCK:
                parts.append("\n\n")
            elif tag == "br":
                parts.append("\n")
            elif tag in ("td", "th"):
                parts.append(" ")
            if node.text:
                parts.append(_line(node.text))
        else:
            left_out = tag in _OUT or not tag
            inside -= left_out
            if not inside:
                if tag in _BLOCK or tag in ("figure", "aside", "figcaption"):
                    parts.append("\n\n")
                if node.tail and node is not root:
                    parts.append(_line(node.tail))
    return _tidy("".join(parts))


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _tidy(text: str) -> str:
    text = re.sub(r"[^\S\n]+", " ", text)
    text = re.sub(r" ?\n ?", "\n", text)
    return re.sub(r"\n{2,}", "\n\n", text).strip()


def adds(standfirst: str | None, text: str | None) -> str | None:
    """Return a standfirst unless the text begins with it, perhaps after a dateline, as teasers cut from a text do: words are counted once.

    Examples
    --------
    >>> adds("A reset is under …", "A reset is under way. It began."), adds("What it means", "A reset.")
    (None, 'What it means')
    """
    if not standfirst or not text:
        return standfirst or None
    bare = re.sub(r"\W+", " ", re.sub(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*$", "", standfirst)).strip().casefold()
    start = re.sub(r"\W+", " ", text[: 2 * len(standfirst) + 80]).strip().casefold()
    return None if start.startswith(bare) or (len(bare) > 30 and bare in start[: len(bare) + 60]) else standfirst
