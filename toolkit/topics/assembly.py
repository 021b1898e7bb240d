"""Own how a grouping of texts becomes topics: their numbers, their words by BERTopic, and the tables."""

from __future__ import annotations

import hashlib
import sys
import warnings
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.measures.coherence import counted_npmi
from toolkit.models.embedders import clean_texts
from toolkit.recipes import UNKNOWN, changes, make_recipe, sealed
from toolkit.tables import pick
from toolkit.topics.checks import AnyTopics
from toolkit.topics.counts import cooccurring, sum_by
from toolkit.topics.nearest import Labels
from toolkit.topics.preparation import Places, Prepared
from toolkit.topics.stability import Certificate
from toolkit.topics.tables import Fit


def number_topics(prepared: Prepared, labels: Labels, *, min_size: int) -> dict[int, int]:
    """Number groups of texts by their contexts, the largest 0, and leave out those that are too small.

    Of two topics of one size, the one with the text that comes first in the alphabet goes first: the numbers do not
    depend on the order of the rows, nor on how the clustering happened to number its groups. Zero-shot topics are never
    too small.
    """
    grouped = np.flatnonzero(labels >= 0)
    if len(grouped) == 0:
        return {}

    groups, first, number = np.unique(labels[grouped], return_index=True, return_inverse=True)
    contexts = np.bincount(prepared.place[prepared.place >= 0], minlength=len(labels))
    sizes = np.bincount(number, weights=contexts[grouped])
    votes = np.bincount(number, weights=prepared.votes[grouped])

    kept = np.flatnonzero((votes >= min_size) | (groups < len(prepared.guide.labels)))
    ranked = kept[np.lexsort((first[kept], -sizes[kept]))]
    return {int(groups[at]): place for place, at in enumerate(ranked.tolist())}


def renamed_labels(labels: Labels, renamed: dict[int, int]) -> Labels:
    """Return the topic of each label, -1 where it has none."""
    table = np.full(max([*renamed, int(labels.max(initial=-1))], default=-1) + 2, -1, dtype=np.int64)
    for label, topic in renamed.items():
        table[label] = topic
    return np.where(labels >= 0, table[labels], -1)


def assemble(fit: Fit, settings: dict[str, Any], kind: type[AnyTopics]) -> AnyTopics:
    """Name topics with BERTopic, and make the tables, as topics of this kind."""
    prepared = fit.prepared
    labels = prepared.by_context(fit.labels, -1)
    model = _model(fit, labels, settings)
    order = [topic for topic in sorted(model.topic_sizes_) if topic >= 0] + [-1] * (-1 in model.topic_sizes_)
    ranked = {topic: [(word, weight) for word, weight in model.get_topic(topic) if word] for topic in order}

    topics = _topics_table(fit, labels, {topic: [word for word, _ in words] for topic, words in ranked.items()})
    words = _words_table(ranked)
    assignments = pd.DataFrame(
        {
            "context_id": prepared.contexts["context_id"].reset_index(drop=True),
            "topic": labels,
            "probability": prepared.by_context(fit.run.probabilities, np.nan),
        }
    )
    if fit.certificate is not None:
        topics, words, assignments = _certified(topics, words, assignments, fit.certificate, prepared)
    if fit.names:
        model = model.named(dict(zip(topics["topic"].tolist(), topics["label"].tolist(), strict=True)), fit.names)

    recipe = _recipe(prepared.contexts, settings)
    topics, words, assignments = (sealed(table, recipe) for table in (topics, words, assignments))
    return kind(topics, words, assignments, prepared.contexts.copy(deep=False), model, settings, fit)


def _topics_table(fit: Fit, labels: Labels, words: dict[int, list[str]]) -> pd.DataFrame:
    """Return a row for each topic, `words` being those of the topics in their order."""
    n = np.array([int((labels == topic).sum()) for topic in words], dtype=np.int64)
    named = [
        "outliers" if topic < 0 else fit.names.get(topic) or ", ".join(own[:3]) or "no words"
        for topic, own in words.items()
    ]
    return pd.DataFrame(
        {
            "topic": np.array(list(words), dtype=np.int64),
            "label": pd.array(named, dtype="str"),
            "words": pd.array([", ".join(own) for own in words.values()], dtype="str"),
            "n": n,
            "share": n / len(labels),
            "npmi": _coherence(fit.prepared, [own if topic >= 0 else [] for topic, own in words.items()]),
        }
    )


def _words_table(ranked: dict[int, list[tuple[str, float]]]) -> pd.DataFrame:
    rows = [
        (topic, rank, word, weight)
        for topic, words in ranked.items()
        for rank, (word, weight) in enumerate(words, start=1)
    ]
    return pd.DataFrame(
        {
            "topic": np.array([row[0] for row in rows], dtype=np.int64),
            "rank": np.array([row[1] for row in rows], dtype=np.int64),
            "word": pick([row[2] for row in rows], np.arange(len(rows))),
            "weight": np.array([row[3] for row in rows], dtype=np.float64),
        }
    )


