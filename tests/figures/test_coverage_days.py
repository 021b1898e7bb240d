"""The coverage picture has a cell for each period with articles, and hatching where there are none."""

import pandas as pd
import pytest
from matplotlib.patches import Rectangle

import toolkit as tk
from toolkit.figures import plot_coverage


def table(*counts, source="A"):
    days = pd.date_range("2017-01-02", periods=len(counts))
    return pd.DataFrame({"source": source, "period": days, "n_articles": counts, "covered": [n > 0 for n in counts]})


def cells(figure):
    (axes,) = figure.axes
    return [p for p in axes.patches if isinstance(p, Rectangle) and not p.get_hatch()]


def test_no_cell_without_articles():
    """Only periods with articles are filled; each stretch without is hatched, and the key says so."""
    figure = plot_coverage(pd.concat([table(4, 0, 1), table(0, 0, 2, source="B")]))
    assert len(cells(figure)) == 3
    hatched = [(p.get_y() + 0.42, p.get_width()) for p in figure.axes[0].patches if p.get_hatch()]
    assert hatched == [(0, 1), (1, 2)]
    assert "no articles" in [text.get_text() for text in figure.texts]
    assert "no articles" not in [text.get_text() for text in plot_coverage(table(4, 2, 1)).texts]
    assert [t.get_text() for t in figure.axes[0].get_yticklabels()] == ["A", "B"]


def test_more_articles_are_darker():
    """The grey of a cell falls with the number of its articles."""
    greys = [patch.get_facecolor()[0] for patch in cells(plot_coverage(table(1, 3, 10, 30, 100)))]
    assert greys == sorted(greys, reverse=True)
    assert len(set(greys)) == 5


def test_caption_accounts_for_every_article():
    """The caption says n, and how many undated articles are left out."""
    undated = pd.DataFrame({"source": ["A"], "period": [pd.NaT], "n_articles": [7], "covered": [True]})
    words = " ".join(
        t.get_text().replace("\n", " ").replace("\N{NO-BREAK SPACE}", " ")
        for t in plot_coverage(pd.concat([table(4, 0, 1), undated])).texts
    )
    assert "n = 5 articles" in words
    assert "7 undated articles are left out" in words


def test_nothing_dated():
    """A table without a dated article is refused."""
    with pytest.raises(tk.FramingError) as error:
        plot_coverage(table(0, 0))
    assert str(error.value) == "There is nothing to draw: no article in this table has a date."
