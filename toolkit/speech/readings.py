"""Own the reading of a text: its direct, indirect and mixed quotations, each with its speaker and its reporting verb.

Rules work on marks, sentences and lists of words. The lists are data: one file per language in the folder `cues`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from toolkit.speech.attributions import Attribution, Head
from toolkit.speech.complements import Clause
from toolkit.speech.headlines import headline
from toolkit.speech.indirect_speech import IndirectSpeech, is_subjunctive
from toolkit.speech.layout import Layout, remembered
from toolkit.speech.lexicon import NO_WORD, Word, first_of, word_at, words_of
from toolkit.speech.marks import SHORT, Quote, inside
from toolkit.speech.names import Names
from toolkit.speech.people import Speaker
from toolkit.speech.rules import Rule, decide

_BACK = 12  # sentences in which it is looked for whom a pronoun stands for
_CHAIN = 20  # quotations in a row that one verb can govern
_PAST = ("hätt", "wär", "würd", "könnt", "gäb", "käm", "dürft", "müsst")  # subjunctives of what is not the case, too


class Quotation(NamedTuple):
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


class _Marked(NamedTuple):
    """What stands in marks and is attributed to nobody, and the words around it."""

    inner: str
    n_words: int
    former: Word
    written: frozenset[str]
    alone: bool  # whether it is a sentence of its own

    @property
    def short(self) -> bool:
        return self.n_words <= SHORT

    @property
    def ends(self) -> bool:
        return self.inner[-1] in ".!?…" or (self.inner[-1] == "," and self.n_words > 1)

    @property
    def opens(self) -> bool:
        return self.former is NO_WORD or self.former.text in ":,–—-" or self.former.quote is not None

    @property
    def whole(self) -> bool:
        return self.ends or (self.opens and not self.short)


# What stands in marks without anybody who says it: what kind of a quotation is it?
UNATTRIBUTED: tuple[Rule[_Marked], ...] = (
    Rule("a sign “Keep out of here”: written there", lambda m: m.former.low in m.written and m.n_words > 1, "written"),
    Rule(
        "“Never again!” A sentence, if it is more than a word", lambda m: m.alone and m.ends and m.n_words > 1, "said"
    ),
    Rule("the “reset” failed: a few words", lambda m: m.short, "scare"),
    Rule(
        "the “great reset of all the talks” failed: a phrase", lambda m: not m.whole and m.n_words <= 2 * SHORT, "scare"
    ),
    Rule("the “...” failed: a phrase, but a long one", lambda m: not m.whole, "direct"),
)


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
    >>> [(q.kind, q.speaker.name, q.cue, text[q.start : q.end]) for q in Reading(text).quotations()]
    [('direct', 'Dmitry Peskov', 'said', '“The reset is over,”'), ('indirect', 'Dmitry Peskov', 'added', 'nobody missed it')]
    """

    def __init__(self, text: str, language: str = "en", *, title: bool = False, article: Reading | None = None) -> None:
        super().__init__(text, language)
        self.title = title
        self.names: Names = Names(
            text, self.lexicon, self._focus, article.names if article is not None else None, title
        )

    def quotations(self) -> list[Quotation]:
        """Return the quotations in order; a fragment in marks inside a clause has its own row."""
        indirect = [
            Quotation(c.start, c.end, "indirect", c.speaker, c.cue, c.certainty)
            for block in range(len(self.blocks))
            for begin, _ in self.frames(block)
            for c in self.clauses(begin)
            if (q := self.quote_at(c.start)) is None or q.end < c.end
        ]
        marked = []
        for quote in self.outer:
            kind, by = self.kind(quote)
            if kind != "scare":
                by = by or Attribution(None, "", 0.6)
                certainty = by.certainty * (1 if quote.whole else 0.6)
                marked.append(Quotation(quote.start, quote.end, kind, by.speaker, by.cue, certainty))

        return sorted([*indirect, *marked], key=lambda q: (q.start, -q.end))

    # Who was named before

    def _focus(self, at: int, pronoun: str) -> Speaker | None:
        """Return who was named last before a place as somebody who acts, and whom the pronoun can stand for."""
        block, number = self.frame_at(at)
        actor = self.names.actor([w for w in self.words(block, number) if w.end <= at], pronoun)
        for _ in range(_BACK):
            if actor is not None:
                return actor
            number -= 1
            while number < 0:
                block -= 1
                if block < 0:
                    return self.names.last_before(at, pronoun)
                number = len(self.frames(block)) - 1
            actor = self._actor(block, number, pronoun)

        return actor or self.names.last_before(at, pronoun)

    @remembered
    def _actor(self, block: int, number: int, pronoun: str) -> Speaker | None:
        return self.names.actor(self.words(block, number), pronoun)

    # Without marks

    def clauses(self, at: int) -> list[Clause]:
        """Return the clauses, in the sentence that holds a character, that somebody is said to have said."""
        return self._clauses(*self.frame_at(at)) if self.lexicon.verbs else []

    @remembered
    def _clauses(self, block: int, number: int) -> list[Clause]:
        words = self.words(block, number)
        whole = headline(self.text, self.names) if self.title else None
        clauses = [whole] if whole else IndirectSpeech(self.text, words, self.names, self.title).clauses()
        if clauses or not self.lexicon.subjunctive:
            return clauses

        before = self.words(block, number - 1) if number else []
        return self._unmarked(words, IndirectSpeech(self.text, before, self.names, False).clauses())

    def _unmarked(self, words: Sequence[Word], before: Sequence[Clause]) -> list[Clause]:
        """German goes on reporting in the subjunctive without a verb of saying."""
        lex = self.lexicon
        present = any(w.low in lex.subjunctive and not w.low.startswith(_PAST) for w in words)
        if not words or not (present or is_subjunctive(words)):
            return []
        if words[0].low in ("als", "wenn", "sei", "möge", "es") and word_at(words, 1).low == "sei":
            return []  # no speech: als sei nichts geschehen

        colon = first_of(":", words)
        speaker = self.names.starting(words, 0)[0] if colon < len(words) else None
        speaker = speaker or (before[-1].speaker if before else None) or self._focus(words[0].start, "")
        first = word_at(words, colon + 1 if colon < len(words) else 0)
        if speaker is None or first is NO_WORD:
            return []

        end = words[-1].start if words[-1].text == "." else words[-1].end
        return [Clause(first.start, end, speaker, "", 0.6)]

    # With marks

    @remembered
    def kind(self, quote: Quote) -> tuple[str, Attribution | None]:
        """Return whether a quotation is "direct", "mixed" or a "scare" quote, and who is said to have said it."""
        return self._kind_in_title(quote) if self.title else self._kind(quote)

    def _kind(self, quote: Quote) -> tuple[str, Attribution | None]:
        inner = inside(self.text, quote).strip()
        n_words = sum(w.is_word for w in words_of(inner, 0, min(len(inner), 400)))
        if not n_words:
            return "scare", None

        frame, place = self._sentence(quote)
        former = word_at(frame, place - 1)
        marked = _Marked(inner, n_words, former, self.lexicon.written, place == 0 and len(frame) <= 2)
        named = marked.short and former.low in self.lexicon.word_nouns  # the term “reset”
        by = None if named else self.attribution(quote)
        if by is not None:
            fragment = by.fragment or (not marked.opens and inner[0].islower())
            return ("mixed" if fragment else "direct"), by

        kind = decide(UNATTRIBUTED, marked, "said")
        if kind == "written":
            return "direct", Attribution(None, "", 0.7)
        if kind == "said":
            return "direct", self._continued(quote) if self.lexicon.verbs else None
        return kind, None

    def _kind_in_title(self, quote: Quote) -> tuple[str, Attribution | None]:
        before, after = self.text[: quote.start].strip(), self.text[quote.end :].strip()
        if not before and not after:
            return "direct", None
        former = words_of(self.text, 0, quote.start)[-1:]
        if former and former[0].low in self.lexicon.word_nouns:
            return "scare", None

        whole = headline(self.text, self.names) if self.lexicon.verbs else None
        if whole is not None and whole.start <= quote.start and quote.end <= whole.end:
            by = Attribution(whole.speaker, whole.cue, whole.certainty, bool(before))
            return ("mixed" if before else "direct"), by
        if not before and after[0] in ":–—-" and len(inside(self.text, quote).split()) >= SHORT:
            return "direct", None

        own = self.attribution(quote)
        if own is None or own.speaker is None:
            return "scare", None
        return ("mixed" if own.fragment else "direct"), own

    def _sentence(self, quote: Quote) -> tuple[list[Word], int]:
        """Return the words of the sentence with a quotation, and the place of the quotation among them."""
        frame = self.words(*self.frame_at(quote.start))
        return frame, next((i for i, w in enumerate(frame) if w.quote is quote), 0)

    @remembered
    def attribution(self, quote: Quote) -> Attribution | None:
        """Return who is said, in its own sentence, to have said what stands in these marks."""
        frame, place = self._sentence(quote)
        if not self.lexicon.verbs or word_at(frame, place).quote is not quote:
            return None

        block, number = self.frame_at(quote.start)
        following = self.words(block, number + 1) if number + 1 < len(self.frames(block)) else []
        head = Head(self.text, frame, self.names, place)
        by_words_after = head.after(place, following)
        if by_words_after is not None:
            return by_words_after

        # A fragment is read as a part of its clause first.
        fragment = place > 0 and not head.parted
        return (self._around(quote) if fragment else None) or head.attribution() or self._around(quote)

    def _around(self, quote: Quote) -> Attribution | None:
        """“...” inside a clause that is reported: the “reset” was over, X said."""
        for clause in self.clauses(quote.start):
            if clause.start <= quote.start < clause.end and clause.cue:
                return Attribution(clause.speaker, clause.cue, clause.certainty * 0.95, True)

        return None

    def _continued(self, quote: Quote) -> Attribution | None:
        """Give a whole sentence in marks, without a verb of its own, the speaker of the one before or who was named last."""
        block, number = self.frame_at(quote.start)
        by, former = self._chain(quote)
        if by is not None and by.speaker is not None and former is not None:
            there, sentence = self.frame_at(former.start)
            here = there == block
            between = range(sentence + 1 if here else 0, number)
            if there >= block - 1 and not any(self._actor(block, n, "") for n in between):
                certainty = by.certainty * (0.85 if here else 0.7)
                return Attribution(by.speaker, by.cue if here else "", certainty)

        reported = self._clauses(block, number - 1) if number else []
        if reported and reported[-1].speaker is not None:
            return Attribution(reported[-1].speaker, "", reported[-1].certainty * 0.7)
        name = self._focus(quote.start, "")
        return None if name is None else Attribution(name._replace(certain=False), "", 0.6)

    def _chain(self, quote: Quote) -> tuple[Attribution | None, Quote | None]:
        """Return the last attribution of a direct quotation before this one, in its paragraph or in the last with marks."""
        block = self.frame_at(quote.start)[0]
        place = bisect_right(self.outer_starts, quote.start) - 1
        for former in reversed(self.outer[max(0, place - _CHAIN) : place]):
            by = self.attribution(former)
            if by is not None and not by.fragment and self.kind(former)[0] == "direct":
                return by, former
            if self.frame_at(former.start)[0] < block:
                break

        return None, None


def readings_of(texts: Mapping[str, str], language: str) -> dict[str, Reading]:
    """Return one reading for each field of an article; the full names of all are those of its text."""
    body = Reading(texts.get("text", ""), language)
    return {
        field: body if field == "text" else Reading(text, language, title=field == "title", article=body)
        for field, text in texts.items()
    }
