"""Own hits and contexts: every occurrence of a term, whose word it is, and the passages around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal
from weakref import WeakSet

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.deprecation import old_parameters
from toolkit.recipes import recorded, state
from toolkit.speech.lexicon import languages_of
from toolkit.speech.voices import VOICES, voice_columns
from toolkit.tables import BULKY, CONTEXTS, FramingError, not_found, pick, warn_user
from toolkit.text.languages import languages_of_articles
from toolkit.text.matches import AnyTerms, Matches, match, matched_forms
from toolkit.text.sentences import UNITS, paragraph_spans, sentence_spans, unit_spans
from toolkit.text.terms import Terms
from toolkit.text.tokens import Tokens, as_tokens
from toolkit.text.windows import Window, check_window

WINDOWS = (*UNITS, "article")
ContextWindow = Window | Literal["article"]
_told: WeakSet[Tokens] = WeakSet()  # indexes for which the warning about missing line breaks was given


@old_parameters(tokens="corpus")
@recorded(packages=("pandas", "numpy", "simplemma"))
def find(
    corpus: Tokens | pd.DataFrame, terms: AnyTerms, *, voices: bool = True, language: str | None = None
) -> pd.DataFrame:
    """List every occurrence of terms, and say whose word each is.

    Parameters
    ----------
    corpus : Tokens or DataFrame
        The articles, or their index. Articles are tokenised once and remembered while Python runs.
    terms : Terms, dict, list or str
        What to look for.
    voices : bool, keyword-only
        Whether to say whose word each occurrence is; leaving this out is quicker.
    language : str, optional, keyword-only
        A code or name such as "en" or "English", for all articles, or the column that has them. By default the column `language`;
        where it says nothing, the language is detected in texts of 50 words or more, and else assumed to be that of most articles.
        There are rules for English and German; in other languages no hit has a voice.

    Returns
    -------
    DataFrame
        Hits: one row per occurrence, in the order of the corpus. `doc_id`; `term` (name), `pattern` (that matched), `form`
        (the words in lower case); `from` and `to` (words, counted from 0 within the field, inclusive); `start` and `end`
        (characters within the field, end-exclusive); `field`; the voice, see below; then the article's columns but for its texts.
        Overlapping matches of one term are one hit; different terms may share words.

        `voice`: "outlet" (own words), "scare_quote" (in marks, attributed to nobody there), "quoted" (inside a quotation) or
        "reported" (in indirect speech). `speaker` and `cue`: who says it, according to the text, and the word that attributes it;
        missing where there is none. `negated`: denied or rejected. `mentioned`: spoken about as a word. `headline`: in the title.
        `certainty`: from 0 to 1. `language`: the code; `language_origin`: whether it is "stated", "detected" or "assumed". In a
        language without rules voice, speaker, flags and certainty are missing, since nothing was measured.

    See Also
    --------
    toolkit.kwic : the occurrences between the words before and after them.
    toolkit.contexts : the passages around them.
    toolkit.voice_shares : how often a term stands in each voice.

    Notes
    -----
    Voices are assigned by rules, not by a model, and the rules make errors: tests/benchmarks/voices.md has their precision and
    recall for each voice. `certainty` is the score of the rule that applied, not a probability: near 1 where the text has marks,
    verb and speaker, times 0.8 where a pronoun or a role was traced to a name, times 0.6 where a quotation mark is missing.

    Raises
    ------
    FramingError
        If `language` is neither a code nor a column.

    Warns
    -----
    FramingWarning
        For articles with a hit in a language without rules. Once for each index, for what `toolkit.text.matches.match` finds odd,
        such as a pattern that matches nothing, with similar words of the corpus.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "text": ["A reset? Resets fail.", "“Reset” no more."]})
    >>> hits = tk.find(tk.tokenize(articles), {"reset": ["reset", "resets"]})
    >>> hits[["doc_id", "form", "from", "start", "end"]].to_string(index=False).splitlines()
    ['doc_id   form  from  start  end', '     a  reset     1      2    7', '     a resets     2      9   15', '     b  reset     0      1    6']
    >>> hits["voice"].tolist()
    ['outlet', 'outlet', 'scare_quote']
    """
    tokens = as_tokens(corpus)
    wanted = Terms(terms)
    found = match(tokens, wanted)
    hits = _hits_frame(tokens, wanted, found)
    if voices:
        hits = _with_voices(tokens, hits, found, language)
    state(hits, tokens.corpus, terms=wanted.as_dict())
    return hits


def _with_voices(tokens: Tokens, hits: pd.DataFrame, found: Matches, language: str | None) -> pd.DataFrame:
    """Return hits with the columns of their voices after those of their places."""
    article = tokens.fields_at(found.first) // len(tokens.fields)
    languages = languages_of(tokens.articles, language, which=np.unique(article).tolist(), known=tokens.detected)
    start, end = hits["start"].to_numpy(), hits["end"].to_numpy()
    columns = voice_columns(tokens, tokens.fields_at(found.first), start, end, languages.codes)
    columns |= {
        "language": pd.array(np.array(languages.codes, dtype=object)[article], dtype="str"),
        "language_origin": pd.array(np.array(languages.origins, dtype=object)[article], dtype="str"),
    }

    after = list(hits.columns).index("field") + 1
    of_article = hits.iloc[:, after:].drop(columns=list(columns), errors="ignore")
    return pd.concat([hits.iloc[:, :after], pd.DataFrame(columns), of_article], axis=1)


def _hits_frame(tokens: Tokens, terms: Terms, found: Matches) -> pd.DataFrame:
    """Turn matches into the table of hits."""
    place = tokens.fields_at(found.first)
    article = place // len(tokens.fields)
    own = {
        "term": pick(terms, found.term),
        "pattern": pick((p.text for group in terms.values() for p in group), found.pattern),
        "form": pd.array(matched_forms(tokens, found), dtype="str"),
        "from": found.first - tokens.offsets[place],
        "to": found.last - tokens.offsets[place],
        "start": tokens.starts[found.first],
        "end": tokens.starts[found.last] + tokens.vocabulary.lengths[tokens.codes[found.last]],
        "field": pick(tokens.fields, place % len(tokens.fields)),
    }
    others = [c for c in tokens.articles.columns if c not in (*BULKY, *tokens.fields, "doc_id", *own)]
    about = tokens.articles[["doc_id", *others]].iloc[article].reset_index(drop=True)
    return pd.concat([about[["doc_id"]], pd.DataFrame(own), about[others]], axis=1)


@old_parameters(tokens="corpus")
@recorded(packages=("pandas", "simplemma"))
def contexts(
    corpus: Tokens | pd.DataFrame,
    terms: AnyTerms | None,
    *,
    window: ContextWindow = 25,
    merge: bool = True,
    mask: str | None = None,
    voices: bool = False,
    language: str | None = None,
) -> pd.DataFrame:
    """Cut out the passages around hits, or all passages.

    Parameters
    ----------
    corpus : Tokens or DataFrame
        The articles, or their index. Articles are tokenised once and remembered while Python runs.
    terms : Terms, dict, list, str or None
        The terms around which passages are cut. None takes all passages, whatever they are about: the window is then "sentence",
        "paragraph" or "article".
    window : int, (int, int), "sentence", "paragraph" or "article", keyword-only
        Words on each side, or words before and after; or the sentence or the paragraph (between line breaks) with the hit. Such a
        passage never leaves its field. "article" is the whole article: title, standfirst and text, with an empty line between.
    merge : bool, keyword-only
        Whether to join passages that overlap, so that no word is in two of them; otherwise each hit has a passage of its own.
    mask : str, optional, keyword-only
        Write this in place of each hit, so that what is modelled is the company of the term and not the term.
    voices : bool, keyword-only
        Whether to say whose words the hits inside are (see `tk.find`).
    language : str, optional, keyword-only
        For sentences and voices, as in `tk.find`: a code or name for all articles, or the column that has them; by default each
        article's own, stated in the column `language`, detected or assumed.

    Returns
    -------
    DataFrame
        Contexts: one row per passage. `context_id` (doc_id, field and first character); `doc_id`; `field`; `start` and `end`
        (characters within the field; where several fields were read, a whole article has the field "article", and its characters
        are counted through the joined fields); `terms` (those inside, joined by a bar); `n_hits`; `text`; with `voices` also
        `voice`, the voices of the hits inside, joined by a bar; then `source`, `date` and the article's other columns but for its
        texts. All passages have no terms and 0 hits.

    Raises
    ------
    FramingError
        If `window` is none of these, or does not cut an article into passages where all are wanted.

    Warns
    -----
    FramingWarning
        When you ask for paragraphs and no text has a line break, so that each field is one paragraph. Once for each index.

    See Also
    --------
    toolkit.find : the hits inside the passages.
    toolkit.fit_topics : the topics of passages.

    Notes
    -----
    A passage with several hits has several terms or voices ("outlet|quoted"), and each such combination is a group of its own
    where something is counted by `terms` or `voice`. For one hit per passage, and so one term and one voice, set ``merge=False``:
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
    tokens = as_tokens(corpus)
    if terms is None:
        return _all_passages(tokens, window, mask, voices, language)
    reach = _checked_window(window)
    wanted = Terms(terms)
    found = match(tokens, wanted)

    # where each hit stands, and where its passage begins and ends
    place = tokens.fields_at(found.first)
    start, end = tokens.starts[found.first], tokens.ends_at(found.last)
    low, high = _reach(tokens, found, place, reach, language)
    voice = None
    if voices:
        inside = np.unique(place // len(tokens.fields)).tolist()
        codes = languages_of(tokens.articles, language, which=inside, known=tokens.detected).codes
        voice = voice_columns(tokens, place, start, end, codes)["voice"].tolist()

    whole, n_fields, names = window == "article", len(tokens.fields), list(wanted)
    rows: list[dict[str, Any]] = []
    for group in _grouped(place // n_fields if whole else place, low, high, merge):
        article = int(place[group[0]]) // n_fields
        hits = [(int(place[i]) % n_fields, int(start[i]), int(end[i])) for i in group]
        if whole:
            passage = _whole_article(tokens, article, hits, mask)
        else:
            field = tokens.fields[hits[0][0]]
            first, last = int(low[group].min()), int(high[group].max())
            passage = (field, first, last, _masked(tokens.texts(field)[article], first, last, hits, mask))

        inside = sorted({int(found.term[i]) for i in group})
        row = {
            "_article": article,
            **dict(zip(("field", "start", "end", "text"), passage, strict=True)),
            "terms": "|".join(names[i] for i in inside),
            "n_hits": len(group),
        }
        if voice is not None:
            heard = {voice[i] for i in group}
            row["voice"] = "|".join(name for name in VOICES if name in heard) or None  # a language without rules
        rows.append(row)

    own = ["field", "start", "end", "terms", "n_hits", "text", *(["voice"] if voices else [])]
    table = _with_articles(tokens, pd.DataFrame(rows, columns=["_article", *own]), own)
    if not merge:  # two hits can have the same passage
        again = table.groupby("context_id").cumcount()
        table["context_id"] = table["context_id"].where(again == 0, table["context_id"] + "." + again.astype("str"))
        table["context_id"] = table["context_id"].astype("str")
    state(table, tokens.corpus, terms=wanted.as_dict(), window=reach)
    return table


def _checked_window(window: Any) -> ContextWindow:
    """Return the window as plain values, or raise."""
    if not isinstance(window, str):
        return check_window(window)
    if window not in WINDOWS:
        raise not_found("window", window, WINDOWS)
    return "article" if window == "article" else check_window(window)


def _reach(
    tokens: Tokens, found: Matches, place: NDArray[np.int64], window: ContextWindow, language: str | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the characters of its field at which the passage of each hit begins and ends; of whole articles all are the same."""
    if window == "paragraph":
        _tell_without_breaks(tokens)
    if window == "article":
        return np.zeros_like(place), np.ones_like(place)
    if isinstance(window, str):
        return unit_spans(tokens, found.first, found.last, window, language)

    before, after = window if isinstance(window, tuple) else (window, window)
    left = np.maximum(found.first - before, tokens.offsets[place])
    right = np.minimum(found.last + after, tokens.offsets[place + 1] - 1)
    return tokens.starts[left].astype(np.int64), tokens.ends_at(right)


def _all_passages(tokens: Tokens, window: Any, mask: str | None, voices: bool, language: str | None) -> pd.DataFrame:
    """Cut every field into its sentences, its paragraphs, or leave it whole."""
    if window not in WINDOWS:
        raise FramingError(
            'Without terms a window is "sentence", "paragraph" or "article"; words before and after a hit need terms. This is '
            f"{window!r}."
        )
    if mask is not None or voices:
        raise FramingError("Without terms there are no hits, so none can be masked and none has a voice.")
    from tqdm.auto import tqdm

    if window == "paragraph":
        _tell_without_breaks(tokens)
    columns = [(field, tokens.texts(field)) for field in tokens.fields]
    languages = languages_of_articles(tokens.articles, language, known=tokens.detected).codes
    long = len(tokens.articles) > 20_000

    parts: list[tuple[int, str, int, int, str]] = []
    for article in tqdm(range(len(tokens.articles)), desc="passages", disable=None if long else True):
        if window == "article":
            passage = _whole_article(tokens, article, [], None)
            if passage[-1]:
                parts.append((article, *passage))
            continue
        for field, texts in columns:
            text = texts[article]
            for first, last in _spans(text, window, languages[article]):
                parts.append((article, field, first, last, text[first:last]))

    table = pd.DataFrame(parts, columns=["_article", "field", "start", "end", "text"])
    own = ["field", "start", "end", "terms", "n_hits", "text"]
    table = _with_articles(tokens, table.assign(terms="", n_hits=0)[["_article", *own]], own)
    state(table, tokens.corpus, leave_out=("merge", "mask", "voices"))
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


def _with_articles(tokens: Tokens, passages: pd.DataFrame, own: list[str]) -> pd.DataFrame:
    """Return the passages with a name each, and with the columns of their articles."""
    article = passages["_article"].to_numpy(dtype=np.int64)
    others = [c for c in tokens.articles.columns if c not in (*BULKY, *tokens.fields, *own)]
    about = tokens.articles[others].iloc[article].reset_index(drop=True)
    doc_id = about.pop("doc_id")
    name = doc_id.astype("str") + ":" + passages["field"] + ":" + passages["start"].astype("str")

    table = pd.concat([name.rename("context_id"), doc_id, passages.drop(columns="_article"), about], axis=1)
    return CONTEXTS.layout(table)


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


def contexts_of(hits: pd.DataFrame, contexts: pd.DataFrame) -> NDArray[np.int64]:
    """Return the row of the context that each hit belongs to, or -1.

    Where a field has as many contexts as hits, the first belongs to the first, and so on; else a hit belongs to the context whose
    middle is nearest of those that hold it. A context that is a whole article of several fields (`field` "article") holds all
    hits of the article.
    """
    whole = contexts["field"] == "article"
    if whole.any():
        return _of_whole_articles(hits, contexts, whole.to_numpy())
    columns = ["doc_id", "field", "start", "end"]

    def ordered(table: pd.DataFrame, name: str) -> pd.DataFrame:
        table = table[columns].assign(**{name: np.arange(len(table))}).sort_values(columns, kind="stable")
        fields = table.groupby(["doc_id", "field"], sort=False)
        return table.assign(_rank=fields.cumcount(), _many=fields["start"].transform("size"))

    # all contexts that hold a hit; of these the one of its rank, else the one whose middle is nearest
    pairs = ordered(hits, "_hit").merge(ordered(contexts, "_context"), on=["doc_id", "field"], suffixes=("", "_of"))
    pairs = pairs[(pairs["start_of"] <= pairs["start"]) & (pairs["end"] <= pairs["end_of"])]
    by_rank = (pairs["_many"] == pairs["_many_of"]) & (pairs["_rank"] == pairs["_rank_of"])
    off = (pairs["start"] + pairs["end"] - pairs["start_of"] - pairs["end_of"]).abs()
    pairs = pairs.assign(_off=off.where(~by_rank, -1)).sort_values(["_hit", "_off", "_context"]).drop_duplicates("_hit")

    home = np.full(len(hits), -1, dtype=np.int64)
    home[pairs["_hit"].to_numpy()] = pairs["_context"].to_numpy()
    return home


def _of_whole_articles(hits: pd.DataFrame, contexts: pd.DataFrame, whole: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the rows of contexts where some are whole articles; of several of one article by the order of hits and contexts."""
    home = np.full(len(hits), -1, dtype=np.int64)
    articles = contexts[whole]
    of_hits, of_contexts = hits.groupby("doc_id", sort=False), articles.groupby("doc_id", sort=False)
    row = np.flatnonzero(whole)
    rank = np.where(of_contexts["doc_id"].transform("size").to_numpy() > 1, of_contexts.cumcount().to_numpy(), -1)
    place = pd.Series(row, index=pd.MultiIndex.from_arrays([articles["doc_id"], rank]))

    for key in (np.full(len(hits), -1), of_hits.cumcount().to_numpy()):
        row_of_hit = place.reindex(pd.MultiIndex.from_arrays([hits["doc_id"], key])).to_numpy()
        known = (home < 0) & ~np.isnan(row_of_hit)
        home[known] = row_of_hit[known].astype(np.int64)

    # hits of other articles lie in contexts that are no whole article
    homeless = np.flatnonzero(home < 0)
    if len(homeless) and not whole.all():
        others = np.flatnonzero(~whole)
        inside = contexts_of(hits.iloc[homeless], contexts.iloc[others])
        home[homeless] = np.where(inside >= 0, others[np.maximum(inside, 0)], -1)
    return home
