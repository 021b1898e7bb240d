"""Own the two steps between vectors and topics: laying texts out in few dimensions, and grouping them.

Both work on distinct texts in a fixed order and are rounded, so that the last bit of a floating-point number, which
differs between processors and numbers of threads, does not decide where a text belongs.
"""

from __future__ import annotations

import contextlib
import copy
import warnings
from dataclasses import dataclass
from typing import Any, Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from toolkit.tables import FramingError
from toolkit.tables.checks import check_choice
from toolkit.topics.nearest import DIGITS, ONE, Floats, Labels, n_neighbours, nearest_fitted, nearest_neighbours

Reduction = Literal["spectral", "pca", "umap", "none"]
Clustering = Literal["kmeans", "hdbscan"]

REDUCTIONS: tuple[str, ...] = get_args(Reduction)
CLUSTERINGS: tuple[str, ...] = get_args(Clustering)

_CELLS = 4_000_000  # similarities held at a time (32 MB)
_SAMPLE = 5_000  # texts on which k-means looks for a start
_DENSE = 120  # texts up to which all eigenvectors are computed at once


class Reducer(Protocol):
    """What can stand where a reduction is wanted: it has fit_transform, or fit, and transform, as in scikit-learn."""

    def transform(self, vectors: Any, /) -> Any:
        """Place new vectors."""
        ...


class Clusterer(Protocol):
    """What can stand where a clustering is wanted: it has fit, and labels_ after it, as in scikit-learn."""

    def fit(self, points: Any, /) -> Any:
        """Group points."""
        ...


AnyReduction = Reduction | Reducer
AnyClustering = Clustering | Clusterer


def check_step(what: str, choice: Any, names: tuple[str, ...], methods: tuple[tuple[str, ...], ...]) -> None:
    """Raise unless `choice` is one of `names` or an object that has all of one of the sets of `methods`."""
    if isinstance(choice, str):
        check_choice(what, choice, names)
        return
    if isinstance(choice, type):
        raise FramingError(
            f"A {what} is a name or an object; this is the class {choice.__name__}. Make one: {choice.__name__}()."
        )
    if not any(all(callable(getattr(choice, method, None)) for method in each) for each in methods):
        wanted = " or ".join(" and ".join(each) for each in methods)
        raise FramingError(
            f"A {what} is one of {', '.join(names)}, or an object with {wanted}; this is of type {type(choice).__name__}."
        )


@dataclass
class Layout:
    """Where each text lies, and how to place another.

    Attributes
    ----------
    name : str
        The reduction.
    points : ndarray, texts by dimensions
        Rounded coordinates.
    placer : object
        Has ``transform(vectors)``.
    """

    name: str
    points: Floats
    placer: Any

    def transform(self, vectors: NDArray[Any]) -> Floats:
        """Place new vectors among the fitted ones."""
        return rounded(self.placer.transform(rounded(vectors)))


def lay_out(
    vectors: Floats, choice: Any, *, dimensions: int, seed: int, neighbours: tuple[Labels, Floats] | None = None
) -> Layout:
    """Reduce vectors to few dimensions.

    Parameters
    ----------
    vectors : ndarray, texts by dimensions
        Unit vectors, one per distinct text.
    choice : str or object
        ``"spectral"``, ``"pca"``, ``"umap"``, ``"none"``, or an object with fit_transform and transform.
    dimensions : int
        Dimensions of the spectral layout: as many as topics are wanted. PCA takes 50, UMAP 5.
    seed : int
        Where UMAP starts.
    neighbours : (ndarray, ndarray), optional
        The nearest texts of each and their similarities, where they are known already.
    """
    vectors = rounded(vectors)
    n = len(vectors)
    name = choice if isinstance(choice, str) else type(choice).__name__
    if (vectors == vectors[0]).all() or (isinstance(choice, str) and (choice == "none" or n <= 3)):
        return Layout(name, vectors, _AsItIs())

    if choice == "pca":
        from sklearn.decomposition import PCA

        reducer = PCA(min(50, n - 1, vectors.shape[1]), svd_solver="full").fit(vectors)
        return Layout("pca", rounded(reducer.transform(vectors)), reducer)

    if choice in ("spectral", "umap") and neighbours is None:
        neighbours = nearest_neighbours(vectors, n_neighbours(n))
    if choice == "spectral" and neighbours is not None:
        points = rounded(spectral_points(vectors, dimensions, neighbours[0]))
        return Layout("spectral", points, AmongNeighbours(vectors, points, unit=True))
    if choice == "umap" and neighbours is not None:
        points = rounded(_umap_points(vectors, seed, *neighbours))
        return Layout("umap", points, AmongNeighbours(vectors, points))

    reducer = copy.deepcopy(choice)
    try:
        if hasattr(reducer, "fit_transform"):
            points = reducer.fit_transform(vectors)
        else:
            points = reducer.fit(vectors).transform(vectors)
    except Exception as error:  # it is somebody else's, and can raise anything
        raise FramingError(f"The reduction {name} failed on {n:,} texts: {error}") from error
    return Layout(name, rounded(points), reducer)


