"""Measure how fast `toolkit.read_articles` reads each format, and in how much memory, beside what one would use instead.

    python tests/benchmarks/formats.py [--scale 1]

writes formats.md beside this file and prints it. The files are made first, in a temporary folder, of invented words and in the
layouts that the tests of the readers build; `--scale .1` makes a tenth of the articles. Each format, and each alternative, is
read in a process of its own, so that its peak memory is its own, and nothing else should run meanwhile. Each time is the median
of three reads, each peak that of the first. A format of which fewer articles come back than were written stops the run.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from types import ModuleType
from typing import Any

# The process that starts the others imports nothing large: Linux counts what it holds as the first peak of its children.

PAGE = Path(__file__).resolve().with_suffix(".md")
READERS = PAGE.parents[1] / "corpora" / "readers"
RUNS = 3
MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
TABLE = ["doc_id", "source", "date", "title", "text", "author", "url"]


@dataclass(frozen=True)
class Article:
    """An article of no meaning: about 480 words in six paragraphs, 4.3 KB."""

    n: int
    day: date
    title: str
    paragraphs: list[str]

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)

    @property
    def words(self) -> int:
        return sum(paragraph.count(" ") + 1 for paragraph in self.paragraphs)

    @property
    def row(self) -> dict[str, str]:
        url = f"https://harbour-post.example/{self.n}"
        cells = (f"a{self.n}", "Harbour Post", f"{self.day}", self.title, self.text, "Ada Quill", url)
        return dict(zip(TABLE, cells))


def articles_of(n: int) -> list[Article]:
    """Make n articles of words that no language has, a few of them frequent and most of them rare."""
    draw = random.Random(0)
    syllables = [a + b + c for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "é") for c in ("", "n", "r")]
    forms = sorted({"".join(draw.choices(syllables, k=draw.choice((1, 2, 2, 3, 3, 4)))) for _ in range(20_000)})
    draw.shuffle(forms)
    weights = list(accumulate(1 / (at + 10) for at in range(len(forms))))
    made = []
    for at in range(n):
        paragraphs = []
        for _ in range(6):
            words = draw.choices(forms, cum_weights=weights, k=draw.randint(60, 100))
            parts = [words[i : i + 20] for i in range(0, len(words), 20)]
            paragraphs.append(" ".join(" ".join(part).capitalize() + "." for part in parts))
        title = " ".join(draw.choices(forms, cum_weights=weights, k=8)).capitalize()
        made.append(Article(at, date(2010, 1, 1) + timedelta(days=at % 3000), title, paragraphs))
    return made


# How each format is written: into a folder, a file or several.


@cache
def layouts(name: str) -> ModuleType:
    """Return the test module of a reader, for the functions that build its layout."""
    spec = importlib.util.spec_from_file_location(f"layouts_{name}", READERS / f"test_{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def batches(articles: list[Article], size: int) -> Iterable[tuple[int, list[Article]]]:
    """Part articles as a database does that hands out so many at once."""
    return ((start, articles[start : start + size]) for start in range(0, len(articles), size))


def in_english(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def frame_of(articles: list[Article]) -> Any:
    import pandas as pd

    return pd.DataFrame([article.row for article in articles])


def csv(articles: list[Article], folder: Path) -> None:
    frame_of(articles).to_csv(folder / "articles.csv", index=False)


def jsonl(articles: list[Article], folder: Path) -> None:
    lines = (json.dumps(article.row, ensure_ascii=False) + "\n" for article in articles)
    (folder / "articles.jsonl").write_text("".join(lines), encoding="utf-8")


def parquet(articles: list[Article], folder: Path) -> None:
    frame_of(articles).to_parquet(folder / "articles.parquet")


def excel(articles: list[Article], folder: Path) -> None:
    frame_of(articles).to_excel(folder / "articles.xlsx", index=False)


def saved_text(articles: list[Article], folder: Path) -> None:
    for a in articles:
        content = f"{a.title}\n\nBy Ada Quill\n\n{in_english(a.day)}\n\n{a.text}\n"
        (folder / f"Post {a.n}.txt").write_text(content, encoding="utf-8")


def nexis_docx(articles: list[Article], folder: Path) -> None:
    layout = layouts("nexis")
    for start, batch in batches(articles, 100):
        content: list[str] = []
        for a in batch:
            content += ["", "", a.title, "The Harbour Herald", f"{in_english(a.day)} {a.day:%A}", ""]
            content += ["\nCopyright 2014 Harbour Press All Rights Reserved", "\n", "Section:\xa0NEWS; Pg. 3"]
            content += [f"Length:\xa0{a.words} words", "Byline:\xa0By Ada Quill", "Body", "", *a.paragraphs]
            content += ["Classification", "", "", "Language:\xa0ENGLISH", f"\nLoad-Date:\xa0{in_english(a.day)}"]
            content += ["", layout.END]
        layout.write(folder / f"export {start}.docx", content)


def lexisnexis_txt(articles: list[Article], folder: Path) -> None:
    layout = layouts("lexisnexis_txt")
    for start, batch in batches(articles, 500):
        export = ""
        for n, a in enumerate(batch, 1):
            mast = f"{layout.middle('The Harbour Herald')}\n\n{layout.middle(f'{in_english(a.day)} {a.day:%A}')}"
            body = "\n\n".join(textwrap.fill(paragraph, 78) for paragraph in a.paragraphs)
            head = f"{a.title}\n\nBYLINE: By Ada Quill\n\nSECTION: NEWS; Pg. 3\n\nLENGTH: {a.words} words"
            tail = f"LOAD-DATE: {in_english(a.day)}\n\nLANGUAGE: ENGLISH\n\n\n{layout.middle('Copyright 2010 Herald')}"
            export += layout.article(f"{n} of {len(batch)} DOCUMENTS", mast, f"{head}\n\n\n{body}\n\n{tail}")
        (folder / f"export {start}.txt").write_text(export, encoding="utf-8")


def lexisnexis_html(articles: list[Article], folder: Path) -> None:
    layout = layouts("lexisnexis_html")
    for start, batch in batches(articles, 500):
        documents = [
            layout.middle(f"{n} of {len(batch)} DOCUMENTS")
            + layout.middle("The Harbour Herald")
            + layout.middle(f"{in_english(a.day)}, {a.day:%A}")
            + layout.line(a.title)
            + layout.label("BYLINE", "By Ada Quill")
            + layout.label("LENGTH", f"{a.words} words")
            + layout.body(*a.paragraphs)
            + layout.label("LOAD-DATE", in_english(a.day))
            + layout.label("LANGUAGE", "ENGLISH")
            + layout.middle("Copyright 2010 Harbour Press<BR>All Rights Reserved")
            for n, a in enumerate(batch, 1)
        ]
        (folder / f"export {start}.html").write_text(layout.export(*documents), encoding="utf-8")


def factiva_html(articles: list[Article], folder: Path) -> None:
    layout = layouts("factiva_html")
    for start, batch in batches(articles, 100):
        documents = [
            layout.ordered(
                f"SPOST000{a.day:%Y%m%d}ed{a.n:07}",
                headline=a.title,
                lines=[f"{a.words} words", f"{a.day.day} {a.day:%B} {a.day.year}", *layout.HEAD[2:]],
                body="".join(f'<p class="articleParagraph enarticleParagraph">{p}</p>' for p in a.paragraphs),
            )
            for a in batch
        ]
        (folder / f"export {start}.html").write_text(layout.page(*documents), encoding="utf-8")


def proquest_txt(articles: list[Article], folder: Path) -> None:
    layout = layouts("proquest")
    for start, batch in batches(articles, 500):
        documents = [
            layout.text_article(a.title, a.text)
            .replace(layout.LABELS["ProQuest document ID"], f"{251_000_000 + a.n}")
            .replace(layout.LABELS["Publication date"], in_english(a.day))
            for a in batch
        ]
        export = layout.report(*documents, total=len(documents))
        (folder / f"export {start}.txt").write_text(export, encoding="utf-8")


def europresse_html(articles: list[Article], folder: Path) -> None:
    layout = layouts("europresse")
    for start, batch in batches(articles, 500):
        documents = [
            layout.new(
                header=f"Communication, {a.day.day} {MONTHS[a.day.month - 1]} {a.day.year}, p. 16",
                title=f"<p class='titreArticleVisu'>{a.title}</p>",
                body="".join(f"<p>{paragraph}</p>" for paragraph in a.paragraphs) + "</div>",
                number=f"news·{a.day:%Y%m%d}·LM·{a.n}",
            )
            for a in batch
        ]
        (folder / f"export {start}.html").write_text(layout.page(*documents), encoding="utf-8")


def guardian(articles: list[Article], folder: Path) -> None:
    layout = layouts("guardian")
    for start, batch in batches(articles, 50):
        results = [
            layout.article(
                id=f"world/{a.n}",
                webPublicationDate=f"{a.day}T10:36:00Z",
                fields={
                    "headline": a.title,
                    "body": "".join(f"<p>{p}</p>" for p in a.paragraphs),
                    "trailText": a.title,
                },
                tags=[{"type": "contributor", "webTitle": "Ada Byron"}, {"type": "keyword", "webTitle": "Ports"}],
            )
            for a in batch
        ]
        answer = layout.answer(*results, total=len(articles), start=start + 1, size=50)
        layout.written(folder / f"answer {start}.json", answer)


def feed(articles: list[Article], folder: Path) -> None:
    layout = layouts("feeds")
    for start, batch in batches(articles, 50):
        items = [
            f"<title>{a.title}</title><link>https://harbour-post.example/{a.n}</link><guid>{a.n}</guid>"
            f"<dc:creator>Ada Byron</dc:creator><pubDate>{a.day:%a, %d %b %Y} 10:36:00 GMT</pubDate>"
            f"<description>{a.title}.</description>"
            f"<content:encoded><![CDATA[{''.join(f'<p>{p}</p>' for p in a.paragraphs)}]]></content:encoded>"
            for a in batch
        ]
        layout.written(folder / f"feed {start}.xml", layout.rss(*items))


def html_of(a: Article) -> str:
    """Return a page with its scripts, a picture and links to other articles around the text, as pages have."""
    layout = layouts("pages")
    script = f"<script>var settings = [{', '.join(str(n) for n in range(1000))}];</script>"
    links = "".join(f"<li><a href='/town/{n}'>More on item {n}</a></li>" for n in range(30))
    text = "".join(f"<p>{paragraph}</p>" for paragraph in a.paragraphs)
    figure = "<figure><img src='x.jpg' alt=''><figcaption>Cranes</figcaption></figure>"
    stated = layout.article(headline=a.title, datePublished=f"{a.day}T10:36:00Z")
    body = f"{figure}{text}<aside><h2>Related</h2><ul>{links}</ul></aside>"
    whole: str = layout.page(stated, head=script, body=body, path=f"/town/{a.n}")
    return whole


def page(articles: list[Article], folder: Path) -> None:
    for article in articles:
        (folder / f"{article.n}.html").write_text(html_of(article), encoding="utf-8")


def warc(articles: list[Article], folder: Path) -> None:
    import gzip

    records = (gzip.compress(layouts("warc").record(a.n, body=html_of(a).encode())) for a in articles)
    (folder / "crawl.warc.gz").write_bytes(b"".join(records))


def csl_json(articles: list[Article], folder: Path) -> None:
    items = [
        {
            "id": f"http://zotero.org/users/1/items/{a.n}",
            "type": "article-newspaper",
            "container-title": "Talbote",
            "title": a.title,
            "author": [{"family": "Byron", "given": "Ada"}],
            "page": "6-7",
            "abstract": a.paragraphs[0],
            "URL": f"https://talbote.example/{a.n}",
            "issued": {"date-parts": [[f"{a.day.year}", a.day.month, a.day.day]]},
        }
        for a in articles
    ]
    (folder / "library.json").write_text(json.dumps(items), encoding="utf-8")


def gdelt_gkg(articles: list[Article], folder: Path) -> None:
    layout = layouts("gdelt")
    lines = []
    for a in articles:
        words = a.paragraphs[0].replace(".", "").upper().split()
        themes = "".join(f"{word};" for word in words[:30])
        lines.append(
            layout.gkg(
                a.n,
                DATE=f"{a.day:%Y%m%d}234500",
                Themes=themes,
                V2Themes="".join(f"{word},{at * 70};" for at, word in enumerate(words[:60])),
                Persons=";".join(word.lower() for word in words[30:45]),
                AllNames=";".join(f"{word.title()},{at * 90}" for at, word in enumerate(words[:40])),
                GCAM=f"wc:{a.words}," + ",".join(f"c{n}.{n % 7}:{n % 11}" for n in range(250)),
                Extras=f"<PAGE_TITLE>{a.title}</PAGE_TITLE>",
            )
        )
    (folder / "20170701234500.gkg.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


# What one would use instead: each reads all files of a folder, and returns what has as many parts as there are articles or files.


def only(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def pandas_csv(folder: Path) -> Any:
    import pandas as pd

    return pd.read_csv(only(folder))


def pandas_json(folder: Path) -> Any:
    import pandas as pd

    return pd.read_json(only(folder), lines=True)


def pandas_parquet(folder: Path) -> Any:
    import pandas as pd

    return pd.read_parquet(only(folder))


def pandas_excel(folder: Path) -> Any:
    import pandas as pd

    return pd.read_excel(only(folder))


def pandas_tabs(folder: Path) -> Any:
    import pandas as pd

    return pd.read_csv(only(folder), sep="\t", header=None, quoting=3)


def read_text(folder: Path) -> Any:
    return [file.read_text(encoding="utf-8") for file in sorted(folder.iterdir())]


def docx_dump(folder: Path) -> Any:
    import docx

    dumps = ["\n".join(p.text for p in docx.Document(str(file)).paragraphs) for file in sorted(folder.iterdir())]
    return [part for dump in dumps for part in dump.split("End of Document")[:-1]]


def feedparser_alone(folder: Path) -> Any:
    import feedparser

    return [entry for file in sorted(folder.iterdir()) for entry in feedparser.parse(str(file)).entries]


def trafilatura_alone(folder: Path) -> Any:
    import trafilatura

    pages = (file.read_text(encoding="utf-8") for file in sorted(folder.iterdir()))
    return [document for page in pages if (document := trafilatura.bare_extraction(page, with_metadata=True))]


@dataclass(frozen=True)
class Format:
    """A format: how many articles are written, by what, and what reads them otherwise."""

    write: Callable[[list[Article], Path], None]
    n: int
    made_of: str
    instead: Callable[[Path], Any] | None = None
    called: str = ""

    @property
    def name(self) -> str:
        return self.write.__name__


FORMATS = (
    Format(csv, 4000, "a file", pandas_csv, "`pandas.read_csv`"),
    Format(jsonl, 4000, "a file", pandas_json, "`pandas.read_json(lines=True)`"),
    Format(parquet, 4000, "a file", pandas_parquet, "`pandas.read_parquet`"),
    Format(excel, 4000, "a file", pandas_excel, "`pandas.read_excel`"),
    Format(saved_text, 1200, "files of 1", read_text, "`Path.read_text`, no table"),
    Format(nexis_docx, 1000, "files of 100", docx_dump, "python-docx, the paragraphs' text"),
    Format(lexisnexis_txt, 2000, "files of 500"),
    Format(lexisnexis_html, 1500, "files of 500"),
    Format(factiva_html, 2000, "files of 100"),
    Format(proquest_txt, 3000, "files of 500"),
    Format(europresse_html, 1200, "files of 500"),
    Format(guardian, 2000, "files of 50"),
    Format(feed, 1200, "files of 50", feedparser_alone, "feedparser alone"),
    Format(page, 500, "files of 1", trafilatura_alone, "trafilatura alone"),
    Format(warc, 500, "a file"),
    Format(csl_json, 5000, "a file"),
    Format(gdelt_gkg, 2000, "a file", pandas_tabs, "`pandas.read_csv`, all columns as they are"),
)
BY_NAME = {format.name: format for format in FORMATS}


# What the children do


def peak() -> float:
    """Return the most memory that this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3  # Linux counts in KB


