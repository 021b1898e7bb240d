"""Topics of contexts whose themes are visible: the tables, that they hold still, and what is refused."""

import json
import sys
import warnings

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from toolkit.models.vocabulary import TopicWords, english_stop_words
from toolkit.tables import ASSIGNMENTS, TOPICS, FramingError, FramingWarning
from toolkit.topics.assembly import contexts_fingerprint, load_bridge

from ..conftest import THEMES, sentences, topic_npmi


def test_each_theme_is_a_topic(three_themes, fit_once):
    """20, 16 and 12 contexts of three themes are three topics of these sizes, named by their words, the largest first."""
    fitted = fit_once("three", three_themes)
    assert list(fitted.topics.columns) == [*TOPICS.columns, *TOPICS.optional]
    assert list(fitted.assignments.columns) == [*ASSIGNMENTS.columns, *ASSIGNMENTS.optional]
    assert fitted.topics["topic"].tolist() == [0, 1, 2]
    assert fitted.topics["n"].tolist() == [20, 16, 12]
    assert fitted.topics["share"].tolist() == [20 / 48, 16 / 48, 12 / 48]
    assert fitted.assignments["topic"].tolist() == [0] * 20 + [1] * 16 + [2] * 12
    assert (fitted.assignments["probability"] == 1).all()
    for topic, theme in enumerate(THEMES.values()):
        assert set(fitted.topics["words"][topic].split(", ")) == set(theme.split())
        assert fitted.topics["label"][topic] == ", ".join(fitted.topics["words"][topic].split(", ")[:3])


def test_words_are_ranked_by_weight_and_alphabet(three_themes, fit_once):
    """Each topic has ten words, ranks from 1, weights that fall; equal weights go by alphabet."""
    words = fit_once("three", three_themes).words
    assert list(words.columns) == ["topic", "rank", "word", "weight", "stable"]
    for _, topic in words.groupby("topic"):
        assert topic["rank"].tolist() == list(range(1, 11))
        keys = list(zip(-topic["weight"].round(12), topic["word"]))
        assert keys == sorted(keys) and (topic["weight"] > 0).all()


def test_weights_are_class_based_tfidf(three_themes, fit_once):
    """A word's weight is its share of the topic's words times ln(1 + mean words of a topic / words in all)."""
    fitted = fit_once("three", three_themes)
    cut = TopicWords(english_stop_words())
    of_topic = [
        [word for text in three_themes["text"][fitted.assignments["topic"] == topic] for word in cut(text)]
        for topic in range(3)
    ]
    mean = int(sum(map(len, of_topic)) / 3)
    for row in fitted.words.itertuples():
        n = of_topic[row.topic].count(row.word)
        everywhere = sum(words.count(row.word) for words in of_topic)
        assert row.weight == pytest.approx(n / len(of_topic[row.topic]) * np.log(1 + mean / everywhere))


def test_npmi_is_taken_over_the_contexts(three_themes, fit_once):
    """A topic's coherence is the mean NPMI of its words over all contexts."""
    fitted = fit_once("three", three_themes)
    cut = TopicWords(english_stop_words())
    documents = [cut(text) for text in three_themes["text"]]
    expected = topic_npmi([words.split(", ") for words in fitted.topics["words"]], documents)
    assert fitted.topics["npmi"].tolist() == pytest.approx(expected.tolist())
    assert fitted.topics["npmi"].min() > 0.5


def tables(fitted):
    """Return everything that must hold still, by context."""
    assignments = fitted.assignments.sort_values("context_id", ignore_index=True)
    return fitted.topics.to_csv(), fitted.words.to_csv(), assignments.to_csv()


