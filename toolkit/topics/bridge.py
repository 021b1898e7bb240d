"""Own the bridge to BERTopic: the only module that imports it, and only when topics are fitted.

BERTopic names the topics (c-TF-IDF), and the fitted model is kept for everything else that it offers. What depends on the
order of rows or on the processor is made steady here.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from bertopic import BERTopic
from bertopic.backend import BaseEmbedder
from bertopic.vectorizers import ClassTfidfTransformer
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer

from toolkit.models.embedders import Embedder
from toolkit.topics.counts import weighed_words
from toolkit.topics.preparation import Places


class Backend(BaseEmbedder):  # type: ignore[misc]  # BERTopic is not typed
    """An embedder of the toolkit, as BERTopic wants it."""

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(embedding_model=embedder.name)
        self.embedder = embedder

    def embed(self, documents: list[str], verbose: bool = False) -> NDArray[np.float32]:
        """Return one row per text."""
        return self.embedder.embed(documents)


class FittedLayout:
    """A known layout in the place of BERTopic's UMAP; new vectors pass unchanged."""

    def __init__(self, points: NDArray[np.float64]) -> None:
        self.points = points

    def fit_transform(self, X: Any, y: Any = None) -> NDArray[np.float64]:
        """Return the known points."""
        return self.points

    def transform(self, X: Any) -> Any:
        """Return the vectors: `FittedGroups` places them, since zero-shot topics depend on the vector itself."""
        return X


class FittedGroups:
    """Known groups in the place of BERTopic's HDBSCAN."""

    def __init__(self, places: Places, labels: NDArray[np.int64], probabilities: NDArray[np.float64]) -> None:
        self.places = places
        self._labels = labels
        if not np.isnan(probabilities).all():
            self.probabilities_ = probabilities

    def fit(self, X: Any, y: Any = None) -> FittedGroups:
        """Take the known labels."""
        self.labels_ = self._labels
        return self

    def predict(self, X: Any) -> NDArray[np.int64]:
        """Return the topics of new vectors."""
        return self.places.predict(np.asarray(X))


class CountedWords(CountVectorizer):  # type: ignore[misc]  # scikit-learn is not typed
    """A vectorizer that remembers how often each of its texts has each word."""

    def remember(self, texts: list[str], words: list[str], counts: csr_matrix, by_topic: csr_matrix) -> CountedWords:
        """Keep the counts of texts, and those of topics for the first fit."""
        self.known = {text: row for row, text in enumerate(texts)}
        self.counts, self.by_topic = counts, by_topic
        self.vocabulary_ = {word: column for column, word in enumerate(words)}
        return self

    def fit_transform(self, raw_documents: Any, y: Any = None) -> csr_matrix:
        """Return the counts of topics the first time; afterwards learn from what is given."""
        if getattr(self, "by_topic", None) is None:
            self.known = {}
            return super().fit_transform(raw_documents, y)
        first, self.by_topic = self.by_topic, None
        return first

    def transform(self, raw_documents: Any) -> csr_matrix:
        """Count words; known texts are looked up."""
        rows = [getattr(self, "known", {}).get(text, -1) for text in raw_documents]
        if not rows or min(rows) < 0:
            return super().transform(raw_documents)
        return self.counts[rows]


class SteadyCtfidf(ClassTfidfTransformer):  # type: ignore[misc]  # BERTopic is not typed
    """Class-based TF-IDF for a single word, too, on which BERTopic's own fails, and for fewer words than topics, to which it gives no weight."""

    def fit(self, X: csr_matrix, multiplier: Any = None) -> SteadyCtfidf:
        """Learn the weight of each word: ln(1 + mean words of a topic / words in all)."""
        mean = X.sum(axis=1).mean()
        if X.shape[1] > 1 and mean >= 1:
            return super().fit(X, multiplier)
        everywhere = np.asarray(X.sum(axis=0), dtype=np.float64).ravel()
        self._idf_diag = csr_matrix(np.diag(np.log(max(int(mean), 1) / everywhere + 1)))
        return self


