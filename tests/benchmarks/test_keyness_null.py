"""Keyness finds nothing where nothing differs; the whole study is keyness_null.py."""

import importlib.util
import re
import sys
from pathlib import Path

import pytest

import toolkit as tk

HERE = Path(__file__).resolve().parent
spec = importlib.util.spec_from_file_location("keyness_null", HERE / "keyness_null.py")
study = sys.modules["keyness_null"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(study)

CORPORA = 60


@pytest.fixture(scope="module", params=[study.World(0, 0.1, "outlets"), study.World(3, 0.5, "periods")], ids=str)
def words(request):
    """Keyness of the words of sixty corpora in which the sides do not differ."""
    return study.simulate(request.param, CORPORA, seed=100)


def test_permutation_p_is_uniform(words):
    """One word from each corpus: a KS test sees no difference from the uniform distribution, and of all words 5 % are below .05."""
    assert study.uniformity(study.one_a_corpus(words)["p_permutation"])[1] > 0.01
    # words of one corpus share their labels, so the share varies more than that of so many independent words
    assert 0.03 < study.found(words)["permutation"] < 0.07


def test_p_of_g2_is_not(words):
    """The same words by G2: more than a quarter are below .05, and the KS test says so."""
    assert study.found(words)["G2"] > 0.25
    assert study.uniformity(study.one_a_corpus(words)["p"])[1] < 0.001


def test_the_interval_holds_no_difference(words):
    """The 95 % interval of the log ratio leaves out 0 in no more than 5 % of the words."""
    assert study.found(words)["interval"] < 0.05


def test_the_claim_in_the_documentation_is_what_the_study_found():
    """keyness_null.md has the shares for G2 that the docstring of keyness names, and 5 % for the permutation test, uniformly."""
    page = (HERE / "keyness_null.md").read_text(encoding="utf-8")
    found = re.search(
        r"between (\d+) and (\d+) % of the words different at p < .05; the permutation test over stories ([\d.]+) to ([\d.]+) %. "
        r"The smallest of its\s+\d+ p-values of the KS test against uniformity is ([\d.]+)\.",
        page,
    )
    claimed = re.search(r"with `p` below .05 in (\d+) to (\d+) % of the words", " ".join(tk.keyness.__doc__.split()))
    assert found and claimed, "a sentence that states the figures is gone"
    assert found.groups()[:2] == claimed.groups()
    assert 4.5 <= float(found[3]) <= float(found[4]) <= 5.5
    assert float(found[5]) > 0.01
