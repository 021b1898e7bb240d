"""Hold that what is shared has no text, that it comes back whole to who has the archive, and that what does not match is named."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.corpora.cleaning import clean
from toolkit.corpora.sharing import hash_of, rejoin_corpus, share_corpus
from toolkit.tables import FramingError, FramingWarning


@pytest.fixture
def articles() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "doc_id": ["a", "b", "c"],
            "source": ["Courier", "Herald", "Courier"],
            "date": pd.to_datetime(["2017-02-07", None, "2017-02-09"]),
            "title": ["Reset pressed", None, "A wall"],
            "text": ["They pressed the Reset.\nNo travel-ban came.", "A ban.", ""],
            "author": ["Jo Doe", "Ann Roe", None],
            "leaning": pd.Series([1, 2, 3]),
            "blurb": ["one two three four five six seven", "short", None],
        }
    )


@pytest.fixture
def hits() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "doc_id": ["a", "a", "a", "b"],
            "term": ["reset", "ban", "reset", "ban"],
            "form": ["reset", "travel ban", "reset", "ban"],
            "from": [0, 5, 3, 1],
            "to": [0, 6, 3, 1],
            "start": [0, 27, 17, 2],
            "end": [5, 37, 22, 5],
            "field": ["title", "text", "text", "text"],
            "author": ["Jo Doe", "Jo Doe", "Jo Doe", "Ann Roe"],
        }
    )


@pytest.fixture
def lines() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "docname": ["a"],
            "from": [5],
            "to": [6],
            "pre": ["the Reset. No "],
            "keyword": ["travel-ban"],
            "post": [" came."],
            "field": ["text"],
        }
    )


def everything_in(folder: Path, suffix: str) -> str:
    """All that the folder says, as text."""
    parts = [(folder / "shared.json").read_text(encoding="utf-8")]
    for place in folder.glob(f"*.{suffix}"):
        table = pd.read_parquet(place) if suffix == "parquet" else pd.read_csv(place, dtype=str)
        assert not table.attrs
        parts.append(table.to_csv())
    return "\n".join(parts)


@pytest.mark.parametrize("file_format", ["parquet", "csv"])
def test_there_and_back(articles, hits, lines, tmp_path, file_format):
    """Articles, hits and a concordance come back as they were, types and missing values included, and nothing is amiss."""
    folder = share_corpus(articles, tmp_path / "s", file_format=file_format, hits=hits, lines=lines)
    tables, report = rejoin_corpus(folder, articles)
    assert report.empty and list(report.columns) == ["doc_id", "column", "problem"]
    pd.testing.assert_frame_equal(tables["articles"], articles)
    pd.testing.assert_frame_equal(tables["hits"], hits)
    pd.testing.assert_frame_equal(tables["lines"], lines)


@pytest.mark.parametrize("file_format", ["parquet", "csv"])
def test_no_text_is_written(articles, hits, lines, tmp_path, file_format):
    """None of the words of titles, texts, authors and long columns is in any file; identifiers and offsets are."""
    articles.attrs = {"corpus": "mine", "audit": [{"note": "They pressed"}], "place": "/archive/jo"}
    hits.attrs = {"note": "They pressed"}
    folder = share_corpus(articles, tmp_path / "s", file_format=file_format, hits=hits, lines=lines)
    written = everything_in(folder, file_format)
    assert not re.search(r"pressed|travel|wall|Doe|Roe|three|home", written, flags=re.IGNORECASE)
    for kept in ("Courier", "2017-02-07", hash_of("A ban."), "l27-33,34-37"):
        assert kept in written
    assert sorted(p.name for p in folder.iterdir()) == sorted(
        [f"articles.{file_format}", f"hits.{file_format}", f"lines.{file_format}", "shared.json"]
    )


def test_the_manifest_says_what_was_withheld(articles, tmp_path):
    """shared.json names the withheld columns, the corpus and how the hashes were made."""
    articles.attrs = {"corpus": "mine"}
    manifest = json.loads((share_corpus(articles, tmp_path / "s") / "shared.json").read_text(encoding="utf-8"))
    assert manifest["tables"]["articles"]["withheld"] == ["author", "blurb", "text", "title"]
    assert manifest["corpus"]["name"] == "mine" and manifest["corpus"]["n_articles"] == 3
    assert manifest["hash"] == (
        "BLAKE2b, 16 bytes, of the value in UTF-8, Unicode NFC, runs of white space as one space; no salt"
    )


def test_what_to_keep_and_to_withhold_can_be_said(articles, tmp_path):
    """author is written where it is asked for, source is not where that is."""
    folder = share_corpus(articles, tmp_path / "s", keep=["author"], withhold=["source"])
    table = pd.read_parquet(folder / "articles.parquet")
    assert "author" in table.columns and "source" not in table.columns
    pd.testing.assert_frame_equal(rejoin_corpus(folder, articles)[0], articles)


def test_what_does_not_match_is_named(articles, hits, tmp_path):
    """A changed text, a missing article and a missing column are reported; their values, and the words found there, are missing."""
    folder = share_corpus(articles, tmp_path / "s", hits=hits)
    archive = articles[articles["doc_id"] != "b"].drop(columns="author")
    archive["text"] = archive["text"].str.replace("pressed", "pushed")
    tables, report = rejoin_corpus(folder, archive)
    assert report.astype(object).where(report.notna(), None).to_numpy().tolist() == [
        [None, "author", "no such column in the archive"],
        ["a", "text", "differs"],
        ["b", None, "not in the archive"],
    ]
    assert tables["articles"]["text"].isna().tolist() == [True, True, False]
    assert tables["hits"]["form"].fillna("-").tolist() == ["reset", "-", "-", "-"]
    assert tables["hits"]["start"].tolist() == [0, 27, 17, 2]


def test_offsets_are_not_trusted_in_another_spelling(articles, hits, tmp_path):
    """A text with other white space is put back and reported, but no words are cut out of it."""
    folder = share_corpus(articles, tmp_path / "s", hits=hits)
    archive = articles.assign(text=articles["text"].str.replace("\n", "\r\n"))
    tables, report = rejoin_corpus(folder, archive)
    assert report.to_numpy().tolist() == [["a", "text", "differs in white space or the spelling of accents"]]
    assert tables["articles"]["text"].tolist() == archive["text"].tolist()
    assert tables["hits"]["form"].fillna("-").tolist() == ["reset", "-", "-", "ban"]


def test_an_archive_in_another_order_and_with_more_articles_will_do(articles, tmp_path):
    """Rows are found by doc_id, and the result has the rows that were shared."""
    folder = share_corpus(articles[:2], tmp_path / "s")
    back, report = rejoin_corpus(folder, articles[::-1])
    pd.testing.assert_frame_equal(back, articles[:2])
    assert report.empty


def test_cleaned_articles_come_back_from_the_archive_as_it_was(tmp_path):
    """Who has the uncleaned archive gets the cleaned texts by their cuts."""
    raw = pd.DataFrame({"doc_id": ["a"], "text": ["MOSCOW (Reuters) - The ban stands.\nREAD MORE: A wall"]})
    cleaned = clean(raw)
    back, report = rejoin_corpus(share_corpus(cleaned, tmp_path / "s"), raw)
    assert report.empty
    pd.testing.assert_frame_equal(back, cleaned)


def test_words_that_are_not_where_they_should_be_are_left_out(articles, hits, tmp_path):
    """A passage with its hit masked cannot be made anew: it is left out, a warning says so."""
    passages = pd.DataFrame({"doc_id": ["a", "a"], "field": "text", "start": [0, 0], "end": [23, 23]})
    passages["text"] = ["They pressed the Reset.", "They pressed the ***."]
    with pytest.warns(FramingWarning) as caught:
        folder = share_corpus(articles, tmp_path / "s", passages=passages)
    assert str(caught[0].message) == (
        "Some words in passages do not stand in the articles where the offsets say, because they are masked or come from another version "
        "of the texts. They are left out, and missing after rejoin_corpus: 1 of 2."
    )
    assert rejoin_corpus(folder, articles)[0]["passages"]["text"].fillna("-").tolist() == [
        "They pressed the Reset.",
        "-",
    ]


texts = st.text(alphabet=st.sampled_from("ab \n\r\tİß“é"), max_size=12)


@given(st.lists(st.one_of(st.none(), texts), min_size=1, max_size=4), st.sampled_from(["parquet", "csv"]))
def test_any_text_comes_back(tmp_path_factory, drawn, file_format):
    """Whatever characters a text has, and whether it is empty or missing, it comes back to who has it."""
    table = pd.DataFrame({"doc_id": list(map(str, range(len(drawn)))), "text": pd.Series(drawn, dtype="str")})
    back, report = rejoin_corpus(
        share_corpus(table, tmp_path_factory.mktemp("s") / "t", file_format=file_format), table
    )
    pd.testing.assert_frame_equal(back, table)
    assert report.empty


def test_sharing_again_replaces_what_was_shared(articles, tmp_path):
    """A folder that share_corpus wrote is replaced as a whole, and nothing is left beside it."""
    share_corpus(articles, tmp_path / "s", codes=pd.DataFrame({"doc_id": ["a"], "frame": ["conflict"]}))
    share_corpus(articles, tmp_path / "s")
    assert sorted(p.name for p in (tmp_path / "s").iterdir()) == ["articles.parquet", "shared.json"]
    assert [p.name for p in tmp_path.iterdir()] == ["s"]


def test_the_input_is_left_alone(articles, hits, tmp_path):
    """share_corpus changes neither the articles nor the tables."""
    before = articles.copy(), hits.copy()
    share_corpus(articles, tmp_path / "s", hits=hits)
    pd.testing.assert_frame_equal(articles, before[0])
    pd.testing.assert_frame_equal(hits, before[1])


# Errors


def refused(function, *args, **settings) -> str:
    with pytest.raises(FramingError) as error:
        function(*args, **settings)
    return str(error.value)


def test_a_folder_of_something_else_is_not_touched(articles, tmp_path):
    """A folder that holds other files is refused, and stays."""
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    message = refused(share_corpus, articles, tmp_path)
    assert message == f"{tmp_path} is there and was not written by share_corpus. Name a new folder."
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_text_cannot_be_kept(articles, tmp_path):
    """keep does not open the door for texts."""
    assert (
        refused(share_corpus, articles, tmp_path / "s", keep=["text"])
        == "text cannot be kept: share_corpus writes no text."
    )


def test_wrong_settings_and_tables(articles, tmp_path):
    """An unknown format, a table without doc_id, and one of other articles are refused in a sentence; nothing is written."""
    place = tmp_path / "s"
    assert (
        refused(share_corpus, articles, place, file_format="xlsx") == "file_format is parquet or csv; this is 'xlsx'."
    )
    assert refused(share_corpus, articles, place, topics=pd.DataFrame({"topic": [1]})) == (
        "A table of topics needs the column doc_id; this one has: topic."
    )
    assert refused(share_corpus, articles, place, codes=pd.DataFrame({"doc_id": ["a", "z"]})) == (
        "1 rows of codes name articles that are not there, for example 'z'. Share the articles that the table was made of."
    )
    assert refused(share_corpus, articles, place, **{"../x": articles}) == (
        "A table's name is letters, digits and underscores, and not articles; this is '../x'."
    )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_share(articles, tmp_path):
    """A folder without a manifest, with a damaged one, of a later format, or without a table is refused."""
    assert refused(rejoin_corpus, tmp_path, articles) == (
        f"There is no {tmp_path / 'shared.json'}: this is not a folder that share_corpus wrote."
    )
    folder = share_corpus(articles, tmp_path / "s")
    manifest = folder / "shared.json"
    whole = json.loads(manifest.read_text(encoding="utf-8"))
    for damaged in ("{", "[]", "{}", json.dumps(whole | {"file_format": "../x"}), json.dumps(whole | {"tables": {}})):
        manifest.write_text(damaged, encoding="utf-8")
        assert refused(rejoin_corpus, folder, articles) == f"{manifest} is damaged. Get the whole folder again."
    manifest.write_text(json.dumps(whole | {"format": 2}), encoding="utf-8")
    assert refused(rejoin_corpus, folder, articles) == (
        f"{manifest} was written in format 2; this version reads 1. Use a newer version."
    )
    manifest.write_text(json.dumps(whole), encoding="utf-8")
    (folder / "articles.parquet").unlink()
    assert refused(rejoin_corpus, folder, articles) == (
        f"{folder / 'articles.parquet'} is gone: shared.json names it. Get the whole folder again."
    )


@pytest.mark.parametrize("names", [("hits", "Hits"), ("caf\u00e9", "cafe\u0301"), ("con",)])
def test_tables_that_would_share_a_file_are_refused(tmp_path, names):
    """Names that differ only in capitals or in how an accent is composed are one file on some systems, so they are refused."""
    articles = pd.DataFrame({"doc_id": ["a"], "source": ["Post"], "text": ["A ban."]})
    table = pd.DataFrame({"doc_id": ["a"], "code": [1]})
    with pytest.raises(FramingError, match="would have the same file"):
        share_corpus(articles, tmp_path / "shared", **dict.fromkeys(names, table))
