"""Multiplicity: adjusted p-values are those of statsmodels, and keep their order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.measures.multiplicity import ADJUSTMENTS, adjusted

NAMES = {"holm": "holm", "bonferroni": "bonferroni", "fdr": "fdr_bh"}


@pytest.mark.parametrize("how", ADJUSTMENTS)
@given(p=st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_p_is_that_of_statsmodels(how, p):
    """Holm's, Bonferroni's and Benjamini and Hochberg's p are statsmodels' own."""
    from statsmodels.stats.multitest import multipletests

    assert adjusted(p, how) == pytest.approx(multipletests(p, method=NAMES[how])[1], abs=1e-12)


@pytest.mark.parametrize("how", ADJUSTMENTS)
@given(p=st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusting_never_lowers_and_keeps_the_order(how, p):
    """No adjusted p is below its own or above 1, and a smaller p stays no larger than a larger one."""
    result = adjusted(p, how)
    assert (result >= np.array(p) - 1e-12).all() and (result <= 1).all()
    assert (np.diff(result[np.argsort(p, kind="stable")]) >= -1e-12).all()


def test_without_adjustment_and_without_p():
    """None leaves p as they are; of none there is nothing."""
    assert adjusted([0.2, 0.01], None).tolist() == [0.2, 0.01]
    assert adjusted([], "holm").tolist() == []
