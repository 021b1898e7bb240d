"""Own the order in which figures list cells and terms: that of their categories first."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from toolkit.tables.order import category_order


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
