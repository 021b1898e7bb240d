"""Own the tally of hits with voices: the checks, and each term as a whole of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.recipes import state
from toolkit.speech.voices import VOICES
from toolkit.tables import FramingError, listed, not_found, require
from toolkit.tables.checks import check_dates_in, check_frame
from toolkit.tables.frames import as_plain
from toolkit.tables.periods import columns_and_freq
from toolkit.tally.labels import from_codes
from toolkit.tally.rates import Shares, taken
from toolkit.tally.tally import Tally

OUTLET, SCARE, QUOTED, REPORTED = (VOICES.index(name) for name in ("outlet", "scare_quote", "quoted", "reported"))
FLAGS = ("negated", "mentioned", "headline")

Ints = NDArray[np.int64]


def check_hits(hits: Any, needed: Sequence[str], by: str | Sequence[str], freq: str | None) -> pd.DataFrame:
    """Return hits with the columns that are `needed` of their voices, or raise."""
    check_frame(hits, "hits", made_by="tk.find")
    hits = as_plain(hits, "hits")
    require(hits, ["doc_id", "term"], "hits")
    lacks = [column for column in needed if column not in hits.columns]
    if lacks:
        raise FramingError(
            f"These hits do not say whose word they are: there is no column {listed(lacks)}. "
            "Find them with voices: hits = tk.find(tokens, terms, voices=True)."
        )

    keys, period = columns_and_freq(by, freq, hits.columns)
    require(hits, [*keys, *(["date"] if period else [])], "hits")
    if len(hits) == 0:
        raise FramingError(
            "This table of hits has no row, so there is nothing to count. See what the patterns match: tk.word_forms(tokens, terms)."
        )

    # a hit without a voice stands in a language without rules; the flags of all others are known
    heard = is_measured(hits)
    for column in ["doc_id", "term", *(c for c in needed if c not in ("speaker", "voice"))]:
        lacking = hits[column].isna() & (heard if column in FLAGS else True)
        if lacking.any():
            raise FramingError(
                f"The column {column} is missing in {lacking.sum():,} of {len(hits):,} hits; each needs one."
            )
    unknown = [voice for voice in hits.loc[heard, "voice"].unique().tolist() if voice not in VOICES]
    if unknown:
        raise not_found("voice", unknown[0], VOICES)
    flags = [column for column in needed if column in FLAGS]
    for column in flags:
        if not pd.api.types.is_bool_dtype(hits[column]):
            raise FramingError(
                f"The column {column} holds {hits[column].dtype}, not True and False. "
                f"Convert it: hits[{column!r}] = hits[{column!r}].astype('str').str.lower() == 'true'."
            )
    if not heard.all():
        hits = hits.assign(**{column: hits[column].fillna(False).astype("bool") for column in flags})
    if "date" in hits.columns:
        check_dates_in(hits, "hits")
    return hits


def is_measured(hits: pd.DataFrame) -> pd.Series:
    """Tell which hits have a voice: those in a language without rules have none, and are in no share."""
    return hits["voice"].notna()


def with_unmeasured(table: pd.DataFrame, hits: pd.DataFrame, shares: Shares, place: Ints) -> pd.DataFrame:
    """Add how many hits of each cell were not measured, where there are any."""
    lacking = ~is_measured(hits).to_numpy()
    return table.assign(n_unmeasured=taken(shares.laid.count(lacking), place)) if lacking.any() else table


def voices_of(hits: pd.DataFrame) -> Ints:
    """Return the voice of each hit as a place in VOICES, -1 where it has none."""
    return np.asarray(pd.Index(VOICES).get_indexer(pd.Index(hits["voice"])), dtype=np.int64)


def tally_of_hits(hits: pd.DataFrame, code: Ints, kinds: list[Any], name: str) -> Tally:
    """Return the tally of hits by kind, whose `term` is a Categorical in the order in which the terms were looked for."""
    term = hits["term"].astype("str")
    there = term.unique().tolist()
    asked = list((hits.attrs.get("recipe", {}).get("settings") or {}).get("terms") or ())
    names = [*(term for term in asked if term in there), *(term for term in there if term not in asked)]

    frame = hits.assign(term=pd.Categorical(term, categories=names))
    frame.attrs = hits.attrs
    return from_codes(frame, code, kinds, name, stated=names)


def state_of_hits(table: pd.DataFrame, tally: Tally, by: Any, freq: str | None) -> None:
    """State in the recipe of a table that was counted from hits how terms and cells were understood."""
    keys, period = columns_and_freq(by, freq, tally.columns)
    state(table, tally.stated_corpus, terms=tally.stated, by=keys, freq=period)