@pytest.mark.parametrize("embedder", ["wordllama", "tfidf-svd"])
def test_the_order_of_rows_changes_nothing(three_themes, fit_once, embedder):
    """Shuffled, with another index, and fitted again, the same contexts give the same tables to the last digit."""
    shuffled = three_themes.sample(frac=1, random_state=3)
    assert shuffled["context_id"].tolist() != three_themes["context_id"].tolist()
    fitted = tk.fit_topics(shuffled, embedder=embedder)
    assert fitted.assignments["context_id"].tolist() == shuffled["context_id"].tolist()
    assert tables(fitted) == tables(fit_once("three", three_themes, embedder=embedder))


def test_topics_of_one_size_are_numbered_by_their_texts(make_contexts):
    """Of two topics of one size the one with the first text in the alphabet is topic 0, in any order of rows."""
    texts = ["Zebra and lion in the zoo " + w for w in "abcdefghijkl"] + [
        "Bread and milk in the shop " + w for w in "abcdefghijkl"
    ]
    for order in (slice(None), slice(None, None, -1)):
        fitted = tk.fit_topics(make_contexts(texts[order]), n_topics=2)
        assert fitted.topics["words"].tolist() == ["bread, milk, shop", "lion, zebra, zoo"]


_CODE = """
import hashlib, json, random, warnings
import pandas as pd
import toolkit as tk

draw = random.Random(0)
themes = [[start + end for end in "and ore ill ack est urn ine ale".split()] for start in "bdfglmprtw"]
texts = [" ".join(draw.sample(draw.choice(themes), 5) + draw.sample(draw.choice(themes), 2)) for _ in range(700)]
contexts = pd.DataFrame({"context_id": [str(i) for i in range(700)], "text": texts})
fitted = tk.fit_topics(contexts)
whole = fitted.topics.to_csv() + fitted.words.to_csv() + fitted.assignments.to_csv()
print(json.dumps({
    "topics": len(fitted.topics),
    "tables": hashlib.sha256(whole.encode()).hexdigest(),
    "silenced": [str(f) for f in warnings.filters if f[0] == "ignore" and f[2] in (UserWarning, FutureWarning)],
}))
"""


