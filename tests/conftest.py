"""Set what every test runs under: no window, property tests that find the same examples, and contexts whose topics a reader can see."""

from __future__ import annotations

import os
import random
import subprocess
import sys

os.environ["MPLBACKEND"] = "Agg"  # before anything imports matplotlib

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, settings

import toolkit as tk
from toolkit.measures.coherence import cooccurrence, counted_npmi
from toolkit.measures.contrasts import SharedSums

# No deadline: the first call of a function also pays for what it imports.
settings.register_profile(
    "here",
    deadline=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile("ci", settings.get_profile("here"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

THEMES = {
    "weather": "rain wind storm coast flood snow forecast cloud thunder temperature",
    "court": "judge court ban ruling appeal lawsuit attorney verdict hearing constitution",
    "oil": "oil gas price barrel market export pipeline energy producer drilling",
}
EVERYWHERE = "people country week report city plan group".split()


def sentences(theme: str, n: int, seed: int = 0) -> list[str]:
    """Return `n` sentences of eight of a theme's words and two that all themes share."""
    draw = random.Random(f"{theme} {seed}")
    words = THEMES[theme].split()
    return ["The " + " ".join(draw.sample(words, 8) + draw.sample(EVERYWHERE, 2)) + "." for _ in range(n)]


@pytest.fixture
def own_store(monkeypatch, tmp_path):
    """Keep vectors of models in the test's own folder."""
    monkeypatch.setenv("FRAMING_DATA", str(tmp_path / "data"))


@pytest.fixture
def make_contexts():
    """Return a function that makes contexts of texts, with whatever columns it is given."""

    def make(texts, **columns):
        n = len(texts)
        named = {
            "context_id": [f"c{i}" for i in range(n)],
            "doc_id": [f"d{i}" for i in range(n)],
            "source": ["Post", "Wire"] * (n // 2) + ["Post"] * (n % 2),
        }
        return pd.DataFrame({**named, "text": pd.Series(texts, dtype="str"), **columns})

    return make


@pytest.fixture
def three_themes(make_contexts):
    """20 contexts about weather, 16 about a court, 12 about oil."""
    texts = sentences("weather", 20) + sentences("court", 16) + sentences("oil", 12)
    return make_contexts(texts)


@pytest.fixture(scope="session")
def fit_once():
    """Return a function that fits each kind of thing once in a test run."""
    known = {}

    def fit(name, contexts, **settings):
        key = (name, *sorted(settings.items()))
        if key not in known:
            known[key] = tk.fit_topics(contexts, **settings)
        return known[key]

    return fit


@pytest.fixture(scope="session")
def run_python():
    """Return a function that runs code in a new process and gives back its last line."""

    def run(code: str, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip().splitlines()[-1]

    return run


def shared_sums(x1, n1, x2, n2, pair=None, n_pairs=None):
    """Sum the stories that lie in both arms, by pair of arms: hits and denominator of each story in the one and in the other."""
    a, n, b, m = (np.asarray(part, dtype=float) for part in (x1, n1, x2, n2))
    where = np.zeros(len(a), dtype=np.int64) if pair is None else np.asarray(pair, dtype=np.int64)
    length = n_pairs if n_pairs is not None else int(where.max(initial=0)) + 1
    products = None, a * b, a * m, n * b, n * m
    return SharedSums(*(np.bincount(where, weights=part, minlength=length).astype(float) for part in products))


def topic_npmi(topics, documents, *, window=None, epsilon=0.0):
    """Return the mean NPMI over all pairs of each topic's words, from the documents themselves."""
    words = list(dict.fromkeys(word for topic in topics for word in topic))
    counts, n = cooccurrence(documents, words, window=window)
    return counted_npmi([[words.index(word) for word in topic] for topic in topics], counts, n, epsilon=epsilon)
