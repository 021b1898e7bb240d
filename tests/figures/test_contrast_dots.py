"""The picture of contrasts: what is drawn is what the table says, and what cannot be drawn is named."""

import math

import pandas as pd
import pytest

import toolkit as tk
from toolkit.figures import plot_contrasts

NAN, INF = float("nan"), float("inf")


@pytest.fixture
def make():
    """Return a function that makes contrasts of rows (source, term, hits, hits of the reference[, words, words of the reference])."""

    def made(rows, *, reference="rest", clear=(), **settings):
        table = []
        for source, term, here, there, *words in rows:
            n1, n2 = words or (1000, 1000)
            covered = n1 > 0 and n2 > 0
            difference = (here / n1 - there / n2) * 1e6 if covered else NAN
            ratio = NAN if not covered or not here + there else here * n2 / (there * n1) if there else INF
            table.append(
                {
                    "source": source,
                    "reference": reference,
                    "term": term,
                    "difference": difference,
                    "low": difference - 500,
                    "high": difference + 700,
                    "ratio": ratio,
                    "ratio_low": NAN if not covered else 0.0 if not here else ratio / 2 if there else 1.5,
                    "ratio_high": NAN if not covered else INF if not there else ratio * 2 if here else 0.8,
                    "p_adjusted": NAN if not covered else 0.01 if source in clear else 0.4,
                    "n_hits_target": here,
                    "n_hits_reference": there,
                    "n_words_target": n1,
                    "n_words_reference": n2,
                    "n_articles_total_target": int(n1 > 0) * 5,
                    "n_stories_total_target": int(n1 > 0) * 4,
                    "covered": covered,
                }
            )
        frame = pd.DataFrame(table)
        kept = {"between": "source", "by": [], "measure": "per_million", "adjust": "holm", "confidence": 0.95}
        frame.attrs["recipe"] = {
            "function": "toolkit.compare",
            "settings": {**kept, "reference": reference, **settings},
            "corpus": {"name": "daily-brief"},
        }
        return frame

    return made


ROWS = [("Post", "reset", 4, 2), ("Sun", "reset", 1, 4), ("Wire", "reset", 0, 3), ("Mail", "reset", 5, 0)]


def marks(axes):
    return {
        line.get_gid().partition("-")[2].partition("-")[2]: [
            (round(float(x), 3), round(float(y), 3)) for x, y in zip(*line.get_data())
        ]
        for line in axes.lines
        if line.get_marker() not in (None, "None", "")
    }


def test_ratios_stand_on_an_axis_of_doublings(make, read):
    """Twice is one step right of equality, a quarter two steps left; intervals reach to their ends."""
    figure = plot_contrasts(make(ROWS, clear=["Post"]))
    (axes,) = figure.axes
    found = marks(axes)
    assert [x for x, _ in found["dots"]] == [1.0]
    assert [x for x, _ in found["dots-pale"]] == [-2.0]
    ticks = dict(zip(axes.get_xticks().tolist(), (label.get_text() for label in axes.get_xticklabels())))
    assert (ticks[-2.0], ticks[0.0], ticks[1.0]) == ("1/4", "1", "2")
    assert (0.0, 2.0) in [tuple(round(x, 6) for x in ends) for ends in read.intervals(axes)]
    assert not read.overlaps(figure)


def test_rows_come_from_the_highest(make, read):
    """Rows are ordered by the first term's ratio, those without a number and without articles last, or as in the table."""
    rows = [*ROWS, ("Gone", "reset", 0, 4, 0, 1000), ("Dull", "reset", 0, 0)]
    texts = read.texts(plot_contrasts(make(rows)))
    order = [t for t in texts if t in {row[0] for row in rows}]
    assert order == ["Mail", "Post", "Sun", "Wire", "Dull", "Gone"]
    texts = read.texts(plot_contrasts(make(rows), sort=False))
    assert [t for t in texts if t in {row[0] for row in rows}] == [row[0] for row in rows]


