"""Own what a fit and its repetitions share (texts, vectors, neighbours, counts), and one run over it.

Topics belong to texts: contexts with the same text have the same topic, and texts that differ in capitals or white space
only are the same. Texts are sorted, so that nothing depends on the order of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.models.embedders import Embedder, clean_texts, unit_rows
from toolkit.models.vocabulary import TopicWords
from toolkit.tables import FramingError
from toolkit.topics.counts import sum_by
from toolkit.topics.nearest import Floats, Labels, n_neighbours, nearest_kept, nearest_neighbours
from toolkit.topics.origins import stories_and_votes
from toolkit.topics.steps import AmongNeighbours, Groups, Layout, group, lay_out, merge_groups, rounded

_MOST = 30  # topics made unasked
_PULL = 0.25  # how far a text is drawn to the seed words that it is nearest to, as in BERTopic


@dataclass(frozen=True)
class Way:
    """How groups are made: the settings that may differ between runs over the same texts."""

    reduction: Any
    clustering: Any
    n_topics: int | None
    min_size: int


@dataclass(frozen=True)
class Guide:
    """Seed words and zero-shot topics as vectors.

    Attributes
    ----------
    seeds : ndarray
        One row per list of seed words, and a last one: the mean of all texts.
    labels : ndarray
        One row per zero-shot topic.
    min_similarity : float
        From which similarity on a text belongs to the most similar zero-shot topic.
    """

    seeds: Floats
    labels: Floats
    min_similarity: float

    def pull(self, vectors: Floats) -> Floats:
        """Move each text that is more like some seed words than like the mean text a quarter of the way to them."""
        if len(self.seeds) < 2:
            return vectors

        mean = self.seeds[-1:] / max(float(np.linalg.norm(self.seeds[-1])), 1e-12)
        nearest = np.argmax(np.round(vectors @ np.vstack([self.seeds[:-1], mean]).T, 6), axis=1)
        drawn = (nearest < len(self.seeds) - 1) & (vectors != 0).any(axis=1)

        moved = vectors.copy()
        moved[drawn] = (1 - _PULL) * vectors[drawn] + _PULL * self.seeds[nearest[drawn]]
        return rounded(unit_rows(moved))

    def similarities(self, vectors: Floats) -> Floats:
        """Return the cosine of each text with each zero-shot topic, rounded."""
        return np.round(vectors @ self.labels.T, 6)

    def fixed(self, vectors: Floats) -> Labels:
        """Return the zero-shot topic of each text, -1 where it has none."""
        if len(self.labels) == 0:
            return np.full(len(vectors), -1, dtype=np.int64)
        similarity = self.similarities(vectors)
        best = np.argmax(similarity, axis=1)
        return np.where(similarity[np.arange(len(vectors)), best] >= self.min_similarity, best, -1)


@dataclass(frozen=True)
class Prepared:
    """Texts and everything that runs share.

    Attributes
    ----------
    every : list of str
        The text of each context.
    texts : list of str
        The distinct texts with a letter or digit, sorted; of those that differ in capitals or white space only, the first.
    place : ndarray of int
        The place of each context's text, -1 where it has none.
    votes : ndarray of int
        How many contexts vote with each text: those of the first article of each story.
    story : tuple of ndarray of int
        The text and the story of each context that votes; stories are numbered in the order of their names.
    plain : ndarray
        The vector of each text as the embedder gave it.
    vectors : ndarray
        The same, of length 1 or 0, and moved towards seed words.
    fixed : ndarray of int
        The zero-shot topic of each text, -1 where it has none.
    words, counts
        The words, and how often each text has each.
    """

    contexts: pd.DataFrame
    every: list[str]
    texts: list[str]
    place: Labels
    votes: Labels
    story: tuple[Labels, Labels]
    plain: NDArray[np.float32]
    vectors: Floats
    fixed: Labels
    guide: Guide
    words: list[str]
    counts: Any
    embedder: Embedder
    analyzer: TopicWords

    @property
    def n_voting(self) -> int:
        """Contexts with text that vote."""
        return int(self.votes.sum())

    @cached_property
    def free(self) -> Labels:
        """The texts that are grouped: they vote, have a vector, and no zero-shot topic."""
        return np.flatnonzero((self.votes > 0) & (self.fixed < 0) & (self.vectors != 0).any(axis=1))

    @cached_property
    def free_vectors(self) -> Floats:
        """Their vectors."""
        return self.vectors[self.free]

    @cached_property
    def neighbours(self) -> tuple[Labels, Floats]:
        """The nearest of each of them: twice as many as a run needs, since a run leaves some out."""
        n = len(self.free)
        return nearest_neighbours(self.free_vectors, min(n - 1, 2 * n_neighbours(n)))

    def unasked(self, min_size: int) -> int:
        """Return how many topics to make where nobody says: few enough to read."""
        n = len(self.free)
        return max(1, min(round(n**0.5 / 2), _MOST, self.n_voting // min_size, n))

    def voting(self, labels: Labels) -> Labels:
        """Return the labels of texts, -1 for those that do not vote."""
        return np.where(self.votes > 0, labels, -1)

    def counts_by(self, labels: Labels, n: int) -> Any:
        """Count the words of the texts that vote by their label, 0 to n - 1."""
        return sum_by(self.counts, self.voting(labels), n)

    def by_context(self, values: NDArray[Any], missing: Any) -> NDArray[Any]:
        """Return the value of each context's text; `missing` where it has no text."""
        filled = self.place >= 0
        found = np.full(len(self.place), missing, dtype=np.result_type(values.dtype, type(missing)))
        found[filled] = values[self.place[filled]]
        return found


