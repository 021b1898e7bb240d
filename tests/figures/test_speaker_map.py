"""The picture of speakers is a table of counts, shaded by their part of the column, whose columns add up."""

from __future__ import annotations

import pandas as pd
import pytest

from toolkit.figures import plot_speakers
from toolkit.tables import FramingError

HITS = {  # outlet: hits of each speaker, "" being nobody in particular
    "Post": {"Ann Lee": 6, "Bo Ek": 1, "": 3},
    "Wire": {"Ann Lee": 1, "Cy Dot": 9, "": 10},
    "Star": {"": 0},
}


@pytest.fixture
def make_speakers():
    """Return a function that makes speakers of {source: {speaker: hits}}."""

    def make(counts, *, by=("source",), term="reset"):
        rows = []
        for source, of_speaker in counts.items():
            total = sum(of_speaker.values())
            for name, n in of_speaker.items():
                rows.append(
                    {
                        "source": source,
                        "term": term,
                        "speaker": name or None,
                        "n_hits": n,
                        "n_hits_total": total,
                        "covered": total > 0,
                    }
                )
        table = pd.DataFrame(rows).astype({"speaker": "str"})
        if not by:
            table = table.drop(columns="source")
        table.attrs["recipe"] = {"settings": {"by": list(by)}, "corpus": {"name": "reset-demo"}}
        return table

    return make


def numbers(figure):
    """The numbers of each row, from the top, as {column: number}."""
    (axes,) = figure.axes
    found = {}
    for text in axes.texts:
        x, y = text.get_position()
        found.setdefault(int(y), {})[int(x)] = text.get_text()
    return [found.get(i, {}) for i in range(int(axes.get_ylim()[0]))]


def test_rows_are_speakers_and_columns_add_up(make_speakers, read):
    """Cy Dot has most hits; Wire has most columns; others are none, nobody 13; columns add up to 20 and 10, all to 30."""
    figure = plot_speakers(make_speakers(HITS))
    names = ["Cy Dot", "Ann Lee", "Bo Ek", "other speakers", "no speaker named", "all"]
    assert [t for t in read.texts(figure) if t in names] == [*names, "all"]
    assert [t for t in read.texts(figure) if t in HITS] == ["Wire", "Post"]
    assert numbers(figure) == [
        {0: "9", 2: "9"},
        {0: "1", 1: "6", 2: "7"},
        {1: "1", 2: "1"},
        {},
        {0: "10", 1: "3", 2: "13"},
        {0: "20", 1: "10", 2: "30"},
    ]


def test_fields_are_darker_the_larger_their_part_of_the_column(make_speakers):
    """9 of 20 and 6 of 10 are the darkest class, 1 of 10 is in the middle, 1 of 20 lighter; sums have no shade."""
    (axes,) = plot_speakers(make_speakers(HITS)).axes
    grey = {p.get_gid().removeprefix("panel-0-cell-"): p.get_facecolor()[0] for p in axes.patches}
    assert set(grey) == {"0-0", "1-0", "1-1", "2-1"}
    assert grey["0-0"] == grey["1-1"] < grey["2-1"] < grey["1-0"]
    dark = [text for text in axes.texts if text.get_color() == "white"]
    assert sorted(text.get_text() for text in dark) == ["6", "9"]


def test_outlets_without_such_a_hit_are_named(make_speakers, read):
    """Star quotes nobody with the term: it is no column, and the caption says so."""
    assert read_caption(read, plot_speakers(make_speakers(HITS))) == (
        "Numbers: hits of “reset” that the speaker is quoted or reported with; the darker, the larger their part of the "
        "column. Empty: none. No quoted or reported hit: Star. n = 30 quoted or reported hits. Corpus: reset-demo."
    )
    many = {"Post": HITS["Post"], **{f"o{i}": {"": 0} for i in range(9)}}
    caption = read_caption(read, plot_speakers(make_speakers(many)))
    assert "No quoted or reported hit: o0, o1, o2, o3, o4, o5 and 3 more." in caption


def read_caption(read, figure):
    return read.text(figure, "caption")


def test_what_is_not_drawn_is_counted(make_speakers, read):
    """With one speaker and one column, the others are summed, the last column still counts all outlets."""
    figure = plot_speakers(make_speakers(HITS), n_speakers=1, n_columns=1)
    assert numbers(figure) == [
        {0: "9", 1: "9"},
        {0: "1", 1: "8"},
        {0: "10", 1: "13"},
        {0: "20", 1: "30"},
    ]
    caption = read_caption(read, figure)
    assert (
        "Drawn are the 1 of 3 speakers with the most hits. Drawn are the 1 of 2 columns with the most hits." in caption
    )


