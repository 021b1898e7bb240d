"""Windows: how far they reach, which words stand in them, and on which side of the hit."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
from toolkit.text.windows import check_window, windows_of, words_near_any, words_near_each

TEXTS = st.lists(st.lists(st.sampled_from("xab"), max_size=12).map(" ".join), min_size=1, max_size=4)
SIDES = st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(any)


def index(*texts, **columns):
    frame = pd.DataFrame({"doc_id": [f"d{n}" for n in range(len(texts))], "text": list(texts), **columns})
    return tk.tokenize(frame)


@given(TEXTS.filter(lambda texts: "x" in "".join(texts)), SIDES)
def test_windows_are_what_a_loop_over_words_finds(texts, sides):
    """In any text each word is near the hits, and on the side of the nearest one, that a plain loop says."""
    left, right = sides
    each, any_of = [], {}
    place, number = 0, 0
    for text in texts:
        words = text.split()
        hits = [i for i, word in enumerate(words) if word == "x"]
        for hit in hits:
            for i, word in enumerate(words):
                if word != "x" and -left <= i - hit <= right:
                    each.append((number, place + i))
                    # the nearest decides, and of two equally near the later one, left of which the word stands
                    distance = (abs(i - hit), i > hit)
                    any_of[place + i] = min(any_of.get(place + i, distance), distance)
            number += 1
        place += len(words)
    found = windows_of(index(*texts), "x", sides)
    at, which = words_near_each(found)
    assert sorted(zip(which.tolist(), at.tolist(), strict=True)) == sorted(each)
    at, is_right = words_near_any(found)
    assert dict(zip(at.tolist(), is_right.tolist(), strict=True)) == {i: right for i, (_, right) in any_of.items()}
    assert (np.diff(at) > 0).all()


def test_overlapping_terms_are_one_occurrence():
    """ "Travel ban" with a term for each of "ban" and "travel ban" is one hit of two words; hits side by side are two."""
    found = windows_of(index("a travel ban here", "ban ban"), {"ban": "ban", "phrase": "travel ban"}, 1)
    assert (found.first.tolist(), found.last.tolist()) == ([1, 4, 5], [2, 4, 5])
    assert (found.low.tolist(), found.high.tolist()) == ([0, 4, 4], [3, 5, 5])
    assert found.article.tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    ("window", "words"),
    [
        ("sentence", "a reset came"),
        ("paragraph", "it rained a reset came"),
        ((1, 0), "a reset"),
        (9, "it rained a reset came no more"),
    ],
)
def test_units_and_sides(window, words):
    """The sentence and the paragraph of a hit, one word before it, and more words than there are."""
    tokens = index("It rained. A reset came.\n\nNo more.")
    found = windows_of(tokens, "reset", window)
    forms = [tokens.vocabulary.lower[code] for code in tokens.codes[found.low[0] : found.high[0] + 1]]
    assert " ".join(forms) == words


def test_a_window_stays_in_its_field():
    """The last word of a title is no neighbour of the first of the text."""
    tokens = index("reset of ties", title=["cold wind"])
    found = windows_of(tokens, "reset", 5)
    assert (found.low.tolist(), found.high.tolist()) == ([2], [4])


def test_no_hit_is_no_window():
    """Without a hit there is no word near one."""
    with pytest.warns(tk.FramingWarning):
        found = windows_of(index("a b", ""), "x", 2)
    assert [len(part) for part in (*found, *words_near_any(found), *words_near_each(found))] == [0] * 9


@pytest.mark.parametrize("window", [True, 1.5, (1, 2, 3), (1,), (-1, 2), (True, 2), None, ("a", "b")])
def test_what_is_no_window_is_refused(window):
    """Anything else than a number, two numbers or a unit is named in the error."""
    with pytest.raises(tk.FramingError) as error:
        check_window(window)
    assert str(error.value) == (
        f'A window is a number of words on each side, two numbers (left, right), "sentence" or "paragraph"; this is {window!r}.'
    )


def test_an_unknown_unit_is_refused_with_the_nearest():
    """A misspelt unit is answered with the right one."""
    with pytest.raises(tk.FramingError) as error:
        check_window("sentense")
    assert str(error.value) == (
        "There is no window 'sentense'. Did you mean 'sentence'? There are: sentence, paragraph."
    )


@pytest.mark.parametrize("window", [0, (0, 0)])
def test_a_window_without_words_is_refused(window):
    """No word on either side is no window."""
    with pytest.raises(tk.FramingError) as error:
        check_window(window)
    assert str(error.value) == f"A window is at least one word on one side; this is {window!r}."


def test_numbers_of_other_kinds_are_numbers():
    """What numpy counts and what a recipe reads back as a list is a window."""
    assert (check_window(np.int64(3)), check_window([np.int32(2), 0])) == (3, (2, 0))
