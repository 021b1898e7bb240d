"""Every question about time leaves what it is given as it was, and takes any corpus that tk.usage takes."""

from __future__ import annotations

import copy

import pandas as pd
import pytest

import toolkit as tk

TERMS = {"reset": ["reset*"], "news": ["news"]}
ASK = {
    "trend": lambda corpus, terms, dated: tk.trend(corpus, terms, by="source", freq="M", segments=True, bursts=True),
    "change_points": lambda corpus, terms, dated: tk.change_points(corpus, terms, freq="M", n_changes=1),
    "bursts": lambda corpus, terms, dated: tk.bursts(corpus, terms, freq="M"),
    "interrupted": lambda corpus, terms, dated: tk.event_effects(corpus, terms, dated, freq="D"),
    "lead_lag": lambda corpus, terms, dated: tk.lead_lag(corpus, terms),
}

pytestmark = pytest.mark.filterwarnings("ignore::toolkit.tables.FramingWarning")  # the corpus has an undated article


@pytest.mark.parametrize("ask", ASK.values(), ids=ASK)
def test_nothing_is_changed(ask):
    """Articles with an index of their own, terms and events are the same after a call as before."""
    articles = tk.load("daily-brief")
    articles.index = pd.Index(range(100, 100 + len(articles)))
    dated = pd.DataFrame({"date": pd.to_datetime(["2010-01-02 12:00", "2009-01-01 00:00"]), "label": ["b", "a"]})
    before, terms, events = articles.copy(deep=True), copy.deepcopy(TERMS), dated.copy(deep=True)
    ask(articles, terms, dated)
    pd.testing.assert_frame_equal(articles, before)
    pd.testing.assert_frame_equal(dated, events)
    assert articles.attrs == before.attrs
    assert terms == TERMS


@pytest.mark.parametrize("ask", ASK.values(), ids=ASK)
def test_text_an_index_and_a_dask_frame_give_the_same(ask):
    """The table does not depend on how the corpus is held."""
    dask = pytest.importorskip("dask.dataframe")
    articles = tk.load("daily-brief")
    dated = {"a": "2010-01-02"}
    expected = ask(articles, TERMS, dated)
    pd.testing.assert_frame_equal(ask(tk.tokenize(articles), TERMS, dated), expected)
    pd.testing.assert_frame_equal(ask(dask.from_pandas(articles, npartitions=3), TERMS, dated), expected)


@pytest.mark.parametrize("ask", ASK.values(), ids=ASK)
def test_the_recipe_is_plain(ask):
    """Each table says how it was made, in values that JSON can hold."""
    import json

    recipe = ask(tk.load("daily-brief"), TERMS, {"a": "2010-01-02"}).attrs["recipe"]
    assert recipe["function"].startswith("toolkit.") and recipe["corpus"]["name"] == "daily-brief"
    assert json.loads(json.dumps(recipe)) == recipe
