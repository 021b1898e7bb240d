"""The picture of voices divides each outlet's hits into four shares that fill a bar, and says how many they are."""

from __future__ import annotations

import pandas as pd
import pytest

from toolkit.figures import plot_voice_shares
from toolkit.tables import FramingError

NAN = float("nan")
VOICES = ("outlet", "scare_quote", "quoted", "reported")
COUNTS = {
    ("Post", "reset"): (1, 0, 2, 1),
    ("Wire", "reset"): (6, 1, 1, 2),
    ("Star", "reset"): (0, 0, 0, 0),
}


@pytest.fixture
def make_shares():
    """Return a function that makes voice shares of {(source, term): hits in each of the four voices}."""

    def make(counts, *, by=("source",)):
        rows = []
        for (source, term), hits in counts.items():
            total = sum(hits)
            for voice, n in zip(VOICES, hits, strict=True):
                share = n / total if total else NAN
                rows.append(
                    {
                        "source": source,
                        "term": term,
                        "voice": voice,
                        "n_hits": n,
                        "n_hits_total": total,
                        "n_articles_total": total,
                        "n_stories_total": total // 2,
                        "share": share,
                        "low": share / 2,
                        "high": (1 + share) / 2,
                        "covered": total > 0,
                    }
                )
        table = pd.DataFrame(rows)
        if not by:
            table = table.drop(columns="source")
        table.attrs["recipe"] = {"settings": {"by": list(by), "confidence": 0.95}, "corpus": {"name": "reset-demo"}}
        return table

    return make


def bars(axes):
    """Voice, left end and width in per cent of each segment, row by row from the top."""
    patches = [p for p in axes.patches if (p.get_gid() or "").startswith("panel-")]
    rows = sorted({p.get_y() for p in patches})
    return [[(p.get_gid().split("-")[2], p.get_x(), p.get_width()) for p in patches if p.get_y() == y] for y in rows]


def test_the_shares_fill_each_bar(make_shares, read):
    """Wire's 6, 1, 1 and 2 of 10 come first, as its own word is the largest; Post's has no scare quote; Star has no bar."""
    figure = plot_voice_shares(make_shares(COUNTS))
    (axes,) = figure.axes
    first, second = bars(axes)
    assert [name for name, *_ in first] == list(VOICES)
    assert [value for _, *ends in first for value in ends] == pytest.approx([0, 60, 60, 10, 70, 10, 80, 20])
    assert second == [("outlet", 0, 25.0), ("quoted", 25.0, 50.0), ("reported", 75.0, 25.0)]
    assert [t for t in read.texts(figure) if t in ("Post", "Wire", "Star")] == ["Wire", "Post", "Star"]


def test_n_stands_beside_each_bar(make_shares, read):
    """Hits and stories; a cell without a hit says so."""
    texts = read.texts(plot_voice_shares(make_shares(COUNTS)))
    assert {"10 (5)", "4 (2)", "no hits", "hits (stories)"} <= set(texts)


def test_segments_with_room_say_their_per_cent(make_shares):
    """Numbers stand in the segments; one of 1 % has no room for it."""
    (axes,) = plot_voice_shares(make_shares({("Post", "reset"): (60, 1, 29, 10)})).axes
    assert [text.get_text() for text in axes.texts] == ["60", "29", "10"]


def test_the_line_over_a_bar_is_the_outlet_s_interval(make_shares, read):
    """It goes from 30 to 80 % for Wire, from 12.5 to 62.5 % for Post."""
    (axes,) = plot_voice_shares(make_shares(COUNTS)).axes
    assert read.intervals(axes) == [(30.0, 80.0), (12.5, 62.5)]


def test_voices_do_not_rest_on_colour(make_shares):
    """In grey print neighbours differ by a fifth of the way from black to white at least, or by hatching."""
    (axes,) = plot_voice_shares(make_shares({("Wire", "reset"): (3, 3, 3, 3)})).axes
    patches = [p for p in axes.patches if (p.get_gid() or "").startswith("panel-")]
    grey = [0.299 * r + 0.587 * g + 0.114 * b for r, g, b, _ in (p.get_facecolor() for p in patches)]
    hatch = [p.get_hatch() for p in patches]
    assert all(
        abs(a - b) >= 0.2 or one != other for a, b, one, other in zip(grey, grey[1:], hatch, hatch[1:], strict=False)
    )
    assert len(set(zip((round(g, 1) for g in grey), hatch, strict=True))) == 4


