"""Own the error of a search: precision and recall, from a sheet that people have coded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from toolkit.measures.correction import SearchError, sampled_share, search_error
from toolkit.measures.intervals import Estimate
from toolkit.recipes import recorded, state
from toolkit.tables import TERM_ERROR, FramingError, listed, not_found, require, warn_user
from toolkit.tables.checks import check_confidence
from toolkit.tables.groups import columns_named

ALL_TERMS = "(all)"
"""Stands where a term does in the row of all terms together."""

_NEEDED = ("unit_id", "term", "unit", "doc_id", "retrieved", "stratum", "n_units", "n_drawn")
_YES, _NO = ("true", "yes", "y", "1", "1.0"), ("false", "no", "n", "0", "0.0")


@recorded(packages=("pandas", "numpy", "scipy"))
def term_error(
    sheet: pd.DataFrame,
    *,
    by: str | Sequence[str] = (),
    confidence: float = 0.95,
    key: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Estimate the precision and recall of a search from a coded sample (Stryker, Wray, Hornik and Yanovitzky 2006).

    Parameters
    ----------
    sheet : DataFrame
        The sheet of `tk.sample_for_validation` with `relevant` filled in: True, yes, y or 1; False, no, n or 0; empty where it
        was not coded. It may come back from a CSV file.
    by : str or list of str, keyword-only
        Columns that the sample was stratified by, for an error of each of their values.
    confidence : float, keyword-only
        Nominal coverage of the intervals.
    key : DataFrame, optional, keyword-only
        For a blind sheet: the same sample, drawn with ``blind=False``.

    Returns
    -------
    DataFrame
        Term error, one row per term (and value of `by`), and where there are several terms one for all, named "(all)": `term`;
        `unit` (hit or article); `confidence`; `n_retrieved`, the units that the search found, `n_retrieved_coded` of them and
        `n_retrieved_relevant` of these; `n_rest`, the other units of the wider net, `n_rest_coded` and `n_rest_relevant`;
        `n_uncoded`, units drawn and not coded; `precision`, the share of what was found that is relevant; `recall`, the share of
        what is relevant in the net that was found; `F1`, their harmonic mean; `correction`, precision / recall, the factor to
        multiply a count by; each with `_low` and `_high`. Without a wider net recall, F1 and correction are missing.

    Raises
    ------
    FramingError
        If a cell of `relevant` is none of these, a unit occurs twice, columns are missing, or nothing was coded.

    Warns
    -----
    FramingWarning
        If nothing in a stratum was coded, so that others stand in for it, and if there was no wider net.

    Notes
    -----
    **Recall is relative to the wider net.** Uses that neither the search nor the net catches are not in it, so recall is too high
    by what the net misses, and a corrected rate is too low. Make the net so wide that it can hardly miss anything.

    Precision is estimated with the weights of the strata; recall is N p / (N p + M q), where shares p of the N units found and q
    of the M others in the net are relevant. Units of one story (`story_id`), or else of one article, are treated as a cluster.
    The intervals are those of `toolkit.measures.correction`: Clopper and Pearson's with the effective sample size for p and q,
    and MOVER for what is computed from them. For plain samples of 50 to 400 units their nominal 95 % cover .955 or more, with
    strata or stories .954 or more (tests/benchmarks/term_error.md). The intervals ignore that a story can be in both samples.

    Uncoded units are treated as missing at random.

    Examples
    --------
    All 8 hits were coded, 6 of them relevant; 4 of 20 others in the net, one relevant. So there are 6 + 20 / 4 relevant ones.

    >>> import pandas as pd, toolkit as tk
    >>> sheet = pd.DataFrame({
    ...     "unit_id": [f"u{i}" for i in range(12)], "doc_id": [f"d{i}" for i in range(12)], "term": "reset", "unit": "hit",
    ...     "retrieved": [True] * 8 + [False] * 4, "stratum": "all", "n_units": [8] * 8 + [20] * 4,
    ...     "n_drawn": [8] * 8 + [4] * 4, "relevant": ["yes"] * 6 + ["no"] * 2 + ["yes"] + ["no"] * 3,
    ... })
    >>> error = tk.term_error(sheet)
    >>> error[["precision", "recall", "correction"]].round(3).loc[0].tolist()  # 6 / 8, 6 / 11, 11 / 8
    [0.75, 0.545, 1.375]
    """
    check_confidence(confidence)
    keys = columns_named(by)
    units = _read(sheet, key)
    _check_strata(units, keys)
    units = units.assign(_stratum=units.groupby(["term", "retrieved", "stratum"], sort=False).ngroup())
    coded = units["_relevant"].notna()
    if not coded.any():
        raise FramingError(f"None of these {len(units):,} units is coded: fill in the column relevant (yes or no).")
    n_coded = coded.groupby(units["_stratum"]).transform("sum")
    uncoded = units[n_coded == 0]["_stratum"].nunique()
    if uncoded:
        warn_user(
            f"{uncoded:,} of {units['_stratum'].nunique():,} strata have no coded unit; the others stand in for them."
        )
    bare = [
        str(t) for t, any_rest in (~units["retrieved"]).groupby(units["term"], sort=False).any().items() if not any_rest
    ]
    if bare:
        warn_user(f"Nothing of a wider net was drawn for {listed(bare)}, so recall is unknown.")
    units = units.assign(_weight=units["n_units"] / n_coded.where(n_coded > 0))
    parts = list(units.groupby(["term", *keys], sort=False, dropna=False, observed=True))
    if (units["term"] == ALL_TERMS).any():
        raise FramingError(
            f"A term is called {ALL_TERMS!r}, which is the row of all terms together. Rename it in the sheet."
        )
    n_terms = units["term"].nunique()
    rows = [
        _row(part, dict(zip(["term", *keys], named, strict=True)), confidence, named[0] in bare)
        for named, part in parts
    ]
    if n_terms > 1:
        together = units.groupby(keys, sort=False, dropna=False, observed=True) if keys else [((), units)]
        rows += [
            _row(part, {"term": ALL_TERMS, **dict(zip(keys, named, strict=True))}, confidence, bool(bare))
            for named, part in together
        ]
    table = TERM_ERROR.layout(pd.DataFrame(rows))
    state(table, by=keys)
    return table


