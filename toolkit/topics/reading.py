"""Own how topics are read: their words by several measures, lines drawn across sources, collocates of the term inside each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.measures.keyness import log_odds_z
from toolkit.recipes import make_recipe
from toolkit.tables import FramingError, listed, not_found, pick
from toolkit.text.finding import AnyTerms, match
from toolkit.text.terms import Terms
from toolkit.text.tokens import tokenize
from toolkit.topics.counts import class_tfidf, sum_by
from toolkit.topics.embedders import clean_texts, unit_rows
from toolkit.topics.holding import Topics
from toolkit.topics.merging import fit_of
from toolkit.topics.preparing import stories_and_votes

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
        `c_tfidf`; `exclusivity`, the word's rate in the topic over the sum of its rates in all topics; `frex`, from 0 to 1.

    Raises
    ------
    FramingError
        When there is no such measure, or the topics do not hold their fit.

    Notes
    -----
    Counted are texts that vote (see `tk.fit_topics`), each once: copies make no word.

    FREX (Bischof and Airoldi 2012) is the harmonic mean of two ranks of a word within the topic, its rate and its exclusivity, each as
    an empirical distribution function: 1 / (w / ECDF(exclusivity) + (1 - w) / ECDF(rate)). Here, as `stm` has it for topics without a
    hierarchy; but ranks are taken among the words that the topic has at least twice (once, where it has none twice): topics of whole
    passages lack most of the vocabulary, and a word that stands once in the corpus is as exclusive as can be. Exclusivity counts topics
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
    _check_whole("n", n, 1)
    if isinstance(weight, bool) or not isinstance(weight, (int, float)) or not 0 <= weight <= 1:
        raise FramingError(f"weight is a number from 0 to 1; this is {weight!r}.")
    fit = _fit_of(topics)
    prepared = fit.prepared
    voting = np.where(prepared.votes > 0, fit.labels, -2)
    names = _names(topics)
    n_topics = len(names)
    counts = sum_by(prepared.counts, voting, n_topics)
    present = sum_by((prepared.counts > 0).astype(np.int64), voting, n_topics)
    n_texts = np.bincount(voting[voting >= 0], minlength=n_topics)
    everywhere = np.asarray(prepared.counts[prepared.votes > 0].sum(axis=0), dtype=np.int64).ravel()
    tfidf = class_tfidf(counts)
    size = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel()
    rates = counts.multiply(np.divide(1, size, out=np.zeros_like(size), where=size > 0)[:, None]).tocsr()
    summed = np.asarray(rates.sum(axis=0), dtype=np.float64).ravel()
    parts = []
    for topic in range(n_topics):
        at = counts[topic].indices.astype(np.int64)
        hits = counts[topic].data
        if (hits > 1).any():
            at, hits = at[hits > 1], hits[hits > 1]
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
        "c_tfidf",
        "exclusivity",
        "frex",
    ]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[c for c in columns if c != "label"])
    table["label"] = pick(list(names.values()), table["topic"].to_numpy(dtype=np.int64))
    return _finished(table[columns], topics, "topic_words", {"measure": measure, "n": int(n), "weight": float(weight)})


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
    _check_whole("n", n, 0)
    prepared = _fit_of(topics).prepared
    contexts = topics.contexts.reset_index(drop=True)
    names = _names(topics)
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
    return _finished(table, topics, "topic_lines", {"n": int(n), "by": by})


def topic_collocates(
    topics: Topics, *, n: int = 10, window: int = 5, least: int = 3, terms: AnyTerms | None = None
) -> pd.DataFrame:
    """List the words that stand near the term in one topic and hardly in the others.

    Parameters
    ----------
    topics : Topics
        From `tk.fit_topics`, of contexts around a term.
    n : int, keyword-only
        Collocates per topic.
    window : int, keyword-only
        Words on each side of a hit, inside its passage.
    least : int, keyword-only
        Passages of the topic in which a collocate must stand near the term.
    terms : Terms, dict, list or str, optional, keyword-only
        The term; by default that of the contexts' recipe, or the mask that stands in its place.

    Returns
    -------
    DataFrame
        Topic collocates: one row per topic and word, the strongest first: `topic`; `label`; `rank`; `collocate`; `n`, passages of
        the topic in which it stands near the term, of `n_passages`; `n_total`, such passages in all topics and outliers, of
        `n_passages_total`; `exclusivity`, n / n_total; `log_odds_z`, which ranks them: the weighted log-odds ratio of this topic
        against the rest, in standard errors.

    Raises
    ------
    FramingError
        When it is not known which term the contexts are about, or it is not in them.

    Notes
    -----
    Counted are passages that vote (see `tk.fit_topics`). The ratio is that of Monroe, Colaresi and Quinn (2008) over the words near
    the term, each once a passage, with the proportions of all topics as prior; only words above 0 are listed. Topics were made of
    these very words, so z ranks and tests nothing.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({
    ...     "doc_id": list("abcdefgh"),
    ...     "text": [f"A policy reset with Moscow and diplomats, {i}." for i in range(4)]
    ...     + [f"A password reset on your device or phone, {i}." for i in range(4)]})
    >>> contexts = tk.contexts(tk.tokenize(articles), "reset")
    >>> topics = tk.fit_topics(contexts, n_topics=2, min_size=3, runs=0)
    >>> found = tk.topic_collocates(topics, n=1, window=1)
    >>> sorted(found["collocate"]), found["exclusivity"].tolist()
    (['password', 'policy'], [1.0, 1.0])
    """
    for name, value, smallest in (("n", n, 1), ("window", window, 1), ("least", least, 1)):
        _check_whole(name, value, smallest)
    prepared = _fit_of(topics).prepared
    names = _names(topics)
    counts, about = _near_term(topics, window, terms)
    label = topics.assignments["topic"].to_numpy().copy()
    voting = stories_and_votes(topics.contexts)[1] & (prepared.place >= 0)
    rows, counts = np.flatnonzero(voting), counts[np.flatnonzero(voting)]
    label = label[rows]
    n_total = np.asarray(counts.sum(axis=0), dtype=np.int64).ravel()
    by_topic = sum_by(counts, label, len(names))
    sizes = np.bincount(label[label >= 0], minlength=len(names))
    parts = []
    all_words = float(n_total.sum())
    for topic in range(len(names)):
        inside = np.asarray(by_topic[topic].toarray(), dtype=np.int64).ravel()
        own = float(inside.sum())
        at = np.flatnonzero(inside >= least)
        if own == 0 or own == all_words:
            at = at[:0]
        z = np.zeros(len(at))
        if len(at):
            prior = n_total * ((n_total > 0).sum() / 2 / all_words)
            z = log_odds_z(inside, n_total - inside, own, all_words - own, prior)[at]
        order = np.lexsort((at, -np.round(z, 9)))[:n]
        order = order[z[order] > 0]
        chosen = at[order]
        parts.append(
            pd.DataFrame(
                {
                    "topic": topic,
                    "rank": np.arange(1, len(chosen) + 1),
                    "collocate": pick(prepared.words, chosen),
                    "n": inside[chosen],
                    "n_passages": int(sizes[topic]),
                    "n_total": n_total[chosen],
                    "n_passages_total": len(rows),
                    "exclusivity": inside[chosen] / np.maximum(n_total[chosen], 1),
                    "log_odds_z": z[order],
                }
            )
        )
    table = pd.concat(parts, ignore_index=True)
    table.insert(1, "label", pd.Series(pick(list(names.values()), table["topic"].to_numpy(dtype=np.int64))))
    settings = {"n": int(n), "window": int(window), "least": int(least), "terms": about}
    return _finished(table, topics, "topic_collocates", settings)


def centres_of(topics: Topics) -> Floats:
    """Return the mean vector of each topic's texts that vote, of length 1."""
    fit = _fit_of(topics)
    n_topics = len(_names(topics))
    voting = np.where(fit.prepared.votes > 0, fit.labels, -1)
    vectors = fit.prepared.plain.astype(np.float64)
    means = np.zeros((n_topics, vectors.shape[1]))
    for topic in range(n_topics):
        members = voting == topic
        if members.any():
            means[topic] = vectors[members].mean(axis=0)
    return np.round(unit_rows(means).astype(np.float64), 6)


