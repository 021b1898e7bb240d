"""Compare ways to fit topics on real contexts, each in a fresh process, and say what the default costs and gains.

    python tests/benchmarks/topics_default.py            prints the tables
    python tests/benchmarks/topics_default.py --write    also writes topics_default.md

It needs the corpus news-2017 and takes about twenty minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve()
# numba looks for the package coverage, and must not find the script of that name beside this one
sys.path[:] = [folder for folder in sys.path if Path(folder or ".").resolve() != HERE.parent]
TERMS = {
    "immigration": ["travel ban*", "Muslim ban*", "immigra*", "refugee*", "migrant*"],
    "Russia": ["Russia*"],
}
SEEDS = range(5)
REFERENCE_WINDOW = 20  # words, in all articles
VARIANTS: dict[str, tuple[str, dict[str, Any]]] = {
    "bertopic": ("UMAP as BERTopic sets it + HDBSCAN", {"reduction": "plain umap", "clustering": "hdbscan"}),
    "sklearn-hdbscan": ("UMAP + HDBSCAN of scikit-learn", {"reduction": "umap", "clustering": "sklearn hdbscan"}),
    "umap-hdbscan": ("UMAP + HDBSCAN", {"reduction": "umap", "clustering": "hdbscan"}),
    "umap-kmeans": ("UMAP + k-means", {"reduction": "umap", "clustering": "kmeans"}),
    "pca-hdbscan": ("PCA + HDBSCAN", {"reduction": "pca", "clustering": "hdbscan"}),
    "pca-kmeans": ("PCA + k-means", {"reduction": "pca", "clustering": "kmeans"}),
    "none-kmeans": ("no reduction + k-means", {"reduction": "none", "clustering": "kmeans"}),
    "spectral-hdbscan": ("spectral + HDBSCAN", {"reduction": "spectral", "clustering": "hdbscan"}),
    "spectral-kmeans": ("**spectral + k-means**", {"reduction": "spectral", "clustering": "kmeans"}),
    "tfidf-pca-kmeans": (
        "TF-IDF: PCA + k-means",
        {"embedder": "tfidf-svd", "reduction": "pca", "clustering": "kmeans"},
    ),
    "tfidf-spectral-kmeans": (
        "TF-IDF: spectral + k-means",
        {"embedder": "tfidf-svd", "reduction": "spectral", "clustering": "kmeans"},
    ),
}
MACHINES = {
    "as it is": {},
    "two threads": {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"},
    "OpenBLAS for Haswell": {"OPENBLAS_CORETYPE": "Haswell"},
    "OpenBLAS for Nehalem": {"OPENBLAS_CORETYPE": "Nehalem"},
    "OpenBLAS for Prescott, numpy without AVX": {
        "OPENBLAS_CORETYPE": "Prescott",
        "NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX2 FMA3",
    },
}


def main() -> None:
    """Run everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write topics_default.md")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--terms", help=argparse.SUPPRESS)
    parser.add_argument("--seeds", type=int, default=len(SEEDS), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(one(given.one, given.terms, given.seeds)))
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TOPICS_DEFAULT_FOLDER"] = folder
        sizes = prepare(Path(folder))
        waiting, waits = first_use()
        judged, scores = quality(sizes)
        parts = [introduction(sizes), conclusion(waits, scores), waiting, judged, machines()]
    text = "\n\n".join(parts) + "\n"
    print(text)
    if given.write:
        HERE.with_suffix(".md").write_text(text, encoding="utf-8")


def prepare(folder: Path) -> dict[str, int]:
    """Make the contexts and the reference once."""
    import toolkit as tk
    from toolkit.models.vocabulary import TopicWords, english_stop_words

    articles = tk.load("news-2017")
    tokens = tk.tokenize(articles)
    sizes = {}
    for name, patterns in TERMS.items():
        contexts = tk.contexts(tokens, {name: patterns})
        contexts.to_pickle(folder / f"{name}.pkl")
        sizes[name] = len(contexts)
    analyzer = TopicWords(english_stop_words())
    texts = articles["text"].dropna().drop_duplicates().tolist()
    (folder / "reference.json").write_text(json.dumps([analyzer(text) for text in texts]), encoding="utf-8")
    return sizes


