"""Own the speakers in a sentence: the names, nouns and pronouns that are subjects of its verbs, and whom they refer to."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from toolkit.speech.lexicon import NO_WORD, Lexicon, Word, word_at, word_set
from toolkit.speech.people import People, Speaker, nearest
from toolkit.speech.rules import Rule, decide

Placed = tuple[Speaker | None, int]  # a speaker, and the place of the first word or the one after the last

_APPOSITION = 25  # words that may stand between a name and its verb: X, the spokesman who ..., said
_REACH = 60  # words before a verb among which its subject is looked for
_MODIFIERS = 6  # words before a noun that belong to it
_LONGEST = 14  # words of a speaker
_NO_PART = word_set("by to as near over under close zu zum zur am auf")  # they begin no part of a subject
_DEMONYMS = ("an", "ish", "ese", "ch", "s.")  # European, British, Chinese, French, U.S.
_ALONE = word_set("one others neither everybody everyone nobody einer beide niemand it")
_OBJECTS = word_set("him her them")
_OWNERS = word_set("his her their seiner ihrer seine ihre seinen ihren seinem ihrem")
OF = word_set("of von des der")
_NO_PARTICLE = word_set("la le der zu")  # before a capital they are more often articles and prepositions
_PLURALS = word_set("men women people police children")
_PLURAL_NOUN = re.compile(r"\b([\w-]{2,}s|men|women|people|police|children)\b")
_OPENING_NOUN = re.compile(r"(?:^|[.!?;\n][\"'“”’]*\s)(?:(?:The|These|Those|Two|Three|Many|Some|Several) )?(?:\w+ )?$")


@dataclass(frozen=True)
class _Last:
    """The word that may be the last of a speaker's."""

    names: Names
    words: Sequence[Word]
    at: int
    least: int

    @property
    def lex(self) -> Lexicon:
        return self.names.lexicon

    @property
    def word(self) -> Word:
        return self.words[self.at]

    @property
    def former(self) -> Word:
        return self.words[self.at - 1] if self.at > self.least else NO_WORD

    @property
    def can_speak(self) -> bool:
        """Whether it is a noun, or stands where a noun does: the head of state."""
        former, word = self.former, self.word
        meant = word.is_word and (former.low in self.lex.determiners or former.low == "of")
        return self.names.is_noun(word) or (meant and word.low not in self.lex.closed)

    @property
    def is_name(self) -> bool:
        names, word = self.names, self.word
        if not names.is_name(word) or word.low in self.lex.people:
            return False
        return not names.is_german_noun(self.words, self.at, self.least)

    def antecedent(self) -> Placed:
        at = self.at - (2 if self.former.text == "," else 1)
        return self.names.ending(self.words, at, self.least)


# The last word of a speaker: what stands before a verb.
ENDINGS: tuple[Rule[_Last], ...] = (
    Rule("I said: the author", lambda p: p.word.low in p.lex.author, lambda p: (Speaker("I", False, True), p.at)),
    Rule(
        "she said: whom the pronoun stands for",
        lambda p: p.word.low in p.lex.pronouns,
        lambda p: (p.names.referent(p.words, p.at, p.least), p.at),
    ),
    Rule(
        "nobody said: a word that stands for itself",
        lambda p: p.word.low in _ALONE,
        lambda p: (Speaker(p.word.text, False, p.word.low != "it"), p.at),
    ),
    Rule(
        "the other said: the same, with its article",
        lambda p: p.word.low == "other" and p.former.low == "the",
        lambda p: (Speaker(p.word.text, False, True), p.at - 1),
    ),
    Rule(
        "the guests, which said: what the relative pronoun goes back to",
        lambda p: p.word.low in ("which", "that") and p.at > p.least + 1,
        _Last.antecedent,
    ),
    Rule(
        "Rule 14 said: a name and its number",
        lambda p: p.word.text.isdigit() and p.names.is_name(p.former),
        lambda p: (Speaker(p.names.text[p.former.start : p.word.end], False, True), p.at - 1),
    ),
    Rule("loudly said: nothing that can speak", lambda p: not p.can_speak, lambda p: (None, p.at)),
    Rule("Anna Bell said: a name", lambda p: p.is_name, lambda p: p.names.name_before(p)),
    Rule("a senior official said: a noun", lambda p: True, lambda p: p.names.noun_before(p)),
)


