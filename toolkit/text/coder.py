"""Own the coding of texts: the words of many texts as numbers, batch by batch and without a string for each word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.tables import FramingError
from toolkit.text import words
from toolkit.text.index import Ints

_BATCH = 2_000_000  # characters worked on at a time: about 100 MB at the peak


def coded(
    columns: list[list[str]],
) -> tuple[list[str], Ints, Ints, NDArray[np.bool_], NDArray[np.int64]]:
    """Return the forms of the words of texts, and the codes, starts, breaks and field offsets of an `Index`.

    Parameters
    ----------
    columns : list of lists of str
        The texts of each field, all lists as long as there are articles.

    Examples
    --------
    >>> forms, codes, *_ = coded([["A reset is no reset."]])
    >>> forms, codes.tolist()
    (['A', 'reset', 'is', 'no'], [0, 1, 2, 3, 1])
    """
    builder = _Builder(columns)
    for batch in _batches(columns):
        builder.add(batch)
    return builder.finish()


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
    """Groups equal words batch by batch, and gives the groups of all batches one vocabulary at the end.

    A group is identified by 128 bits of its word and by the place of one occurrence, so its string is made only at the end.
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
        """Add texts, each of them one field."""
        joined = "\0".join(texts)
        points = words.code_points(joined)
        spans = words.word_spans(points)
        n = len(spans.starts)

        # which words are in which text
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

        # groups become forms in place, a part at a time
        forms = _Codes()
        codes = self._codes[: self._size]
        code_of_group = self._group_codes(forms)
        for at in range(0, self._size, _BATCH):
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
        Words that must be read one by one, since their key does not tell them apart: those with rare characters.
    """
    narrow, wide = _narrow(points, spans)
    per = 8 // narrow.itemsize
    padded = np.concatenate([narrow, np.zeros(per, dtype=narrow.dtype)])
    chunks = np.lib.stride_tricks.as_strided(padded[:per].view(np.uint64), (len(narrow),), (narrow.itemsize,))
    masks = np.array([2 ** (64 * n // per) - 1 for n in range(per + 1)], dtype=np.uint64)
    keys = chunks[spans.starts] & masks[np.minimum(spans.lengths, per)]
    checks = np.full(len(keys), narrow.itemsize, dtype=np.uint64)

    # words that are longer than a chunk are mixed chunk by chunk
    longer, at = np.flatnonzero(spans.lengths > per), per
    while len(longer):
        part = chunks[spans.starts[longer] + at] & masks[np.minimum(spans.lengths[longer] - at, per)]
        before = keys[longer]
        keys[longer] = (before ^ (before >> np.uint64(29))) * _MIX + part * _STEP + np.uint64(at)
        checks[longer] = (checks[longer] ^ before) * _TURN + (part ^ (part >> np.uint64(31))) * _MIX
        at += per
        longer = longer[spans.lengths[longer] > at]

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