def _read(sheet: pd.DataFrame, key: pd.DataFrame | None) -> pd.DataFrame:
    """Return the units with the columns that are needed in the types they had, whatever a CSV file made of them."""
    require(sheet, ["unit_id", "relevant"], "coded units")
    units = sheet
    if key is not None:
        require(key, _NEEDED, "drawn units")
        found = pd.Index(key["unit_id"].astype("str")).get_indexer(pd.Index(sheet["unit_id"].astype("str")))
        if (found < 0).any():
            raise FramingError(
                f"The key has no unit {sheet['unit_id'][found < 0].iloc[0]!r}. Draw it as the sheet was drawn, with blind=False."
            )
        units = key.iloc[found].reset_index(drop=True).assign(relevant=sheet["relevant"].to_numpy(dtype=object))
    if {"retrieved", "stratum"} - set(units.columns):
        raise FramingError(
            "This sheet is blind: it does not say how its units were drawn. Draw the same sample with blind=False, and give it "
            "as key: tk.term_error(sheet, key=...)."
        )
    require(units, _NEEDED, "coded units")
    if units.empty:
        raise FramingError("This sheet has no row. Draw units with tk.sample_for_validation.")
    twice = units["unit_id"][units["unit_id"].duplicated()]
    if len(twice):
        raise FramingError(
            f"A sheet has one row per unit; {twice.nunique():,} stand more than once, for example {twice.iloc[0]!r}. "
            "Where several people coded, settle on one code first."
        )
    if (gap := units["term"].isna() | (units["term"].astype("str") == "")).any():
        raise FramingError(
            f"{int(gap.sum()):,} units have no term. Read the file with keep_default_na=False; otherwise a term such as 'NA' is read as missing."
        )
    story = units["story_id"].astype("str") if "story_id" in units else pd.Series("", units.index)
    story = story.where(units["story_id"].notna() & (story != ""), "") if "story_id" in units else story
    return units.reset_index(drop=True).assign(
        term=units["term"].astype("str").to_numpy(),
        stratum=units["stratum"].astype("str").fillna("NA").to_numpy(),  # of that name, before a file was read
        n_units=_whole(units["n_units"], "n_units"),
        n_drawn=_whole(units["n_drawn"], "n_drawn"),
        retrieved=_truths(units["retrieved"], "retrieved", empty=False).to_numpy(dtype=bool),
        _relevant=_truths(units["relevant"], "relevant").to_numpy(dtype=float, na_value=np.nan),
        _cluster=("s" + story).where(story != "", "d" + units["doc_id"].astype("str")).to_numpy(),
    )


