"""Own the lexicon of a language: the words that show who speaks, and the split of a text into words and marks."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import pandas as pd

from toolkit.speech.marks import Quote
from toolkit.tables import listed, not_found, warn_user
from toolkit.tables.languages import language_code
from toolkit.text.languages import Languages, languages_of_articles

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}|(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Prof|Lt|Col|Sgt|Capt|St)\.(?=\s)"
    r"|[^\W_](?:[^\W_]|[-'’.](?=[^\W_]))*(?:['’](?<=[sS]['’])(?=\s))?|[^\s\w]|_"
)
Phrases = dict[str, tuple[tuple[str, ...], ...]]  # by their first word, the longest first


class Word(NamedTuple):
    """A word or mark of a text, and its place; or a whole quotation, which then is one word."""

    start: int
    end: int
    text: str
    low: str
    quote: Quote | None = None

    @property
    def is_word(self) -> bool:
        """Whether it is a word, not a mark and not a quotation."""
        return self.text[0].isalnum()

    @property
    def has_s(self) -> bool:
        """Whether it ends in 's: Peskov's."""
        return self.low.endswith(("'s", "’s"))

    @property
    def is_genitive(self) -> bool:
        """Whether it ends in 's or s': Peskov's, the voters'."""
        return self.low.endswith(("'s", "’s", "s'", "s’"))

    @property
    def has_not(self) -> bool:
        """Whether it is a contraction with not: didn't."""
        return self.low.endswith(("n't", "n’t"))


NO_WORD = Word(-1, -1, " ", " ")
"""What stands before the first word of a sentence and after the last: neither a word nor a mark, and in no list."""


def word_at(words: Sequence[Word], at: int) -> Word:
    """Return the word at a place, or `NO_WORD` outside the sentence."""
    return words[at] if 0 <= at < len(words) else NO_WORD


def first_of(marks: str, words: Sequence[Word], start: int = 0) -> int:
    """Return where the first of some marks stands, or the number of words where none does.

    Examples
    --------
    >>> first_of(",;", words_of("One, two; three.", 0, 16))
    1
    """
    return next((i for i in range(start, len(words)) if words[i].text in marks), len(words))


def word_set(words: str) -> frozenset[str]:
    """Return the words of a list that is parted by spaces."""
    return frozenset(words.split())


def words_of(text: str, start: int, end: int) -> list[Word]:
    """Return the words and marks between two places.

    Examples
    --------
    >>> [w.text for w in words_of("Mr. X didn't say: no.", 0, 21)]
    ['Mr.', 'X', "didn't", 'say', ':', 'no', '.']
    """
    new = tuple.__new__  # a text has many words, and this is twice as fast as naming the fields
    matches = _TOKEN.finditer(text, start, end)
    return [new(Word, (m.start(), m.end(), word := m.group(), word.lower(), None)) for m in matches]


@dataclass(frozen=True)
class Lexicon:
    """The words of one language that tell who speaks; the files in the folder cues say what each list holds."""

    language: str
    saying: frozenset[str]
    saying_or_object: frozenset[str]
    with_that: frozenset[str]
    finding: frozenset[str]
    last_only: frozenset[str]
    naming: frozenset[str]
    judging: frozenset[str]
    ordering: frozenset[str]
    phrases: Phrases
    according: Phrases
    according_after: frozenset[str]
    views: frozenset[str]
    view_openers: frozenset[str]
    sure: frozenset[str]
    openers: frozenset[str]
    breaks: frozenset[str]
    finite: frozenset[str]
    subjunctive: frozenset[str]
    closed: frozenset[str]
    between: frozenset[str]
    prepositions: frozenset[str]
    determiners: frozenset[str]
    definite: frozenset[str]
    pronouns: frozenset[str]
    plural_pronouns: frozenset[str]
    author: frozenset[str]
    people: frozenset[str]
    female: frozenset[str]
    male: frozenset[str]
    titles: frozenset[str]
    bodies: frozenset[str]
    not_names: frozenset[str]
    particles: frozenset[str]
    so_called: frozenset[str]
    shown: frozenset[str]
    written: frozenset[str]
    word_nouns: frozenset[str]
    works: frozenset[str]
    word_verbs: frozenset[str]
    marked: frozenset[str]
    means: frozenset[str]
    copulas: frozenset[str]
    things: frozenset[str]
    negators: frozenset[str]
    rejecting: frozenset[str]
    rejecting_phrases: Phrases
    spared: frozenset[str]
    # Made from the others
    bases: frozenset[str]  # plain forms of English verbs, many of which are nouns, too
    verbs: frozenset[str]  # all verbs that can introduce or follow what was said
    reporting: frozenset[str]  # verbs of saying, also those that can have an object
    leads: frozenset[str]  # words at which a clause may hang


