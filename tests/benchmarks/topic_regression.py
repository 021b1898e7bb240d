"""Count how often `tk.topic_regression` rejects where nothing differs, with its errors and with the usual sandwich; and time it.

``OMP_NUM_THREADS=1 python tests/benchmarks/topic_regression.py --write`` writes topic_regression.md beside this file; some minutes.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

import toolkit as tk
from toolkit.topics.designs import design_of
from toolkit.topics.logits import coefficients
from toolkit.topics.record import Topics

SETTINGS = (  # stories, copies at most, contexts of an article at most, share of the topic
    (60, 4, 5, 0.2),
    (100, 4, 5, 0.2),
    (400, 6, 8, 0.1),
    (60, 1, 1, 0.3),
    (400, 1, 1, 0.3),
)
RUNS = 600
REPEATS = 3
LARGE = (100_000, 40_000, 20, 20)  # contexts, stories, sources, topics
SMALL = (3_000, 1_000, 5, 5)


def corpus(draw: np.random.Generator, stories: int, copies: int, contexts: int, share: float):
    """Return rows, hits, sizes and stories of a corpus in which topics go by story and by nothing else."""
    story = np.repeat(np.arange(stories), draw.integers(1, copies + 1, stories))
    size = draw.integers(1, contexts + 1, len(story))
    hits = draw.binomial(size, draw.beta(share * 1.5, (1 - share) * 1.5, stories)[story]).astype(float)
    home = draw.integers(0, 3, stories)[story]
    source = np.where(draw.random(len(story)) < 0.7, home, draw.integers(0, 3, len(story)))
    day = pd.Timestamp("2017-01-01") + pd.to_timedelta(draw.integers(0, 60, stories)[story], unit="D")
    return pd.DataFrame({"source": np.array(list("ABC"))[source], "_date": day}), hits, size, story


def sandwich(hits, size, design, story) -> tuple[list[float], float]:
    """Return p of the two sources and of the spline by statsmodels' cluster-robust covariance."""
    import statsmodels.api as sm

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        done = sm.GLM(hits / size, design.matrix, family=sm.families.Binomial(), var_weights=size).fit(
            cov_type="cluster", cov_kwds={"groups": story}, use_t=True
        )
        joint = done.f_test(np.eye(design.matrix.shape[1])[design.parts[1].columns]).pvalue
    return list(done.pvalues[1:3]), float(joint)


def invented(contexts: int, stories: int, sources: int, topics: int, *, by_second: bool = False) -> Topics:
    """Return topics of invented contexts: stories of up to three articles, half of the contexts with the story's own topic."""
    draw = np.random.default_rng(0)
    story = draw.integers(0, stories, contexts)
    article = story * 3 + draw.integers(0, 3, contexts)
    source = (story * 7 + article % 3 * 5) % sources
    date = pd.Timestamp("2017-01-01") + pd.to_timedelta(story * 31 % 365, unit="D")
    if by_second:
        date = date + pd.to_timedelta(article * 7919 % 86400, unit="s")
    topic = np.where(
        draw.random(contexts) < 0.5,
        draw.integers(0, topics, stories)[story],
        draw.integers(0, topics, contexts),
    )
    topic = np.where(draw.random(contexts) < 0.1, -1, topic)
    named = {"doc_id": ("d", article), "source": ("s", source), "story_id": ("e", story)}
    frame = pd.DataFrame({"context_id": [f"c{i}" for i in range(contexts)], "date": date})
    for name, (letter, numbers) in named.items():
        frame[name] = pd.array([f"{letter}{i}" for i in numbers], dtype="str")
    names = [*range(topics), -1]
    about = pd.DataFrame({"topic": names, "label": [f"topic {i}" for i in names]})
    about.attrs["recipe"] = {"settings": {"seed": 0}, "corpus": {"name": "invented"}, "versions": {}}
    assigned = pd.DataFrame({"context_id": frame["context_id"], "topic": topic, "probability": np.nan})
    return Topics(about, pd.DataFrame(), assigned, frame, None, {"seed": 0})


