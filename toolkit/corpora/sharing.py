"""Own sharing without the text: a folder of identifiers, hashes, offsets and codes, and the way back for those who have the archive."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pandas as pd

from toolkit.corpora.cleaning import apply_cuts, read_cuts
from toolkit.corpora.history import describe_corpus, with_step
from toolkit.deprecation import old_name
from toolkit.disclosure import paths_shortened
from toolkit.files import replacing
from toolkit.recipes import plain, version
from toolkit.tables import FramingError, check_articles, listed, require, warn_user
from toolkit.tables.checks import check_frame

MANIFEST = "shared.json"
FORMAT = 1
WITHHELD = frozenset(
    "title standfirst text text_raw author byline abstract snippet highlight correction caption description body file place".split()
)
REMADE = ("form", "pre", "keyword", "post", "text")
EXACT = ("title", "standfirst", "text", "text_raw")  # fields that offsets count the characters of
GONE = "not in the archive"
LONG = 6  # words; a column with a longer value is taken for text
_MISSING = r"\N"  # in a CSV, where nothing between two commas is the empty text
_SPACE = re.compile(r"\s+")


def share_corpus(
    articles: pd.DataFrame,
    path: str | Path,
    *,
    keep: Iterable[str] = (),
    withhold: Iterable[str] = (),
    file_format: Literal["parquet", "csv"] = "parquet",
    **tables: pd.DataFrame,
) -> Path:
    """Write what may be passed on: identifiers, hashes, offsets and codes, but no text.

    Parameters
    ----------
    articles : DataFrame
        Articles, with `doc_id` and `text`.
    path : str or Path
        The folder to write. A folder that `share_corpus` wrote before is replaced; any other must be empty or new.
    keep : list of str, optional, keyword-only
        Columns to write unchanged although they look like text. Never title, standfirst, text or text_raw.
    withhold : list of str, optional, keyword-only
        More columns to withhold, in all tables (the names of coders, say).
    file_format : {"parquet", "csv"}, keyword-only
        The format of the tables.
    **tables : DataFrame
        Results to share with the articles, by name: `hits=tk.find(...)`, `codes=...`. Each needs a column `doc_id`. Columns with words from
        the articles (`form`, `keyword`, `pre`, `post`, and the `text` of contexts) are written as offsets.

    Returns
    -------
    Path
        The folder. It holds `articles` and the other tables, and `shared.json`, which says what was withheld and how the hashes were made.

    Raises
    ------
    FramingError
        If the folder holds something else, or a table has no `doc_id` or one that is not among the articles.

    Warns
    -----
    FramingWarning
        If words in a table do not stand where its offsets say. They are left out, and missing after `rejoin_corpus`.

    See Also
    --------
    rejoin_corpus : Put shared tables and an archive together again.
    load_labels : Read the codes that are shipped with a corpus.

    Notes
    -----
    Title, standfirst, text, author, file names and the like are withheld, and so is every column with a value of more than six words. Each is
    replaced by `<column>_hash`: BLAKE2b (128 bits) of the value in Unicode NFC, with runs of white space as one space. The hashes have no salt, so
    that they fit for everybody who has the same archive.

    **This makes nobody anonymous.** Whoever has the archive, or can search it, can find each article. The hash of a short value, such as an author or
    a title, can be found by trying likely ones; doc_id and url often hold the words of the title. Replace them first where that matters.
    The counts and codes of an article can tell as much as its text.

    Examples
    --------
    >>> import tempfile
    >>> articles = pd.DataFrame({"doc_id": ["a"], "source": ["Courier"], "text": ["A reset."]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     shared = share_corpus(articles, Path(folder) / "reset")
    ...     back, problems = rejoin_corpus(shared, articles)
    >>> back.equals(articles), len(problems)
    (True, 0)
    """
    articles = check_articles(articles)
    if file_format not in ("parquet", "csv"):
        raise FramingError(f"file_format is parquet or csv; this is {file_format!r}.")
    kept, more = set(keep), set(withhold)
    if hard := sorted(kept & set(EXACT)):
        raise FramingError(f"{listed(hard)} cannot be kept: share_corpus writes no text.")
    folder = Path(path)
    _check_free(folder)

    columns = list(map(str, articles.columns))
    hidden = {c for c in columns if c not in kept and (c in WITHHELD or _looks_like_text(articles, c))}
    hidden = (hidden | (more & set(columns))) - {"doc_id"}

    written = {"articles": _hashed(articles, hidden)}
    about: dict[str, Any] = {
        "articles": {"columns": columns, "withheld": sorted(hidden), "remade": [], "lost": 0},
    }
    _check_names(tables)
    for name, table in tables.items():
        written[name], about[name] = _without_words(name, table, articles, kept, more, hidden)
    for name, table in written.items():
        about[name]["types"] = {str(column): str(kind) for column, kind in table.dtypes.items()}

    manifest = {
        "format": FORMAT,
        "made_with": {"framing-toolkit": version("framing-toolkit")},
        "hash": "BLAKE2b, 16 bytes, of the value in UTF-8, Unicode NFC, runs of white space as one space; no salt",
        "corpus": describe_corpus(articles) | {"name": _plain(articles.attrs.get("corpus"))},
        "file_format": file_format,
        "tables": about,
    }
    manifest["corpus"] = paths_shortened(plain(manifest["corpus"]))
    text = json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True)

    with replacing(folder) as beside:
        beside.mkdir()
        for name, table in written.items():
            _write(table, beside / f"{name}.{file_format}")
        (beside / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return folder


def rejoin_corpus(path: str | Path, articles: pd.DataFrame) -> tuple[Any, pd.DataFrame]:
    """Rebuild shared tables from the archive that they were made of, and list what does not match.

    Parameters
    ----------
    path : str or Path
        The folder that `share_corpus` wrote.
    articles : DataFrame
        The archive: articles with `doc_id` and the columns that were withheld. It may hold more than was shared.

    Returns
    -------
    tables : DataFrame or dict of DataFrame
        The articles as they were shared, with their texts; a dict of all tables by name if others were shared with them. Where the archive does
        not match, the withheld value is missing, and so are the words that were found in it.
    problems : DataFrame
        What does not match: `doc_id`, `column`, and `problem`: "not in the archive", "no such column in the archive", "differs", or "differs in
        white space or the spelling of accents" (the text is put back, but offsets do not hold in it). No rows if everything matches.

    Raises
    ------
    FramingError
        If there is no such folder, `share_corpus` did not write it, or one of its tables is gone.

    See Also
    --------
    share_corpus : Write such a folder.

    Examples
    --------
    >>> import tempfile
    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "text": ["A reset.", "A ban."]})
    >>> other = pd.DataFrame({"doc_id": ["a", "c"], "text": ["A RESET.", "A wall."]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     back, problems = rejoin_corpus(share_corpus(articles, Path(folder) / "x"), other)
    >>> problems
      doc_id column             problem
    0      a   text             differs
    1      b   <NA>  not in the archive
    """
    folder = Path(path)
    manifest = _read_manifest(folder)
    articles = check_articles(articles, wanted=("doc_id",))
    suffix, about = manifest["file_format"], manifest["tables"]

    archive = articles.set_index(articles["doc_id"].astype(str))
    shared = _read(folder, "articles", suffix, about["articles"])
    if "cuts" in shared.columns:
        archive = _with_cuts(archive, shared, about["articles"]["withheld"])
    matched = _matched(shared, archive, about["articles"]["withheld"])

    tables: dict[str, pd.DataFrame] = {}
    for name, shape in about.items():
        table = shared if name == "articles" else _read(folder, name, suffix, shape)
        tables[name] = _with_words(table, shape, matched)
    corpus = manifest["corpus"]["name"]
    tables["articles"].attrs = {"corpus": corpus} if corpus else {}
    tables["articles"] = with_step(tables["articles"], "rejoin", manifest["corpus"].get("steps", ()))

    # In the order of the articles; what concerns a whole column comes first.
    order = {name: place for place, name in enumerate(shared["doc_id"].astype(str))}
    problems = sorted(matched.problems, key=lambda p: (-1 if p[0] is None else order[p[0]], p[1] or ""))
    report = pd.DataFrame(
        {
            label: pd.array([p[place] for p in problems], dtype="string" if label == "column" else "str")
            for place, label in enumerate(("doc_id", "column", "problem"))
        }
    )
    return (tables["articles"] if len(tables) == 1 else tables), report


share = old_name("share", "share_corpus", share_corpus)
rejoin = old_name("rejoin", "rejoin_corpus", rejoin_corpus)


def hash_of(value: Any) -> str | None:
    """Return the hash that stands in place of a value, or None where it is missing.

    Examples
    --------
    >>> hash_of("A  reset.\\n") == hash_of("A reset.")
    True
    >>> hash_of("A reset.")
    'f98295289ecf7133a1e47396660968d8'
    """
    if value is None or pd.isna(value):
        return None
    text = _SPACE.sub(" ", unicodedata.normalize("NFC", str(value))).strip()
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _exact(value: Any) -> str | None:
    """Return a hash that white space and the spelling of accents count in, since offsets count them."""
    if value is None or pd.isna(value):
        return None
    return blake2b(str(value).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


# Taking the text out


def _looks_like_text(table: pd.DataFrame, column: str) -> bool:
    values = table[column]
    if not (pd.api.types.is_string_dtype(values) or pd.api.types.is_object_dtype(values)):
        return False
    return bool((values.dropna().astype(str).str.count(r"\s+") >= LONG).any())


def _hashed(table: pd.DataFrame, columns: set[str]) -> pd.DataFrame:
    """Put hashes in place of these columns."""
    out = table.reset_index(drop=True)
    for column in sorted(columns):
        values = table[column].tolist()
        out[f"{column}_hash"] = pd.array([hash_of(value) for value in values], dtype="str")
        if column in EXACT:
            out[f"{column}_exact"] = pd.array([_exact(value) for value in values], dtype="str")
    return out.drop(columns=list(columns))


def _check_names(tables: Mapping[str, Any]) -> None:
    """Raise where two tables would share a file on systems that see no difference between capitals or composed accents."""
    files: dict[str, str] = {"articles": "articles"}
    for name, table in tables.items():
        check_frame(table, name)
        file = unicodedata.normalize("NFC", name).casefold()
        if file in files or file in _RESERVED:
            other = f"as the table {files[file]}" if file in files else "as a device of some systems"
            raise FramingError(f"The table {name!r} would have the same file {other}. Give it another name.")
        files[file] = name


_RESERVED = frozenset(["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))])


def _key(table: pd.DataFrame) -> str:
    """Return the column that names articles; older concordances call it docname."""
    return "docname" if "docname" in table.columns else "doc_id"


def _without_words(
    name: str, table: pd.DataFrame, articles: pd.DataFrame, kept: set[str], more: set[str], hidden: set[str]
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return a table with offsets in place of words and hashes in place of text, and what the manifest says of it."""
    if not name.isidentifier() or name == "articles":
        raise FramingError(f"A table's name is letters, digits and underscores, and not articles; this is {name!r}.")
    key = _key(table)
    require(table, [key], name)
    strange = table[key][~table[key].isin(articles["doc_id"])]
    if len(strange):
        raise FramingError(
            f"{len(strange):,} rows of {name} name articles that are not there, for example {strange.iloc[0]!r}. "
            "Share the articles that the table was made of."
        )

    # Words that stand in a field: those of hits and concordances, which have "from", and the passages of contexts.
    columns = list(map(str, table.columns))
    remade = [c for c in columns if c in (REMADE if "from" in columns else ("text",)) and c not in kept]
    withheld = {
        c
        for c in columns
        if c not in {*remade, *kept, key} and (c in hidden or c in WITHHELD or c in more or _looks_like_text(table, c))
    }
    out = _hashed(table, withheld)

    fields = set(table["field"].unique() if "field" in columns else ["text"]) & hidden
    texts = {
        field: dict(zip(articles["doc_id"].tolist(), articles[field].fillna("").astype(str).tolist(), strict=True))
        for field in fields
    }
    rows: list[dict[str, Any]] = [dict(zip(columns, row)) for row in table.itertuples(index=False, name=None)]
    lost = 0
    for column in remade:
        places = []
        for row in rows:
            source = texts.get(row.get("field", "text"), {}).get(row[key], "")
            place = None if pd.isna(row[column]) else _located(str(row[column]), column, row, source)
            lost += place is None and not pd.isna(row[column])
            places.append(place)
        out[f"{column}_at"] = pd.array(places, dtype="str")

    if lost:
        warn_user(
            f"Some words in {name} do not stand in the articles where the offsets say, because they are masked or come from another version "
            f"of the texts. They are left out, and missing after rejoin_corpus: {lost:,} of {len(rows) * len(remade):,}."
        )
    about = {"columns": columns, "withheld": sorted(withheld), "remade": remade, "lost": int(lost)}
    return out.drop(columns=remade), about


_LINE_BREAKS = str.maketrans(dict.fromkeys("\n\r\t\v\f\u2028\u2029", " "))


def _located(value: str, column: str, row: Mapping[str, Any], source: str) -> str | None:
    """Return where a value stands in its field: "=" and a span, "_" and a span of the text on one line, or "l" and the spans of words."""
    begins, ends = row.get("start"), row.get("end")
    start, end = (-1, -1) if begins is None or ends is None else (int(begins), int(ends))
    if column == "form":
        if start < 0:
            return None
        spans, at = [], start
        for word in value.split(" "):
            at = source.lower().find(word, at) if len(source.lower()) == len(source) else _find(source, word, at, end)
            if at < 0 or at + len(word) > end:
                return None
            spans.append(f"{at}-{at + len(word)}")
            at += len(word)
        place = "l" + ",".join(spans)
    elif column == "text" and start >= 0 and source[start:end] == value:
        place = f"={start}-{end}"
    elif {"pre", "keyword", "post"} <= row.keys():
        whole = "".join(str(row[part]) for part in ("pre", "keyword", "post"))
        at = source.translate(_LINE_BREAKS).find(whole)
        if at < 0:
            return None
        at += {"pre": 0, "keyword": len(str(row["pre"]))}.get(column, len(str(row["pre"])) + len(str(row["keyword"])))
        place = f"_{at}-{at + len(value)}"
    else:
        at = source.find(value)
        if at < 0:
            return None
        place = f"={at}-{at + len(value)}"
    return place if _remade(place, source) == value else None


def _find(source: str, word: str, at: int, end: int) -> int:
    """Find a word in lower case where lower case has another length (İ has two characters then)."""
    return next((i for i in range(at, end) if source[i : i + len(word)].lower() == word), -1)


def _remade(place: str, source: str) -> str:
    spans = [tuple(map(int, span.split("-"))) for span in place[1:].split(",")]
    parts = [source[start:end] for start, end in spans]
    if place[0] == "l":
        return " ".join(part.lower() for part in parts)
    return parts[0].translate(_LINE_BREAKS) if place[0] == "_" else parts[0]


# Putting it back


class _Matched(NamedTuple):
    """What an archive has of what was withheld: values by column and doc_id, those in which offsets hold, and what does not match."""

    values: dict[str, dict[str, str]]
    exact: dict[str, dict[str, str]]
    problems: list[tuple[str | None, str | None, str]]


def _matched(shared: pd.DataFrame, archive: pd.DataFrame, withheld: list[str]) -> _Matched:
    """Compare the hashes that were shared with the values in the archive."""
    names = shared["doc_id"].astype(str)
    missing = ~names.isin(archive.index)
    wanted = shared[~missing]
    matched = _Matched({}, {}, [(name, None, GONE) for name in names[missing]])

    for column in withheld:
        values, exact = matched.values.setdefault(column, {}), matched.exact.setdefault(column, {})
        if column not in archive.columns:
            if shared[f"{column}_hash"].notna().any():
                matched.problems.append((None, column, "no such column in the archive"))
            continue

        there = archive[column].reindex(names[~missing])
        letters = wanted[f"{column}_exact"].tolist() if column in EXACT else [None] * len(there)
        for name, value, hashed, spelled in zip(
            there.index, there.tolist(), wanted[f"{column}_hash"].tolist(), letters, strict=True
        ):
            if hash_of(value) != (None if pd.isna(hashed) else hashed):
                matched.problems.append((name, column, "differs"))
                continue
            values[name] = value

            # Offsets count characters, so for them the spelling has to be the same, too.
            if column in EXACT and not pd.isna(hashed):
                if _exact(value) == spelled:
                    exact[name] = value
                else:
                    matched.problems.append((name, column, "differs in white space or the spelling of accents"))
    return matched


def _with_words(table: pd.DataFrame, shape: dict[str, Any], matched: _Matched) -> pd.DataFrame:
    """Put back what the archive has: the values that were withheld, and the words that offsets point at."""
    out = table.copy()
    names = table[_key(table)].astype(str).tolist()
    fields = table["field"].tolist() if "field" in table.columns else ["text"] * len(table)

    for column in shape["withheld"]:
        values = [matched.values.get(column, {}).get(name) for name in names]
        hashes = table[f"{column}_hash"].tolist()
        fitting = [v if not pd.isna(h) and hash_of(v) == h else None for v, h in zip(values, hashes, strict=True)]
        out[column] = pd.array(fitting, dtype="str")

    for column in shape["remade"]:
        words = []
        for name, field, place in zip(names, fields, table[f"{column}_at"].tolist(), strict=True):
            source = matched.exact.get(field, {}).get(name)
            words.append(None if source is None or pd.isna(place) else _remade(place, str(source)))
        out[column] = pd.array(words, dtype="str")
    return out[shape["columns"]]


def _with_cuts(archive: pd.DataFrame, base: pd.DataFrame, withheld: list[str]) -> pd.DataFrame:
    """Clean an uncleaned archive as the shared articles were, by their cuts."""
    if "text_raw" not in withheld or "text_raw" in archive.columns or "text" not in archive.columns:
        return archive
    cuts = dict(zip(base["doc_id"].astype(str), base["cuts"].fillna(""), strict=True))
    raw = archive["text"].fillna("").astype(str)
    made = []
    for name, text in zip(archive.index, raw.tolist(), strict=True):
        spans = read_cuts(cuts.get(name))
        made.append(apply_cuts(text, cuts[name]) if spans and spans[-1].end <= len(text) else text)
    return archive.assign(text_raw=raw, text=pd.Series(made, index=archive.index, dtype="str"))


# Files


def _check_free(folder: Path) -> None:
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).is_file()):
        raise FramingError(f"{folder} is there and was not written by share_corpus. Name a new folder.")