def fresh(variant: str, terms: str, seeds: int, **environment: str) -> dict[str, Any]:
    """Run one variant in a new process."""
    command = [sys.executable, "-P", str(HERE), "--one", variant, "--terms", terms, "--seeds", str(seeds)]
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        command, env={**os.environ, **threads, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{variant} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def one(variant: str, terms: str, seeds: int) -> dict[str, Any]:
    """Fit one variant over several seeds, with the time of loading, of the first fit and of the second."""
    import pandas as pd

    import toolkit as tk

    folder = Path(os.environ["TOPICS_DEFAULT_FOLDER"])
    contexts = pd.read_pickle(folder / f"{terms}.pkl")
    begun = time.process_time()
    import toolkit.topics.bridge  # BERTopic and what it loads

    times = {"load": time.process_time() - begun}
    fits = []
    for number, seed in enumerate([0, *range(seeds)]):
        begun = time.process_time()
        settings = VARIANTS[variant][1].copy()
        if settings["reduction"] == "plain umap":
            import umap

            settings["reduction"] = umap.UMAP(
                n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed, n_jobs=1
            )
        if settings["clustering"] == "sklearn hdbscan":
            from sklearn.cluster import HDBSCAN

            settings["clustering"] = HDBSCAN(min_cluster_size=10, copy=True)
        fits.append(tk.fit_topics(contexts, seed=seed, runs=0, **settings))
        times.setdefault(f"fit {number + 1}", time.process_time() - begun)
    fits = fits[1:]
    labels = [fit.assignments["topic"].to_numpy() for fit in fits]
    result: dict[str, Any] = {"times": times, "labels": labels[0].tolist()}
    result["table"] = fits[0].words.to_csv(index=False) + fits[0].topics.to_csv(index=False)
    if seeds > 1:
        result.update(judge(fits, labels, json.loads((folder / "reference.json").read_text(encoding="utf-8"))))
    return result


def coherences(topics: list[list[str]], documents: list[list[str]]) -> Any:
    """Return the mean NPMI over the pairs of words of each topic, in windows of the documents."""
    from toolkit.measures.coherence import cooccurrence, counted_npmi

    words = list(dict.fromkeys(word for topic in topics for word in topic))
    place = {word: at for at, word in enumerate(words)}
    counts, n = cooccurrence(documents, words, window=REFERENCE_WINDOW)
    return counted_npmi([[place[word] for word in topic] for topic in topics], counts, n)


def judge(fits: list[Any], labels: list[Any], reference: list[list[str]]) -> dict[str, float]:
    """Average over seeds: topics, outliers, coherence inside and outside, diversity, the largest topic, agreement."""
    from sklearn.metrics import adjusted_rand_score

    from toolkit.measures.coherence import diversity

    real = [fit.topics[fit.topics["topic"] >= 0] for fit in fits]
    words = [[line.split(", ") for line in table["words"]] for table in real]
    outside = coherences([topic for each in words for topic in each], reference)
    parts = np.split(outside, np.cumsum([len(each) for each in words])[:-1])
    inside = [table["npmi"].mean() for table in real]
    return {
        "topics": float(np.mean([len(table) for table in real])),
        "outliers": float(np.mean([(each == -1).mean() for each in labels])),
        "largest": float(np.mean([table["share"].max() for table in real])),
        "npmi": float(np.mean(inside)),
        "npmi_sd": float(np.std(inside, ddof=1)),
        "weighted": float(np.mean([np.average(table["npmi"], weights=table["n"]) for table in real])),
        "outside": float(np.mean([np.nanmean(part) for part in parts])),
        "diversity": float(np.mean([diversity(each) for each in words])),
        "agreement": float(np.mean([adjusted_rand_score(a, b) for a, b in combinations(labels, 2)])),
    }


def introduction(sizes: dict[str, int]) -> str:
    """Say what was measured."""
    from toolkit.recipes import version

    versions = ", ".join(f"{p} {version(p)}" for p in ("bertopic", "umap-learn", "hdbscan", "scikit-learn", "numba"))
    described = " and ".join(f"{size:,} around {name}" for name, size in sizes.items())
    return (
        "# Which way to fit topics is the default, and why\n\n"
        f"Contexts of 25 words on each side in news-2017: {described}. Vectors are WordLlama's but for the rows with TF-IDF. "
        "k-means makes as many topics as `fit_topics` makes unasked; HDBSCAN finds its own number, of at least 10 contexts "
        f"each. Two cores, no GPU; {versions}. Seconds are processor time of one run with one thread, so that other work on "
        "the machine does not count; read them as ±20 %. Written by `python tests/benchmarks/topics_default.py --write`."
    )


def conclusion(waits: dict[str, list[float]], scores: dict[str, dict[str, dict[str, float]]]) -> str:
    """Say what the tables come to, with their own numbers."""

    def each(variant: str, what: str, form: str = ".2f") -> str:
        return " and ".join(format(found[variant][what], form) for found in scores.values())

    def span(variants: list[str], what: str, form: str) -> str:
        values = [found[variant][what] for found in scores.values() for variant in variants]
        return f"{format(min(values), form)} to {format(max(values), form)}"

    whole = [v for v in VARIANTS if v.endswith("-kmeans") and not v.startswith(("spectral", "tfidf"))]
    dense = ["bertopic", "sklearn-hdbscan", "umap-hdbscan", "spectral-hdbscan"]
    default, plain, kept = waits["spectral-kmeans"], waits["bertopic"], waits["umap-hdbscan"]
    return f"""## What follows

- The default is **spectral + k-means**: eigenvectors of the graph of nearest neighbours, then k-means. Of the ways that place
  every context its topics hold still best (agreement between seeds {each("spectral-kmeans", "agreement")}; the others
  {span(whole, "agreement", ".2f")}) and are as coherent as any (NPMI {each("spectral-kmeans", "npmi", ".3f")}; the others
  {span(whole, "npmi", ".3f")}).
- HDBSCAN's topics are more coherent (NPMI {span(dense, "npmi", ".3f")}) because it leaves {span(dense, "outliers", ".0%")} of the
  contexts out ({span(["pca-hdbscan"], "outliers", ".0%")} after PCA): it describes the dense part. That is another question, and one
  argument away: `clustering="hdbscan"`.
- The first fit of a process takes {default[3]:.0f} s after BERTopic is loaded. With UMAP as BERTopic sets it, it takes
  {plain[3]:.0f} s, {plain[3] - plain[4]:.0f} of them compiling, in each process anew. `reduction="umap"` takes {kept[3]:.0f} s: it
  hands UMAP exact neighbours, so that its neighbour search is not compiled, and lets numba keep the rest on disk.
- Loading BERTopic takes {default[2]:.0f} s in each process and {default[0]:.0f} s the first time in an environment, when
  pynndescent, which BERTopic imports through umap whether it is used or not, compiles ({waits["pynndescent"][0]:.0f} s for its
  import then, {waits["pynndescent"][1]:.0f} s later). Nothing short of changing BERTopic avoids that, so the toolkit says that it is loading."""


def first_use() -> tuple[str, dict[str, list[float]]]:
    """Measure what the first fit of a process costs, with and without what numba keeps on disk."""
    waits = {}
    for variant in ("bertopic", "umap-hdbscan", "spectral-kmeans"):
        with tempfile.TemporaryDirectory() as cache:
            new = fresh(variant, "immigration", 1, NUMBA_CACHE_DIR=cache)["times"]
            again = fresh(variant, "immigration", 1, NUMBA_CACHE_DIR=cache)["times"]
        waits[variant] = [new["load"], new["fit 1"], again["load"], again["fit 1"], again["fit 2"]]
    rows = [[VARIANTS[variant][0], *(f"{each:.1f}" for each in seconds)] for variant, seconds in waits.items()]
    code = "import time; begun = time.process_time(); import pynndescent; print(time.process_time() - begun)"
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
        runs = [
            subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True) for _ in "12"
        ]
    waits["pynndescent"] = [float(run.stdout) for run in runs]
    head = ["way", "load, new", "first fit, new", "load", "first fit", "second fit"]
    text = (
        "## The wait before the first topics (seconds)\n\n"
        "*New* is the first time in an environment: numba has kept nothing yet. *Load* is the import of BERTopic. Python's "
        "own bytecode was not kept; where it is, loading is faster.\n\n" + table(head, rows)
    )
    return text, waits


