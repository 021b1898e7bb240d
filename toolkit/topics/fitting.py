"""Own topics: fit BERTopic on contexts and hand out plain tables."""

from __future__ import annotations

import hashlib
import html
import sys
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.measures.coherence import topic_npmi
from toolkit.recipes import make_recipe
from toolkit.tables import FramingError, pick, require
from toolkit.topics.embedders import Embedder, WordLlamaEmbedder, as_embedder, clean_texts
from toolkit.topics.steps import CLUSTERINGS, REDUCTIONS, Groups, Layout, check_choice, group, lay_out, merge_groups
from toolkit.topics.vocabulary import TopicWords, as_stop_words, is_english

_LONG = 10_000  # contexts from which on the steps are shown as they pass
_MOST = 30  # topics made unasked


@dataclass(frozen=True, eq=False)
class Topics:
    """Topics of contexts, as tables.

    A topic is a group of contexts that use similar words. It is not a frame.

    Attributes
    ----------
    topics : DataFrame
        One row per topic, the largest first, outliers (-1) last: `topic`; `label` (its first three words); `words`
        (joined by commas); `n` contexts; `share` of all contexts, outliers included; `npmi`, the coherence of its
        words.
    words : DataFrame
        One row per topic and word: `topic`, `rank` (from 1), `word`, `weight` (c-TF-IDF: within a topic, higher is more
        telling; not comparable between two fits).
    assignments : DataFrame
        One row per context, in their order: `context_id`, `topic`, `probability` (NaN where the clustering gives none).
    contexts : DataFrame
        The contexts as they were given.
    model : bertopic.BERTopic
        The fitted model, for everything else that BERTopic offers.
    settings : dict
        What they were fitted with.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> texts = [f"Rain and wind hit the coast on day {i}" for i in range(6)]
    >>> texts += [f"The judge and the court stopped the ban in case {i}" for i in range(6)]
    >>> contexts = pd.DataFrame({"context_id": [f"c{i}" for i in range(12)], "text": texts})
    >>> topics = tk.fit_topics(contexts, n_topics=2, min_size=3)
    >>> topics.topics["n"].tolist(), len(topics.assignments)
    ([6, 6], 12)
    """

    topics: pd.DataFrame
    words: pd.DataFrame
    assignments: pd.DataFrame
    contexts: pd.DataFrame = field(repr=False)
    model: Any = field(repr=False)
    settings: dict[str, Any]

    def __repr__(self) -> str:
        rows: list[dict[str, Any]] = self.topics.to_dict("records")  # type: ignore[assignment]  # columns are strings
        lines = [f"{row['topic']:>4}  {row['n']:>7,}  {row['share']:>4.0%}  {row['words']}" for row in rows]
        return "\n".join([self._headline(), *lines])

    def _repr_html_(self) -> str:
        rows: list[dict[str, Any]] = self.topics.to_dict("records")  # type: ignore[assignment]  # columns are strings
        body = "".join(
            f"<tr><td>{row['topic']}</td><td>{row['n']:,}</td><td>{row['share']:.1%}</td>"
            f"<td>{'' if np.isnan(row['npmi']) else format(row['npmi'], '.2f')}</td>"
            f"<td style='text-align:left'>{html.escape(row['words'])}</td></tr>"
            for row in rows
        )
        last = "<th style='text-align:left'>words</th>"
        head = f"<tr><th>topic</th><th>contexts</th><th>share</th><th>NPMI</th>{last}</tr>"
        return f"<p>{html.escape(self._headline())}</p><table><thead>{head}</thead><tbody>{body}</tbody></table>"

    def _headline(self) -> str:
        n_topics = int((self.topics["topic"] >= 0).sum())
        outliers = float(self.topics.loc[self.topics["topic"] == -1, "share"].sum())
        by = self.settings
        return (
            f"{n_topics} topic{'' if n_topics == 1 else 's'} of {len(self.contexts):,} contexts, {outliers:.0%} outliers "
            f"({by['embedder']}, {by['reduction']}, {by['clustering']}, seed {by['seed']})"
        )


