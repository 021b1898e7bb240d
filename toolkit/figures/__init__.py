"""Own the pictures: each function draws one kind of table as a matplotlib figure and computes nothing.

A module holds one picture; it is imported when it is first used, and matplotlib with it. The names are listed in ``__init__.pyi``.
"""

from __future__ import annotations

from toolkit.stubs import attach

__all__ = attach(__name__)


def __dir__() -> list[str]:
    return list(__all__)
