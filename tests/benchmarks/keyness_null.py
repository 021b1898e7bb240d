"""Simulate keyness where both sides come from one process, and see how often each measure finds a difference.

    python tests/benchmarks/keyness_null.py [--corpora 1000]

writes keyness_null.md beside this file. A setting is a world; each corpus of it is drawn, written as text, tokenised and
asked by `tk.keyness`, so what is tested is what users get. No word differs between the sides, so p should be uniform.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

import toolkit as tk

PAGE = Path(__file__).resolve().with_suffix(".md")
WORDS, STORIES, PERMUTATIONS = 100, 300, 199
CARRIERS = ((1, 2), (3, 5), (6, 11), (12, 29), (30, STORIES))


@dataclass(frozen=True)
class World:
    """Stories of log-normal length. `WORDS` words come in bundles of three on average (geometric), .01 to .5 bundles a story.

    On average 1 + `copies` outlets print a story (Poisson), word for word. A share of `target` of the articles is the target: article by
    article ("outlets"), or whole stories ("periods"). Bundles are as frequent, per word of text, everywhere; the stories of the target can
    be `longer` times as long.
    """

    copies: int
    target: float
    dealt: str
    longer: float = 1

    def draw(self, rng: np.random.Generator) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
        """Return articles, and which of them are the target."""
        in_target = rng.random(STORIES) < self.target
        length = rng.lognormal(5, 0.6, STORIES) * np.where(in_target, self.longer, 1)
        rate = 10 ** rng.uniform(-2, np.log10(0.5), WORDS) / np.exp(5 + 0.6**2 / 2)
        bundles = rng.poisson(rate * length[:, None])
        hits = bundles + rng.negative_binomial(np.maximum(bundles, 1), 1 / 3) * (bundles > 0)
        story = np.repeat(np.arange(STORIES), 1 + rng.poisson(self.copies, STORIES) if self.copies else 1)
        whole = self.dealt == "periods" or not self.copies
        target = in_target[story] if whole else rng.random(len(story)) < self.target
        names = np.array([f"w{number}" for number in range(WORDS)])
        rest = np.maximum(np.round(length), 10).astype(int)
        texts = [" ".join(np.repeat(names, row)) + " the" * n for row, n in zip(hits, rest, strict=True)]
        articles = pd.DataFrame(
            {
                "doc_id": [f"a{number}" for number in range(len(story))],
                "story_id": [f"s{number}" for number in story],
                "text": [texts[s] for s in story],
            }
        )
        return articles, target

    def __str__(self) -> str:
        copies = "one outlet a story" if not self.copies else f"{1 + self.copies} outlets a story"
        sides = "articles" if self.dealt == "outlets" else "stories"
        longer = f", the target's {self.longer:g} times as long" if self.longer > 1 else ""
        return f"{copies}, {100 * self.target:g} % of the {sides}{longer}"


CLAIMED = [
    World(copies, target, dealt)
    for copies, dealt in ((0, "outlets"), (3, "outlets"), (3, "periods"))
    for target in (0.5, 0.1)
]
OUTSIDE = [World(0, target, "outlets", longer) for longer in (1.5, 3) for target in (0.5, 0.1)]


def simulate(world: World, corpora: int, seed: int = 0) -> pd.DataFrame:
    """Return keyness of all words of so many corpora, with the number of the corpus."""
    rng = np.random.default_rng(seed)
    tables = []
    for number in range(corpora):
        articles, target = world.draw(rng)
        table = tk.keyness(tk.tokenize(articles), target, min_n=1, permutations=PERMUTATIONS, seed=number)
        tables.append(table[table["feature"] != "the"].assign(corpus=number))
    return pd.concat(tables, ignore_index=True)


def one_a_corpus(words: pd.DataFrame) -> pd.DataFrame:
    """Return one word of each corpus, since words of one corpus share their labels."""
    return words.groupby("corpus").sample(1, random_state=0)


def found(words: pd.DataFrame) -> dict[str, float]:
    """Return the part of the words in which each measure finds a difference at the level of 5 %."""
    return {
        "G2": float((words["p"] < 0.05).mean()),
        "log-odds": float((words["log_odds_z"].abs() > 1.96).mean()),
        "interval": float(((words["low"] > 0) | (words["high"] < 0)).mean()),
        "permutation": float((words["p_permutation"] <= 0.05).mean()),
    }


def uniformity(p: pd.Series) -> tuple[float, float]:
    """Return the distance of Kolmogorov and Smirnov from the uniform distribution, and its p-value."""
    test = stats.kstest(p, "uniform")
    return float(test.statistic), float(test.pvalue)


def part(share: float) -> str:
    """Write a share as journals do."""
    return f"{share:.3f}".removeprefix("0")


def row(world: World, words: pd.DataFrame) -> str:
    """Lay out one world."""
    shares = found(words)
    one = one_a_corpus(words)
    far, p = uniformity(one["p_permutation"])
    far_g2, p_g2 = uniformity(one["p"])
    small = part(float((words["p_permutation"] <= 0.01).mean()))
    written = " | ".join(part(share) for share in shares.values())
    tiny = "<.001" if p_g2 < 0.001 else part(p_g2)
    return f"| {world} | {written} | {small} | {part(far)} | {part(p)} | {part(far_g2)} | {tiny} |"


def page(tables: dict[World, pd.DataFrame], corpora: int) -> str:
    """Lay out what was found."""
    claimed = {world: tables[world] for world in CLAIMED}
    shares = [found(words) for words in claimed.values()]
    low, high = min(s["G2"] for s in shares), max(s["G2"] for s in shares)
    tested = [uniformity(one_a_corpus(words)["p_permutation"])[1] for words in claimed.values()]
    pooled = pd.concat(claimed.values(), ignore_index=True)
    stories = pooled["n_stories_target"] + pooled["n_stories_reference"]
    head = (
        "| sides | G2 | log-odds | interval | permutation | at 1 % | KS distance | KS p | KS distance, G2 | KS p, G2 |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
    )
    by_stories = "\n".join(
        f"| {least} to {most} | {int(here.sum()):,} | {' | '.join(part(s) for s in found(pooled[here]).values())} |"
        for least, most in CARRIERS
        if (here := (stories >= least) & (stories <= most)).any()
    )
    return f"""# Keyness where nothing differs

