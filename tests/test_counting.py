"""Usage: counts that can be redone by hand, denominators that are said, and parts that add up."""

import re

import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toolkit as tk
from toolkit.measures.intervals import ratio_interval, story_sums

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
    full = tk.usage(ARTICLES, TERMS, freq="W", measure="rival_share")
    assert set(full.columns) == {"source", *USAGE.columns, *USAGE.optional}


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
        (ARTICLES, "reset", {"freq": "week"}, "There is no period 'week'. There are: D (day), W (week), M (month), Q (quarter), Y (year)."),
        (ARTICLES, "reset", {"by": "period"}, "Cells cannot be made by period: the table of usage has that column itself."),
        (ARTICLES, "reset", {"by": "outlet"}, "A table of articles needs the column outlet; this one has: doc_id, source, date, text."),
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
@given(CORPORA, st.integers(1, 4))
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
        assert row["covered"] == (len(cell) > 0)
    parts = tk.usage(dd.from_pandas(articles, npartitions=npartitions), ["the", "reset"], freq="W")
    pd.testing.assert_frame_equal(parts, table, check_exact=True)


@pytest.mark.filterwarnings("ignore::toolkit.tables.FramingWarning")
@settings(max_examples=25)
@given(CORPORA)
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
        assert whole["low"].iloc[0] <= whole["per_million"].iloc[0] <= whole["high"].iloc[0]


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
        "measure": "per_million",
        "confidence": 0.95,
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