def _certified(
    topics: pd.DataFrame, words: pd.DataFrame, assignments: pd.DataFrame, certificate: Certificate, prepared: Prepared
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the three tables with what the certificate says of topics and contexts."""
    stability = certificate.table.reindex(range(len(topics)))  # the outliers, which are last, have none
    stability["stable"] = stability["stable"].astype("boolean")
    topics = pd.concat([topics, stability.reset_index(drop=True)], axis=1)

    stable = topics.set_index("topic")["stable"]
    words = words.assign(stable=stable.reindex(words["topic"]).array)
    assignments = assignments.assign(
        probability=prepared.by_context(certificate.probability, np.nan),
        consensus=prepared.by_context(certificate.consensus, -1),
        stable=stable.reindex(assignments["topic"]).array,
    )
    return topics, words, assignments


def _coherence(prepared: Prepared, words: list[list[str]]) -> NDArray[np.float64]:
    number = {word: at for at, word in enumerate(prepared.words)}
    columns = sorted({number[word] for own in words for word in own})
    place = {column: at for at, column in enumerate(columns)}
    together, n = cooccurring(prepared.counts[prepared.votes > 0], columns)
    return counted_npmi([[place[number[word]] for word in own] for own in words], together, n)


def _model(fit: Fit, labels: Labels, settings: dict[str, Any]) -> Any:
    """Fit BERTopic on all contexts, those without text at the origin; words are those of texts that vote, each once."""
    bridge = load_bridge()
    prepared, layout = fit.prepared, fit.run.layout
    filled = np.flatnonzero(prepared.place >= 0)

    vectors = np.zeros((len(labels), prepared.plain.shape[1]), dtype=np.float32)
    vectors[filled] = prepared.plain[prepared.place[filled]]

    points = np.zeros((len(labels), layout.points.shape[1] if layout else 1))
    if layout is not None:
        row = np.full(len(prepared.texts), -1)
        row[fit.run.fitted] = np.arange(len(fit.run.fitted))
        laid_out = filled[row[prepared.place[filled]] >= 0]
        points[laid_out] = layout.points[row[prepared.place[laid_out]]]

    # rows of c-TF-IDF are the topics that any context has; -2 are texts that do not vote
    present = np.unique(labels)
    by_text = np.where(prepared.votes > 0, fit.labels, -2)
    number = np.searchsorted(present, by_text)
    number[(by_text == -2) | ~np.isin(by_text, present)] = -1
    counted = bridge.CountedWords(analyzer=prepared.analyzer).remember(
        prepared.texts, prepared.words, prepared.counts, sum_by(prepared.counts, number, len(present))
    )

    return bridge.fit_model(
        prepared.every,
        vectors,
        points,
        Places(prepared.guide, layout, fit.run.groups, {**fit.renamed}),
        labels,
        prepared.by_context(fit.run.probabilities, np.nan),
        counted,
        embedder=prepared.embedder,
        seed_topics=settings.get("seed_topics"),
        n_words=settings["words"],
        min_size=settings["min_size"],
    )


def _recipe(contexts: pd.DataFrame, settings: dict[str, Any]) -> dict[str, Any]:
    made = contexts.attrs.get("recipe", {})
    name = contexts_fingerprint(contexts)
    n_articles = contexts["doc_id"].nunique() if "doc_id" in contexts.columns else len(contexts)
    of_contexts = {"name": "unnamed", "fingerprint": name, "n_articles": n_articles, "steps": [{"step": UNKNOWN}]}
    corpus = made.get("corpus") or of_contexts
    came_from = {"fingerprint": name, "function": made.get("function"), "settings": made.get("settings")}
    if changed := changes(contexts):
        came_from["changed"] = changed
    packages = ("pandas", "numpy", "scipy", "scikit-learn", "bertopic", "wordllama", "umap-learn", "hdbscan")
    return make_recipe("toolkit.fit_topics", {**settings, "contexts": came_from}, corpus, packages)


def load_bridge() -> Any:
    """Import BERTopic with a message that it takes a while, and without its silencing everybody's warnings."""
    if "bertopic" not in sys.modules:
        print(
            "Loading BERTopic (the first time in an environment takes up to a minute) ...", file=sys.stderr, flush=True
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its parts warn of packages that nobody needs here
        return import_module("toolkit.topics.bridge")


def contexts_fingerprint(contexts: pd.DataFrame) -> str:
    """Name the content of contexts (ids and texts), in whatever order they stand.

    Examples
    --------
    >>> frame = pd.DataFrame({"context_id": ["a", "b"], "text": ["A reset.", "A ban."]})
    >>> contexts_fingerprint(frame) == contexts_fingerprint(frame[::-1]), contexts_fingerprint(frame)[:2]
    (True, '2-')
    """
    total = hashlib.sha256()
    rows = zip(contexts["context_id"].astype("str").tolist(), clean_texts(contexts["text"].tolist()), strict=True)
    for name, text in sorted(rows):
        total.update(f"{name}\0{text}\0".encode("utf-8", "replace"))
    return f"{len(contexts)}-{total.hexdigest()[:16]}"
