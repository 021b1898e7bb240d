"""Own the order of categories: that of the user's Categorical, or of a known scale such as left, center, right."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

# Scales whose order everybody knows. A column follows one where all its values are on it.
_SCALES = (
    (
        *("far left", "extreme left", "left", "left-wing", "lean left", "leans left", "left-center", "left-centre"),
        *("center-left", "centre-left", "center left", "centre left", "center", "centre", "middle"),
        *("center-right", "centre-right", "center right", "centre right", "right-center", "right-centre"),
        *("lean right", "leans right", "right", "right-wing", "far right", "extreme right"),
    ),
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
    (
        *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october"),
        *("november", "december"),
    ),
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    ("low", "medium", "high"),
)


def category_order(values: pd.Series) -> list[str] | None:
    """Return the values of a column in their order, as text; nothing where they have none.

    A Categorical has one where it is declared ordered, or where its categories do not merely stand in the order of the alphabet, as
    ``astype("category")`` leaves them. Other columns have one where all values stand on one known scale.

    Examples
    --------
    >>> category_order(pd.Series(["Right", "Left", "Center", "Left"]))
    ['Left', 'Center', 'Right']
    >>> category_order(pd.Series(pd.Categorical(["low", "top"], ["top", "low"])))
    ['top', 'low']
    >>> category_order(pd.Series(["Post", "Wire"])) is None
    True
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        names = [str(category) for category in values.cat.categories]
        if values.cat.ordered or names != sorted(names):
            return names

    names = list(dict.fromkeys(values.dropna().astype("str")))
    places = {name: " ".join(name.casefold().split()) for name in names}
    for scale in _SCALES:
        if len(names) > 1 and set(places.values()) <= set(scale):
            return sorted(names, key=lambda name: scale.index(places[name]))
    return None


def cell_ranks(frame: pd.DataFrame, by: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Return for each cell of the column ``row`` its place on each of the `by` columns that have an order; missing values come last.

    Sorted by these ranks first, cells keep the order of their categories. Where no column has one, all ranks are equal.

    Examples
    --------
    >>> frame = pd.DataFrame({"leaning": ["right", "left"], "source": ["A", "B"], "row": ["right · A", "left · B"]})
    >>> cell_ranks(frame, ["leaning", "source"])
    {'right · A': (1,), 'left · B': (0,)}
    """
    ranks: list[tuple[int, ...]] = [()] * len(frame)
    for column in by:
        order = category_order(frame[column])
        if order is None:
            continue

        place = {name: i for i, name in enumerate(order)}
        names = frame[column].astype("str").where(frame[column].notna())
        ranks = [(*rank, place.get(name, len(place))) for rank, name in zip(ranks, names, strict=True)]

    return dict(zip(frame["row"], ranks, strict=True))


def ordered_terms(values: pd.Series) -> list[str]:
    """Return the terms of a table: in the order of their Categorical where they have one, else as they come."""
    terms = list(dict.fromkeys(values.astype("str")))
    order = category_order(values) if isinstance(values.dtype, pd.CategoricalDtype) else None
    return terms if order is None else [term for term in order if term in set(terms)]
