"""Own how a text becomes a vector: one small protocol, a table that ships in a package, and a method without a model."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from toolkit.models.vocabulary import TopicWords
from toolkit.recipes import version
from toolkit.tables import FramingError

Vectors = NDArray[np.float32]

EMBEDDERS = ("wordllama", "tfidf-svd")
"""Names that need nothing but the package."""

_CHUNK = 65_536  # tokens whose vectors are held at a time (64 MB)
_REMEMBERED_BYTES = 200_000_000  # of vectors that stay in memory


@runtime_checkable
class Embedder(Protocol):
    """What can stand where an embedder is wanted.

    An embedder that learns from the texts themselves also has ``fit(texts)``, which returns the fitted embedder and
    leaves the first as it was.

    Attributes
    ----------
    name : str
        Its name in a recipe.
    fingerprint : str
        Changes whenever the vectors would: the model's name and the version or hash of its weights.
    """

    @property
    def name(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one row per text, float32."""
        ...


def clean_texts(texts: Sequence[Any]) -> list[str]:
    """Return plain strings: empty for a missing text, with a question mark for half a surrogate pair.

    Examples
    --------
    >>> clean_texts(["A reset.", None, float("nan"), "half \\ud83d"])
    ['A reset.', '', '', 'half ?']
    """
    return [text.encode("utf-8", "replace").decode("utf-8") if isinstance(text, str) else "" for text in texts]


def unit_rows(vectors: NDArray[Any]) -> Vectors:
    """Scale each row to length 1; a row of zeros (or with a number that is not finite) becomes zeros.

    Examples
    --------
    >>> unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]])).round(1).tolist()
    [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]
    """
    rows = np.asarray(vectors, dtype=np.float64)
    length = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    good = np.isfinite(length) & (length > 0)

    scaled = np.zeros_like(rows)
    np.divide(rows, length[:, None], out=scaled, where=good[:, None])
    return scaled.astype(np.float32)


@cache
def _wordllama_files() -> tuple[Path, Path]:
    spec = importlib.util.find_spec("wordllama")
    folder = Path(spec.origin).parent if spec is not None and spec.origin else None
    if folder is None:
        raise FramingError(
            "The embedding 'wordllama' needs the package wordllama, which is not installed. "
            "Install it (pip install wordllama==0.4.0.post1) or choose embedder='tfidf-svd'."
        )
    files = (
        folder / "weights" / "l2_supercat_256.safetensors",
        folder / "tokenizers" / "l2_supercat_tokenizer_config.json",
    )
    for file in files:
        if not file.exists():
            raise FramingError(
                f"The embedding 'wordllama' reads {file.name} from the package wordllama; version {version('wordllama')} "
                "has no such file, version 0.4.0.post1 has. Install that one or choose embedder='tfidf-svd'."
            )
    return files


