"""Own the choice of an embedder: which one a name or an object means, and whether its vectors are kept."""

from __future__ import annotations

from typing import Literal

from toolkit.models import extras
from toolkit.models.cache import KeptEmbedder
from toolkit.models.embedders import EMBEDDERS, Embedder, TfidfSvdEmbedder, WordLlamaEmbedder
from toolkit.tables import FramingError, not_found

EXTRAS = ("e5", "model2vec:<name or folder>", "fastembed:<name or folder>", "st:<name or folder>")
"""Names that need the extra of that name: what stands before the colon."""

AnyEmbedder = Literal["wordllama", "tfidf-svd", "e5"] | str | Embedder | extras.Encoder
"""What can be chosen: a name, an object with the protocol, or a loaded model with ``encode``."""


def as_embedder(choice: AnyEmbedder, *, keep: bool = True) -> Embedder:
    """Turn a choice of embedding into an embedder.

    Parameters
    ----------
    choice : str or object
        ``"wordllama"`` (English, ships in a package), ``"tfidf-svd"`` (any language, no model); ``"e5"`` (a hundred languages, offline,
        slow), ``"model2vec:<name or folder>"``, ``"fastembed:<name or folder>"`` or, of a model that fastembed lists,
        ``"fastembed:<name>@<folder>"``, ``"st:<name or folder>"`` (a sentence-transformers model), each with the extra of that
        name; an object with the `Embedder` protocol, or a loaded model2vec or sentence-transformers model.
        A name is fetched from the hub by the package that loads it, a folder is read.
    keep : bool, keyword-only
        Whether the vectors of a model are kept on disk (see `toolkit.models.cache`). The first two are quick, and an object with
        the protocol keeps what it wants itself; their vectors are never kept.

    Raises
    ------
    FramingError
        When there is no such embedder, the extra it needs is not installed, or a model cannot be loaded.

    Examples
    --------
    >>> as_embedder("tfidf-svd")
    TfidfSvdEmbedder(dimensions=100, seed=0, name='tfidf-svd')
    """
    if isinstance(choice, str):
        return _named(choice, keep)
    if isinstance(choice, type):
        raise FramingError(
            f"An embedder is an object; this is the class {choice.__name__}. Make one of it: {choice.__name__}()."
        )
    if isinstance(choice, Embedder):
        return choice
    if callable(getattr(choice, "encode", None)):
        return _kept(extras.of_model(choice), keep)

    names = ", ".join(repr(name) for name in (*EMBEDDERS, *EXTRAS))
    raise FramingError(
        f"An embedder is one of {names}, a model2vec or sentence-transformers model, or an object with name, fingerprint and "
        f"embed(texts); this is of type {type(choice).__name__}."
    )


def _named(choice: str, keep: bool) -> Embedder:
    if choice == "wordllama":
        return WordLlamaEmbedder()
    if choice == "tfidf-svd":
        return TfidfSvdEmbedder()
    if choice == "e5":
        return _kept(extras.e5(), keep)
    if choice.partition(":")[0] in extras.KINDS and ":" in choice:
        return _kept(extras.loaded(choice), keep)
    raise not_found("embedder", choice, [*EMBEDDERS, *EXTRAS])


def _kept(embedder: Embedder, keep: bool) -> Embedder:
    return KeptEmbedder(embedder) if keep else embedder
