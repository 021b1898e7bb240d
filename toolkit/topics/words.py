"""Own how topics are read: their words by several measures, and lines drawn across sources."""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.deprecation import old_parameters
from toolkit.models.embedders import clean_texts, unit_rows
from toolkit.tables import TOPIC_WORDS, not_found, pick
from toolkit.tables.checks import check_at_least, check_choice
from toolkit.topics.checks import check_between, fit_of
from toolkit.topics.counts import class_tfidf, sum_by
from toolkit.topics.origins import stories_and_votes
from toolkit.topics.passages import bare
from toolkit.topics.preparation import Prepared
from toolkit.topics.tables import TopicTables, marked, with_recipe

WordMeasure = Literal["frex", "c_tfidf", "exclusivity", "n"]

WORD_MEASURES: tuple[str, ...] = get_args(WordMeasure)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def topic_words(
    topics: TopicTables, *, measure: WordMeasure = "frex", n: int = 10, weight: float = 0.5
) -> pd.DataFrame:
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
        all topics; `frex`, from 0 to 1; with a certificate `stable`, of the topic.

    Raises
    ------
    FramingError
        When there is no such measure, or the topics do not hold their fit.

    See Also
    --------
    topic_collocates : Words that stand beside the term in one topic.
    topic_lines : Lines to read of each topic.

    Notes
    -----
    Only texts that vote are counted (see `tk.fit_topics`), each once: copies add nothing.

    FREX (Bischof and Airoldi 2012) is the harmonic mean of two ranks of a word within the topic, its rate and its exclusivity, each as
    an empirical distribution function: 1 / (w / ECDF(exclusivity) + (1 - w) / ECDF(rate)), here as `stm` has it for topics without a
    hierarchy. But ranks are taken among the words that the topic has in at least two stories (in one, if it has no such word):
    topics of passages lack most of the vocabulary, and a word of one long article is as exclusive as can be. Exclusivity weighs topics
    alike, whatever their size; outliers are no topic.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> texts = ["rain wind coast people"] * 2 + ["rain wind people ice"] * 2 + ["judge court ban people"] * 4
    >>> contexts = pd.DataFrame({"context_id": list("abcdefgh"), "text": [f"{t} {i}" for i, t in enumerate(texts)]})
    >>> topics = tk.fit_topics(contexts, n_topics=2, min_size=3, resamples=0)
    >>> found = tk.topic_words(topics, n=3)
    >>> found.loc[found["word"].isin(["rain", "judge"]), ["word", "n", "n_total", "exclusivity", "frex"]].sort_values("word")
        word  n  n_total  exclusivity  frex
    2  judge  4        4          1.0   1.0
    3   rain  4        4          1.0   1.0
    """
    check_choice("measure of words", measure, WORD_MEASURES)
    check_at_least("n", n, 1)
    check_between("weight", weight, 0, 1)
    fit = fit_of(topics)
    prepared, n_topics = fit.prepared, len(topics.labels)

    # occurrences, texts and stories of each word in each topic
    voting = prepared.voting(fit.labels)
    counts = prepared.counts_by(fit.labels, n_topics)
    with_word = sum_by((prepared.counts > 0).astype(np.int64), voting, n_topics)
    n_texts = np.bincount(voting[voting >= 0], minlength=n_topics)
    n_stories = _stories_with(prepared, voting, n_topics)
    n_total = np.asarray(prepared.counts[prepared.votes > 0].sum(axis=0), dtype=np.int64).ravel()

    # rates, and what they add up to over topics
    tfidf = class_tfidf(counts)
    size = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel()
    rates = counts.multiply(np.divide(1, size, out=np.zeros_like(size), where=size > 0)[:, None]).tocsr()
    summed = np.asarray(rates.sum(axis=0), dtype=np.float64).ravel()

    parts = []
    for topic, label in topics.labels.items():
        at, hits = counts[topic].indices.astype(np.int64), counts[topic].data
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
                "label": pd.array([label] * len(at), dtype="str"),
                "word": pick(prepared.words, at),
                "n": hits.astype(np.int64),
                "n_total": n_total[at],
                "n_texts": np.asarray(with_word[topic].toarray()).ravel()[at].astype(np.int64),
                "n_texts_total": int(n_texts[topic]),
                "n_stories": n_stories[topic][at],
                "c_tfidf": np.asarray(tfidf[topic].toarray()).ravel()[at],
                "exclusivity": exclusivity,
                "frex": frex(rate, exclusivity, weight),
            }
        )

        # of equal words the more frequent, then the first in the alphabet
        ranked = np.round(part[measure].to_numpy(dtype=float), 12)
        best = np.lexsort((np.arange(len(part)), -part["n"].to_numpy(), -ranked))[:n]
        parts.append(part.iloc[best].assign(rank=np.arange(1, len(best) + 1)))

    columns = list(TOPIC_WORDS.columns)
    table = pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
    settings = {"measure": measure, "n": int(n), "weight": float(weight)}
    return with_recipe(marked(table, topics), topics, "topic_words", settings)


def _stories_with(prepared: Prepared, voting: Ints, n_topics: int) -> Ints:
    """Return in how many stories each topic has each word: topics by words."""
    from scipy.sparse import csr_matrix

    # pairs of a topic and a story
    text, story = prepared.story
    n_stories = int(story.max(initial=0)) + 1
    pair, number = np.unique(voting[text] * n_stories + story, return_inverse=True)

    member = csr_matrix((np.ones(len(text), dtype=np.int64), (number, text)), shape=(len(pair), len(voting)))
    has = ((member @ (prepared.counts > 0).astype(np.int64)) > 0).astype(np.int64).tocsr()
    return np.asarray(sum_by(has, pair // n_stories, n_topics).toarray(), dtype=np.int64)


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
    by_exclusivity, by_rate = (_ecdf(np.round(each, 12)) for each in (exclusivity, rate))
    return np.asarray(1 / (weight / by_exclusivity + (1 - weight) / by_rate), dtype=np.float64)


def _ecdf(values: Floats) -> Floats:
    return np.searchsorted(np.sort(values), values, side="right").astype(np.float64) / len(values)


@old_parameters(by="across")
def topic_lines(topics: TopicTables, *, n: int = 3, across: str = "source") -> pd.DataFrame:
    """Choose lines to read of each topic: those nearest to its centre, dealt across sources, at most one of a story.

    Parameters
    ----------
    topics : Topics
        From `tk.fit_topics`.
    n : int, keyword-only
        Lines per topic.
    across : str, keyword-only
        The column across whose values lines are dealt: first the nearest line of each source, the sources with the nearest
        first, and only then a second one of any. If the contexts have no column `source`, the nearest lines are taken.

    Returns
    -------
    DataFrame
        Topic lines: one row per line: `topic`; `label`; `rank` (from 1, in the order in which they were dealt); `similarity`, the
        cosine of the passage with the mean vector of the topic's texts; `context_id`; `doc_id`, the column `across`, `source`,
        `date`, `story_id` if the contexts have them; `text`; with a certificate `stable`, of the topic.

    Raises
    ------
    FramingError
        When `n` is no number of lines, the contexts have no such column, or the topics do not hold their fit.

    See Also
    --------
    topic_words : Words of each topic.
    Topics.show : Cards with words and lines.

    Notes
    -----
    The nearest lines are the most typical ones, so they make a topic look more uniform than it is. Read others too:
    ``topics.contexts[topics.assignments["topic"].to_numpy() == 3].sample(10)``. Outliers have no centre and no lines. Lines of a
    source with few passages in the topic can be far from the centre; `similarity` shows it.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> texts = [f"Rain and wind hit the coast on day {i}" for i in range(6)]
    >>> contexts = pd.DataFrame({
    ...     "context_id": list("abcdef"), "doc_id": list("abcdef"), "source": ["Post"] * 4 + ["Wire"] * 2, "text": texts})
    >>> topics = tk.fit_topics(contexts, n_topics=1, min_size=3, resamples=0)
    >>> sorted(tk.topic_lines(topics, n=2)["source"])
    ['Post', 'Wire']
    """
    check_at_least("n", n, 0)
    prepared = fit_of(topics).prepared
    contexts = topics.contexts.reset_index(drop=True)
    text = clean_texts(contexts["text"].tolist())
    story, votes = stories_and_votes(contexts)

    # how near each passage is to the centre of its topic
    label = topics.assignments["topic"].to_numpy()
    centres = centres_of(topics)
    here = np.flatnonzero((label >= 0) & (prepared.place >= 0))
    vectors = prepared.plain[prepared.place[here]].astype(np.float64)
    similarity = np.round(np.einsum("ij,ij->i", vectors, centres[label[here]]), 6)
    frame = pd.DataFrame(
        {
            "row": here,
            "topic": label[here],
            "similarity": similarity,
            "story": story[here],
            "copy": ~votes[here],
            "bare": [bare(text[i]) for i in here.tolist()],
            "group": _groups(contexts, across)[here],
            "context_id": contexts["context_id"].astype("str").to_numpy()[here],
        }
    )

    # the story's first article stands for it, or else a source would be shown with what another wrote
    frame = frame.sort_values(["topic", "copy", "similarity", "context_id"], ascending=[True, True, False, True])
    frame = frame.drop_duplicates(["topic", "story"]).drop_duplicates(["topic", "bare"])

    # deal in rounds: the nearest of each group, then the second nearest of each
    frame = frame.sort_values(["topic", "similarity", "context_id"], ascending=[True, False, True])
    frame["round"] = frame.groupby(["topic", "group"], sort=False).cumcount()
    frame = frame.sort_values(["topic", "round", "similarity", "context_id"], ascending=[True, True, False, True])
    frame["rank"] = frame.groupby("topic", sort=False).cumcount() + 1
    frame = frame[frame["rank"] <= n].reset_index(drop=True)

    about = [c for c in dict.fromkeys(["doc_id", across, "source", "date", "story_id"]) if c in contexts.columns]
    chosen = contexts.iloc[frame["row"].to_numpy()].reset_index(drop=True)
    table = pd.concat([frame[["topic", "rank", "similarity"]], chosen[["context_id", *about]]], axis=1)
    table["text"] = pd.array([text[i] for i in frame["row"].tolist()], dtype="str")
    table = labelled(table, topics)
    return with_recipe(marked(table, topics), topics, "topic_lines", {"n": int(n), "across": across})


def labelled(table: pd.DataFrame, topics: TopicTables) -> pd.DataFrame:
    """Return a table of topics with their labels, beside their numbers."""
    label = pd.Series(pick(list(topics.labels.values()), table["topic"].to_numpy(dtype=np.int64)), name="label")
    head = list(table.columns).index("topic") + 1
    return pd.concat([table.iloc[:, :head], label, table.iloc[:, head:]], axis=1)


def centres_of(topics: TopicTables) -> Floats:
    """Return the mean vector of each topic's texts that vote, of length 1."""
    fit = fit_of(topics)
    voting = fit.prepared.voting(fit.labels)
    vectors = fit.prepared.plain.astype(np.float64)
    means = np.zeros((len(topics.labels), vectors.shape[1]))
    for topic in range(len(means)):
        members = voting == topic
        if members.any():
            means[topic] = vectors[members].mean(axis=0)
    return np.asarray(np.round(unit_rows(means), 6), dtype=np.float64)


def _groups(contexts: pd.DataFrame, across: str) -> Any:
    """Number the values across which lines are dealt; all are one where there are no sources."""
    if across in contexts.columns:
        return pd.factorize(contexts[across], use_na_sentinel=False)[0]
    if across == "source":
        return np.zeros(len(contexts), dtype=np.int64)
    raise not_found("column of the contexts", across, [str(c) for c in contexts.columns])
