"""Own how a grouping of texts becomes topics: their numbers, their words by BERTopic, and the tables."""

from __future__ import annotations

import hashlib
import sys
import warnings
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd

from toolkit.measures.coherence import counted_npmi
from toolkit.models.embedders import clean_texts
from toolkit.recipes import make_recipe
from toolkit.tables import pick
from toolkit.topics.counts import cooccurring, sum_by
from toolkit.topics.nearest import Labels
from toolkit.topics.preparation import Places, Prepared
from toolkit.topics.record import Fit, Topics


def number_topics(prepared: Prepared, labels: Labels, *, min_size: int, n_named: int = 0) -> dict[int, int]:
    """Number groups of texts by their contexts, the largest 0, and leave out those that are too small.

    Of two topics of one size, the one with the text that comes first in the alphabet goes first: the numbers do not
    depend on the order of the rows, nor on how the clustering happened to number its groups. Groups named beforehand
    (below `n_named`) are never too small.
    """
    grouped = np.flatnonzero(labels >= 0)
    if len(grouped) == 0:
        return {}
    found, first, number = np.unique(labels[grouped], return_index=True, return_inverse=True)
    contexts = np.bincount(prepared.place[prepared.place >= 0], minlength=len(labels))
    sizes = np.bincount(number, weights=contexts[grouped])
    votes = np.bincount(number, weights=prepared.votes[grouped])
    kept = np.flatnonzero((votes >= min_size) | (found < n_named))
    ranked = kept[np.lexsort((first[kept], -sizes[kept]))]
    return {int(found[at]): place for place, at in enumerate(ranked.tolist())}


def renamed_labels(labels: Labels, renamed: dict[int, int]) -> Labels:
    """Return the topic of each label, -1 where it has none."""
    table = np.full(max([*renamed, int(labels.max(initial=-1))], default=-1) + 2, -1, dtype=np.int64)
    for label, topic in renamed.items():
        table[label] = topic
    return np.where(labels >= 0, table[labels], -1)


def assemble(fit: Fit, settings: dict[str, Any]) -> Topics:
    """Name topics with BERTopic, and make the tables."""
    prepared = fit.prepared
    filled = prepared.place >= 0
    labels = np.full(len(prepared.place), -1, dtype=np.int64)
    labels[filled] = fit.labels[prepared.place[filled]]
    model = _model(fit, labels, settings)
    order = [topic for topic in sorted(model.topic_sizes_) if topic >= 0] + [-1] * (-1 in model.topic_sizes_)
    named = {topic: [(word, weight) for word, weight in model.get_topic(topic) if word] for topic in order}
    only_words = {topic: [word for word, _ in named[topic]] for topic in order}
    n = np.array([int((labels == topic).sum()) for topic in order], dtype=np.int64)
    own = [fit.names.get(topic) or ", ".join(only_words[topic][:3]) or "no words" for topic in order if topic >= 0]
    topics = pd.DataFrame(
        {
            "topic": np.array(order, dtype=np.int64),
            "label": pd.array([*own, *["outliers"] * (-1 in order)], dtype="str"),
            "words": pd.array([", ".join(only_words[topic]) for topic in order], dtype="str"),
            "n": n,
            "share": n / len(labels),
            "npmi": _coherence(prepared, [only_words[topic] if topic >= 0 else [] for topic in order]),
        }
    )
    listed = [
        (topic, rank, word, weight) for topic in order for rank, (word, weight) in enumerate(named[topic], start=1)
    ]
    word_table = pd.DataFrame(
        {
            "topic": np.array([row[0] for row in listed], dtype=np.int64),
            "rank": np.array([row[1] for row in listed], dtype=np.int64),
            "word": pick([row[2] for row in listed], np.arange(len(listed))),
            "weight": np.array([row[3] for row in listed], dtype=np.float64),
        }
    )
    assignments = pd.DataFrame(
        {
            "context_id": prepared.contexts["context_id"].reset_index(drop=True),
            "topic": labels,
            "probability": _by_context(prepared, fit.run.probabilities),
        }
    )
    if fit.certificate is not None:
        stable = fit.certificate.table.reindex(range(len(order)))
        stable["stable"] = stable["stable"].astype("boolean")
        topics = pd.concat([topics, stable.reset_index(drop=True)], axis=1)
        assignments["probability"] = _by_context(prepared, fit.certificate.probability)
        assignments["consensus"] = np.where(filled, fit.certificate.consensus[prepared.place], -1)
        marks = topics.set_index("topic")["stable"]
        for table in (word_table, assignments):
            table["stable"] = marks.reindex(table["topic"]).array
    if fit.names:
        model = model.named(dict(zip(topics["topic"].tolist(), topics["label"].tolist(), strict=True)), fit.names)
    recipe = _recipe(prepared.contexts, settings)
    for table in (topics, word_table, assignments):
        table.attrs = {"recipe": recipe}
    return Topics(topics, word_table, assignments, prepared.contexts.copy(deep=False), model, settings, fit)


