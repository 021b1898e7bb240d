"""The history of a corpus says what was done to its articles, and what was done without saying."""

from __future__ import annotations

import json
import pickle

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
from toolkit.corpora.fingerprints import fingerprint
from toolkit.corpora.history import BY_HAND, UNKNOWN, describe_corpus, history, with_step


@pytest.fixture
def articles() -> pd.DataFrame:
    """The dated articles of the shipped corpus, taken as if they were all that was loaded."""
    return tk.load("daily-brief").dropna(subset="date").pipe(with_step, "load", corpus="daily-brief")


def names(steps: list[dict]) -> list[str]:
    return [step["step"] for step in steps]


def test_each_step_is_stated_with_its_settings(articles):
    """Loading, cleaning and stories stand in their order, each with what the articles were after it."""
    steps = describe_corpus(tk.mark_stories(tk.clean(articles, repeated=False), threshold=0.6))["steps"]
    assert names(steps) == ["load", "clean", "mark_stories"]
    load, clean, stories = steps
    assert load["settings"]["corpus"] == "daily-brief"
    assert load["fingerprint"] == fingerprint(articles)
    assert clean["settings"]["repeated"] is False and "dateline_agency" in clean["settings"]["rules"]
    assert clean["settings"]["own_rules"] == {}
    assert stories["settings"] == {"window": "3 days 00:00:00", "threshold": 0.6}
    assert stories["n_articles"] == len(articles)


def test_what_the_reader_selects_is_seen(articles):
    """Filtered articles are told by how many of how many, and by the hash of their identifiers, in any order."""
    part = articles[articles["source"] == articles["source"].iloc[0]]
    last = describe_corpus(part)["steps"][-1]
    assert (last["step"], last["n_articles"], last["of"], last["edited"]) == (BY_HAND, len(part), len(articles), False)
    assert last["fingerprint"] == fingerprint(part)
    assert last["doc_id"] == describe_corpus(part[::-1])["steps"][-1]["doc_id"]
    other = articles[articles["source"] != articles["source"].iloc[0]]
    assert last["doc_id"] != describe_corpus(other)["steps"][-1]["doc_id"]


def test_an_edit_after_cleaning_is_seen(articles):
    """The same articles with another text, and with other stories, are said to be edited; what comes after keeps it."""
    cleaned = tk.clean(articles)
    edited = cleaned.assign(text="A reset.")
    assert history(edited)[-1]["edited"] is True
    marked = tk.mark_stories(edited)
    assert names(history(marked)) == ["load", "clean", BY_HAND, "mark_stories"]
    moved = marked.assign(story_id=marked["doc_id"].iloc[0])
    assert (history(moved)[-1]["step"], history(moved)[-1]["edited"]) == (BY_HAND, True)


def test_articles_that_nobody_changed_are_not_said_to_be(articles):
    """Order, columns that are no content, pickle and Parquet leave the history as it was."""
    marked = tk.mark_stories(articles)
    steps = history(marked)
    assert names(steps) == ["load", "mark_stories"]
    variants = {
        "copy": marked.copy(),
        "order": marked[::-1],
        "column": marked.assign(leaning="left"),
        "pickle": pickle.loads(pickle.dumps(marked)),
        "without stories": marked.drop(columns=["story_id", "story_role", "similarity"]),
        "all": marked.query("n_words != -1") if "n_words" in marked else marked.query("doc_id != ''"),
    }
    assert {name: history(variant) == steps for name, variant in variants.items()} == dict.fromkeys(variants, True)


def test_articles_go_through_parquet_with_their_history(articles, tmp_path):
    """What rides in attrs is plain JSON, so that a Parquet file carries it."""
    marked = tk.mark_stories(articles)
    marked.to_parquet(tmp_path / "articles.parquet")
    again = pd.read_parquet(tmp_path / "articles.parquet")
    assert history(again) == history(marked) == json.loads(json.dumps(history(marked)))


def test_of_articles_of_ones_own_the_steps_are_unknown():
    """A frame that no function of the toolkit read is described by what it is, and nobody knows what was done to it."""
    own = pd.DataFrame({"doc_id": ["a"], "text": ["A reset."]})
    described = describe_corpus(own)
    assert {key: described[key] for key in ("name", "fingerprint", "n_articles")} == {
        "name": "unnamed",
        "fingerprint": fingerprint(own),
        "n_articles": 1,
    }
    assert names(described["steps"]) == [UNKNOWN]
    assert names(history(tk.clean(own))) == [UNKNOWN, "clean"]


def test_tables_that_were_put_together_do_not_look_untouched(articles):
    """Where pandas drops attrs the steps are unknown, in words; where it keeps them, what was done by hand is seen."""
    cleaned = tk.clean(articles)
    other = articles.assign(doc_id="x" + articles["doc_id"])
    leanings = pd.DataFrame({"source": articles["source"].unique(), "leaning": "center"})
    for lost in (cleaned.merge(leanings, on="source"), pd.concat([cleaned, other.head(0).assign(leaning="x"), other])):
        assert "steps" not in lost.attrs
        recipe = tk.usage(tk.tokenize(lost), ["reset"]).attrs["recipe"]
        assert names(recipe["corpus"]["steps"]) == [UNKNOWN]

    kept = pd.concat([cleaned.head(5), cleaned.tail(5)])
    assert names(history(kept)) == ["load", "clean", BY_HAND]


@given(st.lists(st.text(min_size=1, max_size=5), min_size=2, max_size=6, unique=True), st.data())
def test_any_selection_has_its_own_name(identifiers, data):
    """Two different selections, of identifiers in any script, differ in their hash."""
    frame = with_step(pd.DataFrame({"doc_id": identifiers, "text": "A reset."}), "load")
    kept = data.draw(st.sets(st.integers(0, len(identifiers) - 1), max_size=len(identifiers) - 1))
    part = frame.iloc[sorted(kept)]
    rest = frame.drop(index=sorted(kept))
    assert history(part)[-1]["of"] == len(frame)
    assert (history(part)[-1]["doc_id"] == history(rest)[-1].get("doc_id")) is (
        set(part["doc_id"]) == set(rest["doc_id"])
    )


def test_an_index_hands_the_history_on(articles, tmp_path):
    """The recipe of what is asked of an index has the steps, the fields and who made the index; so has a saved one."""
    part = articles[articles["source"] == articles["source"].iloc[0]]
    tokens = tk.tokenize(part)
    corpus = tokens.corpus
    assert names(corpus["steps"]) == ["load", BY_HAND]
    assert corpus["fields"] == list(tokens.fields)
    assert sorted(corpus["index"]) == ["format", "framing-toolkit"]
    assert tk.Tokens.open(tokens.save(tmp_path / "brief.tokens")).corpus == corpus
    assert tk.find(tokens, "reset").attrs["recipe"]["corpus"] == corpus


def test_no_step_holds_a_key(articles):
    """Settings that are named as keys are left out of the history."""
    stepped = with_step(articles, "collect", api_key="s3cr3t", address="https://example.org/?api-key=s3cr3t")
    assert "s3cr3t" not in json.dumps(stepped.attrs["steps"])
