"""Simulate how often the intervals hold the truth, beside those that others would put on the same counts.

    python tests/benchmarks/interval_coverage.py [--runs 5000]

writes interval_coverage.md beside this file. A setting is a world whose rate or share is known exactly; each run draws stories from
it, and coverage is the part of the runs whose interval holds the truth. The lowest of hundreds of simulated figures is too
low by chance alone, so the settings with the lowest coverage are run again, with other draws and eight times as many.
"""

from __future__ import annotations

import argparse
import os
import time
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from toolkit.measures.intervals import StorySums, ratio_interval, wilson

Floats = NDArray[np.float64]

PAGE = Path(__file__).resolve().with_suffix(".md")
STORIES_AT_A_TIME = 2_000_000
RESAMPLES, BOOTSTRAP_RUNS = 999, 2000
AGAIN, MORE = 8, 8  # settings run again, and how many times the runs
MU, SIGMA = 6.0, 0.6  # mean and deviation of the logarithm of an article's words: half have fewer than 403
HITS = ((1, "equal"), (3, "Poisson"), (3, "geometric"), (5, "Poisson"), (5, "geometric"))


@dataclass(frozen=True)
class Rates:
    """A world of stories with words and hits: hits per word are asked for.

    A share `p` of the articles carries the term, `mean` times on average; `tail` is "equal", "Poisson" or "geometric". On
    average `k` outlets print a story, with the tail `outlets`. `lengths` are "equal" (500 words) or "log-normal"; longer
    articles then carry more often, as the square root of their words.
    """

    stories: int
    p: float
    mean: int
    tail: str
    k: int
    outlets: str = "Poisson"
    lengths: str = "log-normal"
    whole = False

    @property
    def truth(self) -> float:
        if self.lengths == "equal":
            return self.p * self.mean / 500
        z = np.linspace(-8, 8, 20_001)
        carrying = np.average(self._chance(np.exp(MU + SIGMA * z)), weights=np.exp(-z * z / 2))
        return float(self.mean * carrying / np.exp(MU + SIGMA**2 / 2))  # outlets print hits and words alike

    def _chance(self, words: Floats) -> Floats:
        return np.minimum(self.p * np.sqrt(words) / np.exp(MU / 2 + SIGMA**2 / 8), 1.0)

    def draw(self, rng: np.random.Generator, runs: int) -> tuple[Floats, Floats]:
        """Return hits and words of each story, (runs, stories)."""
        size = (runs, self.stories)
        words = np.full(size, 500.0) if self.lengths == "equal" else rng.lognormal(MU, SIGMA, size)
        chance = self.p if self.lengths == "equal" else self._chance(words)
        hits = (rng.random(size) < chance).astype(float)
        hits[hits > 0] = _at_least_one(rng, self.tail, self.mean, int(hits.sum()))
        outlets = _at_least_one(rng, self.outlets, self.k, size)
        return hits * outlets, np.maximum(np.round(words), 1.0) * outlets

    def __str__(self) -> str:
        hits = "1 hit" if self.mean == 1 else f"{self.mean} hits ({self.tail})"
        outlets = "1 outlet" if self.k == 1 else f"{self.k} outlets ({self.outlets})"
        return f"{_stories(self)}, p {self.p:g}, {hits}, {outlets}"


