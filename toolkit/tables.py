"""Own the names of every table's columns, the check at each door, and the errors.

Every room takes a table and gives a table. The names live here, so that a column is spelled once.
"""

from __future__ import annotations

import difflib
import sys
import warnings
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd


class FramingError(ValueError):
    """What the toolkit raises when a question cannot be answered as asked."""


class FramingWarning(UserWarning):
    """What the toolkit warns with when an answer is right but the question may not be the one that was meant."""


@dataclass(frozen=True)
class Table:
    """A kind of table: its columns in order, each with what it holds.

    Attributes
    ----------
    name : str
        What the project calls a table of this kind.
    row : str
        What one row is.
    columns : Mapping[str, str]
        Columns that are always there, each with its dtype and meaning.
    optional : Mapping[str, str]
        Columns that the toolkit knows and uses when they are there.
    """

    name: str
    row: str
    columns: Mapping[str, str]
    optional: Mapping[str, str]


ARTICLES = Table(
    "articles",
    "one article",
    {
        "doc_id": "str, unique",
        "source": "str, the outlet",
        "date": "datetime64, day or better, NaT where unknown",
        "title": "str, missing where the archive has none",
        "text": "str, the running text",
    },
    {
        "standfirst": "str, the lead under the title",
        "url": "str",
        "author": "str",
        "section": "str",
        "language": "str",
        "page": "str",
        "wire": "str, the agency credited",
        "story_id": "str, the group of near-identical articles that it belongs to",
        "story_role": "str, first or copy",
        "leaning": "str, the outlet's leaning as the corpus states it",
        "similarity": "float, overlap with the first article of the story",
        "dateline": "str, the place and day that a text began with",
        "correction": "str, a note of correction that stood in the text",
        "genre": "str, such as opinion, transcript, live",
    },
)

COUNTS = Table(
    "counts",
    "one article, with counts instead of text",
    {
        "doc_id": "str, unique",
        "source": "str, the outlet",
        "date": "datetime64, NaT where unknown",
        "n_words": "int, words in the article",
    },
    {"n_<term>": "int, hits of that term in the article", "leaning": "str", "story_id": "str"},
)

HITS = Table(
    "hits",
    "one occurrence of a term",
    {
        "doc_id": "str",
        "term": "str, the name of the term",
        "pattern": "str, the pattern that matched",
        "form": "str, the words matched, in lower case",
        "from": "int, first token, counted from 0 within the field",
        "to": "int, last token, inclusive",
        "start": "int, first character within the field",
        "end": "int, one past the last character",
        "field": "str, title, standfirst or text",
    },
    {"and the article's columns": "all but its text fields"},
)

CONCORDANCE = Table(
    "concordance",
    "one occurrence of a term with the words around it",
    {
        "docname": "str, the doc_id",
        "from": "int, first token, counted from 0 within the field",
        "to": "int, last token, inclusive",
        "pre": "str, the text before",
        "keyword": "str, the match as printed",
        "post": "str, the text after",
        "pattern": "str, the pattern that matched",
        "term": "str",
        "field": "str",
        "source": "str",
        "date": "datetime64",
    },
    {},
)

WORD_FORMS = Table(
    "word forms",
    "one form that a pattern matched",
    {
        "term": "str",
        "pattern": "str",
        "form": "str, in lower case; missing in the row of a pattern that matched nothing",
        "n_hits": "int",
        "n_articles": "int",
    },
    {"source": "str, where forms are counted by source"},
)

USAGE = Table(
    "usage",
    "one term in one cell (a combination of the `by` columns and a period)",
    {
        "term": "str",
        "n_hits": "int, occurrences",
        "n_articles": "int, articles with a hit",
        "n_articles_total": "int, articles in the cell",
        "n_stories": "int, stories with a hit",
        "n_stories_total": "int, stories in the cell",
        "n_words": "int, words in the cell",
        "per_million": "float, hits per million words; NaN where not covered",
        "share": "float, articles with a hit among all articles; NaN where not covered",
        "low": "float, lower end of the 95 % interval of the measure",
        "high": "float, upper end",
        "covered": "bool, whether the cell has any article",
    },
    {
        "period": "datetime64, first day of the period",
        "partial": "bool, whether the source's articles cover only a part of the period",
        "n_hits_rivals": "int, hits of all the rival terms together",
        "rival_share": "float, the term's hits among those of all rival terms",
    },
)

