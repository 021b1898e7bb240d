"""Own what is done to topics after a fit: merging some, placing outliers, the order of merges, more runs."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from toolkit.tables import FramingError, listed
from toolkit.tables.checks import check_at_least, check_choice
from toolkit.topics.assembly import assemble, number_topics, renamed_labels
from toolkit.topics.checks import AnyTopics, check_between, fit_of
from toolkit.topics.counts import top_words
from toolkit.topics.nearest import Floats, Labels
from toolkit.topics.stability import Certificate, certify, judged, regrouped
from toolkit.topics.tables import Fit, TopicTables, with_recipe

Strategy = Literal["embeddings", "c-tf-idf", "distributions", "probabilities"]

STRATEGIES: tuple[str, ...] = get_args(Strategy)
_LONG = 10_000  # contexts from which on progress is shown


def merge_topics(topics: AnyTopics, groups: Sequence[Sequence[int]]) -> AnyTopics:
    """Put topics together: see `Topics.merge`."""
    fit = fit_of(topics)
    known = sorted(topics.labels)
    if isinstance(groups, str) or not all(isinstance(group, (list, tuple, set)) for group in groups):
        raise FramingError("Topics to merge are lists in a list, as in [[1, 2], [4, 6]].")

    given = [topic for group in groups for topic in group]
    unknown = sorted({topic for topic in given if topic not in known}, key=str)
    if unknown:
        raise FramingError(f"There is no topic {listed(unknown)} to merge. There are: {listed(known)}.")
    twice = sorted({topic for topic in given if given.count(topic) > 1})
    if twice:
        raise FramingError(f"Topic {listed(twice)} is in more than one group to merge; each topic can be in one.")

    to = {topic: topic for topic in known}
    for group in groups:
        to.update(dict.fromkeys(group, min(group, default=0)))
    return _regrouped(topics, renamed_labels(fit.labels, to), to, {"merged": [sorted(group) for group in groups]})


def place_outliers(topics: AnyTopics, strategy: Strategy, threshold: float) -> AnyTopics:
    """Put outliers to topics: see `Topics.reduce_outliers`."""
    fit = fit_of(topics)
    check_choice("strategy", strategy, STRATEGIES)
    check_between("threshold", threshold, 0, 1)

    same = {topic: topic for topic in range(int(fit.labels.max(initial=-1)) + 1)}
    afterwards = {"outliers": strategy, "threshold": float(threshold)}
    lost = np.flatnonzero((fit.labels < 0) & (fit.prepared.vectors != 0).any(axis=1))
    if len(lost) == 0 or not same:
        return _regrouped(topics, fit.labels, same, afterwards)

    texts = [fit.prepared.texts[at] for at in lost]
    settings: dict[str, Any] = {"strategy": strategy, "threshold": threshold}
    if strategy == "embeddings":
        settings["embeddings"] = fit.prepared.plain[lost]
    if strategy == "probabilities":
        settings["probabilities"] = _membership(fit, lost)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        placed = np.array(topics.model.reduce_outliers(texts, [-1] * len(texts), **settings), dtype=np.int64)

    labels = fit.labels.copy()
    labels[lost] = placed
    return _regrouped(topics, labels, same, afterwards)


def _membership(fit: Fit, lost: Labels) -> Floats:
    """Return HDBSCAN's probability of each topic for each of some texts."""
    groups = fit.run.groups
    if groups is None or groups.name != "hdbscan" or not hasattr(groups.clusterer, "prediction_data_"):
        raise FramingError(
            "The strategy 'probabilities' needs clustering='hdbscan', which knows how near each text is to each topic. "
            "Choose one of: embeddings, c-tf-idf, distributions."
        )
    import hdbscan

    row = {int(text): at for at, text in enumerate(fit.run.fitted)}
    every = np.atleast_2d(hdbscan.all_points_membership_vectors(groups.clusterer).T).T
    n_fixed = len(fit.prepared.guide.labels)
    table = np.zeros((len(lost), max(fit.renamed.values()) + 1))
    for at, text in enumerate(lost.tolist()):
        if text not in row:
            continue
        for group in range(every.shape[1]):
            topic = fit.renamed.get(n_fixed + fit.run.merged.get(group, -1 - n_fixed), -1)
            if topic >= 0:
                table[at, topic] += every[row[text], group]
    return table