def test_threads_and_processors_change_nothing(run_python, capsys):
    """700 contexts fitted with one thread and an old processor's arithmetic give the tables that all threads give here."""
    exec(_CODE, {})
    here = json.loads(capsys.readouterr().out)
    there = json.loads(run_python(_CODE, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", OPENBLAS_CORETYPE="Nehalem"))
    assert here["topics"] > 5
    assert (there["topics"], there["tables"]) == (here["topics"], here["tables"])
    assert there["silenced"] == []  # BERTopic would silence everybody's warnings


def test_importing_loads_no_heavy_library(run_python):
    """import toolkit and toolkit.topics load neither BERTopic nor what it stands on."""
    code = (
        "import sys, toolkit, toolkit.topics; toolkit.fit_topics; "
        "print(sorted({'bertopic', 'umap', 'hdbscan', 'numba', 'sklearn', 'plotly', 'tokenizers'} & set(sys.modules)))"
    )
    assert run_python(code) == "[]"


def test_the_wait_is_announced_once(monkeypatch, capsys):
    """The first fit of a process says on stderr that BERTopic is loaded, later ones do not."""
    load_bridge()
    capsys.readouterr()
    load_bridge()
    assert capsys.readouterr() == ("", "")
    monkeypatch.delitem(sys.modules, "bertopic")
    load_bridge()
    line = "Loading BERTopic (the first time in an environment takes up to a minute) ...\n"
    assert capsys.readouterr() == ("", line)


def test_the_contexts_are_not_changed(three_themes):
    """Fitting leaves the contexts as they were, and what happens to them later does not reach the topics."""
    three_themes.attrs["recipe"] = {"function": "toolkit.contexts", "settings": {"window": 25}, "corpus": {"name": "x"}}
    before = three_themes.copy()
    fitted = tk.fit_topics(three_themes)
    pd.testing.assert_frame_equal(three_themes, before)
    three_themes["text"] = "gone"
    pd.testing.assert_frame_equal(fitted.contexts, before)


def test_the_recipe_says_how(three_themes, fit_once):
    """Each table carries the function, the settings as plain JSON, the corpus, the versions and where the contexts came from."""
    contexts = three_themes.copy()
    contexts.attrs["recipe"] = {
        "function": "toolkit.contexts",
        "settings": {"window": 25},
        "corpus": {"name": "x", "fingerprint": "48-1", "n_articles": 48},
    }
    fitted = tk.fit_topics(contexts, stop_words=["the"], n_topics=3)
    recipe = fitted.topics.attrs["recipe"]
    assert (
        recipe == fitted.words.attrs["recipe"] == fitted.assignments.attrs["recipe"] == json.loads(json.dumps(recipe))
    )
    assert recipe["function"] == "toolkit.fit_topics"
    assert recipe["corpus"] == {"name": "x", "fingerprint": "48-1", "n_articles": 48}
    assert recipe["settings"]["contexts"] == {
        "fingerprint": contexts_fingerprint(contexts),
        "function": "toolkit.contexts",
        "settings": {"window": 25},
    }
    assert {**recipe["settings"], **fitted.settings} == recipe["settings"]
    assert fitted.settings["stop_words"] == ["the"] and fitted.settings["n_topics"] == 3
    assert {"bertopic", "scikit-learn", "wordllama", "framing-toolkit"} <= recipe["versions"].keys()
    assert fit_once("three", three_themes).topics.attrs["recipe"]["corpus"]["name"] == "unnamed"


def test_outliers_stay_in_the_denominator(three_themes):
    """HDBSCAN leaves lone contexts out: they are topic -1, the last row, and shares are of all contexts."""
    strange = ["Violin sonata premiere.", "Knitting pattern for socks.", "", "   "]
    n = len(three_themes)
    more = three_themes.reindex(range(n + 4)).assign(context_id=[f"c{i}" for i in range(n + 4)])
    more["text"] = [*three_themes["text"], *strange]
    fitted = tk.fit_topics(more, reduction="none", clustering="hdbscan", min_size=8)
    assert fitted.topics["topic"].tolist()[-1] == -1
    assert fitted.topics["label"].tolist()[-1] == "outliers"
    assert np.isnan(fitted.topics["npmi"].tolist()[-1])
    assert set(fitted.assignments["topic"][n:]) == {-1}
    assert fitted.topics["n"].sum() == n + 4
    assert fitted.topics["share"].tolist() == (fitted.topics["n"] / (n + 4)).tolist()
    assert fitted.assignments["probability"][:n].max() <= 1
    assert fitted.settings["n_empty"] == 2


def test_small_groups_are_outliers(make_contexts):
    """A group with fewer contexts than min_size is no topic."""
    texts = sentences("weather", 20) + sentences("court", 20) + sentences("oil", 4)
    fitted = tk.fit_topics(make_contexts(texts), reduction="none", n_topics=3, min_size=5)
    assert fitted.topics[["topic", "n"]].values.tolist() == [[0, 20], [1, 20], [-1, 4]]


def test_asked_for_fewer_hdbscans_topics_are_merged(three_themes):
    """With n_topics, HDBSCAN's most similar groups become one, and no context is lost."""
    fitted = tk.fit_topics(three_themes, reduction="none", clustering="hdbscan", min_size=8, n_topics=2)
    assert (fitted.topics["topic"] >= 0).sum() == 2
    assert fitted.topics["n"].sum() == 48


def test_copies_are_one_text_and_all_count(make_contexts):
    """Thirty copies of one text weigh as one when topics are made, and count as thirty."""
    texts = sentences("weather", 20) + sentences("court", 16)
    plain = tk.fit_topics(make_contexts(texts), n_topics=2)
    copied = tk.fit_topics(make_contexts(texts + [texts[0]] * 30), n_topics=2)
    assert copied.assignments["topic"][:36].tolist() == plain.assignments["topic"].tolist()
    assert copied.topics["n"].tolist() == [50, 16]
    assert copied.settings["n_distinct"] == 36


def test_one_text_is_one_topic(make_contexts):
    """All texts the same: one topic, whatever the way, and no coherence, since nothing varies."""
    for settings in ({}, {"clustering": "hdbscan"}, {"reduction": "pca"}, {"embedder": "tfidf-svd"}):
        fitted = tk.fit_topics(make_contexts(["The rain fell."] * 12), **settings)
        assert fitted.topics[["topic", "words", "n"]].values.tolist() == [[0, "fell, rain", 12]]
        assert fitted.topics["npmi"].isna().tolist() == [True]


def test_one_word_is_enough(make_contexts):
    """A vocabulary of a single word, on which BERTopic itself fails, still names a topic."""
    fitted = tk.fit_topics(make_contexts(["rain"] * 10))
    assert fitted.words[["topic", "rank", "word"]].values.tolist() == [[0, 1, "rain"]]


def test_nothing_dense_is_all_outliers(make_contexts):
    """Where HDBSCAN finds no group, the table says so in its one row."""
    fitted = tk.fit_topics(make_contexts(sentences("weather", 12)), clustering="hdbscan", min_size=12)
    assert fitted.topics[["topic", "n", "share"]].values.tolist() == [[-1, 12, 1.0]]


def test_an_empty_context_adds_no_word(make_contexts):
    """BERTopic would count "emptydoc" for an empty text; here it is in no vocabulary."""
    fitted = tk.fit_topics(make_contexts([*sentences("weather", 12), ""]))
    assert fitted.topics["topic"].tolist() == [0, -1]
    assert fitted.words.query("topic == -1").empty
    assert "emptydoc" not in fitted.model.vectorizer_model.get_feature_names_out()


def test_other_letters_are_kept(make_contexts):
    """BERTopic strips letters outside A-Z from English texts and glues words at hyphens; here they stay."""
    texts = [f"Erdoğan met café owners of the anti-immigration party {w}" for w in "abcdefghijkl"]
    fitted = tk.fit_topics(make_contexts(texts))
    assert {"erdoğan", "café", "anti", "immigration"} <= set(fitted.words["word"])


def test_the_model_is_bertopics_and_agrees_with_the_tables(three_themes, fit_once):
    """The fitted BERTopic has the same topics, words and sizes, and gives fitted and new texts their topics."""
    from bertopic import BERTopic

    fitted = fit_once("three", three_themes)
    model = fitted.model
    assert isinstance(model, BERTopic)
    assert model.topics_ == fitted.assignments["topic"].tolist()
    assert model.get_topic_info()["Count"].tolist() == fitted.topics["n"].tolist()
    for topic, table in fitted.words.groupby("topic"):
        assert [word for word, _ in model.get_topic(topic)] == table["word"].tolist()
    again, _ = model.transform(three_themes["text"].tolist())
    assert list(again) == fitted.assignments["topic"].tolist()
    new, _ = model.transform(["Snow and storm are in the forecast.", "The judge made a ruling on the appeal.", ""])
    assert list(new)[:2] == [0, 1]


def test_the_model_can_be_saved_and_reduced(three_themes, tmp_path):
    """What BERTopic offers afterwards works: saving and loading, and merging topics down to two."""
    from bertopic import BERTopic

    model = tk.fit_topics(three_themes).model
    model.save(tmp_path / "model.pkl", serialization="pickle")
    loaded = BERTopic.load(tmp_path / "model.pkl")
    assert loaded.topics_ == model.topics_
    model.save(tmp_path / "folder", serialization="safetensors", save_ctfidf=True)
    assert BERTopic.load(tmp_path / "folder").get_topic_info()["Count"].tolist() == [20, 16, 12]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.reduce_topics(three_themes["text"].tolist(), nr_topics=2)
    assert sorted(set(model.topics_)) == [0, 1]


def test_topics_show_themselves(three_themes, fit_once):
    """In the shell and in a notebook topics are a short table; signs in words are no markup."""
    fitted = fit_once("three", three_themes)
    lines = repr(fitted).splitlines()
    assert lines[0] == "3 topics of 48 contexts, 0% outliers (wordllama, spectral, kmeans, seed 0)"
    assert len(lines) == 4 and lines[1].split()[:3] == ["0", "20", "42%"]
    assert fitted._repr_html_().count("<tr>") == 4
    fitted.topics.loc[0, "words"] = "<b>rain & snow"
    try:
        assert "&lt;b&gt;rain &amp; snow" in fitted._repr_html_() and "<b>" not in fitted._repr_html_()
    finally:
        fitted.topics.loc[0, "words"] = ", ".join(fitted.words.query("topic == 0")["word"])


def test_umap_is_one_argument_away(three_themes):
    """reduction="umap" runs BERTopic's classical way, the same on every run."""
    one, other = (tk.fit_topics(three_themes, reduction="umap", clustering="hdbscan", min_size=8) for _ in range(2))
    assert one.settings["reduction"] == "umap"
    assert tables(one) == tables(other)
    assert set(one.topics["words"][0].split(", ")) <= set(" ".join(THEMES.values()).split()) | {"country", "people"}


def test_the_fingerprint_of_contexts():
    """It changes with a text or an id, not with the order of rows or another column."""
    frame = pd.DataFrame({"context_id": ["a", "b"], "text": ["A reset.", None]})
    name = contexts_fingerprint(frame)
    assert name == contexts_fingerprint(frame[::-1].assign(source="x"))
    assert name != contexts_fingerprint(frame.assign(text=["A reset", None]))
    assert name != contexts_fingerprint(frame.assign(context_id=["a", "c"]))


class Bad:
    """An embedder that gives what it is told to."""

    name, fingerprint = "bad", "bad-1"

    def __init__(self, rows):
        self.rows = rows

    def embed(self, texts):
        return np.asarray(self.rows(len(texts)))


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"n_topics": 0}, "n_topics is a whole number, 1 or more; this is 0."),
        ({"n_topics": 2.5}, "n_topics is a whole number, 1 or more; this is 2.5."),
        ({"min_size": True}, "min_size is a whole number, 1 or more; this is True."),
        ({"seed": -1}, "seed is a whole number, 0 or more; this is -1."),
        ({"words": "ten"}, "words is a whole number, 1 or more; this is 'ten'."),
        ({"seed": 2**32}, "seed is a whole number below 4,294,967,296; this is 4,294,967,296."),
        ({"language": 5}, "language is a code or a name, such as 'en' or 'German'; this is 5."),
        (
            {"reduction": "umpa"},
            "There is no reduction 'umpa'. Did you mean 'umap' or 'pca'? There are: spectral, pca, umap, none.",
        ),
        (
            {"clustering": "k-means"},
            "There is no clustering 'k-means'. Did you mean 'kmeans'? There are: kmeans, hdbscan.",
        ),
        (
            {"reduction": 5},
            "A reduction is one of spectral, pca, umap, none, or an object with fit_transform and transform or fit and "
            "transform; this is of type int.",
        ),
        (
            {"clustering": dict},
            "A clustering is a name or an object; this is the class dict. Make one: dict().",
        ),
        (
            {"language": "de"},
            "The embedder 'wordllama' knows English only, and the language is 'de'. Choose embedder='e5', which "
            "knows a hundred languages (pip install 'framing-toolkit[e5]'), or embedder='tfidf-svd', which learns from the texts.",
        ),
        (
            {"embedder": Bad(lambda n: np.full((n, 2), np.nan))},
            "The embedder 'bad' must give one row of finite numbers for each of 48 texts; it gave numbers that are not finite.",
        ),
        (
            {"embedder": Bad(lambda n: np.ones((n - 1, 2)))},
            "The embedder 'bad' must give one row of finite numbers for each of 48 texts; it gave an array of shape (47, 2).",
        ),
        ({"embedder": Bad(lambda n: np.zeros((n, 2)))}, "The embedder 'bad' has a vector for none of these 48 texts."),
    ],
    ids=lambda value: str(next(iter(value))) if isinstance(value, dict) else "",
)
def test_settings_that_cannot_be(three_themes, settings, sentence):
    """Each gets one sentence with what was wanted, what was found, and what would make it right."""
    with pytest.raises(FramingError) as error:
        tk.fit_topics(three_themes, **settings)
    assert str(error.value) == sentence


