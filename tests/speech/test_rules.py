"""Tables of rules: each rule has a sentence that it decides, and the first that holds decides."""

import re
from dataclasses import replace

import pytest

from toolkit.speech import attributions, complements, indirect_speech, marks, names, readings, voices
from toolkit.speech.readings import readings_of
from toolkit.speech.rules import Rule, decide
from toolkit.speech.voices import voice_of

# For each table, a sentence for each of its rules, in their order. "de:" marks German, "title:" a title.
SENTENCES = {
    (marks, "DIRECTIONS"): [
        "Der «Neustart» und der »Neustart« sind da.",
        "x»Neustart«x",
        "Der „Neustart“ ist da.",
        "Det ”Neustart” kommer.",
        'The "reset is over. The "reset" came.',
        'The x"reset"x is over.',
    ],
    (names, "ENDINGS"): [
        "When I said it was over, nobody came.",
        "Anna Bell came. She said it was over.",
        "Everybody said it was over.",
        "The other said it was over.",
        "The guests, which said it was over, left.",
        "Rule 14 said it was over.",
        "Nothing upon which said it was over.",
        "Anna Bell said it was over.",
        "A senior official said it was over.",
    ],
    (names, "OPENINGS"): [
        "According to her, it was over.",
        "“It is over,” said he.",
        "“It is over,” said others, Anna Bell among them.",
        "“It is over,” said a senior official.",
        "“It is over,” said without.",
        "“It is over,” said the Center for Hard Work.",
        "“It is over,” said the Rovers spokesman.",
        "“It is over,” said our Money Mum, Anna Bell.",
        "“It is over,” said Anna Bell.",
    ],
    (names, "SINGLE_NAMES"): [
        "His wife, Nina, brought tea. “Yes,” she said.",
        "Nina came. He said it was over.",
        "It was Nina, 8, they saw. “Yes,” she said.",
        "Then Nina came. “Yes,” she said.",
    ],
    (complements, "FOREIGN_OPENERS"): [
        "Anna Bell asked in a very long letter why it was over.",
        "Anna Bell found how it was over.",
        "Anna Bell said little how it was over.",
        "Anna Bell said the reset that he wanted was over.",
        "The rules were made in a town that is small.",
        "Anna Bell noted when it was over.",
    ],
    (complements, "NO_CLAUSES"): [
        "Anna Bell said nothing.",
        "Anna Bell said (later) it was over.",
        "Anna Bell said “It is over.” and left town.",
        "Anna Bell said of the talks it was over.",
        "Anna Bell argues every spring to warn that it is over.",
        "title:Anna Bell admits a mistake now",
        "Anna Bell denied the report about the reset.",
    ],
    (complements, "ENDS"): [
        "Anna Bell said it was over; nobody came.",
        "Anna Bell said it was over, but nobody came.",
        "Anna Bell said it was over: “Nobody came.”",
        "Anna Bell said it was over and added that nobody came.",
        "Anna Bell said it was over and she added that nobody came.",
    ],
    (indirect_speech, "NOT_APART"): [
        "It was over, Anna Bell sure.",
        "It was over, they were told.",
        "It was over, they both said.",
        "It was over, officials found.",
    ],
    (indirect_speech, "NOTHING_APART"): [
        ", said Anna Bell, it was over.",
        "They met Anna Bell, who laughed.",
        "After the talks, the war went on.",
        "Asked by reporters, Anna Bell agreed.",
    ],
    (indirect_speech, "GERMAN_CLAUSES"): [
        "de:Anna Berg sagte, dass es vorbei ist.",
        "de:Anna Berg sagte, es sei vorbei.",
        "de:Anna Berg bat sie, heute zu gehen.",
        "de:Anna Berg sagte am Ort, der leer ist, nichts.",
        "de:Anna Berg sagte, er ist da.",
    ],
    (attributions, "NO_INTRODUCTIONS"): [
        "Anna Bell's warning of a “reset” failed.",
        "Anna Bell showed the “reset”.",
        "Anna Bell announced the “reset”.",
        "Anna Bell asked about the “reset”.",
        "de:Anna Berg sagte den „Neustart“ ab.",
        "Anna Bell began the “reset”.",
        "Anna Bell said of the “reset” nothing.",
        "It was said: “We need no reset at all.”",
    ],
    (readings, "UNATTRIBUTED"): [
        "There was a sign “Keep out of here” outside.",
        "“Never again!”",
        "The sign, “Never a reset!”, is old.",
        "The “great reset of all the talks” failed.",
        "Anna Bell came. The “great reset of all the talks between the two of them” failed.",
    ],
    (voices, "MENTIONS"): [
        "The film “Reset: a life” is out.",
        "The term reset is worn.",
        "The notion of a “reset” is old.",
        "Here reset means starting again.",
        "A reset is a polite word for a bill.",
        "de:Das heißt Neustart, weil es neu ist.",
        "THE SIGN SAID RESET.",
        "The sign said RESET.",
        "There is a reset on the page.",
        "A button marked “reset” was there.",
        "There is a jar with a “reset” on the lid.",
        "It was known as a “reset” there.",
        "It is called a “reset loop”.",
        "They drop “big reset” now.",
        "“Reset” is short.",
        "They drop “reset” from speeches.",
    ],
    (voices, "NEGATIONS"): [
        "They stopped using the word reset.",
        "They did not say why a reset came.",
        "Why not reset?",
        "Nobody says that the reset failed.",
        "Not because of a reset did they leave.",
        "de:Das ist nicht just ein Neustart.",
        "It is not a reset.",
        "They did not reject a reset.",
        "Anna Bell rejects that the reset failed.",
        "Anna Bell rejects a reset.",
    ],
}
EACH = [
    pytest.param(module, table, place, text, id=f"{table}-{place}")
    for (module, table), texts in SENTENCES.items()
    for place, text in enumerate(texts)
]


