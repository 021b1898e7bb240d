"""Ask a Dask frame of articles, partition by partition; the parts add up to the table that one frame would give."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from toolkit.corpora.fingerprints import combine, fingerprint_parts


def gather(frame: Any, count: Callable[..., pd.DataFrame], *settings: Any) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Count in each partition and put the parts under each other.

    Parameters
    ----------
    frame : dask.dataframe.DataFrame
        Articles or counts. Each `doc_id` must be in one partition only; that is not checked across partitions.
    count : callable
        Takes the articles of one partition and `settings`, and returns a table of additive columns.

    Returns
    -------
    parts : DataFrame
        The tables of all partitions that have articles.
    described : dict
        Name, fingerprint and size of the corpus, equal to those of one frame.
    """
    import dask
    from tqdm.dask import TqdmCallback

    def part(articles: pd.DataFrame) -> tuple[pd.DataFrame, tuple[int, int]] | None:
        if len(articles) == 0:
            return None
        strings = [c for c, kind in articles.dtypes.items() if isinstance(kind, pd.StringDtype)]
        articles = articles.astype({c: "str" for c in strings})  # Dask's own string columns have another missing value
        return count(articles, *settings), fingerprint_parts(articles)

    tasks = [dask.delayed(part, pure=False)(partition) for partition in frame.to_delayed()]
    with TqdmCallback(desc="partitions", disable=None if len(tasks) > 8 else True):
        done = [result for result in dask.compute(*tasks) if result is not None]
    if not done:
        from toolkit.tables import FramingError

        raise FramingError("This table of articles is empty: it has columns but no row.")
    tables, prints = zip(*done, strict=True)
    whole = combine(prints)
    name = getattr(frame, "attrs", {}).get("corpus", "unnamed")
    return pd.concat(tables, ignore_index=True), {
        "name": name,
        "fingerprint": whole,
        "n_articles": sum(n for n, _ in prints),
    }
