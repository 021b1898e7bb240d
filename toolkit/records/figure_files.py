"""Own the saving of a figure: the picture twice, its data, and the manifest that says how to make it again."""

from __future__ import annotations

import os
import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.records.writes import beside, csv_text, flattened, json_text, sha256
from toolkit.tables import FramingError, FramingWarning

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SCHEMA = 1
SUFFIXES = (".csv", ".svg", ".png", ".json")  # in the order of writing: the manifest last, when all it names is there

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")


def save_figure(
    figure: Figure, name: str, table: pd.DataFrame, *, folder: str | Path | None = None, note: str | None = None
) -> Path:
    """Save a figure with its data and its recipe.

    Four files are written, all or none: ``name.png`` (200 dots per inch), ``name.svg`` (text stays text), ``name.csv``
    (the table) and ``name.json``, the manifest: corpus name, fingerprint and size, function, settings, versions, and
    the columns, rows and SHA-256 of the data. The same figure gives the same bytes each time. Absolute paths and keys
    are not written.

    Parameters
    ----------
    figure : matplotlib Figure
        The figure, as ``toolkit.figures`` or matplotlib made it.
    name : str
        What the files are called: letters, digits, ``-`` and ``_``.
    table : DataFrame
        The data that the figure shows, with the recipe in its ``attrs``.
    folder : str or Path, optional, keyword-only
        Where to write; by default the folder that the environment names as FRAMING_FIGURES, else ``figures``.
    note : str, optional, keyword-only
        A sentence to keep in the manifest.

    Returns
    -------
    Path
        The PNG.

    Raises
    ------
    FramingError
        If the name is not a plain one, or the table or the figure is something else.

    Warns
    -----
    FramingWarning
        Where the table carries no recipe, so that the manifest cannot say where the figure came from.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd, toolkit as tk
    >>> usage = pd.DataFrame({
    ...     "source": ["A", "B"], "term": ["reset", "reset"], "n_hits": [3, 0], "n_articles": [2, 0],
    ...     "n_articles_total": [4, 5], "n_words": [2000, 2500], "per_million": [1500.0, 0.0], "share": [0.5, 0.0],
    ...     "low": [300.0, 0.0], "high": [5000.0, 1800.0], "covered": [True, True]})
    >>> usage.attrs["recipe"] = {"function": "toolkit.usage", "settings": {}, "corpus": {}, "versions": {}}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = tk.save_figure(tk.figures.plot_usage(usage), "who-says-reset", usage, folder=folder)
    ...     sorted(p.name for p in path.parent.iterdir())
    ['who-says-reset.csv', 'who-says-reset.json', 'who-says-reset.png', 'who-says-reset.svg']
    """
    _check(figure, name, table)
    place = Path(folder if folder is not None else os.environ.get("FRAMING_FIGURES") or "figures")
    data = csv_text(table).encode("utf-8")
    manifest = json_text(_manifest(name, table, data, note)).encode("utf-8")
    with beside(place) as workshop:
        (workshop / f"{name}.csv").write_bytes(data)
        _draw(figure, workshop / f"{name}.svg", workshop / f"{name}.png")
        (workshop / f"{name}.json").write_bytes(manifest)
        for suffix in SUFFIXES:
            os.replace(workshop / f"{name}{suffix}", place / f"{name}{suffix}")
    return place / f"{name}.png"


def _check(figure: Any, name: Any, table: Any) -> None:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise FramingError(
            f"The name of a figure is made of letters, digits, - and _, such as 'who-says-reset'; this is {name!r}. "
            "To write elsewhere, give folder=."
        )
    if not hasattr(figure, "savefig"):
        raise FramingError(
            f"save_figure saves a matplotlib figure; this is a {type(figure).__name__}. Of axes, take axes.figure."
        )
    if not isinstance(table, pd.DataFrame):
        raise FramingError(
            f"save_figure keeps the figure's data, a pandas DataFrame; this is a {type(table).__name__}. "
            "Give the table that was drawn: tk.save_figure(figure, name, table)."
        )


def _manifest(name: str, table: pd.DataFrame, data: bytes, note: str | None) -> dict[str, Any]:
    recipe = table.attrs.get("recipe")
    if not isinstance(recipe, dict):
        warnings.warn(
            f"The table of figure {name!r} carries no recipe, so its manifest cannot say where it came from. "
            "pandas drops attrs in some steps; put them back: table.attrs = usage.attrs.",
            FramingWarning,
            stacklevel=3,
        )
        recipe = {}
    manifest = {
        "schema": SCHEMA,
        "name": name,
        "corpus": recipe.get("corpus"),
        "function": recipe.get("function"),
        "settings": recipe.get("settings"),
        "versions": recipe.get("versions"),
        "data": {
            "sha256": sha256(data),
            "n_rows": len(table),
            "columns": [str(column) for column in flattened(table).columns],
        },
    }
    notebook = os.environ.get("FRAMING_NOTEBOOK")
    if notebook:
        manifest["notebook"] = Path(notebook).name
    if note:
        manifest["note"] = note
    return manifest


def _draw(figure: Figure, svg: Path, png: Path) -> None:
    import matplotlib

    # What changes from run to run is fixed: the salt of the SVG's identifiers, the date, the library's own name.
    same: dict[Any, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": "framing",
        "savefig.bbox": "standard",
        "savefig.transparent": False,
    }
    with matplotlib.rc_context(same):
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        figure.savefig(png, format="png", dpi=200, metadata={"Software": None})
