"""Simulate how often the intervals hold the truth, beside those that others would put on the same counts.

    python tests/benchmarks/interval_coverage.py [--runs 5000]

writes interval_coverage.md beside this file. A setting is a world of interval_worlds.py whose truth is known exactly; each run
draws stories from it, and coverage is the part of the runs whose interval holds the truth. The lowest of hundreds of
simulated figures is too low by chance alone, so the settings with the lowest coverage are run again, with other draws and
eight times as many.
"""

from __future__ import annotations

import argparse
import os
import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import interval_worlds as worlds
import numpy as np
from interval_worlds import Families, Pairs, Rates, Shares, counted
from numpy.typing import NDArray
from tqdm.auto import tqdm

from toolkit.measures.contrasts import (
    SharedSums,
    contrast,
    difference_interval,
    quotient_interval,
    story_correlation,
)
from toolkit.measures.intervals import StorySums, ratio_interval, wilson
from toolkit.measures.multiplicity import adjusted

Floats = NDArray[np.float64]
Ends = tuple[Floats, Floats]
World = Rates | Shares | Pairs

PAGE = Path(__file__).resolve().with_suffix(".md")
NUMBERS_AT_A_TIME = 2_000_000
RESAMPLES, BOOTSTRAP_RUNS, PAIR_BOOTSTRAP_RUNS = 999, 2000, 1000
AGAIN, MORE = 8, 8  # settings run again, and how many times the runs
LEVEL = 0.95


@dataclass(frozen=True)
class Outcome:
    """What one setting came to: by method the coverage and, where there was a hit, the median width.

    Widths are multiples of the true value; those of a difference multiples of the first arm's. Of a ratio it is the upper
    end over the lower.
    """

    world: World
    coverage: dict[str, float]
    width: dict[str, float]


# One cell


