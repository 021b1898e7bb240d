"""Own collocates: the words that stand near a term more often than chance would put them there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.deprecation import old_parameters
from toolkit.measures import association
from toolkit.recipes import recorded, state
from toolkit.tables import COLLOCATES, columns_and_freq, require
from toolkit.tables.checks import check_choice, check_own_columns
from toolkit.tables.choices import UNITS, Freq, Unit
from toolkit.tables.groups import numbered
from toolkit.tables.periods import check_dates, dates_of, period_of
from toolkit.text.matches import AnyTerms
from toolkit.text.sides import earliest_of_stories
from toolkit.text.terms import Terms
from toolkit.text.tokens import Tokens, as_tokens
from toolkit.text.windows import Window, Windows, check_window, windows_of, words_near_any

Ints = NDArray[np.int64]

CollocateMeasure = Literal["Dice", "MI2", "local_MI", "minimum_sensitivity"]
"""Further measures of association, each a column of its name."""

SORTS = [name for name, column in COLLOCATES.columns.items() if column.dtype != "str"]

_DENSE = 20_000_000  # numbers in a table of all cells by all words; a larger one is not laid out


@old_parameters(tokens="corpus")
@recorded()
def collocates(
    corpus: Tokens | pd.DataFrame,
    terms: AnyTerms,
    *,
    window: Window = 5,
    by: str | Sequence[str] = (),
    freq: Freq | None = None,
    unit: Unit = "article",
    measures: Sequence[CollocateMeasure] | CollocateMeasure = (),
    min_n: int = 3,
    sort: str = "logDice",
    language: str | None = None,
) -> pd.DataFrame:
    """List the words near a term.

    Parameters
    ----------
    corpus : Tokens or DataFrame
        The articles, or their index. Articles are tokenised once and remembered while Python runs.
    terms : Terms, dict, list or str
        The node: all patterns of all terms together; where matches of two terms overlap they are one hit.
    window : int, (int, int), "sentence" or "paragraph", keyword-only
        Words on each side; words left and right, as (5, 0) for those before only; or the sentence or paragraph with the hit. A window
        never leaves its field, and crosses punctuation. A word near two hits counts once, on the side of the nearer.
    by : str or list of str, keyword-only
        Columns of the articles, such as "source": the collocates of each cell by itself, against the words of that cell.
    freq : {"D", "W", "M", "Q", "Y"}, optional, keyword-only
        Periods of time, which are a part of the cell.
    unit : {"article", "story"}, keyword-only
        Count each article; or of each story in each cell the earliest article only, so that wire copy counts once.
    measures : str or list of str, keyword-only
        Further measures, each a column of its name: "Dice" (2 n / (n_node + n_corpus), of which `logDice` is the logarithm), "MI2"
        (Daille 1994), "local_MI" (n times PMI; Evert 2008), "minimum_sensitivity" (Pedersen 1998: the smaller of n / n_window and
        n / n_corpus).
    min_n : int, keyword-only
        Leave out words that stand in the windows of the cell less often.
    sort : str, keyword-only
        The column to sort by inside each cell, highest first.
    language : str, optional, keyword-only
        For sentences: a code such as "en", for all articles, or the column that has the codes. By default the column `language`
        where there is one, else "en".

    Returns
    -------
    DataFrame
        Collocates: one row per cell (the `by` columns and `period`) and word (in lower case, without possessive 's), the
        highest `sort` first.

        Counts: `n` inside the windows, `n_left` and `n_right` of the nearest hit, `n_articles` with the word inside a
        window; `n_node`, hits; `n_window`, words in all windows; `n_corpus`, the word's occurrences, and `n_words`, all words,
        both of the whole cell without the words of the node; `n_expected` = n_window * n_corpus / n_words.

        How strong: `logDice`, `PMI`, `MI3`, `log_ratio` (how much more frequent inside the windows than outside; 1 is
        twice), `log_odds` (likewise, as the natural logarithm of the ratio of odds), `delta_p_given_node` (share of the word among words in
        the windows, minus its share outside), `delta_p_given_collocate` (share of the word's occurrences that lie in a window, minus
        that of other words). How sure, if words were independent: `G2`, `t_score`, `z_score`.

    Raises
    ------
    FramingError
        If `window`, `by`, `freq`, `unit`, `sort` or a measure is none of these.

    Warns
    -----
    FramingWarning
        For each pattern that matches nothing, with what is near it; where `freq` is finer than the dates.

    See Also
    --------
    toolkit.collocate_shift : whether the company of a term differs between two sides.
    toolkit.kwic : the lines behind a collocate.
    toolkit.topic_collocates : the words near a term in each topic.

    Notes
    -----
    This is surface co-occurrence (Evert 2008): the table of a word has the cells n, n_corpus - n, n_window - n and the rest of n_words,
    and all measures but one are of this table. logDice is Rychly's (2008), 14 + log2(2 n / (n_node + n_corpus)), from hits and
    not from words in windows, as in Sketch Engine; so in a wide window a word that stands near each hit several times can pass 14.
    Logarithms are binary but for `log_odds`. Whose formula each measure is: `toolkit.measures.association`.

    NLTK and others count pairs, so a word near two hits twice; where windows do not overlap, the counts are the same.

    G2 takes words as independent; where one story is printed often, it is too large. PMI, z_score and log_ratio favour rare
    words, t_score and n frequent ones. None says that two cells differ: that is `tk.collocate_shift`.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({"doc_id": ["a"], "text": ["A fresh reset. No fresh start, no fresh reset of ties."]})
    >>> near = tk.collocates(tk.tokenize(articles), "reset", window=1, min_n=1)
    >>> near[["collocate", "n", "n_left", "n_corpus", "n_window", "n_words"]]
      collocate  n  n_left  n_corpus  n_window  n_words
    0     fresh  2       2         3         4        9
    1        of  1       0         1         4        9
    2        no  1       0         2         4        9

    Four words stand in the windows, of nine that are not the node itself, so "fresh" is expected 4 * 3 / 9 times:

    >>> round(float(near["n_expected"].iloc[0]), 2), round(float(near["PMI"].iloc[0]), 2)
    (1.33, 0.58)
    """
    reach = check_window(window)
    further = _further(measures)
    check_choice("column to sort by", sort, [*SORTS, *further])

    tokens = as_tokens(corpus)
    columns, period = columns_and_freq(by, freq, tokens.articles.columns)
    wanted = Terms(terms)
    cell, groups = _cells(tokens.articles, columns, period, unit)
    found = windows_of(tokens, wanted, reach, language)
    counts = _count(tokens, found, cell, len(groups), max(min_n, 1))

    table = pd.concat([groups.iloc[counts.cell].reset_index(drop=True), _measured(counts, further)], axis=1)
    words = tokens.vocabulary.keys(possessive=True)[0].take(counts.key)
    table.insert(groups.shape[1], "collocate", pd.array(words.to_pylist(), dtype="str"))
    up = [True] * groups.shape[1]
    table = table.sort_values([*groups.columns, sort, "collocate"], ascending=[*up, False, True], ignore_index=True)

    n_node = int((cell[found.article] >= 0).sum())
    asked = wanted.as_dict()
    state(table, tokens.corpus, terms=asked, window=reach, by=columns, freq=period, measures=further, n_node=n_node)
    return table


def _further(measures: Sequence[str] | str) -> list[str]:
    """Return the measures that are asked for and not in every table, each once."""
    names = [measures] if isinstance(measures, str) else list(dict.fromkeys(measures))
    for name in names:
        check_choice("measure of association", name, [*SORTS, *get_args(CollocateMeasure)])
    return [name for name in names if name not in SORTS]


def _cells(articles: pd.DataFrame, by: list[str], freq: str | None, unit: str) -> tuple[Ints, pd.DataFrame]:
    """Return the cell of each article, -1 where it is not counted, and the table of cells."""
    check_choice("unit", unit, UNITS)
    require(articles, [*by, *(["date"] if freq else [])], "articles")
    check_own_columns(by, COLLOCATES)

    cells = articles[by].reset_index(drop=True)
    if freq:
        day = dates_of(articles)
        check_dates(articles, day, freq)
        cells = cells.assign(period=period_of(day, freq))
    cell, groups = numbered(cells)
    if unit == "story":
        cell = np.where(earliest_of_stories(articles, cell), cell, -1)
    return cell, groups if len(cells.columns) else pd.DataFrame(index=[0])


class _Counts(NamedTuple):
    """What is counted of each word (`key`) in each cell; names as in the table."""

    cell: Ints
    key: Ints
    n: Ints
    n_left: Ints
    n_articles: Ints
    n_node: Ints
    n_window: Ints
    n_corpus: Ints
    n_words: Ints


def _count(tokens: Tokens, found: Windows, cell: Ints, n_cells: int, min_n: int) -> _Counts:
    from scipy import sparse

    keys, key_of_form = tokens.vocabulary.keys(possessive=True)
    size, n_articles = max(len(keys), 1), len(tokens.articles)

    # the words inside windows, cell by cell
    at, right = words_near_any(found)
    article = tokens.fields_at(at) // len(tokens.fields)
    if (cell < 0).any():
        counted = cell[article] >= 0
        at, right, article = at[counted], right[counted], article[counted]
    in_cell = cell[article]
    place, pairs = _placed(in_cell * size + key_of_form[tokens.codes[at]], n_cells * size)
    n = np.bincount(place, minlength=len(pairs))
    n_left = np.bincount(place[~right], minlength=len(pairs))

    ends = np.searchsorted(article, np.arange(n_articles + 1))  # positions come article by article
    by_article = sparse.csr_matrix((np.ones(len(at), dtype=np.int32), place, ends), shape=(n_articles, len(pairs)))
    by_article.sum_duplicates()
    with_word = np.bincount(by_article.indices, minlength=len(pairs))

    # the words of the node count nowhere: they are taken out of the cell's words, and below out of the word's occurrences
    of_node, node_cell, n_node_words = _words_of_node(tokens, found, cell)
    words = np.bincount(cell[cell >= 0], weights=tokens.n_words[cell >= 0], minlength=n_cells).astype(np.int64)
    words -= np.bincount(node_cell, weights=n_node_words, minlength=n_cells).astype(np.int64)

    kept = np.flatnonzero(n >= min_n)
    where, key = pairs[kept] // size, pairs[kept] % size
    corpus = _corpus_counts(tokens, cell, n_cells, where, key)
    own, own_n = np.unique(node_cell.repeat(n_node_words) * size + of_node, return_counts=True)
    if len(own):
        spot = np.minimum(np.searchsorted(own, pairs[kept]), len(own) - 1)
        corpus = corpus - np.where(own[spot] == pairs[kept], own_n[spot], 0)

    return _Counts(
        where,
        key,
        n[kept],
        n_left[kept],
        with_word[kept],
        np.bincount(node_cell, minlength=n_cells)[where],
        np.bincount(in_cell, minlength=n_cells)[where],
        corpus,
        words[where],
    )


def _placed(code: Ints, n_codes: int) -> tuple[Ints, Ints]:
    """Return the place of each code among the distinct codes, and these."""
    if n_codes > _DENSE:
        place, pairs = pd.factorize(code)
        return place, pairs
    there = np.zeros(n_codes, dtype=bool)
    there[code] = True
    return (np.cumsum(there) - 1)[code], np.flatnonzero(there)


def _words_of_node(tokens: Tokens, found: Windows, cell: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the words of all counted hits one after the other, the cell of each hit, and how many words it has."""
    counted = cell[found.article] >= 0
    first, lengths = found.first[counted], (found.last - found.first + 1)[counted]
    skipped = np.cumsum(lengths) - lengths
    at = np.arange(lengths.sum()) + (first - skipped).repeat(lengths)
    key_of_form = tokens.vocabulary.keys(possessive=True)[1]
    return key_of_form[tokens.codes[at]].astype(np.int64), cell[found.article[counted]], lengths


def _corpus_counts(tokens: Tokens, cell: Ints, n_cells: int, in_cell: Ints, key: Ints) -> Ints:
    """Return how often each word occurs in its cell."""
    from scipy import sparse

    keys, key_of_form = tokens.vocabulary.keys(possessive=True)
    if not len(key):
        return key
    if n_cells == 1 and (cell == 0).all():
        return np.bincount(key_of_form, weights=tokens.form_counts, minlength=len(keys)).astype(np.int64)[key]
    rows = np.flatnonzero(cell >= 0)
    ones = np.ones(len(rows), dtype=np.int32)
    sums = sparse.csr_matrix((ones, (cell[rows], rows)), shape=(n_cells, len(cell))) @ tokens.by_article
    sums.sort_indices()
    return np.asarray(sums[in_cell, key], dtype=np.int64).ravel()


def _measured(counts: _Counts, further: Sequence[str]) -> pd.DataFrame:
    """Put the measures beside the counts."""
    n, inside = counts.n, counts.n_window
    a, b, c = n, counts.n_corpus - n, inside - n
    d = counts.n_words - counts.n_corpus - c
    expected = inside * counts.n_corpus / counts.n_words

    table = pd.DataFrame(
        {
            "n": n,
            "n_left": counts.n_left,
            "n_right": n - counts.n_left,
            "n_articles": counts.n_articles,
            "n_node": counts.n_node,
            "n_window": inside,
            "n_corpus": counts.n_corpus,
            "n_words": counts.n_words,
            "n_expected": expected,
            "logDice": association.log_dice(n, counts.n_node, counts.n_corpus),
            "PMI": association.pointwise_mutual_information(n, expected),
            "MI3": association.cubed_mutual_information(n, expected),
            "log_ratio": association.log_ratio(a, b, inside, counts.n_words - inside),
            "log_odds": association.log_odds_ratio(a, b, c, d),
            "delta_p_given_node": association.delta_p(a, b, c, d),
            "delta_p_given_collocate": association.delta_p(a, c, b, d),
            "G2": association.log_likelihood(a, b, c, d),
            "t_score": association.t_score(n, expected),
            "z_score": association.z_score(n, expected),
            "Dice": association.dice(n, counts.n_node, counts.n_corpus),
            "MI2": association.squared_mutual_information(n, expected),
            "local_MI": association.local_mutual_information(n, expected),
            "minimum_sensitivity": association.minimum_sensitivity(n, inside, counts.n_corpus),
        }
    )
    return table[[*list(COLLOCATES.columns)[1:], *further]]
