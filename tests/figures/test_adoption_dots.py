"""The picture of adoption shows each cell once: a dot with its interval, small where few stories carry it, or no mark."""

from __future__ import annotations

import pandas as pd
import pytest

from toolkit.figures import plot_adoption
from toolkit.tables import FramingError

NAN = float("nan")
ROWS = [  # source, term, own, uses, stories
    ("Post", "reset", 2, 10, 8),
    ("Post", "ban", 1, 4, 4),
    ("Wire", "reset", 3, 4, 3),
    ("Wire", "ban", 5, 5, 5),
    ("Star", "reset", 0, 0, 0),
    ("Star", "ban", 0, 6, 6),
]


@pytest.fixture
def make_adoption():
    """Return a function that makes adoption of rows (source, term, own uses, uses, stories with a use[, period])."""

    def make(rows, *, by=("source",), **settings):
        made = []
        for source, term, own, uses, stories, *time in rows:
            adoption = own / uses if uses else NAN
            made.append(
                {
                    "source": source,
                    **({"period": pd.Timestamp(time[0]) if time[0] else pd.NaT} if time else {}),
                    "term": term,
                    "n_mentioned": 1,
                    "n_uses": uses,
                    "n_own": own,
                    "n_articles_total": stories + (stories > 0),
                    "n_stories_total": stories,
                    "adoption": adoption,
                    "low": adoption / 2,
                    "high": (1 + adoption) / 2,
                    "covered": uses > 0,
                }
            )
        table = pd.DataFrame(made)
        if not by:
            table = table.drop(columns="source")
        recipe = {"settings": {"by": list(by), "confidence": 0.95, **settings}, "corpus": {"name": "reset-demo"}}
        table.attrs["recipe"] = recipe
        return table

    return make


def test_each_term_is_a_panel_ordered_by_adoption(make_adoption, read):
    """Wire owns 3 of 4 uses of the first term, Post 2 of 10; Star has none and comes last."""
    figure = plot_adoption(make_adoption(ROWS))
    assert [axes.get_label() for axes in figure.axes] == ["“reset”", "“ban”"]
    assert [t for t in read.texts(figure) if t in ("Post", "Wire", "Star")] == ["Wire", "Post", "Star"]
    assert all(axes.get_xlim() == (0, 100) for axes in figure.axes)
    assert read.intervals(figure.axes[0]) == [(37.5, 87.5), (10.0, 60.0)]


def test_few_stories_are_small_marks_and_zeros_open_ones(make_adoption, read):
    """Three stories are fewer than five, so Wire's mark is small; none of six uses is an open mark at zero, and both have a key."""
    first, second = plot_adoption(make_adoption(ROWS)).axes
    assert [x for x, _ in read.points(first, "-dots")] == [20.0]
    assert [x for x, _ in read.points(first, "-few")] == [75.0]
    sizes = {line.get_gid(): line.get_markersize() for line in first.lines}
    assert sizes["panel-0-dots-few"] < 0.6 * sizes["panel-0-dots"]
    assert [x for x, _ in read.points(second, "-dots")] == [100.0]
    assert [x for x, _ in read.points(second, "-dots-zero")] == [0.0]
    assert not read.points(plot_adoption(make_adoption(ROWS), few=0).axes[0], "-few")
    assert read.key(plot_adoption(make_adoption(ROWS))) == {"zero": "no own use", "few": "fewer than 5 stories"}
    assert read.key(plot_adoption(make_adoption(ROWS[:2], by=["source"]), few=4)) == {}


def test_what_is_not_covered_is_named_and_has_no_mark(make_adoption, read):
    """Star's row says "no uses" in the first panel and is empty there."""
    figure = plot_adoption(make_adoption(ROWS))
    assert read.texts(figure).count("no uses") == 1 and "Star" in read.texts(figure)
    assert len(read.intervals(figure.axes[0])) == 2 and len(read.intervals(figure.axes[1])) == 3