def read(text):
    """All that is read of a text: its quotations, and the voice of each hit of reset or Neustart."""
    language, field = "en", "text"
    if text.startswith("de:"):
        language, text = "de", text.removeprefix("de:")
    if text.startswith("title:"):
        field, text = "title", text.removeprefix("title:")
    reading = readings_of({field: text}, language)[field]
    hits = re.finditer(r"(?i)\breset\b|neustart", text)
    return reading.quotations(), [voice_of(reading, m.start(), m.end()) for m in hits]


@pytest.mark.parametrize(("module", "table", "place", "text"), EACH)
def test_each_rule_decides_a_sentence(monkeypatch, module, table, place, text):
    """The sentence reaches the rule past all those before it, the rule holds, and without it the text is read otherwise."""
    decided = []
    rules = getattr(module, table)
    read_with = read(text)

    def watched(rule):
        return replace(rule, holds=lambda case: rule.holds(case) and (decided.append(rule.example) or True))

    monkeypatch.setattr(module, table, tuple(map(watched, rules)))
    assert read(text) == read_with
    assert rules[place].example in decided

    monkeypatch.setattr(module, table, rules[:place] + rules[place + 1 :])
    try:
        read_without = read(text)
    except TypeError:  # the last rule of a table, where each case has to have an answer
        read_without = None
    assert read_without != read_with


@pytest.mark.parametrize(("module", "table"), SENTENCES)
def test_each_rule_of_a_table_has_a_sentence(module, table):
    """A rule that is added needs a sentence here; and no two rules have one example."""
    rules = getattr(module, table)
    assert len(SENTENCES[module, table]) == len(rules)
    assert len({rule.example for rule in rules}) == len(rules)


def test_every_table_is_tested():
    """No module has a table of rules that is not listed here."""
    tables = {
        (module, name)
        for module in {module for module, _ in SENTENCES}
        for name, value in vars(module).items()
        if isinstance(value, tuple) and value and all(isinstance(rule, Rule) for rule in value)
    }
    assert tables == set(SENTENCES)


def test_the_first_rule_that_holds_decides():
    """Later rules are not asked; where none holds, the answer is the one that was given for that."""
    asked = []
    rules = (
        Rule("a: small", lambda n: n < 2, "small"),
        Rule("b: any", lambda n: asked.append(n) or n < 5, "medium"),
    )
    assert [decide(rules, n, "large") for n in (1, 3, 7)] == ["small", "medium", "large"]
    assert asked == [3, 7]