def fit_topics(
    contexts: pd.DataFrame,
    *,
    embedder: Any = "wordllama",
    reduction: Any = "spectral",
    clustering: Any = "kmeans",
    n_topics: int | None = None,
    min_size: int = 10,
    words: int = 10,
    language: str = "en",
    stop_words: str | Iterable[str] | None = "auto",
    seed: int = 0,
) -> Topics:
    """Find topics among contexts, with BERTopic.

    Texts become vectors (`embedder`), the vectors are laid out in few dimensions (`reduction`) and grouped
    (`clustering`), and BERTopic names the groups by their most telling words (class-based TF-IDF; Grootendorst 2022).
    Exact copies of a text are one text when groups are made and coherence is taken, and all of them count in `n`. The
    same contexts, in any order, and the same seed give the same tables, with one thread or many.

    Parameters
    ----------
    contexts : DataFrame
        One row per context, with `context_id` and `text`, as `tk.contexts` returns them. For topics of whole articles
        give ``articles.assign(context_id=articles["doc_id"])``.
    embedder : str or object, keyword-only
        ``"wordllama"`` (English, offline), ``"tfidf-svd"`` (any language, no model), ``"st:<name or folder>"``, a
        loaded model2vec or sentence-transformers model, or an object with the `Embedder` protocol.
    reduction : {"spectral", "pca", "umap", "none"} or object, keyword-only
        How vectors are laid out. ``"spectral"`` (eigenvectors of the neighbour graph; Ng, Jordan and Weiss 2002) was as
        coherent as UMAP on news, more stable, and needs no compiling; the comparison is in
        tests/benchmarks/topics_default.md. An object has fit_transform and transform.
    clustering : {"kmeans", "hdbscan"} or object, keyword-only
        How they are grouped. k-means places every context; HDBSCAN leaves outliers. An object has fit and then labels_.
    n_topics : int, optional, keyword-only
        Topics wanted. Unasked, k-means makes half the square root of the number of distinct texts, 30 at most, and
        HDBSCAN as many as it finds; asked, HDBSCAN's most similar ones are merged. It is a choice about how finely to
        read, not a finding.
    min_size : int, keyword-only
        Contexts that make a topic. Smaller groups are outliers.
    words : int, keyword-only
        Words per topic.
    language : str, keyword-only
        Language of the texts. The default embedder knows English only.
    stop_words : "auto", "english", list or None, keyword-only
        Words that may not name a topic: by default an English list for English and none for other languages.
    seed : int, keyword-only
        Where k-means and UMAP start.

    Returns
    -------
    Topics
        Tables `topics`, `words` and `assignments`, the contexts, the fitted BERTopic and the settings. Topic -1 holds
        the outliers: contexts without text, of groups that are too small, or that HDBSCAN leaves out. They stay in
        every denominator.

    Raises
    ------
    FramingError
        When there are too few contexts for a topic, none has a word that could name one, or a choice does not exist.

    Notes ----- `npmi` is the mean normalised pointwise mutual information of the topic's words over the distinct
    contexts, which are the windows (see `toolkit.measures.coherence`). It judges words, not whether a context was
    placed well, and it is taken on the same contexts, so compare it between fits on these contexts only.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> rain, court = "Rain and wind hit the coast on day {}", "The judge and the court stopped the ban in case {}"
    >>> texts = [rain.format(i) for i in range(6)] + [court.format(i) for i in range(6)]
    >>> contexts = pd.DataFrame({"context_id": [f"c{i}" for i in range(12)], "text": texts})
    >>> fitted = tk.fit_topics(contexts, n_topics=2, min_size=3)
    >>> fitted.topics[["topic", "n", "share"]]
       topic  n  share
    0      0  6    0.5
    1      1  6    0.5
    >>> sorted(fitted.words.loc[fitted.words["topic"] == fitted.assignments["topic"][0], "word"])
    ['coast', 'day', 'hit', 'rain', 'wind']
    """
    _check_contexts(contexts)
    for name, value, least in (
        ("n_topics", n_topics, 1),
        ("min_size", min_size, 1),
        ("words", words, 1),
        ("seed", seed, 0),
    ):
        if value is None and name == "n_topics":
            continue
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
            raise FramingError(f"{name} is a whole number, {least} or more; this is {value!r}.")
    check_choice("reduction", reduction, REDUCTIONS, (("fit_transform", "transform"), ("fit", "transform")))
    check_choice("clustering", clustering, CLUSTERINGS, (("fit",),))
    chosen = as_embedder(embedder)
    if isinstance(chosen, WordLlamaEmbedder) and not is_english(language):
        raise FramingError(
            f"The embedder 'wordllama' knows English only, and the language is {language!r}. "
            "Choose embedder='tfidf-svd', which learns from the texts, or a multilingual model."
        )
    analyzer = TopicWords(as_stop_words(stop_words, language))

    texts = clean_texts(contexts["text"].tolist())
    distinct = sorted({text for text in texts if text.strip()})
    n_filled = sum(bool(text.strip()) for text in texts)
    _check_enough(n_filled, len(texts), n_topics, min_size, clustering)
    tokens = [analyzer(text) for text in distinct]
    if not any(tokens):
        raise FramingError(
            f"None of these {len(texts):,} texts has a word that could name a topic: they hold only stop words, numbers or "
            "signs. Look at contexts['text'], or give other stop_words."
        )
    if hasattr(chosen, "fit") and not isinstance(chosen, type):
        chosen = chosen.fit(distinct)

    with _Steps(len(texts)) as step:
        step("embed")
        vectors = np.asarray(chosen.embed(distinct), dtype=np.float64)
        _check_vectors(vectors, len(distinct), chosen)
        placeable = np.flatnonzero((vectors != 0).any(axis=1))
        if len(placeable) == 0:
            raise FramingError(f"The embedder {chosen.name!r} has a vector for none of these {len(distinct):,} texts.")
        unasked = _unasked(len(placeable), n_filled, min_size)
        wanted = n_topics or unasked
        # k-means finds as many groups as the layout has dimensions; what counts groups itself needs two to find any
        dimensions = wanted if clustering == "kmeans" else max(2, unasked)
        step("reduce")
        layout = lay_out(vectors[placeable], reduction, dimensions=dimensions, seed=seed)
        step("cluster")
        groups = group(layout.points, clustering, n_topics=wanted, min_size=min_size, seed=seed)
        place = {distinct[i]: at for at, i in enumerate(placeable)}
        rows = np.array([place.get(text, -1) for text in texts])
        merge_to = n_topics if groups.name != "kmeans" else None
        labels, probabilities = _spread(groups, layout, vectors[placeable], rows, min_size, merge_to)
        step("represent")
        model, width = _named(
            texts, rows, vectors[placeable], layout, groups, labels, probabilities, chosen, analyzer, words, min_size
        )
    settings = {
        "embedder": chosen.name,
        "embedder_fingerprint": chosen.fingerprint,
        "reduction": layout.name,
        "clustering": groups.name,
        "n_topics": None if n_topics is None else int(n_topics),
        "min_size": int(min_size),
        "words": int(words),
        "language": language,
        "stop_words": stop_words if stop_words is None or isinstance(stop_words, str) else sorted(analyzer.stop_words),
        "seed": int(seed),
        "n_contexts": len(texts),
        "n_distinct": len(distinct),
        "n_empty": len(texts) - n_filled,
        "dimensions": width,
    }
    return _tables(contexts, labels, probabilities, model, tokens, settings)


