"""Terms and hits: what a pattern means, that nothing is missed, and that nothing is silent."""

import re
import warnings

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
from toolkit.text.finding import match


def index(*texts):
    return tk.tokenize(pd.DataFrame({"doc_id": [f"d{n}" for n in range(len(texts))], "text": list(texts)}))


def forms(tokens, patterns, **settings):
    return tk.find(tokens, tk.Terms(patterns, **settings))["form"].tolist()


TEXT = (
    "A Reset? The reset's reset-button, Resettlement; RESET. “Travel” ban and travel bans, travel: ban. Naïve resett."
)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("reset", ["reset", "reset's", "reset", "reset"]),
        ("reset's", ["reset's"]),
        ("reset*", ["reset", "reset's", "reset", "resettlement", "reset", "resett"]),
        ("rese?", ["reset", "reset's", "reset", "reset"]),
        ("*ment", ["resettlement"]),
        ("reset button", ["reset button"]),
        ("reset-button", ["reset button"]),
        ("travel ban", ["travel ban"]),
        ("travel ban*", ["travel ban", "travel bans"]),
        ("travel: ban", ["travel ban", "travel ban"]),
        ("the * reset", ["the reset's reset"]),
        ("NAÏVE", ["naïve"]),
    ],
)
def test_patterns(pattern, expected):
    """Each kind of pattern finds what it says, whatever the capitals."""
    assert forms(index(TEXT), pattern) == expected


def test_case_matters_on_request():
    """With case=True capitals decide, also under a possessive."""
    assert forms(index("US us US's"), ["US"], case=True) == ["us", "us's"]


def test_hits_point_at_the_text():
    """A hit's characters, cut from its field, are the match as printed."""
    articles = tk.load("daily-brief")
    hits = tk.find(tk.tokenize(articles), {"reset": "reset*", "ban": ["travel ban*", "muslim ban*"]})
    texts = articles.set_index("doc_id")
    assert len(hits) > 10
    for hit in hits.to_dict("records"):
        cut = texts.loc[hit["doc_id"], hit["field"]][hit["start"] : hit["end"]]
        assert " ".join(tk.text.words.split_words(cut)).lower() == hit["form"]
    assert {"source", "date"} <= set(hits.columns)
    assert not {"text", "title", "standfirst"} & set(hits.columns)


def test_overlaps_of_one_term_are_one_hit():
    """Of overlapping matches the first, then the longest, stays; other terms are not hidden by it."""
    tokens = index("illegal immigrant, immigrant")
    one = tk.find(tokens, {"all": ["immigrant", "illegal immigrant"]})
    assert one["form"].tolist() == ["illegal immigrant", "immigrant"]
    two = tk.find(tokens, ["immigrant", "illegal immigrant"])
    assert two["term"].tolist() == ["illegal immigrant", "immigrant", "immigrant"]


def test_phrases_stay_in_their_field_and_article():
    """The last word of a title and the first of a text are no phrase."""
    articles = pd.DataFrame({"doc_id": ["a", "b"], "title": ["Travel", "x"], "text": ["ban travel", "ban"]})
    with pytest.warns(tk.FramingWarning, match="Its words occur, but not next to each other"):
        assert len(tk.find(tk.tokenize(articles), "travel ban")) == 0


def test_nothing_is_said():
    """A pattern that matches nothing warns, with what is near it."""
    with pytest.warns(tk.FramingWarning) as record:
        tk.find(index("A reset, resets."), "resett")
    assert [str(w.message) for w in record] == [
        "The pattern 'resett' matches nothing in these 1 articles. Near it there is: reset, resets."
    ]


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ([], "There is no term to look for. Name at least one: {'reset': ['reset', 'resets']}."),
        ({"x": []}, "The term 'x' has no pattern. Give it one: {'x': ['x']}."),
        (
            "--",
            "The pattern '--' of the term '--' has no word in it: write letters or digits, * for any characters and ? for one.",
        ),
        ([3], "Terms are names with patterns, or a list of patterns; 3 is neither."),
    ],
)
def test_bad_terms(terms, message):
    """A term that cannot be meant is refused in a sentence."""
    with pytest.raises(tk.FramingError) as error:
        tk.Terms(terms)
    assert str(error.value) == message


