"""Hold the typed door: type checkers and editors see every public name, its signature and its choices."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import toolkit
from toolkit import corpora, figures
from toolkit.stubs import names_in_stub

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = [toolkit, corpora, figures]

USES = """
import pandas as pd
import toolkit as tk
from toolkit import figures

articles = tk.load("daily-brief")
table: pd.DataFrame = tk.usage(articles, "reset", measure="share", unit="story", freq="M")
figure = figures.plot_usage(table)
tk.save_figure(figure, "one", table)
tk.fetch("news-2017", how="pip")
terms: tk.Terms = tk.Terms({"reset": ["reset*"]})
found: pd.DataFrame = tk.find(tk.tokenize(articles), terms)
version: str = tk.__version__
"""

# Each with what mypy has to say of it.
MISUSES = {
    "tk.usagee(1)": 'Module has no attribute "usagee"',
    'tk.usage(articles, "reset", frq="M")': 'Unexpected keyword argument "frq" for "usage"',
    'tk.usage(articles, "reset", measure="nonsense")': 'Argument "measure" to "usage" has incompatible type',
    'tk.usage(articles, "reset", unit="storey")': 'Argument "unit" to "usage" has incompatible type',
    'tk.usage(articles, "reset", "source")': 'Too many positional arguments for "usage"',
    'tk.fetch("news-2017", how="post")': 'Argument "how" to "fetch" has incompatible type',
    'tk.share_corpus(articles, "there", file_format="xlsx")': 'Argument "file_format" to "share_corpus" has incompatible',
    'tk.collect_gdelt("ban", "2017-01-01", "2017-01-02", what="stories")': 'Argument "what" to "collect_gdelt"',
    'text: str = tk.load("daily-brief")': "Incompatible types in assignment",
    "tk.load()": 'Missing positional argument "corpus" in call to "load"',
    "figures.plot_usagee(table)": 'Module has no attribute "plot_usagee"',
    'tk.labels("reset-demo")': "function toolkit.labels is deprecated: tk.labels is now called tk.load_labels",
}


def test_a_type_checker_passes_right_uses_and_names_each_misuse(tmp_path):
    """mypy finds nothing in a file of right uses, and in the misuses behind them one error a line, for the reason stated."""
    pytest.importorskip("mypy")
    lines = [*USES.strip().splitlines(), *MISUSES]
    (tmp_path / "uses.py").write_text("\n".join(lines) + "\n", encoding="utf-8")
    options = ["--strict", "--enable-error-code=deprecated", "--follow-imports=silent", "--no-error-summary"]
    options += ["--hide-error-context", "--show-error-codes", f"--config-file={ROOT / 'pyproject.toml'}"]
    command = [sys.executable, "-m", "mypy", *options, str(tmp_path / "uses.py")]
    answer = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    said = re.findall(r"uses\.py:(\d+): error: (.+)", answer.stdout)
    assert [int(line) for line, _ in said] == list(range(len(USES.strip().splitlines()) + 1, len(lines) + 1)), answer
    for (_, message), (use, wanted) in zip(said, MISUSES.items(), strict=True):
        assert wanted in message, f"{use}: {message}"


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_a_stub_gives_on_what_stands_where_it_says(package):
    """Each name of a stub is defined in the module that it is given on from, so its signature there is the one at run time."""
    where = names_in_stub(package.__name__, Path(package.__file__).with_suffix(".pyi"))
    assert sorted(set(where) - {"figures"}) == package.__all__
    for name, module in where.items():
        thing = getattr(package, name)
        if inspect.isfunction(thing):
            assert (thing.__module__, thing.__name__) == (module, name)
        elif inspect.isclass(thing):
            assert thing.__module__.startswith(module) and thing.__name__ == name
        else:
            assert inspect.ismodule(thing) and thing.__name__ == f"{module}.{name}"


def signature_in_stub(function: ast.FunctionDef) -> str:
    returns = f" -> {ast.unparse(function.returns)}" if function.returns else ""
    return f"({ast.unparse(function.args)}){returns}"


def signature_at_run_time(function: object) -> str:
    """Return the signature as it is spelled in the source, where annotations are not worked out."""
    signature = inspect.signature(function)
    parameters = []
    for parameter in signature.parameters.values():
        default = parameter.default
        spelled = "" if default is inspect.Parameter.empty else f"={default!r}"
        stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
        parameters.append((parameter.kind, f"{stars}{parameter.name}: {parameter.annotation}{spelled}"))
    spelled = [text for _, text in parameters]
    keyword_only = [i for i, (kind, _) in enumerate(parameters) if kind is inspect.Parameter.KEYWORD_ONLY]
    if keyword_only and not any(kind is inspect.Parameter.VAR_POSITIONAL for kind, _ in parameters):
        spelled.insert(keyword_only[0], "*")
    source = f"def f({', '.join(spelled)}) -> {signature.return_annotation}: ..."
    (definition,) = ast.parse(source).body
    assert isinstance(definition, ast.FunctionDef)
    return signature_in_stub(definition)


def test_old_names_are_in_the_stub_as_they_are_at_run_time():
    """Each old name is marked as deprecated in the stub, has the signature that it has at run time, and shows nowhere else."""
    tree = ast.parse((ROOT / "toolkit" / "__init__.pyi").read_text(encoding="utf-8"))
    stub = {line.name: line for line in tree.body if isinstance(line, ast.FunctionDef)}
    assert sorted(stub) == sorted(toolkit._OLD)
    for name, line in stub.items():
        (mark,) = (ast.unparse(decorator) for decorator in line.decorator_list)
        assert mark.startswith(f"deprecated('tk.{name} is now called tk."), mark
        assert signature_in_stub(line) == signature_at_run_time(getattr(toolkit, name)), name
        assert name not in toolkit.__all__ and name not in dir(toolkit)


def test_an_old_name_works_and_warns(tmp_path):
    """What was called tk.share gives what tk.share_corpus gives, with a warning that names it and points at the caller."""
    articles = toolkit.load("daily-brief")
    with pytest.warns(DeprecationWarning, match=r"^tk\.share is now called tk\.share_corpus\.") as caught:
        folder = toolkit.share(articles, tmp_path / "old")
    assert caught[0].filename == __file__
    new = toolkit.share_corpus(articles, tmp_path / "new")
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == {p.name: p.read_bytes() for p in new.iterdir()}


def test_an_editor_sees_names_and_signatures_without_running_anything():
    """Static Jedi, which editors ask, offers every public name and the parameters of a call."""
    jedi = pytest.importorskip("jedi")
    project = jedi.Project(ROOT)
    offered = {c.name for c in jedi.Script("import toolkit as tk\ntk.", project=project).complete()}
    assert offered >= {*toolkit.__all__, "figures", "__version__"}
    (signature,) = jedi.Script("import toolkit as tk\ntk.usage(", project=project).get_signatures()
    assert [p.name for p in signature.params] == list(inspect.signature(toolkit.usage).parameters)


TAB = """
import sys
import warnings
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
shell.Completer.use_jedi = True
shell.run_cell("import toolkit as tk; from toolkit import figures")
with provisionalcompleter():
    offered = {c.text for text in ("tk.", "figures.") for c in shell.Completer.completions(text, len(text))}
