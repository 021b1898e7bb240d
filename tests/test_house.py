"""Hold the rules of the house: a light front door, documented names, one entry a thing, and nothing of one machine."""

from __future__ import annotations

import ast
import doctest
import importlib
import importlib.metadata
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import toolkit

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "toolkit").rglob("*.py"))
PAGES = [ROOT / "README.md", ROOT / "CONVENTIONS.md"]


def loaded(path: Path):
    """Load a script that is no module of the package."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


check = loaded(ROOT / ".ci" / "check_environment.py")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


# The front door


def test_importing_the_toolkit_loads_no_library():
    """`import toolkit` leaves every heavy library, pandas included, to the moment a name needs it."""
    heavy = "bertopic dask hdbscan matplotlib numba numpy pandas pyarrow scipy sklearn tokenizers umap"
    code = f"import sys, toolkit; print(*sorted(set({heavy.split()!r}) & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert answer.stdout.strip() == ""


def test_the_front_door_is_a_tour():
    """toolkit/__init__.py stays under 50 lines of code, so that it can be read as a table of contents."""
    source = (ROOT / "toolkit" / "__init__.py").read_text(encoding="utf-8")
    assert len([line for line in source.splitlines() if line.strip()]) < 50


@pytest.mark.parametrize("name", toolkit.__all__)
def test_each_public_name_says_what_it_does_and_shows_it(name):
    """Every name at the front door resolves and has a docstring; all but the errors have an example in it."""
    thing = getattr(toolkit, name)
    assert thing.__doc__, f"tk.{name} has no docstring"
    if not (isinstance(thing, type) and issubclass(thing, Exception)):
        assert ">>>" in thing.__doc__, f"the docstring of tk.{name} has no example"


def test_a_wrong_name_at_the_front_door_is_an_attribute_error():
    """A name that the toolkit does not have fails as in any module, so that hasattr and tab completion work."""
    with pytest.raises(AttributeError, match=re.escape("module 'toolkit' has no attribute 'no_such_name'")):
        _ = toolkit.no_such_name


# The rooms


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_each_module_says_in_one_sentence_what_it_owns(path):
    """The first line of a module's docstring is one sentence."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring, f"{name_of(path)} has no docstring"
    first, *rest = docstring.split("\n\n")[0].splitlines()
    assert re.fullmatch(r"[A-Z`][^.!?]*(?:[.!?](?=\S)[^.!?]*)*\.", first) and not rest, f"{name_of(path)}: {first!r}"


def imported_packages(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.split(".")[0])
    return names


