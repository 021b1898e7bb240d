"""What BERTopic 0.17.4 breaks with pandas 3 or in silence, and that the model which a fit hands out does not."""

import copy
import warnings

import numpy as np
import pandas as pd
import pytest

import toolkit as tk

from ..conftest import sentences


@pytest.fixture(scope="module")
def with_outliers():
    """Three themes and five lone texts, grouped by HDBSCAN: three topics and some outliers."""
    texts = sentences("weather", 40) + sentences("court", 30) + sentences("oil", 24)
    texts += [
        "Violin sonata premiere.",
        "Knitting pattern for socks.",
        "Chess opening theory.",
        "Wolves howl.",
        "Ripe pears.",
    ]
    contexts = pd.DataFrame({"context_id": [f"c{i}" for i in range(len(texts))], "text": texts})
    return tk.fit_topics(contexts, reduction="none", clustering="hdbscan", min_size=8, resamples=0)


def reloaded(model, folder):
    """Save a model without its reduction and clustering, and load it with our embedder."""
    from bertopic import BERTopic

    model.save(folder, serialization="safetensors", save_ctfidf=True)
    return BERTopic.load(folder, embedding_model=model.embedding_model)


def test_emptied_outliers_shift_nothing_after_loading(with_outliers, tmp_path):
    """After outliers are placed, saved and loaded, the model predicts most texts as it had them; BERTopic's own is one off."""
    fitted = with_outliers
    texts = fitted.contexts["text"].tolist()
    emptied = fitted.reduce_outliers("embeddings", threshold=0.0)
    if -1 in emptied.topics["topic"].tolist():
        pytest.fail("the outliers were not placed")
    assert len(emptied.model.topic_embeddings_) == len(emptied.topics)
    predicted, _ = reloaded(emptied.model, tmp_path / "ours").transform(texts)
    assert np.mean(np.array(predicted) == emptied.assignments["topic"]) > 0.9


def test_update_topics_drops_the_outliers_vector(with_outliers, tmp_path):
    """BERTopic's own way, reduce_outliers and update_topics, keeps one vector per topic, and words cut as they were."""
    texts = with_outliers.contexts["text"].tolist()
    model = copy.deepcopy(with_outliers.model)
    before = model.topics_
    new = model.reduce_outliers(texts, before, strategy="c-tf-idf")
    new = [topic if topic >= 0 else 0 for topic in new]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.update_topics(texts, topics=new)
    assert -1 not in model.topics_ and len(model.topic_embeddings_) == len(set(new))
    assert "the" not in model.vectorizer_model.get_feature_names_out()
    predicted, _ = reloaded(model, tmp_path / "updated").transform(texts)
    assert np.mean(np.array(predicted) == np.array(new)) > 0.9


def test_no_outliers_is_no_error(three_themes, fit_once):
    """Where there are no outliers to reduce, the topics come back as they are."""
    fitted = fit_once("three", three_themes)
    topics = fitted.assignments["topic"].tolist()
    assert fitted.model.reduce_outliers(three_themes["text"].tolist(), topics) == topics
    assert fitted.reduce_outliers().topics["n"].tolist() == [20, 16, 12]


@pytest.mark.parametrize("kind", ["text", "dates", "integers"])
def test_topics_over_time_takes_dates_in_any_form(three_themes, fit_once, kind):
    """Timestamps as text, as dates and as numbers give the same counts."""
    fitted = fit_once("three", three_themes)
    days = pd.Series(pd.date_range("2017-01-01", periods=4).repeat(12))
    given = {"text": days.dt.strftime("%Y-%m-%d").tolist(), "dates": days.tolist(), "integers": [d.day for d in days]}
    table = fitted.model.topics_over_time(three_themes["text"].tolist(), given[kind])
    assert table["Frequency"].sum() == 48
    assert table.groupby("Topic")["Frequency"].sum().tolist() == [20, 16, 12]
    as_text = fitted.model.topics_over_time(three_themes["text"].tolist(), given["text"], datetime_format="%Y-%m-%d")
    assert as_text["Frequency"].tolist() == table["Frequency"].tolist()


def test_the_distribution_of_one_text_can_be_drawn(three_themes, fit_once):
    """Words are coloured with pandas 3, whose tables have another method for it, and pandas is left as it was."""
    from pandas.io.formats.style import Styler

    had = hasattr(Styler, "applymap")
    model = fit_once("three", three_themes).model
    text = three_themes["text"].tolist()[0]
    _, by_word = model.approximate_distribution([text], calculate_tokens=True)
    assert "<table" in model.visualize_approximate_distribution(text, by_word[0]).to_html()
    assert hasattr(Styler, "applymap") == had