def test_rows_left_out_of_the_table_are_among_the_others(make_speakers):
    """With min_n the table lacks speakers of few hits; its totals know them."""
    table = make_speakers(HITS)
    assert numbers(plot_speakers(table[table["speaker"] != "Bo Ek"]))[2] == {1: "1", 2: "1"}


def test_without_by_there_is_one_column(make_speakers, read):
    """All articles are one column beside the sums."""
    figure = plot_speakers(make_speakers({"x": HITS["Post"]}, by=()))
    assert "all articles" in [t.replace("\n", " ") for t in read.texts(figure)]


def test_only_nobody_is_drawn_too(make_speakers, read):
    """Where no speaker is ever named, the rows below the line are all there is."""
    figure = plot_speakers(make_speakers({"Post": {"": 2}}))
    assert numbers(figure) == [{}, {0: "2", 1: "2"}, {0: "2", 1: "2"}]
    assert "n = 2 quoted or reported hits." in read_caption(read, figure)


@pytest.mark.parametrize("column", ["single", "double"])
@pytest.mark.parametrize("n", [2, 30])
def test_nothing_overlaps_and_nothing_is_cut(make_speakers, read, column, n):
    """Long names of outlets stand upright where there are many, columns are no more than fit, and numbers have room."""
    long = "The International Journal of Extraordinarily Long Outlet Names"
    counts = {
        f"{long} {i}": {
            "Ann Lee": 1234,
            "Donaudampfschifffahrtskapitänsgattin Bo von und zu Ek auf Aa": 45_678,
            "": i + 1,
        }
        for i in range(n)
    }
    figure = plot_speakers(make_speakers(counts), column=column, title="Who says it?")
    assert figure.get_size_inches()[0] == {"single": 3.5, "double": 7.2}[column]
    assert read.overlaps(figure) == []


def test_of_several_terms_one_is_named(make_speakers, read):
    """A table of two terms needs a name; a term that is not there is told."""
    table = pd.concat([make_speakers(HITS), make_speakers({"Post": {"Ann Lee": 2}}, term="ban")])
    assert "hits of “ban”" in read_caption(read, plot_speakers(table, term="ban"))
    for term, message in (
        (
            None,
            "plot_speakers draws one term, and this table has reset, ban. Name one: plot_speakers(speakers, term='reset').",
        ),
        ("bans", "There is no term 'bans'. Did you mean 'ban'? There are: reset, ban."),
    ):
        with pytest.raises(FramingError) as error:
            plot_speakers(table, term=term)
        assert str(error.value) == message


def test_the_table_is_not_changed(make_speakers):
    """Drawing leaves the table as it was."""
    table = make_speakers(HITS)
    before = table.copy(deep=True)
    plot_speakers(table)
    pd.testing.assert_frame_equal(table, before)


def test_what_cannot_be_drawn_is_said(make_speakers):
    """Periods, no quoted or reported hit, a row twice, missing columns, numbers below one."""
    table = make_speakers(HITS)
    for wrong, settings, message in (
        (
            table.assign(period=pd.Timestamp("2017-01-01")),
            {},
            "plot_speakers draws one cell for each speaker and outlet, and this table has periods. "
            "Draw one of them, speakers[speakers['period'] == '2017-02-01'], or count without freq.",
        ),
        (
            make_speakers({"Star": {"": 0}}),
            {},
            "Nothing can be drawn: no cell of this table of speakers has any quoted or reported hit "
            "(covered is False in all rows).",
        ),
        (
            pd.concat([table, table]),
            {},
            "A table of speakers has one row for each row and speaker; Post, Ann Lee occurs more than once.",
        ),
        (
            table.drop(columns="speaker"),
            {},
            "A table of speakers needs the column speaker; this one has: source, term, n_hits, n_hits_total, covered.",
        ),
        (table, {"n_speakers": 0}, "n_speakers is how many speakers to draw, 1 or more; this is 0."),
        (table, {"n_columns": 0}, "n_columns is how many columns to draw, 1 or more; this is 0."),
    ):
        with pytest.raises(FramingError) as error:
            plot_speakers(wrong, **settings)
        assert str(error.value) == message
