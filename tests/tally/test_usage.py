"""Usage: counts that can be redone by hand, denominators that are said, and parts that add up."""

import itertools
import json
import re
import warnings
from pathlib import Path

import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toolkit as tk
from toolkit.measures.intervals import ratio_interval, story_sums
from toolkit.tally.sources import story_counts

ARTICLES = pd.DataFrame(
    {
        "doc_id": list("abcdef"),
        "source": ["Post", "Post", "Post", "Wire", "Wire", "Wire"],
        "date": pd.to_datetime(["2017-01-02", "2017-01-03", "2017-01-17", "2017-01-04", "2017-01-11", None]),
        "text": [
            "A reset of the reset.",  # 5 words, 2 hits
            "No news today.",  # 3
            "Travel ban, reset.",  # 3, 1 and 1
            "The travel ban is no Muslim ban.",  # 7, 1 and 1
            "Rain.",  # 1
            "Reset!",  # 1, 1, undated
        ],
    }
)
TERMS = {"reset": ["reset"], "travel ban": ["travel ban"]}


def rows(table, *columns):
    return table[list(columns)].values.tolist()


def test_counts_by_hand():
    """Hits, articles, words and rates of two sources are what one counts with a finger."""
    table = tk.usage(ARTICLES, TERMS)
    assert rows(table, "source", "term", "n_hits", "n_articles", "n_articles_total", "n_words") == [
        ["Post", "reset", 3, 2, 3, 11],
        ["Post", "travel ban", 1, 1, 3, 11],
        ["Wire", "reset", 1, 1, 3, 9],
        ["Wire", "travel ban", 1, 1, 3, 9],
    ]
    assert table["per_million"].tolist() == pytest.approx([3e6 / 11, 1e6 / 11, 1e6 / 9, 1e6 / 9])
    assert table["share"].tolist() == pytest.approx([2 / 3, 1 / 3, 1 / 3, 1 / 3])
    assert table["covered"].all()


def test_columns_are_those_of_the_table():
    """The columns are those that the tables file names, in its order, for each measure."""
    from toolkit.tables import USAGE

    plain = tk.usage(ARTICLES, TERMS)
    assert list(plain.columns) == ["source", *USAGE.columns]
    stories = ARTICLES.assign(story_id=list("abcdef"))
    full = tk.usage(stories, TERMS, freq="W", measure="rival_share", unit="story", pool=True)
    asked_for = {"period", "partial", "n_hits_rivals", "rival_share", "n_copies", "pooled", "pooled_low", "pooled_high"}
    assert set(full.columns) == {"source", *USAGE.columns, *asked_for}
    assert asked_for < set(USAGE.optional)


def test_zero_no_coverage_and_partial_periods_are_three_things():
    """A week with articles and no hit is zero, a week without articles is missing, a week begun late is partial."""
    table = tk.usage(ARTICLES, "reset", freq="W")
    wire = table[table["source"] == "Wire"]
    assert wire["period"].dt.strftime("%m-%d").tolist()[:3] == ["01-02", "01-09", "01-16"]
    assert wire["covered"].tolist() == [True, True, False, True]
    assert wire["n_hits"].tolist() == [0, 0, 0, 1]
    assert wire["per_million"].isna().tolist() == [False, False, True, False]
    assert wire[["share", "low", "high"]].iloc[2].isna().all()
    assert wire["partial"].tolist() == [True, True, False, False]  # from Wednesday 4 to Wednesday 11 January
    post = table[table["source"] == "Post"]
    assert post["partial"].tolist() == [False, False, True]  # from Monday 2 to Tuesday 17 January
    assert post["covered"].tolist() == [True, False, True]


def test_undated_articles_have_a_row():
    """Articles without a date are counted in a row without a period, so nothing is lost."""
    table = tk.usage(ARTICLES, TERMS, freq="M")
    assert table["n_hits"].sum() == tk.usage(ARTICLES, TERMS)["n_hits"].sum()
    undated = table[table["period"].isna()]
    assert rows(undated, "source", "term", "n_hits", "n_articles_total") == [
        ["Wire", "reset", 1, 1],
        ["Wire", "travel ban", 0, 1],
    ]


def test_rival_shares_are_of_the_hits_of_all_rivals():
    """The share among rivals is the term's hits over the hits of all, and missing where there are none."""
    table = tk.usage(ARTICLES, ["travel ban", "Muslim ban"], measure="rival_share")
    assert rows(table, "source", "n_hits", "n_hits_rivals", "rival_share") == [
        ["Post", 1, 1, 1.0],
        ["Post", 0, 1, 0.0],
        ["Wire", 1, 2, 0.5],
        ["Wire", 1, 2, 0.5],
    ]
    rain = ARTICLES[ARTICLES["doc_id"] == "e"]
    assert tk.usage(rain, ["rain"], measure="share")["share"].tolist() == [1.0]


