"""Own reported speech: the clauses of a sentence that somebody is said to have said or to think, without marks."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from toolkit.speech.antecedents import BE, QUESTION, Clause, Following
from toolkit.speech.lexicon import Word
from toolkit.speech.people import Speaker

_ADJUNCT = frozenset(
    "on in at to by from during when after while before through via with for about over yesterday today earlier later "
    "am im auf beim nach vor bei zum".split()
)
_SUBORDINATE = frozenset("als wenn obwohl nachdem weil während bevor seit after when although while as".split())
_INDICATIVE = (
    "te",
    "eine",
    "ihre",
    "seine",
    "würde",
    "wurde",
    "gerade",
    "ohne",
    "alle",
    "viele",
)  # no -e of reported speech
_PARTICLES = frozenset("mit an vor hinzu ein ab fort aus fest zu auf".split())  # teilte er mit
_EDGES = frozenset(".;:!?")


class Reported(Following):
    """A sentence and what is reported in it. The rules stand in the order in which they are asked."""

    def clauses(self) -> list[Clause]:
        """Return what is reported in the sentence."""
        if len(self.words) < 3:
            return []
        found = list(self._apart())
        reach = self.words[0].start
        for place, word in enumerate(self.words):
            if word.start < reach or not word.is_word or any(c.start <= word.start < c.end for c in found):
                continue
            pieces = self._by_phrase(place)
            clause = None
            if not pieces:
                clause = self._verb_last(place) or self._of_verb(place) or self._order(place) or self._of_noun(place)
            for piece in pieces if clause is None else [clause]:
                if piece.end > piece.start:
                    found.append(piece)
                    reach = max(piece.end, word.end)
        return sorted(found, key=lambda c: c.start)

    def _apart(self) -> Iterator[Clause]:
        """The reset, she said, was over. | The reset was over, officials conceded on Monday. | As she recalled, it was over."""
        words, lex = self.words, self.lexicon
        for place, word in enumerate(words):
            cue_end = self.cue_at(place)
            sure = word.low in lex.sure and place and words[place - 1].low in lex.copulas
            if not sure and place and words[place - 1].low in BE:
                continue
            if not (cue_end or sure) or (place and words[place - 1].low in lex.determiners):
                continue
            reports = word.low in lex.saying or word.low in lex.saying_or_object or word.low in lex.with_that
            alone = word.low in lex.last_only and not (cue_end < len(words) and words[cue_end].is_word)
            if cue_end == place + 1 and not reports and not alone:
                continue
            after = cue_end or place + 1
            if word.low in lex.ordering:  # told the paper on Monday
                while (
                    after < len(words)
                    and words[after].is_word
                    and words[after].low not in _ADJUNCT
                    and (
                        words[after].low not in lex.closed
                        or words[after].low in lex.determiners
                        or words[after].low in ("us", "me", "him", "them")
                    )
                ):
                    after += 1
            speaker, first = self.names.before(words, place)
            if speaker is not None and self._closes(after):
                if words[0].low in ("as", "wie") and first <= 1 and after < len(words) and words[after].text == ",":
                    yield from self._pieces(speaker, place, cue_end, [(after + 1, len(words))])
                    return
                comma = self._comma_before(first, place)
            else:
                comma = -1
            if comma < 0 and place and words[place - 1].text in ",–—" and (speaker is None or word.low in lex.saying):
                speaker, after = self.names.starting(words, after)
                comma = place - 1 if speaker is not None and self._closes(after) else -1
                if (
                    self.title
                    and speaker is not None
                    and not (speaker.person or self.names.is_role(speaker.name.split()[-1].lower()))
                ):
                    comma = -1
            if any(w.low in ("who", "which") for w in words[comma + 1 : place]):
                continue
            mere = (word.low in lex.last_only and not reports) or (
                cue_end > place + 1 and word.low.startswith(("go", "went"))
            )
            if mere and speaker is not None and not speaker.person:
                continue  # the war goes on
            if comma > 0 and speaker is not None and not self._is_setting(words[0].low):
                begin = max((i + 1 for i in range(comma) if words[i].text in ";:"), default=self.past_dateline())
                spans = [] if words[comma - 1].low in ("which", "that") else [(begin, comma)]
                if (
                    after < len(words) - 1
                    and words[after].text in ",–—;"
                    and not (words[after + 1].low in lex.openers and words[after + 1].low not in QUESTION)
                ):
                    spans.append((after + 1, len(words)))
                yield from self._pieces(speaker, place, cue_end, spans)
                return

    def _is_setting(self, low: str) -> bool:
        """Tell whether a sentence that begins so has a setting before its first comma, and nothing reported: Asked by reporters, ..."""
        if self.lexicon.language == "de":
            return low in _SUBORDINATE
        return low in ("asked", "pressed", "speaking", "answering", "questioned", "addressing", "writing")

    def _comma_before(self, first: int, place: int) -> int:
        """Return the comma that parts a subject from what is reported, or -1."""
        words, lex = self.words, self.lexicon
        for at in range(first - 1, max(0, first - 10), -1):
            if words[at].text in ",–—":
                opening = words[at + 1]
                fits = at == first - 1 or opening.low in lex.determiners or self.names.is_role(opening.low)
                return at if fits or self.names.is_name(opening) else -1
            if (
                not words[at].is_word
                or words[at].low in lex.verbs
                or words[at].low in lex.finite
                or words[at].low in lex.openers
            ):
                return -1
        return -1

    def _closes(self, at: int) -> bool:
        """Tell whether a verb's own part of the sentence ends here: nothing follows but when, where or to whom."""
        words, lex = self.words, self.lexicon
        if at >= len(words) or words[at].text in ",.;!?–—" or words[at].quote is not None:
            return True
        low = words[at].low
        if (
            low not in _ADJUNCT
            and low not in lex.between
            and not low.endswith("ly")
            and not (lex.language == "de" and (low in lex.prepositions or low in _PARTICLES))
        ):
            return False
        for word in words[at:]:
            if word.text in ",.;!?":
                return True
            if word.low in lex.finite or word.low in ("that", "whether", "if", "dass", "ob") or word.quote is not None:
                return False
        return True

    def _pieces(self, speaker: Speaker, place: int, cue_end: int, spans: list[tuple[int, int]]) -> Iterator[Clause]:
        cue = self.cue(place, cue_end or place + 1)
        for first, stop in spans:
            if first < stop:
                yield self.clause(first, stop, speaker, cue, 0.9)

    def _by_phrase(self, place: int) -> list[Clause]:
        """According to X, ... | ..., according to X. | In X's view, ... | by the account of both governments"""
        words, lex = self.words, self.lexicon
        skip = self.matches(place, lex.according)
        if skip and (words[place].low != "so" or (place and words[place - 1].text == ",")):
            speaker, after = self.names.starting(words, place + skip)
            nouns = [w.text for w in words[place + 1 : place + skip] if lex.language == "de" and w.text[0].isupper()]
            cue = nouns[0] if nouns else self.cue(place, place + skip)
            if words[place].low == "so" and after < len(words) and words[after].text not in ",.":
                named = place + 1 < len(words) and self.names.is_name(words[place + 1])
                speaker = speaker if named else None
            return [] if speaker is None else self._around_phrase(place, after, speaker, cue, 0.95)
        if word_after := (words[place].low in lex.according_after and place):
            speaker, first = self.names.before(words, word_after)
            return [] if speaker is None else self._around_phrase(first, place + 1, speaker, words[place].text, 0.9)
        if words[place].low in lex.view_openers:
            noun = next((i for i in range(place + 1, min(place + 6, len(words))) if words[i].low in lex.views), None)
            if noun is not None and all(w.is_word for w in words[place:noun]):
                speaker = self.names.possessor(words, noun, place + 1)
                after = noun + 1
                if speaker is not None and after < len(words) and words[after].low in ("of", "von", "des", "der"):
                    after = self.names.starting(words, after + 1)[1]
                if speaker is not None:
                    return self._around_phrase(place, after, speaker, words[noun].text, 0.85)
        return []

    def _around_phrase(self, first: int, after: int, speaker: Speaker, cue: str, certainty: float) -> list[Clause]:
        words = self.words
        rest = after < len(words) - 1
        if rest and (first <= 1 or words[first - 1].low in ("and", "but", "und", "aber", "which")):
            return [self.clause(after, len(words), speaker, cue, certainty)]
        begin = max((i + 1 for i in range(first) if words[i].text == ";"), default=self.past_dateline())
        pieces = [self.clause(begin, first, speaker, cue, certainty)]
        if rest and words[after].text == "," and words[first - 1].text == ",":
            pieces.append(self.clause(after, len(words), speaker, cue, certainty))
        return pieces

    def _verb_last(self, place: int) -> Clause | None:
        """Whether it was a reset, nobody asked. | Ob er gespeichert habe, wurde sie von Wiese gefragt."""
        words, lex = self.words, self.lexicon
        if place or words[0].low not in lex.openers or words[0].low in QUESTION:
            return None
        comma = next((i for i, w in enumerate(words) if w.text == ","), None)
        verb = next(
            (i for i in range(comma or 0, len(words)) if words[i].low in lex.saying | lex.saying_or_object), None
        )
        if comma is None or verb is None:
            return None
        agent = next((i for i in range(comma, verb) if words[i].low in ("von", "by")), None)
        speaker = self.names.starting(words, agent + 1)[0] if agent is not None else self.subject(verb)
        return self.clause(1, comma, speaker, words[verb].text, 0.85)

    def _of_verb(self, place: int) -> Clause | None:
        """He said (that) the reset was over. | Er sagte, der Neustart sei vorbei. | Asked by reporters whether ..."""
        words, lex = self.words, self.lexicon
        cue_end = self.cue_at(place)
        if not cue_end or (
            place
            and (words[place - 1].low in lex.determiners or words[place - 1].low.endswith(("'s", "’s", "s'", "s’")))
        ):
            return None
        low = words[place].low
        reports = (
            cue_end > place + 1
            or low in lex.saying
            or low in lex.saying_or_object
            or low in lex.with_that
            or low in lex.finding
            or low in lex.ordering
        )
        if not reports:
            return None
        if lex.language == "de":
            return self._of_german_verb(place, cue_end)
        start, opener = self.opener(place, cue_end)
        passive = place == 0 or (
            words[place - 1].low in BE and low in ("asked", "told", "reminded", "warned", "informed")
        )
        if start is not None and passive and low.endswith(("ed", "told")):
            agent = next((i for i in range(cue_end, start) if words[i].low == "by"), None)
            speaker = self.names.starting(words, agent + 1)[0] if agent is not None else None
            comma = next((i for i in range(start, len(words)) if words[i].text == ","), len(words))
            stop = self.stop(start) if place else comma
            return self.clause(start, stop, speaker, words[place].text, 0.8)
        speaker = self.subject(place)
        if speaker is not None and speaker.name.lower() in ("nobody", "niemand"):
            return None
        bare = (
            start is None
            and speaker is not None
            and (cue_end > place + 1 or low in lex.saying or low in lex.saying_or_object)
        )
        if bare:
            start = self.bare_clause(place, cue_end)
        if start is None or (speaker is None and opener not in ("that", "whether")):
            return None
        return self.clause(start, self.stop(start), speaker, self.cue(place, cue_end), 0.85 if bare else 1.0)

    def _of_german_verb(self, place: int, cue_end: int) -> Clause | None:
        words, lex = self.words, self.lexicon
        comma = next((i for i in range(cue_end, min(cue_end + 16, len(words) - 1)) if words[i].text == ","), None)
        if comma is None or any(words[i].text in _EDGES or words[i].quote is not None for i in range(cue_end, comma)):
            return None
        following = words[comma + 1].low
        rest = [w.low for w in words[comma + 1 :]]
        if following in lex.openers:
            start = comma + 2
        elif (
            any(w in lex.subjunctive for w in rest)
            or is_subjunctive(words[comma + 1 :])
            or (words[place].low in lex.ordering and "zu" in rest)
        ):
            start = comma + 1
        elif words[place].low in lex.saying and following in lex.determiners | lex.pronouns | lex.author | {
            "es",
            "wir",
            "man",
        }:
            if not any(w in lex.finite for w in rest) or following in ("der", "die", "das", "dem", "den"):
                return None
            start = comma + 1
        else:
            return None
        impersonal = cue_end < len(words) and words[cue_end].low == "es"
        speaker = None if impersonal else self.subject(place)
        if speaker is None and not impersonal and following not in ("dass", "ob"):
            return None
        stop = len(words) if following not in lex.openers else self.stop(start)
        return self.clause(start, stop, speaker, self.cue(place, cue_end), 1.0 if speaker is not None else 0.9)

    def _order(self, place: int) -> Clause | None:
        """X told them to reset; X urged Moscow not to reset."""
        words, lex = self.words, self.lexicon
        if lex.language == "de" or words[place].low not in lex.ordering:
            return None
        if place and (words[place - 1].low in lex.determiners or words[place - 1].low in BE):
            return None
        for at in range(place + 1, min(place + 8, len(words) - 1)):
            if not words[at].is_word or words[at].low in ("for", "about"):
                return None
            if words[at].low == "to" and at > place + 1:
                begin = at - 1 if words[at - 1].low == "not" else at
                return self.clause(begin, self.stop(at + 1), self.subject(place), words[place].text, 0.85)
        return None

    def _of_noun(self, place: int) -> Clause | None:
        """Her view is that ... | the suggestion that ... | he is sure (that) ..."""
        words, lex = self.words, self.lexicon
        low = words[place].low
        sure = (
            low in lex.sure and place and (words[place - 1].low in lex.copulas or words[place - 1].low in lex.between)
        )
        if low not in lex.views and not sure:
            return None
        lips = not sure and ":" in [w.text for w in words[place + 1 : place + 8]]
        for at in range(place + 1, min(place + (8 if lips else 5), len(words) - 1)):
            if words[at].low in lex.openers and words[at].low not in (
                "who",
                "where",
                "when",
                "what",
                "wo",
                "was",
                "wer",
            ):
                owner = self.subject(place) if sure else self.names.possessor(words, place, 0)
                if owner is None and lips:
                    owner = self.names.possessor(words, at - 1, place + 1)
                if sure and owner is None:
                    return None
                return self.clause(at + 1, self.stop(at + 1), owner, words[place].text, 0.85)
            if (
                words[at].text not in ",:"
                and words[at].low not in ("on", "about")
                and not lips
                and words[at].low not in lex.copulas
                and words[at].low not in lex.between
            ):
                break
        after = words[place + 1] if place + 1 < len(words) else None
        if (
            sure
            and after is not None
            and (after.low in lex.determiners or after.low in lex.pronouns or after.low in ("it", "there"))
        ):
            owner = self.subject(place)
            return (
                None if owner is None else self.clause(place + 1, self.stop(place + 1), owner, words[place].text, 0.8)
            )
        return None

    # What the rules share


def is_subjunctive(words: Sequence[Word]) -> bool:
    """Tell whether a German verb beside a pronoun has the ending of reported speech: er glaube, merke er.

    Examples
    --------
    >>> from toolkit.speech.lexicon import words_of
    >>> [is_subjunctive(words_of(text, 0, len(text))) for text in ("Am Zoll merke er nichts.", "Er merkte nichts.")]
    [True, False]
    """
    for one, two in itertools.pairwise(words):
        for verb, pronoun in ((one, two), (two, one)):
            ends = verb.text[0].islower() and verb.low.endswith("e") and len(verb.low) > 3
            if pronoun.low in ("er", "sie", "es", "man") and ends and not verb.low.endswith(_INDICATIVE):
                return True
    return False
