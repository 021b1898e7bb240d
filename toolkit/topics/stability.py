"""Own the stability certificate: which topics are found again when the fit is repeated on other stories."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.measures.intervals import wilson
from toolkit.measures.matches import average_jaccard, group_jaccard, match_groups, mean_interval
from toolkit.topics.counts import class_tfidf, sum_by, top_words
from toolkit.topics.likeness import chance_separation, cohesion, separation, word_vectors
from toolkit.topics.nearest import Floats, Labels
from toolkit.topics.preparation import Prepared, Way, run_once

SHARE = 0.8  # of the stories that a run takes
FOUND = 0.75  # Jaccard index from which on a topic is found again
STABLE = 0.8  # persistence from which on a topic is called stable
_FEW = 25  # stories below which texts are drawn instead


@dataclass(frozen=True)
class Repeat:
    """One run on part of the stories.

    Attributes
    ----------
    labels : ndarray of int
        The group of each text in the run, -1 for an outlier.
    seen : ndarray of bool
        Which texts the run had; the others were placed afterwards.
    """

    labels: Labels
    seen: NDArray[np.bool_]


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
    adjusted_rand : ndarray of float
        Of each run, how alike its grouping of the texts that it had is to that of the fit.
    repeats : list of Repeat
        The runs.
    """

    table: pd.DataFrame
    probability: Floats
    consensus: Labels
    adjusted_rand: Floats
    repeats: Sequence[Repeat]


STABILITY_COLUMNS = (
    "persistence", "persistence_low", "persistence_high", "stability", "stability_low", "stability_high",
    "word_stability", "word_stability_low", "word_stability_high", "cohesion", "separation",
    "chance_separation", "stable",
)  # fmt: skip


def certify(
    prepared: Prepared,
    way: Way,
    labels: Labels,
    *,
    seed: int,
    resamples: int,
    words: int,
    min_size: int,
    progress: Callable[[], Any] | None = None,
) -> Certificate:
    """Repeat a fit on part of the stories, and say which of its topics are found again.

    Each run takes 80 % of the stories, drawn anew, in a new order, with another seed; the passages of the others are placed
    afterwards, as new ones would be. New seeds and orders alone would be a weak test, since the spectral layout hardly
    depends on them: it finds the same groups in noise again and again. A topic that exists only because of these very
    passages does not survive the loss of a fifth of them.

    Topics are matched one to one so that the mean of two likenesses adds up to the most: the Jaccard index of their
    passages and the cosine of their words (c-TF-IDF). A topic is found again if two things hold. The index is 0.75 or more,
    which Hennig (2007, 2008) takes for the recovery of a cluster (at 0.5, his mark of dissolution, groups in noise still
    pass). And the words say that the match is a topic (`toolkit.topics.likeness`): two of its passages are more alike than
    any two, or else a heap of what fits nowhere would persist, since it is left over every time; and they are set off from
    the rest by more than groups of words dealt out at random are, or else the regions of a static embedding would persist,
    in which even random words have fixed places.

    Parameters
    ----------
    prepared : Prepared
        The texts.
    way : Way
        How they are grouped.
    labels : ndarray of int
        The topic of each text in the fit.
    seed, resamples, words, min_size : int
        Seed of the fit; number of runs; number of words of each topic that are compared; number of contexts below which
        nothing is called stable.
    progress : callable, optional
        Is called after each run.
    """
    repeats = []
    for at in range(resamples):
        draw = np.random.default_rng([seed, at + 1])
        keep = _drawn(prepared, draw)
        run = run_once(prepared, way, seed=int(draw.integers(2**31)), keep=keep)

        seen = np.zeros(len(labels), dtype=bool)
        seen[run.fitted] = True
        seen |= (prepared.fixed >= 0) & (prepared.votes > 0)  # zero-shot topics are given, in each run
        repeats.append(Repeat(_numbered(run.labels), seen))

        if progress is not None:
            progress()
    return judged(prepared, labels, repeats, words=words, min_size=min_size)