def by_article(topics: Topics):
    """Return what statsmodels is given: hits by topic, sizes, the matrix and the story of each article."""
    frame = topics.contexts.assign(at=pd.Categorical(topics.assignments["topic"], topics.topics["topic"]).codes)
    article, doc_ids = pd.factorize(frame["doc_id"])
    hits = np.zeros((len(doc_ids), len(topics.topics)))
    np.add.at(hits, (article, frame["at"].to_numpy()), 1)
    rows = frame.drop_duplicates("doc_id").rename(columns={"date": "_date"}).reset_index(drop=True)
    size = hits.sum(axis=1)
    design = design_of(rows, ["source"], time="spline", df=3, reference={"source": "s0"}, weights=size.astype(int))
    return hits, size, design.matrix, pd.factorize(rows["story_id"])[0]


def fitted(y, size, matrix, **settings):
    """Fit a binomial GLM of statsmodels."""
    import statsmodels.api as sm

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return sm.GLM(y / size, matrix, family=sm.families.Binomial(), var_weights=size).fit(**settings)


def refits(hits, size, matrix, story) -> np.ndarray:
    """Return the errors of one topic's coefficients by fitting anew without each story."""
    order = np.argsort(story, kind="stable")
    ends = np.concatenate([[0], np.cumsum(np.bincount(story))])
    start = fitted(hits, size, matrix).params
    moved = []
    for g in range(len(ends) - 1):
        kept = np.delete(order, np.s_[ends[g] : ends[g + 1]])
        moved.append(fitted(hits[kept], size[kept], matrix[kept], start_params=start).params - start)
    return np.sqrt((len(moved) - 1) / len(moved) * np.square(moved).sum(axis=0))


def seconds(work: Callable[[], object]) -> tuple[float, object]:
    """Return processor time, and what the work returns."""
    began = time.process_time()
    done = work()
    return time.process_time() - began, done


def regressed(topics: Topics) -> pd.DataFrame:
    """Regress all topics on source and time."""
    return tk.topic_regression(topics, "source", time="spline", reference={"source": "s0"})


def timing() -> list[str]:
    """Time the regression against statsmodels in a loop over topics, and against fitting anew without each story."""
    from scipy.stats import t as student

    large, small, by_second = invented(*LARGE), invented(*SMALL), invented(*LARGE, by_second=True)
    regressed(small)  # imports
    given = by_article(large)
    n_topics = given[0].shape[1]
    robust = {"cov_type": "cluster", "cov_kwds": {"groups": given[3]}}
    own, loop, fine = [], [], []
    for _ in range(REPEATS):
        spent, table = seconds(lambda: regressed(large))
        own.append(spent)
        spent, done = seconds(lambda: [fitted(y, *given[1:3], **robust) for y in given[0].T])
        loop.append(spent)
        fine.append(seconds(lambda: regressed(by_second))[0])
    estimates = table[table["covariate"] == "source"].groupby("topic", sort=False)["estimate"].apply(np.array)
    apart = max(
        np.abs(mine / one.params[1 : len(mine) + 1] - 1).max() for mine, one in zip(estimates, done, strict=True)
    )
    hits, size, matrix, story = by_article(small)
    short, found = seconds(lambda: regressed(small))
    long, errors = seconds(lambda: [refits(y, size, matrix, story) for y in hits.T])
    levels = found[found["covariate"] == "source"]
    reach = student.ppf(0.975, int(levels["n_clusters"].iloc[0]) - 1)
    ratios = ((levels["high"] - levels["low"]) / 2 / reach).to_numpy().reshape(len(errors), -1) / np.array(errors)[
        :, 1 : SMALL[2]
    ]
    ratio, fine_ratio = np.median(np.divide(loop, own)), np.median(np.divide(fine, own))
    return [
        "## Time",
        "",
        f"Invented contexts on source and a spline of time, with {n_topics} regressions (topics and outliers), one thread, processor time; "
        f"{LARGE[0]:,} contexts in {len(given[1]):,} articles of {given[3].max() + 1:,} stories, {LARGE[2]} sources, dates by day; "
        f"median of {REPEATS} runs taken in turn. *statsmodels*: `GLM(Binomial)` with `cov_type='cluster'` in a loop over topics, given its matrix of "
        "articles ready-made, while `tk.topic_regression` starts from the contexts and ends with a table that has effects, too.",
        "",
        "| what | seconds | times `tk.topic_regression` |",
        "| --- | --- | --- |",
        f"| `tk.topic_regression` | {np.median(own):.2f} | 1 |",
        f"| the same, dates by the second (the regression counts them by day) | {np.median(fine):.2f} | {fine_ratio:.1f} |",
        f"| statsmodels, sandwich by story | {np.median(loop):.2f} | {ratio:.1f} |",
        "",
        f"The log odds of sources are those of statsmodels to {apart:.0e} (relative). The sandwich is another error, see above. The error that "
        f"`tk.topic_regression` has is that of leaving out stories; to fit anew without each is feasible on less only. On {SMALL[0]:,} contexts of "
        f"{story.max() + 1:,} stories, {SMALL[2]} sources and {hits.shape[1]} regressions, refits (statsmodels, begun at the estimate) take "
        f"{long:.1f} s and `tk.topic_regression` {short:.2f} s: {long / short:.0f} times as long. One Newton step instead of a refit gives "
        f"errors that are {ratios.min():.3f} to {ratios.max():.3f} times those of the refits.",
        "",
    ]


