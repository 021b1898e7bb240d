"""Find the words that tell one part of a corpus from the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.measures.association import log_likelihood, log_ratio
from toolkit.measures.contrasts import SharedSums, quotient_interval, story_correlation
from toolkit.measures.intervals import StorySums, ratio_interval
from toolkit.measures.keyness import log_odds_z
from toolkit.measures.multiplicity import adjusted
from toolkit.measures.permutations import as_extreme, draws_at_a_time, exchangeable_stories, permuted_targets
from toolkit.recipes import make_recipe
from toolkit.tables import KEYNESS, FramingError, warn_user
from toolkit.text.sides import Condition, Mask, Sides, stated, two_sides, word_counts
from toolkit.text.tokens import Tokens

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_ENOUGH = 20  # draws as extreme after which a word's p is known well enough


def keyness(
    tokens: Tokens,
    target: Condition,
    reference: Condition | None = None,
    *,
    min_n: int = 3,
    min_articles: int = 1,
    unit: str = "article",
    prior_words: float | None = None,
    confidence: float = 0.95,
    permutations: int = 0,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare the words of some articles with those of others.

    Parameters
    ----------
    tokens : Tokens
        The index of the articles.
    target : array_like of bool or dict
        Which articles are the target: true or false for each, such as ``articles["date"] < "2017-02-01"``, or columns with the value
        or values wanted, such as ``{"source": ["CNN", "ABC"]}``.
    reference : array_like of bool or dict, optional
        Which are the reference; by default all others.
    min_n, min_articles : int, keyword-only
        Leave out words that target and reference together have less often, or in fewer articles. No word is left out for
        being common.
    unit : {"article", "story"}, keyword-only
        What is counted: each article, or of each story on each side the earliest article only.
    prior_words : float, keyword-only
        How many words the prior of `log_odds_z` adds to each side, in the proportions of the whole corpus. By default as
        many as the smaller side has.
    confidence : float, keyword-only
        Of the interval of `log_ratio`.
    permutations : int, keyword-only
        How many times to deal the labels anew for `p_permutation` and `q`, such as 9,999; 0 leaves these out.
    seed : int, keyword-only
        Of the dealing.

    Returns
    -------
    DataFrame
        Keyness: one row per word (in lower case, without possessive 's), the most typical of the target first.

        - `G2`: the log-likelihood ratio over four cells (Dunning 1993), negative where the reference has relatively more; `p`, its
          chi-squared tail.
        - `log_ratio`: the binary logarithm of the ratio of rates (Hardie 2014; a count of 0 is taken as .5): 1 is twice as
          often, 2 four times. `low` and `high`: its interval, whose unit is the story; infinite where a side lacks the word.
        - `log_odds_z`: the log-odds ratio weighted by an informative Dirichlet prior, in its standard errors (Monroe, Colaresi
          and Quinn 2008, with their variance of two terms).
        - `n_target`, `n_reference`: occurrences; `n_articles_target` and so on: articles with the word;
          `n_stories_target` and so on: stories with it.
        - With permutations, `p_permutation`: in what part of the ways to deal the labels to the stories the word has as large a
          G2; `q`: the rate of false discoveries if this word and all with a smaller p are called different (Benjamini and Hochberg 1995).

    Raises
    ------
    FramingError
        If a side is empty, both share articles, a condition cannot be read, or a number is out of range.

    Warns
    -----
    FramingWarning
        If most articles of the smaller side have none on the other with which labels can be exchanged.

    Notes
    -----
    `p` and `log_odds_z` take words as drawn one by one, but words come in bundles. So both find differences between two parts of
    one process: with `p` below .05 in 35 to 71 % of the words (tests/benchmarks/keyness_null.md). Rank by them, do not
    quote them.

    The interval is that of a ratio of two rates (MOVER; Donner and Zou 2012) from intervals whose unit is the story, with
    the stories that lie on both sides allowed for; see `toolkit.measures.intervals` and `contrasts`. It is wide where few stories
    have the word. It is for one word at a time.

    `p_permutation` is uniform where nothing differs (same page). The labels are dealt among stories of the same number of articles
    and about the same length (`toolkit.measures.permutations`), so that copies count as one thing; after Mildenberger's keyperm, which deals documents.
    p is (b + 1) / (permutations + 1), so with 20,000 words and 999 permutations no q is below .05 unless 400 words have the
    smallest p: take 9,999, or fewer words by `min_n` and `min_articles`. More permutations cost little, since after 999 only the words
    whose p may be small go on.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "text": ["ban ban ban order", "order order order ban"]})
    >>> tk.keyness(tk.tokenize(articles), [True, False])[["feature", "log_ratio", "n_target", "n_reference"]]
      feature  log_ratio  n_target  n_reference
    0     ban   1.584963         3            1
    1   order  -1.584963         1            3
    """
    _check_numbers(confidence, permutations, prior_words)
    sides = two_sides(tokens, target, reference, unit)
    keys = tokens.vocabulary.keys(possessive=True)[0]
    counts, articles = zip(*(word_counts(tokens, mask) for mask in sides[:2]), strict=True)
    words = [int(side.sum()) for side in counts]
    kept = np.flatnonzero((sum(counts) >= max(min_n, 1)) & (sum(articles) >= min_articles))
    a, b = (side[kept] for side in counts)
    one, other, shared, stories = _story_sums(tokens, sides, counts, articles)
    low, high = _log_ratio_ends(
        StorySums(*(part[kept] for part in one)),
        StorySums(*(part[kept] for part in other)),
        SharedSums(*(part[kept] for part in shared)),
        confidence,
    )
    strength = float(min(words)) if prior_words is None else float(prior_words)
    prior = strength * tokens.key_totals[0][kept] / len(tokens)
    table = pd.DataFrame(
        {
            "feature": pd.array(keys.take(kept).to_pylist(), dtype="str"),
            **_evidence(log_likelihood(a, b, words[0] - a, words[1] - b)),
            "log_ratio": log_ratio(a, b, words[0], words[1]),
            "low": low,
            "high": high,
            "log_odds_z": log_odds_z(a, b, words[0], words[1], prior, strength),
            "n_target": a,
            "n_reference": b,
            "n_articles_target": articles[0][kept],
            "n_articles_reference": articles[1][kept],
            "n_stories_target": stories[0][kept],
            "n_stories_reference": stories[1][kept],
        }
    )[list(KEYNESS.columns)]
    if permutations:
        table["p_permutation"] = _permutation_p(tokens, sides, kept, permutations, seed)
        table["q"] = adjusted(table["p_permutation"], "fdr")
    table = table.sort_values(["G2", "feature"], ascending=[False, True]).reset_index(drop=True)
    settings = {
        "target": stated(target),
        "reference": stated(reference),
        **{"min_n": min_n, "min_articles": min_articles, "unit": unit, "confidence": confidence},
        **{"prior_words": strength, "permutations": permutations, "seed": seed},
        **{"n_articles_target": int(sides.target.sum()), "n_articles_reference": int(sides.reference.sum())},
        **{"n_words_target": words[0], "n_words_reference": words[1]},
    }
    table.attrs = {"recipe": make_recipe("toolkit.keyness", settings, tokens.corpus, ("pandas", "numpy", "scipy"))}
    return table


