"""Own the running of notebooks from a clean kernel, and the cleaning of what they put out."""

from __future__ import annotations

import copy
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from toolkit.tables import FramingError

TAG = "third-party-text"  # cells whose output holds lines of somebody else's articles

_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")
_TEXT_KINDS = ("text/", "application/json", "application/javascript", "image/svg")
_WIDGETS = "application/vnd.jupyter.widget-"
_CELL_FILE = re.compile(r"(?:/[^\s/:\"']+)*/ipykernel_\d+/\d+\.py")
_OUTPUT_METADATA = {"width", "height", "needs_background"}


def run_notebook(path: str | Path, *, figures_folder: str | Path, timeout: int = 1200) -> Any:
    """Execute a notebook from a clean kernel and return it; the file is not touched.

    The kernel is the interpreter that runs this function, whether or not its environment is activated. It starts in the
    notebook's folder, without the reader's IPython settings and without progress bars; ``tk.save_figure`` writes to
    `figures_folder`.

    Parameters
    ----------
    path : str or Path
        The notebook.
    figures_folder : str or Path, keyword-only
        Where its figures go.
    timeout : int, keyword-only
        Seconds that one cell may take.

    Returns
    -------
    NotebookNode
        The executed notebook, outputs as they came.

    Raises
    ------
    FramingError
        If there is no such notebook, or a cell raises: which notebook, which cell, and the last line of the error.

    Examples
    --------
    >>> import nbformat
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "sum.ipynb")
    ...     notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1", id="sum")])
    ...     nbformat.write(notebook, path)
    ...     done = run_notebook(path, figures_folder=folder)
    >>> done.cells[0].outputs[0].data["text/plain"]
    '2'
    """
    import nbformat
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    path = Path(path)
    if not path.is_file():
        raise FramingError(f"There is no notebook {path.name!r} in {path.parent.name or 'this folder'}.")
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    at = {"cell": 0}
    with tempfile.TemporaryDirectory() as settings:
        client = _client(notebook, path, timeout, at)
        try:
            client.execute(env=_environment(Path(figures_folder), settings))
        except CellExecutionError as error:
            reason = _last_line(error)
        except CellTimeoutError:
            reason = f"took more than {timeout:,} seconds"
        except DeadKernelError:
            reason = "the kernel died; it may have run out of memory"
        else:
            return notebook
    first_line = notebook.cells[at["cell"]].source.strip().split("\n")[0][:60]
    raise FramingError(f"{path.name} stopped in cell {at['cell'] + 1} ({first_line}): {reason}")


def _client(notebook: Any, path: Path, timeout: int, at: dict[str, int]) -> Any:
    from nbclient import NotebookClient

    class ThisInterpreter(NotebookClient):  # type: ignore[misc]
        def create_kernel_manager(self) -> Any:
            manager = super().create_kernel_manager()
            # A kernel named python3 may have been installed for another Python; a command "python" depends on the PATH.
            spec: Any = manager.kernel_spec
            spec.argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            spec.env, spec.metadata = {}, {"supported_encryption": "curve"}  # as ipykernel's own says
            return manager

    return ThisInterpreter(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.resolve().parent)}},
        on_cell_start=lambda cell, cell_index: at.update(cell=cell_index),
    )


def _environment(figures_folder: Path, settings: str) -> dict[str, str]:
    return {
        **os.environ,
        "FRAMING_FIGURES": str(figures_folder.resolve()),
        "TQDM_DISABLE": "1",
        "PYTHONHASHSEED": "0",  # sets in the same order each time
        "IPYTHONDIR": settings,
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # or the debugger warns about frozen modules
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # whatever the caller draws with
    }


def _last_line(error: Any) -> str:
    """Return the last line of a cell's error, as a traceback ends: its kind and the first line of what it says."""
    said = str(error.evalue).strip().split("\n")[0]
    return f"{error.ename}: {said}" if said else str(error.ename)


