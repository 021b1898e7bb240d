"""Hold the reader of LexisNexis text to its layouts and their quirks, in files written here."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolkit.corpora.readers.base import Declared, Document, File, Problem
from toolkit.corpora.readers.lexisnexis_txt import READERS

READER = READERS[0]

COVER = """\
Download Request: Selected Items: 1-2
Time Of Request: Friday, March 20, 2015  16:51:31

Terms: (reset and not
(TYPE(web)))


"""


def middle(*lines: str) -> str:
    return "\n".join(line.center(80).rstrip() for line in lines)


def article(number: str, mast: str, rest: str) -> str:
    return f"{middle(number)}\n\n\n{mast}\n\n{rest}\n\n"


FIRST = article(
    "1 of 2 DOCUMENTS",
    middle("The Harbour Herald (Leeds)") + "\n\n" + middle("January 11, 2010 Monday", "Edition 1;", "Scotland"),
    """\
A bridge is opened;
The mayor cuts the ribbon twice, since the first pair of scissors that was
brought along did not cut

BYLINE: By Ada Quill

SECTION: NEWS; Pg. 3

LENGTH: 1,355 words


The bridge over the harbour was opened on Monday, two years later than it was
promised.


It is said to be long.

LOAD-DATE: January 12, 2010

LANGUAGE: ENGLISH

GRAPHIC: The mayor with his
scissors

PUBLICATION-TYPE: Newspaper


