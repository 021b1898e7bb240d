"""Time a fit with its certificate against one run of BERTopic as it comes, on the same vectors, step by step.

    python tests/benchmarks/topics_speed.py                      prints the table
    python tests/benchmarks/topics_speed.py --write              also writes topics_speed.md
    python tests/benchmarks/topics_speed.py --sizes 5000 20000   takes these sizes only

It needs the corpus news-2017. Passages are pieces of 57 words; beyond the 36,000 that the corpus has, they are made from
these with three words in ten replaced by words from anywhere in the corpus. Each way runs in a fresh process with one
thread, after one small fit, so that compiling is not counted. Seconds are processor time: other work does not count.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve()
# numba looks for the package coverage, and must not find the script of that name beside this one
sys.path[:] = [folder for folder in sys.path if Path(folder or ".").resolve() != HERE.parent]
SIZES = (5_000, 20_000, 100_000)
WORDS = 57
RUNS = 5
STEPS = ("embed", "reduce", "cluster", "represent", "repeat")


def main() -> None:
    """Run everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write topics_speed.md")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        way, size = given.one
        print(json.dumps({"ours": ours, "plain": plain, "recall": recall}[way](int(size))))
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TOPICS_SPEED_FOLDER"] = folder
        made = prepare(Path(folder), max(given.sizes))
        rows = []
        for size in given.sizes:
            rows.append({"size": size, **{way: fresh(way, size) for way in ("ours", "plain")}})
            print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
        shares = {size: fresh("recall", size) for size in given.sizes if size > 30_000}
    text = page(made, rows, shares)
    print(text)
    if given.write:
        HERE.with_suffix(".md").write_text(text, encoding="utf-8")


