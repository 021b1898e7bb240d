"""Hold the tables to a row an article, whatever the separator, the quoting, the encoding or the program."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from toolkit.corpora.readers import lines, tables
from toolkit.corpora.readers.base import Document, File, Problem
from toolkit.tables import FramingError

CSV, EXCEL, PARQUET = tables.READERS


def written(tmp_path: Path, content: str | bytes, name: str = "a.csv") -> File:
    """Write a file and return it as a reader gets it."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return File(name, path)


def rows(file: File, reader=CSV) -> list[dict[str, object]]:
    """Return the fields of each document, without those that are empty."""
    items = list(reader.read(file))
    return [{k: v for k, v in i.fields.items() if v is not None} for i in items if isinstance(i, Document)]


def problems(file: File, reader=CSV) -> list[Problem]:
    """Return what the reader says of the file."""
    return [item for item in reader.read(file) if isinstance(item, Problem)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found_by_what_divides_evenly(tmp_path, separator):
    """A comma in the text does not make a table of semicolons one of commas."""
    head = separator.join(["title", "text", "date"])
    file = written(tmp_path, f'{head}\nReset{separator}"A reset, of sorts; or | not"{separator}2017-02-03\n')
    assert rows(file) == [{"title": "Reset", "text": "A reset, of sorts; or | not", "date": "2017-02-03"}]
    assert CSV.recognise(file) == 50


def test_excel_states_its_separator_in_the_first_line(tmp_path):
    """The line sep=; is no head line."""
    file = written(tmp_path, "sep=;\ntitle;text\nReset;A reset, of sorts\n")
    assert rows(file) == [{"title": "Reset", "text": "A reset, of sorts"}]


def test_quotation_marks_are_read_in_both_ways_of_writing_them(tmp_path):
    """Doubled or with a backslash, one quotation mark in a field is one quotation mark."""
    doubled = written(tmp_path, 'title,text\nReset,"A ""reset"", they say"\n')
    slashed = written(tmp_path, 'title,text\nReset,"A \\"reset\\", they say"\n', "b.csv")
    assert rows(doubled) == rows(slashed) == [{"title": "Reset", "text": 'A "reset", they say'}]


def test_a_text_of_several_lines_is_one_row(tmp_path):
    """Line breaks inside quotation marks part paragraphs, not articles."""
    file = written(tmp_path, 'title,text\r\nReset,"One.\r\n\r\nTwo."\r\nBan,Three.\r\n')
    assert rows(file) == [{"title": "Reset", "text": "One.\n\nTwo."}, {"title": "Ban", "text": "Three."}]


def test_a_quotation_mark_that_is_never_closed_swallows_nothing(tmp_path):
    """The rows after it are still rows, and it is said from where on they were taken so."""
    file = written(tmp_path, 'title,text\nReset,"A reset.\nBan,A ban.\nWall,A wall.\n')
    assert [row["title"] for row in rows(file)] == ["Reset", "Ban", "Wall"]
    note = "From here 3 lines are taken as a row each (a quotation mark is not closed)."
    assert problems(file) == [Problem("row 2", "mended", note)]


def test_a_quotation_mark_closed_by_a_later_field_swallows_nothing(tmp_path):
    """An unclosed mark runs on to the next quoted field; the rows between are given back."""
    file = written(tmp_path, 'title,text,n\nReset,"A reset.,1\nBan,A ban.,2\nWall,"A wall.",3\n')
    assert [row["title"] for row in rows(file)] == ["Reset", "Ban", "Wall"]


def test_a_table_cut_off_within_a_text_keeps_what_is_there(tmp_path):
    """The paragraphs of the last text are no rows, and it is said that its end is missing."""
    file = written(tmp_path, 'title,text\nReset,"One.\n\nTwo, and')
    assert rows(file) == [{"title": "Reset", "text": "One.\n\nTwo, and"}]
    note = "The table ends within quotation marks: it is cut off, or one is not closed."
    assert problems(file) == [Problem("row 2", "mended", note)]


def test_a_field_without_end_is_bounded(tmp_path, monkeypatch):
    """What passes the bound of a field is given line by line instead."""
    before = csv.field_size_limit(100)
    monkeypatch.setattr(tables, "LONGEST", 100)
    try:
        file = written(tmp_path, 'title,text\nReset,"A reset.\n' + "Ban,A ban.\n" * 20)
        assert [row["title"] for row in rows(file)] == ["Reset", *["Ban"] * 20]
    finally:
        csv.field_size_limit(before)


def test_rows_longer_or_shorter_than_the_head_lose_nothing(tmp_path):
    """Spare fields are kept in a column of their own; both are said."""
    file = written(tmp_path, "title,text\nReset,A reset.,more,of it\nBan\n")
    assert rows(file) == [{"title": "Reset", "text": "A reset.", "more_fields": "more; of it"}, {"title": "Ban"}]
    assert [problem.note for problem in problems(file)] == [
        "It has 4 fields, the head line has 2; what is more is in the column more_fields.",
        "It has 1 fields, the head line has 2.",
    ]


def test_columns_of_one_name_or_none_are_told_apart(tmp_path):
    """A repeated name is numbered, a missing one is the column's number."""
    file = written(tmp_path, "text,text,,text\na,b,c,d\n")
    assert rows(file) == [{"text": "a", "text_2": "b", "column_3": "c", "text_3": "d"}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp1251", "gb18030"])
def test_the_encoding_is_found(tmp_path, encoding):
    """Whatever program saved the table, its letters come out."""
    text = {
        "cp1251": "Президент подписал новый указ, а судьи задали вопросы о его целях и сроках",
        "gb18030": "总统签署了新的命令，法官对其目的和期限提出了问题，港口周三因大雪关闭",
    }.get(encoding, "Der Präsident in Zürich, für alle: “Müller” – schön")
    file = written(tmp_path, f"title,text\nA,{text.replace(',', ' ')}\n".encode(encoding))
    assert rows(file)[0]["text"] == text.replace(",", " ")


def test_lines_of_two_encodings_are_each_read_in_their_own(tmp_path):
    """A file pasted together of two has no mojibake, and it is said which lines were not UTF-8."""
    file = written(tmp_path, "title,text\nReset,Zürich\n".encode() + "Ban,Genève\n".encode("cp1252"))
    assert [row["text"] for row in rows(file)] == ["Zürich", "Genève"]
    assert problems(file) == [Problem("line 3", "mended", "1 line is not UTF-8; it was read as cp1252.")]


def test_lines_that_end_as_on_the_first_macintosh_are_lines(tmp_path):
    """A carriage return alone ends a row."""
    assert [row["title"] for row in rows(written(tmp_path, "title,text\rReset,A.\rBan,B.\r"))] == ["Reset", "Ban"]


def test_a_text_that_excel_cut_is_told_of(tmp_path):
    """A cell holds 32,767 characters: a text of just that length has lost its end."""
    file = written(tmp_path, f"title,text\nReset,{'a' * 32_767}\nBan,{'a' * 32_768}\n")
    note = "The column text has 32,767 characters, where Excel cuts: its end is probably lost."
    assert problems(file) == [Problem("row 2", "odd", note)]


def test_prose_is_no_table(tmp_path):
    """A page of prose with commas is not taken for a table, nor is JSON or HTML."""
    for text in ("A title, with a comma\nA line, of prose.\nAnother, as long.\n", '{"a": 1, "b": 2}', "<p>a, b</p>"):
        assert CSV.recognise(written(tmp_path, text, "a.txt")) == 0


def workbook(tmp_path: Path, *sheets: list[list[object]]) -> File:
    """Write a workbook."""
    book = openpyxl.Workbook()
    for n, cells in enumerate(sheets):
        sheet = book.active if n == 0 else book.create_sheet(f"More {n}")
        for row in cells:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return written(tmp_path, stream.getvalue(), "a.xlsx")


def test_a_workbook_gives_its_rows_and_keeps_its_types(tmp_path):
    """Dates are dates, numbers numbers; blank rows are none, and a place is the row as Excel numbers it."""
    day = datetime(2017, 2, 3)
    file = workbook(tmp_path, [["title", "text", "date", "n"], ["Reset", "A_x000D_\nB", day, 3], [], ["Ban", "C"]])
    assert EXCEL.recognise(file) == 40
    assert list(EXCEL.read(file)) == [
        Document("row 2", {"title": "Reset", "text": "A\nB", "date": day, "n": 3}),
        Document("row 4", {"title": "Ban", "text": "C", "date": None, "n": None}),
    ]


def test_all_sheets_of_a_workbook_are_read(tmp_path):
    """The place names the sheet where there are several."""
    file = workbook(tmp_path, [["text"], ["One."]], [["text"], ["Two."]])
    assert [(item.place, item.fields["text"]) for item in EXCEL.read(file)] == [
        ("sheet Sheet, row 2", "One."),
        ("sheet More 1, row 2", "Two."),
    ]


def test_an_old_or_locked_workbook_says_what_to_do(tmp_path):
    """Nothing of it can be read; the sentence says how it can be saved anew."""
    file = written(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "a.xls")
    with pytest.raises(FramingError) as caught:
        list(EXCEL.read(file))
    assert str(caught.value) == (
        "a.xls is a workbook of the old kind (.xls) or has a password. Open it and save it as .xlsx without one."
    )


def test_parquet_gives_its_rows(tmp_path):
    """Types are kept, and a missing value is missing."""
    frame = pd.DataFrame({"title": ["Reset", None], "n": [1, 2], "date": pd.to_datetime(["2017-02-03", None])})
    frame.to_parquet(tmp_path / "a.parquet")
    file = File("a.parquet", tmp_path / "a.parquet")
    assert PARQUET.recognise(file) == 90
    assert rows(file, PARQUET) == [{"title": "Reset", "n": 1, "date": pd.Timestamp("2017-02-03")}, {"n": 2}]


def test_damaged_parquet_is_an_error_that_names_the_file(tmp_path):
    """The mark at the head does not make it one."""
    with pytest.raises(FramingError, match=r"^a\.parquet cannot be read as Parquet: .*\.$"):
        list(PARQUET.read(written(tmp_path, b"PAR1 and nothing more", "a.parquet")))


def test_a_line_beyond_the_bound_stops_the_file(tmp_path, monkeypatch):
    """Memory is bounded by the length of a line."""
    monkeypatch.setattr(lines, "LONGEST", 100)
    file = written(tmp_path, "title,text\nReset,A reset.\nBan," + "b" * 500 + "\n")
    with pytest.raises(FramingError, match=r"^Line 3 of a\.csv has more than "):
        list(CSV.read(file))
