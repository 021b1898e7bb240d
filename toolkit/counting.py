"""Count how often terms are used, by source and over time, with denominators and intervals whose unit is the story."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.measures.intervals import StorySums, ratio_interval, story_sums
from toolkit.recipes import make_recipe
from toolkit.tables import COUNTS, PERIODS, FramingError, check_articles, listed, not_found, pick, require, warn_user
from toolkit.text.finding import AnyTerms, match
from toolkit.text.terms import Terms
from toolkit.text.tokens import Tokens, describe_corpus, tokenize

MEASURES = ("per_million", "share", "rival_share")


@dataclass(frozen=True)
class _Stories:
    """What is counted of each story in each cell: the cell, the articles, the words, and of each term hits and articles."""

    cells: pd.DataFrame  # the `by` columns and the period, one row per story
    story: pd.Series | None  # the story's name; None where each article is its own
    n_articles: NDArray[np.int64]
    n_words: NDArray[np.int64]
    hits: NDArray[np.int64]  # (stories, terms)
    with_hit: NDArray[np.int64]  # articles with a hit, (stories, terms)
    first: pd.Series  # the earliest and the latest day of its articles
    last: pd.Series


def usage(
    corpus: Any,
    terms: AnyTerms,
    *,
    by: str | Sequence[str] = ("source",),
    freq: str | None = None,
    measure: str = "per_million",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Count how often terms are used.

    Parameters
    ----------
    corpus : Tokens, DataFrame, or Dask DataFrame
        An index, articles with text, or a counts corpus (with `n_words` and a column ``n_<term>`` for each term).
    terms : Terms, dict, list or str
        What to count; of a counts corpus, the names of the terms it has.
    by : str or list of str, keyword-only
        Columns of the articles that make the cells; an empty list takes the corpus as one.
    freq : {"D", "W", "M", "Q", "Y"}, optional, keyword-only
        The periods of time; weeks begin on Monday. Without it time is not divided.
    measure : {"per_million", "share", "rival_share"}, keyword-only
        What the interval belongs to: hits per million words, articles with a hit among all articles, or the term's hits among
        the hits of all `terms` (rival names for one thing).
    confidence : float, keyword-only
        Nominal coverage of the interval.

    Returns
    -------
    DataFrame
        Usage: one row per cell and term. The `by` columns and `period` (its first day); `term`; `n_hits`; `n_articles` (with a
        hit) of `n_articles_total`; `n_stories` (with a hit) of `n_stories_total`; `n_words`; `per_million`; `share`; `low` and
        `high`, the interval of the measure; `covered`. With `freq` also `partial`: the source's articles begin or end inside
        the period. With ``measure="rival_share"`` also `n_hits_rivals` and `rival_share`.

        Cells are all combinations that occur, times all periods between the first and the last day of the corpus. A cell with
        articles and no hit is a row of zeros; a cell without articles is not covered, and its rates are missing, never zero.
        Undated articles are rows with a missing period. Where articles have no `story_id`, each is its own story.

    Raises
    ------
    FramingError
        If a column, measure, period or (of a counts corpus) term is unknown.

    Warns
    -----
    FramingWarning
        For each pattern that matches nothing, and where rival terms share words.

    Notes
    -----
    Sums come before ratios: a rate is the sum of hits over the sum of words of its cell. The interval is that of
    `toolkit.measures.intervals.ratio_interval`. A rate compares sources only if their texts are of the same kind.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({
    ...     "doc_id": ["a", "b", "c"],
    ...     "source": ["Post", "Post", "Wire"],
    ...     "text": ["A reset of the reset.", "No news today, none.", "Rain is coming."],
    ... })
    >>> table = tk.usage(articles, ["reset"])
    >>> table[["source", "n_hits", "n_articles", "n_articles_total", "n_words", "per_million"]]
      source  n_hits  n_articles  n_articles_total  n_words    per_million
    0   Post       2           1                 2        9  222222.222222
    1   Wire       0           0                 1        3       0.000000
    """
    keys = [by] if isinstance(by, str) else list(by)
    _check_settings(keys, freq, measure)
    counts_only = is_counts(corpus)
    names: Sequence[str]
    wanted: Any
    if counts_only:
        wanted = _count_columns(corpus, terms)
        names, stated = list(wanted), wanted
    else:
        wanted = Terms(terms)
        names, stated = list(wanted), wanted.as_dict()
    if hasattr(corpus, "map_partitions"):
        from toolkit import scale

        by_story = "story_id" in corpus.columns
        parts, described = scale.gather(corpus, _partial, wanted, keys, freq, measure, by_story)
        if by_story:
            parts = _cell_sums(_merged(parts, keys, freq, len(names)), measure)
    else:
        if not isinstance(corpus, Tokens) and not counts_only:
            corpus = tokenize(corpus)
        described = corpus.corpus if isinstance(corpus, Tokens) else describe_corpus(corpus)
        parts = _cell_sums(_stories(corpus, wanted, keys, freq, measure), measure)
    table = _finished(parts, names, keys, freq, measure, confidence)
    if hasattr(corpus, "map_partitions"):
        _warn_of_nothing(table, described["n_articles"])
    settings = {"terms": stated, "by": keys, "freq": freq, "measure": measure, "confidence": confidence}
    table.attrs = {"recipe": make_recipe("toolkit.usage", settings, described, ("pandas", "numpy", "scipy"))}
    return table


