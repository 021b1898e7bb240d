"""Own the hosts of links: where no source is named, the host of the article's link stands for it."""

from __future__ import annotations

import pandas as pd

_HOST = r"^\s*[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/:?#\s]+)"


def hosts_of(links: pd.Series) -> pd.Series:
    """Return the host of each link in lower case; missing where a link has none.

    Examples
    --------
    >>> hosts_of(pd.Series(["https://www.Example.org:80/a?b", "example.org/a"])).fillna("-").tolist()
    ['www.example.org', '-']
    """
    return links.astype("str").str.extract(_HOST, expand=False).str.lower()