**G2 calls between {100 * low:.0f} and {
        100 * high:.0f} % of the words different at p < .05; the permutation test over stories {
        100 * min(s["permutation"] for s in shares):.1f} to {
        100 * max(s["permutation"] for s in shares):.1f} %. The smallest of its
{len(tested)} p-values of the KS test against uniformity is {part(min(tested))}.**

Both sides come from one process: {STORIES} stories a corpus, {WORDS} words that come in bundles, {
        corpora:,} corpora a setting, made by
`python tests/benchmarks/keyness_null.py --corpora {
        corpora
    }`. That file says what a setting is. Every figure is of what `tk.keyness`
returns, {len(pooled):,} null words in all.

"G2", "permutation": part of the words with `p` and `p_permutation` (of {
        PERMUTATIONS
    } permutations) of at most .05; "at 1 %": of at most .01.
"Log-odds": with `log_odds_z` beyond 1.96, under the default prior. "Interval": with 0 outside the 95 % interval of `log_ratio`. Each should be .050 or less.
"KS": the test of Kolmogorov and Smirnov, of one word from each corpus.

{head}{chr(10).join(row(world, words) for world, words in claimed.items())}

By the number of stories that have the word:

| stories | words | G2 | log-odds | interval | permutation |
| ---: | ---: | ---: | ---: | ---: | ---: |
{by_stories}

## Sides of another length

The permutation test takes stories of about the same length as exchangeable. Where the articles of one side are longer, few stories have one of the
same length on the other side, and it holds nearly. Dealt among all stories, as permutation tests commonly are, labels would go to articles of another length.

{head}{chr(10).join(row(world, tables[world]) for world in OUTSIDE)}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Simulate keyness without a difference and write keyness_null.md.")
    parser.add_argument("--corpora", type=int, default=1000)
    corpora = parser.parse_args().corpora
    tables = {}
    for number, world in enumerate([*CLAIMED, *OUTSIDE]):
        begun = time.perf_counter()
        tables[world] = simulate(world, corpora, seed=number)
        print(f"{world}: {time.perf_counter() - begun:.0f} s", flush=True)
    text = page(tables, corpora)
    beside = PAGE.with_suffix(".tmp")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, PAGE)
    print(text)


if __name__ == "__main__":
    main()