def _check_numbers(confidence: float, permutations: int, prior_words: float | None) -> None:
    if not 0 < confidence < 1:
        raise FramingError(f"confidence is a number between 0 and 1, such as 0.95, not {confidence}.")
    if permutations < 0:
        raise FramingError(f"permutations is how many times labels are dealt anew, 0 or more, not {permutations}.")
    if prior_words is not None and not prior_words > 0:
        raise FramingError(
            f"prior_words is how many words the prior adds to each side, more than 0, not {prior_words}."
        )


def _evidence(g2: Floats) -> dict[str, Floats]:
    from scipy import special

    return {"G2": g2, "p": special.chdtrc(1, np.abs(g2))}


def _log_ratio_ends(one: StorySums, other: StorySums, shared: SharedSums, confidence: float) -> tuple[Floats, Floats]:
    """Return the interval of the log ratio; what comes together on either side bounds the side that lacks the word."""
    bundle = (one.xx + other.xx) / (one.x + other.x)
    first, second = (ratio_interval(side, confidence=confidence, bundle=bundle) for side in (one, other))
    rho = story_correlation(one, other, shared)
    ends = quotient_interval(one.x / one.n, *first, other.x / other.n, *second, rho)
    with np.errstate(divide="ignore"):
        low, high = (np.log2(end) for end in ends)
    return low, high


