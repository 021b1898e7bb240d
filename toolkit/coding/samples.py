"""Own the drawing of samples for people to code: of what a search found, and of what it left in a wider net."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.recipes import recorded, state
from toolkit.tables import PERIODS, FramingError, columns_and_freq, listed, require, warn_user
from toolkit.tables.checks import check_at_least, check_choice, check_type
from toolkit.text.tokens import Tokens

UNITS = ("hit", "article")
ALLOCATIONS = ("proportional", "equal")
DESIGN = ("retrieved", "stratum", "n_units", "n_drawn", "weight")
"""What the sheet says of how a unit was drawn; a blind sheet has none of it."""

Ints = NDArray[np.int64]
_MARKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


@recorded()
def sample_for_validation(
    hits: pd.DataFrame,
    *,
    wider: Any = None,
    n: int | tuple[int, int] = 200,
    unit: str = "hit",
    by: str | Sequence[str] = (),
    freq: str | None = None,
    allocation: str = "proportional",
    tokens: Tokens | None = None,
    window: int = 25,
    blind: bool = False,
    seed: int = 0,
) -> pd.DataFrame:
    """Draw a sample of what a search found, and of what it left in a wider net, for people to code.

    Parameters
    ----------
    hits : DataFrame
        What the search found, from `tk.find`; each term is a search of its own.
    wider : DataFrame or mask, optional, keyword-only
        The wider net: hits of broader patterns, ``tk.find(tokens, {"wide": ["reset*", "fresh start", "new start"]})``, or, with
        ``unit="article"``, also articles or a mask of the articles of `tokens`. Units in it that are no hits are drawn, so that
        recall can be estimated. If it has the terms of `hits` under the same names, each is the net of that term; otherwise all
        of it is the net of every term.
    n : int or (int, int), keyword-only
        Units of each term drawn from the hits, and as many from the rest of the net; or a number for each. If there are fewer,
        all.
    unit : {"hit", "article"}, keyword-only
        What is coded: each occurrence, to correct hits per million words; or each article, to correct the share of articles. A
        hit of the net that shares characters with a hit of the term counts as found, and so does an article with a hit.
    by : str or list of str, keyword-only
        Columns, such as "source", whose values are strata: each gets two units at least, or all it has.
    freq : {"D", "W", "M", "Q", "Y"}, optional, keyword-only
        Periods that are strata, too.
    allocation : {"proportional", "equal"}, keyword-only
        How n is divided among the strata: by their size, or in equal parts, which suits an error for each stratum.
    tokens : Tokens, optional, keyword-only
        The index, to put the text into the sheet.
    window : int, keyword-only
        Words shown on each side of a hit.
    blind : bool, keyword-only
        Leave out how units were drawn, so that coders do not see which are hits. The same call with ``blind=False`` gives the key
        for `tk.term_error`. The text itself still shows what was found.
    seed : int, keyword-only
        Seed of the draw and of the order of rows.

    Returns
    -------
    DataFrame
        Validation sheet, one row per unit to code, in random order: `unit_id`; `term`; `unit`; `doc_id`; of hits `field`, `start`,
        `end` and `form`; with `tokens` of hits `pre`, `keyword` and `post` (line breaks are spaces), of articles `text`; `source`,
        `date`, `story_id` and the columns of `by` where there are such; then how it was drawn: `retrieved` (whether the search
        found it), `stratum`, `n_units` (in the stratum) and `n_drawn` of them, `weight` (units that it stands for, n_units /
        n_drawn); and, to be filled in, `relevant` (yes or no) and `coder`.

    Raises
    ------
    FramingError
        If there is no hit, a column or choice is unknown, or n is too small for the strata.

    Warns
    -----
    FramingWarning
        If the wider net holds nothing beyond the hits of a term.

    Notes
    -----
    Write the sheet with ``sheet.to_csv("sheet.csv", index=False)`` and read it with ``pd.read_csv("sheet.csv", dtype="str",
    keep_default_na=False)``: every cell comes back as it was written. `tk.term_error` takes either form.

    Units are drawn one by one within a stratum, without regard to stories.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({
    ...     "doc_id": ["a", "b", "c"],
    ...     "text": ["A reset with Moscow.", "A password reset.", "A fresh start with Moscow."],
    ... })
    >>> tokens = tk.tokenize(articles)
    >>> wider = tk.find(tokens, {"wide": ["reset", "fresh start"]})
    >>> sheet = tk.sample_for_validation(tk.find(tokens, "reset"), wider=wider, tokens=tokens)
    >>> sheet = sheet.sort_values("doc_id", ignore_index=True)
    >>> sheet[["doc_id", "keyword", "retrieved", "n_units", "weight"]]
      doc_id      keyword  retrieved  n_units  weight
    0      a        reset       True        2     1.0
    1      b        reset       True        2     1.0
    2      c  fresh start      False        1     1.0
    """
    keys, freq = columns_and_freq(by, freq, getattr(hits, "columns", ()))
    sizes = _checked(hits, n, unit, freq, allocation, window, tokens)
    net = _as_net(wider, tokens, unit)
    rng = np.random.default_rng(seed)
    drawn = []
    for term, found in hits.groupby("term", sort=False, observed=True):
        found = _one_each(found, unit)
        rest = None if net is None else _rest_of(net, found, str(term), unit, set(hits["term"]))
        if rest is not None and rest.empty:
            warn_user(f"The wider net holds nothing beyond the hits of {term!r}, so its recall cannot be estimated.")
        for retrieved, units, size in ((True, found, sizes[0]), (False, rest, sizes[1])):
            if units is not None and len(units):
                sample = _draw(
                    units, keys, freq, size, allocation, rng, f"{'hits' if retrieved else 'net'} of {term!r}"
                )
                drawn.append(sample.assign(term=str(term), retrieved=retrieved))
    sheet = pd.concat(drawn, ignore_index=True)
    sheet = sheet.iloc[rng.permutation(len(sheet))].reset_index(drop=True)
    sheet["unit_id"] = pd.array([f"u{i:0{len(str(len(sheet)))}}" for i in range(1, len(sheet) + 1)], dtype="str")
    sheet["unit"], sheet["weight"] = unit, sheet["n_units"] / sheet["n_drawn"]
    shown = _texts(sheet, tokens, unit, window)
    own = [*(("field", "start", "end", "form") if unit == "hit" else ())]
    about = [c for c in dict.fromkeys(["source", "date", "story_id", *keys, "period"]) if c in sheet and c not in own]
    first = ["unit_id", "term", "unit", "doc_id", *(c for c in own if c in sheet)]
    sheet = pd.concat([sheet[first], shown, sheet[[*about, *DESIGN]]], axis=1)
    sheet = sheet.assign(
        relevant=pd.Series([None] * len(sheet), dtype=object), coder=pd.Series("", sheet.index, dtype="str")
    )
    if blind:
        sheet = sheet.drop(columns=list(DESIGN))
    nets = None if net is None else _stated(net)
    state(sheet, n=sizes, by=keys, freq=freq, terms=_stated(hits), wider=nets, leave_out=("tokens",))
    return sheet


def _checked(
    hits: pd.DataFrame, n: Any, unit: str, freq: str | None, allocation: str, window: int, tokens: Any
) -> tuple[int, int]:
    """Raise where no sample can be drawn with these settings; return how many units of the hits and of the rest."""
    check_choice("unit", unit, UNITS)
    check_choice("allocation", allocation, ALLOCATIONS)
    both = n if isinstance(n, (tuple, list)) else (n, n)
    if len(both) != 2 or any(isinstance(k, bool) or not isinstance(k, (int, np.integer)) or k < 1 for k in both):
        raise FramingError(f"n is a number of units, or a pair: of the hits and of the rest of the net; this is {n!r}.")
    check_at_least("window", window, 0, "a number of words on each side")
    if tokens is not None:
        check_type(tokens, Tokens, "tokens is the index that tk.tokenize makes")
    require(hits, ["doc_id", "term", *(("field", "start", "end") if unit == "hit" else ())], "hits")
    if hits.empty:
        raise FramingError("There is no hit to draw from. Look with tk.word_forms at what the patterns match.")
    return int(both[0]), int(both[1])


def _as_net(wider: Any, tokens: Tokens | None, unit: str) -> pd.DataFrame | None:
    """Return the wider net as a table of hits or of articles."""
    if wider is None:
        return None
    if not isinstance(wider, pd.DataFrame):
        mask = np.asarray(wider)
        if tokens is None or mask.dtype != bool or mask.shape != (len(tokens.articles),):
            raise FramingError(
                "wider is a table of hits (tk.find), a table of articles, or, with tokens, a mask with True or False for each "
                f"of its articles; this is a {type(wider).__name__}."
            )
        wider = tokens.articles[mask]
    require(wider, ["doc_id"], "hits or articles of a wider net")
    if unit == "hit" and not {"field", "start", "end"} <= set(wider.columns):
        raise FramingError(
            "The wider net consists of articles, and an article is not a missed hit. Give hits of broader patterns "
            "(tk.find), or code articles: unit='article'."
        )
    return wider


def _stated(table: pd.DataFrame) -> Any:
    return table.attrs.get("recipe", {}).get("settings", {}).get("terms")


def _one_each(units: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Return each unit once; of hits that overlap, as those of several broad patterns can, the first."""
    if unit == "article":
        return units.drop_duplicates("doc_id")
    units = units.sort_values(["doc_id", "field", "start"], kind="stable")
    place: Ints = pd.factorize(units["doc_id"].astype("str") + "\0" + units["field"].astype("str"))[0].astype(np.int64)
    width = int(units["end"].max()) + 1 if len(units) else 1
    reach: Ints = np.maximum.accumulate(place * width + units["end"].to_numpy(dtype=np.int64))
    fresh = np.ones(len(units), dtype=bool)
    fresh[1:] = (place * width + units["start"].to_numpy(dtype=np.int64))[1:] >= reach[:-1]
    return units[fresh]


