"""A small usage table with its recipe, and notebooks that save a figure of it."""

from __future__ import annotations

import nbformat
import pandas as pd
import pytest

from toolkit.recipes import sealed

USAGE = {
    "source": ["Post", "Wire"],
    "term": ["reset", "reset"],
    "n_hits": [3, 0],
    "n_articles": [2, 0],
    "n_articles_total": [4, 5],
    "n_words": [2000, 2500],
    "per_million": [1500.0, 0.0],
    "share": [0.5, 0.0],
    "low": [300.0, 0.0],
    "high": [5000.0, 1800.0],
    "covered": [True, True],
}
RECIPE = {
    "function": "toolkit.usage",
    "settings": {"by": ["source"], "measure": "per_million", "confidence": 0.95},
    "corpus": {"name": "daily-brief", "fingerprint": "9-ab12", "n_articles": 9},
    "versions": {"framing-toolkit": "0.1.0", "pandas": "3.1.1"},
}


@pytest.fixture
def recipe():
    """The recipe of the usage table, without its content."""
    return {**RECIPE, "settings": dict(RECIPE["settings"])}


@pytest.fixture
def usage(recipe):
    """Usage of one term in two sources."""
    return sealed(pd.DataFrame(USAGE), recipe)


@pytest.fixture
def write_notebook():
    """Return a function that writes a notebook of code cells; a cell is its source, or (source, tags)."""

    def write(path, *cells):
        made = []
        for number, cell in enumerate(cells):
            source, tags = cell if isinstance(cell, tuple) else (cell, [])
            made.append(nbformat.v4.new_code_cell(source, id=f"c{number}", metadata={"tags": tags} if tags else {}))
        nbformat.write(nbformat.v4.new_notebook(cells=made), path)
        return path

    return write


@pytest.fixture
def saves():
    """Return a function that writes the source of a cell that saves a figure of that name.

    The table's values can be changed before its recipe is written, or `afterwards`.
    """

    def source(name, change="", recipe=None, afterwards=""):
        # a figure without axes: what is compared is the data, and drawing takes time
        return (
            "import pandas as pd\nfrom matplotlib.figure import Figure\nfrom toolkit.recipes import sealed\n"
            "from toolkit.records.figure_files import save_figure\n"
            f"usage = pd.DataFrame({USAGE!r})\n{change}\nusage = sealed(usage, {recipe or RECIPE!r})\n{afterwards}\n"
            f"save_figure(Figure(figsize=(1, 1)), {name!r}, usage)"
        )

    return source
