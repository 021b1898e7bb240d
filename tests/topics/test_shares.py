"""Shares of topics: counts by hand, outliers in the denominator, zero and not covered kept apart, intervals by story."""

import json
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from toolkit.measures.intervals import ratio_interval, story_sums
from toolkit.tables import TOPIC_SHARES, FramingError
from toolkit.topics.record import Topics

NAN = float("nan")


@pytest.fixture
def make_topics():
    """Return a function that makes Topics of rows (source, article, topic), without fitting anything."""

    def make(rows, **columns):
        contexts = pd.DataFrame(rows, columns=["source", "doc_id", "topic"]).assign(**columns)
        labels = contexts.pop("topic").to_numpy()
        contexts.insert(0, "context_id", [f"c{i}" for i in range(len(rows))])
        names = sorted(set(labels), key=lambda topic: (topic < 0, topic))
        topics = pd.DataFrame({"topic": names, "label": ["outliers" if t < 0 else f"topic {t}" for t in names]})
        topics.attrs["recipe"] = {
            "function": "toolkit.fit_topics",
            "settings": {"seed": 0},
            "corpus": {"name": "x"},
            "versions": {"bertopic": "0.17.4"},
        }
        assignments = pd.DataFrame({"context_id": contexts["context_id"], "topic": labels, "probability": NAN})
        return Topics(topics, pd.DataFrame(), assignments, contexts, None, {"seed": 0})

    return make


@pytest.fixture
def small(make_topics):
    """Two sources: Post has topics 0, 0, 1 and an outlier in three articles, Wire topic 1 twice in one."""
    return make_topics(
        [("Post", "a", 0), ("Post", "a", 0), ("Post", "b", 1), ("Post", "c", -1), ("Wire", "d", 1), ("Wire", "d", 1)]
    )


def test_counts_by_hand(small):
    """Each source has a row for each topic, zeros and outliers too; outliers are in the denominator."""
    shares = tk.topic_shares(small)
    assert list(shares.columns) == ["source", *TOPIC_SHARES.columns]
    assert shares[["source", "topic", "label", "n", "n_contexts", "n_stories_total"]].values.tolist() == [
        ["Post", 0, "topic 0", 2, 4, 3],
        ["Post", 1, "topic 1", 1, 4, 3],
        ["Post", -1, "outliers", 1, 4, 3],
        ["Wire", 0, "topic 0", 0, 2, 1],
        ["Wire", 1, "topic 1", 2, 2, 1],
        ["Wire", -1, "outliers", 0, 2, 1],
    ]
    assert shares["share"].tolist() == [Fraction(2, 4), Fraction(1, 4), Fraction(1, 4), 0, 1, 0]
    assert shares["covered"].all()


def test_shares_of_a_cell_add_up_to_one(small):
    """With the outliers, the shares of each cell are 1 in all."""
    for by in ("source", [], ["source", "doc_id"]):
        shares = tk.topic_shares(small, by=by)
        cells = shares.groupby(by)["share"].sum() if by else pd.Series([shares["share"].sum()])
        assert cells.tolist() == pytest.approx([1] * len(cells))


def test_the_interval_is_that_of_stories(small):
    """Low and high are the interval of the stories' sums: two passages of one article are one witness."""
    shares = tk.topic_shares(small).set_index(["source", "topic"])
    low, high = ratio_interval(story_sums([2, 0, 0], [2, 1, 1]), whole=True)
    assert shares.loc[("Post", 0), ["low", "high"]].tolist() == [low[0], high[0]]
    low, high = ratio_interval(story_sums([0, 1, 0], [2, 1, 1]), confidence=0.8, whole=True)
    narrow = tk.topic_shares(small, confidence=0.8).set_index(["source", "topic"])
    assert narrow.loc[("Post", 1), ["low", "high"]].tolist() == [low[0], high[0]]