def test_rivals_that_share_words_warn():
    """Rival terms whose matches overlap are counted twice, and that is said."""
    with pytest.warns(tk.FramingWarning) as record:
        tk.usage(ARTICLES, ["ban", "travel ban"], measure="rival_share")
    assert [str(w.message) for w in record] == [
        "Rival terms share words in 2 places, so their shares count these twice. Make the patterns exclude each other."
    ]


def test_the_story_is_the_unit_of_the_interval():
    """Two copies of a story count twice as hits and once as evidence."""
    alone = ARTICLES.assign(story_id=list("abcdef"))
    pd.testing.assert_frame_equal(tk.usage(alone, TERMS), tk.usage(ARTICLES, TERMS))
    copies = pd.concat([ARTICLES, ARTICLES.assign(doc_id=list("ghijkl"))], ignore_index=True)
    by_article = tk.usage(copies, "reset")
    by_story = tk.usage(copies.assign(story_id=list("abcdef") * 2), "reset")
    assert by_story["n_hits"].tolist() == by_article["n_hits"].tolist()
    assert by_story["n_stories_total"].tolist() == [3, 3]
    assert by_article["n_stories_total"].tolist() == [6, 6]
    assert (by_story["high"] - by_story["low"] > by_article["high"] - by_article["low"]).all()


def test_articles_without_a_story_are_their_own():
    """A missing story_id does not put articles together."""
    some = ARTICLES.assign(story_id=["s", "s", None, None, None, None])
    assert tk.usage(some, "reset", by=[])["n_stories_total"].tolist() == [5]


def test_interval_is_that_of_the_measures():
    """The ends are those of the interval on story sums, per million."""
    table = tk.usage(ARTICLES, "reset", by=[])
    sums = story_sums([2, 0, 1, 0, 0, 1], [5, 3, 3, 7, 1, 1])
    low, high = ratio_interval(sums)
    assert table["low"].tolist() == pytest.approx((low * 1e6).tolist())
    assert table["high"].tolist() == pytest.approx((high * 1e6).tolist())


def test_one_source_and_several_columns():
    """A corpus with one source gives one row a term; cells can be made by any columns."""
    one = tk.usage(ARTICLES[ARTICLES["source"] == "Post"], TERMS)
    assert one["source"].tolist() == ["Post", "Post"]
    both = tk.usage(ARTICLES.assign(desk=list("xyxyxy")), "reset", by=["desk", "source"])
    assert rows(both, "desk", "source", "n_hits") == [
        ["x", "Post", 3],
        ["x", "Wire", 0],
        ["y", "Post", 0],
        ["y", "Wire", 1],
    ]


def test_articles_without_a_source_stay():
    """Articles whose source is missing are a row of their own."""
    table = tk.usage(ARTICLES.assign(source=["Post", None, "Post", None, None, None]), "reset")
    assert table["n_articles_total"].tolist() == [2, 4]


def counts_frame():
    words = [5, 3, 3, 7, 1, 1]
    return ARTICLES.drop(columns="text").assign(
        n_words=words, n_reset=[2, 0, 1, 0, 0, 1], n_travel_ban=[0, 0, 1, 1, 0, 0]
    )


@pytest.mark.parametrize("measure", ["per_million", "share", "rival_share"])
def test_counts_corpus_gives_the_same_table(measure):
    """Counts without text give the same usage as the texts they were made from."""
    from_text = tk.usage(ARTICLES, TERMS, freq="W", measure=measure)
    from_counts = tk.usage(counts_frame(), ["reset", "Travel ban"], freq="W", measure=measure)
    assert from_counts["term"].unique().tolist() == ["reset", "Travel ban"]
    pd.testing.assert_frame_equal(from_counts.drop(columns="term"), from_text.drop(columns="term"))


