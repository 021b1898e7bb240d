"""The picture over time keeps zero, no coverage and a partial period apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from toolkit.figures import plot_usage_over_time
from toolkit.tables import FramingError

WEEKS = ["2017-01-02", "2017-01-09", "2017-01-16", "2017-01-23", "2017-01-30"]
ROWS = [
    ("Post", "reset", 2, 1, 10, WEEKS[0], True),  # partial
    ("Post", "reset", 0, 0, 10, WEEKS[1], False),  # zero
    ("Post", "reset", 0, 0, 0, WEEKS[2], False),  # not covered
    ("Post", "reset", 5, 2, 10, WEEKS[3], False),
    ("Post", "reset", 4, 2, 10, WEEKS[4], False),
    ("Wire", "reset", 0, 0, 0, WEEKS[0], False),
    ("Wire", "reset", 0, 0, 0, WEEKS[1], False),
    ("Wire", "reset", 1, 1, 10, WEEKS[2], False),
    ("Wire", "reset", 0, 0, 0, WEEKS[3], False),
    ("Wire", "reset", 0, 0, 0, WEEKS[4], False),
]
MONDAYS = {pd.Timestamp(w).toordinal() - pd.Timestamp("1970-01-01").toordinal(): w for w in WEEKS}


def weeks_of(points):
    """The week in which each mark stands, with its height."""
    return {MONDAYS[int(x - 3.5)]: y for x, y in points}


def line_pieces(axes):
    """First and last week of each piece of line."""
    pieces = [line.get_xdata() for line in axes.lines if line.get_linestyle() != "None" and line.get_gid() is None]
    return [(MONDAYS[int(x[0] - 3.5)], MONDAYS[int(x[-1] - 3.5)]) for x in pieces]


def test_each_source_is_a_panel_with_a_mark_for_each_covered_week(make_usage, read):
    """Four weeks of Post and one of Wire have articles, so they have marks, in the middle of the week."""
    figure = plot_usage_over_time(make_usage(ROWS, freq="W"))
    post, wire = figure.axes
    assert (post.get_label(), wire.get_label()) == ("Post", "Wire")
    assert weeks_of(read.points(post, "-full")) == {WEEKS[3]: 500.0, WEEKS[4]: 400.0}
    assert weeks_of(read.points(post, "-zero")) == {WEEKS[1]: 0.0}
    assert weeks_of(read.points(wire, "-full")) == {WEEKS[2]: 100.0}


def test_lines_and_bands_break_where_nothing_was_covered(make_usage, read):
    """No line and no band crosses the third week; its ground is hatched from its first day to the next week's."""
    post = plot_usage_over_time(make_usage(ROWS, freq="W")).axes[0]
    assert line_pieces(post) == [(WEEKS[0], WEEKS[1]), (WEEKS[3], WEEKS[4])]
    bands = [np.concatenate([p.vertices[:, 0] for p in c.get_paths()]) for c in post.collections]
    assert sorted((MONDAYS[int(b.min() - 3.5)], MONDAYS[int(b.max() - 3.5)]) for b in bands) == line_pieces(post)
    assert read.grounds(post) == [("2017-01-16", "2017-01-23")]


def test_uncovered_weeks_in_a_row_are_one_ground(make_usage, read):
    """Two uncovered weeks side by side are one hatched stretch."""
    wire = plot_usage_over_time(make_usage(ROWS, freq="W")).axes[1]
    assert read.grounds(wire) == [("2017-01-02", "2017-01-16"), ("2017-01-23", "2017-02-06")]


def test_a_lone_period_has_an_interval_instead_of_a_band(make_usage):
    """A week between two gaps is a mark with a vertical line from low to high."""
    wire = plot_usage_over_time(make_usage(ROWS, freq="W")).axes[1]
    (interval,) = [line.get_xydata() for line in wire.lines if (line.get_gid() or "").endswith("-lone")]
    assert [float(y) for y in interval[:, 1]] == [50.0, 200.0]
    assert line_pieces(wire) == []


def test_a_partial_period_is_half_filled(make_usage, read):
    """The first week is covered in part only: its mark is half-filled, and key and caption say what that means."""
    figure = plot_usage_over_time(make_usage(ROWS, freq="W"))
    post = figure.axes[0]
    assert weeks_of(read.points(post, "-partial")) == {WEEKS[0]: 200.0}
    half = next(line for line in post.lines if (line.get_gid() or "").endswith("-partial"))
    assert (half.get_fillstyle(), half.get_markerfacecoloralt()) == ("left", "white")
    assert read.key(figure) == {"zero": "no hit", "partial": "part of the week", "uncovered": "no articles"}
    assert "Half-filled: articles from a part of the week only." in read.text(figure, "caption")


