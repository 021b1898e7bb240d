"""Hold the audit to accounting for each file and document, and to counting what is there."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import toolkit as tk
from toolkit.corpora import audit, load, read_articles
from toolkit.corpora.oddities import findings
from toolkit.tables import FramingError

LEAD = "The harbour board of Cray voted to reset the fees that freighters pay at its piers, after two years of letters "
GERMAN = (
    "Der Hafenrat hat am Mittwoch beschlossen, die Gebühren der Frachter neu zu ordnen, nach zwei Jahren voller Briefe."
)


@pytest.fixture
def articles(tmp_path: Path) -> pd.DataFrame:
    """Return five articles of two outlets from two files, beside a file that is empty."""
    rows = [
        {
            "id": "a",
            "source": "Post",
            "date": "2017-02-01",
            "title": "Reset",
            "text": LEAD + "from the lines.",
            "language": "en",
        },
        {
            "id": "b",
            "source": "Post",
            "date": "2017-02-05",
            "title": "Reset",
            "text": LEAD + "from shipping lines.",
            "language": "en",
        },
        {
            "id": "c",
            "source": "Wire",
            "date": "2017-02-02",
            "title": "A reset",
            "text": LEAD + "from the lines.",
            "language": "en",
        },
        {"id": "c", "source": "Wire", "date": "31/02/2017", "title": "Gebühren", "text": GERMAN, "language": "de"},
    ]
    (tmp_path / "a.jsonl").write_text("\n".join([*map(json.dumps, rows), "{broken"]), encoding="utf-8")
    (tmp_path / "b.csv").write_bytes("title;text;outlet\nMüll;;Post\n".encode("cp1252"))
    (tmp_path / "c.csv").write_bytes(b"")
    return read_articles(tmp_path)


def line(table: pd.DataFrame, check: str) -> list[object]:
    """Return n, share, note and place of one check."""
    (row,) = table.loc[table["check"] == check, ["n", "share", "note", "place"]].to_numpy().tolist()
    return row


def test_each_file_and_document_is_accounted_for(articles, tmp_path):
    """Three files, five articles, one line and one file lost: the audit says so, with places."""
    table = audit(articles)
    assert line(table, "files read") == [2, 2 / 3, "jsonl 1, csv 1", ""]
    assert line(table, "files not read") == [1, 1 / 3, f"{tmp_path / 'c.csv'} is empty.", "c.csv"]
    assert line(table, "documents read")[0] == 5
    lost = line(table, "documents not read")
    assert (lost[0], lost[3]) == (2, "a.jsonl, line 5; c.csv, file")
    assert line(table, "oddities in reading")[2] == (
        "The date '31/02/2017' cannot be read; it is missing. The id 'c' occurs before; this article is 'c-2'."
    )
    assert line(table, "files not in UTF-8") == [1, 1 / 3, "read as cp1252 1", "b.csv"]


def test_documents_declared_and_not_found_are_counted(articles):
    """A file that declares seven and gives four, with one lost, has two unaccounted for."""
    files = json.loads(json.dumps(articles.attrs["audit"]))
    files[0]["declared"] = 7
    counted = articles.copy()
    counted.attrs["audit"] = files
    table = audit(counted)
    assert line(table, "documents declared")[:2] == [7, pytest.approx(float("nan"), nan_ok=True)]
    assert line(table, "documents read")[1] == 4 / 7
    assert line(table, "documents unaccounted for") == [
        2, 2 / 7, "more or fewer than declared", "a.jsonl: 7 declared, 4 read",
    ]  # fmt: skip


def test_what_is_odd_in_the_table_is_counted(articles):
    """Dates, empty texts, gaps, languages and copies, each with its share."""
    table = audit(articles)
    assert line(table, "articles")[0] == 5
    assert line(table, "missing dates")[:2] == [1, 1 / 5]
    assert line(table, "dates set to missing")[:2] == [1, 1 / 5]
    assert line(table, "empty texts")[:2] == [1, 1 / 5]
    assert line(table, "dated articles") == [3, 3 / 5, "2017-02-01 to 2017-02-05", ""]
    assert line(table, "days without articles") == [
        3, 3 / 6,
        "between a source's first and last day; no news or not collected, the articles cannot tell; most in Post (3 of 5)",
        "longest: Post, 2017-02-02 to 2017-02-04",
    ]  # fmt: skip
    assert line(table, "texts not in the main language")[:3] == [
        1, 1 / 4, "of 4 texts looked at: en 3, de 1; told by their letters, so a few may be wrong",
    ]  # fmt: skip
    assert line(table, "languages stated")[2] == "as the archive states it: en 3, de 1"
    assert line(table, "texts that repeat an earlier one")[0] == 1


def test_near_duplicates_are_counted_where_asked_or_marked(articles):
    """The copy in the other outlet a day later is one; a marked table is not marked anew."""
    assert line(audit(articles), "near duplicates")[0] == 1
    assert "near duplicates" not in audit(articles, near_duplicates=False)["check"].tolist()
    marked = articles.assign(story_role=["first", "copy", "copy", "first", "first"])
    assert line(audit(marked), "near duplicates")[:3] == [2, 2 / 5, "as mark_stories has marked them"]


def test_a_proposed_date_is_counted_apart(articles):
    """It is no date, but a row says that there are some to confirm."""
    proposed = articles.assign(date_proposed=pd.Timestamp("2017-02-03"), date_precision="month")
    table = audit(proposed)
    assert line(table, "dates proposed")[0] == 2
    assert line(table, "dates without a day")[0] == 3


def test_the_audit_holds_what_loading_reported(articles):
    """There is one way to count: each oddity of the table is in the audit with the same number and note."""
    for table in (articles, load("daily-brief"), load("abp-counts")):
        known = audit(table).set_index("check")[["n", "note"]].apply(tuple, axis=1)
        for row in findings(table):
            assert known[row["check"]] == (row["n"], row["note"])
        with pytest.warns(DeprecationWarning, match="tk.report is now called tk.audit"):
            old = tk.report(table)
        assert old.to_dict("records") == findings(table)


def test_it_prints_as_a_report_and_is_a_table(articles):
    """Lines for what was found, one sentence for what was not; what is made of it is a plain table."""
    table = audit(articles)
    lines = str(table).splitlines()
    assert lines[0] == f"Audit of {articles.attrs['corpus']}"
    assert lines[1].split() == ["files", "read", "2", "66.7%", "jsonl", "1,", "csv", "1"]
    assert "None: documents declared, documents unaccounted for, documents merged, " in str(table)
    assert type(table.head(3)) is pd.DataFrame
    assert type(table[table["n"] > 0]) is pd.DataFrame
    assert table.dtypes.astype(str).to_dict() == {
        "check": "str", "n": "int64", "share": "float64", "note": "str", "place": "str",
    }  # fmt: skip
    assert table.by_file["parsed"].tolist() == [4, 1, 0]
    assert table.by_problem["kind"].value_counts().to_dict() == {"odd": 2, "unparsed": 2, "mended": 1}


def test_a_narrow_window_does_not_tear_its_columns(articles):
    """In a notebook the report scrolls, instead of breaking its lines once more."""
    assert audit(articles)._repr_html_().startswith('<pre style="white-space: pre; overflow-x: auto">')


def test_nothing_of_a_file_reaches_the_page_or_the_terminal_as_code(articles):
    """Markup is escaped, control characters are shown."""
    hostile = articles.assign(source="<script>alert(1)</script>\x1b[2J")
    table = audit(hostile)
    assert "<script>" not in table._repr_html_()
    assert "&lt;script&gt;" in table._repr_html_()
    assert "\x1b" not in str(table)


def test_the_table_that_is_given_is_not_changed(articles):
    """Neither its rows nor its attributes."""
    before, attrs = articles.copy(), json.dumps(articles.attrs)
    audit(articles)
    pd.testing.assert_frame_equal(articles, before)
    assert json.dumps(articles.attrs) == attrs


def test_an_empty_table_is_refused(articles):
    """There is nothing to account for."""
    with pytest.raises(FramingError, match=r"^This table of articles is empty: it has columns but no row\.$"):
        audit(articles[:0])
