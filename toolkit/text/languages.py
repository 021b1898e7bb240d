"""Own which language each article is in, as codes of two or three letters."""

from __future__ import annotations

import re

import pandas as pd

from toolkit.tables import FramingError, listed


def languages_of_articles(articles: pd.DataFrame, language: str | None) -> list[str]:
    """Return the language of each article; empty where it is missing.

    Parameters
    ----------
    articles : DataFrame
        The articles.
    language : str or None
        A code such as "en", for all; or the name of a column with codes. None takes the column `language` where there is one, else "en".

    Raises
    ------
    FramingError
        If it is neither a code nor a column.

    Examples
    --------
    >>> languages_of_articles(pd.DataFrame({"doc_id": ["a", "b"], "language": ["en", "de-AT"]}), None)
    ['en', 'de']
    """
    if language is None:
        language = "language" if "language" in articles.columns else "en"

    if language in articles.columns:
        return [language_code(code) if isinstance(code, str) else "" for code in articles[language].tolist()]
    if isinstance(language, str) and re.fullmatch(r"[A-Za-z]{2,3}(?:[-_]\w+)?", language):
        return [language_code(language)] * len(articles)
    raise FramingError(
        f"A language is a code of two letters, such as 'en', or the name of a column with such codes; this is {language!r}, "
        f"and the articles have the columns: {listed(articles.columns)}."
    )


def language_code(language: str) -> str:
    """Return the code of a language without that of a region.

    Examples
    --------
    >>> language_code("de-AT")
    'de'
    """
    return re.split(r"[-_]", language.strip().casefold())[0]
