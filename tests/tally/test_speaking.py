"""Whose word: voices, adoption and speakers counted by hand, zero and not covered kept apart, intervals by story."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
from toolkit.measures.intervals import ratio_interval, story_sums
from toolkit.speech.voices import VOICES
from toolkit.tables import ADOPTION, SPEAKERS, VOICE_SHARES, FramingError, FramingWarning

COUNTERS = [tk.voice_shares, tk.adoption, tk.speakers]


def make_hits(rows, **columns):
    """Hits of rows (article, source, voice[, speaker]); flags are false unless a column says otherwise."""
    rows = [(*row, None)[:4] for row in rows]
    hits = pd.DataFrame(rows, columns=["doc_id", "source", "voice", "speaker"]).astype({"speaker": "str"})
    flags = {"term": "reset", "negated": False, "mentioned": False, "headline": False}
    return hits.assign(**{**flags, **columns})


POST = [("a", "Post", "outlet"), ("a", "Post", "outlet"), ("a", "Post", "quoted"), ("b", "Post", "reported")]
WIRE = [("c", "Wire", "scare_quote")]


@st.composite
def any_hits(draw):
    """Some hits in few articles, stories, outlets and days; an article has one outlet, story and day."""
    n_articles = draw(st.integers(1, 6))
    articles = [
        {
            "doc_id": f"d{i}",
            "source": draw(st.sampled_from(["Post", "Wire", "Star"])),
            "story_id": draw(st.sampled_from(["s", "t", None])),
            "date": pd.Timestamp(draw(st.sampled_from(["2017-01-30", "2017-01-31", "2017-02-20", None]))),
        }
        for i in range(n_articles)
    ]
    flag = st.booleans()
    hits = [
        {
            **draw(st.sampled_from(articles)),
            "term": draw(st.sampled_from(["reset", "ban"])),
            "voice": draw(st.sampled_from(VOICES)),
            "speaker": draw(st.sampled_from(["Ann Lee", "Bo Ek", None])),
            "negated": draw(flag),
            "mentioned": draw(flag),
            "headline": draw(flag),
        }
        for _ in range(draw(st.integers(1, 14)))
    ]
    frame = pd.DataFrame(hits).astype({"speaker": "str", "story_id": "str"})
    return frame.assign(date=pd.to_datetime(frame["date"]))


# Voices


def test_voices_by_hand():
    """Post has 2 of 4 hits in its own voice, none in scare quotes, one quoted, one reported; Wire's one is a scare quote."""
    shares = tk.voice_shares(make_hits(POST + WIRE))
    assert list(shares.columns) == ["source", *VOICE_SHARES.columns]
    counts = shares[["source", "voice", "n_hits", "n_hits_total", "n_articles", "n_articles_total"]]
    assert counts.values.tolist() == [
        ["Post", "outlet", 2, 4, 1, 2],
        ["Post", "scare_quote", 0, 4, 0, 2],
        ["Post", "quoted", 1, 4, 1, 2],
        ["Post", "reported", 1, 4, 1, 2],
        ["Wire", "outlet", 0, 1, 0, 1],
        ["Wire", "scare_quote", 1, 1, 1, 1],
        ["Wire", "quoted", 0, 1, 0, 1],
        ["Wire", "reported", 0, 1, 0, 1],
    ]
    assert shares["share"].tolist() == [Fraction(2, 4), 0, Fraction(1, 4), Fraction(1, 4), 0, 1, 0, 0]
    assert shares["covered"].all()


def test_a_cell_without_a_hit_of_the_term_is_not_covered():
    """Wire has no "ban", so its shares there are missing, not zero; all four voices are rows all the same."""
    hits = make_hits(POST + WIRE, term=["reset", "reset", "reset", "ban", "reset"])
    shares = tk.voice_shares(hits)
    empty = shares[(shares["source"] == "Wire") & (shares["term"] == "ban")]
    assert empty["voice"].tolist() == list(VOICES)
    assert (empty["n_hits"] == 0).all() and (empty["n_hits_total"] == 0).all() and not empty["covered"].any()
    assert empty[["share", "low", "high"]].isna().all(axis=None)