def _rest_of(net: pd.DataFrame, found: pd.DataFrame, term: str, unit: str, terms: set[str]) -> pd.DataFrame:
    """Return the units of the net that the search for a term did not find."""
    if "term" in net.columns and terms <= set(net["term"]):
        net = net[net["term"] == term]
    if unit == "article":
        return _one_each(net[~net["doc_id"].isin(found["doc_id"])], unit)
    both = pd.concat([found, net])[["doc_id", "field", "start", "end"]]
    place = pd.factorize(both["doc_id"].astype("str") + "\0" + both["field"].astype("str"))[0].astype(np.int64)
    width = int(both["end"].max()) + 2
    start, end = (place * width + both[side].to_numpy(dtype=np.int64) for side in ("start", "end"))
    k = len(found)
    order = np.argsort(start[:k])
    before = np.searchsorted(start[:k][order], end[k:]) - 1  # the last hit that starts before the candidate ends
    shared = (before >= 0) & (end[:k][order][np.maximum(before, 0)] > start[k:])
    return _one_each(net[~shared], unit)


def _draw(
    units: pd.DataFrame,
    by: list[str],
    freq: str | None,
    n: int,
    allocation: str,
    rng: np.random.Generator,
    what: str,
) -> pd.DataFrame:
    """Draw n units, divided among the strata."""
    require(units, [*by, *(["date"] if freq else [])], "units to draw from")
    if freq:
        start = units["date"].dt.tz_localize(None).dt.to_period(PERIODS[freq]).dt.start_time
        units = units.assign(period=start.dt.strftime("%Y-%m-%d"))
    keys = [*by, *(["period"] if freq else [])]
    group: Ints = np.zeros(len(units), dtype=np.int64)
    kinds = pd.DataFrame(index=[0])
    if keys:
        grouped = units.groupby(keys, dropna=False, observed=True)
        group = np.asarray(grouped.ngroup(), dtype=np.int64)
        kinds = units.iloc[np.unique(group, return_index=True)[1]][keys]
    sizes: Ints = np.bincount(group).astype(np.int64)
    counts = allocated(sizes, n, allocation, f"the {what} ({listed(keys)})")
    order = np.lexsort((rng.random(len(units)), group))
    rank = np.empty(len(units), dtype=np.int64)
    rank[order] = np.arange(len(units)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    some = rank < counts[group]
    names = [
        " | ".join("missing" if pd.isna(v) else str(v) for v in row) or "all" for row in kinds.itertuples(index=False)
    ]
    again = pd.Series(names).groupby(names).cumcount().tolist()  # two kinds can read the same
    labels = np.array([f"{name} ({k + 1})" if k else name for name, k in zip(names, again, strict=True)], dtype=object)
    at = group[some]
    return units[some].assign(stratum=labels[at].astype(str), n_units=sizes[at], n_drawn=counts[at])


def allocated(sizes: Ints, n: int, how: str, what: str) -> Ints:
    """Deal n units to strata, by their size or in equal parts, two or all that there are at least.

    Examples
    --------
    >>> allocated(np.array([100, 50, 1]), 30, "proportional", "hits").tolist()
    [19, 10, 1]
    >>> allocated(np.array([100, 50, 1]), 30, "equal", "hits").tolist()
    [15, 14, 1]
    """
    if n >= sizes.sum():
        return sizes
    least = np.minimum(sizes, 2)
    if least.sum() > n:
        raise FramingError(
            f"n is {n:,}, and two units from each of {len(sizes):,} strata of {what} make {least.sum():,}. "
            "Draw more, or use fewer strata."
        )
    base = sizes.astype(float) if how == "proportional" else np.ones(len(sizes))
    low, high = 0.0, float(sizes.max())
    for _ in range(80):  # the factor at which the parts, kept between least and all, sum to n
        middle = (low + high) / 2
        low, high = (low, middle) if np.clip(middle * base, least, sizes).sum() > n else (middle, high)
    parts = np.clip(low * base, least, sizes)
    counts = np.floor(parts + 1e-9).astype(np.int64)
    left = np.argsort(np.where(counts < sizes, counts - parts, np.inf), kind="stable")  # the largest remainders first
    counts[left[: n - counts.sum()]] += 1
    return counts


def _texts(sheet: pd.DataFrame, tokens: Tokens | None, unit: str, window: int) -> pd.DataFrame:
    """Return what coders read."""
    if tokens is None:
        return pd.DataFrame(index=sheet.index)
    article = pd.Index(tokens.articles["doc_id"]).get_indexer(pd.Index(sheet["doc_id"]))
    if (article < 0).any():
        raise FramingError(
            f"The index has no article {sheet['doc_id'][article < 0].iloc[0]!r}. Give the tokens that the hits are from."
        )
    if unit == "article":
        whole = [
            "\n\n".join(filter(None, (tokens.texts(field)[a] for field in tokens.fields))) for a in article.tolist()
        ]
        lines = ["\n".join(_plain(line) for line in text.splitlines()) for text in whole]
        return pd.DataFrame({"text": pd.array(lines, dtype="str")})
    parts = []
    rows = zip(article.tolist(), sheet["field"], sheet["start"].tolist(), sheet["end"].tolist(), strict=True)
    for a, field, start, end in rows:
        text, place = tokens.texts(field)[a], a * len(tokens.fields) + tokens.fields.index(field)
        starts = tokens.starts[tokens.offsets[place] : tokens.offsets[place + 1]]
        first, after = int(np.searchsorted(starts, start)) - window, int(np.searchsorted(starts, end)) + window
        low = int(starts[first]) if first > 0 else 0
        high = int(starts[after]) if after < len(starts) else len(text)
        parts.append([_plain(text[low:start]), _plain(text[start:end]), _plain(text[end:high])])
    return pd.DataFrame(parts, columns=["pre", "keyword", "post"], dtype="str")


def _plain(text: str) -> str:
    """Put a space for line breaks and control characters, and a question mark for half a surrogate pair."""
    return _MARKS.sub(" ", text).encode("utf-8", "replace").decode("utf-8")
