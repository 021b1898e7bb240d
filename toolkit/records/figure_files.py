"""Own the saving of a figure: the picture twice, its data, and the manifest that says how to make it again."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.recipes import changes
from toolkit.records.writes import beside, csv_text, flattened, json_text, sha256
from toolkit.tables import FramingError, warn_user
from toolkit.tables.content import changes_told, content_changes, content_name, content_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SCHEMA = 2  # 1 had the name of the notebook, and no word on whether the table is as it was made
SUFFIXES = (".csv", ".svg", ".png", ".json")  # in the order of writing: the manifest last, when all it names is there

_NO_XML = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
)  # what XML cannot hold, such as a null character in a name
_NAME = re.compile(r"\w[\w-]*")  # letters and digits of any script: no folder, no hidden file


def save_figure(
    figure: Figure,
    name: str,
    table: pd.DataFrame | None = None,
    *,
    folder: str | Path | None = None,
    note: str | None = None,
) -> Path:
    """Save a figure with its data and its recipe.

    Four files are written, all or none: ``name.png`` (200 dots per inch), ``name.svg`` (text stays text), ``name.csv``
    (the table) and ``name.json``, the manifest. The same figure gives the same bytes each time, in a notebook that is run
    by hand and in one that `framing reproduce` runs. Absolute paths and keys are not written.

    The manifest has the recipe of the table: corpus (with what was done to it), function, settings, the tables it was
    made of, versions, and the columns, rows and SHA-256 of the data. What was done to a corpus that nothing tells of is
    "unknown". Where the table is not as that function made it, ``changed_afterwards`` says what differs; ``unproven`` says that nothing can be told.

    Parameters
    ----------
    figure : matplotlib Figure
        The figure, as ``toolkit.figures`` or matplotlib made it.
    name : str
        What the files are called: letters, digits, ``-`` and ``_``.
    table : DataFrame, optional
        The data that the figure shows, with the recipe in its ``attrs``. A figure of ``toolkit.figures`` knows its table, so
        only one of your own needs it.
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
        If the name is not a plain one, the table or the figure is something else, the figure does not know its table
        and none is given, or the table is not the one that the figure was drawn from.

    Warns
    -----
    FramingWarning
        Where the table carries no recipe, so that the manifest cannot say where the figure came from, where the recipe
        does not say what the table held, and where the table was changed after its recipe was written.

    See Also
    --------
    reproduce : Run the notebooks again and compare their figures with those that were kept.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "source": ["Post", "Wire"], "text": ["A reset.", "No news."]})
    >>> usage = tk.usage(articles, ["reset"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = tk.save_figure(tk.figures.plot_usage(usage), "who-says-reset", usage, folder=folder)
    ...     sorted(p.name for p in path.parent.iterdir())
    ['who-says-reset.csv', 'who-says-reset.json', 'who-says-reset.png', 'who-says-reset.svg']
    """
    _check(figure, name, table)
    drawn = _drawn(figure, name, table)
    place = Path(folder if folder is not None else os.environ.get("FRAMING_FIGURES") or "figures")
    data = csv_text(drawn).encode("utf-8")
    manifest = json_text(_manifest(name, drawn, data, note)).encode("utf-8")
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
    if table is not None and not isinstance(table, pd.DataFrame):
        raise FramingError(
            f"save_figure keeps the figure's data, a pandas DataFrame; this is a {type(table).__name__}. "
            "Give the table that was drawn: tk.save_figure(figure, name, table)."
        )


def _drawn(figure: Any, name: str, table: pd.DataFrame | None) -> pd.DataFrame:
    """Return the table that the figure was drawn from, as the figure knows it or as it was given."""
    known = getattr(figure, "framing_table", None)
    if not isinstance(known, pd.DataFrame):
        if table is None:
            raise FramingError(
                "This figure does not know its data: it was not drawn by toolkit.figures. "
                f"Give the table that it shows: tk.save_figure(figure, {name!r}, table)."
            )
        return table
    if table is None or table is known:
        return known

    differences = content_changes(content_of(known), table)
    if differences:
        raise FramingError(
            f"This is not the table that the figure was drawn from: {changes_told(differences)}. "
            f"The figure knows its own, so leave the table out: tk.save_figure(figure, {name!r})."
        )
    return table


def _manifest(name: str, table: pd.DataFrame, data: bytes, note: str | None) -> dict[str, Any]:
    recipe = table.attrs.get("recipe")
    if not isinstance(recipe, dict):
        warn_user(
            f"The table of figure {name!r} carries no recipe, so its manifest cannot say where it came from. "
            "pandas drops attrs in some steps; put them back: table.attrs = usage.attrs."
        )
        recipe = {}
    manifest = {
        "schema": SCHEMA,
        "name": name,
        "corpus": recipe.get("corpus"),
        "function": recipe.get("function"),
        "settings": recipe.get("settings"),
        "versions": recipe.get("versions"),
    }
    if recipe.get("inputs"):
        manifest["inputs"] = recipe["inputs"]
    manifest |= _proof(name, table, recipe)
    manifest["data"] = {
        "sha256": sha256(data),
        "n_rows": len(table),
        "columns": [str(column) for column in flattened(table).columns],
    }
    if note:
        manifest["note"] = note
    return manifest


def _proof(name: str, table: pd.DataFrame, recipe: dict[str, Any]) -> dict[str, Any]:
    """Say whether the table is what its recipe describes, in the manifest and, where it is not, in a warning."""
    if not recipe:
        return {"unproven": "the table carries no recipe, so how it was made is unknown"}
    changed = changes(table)
    if changed is None:
        warn_user(
            f"The recipe of figure {name!r} does not say what its table held, so nothing shows that the table is as it was made. "
            "A recipe that was written by hand, or by an earlier version, has no hash of the content."
        )
        return {"unproven": "the recipe has no hash of the content"}
    if changed:
        warn_user(
            f"The table of figure {name!r} was changed after {recipe.get('function')} made it: {changes_told(changed)}. "
            "The manifest says so."
        )
        return {"content": content_name(recipe["content"]), "changed_afterwards": changed}
    return {"content": content_name(recipe["content"])}


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
        written = svg.read_text(encoding="utf-8")
        svg.write_text(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", written), encoding="utf-8", newline="\n")
        figure.savefig(png, format="png", dpi=200, metadata={"Software": None})
