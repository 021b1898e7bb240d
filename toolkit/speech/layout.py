"""Own the layout of a text for the rules of speech: what is in quotation marks, and the sentences around it, read when needed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from toolkit.speech.lexicon import Word, bare, languages, lexicon_of, words_of
from toolkit.speech.marks import Quote, paragraphs, quotes
from toolkit.text.sentences import sentence_spans

Owner = TypeVar("Owner")
Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")

_LONGEST = 4_000  # characters of a paragraph; a longer one is cut, so that a text without any costs no more than others


def remembered(
    method: Callable[Concatenate[Owner, Arguments], Answer],
) -> Callable[Concatenate[Owner, Arguments], Answer]:
    """Make a method remember its answers as long as its object lives."""

    name = f"{method.__name__} of"

    @wraps(method)
    def answer(self: Owner, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
        memory: dict[Any, Answer] | None = self.__dict__.get(name)
        if memory is None:
            memory = self.__dict__[name] = {}
        if args not in memory:
            memory[args] = method(self, *args, **kwargs)

        return memory[args]

    return answer


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

        blocks = [0]
        for begin in begins[1:-1]:
            quote = self.quote_at(begin)
            if quote is None or quote.start == begin:
                blocks.append(begin)
            elif quote.start - blocks[-1] > 4 * _LONGEST:  # marks all over; else one block could be the whole text
                blocks.append(quote.start)

        return blocks

    @remembered
    def frames(self, block: int) -> list[tuple[int, int]]:
        """Return the sentences of a paragraph; one that begins inside a quotation belongs to the one with the quotation."""
        begin = self.blocks[block]
        end = self.blocks[block + 1] if block + 1 < len(self.blocks) else len(self.text)

        starts = [begin + a for a, _ in sentence_spans(self.text[begin:end], self.lexicon.language)]
        starts = [a for a in starts if (q := self.quote_at(a)) is None or q.start == a] or [begin]
        return list(zip([begin, *starts[1:]], [*starts[1:], end]))

    def frame_at(self, at: int) -> tuple[int, int]:
        """Return the paragraph and, in it, the sentence that hold a character."""
        block = max(bisect_right(self.blocks, at) - 1, 0)
        return block, max(bisect_right(self.frames(block), at, key=lambda frame: frame[0]) - 1, 0)

    @remembered
    def words(self, block: int, number: int) -> list[Word]:
        """Return the words and marks of a sentence; a quotation is one word."""
        at, end = self.frames(block)[number]
        words: list[Word] = []
        for place in range(bisect_right(self.outer_starts, at - 1), bisect_right(self.outer_starts, end - 1)):
            quote = self.outer[place]
            words += words_of(self.text, at, quote.start)
            words.append(Word(quote.start, quote.end, "“”", "“”", quote))
            at = quote.end

        return [*words, *words_of(self.text, at, end)]
