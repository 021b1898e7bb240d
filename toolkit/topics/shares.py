"""Own how much of each source's talk a topic is: shares with their counts, denominators and intervals by story."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from toolkit.recipes import corpus_of, make_recipe, sealed
from toolkit.tables import TOPIC_SHARES, columns_and_freq, pick
from toolkit.tables.checks import check_type
from toolkit.tables.choices import Freq, Unit
from toolkit.tally.rates import shares_of, taken, with_share
from toolkit.topics.record import Topics
from toolkit.topics.tables import marked


def topic_shares(
    topics: Topics,
    *,
    by: str | Sequence[str] = ("source",),
    freq: Freq | None = None,
    unit: Unit = "article",
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
    check_type(topics, Topics, "topic_shares takes what tk.fit_topics returns")
    tally = topics.__tally__()
    shares = shares_of(tally, TOPIC_SHARES, by, freq, unit, confidence, what="contexts")

    k, n_cells = len(tally.kinds), len(shares.grid.place)
    kind = np.tile(np.arange(k), n_cells)
    table, place = shares.table(np.repeat(np.arange(n_cells), k), kind, "topic")
    at = np.where(place >= 0, place * k + kind, -1)
    table["label"] = pick(topics.topics["label"].tolist(), kind)
    table["n"] = taken(shares.sums.by_kind["n_hits"], at)
    table["n_contexts"] = shares.in_cell("n_hits_rivals", place)
    table["n_stories_total"] = shares.in_cell("n_stories_total", place)

    keys, period = columns_and_freq(by, freq, tally.columns)
    made: dict[str, Any] = topics.topics.attrs["recipe"]
    settings = {
        "by": keys,
        "freq": period,
        "unit": unit,
        "confidence": confidence,
        "interval_unit": "story" if "story_id" in topics.contexts.columns else "article",
        "topics": made["settings"],
    }
    recipe = make_recipe("toolkit.topic_shares", settings, corpus_of(topics), packages=())
    recipe["versions"].update(made["versions"])
    ends = (taken(shares.low, at, np.nan), taken(shares.high, at, np.nan))
    table = marked(with_share(table, "share", "n", "n_contexts", ends), topics)
    if unit == "story":
        table["n_copies"] = taken(shares.laid.n_left_out, place)
    return sealed(table, recipe)
