"""Own where contexts come from: their article, story and day, and which of them vote."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_PREFIX = {"doc_id": "article", "story_id": "story"}


def names_of(contexts: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Name what each context belongs to: the last of these columns that it has a value in, else itself.

    Examples
    --------
    >>> contexts = pd.DataFrame({"context_id": ["c1", "c2"], "doc_id": ["d1", None]})
    >>> names_of(contexts, ("doc_id", "story_id")).tolist()
    ['article:d1', 'context:c2']
    """
    frame = contexts.reset_index(drop=True)
    name = "context:" + frame["context_id"].astype("str")
    for column in columns:
        if column in frame.columns:
            named = f"{_PREFIX.get(column, column)}:" + frame[column].astype("str")
            name = named.where(frame[column].notna(), name)
    return name


def stories_and_votes(contexts: pd.DataFrame) -> tuple[Ints, NDArray[np.bool_]]:
    """Return the story of each context, numbered in the order of their names, and whether it votes.

    Of each story the first article votes: the one that `story_role` names, else the earliest, else the first by
    `doc_id`. Without `story_id` each article is its own story; without `doc_id`, each context.

    Examples
    --------
    >>> contexts = pd.DataFrame({"context_id": list("abc"), "doc_id": ["d2", "d1", "d2"], "story_id": ["s", "s", "s"]})
    >>> story, votes = stories_and_votes(contexts)
    >>> story.tolist(), votes.tolist()
    ([0, 0, 0], [False, True, False])
    """
    frame = contexts.reset_index(drop=True)
    article = names_of(frame, ("doc_id",))
    story = pd.factorize(names_of(frame, ("doc_id", "story_id")), sort=True)[0].astype(np.int64)

    # what ranks the articles of a story
    later = pd.Series(False, index=frame.index)
    if "story_role" in frame.columns:
        later = frame["story_role"].astype("str") != "first"
    date = frame["date"] if _dated(frame) else pd.Series(0, index=frame.index)

    ranks = pd.DataFrame({"story": story, "later": later, "date": date, "article": article})
    first = ranks.sort_values(["story", "later", "date", "article"], na_position="last").drop_duplicates("story")
    leader = first.set_index("story")["article"]
    return story, (article.to_numpy() == leader.reindex(story).to_numpy()).astype(bool)


def _dated(contexts: pd.DataFrame) -> bool:
    return "date" in contexts.columns and pd.api.types.is_datetime64_any_dtype(contexts["date"])
