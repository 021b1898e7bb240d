"""Hold abp-counts to its card, to the published totals and to the patterns it was counted with."""

from __future__ import annotations

import csv
import gzip
import io
import re

import pandas as pd
import pytest

from toolkit.corpora import load
from toolkit.corpora.cards import card
from toolkit.corpora.oddities import findings


@pytest.fixture(scope="module")
def counts() -> pd.DataFrame:
    return load("abp-counts")


def test_the_columns(counts):
    """It is a counts table: no text, no url, whole numbers."""
    terms = list(card("abp-counts")["patterns"])
    assert list(counts.columns) == ["doc_id", "source", "date", "date_raw", "leaning", "topic", "n_words", *terms]
    assert {str(counts[c].dtype) for c in ["n_words", *terms]} == {"int64"}
    assert set(counts["leaning"]) == {"left", "center", "right"}
    assert (counts.attrs["corpus"], counts.attrs["kind"]) == ("abp-counts", "counts")


def test_every_row_of_the_file_is_there(counts):
    """Python's own csv module reads the same rows in the same order."""
    of = card("abp-counts")
    with gzip.open(of.folder / of.file, "rt", encoding="utf-8", newline="") as file:
        raw = list(csv.DictReader(file))
    assert counts["doc_id"].tolist() == [row["doc_id"] for row in raw]
    assert counts["source"].tolist() == [row["source"] for row in raw]
    assert counts["date_raw"].tolist() == [row["date"] for row in raw]
    assert counts["n_words"].tolist() == [int(row["n_words"]) for row in raw]
    assert (len(raw), counts["source"].nunique()) == (of["n_articles"], of["n_sources"]) == (37554, 491)
    assert counts["doc_id"].is_unique


def test_the_file_can_be_made_again_to_the_byte():
    """The compressed file holds no name and no time, so the same counts give the same file."""
    of = card("abp-counts")
    content = (of.folder / of.file).read_bytes()
    assert content[3] == 0 and content[4:8] == bytes(4)
    with gzip.open(io.BytesIO(content)) as file:
        head = file.readline().decode().strip().split(",")
    assert "url" not in head and "source_url" not in head


def test_totals(counts):
    """The sums of the counts are the known ones: 151 resets near Russia in 108 articles, and so on."""
    terms = counts[[c for c in counts.columns if c.startswith("n_")]]
    assert terms.sum().to_dict() == {
        "n_words": 36358357,
        "n_reset": 390,
        "n_reset_near_russia": 151,
        "n_travel_ban": 1010,
        "n_muslim_ban": 185,
        "n_undocumented": 2086,
        "n_undocumented_immigrant": 1377,
        "n_illegal_immigrant": 2835,
        "n_illegal_alien": 533,
        "n_illegal_immigration": 1164,
        "n_climate_change": 4409,
        "n_global_warming": 962,
    }
    assert int((counts["n_reset_near_russia"] > 0).sum()) == 108
    assert (counts["n_reset_near_russia"] <= counts["n_reset"]).all()
    assert (counts["n_undocumented_immigrant"] <= counts["n_undocumented"]).all()


def test_the_whole_report(counts):
    """4,407 empty dates, 37 in month/day/year, seven outside the coverage: each told with its number and examples."""
    assert (
        findings(counts)
        == counts.attrs["report"]
        == [
            {"check": "articles", "n": 37554, "note": "491 sources"},
            {"check": "missing sources", "n": 0, "note": "kept"},
            {
                "check": "missing dates",
                "n": 4407,
                "note": "NaT, kept; no count by period has them; most in BBC News (875 of 886), Fox Online News "
                "(558 of 2,047), ABC News (338 of 341), American Spectator (310 of 310), Wall Street Journal - News "
                "(299 of 335)",
            },
            {
                "check": "dates written otherwise",
                "n": 37,
                "note": "not as year, month, day; read all the same: 6/15/17, 11/18/16, 10/10/18, 4/12/19, 8/19/19, "
                "3/8/17, ...",
            },
            {
                "check": "dates set to missing",
                "n": 7,
                "note": "unreadable or outside the coverage; kept in date_raw: 2050-09-30, 2010-06-16, 2010-10-19, "
                "0001-11-30 (2), 2007-05-22, 2001-10-23",
            },
            {"check": "dates outside the coverage", "n": 0, "note": "not in 2012-01-01 to 2020-12-31; kept"},
        ]
    )