_VERBS = (
    "saying",
    "saying_or_object",
    "with_that",
    "finding",
    "last_only",
    "naming",
    "judging",
    "ordering",
    "rejecting",
)
_PHRASES = ("phrases", "according", "rejecting_phrases")


@cache
def lexicon_of(language: str) -> Lexicon:
    """Return the words of a language.

    Raises
    ------
    FramingError
        If there is no file for it.

    Examples
    --------
    >>> "said" in lexicon_of("en").saying, "sagte" in lexicon_of("de-AT").saying
    (True, True)
    """
    code = language_code(language)
    if code not in languages():
        raise not_found("table of cues for the language", language, languages())
    path = resources.files("toolkit.speech") / "cues" / f"{code}.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))

    # phrases by their first word, verbs in all their forms, other words as they are listed
    fields: dict[str, frozenset[str]] = {}
    phrases: dict[str, Phrases] = {}
    for name in Lexicon.__annotations__:
        if name in _PHRASES:
            split = sorted((tuple(each.split()) for each in data[name]), key=len, reverse=True)
            phrases[name] = {first: tuple(p for p in split if p[0] == first) for first in {p[0] for p in split}}
        elif name in _VERBS:
            fields[name] = frozenset(
                form for verb in re.split(r"[|\n]", data[name]) for form in _forms(verb.split(), code)
            )
        elif name in data and name != "language":
            fields[name] = frozenset(data[name].split())

    plain = {verb.split()[0] for name in _VERBS for verb in re.split(r"[|\n]", data[name]) if verb.strip()}
    fields["bases"] = frozenset(plain - {"read", "begin"}) if code == "en" else frozenset()

    # unions of lists that the rules ask for together
    fields["verbs"] = _union(fields, *_VERBS[:-1])
    fields["reporting"] = _union(fields, "saying", "saying_or_object")
    fields["leads"] = _union(fields, "verbs", "views", "sure", "openers", "view_openers", "according_after").union(
        phrases["phrases"], phrases["according"]
    )
    return Lexicon(language=code, **fields, **phrases)  # type: ignore[arg-type]


def _union(fields: Mapping[str, frozenset[str]], *names: str) -> frozenset[str]:
    return frozenset().union(*(fields[name] for name in names))


@cache
def bare(language: str) -> Lexicon:
    """Return a lexicon without words, for a language without a table of cues: marks are read, speakers are not."""
    empty: dict[str, Any] = {
        name: {} if name in _PHRASES else frozenset() for name in Lexicon.__annotations__ if name != "language"
    }
    return Lexicon(language=language_code(language), **empty)


def languages_of(
    articles: pd.DataFrame,
    language: str | None,
    *,
    which: Iterable[int] | None = None,
    known: dict[int, str] | None = None,
) -> Languages:
    """Return the language of each article, and warn of those without rules.

    Parameters
    ----------
    articles, language, which, known
        As in `toolkit.text.languages.languages_of_articles`.

    Warns
    -----
    FramingWarning
        Of articles in languages without rules.

    Examples
    --------
    >>> languages_of(pd.DataFrame({"doc_id": ["a", "b"], "language": ["en", "de-AT"]}), None).codes
    ['en', 'de']
    """
    places = range(len(articles)) if which is None else list(which)
    found = languages_of_articles(articles, language, which=places, known=known)
    without = Counter(code for code in map(found.codes.__getitem__, places) if code not in languages())
    if without:
        be = "is" if without.total() == 1 else "are"
        warn_user(
            f"{without.total():,} of {len(places):,} articles {be} in a language without rules ({listed(sorted(without))}; there are rules "
            f"for: {listed(languages())}). Voices and speakers are not measured there: they are missing, and no zeros. Quotations are found "
            "by their marks alone."
        )
    return found


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that have a table of cues."""
    folder = resources.files("toolkit.speech") / "cues"
    return tuple(sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")))


def _forms(verb: list[str], language: str) -> set[str]:
    """Return the regular forms of a verb, and those that are given after it."""
    if not verb:
        return set()
    base, *given = verb
    if language == "en":
        stem = base.removesuffix("e")
        third = base[:-1] + "ies" if base[-1] == "y" and base[-2] not in "aeiou" else base + "s"
        third = base + "es" if base.endswith(("s", "sh", "ch", "x", "o")) else third
        past = base[:-1] + "ied" if third.endswith("ies") else stem + "ed"
        return {base, third, past, stem + "ing", *given}
    stem = base.removesuffix("n").removesuffix("e")
    link = "e" if stem.endswith(("t", "d", "dm", "chn", "ffn", "gn")) else ""
    return {base, f"{stem}{link}t", f"{stem}{link}te", f"{stem}{link}ten", f"ge{stem}{link}t", *given}
