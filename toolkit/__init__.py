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
    "text.terms": "Terms",
    "text.tokens": "Tokens tokenize",
    "text.suggestions": "suggest_forms",
    "speech.quotations": "quotations",
    "hits": "contexts find",
    "tally.usage": "usage",
    "tally.contrasts": "compare compare_usage",
    "tally.counts": "count_hits",
    "tally.tally": "Tally",
    "tally.adoption": "adoption",
    "tally.speakers": "speakers",
    "tally.voices": "voice_shares",
    "tally.word_forms": "word_forms",
    "lexis.concordance": "kwic show_lines",
    "lexis.keyness": "keyness",
    "lexis.word_shift": "word_shift",
    "lexis.collocates": "collocates",
    "lexis.collocate_shift": "collocate_shift",
    "lexis.dispersion": "dispersion",
    "trends.bursts": "bursts",
    "trends.change_points": "change_points",
    "trends.chronologies": "events",
    "trends.event_effects": "event_effects interrupted",
    "trends.lead_lag": "lead_lag",
    "trends.trend": "trend",
    "coding.samples": "sample_for_validation",
    "coding.search_error": "term_error",
    "coding.intrusion": "intrusion_scores intrusion_sheet",
    "topics.record": "Topics",
    "topics.fit": "fit_topics",
    "topics.labels": "label_topics",
    "topics.senses": "senses",
    "topics.collocates": "topic_collocates",
    "topics.regression": "topic_contrasts topic_regression",
    "topics.words": "topic_lines topic_words",
    "topics.map": "topic_map",
    "topics.shares": "topic_shares",
    "records.figure_files": "save_figure",
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
