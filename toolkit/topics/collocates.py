"""Own what stands beside the term inside each topic: collocates that the other topics lack."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from toolkit.measures.keyness import log_odds_z
from toolkit.tables import TOPIC_COLLOCATES, FramingError, pick
from toolkit.text.matches import AnyTerms, match
from toolkit.text.terms import Terms
from toolkit.text.tokens import Tokens, tokenize
from toolkit.topics.counts import sum_by
from toolkit.topics.preparation import stories_and_votes
from toolkit.topics.record import Topics
from toolkit.topics.words import check_whole, checked_fit, finished, real_topics

_NEARLY = 0.9  # share of passages in which the names of the terms must be found


def topic_collocates(
    topics: Topics,
    *,
    n: int = 10,
    window: int = 5,
    least: int = 3,
    terms: AnyTerms | None = None,
    mask: str | None = None,
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
        The term; by default that of the contexts' recipe, or the mask that stands in its place. Without a recipe (`pd.concat` drops
        it) the names in the contexts' column `terms` are looked for.
    mask : str, optional, keyword-only
        What stands in the term's place, where the contexts' recipe does not say it.

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
        check_whole(name, value, smallest)
    prepared = checked_fit(topics).prepared
    names = real_topics(topics)
    counts, about = _near_term(topics, window, terms, mask)
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
    table = (
        pd.concat(parts, ignore_index=True)
        if parts
        else pd.DataFrame(columns=[*TOPIC_COLLOCATES.columns]).drop(columns="label")
    )
    table.insert(1, "label", pd.Series(pick(list(names.values()), table["topic"].to_numpy(dtype=np.int64))))
    settings = {"n": int(n), "window": int(window), "least": int(least), "terms": about}
    return finished(table, topics, "topic_collocates", settings)


def about_terms(contexts: pd.DataFrame) -> bool:
    """Return whether contexts are said to be about a term, by their recipe or by their column `terms`."""
    return bool(_stated(contexts).get("terms")) or bool(_names(contexts))


def _stated(contexts: pd.DataFrame) -> dict[str, Any]:
    made = contexts.attrs.get("recipe", {})
    return dict(made.get("settings", {})) if made.get("function") == "toolkit.contexts" else {}


def _names(contexts: pd.DataFrame) -> list[str]:
    if "terms" not in contexts.columns:
        return []
    joined = contexts["terms"].dropna().astype("str").unique().tolist()
    return sorted({name for each in joined for name in each.split("|") if name.strip()})


def _found_by_name(topics: Topics) -> Terms | None:
    """Return the names of the terms as terms, if what they match is in nearly every passage; a name need not be a pattern."""
    names = _names(topics.contexts)
    if not names:
        return None
    texts = checked_fit(topics).prepared.texts
    tokens = _tokens(texts)
    try:
        found = match(tokens, Terms(names), warn=False)
    except FramingError:
        return None
    place = np.searchsorted(tokens.offsets, found.first, side="right") - 1
    return Terms(names) if len(np.unique(place)) >= _NEARLY * len(texts) else None


def _near_term(topics: Topics, window: int, terms: AnyTerms | None, mask: str | None) -> tuple[Any, Any]:
    """Return which words stand near the term in each passage (contexts by the fit's words, once each), and what the term is."""
    from scipy.sparse import csr_matrix

    prepared = checked_fit(topics).prepared
    stated = _stated(topics.contexts)
    if mask is None and terms is None:
        mask = stated.get("mask")
    wanted: Any = mask if mask else terms if terms is not None else stated.get("terms") or _found_by_name(topics)
    if not wanted:
        raise FramingError(
            "It is not known which term these contexts are about. Say it: tk.topic_collocates(topics, terms='reset'), or, where it "
            "is masked, tk.topic_collocates(topics, mask='___')."
        )
    texts = prepared.texts
    if mask:  # what stands in the term's place need not be a word
        word = "qxmaskqx"
        texts = [text.replace(mask, f" {word} ") for text in texts]
        wanted = word
    tokens = _tokens(texts)
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


def _tokens(texts: list[str]) -> Tokens:
    ids = pd.array([str(i) for i in range(len(texts))], dtype="str")
    return tokenize(pd.DataFrame({"doc_id": ids, "text": pd.array(texts, dtype="str")}), ["text"])


def _column(form: str, prepared: Any, number: dict[str, int]) -> int:
    cut = prepared.analyzer(form)
    return number.get(cut[0], -1) if len(cut) == 1 else -1
