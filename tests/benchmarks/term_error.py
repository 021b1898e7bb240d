"""Measure how often the intervals of a search's precision, recall and corrected rate hold.

``python tests/benchmarks/term_error.py`` writes term_error.md beside this file; it takes some minutes.

Three questions:

- Plain samples: n retrieved units and n of the rest of the net, drawn one by one. Coverage is computed, not simulated: the sum of
  the probabilities of all outcomes whose interval holds the truth.
- Strata and stories: four strata of unequal size, drawn in equal numbers (weights differ by a factor of up to 8), whose
  precision differs; and units in stories of three on average, which are relevant together (intra-story correlation .5).
- Corrected rates: corpora of stories in up to four outlets whose relevant uses the search finds with a known chance, among hits that are
  not relevant. A sample of hits and of the rest of the net is coded; the corrected rate of one outlet of four is
  compared with the rate of relevant uses that the corpora are drawn from.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from scipy import stats

from toolkit.measures.correction import product_interval, sampled_share, search_error
from toolkit.measures.intervals import Estimate, ratio_interval, story_sums

PRECISION = (0.5, 0.7, 0.8, 0.9, 0.95)
RECALL = (0.4, 0.6, 0.8, 0.9, 0.95)
SIZES = (50, 100, 200, 400)
REST = (3.0, 20.0)  # other units of the net for each one retrieved
KINDS = ("precision", "recall", "f1", "correction")


def missed_share(precision: float, recall: float, rest: float) -> float:
    """Return which share of the rest of the net is relevant where a search has this precision and recall."""
    return precision * (1 / recall - 1) / rest


def true_error(p: float, q: float, rest: float) -> dict[str, float]:
    found, all_relevant = p, p + rest * q
    return {
        "precision": p,
        "recall": found / all_relevant,
        "f1": 2 * found / (1 + all_relevant),
        "correction": all_relevant,
    }


def all_shares(n: int) -> Estimate:
    """Return the estimate and interval of each number of relevant units among n."""
    shares = [sampled_share(np.arange(n) < x) for x in range(n + 1)]
    return Estimate(*(np.array(part) for part in zip(*shares, strict=True)))


def exact_coverage(precision: float, recall: float, n: int, rest: float) -> dict[str, float]:
    """Return the probability that each interval holds the truth."""
    q = missed_share(precision, recall, rest)
    shares = all_shares(n)
    retrieved = Estimate(*(part[:, None] for part in shares))
    others = Estimate(*(part[None, :] for part in shares))
    error = search_error(retrieved, others, rest)
    chance = stats.binom.pmf(np.arange(n + 1), n, precision)[:, None] * stats.binom.pmf(np.arange(n + 1), n, q)
    truth = true_error(precision, q, rest)
    covered = {}
    for kind in KINDS:
        _, low, high = getattr(error, kind)
        slack = 1e-12
        covered[kind] = float((chance * ((low <= truth[kind] + slack) & (truth[kind] - slack <= high))).sum())
    return covered


# Strata and stories

STRATA = np.array([0.5, 0.3, 0.15, 0.05])  # their parts of the units


def stratified(
    precision: float, recall: float, n: int, rest: float, stories: bool, runs: int, seed: int
) -> dict[str, float]:
    """Return in how many runs each interval holds the truth where the sample has strata, or stories."""
    rng = np.random.default_rng(seed)
    q = missed_share(precision, recall, rest)
    truth = true_error(precision, q, rest)
    spread = np.array([0.05, 0.0, -0.1, -0.2]) if precision > 0.5 else np.array([0.2, -0.1, -0.2, -0.8])
    inside = dict.fromkeys(KINDS, 0)
    for _ in range(runs):
        shares = []
        for p, differ in ((precision, spread), (q, np.zeros(4))):
            if stories:
                shares.append(_of_stories(rng, p, n))
                continue
            each = n // 4
            chances = np.clip(p + differ - (STRATA * differ).sum(), 0.0, 1.0)
            chances = chances + (p - (STRATA * chances).sum())
            y = (rng.random((4, each)) < chances[:, None]).ravel()
            shares.append(sampled_share(y, np.repeat(STRATA / each, each), np.repeat(np.arange(4), each)))
        error = search_error(shares[0], shares[1], rest)
        for kind in KINDS:
            _, low, high = getattr(error, kind)
            inside[kind] += bool(low <= truth[kind] <= high)
    return {kind: count / runs for kind, count in inside.items()}


def _of_stories(rng: np.random.Generator, p: float, n: int) -> Estimate:
    """Draw n units in stories of three on average; half of the stories are relevant or not as a whole."""
    sizes = 1 + rng.poisson(2.0, size=n)
    story = np.repeat(np.arange(n), sizes)[:n]
    whole = rng.random(n) < 0.5
    y = np.where(whole[story], (rng.random(n) < p)[story], rng.random(n) < p)
    return sampled_share(y, cluster=story)


# Corrected rates


def corrected_rates(
    precision: float, recall: float, n: int, runs: int, seed: int, *, stories: int = 400, rest: float = 3.0
) -> dict[str, float]:
    """Return how far corrected and raw rates are from the truth on average, and how often their intervals hold it.

    A story has 500 words in each of one to four outlets, which print it alike. One story in five has relevant uses, 1 + Poisson(1) of
    them; the search finds each with the chance `recall`, and other hits, Poisson in every story, make up the rest of its
    precision. The net holds what the search missed, and `rest` other units for each hit.
    """
    rng = np.random.default_rng(seed)
    rate = 0.2 * 2.0 / 500  # relevant uses a word
    false_hits = 0.4 * recall * (1 / precision - 1)  # in a story
    values, inside, raw_inside = [], 0, 0
    for _ in range(runs):
        outlets = rng.integers(1, 5, stories)
        relevant = np.where(rng.random(stories) < 0.2, 1 + rng.poisson(1.0, stories), 0)
        found = rng.binomial(relevant, recall)
        wrong = rng.poisson(false_hits, stories)
        missed = relevant - found
        others = rng.poisson(rest * (found.sum() + wrong.sum()) / stories, stories)
        # the outlet of interest prints each story with the chance of its outlets over four
        here = rng.random(stories) < outlets / 4
        hits, words = (found + wrong)[here], np.full(int(here.sum()), 500)
        low, high = ratio_interval(story_sums(hits, words))
        raw = Estimate(np.array([hits.sum() / words.sum()]), low, high)
        p = _coded(rng, found * outlets, wrong * outlets, n)
        q = _coded(rng, missed * outlets, others * outlets, n)
        size = ((missed + others) * outlets).sum() / max(((found + wrong) * outlets).sum(), 1)
        error = search_error(p, q, size)
        value, low, high = product_interval(raw, Estimate(*(np.atleast_1d(end) for end in error.correction)))
        values.append(float(value[0]))
        inside += bool(low[0] <= rate <= high[0])
        raw_inside += bool(raw.low[0] <= rate <= raw.high[0])
    mean = float(np.mean(values))
    return {
        "bias": mean / rate - 1,
        "bias_se": float(np.std(values) / rate / np.sqrt(runs)),
        "raw_bias": recall / precision - 1,
        "coverage": inside / runs,
        "raw_coverage": raw_inside / runs,
    }


def _coded(rng: np.random.Generator, good: np.ndarray, bad: np.ndarray, n: int) -> Estimate:
    """Draw n of the units without putting any back, and code them."""
    y = np.concatenate([np.ones(int(good.sum())), np.zeros(int(bad.sum()))])
    story = np.concatenate([np.repeat(np.arange(len(good)), good), np.repeat(np.arange(len(bad)), bad)])
    some = rng.permutation(len(y))[:n]
    return sampled_share(y[some], cluster=story[some])


# The page


def page(runs: int) -> str:
    """Return the page."""
    rows = [
        {"n": n, "rest": rest, **exact_coverage(p, r, n, rest)}
        for n in SIZES
        for rest in REST
        for p in PRECISION
        for r in RECALL
    ]
    lowest = min(min(row[kind] for kind in KINDS) for row in rows)
    error = (0.95 * 0.05 / runs) ** 0.5
    head = "| n of each | others for each hit | precision | recall | F1 | correction |"
    lines = [
        "# How often the error of a search is as it says",
        "",
        "Coverage of nominal 95 % intervals of `tk.term_error` and of the corrected rates of `tk.usage`. Made by",
        f"`python tests/benchmarks/term_error.py --runs {runs}`; that file says what a setting is.",
        "",
        f"**The lowest coverage of a plain sample is {lowest:.3f}.**",
        "",
        "## Plain samples",
        "",
        f"n units of the hits and n of the rest of the net, precision {_said(PRECISION)}, recall {_said(RECALL)}: lowest and median coverage over",
        "these 25 settings. It is computed from the probabilities of all outcomes, so it has no standard error.",
        "",
        head,
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for n in SIZES:
        for rest in REST:
            some = [row for row in rows if row["n"] == n and row["rest"] == rest]
            cells = [f"{min(v):.3f}, {np.median(v):.3f}" for v in ([row[kind] for row in some] for kind in KINDS)]
            lines.append(f"| {n} | {rest:.0f} | {' | '.join(cells)} |")
    lines += [
        "",
        "## Strata and stories",
        "",
        f"{runs:,} runs each, standard error {error:.4f} at .95; 3 others for each hit. Strata: four, of 50, 30, 15 and 5 % of the units, a quarter",
        "of the sample from each. Stories: three units each on average, intra-story correlation .5.",
        "",
        "| design | n of each | precision, recall | precision | recall | F1 | correction |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for stories in (False, True):
        for n in (52, 100, 200, 400):
            for p, r in ((0.5, 0.4), (0.8, 0.8), (0.9, 0.6), (0.9, 0.95)):
                s = stratified(p, r, n, 3.0, stories, runs, seed=n + int(100 * p))
                design = "stories" if stories else "strata"
                lines.append(f"| {design} | {n} | {p}, {r} | " + " | ".join(f"{s[kind]:.3f}" for kind in KINDS) + " |")
    lines += [
        "",
        "## Corrected rates",
        "",
        f"{runs:,} runs each, standard error of coverage {error:.4f} at .95. Stories of 500 words in one to four outlets; n hits and n others of the",
        "net are coded; the rate is that of one outlet. Bias is relative to the true rate, with its standard error. Raw is the rate as",
        "it is counted.",
        "",
        "| stories | n of each | precision, recall | bias | bias, raw | coverage | coverage, raw |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for stories in (100, 400):
        for n in (50, 200):
            for p, r in ((0.5, 0.95), (0.7, 0.6), (0.9, 0.4), (0.9, 0.9), (0.8, 0.8)):
                s = corrected_rates(p, r, n, runs, seed=n + int(100 * p), stories=stories)
                lines.append(
                    f"| {stories} | {n} | {p}, {r} | {s['bias']:+.3f} ± {s['bias_se']:.3f} | {s['raw_bias']:+.3f} "
                    f"| {s['coverage']:.3f} | {s['raw_coverage']:.3f} |"
                )
    return "\n".join([*lines, ""])


def _said(numbers: tuple[float, ...]) -> str:
    return ", ".join(str(number) for number in numbers)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    Path(__file__).resolve().with_suffix(".md").write_text(page(parser.parse_args().runs), encoding="utf-8")
