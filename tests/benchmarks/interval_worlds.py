"""Draw stories from worlds whose rates, shares, differences and ratios are known exactly, for interval_coverage.py."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

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

    def articles(self, rng: np.random.Generator, size: tuple[int, int]) -> tuple[Floats, Floats]:
        """Return hits and words of one article of each story."""
        words = np.full(size, 500.0) if self.lengths == "equal" else rng.lognormal(MU, SIGMA, size)
        chance = self.p if self.lengths == "equal" else self._chance(words)
        hits = (rng.random(size) < chance).astype(float)
        hits[hits > 0] = _at_least_one(rng, self.tail, self.mean, int(hits.sum()))
        return hits, np.maximum(np.round(words), 1.0)

    def draw(self, rng: np.random.Generator, runs: int) -> tuple[Floats, Floats]:
        """Return hits and words of each story, (runs, stories)."""
        hits, words = self.articles(rng, (runs, self.stories))
        outlets = _at_least_one(rng, self.outlets, self.k, hits.shape)
        return hits * outlets, words * outlets

    def __str__(self) -> str:
        outlets = "1 outlet" if self.k == 1 else f"{self.k} outlets ({self.outlets})"
        return f"{counted(self.stories)}, p {self.p:g}, {_hits(self.mean, self.tail)}, {outlets}"


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
        return f"{counted(self.stories)}, p {self.p:g}, {kinds[self.kind]}"


@dataclass(frozen=True)
class Pairs:
    """A world of two arms that share stories: two sources, a source and the rest, or two periods.

    The first arm prints `stories`, the second `times` as many; the part `shared` of the first arm's is in the second arm,
    too, word for word, in `copies` articles on average. In the second arm a story keeps the term with chance `change`,
    which is the ratio of its rate to that of the first.
    """

    stories: int
    p: float
    mean: int
    tail: str
    shared: float
    change: float = 1.0
    times: int = 1
    copies: int = 1
    whole: bool = False

    @property
    def _one(self) -> Rates:
        return Rates(self.stories, self.p, self.mean, self.tail, 1)

    @property
    def both(self) -> int:
        """How many stories lie in both arms; they come first in each."""
        return round(self.shared * self.stories)

    @property
    def truths(self) -> tuple[float, float]:
        first = self.p if self.whole else self._one.truth
        return first, first * self.change

    def draw(self, rng: np.random.Generator, runs: int) -> tuple[Floats, Floats, Floats, Floats]:
        """Return hits (or articles with the term) and words (or articles) of the stories of the first arm and of the second."""
        x1, n1 = self._articles(rng, (runs, self.stories))
        x2, n2 = self._articles(rng, (runs, self.stories * self.times - self.both))
        x2 = np.concatenate([x1[:, : self.both], x2], axis=1)
        n2 = np.concatenate([n1[:, : self.both], n2], axis=1)
        if self.change < 1:
            x2 = x2 * (rng.random(x2.shape) < self.change)
        copies = _at_least_one(rng, "Poisson", self.copies, x2.shape)
        return x1, n1, x2 * copies, n2 * copies

    def _articles(self, rng: np.random.Generator, size: tuple[int, int]) -> tuple[Floats, Floats]:
        if self.whole:
            return (rng.random(size) < self.p).astype(float), np.ones(size)
        return self._one.articles(rng, size)

    def __str__(self) -> str:
        what = "articles" if self.whole else _hits(self.mean, self.tail)
        copies = "" if self.copies == 1 else f", {self.copies} copies"
        return (
            f"{self.stories} and {self.stories * self.times} stories, {self.both} in both{copies}, p {self.p:g}, "
            f"ratio {self.change:g}, {what}"
        )


@dataclass(frozen=True)
class Families:
    """A world of ten sources with equal rates; the part `shared` of each one's stories is the same in all, word for word."""

    stories: int
    p: float
    mean: int
    tail: str
    shared: float
    sources = 10
    whole = False

    @property
    def _one(self) -> Rates:
        return Rates(self.stories, self.p, self.mean, self.tail, 1)

    @property
    def both(self) -> int:
        return round(self.shared * self.stories)

    @property
    def truth(self) -> float:
        return self._one.truth

    def draw(self, rng: np.random.Generator, runs: int) -> tuple[Floats, Floats]:
        """Return hits and words of each story, (runs, sources, stories); the shared ones come first."""
        x, n = self._one.articles(rng, (runs * self.sources, self.stories))
        shape = (runs, self.sources, self.stories)
        x, n = x.reshape(shape), n.reshape(shape)
        for part in (x, n):
            part[:, :, : self.both] = part[:, :1, : self.both]
        return x, n

    def __str__(self) -> str:
        return f"10 sources of {self.stories} stories, {self.both} in all, p {self.p:g}, {_hits(self.mean, self.tail)}"


