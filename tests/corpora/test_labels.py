"""Labels that people gave are read as tables."""

from __future__ import annotations

import pandas as pd
import pytest

import toolkit as tk


def test_labels_stand_where_they_say():
    """Each label names an article of the corpus, and the characters that it points at are its form."""
    given = tk.load_labels("reset-demo")
    texts = tk.load("reset-demo").set_index("doc_id")
    cut = [texts.loc[r.doc_id, r.field][r.start : r.end] for r in given.itertuples()]
    assert cut == given["form"].tolist()
    assert given["negated"].dtype == bool and given["start"].dtype == "int64"
    assert given["speaker"].isna().any() and not given["voice"].isna().any()


def test_quotations_are_another_table():
    """The second table is asked for by name."""
    kinds = tk.load_labels("reset-demo", "quotations")["kind"]
    assert set(kinds.unique()) == {"direct", "indirect", "mixed"}
    assert isinstance(kinds, pd.Series)


def test_what_has_no_labels_says_so():
    """A corpus that nobody coded, and a table that is not there, are refused in one sentence."""
    with pytest.raises(tk.FramingError) as error:
        tk.load_labels("daily-brief")
    assert str(error.value) == (
        "The corpus 'daily-brief' has no labels: nobody coded it, or what they coded is not shipped."
    )
    with pytest.raises(tk.FramingError) as error:
        tk.load_labels("reset-demo", "label")
    assert str(error.value) == (
        "There is no table of labels of 'reset-demo' 'label'. Did you mean 'labels'? There are: labels, quotations."
    )
