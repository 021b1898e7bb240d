"""Own the fit of topics: BERTopic on contexts, handed out as plain tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from time import perf_counter
from typing import Any, Literal

import pandas as pd

from toolkit.deprecation import old_parameters
from toolkit.models.choice import AnyEmbedder, as_embedder
from toolkit.models.languages import check_language, language_of, warn_of_language
from toolkit.models.vocabulary import TopicWords, as_stop_words
from toolkit.tables import FramingError, require, warn_user
from toolkit.tables.checks import check_at_least
from toolkit.tables.frames import as_plain
from toolkit.topics.assembly import assemble, number_topics, renamed_labels
from toolkit.topics.checks import check_between
from toolkit.topics.preparation import Prepared, Run, Way, prepare, run_once
from toolkit.topics.record import Topics
from toolkit.topics.stability import certify
from toolkit.topics.steps import CLUSTERINGS, REDUCTIONS, AnyClustering, AnyReduction, check_step
from toolkit.topics.tables import Fit

__all__ = ["Topics", "fit_topics"]

_LONG = 5_000_000  # characters from which on the steps are shown as they pass
_MOST_SEED = 2**32 - 1  # the highest that scikit-learn takes


@old_parameters(runs="resamples")
def fit_topics(
    contexts: pd.DataFrame,
    *,
    embedder: AnyEmbedder = "wordllama",
    reduction: AnyReduction = "spectral",
    clustering: AnyClustering = "kmeans",
    n_topics: int | None = None,
    min_size: int = 10,
    words: int = 10,
    language: str | None = None,
    stop_words: Literal["auto", "english"] | Iterable[str] | None = "auto",
    seed_topics: Sequence[Sequence[str]] | None = None,
    zeroshot_topics: Sequence[str] | None = None,
    min_similarity: float = 0.7,
    resamples: int = 5,
    seed: int = 0,
) -> Topics:
    """Find topics among contexts, with BERTopic.

    Texts become vectors (`embedder`), the vectors are laid out in few dimensions (`reduction`) and grouped
    (`clustering`), and BERTopic names the groups by their most telling words (class-based TF-IDF; Grootendorst 2022).

    Copies do not vote. Of each story (`story_id`, from `tk.mark_stories`) only the first article's contexts make groups and
    words, and each text once, however often it occurs there; a copy gets the topic of the same text, or is placed as a new
    text would be. All contexts count in `n`. The same contexts, in any order, and the same seed give the same tables, with
    one thread or many.

    The fit is then repeated (`resamples`) on 80 % of the stories each time, drawn anew, with other seeds and orders. The
    share of these runs that find a topic again is its persistence; see the notes.

    Parameters
    ----------
    contexts : DataFrame
        One row per context, with `context_id` and `text`, as `tk.contexts` returns them. For topics of whole articles
        give ``articles.assign(context_id=articles["doc_id"])``.
    embedder : str or object, keyword-only
        ``"wordllama"`` (English, offline), ``"tfidf-svd"`` (any language, no model); with the extra of the name ``"e5"`` (a
        hundred languages, offline, slow), ``"model2vec:<name or folder>"``, ``"fastembed:<name or folder>"`` and
        ``"st:<name or folder>"``; a loaded model2vec or sentence-transformers model, or an object with the `Embedder` protocol.
        tests/benchmarks/embeddings.md compares them.
    reduction : {"spectral", "pca", "umap", "none"} or object, keyword-only
        How vectors are laid out. ``"spectral"`` (eigenvectors of the neighbour graph; Ng, Jordan and Weiss 2002) was as
        coherent as UMAP on news, more stable, and needs no compilation; tests/benchmarks/topics_default.md compares them. An
        object has fit_transform and transform.
    clustering : {"kmeans", "hdbscan"} or object, keyword-only
        How they are grouped. k-means places every context, HDBSCAN leaves outliers. An object has fit, and labels_ after it.
    n_topics : int, optional, keyword-only
        Topics wanted. By default k-means makes half the square root of the number of distinct texts, at most 30, and
        HDBSCAN as many as it finds; if you ask for fewer, HDBSCAN's most similar ones are merged. It is a choice about how
        finely to read, not a finding; ``topics.compare_settings(n=[...])`` helps you to argue for it.
    min_size : int, keyword-only
        Contexts that make a topic, not counting copies. Smaller groups are outliers.
    words : int, keyword-only
        Words per topic.
    language : str, optional, keyword-only
        Language of the texts; by default the one that `tk.contexts` was given, else English. The default embedder knows
        English only.
    stop_words : "auto", "english", list or None, keyword-only
        Words that may not name a topic: by default an English list for English and none for other languages.
    seed_topics : list of lists of str, optional, keyword-only
        Guided topics: words of topics to look for. Texts that are more like them than like the mean text move a quarter of
        the way to them, and the words weigh 1.2 times as much, as in BERTopic. This is a nudge: the words of the topics show
        whether it worked.
    zeroshot_topics : list of str, optional, keyword-only
        Descriptions that are topics by themselves. A text whose vector has at least `min_similarity` with one belongs to
        it, whatever `min_size`; the others are grouped as usual.
    min_similarity : float, keyword-only
        Cosine for `zeroshot_topics`. What is similar depends on the embedder: with "wordllama" few passages reach 0.5 with a
        short description, so try lower numbers and read what they find.
    resamples : int, keyword-only
        How often the fit is repeated on 80 % of the stories for the certificate of stability; 0 makes none.
    seed : int, keyword-only
        Of the start of k-means and UMAP, and of the draws of stories.

    Returns
    -------
    Topics
        Tables `topics`, `words`, `assignments` and `hierarchy`, the contexts, the fitted BERTopic and the settings. Topic -1
        holds the outliers: contexts without text, in groups that are too small, or left out by HDBSCAN. They stay in every
        denominator.

    Raises
    ------
    FramingError
        When no context has a word that could name a topic, or a choice does not exist.

    Warns
    -----
    FramingWarning
        When there are fewer contexts than a topic needs, so that all are shown as one topic, which is never called stable;
        when there are fewer topics than you asked for; when no context is like a zero-shot topic; when the texts do not look
        like a language that the default embedder knows.

    See Also
    --------
    contexts : Cuts passages around the hits of a term.
    Topics.compare_settings : Compares numbers of topics.
    topic_words, topic_lines, topic_collocates : What topics are about.
    topic_shares, compare, topic_regression : Where topics are found.

    Notes
    -----
    `npmi` is the mean normalised pointwise mutual information of the topic's words over the distinct texts that vote (see
    `toolkit.measures.coherence`). It judges words, not whether a context was placed well, and it is computed on the same
    contexts, so compare it only between fits on these contexts.

    `persistence` is the share of runs in which the topic is found again. A run is the fit repeated on 80 % of the stories.
    Two things must hold. The topic's passages and its match's have a Jaccard index of at least 0.75, which Hennig (2007)
    takes for recovery. And the words of the match say that it is a topic: two of its passages are more alike than any two
    (`cohesion` above 1), and they are set off from the rest by more than groups of its size are when the same words are
    dealt out at random among the passages (`separation` above `chance_separation`). So neither the heap of what fits
    nowhere persists, though it is left over each time, nor do random words that lie in one region of the embedding.

    A topic is `stable` if its persistence is at least 0.8. Then it does not hang on chance or on a few stories; a large
    topic whose cohesion is little above 1 can still be what is left over. Stability does not say that this is the only way
    to divide the passages, or that the topic means anything: a very coarse partition is easily stable, and a single topic
    always is. The intervals of `stability` and `word_stability` are about the number of runs, not about other corpora.
    Zero-shot topics have the same passages in each run by definition; whether these share words is tested all the same. A
    topic of fewer contexts than `min_size` is never called stable.

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
    contexts = _check_contexts(contexts).copy(deep=False)  # later edits in place do not reach it
    language = language_of(contexts, language)
    _check_numbers(n_topics, min_size, words, resamples, seed, min_similarity)
    check_step("reduction", reduction, REDUCTIONS, (("fit_transform", "transform"), ("fit", "transform")))
    check_step("clustering", clustering, CLUSTERINGS, (("fit",),))
    chosen = as_embedder(embedder)
    check_language(chosen, language)
    seeds, descriptions = _seed_lists(seed_topics), _descriptions(zeroshot_topics)
    analyzer = TopicWords(as_stop_words(stop_words, language))
    warn_of_language(chosen, contexts)

    seconds: dict[str, float] = {}
    with _Steps(contexts, int(resamples), seconds) as step:
        prepared = prepare(
            contexts, chosen, analyzer,
            seed_topics=seeds, zeroshot_topics=descriptions, min_similarity=float(min_similarity), step=step,
        )  # fmt: skip
        way = _possible(prepared, Way(reduction, clustering, n_topics, int(min_size)))
        run = run_once(prepared, way, seed=int(seed), step=step)

        step("represent")
        renamed = number_topics(prepared, run.labels, min_size=way.min_size)
        labels = renamed_labels(run.labels, renamed)
        names = {renamed[at]: name for at, name in enumerate(descriptions or []) if at in renamed}
        fit = Fit(prepared, way, run, labels, renamed, names, seconds)
        settings = {
            "embedder": prepared.embedder.name,
            "embedder_fingerprint": prepared.embedder.fingerprint,
            **_laid_out(run, reduction, clustering),
            "n_topics": None if n_topics is None else int(n_topics),
            "min_size": int(min_size),
            "words": int(words),
            "language": language,
            "stop_words": stop_words
            if stop_words is None or isinstance(stop_words, str)
            else sorted(analyzer.stop_words),
            "seed_topics": seeds,
            "zeroshot_topics": descriptions,
            "min_similarity": float(min_similarity) if descriptions else None,
            "resamples": int(resamples),
            "seed": int(seed),
            "n_contexts": len(contexts),
            "n_voting": prepared.n_voting,
            "n_distinct": len(prepared.texts),
            "n_empty": int((prepared.place < 0).sum()),
            "dimensions": run.layout.points.shape[1] if run.layout else 0,
        }

        if resamples:
            step("repeat")
            certificate = certify(
                prepared, way, labels,
                seed=int(seed), resamples=int(resamples), words=int(words), min_size=int(min_size),
                progress=step.bar.update,
            )  # fmt: skip
            fit = replace(fit, certificate=certificate)
        step("represent")
        topics = assemble(fit, settings, Topics)
    _warn_of_missing(topics, prepared, way, n_topics, descriptions)
    return topics


