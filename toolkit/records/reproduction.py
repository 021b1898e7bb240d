"""Own the making again of all figures: run the notebooks, compare each figure's data with what was kept, say what changed."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.recipes import UNKNOWN
from toolkit.records.figure_files import SUFFIXES
from toolkit.records.notebooks import clean_outputs, run_notebook
from toolkit.records.writes import beside, json_text, sha256, write_text
from toolkit.tables import FramingError, not_found
from toolkit.tables.content import changes_told

COLUMNS = ("figure", "notebook", "status", "what", "column", "relative_difference")
_TEMPLATE = "template.ipynb"
_MAKERS = "figures.json"  # which notebook makes which figure
_TOLERANCE = 1e-9
_INTEGER = re.compile(r"[+-]?\d+")


def reproduce(
    folder: str | Path = "notebooks",
    *,
    check: bool = False,
    only: str | Iterable[str] | None = None,
    timeout: int = 1200,
) -> pd.DataFrame:
    """Run the notebooks from clean kernels and say which figures changed.

    Parameters
    ----------
    folder : str or Path
        The folder of the notebooks; their figures are in ``figures`` inside it. Notebooks run in the order of their
        names; ``template.ipynb`` is skipped unless it is named.
    check : bool, keyword-only
        Only compare: nothing in the folder is changed. Without it the executed notebooks, cleaned, and their figures
        are written back.
    only : str or list of str, optional, keyword-only
        Names of notebooks, with or without ``.ipynb``; by default all.
    timeout : int, keyword-only
        Seconds that one cell may take.

    Returns
    -------
    DataFrame
        One row per figure: `figure`; `notebook`; `status`; `what`, what differs, in words; `column`, the first column of
        the data that differs; `relative_difference`, the largest one in that column.

        The status is about the data: "same", "changed", "new" (there was none before), "edited" (the data are the same as
        before, but the notebook changed the table after the function that its recipe names had made it, or the articles after they
        were indexed; `what` says how),
        "missing" (it was kept, but the notebook no longer makes it) or "failed" (the notebook raised: one row for the
        notebook, its figures are left as they were). Fingerprint, settings and versions that differ are told also where the
        data are the same, and so is what nobody knows: steps of the corpus, and tables without a recipe.

    Raises
    ------
    FramingError
        If the folder or a named notebook does not exist.

    Notes
    -----
    Which notebook makes which figure is kept in ``figures.json`` beside the notebooks, not in the manifests, which are the same
    whether a notebook is run by hand or here. Manifests of earlier versions are read, too: what they do not have is not compared.

    Integers and words are compared exactly, other numbers with a relative tolerance of 1e-9.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     notebook = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    ...     written = Path(folder, "00-empty.ipynb").write_text(json.dumps(notebook))
    ...     len(reproduce(folder, check=True))
    0
    """
    from tqdm.auto import tqdm

    only = only or None  # an empty list, as a command line gives, names nothing and so leaves nothing out
    place = Path(folder)
    chosen, everything = _chosen(place, only)
    kept = place / "figures"
    rows: list[dict[str, Any]] = []
    made_by: dict[str, str] = {}
    failed: set[str] = set()
    for path in tqdm(chosen, desc="notebooks", unit="notebook"):
        with tempfile.TemporaryDirectory() as fresh_folder:
            fresh = Path(fresh_folder)
            try:
                executed = run_notebook(path, figures_folder=fresh, timeout=timeout)
            except FramingError as error:
                failed.add(path.name)
                rows.append(_row("", path.name, "failed", str(error)))
                continue
            names = sorted(p.stem for p in fresh.glob("*.json"))
            for name in names:
                if name in made_by:
                    what = f"{made_by[name]} makes a figure of the same name; rename one"
                    rows.append(_row(name, path.name, "changed", what))
                    continue
                made_by[name] = path.name
                rows.append(_compared(name, path.name, kept, fresh))
            if not check:
                _move([n for n in names if made_by[n] == path.name], fresh, kept)
                write_text(path, _notebook_text(clean_outputs(executed, figures_folder=fresh)))
    makers = _makers(place)
    rows += _missing(
        kept, makers, made_by, failed, {path.name for path in chosen}, everything if only is None else None
    )
    if made_by and not check:
        still = {name: notebook for name, notebook in makers.items() if (kept / f"{name}.json").exists()}
        write_text(place / _MAKERS, json_text(dict(sorted((still | made_by).items()))))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(
        {
            "figure": "str",
            "notebook": "str",
            "status": "str",
            "what": "str",
            "column": "str",
            "relative_difference": float,
        }
    )


def _chosen(place: Path, only: str | Iterable[str] | None) -> tuple[list[Path], set[str]]:
    """Return the notebooks to run in order, and the names of all that there are."""
    if not place.is_dir():
        raise FramingError(
            f"There is no folder {place.name!r} with notebooks here. Run from the top of the checkout, or name the folder: "
            "reproduce('path/to/notebooks')."
        )
    there = {path.name: path for path in sorted(place.glob("*.ipynb"))}
    if not there:
        raise FramingError(f"The folder {place.name!r} holds no notebook (*.ipynb).")
    if only is None:
        return [path for name, path in there.items() if name != _TEMPLATE], set(there)
    wanted = {n if n.endswith(".ipynb") else f"{n}.ipynb" for n in ([only] if isinstance(only, str) else only)}
    for name in sorted(wanted):
        if name not in there:
            raise not_found("notebook", name.removesuffix(".ipynb"), [n.removesuffix(".ipynb") for n in there])
    return [path for name, path in there.items() if name in wanted], set(there)


def _row(
    figure: str, notebook: str, status: str, what: str = "", column: str = "", difference: float = math.nan
) -> dict[str, Any]:
    values = (figure, notebook, status, what, column, difference)
    return dict(zip(COLUMNS, values, strict=True))


def _compared(name: str, notebook: str, kept: Path, fresh: Path) -> dict[str, Any]:
    """Compare one figure's manifest and data with what was kept."""
    new = _manifest(fresh / f"{name}.json")
    if not (kept / f"{name}.json").exists() or not (kept / f"{name}.csv").exists():
        return _row(name, notebook, "new")
    old = _manifest(kept / f"{name}.json")
    data = (kept / f"{name}.csv").read_bytes()
    what = _recipe_changes(old, new)
    if (old.get("data") or {}).get("sha256") != sha256(data):
        what.append("the kept CSV is not the one that its manifest describes")
    sentence, column, difference = data_difference(
        data.decode("utf-8"), (fresh / f"{name}.csv").read_bytes().decode("utf-8")
    )
    if sentence:
        what.append(f"data: {sentence}")
    what += _doubts(new)
    edited = new.get("changed_afterwards") or _corpus_edits(new)
    status = "changed" if sentence else "edited" if edited else "same"
    return _row(name, notebook, status, "; ".join(what), column, difference)


