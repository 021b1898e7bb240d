"""Own the matching of patterns as array work: where each occurs, what exclusions take away, and which overlaps are one hit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from toolkit.tables import FramingError
from toolkit.text.index import Index
from toolkit.text.patterns import Pattern
from toolkit.text.signs import only_signs, places_beside
from toolkit.text.terms import Clause

Positions = NDArray[np.int64]


class Matches(NamedTuple):
    """Occurrences as arrays, in the order of the corpus.

    Attributes
    ----------
    first, last : ndarray of int64
        Positions of the first and last word of each.
    term, pattern : ndarray of int64
        Place of the term among the terms, and of the pattern among the patterns of all terms.
    """

    first: Positions
    last: Positions
    term: Positions
    pattern: Positions


class Found(NamedTuple):
    """What the patterns of one term found.

    Attributes
    ----------
    first, last, pattern : ndarray of int64
        The occurrences that no exclusion took away, pattern by pattern.
    hits : ndarray of int64, or slice
        Which of them are the term's hits, in the order of the corpus.
    occurrences : list of int
        How often each pattern occurs, before exclusions.
    used : list of int
        How many occurrences of each exclusion took a hit away.
    taken : tuple of three ndarrays of int64
        First, last and number of those, overlaps being one.
    """

    first: Positions
    last: Positions
    pattern: Positions
    hits: Positions | slice
    occurrences: list[int]
    used: list[int]
    taken: tuple[Positions, Positions, Positions]


def search(tokens: Index, clauses: Sequence[Clause]) -> Found:
    """Find the occurrences of one term's patterns."""
    kept, taken = [], []
    occurrences: list[int] = []
    used: list[int] = []
    for patterns, exclusions in clauses:
        first, last, which = _all_runs(tokens, patterns, len(occurrences))
        occurrences += np.bincount(which - len(occurrences), minlength=len(patterns)).tolist()

        # what shares a word with an exclusion goes, and an exclusion is used where it takes something
        if exclusions:
            out_first, out_last, out_which = _all_runs(tokens, exclusions, len(used))
            takes = touching(out_first, out_last, first, last)
            stays = ~touching(first, last, out_first, out_last)
            first, last, which = first[stays], last[stays], which[stays]
            taken.append((out_first[takes], out_last[takes], out_which[takes]))
            used += np.bincount(taken[-1][2] - len(used), minlength=len(exclusions)).tolist()

        kept.append((first, last, which))

    # single words cannot overlap
    first, last, which = _stacked(kept)
    single = len(occurrences) == 1 and len(clauses[0].patterns[0].words) == 1
    hits = slice(None) if single else leftmost_longest(first, last)

    if not taken:
        none = np.empty(0, dtype=np.int64)
        return Found(first, last, which, hits, occurrences, used, (none, none, none))
    gone = _stacked(taken)
    order = leftmost_longest(gone[0], gone[1])
    return Found(first, last, which, hits, occurrences, used, (gone[0][order], gone[1][order], gone[2][order]))


def join(parts: Sequence[tuple[Positions, Positions, Positions]], sizes: Sequence[int]) -> Matches:
    """Put the matches of several terms, whose patterns are numbered from 0 each, into the order of the corpus."""
    shift = np.cumsum([0, *sizes])
    first, last, which = _stacked([(f, end, p + shift[n] if n else p) for n, (f, end, p) in enumerate(parts)])
    term = np.repeat(np.arange(len(parts)), [len(part[0]) for part in parts])
    if len(parts) == 1:
        return Matches(first, last, term, which)
    order = np.lexsort((term, last, first))
    return Matches(first[order], last[order], term[order], which[order])


def _stacked(parts: Sequence[tuple[Positions, Positions, Positions]]) -> tuple[Positions, Positions, Positions]:
    if len(parts) == 1:
        return parts[0]
    first, last, which = (np.concatenate(part) for part in zip(*parts, strict=True))
    return first, last, which


def _all_runs(tokens: Index, patterns: Sequence[Pattern], start: int) -> tuple[Positions, Positions, Positions]:
    parts = []
    for number, pattern in enumerate(patterns, start=start):
        first, last = runs(tokens, pattern)
        parts.append((first, last, np.full(len(first), number)))
    return _stacked(parts)


