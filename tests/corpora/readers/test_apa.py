"""Hold the reader of the APA's export to RTF and to plain text, and to dates that are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from toolkit.corpora.readers.apa import READER
from toolkit.corpora.readers.base import Document, File, Item, Problem

RULE = "_" * 67
PRINTED = '"Neue Nachrichten" vom 23.10.2017 Seite: 2\nRessort: Politik\n\nBürgermeisterin\nbeginnt neu\n\nEs\nbeginnt.\n\nVon: oben.\n\n'


def items(tmp_path: Path, content: str | bytes) -> list[Item]:
    path = tmp_path / "export.rtf"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(READER.read(File("export.rtf", path)))


def documents(found: list[Item]) -> list[dict[str, Any]]:
    return [item.fields for item in found if isinstance(item, Document)]


def rich(text: str) -> str:
    """Build RTF as the archive does: with UTF-8 as it stands, and formats around single words."""
    body = text.replace("\n", r"\plain\f0\fs20\par\pard\plain ").replace("neu", r"\plain\b neu\plain ")
    return r"{\rtf\ansi{\fonttbl{\f0\fnil Arial;}}\plain " + body + "}"


def test_plain_text(tmp_path: Path):
    """Plain text that is called .rtf: labels are fields, wrapped lines are joined, and a rule parts articles."""
    expected = {
        "source": "Neue Nachrichten",
        "date": "23.10.2017",
        "page": "2",
        "section": "Politik",
        "title": "Bürgermeisterin beginnt neu",
        "text": "Es beginnt.\n\nVon: oben.",
    }
    assert items(tmp_path, f"{PRINTED}{RULE}\n{PRINTED}") == [
        Document("document 1", expected),
        Document("document 2", expected),
    ]


def test_rtf(tmp_path: Path):
    """In RTF each line is a paragraph, and formats leave no trace."""
    text = (
        '"Neue Nachrichten" vom 23.10.2017\nRessort: Politik\n\nBürgermeisterin beginnt neu\n\nEs beginnt.\nEs endet.\n'
    )
    assert documents(items(tmp_path, rich(text))) == [
        {
            "source": "Neue Nachrichten",
            "date": "23.10.2017",
            "section": "Politik",
            "title": "Bürgermeisterin beginnt neu",
            "text": "Es beginnt.\n\nEs endet.",
        }
    ]


def test_a_headline_of_two_lines_in_rtf(tmp_path: Path):
    """A headline too long for its line goes on in the next, up to the empty line; a byline under a short one stays apart."""
    long = '"Neue Nachrichten" vom 23.10.2017\n\nBürgermeisterin der kleinen Stadt am See beginnt\nneu\n\nEs beginnt.\n'
    short = '"Neue Nachrichten" vom 23.10.2017\n\nBürgermeisterin beginnt neu\nVon Ada Muster\n\nEs beginnt.\n'
    found = documents(items(tmp_path, rich(f"{long}{RULE}\n{short}")))
    assert [(fields["title"], fields["text"]) for fields in found] == [
        ("Bürgermeisterin der kleinen Stadt am See beginnt neu", "Es beginnt."),
        ("Bürgermeisterin beginnt neu", "Von Ada Muster\n\nEs beginnt."),
    ]


def test_found_is_not_published(tmp_path: Path):
    """The moment at which an article was found is kept, and is not its date; the account says so once."""
    text = '"Nachrichten.example" gefunden am 28.12.2017 10:36 Uhr\n\nTitel\n\nText.\n'
    found = items(tmp_path, rich(f"{text}{RULE}\n{text}"))
    assert (
        documents(found)
        == [{"source": "Nachrichten.example", "date_found": "28.12.2017 10:36", "title": "Titel", "text": "Text."}] * 2
    )
    note = "2 articles say when they were found (28.12.2017 10:36), not when they were published: they are undated."
    assert [item for item in found if isinstance(item, Problem)] == [Problem("file", "odd", note)]


def test_what_stands_before_the_first_article(tmp_path: Path):
    """A cover is named in the account; a file with no article at all is unparsed."""
    assert items(tmp_path, f"Trefferliste\n{PRINTED}")[0] == Problem(
        "file", "odd", "Before the first line of outlet and date stands: 'Trefferliste'."
    )
    assert items(tmp_path, "Ein Brief.") == [
        Problem("file", "unparsed", "Before the first line of outlet and date stands: 'Ein Brief.'.")
    ]


def test_a_file_that_was_cut_off(tmp_path: Path):
    """An article of which only the first lines are there is read or reported."""
    head = PRINTED[: PRINTED.index("\nbeginnt neu")]
    found = items(tmp_path, PRINTED + head)
    assert found[1] == Problem("document 2", "odd", "It has a headline and no text.")
    assert documents(found)[1]["title"] == "Bürgermeisterin"
    found = items(tmp_path, PRINTED + PRINTED[: PRINTED.index("\n")])
    assert found[1] == Problem("document 2", "unparsed", "It has neither a headline nor a text.")


def test_a_quotation_is_no_header(tmp_path: Path):
    """A sentence that begins with a quotation is not taken for the line of outlet and date."""
    (fields,) = documents(items(tmp_path, PRINTED + '"Ja" sagte sie am 23.10.2017.\n'))
    assert fields["text"].endswith('"Ja" sagte sie am 23.10.2017.')


def test_an_empty_file(tmp_path: Path):
    """An empty file gives nothing."""
    assert items(tmp_path, "") == []


def test_recognising(tmp_path: Path):
    """The line of outlet and date tells, in text and through the marks of RTF."""
    sure = []
    for content in (PRINTED, rich(PRINTED), r"{\rtf1 Brief}", "Ein Brief", ""):
        (tmp_path / "a.rtf").write_text(content)
        sure.append(READER.recognise(File("a.rtf", tmp_path / "a.rtf")))
    assert sure == [90, 90, 0, 0, 0]
