"""Own complement clauses: where the clause after a reporting verb begins and ends."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from toolkit.speech.lexicon import Lexicon, Word, word_set
from toolkit.speech.people import Speaker
from toolkit.speech.rules import Rule, decide
from toolkit.speech.sentence import Sentence

QUESTION = word_set("how why what when who where wie warum wieso was wann wer wo")
BE = word_set("is are was were be been being wird wurde wurden worden gets got")

_AFTER_VERB = 9  # words between a verb and the "that" that belongs to it
_CLAUSE = 40  # words among which the verb of a clause is looked for
_AND = word_set("and und")
_TIME_OR_PLACE = word_set("in on at during by after this last")
_BEFORE_PLACE = word_set("in on at by during after")
_LISTENER = word_set("him her them us me you himself herself")
_IMPERSONAL = word_set("it there we i")
_CLAUSE_OPENERS = word_set(
    "it there i we you nobody nothing everything something both no if when since once because even only never"
)
_CONTRACTED = ("n't", "n’t", "'s", "’s", "'d", "’d", "'re", "’re", "'ll", "’ll")  # with a verb


class Clause(NamedTuple):
    """What is reported: where, by whom, with which cue."""

    start: int
    end: int
    speaker: Speaker | None
    cue: str
    certainty: float


@dataclass(frozen=True)
class _Opener:
    """A "that" or question word some words after a verb."""

    sentence: Sentence
    verb: int
    first: int  # the first word after the verb
    at: int

    @property
    def lex(self) -> Lexicon:
        return self.sentence.lexicon

    @property
    def low(self) -> str:
        return self.sentence.words[self.at].low

    @property
    def cue(self) -> str:
        return self.sentence.words[self.verb].low

    @property
    def parted(self) -> bool:
        """Whether words stand between the verb and the opener."""
        return self.at > self.first

    @property
    def direct(self) -> bool:
        """Whether a clause follows the verb at once, without a listener."""
        return self.cue in self.lex.saying and self.cue not in self.lex.ordering

    @property
    def near(self) -> str:
        return self.sentence.words[self.first].low


# A "that" or question word that is not the verb's.
FOREIGN_OPENERS: tuple[Rule[_Opener], ...] = (
    Rule("asked in a long letter why: too far for a question", lambda o: o.low in QUESTION and o.at > o.first + 3),
    Rule("found out who: finding is no question", lambda o: o.low in QUESTION and o.cue in o.lex.finding),
    Rule("said little when: part of a clause without that", lambda o: o.low in QUESTION and o.direct and o.parted),
    Rule(
        "said the reset that he wanted was over: the noun's relative clause",
        lambda o: o.direct and o.parted and (o.near in o.lex.determiners | o.lex.pronouns or o.near in _IMPERSONAL),
    ),
    Rule(
        "were found in a town that: the town's relative clause",
        lambda o: o.parted and o.sentence.at(o.first - 2).low in BE,
    ),
    Rule(
        "noted when: a time, unless it is asked",
        lambda o: o.low in QUESTION - {"how", "why", "what"} and not o.cue.startswith(("ask", "wonder")),
    ),
)


class _Bare:
    """What follows a verb without "that": a clause, or a mere object."""

    def __init__(self, sentence: Sentence, verb: int, at: int) -> None:
        self.sentence, self.lex = sentence, sentence.lexicon
        self.cue, self.at, self.first = sentence.words[verb].low, at, sentence.at(at)
        self.is_short = len(sentence.words) - at < 3

    @property
    def is_finished(self) -> bool:
        """Whether it begins with a quotation that is a sentence of its own."""
        quote = self.first.quote
        if quote is None:
            return False
        return self.sentence.text[quote.inner_start : quote.inner_end].rstrip()[-1:] in ".!?"

    @property
    def begins_none(self) -> bool:
        low = self.first.low
        opens = low in self.lex.determiners or low in self.lex.pronouns or low in _CLAUSE_OPENERS
        return low in self.lex.closed and not opens

    @cached_property
    def clause(self) -> Sequence[Word]:
        """The words in which a verb is looked for; an object can be followed by what has one."""
        words = self.sentence.words[self.at : self.at + _CLAUSE]
        if self.cue not in self.lex.saying_or_object and not self.sentence.title:
            return words

        relative = ("that", "which", "who")
        return words[: next((i for i, w in enumerate(words) if w.text == "," or (i and w.low in relative)), len(words))]

    @property
    def has_other_verb(self) -> bool:
        for word, following in itertools.pairwise(self.clause):
            if word.low in self.lex.finite:
                return False
            if word.low in self.lex.saying and following.low == "that":
                return True
        return False

    @property
    def is_object(self) -> bool:
        """Whether it has no verb of its own."""
        return not any(w.low in self.lex.finite or w.low.endswith(_CONTRACTED) for w in self.clause)


# What follows a verb without "that", and is no clause.
NO_CLAUSES: tuple[Rule[_Bare], ...] = (
    Rule("said so: too few words", lambda b: b.is_short),
    Rule("said (later): a mark", lambda b: not b.first.is_word and b.first.quote is None),
    Rule("said “It is over.” and left: a quotation of its own", lambda b: b.is_finished),
    Rule("said of the talks: a word of grammar that begins none", lambda b: b.begins_none),
    Rule("writes every spring to warn that: the clause of another verb", lambda b: b.has_other_verb),
    Rule(
        "Bell admits a mistake: an object, in a title",
        lambda b: b.sentence.title and b.cue not in ("say", "says", "said") and b.is_object,
    ),
    Rule(
        "denied the report: an object",
        lambda b: not b.sentence.title and b.cue in b.lex.saying_or_object and b.is_object,
    ),
)


class _End(NamedTuple):
    """A place at which a clause may end."""

    sentence: Sentence
    at: int

    @property
    def lex(self) -> Lexicon:
        return self.sentence.lexicon

    @property
    def word(self) -> Word:
        return self.sentence.words[self.at]

    def after(self, n: int) -> str:
        return self.sentence.at(self.at + n).low

    @property
    def last_is_quote(self) -> bool:
        words = self.sentence.words
        return self.at + 3 >= len(words) and words[-1].quote is not None


# Where a clause ends before its sentence does.
ENDS: tuple[Rule[_End], ...] = (
    Rule("it was over; nobody came: a semicolon", lambda e: e.word.text == ";"),
    Rule("it was over, but nobody came: a contrast", lambda e: e.word.text == "," and e.after(1) in e.lex.breaks),
    Rule("it was over: “Nobody came.”: a quotation", lambda e: e.word.text == ":" and e.last_is_quote),
    Rule(
        "it was over and added that: the next verb of saying",
        lambda e: e.word.low in _AND and e.after(1) in e.lex.saying and e.after(1) not in e.lex.views,
    ),
    Rule(
        "it was over and she added that: the same, with its subject",
        lambda e: e.word.low in _AND and e.after(1) in e.lex.pronouns and e.after(2) in e.lex.verbs,
    ),
)


class Complements(Sentence):
    """A sentence, and the clauses that its verbs can have after them."""

    def opener(self, place: int, at: int) -> tuple[int | None, str]:
        """Return where the clause begins whose "that" or question word belongs to the verb, and that word."""
        words, lex = self.words, self.lexicon
        for i in range(at, min(at + _AFTER_VERB, len(words))):
            word = words[i]
            if not word.is_word and word.quote is None:
                break
            if word.low in lex.openers:
                if decide(FOREIGN_OPENERS, _Opener(self, place, at, i)):
                    break
                return (i if word.low in QUESTION else i + 1), word.low

        return None, ""

    def bare_clause(self, place: int, at: int) -> int | None:
        """Return where a clause without "that" begins, or nothing where what follows is an object."""
        lex, low = self.lexicon, self.words[place].low

        # told reporters | in Rome | the talks were over
        if at < len(self.words) and low in lex.ordering:
            listened = self.past_listener(at)
            if low not in lex.reporting or (listened is None and low in lex.saying):
                return None
            at = at if listened is None else listened
        begin = self.past_listener(at + 1) if self.at(at).low in _TIME_OR_PLACE else at

        return None if begin is None or decide(NO_CLAUSES, _Bare(self, place, begin)) else begin

    def past_listener(self, at: int) -> int | None:
        """Return where what follows an object begins: told reporters | the reset was over."""
        lex, begin = self.lexicon, at
        if self.at(at).low in _LISTENER:
            return at + 1
        while self.at(at).low in lex.determiners:
            at += 1
        at = self._past_nouns(at, capitals=self.names.is_name(self.at(at)))
        if at == begin or at >= len(self.words) or self.words[at].low in lex.finite:
            return None

        while at + 1 < len(self.words) and self.words[at].low in _BEFORE_PLACE:
            at = self._past_nouns(at + (2 if self.words[at + 1].low in lex.determiners else 1))
        return at if at < len(self.words) else None

    def _past_nouns(self, at: int, capitals: bool = False) -> int:
        """Return the first place from `at` on with a mark or a word of grammar, or without a capital."""
        while (word := self.at(at)).is_word and word.low not in self.lexicon.closed:
            if capitals and not word.text[0].isupper():
                break
            at += 1

        return at

    def stop(self, at: int) -> int:
        """Return where a clause ends: at a semicolon, before ", but", before the next verb of saying, or with the sentence."""
        words = self.words
        for i in range(at, len(words) - 1):
            joins = words[i].low in _AND
            if (joins or words[i].text in ";,:") and decide(ENDS, _End(self, i)):
                return i - 1 if joins and words[i - 1].text == "," else i

        return len(words)

    def past_dateline(self) -> int:
        """Return where a sentence begins after the place and the agency: MOSCOW, Dec 15 (Agency) - | The Kremlin"""
        words = self.words
        if not words[0].text.isupper() or len(words[0].text) < 3:
            return 0

        return next((i + 1 for i in range(1, min(16, len(words))) if words[i].text in "-–—"), 0)

    def clause(self, first: int, stop: int, speaker: Speaker | None, cue: str, certainty: float) -> Clause:
        """Return the clause from one word up to another, without the marks of punctuation at its ends."""
        words = self.words
        while first < stop and words[first].text in ",:;.–—":
            first += 1
        while stop > first and words[stop - 1].text in ",.;:":
            stop -= 1

        start = words[first].start if first < len(words) else words[-1].end
        end = words[stop - 1].end if stop > first else start
        return Clause(start, end, speaker, cue, certainty if speaker is not None else certainty * 0.7)