KEYNESS = Table(
    "keyness",
    "one word of the target or the reference",
    {
        "feature": "str, the word in lower case",
        "G2": "float, log-likelihood ratio over four cells, signed: positive where the target has more",
        "p": "float, chi-squared tail with one degree of freedom",
        "log_ratio": "float, binary logarithm of the ratio of relative frequencies",
        "n_target": "int",
        "n_reference": "int",
        "n_articles_target": "int, articles with the word",
        "n_articles_reference": "int",
    },
    {},
)

COLLOCATES = Table(
    "collocates",
    "one word that stands near the node",
    {
        "collocate": "str, the word in lower case",
        "n": "int, times inside the window",
        "n_left": "int",
        "n_right": "int",
        "n_articles": "int, articles in which it stands inside the window",
        "n_corpus": "int, times in the corpus",
        "n_expected": "float, times expected by chance",
        "logDice": "float",
        "PMI": "float, binary logarithm",
        "t_score": "float",
        "G2": "float, signed",
    },
    {},
)

CONTEXTS = Table(
    "contexts",
    "one passage around one or more hits",
    {
        "context_id": "str, unique",
        "doc_id": "str",
        "field": "str",
        "start": "int, first character within the field",
        "end": "int, one past the last",
        "terms": "str, the terms inside, joined by a bar",
        "n_hits": "int, hits inside",
        "text": "str, the passage",
        "source": "str",
        "date": "datetime64",
    },
    {"story_id": "str"},
)

TOPICS = Table(
    "topics",
    "one topic",
    {
        "topic": "int, -1 is BERTopic's outliers",
        "label": "str",
        "words": "str, the highest c-TF-IDF words, joined by commas",
        "n": "int, contexts",
        "share": "float, of all contexts, outliers included",
        "npmi": "float, coherence of the words in the contexts",
    },
    {},
)

ASSIGNMENTS = Table(
    "assignments",
    "one context",
    {
        "context_id": "str",
        "topic": "int",
        "probability": "float, of the context belonging to its topic; NaN where the clustering gives none",
    },
    {},
)

TOPIC_SHARES = Table(
    "topic shares",
    "one topic in one cell (a combination of the `by` columns)",
    {
        "topic": "int",
        "label": "str",
        "n": "int, contexts of the topic in the cell",
        "n_contexts": "int, contexts in the cell, outliers included",
        "n_stories_total": "int, stories in the cell that have a context",
        "share": "float, NaN where not covered",
        "low": "float, lower end of the 95 % interval of the share",
        "high": "float, upper end",
        "covered": "bool, whether the cell has any context",
    },
    {"period": "datetime64, first day of the period"},
)

COVERAGE = Table(
    "coverage",
    "one period of a group (a combination of the `by` columns)",
    {
        "period": "datetime64, first day of the period; missing in the row of undated articles",
        "n_articles": "int",
        "covered": "bool, whether there is any article",
    },
    {},
)

PERIODS = {"D": "D", "W": "W-SUN", "M": "M", "Q": "Q-DEC", "Y": "Y-DEC"}
"""The periods of time, as pandas spells them; weeks begin on Monday."""

TEXT_FIELDS = ("title", "standfirst", "text")
BULKY = (*TEXT_FIELDS, "text_raw", "cuts")
"""Columns of articles that do not ride along into tables of hits and passages; the last two are the text before cleaning and where it was cut."""


def warn_user(message: str) -> None:
    """Warn at the line of the first caller outside the toolkit: the line that can be changed."""
    level, frame = 2, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "toolkit":
        level, frame = level + 1, frame.f_back
    warnings.warn(message, FramingWarning, stacklevel=level)


def pick(values: Iterable[str], at: Any) -> pd.api.extensions.ExtensionArray:
    """Return a string column whose rows are the `values` at these places.

    Examples
    --------
    >>> list(pick(["title", "text"], [1, 1, 0]))
    ['text', 'text', 'title']
    """
    known = list(values)
    return pd.array(known, dtype="str").take(at) if known else pd.array([], dtype="str")


def nearest(word: str, known: Iterable[str], n: int = 3) -> list[str]:
    """Return up to `n` of the `known` names that look most like `word`.

    Examples
    --------
    >>> nearest("news2017", ["news-2017", "abp-counts"])
    ['news-2017']
    """
    names = {str(name).casefold(): str(name) for name in known}
    return [names[m] for m in difflib.get_close_matches(word.casefold(), list(names), n=n, cutoff=0.5)]


