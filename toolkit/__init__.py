"""Study media framing: follow terms through news corpora, and say how sure you are.

``import toolkit as tk`` loads no library heavier than the standard one; a name is imported when it is first used.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

_WHERE = {
    "load": "corpora",
    "catalogue": "corpora",
    "fetch": "corpora",
    "report": "corpora",
    "coverage": "corpora",
    "tokenize": "text",
    "Tokens": "text",
    "Terms": "text",
    "find": "text",
    "word_forms": "text",
    "usage": "counting",
    "kwic": "concordance",
    "keyness": "comparison",
    "collocates": "neighbours",
    "contexts": "passages",
    "fit_topics": "topics",
    "topic_shares": "topics",
    "Topics": "topics",
    "save_figure": "records",
    "FramingError": "tables",
    "FramingWarning": "tables",
}

__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(importlib.import_module(f"toolkit.{_WHERE[name]}"), name)
    if name == "figures":
        return importlib.import_module("toolkit.figures")
    raise AttributeError(f"module 'toolkit' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "figures", "__version__"]
