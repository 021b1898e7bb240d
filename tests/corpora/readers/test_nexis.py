"""Hold the reader of Nexis Uni's DOCX and RTF to its layouts and their quirks, in files written here."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolkit.corpora.readers.base import Declared, Document, File, Problem
from toolkit.corpora.readers.nexis import READERS
from toolkit.tables import FramingError

DOCX, RTF = READERS
END = "\nEnd of Document"
COVER = ["", "User Name: ADA QUILL", "Date and Time: Wednesday, December 19, 2018 7:11:00 PM JST", "Job Number: 1", "Documents (2)",
         "1. A bridge;It stands", "Client/Matter: -None-", "Search Terms: bridge", "Search Type: Natural Language ", "Narrowed by: ", "",
         [["Content Type", "Narrowed by"], ["News", "Sources: The Harbour Herald; Content Type: News"]], "",
         "2. Eine Brücke", "Client/Matter: -None-", "Search Terms: bridge", "", ""]  # fmt: skip
FULL = ["", "", "A bridge; It stands", "The Harbour Herald(Leeds)", "May 30, 2014 Friday, Late Edition - Final", "",
        "\nCopyright 2014 Harbour Press All Rights Reserved", "\n", "Section:\xa0NEWS; Pg. 3", "Length:\xa01,937 words",
        "Byline:\xa0By Ada Quill and Zoë Plume; Ada Quill reported from the bridge.", "\nInternational Herald", "Dateline:\xa0LEEDS, May 29 ",
        "Highlight:\xa0At last.", "Body", "", "", "ABSTRACT", "It took two years.", "FULL TEXT", " The bridge was opened.", "",
        "", "Note: it is long.", "Classification", "", "", "Language:\xa0ENGLISH", "\nPublication-Type:\xa0Newspaper", "\nJournal Code:\xa0HH",
        "\nSubject:\xa0BRIDGES (93%); HARBOURS (90%)", "\nOrganization:\xa0HARBOUR BOARD (84%)", "\nLoad-Date:\xa0May 31, 2014", "", END]  # fmt: skip
BARE = [
    "",
    "",
    "A ferry",
    " The Harbour Herald - Final Edition",
    "April 16, 2005",
    "",
    "Body",
    "",
    "It sails.",
    "\nLoad-Date:\xa0April 17, 2005",
    "",
    END,
]
GERMAN = ["", "", "Eine Brücke", "Hafen-Bote", "31. August 2011 Mittwoch", "", "\nCopyright 2011 Hafen-Bote Alle Rechte vorbehalten",
          "Rubrik:\xa0S. 7", "Länge:\xa0306 Wörter", "Autor:\xa0Emil Feder", "Haupttext", "", "Sie steht.", "Klassifizierung", "", "Sprache:\xa0GERMAN",
          "\nLadedatum:\xa0September 2, 2011", "", "\nEnde des Dokuments"]  # fmt: skip
FRENCH = ["", "Un pont", "Le Phare", "mardi 12 avril 2013", "", "Rubrique:\xa0MONDE", "Longueur:\xa0143 mots", "Auteur:\xa0Zoé Plume", "Corps", "",
          "Il tient.", "Classification", "", "Langue:\xa0FRENCH", "\nDate de chargement:\xa013 avril 2013", "", "\nFin du document"]  # fmt: skip
SPANISH = ["", "Un puente", "El Faro", "12 de abril de 2013 martes", "", "Sección:\xa0MUNDO", "Longitud:\xa0143 palabras", "Autor:\xa0Zoe Pluma",
           "Cuerpo", "", "Aguanta.", "Clasificación", "", "Idioma:\xa0SPANISH",
           "\nFecha de carga:\xa013 de abril de 2013", "", "\nFin del documento"]  # fmt: skip
CHINESE = ["", "一座桥", "海港日报", "2013年4月12日 星期五", "", "版面：A1", "长度：143 字", "作者：李明", "正文", "", "桥在那里。", "分类", "",
           "语言：Chinese", "\n加载日期：2013年4月13日", "", "\n文档结尾"]  # fmt: skip


def write(path: Path, paragraphs: list) -> Path:
    """Write a DOCX: a string is a paragraph, a list of rows a table."""
    document = docx.Document()
    for content in paragraphs:
        if isinstance(content, str):
            document.add_paragraph(content)
        else:
            table = document.add_table(len(content), len(content[0]))
            for row, cells in zip(table.rows, content, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    cell.text = text
    document.save(str(path))
    return path


def rtf(paragraphs: list[str]) -> bytes:
    """Write an RTF as the export does: hard spaces as controls, other letters as code points."""
    text = "\\par\n".join(paragraphs).replace("\xa0", "\\~")
    coded = "".join(c if ord(c) < 128 else f"\\u{ord(c)}?" for c in text)
    return ("{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}\\f0 " + coded + "}").encode()


def items(path: Path, reader=DOCX) -> tuple[list[dict], list[Problem], list[int]]:
    found = list(reader.read(File(path.name, path)))
    return (
        [item.fields for item in found if isinstance(item, Document)],
        [item for item in found if isinstance(item, Problem)],
        [item.n for item in found if isinstance(item, Declared)],
    )


def read(folder: Path, *parts: list) -> tuple[list[dict], list[Problem], list[int]]:
    path = write(folder / "export.docx", [paragraph for part in parts for paragraph in part])
    assert DOCX.recognise(File("export.docx", path)) >= 90
    return items(path)


FULL_FIELDS = {
    "title": "A bridge; It stands",
    "source": "The Harbour Herald (Leeds)",
    "date": "May 30, 2014 Friday, Late Edition - Final",
    "edition": "Late Edition - Final",
    "copyright": "Copyright 2014 Harbour Press All Rights Reserved",
    "section": "NEWS; Pg. 3",
    "page": "3",
    "n_words_stated": 1937,
    "author": "Ada Quill and Zoë Plume; Ada Quill reported from the bridge.; International Herald",
    "dateline": "LEEDS, May 29",
    "standfirst": "At last.",
    "language": "ENGLISH",
    "publication_type": "Newspaper",
    "journal_code": "HH",
    "subject": "BRIDGES (93%); HARBOURS (90%)",
    "organization": "HARBOUR BOARD (84%)",
    "load_date": "May 31, 2014",
    "text": "The bridge was opened.\n\nNote: it is long.",
}


def test_an_article_with_everything(tmp_path):
    """Every field is read by its place or label, and the body holds its paragraphs, a line with a colon included."""
    article = [text for text in FULL if text not in ("ABSTRACT", "It took two years.", "FULL TEXT")]
    assert read(tmp_path, article) == ([FULL_FIELDS], [], [1])


def test_an_abstract_is_a_standfirst(tmp_path):
    """An abstract before the full text is the standfirst where there is no other."""
    article = [text for text in FULL if not text.startswith("Highlight")]
    found, _, _ = read(tmp_path, article)
    assert (found[0]["standfirst"], found[0]["text"]) == ("It took two years.", FULL_FIELDS["text"])


def test_cover_and_no_classification(tmp_path):
    """The cover declares the documents and none of its lines becomes an article's; copyright, labels, classification may be missing."""
    found, problems, declared = read(tmp_path, COVER, FULL, BARE)
    assert (declared, problems) == ([2], [])
    assert [fields["title"] for fields in found] == ["A bridge; It stands", "A ferry"]
    assert found[1] == {"title": "A ferry", "source": "The Harbour Herald", "edition": "Final Edition", "date": "April 16, 2005",
                        "text": "It sails.", "load_date": "April 17, 2005"}  # fmt: skip