def test_a_text_without_tokens_breaks_no_representation(make_contexts):
    """KeyBERT's and MMR's words need finite vectors, of an empty text, too."""
    from bertopic.representation import KeyBERTInspired, MaximalMarginalRelevance

    texts = [*sentences("weather", 20), *sentences("court", 16), "", "\u200b"]
    fitted = tk.fit_topics(make_contexts(texts), n_topics=2, resamples=0)
    for representation in (KeyBERTInspired(), MaximalMarginalRelevance(diversity=0.3)):
        fitted.model.update_topics(texts, representation_model=representation)
        assert {word for word, _ in fitted.model.get_topic(0)} & set("rain wind storm coast flood snow".split())


def test_more_texts_can_be_learned_in_parts(three_themes):
    """partial_fit keeps to one precision, which scikit-learn's models for it ask for."""
    from bertopic.vectorizers import OnlineCountVectorizer
    from sklearn.cluster import MiniBatchKMeans
    from sklearn.decomposition import IncrementalPCA

    from toolkit.models.choice import as_embedder
    from toolkit.topics.bridge import Backend, SteadyBERTopic

    model = SteadyBERTopic(
        embedding_model=Backend(as_embedder("wordllama")),
        umap_model=IncrementalPCA(3),
        hdbscan_model=MiniBatchKMeans(3, random_state=0, n_init=3),
        vectorizer_model=OnlineCountVectorizer(),
    )
    texts = three_themes["text"].tolist()
    for part in (texts[::2], texts[1::2]):
        assert model.partial_fit(part) is model
    assert len(model.topics_) == 24 and set(model.topics_) <= {0, 1, 2}


def test_few_merges_can_be_drawn(three_themes, fit_once):
    """A hierarchy of two merges is drawn, though BERTopic would draw ten levels."""
    model = fit_once("three", three_themes).model
    texts = three_themes["text"].tolist()
    merges = model.hierarchical_topics(texts)
    drawn = model.visualize_hierarchical_documents(
        texts, merges, reduced_embeddings=np.random.default_rng(0).random((48, 2))
    )
    assert len(merges) == 2 and drawn.data


def test_known_texts_are_not_counted_again(three_themes, fit_once):
    """The vectorizer has the same counts for texts that it knows as for texts that it must read."""
    vectorizer = fit_once("three", three_themes).model.vectorizer_model
    texts = three_themes["text"].tolist()
    known = vectorizer.transform(texts)
    read = vectorizer.transform([*texts, "another text"])[:48]
    assert (known != read).nnz == 0 and known.sum() > 300


def test_zero_vectors_are_predicted_outliers(three_themes, fit_once):
    """A new text without tokens has no topic."""
    topics, _ = fit_once("three", three_themes).model.transform(["", "Rain and storm and flood on the coast."])
    assert list(topics) == [-1, 0]


def test_a_labelled_model_draws_its_labels(three_themes, fit_once):
    """BERTopic's own figures take long labels, and forget them when topics are put together in place."""
    fitted = fit_once("three", three_themes)
    texts = three_themes["text"].tolist()
    names = {0: "Weather on the coast and elsewhere, as it was forecast", 1: "Courts", 2: "Oil"}
    model = fitted.model.named(names, names)
    bars = model.visualize_barchart(custom_labels=True)
    titles = [note.text for note in bars.layout.annotations]
    assert [name[:20] in title for name, title in zip(names.values(), titles, strict=True)] == [True] * 3
    assert model.visualize_heatmap(custom_labels=True).data and model.visualize_hierarchy(custom_labels=True).data
    assert model.visualize_term_rank(custom_labels=True).data
    days = pd.date_range("2017-01-01", periods=4).repeat(12).tolist()
    assert {trace.name for trace in model.visualize_topics_over_time(model.topics_over_time(texts, days)).data} == {
        name if len(name) <= 40 else name[:40] + "..." for name in names.values()
    }
    changed = copy.deepcopy(model)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        changed.merge_topics(texts, [[1, 2]])
    assert changed.custom_labels_ is None and not set(changed.topic_labels_.values()) & set(names.values())
    deleted = copy.deepcopy(model)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        deleted.delete_topics([2])
    assert deleted.custom_labels_ is None
    assert model.topic_labels_ == names and fitted.model.custom_labels_ is None