class _First:
    """The word that may be the first of a speaker's, and the name after it, if there is one."""

    def __init__(self, names: Names, words: Sequence[Word], at: int) -> None:
        self.names, self.words, self.at = names, words, at
        self.lex = names.lexicon
        self.word = words[at]
        self.noun_follows = at + 1 < len(words) and names.is_noun(words[at + 1])

    @cached_property
    def stop(self) -> int:
        """One past the last word that the speaker could have."""
        lex, words, at = self.lex, self.words, self.at
        inside = lex.determiners | lex.prepositions | lex.particles
        for place in range(at, min(at + _LONGEST, len(words))):
            low = words[place].low
            grammar = low in lex.closed and low not in inside
            if not words[place].is_word or grammar or (place > at and low in lex.finite):
                return place

        return min(at + _LONGEST, len(words))

    @cached_property
    def name(self) -> int:
        """Where a name begins, or `stop`: not the one that a noun has after a preposition, as in "a spokesman for X"."""
        words, lex = self.words, self.lex
        place = next((i for i in range(self.at, self.stop) if self.names.starts_name(words, i, self.at)), self.stop)
        former = words[place - 1].low if place > self.at else ""

        return self.stop if former in lex.prepositions and former not in lex.particles else place

    @cached_property
    def end(self) -> int:
        """One past the last word of the name; particles belong to it: Hartwig von Seelen."""
        names, words, end = self.names, self.words, self.name + 1
        while end < self.stop:
            joined = words[end].low in self.lex.particles and end + 1 < self.stop and names.is_name(words[end + 1])
            if not joined and not names.is_name(words[end]):
                break
            end += 1

        return end

    @cached_property
    def role(self) -> int:
        """One past the nouns in small letters after the name: the Kremlin spokesman."""
        words, at = self.words, self.end
        while at < self.stop and self.names.is_noun(words[at]) and words[at].text[0].islower():
            at += 1

        return at

    @property
    def is_institute(self) -> bool:
        names, words, end = self.names, self.words, self.end
        if end - self.name != 1 or end + 1 >= self.stop or names.is_surname(words[self.name]):
            return False
        return words[end].low in ("for", "of") and names.is_name(words[end + 1])

    def institute(self) -> Placed:
        end = self.names.past_names(self.words, self.end + 2, self.stop)
        return Speaker(self.names.text[self.words[self.name].start : self.words[end - 1].end], False, True), end

    @cached_property
    def noun(self) -> int:
        """One past the noun that speaks, or `at`: two of its senior members."""
        names, lex, words, end = self.names, self.lex, self.words, self.at
        speaking = lex.people | lex.bodies
        while end < self.stop:
            word = words[end]
            if word.low not in lex.determiners and not names.is_noun(word) and not word.text[0].isdigit():
                break
            end += 1
            after = words[end].low if end < self.stop else ""
            if word.low in speaking and after not in speaking:
                break

        while end > self.at and not names.is_noun(words[end - 1]):
            end -= 1
        return end


# The first word of a speaker: what stands after a verb, or opens a sentence.
OPENINGS: tuple[Rule[_First], ...] = (
    Rule(
        "according to her: an object pronoun, but not that of her lawyer",
        lambda p: p.word.low in _OBJECTS and not (p.word.low == "her" and p.noun_follows),
        lambda p: (p.names.referent(p.words, p.at), p.at + 1),
    ),
    Rule(
        "said he: a pronoun, or the author",
        lambda p: p.word.low in p.lex.author or p.word.low in p.lex.pronouns,
        lambda p: (p.names.ending(p.words, p.at, p.at)[0], p.at + 1),
    ),
    Rule(
        "said one: a word that stands for itself, but not that of one official",
        lambda p: p.word.low in ("one", "others") and not p.noun_follows,
        lambda p: (p.names.ending(p.words, p.at, p.at)[0], p.at + 1),
    ),
    Rule(
        "said a senior official: no name, but a noun",
        lambda p: p.name == p.stop and p.noun > p.at,
        lambda p: p.names.apposed(p.words, p.at, p.noun),
    ),
    Rule("said never: nobody", lambda p: p.name == p.stop, lambda p: (None, p.at)),
    Rule(
        "said the Center for American Progress: a name with a part after for or of",
        lambda p: p.is_institute,
        _First.institute,
    ),
    Rule(
        "said the Rovers spokesman: a name that belongs to the role after it",
        lambda p: p.role > p.end and p.names.is_role(p.words[p.role - 1].low),
        lambda p: p.names.apposed(p.words, p.at, p.role),
    ),
    Rule(
        "said our Money Mum, Anna Bell: a name that ends in a role",
        lambda p: p.names.is_role(p.words[p.end - 1].low),
        lambda p: p.names.apposed(p.words, p.at, p.end),
    ),
    Rule("said Anna Bell: a name", lambda p: True, lambda p: (p.names.resolved(p.words[p.name : p.end]), p.end)),
)