def _laid_out(run: Run, reduction: Any, clustering: Any) -> dict[str, Any]:
    """Return the steps by name: those that were taken, or, without a text to group, those that were asked for."""
    return {
        "reduction": run.layout.name if run.layout else _name(reduction),
        "clustering": run.groups.name if run.groups else _name(clustering),
    }


def _name(choice: Any) -> str:
    return choice if isinstance(choice, str) else type(choice).__name__


def _check_numbers(n_topics: Any, min_size: Any, words: Any, resamples: Any, seed: Any, min_similarity: Any) -> None:
    check_at_least("n_topics", n_topics, 1, optional=True)
    for name, value, least in (("min_size", min_size, 1), ("words", words, 1), ("resamples", resamples, 0)):
        check_at_least(name, value, least)
    check_at_least("seed", seed, 0)
    if seed > _MOST_SEED:
        raise FramingError(f"seed is a whole number below {_MOST_SEED + 1:,}; this is {seed:,}.")
    check_between("min_similarity", min_similarity, -1, 1)


def _seed_lists(seed_topics: Any) -> list[list[str]] | None:
    """Return the words of topics to look for, as lists."""
    if seed_topics is None:
        return None
    if isinstance(seed_topics, str) or not all(_are_strings(words) for words in seed_topics) or not seed_topics:
        raise FramingError(
            'seed_topics is a list of lists of words, one for each topic to look for, as in [["rain", "storm"], ["court"]].'
        )
    return [list(words) for words in seed_topics]


