"""The picture of rivals shows how a cell's hits divide, and no mark where there is nothing to divide."""

from __future__ import annotations

import pytest

from toolkit.figures import plot_rivals
from toolkit.tables import FramingError

TWO = [
    ("Post", "travel ban", 3, 2, 10),
    ("Post", "Muslim ban", 1, 1, 10),
    ("Wire", "travel ban", 4, 3, 6),
    ("Wire", "Muslim ban", 0, 0, 6),
    ("Mail", "travel ban", 0, 0, 8),
    ("Mail", "Muslim ban", 0, 0, 8),
    ("Star", "travel ban", 0, 0, 0),
    ("Star", "Muslim ban", 0, 0, 0),
]
THREE = [*TWO[:4], ("Post", "entry ban", 4, 2, 10), ("Wire", "entry ban", 4, 1, 6)]


def bars(axes):
    """Left end and width in per cent of each segment, row by row from the top."""
    patches = [p for p in axes.patches if "-share-" in (p.get_gid() or "")]
    rows = sorted({p.get_y() for p in patches})
    return [[(p.get_x(), p.get_width()) for p in patches if p.get_y() == y] for y in rows]


def test_two_rivals_are_one_dot_between_two_ends(make_usage, read):
    """The dot is the first term's share, 3 of 4 and 4 of 4; the ends of the axis are named after the two terms."""
    figure = plot_rivals(make_usage(TWO, measure="rival_share"))
    (axes,) = figure.axes
    assert [x for x, _ in read.points(axes, "-dots")] == [100.0, 75.0]
    assert axes.get_xlim() == (0, 100)
    assert {"←\N{NO-BREAK SPACE}“Muslim ban”", "“travel ban”\N{NO-BREAK SPACE}→", "3 of 4", "4 of 4"} <= set(
        read.texts(figure)
    )
    assert read.text(figure, "xlabel") == "“travel ban”, % of the hits of both"


def test_no_hits_and_no_articles_are_told_apart(make_usage, read):
    """A source with articles but no hit of either has no share, and neither has one without articles; both say which."""
    figure = plot_rivals(make_usage(TWO, measure="rival_share"))
    names = [t for t in read.texts(figure) if t in ("Post", "Wire", "Mail", "Star")]
    assert names == ["Wire", "Post", "Mail", "Star"]
    assert [t for t in read.texts(figure) if t.startswith("no ")] == ["no hits", "no articles"]
    assert len(read.intervals(figure.axes[0])) == 2


def test_a_cell_without_a_hit_of_the_first_term_has_an_open_mark(make_usage, read):
    """Wire has four hits, all of the second term, so its share of the first is an open mark at zero, with a key."""
    rows = [*TWO[:2], ("Wire", "travel ban", 0, 0, 6), ("Wire", "Muslim ban", 4, 3, 6)]
    figure = plot_rivals(make_usage(rows, measure="rival_share"))
    assert [x for x, _ in read.points(figure.axes[0], "-dots")] == [75.0]
    assert [x for x, _ in read.points(figure.axes[0], "-dots-zero")] == [0.0]
    assert read.key(figure) == {"zero": "no hit of “travel ban”"}


def test_three_rivals_are_stacked_to_a_hundred(make_usage, read):
    """Segments follow each other in the order of the terms: 3, 1 and 4 of 8; 4, none and 4 of 8."""
    figure = plot_rivals(make_usage(THREE, measure="rival_share"))
    assert bars(figure.axes[0]) == [[(0, 50.0), (50.0, 50.0)], [(0, 37.5), (37.5, 12.5), (50.0, 50.0)]]
    assert [read.text(figure, f"key-{i}") for i in range(3)] == ["“travel ban”", "“Muslim ban”", "“entry ban”"]
    assert read.texts(figure).count("8") == 2  # the n of each row


def test_stacked_segments_do_not_rest_on_colour(make_usage):
    """Neighbouring segments differ in hatching as well."""
    axes = plot_rivals(make_usage(THREE, measure="rival_share")).axes[0]
    by_term = {p.get_gid().split("-")[-2]: p.get_hatch() for p in axes.patches if "-share-" in (p.get_gid() or "")}
    assert by_term == {"0": None, "1": "////", "2": None}


def test_the_caption_states_n_and_interval(make_usage, read):
    """The caption names the unit and n."""
    assert read.text(plot_rivals(make_usage(TWO, measure="rival_share")), "caption") == (
        "Dot: share of “travel ban” in the hits of both; line: 95 % interval (unit: the article, each a story of its own); "
        "dotted: half of the hits. n = “travel ban” 7 hits in 5 articles; “Muslim ban” 1 hit in 1 article; of 24 articles. "
        "Corpus: daily-brief."
    )


