"""Cut passages out of articles around the hits of terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal
from weakref import WeakSet

import numpy as np
import pandas as pd

from toolkit.recipes import make_recipe
from toolkit.tables import BULKY, FramingError, not_found, warn_user
from toolkit.text.finding import AnyTerms, match
from toolkit.text.lexicon import languages_of
from toolkit.text.sentences import paragraph_spans, sentence_spans, unit_spans
from toolkit.text.terms import Terms
from toolkit.text.tokens import Tokens
from toolkit.text.voices import VOICES, voice_columns
from toolkit.text.windows import UNITS, Window, check_window

WINDOWS = (*UNITS, "article")
_told: WeakSet[Tokens] = WeakSet()  # indexes of which it was said that they have no line breaks


def contexts(
    tokens: Tokens,
    terms: AnyTerms | None,
    *,
    window: Window | Literal["article"] = 25,
    merge: bool = True,
    mask: str | None = None,
    voices: bool = False,
    language: str = "en",
) -> pd.DataFrame:
    """Cut out the passages around hits, or all passages.

    Parameters
    ----------
    tokens : Tokens
        The index of the articles.
    terms : Terms, dict, list, str or None
        What the passages are about. None takes all passages, whatever they are about: the window is then "sentence", "paragraph"
        or "article".
    window : int, (int, int), "sentence", "paragraph" or "article", keyword-only
        Words on each side, or words before and after; or the sentence or the paragraph (between line breaks) with the hit. Such a
        passage never leaves its field. "article" is the whole article: title, standfirst and text, with an empty line between.
    merge : bool, keyword-only
        Whether passages that overlap become one, so that no word is in two of them; else each hit has a passage of its own.
    mask : str, optional, keyword-only
        Write this in place of each hit, so that what is modelled is the company of the term and not the term.
    voices : bool, keyword-only
        Whether to tell whose words the hits inside are (see `tk.find`).
    language : str, keyword-only
        Two-letter code, for sentences.

    Returns
    -------
    DataFrame
        Contexts: one row per passage. `context_id` (doc_id, field and first character); `doc_id`; `field`; `start` and `end`
        (characters within the field; where several fields were read, a whole article has the field "article" and is counted through its
        fields as they are joined); `terms` (those inside, joined by a bar); `n_hits`; `text`; with `voices` also `voice`, the
        voices of the hits inside, joined by a bar; then `source`, `date` and the article's other columns but for its texts. All
        passages have no terms and 0 hits.

    Raises
    ------
    FramingError
        If `window` is none of these, or does not cut an article into passages where all are wanted.

    Warns
    -----
    FramingWarning
        When paragraphs are wanted and no text has a line break, so that each field is one. Once for an index.

    Notes
    -----
    A passage with several hits has several terms or voices ("outlet|quoted"), and each such combination is a group of its own
    where something is counted by `terms` or `voice`. For one hit a passage, and so one term and one voice, give ``merge=False``:
    passages can then overlap, or be the same, and words near several hits count several times.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({"doc_id": ["a"], "text": ["It rained. Talk of a reset came up. A reset! It rained again."]})
    >>> tk.contexts(tk.tokenize(articles), "reset", window="sentence", mask="___")["text"].tolist()
    ['Talk of a ___ came up.', 'A ___!']
    >>> tk.contexts(tk.tokenize(articles), None, window="sentence")["text"].tolist()[2:]
    ['A reset!', 'It rained again.']
    """
    if terms is None:
        return _all_passages(tokens, window, mask, voices, language)
    whole = window == "article"
    if isinstance(window, str):
        if window not in WINDOWS:
            raise not_found("window", window, WINDOWS)
    else:
        window = check_window(window)
    wanted = Terms(terms)
    found = match(tokens, wanted)
    names = list(wanted)
    place = np.searchsorted(tokens.offsets, found.first, side="right") - 1
    start = tokens.starts[found.first]
    end = tokens.starts[found.last] + tokens.vocabulary.lengths[tokens.codes[found.last]]
    begins, ends = tokens.offsets[place], tokens.offsets[place + 1]
    n_fields = len(tokens.fields)
    field_of = place % n_fields
    if window == "paragraph":
        _tell_without_breaks(tokens)
    if window == "article":
        low, high = np.zeros_like(place), np.ones_like(place)
    elif isinstance(window, str):
        low, high = unit_spans(tokens, found.first, found.last, window, language)
    else:
        before, after = window if isinstance(window, tuple) else (window, window)
        left, right = np.maximum(found.first - before, begins), np.minimum(found.last + after, ends - 1)
        low = tokens.starts[left].astype(np.int64)
        high = tokens.starts[right].astype(np.int64) + tokens.vocabulary.lengths[tokens.codes[right]]
    voice = None
    if voices:
        voice = voice_columns(tokens, place, start, end, languages_of(tokens.articles, None))["voice"].tolist()
    rows: list[dict[str, Any]] = []
    for group in _grouped(place // n_fields if whole else place, low, high, merge):
        article = int(place[group[0]]) // n_fields
        hits = [(int(field_of[i]), int(start[i]), int(end[i])) for i in group]
        if whole:
            passage = _whole_article(tokens, article, hits, mask)
        else:
            field = tokens.fields[hits[0][0]]
            text = tokens.texts(field)[article]
            first, last = int(low[group].min()), int(high[group].max())
            passage = (field, first, last, _masked(text, first, last, hits, mask))
        inside = sorted({int(found.term[i]) for i in group})
        row = {
            "_article": article,
            **dict(zip(("field", "start", "end", "text"), passage, strict=True)),
            "terms": "|".join(names[i] for i in inside),
            "n_hits": len(group),
        }
        if voice is not None:
            heard = {voice[i] for i in group}
            row["voice"] = "|".join(name for name in VOICES if name in heard)
        rows.append(row)
    mine = ["field", "start", "end", "terms", "n_hits", "text", *(["voice"] if voices else [])]
    table = _with_articles(tokens, pd.DataFrame(rows, columns=["_article", *mine]), mine)
    if not merge:  # two hits can have the same passage
        again = table.groupby("context_id").cumcount()
        table["context_id"] = table["context_id"].where(again == 0, table["context_id"] + "." + again.astype("str"))
        table["context_id"] = table["context_id"].astype("str")
    settings = {"terms": wanted.as_dict(), "window": window, "merge": merge, "mask": mask, "language": language}
    if voices:
        settings["voices"] = True
    table.attrs = {"recipe": make_recipe("toolkit.contexts", settings, tokens.corpus, ("pandas", "simplemma"))}
    return table


def _all_passages(tokens: Tokens, window: Any, mask: str | None, voices: bool, language: str) -> pd.DataFrame:
    """Cut every field into its sentences, its paragraphs, or leave it whole."""
    if window not in ("sentence", "paragraph", "article"):
        raise FramingError(
            'Without terms a window is "sentence", "paragraph" or "article"; words before and after a hit need terms. This is '
            f"{window!r}."
        )
    if mask is not None or voices:
        raise FramingError("Without terms there are no hits, so none can be masked and none has a voice.")
    from tqdm.auto import tqdm

    parts: list[tuple[int, str, int, int, str]] = []
    columns = [(field, tokens.texts(field)) for field in tokens.fields]
    if window == "paragraph":
        _tell_without_breaks(tokens)
    for article in tqdm(
        range(len(tokens.articles)), desc="passages", disable=None if len(tokens.articles) > 20_000 else True
    ):
        if window == "article":
            passage = _whole_article(tokens, article, [], None)
            if passage[-1]:
                parts.append((article, *passage))
            continue
        for field, texts in columns:
            text = texts[article]
            for first, last in _spans(text, window, language):
                parts.append((article, field, first, last, text[first:last]))
    table = pd.DataFrame(parts, columns=["_article", "field", "start", "end", "text"])
    mine = ["field", "start", "end", "terms", "n_hits", "text"]
    table = _with_articles(tokens, table.assign(terms="", n_hits=0)[["_article", *mine]], mine)
    settings = {"terms": None, "window": window, "language": language}
    table.attrs = {"recipe": make_recipe("toolkit.contexts", settings, tokens.corpus, ("pandas", "simplemma"))}
    return table


def _spans(text: str, window: str, language: str) -> Iterable[tuple[int, int]]:
    return sentence_spans(text, language) if window == "sentence" else paragraph_spans(text)


def _whole_article(
    tokens: Tokens, article: int, hits: list[tuple[int, int, int]], mask: str | None
) -> tuple[str, int, int, str]:
    """Return the field, beginning, end and text of a whole article: its fields without the white space around them."""
    parts = []
    first = last = 0
    for number, field in enumerate(tokens.fields):
        text = tokens.texts(field)[article]
        inside = text.strip()
        if inside:
            first = len(text) - len(text.lstrip())
            last = first + len(inside)
            parts.append(_masked(text, first, last, [hit for hit in hits if hit[0] == number], mask))
    if len(tokens.fields) == 1:
        return tokens.fields[0], first, last, "".join(parts)
    joined = "\n\n".join(parts)
    return "article", 0, len(joined), joined


def _tell_without_breaks(tokens: Tokens) -> None:
    """Warn once for an index that paragraphs are whole fields."""
    if tokens in _told:
        return
    if not any("\n" in text or "\r" in text for field in tokens.fields for text in map(str.strip, tokens.texts(field))):
        warn_user(
            f"No text of these {len(tokens.articles):,} articles has a line break, so each title and each text is one paragraph. "
            'For shorter passages give window="sentence" or a number of words; for one passage an article, window="article".'
        )
    _told.add(tokens)  # after it: where warnings are errors, each time is one


def _with_articles(tokens: Tokens, table: pd.DataFrame, mine: list[str]) -> pd.DataFrame:
    """Name each passage, and add the columns of its article."""
    rest = [c for c in tokens.articles.columns if c not in (*BULKY, *tokens.fields, *mine)]
    about = tokens.articles[rest]
    about = about.iloc[table.pop("_article").astype(np.int64)].reset_index(drop=True)
    table.insert(0, "doc_id", about.pop("doc_id"))
    table.insert(
        0, "context_id", table["doc_id"].astype("str") + ":" + table["field"] + ":" + table["start"].astype("str")
    )
    for column in ("context_id", "doc_id", "field", "terms", "text", "voice"):
        if column in table.columns:
            table[column] = table[column].astype("str")
    return pd.concat([table, about], axis=1)


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


def _masked(text: str, first: int, last: int, hits: list[tuple[int, int, int]], mask: str | None) -> str:
    if mask is None:
        return text[first:last]
    pieces, at = [], first
    for _, start, end in sorted(hits):
        if start >= at:
            pieces += [text[at:start], mask]
            at = end
    return "".join([*pieces, text[at:last]])
