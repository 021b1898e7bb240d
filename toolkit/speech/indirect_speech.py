"""Own indirect speech: clauses that report, without quotation marks, what somebody said or thinks."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from toolkit.speech.complements import BE, QUESTION, Clause, Complements
from toolkit.speech.lexicon import NO_WORD, Lexicon, Word, first_of, word_set
from toolkit.speech.names import OF
from toolkit.speech.people import Speaker
from toolkit.speech.rules import Rule, decide

_ADJUNCT = word_set(
    "on in at to by from during when after while before through via with for about over yesterday today earlier later "
    "am im auf beim nach vor bei zum"
)
_SETTINGS = {
    "de": word_set("als wenn obwohl nachdem weil während bevor seit after when although while as"),
    "en": word_set("asked pressed speaking answering questioned addressing writing"),
}
# no -e of reported speech
_INDICATIVE = tuple("te eine ihre seine würde wurde gerade ohne alle viele".split())
_PARTICLES = word_set("mit an vor hinzu ein ab fort aus fest zu auf")  # teilte er mit
_EDGES = frozenset(".;:!?")
_THAT = word_set("that whether if dass ob")
_ASKED = word_set("asked told reminded warned informed")  # who is told does not say it
_RELATIVE = word_set("who which")
_NO_CONTENT = word_set("who where when what wo was wer")  # the question who is no content of a view
_ARTICLES = word_set("der die das dem den")
_FAR = 16  # words between a German verb and the comma before its clause


class _Verb:
    """A verb that may stand apart from what it reports: The reset, she said, was over."""

    def __init__(self, sentence: IndirectSpeech, place: int, end: int) -> None:
        self.sentence, self.lex = sentence, sentence.lexicon
        self.place, self.end = place, end
        self.low, self.former = sentence.words[place].low, sentence.at(place - 1)

    @property
    def is_sure(self) -> bool:
        return self.low in self.lex.sure and self.former.low in self.lex.copulas

    @property
    def reports(self) -> bool:
        return self.low in self.lex.reporting or self.low in self.lex.with_that

    @property
    def is_phrase(self) -> bool:
        return self.end > self.place + 1

    @property
    def ends_alone(self) -> bool:
        """Whether it only follows what was said, and no word follows it."""
        return self.low in self.lex.last_only and not self.sentence.at(self.end).is_word

    @property
    def describes(self) -> bool:
        """Whether only a person can say so with it: things begin and go on, too."""
        going = self.is_phrase and self.low.startswith(("go", "went"))
        return going or (self.low in self.lex.last_only and not self.reports)

    @cached_property
    def after(self) -> int:
        """The place after the verb and whom it was told: told the paper | on Monday."""
        words, lex, at = self.sentence.words, self.lex, self.end or self.place + 1
        hearers = lex.determiners | {"us", "me", "him", "them"}
        while self.low in lex.ordering and at < len(words):
            low = words[at].low
            if not words[at].is_word or low in _ADJUNCT or (low in lex.closed and low not in hearers):
                break
            at += 1

        return at


# Verbs that do not stand apart from what they report.
NOT_APART: tuple[Rule[_Verb], ...] = (
    Rule("sure of it: no copula", lambda v: not v.end and not v.is_sure),
    Rule("were told: who is told says nothing", lambda v: not v.is_sure and v.former.low in BE),
    Rule("their claim: a noun", lambda v: v.former.low in v.lex.determiners),
    Rule(
        "..., officials found: a verb after which alone something is reported",
        lambda v: v.end == v.place + 1 and not v.reports and not v.ends_alone,
    ),
)


class _Parted(NamedTuple):
    """A verb with its speaker, and the comma that parts them from what is reported before."""

    verb: _Verb
    speaker: Speaker
    comma: int
    after: int

    def begins_with(self, words: frozenset[str]) -> bool:
        return self.verb.sentence.words[0].low in words

    @property
    def is_relative(self) -> bool:
        words = self.verb.sentence.words[self.comma + 1 : self.verb.place]
        return any(w.low in _RELATIVE for w in words)


# A comma, a speaker and a verb, and still nothing that is reported.
NOTHING_APART: tuple[Rule[_Parted], ...] = (
    Rule(", said Bell: nothing stands before the comma", lambda p: p.comma == 0),
    Rule("They met Bell, who said it: a relative clause", lambda p: p.is_relative),
    Rule("After the talks, the war went on: no person", lambda p: p.verb.describes and not p.speaker.person),
    Rule(
        "Asked by reporters, she declined: a setting",
        lambda p: p.begins_with(_SETTINGS.get(p.verb.lex.language, frozenset())),
    ),
)


class _German:
    """What stands behind the comma after a German verb."""

    def __init__(self, lex: Lexicon, cue: str, words: Sequence[Word]) -> None:
        self.lex, self.cue, self.words = lex, cue, words
        self.lows = [w.low for w in words]
        self.first = self.lows[0]

    @property
    def is_reported(self) -> bool:
        return not self.lex.subjunctive.isdisjoint(self.lows) or is_subjunctive(self.words)

    @property
    def is_main(self) -> bool:
        lex = self.lex
        opens = self.first in lex.determiners | lex.pronouns | lex.author or self.first in ("es", "wir", "man")
        return self.cue in lex.saying and opens and not lex.finite.isdisjoint(self.lows)


# Where a German clause begins, in words from the comma; 0 where there is none.
GERMAN_CLAUSES: tuple[Rule[_German], ...] = (
    Rule("sagte, dass es vorbei ist: its conjunction", lambda g: g.first in g.lex.openers, 2),
    Rule("sagte, es sei vorbei: the subjunctive", lambda g: g.is_reported, 1),
    Rule("bat sie, zu gehen: an order", lambda g: g.cue in g.lex.ordering and "zu" in g.lows, 1),
    Rule("sagte am Ort, der leer ist: a relative clause", lambda g: g.first in _ARTICLES, 0),
    Rule("sagte, er ist da: a main clause", lambda g: g.is_main, 1),
)


class IndirectSpeech(Complements):
    """A sentence, and what is reported in it."""

    def clauses(self) -> list[Clause]:
        """Return what is reported in the sentence."""
        if len(self.words) < 3:
            return []

        clauses = self._apart()
        reach = self.words[0].start
        for place, word in enumerate(self.words):
            if word.low not in self.lexicon.leads or word.start < reach or not word.is_word:
                continue
            if any(c.start <= word.start < c.end for c in clauses):
                continue
            for clause in self._at(place):
                if clause.end > clause.start:
                    clauses.append(clause)
                    reach = max(clause.end, word.end)

        return sorted(clauses, key=lambda c: c.start)

    def _at(self, place: int) -> list[Clause]:
        """Return what is reported with the word at a place."""
        clauses = self._of_phrase(place)
        if clauses:
            return clauses

        ways = (self._verb_last, self._of_verb, self._order, self._of_sure, self._of_noun)
        clause = next((clause for way in ways if (clause := way(place)) is not None), None)
        return [] if clause is None else [clause]

    @cached_property
    def _cues(self) -> list[int]:
        """For each word, the place after the verb that begins there; 0 if none does."""
        leads = self.lexicon.leads
        return [self.cue_at(place) if word.low in leads else 0 for place, word in enumerate(self.words)]

    # A verb apart from what it reports

    def _apart(self) -> list[Clause]:
        """The reset, she said, was over. | The reset was over, officials conceded on Monday. | As she recalled, it was over."""
        sure = self.lexicon.sure
        for place, word in enumerate(self.words):
            if not self._cues[place] and word.low not in sure:
                continue
            verb = _Verb(self, place, self._cues[place])
            if decide(NOT_APART, verb):
                continue
            speaker, first = self.names.before(self.words, place)
            if speaker is not None and self._closes(verb.after) and self._is_aside(verb, first):
                return self._pieces(verb, speaker, [(verb.after + 1, len(self.words))])
            parted = self._parted(verb, speaker, first)
            if parted is not None and not decide(NOTHING_APART, parted):
                return self._pieces(verb, parted.speaker, self._sides(parted))

        return []

    def _is_aside(self, verb: _Verb, first: int) -> bool:
        """As she recalled, | it was over."""
        return first <= 1 and self.words[0].low in ("as", "wie") and self.at(verb.after).text == ","

    def _parted(self, verb: _Verb, speaker: Speaker | None, first: int) -> _Parted | None:
        """It was over, | she said: the speaker before the verb, else the one after it."""
        if speaker is not None and self._closes(verb.after):
            comma = self._comma_before(first)
            if comma > 0:
                return _Parted(verb, speaker, comma, verb.after)
        if verb.former.text not in ",–—" or (speaker is not None and verb.low not in self.lexicon.saying):
            return None

        speaker, after = self.names.starting(self.words, verb.after)
        if speaker is None or not self._closes(after):
            return None
        if self.title and not speaker.person and not self.names.is_role(speaker.name.split()[-1].lower()):
            return None
        return _Parted(verb, speaker, verb.place - 1, after)

    def _comma_before(self, first: int) -> int:
        """Return the comma that parts a subject from what is reported, or -1."""
        words, lex = self.words, self.lexicon
        for at in range(first - 1, max(0, first - 10), -1):
            word, opening = words[at], words[at + 1]
            if word.text in ",–—":
                subject = opening.low in lex.determiners or self.names.is_role(opening.low)
                return at if at == first - 1 or subject or self.names.is_name(opening) else -1
            verb = word.low in lex.verbs or word.low in lex.finite
            if not word.is_word or verb or word.low in lex.openers:
                return -1

        return -1

    def _closes(self, at: int) -> bool:
        """Return whether a verb's own part of the sentence ends here: nothing follows but when, where or to whom."""
        word, lex = self.at(at), self.lexicon
        if word is NO_WORD or word.text in ",.;!?–—" or word.quote is not None:
            return True

        german = lex.language == "de" and (word.low in lex.prepositions or word.low in _PARTICLES)
        if word.low not in _ADJUNCT and word.low not in lex.between and not word.low.endswith("ly") and not german:
            return False
        for word in self.words[at:]:
            if word.text in ",.;!?":
                return True
            if word.low in lex.finite or word.low in _THAT or word.quote is not None:
                return False
        return True

    def _sides(self, parted: _Parted) -> list[tuple[int, int]]:
        """Return the words before and after a verb that interrupts what it reports."""
        words, lex, comma, after = self.words, self.lexicon, parted.comma, parted.after
        begin = max((i + 1 for i in range(comma) if words[i].text in ";:"), default=self.past_dateline())
        sides = [] if words[comma - 1].low in ("which", "that") else [(begin, comma)]

        following = self.at(after + 1)
        goes_on = following.low not in lex.openers or following.low in QUESTION
        if following is not NO_WORD and words[after].text in ",–—;" and goes_on:
            sides.append((after + 1, len(words)))
        return sides

    def _pieces(self, verb: _Verb, speaker: Speaker, sides: Sequence[tuple[int, int]]) -> list[Clause]:
        cue = self.cue(verb.place, verb.end or verb.place + 1)
        return [self.clause(first, stop, speaker, cue, 0.9) for first, stop in sides if first < stop]

    # A phrase

    def _of_phrase(self, place: int) -> list[Clause]:
        """According to X, ... | ..., according to X. | In X's view, ... | by the account of both governments"""
        low, lex = self.words[place].low, self.lexicon
        skip = self.matches(place, lex.according)
        if skip and (low != "so" or self.at(place - 1).text == ","):
            return self._according(place, skip)
        if place and low in lex.according_after:
            speaker, first = self.names.before(self.words, place)
            return self._around(first, place + 1, speaker, self.words[place].text, 0.9)

        return self._in_view(place) if low in lex.view_openers else []

    def _according(self, place: int, skip: int) -> list[Clause]:
        """According to X | nach Angaben der Polizei | so X"""
        words = self.words
        speaker, after = self.names.starting(words, place + skip)
        if words[place].low == "so" and after < len(words) and words[after].text not in ",.":
            speaker = speaker if self.names.is_name(self.at(place + 1)) else None

        german = words[place + 1 : place + skip] if self.lexicon.language == "de" else []
        noun = next((w.text for w in german if w.text[0].isupper()), None)
        return self._around(place, after, speaker, noun or self.cue(place, place + skip), 0.95)

    def _in_view(self, place: int) -> list[Clause]:
        """In her view | by the account of both governments"""
        words = self.words
        near = range(place + 1, min(place + 6, len(words)))
        noun = next((i for i in near if words[i].low in self.lexicon.views), None)
        if noun is None or not all(w.is_word for w in words[place:noun]):
            return []

        speaker, after = self.names.possessor(words, noun, place + 1), noun + 1
        if speaker is not None and self.at(after).low in OF:
            after = self.names.starting(words, after + 1)[1]
        return self._around(place, after, speaker, words[noun].text, 0.85)

    def _around(self, first: int, after: int, speaker: Speaker | None, cue: str, certainty: float) -> list[Clause]:
        """Return what is reported on the sides of a phrase: after one that opens its clause, else before it, or on both."""
        words = self.words
        if speaker is None:
            return []
        goes_on = after < len(words) - 1
        if goes_on and (first <= 1 or words[first - 1].low in ("and", "but", "und", "aber", "which")):
            return [self.clause(after, len(words), speaker, cue, certainty)]

        begin = max((i + 1 for i in range(first) if words[i].text == ";"), default=self.past_dateline())
        pieces = [self.clause(begin, first, speaker, cue, certainty)]
        if goes_on and words[after].text == "," and words[first - 1].text == ",":
            pieces.append(self.clause(after, len(words), speaker, cue, certainty))
        return pieces

    # A verb before what it reports

    def _verb_last(self, place: int) -> Clause | None:
        """Whether it was a reset, nobody asked. | Ob er gespeichert habe, wurde sie von Wiese gefragt."""
        words, lex = self.words, self.lexicon
        if place or words[0].low not in lex.openers or words[0].low in QUESTION:
            return None
        comma = first_of(",", words)
        verb = next((i for i in range(comma, len(words)) if words[i].low in lex.reporting), None)
        if verb is None:
            return None

        passive = any(w.low in ("von", "by") for w in words[comma:verb])
        speaker = self.agent(comma, verb, frozenset({"von", "by"})) if passive else self.subject(verb)
        return self.clause(1, comma, speaker, words[verb].text, 0.85)

    def _of_verb(self, place: int) -> Clause | None:
        """He said (that) the reset was over. | Er sagte, der Neustart sei vorbei. | Asked by reporters whether ..."""
        lex, low, end = self.lexicon, self.words[place].low, self._cues[place]
        if not self._takes_clause(place, end):
            return None
        if lex.language == "de":
            return self._of_german_verb(place, end)

        start, opener = self.opener(place, end)
        passive = place == 0 or (self.at(place - 1).low in BE and low in _ASKED)
        if start is not None and passive and low.endswith(("ed", "told")):
            return self._of_passive(place, end, start)

        speaker, certainty = self.subject(place), 1.0
        if start is None and speaker is not None and (end > place + 1 or low in lex.reporting):
            start, certainty = self.bare_clause(place, end), 0.85
        nobody = speaker is not None and speaker.name.lower() in ("nobody", "niemand")
        if start is None or nobody or (speaker is None and opener not in ("that", "whether")):
            return None
        return self.clause(start, self.stop(start), speaker, self.cue(place, end), certainty)

    def _takes_clause(self, place: int, end: int) -> bool:
        """Return whether a verb begins here that can report what follows it; in "her claim" it is a noun."""
        lex, low, former = self.lexicon, self.words[place].low, self.at(place - 1)
        if not end or former.low in lex.determiners or former.is_genitive:
            return False

        reports = low in lex.reporting or low in lex.with_that or low in lex.finding or low in lex.ordering
        return reports or end > place + 1

    def _of_passive(self, place: int, end: int, start: int) -> Clause:
        """Asked by reporters whether | it was over, | she left."""
        stop = self.stop(start) if place else first_of(",", self.words, start)
        return self.clause(start, stop, self.agent(end, start), self.words[place].text, 0.8)

    def _of_german_verb(self, place: int, end: int) -> Clause | None:
        words = self.words
        comma = first_of(",", words[: min(end + _FAR, len(words) - 1)], end)
        if comma >= min(end + _FAR, len(words) - 1):
            return None
        if any(w.text in _EDGES or w.quote is not None for w in words[end:comma]):
            return None

        clause = _German(self.lexicon, words[place].low, words[comma + 1 :])
        skip = decide(GERMAN_CLAUSES, clause, 0)
        impersonal = self.at(end).low == "es"  # heißt es
        speaker = None if impersonal or not skip else self.subject(place)
        if not skip or (speaker is None and not impersonal and clause.first not in ("dass", "ob")):
            return None

        start = comma + skip
        stop = self.stop(start) if clause.first in self.lexicon.openers else len(words)
        return self.clause(start, stop, speaker, self.cue(place, end), 0.9 if speaker is None else 1.0)

    def _order(self, place: int) -> Clause | None:
        """X told them to reset; X urged Moscow not to reset."""
        words, lex, former = self.words, self.lexicon, self.at(place - 1).low
        if lex.language == "de" or words[place].low not in lex.ordering or former in lex.determiners or former in BE:
            return None

        for at in range(place + 1, min(place + 8, len(words) - 1)):
            if not words[at].is_word or words[at].low in ("for", "about"):
                return None
            if words[at].low == "to" and at > place + 1:
                begin = at - 1 if words[at - 1].low == "not" else at
                return self.clause(begin, self.stop(at + 1), self.subject(place), words[place].text, 0.85)
        return None

    # A noun or an adjective before what it reports

    def _is_sure(self, place: int) -> bool:
        lex, former = self.lexicon, self.at(place - 1).low
        return self.words[place].low in lex.sure and (former in lex.copulas or former in lex.between)

    def _of_sure(self, place: int) -> Clause | None:
        """He is sure (that) it was over."""
        if not self._is_sure(place):
            return None
        owner = self.subject(place)
        if owner is None:
            return None

        lex, following = self.lexicon, self.at(place + 1).low
        cue = self.words[place].text
        opener = self._content(place, place + 5)
        if opener is not None:
            return self.clause(opener + 1, self.stop(opener + 1), owner, cue, 0.85)
        if following in lex.determiners or following in lex.pronouns or following in ("it", "there"):
            return self.clause(place + 1, self.stop(place + 1), owner, cue, 0.8)
        return None

    def _of_noun(self, place: int) -> Clause | None:
        """Her view is that ... | the suggestion that ... | A question on everybody's lips: whether ..."""
        words = self.words
        if words[place].low not in self.lexicon.views or self._is_sure(place):
            return None
        colon = any(w.text == ":" for w in words[place + 1 : place + 8])
        opener = self._content(place, place + 8, anything=True) if colon else self._content(place, place + 5)
        if opener is None:
            return None

        owner = self.names.possessor(words, place, 0)
        if owner is None and colon:
            owner = self.names.possessor(words, opener - 1, place + 1)
        return self.clause(opener + 1, self.stop(opener + 1), owner, words[place].text, 0.85)

    def _content(self, place: int, stop: int, anything: bool = False) -> int | None:
        """Return the "that" of a noun or an adjective: only a copula and the like stand between them, or anything."""
        words, lex = self.words, self.lexicon
        for at in range(place + 1, min(stop, len(words) - 1)):
            low = words[at].low
            if low in lex.openers and low not in _NO_CONTENT:
                return at
            joins = low in ("on", "about") or low in lex.copulas or low in lex.between or words[at].text in ",:"
            if not joins and not anything:
                return None

        return None


def is_subjunctive(words: Sequence[Word]) -> bool:
    """Return whether a German verb beside a pronoun has the ending of reported speech: er glaube, merke er.

    Examples
    --------
    >>> from toolkit.speech.lexicon import words_of
    >>> [is_subjunctive(words_of(text, 0, len(text))) for text in ("Am Zoll merke er nichts.", "Er merkte nichts.")]
    [True, False]
    """
    for one, two in itertools.pairwise(words):
        for verb, pronoun in ((one, two), (two, one)):
            ends = verb.text[0].islower() and verb.low.endswith("e") and len(verb.low) > 3
            if pronoun.low in ("er", "sie", "es", "man") and ends and not verb.low.endswith(_INDICATIVE):
                return True

    return False
