"""Own the stability certificate: which topics are found again when the fit is repeated on other stories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.measures.intervals import wilson
from toolkit.measures.matching import average_jaccard, group_jaccard, match_groups, mean_interval
from toolkit.topics.counts import class_tfidf, sum_by, top_words
from toolkit.topics.preparing import Prepared, Way, run_once

Labels = NDArray[np.int64]

SHARE = 0.8  # of the stories that a run takes
FOUND = 0.75  # Jaccard index from which on a topic is found again
STABLE = 0.8  # persistence from which on a topic is called stable
_FEW = 25  # stories below which texts are drawn instead


@dataclass(frozen=True)
class Certificate:
    """What the runs say.

    Attributes
    ----------
    table : DataFrame
        One row per topic, the columns of `STABILITY_COLUMNS`.
    probability : ndarray of float
        Of each text, the share of runs in which it falls in the match of its topic.
    consensus : ndarray of int
        Of each text, the topic in which it falls most often, the fit itself being one vote.
    """

    table: pd.DataFrame
    probability: NDArray[np.float64]
    consensus: Labels


STABILITY_COLUMNS = (
    "persistence", "persistence_low", "persistence_high", "stability", "stability_low", "stability_high",
    "word_stability", "word_stability_low", "word_stability_high", "stable",
)  # fmt: skip


def certify(
    prepared: Prepared, way: Way, labels: Labels, *, seed: int, runs: int, words: int, progress: Any = None
) -> Certificate:
    """Repeat a fit on part of the stories, and say which of its topics are found again.

    Each run takes 80 % of the stories, drawn anew, in a new order, and another seed; the passages of the others are
    placed afterwards, as new ones would be. Seeds and orders alone would be a weak test, since the spectral layout hardly
    depends on them: it finds the same groups in noise again and again. What is only there because of these very passages
    does not survive that a fifth of them is missing.

    Topics are matched one to one so that the mean of two likenesses adds up to the most: the Jaccard index of their
    passages and the cosine of their words (c-TF-IDF). A topic is found again where the index is 0.75 or more, which Hennig
    (2007, 2008) takes for the recovery of a cluster; at 0.5, his mark of dissolution, groups in noise still pass.

    Parts of noise can persist all the same where few topics are asked for and the embedding is lopsided: random words lie
    in regions of a static embedding, and the regions are the same in every run. That is structure of the embedding, not
    chance, and no repetition can tell it from a topic; words and lines can.

    Parameters
    ----------
    prepared : Prepared
        The texts.
    way : Way
        How they are grouped.
    labels : ndarray of int
        The topic of each text in the fit.
    seed, runs, words : int
        Of the fit; how many runs; how many words of each topic are compared.
    """
    n_topics = int(labels.max()) + 1 if len(labels) else 0
    tfidf = class_tfidf(sum_by(prepared.counts, np.where(prepared.votes > 0, labels, -1), n_topics))
    named = top_words(tfidf, prepared.words, words)
    overlap = np.full((runs, n_topics), np.nan)
    likeness = np.full((runs, n_topics), np.nan)
    votes = np.zeros((len(labels), n_topics + 1), dtype=np.int32)  # the last column: outliers
    own = np.where(labels >= 0, labels, n_topics)
    same = np.zeros(len(labels), dtype=np.int32)
    for at in range(runs):
        draw = np.random.default_rng([seed, at + 1])
        keep = _drawn(prepared, draw)
        done = run_once(prepared, way, seed=int(draw.integers(2**31)), keep=keep)
        codes, found = np.unique(done.labels[done.labels >= 0], return_inverse=True)
        again = np.full(len(labels), -1, dtype=np.int64)
        again[done.labels >= 0] = found
        seen = np.zeros(len(labels), dtype=bool)
        seen[done.fitted] = True
        seen |= (prepared.fixed >= 0) & (prepared.votes > 0)
        there = np.flatnonzero(seen)
        jaccard = group_jaccard(labels[there], again[there], n_topics, len(codes))
        other = class_tfidf(sum_by(prepared.counts, np.where(seen, again, -1), len(codes)))
        match = match_groups(np.round((jaccard + _cosine(tfidf, other)) / 2, 9))
        others = top_words(other, prepared.words, words)
        present = np.bincount(labels[there][labels[there] >= 0], minlength=n_topics) > 0
        for topic in np.flatnonzero(present).tolist():
            to = int(match[topic])
            overlap[at, topic] = jaccard[topic, to] if to >= 0 else 0.0
            likeness[at, topic] = average_jaccard(named[topic], others[to]) if to >= 0 else 0.0
        back = np.full(len(codes) + 1, -1, dtype=np.int64)  # a group that matches nothing is none of the topics
        back[match[match >= 0]] = np.flatnonzero(match >= 0)
        back[-1] = n_topics  # an outlier
        fell = back[np.where(again >= 0, again, len(codes))]
        same += fell == own
        known = np.flatnonzero(fell >= 0)
        votes[known, fell[known]] += 1
        if progress is not None:
            progress()
    votes[np.arange(len(labels)), own] += 1
    most = votes.max(axis=1) if len(labels) else np.zeros(0)
    consensus = np.where(votes[np.arange(len(labels)), own] == most, own, votes.argmax(axis=1))
    return Certificate(
        _table(overlap, likeness), same / runs, np.where(consensus == n_topics, -1, consensus).astype(np.int64)
    )


def _drawn(prepared: Prepared, draw: np.random.Generator) -> Labels:
    """Draw 80 % of the stories; return which of the grouped texts they have, in a new order."""
    text, story = prepared.story
    n_stories = len(np.unique(story))
    n_free = len(prepared.free)
    if n_stories < _FEW:  # one or a few articles: passages are drawn
        keep = draw.choice(n_free, max(1, round(SHARE * n_free)), replace=False)
        return keep.astype(np.int64)
    names = np.unique(story)
    taken = draw.choice(names, max(1, round(SHARE * n_stories)), replace=False)
    has = np.zeros(len(prepared.texts), dtype=bool)
    has[text[np.isin(story, taken)]] = True
    kept = np.flatnonzero(has[prepared.free])
    if len(kept) == 0:
        kept = np.arange(n_free)
    return draw.permutation(kept).astype(np.int64)


def _cosine(one: Any, other: Any) -> NDArray[np.float64]:
    product = np.asarray((one @ other.T).todense(), dtype=np.float64)
    lengths = [np.sqrt(np.asarray(each.multiply(each).sum(axis=1)).ravel()) for each in (one, other)]
    scale = np.outer(*lengths)
    return np.divide(product, scale, out=np.zeros_like(product), where=scale > 0)


def _table(overlap: NDArray[np.float64], likeness: NDArray[np.float64]) -> pd.DataFrame:
    rows = []
    for members, same in zip(overlap.T, likeness.T, strict=True):
        known = members[~np.isnan(members)]
        n = len(known)
        found = int((known >= FOUND).sum())
        low, high = (float(x) for x in wilson(found, n)) if n else (np.nan, np.nan)
        share = found / n if n else np.nan
        rows.append((share, low, high, *mean_interval(members), *mean_interval(same), bool(n and share >= STABLE)))
    table = pd.DataFrame(rows, columns=list(STABILITY_COLUMNS))
    return table.astype({name: "bool" if name == "stable" else "float64" for name in STABILITY_COLUMNS})
