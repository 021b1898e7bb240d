"""Own the tally of labels: hits by voice or speaker, contexts by topic, codes of people, or any column of kinds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.recipes import UNKNOWN, changes, input_of
from toolkit.tables import (
    BULKY,
    BURSTS,
    CHANGE_POINTS,
    CONTRASTS,
    INTERRUPTIONS,
    LAGS,
    LEADS,
    USAGE,
    FramingError,
    listed,
    require,
    warn_user,
)
from toolkit.tables.checks import check_dates_in
from toolkit.tables.content import content_name, content_of
from toolkit.tables.frames import as_plain
from toolkit.tables.groups import article_numbers, story_numbers
from toolkit.tally.tally import Tally, row_sums
from toolkit.tally.words import columns_of
from toolkit.text.tokens import Tokens, describe_corpus

Ints = NDArray[np.int64]


def of_labels(source: Any, kind: str | None, articles: Any, weight: str | None) -> Tally:
    """Count the values of a column."""
    from scipy.sparse import coo_array

    source = as_plain(source, "labels")
    if kind is None:
        raise FramingError(
            f"Nothing says which column holds the kinds. Name it: kind='frame'. There are: {listed(source.columns)}."
        )
    _check_name(kind, articles)
    needed = ["doc_id", kind, *([weight] if weight else [])]
    require(source, needed, "labels")
    if source["doc_id"].isna().any():
        raise FramingError(
            f"The column doc_id is missing in {int(source['doc_id'].isna().sum()):,} rows of the labels."
        )
    if len(source) == 0 and articles is None:
        raise FramingError("This table of labels has no row, so there is nothing to count.")
    if "date" in source.columns:
        check_dates_in(source, "labels")

    if kind == "voice":
        source = _with_voice(source)
    code, kinds = _kinds_in_order(source, kind)
    amount = _weights(source, weight)
    content = content_name(content_of(source[needed].reset_index(drop=True)))
    said = {"labels": kind, "n": len(source), "content": content, "weight": weight, **(input_of(source) or {})}

    if articles is None:
        return from_codes(source.drop(columns=kind), code, kinds, kind, amount=amount, stated=said)

    units, n_words, corpus = _searched(articles)
    unit = np.asarray(pd.Index(units["doc_id"]).get_indexer(pd.Index(source["doc_id"])), dtype=np.int64)
    _check_known(unit, source["doc_id"])

    article, labelled = np.arange(len(units), dtype=np.int64), np.flatnonzero(code >= 0)
    shape = (len(units), len(kinds))
    counts = coo_array((amount[labelled], (unit[labelled], code[labelled])), shape=shape).tocsr()
    story = story_numbers(units, article)
    return Tally(units, kinds, kind, counts, n_words, row_sums(counts), article, story, corpus, said)


def _with_voice(hits: pd.DataFrame) -> pd.DataFrame:
    """Leave out hits that nobody measured; of labels a missing one means that somebody looked and found none."""
    unmeasured = hits["voice"].isna()
    if not unmeasured.any():
        return hits
    if unmeasured.all():
        raise FramingError(
            "None of these hits has a voice, since their languages have no rules. There is nothing to count."
        )
    warn_user(
        f"{int(unmeasured.sum()):,} of {len(hits):,} hits have no voice, since their languages have no rules. They are left out: what was not "
        "measured is no zero."
    )
    return hits[~unmeasured]


_TAKEN = frozenset(
    column
    for table in (USAGE, CONTRASTS, CHANGE_POINTS, BURSTS, INTERRUPTIONS, LEADS, LAGS)
    for column in (*table.columns, *table.optional)
) - {"term"} | {"doc_id", "period"}
"""Columns that tables of counts have themselves, so that no kinds can stand in them."""


def _check_name(kind: str, articles: Any) -> None:
    """Raise where the column of kinds would be taken for another one of the table."""
    columns = columns_of(articles)
    if kind in _TAKEN or kind in columns:
        whose = "tables of counts have" if kind in _TAKEN else "the articles have"
        raise FramingError(
            f"Kinds cannot be called {kind}: {whose} a column of that name. Rename it: labels.rename(columns={{{kind!r}: 'kind'}})."
        )


def from_codes(
    frame: pd.DataFrame,
    code: Ints,
    kinds: list[Any],
    name: str,
    *,
    amount: NDArray[Any] | None = None,
    corpus: dict[str, Any] | None = None,
    stated: Any = None,
    about: dict[str, Any] | None = None,
) -> Tally:
    """Return the tally of a table whose rows have one kind each: `code` is the place of a row's kind, -1 where it has none.

    Every row is a unit, since cells can be made by columns that differ inside an article.
    """
    from scipy.sparse import csr_array

    n, labelled = len(frame), np.flatnonzero(code >= 0)
    weights = np.ones(n, dtype=np.int64) if amount is None else amount
    ends = np.concatenate([[0], np.cumsum(code >= 0)])
    counts = csr_array((weights[labelled], code[labelled], ends), shape=(n, len(kinds)))

    units = frame.drop(columns=[c for c in BULKY if c in frame.columns]).reset_index(drop=True)
    article = article_numbers(frame)
    if corpus is None:
        described = frame.attrs.get("recipe", {}).get("corpus")
        of_rows = {"name": None, "n_articles": int(article.max(initial=-1)) + 1, "steps": [{"step": UNKNOWN}]}
        corpus = described or of_rows
    story = story_numbers(frame, article)
    return Tally(units, kinds, name, counts, None, row_sums(counts), article, story, corpus, stated, about or {})


def _kinds_in_order(source: pd.DataFrame, kind: str) -> tuple[Ints, list[Any]]:
    """Number the kinds: categories in their order, terms in the order of the search, others by name."""
    column = source[kind]
    if isinstance(column.dtype, pd.CategoricalDtype):
        return np.asarray(column.cat.codes, dtype=np.int64), column.cat.categories.tolist()

    if pd.api.types.is_object_dtype(column.dtype) or pd.api.types.is_string_dtype(column.dtype):
        column = column.where(column.astype("str").str.strip() != "")  # an empty text says no kind
        types = sorted({type(value).__name__ for value in column.dropna()})
        if "list" in types or "tuple" in types or "set" in types:
            raise FramingError(
                f"The column {kind} holds several kinds in a row. Give each a row: labels.explode({kind!r})."
            )
        if len(types) > 1:
            raise FramingError(
                f"The column {kind} holds values of several types ({listed(types)}), which can be taken for each other. "
                f"Make them text: labels[{kind!r}] = labels[{kind!r}].astype('str')."
            )
    if column.isna().all():
        raise FramingError(f"None of these {len(source):,} labels says a kind: the column {kind} is empty.")

    code, known = pd.factorize(column, sort=True)
    kinds = known.tolist()
    # terms that were looked for and not found are zero, but only in the hits as they were found: of others nobody knows what was dropped
    as_found = kind == "term" and changes(source) == {}
    asked = (source.attrs["recipe"].get("settings") or {}).get("terms") if as_found else None
    if asked is None:
        return np.asarray(code, dtype=np.int64), kinds

    ordered = [*asked, *(name for name in kinds if name not in asked)]
    place = np.array([ordered.index(name) for name in kinds] or [0], dtype=np.int64)
    return np.where(code >= 0, place[code], -1), ordered


def _weights(source: pd.DataFrame, weight: str | None) -> NDArray[Any]:
    if weight is None:
        return np.ones(len(source), dtype=np.int64)

    try:
        amount = pd.to_numeric(source[weight]).to_numpy(dtype=float)
    except (TypeError, ValueError):
        raise FramingError(
            f"The column {weight} holds {source[weight].dtype}, not numbers, so it cannot weight labels."
        ) from None
    if not np.isfinite(amount).all() or (amount < 0).any():
        raise FramingError(f"The weights in {weight} are numbers of 0 or more, and none is missing.")
    return amount


def _searched(articles: Any) -> tuple[pd.DataFrame, Ints | None, dict[str, Any]]:
    """Return the units, the words and the corpus of all articles that were searched or read."""
    if isinstance(articles, Tokens):
        kept = [c for c in articles.articles.columns if c not in (*BULKY, *articles.fields)]
        return articles.articles[kept].reset_index(drop=True), np.asarray(articles.n_words), articles.corpus

    articles = as_plain(articles, "articles")
    require(articles, ["doc_id"], "articles")
    if articles["doc_id"].duplicated().any():
        raise FramingError("Each doc_id must name one article, and some occur more than once in articles=.")
    if "date" in articles.columns:
        check_dates_in(articles, "articles")
    kept = [c for c in articles.columns if c not in (*BULKY, "n_words")]
    n_words = articles["n_words"].to_numpy(dtype=np.int64) if "n_words" in articles.columns else None
    return articles[kept].reset_index(drop=True), n_words, describe_corpus(articles)


def _check_known(unit: Ints, doc_id: pd.Series) -> None:
    if (unit < 0).any():
        odd = doc_id[unit < 0]
        raise FramingError(
            f"{len(odd):,} of {len(doc_id):,} labels belong to none of the articles, for example {odd.iloc[0]!r}."
        )
