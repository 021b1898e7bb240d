"""Own the choices that calls offer: each as a type that editors show, and as a tuple that is checked."""

from __future__ import annotations

from typing import Literal, get_args

Freq = Literal["D", "W", "M", "Q", "Y"]
"""The length of a period: day, week (from Monday), month, quarter, year."""

Unit = Literal["article", "story"]
"""What is counted: every article, or of each story only the earliest article in the cell."""

Measure = Literal["per_million", "share", "rival_share"]
"""What a rate is: hits per million words, articles with a hit among all, or hits among those of all kinds together."""

IntervalMethod = Literal["story", "bootstrap", "wilson", "garwood"]
"""How an interval is made."""

Adjustment = Literal["holm", "bonferroni", "fdr"]
"""How p-values are adjusted for the number of tests."""

UNITS: tuple[str, ...] = get_args(Unit)
MEASURES: tuple[str, ...] = get_args(Measure)
INTERVALS: tuple[str, ...] = get_args(IntervalMethod)
ADJUSTMENTS: tuple[str, ...] = get_args(Adjustment)
