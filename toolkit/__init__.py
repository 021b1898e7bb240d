"""Study media framing: follow terms through news corpora, and say how sure you are.

``import toolkit as tk`` loads no library heavier than the standard one; a name is imported when it is first used.
The names and where they come from are listed in ``__init__.pyi``, which editors and type checkers read, too.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

from toolkit.stubs import attach

__version__ = "0.1.0"

__all__ = [name for name in attach(__name__) if name != "figures"]

# Old names, kept until version 1.0, and the room of each. Their signatures are in the stub, too.
_OLD = {
    "compare_usage": "tally.contrasts",
    "interrupted": "trends.event_effects",
    "labels": "corpora.labels",
    "rejoin": "corpora.sharing",
    "report": "corpora.oddities",
    "share": "corpora.sharing",
    "topic_contrasts": "topics.regression",
}


def __getattr__(name: str) -> Any:
    if name in _OLD:
        return getattr(importlib.import_module(f"toolkit.{_OLD[name]}"), name)
    raise AttributeError(f"module 'toolkit' has no attribute {name!r}", name=name, obj=sys.modules[__name__])


def __dir__() -> list[str]:
    return [*__all__, "figures", "__version__"]