def _whole(column: pd.Series, name: str) -> Any:
    numbers = pd.to_numeric(column, errors="coerce")
    if numbers.isna().any() or (numbers < 1).any() or (numbers % 1 != 0).any():
        raise FramingError(
            f"{name} says how many units there are, 1 or more; it was changed in this sheet. Put the old column back."
        )
    return numbers.to_numpy(dtype=np.int64)


def _truths(column: pd.Series, name: str, *, empty: bool = True) -> pd.Series:
    """Read yes and no, however they are written."""
    written = column.astype(object).where(column.notna(), "").map(lambda cell: str(cell).strip().casefold())
    known = {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False), **({"": None} if empty else {})}
    odd = written[~written.isin(list(known))]
    if len(odd):
        raise FramingError(
            f"{name} is yes, no (or True, False, 1, 0){' or empty' if empty else ''}; {len(odd):,} of {len(column):,} are something "
            f"else: {listed(repr(v) for v in odd.unique()[:5])}."
        )
    return written.map(known).astype("boolean")


def _check_strata(units: pd.DataFrame, keys: list[str]) -> None:
    grouped = units.groupby(["term", "retrieved", "stratum"], sort=False)
    odd = grouped[["n_units", "n_drawn"]].nunique().gt(1).any(axis=1)
    if odd.any():
        raise FramingError(
            f"In {int(odd.sum()):,} strata the rows do not agree on n_units or n_drawn: this is more than one sample, or the columns "
            "were changed. Judge each sample by itself."
        )
    if (units["unit"] != units["unit"].iloc[0]).any():
        raise FramingError("Some units are hits and others articles: these are two samples. Judge each by itself.")
    for name in keys:
        if name not in units.columns:
            raise not_found("column of the sheet", name, [str(c) for c in units.columns if not str(c).startswith("_")])
        if grouped[name].nunique(dropna=False).gt(1).any():
            raise FramingError(
                f"The sample was not stratified by {name}, so nothing says how many units each of its values stands for. "
                f"Draw it with by=[{name!r}]."
            )


def _row(part: pd.DataFrame, named: dict[str, Any], confidence: float, bare: bool) -> dict[str, Any]:
    """Return the error of one search in one part of the corpus; `bare` where there was no wider net."""
    counts: dict[str, float] = {}
    shares: dict[str, Estimate] = {}
    n_uncoded = 0
    for name, side in (("retrieved", part[part["retrieved"]]), ("rest", part[~part["retrieved"]])):
        strata = side.drop_duplicates("_stratum")
        coded = side[side["_relevant"].notna()]
        counts[f"n_{name}"] = int(strata["n_units"].sum())
        counts[f"n_{name}_coded"] = len(coded)
        counts[f"n_{name}_relevant"] = int(coded["_relevant"].sum())
        n_uncoded += int(strata["n_drawn"].sum()) - len(coded)
        shares[name] = sampled_share(
            coded["_relevant"], coded["_weight"], coded["_stratum"], coded["_cluster"], confidence=confidence
        )
    if counts["n_rest"] == 0 and not bare:  # here the net holds nothing that the search did not find
        shares["rest"] = Estimate(*(np.asarray(0.0) for _ in range(3)))
    rest = counts["n_rest"] / counts["n_retrieved"] if counts["n_retrieved"] else np.nan
    error: SearchError = search_error(shares["retrieved"], shares["rest"], rest)
    row = {**named, "unit": part["unit"].iloc[0], "confidence": confidence, **counts, "n_uncoded": n_uncoded}
    for name, ends in zip(("precision", "recall", "F1", "correction"), error, strict=True):
        missing = name != "precision" and (bare or (bool(np.isnan(ends.value)) and not counts["n_rest_coded"]))
        row |= {
            f"{name}{end}": np.nan if missing else float(value)
            for end, value in zip(("", "_low", "_high"), ends, strict=True)
        }
    return row
