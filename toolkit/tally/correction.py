"""Own corrected rates: rates times the measured error of their terms, with intervals that allow for both."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from toolkit.measures.correction import product_interval
from toolkit.measures.intervals import Estimate
from toolkit.tables import TERM_ERROR, FramingError, listed, not_found, require, warn_user

_ENDS = ("correction", "correction_low", "correction_high")


def read_error(error: pd.DataFrame, terms: list[str], by: list[str], measure: str, confidence: float) -> list[str]:
    """Raise unless the error fits these terms, cells and measure; return the columns by which it was measured."""
    if not isinstance(error, pd.DataFrame):
        raise FramingError(f"error is the table that tk.term_error returns; this is a {type(error).__name__}.")
    require(error, ["term", "unit", "confidence", *_ENDS], "term errors")
    if measure == "rival_share":
        raise FramingError(
            "A share among rivals has the errors of all of them in numerator and denominator, which error= does not cover. "
            "Correct measure='per_million', or 'share'."
        )
    unit = {"per_million": "hit", "share": "article"}[measure]
    if (error["unit"] != unit).any():
        other = error["unit"][error["unit"] != unit].iloc[0]
        raise FramingError(
            f"measure={measure!r} counts {unit}s, and the error was measured on {other}s. Draw the sample with unit={unit!r}."
        )
    if not np.isclose(error["confidence"].astype(float), confidence).all():
        raise FramingError(
            f"The error has intervals of {error['confidence'].iloc[0]:.0%} and usage of {confidence:.0%}. Use one confidence for both."
        )
    for term in terms:
        if term not in set(error["term"]):
            raise not_found("measured error of", term, list(dict.fromkeys(error["term"])))
    told_by = [str(c) for c in error.columns if c not in TERM_ERROR.columns]
    missing = [c for c in told_by if c not in by]
    if missing:
        raise FramingError(
            f"The error was measured by {listed(told_by)}, and usage is counted by {listed(by) or 'no column'}. "
            f"Count by {listed(missing)}, too, or measure the error without it."
        )
    if error.duplicated(["term", *told_by]).any():
        raise FramingError(
            f"The table of errors has several rows for one {listed(['term', *told_by])}: keep one row for each."
        )
    unknown = error[error["term"].isin(terms) & error["correction"].isna()]["term"].unique()
    if len(unknown) and not told_by:
        raise FramingError(
            f"The correction of {listed(unknown)} is not known: it needs recall, and so a coded sample of a wider net: "
            "tk.sample_for_validation(hits, wider=...)."
        )
    return told_by


def corrected_by(
    table: pd.DataFrame, error: pd.DataFrame, told_by: list[str], measure: str, name: str = "term"
) -> pd.DataFrame:
    """Return the table of usage with `corrected`, `corrected_low` and `corrected_high` after the interval of the measure.

    Examples
    --------
    >>> usage = pd.DataFrame({"term": ["reset"], "per_million": [100.0], "low": [50.0], "high": [200.0]})
    >>> error = pd.DataFrame({"term": ["reset"], "correction": [0.8], "correction_low": [0.4], "correction_high": [1.6]})
    >>> corrected_by(usage, error, [], "per_million").round(1).loc[0, "corrected":].tolist()
    [80.0, 30.0, 213.2]
    """
    keys = [name, *told_by]
    error = error.rename(columns={"term": name})
    try:  # a CSV file does not keep the dtypes of columns
        error = error.astype({c: table[c].dtype for c in told_by})
    except (TypeError, ValueError) as trouble:
        raise FramingError(
            f"The columns {listed(told_by)} of the error do not have the dtypes of the columns counted by: {trouble}."
        ) from None
    factors = table[keys].merge(error[[*keys, *_ENDS]], on=keys, how="left")
    # a cell without a hit has nothing to multiply: nobody knows what the search misses there
    nothing = factors["correction"].isna().to_numpy() & table[measure].notna().to_numpy()
    if nothing.any():
        cells = table[keys][nothing].drop_duplicates()
        first = listed(f"{c}={v!r}" for c, v in cells.iloc[0].items())
        warn_user(f"For {len(cells):,} cells no correction is known, and they are not corrected; the first: {first}.")
    rate = Estimate(*(table[c].to_numpy(dtype=float) for c in (measure, "low", "high")))
    ends = product_interval(rate, Estimate(*(factors[c].to_numpy(dtype=float) for c in _ENDS)))
    columns: dict[str, Any] = dict(zip(("corrected", "corrected_low", "corrected_high"), ends, strict=True))
    out = table.copy()
    at = list(out.columns).index("high") + 1
    for k, (name, values) in enumerate(columns.items()):
        out.insert(at + k, name, values)
    return out
