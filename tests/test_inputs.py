"""No function changes what it is given, and what cannot be answered is answered with a sentence or a small table."""

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
        lambda articles, terms: tk.collocate_shift(
            tk.tokenize(articles), terms, {"source": articles["source"].iloc[0]}
        ),
        lambda articles, terms: tk.keyness(tk.tokenize(articles), articles["source"] == articles["source"].iloc[0]),
        lambda articles, terms: tk.word_shift(tk.tokenize(articles), articles["source"] == articles["source"].iloc[0]),
        lambda articles, terms: tk.dispersion(tk.tokenize(articles), terms, by="source"),
        lambda articles, terms: tk.compare(articles, terms, reference="rest"),
        lambda articles, terms: tk.suggest_forms(articles, terms),
        lambda articles, terms: tk.quotations(articles),
    ],
    ids=[
        *("tokenize", "usage", "word_forms", "find", "kwic", "contexts", "collocates", "collocate_shift", "keyness"),
        *("word_shift", "dispersion", "compare_usage", "suggest_forms", "quotations"),
    ],
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


@pytest.mark.parametrize(
    "ask",
    [
        lambda hits, lines: tk.voice_shares(hits, freq="M"),
        lambda hits, lines: tk.adoption(hits, freq="M"),
        lambda hits, lines: tk.speakers(hits),
        lambda hits, lines: tk.sample_for_validation(hits, n=6),
        lambda hits, lines: tk.show_lines(lines)._repr_html_(),
    ],
    ids=["voice_shares", "adoption", "speakers", "sample_for_validation", "show_lines"],
)
def test_hits_and_lines_stay_as_they_were(ask):
    """Hits and concordance lines (with an index of their own) are the same after a call as before."""
    tokens = tk.tokenize(tk.load("daily-brief"))
    hits, lines = tk.find(tokens, "reset*"), tk.kwic(tokens, "reset*")
    hits.index, lines.index = range(50, 50 + len(hits)), range(70, 70 + len(lines))
    before = hits.copy(deep=True), lines.copy(deep=True)
    ask(hits, lines)
    pd.testing.assert_frame_equal(hits, before[0])
    pd.testing.assert_frame_equal(lines, before[1])


@pytest.mark.parametrize(
    "ask", [tk.find, tk.kwic, tk.contexts, tk.collocates, tk.dispersion], ids=lambda ask: ask.__name__
)
def test_terms_are_looked_for_in_articles_or_their_index(ask):
    """Articles give what their index gives; what is neither is refused with the call that makes one."""
    articles = tk.load("daily-brief")
    pd.testing.assert_frame_equal(ask(articles, "reset*"), ask(tk.tokenize(articles), "reset*"))
    with pytest.raises(tk.FramingError) as error:
        ask(["A reset."], "reset*")
    assert str(error.value) == (
        "Give articles, as a pandas DataFrame, or their index, tk.tokenize(articles); this is a list."
    )


ARTICLES = pd.DataFrame(
    {
        "doc_id": list("abcdef"),
        "source": ["Post", "Sun"] * 3,
        "date": pd.to_datetime(["2016-01-01", "2016-02-01", "2016-03-01"] * 2),
        "text": ["“A reset is near,” said Ann Lee."] * 6,
    }
)


@pytest.mark.parametrize(
    "ask",
    [
        lambda tokens, **how: tk.usage(tokens, "reset", **how),
        lambda tokens, **how: tk.collocates(tokens, "reset", **how),
        lambda tokens, **how: tk.dispersion(tokens, "reset", **how),
        lambda tokens, **how: tk.voice_shares(tk.find(tokens, "reset"), **how),
        lambda tokens, **how: tk.adoption(tk.find(tokens, "reset"), **how),
        lambda tokens, **how: tk.speakers(tk.find(tokens, "reset"), **how),
    ],
    ids=["usage", "collocates", "dispersion", "voice_shares", "adoption", "speakers"],
)
class TestCells:
    """Columns and periods that a table is asked to be made by."""

    def test_a_period_finer_than_the_dates_is_warned_of(self, ask):
        """Dates that are the first of a month are no days."""
        with pytest.warns(
            tk.FramingWarning, match="All 3 dates are the first of a month, so freq='D' is finer than the dates"
        ):
            ask(tk.tokenize(ARTICLES), by="source", freq="D")

    def test_a_column_that_is_mistyped_is_named_with_what_is_near(self, ask):
        """The sentence has the wrong name and the right one."""
        with pytest.raises(tk.FramingError, match=r"sorce.*Did you mean 'source'"):
            ask(tk.tokenize(ARTICLES), by="sorce")


@pytest.mark.parametrize("text", ['"', "“", "🙃", "قال «", "‮’", ""], ids=ascii)
def test_texts_without_words_have_no_hit_and_no_speaker(text):
    """One mark, emoji, right-to-left text: tables without hits, and no quotation that somebody says."""
    articles = ARTICLES.assign(text=text)
    with pytest.warns(tk.FramingWarning, match="The pattern 'reset' matches nothing in these 6 articles."):
        assert tk.find(tk.tokenize(articles), "reset").empty
    assert tk.quotations(articles)["speaker"].isna().all()