@pytest.mark.parametrize(
    ("article", "title", "source", "date", "author", "words", "text"),
    [
        (GERMAN, "Eine Brücke", "Hafen-Bote", "31. August 2011 Mittwoch", "Emil Feder", 306, "Sie steht."),
        (FRENCH, "Un pont", "Le Phare", "mardi 12 avril 2013", "Zoé Plume", 143, "Il tient."),
        (SPANISH, "Un puente", "El Faro", "12 de abril de 2013 martes", "Zoe Pluma", 143, "Aguanta."),
        (CHINESE, "一座桥", "海港日报", "2013年4月12日 星期五", "李明", 143, "桥在那里。"),
    ],
    ids=["German", "French", "Spanish", "Chinese"],
)
def test_other_languages(tmp_path, article, title, source, date, author, words, text):
    """Labels, marks and dates of other interface languages give the same fields."""
    found, problems, declared = read(tmp_path, article, article)
    assert (len(found), problems, declared) == (2, [], [2])
    for fields in found:
        assert [fields[name] for name in ("title", "source", "date", "author", "n_words_stated", "text")] == [
            title,
            source,
            date,
            author,
            words,
            text,
        ]
        assert {"section", "language", "load_date"} <= set(fields)


def test_missing_end_marks(tmp_path):
    """Where end marks are missing, in places or everywhere, the heads over the bodies part the articles."""
    some, problems, declared = read(tmp_path, FULL[:-1], BARE, GERMAN)
    assert [fields["title"] for fields in some] == ["A bridge; It stands", "A ferry", "Eine Brücke"]
    assert (declared, [p.note for p in problems]) == (
        [2],
        ["It has 2 end marks and 3 articles; those without were found by their heads."],
    )
    none, problems, declared = read(tmp_path, FULL[:-1], BARE[:-1], GERMAN[:-1])
    assert ([fields["text"] for fields in none], problems, declared) == (
        [FULL_FIELDS["text"], "It sails.", "Sie steht."],
        [],
        [],
    )