class _Slot(NamedTuple):
    """One word of a pattern: the codes of the forms that it means, and the only places where they count, if not all do.

    `gap` is the fewest and the most other words before it, `may_break` whether there may be punctuation (in the gap, too), and
    `link` which signs may stand there even if not.
    """

    codes: Positions
    places: Positions | None
    gap: tuple[int, int]
    may_break: bool
    link: str

    def positions(self, tokens: Index) -> Positions:
        """Return where the word stands."""
        at = tokens.positions(self.codes)
        return at if self.places is None else np.intersect1d(at, self.places, assume_unique=True)


def runs(tokens: Index, pattern: Pattern, *, across: bool = False) -> tuple[Positions, Positions]:
    """Return the first and last positions of each run of words that a pattern stands for.

    Parameters
    ----------
    tokens : Index
        The words. The end of a field is never inside a run.
    pattern : Pattern
        The pattern.
    across : bool, keyword-only
        Whether there may be punctuation between all words, and not only where the pattern has some.

    Returns
    -------
    first, last : ndarray of int64
        In the order of `first`, each of which is there once: the shortest run from there.

    Raises
    ------
    FramingError
        If it would take too long: gaps between words that are nearly everywhere.
    """
    slots = _slots(tokens, pattern, across)
    if any(len(slot.codes) == 0 for slot in slots):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    if len(slots) == 1:
        alone = slots[0].positions(tokens)
        return alone, alone

    # begin at the rarest word, and go from there to the right, then to the left
    counts = [int(tokens.form_counts[slot.codes].sum()) for slot in slots]
    counts = [n if slot.places is None else min(n, len(slot.places)) for n, slot in zip(counts, slots, strict=True)]
    rarest = int(np.argmin(counts))
    _check_cost(pattern, counts, rarest, len(tokens))
    anchor = slots[rarest].positions(tokens)
    owner, last = anchor, anchor
    for place in range(rarest + 1, len(slots)):
        owner, last = _step(tokens, owner, last, slots[place], slots[place], 1)
    owner, last = _least(owner, last)

    first = owner
    for place in range(rarest - 1, -1, -1):
        last, first = _step(tokens, last, first, slots[place], slots[place + 1], -1)
    return _least(first, last) if any(most for _, most in pattern.gaps) else (first, last)


def _slots(tokens: Index, pattern: Pattern, across: bool) -> list[_Slot]:
    """Look the words of a pattern up, with the signs beside them."""
    codes = pattern.codes(tokens.vocabulary)
    places = [places_beside(tokens, edges) for edges in pattern.edges]
    if tokens.in_turkish.any():
        wrong = pattern.not_in_turkish(tokens.vocabulary)
        places = [_less_turkish(tokens, *slot) for slot in zip(codes, wrong, places, strict=True)]

    breaks = [True] * len(codes) if across else pattern.breaks
    links = [edges.link for edges in pattern.edges]
    return [_Slot(*slot) for slot in zip(codes, places, pattern.gaps, breaks, links, strict=True)]


