"""Own the way to BERTopic: the only module that imports it, and only when topics are fitted.

BERTopic names the topics (c-TF-IDF) and keeps the fitted model for everything else that it offers. Where it depends on
the order of rows or on the processor, it is steadied here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from bertopic import BERTopic
from bertopic.backend import BaseEmbedder
from bertopic.vectorizers import ClassTfidfTransformer
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer

from toolkit.topics.embedders import Embedder
from toolkit.topics.steps import Groups, Layout


class Backend(BaseEmbedder):  # type: ignore[misc]  # BERTopic is not typed
    """Our embedder, as BERTopic wants it."""

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(embedding_model=embedder.name)
        self.embedder = embedder

    def embed(self, documents: list[str], verbose: bool = False) -> NDArray[np.float32]:
        """Return one row per text."""
        return self.embedder.embed(documents)


class FittedLayout:
    """A layout that is already known, in the place of BERTopic's UMAP."""

    def __init__(self, layout: Layout, points: NDArray[np.float64]) -> None:
        self.layout = layout
        self.points = points

    def fit_transform(self, X: Any, y: Any = None) -> NDArray[np.float64]:
        """Return the known points."""
        return self.points

    def transform(self, X: Any) -> NDArray[np.float64]:
        """Place new vectors."""
        return self.layout.transform(X)


class FittedGroups:
    """Groups that are already known, in the place of BERTopic's HDBSCAN."""

    def __init__(self, groups: Groups, labels: NDArray[np.int64], probabilities: NDArray[np.float64]) -> None:
        self.groups = groups
        self._labels = labels
        if not np.isnan(probabilities).all():
            self.probabilities_ = probabilities

    def fit(self, X: Any, y: Any = None) -> FittedGroups:
        """Take the known labels."""
        self.labels_ = self._labels
        return self

    def predict(self, X: Any) -> NDArray[np.int64]:
        """Return the topics of new points."""
        return self.groups.predict(X)


class SteadyCtfidf(ClassTfidfTransformer):  # type: ignore[misc]  # BERTopic is not typed
    """Class-based TF-IDF that also takes a vocabulary of one word, on which BERTopic's own fails."""

    def fit(self, X: csr_matrix, multiplier: Any = None) -> SteadyCtfidf:
        """Learn the weight of each word: ln(1 + mean words of a topic / words in all)."""
        if X.shape[1] > 1:
            return super().fit(X, multiplier)
        self._idf_diag = csr_matrix([[np.log(int(X.sum(axis=1).mean()) / X.sum() + 1)]])
        return self


class SteadyBERTopic(BERTopic):  # type: ignore[misc]  # BERTopic is not typed
    """BERTopic whose ties go by number and alphabet, not by how the processor sorts."""

    def _sort_mappings_by_frequency(self, documents: pd.DataFrame) -> pd.DataFrame:
        # BERTopic's own sorts sizes with an unstable sort, and their order comes from the order of the documents
        if self._topic_id_to_zeroshot_topic_idx and not self.nr_topics:
            return documents
        self._update_topic_size(documents)
        ranked = sorted((t for t in self.topic_sizes_ if t != -1), key=lambda t: (-self.topic_sizes_[t], t))
        places = {-1: -1, **{int(topic): place for place, topic in enumerate(ranked)}}
        self.topic_mapper_.add_mappings(places, topic_model=self)
        documents["Topic"] = documents["Topic"].map(places).astype(int)
        self._update_topic_size(documents)
        return documents

    @staticmethod
    def _top_n_idx_sparse(matrix: csr_matrix, n: int) -> NDArray[Any]:
        # BERTopic's own takes any of several equal words, and fails on a topic without a word
        rows = []
        for first, last in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True):
            columns, weights = matrix.indices[first:last], matrix.data[first:last]
            best = columns[np.lexsort((columns, -np.round(weights, 12)))][:n].tolist()
            rows.append(best + [None] * (n - len(best)))
        return np.array(rows, dtype=object)


def fit_model(
    texts: list[str],
    vectors: NDArray[np.float64],
    layout: Layout,
    points: NDArray[np.float64],
    groups: Groups,
    labels: NDArray[np.int64],
    probabilities: NDArray[np.float64],
    *,
    embedder: Embedder,
    analyzer: Any,
    n_words: int,
    min_size: int,
) -> SteadyBERTopic:
    """Fit BERTopic on texts whose vectors, points and labels are known, one row each."""
    model = SteadyBERTopic(
        embedding_model=Backend(embedder),  # with one, BERTopic does not strip letters outside A-Z from the texts
        umap_model=FittedLayout(layout, points),
        hdbscan_model=FittedGroups(groups, labels, probabilities),
        vectorizer_model=CountVectorizer(analyzer=analyzer),
        ctfidf_model=SteadyCtfidf(),
        top_n_words=n_words,
        min_topic_size=max(2, min_size),
    )
    filled = [text if text else " " for text in texts]  # for an empty one BERTopic would count the word "emptydoc"
    model.fit_transform(filled, embeddings=vectors)
    words = model.vectorizer_model.get_feature_names_out()
    representations = {}
    for row, topic in enumerate(sorted(model.topic_sizes_)):
        known = topic_words(model.c_tf_idf_, row, words, n_words)
        representations[topic] = known + [("", 1e-05)] * (n_words - len(known))  # BERTopic's own filling
    model.topic_representations_ = representations
    return model


def topic_words(weights: csr_matrix, row: int, words: NDArray[Any], n: int) -> list[tuple[str, float]]:
    """Return the highest c-TF-IDF words of a topic, of equal ones the first in the alphabet."""
    first, last = weights.indptr[row], weights.indptr[row + 1]
    columns, values = weights.indices[first:last], weights.data[first:last]
    names = words[columns]
    best = np.lexsort((names.astype(str), -np.round(values, 12)))[:n]
    return [(str(names[i]), float(values[i])) for i in best if values[i] > 0]
