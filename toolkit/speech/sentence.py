"""Own a sentence as rules of speech read it: its words, the cues among them, and who is the subject of a verb."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.speech.lexicon import Lexicon, Phrases, Word
from toolkit.speech.names import Names
from toolkit.speech.people import Speaker


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

    def cue_at(self, place: int) -> int:
        """Return the place after the verb that begins here; 0 if none does."""
        skip = self.matches(place, self.lexicon.phrases)
        if skip:
            return place + skip
        low = self.words[place].low
        if low not in self.lexicon.verbs or (
            self.words[place].text[0].isupper() and place and not self.words[place].text.isupper()
        ):
            return 0
        if low in self.lexicon.bases and place and not self._takes_base(self.words[place - 1]):
            return 0  # an English term
        return place + 1

    def _takes_base(self, former: Word) -> bool:
        """Tell whether the plain form of an English verb can follow: they say, traders say, did not say; no noun, then."""
        lex = self.lexicon
        if not former.is_word or former.low in lex.pronouns - {"he", "she"}:
            return True
        closed = (
            former.low in lex.closed
            and former.low not in lex.determiners
            and former.low not in lex.prepositions - {"to"}
        )
        plural = former.low.endswith(("s", "ly")) and not former.low.endswith(("'s", "’s"))
        return (
            closed
            or plural
            or former.low
            in (
                "people",
                "men",
                "women",
                "police",
                "children",
                "who",
                "media",
                "to",
                "each",
                "both",
                "neither",
                "many",
                "some",
                "most",
                "one",
                "all",
                "few",
                "two",
                "three",
            )
        )

    def matches(self, place: int, phrases: Phrases) -> int:
        """Return how many words the phrase has that begins here; 0 if none does."""
        words = self.words
        for phrase in phrases.get(words[place].low, ()):
            if [w.low for w in words[place : place + len(phrase)]] == list(phrase):
                return len(phrase)
        return 0

    def subject(self, verb: int) -> Speaker | None:
        """Return who does what the verb says: before it; in German also after it; else who is named first in the sentence."""
        words, lex = self.words, self.lexicon
        least = max((i + 1 for i in range(verb) if words[i].text in ";:"), default=0)
        if lex.language == "de":
            helper = next(
                (
                    i
                    for i in range(verb - 1, least - 1, -1)
                    if words[i].low in ("hat", "hatte", "haben", "hatten", "habe")
                ),
                None,
            )
            at = verb if helper is None else helper
            speaker = (
                self.names.before(words, at, least)[0]
                if at > least and words[at - 1].low not in ("dann", "so", "da")
                else None
            )
            after = self.names.starting(words, at + 1)[0] if speaker is None else None
            named = self.names.actor(words[least:at]) if speaker is None and after is None else None
            found = speaker or after
        else:
            found = self.names.before(words, verb, least)[0]
            former = words[verb - 1].low if verb > least else ""
            joined = former in ("and", "to", "but", "then", "by", "without", "who", ",", "or") or (
                verb > least and words[verb - 1].text in "“”)"
            )
            joined = joined or former in lex.between
            named = self.names.actor(words[least:verb]) if found is None and joined else None
            if found is None and named is None and joined:
                commas = [i + 1 for i in range(least, verb - 1) if words[i].text == ","]
                for begin in (least, *commas[:1]):  # In a letter to customers, | the bank apologised and said
                    first = self.names.starting(words, begin)[0]
                    known = first is not None and (first.person or self.names.is_role(first.name.lower()))
                    if found is None and (known or words[begin].low in lex.pronouns | lex.determiners):
                        found = first
        return found or (None if named is None else named._replace(certain=False))

    def cue(self, first: int, stop: int) -> str:
        """Return the words of a cue as printed."""
        return self.text[self.words[first].start : self.words[stop - 1].end]