def spectral_points(vectors: Floats, dimensions: int, index: Labels) -> Floats:
    """Lay texts out by the first eigenvectors of their neighbour graph, each row scaled to length 1.

    Ng, Jordan and Weiss (2002), "On spectral clustering: analysis and an algorithm", steps 2 to 4, on the graph that
    joins each text to its most similar ones (15 of 225 texts or more). It keeps the neighbourhoods as UMAP does, but is
    linear algebra with one answer: no random start, no compilation.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.linalg import ArpackNoConvergence, eigsh

    # the neighbour graph, symmetric and in one piece
    n, k = index.shape
    one, other = np.repeat(np.arange(n), k), index.ravel()
    graph = csr_matrix((np.ones(len(one)), (one, other)), shape=(n, n))
    graph = _linked((graph + graph.T) / 2, vectors)

    # step 2: each edge divided by the root of the degrees of its ends
    scale = 1 / np.sqrt(np.asarray(graph.sum(axis=1)).ravel())
    graph = graph.tocoo()
    graph = csr_matrix((graph.data * scale[graph.row] * scale[graph.col], (graph.row, graph.col)), shape=(n, n))

    # step 3: the first eigenvectors
    dimensions = max(1, min(dimensions, n - 1))
    if n <= _DENSE or dimensions > n // 4:
        values, axes = np.linalg.eigh(graph.toarray())
    else:
        start = np.random.RandomState(0).uniform(0.5, 1, n)
        try:
            values, axes = eigsh(graph, k=dimensions, which="LA", v0=start, maxiter=20 * n)
        except ArpackNoConvergence as error:
            raise FramingError(
                f"The spectral layout of {n:,} texts in {dimensions} dimensions was not found in {20 * n:,} steps. "
                "Choose reduction='pca', or another number of topics."
            ) from error
    axes = axes[:, np.argsort(-values, kind="stable")[:dimensions]]

    # an eigenvector has no sign of its own: its largest entry is made positive
    high = np.argmax(np.round(np.abs(axes), 8), axis=0)
    axes = axes * np.where(axes[high, np.arange(dimensions)] < 0, -1.0, 1.0)

    # step 4: rows of length 1
    return axes / np.linalg.norm(axes, axis=1, keepdims=True)


def _linked(graph: Any, vectors: Floats) -> Any:
    """Join the pieces of a graph, each to the most similar text outside it, so that its eigenvectors are unique."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    while True:
        n_pieces, piece = connected_components(graph, directed=False)
        if n_pieces == 1:
            return graph

        largest = int(np.argmax(np.bincount(piece)))
        ones, others = [], []
        for number in range(n_pieces):
            inside = np.flatnonzero(piece == number)
            outside = np.flatnonzero(piece != number)
            if number == largest:
                continue
            one, other = _closest(vectors, inside, outside)
            ones.append(one)
            others.append(other)

        bridges = csr_matrix((np.full(len(ones), 0.5), (ones, others)), shape=graph.shape)
        graph = graph + bridges.maximum(bridges.T)


