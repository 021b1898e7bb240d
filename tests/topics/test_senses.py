"""Senses of a word: groups that a reader can see, lines that are safe to show, and hits that go on being counted."""

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from toolkit.hits import contexts_of
from toolkit.tables import SENSES, FramingError, FramingWarning

POLICY = [
    "The diplomats of Moscow and Washington announced a reset of relations at the summit.",
    "Russia and the United States agreed on a reset, the foreign minister said at the treaty talks.",
    "A reset with the Kremlin would need a treaty, diplomats in Moscow said.",
    "The ambassador called the reset of relations with Russia a success of diplomacy.",
    "Sanctions ended the reset between Washington and the Kremlin, the minister said.",
]
DEVICE = [
    "Hold the reset button of the router for ten seconds and type the new password.",
    "The password reset e-mail has a link to log in to your account again.",
    "After a factory reset the phone asks for the account and its password.",
]


@pytest.fixture
def articles():
    texts = POLICY + DEVICE
    return pd.DataFrame({"doc_id": [f"d{i}" for i in range(8)], "source": ["Post", "Wire"] * 4, "text": texts})


@pytest.fixture
def contexts(articles):
    return tk.contexts(tk.tokenize(articles), "reset", merge=False)


def message(call):
    with pytest.raises(FramingError) as caught:
        call()
    return str(caught.value)


def test_two_senses_are_found(contexts):
    """Policy and device come apart, the more frequent first, with words that a reader would name them by."""
    found = tk.senses(contexts, n_senses=2)
    assert list(found.senses.columns) == list(SENSES.columns)
    assert found.assignments["sense"].tolist() == [0] * 5 + [1] * 3
    assert found.senses["n"].tolist() == [5, 3]
    assert found.senses["share"].sum() == pytest.approx(1.0)
    assert "password" in found.senses["words"][1].split(", ")
    assert "reset" not in ", ".join(found.senses["words"])
    assert (found.assignments["margin"] > 0).all()


def test_the_order_of_rows_changes_nothing(contexts):
    """Shuffled contexts have the same senses, and contexts are left as they were."""
    before = contexts.copy()
    one = tk.senses(contexts).assignments.set_index("context_id")
    shuffled = contexts.sample(frac=1, random_state=3)
    other = tk.senses(shuffled, terms="reset").assignments.set_index("context_id")
    pd.testing.assert_frame_equal(one, other.loc[one.index])
    pd.testing.assert_frame_equal(contexts, before)


def test_the_number_of_senses_is_that_with_the_highest_silhouette(contexts):
    """Unasked, silhouettes of 2 to 7 (one less than the texts) are told, and the highest is taken; the recipe says so."""
    found = tk.senses(contexts)
    assert sorted(found.silhouettes) == [2, 3, 4, 5, 6, 7]
    assert len(found.senses) == max(found.silhouettes, key=found.silhouettes.get)
    stated = found.senses.attrs["recipe"]["settings"]
    assert (stated["n_senses"], stated["n_senses_chosen"]) == (None, len(found.senses))
    assert stated["chosen_by"] == "mean silhouette over 2 to 8"
    assert stated["silhouettes"]["2"] == round(found.silhouettes[2], 4)


def test_the_word_itself_decides_nothing(articles):
    """Contexts that were cut with a mask, and those whose word is taken out, have the same senses, whatever the form."""
    texts = [text.replace("reset", "resets" if i % 2 else "reset") for i, text in enumerate(articles["text"])]
    tokens = tk.tokenize(articles.assign(text=texts))
    plain = tk.contexts(tokens, "reset*", merge=False)
    masked = tk.contexts(tokens, "reset*", merge=False, mask="___")
    one, other = tk.senses(plain, n_senses=2), tk.senses(masked, n_senses=2)
    pd.testing.assert_frame_equal(one.assignments, other.assignments)
    assert (one.settings["masked"], other.settings["masked"]) == ({"reset*": ["reset*"]}, "___")
    lost = plain.copy()
    lost.attrs = {}
    with pytest.warns(FramingWarning, match="It is not known which word these contexts are about"):
        tk.senses(lost, n_senses=2)


