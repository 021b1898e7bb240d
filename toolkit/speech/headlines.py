"""Own headlines: who speaks in a title, judged by its colon or dash."""

from __future__ import annotations

import re
from collections.abc import Sequence

from toolkit.speech.complements import Clause
from toolkit.speech.lexicon import Word, words_of
from toolkit.speech.names import Names
from toolkit.speech.people import Speaker

_LONGEST = 5  # words of a speaker
_OPENING = re.compile(r"\s*([^:–—“”«»„\"]{2,40}?)(?::| [–—-])\s")
_CLOSING = re.compile(r"\s[–—-]\s([^–—:“”«»\"]{2,40})$")


def headline(text: str, names: Names) -> Clause | None:
    """Return what a title reports: Kremlin: too early to speak of a reset. | Reset is over – Peskov"""
    opening = _OPENING.match(text)
    if opening is not None:
        words = words_of(text, 0, opening.end(1))
        addressed = next((i for i, w in enumerate(words) if w.low in ("to", "an") and i), len(words))
        fits = len(words) <= _LONGEST and all(w.is_word for w in words)
        speaker = _speaker(text, words[:addressed], names) if fits else None
        if speaker is not None:
            return Clause(opening.end(), len(text), speaker, "", 0.85)

    closing = _CLOSING.search(text)
    if closing is not None:
        words = words_of(text, closing.start(1), len(text))
        speaker = _speaker(text, words, names) if len(words) <= _LONGEST else None
        if speaker is not None:
            return Clause(0, closing.start(), speaker, "", 0.85)

    return None


def _speaker(text: str, words: Sequence[Word], names: Names) -> Speaker | None:
    """Return who speaks in a title: a person, an office or a body; not a topic (Football: ...)."""
    lex = names.lexicon
    if not words or any(w.low in lex.prepositions for w in words):
        return None
    last = words[-1]
    if last.low in lex.bodies or names.is_role(last.low):
        return Speaker(text[words[0].start : last.end], False, True)

    speaker, first = names.ending(words, len(words) - 1)
    known = speaker is not None and names.is_known(speaker.name)
    return speaker if known and first == 0 else None
