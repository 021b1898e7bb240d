"""Own the intrusion test: sheets on which people look for what does not belong to a topic, and what their answers say."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.measures.intervals import ratio_interval, story_sums
from toolkit.models.embedders import clean_texts
from toolkit.recipes import corpus_of, recorded, state
from toolkit.tables import INTRUSION_SCORES, FramingError, not_found, require
from toolkit.topics.counts import class_tfidf, sum_by, top_words
from toolkit.topics.merges import fit_of
from toolkit.topics.preparation import stories_and_votes
from toolkit.topics.record import Topics
from toolkit.topics.words import centres_of

KINDS = ("word", "topic")
_SHOWN = 5  # words of a topic that stand beside an intruder, as in Chang et al.
_TOPICS = 3  # topics beside an intruding one
_MARKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")

Ints = NDArray[np.int64]


@recorded(packages=("numpy",))
def intrusion_sheet(
    topics: Topics, *, kind: str = "word", n: int = 1, seed: int = 0, blind: bool = True
) -> pd.DataFrame:
    """Make a sheet on which people say what does not belong: a word among a topic's words, or a topic beside a passage.

    Parameters
    ----------
    topics : Topics
        From `tk.fit_topics`.
    kind : {"word", "topic"}, keyword-only
        ``"word"``: the five highest words of a topic and one that is not of it. ``"topic"``: a passage, its topic with the two
        others that it is most like, and one that it is not like; topics are shown by their words.
    n : int, keyword-only
        Questions per topic.
    seed : int, keyword-only
        Of the draw of intruders and passages, and of the order of questions and options.
    blind : bool, keyword-only
        Leave out what is right. The same call with ``blind=False`` gives the key for `tk.intrusion_scores`.

    Returns
    -------
    DataFrame
        Intrusion sheet, one row per question, in random order: `item_id`; `kind`; with kind topic `text`, the passage; `option_1` and so
        on; `answer`, to be filled in with the number of the option that does not belong (or the option itself); `coder`, to be
        filled in. The key also has `topic` and `intruder`, the number of the option, and, where there is a certificate,
        `stable`, whether the topic is.

    Raises
    ------
    FramingError
        When there are too few topics (two for words, four for topics), or a topic has too few words.

    Notes
    -----
    After Chang, Gerrish, Wang, Boyd-Graber and Blei (2009). An intruding word is among the ten highest of another topic, and in the
    lower half of the words of this one or not in it at all. An intruding topic is drawn from the half of the topics that are least
    like the passage. A context here belongs to one topic, so what stands beside that are its neighbours, not further topics of
    the passage; Chang et al. had topics in proportions, and scored by log odds.

    Make the key when you make the sheet, and keep both as files: ``sheet.to_csv("sheet.csv", index=False)``, read back with
    ``pd.read_csv("sheet.csv", dtype="str", keep_default_na=False)``. Sheets of several coders are put together with ``pd.concat``.
    An `item_id` is made of what the question shows, so that a key from another fit is noticed.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> texts = [f"Rain and wind hit the coast on day {i}" for i in range(6)]
    >>> texts += [f"The judge and the court stopped the ban in case {i}" for i in range(6)]
    >>> contexts = pd.DataFrame({"context_id": [f"c{i}" for i in range(12)], "text": texts})
    >>> topics = tk.fit_topics(contexts, n_topics=2, min_size=3, runs=0)
    >>> sheet, key = tk.intrusion_sheet(topics), tk.intrusion_sheet(topics, blind=False)
    >>> len(sheet), [c for c in key.columns if c not in sheet.columns]
    (2, ['topic', 'intruder'])
    """
    if not isinstance(topics, Topics):
        raise FramingError(f"intrusion_sheet takes what fit_topics returns; this is a {type(topics).__name__}.")
    if kind not in KINDS:
        raise not_found("kind of intrusion", str(kind), KINDS)
    for name, value, least in (("n", n, 1), ("seed", seed, 0)):
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
            raise FramingError(f"{name} is a whole number, {least} or more; this is {value!r}.")
    fit = fit_of(topics)
    n_topics = int((topics.topics["topic"] >= 0).sum())
    needed = 2 if kind == "word" else _TOPICS + 1
    if n_topics < needed:
        raise FramingError(
            f"An intrusion test by {kind}s needs at least {needed} topics; there {'is' if n_topics == 1 else 'are'} {n_topics}."
        )
    draw = np.random.default_rng([int(seed), KINDS.index(kind)])
    tfidf = class_tfidf(sum_by(fit.prepared.counts, np.where(fit.prepared.votes > 0, fit.labels, -1), n_topics))
    named = top_words(tfidf, fit.prepared.words, 10)
    if kind == "word":
        items = _word_items(topics, tfidf, named, int(n), draw)
    else:
        items = _topic_items(topics, named, int(n), draw)
    marks = (
        topics.topics.set_index("topic")["stable"] if "stable" in topics.topics.columns else pd.Series(dtype="boolean")
    )
    rows = []
    for at in draw.permutation(len(items)).tolist():
        topic, text, options = items[at]
        order = draw.permutation(len(options))
        shown = [options[i] for i in order]
        row: dict[str, Any] = {"item_id": _name(kind, text, shown), "kind": kind}
        if kind == "topic":
            row["text"] = text
        row |= {f"option_{i}": option for i, option in enumerate(shown, start=1)}
        row |= {"answer": "", "coder": ""}
        if not blind:
            row |= {"topic": topic, "intruder": int(np.flatnonzero(order == len(options) - 1)[0]) + 1}
            if "stable" in topics.topics.columns:
                row["stable"] = marks[topic]
        rows.append(row)
    sheet = pd.DataFrame(rows).drop_duplicates("item_id", ignore_index=True)
    for column in sheet.columns:
        if column == "stable":
            sheet[column] = sheet[column].astype("boolean")
        elif column not in ("topic", "intruder"):
            sheet[column] = sheet[column].astype("str")
    return sheet


@recorded(packages=("scipy",))
def intrusion_scores(sheet: pd.DataFrame, key: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Tell how often people found the intruder, by topic and in all.

    Parameters
    ----------
    sheet : DataFrame
        Sheets of `tk.intrusion_sheet` with `answer` filled in, those of several coders one under the other.
    key : DataFrame
        The same sheet, made with ``blind=False``.
    confidence : float, keyword-only
        Nominal coverage of the intervals.

    Returns
    -------
    DataFrame
        Intrusion scores: one row per kind and topic, and for each kind a last one for all topics (`topic` missing): `topic`; `kind`;
        `n_items`, questions with an answer; `n_coders`; `n_answers`; `n_right`; `precision`, n_right / n_answers, the model precision
        of Chang et al. (2009); `low` and `high`, its interval; `chance`, what blind guesses would get; `n_unanswered`; `stable`, where the
        key says it.

    Raises
    ------
    FramingError
        When an answer is no option, the key lacks a question, a coder answered one twice, or nothing was answered.

    Notes
    -----
    Chang et al. score topic intrusion by topic log odds, from each passage's probability of each topic. A fit here has none: a
    similarity made to add up to 1 is no probability, and the votes of a few runs are 0 for the topics of which the odds are asked.

    The interval of a topic is Clopper and Pearson's (1934), exact if answers are independent. Answers to one question are not quite,
    so with many coders and few questions it is too narrow. That of all topics takes the topic as the unit. A topic whose interval
    includes `chance` is one that nobody has been shown to understand.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> key = pd.DataFrame({
    ...     "item_id": ["w-1", "w-2"], "kind": "word", "option_1": ["rain", "wall"], "option_2": ["wind", "judge"],
    ...     "option_3": ["court", "court"], "topic": [0, 1], "intruder": [3, 1]})
    >>> sheet = key.drop(columns=["topic", "intruder"]).assign(answer=["3", "judge"], coder="Ada")
    >>> tk.intrusion_scores(sheet, key)[["topic", "n_right", "n_answers", "precision", "chance"]].round(2)
       topic  n_right  n_answers  precision  chance
    0      0        1          1        1.0    0.33
    1      1        0          1        0.0    0.33
    2   <NA>        1          2        0.5    0.33
    """
    if not 0 < confidence < 1:
        raise FramingError(f"confidence is a number between 0 and 1, such as 0.95; this is {confidence!r}.")
    require(sheet, ["item_id", "answer"], "answers")
    require(key, ["item_id", "kind", "option_1", "topic", "intruder"], "the key to a sheet")
    coder = sheet["coder"] if "coder" in sheet.columns else pd.Series("", index=sheet.index)
    answers = pd.DataFrame(
        {
            "item_id": sheet["item_id"].astype("str").str.strip(),
            "coder": coder.astype(object).where(coder.notna(), "").astype("str").str.strip(),
            "answer": sheet["answer"].astype(object).where(sheet["answer"].notna(), "").astype("str").str.strip(),
        }
    ).reset_index(drop=True)
    known = key.drop_duplicates("item_id").set_index(key.drop_duplicates("item_id")["item_id"].astype("str"))
    lost = answers[~answers["item_id"].isin(known.index)]
    if len(lost):
        more = f", nor {len(lost) - 1:,} others of the sheet" if len(lost) > 1 else ""
        raise FramingError(
            f"The key has no question {lost['item_id'].iloc[0]!r}{more}. Make it as the sheet was made, from the same topics and "
            "seed, with blind=False."
        )
    twice = answers[answers.duplicated(["item_id", "coder"])]
    if len(twice):
        who = twice["coder"].iloc[0]
        raise FramingError(
            f"{f'The coder {who!r}' if who else 'A coder without a name'} answers the question {twice['item_id'].iloc[0]!r} more than "
            "once. Fill in the column coder, and keep one answer of each."
        )
    options = [str(c) for c in known.columns if str(c).startswith("option_")]
    n_options = known[options].notna().sum(axis=1)
    answers = answers.assign(
        **{name: known[name].reindex(answers["item_id"]).to_numpy() for name in ("kind", "topic", "intruder")},
        n_options=n_options.reindex(answers["item_id"]).to_numpy(),
    )
    given = answers[answers["answer"] != ""].copy()
    if given.empty:
        raise FramingError(
            "No question is answered: the column answer is empty. Write into it the number of the option."
        )
    given["chosen"] = [
        _chosen(answer, known.loc[item, options].tolist(), item)
        for answer, item in zip(given["answer"], given["item_id"], strict=True)
    ]
    given["right"] = given["chosen"] == given["intruder"].astype(int)
    rows = []
    for kind, part in given.groupby("kind", sort=True):
        empty = answers[(answers["kind"] == kind) & (answers["answer"] == "")]
        for topic in sorted(part["topic"].astype(int).unique().tolist()):
            own = part[part["topic"].astype(int) == topic]
            ends = _exact(int(own["right"].sum()), len(own), confidence)
            rows.append(_score(own, topic, str(kind), ends, int((empty["topic"].astype(int) == topic).sum())))
        by_topic = part.groupby("topic")["right"].agg(["sum", "size"])
        low, high = ratio_interval(story_sums(by_topic["sum"], by_topic["size"]), confidence=confidence, whole=True)
        rows.append(_score(part, pd.NA, str(kind), (float(low[0]), float(high[0])), len(empty)))
    table = pd.DataFrame(rows)[list(INTRUSION_SCORES.columns)].astype({"topic": "Int64", "kind": "str"})
    if "stable" in key.columns:
        said = key["stable"].astype(object).where(key["stable"].notna(), "").astype("str").str.casefold()
        marks = dict(zip(key["topic"].astype(int), said.map({"true": True, "false": False}), strict=True))
        table["stable"] = pd.array([marks.get(topic, pd.NA) for topic in table["topic"]], dtype="boolean")
    state(table, corpus_of(key))  # a sheet comes back from its coders as a file, without a recipe
    return table


