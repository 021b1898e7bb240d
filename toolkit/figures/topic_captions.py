"""Own what topics are called in figures, and the mark of the unstable ones."""

from __future__ import annotations

from typing import Any

import pandas as pd

from toolkit.figures.signs import Meaning

UNSTABLE = Meaning(
    "unstable topic", "the topic is found again in fewer than 80\N{NO-BREAK SPACE}% of runs on other stories"
)


def topic_names(frame: pd.DataFrame) -> dict[Any, str]:
    """Return the name of each topic: its label, with a question mark where it is not stable; outliers are no topic.

    Examples
    --------
    >>> topic_names(pd.DataFrame({"topic": [0, 1, -1], "label": ["court", "rain", "outliers"], "stable": [True, False, None]}))
    {0: 'court', 1: 'rain\\xa0?', -1: 'no topic'}
    """
    first = frame.drop_duplicates("topic")
    stable = first["stable"].tolist() if "stable" in first.columns else [None] * len(first)
    names = {}
    for topic, label, is_stable in zip(first["topic"].tolist(), first["label"].tolist(), stable, strict=True):
        mark = "\N{NO-BREAK SPACE}?" if is_unstable(is_stable) else ""
        names[topic] = "no topic" if topic == -1 else f"{label}{mark}"
    return names


def is_unstable(stable: Any) -> bool:
    """Whether a topic's certificate says that it is not stable; without one nothing is known.

    Examples
    --------
    >>> is_unstable(False), is_unstable(True), is_unstable(None)
    (True, False, False)
    """
    return stable is not None and not pd.isna(stable) and not stable


def certificate_sentences(table: pd.DataFrame) -> list[str]:
    """Say that nothing is known of stability, where it is so.

    Examples
    --------
    >>> certificate_sentences(pd.DataFrame({"topic": [0], "label": ["court"]}))
    ['No certificate of stability was made (resamples=0).']
    """
    real = table[table["topic"] != -1]
    unknown = len(real) and ("stable" not in real.columns or bool(real["stable"].isna().all()))
    return ["No certificate of stability was made (resamples=0)."] if unknown else []
