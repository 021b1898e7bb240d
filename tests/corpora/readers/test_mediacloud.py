"""Test the reading of Media Cloud's files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from toolkit.corpora.readers import all_readers
from toolkit.corpora.readers.base import Declared, Document, File, Problem
from toolkit.tables import FramingError

Made = Callable[[str, str], File]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    def make(name: str, text: str) -> File:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return File(name, path)

    return make


def read(file: File, name: str) -> tuple[list[Document], list[Problem], int | None]:
    """Read with the reader of that name, after checking that it is the surest."""
    surest = max(all_readers(), key=lambda reader: reader.recognise(file))
    assert surest.name == name
    items = list(surest.read(file))
    declared = [i.n for i in items if isinstance(i, Declared)]
    return (
        [i for i in items if isinstance(i, Document)],
        [i for i in items if isinstance(i, Problem)],
        sum(declared) if declared else None,
    )


COUNTS_NOTE = "This file counts articles and holds none: each row is a count (n_articles), without title and text."


def test_a_story_list_of_today(made: Made) -> None:
    """A story has its id, outlet, day, title and address, and a missing day is left out."""
    text = (
        "id,indexed_date,language,media_name,media_url,publish_date,title,url\n"
        'a1,2026-02-03 10:00:00,en,harbour-post.example,harbour-post.example,2026-02-01,"A reset, again",https://harbour-post.example/a\n'
        "a2,2026-02-03 10:01:00,de,talbote.example,talbote.example,,Neustart,https://talbote.example/b\n"
    )
    documents, problems, _ = read(made("stories.csv", text), "mediacloud")
    assert [d.fields for d in documents] == [
        {
            "doc_id": "a1",
            "source": "harbour-post.example",
            "date": "2026-02-01",
            "title": "A reset, again",
            "url": "https://harbour-post.example/a",
            "language": "en",
            "media_url": "harbour-post.example",
            "indexed": "2026-02-03 10:00:00",
        },
        {
            "doc_id": "a2",
            "source": "talbote.example",
            "title": "Neustart",
            "url": "https://talbote.example/b",
            "language": "de",
            "media_url": "talbote.example",
            "indexed": "2026-02-03 10:01:00",
        },
    ]
    assert [d.place for d in documents] == ["row 2", "row 3"]
    assert problems == []


def test_an_old_story_list_names_the_agency(made: Made) -> None:
    """`ap_syndicated` becomes the wire, and further columns stay."""
    text = (
        "stories_id,publish_date,title,url,language,ap_syndicated,media_id,media_name,media_url,inlink_count\n"
        "77,2018-07-17 00:07:00,Ban upheld,http://harbour-post.example/b,en,1,5,Harbour Post,http://harbour-post.example,3\n"
        "78,2018-07-18 09:07:00,Ban heard,http://harbour-post.example/c,en,0,5,Harbour Post,http://harbour-post.example,0\n"
    )
    documents, _, _ = read(made("old.csv", text), "mediacloud")
    assert [d.fields.get("wire") for d in documents] == ["AP", None]
    assert documents[0].fields["date"] == "2018-07-17 00:07:00"
    assert documents[0].fields["inlink_count"] == "3"


def test_stories_without_an_outlet_are_still_recognised(made: Made) -> None:
    """A CSV that lacks the outlet's column is read without it."""
    documents, _, _ = read(
        made("x.csv", "stories_id,publish_date,title,url\n1,2017-02-03,A reset,http://harbour-post.example/a\n"),
        "mediacloud",
    )
    assert "source" not in documents[0].fields


def test_answers_in_json_with_sentences(made: Made) -> None:
    """Sentences are joined in their order to the text."""
    story = {
        "stories_id": 5,
        "media_name": "Harbour Post",
        "media_id": 1,
        "title": "A reset",
        "url": "http://harbour-post.example/a",
        "publish_date": "2017-02-03 00:00:00",
        "story_sentences": [
            {"sentence_number": 1, "sentence": "It ended."},
            {"sentence_number": 0, "sentence": "It began."},
        ],
    }
    documents, _, declared = read(made("stories.json", json.dumps([story])), "mediacloud")
    assert declared == 1
    assert documents[0].fields["text"] == "It began. It ended."


