"""Own the voice of a hit: the outlet's, a scare quote, quoted or reported; and whether it is negated or only mentioned."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.speech.lexicon import Lexicon, Word, word_at, word_set, words_of
from toolkit.speech.lexicon import languages as languages_with_rules
from toolkit.speech.marks import Quote, inside, is_short
from toolkit.speech.people import Speaker, certainty_of
from toolkit.speech.readings import Reading, readings_of
from toolkit.speech.rules import Rule, decide
from toolkit.tables.frames import whole_characters
from toolkit.text.tokens import Tokens

VOICES = ("outlet", "scare_quote", "quoted", "reported")

_BACK = 10  # words before a hit in which its negation is looked for
_NEAR = 300  # characters around a hit that are read for that
_MARKS = 50  # quotations inside one another among which the innermost is looked for
_CALLED = word_set("called named dubbed termed genannt")
_BE = word_set("is are was were it's it’s been being wird wurde")
_ON = word_set("on across above auf am über")
_ASKING = word_set("how why what wie warum was")
_DOUBTING = word_set("denied denies deny doubts doubted doubt")  # also with "that the"
_EDGES = frozenset(".;:!?—–")


class Voice(NamedTuple):
    """Whose word one hit is.

    Attributes
    ----------
    voice : str
        One of `VOICES`.
    speaker, cue : str or None
        Who is said to say it, and the word that attributes it.
    negated : bool
        Whether it is denied or rejected.
    mentioned : bool
        Whether it is spoken about as a word.
    certainty : float
        From 0 to 1; less where a mark is missing or a speaker was guessed.
    """

    voice: str
    speaker: str | None
    cue: str | None
    negated: bool
    mentioned: bool
    certainty: float


def voice_of(reading: Reading, start: int, end: int) -> Voice:
    """Tell whose word stands at these characters of a text.

    Parameters
    ----------
    reading : Reading
        The text.
    start, end : int
        First character of the hit, and one past its last.

    Examples
    --------
    >>> text = "The so-called “reset” is over. “I would not call it a reset,” said Dmitry Peskov."
    >>> reading = Reading(text)
    >>> for at in (text.index("reset"), text.rindex("reset")):
    ...     print(voice_of(reading, at, at + 5)[:4])
    ('scare_quote', None, None, False)
    ('quoted', 'Dmitry Peskov', 'said', True)
    """
    spot = _Spot(reading, start, end)
    outer, mentioned = spot.outer, spot.mentioned()
    negated = spot.negated(mentioned)

    def voice(kind: str, speaker: Speaker | None, cue: str, certainty: float) -> Voice:
        certainty = round(certainty_of(certainty, speaker), 3)
        return Voice(kind, speaker.name if speaker else None, cue or None, negated, mentioned, certainty)

    if outer is not None and not (mentioned and spot.names_word):
        kind, by = reading.kind(outer)
        guess = 1.0 if outer.whole else 0.6
        if kind == "scare":
            return voice("scare_quote", None, "", 0.9 * guess)
        if by is None:
            return voice("quoted", None, "", 0.6 * guess)
        return voice("quoted", by.speaker, by.cue, by.certainty * guess)
    for clause in reading.clauses(start):
        if clause.start <= start < clause.end:
            return voice("reported", clause.speaker, clause.cue, clause.certainty)
    return voice("outlet", None, "", 1.0 if outer is None else 0.8)


def voice_columns(
    tokens: Tokens, place: NDArray[np.int64], start: NDArray[Any], end: NDArray[Any], languages: Sequence[str]
) -> dict[str, Any]:
    """Return the columns of hits for voice, speaker and cue.

    Parameters
    ----------
    tokens : Tokens
        The index.
    place : ndarray of int64
        The field of each hit, as an index of tokens counts them.
    start, end : ndarray of int
        Characters within the field.
    languages : list of str
        The language of each article.

    Notes
    -----
    Hits are processed article by article, so that each article is read once. In a language without rules nothing is measured: voice,
    speaker, flags and certainty are missing there.
    """
    from tqdm.auto import tqdm

    n, fields = len(place), tokens.fields
    texts = {field: tokens.texts(field) for field in fields}
    voice, certainty = np.full(n, -1, dtype=np.int64), np.full(n, np.nan)
    negated, mentioned = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    speaker: list[str | None] = [None] * n
    cue: list[str | None] = [None] * n

    # article by article, so that each is read once
    current, readings, ruled = -1, dict[str, Reading](), languages_with_rules()
    order = np.argsort(place // len(fields), kind="stable").tolist()
    where, begins, ends = place.tolist(), start.tolist(), end.tolist()
    for i in tqdm(order, desc="voices", unit="hit", disable=None if n > 20_000 else True):
        article, field = divmod(where[i], len(fields))
        if languages[article] not in ruled:
            continue
        if article != current:
            current = article
            readings = readings_of({name: texts[name][article] for name in fields}, languages[article])

        hit = voice_of(readings[fields[field]], begins[i], ends[i])
        voice[i], certainty[i] = VOICES.index(hit.voice), hit.certainty
        speaker[i], cue[i] = storable(hit.speaker), storable(hit.cue)
        negated[i], mentioned[i] = hit.negated, hit.mentioned
    unmeasured = voice < 0
    return {
        "voice": pd.array(VOICES, dtype="str").take(voice, allow_fill=True),
        "speaker": pd.array(speaker, dtype="str"),
        "cue": pd.array(cue, dtype="str"),
        "negated": _flags(negated, unmeasured),
        "mentioned": _flags(mentioned, unmeasured),
        "headline": np.array([field == "title" for field in fields], dtype=bool)[place % len(fields)],
        "certainty": certainty,
    }


def _flags(flags: NDArray[np.bool_], unmeasured: NDArray[np.bool_]) -> Any:
    """Return flags as a column: with missing ones where nothing was measured."""
    return pd.arrays.BooleanArray(flags, unmeasured) if unmeasured.any() else flags


def storable(text: str | None) -> str | None:
    """Return a text without halves of characters, which no column of a table can hold.

    Examples
    --------
    >>> storable("Peskov"), storable("\\ud800") == "\\ufffd"
    ('Peskov', True)
    """
    return text if text is None else whole_characters(text)


class _Spot:
    """A hit and the words around it: those of its sentence, or of the sentence inside the quotation that holds it."""

    def __init__(self, reading: Reading, start: int, end: int) -> None:
        self.reading, self.lexicon = reading, reading.lexicon
        self.text, self.start, self.end = reading.text, start, end
        self.inner, self.outer = _innermost(reading.quotes, start, end), reading.quote_at(start)
        low, high = self._bounds()
        before = words_of(self.text, max(low, start - _NEAR), start)
        after = words_of(self.text, end, min(high, end + _NEAR))

        # The words before and after the marks, if the hit has some of its own. What stands in short marks before it
        # belongs to its clause; a sentence in marks is a clause of its own.
        own = self.inner
        self.marked = own is not None and is_short(self.text, own)
        self.left, self.right, self.within = before, after, list[Word]()
        if own is not None and self.marked:
            direct = own is self.outer and reading.kind(own)[0] == "direct"
            self.left = [] if direct else [w for w in before if w.end <= own.start]
            self.right = [w for w in after if w.start >= own.end]
            self.within = [w for w in before if w.start >= own.inner_start]
        elif before and before[-1].text in "“”„«»‘’\"'›‹":
            self.left = before[:-1]

    def _bounds(self) -> tuple[int, int]:
        if self.outer is not None and not is_short(self.text, self.outer):
            return self.outer.inner_start, self.outer.inner_end

        block, number = self.reading.frame_at(self.start)
        return self.reading.frames(block)[number]

    # The word as a word

    def mentioned(self) -> bool:
        """Return whether the hit is spoken about as a word: the term “reset”; “reset” means; a button marked “reset”."""
        mentioned: bool = decide(MENTIONS, _Company(self))
        return mentioned

    @cached_property
    def is_work(self) -> bool:
        """Whether the outermost marks hold the title of a work: the film “...”."""
        if self.outer is None:
            return False
        before = words_of(self.text, max(0, self.outer.start - 40), self.outer.start)
        return bool(before) and before[-1].low in self.lexicon.works

    @property
    def names_word(self) -> bool:
        """Whether the outermost marks only name the word, so that they are no quotation."""
        return self.outer is not None and (is_short(self.text, self.outer) or self.is_work)

    # Negation

    def negated(self, mentioned: bool) -> bool:
        """Return whether the hit stands under a negation or is put aside."""
        words = self._clause_before()
        low = [w.low for w in words]
        definite = low[-1:] != [] and low[-1] in self.lexicon.definite and not self.marked and not mentioned

        for place in range(len(words) - 1, -1, -1):
            denied: bool | None = decide(NEGATIONS, _Before(self.lexicon, words, low, place, definite), None)
            if denied is not None:
                return denied
        return not definite and self._negated_after(mentioned)

    def _clause_before(self) -> list[Word]:
        """Return the words of the hit's clause before it, those in marks of their own included."""
        words: list[Word] = []  # from right to left
        for word in reversed([*self.left, *self.within]):
            if self._begins_clause(word, words):
                break
            if word.is_word:
                words.append(word)
            if len(words) >= _BACK:
                break

        return words[::-1]

    def _begins_clause(self, word: Word, later: Sequence[Word]) -> bool:
        """Return whether the hit's clause begins after this word, of which the words after it are known."""
        lex = self.lexicon
        last = later[-1].low if later else ""
        if word.text in _EDGES or (word.low in lex.breaks and word.low != "which"):
            return True
        if word.low in ("and", "und"):
            return last not in ("", "still", "much", "even")
        if word.text != "," or not later or (lex.language == "de" and last in ("dass", "ob")):
            return False
        return len(later) > 1 or last not in lex.determiners

    def _negated_after(self, mentioned: bool) -> bool:
        """A reset was not the goal; “reset”, no; the word does not appear; einen Neustart wird es nicht geben"""
        lex, words = self.lexicon, self.right
        n = 0
        for place, word in enumerate(words):
            if word.text in "“”\"'‘’«»›‹":
                continue
            if word.text in ",?" and place <= 1 and word_at(words, place + 1).low in ("no", "nein", "never"):
                return True
            if self._ends_clause(word) or n > 7:
                return False
            n += 1
            if _negates(lex, word) or (word.low in lex.rejecting and lex.language == "de"):
                return self._reaches_back(words[place + 1 : place + 3], n, mentioned)

        return False

    def _ends_clause(self, word: Word) -> bool:
        lex = self.lexicon
        joins = word.low in lex.breaks or word.low in lex.openers or word.low in ("and", "und")
        return joins or word.text in _EDGES or word.text == ","

    def _reaches_back(self, following: Sequence[Word], n: int, mentioned: bool) -> bool:
        """Return whether a negation, n words after the hit, denies the hit and not a verb."""
        lex = self.lexicon
        if lex.language == "de":
            return not any(w.low in lex.spared for w in following[:1])

        near = n <= 2 and any(w.low in lex.determiners for w in following)
        return near or (mentioned and n <= 6)


