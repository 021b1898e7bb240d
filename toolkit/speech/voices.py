"""Own whose word a hit is: the outlet's, a scare quote, quoted or reported; and whether it is rejected or only mentioned."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.speech.lexicon import Word, words_of
from toolkit.speech.marks import Quote, is_short
from toolkit.speech.people import Speaker
from toolkit.speech.readings import Reading, readings_of
from toolkit.tables import pick
from toolkit.text.tokens import Tokens

VOICES = ("outlet", "scare_quote", "quoted", "reported")

_BACK = 10  # words before a hit in which its negation is looked for
_NEAR = 300  # characters around a hit that are read for that
_MARKS = 50  # quotations inside one another among which the innermost is looked for
_CALLED = frozenset("called named dubbed termed genannt".split())
_BE = frozenset("is are was were it's it’s been being wird wurde".split())
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
    outer = reading.quote_at(start)
    spot = _Spot(reading, start, end)
    mentioned = spot.mentioned()
    negated = spot.negated(mentioned)

    def voice(kind: str, speaker: Speaker | None, cue: str, certainty: float) -> Voice:
        sure = certainty * (1.0 if speaker is None or speaker.certain else 0.8)
        return Voice(kind, speaker.name if speaker else None, cue or None, negated, mentioned, round(sure, 3))

    if outer is not None and not (mentioned and spot.names_word(outer)):
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
    """Return the columns of hits that say whose word each is.

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
    Hits are read article by article, so the paragraphs around the hits of one article are read once.
    """
    from tqdm.auto import tqdm

    n, fields = len(place), tokens.fields
    texts = {field: tokens.texts(field) for field in fields}
    voice, certainty = np.zeros(n, dtype=np.int64), np.zeros(n)
    negated, mentioned = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    speaker: list[str | None] = [None] * n
    cue: list[str | None] = [None] * n
    current, readings = -1, dict[str, Reading]()
    order = np.argsort(place // len(fields), kind="stable").tolist()
    where, begins, ends = place.tolist(), start.tolist(), end.tolist()
    for i in tqdm(order, desc="voices", unit="hit", disable=None if n > 20_000 else True):
        article, field = divmod(where[i], len(fields))
        if article != current:
            current = article
            readings = readings_of({name: texts[name][article] for name in fields}, languages[article])
        found = voice_of(readings[fields[field]], begins[i], ends[i])
        voice[i], certainty[i] = VOICES.index(found.voice), found.certainty
        speaker[i], cue[i] = storable(found.speaker), storable(found.cue)
        negated[i], mentioned[i] = found.negated, found.mentioned
    return {
        "voice": pick(VOICES, voice),
        "speaker": pd.array(speaker, dtype="str"),
        "cue": pd.array(cue, dtype="str"),
        "negated": negated,
        "mentioned": mentioned,
        "headline": np.array([field == "title" for field in fields], dtype=bool)[place % len(fields)],
        "certainty": certainty,
    }


def storable(text: str | None) -> str | None:
    """Return a text without halves of characters, which no column of a table can hold.

    Examples
    --------
    >>> storable("Peskov"), storable("\\ud800") == "\\ufffd"
    ('Peskov', True)
    """
    return (
        text if text is None or text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )


class _Spot:
    """A hit and the words around it: those of its sentence, or of the sentence inside the quotation that holds it."""

    def __init__(self, reading: Reading, start: int, end: int) -> None:
        self.reading, self.lexicon = reading, reading.lexicon
        self.text, self.start, self.end = reading.text, start, end
        self.inner = _innermost(reading.quotes, start, end)
        outer = reading.quote_at(start)
        if outer is not None and not is_short(self.text, outer):
            low, high = outer.inner_start, outer.inner_end
        else:
            block, number = reading.frame_at(start)
            low, high = reading.frames(block)[number]
        self.before = words_of(self.text, max(low, start - _NEAR), start)
        self.after = words_of(self.text, end, min(high, end + _NEAR))
        own = self.inner
        self.marked = own is not None and is_short(self.text, own)
        self.alone = self.marked and own is not None and len(self.text[own.inner_start : own.inner_end].split()) == 1
        # The words before and after the marks, if it has some of its own.
        self.left = [w for w in self.before if own is None or not self.marked or w.end <= own.start]
        self.right = [w for w in self.after if own is None or not self.marked or w.start >= own.end]
        # What stands in short marks before the hit belongs to its clause; a sentence in marks is a clause of its own.
        self.within = [w for w in self.before if own is not None and self.marked and w.start >= own.inner_start]
        if own is not None and self.marked and own is outer and reading.kind(outer)[0] == "direct":
            self.left = []
        if self.left and self.left[-1].text in "“”„«»‘’\"'›‹" and not self.marked:
            self.left = self.left[:-1]

    def names_word(self, outer: Quote) -> bool:
        """Tell whether the outermost marks only name the word, so that they are no quotation."""
        return is_short(self.text, outer) or self._is_work(outer)

    def _is_work(self, outer: Quote) -> bool:
        before = words_of(self.text, max(0, outer.start - 40), outer.start)
        return bool(before) and before[-1].low in self.lexicon.works

    # The word as a word

    def mentioned(self) -> bool:
        """Tell whether the hit is spoken about as a word: the term “reset”; “reset” means; a button marked “reset”."""
        lex = self.lexicon
        outer = self.reading.quote_at(self.start)
        if outer is not None and self._is_work(outer):
            return True
        left = [w.low for w in self.left[-5:]]
        right = [w for w in self.right[:6]]
        one = left[-1] if left else ""
        if one in lex.word_nouns:
            return True
        if self.marked and one in lex.determiners | {"of"} and len(left) > 1:
            noun = left[-3] if left[-2] == "of" and len(left) > 2 else left[-2]
            if noun in lex.word_nouns:
                return True
        if self._defined(left, right):
            return True
        if (
            self.text[self.start : self.end].isupper()
            and self.end - self.start > 2
            and (one in lex.marked or one == ":")
        ):
            return any(c.islower() for c in self.text[max(0, self.start - 30) : self.start])
        return self.marked and self._labelled(left, right)

    def _defined(self, left: Sequence[str], right: Sequence[Word]) -> bool:
        """“Reset” means ...; what reset meant; a reset is a polite word for a bill; heißt Neustart, dass"""
        lex = self.lexicon
        if not right:
            return False
        low = [w.low for w in right]
        free = not left or left[-1] not in lex.determiners
        if low[0] in lex.means and free:
            return lex.language == "en" or low[0] not in ("steht", "fiel") or self.marked
        if low[0] in lex.copulas and any(w in lex.word_nouns for w in low[1:5]):
            return "not" not in low[1:3] or self.marked or free
        return lex.language == "de" and bool(left) and left[-1] in ("heißt", "hieß") and free and low[0] == ","

    def _labelled(self, left: Sequence[str], right: Sequence[Word]) -> bool:
        """A button marked “reset”; ‘RESET’ on the lid; it's called a “reset loop”; “Reset” is short; drop “reset” from speeches"""
        lex = self.lexicon
        low = [w.low for w in right]
        one = left[-1] if left else ""
        said = one in ("say", "says", "said", "saying")  # He said “reset”. But: He said “reset” was dead.
        if (
            one in lex.marked
            and not self._exclaims()
            and not (said and (not self.alone or (right and right[0].is_word)))
        ):
            return True
        if low and low[0] in ("on", "across", "above", "auf", "am", "über") and any(w in lex.things for w in low[1:]):
            return True
        named = left[:-1] if one in lex.determiners else left
        if list(named[-2:]) in (["known", "as"], ["bekannt", "als"]):
            return True
        if named[-1:] and named[-1] in _CALLED and "by" not in low[:1] and not _BE.isdisjoint(named[-3:-1]):
            return True
        if not self.alone or self._exclaims():
            return False
        verb_follows = bool(low) and (low[0] in lex.copulas or low[0] in lex.means or low[0] in lex.finite)
        if not left or left[-1] in _EDGES:
            return verb_follows or (bool(low) and low[0] == "," and not self.reading.title and len(low) > 1)
        followed = bool(right) and right[0].is_word
        return (
            one in lex.word_verbs and not (one in ("that", "whether") and not verb_follows) and not (said and followed)
        )

    def _exclaims(self) -> bool:
        own = self.inner
        return own is not None and self.text[own.inner_start : own.inner_end].rstrip()[-1:] in "!?"

    # Negation

    def negated(self, mentioned: bool) -> bool:
        """Tell whether the hit stands under a negation or is put aside."""
        lex = self.lexicon
        words = self._clause_before()
        before = words[-1].low if words else ""
        definite = before in lex.definite and not self.marked and not mentioned
        opened = asked = False
        low = [w.low for w in words]
        for place in range(len(words) - 1, -1, -1):
            word = low[place]
            if any(low[place : place + len(p)] == list(p) for p in lex.rejecting_phrases.get(word, ())):
                return True
            asked = asked or (word in lex.openers and word in ("how", "why", "what", "wie", "warum", "was"))
            opened = opened or word in lex.openers
            if word in lex.negators or word.endswith(("n't", "n’t")):
                if (
                    asked
                    or (place and low[place - 1] in ("why", "warum"))
                    or (opened and definite)
                    or any(w in lex.spared for w in low[place + 1 :])
                ):
                    return False
                return not (low[place + 1 : place + 2] == ["only"] or low[place + 1 : place + 2] == ["just"])
            if word in lex.rejecting and not asked and not {"about", "über"} & set(low[place:]):
                if place and (low[place - 1] in lex.negators or low[place - 1].endswith(("n't", "n’t"))):
                    return False
                return not (
                    definite and opened and word not in ("denied", "denies", "deny", "doubts", "doubted", "doubt")
                )
        return self._negated_after(mentioned, definite)

    def _clause_before(self) -> list[Word]:
        """Return the words of the hit's clause before it, those in marks of their own included."""
        lex = self.lexicon
        found: list[Word] = []
        for word in reversed([*self.left, *self.within]):
            if word.text in _EDGES or (word.low in lex.breaks and word.low != "which"):
                break
            if word.low in ("and", "und") and found and found[-1].low not in ("still", "much", "even"):
                break
            if (
                word.text == ","
                and found
                and (len(found) > 1 or found[0].low not in lex.determiners)
                and not (lex.language == "de" and found[-1].low in ("dass", "ob"))
            ):
                break
            if word.is_word:
                found.append(word)
            if len(found) >= _BACK:
                break
        return found[::-1]

    def _negated_after(self, mentioned: bool, definite: bool) -> bool:
        """A reset was not the goal; “reset”, no; the word does not appear; einen Neustart wird es nicht geben"""
        lex = self.lexicon
        if definite:
            return False
        n = 0
        words = self.right
        for place, word in enumerate(words):
            if word.text in "“”\"'‘’«»›‹":
                continue
            if (
                word.text in ",?"
                and place <= 1
                and len(words) > place + 1
                and words[place + 1].low in ("no", "nein", "never")
            ):
                return True
            if (
                word.text in _EDGES
                or word.text == ","
                or word.low in lex.breaks
                or word.low in lex.openers
                or word.low in ("and", "und")
            ):
                return False
            n += 1
            negator = word.low in lex.negators or word.low.endswith(("n't", "n’t"))
            if negator or (word.low in lex.rejecting and lex.language == "de"):
                if lex.language == "de":
                    return not any(w.low in lex.spared for w in words[place + 1 : place + 2])
                near = n <= 2 and (mentioned or any(w.low in lex.determiners for w in words[place + 1 : place + 3]))
                return near or (mentioned and n <= 6)
            if n > 7:
                return False
        return False


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