class _Actor(NamedTuple):
    """A name in a sentence, of which it is asked whether it is a subject's."""

    names: Names
    words: Sequence[Word]
    at: int
    end: int

    @property
    def lex(self) -> Lexicon:
        return self.names.lexicon

    @property
    def following(self) -> Word:
        return word_at(self.words, self.end)

    @property
    def former(self) -> Word:
        comma = self.at > 1 and self.words[self.at - 1].text == ","
        return word_at(self.words, self.at - (2 if comma else 1))

    @property
    def opens_only(self) -> bool:
        """Whether its capital may be that of the sentence."""
        return self.at == 0 and self.words[0].text not in self.names.capitals

    @property
    def has_verb(self) -> bool:
        lex, word = self.lex, self.following
        if not word.is_word or not word.text[0].islower() or word.low in lex.prepositions:
            return False
        return (
            word.low in lex.finite or word.low in lex.between or word.low in lex.verbs or word.low.endswith(("s", "ed"))
        )


# A single name, such as Nina, that no full name in the text explains: is it somebody who acts?
SINGLE_NAMES: tuple[Rule[_Actor], ...] = (
    Rule("His wife, Nina, came: a role stands before it", lambda a: a.names.is_role(a.former.low), True),
    Rule("Rumours spread: the capital of the sentence", lambda a: a.opens_only, False),
    Rule(
        "Nina, who came | Nina, 8, came: a person's apposition",
        lambda a: (
            a.following.text == "," and ((after := word_at(a.words, a.end + 1)).text.isdigit() or after.low == "who")
        ),
        True,
    ),
    Rule("then Nina came: a verb follows", lambda a: a.has_verb, True),
)


