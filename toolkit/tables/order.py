"""Own the order of categories: that of the user's Categorical, or of a known scale such as left, center, right."""

from __future__ import annotations

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
