"""Own the counting of a Dask frame part by part: the parts add up to the table that one frame would give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.corpora.fingerprints import combine, fingerprint_parts
from toolkit.corpora.history import BY_HAND
from toolkit.recipes import UNKNOWN
from toolkit.tables import BULKY, TEXT_FIELDS, FramingError, check_articles
from toolkit.tables.groups import numbered, story_numbers
from toolkit.tally.articles import of_articles, stated
from toolkit.tally.cells import CellSums, cell_sums
from toolkit.tally.counts import is_counts
from toolkit.tally.stories import group, lay
from toolkit.tally.tally import Tally
from toolkit.text.tokens import tokenize

Floats = NDArray[np.float64]


def gather(frame: Any, count: Callable[..., Any], *settings: Any) -> tuple[list[Any], dict[str, Any]]:
    """Count in each partition.

    Parameters
    ----------
    frame : dask.dataframe.DataFrame
        Articles or counts. Each `doc_id` must be in one partition only; that is not checked across partitions.
    count : callable
        Takes the articles of one partition and `settings`.

    Returns
    -------
    parts : list
        What `count` returned for each partition that has articles.
    described : dict
        Name, fingerprint, size, fields and steps of the corpus, as of one frame. Steps are known where the partitions carry them.
    """
    import dask
    from tqdm.dask import TqdmCallback

    def part(articles: pd.DataFrame) -> tuple[Any, tuple[int, int], dict[str, Any]] | None:
        if len(articles) == 0:
            return None
        strings = [c for c, kind in articles.dtypes.items() if isinstance(kind, pd.StringDtype)]
        articles = articles.astype({c: "str" for c in strings})  # Dask's own string columns have another missing value
        known: dict[str, Any] = {name: articles.attrs[name] for name in ("corpus", "steps") if name in articles.attrs}
        return count(articles, *settings), fingerprint_parts(articles), known

    tasks = [dask.delayed(part, pure=False)(partition) for partition in frame.to_delayed()]
    with TqdmCallback(desc="partitions", disable=None if len(tasks) > 8 else True):
        done = [result for result in dask.compute(*tasks) if result is not None]
    if not done:
        raise FramingError("This table of articles is empty: it has columns but no row.")

    parts, prints, known = zip(*done, strict=True)
    described = _described(frame, combine(prints), sum(n for n, _ in prints), list(known))
    return list(parts), described


def _described(frame: Any, fingerprint: str, n_articles: int, known: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what a recipe says of the corpus: what all partitions say alike of it, and else that nobody knows."""
    alike = known[0] if all(one == known[0] for one in known) else {}
    name = alike.get("corpus") or getattr(frame, "attrs", {}).get("corpus", "unnamed")
    described = {"name": name, "fingerprint": fingerprint, "n_articles": n_articles}
    if not is_counts(frame):
        described["fields"] = [field for field in TEXT_FIELDS if field in frame.columns]

    steps = list(alike.get("steps") or [{"step": UNKNOWN}])
    last = steps[-1]
    if last["step"] != UNKNOWN and last.get("fingerprint") != fingerprint:
        steps.append(
            {"step": BY_HAND, "n_articles": n_articles, "fingerprint": fingerprint, "of": last.get("n_articles")}
        )
    if "stories" in last and "story_id" in frame.columns:
        described["stories"] = "unknown: whether they are as that step left them is not checked across partitions"
    return described | {"steps": steps}


def _indexed(articles: pd.DataFrame) -> Any:
    """Index a part without remembering it, since parts come once."""
    articles = check_articles(articles, ["doc_id"])
    return tokenize(articles)


def _counted(articles: pd.DataFrame, wanted: Any, columns: Sequence[str] | None) -> Tally:
    return of_articles(articles, wanted, warn=False, columns=columns, tokenized=_indexed)


def tallied(frame: Any, wanted: Any, columns: Sequence[str] | None = None) -> Tally:
    """Return the tally of all parts: a row for each article is held in memory, and no text."""
    from scipy.sparse import vstack

    if columns is None:
        columns = [str(c) for c in frame.columns if c not in (*BULKY, *TEXT_FIELDS)]
    parts, described = gather(frame, _counted, wanted, columns)

    units = pd.concat([part.units for part in parts], ignore_index=True)
    article = np.arange(len(units), dtype=np.int64)
    n_words = np.concatenate([part.n_words for part in parts])
    if n_words.sum() == 0:
        raise FramingError(f"None of these {len(units):,} articles has a word, so there is nothing to count in.")
    return Tally(
        units,
        list(wanted),
        "term",
        vstack([part.counts for part in parts]).tocsr(),
        n_words,
        np.concatenate([part.n_whole for part in parts]),
        article,
        story_numbers(units, article),
        described,
        stated(wanted),
    )


def summed(frame: Any, wanted: Any, by: list[str], freq: str | None, measure: str) -> tuple[CellSums, dict[str, Any]]:
    """Return the sums of all parts by cell, where every article is a story of its own."""
    parts, described = gather(frame, _part_sums, wanted, by, freq, measure)
    return added(parts), described


def _part_sums(articles: pd.DataFrame, wanted: Any, by: list[str], freq: str | None, measure: str) -> CellSums:
    tally = _counted(articles, wanted, [*by, "date", "doc_id"])
    return cell_sums(group(lay(tally, by, freq, "article", warn=False)), measure)


def added(parts: Sequence[CellSums]) -> CellSums:
    """Add up sums by cell; each part has a place for every kind in every cell."""
    cell, groups = numbered(pd.concat([part.groups for part in parts], ignore_index=True))
    n_cells, kinds = len(groups), parts[0].kinds
    k = len(kinds)
    place = (cell[:, None] * k + np.arange(k)).ravel()

    def over(numbers: Any, at: Any, n: int) -> dict[str, Floats]:
        return {
            name: np.bincount(at, np.concatenate([part[name] for part in numbers]), n).astype(float)
            for name in numbers[0]
        }

    ends = [
        pd.Series(np.concatenate([getattr(part, end) for part in parts])).groupby(cell) for end in ("first", "last")
    ]
    return CellSums(
        groups,
        kinds,
        parts[0].name,
        parts[0].about,
        parts[0].measures_words,
        over([part.total for part in parts], cell, n_cells),
        over([part.by_kind for part in parts], place, n_cells * k),
        np.repeat(np.arange(n_cells), k),
        np.tile(np.arange(k), n_cells),
        np.zeros(n_cells, dtype=np.int64),
        ends[0].min().to_numpy(),
        ends[1].max().to_numpy(),
    )
