"""Hold the loaded news-2017 to its raw file, to its card and to what is known of it."""

from __future__ import annotations

import csv
import io
import zipfile

import pandas as pd
import pytest

from toolkit.corpora import fetch, load
from toolkit.corpora.cards import card, located
from toolkit.corpora.oddities import findings

pytestmark = pytest.mark.skipif(
    located(card("news-2017")) is None,
    reason="the file of news-2017 is not on this machine: framing fetch news-2017",
)


@pytest.fixture(scope="module")
def articles() -> pd.DataFrame:
    return load("news-2017")


@pytest.fixture(scope="module")
def raw() -> list[dict[str, str]]:
    """The raw table as Python's own csv module reads it."""
    with zipfile.ZipFile(fetch("news-2017")) as opened, opened.open("NewsArticles.csv") as file:
        return list(csv.DictReader(io.TextIOWrapper(file, encoding="utf-8", newline="")))


def found(articles: pd.DataFrame, check: str) -> int:
    return next(row["n"] for row in findings(articles) if row["check"] == check)


def test_every_row_and_every_character_is_there(articles, raw):
    """The table is the raw file's, row by row and in its order, with empty titles and subtitles as missing."""
    assert articles["doc_id"].tolist() == [row["article_id"] for row in raw]
    assert articles["text"].tolist() == [row["text"] for row in raw]
    assert articles["title"].fillna("").tolist() == [row["title"] for row in raw]
    assert articles["standfirst"].fillna("").tolist() == [row["subtitle"] for row in raw]
    assert articles["url"].tolist() == [row["article_source_link"] for row in raw]
    assert articles["date_raw"].tolist() == [row["publish_date"] for row in raw]


def test_the_columns(articles):
    """The columns are ours, in our order and types."""
    assert articles.dtypes.astype(str).to_dict() == {
        "doc_id": "str",
        "source": "str",
        "date": "datetime64[us]",
        "title": "str",
        "standfirst": "str",
        "text": "str",
        "url": "str",
        "date_raw": "str",
        "repeat_of": "str",
    }
    assert {key: articles.attrs[key] for key in ("corpus", "kind", "period")} == {
        "corpus": "news-2017",
        "kind": "articles",
        "period": ["2016-12-01", "2017-03-31"],
    }


def test_nine_outlets(articles):
    """Sources come from the links' hosts, all of which the card knows."""
    assert articles["source"].value_counts().to_dict() == {
        "Al Jazeera": 559,
        "TASS": 485,
        "ABC": 474,
        "RTE": 443,
        "HuffPost": 436,
        "DW": 436,
        "China Daily Europe": 360,
        "BBC": 355,
        "CNN": 276,
    }
    of = card("news-2017")
    assert (len(articles), articles["source"].nunique()) == (of["n_articles"], of["n_sources"]) == (3824, 9)


def test_the_whole_report(articles):
    """The report tells each fault with its number, and is the one that stands in the attributes."""
    table = pd.DataFrame(findings(articles))
    assert list(zip(table["check"], table["n"], strict=True)) == [
        ("articles", 3824),
        ("missing sources", 0),
        ("unknown hosts", 0),
        ("missing dates", 0),
        ("dates written otherwise", 1),
        ("dates set to missing", 0),
        ("dates outside the coverage", 3),
        ("empty texts", 36),
        ("texts under 20 characters", 10),
        ("texts that repeat an earlier one", 42),
        ("repeated articles", 2),
        ('texts with "?', 978),
        ("texts without line breaks", 3788),
        ("texts without full stops", 2),
        ("standfirsts that repeat the lead", 277),
        ("missing titles", 60),
        ("missing standfirsts", 1484),
    ]
    assert table.to_dict("records") == articles.attrs["report"]


def test_what_the_42_repeats_are(articles, raw):
    """42 texts stand earlier in the file: 35 empty ones, 4 scraps, 1 programme note, 2 true repeats."""
    seen: set[str] = set()
    again = []
    for row in raw:
        if row["text"] in seen:
            again.append(row["text"])
        seen.add(row["text"])
    assert len(again) == 42
    assert (again.count(""), again.count("-1"), again.count("View Comments")) == (35, 3, 1)
    repeated = articles.loc[articles["repeat_of"].notna(), ["doc_id", "repeat_of", "source"]]
    assert repeated.to_numpy().tolist() == [["2825", "2823", "HuffPost"], ["3098", "3093", "HuffPost"]]
    assert "42 texts are exactly an earlier article's: 35 are the empty ones" in " ".join(card("news-2017")["faults"])


def test_dates(articles):
    """Every date is read as a day, also the one with blanks and a time; the three early ones stay."""
    assert articles["date"].notna().all()
    assert (articles["date"] == articles["date"].dt.normalize()).all()
    odd = articles[articles["date_raw"].str.contains(":")]
    assert odd["date_raw"].tolist() == ["          2016/12/30 7:11"]
    assert odd["date"].tolist() == [pd.Timestamp("2016-12-30")]
    early = articles[articles["date"] < "2016-12-01"]
    assert set(early["source"]) == {"CNN"}
    assert sorted(early["date"].dt.strftime("%Y-%m-%d")) == ["2016-04-19", "2016-04-22", "2016-08-23"]
    assert articles["date"].max() == pd.Timestamp("2017-03-30")


def test_the_card_is_right_about_coverage(articles):
    """What the card says of days that were collected and days that were not can be counted."""
    before = articles[articles["date"] < "2017-01-30"]
    others = before[before["source"] != "China Daily Europe"]
    after = articles[(articles["date"] >= "2017-01-30") & (articles["source"] != "China Daily Europe")]
    faults = " ".join(card("news-2017")["faults"])
    assert f"The articles lie on {articles['date'].nunique()} days" in faults
    assert f"Before 30 January 2017 all but {len(others)} of {len(before)} are China Daily Europe's" in faults
    assert after.groupby("source")["date"].min().max() == pd.Timestamp("2017-02-07")
    assert not articles["date"].between("2017-02-18", "2017-02-21").any()
    assert not articles["date"].between("2017-03-04", "2017-03-07").any()


def test_the_card_is_right_about_texts(articles):
    """The card's numbers of empty, missing, lost and slipped are the data's."""
    faults = " ".join(card("news-2017")["faults"])
    empty = articles["text"] == ""
    here = (empty & (articles["source"] == "Al Jazeera")).sum()
    assert f"{empty.sum()} texts are empty, {here} of them Al Jazeera's" in faults
    untitled = articles["title"].isna()
    assert set(articles.loc[untitled, "source"]) == {"Al Jazeera"}
    assert f"{untitled.sum()} titles are missing, all of them Al Jazeera's" in faults
    lost = {c: articles[c].str.contains('"?', regex=False).fillna(False).sum() for c in ("text", "title", "standfirst")}
    assert f"In {lost['text']} texts, {lost['title']} titles and {lost['standfirst']} subtitles" in faults
    slipped = articles.loc[articles["text"] == "-1", "doc_id"]
    assert f"the text is '-1' ({', '.join(slipped)})" in faults
    assert not articles["text"].str.contains("[\n\r]").any()


def test_the_report_of_a_part_is_about_the_part(articles):
    """Of Al Jazeera's articles alone the report counts Al Jazeera's faults."""
    part = articles[articles["source"] == "Al Jazeera"]
    assert (found(part, "articles"), found(part, "empty texts"), found(part, "missing titles")) == (559, 20, 60)
    assert found(articles[articles["source"] == "BBC"], "missing titles") == 0
