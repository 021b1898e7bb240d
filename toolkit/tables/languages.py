"""Own the names of languages: the codes for whatever archives print, by the tables of Unicode's locale data."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

_NONE = {"und", "mul", "mis", "zxx", "n/a", "na", "none", "nan", "unknown", "other", "-", "?"}
_SEVERAL = re.compile(r"[;,/|、，；]")
_CODE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]+)*", re.ASCII)

# the languages in which archives print the names of languages
_PRINTED_IN = "en de fr es it pt nl sv da nb fi pl cs hu ro el tr ru uk ar he zh zh_Hant ja ko".split()
_ALSO = {
    **{"castellano": "es", "farsi": "fa", "mandarin": "zh", "cantonese": "yue", "flemish": "nl", "vlaams": "nl"},
    **{"bokmal": "nb", "bokmål": "nb", "burmese": "my", "serbo-croatian": "sh", "simplified chinese": "zh"},
}


def language_code(language: Any) -> str:
    """Return the code of a language without its region: of a code of two or three letters, or of a name as archives print it.

    Of several languages it is the first that is known. Empty where there is none, or nobody knows it.

    Examples
    --------
    >>> [language_code(name) for name in ("de-AT", "eng", "ENGLISH", "GERMAN; DEUTSCH", "英文", "español", "", "Klingonese", None)]
    ['de', 'en', 'en', 'de', 'en', 'es', '', '', '']
    """
    return _code(language.strip()) if isinstance(language, str) else ""


@lru_cache(maxsize=10_000)
def _code(name: str) -> str:
    if not name or name.casefold() in _NONE:
        return ""
    written = _CODE.fullmatch(name)
    if written and (known := _known_code(written[1].lower())):
        return known

    whole = _plain(name)
    bare = whole.partition("(")[0].strip()
    for tier in (english_names, _printed_names):
        for spelled in (whole, bare):
            if spelled in tier():
                return tier()[spelled]

    parts = [part.strip() for part in _SEVERAL.split(name)]
    return next((code for part in parts if len(parts) > 1 and part and (code := _code(part))), "")


def _known_code(code: str) -> str:
    """Return the shortest code of a language by one of its codes (ISO 639-1, -2, -3); empty if nobody knows it."""
    from babel import Locale
    from babel.core import get_global

    if code in _NONE:
        return ""
    short = str(get_global("language_aliases").get(code, code)).split("_")[0]
    return short if short in Locale("en").languages else ""


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()


@cache
def english_names() -> dict[str, str]:
    """Return the codes of languages by their English names."""
    return {**_names_in("en"), **_ALSO}


@cache
def _printed_names() -> dict[str, str]:
    """Return the codes of languages by their names in the languages of archives, and in the languages themselves."""
    names: dict[str, str] = {}
    for locale in _PRINTED_IN:
        names |= {name: code for name, code in _names_in(locale).items() if name not in names}
    for code in set(names.values()):
        names |= {name: own for name, own in _names_in(code).items() if own == code and name not in names}
    return names


def _names_in(locale: str) -> dict[str, str]:
    """Return the codes of languages by their names in one language; without a name of its region, a code has none."""
    from babel import Locale, UnknownLocaleError

    try:
        languages = Locale.parse(locale).languages
    except (UnknownLocaleError, ValueError):
        return {}
    in_order = sorted(languages.items(), key=lambda item: len(item[0]))  # "en" before "en_GB"
    names: dict[str, str] = {}
    for code, name in in_order:
        names.setdefault(_plain(name), code.split("_")[0])
    return {name: code for name, code in names.items() if code not in _NONE}
