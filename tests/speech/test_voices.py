"""Whose word a hit is: its voice, its negation, its mention, its headline; and the columns that `tk.find` adds."""

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toolkit as tk
from toolkit.speech.readings import readings_of
from toolkit.speech.voices import VOICES, voice_of
from toolkit.tables import HITS

COLUMNS = ["voice", "speaker", "cue", "negated", "mentioned", "headline", "certainty"]


def voices(text, language="en", field="text"):
    reading = readings_of({field: text}, language)[field]
    return [voice_of(reading, m.start(), m.end()) for m in re.finditer(r"(?i)\breset\b|neustart", text)]


@pytest.mark.parametrize(
    ("text", "voice", "speaker", "cue"),
    [
        ("The reset is over.", "outlet", None, None),
        ("The “reset” is over.", "scare_quote", None, None),
        ("Anna Bell's “great reset” is over.", "scare_quote", None, None),
        ("“The reset is over,” said Anna Bell.", "quoted", "Anna Bell", "said"),
        ("“We mean a ‘reset’ of sorts,” said Anna Bell.", "quoted", "Anna Bell", "said"),
        ("Anna Bell called it “a reset”.", "quoted", "Anna Bell", "called"),
        ("Anna Bell said the reset was over.", "reported", "Anna Bell", "said"),
        ("The reset was over, officials said.", "reported", "officials", "said"),
        ("According to Anna Bell, the reset is over.", "reported", "Anna Bell", "According to"),
        ("Anna Bell called for a reset.", "outlet", None, None),
        ("Anna Bell called the reset “a bridge”.", "outlet", None, None),
        ("Anna Bell mocked the “reset”.", "scare_quote", None, None),
        ("Anna Bell told them to reset.", "reported", "Anna Bell", "told"),
    ],
)
def test_each_voice(text, voice, speaker, cue):
    """Own words, marks that nobody said, quotations and reported clauses, with speaker and cue."""
    (found,) = voices(text)
    assert (found.voice, found.speaker, found.cue) == (voice, speaker, cue)


@pytest.mark.parametrize(
    "text",
    [
        "It is not a reset.",
        "There is no reset.",
        "It was never a reset.",
        "They went on without a reset.",
        "You cannot reset trust.",
        "“I would not call it a reset,” said Anna Bell.",
        "Anna Bell does not like the term “reset”.",
        "Anna Bell denied that this was a reset.",
        "Anna Bell doubts that it will be a reset.",
        "Anna Bell refused to reset anything.",
        "It was neither a start nor a reset.",
        "It is a thaw rather than a reset.",
        "It was hardly progress, still less a reset.",
        "They stopped using the word reset.",
        "A reset was not the goal.",
        "Leaders avoid talk of reset.",
        "Nobody expects a reset.",
        "You're not tidying, you're having no reset.",
    ],
)
def test_what_is_denied_or_rejected_is_negated(text):
    """Under a negation, beside a verb of rejection, and where the negation comes after."""
    assert [v.negated for v in voices(text)] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "The reset did not fail.",
        "The reset is dead.",
        "Not because of the reset, but because of the rain.",
        "Neither believes that the reset was ever damaged.",
        "They should not confuse a reset with a reform.",
        "Was the reset a mistake?",
        "Why shouldn't we reset?",
        "It is not raining, and the reset is on.",
    ],
)
def test_where_something_else_is_denied_it_is_not_negated(text):
    """The negation of a verb leaves its subject alone; so do another clause and a rhetorical question."""
    assert [v.negated for v in voices(text)] == [False]


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("Das ist kein Neustart.", True),
        ("Einen Neustart wird es nicht geben.", True),
        ("Von wegen Neustart!", True),
        ("Ohne Neustart geht es nicht.", True),
        ("Keine Angst vorm Neustart.", False),
        ("Der Neustart ist nicht gescheitert.", False),
    ],
)
def test_german_negations(text, negated):
    """German puts them before the noun or at the end of the clause."""
    assert [v.negated for v in voices(text, "de")] == [negated]


