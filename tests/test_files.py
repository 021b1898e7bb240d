"""Files and folders are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from toolkit.files import replacing


def listing(folder: Path) -> dict[str, str]:
    """Return what each file below the folder holds, hidden ones included."""
    return {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("*") if p.is_file()}


def test_a_file_takes_the_place_of_the_old_one(tmp_path):
    """The new content stands where the old one did, with the permissions of a new file, and nothing lies beside it."""
    place = tmp_path / "a.txt"
    place.write_text("old")
    with replacing(place) as beside:
        beside.write_text("new")
        assert place.read_text() == "old"
    assert listing(tmp_path) == {"a.txt": "new"}
    (tmp_path / "b.txt").write_text("")
    assert place.stat().st_mode == (tmp_path / "b.txt").stat().st_mode


def test_a_folder_takes_the_place_of_the_old_one(tmp_path):
    """A folder with files is replaced as a whole: what only the old one had is gone."""
    place = tmp_path / "shared"
    for names in (["a", "b"], ["b", "c"]):
        with replacing(place) as beside:
            beside.mkdir()
            for name in names:
                (beside / name).write_text("".join(names))
    assert listing(tmp_path) == {"shared/b": "bc", "shared/c": "bc"}


@pytest.mark.parametrize("folder", [False, True], ids=["file", "folder"])
def test_what_was_there_stays_when_writing_fails(tmp_path, folder):
    """An error while writing leaves the old file or folder whole, and nothing half-written."""
    place = tmp_path / "place"
    kept = place / "a" if folder else place
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("old")
    with pytest.raises(ValueError, match="no more"), replacing(place) as beside:
        (beside.mkdir() if folder else beside.write_text("half"))
        raise ValueError("no more")
    assert listing(tmp_path) == {str(kept.relative_to(tmp_path)): "old"}


def test_what_was_there_comes_back_when_renaming_fails(tmp_path, monkeypatch):
    """If the new folder cannot be renamed into place, the old one is put back."""
    place = tmp_path / "place"
    place.mkdir()
    (place / "a").write_text("old")
    replace = os.replace

    def fails_once(source, target):
        if Path(source).name == ".place":
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", fails_once)
    with pytest.raises(OSError, match="No space left"), replacing(place) as beside:
        beside.mkdir()
    assert listing(tmp_path) == {"place/a": "old"}
