"""Own the senses of a word: groups of its contexts, by the words beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.hits import contexts_of
from toolkit.measures.keyness import log_odds_z
from toolkit.models.choice import AnyEmbedder, as_embedder
from toolkit.models.embedders import clean_texts, unit_rows
from toolkit.models.languages import check_language, language_of, warn_of_language
from toolkit.models.vocabulary import TopicWords, as_stop_words
from toolkit.recipes import make_recipe
from toolkit.tables import FramingError, listed, require, warn_user
from toolkit.tables.checks import check_at_least
from toolkit.text.matches import AnyTerms, match
from toolkit.text.terms import Terms
from toolkit.topics.collocates import passage_tokens
from toolkit.topics.passages import bare, middle_of, printable

MOST = 8  # senses tried by default
_FITTED = 4_000  # distinct contexts from which the groups are made: distances of all pairs take 64 MB
_SHOWN = 90  # characters of a line on each side of its middle
_WORDS = 8

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Senses:
    """Senses of a word, as tables. Shown, it has three lines of each sense.

    Attributes
    ----------
    senses : DataFrame
        One row per sense, the most frequent first: `sense`; `words` (that tell it apart, joined by commas); `n` contexts;
        `share` of all contexts; `cohesion` (mean cosine between its contexts and their mean). Sense -1 holds contexts without
        another word.
    assignments : DataFrame
        One row per context, in their order: `context_id`, `sense`, `margin` (how much nearer, in cosine, the context is to
        the mean of its sense than to that of the next one; below 0 it could as well be there; missing if there is one sense).
    contexts : DataFrame
        The contexts as they were given.
    silhouettes : dict
        Mean silhouette of each number of senses that was tried.
    settings : dict
        What they were made with.
    """

    senses: pd.DataFrame
    assignments: pd.DataFrame
    contexts: pd.DataFrame = field(repr=False)
    silhouettes: dict[int, float]
    settings: dict[str, Any]
    _nearness: Floats = field(repr=False)

    def __repr__(self) -> str:
        return repr(self.show())

    def _repr_html_(self) -> str:
        return self.show()._repr_html_()

    def show(self, n: int = 3) -> SenseLines:
        """Return the `n` most typical contexts of each sense, no two the same, to be read."""
        check_at_least("n", n, 0, "a number of lines")
        label, texts = self.assignments["sense"].to_numpy(), clean_texts(self.contexts["text"].tolist())
        lines: dict[int, list[str]] = {}
        for sense in self.senses["sense"].tolist():
            members = np.flatnonzero(label == sense)
            order = members[np.argsort(-self._nearness[members], kind="stable")]
            read: dict[str, str] = {}  # copies differ in marks and spaces
            for i in order:
                read.setdefault(bare(texts[i]), middle_of(texts[i], _SHOWN, "…"))
                if len(read) >= n:
                    break
            lines[sense] = list(read.values())[:n]
        return SenseLines(self.senses, lines)

    def keep(self, senses: int | Iterable[int], *, hits: pd.DataFrame | None = None) -> pd.DataFrame:
        """Return the contexts of these senses; or, of `hits`, those in these contexts.

        A hit belongs to the context that was cut around it. Count on with `tk.count_hits`.
        """
        return self._chosen(self._named(senses), hits)

    def drop(self, senses: int | Iterable[int], *, hits: pd.DataFrame | None = None) -> pd.DataFrame:
        """Return the contexts of all other senses; or, of `hits`, those in these contexts."""
        dropped = self._named(senses)
        return self._chosen([sense for sense in self.senses["sense"].tolist() if sense not in dropped], hits)

    def _named(self, senses: int | Iterable[int]) -> list[int]:
        named = [int(senses)] if isinstance(senses, (int, np.integer)) else [int(sense) for sense in senses]
        unknown = [sense for sense in named if sense not in set(self.senses["sense"])]
        if unknown:
            raise FramingError(f"There is no sense {listed(unknown)}. There are: {listed(self.senses['sense'])}.")
        return named

    def _chosen(self, senses: list[int], hits: pd.DataFrame | None) -> pd.DataFrame:
        chosen = self.assignments["sense"].isin(senses).to_numpy()
        if hits is None:
            return self.contexts[chosen]

        for table, what in ((hits, "hits"), (self.contexts, "contexts")):
            require(table, ["doc_id", "field", "start", "end"], what)
        home = contexts_of(hits, self.contexts)
        if (home < 0).any():
            warn_user(f"{int((home < 0).sum()):,} of {len(hits):,} hits lie in none of these contexts and are omitted.")
        return hits[(home >= 0) & chosen[np.maximum(home, 0)]]


@dataclass(frozen=True, eq=False)
class SenseLines:
    """Lines of each sense to read: a list in a notebook, text elsewhere."""

    senses: pd.DataFrame
    lines: dict[int, list[str]]

    def __repr__(self) -> str:
        parts = []
        for head, lines in self._parts():
            parts += [head, *("    " + printable(line) for line in lines)]
        return "\n".join(parts)

    def _repr_html_(self) -> str:
        parts = []
        for head, lines in self._parts():
            items = "".join(f'<li dir="auto">{escape(line)}</li>' for line in lines)
            parts.append(f"<p><b>{escape(head)}</b></p><ul>{items}</ul>")
        return "".join(parts)

    def _parts(self) -> Iterable[tuple[str, list[str]]]:
        for row in self.senses.to_dict("records"):
            many = f"{row['n']:,} context{'' if row['n'] == 1 else 's'}, {row['share']:.0%}"
            yield f"Sense {row['sense']} ({many}): {row['words']}", self.lines[row["sense"]]


def senses(
    contexts: pd.DataFrame,
    *,
    n_senses: int | None = None,
    embedder: AnyEmbedder = "wordllama",
    terms: AnyTerms | None = None,
    by_article: bool = True,
    language: str | None = None,
    seed: int = 0,
) -> Senses:
    """Group the contexts of a word into senses, such as the reset of a policy and that of a password.

    Parameters
    ----------
    contexts : DataFrame
        One row per context, with `context_id` and `text`, from `tk.contexts`; best with ``merge=False``, a context for each hit,
        and ``window=50``: senses show in more words than a sentence has.
    n_senses : int, optional, keyword-only
        How many; by default the number from 2 to 8 with the highest mean silhouette (Rousseeuw 1987).
    embedder : str or object, keyword-only
        What turns texts into vectors, as in `tk.fit_topics`.
    terms : Terms, dict, list or str, optional, keyword-only
        The word itself, which is removed from the texts so that the words beside it decide; by default the terms of the contexts'
        recipe. Contexts that were cut with a mask need none.
    by_article : bool, keyword-only
        Whether the other contexts of an article count as much as the context itself, since a word mostly has one sense in one
        text (Gale, Church and Yarowsky 1992). It needs `doc_id`.
    language : str, optional, keyword-only
        Language of the texts, for the list of stop words; by default the one that `tk.contexts` was given, else English. The
        default embedder knows English only.
    seed : int, keyword-only
        Of the draw of 4,000 distinct contexts from which groups are made if there are more.

    Returns
    -------
    Senses
        Tables `senses` and `assignments`, `show(n)`, and `keep` and `drop`, which give the contexts or the hits of chosen senses.

    Raises
    ------
    FramingError
        If there is no context with another word, you ask for more senses than there are distinct texts, or a choice does not
        exist.

    Warns
    -----
    FramingWarning
        If it is not known which word the contexts are about.

    See Also
    --------
    contexts : Cuts passages around the hits of a term.
    fit_topics : Groups contexts by what they are about.

    Notes
    -----
    Groups are made by average linkage of cosine distances. They are groups of like contexts: one sense of a dictionary can be
    several, and two can be one. Read the lines, then keep all groups that are what you mean. A silhouette cannot say that
    there is one sense only. How well groups fit senses that were labelled by hand is in tests/benchmarks/senses.md.

    Copies of a text count once when groups are made, and all of them count in `n`.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> policy, device = "The reset with Moscow and its diplomats, day {}.", "Choose reset and type a new password, step {}."
    >>> articles = pd.DataFrame({
    ...     "doc_id": list("abcdefg"), "source": "Post",
    ...     "text": [policy.format(i) for i in range(4)] + [device.format(i) for i in range(3)]})
    >>> tokens = tk.tokenize(articles)
    >>> found = tk.senses(tk.contexts(tokens, "reset", merge=False), n_senses=2)
    >>> found.senses[["sense", "n"]].values.tolist()
    [[0, 4], [1, 3]]

    Count on with the hits of one sense, in the words of all articles:

    >>> hits = tk.find(tokens, "reset")
    >>> tk.usage(tk.count_hits(tokens, found.keep(0, hits=hits)), ["reset"])[["source", "n_hits", "n_articles_total"]]
      source  n_hits  n_articles_total
    0   Post       4                 7
    """
    require(contexts, ["context_id", "text"], "contexts")
    if contexts.empty:
        raise FramingError(
            "There is no context to group. Cut some around the hits of a term: tk.contexts(tokens, terms)."
        )
    if contexts["context_id"].duplicated().any():
        raise FramingError("context_id must name one context each; some occur more than once.")
    check_at_least("n_senses", n_senses, 1, "a number of senses", optional=True)
    language = language_of(contexts, language)
    chosen = as_embedder(embedder)
    check_language(chosen, language)
    warn_of_language(chosen, contexts)

    texts, masked = _without_word(contexts, terms)
    full = np.array([any(c.isalnum() for c in text) for text in texts], dtype=bool)
    if not full.any():
        raise FramingError(
            f"None of these {len(contexts):,} contexts has a word beside the term, so nothing tells senses apart."
        )
    at = np.flatnonzero(full)
    which, distinct = pd.factorize(np.array([texts[i] for i in at], dtype=object), sort=True)
    if n_senses is not None and n_senses > len(distinct):
        raise FramingError(
            f"{n_senses} senses were asked for, and there are {len(distinct):,} distinct contexts. Ask for fewer, or give more contexts."
        )

    points: Floats = chosen.embed(list(distinct)).astype(np.float64)
    if by_article and "doc_id" in contexts.columns:
        points = points + _of_articles(points, which, pd.factorize(contexts["doc_id"].iloc[at])[0])
    points = unit_rows(points).astype(np.float64).round(6)
    group, silhouettes = _grouped(points, n_senses, seed)

    # from distinct texts to contexts
    sense = np.full(len(contexts), -1, dtype=np.int64)
    nearness: Floats = np.full(len(contexts), -np.inf)
    margin: Floats = np.full(len(contexts), np.nan)
    sense[at], nearness[at], margin[at] = _placed(points, group, which)

    table = _table(sense, nearness, texts, TopicWords(as_stop_words("auto", language)))
    assignments = pd.DataFrame({"context_id": contexts["context_id"].array, "sense": sense, "margin": margin})
    settings = {
        "n_senses": n_senses,
        "n_senses_chosen": int(sense.max()) + 1,
        "chosen_by": "the caller" if n_senses is not None else f"mean silhouette over 2 to {MOST}",
        "silhouettes": {str(k): round(v, 4) for k, v in silhouettes.items()},
        "embedder": chosen.name,
        "embedding": chosen.fingerprint,
        "masked": masked,
        "by_article": by_article,
        "language": language,
        "seed": seed,
    }
    corpus = contexts.attrs.get("recipe", {}).get("corpus", {})
    for made in (table, assignments):
        made.attrs = {
            "recipe": make_recipe("toolkit.senses", settings, corpus, ("pandas", "numpy", "scipy", "scikit-learn"))
        }
    return Senses(table, assignments, contexts, silhouettes, settings, nearness)


def _without_word(contexts: pd.DataFrame, terms: AnyTerms | None) -> tuple[list[str], Any]:
    """Return the texts without the word they are about, and what that is."""
    texts = clean_texts(contexts["text"].tolist())
    stated = contexts.attrs.get("recipe", {}).get("settings", {})
    if terms is None and stated.get("mask"):
        return [text.replace(stated["mask"], " ") for text in texts], stated["mask"]
    wanted = terms if terms is not None else stated.get("terms")
    if not wanted:
        warn_user(
            "It is not known which word these contexts are about, so that it stays in the texts. Name it (terms='reset'), "
            "or cut contexts with a mask: tk.contexts(tokens, terms, mask='___')."
        )
        return texts, None

    word = Terms(wanted)
    tokens = passage_tokens(texts)
    matches = match(tokens, word, warn=False)
    place = np.searchsorted(tokens.offsets, matches.first, side="right") - 1
    ends = tokens.starts[matches.last] + tokens.vocabulary.lengths[tokens.codes[matches.last]]
    spans = zip(place.tolist(), tokens.starts[matches.first].tolist(), ends.tolist(), strict=True)
    for i, start, end in sorted(spans, reverse=True):  # from the end, so that places before it stay what they are
        texts[i] = texts[i][:start] + " " + texts[i][end:]
    return texts, word.as_dict()


def _of_articles(points: Floats, which: Ints, article: Ints) -> Floats:
    """Return, for each distinct text, the mean vector of the contexts of the articles that it stands in."""
    from scipy.sparse import csr_matrix

    stands = csr_matrix((np.ones(len(which)), (article, which)), shape=(article.max() + 1, len(points)))
    means = (stands @ points) / np.asarray(stands.sum(axis=1))
    back = stands.T
    return np.asarray((back @ means) / np.asarray(back.sum(axis=1)), dtype=np.float64)


def _grouped(points: Floats, n_senses: int | None, seed: int) -> tuple[Ints, dict[int, float]]:
    """Return the group of each point, and the silhouettes of the numbers of groups that were tried."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import pdist, squareform

    some = np.arange(len(points))
    if len(points) > _FITTED:
        some = np.sort(np.random.default_rng(seed).choice(len(points), _FITTED, replace=False))
    fitted = points[some]
    n_apart = len(np.unique(fitted, axis=0))
    if n_apart < 2 or n_senses == 1 or (n_senses is None and n_apart < 3):
        return np.zeros(len(points), dtype=np.int64), {}

    # rounded, so that the last bit of a sum decides nothing; a text of which the embedder knows no word is like no other
    gaps = np.nan_to_num(np.round(np.maximum(pdist(fitted, "cosine"), 0.0), 6), nan=1.0)
    tree = linkage(gaps, "average")
    tried = [n_senses] if n_senses is not None else list(range(2, min(MOST, n_apart - 1) + 1))
    labels = {k: fcluster(tree, k, criterion="maxclust").astype(np.int64) - 1 for k in tried}

    silhouettes: dict[int, float] = {}
    square = squareform(gaps)
    for k, label in labels.items():
        if 2 <= len(np.unique(label)) < len(fitted):
            from sklearn.metrics import silhouette_score

            silhouettes[k] = float(silhouette_score(square, label, metric="precomputed"))
    best = labels[max(silhouettes, key=lambda k: (round(silhouettes[k], 6), -k))] if silhouettes else labels[tried[0]]

    # texts that were not drawn go to the nearest mean
    group = _cosines(points, fitted, best).argmax(axis=1)
    group[some] = best
    return group, silhouettes


