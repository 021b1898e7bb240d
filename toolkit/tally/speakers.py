"""Own who is quoted or reported with a term, and where: a row for each speaker in each cell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.recipes import recorded
from toolkit.tables import SPEAKERS
from toolkit.tables.checks import check_at_least
from toolkit.tables.choices import Freq, Unit
from toolkit.tally.rates import Shares, shares_of, taken, with_share
from toolkit.tally.voiced import QUOTED, REPORTED, check_hits, state_of_hits, tally_of_hits, voices_of, with_unmeasured

Ints = NDArray[np.int64]


@recorded(packages=("pandas", "numpy", "scipy"))
def speakers(
    hits: pd.DataFrame,
    *,
    by: str | Sequence[str] = ("source",),
    freq: Freq | None = None,
    unit: Unit = "article",
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
        `period`; `term`; `speaker`; `n_hits` of `n_hits_total`, all hits of the term in the cell that are quoted or reported;
        `n_quoted` and `n_reported`, which add up to n_hits; `n_negated`, those of n_hits that are negated; `n_articles` of
        `n_articles_total` (with a quoted or reported hit), `n_stories` of `n_stories_total` likewise; `share`, n_hits /
        n_hits_total; `low` and `high`, its interval; `covered`, whether the cell has a quoted or reported hit. With
        ``unit="story"`` also `n_copies`, the articles with a hit that are left out. Where hits are in a language without rules, `n_unmeasured` says how
        many; they have no voice, and are in no other number.

        Each cell and term has a last row with a missing speaker: hits that the text attributes to nobody in particular, or zero.
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
    A speaker is a name as `tk.find` resolves it within one article. Where an article never gives the full name, the part that it
    gives counts as a speaker of its own, and so does each spelling. Merge them first:
    ``hits["speaker"] = hits["speaker"].replace({"Peskov": "Dmitry Peskov"})``. A role ("official") is one row, but many people.

    Speakers are assigned by rules, and shares inherit the rules' errors (tests/benchmarks/voices.md). Read the hits behind a
    small row: ``hits[hits["speaker"] == name]``. The interval is by story, as in `tk.voice_shares`; a speaker is often looked at
    because the share is large, so the interval of the largest is too optimistic.

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
    check_at_least("min_n", min_n, 1, "a number of hits")
    hits = check_hits(hits, ["voice", "speaker", "negated"], by, freq)
    voice = voices_of(hits)
    said = (voice == QUOTED) | (voice == REPORTED)

    name = hits["speaker"].astype("str").where(said)
    who, known = pd.factorize(name.where(name != ""), sort=True)
    nobody = len(known)
    code = np.where(said, np.where(who < 0, nobody, who), -1)

    # a cell has few of all speakers, so only those have a place, and in each cell nobody in particular
    tally = tally_of_hits(hits, code, [*known.tolist(), None], "speaker")
    shares = shares_of(
        tally, SPEAKERS, by, freq, unit, confidence, within="term", also=np.array([nobody]), sparse=True, what="hits"
    )
    sums, grid = shares.sums, shares.grid
    row_of = np.empty(shares.laid.n_cells, dtype=np.int64)
    row_of[grid.place[grid.place >= 0]] = np.flatnonzero(grid.place >= 0)

    # cells of the grid that have no hit get a row for nobody in particular, too
    lacking = np.flatnonzero(grid.place < 0)
    place = np.concatenate([np.arange(len(sums.cell_of)), np.full(len(lacking), -1)])
    cell = np.concatenate([row_of[sums.cell_of], lacking])
    speaker = np.concatenate([sums.kind_of, np.full(len(lacking), nobody)])

    n_hits = taken(sums.by_kind["n_hits"], place)
    term = shares.grid.cells["term"].cat.codes.to_numpy(dtype=np.int64)[cell]
    in_all_cells = pd.factorize(term * len(tally.kinds) + speaker)[0]
    kept = (np.bincount(in_all_cells, weights=n_hits)[in_all_cells] >= min_n) | (speaker == nobody)
    order = np.lexsort((speaker, -n_hits, speaker == nobody, cell))
    order = order[kept[order]]
    place, cell, speaker = place[order], cell[order], speaker[order]

    table, in_sums = shares.table(cell, speaker, "speaker")
    table["n_hits"], table["n_hits_total"] = n_hits[order], shares.in_cell("n_hits_rivals", in_sums)
    parts = {
        "n_quoted": voice == QUOTED,
        "n_reported": voice == REPORTED,
        "n_negated": hits["negated"].to_numpy(dtype=bool),
    }
    for column, mask in parts.items():
        table[column] = taken(_counted(shares, code, mask & said), place)
    for column in ("n_articles", "n_stories"):
        table[column] = taken(sums.by_kind[column], place)
        table[f"{column}_total"] = shares.in_cell(f"{column}_any", in_sums)

    ends = (taken(shares.low, place, np.nan), taken(shares.high, place, np.nan))
    table = with_share(table, "share", "n_hits", "n_hits_total", ends)
    if unit == "story":
        table["n_copies"] = taken(shares.laid.n_copies, in_sums)
    table = with_unmeasured(table, hits, shares, in_sums)
    state_of_hits(table, tally, by, freq)
    return table


def _counted(shares: Shares, code: Ints, mask: NDArray[np.bool_]) -> Ints:
    """Count the hits under the mask at each place: of a speaker in a cell."""
    laid, sums = shares.laid, shares.sums
    counts = mask[laid.unit]
    k = len(laid.tally.kinds)
    own = laid.cell[counts] * k + code[laid.unit][counts]
    places = sums.cell_of * k + sums.kind_of
    return np.bincount(np.searchsorted(places, own), minlength=len(places))