@dataclass(frozen=True)
class Shares:
    """A world of stories with articles, or hits of rival terms, a share of which is asked for.

    `kind` is "articles", each its own story; "copies": stories of 4 articles on average, which all have the term or all
    lack it; "rivals": stories of 3 hits on average, each the term's with chance `p`, with the intra-story correlation `rho`;
    or "unequal": all or none, 6 hits where they are the term's and 2 where they are the rivals'.
    """

    stories: int
    p: float
    kind: str
    rho: float = 1.0
    whole = True

    @property
    def truth(self) -> float:
        return 6 * self.p / (6 * self.p + 2 * (1 - self.p)) if self.kind == "unequal" else self.p

    def draw(self, rng: np.random.Generator, runs: int) -> tuple[Floats, Floats]:
        """Return what counts and all there is of each story, (runs, stories)."""
        size = (runs, self.stories)
        has = rng.random(size) < self.p
        if self.kind == "articles":
            return has.astype(float), np.ones(size)
        if self.kind == "copies":
            n = 1.0 + rng.poisson(3, size)
            return has * n, n
        if self.kind == "unequal":
            n = 1.0 + rng.poisson(np.where(has, 5, 1))
            return has * n, n
        n = 1.0 + rng.poisson(2, size)
        if self.rho == 1:
            return has * n, n
        alike = 1 / self.rho - 1 if self.rho else 0
        chance = rng.beta(self.p * alike, (1 - self.p) * alike, size) if self.rho else self.p
        return rng.binomial(n.astype(np.int64), chance).astype(float), n

    def __str__(self) -> str:
        kinds = {
            "articles": "articles",
            "copies": "articles in stories of 4",
            "rivals": f"rival hits, rho {self.rho:g}",
            "unequal": "rival hits, 6 or 2 a story",
        }
        return f"{_stories(self)}, p {self.p:g}, {kinds[self.kind]}"


World = Rates | Shares


def _stories(world: World) -> str:
    return "1 story" if world.stories == 1 else f"{world.stories} stories"


def _at_least_one(rng: np.random.Generator, tail: str, mean: float, size: int | tuple[int, int]) -> Floats:
    if mean == 1 or tail == "equal":
        return np.full(size, float(mean))
    return rng.geometric(1 / mean, size).astype(float) if tail == "geometric" else 1.0 + rng.poisson(mean - 1, size)


PLAIN = [Rates(400, 0.05, mean, "Poisson", k, lengths="equal") for mean, k in ((1, 1), (3, 1), (5, 1), (3, 4), (5, 4))]
HARDER = [
    Rates(stories, p, mean, tail, k)
    for stories, p, (mean, tail), k in product((1, 2, 5, 12, 60, 400), (0.02, 0.05, 0.2), HITS, (1, 4))
]
SHARES = [
    Shares(stories, p, kind, rho)
    for stories, p, (kind, rho) in product(
        (1, 2, 3, 5, 8, 15, 30, 100, 400),
        (0.02, 0.05, 0.3, 0.5, 0.9),
        (("articles", 1.0), ("copies", 1.0), ("rivals", 0.0), ("rivals", 0.3), ("rivals", 1.0), ("unequal", 1.0)),
    )
]
BEYOND = [
    Rates(stories, p, 5, "geometric", k, "geometric") for stories, p, k in product((60, 400), (0.05, 0.2), (4, 10))
]


@dataclass(frozen=True)
class Outcome:
    """What one setting came to: per method the coverage and, where there was a hit, the median width as a multiple of the truth."""

    world: World
    coverage: dict[str, float]
    width: dict[str, float]


