"""Own the way in: known corpora and their cards, getting their files, loading them as tables, and saying what is odd.

>>> from toolkit.corpora import load, report
>>> articles = load("daily-brief")
>>> list(articles.columns)[:6]
['doc_id', 'source', 'date', 'title', 'standfirst', 'text']
"""

from __future__ import annotations

from toolkit.corpora.cards import catalogue
from toolkit.corpora.fetching import fetch
from toolkit.corpora.fingerprints import combine, fingerprint, fingerprint_parts
from toolkit.corpora.ledger import coverage
from toolkit.corpora.loading import load
from toolkit.corpora.reporting import report

__all__ = ["catalogue", "combine", "coverage", "fetch", "fingerprint", "fingerprint_parts", "load", "report"]