def test_contexts_that_cannot_be(make_contexts, three_themes):
    """No table, no column, no row, no id, no text, no word: each has its sentence."""
    twice = pd.concat([three_themes, three_themes[:1]])
    nameless = three_themes.assign(context_id=[None, *three_themes["context_id"][1:]])
    for contexts, sentence in (
        ([], "A table of contexts is a pandas DataFrame; this is a list."),
        (
            three_themes[["context_id"]].assign(body="x"),
            "A table of contexts needs the column text; this one has: context_id, body. If body is the text, rename it: "
            "contexts.rename(columns={'body': 'text'}).",
        ),
        (
            three_themes[:0],
            "This table of contexts is empty: it has columns but no row. Did the terms match anything?",
        ),
        (twice, "context_id must name one context each; 1 occur more than once, for example 'c0'."),
        (nameless, "context_id is missing in 1 contexts; each needs its own."),
        (
            make_contexts(["", " "] * 10),
            "None of these 20 contexts has any text. Look at contexts['text'].",
        ),
        (
            three_themes.drop(columns="context_id"),
            "These are articles, and topics are fitted on contexts: tk.contexts(tokens, terms) cuts them out. For topics of "
            "whole articles give articles.assign(context_id=articles['doc_id']).",
        ),
        (
            three_themes.assign(context_id=pd.Series(["\ud83d", *three_themes["context_id"][1:]], dtype=object)),
            "context_id '\\ud83d' holds half a character (a lone surrogate). Name the context otherwise.",
        ),
        (
            make_contexts(["the and of", "1 2 3"] * 10),
            "None of these 20 texts has a word that could name a topic: they hold only stop words, numbers or signs. Look "
            "at contexts['text'], or give other stop_words.",
        ),
    ):
        with pytest.raises(FramingError) as error:
            tk.fit_topics(contexts)
        assert str(error.value) == sentence