def simulate(world: Rates | Shares, runs: int, *, seed: int = 0, bootstrap: bool = True) -> Outcome:
    """Draw runs of a setting and put each kind of interval on them.

    "story" is the toolkit's, with the bundle that other cells of the same table show; "alone" is the toolkit's without it;
    "unit" is Wilson's on words, articles or hits; "bootstrap" the percentile bootstrap over stories.
    """
    rng = np.random.default_rng([seed, zlib.crc32(repr(world).encode())])
    step = max(1, NUMBERS_AT_A_TIME // world.stories)
    parts, resampled = [], []
    for done in range(0, runs, step):
        x, n = world.draw(rng, min(step, runs - done))
        parts.append((*_sums(x, n), (x > 0).sum(1), (x < n).sum(1)))
        if bootstrap and done < BOOTSTRAP_RUNS:
            resampled.append(_bootstrap(x[:BOOTSTRAP_RUNS], n[:BOOTSTRAP_RUNS], rng))
    *six, with_hit, with_other = (np.concatenate(part) for part in zip(*parts, strict=True))
    sums = StorySums(*six)
    bundle, rest = _bundles(sums, with_hit.sum(), with_other.sum(), world.whole)
    intervals = {
        "story": ratio_interval(sums, whole=world.whole, bundle=bundle, rest=rest),
        "alone": ratio_interval(sums, whole=world.whole),
        "unit": wilson(sums.x, sums.n),
    }
    if resampled:
        low, high = (np.concatenate(ends)[:BOOTSTRAP_RUNS] for ends in zip(*resampled, strict=True))
        intervals["bootstrap"] = (low, high)
    coverage, width = {}, {}
    for name, ends in intervals.items():
        coverage[name] = _held(ends, world.truth)
        width[name] = _median((ends[1] - ends[0]) / world.truth, sums.x > 0)
    return Outcome(world, coverage, width)


def _sums(x: Floats, n: Floats) -> StorySums:
    stories = np.full(x.shape[:-1], float(x.shape[-1]))
    return StorySums(stories, x.sum(-1), n.sum(-1), np.vecdot(x, x), np.vecdot(x, n), np.vecdot(n, n))


def _bundles(sums: StorySums, with_hit: int, with_other: int, whole: bool) -> tuple[float | None, float | None]:
    """Return the bundle and the rest as a table of usage has them, from all its cells."""
    bundle = rest = None
    if with_hit:
        bundle = float(sums.x.sum() / with_hit if whole else max(sums.xx.sum() / sums.x.sum(), 2.0))
    if with_other:
        rest = float((sums.n - sums.x).sum() / with_other)
    return bundle, rest


def _bootstrap(x: Floats, n: Floats, rng: np.random.Generator) -> Ends:
    """Return the percentile interval of each run; the runs share their resamples, which leaves each one's coverage as it is."""
    stories = x.shape[1]
    times = rng.multinomial(stories, np.full(stories, 1 / stories), RESAMPLES).astype(float)
    low, high = np.quantile((times @ x.T) / (times @ n.T), (0.025, 0.975), axis=0)
    return low, high


def _held(ends: Ends, truth: float) -> float:
    return float(((ends[0] <= truth) & (truth <= ends[1])).mean())


def _median(widths: Floats, hit: NDArray[np.bool_]) -> float:
    some = widths[hit[: len(widths)]]
    return float(np.median(some)) if len(some) else float("nan")


# Two arms


def simulate_pair(world: Pairs, runs: int, *, seed: int = 0, bootstrap: bool = True) -> Outcome:
    """Draw runs of two arms and put each kind of interval on their difference and, with the ending " ratio", on their ratio.

    "story" is the toolkit's; "plain" the same with the correlation as it is estimated; "unit" puts two of Wilson's on words or
    articles together (Newcombe 1998); "bootstrap" is the percentile bootstrap over the stories of both arms.
    """
    rng = np.random.default_rng([seed, zlib.crc32(repr(world).encode())])
    step = max(1, NUMBERS_AT_A_TIME // (world.stories * (1 + world.times)))
    firsts, seconds, boths, resampled = [], [], [], []
    counts = np.zeros(2, dtype=int)
    m = world.both
    for done in range(0, runs, step):
        x1, n1, x2, n2 = world.draw(rng, min(step, runs - done))
        firsts.append(_sums(x1, n1))
        seconds.append(_sums(x2, n2))
        boths.append(_shared(x1[:, :m], n1[:, :m], x2[:, :m], n2[:, :m]))
        counts += [(x1 > 0).sum() + (x2 > 0).sum(), (x1 < n1).sum() + (x2 < n2).sum()]
        if bootstrap and done < PAIR_BOOTSTRAP_RUNS:
            few = slice(PAIR_BOOTSTRAP_RUNS)
            resampled.append(_bootstrap_pair(x1[few], n1[few], x2[few], n2[few], m, rng))
    one, other = (StorySums(*(np.concatenate(p) for p in zip(*part, strict=True))) for part in (firsts, seconds))
    shared = SharedSums(*(np.concatenate(p) for p in zip(*boths, strict=True)))
    together = StorySums(*(np.concatenate(pair) for pair in zip(one, other, strict=True)))
    bundle, rest = _bundles(together, counts[0], counts[1], world.whole)
    r1, r2 = one.x / one.n, other.x / other.n
    settings = {"whole": world.whole, "bundle": bundle, "rest": rest}
    arms = [(r, *ratio_interval(arm, **settings)) for r, arm in ((r1, one), (r2, other))]
    rho, plain = story_correlation(one, other, shared), story_correlation(one, other, shared, unseen=0)
    tokens = [(r, *wilson(arm.x, arm.n)) for r, arm in ((r1, one), (r2, other))]
    with np.errstate(invalid="ignore"):  # no hit in either arm
        intervals = {
            "story": difference_interval(*arms, rho),
            "story ratio": quotient_interval(*arms, rho),
            "plain": difference_interval(*arms, plain),
            "plain ratio": quotient_interval(*arms, plain),
            "unit": difference_interval(*tokens),
            "unit ratio": quotient_interval(*tokens),
        }
    if resampled:
        ends = [np.concatenate(part)[:PAIR_BOOTSTRAP_RUNS] for part in zip(*resampled, strict=True)]
        intervals |= {"bootstrap": (ends[0], ends[1]), "bootstrap ratio": (ends[2], ends[3])}
    first, second = world.truths
    coverage, width = {}, {}
    for name, (low, high) in intervals.items():
        quotient = name.endswith("ratio")
        coverage[name] = _held((low, high), first / second if quotient else first - second)
        with np.errstate(divide="ignore", invalid="ignore"):
            width[name] = _median(high / low if quotient else (high - low) / first, (one.x > 0) & (other.x > 0))
    return Outcome(world, coverage, width)


def _shared(x1: Floats, n1: Floats, x2: Floats, n2: Floats) -> SharedSums:
    stories = np.full(x1.shape[:-1], float(x1.shape[-1]))
    return SharedSums(stories, np.vecdot(x1, x2), np.vecdot(x1, n2), np.vecdot(n1, x2), np.vecdot(n1, n2))


def _bootstrap_pair(
    x1: Floats, n1: Floats, x2: Floats, n2: Floats, both: int, rng: np.random.Generator
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the percentile interval of difference and ratio; a resample without a hit counts for it, whatever the ratio."""
    stories = x1.shape[1] + x2.shape[1] - both
    times = rng.multinomial(stories, np.full(stories, 1 / stories), RESAMPLES).astype(float)
    first = times[:, : x1.shape[1]]
    second = np.concatenate([times[:, :both], times[:, x1.shape[1] :]], axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        r1, r2 = (first @ x1.T) / (first @ n1.T), (second @ x2.T) / (second @ n2.T)
        quotient = r1 / r2
    known = np.nan_to_num(r1) - np.nan_to_num(r2)
    low, high = np.quantile(known, (0.025, 0.975), axis=0)
    ratio_low = np.quantile(np.where(np.isnan(quotient), 0.0, quotient), 0.025, axis=0, method="inverted_cdf")
    ratio_high = np.quantile(np.where(np.isnan(quotient), np.inf, quotient), 0.975, axis=0, method="inverted_cdf")
    return low, high, ratio_low, ratio_high


# Ten sources


def simulate_family(world: Families, runs: int, *, seed: int = 0) -> dict[str, float]:
    """Return how often all ten intervals hold at once, and how often any source is found to differ though none does.

    "rates" and "differences" (of each source from the rest) have intervals of 1 - .05 / 10 (Bonferroni); "single" are the
    differences at .95 each; "Holm" is 1 - the chance of a false finding with Holm's p-values; "unit" are rates with Wilson's
    intervals on words, of 1 - .05 / 10, too.
    """
    rng = np.random.default_rng([seed, zlib.crc32(repr(world).encode())])
    step = max(1, NUMBERS_AT_A_TIME // (world.stories * world.sources))
    m, ten = world.both, world.sources
    level = 1 - (1 - LEVEL) / ten
    held: dict[str, int] = dict.fromkeys(("rates", "differences", "single", "Holm", "unit"), 0)
    for done in range(0, runs, step):
        x, n = world.draw(rng, min(step, runs - done))
        sources, own = _sums(x, n), _sums(x[:, :, m:], n[:, :, m:])
        # in the rest a shared story is one, and has the hits of nine copies
        wire = [(ten - 1) * x[:, :, :m], (ten - 1) * n[:, :, :m]]
        rest = StorySums(*(a.sum(1, keepdims=True) - a + b for a, b in zip(own, _sums(*wire), strict=True)))
        shared = _shared(x[:, :, :m], n[:, :, :m], *wire)
        bundle = max(sources.xx.sum() / max(sources.x.sum(), 1.0), 2.0)
        low, high = ratio_interval(sources, confidence=level, bundle=bundle)
        held["rates"] += int(((low <= world.truth) & (world.truth <= high)).all(1).sum())
        low, high = wilson(sources.x, sources.n, confidence=level)
        held["unit"] += int(((low <= world.truth) & (world.truth <= high)).all(1).sum())
        for name, confidence in (("differences", level), ("single", LEVEL)):
            found = contrast(sources, rest, shared, confidence=confidence, bundle=bundle)
            held[name] += int(((found.low <= 0) & (found.high >= 0)).all(1).sum())
        held["Holm"] += sum(bool((adjusted(p, "holm") >= 1 - LEVEL).all()) for p in found.p)
    return {name: count / runs for name, count in held.items()}


# Groups of settings


@dataclass(frozen=True)
class Group:
    """Settings of one kind, run, those with the lowest coverage run again; lowest first."""

    name: str
    outcomes: list[Outcome]
    what: str = "story"

    def lowest(self, ending: str = "", method: str = "story") -> float:
        return min(o.coverage[method + ending] for o in self.outcomes)

    def summary(self, ending: str = "") -> list[object]:
        """Return a row: settings, the lowest coverage of each method, and the median of their widths."""
        methods = ("story", "unit", "bootstrap")
        some = [o for o in self.outcomes if "bootstrap" + ending in o.coverage]
        lowest = [min(o.coverage[m + ending] for o in some) for m in methods[1:]]
        widths = [np.nanmedian([o.width[m + ending] for o in some]) for m in methods]
        return [len(self.outcomes), self.lowest(ending), *lowest, *(_width(float(w)) for w in widths)]


def run(name: str, settings: Iterable[World], runs: int, simulated: Callable[..., Outcome]) -> Group:
    """Run settings, then those with the lowest coverage again, more often and with other draws."""
    first = [simulated(world, runs) for world in tqdm(list(settings), desc=name)]

    def low(outcome: Outcome) -> float:
        return min(c for m, c in outcome.coverage.items() if m in ("story", "story ratio"))

    first.sort(key=low)
    for at in tqdm(range(min(AGAIN, len(first))), desc=f"{name}, lowest again"):
        more = simulated(first[at].world, runs * MORE, seed=1, bootstrap=False)
        first[at] = Outcome(more.world, first[at].coverage | more.coverage, first[at].width | more.width)
    return Group(name, sorted(first, key=low))


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


def _width(value: float) -> str:
    if np.isnan(value):
        return ""
    return "infinite" if np.isinf(value) else f"{value:.3g}" if value < 100 else f"{value:.0f}"


SUMMARY = ["", "settings", "lowest coverage", "Wilson on words", "bootstrap", "width", "Wilson", "bootstrap"]


def summary(groups: dict[str, Group]) -> str:
    """Lay out the lowest coverage of each kind of setting and method, and the median widths."""
    harder = groups["harder"]
    as_stated = [o for o in harder.outcomes if isinstance(o.world, Rates) and o.world.mean == 3]
    rows = [
        ["Rates, plain: 400 articles of 500 words, 5 %; 1 or 4 outlets", *groups["plain"].summary()],
        ["the same, 400 stories in 4 outlets", *groups["plain stories"].summary()],
        ["Rates, harder: 60 or 400 stories; 2, 5, 20 %; 3 hits; 1 or 4 outlets", *Group("", as_stated).summary()],
        ["the same with 1, 3 or 5 hits", *harder.summary()],
        ["Rates, 1 to 12 stories", *groups["few"].summary()],
        ["Rates, one outlet in one month: 3, 5, 10, 20 stories; 2 to 100 %", *groups["tiny"].summary()],
        ["Rates, terms that half or all of the articles have", *groups["common"].summary()],
        ["Rates, copies with a geometric tail on hits with one", *groups["heavy"].summary()],
        ["Shares of articles and of rival terms", *groups["shares"].summary()],
    ]
    for name, label in PAIR_GROUPS.items():
        rows.append([f"Difference, {label}", *groups[name].summary()])
        rows.append([f"Ratio, {label}", *groups[name].summary(" ratio")])
    return table(SUMMARY, rows)


PAIR_GROUPS = {
    "sources": "two sources that share none, a third or nearly all stories",
    "rest": "a source and the nine others",
    "periods": "one period and a longer one, to a half and a fifth",
    "edited": "an outlet that prints what another does, and cuts the term from some",
    "share pairs": "shares of articles of two sources",
}


def _by_size(group: Group) -> list[list[object]]:
    rows = []
    for stories in sorted({o.world.stories for o in group.outcomes}):
        some = [o for o in group.outcomes if o.world.stories == stories]
        ours = [o.coverage["story"] for o in some]
        n, lowest, *others = Group("", some).summary()
        rows.append([counted(stories), n, lowest, float(np.median(ours)), max(ours), *others])
    return rows


def _lowest(group: Group, n: int = 6) -> str:
    head = ["setting", "coverage", "alone", "Wilson", "bootstrap", "width"]
    rows = [
        [str(o.world), *(o.coverage[m] for m in ("story", "alone", "unit", "bootstrap")), _width(o.width["story"])]
        for o in group.outcomes[:n]
    ]
    return table(head, rows)


def _lowest_pairs(group: Group, n: int = 5) -> str:
    methods = ("story", "unit", "bootstrap")
    head = ["setting", "difference", "Wilson", "bootstrap", "ratio", "Wilson", "bootstrap", "width"]
    rows = [
        [
            str(o.world),
            *(o.coverage[m] for m in methods),
            *(o.coverage[f"{m} ratio"] for m in methods),
            _width(o.width["story"]),
        ]
        for o in group.outcomes[:n]
    ]
    return table(head, rows)


def _families(found: dict[Families, dict[str, float]]) -> str:
    names = ("rates", "differences", "Holm", "single", "unit")
    head = [
        "sources of",
        "settings",
        "rates",
        "differences",
        "no false finding (Holm)",
        "at 95 % each",
        "Wilson on words",
    ]
    rows = []
    for stories in sorted({w.stories for w in found}):
        some = [result for world, result in found.items() if world.stories == stories]
        rows.append([counted(stories), len(some), *(min(result[name] for result in some) for name in names)])
    return table(head, rows)


def study(runs: int) -> tuple[dict[str, Group], dict[Families, dict[str, float]]]:
    """Run all settings."""

    groups = {
        "plain": Group("plain", [simulate(w, runs * MORE, seed=1) for w in tqdm(worlds.PLAIN, desc="plain")]),
        "plain stories": Group("plain stories", [simulate(w, runs * MORE, seed=1) for w in worlds.PLAIN_STORIES]),
        "harder": run("harder", worlds.HARDER, runs, simulate),
        "few": run("few", worlds.FEW, runs, simulate),
        "tiny": run("tiny", worlds.TINY, runs, simulate),
        "common": run("common", worlds.COMMON, runs, simulate),
        "heavy": run("heavy", worlds.HEAVY, runs, simulate),
        "shares": run("shares", worlds.SHARES, runs, simulate),
        "sources": run("sources", worlds.SOURCES, runs, simulate_pair),
        "rest": run("rest", worlds.REST, runs, simulate_pair),
        "periods": run("periods", worlds.PERIODS, runs, simulate_pair),
        "edited": run("edited", worlds.EDITED, runs, simulate_pair),
        "share pairs": run("share pairs", worlds.SHARE_PAIRS, runs, simulate_pair),
    }
    return groups, {world: simulate_family(world, runs) for world in tqdm(worlds.FAMILIES, desc="ten sources")}


def page(runs: int) -> str:
    """Run all settings and return the page."""
    groups, families = study(runs)
    rates = [groups[name] for name in ("plain", "plain stories", "harder", "few", "tiny", "common", "heavy")]
    pairs = [groups[name] for name in PAIR_GROUPS]
    plain = [g.lowest(ending, "plain") for g in pairs for ending in ("", " ratio")]
    alone = min(group.lowest(method="alone") for group in rates[:-1])
    settings = sum(len(group.outcomes) for group in groups.values()) + len(families)
    error = np.sqrt(0.95 * 0.05 / runs)
    sizes = ["", "settings", "lowest", "median", "highest", "Wilson, lowest", "bootstrap, lowest"]
    sizes += ["width", "width, Wilson", "width, bootstrap"]
    together = min(min(found["rates"], found["differences"], found["Holm"]) for found in families.values())
    return f"""# How often the intervals hold

**The lowest coverage found is {min(g.lowest() for g in rates):.3f} for rates, {groups["shares"].lowest():.3f} for shares, \
{min(g.lowest() for g in pairs):.3f} for differences and {min(g.lowest(" ratio") for g in pairs):.3f} for ratios;
ten sources at once hold in {together:.3f} or more.**

Simulated coverage of nominal 95 % intervals in {settings} settings, made by
`python tests/benchmarks/interval_coverage.py --runs {runs}`; `interval_worlds.py` beside it says what a setting is.

{summary(groups)}

"Lowest coverage" is that of the toolkit's intervals, whose unit is the story: `ratio_interval` and, of differences and
ratios, `contrast` in `toolkit.measures`. "Wilson" takes each word (of rates), article or hit (of shares) as drawn by itself;
of differences and ratios it is two such intervals put together. "Bootstrap" is the percentile bootstrap over stories. Widths
are medians over settings, and in these over the runs with a hit, as multiples of the true value; of differences, of the first
arm's true value; of ratios, the upper end over the lower.

Each setting was run {runs:,} times (standard error {error:.4f} at .95), the bootstrap {BOOTSTRAP_RUNS:,} times, of two arms \
{PAIR_BOOTSTRAP_RUNS:,}.
The lowest {AGAIN} of each kind were run again, {runs * MORE:,} times and with other draws, since the lowest of hundreds of
simulated figures is too low by chance. The plain settings were run as often.

## Rates

Plain, 400 articles of 500 words (in 4 outlets, 100 stories), 5 % of the stories with the term; and 400 stories in 4 outlets:

{_lowest(groups["plain"], 5)}
{_lowest(groups["plain stories"]).split(chr(10), 2)[2]}

Elsewhere lengths are log-normal, and longer articles carry the term more often; 1, 3 or 5 hits each with a Poisson or a
geometric tail; in 1 outlet or in 4 on average. "Alone" is a table of one cell, where no other cell shows how hits bundle
(lowest: {alone:.3f}; {groups["heavy"].lowest(method="alone"):.3f} with geometric copies on geometric hits).

60 or 400 stories, 2, 5 or 20 % with the term:

{table(sizes, _by_size(groups["harder"]))}

{_lowest(groups["harder"])}

Fewer stories:

{table(sizes, _by_size(groups["few"]))}

One outlet in one month; 2, 5, 20, 50 or 100 % with the term:

{table(sizes, _by_size(groups["tiny"]))}

Terms that half or all of the articles have:

{table(sizes, _by_size(groups["common"]))}

{_lowest(groups["common"])}

Copies with a geometric tail on top of hits with a geometric tail, where a few stories are printed everywhere:

{_lowest(groups["heavy"], len(groups["heavy"].outcomes))}

## Shares

Of articles, each its own story; of articles in stories of 4 copies on average; of the hits of rival terms, 3 a story on
average, with an intra-story correlation of 0, .3 or 1, or all or none, 6 where they are the term's and 2 where not; 1, 2, 5,
30, 50 and 90 % of the stories. Alone, where stories with the term are larger than others and none was drawn, the lowest is
{groups["shares"].lowest(method="alone"):.3f}.

{table(sizes, _by_size(groups["shares"]))}

{_lowest(groups["shares"])}

## Differences and ratios

Two sources of 20, 60 or 400 stories each, of which none, a third or 95 % are the same, word for word; the term in 2, 10 or
50 %; the second keeps it in all or in half:

{_lowest_pairs(groups["sources"])}

A source of 5, 20 or 60 stories and the rest, nine times as many, which print the shared ones three times on average:

{_lowest_pairs(groups["rest"])}

One period and another with three times as many stories, a tenth of the first one's running on in the second; the rate stays,
falls to a half or to a fifth:

{_lowest_pairs(groups["periods"])}

An outlet that prints what another does, and cuts the term from a tenth, four tenths or eight tenths of the stories:

{_lowest_pairs(groups["edited"])}

Shares of articles with the term, of two sources that share none, a third, 95 % or all; the second keeps it in all, nine
tenths or half. With the correlation through shared stories as it is estimated, and not reduced for few of them, coverage
falls to {min(plain):.3f} in these settings and those above:

{_lowest_pairs(groups["share pairs"])}

## Ten sources at once

Equal rates, no or a third of the stories the same in all; each source, and its difference from the nine others. Intervals of
1 - .05 / 10 (Bonferroni) should all hold in 95 %; "no false finding" is how often no p-value after Holm's correction is
below .05; beside it intervals of 95 % each, and Wilson's on words with 1 - .05 / 10.

{_families(families)}
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
