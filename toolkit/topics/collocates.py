"""Own the collocates of topics: words that stand near the term in one topic and hardly in the others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from toolkit.deprecation import old_parameters
from toolkit.measures.keyness import log_odds_z
from toolkit.tables import TOPIC_COLLOCATES, FramingError, pick
from toolkit.tables.checks import check_at_least
from toolkit.text.matches import AnyTerms, Matches, match
from toolkit.text.terms import Terms
from toolkit.text.tokens import Tokens, tokenize
from toolkit.topics.checks import fit_of
from toolkit.topics.counts import sum_by
from toolkit.topics.origins import stories_and_votes
from toolkit.topics.preparation import Prepared
from toolkit.topics.tables import TopicTables, marked, with_recipe

_NEARLY = 0.9  # share of passages in which the names of the terms must be found
_MASK = "qxmaskqx"  # a word that stands for the mask, which need not be one


@old_parameters(least="min_n")
def topic_collocates(
    topics: TopicTables,
    *,
    n: int = 10,
    window: int = 5,
    min_n: int = 3,
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
    min_n : int, keyword-only
        Passages of the topic in which a collocate must stand near the term.
    terms : Terms, dict, list or str, optional, keyword-only
        The term; by default that of the contexts' recipe, or the mask in its place. Without a recipe (`pd.concat` drops it) the
        names in the contexts' column `terms` are looked for.
    mask : str, optional, keyword-only
        What stands in the term's place, if the contexts' recipe does not say it.

    Returns
    -------
    DataFrame
        Topic collocates: one row per topic and word, the strongest first: `topic`; `label`; `rank`; `collocate`; `n`, passages of
        the topic in which it stands near the term, of `n_passages`; `n_total`, such passages in all topics and outliers, of
        `n_passages_total`; `exclusivity`, n / n_total; `log_odds_z`, which ranks them: the weighted log-odds ratio of this topic
        against the rest, in standard errors; with a certificate `stable`, of the topic.

    Raises
    ------
    FramingError
        When it is not known which term the contexts are about, or it is not in them.

    See Also
    --------
    toolkit.collocates : Collocates of a term in a corpus.
    topic_words : Words of each topic, wherever they stand.

    Notes
    -----
    Only passages that vote are counted (see `tk.fit_topics`). The ratio is that of Monroe, Colaresi and Quinn (2008) over the words
    near the term, each once per passage, with the proportions of all topics as prior; only words above 0 are listed. Topics were made
    from these very words, so z ranks them and tests nothing.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({
    ...     "doc_id": list("abcdefgh"),
    ...     "text": [f"A policy reset with Moscow and diplomats, {i}." for i in range(4)]
    ...     + [f"A password reset on your device or phone, {i}." for i in range(4)]})
    >>> contexts = tk.contexts(tk.tokenize(articles), "reset")
    >>> topics = tk.fit_topics(contexts, n_topics=2, min_size=3, resamples=0)
    >>> found = tk.topic_collocates(topics, n=1, window=1)
    >>> sorted(found["collocate"]), found["exclusivity"].tolist()
    (['password', 'policy'], [1.0, 1.0])
    """
    for name, value in (("n", n), ("window", window), ("min_n", min_n)):
        check_at_least(name, value, 1)
    prepared, n_topics = fit_of(topics).prepared, len(topics.labels)
    near_term, about = _near_term(topics, window, terms, mask)

    # only passages that vote
    rows = np.flatnonzero(stories_and_votes(topics.contexts)[1] & (prepared.place >= 0))
    near_term, label = near_term[rows], topics.assignments["topic"].to_numpy()[rows]
    n_total = np.asarray(near_term.sum(axis=0), dtype=np.int64).ravel()
    by_topic = sum_by(near_term, label, n_topics)
    n_passages = np.bincount(label[label >= 0], minlength=n_topics)

    parts = []
    all_words = float(n_total.sum())
    for topic, name in topics.labels.items():
        inside = np.asarray(by_topic[topic].toarray(), dtype=np.int64).ravel()
        own = float(inside.sum())
        at = np.flatnonzero(inside >= min_n)
        if own == 0 or own == all_words:  # nothing to compare
            at = at[:0]

        z = np.zeros(len(at))
        if len(at):
            prior = n_total * ((n_total > 0).sum() / 2 / all_words)
            z = log_odds_z(inside, n_total - inside, own, all_words - own, prior)[at]
        order = np.lexsort((at, -np.round(z, 9)))[:n]
        order = order[z[order] > 0]
        chosen = at[order]

        part = {
            "topic": topic,
            "label": pd.array([name] * len(chosen), dtype="str"),
            "rank": np.arange(1, len(chosen) + 1),
            "collocate": pick(prepared.words, chosen),
            "n": inside[chosen],
            "n_passages": int(n_passages[topic]),
            "n_total": n_total[chosen],
            "n_passages_total": len(rows),
            "exclusivity": inside[chosen] / np.maximum(n_total[chosen], 1),
            "log_odds_z": z[order],
        }
        parts.append(pd.DataFrame(part))

    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(TOPIC_COLLOCATES.columns))
    settings = {"n": int(n), "window": int(window), "min_n": int(min_n), "terms": about}
    return with_recipe(marked(table, topics), topics, "topic_collocates", settings)


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