def test_zero_no_hits_and_no_articles_are_three_things(make, read):
    """A ratio of zero is an arrowhead with an interval; no hit on either side, no articles and no reference are words."""
    rows = [*ROWS, ("Gone", "reset", 0, 4, 0, 1000), ("Dull", "reset", 0, 0), ("Lone", "reset", 2, 0, 1000, 0)]
    table = make(rows)
    table.loc[table["source"] == "Gone", "n_articles_total_target"] = 0
    figure = plot_contrasts(table, sort=False)
    texts = read.texts(figure)
    assert [t for t in texts if t.startswith("no ")] == ["no articles", "no hits", "no reference"]
    found = marks(figure.axes[0])
    start, end = figure.axes[0].get_xlim()
    assert [x for x, _ in found["endless-left-zero-pale"]] == [pytest.approx(start, abs=1e-3)]
    assert [x for x, _ in found["endless-right-zero-pale"]] == [pytest.approx(end, abs=1e-3)]
    assert len(found["dots-pale"]) == 2
    caption = read.text(figure, "caption")
    assert "Open: one side has no hit." in caption
    assert "No reference: articles on this side only." in caption
    assert "4 / 2" in texts and "0 / 3" in texts
    table.loc[table["source"] == "Gone", "n_articles_total_target"] = 3
    assert "no text" in read.texts(plot_contrasts(table))


def test_a_clear_zero_is_dark(make):
    """A source that surely lacks the term has an open arrowhead as dark as other clear marks, not a pale one."""
    axes = plot_contrasts(make(ROWS, clear=["Wire", "Post"])).axes[0]
    looks = {line.get_gid(): line for line in axes.lines}
    assert looks["panel-0-endless-left-zero"].get_markerfacecolor() == "white"
    assert looks["panel-0-endless-left-zero"].get_markeredgecolor() == looks["panel-0-dots"].get_markeredgecolor()
    assert looks["panel-0-endless-right-zero-pale"].get_markeredgecolor() != looks["panel-0-dots"].get_markeredgecolor()


def test_differences_stand_in_their_unit(make, read):
    """The difference is drawn in hits per million words, that of shares in percentage points."""
    figure = plot_contrasts(make(ROWS), of="difference", column="single")
    assert sorted(x for x, _ in marks(figure.axes[0])["dots-pale"]) == [-3000.0, -3000.0, 2000.0, 5000.0]
    assert read.text(figure, "xlabel") == "more than the rest: hits per million words"
    assert not read.overlaps(figure)
    table = make(ROWS, reference="Wire", measure="share")
    table[["difference", "low", "high"]] /= 1e6
    figure = plot_contrasts(table, of="difference")
    assert sorted(x for x, _ in marks(figure.axes[0])["dots-pale"])[-1] == 0.5
    assert read.text(figure, "xlabel") == "more than in Wire: percentage points of the articles"


def test_the_caption_says_what_is_drawn(make, read):
    """The caption names ratio, interval, its unit, the adjustment, the number of comparisons and n."""
    caption = read.text(plot_contrasts(make(ROWS, clear=["Post"])), "caption")
    assert caption == (
        "Dot: ratio of hits per million words, row over rest; line: 95 % interval (unit: the story), each by itself. "
        "Open: one side has no hit. Pale: not significant, p adjusted for 4 comparisons (Holm) of 0.05 or more. n = “reset” 10 hits. Corpus: daily-brief."
    )
    together = read.text(plot_contrasts(make(ROWS, adjust="bonferroni", reference="Times")), "caption")
    assert "interval (unit: the story), all of them together." in together
    assert "Pale: not significant, p adjusted for 4 comparisons (Bonferroni) of 0.05 or more." in together
    assert "n = “reset” 10 hits and 4 in Times." in together
    assert "Pale: not significant, p of 0.05 or more." in read.text(plot_contrasts(make(ROWS, adjust=None)), "caption")
    clear = read.text(plot_contrasts(make(ROWS, clear=[row[0] for row in ROWS])), "caption")
    assert "Pale" not in clear and "All marks: p adjusted for 4 comparisons (Holm) below 0.05." in clear


