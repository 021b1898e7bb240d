"""Own who is quoted or reported with a term, and where: a row for each speaker in each cell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from toolkit.tables import SPEAKERS, FramingError
from toolkit.tally.laying import QUOTED, REPORTED, lay_hits


def speakers(
    hits: pd.DataFrame,
    *,
    by: str | Sequence[str] = ("source",),
    freq: str | None = None,
    unit: str = "article",
    min_n: int = 1,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Count who is quoted or reported with each term, and in which outlets.

    Parameters
    ----------
    hits : DataFrame
        From ``tk.find(tokens, terms, voices=True)``.
    by, freq, unit, confidence
        As in `tk.voice_shares`.
    min_n : int, keyword-only
        Leave out speakers with fewer hits of the term in the whole table. They stay in the denominators.

    Returns
    -------
    DataFrame
        Speakers: one row per cell, term and speaker that occurs there, those with the most hits first. The `by` columns and
        `period`; `term`; `speaker`; `n_hits` of `n_hits_total`, all hits of the term in the cell that are quoted or
        reported; `n_quoted` and `n_reported`, of which n_hits is made; `n_negated`, of n_hits; `n_articles` of
        `n_articles_total` (with a quoted or reported hit), `n_stories` of `n_stories_total` likewise; `share`, n_hits /
        n_hits_total; `low` and `high`, its interval; `covered`, whether the cell has a quoted or reported hit. With
        ``unit="story"`` also `n_copies`, the articles with a hit that are left out.

        Each cell and term has a last row with a missing speaker: hits that nobody in particular is said to say, or zero.
        With ``min_n=1`` the shares of a covered cell add up to 1. A speaker without a row in a covered cell has no hit there.

    Raises
    ------
    FramingError
        As `tk.voice_shares`; and where `min_n` is below 1.

    Warns
    -----
    FramingWarning
        As `tk.voice_shares`.

    Notes
    -----
    A speaker is a name as `tk.find` resolves it within one article. Where an article never gives the full name, the part
    that it gives is a speaker of its own, and so is each spelling; put them together first:
    ``hits["speaker"] = hits["speaker"].replace({"Peskov": "Dmitry Peskov"})``. A role ("official") is one row, but many people.

    Speakers are told by rules, and shares inherit their errors (tests/benchmarks/voices.md); a small row is worth
    reading: ``hits[hits["speaker"] == name]``. The interval is by story, as in `tk.voice_shares`; a speaker was often looked
    for because it is large, so the interval of the largest is too hopeful.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> hits = pd.DataFrame({"doc_id": list("aabcc"), "term": "reset", "source": ["Post", "Post", "Post", "Wire", "Wire"],
    ...                      "voice": ["quoted", "reported", "quoted", "quoted", "outlet"], "negated": False,
    ...                      "speaker": ["Ann Lee", "Ann Lee", None, "Bo Ek", None]})
    >>> tk.speakers(hits)[["source", "speaker", "n_hits", "n_hits_total", "n_quoted", "n_reported", "share"]].round(2)
      source  speaker  n_hits  n_hits_total  n_quoted  n_reported  share
    0   Post  Ann Lee       2             3         1           1   0.67
    1   Post      NaN       1             3         1           0   0.33
    2   Wire    Bo Ek       1             1         1           0   1.00
    3   Wire      NaN       0             1         0           0   0.00
    """
    if min_n < 1:
        raise FramingError(f"min_n is a number of hits, 1 or more; this is {min_n!r}.")
    laid = lay_hits(hits, SPEAKERS, ["voice", "speaker", "negated"], by, freq, unit, confidence)
    said = (laid.voice == QUOTED) | (laid.voice == REPORTED)
    name = laid.hits["speaker"].astype("str")[said]
    who, known = pd.factorize(name.where(name != ""), sort=True)
    nobody = len(known)
    who, n_who = np.where(who < 0, nobody, who), nobody + 1
    # a place for each speaker of a slot, and in each slot one for nobody in particular
    slot, alone = laid.slot[said], np.arange(laid.n_slots) * n_who + nobody
    places, place = np.unique(np.concatenate([slot * n_who + who, alone]), return_inverse=True)
    place = place[: len(slot)]
    slot_of, who_of = np.divmod(places, n_who)
    counts, totals = laid.counts(place, len(places), said), laid.counts(slot, laid.n_slots, said)
    low, high = laid.interval(place, slot_of, who_of, said)

    of_pair = pd.factorize(slot_of % len(laid.names) * n_who + who_of)[0]  # of a speaker and a term, in all cells
    enough = (np.bincount(of_pair, weights=counts["n_hits"])[of_pair] >= min_n) | (who_of == nobody)
    rank = np.argsort(laid.order)
    order = np.lexsort((who_of, -counts["n_hits"], who_of == nobody, rank[slot_of]))
    order = order[enough[order]]
    table = laid.rows(slot_of[order]).assign(speaker=pd.array([*known, None], dtype="str").take(who_of[order]))
    table["n_hits"], table["n_hits_total"] = counts["n_hits"][order], totals["n_hits"][slot_of[order]]
    voice, negated = laid.voice[said], laid.hits["negated"].to_numpy(dtype=bool)[said]
    for column, some in (("n_quoted", voice == QUOTED), ("n_reported", voice == REPORTED), ("n_negated", negated)):
        table[column] = np.bincount(place[some], minlength=len(places))[order]
    for column in ("n_articles", "n_stories"):
        table[column], table[f"{column}_total"] = counts[column][order], totals[column][slot_of[order]]
    ratio, ends = ("share", "n_hits", "n_hits_total"), (low[order], high[order])
    return laid.finish(table, slot_of[order], ratio, ends, "toolkit.speakers", min_n=min_n)
