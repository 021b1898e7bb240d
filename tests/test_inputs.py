"""No function changes what it is given."""

import copy

import pandas as pd
import pytest

import toolkit as tk

TERMS = {"reset": ["reset*"], "ban": ["travel ban*", "Muslim ban*"]}


@pytest.mark.parametrize(
    "ask",
    [
        lambda articles, terms: tk.tokenize(articles),
        lambda articles, terms: tk.usage(articles, terms, freq="W"),
        lambda articles, terms: tk.word_forms(articles, terms, by="source"),
        lambda articles, terms: tk.find(tk.tokenize(articles), terms),
        lambda articles, terms: tk.kwic(tk.tokenize(articles), terms),
        lambda articles, terms: tk.contexts(tk.tokenize(articles), terms, window="sentence"),
        lambda articles, terms: tk.collocates(tk.tokenize(articles), terms),
        lambda articles, terms: tk.collocate_shift(tk.tokenize(articles), terms, {"source": articles["source"].iloc[0]}),
        lambda articles, terms: tk.keyness(tk.tokenize(articles), articles["source"] == articles["source"].iloc[0]),
    ],
    ids=["tokenize", "usage", "word_forms", "find", "kwic", "contexts", "collocates", "collocate_shift", "keyness"],
)
def test_articles_and_terms_stay_as_they_were(ask):
    """Articles (with an index of their own) and terms are the same after a call as before."""
    articles = tk.load("daily-brief")
    articles.index = pd.Index(range(100, 100 + len(articles)))
    before, terms = articles.copy(deep=True), copy.deepcopy(TERMS)
    ask(articles, terms)
    pd.testing.assert_frame_equal(articles, before)
    assert articles.attrs == before.attrs
    assert terms == TERMS
