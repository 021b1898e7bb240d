"""Own the other names that archives give to the columns of articles."""

from __future__ import annotations

import re
from collections.abc import Iterable

ALIASES = {
    "text": tuple(
        "body content article fulltext full_text content_original articlebody article_body article_text bodytext body_text story_body "
        "story_text maintext main_text full_text2 texte texto volltext".split()
    ),
    "date": tuple(
        "published publish_date pubdate pub_date day published_at datetime publication_date date_publish date_of_publication "
        "date_published published_date publication_datetime webpublicationdate issue_date datum erscheinungsdatum fecha дата".split()
    ),
    "source": tuple(
        "outlet publisher newspaper medium publication source_name media_name publication_title publication_name newspaper_name "
        "newspaper_title outlet_name media_outlet quelle zeitung journal источник".split()
    ),
    "doc_id": tuple("id docid article_id guid stories_id document_id".split()),
    "title": tuple(
        "headline head heading titel titre título titulo web_title webtitle article_title headlines".split()
    ),
    "url": tuple("link web_url weburl href".split()),
    "author": tuple("authors byline creator autor auteur".split()),
    "section": tuple("section_name sectionname ressort rubrique".split()),
    "language": tuple("lang language_code sprache langue".split()),
    "standfirst": tuple("subtitle subheadline subhead lead lede teaser".split()),
    "page": tuple("pages seite".split()),
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