def _descriptions(zeroshot_topics: Any) -> list[str] | None:
    """Return the descriptions of zero-shot topics, as a list."""
    if zeroshot_topics is None:
        return None
    if not _are_strings(zeroshot_topics):
        raise FramingError('zeroshot_topics is a list of short descriptions, as in ["bad weather", "courts"].')
    return list(zeroshot_topics)


def _are_strings(given: Any) -> bool:
    return (
        not isinstance(given, str)
        and isinstance(given, Iterable)
        and bool(given)
        and all(isinstance(each, str) and each.strip() for each in given)
    )


def _check_contexts(contexts: Any) -> pd.DataFrame:
    """Return contexts that topics can be fitted on, or raise."""
    contexts = as_plain(contexts, "contexts")
    if "context_id" not in contexts.columns and {"doc_id", "text"} <= set(contexts.columns):
        raise FramingError(
            "These are articles, and topics are fitted on contexts: tk.contexts(tokens, terms) cuts them out. For topics of "
            "whole articles give articles.assign(context_id=articles['doc_id'])."
        )
    require(contexts, ["context_id", "text"], "contexts")
    if len(contexts) == 0:
        raise FramingError("This table of contexts is empty: it has columns but no row. Did the terms match anything?")

    ids = contexts["context_id"]
    broken = [name for name in ids.tolist() if isinstance(name, str) and not _encodes(name)]
    if broken:
        raise FramingError(
            f"context_id {broken[0]!r} holds half a character (a lone surrogate). Give the context another name."
        )
    if ids.isna().any():
        raise FramingError(f"context_id is missing in {int(ids.isna().sum()):,} contexts; each needs its own.")
    if ids.duplicated().any():
        example = ids[ids.duplicated()].iloc[0]
        raise FramingError(
            f"context_id must name one context each; {ids[ids.duplicated()].nunique():,} occur more than once, "
            f"for example {example!r}."
        )
    return contexts


