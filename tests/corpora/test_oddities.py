"""Hold the checks of a table to counting what is there, on whatever part of a corpus it is given."""

from __future__ import annotations

import pandas as pd

from toolkit.corpora import load
from toolkit.corpora.oddities import findings, repeats

ARTICLES = pd.DataFrame(
    {
        "doc_id": list("abcdefgh"),
        "source": ["X", "X", "X", "Y", "Y", "Y", "Y", None],
        "date": pd.to_datetime(["2017-01-05", "2017-01-05", "2017-01-06", "2018-01-01",
                                None, None, "2017-01-31", "2017-02-01"]),
        "date_raw": ["2017/1/5", " 2017-01-05", "6 Jan 2017", "2018-01-01",
                     "", "2017-13-01", "2017-01-31 9:00", "2017-02-01"],
        "title": ["T", "T", "T", "T", None, None, "U", "V"],
        "text": ["A text, long enough.", "A text, long enough.", "Another text, as long.", "A text, long enough.",
                 "", "", "-1", 'The ban"?s text, with a quotation mark lost.'],
    }
).astype({"title": "str"})  # fmt: skip
ARTICLES.attrs = {"corpus": "tiny", "kind": "articles", "period": ["2017-01-01", "2017-01-31"]}


def counted(table: pd.DataFrame) -> dict[str, int]:
    """Return the number that each check has."""
    return {row["check"]: row["n"] for row in findings(table)}


def test_each_check_on_a_table_where_the_answer_is_visible():
    """Eight articles with one fault of each kind give this report."""
    assert [list(row.values()) for row in findings(ARTICLES)] == [
        ["articles", 8, "2 sources"],
        ["missing sources", 1, "kept"],
        ["missing dates", 1, "NaT, kept; no count by period has them; most in Y (1 of 4)"],
        [
            "dates written otherwise",
            3,
            "not as year, month, day; read all the same: 2017-01-05, 6 Jan 2017, 2017-01-31 9:00",
        ],
        ["dates set to missing", 1, "unreadable or outside the coverage; kept in date_raw: 2017-13-01"],
        ["dates outside the coverage", 2, "not in 2017-01-01 to 2017-01-31; kept: 2018-01-01, 2017-02-01"],
        ["empty texts", 2, "kept, with their titles; most in Y (2 of 4)"],
        ["texts under 20 characters", 1, "kept; a page element or a slipped column, hardly an article"],
        ["texts that repeat an earlier one", 3, "kept; 1 of them empty, 2 with text"],
        ["repeated articles", 1, "same outlet, title and text as an earlier one; kept, see repeat_of"],
        ['texts with "?', 1, "most where a curly quotation mark, an apostrophe or a dash was lost; not mended"],
        ["texts without line breaks", 6, "no text has any: paragraphs are lost"],
        ["missing titles", 2, "kept; most in Y (2 of 4)"],
    ]


def test_a_repeat_has_the_same_outlet_title_and_text():
    """Only b repeats a: d stands in another outlet, c has another text, and empty texts repeat nothing."""
    assert repeats(ARTICLES).fillna("-").tolist() == ["-", "a", "-", "-", "-", "-", "-", "-"]


def test_a_third_repeat_names_the_first():
    """Of three equal articles the second and the third name the first; missing titles are equal."""
    untitled = pd.Series([None] * 3, dtype="str")
    three = pd.DataFrame({"doc_id": list("abc"), "source": "X", "title": untitled, "text": "t"})
    assert repeats(three).fillna("-").tolist() == ["-", "a", "a"]


def test_one_text_with_a_line_break_is_enough():
    """The check for lost paragraphs is silent when any text has a line break."""
    table = ARTICLES.assign(text="One.\n\nTwo.")
    assert "texts without line breaks" not in counted(table)


def test_it_reports_the_table_it_is_given():
    """The report of two articles is about those two, whatever the attributes still say of the whole."""
    part = load("daily-brief").query("doc_id in ['db-13', 'db-14']")
    known = counted(part)
    assert [known[check] for check in ("articles", "missing dates", "missing titles")] == [2, 1, 1]


def test_the_report_of_daily_brief():
    """The written corpus has the faults that its card lists and no other."""
    assert {check: n for check, n in counted(load("daily-brief")).items() if n} == {
        "articles": 18,
        "missing dates": 1,
        "missing titles": 1,
        "missing standfirsts": 12,
    }


def test_the_input_is_left_alone():
    """Neither the table nor its attributes change."""
    copy = ARTICLES.copy()
    findings(ARTICLES)
    pd.testing.assert_frame_equal(ARTICLES, copy)
    assert ARTICLES.attrs == copy.attrs