def test_over_time_each_source_is_a_panel(make_usage, read):
    """With periods two rivals are one line of the first term's share; a week without any hit is a gap on white."""
    weeks = ["2017-01-02", "2017-01-09", "2017-01-16"]
    rows = [
        ("Post", term, n[i], min(n[i], 1), total, week, False)
        for term, n in (("travel ban", (3, 0, 0)), ("Muslim ban", (1, 0, 0)))
        for i, (week, total) in enumerate(zip(weeks, (10, 10, 0)))
    ]
    figure = plot_rivals(make_usage(rows, measure="rival_share", freq="W"))
    (axes,) = figure.axes
    assert [y for _, y in read.points(axes, "-full")] == [75.0]
    assert read.grounds(axes) == [("2017-01-16", "2017-01-23")]
    assert axes.get_ylim() == (0, 100)
    assert {"↑\N{NO-BREAK SPACE}“travel ban”", "↓\N{NO-BREAK SPACE}“Muslim ban”"} <= set(read.texts(figure))
    assert "A gap on white: articles, but no hit of either. Dotted: half of the hits." in read.text(figure, "caption")


def test_no_line_goes_through_a_single_story(make_usage, read):
    """In the second year one story has a hit: its share of all is a small mark by itself, and no line leads to it."""
    years = ["2013-01-01", "2014-01-01", "2015-01-01", "2016-01-01"]
    hits = {"travel ban": (3, 1, 6, 5), "Muslim ban": (3, 0, 2, 5)}
    rows = [("Post", t, n, min(n, 3), 20, year, False) for t, of in hits.items() for year, n in zip(years, of)]
    figure = plot_rivals(make_usage(rows, measure="rival_share", freq="Y"))
    (axes,) = figure.axes
    assert [y for _, y in read.points(axes, "-few")] == [100.0]
    pieces = [line for line in axes.lines if line.get_linestyle() == "-" and line.get_gid() is None]
    (alone,) = (x for x, _ in read.points(axes, "-few"))
    assert [len(line.get_xdata()) for line in pieces] == [2] and alone not in pieces[0].get_xdata()
    assert [y for _, y in read.points(axes, "-lone")][:2] == [25.0, 60.0]
    assert "Small: a single story with a hit, through which no line goes." in read.text(figure, "caption")


def test_of_many_rows_those_with_the_most_hits_are_drawn(make_usage, read):
    """Of four sources the one with the most hits of both is drawn alone."""
    figure = plot_rivals(make_usage(TWO, measure="rival_share"), n_rows=1)
    assert [t for t in read.texts(figure) if t in ("Post", "Wire", "Mail", "Star")] == ["Post"]
    assert "Drawn are the 1 of 4 rows with the most hits." in read.text(figure, "caption")


@pytest.mark.parametrize("column", ["single", "double"])
@pytest.mark.parametrize("n", [2, 3, 5])
def test_nothing_overlaps_and_nothing_is_cut(make_usage, read, column, n):
    """With long names of sources and terms no two texts overlap, and none leaves the paper."""
    terms = ["undocumented immigrant worker", "illegal immigrant or alien", "migrant", "newcomer", "asylum seeker"][:n]
    sources = ("Post", "The International Journal of Extraordinarily Long Outlet Names")
    usage = make_usage([(s, t, 5 + i, 2, 10) for s in sources for i, t in enumerate(terms)], measure="rival_share")
    assert read.overlaps(plot_rivals(usage, column=column)) == []


def test_a_table_of_rates_is_refused(make_usage):
    """Shares among rivals have to be counted as such."""
    with pytest.raises(FramingError) as error:
        plot_rivals(make_usage(TWO))
    assert str(error.value) == (
        "plot_rivals draws shares among rival terms, and this table has no column rival_share. "
        "Count with measure='rival_share': tk.usage(corpus, terms, measure='rival_share')."
    )


def test_one_term_has_no_rival(make_usage):
    """A single term would always have all hits."""
    with pytest.raises(FramingError) as error:
        plot_rivals(make_usage(TWO[:1], measure="rival_share"))
    assert str(error.value) == (
        "Rivals are two terms or more; this table has one: travel ban. Count them together: "
        "tk.usage(corpus, {'travel ban': [...], 'Muslim ban': [...]}, measure='rival_share')."
    )


def test_no_hit_at_all_is_refused(make_usage):
    """Without any hit there is no share to draw."""
    with pytest.raises(FramingError) as error:
        plot_rivals(make_usage(TWO[4:6], measure="rival_share"))
    assert str(error.value) == (
        "Nothing can be drawn: none of the terms (travel ban, Muslim ban) has a hit in any cell. "
        "See what the patterns match: tk.word_forms(tokens, terms)."
    )