@pytest.mark.parametrize(
    ("corpus", "terms", "settings", "message"),
    [
        (ARTICLES, "reset", {"measure": "rate"}, "There is no measure 'rate'. There are: per_million, share, rival_share."),
        (ARTICLES, "reset", {"freq": "week"}, "There is no period 'week'. Did you mean 'W'? There are: D (day), W (week), M (month), Q (quarter), Y (year)."),
        (ARTICLES, "reset", {"by": "period"}, "Cells cannot be made by period: the table of usage has that column itself."),
        (ARTICLES, "reset", {"by": "outlet"}, "A table of articles needs the column outlet; this one has: doc_id, source, date, text. Did you mean 'source'?"),
        (
            ARTICLES.drop(columns="date"),
            "reset",
            {"freq": "M"},
            "A table of articles needs the column date; this one has: doc_id, source, text.",
        ),
        (
            ARTICLES.assign(date="2017-01-02"),
            "reset",
            {"freq": "M"},
            "The column date holds str, not dates. Convert it: articles['date'] = pd.to_datetime(articles['date'], errors='coerce').",
        ),
        (ARTICLES.head(0), "reset", {}, "This table of articles is empty: it has columns but no row."),
        (
            counts_frame(),
            {"reset": "reset*"},
            {},
            "A counts corpus has no text to search, only counts that were made with patterns of its own (see its card). "
            "Name the terms: 'reset', 'travel_ban'.",
        ),
        (counts_frame(), ["travel bans"], {}, "There is no count of 'travel bans'. Did you mean 'travel_ban'? There are: reset, travel_ban."),
        (
            ARTICLES.assign(source=["Post", 1, None, 2, "Post", 1]),
            "reset",
            {},
            "The column source holds values of several kinds (int, str), which have no order. "
            "Make them text: articles['source'] = articles['source'].astype('str').",
        ),
        (ARTICLES, "reset", {"unit": "word"}, "There is no unit 'word'. There are: article, story."),
        (ARTICLES, "reset", {"interval": "wald"}, "There is no interval 'wald'. There are: story, bootstrap, wilson, garwood."),
        (ARTICLES, "reset", {"confidence": 95}, "confidence is a number between 0 and 1, such as 0.95; this is 95."),
        (
            ARTICLES,
            "reset",
            {"interval": "garwood", "measure": "share"},
            "Garwood's interval is for hits per word, and share is a share. Take interval='wilson', or measure='per_million'.",
        ),
        (
            ARTICLES,
            "reset",
            {"interval": "bootstrap", "resamples": 9},
            "resamples is how often stories are drawn again, 100 or more, better 2,000; this is 9.",
        ),
        (
            ARTICLES,
            "reset",
            {"pool": True, "by": []},
            "pool=True shrinks cells towards their mean, and by=[] makes one cell only. Count by a column: by='source'.",
        ),
        (
            ARTICLES.assign(covered=1),
            "reset",
            {"by": ["covered"]},
            "Cells cannot be made by covered: the table of usage has that column itself.",
        ),
        (
            ARTICLES.drop(columns="text"),
            "reset",
            {},
            "There is nothing to count in: this table has neither text (columns title, standfirst or text) nor counts "
            "(n_words and n_<term>). It has: doc_id, source, date.",
        ),
        (
            ARTICLES.rename(columns={"text": "body"}),
            "reset",
            {},
            "A table of articles needs the column text; this one has: doc_id, source, date, body. "
            "If body is the text, rename it: articles.rename(columns={'body': 'text'}).",
        ),
        (
            ARTICLES.assign(text="", n_articles=3, share=0.5),
            "reset",
            {},
            "None of these 6 rows has a word in text, so there is nothing to count in. They are counts of an archive, not articles: "
            "n_articles, share say how many articles it has, so compute rates from these columns.",
        ),
        (
            ARTICLES.assign(text=None),
            "reset",
            {},
            "None of these 6 rows has a word in text, so there is nothing to count in.",
        ),
        (
            counts_frame().assign(n_words=0),
            ["reset"],
            {},
            "None of these 6 articles has a word (n_words is 0 in all of them).",
        ),
        (
            dd.from_pandas(counts_frame().assign(n_words=0), npartitions=2),
            ["reset"],
            {},
            "None of these 6 articles has a word, so there is nothing to count in.",
        ),
        (counts_frame(), [], {}, "There is no term to count. Name at least one of: reset, travel_ban."),
        (counts_frame().assign(n_reset=[1, None, 0, 0, 0, 0]), ["reset"], {}, "Counts are missing: 1 of n_reset."),
    ],
)  # fmt: skip
def test_bad_questions(corpus, terms, settings, message):
    """A question that makes no sense is refused in one sentence, not answered with a zero."""
    with pytest.raises(tk.FramingError) as error:
        tk.usage(corpus, terms, **settings)
    assert str(error.value) == message


@pytest.mark.parametrize("npartitions", [1, 2, 3])
@pytest.mark.parametrize("measure", ["per_million", "share", "rival_share"])
@pytest.mark.parametrize("story", [False, True])
def test_dask_gives_the_same_table_to_the_digit(npartitions, measure, story):
    """Partitions add up: the table of a Dask frame equals that of one frame exactly, stories that span partitions too."""
    articles = ARTICLES.assign(story_id=["s", None, "t", "s", None, "t"], source="Post") if story else ARTICLES
    frame = dd.from_pandas(articles, npartitions=npartitions)
    one = tk.usage(articles, TERMS, freq="W", measure=measure)
    parts = tk.usage(frame, TERMS, freq="W", measure=measure)
    pd.testing.assert_frame_equal(parts, one, check_exact=True)
    assert parts.attrs["recipe"] == one.attrs["recipe"] | {"corpus": parts.attrs["recipe"]["corpus"]}
    assert parts.attrs["recipe"]["corpus"]["fingerprint"] == one.attrs["recipe"]["corpus"]["fingerprint"]


