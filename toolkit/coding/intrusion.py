"""Own the intrusion test: sheets on which people look for what does not belong to a topic, and the scores of the answers."""

from __future__ import annotations

import hashlib
import re
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.measures.intervals import ratio_interval, story_sums
from toolkit.models.embedders import clean_texts
from toolkit.recipes import corpus_of, recorded, state
from toolkit.tables import INTRUSION_SCORES, FramingError, require
from toolkit.tables.checks import check_at_least, check_choice, check_confidence
from toolkit.topics.checks import check_topics, fit_of
from toolkit.topics.counts import class_tfidf, top_words
from toolkit.topics.origins import stories_and_votes
from toolkit.topics.record import Topics
from toolkit.topics.words import centres_of

Intrusion = Literal["word", "topic"]

KINDS: tuple[str, ...] = get_args(Intrusion)
_SHOWN = 5  # words of a topic that stand beside an intruder, as in Chang et al.
_WORDS = 10  # words of another topic, one of which intrudes
_TOPICS = 3  # topics beside an intruding one
_MARKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")

Ints = NDArray[np.int64]


@recorded(packages=("numpy",))
def intrusion_sheet(
    topics: Topics, *, kind: Intrusion = "word", n: int = 1, seed: int = 0, blind: bool = True
) -> pd.DataFrame:
    """Make a sheet on which people say what does not belong: a word among a topic's words, or a topic beside a passage.

    Parameters
    ----------
    topics : Topics
        From `tk.fit_topics`.
    kind : {"word", "topic"}, keyword-only
        ``"word"``: the five highest words of a topic and one that does not belong to it. ``"topic"``: a passage, its topic with
        the two others that it is most like, and one that it is unlike; topics are shown by their words.
    n : int, keyword-only
        Questions per topic.
    seed : int, keyword-only
        Seed of the draw of intruders and passages, and of the order of questions and options.
    blind : bool, keyword-only
        Omit the solutions. The same call with ``blind=False`` gives the key for `tk.intrusion_scores`.

    Returns
    -------
    DataFrame
        Intrusion sheet, one row per question, in random order: `item_id`; `kind`; with kind topic `text`, the passage; `option_1`
        and so on; `answer`, to be filled in with the number of the option that does not belong (or the option itself); `coder`,
        to be filled in. The key also has `topic` and `intruder`, the number of the option, and, with a certificate, `stable`,
        whether the topic is stable.

    Raises
    ------
    FramingError
        When there are too few topics (two for words, four for topics), or a topic has too few words.

    See Also
    --------
    intrusion_scores : Scores the answers.

    Notes
    -----
    After Chang, Gerrish, Wang, Boyd-Graber and Blei (2009). An intruding word is among the ten highest of another topic, and in the
    lower half of the words of this one or not in it at all. An intruding topic is drawn from the half of the topics that are least
    like the passage. Here a context belongs to one topic, so the other options are that topic's neighbours, not further topics of
    the passage; Chang et al. had topics in proportions, and scored by log odds.

    Make the key when you make the sheet, and keep both as files: ``sheet.to_csv("sheet.csv", index=False)``, read back with
    ``pd.read_csv("sheet.csv", dtype="str", keep_default_na=False)``. Join the sheets of several coders with ``pd.concat``. An
    `item_id` is a hash of what the question shows, so that a key from another fit is refused.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> texts = [f"Rain and wind hit the coast on day {i}" for i in range(6)]
    >>> texts += [f"The judge and the court stopped the ban in case {i}" for i in range(6)]
    >>> contexts = pd.DataFrame({"context_id": [f"c{i}" for i in range(12)], "text": texts})
    >>> topics = tk.fit_topics(contexts, n_topics=2, min_size=3, resamples=0)
    >>> sheet, key = tk.intrusion_sheet(topics), tk.intrusion_sheet(topics, blind=False)
    >>> len(sheet), [c for c in key.columns if c not in sheet.columns]
    (2, ['topic', 'intruder'])
    """
    check_topics(topics, "intrusion_sheet")
    check_choice("kind of intrusion", kind, KINDS)
    check_at_least("n", n, 1)
    check_at_least("seed", seed, 0)
    n_topics = len(topics.labels)
    needed = 2 if kind == "word" else _TOPICS + 1
    fit = fit_of(topics)
    if n_topics < needed:
        raise FramingError(
            f"An intrusion test by {kind}s needs at least {needed} topics; there {'is' if n_topics == 1 else 'are'} {n_topics}."
        )

    draw = np.random.default_rng([int(seed), KINDS.index(kind)])
    tfidf = class_tfidf(fit.prepared.counts_by(fit.labels, n_topics))
    named = top_words(tfidf, fit.prepared.words, _WORDS)
    if kind == "word":
        items = _word_items(topics, tfidf, named, int(n), draw)
    else:
        items = _topic_items(topics, named, int(n), draw)

    rows = [_row(kind, items[at], draw) for at in draw.permutation(len(items)).tolist()]
    sheet = pd.DataFrame(rows).drop_duplicates("item_id", ignore_index=True)
    written = [column for column in sheet.columns if column not in ("topic", "intruder")]
    sheet = sheet.astype(dict.fromkeys(written, "str"))
    if blind:
        sheet = sheet.drop(columns=["topic", "intruder"])
    elif "stable" in topics.topics.columns:
        stable = topics.topics.set_index("topic")["stable"]
        sheet["stable"] = stable.reindex(sheet["topic"]).array
    return sheet


