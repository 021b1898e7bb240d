"""Own tokens, the public index of articles: built once, queried, saved and remembered."""

from __future__ import annotations

import json
import os
import pickle
import sys
from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any, overload

import numpy as np
import pandas as pd

from toolkit.corpora.history import describe_corpus
from toolkit.files import replacing
from toolkit.recipes import version
from toolkit.tables import TEXT_FIELDS, FramingError, check_articles, listed
from toolkit.tables.content import frame_changes
from toolkit.text.coder import coded
from toolkit.text.index import Index, Vocabulary, as_texts
from toolkit.text.matches import AnyTerms
from toolkit.text.matrix import DocumentTermMatrix, all_words, term_counts
from toolkit.text.terms import Terms

__all__ = ["Tokens", "Vocabulary", "as_tokens", "describe_corpus", "tokenize"]

_FORMAT = 2  # of a saved index; in 1, words of scripts without spaces were whole lines
_MOST_REMEMBERED = 3  # indexes: each holds its articles and some 13 bytes a word


class Tokens(Index):
    """The running words of a corpus: query them, save them, open them again.

    Made by `tokenize` or `Tokens.open`. Its arrays are those of `toolkit.text.index.Index`.

    Examples
    --------
    >>> import toolkit as tk
    >>> tokens = tk.tokenize(tk.load("daily-brief"))
    >>> first = int(tokens.codes[0])
    >>> tokens.vocabulary.forms[first] == tokens.articles["title"].iloc[0].split()[0]
    True
    """

    @overload
    def matrix(
        self, terms: None = None, *, lower: bool = True, min_n: int = 1, min_articles: int = 1
    ) -> DocumentTermMatrix: ...

    @overload
    def matrix(self, terms: AnyTerms) -> pd.DataFrame: ...

    def matrix(
        self, terms: AnyTerms | None = None, *, lower: bool = True, min_n: int = 1, min_articles: int = 1
    ) -> DocumentTermMatrix | pd.DataFrame:
        """Count every word, or a few terms, in each article: a document-term matrix.

        Parameters
        ----------
        terms : Terms, dict, list or str, optional
            The terms to count; by default every word.
        lower : bool, keyword-only
            Whether to ignore capitals and a possessive 's, as the search for terms does; if False, each printed form is a word of its own.
        min_n, min_articles : int, keyword-only
            Leave out words that occur less often, or in fewer articles.

        Returns
        -------
        DocumentTermMatrix or DataFrame
            Of every word, a sparse matrix `counts` (scipy's CSR) with one row per article, named by `doc_ids`, and one column per
            word, named by `words`. Of terms, a DataFrame with one row per article (the index is `doc_id`) and one column per
            term, with 0 where an article has none.

        Raises
        ------
        FramingError
            If words are left out (`min_n`, `min_articles`) or told apart (`lower`) where terms are counted.

        Warns
        -----
        FramingWarning
            For each pattern that matches nothing.

        See Also
        --------
        toolkit.usage : rates and shares with intervals, by source and period.
        toolkit.find : each occurrence by itself.

        Notes
        -----
        Articles stand in the order of the index; ``tokens.n_words`` has the words of each, all fields together.

        Examples
        --------
        >>> import pandas as pd, toolkit as tk
        >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "text": ["A ban, the ban's end.", "The order."]})
        >>> tokens = tk.tokenize(articles)
        >>> words = tokens.matrix()
        >>> words.words, words.counts.toarray().tolist()
        (['a', 'ban', 'the', 'end', 'order'], [[1, 2, 1, 1, 0], [0, 0, 1, 0, 1]])
        >>> tokens.matrix({"ban": "ban*", "order": "order*"}).reset_index()
          doc_id  ban  order
        0      a    2      0
        1      b    0      1
        """
        if terms is None:
            return all_words(self, lower=lower, min_n=min_n, min_articles=min_articles)
        if not lower or min_n != 1 or min_articles != 1:
            raise FramingError(
                "lower, min_n and min_articles choose among all words; terms say themselves what they match. Leave them out."
            )
        return term_counts(self, Terms(terms))

    @property
    def corpus(self) -> dict[str, Any]:
        """Name, fingerprint and size of the articles, what was done to them, and who indexed them, as recipes state it.

        It is that of the articles as they were indexed. Where `articles` was edited in place since, `changed_afterwards` says what.
        """
        changed = self.changed_afterwards
        return {**self._as_indexed, "changed_afterwards": changed} if changed else self._as_indexed

    @property
    def changed_afterwards(self) -> dict[str, Any]:
        """What was edited in `articles` after they were indexed; new columns do not count. Empty as a rule."""
        return {**self.__dict__.get("changed_before", {}), **frame_changes(self.indexed, self.articles)}

    @cached_property
    def _as_indexed(self) -> dict[str, Any]:
        made_with = self.__dict__.get("made_with", version("framing-toolkit"))
        return describe_corpus(self.indexed, self.fields) | {"index": {"format": _FORMAT, "framing-toolkit": made_with}}

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the index and its articles into a folder, completely or not at all.

        Parameters
        ----------
        path : path
            The folder to make; an existing index there is replaced.

        Examples
        --------
        >>> import tempfile, toolkit as tk
        >>> tokens = tk.tokenize(tk.load("daily-brief"))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = tokens.save(f"{folder}/brief.tokens")
        ...     again = tk.Tokens.open(path)
        ...     len(again) == len(tokens)
        True
        """
        target = Path(path)
        if target.exists() and not (target / "index.json").is_file():
            raise FramingError(f"{target} exists and is not a saved index, so it is left alone. Choose another name.")
        with replacing(target) as beside:
            beside.mkdir()
            order, ends = self.by_form
            arrays = {"codes": self.codes, "starts": self.starts, "breaks": self.breaks, "offsets": self.offsets}
            for name, array in {**arrays, "order": order, "ends": ends}.items():
                np.save(beside / f"{name}.npy", array, allow_pickle=False)

            articles = self.articles.reset_index(drop=True)
            attrs, articles.attrs = articles.attrs, {}  # index.json holds them
            articles.to_parquet(beside / "articles.parquet")
            forms = pd.DataFrame({"form": [f.encode("utf-8", "surrogatepass") for f in self.vocabulary.forms]})
            forms.to_parquet(beside / "forms.parquet")
            meta = {"format": _FORMAT, "fields": self.fields, "n_tokens": len(self), "attrs": attrs}
            meta["made_with"] = self._as_indexed["index"]["framing-toolkit"]
            if changed := self.changed_afterwards:
                meta |= {"as_indexed": self._as_indexed, "changed_before": changed}
            (beside / "index.json").write_text(json.dumps(meta), encoding="utf-8")
        return target

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Tokens:
        """Open a saved index; its arrays stay on disk and are read when needed.

        Raises
        ------
        FramingError
            If there is no index, or it was written by a version that this one does not read.
        """
        folder = Path(path)
        meta_file = folder / "index.json"
        if not meta_file.is_file():
            raise FramingError(
                f"There is no saved index at {folder}. Make one: tk.tokenize(articles).save({str(folder)!r})."
            )
        meta = json.loads(meta_file.read_text(encoding="utf-8"))
        if meta.get("format") != _FORMAT:
            raise FramingError(
                f"The index at {folder} has format {meta.get('format')}; this version reads {_FORMAT}. Tokenise again."
            )

        def array(name: str) -> Any:
            return np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)

        articles = pd.read_parquet(folder / "articles.parquet")
        articles.attrs = meta["attrs"]
        forms = [f.decode("utf-8", "surrogatepass") for f in pd.read_parquet(folder / "forms.parquet")["form"]]
        tokens = cls(
            articles,
            tuple(meta["fields"]),
            Vocabulary(forms),
            array("codes"),
            array("starts"),
            array("breaks"),
            array("offsets"),
        )
        if len(tokens) != meta["n_tokens"] or len(tokens.offsets) != len(articles) * len(tokens.fields) + 1:
            raise FramingError(f"The index at {folder} is damaged: its parts do not fit together. Tokenise again.")
        object.__setattr__(tokens, "by_form", (array("order"), array("ends")))
        object.__setattr__(tokens, "made_with", meta.get("made_with", "unknown"))
        if "changed_before" in meta:  # the articles were edited in place before they were saved
            object.__setattr__(tokens, "changed_before", meta["changed_before"])
            object.__setattr__(tokens, "_as_indexed", meta["as_indexed"])
        return tokens


def tokenize(articles: pd.DataFrame, fields: Sequence[str] | None = None) -> Tokens:
    """Index the running words of articles.

    Parameters
    ----------
    articles : DataFrame
        Articles, one row each, with `doc_id` and the text fields.
    fields : sequence of str, optional
        The columns to read; by default those of title, standfirst and text that are there.

    Returns
    -------
    Tokens
        Words in the order of the articles. What a word is: see `toolkit.text.words`.

    Raises
    ------
    FramingError
        If the frame is empty, has no text field, or a `doc_id` occurs twice.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({"doc_id": ["a"], "text": ["A reset is no reset."]})
    >>> tokens = tk.tokenize(articles)
    >>> tokens.codes.tolist(), tokens.vocabulary.forms
    ([0, 1, 2, 3, 1], ['A', 'reset', 'is', 'no'])
    """
    chosen = (
        tuple(fields) if fields is not None else tuple(f for f in TEXT_FIELDS if f in getattr(articles, "columns", ()))
    )
    frame = check_articles(articles, ("doc_id", *(chosen or ("text",))))
    frame = frame.reset_index(drop=True)
    columns = [as_texts(frame[field]) for field in chosen]

    forms, codes, starts, breaks, offsets = coded(columns)
    return Tokens(frame, chosen, Vocabulary(forms), codes, starts, breaks, offsets)


_remembered: OrderedDict[bytes, Tokens] = OrderedDict()  # by the content of the articles, the last used at the end


def as_tokens(corpus: Tokens | pd.DataFrame) -> Tokens:
    """Return the index of a corpus: the index itself, or that of articles, built once and then remembered.

    The indexes of the last three corpora are remembered while Python runs, by a fingerprint of every value of their frames. So an
    edited frame is indexed again, and an equal one is not. A line on standard error says when an index is built.

    Parameters
    ----------
    corpus : Tokens or DataFrame
        An index, or articles with `doc_id` and the text fields (see `tokenize`).

    Raises
    ------
    FramingError
        If this is neither an index nor a frame of articles with text.

    Examples
    --------
    >>> articles = pd.DataFrame({"doc_id": ["a"], "text": ["A reset is no reset."]})
    >>> as_tokens(articles) is as_tokens(articles.copy())
    True
    >>> as_tokens(articles) is as_tokens(articles.assign(text="No reset."))
    False
    """
    if isinstance(corpus, Tokens):
        return corpus
    if not isinstance(corpus, pd.DataFrame):
        kind = type(corpus)
        whole = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
        raise FramingError(
            f"Give articles, as a pandas DataFrame, or their index, tk.tokenize(articles); this is a {whole}{kind.__qualname__}."
        )

    key = _content_of(corpus)
    if key not in _remembered:
        _remembered[key] = tokenize(corpus)
        _say_remembered(_remembered[key])
    _remembered.move_to_end(key)
    while len(_remembered) > _MOST_REMEMBERED:
        _remembered.popitem(last=False)
    return _remembered[key]


def _content_of(articles: pd.DataFrame) -> bytes:
    """Return a fingerprint of a frame: its values, their order and types, and what rides in `attrs`.

    `corpora.fingerprint` would not do: hits carry columns that it leaves out, and the order of the articles.
    """
    digest = blake2b(pickle.dumps(articles.attrs), digest_size=16)
    for name, column in articles.items():
        digest.update(pickle.dumps((name, column.dtype, column.tolist())))
    return digest.digest()


def _say_remembered(tokens: Tokens) -> None:
    from tqdm.auto import tqdm

    n = len(tokens.articles)
    tqdm.write(
        f"Tokenised {n:,} article{'s' * (n != 1)} ({listed(tokens.fields)}: {len(tokens):,} words). "
        "Their index is remembered while Python runs.",
        file=sys.stderr,
    )
