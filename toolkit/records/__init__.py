"""Own what keeps figures true: each is saved with its data and recipe, and the notebooks can be run again and compared."""

from __future__ import annotations

import importlib
from typing import Any

_WHERE = {
    "save_figure": "saving",
    "clean_outputs": "notebooks",
    "run_notebook": "notebooks",
    "reproduce": "reproduction",
}

__all__ = ["clean_outputs", "reproduce", "run_notebook", "save_figure"]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(importlib.import_module(f"toolkit.records.{_WHERE[name]}"), name)
    raise AttributeError(f"module 'toolkit.records' has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)
