"""Own the time axis: the full run of periods, where each ends, and which dates are printed under it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STEPS = {
    "D": ("day", 1),
    "W": ("day", 7),
    "M": ("month", 1),
    "Q": ("month", 3),
    "Y": ("month", 12),
    "A": ("month", 12),
}
_NAMES = {("day", 1): "day", ("day", 7): "week", ("month", 1): "month", ("month", 3): "quarter", ("month", 12): "year"}


def on_axis(days: pd.DatetimeIndex) -> NDArray[np.float64]:
    """Return dates as numbers of days, as the time axis counts them.

    Examples
    --------
    >>> on_axis(pd.DatetimeIndex(["1970-01-02"]))
    array([1.])
    """
    return days.to_numpy().astype("datetime64[s]").astype(np.float64) / 86400


@dataclass(frozen=True)
class Periods:
    """All periods from the first to the last, also those that no row of the table names.

    Attributes
    ----------
    starts, ends : DatetimeIndex
        First day of each period, and first day after it.
    name : str
        What a period is called: day, week, month, quarter, year, or period.
    """

    starts: pd.DatetimeIndex
    ends: pd.DatetimeIndex
    name: str

    @property
    def left(self) -> NDArray[np.float64]:
        """Where each period begins on a matplotlib date axis."""
        return on_axis(self.starts)

    @property
    def right(self) -> NDArray[np.float64]:
        """Where each period ends."""
        return on_axis(self.ends)

    @property
    def middle(self) -> NDArray[np.float64]:
        """Where the mark of each period stands."""
        return (self.left + self.right) / 2

    def __len__(self) -> int:
        return len(self.starts)


def read_periods(values: pd.Series, freq: Any = None) -> Periods:
    """Return the run of periods behind the column ``period``.

    The step is the frequency where it is known, else the largest step that reaches every period from the first.

    Examples
    --------
    >>> weeks = read_periods(pd.Series(pd.to_datetime(["2017-01-02", "2017-01-23", "2017-01-30"])))
    >>> len(weeks), weeks.name
    (5, 'week')
    """
    starts = pd.DatetimeIndex(pd.to_datetime(values.dropna().unique())).sort_values()
    unit, step = _step(starts, freq)
    offset = pd.DateOffset(months=step) if unit == "month" else pd.DateOffset(days=step)
    run = [starts[0]]
    while run[-1] < starts[-1]:
        # counted from the first, so that a month's last day does not drift
        n = len(run) * step
        run.append(starts[0] + (pd.DateOffset(months=n) if unit == "month" else pd.DateOffset(days=n)))

    full = pd.DatetimeIndex(run)
    if not starts.isin(full).all():
        # uneven periods: each lasts until the next one starts
        full = starts
        last = full[-1] + (full[-1] - full[-2] if len(full) > 1 else pd.Timedelta(days=1))
        return Periods(full, pd.DatetimeIndex([*full[1:], last]), "period")
    return Periods(full, pd.DatetimeIndex([*full[1:], full[-1] + offset]), _NAMES.get((unit, step), "period"))


def _step(starts: pd.DatetimeIndex, freq: Any) -> tuple[str, int]:
    if isinstance(freq, str):
        digits = freq[: len(freq) - len(freq.lstrip("0123456789"))]
        letters = freq[len(digits) :].upper()
        if letters[:1] in _STEPS and not letters.startswith(("MIN", "MS ")):
            unit, step = _STEPS[letters[:1]]
            return unit, step * int(digits or 1)

    if len(starts) > 1:
        if bool((starts.day == 1).all()):
            months = np.diff(starts.year.to_numpy() * 12 + starts.month.to_numpy())
            return "month", max(1, math.gcd(*(int(m) for m in months)))
        days = np.diff(starts.normalize().to_numpy().astype("datetime64[D]").astype(np.int64))
        return "day", max(1, math.gcd(*(int(d) for d in days)))
    return "day", 1


def date_ticks(periods: Periods, most: int) -> tuple[list[float], list[str]]:
    """Choose at most `most` dates to print: under the marks, or at first days of months or years in a long run."""
    n = len(periods)
    span = float(periods.right[-1] - periods.left[0])

    # years stand under their marks, a run of many years has first days of years
    if periods.name == "year":
        keep = range(0, n, math.ceil(n / most))
        return [float(periods.middle[i]) for i in keep], [str(periods.starts[i].year) for i in keep]
    if span > 365.25 * max(2.0, most * 0.75):
        years = range(periods.starts[0].year + 1, periods.ends[-1].year + 1)
        keep_years = list(years)[:: math.ceil(len(years) / most)]
        return list(on_axis(pd.DatetimeIndex([pd.Timestamp(y, 1, 1) for y in keep_years]))), [
            str(y) for y in keep_years
        ]

    if periods.name in ("month", "quarter"):
        step = _round_step(n, most, (1, 2, 3, 4, 6, 12) if periods.name == "month" else (1, 2, 4))
        keep = range(0, n, step)
        return [float(periods.middle[i]) for i in keep], _labels([periods.starts[i] for i in keep], day=False)

    # longer than six weeks: first days of months
    if span > 45:
        firsts = pd.date_range(periods.starts[0], periods.ends[-1], freq="MS")
        firsts = firsts[firsts < periods.ends[-1]]
        # counted from January, so that a year shows its first month
        step = _round_step(len(firsts), most, (1, 2, 3, 4, 6, 12))
        chosen = [day for day in firsts if (day.month - 1) % step == 0]
        if len(chosen) >= 2:
            return list(on_axis(pd.DatetimeIndex(chosen))), _labels(chosen, day=False)

    keep = range(0, n, math.ceil(n / most))
    return [float(periods.middle[i]) for i in keep], _labels([periods.starts[i] for i in keep], day=True)


def _round_step(n: int, most: int, steps: Sequence[int]) -> int:
    return next((s for s in steps if math.ceil(n / s) <= most), steps[-1])


def _labels(days: Sequence[pd.Timestamp], *, day: bool) -> list[str]:
    """Write dates; the year stands under the first one and where it changes."""
    labels = []
    year = None
    for d in days:
        short = f"{d.day} {_MONTHS[d.month - 1]}" if day else _MONTHS[d.month - 1]
        labels.append(f"{short}\n{d.year}" if d.year != year else short)
        year = d.year
    return labels
