"""Compare how often terms are used between sources, periods or other groups, stories that both sides share included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.deprecation import old_name
from toolkit.measures.contrasts import Contrast, SharedSums, contrast
from toolkit.measures.intervals import StorySums
from toolkit.measures.multiplicity import adjusted
from toolkit.measures.pairs import each_with_each
from toolkit.recipes import recorded, state
from toolkit.tables import CONTRASTS, PERIODS, FramingError, Table, columns_and_freq, listed, nearest
from toolkit.tables.checks import check_choice, check_confidence, check_own_columns
from toolkit.tables.choices import ADJUSTMENTS, MEASURES, Adjustment, Freq, Measure, Unit
from toolkit.tables.groups import check_cells, numbered
from toolkit.tally.cells import CellSums, Grid, cell_sums, lay_grid, ordered
from toolkit.tally.rates import chosen_measure, scale_of, whole
from toolkit.tally.sides import Pairs, Sides, both_sides, rows_of, story_sums_of
from toolkit.tally.sources import as_tally, story_counts
from toolkit.tally.stories import StoryCounts
from toolkit.tally.tally import Tally, kind_columns
from toolkit.tally.words import columns_of
from toolkit.text.matches import AnyTerms
from toolkit.text.sides import is_condition, side_masks, stated

MOST_ROWS = 20_000_000

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@recorded(packages=("pandas", "numpy", "scipy"))
def compare(
    corpus: Any,
    terms: AnyTerms | None = None,
    *,
    reference: Any,
    target: Any = None,
    between: str = "source",
    by: str | Sequence[str] = (),
    freq: Freq | None = None,
    unit: Unit = "article",
    measure: Measure | None = None,
    adjust: Adjustment | None = "holm",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Compare how often terms are used: difference and ratio, each with its interval, and how certain they are.

    Parameters
    ----------
    corpus : Tokens, DataFrame, Tally, Topics, or Dask DataFrame
        An index, articles with text, a counts corpus, or anything else that can be tallied: see `tk.tally`.
    terms : Terms, dict, list or str, optional
        What to count. For a counts corpus or a tally, the kinds to take, by default all.
    reference : keyword-only
        What to compare with; there is no default, since the answer depends on it. A value of the column `between` (of periods,
        any date inside one), or a list of values, which together are one side; "rest", all the others of the cell together; "pairs",
        each with each; of periods also "previous". Or a condition: columns with the values wanted,
        ``{"section": ["news", "sport"]}``, or true or false for each article.
    target : optional, keyword-only
        What to compare with the reference: a value of `between`, or a condition as above, or "rest". By default each value of
        `between`. With a condition on either side the comparison is one of two groups of articles, named "target" and
        "reference".
    between : str, keyword-only
        The column whose values are compared, such as "source"; or "period", which needs `freq`.
    by : str or list of str, keyword-only
        Columns inside whose combinations values are compared, such as "section". "day", "week", "month", "quarter" or "year" means
        the period, as `freq` does, where there is no column of that name.
    freq : {"D", "W", "M", "Q", "Y"}, optional, keyword-only
        The periods inside which values are compared, or that are compared; weeks begin on Monday.
    unit : {"article", "story"}, keyword-only
        What is counted; with "story" a story counts once on each side, its earliest article there.
    measure : {"per_million", "share", "rival_share"}, optional, keyword-only
        What is compared: hits per million words, articles (or stories) with a hit among all, or the term's hits among those
        of all `terms` (of a tally, all its kinds). By default "per_million", or "rival_share" where no words were counted.
    adjust : {"holm", "bonferroni", "fdr"} or None, keyword-only
        How `p_adjusted` takes account of the number of comparisons in the table. "holm" and "bonferroni" bound the chance of any
        false finding, "fdr" (Benjamini and Hochberg 1995) the expected part of false ones among the findings. Only with
        "bonferroni" do the intervals hold jointly; otherwise each holds by itself.
    confidence : float, keyword-only
        Nominal coverage of the intervals.

    Returns
    -------
    DataFrame
        Contrasts: one row per value, reference, cell and term. The `by` columns and the column `between`; `reference`; `term`;
        `period` (its first day) where there are periods.

        `difference`, target less reference in the unit of the measure, with `low` and `high`; `ratio`, target over reference,
        with `ratio_low` and `ratio_high` (infinite where the reference can be zero; the ratio is missing where neither side has a
        hit); `p`, two-sided; `p_adjusted`. Then for each side, with the endings `_target` and `_reference`: the measure,
        `n_hits`, `n_articles` (with a hit) of `n_articles_total`, `n_stories` of `n_stories_total`, `n_words` (and
        `n_hits_rivals`). `n_stories_shared`, stories with articles on both sides; `correlation` of the two estimates through
        these; `covered`, whether both sides have articles; with `freq` also `partial`, whether the articles of one side begin or
        end inside a period. A row that is not covered has missing numbers.

    Raises
    ------
    FramingError
        If no reference is given, or a column, value, measure, unit, period or adjustment is unknown, or there is only one
        value to compare.

    Warns
    -----
    FramingWarning
        As `tk.usage` does.

    Notes
    -----
    Each side has the interval that `tk.usage` gives it; difference and ratio are made of the two by MOVER (Zou and Donner 2008;
    Donner and Zou 2012) with the correlation of stories that both sides print: shared wire copy moves both sides alike, which
    makes a difference more certain, or less certain where only one of them uses the term in it. `p` is found by widening the
    interval until it touches no difference, so p is below 1 - confidence exactly where the interval of the difference excludes 0;
    that of the ratio then excludes 1.

    "rest" leaves undated articles out where periods are compared. A difference between sources is a difference in what they
    print, and their choice of topics is part of that; compare inside sections (`by`) where you know them. The intervals treat the
    stories as a sample; successive periods are not independent of one another; for these see `tk.trend`.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({
    ...     "doc_id": list("abcdef"), "source": ["Post"] * 3 + ["Wire"] * 3,
    ...     "text": ["A reset here.", "A reset of it.", "A reset at last.", "No news is good.", "Rain, and a reset.", "Sun."]})
    >>> table = tk.compare(articles, "reset", reference="Wire", measure="share")
    >>> table[["source", "reference", "term", "share_target", "share_reference", "difference"]].round(3)
      source reference   term  share_target  share_reference  difference
    0   Post      Wire  reset           1.0            0.333       0.667
    >>> table[["low", "high", "p"]].round(2)
        low  high     p
    0 -0.31   1.0  0.45
    """
    if not isinstance(corpus, Tally) and hasattr(corpus, "__tally__"):
        corpus = corpus.__tally__()
    keys, period = columns_and_freq(by, freq, columns_of(corpus))
    table, counted = compared(
        corpus, terms, between, target, reference, keys, period, unit, measure, adjust, confidence
    )

    state(
        table,
        counted.corpus,
        terms=counted.terms,
        reference=_said(reference),
        by=keys,
        freq=period,
        measure=chosen_measure(measure, counted.measures_words, counted.weight),
        **({} if target is None else {"target": _said(target)}),
        **({} if counted.name == "term" else {"kind": counted.name}),
        leave_out=("target",) if target is None else (),
    )
    return table