class _Company:
    """The words beside a hit, of which it is asked whether they speak about it as a word."""

    def __init__(self, spot: _Spot) -> None:
        self.spot, self.lex, self.marked = spot, spot.lexicon, spot.marked
        self.left = [w.low for w in spot.left[-5:]]
        self.right = [w.low for w in spot.right[:6]]
        self.former = self.left[-1] if self.left else ""
        self.next = self.right[0] if self.right else ""
        self.free = self.former not in self.lex.determiners
        self.word_follows = bool(spot.right) and spot.right[0].is_word

    @property
    def noun(self) -> str:
        """The noun whose name the marks hold: the term of a “reset”."""
        if len(self.left) < 2 or (self.free and self.former != "of"):
            return ""
        return self.left[-3] if self.left[-2] == "of" and len(self.left) > 2 else self.left[-2]

    @property
    def means(self) -> bool:
        german = self.lex.language == "de" and self.next in ("steht", "fiel")  # for something
        return self.next in self.lex.means and self.free and (self.marked or not german)

    @property
    def is_noun(self) -> bool:
        named = self.next in self.lex.copulas and not self.lex.word_nouns.isdisjoint(self.right[1:5])
        return named and ("not" not in self.right[1:3] or self.marked or self.free)

    @property
    def shouted(self) -> bool:
        hit = self.spot.text[self.spot.start : self.spot.end]
        return hit.isupper() and len(hit) > 2 and (self.former in self.lex.marked or self.former == ":")

    @property
    def is_loud(self) -> bool:
        """Whether what stands before is in capitals, too."""
        return not any(c.islower() for c in self.spot.text[max(0, self.spot.start - 30) : self.spot.start])

    @cached_property
    def exclaims(self) -> bool:
        own = self.spot.inner
        return own is not None and inside(self.spot.text, own).rstrip()[-1:] in "!?"

    @cached_property
    def alone(self) -> bool:
        """Whether one word stands in the marks."""
        own = self.spot.inner
        return self.marked and own is not None and len(inside(self.spot.text, own).split()) == 1

    @property
    def says(self) -> bool:
        """He said “reset”. But: He said “reset” was dead."""
        return self.former in ("say", "says", "said", "saying")

    @property
    def is_label(self) -> bool:
        speech = self.says and (not self.alone or self.word_follows)
        return self.former in self.lex.marked and not self.exclaims and not speech

    @property
    def on_thing(self) -> bool:
        return self.next in _ON and not self.lex.things.isdisjoint(self.right[1:])

    @property
    def named(self) -> list[str]:
        return self.left if self.free else self.left[:-1]

    @property
    def is_called(self) -> bool:
        return self.named[-1:] != [] and self.named[-1] in _CALLED and not _BE.isdisjoint(self.named[-3:-1])

    @property
    def opens(self) -> bool:
        return not self.left or self.former in _EDGES

    @property
    def verb_follows(self) -> bool:
        lex = self.lex
        return self.next in lex.copulas or self.next in lex.means or self.next in lex.finite

    @property
    def apposed(self) -> bool:
        return self.next == "," and len(self.right) > 1 and not self.spot.reading.title

    @property
    def is_object(self) -> bool:
        clause = self.former in ("that", "whether") and not self.verb_follows
        return self.former in self.lex.word_verbs and not clause and not (self.says and self.word_follows)


