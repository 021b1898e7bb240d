"""Own how much of each source's talk a topic is: shares with their counts, denominators and intervals by story."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.measures.intervals import StorySums, ratio_interval
from toolkit.recipes import make_recipe
from toolkit.tables import (
    PERIODS,
    TOPIC_SHARES,
    FramingError,
    columns_and_freq,
    listed,
    pick,
    require,
)
from toolkit.topics.checks import check_topics, check_unit
from toolkit.topics.origins import days_of, names_of, story_numbers
from toolkit.topics.record import Topics
from toolkit.topics.tables import marked


def topic_shares(
    topics: Topics,
    *,
    by: str | Sequence[str] = ("source",),
    freq: str | None = None,
    unit: str = "article",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Count each topic's part of the contexts in each cell.

    Parameters
    ----------
    topics : Topics
        From `tk.fit_topics`.
    by : str or list of str, keyword-only
        Columns of the contexts that make the cells; an empty list takes them as one. "day", "week", "month", "quarter" or "year" means the
        period, as `freq` does, where there is no column of that name.
    freq : {"D", "W", "M", "Q", "Y"}, optional, keyword-only
        The periods of time; weeks begin on Monday. Without it time is not divided.
    unit : {"article", "story"}, keyword-only
        What is counted: the contexts of every article; or of each story in each cell those of its earliest article there, so
        that wire copy counts once.
    confidence : float, keyword-only
        Nominal coverage of the interval.

    Returns
    -------
    DataFrame
        Topic shares: one row per cell and topic. The `by` columns (and `period`, its first day); `topic`; `label`; `n`,
        contexts of the topic in the cell; `n_contexts`, all contexts in the cell, outliers included; `n_stories_total`,
        stories with a context in the cell; `share`, n / n_contexts; `low` and `high`, its interval; `covered`, whether
        the cell has any context; with a certificate `stable`, of the topic; with the story as unit `n_copies`, contexts of
        the cell that are left out because an earlier article of their story stands for them. A topic that a cell lacks is a
        row with zero; a period without contexts is not covered and has NaN. The shares of a covered cell add up to 1,
        because the outliers (-1) are a row and in the denominator.

    Raises
    ------
    FramingError
        When the contexts have no such column, or a unit or period does not exist.

    Warns
    -----
    FramingWarning
        When stories are to be counted and the contexts have no `story_id`.

    Notes
    -----
    The share is of the talk in the cell, whatever its volume: compare it between months and sources of different size. An
    article with ten passages counts ten times. The unit of the interval is always the story (`story_id` where the contexts have
    it, else the article): passages of one article are no independent witnesses. See
    `toolkit.measures.intervals.ratio_interval`. The interval is about which stories were published, with the topics as they
    are; that another fit would draw the topics otherwise is not in it.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> texts = [f"Rain and wind hit the coast on day {i}" for i in range(6)]
    >>> texts += [f"The judge and the court stopped the ban in case {i}" for i in range(6)]
    >>> contexts = pd.DataFrame({
    ...     "context_id": [f"c{i}" for i in range(12)], "doc_id": [f"d{i}" for i in range(12)],
    ...     "source": ["Post"] * 4 + ["Wire"] * 8, "text": texts,
    ... })
    >>> shares = tk.topic_shares(tk.fit_topics(contexts, n_topics=2, min_size=3))
    >>> shares[["source", "n", "n_contexts", "share"]].sort_values(["source", "n"]).round(2)
      source  n  n_contexts  share
    1   Post  0           4   0.00
    0   Post  4           4   1.00
    2   Wire  2           8   0.25
    3   Wire  6           8   0.75
    """
    check_topics(topics, "topic_shares")
    contexts = topics.contexts
    keys, freq = columns_and_freq(by, freq, contexts.columns)
    check_unit(unit, contexts)
    taken = [column for column in keys if column in (*TOPIC_SHARES.columns, *TOPIC_SHARES.optional)]
    if taken:
        raise FramingError(
            f"Cells cannot be made by {listed(taken)}: the table of topic shares has that column itself."
        )
    require(contexts, [*keys, *(["date"] if freq else [])], "contexts")
    cells = contexts[keys].reset_index(drop=True)
    if freq:
        if not pd.api.types.is_datetime64_any_dtype(contexts["date"]):
            raise FramingError(
                f"The column date holds {contexts['date'].dtype}, not dates. "
                "Convert it: contexts['date'] = pd.to_datetime(contexts['date'], errors='coerce')."
            )
        cells = cells.assign(
            period=days_of(contexts).dt.to_period(PERIODS[freq]).dt.start_time.astype("datetime64[us]")
        )
    grid, cell = _grid(cells, keys, freq)
    place = {topic: at for at, topic in enumerate(topics.topics["topic"].tolist())}
    topic = np.array([place[each] for each in topics.assignments["topic"].tolist()], dtype=np.int64)
    story = story_numbers(contexts)
    n_all = np.bincount(cell, minlength=len(grid))
    if unit == "story":
        kept = np.flatnonzero(_earliest(contexts, cell, story))
        cell, topic, story = cell[kept], topic[kept], story[kept]
    sums, with_topic, with_other = _sums(cell, topic, story, len(grid), len(place))
    of_topic, of_all = sums.x.reshape(len(grid), -1).sum(axis=0), sums.n.reshape(len(grid), -1).sum(axis=0)
    with np.errstate(
        divide="ignore", invalid="ignore"
    ):  # how many contexts of a topic a story has, as all cells show it
        bundle, rest = np.tile(of_topic / with_topic, len(grid)), np.tile((of_all - of_topic) / with_other, len(grid))
    low, high = ratio_interval(sums, confidence=confidence, whole=True, bundle=bundle, rest=rest)

    table = grid.loc[np.repeat(np.arange(len(grid)), len(place))].reset_index(drop=True)
    which = np.tile(np.arange(len(place)), len(grid))
    covered = sums.n > 0
    table["topic"] = topics.topics["topic"].to_numpy()[which]
    table["label"] = pick(topics.topics["label"].tolist(), which)
    table["n"] = sums.x.astype(np.int64)
    table["n_contexts"] = sums.n.astype(np.int64)
    table["n_stories_total"] = sums.stories.astype(np.int64)
    table["share"] = np.divide(sums.x, sums.n, out=np.full(len(table), np.nan), where=covered)
    table["low"], table["high"] = low, high
    table["covered"] = covered
    table = marked(table, topics)
    if unit == "story":
        table["n_copies"] = (np.repeat(n_all, len(place)) - table["n_contexts"]).astype(np.int64)
    made: dict[str, Any] = topics.topics.attrs["recipe"]
    clusters = "story" if "story_id" in contexts.columns else "article"
    settings = {
        "by": keys,
        "freq": freq,
        "unit": unit,
        "confidence": confidence,
        "interval_unit": clusters,
        "topics": made["settings"],
    }
    table.attrs = {"recipe": make_recipe("toolkit.topic_shares", settings, made["corpus"], packages=())}
    table.attrs["recipe"]["versions"].update(made["versions"])
    return table


