"""Own the store of vectors on disk, so that no text is computed twice by one model."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toolkit.corpora.cards import data_folder
from toolkit.tables import warn_user

SWITCH = "FRAMING_KEEP_VECTORS"
"""The environment variable that turns the store off: ``0``, ``no``, ``off`` or ``false``."""

MOST_BYTES = 512 * 2**20  # of one model; the vectors that were written longest ago go first
MOST_BYTES_ALL = 2 * 2**30  # of all models; the model used longest ago goes first

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class KeptEmbedder:
    """An embedder whose vectors are kept on disk, under a hash of the text and the model's fingerprint.

    Each model has one file of plain numpy arrays, without pickle, in the folder ``vectors`` of the user's cache (`FRAMING_DATA` if it
    is set). A new file is written beside the old one and then renamed, so that a reader never meets half a file; if two write at once,
    the later wins, which only costs time. The file has no text, but vectors reveal much about texts: if that matters, delete the
    folder, or set ``FRAMING_KEEP_VECTORS=0``.

    Parameters
    ----------
    embedder : Embedder
        What computes vectors. Its fingerprint must change whenever they would.
    folder : Path, optional
        Where the files are; by default the user's cache.

    Examples
    --------
    >>> import tempfile
    >>> from toolkit.models.embedders import WordLlamaEmbedder
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     kept = KeptEmbedder(WordLlamaEmbedder(), Path(folder))
    ...     first, again = kept.embed(["A ban."]), kept.embed(["A ban."])
    ...     [path.suffix for path in Path(folder).iterdir()], bool((first == again).all())
    (['.npz'], True)
    """

    embedder: Any
    folder: Path | None = field(default=None)

    @property
    def name(self) -> str:
        """The embedder's."""
        return str(self.embedder.name)

    @property
    def fingerprint(self) -> str:
        """The embedder's."""
        return str(self.embedder.fingerprint)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one row per text; only texts that are not in the store are computed."""
        if is_off() or len(texts) == 0:
            return np.asarray(self.embedder.embed(texts), dtype=np.float32)

        # what the store has of these texts
        unique, first, back = np.unique(text_keys(texts), return_index=True, return_inverse=True)
        path = self._path()
        known, vectors = _read(path)
        place = {key: at for at, key in enumerate(known.tolist())}
        at = np.array([place.get(key, -1) for key in unique.tolist()], dtype=np.int64)
        new = np.flatnonzero(at < 0)
        if len(new) == 0:
            return vectors[at][back.ravel()]

        made = np.asarray(self.embedder.embed([texts[i] for i in first[new].tolist()]), dtype=np.float32)
        if made.ndim != 2 or len(made) != len(new) or (len(vectors) and made.shape[1] != vectors.shape[1]):
            return np.asarray(self.embedder.embed(texts), dtype=np.float32)  # whoever uses them says what is wrong

        found = np.empty((len(unique), made.shape[1]), dtype=np.float32)
        found[new] = made
        old = np.flatnonzero(at >= 0)
        if len(old):
            found[old] = vectors[at[old]]

        # what was used now is written last, so that it stays longest
        idle = np.ones(len(known), dtype=bool)
        idle[at[old]] = False
        _write(
            path,
            np.concatenate([known[idle], unique]),
            np.concatenate([vectors[idle].reshape(-1, made.shape[1]), found]),
        )
        return found[back.ravel()]

    def _path(self) -> Path:
        folder = self.folder if self.folder is not None else data_folder() / "vectors"
        return folder / f"{hashlib.sha256(self.fingerprint.encode('utf-8', 'replace')).hexdigest()[:24]}.npz"


def is_off() -> bool:
    """Tell whether the user turned the store off."""
    return os.environ.get(SWITCH, "").strip().casefold() in ("0", "no", "off", "false")


def text_keys(texts: Sequence[str]) -> NDArray[np.bytes_]:
    """Return a hash of each text: 16 bytes as 32 hexadecimal digits.

    Examples
    --------
    >>> one, other = text_keys(["A ban.", "A ban"])
    >>> len(one), one == other
    (32, False)
    """
    made = [hashlib.blake2b(str(text).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest() for text in texts]
    return np.array(made, dtype="S32")


def _read(path: Path) -> tuple[NDArray[np.bytes_], Vectors]:
    """Return the keys and vectors of a file; none if there is no file, or a damaged one."""
    nothing = np.zeros(0, dtype="S32"), np.zeros((0, 0), dtype=np.float32)
    try:
        with np.load(path, allow_pickle=False) as file:
            keys, vectors = file["keys"], file["vectors"]
    except Exception:  # a damaged file raises one of many kinds; the vectors are computed again
        return nothing
    if keys.dtype != np.dtype("S32") or vectors.dtype != np.float32 or vectors.ndim != 2 or len(keys) != len(vectors):
        return nothing
    with contextlib.suppress(OSError):
        os.utime(path)  # the file was used now
    return keys, vectors


def _write(path: Path, keys: NDArray[np.bytes_], vectors: Vectors) -> None:
    """Write what was used last, as far as it fits; if nothing can be written, warn and go on."""
    most = max(1, MOST_BYTES // (vectors.shape[1] * 4 + 32))
    keys, vectors = keys[-most:], vectors[-most:]

    beside = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
            beside = Path(file.name)
            np.savez(file, keys=keys, vectors=vectors)
        beside.replace(path)
        _trim(path)
    except OSError as error:
        warn_user(
            f"Vectors cannot be kept in {path.parent} ({error.strerror or error}), so the next run computes them again. "
            f"Set FRAMING_DATA to a folder that you can write to, or {SWITCH}=0."
        )
    finally:
        if beside is not None:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)


def _trim(newest: Path) -> None:
    """Delete the files of models that were used longest ago until all together are small enough."""
    files = []
    for path in newest.parent.glob("*.npz"):
        with contextlib.suppress(OSError):
            about = path.stat()
            files.append((about.st_mtime, about.st_size, path))

    total = sum(size for _, size, _ in files)
    for _, size, path in sorted(files, key=lambda file: file[:2]):
        if total <= MOST_BYTES_ALL:
            return
        if path != newest:
            path.unlink(missing_ok=True)
            total -= size