def judged(
    prepared: Prepared,
    labels: Labels,
    repeats: Sequence[Repeat],
    *,
    words: int,
    min_size: int,
    core: Labels | None = None,
) -> Certificate:
    """Say which topics the runs found again.

    Parameters
    ----------
    prepared : Prepared
        The texts.
    labels : ndarray of int
        The topic of each text.
    repeats : list of Repeat
        The runs.
    words, min_size : int
        Number of words of each topic that are compared; number of contexts below which nothing is called stable.
    core : ndarray of int, optional
        The topic of each text before outliers were placed by hand: what is to be found again.
    """
    from sklearn.metrics import adjusted_rand_score

    core = labels if core is None else core
    n_topics = int(labels.max()) + 1 if len(labels) else 0
    voting = prepared.votes > 0

    # what the words of the topics say by themselves
    vectors = word_vectors(prepared.counts[voting])
    sizes = np.bincount(core[voting & (core >= 0)], minlength=n_topics)
    chance = chance_separation(prepared.counts[voting], sizes)
    least = np.where(np.isnan(chance), 1.0, chance)  # too few texts to deal out
    tfidf = class_tfidf(prepared.counts_by(core, n_topics))
    named = top_words(tfidf, prepared.words, words)

    overlap, likeness, again = (np.full((len(repeats), n_topics), np.nan) for _ in range(3))
    rand = np.full(len(repeats), np.nan)
    votes = np.zeros((len(labels), n_topics + 1), dtype=np.int32)  # the last column: outliers
    own = np.where(labels >= 0, labels, n_topics)
    same = np.zeros(len(labels), dtype=np.int32)
    for at, repeat in enumerate(repeats):
        found, seen = repeat.labels, repeat.seen
        n_found = int(found.max(initial=-1)) + 1
        there = np.flatnonzero(seen)
        rand[at] = adjusted_rand_score(core[there], found[there])

        # match the topics with the groups of the run
        jaccard = group_jaccard(core[there], found[there], n_topics, n_found)
        inside = np.where(seen, found, -1)
        other = class_tfidf(sum_by(prepared.counts, inside, n_found))
        match = match_groups(np.round((jaccard + _cosine(tfidf, other)) / 2, 9))

        # judge each topic of which the run had any text
        others = top_words(other, prepared.words, words)
        alike = cohesion(vectors, inside[voting], n_found)
        apart = separation(vectors, inside[voting], n_found)
        present = np.bincount(core[there][core[there] >= 0], minlength=n_topics) > 0
        for topic in np.flatnonzero(present).tolist():
            to = int(match[topic])
            overlap[at, topic] = jaccard[topic, to] if to >= 0 else 0.0
            likeness[at, topic] = average_jaccard(named[topic], others[to]) if to >= 0 else 0.0
            coheres = n_topics == 1 or (to >= 0 and alike[to] > 1 and apart[to] > least[topic])
            again[at, topic] = overlap[at, topic] >= FOUND and coheres

        # and let each text vote for the topic whose match it fell in
        back = np.full(n_found + 1, -1, dtype=np.int64)  # a group without a match is none of the topics
        back[match[match >= 0]] = np.flatnonzero(match >= 0)
        back[-1] = n_topics  # an outlier
        fell = back[np.where(found >= 0, found, n_found)]
        same += fell == own
        known = np.flatnonzero(fell >= 0)
        votes[known, fell[known]] += 1

    # the fit itself is a vote, and ties go to it
    rows = np.arange(len(labels))
    votes[rows, own] += 1
    most = votes.max(axis=1) if len(labels) else np.zeros(0)
    consensus = np.where(votes[rows, own] == most, own, votes.argmax(axis=1))
    consensus = np.where(consensus == n_topics, -1, consensus).astype(np.int64)

    contexts = np.bincount(core[core >= 0], weights=prepared.votes[core >= 0], minlength=n_topics)
    again[:, contexts < min_size] = np.nan
    table = _table(overlap, likeness, again).assign(
        cohesion=cohesion(vectors, core[voting], n_topics),
        separation=separation(vectors, core[voting], n_topics),
        chance_separation=chance,
    )
    return Certificate(table[list(STABILITY_COLUMNS)], same / len(repeats), consensus, rand, repeats)


def regrouped(repeats: Sequence[Repeat], core: Labels, merged: Sequence[int]) -> list[Repeat]:
    """Return the runs with the same merges: groups with more than half of their texts in a merged topic become one.

    Parameters
    ----------
    repeats : list of Repeat
        The runs.
    core : ndarray of int
        The topic of each text after the merge.
    merged : list of int
        Which of them were put together of several.
    """
    changed = []
    for repeat in repeats:
        labels = repeat.labels.copy()
        there = np.flatnonzero(repeat.seen & (labels >= 0))
        size = np.bincount(labels[there])

        for topic in merged:
            inside = np.bincount(labels[there][core[there] == topic], minlength=len(size))
            groups = np.flatnonzero(2 * inside > size)
            if len(groups) > 1:
                labels[np.isin(labels, groups)] = groups[0]

        changed.append(replace(repeat, labels=_numbered(labels)))
    return changed


def _numbered(labels: Labels) -> Labels:
    """Number the groups that exist from 0; outliers stay -1."""
    found = np.full(len(labels), -1, dtype=np.int64)
    found[labels >= 0] = np.unique(labels[labels >= 0], return_inverse=True)[1]
    return found


def _drawn(prepared: Prepared, draw: np.random.Generator) -> Labels:
    """Draw 80 % of the stories; return which of the grouped texts they have, in a new order."""
    text, story = prepared.story
    names = np.unique(story)
    n_free = len(prepared.free)
    if len(names) < _FEW:  # one or a few articles: passages are drawn
        keep = draw.choice(n_free, max(1, round(SHARE * n_free)), replace=False)
        return keep.astype(np.int64)

    taken = draw.choice(names, max(1, round(SHARE * len(names))), replace=False)
    has = np.zeros(len(prepared.texts), dtype=bool)
    has[text[np.isin(story, taken)]] = True
    kept = np.flatnonzero(has[prepared.free])
    if len(kept) == 0:
        kept = np.arange(n_free)
    return draw.permutation(kept).astype(np.int64)


def _cosine(one: Any, other: Any) -> Floats:
    product = np.asarray((one @ other.T).todense(), dtype=np.float64)
    lengths = [np.sqrt(np.asarray(each.multiply(each).sum(axis=1)).ravel()) for each in (one, other)]
    scale = np.outer(*lengths)
    return np.divide(product, scale, out=np.zeros_like(product), where=scale > 0)


def _table(overlap: Floats, likeness: Floats, again: Floats) -> pd.DataFrame:
    """Return a row for each topic: in how many of the runs it was found again, and how alike its matches were."""
    rows = []
    for members, words, found in zip(overlap.T, likeness.T, again.T, strict=True):
        n = int((~np.isnan(found)).sum())
        n_found = int(np.nansum(found))
        low, high = (float(x) for x in wilson(n_found, n)) if n else (np.nan, np.nan)
        share = n_found / n if n else np.nan
        rows.append((share, low, high, *mean_interval(members), *mean_interval(words), bool(n and share >= STABLE)))

    columns = [name for name in STABILITY_COLUMNS if name not in ("cohesion", "separation", "chance_separation")]
    table = pd.DataFrame(rows, columns=columns)
    return table.astype({name: "bool" if name == "stable" else "float64" for name in columns})
