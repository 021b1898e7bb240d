"""Own the speakers in a sentence: the names, nouns and pronouns that are subjects of its verbs, and whom they stand for."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence

from toolkit.speech.lexicon import Lexicon, Word
from toolkit.speech.people import People, Speaker, nearest

_APPOSITION = 25  # words that may stand between a name and its verb: X, the spokesman who ..., said
_NO_PART = frozenset("by to as near over under close zu zum zur am auf".split())  # they begin no part of a subject
_DEMONYMS = ("an", "ish", "ese", "ch", "s.")  # European, British, Chinese, French, U.S.
_REACH = 60  # words before a verb among which its subject is looked for
_MODIFIERS = 6  # words before a noun that belong to it


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

    def before(self, words: Sequence[Word], verb: int, least: int = 0) -> tuple[Speaker | None, int]:
        """Return the subject that ends before the verb, and the place of its first word."""
        lex = self.lexicon
        at, least = verb - 1, max(least, verb - _REACH)
        while at >= least and (
            words[at].low in lex.between
            or (lex.language == "en" and words[at].low.endswith("ly") and words[at].text[0].islower())
        ):
            at -= 1
        if at < least:
            return None, verb
        if words[at].text == ",":
            return self._before_apposition(words, at, least)
        return self.ending(words, at, least)

    def _before_apposition(self, words: Sequence[Word], at: int, least: int) -> tuple[Speaker | None, int]:
        """X, the spokesman, said: the name that opens the clause; else the nearest name; else the noun that opens it."""
        found: tuple[Speaker | None, int] = (None, at + 1)
        person: tuple[Speaker, int] | None = None
        for comma in range(at - 1, max(least, at - _APPOSITION) - 1, -1):
            if words[comma].text in ".;:!?" or words[comma].quote is not None:
                break
            if words[comma].text == "," and comma > least:
                speaker, first = self.ending(words, comma - 1, least)
                opens = first == least or words[first - 1].text in ",;:" or not words[first - 1].is_word
                opens = opens or words[first - 1].low in self.lexicon.closed
                if speaker is not None and speaker.person and opens:
                    if first == least:
                        return speaker, first
                    person = person or (speaker, first)
                if speaker is not None and opens and found[0] is None and first == least:
                    found = speaker, first
                    apposed, begin = self.ending(words, at - 1, comma + 1)
                    if apposed is not None and apposed.person and begin == comma + 1:  # a student, Irina Kovrova, asked
                        found = apposed, first
        return person or found

    def ending(self, words: Sequence[Word], at: int, least: int = 0) -> tuple[Speaker | None, int]:
        """Return the speaker whose last word stands at `at`, and the place of the first."""
        lex = self.lexicon
        if at < least:
            return None, at
        word = words[at]
        if word.low in lex.author:
            return Speaker("I", False, True), at
        if word.low in lex.pronouns:
            return self._pronoun(words, at, least), at
        if word.low in (
            "one",
            "others",
            "neither",
            "everybody",
            "everyone",
            "nobody",
            "einer",
            "beide",
            "niemand",
            "it",
        ):
            return Speaker(word.text, False, word.low != "it"), at
        if word.low == "other" and at > least and words[at - 1].low == "the":
            return Speaker(word.text, False, True), at - 1
        if word.low in ("which", "that") and at > least + 1:
            return self.ending(words, at - 2 if words[at - 1].text == "," else at - 1, least)
        if word.text.isdigit() and at > least and self.is_name(words[at - 1]):  # Rule 14 says
            return Speaker(self.text[words[at - 1].start : word.end], False, True), at - 1
        meant = at > least and word.is_word and words[at - 1].low in (*lex.determiners, "of")  # the head of state
        if not self._is_noun(word) and not (meant and word.low not in lex.closed):
            return None, at
        first = at
        if self.is_name(word) and word.low not in lex.people and not self._is_german_noun(words, at, least):
            while first > least and self._goes_on(words, first):
                first -= 1
            name_first = first
            first = self._modified(words, first, least)
            head = self._head_before(words, first, least)
            name = self._resolved(words[name_first : at + 1])
            titled = (
                name is not None
                and " " in name.name
                and words[first - 1].low == "of"
                and words[first].low not in lex.determiners
            )
            if head is not None and titled and self.is_role(words[first - 2].low):  # minister of economic development X
                return name, head[1]
            return head if head is not None else (name, first)
        first = self._modified(words, at, least)
        head = self._head_before(words, first, least)
        return head if head is not None else (self._noun(words, first, at), first)

    def _is_noun(self, word: Word) -> bool:
        lex = self.lexicon
        if not word.is_word or self._is_closed(word) or word.text[0].isdigit():
            return False
        if lex.language == "de" and word.text[0].islower():
            return False
        return word.low not in lex.verbs or word.text[0].isupper() or word.low in lex.people

    def is_name(self, word: Word) -> bool:
        """Tell whether a word can be a name: it has a capital and is no word of grammar."""
        return word.text[0].isupper() and not self._is_closed(word) and word.low not in self.lexicon.determiners

    def _is_closed(self, word: Word) -> bool:
        """Tell whether it is a word of grammar, also in a contraction: She'd."""
        return (
            word.low in self.lexicon.closed
            or word.low.endswith(("n't", "n’t"))
            or re.split("['’]", word.low)[0] in self.lexicon.closed
        )

    def _is_german_noun(self, words: Sequence[Word], at: int, least: int) -> bool:
        """German writes every noun with a capital: those after an article, and callings, are no names."""
        lex = self.lexicon
        if lex.language != "de" or (at > least and self.is_name(words[at - 1]) and not self.is_role(words[at].low)):
            return False
        return (
            self.is_role(words[at].low)
            or (at > least and words[at - 1].low in lex.determiners)
            or words[at].low in lex.bodies
        )

    def _goes_on(self, words: Sequence[Word], first: int) -> bool:
        """Tell whether the word before `first` is a part of the same name."""
        lex, former = self.lexicon, words[first - 1]
        if former.end + 1 < words[first].start:
            return False
        if former.low in lex.particles:
            return (
                lex.language == "en"
                or (first > 1 and self.is_name(words[first - 2]))
                or former.text[0].isupper()
                or former.low == "von"
            )
        return former.is_word and self.is_name(former) and not former.low.endswith(("'s", "’s"))

    def _modified(self, words: Sequence[Word], first: int, least: int) -> int:
        """Return where a noun begins with the words that belong to it: a senior Kremlin | official."""
        lex, at = self.lexicon, first
        while at > least and first - at < _MODIFIERS:
            former = words[at - 1]
            if former.low in lex.determiners:
                return at - 1
            if former.text in "£$€":
                at -= 1
                continue
            if (
                not former.is_word
                or former.low in lex.closed
                or (former.low in lex.verbs and former.low not in lex.views)
            ):
                break
            at -= 1
        return at

    def _head_before(self, words: Sequence[Word], first: int, least: int) -> tuple[Speaker | None, int] | None:
        """X of Clear North | a spokesman for the firm: the subject is what stands before the preposition."""
        lex = self.lexicon
        if (
            first - 2 < least
            or words[first - 1].low not in lex.prepositions - _NO_PART
            or not self._is_noun(words[first - 2])
        ):
            return None
        if words[first - 2].low in lex.verbs and words[first - 2].text[0].islower():
            return None
        speaker, begin = self.ending(words, first - 2, least)
        return None if speaker is None else (speaker, begin)

    def _noun(self, words: Sequence[Word], first: int, at: int) -> Speaker:
        """Return somebody without a name, or the person whom a definite noun stands for."""
        lex, word = self.lexicon, words[at]
        definite = words[first].low in lex.definite or any(w.low.endswith(("'s", "’s")) for w in words[first:at])
        if definite and self.is_role(word.low):
            person = self._with_role(words[first : at + 1], word)
            if person is not None:
                return Speaker(person, True, True)
            plural = word.low.endswith("s") or word.low in ("men", "women", "people", "police", "children")
            if words[first].low in lex.definite and not plural and not self._introduced(word):
                focus = self.focus(word.start, word.low)
                if focus is not None:
                    return focus._replace(certain=False)
        begin = at
        if self.title:
            begin = first + (words[first].low in lex.determiners)
            return Speaker(self.text[words[begin].start : word.end], False, True)
        while begin > first and words[begin - 1].text[0].isupper() and words[begin - 1].low not in lex.determiners:
            if begin == 1 and not words[0].low.endswith(_DEMONYMS):
                break  # the capital is that of the sentence
            begin -= 1
        if any(w.low.endswith(("'s", "’s", "s'", "s’")) for w in words[begin:at]) or lex.language == "de":
            begin = at
        return Speaker(re.sub(r"(?<=.)['’]s?$", "", self.text[words[begin].start : word.end]), False, True)

    def _with_role(self, words: Sequence[Word], head: Word) -> str | None:
        """Return the person that the text describes by this noun: who was named last before, else first after."""
        named = self._by_role.get(head.low, [])
        if not named:
            return None
        wanted = {w.low for w in words if w.is_word and w.low not in self.lexicon.closed}
        exact = [p for p in named if wanted <= p.about]
        return nearest(exact or named, head.start)

    def _introduced(self, word: Word) -> bool:
        """Tell whether the noun stands earlier without a definite article: then it is somebody of his own."""
        begin = max(0, word.start - 1_500)
        pattern = rf"\b(?:an?|another|one|einer?|eines?)\b(?: [\w-]+){{0,3}} {re.escape(word.low)}\b"
        return re.search(pattern, self.text[begin : word.start], re.IGNORECASE) is not None

    def starting(self, words: Sequence[Word], at: int) -> tuple[Speaker | None, int]:
        """Return the speaker whose first word stands at `at`, and the place after the last."""
        lex, n = self.lexicon, len(words)
        while at < n and words[at].text[0].islower() and (words[at].low in lex.between or words[at].low.endswith("ly")):
            at += 1
        if at >= n:
            return None, at
        low = words[at].low
        if low in ("him", "her", "them") and not (low == "her" and at + 1 < n and self._is_noun(words[at + 1])):
            return self._pronoun(words, at), at + 1
        if low in lex.author | lex.pronouns or (
            low in ("one", "others") and not (at + 1 < n and self._is_noun(words[at + 1]))
        ):
            return self.ending(words, at, at)[0], at + 1
        stop = at
        while stop < n and words[stop].is_word and stop - at < 14:
            word = words[stop]
            if (
                word.low in lex.closed
                and word.low not in lex.determiners
                and word.low not in lex.prepositions
                and word.low not in lex.particles
            ):
                break
            if stop > at and word.low in lex.finite:
                break
            stop += 1
        run = next((i for i in range(at, stop) if self._starts_name(words, i, at)), stop)
        if run < stop and not (
            run > at and words[run - 1].low in lex.prepositions and words[run - 1].low not in lex.particles
        ):
            end = run + 1
            while end < stop and (
                self.is_name(words[end])
                or (words[end].low in lex.particles and end + 1 < stop and self.is_name(words[end + 1]))
            ):
                end += 1
            named = end - run == 1 and words[run].text.casefold() not in self._by_part
            if named and end + 1 < stop and words[end].low in ("for", "of") and self.is_name(words[end + 1]):
                end += 2  # Center for American Progress
                while end < stop and self.is_name(words[end]):
                    end += 1
                return Speaker(self.text[words[run].start : words[end - 1].end], False, True), end
            head = end
            while head < stop and self._is_noun(words[head]) and words[head].text[0].islower():
                head += 1
            if head > end and self.is_role(words[head - 1].low):  # the Kremlin spokesman
                return self._apposed(words, at, head)
            if self.is_role(words[end - 1].low):  # our Money Mum, Mandy Fewtrell
                return self._apposed(words, at, end)
            return self._resolved(words[run:end]), end
        end = at
        while end < stop and (
            words[end].low in lex.determiners or self._is_noun(words[end]) or words[end].text[0].isdigit()
        ):
            end += 1
            noun, after = words[end - 1].low, words[end].low if end < stop else ""
            if (noun in lex.people or noun in lex.bodies) and not (after in lex.people or after in lex.bodies):
                break
        while end > at and not self._is_noun(words[end - 1]):
            end -= 1
        return (None, at) if end == at else self._apposed(words, at, end)

    def _starts_name(self, words: Sequence[Word], at: int, first: int) -> bool:
        lex, low = self.lexicon, words[at].low
        if (
            low in lex.particles
            and at + 1 < len(words)
            and words[at + 1].text[0].isupper()
            and low not in ("la", "le", "der", "zu")
        ):
            return True
        return (
            self.is_name(words[at]) and not self.is_role(low.strip(".")) and not self._is_german_noun(words, at, first)
        )

    def _apposed(self, words: Sequence[Word], first: int, end: int) -> tuple[Speaker | None, int]:
        """the spokesman, Dmitry Peskov | the director of a factory, Arseny Dolin"""
        comma = end
        while comma < len(words) and words[comma].is_word and comma - end < 6:
            comma += 1
        if (
            comma + 2 < len(words)
            and words[comma].text == ","
            and self.is_name(words[comma + 1])
            and self.is_name(words[comma + 2])
        ):
            run = comma + 1
            while run < len(words) and self.is_name(words[run]):
                run += 1
            return self._resolved(words[comma + 1 : run]), run
        return self._noun(words, first, end - 1), end

    def possessor(self, words: Sequence[Word], noun: int, least: int) -> Speaker | None:
        """Return whose a noun is: her view; Peskov's opinion; the view of the ministry."""
        for at in range(noun - 1, max(least, noun - 5) - 1, -1):
            word = words[at]
            if word.low in (
                "his",
                "her",
                "their",
                "seiner",
                "ihrer",
                "seine",
                "ihre",
                "seinen",
                "ihren",
                "seinem",
                "ihrem",
            ):
                return self._pronoun(words, at)
            if word.low == "my":
                return Speaker("I", False, True)
            if word.low.endswith(("'s", "’s", "s'", "s’")):
                bare = word._replace(text=word.text[:-2] if word.text[-1] == "s" else word.text[:-1])
                bare = bare._replace(low=bare.text.lower(), end=bare.start + len(bare.text))
                return self.ending([*words[:at], bare], at, max(least, at - _REACH))[0]
            if not word.is_word or word.low in self.lexicon.prepositions:
                break
        if noun + 2 < len(words) and words[noun + 1].low in ("of", "von", "des", "der"):
            return self.starting(words, noun + 2)[0]
        return None

    # Pronouns

    def _pronoun(self, words: Sequence[Word], at: int, least: int = 0) -> Speaker | None:
        """Return whom a pronoun stands for."""
        lex, word = self.lexicon, words[at]
        if word.low in lex.plural_pronouns or word.low in ("their", "them"):
            begin = max(0, word.start - 400)
            plural = None
            for match in re.finditer(
                r"\b([\w-]{2,}s|men|women|people|police|children)\b", self.text[begin : word.start]
            ):
                if (match.group(1).lower() in lex.people | lex.bodies and not match.group(1).endswith("ss")) or (
                    plural is None and self._opens_sentence(begin + match.start())
                ):
                    plural = match.group(1)
            return Speaker(plural or word.text, False, plural is None)
        if word.low == "who":
            former = at - 2 if at > 1 and words[at - 1].text == "," else at - 1
            return self.ending(words, former, least)[0] if former >= least else None
        focus = self.focus(word.start, word.low)
        return focus._replace(certain=False) if focus is not None else Speaker(word.text, False, False)

    def _opens_sentence(self, at: int) -> bool:
        """Tell whether only an article or a number stands between a noun and the beginning of its sentence."""
        before = self.text[max(0, at - 16) : at]
        return (
            re.search(
                r"(?:^|[.!?;\n][\"'“”’]*\s)(?:(?:The|These|Those|Two|Three|Many|Some|Several) )?(?:\w+ )?$", before
            )
            is not None
        )

    def actor(self, words: Sequence[Word], pronoun: str = "") -> Speaker | None:
        """Return who is named first in a sentence as somebody who acts: not after a preposition, not with 's.

        A pronoun passes over those whose titles and roles speak against it.
        """
        lex, at = self.lexicon, 0
        while at < len(words):
            if not words[at].is_word or not self._starts_name(words, at, at):
                at += 1
                continue
            end = at + 1
            while end < len(words) and self.is_name(words[end]):
                end += 1
            speaker = self._acting(words, at, end)
            if speaker is not None and not self._is_other(pronoun, speaker.name):
                return speaker
            at = end
        if len(words) > 2 and words[0].low in lex.determiners and words[0].low not in lex.definite:  # A spokesman said
            head = next((i for i in range(1, min(6, len(words) - 1)) if words[i].low in lex.people), 0)
            low = words[head].low
            other = (pronoun in lex.female and low in lex.male) or (pronoun in lex.male and low in lex.female)
            if head and not other and not low.endswith("s") and not self.is_name(words[head + 1]):
                return Speaker(words[head].text, False, True)
        return None

    def _acting(self, words: Sequence[Word], at: int, end: int) -> Speaker | None:
        """Return the person of this name if it stands as a subject does."""
        lex = self.lexicon
        first = self._modified(words, at, 0)
        if re.search(r"['’]s?$", words[end - 1].text):
            return None
        if first and words[first - 1].low in lex.prepositions and words[at].low not in lex.particles:
            if not (end - at > 2 and words[first - 1].low in ("from", "in", "at", "aus")):
                return None
            at += 1
        following = words[end] if end < len(words) else None
        if (
            following is not None and following.is_word and self.is_role(following.low)
        ):  # Leighbridge boss Gordie Nesbit
            return None
        speaker = self._resolved(words[at:end])
        if speaker is None or not speaker.person or " " in speaker.name:
            return speaker if speaker is not None and speaker.person else None
        former = words[at - 2 if at > 1 and words[at - 1].text == "," else at - 1].low if at else ""
        if self.is_role(former):  # His wife, Nina, ...
            return speaker
        if following is None or lex.language != "en" or (at == 0 and words[at].text not in self._capitals):
            return None
        if following.text == ",":
            return (
                speaker
                if end + 1 < len(words) and (words[end + 1].text.isdigit() or words[end + 1].low == "who")
                else None
            )
        low = following.low
        acts = following.is_word and following.text[0].islower() and low not in lex.prepositions
        return (
            speaker
            if acts and (low in lex.finite or low in lex.between or low in lex.verbs or low.endswith(("s", "ed")))
            else None
        )

    def last_before(self, at: int, pronoun: str = "") -> Speaker | None:
        """Return whose full name stands last before a place, wherever in its sentence."""
        place = bisect_left(self.people, at, key=lambda p: p.start) - 1
        for person in self.people[max(0, place - 3) : place + 1][::-1] if place >= 0 else ():
            if not self._is_other(pronoun, person.name):
                return Speaker(person.name, True, False)
        return None
