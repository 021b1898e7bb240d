"""Own how figures put things: numbers, plurals, quotation marks, and the sentences that captions share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from toolkit.figures.inputs import MEASURES, Reading, settings_of
from toolkit.tables import FramingError


def quoted(term: str) -> str:
    """Put a term in quotation marks."""
    return f"“{term}”"


def number(n: float) -> str:
    """Write a count with thousands marked."""
    return f"{int(n):,}"


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
    percent = confidence_words(settings)
    by_article = "unit: the article, each a story of its own"
    if settings.get("interval") in ("wilson", "garwood"):
        words = settings.get("measure") == "per_million"
        unit = f"{_NAMES[str(settings['interval'])]}, each {'word' if words else 'article or hit'} by itself"
    elif {"n_stories_total", "n_articles_total"} <= set(table.columns):
        grouped = bool((table["n_stories_total"] != table["n_articles_total"]).any()) or _counts_stories(
            table, settings
        )
        unit = "unit: the story" if grouped else by_article
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


def unmeasured_sentences(frame: pd.DataFrame) -> list[str]:
    """Say how many hits have no voice, since their language has no rules; `frame` has the `row` and the `term` of each cell.

    Examples
    --------
    >>> frame = pd.DataFrame({"row": ["A", "A", "B"], "term": "reset", "n_unmeasured": [2, 2, 1]})
    >>> unmeasured_sentences(frame)
    ['3 hits in languages without rules have no voice: they were not measured, and are in no share.']
    """
    if "n_unmeasured" not in frame.columns:
        return []
    cell = [column for column in ("row", "term", "period") if column in frame.columns]
    n = int(frame.drop_duplicates(cell)["n_unmeasured"].sum())
    if n == 0:
        return []
    was = "has no voice: it was not measured, and is" if n == 1 else "have no voice: they were not measured, and are"
    return [f"{plural(n, 'hit')} in languages without rules {was} in no share."]


def confidence_words(settings: Mapping[str, Any]) -> str:
    """Return the level of an interval, which is never broken over two lines.

    Examples
    --------
    >>> confidence_words({"confidence": 0.9})
    '90\\xa0%'
    """
    return f"{100 * float(settings.get('confidence', 0.95)):g}\N{NO-BREAK SPACE}%"


_ADJUSTED = {"holm": "Holm", "bonferroni": "Bonferroni", "fdr": "Benjamini and Hochberg"}


def adjusted_words(settings: Mapping[str, Any], n: int, noun: str) -> str:
    """Name the p of a table: of how many comparisons, and how it was adjusted for them."""
    adjust = settings.get("adjust")
    return f"p adjusted for {plural(n, noun)} ({_ADJUSTED[adjust]})" if adjust in _ADJUSTED else "p"


def side_names(settings: Mapping[str, Any]) -> tuple[str, str]:
    """Return what a recipe calls target and reference: their values, or "all others", else "the target" and "the reference"."""
    names = []
    for side in ("target", "reference"):
        given = settings.get(side)
        if isinstance(given, Mapping) and given:
            values = [", ".join(map(str, value)) if isinstance(value, list) else str(value) for value in given.values()]
            names.append(" · ".join(values))
        else:
            names.append("all others" if given == "all others" else f"the {side}")
    return names[0], names[1]


def check_sides(sides: Any) -> tuple[str, str] | None:
    """Raise unless `sides` are two names or nothing."""
    if sides is None:
        return None
    if isinstance(sides, str) or len(sides) != 2:
        raise FramingError(f"sides are two names, such as ('CNN', 'others'), not {sides!r}.")
    return str(sides[0]), str(sides[1])


def size_sentence(settings: Mapping[str, Any], names: Sequence[str], more: str = "") -> list[str]:
    """Say how many articles and words two sides have, where the recipe knows."""
    if "n_articles_target" not in settings:
        return []
    sizes = [
        f"{name} {plural(settings[f'n_articles_{side}'], 'article')}, {plural(settings[f'n_words_{side}'], 'word')}"
        for name, side in zip(names, ("target", "reference"), strict=True)
    ]
    return [f"n = {'; '.join(sizes)}{more}."]