def _check_contexts(contexts: Any) -> None:
    if not isinstance(contexts, pd.DataFrame):
        raise FramingError(f"A table of contexts is a pandas DataFrame; this is a {type(contexts).__name__}.")
    require(contexts, ["context_id", "text"], "contexts")
    if len(contexts) == 0:
        raise FramingError("This table of contexts is empty: it has columns but no row. Did the terms match anything?")
    ids = contexts["context_id"]
    if ids.isna().any():
        raise FramingError(f"context_id is missing in {int(ids.isna().sum()):,} contexts; each needs its own.")
    if ids.duplicated().any():
        example = ids[ids.duplicated()].iloc[0]
        raise FramingError(
            f"context_id must name one context each; {ids[ids.duplicated()].nunique():,} occur more than once, "
            f"for example {example!r}."
        )


def _check_enough(n: int, n_all: int, n_topics: int | None, min_size: int, clustering: Any) -> None:
    having = f"there are {n:,}" + (f" with text among {n_all:,}" if n != n_all else "")
    help_ = "Take more articles, more terms or a smaller min_size."
    if n < min_size:
        raise FramingError(f"A topic needs at least {min_size:,} contexts (min_size); {having}. {help_}")
    if n_topics is not None and clustering == "kmeans" and n < n_topics * min_size:
        raise FramingError(
            f"{n_topics:,} topics of at least {min_size:,} contexts each need {n_topics * min_size:,}; {having}. "
            f"{help_[:-1]}, or fewer topics."
        )


