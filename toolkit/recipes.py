"""Write down how a table was made: function, settings, corpus and versions."""

from __future__ import annotations

from functools import cache
from importlib import metadata
from typing import Any


@cache
def version(package: str) -> str:
    """Return the installed version of a package, or "not installed".

    Examples
    --------
    >>> version("no-such-package")
    'not installed'
    """
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def make_recipe(
    function: str, settings: dict[str, Any], corpus: dict[str, Any], packages: tuple[str, ...] = ("pandas", "numpy")
) -> dict[str, Any]:
    """Return the recipe of a table, to ride in its ``attrs["recipe"]``.

    Parameters
    ----------
    function : str
        Dotted name of the function that made the table.
    settings : dict
        Its settings as plain JSON values.
    corpus : dict
        Name, fingerprint and size of the articles it was made from.
    packages : tuple of str
        Packages besides this one whose version can change the result.

    Examples
    --------
    >>> make_recipe("toolkit.usage", {"freq": "M"}, {"name": "daily-brief"}, packages=())["settings"]
    {'freq': 'M'}
    """
    versions = {name: version(name) for name in ("framing-toolkit", *packages)}
    return {"function": function, "settings": settings, "corpus": corpus, "versions": versions}
