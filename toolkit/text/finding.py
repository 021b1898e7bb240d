"""Find terms in an index: every occurrence, and which word forms each pattern stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.recipes import make_recipe
from toolkit.tables import BULKY, listed, pick, require, warn_user
from toolkit.text.terms import Pattern, Terms
from toolkit.text.tokens import Tokens, tokenize

AnyTerms = Any  # str, a list of patterns, a dict of names and patterns, or Terms


class Matches(NamedTuple):
    """Occurrences as arrays, in the order of the corpus.

    Attributes
    ----------
    first, last : ndarray of int64
        Positions of the first and last word of each.
    term, pattern : ndarray of int64
        Place of the term among the terms, and of the pattern among the patterns of all terms.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    term: NDArray[np.int64]
    pattern: NDArray[np.int64]


def match(tokens: Tokens, terms: Terms, *, warn: bool = True) -> Matches:
    """Find the occurrences of terms as arrays, and warn of each pattern that matches nothing (of a part, do not).

    Overlapping matches of one term are one occurrence: the one that starts first, and of those the longest. Different terms
    do not hide each other.

    Examples
    --------
    >>> import pandas as pd
    >>> tokens = tokenize(pd.DataFrame({"doc_id": ["a"], "text": ["No travel ban. A travel-ban, a ban."]}))
    >>> match(tokens, Terms({"ban": ["ban", "travel ban"]})).first.tolist()
    [1, 4, 7]
    """
    parts: list[Matches] = []
    n = 0
    for term_number, patterns in enumerate(terms.values()):
        found = []
        for pattern in patterns:
            first = _occurrences(tokens, pattern)
            if warn and len(first) == 0:
                _warn_of_nothing(tokens, pattern)
            found.append((first, first + len(pattern.words) - 1, np.full(len(first), n)))
            n += 1
        first, last, which = (np.concatenate(part) for part in zip(*found, strict=True))
        keep = _leftmost_longest(first, last) if len(patterns) > 1 or len(patterns[0].words) > 1 else slice(None)
        first, last, which = first[keep], last[keep], which[keep]
        parts.append(Matches(first, last, np.full(len(first), term_number), which))
    first, last, term, which = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.lexsort((term, last, first)) if len(parts) > 1 else slice(None)
    return Matches(first[order], last[order], term[order], which[order])


def _occurrences(tokens: Tokens, pattern: Pattern) -> NDArray[np.int64]:
    """Return the positions of the first word of each occurrence of a pattern."""
    meant = pattern.codes(tokens.vocabulary)
    if any(len(codes) == 0 for codes in meant):
        return np.empty(0, dtype=np.int64)
    ends = tokens.by_form[1]
    sizes = [int((ends[codes + 1] - ends[codes]).sum()) for codes in meant]
    rarest = int(np.argmin(sizes))
    first = tokens.positions(meant[rarest]) - rarest
    first = first[(first >= 0) & (first + len(meant) <= len(tokens))]
    for place, codes in enumerate(meant):
        if place != rarest:
            member = np.zeros(len(tokens.vocabulary), dtype=bool)
            member[codes] = True
            first = first[member[tokens.codes[first + place]]]
    for place in range(1, len(meant)):
        if pattern.breaks[place]:  # punctuation is allowed here, the end of a field is not
            first = first[_field_of(tokens, first + place) == _field_of(tokens, first)]
        else:
            first = first[~tokens.breaks[first + place]]
    return first


