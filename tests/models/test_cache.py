"""Vectors kept on disk: what was computed is not computed again, whatever becomes of the file."""

import numpy as np
import pytest

from toolkit.models import cache as keeping
from toolkit.models.cache import KeptEmbedder
from toolkit.models.choice import as_embedder
from toolkit.models.embedders import Embedder, TfidfSvdEmbedder, WordLlamaEmbedder
from toolkit.tables import FramingWarning


class Counting:
    """An embedder that remembers what it was asked for."""

    name = "counting"

    def __init__(self, fingerprint="counting-1"):
        self.fingerprint = fingerprint
        self.asked = []

    def embed(self, texts):
        self.asked.append(list(texts))
        return np.array([[len(text), text.count("a")] for text in texts], dtype=np.float32).reshape(-1, 2)


def test_only_new_texts_are_computed(tmp_path):
    """A second call asks for what is new, each text once, and rows stand as the texts were given."""
    inner = Counting()
    kept = KeptEmbedder(inner, tmp_path)
    assert kept.embed(["a", "bb", "a"]).tolist() == [[1, 1], [2, 0], [1, 1]]
    assert kept.embed(["ccc", "bb", "a", "ccc"]).tolist() == [[3, 0], [2, 0], [1, 1], [3, 0]]
    assert [sorted(texts) for texts in inner.asked] == [["a", "bb"], ["ccc"]]
    KeptEmbedder(Counting(), tmp_path).embed(["a"])
    assert isinstance(kept, Embedder) and kept.embed([]).shape == (0, 2)


def test_another_process_finds_them(run_python, tmp_path):
    """What one process kept the next one reads."""
    KeptEmbedder(Counting(), tmp_path).embed(["a", "\ud83d half"])
    code = (
        "from pathlib import Path; from toolkit.models.cache import KeptEmbedder\n"
        "class Never:\n    name, fingerprint = 'counting', 'counting-1'\n    def embed(self, texts): raise SystemExit(texts)\n"
        f"print(KeptEmbedder(Never(), Path({str(tmp_path)!r})).embed(['a', chr(0xd83d) + ' half']).tolist())"
    )
    assert run_python(code) == "[[1.0, 1.0], [6.0, 1.0]]"


def test_another_model_has_another_file(tmp_path):
    """Vectors of one model never stand in for those of another."""
    KeptEmbedder(Counting("one"), tmp_path).embed(["a"])
    other = Counting("other")
    KeptEmbedder(other, tmp_path).embed(["a"])
    assert other.asked == [["a"]] and len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 half a file", b"\x80\x04cos\nsystem\n"])
def test_a_damaged_file_is_made_anew(tmp_path, damage):
    """An empty, cut or foreign file is no error, is not unpickled, and is replaced."""
    inner = Counting()
    kept = KeptEmbedder(inner, tmp_path)
    kept.embed(["a"])
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage)
    assert kept.embed(["a"]).tolist() == [[1, 1]]
    assert kept.embed(["a"]).tolist() == [[1, 1]] and len(inner.asked) == 2
    assert [path.suffix for path in tmp_path.iterdir()] == [".npz"]


def test_a_file_with_objects_is_not_loaded(tmp_path):
    """Arrays of Python objects would be unpickled; they are not."""
    inner = Counting()
    kept = KeptEmbedder(inner, tmp_path)
    kept.embed(["a"])
    (file,) = tmp_path.iterdir()
    with file.open("wb") as stream:
        np.savez(stream, keys=np.array([object()]), vectors=np.zeros((1, 2), dtype=np.float32))
    kept.embed(["a"])
    assert inner.asked == [["a"], ["a"]]


def test_the_store_is_bounded(tmp_path, monkeypatch):
    """Of one model the vectors written longest ago go, of all models the file used longest ago."""
    monkeypatch.setattr(keeping, "MOST_BYTES", 2 * (2 * 4 + 32))
    inner = Counting()
    kept = KeptEmbedder(inner, tmp_path)
    for text in ("a", "bb", "a", "ccc"):
        kept.embed([text])
    kept.embed(["a"])
    assert inner.asked == [
        ["a"],
        ["bb"],
        ["ccc"],
        ["a"],
    ]  # a hit alone writes nothing, so "a" went with the first that came
    monkeypatch.setattr(keeping, "MOST_BYTES_ALL", 0)
    KeptEmbedder(Counting("other"), tmp_path).embed(["a"])
    assert len(list(tmp_path.iterdir())) == 1


def test_it_can_be_turned_off(tmp_path, monkeypatch):
    """With the switch nothing is read or written, and as_embedder can leave it out."""
    monkeypatch.setenv(keeping.SWITCH, "off")
    inner = Counting()
    KeptEmbedder(inner, tmp_path).embed(["a"])
    KeptEmbedder(inner, tmp_path).embed(["a"])
    assert len(inner.asked) == 2 and list(tmp_path.iterdir()) == []

    class Model:
        def encode(self, texts):
            return np.ones((len(texts), 2))

    assert isinstance(as_embedder(Model()), KeptEmbedder) and not isinstance(
        as_embedder(Model(), keep=False), KeptEmbedder
    )


def test_where_nothing_can_be_written_it_goes_on(tmp_path):
    """A folder that cannot be made is warned of; the vectors are right."""
    (tmp_path / "file").write_text("in the way")
    kept = KeptEmbedder(Counting(), tmp_path / "file")
    with pytest.warns(FramingWarning, match=r"^Vectors cannot be kept in .*, so the next run computes them again\."):
        assert kept.embed(["a"]).tolist() == [[1, 1]]


def test_what_is_quick_is_not_kept():
    """The two embedders that need no model, and objects with the protocol, are handed on as they are."""
    own = Counting()
    assert isinstance(as_embedder("wordllama"), WordLlamaEmbedder) and isinstance(
        as_embedder("tfidf-svd"), TfidfSvdEmbedder
    )
    assert as_embedder(own) is own
