"""Hold the reader of LexisNexis HTML to its layouts and their quirks, in files written here."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolkit.corpora.readers.base import Declared, Document, File, Problem
from toolkit.corpora.readers.lexisnexis_html import READER

STYLE = ".m { text-align: center; }\n.n { text-align: center; margin-left: 13%; }\n.l { text-align: left; }\n.p { text-align: left; margin-top: 1em; }\n"


def middle(text: str) -> str:
    return f'<BR><DIV CLASS="n"><P CLASS="q"><SPAN CLASS="r">{text}</SPAN></P>\n</DIV>\n'


def line(text: str) -> str:
    return f'<BR><DIV CLASS="l"><P CLASS="q"><SPAN CLASS="b">{text}</SPAN></P>\n</DIV>\n'


def label(name: str, value: str) -> str:
    return (
        f'<BR><DIV CLASS="l"><P CLASS="q"><SPAN CLASS="b">{name}: </SPAN><SPAN CLASS="r">{value}</SPAN></P>\n</DIV>\n'
    )


def body(*paragraphs: str) -> str:
    return (
        '<BR><DIV CLASS="l">'
        + "\n".join(f'<P CLASS="p"><SPAN CLASS="r">{text}</SPAN></P>' for text in paragraphs)
        + "\n</DIV>\n"
    )


def document(content: str, n: int = 1) -> str:
    return (
        f'<A NAME="DOC_ID_{n}_0"></A><!-- Hide XML section from browser\n<DOC NUMBER=1>\n<DOCFULL> -->\n{content}'
        "<!-- Hide XML section from browser\n</DOCFULL>\n</DOC> -->\n"
    )


def export(*documents: str, n: int | None = None) -> str:
    joined = "".join(document(content, at) for at, content in enumerate(documents, 1))
    return (
        f'<HTML>\n<HEAD>\n<STYLE TYPE="text/css"><!--\n{STYLE}--></STYLE>\n<TITLE>&nbsp;</TITLE>\n'
        f'<META TOPIC="null" DOCUMENTS="{len(documents) if n is None else n}" UPDATED="Monday" /></HEAD>\n<BODY>\n{joined}</BODY></HTML>'
    )


def read(folder: Path, text: str, encoding: str = "utf-8") -> tuple[list[dict], list[Problem], list[int]]:
    path = folder / "export.html"
    path.write_bytes(text.encode(encoding))
    file = File("export.html", path)
    assert READER.recognise(file) >= 60
    items = list(READER.read(file))
    return (
        [item.fields for item in items if isinstance(item, Document)],
        [item for item in items if isinstance(item, Problem)],
        [item.n for item in items if isinstance(item, Declared)],
    )


FULL = (
    middle("1 of 2 DOCUMENTS")
    + middle("The Harbour Herald (Leeds)")
    + middle('<SPAN CLASS="h">January</SPAN> 28, 1993, Tuesday, Late Edition - Final<BR>Correction Appended')
    + line("A bridge;<BR>It stands")
    + label("BYLINE", "By Ada Quill")
    + label("LENGTH", "121 words")
    + body(
        "&nbsp;",
        ' It is a <SPAN CLASS="h">reset</SPAN>ting\nof stones.&nbsp;',
        "",
        "List:<BR>&nbsp;<BR>One&nbsp;<BR>&nbsp;<BR>Two",
    )
    + label("LOAD-DATE", "January 29, 1993")
    + label("LANGUAGE", "ENGLISH")
    + '<BR><DIV CLASS="l"><P CLASS="q"><SPAN CLASS="b"> CORRECTION:<BR></SPAN></P>\n<P CLASS="p"><SPAN CLASS="r">It is wood.</SPAN></P>\n</DIV>'
    + middle("Copyright 1993 Harbour Press<BR>All Rights Reserved")
)
FRENCH = (
    middle("2 of 2 DOCUMENTS")
    + '<br><div class="m"><br><p class="q"><img src="logo.gif" alt="logo"><br><span class="r">Le Phare</span></p>\n</div>'
    + middle("12 avril 2013 mardi")
    + line("Un pont")
    + label("RUBRIQUE", "INTERNATIONAL; Pg. 35")
    + label("LONGUEUR", "143 mots")
    + '<br><div class="l"><br><br><p class="q"><span class="b">ENCART:</span><span class="r">&nbsp;Enfin<br></span></p>\n</div>'
    + body("Il tient.")
    + label("SUJET", 'PONT (90%); <span class="h">PORT</span><span>\n (88%)</span>')
    + label("DATE-CHARGEMENT", "13 avril 2013")
    + middle("Copyright 2013 Le Phare<br>Tous Droits Réservés")
)


def test_two_documents_in_two_languages(tmp_path):
    """Fields are found by order and label, whatever the classes are called; spans of search hits split neither dates nor words."""
    found, problems, declared = read(tmp_path, export(FULL, FRENCH))
    assert declared == [2]
    assert found == [
        {"source": "The Harbour Herald (Leeds)", "date": "January 28, 1993, Tuesday, Late Edition - Final", "edition": "Late Edition - Final",
         "title": "A bridge; It stands", "author": "Ada Quill", "n_words_stated": 121, "text": "It is a resetting of stones.\n\nList:\n\nOne\n\nTwo",
         "load_date": "January 29, 1993", "language": "ENGLISH", "correction": "It is wood.",
         "copyright": "Copyright 1993 Harbour Press All Rights Reserved"},
        {"source": "Le Phare", "date": "12 avril 2013 mardi", "title": "Un pont", "section": "INTERNATIONAL; Pg. 35", "page": "35", "n_words_stated": 143,
         "standfirst": "Enfin", "text": "Il tient.", "subject": "PONT (90%); PORT (88%)", "load_date": "13 avril 2013",
         "copyright": "Copyright 2013 Le Phare Tous Droits Réservés"},
    ]  # fmt: skip
    assert [(p.place, p.note) for p in problems] == [
        ("document 1", "A correction is appended to it; what it says is in the column correction.")
    ]


def test_utf8_without_a_charset_and_cp1252(tmp_path):
    """Without a charset UTF-8 is tried; what is not UTF-8 is read as Windows-1252, and said to be."""
    for encoding, kinds in (("utf-8", []), ("cp1252", ["mended"])):
        found, problems, _ = read(tmp_path, export(FRENCH), encoding)
        assert found[0]["copyright"] == "Copyright 2013 Le Phare Tous Droits Réservés"
        assert [problem.kind for problem in problems] == kinds


def test_a_headline_over_the_date_no_length_no_copyright(tmp_path):
    """The date may come after the headline; a missing length, load date or copyright changes nothing."""
    content = (
        middle("1 of 1 DOCUMENT")
        + middle("Agency")
        + line("May 6, 1999: a day")
        + middle("April 20, 2003, Sunday")
        + body("It fell.", "It is up.")
    )
    found, problems, declared = read(tmp_path, export(content))
    assert (problems, declared) == ([], [1])
    assert found == [
        {
            "source": "Agency",
            "title": "May 6, 1999: a day",
            "date": "April 20, 2003, Sunday",
            "text": "It fell.\n\nIt is up.",
        }
    ]


def test_no_headline(tmp_path):
    """A text of several paragraphs after the date is the text, and the headline is missing."""
    content = (
        middle("1 of 1 DOCUMENT")
        + middle("Agency")
        + middle("April 20, 2003")
        + body("It fell.", "It is up.")
        + label("LOAD-DATE", "April 21, 2003")
    )
    found, _, _ = read(tmp_path, export(content))
    assert found == [
        {"source": "Agency", "date": "April 20, 2003", "text": "It fell.\n\nIt is up.", "load_date": "April 21, 2003"}
    ]


def test_a_table_in_the_body(tmp_path):
    """A table's rows are lines of the text, its cells apart."""
    table = '<TABLE CLASS="t"><TR><TD><P><SPAN>Iron</SPAN></P></TD><TD>33.30</TD></TR><TR><TD>Wood</TD><TD>4.20</TD></TR></TABLE>'
    content = (
        middle("1 of 1 DOCUMENTS")
        + middle("Herald")
        + middle("May 5, 2010")
        + line("Prices")
        + label("LENGTH", "9 words")
    )
    found, _, _ = read(
        tmp_path,
        export(content + f'<DIV CLASS="l"><P CLASS="p">They rise.</P>{table}<P CLASS="p">They fall.</P></DIV>'),
    )
    assert found[0]["text"] == "They rise.\n\nIron | 33.30\nWood | 4.20\n\nThey fall."


