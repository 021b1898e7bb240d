"""Own what is done to topics after a fit: putting some together, placing outliers, how they would merge, more runs."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from toolkit.recipes import make_recipe
from toolkit.tables import FramingError, listed, not_found
from toolkit.topics.assembly import assemble, number_topics, renamed_labels
from toolkit.topics.counts import sum_by, top_words
from toolkit.topics.record import Fit, Topics
from toolkit.topics.stability import Certificate, certify, judged, regrouped

STRATEGIES = ("embeddings", "c-tf-idf", "distributions", "probabilities")


def fit_of(topics: Topics) -> Fit:
    if topics.fit is None:
        raise FramingError("These topics do not hold the fit that they came from. Fit them again with tk.fit_topics.")
    found: Fit = topics.fit
    return found


def merged_topics(topics: Topics, groups: Sequence[Sequence[int]]) -> Topics:
    """Put topics together: see `Topics.merge`."""
    fit = fit_of(topics)
    known = sorted(topics.topics.loc[topics.topics["topic"] >= 0, "topic"].tolist())
    if isinstance(groups, str) or not all(isinstance(group, (list, tuple, set)) for group in groups):
        raise FramingError("Topics to merge are lists in a list, as in [[1, 2], [4, 6]].")
    given = [topic for group in groups for topic in group]
    strange = sorted({topic for topic in given if topic not in known}, key=str)
    if strange:
        raise FramingError(f"There is no topic {listed(strange)} to merge. There are: {listed(known)}.")
    twice = sorted({topic for topic in given if given.count(topic) > 1})
    if twice:
        raise FramingError(
            f"Topic {listed(twice)} stands in more than one group to merge; each topic can stand in one."
        )
    to = {topic: topic for topic in known}
    for group in groups:
        to.update(dict.fromkeys(group, min(group, default=0)))
    return _regrouped(topics, fit, renamed_labels(fit.labels, to), to, {"merged": [sorted(group) for group in groups]})


def without_outliers(topics: Topics, strategy: str, threshold: float) -> Topics:
    """Put outliers to topics: see `Topics.reduce_outliers`."""
    fit = fit_of(topics)
    if strategy not in STRATEGIES:
        raise not_found("strategy", strategy, STRATEGIES)
    if not 0 <= threshold <= 1:
        raise FramingError(f"threshold is a number from 0 to 1; this is {threshold!r}.")
    same = {topic: topic for topic in range(int(fit.labels.max(initial=-1)) + 1)}
    more = {"outliers": strategy, "threshold": float(threshold)}
    lost = np.flatnonzero((fit.labels < 0) & (fit.prepared.vectors != 0).any(axis=1))
    if len(lost) == 0 or not same:
        return _regrouped(topics, fit, fit.labels, same, more)
    texts = [fit.prepared.texts[at] for at in lost]
    settings: dict[str, Any] = {"strategy": strategy, "threshold": threshold}
    if strategy == "embeddings":
        settings["embeddings"] = fit.prepared.plain[lost]
    if strategy == "probabilities":
        settings["probabilities"] = _membership(fit, lost)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = np.array(topics.model.reduce_outliers(texts, [-1] * len(texts), **settings), dtype=np.int64)
    labels = fit.labels.copy()
    labels[lost] = found
    return _regrouped(topics, fit, labels, same, more)


def _membership(fit: Fit, lost: Any) -> Any:
    """HDBSCAN's probability of each topic for each of some texts."""
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


def _regrouped(topics: Topics, fit: Fit, labels: Any, to: dict[int, int], more: dict[str, Any]) -> Topics:
    number = number_topics(fit.prepared, labels, min_size=0)
    to = {topic: number[new] for topic, new in to.items()}
    kept = [topic for topic in fit.names if list(to.values()).count(to[topic]) == 1]
    changed = replace(
        fit,
        labels=renamed_labels(labels, number),
        core=renamed_labels(fit.labels if fit.core is None else fit.core, to),
        renamed={label: to[topic] for label, topic in fit.renamed.items()},
        names={to[topic]: fit.names[topic] for topic in kept},
    )
    if fit.certificate is not None:
        changed = replace(changed, certificate=_after(changed, fit.certificate, to, topics.settings))
    return assemble(changed, {**topics.settings, "afterwards": [*topics.settings.get("afterwards", []), more]})


