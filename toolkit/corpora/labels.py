"""Own the labels that people gave: tables that lie beside a corpus's articles."""

from __future__ import annotations

import pandas as pd

from toolkit.corpora.cards import card, read_card
from toolkit.deprecation import old_name
from toolkit.tables import FramingError, not_found


def load_labels(corpus: str, table: str = "labels") -> pd.DataFrame:
    """Read the labels that people gave to the articles of a corpus.

    Parameters
    ----------
    corpus : str
        Name of a known corpus; "reset-demo" has labels.
    table : str
        Which of its tables: "labels" (one row per hit) or "quotations" (one row per quotation).

    Returns
    -------
    DataFrame
        The table that the corpus's guide describes (LABELS.md beside it): one row per label. Empty cells of text columns
        are missing; true and false are booleans.

    Raises
    ------
    FramingError
        If the corpus is unknown or has no such table.

    See Also
    --------
    load : Load the articles.
    share_corpus : Share labels of your own without the text.

    Examples
    --------
    >>> import toolkit as tk
    >>> given = tk.load_labels("reset-demo")
    >>> sorted(given["voice"].unique())
    ['outlet', 'quoted', 'reported', 'scare_quote']
    """
    folder = card(corpus).folder
    data = read_card(folder).file
    known = sorted(path.stem for path in folder.glob("*.csv") if path.name != data)
    if not known:
        raise FramingError(f"The corpus {corpus!r} has no labels: nobody coded it, or what they coded is not shipped.")
    if table not in known:
        raise not_found(f"table of labels of {corpus!r}", table, known)
    read = pd.read_csv(folder / f"{table}.csv", dtype_backend="numpy_nullable")
    for column in read.columns:
        kind = read[column].dtype
        if kind == "boolean" and not read[column].isna().any():
            read[column] = read[column].astype(bool)
        elif kind == "Int64" and not read[column].isna().any():
            read[column] = read[column].astype("int64")
        elif isinstance(kind, pd.StringDtype):
            read[column] = read[column].astype("str")
    read.attrs = {"corpus": corpus}
    return read


labels = old_name("labels", "load_labels", load_labels)