def test_the_toolkit_imports_only_what_it_declares():
    """Each library that a room imports is stated in pyproject.toml, not merely installed through another."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {name: lines for name, lines in project["optional-dependencies"].items() if name not in {"test", "lint"}}
    stated = project["dependencies"] + [line for lines in extras.values() for line in lines]
    declared = {check.canonical(re.match(r"[\w.-]+", line)[0]) for line in stated}
    distributions = importlib.metadata.packages_distributions()
    undeclared = {}
    for path in MODULES:
        for package in imported_packages(path) - set(sys.stdlib_module_names) - {"toolkit"}:
            names = {check.canonical(name) for name in distributions.get(package, [package])}
            if not names & declared:
                undeclared.setdefault(name_of(path), set()).add(package)
    assert undeclared == {}


# The pages


def test_pages_and_notebooks_name_only_what_exists():
    """Each `tk.name` in README.md, CONVENTIONS.md and the notebooks can be had."""
    texts = {page.name: page.read_text(encoding="utf-8") for page in PAGES if page.exists()}
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        texts[notebook.name] = "\n".join("".join(cell["source"]) for cell in cells)
    missing = {
        page: sorted(n for n in set(re.findall(r"\btk\.([A-Za-z_]\w*)", text)) if not hasattr(toolkit, n))
        for page, text in texts.items()
    }
    assert {page: names for page, names in missing.items() if names} == {}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_code_on_a_page_is_valid_and_its_examples_run(page):
    """Every python block of a page parses, and those written as a session with >>> give what they say."""
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    names: dict[str, object] = {}
    for number, block in enumerate(re.findall(r"^```python\n(.*?)^```", text, flags=re.M | re.S), start=1):
        if ">>>" in block:
            test = doctest.DocTestParser().get_doctest(block, names, f"{page.name}, block {number}", page.name, 0)
            runner.run(test, clear_globs=False)
            names.update(test.globs)
        else:
            ast.parse(block)
    assert runner.failures == 0


def test_the_page_of_names_is_what_signatures_and_docstrings_say():
    """toolkit/NAMES.md has each public name, with what goes in and what comes out as the code has them now."""
    script = loaded(ROOT / ".ci" / "write_names.py")
    page = script.page()
    assert script.PAGE.read_text(encoding="utf-8") == page, "Write it anew: make names."
    listed = re.findall(r"^\| `tk\.([\w.]+)` \|", page, flags=re.M)
    assert sorted(listed) == sorted([*toolkit.__all__, *(f"figures.{name}" for name in toolkit.figures.__all__)])
    empty = [
        row
        for row in re.findall(r"^\| `.*", page, flags=re.M)
        if re.search(r"\| *\|", row) and "`tk.Framing" not in row
    ]
    assert empty == []


def test_each_change_has_the_place_that_the_conventions_name():
    """The table "Where would a change go?" has ten rows, and every path and every name in it is there."""
    page = (ROOT / "CONVENTIONS.md").read_text(encoding="utf-8").partition("## Where would a change go?\n")[2]
    rows = [line for line in page.partition("\n## ")[0].splitlines() if line.startswith("| a")]
    assert len(rows) == 10
    for row in rows:
        cells = row.strip("| ").split(" | ")
        assert len(cells) == 4 and all("`toolkit" in cell or "where the check" in cell for cell in cells[1:]), row
        for place in re.findall(r"`(toolkit[^`]*)`", row):
            if "/" in place:
                assert (ROOT / place).exists(), place
            else:
                module, _, name = place.rpartition(".")
                assert hasattr(importlib.import_module(module), name), place


def test_the_version_is_one():
    """pyproject.toml, the package and the citation state one version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), flags=re.M)
    assert [toolkit.__version__, citation and citation[1]] == [project["version"]] * 2


def test_the_checks_run_the_readmes_test_command():
    """CI's first stage is the command that README.md gives for the tests."""
    stages = re.findall(r"^stage \S+ (.+)$", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), flags=re.M)
    assert stages[0].replace("--no-print-directory ", "") == "make test"


# The checkout