# Whether a hit is spoken about as a word.
MENTIONS: tuple[Rule[_Company], ...] = (
    Rule("the film “Reset: a life”: a title", lambda c: c.spot.is_work, True),
    Rule("the term reset: a noun for words", lambda c: c.former in c.lex.word_nouns, True),
    Rule("the notion of a “reset”: the same", lambda c: c.marked and c.noun in c.lex.word_nouns, True),
    Rule("“Reset” means starting again: its meaning", lambda c: c.means, True),
    Rule("A reset is a polite word for it: what it is", lambda c: c.is_noun, True),
    Rule(
        "Das heißt Neustart, weil: its name",
        lambda c: c.lex.language == "de" and c.former in ("heißt", "hieß") and c.next == ",",
        True,
    ),
    Rule("THE SIGN SAID RESET: all is in capitals", lambda c: c.shouted and c.is_loud, False),
    Rule("The sign said RESET: the hit is", lambda c: c.shouted, True),
    Rule("not a reset: without marks of its own it is used", lambda c: not c.marked, False),
    Rule("A button marked “reset”: a label", lambda c: c.is_label, True),
    Rule("“reset” on the lid: on a thing", lambda c: c.on_thing, True),
    Rule("known as a “reset”: a name", lambda c: c.named[-2:] in (["known", "as"], ["bekannt", "als"]), True),
    Rule("is called a “reset”, but not by somebody", lambda c: c.is_called and c.next != "by", True),
    Rule("drop “the big reset”, say “Reset!”: more than a word", lambda c: not c.alone or c.exclaims, False),
    Rule("“Reset” is short | “Reset”, then: as a subject", lambda c: c.opens and (c.verb_follows or c.apposed), True),
    Rule("drop “reset” from speeches: what is said or written", lambda c: c.is_object, True),
)


