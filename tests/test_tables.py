"""What is said where a table lacks a column: a rename is advised of names that are near or known, and of no others."""

from __future__ import annotations

import pandas as pd
import pytest

from toolkit.tables import FramingError, require


@pytest.mark.parametrize(
    ("has", "wanted", "advice"),
    [
        ("dates", "date", " If dates is the date, rename it: articles.rename(columns={'dates': 'date'})."),
        ("Sources", "source", " If Sources is the source, rename it: articles.rename(columns={'Sources': 'source'})."),
        ("published", "date", " If published is the date, rename it: articles.rename(columns={'published': 'date'})."),
        ("stable", "label", ""),
        ("note", "term", ""),
        ("covariate", "covered", ""),
        ("n_total", "label", ""),
    ],
)
def test_only_near_names_are_to_be_renamed(has, wanted, advice):
    """A slip of a letter or a known other name is; a name with some letters in common is another column."""
    with pytest.raises(FramingError) as error:
        require(pd.DataFrame({has: [1]}), [wanted], "articles")
    assert str(error.value) == f"A table of articles needs the column {wanted}; this one has: {has}.{advice}"