def _said(side: Any) -> Any:
    """Return a side as a recipe states it."""
    return side if isinstance(side, (str, int, float, bool)) else stated(side) if is_condition(side) else str(side)


def compared(
    corpus: Any,
    terms: Any,
    between: str,
    target: Any,
    reference: Any,
    by: list[str],
    freq: str | None,
    unit: str,
    measure: str | None,
    adjust: str | None,
    confidence: float,
    table: Table = CONTRASTS,
) -> tuple[pd.DataFrame, StoryCounts]:
    """Return the comparison, and what was counted for it."""
    reference = _as_side(reference, between)
    if is_condition(target) or is_condition(reference):
        corpus, between, target, reference = (
            _by_side(corpus, terms, target, reference, between, measure),
            "side",
            None,
            "reference",
        )
        terms = None
    check_comparison(by, between, freq, unit, measure or "rival_share", adjust, confidence, table)
    cells_by = by if between == "period" else [*by, between]
    counted = story_counts(corpus, terms, cells_by, freq, unit=unit, rivals=measure == "rival_share")
    measure = chosen_measure(measure, counted.measures_words, counted.weight)
    compared = compare_counts(counted, between, target, reference, by, freq, unit, measure, adjust, confidence)
    return compared, counted


def _as_side(reference: Any, between: str) -> Any:
    """Return a list of values as the condition that it stands for, and a list of one as its value."""
    if isinstance(reference, (str, Mapping)) or not isinstance(reference, Iterable) or is_condition(reference):
        return reference
    values = list(reference)
    if not values:
        raise FramingError(f"The reference is an empty list. Name at least one {between}.")
    return values[0] if len(values) == 1 else {between: values}