@pytest.mark.parametrize(
    "text",
    [
        "The term “reset” is worn.",
        "The word reset appears twice.",
        "The notion of a “reset” is old.",
        "“Reset” means starting again.",
        "A reset is a polite word for a bill.",
        "There is a jar with 'RESET' on the lid.",
        "It is called a “reset loop”.",
        "A button marked “reset” was there.",
        "They published an infographic “Reset: history of a word”.",
        "It said RESET.",
    ],
)
def test_a_word_that_is_spoken_about_is_mentioned_and_the_outlets(text):
    """Terms, meanings, labels and titles of works are mentions; outside of speech they are the outlet's."""
    assert [(v.mentioned, v.voice) for v in voices(text)] == [(True, "outlet")]


def test_a_mention_inside_speech_is_its_speakers():
    """What governs the sentence stays: reported, mentioned and negated at once."""
    (found,) = voices("The firm does not like the term “reset”, Anna Bell indicated on Monday.")
    assert (found.voice, found.speaker, found.negated, found.mentioned) == ("reported", "Anna Bell", True, True)


@pytest.mark.parametrize("text", ["Hit reset now.", "The “reset” failed.", "A slogan, the “reset”, won."])
def test_use_is_no_mention(text):
    """Pressing reset, a scare quote and a slogan that is used are no mentions."""
    assert [v.mentioned for v in voices(text)] == [False]


def test_certainty_falls_where_something_is_guessed():
    """A named speaker with a verb: 1. A pronoun that was traced, 0.8 of that. A missing mark, 0.6 of that."""
    sure, traced, open_ended = (
        voices(text)[0].certainty
        for text in (
            "“It is a reset,” said Anna Bell.",
            "Anna Bell came. “It is a reset,” she said.",
            "Anna Bell said: “It is a reset.",
        )
    )
    assert (sure, traced, open_ended) == (1.0, 0.8, 0.6)


# The columns of hits


def hits(**columns):
    frame = pd.DataFrame(
        {
            "doc_id": ["a", "b"],
            "title": ["Bell: no reset", None],
            "text": ["“The reset is over,” said Anna Bell.", "The reset."],
        }
        | columns
    )
    return tk.find(tk.tokenize(frame), "reset")


def test_find_adds_the_voice_after_the_place():
    """The columns of tables.HITS, in its order; speaker and cue are missing where there is none; titles are headlines."""
    table = hits(source=["x", "y"])
    own = [*HITS.columns, *COLUMNS]
    assert list(table.columns) == [*own, "language", "language_origin", "source"]
    assert table["voice"].tolist() == ["reported", "quoted", "outlet"]
    assert table["speaker"].tolist()[:2] == ["Anna Bell", "Anna Bell"] and table["speaker"].isna().tolist()[2]
    assert table["headline"].tolist() == [True, False, False]
    assert table["negated"].tolist() == [True, False, False]
    types = {c: str(table[c].dtype) for c in COLUMNS}
    assert types == dict.fromkeys(("voice", "speaker", "cue"), "str") | dict.fromkeys(
        ("negated", "mentioned", "headline"), "bool"
    ) | {"certainty": "float64"}


def test_voices_can_be_left_out():
    """Without voices the table has none of these columns."""
    frame = pd.DataFrame({"doc_id": ["a"], "text": ["The reset."]})
    assert not set(COLUMNS) & set(tk.find(tk.tokenize(frame), "reset", voices=False).columns)


def test_no_hit_gives_empty_columns():
    """A term that stands nowhere has a table with all columns and no row."""
    frame = pd.DataFrame({"doc_id": ["a"], "text": ["It rained."]})
    with pytest.warns(tk.FramingWarning):
        table = tk.find(tk.tokenize(frame), "reset")
    assert len(table) == 0 and set(COLUMNS) <= set(table.columns)


anything = st.text(st.characters(exclude_categories=()), max_size=60)
pieces = st.sampled_from(
    ["“", "”", '"', "‘", "’", "«", " reset ", " not ", " said Bell", ", ", ". ", "\n\n", " the term ", "?"]
)


@settings(max_examples=200)
@given(st.lists(anything | pieces, max_size=12).map("".join), st.sampled_from(["en", "de", "xx"]), st.booleans())
def test_any_hit_in_any_text_has_one_voice(text, language, title):
    """Every place of every text has a voice of the four and a certainty from 0 to 1, and the same one again."""
    text += "reset"
    field = "title" if title else "text"
    first, again = voices(text, language, field), voices(text, language, field)
    assert first == again
    for found in first:
        assert found.voice in VOICES and 0 <= found.certainty <= 1
