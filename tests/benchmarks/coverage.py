"""Simulate how often the intervals hold the truth, beside the intervals that others would put on the same counts.

    python tests/benchmarks/coverage.py [--runs 5000]

writes coverage.md beside this file. A setting is a world whose rate or share is known exactly; a run draws stories from it.
Coverage is the part of the runs whose interval holds the truth. The settings with the lowest coverage are run again with
other and more draws, because the lowest of many simulated figures is too low by chance.
"""

from __future__ import annotations

import argparse
import itertools
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from toolkit.measures.intervals import StorySums, ratio_interval, wilson

Floats = NDArray[np.float64]

HERE = Path(__file__).resolve().parent
CHUNK = 2_000_000  # stories drawn at a time
RESAMPLES, BOOTSTRAP_RUNS = 999, 1000
MU, SIGMA = 6.0, 0.6  # of the logarithm of an article's words: half of the articles have fewer than 403
SCOPES = ("plain", "harder", "beyond")


@dataclass(frozen=True)
class Rates:
    """A world of stories with words and hits; a share `p` of the stories carries the term.

    `mean` hits a carrying article, all equal or with a Poisson, geometric or Pareto tail; on average `k` outlets print a
    story; `lengths` are all 500 words, or log-normal, and then longer articles carry more often (as the square root).
    """

    stories: int
    p: float
    mean: int
    tail: str
    k: int
    lengths: str = "log-normal"
    outlets: str = "Poisson"

    @property
    def truth(self) -> float:
        """Hits per word. Outlets do not matter: each prints the hits and the words alike."""
        if self.lengths == "equal":
            return self.p * self.mean / 500
        z = np.linspace(-8, 8, 20001)
        weight = np.exp(-z * z / 2)
        return float(self.mean * np.average(self._carry(np.exp(MU + SIGMA * z)), weights=weight)) / np.exp(
            MU + SIGMA**2 / 2
        )

    def _carry(self, words: Floats) -> Floats:
        return np.minimum(self.p * np.sqrt(words) / np.exp(MU / 2 + SIGMA**2 / 8), 1.0)

    def draw(self, rng: np.random.Generator, runs: int) -> tuple[Floats, Floats]:
        """Return the hits and the words of each story, (runs, stories)."""
        size = (runs, self.stories)
        words = np.full(size, 500.0) if self.lengths == "equal" else rng.lognormal(MU, SIGMA, size)
        chance = self.p if self.lengths == "equal" else self._carry(words)
        hits = (rng.random(size) < chance).astype(float)
        carrying = hits > 0
        hits[carrying] = _tailed(rng, self.tail, self.mean, int(carrying.sum()))
        outlets = _tailed(rng, self.outlets, self.k, size)
        return hits * outlets, np.maximum(np.round(words), 1) * outlets


@dataclass(frozen=True)
class Shares:
    """A world of stories with a denominator each (articles, hits of all rivals) of which a share `p` counts.

    `kind`: "articles", each its own story; "copies", stories of about 4 articles that all have the term or all lack it;
    "copied more", where those with the term are printed by 6 outlets and the others by 2; or "rivals", stories with 3
    mentions on average whose shares vary with the intra-story correlation `rho`.
    """

    stories: int
    p: float
    kind: str
    rho: float = 1.0

    @property
    def truth(self) -> float:
        return 6 * self.p / (6 * self.p + 2 * (1 - self.p)) if self.kind == "copied more" else self.p

    def draw(self, rng: np.random.Generator, runs: int) -> tuple[Floats, Floats]:
        """Return what counts and all that there is of each story, (runs, stories)."""
        size = (runs, self.stories)
        if self.kind == "rivals":
            n = 1 + rng.poisson(2, size)
            chance: float | Floats = self.p
            if 0 < self.rho < 1:
                total = 1 / self.rho - 1
                chance = rng.beta(self.p * total, (1 - self.p) * total, size)
            elif self.rho == 1:
                chance = (rng.random(size) < self.p).astype(float)
            return rng.binomial(n, chance).astype(float), n.astype(float)
        has = rng.random(size) < self.p
        if self.kind == "articles":
            articles = np.ones(size)
        elif self.kind == "copies":
            articles = 1.0 + rng.poisson(3, size)
        else:
            articles = 1.0 + rng.poisson(np.where(has, 5, 1))
        return has * articles, articles


World = Rates | Shares


def _tailed(rng: np.random.Generator, tail: str, mean: float, size: int | tuple[int, int]) -> Floats:
    """Draw whole numbers of at least 1 with this mean."""
    if mean == 1:
        return np.ones(size)
    if tail == "equal":
        return np.full(size, float(mean))
    if tail == "geometric":
        return rng.geometric(1 / mean, size).astype(float)
    return 1.0 + rng.poisson(mean - 1, size)