def test_answers_of_the_search_service(made: Made) -> None:
    """The page of a search is read story by story, and what is no story is reported."""
    story: dict[str, Any] = {
        "id": "a1",
        "media_name": "talbote.example",
        "media_url": "talbote.example",
        "title": "Neustart",
        "publish_date": "2026-02-01",
        "url": "https://talbote.example/b",
        "indexed_date": None,
        "language": "de",
    }
    documents, problems, declared = read(
        made("p.json", json.dumps({"stories": [story, 7], "pagination_token": None})), "mediacloud"
    )
    assert (len(documents), declared) == (1, 2)
    assert problems == [Problem("story 2", "unparsed", "It is no story.")]


def test_counts_in_long_form_keep_their_denominator(made: Made) -> None:
    """A count stands beside the count of all stories, and the file is said to hold no articles."""
    text = (
        "date,name,matched_stories,all_candidate_stories,pct_of_all_candidate_stories,query\n"
        '2018-12-30,Ada Byron,45.0,900,0.05,"(""Ada Byron"")"\n'
    )
    documents, problems, _ = read(made("weekly.csv", text), "mediacloud_counts")
    assert documents[0].fields == {
        "date": "2018-12-30",
        "query_name": "Ada Byron",
        "n_articles": 45,
        "n_articles_total": 900,
        "share": 0.05,
        "query": '("Ada Byron")',
    }
    assert problems == [Problem("file", "odd", COUNTS_NOTE)]


def test_counts_with_a_query_a_column(made: Made) -> None:
    """Headers are queries, quotes in them included; each cell becomes a row, zero too."""
    text = 'Date,"""Port Town""","title:""Port Town"" AND (title:Mayor OR title:Harbour)"\n8/20/17,0,3\n8/21/17,12,\n'
    documents, _, _ = read(made("wide.csv", text), "mediacloud_counts")
    query = 'title:"Port Town" AND (title:Mayor OR title:Harbour)'
    assert [(d.place, d.fields) for d in documents] == [
        ("row 2, column 2", {"date": "8/20/17", "query": '"Port Town"', "n_articles": 0}),
        ("row 2, column 3", {"date": "8/20/17", "query": query, "n_articles": 3}),
        ("row 3, column 2", {"date": "8/21/17", "query": '"Port Town"', "n_articles": 12}),
    ]


def test_shares_are_not_taken_for_counts(made: Made) -> None:
    """Numbers with fractions stand in `attention`, and that is said."""
    documents, problems, _ = read(
        made("tv.csv", "date,Port Town\n2017-08-20,0.25\n2017-08-21,1\n"), "mediacloud_counts"
    )
    assert [d.fields["attention"] for d in documents] == [0.25, 1]
    assert (
        problems[1].note
        == "Its numbers have fractions: they are shares, not counts, and stand in the column attention."
    )


def test_counts_of_the_search_service(made: Made) -> None:
    """`count_over_time` is read with its denominators."""
    answer = {"count_over_time": {"counts": [{"date": "2017-02-03", "count": 3, "total_count": 60, "ratio": 0.05}]}}
    documents, _, _ = read(made("c.json", json.dumps(answer)), "mediacloud_counts")
    assert documents[0].fields == {"date": "2017-02-03", "n_articles": 3, "n_articles_total": 60, "share": 0.05}


def test_a_source_list_is_no_articles(made: Made) -> None:
    """Names and addresses of outlets are reported as what they are."""
    text = "name,url\nHarbour Post,http://harbour-post.example\nTalbote,http://talbote.example\n"
    documents, problems, declared = read(made("sources.csv", text), "mediacloud_sources")
    assert (documents, declared) == ([], 0)
    assert problems == [Problem("file", "odd", "sources.csv is a list of 2 sources and holds no articles.")]


@pytest.mark.parametrize(
    "text",
    [
        "title,url,publish_date\nA reset,http://harbour-post.example,2017-02-03\n",
        "date,text,count\n2017-02-03,A reset,3\n",
        "date,price\n2017-02-03,cheap\n2017-02-04,dear\n",
    ],
)
def test_other_tables_are_left_alone(made: Made, text: str) -> None:
    """A table that is not plainly Media Cloud's goes to the reader of tables."""
    file = made("x.csv", text)
    assert not [r.name for r in all_readers() if r.name.startswith("mediacloud") and r.recognise(file)]


def test_a_format_that_was_named_wrongly(made: Made) -> None:
    """A file that is no table is refused in one sentence."""
    reader = next(r for r in all_readers() if r.name == "mediacloud_counts")
    with pytest.raises(FramingError) as caught:
        list(reader.read(made("a.txt", "no table at all")))
    assert str(caught.value) == "a.txt is no table: its head has no row of column names."
