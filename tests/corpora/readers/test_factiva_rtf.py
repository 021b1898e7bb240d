"""Hold the reader of Factiva's RTF and text to articles with and without field codes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from toolkit.corpora.readers.base import Document, File, Item, Problem
from toolkit.corpora.readers.factiva_rtf import READER

ROWS = {
    "SE": "News",
    "HD": "Mayor calls for a reset",
    "BY": "By ADA SAMPLE",
    "WC": "808 words",
    "PD": "13 November 2017",
    "ET": "08:30",
    "SN": "The Post",
    "SC": "SPOST",
    "PG": "23",
    "LA": "English",
    "CY": "(c) 2017 Post Ltd",
}
TAIL = {"NS": "gpol : Politics", "RE": "usa : United States", "PUB": "Post Holdings"}
NUMBER = "SPOST00020171113edbd0001a"
EXPECTED = {
    "doc_id": NUMBER,
    "archive_id": NUMBER,
    "title": "Mayor calls for a reset",
    "author": "ADA SAMPLE",
    "source": "The Post",
    "source_code": "SPOST",
    "section": "News",
    "page": "23",
    "language": "English",
    "copyright": "(c) 2017 Post Ltd",
    "subject": "gpol : Politics",
    "region": "usa : United States",
    "publisher": "Post Holdings",
    "date": "13 November 2017 08:30",
    "n_words_stated": 808,
    "text": "The lead, in Zürich.\n\nIN other words, a second.\n\nAN end.",
}


def items(tmp_path: Path, content: str | bytes, name: str = "export.rtf") -> list[Item]:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(READER.read(File(name, path)))


def documents(found: list[Item]) -> list[dict[str, Any]]:
    return [item.fields for item in found if isinstance(item, Document)]


def rich(*parts: str) -> str:
    body = "".join(parts).replace("ü", r"\'fc")
    return r"{\rtf1\ansi\ansicpg1252{\info{\title Factiva RTF Display Format}}" + body + "}"


def row(code: str, value: str) -> str:
    return rf"\trowd\intbl {code}\cell {value}\cell\row "


def test_rtf_with_codes(tmp_path: Path):
    """Each row of the table is a field; words in capitals at the head of a paragraph are not taken for codes."""
    text = row("LP", "The lead, in Zürich.") + row("TD", r"IN other words, a second.\par AN end.")
    head = "".join(row(code, value) for code, value in ROWS.items())
    tail = "".join(row(code, value) for code, value in {**TAIL, "AN": f"Document {NUMBER}"}.items())
    assert documents(items(tmp_path, rich(head, text, tail, r"\page "))) == [EXPECTED]


def test_text_with_codes(tmp_path: Path):
    """In text the codes stand in a column; wrapped lines are joined, and empty lines part paragraphs."""
    head = "".join(f"{code}    {value}\n" for code, value in ROWS.items())
    text = "LP\nThe lead,\nin Zürich.\n\nTD\nIN other words,\na second.\n\nAN end.\n\n"
    tail = "".join(f"{code}\n{value}\n" for code, value in {**TAIL, "AN": f"Document {NUMBER}"}.items())
    assert documents(items(tmp_path, head + text + tail, "export.txt")) == [EXPECTED]


def test_rtf_without_codes(tmp_path: Path):
    """Without codes the order of the lines tells, from the length on; the headline is the longest line above it."""
    lines = [
        "News",
        "Mayor calls for a reset",
        "By ADA SAMPLE",
        "808 words",
        "13 November 2017",
        "08:30",
        "The Post",
        "SPOST",
    ]
    lines += [
        "23",
        "English",
        "(c) 2017 Post Ltd",
        "",
        "The lead, in Zürich.",
        "IN other words, a second.",
        "AN end.",
        "",
    ]
    one = r"\par ".join([*lines, f"Document {NUMBER}", ""])
    expected = {name: value for name, value in EXPECTED.items() if name not in ("subject", "region", "publisher")}
    found = documents(items(tmp_path, rich(one, one.replace("0001a", "0001b"))))
    assert found == [expected, {**expected, "doc_id": NUMBER[:-1] + "b", "archive_id": NUMBER[:-1] + "b"}]


def test_plain_text_that_is_called_rtf(tmp_path: Path):
    """A file that ends in .rtf and is plain text is read as text."""
    text = f"Mayor calls for a reset\n808 words\n13 November 2017\nThe Post\nSPOST\nEnglish\n(c) Post\n\nIt\nbegins.\n\nIt ends.\n\nDocument {NUMBER}\n"
    assert documents(items(tmp_path, text))[0]["text"] == "It begins.\n\nIt ends."


def test_a_file_that_was_cut_off(tmp_path: Path):
    """The last article is read though its end is missing, and the account says so."""
    head = "".join(f"{code}    {value}\n" for code, value in ROWS.items())
    found = items(tmp_path, head + "LP\nThe lead.\n", "export.txt")
    assert found[0] == Problem(
        "document 1", "odd", "It has no line with a document number: the file may be cut off here."
    )
    assert documents(found)[0]["text"] == "The lead."


def test_an_empty_file(tmp_path: Path):
    """An empty file gives nothing."""
    assert items(tmp_path, "") == []


def test_recognising(tmp_path: Path):
    """RTF is told by its title or a document number, text by its codes or by length and number."""
    head = "".join(f"{code}    {value}\n" for code, value in ROWS.items())
    sure = []
    for content in (
        rich("x"),
        r"{\rtf1 Letter}",
        head,
        f"808 words\nDocument {NUMBER}\n",
        "AN old story\nIN town\n",
        "",
    ):
        (tmp_path / "a.rtf").write_text(content)
        sure.append(READER.recognise(File("a.rtf", tmp_path / "a.rtf")))
    assert sure == [90, 0, 90, 85, 0, 0]
