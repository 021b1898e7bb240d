"""Test the reading of GDELT's files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from toolkit.corpora.readers import all_readers, gdelt
from toolkit.corpora.readers.base import Declared, Document, File, Problem


def read(path: Path, name: str) -> tuple[list[Document], list[Problem], int | None]:
    """Read with the reader of that name, after checking that it is the surest."""
    file = File(path.name, path)
    surest = max(all_readers(), key=lambda reader: reader.recognise(file))
    assert surest.name == name
    items = list(surest.read(file))
    declared = [i.n for i in items if isinstance(i, Declared)]
    return (
        [i for i in items if isinstance(i, Document)],
        [i for i in items if isinstance(i, Problem)],
        sum(declared) if declared else None,
    )


def listed(n: int) -> dict[str, str]:
    """Make one article of a list."""
    return {
        "url": f"https://talbote.example/{n}",
        "url_mobile": "",
        "title": f"Neustart {n}",
        "seendate": "20260827T081500Z",
        "socialimage": "",
        "domain": "talbote.example",
        "language": "German",
        "sourcecountry": "Germany",
    }


def test_an_article_list_has_the_time_it_was_first_seen(tmp_path: Path) -> None:
    """The date is GDELT's, and said to be; there is no text."""
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"articles": [listed(1)]}))
    documents, problems, declared = read(path, "gdelt")
    assert documents[0].fields == {
        "source": "talbote.example",
        "date": "20260827T081500Z",
        "date_is": "first seen",
        "title": "Neustart 1",
        "url": "https://talbote.example/1",
        "language": "German",
        "country": "Germany",
    }
    assert (problems, declared) == ([], 1)


def test_impossible_escapes_are_mended_and_said(tmp_path: Path) -> None:
    """A title with an escape that JSON does not know is read without its backslash."""
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"articles": [listed(1)]}).replace("Neustart 1", r"It\'s a \"reset\" \x"))
    documents, problems, _ = read(path, "gdelt")
    assert documents[0].fields["title"] == 'It\'s a "reset" x'
    assert [p.kind for p in problems] == ["mended"]


def test_no_hits(tmp_path: Path) -> None:
    """An empty object is an answer without articles."""
    path = tmp_path / "a.json"
    path.write_text("{}")
    assert read(path, "gdelt") == ([], [], 0)


def test_a_full_list_warns(tmp_path: Path) -> None:
    """A list as long as GDELT allows says that there may be more."""
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"articles": [listed(n) for n in range(gdelt.MOST)]}))
    _, problems, _ = read(path, "gdelt")
    assert problems == [
        Problem(
            "file",
            "odd",
            "It has 250 articles, the most that GDELT hands out at once: there may be more of that time.",
        )
    ]


def test_a_list_that_is_cut_off(tmp_path: Path) -> None:
    """The whole articles before the cut are read, and the place of the cut is given."""
    path = tmp_path / "a.json"
    text = json.dumps({"articles": [listed(1), listed(2), listed(3)]})
    path.write_text(text[: text.index("Neustart 3")])
    documents, problems, _ = read(path, "gdelt")
    assert [d.fields["title"] for d in documents] == ["Neustart 1", "Neustart 2"]
    assert [p.kind for p in problems] == ["unparsed"]
    assert problems[0].place.startswith("character ")


def test_a_timeline_has_counts_and_all_articles(tmp_path: Path) -> None:
    """A point with a norm is a count of so many articles; one without is a value."""
    path = tmp_path / "t.json"
    timeline = [
        {"series": "Article Count", "data": [{"date": "20170125T000000Z", "value": 12, "norm": 2500}]},
        {"series": "Average Tone", "data": [{"date": "20170125T000000Z", "value": -1.5}]},
    ]
    path.write_text(json.dumps({"query_details": {"title": "ban"}, "timeline": timeline}))
    documents, problems, _ = read(path, "gdelt_timeline")
    assert [d.fields for d in documents] == [
        {
            "date": "20170125T000000Z",
            "query": "ban",
            "series": "Article Count",
            "n_articles": 12,
            "n_articles_total": 2500,
        },
        {"date": "20170125T000000Z", "query": "ban", "series": "Average Tone", "attention": -1.5},
    ]
    assert problems[0].kind == "odd"


def test_a_timeline_in_csv(tmp_path: Path) -> None:
    """The same in CSV, as the service also sends it."""
    path = tmp_path / "t.csv"
    path.write_bytes(b"\xef\xbb\xbfDate,Series,Value\n2017-01-25,Volume Intensity,0.048\n")
    documents, _, _ = read(path, "gdelt_timeline")
    assert documents[0].fields == {"date": "2017-01-25", "series": "Volume Intensity", "attention": 0.048}


