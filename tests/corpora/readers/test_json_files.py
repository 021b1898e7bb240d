"""Hold JSON to a record an article, whatever wraps the records, and to losing no more than what is damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from toolkit.corpora.readers import json_files
from toolkit.corpora.readers.base import Document, File, Problem
from toolkit.tables import FramingError

JSON, JSONL = json_files.READERS
RECORDS = [{"title": "Reset", "text": "A reset."}, {"title": "Ban", "text": "A ban."}]


def written(tmp_path: Path, content: str | bytes, name: str = "a.json") -> File:
    """Write a file and return it as a reader gets it."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return File(name, path)


@pytest.mark.parametrize(
    "data",
    [
        RECORDS,
        {"status": "ok", "articles": RECORDS},
        {"response": {"meta": [{"n": 1}], "docs": RECORDS}},
        {"title": {"0": "Reset", "1": "Ban"}, "text": {"0": "A reset.", "1": "A ban."}},
    ],
)
def test_the_records_are_found_in_whatever_wraps_them(tmp_path, data):
    """A bare list, a list under a name, the longest list some levels down, and a table by columns."""
    file = written(tmp_path, json.dumps(data))
    assert JSON.recognise(file) == 30
    assert list(JSON.read(file)) == [Document("record 1", RECORDS[0]), Document("record 2", RECORDS[1])]


def test_one_article_is_one_record_for_all_the_lists_in_it(tmp_path):
    """An article's own media are no articles."""
    one = {"title": "Reset", "text": "A reset.", "media": [{"url": "a"}, {"url": "b"}]}
    assert [item.fields["title"] for item in JSON.read(written(tmp_path, json.dumps(one)))] == ["Reset"]


def test_records_by_id_keep_their_ids(tmp_path):
    """An object of objects is a list whose ids are the names."""
    data = {"n1": RECORDS[0], "n2": RECORDS[1]}
    assert [item.fields["doc_id"] for item in JSON.read(written(tmp_path, json.dumps(data)))] == ["n1", "n2"]


def test_what_is_no_record_is_named(tmp_path):
    """A number among the records is a problem with its place."""
    items = list(JSON.read(written(tmp_path, '[{"text": "A reset."}, 7]')))
    assert items[1] == Problem("record 2", "unparsed", "It is no object with names but 7.")


def test_a_list_that_is_cut_off_keeps_its_whole_records(tmp_path):
    """The first record is there; what comes after it is one problem."""
    items = list(JSON.read(written(tmp_path, json.dumps(RECORDS)[:-10])))
    assert items[0] == Document("record 1", RECORDS[0])
    assert len(items) == 2
    assert (items[1].place, items[1].kind) == ("after record 1", "unparsed")
    assert items[1].note.startswith("a.json is no valid JSON from there on (")


def test_json_without_records_and_without_end_is_an_error(tmp_path):
    """A lone value holds no article; brackets by the hundred thousand are not followed."""
    with pytest.raises(FramingError, match=r"^a\.json holds no records: it is 7\.$"):
        list(JSON.read(written(tmp_path, "7")))
    with pytest.raises(FramingError, match=r"^a\.json has lists within lists without end, and is not read\.$"):
        list(JSON.read(written(tmp_path, "[" * 100_000)))


def test_json_lines_are_read_a_line_at_a_time_and_a_bad_line_costs_itself(tmp_path):
    """The place is the line as an editor numbers it; blank lines count but are no records."""
    file = written(tmp_path, '{"text": "One."}\n\n{"text": "Tw\n{"text": "Three."}\n', "a.jsonl")
    assert JSONL.recognise(file) > JSON.recognise(file) == 0
    items = list(JSONL.read(file))
    assert [(item.place, item.fields["text"]) for item in items if isinstance(item, Document)] == [
        ("line 1", "One."),
        ("line 4", "Three."),
    ]
    assert [(item.place, item.kind) for item in items if isinstance(item, Problem)] == [("line 3", "unparsed")]


def test_a_pretty_printed_object_is_no_json_lines(tmp_path):
    """An object over many lines begins with a brace, too."""
    file = written(tmp_path, json.dumps({"articles": RECORDS}, indent=1))
    assert (JSON.recognise(file), JSONL.recognise(file)) == (30, 0)


def test_lines_in_an_old_encoding_are_mended_and_told(tmp_path):
    """A line in Windows-1252 among lines in UTF-8 is read."""
    content = '{"text": "Zürich"}\n'.encode() + '{"text": "Genève"}\n'.encode("cp1252")
    items = list(JSONL.read(written(tmp_path, content, "a.jsonl")))
    assert [item.fields["text"] for item in items[:2]] == ["Zürich", "Genève"]
    assert items[2] == Problem("line 2", "mended", "1 line is not UTF-8; it was read as cp1252.")