def _by_context(prepared: Prepared, values: Any) -> Any:
    found = np.full(len(prepared.place), np.nan)
    filled = prepared.place >= 0
    found[filled] = np.asarray(values)[prepared.place[filled]]
    return found


def _coherence(prepared: Prepared, named: list[list[str]]) -> Any:
    number = {word: at for at, word in enumerate(prepared.words)}
    columns = sorted({number[word] for words in named for word in words})
    place = {column: at for at, column in enumerate(columns)}
    together, n = cooccurring(prepared.counts[prepared.votes > 0], columns)
    return counted_npmi([[place[number[word]] for word in words] for words in named], together, n)


def _model(fit: Fit, labels: Labels, settings: dict[str, Any]) -> Any:
    """Fit BERTopic on all contexts, those without text at the origin; words are those of texts that vote, each once."""
    bridge = load_bridge()
    prepared = fit.prepared
    filled = np.flatnonzero(prepared.place >= 0)
    wide = np.zeros((len(labels), prepared.plain.shape[1]), dtype=np.float32)
    wide[filled] = prepared.plain[prepared.place[filled]]
    layout = fit.run.layout
    points = np.zeros((len(labels), layout.points.shape[1] if layout else 1))
    if layout is not None:
        row = np.full(len(prepared.texts), -1)
        row[fit.run.fitted] = np.arange(len(fit.run.fitted))
        here = filled[row[prepared.place[filled]] >= 0]
        points[here] = layout.points[row[prepared.place[here]]]
    present = np.unique(labels)
    by_text = np.where(prepared.votes > 0, fit.labels, -2)
    number = np.searchsorted(present, by_text)
    number[(by_text == -2) | ~np.isin(by_text, present)] = -1
    counted = bridge.CountedWords(analyzer=prepared.analyzer).remember(
        prepared.texts, prepared.words, prepared.counts, sum_by(prepared.counts, number, len(present))
    )
    places = Places(prepared.guide, layout, fit.run.groups, {**fit.renamed})
    return bridge.fit_model(
        prepared.every,
        wide,
        points,
        places,
        labels,
        _by_context(prepared, fit.run.probabilities),
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
    corpus = made.get("corpus") or {"name": "unnamed", "fingerprint": name, "n_articles": n_articles}
    came_from = {"fingerprint": name, "function": made.get("function"), "settings": made.get("settings")}
    packages = ("pandas", "numpy", "scipy", "scikit-learn", "bertopic", "wordllama", "umap-learn", "hdbscan")
    return make_recipe("toolkit.fit_topics", {**settings, "contexts": came_from}, corpus, packages)


def load_bridge() -> Any:
    """Import BERTopic, saying so, and without the silence that it puts on everybody's warnings."""
    if "bertopic" not in sys.modules:
        print(
            "Loading BERTopic (the first time in an environment takes up to a minute) ...", file=sys.stderr, flush=True
        )
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # what its parts have to say while they load is about packages that nobody wants here
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
