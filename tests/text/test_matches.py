"""Terms and hits: what a pattern means, that nothing is missed, and that nothing is silent."""

import re
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
from toolkit.text.matches import match
from toolkit.text.patterns import Pattern
from toolkit.text.search import leftmost_longest, touching


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


# Gaps, expressions, exclusions


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("ban {0,3} muslims", ["ban muslims", "ban on all muslims"]),
        ("ban {2} muslims", ["ban on all muslims"]),
        ("ban {1,2} muslims", ["ban on all muslims"]),
        ("ban, {0,3} muslims", ["ban muslims", "ban on all muslims", "ban it said muslims"]),
        ("the {0,2} * all", ["the ban on all"]),
        ("/ban(s|ned)?/", ["ban", "ban", "banned", "ban", "bans", "ban's"]),
        ("/BAN(S|NED)?/", ["ban", "ban", "banned", "ban", "bans", "ban's"]),
        ("/[a-z]{3}/ /m.*s/", ["ban muslims", "all muslims"]),
        ("/[a-z]{3}/ (case)", ["ban", "the", "ban", "all", "ban"]),
        ("/Ban/ (case)", ["ban's"]),
        ("/Banned/ (case)", ["banned"]),
        ("/banned/ (case)", []),
        ("/an/", []),
    ],
)
@pytest.mark.filterwarnings("ignore::toolkit.tables.FramingWarning")
def test_gaps_and_expressions(pattern, expected):
    """Gaps take as few words as they can and no punctuation that the pattern has not; an expression matches whole words."""
    text = "A ban Muslims, the ban on all Muslims. Banned Muslims: a ban, it said. Muslims? No bans. Ban's"
    assert forms(index(text), pattern) == expected


@pytest.mark.filterwarnings("ignore::toolkit.tables.FramingWarning")
def test_a_gap_stays_in_its_field():
    """Where punctuation is allowed, too, a gap does not reach from a title into a text, nor into the next article."""
    articles = pd.DataFrame({"doc_id": ["a", "b"], "title": ["no ban", "ban"], "text": ["of it", "none of ban"]})
    tokens = tk.tokenize(articles)
    assert tk.find(tokens, ["ban, {0,4} of", "it, {0,5} ban", "none, {0,2} ban"])["form"].tolist() == ["none of ban"]


WORDS = st.lists(st.sampled_from(["a", "b", "c", "A's", ",", "-"]), max_size=14)
ITEMS = st.sampled_from(["a", "b", "c", "?", "*", "/a|b/"])
LINKS = st.sampled_from([" ", " ", "-", ", ", " {0,2} ", " {1} ", ", {0,1} ", " {1,3} "])


@st.composite
def written_patterns(draw):
    text = draw(ITEMS)
    for _ in range(draw(st.integers(0, 2))):
        text += draw(LINKS) + draw(ITEMS)
    return text


def _read(documents):
    """Return each document as a list of words with whether punctuation stands before it."""
    read = []
    for words in documents:
        found, broken = [], True
        for word in words:
            if word in ",-":
                broken = broken or word == ","
            else:
                found.append((word.lower(), broken))
                broken = False
        read.append(found)
    return read


def _means(word, form):
    form = form.removesuffix("'s")
    return {"?": len(form) == 1, "*": True, "/a|b/": form in "ab"}.get(word, form == word)


def _ends(pattern, words, at, place):
    """Yield where runs of the pattern's words from `place` on end, the one at `place` standing at `at`."""
    if at >= len(words) or not _means(pattern.words[place], words[at][0]):
        return
    if place + 1 == len(pattern.words):
        yield at
        return
    low, high = pattern.gaps[place + 1]
    for gap in range(low, high + 1):
        between = words[at + 1 : at + gap + 2]
        if len(between) == gap + 1 and (pattern.breaks[place + 1] or not any(broken for _, broken in between)):
            yield from _ends(pattern, words, at + gap + 1, place + 1)


def _runs(pattern, words):
    shortest = [(at, min(_ends(pattern, words, at, 0), default=None)) for at in range(len(words))]
    return [(at, end) for at, end in shortest if end is not None]