def test_several_exports_pasted_together(tmp_path):
    """Two covers add up, and the second one is no article either."""
    found, problems, declared = read(tmp_path, COVER, FULL, BARE, COVER, GERMAN, FRENCH)
    assert ([fields["title"] for fields in found], problems, declared) == (
        ["A bridge; It stands", "A ferry", "Eine Brücke", "Un pont"],
        [],
        [4],
    )


def test_a_headline_that_looks_like_a_date(tmp_path):
    """The headline is told from the date by its place."""
    for title in ("May 6, 1999: a day", "May 6, 1999", "2000 um 4,5", "Living with it, part 1"):
        found, _, _ = read(tmp_path, [title if text == "A ferry" else text for text in BARE])
        assert (found[0]["title"], found[0]["date"]) == (title, "April 16, 2005")


def test_missing_headline_and_length(tmp_path):
    """Without a headline the newspaper is still the newspaper; without a length there is none."""
    found, _, _ = read(tmp_path, [text for text in FULL if text != "A bridge; It stands" and "Length" not in text])
    assert "title" not in found[0] and "n_words_stated" not in found[0]
    assert (found[0]["source"], found[0]["date"]) == (
        "The Harbour Herald (Leeds)",
        "May 30, 2014 Friday, Late Edition - Final",
    )


def test_a_correction_in_the_place_of_the_date(tmp_path):
    """Where the date's place holds a correction note the load date is taken; the correction has its own column; both are said."""
    article = ["", "A bridge;\nIt stands - Correction Appended", "The Harbour Herald", "", "\n Correction Appended", "\nCopyright 2000 Harbour Press",
               "Section:\xa0NEWS", "Length:\xa09 words", "Body", "", "It is iron.", "Correction", "", "", "It is wood.",
               "Correction-Date:\xa0June 21, 2003", "\nLoad-Date:\xa0June 20, 2003", "", END]  # fmt: skip
    found, problems, _ = read(tmp_path, article)
    assert found == [
        {"title": "A bridge; It stands", "source": "The Harbour Herald", "copyright": "Copyright 2000 Harbour Press", "section": "NEWS",
         "n_words_stated": 9, "text": "It is iron.", "correction": "It is wood.", "correction_date": "June 21, 2003",
         "load_date": "June 20, 2003", "date": "June 20, 2003", "date_is_load_date": True},
    ]  # fmt: skip
    assert [(p.place, p.note) for p in problems] == [
        ("document 1", "It prints no date; its load date (June 20, 2003) is taken, which can be a day or more later."),
        ("document 1", "A correction is appended to it; what it says is in the column correction."),
    ]