def count(format: Format, scale: float) -> int:
    """Return how many articles of a format are written."""
    return max(1, round(format.n * scale))


def build(folder: Path, scale: float) -> dict[str, float]:
    """Write all formats, each into a folder of its own."""
    articles = articles_of(max(count(format, scale) for format in FORMATS))
    for format in FORMATS:
        (folder / format.name).mkdir()
        format.write(articles[: count(format, scale)], folder / format.name)
    return {}


def measured(read: Callable[[], Any]) -> tuple[dict[str, float], Any]:
    """Return the median time of three reads and the peak of the first, and what was read."""
    found, seconds, result = {"before": peak()}, [], None
    for _ in range(RUNS):
        result = None  # the last one's memory is free before the next begins
        begun = time.perf_counter()
        result = read()
        seconds.append(time.perf_counter() - begun)
        found.setdefault("peak", peak())
    return {**found, "seconds": statistics.median(seconds)}, result


def ours(format: Format, folder: Path, scale: float) -> dict[str, float]:
    """Read a format with the toolkit and make sure that all of it came back."""
    from toolkit.corpora import read_articles

    found, table = measured(lambda: read_articles(folder / format.name))
    n, dated = count(format, scale), bool(table["date"].notna().all())
    if len(table) != n or set(table["format"]) != {format.name} or not dated:
        raise SystemExit(
            f"{format.name}: of {n} articles {len(table)} read, as {set(table['format'])}; dated: {dated}."
        )
    texts = table["text"].dropna() if "text" in table else []
    return {**found, "text": sum(len(text.encode()) for text in texts) / 1e6}