def counted(stories: int) -> str:
    return "1 story" if stories == 1 else f"{stories} stories"


def _hits(mean: int, tail: str) -> str:
    return "1 hit" if mean == 1 else f"{mean} hits ({tail})"


def _at_least_one(rng: np.random.Generator, tail: str, mean: float, size: int | tuple[int, ...]) -> Floats:
    if mean == 1 or tail == "equal":
        return np.full(size, float(mean))
    return rng.geometric(1 / mean, size).astype(float) if tail == "geometric" else 1.0 + rng.poisson(mean - 1, size)


PLAIN = [  # 400 articles each: with 4 outlets these are 100 stories
    Rates(400 // k, 0.05, mean, "Poisson", k, lengths="equal") for mean, k in ((1, 1), (3, 1), (5, 1), (3, 4), (5, 4))
]
PLAIN_STORIES = [Rates(400, 0.05, mean, "Poisson", 4, lengths="equal") for mean in (3, 5)]
HARDER = [
    Rates(stories, p, mean, tail, k)
    for stories, p, (mean, tail), k in product((60, 400), (0.02, 0.05, 0.2), HITS, (1, 4))
]
FEW = [
    Rates(stories, p, mean, tail, k)
    for stories, p, (mean, tail), k in product((1, 2, 5, 12), (0.02, 0.05, 0.2), HITS, (1, 4))
]
TINY = [
    Rates(stories, p, mean, tail, 1)
    for stories, p, (mean, tail) in product((3, 5, 10, 20), (0.02, 0.05, 0.2, 0.5, 1.0), HITS)
]
COMMON = [
    Rates(stories, p, mean, tail, k)
    for stories, p, (mean, tail), k in product((2, 5, 12, 60, 400), (0.5, 1.0), HITS, (1, 4))
]
HEAVY = [
    Rates(stories, p, 5, "geometric", k, "geometric") for stories, p, k in product((60, 400), (0.05, 0.2), (4, 10))
]
SHARES = [
    Shares(stories, p, kind, rho)
    for stories, p, (kind, rho) in product(
        (1, 2, 3, 5, 8, 15, 30, 100, 400),
        (0.01, 0.02, 0.05, 0.3, 0.5, 0.9),
        (("articles", 1.0), ("copies", 1.0), ("rivals", 0.0), ("rivals", 0.3), ("rivals", 1.0), ("unequal", 1.0)),
    )
]
TAILS = ((3, "Poisson"), (5, "geometric"))
SOURCES = [
    Pairs(stories, p, mean, tail, shared, change)
    for stories, p, (mean, tail), shared, change in product(
        (20, 60, 400), (0.02, 0.1, 0.5), TAILS, (0.0, 1 / 3, 0.95), (1.0, 0.5)
    )
]
REST = [
    Pairs(stories, p, mean, tail, shared, change, times=9, copies=3)
    for stories, p, (mean, tail), shared, change in product(
        (5, 20, 60), (0.02, 0.1, 0.5), TAILS, (0.0, 1 / 3, 0.95), (1.0, 0.5)
    )
]
PERIODS = [
    Pairs(stories, p, mean, tail, 0.1, change, times=3)
    for stories, p, (mean, tail), change in product((5, 20, 60), (0.02, 0.1, 0.5), TAILS, (1.0, 0.5, 0.2))
]
EDITED = [
    Pairs(stories, p, mean, tail, 1.0, change, copies=copies)
    for stories, p, (mean, tail), change, copies in product(
        (5, 20, 120), (0.1, 0.5, 1.0), ((1, "equal"), (5, "geometric")), (0.9, 0.6, 0.2), (1, 3)
    )
]
SHARE_PAIRS = [
    Pairs(stories, p, 1, "equal", shared, change, times, copies, whole=True)
    for stories, p, shared, (change, times, copies) in product(
        (5, 20, 60, 400), (0.02, 0.1, 0.5, 0.9), (0.0, 1 / 3, 0.95, 1.0), ((1.0, 1, 1), (0.9, 1, 1), (0.5, 1, 3))
    )
]
FAMILIES = [
    Families(stories, p, mean, tail, shared)
    for stories, p, (mean, tail), shared in product((20, 60, 400), (0.02, 0.1, 0.5), TAILS, (0.0, 1 / 3))
]