def _by_side(corpus: Any, terms: Any, target: Any, reference: Any, between: str, measure: str | None) -> Tally:
    """Return the tally of the articles of both sides, with a column `side` that says which."""
    tally = as_tally(corpus, terms, rivals=measure == "rival_share")
    sides = [
        side if side is None or is_condition(side) or side == "rest" else {between: side}
        for side in (target, reference)
    ]
    if sides[0] is None:
        sides[0] = "rest"
    wanted, others = side_masks(tally.units, *sides)
    side = pd.array(np.where(wanted, "target", "reference"), dtype="str")
    return replace(tally, units=tally.units.assign(side=side)).where(wanted | others)


def compare_counts(
    counted: StoryCounts,
    between: str,
    target: Any,
    reference: Any,
    by: list[str],
    freq: str | None,
    unit: str,
    measure: str,
    adjust: str | None,
    confidence: float,
) -> pd.DataFrame:
    """Compare what was counted of the stories in each cell, as `compare` does; the settings have been checked."""
    over_time = between == "period"
    cells_by = by if over_time else [*by, between]
    if over_time:
        counted = _dated(counted)
    sums = cell_sums(counted, measure)
    grid = lay_grid(sums.groups, (sums.first, sums.last), cells_by, freq)
    context = numbered(grid.cells[[*by, *(["period"] if freq and not over_time else [])]])[0]
    known = _values(grid, between)
    pairs = _pairs(grid, context, known, between, reference, freq)
    if target is not None:
        pairs = _of_target(pairs, grid, known, between, target, freq)
    if len(pairs.target) * len(counted.kinds) > MOST_ROWS:
        raise FramingError(
            f"These are {len(pairs.target) * len(counted.kinds):,} comparisons, more than a table holds or a reader reads. "
            "Compare with one reference or with the rest, or fewer terms."
        )
    sides = both_sides(counted, sums, grid, context, pairs, measure, unit)
    return _laid_out(sums, sides, grid, pairs, between, by, freq, measure, adjust, confidence, counted)


def check_comparison(
    by: list[str],
    between: str,
    freq: str | None,
    unit: str,
    measure: str,
    adjust: str | None,
    confidence: float,
    table: Table = CONTRASTS,
) -> None:
    """Raise where a comparison cannot be made with these settings."""
    check_cells([key for key in by if key != "term"], freq, unit)
    check_choice("measure", measure, MEASURES)
    check_choice("adjustment", adjust, ADJUSTMENTS, optional=True)
    check_confidence(confidence)
    if between == "period":
        if freq is None:
            raise FramingError("between='period' compares periods; say which: freq='M' (D, W, M, Q or Y).")
    elif between in by:
        raise FramingError(f"{between!r} is compared, so it cannot be a part of the cell as well; leave it out of by.")
    else:
        check_cells([between], freq, unit)
    named = [column for column in (*by, between) if column not in ("period", "term")]
    check_own_columns(named, table, what="Nothing can be compared by")


def _dated(counted: StoryCounts) -> StoryCounts:
    """Leave out what has no date, where periods are compared."""
    dated = counted.groups["period"].notna().to_numpy()
    if not dated.any():
        raise FramingError("No article has a date, so there are no periods to compare.")
    if dated.all():
        return counted
    number = np.cumsum(dated) - 1
    return rows_of(counted, np.flatnonzero(dated[counted.cell]), number[counted.cell], counted.groups[dated])


def _values(grid: Grid, between: str) -> pd.Series:
    """Return the values that are compared, each once, in order."""
    column = grid.cells[[between]].drop_duplicates().reset_index(drop=True)
    return column[between].iloc[ordered(column, [between])].reset_index(drop=True)


