"""Own standfirsts that the text begins with: their words would count twice, so they are set aside."""

from __future__ import annotations

from typing import Any

import pandas as pd


def repeats_lead(standfirst: pd.Series, text: pd.Series) -> pd.Series:
    """Tell which standfirsts the text begins with.

    Examples
    --------
    >>> repeats_lead(pd.Series(["A vote came.", "Rain", None]), pd.Series(["A vote  came.\\n\\nIt was late.", "Sun", "x"])).tolist()
    [True, False, False]
    """

    def same(lead: Any, body: Any) -> bool:
        if not isinstance(lead, str) or not isinstance(body, str):
            return False
        words = " ".join(lead.split()).casefold().rstrip(" .…")
        begins = " ".join(body[: 2 * len(lead) + 100].split()).casefold()
        return len(words.split()) > 2 and begins.startswith(words) and not begins[len(words) : len(words) + 1].isalnum()

    return pd.Series([same(*each) for each in zip(standfirst, text, strict=True)], index=text.index, dtype="bool")


def with_one_lead(articles: pd.DataFrame) -> pd.DataFrame:
    """Return articles whose standfirst is missing where the text begins with it; `standfirst_raw` has it there.

    Examples
    --------
    >>> articles = pd.DataFrame({"standfirst": ["A vote came.", "Rain fell."], "text": ["A vote came. It was late."] * 2})
    >>> with_one_lead(articles)[["standfirst", "standfirst_raw"]].values.tolist()
    [[nan, 'A vote came.'], ['Rain fell.', nan]]
    """
    given = articles["standfirst"].astype("str")
    if "standfirst_raw" in articles.columns:
        given = articles["standfirst_raw"].astype("str").fillna(given)

    twice = repeats_lead(given, articles["text"])
    if not twice.any():
        return articles
    return articles.assign(standfirst=given.mask(twice), standfirst_raw=given.where(twice))