def test_the_interval_is_by_story():
    """Each voice's interval is that of a share of hits in three stories, of which one has two articles."""
    rows = [
        ("a", "Post", "outlet"),
        ("b", "Post", "outlet"),
        ("b", "Post", "quoted"),
        ("c", "Post", "quoted"),
        ("d", "Post", "outlet"),
    ]
    hits = make_hits(rows, story_id=["s", "s", "s", None, "t"])
    shares = tk.voice_shares(hits).set_index("voice")
    assert shares["n_stories"].tolist() == [2, 0, 2, 0] and (shares["n_stories_total"] == 3).all()
    # stories s, c, t have 3, 1, 1 hits, of which 2, 0, 1 are the outlet's; two stories have any, and two have others
    low, high = ratio_interval(story_sums([2, 0, 1], [3, 1, 1]), whole=True, bundle=[3 / 2], rest=[2 / 2])
    assert (shares.loc["outlet", "low"], shares.loc["outlet", "high"]) == (low[0], high[0])


def test_what_other_cells_show_bounds_a_cell_of_zeros():
    """Where Wire has no scare quote, the interval knows how many a story of Post has: three."""
    rows = [("a", "Post", "scare_quote")] * 3 + [(d, "Wire", "outlet") for d in "bcdef"]
    shares = tk.voice_shares(make_hits(rows)).set_index(["source", "voice"])
    low, high = ratio_interval(story_sums([0] * 5, [1] * 5), whole=True, bundle=[3.0])
    assert (shares.loc[("Wire", "scare_quote"), "low"], shares.loc[("Wire", "scare_quote"), "high"]) == (
        low[0],
        high[0],
    )
    alone, _ = ratio_interval(story_sums([0] * 5, [1] * 5), whole=True)
    assert high[0] > alone[0]


def test_a_smaller_confidence_gives_a_narrower_interval():
    """The interval of 80 % lies inside that of 95 %."""
    wide, narrow = (tk.voice_shares(make_hits(POST + WIRE), confidence=level) for level in (0.95, 0.8))
    assert (narrow["low"] >= wide["low"]).all() and (narrow["high"] <= wide["high"]).all()
    assert ((narrow["high"] - narrow["low"]) < (wide["high"] - wide["low"])).any()


