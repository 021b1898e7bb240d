"""Own usage: how often terms are used, by source and over time, with denominators and intervals whose unit is the story."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.deprecation import old_parameters
from toolkit.recipes import recorded, state
from toolkit.tables import FramingError, columns_and_freq
from toolkit.tables.checks import check_at_least, check_choice, check_confidence
from toolkit.tables.choices import INTERVALS, MEASURES, Freq, IntervalMethod, Measure, Unit
from toolkit.tables.groups import check_cells
from toolkit.tally import partitions
from toolkit.tally.articles import stated, wanted_of
from toolkit.tally.cells import CellSums, cell_sums, lay_grid
from toolkit.tally.correction import corrected_by, read_error
from toolkit.tally.rates import bootstrap_of, chosen_measure, interval_of, pooled_of, scale_of, whole
from toolkit.tally.sources import story_counts
from toolkit.tally.tally import Tally, kind_columns
from toolkit.tally.words import check_counted, columns_of
from toolkit.text.matches import AnyTerms

Floats = NDArray[np.float64]


@old_parameters(draws="resamples")
@recorded(packages=("pandas", "numpy", "scipy"))
def usage(
    corpus: Any,
    terms: AnyTerms | None = None,
    *,
    by: str | Sequence[str] = ("source",),
    freq: Freq | None = None,
    unit: Unit = "article",
    measure: Measure | None = None,
    confidence: float = 0.95,
    interval: IntervalMethod = "story",
    pool: bool = False,
    resamples: int = 1999,
    seed: int = 0,
    error: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Count how often terms are used.

    Parameters
    ----------
    corpus : Tokens, DataFrame, Tally, Topics, or Dask DataFrame
        An index, articles with text, a counts corpus (with `n_words` and a column ``n_<term>`` for each term), or anything else that can
        be tallied: see `tk.tally`. Articles are indexed once and remembered while Python runs.
    terms : Terms, dict, list or str, optional
        What to count. For a counts corpus or a tally, the kinds to take, by default all.
    by : str or list of str, keyword-only
        Columns of the articles that make the cells; an empty list makes one cell of the corpus. "day", "week", "month", "quarter"
        or "year" means the period, as `freq` does, where there is no column of that name.
    freq : {"D", "W", "M", "Q", "Y"}, optional, keyword-only
        The periods of time; weeks begin on Monday. Without it time is not divided.
    unit : {"article", "story"}, keyword-only
        What is counted. With "story", of each story in each cell only its earliest article; copies are left out, of the
        words, too. Articles without a `story_id` are each their own story.
    measure : {"per_million", "share", "rival_share"}, optional, keyword-only
        What the interval belongs to: hits per million words, articles (or stories) with a hit among all, or the term's hits
        among the hits of all `terms` (rival names for one thing; of a tally, all its kinds). By default "per_million", or "rival_share"
        where no words were counted.
    confidence : float, keyword-only
        Nominal coverage of the interval.
    interval : {"story", "bootstrap", "wilson", "garwood"}, keyword-only
        How the interval is made; see Notes for what each assumes and where it fails.
    pool : bool, keyword-only
        Add each rate after shrinking small cells towards the term's mean over the cells of the period.
    resamples, seed : int, keyword-only
        For the bootstrap: how often stories are drawn again, and the seed of the random numbers.
    error : DataFrame, optional, keyword-only
        The measured error of each term, from `tk.term_error`, for the whole corpus or by columns that also make cells: add the
        measure multiplied by precision / recall.

    Returns
    -------
    DataFrame
        Usage: one row per cell and term. The `by` columns and `period` (its first day); `term` (for another tally the column that
        it names, such as `voice` or `topic`); `n_hits`; `n_articles` (with a hit) of `n_articles_total`; `n_stories` (with a hit)
        of `n_stories_total`; `n_words`; `per_million`; `share`; `low` and `high`, the interval of the measure; `covered`. With
        `freq` also `partial`: the source's articles begin or end inside the period. With ``measure="rival_share"`` also
        `n_hits_rivals` and `rival_share`. With ``unit="story"`` also `n_copies`, the articles left out; `n_articles_total` is
        then the number of stories. With `pool` also `pooled`, `pooled_low` and `pooled_high`, in the unit of the measure. With
        `error` also `corrected`, `corrected_low` and `corrected_high`, in that unit, too.

        Cells are all combinations that occur, times all periods between the first and the last day of the corpus. A cell with
        articles and no hit is a row of zeros; a cell without articles, or whose articles have no word, is not covered, and its
        rates are missing, never zero. Undated articles are rows with a missing period.

    Raises
    ------
    FramingError
        If a column, measure, unit, interval, period or (of a counts corpus) term is unknown, if no article has a word, if there
        is nothing to pool over, or if the error does not fit these terms, cells or measure.

    Warns
    -----
    FramingWarning
        For each pattern that matches nothing, where rival terms share words, where articles lack text or a story, and where
        `freq` is finer than the dates.

    Notes
    -----
    Sums come before ratios: a rate is the sum of hits over the sum of words of its cell. A rate compares sources only if
    their texts are of the same kind.

    The intervals, with the lowest coverage of nominal 95 % that was found for rates with 60 or 400 stories where hits cluster
    in articles and up to four outlets print a story (tests/benchmarks/interval_coverage.md has it for other settings):

    - "story", .95: closed form from story totals (`toolkit.measures.intervals.ratio_interval`). Assumes that stories are a
      sample. Wide where one or two stories carry everything.
    - "bootstrap", .58 with 60 stories and .86 with 400: percentile bootstrap over the stories of each cell
      (`toolkit.measures.intervals.story_bootstrap`). Assumes that the stories seen stand for those not seen, so it fails where
      few carry the hits; a cell without a hit, or with one story, gets an interval without width.
    - "wilson", .21: Wilson (1927) on words, articles or hits. Assumes that each is drawn by itself, so it fails wherever hits
      cluster or stories are copied, and is right only for one hit an article and no copies.
    - "garwood": exact for a Poisson number of hits (Garwood 1936), for ``measure="per_million"`` only. Assumes that hits fall
      independently and at random, and fails as "wilson" does, with which it all but coincides for rare words.

    Pooling is that of `toolkit.measures.pooling.pooled_ratios`: an empirical-Bayes normal model of the plain ratios. It assumes
    that cells differ from their mean as draws from one normal distribution do, so it hides a small source that is truly unlike
    the others. Report pooled rates beside the cells' own, never instead of them.

    A corrected rate is rate * precision / recall (Stryker et al. 2006). Its interval is that of a product of two independent
    estimates, MOVER on the logarithms (`toolkit.measures.correction.product_interval`): it allows for the uncertainty of the
    rate, whose unit is the story, and for that of the coded sample. It assumes that each cell's hits are as wrong as those that
    were sampled: where outlets differ in that, measure the error by source. All cells with one correction share its chance error,
    so compare their rates instead. Recall is relative to the wider net. A corrected share can exceed 1, which says that the
    correction does not fit the cell.

    See Also
    --------
    tally : what every count is made of, and ``tokens.matrix`` for the counts of each article as a document-term matrix.
    compare : differences between sources or periods, with their intervals.
    trend : usage over time with a smooth line.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({
    ...     "doc_id": ["a", "b", "c"],
    ...     "source": ["Post", "Post", "Wire"],
    ...     "text": ["A reset of the reset.", "No news today, none.", "Rain is coming."],
    ... })
    >>> table = tk.usage(articles, ["reset"])
    >>> table[["source", "n_hits", "n_articles", "n_articles_total", "n_words", "per_million"]]
      source  n_hits  n_articles  n_articles_total  n_words    per_million
    0   Post       2           1                 2        9  222222.222222
    1   Wire       0           0                 1        3       0.000000
    """
    if not isinstance(corpus, Tally) and hasattr(corpus, "__tally__"):
        corpus = corpus.__tally__()
    keys, period = columns_and_freq(by, freq, columns_of(corpus))
    _check_settings(keys, confidence, interval, pool, resamples)
    if measure is not None:
        check_choice("measure", measure, MEASURES)
    cells = [*keys, *(["period"] if period else [])]

    if _adds_up(corpus) and interval != "bootstrap":
        # no story lies in two parts, so their sums are enough
        taken: str = measure or "per_million"
        check_cells(keys, period, unit)
        wanted = wanted_of(corpus, terms)
        sums, described = partitions.summed(corpus, wanted, keys, period, taken)
        check_counted(sums.total["n_words"].sum(), sums.square("n_hits").sum(axis=0), list(wanted), described)
        counted, said = None, stated(wanted)
    else:
        counted = story_counts(corpus, terms, keys, period, unit=unit, rivals=measure == "rival_share")
        taken = chosen_measure(measure, counted.measures_words, counted.weight)
        sums, described, said = cell_sums(counted, taken), counted.corpus, counted.terms

    if interval == "garwood" and taken != "per_million":
        raise FramingError(
            f"Garwood's interval is for hits per word, and {taken} is a share. "
            "Take interval='wilson', or measure='per_million'."
        )
    if counted is not None and counted.weight != 1 and interval in ("wilson", "garwood"):
        raise FramingError(
            f"interval={interval!r} takes each hit as drawn by itself, which weighted labels are not. Take interval='story'."
        )
    told_by = [] if error is None else read_error(error, sums.kinds, cells, taken, confidence)

    if interval == "bootstrap":
        assert counted is not None
        low, high = bootstrap_of(counted, taken, confidence, resamples, seed)
    else:
        low, high = interval_of(sums, taken, confidence, interval)
    extra = {"low": low, "high": high}
    if pool:
        pooled = pooled_of(sums, low, high, confidence, bool(period))
        extra |= dict(zip(("pooled", "pooled_low", "pooled_high"), pooled, strict=True))
    extra = {column: values * scale_of(taken) for column, values in extra.items()}

    table = _laid_out(sums, extra, keys, period, taken, unit)
    if error is not None:
        table = corrected_by(table, error, told_by, taken, sums.name)
    unused = () if interval == "bootstrap" else ("resamples", "seed")
    # a measured error is a few rows, and anyone who checks a corrected rate needs their values
    used = {} if error is None else {"error": error.astype(object).where(error.notna(), None).to_dict("records")}
    of = {} if sums.name == "term" else {"kind": sums.name}
    state(table, described, terms=said, by=keys, freq=period, measure=taken, leave_out=unused, **used, **of)
    return table