def _near_term(topics: Topics, window: int, terms: AnyTerms | None) -> tuple[Any, Any]:
    """Return which words stand near the term in each passage (contexts by the fit's words, once each), and what the term is."""
    from scipy.sparse import csr_matrix

    prepared = _fit_of(topics).prepared
    made = topics.contexts.attrs.get("recipe", {})
    stated = made.get("settings", {}) if made.get("function") == "toolkit.contexts" else {}
    mask = stated.get("mask") if terms is None else None
    wanted: Any = mask if mask else terms if terms is not None else stated.get("terms")
    if not wanted:
        raise FramingError(
            "It is not known which term these contexts are about. Say it: tk.topic_collocates(topics, terms='reset')."
        )
    texts = prepared.texts
    if mask:  # what stands in the term's place need not be a word
        word = "qxmaskqx"
        texts = [text.replace(mask, f" {word} ") for text in texts]
        wanted = word
    ids = pd.array([str(i) for i in range(len(texts))], dtype="str")
    tokens = tokenize(pd.DataFrame({"doc_id": ids, "text": pd.array(texts, dtype="str")}), ["text"])
    found = match(tokens, Terms(wanted), warn=False)
    if len(found.first) == 0:
        what = f"The mask {mask!r}" if mask else "The term"
        raise FramingError(f"{what} is in none of these {len(texts):,} passages. Name the term: terms='reset'.")
    place = np.searchsorted(tokens.offsets, found.first, side="right") - 1
    near = np.zeros(len(tokens.codes), dtype=bool)
    begins, ends = tokens.offsets[place], tokens.offsets[place + 1]
    for step in range(1, window + 1):
        for at, inside in (
            (found.first - step, found.first - step >= begins),
            (found.last + step, found.last + step < ends),
        ):
            near[at[inside]] = True
    for step in range(int((found.last - found.first).max()) + 1):  # the term is not its own company
        within = found.first + step
        near[within[within <= found.last]] = False
    # the words of the fit, as its vectorizer counts them
    number = {word: column for column, word in enumerate(prepared.words)}
    column = np.array([_column(form, prepared, number) for form in tokens.vocabulary.forms], dtype=np.int64)
    row = np.repeat(np.arange(len(texts)), np.diff(tokens.offsets))
    kept = np.flatnonzero(near & (column[tokens.codes] >= 0))
    pairs = np.unique(np.stack([row[kept], column[tokens.codes[kept]]]), axis=1)
    by_text = csr_matrix(
        (np.ones(pairs.shape[1], dtype=np.int64), (pairs[0], pairs[1])), shape=(len(texts), len(prepared.words))
    )
    return by_text[np.maximum(prepared.place, 0)], mask or Terms(wanted).as_dict()