def _warn_of_nothing(table: pd.DataFrame, n_articles: int) -> None:
    """Say which terms have no hit at all; a partition cannot know it of its patterns."""
    hits = table.groupby("term", sort=False)["n_hits"].sum()
    for term in hits[hits == 0].index:
        warn_user(f"The term {term!r} matches nothing in these {n_articles:,} articles.")


def _check_settings(by: list[str], freq: str | None, measure: str) -> None:
    if measure not in MEASURES:
        raise not_found("measure", measure, MEASURES)
    if freq is not None and freq not in PERIODS:
        raise FramingError(
            f"There is no period {freq!r}. There are: D (day), W (week), M (month), Q (quarter), Y (year)."
        )
    taken = [column for column in by if column in ("term", "period", "n_words", "low", "high")]
    if taken:
        raise FramingError(f"Cells cannot be made by {listed(taken)}: the table of usage has that column itself.")


def is_counts(corpus: Any) -> bool:
    """Tell whether a corpus has counts instead of text.

    Examples
    --------
    >>> is_counts(pd.DataFrame({"doc_id": ["a"], "n_words": [100], "n_reset": [1]}))
    True
    """
    columns = getattr(corpus, "columns", None)
    return columns is not None and "text" not in columns and "n_words" in columns


def _count_columns(corpus: Any, terms: Any) -> dict[str, str]:
    """Return the column of each wanted term of a counts corpus."""
    has = {str(c)[2:]: str(c) for c in corpus.columns if str(c).startswith("n_") and c != "n_words"}
    if isinstance(terms, (Terms, dict)):
        raise FramingError(
            "A counts corpus has no text to search, only counts that were made with patterns of its own (see its card). "
            f"Name the terms: {listed(repr(name) for name in has)}."
        )
    names = [terms] if isinstance(terms, str) else list(terms)
    if not names:
        raise FramingError(f"There is no term to count. Name at least one of: {listed(has)}.")
    columns = {}
    for name in names:
        slug = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")
        if slug not in has:
            raise not_found("count of", name, sorted(has))
        columns[name] = has[slug]
    return columns


def _stories(
    corpus: Tokens | pd.DataFrame, terms: Any, by: list[str], freq: str | None, measure: str, *, warn: bool = True
) -> _Stories:
    """Count in each article, then put the articles of one story in one cell together."""
    articles = corpus.articles if isinstance(corpus, Tokens) else corpus
    require(articles, [*by, *(["date"] if freq else [])], "articles")
    if isinstance(corpus, Tokens):
        n_words = corpus.n_words
        hits = _hits_by_article(corpus, terms, rivals=measure == "rival_share", warn=warn)
    else:
        check_articles(articles, COUNTS.columns.keys() - {"source", "date"})
        columns = ["n_words", *terms.values()]
        holes = articles[columns].isna().sum()
        if holes.any():
            raise FramingError(f"Counts are missing: {listed(f'{n:,} of {c}' for c, n in holes[holes > 0].items())}.")
        n_words = articles["n_words"].to_numpy(dtype=np.int64)
        hits = articles[list(terms.values())].to_numpy(dtype=np.int64)
    cells = articles[by].reset_index(drop=True)
    day = (
        articles["date"].reset_index(drop=True).dt.normalize()
        if "date" in articles.columns
        else pd.Series(pd.NaT, cells.index)
    )
    if freq:
        cells = cells.assign(period=day.dt.to_period(PERIODS[freq]).dt.start_time.astype("datetime64[us]"))
    story = articles["story_id"].reset_index(drop=True) if "story_id" in articles.columns else None
    if story is not None:  # an article without a story is one
        story = story.astype("str").where(story.notna(), "\0" + articles["doc_id"].reset_index(drop=True).astype("str"))
    ones = np.ones(len(articles), dtype=np.int64)
    table = _Stories(cells, story, ones, n_words, hits, (hits > 0).astype(np.int64), day, day)
    return table if story is None else _together(table)