@cache
def _wordllama() -> tuple[Vectors, Any, str]:
    """Read the table, the tokenizer and the hash of both, once per process."""
    from safetensors.numpy import load
    from tokenizers import Tokenizer

    weights, tokenizer_file = (file.read_bytes() for file in _wordllama_files())
    table = load(weights)["embedding.weight"].astype(np.float32)
    tokenizer = Tokenizer.from_str(tokenizer_file.decode("utf-8"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    digest = hashlib.sha256(weights + tokenizer_file).hexdigest()[:12]
    return table, tokenizer, digest


@dataclass(frozen=True)
class WordLlamaEmbedder:
    """Static vectors of 256 numbers, the mean over a text's tokens, scaled to length 1; for English.

    The table and its tokenizer are read from the files inside the package wordllama (0.4.0.post1), without network access;
    the vectors are wordllama's own. Each text is computed by itself, so neither its neighbours nor the number of threads
    change its vector. A text without tokens is a row of zeros. Any Unicode string will do; the tokenizer spells in bytes
    what it does not know.

    Notes
    -----
    The package states the MIT licence. By its README the weights were trained from the token tables
    ("codebooks") of other language models, among them LLaMA 2 70B and phi 3 medium, so the terms of those models may
    apply to the weights; the package makes no statement on that. Where this matters choose another embedder:
    `TfidfSvdEmbedder` needs no weights.

    Examples
    --------
    >>> vectors = WordLlamaEmbedder().embed(["The border wall.", "A wall on the border.", "Oil prices fell.", ""])
    >>> vectors.shape
    (4, 256)
    >>> bool(vectors[0] @ vectors[1] > vectors[0] @ vectors[2]), float(abs(vectors[3]).sum())
    (True, 0.0)
    """

    name: str = field(default="wordllama", init=False)

    @property
    def fingerprint(self) -> str:
        """The name of the table and a hash of its files."""
        return f"wordllama-l2-supercat-256-{_wordllama()[2]}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one row of 256 numbers per text; those of the last few lists of texts are remembered while Python runs."""
        given = clean_texts(texts)

        # with their lengths, since texts can hold any character that would part them
        content = ",".join(str(len(text)) for text in given) + "\0" + "".join(given)
        list_key = hashlib.blake2b(content.encode(), digest_size=16).digest()
        if list_key not in _remembered:
            _remember(list_key, self._computed(given))
        return _remembered[list_key].copy()

    def _computed(self, given: list[str]) -> Vectors:
        table, tokenizer, _ = _wordllama()
        vectors = np.zeros((len(given), table.shape[1]), dtype=np.float32)

        # texts of like length together, so that batches are even
        order = sorted(range(len(given)), key=lambda i: len(given[i]))
        for first in range(0, len(order), 1024):
            batch = order[first : first + 1024]
            encoded = tokenizer.encode_batch_fast([given[i] for i in batch], add_special_tokens=False)

            rows, ids, held = [], [], 0
            for i, encoding in zip(batch, encoded, strict=True):
                if not encoding.ids:
                    continue
                rows.append(i)
                ids.append(encoding.ids)
                held += len(encoding.ids)
                if held >= _CHUNK:
                    vectors[rows] = _means(table, ids)
                    rows, ids, held = [], [], 0
            if rows:
                vectors[rows] = _means(table, ids)
        return unit_rows(vectors)


_remembered: dict[bytes, Vectors] = {}


def _remember(list_key: bytes, vectors: Vectors) -> None:
    """Keep the vectors of a list of texts, so that a cell that runs again takes no time, and forget the oldest."""
    _remembered[list_key] = vectors
    while len(_remembered) > 1 and sum(each.nbytes for each in _remembered.values()) > _REMEMBERED_BYTES:
        del _remembered[next(iter(_remembered))]


def _means(table: Vectors, ids: list[list[int]]) -> Vectors:
    """Return the mean vector of each list of token ids; none is empty."""
    lengths = np.array([len(each) for each in ids])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    flat = np.concatenate([np.asarray(each, dtype=np.int64) for each in ids])

    # an added token beyond the table takes its last row, as in wordllama
    rows = table[np.minimum(flat, len(table) - 1)]
    return np.asarray(np.add.reduceat(rows, starts, axis=0) / lengths[:, None].astype(np.float32), dtype=np.float32)


@dataclass(frozen=True)
class TfidfSvdEmbedder:
    """TF-IDF reduced by truncated singular value decomposition, learned from the texts themselves; for any language.

    Latent semantic analysis (Deerwester et al. 1990): it needs no model, and is only as good as the texts it is given. Words
    are the toolkit's own; in scripts that do not separate words, pairs of characters. Words that occur in one text only are
    omitted. The result depends only on the set of texts: they are sorted before learning.

    Parameters
    ----------
    dimensions : int
        Numbers per vector, or fewer where there are fewer texts or words.
    seed : int
        Starting point of the randomised decomposition.

    Examples
    --------
    >>> texts = ["border wall now", "the border wall", "oil price now", "the oil price"]
    >>> vectors = TfidfSvdEmbedder(dimensions=2).embed(texts)
    >>> bool(vectors[0] @ vectors[1] > 0.9), bool(vectors[0] @ vectors[2] < 0.5)
    (True, True)
    """

    dimensions: int = 100
    seed: int = 0
    name: str = field(default="tfidf-svd", init=False)
    _learned: Any = field(default=None, init=False, repr=False, compare=False)
    _digest: str = field(default="", init=False, repr=False)

    @property
    def fingerprint(self) -> str:
        """The settings and, once fitted, a hash of the texts it was fitted on."""
        return f"tfidf-svd-{self.dimensions}-{self.seed}" + (f"-{self._digest}" if self._digest else "")

    def fit(self, texts: Sequence[str]) -> TfidfSvdEmbedder:
        """Return an embedder that has learned from these texts."""
        from sklearn.decomposition import TruncatedSVD
        from sklearn.feature_extraction.text import TfidfVectorizer

        given = sorted(clean_texts(texts))
        digest = hashlib.sha256("\0".join(given).encode()).hexdigest()[:12]

        least = 2 if len(given) > 50 else 1
        vectorizer = TfidfVectorizer(analyzer=TopicWords(), min_df=least, sublinear_tf=True, dtype=np.float64)
        try:
            weights = vectorizer.fit_transform(given)
        except ValueError as error:  # "empty vocabulary" or "no terms remain"
            raise FramingError(
                f"These {len(given):,} texts have no word in common to learn from. Give more or longer texts."
            ) from error

        dimensions = min(self.dimensions, min(weights.shape) - 1)
        svd = None
        if dimensions >= 1:
            svd = TruncatedSVD(dimensions, n_iter=7, random_state=self.seed).fit(weights)

        fitted = replace(self)
        object.__setattr__(fitted, "_learned", (vectorizer, svd))
        object.__setattr__(fitted, "_digest", digest)
        return fitted

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one row per text; an embedder that is not fitted learns from these very texts."""
        if len(texts) == 0:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        vectorizer, svd = (self if self._learned is not None else self.fit(texts))._learned
        weights = vectorizer.transform(clean_texts(texts))
        return unit_rows(weights.toarray() if svd is None else svd.transform(weights))
