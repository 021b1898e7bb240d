"""Concordance: lines as printed, in quanteda's columns, never beyond their field."""

import re

import pandas as pd
import pytest

import toolkit as tk
from toolkit.tables import CONCORDANCE


def index(*texts, **columns):
    return tk.tokenize(pd.DataFrame({"doc_id": [f"d{n}" for n in range(len(texts))], "text": list(texts), **columns}))


def test_lines_of_a_small_text():
    """Window, marks and ends of the text are as one reads them."""
    lines = tk.kwic(index("Reset it. They call it a “reset”,\nagain and again, reset."), "reset", window=2)
    assert lines[["pre", "keyword", "post", "from", "to"]].values.tolist() == [
        ["", "Reset", " it. They ", 0, 0],
        ["it a “", "reset", "”, again and ", 6, 6],
        ["and again, ", "reset", ".", 10, 10],
    ]


def test_columns_are_quantedas_and_ours():
    """The columns are those of the tables file, in its order."""
    lines = tk.kwic(tk.tokenize(tk.load("daily-brief")), "reset*")
    assert list(lines.columns) == list(CONCORDANCE.columns)
    assert lines["source"].notna().all()


def test_lines_stay_in_their_field():
    """The line of a title ends with the title."""
    lines = tk.kwic(index("The text follows.", title=["A reset"]), "reset", window=5)
    assert lines[["pre", "post", "field"]].values.tolist() == [["A ", "", "title"]]


def test_line_joined_is_the_text():
    """With a window wider than the text, pre, keyword and post are the whole text."""
    articles = tk.load("daily-brief")
    lines = tk.kwic(tk.tokenize(articles), ["reset*", "travel ban*"], window=10_000)
    texts = articles.set_index("doc_id")
    for line in lines.to_dict("records"):
        whole = texts.loc[line["docname"], line["field"]]
        assert line["pre"] + line["keyword"] + line["post"] == re.sub(r"[\n\r\t\v\f]", " ", whole)


def test_odd_text_makes_no_odd_line():
    """A text with NUL and line separators still gives one line for each hit."""
    lines = tk.kwic(index("a\0b reset\u2028c\x0bd\0"), "reset")
    assert lines[["pre", "post"]].values.tolist() == [["a b", "c d"]] or "\n" not in "".join(
        lines["pre"] + lines["post"]
    )
    assert len(lines) == 1


def test_draw_is_repeatable_and_in_order():
    """The same seed draws the same lines, in the order of the corpus; a draw larger than all is all."""
    tokens = index(*[f"reset {n}" for n in range(50)])
    one, two = tk.kwic(tokens, "reset", n=5, seed=3), tk.kwic(tokens, "reset", n=5, seed=3)
    pd.testing.assert_frame_equal(one, two)
    assert one["docname"].str[1:].astype(int).is_monotonic_increasing
    assert len(tk.kwic(tokens, "reset", n=99)) == 50
    assert set(tk.kwic(tokens, "reset", n=5, seed=4)["docname"]) != set(one["docname"])


def test_nothing_found_is_an_empty_table_with_columns():
    """A pattern without a match warns and gives the columns without a row."""
    with pytest.warns(tk.FramingWarning):
        lines = tk.kwic(index("no such word"), "reset")
    assert len(lines) == 0
    assert "keyword" in lines.columns


def test_negative_window():
    """A window below zero is refused."""
    with pytest.raises(tk.FramingError) as error:
        tk.kwic(index("reset"), "reset", window=-1)
    assert str(error.value) == "A window and a number of lines are 0 or more; these are -1 and None."