def _closest(vectors: Floats, inside: Labels, outside: Labels) -> tuple[int, int]:
    """Return the most similar two texts of two sets, of equal ones the first, some rows at a time."""
    height = max(1, _CELLS // len(outside))
    best, pair = -np.inf, (int(inside[0]), int(outside[0]))
    for first in range(0, len(inside), height):
        closeness = np.rint(vectors[inside[first : first + height]] @ vectors[outside].T * ONE)
        row, column = np.unravel_index(int(np.argmax(closeness)), closeness.shape)
        if closeness[row, column] > best:
            best, pair = closeness[row, column], (int(inside[first + row]), int(outside[column]))
    return pair


def _umap_points(vectors: Floats, seed: int, index: Labels, similarity: Floats) -> Floats:
    """UMAP with BERTopic's settings on known neighbours, so that its neighbour search need not be compiled."""
    n, k = len(vectors), index.shape[1] + 1
    itself = np.arange(n)  # UMAP counts a point as its own first neighbour
    neighbours = np.column_stack([itself, index]).astype(np.int32)
    distances = np.column_stack([np.zeros(n), np.maximum(0, 1 - similarity)]).astype(np.float32)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that it cannot place new points; `AmongNeighbours` does
        import umap
        import umap.layouts
        import umap.umap_

        # numba may keep what it compiles on disk: the next process starts in 2 seconds instead of 8 to 15
        for module, name in (
            (umap.umap_, "smooth_knn_dist"),
            (umap.umap_, "compute_membership_strengths"),
            (umap.layouts, "_nb_optimize_layout_euclidean_single_epoch"),
        ):
            with contextlib.suppress(AttributeError, RuntimeError):  # another umap, or nowhere to write: only slower
                getattr(module, name).enable_caching()

        reducer = umap.UMAP(
            n_neighbors=k,
            n_components=min(5, n - 2),
            min_dist=0.0,
            metric="cosine",
            random_state=seed,
            n_jobs=1,
            init="spectral" if n > 20 else "random",
            precomputed_knn=(neighbours, distances),
        )
        return np.asarray(reducer.fit_transform(vectors.astype(np.float32)), dtype=np.float64)


class _AsItIs:
    """No reduction: vectors stay as they are."""

    def transform(self, vectors: Floats) -> Floats:
        return vectors


@dataclass
class AmongNeighbours:
    """Each new vector goes to the mean of the points of its nearest fitted neighbours (Bengio et al. 2004)."""

    vectors: Floats
    points: Floats
    unit: bool = False

    def transform(self, vectors: Floats) -> Floats:
        """Place new vectors."""
        index, similarity = nearest_fitted(vectors, self.vectors, n_neighbours(len(self.vectors)))
        own = similarity[:, 0] * ONE >= ONE - 2  # a text that was fitted lies where it was put
        index[own] = index[own, :1]
        return self.among(index, np.ones(index.shape, dtype=bool))

    def among(self, index: Labels, near: NDArray[np.bool_]) -> Floats:
        """Place texts at the mean of the points of some fitted ones: those of `index` where `near`."""
        placed = np.empty((len(index), self.points.shape[1]))

        # some texts at a time, so that the points of all neighbours need not be held
        height = max(1, _CELLS // (index.shape[1] * self.points.shape[1]))
        for at in range(0, len(index), height):
            part = near[at : at + height]
            summed = np.einsum("ijk,ij->ik", self.points[index[at : at + height]], part.astype(np.float64))
            placed[at : at + height] = summed / part.sum(axis=1, keepdims=True)

        if self.unit:
            length = np.linalg.norm(placed, axis=1, keepdims=True)
            placed = placed / np.where(length > 0, length, 1)
        return placed


@dataclass
class Groups:
    """Which group each text belongs to.

    Attributes
    ----------
    name : str
        The clustering.
    labels : ndarray of int
        One per text; -1 for an outlier.
    probabilities : ndarray of float
        Of belonging to its group; NaN where the clustering gives none.
    clusterer : object
        The fitted clustering.
    points : ndarray
        What it was fitted on.
    """

    name: str
    labels: Labels
    probabilities: Floats
    clusterer: Any
    points: Floats

    def predict(self, points: Floats) -> Labels:
        """Return the groups of new points, -1 for an outlier."""
        if len(points) == 0:
            return np.zeros(0, dtype=np.int64)
        if callable(getattr(self.clusterer, "predict", None)):
            raw = self.clusterer.predict(points)
        elif self.name == "hdbscan":
            import hdbscan

            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # that there is no cluster, and so only outliers
                raw, _ = hdbscan.approximate_predict(self.clusterer, points)
        else:  # without a rule of its own: the label of the nearest fitted point
            size, height = (self.points**2).sum(axis=1), max(1, _CELLS // len(self.points))
            parts = [points[at : at + height] for at in range(0, len(points), height)]
            nearest = [np.argmin(size - 2 * part @ self.points.T, axis=1) for part in parts]
            raw = self.labels[np.concatenate([np.zeros(0, dtype=np.int64), *nearest])]
        return np.asarray(raw).astype(np.int64)


def group(points: Floats, choice: Any, *, n_topics: int, min_size: int, seed: int) -> Groups:
    """Group points.

    Parameters
    ----------
    points : ndarray, texts by dimensions
        From `lay_out`.
    choice : str or object
        ``"kmeans"``, ``"hdbscan"``, or an object with fit and then labels_.
    n_topics : int
        Groups that k-means makes.
    min_size : int
        The smallest group that HDBSCAN makes.
    seed : int
        Where k-means starts.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has no types

    n = len(points)
    name = choice if isinstance(choice, str) else type(choice).__name__
    unknown = np.full(n, np.nan)
    distinct = len(np.unique(points, axis=0))
    if distinct == 1 or (choice == "kmeans" and n_topics == 1):
        return Groups(name, np.zeros(n, dtype=np.int64), unknown, _One(), points)

    if choice == "kmeans":
        # one thread: partial sums of several would be added in the order in which they happen to end
        with threadpool_limits(limits=1):
            clusterer = _kmeans(points, min(n_topics, distinct), seed)
        return Groups("kmeans", clusterer.labels_.astype(np.int64), unknown, clusterer, points)

    if choice == "hdbscan":
        import hdbscan

        if n <= min_size:  # it would fail; so few texts are no dense region
            return Groups("hdbscan", np.full(n, -1, dtype=np.int64), unknown, _One(-1), points)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            clusterer = hdbscan.HDBSCAN(
                min_cluster_size=max(2, min_size), core_dist_n_jobs=1, prediction_data=True
            ).fit(np.ascontiguousarray(points))  # its membership vectors read memory as if rows lay one after the other
        return Groups(
            "hdbscan", clusterer.labels_.astype(np.int64), clusterer.probabilities_.astype(float), clusterer, points
        )

    clusterer = copy.deepcopy(choice)
    try:
        clusterer.fit(points)
    except Exception as error:  # it is somebody else's, and can raise anything
        raise FramingError(f"The clustering {name} failed on {n:,} texts: {error}") from error
    labels = getattr(clusterer, "labels_", None)
    if labels is None or len(labels) != n:
        raise FramingError(f"The clustering {name} has no labels_ for the {n:,} texts after fitting.")

    probabilities = np.asarray(getattr(clusterer, "probabilities_", unknown), dtype=np.float64)
    if probabilities.shape != (n,):
        probabilities = unknown
    return Groups(name, np.asarray(labels).astype(np.int64), probabilities, clusterer, points)


def _kmeans(points: Floats, wanted: int, seed: int) -> Any:
    from sklearn.cluster import KMeans

    n = len(points)
    part = max(_SAMPLE, 50 * wanted)
    some = np.arange(n)
    if n > part:
        some = np.sort(np.random.default_rng(seed).choice(n, part, replace=False))
    if n <= part or len(np.unique(points[some], axis=0)) < wanted:
        return KMeans(wanted, n_init=10, random_state=seed).fit(points)

    # ten starts on part of the points, and the best of them on all: as good, in a third of the time
    begun = KMeans(wanted, n_init=10, random_state=seed).fit(points[some])
    return KMeans(wanted, init=begun.cluster_centers_, n_init=1, random_state=seed).fit(points)


@dataclass
class _One:
    """The clustering of points that cannot be divided."""

    label: int = 0

    def predict(self, points: Floats) -> Labels:
        return np.full(len(points), self.label, dtype=np.int64)


def merge_groups(labels: Labels, vectors: Floats, n_topics: int) -> dict[int, int]:
    """Say which groups to put together so that `n_topics` are left: those whose mean vectors are most alike.

    Average linkage on cosine distances between the groups' mean vectors, as BERTopic's topic reduction does.
    """
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import pdist

    names = np.unique(labels[labels >= 0])
    if len(names) <= n_topics:
        return {int(name): int(name) for name in names}

    means = np.vstack([vectors[labels == name].mean(axis=0) for name in names])
    merged = fcluster(linkage(np.round(pdist(means, "cosine"), DIGITS), "average"), n_topics, criterion="maxclust")
    return {int(name): int(to) for name, to in zip(names, merged, strict=True)}


def rounded(values: Any) -> Floats:
    """Return numbers rounded to six digits, without a minus zero; missing ones are 0.

    Examples
    --------
    >>> rounded([0.12345678, -0.0000001, float("nan")]).tolist()
    [0.123457, 0.0, 0.0]
    """
    short = np.round(np.nan_to_num(np.asarray(values, dtype=np.float64)), DIGITS)
    return np.asarray(short + 0.0, dtype=np.float64)
