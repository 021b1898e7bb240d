"""Own what topics are called in figures, and the mark of those that do not hold still."""

from __future__ import annotations

from typing import Any

import pandas as pd

UNSTABLE = "?: the topic is found again in fewer than 80\N{NO-BREAK SPACE}% of runs on other stories."
NO_CERTIFICATE = "No certificate of stability was made (runs=0)."


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
    for topic, label, holds in zip(first["topic"].tolist(), first["label"].tolist(), stable, strict=True):
        shaky = holds is not None and not pd.isna(holds) and not holds
        names[topic] = "no topic" if topic == -1 else f"{label}\N{NO-BREAK SPACE}?" if shaky else str(label)
    return names


def unstable_sentence(names: dict[Any, str]) -> list[str]:
    """Say what the question mark means, where there is one."""
    return [UNSTABLE] if any(name.endswith("\N{NO-BREAK SPACE}?") for name in names.values()) else []


def stability_sentences(table: pd.DataFrame, names: dict[Any, str]) -> list[str]:
    """Say what the question mark means, where there is one, or that nothing is known of stability.

    Examples
    --------
    >>> stability_sentences(pd.DataFrame({"topic": [0], "label": ["court"]}), {0: "court"})
    ['No certificate of stability was made (runs=0).']
    """
    real = table[table["topic"] != -1]
    if len(real) and ("stable" not in real.columns or bool(real["stable"].isna().all())):
        return [NO_CERTIFICATE]
    return unstable_sentence(names)
