"""Hold that a fingerprint is the content's and nothing else's."""

from __future__ import annotations

import time

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.corpora import combine, fingerprint, fingerprint_parts, load
from toolkit.tables import FramingError

# Few letters, so that equal rows are drawn often; the last ones are what a careless encoding would part fields with.
values = st.one_of(st.none(), st.text(alphabet="ab\x00\x01\x1f,", max_size=3))
rows = st.lists(st.tuples(st.text("ab", min_size=1, max_size=2), values, values), max_size=5)


def frame(rows: list[tuple[str | None, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["doc_id", "title", "text"], dtype="str")


@settings(deadline=None)
@given(rows, st.randoms(use_true_random=False))
def test_order_does_not_matter(drawn, random):
    """Rows in another order have the same fingerprint."""
    shuffled = list(drawn)
    random.shuffle(shuffled)
    assert fingerprint(frame(shuffled)) == fingerprint(frame(drawn))


@settings(max_examples=300, deadline=None)
@given(rows, rows)
def test_same_name_means_same_rows(one, other):
    """Two tables share a fingerprint exactly when they have the same rows, each as often."""

    def bag(drawn: list[tuple[str | None, ...]]) -> list[tuple[str | None, ...]]:
        return sorted(drawn, key=repr)

    assert (fingerprint(frame(one)) == fingerprint(frame(other))) == (bag(one) == bag(other))


@settings(deadline=None)
@given(rows, st.integers(0, 5))
def test_parts_add_up(drawn, cut):
    """A corpus hashed in two parts has the fingerprint of the whole."""
    parts = [fingerprint_parts(frame(drawn[:cut])), fingerprint_parts(frame(drawn[cut:]))]
    assert combine(parts) == fingerprint(frame(drawn))


def test_it_begins_with_the_number_of_rows():
    """A fingerprint is the number of rows, a hyphen and 32 hexadecimal digits; that of nothing is all zeros."""
    assert fingerprint(frame([])) == "0-" + 32 * "0"
    count, digits = fingerprint(frame([("a", None, "x"), ("b", None, "y")])).split("-")
    assert count == "2" and len(digits) == 32 and int(digits, 16) > 0


def test_it_stays_the_same_from_version_to_version():
    """The fingerprint of a fixed table is a fixed string: recipes written today can be checked next year."""
    table = frame([("a", None, "A reset.")]).assign(date=pd.to_datetime(["2017-01-05"]))
    assert fingerprint(table) == "1-b0f397f0ab10dd3be362a2884dc8a088"


def test_a_repeated_row_counts():
    """A row that stands twice is not the row that stands once, nor no row."""
    once = frame([("a", None, "x")])
    assert len({fingerprint(once), fingerprint(pd.concat([once, once])), fingerprint(once[:0])}) == 3


def test_missing_is_not_empty():
    """A missing title and an empty one differ; a column that is absent is one that is missing throughout."""
    missing, empty = frame([("a", None, "x")]), frame([("a", "", "x")])
    assert fingerprint(missing) != fingerprint(empty)
    assert fingerprint(missing) == fingerprint(missing.drop(columns="title"))


def test_moving_a_letter_between_fields_shows():
    """ "ab" and "c" are not "a" and "bc"; what was in the title and is now in the text is another article."""
    assert fingerprint(frame([("x", "ab", "c")])) != fingerprint(frame([("x", "a", "bc")]))
    assert fingerprint(frame([("x", "ab", None)])) != fingerprint(frame([("x", None, "ab")]))


def test_how_a_value_is_stored_does_not_matter():
    """The unit of a date, the type of a string column and counts kept as floats do not show in the fingerprint."""
    table = pd.DataFrame({"doc_id": ["a", "b"], "date": pd.to_datetime(["2017-01-05", None]), "n_words": [5, 7]})
    stored = table.astype({"doc_id": object, "date": "datetime64[ns]", "n_words": float})
    assert fingerprint(stored) == fingerprint(table)
    in_categories = table.astype({"doc_id": "category", "date": "datetime64[s]"})
    assert fingerprint(in_categories) == fingerprint(table)


def test_each_field_counts():
    """A change in any of the six fields changes the fingerprint; one in another column does not."""
    table = load("daily-brief")
    before = fingerprint(table)
    for column in ("doc_id", "source", "title", "standfirst", "text"):
        assert fingerprint(table.assign(**{column: table[column].fillna("") + "."})) != before, column
    assert fingerprint(table.assign(date=table["date"] + pd.Timedelta(days=1))) != before
    assert fingerprint(table.assign(country="US", url="x", n_words=1)) == before


def test_counts_count_in_a_counts_table():
    """Where there is no text, the counts are the content; the order of their columns is not."""
    table = pd.DataFrame({"doc_id": ["a"], "n_words": [9], "n_reset": [1], "n_ban": [0]})
    assert fingerprint(table) != fingerprint(table.assign(n_reset=2))
    assert fingerprint(table) != fingerprint(table.rename(columns={"n_reset": "n_ban", "n_ban": "n_reset"}))
    assert fingerprint(table) == fingerprint(table[["n_ban", "n_words", "doc_id", "n_reset"]])


def test_half_a_letter_does_not_raise():
    """Text that is not valid Unicode (half of a surrogate pair) has a fingerprint too."""
    broken = pd.DataFrame({"doc_id": ["a"], "text": pd.Series(["\ud83d"], dtype=object)})
    assert fingerprint(broken).startswith("1-")


def test_no_doc_id():
    """A table without doc_id is refused in a sentence."""
    with pytest.raises(FramingError) as error:
        fingerprint(pd.DataFrame({"id": ["a"], "body": ["x"]}))
    assert str(error.value) == "A fingerprint needs the column doc_id; this table has: id, body."


def test_the_input_is_left_alone():
    """Neither the table nor its attributes change."""
    table = load("daily-brief")
    copy = table.copy()
    fingerprint(table)
    pd.testing.assert_frame_equal(table, copy)
    assert table.attrs == copy.attrs


def test_it_is_quick():
    """4,000 articles of 3,000 characters take far less than a second (measured: 0.04 s)."""
    table = frame([(str(n), "a title", 300 * "ten chars. ") for n in range(4000)])
    start = time.perf_counter()
    fingerprint(table)
    assert time.perf_counter() - start < 1
