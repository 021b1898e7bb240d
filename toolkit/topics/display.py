"""Own the cards of topics: words, collocates and lines of each, to be read in a notebook or as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from toolkit.tables import FramingError
from toolkit.topics.checks import check_topics_named
from toolkit.topics.collocates import about_terms, topic_collocates
from toolkit.topics.passages import middle_of, printable
from toolkit.topics.tables import TopicTables
from toolkit.topics.words import topic_lines, topic_words

_SHOWN = 110  # characters of a line on each side of its middle; the dots have brackets, since a mask can be a bare "…"
_UNSTABLE = "unstable: found again in fewer than 80 % of runs"
_BY_CHANCE = "unstable: its passages have no more words in common than chance gives"
_RULE = "border-top:1px solid #ccc;padding:.4em 0;max-width:62em"


@dataclass(frozen=True, eq=False)
class TopicCards:
    """Cards of topics: HTML in a notebook, text elsewhere. All text from articles or a model is escaped.

    Attributes
    ----------
    cards : list of dict
        `head`, `words` (pairs of a measure and its words) and `lines` (pairs of an origin and the line) of each topic.
    note : str
        What the cards lack and why, shown below them.
    """

    cards: list[dict[str, Any]]
    note: str = ""

    def __repr__(self) -> str:
        parts = []
        for card in self.cards:
            parts.append(printable(card["head"]))
            parts += [f"  {name}: {printable(words)}" for name, words in card["words"]]
            parts += [f"    {printable(line)}  [{printable(where)}]" for where, line in card["lines"]]
        return "\n".join([*parts, *[printable(self.note)] * bool(self.note)])

    def _repr_html_(self) -> str:
        parts = []
        for card in self.cards:
            words = "".join(
                f"<div><span style='color:#666'>{escape(name)}</span> {escape(listed)}</div>"
                for name, listed in card["words"]
            )
            lines = "".join(
                f"<li dir='auto'>{escape(line)} <span style='color:#666'>{escape(where)}</span></li>"
                for where, line in card["lines"]
            )
            lines = f"<ul style='margin:.2em 0'>{lines}</ul>" if lines else ""
            parts.append(f"<div style='{_RULE}'><b>{escape(card['head'])}</b>{words}{lines}</div>")
        return "".join([*parts, *[f"<p>{escape(self.note)}</p>"] * bool(self.note)])


def topic_cards(topics: TopicTables, n: int, topic: int | Sequence[int] | None) -> TopicCards:
    """Make a card of each topic, or of some: see `Topics.show`."""
    wanted = check_topics_named(topics, topic)
    lines = topic_lines(topics, n=n)
    frex = topic_words(topics, n=8)

    # contexts around no term have no collocates; that is worth a note only where they are said to be about one
    near: pd.DataFrame | None = None
    note = ""
    try:
        near = topic_collocates(topics, n=8)
    except FramingError as error:
        if wanted and about_terms(topics.contexts):
            note = f"Collocates of the term are not shown. {error}"

    cards = []
    for number in wanted:
        row = topics.topics[topics.topics["topic"] == number].iloc[0]
        words = [("c-TF-IDF", str(row["words"])), ("FREX", ", ".join(frex.loc[frex["topic"] == number, "word"]))]
        if near is not None:
            beside = near[near["topic"] == number]
            if len(beside):
                counts = zip(beside["collocate"], beside["n"], beside["n_total"], strict=True)
                listed = ", ".join(f"{word} ({n_here} of {n_all})" for word, n_here, n_all in counts)
                words.append(("beside the term here, of all topics", listed))

        chosen = lines[lines["topic"] == number]
        shown = [(_origin(line), middle_of(str(line["text"]), _SHOWN, "[…]")) for _, line in chosen.iterrows()]
        cards.append({"head": _head(row), "words": words, "lines": shown})
    return TopicCards(cards, note)


def _head(row: pd.Series) -> str:
    head = (
        f"Topic {row['topic']}: {row['label']}. {row['n']:,} context{'' if row['n'] == 1 else 's'}, {row['share']:.1%}"
    )
    if "persistence" in row.index and pd.notna(row["persistence"]):
        head += f", found again in {row['persistence']:.0%} of runs"
        if row["cohesion"] <= 1 or row["separation"] <= row["chance_separation"]:
            head += f" ({_BY_CHANCE})"
        elif pd.notna(row["stable"]) and not row["stable"]:
            head += f" ({_UNSTABLE})"
    return head


def _origin(line: pd.Series) -> str:
    parts = [str(line[c]) for c in ("source",) if c in line.index and pd.notna(line[c])]
    if "date" in line.index and pd.notna(line["date"]) and hasattr(line["date"], "strftime"):
        parts.append(line["date"].strftime("%Y-%m-%d"))
    return ", ".join(parts)
