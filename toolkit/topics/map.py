"""Own the map of topics: two dimensions in which passages that are near each other stay near."""

from __future__ import annotations

import warnings
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from toolkit.tables import TOPIC_MAP, FramingError, pick
from toolkit.tables.checks import check_choice
from toolkit.topics.checks import check_topics, fit_of
from toolkit.topics.nearest import nearest_fitted
from toolkit.topics.record import Topics
from toolkit.topics.tables import marked, with_recipe

MapLayout = Literal["tsne", "umap"]

LAYOUTS: tuple[str, ...] = get_args(MapLayout)
_MOST = 5_000  # texts that are laid out; the others are placed at their nearest
_DIMENSIONS = 50
_STEPS, _ANGLE = 500, 0.8  # half the steps and coarser sums than scikit-learn's: 0.4 times its time, and as trustworthy


def topic_map(topics: Topics, *, layout: MapLayout = "tsne", seed: int = 0) -> pd.DataFrame:
    """Lay passages out in two dimensions, so that topics can be drawn as a map.

    Parameters
    ----------
    topics : Topics
        From `tk.fit_topics`.
    layout : {"tsne", "umap"}, keyword-only
        How places are found: see Notes.
    seed : int, keyword-only
        Of the draw, where there are more than 5,000 distinct texts, and of UMAP.

    Returns
    -------
    DataFrame
        Topic map: one row per context with text: `context_id`; `topic`; `label`; `x` and `y`, without a unit; `topic_x` and
        `topic_y`, the median of the topic's contexts (missing for outliers); `n` and `share` of the topic; with a certificate
        `stable`.

    Raises
    ------
    FramingError
        When the topics do not hold their fit, there are fewer than four distinct texts, or the layout does not exist.

    See Also
    --------
    toolkit.figures.plot_topic_map : Draws the map.

    Notes
    -----
    "tsne" is t-SNE (van der Maaten and Hinton 2008; Barnes-Hut, 500 steps) of the vectors that the topics were made from, reduced by
    principal components to 50 dimensions, which are also where it starts. "umap" (McInnes, Healy and Melville 2018) draws topics
    further apart and keeps fewer neighbours: among 2,600 passages of a news corpus the 15 nearest on the map are of the same topic
    in 65 % with t-SNE and 71 % with UMAP, with a trustworthiness of .93 and .90, in 6 and 18 seconds (one seed; UMAP's with its compilation).
    Near means alike. Far means little, and so do the size and the density of a cloud. Topics do not come from the map: they were
    grouped in more dimensions.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> texts = [f"Rain and wind hit the coast on day {i}" for i in range(6)]
    >>> texts += [f"The judge and the court stopped the ban in case {i}" for i in range(6)]
    >>> contexts = pd.DataFrame({"context_id": [f"c{i}" for i in range(12)], "text": texts})
    >>> tk.topic_map(tk.fit_topics(contexts, n_topics=2, min_size=3, resamples=0)).shape
    (12, 9)
    """
    check_topics(topics, "topic_map")
    check_choice("layout", layout, LAYOUTS)
    prepared = fit_of(topics).prepared
    points = _laid_out(prepared.vectors, layout, int(seed))

    here = np.flatnonzero(prepared.place >= 0)
    topic = topics.assignments["topic"].to_numpy()[here]
    index = pd.Index(topics.topics["topic"]).get_indexer(pd.Index(topic))
    x, y = points[prepared.place[here]].T
    table = pd.DataFrame(
        {
            "context_id": pd.array(topics.contexts["context_id"].astype("str").to_numpy()[here], dtype="str"),
            "topic": topic,
            "label": pick(topics.topics["label"].tolist(), index),
            "x": x,
            "y": y,
            "n": topics.topics["n"].to_numpy()[index],
            "share": topics.topics["share"].to_numpy()[index],
        }
    )
    for axis in ("x", "y"):
        middle = table.groupby("topic")[axis].transform("median")
        table[f"topic_{axis}"] = middle.where(table["topic"] >= 0)  # outliers are in no one place

    packages = ("scikit-learn",) if layout == "tsne" else ("scikit-learn", "umap-learn")
    table = marked(table[list(TOPIC_MAP.columns)], topics)
    return with_recipe(table, topics, "topic_map", {"layout": layout, "seed": int(seed)}, packages)


def _laid_out(vectors: Any, layout: MapLayout, seed: int) -> Any:
    """Return two coordinates of each text."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has no types

    distinct, back = np.unique(vectors, axis=0, return_inverse=True)
    n = len(distinct)
    if n < 4:
        raise FramingError(f"There {'is' if n == 1 else 'are'} {n} distinct texts; a map needs at least four.")

    some = np.arange(n)
    if n > _MOST:
        some = np.sort(np.random.default_rng(seed).choice(n, _MOST, replace=False))
    drawn = distinct[some]
    with threadpool_limits(limits=1), warnings.catch_warnings():  # one thread: sums in one order
        warnings.simplefilter("ignore")
        points = (_tsne if layout == "tsne" else _umap)(drawn, seed)

    # texts that were not drawn go among their three nearest
    placed = np.empty((n, 2))
    placed[some] = points
    left = np.setdiff1d(np.arange(n), some)
    if len(left):
        index, _ = nearest_fitted(distinct[left], drawn, min(3, len(drawn)))
        placed[left] = points[index].mean(axis=1)
    return placed[back.ravel()].round(4)


def _tsne(drawn: Any, seed: int) -> Any:
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE

    reduced = PCA(min(_DIMENSIONS, len(drawn) - 1, drawn.shape[1]), svd_solver="full").fit_transform(drawn)

    # a component has no sign of its own: its largest entry is made positive
    largest = reduced[np.abs(reduced).argmax(axis=0), np.arange(reduced.shape[1])]
    reduced = np.round(reduced * np.sign(largest), 6)

    # start from the first two, scaled as scikit-learn scales its own start
    start = reduced[:, :2] if reduced.shape[1] > 1 else np.column_stack([reduced, np.zeros(len(reduced))])
    spread = float(start[:, 0].std()) or 1.0
    model = TSNE(
        perplexity=min(30.0, (len(drawn) - 1) / 3),
        init=start / spread * 1e-4,
        learning_rate="auto",
        max_iter=_STEPS,
        angle=_ANGLE,
        random_state=seed,
        n_jobs=1,
    )
    return model.fit_transform(reduced)


def _umap(drawn: Any, seed: int) -> Any:
    from umap import UMAP  # type: ignore[import-untyped]  # it has no types

    near = min(15, len(drawn) - 1)
    start = "spectral" if len(drawn) > 10 else "random"
    model = UMAP(n_neighbors=near, min_dist=0.1, metric="cosine", init=start, random_state=seed, n_jobs=1)
    return model.fit_transform(drawn).astype(np.float64)
