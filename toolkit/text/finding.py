"""Find terms in an index: every occurrence, and which word forms each pattern stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.recipes import make_recipe
from toolkit.tables import BULKY, WORD_FORMS, FramingError, listed, pick, require
from toolkit.text.advice import tell
from toolkit.text.lexicon import languages_of
from toolkit.text.matching import Matches, field_of, join, search
from toolkit.text.terms import Terms
from toolkit.text.tokens import Tokens, tokenize
from toolkit.text.voices import voice_columns

AnyTerms = Any  # whatever Terms takes

__all__ = ["AnyTerms", "Matches", "find", "hits_frame", "match", "matched_forms", "word_forms"]


def match(tokens: Tokens, terms: Terms, *, warn: bool = True) -> Matches:
    """Find the occurrences of terms as arrays, and say what is odd about the patterns (of a part, do not).

    Overlapping matches of one term are one occurrence: the one that starts first, and of those the longest. Different terms
    do not hide each other. What shares a word with an exclusion of its term is no occurrence.

    Warns
    -----
    FramingWarning
        Once for an index: of each pattern that matches nothing or adds nothing to its term, of each exclusion that takes nothing
        away, and of a term whose hits all lie inside those of another.

    Examples
    --------
    >>> import pandas as pd
    >>> tokens = tokenize(pd.DataFrame({"doc_id": ["a"], "text": ["No travel ban. A travel-ban, a ban."]}))
    >>> match(tokens, Terms({"ban": ["ban", "travel ban"]})).first.tolist()
    [1, 4, 7]
    """
    if not isinstance(tokens, Tokens):
        raise FramingError(
            f"Terms are looked for in an index: tk.tokenize(articles). This is a {type(tokens).__name__}."
        )
    return _search(tokens, terms, warn=warn)[0]


def _search(tokens: Tokens, terms: Terms, *, warn: bool) -> tuple[Matches, Matches]:
    """Return the matches, and what exclusions took away: there, `pattern` counts the exclusions of all terms."""
    found = [search(tokens, terms.clauses(name)) for name in terms]
    parts = [(one.first[one.hits], one.last[one.hits], one.pattern[one.hits]) for one in found]
    matches = join(parts, [len(one.occurrences) for one in found])
    if warn:
        tell(tokens, terms, found, matches)
    return matches, join([one.taken for one in found], [len(one.used) for one in found])


def find(tokens: Tokens, terms: AnyTerms, *, voices: bool = True, language: str | None = None) -> pd.DataFrame:
    """List every occurrence of terms, and in whose voice it stands.

    Parameters
    ----------
    tokens : Tokens
        The index of the articles.
    terms : Terms, dict, list or str
        What to look for.
    voices : bool
        Whether to tell whose word each occurrence is; without, it is quicker.
    language : str, optional
        A code such as "en", for all articles, or the column that has the codes. By default the column `language` where there is
        one, else "en". There are cues for English and German; in other languages marks alone tell.

    Returns
    -------
    DataFrame
        Hits: one row per occurrence, in the order of the corpus. `doc_id`; `term` (name), `pattern` (that matched), `form`
        (the words in lower case); `from` and `to` (words, counted from 0 within the field, inclusive); `start` and `end`
        (characters within the field, end-exclusive); `field`; the voice, see below; then the article's columns but for its texts.
        Overlapping matches of one term are one hit; different terms may share words.

        `voice`: "outlet" (own words), "scare_quote" (in marks, said by nobody there), "quoted" (inside a quotation) or "reported"
        (in indirect speech). `speaker` and `cue`: who is said to say it and the word that tells so; missing where there is none.
        `negated`: denied or rejected. `mentioned`: spoken about as a word. `headline`: in the title. `certainty`: from 0 to 1.

    Notes
    -----
    Rules tell the voice, not a model, and they err: tests/benchmarks/voices.md has their precision and recall for each voice.
    `certainty` is the score of the rule that applied, not a probability: near 1 where marks, verb and speaker are all there, times
    0.8 where a pronoun or a role was traced to a name, times 0.6 where a quotation mark is missing.

    Raises
    ------
    FramingError
        If `language` is neither a code nor a column.

    Warns
    -----
    FramingWarning
        Of articles in a language without a table of cues. Once for an index, of what `toolkit.text.finding.match` finds odd: a
        pattern that matches nothing, with what is near it.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "text": ["A reset? Resets fail.", "“Reset” no more."]})
    >>> hits = tk.find(tk.tokenize(articles), {"reset": ["reset", "resets"]})
    >>> hits[["doc_id", "form", "from", "start", "end"]].to_string(index=False).splitlines()
    ['doc_id   form  from  start  end', '     a  reset     1      2    7', '     a resets     2      9   15', '     b  reset     0      1    6']
    >>> hits["voice"].tolist()
    ['outlet', 'outlet', 'scare_quote']
    """
    wanted = Terms(terms)
    found = match(tokens, wanted)
    hits = hits_frame(tokens, wanted, found)
    if not voices:
        return hits
    place = field_of(tokens, found.first)
    columns = voice_columns(
        tokens, place, hits["start"].to_numpy(), hits["end"].to_numpy(), languages_of(tokens.articles, language)
    )
    after = list(hits.columns).index("field") + 1
    rest = hits.iloc[:, after:].drop(columns=list(columns), errors="ignore")
    settings = {"terms": wanted.as_dict(), "voices": True, "language": language}
    hits = pd.concat([hits.iloc[:, :after], pd.DataFrame(columns), rest], axis=1)
    hits.attrs = {"recipe": make_recipe("toolkit.find", settings, tokens.corpus, ("pandas", "numpy", "simplemma"))}
    return hits


def hits_frame(tokens: Tokens, terms: Terms, found: Matches) -> pd.DataFrame:
    """Turn matches into the table of hits."""
    place = field_of(tokens, found.first)
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


def word_forms(corpus: Any, terms: AnyTerms, *, by: str | Sequence[str] = ()) -> pd.DataFrame:
    """Show what each pattern matched, and what each exclusion took away, so that nobody counts what they did not mean.

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
        `n_articles` (articles with such a hit). A pattern that matches nothing has one row, with a missing form and zeros.
        Where a term has exclusions they have rows, too, with `n_excluded`: how often the form kept an occurrence of
        the term from being a hit.

    Notes
    -----
    An occurrence that two patterns of a term match is counted for the longer, or for the one that is named first. So the
    forms of a term add up to its hits.

    Examples
    --------
    `reset*` also takes "resettlement":

    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "text": ["The reset: resettlement.", "Reset after reset."]})
    >>> tk.word_forms(articles, "reset*")
         term pattern          form  n_hits  n_articles
    0  reset*  reset*         reset       3           2
    1  reset*  reset*  resettlement       1           1
    >>> tk.word_forms(articles, {"reset": ["reset*", "!resettle*"]})
        term     pattern          form  n_hits  n_articles  n_excluded
    0  reset      reset*         reset       3           2           0
    1  reset  !resettle*  resettlement       0           0           1
    """
    wanted = Terms(terms)
    keys = [by] if isinstance(by, str) else list(by)
    own = [column for column in keys if column in (*WORD_FORMS.columns, *WORD_FORMS.optional) and column != "source"]
    if own:
        raise FramingError(f"Forms cannot be counted by {listed(own)}: the table of forms has that column itself.")
    if hasattr(corpus, "map_partitions"):
        from toolkit import scale

        parts, recipe_corpus = scale.gather(corpus, _form_counts, wanted, keys)
    else:
        tokens = corpus if isinstance(corpus, Tokens) else tokenize(corpus)
        parts, recipe_corpus = _form_counts(tokens, wanted, keys), tokens.corpus
    columns = ["term", "pattern", "form", *keys]
    table = parts.groupby(columns, observed=True, dropna=False, as_index=False).sum()
    order = {pair: n for n, pair in enumerate((name, text) for name, texts in _shown(wanted).items() for text in texts)}
    seen = set(zip(table["term"], table["pattern"], strict=True))
    nothing = [key for key in order if key not in seen]
    if nothing:
        counts = {column: 0 for column in parts.columns if column not in columns}
        empty = pd.DataFrame(nothing, columns=["term", "pattern"]).assign(form=None, **counts)
        table = pd.concat([table, empty.astype({"form": "str"})], ignore_index=True)
    table["_order"] = [order[key] for key in zip(table["term"], table["pattern"], strict=True)]
    measures = [column for column in parts.columns if column not in columns]
    ranks = ["n_hits", *(m for m in measures if m == "n_excluded")]
    table = table.sort_values(
        ["_order", *ranks, *columns[2:]], ascending=[True, *[False] * len(ranks), *[True] * (len(columns) - 2)]
    )
    table = table[[*columns, *measures]].reset_index(drop=True)
    settings = {"terms": wanted.as_dict(), "by": keys}
    table.attrs = {"recipe": make_recipe("toolkit.word_forms", settings, recipe_corpus)}
    return table


def _shown(terms: Terms) -> dict[str, list[str]]:
    """Return the patterns of each term, then its exclusions, as a table names them."""
    return {name: [item for item in items if item != "||"] for name, items in terms.as_dict().items()}


def _form_counts(articles: Tokens | pd.DataFrame, terms: Terms, by: list[str]) -> pd.DataFrame:
    """Count forms in one part of a corpus; parts add up, since no article is in two of them."""
    tokens = articles if isinstance(articles, Tokens) else tokenize(articles)
    require(tokens.articles, by, "articles")
    found, taken = _search(tokens, terms, warn=isinstance(articles, Tokens))  # a part may lack what the whole has
    clauses = [clause for name in terms for clause in terms.clauses(name)]
    table = _counted(tokens, found, terms, [p.text for clause in clauses for p in clause.patterns], by)
    if not terms.exclusions:
        return table
    out = _counted(tokens, taken, terms, ["!" + p.text for clause in clauses for p in clause.exclusions], by)
    out = out.assign(n_excluded=out["n_hits"], n_hits=0, n_articles=0)
    return pd.concat([table.assign(n_excluded=0), out], ignore_index=True)


def _counted(tokens: Tokens, found: Matches, terms: Terms, patterns: list[str], by: list[str]) -> pd.DataFrame:
    article = field_of(tokens, found.first) // len(tokens.fields)
    frame = tokens.articles[by].iloc[article].reset_index(drop=True)
    frame.insert(0, "term", pd.Series(pick(terms, found.term)))
    frame.insert(1, "pattern", pd.Series(pick(patterns, found.pattern)))
    frame.insert(2, "form", pd.Series(pd.array(matched_forms(tokens, found), dtype="str")))
    frame["_article"] = article
    grouped = frame.groupby(["term", "pattern", "form", *by], observed=True, dropna=False)["_article"]
    return grouped.agg(n_hits="size", n_articles="nunique").reset_index()
