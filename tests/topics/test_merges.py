"""Topics merged, outliers placed, the hierarchy: tables that agree with each other, with BERTopic, and with a second look."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from toolkit.tables import HIERARCHY, FramingError

from ..conftest import sentences


@pytest.fixture
def lone_ones(make_contexts):
    """Three themes and lone texts, grouped by HDBSCAN."""
    texts = sentences("weather", 40) + sentences("court", 30) + sentences("oil", 24)
    texts += ["A people, a country, a verdict.", "", "The week, a report, a city, a storm."]
    texts += ["Violin sonata premiere, knitting, chess, oil.", "Wolves howl; ripe pears; snow."]
    return tk.fit_topics(make_contexts(texts), reduction="none", clustering="hdbscan", min_size=20, resamples=0)


def test_merged_topics_are_one(three_themes, fit_once):
    """Of 20, 16 and 12 contexts, the last two topics become the largest one; the first fit stays as it was."""
    fitted = fit_once("three", three_themes)
    merged = fitted.merge([[1, 2]])
    assert merged.topics[["topic", "n"]].values.tolist() == [[0, 28], [1, 20]]
    assert merged.assignments["topic"].tolist() == [1] * 20 + [0] * 28
    assert merged.model.topics_ == merged.assignments["topic"].tolist()
    assert list(merged.model.transform(three_themes["text"].tolist())[0]) == merged.assignments["topic"].tolist()
    assert merged.settings["afterwards"] == [{"merged": [[1, 2]]}]
    assert fitted.topics["n"].tolist() == [20, 16, 12]
    assert merged.topics["share"].sum() == 1


@pytest.mark.parametrize(
    ("groups", "sentence"),
    [
        ([[1, 7]], "There is no topic 7 to merge. There are: 0, 1, 2."),
        ([[0, 1], [1, 2]], "Topic 1 is in more than one group to merge; each topic can be in one."),
        ([1, 2], "Topics to merge are lists in a list, as in [[1, 2], [4, 6]]."),
    ],
)
def test_merges_that_cannot_be(three_themes, fit_once, groups, sentence):
    """Unknown topics, a topic in two groups, and a plain list get a sentence."""
    with pytest.raises(FramingError) as error:
        fit_once("three", three_themes).merge(groups)
    assert str(error.value) == sentence


@pytest.mark.parametrize("strategy", ["embeddings", "c-tf-idf", "distributions", "probabilities"])
def test_outliers_are_placed(lone_ones, strategy):
    """Fewer outliers are left, nobody else moves, an empty text stays out, and every context still counts."""
    before, after = lone_ones.assignments["topic"], lone_ones.reduce_outliers(strategy).assignments["topic"]
    assert (before == -1).sum() >= 2
    assert (after == -1).sum() < (before == -1).sum()
    assert after.tolist()[95] == -1
    sizes = lone_ones.reduce_outliers(strategy).topics
    assert sizes["n"].sum() == 99 and sizes["share"].sum() == pytest.approx(1)
    kept = before[before >= 0]
    names = lone_ones.topics.set_index("topic")["words"]
    pairs = {(a, b) for a, b in zip(kept, after[kept.index])}
    assert len(pairs) == len(names) - 1


def test_a_threshold_leaves_outliers(lone_ones):
    """With the highest threshold nobody is like enough; the table is as before."""
    assert lone_ones.reduce_outliers(threshold=1.0).topics["n"].tolist() == lone_ones.topics["n"].tolist()


def test_strategies_that_cannot_be(three_themes, fit_once, lone_ones):
    """An unknown strategy, a threshold beyond 1, and probabilities without HDBSCAN get a sentence."""
    with pytest.raises(FramingError) as error:
        lone_ones.reduce_outliers("embedding")
    assert str(error.value).startswith("There is no strategy 'embedding'. Did you mean 'embeddings'")
    with pytest.raises(FramingError) as error:
        lone_ones.reduce_outliers(threshold=2)
    assert str(error.value) == "threshold is a number from 0 to 1; this is 2."
    few = tk.fit_topics(three_themes, n_topics=3, min_size=14, resamples=0)
    assert few.topics["topic"].tolist() == [0, 1, -1]
    with pytest.raises(FramingError) as error:
        few.reduce_outliers("probabilities")
    assert str(error.value) == (
        "The strategy 'probabilities' needs clustering='hdbscan', which knows how near each text is to each topic. Choose "
        "one of: embeddings, c-tf-idf, distributions."
    )


def test_the_hierarchy_is_bertopics(three_themes, fit_once):
    """Merges, members and distances are those that BERTopic finds, and a merged topic has the words of its parts."""
    fitted = fit_once("three", three_themes)
    table = fitted.hierarchy
    theirs = fitted.model.hierarchical_topics(three_themes["text"].tolist()).sort_values("Distance")
    assert table["distance"].tolist() == pytest.approx(theirs["Distance"].tolist(), abs=1e-6)
    assert [sorted(map(int, topics.split("|"))) for topics in table["topics"]] == [sorted(t) for t in theirs["Topics"]]
    assert table["parent"].tolist() == [3, 4] and table["topics"].tolist()[-1] == "0|1|2"
    merged = fitted.merge([table[["left", "right"]].iloc[0].tolist()])
    both = merged.topics.loc[merged.topics["n"].isin([28, 32, 36]), "words"].tolist()[0].split(", ")
    assert len(set(both) & set(table["words"][0].split(", "))) >= 8


def test_one_topic_has_no_hierarchy(make_contexts):
    """With a single topic the table is empty, with its columns."""
    table = tk.fit_topics(make_contexts(["The rain fell."] * 12), resamples=0).hierarchy
    assert table.columns.tolist() == list(HIERARCHY.columns) and len(table) == 0


def test_topics_without_their_fit_say_so(three_themes, fit_once):
    """Topics put together by hand, without a fit, cannot be merged or compared."""
    from toolkit.topics.record import Topics

    fitted = fit_once("three", three_themes)
    bare = Topics(fitted.topics, fitted.words, fitted.assignments, fitted.contexts, fitted.model, fitted.settings)
    for act in (lambda: bare.merge([[0, 1]]), lambda: bare.hierarchy, lambda: bare.compare_settings(n=[2])):
        with pytest.raises(FramingError) as error:
            act()
        assert str(error.value) == (
            "These topics do not hold the fit that they came from. Fit them again with tk.fit_topics."
        )
    assert np.array_equal(bare.topics["n"], fitted.topics["n"])


def test_membership_recovers_the_groups(make_contexts):
    """HDBSCAN's membership vectors of a spectral layout name the group of nearly every text: they are read row by row."""
    import hdbscan

    texts = sentences("weather", 60) + sentences("court", 50) + sentences("oil", 40)
    fitted = tk.fit_topics(make_contexts(texts), clustering="hdbscan", min_size=8, resamples=0)
    groups = fitted.fit.run.groups.clusterer
    own = groups.labels_ >= 0
    assert groups.labels_.max() >= 2
    assert (hdbscan.all_points_membership_vectors(groups).argmax(axis=1) == groups.labels_)[own].mean() > 0.9


def test_the_hierarchy_counts_unstable_topics(three_themes, fit_once):
    """With a certificate each merge says how many of its topics are unstable; without one there is no such column."""
    fitted = fit_once("three", three_themes)
    table = fitted.topics.assign(stable=pd.array([True, False, pd.NA], dtype="boolean"))
    table.attrs = fitted.topics.attrs
    merges = replace(fitted, topics=table).hierarchy
    assert merges["n_unstable"].tolist() == [int("1" in merges["topics"][0].split("|")), 1]
    assert set(merges.columns) == {*HIERARCHY.columns, "n_unstable"}
    assert "n_unstable" not in tk.fit_topics(three_themes, n_topics=3, resamples=0).hierarchy.columns