def main() -> None:
    """Simulate and print, or write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    write = parser.parse_args().write
    with threadpool_limits(limits=1):
        lines = [*rejections(), *timing()]
    print("\n".join(lines))
    if write:
        Path(__file__).with_suffix(".md").write_text("\n".join(lines), encoding="utf-8")


def rejections() -> list[str]:
    """Simulate corpora in which nothing differs, and count."""
    lines = [
        "# How often the regression of topics rejects where nothing differs",
        "",
        f"{RUNS} corpora for each row, in which a topic's share goes by story (beta, so that copies and passages of a story agree) and by nothing "
        "else; three sources, seven in ten articles from the story's home. Nominal 5 % tests of a source against another and, "
        "jointly, of a spline of time with 3 degrees of freedom. *Jackknife*: `tk.topic_regression`, errors by leaving out one story. *Sandwich*: the "
        "cluster-robust covariance of statsmodels with its corrections. Written by `python tests/benchmarks/topic_regression.py --write`.",
        "",
        "| stories | copies up to | contexts up to | share | source, jackknife | source, sandwich | time, jackknife | time, sandwich |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    bundles: list[list[float]] = []
    for setting in SETTINGS:
        draw = np.random.default_rng(list(map(int, (setting[0], setting[1], setting[2], 100 * setting[3]))))
        own: list[list[float]] = [[], []]
        other: list[list[float]] = [[], []]
        for _ in range(RUNS):
            rows, hits, size, story = corpus(draw, *setting)
            design = design_of(rows, ["source"], time="spline", df=3, reference={"source": "A"}, weights=size)
            found = coefficients(hits[:, None], size.astype(float), design, story, 0.95)[0]
            own[0] += [row["p"] for row in found[:2]]
            own[1].append(found[2]["p"])
            if any(np.isnan(row["p"]) for row in found):
                continue  # a level without the topic, or a line that runs away: the sandwich has no answer either
            sources, time = sandwich(hits, size, design, story)
            other[0] += sources
            other[1].append(time)
        cells = [np.mean(np.array(values)[~np.isnan(values)] < 0.05) for values in (own[0], other[0], own[1], other[1])]
        stories, copies, contexts, share = setting
        lines.append(
            f"| {stories} | {copies} | {contexts} | {share:g} | " + " | ".join(f"{cell:.3f}" for cell in cells) + " |"
        )
        print(lines[-1], flush=True)
        if copies > 1:
            bundles.append([100 * float(cell) for cell in cells])
    jack, sand = ([row[i] for row in bundles for i in pair] for pair in ((0, 2), (1, 3)))
    return [
        *lines,
        "",
        "With 60 stories of one passage each the jackknife is cautious (it rejects less than it says); with copies and "
        f"passages in bundles (the first three rows) it rejects in {min(jack):.0f} to {max(jack):.0f} % and the sandwich in {min(sand):.0f} to "
        f"{max(sand):.0f} %.",
        "",
    ]


if __name__ == "__main__":
    main()