def _after(fit: Fit, made: Certificate, to: dict[int, int], settings: dict[str, Any]) -> Certificate:
    """Judge the runs of a certificate anew after topics were put together, or outliers placed."""
    new = list(to.values())
    core = fit.labels if fit.core is None else fit.core
    repeats = regrouped(made.repeats, core, sorted({topic for topic in new if new.count(topic) > 1}))
    return judged(fit.prepared, fit.labels, repeats, words=settings["words"], min_size=settings["min_size"], core=core)


def certified(topics: Topics, runs: int) -> Topics:
    """Make the certificate anew: see `Topics.certificate`."""
    fit = fit_of(topics)
    if isinstance(runs, bool) or not isinstance(runs, (int, np.integer)) or runs < 1:
        raise FramingError(f"runs is a whole number, 1 or more; this is {runs!r}.")
    from tqdm.auto import tqdm

    settings = {**topics.settings, "runs": int(runs)}
    first = fit.labels
    if fit.core is not None:  # the topics as they were fitted
        n_named = len(fit.prepared.guide.labels)
        number = number_topics(fit.prepared, fit.run.labels, min_size=fit.way.min_size, n_named=n_named)
        first = renamed_labels(fit.run.labels, number)
    with tqdm(total=runs, desc="Runs", leave=False, disable=len(topics.contexts) < 10_000) as bar:
        found = certify(
            fit.prepared, fit.way, first,
            seed=settings["seed"], runs=int(runs), words=settings["words"], min_size=settings["min_size"], progress=bar.update,
        )  # fmt: skip
    if fit.core is not None:
        pairs = np.unique(np.stack([first, fit.core])[:, first >= 0], axis=1)
        found = _after(fit, found, dict(pairs.T.tolist()), settings)
    return assemble(replace(fit, certificate=found), settings)


def hierarchy_table(topics: Topics) -> pd.DataFrame:
    """Say how topics would merge: see `Topics.hierarchy`."""
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    fit = fit_of(topics)
    prepared, model = fit.prepared, topics.model
    known = sorted(topic for topic in model.topic_sizes_ if topic >= 0)
    rows: list[tuple[int, int, int, str, float, str]] = []
    if len(known) > 1:
        weights = model.c_tf_idf_[len(model.topic_sizes_) - len(known) :]
        lengths = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=1)).ravel())
        product = np.asarray((weights @ weights.T).todense())
        scale = np.outer(lengths, lengths)
        distance = np.clip(1 - np.divide(product, scale, out=np.zeros_like(product), where=scale > 0), 0, None)
        np.fill_diagonal(distance, 0)
        distance = np.round((distance + distance.T) / 2, 9)
        merges = linkage(squareform(distance), "ward", optimal_ordering=True)
        by_topic = sum_by(prepared.counts, np.where(prepared.votes > 0, fit.labels, -1), len(known))
        members = [[topic] for topic in known]
        for at, (one, other, gap, _) in enumerate(merges.tolist()):
            members.append(sorted(members[int(one)] + members[int(other)]))
            summed = by_topic[members[-1]].sum(axis=0)
            weighed = model.ctfidf_model.transform(sparse_row(summed))
            rows.append(
                (
                    len(known) + at,
                    min(int(one), int(other)),
                    max(int(one), int(other)),
                    "|".join(map(str, members[-1])),
                    gap,
                    ", ".join(top_words(weighed, prepared.words, topics.settings["words"])[0]),
                )
            )
    table = pd.DataFrame(rows, columns=["parent", "left", "right", "topics", "distance", "words"])
    table = table.astype(
        {"parent": "int64", "left": "int64", "right": "int64", "topics": "str", "distance": "float64", "words": "str"}
    )
    if "stable" in topics.topics.columns:
        real = topics.topics[topics.topics["topic"] >= 0]
        shaky = set(real.loc[~real["stable"].fillna(True).astype(bool), "topic"].tolist())
        table["n_unstable"] = [sum(int(each) in shaky for each in row.split("|")) for row in table["topics"]]
        table["n_unstable"] = table["n_unstable"].astype("int64")
    made = topics.topics.attrs["recipe"]
    table.attrs = {"recipe": make_recipe("toolkit.Topics.hierarchy", {"topics": made["settings"]}, made["corpus"], ())}
    return table


def sparse_row(values: Any) -> Any:
    """Return one dense row of counts as a sparse one."""
    from scipy.sparse import csr_matrix

    return csr_matrix(np.asarray(values).reshape(1, -1))