def test_an_article_has_one_sense_where_its_contexts_are_alike(articles):
    """A context that says nothing goes with the others of its article, unless each stands for itself."""
    blank = "Then came the reset itself, once more as before."
    texts = [*articles["text"], f"{DEVICE[0]}\n{'So it went on. ' * 12}\n{blank}"]
    more = pd.DataFrame({"doc_id": [f"d{i}" for i in range(9)], "source": "Post", "text": texts})
    contexts = tk.contexts(tk.tokenize(more), "reset", window=8, merge=False)
    found = tk.senses(contexts, n_senses=2).assignments["sense"]
    assert found.iloc[-1] == found.iloc[-2] == found.iloc[5]
    alone = tk.senses(contexts, n_senses=2, by_article=False)
    assert alone.settings["by_article"] is False
    assert not alone.assignments["margin"].equals(tk.senses(contexts, n_senses=2).assignments["margin"])


def test_kept_and_dropped_contexts_are_all(contexts):
    """What is kept and what is dropped make up the contexts, and an unknown sense is named."""
    found = tk.senses(contexts, n_senses=2)
    assert found.keep(1)["doc_id"].tolist() == ["d5", "d6", "d7"]
    pd.testing.assert_frame_equal(found.drop([1]), found.keep([0]))
    assert message(lambda: found.keep([0, 5])) == "There is no sense 5. There are: 0, 1."


def test_counting_goes_on_with_kept_hits(articles, contexts):
    """Usage of the kept hits counts five of eight, in the words of all articles."""
    tokens = tk.tokenize(articles)
    hits = tk.find(tokens, "reset")
    found = tk.senses(contexts, n_senses=2)
    kept = found.keep([0], hits=hits)
    usage = tk.usage(tk.count_hits(tokens, kept), ["reset"], by=[])
    whole = tk.usage(tokens, "reset", by=[])
    assert (usage["n_hits"][0], whole["n_hits"][0]) == (5, 8)
    assert usage["n_words"][0] == whole["n_words"][0]
    assert len(kept) + len(found.drop([0], hits=hits)) == len(hits)


def test_each_hit_belongs_to_its_own_context():
    """Two hits whose windows overlap, one of each sense, are told apart, though each lies in both windows."""
    text = f"{POLICY[0]} {DEVICE[0]}"
    articles = pd.DataFrame({"doc_id": ["d"], "text": [text]})
    tokens = tk.tokenize(articles)
    contexts = tk.contexts(tokens, "reset", window=9, merge=False)
    hits = tk.find(tokens, "reset")
    assert (contexts["start"].iloc[1] <= hits["start"][0]) & (hits["end"][1] <= contexts["end"].iloc[0])
    found = tk.senses(contexts, n_senses=2, by_article=False)
    for place in (0, 1):
        sense = found.assignments["sense"][place]
        assert found.keep(sense, hits=hits)["start"].tolist() == [hits["start"][place]]
    one = tk.senses(tk.contexts(tokens, "reset", window=25), n_senses=1)
    assert len(one.keep(0, hits=hits)) == 2
    with pytest.warns(FramingWarning, match="2 of 2 hits lie in none of these contexts and are omitted."):
        assert one.keep(0, hits=hits.assign(doc_id="z")).empty


def test_lines_are_shown_escaped_and_apart(articles):
    """Three lines of each sense, copies once, no mark-up from a text and no control character."""
    texts = [
        *articles["text"],
        "<script>alert(1)</script> The reset of relations \x1b[31m with Moscow and the Kremlin.",
        POLICY[0].upper(),
    ]
    more = pd.DataFrame({"doc_id": [f"d{i}" for i in range(10)], "text": texts})
    found = tk.senses(tk.contexts(tk.tokenize(more), "reset", merge=False), n_senses=2)
    html = found.show(n=9)._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html or "alert" in html
    assert html.count("<li") == 9
    assert "\x1b" not in repr(found)
    assert repr(found).count("\n    ") == 6
    assert found._repr_html_().count("<li") == 6
    assert repr(found.show(n=0)).count("\n") == 1


def make(texts, **columns):
    ids = [f"c{i}" for i in range(len(texts))]
    return pd.DataFrame({"context_id": ids, "text": pd.Series(texts, dtype="str"), **columns})


@pytest.mark.parametrize("texts", [["The reset came."] * 5, ["A reset."], ["The reset came.", "A reset went."]])
def test_texts_that_do_not_differ_enough_are_one_sense(texts):
    """All the same, one, or two texts: a single sense, whose margin is not known."""
    found = tk.senses(make([*texts, None]), terms="reset")
    assert found.senses["sense"].tolist()[:1] == [0]
    assert found.senses["n"].tolist() == [len(texts), 1]  # the missing text is sense -1
    assert found.assignments["margin"].isna().all()
    assert found.silhouettes == {}