def test_the_counts_stand_beside_each_row(make_adoption, read):
    """Own uses of all uses, and the stories with a use."""
    texts = [text.replace("\n", " ") for text in read.texts(plot_adoption(make_adoption(ROWS)))]
    assert {"2 of 10 (8)", "3 of 4 (3)", "0 of 6 (6)"} <= set(texts)
    assert texts.count("own of uses (stories)") == 2


def test_the_caption_says_what_is_own_what_is_put_aside_and_n(make_adoption, read):
    """The caption can stand alone."""
    assert read.text(plot_adoption(make_adoption(ROWS)), "caption") == (
        "Dot: adoption; line: 95 % interval (unit: the story). Open: no own use. Small: fewer than 5 stories. Own: in the outlet’s voice and "
        "not negated. n = “reset” 5 own of 14 uses; “ban” 6 own of 15 uses; 6 mentions put aside. Corpus: reset-demo."
    )


def test_axis_and_caption_follow_the_settings(make_adoption, read):
    """Headlines only, and scare quotes taken for own words, are said."""
    figure = plot_adoption(make_adoption(ROWS, headlines=True, scare_quotes="own"))
    assert read.text(figure, "xlabel") == "own uses, % of all uses in headlines"
    assert "Own: in the outlet’s voice or in scare quotes and not negated." in read.text(figure, "caption")
    outside = plot_adoption(make_adoption(ROWS, headlines=False))
    assert read.text(outside, "xlabel") == "own uses, % of all uses outside of headlines"


def test_without_by_the_terms_are_the_rows(make_adoption, read):
    """One cell is one panel with a row for each term, the higher first; the table's order can be kept."""
    rows = [("x", "ban", 1, 4, 6), ("x", "reset", 3, 4, 6)]
    for sort, order in ((True, ["“reset”", "“ban”"]), (False, ["“ban”", "“reset”"])):
        figure = plot_adoption(make_adoption(rows, by=()), sort=sort)
        assert len(figure.axes) == 1
        assert [t for t in read.texts(figure) if t in order] == order


def test_over_time_each_outlet_is_a_panel(make_adoption, read):
    """A period without a use is hatched, one of few stories small, and undated uses are counted in the caption."""
    rows = [
        ("Post", "reset", 3, 10, 9, "2017-01-01"),
        ("Post", "reset", 0, 0, 0, "2017-02-01"),
        ("Post", "reset", 1, 2, 2, "2017-03-01"),
        ("Post", "reset", 1, 4, 4, None),
        ("Wire", "reset", 6, 6, 6, "2017-01-01"),
        ("Wire", "reset", 0, 5, 5, "2017-02-01"),
        ("Wire", "reset", 5, 5, 5, "2017-03-01"),
    ]
    figure = plot_adoption(make_adoption(rows, freq="M"))
    post, wire = figure.axes
    assert (post.get_label(), wire.get_label()) == ("Post", "Wire")
    assert read.grounds(post) == [("2017-02-01", "2017-03-01")] and read.grounds(wire) == []
    assert [y for _, y in read.points(post, "-full")] == [30.0]
    assert [y for _, y in read.points(post, "-few")] == [50.0]
    assert [y for _, y in read.points(wire, "-full")] == [100.0, 100.0]
    assert [y for _, y in read.points(wire, "-zero")] == [0.0]
    assert read.text(figure, "ylabel") == "“reset”, own uses, % of all uses"
    assert read.text(figure, "caption") == (
        "A mark is a month; band: 95 % interval (unit: the story). Open: no own use. Small: fewer than 5 stories; "
        "no line goes through a single one. Hatched: no uses. Own: in the outlet’s voice and not negated. n = “reset” 15 own of 28 uses; 6 mentions put aside. "
        "4 undated uses are left out. Corpus: reset-demo."
    )


