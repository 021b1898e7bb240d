"""Hold text saved from a web page to its parts, and to never asserting a date that only the text has."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest

from toolkit.corpora import read_articles
from toolkit.corpora.readers.base import Document, File, Problem
from toolkit.corpora.readers.saved_text import READER

PAGE = """\
Harbour board votes to reset its fees
Shipping lines had asked for two years; the answer came in an evening

The board of Cray voted {when} to reset the fees that freighters pay at its piers, after two years of letters.

"We heard them," said the board's chair, Mara Lind, who had voted against the same plan in spring.

What changes
Fees will follow the length of a ship, not its weight. A freighter of 200 metres will pay 4 per cent less.
{foot}"""
FOOT = """
Read more: Norwick keeps its fees
© 2016 The Cray Herald. All rights reserved.
12.4K followers
We use cookies to improve your experience.
Accept all cookies
"""


def read(tmp_path: Path, text: str, name: str = "a.txt") -> tuple[dict[str, object], list[Problem]]:
    """Read one saved page; return the fields of its article and the problems."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    items = list(READER.read(File(name, path)))
    (document,) = [item for item in items if isinstance(item, Document)]
    return document.fields, [item for item in items if isinstance(item, Problem)]


def test_a_page_is_parted_into_title_standfirst_text_and_foot(tmp_path):
    """Subheads stay in the text; the foot is kept in a column of its own."""
    fields, problems = read(tmp_path, PAGE.format(when="this week", foot=FOOT))
    assert fields["title"] == "Harbour board votes to reset its fees"
    assert fields["standfirst"] == "Shipping lines had asked for two years; the answer came in an evening"
    assert fields["text"].split("\n\n")[0].startswith("The board of Cray voted this week")
    assert fields["text"].split("\n\n")[2:] == [
        "What changes",
        "Fees will follow the length of a ship, not its weight. A freighter of 200 metres will pay 4 per cent less.",
    ]
    assert fields["subheads"] == "What changes"
    assert fields["footer"] == FOOT.strip()
    assert "date" not in fields
    assert problems == []


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("on Nov. 23", "on Nov. 23"),
        ("on Wednesday, November 23rd,", "on Wednesday, November 23rd"),
        ("on 23 November", "on 23 November"),
        ("am 23. November", "am 23. November"),
    ],
)
def test_a_date_that_stands_only_in_the_text_is_proposed_not_asserted(tmp_path, when, said):
    """The year is that of the rights line, and it is said that it has to be confirmed."""
    fields, problems = read(tmp_path, PAGE.format(when=when, foot=FOOT))
    assert "date" not in fields
    assert fields["date_proposed"] == datetime(2016, 11, 23)
    note = (
        f"A date stands only in the text ({said!r}). 2016-11-23 is proposed in date_proposed, not taken: "
        "confirm the year, which is that of the rights line."
    )
    assert problems == [Problem("file", "odd", note)]


def test_the_year_of_a_proposed_date_has_its_reason(tmp_path):
    """The file's name goes first, then the rights line, the text, and last the day it was saved."""
    text = PAGE.format(when="on Nov. 23", foot="")
    named, problems = read(tmp_path, text, "2017-01-02 harbour.txt")
    assert named["date_proposed"] == datetime(2017, 11, 23)
    assert problems[0].note.endswith("confirm the year, which is that of the file's name.")
    told, problems = read(tmp_path, text + "The plan dates from 2014, and the board of 2014 dropped it.\n")
    assert told["date_proposed"] == datetime(2014, 11, 23)
    assert problems[0].note.endswith("confirm the year, which is the one that the text names most.")
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    os.utime(path, (1_485_000_000, 1_485_000_000))  # 21 January 2017
    fields = next(item.fields for item in READER.read(File("a.txt", path)) if isinstance(item, Document))
    assert fields["date_proposed"] == datetime(2016, 11, 23)


def test_the_door_leaves_such_a_date_missing(tmp_path):
    """In the table the date is missing and the proposal stands in its own column, as a date."""
    path = tmp_path / "a.txt"
    path.write_text(PAGE.format(when="on Nov. 23", foot=FOOT), encoding="utf-8")
    articles = read_articles(path)
    assert articles["date"].isna().all()
    assert articles["date_raw"].tolist() == [""]
    assert articles["date_proposed"].dt.strftime("%Y-%m-%d").tolist() == ["2016-11-23"]


def test_numbers_that_are_no_dates_are_not_proposed(tmp_path):
    """20 may have drowned, Section 12, and a date with its year elsewhere: nothing to propose."""
    text = PAGE.format(when="of 20 may have been on Section 12, 4 per cent of the 30 there,", foot=FOOT)
    fields, problems = read(tmp_path, text)
    assert "date_proposed" not in fields
    assert problems == []


def test_a_date_line_with_its_year_is_the_date(tmp_path):
    """Byline, date and address under the title are fields; what stands above them is the standfirst."""
    head = (
        "https://herald.example/fees\nHarbour board votes to reset its fees\nA short lead\nBy Mara Lind\n"
        "Published: February 3, 2017\n3 min read\n"
    )
    body = "The board of Cray voted on Nov. 23 to reset the fees that freighters pay at its piers.\n" * 2
    fields, problems = read(tmp_path, head + body)
    assert {k: fields[k] for k in ("url", "title", "standfirst", "author", "date")} == {
        "url": "https://herald.example/fees",
        "title": "Harbour board votes to reset its fees",
        "standfirst": "A short lead",
        "author": "Mara Lind",
        "date": "February 3, 2017",
    }
    assert fields["text"].count("\n\n") == 1
    assert "date_proposed" not in fields
    assert problems == []


def test_a_page_that_begins_with_a_paragraph_has_no_title(tmp_path):
    """A long first line is text, and it is said that the title is missing."""
    fields, problems = read(tmp_path, "The board voted to reset its fees. " * 12 + "\n\nAnd so on, and so on.\n")
    assert "title" not in fields
    assert problems == [Problem("line 1", "odd", "It begins with a paragraph, not with a title; the title is missing.")]


def test_quotations_at_the_end_are_no_foot(tmp_path):
    """A last word about followers in quotation marks belongs to the article."""
    last = '"I have 300 followers," said Ms Lind.\n'
    fields, _ = read(tmp_path, PAGE.format(when="this week", foot="\n" + last))
    assert fields["text"].endswith(last.strip())
    assert "footer" not in fields


def test_what_is_another_format_is_left_to_its_reader(tmp_path):
    """Markup and data are not taken for prose; prose without a known ending still is, with little confidence."""
    for name, text, sure in (
        ("a.txt", "A title\n\nA text.", 10),
        ("a.news", "A title\n\nA text.", 3),
        ("a.txt", "<html><p>A text.</p></html>", 0),
        ("a.txt", '{"text": "A text."}', 0),
        ("a.xml", "A title", 0),
        ("a.txt", " \n ", 0),
    ):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        assert READER.recognise(File(name, path)) == sure
