"""The intervals hold the truth as often as their documentation says; the whole study is interval_coverage.py."""

import importlib
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from toolkit.measures.contrasts import contrast, story_correlation
from toolkit.measures.intervals import ratio_interval

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE))  # last, so that it hides no package

study, worlds = (importlib.import_module(name) for name in ("interval_coverage", "interval_worlds"))
Families, Pairs, Rates, Shares = worlds.Families, worlds.Pairs, worlds.Rates, worlds.Shares

PAGE = (HERE / "interval_coverage.md").read_text(encoding="utf-8")
CONVENTIONS = (HERE.parents[1] / "CONVENTIONS.md").read_text(encoding="utf-8")
RUNS = 6000

RATES = [
    *worlds.PLAIN,
    *(Rates(stories, 0.2, 3, "geometric", k) for stories in (2, 60, 400) for k in (1, 4)),
    Rates(400, 0.05, 5, "geometric", 4),
    Rates(12, 0.05, 3, "Poisson", 4),
    Rates(1, 0.2, 1, "equal", 1),
    *(Rates(stories, 0.5, 5, "geometric", 1) for stories in (3, 5, 10, 20)),
    *(Rates(stories, 1.0, 3, "geometric", 4) for stories in (2, 5, 12, 60)),
    *(Rates(400, p, 5, "geometric", 10, "geometric") for p in (0.05, 0.2)),
]
SHARES = [
    *(Shares(stories, 0.05, "copies") for stories in (1, 8, 100)),
    *(
        Shares(stories, p, "rivals", rho)
        for stories, p in ((3, 0.3), (30, 0.9), (100, 0.05))
        for rho in (0.0, 0.3, 1.0)
    ),
    Shares(30, 0.5, "articles"),
    Shares(400, 0.02, "articles"),
    Shares(400, 0.01, "rivals"),
    *(Shares(stories, p, "unequal") for stories, p in ((2, 0.7), (30, 0.05), (100, 0.02))),
]
PAIRS = [
    *(Pairs(400, 0.5, 5, "geometric", shared, change) for shared in (0.0, 1 / 3, 0.95) for change in (1.0, 0.5)),
    Pairs(20, 0.1, 3, "Poisson", 1 / 3),
    Pairs(60, 0.5, 5, "geometric", 1 / 3, 0.5, times=9, copies=3),
    Pairs(5, 0.5, 5, "geometric", 0.1, 0.2, times=3),
    Pairs(120, 1.0, 5, "geometric", 1.0, 0.9),
    Pairs(20, 0.5, 1, "equal", 1.0, 0.9, whole=True),
    Pairs(400, 0.5, 1, "equal", 1 / 3, 1.0, whole=True),
]


@pytest.mark.parametrize("world", [*RATES, *SHARES], ids=str)
def test_nominal_95_percent_holds(world):
    """Coverage is at least .935 in 6,000 runs, whose standard error is .003: a fall to .925 would show, chance does not."""
    coverage = study.simulate(world, RUNS, bootstrap=False).coverage
    assert coverage["story"] >= 0.935
    if not isinstance(world, Shares) or world.kind != "unequal":
        assert coverage["alone"] >= 0.935


@pytest.mark.parametrize("world", PAIRS, ids=str)
def test_differences_and_ratios_hold(world):
    """Of two arms that share none, some or all of their stories, difference and ratio cover at least .935 in 6,000 runs."""
    coverage = study.simulate_pair(world, RUNS, bootstrap=False).coverage
    assert min(coverage["story"], coverage["story ratio"]) >= 0.935


@pytest.mark.parametrize("shared", [0.0, 1 / 3])
def test_ten_sources_hold_at_once(shared):
    """With Bonferroni's intervals all ten hold, and with Holm's p nothing false is found, in at least .93 of 2,000 runs."""
    found = study.simulate_family(Families(60, 0.5, 5, "geometric", shared), 2000)
    assert min(found["rates"], found["differences"], found["Holm"]) >= 0.93
    assert found["single"] < 0.85  # without a correction some interval of ten fails