def _check_vectors(vectors: NDArray[np.float64], n: int, embedder: Embedder) -> None:
    if vectors.ndim != 2 or len(vectors) != n or not np.isfinite(vectors).all():
        raise FramingError(
            f"The embedder {embedder.name!r} must give one row of finite numbers for each of {n:,} texts; it gave "
            f"{'an array of shape ' + str(vectors.shape) if np.isfinite(vectors).all() else 'numbers that are not finite'}."
        )


def _unasked(n_distinct: int, n: int, min_size: int) -> int:
    """Return how many topics to make where nobody says: few enough to read."""
    return max(1, min(round(n_distinct**0.5 / 2), _MOST, n // min_size, n_distinct))


def _spread(
    groups: Groups,
    layout: Layout,
    vectors: NDArray[np.float64],
    rows: NDArray[np.int64],
    min_size: int,
    n_topics: int | None,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Give each context the topic of its text; number topics by size, outliers -1.

    Of two topics of one size, the one with the text that comes first in the alphabet goes first: the numbers do not
    depend on the order of the rows, nor on how the clustering happened to number its groups.
    """
    filled = rows >= 0
    own = np.full(len(rows), -1, dtype=np.int64)
    own[filled] = groups.labels[rows[filled]]
    if n_topics is not None:
        merged = merge_groups(groups.labels, vectors, n_topics)
    else:
        merged = {int(label): int(label) for label in np.unique(groups.labels) if label >= 0}
    to = np.array([merged.get(int(label), -1) for label in own], dtype=np.int64)
    first: dict[int, int] = {}
    for at, label in enumerate(groups.labels.tolist()):
        if label in merged:
            first.setdefault(merged[label], at)
    sizes = {name: int((to == name).sum()) for name in first}
    ranked = sorted((name for name in first if sizes[name] >= min_size), key=lambda name: (-sizes[name], first[name]))
    number = {name: place for place, name in enumerate(ranked)}
    groups.renamed = {label: number[name] for label, name in merged.items() if name in number}
    labels = np.array([number.get(int(name), -1) for name in to], dtype=np.int64)
    probabilities = np.full(len(rows), np.nan)
    probabilities[filled] = groups.probabilities[rows[filled]]
    return labels, probabilities


def _named(
    texts: list[str],
    rows: NDArray[np.int64],
    vectors: NDArray[np.float64],
    layout: Layout,
    groups: Groups,
    labels: NDArray[np.int64],
    probabilities: NDArray[np.float64],
    embedder: Embedder,
    analyzer: TopicWords,
    words: int,
    min_size: int,
) -> tuple[Any, int]:
    """Fit BERTopic on all contexts, those without text at the origin."""
    bridge = _bridge()
    filled = rows >= 0
    wide = np.zeros((len(rows), vectors.shape[1]))
    wide[filled] = vectors[rows[filled]]
    points = np.zeros((len(rows), layout.points.shape[1]))
    points[filled] = layout.points[rows[filled]]
    model = bridge.fit_model(
        texts,
        wide,
        layout,
        points,
        groups,
        labels,
        probabilities,
        embedder=embedder,
        analyzer=analyzer,
        n_words=words,
        min_size=min_size,
    )
    return model, layout.points.shape[1]


def _bridge() -> Any:
    """Import BERTopic, saying so, and without the silence that it puts on everybody's warnings."""
    if "bertopic" not in sys.modules:
        print(
            "Loading BERTopic (the first time in an environment takes up to a minute) ...", file=sys.stderr, flush=True
        )
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # what its parts have to say while they load is about packages that nobody wants here
        return import_module("toolkit.topics.bridge")


class _Steps:
    """Shows the steps of a long fit."""

    def __init__(self, n_contexts: int) -> None:
        from tqdm.auto import tqdm

        self.bar = tqdm(total=4, desc=f"Topics of {n_contexts:,} contexts", leave=False, disable=n_contexts < _LONG)
        self.begun = False

    def __enter__(self) -> _Steps:
        return self

    def __call__(self, name: str) -> None:
        if self.begun:
            self.bar.update()
        self.begun = True
        self.bar.set_postfix_str(name)

    def __exit__(self, *_: object) -> None:
        self.bar.close()


def _tables(
    contexts: pd.DataFrame,
    labels: NDArray[np.int64],
    probabilities: NDArray[np.float64],
    model: Any,
    tokens: list[list[str]],
    settings: dict[str, Any],
) -> Topics:
    order = [topic for topic in sorted(model.topic_sizes_) if topic >= 0] + [-1] * (-1 in model.topic_sizes_)
    named = {topic: [(word, weight) for word, weight in model.get_topic(topic) if word] for topic in order}
    only_words = {topic: [word for word, _ in named[topic]] for topic in order}
    real = [topic for topic in order if topic >= 0]
    coherence = dict(zip(real, topic_npmi([only_words[topic] for topic in real], tokens).tolist(), strict=True))
    n = [int((labels == topic).sum()) for topic in order]
    topics = pd.DataFrame(
        {
            "topic": np.array(order, dtype=np.int64),
            "label": pd.array(
                ["outliers" if topic == -1 else ", ".join(only_words[topic][:3]) or "no words" for topic in order],
                dtype="str",
            ),
            "words": pd.array([", ".join(only_words[topic]) for topic in order], dtype="str"),
            "n": np.array(n, dtype=np.int64),
            "share": np.array(n) / len(labels),
            "npmi": np.array([coherence.get(topic, np.nan) for topic in order], dtype=np.float64),
        }
    )
    listed = [
        (topic, rank, word, weight) for topic in order for rank, (word, weight) in enumerate(named[topic], start=1)
    ]
    word_table = pd.DataFrame(
        {
            "topic": np.array([row[0] for row in listed], dtype=np.int64),
            "rank": np.array([row[1] for row in listed], dtype=np.int64),
            "word": pick([row[2] for row in listed], np.arange(len(listed))),
            "weight": np.array([row[3] for row in listed], dtype=np.float64),
        }
    )
    assignments = pd.DataFrame(
        {
            "context_id": contexts["context_id"].reset_index(drop=True),
            "topic": labels,
            "probability": probabilities,
        }
    )
    made = contexts.attrs.get("recipe", {})
    name = contexts_fingerprint(contexts)
    n_articles = contexts["doc_id"].nunique() if "doc_id" in contexts.columns else len(contexts)
    corpus = made.get("corpus") or {"name": "unnamed", "fingerprint": name, "n_articles": n_articles}
    came_from = {"fingerprint": name, "function": made.get("function"), "settings": made.get("settings")}
    packages = ("pandas", "numpy", "scipy", "scikit-learn", "bertopic", "wordllama", "umap-learn", "hdbscan")
    recipe = make_recipe("toolkit.fit_topics", {**settings, "contexts": came_from}, corpus, packages)
    for table in (topics, word_table, assignments):
        table.attrs = {"recipe": recipe}
    return Topics(topics, word_table, assignments, contexts.copy(deep=False), model, settings)


def contexts_fingerprint(contexts: pd.DataFrame) -> str:
    """Name the content of contexts (ids and texts), in whatever order they stand.

    Examples
    --------
    >>> frame = pd.DataFrame({"context_id": ["a", "b"], "text": ["A reset.", "A ban."]})
    >>> contexts_fingerprint(frame) == contexts_fingerprint(frame[::-1]), contexts_fingerprint(frame)[:2]
    (True, '2-')
    """
    total = hashlib.sha256()
    rows = zip(contexts["context_id"].astype("str").tolist(), clean_texts(contexts["text"].tolist()), strict=True)
    for name, text in sorted(rows):
        total.update(f"{name}\0{text}\0".encode("utf-8", "replace"))
    return f"{len(contexts)}-{total.hexdigest()[:16]}"