def test_dask_counts_and_forms():
    """Counts corpora and word forms come out of a Dask frame as out of one frame."""
    counts = counts_frame()
    pd.testing.assert_frame_equal(
        tk.usage(dd.from_pandas(counts, npartitions=2), ["reset"]), tk.usage(counts, ["reset"]), check_exact=True
    )
    with pytest.warns(tk.FramingWarning):
        one = tk.word_forms(ARTICLES, {"reset": ["reset*", "resat"]}, by="source")
    parts = tk.word_forms(dd.from_pandas(ARTICLES, npartitions=3), {"reset": ["reset*", "resat"]}, by="source")
    pd.testing.assert_frame_equal(parts, one)


WORDS = st.sampled_from(["reset", "ban", "travel", "the", "a", "Reset"])
CORPORA = st.lists(
    st.tuples(
        st.lists(WORDS, max_size=8), st.sampled_from(["Post", "Wire"]), st.integers(0, 40), st.sampled_from("pqr")
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.filterwarnings("ignore::toolkit.tables.FramingWarning")
@settings(max_examples=25)
@given(CORPORA.filter(lambda rows: any(words for words, *_ in rows)), st.integers(1, 4))
def test_any_corpus_counts_as_by_hand_and_in_parts(rows, npartitions):
    """For any corpus the counts are those of a plain loop, and partitions change no digit."""
    articles = pd.DataFrame(
        {
            "doc_id": [f"d{n}" for n in range(len(rows))],
            "source": [source for _, source, _, _ in rows],
            "date": pd.to_datetime("2017-01-01") + pd.to_timedelta([day for _, _, day, _ in rows], unit="D"),
            "text": [" ".join(words) for words, _, _, _ in rows],
            "story_id": [story for _, _, _, story in rows],
        }
    )
    table = tk.usage(articles, ["the", "reset"], freq="W")
    weeks = articles["date"] - pd.to_timedelta(articles["date"].dt.day_of_week, unit="D")
    for row in table.to_dict("records"):
        cell = articles[(articles["source"] == row["source"]) & (weeks == row["period"])]
        found = [len(re.findall(rf"\b{row['term']}\b", text, re.IGNORECASE)) for text in cell["text"]]
        assert row["n_hits"] == sum(found)
        assert row["n_articles"] == sum(n > 0 for n in found)
        assert row["n_articles_total"] == len(cell)
        assert row["n_stories_total"] == cell["story_id"].nunique()
        assert row["n_words"] == sum(len(text.split()) for text in cell["text"])
        assert row["covered"] == (row["n_words"] > 0)
    parts = tk.usage(dd.from_pandas(articles, npartitions=npartitions), ["the", "reset"], freq="W")
    pd.testing.assert_frame_equal(parts, table, check_exact=True)


@pytest.mark.filterwarnings("ignore::toolkit.tables.FramingWarning")
@settings(max_examples=25)
@given(CORPORA.filter(lambda rows: any(words for words, *_ in rows)))
def test_sources_add_up_to_the_corpus(rows):
    """Counts of the sources are the counts of the corpus, and its rate is the sum over the sum."""
    articles = pd.DataFrame(
        {
            "doc_id": [str(n) for n in range(len(rows))],
            "source": [r[1] for r in rows],
            "text": [" ".join(r[0]) for r in rows],
        }
    )
    parts, whole = tk.usage(articles, "reset"), tk.usage(articles, "reset", by=[])
    for column in ("n_hits", "n_articles", "n_articles_total", "n_stories", "n_stories_total", "n_words"):
        assert parts[column].sum() == whole[column].iloc[0]
    if whole["n_words"].iloc[0]:
        assert whole["per_million"].iloc[0] == pytest.approx(parts["n_hits"].sum() / parts["n_words"].sum() * 1e6)
        slack = 1e-6  # of a million
        assert whole["low"].iloc[0] - slack <= whole["per_million"].iloc[0] <= whole["high"].iloc[0] + slack


def test_recipe_says_what_was_done():
    """The recipe names function, settings, corpus and versions as plain values."""
    import json

    recipe = tk.usage(tk.load("daily-brief"), "reset", freq="M").attrs["recipe"]
    assert json.loads(json.dumps(recipe)) == recipe
    assert recipe["function"] == "toolkit.usage"
    assert recipe["settings"] == {
        "terms": {"reset": ["reset"]},
        "by": ["source"],
        "freq": "M",
        "unit": "article",
        "measure": "per_million",
        "confidence": 0.95,
        "interval": "story",
        "pool": False,
        "error": None,
    }
    assert recipe["corpus"]["name"] == "daily-brief"
    assert set(recipe["versions"]) == {"framing-toolkit", "pandas", "numpy", "scipy"}


def test_published_figures_of_the_counts_corpus():
    """The counts corpus has the 151 hits of "reset" near Russia in 108 articles that its card states."""
    table = tk.usage(tk.load("abp-counts"), ["reset near russia"], by=[])
    assert rows(table, "n_hits", "n_articles", "n_articles_total") == [[151, 108, 37554]]


def test_golden_usage_of_the_news_corpus():
    """Hits of the travel ban by source in the news corpus are what a regular expression counts."""
    articles = tk.load("news-2017")
    table = tk.usage(articles, {"ban": ["travel ban", "travel bans"]}).set_index("source")
    expression = re.compile(r"\btravel[\s\-–“”\"'‘’]+bans?(?!\w)", re.IGNORECASE)
    fields = articles[["title", "standfirst", "text"]].fillna("")
    hits = sum(fields[f].map(lambda text: len(expression.findall(text))) for f in fields)
    expected = hits.groupby(articles["source"]).sum()
    assert table["n_hits"].to_dict() == expected.to_dict()
    with_hit = (hits > 0).groupby(articles["source"]).sum()
    assert table["n_articles"].to_dict() == with_hit.to_dict()
    assert np.isfinite(table["high"]).all()


def test_dask_says_that_a_term_matches_nothing():
    """Of a Dask frame too, a term without any hit is said and is a row of zeros."""
    with pytest.warns(tk.FramingWarning) as record:
        table = tk.usage(dd.from_pandas(ARTICLES, npartitions=2), ["reset", "reboot"], by=[])
    assert [str(w.message) for w in record] == ["The term 'reboot' matches nothing in these 6 articles."]
    assert table["n_hits"].tolist() == [4, 0]


# The story as unit


COPIES = pd.DataFrame(
    {
        "doc_id": list("abcdefg"),
        "source": ["Post", "Post", "Post", "Sun", "Sun", "Sun", "Sun"],
        "date": pd.to_datetime(["2017-01-03", "2017-01-02", "2017-01-04", "2017-01-02", None, None, "2017-02-01"]),
        "story_id": ["s", "s", None, "s", "s", "t", "t"],
        "text": [
            "Reset, reset.",  # a copy, later than b
            "A reset.",
            "No reset is no reset.",
            "Dull.",
            "Reset reset reset reset.",  # undated, so d stands for it
            "Reset.",  # undated, so g stands for it
            "Nothing new.",
        ],
    }
)


def test_with_the_story_as_unit_its_earliest_article_is_counted():
    """A story counts once in each cell, as its earliest article has it; copies are told and their words left out."""
    table = tk.usage(COPIES, "reset", unit="story", measure="share")
    columns = [
        "source",
        "n_hits",
        "n_articles",
        "n_articles_total",
        "n_stories",
        "n_stories_total",
        "n_copies",
        "n_words",
    ]
    assert rows(table, *columns, "share") == [
        ["Post", 3, 2, 2, 2, 2, 1, 7, 1.0],  # b and c
        ["Sun", 0, 0, 2, 0, 2, 2, 3, 0.0],  # d and g
    ]
    articles = tk.usage(COPIES, "reset", measure="share")
    assert rows(articles, "source", "n_hits", "n_articles", "n_articles_total", "n_words") == [
        ["Post", 5, 3, 3, 9],
        ["Sun", 5, 2, 4, 8],
    ]


def test_a_story_counts_in_each_of_its_cells():
    """In each period a story has the earliest article of that period."""
    table = tk.usage(COPIES, "reset", by=[], freq="M", unit="story")
    assert rows(table, "n_hits", "n_stories_total", "n_copies") == [[3, 2, 2], [0, 1, 0], [5, 2, 0]]


@pytest.mark.parametrize("npartitions", [1, 2, 4, 7])
@pytest.mark.parametrize("freq", [None, "M"])
def test_stories_that_lie_in_several_partitions_count_once(npartitions, freq):
    """With the story as unit, a Dask frame gives the table of one frame to the digit, wherever the copies lie."""
    one = tk.usage(COPIES, ["reset", "new"], unit="story", freq=freq)
    parts = tk.usage(dd.from_pandas(COPIES, npartitions=npartitions), ["reset", "new"], unit="story", freq=freq)
    pd.testing.assert_frame_equal(parts, one, check_exact=True)


def test_stories_without_copies_count_as_articles():
    """Where no story has a copy, the unit changes no number; that articles have no story_id is said."""
    with pytest.warns(tk.FramingWarning) as record:
        table = tk.usage(ARTICLES, TERMS, unit="story")
    assert [str(w.message) for w in record] == [
        "These articles have no column story_id, so unit='story' counts each article as a story of its own. "
        "Group copies first: articles = tk.mark_stories(articles)."
    ]
    assert table["n_copies"].eq(0).all()
    pd.testing.assert_frame_equal(table.drop(columns="n_copies"), tk.usage(ARTICLES, TERMS))


def test_counts_of_stories_are_those_of_their_texts():
    """A counts corpus counts stories as its texts do."""
    words = [2, 2, 5, 1, 4, 1, 2]
    counts = COPIES.drop(columns="text").assign(n_words=words, n_reset=[2, 1, 2, 0, 4, 1, 0])
    pd.testing.assert_frame_equal(tk.usage(counts, ["reset"], unit="story"), tk.usage(COPIES, "reset", unit="story"))


def test_story_counts_name_the_same_story_alike():
    """A story has one number in all its cells, and another one than any other story."""
    counted = story_counts(COPIES, "reset", ["source"])
    assert counted.cells["source"].tolist() == ["Post", "Post", "Sun", "Sun"]
    assert counted.story[0] == counted.story[2]
    assert len(set(counted.story.tolist())) == 3
    assert counted.n_articles.tolist() == [2, 1, 2, 2]
    x, n = counted.ratio("per_million", 0)
    assert (x.tolist(), n.tolist()) == ([3, 2, 4, 1], [4, 5, 5, 3])
    assert [part.tolist() for part in counted.ratio("share", 0)] == [[2, 1, 1, 1], [2, 1, 2, 2]]
    assert [part.tolist() for part in counted.ratio("rival_share", 0)] == [[3, 2, 4, 1], [3, 2, 4, 1]]


# Intervals by name

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "usage.json").read_text(encoding="utf-8"))