def test_the_rows_with_the_most_words_are_drawn(make, read):
    """Of many rows the largest are drawn, and the caption says of how many."""
    rows = [(f"S{i}", "reset", 2, 3, 1000 + i, 5000) for i in range(9)]
    figure = plot_contrasts(make(rows), n_rows=2)
    assert {"S7", "S8"} < set(read.texts(figure)) and "S0" not in read.texts(figure)
    assert "Drawn are the 2 of 9 rows with the most words." in read.text(figure, "caption")


def test_periods_keep_their_order_and_say_what_they_are_compared_with(read):
    """Periods stand in the order of time, each with its reference, and one that is covered in part has a half-filled mark."""
    articles = pd.DataFrame(
        {
            "doc_id": list("abcdef"),
            "source": "Post",
            "date": pd.to_datetime(
                ["2017-01-01", "2017-01-31", "2017-02-01", "2017-02-28", "2017-03-01", "2017-03-05"]
            ),
            "text": ["A reset.", "None.", "A reset, a reset.", "A reset.", "Reset it.", "Nothing new."],
        }
    )
    table = tk.compare(articles, "reset", between="period", freq="M", reference="previous")
    figure = plot_contrasts(table)
    labels = [t for t in read.texts(figure) if t.startswith("2017")]
    assert labels == ["2017-02 : 2017-01", "2017-03 : 2017-02"]
    assert [x for x, _ in read.points(figure.axes[0], "-dots-partial-pale")] == [-1.0]
    assert "Half-filled: articles from a part of the period only." in read.text(figure, "caption")
    assert not read.overlaps(figure)


def test_ordered_categories_keep_their_order(make, read):
    """Categories stand in their own order, whatever their ratios; without one the higher ratio stands first."""
    table = make([("Mild", "reset", 1, 4), ("Hot", "reset", 4, 1)])
    plain = read.texts(plot_contrasts(table))
    assert plain.index("Hot") < plain.index("Mild")
    table["source"] = pd.Categorical(table["source"], ["Mild", "Hot"], ordered=True)
    texts = read.texts(plot_contrasts(table))
    assert texts.index("Mild") < texts.index("Hot")


def test_several_references_name_the_rows(make, read):
    """In a table of pairs each row says both of its sides."""
    table = pd.concat([make(ROWS[:1], reference="Sun"), make(ROWS[:1], reference="Wire")], ignore_index=True)
    assert {"Post : Sun", "Post : Wire"} < set(read.texts(plot_contrasts(table)))


def test_without_a_recipe_the_table_speaks(make, read):
    """A table that lost its recipe is drawn by its columns."""
    table = make(ROWS)
    table.attrs = {}
    assert {"Post", "Sun"} < set(read.texts(plot_contrasts(table)))


def test_bad_tables(make):
    """What cannot be drawn is refused in one sentence."""
    table = make(ROWS)
    for call, message in (
        (lambda: plot_contrasts(table, of="log"), "plot_contrasts draws the 'ratio' or the 'difference', not 'log'."),
        (lambda: plot_contrasts(table, n_rows=0), "n_rows is how many rows to draw, 1 or more; this is 0."),
        (
            lambda: plot_contrasts(table.assign(covered=False)),
            "Nothing can be drawn: no row of this table has articles on both sides (covered is False).",
        ),
        (
            lambda: plot_contrasts(table.assign(period=pd.date_range("2017-01-01", periods=4))),
            "plot_contrasts draws one mark for each row and term, and this table compares inside several periods. "
            "Draw one of them: contrasts[contrasts['period'] == '2017-02-01'].",
        ),
        (lambda: plot_contrasts(table.head(0)), "This table of contrasts is empty: it has columns but no row."),
    ):
        with pytest.raises(tk.FramingError) as error:
            call()
        assert str(error.value) == message
    with pytest.raises(tk.FramingError, match="A table of contrasts needs the column p_adjusted"):
        plot_contrasts(table.drop(columns="p_adjusted"))


def test_the_table_stays_as_it_is(make):
    """Drawing changes no table."""
    table = make(ROWS)
    before = table.copy(deep=True)
    plot_contrasts(table)
    pd.testing.assert_frame_equal(table, before)
    assert math.isinf(table["ratio"].max())
