"""Own the history of a corpus: what was done to its articles since they were read, step by step, for recipes to state."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import pandas as pd

from toolkit.corpora.fingerprints import fingerprint
from toolkit.recipes import UNKNOWN, plain

BY_HAND = "changed by hand"  # a step that no function of the toolkit took


def with_step(
    articles: pd.DataFrame, step: str, before: pd.DataFrame | Sequence[dict[str, Any]] = (), /, **settings: Any
) -> pd.DataFrame:
    """Return articles that know of one more step, in ``attrs["steps"]``; the values are not touched.

    Each step has its name, its settings, and what the articles were after it: their number, fingerprint, the hash of their
    `doc_id` and, where they are grouped into stories, that of the groups. Where the articles that went into the step were not what
    the step before it had left, a step "changed by hand" is put between.

    Parameters
    ----------
    articles : DataFrame
        Articles or counts, as they are after the step.
    step : str
        What was done, such as "clean".
    before : DataFrame or list of dict, optional
        The articles that went in, or their history; without them it begins here.
    **settings
        With what settings.

    Examples
    --------
    >>> articles = with_step(pd.DataFrame({"doc_id": ["a", "b"], "text": ["A reset.", "A ban."]}), "load")
    >>> fewer = articles[:1]
    >>> cleaned = with_step(fewer.assign(text="Reset."), "clean", fewer, rules=["byline"])
    >>> [(entry["step"], entry["n_articles"]) for entry in cleaned.attrs["steps"]]
    [('load', 2), ('changed by hand', 1), ('clean', 1)]
    """
    steps = history(before) if isinstance(before, pd.DataFrame) else before
    entry = {"step": step, **({"settings": plain(settings)} if settings else {}), **_state(articles)}
    known = articles.copy(deep=False)
    known.attrs = {**articles.attrs, "steps": [*steps, entry]}
    return known


def history(articles: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the steps that articles have been through, with a last one where they are not what the last step left.

    Such a step has `of`, how many articles there were before, and `doc_id`, the hash of the sorted identifiers of those that there
    are now, by which a selection can be told later; `edited` is True where they are the same articles with other content.
    Where nothing tells what was done, as of articles that no function of the toolkit read, or that `merge` or `pd.concat` made of
    several tables, the first step is "unknown".

    Examples
    --------
    >>> articles = with_step(pd.DataFrame({"doc_id": ["a", "b"], "text": ["A reset.", "A ban."]}), "load")
    >>> history(articles[::-1]) == articles.attrs["steps"]
    True
    >>> last = history(articles[:1])[-1]
    >>> last["step"], last["n_articles"], last["of"], last["edited"]
    ('changed by hand', 1, 2, False)
    >>> [step["step"] for step in history(pd.DataFrame({"doc_id": ["a"], "text": ["A reset."]}))]
    ['unknown']
    """
    steps: list[dict[str, Any]] = list(articles.attrs.get("steps", []))
    if not steps:
        return [{"step": UNKNOWN, **_state(articles)}]
    return [*steps, *_by_hand(articles, steps[-1])]


def describe_corpus(articles: pd.DataFrame, fields: Sequence[str] = ()) -> dict[str, Any]:
    """Return what a recipe says of the articles: name, fingerprint, size, the fields that were read, and the steps.

    Examples
    --------
    >>> describe_corpus(pd.DataFrame({"doc_id": ["a"], "text": ["A reset."]}), ["text"])["fields"]
    ['text']
    """
    steps = history(articles)
    described: dict[str, Any] = {
        "name": articles.attrs.get("corpus", "unnamed"),
        "fingerprint": steps[-1]["fingerprint"],
        "n_articles": len(articles),
    }
    if fields:
        described["fields"] = list(fields)
    return described | {"steps": steps}


def _by_hand(articles: pd.DataFrame, last: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a step that says what differs from the last one, if anything does."""
    now = _state(articles)
    # Stories that were left out with their column are no other stories.
    compared = [key for key in ("fingerprint", "stories") if key in now or key == "fingerprint"]
    if all(now[key] == last.get(key) for key in compared):
        return []
    edited = now["doc_id"] == last["doc_id"]
    return [{"step": BY_HAND, **now, "of": last["n_articles"], "edited": edited}]


def _state(articles: pd.DataFrame) -> dict[str, Any]:
    """Say what articles are: number, fingerprint, which ones, and how they are grouped into stories."""
    names = articles["doc_id"].astype("str")
    state = {"n_articles": len(articles), "fingerprint": fingerprint(articles), "doc_id": _hashed(names.tolist())}
    if "story_id" in articles.columns:
        stories = articles["story_id"].astype("str").where(articles["story_id"].notna(), "")
        state["stories"] = _hashed([f"{name}\0{story}" for name, story in zip(names, stories, strict=True)])
    return state


def _hashed(texts: list[str]) -> str:
    return sha256("\1".join(sorted(texts)).encode("utf-8", "surrogatepass")).hexdigest()[:32]
