"""Own the hits laid on cells and terms: checked, numbered, one article for each story where asked, counted and bounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.measures.intervals import StorySums, ratio_interval
from toolkit.recipes import make_recipe
from toolkit.speech.voices import VOICES
from toolkit.tables import PERIODS, FramingError, Table, columns_and_freq, listed, not_found, pick, require, warn_user
from toolkit.tables.groups import check_cells, numbered
from toolkit.tables.periods import check_dates
from toolkit.tally.cells import CellSums, Grid, lay_grid

OUTLET, SCARE, QUOTED, REPORTED = (VOICES.index(name) for name in ("outlet", "scare_quote", "quoted", "reported"))
FLAGS = ("negated", "mentioned", "headline")

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class LaidHits:
    """Hits that are counted, each with its slot: a term in a cell.

    Attributes
    ----------
    hits : DataFrame
        The hits; with the story as unit, those of the earliest articles only.
    voice, slot, article, story : ndarray of int64, shape (n_hits,)
        Numbers of each hit. Slots are numbered cell by cell, and in each cell by term.
    grid : Grid
        The cells.
    names : list of str
        The terms.
    order : ndarray of int64, shape (n_slots,)
        The slots as tables list them: terms within groups, and periods within terms.
    n_copies : ndarray of int64, shape (n_slots,)
        Articles with a hit that an earlier one of their story stands for.
    settings, corpus : dict
        What a recipe says of the table and of the articles.
    """

    hits: pd.DataFrame
    voice: Ints
    slot: Ints
    article: Ints
    story: Ints
    grid: Grid
    names: list[str]
    order: Ints
    n_copies: Ints
    settings: dict[str, Any]
    corpus: dict[str, Any]

    @property
    def n_slots(self) -> int:
        """How many slots there are."""
        return len(self.order)

    def counts(self, place: Ints, n: int, some: Bools) -> dict[str, Ints]:
        """Count hits, articles and stories at `n` places; `place` is that of each of `some` of the hits."""
        return {
            "n_hits": np.bincount(place, minlength=n),
            "n_articles": _distinct(place, self.article[some], n),
            "n_stories": _distinct(place, self.story[some], n),
        }

    def interval(self, place: Ints, slot_of: Ints, kind_of: Ints, some: Bools) -> tuple[Floats, Floats]:
        """Return the interval of the part that each place has of `some` of the hits of its slot.

        A place belongs to a slot (`slot_of`) and is of a kind (`kind_of`, such as a voice), which says from which places of other cells
        it is learnt how many such hits a story has.
        """
        slot, story = self.slot[some], self.story[some]
        k, n_places, n_stories = len(self.names), len(slot_of), int(story.max(initial=0)) + 1
        in_slot, size = np.unique(slot * n_stories + story, return_counts=True)
        in_place, hits = np.unique(place * n_stories + story, return_counts=True)
        at, x, n = in_place // n_stories, hits.astype(float), size.astype(float)
        its_size = n[np.searchsorted(in_slot, slot_of[at] * n_stories + in_place % n_stories)]
        where = in_slot // n_stories

        def by_place(values: Floats | None) -> Floats:
            return np.bincount(at, weights=values, minlength=n_places).astype(float)

        def by_slot(values: Floats | None) -> Floats:
            return np.bincount(where, weights=values, minlength=self.n_slots).astype(float)[slot_of]

        sums = StorySums(
            by_slot(None), by_place(x), by_slot(n), by_place(x * x), by_place(x * its_size), by_slot(n * n)
        )
        # how large stories are that have such hits, and others, as all cells of the term show it
        term = slot_of % k
        kind = pd.factorize(kind_of * k + term)[0]
        of_kind = np.bincount(kind, weights=sums.x)[kind]
        with_kind = np.bincount(kind[at], minlength=len(kind))[kind]
        only_kind = np.bincount(kind[at], weights=x == its_size, minlength=len(kind))[kind]
        of_term = np.bincount(where % k, weights=n, minlength=k)[term]
        with_term = np.bincount(where % k, minlength=k)[term]
        with np.errstate(divide="ignore", invalid="ignore"):
            bundle, rest = of_kind / with_kind, (of_term - of_kind) / (with_term - only_kind)
        return ratio_interval(sums, confidence=self.settings["confidence"], whole=True, bundle=bundle, rest=rest)

    def rows(self, slot: Ints) -> pd.DataFrame:
        """Begin a table with a row for each of these slots: its cell and its term."""
        cell, term = np.divmod(slot, len(self.names))
        return self.grid.cells.iloc[cell].reset_index(drop=True).assign(term=pick(self.names, term))

    def finish(
        self,
        table: pd.DataFrame,
        slot: Ints,
        ratio: tuple[str, str, str],
        ends: tuple[Floats, Floats],
        function: str,
        **settings: Any,
    ) -> pd.DataFrame:
        """Return a table with a ratio (its name, and the columns above and below), its interval and the recipe."""
        name, over, under = ratio
        covered = table[under].to_numpy() > 0
        share = np.divide(table[over], table[under], out=np.full(len(table), np.nan), where=covered)
        table = table.assign(**{name: share, "low": ends[0], "high": ends[1], "covered": covered})
        if self.settings["unit"] == "story":
            table["n_copies"] = self.n_copies[slot]
        recipe = make_recipe(function, {**self.settings, **settings}, self.corpus, ("pandas", "numpy", "scipy"))
        table.attrs = {"recipe": recipe}
        return table


def _distinct(place: Ints, code: Ints, n: int) -> Ints:
    """Count the different codes at each place."""
    many = int(code.max(initial=0)) + 1
    return np.bincount(pd.unique(place * many + code) // many, minlength=n)


def lay_hits(
    hits: pd.DataFrame,
    kind: Table,
    needed: Sequence[str],
    by: str | Sequence[str],
    freq: str | None,
    unit: str,
    confidence: float,
) -> LaidHits:
    """Check hits and lay them on cells; `kind` is the table that is made of them, `needed` the columns that it needs of voices."""
    keys, freq = columns_and_freq(by, freq, getattr(hits, "columns", ()))
    check_cells([], freq, unit)
    taken = [column for column in keys if column in kind.columns or column in kind.optional]
    if taken:
        raise FramingError(f"Cells cannot be made by {listed(taken)}: the table of {kind.name} has that column itself.")
    if not 0 < confidence < 1:
        raise FramingError(f"confidence is a number between 0 and 1, such as 0.95; this is {confidence!r}.")
    _check_hits(hits, needed, [*keys, *(["date"] if freq else [])])
    frame = hits.reset_index(drop=True)
    article = pd.factorize(frame["doc_id"])[0].astype(np.int64)
    made = hits.attrs.get("recipe", {})
    names = _terms(frame["term"], made)
    term = pd.Index(names).get_indexer(pd.Index(frame["term"]))
    date = frame["date"] if "date" in frame.columns else pd.Series(pd.NaT, frame.index)
    if isinstance(date.dtype, pd.DatetimeTZDtype):
        date = date.dt.tz_localize(None)  # the day where it was published

    cells, day = frame[keys], date.dt.normalize()
    if freq:
        check_dates(frame.loc[~frame["doc_id"].duplicated()], day, freq)
        cells = cells.assign(period=day.dt.to_period(PERIODS[freq]).dt.start_time.astype("datetime64[us]"))
    cell, groups = numbered(cells)
    ends = day.groupby(cell)
    first, last = (end.reset_index(drop=True) for end in (ends.min(), ends.max()))
    grid = lay_grid(CellSums(groups, names, {}, {}, first, last), keys, freq)
    at = np.empty(len(groups), dtype=np.int64)
    at[grid.place[grid.place >= 0]] = np.flatnonzero(grid.place >= 0)
    k, n_cells = len(names), len(grid.place)
    slot = at[cell] * k + term
    order = np.argsort(np.repeat(grid.group, k) * k + np.tile(np.arange(k), n_cells), kind="stable")

    story = article
    if "story_id" in frame.columns:  # an article without a story is one
        named = pd.factorize(frame["story_id"])[0].astype(np.int64)
        story = np.where(named >= 0, named, article + len(frame))
    n_copies = np.zeros(n_cells * k, dtype=np.int64)
    if unit == "story":
        if "story_id" not in frame.columns:
            warn_user(
                "These hits have no column story_id, so unit='story' counts each article as a story of its own. "
                "Group copies first: articles = tk.mark_stories(articles)."
            )
        stands = _stands_for_story(slot, story, article, date)
        n_copies = _distinct(slot[~stands], article[~stands], n_cells * k)
        frame, slot, article, story = frame[stands], slot[stands], article[stands], story[stands]
    settings = {
        "terms": names,
        "by": keys,
        "freq": freq,
        "unit": unit,
        "confidence": confidence,
        "hits": {"n": len(hits), "function": made.get("function"), "settings": made.get("settings")},
    }
    corpus = made.get("corpus") or {"name": None, "n_articles": int(frame["doc_id"].nunique())}
    voice = pd.Index(VOICES).get_indexer(pd.Index(frame["voice"]))
    return LaidHits(frame, voice, slot, article, story, grid, names, order, n_copies, settings, corpus)


def _stands_for_story(slot: Ints, story: Ints, article: Ints, date: pd.Series) -> Bools:
    """Tell which hits are in the earliest article of their story in their slot; of a tie the first, undated ones last."""
    pair = pd.factorize(slot * (int(story.max()) + 1) + story)[0]
    order = np.argsort(date.to_numpy(), kind="stable")[::-1]  # numpy puts missing dates last
    stands = np.empty(int(pair.max()) + 1, dtype=np.int64)
    stands[pair[order]] = article[order]  # the last that is written is the earliest
    return np.asarray(stands[pair] == article)


def _terms(term: pd.Series, made: dict[str, Any]) -> list[str]:
    """Return the terms that have a hit, in the order in which they were looked for."""
    there = term.unique().tolist()
    stated = list((made.get("settings") or {}).get("terms") or ())
    return [*(name for name in stated if name in there), *(name for name in there if name not in stated)]


def _check_hits(hits: Any, needed: Sequence[str], others: Sequence[str]) -> None:
    if not isinstance(hits, pd.DataFrame):
        raise FramingError(f"A table of hits is a pandas DataFrame, from tk.find; this is a {type(hits).__name__}.")
    require(hits, ["doc_id", "term"], "hits")
    lacks = [column for column in needed if column not in hits.columns]
    if lacks:
        raise FramingError(
            f"These hits do not say whose word they are: there is no column {listed(lacks)}. "
            "Find them with voices: hits = tk.find(tokens, terms, voices=True)."
        )
    require(hits, others, "hits")
    if len(hits) == 0:
        raise FramingError(
            "This table of hits has no row, so there is nothing to count. See what the patterns match: tk.word_forms(tokens, terms)."
        )
    for column in ["doc_id", "term", *(c for c in needed if c != "speaker")]:
        if hits[column].isna().any():
            raise FramingError(
                f"The column {column} is missing in {hits[column].isna().sum():,} of {len(hits):,} hits; each needs one."
            )
    unknown = [voice for voice in hits["voice"].unique().tolist() if voice not in VOICES]
    if unknown:
        raise not_found("voice", str(unknown[0]), VOICES)
    for column in needed:
        if column in FLAGS and not pd.api.types.is_bool_dtype(hits[column]):
            raise FramingError(
                f"The column {column} holds {hits[column].dtype}, not True and False. "
                f"Convert it: hits[{column!r}] = hits[{column!r}].astype('str').str.lower() == 'true'."
            )
    if "date" in hits.columns and not pd.api.types.is_datetime64_any_dtype(hits["date"]):
        raise FramingError(
            f"The column date holds {hits['date'].dtype}, not dates. "
            "Convert it: hits['date'] = pd.to_datetime(hits['date'], errors='coerce')."
        )
