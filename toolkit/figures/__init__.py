"""Own the pictures: each function draws one kind of table as a matplotlib figure and computes nothing.

A module holds one picture; it is imported when it is first used, and matplotlib with it.
"""

from __future__ import annotations

import importlib
from typing import Any

_WHERE = {
    "plot_coverage": "coverage_days",
    "plot_usage": "usage_dots",
    "plot_usage_over_time": "usage_lines",
    "plot_rivals": "rival_shares",
    "plot_topic_shares": "topic_dots",
    "style": "paper",
}

__all__ = ["plot_coverage", "plot_rivals", "plot_topic_shares", "plot_usage", "plot_usage_over_time", "style"]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(importlib.import_module(f"toolkit.figures.{_WHERE[name]}"), name)
    raise AttributeError(f"module 'toolkit.figures' has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)
