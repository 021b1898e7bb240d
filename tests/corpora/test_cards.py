"""Hold the cards to what a card must say, and the catalogue to the cards and the data."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

import toolkit
from toolkit.corpora import catalogue, load
from toolkit.corpora.cards import card, data_folder, located, names, read_card, shelves
from toolkit.tables import FramingError

HOUSE = Path(toolkit.__file__).resolve().parents[1]
HERE = ["abp-counts", "daily-brief", "news-2017", "reset-demo"]
GATHERED = [
    *("article-bias-prediction", "cc-news"),
    *("gdelt-travel-ban", "guardian-travel-ban", "mediacloud-travel-ban"),
]
MUST_SAY = "title kind about from collected_by licence rights citation how faults columns".split()


def test_the_corpora():
    """The corpora are those that the README lists, each in the folder of its name."""
    assert names() == sorted([*HERE, *GATHERED])
    assert [card(name).name for name in names()] == names()


@pytest.mark.parametrize("name", HERE)
def test_each_card_says_what_a_card_must(name):
    """Each card says what the corpus is, from whom, under what licence, how to cite and get it, and its faults."""
    of = card(name)
    assert [key for key in MUST_SAY if not of[key]] == []
    assert len(of.sha256) == 64 and of.period is not None


@pytest.mark.parametrize("name", HERE)
def test_each_card_agrees_with_its_data(name):
    """The card's number of articles and of sources, its hash and its columns are those of the data."""
    of = card(name)
    place = located(of)
    if place is None:
        pytest.skip(f"the file of {name} is not on this machine: framing fetch {name}")
    table = load(name)
    assert (len(table), table["source"].nunique()) == (of["n_articles"], of["n_sources"])
    assert set(of["columns"]) <= set(table.columns)
    assert set(table.columns) - set(of["columns"]) <= {"date_raw", "repeat_of"}
    hashed = sha256(place.read_bytes()).hexdigest()
    assert hashed == (of.carrier.sha256 if of.carrier and place.suffix == ".zip" else of.sha256)


def test_the_catalogue():
    """The catalogue has one row per corpus with what one needs to choose; what ships with the toolkit is here."""
    table = catalogue().set_index("name")
    assert table.loc[GATHERED, "kind"].tolist() == ["articles"] * 5
    assert list(table.columns) == ["title", "kind", "n_articles", "n_sources", "period", "licence", "here", "how"]
    assert table.loc[HERE, "kind"].to_dict() == {
        "abp-counts": "counts",
        "daily-brief": "articles",
        "news-2017": "articles",
        "reset-demo": "articles",
    }
    assert table.loc[HERE, "n_articles"].to_dict() == {
        "abp-counts": 37554,
        "daily-brief": 18,
        "news-2017": 3824,
        "reset-demo": 111,
    }
    assert table.loc["news-2017", "period"] == "2016-12-01 to 2017-03-31"
    assert table.loc[["abp-counts", "daily-brief", "reset-demo"], "here"].all()


def test_here_is_whether_the_data_are_here(monkeypatch, tmp_path):
    """Where neither the user's folder nor a package has news-2017, the catalogue says so; put there, it is here."""
    monkeypatch.setenv("FRAMING_DATA", str(tmp_path))
    monkeypatch.setattr("toolkit.corpora.cards.in_package", lambda carrier: None)
    assert not catalogue().set_index("name").loc["news-2017", "here"]
    (tmp_path / "news-2017").mkdir()
    (tmp_path / "news-2017" / "NewsArticles.zip").touch()
    assert catalogue().set_index("name").loc["news-2017", "here"]


def test_where_fetched_data_go(monkeypatch, tmp_path):
    """FRAMING_DATA names the folder; without it, it is the system's cache for framing-toolkit."""
    monkeypatch.setenv("FRAMING_DATA", str(tmp_path))
    assert data_folder() == tmp_path
    monkeypatch.delenv("FRAMING_DATA")
    assert data_folder().name == "framing-toolkit"


def test_no_such_corpus():
    """An unknown name is answered with the ones near it and the ones there are."""
    with pytest.raises(FramingError) as error:
        card("news2017")
    assert str(error.value) == (
        "There is no corpus 'news2017'. Did you mean 'news-2017' or 'cc-news'? There are: abp-counts, "
        "article-bias-prediction, cc-news, daily-brief, gdelt-travel-ban, guardian-travel-ban, mediacloud-travel-ban, news-2017, reset-demo."
    )


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("title = \n", "cannot be read: Invalid value (at line 1, column 9). It must be a TOML file in UTF-8."),
        ("[data]\nfile = 'a.csv'", 'cannot be used: it needs a title, as in title = "...".'),
        ("title = 'x'", 'cannot be used: it needs a file under [data], as in file = "...".'),
        ("title = 'x'\ndata = 'a.csv'", "cannot be used: data must be a group of lines under [data]."),
        (
            "title = 'x'\nkind = 'text'\n[data]\nfile = 'a.csv'",
            "cannot be used: kind is 'text'; it must be articles or counts.",
        ),
        ("title = 'x'\n[data]\nfile = '../a.csv'", "cannot be used: the file '../a.csv' must lie beside the card."),
        (
            "title = 'x'\nperiod = ['2017']\n[data]\nfile = 'a.csv'",
            "cannot be used: period must be two days, as in ['2016-12-01', '2017-03-31'].",
        ),
        (
            "title = 'x'\n[carrier]\nurl = 'x'\n[data]\nfile = 'a.csv'",
            "cannot be used: [carrier] needs package, version, member, sha256 and n_bytes, and may have a doi.",
        ),
    ],
)
def test_a_card_that_cannot_be_used(tmp_path, said, wrong):
    """What is wrong with a card is said in a sentence that names the card."""
    (tmp_path / "card.toml").write_text(said)
    with pytest.raises(FramingError) as error:
        read_card(tmp_path)
    assert str(error.value) == f"The card {tmp_path / 'card.toml'} {wrong}"


def test_a_card_that_is_not_text(tmp_path):
    """A card in another encoding is refused, not guessed at."""
    (tmp_path / "card.toml").write_bytes("title = 'Über'".encode("latin-1"))
    with pytest.raises(FramingError, match="cannot be read: 'utf-8' codec can't decode byte 0xdc in position 9"):
        read_card(tmp_path)


def test_a_folder_without_a_card(tmp_path):
    """A folder without a card is answered with what it needs."""
    with pytest.raises(FramingError) as error:
        load(tmp_path)
    assert str(error.value) == (
        f"There is no card.toml in the folder {tmp_path}. A corpus's folder needs one with a title and, under [data], "
        "the name of the file; or load the file itself: toolkit.load('articles.csv')."
    )


def test_in_a_checkout_the_cards_stand_beside_the_package():
    """In a checkout the one shelf is the folder corpora/."""
    assert shelves() == (HOUSE / "corpora",)


def test_installed_the_cards_are_inside_the_package(tmp_path):
    """In an installed package the shelf is toolkit/_corpora, and a folder corpora/ of another package is left alone."""
    shutil.copytree(HOUSE / "toolkit", tmp_path / "toolkit", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(HOUSE / "corpora", tmp_path / "toolkit" / "_corpora")
    (tmp_path / "corpora" / "somebody-elses").mkdir(parents=True)
    (tmp_path / "corpora" / "somebody-elses" / "card.toml").write_text("title = 'x'\n[data]\nfile = 'x.csv'\n")
    look = "from toolkit.corpora import load, cards; print(cards.names(), len(load('daily-brief')))"
    done = subprocess.run(
        [sys.executable, "-c", look],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{names()} 18\n"