@given(any_hits(), st.sampled_from([[], ["source"], ["source", "headline"]]), st.sampled_from([None, "D", "W", "M"]))
def test_shares_of_a_covered_cell_add_up_to_one(hits, by, freq):
    """Whatever the cells, four voices make the whole, inside their intervals, and nothing is lost."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("toolkit.tables.periods.warn_user", lambda message: None)
        shares = tk.voice_shares(hits, by=by, freq=freq)
    assert shares["n_hits"].sum() == len(hits)
    sums = shares["share"].to_numpy().reshape(-1, 4).sum(axis=1)
    covered = shares["covered"].to_numpy()[::4]
    np.testing.assert_allclose(sums[covered], 1)
    assert np.isnan(sums[~covered]).all()
    some = shares[shares["covered"]]
    assert ((some["low"] <= some["share"] + 1e-12) & (some["share"] <= some["high"] + 1e-12)).all()
    assert (some["low"] >= 0).all() and (some["high"] <= 1).all()


# Stories and time


@pytest.mark.parametrize("count", COUNTERS)
@given(hits=any_hits(), copied=st.integers(0, 5))
def test_copies_of_a_story_change_nothing_but_their_number(count, hits, copied):
    """With the story as unit, later copies of an article in its own outlet leave all but n_copies as it was."""
    hits = hits.assign(story_id=hits["story_id"].fillna(hits["doc_id"]), mentioned=False)
    doc = hits["doc_id"].unique()[copied % hits["doc_id"].nunique()]
    copies = hits[hits["doc_id"] == doc].assign(doc_id="copy")
    copies["date"] += pd.Timedelta(days=30)  # an undated one stays so, and comes last
    before = count(hits, unit="story")
    after = count(pd.concat([hits, copies], ignore_index=True), unit="story")
    pd.testing.assert_frame_equal(before.drop(columns="n_copies"), after.drop(columns="n_copies"))
    gained = (after["n_copies"] - before["n_copies"]).to_numpy()
    terms = copies["term"].unique()
    at = ((after["source"] == copies["source"].iloc[0]) & after["term"].isin(terms)).to_numpy()
    assert (gained == at).all()


def test_the_earliest_article_stands_for_its_story():
    """Of three copies the one of the first of February counts; undated ones come last, and outlets count for themselves."""
    rows = [("a", "Post", "outlet"), ("b", "Post", "quoted"), ("c", "Post", "reported"), ("d", "Wire", "outlet")]
    dates = pd.to_datetime(["2017-02-02", "2017-02-01", None, "2017-03-01"])
    shares = tk.voice_shares(make_hits(rows, story_id="s", date=dates), unit="story")
    assert shares.loc[shares["n_hits"] == 1, ["source", "voice", "n_copies"]].values.tolist() == [
        ["Post", "quoted", 2],
        ["Wire", "outlet", 0],
    ]


def test_of_two_articles_of_one_day_the_first_stands():
    """A tie is broken by the order of the hits."""
    rows = [("a", "Post", "outlet"), ("b", "Post", "quoted")]
    hits = make_hits(rows, story_id="s", date=pd.Timestamp("2017-02-02"))
    for some, voice in ((hits, "outlet"), (hits[::-1], "quoted")):
        shares = tk.voice_shares(some, unit="story")
        assert shares.loc[shares["n_hits"] == 1, "voice"].tolist() == [voice]


def test_stories_that_are_not_grouped_are_warned_of():
    """Without story_id each article is a story, and the call says so."""
    with pytest.warns(FramingWarning) as warned:
        tk.voice_shares(make_hits(POST), unit="story")
    assert str(warned[0].message) == (
        "These hits have no column story_id, so unit='story' counts each article as a story of its own. "
        "Group copies first: articles = tk.mark_stories(articles)."
    )


def test_periods_without_a_hit_are_rows_that_are_not_covered():
    """Hits of January and March make three months; undated hits are a row of their own, at the end."""
    dates = pd.to_datetime(["2017-01-05", "2017-01-09", "2017-03-05", None])
    table = tk.adoption(make_hits(POST, date=dates), freq="M")
    assert table["period"].astype("str").tolist()[:3] == ["2017-01-01", "2017-02-01", "2017-03-01"]
    assert pd.isna(table["period"].iloc[3])
    assert table["n_uses"].tolist() == [2, 0, 1, 1] and table["covered"].tolist() == [True, False, True, True]
    assert np.isnan(table["adoption"].iloc[1])


@pytest.mark.parametrize("count", [tk.voice_shares, tk.adoption, tk.speakers])
@pytest.mark.parametrize("unit", ["article", "story"])
def test_a_month_without_hits_counts_nothing(count, unit):
    """Every number of a month between two with hits is 0, and its share and both ends are missing."""
    both = [(d, "Post", voice, name) for d, name in (("a", "Ann Lee"), ("b", None)) for voice in VOICES]
    voices = [*both, ("c", "Post", "reported", None)]
    dates = pd.to_datetime(["2017-01-05"] * len(both) + ["2017-03-05"])
    table = count(make_hits(voices, date=dates), freq="M", unit=unit)
    empty = table[table["period"] == pd.Timestamp("2017-02-01")]
    counts = [c for c in table.columns if c.startswith("n_")]
    assert len(empty) and not empty["covered"].any()
    assert (empty[counts] == 0).all(axis=None) and (table[counts] >= 0).all(axis=None)
    assert empty[["low", "high"]].isna().all(axis=None)


@pytest.mark.parametrize("column", ["doc_id", "term", "negated"])
def test_one_hit_that_lacks_what_is_counted_by_is_refused(column):
    """Each hit needs an article, a term and its flags; one of four without them is told with its number."""
    hits = make_hits([(d, "Post", "quoted", None) for d in "abcd"])
    hits[column] = hits[column].astype(object)
    hits.loc[2, column] = None
    with pytest.raises(FramingError, match=f"The column {column} is missing in 1 of 4 hits"):
        tk.speakers(hits)


def test_only_undated_hits_are_one_row():
    """Where no hit has a date, there is one period, which is missing."""
    table = tk.voice_shares(make_hits(POST, date=pd.NaT).astype({"date": "datetime64[us]"}), freq="W")
    assert len(table) == 4 and table["period"].isna().all() and table["n_hits_total"].tolist() == [4] * 4


def test_a_day_is_that_of_its_time_zone():
    """A late hit of the first of February in New York is not put into the next day."""
    dates = pd.to_datetime(["2017-02-01 23:30"] * 4).tz_localize("America/New_York")
    table = tk.adoption(make_hits(POST, date=dates), freq="D")
    assert table["period"].astype("str").tolist() == ["2017-02-01"]


def test_periods_finer_than_the_dates_are_warned_of():
    """Dates that are all firsts of a month make no weeks."""
    dates = pd.to_datetime(["2017-01-01", "2017-02-01", "2017-04-01", "2017-05-01"])
    hits = make_hits([(d, "Post", "outlet") for d in "abcd"], date=dates)
    with pytest.warns(FramingWarning) as warned:
        tk.adoption(hits, freq="W")
    assert str(warned[0].message) == (
        "All 4 dates are the first of a month, so freq='W' is finer than the dates and most periods are empty. "
        "Count with freq='M'."
    )


def test_terms_stand_in_the_order_in_which_they_were_looked_for():
    """The recipe of the hits orders the terms, without it their first hits; terms without a hit are no rows."""
    hits = make_hits(POST, term=["ban", "reset", "ban", "reset"])
    assert tk.adoption(hits)["term"].tolist() == ["ban", "reset"]
    hits.attrs["recipe"] = {"settings": {"terms": {"wall": ["wall"], "reset": ["reset"], "ban": ["ban"]}}}
    assert tk.adoption(hits)["term"].tolist() == ["reset", "ban"]


@pytest.mark.parametrize("count", COUNTERS)
@given(hits=any_hits(), random=st.randoms(use_true_random=False))
def test_the_order_of_hits_does_not_matter(count, hits, random):
    """Shuffled hits give the same table."""
    hits.attrs["recipe"] = {"settings": {"terms": {"reset": [], "ban": []}}}
    order = list(range(len(hits)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(count(hits), count(hits.iloc[order]))


# Adoption


def mixed():
    """Nine hits of Post: three own (one in a headline), one negated, one scare quote, two quoted, one reported, one mention."""
    voices = ["outlet", "outlet", "outlet", "outlet", "scare_quote", "quoted", "quoted", "reported", "outlet"]
    hits = make_hits([(f"d{i}", "Post", voice) for i, voice in enumerate(voices)])
    hits["headline"] = [True, False, False, False, True, False, True, False, False]
    hits["negated"] = [False, False, False, True, False, True, False, False, True]
    hits["mentioned"] = [False] * 8 + [True]
    return hits


def test_adoption_by_hand():
    """Own uses among all but mentions, and everything that is not own is counted by kind: 3 of 8."""
    table = tk.adoption(mixed())
    assert list(table.columns) == ["source", *ADOPTION.columns]
    row = table.iloc[0]
    names = [
        "n_hits",
        "n_mentioned",
        "n_uses",
        "n_own",
        "n_negated",
        "n_scare_quoted",
        "n_quoted",
        "n_reported",
        "n_headlines",
    ]
    assert row[names].tolist() == [9, 1, 8, 3, 1, 1, 2, 1, 1]
    assert row["adoption"] == Fraction(3, 8) and row["covered"]
    assert row[["n_articles", "n_articles_total", "n_stories", "n_stories_total"]].tolist() == [3, 8, 3, 8]
    low, high = ratio_interval(story_sums([1] * 3 + [0] * 5, [1] * 8), whole=True, bundle=[1.0], rest=[1.0])
    assert (row["low"], row["high"]) == (low[0], high[0])


def test_headlines_and_the_rest_make_the_whole():
    """Three uses in headlines, one of them own; five outside, two of them own."""
    inside, outside = (tk.adoption(mixed(), headlines=flag).iloc[0] for flag in (True, False))
    assert inside[["n_own", "n_uses", "n_headlines"]].tolist() == [1, 3, 1]
    assert outside[["n_own", "n_uses", "n_headlines"]].tolist() == [2, 5, 0]


def test_an_outlet_without_headlines_is_not_covered():
    """Wire has the term in its texts only, so of headlines there is nothing to say; it is a row all the same."""
    hits = make_hits(POST + WIRE, headline=[True] * 4 + [False])
    table = tk.adoption(hits, headlines=True)
    assert table["source"].tolist() == ["Post", "Wire"] and table["covered"].tolist() == [True, False]
    with pytest.raises(FramingError) as error:
        tk.adoption(hits[hits["source"] == "Wire"], headlines=True)
    assert str(error.value) == "None of these 1 hits stands in a headline; headlines=None counts both."


def test_scare_quotes_can_be_taken_for_own_words():
    """By default a scare quote is a use that is not own; as an own word it is own, unless it is negated."""
    hits = mixed()
    assert tk.adoption(hits, scare_quotes="own").iloc[0][["n_own", "n_uses", "n_scare_quoted"]].tolist() == [4, 8, 0]
    hits.loc[hits["voice"] == "scare_quote", "negated"] = True
    assert tk.adoption(hits, scare_quotes="own").iloc[0][["n_own", "n_negated"]].tolist() == [3, 2]


def test_mentions_can_be_put_into_the_denominator():
    """What the docstring says gives 3 of 9 uses, the mention among the negated."""
    hits = mixed()
    table = tk.adoption(hits.assign(negated=hits["negated"] | hits["mentioned"], mentioned=False))
    assert table.iloc[0][["n_own", "n_uses", "n_negated", "n_mentioned"]].tolist() == [3, 9, 2, 0]


def test_a_cell_of_mentions_only_is_not_covered():
    """An outlet that only speaks about the word neither adopts nor refuses it."""
    row = tk.adoption(make_hits(POST, mentioned=True)).iloc[0]
    assert row[["n_hits", "n_mentioned", "n_uses"]].tolist() == [4, 4, 0]
    assert not row["covered"] and np.isnan(row["adoption"]) and np.isnan(row["low"])


@given(any_hits(), st.sampled_from([None, True, False]))
def test_adoption_is_a_share_of_parts_that_add_up(hits, headlines):
    """It lies between 0 and 1 and inside its interval, its parts add up, and taking scare quotes for own never lowers it."""
    if headlines is not None and not (hits["headline"] == headlines).any():
        return
    strict, loose = (tk.adoption(hits, headlines=headlines, scare_quotes=way) for way in ("distance", "own"))
    for table in (strict, loose):
        assert (table["n_hits"] == table["n_uses"] + table["n_mentioned"]).all()
        parts = ["n_own", "n_negated", "n_scare_quoted", "n_quoted", "n_reported"]
        assert (table["n_uses"] == table[parts].sum(axis=1)).all()
        some = table[table["covered"]]
        assert some["adoption"].between(0, 1).all()
        assert ((some["low"] <= some["adoption"] + 1e-12) & (some["adoption"] <= some["high"] + 1e-12)).all()
    assert (loose["n_own"] >= strict["n_own"]).all() and (loose["n_uses"] == strict["n_uses"]).all()


# Speakers

SAID = [
    ("a", "Post", "quoted", "Ann Lee"),
    ("a", "Post", "reported", "Ann Lee"),
    ("b", "Post", "quoted", "Bo Ek"),
    ("b", "Post", "quoted", None),
    ("b", "Post", "outlet", None),
    ("c", "Wire", "reported", "Ann Lee"),
    ("d", "Star", "outlet", None),
]


def test_speakers_by_hand():
    """Ann Lee has two of Post's four quoted and reported hits and all of Wire's; Star has none, and says so."""
    hits = make_hits(SAID)
    hits["negated"] = [True, False, False, False, True, False, False]
    table = tk.speakers(hits)
    assert list(table.columns) == ["source", *SPEAKERS.columns]
    counts = table.fillna({"speaker": "-"})[
        [
            "source",
            "speaker",
            "n_hits",
            "n_hits_total",
            "n_quoted",
            "n_reported",
            "n_negated",
            "n_articles",
            "n_articles_total",
        ]
    ]
    assert counts.values.tolist() == [
        ["Post", "Ann Lee", 2, 4, 1, 1, 1, 1, 2],
        ["Post", "Bo Ek", 1, 4, 1, 0, 0, 1, 2],
        ["Post", "-", 1, 4, 1, 0, 0, 1, 2],
        ["Star", "-", 0, 0, 0, 0, 0, 0, 0],
        ["Wire", "Ann Lee", 1, 1, 0, 1, 0, 1, 1],
        ["Wire", "-", 0, 1, 0, 0, 0, 0, 1],
    ]
    assert table["share"].tolist()[:3] == [Fraction(1, 2), Fraction(1, 4), Fraction(1, 4)]
    star = table[table["source"] == "Star"].iloc[0]
    assert not star["covered"] and np.isnan(star["share"])


def test_a_speaker_s_interval_is_by_story():
    """In Post Ann Lee has 2 of 2 hits of one story and none of 2 of another; elsewhere she has 1 of 1."""
    table = tk.speakers(make_hits(SAID)).iloc[0]
    low, high = ratio_interval(story_sums([2, 0], [2, 2]), whole=True, bundle=[3 / 2], rest=[2 / 1])
    assert (table["low"], table["high"]) == (low[0], high[0])


def test_speakers_of_few_hits_can_be_left_out_and_stay_in_the_denominator():
    """With min_n=2 Bo Ek goes, who has one hit in the whole table; Ann Lee stays in Wire, where she has one of her three."""
    table = tk.speakers(make_hits(SAID), min_n=2)
    assert table["speaker"].dropna().tolist() == ["Ann Lee", "Ann Lee"]
    assert table.loc[table["source"] == "Post", "n_hits_total"].tolist() == [4, 4]


def test_an_empty_name_is_no_name():
    """Hits read from a file have "" where nobody is named; they count as missing."""
    hits = make_hits(SAID)
    pd.testing.assert_frame_equal(tk.speakers(hits.assign(speaker=hits["speaker"].fillna(""))), tk.speakers(hits))


def test_hits_without_any_speaker_are_one_row_a_cell():
    """Where nobody is ever named, the row without a speaker holds all."""
    for none in (None, np.nan, ""):
        table = tk.speakers(make_hits([("a", "Post", "quoted"), ("b", "Post", "outlet")]).assign(speaker=none))
        assert len(table) == 1 and table["speaker"].isna().all() and table["share"].tolist() == [1.0]


@given(any_hits(), st.sampled_from([None, "M"]))
def test_speakers_shares_add_up_to_one(hits, freq):
    """In each covered cell the speakers and the hits of nobody make the whole, and quoted and reported make each speaker's hits."""
    table = tk.speakers(hits, freq=freq)
    said = hits["voice"].isin(["quoted", "reported"])
    assert table["n_hits"].sum() == said.sum()
    assert (table["n_hits"] == table["n_quoted"] + table["n_reported"]).all()
    cells = ["source", "term", *(["period"] if freq else [])]
    sums = table.groupby(cells, dropna=False).agg(share=("share", "sum"), covered=("covered", "all"))
    np.testing.assert_allclose(sums["share"], sums["covered"].astype(float))
    assert table.groupby(cells, dropna=False)["speaker"].agg(lambda names: names.isna().sum()).eq(1).all()