def prepare(folder: Path, most: int) -> int:
    """Make the passages and their vectors; return how many are the corpus's own."""
    import toolkit as tk
    from toolkit.models.choice import as_embedder

    articles = [text.split() for text in tk.load("news-2017")["text"].dropna().drop_duplicates()]
    own = [" ".join(words[at : at + WORDS]) for words in articles for at in range(0, len(words) - 20, WORDS)]
    draw = random.Random(0)
    draw.shuffle(own)
    every = [word for words in articles for word in words]
    texts = list(dict.fromkeys(own))
    n_own = len(texts)
    while len(texts) < most:
        words = draw.choice(own).split()
        texts.append(" ".join(draw.choice(every) if draw.random() < 0.3 else word for word in words))
    texts = texts[:most]
    (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    np.save(folder / "vectors.npy", as_embedder("wordllama").embed(texts))
    return min(n_own, most)


def fresh(way: str, size: int) -> Any:
    """Run one way in a new process."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
    command = [sys.executable, "-P", str(HERE), "--one", way, str(size)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{way} {size} failed:\n{done.stderr}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def read(size: int) -> tuple[list[str], Any]:
    """Return the first passages and their vectors."""
    folder = Path(os.environ["TOPICS_SPEED_FOLDER"])
    texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))[:size]
    return texts, np.load(folder / "vectors.npy")[:size]


class Known:
    """An embedder that knows the vectors already, so that both ways start from the same ones."""

    name, fingerprint = "known", "known-1"

    def __init__(self, texts: list[str], vectors: Any) -> None:
        self.row = {text: at for at, text in enumerate(texts)}
        self.vectors = vectors

    def embed(self, texts: list[str]) -> Any:
        return self.vectors[[self.row[text] for text in texts]]


def ours(size: int) -> dict[str, Any]:
    """Fit with five runs."""
    import pandas as pd

    import toolkit as tk
    from toolkit.models.choice import as_embedder
    from toolkit.topics import fit as fitting

    texts, vectors = read(size)
    fitting.perf_counter = time.process_time
    contexts = pd.DataFrame({"context_id": np.arange(size).astype(str), "text": texts})
    tk.fit_topics(contexts[:500], embedder=Known(texts, vectors), resamples=1)
    began = time.process_time()
    found = tk.fit_topics(contexts, embedder=Known(texts, vectors), resamples=RUNS)
    total = time.process_time() - began
    began = time.process_time()
    as_embedder("wordllama").embed(texts)
    seconds = {**found.fit.seconds, "embed": time.process_time() - began}
    real = found.topics[found.topics["topic"] >= 0]
    return {
        "seconds": seconds,
        "total": total,
        "topics": len(real),
        "npmi": float(real["npmi"].mean()),
        "stable": int(real["stable"].sum()),
        "outliers": float((found.assignments["topic"] == -1).mean()),
    }


def plain(size: int) -> dict[str, Any]:
    """Fit BERTopic with its defaults."""
    from bertopic import BERTopic

    texts, vectors = read(size)
    seconds: dict[str, float] = {}

    def timed(name: str, method: str) -> None:
        inner = getattr(BERTopic, method)

        def outer(self: Any, *given: Any, **more: Any) -> Any:
            began = time.process_time()
            answer = inner(self, *given, **more)
            seconds[name] = seconds.get(name, 0.0) + time.process_time() - began
            return answer

        setattr(BERTopic, method, outer)

    timed("reduce", "_reduce_dimensionality")
    timed("cluster", "_cluster_embeddings")
    timed("represent", "_extract_topics")
    timed("represent", "_save_representative_docs")
    BERTopic().fit_transform(texts[:5000], embeddings=vectors[:5000])
    seconds.clear()
    began = time.process_time()
    model = BERTopic()
    topics, _ = model.fit_transform(texts, embeddings=vectors)
    total = time.process_time() - began
    outliers = float(np.mean(np.array(topics) == -1))
    return {"seconds": seconds, "total": total, "topics": len(set(topics) - {-1}), "outliers": outliers}


def recall(size: int) -> float:
    """Share of the 15 nearest that are found, of 1,000 passages."""
    from toolkit.topics.nearest import nearest_neighbours
    from toolkit.topics.steps import rounded

    _, vectors = read(size)
    unit = rounded(vectors)
    found, _ = nearest_neighbours(unit, 15)
    some = np.random.default_rng(0).choice(size, 1000, replace=False)
    similarity = unit[some] @ unit.T
    similarity[np.arange(1000), some] = -2
    exact = np.argsort(-similarity, axis=1)[:, :15]
    return float(
        np.mean([len(set(a) & set(b)) / 15 for a, b in zip(exact.tolist(), found[some].tolist(), strict=True)])
    )


def page(n_own: int, rows: list[dict[str, Any]], shares: dict[int, float]) -> str:
    """Write the page."""
    lines = [
        "# How long topics take, with their certificate",
        "",
        " ".join(__doc__.split("\n\n")[2].split())
        + f" The corpus has {n_own:,} passages. Written by `python tests/benchmarks/topics_speed.py --write`.",
        "",
        f"*Ours* is `tk.fit_topics` with its defaults, {RUNS} runs for the certificate of stability included (*repeat*). *BERTopic* is "
        "`BERTopic().fit_transform(texts, embeddings=vectors)`. *Embed* is WordLlama, the same for both and in neither sum.",
        "",
        "| passages | way | embed | reduce | cluster | represent | repeat | sum | topics | outliers |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        for way in ("ours", "plain"):
            cells = {"embed": row["ours"]["seconds"]["embed"]} | {
                step: row[way]["seconds"].get(step) for step in STEPS if step != "embed"
            }
            shown = " | ".join("" if cells[step] is None else f"{cells[step]:.1f}" for step in STEPS)
            name = "ours" if way == "ours" else "BERTopic"
            lines.append(
                f"| {row['size']:,} | {name} | {shown} | {row[way]['total']:.1f} | {row[way]['topics']} | "
                f"{row[way]['outliers']:.0%} |"
            )
    lines.append("")
    ratios = [f"{row['ours']['total'] / row['plain']['total']:.2f} at {row['size']:,}" for row in rows]
    lines.append(f"Ours, certificate included, takes these parts of one run of BERTopic: {', '.join(ratios)} passages.")
    if shares:
        found = ", ".join(f"{share:.0%} at {size:,}" for size, share in shares.items())
        lines += ["", f"Beyond 30,000 passages neighbours are sought by cells; of the 15 nearest are found: {found}."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
