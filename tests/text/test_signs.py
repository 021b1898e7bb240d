"""Signs, scripts and capitals: a pattern counts what it says, in any width and language."""

import re
import warnings

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
from toolkit.text.patterns import Pattern
from toolkit.text.words import split_words


def starts(text, pattern, **columns):
    """The characters at which hits begin."""
    articles = pd.DataFrame({"doc_id": ["a"], "text": [text]} | {name: [value] for name, value in columns.items()})
    return tk.find(tk.tokenize(articles), [pattern], voices=False)["start"].tolist()


def n(text, pattern, **columns):
    return len(starts(text, pattern, **columns))


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("#reset", "The reset came: #reset, ＃reset, C#reset.", 2),
        ("#*", "#one two #three", 2),
        ("#reset*", "#resets, resets", 1),
        ("@farrow", "Farrow wrote to @farrow, not to ruth@farrow.example.", 1),
        ("#reset (case)", "#Reset #reset", 1),
        ("20%", "20 men, 20% and 20 % and ２０％, 20. % of 120%", 3),
        ("20 %", "20 men, 20% and 20 %", 2),
        ("20% of women", "20% of women, 20% (of women), 20 of women, 20%. Of women", 1),
        ("*%", "5% and 10 % and ten", 2),
        ("$5 billion", "€5 billion, $5 billion, US$5 billion, 5 billion, $ 5 billion", 3),
        ("US$5", "US$5, $5, US 5", 1),
        ("5 €", "5 €, 5€, 5 $, 5", 2),
        ("€ 5", "€ 5, €5, $5", 2),
        ("cost $5", "it cost $5, it cost 5, it cost: $5", 1),
        ("C++", "C, C+, C++, C++11", 2),
        ("C+", "C, C+, C++", 1),
        ("LGBTQ+", "LGBTQ and LGBTQ+ people", 1),
        ("AT&T", "AT&T, AT T, AT. T, at & t", 2),
        ("Russia + Ukraine", "Russia + Ukraine, Russia Ukraine", 1),
        ("§ 218", "§ 218, §218, 218", 2),
        ("ban {0,2} 20%", "a ban on 20% and a ban on 20", 1),
        ("20% {0,2} ban", "20% off the ban, 20; off the ban, 20 off the ban", 1),
        ("reset", "#reset, reset, @reset, reset%", 4),
    ],
)
def test_a_sign_that_is_written_is_matched(pattern, text, expected):
    """A sign at a word's edge is a part of the pattern; a pattern without one takes the word with or without it."""
    assert n(text, pattern) == expected


@pytest.mark.parametrize("pattern", ["# reset", "@", "%", "reset # ban", "€"])
def test_a_sign_without_a_word_is_refused(pattern):
    """Where nothing tells which word a sign belongs to, the pattern is refused with what to write instead."""
    with pytest.raises(tk.FramingError, match="touches no word"):
        n("A reset.", pattern)


def test_the_warning_says_what_is_there_without_the_sign():
    """A pattern whose sign never occurs says how often its words do."""
    with pytest.warns(tk.FramingWarning, match=r"Without its signs \('reset'\) it is there 2 times"):
        n("A reset and a reset.", "#reset")


SIGNS = "#@%+$€&"