# What every table has


@pytest.mark.parametrize("count", COUNTERS)
def test_the_recipe_says_how_it_was_made(count):
    """Function, settings, the corpus and the recipe of the hits ride along; hits without a recipe have no named corpus."""
    hits = make_hits(POST)
    assert count(hits).attrs["recipe"]["corpus"] == {"name": None, "n_articles": 2, "steps": [{"step": "unknown"}]}
    hits.attrs["recipe"] = {
        "function": "toolkit.find",
        "settings": {"terms": {"reset": ["reset"]}},
        "corpus": {"name": "x"},
    }
    recipe = count(hits, by="source", unit="article", confidence=0.9).attrs["recipe"]
    assert recipe["function"] == f"toolkit.{count.__name__}" and recipe["corpus"] == {"name": "x"}
    assert (
        recipe["settings"] | {"by": ["source"], "confidence": 0.9, "unit": "article", "freq": None}
        == recipe["settings"]
    )
    told = recipe["inputs"]["hits"]
    assert (told["function"], told["settings"]) == ("toolkit.find", {"terms": {"reset": ["reset"]}})


@pytest.mark.parametrize("count", COUNTERS)
def test_hits_stay_as_they_were(count):
    """Hits with an index of their own are not changed."""
    hits = make_hits(SAID, date=pd.Timestamp("2017-01-05"), story_id="s")
    hits.index = pd.Index(range(50, 57))
    before = hits.copy(deep=True)
    count(hits, freq="W", unit="story")
    pd.testing.assert_frame_equal(hits, before)


