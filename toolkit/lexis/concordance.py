"""Own the concordance: terms in the words around them, as a table and as lines to read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.deprecation import old_parameters
from toolkit.recipes import recorded, state
from toolkit.tables import FramingError, not_found, pick, require
from toolkit.tables.checks import check_at_least, check_frame
from toolkit.text.matches import AnyTerms, Matches, match
from toolkit.text.sentences import unit_spans
from toolkit.text.terms import Terms
from toolkit.text.tokens import Tokens, as_tokens
from toolkit.text.windows import Window, check_window

Places = NDArray[np.int64]

_END = np.iinfo(np.int32).max  # of a slice: the end of the text


@old_parameters(tokens="corpus")
@recorded(packages=("pandas", "numpy", "simplemma"))
def kwic(
    corpus: Tokens | pd.DataFrame,
    terms: AnyTerms,
    *,
    window: Window = 8,
    sort: str | Sequence[str] | None = None,
    n: int | None = None,
    by: str | Sequence[str] = (),
    seed: int = 0,
    language: str | None = None,
) -> pd.DataFrame:
    """Show each occurrence of terms between the words before and after it (key word in context).

    Parameters
    ----------
    corpus : Tokens or DataFrame
        The articles, or their index. Articles are tokenised once and remembered while Python runs.
    terms : Terms, dict, list or str
        What to look for.
    window : int, (int, int), "sentence" or "paragraph", keyword-only
        Words on each side, or words before and after, such as (0, 5); or the sentence or the paragraph (between line breaks)
        that holds the occurrence. A line never leaves its field.
    sort : str or list of str, optional, keyword-only
        What to order lines by, the first first: "L1" is the first word to the left, "R2" the second to the right, and so on;
        or columns, such as "date", "source", "keyword", or another of the articles. Without it, and between equals, lines stand in
        the order of the corpus.
    n : int, optional, keyword-only
        Draw this many lines at random; all where there are fewer.
    by : str or list of str, keyword-only
        Columns (of this table or of the articles): draw `n` lines in each combination of their values that occurs, missing
        ones too.
    seed : int, keyword-only
        Of that draw.
    language : str, optional, keyword-only
        For sentences: a code such as "en", for all articles, or the column that has the codes. By default the column `language`
        where there is one, else "en".

    Returns
    -------
    DataFrame
        Concordance: one row per occurrence with `doc_id` (quanteda's docname), `from`, `to` (words within the field, from 0, inclusive; quanteda
        counts from 1), `pre`, `keyword`, `post` (as printed, with punctuation; line breaks are spaces), `pattern`, `term`,
        `field`, and `source`, `date` and `url` where the articles have them.

    Raises
    ------
    FramingError
        If a window, a number or a column is none, or `by` is given without `n`.

    Warns
    -----
    FramingWarning
        For each pattern that matches nothing.

    See Also
    --------
    show_lines : the same to read, with the keywords below each other.

    Notes
    -----
    Sorting folds words as looking up does (capitals, kinds of apostrophe), and takes letters with accents for those without; a
    side that ends before the wanted word comes first, a missing value last.

    Each line has the same chance to be drawn as the others of its group, whatever article it stands in, so that articles with many
    occurrences are drawn more often. Lines of a draw with `by` stand for their group, not for the corpus: small groups
    have more than their share.

    Overlapping occurrences of one term are one line (quanteda gives each of them); different terms have a line each. `pattern` is the
    pattern and `term` its name (for quanteda's dictionaries `pattern` is the name).

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({"doc_id": ["a"], "text": ["They call it a “reset”, again. No reset is one."]})
    >>> tokens = tk.tokenize(articles)
    >>> tk.kwic(tokens, "reset", window=2)[["pre", "keyword", "post"]].loc[0].tolist()
    ['it a “', 'reset', '”, again. No ']
    >>> tk.kwic(tokens, "reset", window="sentence", sort="L1")[["pre", "keyword", "post"]].values.tolist()
    [['They call it a “', 'reset', '”, again.'], ['No ', 'reset', ' is one.']]
    """
    window = check_window(window)
    keys = [sort] if isinstance(sort, str) else list(sort or ())
    strata = [by] if isinstance(by, str) else list(by)
    _check_draw(n, strata)

    tokens = as_tokens(corpus)
    wanted = Terms(terms)
    found = match(tokens, wanted)
    n_found = len(found.first)
    if n is not None:
        about = _columns(tokens, wanted, found, strata, "column")
        found = Matches(*(part[_drawn(about, n_found, n, seed)] for part in found))

    place = tokens.fields_at(found.first)
    begins, ends = tokens.offsets[place], tokens.offsets[place + 1]
    start, end = tokens.starts[found.first].astype(np.int64), tokens.ends_at(found.last)
    if isinstance(window, str):
        low, high = unit_spans(tokens, found.first, found.last, window, language)
    else:
        left, right = window if isinstance(window, tuple) else (window, window)
        before, after = np.maximum(found.first - left, begins), np.minimum(found.last + right, ends - 1)
        # a line from the start of its field has the field's first marks too; elsewhere one more character: a closing mark or space
        low = np.where(before == begins, 0, tokens.starts[before])
        high = np.where(after == ends - 1, _END, tokens.ends_at(after) + 1)
        low, high = (start if left == 0 else low), (end if right == 0 else high)

    pre, keyword, post = _cut(tokens, place, low, start, end, high)
    table = pd.DataFrame(
        {
            **_columns(tokens, wanted, found, ["doc_id"]),
            "from": found.first - begins,
            "to": found.last - begins,
            "pre": pre,
            "keyword": keyword,
            "post": post,
            **_columns(tokens, wanted, found, ["pattern", "term", "field"]),
            **_columns(tokens, wanted, found, [c for c in ("source", "date", "url") if c in tokens.articles.columns]),
        }
    )
    if keys:
        table = table.iloc[_sorted(tokens, wanted, found, table, keys)].reset_index(drop=True)

    state(table, tokens.corpus, terms=wanted.as_dict(), window=window, sort=keys, by=strata, n_found=n_found)
    return table


def _check_draw(n: Any, by: list[str]) -> None:
    if n is None and by:
        raise FramingError(
            f"by={by!r} says in which groups lines are drawn, and n how many in each: give n, too. "
            "To order lines by a column, sort by it."
        )
    check_at_least("n", n, 0, "a number of lines", optional=True)


def _columns(tokens: Tokens, terms: Terms, found: Matches, names: list[str], what: str = "") -> dict[str, Any]:
    """Return columns of the lines, be they the table's own or those of the articles."""
    place = tokens.fields_at(found.first)
    article = place // len(tokens.fields)
    columns: dict[str, Any] = {}
    for name in names:
        if name == "doc_id":
            columns[name] = tokens.articles["doc_id"].array.take(article)
        elif name == "term":
            columns[name] = pick(terms, found.term)
        elif name == "pattern":
            columns[name] = pick((p.text for group in terms.values() for p in group), found.pattern)
        elif name == "field":
            columns[name] = pick(tokens.fields, place % len(tokens.fields))
        elif name in tokens.articles.columns:
            columns[name] = tokens.articles[name].array.take(article)
        else:
            own = ("doc_id", "term", "pattern", "field")
            raise not_found(what, name, list(dict.fromkeys([*own, *map(str, tokens.articles.columns)])))
    return columns


def _drawn(columns: dict[str, Any], size: int, n: int, seed: int) -> Places:
    """Return which lines are drawn, in order: n at random of each combination of the columns' values."""
    group = np.zeros(size, dtype=np.int64)
    for values in columns.values():
        code, known = pd.factorize(pd.Series(values), use_na_sentinel=False)
        group = pd.factorize(group * max(len(known), 1) + code)[0]
    order = np.lexsort((np.random.default_rng(seed).random(size), group))  # groups together, each shuffled
    first = np.searchsorted(group[order], group[order])
    return np.sort(order[np.arange(size) - first < n])


def _cut(tokens: Tokens, place: Places, low: Places, start: Places, end: Places, high: Places) -> list[Any]:
    """Return the text before each occurrence, the occurrence, and the text after it, as columns."""
    texts = [tokens.texts(name) for name in tokens.fields]
    article, field = place // len(texts), place % len(texts)
    places = zip(*(part.tolist() for part in (field, article, low, high)), strict=True)
    lines = [texts[f][a][first:last] for f, a, first, last in places]  # each text is reached for once: that is the cost
    cuts = list(zip(lines, (start - low).tolist(), (end - low).tolist(), strict=True))
    parts = ([line[:a] for line, a, _ in cuts], [line[a:b] for line, a, b in cuts], [line[b:] for line, _, b in cuts])
    return [_as_column(part) for part in parts]


def _as_column(parts: list[str]) -> Any:
    """Make a column of strings; line breaks and tabs become spaces, so that a line of the concordance is one line."""
    joined = "\0".join(parts)
    for mark in "\n\r\t\v\f\x85\u2028\u2029":
        if mark in joined:
            joined = joined.replace(mark, " ")
    whole = joined.split("\0")
    if len(whole) != len(parts):  # a text with NUL
        whole = [" ".join(part.replace("\0", " ").splitlines()).replace("\t", " ") for part in parts]
    try:
        return pd.array(whole, dtype="str")
    except UnicodeEncodeError:  # half a surrogate pair, which a column of strings cannot hold
        return pd.array([part.encode("utf-8", "replace").decode() for part in whole], dtype="str")


def _sorted(tokens: Tokens, terms: Terms, found: Matches, table: pd.DataFrame, keys: list[str]) -> Places:
    """Return the order of lines by words to the left or right and by columns."""
    place = tokens.fields_at(found.first)
    sorts: dict[str, Any] = {}
    for key in keys:
        side = re.fullmatch(r"([LR])([1-9][0-9]{0,3})", key)
        if side:
            step = int(side[2])
            at = found.first - step if side[1] == "L" else found.last + step
            inside = (tokens.offsets[place] <= at) & (at < tokens.offsets[place + 1])
            sorts[key] = _ranks(tokens, np.where(inside, at, -1))
            continue
        values = table[key] if key in table.columns else None
        if values is None:
            values = pd.Series(_columns(tokens, terms, found, [key], "place (L1, R1, ...) or column to sort by")[key])
        sorts[key] = values.str.casefold() if pd.api.types.is_string_dtype(values.dtype) else values
    frame = pd.DataFrame(sorts)
    return frame.sort_values(list(sorts), kind="stable").index.to_numpy()


def _ranks(tokens: Tokens, positions: Places) -> Places:
    """Return the place of each word in the alphabet of these words; one that is not there (-1) comes first."""
    ranks = np.zeros(len(positions), dtype=np.int64)
    there = positions >= 0
    keys, key_of_form = tokens.vocabulary.keys()
    key, which = np.unique(key_of_form[tokens.codes[positions[there]]], return_inverse=True)
    words = [(_bare(word), word) for word in keys.take(key).to_pylist()]
    rank = np.empty(len(words), dtype=np.int64)
    rank[sorted(range(len(words)), key=words.__getitem__)] = np.arange(1, len(words) + 1)
    ranks[there] = rank[which]
    return ranks


def _bare(word: str) -> str:
    """Return a word without its accents, so that é stands by e."""
    if word.isascii():
        return word
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


@dataclass(frozen=True, eq=False)
class Lines:
    """The lines of a concordance to read, as `show_lines` makes them: a table in a notebook, aligned text elsewhere.

    Attributes
    ----------
    table : DataFrame
        The lines that are shown.
    said : str
        How many lines are shown of how many.
    """

    table: pd.DataFrame
    said: str

    def __repr__(self) -> str:
        rows = [(where, *(_printable(part) for part in parts)) for where, _, _, *parts in _read(self.table)]
        width = max((len(where) for where, *_ in rows), default=0)
        middle = max((len(keyword) for _, _, keyword, _ in rows), default=0)
        lines = [
            f"{where:{width}}  {pre[-_SIDE:]:>{_SIDE}}[{keyword}]{' ' * (middle - len(keyword))}{post[:_SIDE]}".rstrip()
            for where, pre, keyword, post in rows
        ]
        return "\n".join([*lines, self.said])

    def _repr_html_(self) -> str:
        rows = "".join(_row(*line) for line in _read(self.table))
        return (
            f'<div style="overflow-x: auto"><table style="border-collapse: collapse; width: 100%; table-layout: auto">'
            f"{rows}</table><p>{escape(self.said)}</p></div>"
        )


_WHERE = 40  # characters of a source's name
_SIDE = 50  # characters of each side in plain text
_MOST = 400  # and in a notebook: a sentence is whole, a paragraph is cut
_CELL = "padding: .2em .4em; vertical-align: baseline; background: none; border-top: 1px solid rgba(128, 128, 128, .3)"
_LINK = re.compile(r"https?://[^\s\x00-\x20\x7f-\x9f<>\"\\]+", re.IGNORECASE)


def show_lines(concordance: pd.DataFrame, *, n: int = 50) -> Lines:
    """Lay out the lines of a concordance to be read: keywords below each other, each line with its source and date.

    Parameters
    ----------
    concordance : DataFrame
        What `kwic` gives, or a selection of its rows.
    n : int, keyword-only
        How many lines are shown, from the first on.

    Returns
    -------
    Lines
        Shown as a table where HTML is (in a notebook), else as text. Source and date (or the doc_id) of a line lead to its
        article where `url` is a web address. A last sentence says how many lines are shown. Text longer than 400 characters on
        a side is cut, with an ellipsis. A line that is mostly written from right to left is laid out
        so.

    Raises
    ------
    FramingError
        If the table has not the columns of a concordance, or `n` is no number of lines.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "text": ["A reset button.", "Call it a reset."]})
    >>> tk.show_lines(tk.kwic(tk.tokenize(articles), "reset"))
    a                                                  A [reset] button.
    b                                          Call it a [reset].
    All 2 lines.
    """
    check_frame(concordance, "concordance lines", made_by="tk.kwic")
    require(concordance, ("doc_id", "pre", "keyword", "post"), "concordance lines")
    _check_draw(n, [])
    settings = concordance.attrs.get("recipe", {}).get("settings", {})
    total, shown = len(concordance), min(n, len(concordance))
    in_corpus = settings.get("n_found", total)

    whole = "All " if in_corpus <= total else ""
    said = f"{whole}{total:,} lines" if shown == total else f"The first {shown:,} of {total:,} lines"
    said = {0: "No line", 1: "One line"}.get(total, said) if shown == total else said
    said += f"; the corpus has {in_corpus:,}." if total < in_corpus else "."
    return Lines(concordance.head(n), said)


def _read(table: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return where each line is from, its article and address, and its three parts."""
    rows: list[tuple[str, ...]] = []
    for row in table.to_dict("records"):
        text = {name: "" if pd.isna(value) else str(value) for name, value in row.items() if np.ndim(value) == 0}
        date = row["date"].strftime("%Y-%m-%d") if text.get("date") and hasattr(row["date"], "strftime") else ""
        where = " ".join(part for part in (text.get("source", "")[:_WHERE], date) if part) or text["doc_id"]
        rows.append((where, text["doc_id"], text.get("url", "").strip(), text["pre"], text["keyword"], text["post"]))
    return rows


def _row(where: str, doc_id: str, url: str, pre: str, keyword: str, post: str) -> str:
    if len(pre) > _MOST:
        pre = "… " + pre[-_MOST:].partition(" ")[2]
    if len(post) > _MOST:
        post = post[:_MOST].rpartition(" ")[0] + " …"
    label = escape(where)
    if _LINK.fullmatch(url):
        label = f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{label}</a>'
    letters = [unicodedata.bidirectional(c) for c in pre + keyword + post]
    rtl = letters.count("R") + letters.count("AL") > letters.count("L")
    way, left, right = ("rtl", post, pre) if rtl else ("auto", pre, post)
    # a cell's baseline is that of its first line, but a block's in it that of its last: the keyword goes on from where `pre` ends
    first, last = ("inline", "inline-block") if rtl else ("inline-block", "inline")
    return (
        f'<tr><td dir="auto" title="{escape(doc_id)}" style="{_CELL}; text-align: left; white-space: nowrap">{label}</td>'
        f'<td dir="{way}" style="{_CELL}; text-align: right; width: 45%">'
        f'<span style="display: {first}">{escape(left)}</span></td>'
        f'<td dir="{way}" style="{_CELL}; text-align: center; white-space: nowrap"><b>{escape(keyword)}</b></td>'
        f'<td dir="{way}" style="{_CELL}; text-align: left; width: 45%">'
        f'<span style="display: {last}">{escape(right)}</span></td></tr>'
    )


def _printable(text: str) -> str:
    """Put a space for each character that would steer a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)