def _grid(cells: pd.DataFrame, by: list[str], freq: str | None) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return the cells in order, with the periods that have nothing, and the cell of each context."""
    columns = [*by, *(["period"] if freq else [])]
    if not columns:
        return pd.DataFrame(index=pd.RangeIndex(1)), np.zeros(len(cells), dtype=np.int64)
    grid = cells.drop_duplicates()
    if freq and cells["period"].notna().any():
        first, last = cells["period"].min().to_period(PERIODS[freq]), cells["period"].max().to_period(PERIODS[freq])
        periods = pd.DataFrame({"period": pd.period_range(first, last).start_time.astype("datetime64[us]")})
        full = cells[by].drop_duplicates().merge(periods, how="cross") if by else periods
        grid = pd.concat([full, grid[grid["period"].isna()]], ignore_index=True)
    grid = grid.sort_values(columns, na_position="last").reset_index(drop=True)
    # one number per combination, missing values being a value
    together = pd.concat([grid, cells[columns]], ignore_index=True)
    number = together.groupby(columns, observed=True, dropna=False, sort=False).ngroup().to_numpy()
    at = np.empty(len(grid), dtype=np.int64)
    at[number[: len(grid)]] = np.arange(len(grid))
    return grid, at[number[len(grid) :]]


def _earliest(contexts: pd.DataFrame, cell: NDArray[np.int64], story: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which contexts are of the earliest article of their story in their cell; undated articles come last."""
    article = names_of(contexts, ("doc_id",))
    frame = pd.DataFrame({"cell": cell, "story": story, "date": days_of(contexts), "article": article})
    first = frame.sort_values(["cell", "story", "date", "article"], na_position="last").drop_duplicates(
        ["cell", "story"]
    )
    number = pd.factorize(article)[0]
    leads = pd.Series(number[first.index], index=pd.MultiIndex.from_frame(first[["cell", "story"]]))
    own = leads.reindex(pd.MultiIndex.from_arrays([cell, story])).to_numpy()
    return np.asarray(own == number, dtype=bool)


def _sums(
    cell: NDArray[np.int64], topic: NDArray[np.int64], story: NDArray[np.int64], n_cells: int, n_topics: int
) -> tuple[StorySums, NDArray[np.int64], NDArray[np.int64]]:
    """Sum over the stories of each cell, for each topic; stories without the topic add nothing but to the denominator.

    Also returned: of each topic the stories with it, and those with another, over all cells.
    """

    def by_cell(weights: NDArray[np.float64] | None, where: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.repeat(np.bincount(where, weights=weights, minlength=n_cells).astype(float), n_topics)

    def by_topic(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(slot, weights=weights, minlength=n_cells * n_topics).astype(float)

    n_stories = int(story.max()) + 1
    in_cell, size = np.unique(cell * n_stories + story, return_counts=True)
    of_topic, hits = np.unique((cell * n_topics + topic) * n_stories + story, return_counts=True)
    slot = of_topic // n_stories
    x = hits.astype(float)
    its_size = size[np.searchsorted(in_cell, slot // n_topics * n_stories + of_topic % n_stories)].astype(float)
    where, n = in_cell // n_stories, size.astype(float)
    with_topic = np.bincount(slot % n_topics, minlength=n_topics)
    with_other = len(in_cell) - np.bincount(slot[x == its_size] % n_topics, minlength=n_topics)
    sums = StorySums(
        by_cell(None, where),
        by_topic(x),
        by_cell(n, where),
        by_topic(x * x),
        by_topic(x * its_size),
        by_cell(n * n, where),
    )
    return sums, with_topic, with_other