def test_no_line_goes_through_a_single_story(make_usage, read):
    """The third year has one article: its mark is small and has its own interval, and lines end before and begin after it."""
    years = [f"{year}-01-01" for year in range(2011, 2016)]
    rows = [("Post", "reset", 2, 1, total, year, False) for year, total in zip(years, (9, 8, 1, 7, 9))]
    figure = plot_usage_over_time(make_usage(rows, freq="Y"))
    (axes,) = figure.axes
    assert [y for _, y in read.points(axes, "-few")] == [2000.0]
    pieces = [line.get_ydata().tolist() for line in axes.lines if line.get_linestyle() == "-" and not line.get_gid()]
    assert pieces == [[pytest.approx(2000 / 9), 250.0], [pytest.approx(2000 / 7), pytest.approx(2000 / 9)]]
    assert len(read.points(axes, "-lone")) == 2 and len(axes.collections) == 2
    assert read.key(figure) == {"few": "a single story"}
    assert "Small: a single story, through which no line goes." in read.text(figure, "caption")


def test_two_stories_carry_a_line(make_usage, read):
    """With two articles a year there is one line through all years, and no key."""
    rows = [("Post", "reset", 2, 1, 2, f"{year}-01-01", False) for year in range(2011, 2015)]
    figure = plot_usage_over_time(make_usage(rows, freq="Y"))
    pieces = [line for line in figure.axes[0].lines if line.get_linestyle() == "-" and not line.get_gid()]
    assert [len(line.get_xdata()) for line in pieces] == [4] and read.key(figure) == {}


def test_a_zero_lies_on_the_axis(make_usage):
    """The axis begins at zero and its marks are not clipped, so a zero is seen."""
    post = plot_usage_over_time(make_usage(ROWS, freq="W")).axes[0]
    assert post.get_ylim()[0] == 0
    assert not any(line.get_clip_on() for line in post.lines if (line.get_gid() or "").endswith("-full"))


def test_a_week_without_any_row_is_blank(make_usage, read):
    """Where the table has no row at all, the line breaks but the ground is not hatched: nothing is known about it."""
    post = plot_usage_over_time(make_usage([r for r in ROWS if r[0] == "Post" and r[5] != WEEKS[2]], freq="W")).axes[0]
    assert read.grounds(post) == []
    assert line_pieces(post) == [(WEEKS[0], WEEKS[1]), (WEEKS[3], WEEKS[4])]


def test_panels_share_both_axes(make_usage):
    """All panels have the same ends, so that heights compare."""
    axes = plot_usage_over_time(make_usage(ROWS, freq="W")).axes
    assert len({(a.get_xlim(), a.get_ylim()) for a in axes}) == 1


def test_n_and_unit_are_stated(make_usage, read):
    """Each panel has its n, the axis its unit with the term, and the caption stands alone."""
    figure = plot_usage_over_time(make_usage(ROWS, freq="W"))
    assert read.text(figure, "ylabel") == "“reset”, hits per million words"
    assert (read.text(figure, "note-0"), read.text(figure, "note-1")) == ("11 hits, 40 articles", "1 hit, 10 articles")
    assert read.text(figure, "caption") == (
        "A mark is a week; band: 95 % interval (unit: the article, each a story of its own). Open: articles, but no hit. "
        "Half-filled: articles from a part of the week only. Hatched: no articles. Bands are cut at the top of the panels; the highest reaches 1,000. "
        "n = “reset” 12 hits in 6 articles; of 50 articles. "
        "Corpus: daily-brief."
    )


def test_undated_articles_are_left_out_and_counted(make_usage, read):
    """Rows without a period are not drawn; the caption counts their articles once, not once for each term."""
    rows = [(s, term, *rest) for term in ("a", "b") for s, _, *rest in ROWS] + [
        ("Post", "a", 1, 1, 7, None, False),
        ("Post", "b", 0, 0, 7, None, False),
    ]
    caption = read.text(plot_usage_over_time(make_usage(rows, freq="W")), "caption")
    assert "of 50 articles. 7 undated articles are left out. Corpus: daily-brief." in caption


def test_several_terms_differ_in_mark_line_and_name(make_usage, read):
    """Terms are told apart without colour: by marker, by line, and by name in the key and at the end of a row."""
    rows = [*ROWS[:5], *((s, "re-set", *rest) for s, _, *rest in ROWS[:5])]
    figure = plot_usage_over_time(make_usage(rows, freq="W"))
    post = figure.axes[0]
    full = [line for line in post.lines if (line.get_gid() or "").endswith("-full")]
    assert [line.get_marker() for line in full] == ["o", "s"]
    assert len({line.get_linestyle() for line in post.lines if line.get_gid() is None}) == 2
    assert [read.text(figure, f"key-{i}") for i in (0, 1)] == ["“reset”", "“re-set”"]
    assert [read.text(figure, f"panel-0-name-{i}") for i in (0, 1)] == ["“reset”", "“re-set”"]


