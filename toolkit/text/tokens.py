"""Turn articles into an integer-coded index of running words, built once, then asked.

Each word form, as it is written, has a number. A corpus is then an array of numbers with the character at which each word
starts; patterns are matched against the forms, of which there are few, and never against the text.
"""

from __future__ import annotations

import json
import os
import pickle
import shutil
import sys
import tempfile
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from toolkit import corpora
from toolkit.tables import TEXT_FIELDS, FramingError, check_articles, listed, not_found
from toolkit.text import words

Ints = NDArray[np.int32]

_BATCH = 2_000_000  # characters worked on at a time: about 100 MB at the peak
_FORMAT = 1  # of a saved index
_MOST_REMEMBERED = 3  # indexes: each holds its articles and some 13 bytes a word


class Vocabulary:
    """The word forms of a corpus, as written, and the keys under which they are looked up.

    Attributes
    ----------
    forms : list of str
        Each distinct word as written; a form's code is its place.
    lower : list of str
        Each form in lower case.
    lengths : ndarray of int32
        Characters in each form.
    """

    def __init__(self, forms: Sequence[str]) -> None:
        self.forms = list(forms)
        self.lengths = np.fromiter(map(len, self.forms), dtype=np.int32, count=len(self.forms))
        self._keys: dict[tuple[bool, bool], tuple[pa.Array, Ints]] = {}
        self.matched: dict[tuple[str, bool], NDArray[np.int64]] = {}  # what words of patterns meant, asked before

    def __len__(self) -> int:
        return len(self.forms)

    @cached_property
    def lower(self) -> list[str]:
        return [form.lower() for form in self.forms]

    def keys(self, *, case: bool = False, possessive: bool = False) -> tuple[pa.Array, Ints]:
        """Return the distinct keys and, for each form, the place of its key (see `toolkit.text.words.fold`)."""
        which = (case, possessive)
        if which not in self._keys:
            folded = pa.array([words.fold(form, case=case, possessive=possessive) for form in self.forms], pa.string())
            encoded = folded.dictionary_encode()
            self._keys[which] = (encoded.dictionary, np.asarray(encoded.indices, dtype=np.int32))
        return self._keys[which]


