"""Ask how often the methods over time are wrong where the truth is known: ``python tests/benchmarks/over_time.py``.

Four questions, each with worlds in which the answer is known:

- band: does the band of `tk.trend` hold the true rate? Stories of unequal length with bundled hits, a part of them printed by two or
  four outlets, in 60 weeks whose rate is constant, rises, swings or jumps and decays.
- changes: how often does `tk.change_points` find a change where there is none, and how often does it find one of known size?
- events: how often does `tk.event_effects` reject, at 5 %, at an event that did nothing?
- lags: how often does `tk.lead_lag` give a p below .05 for two sources that know nothing of each other, and how often does it find who leads?

The noise of the last three is a first-order autoregression in the logarithm of the rate, with counts drawn on top of it.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.measures.series.breaks import best_partitions, bic, memory, stabilise, without_memory
from toolkit.measures.series.interruptions import interruption
from toolkit.measures.series.leads import lagged, prewhiten
from toolkit.trends.trend import trend

PAGE = Path(__file__).with_suffix(".md")
Floats = NDArray[np.float64]

WEEKS = np.arange(60)
RATES = {
    "constant": np.full(60, 300.0),
    "rising": 50.0 + 10.0 * WEEKS,
    "swinging": 300.0 + 200.0 * np.sin(WEEKS / 60 * 4 * np.pi),
    "jumping": 60.0 + np.where(WEEKS >= 25, 1500.0 * np.exp(-(WEEKS - 25) / 6), 0.0),
}


def stories(rate: Floats, per_week: int, rng: np.random.Generator) -> pd.DataFrame:
    """Draw a corpus of counts whose hits per million words follow `rate`, week by week."""
    week = np.repeat(np.arange(len(rate)), rng.poisson(per_week, len(rate)))
    n_words = rng.lognormal(np.log(600), 0.4, len(week)).astype(int)
    carries = 0.3  # of the stories could carry the term; these have all of its hits
    hits = rng.poisson(rate[week] * 1e-6 * n_words / carries) * (rng.random(len(week)) < carries)
    copies = rng.choice([1, 1, 1, 2, 4], len(week))
    story = np.repeat(np.arange(len(week)), copies)
    return pd.DataFrame(
        {
            "doc_id": [f"d{i}" for i in range(len(story))],
            "story_id": [f"s{i}" for i in story],
            "date": pd.Timestamp("2017-01-02")
            + pd.to_timedelta(week[story] * 7 + rng.integers(0, 7, len(week))[story], "D"),
            "n_words": n_words[story],
            "n_term": hits[story],
        }
    )


def band_holds(rate: Floats, per_week: int, runs: int, rng: np.random.Generator) -> tuple[Floats, float]:
    """Return how often the band held the rate in each week, and the median bandwidth."""
    inside, drawn, width = np.zeros(len(rate)), np.zeros(len(rate)), []
    for _ in range(runs):
        table = trend(stories(rate, per_week, rng), ["term"])
        week = ((table["period"] - pd.Timestamp("2017-01-02")).dt.days // 7).to_numpy()  # one can be without a story
        inside[week] += (table["smooth_low"].to_numpy() <= rate[week]) & (rate[week] <= table["smooth_high"].to_numpy())
        drawn[week] += table["smooth"].notna().to_numpy()
        width.append(float(table["bandwidth"].iloc[0]))
    return inside / drawn, float(np.median(width))


def noisy_counts(
    n: int, rho: float, level: Floats, rng: np.random.Generator, spread: float = 0.5
) -> tuple[Floats, Floats]:
    """Draw hits and words of n periods whose rate, a multiple of `level`, wanders with that autocorrelation."""
    noise = np.zeros(n + 50)
    for t in range(1, n + 50):
        noise[t] = rho * noise[t - 1] + rng.normal() * np.sqrt(1 - rho * rho)
    words = rng.lognormal(np.log(20_000), 0.2, n)
    return rng.poisson(50 / 20_000 * words * level * np.exp(spread * noise[50:])).astype(float), words


def changes(x: Floats, n: Floats, *, white: bool = True, corrected: bool = True) -> list[int]:
    """Place changes as `tk.change_points` does by default; or without one of its precautions."""
    y, w = stabilise(x, n)
    size = max(2, int(0.15 * len(y) + 1e-9))
    most = min(5, len(y) // size - 1)

    def placed(values: Floats) -> list[int]:
        found = best_partitions(values[None], w[None], max_breaks=most, min_size=size)
        return found.breaks(0, int(bic(found.cost[0], len(y), corrected=corrected).argmin()))

    first = placed(y)
    return placed(without_memory(y, memory(y, w, first))) if white else first


def rejections(n: int, rho: float, runs: int, rng: np.random.Generator) -> dict[str, Floats]:
    """Return how often each error rejects, at 5 %, that the step and the change of slope are zero."""
    from scipy import stats

    found: dict[str, list[Floats]] = {"ours": [], "newey_west": [], "naive": []}
    for _ in range(runs):
        x, words = noisy_counts(n, rho, np.ones(n), rng)
        fit = interruption(x, words, np.arange(n), n // 2)
        found["ours"].append(fit.p[1:] < 0.05)
        for name in ("newey_west", "naive"):
            t = np.abs(fit.estimate / getattr(fit, name))
            found[name].append(2 * stats.t.sf(t[1:], n - 4) < 0.05)
    return {name: np.mean(part, axis=0) for name, part in found.items()}


def lag_p(
    n: int, rho: float, max_lag: int, runs: int, rng: np.random.Generator, led: bool = False
) -> tuple[Floats, Floats]:
    """Return p and the best lag of pairs of sources; where `led`, the second does a part of what the first did a period before."""
    p, lag = [], []
    for _ in range(runs):
        a, b = noisy_counts(n + 1, rho, np.ones(n + 1), rng), noisy_counts(n, rho, np.ones(n), rng)
        one, other = a[0][1:] / a[1][1:], b[0] / b[1]
        if led:
            other = 0.5 * other + 0.5 * a[0][:-1] / a[1][:-1]
        new = [prewhiten(np.sqrt(part))[0] for part in (one, other)]
        found = lagged(*new, max_lag, permutations=199, rng=rng)
        p.append(found.p)
        lag.append(int(np.abs(found.correlation).argmax()) - max_lag)
    return np.array(p), np.array(lag)


def _row(*cells: object) -> str:
    return "| " + " | ".join(f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in cells) + " |"


def _bands(runs: int, rng: np.random.Generator) -> Iterator[str]:
    yield "| rate | stories a week | weeks that the band holds | worst week | bandwidth |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for name, rate in RATES.items():
        for per_week in (4, 40, 200):
            held, width = band_holds(rate, per_week, runs, rng)
            yield _row(name, per_week, float(held.mean()), float(held.min()), f"{width:.1f}")


def _changes(runs: int, rng: np.random.Generator) -> Iterator[str]:
    yield "| periods | autocorrelation | no change: found | not prewhitened | nor corrected | rate doubles: found | within 2 periods | fivefold: found |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for n in (17, 30, 60, 120):
        for rho in (0.0, 0.3, 0.6):
            flat = [noisy_counts(n, rho, np.ones(n), rng) for _ in range(runs)]
            false = [
                np.mean([bool(changes(x, words, white=white, corrected=corrected)) for x, words in flat])
                for white, corrected in ((True, True), (False, True), (False, False))
            ]
            step = np.arange(n) >= n // 2
            double = [changes(*noisy_counts(n, rho, np.where(step, 2.0, 1.0), rng)) for _ in range(runs)]
            near = [any(abs(place - n // 2) <= 2 for place in places) for places in double]
            five = [bool(changes(*noisy_counts(n, rho, np.where(step, 5.0, 1.0), rng))) for _ in range(runs)]
            power = (np.mean([bool(places) for places in double]), np.mean(near), np.mean(five))
            yield _row(n, rho, *(float(part) for part in (*false, *power)))


def _events(runs: int, rng: np.random.Generator) -> Iterator[str]:
    yield "| periods | autocorrelation | step | slope | Newey-West: step | slope | naive: step | slope |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for n in (16, 24, 60, 120):
        for rho in (0.0, 0.3, 0.5, 0.7):
            found = rejections(n, rho, runs, rng)
            yield _row(n, rho, *(float(part) for name in ("ours", "newey_west", "naive") for part in found[name]))


def _lags(runs: int, rng: np.random.Generator) -> Iterator[str]:
    yield "| periods | autocorrelation | independent: p to .05 | p to .1 | p to .5 | led by one: p to .05 | best lag is 1 |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for n, reach in ((21, 4), (60, 4), (120, 7)):
        for rho in (0.0, 0.5, 0.8):
            p, _ = lag_p(n, rho, reach, runs, rng)
            led, lag = lag_p(n, rho, reach, runs, rng, led=True)
            yield _row(
                n,
                rho,
                *(float(np.mean(p <= at)) for at in (0.05, 0.1, 0.5)),
                float(np.mean(led <= 0.05)),
                float(np.mean(lag == 1)),
            )


PARTS: dict[str, tuple[str, str, Callable[[int, np.random.Generator], Iterator[str]], float]] = {
    "bands": (
        "The band of `tk.trend`",
        "60 weeks, default bandwidth; nominal coverage .95, week by week. After a jump the true rate leaves the band, since a line cannot jump: "
        "the worst weeks are those beside it.",
        _bands,
        0.25,
    ),
    "changes": (
        "False and found changes",
        "Half of the periods before the change, half after it; the rate wanders with a standard deviation of .5 in its logarithm.",
        _changes,
        1.0,
    ),
    "events": (
        "Rejections of a true null hypothesis at an event",
        "Nominal .05. A half of the periods before, a half after.",
        _events,
        1.0,
    ),
    "lags": (
        "p of pairs of sources",
        "199 permutations. Where one leads, half of what the other does is what the first did one period before.",
        _lags,
        1.0,
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=1000)
    runs = parser.parse_args().runs
    warnings.simplefilter("ignore")
    page = [
        "# How often the methods over time are wrong",
        "",
        f"Made by `python tests/benchmarks/over_time.py` ({runs:,} runs a row; bands {runs // 4:,}); that file says what is drawn.",
    ]
    for number, (title, text, rows, share) in enumerate(PARTS.values()):
        page += ["", f"## {title}", "", text, ""]
        for line in rows(max(1, int(runs * share)), np.random.default_rng(number)):
            print(line, flush=True)
            page.append(line)
    PAGE.write_text("\n".join(page) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
