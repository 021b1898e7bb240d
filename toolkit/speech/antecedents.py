"""Own what follows a verb of saying: where the clause that it reports begins, and where it ends."""

from __future__ import annotations

import itertools
from typing import NamedTuple

from toolkit.speech.people import Speaker
from toolkit.speech.sentence import Sentence

QUESTION = frozenset("how why what when who where wie warum wieso was wann wer wo".split())
BE = frozenset("is are was were be been being wird wurde wurden worden gets got".split())
_AFTER_VERB = 9  # words between a verb and the "that" that belongs to it


class Clause(NamedTuple):
    """What is reported: where, by whom, with which cue."""

    start: int
    end: int
    speaker: Speaker | None
    cue: str
    certainty: float


class Following(Sentence):
    """A sentence, and the clauses that its verbs can have after them."""

    def opener(self, place: int, at: int) -> tuple[int | None, str]:
        """Return where the clause begins whose "that" or question word belongs to the verb, and that word."""
        words, lex = self.words, self.lexicon
        direct = words[place].low in lex.saying and words[place].low not in lex.ordering
        for i in range(at, min(at + _AFTER_VERB, len(words))):
            low = words[i].low
            if not words[i].is_word and words[i].quote is None:
                break
            if low in lex.openers:
                if low in QUESTION and (i > at + 3 or words[place].low in lex.finding or (i > at and direct)):
                    break
                near = words[at].low
                if (
                    i > at
                    and direct
                    and (near in lex.determiners or near in lex.pronouns or near in ("it", "there", "we", "i"))
                ):
                    break  # said the reset that he wanted was over
                if words[at - 2 if at > 1 else 0].low in BE and i > at:
                    break  # were made in a town that
                if (
                    low in QUESTION
                    and low not in ("how", "why", "what")
                    and not words[place].low.startswith(("ask", "wonder"))
                ):
                    break
                return (i if low in QUESTION else i + 1), low
        return None, ""

    def bare_clause(self, place: int, at: int) -> int | None:
        """Return where a clause without "that" begins, or nothing where what follows is an object."""
        words, lex = self.words, self.lexicon
        low = words[place].low
        if at < len(words) and low in lex.ordering:
            if low not in lex.saying and low not in lex.saying_or_object:
                return None
            after = self.past_listener(at)
            if after is None and low in lex.saying:
                return None
            at = at if after is None else after
        if at < len(words) and words[at].low in ("in", "on", "at", "during", "by", "after", "this", "last"):
            if (after := self.past_listener(at + 1)) is None:
                return None
            at = after
        if len(words) - at < 3 or not (words[at].is_word or words[at].quote is not None):
            return None
        if (quote := words[at].quote) is not None and self.text[quote.inner_start : quote.inner_end].rstrip()[
            -1:
        ] in ".!?":
            return None
        begins = words[at].low
        if (
            begins in lex.closed
            and begins not in lex.determiners
            and begins not in lex.pronouns
            and begins
            not in (
                "it there i we you nobody nothing everything something both no if when since once because even only never".split()
            )
        ):
            return None
        clause = words[at : at + 40]
        if low in lex.saying_or_object or self.title:  # its object can be followed by what has a verb
            edge = next(
                (i for i, w in enumerate(clause) if w.text == "," or (i and w.low in ("that", "which", "who"))),
                len(clause),
            )
            clause = clause[:edge]
        rest = clause
        for one, two in itertools.pairwise(rest):
            if one.low in lex.finite:
                break
            if one.low in lex.saying and two.low == "that":
                return None  # writes every spring to warn that
        finite = any(
            w.low in lex.finite or w.low.endswith(("n't", "n’t", "'s", "’s", "'d", "’d", "'re", "’re", "'ll", "’ll"))
            for w in rest
        )
        if self.title:
            return at if low in ("say", "says", "said") or finite else None
        if low in lex.saying_or_object and not finite:
            return None
        return at

    def past_listener(self, at: int) -> int | None:
        """Return where what follows an object begins: told reporters | the reset was over."""
        words, lex = self.words, self.lexicon
        if at < len(words) and words[at].low in ("him", "her", "them", "us", "me", "you", "himself", "herself"):
            return at + 1
        begin = at
        while at < len(words) and words[at].low in lex.determiners:
            at += 1
        name = at < len(words) and self.names.is_name(words[at])
        while (
            at < len(words)
            and words[at].is_word
            and words[at].low not in lex.closed
            and (not name or words[at].text[0].isupper())
        ):
            at += 1
        if at == begin or at >= len(words) or words[at].low in lex.finite:
            return None
        while at + 1 < len(words) and words[at].low in ("in", "on", "at", "by", "during", "after"):
            at += 2 if words[at + 1].low in lex.determiners else 1
            while at < len(words) and words[at].is_word and words[at].low not in lex.closed:
                at += 1
        return at if at < len(words) else None

    def stop(self, at: int) -> int:
        """Return where a clause ends: at a semicolon, before ", but", before the next verb of saying, or with the sentence."""
        words, lex = self.words, self.lexicon
        for i in range(at, len(words) - 1):
            following = words[i + 1]
            if words[i].text == ";" or (words[i].text == "," and following.low in lex.breaks):
                return i
            if words[i].text == ":" and i + 2 >= len(words) - 1 and words[-1].quote is not None:
                return i
            if words[i].low in ("and", "und") and following.low in lex.saying and following.low not in lex.views:
                return i - 1 if words[i - 1].text == "," else i
            if (
                words[i].low in ("and", "und")
                and i + 2 < len(words)
                and following.low in lex.pronouns
                and words[i + 2].low in lex.verbs
            ):
                return i - 1 if words[i - 1].text == "," else i
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
        while (
            first < stop and not words[first].is_word and words[first].quote is None and words[first].text in ",:;.–—"
        ):
            first += 1
        while (
            stop > first
            and not words[stop - 1].is_word
            and words[stop - 1].quote is None
            and words[stop - 1].text in ",.;:"
        ):
            stop -= 1
        at = words[first].start if first < len(words) else words[-1].end
        end = words[stop - 1].end if stop > first else at
        return Clause(at, end, speaker, cue, certainty if speaker is not None else certainty * 0.7)
