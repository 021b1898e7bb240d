"""Notebooks run from a clean kernel of this interpreter, and what is kept of them holds nothing of one run."""

from __future__ import annotations

import copy
import os
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from toolkit.records.notebooks import clean_outputs, run_notebook
from toolkit.tables import FramingError


@pytest.fixture
def executed():
    """A notebook by hand, with everything in it that one machine and one run leave behind."""
    third_party = new_code_cell("tk.kwic(...)", id="lines", metadata={"tags": ["third-party-text"]}, execution_count=9)
    third_party.outputs = [new_output("stream", text="he called it a reset")]
    timed = new_code_cell(
        "usage", id="usage", metadata={"execution": {"iopub.status.busy": "2017"}}, execution_count=12
    )
    timed.metadata["ExecuteTime"] = {"start_time": "2017"}
    timed.outputs = [
        new_output("stream", name="stdout", text="a"),
        new_output("stream", name="stdout", text="b\n"),
        new_output("stream", name="stderr", text=f"{sys.prefix}/lib/x.py:3: FramingWarning: nothing\n"),
        new_output(
            "execute_result",
            data={"text/plain": f"<Figure at 0x7f12ab34cd> of {Path.home()}/press and {os.getcwd()}/x.csv"},
            execution_count=12,
        ),
        new_output(
            "display_data",
            data={"image/png": "iVBORw0KGgo=", "text/plain": "<Figure>"},
            metadata={"image/png": {"width": 720, "height": 300, "made": "today"}, "isolated": True},
        ),
        new_output(
            "display_data", data={"application/vnd.jupyter.widget-view+json": {"model_id": "ab"}, "text/plain": "0%"}
        ),
    ]
    empty = new_code_cell("", id="empty")
    notebook = new_notebook(cells=[new_markdown_cell("# A question", id="q"), third_party, timed, empty])
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata["language_info"] = {"name": "python", "version": "3.11.2", "file_extension": ".py"}
    return notebook


def test_lines_of_third_parties_are_removed(executed):
    """A cell tagged third-party-text keeps its code and loses its output."""
    cell = clean_outputs(executed).cells[1]
    assert (cell.source, cell.outputs) == ("tk.kwic(...)", [])


def test_one_run_leaves_no_trace(executed):
    """Timings, widget state, memory addresses, the machine's paths and the interpreter's version are gone."""
    clean = clean_outputs(executed)
    cell = clean.cells[2]
    assert cell.metadata == {}
    assert clean.metadata == {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python", "file_extension": ".py"},
    }
    stdout, stderr, result, picture = cell.outputs
    assert stdout.text == "ab\n"
    assert stderr.text == "(environment)/lib/x.py:3: FramingWarning: nothing\n"
    assert result.data == {"text/plain": "<Figure at 0x…> of ~/press and ./x.csv"}
    assert picture.data == {"image/png": "iVBORw0KGgo=", "text/plain": "<Figure>"}
    assert picture.metadata == {"image/png": {"width": 720, "height": 300}}


def test_counts_run_from_one_and_identifiers_stay(executed):
    """Execution counts are sequential, in the output too; identifiers are those of before."""
    clean = clean_outputs(executed)
    assert [cell.get("execution_count") for cell in clean.cells] == [None, 1, 2, None]
    assert clean.cells[2].outputs[2].execution_count == 2
    assert [cell.id for cell in clean.cells] == ["q", "lines", "usage", "empty"]


def test_cells_without_identifiers_get_them_by_position(executed):
    """An older notebook is given identifiers that are the same each time."""
    for cell in executed.cells:
        del cell["id"]
    executed.nbformat_minor = 4
    clean = clean_outputs(executed)
    assert [cell.id for cell in clean.cells] == ["cell-000", "cell-001", "cell-002", "cell-003"]
    nbformat.validate(clean)


def test_cleaning_changes_nothing_else_and_twice_is_once(executed):
    """The given notebook is not changed, and cleaning a clean one gives the same."""
    before = copy.deepcopy(executed)
    clean = clean_outputs(executed)
    assert executed == before
    assert clean_outputs(clean) == clean
    nbformat.validate(clean)


def test_a_notebook_runs_in_this_interpreter_from_its_folder(write_notebook, tmp_path, monkeypatch):
    """Even with an empty PATH the kernel is this interpreter; it knows where figures go and starts beside the notebook."""
    path = write_notebook(
        tmp_path / "01-where.ipynb",
        "import os, sys\nprint(sys.executable)",
        "print(os.getcwd(), os.environ['FRAMING_FIGURES'], os.environ['TQDM_DISABLE'])",
    )
    before = path.read_bytes()
    monkeypatch.setenv("PATH", "")
    done = run_notebook(path, figures_folder=tmp_path / "f", timeout=60)
    assert [cell.outputs[0].text.strip() for cell in done.cells] == [
        sys.executable,
        f"{tmp_path} {tmp_path / 'f'} 1",
    ]
    assert path.read_bytes() == before


def test_a_cell_that_takes_too_long_is_named(write_notebook, tmp_path):
    """A cell beyond the timeout stops the notebook with a sentence."""
    path = write_notebook(tmp_path / "slow.ipynb", "1", "import time\ntime.sleep(30)")
    with pytest.raises(FramingError) as error:
        run_notebook(path, figures_folder=tmp_path, timeout=1)
    assert str(error.value) == "slow.ipynb stopped in cell 2 (import time): took more than 1 seconds"


def test_a_notebook_that_is_not_there_is_named(tmp_path):
    """A wrong name is told with the folder's name only."""
    with pytest.raises(FramingError) as error:
        run_notebook(tmp_path / "nb" / "00-no.ipynb", figures_folder=tmp_path)
    assert str(error.value) == "There is no notebook '00-no.ipynb' in nb."
