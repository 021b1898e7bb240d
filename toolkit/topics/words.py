"""Own how topics are read: their words by several measures, and lines drawn across sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.models.embedders import clean_texts, unit_rows
from toolkit.recipes import make_recipe
from toolkit.tables import FramingError, listed, not_found, pick
from toolkit.topics.counts import class_tfidf, sum_by
from toolkit.topics.merges import fit_of
from toolkit.topics.preparation import stories_and_votes
from toolkit.topics.record import Topics
from toolkit.topics.shares import marked

WORD_MEASURES = ("c_tfidf", "frex", "exclusivity", "n")

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def topic_words(topics: Topics, *, measure: str = "frex", n: int = 10, weight: float = 0.5) -> pd.DataFrame:
    """List the words of each topic, ranked by how telling, how frequent and exclusive, or how often they are.

    Parameters
    ----------
    topics : Topics
        From `tk.fit_topics`.
    measure : {"frex", "c_tfidf", "exclusivity", "n"}, keyword-only
        What ranks them.
    n : int, keyword-only
        Words per topic.
    weight : float, keyword-only
        Of exclusivity in FREX, from 0 (frequency alone) to 1.

    Returns
    -------
    DataFrame
        Topic words: one row per topic and word: `topic`; `label`; `rank` (from 1); `word`; `n`, occurrences in the topic's texts,
        and `n_total`, in those of all topics and outliers; `n_texts`, texts of the topic that have it, of `n_texts_total`;
        `n_stories` of the topic that have it; `c_tfidf`; `exclusivity`, the word's rate in the topic over the sum of its rates in
        all topics; `frex`, from 0 to 1.

    Raises
    ------
    FramingError
        When there is no such measure, or the topics do not hold their fit.

    Notes
    -----
    Counted are texts that vote (see `tk.fit_topics`), each once: copies make no word.

    FREX (Bischof and Airoldi 2012) is the harmonic mean of two ranks of a word within the topic, its rate and its exclusivity, each as
    an empirical distribution function: 1 / (w / ECDF(exclusivity) + (1 - w) / ECDF(rate)), here as `stm` has it for topics without a
    hierarchy. But ranks are taken among the words that the topic has in two stories at least (in one, where it has no such word):
    topics of passages lack most of the vocabulary, and a word of one long article is as exclusive as can be. Exclusivity counts topics
    alike, whatever their size; outliers are no topic.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> texts = ["rain wind coast people"] * 2 + ["rain wind people ice"] * 2 + ["judge court ban people"] * 4
    >>> contexts = pd.DataFrame({"context_id": list("abcdefgh"), "text": [f"{t} {i}" for i, t in enumerate(texts)]})
    >>> topics = tk.fit_topics(contexts, n_topics=2, min_size=3, runs=0)
    >>> found = tk.topic_words(topics, n=3)
    >>> found.loc[found["word"].isin(["rain", "judge"]), ["word", "n", "n_total", "exclusivity", "frex"]].sort_values("word")
        word  n  n_total  exclusivity  frex
    2  judge  4        4          1.0   1.0
    3   rain  4        4          1.0   1.0
    """
    if measure not in WORD_MEASURES:
        raise not_found("measure of words", str(measure), WORD_MEASURES)
    check_whole("n", n, 1)
    if isinstance(weight, bool) or not isinstance(weight, (int, float)) or not 0 <= weight <= 1:
        raise FramingError(f"weight is a number from 0 to 1; this is {weight!r}.")
    fit = checked_fit(topics)
    prepared = fit.prepared
    voting = np.where(prepared.votes > 0, fit.labels, -2)
    names = real_topics(topics)
    n_topics = len(names)
    counts = sum_by(prepared.counts, voting, n_topics)
    present = sum_by((prepared.counts > 0).astype(np.int64), voting, n_topics)
    n_texts = np.bincount(voting[voting >= 0], minlength=n_topics)
    everywhere = np.asarray(prepared.counts[prepared.votes > 0].sum(axis=0), dtype=np.int64).ravel()
    tfidf = class_tfidf(counts)
    size = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel()
    rates = counts.multiply(np.divide(1, size, out=np.zeros_like(size), where=size > 0)[:, None]).tocsr()
    summed = np.asarray(rates.sum(axis=0), dtype=np.float64).ravel()
    n_stories = _stories_with(prepared, voting, n_topics)
    parts = []
    for topic in range(n_topics):
        at = counts[topic].indices.astype(np.int64)
        hits = counts[topic].data
        several = n_stories[topic][at] > 1
        if several.any():
            at, hits = at[several], hits[several]
        order = np.argsort(at)
        at, hits = at[order], hits[order]
        rate = np.asarray(rates[topic].toarray()).ravel()[at]
        exclusivity = rate / summed[at]
        part = pd.DataFrame(
            {
                "topic": topic,
                "word": pick(prepared.words, at),
                "n": hits.astype(np.int64),
                "n_total": everywhere[at],
                "n_stories": n_stories[topic][at],
                "n_texts": np.asarray(present[topic].toarray()).ravel()[at].astype(np.int64),
                "n_texts_total": int(n_texts[topic]),
                "c_tfidf": np.asarray(tfidf[topic].toarray()).ravel()[at],
                "exclusivity": exclusivity,
                "frex": frex(rate, exclusivity, weight),
            }
        )
        rounded = np.round(part[measure].to_numpy(dtype=float), 12)
        best = np.lexsort((np.arange(len(part)), -part["n"].to_numpy(), -rounded))[:n]
        parts.append(part.iloc[best].assign(rank=np.arange(1, len(best) + 1)))
    columns = [
        "topic",
        "label",
        "rank",
        "word",
        "n",
        "n_total",
        "n_texts",
        "n_texts_total",
        "n_stories",
        "c_tfidf",
        "exclusivity",
        "frex",
    ]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[c for c in columns if c != "label"])
    table["label"] = pick(list(names.values()), table["topic"].to_numpy(dtype=np.int64))
    return finished(table[columns], topics, "topic_words", {"measure": measure, "n": int(n), "weight": float(weight)})


def _stories_with(prepared: Any, voting: Ints, n_topics: int) -> Ints:
    """Return in how many stories each topic has each word: topics by words."""
    from scipy.sparse import csr_matrix

    text, story = prepared.story
    group, number = np.unique(voting[text] * (int(story.max(initial=0)) + 1) + story, return_inverse=True)
    member = csr_matrix((np.ones(len(text), dtype=np.int64), (number, text)), shape=(len(group), len(voting)))
    has = ((member @ (prepared.counts > 0).astype(np.int64)) > 0).astype(np.int64).tocsr()
    return np.asarray(sum_by(has, group // (int(story.max(initial=0)) + 1), n_topics).toarray(), dtype=np.int64)


def frex(rate: Floats, exclusivity: Floats, weight: float = 0.5) -> Floats:
    """Return the harmonic mean of the ranks of words by rate and by exclusivity (Bischof and Airoldi 2012).

    Examples
    --------
    Three words: the ranks by rate are 1/3, 2/3 and 1, by exclusivity 1, 1/3 and 2/3.

    >>> frex(np.array([0.1, 0.2, 0.7]), np.array([0.9, 0.2, 0.5])).round(3).tolist()
    [0.5, 0.444, 0.8]
    """
    if len(rate) == 0:
        return np.zeros(0)
    one, other = (_ecdf(np.round(each, 12)) for each in (exclusivity, rate))
    return np.asarray(1 / (weight / one + (1 - weight) / other), dtype=np.float64)


def _ecdf(values: Floats) -> Floats:
    return np.searchsorted(np.sort(values), values, side="right").astype(np.float64) / len(values)


def topic_lines(topics: Topics, *, n: int = 3, by: str = "source") -> pd.DataFrame:
    """Choose lines to read of each topic: those nearest to its centre, dealt across sources, at most one of a story.

    Parameters
    ----------
    topics : Topics
        From `tk.fit_topics`.
    n : int, keyword-only
        Lines per topic.
    by : str, keyword-only
        The column across whose values lines are dealt: first the nearest line of each source, the sources with the nearest
        first, and only then a second one of any. Where the contexts have no such column the nearest lines are taken.

    Returns
    -------
    DataFrame
        Topic lines: one row per line: `topic`; `label`; `rank` (from 1, in the order in which they were dealt); `similarity`, the
        cosine of the passage with the mean vector of the topic's texts; `context_id`; `doc_id`, `source` (or the column `by`),
        `date`, `story_id` where there are such; `text`.

    Raises
    ------
    FramingError
        When `n` is no number of lines, or the topics do not hold their fit.

    Notes
    -----
    The nearest lines are the most typical ones, so they make a topic look more of one piece than it is. Read others too:
    ``topics.contexts[topics.assignments["topic"].to_numpy() == 3].sample(10)``. Outliers have no centre and no lines. Lines of a
    source with few passages in the topic can be far from the centre; `similarity` tells.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> texts = [f"Rain and wind hit the coast on day {i}" for i in range(6)]
    >>> contexts = pd.DataFrame({
    ...     "context_id": list("abcdef"), "doc_id": list("abcdef"), "source": ["Post"] * 4 + ["Wire"] * 2, "text": texts})
    >>> topics = tk.fit_topics(contexts, n_topics=1, min_size=3, runs=0)
    >>> sorted(tk.topic_lines(topics, n=2)["source"])
    ['Post', 'Wire']
    """
    check_whole("n", n, 0)
    prepared = checked_fit(topics).prepared
    contexts = topics.contexts.reset_index(drop=True)
    names = real_topics(topics)
    label = topics.assignments["topic"].to_numpy()
    centres = centres_of(topics)
    here = np.flatnonzero((label >= 0) & (prepared.place >= 0))
    vectors = prepared.plain[prepared.place[here]].astype(np.float64)
    near = np.round(np.einsum("ij,ij->i", vectors, centres[label[here]]), 6)
    story, votes = stories_and_votes(contexts)
    text = clean_texts(contexts["text"].tolist())
    frame = pd.DataFrame(
        {
            "row": here,
            "topic": label[here],
            "similarity": near,
            "story": story[here],
            "copy": ~votes[here],
            "same": [_bare(text[i]) for i in here.tolist()],
            "source": _across(contexts, by)[here],
            "context_id": contexts["context_id"].astype("str").to_numpy()[here],
        }
    )
    # the story's first article stands for it, else a source would be shown with what another wrote
    frame = frame.sort_values(["topic", "copy", "similarity", "context_id"], ascending=[True, True, False, True])
    frame = frame.drop_duplicates(["topic", "story"]).drop_duplicates(["topic", "same"])
    frame = frame.sort_values(["topic", "similarity", "context_id"], ascending=[True, False, True])
    frame["round"] = frame.groupby(["topic", "source"], sort=False).cumcount()
    frame = frame.sort_values(["topic", "round", "similarity", "context_id"], ascending=[True, True, False, True])
    frame["rank"] = frame.groupby("topic", sort=False).cumcount() + 1
    frame = frame[frame["rank"] <= n].reset_index(drop=True)
    chosen = contexts.iloc[frame["row"].to_numpy()].reset_index(drop=True)
    about = [c for c in dict.fromkeys(["doc_id", by, "source", "date", "story_id"]) if c in contexts.columns]
    table = pd.concat([frame[["topic", "rank", "similarity"]], chosen[["context_id", *about]]], axis=1)
    table["text"] = pd.array([text[i] for i in frame["row"].tolist()], dtype="str")
    table.insert(1, "label", pd.Series(pick(list(names.values()), table["topic"].to_numpy(dtype=np.int64))))
    return finished(table, topics, "topic_lines", {"n": int(n), "by": by})


def centres_of(topics: Topics) -> Floats:
    """Return the mean vector of each topic's texts that vote, of length 1."""
    fit = checked_fit(topics)
    n_topics = len(real_topics(topics))
    voting = np.where(fit.prepared.votes > 0, fit.labels, -1)
    vectors = fit.prepared.plain.astype(np.float64)
    means = np.zeros((n_topics, vectors.shape[1]))
    for topic in range(n_topics):
        members = voting == topic
        if members.any():
            means[topic] = vectors[members].mean(axis=0)
    return np.asarray(np.round(unit_rows(means), 6), dtype=np.float64)


