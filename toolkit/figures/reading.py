"""Own what a figure reads off its table: which columns are the cells, which measure is drawn, what the caption says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from toolkit.figures.paper import PALETTE
from toolkit.tables import USAGE, FramingError, Table, listed, require


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
        Names of the cells and of the terms, in the order of the table.
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


# The call that makes a table, for who has another one at hand.
_MADE = {
    "topics": "tk.fit_topics(contexts).topics is one.",
    "topic words": "tk.topic_words(topics) makes one.",
    "topic shares": "tk.topic_shares(topics, by='source') makes one.",
    "topic map": "tk.topic_map(topics) makes one.",
    "topic settings": "topics.choose(n=[5, 10, 20]) makes one.",
    "topic regression": "tk.topic_regression(topics, 'source') makes one.",
    "contrasts": "tk.compare_usage(tokens, terms, reference='rest') makes one.",
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
    terms = list(dict.fromkeys(frame["term"]))
    rows = list(dict.fromkeys(frame["row"]))
    check_covered(frame)
    return Reading(frame, by, rows, terms, measure_of(frame, settings, measure), recipe)


def largest(reading: Reading, most: int, size: str, what: str) -> tuple[Reading, list[str]]:
    """Return the `most` rows of cells with the most of `size`, and the sentence that says how many are left out."""
    if most < 1:
        raise FramingError(f"n_rows is how many {what} to draw, 1 or more, not {most}.")
    if len(reading.rows) <= most:
        return reading, []
    frame = reading.frame
    sizes = frame[frame["term"] == reading.terms[0]].groupby("row", sort=False)[size].sum()
    kept = set(sizes.sort_values(ascending=False, kind="stable").index[:most])
    rows = [row for row in reading.rows if row in kept]
    unit = "hits" if size == "n_hits_rivals" else "articles"
    sentence = f"Drawn are the {most:,} of {len(reading.rows):,} {what} with the most {unit}."
    return replace(reading, frame=frame[frame["row"].isin(kept)], rows=rows), [sentence]


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
    return replace(reading, frame=kept, rows=list(dict.fromkeys(kept["row"]))), int(left_out)


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


def quoted(term: str) -> str:
    """Put a term in quotation marks."""
    return f"“{term}”"


def number(n: float) -> str:
    """Write a count with thousands marked."""
    return f"{int(n):,}"


def known(value: Any) -> bool:
    """Whether a cell of a table holds a value."""
    return not bool(pd.isna(value))


def figure_of(value: float) -> str:
    """Write a rate or a percentage for a sentence, without an exponent."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def plural(n: float, one: str, many: str | None = None) -> str:
    """Write a count with its noun."""
    return f"{number(n)} {one if int(n) == 1 else many or one + 's'}"


def joined(parts: Sequence[str]) -> str:
    """Join parts of a sentence by commas and a last "and"."""
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


_NAMES = {"wilson": "Wilson", "garwood": "Garwood"}


def _counts_stories(table: pd.DataFrame, settings: dict[str, Any]) -> bool:
    """Whether copies are left out of what the table counts."""
    return settings.get("unit") == "story" and ("n_copies" not in table.columns or bool(table["n_copies"].any()))


def counted_noun(recipe: dict[str, Any]) -> tuple[str, str]:
    """Return what the table counts, one of it and many: articles, or stories where these are the unit."""
    by_story = recipe.get("function") != "toolkit.topic_shares" and settings_of(recipe).get("unit") == "story"
    return ("story", "stories") if by_story else ("article", "articles")


def measure_label(measure: str, recipe: dict[str, Any]) -> str:
    """Return what stands under the axis of a measure."""
    return MEASURES[measure].label.replace("articles", counted_noun(recipe)[1])


def interval_words(table: pd.DataFrame, recipe: dict[str, Any]) -> str:
    """Say what the interval is: its level and its unit."""
    settings = settings_of(recipe)
    level = settings.get("confidence", 0.95)
    percent = f"{100 * float(level):g}\u00a0%"  # never broken over two lines
    by_article = "unit: the article, each a story of its own"
    if settings.get("interval") in ("wilson", "garwood"):
        words = settings.get("measure") == "per_million"
        unit = f"{_NAMES[str(settings['interval'])]}, each {'word' if words else 'article or hit'} by itself"
    elif {"n_stories_total", "n_articles_total"} <= set(table.columns):
        told = bool((table["n_stories_total"] != table["n_articles_total"]).any()) or _counts_stories(table, settings)
        unit = "unit: the story" if told else by_article
    elif settings.get("interval_unit", settings.get("unit")) == "article":
        unit = by_article
    else:
        unit = "unit: the story"
    drawn = ", percentile bootstrap" if settings.get("interval") == "bootstrap" else ""
    return f"{percent} interval ({unit}{drawn})"


def hits_sentence(reading: Reading) -> str:
    """Say how many hits in how many articles are drawn, and of how many."""
    frame = reading.frame
    one, many = counted_noun(reading.recipe)
    sums = frame.groupby("term", sort=False)[["n_hits", "n_articles", "n_articles_total"]].sum()
    parts = [
        f"{quoted(str(term))} {plural(row['n_hits'], 'hit')} in {plural(row['n_articles'], one, many)}"
        for term, row in sums.iterrows()
    ]
    return f"n = {'; '.join(parts)}; of {plural(sums['n_articles_total'].max(), one, many)}."


def corpus_sentences(recipe: dict[str, Any], n_undated: int = 0) -> list[str]:
    """Say what was left out for want of a date, and name the corpus."""
    sentences = []
    if n_undated:
        sentences.append(f"{plural(n_undated, 'undated article')} {'is' if n_undated == 1 else 'are'} left out.")
    corpus = recipe.get("corpus")
    name = corpus.get("name") if isinstance(corpus, dict) else None
    sentences.append(f"Corpus: {name}." if name else "Corpus: not named in the table.")
    return sentences
