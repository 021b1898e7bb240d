"""Hold what readers share to running text as it was printed, and to parsers that open nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from toolkit.corpora.readers.base import File
from toolkit.corpora.readers.markup import flat, html_tree, paragraphs, rtf_text, squeeze, xml_tree
from toolkit.tables import FramingError

FILE = File("a.xml", Path("a.xml"))


def test_paragraphs_of_loose_text():
    """Loose text beside paragraphs is a paragraph of its own, and tags inside words leave no blank."""
    tree = html_tree("<div>Loose <p>re<b>set</b></p>tail<ul><li>one</li><li>two</li></ul></div>")
    assert paragraphs(tree) == ["Loose", "reset", "tail", "one", "two"]


def test_tables_and_preformatted_text():
    """A row of a table is a line, its cells parted by tabs; preformatted lines stay lines."""
    tree = html_tree(
        "<p>Prices</p><table><tr><th>Year</th><th>%</th></tr><tr><td>2016</td><td>3 </td></tr></table><pre>a\nb</pre>"
    )
    assert paragraphs(tree) == ["Prices", "Year\t%\n2016\t3", "a\nb"]


def test_scripts_styles_and_comments_are_no_text():
    """What a browser does not show is left out."""
    assert flat(html_tree("<p>A<script>x()</script><style>p{}</style><!-- c -->B</p>")) == "AB"


def test_breaks_between_wide_letters():
    """A line break between Chinese letters is none; beside Latin ones it is a blank."""
    assert squeeze("气候\n变化 climate\nchange") == "气候变化 climate change"


def test_nothing_to_parse():
    """Empty text has no tree, in HTML and in XML."""
    assert html_tree(" \n") is None
    assert xml_tree(FILE, "")[0] is None


def test_half_characters_in_xml():
    """References to characters that do not exist become U+FFFD, also where broken XML is mended."""
    root, problem = xml_tree(FILE, "<a>one&#xd800;two&#0;three&#65;<b>")
    assert problem is not None and problem.kind == "mended"
    assert "".join(root.itertext()) == "one\ufffdtwo\ufffdthreeA"


def test_xml_that_expands_itself():
    """Entities that name each other are refused before any of them is read."""
    bomb = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><a>&y;</a>'
    with pytest.raises(FramingError, match=r"^a\.xml declares a document type or entities of its own"):
        xml_tree(FILE, bomb)


def test_rtf_with_fonts_that_never_end():
    """A table of fonts that was cut off is read in seconds; the converter alone takes minutes for 40,000 fonts."""
    start = time.perf_counter()
    assert rtf_text(r"{\rtf1{\fonttbl" + r"{\f0 a" * 40_000, "a.rtf") == ""
    assert time.perf_counter() - start < 10


def test_rtf_that_is_damaged():
    """What the converter cannot take is named."""
    with pytest.raises(FramingError) as error:
        rtf_text(r"{\rtf1 a\uc b}", "a.rtf")
    assert str(error.value).startswith("a.rtf begins like RTF but cannot be read as RTF (")
    assert str(error.value).endswith("): it is damaged.")


def test_text_that_is_no_rtf():
    """Plain text under an RTF name comes back as it is, with one kind of line end."""
    assert rtf_text("a\r\nb\rc", "a.rtf") == "a\nb\nc"
