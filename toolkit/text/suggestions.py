"""Propose forms that terms do not match yet: inflections, spellings, hyphenations, and words in the same company."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from toolkit.recipes import recorded, state
from toolkit.tables import SUGGESTIONS, FramingError
from toolkit.text.likeness import LEAST, Company, Words, check_language, is_known
from toolkit.text.matches import AnyTerms, match
from toolkit.text.patterns import Pattern, is_literal
from toolkit.text.search import Positions, leftmost_longest, runs, touching
from toolkit.text.terms import Terms
from toolkit.text.tokens import Tokens, as_tokens
from toolkit.text.words import fold

WHY = ("inflection", "spelling", "hyphenation", "company")

_ALIKE = 0.15  # the company in which a word of the dictionary is a spelling of another, not another word
_SAME_COMPANY = 0.1  # below it, most words only share a grammatical place
_MOST_FORMS = 100  # forms of one word of a pattern, the most frequent, whose spellings are looked for
_HYPHENS = frozenset("-\u2010\u2011\u2012\u2013")


class _Attempt(NamedTuple):
    why: str
    pattern: Pattern
    like: str | None = None
    sure: bool = True  # else the company has to show that it is the same word
    hyphen_after: int | None = None  # a hyphen has to stand after this word at least once


class _Proposal(NamedTuple):
    attempt: _Attempt
    first: Positions
    last: Positions


@recorded(packages=("pandas", "numpy", "simplemma"))
def suggest_forms(corpus: Any, terms: AnyTerms, *, language: str = "en", n: int = 10) -> pd.DataFrame:
    """Propose forms in the corpus that terms do not match yet, for you to accept.

    Parameters
    ----------
    corpus : Tokens or DataFrame of articles
        Where to look.
    terms : Terms, dict, list or str
        The terms as they are.
    language : str, keyword-only
        Two-letter code of the dictionary (simplemma's) by which inflections and known words are told.
    n : int, keyword-only
        Suggestions of each kind for a term, at most.

    Returns
    -------
    DataFrame
        Suggestions: one row per `term` and `form` (words in lower case), with `why`, `like` (the word of the term that it
        is like; missing for company), `n_hits` (occurrences that are no hit yet), `n_articles` (that hold them), `similarity` (of its
        company with that of the term, from 0 to 1; missing where either occurs fewer than ten times), and the `pattern` that would match it.

        `why` is one of: **inflection**, a word with the same lemma; **spelling**, a word one edit away, or two from nine
        letters on, that the dictionary does not know, that differs as British and American spelling do, or that stands in
        like company; **hyphenation**, words joined or a word parted by a hyphen; **company**, a word that stands between the same
        words, be it a synonym, a rival or an opposite. Inflections and spellings of one word of a phrase at a time are tried.

    Raises
    ------
    FramingError
        If there is no dictionary for the language, or `n` is less than one.

    See Also
    --------
    Terms.add : accept suggestions; they are then no longer made.

    Notes
    -----
    None of these is meant to be taken unread: look at the lines of a form with `tk.kwic` before it counts. Decline one with an
    exclusion ("!resettle*"). Company is told from the two words on each side and needs a corpus in which both words are
    frequent; see `toolkit.text.likeness.Company` for the measure and its source.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "text": ["A reset? Resetting is hard.", "No re-set, no ressets."]})
    >>> tokens = tk.tokenize(articles)
    >>> terms = tk.Terms({"reset": ["reset", "resets"]})
    >>> found = tk.suggest_forms(tokens, terms)
    >>> found[["form", "why", "like", "n_hits", "pattern"]]
            form          why   like  n_hits    pattern
    0  resetting   inflection  reset       1  resetting
    1    ressets     spelling resets       1    ressets
    2     re set  hyphenation  reset       1     re-set
    >>> terms.add(found[found["why"] != "spelling"])
    Terms: 1 term
    reset: reset | resets | resetting | re-set
    """
    wanted = Terms(terms)
    check_language(language)
    if n < 1:
        raise FramingError(f"Ask for at least one suggestion of each kind; this is n={n}.")
    tokens = as_tokens(corpus)
    rows = [row for name in wanted for row in _suggestions(tokens, wanted, name, language, n)]
    table = pd.DataFrame(rows, columns=list(SUGGESTIONS.columns))
    table = table.astype({c: "str" for c in ("term", "form", "why", "like", "pattern")})
    table = table.astype({"n_hits": "int64", "n_articles": "int64", "similarity": "float64"})
    state(table, tokens.corpus, terms=wanted.as_dict())
    return table


def _suggestions(tokens: Tokens, terms: Terms, name: str, language: str, n: int) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of one term."""
    words = Words.of(tokens)
    term = Terms({name: {"patterns": terms.as_dict()[name]}})
    found = match(tokens, term, warn=False)
    spans = [(found.first, found.last)]
    for exclusion in terms.clauses(name)[-1].exclusions:  # that is the clause to which Terms.add adds
        spans.append(runs(tokens, exclusion))
    taken_first, taken_last = (np.concatenate(part) for part in zip(*spans, strict=True))
    company = Company(tokens, words, found.first, found.last)

    # what each attempt finds besides the hits and the declined forms
    proposals: list[_Proposal] = []
    tried: set[tuple[Any, ...]] = set()
    for attempt in _attempts(tokens, words, terms[name], company, language):
        pattern = attempt.pattern
        question = (pattern.words, pattern.gaps, pattern.breaks, pattern.edges)
        if not pattern.words or question in tried:
            continue
        tried.add(question)
        first, last = runs(tokens, pattern)
        new = ~touching(first, last, taken_first, taken_last)
        first, last = first[new], last[new]
        if len(first) and (attempt.hyphen_after is None or _has_hyphen(tokens, first + attempt.hyphen_after)):
            stay = leftmost_longest(first, last)
            proposals.append(_Proposal(attempt, first[stay], last[stay]))

    alike = company.likeness([(p.first, p.last) for p in proposals])
    rows = []
    for proposal, similarity in zip(proposals, alike.tolist(), strict=True):
        why, like = proposal.attempt.why, proposal.attempt.like
        if why == "spelling" and not proposal.attempt.sure and not similarity >= _ALIKE:
            why, like = "company", None  # another word
        if why != "company" or similarity >= _SAME_COMPANY:
            n_articles = len(np.unique(tokens.fields_at(proposal.first) // len(tokens.fields)))
            form = _most_frequent(tokens, words, proposal)
            rows.append(
                (name, form, why, like, len(proposal.first), n_articles, similarity, proposal.attempt.pattern.text)
            )

    for why in WHY:
        kind = [row for row in rows if row[2] == why]
        kind.sort(key=lambda row: (-row[6] if row[2] == "company" else -row[4], row[1]))
        yield from kind[:n]


def _attempts(
    tokens: Tokens, words: Words, patterns: Sequence[Pattern], company: Company, language: str
) -> Iterator[_Attempt]:
    """Yield patterns that might find something, each kind before the next."""
    slots = [
        (pattern, slot, _base(tokens, words, pattern, slot))
        for pattern in patterns
        for slot, word in enumerate(pattern.words)
        if word != "*"
    ]
    for pattern, slot, base in slots:
        for key, like in words.inflections(base, language).items():
            if key not in base and not pattern.case:  # "US" is no form of "we"
                yield _Attempt("inflection", _rewritten(pattern, slot, 1, key), like)

    for pattern, slot, base in slots:
        for like in base[:_MOST_FORMS]:
            if len(like) < 5 or any(c.isdigit() for c in like):
                continue
            unused = like not in words.place
            for key in words.spellings(like, 1 if len(like) < 9 else 2):
                sure = unused or _national(key) == _national(like) or not is_known(key, language)
                if key not in base and (sure or words.counts[words.place[key]] >= LEAST):
                    yield _Attempt("spelling", _rewritten(pattern, slot, 1, key), like, sure)

    for pattern, slot, base in slots:
        if any(most for _, most in pattern.gaps[: slot + 1]):
            continue  # where the word stands is not known then
        for like in base[:_MOST_FORMS]:
            for cut in range(1, len(like)):
                if like[:cut] in words.place and like[cut:] in words.place:
                    hyphenated = _rewritten(pattern, slot, 1, f"{like[:cut]}-{like[cut:]}")
                    yield _Attempt("hyphenation", hyphenated, like, hyphen_after=slot)
    for (pattern, slot, base), (same, _, after) in pairwise(slots):
        if pattern is same and pattern.gaps[slot + 1] == (0, 0) and not pattern.breaks[slot + 1]:
            for left, right in product(base[:_MOST_FORMS], after[:_MOST_FORMS]):
                if left + right in words.place:
                    joined = _rewritten(pattern, slot, 2, left + right)
                    yield _Attempt("hyphenation", joined, f"{left} {right}")

    declined = {key for pattern, _, base in slots if len(pattern.words) == 1 for key in base}  # "us" beside "US (case)"
    for key in company.candidates():
        if key not in declined and any(c.isalpha() for c in key):
            yield _Attempt("company", Pattern(key))


def _base(tokens: Tokens, words: Words, pattern: Pattern, slot: int) -> list[str]:
    """Return the words that one word of a pattern stands for, the most frequent first."""
    keys = np.unique(words.key_of_form[pattern.codes(tokens.vocabulary)[slot]])
    base = [words.keys[key] for key in keys[np.argsort(-words.counts[keys], kind="stable")].tolist()]
    word = pattern.words[slot]
    literal = fold(word, possessive=True)
    return [*base, literal] if is_literal(word) and literal not in base else base


def _rewritten(pattern: Pattern, slot: int, width: int, word: str) -> Pattern:
    """Return a pattern with some of its words replaced by another, and capitals of no matter."""
    text = ""
    for place, own in enumerate(pattern.words):
        if slot < place < slot + width:
            continue
        least, most = pattern.gaps[place]
        text += "," if place and pattern.breaks[place] else ""
        text += f" {{{least},{most}}} " if most else " "
        before, after, _ = pattern.edges[place]
        text += (before.text if before else "") + (word if place == slot else own) + (after.text if after else "")
    return Pattern(text)


def _national(key: str) -> str:
    """Return a word so that British and American spellings are the same: -ise and -ize, -our and -or, -re and -er."""
    return re.sub("re$", "er", key.replace("z", "s").replace("our", "or"))


def _has_hyphen(tokens: Tokens, positions: Positions) -> bool:
    """Tell whether a hyphen stands after any of these words, so that it and the next are not two words by chance."""
    texts = [tokens.texts(field) for field in tokens.fields]
    ends = tokens.ends_at(positions)
    for place, end, start in zip(tokens.fields_at(positions), ends, tokens.starts[positions + 1], strict=True):
        article, field = divmod(int(place), len(tokens.fields))
        if not _HYPHENS.isdisjoint(texts[field][article][end:start]):
            return True
    return False


def _most_frequent(tokens: Tokens, words: Words, proposal: _Proposal) -> str:
    """Return the form that a proposed pattern has most often, of the first thousand."""
    ends = zip(proposal.first[:1000].tolist(), proposal.last[:1000].tolist(), strict=True)
    runs_of_keys = Counter(tuple(words.key_of_form[tokens.codes[a : b + 1]].tolist()) for a, b in ends)
    return " ".join(words.keys[key] for key in runs_of_keys.most_common(1)[0][0])
