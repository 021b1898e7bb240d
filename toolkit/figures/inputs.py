"""Own what a figure takes from its table: checks, cells, the measure, the largest rows, and the copy that it keeps."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ParamSpec

import pandas as pd
from matplotlib.figure import Figure

from toolkit.figures.orders import cell_ranks, ordered_terms
from toolkit.figures.paper import PALETTE, Picture, style
from toolkit.tables import USAGE, FramingError, Table, listed, require
from toolkit.tables.checks import check_at_least

P = ParamSpec("P")


def drawn_from(plot: Callable[P, Figure]) -> Callable[P, Figure]:
    """Draw in the toolkit's style, and give the figure a copy of the table that it is drawn from, its first argument.

    ``figure.framing_table`` is the table as it was given, with its attrs, also where only a part of it is drawn: its recipe describes
    that table and no part of it. Later changes of the table do not reach the figure.

    Examples
    --------
    >>> from toolkit.figures.paper import new_picture
    >>> @drawn_from
    ... def plot_nothing(table):
    ...     return new_picture(1, 1)
    >>> table = pd.DataFrame({"n": [1]})
    >>> table.attrs["recipe"] = {"function": "toolkit.usage"}
    >>> figure = plot_nothing(table)
    >>> figure.framing_table.attrs["recipe"]["function"]
    'toolkit.usage'
    >>> figure.framing_table is table
    False
    """

    first = next(iter(inspect.signature(plot).parameters))
    untyped: Callable[..., Figure] = plot

    @functools.wraps(plot)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        table = args[0] if args else kwargs.get(first)
        if isinstance(table, pd.DataFrame) and (kind := _kind_of(table)) is not None:
            shown = _as_terms(table, kind)
            others = {name: value for name, value in kwargs.items() if name != first}
            draw = functools.partial(untyped, shown, *args[1:], **others)
        else:
            draw = functools.partial(untyped, *args, **kwargs)

        with style():
            figure = draw()

        if isinstance(figure, Picture) and isinstance(table, pd.DataFrame):
            figure.framing_table = table.copy()
        return figure

    return drawn


def _kind_of(table: pd.DataFrame) -> str | None:
    """Return the column of kinds of a table that was counted from a tally of something else than terms."""
    settings = table.attrs.get("recipe", {}).get("settings") or {}
    kind = settings.get("kind")
    return kind if isinstance(kind, str) and kind in table.columns and "term" not in table.columns else None


def _as_terms(table: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return the table with its kinds as terms, by which figures know them; a topic is named by its number and label."""
    names = table[kind].astype("str")
    if "label" in table.columns:
        names = names + ": " + table["label"].astype("str")
    shown = table.drop(columns="label", errors="ignore").assign(**{kind: names}).rename(columns={kind: "term"})
    shown.attrs = table.attrs
    return shown


@dataclass(frozen=True)
class Measure:
    """A measure as a reader sees it: the axis label, and the number of units in a whole."""

    label: str
    factor: float
    noun: str


MEASURES = {
    "per_million": Measure("hits per million words", 1.0, "rate"),
    "share": Measure("articles with the term, % of all articles", 100.0, "share"),
    "rival_share": Measure("% of the hits of all rival terms", 100.0, "share"),
}


_NEEDED = ("term", "n_hits", "n_articles", "n_articles_total", "low", "high", "covered")


@dataclass(frozen=True)
class Reading:
    """A usage table as a figure sees it.

    Attributes
    ----------
    frame : DataFrame
        The table, with a column ``row`` that names the cell.
    by : list of str
        The columns that make the cells, apart from the period.
    rows, terms : list of str
        Names of the cells in the order of the table, and of the terms; these keep the order of a Categorical.
    ranks : dict
        The place of each cell on the columns that have an order, such as leanings; see ``toolkit.figures.orders``.
    measure : str
        The column that is drawn and to which ``low`` and ``high`` belong.
    recipe : dict
        The recipe of the table; empty where it was lost.
    """

    frame: pd.DataFrame
    by: list[str]
    rows: list[str]
    terms: list[str]
    measure: str
    ranks: dict[str, tuple[int, ...]]
    recipe: dict[str, Any] = field(default_factory=dict)


Row = dict[str, Any]