def test_sums_by_story_are_those_of_brute_force(make_topics):
    """For many random contexts each interval is that of sums taken story by story."""
    draw = np.random.default_rng(0)
    n = 300
    rows = list(zip(draw.choice(["A", "B", "C"], n), draw.integers(0, 60, n).astype(str), draw.integers(-1, 4, n)))
    topics = make_topics(rows)
    shares = tk.topic_shares(topics)
    for row in shares.itertuples():
        mine = topics.contexts.assign(hit=(topics.assignments["topic"] == row.topic).astype(int)).query(
            "source == @row.source"
        )
        by_story = mine.groupby("doc_id")["hit"].agg(["sum", "size"])
        low, high = ratio_interval(story_sums(by_story["sum"], by_story["size"]), whole=True)
        assert (row.n, row.n_contexts, row.n_stories_total) == (mine["hit"].sum(), len(mine), len(by_story))
        assert (row.low, row.high) == pytest.approx((low[0], high[0]))


def test_copies_of_a_story_are_one_story(make_topics):
    """Where contexts say their story, that is the unit; where it is missing, the article."""
    rows = [("Post", "a", 0), ("Post", "b", 0), ("Post", "c", 1), ("Post", "d", 1)]
    shares = tk.topic_shares(make_topics(rows, story_id=["s", "s", None, None]))
    assert shares["n_stories_total"].tolist() == [3, 3]
    low, high = ratio_interval(story_sums([2, 0, 0], [2, 1, 1]), whole=True)
    assert shares.loc[0, ["low", "high"]].tolist() == [low[0], high[0]]


def test_periods_without_contexts_are_not_covered(make_topics):
    """A month in which a source has none is NaN and not covered; a month without the topic is zero."""
    dates = pd.to_datetime(["2017-01-03", "2017-03-05", "2017-03-06", "2017-02-01"])
    topics = make_topics([("Post", "a", 0), ("Post", "b", 1), ("Post", "c", 1), ("Wire", "d", 0)], date=dates)
    shares = tk.topic_shares(topics, freq="M")
    assert list(shares.columns[:3]) == ["source", "period", "topic"]
    post = shares.query("source == 'Post' and topic == 0")
    assert post["period"].dt.month.tolist() == [1, 2, 3]
    assert post["covered"].tolist() == [True, False, True]
    assert post["n"].tolist() == [1, 0, 0] and post["n_contexts"].tolist() == [1, 0, 2]
    assert post["share"].tolist() == pytest.approx([1, NAN, 0], nan_ok=True)
    assert post["low"].isna().tolist() == post["high"].isna().tolist() == [False, True, False]
    assert len(shares) == 2 * 3 * 2


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_a_date_counts_in_its_own_local_month(make_topics, zone):
    """The last hour of January is January and the first of March is March, wherever the clock stands; no warning is given."""
    local = pd.to_datetime(["2017-01-31 23:30", "2017-03-01 00:30", None, "2017-01-31 23:30"])
    rows = [("Post", "a", 0), ("Post", "b", 1), ("Post", "c", 1), ("Post", "d", 1)]
    stories = ["s", "t", "u", "s"]
    aware = make_topics(rows, date=local.tz_localize(zone), story_id=stories)
    naive = make_topics(rows, date=local, story_id=stories)
    for unit in ("article", "story"):
        shares = tk.topic_shares(aware, freq="M", unit=unit)
        pd.testing.assert_frame_equal(shares, tk.topic_shares(naive, freq="M", unit=unit))
    shares = tk.topic_shares(aware, freq="M").query("topic == 0")
    assert shares["period"].dt.month.tolist()[:3] == [1, 2, 3] and shares["n"].tolist() == [1, 0, 0, 0]
    assert shares["n_contexts"].tolist() == [2, 0, 1, 1]


def test_a_month_among_the_columns_is_the_period(make_topics):
    """by=["source", "month"] is freq="M": the same rows, gaps and recipe; a column of that name in the contexts is a column."""
    dates = pd.to_datetime(["2017-01-03", "2017-03-05", "2017-03-06", "2017-02-01"])
    rows = [("Post", "a", 0), ("Post", "b", 1), ("Post", "c", 1), ("Wire", "d", 0)]
    topics = make_topics(rows, date=dates, story_id=["s", "t", "t", "u"])
    table = tk.topic_shares(topics, by=["source", "month"], unit="story")
    pd.testing.assert_frame_equal(table, tk.topic_shares(topics, by=["source"], freq="M", unit="story"))
    assert (
        table.attrs["recipe"]["settings"] == tk.topic_shares(topics, freq="M", unit="story").attrs["recipe"]["settings"]
    )
    assert table["covered"].tolist() == [True, True, False, False, True, True, False, False, True, True, False, False]
    for name, freq in (("day", "D"), ("week", "W"), ("quarter", "Q"), ("year", "Y")):
        pd.testing.assert_frame_equal(tk.topic_shares(topics, by=name), tk.topic_shares(topics, by=[], freq=freq))
    own = make_topics(rows, date=dates, month=["x", "x", "y", "y"])
    assert tk.topic_shares(own, by="month")["month"].tolist() == ["x", "x", "y", "y"]


