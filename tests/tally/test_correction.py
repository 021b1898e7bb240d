"""Corrected rates: which tables of errors are taken, and where the corrected columns stand."""

from __future__ import annotations

import pandas as pd
import pytest

import toolkit as tk
from toolkit.tally.correction import corrected_by, read_error

ERROR = pd.DataFrame(
    {
        "term": ["reset", "ban"],
        "unit": "hit",
        "confidence": 0.95,
        "correction": [0.5, 2.0],
        "correction_low": [0.5, 2.0],
        "correction_high": [0.5, 2.0],
    }
)
USAGE = pd.DataFrame(
    {"term": ["ban", "reset"], "per_million": [10.0, 8.0], "low": [5.0, 4.0], "high": [20.0, 16.0], "covered": True}
)


@pytest.mark.parametrize(
    ("column", "other", "said"),
    [("confidence", 0.9, "Use one confidence for both"), ("unit", "article", "was measured on articles")],
)
@pytest.mark.parametrize("row", [0, 1])
def test_every_row_of_an_error_must_fit(column, other, said, row):
    """One term measured with another confidence, or on other units, is refused, wherever its row stands."""
    assert read_error(ERROR, ["reset", "ban"], [], "per_million", 0.95) == []
    mixed = ERROR.copy()
    mixed.loc[row, column] = other
    with pytest.raises(tk.FramingError, match=said):
        read_error(mixed, ["reset", "ban"], [], "per_million", 0.95)


def test_a_correction_known_for_sure_is_a_factor_after_the_interval():
    """Half of 8 and twice 10, with their ends, stand in this order right after the interval, each with its own term."""
    made = corrected_by(USAGE, ERROR, [], "per_million")
    new = ["corrected", "corrected_low", "corrected_high"]
    assert list(made.columns) == ["term", "per_million", "low", "high", *new, "covered"]
    assert made[new].to_numpy().ravel().tolist() == pytest.approx([20.0, 10.0, 40.0, 4.0, 2.0, 8.0])
