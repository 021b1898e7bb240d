"""Own the way in: known corpora and their cards, getting their files, loading them as tables, and saying what is odd.

>>> from toolkit.corpora import load, report
>>> articles = load("daily-brief")
>>> list(articles.columns)[:6]
['doc_id', 'source', 'date', 'title', 'standfirst', 'text']
"""

from __future__ import annotations

from toolkit.corpora.audits import audit
from toolkit.corpora.cards import catalogue
from toolkit.corpora.cleaning import clean, cleaning_report, cleaning_rules, raw_offsets
from toolkit.corpora.collectors import collect_feeds, collect_gdelt, collect_guardian, collect_mediacloud, collect_nyt
from toolkit.corpora.door import formats, read_articles
from toolkit.corpora.downloads import fetch
from toolkit.corpora.fingerprints import combine, fingerprint, fingerprint_parts
from toolkit.corpora.labels import labels
from toolkit.corpora.ledger import coverage
from toolkit.corpora.sharing import rejoin, share
from toolkit.corpora.shipped import load
from toolkit.corpora.stories import mark_stories
from toolkit.corpora.summary import report

__all__ = [
    "audit",
    "catalogue",
    "clean",
    "cleaning_report",
    "cleaning_rules",
    "collect_feeds",
    "collect_gdelt",
    "collect_guardian",
    "collect_mediacloud",
    "collect_nyt",
    "combine",
    "coverage",
    "fetch",
    "fingerprint",
    "fingerprint_parts",
    "formats",
    "labels",
    "load",
    "mark_stories",
    "raw_offsets",
    "read_articles",
    "rejoin",
    "report",
    "share",
]
