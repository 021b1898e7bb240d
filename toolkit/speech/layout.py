"""Own how a text is laid out for rules of speech: what stands in marks, and the sentences around it, read where they are asked for."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from toolkit.speech.lexicon import Word, bare, languages, lexicon_of, words_of
from toolkit.speech.marks import Quote, paragraphs, quotes
from toolkit.text.sentences import sentence_spans

SHORT = 4
"""Words in marks that, said by nobody, are a scare quote."""

_LONGEST = 4_000  # characters of a paragraph; a longer one is cut, so that a text without any costs no more than others


class Layout:
    """One text: its quotations, and its sentences, in which each quotation is one word.

    Parameters
    ----------
    text : str
        Any text.
    language : str
        Two-letter code. Without a table of cues for it, marks are read and speakers are not.
    """

    def __init__(self, text: str, language: str = "en") -> None:
        self.text = text
        self.lexicon = lexicon_of(language) if language in languages() else bare(language)
        self._frames: dict[int, list[tuple[int, int]]] = {}
        self._words: dict[int, list[Word]] = {}

    @cached_property
    def quotes(self) -> list[Quote]:
        """All that stands in marks, inner quotations too."""
        return quotes(self.text)

    @cached_property
    def outer(self) -> list[Quote]:
        """What stands in marks and in no others."""
        return [q for q in self.quotes if q.depth == 0]

    @cached_property
    def outer_starts(self) -> list[int]:
        """Where they begin."""
        return [q.start for q in self.outer]

    def quote_at(self, at: int) -> Quote | None:
        """Return the outermost quotation marks around a character."""
        place = bisect_right(self.outer_starts, at) - 1
        return self.outer[place] if place >= 0 and at < self.outer[place].end else None

    def is_short(self, quote: Quote) -> bool:
        """Tell whether only a few words stand in these marks."""
        length = quote.inner_end - quote.inner_start
        return length < 40 * SHORT and len(self.text[quote.inner_start : quote.inner_end].split()) <= SHORT

    @cached_property
    def blocks(self) -> list[int]:
        """Where paragraphs begin; a very long one is cut, a quotation never."""
        begins, at = [0], 0
        for end, following in paragraphs(self.text):
            while end - at > _LONGEST:
                space = self.text.rfind(" ", at + _LONGEST // 2, at + _LONGEST)
                at = space + 1 if space > 0 else at + _LONGEST
                begins.append(at)
            at = following
            begins.append(at)
        kept = [0]
        for begin in begins[1:-1]:
            quote = self.quote_at(begin)
            if quote is None or quote.start == begin:
                kept.append(begin)
            elif quote.start - kept[-1] > 4 * _LONGEST:  # marks all over; else one block could be the whole text
                kept.append(quote.start)
        return kept

    def frames(self, block: int) -> list[tuple[int, int]]:
        """Return the sentences of a paragraph; one that begins inside a quotation belongs to the one with the quotation."""
        if block not in self._frames:
            begin = self.blocks[block]
            end = self.blocks[block + 1] if block + 1 < len(self.blocks) else len(self.text)
            starts = [begin + a for a, _ in sentence_spans(self.text[begin:end], self.lexicon.language)]
            starts = [a for a in starts if (q := self.quote_at(a)) is None or q.start == a] or [begin]
            self._frames[block] = list(zip([begin, *starts[1:]], [*starts[1:], end]))
        return self._frames[block]

    def frame_at(self, at: int) -> tuple[int, int]:
        """Return the paragraph and, in it, the sentence that hold a character."""
        block = max(bisect_right(self.blocks, at) - 1, 0)
        return block, max(bisect_right(self.frames(block), at, key=lambda frame: frame[0]) - 1, 0)

    def words(self, block: int, number: int) -> list[Word]:
        """Return the words and marks of a sentence; a quotation is one word."""
        begin, end = self.frames(block)[number]
        if begin not in self._words:
            found, at = [], begin
            for place in range(bisect_right(self.outer_starts, begin - 1), bisect_right(self.outer_starts, end - 1)):
                quote = self.outer[place]
                found += words_of(self.text, at, quote.start)
                found.append(Word(quote.start, quote.end, "“”", "“”", quote))
                at = quote.end
            self._words[begin] = [*found, *words_of(self.text, at, end)]
        return self._words[begin]
