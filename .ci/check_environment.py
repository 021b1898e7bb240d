"""Say where the environment, the lock and the committed files differ from what the project promises.

Run as ``.venv/bin/python .ci/check_environment.py``: it prints one sentence for each fault and exits with 1 if there is
one. With ``--stamp`` it writes into requirements.lock the hash of the dependencies that the lock was made from.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STAMP = "# sha256 of the dependencies in pyproject.toml: "

# BERTopic asks for these and runs without them; they are several GB.
HEAVY = re.compile(r"(?:torch|sentence-transformers|nvidia-.+)")

# Lock files of these names record the address of the index that they were made with.
ADDRESSED_LOCKS = re.compile(r"(?:uv\.lock|pylock(?:\..+)?\.toml)")

# What no committed file holds, each with the reason. The brackets keep the patterns from finding themselves.
BANNED = {
    "the address of a package index": re.compile(
        r"://[^\s\"'<>]*/simple\b|--(?:extra-)?[i]ndex-url|\[\[tool\.uv\.[i]ndex\]\]|\bpy[p]i\.\w|\bpython[h]osted\b"
    ),
    "a path of one machine": re.compile(
        r"(?<![\w.~$}/])/(?:home|root|Users|work|tmp|mnt)/[\w./-]+|\b[A-Z]:\\+Users\\+\w+"
    ),
}

# What can be made again.
MADE = re.compile(r"(?:^|/)(?:\.git|\.venv|\.hypothesis|[\w.]*cache\w*|build|dist|\.ipynb_checkpoints)(?:/|$)")


def dependency_hash(pyproject: Path) -> str:
    """Return a hash of what decides a resolution; comments, layout and everything else in the file leave it alone."""
    table = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    project = table.get("project", {})
    parts = {
        "requires-python": project.get("requires-python"),
        "dependencies": sorted(project.get("dependencies", [])),
        "optional-dependencies": {k: sorted(v) for k, v in project.get("optional-dependencies", {}).items()},
        "uv": table.get("tool", {}).get("uv", {}),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def stamp(root: Path) -> None:
    """Put the hash of the dependencies at the top of the lock."""
    lock = root / "requirements.lock"
    pins = [line for line in lock.read_text(encoding="utf-8").splitlines() if not line.startswith(STAMP)]
    beside = lock.with_suffix(".new")
    beside.write_text("\n".join([STAMP + dependency_hash(root / "pyproject.toml"), *pins]) + "\n", encoding="utf-8")
    os.replace(beside, lock)


def pins(root: Path) -> dict[str, list[tuple[str, str]]]:
    """Return the lock's packages, each with its (version, marker) pairs."""
    found: dict[str, list[tuple[str, str]]] = {}
    for line in (root / "requirements.lock").read_text(encoding="utf-8").splitlines():
        if match := re.fullmatch(r"([\w.-]+)==([^\s;]+)(?:\s*;\s*(.+))?", line.strip()):
            found.setdefault(canonical(match[1]), []).append((match[2], match[3] or ""))
    return found


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def installed_packages() -> dict[str, str]:
    """Return the name and version of each package in the environment that runs this script."""
    return {canonical(d.metadata["Name"]): d.version for d in importlib.metadata.distributions() if d.metadata["Name"]}


def lock_faults(root: Path) -> Iterator[str]:
    """Yield what is wrong with requirements.lock: older than pyproject.toml, an address, a heavy package, no pin."""
    lines = (root / "requirements.lock").read_text(encoding="utf-8").splitlines()
    recorded = next((line.removeprefix(STAMP) for line in lines if line.startswith(STAMP)), None)
    if recorded is None:
        yield "requirements.lock does not say which dependencies it was made from. Make it anew: make lock."
    elif recorded != dependency_hash(root / "pyproject.toml"):
        yield (
            "requirements.lock was made from other dependencies than pyproject.toml now states. Make it anew: make lock."
        )
    for number, line in enumerate(lines, start=1):
        if "://" in line:
            yield f"requirements.lock, line {number}, holds an address; it may hold names and versions only."
        elif line.strip() and not line.startswith("#") and not re.match(r"[\w.-]+==[^\s;]+(?:\s*;.+)?$", line):
            yield f"requirements.lock, line {number}, is not a pin of the form name==version: {line.strip()!r}."
    for name in pins(root):
        if HEAVY.fullmatch(name):
            yield f"requirements.lock pins {name}, which the toolkit runs without and which brings several GB."


def environment_faults(root: Path, installed: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with the environment: a heavy package, or another version than the lock's."""
    heavy = sorted(name for name in installed if HEAVY.fullmatch(name))
    if heavy:
        yield (
            f"The environment contains {', '.join(heavy)}, which the toolkit runs without. "
            "Make it anew: make clean, then make test."
        )
    try:
        from packaging.markers import Marker
    except ImportError:
        yield "The package packaging, which the lock pins, is not installed, so versions were not compared: make test."
        return
    differ = []
    for name, choices in pins(root).items():
        wanted = [version for version, marker in choices if not marker or Marker(marker).evaluate()]
        if wanted and installed.get(name) not in wanted:
            differ.append(f"{name} is {installed.get(name, 'missing')}, wanted {wanted[0]}")
    if differ:
        more = f" and {len(differ) - 5} more" if len(differ) > 5 else ""
        yield f"The environment differs from requirements.lock: {'; '.join(differ[:5])}{more}. Renew it: make test."


def committed_files(root: Path) -> list[str]:
    """Return the files that git keeps, as paths from the root; where it keeps none, all but what can be made again."""
    listing = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True, check=False)
    names = listing.stdout.decode().split("\0") if (root / ".git").exists() else []
    if not any(names):
        paths = (path.relative_to(root) for path in root.rglob("*"))
        names = [str(path) for path in paths if not MADE.search(str(path))]
    return sorted({name for name in names if name and (root / name).is_file()})


def text_of(path: Path) -> str:
    """Return a file's text, a notebook's without its pictures, whose letters spell anything."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:  # a picture or an archive
        return ""
    return re.sub(r'"image/png": "[^"]*"', '""', text) if path.suffix == ".ipynb" else text


def file_faults(root: Path) -> Iterator[str]:
    """Yield the committed files that hold an index address or a machine's path, and the locks that always do."""
    for name in committed_files(root):
        if ADDRESSED_LOCKS.fullmatch(Path(name).name):
            yield f"{name} is committed; it records index addresses. Keep requirements.lock only."
            continue
        text = text_of(root / name)
        for what, pattern in BANNED.items():
            if match := pattern.search(text):
                line = text.count("\n", 0, match.start()) + 1
                yield f"{name}, line {line}, holds {what}: {match[0]!r}."


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stamp", action="store_true", help="write the hash of the dependencies into the lock")
    if parser.parse_args(arguments).stamp:
        stamp(ROOT)
        return 0
    installed = installed_packages()
    faults = [*lock_faults(ROOT), *environment_faults(ROOT, installed), *file_faults(ROOT)]
    for fault in faults:
        print(fault, file=sys.stderr)
    if not faults:
        print(
            f"{len(installed)} packages, none of them torch; the lock fits pyproject.toml; {len(committed_files(ROOT))} files clean."
        )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