def _adds_up(corpus: Any) -> bool:
    """Return whether a corpus comes in parts whose sums add up, since no story can lie in two of them."""
    return hasattr(corpus, "map_partitions") and "story_id" not in corpus.columns


def _check_settings(by: list[str], confidence: float, interval: str, pool: bool, resamples: int) -> None:
    check_choice("interval", interval, INTERVALS)
    check_confidence(confidence)
    if interval == "bootstrap":
        check_at_least("resamples", resamples, 100, "how often stories are drawn again", better=2_000)
    if pool and not by:
        raise FramingError(
            "pool=True shrinks cells towards their mean, and by=[] makes one cell only. Count by a column: by='source'."
        )


def _laid_out(
    sums: CellSums,
    extra: dict[str, Floats],
    by: list[str],
    freq: str | None,
    measure: str,
    unit: str,
) -> pd.DataFrame:
    """Lay the sums on the full grid of cells, kinds within groups and periods within kinds."""
    grid = lay_grid(sums.groups, (sums.first, sums.last), by, freq)
    k = len(sums.kinds)
    cell, kind = np.repeat(np.arange(len(grid.place)), k), np.tile(np.arange(k), len(grid.place))
    order = np.argsort(grid.group[cell] * k + kind, kind="stable")
    cell, kind = cell[order], kind[order]
    at = grid.place[cell]
    occurs, place = at >= 0, at * k + kind

    table = grid.cells.iloc[cell].reset_index(drop=True)
    table = table.assign(**kind_columns(sums, kind))

    def counts(values: Any) -> Any:
        return whole(np.where(occurs, values, 0))

    totals = {column: counts(values[at]) for column, values in sums.total.items()}
    covered = (totals["n_words"] if sums.measures_words else totals["n_articles_total"]) > 0

    def rate(over: Any, under: Any) -> Floats:
        return np.divide(over, under, out=np.full(len(table), np.nan), where=covered & (under > 0))

    for column in ("n_hits", "n_articles", "n_stories"):
        table[column] = counts(sums.by_kind[column][place])
        if column != "n_hits":
            table[f"{column}_total"] = totals[f"{column}_total"]
    if unit == "story":
        table["n_copies"] = totals["n_copies"]

    # without measured words there is neither a number of words nor a rate
    table["n_words"] = totals["n_words"] if sums.measures_words else pd.array([pd.NA] * len(table), dtype="Int64")
    per_word = rate(table["n_hits"], totals["n_words"]) * 1e6
    table["per_million"] = per_word if sums.measures_words else np.nan
    table["share"] = rate(table["n_articles"], totals["n_articles_total"])
    if measure == "rival_share":
        table["n_hits_rivals"] = totals["n_hits_rivals"]
        table["rival_share"] = rate(table["n_hits"], totals["n_hits_rivals"])

    for column, values in extra.items():
        table[column] = np.where(covered, values[place], np.nan)
    table["covered"] = covered
    if freq:
        table["partial"] = grid.partial[cell] & covered
    return table