def test_a_correction_that_is_not_set_apart(tmp_path):
    """Where only the note "Correction Appended" is there, the report does not promise what the correction says."""
    article = [
        "A bridge",
        "The Harbour Herald",
        "May 30, 2014 Friday",
        " Correction Appended",
        "",
        "Length:\xa09 words",
        "Body",
        "It is iron.",
        END,
    ]
    _, problems, _ = read(tmp_path, article)
    assert [(p.place, p.note) for p in problems] == [
        ("document 1", "A correction is appended to it; the export does not set it apart from the text.")
    ]


def test_empty_lines_in_the_head(tmp_path):
    """Empty lines between title, newspaper and date part none of them from its article, under a cover or not."""
    cover = ["Job Number: 1", "", "Documents (3)", "", "1. A bridge", "", "Search Type: Terms", ""]
    spaced = [
        "",
        "A bridge",
        "",
        "The Harbour Herald",
        "",
        "May 30, 2014 Friday",
        "",
        "Length:\xa09 words",
        "",
        "Body",
        "",
        "It is iron.",
        "",
        END,
    ]
    apart = [
        "",
        "A pier",
        "",
        "The Harbour Herald",
        "May 31, 2014 Saturday",
        "",
        "Length:\xa09 words",
        "Body",
        "It is wood.",
        END,
    ]
    found, problems, declared = read(tmp_path, cover, spaced, spaced, apart)
    assert [(fields["title"], fields["source"], fields["text"]) for fields in found] == [
        ("A bridge", "The Harbour Herald", "It is iron."),
        ("A bridge", "The Harbour Herald", "It is iron."),
        ("A pier", "The Harbour Herald", "It is wood."),
    ]
    assert (problems, declared) == ([], [3])


def test_a_heading_that_is_called_text(tmp_path):
    """A paragraph of the body that is the word of a body mark begins no second article."""
    article = [
        "A bridge",
        "The Harbour Herald",
        "May 30, 2014 Friday",
        "",
        "Length:\xa09 words",
        "Body",
        "It is iron.",
        "Text",
        "It is wood.",
        END,
    ]
    found, _, declared = read(tmp_path, article, article)
    assert [fields["text"] for fields in found] == ["It is iron.\n\nText\n\nIt is wood."] * 2
    assert declared == [2]


def test_transcripts_and_a_url(tmp_path):
    """Speakers and words with colons stay in the body; an address alone at its end is the url."""
    body = [
        "ANNOUNCER: Good evening.",
        "Host: Hello.",
        "Guests: They come in.",
        "Section: it has four.",
        "That was all.",
    ]
    found, _, _ = read(tmp_path, [*BARE[:8], *body, "\nhttps://www.example.org/talk", *BARE[9:]])
    assert (found[0]["text"], found[0]["url"]) == ("\n\n".join(body), "https://www.example.org/talk")


def test_tables_and_links_in_a_body(tmp_path):
    """The rows of a table stand in the text where the table stands, and a headline that is a link is read."""
    path = write(
        tmp_path / "export.docx",
        [*BARE[:2], "", *BARE[3:9], [["Iron", "33.30"], ["", ""], ["Wood", "4.20"]], "The end.", *BARE[9:]],
    )
    document = docx.Document(str(path))
    link, run, text = OxmlElement("w:hyperlink"), OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "A linked ferry"
    run.append(text)
    link.append(run)
    document.paragraphs[2]._p.append(link)
    link.set(qn("w:history"), "1")
    document.save(str(path))
    found, _, _ = items(path)
    assert (found[0]["title"], found[0]["text"]) == (
        "A linked ferry",
        "It sails.\n\nIron | 33.30\n\nWood | 4.20\n\nThe end.",
    )


def test_the_error_stub_is_no_article(tmp_path):
    """Where the archive printed an error there is a problem and no article."""
    stub = ["", "We are sorry but there is an error in this document and it is not possible to display it.", END]
    found, problems, declared = read(tmp_path, stub, BARE)
    assert (len(found), declared) == (1, [2])
    assert [(p.place, p.kind, p.note) for p in problems] == [
        ("document 1", "unparsed", "The archive printed an error in place of this document.")
    ]