def quality(sizes: dict[str, int]) -> tuple[str, dict[str, dict[str, dict[str, float]]]]:
    """Measure each variant on each set of contexts."""
    text = (
        "## Coherence, stability and time\n\n"
        f"Means over seeds {SEEDS[0]} to {SEEDS[-1]}. *NPMI* over the contexts (± between seeds), *weighted* by the size of "
        f"topics, *outside*: over windows of {REFERENCE_WINDOW} words of all articles. *Diversity*: different words among all "
        "topic words. *Agreement*: adjusted Rand index between seeds. *Fit*: seconds of a second fit."
    )
    head = ["way", "topics", "outliers", "largest", "NPMI", "weighted", "outside", "diversity", "agreement", "fit"]
    scores: dict[str, dict[str, dict[str, float]]] = {}
    for terms, size in sizes.items():
        scores[terms] = {variant: fresh(variant, terms, len(SEEDS)) for variant in VARIANTS}
        rows = [
            [
                VARIANTS[variant][0],
                f"{found['topics']:.0f}",
                f"{found['outliers']:.0%}",
                f"{found['largest']:.0%}",
                f"{found['npmi']:.3f} ± {found['npmi_sd']:.3f}",
                f"{found['weighted']:.3f}",
                f"{found['outside']:.3f}",
                f"{found['diversity']:.2f}",
                f"{found['agreement']:.2f}",
                f"{found['times']['fit 2']:.1f}",
            ]
            for variant, found in scores[terms].items()
        ]
        text += f"\n\n### {terms} ({size:,} contexts)\n\n" + table(head, rows)
    return text, scores


def machines() -> str:
    """Compare the labels that other processors and thread numbers would give."""
    from sklearn.metrics import adjusted_rand_score

    rows = []
    for variant in ("bertopic", "pca-kmeans", "spectral-kmeans"):
        base: dict[str, Any] = {}
        for name, environment in MACHINES.items():
            found = fresh(variant, "immigration", 1, **environment)
            base = base or found
            same = float(np.mean(np.array(found["labels"]) == np.array(base["labels"])))
            index = adjusted_rand_score(found["labels"], base["labels"])
            tables = "yes" if found["table"] == base["table"] else "no"
            rows.append([VARIANTS[variant][0], name, f"{same:.4f}", f"{index:.4f}", tables])
    head = ["way", "processor", "same topic", "adjusted Rand", "tables equal to the last digit"]
    return (
        "## Other processors\n\nThe same fit with the arithmetic of other processors and with two threads, compared with the "
        "fit of this one. numba compiled for this processor in all of them.\n\n" + table(head, rows)
    )


def table(head: list[str], rows: list[list[str]]) -> str:
    """Write a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    main()