def _found_by_name(topics: TopicTables) -> Terms | None:
    """Return the names of the terms as terms, if what they match is in nearly every passage; a name need not be a pattern."""
    names = _names(topics.contexts)
    if not names:
        return None
    texts = fit_of(topics).prepared.texts
    tokens = passage_tokens(texts)
    try:
        matches = match(tokens, Terms(names), warn=False)
    except FramingError:
        return None
    return Terms(names) if len(np.unique(_text_of(matches, tokens))) >= _NEARLY * len(texts) else None


def _near_term(topics: TopicTables, window: int, terms: AnyTerms | None, mask: str | None) -> tuple[Any, Any]:
    """Return which words stand near the term in each passage (contexts by the fit's words, once each), and what the term is."""
    from scipy.sparse import csr_matrix

    prepared = fit_of(topics).prepared
    stated = _stated(topics.contexts)
    if mask is None and terms is None:
        mask = stated.get("mask")
    wanted: Any = mask if mask else terms if terms is not None else stated.get("terms") or _found_by_name(topics)
    if not wanted:
        raise FramingError(
            "It is not known which term these contexts are about. Name it: tk.topic_collocates(topics, terms='reset'), or, if it "
            "is masked, tk.topic_collocates(topics, mask='___')."
        )

    texts = prepared.texts
    if mask:
        texts = [text.replace(mask, f" {_MASK} ") for text in texts]
        wanted = _MASK
    tokens = passage_tokens(texts)
    matches = match(tokens, Terms(wanted), warn=False)
    if len(matches.first) == 0:
        what = f"The mask {mask!r}" if mask else "The term"
        raise FramingError(f"{what} is in none of these {len(texts):,} passages. Name the term: terms='reset'.")

    # the words of the fit, as its vectorizer counts them
    number = {word: column for column, word in enumerate(prepared.words)}
    column = np.array([_column(form, prepared, number) for form in tokens.vocabulary.forms], dtype=np.int64)
    row = np.repeat(np.arange(len(texts)), np.diff(tokens.offsets))
    kept = np.flatnonzero(_is_near(matches, tokens, window) & (column[tokens.codes] >= 0))
    pairs = np.unique(np.stack([row[kept], column[tokens.codes[kept]]]), axis=1)
    by_text = csr_matrix(
        (np.ones(pairs.shape[1], dtype=np.int64), (pairs[0], pairs[1])), shape=(len(texts), len(prepared.words))
    )
    return by_text[np.maximum(prepared.place, 0)], mask or Terms(wanted).as_dict()


def _is_near(matches: Matches, tokens: Tokens, window: int) -> Any:
    """Return which words stand near a match, inside its text; the term is not its own company."""
    text = _text_of(matches, tokens)
    begins, ends = tokens.offsets[text], tokens.offsets[text + 1]
    near = np.zeros(len(tokens.codes), dtype=bool)
    for step in range(1, window + 1):
        before, after = matches.first - step, matches.last + step
        near[before[before >= begins]] = True
        near[after[after < ends]] = True

    for step in range(int((matches.last - matches.first).max()) + 1):
        within = matches.first + step
        near[within[within <= matches.last]] = False
    return near


def _text_of(matches: Matches, tokens: Tokens) -> Any:
    return np.searchsorted(tokens.offsets, matches.first, side="right") - 1


def passage_tokens(texts: list[str]) -> Tokens:
    """Return the index of passages, one text each."""
    ids = pd.array([str(i) for i in range(len(texts))], dtype="str")
    return tokenize(pd.DataFrame({"doc_id": ids, "text": pd.array(texts, dtype="str")}), ["text"])


def _column(form: str, prepared: Prepared, number: dict[str, int]) -> int:
    words = prepared.analyzer(form)
    return number.get(words[0], -1) if len(words) == 1 else -1