def _word_items(
    topics: Topics, tfidf: Any, named: list[list[str]], n: int, draw: np.random.Generator
) -> list[tuple[int, str, list[str]]]:
    """Return the topic of each question, no text, and its options, the intruder last."""
    words = fit_of(topics).prepared.words
    number = {word: at for at, word in enumerate(words)}
    items = []
    for topic, own in enumerate(named):
        shown = own[:_SHOWN]
        if len(shown) < 2:
            raise FramingError(f"Topic {topic} has fewer than two words, so no other word can intrude. Merge it first.")
        weight = np.asarray(tfidf[topic].toarray()).ravel()
        middle = np.median(weight[weight > 0])
        foreign = {word for other, theirs in enumerate(named) if other != topic for word in theirs} - set(own)
        possible = sorted(word for word in foreign if weight[number[word]] <= middle)
        if not possible:
            raise FramingError(
                f"No word of another topic is rare in topic {topic}, so none can intrude. Merge topics first."
            )
        for word in draw.choice(possible, min(n, len(possible)), replace=False).tolist():
            items.append((topic, "", [*shown, str(word)]))
    return items


def _topic_items(
    topics: Topics, named: list[list[str]], n: int, draw: np.random.Generator
) -> list[tuple[int, str, list[str]]]:
    prepared = fit_of(topics).prepared
    label = topics.assignments["topic"].to_numpy()
    voting = stories_and_votes(topics.contexts)[1] & (prepared.place >= 0)
    centres = centres_of(topics)
    texts = clean_texts(topics.contexts["text"].tolist())
    # drawn from texts in order, so that the order of rows decides nothing
    order = np.lexsort((topics.contexts["context_id"].astype("str").to_numpy(dtype=object), prepared.place))
    shown = [", ".join(words[:_SHOWN]) for words in named]
    items = []
    for topic in range(len(named)):
        members = order[(label[order] == topic) & voting[order]]
        distinct = members[np.unique(prepared.place[members], return_index=True)[1]]
        for at in draw.choice(distinct, min(n, len(distinct)), replace=False).tolist():
            near = np.round(centres @ prepared.plain[prepared.place[at]].astype(np.float64), 6)
            ranked = [t for t in np.lexsort((np.arange(len(near)), -near)).tolist() if t != topic]
            beside = [topic, *ranked[: _TOPICS - 1]]
            far = [t for t in ranked[_TOPICS - 1 :] if ranked.index(t) >= len(ranked) // 2] or ranked[-1:]
            intruder = int(draw.choice(far))
            line = " ".join(_MARKS.sub(" ", texts[at]).split())
            items.append((topic, line, [shown[t] for t in [*beside, intruder]]))
    return items


def _name(kind: str, text: str, options: list[str]) -> str:
    content = "\0".join([kind, text, *options])
    return f"{kind[0]}-{hashlib.sha256(content.encode('utf-8', 'replace')).hexdigest()[:10]}"


def _chosen(answer: str, options: list[Any], item: str) -> int:
    """Return the number of the option that is meant."""
    number = answer.removesuffix(".0")
    if (
        number.isascii()
        and number.isdigit()
        and 1 <= int(number) <= len(options)
        and pd.notna(options[int(number) - 1])
    ):
        return int(number)
    said = [i for i, option in enumerate(options, start=1) if str(option).casefold() == answer.casefold()]
    if len(said) == 1:
        return said[0]
    raise FramingError(
        f"The answer {answer!r} to the question {item!r} is none of its options. Write the number of the option, 1 to "
        f"{sum(pd.notna(option) for option in options)}, or leave the cell empty."
    )


def _exact(x: int, n: int, confidence: float) -> tuple[float, float]:
    """Return the interval of Clopper and Pearson (1934)."""
    from scipy.special import betaincinv

    tail = (1 - confidence) / 2
    low = float(betaincinv(x, n - x + 1, tail)) if x else 0.0
    return low, float(betaincinv(x + 1, n - x, 1 - tail)) if x < n else 1.0


def _score(part: pd.DataFrame, topic: Any, kind: str, ends: tuple[float, float], n_unanswered: int) -> dict[str, Any]:
    return {
        "topic": topic,
        "kind": kind,
        "n_items": part["item_id"].nunique(),
        "n_coders": part["coder"].nunique(),
        "n_answers": len(part),
        "n_right": int(part["right"].sum()),
        "precision": float(part["right"].mean()),
        "low": ends[0],
        "high": ends[1],
        "chance": float((1 / part["n_options"].astype(float)).mean()),
        "n_unanswered": n_unanswered,
    }
