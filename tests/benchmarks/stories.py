"""Plant copies among articles, look how many stories are found again, and take the time: ``python tests/benchmarks/stories.py``.

What is planted. Articles of the corpus news-2017 are the originals. A copy stands in another outlet, up to two days later, and
was edited in one way:

- words: a share of its words, drawn one by one, is replaced by words of the corpus. No editor works like that; it is the
  hardest case for any method that compares runs of words.
- sentences: a share of its sentences is replaced by sentences of other articles.
- cut: only the first part is left.
- cut to 70 % and 10 % of the words replaced.

A pair is two articles in one story. Recall is the share of the pairs (original, copy) that were found; precision the share of the
pairs found that were planted. Articles of news-2017 that are versions of one another are counted against precision, unless said
otherwise: nobody labelled them.

For the time, articles are mixed from the sentences of the corpus until there are enough, over two years, a tenth of them copies.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import resource
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from toolkit.corpora import load
from toolkit.corpora.stories import mark_stories

PAGE = Path(__file__).with_suffix(".md")
SENTENCE = re.compile(r"(?<=[.!?])\s+")

Edit = Callable[[str, np.random.Generator], str]


class World:
    """The corpus that copies are planted in: its articles, its words and its sentences."""

    def __init__(self) -> None:
        articles = load("news-2017")
        long_enough = articles["text"].str.split().str.len() >= 100
        self.articles = articles[long_enough & articles["repeat_of"].isna()].reset_index(drop=True)
        texts = self.articles["text"].tolist()
        self.words = np.array(" ".join(texts[::10]).split(), dtype=object)
        self.sentences = np.array([s for text in texts for s in SENTENCE.split(text) if len(s) > 30], dtype=object)

    def words_replaced(self, share: float) -> Edit:
        def edit(text: str, rng: np.random.Generator) -> str:
            words = np.array(text.split(), dtype=object)
            chosen = rng.random(len(words)) < share
            words[chosen] = rng.choice(self.words, int(chosen.sum()))
            return " ".join(words)

        return edit

    def sentences_replaced(self, share: float) -> Edit:
        def edit(text: str, rng: np.random.Generator) -> str:
            sentences = np.array(SENTENCE.split(text), dtype=object)
            chosen = rng.random(len(sentences)) < share
            sentences[chosen] = rng.choice(self.sentences, int(chosen.sum()))
            return " ".join(sentences)

        return edit

    def cut(self, share: float) -> Edit:
        return lambda text, rng: text[: int(len(text) * share)]

    def cut_and_replaced(self) -> Edit:
        replace = self.words_replaced(0.1)
        return lambda text, rng: replace(text[: int(len(text) * 0.7)], rng)

    def edits(self) -> dict[str, Edit]:
        rates = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3)
        return {
            **{f"words {rate:.0%}": self.words_replaced(rate) for rate in rates},
            **{f"sentences {rate:.0%}": self.sentences_replaced(rate) for rate in rates[2::2]},
            **{f"cut to {share:.0%}": self.cut(share) for share in (0.7, 0.5, 0.3)},
            "cut to 70%, words 10%": self.cut_and_replaced(),
        }

    def planted(self, edit: Edit, *, seed: int = 0) -> pd.DataFrame:
        """Return the corpus with one edited copy of each article; `family` names the original."""
        rng = np.random.default_rng(seed)
        first = self.articles[["doc_id", "source", "date", "text"]].assign(family=self.articles["doc_id"])
        copy = first.assign(
            doc_id="copy-" + first["doc_id"],
            source="planted",
            date=first["date"] + pd.to_timedelta(rng.integers(0, 3, len(first)), unit="D"),
            text=[edit(text, rng) for text in first["text"]],
        )
        return pd.concat([first, copy], ignore_index=True).sample(frac=1, random_state=seed, ignore_index=True)

    def many(self, n: int, *, seed: int = 0) -> pd.DataFrame:
        """Return `n` articles of two years: mixed from sentences, and a tenth copies with 10 % of their words replaced."""
        rng = np.random.default_rng(seed)
        real = self.articles["text"].tolist()[:n]
        n_copies = n // 10
        texts = real + [
            " ".join(rng.choice(self.sentences, int(size)))
            for size in 5 + rng.poisson(15, max(n - n_copies - len(real), 0))
        ]
        days = rng.integers(0, 730, len(texts))
        replace = self.words_replaced(0.1)
        originals = rng.integers(0, len(texts), n - len(texts))
        texts += [replace(texts[i], rng) for i in originals]
        days = np.concatenate([days, days[originals] + rng.integers(0, 3, len(originals))])
        return pd.DataFrame(
            {
                "doc_id": np.arange(n).astype(str),
                "date": pd.Timestamp("2016-01-01") + pd.to_timedelta(days, unit="D"),
                "text": texts,
                "family": np.concatenate([np.arange(n - len(originals)), originals]),
            }
        )


def pairs(labels: pd.Series) -> int:
    """Return how many pairs of rows share a label."""
    sizes = labels.value_counts().to_numpy()
    return int((sizes * (sizes - 1) // 2).sum())


def precision_recall(marked: pd.DataFrame) -> tuple[float, float]:
    """Return the share of pairs found that were planted, and of pairs planted that were found."""
    both = pairs(marked["story_id"].astype(str) + "|" + marked["family"].astype(str))
    return both / max(pairs(marked["story_id"]), 1), both / pairs(marked["family"])


def tfidf_pairs(articles: pd.DataFrame, least: float, *, rows: int | None = None) -> tuple[set[tuple[int, int]], float]:
    """Do what one would write with scikit-learn: cosine of TF-IDF vectors, pairs of at least `least` within three days."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.neighbors import NearestNeighbors

    begun = time.perf_counter()
    vectors = TfidfVectorizer(dtype=np.float32).fit_transform(articles["text"])
    prepared = time.perf_counter() - begun
    model = NearestNeighbors(radius=1 - least, metric="cosine", algorithm="brute").fit(vectors)
    rows = rows or vectors.shape[0]
    days = articles["date"].to_numpy()
    found: set[tuple[int, int]] = set()
    begun = time.perf_counter()
    for at in range(0, rows, 500):
        near = model.radius_neighbors(vectors[at : at + 500][: rows - at], return_distance=False)
        for i, others in enumerate(near, start=at):
            close = np.abs(days[others] - days[i]) <= np.timedelta64(3, "D")
            found.update((min(i, j), max(i, j)) for j in others[close].tolist() if j != i)
    return found, prepared + (time.perf_counter() - begun) * vectors.shape[0] / rows


