"""A figure carries the table that it was drawn from."""

from __future__ import annotations

import inspect
import pickle

import pandas as pd
import pytest

from toolkit import figures


def test_the_figure_has_a_copy_of_the_table_with_its_recipe(make_usage):
    """Rows, columns and attrs are those of the table; what is changed in it afterwards does not reach the figure."""
    usage = make_usage([("A", "reset", 3, 2, 4), ("B", "reset", 0, 0, 5)])
    before = usage.copy()
    for figure in (figures.plot_usage(usage), figures.plot_usage(title="Who?", usage=usage)):
        pd.testing.assert_frame_equal(figure.framing_table, before)
        assert figure.framing_table.attrs == before.attrs

    figure = figures.plot_usage(usage)
    usage.loc[0, "n_hits"] = 99
    usage.attrs["recipe"]["settings"]["measure"] = "share"
    assert figure.framing_table["n_hits"].tolist() == [3, 0]
    assert figure.framing_table.attrs["recipe"]["settings"]["measure"] == "per_million"


def test_the_whole_table_is_kept_where_a_part_is_drawn(make_usage):
    """One of two rows is drawn; the recipe describes both, so both are kept."""
    usage = make_usage([("A", "reset", 3, 2, 4), ("B", "reset", 0, 0, 5)])
    assert len(figures.plot_usage(usage, n_rows=1).framing_table) == 2


@pytest.mark.parametrize("name", sorted(name for name in figures.__all__ if name.startswith("plot_")))
def test_every_picture_attaches_its_table(name):
    """Each plot function is wrapped by the one place that attaches tables, and says so in its docstring."""
    plot = getattr(figures, name)
    assert inspect.unwrap(plot) is not plot
    assert "framing_table" in (plot.__doc__ or "")


def test_a_figure_keeps_its_table_when_it_is_pickled(make_usage):
    """A figure that was stored and read again has the same table."""
    figure = figures.plot_usage(make_usage([("A", "reset", 3, 2, 4)]))
    again = pickle.loads(pickle.dumps(figure))
    pd.testing.assert_frame_equal(again.framing_table, figure.framing_table)