@pytest.mark.parametrize("count", COUNTERS)
def test_one_hit_is_enough(count):
    """A single hit gives a table with an interval that says how little that is."""
    row = count(make_hits([("a", "Post", "quoted", "Ann Lee")])).dropna(subset="low").iloc[0]
    assert row["high"] - row["low"] > 0.9


def test_cells_can_be_anything_of_the_hits():
    """Columns of the hits, a missing value and odd characters make cells; without columns all hits are one."""
    hits = make_hits(POST + WIRE, section=["a", None, "\u202eא\U0001f5de", "a", None])
    table = tk.adoption(hits, by=["section", "headline"])
    assert table["section"].fillna("-").tolist() == ["a", "\u202eא\U0001f5de", "-"] and table["n_hits"].tolist() == [
        2,
        1,
        2,
    ]
    assert tk.adoption(hits, by=[])["n_hits"].tolist() == [5]


@pytest.mark.parametrize("count", COUNTERS)
def test_many_outlets_are_counted_at_once(count):
    """Thirty thousand outlets with a hit each are as many cells, each counted once."""
    n = 30_000
    hits = make_hits([(f"d{i}", f"outlet {i:05}", VOICES[i % 4], "Ann Lee" if i % 4 > 1 else None) for i in range(n)])
    table = count(hits)
    assert table["source"].nunique() == n
    first = {"voice_shares": "n_hits", "adoption": "n_hits", "speakers": "n_hits"}[count.__name__]
    assert table[first].sum() == (n // 2 if count is tk.speakers else n)


def test_what_find_returns_can_be_counted():
    """Of three hits one is the Post's own word, one is quoted, one is spoken about."""
    texts = ["The reset works.", "“The reset is over,” said Ann Lee.", "Nobody explains the term “reset”."]
    articles = pd.DataFrame({"doc_id": ["a", "b", "c"], "source": "Post", "text": texts})
    hits = tk.find(tk.tokenize(articles), "reset", voices=True)
    row = tk.adoption(hits).iloc[0]
    assert row[["n_hits", "n_mentioned", "n_uses", "n_own", "n_quoted"]].tolist() == [3, 1, 2, 1, 1]
    assert tk.speakers(hits)["speaker"].dropna().tolist() == ["Ann Lee"]
    assert tk.voice_shares(hits)["n_hits"].sum() == 3


# What cannot be answered


def test_hits_without_voices_say_how_to_get_them():
    """Hits that were found without voices name what is missing and the call that gives it."""
    hits = make_hits(POST).drop(columns=["voice", "negated", "mentioned"])
    with pytest.raises(FramingError) as error:
        tk.adoption(hits)
    assert str(error.value) == (
        "These hits do not say whose word they are: there is no column voice, negated, mentioned. "
        "Find them with voices: hits = tk.find(tokens, terms, voices=True)."
    )


@pytest.mark.parametrize("count", COUNTERS)
def test_no_hits_are_refused(count):
    """A table without rows has nothing to count."""
    with pytest.raises(FramingError) as error:
        count(make_hits(POST).iloc[:0])
    assert str(error.value) == (
        "This table of hits has no row, so there is nothing to count. See what the patterns match: tk.word_forms(tokens, terms)."
    )


@pytest.mark.parametrize(
    ("change", "settings", "message"),
    [
        ({}, {"by": "sauce"}, "A table of hits needs the column sauce; this one has: {columns}."),
        ({}, {"by": ["source", "term"]}, "Cells cannot be made by term: the table of adoption has that column itself."),
        ({}, {"freq": "M"}, "A table of hits needs the column date; this one has: {columns}."),
        ({}, {"freq": "H"}, "There is no period 'H'. There are: D (day), W (week), M (month), Q (quarter), Y (year)."),
        ({}, {"unit": "storey"}, "There is no unit 'storey'. Did you mean 'story'? There are: article, story."),
        ({}, {"confidence": 95}, "confidence is a number between 0 and 1, such as 0.95; this is 95."),
        (
            {},
            {"headlines": "yes"},
            "headlines is True (these only), False (all but these) or None (both); this is 'yes'.",
        ),
        (
            {},
            {"scare_quotes": "distancing"},
            "There is no way to take scare_quotes 'distancing'. Did you mean 'distance'? There are: distance, own.",
        ),
        (
            {"voice": "quote"},
            {},
            "There is no voice 'quote'. Did you mean 'quoted' or 'scare_quote' or 'outlet'? There are: outlet, scare_quote, quoted, reported.",
        ),
        (
            {"negated": "False"},
            {},
            "The column negated holds str, not True and False. "
            "Convert it: hits['negated'] = hits['negated'].astype('str').str.lower() == 'true'.",
        ),
        (
            {"date": "2017-01-01"},
            {"freq": "M"},
            "The column date holds str, not dates. Convert it: hits['date'] = pd.to_datetime(hits['date'], errors='coerce').",
        ),
    ],
)
def test_what_is_wrong_is_said(change, settings, message):
    """Each wrong setting or column has a sentence of its own."""
    hits = make_hits(POST).assign(**change)
    with pytest.raises(FramingError) as error:
        tk.adoption(hits, **settings)
    assert str(error.value) == message.format(columns=", ".join(hits.columns))


def test_min_n_below_one_is_refused():
    """No speaker has fewer hits than one."""
    with pytest.raises(FramingError) as error:
        tk.speakers(make_hits(SAID), min_n=0)
    assert str(error.value) == "min_n is a number of hits, 1 or more; this is 0."


def test_something_else_than_hits_is_refused():
    """A list is no table of hits."""
    with pytest.raises(FramingError) as error:
        tk.voice_shares([1, 2])
    assert str(error.value) == "A table of hits is a pandas DataFrame, from tk.find; this is a list."


def test_hits_without_a_voice_are_in_no_share():
    """Hits in a language without rules are counted apart: every other number is as if they were not there."""
    hits = make_hits(POST)
    lacking = hits.assign(doc_id=hits["doc_id"] + "-fi", voice=None, speaker=None, cue=None)
    other = lacking.assign(source="Sanomat")
    for column in ("negated", "mentioned"):
        lacking[column] = other[column] = pd.array([None] * len(hits), dtype="boolean")
    mixed = pd.concat([hits, lacking, other], ignore_index=True)
    for function in (tk.voice_shares, tk.adoption, tk.speakers):
        plain, both = function(hits), function(mixed)
        post = both[both["source"] == "Post"].reset_index(drop=True)
        pd.testing.assert_frame_equal(post.drop(columns="n_unmeasured"), plain, check_dtype=False)
        assert post["n_unmeasured"].unique().tolist() == [len(hits)]
        assert not both.loc[both["source"] == "Sanomat", "covered"].any()


def test_a_tally_of_voices_leaves_out_what_was_not_measured():
    """A missing voice is no label that somebody looked for and did not find."""
    hits = make_hits(POST)
    mixed = pd.concat([hits, hits.assign(voice=None)], ignore_index=True)
    with pytest.warns(tk.FramingWarning, match="have no voice"):
        shares = tk.usage(tk.tally(mixed, kind="voice"), by=())
    assert shares["n_hits"].tolist() == tk.usage(tk.tally(hits, kind="voice"), by=())["n_hits"].tolist()


def test_a_figure_says_what_was_not_measured():
    """The caption says how many hits have no voice, and their outlet's row says so, too."""
    hits = make_hits(POST)
    other = hits.assign(source="Sanomat", voice=None, negated=None, mentioned=None).astype(
        {"negated": "boolean", "mentioned": "boolean"}
    )
    figure = tk.figures.plot_voice_shares(tk.voice_shares(pd.concat([hits, other], ignore_index=True)))
    texts = " ".join(text.get_text() for text in figure.findobj(match=lambda artist: hasattr(artist, "get_text")))
    assert "in languages without rules" in " ".join(texts.split()) and "not measured" in texts
