"""Own the pictures: each function draws one kind of table as a matplotlib figure and computes nothing.

A module holds one picture; it is imported when it is first used, and matplotlib with it.
"""

from __future__ import annotations

import importlib
from typing import Any

_WHERE = {
    "plot_adoption": "adoption_dots",
    "plot_speakers": "speaker_map",
    "plot_voice_shares": "voice_bars",
    "plot_collocate_shift": "collocate_shift_dots",
    "plot_contrasts": "contrast_dots",
    "plot_coverage": "coverage_days",
    "plot_usage": "usage_dots",
    "plot_usage_over_time": "usage_lines",
    "plot_trend": "trend_lines",
    "plot_lead_lag": "lag_bars",
    "plot_rivals": "rival_shares",
    "plot_topic_shares": "topic_dots",
    "plot_topic_shares_over_time": "topic_lines",
    "plot_topic_effects": "topic_effect_dots",
    "plot_topic_map": "topic_map_dots",
    "plot_topic_settings": "topic_setting_dots",
    "plot_topic_words": "topic_bars",
    "plot_stability": "stability_dots",
    "plot_keyness": "keyness_dots",
    "plot_word_shift": "word_shift_bars",
    "style": "paper",
}

__all__ = [
    "plot_adoption",
    "plot_collocate_shift",
    "plot_contrasts",
    "plot_coverage",
    "plot_keyness",
    "plot_lead_lag",
    "plot_rivals",
    "plot_speakers",
    "plot_stability",
    "plot_topic_effects",
    "plot_topic_map",
    "plot_topic_settings",
    "plot_topic_shares",
    "plot_topic_shares_over_time",
    "plot_topic_words",
    "plot_trend",
    "plot_usage",
    "plot_usage_over_time",
    "plot_voice_shares",
    "plot_word_shift",
    "style",
]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(importlib.import_module(f"toolkit.figures.{_WHERE[name]}"), name)
    raise AttributeError(f"module 'toolkit.figures' has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)