def test_over_time_a_term_without_a_use_is_a_gap(make_adoption, read):
    """Where another term has uses the ground is white, and the line has no mark."""
    months = ["2017-01-01", "2017-02-01"]
    rows = [("Post", "reset", 3, 6, 6, month) for month in months]
    rows += [("Post", "ban", 2, 8, 6, months[0]), ("Post", "ban", 0, 0, 0, months[1])]
    (axes,) = plot_adoption(make_adoption(rows)).axes
    assert read.grounds(axes) == []
    assert [y for _, y in read.points(axes, "line-1-full")] == [25.0]


def test_of_many_rows_those_with_the_most_uses_are_drawn(make_adoption, read):
    """The caption says of how many, and none is no number."""
    figure = plot_adoption(make_adoption([(f"outlet {i}", "reset", 1, 5 + i, 6) for i in range(9)]), n_rows=2)
    assert [t for t in read.texts(figure) if t.startswith("outlet")] == ["outlet 7", "outlet 8"]
    assert "Drawn are the 2 of 9 rows with the most uses. n = “reset” 2 own of 25 uses;" in read.text(figure, "caption")
    with pytest.raises(FramingError) as error:
        plot_adoption(make_adoption(ROWS), n_rows=0)
    assert str(error.value) == "n_rows is how many rows to draw, 1 or more; this is 0."


@pytest.mark.parametrize("column", ["single", "double"])
def test_nothing_overlaps_and_nothing_is_cut(make_adoption, read, column):
    """Long names are wrapped, and the width is the journal's."""
    names = (
        "The International Journal of Extraordinarily Long Outlet Names",
        "B",
        "Donaudampfschifffahrtsgesellschaft",
    )
    rows = [(s, t, 1234, 5678, 901) for s in names for t in ("a term", "$x$ & $y")]
    figure = plot_adoption(make_adoption(rows), column=column, title="Whose word?")
    assert figure.get_size_inches()[0] == {"single": 3.5, "double": 7.2}[column]
    assert read.overlaps(figure) == []


def test_the_table_is_not_changed(make_adoption):
    """Drawing leaves the table as it was, with and without periods."""
    for table in (make_adoption(ROWS), make_adoption([(*row, "2017-01-01") for row in ROWS])):
        before = table.copy(deep=True)
        plot_adoption(table)
        pd.testing.assert_frame_equal(table, before)


def test_what_cannot_be_drawn_is_said(make_adoption):
    """A table without uses, a cell twice, undated uses only, too many terms, missing columns, a wrong number."""
    undated = make_adoption([("Post", "reset", 1, 2, 2, None)])
    many = make_adoption([("Post", f"t{i}", 1, 2, 2, "2017-01-01") for i in range(7)])
    for table, settings, message in (
        (
            make_adoption(ROWS[4:5]),
            {},
            "Nothing can be drawn: no cell of this table of adoption has any use (covered is False in all rows).",
        ),
        (
            make_adoption([ROWS[0], ROWS[0]]),
            {},
            "A table of adoption has one row for each row and term; Post, reset occurs more than once.",
        ),
        (undated, {}, "Nothing can be drawn over time: no use in this table has a date."),
        (
            many,
            {},
            "plot_adoption tells 6 terms apart over time; this table has 7: t0, t1, t2, t3, t4, t5, t6. "
            "Draw some of them: adoption[adoption['term'].isin([...])].",
        ),
        (
            pd.DataFrame({"term": ["a"], "n_uses": [1]}),
            {},
            "A table of adoption needs the columns n_own, n_mentioned, n_stories_total, adoption, low, high, covered; "
            "this one has: term, n_uses.",
        ),
        (make_adoption(ROWS).iloc[:0], {}, "This table of adoption is empty: it has columns but no row."),
        (make_adoption(ROWS), {"few": -1}, "few is a number of stories, 0 or more, not -1."),
    ):
        with pytest.raises(FramingError) as error:
            plot_adoption(table, **settings)
        assert str(error.value) == message
