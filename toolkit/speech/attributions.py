"""Own the attribution of direct quotations: who said what is in marks, judged by the words before and after them in the sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from toolkit.speech.lexicon import Word, word_set
from toolkit.speech.marks import SHORT, Quote, inside, is_short
from toolkit.speech.names import Names
from toolkit.speech.people import Speaker
from toolkit.speech.rules import Rule, decide
from toolkit.speech.sentence import Sentence

_FAR = 16  # words between a verb and the quotation that it introduces
_AFTER = 26  # words after a quotation in which its verb is looked for
_STOPS = frozenset(".;:!?")
_DASHES = frozenset(",—–-")
_PARTING = frozenset(",?!…–—")
_BE = word_set("is are was were be been being 's it's")
_ABOUT = word_set("about over über")
_WRITTEN = word_set("read reads states state stated")  # what stands somewhere


class Attribution(NamedTuple):
    """Who is said to have said what stands in marks, and whether the marks stand in the sentence as a fragment."""

    speaker: Speaker | None
    cue: str
    certainty: float
    fragment: bool = False


def first_found(ways: Iterable[Callable[[], Attribution | None]]) -> Attribution | None:
    """Return what the first way of several finds."""
    return next((by for way in ways if (by := way()) is not None), None)


class Tail(Sentence):
    """What follows a quotation in its sentence, up to the next mark that ends a clause.

    Parameters
    ----------
    text : str
        The whole text.
    words : list of Word
        The words and marks that follow.
    names : Names
        The people of the text.
    quote : Quote
        The quotation.
    """

    def __init__(self, text: str, words: Sequence[Word], names: Names, quote: Quote) -> None:
        last = inside(text, quote).rstrip()[-1:]
        begin = next((i for i, w in enumerate(words) if w.text not in _DASHES), len(words))
        stop = next((i for i in range(begin, len(words)) if words[i].text in _STOPS or words[i].quote), len(words))

        super().__init__(text, words[begin : min(stop, begin + _AFTER)], names, title=False)
        self.parted = begin > 0 or last in _PARTING
        self.full_stop = last == "."
        self.short = is_short(text, quote)

    def attribution(self) -> Attribution | None:
        """Return who speaks: “...,” said X. | “...,” X said. | “...”, so X. | “...”? X asked."""
        if not self.words or (self.short and not self.parted):
            return None

        return first_found((self._shown, self._according, self._verb_first, self._verb_later))

    def _shown(self) -> Attribution | None:
        """“...,” reads a sign."""
        first = self.words[0]
        return Attribution(None, first.text, 0.8) if self.parted and first.low in self.lexicon.shown else None

    def _according(self) -> Attribution | None:
        """“...,” according to X."""
        skip = self.matches(0, self.lexicon.according)
        if not skip or (self.words[0].low == "so" and not self.parted):
            return None

        speaker = self.names.starting(self.words, skip)[0]
        return None if speaker is None else Attribution(speaker, self.cue(0, skip), 0.95)

    def _unknown(self, at: int) -> bool:
        """Return whether a word that no list has can be the verb: “...,” thundered X."""
        word = self.words[at]
        plain = word.text.isalpha() and word.text.islower() and len(word.low) > 2
        return self.parted and plain and word.low not in self.lexicon.closed

    def _verb_first(self) -> Attribution | None:
        """“...,” said X."""
        end, lex = self.cue_at(0), self.lexicon
        if not (self._unknown(0) if not end else self.parted or not self.full_stop):
            return None

        speaker = self.names.starting(self.words, end or 1)[0]
        shaped = speaker is not None and (end or speaker.person or self.words[1].low in lex.determiners | lex.pronouns)
        alone = end and len(self.words) <= 2
        return Attribution(speaker, self.cue(0, end or 1), 1.0 if end else 0.85) if shaped or alone else None

    def _verb_later(self) -> Attribution | None:
        """“...,” X said."""
        lex, words = self.lexicon, self.words
        if lex.language == "de":
            return None  # there the verb always comes first

        for at in range(1, len(words)):
            end = self.cue_at(at)
            sure = words[at].low in lex.sure and words[at - 1].low in lex.copulas
            unknown = not end and at <= 5 and self._unknown(at)
            if end or sure or unknown:
                speaker, first = self.names.before(words, at)
                if speaker is None or first:
                    continue
                if not unknown or self._is_shaped(speaker, at):
                    return Attribution(speaker, self.cue(at, end or at + 1), 0.85 if unknown else 1.0)
            if words[at].low in lex.breaks:
                break

        return None

    def _is_shaped(self, speaker: Speaker, at: int) -> bool:
        """Return whether the unknown word stands as a verb does: after a person or a definite noun, before no other verb."""
        known = speaker.person or self.words[0].low in self.lexicon.definite
        followed = at + 1 < len(self.words) and self.cue_at(at + 1)
        return known and not followed and not self.names.is_role(self.words[at].low)


class _Introduction:
    """A verb some words before marks: X called | it “...”"""

    def __init__(self, sentence: Head, at: int, end: int) -> None:
        self.sentence, self.lex = sentence, sentence.lexicon
        self.at, self.end = at, end
        self.parted: bool = sentence.parted
        self.low: str = sentence.words[at].low
        self.former: Word = sentence.at(at - 1)
        self.between: list[str] = [w.low for w in sentence.words[at + 1 : sentence.place]]

    @cached_property
    def names_it(self) -> bool:
        """Whether it gives a thing its name: called it “...”, dismissed it as “...”."""
        judged = self.low in self.lex.judging and not {"as", "als"}.isdisjoint(self.between[-4:])
        return judged or self.low in self.lex.naming

    @property
    def speaks(self) -> bool:
        lex, low = self.lex, self.low
        speaking = low in lex.reporting or low in lex.last_only or low in lex.with_that or self.end > self.at + 1
        return speaking or (low in lex.shown and not self.between)

    @property
    def loose(self) -> bool:
        """Whether no comma or colon parts the marks, and the verb gives no name."""
        return not self.names_it and not self.parted

    @property
    def only_follows(self) -> bool:
        lex, low = self.lex, self.low
        return low in lex.last_only and low not in lex.reporting and low not in lex.shown

    @property
    def has_adjunct(self) -> bool:
        first = self.between[0] if self.between else ""
        return first in self.lex.prepositions and first not in ("in", "at")

    @property
    def passive(self) -> bool:
        return self.former.low in _BE and not self.low.endswith("ing")


# Verbs before marks that do not say what stands in them.
NO_INTRODUCTIONS: tuple[Rule[_Introduction], ...] = (
    Rule("Bell's call for a “reset”: a noun", lambda v: v.former.low in v.lex.determiners or v.former.has_s),
    Rule("showed the “reset”: neither speech nor a name", lambda v: not v.names_it and not v.speaks),
    Rule("announced the “reset”: an object", lambda v: v.loose and v.low in v.lex.with_that - _WRITTEN),
    Rule("asked about the “reset”: a subject of talk", lambda v: not v.parted and not _ABOUT.isdisjoint(v.between)),
    Rule("sagte dem „Neustart“ ab: German parts speech from its verb", lambda v: v.loose and v.lex.language == "de"),
    Rule("began the “reset”: a verb that only follows speech", lambda v: v.loose and v.only_follows),
    Rule("said of the “reset”: an adjunct", lambda v: v.loose and v.has_adjunct),
    Rule("was called a “reset”: nobody says by whom", lambda v: v.passive and "by" not in v.between),
)


class Head(Sentence):
    """A sentence with marks at a place, and the words before them."""

    def __init__(self, text: str, words: Sequence[Word], names: Names, place: int) -> None:
        super().__init__(text, words, names, title=False)
        quote = words[place].quote
        assert quote is not None
        self.place, self.quote, self.former = place, quote, self.at(place - 1)
        self.colon = self.former.text == ":"
        self.parted = self.former.text in (":", ",")

    def attribution(self) -> Attribution | None:
        """Return who speaks: X said: “...” | X called it “...” | According to X, “...” | To X, “...”"""
        if not self.place:
            return None
        by = self._goes_on()
        whole = inside(self.text, self.quote).strip()
        if by is not None or (self.colon and whole[:1].islower() and len(whole.split()) <= SHORT):
            return by

        return first_found((self._verb, self._named_first if self.colon else self._to_whom))

    def _goes_on(self) -> Attribution | None:
        """“...,” said X, | “...”"""
        place = self.place
        earlier = next((i for i in range(place - 1, -1, -1) if self.words[i].quote is not None), place)
        if self.former.text != "," or earlier >= place - 2:
            return None

        by = self.after(earlier)
        return None if by is None else by._replace(certainty=by.certainty * 0.95)

    def after(self, place: int, following: Sequence[Word] = ()) -> Attribution | None:
        """Return who speaks by the words after the marks at a place, or by the next sentence where nothing follows them."""
        quote = self.words[place].quote
        assert quote is not None
        tail = self.words[place + 1 :]
        if not tail and inside(self.text, quote).rstrip()[-1:] in "?!,…":
            tail = following

        return Tail(self.text, tail, self.names, quote).attribution()

    def _verb(self) -> Attribution | None:
        """X said: “...” | X called it “...” | According to X, “...”"""
        lex, words, place = self.lexicon, self.words, self.place
        for at in range(place - (2 if self.colon else 1), max(-1, place - 2 - _FAR), -1):
            word = words[at]
            if word.text in _STOPS or word.low in lex.so_called:
                break
            end = self.cue_at(at)
            by = self._introduction(_Introduction(self, at, end)) if end else None
            if by is not None:
                return by
            skip = self.matches(at, lex.according)
            speaker = self.names.starting(words, at + skip)[0] if skip and word.low != "so" else None
            if speaker is not None:
                return Attribution(speaker, self.cue(at, at + skip), 0.95, not self.colon)

        return None

    def _introduction(self, verb: _Introduction) -> Attribution | None:
        """Return the attribution by a verb, if the marks after it are its subject's words."""
        if decide(NO_INTRODUCTIONS, verb):
            return None

        speaker = self.agent(verb.at + 1, self.place) if verb.passive else self.subject(verb.at)
        if speaker is not None:
            fragment = not self.parted and (verb.names_it or bool(verb.between))
            return Attribution(speaker, self.cue(verb.at, verb.end), 1.0 if self.parted else 0.9, fragment)
        if self.parted or verb.low in ("read", "reads", "steht"):
            return Attribution(None, self.words[verb.at].text, 0.7, not self.parted)
        return None

    def _named_first(self) -> Attribution | None:
        """X had enough: “...”: who opens the sentence, else who acts in it, else who was named last."""
        lex, words, names = self.lexicon, self.words, self.names
        opening = words[0].low
        opens = opening not in lex.closed or opening in lex.determiners or opening in lex.pronouns
        speaker = names.starting(words, 0)[0] if opens else None
        if speaker is None or not speaker.person:
            actor = names.actor(words[: self.place]) or names.focus(words[0].start, "")
            speaker = speaker if actor is None else actor._replace(certain=False)

        return None if speaker is None else Attribution(speaker, "", 0.7)

    def _to_whom(self) -> Attribution | None:
        """To X, “...”"""
        if self.words[0].low not in ("to", "for", "für") or self.former.text != ",":
            return None

        speaker, after = self.names.starting(self.words, 1)
        return Attribution(speaker, "", 0.8, True) if speaker is not None and after == self.place - 1 else None