class _Before(NamedTuple):
    """A word of the hit's clause before it."""

    lex: Lexicon
    words: Sequence[Word]
    lows: Sequence[str]
    place: int
    definite: bool  # whether the hit is a definite noun: the reset

    @property
    def low(self) -> str:
        return self.lows[self.place]

    @property
    def former(self) -> Word:
        return word_at(self.words, self.place - 1)

    @property
    def negates(self) -> bool:
        return _negates(self.lex, self.words[self.place])

    @property
    def rejects_in_phrase(self) -> bool:
        phrases = self.lex.rejecting_phrases.get(self.low, ())
        return any(list(self.lows[self.place : self.place + len(p)]) == list(p) for p in phrases)

    @property
    def opened(self) -> bool:
        """Whether a clause begins between the word and the hit."""
        return not self.lex.openers.isdisjoint(self.lows[self.place :])

    @property
    def asked(self) -> bool:
        return any(w in _ASKING and w in self.lex.openers for w in self.lows[self.place :])

    @property
    def spared(self) -> bool:
        return not self.lex.spared.isdisjoint(self.lows[self.place + 1 :])

    @property
    def rejects(self) -> bool:
        talk = not {"about", "über"}.isdisjoint(self.lows[self.place :])
        return self.low in self.lex.rejecting and not talk and not self.asked


