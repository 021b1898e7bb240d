"""Own the matches of terms in an index: each occurrence, and the word forms that it has."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.text.advice import tell
from toolkit.text.index import Index
from toolkit.text.search import Matches, join, search
from toolkit.text.terms import Terms

AnyTerms = Any  # whatever Terms takes

__all__ = ["AnyTerms", "Matches", "match", "matched_forms"]


def match(tokens: Index, terms: Terms, *, warn: bool = True) -> Matches:
    """Find the occurrences of terms as arrays, and warn of odd patterns (unless `warn` is False, as for a part of a corpus).

    Overlapping matches of one term are one occurrence: the one that starts first, and of those the longest. Different terms
    do not hide each other. A match that shares a word with an exclusion of its term is dropped.

    Warns
    -----
    FramingWarning
        Once per index: of each pattern that matches nothing or adds nothing to its term, of each exclusion that takes nothing
        away, and of each term whose hits all lie inside those of another.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> tokens = tk.tokenize(pd.DataFrame({"doc_id": ["a"], "text": ["No travel ban. A travel-ban, a ban."]}))
    >>> match(tokens, Terms({"ban": ["ban", "travel ban"]})).first.tolist()
    [1, 4, 7]
    """
    return matches_and_exclusions(tokens, terms, warn=warn)[0]


def matches_and_exclusions(tokens: Index, terms: Terms, *, warn: bool) -> tuple[Matches, Matches]:
    """Return the matches, and what exclusions took away, whose `pattern` numbers the exclusions of all terms."""
    found = [search(tokens, terms.clauses(name)) for name in terms]
    parts = [(one.first[one.hits], one.last[one.hits], one.pattern[one.hits]) for one in found]
    matches = join(parts, [len(one.occurrences) for one in found])
    if warn:
        tell(tokens, terms, found, matches)
    return matches, join([one.taken for one in found], [len(one.used) for one in found])


def matched_forms(tokens: Index, found: Matches) -> NDArray[np.object_]:
    """Return the words of each match in lower case, joined by a space."""
    lower = np.array(tokens.vocabulary.lower, dtype=object)
    forms = lower[tokens.codes[found.first]]
    lengths = found.last - found.first + 1
    for length in np.unique(lengths[lengths > 1]).tolist():
        at = np.flatnonzero(lengths == length)
        first = found.first[at]
        same, n = np.zeros(len(at), dtype=np.int64), len(tokens.vocabulary)
        for step in range(length):  # equal runs of words get equal numbers
            same = pd.factorize(same * n + tokens.codes[first + step])[0]
        some = np.zeros(int(same.max()) + 1, dtype=np.int64)
        some[same[::-1]] = first[::-1]
        texts = [" ".join(lower[tokens.codes[start : start + length]]) for start in some.tolist()]
        forms[at] = np.array(texts, dtype=object)[same]
    return forms