def test_the_key_names_the_voices(make_shares, read):
    """Four patches with their names."""
    figure = plot_voice_shares(make_shares(COUNTS))
    names = [read.text(figure, f"key-{voice}") for voice in VOICES]
    assert names == ["outlet’s own word", "scare quote", "quoted", "reported"]


def test_the_caption_says_n_and_interval(make_shares, read):
    """The caption can stand alone."""
    assert read.text(plot_voice_shares(make_shares(COUNTS)), "caption") == (
        "Bars: shares of the voices, in the order of the key, in %. Thin line: 95 % interval (unit: the story) of the "
        "outlet’s own word, from the left. n = “reset” 14 hits. Corpus: reset-demo."
    )


def test_each_term_is_a_panel_and_without_by_a_row(make_shares, read):
    """Two terms are two panels; counted over all outlets they are two rows."""
    both = {**COUNTS, ("Post", "ban"): (1, 1, 1, 1)}
    figure = plot_voice_shares(make_shares(both))
    assert [axes.get_label() for axes in figure.axes] == ["“reset”", "“ban”"]
    assert read.text(figure, "xlabel") == "% of the term’s hits"
    one = plot_voice_shares(make_shares({("", "ban"): (1, 1, 1, 1), ("", "reset"): (6, 1, 1, 2)}, by=()))
    assert len(one.axes) == 1 and [t for t in read.texts(one) if t.startswith("“")] == ["“reset”", "“ban”"]


def test_the_table_s_order_can_be_kept(make_shares, read):
    """Without sorting, rows stand as in the table."""
    texts = read.texts(plot_voice_shares(make_shares(COUNTS), sort=False))
    assert [t for t in texts if t in ("Post", "Wire", "Star")] == ["Post", "Wire", "Star"]


def test_of_many_rows_those_with_the_most_hits_are_drawn(make_shares, read):
    """The caption says of how many."""
    figure = plot_voice_shares(make_shares({(f"o{i}", "reset"): (i, 1, 1, 1) for i in range(8)}), n_rows=2)
    assert "Drawn are the 2 of 8 rows with the most hits. n = “reset” 19 hits." in read.text(figure, "caption")


@pytest.mark.parametrize("column", ["single", "double"])
def test_nothing_overlaps_and_nothing_is_cut(make_shares, read, column):
    """Long names are wrapped, and the width is the journal's."""
    long = "The International Journal of Extraordinarily Long Outlet Names"
    counts = {(s, t): (1234, 200, 3100, 900) for s in (long, "B") for t in ("a term", "$x$ & $y")}
    figure = plot_voice_shares(make_shares(counts), column=column, title="Whose word?")
    assert figure.get_size_inches()[0] == {"single": 3.5, "double": 7.2}[column]
    assert read.overlaps(figure) == []


def test_the_table_is_not_changed(make_shares):
    """Drawing leaves the table as it was."""
    table = make_shares(COUNTS)
    before = table.copy(deep=True)
    plot_voice_shares(table)
    pd.testing.assert_frame_equal(table, before)


def test_what_cannot_be_drawn_is_said(make_shares):
    """Periods, an unknown voice, no hits at all, a cell twice, missing columns."""
    table = make_shares(COUNTS)
    for wrong, message in (
        (
            table.assign(period=pd.Timestamp("2017-01-01")),
            "plot_voice_shares draws one bar for each cell and term, and this table has periods. "
            "Draw one of them, voice_shares[voice_shares['period'] == '2017-02-01'], or count without freq.",
        ),
        (table.assign(voice="own"), "There is no voice 'own'. There are: outlet, scare_quote, quoted, reported."),
        (
            make_shares({("Star", "reset"): (0, 0, 0, 0)}),
            "Nothing can be drawn: no cell of this table of voice shares has any hit (covered is False in all rows).",
        ),
        (
            pd.concat([table, table]),
            "A table of voice shares has one row for each row and term and voice; Post, reset, outlet occurs more than once.",
        ),
        (
            table.drop(columns=["share", "low"]),
            "A table of voice shares needs the columns share, low; this one has: source, term, voice, n_hits, n_hits_total, "
            "n_articles_total, n_stories_total, high, covered.",
        ),
    ):
        with pytest.raises(FramingError) as error:
            plot_voice_shares(wrong)
        assert str(error.value) == message
