"""Hold the readers of Integrum to its Russian sheets and its HTML reports."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from toolkit.corpora.readers.base import Document, File, Item, Problem
from toolkit.corpora.readers.integrum import READERS
from toolkit.tables import FramingError

SHEET, REPORT = READERS
HEADER = ["Источник", "Дата", "Время", "Заголовок", "Анонс", "Оригинал", "Автор"]
ROW = [
    "Вестник",
    "28.02.05",
    "00:00",
    "Мэр начинает заново",
    "Мэр начинает заново\n\n28.02.2005\n\nЭто начало.\n\nЭто конец.",
    "",
    "А. Пример",
]


def sheet(tmp_path: Path, *rows: list[Any], name: str = "export.xlsx", more: tuple[str, ...] = ()) -> File:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for title in more:
        book.create_sheet(title).append(["Nothing"])
    book.save(tmp_path / name)
    return File(name, tmp_path / name)


def documents(found: list[Item]) -> list[dict[str, Any]]:
    return [item.fields for item in found if isinstance(item, Document)]


def test_a_row(tmp_path: Path):
    """The headline and the date that are repeated in the text go, and midnight is no time."""
    assert list(SHEET.read(sheet(tmp_path, HEADER, ROW))) == [
        Document(
            "row 2",
            {
                "source": "Вестник",
                "date": "28.02.05",
                "title": "Мэр начинает заново",
                "author": "А. Пример",
                "text": "Это начало.\n\nЭто конец.",
            },
        )
    ]


def test_times_and_real_dates(tmp_path: Path):
    """A time is joined to its day, whether the cells hold text or dates."""
    rows = [[*ROW[:2], "14:30", *ROW[3:]], ["Вестник", datetime(2005, 2, 28), "14:30", *ROW[3:]]]
    found = documents(list(SHEET.read(sheet(tmp_path, HEADER, *rows))))
    assert [fields["date"] for fields in found] == ["28.02.05 14:30", datetime(2005, 2, 28, 14, 30)]


def test_a_member_of_an_archive(tmp_path: Path):
    """A sheet is read by its content: taken out of a zip its file has no ending."""
    path = sheet(tmp_path, HEADER, ROW).path.rename(tmp_path / "member")
    assert len(documents(list(SHEET.read(File("all.zip!export.xlsx", path))))) == 1


def test_announcement_and_original(tmp_path: Path):
    """A text of its own makes the announcement a standfirst; an address is one; an announcement that breaks off is an excerpt."""
    rows = [
        ["Вестник", "28.02.05", "", "Мэр", "Начало.", "Начало. Середина. Конец.", ""],
        ["Вестник", "28.02.05", "", "Мэр", "Начало...", "https://vestnik.example/1", ""],
    ]
    first, second = documents(list(SHEET.read(sheet(tmp_path, HEADER, *rows))))
    assert (first["text"], first["standfirst"]) == ("Начало. Середина. Конец.", "Начало.")
    assert (second["text"], second["url"], second["text_is_excerpt"]) == (
        "Начало...",
        "https://vestnik.example/1",
        True,
    )


def test_a_header_further_down(tmp_path: Path):
    """Lines above the header and empty rows are passed over; a row without a headline and a text is reported."""
    found = list(SHEET.read(sheet(tmp_path, ["Отчёт"], [], HEADER, [], ROW, ["Вестник"])))
    assert [item.place for item in found] == ["row 5", "row 6"]
    assert found[1] == Problem("row 6", "unparsed", "This row has neither a headline nor a text.")


def test_several_sheets(tmp_path: Path):
    """Sheets without the header are named in the account."""
    found = list(SHEET.read(sheet(tmp_path, HEADER, ROW, more=("Other",))))
    assert [item.place for item in found] == ["sheet 'Sheet', row 2", "sheet 'Other', row 1"]
    assert isinstance(found[1], Problem) and found[1].kind == "odd"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"no workbook"])
def test_what_is_no_workbook(tmp_path: Path, content: bytes):
    """An empty file, one that was cut off and one that is none raise an error that names the file."""
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(FramingError) as error:
        list(SHEET.read(File("a.xlsx", tmp_path / "a.xlsx")))
    assert str(error.value) == "a.xlsx is not a zip archive, or is cut off (File is not a zip file). Get it again."


def test_a_zip_that_is_no_workbook(tmp_path: Path):
    """A zip of something else is named, too."""
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(FramingError) as error:
        list(SHEET.read(File("a.xlsx", tmp_path / "a.xlsx")))
    assert str(error.value).startswith("a.xlsx cannot be opened as an Excel workbook (")
    assert str(error.value).endswith("): it is damaged or is none.")


def report(*parts: str) -> bytes:
    body = "".join(parts)
    return f"<html><body><p><b>Report 12.05.2021 15:50:05</b></p>{body}</body></html>".encode("windows-1251")


LINE = "<small>Вестник; 12.05.2021; № 7;</small>"


@pytest.mark.parametrize("headline_first", [True, False])
def test_an_html_report(tmp_path: Path, headline_first: bool):
    """Source, date and issue stand in small print; the headline stands before it or behind it."""
    head = "<p><b>{}</b></p>" + f"<p>{LINE}</p>" if headline_first else f"<p>{LINE}</p>" + "<p><b>{}</b></p>"
    articles = [head.format(title) + "<p>Это <b>начало</b>.</p><p>Это конец.</p>" for title in ("Первый", "Второй")]
    (tmp_path / "a.html").write_bytes(report(*articles))
    file = File("a.html", tmp_path / "a.html")
    assert REPORT.recognise(file) == 85
    assert list(REPORT.read(file)) == [
        Document(
            f"document {number}",
            {
                "source": "Вестник",
                "date": "12.05.2021",
                "issue": "№ 7",
                "title": title,
                "text": "Это начало.\n\nЭто конец.",
            },
        )
        for number, title in enumerate(("Первый", "Второй"), start=1)
    ]


def test_a_report_without_articles(tmp_path: Path):
    """Small print of another kind is no article."""
    (tmp_path / "a.html").write_bytes(report("<small>Note</small>"))
    assert list(REPORT.read(File("a.html", tmp_path / "a.html"))) == [
        Problem("file", "odd", "No line of source and date in small print was found.")
    ]


def test_recognising(tmp_path: Path):
    """A sheet is recognised by its Russian header, and another workbook or a page is not."""
    files = [sheet(tmp_path, HEADER, ROW), sheet(tmp_path, ["id", "text"], name="b.xlsx")]
    for name, content in (("c.html", b"<html><small>a; b;</small></html>"), ("d.xlsx", b"PK\x03\x04"), ("e.xlsx", b"")):
        (tmp_path / name).write_bytes(content)
        files.append(File(name, tmp_path / name))
    assert [[reader.recognise(file) for reader in READERS] for file in files] == [
        [95, 0],
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
    ]
