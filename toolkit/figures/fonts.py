"""Own the letters: which installed font has those that the figures' own font lacks, and the warning where none has."""

from __future__ import annotations

import logging
import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from matplotlib import font_manager
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font

from toolkit.tables import warn_user

FONT = "DejaVu Sans"
_EAST_ASIAN = {"CJK": "Chinese", "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "HANGUL": "Korean", "BOPOMOFO": "Chinese"}  # fmt: skip

# Those that systems come with, in the order in which they are tried.
FALLBACKS = (
    *("Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans CJK TC", "Noto Sans SC", "Noto Sans JP"),
    *("Noto Sans KR", "Noto Sans TC", "Source Han Sans SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "PingFang SC"),
    *(
        "Hiragino Sans GB",
        "Hiragino Sans",
        "Apple SD Gothic Neo",
        "Microsoft YaHei",
        "Yu Gothic",
        "Meiryo",
        "MS Gothic",
    ),
    *("Malgun Gothic", "SimHei", "NanumGothic", "IPAexGothic", "IPAGothic", "TakaoGothic", "Droid Sans Fallback"),
    *("Noto Sans Devanagari", "Lohit Devanagari", "Nirmala UI", "Kohinoor Devanagari", "Mangal", "Noto Sans Arabic"),
    *("Noto Sans Hebrew", "Noto Sans Bengali", "Noto Sans Tamil", "Noto Sans Thai", "Noto Sans Ethiopic", "Loma"),
    *("Leelawadee UI", "Thonburi", "Arial Unicode MS", "Unifont"),
)


@lru_cache(maxsize=8192)
def families(text: str) -> tuple[str, ...]:
    """Return the fonts that draw `text`: the figures' own, and others that have what it lacks.

    A text that needs no other font gets none, so that a figure in Latin, Greek or Cyrillic letters is the same everywhere.

    Examples
    --------
    >>> families("court, judge")
    ('DejaVu Sans',)
    """
    missing = _lacking(text)
    chosen = [FONT]
    for name in _installed() if missing else ():
        provided = missing & _letters(name)
        if provided:
            chosen.append(name)
            missing -= provided
    return tuple(chosen)


@lru_cache(maxsize=8192)
def undrawn(text: str) -> frozenset[str]:
    """Return the scripts of `text` of which no font has the letters."""
    return frozenset(_script(c) for c in _lacking(text).difference(*(_letters(name) for name in families(text))))


def warn_undrawn(texts: Iterable[str]) -> None:
    """Warn once about all scripts that come out as boxes, and say what to install."""
    scripts = sorted(frozenset[str]().union(*map(undrawn, texts)))
    if not scripts:
        return
    east = {"Chinese", "Japanese", "Korean"}
    known = [s for s in scripts if s]
    fonts = sorted({"Noto Sans CJK" if s in east else f"Noto Sans {s}" for s in known})
    letters = f"{', '.join(known)} letters" if known else "Some signs"
    way = f" Install {' and '.join(fonts)} (free fonts), and draw again." if fonts else ""
    warn_user(f"{letters} are drawn as boxes in this figure, since no installed font has them.{way}")


@contextmanager
def quiet(texts: Iterable[str]) -> Iterator[None]:
    """Silence matplotlib's warnings for single letters and for fallbacks without bold: the toolkit warns once for all."""
    if all(len(families(text)) == 1 and not undrawn(text) for text in texts):
        yield
        return
    logger = logging.getLogger("matplotlib.font_manager")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "(Glyph .* missing from|Matplotlib currently does not support)")
            yield
    finally:
        logger.setLevel(level)


def _lacking(text: str) -> frozenset[str]:
    """Return the printed characters that the figures' own font lacks."""
    if text.isascii():
        return frozenset()
    return frozenset(c for c in set(text) - _letters(FONT) if not unicodedata.category(c).startswith(("C", "Z")))


@lru_cache(maxsize=64)
def _letters(family: str) -> frozenset[str]:
    path = font_manager.findfont(FontProperties(family=family), fallback_to_default=False)
    return frozenset(map(chr, FT2Font(path).get_charmap()))


@lru_cache(maxsize=1)
def _installed() -> tuple[str, ...]:
    """Return the fallbacks that there are; fonts installed since matplotlib made its list are added to it."""
    known = {entry.fname for entry in font_manager.fontManager.ttflist}
    for path in font_manager.findSystemFonts():
        if path not in known:
            try:
                font_manager.fontManager.addfont(path)
            except (OSError, RuntimeError, ValueError):  # not a font that can be read
                continue
    names = {entry.name for entry in font_manager.fontManager.ttflist}
    return tuple(name for name in FALLBACKS if name in names)


def _script(character: str) -> str:
    """Return the name of a letter's script; empty for signs of none, such as pictures."""
    if not unicodedata.category(character).startswith(("L", "M")):
        return "Chinese" if unicodedata.east_asian_width(character) == "F" else ""
    word = unicodedata.name(character, "").split(" ")[0].split("-")[0]
    if word == "MATHEMATICAL":
        return ""
    return _EAST_ASIAN.get(word, word.capitalize())
