"""What is said where a table lacks a column: a rename is advised of names that are near or known, and of no others."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
from toolkit.tables import ALIASES, TABLES, FramingError, not_found, require

PAIRS = [(column, alias) for column, aliases in ALIASES.items() for alias in aliases]


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


@given(st.sampled_from(PAIRS), st.sampled_from([str, str.title, str.upper]))
def test_an_alias_in_the_table_is_to_be_renamed(pair, spelt):
    """Articles that have a column under a name that archives use are told to rename it, however it is spelt."""
    column, alias = pair
    with pytest.raises(FramingError) as error:
        require(pd.DataFrame({spelt(alias): [1], "leaning": [1]}), [column], "articles")
    renamed = f"articles.rename(columns={{{spelt(alias)!r}: {column!r}}})"
    assert str(error.value).endswith(f" If {spelt(alias)} is the {column}, rename it: {renamed}.")


@given(st.sampled_from(PAIRS), st.sampled_from([str, str.title, str.upper]))
def test_an_alias_in_the_call_suggests_the_column(pair, spelt):
    """Asked for by another name, a column that the articles have is suggested by the name that it has."""
    column, alias = pair
    with pytest.raises(FramingError) as error:
        require(pd.DataFrame({column: [1], "leaning": [1]}), [spelt(alias)], "articles")
    assert str(error.value).endswith(f"this one has: {column}, leaning. Did you mean {column!r}?")
    with pytest.raises(FramingError, match=f"Did you mean {column!r}\\? There are: leaning, {column}\\.$"):
        raise not_found("column", spelt(alias), ["leaning", column])


@pytest.mark.parametrize(
    ("has", "wanted", "advice"),
    [
        (["outlet", "leaning"], "publisher", " Did you mean 'outlet'?"),
        (["headline", "form"], "title", ""),
        (["title", "text"], "headline", ""),
        (["source"], "sorce", " Did you mean 'source'?"),
        (["outlet"], "outlets", " Did you mean 'outlet'?"),
    ],
)
def test_a_column_of_the_table_itself_is_no_alias(has, wanted, advice):
    """Hits have a column headline of their own, which is neither a title nor called one."""
    with pytest.raises(FramingError) as error:
        require(pd.DataFrame({name: [1] for name in has}), [wanted], "hits")
    assert str(error.value).endswith(f"this one has: {', '.join(has)}.{advice}")


@pytest.mark.parametrize("by", ["outlet", "Publisher", ["leaning", "medium"]])
def test_usage_by_another_name_suggests_the_source(by):
    """A front door tells the column that was meant."""
    articles = pd.DataFrame({"doc_id": ["a"], "source": ["x"], "leaning": ["left"], "text": ["A reset."]})
    with pytest.raises(FramingError, match=r"Did you mean 'source'\?$"):
        tk.usage(articles, "reset", by=by)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_column_of_the_toolkit_is_never_taken_for_a_misspelling(table):
    """A missing column is not said to be another declared one under a wrong name."""
    for column in table.columns:
        near = pd.DataFrame(columns=[c for c in (*table.columns, *table.optional) if c != column])
        with pytest.raises(FramingError) as error:
            require(near, [column], table.name)
        assert "rename" not in str(error.value) and "Did you mean" not in str(error.value)