def _regrouped(topics: AnyTopics, labels: Labels, to: dict[int, int], afterwards: dict[str, Any]) -> AnyTopics:
    """Return topics with other labels of texts, renumbered by size.

    Parameters
    ----------
    labels : ndarray of int
        The new topic of each text, by its old number.
    to : dict
        What became of each topic, by old numbers.
    afterwards : dict
        What was done, for the settings.
    """
    fit = fit_of(topics)
    number = number_topics(fit.prepared, labels, min_size=0)
    to = {topic: number[new] for topic, new in to.items()}
    kept = [topic for topic in fit.names if list(to.values()).count(to[topic]) == 1]
    changed = replace(
        fit,
        labels=renamed_labels(labels, number),
        core=renamed_labels(fit.core_labels, to),
        renamed={label: to[topic] for label, topic in fit.renamed.items()},
        names={to[topic]: fit.names[topic] for topic in kept},
    )
    if fit.certificate is not None:
        changed = replace(changed, certificate=_judged_anew(changed, fit.certificate, to, topics.settings))

    done = [*topics.settings.get("afterwards", []), afterwards]
    return assemble(changed, {**topics.settings, "afterwards": done}, type(topics))


def _judged_anew(fit: Fit, made: Certificate, to: dict[int, int], settings: dict[str, Any]) -> Certificate:
    """Judge the runs of a certificate anew after topics were put together, or outliers placed."""
    new = list(to.values())
    merged = sorted({topic for topic in new if new.count(topic) > 1})
    core = fit.core_labels
    repeats = regrouped(made.repeats, core, merged)
    return judged(fit.prepared, fit.labels, repeats, words=settings["words"], min_size=settings["min_size"], core=core)


def certify_topics(topics: AnyTopics, resamples: int) -> AnyTopics:
    """Make the certificate anew: see `Topics.certify`."""
    fit = fit_of(topics)
    check_at_least("resamples", resamples, 1)
    from tqdm.auto import tqdm

    # merged topics, and those with outliers placed, are sought as they were fitted
    settings = {**topics.settings, "resamples": int(resamples)}
    first = fit.labels
    if fit.core is not None:
        first = renamed_labels(fit.run.labels, number_topics(fit.prepared, fit.run.labels, min_size=fit.way.min_size))

    with tqdm(total=resamples, desc="Runs", leave=False, disable=len(topics.contexts) < _LONG) as bar:
        certificate = certify(
            fit.prepared, fit.way, first,
            seed=settings["seed"], resamples=int(resamples), words=settings["words"], min_size=settings["min_size"],
            progress=bar.update,
        )  # fmt: skip
    if fit.core is not None:
        pairs = np.unique(np.stack([first, fit.core])[:, first >= 0], axis=1)
        certificate = _judged_anew(fit, certificate, dict(pairs.T.tolist()), settings)
    return assemble(replace(fit, certificate=certificate), settings, type(topics))


def hierarchy_table(topics: TopicTables) -> pd.DataFrame:
    """Say how topics would merge: see `Topics.hierarchy`."""
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    fit = fit_of(topics)
    prepared, model = fit.prepared, topics.model
    known = sorted(topic for topic in model.topic_sizes_ if topic >= 0)
    rows: list[tuple[int, int, int, str, float, str]] = []
    if len(known) > 1:
        weights = model.c_tf_idf_[len(model.topic_sizes_) - len(known) :]  # without the outliers' row
        merges = linkage(squareform(_cosine_distances(weights)), "ward", optimal_ordering=True)

        by_topic = prepared.counts_by(fit.labels, len(known))
        members = [[topic] for topic in known]
        for at, (one, other, distance, _) in enumerate(merges.tolist()):
            left, right = sorted((int(one), int(other)))
            members.append(sorted(members[left] + members[right]))
            weighed = model.ctfidf_model.transform(_sparse_row(by_topic[members[-1]].sum(axis=0)))
            words = top_words(weighed, prepared.words, topics.settings["words"])[0]
            rows.append((len(known) + at, left, right, "|".join(map(str, members[-1])), distance, ", ".join(words)))

    kinds = {
        "parent": "int64",
        "left": "int64",
        "right": "int64",
        "topics": "str",
        "distance": "float64",
        "words": "str",
    }
    table = pd.DataFrame(rows, columns=list(kinds)).astype(kinds)
    if "stable" in topics.topics.columns:
        real = topics.topics[topics.topics["topic"] >= 0]
        unstable = set(real.loc[~real["stable"].fillna(True).astype(bool), "topic"].tolist())
        table["n_unstable"] = [sum(int(each) in unstable for each in row.split("|")) for row in table["topics"]]
        table["n_unstable"] = table["n_unstable"].astype("int64")
    return with_recipe(table, topics, "Topics.hierarchy", {})


def _cosine_distances(weights: Any) -> Floats:
    lengths = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=1)).ravel())
    product = np.asarray((weights @ weights.T).todense())
    scale = np.outer(lengths, lengths)
    distance = np.clip(1 - np.divide(product, scale, out=np.zeros_like(product), where=scale > 0), 0, None)
    np.fill_diagonal(distance, 0)
    return np.asarray(np.round((distance + distance.T) / 2, 9), dtype=np.float64)


def _sparse_row(values: Any) -> Any:
    """Return one dense row of counts as a sparse one."""
    from scipy.sparse import csr_matrix

    return csr_matrix(np.asarray(values).reshape(1, -1))