def records(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a table as dictionaries."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def recipe_of(table: pd.DataFrame) -> dict[str, Any]:
    """Return the table's recipe, or an empty one."""
    recipe = table.attrs.get("recipe")
    return dict(recipe) if isinstance(recipe, dict) else {}


def settings_of(recipe: dict[str, Any]) -> dict[str, Any]:
    """Return the settings in a recipe, or none."""
    settings = recipe.get("settings")
    return dict(settings) if isinstance(settings, dict) else {}


def by_columns(table: pd.DataFrame, kind: Table, settings: dict[str, Any]) -> list[str]:
    """Return the columns that make the cells: those that the recipe names, else all that the kind does not know."""
    known = {*kind.columns, *kind.optional}
    left = [str(c) for c in table.columns if c not in known]
    named = settings.get("by")
    if isinstance(named, str):
        named = [named]
    if isinstance(named, (list, tuple)):
        return [str(c) for c in named if c in table.columns]
    return left


def row_names(table: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    """Name each row of the table after its cell; a missing value is named as such."""
    if not by:
        return pd.Series("all articles", index=table.index, dtype="str")
    parts = [table[c].astype("str").where(table[c].notna(), "(unknown)") for c in by]
    names = parts[0]
    for part in parts[1:]:
        names = names + " · " + part
    return names


# The call that makes a table, for readers who have another one at hand.
_MADE = {
    "topics": "tk.fit_topics(contexts).topics is one.",
    "topic words": "tk.topic_words(topics) makes one.",
    "topic shares": "tk.topic_shares(topics, by='source') makes one.",
    "topic map": "tk.topic_map(topics) makes one.",
    "topic settings": "topics.compare_settings(n=[5, 10, 20]) makes one.",
    "topic regression": "tk.topic_regression(topics, 'source') makes one.",
    "contrasts": "tk.compare(tokens, terms, reference='rest') makes one.",
}


def check_table(table: Any, kind: str) -> pd.DataFrame:
    """Raise unless `table` is a DataFrame with at least one row."""
    if not isinstance(table, pd.DataFrame):
        made = f" {_MADE[kind]}" if kind in _MADE else ""
        raise FramingError(f"A table of {kind} is a pandas DataFrame; this is a {type(table).__name__}.{made}")
    if len(table) == 0 and len(table.columns):
        raise FramingError(f"This table of {kind} is empty: it has columns but no row.")
    return table


def check_columns(table: pd.DataFrame, wanted: Iterable[str], kind: str) -> None:
    """Raise unless the table has the wanted columns; say also which call makes a table of this kind."""
    try:
        require(table, wanted, kind)
    except FramingError as error:
        raise FramingError(f"{error} {_MADE[kind]}") from None


def check_once(frame: pd.DataFrame, keys: list[str], kind: str) -> None:
    """Raise where a cell occurs more than once."""
    twice = frame.duplicated(keys)
    if twice.any():
        cell = listed(frame.loc[twice, keys].iloc[0])
        raise FramingError(
            f"A table of {kind} has one row for each {' and '.join(keys)}; {cell} occurs more than once. "
            "If the table has more columns than its recipe's by, draw a part of it: usage[usage['section'] == ...]."
            if kind == "usage"
            else f"A table of {kind} has one row for each {' and '.join(keys)}; {cell} occurs more than once."
        )


def measure_of(frame: pd.DataFrame, settings: dict[str, Any], wanted: str | None) -> str:
    """Return the measure to which the interval belongs, or raise when another one is wanted.

    The recipe names it. Where the recipe was lost it is the measure that lies inside its interval in every row.
    """
    if wanted is not None and wanted not in MEASURES:
        raise FramingError(f"There is no measure {wanted!r}. There are: {listed(MEASURES)}.")
    there = [m for m in MEASURES if m in frame.columns]
    if not there:
        require(frame, [wanted or "per_million"], "usage")
    stated = settings.get("measure")
    if stated in there:
        fits = [stated]
    else:
        drawn = frame[frame["covered"].astype(bool)]
        slack = 1e-9

        def inside(m: str) -> bool:
            rows = drawn[drawn[m].notna()]
            close = slack * rows[m].abs().clip(lower=1e-12)
            return bool(((rows[m] >= rows["low"] - close) & (rows[m] <= rows["high"] + close)).all())

        fits = [m for m in there if inside(m)] or there
    if wanted is None:
        return str(fits[0])
    if wanted not in fits:
        raise FramingError(
            f"The interval in this table belongs to {fits[0]}, so {wanted} cannot be drawn with it. "
            f"Count again: tk.usage(..., measure={wanted!r})."
        )
    return wanted


def read_usage(usage: Any, measure: str | None = None, *, needed: Sequence[str] = _NEEDED) -> Reading:
    """Check a usage table and say what is to be drawn."""
    table = check_table(usage, "usage")
    require(table, needed, "usage")
    recipe = recipe_of(table)
    settings = settings_of(recipe)
    by = by_columns(table, USAGE, settings)
    frame = table.copy()
    frame["term"] = frame["term"].astype("str")
    frame["row"] = row_names(frame, by)
    check_covered(frame)
    rows, terms = list(dict.fromkeys(frame["row"])), ordered_terms(table["term"])
    ranks = cell_ranks(frame, by)
    return Reading(frame, by, rows, terms, measure_of(frame, settings, measure), ranks, recipe)


def cells_of(table: pd.DataFrame, kind: Table, words: Sequence[str]) -> tuple[pd.DataFrame, list[str]]:
    """Return a table with its cells named in ``row``, and the columns that make them; `words` name the table and what it counts."""
    by = by_columns(table, kind, settings_of(recipe_of(table)))
    frame = table.assign(row=row_names(table, by), term=table["term"].astype("str"))
    name, counted = words
    if not frame["covered"].astype(bool).any():
        raise FramingError(
            f"Nothing can be drawn: no cell of this table of {name} has any {counted} (covered is False in all rows)."
        )
    return frame, by


def most_of(
    frame: pd.DataFrame, sizes: pd.Series, most: int, what: str, counted: str
) -> tuple[pd.DataFrame, list[str]]:
    """Return the rows of the `most` largest cells, by the sizes of the cells, and the sentence that says of how many."""
    check_at_least("n_rows", most, 1, f"how many {what} to draw")
    if len(sizes) <= most:
        return frame, []
    kept = sizes.sort_values(ascending=False, kind="stable").index[:most]
    sentence = f"Drawn are the {most:,} of {len(sizes):,} {what} with the most {counted}."
    return frame[frame["row"].isin(kept)], [sentence]


def largest(reading: Reading, most: int, size: str, what: str) -> tuple[Reading, list[str]]:
    """Return the `most` rows of cells with the most of `size`, and the sentence that says how many are left out."""
    frame = reading.frame
    sizes = frame[frame["term"] == reading.terms[0]].groupby("row", sort=False)[size].sum()
    unit = "hits" if size == "n_hits_rivals" else "articles"
    kept, sentences = most_of(frame, sizes.reindex(reading.rows, fill_value=0), most, what, unit)
    there = set(kept["row"])
    return replace(reading, frame=kept, rows=[row for row in reading.rows if row in there]), sentences


def height(cell: Row | None, name: str) -> tuple[int, float]:
    """Return a key that sorts from the highest value down, then cells without a value, then those that are not covered."""
    if cell is None or not cell["covered"]:
        return 2, 0.0
    return (1, 0.0) if not known(cell[name]) else (0, -float(cell[name]))


@dataclass(frozen=True)
class Cells:
    """The rows of a table by cell and kind (a term, a topic), with cells and kinds in the order in which they are drawn."""

    rows: list[str]
    kinds: list[str]
    by: Sequence[str]
    at: dict[tuple[str, str], Row]

    @property
    def panels(self) -> list[list[tuple[str, str]]]:
        """What each panel shows: the cells of one kind, or without columns that make cells all kinds together."""
        if not self.by:
            return [[(self.rows[0], kind) for kind in self.kinds]]
        return [[(row, kind) for row in self.rows] for kind in self.kinds]


def read_cells(frame: pd.DataFrame, by: Sequence[str], terms: pd.Series, value: str, *, sort: bool) -> Cells:
    """Lay a table out by cell and term; sorted, both go from the highest value down, but columns with an order keep it."""
    at = {(row["row"], row["term"]): row for row in records(frame)}
    rows = list(dict.fromkeys(frame["row"]))
    kinds = [term for term in ordered_terms(terms) if term in set(frame["term"])]
    if sort:
        ranks = cell_ranks(frame, by)
        rows.sort(key=lambda row: (ranks[row], [height(at.get((row, kind)), value) for kind in kinds]))
    if sort and not by:
        kinds.sort(key=lambda kind: height(at.get((rows[0], kind)), value))
    return Cells(rows, kinds, by, at)


def dated(reading: Reading) -> tuple[Reading, int]:
    """Return what has a period, and how many articles have none."""
    frame = reading.frame
    if not pd.api.types.is_datetime64_any_dtype(frame["period"]):
        raise FramingError(
            f"The column period holds {frame['period'].dtype}, not dates. "
            "Convert it: usage['period'] = pd.to_datetime(usage['period'])."
        )
    undated = frame["period"].isna()
    if undated.all():
        raise FramingError(
            "Nothing can be drawn over time: no row of this table has a period, so no article has a date."
        )
    left_out = frame[undated & (frame["term"] == reading.terms[0])]["n_articles_total"].sum()
    kept = frame[~undated]
    check_covered(kept)
    rows = sorted(dict.fromkeys(kept["row"]), key=lambda row: reading.ranks[row])
    return replace(reading, frame=kept, rows=rows), int(left_out)


def check_covered(frame: pd.DataFrame) -> None:
    """Raise where no cell has an article."""
    if not frame["covered"].astype(bool).any():
        cells = "its one row" if len(frame) == 1 else f"all {len(frame):,} rows"
        raise FramingError(
            f"Nothing can be drawn: no cell of this table has any article (covered is False in {cells}). "
            "See whether the corpus was filtered to nothing: usage[['n_articles_total']].sum()."
        )


def check_terms(terms: Sequence[str], what: str) -> None:
    """Raise when there are more terms than marks that can be told apart."""
    if len(terms) > len(PALETTE):
        raise FramingError(
            f"{what} tells {len(PALETTE)} terms apart; this table has {len(terms)}: {listed(terms)}. "
            "Draw some of them: usage[usage['term'].isin([...])]."
        )


def known(value: Any) -> bool:
    """Whether a cell of a table holds a value."""
    return not bool(pd.isna(value))
