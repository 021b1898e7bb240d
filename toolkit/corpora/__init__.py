"""Own the way in: known corpora and their cards, getting their files, loading them as tables, and saying what is odd.

A name is imported when it is first used; the names are listed in ``__init__.pyi``.

>>> from toolkit.corpora import audit, load
>>> articles = load("daily-brief")
>>> list(articles.columns)[:6]
['doc_id', 'source', 'date', 'title', 'standfirst', 'text']
"""

from __future__ import annotations

from toolkit.stubs import attach

__all__ = attach(__name__)


def __dir__() -> list[str]:
    return list(__all__)
