"""Own the other names that archives give to the columns of articles."""

from __future__ import annotations

import re
from collections.abc import Iterable

ALIASES = {
    "text": (
        *(
            "body",
            "content",
            "article",
            "fulltext",
            "full_text",
            "content_original",
            "articlebody",
            "article_body",
            "article_text",
        ),
        *(
            "bodytext",
            "body_text",
            "story",
            "story_body",
            "story_text",
            "maintext",
            "main_text",
            "full_text2",
            "texte",
            "texto",
            "volltext",
        ),
    ),
    "date": (
        *(
            "published",
            "publish_date",
            "pubdate",
            "pub_date",
            "day",
            "published_at",
            "datetime",
            "publication_date",
            "date_publish",
        ),
        *(
            "date_of_publication",
            "date_published",
            "published_date",
            "publication_datetime",
            "webpublicationdate",
            "issue_date",
        ),
        *("load_date", "datum", "erscheinungsdatum", "fecha", "data", "дата"),
    ),
    "source": (
        *("outlet", "publisher", "newspaper", "medium", "publication", "source.name", "source_name", "media_name"),
        *(
            "publication_title",
            "publication_name",
            "publication_title",
            "newspaper_name",
            "newspaper_title",
            "outlet_name",
        ),
        *("media_outlet", "quelle", "zeitung", "journal", "источник"),
    ),
    "doc_id": ("id", "docid", "article_id", "guid", "stories_id", "document_id"),
    "title": (
        "headline",
        "head",
        "heading",
        "titel",
        "titre",
        "título",
        "titulo",
        "web_title",
        "webtitle",
        "article_title",
        "headlines",
    ),
    "url": ("link", "web_url", "weburl", "href"),
    "author": ("authors", "byline", "creator", "autor", "auteur"),
    "section": ("section_name", "sectionname", "ressort", "rubrique"),
    "language": ("lang", "language_code", "sprache", "langue"),
    "standfirst": ("subtitle", "subheadline", "subhead", "lead", "lede", "teaser"),
    "page": ("pages", "seite"),
}
"""The columns of articles, each with what others call it."""


def plain_name(name: str) -> str:
    """Return a column's name without capitals, points and kinds of separator, by which names are compared.

    Examples
    --------
    >>> plain_name("Pub. date"), plain_name("Full_Text"), plain_name("  Publication-title ")
    ('pub_date', 'full_text', 'publication_title')
    """
    return re.sub(r"[\W_]+", "_", name.casefold()).strip("_")


_CANONICAL = {plain_name(alias): column for column, aliases in ALIASES.items() for alias in (column, *aliases)}


def namesakes(column: str, known: Iterable[str]) -> list[str]:
    """Return the `known` names that mean the same column, the toolkit's own first.

    Examples
    --------
    >>> namesakes("Outlet", ["doc_id", "source"]), namesakes("outlet", ["id", "Publisher"]), namesakes("leaning", ["source"])
    (['source'], ['Publisher'], [])
    """
    meant = _CANONICAL.get(plain_name(column))
    same = [name for name in map(str, known) if meant and _CANONICAL.get(plain_name(name)) == meant and name != column]
    return sorted(same, key=lambda name: name != meant)