def _story_sums(
    tokens: Tokens, sides: Sides, counts: tuple[Ints, Ints], articles: tuple[Ints, Ints]
) -> tuple[StorySums, StorySums, SharedSums, tuple[Ints, Ints]]:
    """Return the sums over stories of each word on each side and on both, and the stories on each side that have it.

    Stories of one article are summed from the index as it is; only those of several are put together first.
    """
    from scipy import sparse

    matrix, size = tokens.by_article, tokens.n_words.astype(float)
    either = sides.target | sides.reference
    copies = np.bincount(sides.story[either], minlength=int(sides.story.max()) + 1)[sides.story]
    several = either & (copies > 1)
    number = np.zeros(len(several), dtype=np.int64)
    number[several] = np.unique(sides.story[several], return_inverse=True)[1]
    sums, together, stories = [], [], []
    for mask, n_word, with_word in zip((sides.target, sides.reference), counts, articles, strict=True):
        single, rows = mask & ~several, np.flatnonzero(mask & several)
        shape = (number.max(initial=0) + 1, len(rows))
        put = sparse.csr_matrix((np.ones(len(rows)), (number[rows], np.arange(len(rows)))), shape=shape)
        part = matrix[rows]
        x, n, there = put @ part, put @ size[rows], np.diff(put.indptr) > 0
        xx, xn = _moments(tokens, single)
        ones = np.ones(len(n_word))
        sums.append(
            StorySums(
                ones * (single.sum() + there.sum()),
                n_word.astype(float),
                ones * size[mask].sum(),
                xx + _sum(x.power(2)),
                xn + n @ x,
                ones * (size[single] @ size[single] + n @ n),
            )
        )
        together.append((x, n, there))
        stories.append(with_word - _entries(part) + _entries(x))
    both = together[0][2] & together[1][2]
    (x1, n1), (x2, n2) = ((x[both], n[both]) for x, n, _ in together)
    shared = SharedSums(ones * both.sum(), _sum(x1.multiply(x2)), n2 @ x1, n1 @ x2, ones * (n1 @ n2))
    return sums[0], sums[1], shared, (stories[0], stories[1])


def _moments(tokens: Tokens, mask: Mask) -> tuple[Floats, Floats]:
    """Return the sums of x * x and of x * n over the articles under the mask, x being a word's occurrences and n all words."""
    matrix, weight = tokens.by_article, mask.astype(float)
    if mask.sum() * 4 < len(mask):  # fewer articles are quicker taken out than passed over
        rows = np.flatnonzero(mask)
        matrix, weight = matrix[rows], weight[rows]
    else:
        rows = np.arange(len(mask))
    squares = type(matrix)((matrix.data.astype(float) ** 2, matrix.indices, matrix.indptr), shape=matrix.shape)
    return weight @ squares, (weight * tokens.n_words[rows]) @ matrix


def _entries(matrix: Any) -> Ints:
    return np.bincount(matrix.indices, minlength=matrix.shape[1])


def _sum(matrix: Any) -> Floats:
    return np.asarray(matrix.sum(axis=0), dtype=float).ravel()


def _permutation_p(tokens: Tokens, sides: Sides, kept: Ints, permutations: int, seed: int) -> Floats:
    """Return, for each kept word, in what part of the ways to deal the labels its G2 is as large as it is.

    After 999, 9,999 ... draws the words with enough draws as extreme keep their p, and the others go on. Such a p is valid: to
    be small at the end it must have been small before.
    """
    from tqdm.auto import tqdm

    rows = np.flatnonzero(sides.target | sides.reference)
    largest = tokens.key_totals[0][kept].max(initial=0)
    counts = tokens.by_article[rows][:, kept].astype(np.float32 if largest < 2**24 else np.float64)
    n_words, target = tokens.n_words[rows], sides.target[rows]
    groups = exchangeable_stories(sides.story[rows], n_words)
    _warn_of_few(target, groups)
    rng = np.random.default_rng(seed)
    open_words = np.arange(len(kept))
    extreme, p = np.zeros(len(kept), dtype=np.int64), np.ones(len(kept))
    large = counts.nnz * permutations > 2_000_000_000
    with tqdm(total=permutations, desc="permute", disable=None if large else True) as bar:
        done = 0
        for end in _stages(permutations):
            part = counts[:, open_words]
            while done < end:
                draws = min(draws_at_a_time(len(open_words)), end - done)
                extreme[open_words] += as_extreme(part, n_words, target, permuted_targets(target, groups, draws, rng))
                done += draws
                bar.update(draws)
            p[open_words] = (extreme[open_words] + 1) / (end + 1)
            open_words = open_words[extreme[open_words] < _ENOUGH]
            if len(open_words) == 0:
                break
    return p


def _warn_of_few(target: Mask, groups: Sequence[Ints]) -> None:
    """Say so where most articles of the smaller side have none on the other that they could be exchanged with."""
    mixed = [group.ravel() for group in groups if (target[group] != target[group[0]]).any()]
    places = np.concatenate([*mixed, np.empty(0, dtype=np.int64)])
    name, side = ("target", target) if 2 * target.sum() <= len(target) else ("reference", ~target)
    n, whole = int(side[places].sum()), int(side.sum())
    if 2 * n < whole:
        warn_user(
            f"{n:,} of the {whole:,} articles of the {name} can be dealt to the other side; the rest have no story there of as "
            "many articles and about as many words. p_permutation rests on these few: take sides that are more alike."
        )


def _stages(permutations: int) -> list[int]:
    """Return after how many draws words that are no longer in doubt are let go.

    >>> _stages(20_000)
    [999, 9999, 20000]
    """
    ends = [10**k - 1 for k in range(3, 12) if 10**k - 1 < permutations]
    return [*ends, permutations]
