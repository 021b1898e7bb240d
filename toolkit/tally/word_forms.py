"""Own the word forms that each pattern stands for, and their counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from toolkit.recipes import recorded, state
from toolkit.tables import WORD_FORMS, FramingError, listed, pick, require
from toolkit.text.matches import AnyTerms, Matches, matched_forms, matches_and_exclusions
from toolkit.text.terms import Terms
from toolkit.text.tokens import Tokens, tokenize


@recorded()
def word_forms(corpus: Any, terms: AnyTerms, *, by: str | Sequence[str] = ()) -> pd.DataFrame:
    """Show what each pattern matched and what each exclusion removed, so that you count only what you mean.

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
        Word forms: one row per `term`, `pattern` and `form` (and `by`), the most frequent first, with `n_hits` and `n_articles`
        (articles with such a hit). A pattern that matches nothing has one row, with a missing form and zeros. Exclusions have
        rows, too, with `n_excluded`: how often the form kept an occurrence of the term from being a hit.

    Notes
    -----
    An occurrence that two patterns of a term match counts for the longer one, or for the one that is named first. So the forms of
    a term add up to its hits.

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
        from toolkit.tally import partitions

        tables, recipe_corpus = partitions.gather(corpus, _form_counts, wanted, keys)
        parts = pd.concat(tables, ignore_index=True)
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
    state(table, recipe_corpus, terms=wanted.as_dict(), by=keys)
    return table


def _shown(terms: Terms) -> dict[str, list[str]]:
    """Return the patterns of each term, then its exclusions, as a table names them."""
    return {name: [item for item in items if item != "||"] for name, items in terms.as_dict().items()}


def _form_counts(articles: Tokens | pd.DataFrame, terms: Terms, by: list[str]) -> pd.DataFrame:
    """Count forms in one part of a corpus; parts add up, since no article is in two of them."""
    tokens = articles if isinstance(articles, Tokens) else tokenize(articles)
    require(tokens.articles, by, "articles")
    found, taken = matches_and_exclusions(
        tokens, terms, warn=isinstance(articles, Tokens)
    )  # a part may lack forms that the whole has
    clauses = [clause for name in terms for clause in terms.clauses(name)]
    table = _counted(tokens, found, terms, [p.text for clause in clauses for p in clause.patterns], by)
    if not terms.exclusions:
        return table
    out = _counted(tokens, taken, terms, ["!" + p.text for clause in clauses for p in clause.exclusions], by)
    out = out.assign(n_excluded=out["n_hits"], n_hits=0, n_articles=0)
    return pd.concat([table.assign(n_excluded=0), out], ignore_index=True)


def _counted(tokens: Tokens, found: Matches, terms: Terms, patterns: list[str], by: list[str]) -> pd.DataFrame:
    article = tokens.fields_at(found.first) // len(tokens.fields)
    frame = tokens.articles[by].iloc[article].reset_index(drop=True)
    frame.insert(0, "term", pd.Series(pick(terms, found.term)))
    frame.insert(1, "pattern", pd.Series(pick(patterns, found.pattern)))
    frame.insert(2, "form", pd.Series(pd.array(matched_forms(tokens, found), dtype="str")))
    frame["_article"] = article
    grouped = frame.groupby(["term", "pattern", "form", *by], observed=True, dropna=False)["_article"]
    return grouped.agg(n_hits="size", n_articles="nunique").reset_index()
