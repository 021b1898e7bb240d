"""Own the comparison of settings, so that a number of topics can be argued for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from toolkit.measures.coherence import cooccurrence, counted_cv, counted_npmi, diversity, exclusivity
from toolkit.models.embedders import clean_texts
from toolkit.tables import FramingError, require
from toolkit.tables.checks import check_at_least, check_choice
from toolkit.topics.assembly import number_topics, renamed_labels
from toolkit.topics.checks import fit_of, whole_numbers
from toolkit.topics.counts import class_tfidf, cooccurring, top_words
from toolkit.topics.nearest import Labels
from toolkit.topics.preparation import Prepared, run_once
from toolkit.topics.stability import certify
from toolkit.topics.tables import TopicTables, with_recipe

Coherence = Literal["npmi", "c_v"]

CV_WINDOW = 110  # words, as in the paper
_LONG = 10_000  # contexts from which on progress is shown


def compare_settings(
    topics: TopicTables,
    *,
    n: Sequence[int] | None = None,
    min_size: Sequence[int] | None = None,
    coherence: Coherence = "npmi",
    reference: pd.DataFrame | Iterable[str] | None = None,
    resamples: int = 5,
) -> pd.DataFrame:
    """Compare numbers of topics and least sizes: see `Topics.compare_settings`."""
    fit = fit_of(topics)
    if n is None and min_size is None:
        raise FramingError(
            "Say what to compare: n=[5, 10, 20] for numbers of topics, min_size=[10, 20] for least sizes."
        )
    numbers = whole_numbers("n", n) if n is not None else [fit.way.n_topics]
    sizes = whole_numbers("min_size", min_size) if min_size is not None else [fit.way.min_size]
    check_choice("coherence", coherence, get_args(Coherence))
    check_at_least("resamples", resamples, 0)
    documents = _documents(reference)
    from tqdm.auto import tqdm

    prepared, seed, n_words = fit.prepared, topics.settings["seed"], topics.settings["words"]
    rows: list[dict[str, Any]] = []
    words_of_rows: list[list[list[str]]] = []
    pairs = [(wanted, least) for wanted in numbers for least in sizes]
    for wanted, least in tqdm(pairs, desc="Settings", leave=False, disable=len(topics.contexts) < _LONG):
        way = replace(fit.way, n_topics=wanted, min_size=least)
        run = run_once(prepared, way, seed=seed)
        renamed = number_topics(prepared, run.labels, min_size=least)
        labels = renamed_labels(run.labels, renamed)

        row, words = _described(prepared, labels, len(renamed), n_words, coherence)
        row = {"n_topics": wanted, "min_size": least, "n_found": len(renamed), **row}
        if resamples:
            made = certify(prepared, way, labels, seed=seed, resamples=int(resamples), words=n_words, min_size=least)
            row |= {name: _mean(made.table[name]) for name in ("persistence", "stability", "word_stability")}
            row["adjusted_rand"] = _mean(made.adjusted_rand)
            stable = np.flatnonzero(made.table["stable"].to_numpy(dtype=bool))
            row["stable_share"] = float(np.isin(prepared.by_context(labels, -1), stable).mean())
        rows.append(row)
        words_of_rows.append(words)

    for row, value in zip(rows, _coherence(prepared, words_of_rows, coherence, documents), strict=True):
        row[coherence] = value
    table = pd.DataFrame(rows)
    table["n_topics"] = table["n_topics"].astype("Int64" if table["n_topics"].isna().any() else "int64")

    settings = {
        "n": numbers,
        "min_size": sizes,
        "coherence": coherence,
        "reference": "the contexts" if documents is None else f"{len(documents):,} texts",
        "resamples": int(resamples),
    }
    return with_recipe(table, topics, "Topics.compare_settings", settings)


def _documents(reference: Any) -> list[str] | None:
    """Return the texts in which coherence is counted, None for the contexts themselves."""
    if reference is None:
        return None
    if isinstance(reference, pd.DataFrame):
        require(reference, ["text"], "articles")
        reference = reference["text"].tolist()
    if isinstance(reference, str) or not isinstance(reference, Iterable):
        raise FramingError("A reference is a table with a column text, or a list of texts.")

    texts = [text for text in clean_texts(list(reference)) if text.strip()]
    if not texts:
        raise FramingError("This reference has no text in which words could be counted.")
    return texts


def _described(
    prepared: Prepared, labels: Labels, n_topics: int, n_words: int, coherence: str
) -> tuple[dict[str, Any], list[list[str]]]:
    """Return what is said of a setting without repeating it, and the words of its topics."""
    by_topic = prepared.counts_by(labels, n_topics)
    words = top_words(class_tfidf(by_topic), prepared.words, n_words)

    # the rate of each topic's top words in all topics
    chosen = sorted({word for own in words for word in own})
    place = {word: at for at, word in enumerate(prepared.words)}
    total = np.asarray(by_topic.sum(axis=1), dtype=np.float64)
    counts = np.asarray(by_topic[:, [place[word] for word in chosen]].todense(), dtype=np.float64)
    rates = np.divide(counts, total, out=np.zeros_like(counts), where=total > 0)
    column = {word: at for at, word in enumerate(chosen)}

    row = {
        "outlier_share": float((prepared.by_context(labels, -1) < 0).mean()),
        coherence: np.nan,  # counted for all settings together
        "exclusivity": _mean(exclusivity(rates, [[column[word] for word in own] for own in words])),
        "diversity": diversity(words),
    }
    return row, words


def _coherence(
    prepared: Prepared, words_of_rows: list[list[list[str]]], measure: str, documents: list[str] | None
) -> list[float]:
    """Return the mean coherence of each setting; the words of all settings are counted together, once."""
    chosen = sorted({word for words in words_of_rows for own in words for word in own})
    place = {word: at for at, word in enumerate(chosen)}
    if measure == "c_v":
        texts = documents or [text for text, n in zip(prepared.texts, prepared.votes.tolist(), strict=True) if n]
        together, n = cooccurrence((prepared.analyzer(text) for text in texts), chosen, window=CV_WINDOW)
    elif documents is not None:
        together, n = cooccurrence((prepared.analyzer(text) for text in documents), chosen)
    else:
        column = {word: at for at, word in enumerate(prepared.words)}
        together, n = cooccurring(prepared.counts[prepared.votes > 0], [column[word] for word in chosen])

    coherence_of = counted_cv if measure == "c_v" else counted_npmi
    return [
        _mean(coherence_of([[place[word] for word in own] for own in words], together, n)) for words in words_of_rows
    ]


def _mean(values: Any) -> float:
    known = np.asarray(values, dtype=np.float64)
    known = known[~np.isnan(known)]
    return float(known.mean()) if len(known) else float("nan")
