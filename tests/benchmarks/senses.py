"""Measure how well groups of contexts fit the senses that were labelled by hand, and write senses.md beside this file.

``python tests/benchmarks/senses.py``. The corpus is reset-demo, its English articles. Settings were chosen on the part dev; the part
test was looked at once, with them.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import toolkit as tk

PAGE = Path(__file__).resolve().with_suffix(".md")
LABELS = Path(__file__).resolve().parents[2] / "corpora" / "reset-demo" / "labels.csv"
TERMS = {"reset": ["reset", "resets", "resetting"]}


def scores(part: str, **settings: object) -> dict[str, float]:
    """Return the adjusted Rand index and the purity of the groups of one part."""
    from sklearn.metrics import adjusted_rand_score

    articles = tk.load("reset-demo")
    articles = articles[(articles["part"] == part) & (articles["language"] == "en")]
    tokens = tk.tokenize(articles)
    hits = tk.find(tokens, TERMS)
    found = tk.senses(tk.contexts(tokens, TERMS, window=50, merge=False), **settings)
    labels = pd.read_csv(LABELS)[["doc_id", "field", "start", "sense"]]
    gold = hits[["doc_id", "field", "start"]].merge(labels, on=["doc_id", "field", "start"], how="left")["sense"]
    group = found.assignments["sense"]
    counts = pd.crosstab(group.to_numpy(), gold.to_numpy())
    return {
        "n": len(gold),
        "groups": len(found.senses),
        "largest": gold.value_counts(normalize=True).iloc[0],
        "ari": adjusted_rand_score(gold, group),
        "purity": counts.max(axis=1).sum() / len(gold),
    }


SETTINGS: dict[str, dict[str, object]] = {
    "as it is": {},
    "five senses asked for": {"n_senses": 5},
    "by_article=False": {"by_article": False},
    "embedder='tfidf-svd'": {"embedder": "tfidf-svd"},
}


def page() -> str:
    """Return the page."""
    lines = [
        "# Do groups of contexts fit senses?",
        "",
        "`tk.senses` on the English hits of *reset* in the invented corpus reset-demo, contexts of 50 words on each side, against the",
        "column `sense` (policy, device, sport, personal, other). Made by `python tests/benchmarks/senses.py`. Settings were chosen on the",
        "part dev; the part test was scored once with them.",
        "",
        "Purity is the share of hits whose group has mostly their sense: the share that would be right if each group were kept or",
        "dropped by its most frequent sense. A single group would have the purity of the column before it. The adjusted Rand index is 0 for",
        "groups made at random and 1 where groups are the senses; groups that divide one sense lower it.",
        "",
        "| part | settings | hits | groups | hits of the largest sense | purity | adjusted Rand index |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for part in ("dev", "test"):
        for name, settings in SETTINGS.items():
            s = scores(part, **settings)
            lines.append(
                f"| {part} | {name} | {s['n']} | {s['groups']} | {s['largest']:.2f} | {s['purity']:.2f} | {s['ari']:.2f} |"
            )
    lines += [
        "",
        "The texts are invented and their senses far more mixed than in the press. Groups are a help for reading, no coding:",
        "read lines of each before it is kept or dropped, and measure the error of what was kept with `tk.sample_for_validation`.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