def _pairs(grid: Grid, context: Ints, known: pd.Series, between: str, reference: Any, freq: str | None) -> Pairs:
    """Say which cell is compared with which."""
    over_time = between == "period"
    word = "period" if over_time else between
    if reference is None:
        previous = "'previous' (the period before), " if over_time else ""
        raise FramingError(
            f"A comparison needs a reference, since the answer depends on it. reference= is one of: {previous}"
            f"'rest' (all others together), 'pairs' (each with each), or a {word}: {_some(known)}."
        )
    if len(known) < 2:
        raise FramingError(f"There is only one {word}, {_some(known)}, so there is nothing to compare it with.")
    everything = np.arange(len(grid.place))
    if reference == "rest":
        return Pairs(everything, np.full(len(everything), -1), "rest", True)
    if reference == "previous" and over_time:
        same = grid.group[1:] == grid.group[:-1]
        return Pairs(everything[1:][same], everything[:-1][same])
    if reference == "pairs":
        sizes = np.bincount(context)
        n_pairs = int((sizes * (sizes - 1) // 2).sum())
        if n_pairs > MOST_ROWS:
            raise FramingError(
                f"Each with each makes {n_pairs:,} comparisons, more than a table holds or a reader reads. "
                "Compare with one reference or with the rest."
            )
        earlier, later = each_with_each(context)
        return Pairs(later, earlier) if over_time else Pairs(earlier, later)
    value = _value(known, reference, word, freq)
    is_reference = (grid.cells[between] == value).to_numpy()
    at = np.full(int(context.max(initial=-1)) + 1, -1)
    at[context[is_reference]] = everything[is_reference]
    others = everything[~is_reference]
    return Pairs(others, at[context[others]], value)


def _of_target(pairs: Pairs, grid: Grid, known: pd.Series, between: str, target: Any, freq: str | None) -> Pairs:
    """Keep the comparisons whose target is one value, or one of several."""
    word = "period" if between == "period" else between
    values = [target] if isinstance(target, str) or not hasattr(target, "__iter__") else list(target)
    wanted = [_value(known, value, word, freq) for value in values]
    kept = grid.cells[between].isin(wanted).to_numpy()[pairs.target]
    return pairs._replace(target=pairs.target[kept], reference=pairs.reference[kept])


def _some(known: pd.Series) -> str:
    values = known.dt.strftime("%Y-%m-%d") if pd.api.types.is_datetime64_any_dtype(known) else known
    names = [repr(v) for v in values.dropna().head(12).tolist()]
    return listed(names) + (f" and {len(known) - 12:,} more" if len(known) > 12 else "")


def _value(known: pd.Series, reference: Any, word: str, freq: str | None) -> Any:
    """Find the reference among the values that there are."""
    if word == "period":
        with suppress(ValueError, TypeError):
            start = pd.Period(reference, PERIODS[str(freq)]).start_time
            if start in set(known):
                return start
        raise FramingError(
            f"There is no period {reference!r} in this corpus. reference= is 'previous', 'rest', 'pairs' or a date inside one "
            f"of: {_some(known)}."
        )
    for value in known.dropna().tolist():
        if value == reference or str(value) == str(reference):
            return value
    near = nearest(str(reference), known.dropna().astype("str"))
    hint = f" Did you mean {' or '.join(repr(n) for n in near)}?" if near else ""
    raise FramingError(
        f"There is no {word} {reference!r}.{hint} reference= is 'rest', 'pairs' or one of: {_some(known)}."
    )


def _laid_out(
    sums: CellSums,
    sides: Sides,
    grid: Grid,
    pairs: Pairs,
    between: str,
    by: list[str],
    freq: str | None,
    measure: str,
    adjust: str | None,
    confidence: float,
    counted: StoryCounts,
) -> pd.DataFrame:
    """Put the numbers of each comparison and term into a table."""
    n, k = len(pairs.target), len(sums.kinds)
    there = "n_words" if counted.measures_words else "n_articles_total"
    covered = (sides.target[there] > 0) & (sides.reference[there] > 0)
    bundle, rest = (part[0] for part in sums.bundles(measure))
    one, other = (story_sums_of(side, k) for side in (sides.target, sides.reference))
    possible = covered[:, None] & (one.n > 0) & (other.n > 0)
    at = np.flatnonzero(possible)
    level = 1 - (1 - confidence) / max(len(at), 1) if adjust == "bonferroni" else confidence
    given = [np.broadcast_to(part, (n, k)).reshape(-1)[at] for part in (*one, *other, *sides.shared, bundle, rest)]
    # small sources have the same few sums over and over; each kind of comparison is worked out once
    kind, kinds = numbered(pd.DataFrame(dict(enumerate(given))))
    sums_of = [kinds[column].to_numpy() for column in kinds.columns]
    with np.errstate(divide="ignore", invalid="ignore"):
        each = contrast(
            StorySums(*sums_of[:6]), StorySums(*sums_of[6:12]), SharedSums(*sums_of[12:17]),
            confidence=level, whole=measure != "per_million", bundle=sums_of[17], rest=sums_of[18],
        )  # fmt: skip
    numbers = Contrast(*(part[kind] for part in each))
    factor = scale_of(measure)

    def full(values: Floats, unit: float = 1.0) -> Floats:
        result = np.full(n * k, np.nan)
        result[at] = values * unit
        return result

    pair, term = np.repeat(np.arange(n), k), np.tile(np.arange(k), n)
    values: dict[str, Any] = {
        "difference": full(numbers.difference, factor),
        "low": full(numbers.low, factor),
        "high": full(numbers.high, factor),
        "ratio": full(numbers.ratio),
        "ratio_low": full(numbers.ratio_low),
        "ratio_high": full(numbers.ratio_high),
        "p": full(numbers.p),
        "p_adjusted": full(adjusted(numbers.p, adjust)),
    }
    for end, side in (("target", sides.target), ("reference", sides.reference)):
        above = side["n_articles"] if measure == "share" else side["n_hits"]
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = above / side["n"][:, None] * factor
        values[f"{measure}_{end}"] = np.where((side[there] > 0)[:, None], rate, np.nan).reshape(-1)
        for count in ("n_hits", "n_articles", "n_articles_total", "n_stories", "n_stories_total", "n_words"):
            column = side[count] if side[count].ndim == 2 else np.broadcast_to(side[count][:, None], (n, k))
            values[f"{count}_{end}"] = whole(column.reshape(-1))
        if measure == "rival_share":
            values[f"n_hits_rivals_{end}"] = whole(np.repeat(side["n_hits_rivals"], k))
        if not counted.measures_words:
            values[f"n_words_{end}"] = pd.array([pd.NA] * (n * k), dtype="Int64")
    values["n_stories_shared"] = sides.shared.stories.reshape(-1).astype(np.int64)
    values["correlation"] = full(numbers.correlation)
    values["covered"] = covered[pair]
    if freq:
        values["partial"] = ((grid.partial[pairs.target] | sides.reference_partial) & covered)[pair]
    over_time = between == "period"
    table = grid.cells.iloc[pairs.target[pair]].reset_index(drop=True)
    table["reference"] = _reference_names(grid, pairs, between)[pair]
    named = kind_columns(counted, term)
    table = table.assign(**named)
    head = [*by, *(["period"] if over_time else [between]), "reference", *named]
    head += ["period"] if freq and not over_time else []
    table = pd.concat([table, pd.DataFrame(values)], axis=1)[[*head, *values]]
    group = grid.group[pairs.target[pair]]
    against = grid.group[pairs.reference[pair]]  # of a reference that is one for all it does not matter which
    when = pairs.target[pair]
    keys = (pairs.reference[pair], when, term, group) if over_time else (when, term, against, group)
    return table.iloc[np.lexsort(keys)].reset_index(drop=True)


def _reference_names(grid: Grid, pairs: Pairs, between: str) -> Any:
    if pairs.name is not None:
        like = "str" if pairs.rest else grid.cells[between].dtype
        return pd.Series([pairs.name] * len(pairs.target), dtype=like).array
    return grid.cells[between].iloc[pairs.reference].array


compare_usage = old_name("compare_usage", "compare", compare)