def _field_of(tokens: Tokens, positions: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.searchsorted(tokens.offsets, positions, side="right") - 1


def _leftmost_longest(first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the places of the matches that stay when overlapping ones are one."""
    order = np.lexsort((-last, first))
    if not (first[order][1:] <= last[order][:-1]).any():
        return order
    keep, end = [], -1
    for place, start, stop in zip(order.tolist(), first[order].tolist(), last[order].tolist(), strict=True):
        if start > end:
            keep.append(place)
            end = stop
    return np.asarray(keep, dtype=np.int64)


def _warn_of_nothing(tokens: Tokens, pattern: Pattern) -> None:
    near = pattern.near(tokens.vocabulary)
    hint = f" Near it there is: {listed(near)}." if near else ""
    if not near and len(pattern.words) > 1 and all(len(c) for c in pattern.codes(tokens.vocabulary)):
        hint = " Its words occur, but not next to each other."
    warn_user(f"The pattern {pattern.text!r} matches nothing in these {len(tokens.articles):,} articles.{hint}")


def find(tokens: Tokens, terms: AnyTerms) -> pd.DataFrame:
    """List every occurrence of terms.

    Parameters
    ----------
    tokens : Tokens
        The index of the articles.
    terms : Terms, dict, list or str
        What to look for.

    Returns
    -------
    DataFrame
        Hits: one row per occurrence, in the order of the corpus. `doc_id`; `term` (name), `pattern` (that matched), `form`
        (the words in lower case); `from` and `to` (words, counted from 0 within the field, inclusive); `start` and `end`
        (characters within the field, end-exclusive); `field`; then the article's columns but for its texts.
        Overlapping matches of one term are one hit; different terms may share words.

    Warns
    -----
    FramingWarning
        For each pattern that matches nothing, with what is near it.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "text": ["A reset? Resets fail.", "“Reset” no more."]})
    >>> hits = tk.find(tk.tokenize(articles), {"reset": ["reset", "resets"]})
    >>> hits[["doc_id", "form", "from", "start", "end"]].to_string(index=False).splitlines()
    ['doc_id   form  from  start  end', '     a  reset     1      2    7', '     a resets     2      9   15', '     b  reset     0      1    6']
    """
    wanted = Terms(terms)
    found = match(tokens, wanted)
    return hits_frame(tokens, wanted, found)


def hits_frame(tokens: Tokens, terms: Terms, found: Matches) -> pd.DataFrame:
    """Turn matches into the table of hits."""
    place = _field_of(tokens, found.first)
    article = place // len(tokens.fields)
    own = {
        "term": pick(terms, found.term),
        "pattern": pick((p.text for group in terms.values() for p in group), found.pattern),
        "form": pd.array(matched_forms(tokens, found), dtype="str"),
        "from": found.first - tokens.offsets[place],
        "to": found.last - tokens.offsets[place],
        "start": tokens.starts[found.first],
        "end": tokens.starts[found.last] + tokens.vocabulary.lengths[tokens.codes[found.last]],
        "field": pick(tokens.fields, place % len(tokens.fields)),
    }
    rest = [c for c in tokens.articles.columns if c not in (*BULKY, *tokens.fields, "doc_id", *own)]
    about = tokens.articles[["doc_id", *rest]].iloc[article].reset_index(drop=True)
    hits = pd.concat([about[["doc_id"]], pd.DataFrame(own), about[rest]], axis=1)
    hits.attrs = {"recipe": make_recipe("toolkit.find", {"terms": terms.as_dict()}, tokens.corpus)}
    return hits


def matched_forms(tokens: Tokens, found: Matches) -> NDArray[np.object_]:
    """Return the words of each match in lower case, joined by a space."""
    lower = np.array(tokens.vocabulary.lower, dtype=object)
    forms = lower[tokens.codes[found.first]]
    longer = np.flatnonzero(found.last > found.first)
    for at in longer:
        forms[at] = " ".join(lower[tokens.codes[found.first[at] : found.last[at] + 1]])
    return forms


def word_forms(corpus: Any, terms: AnyTerms, *, by: str | Sequence[str] = ()) -> pd.DataFrame:
    """Show what each pattern matched, so that nobody counts what they did not mean.

    Parameters
    ----------
    corpus : Tokens, DataFrame, or Dask DataFrame of articles
        Where to look.
    terms : Terms, dict, list or str
        The patterns.
    by : str or list of str, keyword-only
        Columns of the articles to count by, such as "source".

    Returns
    -------
    DataFrame
        Word forms: one row per `term`, `pattern` and `form` (and `by`), the most frequent first, with `n_hits` and
        `n_articles`. A pattern that matches nothing has one row, with a missing form and zeros.

    Examples
    --------
    `reset*` also takes "resettlement":

    >>> import toolkit as tk
    >>> tokens = tk.tokenize(tk.load("daily-brief"))
    >>> forms = tk.word_forms(tokens, "reset*")
    >>> "resettlement" in set(forms["form"])
    True
    """
    wanted = Terms(terms)
    keys = [by] if isinstance(by, str) else list(by)
    if hasattr(corpus, "map_partitions"):
        from toolkit import scale

        parts, recipe_corpus = scale.gather(corpus, _form_counts, wanted, keys)
    else:
        tokens = corpus if isinstance(corpus, Tokens) else tokenize(corpus)
        parts, recipe_corpus = _form_counts(tokens, wanted, keys), tokens.corpus
    columns = ["term", "pattern", "form", *keys]
    table = parts.groupby(columns, observed=True, dropna=False, as_index=False).sum()
    order = {(name, p.text): n for n, (name, p) in enumerate((n, p) for n, ps in wanted.items() for p in ps)}
    seen = set(zip(table["term"], table["pattern"], strict=True))
    nothing = [key for key in order if key not in seen]
    if nothing:
        empty = pd.DataFrame(nothing, columns=["term", "pattern"]).assign(form=None, n_hits=0, n_articles=0)
        table = pd.concat([table, empty.astype({"form": "str"})], ignore_index=True)
    table["_order"] = [order[key] for key in zip(table["term"], table["pattern"], strict=True)]
    table = table.sort_values(["_order", "n_hits", *columns[2:]], ascending=[True, False, *[True] * (len(columns) - 2)])
    table = table[[*columns, "n_hits", "n_articles"]].reset_index(drop=True)
    settings = {"terms": wanted.as_dict(), "by": keys}
    table.attrs = {"recipe": make_recipe("toolkit.word_forms", settings, recipe_corpus)}
    return table


def _form_counts(articles: Tokens | pd.DataFrame, terms: Terms, by: list[str]) -> pd.DataFrame:
    """Count forms in one part of a corpus; parts add up, since no article is in two of them."""
    tokens = articles if isinstance(articles, Tokens) else tokenize(articles)
    require(tokens.articles, by, "articles")
    found = match(tokens, terms, warn=isinstance(articles, Tokens))  # a part may lack what the whole has
    article = _field_of(tokens, found.first) // len(tokens.fields)
    frame = tokens.articles[by].iloc[article].reset_index(drop=True)
    frame.insert(0, "term", pd.Series(pick(terms, found.term)))
    frame.insert(1, "pattern", pd.Series(pick((p.text for group in terms.values() for p in group), found.pattern)))
    frame.insert(2, "form", pd.Series(pd.array(matched_forms(tokens, found), dtype="str")))
    frame["_article"] = article
    grouped = frame.groupby(["term", "pattern", "form", *by], observed=True, dropna=False)["_article"]
    return grouped.agg(n_hits="size", n_articles="nunique").reset_index()
