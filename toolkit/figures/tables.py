"""Own what a figure remembers of its table, so that it can be saved with it."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import ParamSpec

import pandas as pd
from matplotlib.figure import Figure

from toolkit.figures.paper import Picture, style

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

    @functools.wraps(plot)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with style():
            figure = plot(*args, **kwargs)

        table = args[0] if args else kwargs.get(first)
        if isinstance(figure, Picture) and isinstance(table, pd.DataFrame):
            figure.framing_table = table.copy()
        return figure

    return drawn
