"""Study media framing: follow terms through news corpora, and say how sure you are.

``import toolkit as tk`` loads no library heavier than the standard one; a name is imported when it is first used.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

_ROOMS = {
    "corpora": "audit catalogue clean cleaning_report cleaning_rules coverage fetch formats labels "
    "load mark_stories raw_offsets read_articles rejoin report share "
    "collect_feeds collect_gdelt collect_guardian collect_mediacloud collect_nyt",
    "text": "Terms Tokens find quotations suggest_forms tokenize word_forms",
    "counting": "usage",
    "contrasts": "compare_usage",
    "concordance": "kwic show_lines",
    "comparison": "keyness",
    "shifts": "word_shift",
    "neighbours": "collocate_shift collocates",
    "spread": "dispersion",
    "passages": "contexts",
    "speaking": "adoption speakers voice_shares",
    "trends": "bursts change_points events interrupted lead_lag trend",
    "tallies": "count_hits",
    "validation": "sample_for_validation term_error",
    "topics": "Topics fit_topics intrusion_scores intrusion_sheet label_topics senses topic_collocates topic_contrasts topic_lines "
    "topic_map topic_regression topic_shares topic_words",
    "records": "save_figure",
    "tables": "FramingError FramingWarning",
}
_WHERE = {name: room for room, names in _ROOMS.items() for name in names.split()}

__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(importlib.import_module(f"toolkit.{_WHERE[name]}"), name)
    if name == "figures":
        return importlib.import_module("toolkit.figures")
    raise AttributeError(f"module 'toolkit' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "figures", "__version__"]
