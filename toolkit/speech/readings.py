"""Own who says what: the direct, indirect and mixed quotations of a text, each with its speaker and its reporting verb.

Rules over marks, sentences and lists of words; the lists are data, one file a language in the folder cues.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from toolkit.speech.complements import Clause
from toolkit.speech.indirect_speech import IndirectSpeech, is_subjunctive
from toolkit.speech.layout import SHORT, Layout
from toolkit.speech.lexicon import Word, words_of
from toolkit.speech.marks import Quote
from toolkit.speech.names import Names
from toolkit.speech.people import Speaker
from toolkit.speech.sentence import Sentence

_BACK = 12  # sentences in which it is looked for whom a pronoun stands for
_FAR = 16  # words between a verb and the quotation that it introduces
_AFTER = 26  # words after a quotation in which its verb is looked for
_CHAIN = 20  # quotations in a row that one verb can govern
_STOPS = frozenset(".;:!?")
_DASHES = frozenset(",—–-")
_BE = frozenset("is are was were be been being 's it's".split())


class Said(NamedTuple):
    """One quotation.

    Attributes
    ----------
    start, end : int
        What was said: with its marks where it has some, without the verb and the speaker.
    kind : str
        "direct", "indirect" or "mixed" (a fragment in marks, built into a sentence).
    speaker : Speaker or None
    cue : str
        The word that attributes, as printed, or nothing.
    certainty : float
        1 where marks, verb and speaker are there and unambiguous; less where something was guessed.
    """

    start: int
    end: int
    kind: str
    speaker: Speaker | None
    cue: str
    certainty: float


class Attribution(NamedTuple):
    """Who is said to have said what stands in marks, and whether the marks stand in his sentence as a fragment."""

    speaker: Speaker | None
    cue: str
    certainty: float
    fragment: bool = False


class Reading(Layout):
    """One text: its quotations, found near the places that are asked for.

    Parameters
    ----------
    text : str
        Any text.
    language : str
        Two-letter code. Without a table of cues for it, marks are read and speakers are not.
    title : bool
        Whether the text is a title: there a colon or a dash attributes, and marks are scare quotes otherwise.
    article : Reading, optional
        Of a title: its article, where the full names are.

    Examples
    --------
    >>> text = "“The reset is over,” said Dmitry Peskov. He added that nobody missed it."
    >>> [(s.kind, s.speaker.name, s.cue, text[s.start : s.end]) for s in Reading(text).said()]
    [('direct', 'Dmitry Peskov', 'said', '“The reset is over,”'), ('indirect', 'Dmitry Peskov', 'added', 'nobody missed it')]
    """

    def __init__(self, text: str, language: str = "en", *, title: bool = False, article: Reading | None = None) -> None:
        super().__init__(text, language)
        self.title = title
        self.names: Names = Names(
            text, self.lexicon, self._focus, article.names if article is not None else None, title
        )
        self._actors: dict[tuple[int, str], Speaker | None] = {}
        self._clauses: dict[int, list[Clause]] = {}
        self._kinds: dict[int, tuple[str, Attribution | None]] = {}
        self._attributions: dict[int, Attribution | None] = {}

    def _focus(self, at: int, pronoun: str) -> Speaker | None:
        """Return who was named last before a place as somebody who acts, and whom the pronoun can stand for."""
        block, number = self.frame_at(at)
        here = self.names.actor([w for w in self.words(block, number) if w.end <= at], pronoun)
        for _ in range(_BACK):
            if here is not None:
                return here
            number -= 1
            while number < 0:
                block -= 1
                if block < 0:
                    return self.names.last_before(at, pronoun)
                number = len(self.frames(block)) - 1
            key = (self.frames(block)[number][0], pronoun)
            if key not in self._actors:
                self._actors[key] = self.names.actor(self.words(block, number), pronoun)
            here = self._actors[key]
        return here or self.names.last_before(at, pronoun)

    # Without marks

    def clauses(self, at: int) -> list[Clause]:
        """Return the clauses, in the sentence that holds a character, that somebody is said to have said."""
        if not self.lexicon.verbs:
            return []
        block, number = self.frame_at(at)
        begin = self.frames(block)[number][0]
        if begin not in self._clauses:
            words = self.words(block, number)
            whole = self._headline() if self.title else None
            found = [whole] if whole else IndirectSpeech(self.text, words, self.names, self.title).clauses()
            if not found and self.lexicon.subjunctive:
                before = self.words(block, number - 1) if number else []
                found = self._unmarked(words, IndirectSpeech(self.text, before, self.names, False).clauses())
            self._clauses[begin] = found
        return self._clauses[begin]

    def _unmarked(self, words: Sequence[Word], before: Sequence[Clause]) -> list[Clause]:
        """German goes on reporting in the subjunctive without a verb of saying."""
        lex = self.lexicon
        present = any(
            w.low in lex.subjunctive
            and not w.low.startswith(("hätt", "wär", "würd", "könnt", "gäb", "käm", "dürft", "müsst"))
            for w in words
        )
        if (
            not words
            or not (present or is_subjunctive(words))
            or (words[0].low in ("als", "wenn", "sei", "möge", "es") and words[1:2] and words[1].low == "sei")
        ):
            return []
        colon = next((i for i, w in enumerate(words) if w.text == ":"), None)
        first = 0 if colon is None else colon + 1
        speaker = before[-1].speaker if before else None
        speaker = speaker or self._focus(words[0].start, "")
        if colon is not None:
            found = self.names.starting(words, 0)[0]
            speaker = found or speaker
        end = words[-1].start if words[-1].text == "." else words[-1].end
        return [Clause(words[first].start, end, speaker, "", 0.6)] if speaker is not None and first < len(words) else []

    def _headline(self) -> Clause | None:
        """Kremlin: too early to speak of a reset. | Reset is over – Peskov"""
        text = self.text
        words = words_of(text, 0, len(text))
        colon = re.match(r"\s*([^:–—“”«»„\"]{2,40}?)(?::| [–—-])\s", text)
        if colon is not None:
            named = words_of(text, 0, colon.end(1))
            if 0 < len(named) <= 5 and all(w.is_word for w in named):
                addressed = next((i for i, w in enumerate(named) if w.low in ("to", "an") and i), len(named))
                speaker = self._title_speaker(named[:addressed])
                if speaker is not None:
                    return Clause(colon.end(), len(text), speaker, "", 0.85)
        last = re.search(r"\s[–—-]\s([^–—:“”«»\"]{2,40})$", text)
        if last is not None and words:
            named = words_of(text, last.start(1), len(text))
            speaker = self._title_speaker(named) if len(named) <= 5 else None
            if speaker is not None:
                return Clause(0, last.start(), speaker, "", 0.85)
        return None

    def _title_speaker(self, words: Sequence[Word]) -> Speaker | None:
        """Return who speaks in a title: a person, an office or a body; not a topic (Football: ...)."""
        lex, last = self.lexicon, words[-1]
        name = self.text[words[0].start : last.end]
        if any(w.low in lex.prepositions for w in words):
            return None
        if last.low in lex.bodies or self.names.is_role(last.low):
            return Speaker(name, False, True)
        speaker, first = self.names.ending(words, len(words) - 1)
        known = speaker is not None and self.names.is_known(speaker.name)
        return speaker if known and first == 0 else None

    # With marks

    def kind(self, quote: Quote) -> tuple[str, Attribution | None]:
        """Return whether a quotation is "direct", "mixed" or a "scare" quote, and who is said to have said it."""
        if quote.start not in self._kinds:
            self._kinds[quote.start] = self._title_kind(quote) if self.title else self._kind(quote)
        return self._kinds[quote.start]

    def _kind(self, quote: Quote) -> tuple[str, Attribution | None]:
        inner = self.text[quote.inner_start : quote.inner_end].strip()
        n_words = sum(w.is_word for w in words_of(inner, 0, min(len(inner), 400)))
        if not n_words:
            return "scare", None
        block, number = self.frame_at(quote.start)
        frame = self.words(block, number)
        place = next((i for i, w in enumerate(frame) if w.quote is quote), 0)
        opens = place == 0 or frame[place - 1].text in ":,–—-" or frame[place - 1].quote is not None
        ends = inner[-1] in ".!?…" or (inner[-1] == "," and n_words > 1)
        by = self.attribution(quote)
        if n_words <= SHORT and place and frame[place - 1].low in self.lexicon.word_nouns:
            by = None
        if by is not None:
            fragment = by.fragment or (not opens and inner[0].islower())
            return ("mixed" if fragment else "direct"), by
        if place and frame[place - 1].low in self.lexicon.written and n_words > 1:
            return "direct", Attribution(None, "", 0.7)
        if n_words <= SHORT and not (ends and n_words > 1 and place == 0 and len(frame) <= 2):
            return "scare", None
        if not ends and not (opens and n_words > SHORT):
            return ("scare" if n_words <= 2 * SHORT else "direct"), None
        return "direct", self._continued(quote, block, number) if self.lexicon.verbs else None

    def _title_kind(self, quote: Quote) -> tuple[str, Attribution | None]:
        text = self.text
        before, after = text[: quote.start].strip(), text[quote.end :].strip()
        inner = text[quote.inner_start : quote.inner_end]
        if not before and not after:
            return "direct", None
        whole = self._headline() if self.lexicon.verbs else None
        if words_of(text, 0, quote.start)[-1:] and words_of(text, 0, quote.start)[-1].low in self.lexicon.word_nouns:
            return "scare", None
        if whole is not None and whole.start <= quote.start and quote.end <= whole.end:
            return ("mixed" if before else "direct"), Attribution(
                whole.speaker, whole.cue, whole.certainty, bool(before)
            )
        if not before and after[0] in ":–—-" and len(inner.split()) > SHORT - 1:
            return "direct", None
        by = self.attribution(quote)
        return ("scare", None) if by is None or by.speaker is None else ("mixed" if by.fragment else "direct", by)

    def attribution(self, quote: Quote) -> Attribution | None:
        """Return who is said, in its own sentence, to have said what stands in these marks."""
        if not self.lexicon.verbs:
            return None
        if quote.start not in self._attributions:
            self._attributions[quote.start] = None
            block, number = self.frame_at(quote.start)
            frame = self.words(block, number)
            following = self.words(block, number + 1) if number + 1 < len(self.frames(block)) else []
            place = next((i for i, w in enumerate(frame) if w.quote is quote), -1)
            if place >= 0:
                sentence = Sentence(self.text, frame, self.names, self.title)
                self._attributions[quote.start] = (
                    self._after(frame, place, following)
                    or (self._around(quote) if place and frame[place - 1].text not in ",:" else None)
                    or self._before(sentence, place)
                    or self._around(quote)
                )
        return self._attributions[quote.start]

    def _after(self, words: Sequence[Word], place: int, following: Sequence[Word] = ()) -> Attribution | None:
        """“...,” said X. | “...,” X said. | “...”, so X. | “...”? X asked."""
        lex, text, quote = self.lexicon, self.text, words[place].quote
        assert quote is not None
        last = text[quote.inner_start : quote.inner_end].rstrip()[-1:]
        tail = words[place + 1 :]
        if not tail and last in "?!,…":
            tail = following
        parted = last in ",?!…–—" and last != ""
        while tail and tail[0].text in _DASHES:
            parted, tail = True, tail[1:]
        stop = next((i for i, w in enumerate(tail) if w.text in _STOPS or w.quote is not None), len(tail))
        head = tail[: min(stop, _AFTER)]
        if not head:
            return None
        if not parted and self.is_short(quote):
            return None
        if head[0].low in lex.shown and parted:
            return Attribution(None, head[0].text, 0.8)
        sentence = Sentence(text, head, self.names, False)
        skip = sentence.matches(0, lex.according)
        if skip and (parted or head[0].low != "so"):
            speaker, _ = self.names.starting(head, skip)
            if speaker is not None:
                return Attribution(speaker, text[head[0].start : head[skip - 1].end], 0.95)
        end = sentence.cue_at(0)
        unknown = not end and parted and _can_be_verb(head[0], lex.closed)
        if (end and (parted or last != ".")) or unknown:
            speaker, _ = self.names.starting(head, end or 1)
            shaped = speaker is not None and (
                speaker.person or not unknown or head[1].low in lex.determiners | lex.pronouns
            )
            if shaped or (end and len(head) <= 2):
                cue = text[head[0].start : head[(end or 1) - 1].end]
                return Attribution(speaker, cue, 1.0 if end else 0.85)
        if lex.language == "de":
            return None  # there the verb always comes first
        for at in range(1, len(head)):
            end = sentence.cue_at(at)
            sure = head[at].low in lex.sure and head[at - 1].low in lex.copulas
            unknown = not end and parted and at <= 5 and _can_be_verb(head[at], lex.closed)
            if end or sure or unknown:
                speaker, first = self.names.before(head, at)
                cue = text[head[at].start : head[(end or at + 1) - 1].end]
                if speaker is None or first:
                    continue
                if not unknown:
                    return Attribution(speaker, cue, 1.0)
                shaped = speaker.person or head[0].low in lex.definite
                if (
                    shaped
                    and not self.names.is_role(head[at].low)
                    and not (at + 1 < len(head) and sentence.cue_at(at + 1))
                ):
                    return Attribution(speaker, cue, 0.85)
            if head[at].low in lex.breaks:
                break
        return None

    def _before(self, sentence: Sentence, place: int) -> Attribution | None:
        """X said: “...” | X called it “...” | According to X, “...” | To X, “...”"""
        lex, words = self.lexicon, sentence.words
        if not place:
            return None
        quote = words[place].quote
        assert quote is not None
        former = words[place - 1]
        earlier = next((i for i in range(place - 1, -1, -1) if words[i].quote is not None), place)
        if former.text == "," and earlier < place - 2:  # “...,” said X, “...”
            by = self._after(words, earlier)
            if by is not None:
                return by._replace(certainty=by.certainty * 0.95)
        colon = former.text == ":"
        whole = self.text[quote.inner_start : quote.inner_end].strip()
        if colon and whole[:1].islower() and len(whole.split()) <= SHORT:
            return None
        for at in range(place - (2 if colon else 1), max(-1, place - 2 - _FAR), -1):
            word = words[at]
            if word.text in _STOPS or word.low in lex.so_called:
                break
            between = words[at + 1 : place]
            end = sentence.cue_at(at)
            if end:
                found = self._introduces(sentence, at, end, between, colon or former.text == ",")
                if found is not None:
                    return found
            skip = sentence.matches(at, lex.according)
            if skip and word.low != "so":
                speaker, _ = self.names.starting(words, at + skip)
                if speaker is not None:
                    return Attribution(speaker, self.text[word.start : words[at + skip - 1].end], 0.95, not colon)
        if colon:
            speaker = (
                self.names.starting(words, 0)[0]
                if words[0].low not in lex.closed or words[0].low in lex.determiners | lex.pronouns
                else None
            )
            name = self.names.actor(words[:place]) if speaker is None or not speaker.person else None
            name = name or self._focus(words[0].start, "")
            if name is not None and (speaker is None or not speaker.person):
                speaker = name._replace(certain=False)
            return None if speaker is None else Attribution(speaker, "", 0.7)
        if words[0].low in ("to", "for", "für") and former.text == ",":
            speaker, after = self.names.starting(words, 1)
            if speaker is not None and after == place - 1:
                return Attribution(speaker, "", 0.8, True)
        return None

    def _introduces(
        self, sentence: Sentence, at: int, end: int, between: Sequence[Word], parted: bool
    ) -> Attribution | None:
        """Return the attribution by the verb at `at`, if the marks after it are its subject's words."""
        lex, words = self.lexicon, sentence.words
        low = words[at].low
        lows = [w.low for w in between]
        speaks = (
            (low in lex.shown and not between)
            or low in lex.saying
            or low in lex.saying_or_object
            or low in lex.last_only
            or low in lex.with_that
            or end > at + 1
        )
        names_it = low in lex.naming or (low in lex.judging and any(w in ("as", "als") for w in lows[-4:]))
        if at and (words[at - 1].low in lex.determiners or words[at - 1].low.endswith(("'s", "’s"))):
            return None
        if not (names_it or speaks) or (
            low in lex.with_that
            and not names_it
            and not parted
            and low not in ("read", "reads", "states", "state", "stated")
        ):
            return None
        if any(w in ("about", "over", "über") for w in lows) and not parted:
            return None
        if lex.language == "de" and not (names_it or parted):
            return None
        if not (names_it or parted) and low in lex.last_only - lex.saying - lex.saying_or_object - lex.shown:
            return None
        if not (names_it or parted) and lows and lows[0] in lex.prepositions and lows[0] not in ("in", "at"):
            return None
        agent = lows.index("by") + at + 2 if "by" in lows else None
        passive = at > 0 and words[at - 1].low in _BE and not low.endswith("ing")
        if passive and agent is None:
            return None
        speaker = self.names.starting(words, agent)[0] if passive and agent is not None else sentence.subject(at)
        if speaker is None:
            return (
                Attribution(None, words[at].text, 0.7, not parted)
                if parted or low in ("read", "reads", "steht")
                else None
            )
        cue = self.text[words[at].start : words[end - 1].end]
        return Attribution(speaker, cue, 1.0 if parted else 0.9, not parted and (names_it or bool(between)))

    def _around(self, quote: Quote) -> Attribution | None:
        """“...” inside a clause that is reported: the “reset” was over, X said."""
        for clause in self.clauses(quote.start):
            if clause.start <= quote.start < clause.end and clause.cue:
                return Attribution(clause.speaker, clause.cue, clause.certainty * 0.95, True)
        return None

    def _continued(self, quote: Quote, block: int, number: int) -> Attribution | None:
        """Give a whole sentence in marks, without a verb of its own, the speaker of the one before or who was named last."""
        at = bisect_right(self.outer_starts, quote.start) - 1
        former = None
        for back in range(at - 1, max(-1, at - 1 - _CHAIN), -1):
            former = self.outer[back]
            by = self.attribution(former)
            if by is not None and (by.fragment or self.kind(former)[0] != "direct"):
                by = None
            if by is not None or self.frame_at(former.start)[0] < block:
                break
        else:
            by = None
        if former is not None and by is not None and by.speaker is not None:
            there, sentence = self.frame_at(former.start)
            named = any(
                self.names.actor(self.words(block, n)) for n in range(sentence + 1 if there == block else 0, number)
            )
            if not named and there == block:
                return Attribution(by.speaker, by.cue, by.certainty * 0.85)
            if not named and there == block - 1:
                return Attribution(by.speaker, "", by.certainty * 0.7)
        reported = self.clauses(self.frames(block)[number - 1][0]) if number else []
        if reported and reported[-1].speaker is not None:
            return Attribution(reported[-1].speaker, "", reported[-1].certainty * 0.7)
        name = self._focus(quote.start, "")
        return None if name is None else Attribution(name._replace(certain=False), "", 0.6)

    # All

    def said(self) -> list[Said]:
        """Return the quotations in order; a fragment in marks inside a clause has its own row."""
        found: list[Said] = []
        spans: list[tuple[int, int]] = []
        for block in range(len(self.blocks)):
            for begin, _ in self.frames(block):
                for c in self.clauses(begin):
                    spans.append((c.start, c.end))
                    inside = self.quote_at(c.start)
                    if inside is None or inside.end < c.end:
                        found.append(Said(c.start, c.end, "indirect", c.speaker, c.cue, c.certainty))
        for quote in self.outer:
            kind, by = self.kind(quote)
            if kind != "scare":
                by = by or Attribution(None, "", 0.6)
                found.append(
                    Said(quote.start, quote.end, kind, by.speaker, by.cue, by.certainty * (1 if quote.whole else 0.6))
                )
        return sorted(found, key=lambda s: (s.start, -s.end))


def _can_be_verb(word: Word, closed: frozenset[str]) -> bool:
    """Tell whether an unknown word beside a quotation can be its verb: “...,” thundered X."""
    return word.text.isalpha() and word.text.islower() and word.low not in closed and len(word.low) > 2
