"""Own dispersion: how evenly terms, or all words, are spread over articles, sources, periods or equal parts of a corpus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.deprecation import old_parameters
from toolkit.measures import dispersion as measures
from toolkit.recipes import recorded, state
from toolkit.tables import FramingError, columns_and_freq, not_found, pick, require, warn_user
from toolkit.tables.checks import check_at_least
from toolkit.tables.choices import Freq
from toolkit.tables.groups import numbered
from toolkit.tables.periods import check_dates, period_of
from toolkit.text.matches import AnyTerms, Matches, match
from toolkit.text.terms import Terms
from toolkit.text.tokens import Tokens, as_tokens

Places = NDArray[np.int64]


@old_parameters(tokens="corpus")
@recorded()
def dispersion(
    corpus: Tokens | pd.DataFrame,
    terms: AnyTerms | None = None,
    *,
    by: str | Sequence[str] | int | None = (),
    freq: Freq | None = None,
    min_n: int = 5,
) -> pd.DataFrame:
    """Measure how evenly terms are spread over the parts of a corpus.

    Parameters
    ----------
    corpus : Tokens or DataFrame
        The articles, or their index. Articles are tokenised once and remembered while Python runs.
    terms : Terms, dict, list or str, optional
        What to measure; by default every word.
    by : "article", "story", str, list of str or int, keyword-only
        What the parts are: the articles, the stories, the values of a column (such as "source") or the combinations of several;
        or a number of parts with equally many words, cut in the order of the corpus. By default the articles or, with `freq`,
        the periods.
    freq : {"D", "W", "M", "Q", "Y"}, optional, keyword-only
        The periods of time. With `by` each part is divided by period, too.
    min_n : int, keyword-only
        Without `terms`: leave out words that occur less often.

    Returns
    -------
    DataFrame
        Dispersion: one row per term, in the order given; of all words (in lower case, without possessive 's) the most frequent
        first. `n_hits` of `n_words`; `range`, the parts with a hit, of `n_parts` that have any word; then

        - `DP`, deviation of proportions (Gries 2008), and `DPnorm`, DP by its highest value (Lijffijt and Gries 2012): 0 where even;
        - `D`, Juilland's with the population sd, of rates; `D2`, Carroll's; `S`, Rosengren's: 1 where even;
        - `KLD`, divergence from the sizes of the parts in bits (Gries 2020): 0 where even;
        - of terms only, `DA` (Burch, Egbert and Biber 2017), 1 where even; and `ARF`, average reduced frequency (Savicky and
          Hlavacova 2002), which knows no parts: `n_hits` where hits are evenly spread over the corpus in its order, near 1 where
          they stand together.

        Formulas are in `toolkit.measures.dispersion`. A term without a hit has missing values; so has, with one part only,
        what compares parts.

    Raises
    ------
    FramingError
        If a column or period is unknown, or there are not so many words as parts.

    Warns
    -----
    FramingWarning
        For each pattern that matches nothing, where there is one part only, where undated articles are left out, where `freq` is finer
        than the dates, and where stories are asked for but not marked.

    See Also
    --------
    toolkit.usage : how often terms are used, by source and period.

    Notes
    -----
    All measures depend on how often a word occurs and on how many parts there are: five hits cannot stand in six articles, and over
    thousands of articles the DP of any rare word is near 1. Compare terms of like frequency, or take fewer, larger parts.
    `D`, `D2` and `DA` take the rate of each part alike, however small it is; `DP`, `S` and `KLD` weigh parts by their words. Where parts are
    very unequal (weeks at the ends of a corpus) they can disagree.

    A story that several outlets print looks like an even spread; ``by="story"`` takes its copies as one part.

    Adjusted frequencies follow: Juilland's usage U is ``n_hits * D``, Rosengren's KF ``n_hits * S``, Carroll's Um
    ``n_hits * D2 + (1 - D2) * n_hits / n_parts``, and Engwall's FM ``n_hits * range / n_parts``.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({"doc_id": ["a", "b", "c"], "text": ["reset reset", "a reset", "no news"]})
    >>> table = tk.dispersion(tk.tokenize(articles), "reset")
    >>> table[["term", "n_hits", "range", "n_parts", "DP", "DPnorm"]].round(3)
        term  n_hits  range  n_parts     DP  DPnorm
    0  reset       3      2        3  0.333     0.5
    """
    check_at_least("min_n", min_n, 1, "the number of times a word must occur")
    tokens = as_tokens(corpus)
    if len(tokens) == 0:
        raise FramingError(
            f"None of these {len(tokens.articles):,} articles has a word, so there is nothing to measure."
        )

    division = _divided(tokens, by, freq)
    if len(division.sizes) == 1:
        warn_user("These articles make one part only, so what compares parts is missing. Choose another `by`.")

    if terms is None:
        wanted = None
        words, parts = _of_words(tokens, division)
        often = np.flatnonzero(parts.totals >= min_n)
        table = _measured(parts).iloc[often]
        table.insert(0, "term", pd.array(words.take(often).to_pylist(), dtype="str"))
        table = table.sort_values(["n_hits", "term"], ascending=[False, True]).reset_index(drop=True)
    else:
        wanted = Terms(terms)
        parts, reduced = _of_terms(tokens, division, match(tokens, wanted), len(wanted))
        table = _measured(parts)
        table.insert(0, "term", pd.Series(pick(wanted, np.arange(len(wanted)))))
        table["DA"], table["ARF"] = measures.burch_da(parts), reduced

    parts_by = by if isinstance(by, (str, int)) else list(by or ())
    state(table, tokens.corpus, terms=wanted.as_dict() if wanted else None, by=parts_by)
    return table


def _measured(parts: measures.Parts) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "n_hits": parts.totals.astype(np.int64),
            "n_words": parts.sizes.sum(),
            "range": measures.parts_with(parts),
            "n_parts": len(parts.sizes),
            "DP": measures.deviation_of_proportions(parts),
            "DPnorm": measures.deviation_normalised(parts),
            "D": measures.juilland_d(parts),
            "D2": measures.carroll_d2(parts),
            "S": measures.rosengren_s(parts),
            "KLD": measures.divergence(parts),
        }
    )


@dataclass(frozen=True)
class _Division:
    """The parts of a corpus that have any word.

    Attributes
    ----------
    edges : ndarray of int64
        The position at which each stretch of words begins (an article, or a part itself), and the end of the last.
    part : ndarray of int64
        The part of each stretch, -1 where it is in none.
    sizes : ndarray of int64
        Words of each part.
    """

    edges: Places
    part: Places
    sizes: Places


def _divided(tokens: Tokens, by: Any, freq: str | None) -> _Division:
    if isinstance(by, (int, np.integer)) and not isinstance(by, bool):
        if freq is not None:
            raise FramingError(
                f"by={by} cuts the corpus into equal parts, and freq={freq!r} by time. Choose one of them."
            )
        if not 1 < by <= len(tokens):
            raise FramingError(f"by={by} parts are too {'few' if by < 2 else 'many'}: there are {len(tokens):,} words.")
        edges, part = np.arange(by + 1) * len(tokens) // by, np.arange(by)
    else:
        edges, part = tokens.offsets[:: len(tokens.fields)], _part_of_article(tokens, by, freq)

    sizes = np.zeros(part.max(initial=-1) + 1, dtype=np.int64)
    np.add.at(sizes, part[part >= 0], np.diff(edges)[part >= 0])
    if not (sizes > 0).any():
        raise FramingError("No article with a word has a date, so there is no part.")

    # what has no word is no part; the last place is for stretches that are in none (-1)
    place = np.append(np.where(sizes > 0, np.cumsum(sizes > 0) - 1, -1), -1)
    return _Division(edges, place[part], sizes[sizes > 0])


def _part_of_article(tokens: Tokens, by: Any, freq: str | None) -> Places:
    """Number the parts of articles; an undated article is in no period."""
    articles, size = tokens.articles, len(tokens.articles)
    if not isinstance(by, (str, Sequence)) and by is not None:
        raise FramingError(
            f'The parts are by="article", "story", a column, a list of columns or a number, or those of a freq such as "M"; this is by={by!r}.'
        )
    keys, freq = columns_and_freq(by or (), freq, articles.columns)
    if not keys and freq is None:
        keys = ["article"]

    cells: dict[str, Any] = {}
    for key in keys:
        if key == "article":
            cells[key] = np.arange(size)
        elif key == "story":
            if "story_id" not in articles.columns:
                warn_user(
                    "These articles have no column story_id, so by='story' takes each of them as a story of its own. "
                    "Group copies first: articles = tk.mark_stories(articles)."
                )
            code = pd.factorize(articles.get("story_id", pd.Series([None] * size)))[0]
            cells[key] = np.where(code < 0, size + np.arange(size), code)  # an article without a story is one
        elif key in articles.columns:
            cells[key] = articles[key]
        else:
            raise not_found("column", str(key), ["article", "story", *map(str, articles.columns)])
    if freq is None:
        return numbered(pd.DataFrame(cells))[0]

    require(articles, ["date"], "articles")
    dated = articles["date"].notna().to_numpy()
    if not dated.all():
        warn_user(f"{(~dated).sum():,} of {size:,} articles have no date and are left out.")
    check_dates(articles, articles["date"], freq)
    cells["period"] = period_of(articles["date"], freq)
    return np.where(dated, numbered(pd.DataFrame(cells))[0], -1)


def _of_terms(
    tokens: Tokens, division: _Division, found: Matches, n_terms: int
) -> tuple[measures.Parts, NDArray[np.float64]]:
    """Count the hits of each term in each part, and reduce their frequency by where they stand."""
    stretch = np.searchsorted(division.edges, found.first, side="right") - 1
    part = division.part[stretch]
    inside = part >= 0
    n_parts, n_words = len(division.sizes), int(division.sizes.sum())
    cell, n = np.unique(found.term[inside] * n_parts + part[inside], return_counts=True)

    # what is left out takes no place: positions are counted in the words of the parts before each stretch
    lengths = np.where(division.part >= 0, np.diff(division.edges), 0)
    before = np.cumsum(lengths) - lengths
    at = found.first + (before - division.edges[:-1])[stretch]
    reduced = [measures.average_reduced_frequency(at[inside & (found.term == t)], n_words) for t in range(n_terms)]
    return measures.Parts(cell // n_parts, cell % n_parts, n, division.sizes, n_terms), np.array(reduced)


def _of_words(tokens: Tokens, division: _Division) -> tuple[Any, measures.Parts]:
    """Count every word in every part."""
    from scipy import sparse

    keys, key_of_form = tokens.vocabulary.keys(possessive=True)
    n_parts, kept = len(division.sizes), np.flatnonzero(division.part >= 0)
    if np.array_equal(division.edges, tokens.offsets[:: len(tokens.fields)]):
        table = tokens.by_article
    else:
        coded = (np.ones(len(tokens), dtype=np.int32), key_of_form[tokens.codes], division.edges.astype(np.int32))
        table = sparse.csr_matrix(coded, shape=(len(division.part), len(keys)))
        table.sum_duplicates()
    if n_parts < len(division.part):
        ones = np.ones(len(kept), dtype=np.int32)
        table = sparse.csr_matrix((ones, (division.part[kept], kept)), shape=(n_parts, len(division.part))) @ table
    part = np.repeat(np.arange(n_parts, dtype=np.int32), np.diff(table.indptr))
    return keys, measures.Parts(table.indices, part, table.data, division.sizes, len(keys))