def test_contexts_without_a_word_are_apart():
    """Missing, empty and bare contexts are sense -1, stay in the denominator, and can be dropped."""
    found = tk.senses(make([*POLICY, "", "reset", None]), terms="reset", n_senses=1)
    assert found.senses["sense"].tolist() == [0, -1]
    assert found.senses["share"].tolist() == [5 / 8, 3 / 8]
    assert len(found.drop(-1)) == 5
    assert np.isnan(found.senses["cohesion"][1])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: tk.senses(make(POLICY), terms="reset", n_senses=9),
            "9 senses were asked for, and there are 5 distinct contexts. Ask for fewer, or give more contexts.",
        ),
        (
            lambda: tk.senses(make(["", "reset"]), terms="reset"),
            "None of these 2 contexts has a word beside the term, so nothing tells senses apart.",
        ),
        (
            lambda: tk.senses(make([]), terms="reset"),
            "There is no context to group. Cut some around the hits of a term: tk.contexts(tokens, terms).",
        ),
        (lambda: tk.senses(make(POLICY), n_senses=0), "n_senses is a number of senses, 1 or more; this is 0."),
        (
            lambda: tk.senses(make(POLICY).assign(context_id="c")),
            "context_id must name one context each; some occur more than once.",
        ),
        (
            lambda: tk.senses(make(POLICY), language="de"),
            "The embedder 'wordllama' knows English only, and the language is 'de'. Choose embedder='e5', which "
            "knows a hundred languages (pip install 'framing-toolkit[e5]'), or embedder='tfidf-svd', which learns from the texts.",
        ),
    ],
)
def test_what_cannot_be_grouped_is_said(call, said):
    """Each question that makes no sense is answered by one sentence."""
    assert message(call) == said


def test_odd_unicode_is_grouped():
    """Emoji, right-to-left text and half a surrogate pair raise nothing."""
    texts = ["\U0001f600 reset \U0001f600 now", "إعادة ضبط reset العلاقات", "one reset two", "three reset four five"]
    frame = pd.DataFrame({"context_id": list("abcde"), "text": pd.Series([*texts, "half \ud83d reset"], dtype=object)})
    found = tk.senses(frame, terms="reset", embedder="tfidf-svd", language="xx")
    assert len(found.assignments) == 5
    assert repr(found)


@pytest.mark.parametrize("merge", [True, False])
def test_hits_belong_to_whole_articles(merge):
    """Where a context is a whole article of several fields, all its hits belong to it; one context a hit takes them in order."""
    articles = pd.DataFrame(
        {
            "doc_id": ["a", "b", "c"],
            "source": "Post",
            "date": pd.Timestamp("2017-01-01"),
            "title": ["A reset", "No", "Reset"],
            "text": ["The reset of ties. A reset!", "Nothing here.", "We reset the password."],
        }
    )
    tokens = tk.tokenize(articles)
    contexts = tk.contexts(tokens, "reset", window="article", merge=merge)
    hits = tk.find(tokens, ["reset"], voices=False)
    home = contexts_of(hits, contexts)
    assert contexts["doc_id"].to_numpy()[home].tolist() == hits["doc_id"].tolist() == ["a", "a", "a", "c", "c"]
    assert home.tolist() == ([0, 0, 0, 1, 1] if merge else [0, 1, 2, 3, 4])
    field = tk.contexts(tokens, "reset", window=2, merge=merge)
    both = pd.concat([contexts[contexts["doc_id"] == "a"], field[field["doc_id"] == "c"]], ignore_index=True)
    assert both["doc_id"].to_numpy()[contexts_of(hits, both)].tolist() == hits["doc_id"].tolist()


def test_the_language_is_the_one_that_the_contexts_were_given(contexts):
    """Unasked, the language is that of the contexts' recipe, else English; one that the embedder does not know is refused."""
    assert tk.senses(contexts, n_senses=2).settings["language"] == "en"
    told = contexts.copy()
    told.attrs = {"recipe": {"settings": {"language": "de", "terms": {"reset": ["reset"]}}}}
    assert message(lambda: tk.senses(told)).startswith(
        "The embedder 'wordllama' knows English only, and the language is 'de'."
    )
    assert tk.senses(told, embedder="tfidf-svd", n_senses=2).settings["language"] == "de"