def theirs(format: Format, folder: Path, scale: float) -> dict[str, float]:
    """Read a format with what one would use instead."""
    assert format.instead
    if "pandas" in format.called:
        import pandas  # noqa: F401 - what is there before the first read
    instead = format.instead
    found, result = measured(lambda: instead(folder / format.name))
    if len(result) != count(format, scale):
        raise SystemExit(f"{format.called}: {len(result)} of {count(format, scale)} {format.name} read.")
    return found


def child(step: str, folder: Path, scale: float, format: str = "csv") -> dict[str, float]:
    """Run one step in a process of its own."""
    command = [sys.executable, __file__, "--step", step, "--folder", str(folder), "--scale", str(scale)]
    done = subprocess.run([*command, "--format", format], stdout=subprocess.PIPE, check=True, text=True)
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


# The page


def duration(seconds: float) -> str:
    """Write a time with two or three digits."""
    return f"{seconds * 1e3:.3g} ms" if seconds < 0.9995 else f"{seconds:.3g} s"


def digits(number: float) -> str:
    """Write a number with two digits, or all those before the point."""
    return f"{number:.0f}" if number >= 9.95 else f"{number:.1f}" if number >= 0.95 else f"{number:.2f}"


def laid_out(scale: float, load: float, sizes: dict[str, float], our: dict[str, Any], their: dict[str, Any]) -> str:
    """Lay out what was measured."""
    rows, beside = [], []
    for format in FORMATS:
        n, found = count(format, scale), our[format.name]
        rows.append(
            f"| {format.name} | {n:,}, {format.made_of} | {digits(sizes[format.name])} | {digits(found['text'])} | "
            f"{duration(found['seconds'])} | {digits(sizes[format.name] / found['seconds'])} | "
            f"{n / found['seconds']:,.0f} | {found['peak']:.0f} MB | {found['before']:.0f} MB |"
        )
        if other := their.get(format.name):
            beside.append(
                f"| {format.name} | {duration(found['seconds'])} | {duration(other['seconds'])} | "
                f"{digits(found['seconds'] / other['seconds'])} | {found['peak']:.0f} MB | {other['peak']:.0f} MB | "
                f"{format.called} |"
            )
    ours_table, beside_table = "\n".join(rows), "\n".join(beside)
    return f"""# Speed of reading

`toolkit.read_articles` on files of invented words, about 480 an article; 2 cores, no GPU; one process at a time. Made by
`python tests/benchmarks/formats.py --scale {scale:g}`: medians of {RUNS} reads of files that are in the system's cache, the
libraries that a reader needs being loaded. Ratios hold from machine to machine better than times. The load average just before
was {load:.1f} (0 is an idle machine; from 2 on, times are too long and may be uneven).

## By format

| format | articles | MB | MB of text | time | MB a second | articles a second | peak memory | of it before |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
{ours_table}

MB are those on disk; parquet, excel, nexis_docx and warc (.warc.gz) are compressed. A page here has 4 KB of text in 11 KB,
less around it than most have. The text of csl_json is the abstract; gdelt_gkg has none. The slow formats have fewer articles. Peak
memory is that of the process in the first read, the table of articles included; "before" is what Python, pandas and the toolkit
take without a file.

## Beside what one would use instead

| format | toolkit | instead | times as long | peak memory | instead | what instead |
| --- | ---: | ---: | ---: | ---: | ---: | --- |
{beside_table}

The alternatives do less: they leave columns as they are named and dates as they are printed, part no export into articles
(python-docx), recognise no format and keep no account of what could not be read.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the reading of each format and write formats.md.")
    parser.add_argument("--scale", type=float, default=1.0, help="times the usual number of articles")
    parser.add_argument("--step", choices=("build", "ours", "theirs"), help=argparse.SUPPRESS)
    parser.add_argument("--format", choices=BY_NAME, default="csv", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        format = BY_NAME[given.format]
        step = {"ours": ours, "theirs": theirs}.get(given.step)
        print(json.dumps(step(format, given.folder, given.scale) if step else build(given.folder, given.scale)))
        return
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        child("build", folder, given.scale)
        sizes = {f.name: sum(p.stat().st_size for p in (folder / f.name).iterdir()) / 1e6 for f in FORMATS}
        our, their = {}, {}
        for format in FORMATS:
            our[format.name] = child("ours", folder, given.scale, format.name)
            if format.instead:
                their[format.name] = child("theirs", folder, given.scale, format.name)
    result = laid_out(given.scale, load, sizes, our, their)
    beside = PAGE.with_suffix(".tmp")
    beside.write_text(result, encoding="utf-8")
    os.replace(beside, PAGE)
    print(result)


if __name__ == "__main__":
    main()
