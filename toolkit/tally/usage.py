"""Count how often terms are used, by source and over time, with denominators and intervals whose unit is the story."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.measures.intervals import garwood, ratio_interval, story_bootstrap, wilson
from toolkit.measures.pooling import pooled_ratios
from toolkit.recipes import make_recipe
from toolkit.tables import FramingError, columns_and_freq, not_found, pick
from toolkit.tables.choices import Freq, IntervalMethod, Measure, Unit
from toolkit.tables.groups import check_cells, numbered
from toolkit.tally.cells import CellSums, added_sums, cell_sums, lay_grid, partial_sums
from toolkit.tally.checks import MEASURES, check_counted, columns_of, is_counts, stated, wanted_of
from toolkit.tally.correction import corrected_by, read_error
from toolkit.tally.stories import StoryCounts, story_counts
from toolkit.text.matches import AnyTerms

__all__ = ["MEASURES", "StoryCounts", "is_counts", "story_counts", "usage"]

INTERVALS = ("story", "bootstrap", "wilson", "garwood")
Floats = NDArray[np.float64]


def usage(
    corpus: Any,
    terms: AnyTerms,
    *,
    by: str | Sequence[str] = ("source",),
    freq: Freq | None = None,
    unit: Unit = "article",
    measure: Measure = "per_million",
    confidence: float = 0.95,
    interval: IntervalMethod = "story",
    pool: bool = False,
    draws: int = 1999,
    seed: int = 0,
    error: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Count how often terms are used.

    Parameters
    ----------
    corpus : Tokens, DataFrame, or Dask DataFrame
        An index, articles with text, or a counts corpus (with `n_words` and a column ``n_<term>`` for each term).
    terms : Terms, dict, list or str
        What to count; of a counts corpus, the names of the terms it has.
    by : str or list of str, keyword-only
        Columns of the articles that make the cells; an empty list takes the corpus as one. "day", "week", "month", "quarter" or "year" means the
        period, as `freq` does, where there is no column of that name.
    freq : {"D", "W", "M", "Q", "Y"}, optional, keyword-only
        The periods of time; weeks begin on Monday. Without it time is not divided.
    unit : {"article", "story"}, keyword-only
        What is counted. With "story", of each story in each cell only its earliest article; copies are left out, of the
        words, too. Articles without a `story_id` are each their own story.
    measure : {"per_million", "share", "rival_share"}, keyword-only
        What the interval belongs to: hits per million words, articles (or stories) with a hit among all, or the term's hits
        among the hits of all `terms` (rival names for one thing).
    confidence : float, keyword-only
        Nominal coverage of the interval.
    interval : {"story", "bootstrap", "wilson", "garwood"}, keyword-only
        How the interval is made; see Notes for what each assumes and where it fails.
    pool : bool, keyword-only
        Add each rate as it is when small cells are shrunk towards the term's mean over the cells of the period.
    draws, seed : int, keyword-only
        Of the bootstrap: how often stories are drawn again, and the seed of the random numbers.
    error : DataFrame, optional, keyword-only
        The measured error of each term, from `tk.term_error`, by columns that cells are made by, too, or for the whole: add the
        measure as it is when it is multiplied by precision / recall.

    Returns
    -------
    DataFrame
        Usage: one row per cell and term. The `by` columns and `period` (its first day); `term`; `n_hits`; `n_articles` (with a
        hit) of `n_articles_total`; `n_stories` (with a hit) of `n_stories_total`; `n_words`; `per_million`; `share`; `low` and
        `high`, the interval of the measure; `covered`. With `freq` also `partial`: the source's articles begin or end inside
        the period. With ``measure="rival_share"`` also `n_hits_rivals` and `rival_share`. With ``unit="story"`` also
        `n_copies`, the articles that are left out; `n_articles_total` is then the number of stories. With `pool` also `pooled`,
        `pooled_low` and `pooled_high`, in the unit of the measure. With `error` also `corrected`, `corrected_low` and
        `corrected_high`, in that unit, too.

        Cells are all combinations that occur, times all periods between the first and the last day of the corpus. A cell with
        articles and no hit is a row of zeros; a cell without articles, or whose articles have no word, is not covered, and its
        rates are missing, never zero. Undated articles are rows with a missing period.

    Raises
    ------
    FramingError
        If a column, measure, unit, interval, period or (of a counts corpus) term is unknown, if no article has a word, if
        there is nothing to pool over, or if the error is not of these terms, cells or measure.

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

    Pooling is that of `toolkit.measures.pooling.pooled_ratios`: an empirical-Bayes normal model on the arcsine scale. It
    assumes that cells differ from their mean as draws from one normal distribution do, so it hides a small source that is
    truly unlike the others. Report it beside the cells' own rates, never instead of them.

    A corrected rate is rate * precision / recall (Stryker et al. 2006). Its interval is that of a product of two independent
    estimates, MOVER on the logarithms (`toolkit.measures.correction.product_interval`): it has the uncertainty of the rate, whose
    unit is the story, and that of the coded sample. It takes each cell's hits as wrong as those that were sampled: where
    outlets differ in that, measure the error by source. All cells that share a correction share its chance error, so
    between them compare the rates. Recall is relative to the wider net. A corrected share can exceed 1, which says that
    the correction does not fit the cell.

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
    keys, freq = cast("tuple[list[str], Freq | None]", columns_and_freq(by, freq, columns_of(corpus)))
    check_cells(keys, freq, unit)
    _check_settings(keys, measure, confidence, interval, pool, draws)
    wanted = wanted_of(corpus, terms)
    cells = [*keys, *(["period"] if freq else [])]
    told_by = [] if error is None else read_error(error, list(wanted), cells, measure, confidence)
    counted: StoryCounts | None = None
    if hasattr(corpus, "map_partitions") and "story_id" not in corpus.columns and interval != "bootstrap":
        from toolkit.tally import partitions as scale  # no story lies in two partitions, so their sums are enough

        parts, described = scale.gather(corpus, partial_sums, wanted, keys, freq, measure)
        sums = added_sums(parts, cells, list(wanted))
        check_counted(sums.total["n_words"].sum(), sums.by_term["n_hits"].sum(axis=0), list(wanted), described)
    else:
        counted = story_counts(corpus, terms, keys, freq, unit=unit, rivals=measure == "rival_share")
        sums, described = cell_sums(counted, measure), counted.corpus
    if interval == "bootstrap":
        assert counted is not None
        low, high = _bootstrap(counted, measure, confidence, draws, seed)
    else:
        low, high = interval_of(sums, measure, confidence, interval)
    extra = {"low": low, "high": high}
    if pool:
        period = numbered(sums.groups[["period"]])[0] if freq else np.zeros(len(sums.groups), dtype=np.int64)
        pooled, pooled_low, pooled_high = pooled_ratios(sums.story, period, confidence=confidence)
        single = np.isnan(pooled_low)  # nothing to shrink to
        extra["pooled"] = pooled
        extra["pooled_low"] = np.where(single, low, pooled_low)
        extra["pooled_high"] = np.where(single, high, pooled_high)
    factor = 1e6 if measure == "per_million" else 1.0
    extra = {name: values * factor for name, values in extra.items()}
    table = _laid_out(sums, extra, keys, freq, measure, unit)
    if error is not None:
        table = corrected_by(table, error, told_by, measure)
    settings = {
        "terms": stated(wanted),
        "by": keys,
        "freq": freq,
        "unit": unit,
        "measure": measure,
        "confidence": confidence,
        "interval": interval,
        "pool": pool,
        **({"draws": draws, "seed": seed} if interval == "bootstrap" else {}),
        **({} if error is None else {"error": error.astype(object).where(error.notna(), None).to_dict("records")}),
    }
    table.attrs = {"recipe": make_recipe("toolkit.usage", settings, described, ("pandas", "numpy", "scipy"))}
    return table


def _check_settings(by: list[str], measure: str, confidence: float, interval: str, pool: bool, draws: int) -> None:
    if measure not in MEASURES:
        raise not_found("measure", measure, MEASURES)
    if interval not in INTERVALS:
        raise not_found("interval", interval, INTERVALS)
    if not 0 < confidence < 1:
        raise FramingError(f"confidence is a number between 0 and 1, such as 0.95; this is {confidence!r}.")
    if interval == "garwood" and measure != "per_million":
        raise FramingError(
            f"Garwood's interval is one of hits per words, and {measure} is a share. "
            "Take interval='wilson', or measure='per_million'."
        )
    if interval == "bootstrap" and draws < 100:
        raise FramingError(f"draws is how often stories are drawn again, 100 or more, better 2,000; this is {draws}.")
    if pool and not by:
        raise FramingError(
            "pool=True shrinks cells towards their mean, and by=[] makes one cell only. Count by a column: by='source'."
        )


def interval_of(sums: CellSums, measure: str, confidence: float, interval: str = "story") -> tuple[Floats, Floats]:
    """Return the interval of each cell and term, as proportions."""
    story = sums.story
    if interval == "wilson":
        return wilson(story.x, story.n, confidence=confidence)
    if interval == "garwood":
        return garwood(story.x, story.n, confidence=confidence)
    bundle, rest = sums.bundles(measure)
    return ratio_interval(story, confidence=confidence, whole=measure != "per_million", bundle=bundle, rest=rest)


def _bootstrap(counted: StoryCounts, measure: str, confidence: float, draws: int, seed: int) -> tuple[Floats, Floats]:
    """Draw the stories of each cell again; the same ones for each term."""
    from tqdm.auto import tqdm

    ends = []
    names = tqdm(counted.names, desc="terms", disable=None if len(counted.names) > 4 else True)
    for number, _ in enumerate(names):
        x, n = counted.ratio(measure, number)
        some = n > 0  # the others say nothing of the measure
        ends.append(
            story_bootstrap(
                x[some],
                n[some],
                counted.cell[some],
                len(counted.groups),
                draws=draws,
                confidence=confidence,
                seed=seed,
            )
        )
    return np.column_stack([low for low, _ in ends]), np.column_stack([high for _, high in ends])


def _laid_out(
    sums: CellSums, extra: dict[str, Floats], by: list[str], freq: str | None, measure: str, unit: str
) -> pd.DataFrame:
    """Lay the sums on the full grid of cells, terms within groups and periods within terms."""
    grid = lay_grid(sums, by, freq)
    k = len(sums.names)
    cell, term = np.repeat(np.arange(len(grid.place)), k), np.tile(np.arange(k), len(grid.place))
    order = np.argsort(grid.group[cell] * k + term, kind="stable")
    cell, term = cell[order], term[order]
    at = grid.place[cell]
    table = grid.cells.iloc[cell].reset_index(drop=True)
    table["term"] = pick(sums.names, term)

    def counts(values: Floats) -> NDArray[np.int64]:
        return np.where(at >= 0, values, 0).astype(np.int64)

    def rate(over: str | NDArray[np.int64], under: NDArray[np.int64]) -> Floats:
        above = table[over] if isinstance(over, str) else over
        return np.divide(above, under, out=np.full(len(table), np.nan), where=covered & (under > 0))

    totals = {name: counts(values[at]) for name, values in sums.total.items()}
    covered = totals["n_words"] > 0
    for name in ("n_hits", "n_articles", "n_stories"):
        table[name] = counts(sums.by_term[name][at, term])
        if name != "n_hits":
            table[f"{name}_total"] = totals[f"{name}_total"]
    if unit == "story":
        table["n_copies"] = totals["n_copies"]
    table["n_words"] = totals["n_words"]
    table["per_million"] = rate("n_hits", totals["n_words"]) * 1e6
    table["share"] = rate("n_articles", totals["n_articles_total"])
    if measure == "rival_share":
        table["n_hits_rivals"] = totals["n_hits_rivals"]
        table["rival_share"] = rate("n_hits", totals["n_hits_rivals"])
    for name, values in extra.items():
        table[name] = np.where(covered, values[at, term], np.nan)
    table["covered"] = covered
    if freq:
        table["partial"] = grid.partial[cell] & covered
    return table
