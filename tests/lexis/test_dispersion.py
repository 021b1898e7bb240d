"""Dispersion of terms and words over the parts of a corpus: what a part is, and what each count is made of."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
from toolkit.measures import dispersion as measures
from toolkit.tables import DISPERSION

ARTICLES = pd.DataFrame(
    {
        "doc_id": ["a", "b", "c", "d", "e"],
        "source": ["Post", "Post", "Wire", "Wire", None],
        "date": pd.to_datetime(["2017-01-02", "2017-02-01", "2017-01-09", None, "2017-02-03"]),
        "story_id": ["s", None, "s", None, "t"],
        "text": ["reset and reset", "no news", "a reset came", "rain", None],
    }
)


def index(*texts, **columns):
    return tk.tokenize(pd.DataFrame({"doc_id": [f"d{n}" for n in range(len(texts))], "text": list(texts), **columns}))


def test_a_row_by_hand():
    """Over articles: 3 hits among 9 words, in two of the four articles that have a word."""
    row = tk.dispersion(tk.tokenize(ARTICLES), "reset").iloc[0]
    assert row[["term", "n_hits", "n_words", "range", "n_parts"]].tolist() == ["reset", 3, 9, 2, 4]
    assert row["DP"] == pytest.approx((2 / 3 - 3 / 9 + 2 / 9 + 1 / 9 + abs(1 / 3 - 3 / 9)) / 2)
    assert row["DPnorm"] == pytest.approx(row["DP"] / (1 - 1 / 9))
    assert row["S"] == pytest.approx((np.sqrt(2 / 3 * 3 / 9) + np.sqrt(1 / 3 * 3 / 9)) ** 2)
    assert row["ARF"] == pytest.approx((2 + 3 + 3) / 3)  # at words 0, 2 and 6 of 9: distances 2, 4 and 3, 3 on average


def test_columns_are_those_of_the_tables_file():
    """Terms and words have the stated columns, in that order; terms have the optional ones, too."""
    tokens = tk.tokenize(ARTICLES)
    assert list(tk.dispersion(tokens, min_n=1).columns) == list(DISPERSION.columns)
    assert list(tk.dispersion(tokens, "reset").columns) == [*DISPERSION.columns, *DISPERSION.optional]


@pytest.mark.parametrize(
    ("by", "freq", "sizes"),
    [
        ("article", None, [3, 2, 3, 1]),
        ("story", None, [6, 2, 1]),
        ("source", None, [5, 4]),
        (["source", "story_id"], None, [3, 2, 3, 1]),
        (3, None, [3, 3, 3]),
        (4, None, [2, 2, 2, 3]),
        ("story_id", None, [6, 3]),
    ],
)
def test_parts(by, freq, sizes):
    """A part is an article, a story, a value of a column (a missing one, too) or a stretch; one without a word is none."""
    tokens = tk.tokenize(ARTICLES)
    row = tk.dispersion(tokens, "rain", by=by, freq=freq).iloc[0]
    assert (row["n_parts"], row["n_words"]) == (len(sizes), sum(sizes))
    at = {2: 1, 3: 2, 4: 3}[len(sizes)]  # "rain" is in the last part
    assert row["DP"] == pytest.approx(1 - sizes[at] / sum(sizes))


def test_parts_by_time():
    """With `freq` a part is a period, or a period of a source; undated articles are left out, with a warning."""
    tokens = tk.tokenize(ARTICLES)
    with pytest.warns(tk.FramingWarning) as caught:
        months = tk.dispersion(tokens, "reset", by=None, freq="M").iloc[0]
    assert [str(w.message) for w in caught] == ["1 of 5 articles have no date and are left out."]
    assert months[["n_hits", "n_words", "range", "n_parts"]].tolist() == [3, 8, 1, 2]
    with pytest.warns(tk.FramingWarning):
        both = tk.dispersion(tokens, "reset", by="source", freq="M").iloc[0]
    assert both[["range", "n_parts"]].tolist() == [2, 3]


def test_what_is_left_out_takes_no_place():
    """An undated article between two hits does not stand between them in ARF either."""
    dates = pd.to_datetime(["2017-01-01", None, "2017-01-02"])
    tokens = index("reset", "reset and many words more", "reset here", date=dates)
    with pytest.warns(tk.FramingWarning):
        row = tk.dispersion(tokens, "reset", by=None, freq="D").iloc[0]
    assert (row["n_hits"], row["n_words"]) == (2, 3)
    assert row["ARF"] == pytest.approx(measures.average_reduced_frequency([0, 1], 3))


def test_a_phrase_counts_where_it_begins():
    """A phrase over the edge of two equal parts is a hit of the first."""
    row = tk.dispersion(index("so the travel ban is one"), "travel ban", by=2).iloc[0]
    assert row[["n_hits", "range", "n_parts"]].tolist() == [1, 1, 2]
    assert row["DP"] == 0.5


WORDS = st.lists(st.lists(st.sampled_from("abc"), max_size=6), min_size=2, max_size=5).filter(
    lambda texts: sum(map(bool, texts)) > 1
)


@given(WORDS, st.sampled_from(["article", "source", 2]))
def test_all_words_are_terms(texts, by):
    """Asked for all words, each has the row that it has as a term."""
    sources = ["x", "y", "x", "z", "y"][: len(texts)]
    tokens = index(*[" ".join(words) for words in texts], source=sources)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", tk.FramingWarning)
        every = tk.dispersion(tokens, by=by, min_n=1)
        terms = tk.dispersion(tokens, every["term"].tolist(), by=by)
    pd.testing.assert_frame_equal(every, terms[every.columns])
    assert every["n_hits"].tolist() == sorted(every["n_hits"], reverse=True)


@given(WORDS)
def test_counts_are_those_of_the_texts(texts):
    """Over articles the measures are those of counts made with str.count."""
    tokens = index(*[" ".join(words) for words in texts])
    every = tk.dispersion(tokens, min_n=1).set_index("term")
    some = [words for words in texts if words]
    for word in every.index:
        parts = measures.Parts.of([words.count(word) for words in some], [len(words) for words in some])
        assert every.loc[word, "DP"] == pytest.approx(measures.deviation_of_proportions(parts)[0])
        assert every.loc[word, "range"] == sum(word in words for words in some)


def test_rare_words_are_left_out():
    """Words below `min_n` have no row, the others the row that they have anyway."""
    tokens = tk.tokenize(tk.load("daily-brief"))
    many, few = tk.dispersion(tokens, by="source", min_n=2), tk.dispersion(tokens, by="source", min_n=20)
    assert 0 < len(few) < len(many)
    pd.testing.assert_frame_equal(many[many["n_hits"] >= 20].reset_index(drop=True), few)


def test_many_parts():
    """As many sources as articles are the articles as parts."""
    texts = ["reset" if n % 7 == 0 else "rain falls" for n in range(3000)]
    tokens = index(*texts, source=[f"s{n}" for n in range(3000)])
    columns = ["n_hits", "range", "n_parts", "DP", "D", "DA"]
    by_source = tk.dispersion(tokens, "reset", by="source")[columns]
    pd.testing.assert_frame_equal(by_source, tk.dispersion(tokens, "reset")[columns])
    assert by_source["n_parts"].tolist() == [3000]


def test_a_term_without_a_hit():
    """A term that does not occur warns, has zeros for counts, and its measures are missing."""
    with pytest.warns(tk.FramingWarning, match="'zebra' matches nothing"):
        row = tk.dispersion(tk.tokenize(ARTICLES), ["zebra"]).iloc[0]
    assert row[["n_hits", "range"]].tolist() == [0, 0]
    assert row[["DP", "DPnorm", "D", "D2", "S", "KLD", "DA"]].isna().all()
    assert row["ARF"] == 0


def test_articles_without_stories():
    """Without a column of stories each article is one, with a warning."""
    with pytest.warns(tk.FramingWarning) as caught:
        row = tk.dispersion(index("a reset", "rain"), "reset", by="story").iloc[0]
    assert [str(w.message) for w in caught] == [
        "These articles have no column story_id, so by='story' takes each of them as a story of its own. "
        "Group copies first: articles = tk.mark_stories(articles)."
    ]
    assert row["n_parts"] == 2


def test_the_parts_are_articles_or_periods_by_default():
    """Without `by` each article is a part, and with `freq` each period; None says the same."""
    tokens = tk.tokenize(ARTICLES[ARTICLES["date"].notna()])
    for freq, named in ((None, {"by": "article"}), ("M", {"by": None, "freq": "M"})):
        plain = tk.dispersion(tokens, ["reset", "a"], freq=freq)
        pd.testing.assert_frame_equal(plain, tk.dispersion(tokens, ["reset", "a"], **named), check_like=True)
    assert tk.dispersion(tokens, "reset")["n_parts"].tolist() == [3]  # the fourth has no word


def test_one_part_warns():
    """One article, or one source, cannot be compared: the table says so and is there."""
    with pytest.warns(tk.FramingWarning) as caught:
        row = tk.dispersion(index("a reset"), "reset").iloc[0]
    assert [str(w.message) for w in caught] == [
        "These articles make one part only, so what compares parts is missing. Choose another `by`."
    ]
    assert row[["n_hits", "n_parts", "DP"]].tolist() == [1, 1, 0.0]
    assert row[["DPnorm", "D", "D2", "DA"]].isna().all()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"by": "sourc"},
            "There is no column 'sourc'. Did you mean 'source' or 'story'? There are: article, story, doc_id, source, date, story_id, text.",
        ),
        (
            {"freq": "hour"},
            "There is no period 'hour'. There are: D (day), W (week), M (month), Q (quarter), Y (year).",
        ),
        ({"by": 3, "freq": "M"}, "by=3 cuts the corpus into equal parts, and freq='M' by time. Choose one of them."),
        ({"by": 1}, "by=1 parts are too few: there are 9 words."),
        ({"by": 10}, "by=10 parts are too many: there are 9 words."),
        (
            {"by": 2.5},
            'The parts are by="article", "story", a column, a list of columns or a number, or those of a freq such as "M"; '
            "this is by=2.5.",
        ),
        ({"min_n": 0}, "min_n is the number of times a word must occur, 1 or more; this is 0."),
    ],
)
def test_questions_without_sense(settings, message):
    """What cannot be answered is refused in a sentence."""
    with pytest.raises(tk.FramingError) as error:
        tk.dispersion(tk.tokenize(ARTICLES), "reset", **settings)
    assert str(error.value) == message


def test_nothing_to_measure():
    """Articles without a word, and periods without a date, are refused."""
    with pytest.raises(tk.FramingError) as error:
        tk.dispersion(index("", None), "reset")
    assert str(error.value) == "None of these 2 articles has a word, so there is nothing to measure."
    with pytest.raises(tk.FramingError) as error, pytest.warns(tk.FramingWarning):
        tk.dispersion(index("a reset", date=pd.to_datetime([None])), "reset", freq="M")
    assert str(error.value) == "No article with a word has a date, so there is no part."
    with pytest.raises(tk.FramingError) as error:
        tk.dispersion(index("a reset"), "reset", freq="M")
    assert str(error.value) == "A table of articles needs the column date; this one has: doc_id, text."


def test_the_recipe_states_the_settings():
    """What was asked stands in the recipe, as plain values."""
    recipe = tk.dispersion(tk.tokenize(ARTICLES), {"reset": "reset*"}, by=["source"]).attrs["recipe"]
    assert recipe["function"] == "toolkit.dispersion"
    assert recipe["settings"] == {"terms": {"reset": ["reset*"]}, "by": ["source"], "freq": None, "min_n": 5}