@pytest.mark.parametrize(
    ("texts", "more", "having"),
    [
        (["", "A wall."] * 9, {}, "there are 9 with text among 18"),
        (
            ["A wall."] * 12,
            {"story_id": "s1"},
            "there is 1 in the first article of each story, and 11 in copies, which do not count",
        ),
        (["The wall of the border.", "A court."], {}, "there are 2"),
        (["The wall of the border."], {}, "there is 1"),
    ],
)
@pytest.mark.parametrize("way", [{}, {"clustering": "hdbscan", "reduction": "umap"}, {"n_topics": 3}])
def test_too_few_for_a_topic_are_shown_as_one(make_contexts, texts, more, having, way):
    """Fewer contexts than min_size are one topic that is not called stable, and a sentence says what to do."""
    with pytest.warns(FramingWarning) as told:
        fitted = tk.fit_topics(make_contexts(texts, **more), runs=2, **way)
    assert [str(each.message) for each in told] == [
        f"A topic needs at least 10 contexts (min_size); {having}. They are shown as one topic, which says what words they have "
        "and nothing else. Take more articles, more terms or a smaller min_size."
    ]
    filled = sum(bool(text) for text in texts)
    assert fitted.topics.loc[fitted.topics["topic"] == 0, "n"].tolist() == [filled]
    assert not fitted.topics["stable"].any() and fitted.topics["persistence"].isna().all()
    assert len(fitted.assignments) == len(texts) and "wall" in fitted.topics["words"][0]
    assert not fitted.certificate(runs=3).topics["stable"].any()