def one_cell(x, n):
    """A counts corpus of articles with these hits and words, in one cell."""
    ids = [f"d{i}" for i in range(len(x))]
    return pd.DataFrame({"doc_id": ids, "source": "Post", "n_words": n, "n_reset": x})


@pytest.mark.filterwarnings("ignore:The term:toolkit.tables.FramingWarning")
@pytest.mark.parametrize(
    ("name", "case"),
    [(name, case) for name in ("wilson", "garwood") for case in REFERENCE[name]],
    ids=lambda v: str(v)[:30],
)
def test_intervals_on_words_are_the_published_ones(name, case):
    """Wilson's and Garwood's intervals, asked for by name, are those of R and of other packages."""
    corpus = one_cell([case["x"]], [case["n"]])
    table = tk.usage(corpus, ["reset"], interval=name, confidence=case["confidence"])
    ends = [table[end].iloc[0] / 1e6 for end in ("low", "high")]
    assert ends == pytest.approx([case["low"], case["high"]], abs=case["within"])


def test_wilson_of_a_share_is_on_articles():
    """Of a share, Wilson's interval takes articles as the sample: two of three have the word."""
    from statsmodels.stats.proportion import proportion_confint

    table = tk.usage(ARTICLES, "reset", measure="share", interval="wilson")
    expected = proportion_confint(2, 3, method="wilson")
    assert table[["low", "high"]].iloc[0].tolist() == pytest.approx(expected)