def test_rtf_gives_what_docx_gives(tmp_path):
    """The same export as RTF has the same articles, cover or not."""
    lines = [text for text in COVER if isinstance(text, str)] + FULL + GERMAN
    path = tmp_path / "export.rtf"
    path.write_bytes(rtf([text.replace("\n", "\\line ") for text in lines]))
    assert RTF.recognise(File("export.rtf", path)) >= 80
    from_docx, _, declared = read(tmp_path, COVER, FULL, GERMAN)
    assert items(path, RTF) == (from_docx, [], declared)


def test_what_a_file_is_and_not_what_it_is_called(tmp_path):
    """An RTF called DOCX and plain text called RTF are read, and that is said."""
    false_docx, false_rtf = tmp_path / "a.DOCX", tmp_path / "b.rtf"
    false_docx.write_bytes(rtf(BARE))
    false_rtf.write_text(
        "\n".join(text.strip("\n") for text in [*BARE[:5], "Length: 2 words", *BARE[5:]]), encoding="utf-8"
    )
    assert DOCX.recognise(File("a.DOCX", false_docx)) >= 80 and RTF.recognise(File("b.rtf", false_rtf)) >= 80
    for path, reader, note in (
        (false_docx, DOCX, "It is called a DOCX and is an RTF; it was read as one."),
        (false_rtf, RTF, "It is called an RTF and is plain text; it was read as that."),
    ):
        found, problems, _ = items(path, reader)
        assert ([fields["text"] for fields in found], problems) == (["It sails."], [Problem("file", "mended", note)])


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "a.docx is empty. Download it again."),
        (
            b"<html>Sign in</html>",
            "a.docx is no zip: the download is not a real DOCX, or is cut off. Download it again.",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "a.docx is a Word file of before 2007, or encrypted. Save it as DOCX in a word processor.",
        ),
    ],
)
def test_what_is_no_docx(tmp_path, content, error):
    """A file that is no DOCX is refused with what it is and what to do."""
    path = tmp_path / "a.docx"
    path.write_bytes(content)
    with pytest.raises(FramingError) as raised:
        items(path)
    assert str(raised.value) == error


def test_a_zip_that_is_no_word_document(tmp_path):
    """A zip of other things, and a DOCX that is cut off, are refused."""
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert DOCX.recognise(File("a.docx", path)) == 0
    with pytest.raises(FramingError, match=r"^a\.docx is a zip but no Word document that can be read"):
        items(path)
    whole = write(tmp_path / "b.docx", FULL).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FramingError, match=r"^a\.docx is not a zip archive, or is cut off"):
        items(path)


def test_a_docx_without_articles(tmp_path):
    """A Word document of another kind gives no article, and a problem that says what was looked for."""
    path = write(tmp_path / "a.docx", ["A letter"])
    assert 0 < DOCX.recognise(File("a.docx", path)) < 50
    assert items(path) == (
        [], [Problem("file", "unparsed", "It has no article in the layout of Nexis: no end mark, no label such as Length, no body.")], [],
    )  # fmt: skip


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_order_of_paragraphs_is_read(tmp_path, data):
    """Paragraphs left out, doubled or moved give documents and problems, never an exception."""
    pool = (
        [text for text in COVER if isinstance(text, str)]
        + FULL
        + BARE
        + CHINESE
        + ["", "\n", "：", ":\xa0", "Body", "Classification"]
    )
    path = tmp_path / "moved.rtf"
    path.write_text("\n".join(data.draw(st.lists(st.sampled_from(pool), max_size=80))), encoding="utf-8")
    assert 0 <= RTF.recognise(File("moved.rtf", path)) <= 100
    assert all(isinstance(item, (Document, Problem, Declared)) for item in RTF.read(File("moved.rtf", path)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_files_are_refused_or_read(tmp_path, data):
    """Overwritten bytes of a DOCX or an RTF give articles, problems or an error of the toolkit, and no other."""
    suffix = data.draw(st.sampled_from(["docx", "rtf"]))
    raw = bytearray(write(tmp_path / "whole.docx", FULL).read_bytes() if suffix == "docx" else rtf(FULL))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 60))] = data.draw(st.binary(max_size=20))
    path = tmp_path / f"damaged.{suffix}"
    path.write_bytes(raw)
    for reader in READERS:
        assert 0 <= reader.recognise(File(path.name, path)) <= 100
    try:
        items(path)
    except FramingError as error:
        assert path.name in str(error)
