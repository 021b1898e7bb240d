"""Adjust p-values for their number."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

ADJUSTMENTS = ("holm", "bonferroni", "fdr")


def adjusted(p: ArrayLike, how: str | None) -> Floats:
    """Return p-values adjusted for their number: Holm (1979), Bonferroni, or Benjamini and Hochberg (1995).

    Examples
    --------
    >>> [adjusted([0.01, 0.04, 0.03], how).round(2).tolist() for how in ("holm", "bonferroni", "fdr")]
    [[0.03, 0.06, 0.06], [0.03, 0.12, 0.09], [0.03, 0.04, 0.04]]
    """
    given = np.asarray(p, dtype=float)
    n = len(given)
    if how is None or n == 0:
        return given
    if how == "bonferroni":
        return np.minimum(given * n, 1.0)
    order = np.argsort(given)
    rank = np.arange(n)
    if how == "holm":
        steps = np.maximum.accumulate(given[order] * (n - rank))
    else:
        steps = np.minimum.accumulate((given[order] * n / (rank + 1))[::-1])[::-1]
    result = np.empty(n)
    result[order] = np.minimum(steps, 1.0)
    return result
