"""Coverage: every article is in one row, and nothing is told from zero."""

import pandas as pd
import pytest

import toolkit as tk

ARTICLES = pd.DataFrame(
    {
        "doc_id": list("abcd"),
        "source": ["Post", "Post", "Wire", "Wire"],
        "date": pd.to_datetime(["2017-01-02", "2017-01-20", "2017-01-10", None]),
    }
)


def test_weeks_by_hand():
    """Each source has each week, covered or not, and undated articles have a row."""
    table = tk.coverage(ARTICLES, freq="W")
    assert table["n_articles"].tolist() == [1, 0, 1, 0, 1, 0, 1]
    assert table["covered"].tolist() == [True, False, True, False, True, False, True]
    assert table["period"].isna().tolist() == [False] * 6 + [True]
    assert list(table.columns) == ["source", "period", "n_articles", "covered"]


def test_nothing_is_lost():
    """The rows of any period add up to the corpus."""
    articles = tk.load("daily-brief")
    for freq in ("D", "W", "M", "Q", "Y"):
        assert tk.coverage(articles, freq=freq)["n_articles"].sum() == len(articles)
    assert tk.coverage(articles, by=[], freq="M")["n_articles"].sum() == len(articles)


def test_unknown_period():
    """A period that is none is refused with those that are."""
    with pytest.raises(tk.FramingError) as error:
        tk.coverage(ARTICLES, freq="fortnight")
    assert str(error.value) == (
        "There is no period 'fortnight'. There are: D (day), W (week), M (month), Q (quarter), Y (year)."
    )