@given(
    st.lists(
        st.lists(st.sampled_from(["ban", "Travel", "travel", "bans", ",", ".", "-", "“", "x"]), max_size=15),
        min_size=1,
        max_size=4,
    )
)
def test_phrases_agree_with_a_regular_expression(documents):
    """On any text, a phrase is found where an expression with the same gap finds it."""
    texts = [" ".join(words) for words in documents]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        hits = tk.find(index(*texts), ["travel ban*"])
    expression = re.compile(r"\btravel(?=[\s\-“]+(ban\w*))", re.IGNORECASE)
    expected = [(f"d{n}", m.start(), m.end(1)) for n, t in enumerate(texts) for m in expression.finditer(t)]
    assert list(zip(hits["doc_id"], hits["start"], hits["end"], strict=True)) == expected


@pytest.mark.parametrize(
    ("pattern", "expression"),
    [
        ("reset*", r"\breset\w*"),
        ("travel ban*", r"\btravel[\s\-–“”\"'‘’]+ban\w*"),
        ("muslim ban", r"\bmuslim[\s\-–“”\"'‘’]+ban(?!\w)"),
        ("refugee?", r"\brefugee\w(?!\w)"),
        ("immigrant", r"(?<!\w)immigrant(?!\w)"),
        ("russia", r"(?<![\w])russia(?!\w)"),
    ],
)
def test_golden_counts_of_the_news_corpus(pattern, expression):
    """On 3,824 articles each pattern counts what a regular expression over the texts counts."""
    tokens = tk.tokenize(tk.load("news-2017"))
    found = tk.find(tokens, pattern)
    compiled = re.compile(expression, re.IGNORECASE)
    per_field = {f: sum(len(compiled.findall(t)) for t in tokens.texts(f)) for f in tokens.fields}
    counted = found["field"].value_counts().reindex(list(tokens.fields), fill_value=0).to_dict()
    assert counted == per_field


def test_word_forms_show_what_a_wildcard_took():
    """Forms are counted by hits and articles, also by source; a pattern without a match is a row."""
    articles = pd.DataFrame(
        {"doc_id": ["a", "b"], "source": ["Post", "Wire"], "text": ["Reset, reset, resettlement.", "A reset."]}
    )
    tokens = tk.tokenize(articles)
    with pytest.warns(tk.FramingWarning):
        table = tk.word_forms(tokens, {"reset": ["reset*", "resat"]})
    assert table.astype(object).where(table.notna(), None).values.tolist() == [
        ["reset", "reset*", "reset", 3, 2],
        ["reset", "reset*", "resettlement", 1, 1],
        ["reset", "resat", None, 0, 0],
    ]
    by_source = tk.word_forms(tokens, "reset*", by="source")
    assert by_source[["form", "source", "n_hits"]].values.tolist() == [
        ["reset", "Post", 2],
        ["reset", "Wire", 1],
        ["resettlement", "Post", 1],
    ]


def test_forms_add_up_to_hits():
    """The forms of a term, summed, are its hits."""
    tokens = tk.tokenize(tk.load("daily-brief"))
    terms = {"reset": ["reset*"], "ban": ["*ban", "*bans"]}
    counted = tk.word_forms(tokens, terms).groupby("term")["n_hits"].sum().to_dict()
    assert counted == tk.find(tokens, terms)["term"].value_counts().to_dict()


def test_terms_keep_their_text():
    """Terms print as names with patterns, and terms made of terms are the same."""
    terms = tk.Terms({"reset": ["reset", "resets"], "ban": "travel ban*"})
    assert str(tk.Terms(terms)) == "reset: reset | resets\nban: travel ban*"
    assert tk.Terms(terms).as_dict() == {"reset": ["reset", "resets"], "ban": ["travel ban*"]}
    assert len(match(index("x"), tk.Terms("x")).first) == 1