def test_stub_list_link_and_declared_count(tmp_path):
    """An error stub is a problem, a link back to the list is nothing, and a count that is not reached is said."""
    stub = (
        middle("2 of 3 DOCUMENTS")
        + "<P>We are sorry but there is an error in this document and it is not possible to display it.</P>"
    )
    found, problems, declared = read(
        tmp_path, export(middle("Return to List") + FRENCH.replace("2 of 2", "1 of 3"), stub, n=3)
    )
    assert (len(found), found[0]["source"], declared) == (1, "Le Phare", [3])
    assert [(p.place, p.kind, p.note) for p in problems] == [
        ("document 2", "unparsed", "The archive printed an error in place of this document."),
        ("file", "odd", "The file says that it has 3 documents and ends with number 2 of 3: it is a part, or cut off."),
    ]


def test_saved_without_comments(tmp_path):
    """A file whose comments were stripped is cut at the anchors of its documents."""
    text = (
        "<html><body>"
        + "".join(f'<a name="DOC_ID_{n}_0"></a>{content}' for n, content in enumerate((FULL, FRENCH)))
        + "</body></html>"
    )
    found, _, declared = read(tmp_path, f"<style>{STYLE}</style>" + text)
    assert ([fields["source"] for fields in found], declared) == (["The Harbour Herald (Leeds)", "Le Phare"], [2])


def test_entities_of_the_file_are_not_read(tmp_path):
    """An entity that the markup declares brings no other file in."""
    (tmp_path / "secret.txt").write_text("SECRET")
    text = f'<!DOCTYPE html [<!ENTITY s SYSTEM "file://{tmp_path}/secret.txt">]>' + export(
        FRENCH.replace("Il tient.", "Il &s; tient.")
    )
    found, _, _ = read(tmp_path, text)
    assert "SECRET" not in found[0]["text"]


def test_other_html_is_not_recognised(tmp_path):
    """A page of another kind is left to other readers; read all the same, it says why nothing comes."""
    path = tmp_path / "a.html"
    path.write_text("<html><body><p>A page</p></body></html>")
    assert READER.recognise(File("a.html", path)) == 0
    assert list(READER.read(File("a.html", path))) == [
        Problem("file", "unparsed", "It has none of the marks (DOCFULL, DOC_ID) that stand around each document.")
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_files_do_not_raise(tmp_path, data):
    """Cut or overwritten bytes give documents and problems, never an exception."""
    raw = bytearray(export(FULL, FRENCH).encode())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 200))] = data.draw(st.binary(max_size=20))
    path = tmp_path / "damaged.html"
    path.write_bytes(raw)
    file = File("damaged.html", path)
    assert 0 <= READER.recognise(file) <= 100
    assert all(isinstance(item, (Document, Problem, Declared)) for item in READER.read(file))
