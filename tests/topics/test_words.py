"""What stands on a topic's card: words by hand, lines across sources, collocates of the term, nothing unescaped."""

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from toolkit.tables import TOPIC_COLLOCATES, TOPIC_LINES, TOPIC_WORDS, FramingError
from toolkit.topics.words import frex


@pytest.fixture
def fitted(three_themes, fit_once):
    """Topics of weather, court and oil."""
    return fit_once("three", three_themes, n_topics=3, min_size=3)


# Words


def test_words_by_hand(make_contexts):
    """Counts, exclusivity and FREX of a topic of four texts are what can be counted off them."""
    texts = ["rain wind", "rain wind ice", "rain coast", "rain people coast"]
    texts += ["judge court people", "judge court", "judge ban people", "judge ban"]
    topics = tk.fit_topics(make_contexts(texts), n_topics=2, min_size=3, runs=0)
    table = tk.topic_words(topics, measure="n", n=10)
    rain = table[table["topic"] == table.loc[table["word"] == "rain", "topic"].iloc[0]].set_index("word")
    assert rain["n"].to_dict() == {"rain": 4, "coast": 2, "wind": 2}  # "ice" and "people" stand in one story only
    assert rain.loc["rain", ["n_total", "n_texts", "n_texts_total", "n_stories"]].tolist() == [4, 4, 4, 4]
    assert rain["exclusivity"].tolist() == [1.0, 1.0, 1.0]
    # exclusivity ranks are all 1; rates are 4, 2 and 2 of 10 words
    assert rain["frex"].to_dict() == pytest.approx({"rain": 1.0, "coast": 2 / (1 + 3 / 2), "wind": 2 / (1 + 3 / 2)})


def test_exclusivity_is_the_share_of_rates(make_contexts):
    """A word in 2 of 8 words here and 2 of 12 there has 3/5 of its rates here, whatever the size of the topics."""
    texts = ["rain wind", "rain wind", "rain people", "rain people"]
    texts += ["judge court ban", "judge court ban", "judge court people", "judge court people"]
    table = tk.topic_words(
        tk.fit_topics(make_contexts([f"{t} {i}" for i, t in enumerate(texts)]), n_topics=2, min_size=3, runs=0), n=9
    )
    people = table[table["word"] == "people"].set_index("n_texts_total")
    assert sorted(people["exclusivity"]) == pytest.approx([(2 / 12) / (2 / 12 + 2 / 8), (2 / 8) / (2 / 12 + 2 / 8)])


def test_frex_is_the_formula_of_stm_where_nothing_ties():
    """With ranks over the number of words, as R's stm::calcfrex has it, the numbers are the same at any weight."""
    draw = np.random.default_rng(0)
    rate, exclusivity = draw.random(50), draw.random(50)
    for weight in (0.0, 0.3, 0.5, 1.0):
        ranks = [np.argsort(np.argsort(x)) + 1 for x in (rate, exclusivity)]
        expected = 1 / (weight / (ranks[1] / 50) + (1 - weight) / (ranks[0] / 50))
        assert frex(rate, exclusivity, weight) == pytest.approx(expected)


def test_words_by_c_tfidf_are_those_of_the_fit(fitted):
    """The table by c-TF-IDF begins with the words of the fit itself, at the fit's weights."""
    table = tk.topic_words(fitted, measure="c_tfidf", n=5)
    own = fitted.words[fitted.words["rank"] <= 5]
    assert table["word"].tolist() == own["word"].tolist()
    assert table["c_tfidf"].tolist() == pytest.approx(own["weight"].tolist())
    assert set(table.columns) == {*TOPIC_WORDS.columns, "stable"}


# Lines


def test_lines_are_dealt_across_sources(make_contexts):
    """Of three lines one is from each source, though one source has the nearest of all; then come second ones."""
    texts = [f"rain wind coast storm {i}" for i in range(6)] + ["rain wind sun beach holiday", "rain cloud field farm"]
    contexts = make_contexts(texts, source=["Post"] * 6 + ["Wire", "Star"])
    topics = tk.fit_topics(contexts, n_topics=1, min_size=3, runs=0)
    lines = tk.topic_lines(topics, n=3)
    assert sorted(lines["source"]) == ["Post", "Star", "Wire"]
    assert lines["similarity"].is_monotonic_decreasing
    assert tk.topic_lines(topics, n=5)["source"].tolist()[3:] == ["Post", "Post"]
    assert set(lines.columns) - {"doc_id", "source"} <= {*TOPIC_LINES.columns}


