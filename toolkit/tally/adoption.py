"""Own how far a term is an outlet's own word: uses in its voice among all uses, with rejected and marked ones counted apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from toolkit.recipes import recorded
from toolkit.tables import ADOPTION, FramingError
from toolkit.tables.checks import check_choice
from toolkit.tables.choices import Freq, Unit
from toolkit.tally.rates import shares_of, taken, with_share
from toolkit.tally.voiced import (
    FLAGS,
    OUTLET,
    QUOTED,
    REPORTED,
    SCARE,
    check_hits,
    state_of_hits,
    tally_of_hits,
    voices_of,
    with_unmeasured,
)


@recorded(packages=("pandas", "numpy", "scipy"))
def adoption(
    hits: pd.DataFrame,
    *,
    by: str | Sequence[str] = ("source",),
    freq: Freq | None = None,
    unit: Unit = "article",
    headlines: bool | None = None,
    scare_quotes: Literal["distance", "own"] = "distance",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Measure how far a term is the outlet's own word: the share of uses that are in the outlet's voice and not rejected.

    Parameters
    ----------
    hits : DataFrame
        From ``tk.find(tokens, terms, voices=True)``.
    by, freq, unit, confidence
        As in `tk.voice_shares`.
    headlines : bool, optional, keyword-only
        True takes headlines only, False everything except headlines, None (the default) both.
    scare_quotes : {"distance", "own"}, keyword-only
        How to count a scare quote: as keeping a distance from the word, so that it is a use but not an own one; or as the
        outlet's own word, as where a house style sets foreign or new words in marks.

    Returns
    -------
    DataFrame
        Adoption: one row per cell and term. The `by` columns and `period`; `term`; `n_hits`; `n_mentioned`, hits that speak about
        the word, which are set aside; `n_uses`, the others, which are the sum of `n_own` (the outlet's voice, not negated),
        `n_negated` (the outlet's voice, negated or rejected), `n_scare_quoted`, `n_quoted` and `n_reported`; `n_headlines`, of
        n_own; `n_articles` (with an own use) of `n_articles_total` (with a use), `n_stories` of `n_stories_total` likewise;
        `adoption`, n_own / n_uses; `low` and `high`, its interval; `covered`, whether the cell has a use. With ``unit="story"``
        also `n_copies`, the articles with a hit that are left out. Where hits are in a language without rules, `n_unmeasured` says how
        many; they have no voice, and are in no other number.

    Raises
    ------
    FramingError
        As `tk.voice_shares`; and if a setting is unknown, or a column of flags holds anything but True and False.

    Warns
    -----
    FramingWarning
        As `tk.voice_shares`.

    Notes
    -----
    The measure is this toolkit's own: adoption = n_own / (n_hits - n_mentioned). With ``scare_quotes="own"`` scare quotes
    count as the outlet's voice, and `n_scare_quoted` is 0; the two settings bound what the marks can mean.

    A mention ("the term reset") neither uses nor refuses the word, so it is in neither number, even where it rejects the word
    ("does not like the term"). To have mentions in the denominator, call
    ``tk.adoption(hits.assign(negated=hits["negated"] | hits["mentioned"], mentioned=False))``.

    An adoption of .8 says that four of five uses are in the outlet's voice, not that the outlet approves: "the failed
    reset" is an own use. Columns, reviews and letters are the outlet's voice, too. An outlet that quotes much has less
    adoption, whatever its words; compare `n_own` with `tk.usage` where that matters.

    Voices and flags are assigned by rules, and the measure inherits the rules' errors: tests/benchmarks/voices.md has the
    precision and recall of each. The interval (`toolkit.measures.intervals.ratio_interval`, by story) does not include these
    errors.

    Examples
    --------
    Four hits: one own, one rejected, one quoted, one that speaks about the word.

    >>> import pandas as pd, toolkit as tk
    >>> hits = pd.DataFrame({"doc_id": list("abcd"), "term": "reset", "source": "Post",
    ...                      "voice": ["outlet", "outlet", "quoted", "outlet"], "headline": [True, False, False, False],
    ...                      "negated": [False, True, False, False], "mentioned": [False, False, False, True]})
    >>> tk.adoption(hits)[["n_hits", "n_mentioned", "n_uses", "n_own", "n_negated", "n_quoted", "adoption"]].round(2)
       n_hits  n_mentioned  n_uses  n_own  n_negated  n_quoted  adoption
    0       4            1       3      1          1         1      0.33
    """
    if headlines not in (None, True, False):
        raise FramingError(
            f"headlines is True (these only), False (all but these) or None (both); this is {headlines!r}."
        )
    check_choice("way to take scare_quotes", scare_quotes, ("distance", "own"))
    hits = check_hits(hits, ["voice", *FLAGS], by, freq)
    negated, mentioned, headline = (hits[name].to_numpy(dtype=bool) for name in FLAGS)
    voice = voices_of(hits)
    if scare_quotes == "own":
        voice = np.where(voice == SCARE, OUTLET, voice)

    counted = (voice >= 0) if headlines is None else (voice >= 0) & (headline == headlines)
    if headlines is not None and not (headline == headlines).any():
        raise FramingError(
            f"None of these {len(voice):,} hits stands {'in' if headlines else 'outside of'} a headline; headlines=None counts both."
        )
    use = counted & ~mentioned
    own = use & (voice == OUTLET) & ~negated

    # a hit that is not a use has no kind, but its article can still be the one that represents its story
    tally = tally_of_hits(hits, np.where(use, np.where(own, 0, 1), -1), ["own", "other"], "use")
    shares = shares_of(tally, ADOPTION, by, freq, unit, confidence, within="term", what="hits")
    table, place = shares.table(np.arange(len(shares.grid.place)))
    parts = {
        "n_hits": counted,
        "n_mentioned": counted & mentioned,
        "n_uses": use,
        "n_own": own,
        "n_negated": use & (voice == OUTLET) & negated,
        "n_scare_quoted": use & (voice == SCARE),
        "n_quoted": use & (voice == QUOTED),
        "n_reported": use & (voice == REPORTED),
        "n_headlines": own & headline,
    }
    for column, mask in parts.items():
        table[column] = taken(shares.laid.count(mask), place)

    of_own = np.where(place >= 0, place * 2, -1)
    for column in ("n_articles", "n_stories"):
        table[column] = taken(shares.sums.by_kind[column], of_own)
        table[f"{column}_total"] = shares.in_cell(f"{column}_any", place)

    ends = (taken(shares.low, of_own, np.nan), taken(shares.high, of_own, np.nan))
    table = with_share(table, "adoption", "n_own", "n_uses", ends)
    if unit == "story":
        table["n_copies"] = taken(shares.laid.n_copies, place)
    table = with_unmeasured(table, hits, shares, place)
    state_of_hits(table, tally, by, freq)
    return table