@given(
    st.lists(WORDS, min_size=1, max_size=3),
    st.lists(written_patterns(), min_size=1, max_size=3),
    st.lists(written_patterns(), max_size=2),
)
def test_hits_agree_with_a_walk_over_the_words(documents, patterns, exclusions):
    """Gaps, expressions, exclusions and overlaps give what the plain definition gives, word by word."""
    terms = tk.Terms({"x": [*patterns, *(f"!{text}" for text in exclusions)]})
    tokens = index(*(" ".join(words) for words in documents))
    expected, start = [], 0
    for words in _read(documents):
        out = [run for text in exclusions for run in _runs(Pattern(text), words)]
        found = [run for text in patterns for run in _runs(Pattern(text), words)]
        kept = [(a, b) for a, b in found if not any(a <= d and c <= b for c, d in out)]
        reached = -1
        for first, last in sorted(kept, key=lambda run: (run[0], -run[1])):
            if first > reached:
                expected.append((start + first, start + last))
                reached = last
        start += len(words)
    matches = match(tokens, terms, warn=False)
    assert list(zip(matches.first.tolist(), matches.last.tolist(), strict=True)) == expected


SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 4)), max_size=12)


@given(SPANS, SPANS)
def test_spans_that_touch(some, others):
    """A span touches another if they share a position; of overlapping ones the first, then the longest, stays."""
    first, last = np.array([(a, a + n) for a, n in some], dtype=np.int64).reshape(-1, 2).T
    begin, end = np.array([(a, a + n) for a, n in others], dtype=np.int64).reshape(-1, 2).T
    expected = [any(a <= c + m and c <= a + n for c, m in others) for a, n in some]
    assert touching(first, last, begin, end).tolist() == expected
    kept, reached = [], -1
    for a, b in sorted(((a, a + n) for a, n in some), key=lambda run: (run[0], -run[1])):
        if a > reached:
            kept.append((a, b))
            reached = b
    stay = leftmost_longest(first, last)
    assert list(zip(first[stay].tolist(), last[stay].tolist(), strict=True)) == kept


def test_exclusions_keep_hits_away():
    """What shares a word with an exclusion is no hit, and the exclusion says what it took."""
    articles = pd.DataFrame(
        {
            "doc_id": ["a", "b"],
            "source": ["Post", "Wire"],
            "text": ["A reset, resettlement, a password-reset. Resettle!", "Reset: resettlement of resets."],
        }
    )
    terms = tk.Terms({"reset": ["reset*", "!resettle*", "!password reset"]})
    table = tk.word_forms(tk.tokenize(articles), terms)
    assert table.drop(columns="term").values.tolist() == [
        ["reset*", "reset", 2, 2, 0],
        ["reset*", "resets", 1, 1, 0],
        ["!resettle*", "resettlement", 0, 0, 2],
        ["!resettle*", "resettle", 0, 0, 1],
        ["!password reset", "password reset", 0, 0, 1],
    ]
    by_source = tk.word_forms(tk.tokenize(articles), terms, by="source")
    assert by_source.groupby("source")[["n_hits", "n_excluded"]].sum().values.tolist() == [[1, 3], [2, 1]]
    assert len(tk.find(tk.tokenize(articles), terms)) == 3


@pytest.mark.filterwarnings("ignore::toolkit.tables.FramingWarning")
def test_exclusions_come_before_overlaps():
    """A pattern that is excluded hides no other: of "travel ban" without "travel" the ban stays."""
    tokens = index("A travel ban, a ban.")
    assert forms(tokens, {"ban": ["travel ban", "ban", "!travel"]}) == ["ban", "ban"]
    assert forms(tokens, {"ban": ["travel ban", "ban", "!travel ban"]}) == ["ban"]


def test_groups_count_what_their_terms_count():
    """A group's hits are those of its terms, each with its own exclusions, overlaps being one."""
    tokens = index("A travel ban, a ban, banks and a bank ban.")
    terms = tk.Terms({"bans": {"travel ban": "travel ban", "ban": ["ban*", "!travel ban", "!bank*"]}})
    assert [(h.term, h.form) for h in tk.find(tokens, terms).itertuples()] == [
        ("travel ban", "travel ban"),
        ("ban", "ban"),
        ("ban", "ban"),
    ]
    assert tk.find(tokens, terms.by_group())["form"].tolist() == ["travel ban", "ban", "ban"]
    assert tk.word_forms(tokens, terms.by_group())[["pattern", "form", "n_hits", "n_excluded"]].values.tolist() == [
        ["travel ban", "travel ban", 1, 0],
        ["ban*", "ban", 2, 0],
        ["!travel ban", "travel ban", 0, 1],
        ["!bank*", "bank", 0, 1],
        ["!bank*", "banks", 0, 1],
    ]


