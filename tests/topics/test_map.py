"""The map: one row for each context, near what is alike, the same in any order of rows."""

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from toolkit.tables import TOPIC_MAP, FramingError


def test_what_is_of_one_topic_lies_together(three_themes, fit_once):
    """Each context is nearer to the median of its own topic than to those of the others; medians are those of the table."""
    table = tk.topic_map(fit_once("three", three_themes, n_topics=3, min_size=3))
    assert set(table.columns) == {*TOPIC_MAP.columns, "stable"} and len(table) == 48
    centres = table.groupby("topic")[["x", "y"]].median()
    assert centres.to_numpy().tolist() == table.groupby("topic")[["topic_x", "topic_y"]].first().to_numpy().tolist()
    gaps = np.linalg.norm(table[["x", "y"]].to_numpy()[:, None] - centres.to_numpy()[None], axis=2)
    assert (gaps.argmin(axis=1) == table["topic"]).mean() > 0.95


def test_the_order_of_rows_decides_nothing(three_themes, fit_once):
    """Shuffled contexts have the same places."""
    one = tk.topic_map(fit_once("three", three_themes, n_topics=3, min_size=3)).set_index("context_id")
    other = tk.topic_map(tk.fit_topics(three_themes.sample(frac=1, random_state=3), n_topics=3, min_size=3))
    pd.testing.assert_frame_equal(one, other.set_index("context_id").loc[one.index])


def test_umap_is_one_word_away(three_themes, fit_once):
    """The other layout keeps topics together, too, is the same twice, and is told in the recipe; there is no third."""
    topics = fit_once("three", three_themes, n_topics=3, min_size=3)
    table = tk.topic_map(topics, layout="umap")
    pd.testing.assert_frame_equal(table, tk.topic_map(topics, layout="umap"))
    centres = table.groupby("topic")[["x", "y"]].median().to_numpy()
    gaps = np.linalg.norm(table[["x", "y"]].to_numpy()[:, None] - centres[None], axis=2)
    assert (gaps.argmin(axis=1) == table["topic"]).mean() > 0.95
    assert table.attrs["recipe"]["settings"]["layout"] == "umap" and "umap-learn" in table.attrs["recipe"]["versions"]
    with pytest.raises(FramingError) as error:
        tk.topic_map(topics, layout="mds")
    assert str(error.value) == "There is no layout 'mds'. There are: tsne, umap."


def test_many_texts_are_placed_among_some(three_themes, fit_once, monkeypatch):
    """Beyond the number that is laid out, texts stand among their nearest; empty ones have no place."""
    from toolkit.topics import map as mapping

    monkeypatch.setattr(mapping, "_MOST", 30)
    table = tk.topic_map(fit_once("three", three_themes, n_topics=3, min_size=3))
    assert len(table) == 48 and table[["x", "y"]].notna().all(axis=None)
    empty = pd.concat([three_themes, three_themes.head(1).assign(context_id="e", text="")], ignore_index=True)
    assert len(tk.topic_map(tk.fit_topics(empty, n_topics=3, min_size=3, resamples=0))) == 48


def test_three_texts_are_no_map(make_contexts):
    """Fewer than four distinct texts have no layout."""
    topics = tk.fit_topics(
        make_contexts(["rain wind", "rain coast", "wind coast"] * 3), n_topics=1, min_size=3, resamples=0
    )
    with pytest.raises(FramingError) as error:
        tk.topic_map(topics)
    assert str(error.value) == "There are 3 distinct texts; a map needs at least four."
