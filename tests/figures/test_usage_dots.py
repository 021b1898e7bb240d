"""The picture of usage shows each cell of the table once: a dot and its interval, an open dot, or no mark at all."""

from __future__ import annotations

import pandas as pd
import pytest

from toolkit.figures import plot_usage
from toolkit.tables import FramingError

ROWS = [
    ("Post", "travel ban", 4, 2, 10),
    ("Post", "Muslim ban", 1, 1, 10),
    ("Wire", "travel ban", 9, 3, 6),
    ("Wire", "Muslim ban", 0, 0, 6),
    ("Star", "travel ban", 0, 0, 0),
    ("Star", "Muslim ban", 0, 0, 0),
]


def test_each_term_is_a_panel_and_each_covered_source_a_dot(make_usage, read):
    """Dots stand at the measure, the highest source first; two of three sources are covered."""
    figure = plot_usage(make_usage(ROWS))
    assert [axes.get_label() for axes in figure.axes] == ["“travel ban”", "“Muslim ban”"]
    first, second = figure.axes
    assert [x for x, _ in read.points(first, "-dots")] == [1500.0, 400.0]
    assert read.intervals(first) == [(750.0, 3000.0), (200.0, 800.0)]
    assert [t for t in read.texts(figure) if t in ("Wire", "Post", "Star")] == ["Wire", "Post", "Star"]
    assert [x for x, _ in read.points(second, "-dots")] == [100.0]


def test_a_zero_is_an_open_dot_with_its_interval(make_usage, read):
    """A source with articles but no hit has an open dot at 0 and an interval above it."""
    axes = plot_usage(make_usage(ROWS)).axes[1]
    assert [x for x, _ in read.points(axes, "-dots-zero")] == [0.0]
    assert (0.0, 300.0) in read.intervals(axes)
    zeros = next(line for line in axes.lines if line.get_gid().endswith("-dots-zero"))
    assert zeros.get_markerfacecolor() == "white"


def test_what_is_not_covered_has_no_mark(make_usage, read):
    """A source without articles is named, says "no articles", and nothing is drawn in its row, least of all a zero."""
    figure = plot_usage(make_usage(ROWS))
    assert read.texts(figure).count("no articles") == 2
    for axes in figure.axes:
        marks = [*read.points(axes, "-dots"), *read.points(axes, "-dots-zero")]
        assert len(marks) == 2 and len(read.intervals(axes)) == 2
        rows = sorted({y for _, y in marks})
        assert max(rows) < axes.get_ylim()[0] * 2 / 3  # the third row, at the bottom, is empty


def test_the_counts_stand_beside_each_row(make_usage, read):
    """Hits, articles with a hit and all articles are printed for each cell."""
    texts = read.texts(plot_usage(make_usage(ROWS)))
    assert {"9 / 3 of 6", "4 / 2 of 10", "1 / 1 of 10", "0 / 0 of 6"} <= set(texts)
    assert texts.count("hits / articles of all") == 2


def test_the_caption_states_n_interval_and_corpus(make_usage, read):
    """The caption can stand alone: what dot and line are, the unit, n, and the corpus."""
    assert read.text(plot_usage(make_usage(ROWS)), "caption") == (
        "Dot: rate; line: 95 % interval (unit: the article, each a story of its own). Open: articles, but no hit. "
        "n = “travel ban” 13 hits in 5 articles; “Muslim ban” 1 hit in 1 article; of 16 articles. Corpus: daily-brief."
    )


def test_the_caption_says_when_the_unit_is_the_story(make_usage, read):
    """Where stories are fewer than articles, the interval's unit is the story."""
    usage = make_usage(ROWS)
    usage["n_stories_total"] = usage["n_stories_total"] // 2
    assert "95 % interval (unit: the story)" in read.text(plot_usage(usage), "caption")


def test_the_caption_takes_the_level_from_the_recipe(make_usage, read):
    """An interval of 90 % is not called one of 95 %."""
    usage = make_usage(ROWS)
    usage.attrs["recipe"]["settings"]["confidence"] = 0.9
    assert "line: 90 % interval" in read.text(plot_usage(usage), "caption")


def test_the_axis_names_measure_and_unit(make_usage, read):
    """Rates are per million words, shares in per cent of all articles."""
    assert read.text(plot_usage(make_usage(ROWS)), "xlabel") == "hits per million words"
    figure = plot_usage(make_usage(ROWS, measure="share"))
    assert read.text(figure, "xlabel") == "articles with the term, % of all articles"
    assert read.points(figure.axes[0], "-dots")[0][0] == 50.0  # 3 of 6


def test_the_table_s_order_can_be_kept(make_usage, read):
    """Without sorting, rows stand as in the table."""
    texts = read.texts(plot_usage(make_usage(ROWS), sort=False))
    assert [t for t in texts if t in ("Wire", "Post", "Star")] == ["Post", "Wire", "Star"]