def simulate(world: World, runs: int, *, seed: int = 0, bootstrap: bool = True) -> Outcome:
    """Draw runs of a setting and put each kind of interval on them.

    "story" is the toolkit's, with the bundle that other cells of the same table show; "alone" is the toolkit's without it;
    "unit" is Wilson's on words, articles or hits; "bootstrap" the percentile bootstrap over stories.
    """
    rng = np.random.default_rng([seed, zlib.crc32(repr(world).encode())])
    step = max(1, STORIES_AT_A_TIME // world.stories)
    parts, resampled = [], []
    for done in range(0, runs, step):
        x, n = world.draw(rng, min(step, runs - done))
        parts.append((*_sums(x, n), (x > 0).sum(1), (x < n).sum(1)))
        if bootstrap and done < BOOTSTRAP_RUNS:
            resampled.append(_bootstrap(x[:BOOTSTRAP_RUNS], n[:BOOTSTRAP_RUNS], rng))
    *six, with_hit, with_other = (np.concatenate(part) for part in zip(*parts, strict=True))
    sums = StorySums(*six)
    bundle = rest = None  # as tk.usage has them, from all the cells of its table
    if sums.x.any():
        bundle = sums.x.sum() / with_hit.sum() if world.whole else max(sums.xx.sum() / sums.x.sum(), 2.0)
    if with_other.any():
        rest = (sums.n - sums.x).sum() / with_other.sum()
    intervals = {
        "story": ratio_interval(sums, whole=world.whole, bundle=bundle, rest=rest),
        "alone": ratio_interval(sums, whole=world.whole),
        "unit": wilson(sums.x, sums.n),
    }
    if resampled:
        low, high = (np.concatenate(ends)[:BOOTSTRAP_RUNS] for ends in zip(*resampled, strict=True))
        intervals["bootstrap"] = (low, high)
    truth, coverage, width = world.truth, {}, {}
    for name, (low, high) in intervals.items():
        coverage[name] = float(((low <= truth) & (truth <= high)).mean())
        hit = sums.x[: len(low)] > 0
        width[name] = float(np.median((high - low)[hit]) / truth) if hit.any() else float("nan")
    return Outcome(world, coverage, width)


def _sums(x: Floats, n: Floats) -> StorySums:
    stories = np.full(len(x), float(x.shape[1]))
    return StorySums(stories, x.sum(1), n.sum(1), np.vecdot(x, x), np.vecdot(x, n), np.vecdot(n, n))


def _bootstrap(x: Floats, n: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return the percentile interval of each run; the runs share their resamples, which leaves each one's coverage as it is."""
    stories = x.shape[1]
    times = rng.multinomial(stories, np.full(stories, 1 / stories), RESAMPLES).astype(float)
    low, high = np.quantile((times @ x.T) / (times @ n.T), (0.025, 0.975), axis=0)
    return low, high


def again(outcomes: list[Outcome], runs: int) -> list[Outcome]:
    """Run the settings with the lowest coverage again, more often and with other draws, and return all, lowest first."""
    ordered = sorted(outcomes, key=lambda o: o.coverage["story"])
    return sorted(
        [_keep(o, simulate(o.world, runs * MORE, seed=1, bootstrap=False)) for o in ordered[:AGAIN]] + ordered[AGAIN:],
        key=lambda o: o.coverage["story"],
    )


def _keep(first: Outcome, second: Outcome) -> Outcome:
    """Return the second outcome with what only the first has: the bootstrap."""
    return Outcome(first.world, first.coverage | second.coverage, first.width | second.width)


# The page


def table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Lay out a table in markdown; numbers to three digits."""
    head = list(header)
    lines = [head, ["---"] + ["---:"] * (len(head) - 1)]
    lines += [[_cell(cell) for cell in row] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    return "" if np.isnan(value) else f"{value:.3f}".lstrip("0") if value < 1 else f"{value:.3f}"


def _by_size(outcomes: list[Outcome]) -> list[list[object]]:
    rows = []
    for stories in sorted({o.world.stories for o in outcomes}):
        some = [o for o in outcomes if o.world.stories == stories]
        ours = [o.coverage["story"] for o in some]
        rows.append(
            [
                _stories(some[0].world),
                len(some),
                min(ours),
                float(np.median(ours)),
                max(ours),
                min(o.coverage["unit"] for o in some),
                min(o.coverage["bootstrap"] for o in some),
                float(np.nanmedian([o.width["story"] for o in some])),
                float(np.nanmedian([o.width["unit"] for o in some])),
                float(np.nanmedian([o.width["bootstrap"] for o in some])),
            ]
        )
    return rows


def _lowest(outcomes: list[Outcome], n: int = 6) -> list[list[object]]:
    return [
        [str(o.world), *(o.coverage[m] for m in ("story", "alone", "unit", "bootstrap")), o.width["story"]]
        for o in outcomes[:n]
    ]


def page(runs: int) -> str:
    """Run all settings and return the page."""
    plain = [simulate(world, runs * MORE, seed=1) for world in PLAIN]
    rates = again([simulate(world, runs) for world in HARDER], runs)
    shares = again([simulate(world, runs) for world in SHARES], runs)
    beyond = sorted((simulate(world, runs * MORE) for world in BEYOND), key=lambda o: o.coverage["story"])
    lowest_rate = min(o.coverage["story"] for o in [*rates, *plain])
    lowest_share = min(o.coverage["story"] for o in shares)
    alone = min(o.coverage["alone"] for o in [*rates, *plain])
    alone_share = min(o.coverage["alone"] for o in shares)
    sizes = ["", "settings", "lowest", "median", "highest", "Wilson, lowest", "bootstrap, lowest"]
    sizes += ["width", "width, Wilson", "width, bootstrap"]
    low = ["setting", "coverage", "alone", "Wilson", "bootstrap", "width"]
    bundled = [
        [f"{o.world.mean}, {o.world.k}", *row[1:], o.width["unit"], o.width["bootstrap"]]
        for o, row in zip(plain, _lowest(plain), strict=True)
    ]
    error = np.sqrt(0.95 * 0.05 / runs)
    return f"""# How often the intervals hold

**The lowest coverage found is {lowest_rate:.3f} for rates and {lowest_share:.3f} for shares.**

Simulated coverage of nominal 95 % intervals, made by `python tests/benchmarks/interval_coverage.py --runs {runs}`. That file says what
a setting is.

"Coverage" is that of `toolkit.measures.intervals.ratio_interval`, whose unit is the story. "Alone" is the same in a table of
one cell, where no other cell shows how hits bundle (lowest: {alone:.3f} for rates; {alone_share:.3f} for shares, where stories
with the term are larger than others and none was drawn). "Wilson" takes each word (of rates), article or hit (of shares) as
drawn by itself. "Bootstrap" is the percentile bootstrap over stories. Widths are medians over the runs with a hit, as
multiples of the true value.

Each setting was run {runs:,} times (standard error {error:.4f} at .95), the bootstrap {BOOTSTRAP_RUNS:,} times. The lowest
{AGAIN} of rates and of shares were run again, {runs * MORE:,} times and with other draws, since the lowest of hundreds of
simulated figures is too low by chance. The plain settings and those outside the claim were run as often.

## Rates, plain

400 articles of 500 words, 5 % of them with the term.

{table(["hits a carrying article, outlets a story", *low[1:], "width, Wilson", "width, bootstrap"], bundled)}

## Rates, harder

Log-normal lengths; longer articles carry the term more often, 2, 5 or 20 % of all; 1, 3 or 5 hits each with a Poisson or a
geometric tail; in 1 outlet or in 4 on average.

{table(sizes, _by_size(rates))}

The lowest:

{table(low, _lowest(rates))}

## Shares

Of articles, each its own story; of articles in stories of 4 copies on average; of the hits of rival terms, 3 a story on
average, with an intra-story correlation of 0, .3 or 1, or all or none, 6 where they are the term's and 2 where not; 2, 5, 30,
50 and 90 % of the stories.

{table(sizes, _by_size(shares))}

The lowest:

{table(low, _lowest(shares))}

## Outside the claim

Copies with a geometric tail on top of hits with a geometric tail: a few stories are printed everywhere.

{table(low, _lowest(beyond, len(beyond)))}
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Simulate the coverage of the intervals and write interval_coverage.md."
    )
    parser.add_argument("--runs", type=int, default=5000, help="draws of each setting")
    runs = parser.parse_args().runs
    begun = time.perf_counter()
    text = page(runs)
    beside = PAGE.with_suffix(".tmp")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, PAGE)
    print(f"{text}\n{time.perf_counter() - begun:.0f} seconds; written to {PAGE.name}")


if __name__ == "__main__":
    main()