print(*sorted(offered), *sorted({"pandas", "matplotlib"} & set(sys.modules)))
"""


def test_tab_loads_nothing():
    """The first Tab behind `tk.` and `figures.` in IPython offers every name and imports neither pandas nor matplotlib."""
    pytest.importorskip("IPython")
    pytest.importorskip("jedi")
    answer = subprocess.run([sys.executable, "-c", TAB], capture_output=True, text=True, check=True, cwd=ROOT)
    assert set(answer.stdout.split()) == {*toolkit.__all__, "figures", *figures.__all__}


def test_a_name_that_is_a_rooms_too_stays_the_functions(tmp_path):
    """Where a function is named as the room that holds it, loading the room does not put the room in its place."""
    (tmp_path / "shop" / "till").mkdir(parents=True)
    (tmp_path / "shop" / "__init__.py").write_text("from toolkit.stubs import attach\n__all__ = attach(__name__)\n")
    (tmp_path / "shop" / "__init__.pyi").write_text("from shop.till.sums import till as till\n")
    (tmp_path / "shop" / "till" / "__init__.py").write_text("")
    (tmp_path / "shop" / "till" / "sums.py").write_text("def till(): return 'open'\n")
    code = "import shop.till.sums, shop; print(shop.till()); from shop import till; print(till()); shop.till = len; print(shop.till(''))"
    path = {"PYTHONPATH": f"{tmp_path}:{ROOT}"}
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=path)
    assert answer.stdout.split() == ["open", "open", "0"], answer.stderr
