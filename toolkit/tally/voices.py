"""Own how the hits of a term divide among the voices: shares with their counts and intervals by story."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from toolkit.recipes import recorded
from toolkit.speech.voices import VOICES
from toolkit.tables import VOICE_SHARES
from toolkit.tables.choices import Freq, Unit
from toolkit.tally.rates import shares_of, taken, with_share
from toolkit.tally.voiced import check_hits, state_of_hits, tally_of_hits, voices_of, with_unmeasured


@recorded(packages=("pandas", "numpy", "scipy"))
def voice_shares(
    hits: pd.DataFrame,
    *,
    by: str | Sequence[str] = ("source",),
    freq: Freq | None = None,
    unit: Unit = "article",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Count how the hits of each term divide among the four voices.

    Parameters
    ----------
    hits : DataFrame
        From ``tk.find(tokens, terms, voices=True)``.
    by : str or list of str, keyword-only
        Columns of the hits that make the cells, also `field` or `headline`; an empty list makes one cell of them.
    freq : {"D", "W", "M", "Q", "Y"}, optional, keyword-only
        The periods of time; weeks begin on Monday. Without it time is not divided.
    unit : {"article", "story"}, keyword-only
        What is counted. With "story", of each story in each cell only the earliest article that has the term.
    confidence : float, keyword-only
        Nominal coverage of the interval.

    Returns
    -------
    DataFrame
        Voice shares: one row per cell, term and voice. The `by` columns and `period` (its first day); `term`; `voice`, one of
        outlet, scare_quote, quoted and reported; `n_hits` in that voice of `n_hits_total`; `n_articles` (with such a hit) of
        `n_articles_total` (with a hit of the term), `n_stories` of `n_stories_total` likewise; `share`, n_hits /
        n_hits_total; `low` and `high`, its interval; `covered`, whether the cell has a hit of the term. With
        ``unit="story"`` also `n_copies`, the articles with a hit that are left out. Where hits are in a language without rules, `n_unmeasured` says how
        many; they have no voice, and are in no other number.

        If no hit of a term has some voice in a cell, that voice has a row with zero; a cell without a hit of the term is not
        covered, and its shares are missing. The shares of a covered cell add up to 1.

    Raises
    ------
    FramingError
        If there is no hit, if hits have no voices, or if a column, period, unit or voice is unknown.

    Warns
    -----
    FramingWarning
        Where `freq` is finer than the dates, and where ``unit="story"`` finds no `story_id`.

    Notes
    -----
    Voices are assigned by rules, and shares inherit the rules' errors. tests/benchmarks/voices.md has precision and recall of
    each voice; the interval does not include these errors. Between outlets part of the error cancels out, but not where they
    typeset quotations differently.

    The interval is that of `toolkit.measures.intervals.ratio_interval`, with the story as unit (`story_id`, else the article),
    whatever is counted. The intervals of the four voices do not hold jointly.

    An outlet without any hit is not in a table of hits, so it is not in this one; `tk.usage` counts it.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> hits = pd.DataFrame({"doc_id": ["a", "a", "b", "c"], "term": "reset", "source": ["Post", "Post", "Post", "Wire"],
    ...                      "voice": ["outlet", "quoted", "quoted", "reported"]})
    >>> shares = tk.voice_shares(hits)
    >>> shares.loc[shares["source"] == "Post", ["voice", "n_hits", "n_hits_total", "n_articles", "share"]].round(2)
             voice  n_hits  n_hits_total  n_articles  share
    0       outlet       1             3           1   0.33
    1  scare_quote       0             3           0   0.00
    2       quoted       2             3           2   0.67
    3     reported       0             3           0   0.00
    """
    hits = check_hits(hits, ["voice"], by, freq)
    tally = tally_of_hits(hits, voices_of(hits), list(VOICES), "voice")
    shares = shares_of(tally, VOICE_SHARES, by, freq, unit, confidence, within="term", what="hits")

    k = len(VOICES)
    n_cells = len(shares.grid.place)
    table, place = shares.table(np.repeat(np.arange(n_cells), k), np.tile(np.arange(k), n_cells), "voice")
    at = np.where(place >= 0, place * k + np.tile(np.arange(k), n_cells), -1)
    for column in ("n_hits", "n_articles", "n_stories"):
        table[column] = taken(shares.sums.by_kind[column], at)
        total = "n_hits_rivals" if column == "n_hits" else f"{column}_any"
        table[f"{column}_total"] = shares.in_cell(total, place)

    ends = (taken(shares.low, at, np.nan), taken(shares.high, at, np.nan))
    table = with_share(table, "share", "n_hits", "n_hits_total", ends)
    if unit == "story":
        table["n_copies"] = taken(shares.laid.n_copies, place)
    table = with_unmeasured(table, hits, shares, place)
    state_of_hits(table, tally, by, freq)
    return table
