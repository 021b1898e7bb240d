"""Own a sentence as the rules of speech read it: its words, the cues among them, and the subject of each verb."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.speech.lexicon import Lexicon, Phrases, Word, word_at, word_set
from toolkit.speech.names import Names
from toolkit.speech.people import Speaker

_PLURALS = word_set(
    "people men women police children who media to each both neither many some most one all few two three"
)
_JOINING = word_set("and to but then by without who , or")  # between a verb and its subject further left
_AUXILIARIES = word_set("hat hatte haben hatten habe")
_NO_SUBJECT = word_set("dann so da")  # the subject then stands behind the verb


class Sentence:
    """One sentence, in which each quotation is one word.

    Parameters
    ----------
    text : str
        The whole text.
    words : list of Word
        Those of the sentence.
    names : Names
        The people of the text.
    title : bool
        Whether it is a title; titles leave out "that", and say "says" all the more.
    """

    def __init__(self, text: str, words: Sequence[Word], names: Names, title: bool) -> None:
        self.text = text
        self.words = words
        self.names = names
        self.lexicon: Lexicon = names.lexicon
        self.title = title

    def at(self, place: int) -> Word:
        """Return the word at a place, or `NO_WORD` outside the sentence."""
        return word_at(self.words, place)

    # Cues

    def cue_at(self, place: int) -> int:
        """Return the place after the verb that begins here; 0 if none does."""
        skip = self.matches(place, self.lexicon.phrases)
        if skip:
            return place + skip

        word = self.words[place]
        if word.low not in self.lexicon.verbs or (word.text[0].isupper() and place and not word.text.isupper()):
            return 0
        if word.low in self.lexicon.bases and place and not self._takes_base(self.words[place - 1]):
            return 0  # an English term

        return place + 1

    def _takes_base(self, former: Word) -> bool:
        """Return whether the plain form of an English verb can follow: they say, traders say, did not say; no noun, then."""
        lex, low = self.lexicon, former.low
        if not former.is_word or low in _PLURALS or low in lex.pronouns - {"he", "she"}:
            return True

        closed = low in lex.closed and low not in lex.determiners and low not in lex.prepositions - {"to"}
        return closed or (low.endswith(("s", "ly")) and not former.has_s)

    def matches(self, place: int, phrases: Phrases) -> int:
        """Return how many words the phrase has that begins here; 0 if none does."""
        words = self.words
        for phrase in phrases.get(words[place].low, ()):
            if [w.low for w in words[place : place + len(phrase)]] == list(phrase):
                return len(phrase)

        return 0

    def cue(self, first: int, stop: int) -> str:
        """Return the words of a cue as printed."""
        return self.text[self.words[first].start : self.words[stop - 1].end]

    # Subjects

    def subject(self, verb: int) -> Speaker | None:
        """Return who does what the verb says: before it; in German also after it; else who is named first in the sentence."""
        least = max((i + 1 for i in range(verb) if self.words[i].text in ";:"), default=0)

        return self._german_subject(verb, least) if self.lexicon.language == "de" else self._subject(verb, least)

    def _subject(self, verb: int, least: int) -> Speaker | None:
        words, lex, names = self.words, self.lexicon, self.names
        speaker = names.before(words, verb, least)[0]
        if speaker is not None or verb == least:
            return speaker

        # Only a verb that is joined to another one shares its subject: X smiled and said
        former = words[verb - 1]
        if former.low not in _JOINING and former.text not in "“”)" and former.low not in lex.between:
            return None
        actor = names.actor(words[least:verb])
        if actor is not None:
            return actor._replace(certain=False)

        # In a letter to customers, | the bank apologised and said
        commas = [i + 1 for i in range(least, verb - 1) if words[i].text == ","]
        for begin in (least, *commas[:1]):
            opening = names.starting(words, begin)[0]
            known = opening is not None and (opening.person or names.is_role(opening.name.lower()))
            if opening is not None and (known or words[begin].low in lex.pronouns | lex.determiners):
                return opening

        return None

    def _german_subject(self, verb: int, least: int) -> Speaker | None:
        """X hat gestern gesagt | gestern hat X gesagt: the auxiliary is where the subject stands."""
        words, names = self.words, self.names
        at = next((i for i in range(verb - 1, least - 1, -1) if words[i].low in _AUXILIARIES), verb)
        before = at > least and words[at - 1].low not in _NO_SUBJECT

        speaker = names.before(words, at, least)[0] if before else None
        speaker = speaker or names.starting(words, at + 1)[0]
        if speaker is not None:
            return speaker

        actor = names.actor(words[least:at])
        return None if actor is None else actor._replace(certain=False)

    def agent(self, start: int, stop: int, by: frozenset[str] = frozenset({"by"})) -> Speaker | None:
        """Return who does what a passive says: asked by reporters."""
        at = next((i for i in range(start, stop) if self.words[i].low in by), None)

        return None if at is None else self.names.starting(self.words, at + 1)[0]