def test_intervals_whose_unit_is_the_word_do_not_hold():
    """Where hits cluster and copies repeat, Wilson on words covers less than 80 %: what the story as unit is there for."""
    bundled = next(world for world in worlds.PLAIN if (world.mean, world.k) == (5, 4))
    assert study.simulate(bundled, RUNS, bootstrap=False).coverage["unit"] < 0.8


def test_a_correlation_of_few_stories_cannot_be_taken_as_it_is():
    """Where an outlet prints what another does but for a few stories, the plain correlation makes intervals fail."""
    world = Pairs(20, 0.5, 1, "equal", 1.0, 0.9, whole=True)
    assert study.simulate_pair(world, RUNS, bootstrap=False).coverage["plain"] < 0.9


def test_the_truth_of_a_world_is_what_many_stories_come_to():
    """The rates and shares that coverage is measured against are the expectations of what is drawn."""
    rng = np.random.default_rng(0)
    for world in (Rates(400, 0.2, 3, "geometric", 4), Shares(400, 0.3, "unequal")):
        x, n = world.draw(rng, 2500)
        assert x.sum() / n.sum() == pytest.approx(world.truth, rel=0.01)
    for pair in (Pairs(400, 0.2, 3, "geometric", 0.5, 0.5, 2, 3), Pairs(400, 0.3, 1, "equal", 0.5, 0.9, whole=True)):
        x1, n1, x2, n2 = pair.draw(rng, 1500)
        assert [x1.sum() / n1.sum(), x2.sum() / n2.sum()] == pytest.approx(pair.truths, rel=0.02)
        assert x2.shape[1] == pair.times * x1.shape[1]
    family = Families(400, 0.2, 3, "geometric", 0.5)
    x, n = family.draw(rng, 200)
    assert x.sum() / n.sum() == pytest.approx(family.truth, rel=0.03)
    assert (x[:, 0, :200] == x[:, 9, :200]).all() and (x[:, 0, 200:] != x[:, 9, 200:]).any()


# What is said of it


def test_the_claim_in_the_documentation_is_what_the_study_found():
    """interval_coverage.md states lowest figures of at least the 94 % that the docstrings and the conventions name."""
    found = re.search(
        r"lowest coverage found is ([\d.]+) for rates, ([\d.]+) for shares, ([\d.]+) for differences and ([\d.]+) for ratios;"
        r"\s+ten sources at once hold in ([\d.]+) or more",
        PAGE,
    )
    assert found, "the sentence that states the figures is gone"
    for text in (ratio_interval.__doc__, contrast.__doc__, CONVENTIONS):
        claimed = re.search(r"never covered less\s+than (\d+) %", text)
        assert claimed, "the sentence that makes the claim is gone"
        assert min(map(float, found.groups())) >= int(claimed[1]) / 100


def test_the_table_in_the_conventions_is_that_of_the_study():
    """Each row of numbers in the conventions stands in interval_coverage.md, to the digit."""
    section = CONVENTIONS.split("## Which interval")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (?:Rates|Shares|Difference|Ratio).*\|$", section, flags=re.MULTILINE)
    assert len(rows) >= 8
    assert [row for row in rows if row not in PAGE] == []


def test_what_docstrings_quote_of_failures_is_what_the_study_found():
    """The lowest coverage of a cell alone, and of the plain correlation, are those of the page."""
    alone = re.search(r"lowest ([.\d]+) for shares,\s+([.\d]+) for rates", ratio_interval.__doc__)
    rates = re.search(r"\(lowest: [\d.]+; ([\d.]+) with geometric copies", PAGE)
    shares = re.search(r"none was drawn, the lowest is\s+([\d.]+)\.\n", PAGE)
    assert alone and rates and shares
    assert [float(alone[1]), float(alone[2])] == [round(float(shares[1]), 2), round(float(rates[1]), 2)]
    quoted = re.search(r"plain rho nominal 95 % covered ([.\d]+)", story_correlation.__doc__)
    plain = re.search(r"coverage\s+falls to ([\d.]+) in these settings", PAGE)
    assert quoted and plain and float(quoted[1]) == round(float(plain[1]), 2)