# What is said, and that it is said once


def said(tokens, terms, ask=tk.find):
    with warnings.catch_warnings(record=True) as record:
        warnings.simplefilter("always")
        ask(tokens, terms)
    return [str(w.message) for w in record if issubclass(w.category, tk.FramingWarning)]


@pytest.mark.parametrize(
    ("text", "terms", "messages"),
    [
        (
            "A reset, resets; resettling.",
            {"r": ["reset", "resets", "reset*"]},
            [
                "The pattern 'reset' adds no hit to the term 'r': wherever it occurs, there is one of 'reset*'.",
                "The pattern 'resets' adds no hit to the term 'r': wherever it occurs, there is one of 'reset*'.",
            ],
        ),
        (
            "A ban.",
            {"b": ["ban", "ban*"]},
            ["The pattern 'ban*' adds no hit to the term 'b': wherever it occurs, there is one of 'ban'."],
        ),
        (
            "A ban.",
            {"b": ["Ban", "ban"]},
            ["The pattern 'ban' adds no hit to the term 'b': wherever it occurs, there is one of 'Ban'."],
        ),
        (
            "A travel ban, travel bans.",
            {"b": ["ban", "travel ban*"]},
            ["The pattern 'ban' adds no hit to the term 'b': wherever it occurs, there is one of 'travel ban*'."],
        ),
        ("A travel ban, a ban.", {"b": ["ban", "travel ban"]}, []),
        (
            "x y z",
            {"b": ["x y", "y z", "y"]},
            [
                f"The pattern '{p}' adds no hit to the term 'b': wherever it occurs, there is one of 'x y'."
                for p in ("y z", "y")
            ],
        ),
        (
            "A ban, a bank.",
            {"b": ["ban*", "!bank", "!bandit", "!a"]},
            [
                "The exclusion '!bandit' of the term 'b' excludes nothing in these 1 articles. Near it there is: ban, bank.",
                "The exclusion '!a' of the term 'b' excludes nothing in these 1 articles. "
                "It occurs 2 times, but shares no word with an occurrence of the term.",
            ],
        ),
        ("A ban bank, the bank, a band.", ["*d", "* bank", "!ban bank"], []),
        (
            "A bank, the band.",
            ["*d", "* bank", "!ban bank"],
            [
                "The exclusion '!ban bank' of the terms '*d', '* bank' excludes nothing in these 1 articles. "
                "Near it there is: bank, band."
            ],
        ),
        (
            "A ban.",
            {"b": ["ban", "!ban"]},
            ["The term 'b' excludes each of the 1 occurrences of its pattern 'ban' in these 1 articles."],
        ),
        (
            "A travel ban, travel bans, Muslim bans.",
            {"all": "* ban*", "travel ban": "travel ban*", "ban": "ban"},
            [
                f"Every hit of the term {term} lies inside a hit of {other} and is counted for both. "
                "If they are rivals, let them exclude each other."
                for term, other in (("'travel ban' (2)", "'all'"), ("'ban' (1)", "'travel ban'"))
            ],
        ),
        (
            "A ban.",
            {"one": "ban", "other": "Ban"},
            [
                f"Every hit of the term '{term}' (1) lies inside a hit of '{other}' and is counted for both. "
                "If they are rivals, let them exclude each other."
                for term, other in (("one", "other"), ("other", "one"))
            ],
        ),
        (
            "A ban, or no ban of it. Is it a ban?",
            ["no {1,2} ban", "ban no", "of {3} ban", "ban of", "reset"],
            [
                "The pattern 'no {1,2} ban' matches nothing in these 1 articles. Its words occur, but not that near each other.",
                "The pattern 'ban no' matches nothing in these 1 articles. Its words occur, but not next to each other.",
                "The pattern 'of {3} ban' matches nothing in these 1 articles. Its words occur, but not that near each other.",
                "The pattern 'reset' matches nothing in these 1 articles.",
            ],
        ),
        (
            "A ban. Or none.",
            "ban {0,1} none",
            [
                "The pattern 'ban {0,1} none' matches nothing in these 1 articles. "
                "With punctuation between its words it is there once; write it with a comma to count that."
            ],
        ),
    ],
)
def test_what_is_odd_is_said_once(text, terms, messages):
    """Idle patterns, exclusions and terms are told with what is near, and only at the first question to an index."""
    tokens = index(text)
    assert said(tokens, terms) == messages
    assert said(tokens, terms) == said(tokens, terms, tk.kwic) == said(tokens, terms, tk.word_forms) == []
    assert said(index(text), terms) == messages