def test_bootstrap_of_the_city_data():
    """The percentile bootstrap over stories is that of the R package boot on the data of a textbook."""
    case = REFERENCE["bootstrap"]["city"]
    table = tk.usage(one_cell(case["x"], case["n"]), ["reset"], interval="bootstrap", resamples=20_000)
    assert table["per_million"].iloc[0] / 1e6 == pytest.approx(case["ratio"])
    ends = [table[end].iloc[0] / 1e6 for end in ("low", "high")]
    assert ends == pytest.approx([case["low"], case["high"]], abs=case["within"])


def test_bootstrap_of_five_articles_is_that_of_all_resamples():
    """The bootstrap's ends are quantiles of the sums over sums of all 3,125 ways to draw five articles again."""
    case = REFERENCE["bootstrap"]["five_articles"]
    x, n = np.array(case["x"]), np.array(case["n"])
    drawn = np.array(list(itertools.product(range(5), repeat=5)))
    ratios = x[drawn].sum(axis=1) / n[drawn].sum(axis=1)
    assert ratios.mean() * 1000 == pytest.approx(case["mean_per_1000"], abs=case["within"])
    assert ratios.std() * 1000 == pytest.approx(case["sd_per_1000"], abs=case["within"])
    table = tk.usage(one_cell(x, n), ["reset"], interval="bootstrap", resamples=20_000, seed=1)
    expected = np.quantile(ratios, [0.025, 0.975]) * 1e6
    assert table[["low", "high"]].iloc[0].tolist() == pytest.approx(expected.tolist(), rel=0.03)


def test_bootstrap_has_a_seed_and_draws_stories():
    """The same seed gives the same ends, also of a Dask frame; copies of one story are drawn together."""
    kwargs = {"interval": "bootstrap", "resamples": 200}
    one = tk.usage(COPIES, ["reset"], **kwargs)
    pd.testing.assert_frame_equal(one, tk.usage(COPIES, ["reset"], **kwargs))
    pd.testing.assert_frame_equal(one, tk.usage(dd.from_pandas(COPIES, npartitions=3), ["reset"], **kwargs))
    assert one.attrs["recipe"]["settings"]["resamples"] == 200
    many = one_cell(np.arange(30) % 4, [100] * 30)
    ends = [tk.usage(many, ["reset"], seed=seed, **kwargs)["high"].iloc[0] for seed in (0, 0, 3)]
    assert ends[0] == ends[1] != ends[2]
    single = COPIES.assign(story_id="s")
    table = tk.usage(single, ["reset"], **kwargs)
    assert (table["low"] == table["per_million"]).all() and (table["high"] == table["per_million"]).all()


