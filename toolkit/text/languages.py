"""Own which language each article is in: what its column says, and else what its text looks like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NamedTuple

import pandas as pd

from toolkit.tables import TEXT_FIELDS, FramingError, listed, nearest
from toolkit.tables.languages import english_names, language_code

STATED, DETECTED, ASSUMED = "stated", "detected", "assumed"

_ENOUGH = 50  # words from which on a text shows its language
_SAMPLE = 100  # texts in which the language of most of the corpus is looked for
_READ = 1_000  # characters that are looked at
_SURE = 0.9  # probability from which on a detection counts
_LIKE_ENGLISH = {"pcm": "en"}  # the pidgin of Nigeria: English with many names is taken for it


class Languages(NamedTuple):
    """The language of each article, as a code without a region; empty where nobody knows. And how it is known.

    Attributes
    ----------
    codes : list of str
        Codes such as "en".
    origins : list of str
        "stated" (in the call or in the column), "detected" (in the text) or "assumed" (that of most of the corpus).
    """

    codes: list[str]
    origins: list[str]


def languages_of_articles(
    articles: pd.DataFrame,
    language: str | None,
    *,
    which: Iterable[int] | None = None,
    known: dict[int, str] | None = None,
) -> Languages:
    """Return the language of each article.

    Parameters
    ----------
    articles : DataFrame
        The articles.
    language : str or None
        A code or a name ("en", "English"), for all; or the column that has them. None takes the column `language` where there is one.
    which : iterable of int, optional, keyword-only
        The articles that matter, by their place: texts of others are not looked at. By default all.
    known : dict, optional, keyword-only
        What was detected before; it takes up what is detected now.

    Raises
    ------
    FramingError
        If `language` is neither a code, nor a name, nor a column.

    Notes
    -----
    Where nothing is stated, py3langid reads the first 1,000 characters of a text of 50 words or more, and counts where it is sure by
    nine to one. All else is assumed to be in the language that is most often stated, or detected in a hundred texts spread over the
    corpus; where there is none, in that which the first texts together look like, or else in English.

    Examples
    --------
    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "language": ["en", "GERMAN; DEUTSCH"]})
    >>> languages_of_articles(articles, None)
    Languages(codes=['en', 'de'], origins=['stated', 'stated'])
    """
    column = "language" if language is None else language
    if language is not None and column not in articles.columns:
        return Languages([_stated(language, articles)] * len(articles), [STATED] * len(articles))
    stated = stated_languages(articles, column)
    codes, origins = list(stated), [STATED if code else ASSUMED for code in stated]
    wanted = range(len(articles)) if which is None else sorted(set(which))
    unknown = [place for place in wanted if not stated[place]]
    if not unknown:
        return Languages(codes, origins)

    # what the texts themselves look like
    seen, texts = ({} if known is None else known), _Texts(articles)

    def detect(place: int) -> str:
        if place not in seen:
            seen[place] = _detected(text) if _has_enough(text := texts.of(place)) else ""
        return seen[place]

    for place in unknown:
        if code := detect(place):
            codes[place], origins[place] = code, DETECTED

    # the rest are taken for what most of the corpus is, whichever articles were asked for
    if not all(codes[place] for place in unknown):
        assumed = _of_most(stated, detect) or _detected(texts.first()) or "en"
        codes = [code or assumed for code in codes]
    return Languages(codes, origins)


def stated_languages(articles: pd.DataFrame, column: str = "language") -> list[str]:
    """Return the code of each article in the column of languages; empty where there is none."""
    if column not in articles.columns:
        return [""] * len(articles)
    return [language_code(value) for value in articles[column].tolist()]


def _stated(language: Any, articles: pd.DataFrame) -> str:
    """Return the code of what a call states, or raise."""
    code = language_code(language)
    if code:
        return code
    near = nearest(str(language), [*map(str, articles.columns), *english_names()], 1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise FramingError(
        f"A language is a code or a name, such as 'en' or 'English', or the name of a column with such; this is {language!r}.{hint} "
        f"The articles have the columns: {listed(articles.columns)}."
    )


class _Texts:
    """The texts of articles: the main one, and where it is empty the standfirst or the title."""

    def __init__(self, articles: pd.DataFrame) -> None:
        order = ["text", *(field for field in TEXT_FIELDS if field != "text")]
        self.columns = [articles[field].tolist() for field in order if field in articles.columns]

    def of(self, place: int) -> str:
        """Return the beginning of one text."""
        texts = (column[place] for column in self.columns)
        return next((text[:_READ] for text in texts if isinstance(text, str) and text.strip()), "")

    def first(self, most: int = 200) -> str:
        """Return the beginnings of the first texts in one."""
        n = min(most, len(self.columns[0])) if self.columns else 0
        return "\n".join(self.of(place)[:200] for place in range(n))[: 5 * _READ]


def _has_enough(text: str) -> bool:
    return len(text.split(maxsplit=_ENOUGH)) >= _ENOUGH or _is_unspaced(text)


def _is_unspaced(text: str) -> bool:
    """Tell a longer text of a script that puts no spaces between words."""
    return len(text) > 4 * _ENOUGH and text.count(" ") * 20 < len(text)


def _detected(text: str) -> str:
    """Return the language that a text looks like; empty where it could be another."""
    if not text.strip():
        return ""
    code, probability = _identifier().classify(text[: 5 * _READ])
    return _LIKE_ENGLISH.get(code, str(code)) if probability >= _SURE else ""


@cache
def _identifier() -> Any:
    from py3langid import langid

    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)


def _of_most(stated: list[str], detect: Callable[[int], str]) -> str:
    """Return the language that is most often stated, or detected in a sample of what states none; empty where there is none.

    Of equals it is the first in the alphabet.
    """
    silent = [place for place, code in enumerate(stated) if not code]
    sample = silent[:: max(1, len(silent) // _SAMPLE)]

    # a text of the sample stands for those that were passed over
    counts: Counter[str] = Counter()
    for code in stated:
        counts[code] += len(sample)
    for code in map(detect, sample):
        counts[code] += len(silent)
    del counts[""]
    return min(counts, key=lambda code: (-counts[code], code)) if counts else ""