def test_a_story_has_one_line_and_its_first_article_has_it(make_contexts):
    """Copies and near-copies are not shown twice; the line is the first article's."""
    texts = [f"rain wind coast storm day {i}" for i in range(5)] + ["rain wind coast storm, DAY 0!"]
    contexts = make_contexts(
        texts,
        story_id=["s", "s", "s", "t", "u", "v"],
        date=pd.to_datetime(["2017-01-02", "2017-01-01", "2017-01-03", *["2017-01-05"] * 3]),
    )
    lines = tk.topic_lines(tk.fit_topics(contexts, n_topics=1, min_size=3, runs=0), n=9)
    assert sorted(lines["context_id"]) == ["c1", "c3", "c4", "c5"]


def test_lines_do_not_depend_on_the_order_of_rows(three_themes, fitted):
    """Shuffled contexts give the same lines."""
    shuffled = tk.fit_topics(three_themes.sample(frac=1, random_state=1), n_topics=3, min_size=3)
    pd.testing.assert_frame_equal(tk.topic_lines(fitted, n=4), tk.topic_lines(shuffled, n=4))


# Collocates


@pytest.fixture
def around_reset():
    """Contexts around "reset": of policy and of devices, eight each."""
    texts = [f"A policy reset with Moscow and its diplomats, day {i}." for i in range(8)]
    texts += [f"Type a password reset on the device or phone, step {i}." for i in range(8)]
    articles = pd.DataFrame({"doc_id": [f"d{i}" for i in range(16)], "source": ["Post", "Wire"] * 8, "text": texts})
    return lambda **settings: tk.contexts(tk.tokenize(articles), "reset", **settings)


def test_collocates_stand_beside_the_term_and_in_one_topic(around_reset):
    """Within one word of the term, "policy" is of one topic and "password" of the other, each in 8 of 8 passages."""
    topics = tk.fit_topics(around_reset(), n_topics=2, min_size=3, runs=0)
    table = tk.topic_collocates(topics, window=1)
    found = table.set_index("collocate")[["n", "n_passages", "n_total", "n_passages_total", "exclusivity"]]
    assert found.T.to_dict("list") == {"policy": [8, 8, 8, 16, 1.0], "password": [8, 8, 8, 16, 1.0]}
    assert set(table.columns) == set(TOPIC_COLLOCATES.columns) and table["log_odds_z"].gt(0).all()
    assert "moscow" in tk.topic_collocates(topics, window=5)["collocate"].tolist()


def test_a_mask_stands_for_the_term(around_reset):
    """Where the term was masked its neighbours are those of the mask."""
    topics = tk.fit_topics(around_reset(mask="___"), n_topics=2, min_size=3, runs=0)
    table = tk.topic_collocates(topics, window=1)
    assert sorted(table["collocate"]) == ["password", "policy"]
    assert table.attrs["recipe"]["settings"]["terms"] == "___"


def test_collocates_of_what_is_not_known(fitted):
    """Contexts that do not say their term need it said, and a term that is in none of them is refused."""
    with pytest.raises(FramingError) as error:
        tk.topic_collocates(fitted)
    assert str(error.value) == (
        "It is not known which term these contexts are about. Say it: tk.topic_collocates(topics, terms='reset'), or, where it "
        "is masked, tk.topic_collocates(topics, mask='___')."
    )
    with pytest.raises(FramingError) as error:
        tk.topic_collocates(fitted, terms="zebra")
    assert str(error.value) == "The term is in none of these 48 passages. Name the term: terms='reset'."
    assert len(tk.topic_collocates(fitted, terms="the", least=1)) > 0


def test_the_term_outlives_a_lost_recipe(around_reset):
    """Tables put together lose their recipe; the column `terms` names the term, if what it names is in the passages."""
    whole = around_reset()
    parts = pd.concat([whole.iloc[:8], whole.iloc[8:].assign(context_id=lambda t: t["context_id"] + "b")])
    parts.attrs = {}
    topics = tk.fit_topics(parts, n_topics=2, min_size=3, runs=0)
    assert sorted(tk.topic_collocates(topics, window=1)["collocate"]) == ["password", "policy"]
    assert "beside the term" in repr(topics.show()) and topics.show().note == ""
    topics = tk.fit_topics(parts.assign(terms="fresh start"), n_topics=2, min_size=3, runs=0)
    with pytest.raises(FramingError, match=r"^It is not known which term these contexts are about"):
        tk.topic_collocates(topics)


def test_a_mask_without_a_recipe_can_be_said(around_reset):
    """The cards say in one line how; with the mask the collocates are those of the masked term."""
    parts = around_reset(mask="…")
    parts.attrs = {}
    topics = tk.fit_topics(parts, n_topics=2, min_size=3, runs=0)
    note = (
        "What stands beside the term is not shown. It is not known which term these contexts are about. Say it: "
        "tk.topic_collocates(topics, terms='reset'), or, where it is masked, tk.topic_collocates(topics, mask='___')."
    )
    assert (
        repr(topics.show()).splitlines()[-1] == note
        and "tk.topic_collocates(topics, mask=" in topics.show()._repr_html_()
    )
    assert sorted(tk.topic_collocates(topics, window=1, mask="…")["collocate"]) == ["password", "policy"]