def clean_outputs(notebook: Any, *, figures_folder: str | Path | None = None) -> Any:
    """Return a copy of an executed notebook that holds nothing of one machine, one run, or somebody else's articles.

    Outputs of cells tagged ``third-party-text`` are removed. So are timings, the state of widgets, memory addresses and
    absolute paths; execution counts run from 1; a cell without an identifier is given one by its position. Running and
    cleaning twice gives the same notebook.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook; it is not changed.
    figures_folder : str or Path, optional, keyword-only
        The folder that its figures went to, to be called ``figures`` in outputs that show where one was saved.

    Returns
    -------
    NotebookNode

    Examples
    --------
    >>> import nbformat
    >>> cell = nbformat.v4.new_code_cell("kwic", execution_count=7, metadata={"tags": ["third-party-text"]})
    >>> cell.outputs = [nbformat.v4.new_output("stream", text="a line of an article")]
    >>> clean = clean_outputs(nbformat.v4.new_notebook(cells=[cell]))
    >>> clean.cells[0].outputs, clean.cells[0].execution_count
    ([], 1)
    """
    clean = copy.deepcopy(notebook)
    folders = _folders(figures_folder)
    clean.metadata.pop("widgets", None)
    language = clean.metadata.get("language_info", {})
    # the interpreter's exact version is not the notebook's
    kept = ("name", "file_extension", "mimetype", "nbconvert_exporter", "pygments_lexer")
    if language:
        clean.metadata["language_info"] = {key: language[key] for key in kept if key in language}
    clean.nbformat_minor = max(5, clean.get("nbformat_minor", 5))  # the first version whose cells have identifiers
    taken = {cell.get("id") for cell in clean.cells}
    count = 0
    for position, cell in enumerate(clean.cells):
        if not cell.get("id"):
            cell["id"] = next(i for i in (f"cell-{position:03d}", f"cell-{position:03d}-b") if i not in taken)
        for key in ("execution", "ExecuteTime", "collapsed", "scrolled"):
            cell.metadata.pop(key, None)
        if cell.cell_type != "code":
            continue
        if cell.source.strip() and cell.get("execution_count") is not None:
            count += 1
            cell["execution_count"] = count
        else:
            cell["execution_count"] = None
        tagged = TAG in cell.metadata.get("tags", [])
        cell["outputs"] = [] if tagged else _clean(cell.get("outputs", []), cell["execution_count"], folders)
    return clean


def _clean(outputs: list[Any], count: int | None, folders: list[tuple[str, str]]) -> list[Any]:
    def scrubbed(text: str) -> str:
        return _scrubbed(text, folders)

    kept: list[Any] = []
    for output in outputs:
        if output.output_type == "stream":
            output["text"] = scrubbed(output.text)
            if kept and kept[-1].output_type == "stream" and kept[-1].name == output.name:
                kept[-1]["text"] += output.text  # how a stream is cut into pieces is chance
                continue
        elif output.output_type == "error":
            output["traceback"] = [scrubbed(line) for line in output.traceback]
            output["evalue"] = scrubbed(output.evalue)
        else:
            if any(kind.startswith(_WIDGETS) for kind in output.data):
                continue  # without its state a widget shows nothing
            for kind, data in output.data.items():
                if kind.startswith(_TEXT_KINDS) and isinstance(data, str):
                    output.data[kind] = scrubbed(data)
            output["metadata"] = _sizes(output.get("metadata", {}))
            if output.output_type == "execute_result":
                output["execution_count"] = count
        kept.append(output)
    return kept


def _sizes(metadata: dict[str, Any]) -> dict[str, Any]:
    """Keep what a picture needs to be shown: its size."""
    kept: dict[str, Any] = {}
    for key, value in metadata.items():
        if key in _OUTPUT_METADATA:
            kept[key] = value
        elif isinstance(value, dict) and (inner := _sizes(value)):
            kept[key] = inner
    return kept


def _scrubbed(text: str, folders: list[tuple[str, str]]) -> str:
    """Remove memory addresses and the paths of this machine."""
    text = _CELL_FILE.sub("cell", text)
    for folder, word in folders:
        text = re.sub(re.escape(folder) + r"(?![\w.-])", word, text)
    return _ADDRESS.sub("at 0x…", text)


def _folders(figures_folder: str | Path | None) -> list[tuple[str, str]]:
    """Return the folders of this machine, the longest first, each with what stands for it."""
    places = {
        sys.prefix: "(environment)",
        os.getcwd(): ".",
        str(Path(os.getcwd()).resolve()): ".",
        tempfile.gettempdir(): "(temporary)",
        str(Path.home()): "~",
    }
    if figures_folder is not None:
        places |= {str(figures_folder): "figures", str(Path(figures_folder).resolve()): "figures"}
    return sorted(((f, w) for f, w in places.items() if len(f) > 1), key=lambda pair: -len(pair[0]))
