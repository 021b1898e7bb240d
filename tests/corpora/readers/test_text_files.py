"""Hold text files to what stands at their head or in the table beside them."""

from __future__ import annotations

import zipfile
from pathlib import Path

from toolkit.corpora import read_articles
from toolkit.corpora.readers import text_files
from toolkit.corpora.readers.base import Document, File, Problem

METADATA, TEXT = text_files.READERS


def written(path: Path, content: str) -> File:
    """Write a file and return it as a reader gets it."""
    path.write_bytes(content.encode("utf-8"))
    return File(str(path), path)


def test_front_matter_gives_the_fields_and_the_rest_is_the_text(tmp_path):
    """Keys and values between two lines of hyphens, as people write them."""
    head = "---\ntitle: 'Ports: a reset'\nsource: The Post\ndate: 2017-02-03\ntags: [ports, snow]\n---\n\n"
    file = written(tmp_path / "a.md", head + "One.\n\nTwo.\n")
    assert TEXT.recognise(file) == 80
    fields = {"title": "Ports: a reset", "source": "The Post", "date": "2017-02-03", "tags": "ports; snow"}
    assert list(TEXT.read(file)) == [Document("file", {**fields, "text": "One.\n\nTwo."})]


def test_a_line_of_front_matter_that_is_none_is_told(tmp_path):
    """Nothing is left out in silence."""
    file = written(tmp_path / "a.txt", "---\ntitle: Reset\nno key here\n---\nOne.\n")
    assert next(iter(TEXT.read(file))) == Problem(
        "front matter", "odd", "The line 'no key here' is no key with a value; it was left out."
    )


def test_a_rule_of_hyphens_is_no_front_matter(tmp_path):
    """A text that begins with a line of hyphens and has no keys is a text."""
    assert TEXT.recognise(written(tmp_path / "a.txt", "---\nOne line of prose\n---\nAnother.\n")) == 0


def test_a_heading_is_the_title_where_none_is_given(tmp_path):
    """The first heading of a Markdown text."""
    (item,) = TEXT.read(written(tmp_path / "a.md", "---\nsource: Post\n---\n# A reset\n\nOne.\n"))
    assert item.fields == {"source": "Post", "title": "A reset", "text": "One."}


def test_a_table_beside_the_texts_says_what_they_are(tmp_path):
    """Each text has its row; a row whose text is not there is a document lost."""
    written(
        tmp_path / "metadata.csv",
        "file,title,outlet,date\na.txt,Reset,Post,2017-02-03\nb.txt,Ban,Wire,\ngone.txt,Gone,Wire,\n",
    )
    written(tmp_path / "a.txt", "They call it a reset.\n")
    written(tmp_path / "b.txt", "---\ntitle: A ban\n---\nThey call it a ban.\n")
    articles = read_articles(tmp_path)
    assert articles[["title", "source", "text"]].to_numpy().tolist() == [
        ["Reset", "Post", "They call it a reset."],
        ["A ban", "Wire", "They call it a ban."],
    ]
    table = next(file for file in articles.attrs["audit"] if file["format"] == "metadata")
    note = "It names the file 'gone.txt', which is not in the folder."
    assert table["problems"] == [{"place": "row 4", "kind": "unparsed", "note": note}]
    assert (table["declared"], table["parsed"], table["unparsed"]) == (None, 0, 1)


def test_a_table_in_an_archive_belongs_to_its_folder(tmp_path):
    """Two folders of one archive have a table each, whatever the order of the members; a row without its text is told."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for folder, title in (("x", "Reset"), ("y", "Ban")):
            archive.writestr(f"{folder}/a.txt", f"The text of {folder}.")
            archive.writestr(f"{folder}/metadata.csv", f"filename,title\na.txt,{title}\ngone.txt,Gone\n")
    articles = read_articles(tmp_path / "a.zip")
    assert articles[["title", "text"]].to_numpy().tolist() == [["Reset", "The text of x."], ["Ban", "The text of y."]]
    tables = [file for file in articles.attrs["audit"] if file["format"] == "metadata"]
    note = "It names the file 'gone.txt', which is not in the folder."
    assert [table["problems"] for table in tables] == [[{"place": "row 3", "kind": "unparsed", "note": note}]] * 2


def test_a_table_of_that_name_without_files_is_a_table_of_articles(tmp_path):
    """Only a column of files makes it a companion."""
    written(tmp_path / "metadata.csv", "title,text\nReset,A reset.\n")
    assert read_articles(tmp_path)["format"].tolist() == ["csv"]