class SteadyBERTopic(BERTopic):  # type: ignore[misc]  # BERTopic is not typed
    """BERTopic with ties that go by number and alphabet, not by how the processor sorts, and with repairs of known faults."""

    topic_embeddings_: Any
    _given: dict[int, tuple[str, Any]] = {}  # noqa: RUF012  # replaced, never changed

    def named(self, labels: dict[int, str], given: Iterable[int]) -> SteadyBERTopic:
        """Return this model with labels: a copy that shares all else.

        Parameters
        ----------
        labels : dict
            The label of each topic, for `custom_labels_`.
        given : iterable of int
            The topics whose label is not made from their words; `topic_labels_` has these.
        """
        changed = copy.copy(self)
        changed.set_topic_labels({topic: labels.get(topic) for topic in self.topic_sizes_})
        changed._given = {topic: (labels[topic], self.topic_representations_[topic]) for topic in given}
        return changed

    @property
    def topic_labels_(self) -> dict[int, str]:
        """Labels of the topics: the given one as long as the topic has the words that it had then, else number and words."""
        found: dict[int, str] = super().topic_labels_
        for topic, (label, words) in self._given.items():
            if self.topic_representations_.get(topic) == words:
                found[topic] = label
        return found

    def merge_topics(self, *args: Any, **settings: Any) -> None:
        """Merge topics in place; labels are dropped, since BERTopic would leave them to other topics."""
        self.custom_labels_, self._given = None, {}
        super().merge_topics(*args, **settings)

    def reduce_topics(self, *args: Any, **settings: Any) -> BERTopic:
        """Reduce topics in place; labels are dropped."""
        self.custom_labels_, self._given = None, {}
        return super().reduce_topics(*args, **settings)

    def delete_topics(self, *args: Any, **settings: Any) -> None:
        """Delete topics in place; labels are dropped, since BERTopic fails on a list of them."""
        self.custom_labels_, self._given = None, {}
        super().delete_topics(*args, **settings)

    def _sort_mappings_by_frequency(self, documents: pd.DataFrame) -> pd.DataFrame:
        # BERTopic's own uses an unstable sort, and its order comes from the order of the documents
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

    def update_topics(self, docs: list[str], images: Any = None, topics: Any = None, **settings: Any) -> None:
        """Update words and topics; by default texts are cut into words as before.

        BERTopic's own keeps the outliers' vector when there are no outliers any more, and then every topic that a reloaded
        model predicts is one too high.
        """
        if settings.get("vectorizer_model") is None and settings.get("n_gram_range") is None:
            settings["vectorizer_model"] = self.vectorizer_model
        if settings.get("ctfidf_model") is None:
            settings["ctfidf_model"] = SteadyCtfidf()

        before = self.topics_ if self.topics_ is not None else []
        had, kept = -1 in before, {t for t in before if t != -1}
        super().update_topics(docs, images=images, topics=topics, **settings)

        after = set(self.topics_)
        if len(self.topic_embeddings_) != len(after):
            if had and -1 not in after and after == kept:
                self.topic_embeddings_ = self.topic_embeddings_[1:]
            else:
                self._create_topic_vectors()

    def reduce_outliers(self, documents: list[str], topics: list[int], *args: Any, **settings: Any) -> list[int]:
        """Give outliers a topic; without outliers BERTopic raises, and this returns the topics."""
        if -1 not in topics or not self._outliers:
            return list(topics)
        return [int(topic) for topic in super().reduce_outliers(documents, topics, *args, **settings)]

    def topics_over_time(
        self,
        docs: list[str],
        timestamps: Any,
        topics: list[int] | None = None,
        nr_bins: int | None = None,
        datetime_format: str | None = None,
        **settings: Any,
    ) -> pd.DataFrame:
        """Count topics over time; dates may be text, on which BERTopic fails with pandas 3."""
        times = list(timestamps)
        if times and isinstance(times[0], str):
            times = pd.to_datetime(pd.Series(times), format=datetime_format).tolist()
        return super().topics_over_time(docs, times, topics, nr_bins, None, **settings)

    def partial_fit(self, documents: list[str], embeddings: Any = None, y: Any = None) -> SteadyBERTopic:
        """Learn from more texts, in double precision, since scikit-learn's models refuse another."""
        if embeddings is None and self.embedding_model is not None:
            embeddings = self._extract_embeddings(list(documents), method="document", verbose=self.verbose)
        super().partial_fit(documents, embeddings=np.asarray(embeddings, dtype=np.float64), y=y)
        return self

    def visualize_approximate_distribution(self, document: str, *args: Any, **settings: Any) -> Any:
        """Colour the words of a text; pandas 3 renamed the method that BERTopic calls."""
        from pandas.io.formats.style import Styler

        old: Any = Styler
        missing = not hasattr(old, "applymap")
        if missing:
            old.applymap = old.map
        try:
            return super().visualize_approximate_distribution(document, *args, **settings)
        finally:
            if missing:
                del old.applymap

    def visualize_hierarchical_documents(
        self, docs: list[str], hierarchical_topics: pd.DataFrame, *args: Any, **settings: Any
    ) -> Any:
        """Draw texts at several levels of merging; BERTopic fails if there are fewer merges than levels."""
        if len(args) < 7:
            settings["nr_levels"] = max(1, min(settings.get("nr_levels", 10), len(hierarchical_topics)))

        # BERTopic names all merged topics but the highest: with one above it, which is never drawn, it has a name too
        highest = hierarchical_topics["Parent_ID"].astype(int).max() + 1
        above = hierarchical_topics.iloc[:1].assign(Parent_ID=str(highest), Distance=np.inf)
        merges = pd.concat([above, hierarchical_topics], ignore_index=True)

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return super().visualize_hierarchical_documents(docs, merges, *args, **settings)


def fit_model(
    texts: list[str],
    vectors: NDArray[np.float32],
    points: NDArray[np.float64],
    places: Places,
    labels: NDArray[np.int64],
    probabilities: NDArray[np.float64],
    counted: CountedWords,
    *,
    embedder: Embedder,
    seed_topics: list[list[str]] | None,
    n_words: int,
    min_size: int,
) -> SteadyBERTopic:
    """Fit BERTopic on texts whose vectors, points, labels and words are known, one row each."""
    model = SteadyBERTopic(
        embedding_model=Backend(embedder),  # with one, BERTopic does not strip letters outside A-Z from the texts
        umap_model=FittedLayout(points),
        hdbscan_model=FittedGroups(places, labels, probabilities),
        vectorizer_model=counted,
        ctfidf_model=SteadyCtfidf(
            seed_words=[word for words in seed_topics for word in words] if seed_topics else None, seed_multiplier=1.2
        ),
        top_n_words=n_words,
        min_topic_size=max(2, min_size),
    )
    filled = [text if text else " " for text in texts]  # for an empty one BERTopic would count the word "emptydoc"
    model.fit_transform(filled, embeddings=vectors)

    # BERTopic's own choice among equal words depends on the processor
    words = model.vectorizer_model.get_feature_names_out()
    ranked = weighed_words(model.c_tf_idf_, words, n_words)
    model.topic_representations_ = {
        topic: known + [("", 1e-05)] * (n_words - len(known))  # filled up as BERTopic does
        for topic, known in zip(sorted(model.topic_sizes_), ranked, strict=True)
    }
    return model
