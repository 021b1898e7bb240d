"""Own the language of texts: which one it is, and whether an embedder knows it."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from toolkit.models.embedders import Embedder, WordLlamaEmbedder, clean_texts
from toolkit.models.vocabulary import is_english
from toolkit.tables import FramingError, warn_user

_SAMPLE = 100  # texts looked at, 0.4 ms each; py3langid takes a second to load, once
_LETTERS = 12  # that a text needs for its language to be recognised
_SHARE = 0.25  # of texts in other languages, from which on it matters
_SPREAD = 0.1  # of texts that must look like a language for it to count
_FEW = 5  # texts in other languages that may be mistakes, however few there are

# English as py3langid names it; it takes some English with many names for the pidgin of Nigeria
_ENGLISH = ("en", "pcm")


def language_of(contexts: pd.DataFrame, given: str | None) -> str:
    """Return the language that was given, or that `tk.contexts` was given, or English.

    Examples
    --------
    >>> language_of(pd.DataFrame({"text": ["Ein Satz."]}), "de"), language_of(pd.DataFrame({"text": ["A text."]}), None)
    ('de', 'en')
    """
    if given is not None:
        if not isinstance(given, str) or not given.strip():
            raise FramingError(f"language is a code or a name, such as 'en' or 'German'; this is {given!r}.")
        return given
    recorded = contexts.attrs.get("recipe", {}).get("settings", {}).get("language")
    return recorded if isinstance(recorded, str) and recorded.strip() else "en"


def check_language(embedder: Embedder, language: str) -> None:
    """Raise if the default embedder, which knows English only, is to read another language."""
    if isinstance(embedder, WordLlamaEmbedder) and not is_english(language):
        raise FramingError(
            f"The embedder 'wordllama' knows English only, and the language is {language!r}. "
            "Choose embedder='e5', which knows a hundred languages (pip install 'framing-toolkit[e5]'), or embedder='tfidf-svd', "
            "which learns from the texts."
        )


def warn_of_language(embedder: Embedder, contexts: pd.DataFrame) -> None:
    """Warn when the default embedder, which knows English only, is given texts in other languages.

    Parameters
    ----------
    embedder : Embedder
        What makes vectors. Which languages others than the default know is not checked.
    contexts : DataFrame
        One row per context, with `text`; the column `language`, if there is one, is believed where it names another language.

    Warns
    -----
    FramingWarning
        When over a quarter of the contexts, and more than five, are in another language: by the column `language`, or by
        py3langid's guess about up to 100 texts spread evenly over the alphabet, where a language counts if a tenth of these
        look like it.

    Notes
    -----
    Of passages of 51 words around immigration and Russia in American news, full of foreign names, py3langid takes 0.1 % for
    another language, and at most one of 20 in 2,000 draws; of pieces of 7 words 1 %, and at most four. Of sentences in
    German, French, Spanish, Russian, Chinese and Arabic it takes none for English (see tests/benchmarks/embeddings.md).

    Examples
    --------
    >>> import pandas as pd, warnings
    >>> texts = [f"Der Minister sprach am Montag über die Lage in Raum {i}." for i in range(8)]
    >>> with warnings.catch_warnings(record=True) as told:
    ...     warnings.simplefilter("always")
    ...     warn_of_language(WordLlamaEmbedder(), pd.DataFrame({"text": texts}))
    >>> str(told[0].message)[:92]
    "The embedder 'wordllama' knows English only, and 8 of 8 texts look like another (de 8). Its "
    """
    if not isinstance(embedder, WordLlamaEmbedder):
        return
    finding = _stated(contexts) or _guessed(contexts)
    if finding:
        warn_user(
            f"The embedder 'wordllama' knows English only, and {finding}. Its topics would follow names and spellings, not "
            "what is said. Choose embedder='e5', which knows a hundred languages (pip install 'framing-toolkit[e5]'), or, with "
            "many texts, embedder='tfidf-svd', which learns from them; and say which language it is: language='de'."
        )


def _stated(contexts: pd.DataFrame) -> str:
    """Say how many contexts are in another language by their column, if that matters."""
    if "language" not in contexts.columns:
        return ""
    counts = contexts["language"].dropna().astype("str").str.strip().value_counts()
    others = {str(name): int(n) for name, n in counts.items() if name and not _is_english(str(name))}
    n = sum(others.values())
    if not _matters(n, len(contexts)):
        return ""
    return f"by the column language {n:,} of {len(contexts):,} contexts are in another ({_counted(others)})"


def _guessed(contexts: pd.DataFrame) -> str:
    """Say how many of some texts look like another language, if that matters."""
    texts = sorted({text for text in clean_texts(contexts["text"].tolist()) if sum(map(str.isalpha, text)) >= _LETTERS})
    if len(texts) <= _FEW:
        return ""
    import py3langid

    looked_at = texts[:: -(-len(texts) // _SAMPLE)]
    guesses = Counter(py3langid.classify(text[:500])[0] for text in looked_at)
    others = {name: n for name, n in guesses.items() if name not in _ENGLISH}

    # guesses about what is no sentence are spread over many languages
    if not _matters(sum(n for n in others.values() if n >= _SPREAD * len(looked_at)), len(looked_at)):
        return ""
    n = sum(others.values())
    return f"{n:,} of {len(looked_at):,} texts look like another ({_counted(others)})"


def _is_english(name: str) -> bool:
    return is_english(name) or name.casefold() == "eng"


def _matters(n: int, n_all: int) -> bool:
    return n > max(_FEW, _SHARE * n_all)


def _counted(counts: dict[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {n:,}" for name, n in ordered[:3]) + (", ..." if len(ordered) > 3 else "")