def _doubts(manifest: Mapping[str, Any]) -> list[str]:
    """Say what of a manifest was changed by hand, and what of it nobody knows."""
    doubts = []
    if edited := manifest.get("changed_afterwards"):
        doubts.append(f"the table was changed after {manifest.get('function')} made it: {changes_told(edited)}")
    doubts += [
        f"the {noun} changed after they were indexed or counted: {changes_told(edits)}"
        for noun, edits in _corpus_edits(manifest).items()
    ]
    if unproven := manifest.get("unproven"):
        doubts.append(f"unproven: {unproven}")
    steps = (manifest.get("corpus") or {}).get("steps")
    if isinstance(steps, list) and any(step.get("step") == UNKNOWN for step in steps):
        doubts.append("what was done to the corpus is unknown")
    return doubts


def _corpus_edits(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was edited in place of the corpus, by what it was edited in."""
    corpus = manifest.get("corpus") or {}
    told = {"articles": corpus.get("changed_afterwards"), "units": corpus.get("units_changed_afterwards")}
    return {noun: edits for noun, edits in told.items() if edits}


def _manifest(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError, UnicodeDecodeError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def _makers(place: Path) -> dict[str, str]:
    """Return which notebook made each kept figure, as `figures.json` says, or else its manifest (schema 1)."""
    listed = {str(name): str(notebook) for name, notebook in _manifest(place / _MAKERS).items()}
    older = {path.stem: str(_manifest(path).get("notebook") or "") for path in (place / "figures").glob("*.json")}
    return {name: notebook for name, notebook in (older | listed).items() if notebook}


def _recipe_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Say how corpus, function, settings, inputs and versions differ, as far as the old manifest has them."""
    before, after = _flat(old.get("corpus")), _flat(new.get("corpus"))
    if old.get("schema") == 1:  # it said less
        after = {part: value for part, value in after.items() if part in before or part in ("name", "fingerprint")}
        old, new = {"inputs": None, **old}, {**new, "inputs": None}

    differences = [f"corpus {part}" for part in _different(before, after)]
    if old.get("function") != new.get("function"):
        differences.append(f"function: {old.get('function')} -> {new.get('function')}")
    for title in ("settings", "inputs", "versions"):
        parts = _different(_flat(old.get(title)), _flat(new.get(title)))
        if parts:
            differences.append(f"{title}: {', '.join(parts)}")
    return differences


def _flat(value: Any, prefix: str = "") -> dict[str, Any]:
    if not isinstance(value, Mapping):
        return {prefix: value} if prefix else {}
    flat: dict[str, Any] = {}
    for key, inner in value.items():
        if key != "content":  # the hash of a content hangs on the last bit of a sum; the data are compared themselves
            flat.update(_flat(inner, f"{prefix}.{key}" if prefix else str(key)))
    return flat


def _different(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return [
        f"{key} {_short(old.get(key))} -> {_short(new.get(key))}"
        for key in dict.fromkeys([*old, *new])
        if old.get(key) != new.get(key)
    ]


def _short(value: Any) -> str:
    text = "nothing" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"


def data_difference(old: str, new: str) -> tuple[str, str, float]:
    """Compare two CSV files: what differs in words, the first column that does, and its largest relative difference.

    Examples
    --------
    >>> data_difference("term,n,share\\na,1,0.5\\n", "term,n,share\\na,1,0.6\\n")
    ('column share differs in 1 of 1 rows', 'share', 0.1666...)
    >>> data_difference("share\\n0.5\\n", "share\\n0.5000000000001\\n")
    ('', '', nan)
    """
    before, after = list(csv.reader(io.StringIO(old))), list(csv.reader(io.StringIO(new)))
    header, new_header = (before or [[]])[0], (after or [[]])[0]
    if header != new_header:
        gone = [c for c in header if c not in new_header]
        come = [c for c in new_header if c not in header]
        parts = [f"no longer {', '.join(gone)}"] * bool(gone) + [f"now also {', '.join(come)}"] * bool(come)
        first = next((c for c in [*gone, *come]), "")
        return f"columns differ: {'; '.join(parts) or 'another order'}", first, math.nan
    if len(before) != len(after):
        return f"{len(before) - 1:,} rows before, {len(after) - 1:,} now", "", math.nan
    n = len(before) - 1
    for position, name in enumerate(header):
        pairs = zip(before[1:], after[1:], strict=True)
        differences = [
            _difference("".join(a[position : position + 1]), "".join(b[position : position + 1])) for a, b in pairs
        ]
        found = [d for d in differences if d is not None]
        if found:
            largest = max((d for d in found if not math.isnan(d)), default=math.nan)
            return f"column {name} differs in {len(found):,} of {n:,} rows", name, largest
    return "", "", math.nan


def _difference(old: str, new: str) -> float | None:
    """Return the relative difference of two cells, NaN where they are not both numbers, None where they are the same."""
    if old == new:
        return None
    try:
        a, b = float(old), float(new)
    except ValueError:
        return math.nan
    if math.isnan(a) or math.isnan(b):
        return math.nan
    relative = abs(a - b) / max(abs(a), abs(b)) if a != b else 0.0
    if _INTEGER.fullmatch(old) and _INTEGER.fullmatch(new):
        return relative if a != b or old.lstrip("+") != new.lstrip("+") else None
    return relative if relative > _TOLERANCE else None


def _missing(
    kept: Path,
    makers: Mapping[str, str],
    made_by: Mapping[str, str],
    failed: set[str],
    run: set[str],
    everything: set[str] | None,
) -> list[dict[str, Any]]:
    """List kept figures that their notebook no longer makes; of notebooks that failed nothing can be said."""
    rows = []
    for path in sorted(kept.glob("*.json")):
        notebook = makers.get(path.stem, "")
        if path.stem in made_by or notebook in failed:
            continue
        if notebook in run:
            rows.append(_row(path.stem, notebook, "missing", "the notebook no longer makes it"))
        elif everything is not None and notebook not in everything:
            what = "its notebook is gone" if notebook else "no notebook makes it"
            rows.append(_row(path.stem, notebook, "missing", what))
    return rows


def _move(names: Iterable[str], fresh: Path, kept: Path) -> None:
    """Copy figures beside their place and rename them, the manifest last."""
    for name in names:
        with beside(kept) as workshop:
            for suffix in SUFFIXES:
                shutil.copyfile(fresh / f"{name}{suffix}", workshop / f"{name}{suffix}")
            for suffix in SUFFIXES:
                os.replace(workshop / f"{name}{suffix}", kept / f"{name}{suffix}")


def _notebook_text(notebook: Any) -> str:
    import nbformat

    text = nbformat.writes(notebook, version=4)  # type: ignore[no-untyped-call]
    return str(text).rstrip("\n") + "\n"