@dataclass(frozen=True, eq=False)
class Tokens:
    """The running words of a corpus.

    Made by `tokenize` or `Tokens.open`. Positions run over the whole corpus, from article to article and, inside an
    article, from field to field.

    Attributes
    ----------
    articles : DataFrame
        The articles, one row each, in the order of the index.
    fields : tuple of str
        The text fields that were read, in order.
    vocabulary : Vocabulary
        The word forms.
    codes : ndarray of int32, shape (n_tokens,)
        The form of each word.
    starts : ndarray of int32, shape (n_tokens,)
        The character of its field at which each word starts; it ends after as many characters as its form has.
    breaks : ndarray of bool, shape (n_tokens,)
        Whether punctuation or an empty line stands between a word and the one before it.
    offsets : ndarray of int64, shape (n_articles * n_fields + 1,)
        The position at which each field of each article begins.

    Examples
    --------
    >>> import toolkit as tk
    >>> tokens = tk.tokenize(tk.load("daily-brief"))
    >>> first = int(tokens.codes[0])
    >>> tokens.vocabulary.forms[first] == tokens.articles["title"].iloc[0].split()[0]
    True
    """

    articles: pd.DataFrame
    fields: tuple[str, ...]
    vocabulary: Vocabulary
    codes: Ints
    starts: Ints
    breaks: NDArray[np.bool_]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.codes)

    def __repr__(self) -> str:
        return (
            f"Tokens: {len(self):,} words of {len(self.vocabulary):,} forms in {len(self.articles):,} articles "
            f"({listed(self.fields)})"
        )

    @cached_property
    def n_words(self) -> NDArray[np.int64]:
        """Words of each article, all fields together."""
        return np.diff(self.offsets[:: len(self.fields)])

    @cached_property
    def by_form(self) -> tuple[Ints, NDArray[np.int64]]:
        """All positions sorted by form, and where in them the positions of each form begin."""
        from scipy import sparse

        n, size = len(self.codes), len(self.vocabulary)
        ends = np.zeros(size + 1, dtype=np.int64)
        np.cumsum(np.bincount(self.codes, minlength=size), out=ends[1:])
        if n == 0:
            return np.empty(0, np.int32), ends
        # a matrix with one entry a row; to turn it into columns is a counting sort, several times faster than argsort
        rows = np.arange(n + 1, dtype=np.int32)
        matrix = sparse.csr_matrix((np.ones(n, dtype=np.int8), np.asarray(self.codes), rows), shape=(n, size))
        return matrix.tocsc().indices, ends

    @cached_property
    def form_counts(self) -> NDArray[np.int64]:
        """How often each form occurs."""
        return np.diff(self.by_form[1])

    @cached_property
    def by_article(self) -> Any:
        """How often each word (lower case, without possessive 's) occurs in each article: a sparse matrix, made once."""
        from scipy import sparse

        keys, key_of_form = self.vocabulary.keys(possessive=True)
        ends = self.offsets[:: len(self.fields)].astype(np.int32)
        shape = (len(self.articles), len(keys))
        matrix = sparse.csr_matrix((np.ones(len(self), dtype=np.int32), key_of_form[self.codes], ends), shape=shape)
        matrix.sum_duplicates()
        return matrix

    @cached_property
    def key_totals(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """How often each word (lower case, without possessive 's) occurs, and in how many articles."""
        keys, key_of_form = self.vocabulary.keys(possessive=True)
        occurrences = np.bincount(key_of_form, weights=self.form_counts, minlength=len(keys)).astype(np.int64)
        return occurrences, np.bincount(self.by_article.indices, minlength=len(keys))

    def positions(self, codes: Sequence[int] | NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        """Return the sorted positions at which any of the forms stands."""
        order, ends = self.by_form
        parts = [order[ends[code] : ends[code + 1]] for code in codes]
        if not parts:
            return np.empty(0, dtype=np.int64)
        joined = np.concatenate(parts).astype(np.int64)
        return joined if len(parts) == 1 else np.sort(joined)

    @cached_property
    def _texts(self) -> dict[str, list[str]]:
        return {field: _as_texts(self.articles[field]) for field in self.fields}

    def texts(self, field: str) -> list[str]:
        """Return the texts of a field in the order of the articles; a missing one is empty."""
        if field not in self.fields:
            raise not_found("field", field, self.fields)
        return self._texts[field]

    @cached_property
    def corpus(self) -> dict[str, Any]:
        """Name, fingerprint and size of the articles, as recipes state them."""
        return describe_corpus(self.articles, self.fields)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the index and its articles into a folder, whole or not at all.

        Parameters
        ----------
        path : path
            The folder to make; an index that is already there is replaced.

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
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            order, ends = self.by_form
            arrays = {"codes": self.codes, "starts": self.starts, "breaks": self.breaks, "offsets": self.offsets}
            for name, array in {**arrays, "order": order, "ends": ends}.items():
                np.save(beside / f"{name}.npy", array, allow_pickle=False)
            articles = self.articles.reset_index(drop=True)
            attrs, articles.attrs = articles.attrs, {}
            articles.to_parquet(beside / "articles.parquet")
            forms = pd.DataFrame({"form": [f.encode("utf-8", "surrogatepass") for f in self.vocabulary.forms]})
            forms.to_parquet(beside / "forms.parquet")
            meta = {"format": _FORMAT, "fields": self.fields, "n_tokens": len(self), "attrs": attrs}
            (beside / "index.json").write_text(json.dumps(meta), encoding="utf-8")
            if target.exists():
                old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
                os.replace(target, old / "index")
                os.replace(beside, target)
                shutil.rmtree(old, ignore_errors=True)
            else:
                os.replace(beside, target)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        return target

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Tokens:
        """Open a saved index; its arrays stay on disk and are read as they are needed.

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
        return tokens


def describe_corpus(articles: pd.DataFrame, fields: Sequence[str] = ()) -> dict[str, Any]:
    """Return what a recipe says of the articles: name, fingerprint, size, and the fields that were read."""
    described: dict[str, Any] = {
        "name": articles.attrs.get("corpus", "unnamed"),
        "fingerprint": corpora.fingerprint(articles),
        "n_articles": len(articles),
    }
    if fields:
        described["fields"] = list(fields)
    return described


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
    check_articles(articles, ("doc_id", *(chosen or ("text",))))
    frame = articles.reset_index(drop=True)
    columns = [_as_texts(frame[field]) for field in chosen]
    builder = _Builder(columns)
    for batch in _batches(columns):
        builder.add(batch)
    forms, codes, starts, breaks, offsets = builder.finish()
    return Tokens(frame, chosen, Vocabulary(forms), codes, starts, breaks, offsets)


_remembered: OrderedDict[bytes, Tokens] = OrderedDict()  # by the content of the articles, the last used at the end


def as_tokens(corpus: Tokens | pd.DataFrame) -> Tokens:
    """Return the index of a corpus: an index itself, or that of articles, which is made once and then remembered.

    While Python runs, the indexes of the three corpora used last are remembered by a fingerprint of every value of their frames. An
    edited frame is therefore indexed anew, and an equal one is not. One line on standard error says when an index is made.

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


def _as_texts(column: pd.Series) -> list[str]:
    """Return a column as strings; a missing text is an empty one."""
    return [text if isinstance(text, str) else "" if pd.isna(text) else str(text) for text in column.tolist()]


def _batches(columns: list[list[str]]) -> Iterator[list[str]]:
    """Yield the fields of the articles in order, in lists of about `_BATCH` characters."""
    from tqdm.auto import tqdm

    batch: list[str] = []
    size = 0
    n = len(columns[0])
    large = n > 50_000
    for row in tqdm(
        zip(*columns, strict=True), total=n, desc="tokenise", unit=" articles", disable=None if large else True
    ):
        batch.extend(row)
        size += sum(map(len, row))
        if size > _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class _Codes(dict[str, int]):
    """The code of each form; a new form gets the next one."""

    def __missing__(self, form: str) -> int:
        code = self[form] = len(self)
        return code


class _Builder:
    """Groups the words of each batch, and at the end gives the groups of all batches one vocabulary.

    A group is known by 128 bits of its word and by where one of its words stands, so no string is made of it before the end.
    """

    def __init__(self, columns: list[list[str]]) -> None:
        self._columns = columns
        n_fields = len(columns) * len(columns[0])
        n_characters = sum(sum(map(len, column)) for column in columns)
        most = n_characters + n_fields  # words, if each character were one, as in Chinese; unwritten pages cost nothing
        self._size = self._fields = self._n_groups = 0
        self._codes = np.empty(most, dtype=np.int32)
        self._starts = np.empty(most, dtype=np.int32)
        self._breaks = np.empty(most, dtype=bool)
        self._counts = np.empty(n_fields, dtype=np.int64)
        self._groups: list[tuple[NDArray[Any], ...]] = []  # of each batch: two keys, field, start and length of a word
        self._odd: list[tuple[NDArray[np.int64], list[str]]] = []

    def add(self, texts: list[str]) -> None:
        """Take in some texts, each of them one field."""
        joined = "\0".join(texts)
        points = words.code_points(joined)
        spans = words.word_spans(points)
        n = len(spans.starts)
        begins = np.zeros(len(texts), dtype=np.int32)
        np.cumsum([len(text) + 1 for text in texts[:-1]], out=begins[1:])
        first = np.searchsorted(spans.starts, begins)
        counts = np.diff(np.append(first, n))
        here = slice(self._size, self._size + n)
        np.subtract(spans.starts, np.repeat(begins, counts), out=self._starts[here])
        self._breaks[here] = spans.breaks
        self._breaks[here.start + first[counts > 0]] = True  # no phrase begins in one field and ends in the next
        self._counts[self._fields : self._fields + len(texts)] = counts

        group, key, check, sample, odd = _grouped(points, spans)
        np.add(group, self._n_groups, out=self._codes[here], casting="unsafe")
        field = self._fields + np.searchsorted(first, sample, side="right") - 1
        self._groups.append((key, check, field, self._starts[here][sample], spans.lengths[sample]))
        if len(odd):
            begin, end = spans.starts[odd].tolist(), (spans.starts[odd] + spans.lengths[odd]).tolist()
            self._odd.append((here.start + odd, [joined[x:y] for x, y in zip(begin, end, strict=True)]))
        self._n_groups += len(key)
        self._size, self._fields = here.stop, self._fields + len(texts)

    def finish(self) -> tuple[list[str], Ints, Ints, NDArray[np.bool_], NDArray[np.int64]]:
        """Return forms, codes, starts, breaks and field offsets of all that was added."""
        if self._size > np.iinfo(np.int32).max:
            raise FramingError(
                f"These articles have {self._size:,} words; one index holds {np.iinfo(np.int32).max:,}. "
                "Tokenise them in parts, or pass a Dask frame to tk.usage."
            )
        forms = _Codes()
        codes = self._codes[: self._size]
        code_of_group = self._group_codes(forms)
        for at in range(0, self._size, _BATCH):  # in place, a part at a time
            codes[at : at + _BATCH] = code_of_group[codes[at : at + _BATCH]]
        for places, odd in self._odd:
            codes[places] = [forms[form] for form in odd]
        offsets = np.zeros(len(self._counts) + 1, dtype=np.int64)
        np.cumsum(self._counts, out=offsets[1:])
        return list(forms), codes, self._starts[: self._size], self._breaks[: self._size], offsets

    def _group_codes(self, forms: _Codes) -> Ints:
        """Return the code of each group of each batch; equal words of two batches have equal keys."""
        key, check, field, start, length = (np.concatenate(part) for part in zip(*self._groups, strict=True))
        same, unique = pd.factorize(key)
        first = np.zeros(len(unique), dtype=np.int64)
        first[same[::-1]] = np.arange(len(same))[::-1]
        alone = np.flatnonzero(check != check[first[same]])  # as good as never: two words with one key
        k = len(self._columns)

        def coded(groups: NDArray[np.int64]) -> list[int]:
            places = zip(*(part[groups].tolist() for part in (field, start, length)), strict=True)
            return [forms[self._columns[f % k][f // k][a : a + n]] for f, a, n in places]

        codes = np.asarray(coded(first), dtype=np.int32)[same]
        codes[alone] = coded(alone)
        return codes


_MIX, _STEP, _TURN = (
    np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xFF51AFD7ED558CCD)
)  # odd, mixed bits


def _grouped(points: NDArray[Any], spans: words.Spans) -> tuple[NDArray[Any], ...]:
    """Group equal words without making a string of each.

    The characters of a word are packed into 64 bits. Longer words are packed chunk by chunk and mixed, twice: the second
    mixture tells words apart that share the first, so that two words would have to share 128 bits to be taken for one.

    Returns
    -------
    group : ndarray of int64
        The group of each word.
    key, check : ndarray of uint64
        The two keys of each group.
    sample : ndarray of int64
        The first word of each group.
    odd : ndarray of int64
        Words that do not belong to their group after all and must be looked at one by one: those with rare characters.
    """
    narrow, wide = _narrow(points, spans)
    per = 8 // narrow.itemsize
    padded = np.concatenate([narrow, np.zeros(per, dtype=narrow.dtype)])
    chunks = np.lib.stride_tricks.as_strided(padded[:per].view(np.uint64), (len(narrow),), (narrow.itemsize,))
    masks = np.array([2 ** (64 * n // per) - 1 for n in range(per + 1)], dtype=np.uint64)
    keys = chunks[spans.starts] & masks[np.minimum(spans.lengths, per)]
    checks = np.full(len(keys), narrow.itemsize, dtype=np.uint64)
    rest, at = np.flatnonzero(spans.lengths > per), per
    while len(rest):
        part = chunks[spans.starts[rest] + at] & masks[np.minimum(spans.lengths[rest] - at, per)]
        before = keys[rest]
        keys[rest] = (before ^ (before >> np.uint64(29))) * _MIX + part * _STEP + np.uint64(at)
        checks[rest] = (checks[rest] ^ before) * _TURN + (part ^ (part >> np.uint64(31))) * _MIX
        at += per
        rest = rest[spans.lengths[rest] > at]
    keys[wide] = 0  # a group of their own, so that none of them is the first of another
    group, unique = pd.factorize(keys)
    sample = np.zeros(len(unique), dtype=np.int64)
    sample[group[::-1]] = np.arange(len(group))[::-1]
    odd = np.flatnonzero((checks != checks[sample][group]) | (keys == 0))
    return group, unique, checks[sample], sample, odd


def _narrow(points: NDArray[Any], spans: words.Spans) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return the characters in the fewest bytes that nearly all words fit, and the words that do not."""
    if len(spans.starts) == 0:
        return points.astype(np.uint8), np.empty(0, dtype=np.int64)
    wide = np.flatnonzero((points > 0xFF) & (points != 0x2019))  # that apostrophe keeps a value that no letter has
    odd = _words_at(wide, spans)
    if len(odd) * 50 <= len(spans.starts):
        return points.astype(np.uint8), odd
    return points.astype(np.uint16), _words_at(np.flatnonzero(points > 0xFFFF), spans)


def _words_at(at: NDArray[np.int64], spans: words.Spans) -> NDArray[np.int64]:
    """Return the words that hold any of the characters at these places."""
    word = np.searchsorted(spans.starts, at, side="right") - 1
    inside = (word >= 0) & (at < spans.starts[word] + spans.lengths[word])
    return np.unique(word[inside])
