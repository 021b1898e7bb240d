"""The document-term matrix: what stands in it, whose rows and columns they are, and what is left out."""

import numpy as np
import pandas as pd
import pytest

import toolkit as tk

ARTICLES = pd.DataFrame(
    {
        "doc_id": ["a", "b", "c"],
        "title": ["The ban", None, "Order"],
        "text": ["A ban's end. Ban!", "", "The order, an order, no ban."],
    }
)
TOKENS = tk.tokenize(ARTICLES)


def cell(matrix, doc_id, word):
    return matrix.counts[matrix.doc_ids.index(doc_id), matrix.words.index(word)]


def test_every_word_is_counted_in_its_article():
    """Capitals and possessives are one word; an article without text is a row of zeros; nothing is lost."""
    matrix = TOKENS.matrix()
    assert matrix.doc_ids == ["a", "b", "c"]
    assert cell(matrix, "a", "ban") == 3
    assert cell(matrix, "c", "ban") == 1
    assert cell(matrix, "c", "order") == 3
    assert matrix.counts.sum(axis=1).ravel().tolist()[0] == TOKENS.n_words.tolist() == [6, 0, 7]
    assert len(set(matrix.words)) == len(matrix.words) == matrix.counts.shape[1]


def test_forms_can_be_kept_as_printed():
    """With lower=False "Ban", "ban" and "ban's" are three words, and the sums of the rows stay the same."""
    matrix = TOKENS.matrix(lower=False)
    assert [cell(matrix, "a", form) for form in ("ban", "Ban", "ban's")] == [1, 1, 1]
    assert matrix.counts.sum(axis=1).ravel().tolist()[0] == [6, 0, 7]


def test_rare_words_are_left_out():
    """min_n counts occurrences, min_articles the articles with the word; a word at the limit stays."""
    assert TOKENS.matrix(min_n=4).words == ["ban"]
    assert set(TOKENS.matrix(min_n=3).words) == {"ban", "order"}
    assert set(TOKENS.matrix(min_articles=2).words) == {"the", "ban"}


def test_few_terms_are_a_frame():
    """Terms are counted as hits: overlapping matches once, in the order given, with a row for every article."""
    table = TOKENS.matrix({"order": "order", "ban": ["ban", "the ban"], "неверно": "end"})
    assert table.index.tolist() == ["a", "b", "c"]
    assert table.index.name == "doc_id"
    assert list(table.columns) == ["order", "ban", "неверно"]
    assert table.to_numpy().tolist() == [[0, 3, 1], [0, 0, 0], [3, 1, 0]]


def test_the_frame_agrees_with_usage():
    """Summed over the articles of a source, the matrix is what usage counts."""
    articles = ARTICLES.assign(source=["Post", "Sun", "Post"], text=["A ban.", "An order.", "The order, no ban."])
    tokens = tk.tokenize(articles)
    hits = tokens.matrix(["ban", "order"]).groupby(articles["source"].to_numpy()).sum()
    usage = tk.usage(tokens, ["ban", "order"]).set_index(["source", "term"])["n_hits"]
    assert {(source, term): n for term in hits for source, n in hits[term].items()} == usage.to_dict()


def test_the_index_does_not_change():
    """What is asked of an index leaves it as it was."""
    before = TOKENS.codes.copy()
    TOKENS.matrix(lower=False)
    assert np.array_equal(TOKENS.codes, before)
    assert TOKENS.matrix().counts.sum() == len(TOKENS)


@pytest.mark.parametrize("settings", [{"lower": False}, {"min_n": 2}, {"min_articles": 2}])
def test_settings_of_words_are_not_settings_of_terms(settings):
    """What chooses among all words is refused where terms are counted."""
    with pytest.raises(tk.FramingError, match="choose among all words"):
        TOKENS.matrix("ban", **settings)


@pytest.mark.parametrize("name", ["min_n", "min_articles"])
def test_numbers_below_one_are_refused(name):
    """A word occurs at least once."""
    with pytest.raises(tk.FramingError, match=f"{name} is how often a word has to occur"):
        TOKENS.matrix(**{name: 0})
