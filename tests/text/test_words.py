"""What a word is, on texts small enough to see, and laws that hold for any Unicode string."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.text.words import code_points, fold, split_words, word_spans

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)
NEWSLIKE = st.text(st.sampled_from("ab Z9.,'’-\u2014\n\"“”é\u0301\u00ad\u200d中ーя٣😀\ud800"), max_size=80)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The travel-ban’s end", ["The", "travel", "ban’s", "end"]),
        ("rock 'n' roll, outlets' don't", ["rock", "n", "roll", "outlets", "don't"]),
        ("U.S. and U.K.-led, e.g. at 5 p.m.", ["U.S", "and", "U.K", "led", "e.g", "at", "5", "p.m"]),
        ("$1,000.50 in 3.5 years, 7.", ["1,000.50", "in", "3.5", "years", "7"]),
        ("the end.Start here", ["the", "end", "Start", "here"]),
        ("Erdoğan, Zoë, naïve", ["Erdoğan", "Zoë", "naïve"]),
        ("перезагрузка с Россией", ["перезагрузка", "с", "Россией"]),
        ("#MuslimBan @user", ["MuslimBan", "user"]),
        ("重启 reset 리셋", ["重", "启", "reset", "리셋"]),
        ("", []),
        ("😀 \u2014 …", []),
    ],
)
def test_words_of_real_sentences(text, words):
    """Words are runs of letters and digits with the joins that the module states."""
    assert split_words(text) == words


def test_combining_marks_stay_in_their_word():
    """A letter with a separate accent is one word and has the key of the composed one."""
    word = unicodedata.normalize("NFD", "résumé")
    assert split_words(word) == [word]
    assert fold(word) == "résumé"


def test_soft_hyphen_and_joiner_are_invisible():
    """Format characters inside a word neither part it nor change its key."""
    assert [fold(w) for w in split_words("immi\u00adgrants im\u200dmigrants")] == ["immigrants", "immigrants"]


@given(ANY_TEXT | NEWSLIKE)
def test_spans_and_gaps_give_back_the_text(text):
    """Joining words and the gaps between them gives back any string, lone surrogates too."""
    spans = word_spans(code_points(text))
    pieces, at = [], 0
    for start, length in zip(spans.starts.tolist(), spans.lengths.tolist(), strict=True):
        pieces += [text[at:start], text[start : start + length]]
        at = start + length
    assert "".join([*pieces, text[at:]]) == text
    assert (spans.lengths > 0).all()
    assert (spans.starts[1:] >= (spans.starts + spans.lengths)[:-1]).all()


@given(ANY_TEXT | NEWSLIKE)
def test_every_letter_and_digit_is_in_a_word_and_nothing_else_starts_one(text):
    """No letter below the supplementary ideographs is lost, and words begin with a letter, mark or digit."""
    spans = word_spans(code_points(text))
    inside = set()
    for start, length in zip(spans.starts.tolist(), spans.lengths.tolist(), strict=True):
        inside.update(range(start, start + length))
        assert unicodedata.category(text[start])[0] in "LMN" or ord(text[start]) >= 0x20000  # newer than this Python
    for at, char in enumerate(text):
        if ord(char) < 0x3000 and char != "\u02bc" and unicodedata.category(char)[0] in "LN":  # that is an apostrophe
            assert at in inside


@given(st.text(st.sampled_from("abcXYZ019 -—“”()!\n"), max_size=120))
def test_plain_text_has_the_words_of_a_regular_expression(text):
    """Without apostrophes and points, words are what the expression [^\\W_]+ finds."""
    assert split_words(text) == re.findall(r"[^\W_]+", text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("travel ban", [True, False]),
        ("travel-ban", [True, False]),
        ("“illegal” immigrants", [True, False]),
        ("travel, ban", [True, True]),
        ("travel. Ban", [True, True]),
        ("U.S. ban", [True, False]),
        ("travel\nban", [True, False]),
        ("travel\n\nban", [True, True]),
        ("travel \u2014 ban", [True, True]),
        ("travel 😀 ban", [True, True]),
    ],
)
def test_breaks_part_phrases(text, expected):
    """White space, hyphens and quotation marks leave words together; other punctuation and empty lines part them."""
    assert word_spans(code_points(text)).breaks.tolist() == expected


@given(ANY_TEXT)
def test_folding_twice_is_folding_once(text):
    """A key is its own key."""
    assert fold(fold(text)) == fold(text)