def listed(names: Iterable[Any]) -> str:
    """Join names for a sentence.

    Examples
    --------
    >>> listed(["source", "date"])
    'source, date'
    """
    return ", ".join(str(n) for n in names)


def not_found(what: str, wanted: str, known: Collection[str]) -> FramingError:
    """Say what was not found, what is near it and what there is.

    Examples
    --------
    >>> print(not_found("corpus", "news2017", ["abp-counts", "news-2017"]))
    There is no corpus 'news2017'. Did you mean 'news-2017'? There are: abp-counts, news-2017.
    """
    near = nearest(wanted, known)
    hint = f" Did you mean {' or '.join(repr(n) for n in near)}?" if near else ""
    there = f" There are: {listed(known)}." if known else " There are none."
    return FramingError(f"There is no {what} {wanted!r}.{hint}{there}")


_ALIASES = {
    "text": ("body", "content", "article", "fulltext", "content_original"),
    "date": ("published", "publish_date", "pubdate", "day", "published_at", "datetime"),
    "source": ("outlet", "publisher", "newspaper", "medium", "publication"),
    "doc_id": ("id", "docid", "article_id", "guid", "stories_id"),
    "title": ("headline", "head"),
}


_KNOWN = frozenset(
    column
    for table in (
        ARTICLES,
        COUNTS,
        HITS,
        USAGE,
        KEYNESS,
        COLLOCATES,
        CONTEXTS,
        TOPICS,
        ASSIGNMENTS,
        TOPIC_SHARES,
        COVERAGE,
    )
    for column in table.columns
)
"""Columns that mean something already, so none of them is another one under a wrong name."""


def require(frame: pd.DataFrame, wanted: Iterable[str], table: str) -> None:
    """Raise unless `frame` has every wanted column, saying what it has and how to map it.

    Examples
    --------
    >>> frame = pd.DataFrame({"id": ["a"], "body": ["A reset."]})
    >>> try:
    ...     require(frame, ["text"], "articles")
    ... except FramingError as error:
    ...     print(error)
    A table of articles needs the column text; this one has: id, body. If body is the text, rename it: articles.rename(columns={'body': 'text'}).
    """
    has = [str(c) for c in frame.columns]
    missing = [c for c in wanted if c not in has]
    if not missing:
        return
    mapping = {}
    for column in missing:
        candidates = [h for h in has if h.casefold() in _ALIASES.get(column, ())] or nearest(column, has, 1)
        candidates = [c for c in candidates if c not in _KNOWN and c not in mapping]
        if candidates:
            mapping[candidates[0]] = column
    hint = ""
    if mapping:
        guess = " and ".join(f"{old} is the {new}" for old, new in mapping.items())
        pronoun = "it" if len(mapping) == 1 else "them"
        hint = f" If {guess}, rename {pronoun}: {table}.rename(columns={mapping!r})."
    noun = "column" if len(missing) == 1 else "columns"
    raise FramingError(
        f"A table of {table} needs the {noun} {listed(missing)}; this one has: {listed(has) or 'no columns'}.{hint}"
    )


def check_articles(articles: pd.DataFrame, wanted: Iterable[str] = ("doc_id", "text")) -> None:
    """Raise unless `articles` can be worked on: columns there, at least one row, `doc_id` unique, `date` a date.

    Examples
    --------
    >>> check_articles(pd.DataFrame({"doc_id": ["a"], "text": ["A reset."]}))
    """
    if not isinstance(articles, pd.DataFrame):
        raise FramingError(f"A table of articles is a pandas DataFrame; this is a {type(articles).__name__}.")
    require(articles, wanted, "articles")
    if len(articles) == 0:
        raise FramingError("This table of articles is empty: it has columns but no row.")
    if "doc_id" in articles.columns:
        twice = articles["doc_id"][articles["doc_id"].duplicated()]
        if len(twice):
            raise FramingError(
                f"doc_id must name one article each; {twice.nunique():,} occur more than once, for example {twice.iloc[0]!r}. "
                "Number the articles anew or drop the repeats: articles.drop_duplicates('doc_id')."
            )
        if articles["doc_id"].isna().any():
            raise FramingError(
                f"doc_id is missing in {articles['doc_id'].isna().sum():,} articles; each needs its own."
            )
    if "date" in articles.columns and not pd.api.types.is_datetime64_any_dtype(articles["date"]):
        raise FramingError(
            f"The column date holds {articles['date'].dtype}, not dates. "
            "Convert it: articles['date'] = pd.to_datetime(articles['date'], errors='coerce')."
        )