def test_contexts_without_source_or_date_keep_a_row(make_topics):
    """What is not known is a cell of its own, not lost."""
    dates = pd.to_datetime(["2017-01-03", None, "2017-01-05"])
    topics = make_topics([("Post", "a", 0), ("Post", "b", 0), (None, "c", 0)], date=dates)
    assert tk.topic_shares(topics)["n"].tolist() == [2, 1]
    shares = tk.topic_shares(topics, freq="Y")
    assert shares["n"].sum() == 3
    undated = shares[shares["period"].isna()]
    assert undated["n"].tolist() == [1]


def test_nothing_given_is_changed(small):
    """Topics are as they were, and the recipe says what was counted and how the topics were made."""
    before = small.contexts.copy(), small.assignments.copy(), json.dumps(small.topics.attrs)
    shares = tk.topic_shares(small, by="source")
    pd.testing.assert_frame_equal(small.contexts, before[0])
    pd.testing.assert_frame_equal(small.assignments, before[1])
    assert json.dumps(small.topics.attrs) == before[2]
    recipe = shares.attrs["recipe"]
    assert recipe["function"] == "toolkit.topic_shares"
    assert recipe["settings"] == {
        "by": ["source"],
        "freq": None,
        "unit": "article",
        "confidence": 0.95,
        "interval_unit": "article",
        "topics": {"seed": 0},
    }
    assert recipe["corpus"] == {"name": "x"} and recipe["versions"]["bertopic"] == "0.17.4"


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {"by": "outlet"},
            "A table of contexts needs the column outlet; this one has: context_id, source, doc_id. Did you mean 'source'?",
        ),
        ({"by": ["topic"]}, "Cells cannot be made by topic: the table of topic shares has that column itself."),
        ({"freq": "H"}, "There is no period 'H'. There are: D (day), W (week), M (month), Q (quarter), Y (year)."),
        ({"freq": "M"}, "A table of contexts needs the column date; this one has: context_id, source, doc_id."),
        ({"by": "month"}, "A table of contexts needs the column date; this one has: context_id, source, doc_id."),
        (
            {"freq": "month"},
            "There is no period 'month'. Did you mean 'M'? There are: D (day), W (week), M (month), Q (quarter), Y (year).",
        ),
        (
            {"freq": "ME"},
            "There is no period 'ME'. Did you mean 'M'? There are: D (day), W (week), M (month), Q (quarter), Y (year).",
        ),
        (
            {"by": ["source", "month"], "freq": "W"},
            "by has 'month', which is freq='M', and freq='W'; cells have one period. Leave one of them out.",
        ),
        (
            {"by": ["month", "year"]},
            "by has 'month' and 'year', which are all periods of time; cells have one. Leave the other out.",
        ),
    ],
)
def test_cells_that_cannot_be(small, settings, sentence):
    """A column or a period that is not there is said, with what there is."""
    with pytest.raises(FramingError) as error:
        tk.topic_shares(small, **settings)
    assert str(error.value) == sentence


def test_shares_of_what_are_no_topics(small):
    """Only what fit_topics returns has shares, and dates must be dates."""
    with pytest.raises(FramingError) as error:
        tk.topic_shares(small.contexts)
    assert str(error.value) == "topic_shares takes what tk.fit_topics returns; this is a DataFrame."
    small.contexts["date"] = "2017-01-01"
    with pytest.raises(FramingError) as error:
        tk.topic_shares(small, freq="M")
    assert str(error.value) == (
        "The column date holds str, not dates. Convert it: contexts['date'] = pd.to_datetime(contexts['date'], errors='coerce')."
    )


