"""Own the comparison of settings, so that a number of topics is argued for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from toolkit.measures.coherence import cooccurrence, counted_cv, counted_npmi, diversity, exclusivity
from toolkit.models.embedders import clean_texts
from toolkit.recipes import make_recipe
from toolkit.tables import FramingError, listed, not_found, require
from toolkit.topics.assembly import number_topics, renamed_labels
from toolkit.topics.counts import class_tfidf, cooccurring, sum_by, top_words
from toolkit.topics.merges import fit_of
from toolkit.topics.preparation import run_once
from toolkit.topics.record import Topics
from toolkit.topics.stability import certify

CV_WINDOW = 110  # words, as in the paper


def compare_settings(
    topics: Topics,
    *,
    n: Sequence[int] | None = None,
    min_size: Sequence[int] | None = None,
    coherence: str = "npmi",
    reference: Any = None,
    runs: int = 5,
) -> pd.DataFrame:
    """Compare numbers of topics and least sizes on the same contexts, sharing vectors, neighbours and counts.

    Parameters
    ----------
    topics : Topics
        From `tk.fit_topics`; its other settings are kept.
    n : list of int, optional, keyword-only
        Numbers of topics (`n_topics`).
    min_size : list of int, optional, keyword-only
        Least sizes. With both, every pair is tried.
    coherence : {"npmi", "c_v"}, keyword-only
        NPMI over whole texts, or C_v over windows of 110 words.
    reference : DataFrame or list of str, optional, keyword-only
        Texts in which coherence is counted, as articles (their column text); by default the contexts. Another corpus
        than the one that was fitted judges more fairly.
    runs : int, keyword-only
        Repetitions for stability; 0 leaves its columns out.

    Returns
    -------
    DataFrame
        One row per setting, in the order given: `n_topics` asked (missing where left to the clustering) and `min_size`;
        `n_found` topics; `outlier_share` of contexts; `npmi` or `c_v`, `exclusivity`, means over topics, each topic
        counting alike; `diversity`, different words among all topics' words; `persistence`, `stability` and `word_stability`,
        means over topics; `stable_share`, the share of contexts in stable topics.

    Raises
    ------
    FramingError
        If neither `n` nor `min_size` is given, or one of them is not a list of whole numbers.

    Notes
    -----
    No row is "right". The more topics there are, the more share a word, so that exclusivity and diversity tend to fall (the
    least they can be is one over the number of topics); one topic is always stable. Look for the finest setting that still holds still, and report the table.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> texts = [f"{theme} {i}" for theme in ("rain wind coast", "judge court ban") for i in range(20)]
    >>> contexts = pd.DataFrame({"context_id": [f"c{i}" for i in range(40)], "text": texts})
    >>> topics = tk.fit_topics(contexts, n_topics=2, min_size=3, runs=0)
    >>> topics.choose(n=[1, 2])[["n_topics", "n_found", "outlier_share", "persistence"]]
       n_topics  n_found  outlier_share  persistence
    0         1        1            0.0          1.0
    1         2        2            0.0          1.0
    """
    fit = fit_of(topics)
    if n is None and min_size is None:
        raise FramingError(
            "Say what to compare: n=[5, 10, 20] for numbers of topics, min_size=[10, 20] for least sizes."
        )
    numbers = _whole("n", n) if n is not None else [fit.way.n_topics]
    sizes = _whole("min_size", min_size) if min_size is not None else [fit.way.min_size]
    if coherence not in ("npmi", "c_v"):
        raise not_found("coherence", coherence, ("npmi", "c_v"))
    if isinstance(runs, bool) or not isinstance(runs, (int, np.integer)) or runs < 0:
        raise FramingError(f"runs is a whole number, 0 or more; this is {runs!r}.")
    prepared, seed, n_words = fit.prepared, topics.settings["seed"], topics.settings["words"]
    documents = _reference(reference)
    from tqdm.auto import tqdm

    rows: list[dict[str, Any]] = []
    named_by_row: list[list[list[str]]] = []
    for wanted, least in tqdm(
        [(wanted, least) for wanted in numbers for least in sizes],
        desc="Settings",
        leave=False,
        disable=len(topics.contexts) < 10_000,
    ):
        way = replace(fit.way, n_topics=wanted, min_size=least)
        run = run_once(prepared, way, seed=seed)
        renamed = number_topics(prepared, run.labels, min_size=least, n_named=len(prepared.guide.labels))
        labels = renamed_labels(run.labels, renamed)
        found = len(renamed)
        by_topic = sum_by(prepared.counts, np.where(prepared.votes > 0, labels, -1), found)
        named = top_words(class_tfidf(by_topic), prepared.words, n_words)
        rates, number = _rates(by_topic, named, prepared.words)
        filled = prepared.place >= 0
        out = ~filled
        out[filled] = labels[prepared.place[filled]] < 0
        row: dict[str, Any] = {
            "n_topics": wanted,
            "min_size": least,
            "n_found": found,
            "outlier_share": float(out.mean()),
            coherence: np.nan,
            "exclusivity": _mean(exclusivity(rates, [[number[word] for word in words] for words in named])),
            "diversity": diversity(named),
        }
        if runs:
            made = certify(prepared, way, labels, seed=seed, runs=int(runs), words=n_words, min_size=least)
            row |= {name: _mean(made.table[name]) for name in ("persistence", "stability", "word_stability")}
            stable = np.flatnonzero(made.table["stable"].to_numpy(dtype=bool))
            row["stable_share"] = float(np.isin(labels[prepared.place[filled]], stable).sum() / len(out))
        rows.append(row)
        named_by_row.append(named)
    for row, value in zip(rows, _coherence(prepared, named_by_row, coherence, documents), strict=True):
        row[coherence] = value
    table = pd.DataFrame(rows)
    table["n_topics"] = table["n_topics"].astype("Int64" if table["n_topics"].isna().any() else "int64")
    made_by = topics.topics.attrs["recipe"]
    settings = {
        "n": numbers,
        "min_size": sizes,
        "coherence": coherence,
        "reference": "the contexts" if documents is None else f"{len(documents):,} texts",
        "runs": int(runs),
        "topics": made_by["settings"],
    }
    table.attrs = {"recipe": make_recipe("toolkit.Topics.choose", settings, made_by["corpus"], ())}
    table.attrs["recipe"]["versions"].update(made_by["versions"])
    return table


def _whole(name: str, given: Any) -> list[int]:
    values = list(given) if isinstance(given, Iterable) and not isinstance(given, str) else [given]
    strange = [v for v in values if isinstance(v, bool) or not isinstance(v, (int, np.integer)) or v < 1]
    if strange or not values:
        raise FramingError(
            f"{name} is a list of whole numbers, 1 or more, as in [5, 10, 20]; this has {listed(strange)}."
        )
    return [int(v) for v in values]


def _reference(given: Any) -> list[str] | None:
    if given is None:
        return None
    if isinstance(given, pd.DataFrame):
        require(given, ["text"], "articles")
        given = given["text"].tolist()
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise FramingError("A reference is a table with a column text, or a list of texts.")
    texts = [text for text in clean_texts(list(given)) if text.strip()]
    if not texts:
        raise FramingError("This reference has no text in which words could be counted.")
    return texts


def _rates(by_topic: Any, named: list[list[str]], words: list[str]) -> tuple[Any, dict[str, int]]:
    """Return the rates of the topics' top words in each topic, and the column of each word."""
    chosen = sorted({word for each in named for word in each})
    place = {word: at for at, word in enumerate(words)}
    total = np.asarray(by_topic.sum(axis=1), dtype=np.float64)
    table = np.asarray(by_topic[:, [place[word] for word in chosen]].todense(), dtype=np.float64)
    return np.divide(table, total, out=np.zeros_like(table), where=total > 0), {w: at for at, w in enumerate(chosen)}


def _coherence(
    prepared: Any, named_by_row: list[list[list[str]]], measure: str, documents: list[str] | None
) -> list[float]:
    """Count the words of all settings together, once."""
    chosen = sorted({word for named in named_by_row for words in named for word in words})
    place = {word: at for at, word in enumerate(chosen)}
    if measure == "c_v":
        texts = documents or [text for text, n in zip(prepared.texts, prepared.votes.tolist(), strict=True) if n]
        together, n = cooccurrence((prepared.analyzer(text) for text in texts), chosen, window=CV_WINDOW)
    elif documents is not None:
        together, n = cooccurrence((prepared.analyzer(text) for text in documents), chosen)
    else:
        column = {word: at for at, word in enumerate(prepared.words)}
        together, n = cooccurring(prepared.counts[prepared.votes > 0], [column[word] for word in chosen])
    judge = counted_cv if measure == "c_v" else counted_npmi
    return [_mean(judge([[place[word] for word in words] for words in named], together, n)) for named in named_by_row]


def _mean(values: Any) -> float:
    known = np.asarray(values, dtype=np.float64)
    known = known[~np.isnan(known)]
    return float(known.mean()) if len(known) else float("nan")
