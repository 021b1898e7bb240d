"""The shared checks pass what can be answered, and refuse the rest in one sentence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.tables import CONTRASTS, USAGE, FramingError
from toolkit.tables.checks import (
    check_at_least,
    check_choice,
    check_confidence,
    check_dates_in,
    check_frame,
    check_own_columns,
    check_type,
)
from toolkit.tables.groups import check_cells


@given(value=st.integers() | st.booleans() | st.floats() | st.text() | st.none(), least=st.integers(0, 9))
def test_a_number_passes_only_where_it_is_one_of_at_least_the_least(value, least):
    """Whole numbers from the least on pass; smaller ones, truth values, fractions, text and None do not."""
    fits = type(value) is int and value >= least
    if fits:
        check_at_least("n", value, least)
    else:
        with pytest.raises(FramingError, match=r"^n is a whole number, \d or more; this is "):
            check_at_least("n", value, least)


def test_numbers_of_numpy_count_as_numbers():
    """An int64 is whole, a float64 is not but passes where any number does, and a NaN never passes."""
    check_at_least("n", np.int64(3), 3)
    check_at_least("gamma", np.float64(0.5), 0, whole=False)
    check_confidence(np.float32(0.9))
    for value, whole in ((np.float64(3), True), (np.nan, False), (np.bool_(True), True)):
        with pytest.raises(FramingError):
            check_at_least("n", value, 1, whole=whole)


@pytest.mark.parametrize("value", [0, 1, -0.1, 95, "0.95", None, float("nan"), True])
def test_a_confidence_lies_between_0_and_1(value):
    """The ends are excluded, and what is no number is refused in the same sentence."""
    with pytest.raises(FramingError) as error:
        check_confidence(value)
    assert str(error.value) == f"confidence is a number between 0 and 1, such as 0.95; this is {value!r}."


def test_none_passes_only_where_it_is_optional():
    """A choice or number that may be left out may be None; another may not."""
    check_choice("adjustment", None, ["holm"], optional=True)
    check_at_least("n", None, 1, optional=True)
    with pytest.raises(FramingError, match=r"^There is no adjustment None\. There are: holm\.$"):
        check_choice("adjustment", None, ["holm"])
    with pytest.raises(FramingError, match=r"^n is a whole number, 1 or more; this is None\.$"):
        check_at_least("n", None, 1)


@pytest.mark.parametrize("value", ["storys", 3, ["story"], ("article", "story")])
def test_a_choice_that_does_not_exist_is_refused_whatever_its_type(value):
    """A near name is suggested; a number or a list is no choice and no crash."""
    with pytest.raises(FramingError, match=r"^There is no unit .* There are: article, story\.$"):
        check_choice("unit", value, ("article", "story"))


def test_a_wrong_type_is_named():
    """The sentence says what was wanted and what came, with the right article."""
    for value, named in (([], "a list"), (3, "an int"), (None, "a NoneType")):
        with pytest.raises(FramingError, match=f"^Topics come from fit_topics; this is {named}\\.$"):
            check_type(value, pd.DataFrame, "Topics come from fit_topics")
    with pytest.raises(FramingError, match=r"^A table of hits is a pandas DataFrame; this is a dict\.$"):
        check_frame({}, "hits")


def test_dates_pass_and_text_does_not():
    """Dates with or without a time zone are dates; text that reads like one is not."""
    days = pd.Series(pd.to_datetime(["2017-01-27"]))
    check_dates_in(pd.DataFrame({"date": days}), "hits")
    check_dates_in(pd.DataFrame({"date": days.dt.tz_localize("UTC")}), "hits")
    with pytest.raises(
        FramingError, match=r"^The column period holds str, not dates\. Convert it: usage\['period'\] = "
    ):
        check_dates_in(pd.DataFrame({"period": ["2017-01-27"]}), "usage", "period")


def test_a_result_keeps_its_own_columns():
    """Each table refuses its own columns and no others: contrasts have a ratio, usage has none."""
    check_cells(["source", "ratio"], "M")
    with pytest.raises(FramingError) as error:
        check_cells(["source", "ratio"], "M", table=CONTRASTS)
    assert str(error.value) == "Cells cannot be made by ratio: the table of contrasts has that column itself."
    with pytest.raises(FramingError) as error:
        check_own_columns(["term", "source", "low"], USAGE, what="Nothing can be compared by")
    assert str(error.value) == "Nothing can be compared by term, low: the table of usage has those columns itself."
