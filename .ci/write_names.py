"""Write toolkit/NAMES.md: every public name, with what goes in and what comes out, from signatures and docstrings.

Run as ``.venv/bin/python .ci/write_names.py``, or ``make names``; a test compares the page with what this would write.
"""

from __future__ import annotations

import importlib
import inspect
import re
import textwrap
from pathlib import Path
from typing import Any

import toolkit
from toolkit import figures
from toolkit.stubs import names_in_stub

PAGE = Path(toolkit.__file__).with_name("NAMES.md")

# The rooms in the order in which a study passes through them.
ROOMS = (
    "corpora",
    "text",
    "speech",
    "hits",
    "tally",
    "lexis",
    "trends",
    "topics",
    "coding",
    "records",
    "figures",
    "tables",
)

HEAD = """# Names

Every public name of `import toolkit as tk`: what it does, what goes in and what comes out. Options have defaults and are given by name; `help(tk.usage)`
and its neighbours say what each means and when a number misleads; [tables/REFERENCE.md](tables/REFERENCE.md) lists the columns of each table. This page
is written by `make names`.
"""


def section(docstring: str, title: str) -> str:
    """Return the text of a section of a numpydoc docstring, empty where there is none."""
    found = re.search(rf"^{title}\n-+\n(.*?)(?=\n\n[A-Z][\w ]*\n-{{3,}}\n|\Z)", docstring, flags=re.M | re.S)
    return found[1] if found else ""


def first_line(thing: Any) -> str:
    """Return the first line of a docstring."""
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def documented_types(docstring: str) -> dict[str, str]:
    """Return the type that the docstring states for each parameter."""
    types = {}
    for names, kind in re.findall(r"^(\S[^:\n]*) : (.+)$", section(docstring, "Parameters"), flags=re.M):
        for name in names.split(", "):
            if kind := re.sub(r"(?:^|, )keyword-only$", "", kind.replace("pandas.", "")):
                types[name.strip("*")] = kind
    return types


def what_goes_in(thing: Any) -> str:
    """Return the parameters: those that have no default with their types, then the names of the others."""
    types = documented_types(inspect.getdoc(thing) or "")
    wanted, options = [], []
    for parameter in inspect.signature(thing).parameters.values():
        kind = f" ({types[parameter.name]})" if parameter.name in types else ""
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            options.append(f"{'*' if parameter.kind is parameter.VAR_POSITIONAL else '**'}{parameter.name}")
        elif parameter.default is parameter.empty:
            wanted.append(f"`{parameter.name}`{kind}")
        else:
            options.append(parameter.name)
    said = ", ".join(wanted)
    if options:
        said += ("; " if said else "") + "options " + ", ".join(f"`{name}`" for name in options)
    return said or "nothing"


def what_comes_out(thing: Any) -> str:
    """Return the type of the result and what a row of it is, or the public methods of a class."""
    if inspect.isclass(thing):
        methods = [name for name in vars(thing) if not name.startswith("_") and callable(getattr(thing, name))]
        return f"itself, with {', '.join(f'`{name}`' for name in methods)}" if methods else "itself"
    blocks = re.findall(r"^(\S.*)\n((?:[ ]+.*\n?|\n)*)", section(inspect.getdoc(thing) or "", "Returns"), flags=re.M)
    if not blocks:
        return f"`{inspect.signature(thing).return_annotation}`"
    return "; ".join(f"{kind.rpartition(' : ')[2].replace('pandas.', '')}: {shortened(text)}" for kind, text in blocks)


def shortened(text: str) -> str:
    """Return the first sentence of a description, without the list of columns."""
    sentence = re.split(r"(?<=[.:])\s+(?=[A-Z`-])", " ".join(textwrap.dedent(text).split()))[0]
    if "row per" in sentence:  # what follows is the list of columns
        sentence = re.split(r"[:;] (?:the )?`|,? with `|; ", re.sub(r" \([^()]*\)", "", sentence))[0]
    short = sentence.rstrip(".:")
    return short[:1].lower() + short[1:]


def row(name: str, thing: Any) -> str:
    """Return the row of a name."""
    if isinstance(thing, type) and issubclass(thing, Exception):
        cells = [
            first_line(thing),
            "",
            "what `except` and `warnings` catch" if name.endswith("g") else "what `except` catches",
        ]
    else:
        cells = [first_line(thing), what_goes_in(thing), what_comes_out(thing)]
    return f"| {' | '.join([f'`{name}`', *(cell.replace('|', chr(92) + '|') for cell in cells)])} |"


def page() -> str:
    """Return the page."""
    things: dict[str, Any] = {}
    for package, prefix in ((toolkit, "tk."), (figures, "tk.figures.")):
        names = sorted(names_in_stub(package.__name__, Path(str(package.__file__)).with_suffix(".pyi")))
        things |= {f"{prefix}{name}": getattr(package, name) for name in names if name != "figures"}
    of_room: dict[str, list[str]] = {room: [] for room in ROOMS}
    for name, thing in things.items():
        of_room[thing.__module__.split(".")[1]].append(row(name, thing))
    parts = [HEAD]
    for room, rows in of_room.items():
        owns = first_line(importlib.import_module(f"toolkit.{room}")).removeprefix("Own ")
        parts.append(
            f"## {room}\n\n{owns[:1].upper()}{owns[1:]}\n\n| name | does | takes | gives |\n| --- | --- | --- | --- |\n"
        )
        parts[-1] += "\n".join(rows) + "\n"
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