def prepare(
    contexts: pd.DataFrame,
    embedder: Any,
    analyzer: TopicWords,
    *,
    seed_topics: Sequence[Sequence[str]] | None,
    zeroshot_topics: Sequence[str] | None,
    min_similarity: float,
    step: Callable[[str], None],
) -> Prepared:
    """Make vectors and counts of contexts, once for all runs."""
    every = clean_texts(contexts["text"].tolist())
    texts, at = distinct_texts(every)
    if not texts:
        raise FramingError(f"None of these {len(every):,} contexts has any text. Look at contexts['text'].")

    story, voting = stories_and_votes(contexts)
    voting &= at >= 0
    votes = np.bincount(at[voting], minlength=len(texts))

    # a word that only copies have names no topic
    words, counts = analyzer.count(texts)
    used = np.flatnonzero(np.asarray(counts[votes > 0].sum(axis=0)).ravel())
    words, counts = [words[column] for column in used], counts[:, used]
    if not words:
        raise FramingError(
            f"None of these {len(every):,} texts has a word that could name a topic: they hold only stop words, numbers or "
            "signs. Look at contexts['text'], or give other stop_words."
        )

    step("embed")
    if hasattr(embedder, "fit"):
        embedder = embedder.fit([text for text, n in zip(texts, votes.tolist(), strict=True) if n])
    plain = _vectors(embedder, texts)
    if not plain.any():
        raise FramingError(f"The embedder {embedder.name!r} has a vector for none of these {len(texts):,} texts.")

    vectors = rounded(plain)
    guide = _guide(embedder, vectors[votes > 0], seed_topics, zeroshot_topics, min_similarity)
    fixed = guide.fixed(vectors)
    return Prepared(
        contexts.copy(deep=False), every, texts, at, votes, (at[voting], story[voting]), plain.astype(np.float32),
        guide.pull(vectors), fixed, guide, words, counts, embedder, analyzer,
    )  # fmt: skip


def distinct_texts(every: Sequence[str]) -> tuple[list[str], Labels]:
    """Return the distinct texts that say something, sorted, and the place of each given text among them, -1 where it says nothing.

    Examples
    --------
    >>> texts, place = distinct_texts(["The ban", "the  ban", "A wall", "🎉"])
    >>> texts, place.tolist()
    (['A wall', 'The ban'], [1, 1, 0, -1])
    """
    first: dict[str, str] = {}
    keys = {text: " ".join(text.split()).casefold() for text in sorted(set(every)) if any(map(str.isalnum, text))}
    for text, key in keys.items():
        first.setdefault(key, text)

    texts = sorted(first.values())
    number = {text: at for at, text in enumerate(texts)}
    place = np.array([number[first[keys[text]]] if text in keys else -1 for text in every], dtype=np.int64)
    return texts, place


def _vectors(embedder: Embedder, texts: Sequence[str]) -> NDArray[Any]:
    vectors = np.asarray(embedder.embed(texts))
    if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
        wrong = f"an array of shape {vectors.shape}" if np.isfinite(vectors).all() else "numbers that are not finite"
        raise FramingError(
            f"The embedder {embedder.name!r} must give one row of finite numbers for each of {len(texts):,} texts; it gave "
            f"{wrong}."
        )
    return vectors


def _guide(
    embedder: Embedder,
    vectors: Floats,
    seed_topics: Sequence[Sequence[str]] | None,
    zeroshot_topics: Sequence[str] | None,
    min_similarity: float,
) -> Guide:
    seeds = labels = np.zeros((0, vectors.shape[1]))
    if seed_topics:
        lists = rounded(_vectors(embedder, [" ".join(words) for words in seed_topics]))
        seeds = np.vstack([lists, vectors.mean(axis=0)])
    if zeroshot_topics:
        labels = rounded(_vectors(embedder, list(zeroshot_topics)))
    return Guide(seeds, labels, min_similarity)


