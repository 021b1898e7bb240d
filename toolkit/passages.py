"""Cut passages out of articles around the hits of terms."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from toolkit.recipes import make_recipe
from toolkit.tables import BULKY
from toolkit.text.finding import AnyTerms, match
from toolkit.text.sentences import unit_spans
from toolkit.text.terms import Terms
from toolkit.text.tokens import Tokens
from toolkit.text.windows import Window, check_window


def contexts(
    tokens: Tokens,
    terms: AnyTerms,
    *,
    window: Window = 25,
    merge: bool = True,
    mask: str | None = None,
    language: str = "en",
) -> pd.DataFrame:
    """Cut out the passages around hits.

    Parameters
    ----------
    tokens : Tokens
        The index of the articles.
    terms : Terms, dict, list or str
        What the passages are about.
    window : int, (int, int), "sentence" or "paragraph", keyword-only
        Words on each side, or words before and after; or the sentence or the paragraph (between line breaks) with the hit. A
        passage never leaves its field.
    merge : bool, keyword-only
        Whether passages that overlap become one, so that no word is in two of them.
    mask : str, optional, keyword-only
        Write this in place of each hit, so that what is modelled is the company of the term and not the term.
    language : str, keyword-only
        Two-letter code, for sentences.

    Returns
    -------
    DataFrame
        Contexts: one row per passage. `context_id` (doc_id, field and first character); `doc_id`; `field`; `start` and `end`
        (characters within the field); `terms` (those inside, joined by a bar); `n_hits`; `text`; then `source`, `date` and the
        article's other columns but for its texts.

    Raises
    ------
    FramingError
        If `window` is none of these.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({"doc_id": ["a"], "text": ["It rained. Talk of a reset came up. A reset! It rained again."]})
    >>> tk.contexts(tk.tokenize(articles), "reset", window="sentence", mask="___")["text"].tolist()
    ['Talk of a ___ came up.', 'A ___!']
    """
    window = check_window(window)
    wanted = Terms(terms)
    found = match(tokens, wanted)
    names = list(wanted)
    place = np.searchsorted(tokens.offsets, found.first, side="right") - 1
    start = tokens.starts[found.first]
    end = tokens.starts[found.last] + tokens.vocabulary.lengths[tokens.codes[found.last]]
    begins, ends = tokens.offsets[place], tokens.offsets[place + 1]
    if isinstance(window, str):
        low, high = unit_spans(tokens, found.first, found.last, window, language)
    else:
        before, after = window if isinstance(window, tuple) else (window, window)
        left, right = np.maximum(found.first - before, begins), np.minimum(found.last + after, ends - 1)
        low = tokens.starts[left].astype(np.int64)
        high = tokens.starts[right].astype(np.int64) + tokens.vocabulary.lengths[tokens.codes[right]]
    rows = []
    n_fields = len(tokens.fields)
    for group in _grouped(place, low, high, merge):
        at = int(place[group[0]])
        article, field = at // n_fields, tokens.fields[at % n_fields]
        text = tokens.texts(field)[article]
        first, last = int(low[group].min()), int(high[group].max())
        hits = [(int(start[i]), int(end[i])) for i in group]
        inside = sorted({int(found.term[i]) for i in group})
        rows.append(
            {
                "_article": article,
                "field": field,
                "start": first,
                "end": last,
                "terms": "|".join(names[i] for i in inside),
                "n_hits": len(group),
                "text": text[first:last] if mask is None else _masked(text, first, last, hits, mask),
            }
        )
    table = pd.DataFrame(rows, columns=["_article", "field", "start", "end", "terms", "n_hits", "text"])
    mine = ("field", "start", "end", "terms", "n_hits")
    rest = [c for c in tokens.articles.columns if c not in (*BULKY, *tokens.fields, *mine)]
    about = tokens.articles[rest]
    about = about.iloc[table.pop("_article").astype(np.int64)].reset_index(drop=True)
    table.insert(0, "doc_id", about.pop("doc_id"))
    table.insert(
        0, "context_id", table["doc_id"].astype("str") + ":" + table["field"] + ":" + table["start"].astype("str")
    )
    if not merge:  # two hits can have the same passage
        again = table.groupby("context_id").cumcount()
        table["context_id"] = table["context_id"].where(again == 0, table["context_id"] + "." + again.astype("str"))
    for column in ("context_id", "doc_id", "field", "terms", "text"):
        table[column] = table[column].astype("str")
    table = pd.concat([table, about], axis=1)
    settings = {"terms": wanted.as_dict(), "window": window, "merge": merge, "mask": mask, "language": language}
    table.attrs = {"recipe": make_recipe("toolkit.contexts", settings, tokens.corpus, ("pandas", "simplemma"))}
    return table


def _grouped(place: np.ndarray, low: np.ndarray, high: np.ndarray, merge: bool) -> Iterator[list[int]]:
    """Yield the hits of each passage; passages of one field that overlap are one where `merge`."""
    group: list[int] = []
    reach = -1
    for i, (at, first, last) in enumerate(zip(place.tolist(), low.tolist(), high.tolist(), strict=True)):
        if group and not (merge and at == place[group[-1]] and first < reach):
            yield group
            group, reach = [], -1
        group.append(i)
        reach = max(reach, last)
    if group:
        yield group


def _masked(text: str, first: int, last: int, hits: list[tuple[int, int]], mask: str) -> str:
    pieces, at = [], first
    for start, end in sorted(hits):
        if start >= at:
            pieces += [text[at:start], mask]
            at = end
    return "".join([*pieces, text[at:last]])
