"""Own the people in a text: their full names, and whom a surname, a first name or a role refers to."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from toolkit.speech.lexicon import Lexicon, Word

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_PART = rf"{_CAPITAL}[\w'’-]*"
_BETWEEN = r"(?:de|del|van|von|der|bin|al|el|la|le|du|di|da|ten|ter|zu)"
_FULL = re.compile(
    rf"(?<![\w.'’-])(?:{_PART}|{_CAPITAL}\.)(?:[ \u00a0](?:{_BETWEEN}[ \u00a0]){{0,2}}(?:{_PART}|{_CAPITAL}\.))+"
)
_APPOSED = re.compile(r"(?:['’]s)?, ([^,.;:“”„«»\"\n]{3,80})[,.]")
_CLAUSE_EDGE = re.compile(r"[.,;:!?“”„«»\"\n]")


class Speaker(NamedTuple):
    """Who is said to speak.

    Attributes
    ----------
    name : str
        The full name that the words stand for; for somebody without a name, the noun.
    person : bool
        Whether it is a person's name.
    certain : bool
        Whether the words say it; not where a pronoun or a role was traced to who was named before.
    """

    name: str
    person: bool
    certain: bool


def certainty_of(certainty: float, speaker: Speaker | None) -> float:
    """Return the certainty of an attribution: less where the speaker is a guess."""
    return certainty if speaker is None or speaker.certain else certainty * 0.8


class Person(NamedTuple):
    """A full name in a text: where, and the words beside it that say who that is."""

    start: int
    name: str
    about: frozenset[str]


class People:
    """The people of one text.

    Parameters
    ----------
    text : str
        The text.
    lexicon : Lexicon
        The words of its language.
    article : People, optional
        Of a title: those of its article, where the full names are.
    """

    def __init__(self, text: str, lexicon: Lexicon, article: People | None = None) -> None:
        self.text = text
        self.lexicon = lexicon
        self.article = article

    @cached_property
    def people(self) -> list[Person]:
        """The full names of the text, in order."""
        if self.article is not None:
            return self.article.people
        lex, people = self.lexicon, list[Person]()
        for match in _FULL.finditer(self.text):
            words = match.group().split()
            parts = self._bare(words)
            before = _CLAUSE_EDGE.split(self.text[max(0, match.start() - 60) : match.start()])[-1]
            former = [word.lower() for word in before.split()[-1:]]
            if len(parts) > 2 and former and former[0] in ("from", "in", "at", "aus"):
                parts = parts[1:]  # From London Edwin Mossop

            # Cities, institutions and, as German nouns have capitals, words of grammar make no person's name.
            lows = {p.casefold().strip(".") for p in parts}
            grammar = lex.closed - lex.particles if lex.language == "de" else frozenset[str]()
            if not 1 < len(parts) < 6 or lows & lex.not_names or lows & lex.word_nouns or lows & grammar:
                continue

            after = _APPOSED.match(self.text, match.end(), match.end() + 100)
            about = f"{self._titling(before)} {' '.join(words)} {after.group(1) if after else ''}"
            people.append(Person(match.start(), " ".join(parts), frozenset(re.findall(r"[\w-]+", about.lower()))))

        return people

    def _titling(self, before: str) -> str:
        """Return the end of what stands before a name, as far as it can say who that is: ... | deputy minister of finance X."""
        lex, words = self.lexicon, before.split()[-8:]
        first = len(words)
        while first:
            low = words[first - 1].lower()
            of_the = low in lex.determiners and first > 1 and words[first - 2].lower() in ("of", "des", "der")
            if low in lex.closed and low not in ("of", "des", "der") and not of_the:
                break
            first -= 1
        return " ".join(words[first:])

    @cached_property
    def _by_part(self) -> dict[str, list[Person]]:
        """The same by last name and by first name, in lower case; last names first."""
        index: dict[str, list[Person]] = {}
        for place in (-1, 0):
            seen: dict[str, list[Person]] = {}
            for person in self.people:
                seen.setdefault(person.name.split()[place].casefold(), []).append(person)
            for part, persons in seen.items():
                index.setdefault(part, persons)
        return index

    @cached_property
    def by_role(self) -> dict[str, list[Person]]:
        index: dict[str, list[Person]] = {}
        for person in self.people:
            for word in person.about:
                index.setdefault(word, []).append(person)
        return index

    @cached_property
    def _by_name(self) -> dict[str, list[Person]]:
        index: dict[str, list[Person]] = {}
        for person in self.people:
            index.setdefault(person.name, []).append(person)
        return index

    @cached_property
    def capitals(self) -> frozenset[str]:
        """Words with a capital where none begins a sentence: names, then, and not the first words of sentences."""
        return frozenset(re.findall(rf"(?<=[\w,] )({_CAPITAL}\w+)", self.text))

    def is_surname(self, word: Word) -> bool:
        """Return whether a word is the last or the first name of somebody in the text."""
        return word.text.casefold() in self._by_part

    def is_known(self, name: str) -> bool:
        """Tell whether this is a full name in the text."""
        return name in self._by_name

    def _bare(self, words: Sequence[str]) -> list[str]:
        """Return a name without titles, roles and words of grammar before it, and without 's."""
        lex = self.lexicon
        parts = [re.sub(r"['’]s?$", "", word) for word in words]
        parts = [part for part in parts if part]
        while len(parts) > 1:
            low, following = parts[0].casefold().strip("."), parts[1]
            shouted = len(parts) > 2 and parts[0].isupper() and len(low) > 1 and not following.isupper()
            if not (shouted or low in lex.closed or low in lex.particles or self.is_role(low) or low in lex.bodies):
                break
            parts = parts[1:]
        return parts

    def is_role(self, low: str) -> bool:
        """Tell whether a word in lower case is a title, an office or a calling."""
        lex = self.lexicon
        if low in lex.titles or low in lex.people or not lex.people.isdisjoint(low.split("-")):
            return True
        return lex.language == "de" and len(low) > 7 and any(low[n:] in lex.people for n in range(3, len(low) - 3))

    def _is_other(self, low: str, name: str) -> bool:
        lex = self.lexicon
        return (low in lex.female and self._is(lex.male, name)) or (low in lex.male and self._is(lex.female, name))

    def _is(self, words: frozenset[str], name: str) -> bool:
        return any(
            not words.isdisjoint(person.about - {"he", "she", "his", "her", "er", "sie"})
            for person in self._by_name.get(name, [])[:4]
        )

    def resolved(self, words: Sequence[Word]) -> Speaker | None:
        """Return the full name that a name stands for."""
        parts = self._bare([w.text for w in words])
        if not parts:
            return None
        for n in range(len(parts) - 1):  # From London Edwin Mossop
            if n and " ".join(parts[n:]) in self._by_name and len(parts) - n >= 2:
                parts = parts[n:]
                break
        last = parts[-1].casefold()
        if len(parts) > 1 and not set(self.lexicon.particles) & {p.casefold() for p in parts[:1]}:
            known = not any(p.casefold().strip(".") in self.lexicon.not_names for p in parts)
            return Speaker(" ".join(parts), known, True)
        if self.is_role(last) and last not in self._by_part:
            return Speaker(parts[-1], False, True)
        person = self._by_part.get(last)
        if person and last not in self.lexicon.bodies:
            name = nearest(person, words[0].start)
            if name is not None:
                return Speaker(name, True, True)
        known = last in self.lexicon.not_names or last in self.lexicon.bodies or self.lexicon.language == "de"
        return Speaker(" ".join(parts), not known, True)


def nearest(people: Sequence[Person], at: int) -> str | None:
    """Return who is named last before a place, else first after it."""
    place = bisect_left(people, at, key=lambda p: p.start)
    return people[place - 1].name if place else people[place].name if people else None
