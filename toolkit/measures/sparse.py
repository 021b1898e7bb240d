"""Own sums over the rows of sparse and plain arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def summed_rows(values: Any, row: Ints, n_rows: int) -> Any:
    """Add up the rows that have the same number, of a sparse matrix or of a plain array; counts stay whole numbers.

    Examples
    --------
    >>> summed_rows(np.array([1, 2, 4]), np.array([0, 1, 0]), 2).tolist()
    [5, 2]
    >>> from scipy.sparse import csr_array
    >>> summed_rows(csr_array([[1, 0], [0, 2], [4, 0]]), np.array([0, 1, 0]), 2).toarray().tolist()
    [[5, 0], [0, 2]]
    """
    if isinstance(values, np.ndarray):
        added = np.bincount(row, weights=values, minlength=n_rows)  # exact: counts are far below 2 ** 53
        return added.astype(values.dtype)

    from scipy.sparse import csr_array

    ones = np.ones(len(row), dtype=values.dtype)
    member = csr_array((ones, (row, np.arange(len(row)))), shape=(n_rows, len(row)))
    return (member @ values).tocsr()


def entries(matrix: Any) -> tuple[Ints, Ints, NDArray[Any]]:
    """Return row, column and value of each entry that is not zero, row by row, in the order of the columns.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> [part.tolist() for part in entries(csr_array([[0, 3], [5, 0]]))]
    [[0, 1], [1, 0], [3, 5]]
    """
    tidy = matrix if matrix.has_canonical_format else matrix.copy()
    tidy.sum_duplicates()
    row = np.repeat(np.arange(tidy.shape[0], dtype=np.int64), np.diff(tidy.indptr))
    kept = tidy.data != 0
    column = tidy.indices.astype(np.int64)
    return (row, column, tidy.data) if kept.all() else (row[kept], column[kept], tidy.data[kept])


def values_at(matrix: Any, row: Ints, column: Ints) -> NDArray[Any]:
    """Return the values at some places of a sparse matrix, zero where it has no entry.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> values_at(csr_array([[0, 3], [5, 0]]), np.array([0, 1, 1]), np.array([1, 0, 1])).tolist()
    [3, 5, 0]
    """
    own_row, own_column, value = entries(matrix)
    width = max(matrix.shape[1], 1)
    key, wanted = own_row * width + own_column, row * width + column

    place = np.searchsorted(key, wanted)
    there = place < len(key)
    there[there] = key[place[there]] == wanted[there]
    found = np.zeros(len(wanted), dtype=value.dtype)
    found[there] = value[place[there]]
    return found


def same_entries(matrix: Any, like: Any) -> Any:
    """Return a matrix with entries where `like` has them, zeros among them; where `like` has none, it has to be zero.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> filled = same_entries(csr_array([[0, 1]]), csr_array([[7, 3]]))
    >>> filled.data.tolist(), filled.indices.tolist()
    ([0, 1], [0, 1])
    """
    from scipy.sparse import csr_array

    row, column, _ = entries(like)
    ends = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=like.shape[0]))])
    return csr_array((values_at(matrix, row, column), column, ends), shape=like.shape)