def test_without_by_the_terms_are_the_rows(make_usage, read):
    """A usage of the whole corpus is one panel with a row for each term."""
    figure = plot_usage(make_usage([("x", "a", 1, 1, 10), ("x", "b", 5, 2, 10)], by=()))
    assert len(figure.axes) == 1
    assert [t for t in read.texts(figure) if t in ("“a”", "“b”")] == ["“b”", "“a”"]


def test_other_columns_can_make_the_rows(make_usage, read):
    """Rows are named after the recipe's `by`, two columns joined, a missing value called unknown."""
    usage = make_usage(ROWS[:4]).rename(columns={"source": "leaning"})
    usage["section"] = ["politics", "politics", None, None]
    usage.attrs["recipe"]["settings"]["by"] = ["leaning", "section"]
    assert {"Post · politics", "Wire · (unknown)"} <= set(read.texts(plot_usage(usage)))


def test_a_table_without_its_recipe_is_still_drawn(make_usage, read):
    """Where attrs were lost, the measure is the one inside its interval, and the caption says that no corpus is named."""
    usage = make_usage(ROWS, measure="share")
    usage.attrs = {}
    figure = plot_usage(usage)
    assert read.text(figure, "xlabel") == "articles with the term, % of all articles"
    assert read.text(figure, "caption").endswith("Corpus: not named in the table.")


def test_one_wide_interval_does_not_press_the_rest_to_zero(make_usage, read):
    """An interval far beyond the marks is cut with an arrowhead, and the caption says how far it goes."""
    usage = make_usage(ROWS[:4])
    usage.loc[0, "high"] = 50_000.0
    figure = plot_usage(usage)
    axes = figure.axes[0]
    assert axes.get_xlim()[1] == pytest.approx(2.5 * 1500)
    assert len(read.points(axes, "-beyond-right")) == 1
    assert "Arrowhead: the interval goes on, up to 50,000." in read.text(figure, "caption")


def test_a_title_is_drawn_when_asked_for(make_usage, read):
    """There is no title by default, as journals want it."""
    usage = make_usage(ROWS)
    assert read.text(plot_usage(usage, title="Who says it?"), "title") == "Who says it?"
    assert all(text.get_gid() != "title" for text in plot_usage(usage).texts)


@pytest.mark.parametrize("column", ["single", "double"])
def test_nothing_overlaps_and_nothing_is_cut(make_usage, read, column):
    """Long names are wrapped: no two texts overlap, none leaves the paper, and the width is the journal's."""
    long = "The International Journal of Extraordinarily Long Outlet Names"
    rows = [
        (s, t, 1234, 567, 8901)
        for s in (long, "B", "Donaudampfschifffahrtsgesellschaft")
        for t in ("a term", "$x$ & $y")
    ]
    figure = plot_usage(make_usage(rows), column=column)
    assert figure.get_size_inches()[0] == {"single": 3.5, "double": 7.2}[column]
    assert read.overlaps(figure) == []


def test_of_many_rows_the_largest_are_drawn(make_usage, read):
    """A counts corpus has hundreds of outlets: the ones with the most articles are drawn, and the caption says so."""
    usage = make_usage([(f"outlet {i}", "reset", i, 1, 100 + i) for i in range(50)])
    figure = plot_usage(usage)
    assert len(read.points(figure.axes[0], "-dots")) == 40
    assert "Drawn are the 40 of 50 rows with the most articles. n = “reset” 1,180 hits" in read.text(figure, "caption")
    with pytest.raises(FramingError) as error:
        plot_usage(usage, n_rows=0)
    assert str(error.value) == "n_rows is how many rows to draw, 1 or more; this is 0."


def test_all_zero_is_drawn(make_usage, read):
    """Where no source has a hit, all dots are open and the axis ends at the intervals."""
    figure = plot_usage(make_usage([(s, "reset", 0, 0, 5) for s in "ABC"]))
    assert read.points(figure.axes[0], "-dots-zero") and not read.points(figure.axes[0], "-dots")
    assert figure.axes[0].get_xlim()[1] == pytest.approx(306)


def test_the_table_is_not_changed(make_usage):
    """Drawing leaves the table as it was."""
    usage = make_usage(ROWS)
    before = usage.copy(deep=True)
    plot_usage(usage)
    pd.testing.assert_frame_equal(usage, before)
    assert usage.attrs == before.attrs


def test_another_measure_than_the_interval_s_is_refused(make_usage):
    """An interval of rates is not drawn around shares."""
    with pytest.raises(FramingError) as error:
        plot_usage(make_usage(ROWS), measure="share")
    assert str(error.value) == (
        "The interval in this table belongs to per_million, so share cannot be drawn with it. "
        "Count again: tk.usage(..., measure='share')."
    )