def test_fewer_topics_than_asked_are_made_and_said(three_themes):
    """Of 48 contexts four topics of ten can be made, not five."""
    with pytest.warns(FramingWarning) as told:
        fitted = tk.fit_topics(three_themes, n_topics=5, runs=0)
    assert str(told[0].message) == (
        "5 topics of at least 10 contexts each need 50; there are 48, so 4 are made. Take more articles, more terms or a "
        "smaller min_size, or ask for fewer topics."
    )
    assert fitted.settings["n_topics"] == 5 and (fitted.topics["topic"] >= 0).sum() <= 4
    with pytest.warns(FramingWarning) as told:
        fitted = tk.fit_topics(three_themes, n_topics=3, min_size=14, runs=0)
    assert str(told[0].message) == (
        "3 topics were asked for; 2 have at least 14 contexts (min_size), and 25% of the contexts are outliers. A smaller "
        "min_size shows the small groups; topics.choose(n=[...]) compares numbers."
    )


def test_capitals_and_white_space_make_no_other_text(make_contexts):
    """Spellings of one sentence are one text, so that no clustering can make topics of them."""
    texts = ["The court stopped the ban.", "THE COURT STOPPED THE BAN.", "The  court stopped\nthe ban."] * 20
    texts += ["Rain fell on the coast."] * 20
    fitted = tk.fit_topics(make_contexts(texts), n_topics=2, runs=2)
    assert fitted.topics["n"].tolist() == [60, 20] and fitted.settings["n_distinct"] == 2
    fitted = tk.fit_topics(make_contexts(texts[:60]), n_topics=2, runs=2)
    assert fitted.topics["n"].tolist() == [60]


