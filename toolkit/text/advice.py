"""Own the warnings about terms, given once per index: patterns without a hit of their own, idle exclusions, terms inside others."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from weakref import WeakKeyDictionary

import numpy as np

from toolkit.tables import listed, warn_user
from toolkit.text.index import Index
from toolkit.text.patterns import Pattern
from toolkit.text.search import Found, Matches, runs
from toolkit.text.terms import Terms

_told: WeakKeyDictionary[Index, set[Hashable]] = WeakKeyDictionary()


def tell(tokens: Index, terms: Terms, found: Sequence[Found], matches: Matches) -> None:
    """Warn of oddities of terms: once per index, however often the terms are looked for."""
    known = _told.setdefault(tokens, set())
    question = tuple((name, terms.clauses(name)) for name in terms)
    if question in known:
        return
    for message in _messages(tokens, terms, found, matches):
        if message not in known:
            warn_user(message)
            known.add(message)  # after it: where warnings are errors, each time is one
    known.add(question)


def _messages(tokens: Index, terms: Terms, found: Sequence[Found], matches: Matches) -> Iterator[str]:
    where = f"in these {len(tokens.articles):,} articles"

    # patterns, term by term
    exclusions: dict[Pattern, list[tuple[str, int]]] = {}
    for name, one in zip(terms, found, strict=True):
        patterns = terms[name]
        left = np.bincount(one.pattern, minlength=len(patterns)).tolist()
        for pattern, before, after in zip(patterns, one.occurrences, left, strict=True):
            if before == 0:
                yield f"The pattern {pattern.text!r} matches nothing {where}.{_near(tokens, pattern)}"
            elif after == 0:
                yield f"The term {name!r} excludes each of the {before:,} occurrences of its pattern {pattern.text!r} {where}."
        if len(patterns) > 1:
            yield from _idle_patterns(name, patterns, one)

        numbered = (exclusion for clause in terms.clauses(name) for exclusion in clause.exclusions)
        for exclusion, used in zip(numbered, one.used, strict=True):
            exclusions.setdefault(exclusion, []).append((name, used))

    # in a list of patterns an exclusion holds for each, and is idle only if it takes nothing from any
    for exclusion, uses in exclusions.items():
        if not any(used for _, used in uses):
            yield _idle_exclusion(tokens, exclusion, list(dict.fromkeys(name for name, _ in uses)), where)

    if len(terms) > 1:
        yield from _inside_others(list(terms), matches)


def _near(tokens: Index, pattern: Pattern) -> str:
    """Describe what comes near a pattern that occurs nowhere."""
    near = pattern.near(tokens.vocabulary)
    if near:
        return f" Near it there is: {listed(near)}."
    bare = pattern.without_signs()
    if bare and (n := len(runs(tokens, bare)[0])):
        return f" Without its signs ({bare.text.strip()!r}) it is there {_times(n)}."

    codes = pattern.codes(tokens.vocabulary)
    if len(codes) == 1 or any(len(c) == 0 for c in codes):
        return ""
    across = len(runs(tokens, pattern, across=True)[0])
    if across:
        return f" With punctuation between its words it is there {_times(across)}; write it with a comma to count that."
    if any(most for _, most in pattern.gaps):
        return " Its words occur, but not that near each other."
    return " Its words occur, but not next to each other."


def _times(n: int) -> str:
    return "once" if n == 1 else f"{n:,} times"


def _idle_patterns(name: str, patterns: Sequence[Pattern], found: Found) -> Iterator[str]:
    """Name the patterns without which the term would have the same hits, since others match each of theirs, too."""
    hit_first, hit_last = found.first[found.hits], found.last[found.hits]
    if len(hit_first) == 0:
        return

    # which occurrences are a whole hit, and of which patterns; hits do not overlap
    at = np.maximum(np.searchsorted(hit_first, found.first, side="right") - 1, 0)
    whole = (hit_first[at] == found.first) & (hit_last[at] == found.last)
    hit, which = at[whole], found.pattern[whole]

    # take away, from the last, one pattern after the other that has no hit to itself
    active = np.bincount(found.pattern, minlength=len(patterns)) > 0
    idle: dict[int, str] = {}
    while active.sum() > 1:
        alone = np.bincount(hit, minlength=len(hit_first)) == 1
        own = np.bincount(which[alone[hit]], minlength=len(patterns))
        if not (active & (own == 0)).any():
            break

        last = int(np.flatnonzero(active & (own == 0))[-1])
        covered = np.zeros(len(hit_first), dtype=bool)
        covered[at[found.pattern == last]] = True
        hit, which = hit[which != last], which[which != last]
        idle[last] = listed(repr(patterns[n].text) for n in np.unique(which[covered[hit]]).tolist())
        active[last] = False

    for number, holders in sorted(idle.items()):
        yield (
            f"The pattern {patterns[number].text!r} adds no hit to the term {name!r}: "
            f"wherever it occurs, there is one of {holders}."
        )


def _idle_exclusion(tokens: Index, exclusion: Pattern, names: Sequence[str], where: str) -> str:
    noun = "term" if len(names) == 1 else "terms"
    text = f"The exclusion '!{exclusion.text}' of the {noun} {listed(map(repr, names))} excludes nothing {where}."
    n = len(runs(tokens, exclusion)[0])
    if n:
        return f"{text} It occurs {_times(n)}, but shares no word with an occurrence of the term."
    return text + _near(tokens, exclusion)


def _inside_others(names: Sequence[str], matches: Matches) -> Iterator[str]:
    """Name the terms of which every hit lies inside a hit of another term."""
    if len(matches.first) < 2:
        return
    order = np.lexsort((-matches.last, matches.first))
    first, last, term = matches.first[order], matches.last[order], matches.term[order]

    # the holder of a match: the earlier one that reaches furthest, or a twin with the same ends
    reach = np.maximum.accumulate(last)
    furthest = np.maximum.accumulate(np.where(last == reach, np.arange(len(last)), 0))
    holder = np.full(len(last), -1)
    holder[1:] = np.where(reach[:-1] >= last[1:], furthest[:-1], -1)
    twin = (first[1:] == first[:-1]) & (last[1:] == last[:-1])
    holder[:-1][twin] = np.flatnonzero(twin) + 1

    inside = holder >= 0
    n_hits = np.bincount(term, minlength=len(names))
    n_inside = np.bincount(term[inside], minlength=len(names))
    for number in np.flatnonzero((n_hits > 0) & (n_inside == n_hits)).tolist():
        others = np.unique(term[holder[inside & (term == number)]]).tolist()
        yield (
            f"Every hit of the term {names[number]!r} ({n_hits[number]:,}) lies inside a hit of {listed(repr(names[n]) for n in others)} "
            "and is counted for both. If they are rivals, let them exclude each other."
        )