# Whether a word before a hit denies it; words that decide nothing are passed over.
NEGATIONS: tuple[Rule[_Before], ...] = (
    Rule("stop using the word reset: rejected by a phrase", lambda b: b.rejects_in_phrase, True),
    Rule("did not say why a reset: a question", lambda b: b.negates and b.asked, False),
    Rule("Why not reset? a rhetorical one", lambda b: b.negates and b.former.low in ("why", "warum"), False),
    Rule(
        "Nobody says that the reset failed: the verb is denied", lambda b: b.negates and b.opened and b.definite, False
    ),
    Rule("not because of a reset: the reason is denied", lambda b: b.negates and b.spared, False),
    Rule(
        "not only a reset: more than that",
        lambda b: b.negates and word_at(b.words, b.place + 1).low in ("only", "just"),
        False,
    ),
    Rule("not a reset: denied", lambda b: b.negates, True),
    Rule("did not reject a reset: denied twice", lambda b: b.rejects and _negates(b.lex, b.former), False),
    Rule(
        "rejects that the reset failed: something else is rejected",
        lambda b: b.rejects and b.definite and b.opened and b.low not in _DOUBTING,
        False,
    ),
    Rule("rejects a reset: rejected", lambda b: b.rejects, True),
)


def _negates(lex: Lexicon, word: Word) -> bool:
    return word.low in lex.negators or word.has_not


def _innermost(quotes: Sequence[Quote], start: int, end: int) -> Quote | None:
    """Return the innermost quotation around some characters."""
    last = bisect_left(quotes, start, key=lambda q: q.start) - 1
    for place in range(last, max(-1, last - _MARKS), -1):
        quote = quotes[place]
        if quote.inner_start <= start and end <= quote.inner_end:
            return quote
        if quote.depth == 0:
            return None
    return None
