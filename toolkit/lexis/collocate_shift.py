"""Own the shift of collocates: the words that a term stands near more often in one part of a corpus than in another."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.deprecation import old_parameters
from toolkit.measures.association import log_ratio
from toolkit.measures.contrasts import SharedSums, difference_interval, story_correlation
from toolkit.measures.intervals import Estimate, StorySums, ratio_interval
from toolkit.measures.shuffles import shuffle_stories
from toolkit.recipes import recorded, state
from toolkit.tables import COLLOCATE_SHIFT, FramingError, warn_user
from toolkit.tables.checks import check_at_least, check_confidence
from toolkit.tables.choices import Unit
from toolkit.text.matches import AnyTerms
from toolkit.text.sides import Side, Sides, stated, two_sides
from toolkit.text.terms import Terms
from toolkit.text.tokens import Tokens, as_tokens
from toolkit.text.windows import Window, Windows, check_window, windows_of, words_near_each

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_LONG = 1_000_000_000  # additions; more take some seconds and show their progress


@old_parameters(tokens="corpus")
@recorded(packages=("pandas", "numpy", "scipy"))
def collocate_shift(
    corpus: Tokens | pd.DataFrame,
    terms: AnyTerms,
    target: Side,
    reference: Side | None = "rest",
    *,
    window: Window = 5,
    unit: Unit = "article",
    min_n: int = 5,
    permutations: int = 9999,
    seed: int = 0,
    confidence: float = 0.95,
    language: str | None = None,
) -> pd.DataFrame:
    """Say which collocates a term has more of in some articles than in others.

    Parameters
    ----------
    corpus : Tokens or DataFrame
        The articles, or their index. Articles are tokenised once and remembered while Python runs.
    terms : Terms, dict, list or str
        The node: all patterns of all terms together; where matches of two terms overlap they are one hit.
    target, reference : str, list of str, dict, array_like of bool, or "rest"
        The two sides, as in `tk.keyness`: sources, columns with the value or values wanted, such as ``{"section": "news"}``, true or
        false for each article, or "rest". The reference is the rest by default.
    window : int, (int, int), "sentence" or "paragraph", keyword-only
        As in `tk.collocates`.
    unit : {"article", "story"}, keyword-only
        What is counted: each article, or of each story on each side the earliest article only.
    min_n : int, keyword-only
        Leave out words that stand near fewer hits on both sides together.
    permutations : int, keyword-only
        How often stories are shuffled between the sides.
    seed : int, keyword-only
        Of the shuffles; the same seed gives the same table.
    confidence : float, keyword-only
        Of the interval of the difference.
    language : str, optional, keyword-only
        For sentences: a code such as "en", for all articles, or the column that has the codes. By default the column `language`
        where there is one, else "en".

    Returns
    -------
    DataFrame
        Collocate shift: one row per word (in lower case, without possessive 's), the most typical of the target first.

        - `n_target`, `n_reference`: hits of the term that have the word in their window; each hit has a window of its own, in
          which a word counts once. `n_stories_target`, `n_stories_reference`: stories with such a hit. `n_hits_target`,
          `n_hits_reference`: all hits of the term.
        - `share_target`, `share_reference`: n / n_hits. `difference` of the two, with its interval `low` to `high`, whose unit is
          the story. `log_ratio`: binary logarithm of their quotient, a count of 0 taken as .5 (Hardie 2014).
        - `z`: the difference in standard deviations of the shuffles. `p_permutation`: two-sided. `q`: the rate of false
          discoveries if this word and all with a smaller p are called different (Benjamini and Hochberg 1995). `p_max`: the chance that
          any word at all gets so large a z (Westfall and Young 1993); below .05, this one word can be quoted.

    Raises
    ------
    FramingError
        If a side is empty or has no hit, both share articles, a condition cannot be read, or a number is out of range.

    Warns
    -----
    FramingWarning
        For each pattern that matches nothing; and where no story can change sides, so that p says nothing.

    See Also
    --------
    toolkit.collocates : the company of a term in one corpus, or in each cell.
    toolkit.keyness : the words of two sides, whatever they stand near.
    toolkit.figures.plot_collocate_shift : the table as a figure.

    Notes
    -----
    The null hypothesis: on which side a story is does not matter to its words near the term. Stories (`story_id`, else
    articles) are shuffled between the sides with all their hits, so neither several hits in an article nor copies of it pass for
    evidence. They change places only with stories of about as many hits (`toolkit.measures.shuffles`), so a side whose articles
    are longer is not taken for different; stories without a like on the other side are in the counts and not in the test. So is a story on
    both sides, which cannot tell them apart. `unit` only decides what is counted.

    With m shuffles p is at least 2 / (m + 1). With few shuffles and many words `q` cannot be small; `p_max` can. Where the sides
    are periods, stories that follow one another may share words for a reason that has nothing to do with the two periods; then p is too small.

    The interval is MOVER (Zou 2007) on two intervals as `tk.usage` has them. It is for one word at a time, and can exclude 0
    where `q` is not small.

    A share of hits does not say how often the two words meet: with twice the hits of the term, the same share is twice the meetings.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> texts = ["illegal migrants"] * 4 + ["young migrants"] * 4
    >>> articles = pd.DataFrame({"doc_id": list("abcdefgh"), "source": ["Post"] * 4 + ["Sun"] * 4, "text": texts})
    >>> shift = tk.collocate_shift(tk.tokenize(articles), "migrants", {"source": "Post"}, min_n=2)
    >>> shift[["collocate", "n_target", "n_hits_target", "n_reference", "n_hits_reference", "log_ratio"]]
      collocate  n_target  n_hits_target  n_reference  n_hits_reference  log_ratio
    0   illegal         4              4            0                 4        3.0
    1     young         0              4            4                 4       -3.0

    Of the 70 ways to choose four of eight stories, two part the words so:

    >>> [abs(p - 2 / 70) < 0.01 for p in shift["p_permutation"]]
    [True, True]
    """
    from scipy import stats

    reach = check_window(window)
    check_confidence(confidence)
    check_at_least("permutations", permutations, 1, "how often stories are shuffled")

    tokens = as_tokens(corpus)
    sides = two_sides(tokens, target, reference, unit)
    wanted = Terms(terms)
    company = _count(tokens, windows_of(tokens, wanted, reach, language), sides, max(min_n, 1))
    one = _story_sums(company.target, company.hits_target)
    other = _story_sums(company.reference, company.hits_reference)
    low, high = _interval(company, one, other, confidence)

    # a story on both sides cannot tell them apart, so it is not shuffled
    both = (company.hits_target > 0) & (company.hits_reference > 0)
    together, hits = company.target + company.reference, company.hits_target + company.hits_reference
    shuffled = shuffle_stories(
        together[~both],
        hits[~both],
        company.hits_target[~both] > 0,
        permutations=permutations,
        seed=seed,
        progress=_progress(together.nnz * permutations),
    )
    if not shuffled.n_stories:
        warn_user(
            "No story can change sides, since each lies on both or has no like with about as many hits on the other, "
            "so p_permutation is 1. Take more articles."
        )

    words = tokens.vocabulary.keys(possessive=True)[0].take(company.key)
    table = pd.DataFrame(
        {
            "collocate": pd.array(words.to_pylist(), dtype="str"),
            "n_target": one.x.astype(np.int64),
            "n_reference": other.x.astype(np.int64),
            "n_stories_target": company.target.getnnz(axis=0),
            "n_stories_reference": company.reference.getnnz(axis=0),
            "n_hits_target": one.n.astype(np.int64),
            "n_hits_reference": other.n.astype(np.int64),
            "share_target": one.x / one.n,
            "share_reference": other.x / other.n,
            "difference": one.x / one.n - other.x / other.n,
            "low": low,
            "high": high,
            "log_ratio": log_ratio(one.x, other.x, one.n, other.n),
            "z": shuffled.z,
            "p_permutation": shuffled.p,
            "q": stats.false_discovery_control(shuffled.p) if len(shuffled.p) else shuffled.p,
            "p_max": shuffled.p_max,
        }
    )[list(COLLOCATE_SHIFT.columns)]
    table = table.sort_values(["z", "difference", "collocate"], ascending=[False, False, True], ignore_index=True)

    state(
        table,
        tokens.corpus,
        terms=wanted.as_dict(),
        target=stated(target),
        reference=stated(reference),
        window=reach,
        n_articles_target=int(sides.target.sum()),
        n_articles_reference=int(sides.reference.sum()),
        n_stories=len(both),
        n_stories_on_both_sides=int(both.sum()),
        n_stories_shuffled=shuffled.n_stories,
    )
    return table


class _Company(NamedTuple):
    """How many hits each story has on each side, and how many of these have each word (`key`) in their window."""

    key: Ints
    target: Any
    reference: Any
    hits_target: Floats
    hits_reference: Floats


def _count(tokens: Tokens, found: Windows, sides: Sides, min_n: int) -> _Company:
    from scipy import sparse

    keys, key_of_form = tokens.vocabulary.keys(possessive=True)
    size = max(len(keys), 1)
    side = np.where(sides.target, 0, np.where(sides.reference, 1, -1))[found.article]
    for number, name, mask in ((0, "target", sides.target), (1, "reference", sides.reference)):
        if not (side == number).any():
            raise FramingError(
                f"The term has no hit in the {name} (articles: {int(mask.sum()):,}), so there is no company to compare."
            )

    known = np.flatnonzero(side >= 0)
    story, stories = pd.factorize(sides.story[found.article[known]])
    n = len(stories)
    row = np.full(len(side), -1, dtype=np.int64)
    row[known] = story + n * side[known]  # the stories in the target, then the same in the reference

    at, hit = words_near_each(found)
    at, hit = at[row[hit] >= 0], hit[row[hit] >= 0]
    once = pd.unique(hit * size + key_of_form[tokens.codes[at]])  # a word counts once in a window

    word, words = pd.factorize(once % size)
    enough = np.bincount(word, minlength=len(words)) >= min_n
    kept = enough[word]
    column, at_row = (np.cumsum(enough) - 1)[word[kept]], row[once[kept] // size]
    counts = sparse.csr_matrix((np.ones(len(column)), (at_row, column)), shape=(2 * n, int(enough.sum())))
    hits = np.bincount(row[known], minlength=2 * n).astype(float)
    return _Company(np.asarray(words)[enough], counts[:n], counts[n:], hits[:n], hits[n:])


def _story_sums(counts: Any, hits: Floats) -> StorySums:
    """Sum the stories of one side, word by word."""
    own, ones = hits[counts.nonzero()[0]], np.ones(counts.shape[1])

    def total(weights: Floats) -> Floats:
        return np.bincount(counts.indices, weights=weights, minlength=counts.shape[1]).astype(float)

    return StorySums(
        ones * (hits > 0).sum(),
        total(counts.data),
        ones * hits.sum(),
        total(counts.data**2),
        total(counts.data * own),
        ones * (hits @ hits),
    )


def _interval(company: _Company, one: StorySums, other: StorySums, confidence: float) -> tuple[Floats, Floats]:
    """Return the ends of the difference of the two shares."""
    _, a, b, n_a, n_b = company

    def total(part: Any) -> Floats:
        return np.asarray(part.sum(axis=0), dtype=float).ravel()

    ones = np.ones(a.shape[1])
    shared = SharedSums(
        ones * ((n_a > 0) & (n_b > 0)).sum(),
        total(a.multiply(b)),
        total(a.multiply(n_b[:, None])),
        total(b.multiply(n_a[:, None])),
        ones * (n_a @ n_b),
    )

    # how large stories are that have the word, or hits without it, for a side that has none or only such
    x, n = one.x + other.x, one.n + other.n
    with_word = a.getnnz(axis=0) + b.getnnz(axis=0)
    full = sum(
        np.bincount(part.indices[part.data == hits[part.nonzero()[0]]], minlength=a.shape[1])
        for part, hits in ((a, n_a), (b, n_b))
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        bundle, rest = x / with_word, (n - x) / (one.stories + other.stories - full)

    ends = [ratio_interval(sums, confidence=confidence, whole=True, bundle=bundle, rest=rest) for sums in (one, other)]
    correlation = story_correlation(one, other, shared)
    first, second = (Estimate(sums.x / sums.n, *end) for sums, end in zip((one, other), ends, strict=True))
    return difference_interval(first, second, correlation)


def _progress(additions: int) -> Any:
    from tqdm.auto import tqdm

    return lambda blocks: tqdm(blocks, desc="shuffle stories", disable=None if additions > _LONG else True)
