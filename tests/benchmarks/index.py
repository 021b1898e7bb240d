"""Measure the speed of the token index against what one would use instead, as ratios within one run.

    python tests/benchmarks/index.py [--articles 100000]

writes index.md beside this file and prints it. The articles are those of news-2017, repeated with their sentences in other
orders until there are as many as wanted; `framing fetch news-2017` gets them. Each side runs in a process of its own, so that
its peak memory is its own, and nothing else should run meanwhile. Each figure is the median of three runs.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import toolkit as tk
from toolkit.measures.association import log_likelihood
from toolkit.text.terms import Pattern
from toolkit.text.tokens import Tokens, Vocabulary

PAGE = Path(__file__).resolve().with_suffix(".md")
FIELDS = ["title", "standfirst", "text"]
RUNS = 3
LINES = ["travel ban*", "muslim ban*", "reset*"]  # about 8,600 of them in 100,000 articles
NODE = ["travel ban*", "muslim ban*"]
WILDCARD = "immigra*"
FIFTY = """
refugee refugees migrant migrants immigrant immigrants immigration asylum border wall
terror terrorism terrorist terrorists extremist extremists crisis security threat attack
reform sanctions trade tariffs deal brexit populist nationalist liberal conservative
climate warming emissions coal energy health care welfare tax jobs
reset detente alliance ally rival enemy invasion annexation occupation conflict
""".split()


def articles_of(n: int) -> pd.DataFrame:
    """Return n articles: those of news-2017, then the same with their sentences in other orders."""
    given = tk.load("news-2017").drop(columns=["url", "date_raw", "repeat_of"], errors="ignore")
    sentences = [re.split(r"(?<=[.!?])\s+", text) if isinstance(text, str) else [] for text in given["text"]]
    rng = np.random.default_rng(0)
    parts = []
    for copy in range(-(-n // len(given))):
        part = given.assign(doc_id=given["doc_id"] + f"-{copy}")
        if copy:
            part["text"] = [" ".join(rng.permutation(s).tolist()) if s else None for s in sentences]
        parts.append(part)
    return pd.concat(parts, ignore_index=True).head(n)


def whole_texts(articles: pd.DataFrame) -> list[str]:
    """Return title, standfirst and text of each article as one string, for tools that take one."""
    return [". ".join(parts) for parts in zip(*(articles[field].fillna("").tolist() for field in FIELDS))]


def timed(do: Callable[[], Any], runs: int = RUNS) -> tuple[float, Any]:
    """Return the median of the seconds that it takes, and what it gives."""
    seconds, result = [], None
    for _ in range(runs):
        result = None  # the last one's memory is free before the next begins
        begun = time.perf_counter()
        result = do()
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds), result


def peak() -> float:
    """Return the most memory that this process had, in GB."""
    with suppress(OSError):  # on Linux; ru_maxrss of a child begins at what its parent had
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # in KB


# What the children measure: seconds by name, and counts.


def our_build(articles: pd.DataFrame) -> dict[str, float]:
    before = peak()
    build, tokens = timed(lambda: tk.tokenize(articles))
    return {"build": build, "peak": peak(), "before": before, "words": len(tokens), "forms": len(tokens.vocabulary)}


def their_build(articles: pd.DataFrame) -> dict[str, float]:
    from sklearn.feature_extraction.text import CountVectorizer

    before = peak()
    texts = whole_texts(articles)
    build, matrix = timed(lambda: CountVectorizer(token_pattern=r"(?u)\b\w+\b").fit_transform(texts))
    return {"build": build, "peak": peak(), "before": before, "words": int(matrix.sum()), "forms": matrix.shape[1]}


def our_questions(articles: pd.DataFrame) -> dict[str, float]:
    tokens = tk.tokenize(articles)
    found: dict[str, float] = {}

    def shell() -> Tokens:  # the same index with nothing remembered
        parts = (tokens.codes, tokens.starts, tokens.breaks, tokens.offsets)
        return Tokens(tokens.articles, tokens.fields, Vocabulary(tokens.vocabulary.forms), *parts)

    found["once: positions by word"] = timed(lambda: shell().by_form)[0]
    found["once: keys"] = timed(lambda: (v := shell().vocabulary, v.keys(), v.keys(possessive=True)))[0]
    found["once: words by article"] = timed(lambda: shell().key_totals)[0]
    found["once: fingerprint"] = timed(lambda: shell().corpus)[0]
    found["once: texts"] = timed(lambda: [shell().texts(field) for field in tokens.fields])[0]
    _ = tokens.by_form, tokens.key_totals, tokens.corpus, [tokens.texts(field) for field in tokens.fields]

    def asked(question: Callable[[], Any]) -> tuple[float, Any]:
        def anew() -> Any:
            tokens.vocabulary.matched.clear()  # which words the patterns mean is remembered; each run finds it out
            return question()

        return timed(anew)

    found["wildcard"], codes = asked(lambda: Pattern(WILDCARD).codes(tokens.vocabulary))
    found["wildcard forms"] = len(codes[0])
    found["lines"], lines = asked(lambda: tk.kwic(tokens, LINES))
    found["n lines"] = len(lines)
    found["collocates"] = asked(lambda: tk.collocates(tokens, NODE))[0]
    found["keyness"] = timed(lambda: tk.keyness(tokens, articles["source"] == "CNN"))[0]
    found["sentences"] = asked(lambda: tk.collocates(tokens, NODE, window="sentence"))[0]
    found["usage"] = asked(lambda: tk.usage(tokens, FIFTY, by="source", freq="D"))[0]
    found["months"], table = asked(lambda: tk.usage(tokens, FIFTY, by="source", freq="M"))
    found["n months"], found["n rows"] = table["period"].nunique(), len(table)
    found["contrasts"] = asked(lambda: tk.compare(tokens, FIFTY, between="source", reference="rest", freq="M"))[0]
    found["usage, one term"] = asked(lambda: tk.usage(tokens, FIFTY[:1], by="source", freq="D"))[0]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "news.tokens"
        found["save"] = timed(lambda: tokens.save(path))[0]
        found["saved GB"] = sum(file.stat().st_size for file in path.iterdir()) / 1e9
        found["open"] = timed(lambda: Tokens.open(path))[0]
    return found


def their_questions(articles: pd.DataFrame) -> dict[str, float]:
    texts = whole_texts(articles)
    found: dict[str, float] = {}
    pattern = re.compile(r"\b(?:travel[\s-]+ban\w*|muslim[\s-]+ban\w*|reset\w*)", re.IGNORECASE)

    def lines() -> int:
        return len(
            [
                (t[max(0, m.start() - 50) : m.start()], m[0], t[m.end() : m.end() + 50])
                for t in texts
                for m in pattern.finditer(t)
            ]
        )

    found["lines"], found["n lines"] = timed(lines)
    some = texts[:: max(1, len(texts) // 5000)][:5000]
    found["sample"] = len(some)
    times = len(texts) / len(some)
    found["collocates"] = timed(lambda: _collocates_by_hand(some))[0] * times
    frame = articles.iloc[:: max(1, len(texts) // 5000)][:5000]
    sample = pd.Series(some, dtype="str", index=frame.index)
    cells = [frame["source"], frame["date"].dt.normalize()]

    def usage() -> pd.DataFrame:
        counts = {term: sample.str.count(rf"(?i)\b{term}\b") for term in FIFTY}
        return pd.DataFrame(counts).groupby(cells).sum()

    found["usage"] = timed(usage)[0] * times
    found["months"] = timed(lambda: _bootstrap_by_hand(frame, sample))[0] * times
    return found


def _bootstrap_by_hand(frame: pd.DataFrame, texts: pd.Series, draws: int = 200) -> pd.DataFrame:
    """Put a percentile bootstrap over articles on each rate, as a script with pandas and numpy would."""
    words = texts.str.count(r"\w+").to_numpy()
    counts = np.column_stack([texts.str.count(rf"(?i)\b{term}\b") for term in FIFTY])
    rng, rows = np.random.default_rng(0), {}
    cells = frame.reset_index(drop=True).groupby(
        [frame["source"].to_numpy(), frame["date"].dt.to_period("M").to_numpy()]
    )
    for cell, at in cells.indices.items():
        drawn = rng.integers(len(at), size=(draws, len(at)))
        rates = counts[at][drawn].sum(axis=1) / words[at][drawn].sum(axis=1, keepdims=True)
        rows[cell] = np.quantile(rates, [0.025, 0.975], axis=0).ravel()
    return pd.DataFrame(rows)


def their_nltk(articles: pd.DataFrame) -> dict[str, float]:
    """Ask nltk the same, on 2,000 articles, where it is installed."""
    try:
        from nltk import Text
        from nltk.collocations import BigramAssocMeasures, BigramCollocationFinder
        from nltk.tokenize import wordpunct_tokenize
    except ImportError:
        return {}
    texts = whole_texts(articles)
    some = texts[:: max(1, len(texts) // 2000)][:2000]
    times = len(texts) / len(some)
    build, words = timed(lambda: [word.lower() for text in some for word in wordpunct_tokenize(text)], 1)
    index, text = timed(lambda: Text(words).concordance_list("ban", lines=10**9) and Text(words), 1)
    lines = timed(lambda: [text.concordance_list(w, lines=10**9) for w in ("ban", "bans", "reset", "resets")], 1)[0]

    def near() -> list[Any]:
        finder = BigramCollocationFinder.from_words(words, window_size=6)
        finder.apply_ngram_filter(lambda a, b: "ban" not in (a, b))
        return finder.score_ngrams(BigramAssocMeasures.likelihood_ratio)

    return {
        "nltk sample": len(some),
        "nltk build": build * times,
        "nltk lines": (index + lines) * times,
        "nltk collocates": timed(near, 1)[0] * times,
    }


def _collocates_by_hand(texts: list[str]) -> dict[str, float]:
    """Count words within five of the node and put G2 on them, as a script without an index would."""
    node, corpus, near = re.compile(r"travel bans?|muslim bans?"), Counter[str](), Counter[str]()
    for text in texts:
        words = re.findall(r"\w+", text.lower())
        corpus.update(words)
        for at in range(len(words) - 1):
            if words[at] in ("travel", "muslim") and node.fullmatch(f"{words[at]} {words[at + 1]}"):
                near.update(words[max(0, at - 5) : at] + words[at + 2 : at + 7])
    inside, total = sum(near.values()), sum(corpus.values())
    return {
        w: float(log_likelihood(n, corpus[w] - n, inside - n, total - inside - corpus[w] + n)) for w, n in near.items()
    }


def their_keyness(articles: pd.DataFrame) -> dict[str, float]:
    from sklearn.feature_extraction.text import CountVectorizer

    vectorizer = CountVectorizer(token_pattern=r"(?u)\b\w+\b")
    matrix = vectorizer.fit_transform(whole_texts(articles))
    target = (articles["source"] == "CNN").to_numpy()

    def keyness() -> pd.Series:
        a, b = (np.asarray(matrix[mask].sum(axis=0)).ravel() for mask in (target, ~target))
        g2 = log_likelihood(a, b, a.sum() - a, b.sum() - b)
        return pd.Series(g2, vectorizer.get_feature_names_out()).sort_values(ascending=False)

    def wildcard() -> list[str]:
        return [word for word in vectorizer.vocabulary_ if re.match("immigra", word)]

    return {"keyness": timed(keyness)[0], "wildcard": timed(wildcard)[0]}


STEPS = {f.__name__: f for f in (our_build, their_build, our_questions, their_questions, their_keyness, their_nltk)}


def child(step: str, path: Path) -> dict[str, float]:
    """Run one step in a process of its own."""
    command = [sys.executable, __file__, "--step", step, "--corpus", str(path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


# The page


def duration(seconds: float) -> str:
    """Write a time with two or three digits."""
    for limit, times, unit in ((1e-3, 1e6, "µs"), (1, 1e3, "ms")):
        if seconds < limit:
            return f"{seconds * times:.3g} {unit}"
    return f"{seconds:.3g} s" if seconds < 100 else f"{seconds:.0f} s"


def ratio(theirs: float, ours: float) -> str:
    """Write how many times faster, to two digits."""
    times = theirs / ours
    return f"{times:.1f}" if times < 10 else f"{float(f'{times:.2g}'):,.0f}"


def page(n: int, megabytes: float, measured: dict[str, dict[str, float]]) -> str:
    """Lay out what was measured."""
    build, vectorizer = measured["our_build"], measured["their_build"]
    ours, theirs = dict(measured["our_questions"]), measured["their_questions"] | measured["their_keyness"]
    sample = f"{int(theirs['sample']):,} articles, extrapolated"
    rows = [
        (
            "wildcard",
            f"`{WILDCARD}`: {int(ours['wildcard forms'])} forms",
            "`re` over the vocabulary of CountVectorizer",
        ),
        ("lines", f"{int(ours['n lines']):,} concordance lines of 3 patterns", "`re` over the texts"),
        ("collocates", "collocates within 5 words, with G2", f"a loop with `re` and Counter ({sample})"),
        ("keyness", "keyness of CNN against the rest", "the same formula on a CountVectorizer matrix that is there"),
        ("usage", "50 terms by source and day, with intervals", f"pandas `.str.count`, a term at a time ({sample})"),
        (
            "months",
            f"intervals of 50 terms by source and month ({int(ours['n rows']):,} rows)",
            f"the same counts and a bootstrap of 200 draws in numpy ({sample})",
        ),
    ]
    first = ("once: keys", "once: words by article", "once: fingerprint", "keyness")
    ours["keyness from texts"] = build["build"] + sum(ours[key] for key in first)
    theirs["keyness from texts"] = vectorizer["build"] + theirs["keyness"]
    rows.append(
        ("keyness from texts", "keyness from the texts on, all included", "CountVectorizer and the same formula")
    )
    questions = "\n".join(
        f"| {what} | {duration(ours[key])} | {duration(theirs[key])} | {ratio(theirs[key], ours[key])} | {instead} |"
        for key, what, instead in rows
    )
    nltk = measured["their_nltk"]
    if nltk:
        less = f"{int(nltk['nltk sample']):,} articles, extrapolated"
        nltk_rows = [
            (
                "build",
                f"the index | nltk `wordpunct_tokenize`, lower case ({less})",
                build["build"],
                nltk["nltk build"],
            ),
            ("lines", f"concordance lines | nltk `Text.concordance_list` ({less})", ours["lines"], nltk["nltk lines"]),
            (
                "near",
                f"collocates | nltk `BigramCollocationFinder`, window 6 ({less})",
                ours["collocates"],
                nltk["nltk collocates"],
            ),
        ]
        for _, both, mine, other in nltk_rows:
            what, instead = both.split(" | ")
            questions += f"\n| {what} | {duration(mine)} | {duration(other)} | {ratio(other, mine)} | {instead} |"
    once = "\n".join(
        f"| {key.removeprefix('once: ')} | {duration(seconds)} |"
        for key, seconds in ours.items()
        if key.startswith("once")
    )
    speed, their_speed = megabytes / build["build"], megabytes / vectorizer["build"]
    return f"""# Speed of the token index