"""
    + middle("Copyright 2010 Harbour Press Ltd.", "All Rights Reserved"),
)
SECOND = article(
    "2 of 2 DOCUMENTS",
    middle("Hafen-Bote") + "\n\n" + middle("Mittwoch 31. August 2011"),
    "Eine Brücke\n\nAUTOR: Emil Feder\n\nRUBRIK: S. 7 Ausg. 167\n\nLÄNGE: 306 Wörter\n\nSie steht.\n\n"
    "UPDATE: 2. September 2011\n\nSPRACHE: GERMAN; DEUTSCH\n",
)


def read(folder: Path, text: str, encoding: str = "utf-8") -> tuple[list[dict], list[Problem], list[int]]:
    path = folder / "export.txt"
    path.write_bytes(text.encode(encoding))
    file = File("export.txt", path)
    assert READER.recognise(file) >= 75
    items = list(READER.read(file))
    return (
        [item.fields for item in items if isinstance(item, Document)],
        [item for item in items if isinstance(item, Problem)],
        [item.n for item in items if isinstance(item, Declared)],
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_head_body_and_tail(tmp_path, encoding, end):
    """A cover is skipped; each article has its fields; wrapped lines are joined, and two empty lines end nothing."""
    found, problems, declared = read(tmp_path, (COVER + FIRST + SECOND).replace("\n", end), encoding)
    assert declared == [2]
    assert found[0] == {
        "source": "The Harbour Herald (Leeds)",
        "date": "January 11, 2010 Monday",
        "edition": "Edition 1; Scotland",
        "title": "A bridge is opened; The mayor cuts the ribbon twice, since the first pair of scissors that was brought along did not cut",
        "author": "Ada Quill",
        "section": "NEWS; Pg. 3",
        "page": "3",
        "n_words_stated": 1355,
        "text": "The bridge over the harbour was opened on Monday, two years later than it was promised.\n\nIt is said to be long.",
        "load_date": "January 12, 2010",
        "language": "ENGLISH",
        "graphic": "The mayor with his scissors",
        "publication_type": "Newspaper",
        "copyright": "Copyright 2010 Harbour Press Ltd. All Rights Reserved",
    }  # fmt: skip
    assert found[1] == {
        "source": "Hafen-Bote",
        "date": "Mittwoch 31. August 2011",
        "title": "Eine Brücke",
        "author": "Emil Feder",
        "section": "S. 7 Ausg. 167",
        "page": "7",
        "n_words_stated": 306,
        "text": "Sie steht.",
        "load_date": "2. September 2011",
        "language": "GERMAN; DEUTSCH",
    }
    assert [problem.kind for problem in problems] == (["mended"] if encoding == "cp1252" else [])


@pytest.mark.parametrize(
    ("counter", "declared"),
    [
        ("1 of 1 DOCUMENT", 1),
        ("FOCUS - 1 of 1 DOCUMENTS", 1),
        ("Dokument 1 von 1", 1),
        ("Document 1 de 1", 1),
        ("7 of 12 DOCUMENTS", 1),
    ],
)
def test_counters(tmp_path, counter, declared):
    """The counter is known in its languages, with FOCUS, for one document, and where a file is a slice of a larger export."""
    found, _, said = read(
        tmp_path,
        article(
            counter, middle("Herald") + "\n\n" + middle("May 5, 2010"), "A bridge\n\nLENGTH: 2 words\n\nIt stands.\n"
        ),
    )
    assert (len(found), said) == (1, [declared])
    assert found[0]["text"] == "It stands."


def test_a_flush_counter_is_one(tmp_path):
    """A counter that lost its indentation still begins a document; a sentence about documents does not."""
    text = (
        "3 of 12 DOCUMENTS\n\n"
        + middle("Herald")
        + "\n\nA find\n\nLENGTH: 9 words\n\nHe had read 3 of 12 documents.\n\nLOAD-DATE: May 5, 2010\n"
    )
    found, _, _ = read(tmp_path, text)
    assert [fields["text"] for fields in found] == ["He had read 3 of 12 documents."]


def test_several_exports_pasted_together(tmp_path):
    """Where counters begin again, each of them declares one document."""
    found, problems, declared = read(
        tmp_path, FIRST.replace("1 of 2", "1 of 204") + FIRST.replace("1 of 2", "1 of 204") + SECOND
    )
    assert (len(found), declared, problems) == (3, [3], [])


def test_a_missing_document_is_named(tmp_path):
    """A hole in the counters, and an end before the last number, are said."""
    found, problems, declared = read(tmp_path, FIRST.replace("1 of 2", "1 of 9") + SECOND.replace("2 of 2", "4 of 9"))
    assert (len(found), declared) == (2, [9])
    assert [problem.note for problem in problems] == [
        "The counters go from 1 to 4: 2 documents are not in the file.",
        "The file says that it has 9 documents and ends with number 4 of 9: it is a part, or cut off.",
    ]


def test_french_labels_and_an_intro_before_the_text(tmp_path):
    """A copyright may come first; TITRE is the headline, CHAPEAU the standfirst over several lines, ARTICLE begins the text."""
    mast = middle("Copyright 2003 Le Phare", "Le Phare") + "\n\n" + middle("27 mars 2003")
    rest = "SECTION: Sports\n\nLONGUEUR: 876 mots\n\nTITRE: Un pont;\nIl tient\n\nSIGNATURE: Zoé Plume\n\nCHAPEAU:\n\n\n\nOn l'attendait.\n\nLongtemps.\n\n"
    rest += "ARTICLE:\n\n\nLe pont est là.\n\nDATE-CHARGEMENT: 4 avril 2003\n\nLANGUE: FRENCH; FRANÇAIS\n"
    found, problems, _ = read(tmp_path, article("1 of 1 DOCUMENTS", mast, rest))
    assert problems == []
    assert found == [
        {"source": "Le Phare", "date": "27 mars 2003", "copyright": "Copyright 2003 Le Phare", "section": "Sports", "n_words_stated": 876,
         "title": "Un pont; Il tient", "author": "Zoé Plume", "standfirst": "On l'attendait.\n\nLongtemps.", "text": "Le pont est là.",
         "load_date": "4 avril 2003", "language": "FRENCH; FRANÇAIS"},
    ]  # fmt: skip


def test_dutch_labels(tmp_path):
    """A weekday under the date belongs to it; KOP and TEKST mark headline and text."""
    mast = middle("De Havenbode") + "\n\n" + middle("December 31, 2008", "woensdag")
    rest = "SECTION: STAD; Blz. 9\n\nLENGTE: 12 woorden\n\nKOP: Een brug\n\nAUTEUR: Jan Veer\n\nTEKST:\n\nZij staat er.\n\nTAAL: DUTCH; NEDERLANDS\n"
    found, _, _ = read(tmp_path, article("1 of 1 DOCUMENTS", mast, rest))
    assert found[0] == {
        "source": "De Havenbode", "date": "December 31, 2008 woensdag", "section": "STAD; Blz. 9", "page": "9", "n_words_stated": 12,
        "title": "Een brug", "author": "Jan Veer", "text": "Zij staat er.", "language": "DUTCH; NEDERLANDS",
    }  # fmt: skip


def test_speakers_are_no_labels(tmp_path):
    """What only looks like a label (a speaker, a line of a schedule, LENGTH in metres) stays in the text."""
    body = "ANNOUNCER: Good evening.\n\nCAM: Hello.\n\nLENGTH: 19.43 meters is what it measures.\n\nURL: none"
    rest = (
        f"A talk\n\nHOST: Ada Quill\n\nLENGTH: 12567  words\n\n\n\n{body}\n\nThat was all.\n\nLOAD-DATE: May 6, 2010\n"
    )
    found, _, _ = read(
        tmp_path,
        article(
            "1 of 1 DOCUMENTS",
            middle("TV One") + "\n\n" + middle("May 5, 2010") + "\n\n" + middle("SHOW: EVENING 7:00 PM EST"),
            rest,
        ),
    )
    assert found[0]["text"] == f"{body}\n\nThat was all."
    assert (found[0]["show"], found[0]["anchors"], found[0]["n_words_stated"]) == (
        "EVENING 7:00 PM EST",
        "Ada Quill",
        12567,
    )


def test_a_headline_over_the_date_and_no_labels_before_the_body(tmp_path):
    """The headline may stand before the date, a time under it, and section and length only after the body."""
    mast = (
        middle("Agency")
        + "\n\nLEADALL: A bridge falls\n\n"
        + middle("April 20, 2003, Sunday", "23:22 Central European Time")
    )
    found, _, _ = read(
        tmp_path,
        article(
            "1 of 1 DOCUMENTS", mast, "\nIt fell.\n\nSECTION: Politics\n\nLENGTH: 2 words\n\nLOAD-DATE: May 8, 2003\n"
        ),
    )
    assert found == [
        {"source": "Agency", "date": "April 20, 2003, Sunday 23:22 Central European Time", "title": "LEADALL: A bridge falls", "text": "It fell.",
         "section": "Politics", "n_words_stated": 2, "load_date": "May 8, 2003"},
    ]  # fmt: skip


def test_a_headline_that_looks_like_a_date(tmp_path):
    """The date is taken from the middle of the page, never from the headline."""
    for title in ("May 6, 1999: a day", "2000 um 4,5", "Living with it, part 1"):
        found, _, _ = read(
            tmp_path,
            article(
                "1 of 1 DOCUMENTS",
                middle("Herald") + "\n\n" + middle("May 5, 2010"),
                f"{title}\n\nLENGTH: 2 words\n\nIt stands.\n",
            ),
        )
        assert (found[0]["title"], found[0]["date"]) == (title, "May 5, 2010")


def test_without_headline_date_length_or_body(tmp_path):
    """What is missing is missing and moves nothing; without a date the load date is taken, and that is said."""
    no_title = article(
        "1 of 3 DOCUMENTS",
        middle("Wire") + "\n\n" + middle("May 5, 2010"),
        "SECTION: WORLD\n\n\nFLASH: IT STANDS\n\nLOAD-DATE: May 6, 2010\n",
    )
    no_date = article(
        "2 of 3 DOCUMENTS", middle("Weekly"), "A bridge\n\nBYLINE: Ada Quill\n\nIt stands.\n\nLOAD-DATE: May 9, 2010\n"
    )
    no_body = article(
        "3 of 3 DOCUMENTS",
        middle("Herald") + "\n\n" + middle("May 5, 2010"),
        "A photo\n\nSECTION: NEWS\n\nLOAD-DATE: May 6, 2010\n\nGRAPHIC: A bridge\n",
    )
    found, problems, declared = read(tmp_path, no_title + no_date + no_body)
    assert declared == [3]
    assert [fields.get("title") for fields in found] == [None, "A bridge", "A photo"]
    assert [fields["text"] for fields in found] == ["FLASH: IT STANDS", "It stands.", ""]
    assert (found[1]["date"], found[1]["date_is_load_date"], "date_is_load_date" in found[0]) == (
        "May 9, 2010",
        True,
        False,
    )
    assert [(problem.place, problem.note) for problem in problems] == [
        (
            problems[0].place,
            "It prints no date; its load date (May 9, 2010) is taken, which can be a day or more later.",
        )
    ]
    assert problems[0].place.startswith("document 2, line ")


def test_a_sentence_on_copyright_is_text(tmp_path):
    """The last paragraph of a body stays in it though its first word is Copyright; the note under it does not."""
    rest = "Iron is dear\n\nSECTIE: ECONOMIE; Pag. 2\n\nLENGTH: 9 words\n\n\nIt is iron.\n\nCopyright law is hard.\n\n"
    rest += "LOAD-DATE: May 6, 2010\n\n" + middle("Copyright 2010 Harbour Press", "All Rights Reserved")
    found, _, _ = read(tmp_path, article("1 of 1 DOCUMENTS", middle("Herald") + "\n\n" + middle("May 5, 2010"), rest))
    assert found[0]["text"] == "It is iron.\n\nCopyright law is hard."
    assert found[0]["copyright"] == "Copyright 2010 Harbour Press All Rights Reserved"
    assert (found[0]["section"], found[0]["page"]) == ("ECONOMIE; Pag. 2", "2")


def test_a_correction_and_tables(tmp_path):
    """A correction goes to its column with a note; the rows of a table keep their lines."""
    rest = "A price\n\nLENGTH: 9 words\n\n\nTable: prices\nIron       33. 30.\nWood       4.2 4.1\n\nThe end.\n\n"
    rest += "LANGUAGE: ENGLISH\n\nCORRECTION-DATE: May 7, 2010\n\nCORRECTION:\n\nIron is dearer.\n\nLOAD-DATE: May 6, 2010\n"
    found, problems, _ = read(
        tmp_path,
        article("1 of 1 DOCUMENTS", middle("Herald") + "\n\n" + middle("May 5, 2010", "Correction Appended"), rest),
    )
    assert found[0]["text"] == "Table: prices\nIron       33. 30.\nWood       4.2 4.1\n\nThe end."
    assert (found[0]["correction"], found[0]["correction_date"]) == ("Iron is dearer.", "May 7, 2010")
    assert [problem.note for problem in problems] == [
        "A correction is appended to it; what it says is in the column correction."
    ]


def test_the_error_stub_is_no_article(tmp_path):
    """Where the archive printed an error there is a problem and no article; the others are read."""
    stub = article(
        "1 of 2 DOCUMENTS",
        "",
        "We are sorry but there is an error in this document and it is not possible to display it.\n",
    )
    found, problems, declared = read(tmp_path, stub + SECOND)
    assert (len(found), declared) == (1, [2])
    assert [(p.kind, p.note) for p in problems] == [
        ("unparsed", "The archive printed an error in place of this document.")
    ]


def test_the_online_form(tmp_path):
    """Newspaper, address, date, headline, words and lead in flush lines are read by their order, as an excerpt."""
    text = "12 of 169 DOCUMENTS\n\n\nHavenbode\n\nhttp://www.example.org/2016/04/03/brug\n-af.html\n\n3 april 2016 zondag\n\n'De brug is af'\n\n184 words\n\n\n"
    found, _, _ = read(tmp_path, text + "       Bewaar lees artikel Zij staat er...\n")
    assert found == [
        {"source": "Havenbode", "url": "http://www.example.org/2016/04/03/brug-af.html", "date": "3 april 2016 zondag", "title": "'De brug is af'",
         "n_words_stated": 184, "text": "Zij staat er...", "text_is_excerpt": True},
    ]  # fmt: skip


def test_a_file_without_counters(tmp_path):
    """A file without a counter is not recognised, and reading it all the same says why nothing comes."""
    path = tmp_path / "a.txt"
    path.write_text("LENGTH: 3 words\n\nIt stands.\n")
    assert READER.recognise(File("a.txt", path)) == 0
    assert list(READER.read(File("a.txt", path))) == [
        Problem("file", "unparsed", 'It has no line such as "1 of 12 DOCUMENTS", so that no document was found in it.')
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_files_do_not_raise(tmp_path, data):
    """Cut, doubled or overwritten bytes give documents and problems, never an exception."""
    raw = bytearray((COVER + FIRST + SECOND).encode())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 200))] = data.draw(st.binary(max_size=20))
        raw = raw or bytearray(b" ")
    path = tmp_path / "damaged.txt"
    path.write_bytes(raw)
    file = File("damaged.txt", path)
    assert 0 <= READER.recognise(file) <= 100
    assert all(isinstance(item, (Document, Problem, Declared)) for item in READER.read(file))