def _column(form: str, prepared: Any, number: dict[str, int]) -> int:
    cut = prepared.analyzer(form)
    return number.get(cut[0], -1) if len(cut) == 1 else -1


def _fit_of(topics: Any) -> Any:
    if not isinstance(topics, Topics):
        raise FramingError(f"Topics are what tk.fit_topics returns; this is a {type(topics).__name__}.")
    return fit_of(topics)


def _names(topics: Topics) -> dict[int, str]:
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


def _check_whole(name: str, value: Any, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise FramingError(f"{name} is a whole number, {least} or more; this is {value!r}.")


def check_topics_named(topics: Topics, wanted: int | Sequence[int] | None) -> list[int]:
    """Return the topics that are named, by default all."""
    known = list(_names(topics))
    if wanted is None:
        return known
    named = [int(wanted)] if isinstance(wanted, (int, np.integer)) else [int(each) for each in wanted]
    strange = [topic for topic in named if topic not in known]
    if strange:
        raise FramingError(f"There is no topic {listed(strange)}. There are: {listed(known)}.")
    return named


def _finished(table: pd.DataFrame, topics: Topics, function: str, settings: dict[str, Any]) -> pd.DataFrame:
    made: dict[str, Any] = topics.topics.attrs.get(
        "recipe", {"settings": topics.settings, "corpus": {}, "versions": {}}
    )
    recipe = make_recipe(f"toolkit.{function}", {**settings, "topics": made["settings"]}, made["corpus"], packages=())
    recipe["versions"].update(made["versions"])
    table = table.reset_index(drop=True)
    table.attrs = {"recipe": recipe}
    return table