def _write(table: pd.DataFrame, place: Path) -> None:
    table = table.copy()
    table.attrs = {}  # a Parquet file would carry them along, and they can hold text
    if place.suffix == ".parquet":
        table.to_parquet(place, index=False)
    else:
        table.to_csv(place, index=False, lineterminator="\n", na_rep=_MISSING)


def _read(folder: Path, name: str, suffix: str, about: dict[str, Any]) -> pd.DataFrame:
    place = folder / f"{name}.{suffix}"
    if not place.is_file():
        raise FramingError(f"{place} is gone: {MANIFEST} names it. Get the whole folder again.")
    if suffix == "parquet":
        return pd.read_parquet(place)
    table = pd.read_csv(place, dtype=str, keep_default_na=False, na_values=[_MISSING])
    for column, kind in about["types"].items():
        if kind.startswith("datetime"):
            table[column] = pd.to_datetime(table[column]).astype(kind)
        elif kind in ("bool", "boolean"):
            table[column] = (table[column] == "True").where(table[column].notna()).astype(kind)
        elif kind not in ("str", "object"):
            table[column] = (pd.to_numeric(table[column]) if kind[0] in "fiuIF" else table[column]).astype(kind)
    return table


def _read_manifest(folder: Path) -> dict[str, Any]:
    place = folder / MANIFEST
    if not place.is_file():
        raise FramingError(f"There is no {place}: this is not a folder that share_corpus wrote.")
    try:
        manifest = json.loads(place.read_text(encoding="utf-8"))
        format_, tables = manifest["format"], manifest["tables"]
        whole = all(
            n.isidentifier() and {"columns", "withheld", "remade", "types"} <= t.keys() for n, t in tables.items()
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise FramingError(f"{place} is damaged. Get the whole folder again.") from None
    if format_ != FORMAT:
        raise FramingError(
            f"{place} was written in format {format_}; this version reads {FORMAT}. Use a newer version."
        )
    if not whole or "articles" not in tables or manifest.get("file_format") not in ("parquet", "csv"):
        raise FramingError(f"{place} is damaged. Get the whole folder again.")
    return manifest


def _plain(value: Any) -> str | None:
    return value if isinstance(value, str) and "/" not in value and "\\" not in value else None