def test_the_default_is_wider_than_words_and_never_empty():
    """Where hits come in bundles the interval by story is wider than that on words; without a hit it has a width."""
    bundled = one_cell([6] + [0] * 9, [100] * 10)
    by_story, by_word = (tk.usage(bundled, ["reset"], interval=name) for name in ("story", "wilson"))
    assert (by_story["high"] - by_story["low"]).iloc[0] > 2 * (by_word["high"] - by_word["low"]).iloc[0]


# Pooling


def test_pooling_adds_columns_and_changes_none():
    """With `pool` the rates are as before, and beside them stand rates between each cell's own and the mean."""
    corpus = pd.concat(
        [
            one_cell([2, 0, 1, 0, 3, 0, 0, 1], [500] * 8).assign(source="Post"),
            one_cell([0, 0, 1, 0, 0, 0], [500] * 6).assign(source="Sun"),
            one_cell([3], [200]).assign(source="Tiny"),
        ],
        ignore_index=True,
    ).assign(doc_id=lambda t: [f"d{i}" for i in range(len(t))])
    table = tk.usage(corpus, ["reset"], pool=True)
    pd.testing.assert_frame_equal(
        table.drop(columns=["pooled", "pooled_low", "pooled_high"]), tk.usage(corpus, ["reset"])
    )
    assert (table["pooled_low"] < table["pooled"]).all() and (table["pooled"] < table["pooled_high"]).all()
    tiny = table.set_index("source").loc["Tiny"]
    assert tiny["pooled"] < 0.6 * tiny["per_million"]
    assert tiny["pooled_high"] < tiny["high"]


def test_what_cannot_be_pooled_keeps_its_own_interval():
    """One source, or a term without any hit, is not shrunk: pooled is its own rate, with its own interval."""
    one = tk.usage(ARTICLES[ARTICLES["source"] == "Post"], "reset", pool=True)
    assert rows(one, "pooled", "pooled_low", "pooled_high") == rows(one, "per_million", "low", "high")
    with pytest.warns(tk.FramingWarning, match="matches nothing"):
        none = tk.usage(ARTICLES, "reboot", pool=True)
    assert none["pooled"].tolist() == [0, 0]
    assert none["pooled_high"].tolist() == none["high"].tolist()


def test_pooling_is_inside_periods():
    """Each period has its own mean, and what is not covered has no pooled rate."""
    table = tk.usage(ARTICLES, TERMS, freq="W", measure="share", pool=True)
    assert table.loc[~table["covered"], ["pooled", "pooled_low", "pooled_high"]].isna().all(axis=None)
    first = ARTICLES[ARTICLES["date"] < "2017-01-09"]
    alone = tk.usage(first, TERMS, measure="share", pool=True)
    week = table[table["period"] == "2017-01-02"].reset_index(drop=True)
    assert week["pooled"].tolist() == pytest.approx(alone["pooled"].tolist())


# What was read, and when


def test_a_cell_without_words_is_not_covered():
    """A source whose articles have no word was not read: its rates are missing, its articles are told."""
    read = ARTICLES["text"].where(ARTICLES["source"] == "Post")
    with pytest.warns(tk.FramingWarning, match="3 of 6 articles have no text"):
        table = tk.usage(ARTICLES.assign(text=read), "reset", pool=True)
    wire = table.set_index("source").loc["Wire"]
    assert (wire["n_articles_total"], wire["n_words"], wire["covered"]) == (3, 0, False)
    assert wire[["per_million", "share", "low", "high", "pooled"]].isna().all()


def test_missing_texts_are_told():
    """Articles without text are told, with what of them is searched."""
    articles = ARTICLES.assign(title="A reset.", text=ARTICLES["text"].where(ARTICLES["doc_id"] < "d"))
    with pytest.warns(tk.FramingWarning) as record:
        tk.usage(articles, "reset")
    assert [str(w.message) for w in record] == [
        "3 of 6 articles have no text (title is all that can be read). Rates and shares treat that as all there was to read; "
        "leave them out with articles[articles['text'].fillna('') != '']."
    ]


DATES = {
    "M": (pd.date_range("2017-01-01", periods=6, freq="MS"), "the first of a month", "M"),
    "Q": (pd.date_range("2016-01-01", periods=6, freq="QS"), "the first day of a quarter", "Q"),
    "Y": (pd.date_range("2012-01-01", periods=6, freq="YS"), "the first of January", "Y"),
    "W": (pd.date_range("2017-01-02", periods=6, freq="7D"), "a Monday", "W"),
}


