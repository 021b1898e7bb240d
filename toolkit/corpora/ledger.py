"""Own the ledger of coverage: how many articles each source has on each day, and where it has none."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from toolkit.corpora.history import describe_corpus
from toolkit.recipes import recorded, state
from toolkit.tables import PERIODS, check_articles, check_freq


@recorded(packages=("pandas",))
def coverage(articles: pd.DataFrame, *, by: str | Sequence[str] = "source", freq: str = "D") -> pd.DataFrame:
    """Count the articles of each source in each period, with the periods that have none.

    Parameters
    ----------
    articles : DataFrame
        Articles or counts, with `date`.
    by : str or list of str, keyword-only
        Columns that make the groups.
    freq : {"D", "W", "M", "Q", "Y"}, keyword-only
        The periods; weeks begin on Monday.

    Returns
    -------
    DataFrame
        Coverage: one row per group and period from the first to the last of the corpus: the `by` columns, `period` (its first
        day), `n_articles`, and `covered`, whether there is any. Undated articles are rows with a missing period.

    Raises
    ------
    FramingError
        If a column is missing, the frame is empty, or `freq` is unknown.

    Notes
    -----
    A day without an article can be a day on which the outlet printed nothing or one on which nothing was collected. The
    articles cannot tell; do not take it as a zero of anything.

    Examples
    --------
    >>> articles = pd.DataFrame({
    ...     "doc_id": ["a", "b", "c"],
    ...     "source": ["Post", "Post", "Wire"],
    ...     "date": pd.to_datetime(["2017-01-02", "2017-01-02", "2017-01-03"]),
    ... })
    >>> coverage(articles)
      source     period  n_articles  covered
    0   Post 2017-01-02           2     True
    1   Post 2017-01-03           0    False
    2   Wire 2017-01-02           0    False
    3   Wire 2017-01-03           1     True
    """
    keys = [by] if isinstance(by, str) else list(by)
    articles = check_articles(articles, ("doc_id", "date", *keys))
    check_freq(freq)
    periods = articles["date"].dt.to_period(PERIODS[freq]).dt.start_time.astype("datetime64[us]")
    cells = articles[keys].assign(period=periods)
    counts = cells.groupby([*keys, "period"], observed=True, dropna=False).size().rename("n_articles").reset_index()
    if periods.notna().any():
        span = pd.period_range(periods.min(), periods.max(), freq=PERIODS[freq]).start_time.astype("datetime64[us]")
        groups = counts[keys].drop_duplicates() if keys else pd.DataFrame(index=[0])
        grid = groups.merge(pd.DataFrame({"period": span}), how="cross")
        table = grid.merge(counts, how="left", on=[*keys, "period"])
        table = pd.concat([table, counts[counts["period"].isna()]], ignore_index=True)
    else:
        table = counts
    table["n_articles"] = table["n_articles"].fillna(0).astype("int64")
    table["covered"] = table["n_articles"] > 0
    table = table.sort_values([*keys, "period"], na_position="last").reset_index(drop=True)
    state(table, describe_corpus(articles), by=keys)
    return table
