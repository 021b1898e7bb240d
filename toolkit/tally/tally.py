"""Own the tally: per article, passage or hit and per kind, what was counted and out of what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.tables import FramingError, listed, not_found
from toolkit.tables.content import frame_changes
from toolkit.tables.periods import dates_of

if TYPE_CHECKING:
    from scipy.sparse import csr_array


class Counted(Protocol):
    """Whatever has kinds: a tally, or what was counted of it."""

    @property
    def name(self) -> str: ...
    @property
    def kinds(self) -> list[Any]: ...
    @property
    def about(self) -> dict[str, Any]: ...


Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False, repr=False)
class Tally:
    """What was counted of each kind in each unit: the one thing that rates, shares, comparisons and trends are made of.

    A unit is an article, a passage or a single hit; a kind is a term, a voice, a speaker, a topic, a frame, or any label. Whatever
    takes a corpus and terms takes a tally instead: ``tk.usage(tally)``, ``tk.compare(tally, reference="rest")``,
    ``tk.trend(tally, freq="M")``, ``tk.change_points(tally)`` and so on. Make one with `tk.tally`.

    Attributes
    ----------
    units : DataFrame
        One row per unit, with the columns that cells can be made by; `doc_id` says which article it is or lies in.
    kinds : list
        The kinds, each by its own text (or number), in the order in which they were asked for.
    name : str
        What the kinds are, and so the column that tables give them in: "term", "voice", "speaker", "topic", "frame".
    counts : csr_array, shape (n_units, n_kinds)
        How often each kind was counted in each unit.
    n_words : ndarray of int64, shape (n_units,), or None
        The words of each unit. None where no words were counted: then there are shares, but no rate per million words.
    n_whole : ndarray, shape (n_units,)
        What shares among kinds are out of: the counts of all kinds together, also of those that were not selected.
    article, story : ndarray of int64, shape (n_units,)
        The article and the story of each unit, as numbers. An article without a story is a story of its own.
    corpus : dict
        Name, fingerprint and size of the articles.
    stated : object
        What was counted, as a recipe states it.
    about : dict of array
        What else is known of each kind, such as the label of a topic: columns that tables give beside the kind.
    counted : DataFrame
        The units as they were when they were counted.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "source": ["Post", "Wire"], "text": ["A reset, a reset.", "No news."]})
    >>> tk.tally(articles, ["reset", "news"])
    Tally of 2 terms (reset, news) in 2 articles, 3 counted
    """

    units: pd.DataFrame
    kinds: list[Any]
    name: str
    counts: csr_array
    n_words: Ints | None
    n_whole: NDArray[Any]
    article: Ints
    story: Ints
    corpus: dict[str, Any]
    stated: Any
    about: dict[str, Any] = field(default_factory=dict)
    counted: pd.DataFrame = field(init=False)

    def __post_init__(self) -> None:
        # pandas copies what is edited in place, so that edits of `units` do not reach it
        object.__setattr__(self, "counted", self.units.copy(deep=False))

    def __repr__(self) -> str:
        shown = listed(map(str, self.kinds[:6])) + (", ..." if len(self.kinds) > 6 else "")
        plural = "s" if len(self.kinds) != 1 else ""
        where = f"{len(self.units):,} articles" if self.one_each else f"{len(self.units):,} units of articles"
        return (
            f"Tally of {len(self.kinds):,} {self.name}{plural} ({shown}) in {where}, {self.counts.sum():,.12g} counted"
        )

    @property
    def stated_corpus(self) -> dict[str, Any]:
        """The corpus as recipes state it: with what was edited in `units` after they were counted; new columns do not count."""
        changed = frame_changes(self.counted, self.units)
        return {**self.corpus, "units_changed_afterwards": changed} if changed else self.corpus

    @property
    def columns(self) -> list[str]:
        """The columns that cells can be made by."""
        return [str(column) for column in self.units.columns]

    @property
    def measures_words(self) -> bool:
        """Whether words were counted, so that there are rates per million."""
        return self.n_words is not None

    @cached_property
    def one_each(self) -> bool:
        """Whether each unit is an article of its own."""
        return int(self.article.max(initial=-1)) + 1 == len(self.article)

    @cached_property
    def date(self) -> pd.Series:
        """The date of each unit, as the clock stood where it was published."""
        return dates_of(self.units)

    def frame(self) -> pd.DataFrame:
        """Return the counts as a long table: a row for each unit and kind with a count, the unit's columns first.

        Examples
        --------
        >>> import pandas as pd, toolkit as tk
        >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "text": ["A reset, a reset.", "No news."]})
        >>> tk.tally(articles, ["reset", "news"]).frame()
          doc_id   term  n
        0      a  reset  2
        1      b   news  1
        """
        filled = self.counts.tocoo()
        unit, kind = filled.coords
        about = self.units.iloc[unit].reset_index(drop=True)
        return about.assign(**{self.name: kind_column(self.kinds, kind), "n": filled.data})

    def select(self, kinds: Any) -> Tally:
        """Return the tally of some kinds. Shares stay out of all of them.

        Examples
        --------
        >>> import pandas as pd, toolkit as tk
        >>> articles = pd.DataFrame({"doc_id": ["a"], "source": ["Post"], "text": ["A reset, not a ban, a reset."]})
        >>> some = tk.tally(articles, ["reset", "ban"]).select("ban")
        >>> tk.usage(some, measure="rival_share")["rival_share"].round(2).tolist()
        [0.33]
        """
        if isinstance(kinds, Mapping):
            raise FramingError(
                f"This is counted already, so patterns play no part. Name the {self.name}s: {listed(map(repr, self.kinds[:12]))}."
            )
        several = not isinstance(kinds, str) and hasattr(kinds, "__iter__")
        wanted = list(dict.fromkeys(kinds)) if several else [kinds]
        if not wanted:
            raise FramingError(f"There is no {self.name} to count. Name at least one of: {listed(self.kinds)}.")

        place = {kind: number for number, kind in enumerate(self.kinds)}
        for kind in wanted:
            if kind not in place:
                raise not_found(self.name, kind, [str(known) for known in self.kinds])
        at = [place[kind] for kind in wanted]
        about = {column: values.take(at) for column, values in self.about.items()}
        stated = {"kinds": wanted, "of": self.stated}
        return replace(
            self, kinds=wanted, counts=self.counts[:, at], about=about, stated=stated, corpus=self.stated_corpus
        )

    def where(self, mask: pd.Series | NDArray[np.bool_]) -> Tally:
        """Return the tally of some units: `mask` is true for each that stays, such as ``tally.units["source"] == "CNN"``."""
        if isinstance(mask, pd.Series) and not mask.index.equals(self.units.index):
            raise FramingError(
                "The mask has another index than tally.units. Make it of these: tally.units['source'] == 'CNN'."
            )
        given = np.asarray(mask)
        if given.dtype != bool or given.shape != (len(self.units),):
            raise FramingError(
                f"where() takes true or false for each of the {len(self.units):,} units, such as tally.units['source'] == 'CNN'; this is "
                f"{given.dtype} of shape {given.shape}."
            )

        at = np.flatnonzero(given)
        names = self.units["doc_id"].iloc[at].astype("str").tolist()
        part = {
            "n_units": len(at),
            "of": len(self.units),
            "doc_id": _hashed("\0".join(names).encode("utf-8", "surrogatepass")),
        }
        if not self.one_each:  # articles do not tell which of their units these are
            part["units"] = _hashed(at.astype("<i8").tobytes())
        corpus = {**self.stated_corpus, "where": [*self.corpus.get("where", []), part]}
        return replace(
            self,
            units=self.units.iloc[at].reset_index(drop=True),
            counts=self.counts[at],
            n_words=None if self.n_words is None else self.n_words[at],
            n_whole=self.n_whole[at],
            article=np.asarray(pd.factorize(self.article[at])[0], dtype=np.int64),
            story=self.story[at],
            corpus=corpus,
        )


def _hashed(content: bytes) -> str:
    return sha256(content).hexdigest()[:16]


def kind_column(kinds: Sequence[Any], at: Ints) -> Any:
    """Return a column whose rows are these kinds; a kind that is None is a missing value."""
    texts = all(kind is None or isinstance(kind, str) for kind in kinds)
    known = pd.array(list(kinds), dtype="str") if texts else pd.Series(list(kinds)).array
    return known.take(at)


def kind_columns(of: Counted, at: Ints) -> dict[str, Any]:
    """Return the columns that say which kind each row is of, and what else is known of it."""
    return {of.name: kind_column(of.kinds, at), **{column: values.take(at) for column, values in of.about.items()}}


def row_sums(counts: csr_array) -> NDArray[Any]:
    """Return what all kinds of each unit come to."""
    return np.asarray(counts.sum(axis=1)).ravel()
