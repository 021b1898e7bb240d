"""Own the table of quotations: each direct, indirect and mixed quotation in the articles."""

from __future__ import annotations

import pandas as pd

from toolkit.corpora.history import describe_corpus
from toolkit.recipes import recorded, state
from toolkit.speech.lexicon import languages_of
from toolkit.speech.people import certainty_of
from toolkit.speech.readings import readings_of
from toolkit.speech.voices import storable
from toolkit.tables import QUOTATIONS, TEXT_FIELDS, check_articles, pick

_KINDS = ("direct", "indirect", "mixed")


@recorded(packages=("pandas", "numpy", "simplemma"))
def quotations(articles: pd.DataFrame, *, language: str | None = None) -> pd.DataFrame:
    """List who is quoted with what.

    Parameters
    ----------
    articles : DataFrame
        With `doc_id` and `text`; `title` and `standfirst` are read, too, where they are.
    language : str, optional
        A code such as "en", for all articles, or the column that has the codes. By default the column `language` where there is
        one, else "en". There are cues for English and German.

    Returns
    -------
    DataFrame
        Quotations: one row per quotation, or per piece of one that its cue interrupts, in the order of the articles. `doc_id`; `field`;
        `start` and `end` (characters within the field, end-exclusive); `kind`: "direct", "indirect" (a clause without marks) or "mixed" (a
        fragment in marks, built into a sentence; inside an indirect clause it has a row of its own, within that of the clause);
        `speaker`, `cue` (missing where there is none); `content`, with its marks; `certainty`, a score from 0 to 1.

    Notes
    -----
    Quotations are found by rules over marks, sentences and lists of words, not by a model; tests/benchmarks/voices.md reports how many
    are found. A pronoun, a surname or a role is resolved to a full name in the article, which is a guess. Scare quotes, words mentioned
    as words, and quotations inside quotations have no row. `certainty` is the score of the rule that applied, as in `toolkit.find`.

    Raises
    ------
    FramingError
        If there are no articles, or `language` is neither a code nor a column.

    Warns
    -----
    FramingWarning
        Of articles in a language without a table of cues: there, quotations are read by their marks alone.

    See Also
    --------
    toolkit.find : Hits of terms, each with its voice and its speaker.
    toolkit.speakers : Who is quoted or reported with each term, and in which outlets.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> text = "“The reset is over,” said Dmitry Peskov. He added that nobody missed it."
    >>> table = tk.quotations(pd.DataFrame({"doc_id": ["a"], "text": [text]}))
    >>> table[["kind", "speaker", "cue", "content"]].values.tolist()
    [['direct', 'Dmitry Peskov', 'said', '“The reset is over,”'], ['indirect', 'Dmitry Peskov', 'added', 'nobody missed it']]
    """
    from tqdm.auto import tqdm

    articles = check_articles(articles)
    fields = [field for field in TEXT_FIELDS if field in articles.columns]
    codes = languages_of(articles, language).codes
    columns = [articles[field].tolist() for field in fields]
    rows = []
    at = tqdm(range(len(articles)), desc="quotations", unit="article", disable=None if len(articles) > 2_000 else True)
    for article in at:
        texts = {
            field: text if isinstance(text := column[article], str) else "" for field, column in zip(fields, columns)
        }
        for number, reading in enumerate(readings_of(texts, codes[article]).values()):
            for q in reading.quotations():
                name = q.speaker.name if q.speaker is not None else None
                content = reading.text[q.start : q.end]
                words = storable(name), storable(q.cue or None), storable(content)
                certainty = certainty_of(q.certainty, q.speaker)
                rows.append((article, number, q.start, q.end, _KINDS.index(q.kind), *words, certainty))
    names = ["doc_id", "field", "start", "end", "kind", "speaker", "cue", "content", "certainty"]
    frame = pd.DataFrame(rows, columns=names)
    table = pd.DataFrame(
        {
            "doc_id": articles["doc_id"]
            .astype("str")
            .take(frame["doc_id"].to_numpy(dtype="int64"))
            .reset_index(drop=True),
            "field": pick(fields, frame["field"].astype("int64")),
            "start": frame["start"].astype("int64"),
            "end": frame["end"].astype("int64"),
            "kind": pick(_KINDS, frame["kind"].astype("int64")),
            **{name: pd.array(frame[name].tolist(), dtype="str") for name in ("speaker", "cue", "content")},
            "certainty": frame["certainty"].astype("float64").round(3),
        },
        columns=list(QUOTATIONS.columns),
    )
    state(table, describe_corpus(articles, fields))
    return table