def test_dates(counts):
    """month/day/two-digit year is read as such, years outside the coverage are missing, the written date stays."""
    at = counts.drop_duplicates("date_raw").set_index("date_raw")["date"]
    assert at["6/15/17"] == pd.Timestamp("2017-06-15") and at["12/31/18"] == pd.Timestamp("2018-12-31")
    assert at[["", "0001-11-30", "2050-09-30", "2001-10-23"]].isna().all()
    assert (counts["date"].min(), counts["date"].max()) == (pd.Timestamp("2012-04-03"), pd.Timestamp("2020-07-21"))
    assert int(counts["date"].isna().sum()) == 4407 + 7


def test_the_card_is_right_about_dates_and_names(counts):
    """The shares of undated articles, the doubled names and the leanings that differ are as the card says."""
    faults = " ".join(card("abp-counts")["faults"])
    undated, of_all = counts[counts["date_raw"] == ""]["source"].value_counts(), counts["source"].value_counts()
    assert f"{undated.sum():,} articles have no date" in faults
    assert f"all {undated['American Spectator']} of American Spectator" in faults
    assert undated["American Spectator"] == of_all["American Spectator"]
    assert f"{undated['BBC News']} of {of_all['BBC News']} of BBC News" in faults
    assert f"{undated['Politico']} of {of_all['Politico']:,} of Politico" in faults
    for name in ("Fox News", "Fox Online News", "Fox News (Online)", "Fox News Opinion", "Fox News Latino",
                 "CNN (Web News)", "CNN - Editorial", "Newsmax - News", "Newsmax (News)", "Newsmax - Opinion",
                 "NPR Editorial "):  # fmt: skip
        assert name in faults and name in of_all.index
    assert f"Of {len(of_all)} names {(of_all == 1).sum()} have one article" in faults
    assert sum(name.startswith("New York Times") for name in of_all.index) == 4
    assert "All but seven of the 491 names have one leaning throughout" in " ".join(card("abp-counts")["about"].split())
    leanings = counts.groupby("source")["leaning"].nunique()
    assert int((leanings > 1).sum()) == 7 and {"Al Jazeera", "ProPublica"} <= set(leanings.index[leanings > 1])
    assert f"fewer than {counts['n_words'].min()} words" in faults


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He resets it, resetting the Reset. Resettlement, presets.", {"n_reset": 3}),
        ("A reset with\nRussia", {"n_reset": 1, "n_reset_near_russia": 1}),
        ("Moscow, " + 150 * "." + "reset", {"n_reset": 1}),
        ("Travel ban, travel-bans, travel  ban, travel banned", {"n_travel_ban": 2}),
        ("the MUSLIM BAN and two Muslim-bans", {"n_muslim_ban": 2}),
        ("Undocumented migrants", {"n_undocumented": 1, "n_undocumented_immigrant": 1}),
        (
            "illegal immigrants, an illegal migrant, illegal immigration",
            {"n_illegal_immigrant": 2, "n_illegal_immigration": 1},
        ),
        ("illegal aliens", {"n_illegal_alien": 1}),
        ("Climate change, once called global warming", {"n_climate_change": 1, "n_global_warming": 1}),
    ],
)
def test_the_patterns_count_what_the_card_says(text, expected):
    """Each pattern of the card, run as it says, counts these and nothing else."""
    patterns = card("abp-counts")["patterns"]
    found = {name: len(re.findall("(?is)" + pattern, text)) for name, pattern in patterns.items()}
    assert {name: n for name, n in found.items() if n} == expected
