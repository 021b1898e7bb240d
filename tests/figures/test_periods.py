"""The time axis knows each period's end, fills in what no row names, and prints few dates."""

from __future__ import annotations

import pandas as pd
import pytest

from toolkit.figures.periods import date_ticks, read_periods


def days(*texts):
    return pd.Series(pd.to_datetime(list(texts)))


def test_periods_without_a_row_are_filled_in():
    """Between two weeks that are three weeks apart lie two more; each ends where the next begins."""
    periods = read_periods(days("2017-01-02", "2017-01-09", "2017-01-30"), "W")
    assert [str(d.date()) for d in periods.starts] == [
        "2017-01-02",
        "2017-01-09",
        "2017-01-16",
        "2017-01-23",
        "2017-01-30",
    ]
    assert [str(d.date()) for d in periods.ends][-2:] == ["2017-01-30", "2017-02-06"]


@pytest.mark.parametrize(
    ("freq", "first", "second", "name", "end"),
    [
        ("D", "2017-01-31", "2017-02-01", "day", "2017-02-02"),
        ("M", "2017-01-01", "2017-02-01", "month", "2017-03-01"),
        ("Q", "2016-10-01", "2017-01-01", "quarter", "2017-04-01"),
        ("Y", "2016-01-01", "2017-01-01", "year", "2018-01-01"),
    ],
)
def test_the_step_is_the_frequency_or_read_off_the_periods(freq, first, second, name, end):
    """The recipe's frequency and the periods themselves give the same step."""
    for stated in (freq, None):
        periods = read_periods(days(first, second), stated)
        assert (len(periods), periods.name, str(periods.ends[-1].date())) == (2, name, end)


def test_one_period_alone_has_the_length_of_the_frequency():
    """A single month ends where the next one begins."""
    assert str(read_periods(days("2017-02-01"), "M").ends[0].date()) == "2017-03-01"


def test_uneven_periods_last_until_the_next():
    """Periods that fit no step are taken as they are."""
    periods = read_periods(days("2017-01-02", "2017-01-06", "2017-01-13"), "W")
    assert (len(periods), periods.name) == (3, "period")


@pytest.mark.parametrize(
    ("start", "n", "freq", "labels"),
    [
        ("2016-12-05", 4, "W", ["5 Dec\n2016", "12 Dec", "19 Dec", "26 Dec"]),
        ("2016-12-05", 16, "W", ["Jan\n2017", "Feb", "Mar"]),
        ("2016-01-01", 14, "M", ["Jan\n2016", "May", "Sep", "Jan\n2017"]),
        ("2012-01-01", 9, "Y", ["2012", "2015", "2018"]),
        ("2012-01-01", 100, "M", ["2013", "2015", "2017", "2019"]),
        ("2017-01-01", 40, "D", ["1 Jan\n2017", "11 Jan", "21 Jan", "31 Jan"]),
    ],
)
def test_few_dates_are_printed(start, n, freq, labels):
    """At most four dates are printed, with the year under the first and wherever it changes."""
    starts = pd.date_range(start, periods=n, freq={"D": "D", "W": "7D", "M": "MS", "Y": "YS"}[freq])
    assert date_ticks(read_periods(pd.Series(starts), freq), 4)[1] == labels