def tfidf_precision_recall(articles: pd.DataFrame, least: float) -> tuple[float, float]:
    found, _ = tfidf_pairs(articles, least)
    family = articles["family"].tolist()
    right = sum(family[i] == family[j] for i, j in found)
    return right / max(len(found), 1), right / pairs(articles["family"])


def difflib_seconds(articles: pd.DataFrame, n: int = 100) -> float:
    """Return the seconds that difflib takes for one pair of texts, as words."""
    texts = [text.split() for text in articles["text"].head(2 * n)]
    begun = time.perf_counter()
    for one, other in zip(texts[:n], texts[n:], strict=True):
        difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()
    return (time.perf_counter() - begun) / n


def table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Lay out a table in markdown; numbers to three digits."""
    head = list(header)
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def found_again(
    world: World, thresholds: tuple[float, ...] = (0.35, 0.45, 0.55), cosine: float = 0.8
) -> list[list[object]]:
    """Return a row for each kind of edit: precision and recall at each threshold, and of the TF-IDF cosine."""
    rows = []
    for name, edit in world.edits().items():
        articles = world.planted(edit)
        row: list[object] = [name]
        for threshold in thresholds:
            row += precision_recall(mark_stories(articles, threshold=threshold))
        rows.append([*row, *tfidf_precision_recall(articles, cosine)])
        print(rows[-1], flush=True)
    return rows


def timed(world: World, n: int) -> tuple[pd.DataFrame, float, tuple[float, float]]:
    articles = world.many(n)
    begun = time.perf_counter()
    marked = mark_stories(articles)
    return articles, time.perf_counter() - begun, precision_recall(marked)


def page(sizes: tuple[int, ...]) -> str:
    world = World()
    rows = found_again(world)
    own = mark_stories(world.articles)
    speed = []
    for n in sizes:
        articles, seconds, found = timed(world, n)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        sample = 2000 if n > 20_000 else None
        _, cosine = tfidf_pairs(articles, 0.8, rows=sample)
        near = difflib_seconds(articles) * sum(_window_pairs(articles))
        speed.append(
            [f"{n:,}", f"{seconds:.0f} s", f"{memory:.1f} GB", *found, f"{cosine:.0f} s", f"{near / 3600:.1f} h"]
        )
        print(speed[-1], flush=True)
    head = ["edit", *(f"{what}, {t}" for t in ("0.35", "0.45", "0.55") for what in ("precision", "recall"))]
    at = {str(row[0]): row for row in rows}
    return f"""# How well copies are found

**At the default threshold of 0.45, recall is {at["words 10%"][4]:.3f} where 10 % of the words were changed one by one, {at["words 20%"][4]:.3f} at
20 % and {at["words 30%"][4]:.3f} at 30 %; {at["sentences 30%"][4]:.3f} where 30 % of the sentences were, and {at["cut to 70%"][4]:.3f} where the text was
cut to 70 %. Precision is at least {min(float(row[3]) for row in rows):.3f}.**

Made by `python tests/benchmarks/stories.py`; that file says what is planted. {len(world.articles):,} articles, one copy each.

{table([*head, "TF-IDF precision", "TF-IDF recall"], rows)}

Without anything planted, {own.attrs["stories"]["n_copies"]} of the {len(world.articles):,} articles are put into a story of another: updates of one
outlet and reports from one agency. They are counted as false above.

TF-IDF is what one would write with scikit-learn (not MinHash from a library, since none is among the dependencies): pairs within three days with a
cosine of at least 0.8. It keeps to words, not to their order, so edits of single words cost it little; it misses copies that were cut or
rewritten in part. A lower cosine would find them, among more reports of the same event.

## Time

Articles mixed from sentences, a tenth of them copies with 10 % of the words changed; one process.

{table(["articles", "mark_stories", "peak memory", "precision", "recall", "TF-IDF, all pairs", "difflib, pairs within 3 days"], speed)}

TF-IDF was timed on 2,000 of the rows and scaled up where there are more than 20,000 articles; difflib on 100 pairs. Peak memory is the whole
process's. Load of the machine at the end: {os.getloadavg()[0]:.1f}.
"""


def _window_pairs(articles: pd.DataFrame) -> Iterable[int]:
    days = np.sort(articles["date"].to_numpy())
    yield int((np.searchsorted(days, days + np.timedelta64(3, "D"), side="right") - np.arange(len(days)) - 1).sum())


def main() -> None:
    parser = argparse.ArgumentParser(description="Plant copies, find them again, and write stories.md.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], help="numbers of articles to time")
    text = page(tuple(parser.parse_args().sizes))
    beside = PAGE.with_suffix(".tmp")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, PAGE)
    print(text)


if __name__ == "__main__":
    main()
