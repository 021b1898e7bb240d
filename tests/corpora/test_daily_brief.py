"""Hold the written corpus to what its card says."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

import pandas as pd
import pytest

from toolkit.corpora import load
from toolkit.corpora.cards import card


@pytest.fixture(scope="module")
def articles() -> pd.DataFrame:
    return load("daily-brief").set_index("doc_id", drop=False)


def forms(articles: pd.DataFrame, pattern: str) -> dict[str, int]:
    """Count, by re and in lower case, what a pattern matches in all titles, standfirsts and texts."""
    running = "\n".join(articles[["title", "standfirst", "text"]].fillna("").to_numpy().ravel())
    found = pd.Series([form.lower() for form in re.findall(pattern, running, re.IGNORECASE)], dtype="str")
    return dict(sorted(found.value_counts().items()))


def test_the_card_says_that_it_is_invented():
    """Nobody can take the pieces for press: the card says who wrote them and that all in them is invented."""
    about = " ".join(card("daily-brief")["about"].split())
    assert "They are written for this project. The outlets, the people and the events in them are invented" in about


def test_it_is_as_large_as_the_card_says(articles):
    """Eighteen pieces of four outlets, each of 40 to 120 words, unique ids, no text empty."""
    of = card("daily-brief")
    assert (len(articles), articles["source"].nunique()) == (of["n_articles"], of["n_sources"]) == (18, 4)
    assert articles["doc_id"].is_unique
    assert articles["text"].str.split().str.len().between(40, 120).all()
    assert articles["source"].value_counts().to_dict() == {
        "Morning Courier": 5,
        "Channel 9": 5,
        "State Wire": 4,
        "Harbour Post": 4,
    }


def test_the_words_on_purpose(articles):
    """The terms that examples ask for are there, in the forms and numbers that can be counted by hand."""
    assert forms(articles, r"\breset\w*") == {"reset": 13, "resets": 2, "resetting": 2, "resettlement": 4}
    assert forms(articles, r"\btravel[- ]bans?\b") == {"travel ban": 11, "travel bans": 2, "travel-ban": 1}
    assert forms(articles, r"\bmuslim bans?\b") == {"muslim ban": 6}
    assert forms(articles, r"\billegal immigrants?\b") == {"illegal immigrant": 1, "illegal immigrants": 4}
    assert forms(articles, r"\bundocumented immigrants?\b") == {
        "undocumented immigrant": 1,
        "undocumented immigrants": 5,
    }


def test_where_reset_is_not_about_russia(articles):
    """db-03 resets passwords, db-14 routers, and three pieces have resettlement instead."""
    has = articles[["title", "standfirst", "text"]].fillna("").agg(" ".join, axis=1)
    reset = has[has.str.contains(r"\breset(?:s|ting)?\b", case=False)]
    assert sorted(reset.index) == ["db-01", "db-02", "db-03", "db-14", "db-16"]
    assert sorted(reset[~reset.str.contains("Russia|Moscow")].index) == ["db-03", "db-14"]
    assert sorted(has[has.str.contains("resettlement", case=False)].index) == ["db-04", "db-10", "db-15"]


def test_what_is_missing(articles):
    """One piece has no date, one no title, twelve no standfirst; the card says so."""
    assert articles.index[articles["date"].isna()].tolist() == ["db-13"]
    assert articles.index[articles["title"].isna()].tolist() == ["db-14"]
    assert f"{articles['standfirst'].isna().sum()} of 18 standfirsts are missing." in card("daily-brief")["faults"]


def test_the_wire_copy(articles):
    """db-08 is nearly db-07, in another outlet on the same day; it is not an exact repeat, and nothing else is near."""
    wire, copy = articles.loc["db-07"], articles.loc["db-08"]
    assert (wire["source"], copy["source"], wire["date"]) == ("State Wire", "Harbour Post", copy["date"])
    assert 0.9 < SequenceMatcher(None, wire["text"], copy["text"], autojunk=False).ratio() < 1
    assert articles["repeat_of"].isna().all()


def test_marks_and_letters(articles):
    """Straight and curly marks, capitals, a possessive, letters beyond ASCII and a two-part emoji are there."""
    assert "ban's" in articles.loc["db-11", "text"] and "ban’s" in articles.loc["db-11", "title"]
    assert "TRAVEL BAN" in articles.loc["db-10", "title"]
    assert "“reset”" in articles.loc["db-01", "text"] and '"reset' not in articles.loc["db-01", "text"]
    assert articles.loc["db-15", "title"] == "José Müller’s café gives work to newcomers"
    assert "🥖👍🏽" in articles.loc["db-15", "text"] and "€1\u00a0400" in articles.loc["db-15", "text"]
    assert "Nai\u0308ma" in articles.loc["db-15", "text"]
    assert articles["text"].str.contains("\n\n").all()


def test_weeks_without_articles_and_weeks_without_hits(articles):
    """Each outlet has a week without any article; two have a week with an article in which no term occurs."""
    terms = r"reset|travel[- ]ban|muslim ban|illegal immigrant|undocumented immigrant"
    has = articles[["title", "standfirst", "text"]].fillna("").agg(" ".join, axis=1).str.contains(terms, case=False)
    week = articles["date"].dt.to_period("W").dt.start_time.rename("week")
    cells = has.groupby([articles["source"], week]).agg(["size", "sum"])
    weeks = pd.date_range("2017-01-02", "2017-03-06", freq="7D")
    assert (cells.groupby("source").size() < len(weeks)).all()
    quiet = cells.index[cells["sum"] == 0]
    assert [(source, monday.strftime("%d %B")) for source, monday in quiet] == [
        ("Morning Courier", "20 February"),
        ("State Wire", "06 February"),
    ]