@pytest.mark.parametrize("kind", DATES)
def test_a_frequency_finer_than_the_dates_is_told(kind):
    """Dates that are all the first of a month cannot be counted by day, and so on; by month they can."""
    dates, what, coarsest = DATES[kind]
    articles = ARTICLES.assign(date=dates)
    with pytest.warns(tk.FramingWarning) as record:
        tk.usage(articles, "reset", freq="D")
    assert [str(w.message) for w in record] == [
        f"All 6 dates are {what}, so freq='D' is finer than the dates and most periods are empty. Count with freq={coarsest!r}."
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tk.usage(articles, "reset", freq=coarsest)


def test_dates_that_say_the_month_only_are_told():
    """Where a reader says that dates are vague, finer periods warn and coarser ones do not."""
    articles = ARTICLES.assign(date_precision=["day", "month", "year", "day", "day", None])
    with pytest.warns(tk.FramingWarning) as record:
        tk.usage(articles, "reset", freq="W")
    assert [str(w.message) for w in record] == [
        "2 of 5 dates state no more than the month or the year (date_precision), and stand as its first day; "
        "freq='W' is finer than they are."
    ]
    with pytest.warns(tk.FramingWarning, match="1 of 5 dates"):
        tk.usage(articles, "reset", freq="M")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tk.usage(articles, "reset", freq="Y")


def test_leanings_keep_their_order():
    """Ordered categories come in their order, not in that of the alphabet, and unused ones have no row."""
    order = ["Left", "Center", "Right", "Unknown"]
    leaning = pd.Categorical(["Right", "Left", "Center", "Right", "Left", "Left"], order, ordered=True)
    table = tk.usage(ARTICLES.assign(leaning=leaning), "reset", by="leaning", freq="M")
    assert list(dict.fromkeys(table["leaning"])) == ["Left", "Center", "Right"]
    assert table["leaning"].cat.ordered


def test_as_many_sources_as_articles():
    """A source for each of very many articles makes a row each, without a loop over them."""
    n = 30_000
    counts = pd.DataFrame(
        {"doc_id": range(n), "source": np.arange(n).astype("str"), "n_words": 100, "n_reset": np.arange(n) % 2}
    )
    table = tk.usage(counts, ["reset"], pool=True)
    assert len(table) == n
    assert table["n_hits"].sum() == n // 2
    assert table["low"].notna().all()


def test_times_of_day_and_zones_do_not_move_the_day():
    """An article is counted on the day of its own clock."""
    late = pd.to_datetime(["2017-01-02 23:30"] * 6).tz_localize("America/New_York")
    table = tk.usage(ARTICLES.assign(date=late), "reset", by=[], freq="D")
    assert table["period"].dt.strftime("%Y-%m-%d").tolist() == ["2017-01-02"]


def test_inputs_stay_as_they_are():
    """Counting changes neither articles nor terms."""
    articles, terms = COPIES.copy(deep=True), {"reset": ["reset"]}
    tk.usage(articles, terms, unit="story", freq="M", pool=True)
    pd.testing.assert_frame_equal(articles, COPIES)
    assert terms == {"reset": ["reset"]}


def test_one_article():
    """One article is a small table for every setting."""
    one = ARTICLES.head(1).assign(story_id="s")
    for kwargs in (
        {"freq": "D"},
        {"unit": "story"},
        {"interval": "bootstrap"},
        {"pool": True},
        {"measure": "rival_share"},
    ):
        table = tk.usage(one, "reset", **kwargs)
        assert rows(table, "source", "n_hits", "n_words", "covered") == [["Post", 2, 5, True]]
        assert (table["low"] <= table["high"]).all()


def test_names_in_any_script():
    """Names of sources in any script, with marks and invisible characters, are what they are."""
    names = ["Ünïcode \u202e رويترز", "😀", "新华社", "Ünïcode", "U\u0308nicode", " "]
    table = tk.usage(ARTICLES.assign(source=names), "reset")
    assert sorted(table["source"]) == sorted(names)
    assert table["n_articles_total"].tolist() == [1] * 6


def test_a_period_among_the_columns_is_that_of_freq():
    """by=["source", "month"] gives the rows of freq="M", the months without articles included; a column of that name comes first."""
    dated = pd.DataFrame({
        "doc_id": list("abc"), "source": ["Post", "Post", "Wire"], "text": ["A reset.", "No news.", "The reset."],
        "date": pd.to_datetime(["2017-01-02", "2017-03-05", "2017-02-07"])})  # fmt: skip
    named = tk.usage(dated, "reset", by=["source", "month"])
    pd.testing.assert_frame_equal(named, tk.usage(dated, "reset", freq="M"))
    assert len(named) == 6 and named.attrs["recipe"]["settings"]["freq"] == "M"
    pd.testing.assert_frame_equal(tk.usage(tk.tokenize(dated), "reset", by=["source", "month"]), named)
    own = tk.usage(dated.assign(month=["x", "y", "x"]), "reset", by="month")
    assert own[["month", "n_hits"]].values.tolist() == [["x", 2], ["y", 0]]
    for asked, sentence in (
        ({"by": ["week"], "freq": "M"}, "by has 'week', which is freq='W', and freq='M'; cells have one period. Leave one of them out."),
        ({"by": ["day", "week", "year"]}, "by has 'day' and 'week' and 'year', which are all periods of time; cells have one. Leave the others out."),
    ):  # fmt: skip
        with pytest.raises(tk.FramingError) as error:
            tk.usage(dated, "reset", **asked)
        assert str(error.value) == sentence