# Cards


def test_a_cut_is_no_mask(make_contexts):
    """Where a long line is cut, brackets say so; a bare ellipsis is the text's."""
    texts = [f"rain {'wind ' * 40} … {'coast ' * 40} {i}" for i in range(6)]
    topics = tk.fit_topics(make_contexts(texts), n_topics=1, min_size=3, runs=0)
    line = repr(topics.show(1)).splitlines()[-1]
    assert line.strip().startswith("[…] ") and line.count("[…]") == 2 and "wind … coast" in " ".join(line.split())


def test_cards_say_what_is_known_and_escape_it(make_contexts):
    """A card has its counts, words and lines; what looks like markup is text in HTML."""
    texts = [f"rain wind <script>alert({i})</script> & coast" for i in range(6)]
    topics = tk.fit_topics(make_contexts(texts), n_topics=1, min_size=3, runs=0)
    html = topics.show(2)._repr_html_()
    assert "<script" not in html and "&lt;script&gt;" in html and "&amp; coast" in html
    assert "6 contexts, 100.0%" in html and "FREX" in html
    assert html.count("<li") == 2
    text = repr(topics.show(1))
    assert text.splitlines()[0].startswith("Topic 0: ") and text.endswith(("[Post]", "[Wire]"))


def test_cards_mark_topics_that_do_not_hold_still(fitted):
    """Where the certificate finds a topic in few runs, its card says so; chosen topics only are shown."""
    fitted = tk.Topics(
        fitted.topics.assign(stable=pd.array([False, True, True], dtype="boolean")),
        fitted.words, fitted.assignments, fitted.contexts, fitted.model, fitted.settings, fitted.fit,
    )  # fmt: skip
    assert "unstable" in repr(fitted.show(topic=0)) and "unstable" not in repr(fitted.show(topic=[1, 2]))
    with pytest.raises(FramingError) as error:
        fitted.show(topic=7)
    assert str(error.value) == "There is no topic 7. There are: 0, 1, 2."


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda t: tk.topic_words(t, measure="lift"),
            "There is no measure of words 'lift'. There are: c_tfidf, frex, exclusivity, n.",
        ),
        (lambda t: tk.topic_words(t, weight=2), "weight is a number from 0 to 1; this is 2."),
        (lambda t: tk.topic_lines(t, n=-1), "n is a whole number, 0 or more; this is -1."),
        (
            lambda t: tk.topic_lines(t, by="outlet"),
            "There is no column of the contexts 'outlet'. Did you mean 'source'? There are: context_id, doc_id, "
            "source, text.",
        ),
        (lambda t: tk.topic_lines(t.topics), "Topics are what tk.fit_topics returns; this is a DataFrame."),
    ],
)
def test_what_cannot_be_read(fitted, call, sentence):
    """Each wrong choice gets a sentence with what there is."""
    with pytest.raises(FramingError) as error:
        call(fitted)
    assert str(error.value) == sentence


def test_outliers_alone_have_nothing_to_read(make_contexts):
    """Where the clustering finds no topic the tables are empty and have their columns, and there is no card."""
    draw = np.random.default_rng(0)
    words = [f"w{chr(97 + i)}{chr(97 + j)}" for i in range(20) for j in range(20)]
    texts = ["rain " + " ".join(draw.choice(words, 8)) for _ in range(30)]
    topics = tk.fit_topics(
        make_contexts(texts), clustering="hdbscan", min_size=12, embedder="tfidf-svd", language="de", runs=0
    )
    assert topics.topics["topic"].tolist() == [-1]
    for table in (tk.topic_words(topics), tk.topic_lines(topics), tk.topic_collocates(topics, terms="rain")):
        assert len(table) == 0 and {"topic", "label", "rank"} <= set(table.columns)
    assert repr(topics.show()) == "" and tk.label_topics(topics).topics["label"].tolist() == ["outliers"]


def test_odd_texts_are_read(make_contexts):
    """Half a surrogate pair, a missing text, other scripts and marks of direction make no card fail."""
    texts = ["half \ud83d rain", "難民問題 rain", "\u202erain court", None] * 6
    contexts = make_contexts(["rain"] * 24)
    contexts["text"] = pd.Series(texts, dtype=object)
    topics = tk.fit_topics(contexts, n_topics=1, min_size=3, runs=0)
    assert len(tk.topic_lines(topics, n=9)) == 3
    assert "\u202e" not in repr(topics.show()) and "難民問題" in topics.show()._repr_html_()