def test_a_story_counts_once_in_each_source(make_topics):
    """With the story as unit each source counts its earliest article of a story; the copies are told, and left out."""
    rows = [("Post", "a", 0), ("Post", "b", 0), ("Post", "b", 1), ("Post", "c", 1), ("Wire", "d", 0)]
    dates = pd.to_datetime(["2017-01-02", "2017-01-01", "2017-01-01", "2017-01-05", "2017-01-01"])
    topics = make_topics(rows, story_id=["s", "s", "s", None, "s"], date=dates)
    shares = tk.topic_shares(topics, unit="story")
    assert shares[["source", "topic", "n", "n_contexts", "n_stories_total", "n_copies"]].values.tolist() == [
        ["Post", 0, 1, 3, 2, 1],
        ["Post", 1, 2, 3, 2, 1],
        ["Wire", 0, 1, 1, 1, 0],
        ["Wire", 1, 0, 1, 1, 0],
    ]
    assert tk.topic_shares(topics)["n"].tolist() == [2, 2, 1, 0]
    shuffled = np.array([3, 0, 4, 2, 1])
    again = make_topics(
        [rows[i] for i in shuffled],
        story_id=np.array(["s", "s", "s", None, "s"], dtype=object)[shuffled],
        date=dates[shuffled],
    )
    assert tk.topic_shares(again, unit="story")["n"].tolist() == shares["n"].tolist()


def test_stories_that_are_not_known(make_topics, small):
    """Without story_id the warning says so, and each article is its own story; an unknown unit is refused."""
    with pytest.warns(tk.FramingWarning, match=r"^These contexts have no column story_id"):
        shares = tk.topic_shares(small, unit="story")
    assert shares["n"].tolist() == tk.topic_shares(small)["n"].tolist() and shares["n_copies"].sum() == 0
    with pytest.raises(FramingError) as error:
        tk.topic_shares(small, unit="paper")
    assert str(error.value) == "There is no unit 'paper'. There are: article, story."


def test_the_mark_of_stability_is_in_the_table(small):
    """Where topics have a certificate, each row says whether its topic is stable."""
    small.topics["stable"] = pd.array([True, False, None], dtype="boolean")
    assert tk.topic_shares(small)["stable"].tolist() == [True, False, pd.NA] * 2


def test_contexts_that_were_edited_after_the_fit_are_told(three_themes):
    """Shares of topics whose contexts were edited in place say so, and those of contexts with a new column do not."""
    own = three_themes.copy()
    topics = tk.fit_topics(own, n_topics=3, min_size=3, resamples=0)
    own.loc[0, "text"] = "What was given is edited, not what was fitted."
    topics.contexts["leaning"] = "center"
    assert "changed_afterwards" not in tk.topic_shares(topics, by=()).attrs["recipe"]["corpus"]

    topics.contexts.loc[topics.contexts.index[0], "text"] = "Nobody fitted this."
    told = {"columns_changed": ["text"]}
    shares, regarded = tk.topic_shares(topics, by=()).attrs["recipe"], tk.topic_words(topics).attrs["recipe"]
    assert shares["corpus"]["changed_afterwards"] == told
    assert regarded["corpus"]["changed_afterwards"] == told
    assert tk.usage(tk.tally(topics), by=()).attrs["recipe"]["corpus"]["changed_afterwards"] == told


def test_contexts_that_were_filtered_before_the_fit_are_told():
    """The recipe of a fit says that its contexts are not those that `tk.contexts` cut out."""
    articles = pd.DataFrame(
        {
            "doc_id": [f"d{i}" for i in range(12)],
            "text": [f"The ban on day {i} was fought in court." for i in range(12)],
        }
    )
    contexts = tk.contexts(tk.tokenize(articles), "ban")
    recipes = [
        tk.fit_topics(some, n_topics=1, min_size=3, resamples=0).topics.attrs["recipe"]["settings"]["contexts"]
        for some in (contexts, contexts.head(9))
    ]
    assert "changed" not in recipes[0]
    assert recipes[1]["changed"] == {"rows": "9 of 12 rows, none of them altered"}