def test_equal_values_of_two_terms_are_both_seen(make_usage, read):
    """Marks of two terms stand a hair apart within their week, in the order of the terms."""
    rows = [*ROWS[:5], *((s, "re-set", *rest) for s, _, *rest in ROWS[:5])]
    post = plot_usage_over_time(make_usage(rows, freq="W")).axes[0]
    first, second = (read.points(post, f"-line-{i}-full") for i in (0, 1))
    assert [y for _, y in first] == [y for _, y in second]
    assert all(0 < b - a < 3.5 for (a, _), (b, _) in zip(first, second))


def test_without_by_there_is_one_panel(make_usage, read):
    """A usage of the whole corpus is one panel without a name."""
    figure = plot_usage_over_time(make_usage(ROWS[:5], by=(), freq="W"))
    assert [axes.get_label() for axes in figure.axes] == [""]


def test_one_wide_band_does_not_press_the_lines_to_the_ground(make_usage, read):
    """A band far above the marks is cut at the top of the panels, and the caption says how far it reaches."""
    usage = make_usage(ROWS, freq="W")
    usage.loc[3, "high"] = 40_000.0
    figure = plot_usage_over_time(usage)
    assert figure.axes[0].get_ylim()[1] == pytest.approx(1.6 * 500)
    assert "Bands are cut at the top of the panels; the highest reaches 40,000." in read.text(figure, "caption")


@pytest.mark.parametrize("column", ["single", "double"])
@pytest.mark.parametrize("terms", [("reset",), ("illegal immigrant", "undocumented immigrant", "migrant")])
def test_nothing_overlaps_and_nothing_is_cut(make_usage, read, column, terms):
    """With five sources and long names no two texts overlap, and none leaves the paper."""
    sources = ["Post", "The International Journal of Extraordinarily Long Outlet Names", "C", "D", "E"]
    rows = [(s, t, i, 1, 10, w, False) for s in sources for t in terms for i, w in enumerate(WEEKS)]
    figure = plot_usage_over_time(make_usage(rows, freq="W"), column=column, title="A title")
    assert read.overlaps(figure) == []


def test_a_table_without_periods_is_refused(make_usage):
    """Without periods the sentence says how to count them."""
    with pytest.raises(FramingError) as error:
        plot_usage_over_time(make_usage([("A", "reset", 1, 1, 2)]))
    assert str(error.value) == (
        "plot_usage_over_time draws periods, and this table has no column period. "
        "Count with a frequency: tk.usage(..., freq='W')."
    )


def test_periods_that_are_no_dates_are_refused(make_usage):
    """Words in the column period are not guessed at."""
    usage = make_usage(ROWS, freq="W")
    usage["period"] = usage["period"].dt.strftime("%Y week %W")
    with pytest.raises(FramingError) as error:
        plot_usage_over_time(usage)
    assert str(error.value) == (
        "The column period holds str, not dates. Convert it: usage['period'] = pd.to_datetime(usage['period'])."
    )


def test_a_corpus_without_dates_is_refused(make_usage):
    """Where no article has a date there is no axis to draw."""
    with pytest.raises(FramingError) as error:
        plot_usage_over_time(make_usage([("A", "reset", 1, 1, 2, None, False)], freq="W"))
    assert str(error.value) == (
        "Nothing can be drawn over time: no row of this table has a period, so no article has a date."
    )


def test_too_many_terms_are_refused(make_usage):
    """More terms than marks that can be told apart are named and refused."""
    with pytest.raises(FramingError) as error:
        plot_usage_over_time(make_usage([("A", t, 1, 1, 2, WEEKS[0], False) for t in "abcdefg"], freq="W"))
    assert str(error.value) == (
        "plot_usage_over_time tells 6 terms apart; this table has 7: a, b, c, d, e, f, g. "
        "Draw some of them: usage[usage['term'].isin([...])]."
    )


def test_of_many_panels_the_largest_are_drawn(make_usage, read):
    """Small multiples of five sources can be cut to the two with the most articles, in the table's order; n is theirs."""
    rows = [(s, "a", 1, 1, n, WEEKS[0], False) for s, n in zip("ABCDE", (3, 9, 4, 8, 5))]
    figure = plot_usage_over_time(make_usage(rows, freq="W"), n_rows=2)
    assert [axes.get_label() for axes in figure.axes] == ["B", "D"]
    assert "Drawn are the 2 of 5 panels with the most articles. n = “a” 2 hits in 2 articles; of 17 articles." in (
        read.text(figure, "caption")
    )