@given(
    st.lists(st.tuples(st.sampled_from(["", *SIGNS]), st.sampled_from(["ban", "20"]), st.sampled_from(["", *SIGNS]))),
    st.sampled_from("%$€&"),
    st.sampled_from(["ban", "20"]),
    st.booleans(),
)
def test_a_sign_stands_beside_each_hit_and_beside_no_other_word(pieces, sign, word, after):
    """In any text, the hits of a word with a sign are the places at which the two touch or have one space between."""
    text = " ".join(before + own + behind for before, own, behind in pieces)
    pattern = word + sign if after else sign + word
    expected = (
        [match.start(1) for match in re.finditer(rf"(?=((?<!\w){word} ?\{sign}))", text)]
        if after
        else [match.end(1) - len(word) for match in re.finditer(rf"(?=(\{sign} ?{word}(?!\w)))", text)]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some patterns match nothing
        if text:
            assert starts(text, pattern) == sorted(expected)


@given(st.text(alphabet="ab# %@+$&{},*?/()'-\"1", max_size=12))
def test_no_pattern_crashes(text):
    """Any text is a pattern, or is refused with a sentence."""
    try:
        pattern = Pattern(text)
        assert len(pattern.words) == len(pattern.edges) == len(pattern.gaps) == len(pattern.breaks)
    except tk.FramingError:
        pass


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("ışık", "Işık geldi. Bir ışık yandı. IŞIK.", 3),
        ("istanbul", "İstanbul, istanbul, İSTANBUL'da", 2),
        ("İstanbul", "İstanbul, istanbul", 2),
        ("isparta", "Isparta", 1),
        ("ısparta", "Isparta", 1),
        ("ταξίδι", "ΤΑΞΙΔΙ, ταξίδι, Ταξίδι", 3),
        ("ΤΑΞΙΔΙ", "ΤΑΞΙΔΙ, ταξίδι", 2),
        ("λόγος", "ΛΟΓΟΣ, λόγος, λογος", 2),
        ("reset", "ＲＥＳＥＴ reset", 2),
        ("finance", "ﬁnance Finance", 2),
        ("ir*", "Iran, IRAQ, iran", 3),
    ],
)
def test_letters_are_the_same_in_any_width_and_case(pattern, text, expected):
    """Capitals, full width and ligatures make no difference, by the rules of the scripts that have their own."""
    assert n(text, pattern) == expected


@pytest.mark.parametrize(("language", "expected"), [("tr", 1), ("az", 1), ("en", 2), ("de", 2)])
def test_the_stated_language_decides_about_i(language, expected):
    """In an article that is said to be Turkish or Azeri, KIL is no form of "kil"."""
    assert n("kil KIL", "kil", language=language) == expected
    assert n("kıl KIL", "kıl", language=language) == 2


def test_a_capital_i_of_other_articles_stays():
    """The language is that of each article, not of the corpus."""
    articles = pd.DataFrame({"doc_id": ["a", "b"], "language": ["tr", "en"], "text": ["kil KIL", "kil KIL"]})
    assert tk.find(tk.tokenize(articles), ["kil"], voices=False)["doc_id"].tolist() == ["a", "b", "b"]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("ภาษี", "ภาษีใหม่มาแล้ว และเมืองนี้มีภาษีอยู่", 2),
        ("ห้าม", "มีการห้ามเดินทางในวันนี้", 1),
        ("ພາສີ", "ມີພາສີໃໝ່ໃນເມືອງ", 1),
        ("ពន្ធ", "មានពន្ធថ្មីនៅក្នុងទីក្រុង", 1),
        ("အခွန်", "မြို့တွင်အခွန်အသစ်ရှိသည်", 1),
        ("ห้าม reset", "การห้าม reset", 1),
    ],
)
def test_words_are_found_inside_unspaced_text(pattern, text, expected):
    """Scripts that put no spaces between words: a word is found inside a run of letters, at its own characters."""
    places = starts(text, pattern)
    assert len(places) == expected
    assert all(text[at:].startswith(pattern) for at in places)


THAI = st.builds("".join, st.tuples(st.sampled_from("กขคงจาเแ"), st.text(alphabet="ัิีุ่้์", max_size=2)))


@given(st.lists(st.one_of(THAI, st.just(" a "), st.just(". "))))
def test_a_word_of_unspaced_text_is_a_letter_with_its_marks(pieces):
    """Thai text falls into letters, each with the vowels and tones that are written on it, whatever stands beside it."""
    assert split_words("".join(pieces)) == [piece.strip() for piece in pieces if piece != ". "]


def test_gaps_have_a_limit_that_is_said_beforehand(monkeypatch):
    """A pattern whose gaps would take too long is refused before it is looked for; the same words nearby are not."""
    monkeypatch.setattr("toolkit.text.search._MOST_LOOKS", 10_000)
    text = "the ban of the city " * 500
    with pytest.raises(tk.FramingError, match="Make the gaps shorter"):
        n(text, "the {0,50} of {0,50} * {0,50} the")
    assert n(text, "ban {0,2} the") == 500
