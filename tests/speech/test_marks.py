"""Quotation marks: which belong together, whatever their shape, and an answer for any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.speech.marks import paragraphs, quotes

MARKS = "\"'“”„‟‘’‚‛«»‹›「」『』`"
anything = st.text(st.characters(exclude_categories=()), max_size=80)  # lone surrogates, too
marked = st.text(st.sampled_from(MARKS + " .,!?ab\n"), max_size=60)


def spans(text):
    return [text[q.start : q.end] for q in quotes(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('The "reset" is over.', ['"reset"']),
        ("The “reset” is over.", ["“reset”"]),
        ("The ‘reset’ is over.", ["‘reset’"]),
        ("The 'reset' is over.", ["'reset'"]),
        ("Le «reset» est fini. « Oui », dit-il.", ["«reset»", "« Oui »"]),
        ("Der „Neustart“ ist da.", ["„Neustart“"]),
        ("Der »Neustart« ist da.", ["»Neustart«"]),
        ("Ein ‚Neustart‘ also.", ["‚Neustart‘"]),
        ("Ett ”omstart” till.", ["”omstart”"]),
        ("「再起動」と言った。", ["「再起動」"]),
        ("``Reset,'' he said.", ["``Reset,''"]),
    ],
)
def test_each_kind_of_mark_is_paired(text, found):
    """Straight, curly, single, French, German, Swedish, Japanese and typewriter marks each enclose what stands in them."""
    assert spans(text) == found


def test_a_quotation_inside_another_has_a_depth():
    """Inner quotations are found, one level deeper, after the outer one."""
    text = "“He said ‘reset’ twice,” she said."
    assert [(text[q.start : q.end], q.depth) for q in quotes(text)] == [("“He said ‘reset’ twice,”", 0), ("‘reset’", 1)]


@pytest.mark.parametrize(
    "text",
    [
        "The outlets' reset and the readers’ letters.",
        "It isn't Jack's. It’s the firm’s.",
        "Back in '09 and the '80s, 'twas so.",
        'A 6" pipe and a 12" one.',
    ],
)
def test_apostrophes_and_inches_are_no_marks(text):
    """Plurals, elisions, years and inches open and close nothing."""
    assert quotes(text) == []


def test_an_apostrophe_inside_single_marks_does_not_end_them():
    """The plural's apostrophe is passed over where a better closing mark follows."""
    assert spans("‘The outlets’ reset failed,’ he said.") == ["‘The outlets’ reset failed,’"]


def test_a_quotation_runs_on_over_paragraphs_that_open_anew():
    """Where the next paragraph begins with the same mark, it is one quotation, from the first mark to the last."""
    text = "“One.\n\n“Two.\n\n“Three,” he said.\n\n“Four.”"
    assert spans(text) == ["“One.\n\n“Two.\n\n“Three,”", "“Four.”"]


def test_a_missing_closing_mark_ends_with_the_paragraph():
    """A quotation that nobody closes ends where its paragraph does, and says that a mark is missing."""
    text = "“The reset is over.\n\nNobody came."
    (quote,) = quotes(text)
    assert text[quote.start : quote.end] == "“The reset is over." and not quote.whole


def test_a_missing_opening_mark_begins_with_the_sentence():
    """A closing mark without an opening one closes its sentence."""
    text = "It rained. The reset is over,” he said."
    (quote,) = quotes(text)
    assert text[quote.start : quote.end] == "The reset is over,”" and not quote.whole


@given(anything | marked)
def test_any_text_has_one_answer_and_its_quotations_nest(text):
    """No text raises; the same text gives the same spans; spans lie inside the text, in order, and never cross."""
    found = quotes(text)
    assert found == quotes(text)
    assert found == sorted(found, key=lambda q: (q.start, -q.end))
    for q in found:
        assert 0 <= q.start <= q.inner_start <= q.inner_end <= q.end <= len(text)
    for one in found:
        for two in found:
            assert not one.start < two.start < one.end < two.end


@given(marked)
def test_paragraphs_cover_the_text_in_order(text):
    """Each paragraph begins where the one before it leads to, and the last ends with the text."""
    ends = paragraphs(text)
    assert ends[-1] == (len(text) + 1, len(text))
    assert all(end <= following for end, following in ends[:-1])
    assert ends[:-1] == sorted(ends[:-1])


def test_a_text_of_nothing_but_marks_or_one_mark_has_an_answer():
    """One mark alone encloses nothing certain; a hundred thousand of them are read in one pass."""
    assert all(len(quotes(mark)) <= 1 for mark in MARKS)
    for mark in MARKS:
        assert quotes(mark * 10_000) == quotes(mark * 10_000)