@pytest.fixture
def committed():
    """The files that git keeps; a reader's own files in an unpacked archive are their own business."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    return check.committed_files(ROOT)


ALLOWED = {
    *("pyproject.toml", "requirements.lock", "Makefile", "README.md", "CONVENTIONS.md", "CHANGELOG.md"),
    *("CITATION.cff", "LICENSE", "NOTICE", "toolkit", "notebooks", "corpora", "tests"),
}


def test_the_top_level_holds_what_it_is_meant_to_hold(committed):
    """Nothing stands beside the five entries that make the house, its pages and the dot files."""
    top = {name.split("/")[0] for name in committed}
    assert {name for name in top if not name.startswith(".")} - ALLOWED == set()


# The brackets keep the patterns from finding themselves.
LEFTOVERS = re.compile(
    r"\.\./[s]hared\b|\b[i]ssues? #?\d+\b|\bT[O]DO\b|\bF[I]XME\b|\bX[X]X\b|[l]orem ipsum"
    r"|\b(?:[b]lazing|[s]eamless|[e]ffortless|[c]utting-edge|[s]upercharge|[g]ame-chang)",
    flags=re.IGNORECASE,
)


def test_nothing_unfinished_or_boastful_is_committed(committed):
    """No committed page, module or notebook holds a reminder, a reference that readers cannot follow, or an advert."""
    kinds = {"", ".py", ".md", ".toml", ".cff", ".yaml", ".ipynb"}
    names = [n for n in committed if Path(n).suffix in kinds and not n.startswith("corpora/")]
    texts = {name: check.text_of(ROOT / name) for name in names}
    found = {name: match[0] for name, text in texts.items() if (match := LEFTOVERS.search(text))}
    assert found == {}


@pytest.mark.usefixtures("committed")
def test_no_committed_file_holds_an_index_address_or_a_machines_path():
    """What is committed works on any machine and names no package index."""
    assert list(check.file_faults(ROOT)) == []


def test_the_lock_fits_the_project():
    """requirements.lock was made from the dependencies that pyproject.toml states, and holds pins only."""
    assert list(check.lock_faults(ROOT)) == []


# The check of the environment


@pytest.fixture
def copy(tmp_path):
    """A project of its own: pyproject.toml and the lock as they are here."""
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    check.stamp(tmp_path)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_changed_dependency_makes_the_lock_old(copy):
    """A dependency that was changed without a new lock is a fault, and stamping the new lock clears it."""
    edit(copy / "pyproject.toml", '"pandas>=3.0,<4"', '"pandas>=3.1,<4"')
    assert list(check.lock_faults(copy)) == [
        "requirements.lock was made from other dependencies than pyproject.toml now states. Make it anew: make lock."
    ]
    check.stamp(copy)
    assert list(check.lock_faults(copy)) == []


def test_a_changed_description_leaves_the_lock_alone(copy):
    """What decides no resolution, such as a comment or the description, does not make the lock old."""
    edit(copy / "pyproject.toml", 'description = "', '# a comment\ndescription = "More than before. ')
    assert list(check.lock_faults(copy)) == []


def test_a_lock_without_its_hash_is_a_fault(copy):
    """A lock that was compiled by hand does not say what it was made from."""
    lock = copy / "requirements.lock"
    lock.write_text("pandas==3.1.1\n", encoding="utf-8")
    assert list(check.lock_faults(copy)) == [
        "requirements.lock does not say which dependencies it was made from. Make it anew: make lock."
    ]


def test_a_lock_holds_pins_only(copy):
    """An address, a range and a heavy package in the lock are faults, each with its line or name."""
    lock = copy / "requirements.lock"
    stamp = lock.read_text(encoding="utf-8").splitlines()[0]
    lock.write_text(f"{stamp}\na @ https://example.org/a.whl\nb>=1\ntorch==2.0\n", encoding="utf-8")
    assert list(check.lock_faults(copy)) == [
        "requirements.lock, line 2, holds an address; it may hold names and versions only.",
        "requirements.lock, line 3, is not a pin of the form name==version: 'b>=1'.",
        "requirements.lock pins torch, which the toolkit runs without and which brings several GB.",
    ]


def test_torch_in_the_environment_is_a_fault(copy):
    """An environment with torch is refused, whoever brought it."""
    (copy / "requirements.lock").write_text("pandas==3.1.1\n", encoding="utf-8")
    installed = {"pandas": "3.1.1", "torch": "2.0", "nvidia-cublas": "1"}
    assert list(check.environment_faults(copy, installed)) == [
        "The environment contains nvidia-cublas, torch, which the toolkit runs without. "
        "Make it anew: make clean, then make test."
    ]


def test_an_environment_that_differs_from_the_lock_is_a_fault(copy):
    """Another version and a missing package are named; a pin for another Python is not asked for."""
    pins = "a==2\nb==1\nc==1 ; python_full_version < '3.0'\nd==1 ; python_full_version >= '3.0'\n"
    (copy / "requirements.lock").write_text(pins, encoding="utf-8")
    assert list(check.environment_faults(copy, {"a": "1", "d": "1"})) == [
        "The environment differs from requirements.lock: a is 1, wanted 2; b is missing, wanted 1. Renew it: make test."
    ]


def test_what_no_committed_file_may_hold_is_found(tmp_path):
    """An index address, a machine's path (also inside a notebook) and a lock with addresses are found, pictures not read."""
    address, path = (
        ":/" + "/example.org/simple",
        "/ho" + "me/ada/news.csv",
    )  # in halves, or this file would be found too
    (tmp_path / "a.toml").write_text(f"x = 1\nindex = 'https{address}'\n", encoding="utf-8")
    (tmp_path / "b.ipynb").write_text(json.dumps({"outputs": [{"text": f"read {path}"}]}), encoding="utf-8")
    picture = {"image/png": "iVBO" + path}
    (tmp_path / "picture.ipynb").write_text(json.dumps({"outputs": [{"data": picture}]}), encoding="utf-8")
    (tmp_path / "c.md").write_text("See https://example.org/home/ada, and/or ../work/notes.", encoding="utf-8")
    (tmp_path / "d.png").write_bytes(b"\x89PNG\xff")
    (tmp_path / "uv.lock").write_text("", encoding="utf-8")
    assert list(check.file_faults(tmp_path)) == [
        f"a.toml, line 2, holds the address of a package index: {address!r}.",
        f"b.ipynb, line 1, holds a path of one machine: {path!r}.",
        "uv.lock is committed; it records index addresses. Keep requirements.lock only.",
    ]
