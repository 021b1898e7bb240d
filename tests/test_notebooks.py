"""The notebooks as they are committed: run, in order, with their finding first and nobody else's text in them."""

import html
import re
from pathlib import Path

import nbformat
import pytest

import toolkit as tk
from toolkit.text.words import split_words

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
RUN = [path for path in NOTEBOOKS if path.stem != "template"]
LONGEST = 7  # words in a row that a notebook may share with an article


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def printed(cell):
    """Return what a cell printed or showed as text."""
    words = []
    for output in cell.outputs:
        words.append(output.get("text", ""))
        for kind, data in output.get("data", {}).items():
            if kind.startswith("text/"):
                words.append(html.unescape(re.sub(r"<[^>]+>", " ", "".join(data))))
    return "\n".join(words)


@pytest.fixture(scope="module")
def runs():
    """All runs of eight words in the articles of the news corpus."""
    articles = tk.load("news-2017")
    found = set()
    for field in ("title", "standfirst", "text"):
        for text in articles[field].dropna():
            words = [word.casefold() for word in split_words(text)]
            found.update(hash(tuple(words[i : i + LONGEST + 1])) for i in range(len(words) - LONGEST))
    return found


def shared(text, runs):
    words = [word.casefold() for word in split_words(text)]
    windows = [tuple(words[i : i + LONGEST + 1]) for i in range(len(words) - LONGEST)]
    return [" ".join(window) for window in windows if hash(window) in runs]


def test_the_search_for_article_text_finds_it(runs):
    """A sentence of the news corpus is recognised, so that a pass below means something."""
    text = tk.load("news-2017")["text"].iloc[10]
    assert shared(f"Here is a quotation: {text[:400]}", runs)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_notebook_holds_article_text(path, runs):
    """No output or cell shares eight words in a row with an article of the news corpus."""
    for cell in read(path).cells:
        text = cell.source + "\n" + (printed(cell) if cell.cell_type == "code" else "")
        assert shared(text, runs) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_that_print_articles_are_committed_without_output(path):
    """Cells that make a concordance or passages are tagged, and tagged cells have no output."""
    for cell in code_cells(read(path)):
        tagged = "third-party-text" in cell.metadata.get("tags", [])
        shows = re.search(r"tk\.(kwic|contexts)\(", cell.source.splitlines()[-1]) if cell.source else None
        assert tagged or not shows, cell.source
        assert not (tagged and cell.outputs)


@pytest.mark.parametrize("path", RUN, ids=lambda path: path.stem)
def test_notebooks_are_committed_as_run(path):
    """Code cells were executed in order from a clean kernel and none ended in an error."""
    cells = code_cells(read(path))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert not any(output.output_type == "error" for cell in cells for output in cell.outputs)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_finding_comes_first(path):
    """The first cell asks the question and gives the finding in words."""
    first = read(path).cells[0]
    assert first.cell_type == "markdown"
    assert re.match(r"# .*\?\n", first.source) or re.match(r"# The life", first.source)
    assert "**Finding.**" in first.source


@pytest.mark.parametrize("path", RUN, ids=lambda path: path.stem)
def test_the_finding_is_drawn_early(path):
    """The first code cell draws the finding; 00 takes the reader there in five cells."""
    cells = code_cells(read(path))
    steps = 5 if path.stem.startswith("00") else 1
    pictures = [any("image/png" in output.get("data", {}) for output in cell.outputs) for cell in cells]
    assert pictures.index(True) + 1 == steps


@pytest.mark.parametrize("path", RUN, ids=lambda path: path.stem)
def test_saved_figures_are_committed(path):
    """Each figure that a notebook saves lies in notebooks/figures with its data and manifest."""
    names = re.findall(r'tk\.save_figure\(\w+, "([^"]+)"', "\n".join(cell.source for cell in code_cells(read(path))))
    assert names
    for name in names:
        for suffix in ("png", "svg", "csv", "json"):
            assert (FOLDER / "figures" / f"{name}.{suffix}").is_file(), f"{name}.{suffix}"


def test_every_committed_figure_is_made_by_a_notebook():
    """No figure lies there that no notebook makes."""
    made = set()
    for path in RUN:
        made |= set(re.findall(r'tk\.save_figure\(\w+, "([^"]+)"', "\n".join(c.source for c in code_cells(read(path)))))
    assert {path.stem for path in (FOLDER / "figures").iterdir()} == made
