"""Own the gathering: from a file, a folder, a pattern, an archive or a list of them to single files to read."""

from __future__ import annotations

import glob
import gzip
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from toolkit.corpora import archives
from toolkit.corpora.readers.base import COMPANIONS, File, Problem
from toolkit.tables import FramingError, nearest

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


@dataclass(frozen=True)
class Found:
    """A file to read, with what was odd in finding it; without a file, what could not be had.

    Attributes
    ----------
    name : str
        As reports name it.
    file : File or None
    problems : tuple of Problem
    """

    name: str
    file: File | None
    problems: tuple[Problem, ...] = ()


def located(paths: Paths) -> list[tuple[Path, Path]]:
    """Return the files on disk that `paths` mean, each with the folder that it was looked for in, each file once.

    A folder means all in it and below, without hidden files and the lock files of word processors.

    Raises
    ------
    FramingError
        If a path leads nowhere, or a folder or pattern to no file.
    """
    if not isinstance(paths, (str, os.PathLike, Iterable)):
        raise FramingError(f"read_articles takes a file, a folder, a pattern or a list of them; this is {paths!r}.")
    given = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    if not given:
        raise FramingError("read_articles takes a file, a folder, a pattern or a list of them; this list is empty.")
    found: dict[Path, tuple[Path, Path]] = {}
    for one in given:
        if not isinstance(one, (str, os.PathLike)):
            raise FramingError(f"read_articles takes paths; there is a {type(one).__name__} among them: {one!r}.")
        for path, root in _of_one(Path(os.fsdecode(one)).expanduser()):
            found.setdefault(path.absolute(), (path, root))
    return list(found.values())


def _of_one(path: Path) -> list[tuple[Path, Path]]:
    if path.is_dir():
        if not (files := list(_walked(path))):
            raise FramingError(f"The folder {path} has no file to read.")
        return [(file, path) for file in files]
    if path.is_file():
        return [(path, path.parent)]
    if glob.has_magic(str(path)):
        matches = sorted(Path(match) for match in glob.glob(str(path), recursive=True))
        root = next(parent for parent in path.parents if not glob.has_magic(str(parent)))
        files = [file for match in matches for file in (_walked(match) if match.is_dir() else [match])]
        if files := [file for file in files if file.is_file() and not _hidden(file, root)]:
            return [(file, root) for file in files]
        raise FramingError(f"No file matches {path}.")
    raise no_such(path)


def no_such(path: Path) -> FramingError:
    """Return the error for a path that leads nowhere, with the names beside it that are nearly its own."""
    there = sorted(p.name for p in path.parent.iterdir()) if path.parent.is_dir() else []
    near = nearest(path.name, there)
    hint = f" Did you mean {' or '.join(repr(n) for n in near)}?" if near else ""
    return FramingError(f"There is no file or folder {path.absolute()}.{hint}")


def _walked(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _left_out(name))
        yield from (path for name in sorted(files) if not _left_out(name) and (path := Path(here, name)).is_file())


def _hidden(path: Path, root: Path) -> bool:
    return any(map(_left_out, path.parts[len(root.parts) :]))


def _left_out(name: str) -> bool:
    """Tell hidden files, lock files, and what systems leave in folders and archives."""
    return name.startswith((".", "~$")) or name.endswith("~") or name in ("__MACOSX", "Thumbs.db", "desktop.ini")


def opened(path: Path, name: str | None = None, *, depth: int = 0, spent: list[int] | None = None) -> Iterator[Found]:
    """Yield the file at `path`, or the files in it if it is an archive, each on disk until the next is asked for.

    Archives in an archive are opened, archives in those are not. `spent` has the bytes unpacked so far.
    """
    name = name or str(path)
    try:
        with path.open("rb") as stream:
            head = stream.read(8)
        if archives.is_zip(head):
            with archives.checked_zip(path, name) as archive:
                if not archives.is_office(archive):
                    yield from _members(archive, name, depth, [0] if spent is None else spent)
                    return
        elif archives.is_gzip(head) and not _is_warc(path, name):
            with tempfile.TemporaryDirectory() as folder:
                inner = Path(folder, "file")
                archives.gunzip(path, inner, name)
                yield Found(name, File(name[:-3] if name.lower().endswith(".gz") else name, inner))
            return
    except FramingError as error:
        yield Found(name, None, (Problem("file", "unparsed", str(error)),))
        return
    except OSError as error:
        note = f"{name} cannot be opened ({error.strerror or error})."
        yield Found(name, None, (Problem("file", "unparsed", note),))
        return
    yield Found(name, File(name, path))


def _members(archive: zipfile.ZipFile, name: str, depth: int, spent: list[int]) -> Iterator[Found]:
    wanted = [m for m in archive.infolist() if not m.is_dir() and not any(map(_left_out, _parts(m.filename)))]
    if depth > 1:
        note = (
            f"{name} is an archive in an archive in an archive, not opened. Unpack the outermost and give the folder."
        )
        yield Found(name, None, (Problem("file", "unparsed", note),))
        return
    if not wanted:
        yield Found(name, None, (Problem("file", "unparsed", f"The archive {name} has no file to read."),))
    # Companions first, under their own names, so that the texts of their folder find them.
    wanted.sort(key=lambda m: _parts(m.filename)[-1].lower() not in COMPANIONS)
    with tempfile.TemporaryDirectory() as top:
        folders: dict[tuple[str, ...], Path] = {}
        for member in wanted:
            *above, last = _parts(member.filename)
            called = f"{name}!{member.filename}"
            folder = folders.setdefault(tuple(above), Path(top, str(len(folders))))
            folder.mkdir(exist_ok=True)
            companion = last.lower() in COMPANIONS
            to = folder / (last.lower() if companion else "member")
            if archives.is_link(member):
                note = f"{called} is a link to another file, not followed."
                yield Found(called, None, (Problem("file", "unparsed", note),))
                continue
            problems: tuple[Problem, ...] = ()
            if archives.leads_out(member.filename):
                note = f"{called} has a name that leads out of the archive; it was read, and nothing was written there."
                problems = (Problem("file", "odd", note),)
            spent[0] += member.file_size
            try:
                if spent[0] > archives.LARGEST_TOTAL:
                    raise FramingError(
                        f"{called} was not unpacked: the archive holds more than is read at once. Split it."
                    )
                archives.unpack(archive, member, to, called)
            except FramingError as error:
                yield Found(called, None, (*problems, Problem("file", "unparsed", str(error))))
                continue
            for found in opened(to, called, depth=depth + 1, spent=spent):
                yield Found(found.name, found.file, (*problems, *found.problems))
            if not companion:
                with suppress(OSError):
                    to.unlink()


def _parts(name: str) -> list[str]:
    return [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")] or [name]


def _is_warc(path: Path, name: str) -> bool:
    """Tell a WARC, whose reader takes it apart record by record, so that one damaged record does not cost the rest."""
    if ".warc" in name.lower():
        return True
    try:
        with gzip.open(path) as packed:
            return packed.read(5) == b"WARC/"
    except (OSError, EOFError, ValueError):
        return False
    except Exception:  # zlib.error is no OSError
        return False
