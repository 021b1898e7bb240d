"""Own the front doors: the names of a package are those in its stub, and each is imported when it is first used."""

from __future__ import annotations

import ast
import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any


class LazyName:
    """A name of a package, imported when it is first asked for.

    It is a descriptor rather than an answer of the package's `__getattr__`: tab completion asks every name for its type, and would load
    pandas for the first of them, but it leaves descriptors alone.
    """

    def __init__(self, module: str, name: str) -> None:
        self.module, self.name = module, name

    def __get__(self, package: ModuleType | None, owner: type | None = None) -> Any:
        if package is None:
            return self
        if self.name in vars(package):
            return vars(package)[self.name]
        if self.module == package.__name__:
            thing: Any = importlib.import_module(f"{self.module}.{self.name}")
        else:
            thing = getattr(importlib.import_module(self.module), self.name)
        vars(package)[self.name] = thing  # found there from now on
        return thing


class LazyNamesake(LazyName):
    """A name that is a room's, too, as `tally` is: when the room is loaded, Python would put it in the place of the function."""

    def __set__(self, package: ModuleType, thing: Any) -> None:
        if getattr(thing, "__name__", "") != f"{package.__name__}.{self.name}":
            vars(package)[self.name] = thing


def names_in_stub(package: str, stub: Path) -> dict[str, str]:
    """Return the names that a stub gives on, each with the module that it comes from.

    Given on is what is imported under its own name, as in `from toolkit.hits import find as find`.

    Examples
    --------
    >>> import toolkit
    >>> names_in_stub("toolkit", Path(toolkit.__file__).with_suffix(".pyi"))["find"]
    'toolkit.hits'
    """
    lines = ast.parse(stub.read_text(encoding="utf-8")).body
    imports = [line for line in lines if isinstance(line, ast.ImportFrom) and line.module]
    return {
        alias.name: str(line.module)
        for line in imports
        for alias in line.names
        if alias.asname == alias.name and f"{line.module}.".startswith(f"{package}.")
    }


def attach(package: str) -> list[str]:
    """Give a package the names in the stub beside its `__init__.py`, and return them, sorted."""
    module = sys.modules[package]
    stub = Path(str(module.__file__)).with_suffix(".pyi")
    names: dict[str, LazyName] = {}
    for name, room in names_in_stub(package, stub).items():
        namesake = room != package and (stub.parent / name / "__init__.py").exists()
        names[name] = (LazyNamesake if namesake else LazyName)(room, name)
    module.__class__ = type("Package", (ModuleType,), names)
    return sorted(names)
