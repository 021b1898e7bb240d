"""Own the periods of time: their codes and names, and which one a call asks for."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from toolkit.tables.messages import FramingError, listed, nearest, warn_user

PERIODS = {"D": "D", "W": "W-SUN", "M": "M", "Q": "Q-DEC", "Y": "Y-DEC"}
"""The periods of time, as pandas spells them; weeks begin on Monday."""
_PERIOD_NAMES = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}


def check_freq(freq: str | None) -> None:
    """Raise unless `freq` is a period of time, or None for no period.

    Examples
    --------
    >>> check_freq("ME")
    Traceback (most recent call last):
    ...
    toolkit.tables.FramingError: There is no period 'ME'. Did you mean 'M'? There are: D (day), W (week), M (month), Q (quarter), Y (year).
    """
    if freq is None or (isinstance(freq, str) and freq in PERIODS):
        return

    # "month", "months" and pandas' "ME" and "MS" are near M; so is "mnoth"
    asked = str(freq).casefold().split("-")[0]
    near = [
        code
        for name, code in _PERIOD_NAMES.items()
        if asked.startswith(name) or asked in {code.casefold() + end for end in ("", "e", "s")}
    ]
    if not near and len(asked) > 2:
        near = [_PERIOD_NAMES[name] for name in nearest(asked, _PERIOD_NAMES, 1)]

    hint = f" Did you mean {near[0]!r}?" if near else ""
    there = listed(f"{code} ({name})" for name, code in _PERIOD_NAMES.items())
    raise FramingError(f"There is no period {freq!r}.{hint} There are: {there}.")


def columns_and_freq(
    by: str | Sequence[str], freq: str | None, columns: Collection[str]
) -> tuple[list[str], str | None]:
    """Return the columns that make cells, each once, and the period of time, which `by` may name in words.

    "day", "week", "month", "quarter" and "year" in `by` are periods if the table has no column of that name.

    Examples
    --------
    >>> columns_and_freq(["source", "month"], None, ["source", "date"])
    (['source'], 'M')
    >>> columns_and_freq(["source", "month"], None, ["source", "date", "month"])
    (['source', 'month'], None)
    """
    check_freq(freq)
    if by is None:
        raise FramingError("by names the columns that make the cells; by=[] takes everything as one cell.")
    keys = [by] if isinstance(by, str) else list(dict.fromkeys(by))
    named = [key for key in keys if key in _PERIOD_NAMES and key not in columns]
    if not named:
        return keys, freq

    if len(named) > 1:
        raise FramingError(
            f"by has {' and '.join(repr(name) for name in named)}, which are all periods of time; cells have one. Leave the "
            f"{'others' if len(named) > 2 else 'other'} out."
        )

    own = _PERIOD_NAMES[named[0]]
    if freq not in (None, own):
        raise FramingError(
            f"by has {named[0]!r}, which is freq={own!r}, and freq={freq!r}; cells have one period. Leave one of them out."
        )
    return [key for key in keys if key != named[0]], own


def check_dates(articles: pd.DataFrame, day: pd.Series, freq: str) -> None:
    """Warn where periods are finer than the dates."""
    order = list(PERIODS)
    far = far_dates(day)
    if far.any():
        shown = listed(day[far].drop_duplicates().head(3).dt.strftime("%Y-%m-%d"))
        warn_user(
            f"{int(far.sum()):,} of {int(day.notna().sum()):,} dates lie in the future or years from all others ({shown}), and periods are laid "
            "out up to them. If a year is mistyped, mend it, or leave these articles out."
        )

    if "date_precision" in articles.columns:
        coarser = [name for name, code in (("month", "M"), ("year", "Y")) if order.index(freq) < order.index(code)]
        vague = articles["date_precision"].isin(coarser) & day.notna()
        if vague.any():
            warn_user(
                f"{int(vague.sum()):,} of {int(day.notna().sum()):,} dates state no more than the month or the year "
                f"(date_precision), and stand as its first day; freq={freq!r} is finer than they are."
            )
            return

    # dates that all begin a period were probably stated no finer; two of them can do so by chance
    days = pd.DatetimeIndex(day.dropna().unique())
    if len(days) < 3:
        return
    first_of_month = bool((days.day == 1).all())
    if first_of_month and bool((days.month == 1).all()):
        coarsest, what = "Y", "the first of January"
    elif first_of_month and bool((days.month % 3 == 1).all()):
        coarsest, what = "Q", "the first day of a quarter"
    elif first_of_month:
        coarsest, what = "M", "the first of a month"
    elif len(days) > 3 and len(days.day_of_week.unique()) == 1:
        coarsest, what = "W", f"a {days[0]:%A}"
    else:
        return

    if order.index(freq) < order.index(coarsest):
        warn_user(
            f"All {len(days):,} dates are {what}, so freq={freq!r} is finer than the dates and most periods are empty. "
            f"Count with freq={coarsest!r}."
        )


_FAR = pd.Timedelta(days=5 * 365)
_FEW_FAR = 0.01  # of the dates, or one


def far_dates(dates: pd.Series) -> pd.Series:
    """Tell which dates lie after tomorrow, or, with few others, more than five years from the rest.

    Examples
    --------
    >>> far_dates(pd.Series(pd.to_datetime(["2017-01-01", "2017-01-03", "2071-01-02", None]))).tolist()
    [False, False, True, False]
    """
    naive = dates.dt.tz_localize(None) if isinstance(dates.dtype, pd.DatetimeTZDtype) else dates
    tomorrow = pd.Timestamp.now().normalize() + pd.Timedelta(days=2)
    far = naive >= tomorrow

    known = naive[~far].dropna().sort_values()
    most = max(1, int(len(known) * _FEW_FAR))
    if len(known) > 2:
        wide = known.diff().to_numpy() > _FAR
        for place in wide.nonzero()[0].tolist():  # what lies before a gap, or from it on, if that is little
            if place <= most:
                far |= naive < known.iloc[place]
            if len(known) - place <= most:
                far |= naive >= known.iloc[place]
    return far.fillna(False).astype("bool")


def dates_of(frame: pd.DataFrame) -> pd.Series:
    """Return the date of each row as the clock stood where it was published; missing where there is no column `date`."""
    if "date" not in frame.columns:
        return pd.Series(pd.NaT, index=range(len(frame)), dtype="datetime64[us]")
    date = frame["date"].reset_index(drop=True)
    return date.dt.tz_localize(None) if isinstance(date.dtype, pd.DatetimeTZDtype) else date


def period_of(day: pd.Series, freq: str) -> pd.Series:
    """Return the first day of the period that each day lies in.

    Examples
    --------
    >>> period_of(pd.Series(pd.to_datetime(["2017-01-31"])), "M").dt.strftime("%Y-%m-%d").tolist()
    ['2017-01-01']
    """
    return day.dt.to_period(PERIODS[freq]).dt.start_time.astype("datetime64[us]")


def periods_between(first: pd.Timestamp, last: pd.Timestamp, freq: str) -> pd.DatetimeIndex:
    """Return the first day of every period from that of `first` to that of `last`."""
    code = PERIODS[freq]
    spanned = pd.period_range(first.to_period(code), last.to_period(code))
    return pd.DatetimeIndex(spanned.start_time.astype("datetime64[us]"))