def _encodes(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _possible(prepared: Prepared, way: Way) -> Way:
    """Return what can be made of so many contexts, and warn if it is less than was asked for."""
    n, n_all, min_size = prepared.n_voting, len(prepared.every), way.min_size
    n_filled = int((prepared.place >= 0).sum())
    having = f"there {'is' if n == 1 else 'are'} {n:,}"
    if n < n_filled:
        having += f" in the first article of each story, and {n_filled - n:,} in copies, which do not count"
    elif n < n_all:
        having += f" with text among {n_all:,}"
    advice = "Take more articles, more terms or a smaller min_size"

    if n < min_size and len(prepared.guide.labels) == 0:
        warn_user(
            f"A topic needs at least {min_size:,} contexts (min_size); {having}. They are shown as one topic, which says what "
            f"words they have and nothing else. {advice}."
        )
        return Way("none", "kmeans", n_topics=1, min_size=1)

    if way.n_topics is not None and way.clustering == "kmeans" and n < way.n_topics * min_size:
        fewer = max(1, n // min_size)
        warn_user(
            f"{way.n_topics:,} topics of at least {min_size:,} contexts each need {way.n_topics * min_size:,}; {having}, so "
            f"{fewer:,} {'is' if fewer == 1 else 'are'} made. {advice}, or ask for fewer topics."
        )
        return replace(way, n_topics=fewer)
    return way


def _warn_of_missing(
    topics: Topics, prepared: Prepared, way: Way, n_topics: int | None, descriptions: list[str] | None
) -> None:
    """Warn of zero-shot topics without a context, and of fewer topics than were asked for."""
    similarity = prepared.guide.similarities(prepared.vectors)
    for at, name in enumerate(descriptions or []):
        if not (prepared.fixed == at).any():
            warn_user(
                f"No context has a similarity of {prepared.guide.min_similarity:g} with {name!r} above all others; the highest is "
                f"{similarity[:, at].max():.2f}. Describe it otherwise, or lower min_similarity and read what that finds."
            )

    n_found = len(topics.labels)
    if n_topics is not None and way.n_topics == n_topics and n_found < n_topics:
        out = topics.topics.loc[topics.topics["topic"] == -1, "share"].sum()
        warn_user(
            f"{n_topics:,} topics were asked for; {n_found:,} {'has' if n_found == 1 else 'have'} at least "
            f"{topics.settings['min_size']:,} contexts (min_size), and {out:.0%} of the contexts are outliers. A smaller min_size "
            "shows the small groups; topics.compare_settings(n=[...]) compares numbers."
        )


class _Steps:
    """The steps of a fit: shown if it is long, each with the seconds that it took."""

    def __init__(self, contexts: pd.DataFrame, resamples: int, seconds: dict[str, float]) -> None:
        from tqdm.auto import tqdm

        long = sum(len(text) for text in contexts["text"].tolist() if isinstance(text, str)) >= _LONG
        title = f"Topics of {len(contexts):,} contexts"
        self.bar = tqdm(total=6 + resamples, desc=title, leave=False, disable=not long)
        self.seconds = seconds
        self.now, self.since = "read", perf_counter()

    def __enter__(self) -> _Steps:
        return self

    def __call__(self, name: str) -> None:
        self._close()
        self.bar.update()
        self.now = name
        self.bar.set_postfix_str(name)

    def __exit__(self, *_: object) -> None:
        self._close()
        self.bar.close()

    def _close(self) -> None:
        at = perf_counter()
        self.seconds[self.now] = self.seconds.get(self.now, 0.0) + at - self.since
        self.since = at