@dataclass(frozen=True)
class Run:
    """One grouping of texts.

    Attributes
    ----------
    labels : ndarray of int
        Of each text: a zero-shot topic, or the number of zero-shot topics plus a group; -1 for an outlier.
    probabilities : ndarray of float
        Of belonging to it; NaN where the clustering gives none.
    fitted : ndarray of int
        The texts that were grouped; the others were placed afterwards.
    layout, groups, merged
        The steps, and which groups are one; None where no text was left to group.
    """

    labels: Labels
    probabilities: Floats
    fitted: Labels
    layout: Layout | None
    groups: Groups | None
    merged: dict[int, int]


def run_once(
    prepared: Prepared, way: Way, *, seed: int, keep: Labels | None = None, step: Callable[[str], None] | None = None
) -> Run:
    """Group the texts, or some of them in the order in which they are given, and place the others.

    Parameters
    ----------
    prepared : Prepared
        The texts.
    way : Way
        How they are grouped.
    seed : int
        Where k-means and UMAP start.
    keep : ndarray of int, optional
        Which of ``prepared.free`` to group, in which order; by default all.
    step : callable, optional
        Is told the name of each step as it begins.
    """
    free, vectors = prepared.free, prepared.free_vectors
    labels = prepared.fixed.copy()
    probabilities = np.full(len(labels), np.nan)
    n_fixed = len(prepared.guide.labels)
    kept = np.arange(len(free)) if keep is None else keep
    if len(kept) == 0:
        return Run(labels, probabilities, kept, None, None, {})

    # k-means finds as many groups as the layout has dimensions; a clustering that chooses its own number needs at least two
    wanted = way.n_topics or prepared.unasked(way.min_size)
    dimensions = wanted if way.clustering == "kmeans" else max(2, prepared.unasked(way.min_size))

    if step is not None:
        step("reduce")
    near = others = None
    if way.reduction in ("spectral", "umap") and len(kept) > 3:
        k = n_neighbours(len(kept))
        if keep is None:
            near = (prepared.neighbours[0][:, :k], prepared.neighbours[1][:, :k])
        else:
            near, others = nearest_kept(vectors, prepared.neighbours, kept, k)
    layout = lay_out(vectors[kept], way.reduction, dimensions=dimensions, seed=seed, neighbours=near)

    if step is not None:
        step("cluster")
    least = max(1, round(way.min_size * (len(kept) / len(free))))
    groups = group(layout.points, way.clustering, n_topics=wanted, min_size=least, seed=seed)
    merged = {int(label): int(label) for label in np.unique(groups.labels) if label >= 0}
    if way.n_topics is not None and groups.name != "kmeans":
        merged = merge_groups(groups.labels, vectors[kept], way.n_topics)
    fitted = free[kept]
    labels[fitted] = groups.labels
    probabilities[fitted] = groups.probabilities

    # texts that this run left out are placed by their neighbours, which are known already
    left = np.delete(np.arange(len(free)), kept)
    if len(left):
        if others is not None and isinstance(layout.placer, AmongNeighbours):
            labels[free[left]] = groups.predict(rounded(layout.placer.among(*others)))
        else:
            labels[free[left]] = groups.predict(layout.transform(vectors[left]))

    # and so are copies, which never vote
    copies = np.flatnonzero((prepared.votes == 0) & (prepared.fixed < 0) & (prepared.vectors != 0).any(axis=1))
    if len(copies):
        labels[copies] = groups.predict(layout.transform(prepared.vectors[copies]))

    grouped = prepared.fixed < 0
    labels[grouped] = [n_fixed + merged[label] if label in merged else -1 for label in labels[grouped].tolist()]
    return Run(labels, probabilities, fitted, layout, groups, merged)


@dataclass
class Places:
    """The topics of new vectors, as the fit would have them.

    Attributes
    ----------
    guide, layout, groups
        What the fit was made of.
    renamed : dict
        From a zero-shot topic, or the number of zero-shot topics plus a group of the clustering, to a topic.
    """

    guide: Guide
    layout: Layout | None
    groups: Groups | None
    renamed: dict[int, int]

    def predict(self, vectors: NDArray[Any]) -> Labels:
        """Return topics; a vector of zeros is an outlier."""
        given = rounded(unit_rows(vectors))
        found = self.guide.fixed(given)
        free = np.flatnonzero((found < 0) & (given != 0).any(axis=1))
        if self.groups is not None and self.layout is not None and len(free):
            own = self.groups.predict(self.layout.transform(self.guide.pull(given[free])))
            found[free] = np.where(own >= 0, own + len(self.guide.labels), -1)
        return np.array([self.renamed.get(int(label), -1) for label in found], dtype=np.int64)
