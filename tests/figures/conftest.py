"""Make small usage tables by hand, so that what a figure must show can be read off them."""

from __future__ import annotations

import pandas as pd
import pytest

NAN = float("nan")


def recipe(function: str, **settings: object) -> dict:
    """A recipe as every result table carries it."""
    corpus = {"name": "daily-brief", "fingerprint": "10-ab12", "n_articles": 10}
    return {"function": function, "settings": settings, "corpus": corpus, "versions": {"pandas": "3.1.1"}}


@pytest.fixture
def make_usage():
    """Return a function that makes usage of rows (source, term, hits, articles with a hit, articles[, period[, partial]])."""

    def make(rows, *, measure="per_million", by=("source",), **settings):
        made = []
        for source, term, n_hits, n_articles, total, *time in rows:
            covered = total > 0
            rate = n_hits / total * 1000 if covered else NAN
            row = {
                "source": source,
                **({"period": pd.Timestamp(time[0]) if time[0] else pd.NaT} if time else {}),
                "term": term,
                "n_hits": n_hits,
                "n_articles": n_articles,
                "n_articles_total": total,
                "n_stories": n_articles,
                "n_stories_total": total,
                "n_words": 1000 * total,
                "per_million": rate,
                "share": n_articles / total if covered else NAN,
                "low": rate / 2,
                "high": rate * 2 if n_hits else 300.0 if covered else NAN,
                "covered": covered,
            }
            if len(time) > 1:
                row["partial"] = time[1]
            made.append(row)
        usage = pd.DataFrame(made)
        if measure == "share":
            usage["low"], usage["high"] = usage["share"] / 2, (usage["share"] * 2).clip(upper=1)
        if measure == "rival_share":
            cell = ["source", *(["period"] if "period" in usage.columns else [])]
            usage["n_hits_rivals"] = usage.groupby(cell, dropna=False)["n_hits"].transform("sum")
            usage["rival_share"] = (usage["n_hits"] / usage["n_hits_rivals"]).where(usage["n_hits_rivals"] > 0)
            usage["low"], usage["high"] = usage["rival_share"] / 2, (usage["rival_share"] * 1.2).clip(upper=1)
        if not by:
            usage = usage.drop(columns="source")
        usage.attrs["recipe"] = recipe("toolkit.usage", by=list(by), measure=measure, confidence=0.95, **settings)
        return usage

    return make


@pytest.fixture
def make_shares():
    """Return a function that makes topic shares of {source: {topic: contexts}}; no contexts at all is not covered."""

    def make(counts, labels):
        rows = []
        for source, by_topic in counts.items():
            total = sum(by_topic.values())
            for topic, n in by_topic.items():
                share = n / total if total else NAN
                rows.append(
                    {
                        "source": source,
                        "topic": topic,
                        "label": labels[topic],
                        "n": n,
                        "n_contexts": total,
                        "n_stories_total": total,
                        "share": share,
                        "low": share / 2,
                        "high": min(1.0, share * 2) if n else 0.1 if total else NAN,
                        "covered": total > 0,
                    }
                )
        shares = pd.DataFrame(rows)
        shares.attrs["recipe"] = recipe("toolkit.topic_shares", by=["source"], confidence=0.95)
        return shares

    return make


@pytest.fixture
def read():
    """Return a function that reads texts and marks off a figure."""

    class Read:
        @staticmethod
        def texts(figure):
            return [text.get_text() for text in figure.texts]

        @staticmethod
        def text(figure, gid):
            found = [text.get_text() for text in figure.texts if text.get_gid() == gid]
            assert len(found) == 1, (gid, found)
            return found[0].replace("\n", " ").replace("\N{NO-BREAK SPACE}", " ")

        @staticmethod
        def key(figure):
            """What the key says of each sign that it has."""
            names = ("zero", "partial", "few", "pale", "unstable", "uncovered", "beyond", "outside")
            found = {(text.get_gid() or "").removeprefix("key-"): text.get_text() for text in figure.texts}
            return {name: found[name].replace("\n", " ") for name in names if name in found}

        @staticmethod
        def row(figure, label):
            """All texts on the line of a label, from the left."""
            (at,) = (text for text in figure.texts if text.get_text() == label)
            line = [text for text in figure.texts if abs(text.get_position()[1] - at.get_position()[1]) < 1e-6]
            return [text.get_text() for text in sorted(line, key=lambda text: text.get_position()[0])]

        @staticmethod
        def points(axes, name):
            """(x, y) of the marks of that name; none where there is no such artist."""
            lines = [line for line in axes.lines if (line.get_gid() or "").endswith(name)]
            return [(float(x), float(y)) for line in lines for x, y in zip(*line.get_data(), strict=True)]

        @staticmethod
        def intervals(axes):
            found = [c for c in axes.collections if (c.get_gid() or "").endswith("-intervals")]
            return [tuple(float(x) for x in segment[:, 0]) for c in found for segment in c.get_segments()]

        @staticmethod
        def grounds(axes):
            """First and last day of each hatched ground."""
            patches = [p for p in axes.patches if "-uncovered-" in (p.get_gid() or "")]
            epoch = pd.Timestamp("1970-01-01")
            ends = [(p.get_x(), p.get_x() + p.get_width()) for p in patches if p.get_hatch()]
            return [tuple(str((epoch + pd.Timedelta(days=x)).date()) for x in pair) for pair in ends]

        @staticmethod
        def overlaps(figure):
            """Pairs of texts whose boxes overlap, and texts that leave the paper."""
            figure.canvas.draw()
            texts = [t for t in figure.texts if t.get_text()]
            for axes in figure.axes:
                texts += [t for t in axes.texts if t.get_text()]
                for axis in (axes.xaxis, axes.yaxis):
                    low, high = sorted(axis.get_view_interval())
                    ticks = [tick for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
                    texts += [tick.label1 for tick in ticks if tick.label1.get_text()]
            renderer = figure.canvas.get_renderer()
            boxes = [(t.get_text(), t.get_window_extent(renderer)) for t in texts]
            paper = figure.bbox
            faults = [
                (a, b)
                for i, (a, box) in enumerate(boxes)
                for b, other in boxes[i + 1 :]
                if min(box.x1, other.x1) - max(box.x0, other.x0) > 1
                and min(box.y1, other.y1) - max(box.y0, other.y0) > 1
            ]
            slack = 1.0  # pixels
            return faults + [
                (a, "the edge")
                for a, box in boxes
                if box.x0 < -slack or box.y0 < -slack or box.x1 > paper.x1 + slack or box.y1 > paper.y1 + slack
            ]

    return Read
