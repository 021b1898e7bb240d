"""Own word shift: what each word adds to the difference between two parts of a corpus."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.deprecation import old_parameters
from toolkit.measures.shift import (
    average_shift,
    entropy_shift,
    jensen_shannon_shift,
    kullback_leibler_shift,
    proportion_shift,
    shares_of_all,
)
from toolkit.recipes import recorded, state
from toolkit.tables import WORD_SHIFT, FramingError
from toolkit.tables.checks import check_at_least, check_choice, check_fraction
from toolkit.tables.choices import Unit
from toolkit.text.sides import Side, stated, two_sides, word_counts
from toolkit.text.tokens import Tokens, as_tokens
from toolkit.text.words import fold

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ShiftMeasure = Literal["proportion", "entropy", "kl", "jsd", "average"]
MEASURES: tuple[str, ...] = get_args(ShiftMeasure)


@old_parameters(tokens="corpus")
@recorded()
def word_shift(
    corpus: Tokens | pd.DataFrame,
    target: Side,
    reference: Side | None = "rest",
    *,
    measure: ShiftMeasure = "proportion",
    scores: Mapping[str, float] | pd.Series | None = None,
    score_reference: float | None = None,
    alpha: float = 1.0,
    weight: float = 0.5,
    smoothing: float = 0.0,
    unit: Unit = "article",
    n: int | None = None,
) -> pd.DataFrame:
    """Say which words make the difference between two parts of a corpus, and how much each.

    Parameters
    ----------
    corpus : Tokens or DataFrame
        The articles, or their index. Articles are tokenised once and remembered while Python runs.
    target, reference : str, list of str, dict, array_like of bool, or "rest"
        The two sides, as in `tk.keyness`: sources, columns with the value or values wanted, such as ``{"section": "news"}``, true or
        false for each article, or "rest". The reference is the rest by default.
    measure : {"proportion", "entropy", "jsd", "kl", "average"}, keyword-only
        What is taken apart. "proportion": shares of words, whose differences sum to 0. "entropy": how varied the words are,
        target less reference. "jsd": the Jensen-Shannon divergence, how far apart the two are. "kl": the Kullback-Leibler
        divergence of the target from the reference. "average": the average score of the words, target less reference.
    scores : dict or Series, keyword-only
        The score of each word, for "average" only; words without one are left out.
    score_reference : float, keyword-only
        For "average": the score that divides high from low; by default the reference's average.
    alpha : float, keyword-only
        For "entropy" and "jsd": 1 is Shannon's entropy, others Tsallis's; more than 1 weighs common words, less than 1 rare ones.
    weight : float, keyword-only
        For "jsd": of the target, between 0 and 1.
    smoothing : float, keyword-only
        Occurrences added to each word on each side before shares are taken; "kl" needs some where the target has words
        that the reference lacks.
    unit : {"article", "story"}, keyword-only
        What is counted: each article, or of each story on each side the earliest article only.
    n : int, optional, keyword-only
        Return the words with the largest contributions only; shares and totals are of all.

    Returns
    -------
    DataFrame
        Word shift: one row per word (in lower case, without possessive 's), the largest contribution, of either sign, first.

        - `contribution`: what the word adds to the total, in shares of words ("proportion"), bits (the entropies, where alpha
          is 1) or score points. All words' sum to ``attrs["total"]``.
        - `contribution_share`: contribution / sum of all absolute contributions, between -1 and 1; the bars of the figure.
        - `kind`: "target" or "reference", whichever has relatively more, or "same". With scores: "high, more", "high, less",
          "low, more", "low, less": whether the score is above or below `score_reference`, and whether the target has more or less.
        - `p_target`, `p_reference`: shares of the side's words (with scores, of those that have one); `n_target`,
          `n_reference`: occurrences; `n_articles_target`, `n_articles_reference`: articles with the word.
        - `score`, with scores.

    Raises
    ------
    FramingError
        If a side is empty, both share articles, a setting is out of range or belongs to another measure, no word has a
        score, or the divergence is infinite.

    See Also
    --------
    toolkit.keyness : which words differ, with intervals and tests.
    toolkit.figures.plot_word_shift : the table as a figure.

    Notes
    -----
    The measures and conventions are those of shifterator 0.3.0 (Gallagher et al. 2021), whose text 1 is the reference and text 2 the target; "jsd" with
    another alpha is mended (see `toolkit.measures.shift`).

    There is no interval: a contribution says what stands in these articles, not what would stand in others like them. For
    that see `tk.keyness`. Common words lead "proportion", since that is where most words are; stop-words are not removed.
    Entropies depend on the sizes of the sides: a larger one has more rare words.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "text": ["ban ban ban order", "order order order ban"]})
    >>> shift = tk.word_shift(tk.tokenize(articles), [True, False])
    >>> shift[["word", "contribution", "contribution_share", "kind", "p_target", "p_reference"]]
        word  contribution  contribution_share       kind  p_target  p_reference
    0    ban           0.5                 0.5     target      0.75         0.25
    1  order          -0.5                -0.5  reference      0.25         0.75
    """
    _check_settings(measure, scores, score_reference, alpha, weight, smoothing, n)
    tokens = as_tokens(corpus)
    sides = two_sides(tokens, target, reference, unit)
    keys = tokens.vocabulary.keys(possessive=True)[0]
    counts, articles = zip(*(word_counts(tokens, mask) for mask in sides[:2]), strict=True)
    kept = np.flatnonzero(sum(counts) > 0)

    score = np.zeros(len(keys))
    stated_scores: dict[str, Any] = {}
    if scores is not None:
        score, stated_scores = _scores_of(scores, keys)
        kept = kept[np.isfinite(score[kept])]
    score = score[kept]

    words = [int(side[kept].sum()) for side in counts]
    for name, total in zip(("target", "reference"), words, strict=True):
        if total == 0:
            raise FramingError(
                f"The {name} has no word with a score. A score belongs to one word, capitals or not; these are for {len(scores or ()):,}."
            )
    p, q = (
        (side[kept] + smoothing) / (total + smoothing * len(kept)) for side, total in zip(counts, words, strict=True)
    )

    names = pd.array(keys.take(kept).to_pylist(), dtype="str")
    if measure == "average":
        middle = float(q @ score) if score_reference is None else float(score_reference)
        averages = {"average_target": float(p @ score), "average_reference": float(q @ score)}
        stated_scores |= {"score_reference": middle, **averages}
        contribution = average_shift(p, q, score, score_reference=middle)
        kind = _score_kinds(p - q, score - middle)
    else:
        contribution = _contributions(measure, p, q, alpha, weight)
        kind = np.select([p > q, p < q], ["target", "reference"], "same")
        alone = names[~np.isfinite(contribution)]
        if len(alone):
            raise FramingError(
                f"The Kullback-Leibler divergence is infinite: {len(alone):,} words of the target, such as {alone[0]!r}, do not "
                "occur in the reference. Take measure='jsd', or add to each count: smoothing=0.5."
            )

    table = pd.DataFrame(
        {
            "word": names,
            "contribution": contribution,
            "contribution_share": shares_of_all(contribution),
            "kind": pd.array(kind, dtype="str"),
            "p_target": p,
            "p_reference": q,
            "n_target": counts[0][kept],
            "n_reference": counts[1][kept],
            "n_articles_target": articles[0][kept],
            "n_articles_reference": articles[1][kept],
        }
    )[list(WORD_SHIFT.columns)]
    if scores is not None:
        table["score"] = score
    order = np.lexsort((names.to_numpy(dtype=object), -np.abs(contribution)))
    table = table.iloc[order[: len(order) if n is None else n]].reset_index(drop=True)

    # shares of words sum to 0 on both sides, so what their differences add up to is rounding
    whole = float(contribution.sum()) if measure != "proportion" else 0.0
    state(
        table,
        tokens.corpus,
        leave_out=("scores",),
        target=stated(target),
        reference=stated(reference),
        **stated_scores,
        total=whole,
        n_words_compared=len(kept),
        n_articles_target=int(sides.target.sum()),
        n_articles_reference=int(sides.reference.sum()),
        n_words_target=words[0],
        n_words_reference=words[1],
    )
    table.attrs["total"] = whole
    return table


def _check_settings(
    measure: str,
    scores: Any,
    score_reference: float | None,
    alpha: float,
    weight: float,
    smoothing: float,
    n: int | None,
) -> None:
    check_choice("measure", measure, MEASURES)
    if (measure == "average") != (scores is not None):
        raise FramingError(
            "measure='average' needs scores: a dict or a Series of word and score."
            if scores is None
            else f"Scores are for measure='average'; this one is {measure!r}."
        )
    if scores is None and score_reference is not None:
        raise FramingError(f"score_reference is for measure='average'; this one is {measure!r}.")
    if alpha != 1 and measure not in ("entropy", "jsd"):
        raise FramingError(f"alpha is for measure='entropy' and 'jsd'; this one is {measure!r}.")
    if weight != 0.5 and measure != "jsd":
        raise FramingError(f"weight is for measure='jsd'; this one is {measure!r}.")
    if not alpha > 0:
        raise FramingError(f"alpha is a number above 0, not {alpha}.")
    check_fraction("weight", weight, such_as=0.5)
    check_at_least("smoothing", smoothing, 0, "what is added to each count", whole=False)
    check_at_least("n", n, 1, "how many words to return", optional=True)


def _contributions(measure: str, p: Floats, q: Floats, alpha: float, weight: float) -> Floats:
    if measure == "entropy":
        return entropy_shift(p, q, alpha=alpha)
    if measure == "jsd":
        return jensen_shannon_shift(p, q, weight=weight, alpha=alpha)
    return kullback_leibler_shift(p, q) if measure == "kl" else proportion_shift(p, q)


def _scores_of(scores: Mapping[str, float] | pd.Series, keys: Any) -> tuple[Floats, dict[str, Any]]:
    """Return the score of each word of the vocabulary, NaN where it has none, and how many scores there are and met a word."""
    given = pd.Series(scores)
    try:
        numbers = given.to_numpy(dtype=float)
    except (TypeError, ValueError):
        raise FramingError(f"A score is a number; these are {given.dtype}.") from None
    folded = pd.Series(numbers, [fold(str(word), possessive=True) for word in given.index]).dropna()
    per_word = folded.groupby(level=0)
    twice = per_word.nunique()
    if (twice > 1).any():
        raise FramingError(f"The word {twice.index[twice > 1][0]!r} has more than one score, capitals or not.")
    score = per_word.first().reindex(pd.Index(keys.to_pylist())).to_numpy(dtype=float)
    return score, {"n_scores": len(twice), "n_scores_met": int(np.isfinite(score).sum())}


def _score_kinds(more: Floats, high: Floats) -> NDArray[np.str_]:
    kinds = ["high, more", "high, less", "low, more", "low, less"]
    conditions = [(high > 0) & (more > 0), (high > 0) & (more < 0), (high < 0) & (more > 0), (high < 0) & (more < 0)]
    return np.select(conditions, kinds, "same")
