"""Small corpora of counts whose course over time is visible."""

from __future__ import annotations

import pandas as pd
import pytest


@pytest.fixture
def counts():
    """Return a function that makes a counts corpus from rows of (source, day, words, hits) with an optional story."""

    def make(rows):
        table = pd.DataFrame([row[:4] for row in rows], columns=["source", "date", "n_words", "n_reset"])
        table["date"] = pd.to_datetime(table["date"])
        table["doc_id"] = [f"d{i}" for i in range(len(table))]
        if any(len(row) > 4 for row in rows):
            table["story_id"] = [row[4] if len(row) > 4 else None for row in rows]
        return table

    return make


@pytest.fixture
def daily(counts):
    """Return a function that makes one article a day and source from lists of hits; None is a day without an article."""

    def make(start="2017-01-02", n_words=100, **hits):
        days = pd.date_range(start, periods=max(map(len, hits.values())))
        return counts(
            [(source, day, n_words, n) for source, each in hits.items() for day, n in zip(days, each) if n is not None]
        )

    return make
