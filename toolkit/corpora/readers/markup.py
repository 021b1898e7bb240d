"""Own what the readers of HTML, XML and RTF exports share: parsers that open nothing, and running text out of elements."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from toolkit.corpora.readers.base import File, Problem
from toolkit.tables import FramingError

LARGEST_RTF = 128 * 1024 * 1024  # characters; the converter takes several times that

# Private characters stand for breaks while text is gathered: lxml takes no control characters.
_PARAGRAPH, _LINE = "\ue00a", "\ue00b"
_BLOCKS = frozenset(
    "address article aside blockquote body center dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr "
    "html li main nav ol p pre section table tbody text thead tr ul".split()
)
_SILENT = frozenset("script style head title meta link noscript template".split())
_WIDE = r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"  # scripts that write no spaces between words


def squeeze(text: str) -> str:
    """Turn every run of white space into one space; between two Chinese or Japanese characters a line break goes.

    Examples
    --------
    >>> squeeze(" a hard\\n line break ")
    'a hard line break'
    >>> squeeze("气候\\n变化")
    '气候变化'
    """
    return re.sub(r"\s+", " ", re.sub(rf"(?<={_WIDE})[ \t]*\r?\n[ \t]*(?={_WIDE})", "", text)).strip()


def html_tree(text: str) -> Any:
    """Parse a page or a piece of one; None where there is nothing to parse.

    Nothing is fetched, and what is broken is repaired as browsers do.

    Examples
    --------
    >>> html_tree("<div><p>One<p>Two</div>").xpath("count(//p)")
    2.0
    """
    from lxml import etree
    from lxml import html as lxml_html

    if not text.strip():
        return None
    parser = lxml_html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def xml_tree(file: File, text: str) -> tuple[Any, Problem | None]:
    """Parse XML that was decoded already; return its root, and a problem where it had to be mended.

    A file that declares entities is refused: no export needs them, and they can read other files or fill the memory.
    """
    from lxml import etree

    if re.search(r"<!(?:DOCTYPE|ENTITY)\b", text, re.IGNORECASE):
        raise FramingError(
            f"{file.name} declares a document type or entities of its own; exports of this format have none, and such "
            "declarations can pull in other files. It is not read. Take the declaration out if the file is yours."
        )
    # The parser, when it recovers, lets half characters pass that no text can hold.
    text = re.sub(r"&#(x[0-9a-f]{1,8}|\d{1,10});", _sound, text, flags=re.IGNORECASE)
    raw = re.sub(r"^\s*<\?xml[^>]{0,400}\?>", "", text.lstrip("\ufeff"), count=1).encode("utf-8", "replace")
    problem = None
    for recover in (False, True):
        parser = etree.XMLParser(
            resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, recover=recover, encoding="utf-8"
        )
        try:
            return etree.fromstring(raw, parser), problem
        except etree.XMLSyntaxError as error:
            problem = Problem("file", "mended", f"The XML is broken ({error.msg}): what could be saved was read.")
    return None, problem


def _sound(reference: re.Match[str]) -> str:
    """Return a reference to a character as it stands, or U+FFFD where there is no such character."""
    digits = reference[1].lower()
    number = int(digits[1:], 16) if digits.startswith("x") else int(digits)
    return "\ufffd" if number == 0 or 0xD800 <= number <= 0xDFFF or number > 0x10FFFF else reference[0]


def paragraphs(element: Any, leave: Iterable[Any] = ()) -> list[str]:
    """Return the running text of an element, a paragraph each; a `<br>` is a line end inside a paragraph, two are a new one.

    Elements in `leave` are left out. Cells of a table row are parted by tabs.

    Examples
    --------
    >>> paragraphs(html_tree("<div><p>One <b>hit</b>, two.</p>Loose<br>text<br><br>more</div>"))
    ['One hit, two.', 'Loose\\ntext', 'more']
    """
    parts: list[str] = []
    _gather(element, parts, {id(left) for left in leave}, pre=False)
    text = re.sub(rf"{_LINE}\s*(?:{_LINE}\s*)+", _PARAGRAPH, "".join(parts))
    found = []
    for piece in text.split(_PARAGRAPH):
        lines = ["\t".join(squeeze(cell) for cell in line.split("\t")).strip() for line in piece.split(_LINE)]
        if kept := "\n".join(line for line in lines if line):
            found.append(kept)
    return found


def _gather(element: Any, parts: list[str], leave: set[int], pre: bool) -> None:
    """Append the text of an element and of all inside it, with marks where it breaks."""
    tag = element.tag
    if not isinstance(tag, str) or tag in _SILENT or id(element) in leave:
        return
    if tag == "br":
        parts.append(_LINE)
        return
    pre = pre or tag == "pre"
    block = tag in _BLOCKS
    if block:
        parts.append(_LINE if tag == "tr" else _PARAGRAPH)
    parts.append(_own(element.text, pre))
    for child in element:
        if child.tag in ("td", "th") and child.getprevious() is not None:
            parts.append("\t")
        _gather(child, parts, leave, pre)
        parts.append(_own(child.tail, pre))
    if block and tag != "tr":
        parts.append(_PARAGRAPH)


def _own(text: str | None, pre: bool) -> str:
    """Return an element's own text; line ends count in preformatted text only."""
    if not text:
        return ""
    text = text.replace("\t", " ")
    return text.replace("\n", _LINE) if pre else text