def test_texts_without_a_letter_or_digit_are_outliers(make_contexts):
    """Signs and pictures alone say nothing that could belong to a topic."""
    texts = sentences("weather", 20) + sentences("court", 20) + ["🎉🎉", "...", "—"]
    fitted = tk.fit_topics(make_contexts(texts), n_topics=2, runs=0)
    assert fitted.assignments["topic"].tolist()[40:] == [-1, -1, -1]


def test_a_zero_shot_topic_without_a_context_is_told(three_themes):
    """A description that no context is like gives a sentence with the highest similarity."""
    with pytest.warns(FramingWarning) as told:
        fitted = tk.fit_topics(three_themes, zeroshot_topics=["opera ballet violin"], n_topics=3, runs=0)
    assert "opera ballet violin" not in fitted.topics["label"].tolist()
    assert str(told[0].message) == (
        "No context has a similarity of 0.7 with 'opera ballet violin' above all others; the highest is 0.19. Describe it "
        "otherwise, or lower min_similarity and read what that brings."
    )


def test_the_language_is_what_the_contexts_were_told():
    """Contexts that were cut with language='de' are German for the fit too, and the default embedder knows no German."""
    articles = pd.DataFrame(
        {
            "doc_id": [f"d{i}" for i in range(20)],
            "source": "Blatt",
            "date": pd.Timestamp("2017-01-01"),
            "title": "",
            "text": [f"Der Minister sprach am Montag in Raum {i} über die Mauer." for i in range(20)],
        }
    )
    contexts = tk.contexts(tk.tokenize(articles), "Mauer", language="de")
    with pytest.raises(FramingError) as error:
        tk.fit_topics(contexts)
    assert str(error.value).startswith("The embedder 'wordllama' knows English only, and the language is 'de'.")
    fitted = tk.fit_topics(contexts, embedder="tfidf-svd", n_topics=1, runs=0)
    assert fitted.settings["language"] == "de"
    with pytest.warns(FramingWarning, match="knows English only, and 20 of 20 texts look like another"):
        tk.fit_topics(contexts, language="en", n_topics=1, runs=0)
