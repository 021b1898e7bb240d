"""Own the question which source moves first: correlations of their usage at each lag, against chance."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.measures.series.breaks import stabilise
from toolkit.measures.series.leads import Lags, lagged, prewhiten
from toolkit.recipes import recorded
from toolkit.tables import FramingError, not_found
from toolkit.tables.checks import check_choice
from toolkit.tables.choices import Adjustment, Freq, Measure, Unit
from toolkit.tally.tally import kind_columns
from toolkit.text.matches import AnyTerms
from toolkit.trends.series import Runs, adjusted_known, check_adjustment, runs_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST = 20
"""The fewest periods that both sources must cover."""
MOST = 40
"""The most sources to compare, each with each."""
MAX_LAGS = {"D": 7, "W": 4, "M": 6, "Q": 4, "Y": 3}


@recorded(packages=("pandas", "numpy", "scipy"))
def lead_lag(
    corpus: Any,
    terms: AnyTerms | None = None,
    *,
    between: str = "source",
    only: Sequence[Any] | None = None,
    freq: Freq = "D",
    measure: Measure | None = None,
    unit: Unit = "article",
    shared: Literal["keep", "drop"] = "keep",
    max_lag: int | None = None,
    permutations: int = 999,
    seed: int = 0,
    all_lags: bool = False,
    adjust: Adjustment | None = "holm",
) -> pd.DataFrame:
    """Compare when sources take a term up: whether one moves first.

    Parameters
    ----------
    corpus : Tokens, DataFrame, Tally, Topics, or Dask DataFrame
        What `tk.usage` takes: anything that can be tallied.
    terms : Terms, dict, list or str, optional
        What to count; for a tally, the kinds to take, by default all.
    between : str, keyword-only
        The column of the articles whose values are compared, each with each.
    only : list, optional, keyword-only
        Compare these values only, at most 40.
    freq : {"D", "W", "M", "Q", "Y"}, keyword-only
        The periods of time; weeks begin on Monday.
    measure : {"per_million", "share", "rival_share"}, keyword-only
        What is compared.
    unit : {"article", "story"}, keyword-only
        With "story" a story counts once in each source and period, however often the source prints it.
    shared : {"keep", "drop"}, keyword-only
        What to do with stories that both sources of a pair have: an agency's copy moves both on the same day. "drop" leaves their
        hits and words out of both, and needs a `story_id` to find them.
    max_lag : int, optional, keyword-only
        The largest lag, either way; by default 7 days, 4 weeks, 6 months, 4 quarters or 3 years.
    permutations, seed : int, keyword-only
        How often to shuffle, and the seed for it.
    all_lags : bool, keyword-only
        Return a row for each lag instead of the best one.
    adjust : {"holm", "bonferroni", "fdr"} or None, keyword-only
        How p-values are adjusted for the number of pairs and terms: "holm" and "bonferroni" bound the chance of any false finding,
        "fdr" (Benjamini and Hochberg 1995) the expected part of false ones among the findings.

    Returns
    -------
    DataFrame
        One row per term and pair: `term`; `first` and `second`, the two; `lag`, by how many periods `second` follows `first`
        where their correlation is largest in size (negative: it is ahead); `correlation` there; `p`, how often chance gives one
        as large at any lag, and `p_adjusted`; `n_periods` that both cover; `n_hits_first` and `n_hits_second` (for shares,
        articles with a hit); and `n_stories_shared`, stories with the term that both have; `note`, which says why there is no
        answer and is empty otherwise.

        With `all_lags` one row per term, pair and lag: `lag`, `correlation`, `null_low` and `null_high`, the middle 95 % of what
        chance gives at that lag, and `n_periods`. Pairs without an answer have no row.

    Raises
    ------
    FramingError
        Where `tk.usage` does, if no article has a date, if there are fewer than two values or more than 40, or if a setting is unknown.

    Warns
    -----
    FramingWarning
        As `tk.usage` does, and for undated articles.

    Notes
    -----
    Two series that both drift, or that both persist from day to day, correlate for that reason alone. So of each (the square root
    of the rate, for shares the arcsine of the root) a straight line and an autoregression are removed (prewhitening, Box and
    Jenkins 1976; the order has the least BIC), and what is new in each period is correlated. The reference for chance is the
    second series rotated by a random time, with its blocks of periods shuffled: autocorrelation stays within blocks, the tie is
    lost. `p` compares the largest correlation over all lags, so it needs no correction for their number.

    A small p says that the two are tied, mostly because both respond to the same events: then the best lag is 0. Only a lag other
    than 0 is evidence of order, and copied stories can make one. Periods are those of `freq`: what one outlet prints in the
    morning and the other in the evening is lag 0. In a simulation with 60 and 120 periods 5 to 8 % of independent pairs had p up
    to .05; with 21 periods 7 % (tests/benchmarks/over_time.md).

    Examples
    --------
    What the Post writes one day, the Wire writes the next:

    >>> import numpy as np, pandas as pd, toolkit as tk
    >>> news = np.random.default_rng(1).integers(1, 5, size=41)
    >>> articles = pd.concat([
    ...     pd.DataFrame({"source": name, "date": pd.date_range("2017-01-02", periods=40),
    ...         "text": ["ban " * int(k) + "word " * (10 - int(k)) for k in some]})
    ...     for name, some in (("Post", news[1:]), ("Wire", news[:-1]))], ignore_index=True)
    >>> articles["doc_id"] = [f"d{i}" for i in range(len(articles))]
    >>> tk.lead_lag(articles, "ban")[["first", "second", "lag", "correlation", "p"]].round(2)
      first second  lag  correlation    p
    0  Post   Wire    1         0.98  0.0
    """
    check_choice("way with shared stories", shared, ("keep", "drop"))
    check_adjustment(adjust)
    if max_lag is not None and not max_lag >= 0:
        raise FramingError(f"max_lag is a number of periods, 0 or more; this is {max_lag!r}.")
    if not permutations >= 99:
        raise FramingError(f"permutations is how often to shuffle, 99 or more, better 999; this is {permutations!r}.")
    runs = runs_of(corpus, terms, [between], freq, measure=measure, unit=unit)
    chosen = _chosen(runs, between, only)
    reach = MAX_LAGS[freq] if max_lag is None else max_lag
    pairs = list(combinations(chosen, 2))
    rows: list[dict[str, Any]] = []
    from tqdm.auto import tqdm

    for term, name in enumerate(runs.counted.kinds):
        for a, b in tqdm(pairs, desc=f"lags of {name}", disable=None, leave=False):
            row, found = _pair(runs, term, a, b, shared == "drop", reach, permutations, seed)
            row = {"term": term, "first": runs.groups.iloc[a, 0], "second": runs.groups.iloc[b, 0], **row}
            if not all_lags:
                rows.append(row)
            elif found is not None:
                head = {key: row[key] for key in ("term", "first", "second")}
                for place in range(2 * reach + 1):
                    numbers = (
                        found.correlation[place],
                        found.null_low[place],
                        found.null_high[place],
                        row["n_periods"],
                    )
                    names = ("correlation", "null_low", "null_high", "n_periods")
                    rows.append(head | {"lag": place - reach} | dict(zip(names, numbers)))
    table = _table(runs, rows, all_lags)
    if not all_lags:
        table["p_adjusted"] = adjusted_known(table["p"].to_numpy(), adjust)
    runs.state(table, only=None if only is None else [str(value) for value in only], max_lag=reach)
    return table


def _chosen(runs: Runs, between: str, only: Sequence[Any] | None) -> list[int]:
    """Return the series to compare."""
    values = runs.groups[between]
    dated = np.bincount(runs.series, minlength=len(values)) > 0
    if only is not None:
        wanted = [only] if isinstance(only, str) else list(only)
        places = {value: place for place, value in enumerate(values.tolist())}
        for value in wanted:
            if value not in places:
                known = [str(v) for v in values.dropna().tolist()]
                raise not_found(between, str(value), known if len(known) <= MOST else known[:MOST])
        chosen = [places[value] for value in dict.fromkeys(wanted)]
    else:
        chosen = np.flatnonzero(values.notna().to_numpy() & dated).tolist()
    if len(chosen) < 2:
        raise FramingError(
            f"To compare who moves first takes two values of {between} with dated articles; there "
            + (f"is one: {values.iloc[chosen[0]]}." if chosen else "is none.")
        )
    if len(chosen) > MOST:
        size = np.bincount(runs.series, weights=runs.counted.n_articles[runs.rows], minlength=len(values))
        largest = values.iloc[np.argsort(-size, kind="stable")[:5]].tolist()
        raise FramingError(
            f"{len(chosen):,} values of {between} are {len(chosen) * (len(chosen) - 1) // 2:,} pairs; at most {MOST} values can be compared. "
            f"Name some: only={largest!r} are those with the most articles."
        )
    return chosen


def _pair(
    runs: Runs, term: int, a: int, b: int, drop: bool, reach: int, permutations: int, seed: int
) -> tuple[dict[str, Any], Lags | None]:
    """Compare two series."""
    x, n = runs.ratio(term)
    story = runs.counted.story[runs.rows]
    of_a, of_b = runs.series == a, runs.series == b
    both = np.intersect1d(story[of_a], story[of_b])
    hits = runs.counted.of_kind(term)[runs.rows]
    n_shared = len(np.intersect1d(story[(of_a | of_b) & (hits > 0)], both))
    if drop:
        kept = ~np.isin(story, both)
        of_a, of_b = of_a & kept, of_b & kept
    sums = [[np.bincount(runs.when[own], part[own], runs.shape[1]) for part in (x, n)] for own in (of_a, of_b)]
    common = int(((sums[0][1] > 0) & (sums[1][1] > 0)).sum())
    counted = "n_articles" if runs.measure == "share" else "n_hits"
    row: dict[str, Any] = {
        "lag": None,
        "correlation": np.nan,
        "p": np.nan,
        "p_adjusted": np.nan,
        "n_periods": common,
        f"{counted}_first": int(sums[0][0].sum()),
        f"{counted}_second": int(sums[1][0].sum()),
        "n_stories_shared": n_shared,
        "note": "",
    }
    least = max(LEAST, 3 * reach)
    if common < least:
        row["note"] = f"{common} periods that both cover; {least} are needed"
        return row, None
    new = []
    for x_own, n_own in sums:
        if not x_own.any():
            row["note"] = "no hit in one of the two"
            return row, None
        y = stabilise(x_own, n_own, whole=runs.measure != "per_million")[0]
        new.append(prewhiten(np.where(n_own > 0, y, np.nan))[0])
    if min(float(np.nansum(part * part)) for part in new) <= 1e-12:
        row["note"] = "one of the two does not vary"
        return row, None
    found = lagged(new[0], new[1], reach, permutations=permutations, rng=np.random.default_rng(seed))
    best = _best(found.correlation, reach)
    return row | {"lag": best - reach, "correlation": found.correlation[best], "p": found.p}, found


def _best(correlation: Floats, reach: int) -> int:
    """Return the place of the largest correlation in size; of equals the one nearest to lag 0."""
    size = np.abs(correlation)
    close = np.flatnonzero(size >= size.max() - 1e-12)
    return int(close[np.abs(close - reach).argmin()])


def _table(runs: Runs, rows: list[dict[str, Any]], all_lags: bool) -> pd.DataFrame:
    counted = "n_articles" if runs.measure == "share" else "n_hits"
    kinds = {"term": "int64", "lag": "int64" if all_lags else "Int64", "correlation": "float64"}
    if all_lags:
        kinds |= {"null_low": "float64", "null_high": "float64", "n_periods": "int64"}
    else:
        kinds |= {
            "p": "float64",
            "p_adjusted": "float64",
            "n_periods": "int64",
            f"{counted}_first": "int64",
            f"{counted}_second": "int64",
        }
        kinds |= {"n_stories_shared": "int64", "note": "str"}
    names = ["term", "first", "second", *list(kinds)[1:]]
    table = pd.DataFrame(rows, columns=names).astype(kinds)
    values = runs.groups.iloc[:, 0].dtype
    table = table.astype({"first": values, "second": values})
    named = pd.DataFrame(kind_columns(runs.counted, table.pop("term").to_numpy(dtype=np.int64)))
    return pd.concat([named, table], axis=1)