def test_an_unknown_measure_is_refused(make_usage):
    """A measure that does not exist is named with those that do."""
    with pytest.raises(FramingError) as error:
        plot_usage(make_usage(ROWS), measure="per_thousand")
    assert str(error.value) == "There is no measure 'per_thousand'. There are: per_million, share, rival_share."


def test_periods_are_refused(make_usage):
    """A table with periods belongs in the picture over time."""
    with pytest.raises(FramingError) as error:
        plot_usage(make_usage([("A", "reset", 1, 1, 2, "2017-01-01")]))
    assert str(error.value) == (
        "plot_usage draws one mark for each cell and term, and this table has periods. "
        "Draw it with plot_usage_over_time(usage), or count without freq."
    )


def test_an_empty_table_is_refused(make_usage):
    """A table without rows is called that."""
    with pytest.raises(FramingError) as error:
        plot_usage(make_usage(ROWS).iloc[:0])
    assert str(error.value) == "This table of usage is empty: it has columns but no row."


def test_a_table_where_nothing_is_covered_is_refused(make_usage):
    """Without a single article there is nothing to draw, and no zero either."""
    with pytest.raises(FramingError) as error:
        plot_usage(make_usage(ROWS[4:]))
    assert str(error.value) == (
        "Nothing can be drawn: no cell of this table has any article (covered is False in all 2 rows). "
        "See whether the corpus was filtered to nothing: usage[['n_articles_total']].sum()."
    )


def test_missing_columns_are_named(make_usage):
    """A table without intervals says what is wanted and what it has."""
    with pytest.raises(FramingError) as error:
        plot_usage(pd.DataFrame({"term": ["a"], "on": [1]}))
    assert str(error.value) == (
        "A table of usage needs the columns n_hits, n_articles, n_articles_total, low, high, covered; "
        "this one has: term, on."
    )


def test_something_else_than_a_table_is_refused():
    """A list is not a table."""
    with pytest.raises(FramingError) as error:
        plot_usage([1, 2])
    assert str(error.value) == "A table of usage is a pandas DataFrame; this is a list."


def test_a_cell_that_occurs_twice_is_refused(make_usage):
    """Two rows for one source and term cannot be one dot."""
    with pytest.raises(FramingError) as error:
        plot_usage(make_usage([ROWS[0], ROWS[0]]))
    assert str(error.value) == (
        "A table of usage has one row for each row and term; Post, travel ban occurs more than once. "
        "If the table has more columns than its recipe's by, draw a part of it: usage[usage['section'] == ...]."
    )


def test_pooled_rates_are_crosses(make_usage, read):
    """Where rates were pooled a cross stands at each pooled rate, in the unit of the axis, and the caption says so."""
    usage = make_usage([("A", "reset", 4, 2, 4), ("B", "reset", 0, 0, 5)], measure="share", pool=True)
    usage = usage.assign(pooled=[0.4, 0.1], pooled_low=0.0, pooled_high=0.5)
    figure = plot_usage(usage)
    assert sorted(x for x, _ in read.points(figure.axes[0], "-crosses")) == pytest.approx([10, 40])
    assert "Cross: the share shrunk towards the mean of the rows." in read.text(figure, "caption")


def test_stories_as_unit_are_named(make_usage, read):
    """Where stories were counted, axis, notes and caption speak of stories."""
    usage = make_usage([("A", "reset", 4, 2, 4), ("B", "reset", 0, 0, 5)], measure="share", unit="story")
    figure = plot_usage(usage.assign(n_copies=[1, 0]))
    assert read.text(figure, "xlabel") == "stories with the term, % of all stories"
    assert "hits / stories of all" in read.texts(figure)
    caption = read.text(figure, "caption")
    assert "95 % interval (unit: the story)" in caption and "Open: stories, but no hit." in caption
    assert "n = “reset” 4 hits in 2 stories; of 9 stories." in caption


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        ("wilson", "95 % interval (Wilson, each word by itself)"),
        ("garwood", "95 % interval (Garwood, each word by itself)"),
        ("bootstrap", "95 % interval (unit: the article, each a story of its own, percentile bootstrap)"),
        ("story", "95 % interval (unit: the article, each a story of its own)"),
    ],
)
def test_the_caption_names_the_interval(make_usage, read, interval, words):
    """An interval that is not the default is named with its unit."""
    usage = make_usage([("A", "reset", 4, 2, 4)], interval=interval, unit="article")
    assert words in read.text(plot_usage(usage), "caption")


def test_articles_without_text_are_not_no_articles(make_usage, read):
    """A source whose articles have no word says "no text", one without articles "no articles"."""
    usage = make_usage([("A", "reset", 4, 2, 4), ("B", "reset", 0, 0, 0), ("C", "reset", 0, 0, 0)])
    usage.loc[2, "n_articles_total"] = 3
    assert {"no text", "no articles"} < set(read.texts(plot_usage(usage)))