{n:,} articles, {megabytes:,.0f} MB of text, {int(build["words"]):,} words; 2 cores, no GPU; one process at a time. Made by
`python tests/benchmarks/index.py --articles {n}`, medians of {RUNS} runs. Ratios hold from machine to machine better than times.

## Build

| | time | MB a second | peak memory | of it articles |
| --- | ---: | ---: | ---: | ---: |
| `tk.tokenize` | {duration(build["build"])} | {speed:.1f} | {build["peak"]:.2f} GB | {build["before"]:.2f} GB |
| scikit-learn CountVectorizer | {duration(vectorizer["build"])} | {their_speed:.1f} | {vectorizer["peak"]:.2f} GB | {vectorizer["before"]:.2f} GB |

{ratio(speed, their_speed)} times as fast. The index keeps each word's place and spelling; the matrix keeps neither.

## Questions

| | index | instead | times faster | what instead |
| --- | ---: | ---: | ---: | --- |
{questions}

One term by source and day takes {duration(ours["usage, one term"])}, collocates by sentence {duration(ours["sentences"])}, each source against
the rest in each month for 50 terms {duration(ours["contrasts"])}. These are questions to an index that has been asked before; the
first of a kind also makes, once:

| | time |
| --- | ---: |
{once}

## On disk

Saving takes {duration(ours["save"])} ({ours["saved GB"]:.2f} GB, articles included), opening {duration(ours["open"])}.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the token index and write index.md.")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--corpus", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        os.environ["TQDM_DISABLE"] = "1"
        warnings.simplefilter("ignore", tk.FramingWarning)  # a small corpus lacks some of the fifty terms
        print(json.dumps(STEPS[given.step](pd.read_parquet(given.corpus))))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "articles.parquet"
        articles = articles_of(given.articles)
        megabytes = sum(int(articles[field].dropna().str.encode("utf-8").str.len().sum()) for field in FIELDS) / 1e6
        articles.attrs = {}
        articles.to_parquet(path)
        del articles
        text = page(given.articles, megabytes, {step: child(step, path) for step in STEPS})
    beside = PAGE.with_suffix(".tmp")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, PAGE)
    print(text)


if __name__ == "__main__":
    main()