class Names(People):
    """The people of one text, and the subjects of its sentences.

    Parameters
    ----------
    text : str
        The text.
    lexicon : Lexicon
        The words of its language.
    focus : callable
        Who was named last, as somebody who acts, before a place, and whom a pronoun there can stand for.
    article : Names, optional
        Of a title: those of its article, where the full names are.
    title : bool
        Whether the text is a title; there nouns keep the words before them (oil chief).
    """

    def __init__(
        self,
        text: str,
        lexicon: Lexicon,
        focus: Callable[[int, str], Speaker | None],
        article: Names | None = None,
        title: bool = False,
    ) -> None:
        super().__init__(text, lexicon, article)
        self.title = title
        self.focus = focus

    # What words are

    def is_noun(self, word: Word) -> bool:
        """Return whether a word can be a noun."""
        lex = self.lexicon
        if not word.is_word or self._is_closed(word) or word.text[0].isdigit():
            return False
        if lex.language == "de" and word.text[0].islower():
            return False

        return word.low not in lex.verbs or word.text[0].isupper() or word.low in lex.people

    def is_name(self, word: Word) -> bool:
        """Return whether a word can be a name: it has a capital and is no word of grammar."""
        return word.text[0].isupper() and not self._is_closed(word) and word.low not in self.lexicon.determiners

    def _is_closed(self, word: Word) -> bool:
        """Return whether it is a word of grammar, also in a contraction: She'd."""
        closed = self.lexicon.closed
        return word.low in closed or word.has_not or word.low.partition("'")[0].partition("’")[0] in closed

    def is_german_noun(self, words: Sequence[Word], at: int, least: int) -> bool:
        """Return whether a capital is that of a German noun, which every noun has: after an article, or a calling."""
        lex, word = self.lexicon, words[at]
        former = words[at - 1] if at > least else NO_WORD
        if lex.language != "de" or (self.is_name(former) and not self.is_role(word.low)):
            return False

        return self.is_role(word.low) or former.low in lex.determiners or word.low in lex.bodies

    def starts_name(self, words: Sequence[Word], at: int, first: int) -> bool:
        """Return whether a name begins at `at`, in words of which the first is at `first`."""
        word = words[at]
        particle = word.low in self.lexicon.particles and word.low not in _NO_PARTICLE
        if particle and word_at(words, at + 1).text[0].isupper():
            return True

        return (
            self.is_name(word) and not self.is_role(word.low.strip(".")) and not self.is_german_noun(words, at, first)
        )

    def past_names(self, words: Sequence[Word], at: int, stop: int | None = None) -> int:
        """Return the first place from `at` on that has no name."""
        stop = len(words) if stop is None else stop
        return next((i for i in range(at, stop) if not self.is_name(words[i])), max(at, stop))

    # What stands before a verb

    def before(self, words: Sequence[Word], verb: int, least: int = 0) -> Placed:
        """Return the subject that ends before the verb, and the place of its first word."""
        at, least = verb - 1, max(least, verb - _REACH)
        while at >= least and self._is_adverb(words[at]):
            at -= 1

        if at < least:
            return None, verb
        if words[at].text == ",":
            return self._before_apposition(words, at, least)
        return self.ending(words, at, least)

    def _is_adverb(self, word: Word) -> bool:
        lex = self.lexicon
        return word.low in lex.between or (lex.language == "en" and word.low.endswith("ly") and word.text[0].islower())

    def _before_apposition(self, words: Sequence[Word], at: int, least: int) -> Placed:
        """X, the spokesman, said: the name that opens the clause; else the nearest name; else the noun that opens it."""
        person: Placed | None = None
        noun: Placed | None = None
        for speaker, first, comma in self._commas_before(words, at, least):
            if speaker.person:
                if first == least:
                    return speaker, first
                person = person or (speaker, first)
            elif first == least and noun is None:
                apposed, begin = self.ending(words, at - 1, comma + 1)
                named = apposed is not None and apposed.person and begin == comma + 1  # a student, Irina Kovrova, asked
                noun = (apposed if named else speaker), first

        return person or noun or (None, at + 1)

    def _commas_before(self, words: Sequence[Word], at: int, least: int) -> Iterator[tuple[Speaker, int, int]]:
        """Yield who stands before each comma, from right to left, where that opens a clause."""
        for comma in range(at - 1, max(least, at - _APPOSITION - 1), -1):
            if words[comma].text in ".;:!?" or words[comma].quote is not None:
                return
            if words[comma].text != ",":
                continue
            speaker, first = self.ending(words, comma - 1, least)
            former = words[first - 1]
            opens = first == least or not former.is_word or former.low in self.lexicon.closed
            if speaker is not None and opens:
                yield speaker, first, comma

    def ending(self, words: Sequence[Word], at: int, least: int = 0) -> Placed:
        """Return the speaker whose last word stands at `at`, and the place of the first."""
        if at < least:
            return None, at

        last = _Last(self, words, at, least)
        placed: Placed = decide(ENDINGS, last)(last)
        return placed

    def name_before(self, last: _Last) -> Placed:
        """Return the name that ends here, or the noun that it belongs to."""
        words, at, least = last.words, last.at, last.least
        begin = at
        while begin > least and self._goes_on(words, begin):
            begin -= 1

        first = self._modified(words, begin, least)
        head = self._head_before(words, first, least)
        name = self.resolved(words[begin : at + 1])
        if head is None:
            return name, first

        titled = name is not None and " " in name.name and words[first - 1].low == "of"
        titled = titled and words[first].low not in self.lexicon.determiners
        if titled and self.is_role(words[first - 2].low):  # minister of economic development X
            return name, head[1]
        return head

    def noun_before(self, last: _Last) -> Placed:
        """Return the noun that ends here, or the one that it belongs to."""
        first = self._modified(last.words, last.at, last.least)
        head = self._head_before(last.words, first, last.least)

        return (self._noun(last.words, first, last.at), first) if head is None else head

    def _goes_on(self, words: Sequence[Word], first: int) -> bool:
        """Return whether the word before `first` is a part of the same name."""
        lex, former = self.lexicon, words[first - 1]
        if former.end + 1 < words[first].start:
            return False
        if former.low not in lex.particles:
            return former.is_word and self.is_name(former) and not former.has_s

        named = self.is_name(words[first - 2]) if first > 1 else False
        return lex.language == "en" or named or former.text[0].isupper() or former.low == "von"

    def _modified(self, words: Sequence[Word], first: int, least: int) -> int:
        """Return where a noun begins with the words that belong to it: a senior Kremlin | official."""
        lex, at = self.lexicon, first
        while at > least and first - at < _MODIFIERS:
            former = words[at - 1]
            if former.low in lex.determiners:
                return at - 1
            verb = former.low in lex.verbs and former.low not in lex.views
            if former.text not in "£$€" and (not former.is_word or former.low in lex.closed or verb):
                break
            at -= 1

        return at

    def _head_before(self, words: Sequence[Word], first: int, least: int) -> tuple[Speaker, int] | None:
        """X of Clear North | a spokesman for the firm: the subject is what stands before the preposition."""
        lex, at = self.lexicon, first - 2
        if at < least or words[first - 1].low not in lex.prepositions - _NO_PART or not self.is_noun(words[at]):
            return None
        if words[at].low in lex.verbs and words[at].text[0].islower():
            return None

        speaker, begin = self.ending(words, at, least)
        return None if speaker is None else (speaker, begin)

    # What stands after a verb

    def starting(self, words: Sequence[Word], at: int) -> Placed:
        """Return the speaker whose first word stands at `at`, and the place after the last."""
        lex = self.lexicon
        while (word := word_at(words, at)).text[0].islower() and (word.low in lex.between or word.low.endswith("ly")):
            at += 1
        if at >= len(words):
            return None, at

        first = _First(self, words, at)
        placed: Placed = decide(OPENINGS, first)(first)
        return placed

    def apposed(self, words: Sequence[Word], first: int, end: int) -> Placed:
        """the spokesman, Dmitry Peskov | the director of a factory, Arseny Dolin"""
        comma = end
        while comma - end < 6 and word_at(words, comma).is_word:
            comma += 1

        name = comma + 1
        after = self.past_names(words, name)
        if word_at(words, comma).text == "," and after - name > 1:
            return self.resolved(words[name:after]), after
        return self._noun(words, first, end - 1), end

    # Nouns

    def _noun(self, words: Sequence[Word], first: int, at: int) -> Speaker:
        """Return somebody without a name, or the person whom a definite noun stands for."""
        lex, word = self.lexicon, words[at]
        definite = words[first].low in lex.definite
        if self.is_role(word.low) and (definite or any(w.has_s for w in words[first:at])):
            person = self._with_role(words[first : at + 1], word)
            if person is not None:
                return Speaker(person, True, True)
            plural = word.low.endswith("s") or word.low in _PLURALS
            focus = self.focus(word.start, word.low) if definite and not plural and not self._introduced(word) else None
            if focus is not None:
                return focus._replace(certain=False)

        if self.title:
            begin = first + (words[first].low in lex.determiners)
            return Speaker(self.text[words[begin].start : word.end], False, True)
        begin = self._with_demonyms(words, first, at)
        return Speaker(re.sub(r"(?<=.)['’]s?$", "", self.text[words[begin].start : word.end]), False, True)

    def _with_demonyms(self, words: Sequence[Word], first: int, at: int) -> int:
        """Return where a noun begins with the capitalised words before it: European diplomats."""
        lex, begin = self.lexicon, at
        if lex.language == "de":
            return at
        while begin > first and words[begin - 1].text[0].isupper() and words[begin - 1].low not in lex.determiners:
            if begin == 1 and not words[0].low.endswith(_DEMONYMS):
                break  # the capital is that of the sentence
            begin -= 1

        return at if any(w.is_genitive for w in words[begin:at]) else begin

    def _with_role(self, words: Sequence[Word], head: Word) -> str | None:
        """Return the person that the text describes by this noun: who was named last before, else first after."""
        named = self.by_role.get(head.low, [])
        if not named:
            return None

        wanted = {w.low for w in words if w.is_word and w.low not in self.lexicon.closed}
        exact = [p for p in named if wanted <= p.about]
        return nearest(exact or named, head.start)

    def _introduced(self, word: Word) -> bool:
        """Return whether the noun stands earlier without a definite article: then it is somebody of his own."""
        begin = max(0, word.start - 1_500)
        pattern = rf"\b(?:an?|another|one|einer?|eines?)\b(?: [\w-]+){{0,3}} {re.escape(word.low)}\b"

        return re.search(pattern, self.text[begin : word.start], re.IGNORECASE) is not None

    def possessor(self, words: Sequence[Word], noun: int, least: int) -> Speaker | None:
        """Return whose a noun is: her view; Peskov's opinion; the view of the ministry."""
        for at in range(noun - 1, max(least, noun - 5) - 1, -1):
            word = words[at]
            if word.low in _OWNERS:
                return self.referent(words, at)
            if word.low == "my":
                return Speaker("I", False, True)
            if word.is_genitive:
                name = word.text[:-2] if word.text[-1] == "s" else word.text[:-1]
                owner = Word(word.start, word.start + len(name), name, name.lower())
                return self.ending([*words[:at], owner], at, max(least, at - _REACH))[0]
            if not word.is_word or word.low in self.lexicon.prepositions:
                break

        of = noun + 2 < len(words) and words[noun + 1].low in OF
        return self.starting(words, noun + 2)[0] if of else None

    # Pronouns

    def referent(self, words: Sequence[Word], at: int, least: int = 0) -> Speaker | None:
        """Return whom a pronoun stands for."""
        word = words[at]
        if word.low in self.lexicon.plural_pronouns or word.low in ("their", "them"):
            plural = self._plural_before(word.start)
            return Speaker(plural or word.text, False, plural is None)
        if word.low == "who":
            former = at - 2 if at > 1 and words[at - 1].text == "," else at - 1
            return self.ending(words, former, least)[0]

        focus = self.focus(word.start, word.low)
        return Speaker(word.text, False, False) if focus is None else focus._replace(certain=False)

    def _plural_before(self, at: int) -> str | None:
        """Return the plural noun before a place that "they" may stand for: the last that can speak; else the first that opens a sentence."""
        lex, begin = self.lexicon, max(0, at - 400)
        plural = None
        for match in _PLURAL_NOUN.finditer(self.text[begin:at]):
            noun = match.group(1)
            speaks = noun.lower() in lex.people | lex.bodies and not noun.endswith("ss")
            if speaks or (plural is None and self._opens_sentence(begin + match.start())):
                plural = noun

        return plural

    def _opens_sentence(self, at: int) -> bool:
        """Return whether only an article or a number stands between a noun and the beginning of its sentence."""
        return _OPENING_NOUN.search(self.text[max(0, at - 16) : at]) is not None

    # Who acts

    def actor(self, words: Sequence[Word], pronoun: str = "") -> Speaker | None:
        """Return who is named first in a sentence as somebody who acts: not after a preposition, not with 's.

        A pronoun passes over those whose titles and roles speak against it.
        """
        at = 0
        while at < len(words):
            if not words[at].is_word or not self.starts_name(words, at, at):
                at += 1
                continue
            end = self.past_names(words, at + 1)
            speaker = self._acting(words, at, end)
            if speaker is not None and not self._is_other(pronoun, speaker.name):
                return speaker
            at = end

        return self._new_actor(words, pronoun)

    def _new_actor(self, words: Sequence[Word], pronoun: str) -> Speaker | None:
        """Return the noun that opens a sentence with an indefinite article: A spokesman said"""
        lex = self.lexicon
        opening = word_at(words, 0).low
        if len(words) < 3 or opening not in lex.determiners or opening in lex.definite:
            return None

        head = next((i for i in range(1, min(6, len(words) - 1)) if words[i].low in lex.people), 0)
        low = words[head].low
        other = (pronoun in lex.female and low in lex.male) or (pronoun in lex.male and low in lex.female)
        if not head or other or low.endswith("s") or self.is_name(words[head + 1]):
            return None
        return Speaker(words[head].text, False, True)

    def _acting(self, words: Sequence[Word], at: int, end: int) -> Speaker | None:
        """Return the person of this name if it stands as a subject does."""
        lex = self.lexicon
        first = self._modified(words, at, 0)
        following = word_at(words, end)
        if re.search(r"['’]s?$", words[end - 1].text) or (following.is_word and self.is_role(following.low)):
            return None  # Bell's | Leighbridge boss Gordie Nesbit
        if first and words[first - 1].low in lex.prepositions and words[at].low not in lex.particles:
            if end - at < 3 or words[first - 1].low not in ("from", "in", "at", "aus"):
                return None
            at += 1  # From London Edwin Mossop

        speaker = self.resolved(words[at:end])
        if speaker is None or not speaker.person:
            return None
        acts = " " in speaker.name or decide(SINGLE_NAMES, _Actor(self, words, at, end))
        return speaker if acts else None

    def last_before(self, at: int, pronoun: str = "") -> Speaker | None:
        """Return whose full name stands last before a place, wherever in its sentence."""
        place = bisect_left(self.people, at, key=lambda p: p.start)
        for person in reversed(self.people[max(0, place - 4) : place]):
            if not self._is_other(pronoun, person.name):
                return Speaker(person.name, True, False)

        return None