def flat(element: Any, leave: Iterable[Any] = ()) -> str:
    """Return the text of an element in one line.

    Examples
    --------
    >>> flat(html_tree("<p>One<br>line</p>"))
    'One line'
    """
    return squeeze(" ".join(paragraphs(element, leave)))


def classes(element: Any) -> list[str]:
    """Return the class names of an element."""
    return (element.get("class") or "").split()


def with_class(element: Any, name: str) -> list[Any]:
    """Return what is inside an element and carries a class, in order."""
    return [inner for inner in element.iter() if isinstance(inner.tag, str) and name in classes(inner)]


_RTF_MARK = re.compile(r"\\(?:[a-z]+-?\d* ?|'[0-9a-f]{2}|u-?\d+\??)|[{}]")


def rough_text(head: str) -> str:
    """Return the beginning of an RTF with enough of its marks gone to be recognised; the whole file is not converted for that.

    Examples
    --------
    >>> rough_text(r"{\\rtf1 1 of 3 DOCUMENTS\\par A vote}").strip()
    '1 of 3 DOCUMENTS\\nA vote'
    """
    return _RTF_MARK.sub("", re.sub(r"\\(?:par|line|page)\b ?|\}", "\n", head))


def rtf_text(text: str, name: str) -> str:
    """Return the plain text of RTF; text that is none comes back as it is (some archives call plain text .rtf).

    Examples
    --------
    >>> rtf_text(r"{\\rtf1\\ansi A reset.\\par}", "a.rtf")
    'A reset.\\n'
    """
    if not text.lstrip("\ufeff \r\n\t").startswith("{\\rtf"):
        return text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > LARGEST_RTF:
        raise FramingError(
            f"{name} has {len(text) / 1e6:,.0f} MB; an RTF is read up to {LARGEST_RTF / 1e6:,.0f} MB. Export it in parts."
        )
    from striprtf.striprtf import rtf_to_text

    # Line ends mean nothing in RTF. They keep the converter's search for fonts, which stops at them, from taking hours
    # where the table of fonts is not closed.
    text = re.sub(r"(?=\\f\d)", "\n", text)
    try:
        plain = str(rtf_to_text(text, errors="replace"))  # type: ignore[no-untyped-call]
        return plain.replace("\r\n", "\n").replace("\r", "\n")
    except (ValueError, TypeError, LookupError, OverflowError) as error:
        raise FramingError(f"{name} begins like RTF but cannot be read as RTF ({error}): it is damaged.") from error


def tidy(fields: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is empty."""
    return {name: value for name, value in fields.items() if value not in (None, "", [])}
