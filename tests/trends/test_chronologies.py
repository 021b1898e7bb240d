"""Chronologies are dated facts, each with its source; a faulty file is named with its fault."""

from __future__ import annotations

import pandas as pd
import pytest

import toolkit as tk
from toolkit.corpora.cards import names
from toolkit.tables import EVENTS, FramingError
from toolkit.trends.chronologies import events_of

GOOD = '[[event]]\ndate = 2009-03-06\nlabel = "Button"\nsource = "A document, 6 March 2009"\n'


def test_the_chronologies_that_come_along():
    """The reset from 2009 to 2016 and the travel bans of 2017, by date, each event with a label and a document."""
    table = tk.events()
    assert set(table["chronology"]) == {"us-russia-reset", "travel-ban-2017"}
    assert list(table.columns) == list(EVENTS.columns)
    assert table["date"].is_monotonic_increasing and table.notna().all(axis=None)
    assert (table["label"].str.len() <= 40).all()  # they stand under a figure
    assert not table["source"].str.contains("://").any()
    assert not table.duplicated(["chronology", "label"]).any()
    # a document is as old as the fact, or younger, so its year is not an earlier one
    years = table["source"].str.findall(r"\b(20\d\d)\b").map(lambda found: max(map(int, found)))
    assert (years >= table["date"].dt.year).all()


@pytest.mark.parametrize(
    ("name", "day", "label"),
    [
        ("us-russia-reset", "2009-02-07", "Biden in Munich: press the reset button"),
        ("us-russia-reset", "2010-04-08", "New START signed in Prague"),
        ("us-russia-reset", "2014-03-18", "Russia annexes Crimea"),
        ("us-russia-reset", "2016-12-29", "US expels 35 Russian diplomats"),
        ("travel-ban-2017", "2017-01-27", "First order (EO 13769)"),
        ("travel-ban-2017", "2017-06-26", "Supreme Court allows a part"),
    ],
)
def test_days_that_many_books_give(name, day, label):
    """A few days that can be looked up anywhere."""
    table = tk.events(name)
    assert table.loc[table["label"] == label, "date"].tolist() == [pd.Timestamp(day)]
    assert (table["chronology"] == name).all()


def test_the_folder_of_events_is_no_corpus():
    """The catalogue of corpora does not list it."""
    assert "events" not in names()


def test_a_file_of_ones_own(tmp_path):
    """A TOML file is read by its path; rows come by date whatever the order in the file, a note stays in the file."""
    path = tmp_path / "mine.toml"
    path.write_text(
        'title = "Mine"\n'
        + GOOD
        + '[[event]]\ndate = 2008-08-08\nlabel = "War"\nsource = "A report"\nnote = "Olympics"\n',
        encoding="utf-8",
    )
    for given in (path, str(path)):
        table = tk.events(given)
        assert table["label"].tolist() == ["War", "Button"] and set(table["chronology"]) == {"mine"}


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (GOOD, 'it needs a title, as in title = "..."'),
        ('title = "x"', "it needs at least one event, as a table under [[event]]"),
        ('title = "x"\nevent = 3', "it needs at least one event, as a table under [[event]]"),
        ('title = "x"\n' + GOOD.replace("date = 2009-03-06\n", ""), "event 1 (Button) has no date"),
        ('title = "x"\n[[event]]\ndate = 2009-03-06', "event 1 has no label, source"),
        (
            'title = "x"\n' + GOOD + 'place = "Geneva"',
            "event 1 (Button) has place; an event may have date, label, source and note",
        ),
        (
            'title = "x"\n' + GOOD.replace("2009-03-06", '"6 March"', 1),
            "the date of event 1 (Button) must be a day without quotes, as in date = 2009-03-06, not '6 March'",
        ),
        (
            'title = "x"\n' + GOOD.replace("2009-03-06", "2009-03-06T10:00:00", 1),
            "the date of event 1 (Button) must be a day without quotes, as in date = 2009-03-06, "
            "not datetime.datetime(2009, 3, 6, 10, 0)",
        ),
        (
            'title = "x"\n' + GOOD.replace('"A document, 6 March 2009"', '" "'),
            "the source of event 1 (Button) must be words, not ' '",
        ),
    ],
)
def test_a_faulty_file_is_named_with_its_fault(tmp_path, said, wrong):
    """The sentence says which event lacks what."""
    path = tmp_path / "mine.toml"
    path.write_text(said, encoding="utf-8")
    with pytest.raises(FramingError) as error:
        tk.events(path)
    assert str(error.value) == f"The chronology {path} cannot be used: {wrong}."


def test_what_is_no_chronology(tmp_path):
    """An unknown name, a missing file and broken TOML each have their sentence."""
    with pytest.raises(FramingError) as error:
        tk.events("us-russia")
    assert str(error.value) == (
        "There is no chronology 'us-russia'. Did you mean 'us-russia-reset'? There are: travel-ban-2017, us-russia-reset."
    )
    with pytest.raises(FramingError) as error:
        tk.events(tmp_path / "none.toml")
    assert str(error.value) == f"There is no file {tmp_path / 'none.toml'}."
    broken = tmp_path / "broken.toml"
    broken.write_text("title = \n", encoding="utf-8")
    with pytest.raises(FramingError, match=r"cannot be read: Invalid value .* It must be a TOML file in UTF-8\."):
        tk.events(broken)


def test_events_can_be_given_in_several_forms():
    """A name, a table with more columns, and a dict of label to day are the same two columns, by date, without hours."""
    table = tk.events("travel-ban-2017")
    pd.testing.assert_frame_equal(events_of("travel-ban-2017"), table[["date", "label"]])
    pd.testing.assert_frame_equal(events_of(table.assign(more=1)), table[["date", "label"]])
    given = events_of({"b": "2017-02-01 13:00", "a": pd.Timestamp("2017-01-01")})
    assert given["label"].tolist() == ["a", "b"]
    assert given["date"].tolist() == [pd.Timestamp("2017-01-01"), pd.Timestamp("2017-02-01")]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            pd.DataFrame({"date": pd.to_datetime(["2017-01-01", None]), "label": ["a", "b"]}),
            "Events need a date; these have none: b.",
        ),
        (pd.DataFrame({"date": [], "label": []}), "This table of events is empty: it has columns but no row."),
        (
            pd.DataFrame({"date": ["2017-01-01"], "label": ["a"]}),
            "The column date of the events holds str, not dates. Convert it: events['date'] = pd.to_datetime(events['date']).",
        ),
        (
            pd.DataFrame({"date": pd.to_datetime(["2017-01-01"])}),
            "A table of events needs the column label; this one has: date.",
        ),
        (
            7,
            "Events are a table with date and label, the name of a chronology, a TOML file, or a dict of label to day; this is a int.",
        ),
    ],
)
def test_faulty_events_are_refused(given, sentence):
    """Each fault has its sentence."""
    with pytest.raises(FramingError) as error:
        events_of(given)
    assert str(error.value) == sentence
