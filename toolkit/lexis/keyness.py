"""Own keyness: the words that tell one part of a corpus from another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.deprecation import old_parameters
from toolkit.measures import keyness as statistics
from toolkit.measures.association import log_likelihood, log_ratio
from toolkit.measures.contrasts import SharedSums, quotient_interval, story_correlation
from toolkit.measures.intervals import Estimate, StorySums, ratio_interval
from toolkit.measures.multiplicity import adjusted
from toolkit.measures.permutations import as_extreme, draws_at_a_time, exchangeable_stories, permuted_targets
from toolkit.recipes import recorded, state
from toolkit.tables import KEYNESS, FramingError, warn_user
from toolkit.tables.checks import check_at_least, check_choice, check_confidence
from toolkit.tables.choices import Unit
from toolkit.text.sides import Mask, Side, Sides, stated, two_sides, word_counts
from toolkit.text.tokens import Tokens, as_tokens

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

KeynessMeasure = Literal[
    "G2_two_cells",
    "chi2",
    "chi2_yates",
    "chi2_conditional",
    "fisher_p",
    "BIC",
    "percent_difference",
    "odds_ratio",
    "simple_maths",
    "smoothed_log_ratio",
    "conservative_log_ratio",
]
"""Further measures of keyness, each a column of its name."""

_ALWAYS = ("G2", "log_ratio", "log_odds_z")  # in every table, so that asking for them adds nothing
_ENOUGH = 20  # permutations as extreme after which a word's p is known well enough


@old_parameters(tokens="corpus")
@recorded(packages=("pandas", "numpy", "scipy"))
def keyness(
    corpus: Tokens | pd.DataFrame,
    target: Side,
    reference: Side | None = "rest",
    *,
    measures: Sequence[KeynessMeasure] | KeynessMeasure = (),
    min_n: int = 3,
    min_articles: int = 1,
    unit: Unit = "article",
    prior_words: float | None = None,
    confidence: float = 0.95,
    permutations: int = 0,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare the words of some articles with those of others.

    Parameters
    ----------
    corpus : Tokens or DataFrame
        The articles, or their index. Articles are tokenised once and remembered while Python runs.
    target, reference : str, list of str, dict, array_like of bool, or "rest"
        The two sides, each in one of these ways: a source or several, such as ``["CNN", "ABC"]``, which are values of the column `source`;
        columns with the value or values wanted, such as ``{"section": "news"}``; true or false for each article, such as
        ``articles["date"] < "2017-02-01"``; or "rest", all articles that the other side has not. The reference is the rest by default.
    measures : str or list of str, keyword-only
        Further measures, each a column of its name:

        - how surprising, were each word drawn by itself: "G2_two_cells" (Rayson and Garside 2000), "chi2", "chi2_yates",
          "chi2_conditional" (quanteda's default: Yates's correction only for words of which a cell is expected less than five times),
          all signed; "fisher_p", two-sided; "BIC" (Wilson 2013), |G2| less the logarithm of all words;
        - how much more often: "percent_difference" (%DIFF; Gabrielatos and Marchi 2011), "odds_ratio" (Pojanapunya and Todd 2016),
          "simple_maths" (Kilgarriff 2009, per million, with 1 added), "smoothed_log_ratio" (Walter 1975), and
          "conservative_log_ratio" (Evert 2022: at `confidence`, corrected for the number of words in the table).
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
        - The further `measures`, in the order asked for.

    Raises
    ------
    FramingError
        If a side is empty, both share articles, a condition cannot be read, a measure is unknown, or a number is out of range.

    Warns
    -----
    FramingWarning
        If most articles of the smaller side have none on the other with which labels can be exchanged.

    See Also
    --------
    toolkit.word_shift : what each word adds to the difference of the two sides.
    toolkit.collocate_shift : the company of a term on two sides.
    toolkit.figures.plot_keyness : the table as a figure.

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

    Three of four words against one of four are 200 percent more:

    >>> tk.keyness(tk.tokenize(articles), [True, False], measures=["percent_difference"])["percent_difference"].round(1).tolist()
    [200.0, -66.7]
    """
    _check_numbers(confidence, permutations, prior_words)
    further = _further(measures)
    tokens = as_tokens(corpus)
    sides = two_sides(tokens, target, reference, unit)

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
    names = tokens.vocabulary.keys(possessive=True)[0].take(kept)
    table = pd.DataFrame(
        {
            "feature": pd.array(names.to_pylist(), dtype="str"),
            **_evidence(log_likelihood(a, b, words[0] - a, words[1] - b)),
            "log_ratio": log_ratio(a, b, words[0], words[1]),
            "low": low,
            "high": high,
            "log_odds_z": statistics.log_odds_z(a, b, words[0], words[1], prior, strength),
            "n_target": a,
            "n_reference": b,
            "n_articles_target": articles[0][kept],
            "n_articles_reference": articles[1][kept],
            "n_stories_target": stories[0][kept],
            "n_stories_reference": stories[1][kept],
        }
    )[list(KEYNESS.columns)]
    for name, measure in _measures(confidence, len(kept)).items():
        if name in further:
            table[name] = measure(a, b, words[0], words[1])
    table = table[[*KEYNESS.columns, *further]]
    if permutations:
        table["p_permutation"] = _permutation_p(tokens, sides, kept, permutations, seed)
        table["q"] = adjusted(table["p_permutation"], "fdr")
    table = table.sort_values(["G2", "feature"], ascending=[False, True]).reset_index(drop=True)

    state(
        table,
        tokens.corpus,
        target=stated(target),
        reference=stated(reference),
        measures=further,
        prior_words=strength,
        n_articles_target=int(sides.target.sum()),
        n_articles_reference=int(sides.reference.sum()),
        n_words_target=words[0],
        n_words_reference=words[1],
    )
    return table


