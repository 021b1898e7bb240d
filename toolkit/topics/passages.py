"""Own how passages are shown: on one line, cut to their middle, without what copies differ in."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return a text with a space for each character that cannot be printed."""
    return "".join(c if c.isprintable() else " " for c in text)


def middle_of(text: str, each_side: int, dots: str) -> str:
    """Return the middle of a passage as one line: the term stands there, unless the field begins or ends nearby.

    Examples
    --------
    >>> middle_of("The reset with Moscow\\nand the ban", 9, "…"), middle_of("A reset.", 9, "…")
    ('… with Moscow …', 'A reset.')
    """
    line = " ".join(text.split())
    if len(line) <= 2 * each_side:
        return line
    at = len(line) // 2
    inside = line[at - each_side : at + each_side].partition(" ")[2].rpartition(" ")[0]
    return f"{dots} {inside} {dots}"


def bare(text: str) -> str:
    """Return a text without what copies differ in: marks, spaces and capitals.

    Examples
    --------
    >>> bare("The “Reset”, again ")
    'theresetagain'
    """
    return "".join(filter(str.isalnum, text)).casefold()