def _row(kind: str, item: tuple[int, str, list[str]], draw: np.random.Generator) -> dict[str, Any]:
    """Return a question with its options in random order; the last that is given is the intruder."""
    topic, text, options = item
    order = draw.permutation(len(options))
    shown = [options[i] for i in order]
    return {
        "item_id": _name(kind, text, shown),
        "kind": kind,
        **({"text": text} if kind == "topic" else {}),
        **{f"option_{i}": option for i, option in enumerate(shown, start=1)},
        "answer": "",
        "coder": "",
        "topic": topic,
        "intruder": int(np.flatnonzero(order == len(options) - 1)[0]) + 1,
    }


@recorded(packages=("scipy",))
def intrusion_scores(sheet: pd.DataFrame, key: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Score how often people found the intruder, by topic and overall.

    Parameters
    ----------
    sheet : DataFrame
        Sheets of `tk.intrusion_sheet` with `answer` filled in; stack those of several coders.
    key : DataFrame
        The same sheet, made with ``blind=False``.
    confidence : float, keyword-only
        Nominal coverage of the intervals.

    Returns
    -------
    DataFrame
        Intrusion scores: one row per kind and topic, and for each kind a last row for all topics (`topic` missing): `topic`;
        `kind`; `n_items`, questions with an answer; `n_coders`; `n_answers`; `n_right`; `precision`, n_right / n_answers, the
        model precision of Chang et al. (2009); `low` and `high`, its interval; `chance`, what guessing would get; `n_unanswered`;
        `stable`, if the key has it.

    Raises
    ------
    FramingError
        When an answer is not an option, the key lacks a question, a coder answered one twice, or nothing was answered.

    See Also
    --------
    intrusion_sheet : Makes the sheet and its key.

    Notes
    -----
    Chang et al. score topic intrusion by topic log odds, from each passage's probability of each topic. A fit here has none: a
    similarity scaled to add up to 1 is not a probability, and the votes of a few runs are 0 for the topics whose odds would be
    needed.

    The interval of a topic is Clopper and Pearson's (1934), exact if answers are independent. Answers to one question are not quite
    independent, so with many coders and few questions it is too narrow. The interval of all topics takes the topic as the unit. If
    an interval includes `chance`, the answers do not show that anybody understands the topic.

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
    check_confidence(confidence)
    require(sheet, ["item_id", "answer"], "answers")
    require(key, ["item_id", "kind", "option_1", "topic", "intruder"], "the key to a sheet")
    answers = _answers(sheet)
    known = key.drop_duplicates("item_id")
    known = known.set_index(known["item_id"].astype("str"))
    _check_answers(answers, known)

    # each answer with the solution of its question
    options = [str(c) for c in known.columns if str(c).startswith("option_")]
    solutions = known[["kind", "topic", "intruder"]].assign(n_options=known[options].notna().sum(axis=1))
    answers = answers.join(solutions, on="item_id")
    given = answers[answers["answer"] != ""].copy()
    if given.empty:
        raise FramingError(
            "No question is answered: the column answer is empty. Write into it the number of the option."
        )
    chosen = [
        _chosen(answer, known.loc[item, options].tolist(), item)
        for answer, item in zip(given["answer"], given["item_id"], strict=True)
    ]
    given["right"] = np.array(chosen) == given["intruder"].astype(int)

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

    # the key may have been a CSV file, in which the marks are words
    if "stable" in key.columns:
        words = key["stable"].astype(object).where(key["stable"].notna(), "").astype("str").str.casefold()
        marks = dict(zip(key["topic"].astype(int), words.map({"true": True, "false": False}), strict=True))
        table["stable"] = pd.array([marks.get(topic, pd.NA) for topic in table["topic"]], dtype="boolean")

    state(table, corpus_of(key))  # a sheet comes back from its coders as a file, without a recipe
    return table


def _answers(sheet: pd.DataFrame) -> pd.DataFrame:
    """Return item, coder and answer of each row as plain text, empty where one is missing."""
    coder = sheet["coder"] if "coder" in sheet.columns else pd.Series("", index=sheet.index)
    return pd.DataFrame(
        {
            "item_id": sheet["item_id"].astype("str").str.strip(),
            "coder": coder.astype(object).where(coder.notna(), "").astype("str").str.strip(),
            "answer": sheet["answer"].astype(object).where(sheet["answer"].notna(), "").astype("str").str.strip(),
        }
    ).reset_index(drop=True)


def _check_answers(answers: pd.DataFrame, known: pd.DataFrame) -> None:
    """Raise if the key lacks a question, or a coder answers one twice."""
    lost = answers[~answers["item_id"].isin(known.index)]
    if len(lost):
        more = f", nor {len(lost) - 1:,} others of the sheet" if len(lost) > 1 else ""
        raise FramingError(
            f"The key has no question {lost['item_id'].iloc[0]!r}{more}. Make it as the sheet was made, from the same topics and "
            "seed, with blind=False."
        )

    twice = answers[answers.duplicated(["item_id", "coder"])]
    if len(twice):
        name = twice["coder"].iloc[0]
        who = f"The coder {name!r}" if name else "A coder without a name"
        raise FramingError(
            f"{who} answers the question {twice['item_id'].iloc[0]!r} more than once. Fill in the column coder, and keep one answer "
            "of each."
        )


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

        # words of other topics that are in the lower half of this one
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
    """Return the topic of each question, its passage, and its options, the intruder last."""
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
    """Return the number of the option that the answer names."""
    number = answer.removesuffix(".0")
    if (
        number.isascii()
        and number.isdigit()
        and 1 <= int(number) <= len(options)
        and pd.notna(options[int(number) - 1])
    ):
        return int(number)
    named = [i for i, option in enumerate(options, start=1) if str(option).casefold() == answer.casefold()]
    if len(named) == 1:
        return named[0]
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