def gkg(n: int, **cells: str) -> str:
    """Make one line of the Global Knowledge Graph."""
    known = {
        "GKGRECORDID": f"20170701234500-{n}",
        "DATE": "20170701234500",
        "SourceCollectionIdentifier": "1",
        "SourceCommonName": "harbour-post.example",
        "DocumentIdentifier": f"http://harbour-post.example/{n}",
        "Themes": "IMMIGRATION;LEADER;",
        "Persons": "ada byron;alan mason",
        "Locations": "1#Japan#JA#JA#36#138#JA;4#Port Town, Ohio, United States#US#USOH#1#2#3",
        "V2Tone": "-0.5,4,4.5,8.5,17.8,0.5,152",
        "AllNames": "Ada Byron,10;Port Town,90",
        "GCAM": "wc:152,c12.1:9",
        **cells,
    }
    return "\t".join(known.get(name, "") for name in gdelt._COLUMNS)


def test_records_of_the_knowledge_graph(tmp_path: Path) -> None:
    """A record has its themes, names and tones; the page's own time is preferred to GDELT's."""
    extras = (
        "<PAGE_LINKS>http://a.example</PAGE_LINKS><PAGE_AUTHORS>Ada Byron;Al Mason</PAGE_AUTHORS>"
        "<PAGE_PRECISEPUBTIMESTAMP>20170701203100</PAGE_PRECISEPUBTIMESTAMP><PAGE_TITLE>A reset &amp; more</PAGE_TITLE>"
    )
    path = tmp_path / "20170701234500.gkg.csv"
    path.write_text(gkg(0, Extras=extras, TranslationInfo="srclc:fra;eng:GT") + "\n" + gkg(1) + "\n")
    documents, problems, _ = read(path, "gdelt_gkg")
    assert documents[0].fields == {
        "doc_id": "20170701234500-0",
        "source": "harbour-post.example",
        "date": "20170701203100",
        "date_is": "published",
        "seen": "20170701234500",
        "title": "A reset & more",
        "url": "http://harbour-post.example/0",
        "author": "Ada Byron; Al Mason",
        "language": "fra",
        "collection": "web",
        "themes": "IMMIGRATION; LEADER",
        "persons": "ada byron; alan mason",
        "locations": "Japan; Port Town, Ohio, United States",
        "names": "Ada Byron; Port Town",
        "tone": -0.5,
        "tone_positive": 4.0,
        "tone_negative": 4.5,
        "tone_polarity": 8.5,
        "activity_density": 17.8,
        "self_density": 0.5,
        "n_words_stated": 152,
    }
    assert (documents[1].fields["date"], documents[1].fields["date_is"]) == ("20170701234500", "first seen")
    assert problems == []


def test_quotes_and_bad_bytes_do_not_break_a_record(tmp_path: Path) -> None:
    """Quotation marks are letters in this format, bytes that are no UTF-8 are replaced and said, and a broken line is reported."""
    path = tmp_path / "x.gkg.csv"
    lines = [gkg(0, Persons='"ada'), gkg(1, Persons="bj\udcf8rn"), "no record", gkg(2, Persons="x" * 200_000)]
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogateescape"))
    documents, problems, _ = read(path, "gdelt_gkg")
    assert [d.fields["persons"][:7] for d in documents] == ['"ada', "bj\ufffdrn", "xxxxxxx"]
    assert problems == [
        Problem("line 2", "mended", "It has bytes that are not UTF-8; they became U+FFFD."),
        Problem("line 3", "unparsed", "It is no record of GKG: 1 cells, the first 'no record'."),
    ]


def test_the_explanation_of_the_columns_is_no_data(tmp_path: Path) -> None:
    """GDELT's list of column names is reported as what it is."""
    path = tmp_path / "labels.tsv"
    path.write_text("tableId\tdataType\tEmpty\tDescription\n0\tGKGRECORDID\tSTRING\tNULLABLE\n")
    documents, problems, declared = read(path, "gdelt_gkg")
    assert (documents, declared) == ([], 0)
    assert problems == [Problem("file", "odd", "labels.tsv explains GKG's columns and holds no articles.")]


def test_records_with_a_header(tmp_path: Path) -> None:
    """An extract with column names, as databases write it, is read by the names."""
    path = tmp_path / "x.csv"
    path.write_text(
        "GKGRECORDID,DATE,SourceCommonName,DocumentIdentifier\n20170701234500-1,20170701234500,talbote.example,http://talbote.example/1\n"
    )
    documents, _, _ = read(path, "gdelt_gkg")
    assert documents[0].fields["source"] == "talbote.example"


@pytest.mark.parametrize("text", ['{"articles": [{"title": "A", "url": "b"}]}', "[1, 2]", '{"data": []}'])
def test_other_json_is_left_alone(tmp_path: Path, text: str) -> None:
    """JSON that is not plainly GDELT's goes to another reader."""
    path = tmp_path / "x.json"
    path.write_text(text)
    assert not [r.name for r in all_readers() if r.name.startswith("gdelt") and r.recognise(File("x.json", path))]
