"""Own the other names that archives give to the columns of articles."""

from __future__ import annotations

from collections.abc import Iterable

ALIASES = {
    "text": ("body", "content", "article", "fulltext", "content_original"),
    "date": ("published", "publish_date", "pubdate", "day", "published_at", "datetime"),
    "source": ("outlet", "publisher", "newspaper", "medium", "publication"),
    "doc_id": ("id", "docid", "article_id", "guid", "stories_id"),
    "title": ("headline", "head"),
}
"""The columns of articles, each with what others call it."""

_CANONICAL = {alias: column for column, aliases in ALIASES.items() for alias in (column, *aliases)}


def namesakes(column: str, known: Iterable[str]) -> list[str]:
    """Return the `known` names that mean the same column, the toolkit's own first.

    Examples
    --------
    >>> namesakes("Outlet", ["doc_id", "source"]), namesakes("outlet", ["id", "Publisher"]), namesakes("leaning", ["source"])
    (['source'], ['Publisher'], [])
    """
    meant = _CANONICAL.get(column.casefold())
    same = [name for name in map(str, known) if meant and _CANONICAL.get(name.casefold()) == meant and name != column]
    return sorted(same, key=lambda name: name != meant)