def _less_turkish(tokens: Index, codes: Positions, wrong: Positions, places: Positions | None) -> Positions | None:
    """Leave out the places of Turkish articles at which a form does not mean the word."""
    if len(wrong) == 0:
        return places
    at = tokens.positions(wrong)
    at = at[tokens.in_turkish[tokens.fields_at(at) // len(tokens.fields)]]
    return np.setdiff1d(tokens.positions(codes) if places is None else places, at, assume_unique=True)


_MOST_LOOKS = 1_000_000_000  # at single words, some ten seconds' worth


def _check_cost(pattern: Pattern, counts: Sequence[int], rarest: int, n_words: int) -> None:
    """Raise if gaps make a pattern cost too much, from how often its words occur."""
    expected = looks = 0.0
    for places, back in ((range(rarest + 1, len(counts)), 0), (range(rarest - 1, -1, -1), 1)):
        expected = float(counts[rarest])
        for place in places:
            fewest, most = pattern.gaps[place + back]
            looks += expected * (most + 1)
            expected *= max((most - fewest + 1) * counts[place] / n_words, 1e-9)
    if looks > _MOST_LOOKS:
        raise FramingError(
            f"The pattern {pattern.text!r} would look at about {looks:.1g} words one by one, since its gaps stand between words that are nearly "
            f"everywhere in these {n_words:,}. Make the gaps shorter, or name a rarer word."
        )


def _step(
    tokens: Index, owner: Positions, at: Positions, slot: _Slot, link: _Slot, direction: int
) -> tuple[Positions, Positions]:
    """Go from each position to the next word of a run; positions that reach several are repeated, those that reach none fall out.

    `link` is the later of the two words, which says what may stand between them.
    """
    member = np.zeros(len(tokens.vocabulary), dtype=bool)
    member[slot.codes] = True

    def is_word(places: Positions) -> NDArray[np.bool_]:
        meant = member[tokens.codes[places]]
        if slot.places is not None:
            meant &= np.isin(places, slot.places)
        return meant

    reached = []
    for distance in range(link.gap[1] + 1):
        there = at + direction
        good = there < len(tokens) if direction > 0 else there >= 0
        if distance == link.gap[1]:  # the last look: the cheaper test first
            good[good] = is_word(there[good])
        owner, at, there = owner[good], at[good], there[good]

        good = _connected(tokens, at, there, link)
        owner, at = owner[good], there[good]
        if distance == link.gap[1]:
            reached.append((owner, at))
        elif distance >= link.gap[0]:
            here = is_word(at)
            reached.append((owner[here], at[here]))
    if len(reached) == 1:
        return reached[0]

    # the same word can be reached at several distances
    owner, at = (np.concatenate(part) for part in zip(*reached, strict=True))
    order = np.lexsort((at, owner))
    owner, at = owner[order], at[order]
    new = np.ones(len(at), dtype=bool)
    new[1:] = (owner[1:] != owner[:-1]) | (at[1:] != at[:-1])
    return owner[new], at[new]


def _connected(tokens: Index, one: Positions, other: Positions, link: _Slot) -> NDArray[np.bool_]:
    """Tell which neighbours can stand in one phrase."""
    if link.may_break:  # punctuation is allowed here, the end of a field is not
        return tokens.fields_at(one) == tokens.fields_at(other)
    if link.link:
        return only_signs(tokens, one, other, link.link)
    return ~tokens.breaks[np.maximum(one, other)]


def _least(first: Positions, last: Positions) -> tuple[Positions, Positions]:
    """Keep, of each first, the least last."""
    if len(first) < 2 or (first[1:] > first[:-1]).all():
        return first, last
    order = np.lexsort((last, first))
    first, last = first[order], last[order]
    new = np.append(True, first[1:] != first[:-1])
    return first[new], last[new]


def touching(first: Positions, last: Positions, other_first: Positions, other_last: Positions) -> NDArray[np.bool_]:
    """Tell which spans share a word with any of the others.

    Examples
    --------
    >>> spans = np.array([0, 4, 9]), np.array([1, 4, 9])
    >>> touching(*spans, np.array([1]), np.array([4])).tolist()
    [True, True, False]
    """
    if len(first) == 0 or len(other_first) == 0:
        return np.zeros(len(first), dtype=bool)
    order = np.argsort(other_first, kind="stable")
    begin, reach = other_first[order], np.maximum.accumulate(other_last[order])
    before = np.searchsorted(begin, last, side="right") - 1
    return (before >= 0) & (reach[before] >= first)


def leftmost_longest(first: Positions, last: Positions) -> Positions:
    """Return the places of the spans that stay when overlapping ones are one: the first, and of those the longest.

    Examples
    --------
    >>> leftmost_longest(np.array([2, 0, 0, 5]), np.array([3, 1, 2, 5])).tolist()
    [2, 3]
    """
    order = np.lexsort((-last, first))
    begin, end = first[order], last[order]
    if not (begin[1:] <= end[:-1]).any():
        return order
    heads = np.append(True, begin[1:] > np.maximum.accumulate(end)[:-1])  # nothing before reaches so far: a hit
    head_end = end[heads][np.cumsum(heads) - 1]
    left = np.flatnonzero(begin > head_end)  # neither a head nor touching its own
    reached = -1
    for place in left.tolist():
        reached = max(reached, int(head_end[place]))
        if begin[place] > reached:
            heads[place], reached = True, int(end[place])
    return order[heads]