def _hits_by_article(tokens: Tokens, terms: Terms, *, rivals: bool, warn: bool) -> NDArray[np.int64]:
    found = match(tokens, terms, warn=warn)
    n, k = len(tokens.articles), len(terms)
    if rivals and warn and k > 1:
        shared = (found.first[1:] <= found.last[:-1]) & (found.term[1:] != found.term[:-1])
        if shared.any():
            warn_user(
                f"Rival terms share words in {int(shared.sum()):,} places, so their shares count these twice. "
                "Make the patterns exclude each other."
            )
    field = np.searchsorted(tokens.offsets, found.first, side="right") - 1
    article = field // len(tokens.fields)
    return np.bincount(article * k + found.term, minlength=n * k).reshape(n, k)


def _together(parts: _Stories) -> _Stories:
    """Put the rows of one story in one cell together; parts of several partitions come together the same way."""
    assert parts.story is not None
    keyed = parts.cells.assign(_story=parts.story)
    grouped = keyed.groupby(list(keyed.columns), observed=True, dropna=False, sort=False)
    number = grouped.ngroup().to_numpy()
    n = int(number.max(initial=-1)) + 1
    some = np.zeros(n, dtype=np.int64)
    some[number[::-1]] = np.arange(len(number))[::-1]

    def total(values: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.bincount(number, weights=values, minlength=n).astype(np.int64)  # exact: counts are far below 2 ** 53

    return _Stories(
        parts.cells.iloc[some].reset_index(drop=True),
        parts.story.iloc[some].reset_index(drop=True),
        total(parts.n_articles),
        total(parts.n_words),
        np.column_stack([total(column) for column in parts.hits.T]),
        np.column_stack([total(column) for column in parts.with_hit.T]),
        parts.first.groupby(number).min(),
        parts.last.groupby(number).max(),
    )


def _cell_sums(stories: _Stories, measure: str) -> pd.DataFrame:
    """Sum stories by cell: a table of additive columns, one row per cell and term."""
    cells = stories.cells
    if cells.shape[1]:
        grouped = cells.groupby(list(cells.columns), observed=True, dropna=False, sort=False)
        cell = grouped.ngroup().to_numpy()
    else:
        cell = np.zeros(len(cells), dtype=np.int64)
    n = int(cell.max(initial=-1)) + 1
    some = np.zeros(n, dtype=np.int64)
    some[cell[::-1]] = np.arange(len(cell))[::-1]
    all_hits = stories.hits.sum(axis=1)
    first, last = stories.first.groupby(cell).min(), stories.last.groupby(cell).max()
    tables = []
    for number in range(stories.hits.shape[1]):
        hits, with_hit = stories.hits[:, number], stories.with_hit[:, number]
        x, size = {
            "per_million": (hits, stories.n_words),
            "share": (with_hit, stories.n_articles),
            "rival_share": (hits, all_hits),
        }[measure]
        counted = np.ones(len(cell), dtype=bool) if measure != "rival_share" else all_hits > 0
        sums = story_sums(x[counted], size[counted], cell[counted], n)
        table = (
            cells.iloc[some]
            .reset_index(drop=True)
            .assign(
                _term=number,
                n_hits=np.bincount(cell, hits, n),
                n_articles=np.bincount(cell, with_hit, n),
                n_articles_total=np.bincount(cell, stories.n_articles, n),
                n_stories=np.bincount(cell, hits > 0, n),
                n_stories_total=np.bincount(cell, minlength=n),
                n_words=np.bincount(cell, stories.n_words, n),
                n_hits_rivals=np.bincount(cell, all_hits, n),
                _n_others=np.bincount(cell, x < size, n),
                **{f"_{name}": part for name, part in sums._asdict().items()},
                _first=first.to_numpy(),
                _last=last.to_numpy(),
            )
        )
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _partial(
    articles: pd.DataFrame, terms: Any, by: list[str], freq: str | None, measure: str, by_story: bool
) -> pd.DataFrame:
    """Count one partition: sums of cells, or rows of stories where a story can lie in two partitions."""
    corpus = articles if is_counts(articles) else tokenize(articles)
    stories = _stories(corpus, terms, by, freq, measure, warn=False)  # a part may lack what the whole has
    if not by_story:
        return _cell_sums(stories, measure)
    hits = pd.DataFrame(stories.hits, columns=[f"_hits{n}" for n in range(stories.hits.shape[1])])
    with_hit = pd.DataFrame(stories.with_hit, columns=[f"_with{n}" for n in range(stories.hits.shape[1])])
    return pd.concat([stories.cells, hits, with_hit], axis=1).assign(
        _story=stories.story,
        n_articles=stories.n_articles,
        n_words=stories.n_words,
        _first=stories.first,
        _last=stories.last,
    )


def _merged(parts: pd.DataFrame, by: list[str], freq: str | None, n_terms: int) -> _Stories:
    return _together(
        _Stories(
            parts[[*by, *(["period"] if freq else [])]],
            parts["_story"],
            parts["n_articles"].to_numpy(),
            parts["n_words"].to_numpy(),
            parts[[f"_hits{n}" for n in range(n_terms)]].to_numpy(),
            parts[[f"_with{n}" for n in range(n_terms)]].to_numpy(),
            parts["_first"],
            parts["_last"],
        )
    )


def _finished(
    parts: pd.DataFrame, names: Sequence[str], by: list[str], freq: str | None, measure: str, confidence: float
) -> pd.DataFrame:
    """Add up parts, lay them on the full grid of cells, and put rates and intervals on the sums."""
    cell = [*by, *(["period"] if freq else [])]
    ends = parts.groupby([*cell, "_term"], observed=True, dropna=False)[["_first", "_last"]].agg(
        {"_first": "min", "_last": "max"}
    )
    sums = parts.drop(columns=["_first", "_last"]).groupby([*cell, "_term"], observed=True, dropna=False).sum()
    table = sums.join(ends).reset_index()
    if freq:
        table = _on_grid(table, by, freq, len(names))
    table = table.sort_values([*by, "_term", *(["period"] if freq else [])], na_position="last").reset_index(drop=True)
    covered = table["n_articles_total"] > 0
    table["covered"] = covered
    with np.errstate(divide="ignore", invalid="ignore"):
        table["per_million"] = np.where(table["n_words"] > 0, table["n_hits"] / table["n_words"] * 1e6, np.nan)
        table["share"] = np.where(covered, table["n_articles"] / table["n_articles_total"], np.nan)
        table["rival_share"] = np.where(table["n_hits_rivals"] > 0, table["n_hits"] / table["n_hits_rivals"], np.nan)
    story = StorySums(*(table[f"_{name}"].to_numpy(dtype=float) for name in StorySums._fields))
    columns = ["_x", "_n", "_xx", "n_stories", "_n_others"]
    x, n, xx, with_hit, with_other = table.groupby("_term")[columns].transform("sum").to_numpy(dtype=float).T
    with np.errstate(divide="ignore", invalid="ignore"):  # how large bundles are, as the whole table shows it
        bundle = np.maximum(xx / x, 2.0) if measure == "per_million" else x / with_hit
        rest = (n - x) / with_other
    low, high = ratio_interval(story, confidence=confidence, whole=measure != "per_million", bundle=bundle, rest=rest)
    scale = 1e6 if measure == "per_million" else 1.0
    table["low"], table["high"] = low * scale, high * scale
    counts = [c for c in table.columns if c.startswith("n_")]
    table[counts] = table[counts].astype(np.int64)
    table["term"] = pick(names, table["_term"].to_numpy())
    tail = ["n_hits_rivals", "rival_share"] if measure == "rival_share" else []
    columns = ["term", "n_hits", "n_articles", "n_articles_total", "n_stories", "n_stories_total", "n_words"]
    rates = ["per_million", "share", *tail, "low", "high", "covered", *(["partial"] if freq else [])]
    return table[[*by, *(["period"] if freq else []), *columns, *rates]]


def _on_grid(table: pd.DataFrame, by: list[str], freq: str, n_terms: int) -> pd.DataFrame:
    """Add a row for each period in which a source has nothing, and mark the periods that its articles cover in part."""
    dated = table["period"].dropna()
    groups = table[by].drop_duplicates() if by else pd.DataFrame(index=[0])
    if len(dated):
        first, last = dated.min().to_period(PERIODS[freq]), dated.max().to_period(PERIODS[freq])
        periods = pd.period_range(first, last).start_time.astype("datetime64[us]")
        grid = groups.merge(pd.DataFrame({"period": periods}), how="cross").merge(
            pd.DataFrame({"_term": range(n_terms)}), how="cross"
        )
        full = grid.merge(table, how="left", on=[*by, "period", "_term"])
        full = pd.concat([full, table[table["period"].isna()]], ignore_index=True)
    else:
        full = table
    for column in full.columns.difference([*by, "period", "_term", "_first", "_last"]):
        full[column] = full[column].fillna(0)
    keys = full.groupby(by, observed=True, dropna=False) if by else full.groupby(lambda _: 0)
    begins, ends = keys["_first"].transform("min"), keys["_last"].transform("max")
    period_end = full["period"].dt.to_period(PERIODS[freq]).dt.end_time.dt.normalize()
    full["partial"] = (full["n_articles_total"] > 0) & ((full["period"] < begins) | (period_end > ends))
    return full