def test_a_warning_that_is_an_error_is_one_each_time():
    """What was raised was not told, so the next question raises it again; other indexes and other patterns speak for themselves."""
    tokens = index("A reset.")
    for _ in range(2):
        with warnings.catch_warnings(), pytest.raises(tk.FramingWarning, match="The pattern 'ban' matches nothing"):
            warnings.simplefilter("error")
            tk.find(tokens, "ban")
    assert len(said(tokens, "ban")) == 1
    assert len(said(tokens, ["reset", "ban"])) == 0  # told already
    assert len(said(tokens, ["reset", "wall"])) == 1


# Corpora of every size


@pytest.mark.filterwarnings("ignore::toolkit.tables.FramingWarning")
def test_a_dask_frame_gives_the_same_forms():
    """Forms and exclusions of parts add up to those of the whole."""
    dd = pytest.importorskip("dask.dataframe")
    articles = tk.load("daily-brief")
    terms = {"reset": ["reset*", "!resettle*"], "ban": ["ban {0,2} on", "/(travel|muslim)/ ban*", "zzz"]}
    whole = tk.word_forms(articles, terms, by="source")
    parts = tk.word_forms(dd.from_pandas(articles, npartitions=3), terms, by="source")
    pd.testing.assert_frame_equal(whole, parts, check_dtype=False)
    assert whole["n_excluded"].sum() > 0
    in_parts = tk.usage(dd.from_pandas(articles, npartitions=3), terms, by="source")
    at_once = tk.usage(articles, terms, by="source")
    assert in_parts["n_hits"].tolist() == at_once["n_hits"].tolist()


@pytest.mark.filterwarnings("ignore::toolkit.tables.FramingWarning")
@pytest.mark.parametrize("texts", [[""], ["", None], ["…", "a"]])
def test_texts_without_words(texts):
    """Empty texts, and terms longer than any, have no hit and raise nothing."""
    tokens = index(*texts)
    terms = {"x": ["reset of all {0,3} things that are", "/x+/", "!a"], "y": "b*"}
    assert len(tk.find(tokens, terms)) == 0
    assert tk.word_forms(tokens, terms)["n_hits"].tolist() == [0] * 4


def test_forms_need_columns_of_the_articles():
    """A column that the articles lack, or that the table of forms has itself, is refused."""
    with pytest.raises(tk.FramingError, match="needs the column outlet"):
        tk.word_forms(index("a"), "a", by="outlet")
    with pytest.raises(tk.FramingError) as error:
        tk.word_forms(index("a"), "a", by=["form"])
    assert str(error.value) == "Forms cannot be counted by form: the table of forms has that column itself."


def test_no_input_is_changed():
    """Looking for terms leaves the articles and the terms as they were."""
    articles = pd.DataFrame({"doc_id": ["a"], "text": ["A reset, resettlement."]})
    given_terms = {"reset": ["reset*", "!resettle*"], "g": {"ban": {"patterns": ["a"], "note": "n"}}}
    copy, terms = articles.copy(), {"reset": ["reset*", "!resettle*"], "g": {"ban": {"patterns": ["a"], "note": "n"}}}
    tk.word_forms(articles, given_terms)
    tk.suggest_forms(articles, given_terms)
    pd.testing.assert_frame_equal(articles, copy)
    assert given_terms == terms