def checked_fit(topics: Any) -> Any:
    if not isinstance(topics, Topics):
        raise FramingError(f"Topics are what tk.fit_topics returns; this is a {type(topics).__name__}.")
    return fit_of(topics)


def real_topics(topics: Topics) -> dict[int, str]:
    """Return the label of each topic that is one, in order."""
    real = topics.topics[topics.topics["topic"] >= 0]
    return {int(topic): str(label) for topic, label in zip(real["topic"], real["label"], strict=True)}


def _across(contexts: pd.DataFrame, by: str) -> Any:
    if by not in contexts.columns:
        if by == "source":
            return np.zeros(len(contexts), dtype=np.int64)
        raise not_found("column of the contexts", by, [str(c) for c in contexts.columns])
    return pd.factorize(contexts[by], use_na_sentinel=False)[0]


def _bare(text: str) -> str:
    """Return a text without what copies differ in: marks, spaces and capitals."""
    return "".join(filter(str.isalnum, text)).casefold()


def check_whole(name: str, value: Any, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise FramingError(f"{name} is a whole number, {least} or more; this is {value!r}.")


def check_topics_named(topics: Topics, wanted: int | Sequence[int] | None) -> list[int]:
    """Return the topics that are named, by default all."""
    known = list(real_topics(topics))
    if wanted is None:
        return known
    named = [int(wanted)] if isinstance(wanted, (int, np.integer)) else [int(each) for each in wanted]
    strange = [topic for topic in named if topic not in known]
    if strange:
        raise FramingError(f"There is no topic {listed(strange)}. There are: {listed(known)}.")
    return named


def finished(table: pd.DataFrame, topics: Topics, function: str, settings: dict[str, Any]) -> pd.DataFrame:
    made: dict[str, Any] = topics.topics.attrs.get(
        "recipe", {"settings": topics.settings, "corpus": {}, "versions": {}}
    )
    recipe = make_recipe(f"toolkit.{function}", {**settings, "topics": made["settings"]}, made["corpus"], packages=())
    recipe["versions"].update(made["versions"])
    table = marked(table.reset_index(drop=True), topics)
    table.attrs = {"recipe": recipe}
    return table