def _cosines(points: Floats, fitted: Floats, group: Ints) -> Floats:
    """Return the cosine of each point with the mean of each group."""
    means = np.vstack([fitted[group == one].mean(axis=0) for one in range(int(group.max()) + 1)])
    return np.round(points @ unit_rows(means).astype(np.float64).T, 6)


def _placed(points: Floats, group: Ints, which: Ints) -> tuple[Ints, Floats, Floats]:
    """Number groups by their contexts, the most frequent first; also return the cosine with its mean and the lead over the next."""
    rank = np.argsort(np.argsort(-np.bincount(group[which]), kind="stable"))
    group = rank[group]

    cosines = _cosines(points, points, group)
    rows = np.arange(len(points))
    own = cosines[rows, group]
    margin = np.full(len(points), np.nan)
    if cosines.shape[1] > 1:
        cosines[rows, group] = -np.inf
        margin = own - cosines.max(axis=1)
    return group[which], own[which], margin[which]


def _table(sense: Ints, nearness: Floats, texts: list[str], analyzer: TopicWords) -> pd.DataFrame:
    words = [sorted(set(analyzer(text))) for text in texts]
    vocabulary = sorted({word for each in words for word in each})
    everywhere = Counter(word for each in words for word in each)
    total = np.array([everywhere[word] for word in vocabulary], dtype=float)

    rows = []
    labels = [*range(int(sense.max()) + 1), *([-1] if (sense == -1).any() else [])]
    for label in labels:
        members = np.flatnonzero(sense == label)
        inside = Counter(word for i in members for word in words[i])
        own = np.array([inside[word] for word in vocabulary], dtype=float)
        others = total - own

        # the words that tell a sense from the others; of a single sense the most frequent
        telling: Sequence[str] = ()
        if len(labels) > 1 and own.sum() and others.sum():
            prior = total / total.sum() * len(vocabulary) / 2
            z = log_odds_z(own, others, own.sum(), others.sum(), prior)
            telling = [vocabulary[i] for i in np.lexsort((np.arange(len(z)), -z))[:_WORDS] if z[i] > 0]
        elif own.sum():
            telling = [vocabulary[i] for i in np.lexsort((np.arange(len(own)), -own))[:_WORDS]]

        rows.append(
            {
                "sense": label,
                "words": ", ".join(telling),
                "n": len(members),
                "share": len(members) / len(sense),
                "cohesion": float(nearness[members].mean()) if label >= 0 else np.nan,
            }
        )
    return pd.DataFrame(rows).astype({"words": "str"})
