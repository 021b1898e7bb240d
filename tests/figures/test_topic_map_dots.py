"""The map of topics: every passage a dot, every topic a disc, names that do not lie on each other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from toolkit.figures import plot_topic_map

from .conftest import recipe


def map_of(n_topics, *, spread=10.0, outliers=2, stable=None):
    """A map of topics of ten contexts each, thrown at random."""
    draw = np.random.default_rng(0)
    rows = []
    for topic in [*range(n_topics), *[-1] * bool(outliers)]:
        centre = draw.random(2) * spread
        for i in range(10 if topic >= 0 else outliers):
            x, y = centre + draw.normal(size=2)
            at = centre if topic >= 0 else (np.nan, np.nan)
            label = f"court, judge, appeal {topic}" if topic >= 0 else "outliers"
            rows.append((f"c{topic}-{i}", topic, label, x, y, *at, 10 + topic if topic >= 0 else outliers))
    table = pd.DataFrame(rows, columns=["context_id", "topic", "label", "x", "y", "topic_x", "topic_y", "n"])
    if stable is not None:
        table["stable"] = table["topic"].map(lambda t: stable if t >= 0 else None).astype("boolean")
    table.attrs["recipe"] = recipe("toolkit.topic_map")
    return table


def test_each_passage_is_a_dot_and_each_topic_a_disc(read):
    """Three topics of ten: thirty dots, three discs at their medians with their names, and two crosses."""
    table = map_of(3)
    figure = plot_topic_map(table)
    (axes,) = figure.axes
    dots = [point for topic in range(3) for point in read.points(axes, f"-dots-{topic}")]
    assert sorted(dots) == sorted(table.loc[table["topic"] >= 0, ["x", "y"]].itertuples(index=False, name=None))
    discs = [read.points(axes, f"-topic-{topic}")[0] for topic in range(3)]
    middles = table[table["topic"] >= 0].drop_duplicates("topic")[["topic_x", "topic_y"]]
    assert discs == list(middles.itertuples(index=False, name=None))
    assert len(read.points(axes, "-dots--1")) == 2
    assert sorted(t.get_text().replace("\n", " ") for t in axes.texts) == [
        f"court, judge, appeal {i}" for i in range(3)
    ]
    assert read.text(figure, "caption") == (
        "A small mark is a passage, a disc a topic at the median of its passages, its area the number of contexts. Topics beside each other "
        "have different marks. No certificate of stability was made (resamples=0). Crosses: 2 contexts of no topic. Near is alike; "
        "the axes have no unit, and far distances mean nothing. "
        "n = 32 contexts, 3 topics. Corpus: daily-brief."
    )


def test_unstable_topics_have_a_question_mark(read):
    """It stands on the disc, which is pale, and behind the name; the caption says why."""
    figure = plot_topic_map(map_of(2, stable=False))
    stable = plot_topic_map(map_of(2, stable=True))
    faces = [
        next(line.get_markerfacecolor() for line in drawn.axes[0].lines if line.get_gid() == "panel-0-topic-0")
        for drawn in (figure, stable)
    ]
    assert faces[0] not in ("white", faces[1])
    assert read.points(figure.axes[0], "-unstable") == [read.points(figure.axes[0], f"-topic-{i}")[0] for i in (1, 0)]
    assert not read.points(stable.axes[0], "-unstable") and read.key(stable) == {}
    assert all(t.get_text().endswith("?") for t in figure.axes[0].texts)
    assert "?: the topic is found again in fewer" in read.text(figure, "caption")


@pytest.mark.parametrize("column", ["single", "double"])
@pytest.mark.parametrize("spread", [30.0, 3.0])
def test_no_two_names_overlap(read, column, spread):
    """Twenty topics, far apart or on one heap: names keep apart and inside the paper."""
    assert read.overlaps(plot_topic_map(map_of(20, spread=spread), column=column)) == []


def test_small_topics_can_go_without_a_name(read):
    """The largest are named, and the caption says of how many; all have a disc."""
    figure = plot_topic_map(map_of(5), n_topics=2)
    assert len(figure.axes[0].texts) == 2
    assert "Named are the 2 largest of 5 topics." in read.text(figure, "caption")


def test_one_place_for_all_is_no_failure():
    """Contexts that lie on one spot are drawn."""
    assert plot_topic_map(map_of(2, outliers=0).assign(x=1.0, y=1.0, topic_x=1.0, topic_y=1.0)).axes


def test_neighbours_have_marks_that_differ_in_grey():
    """Each topic's marks differ from those of its nearest topic, and no two kinds share both marker and lightness."""
    table = map_of(12)
    lines = {
        line.get_gid().rpartition("-")[2]: line
        for line in plot_topic_map(table).axes[0].lines
        if "-dots-" in line.get_gid()
    }
    kind = {topic: (line.get_marker(), line.get_color()) for topic, line in lines.items() if line.get_marker() != "x"}
    centres = table[table["topic"] >= 0].drop_duplicates("topic")[["topic_x", "topic_y"]].to_numpy()
    gaps = np.linalg.norm(centres[:, None] - centres[None], axis=2) + np.diag([np.inf] * 12)
    assert all(kind[str(a)] != kind[str(b)] for a, b in enumerate(gaps.argmin(axis=1)))

    def grey(colour):
        return sum(w * int(colour[i : i + 2], 16) for w, i in ((0.299, 1), (0.587, 3), (0.114, 5)))

    kinds = sorted(set(kind.values()))
    assert len(kinds) == 4
    assert all(a[0] != b[0] or abs(grey(a[1]) - grey(b[1])) > 60 for a in kinds for b in kinds if a != b)