def _further(measures: Sequence[str] | str) -> list[str]:
    """Return the measures that are asked for and not in every table, each once."""
    names = [measures] if isinstance(measures, str) else list(dict.fromkeys(measures))
    for name in names:
        check_choice("measure of keyness", name, [*_ALWAYS, *get_args(KeynessMeasure)])
    return [name for name in names if name not in _ALWAYS]


def _measures(confidence: float, n_words: int) -> dict[KeynessMeasure, Callable[[Ints, Ints, int, int], Floats]]:
    """Return the function of each further measure, from occurrences and words of target and reference."""
    conservative = partial(statistics.conservative_log_ratio, confidence=confidence, n_words=max(n_words, 1))
    return {
        "G2_two_cells": statistics.log_likelihood_two_cells,
        "chi2": statistics.chi_squared,
        "chi2_yates": partial(statistics.chi_squared, correction="yates"),
        "chi2_conditional": partial(statistics.chi_squared, correction="conditional"),
        "fisher_p": statistics.fisher_p,
        "BIC": lambda a, b, n1, n2: statistics.bayes_information(log_likelihood(a, b, n1 - a, n2 - b), n1 + n2),
        "percent_difference": statistics.percent_difference,
        "odds_ratio": statistics.odds_ratio,
        "simple_maths": statistics.simple_maths,
        "smoothed_log_ratio": statistics.smoothed_log_ratio,
        "conservative_log_ratio": conservative,
    }


def _check_numbers(confidence: float, permutations: int, prior_words: float | None) -> None:
    check_confidence(confidence)
    check_at_least("permutations", permutations, 0, "how many times labels are dealt anew")
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
    ends = quotient_interval(Estimate(one.x / one.n, *first), Estimate(other.x / other.n, *second), rho)
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

    # a story on both sides has several articles, so it is among those that were put together
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

    After 999, 9,999 ... permutations the words with enough of them as extreme keep their p, and the others go on. Such a p is valid: to
    be small at the end it must have been small before.
    """
    from tqdm.auto import tqdm

    rows = np.flatnonzero(sides.target | sides.reference)
    largest = tokens.key_totals[0][kept].max(initial=0)
    counts = tokens.by_article[rows][:, kept].astype(np.float32 if largest < 2**24 else np.float64)
    n_words, target = tokens.n_words[rows], sides.target[rows]
    groups = exchangeable_stories(sides.story[rows], n_words)
    _warn_of_few(target, groups)

    # `extreme` counts the permutations in which a word's G2 is as large; words without doubt leave `open_words`
    rng = np.random.default_rng(seed)
    open_words = np.arange(len(kept))
    extreme, p = np.zeros(len(kept), dtype=np.int64), np.ones(len(kept))
    large = counts.nnz * permutations > 2_000_000_000
    with tqdm(total=permutations, desc="permute", disable=None if large else True) as bar:
        done = 0
        for end in _stages(permutations):
            part = counts[:, open_words]
            while done < end:
                n = min(draws_at_a_time(len(open_words)), end - done)
                extreme[open_words] += as_extreme(part, n_words, target, permuted_targets(target, groups, n, rng))
                done += n
                bar.update(n)
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
    """Return after how many permutations words that are no longer in doubt are let go.

    >>> _stages(20_000)
    [999, 9999, 20000]
    """
    ends = [10**k - 1 for k in range(3, 12) if 10**k - 1 < permutations]
    return [*ends, permutations]
