"""Own the tables that a fit of topics hands out, how they show themselves, and the recipe of what is made from them."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from toolkit.recipes import corpus_of, make_recipe, sealed
from toolkit.topics.nearest import Labels
from toolkit.topics.passages import printable
from toolkit.topics.preparation import Prepared, Run, Way
from toolkit.topics.stability import Certificate

_MARKED = "? found again in fewer than 80 % of runs on other stories"
_MOSTLY = "Most contexts lie in unstable topics: topics.compare_settings(n=[...]) compares other numbers of topics."


@dataclass(frozen=True)
class Fit:
    """What a fit was made of, kept so that it can be repeated, merged and compared.

    Attributes
    ----------
    labels : ndarray of int
        The topic of each text.
    renamed : dict
        From a label of the run to a topic.
    names : dict
        Topics that are named beforehand.
    seconds : dict
        How long each step took.
    certificate : Certificate, optional
        What its repetitions say.
    core : ndarray of int, optional
        The topic of each text before outliers were placed, where they were.
    """

    prepared: Prepared
    way: Way
    run: Run
    labels: Labels
    renamed: dict[int, int]
    names: dict[int, str]
    seconds: dict[str, float]
    certificate: Certificate | None = None
    core: Labels | None = None

    @property
    def core_labels(self) -> Labels:
        """The topic of each text as the clustering had it, without outliers that were placed afterwards."""
        return self.labels if self.core is None else self.core


@dataclass(frozen=True, eq=False)
class TopicTables:
    """Topics as tables, without verbs; `toolkit.topics.record.Topics` says what each of them holds."""

    topics: pd.DataFrame
    words: pd.DataFrame
    assignments: pd.DataFrame
    contexts: pd.DataFrame = field(repr=False)
    model: Any = field(repr=False)
    settings: dict[str, Any]
    fit: Fit | None = field(default=None, repr=False)

    @property
    def labels(self) -> dict[int, str]:
        """The label of each topic, in order; outliers have none."""
        real = self.topics[self.topics["topic"] >= 0]
        return {int(topic): str(label) for topic, label in zip(real["topic"], real["label"], strict=True)}

    def __repr__(self) -> str:
        rows = self._rows()
        lines = [
            f"{row['topic']:>4}{_mark(row)} {row['n']:>7,}  {row['share']:>4.0%}  "
            + printable(_label(row) + row["words"])
            for row in rows
        ]
        return "\n".join([self._headline(), *lines, *_notes(rows)])

    def _repr_html_(self) -> str:
        rows = self._rows()
        body = "".join(
            f"<tr><td>{row['topic']}{_mark(row).strip()}</td><td>{row['n']:,}</td><td>{row['share']:.1%}</td>"
            f"<td>{'' if np.isnan(row['npmi']) else format(row['npmi'], '.2f')}</td>"
            f"<td style='text-align:left'>{html.escape(_label(row) + row['words'])}</td></tr>"
            for row in rows
        )

        named = any(_label(row) for row in rows)
        last = f"<th style='text-align:left'>{'label: words' if named else 'words'}</th>"
        head = f"<tr><th>topic</th><th>contexts</th><th>share</th><th>NPMI</th>{last}</tr>"

        note = "".join(f"<p>{html.escape(each)}</p>" for each in _notes(rows))
        return f"<p>{html.escape(self._headline())}</p>{note}<table><thead>{head}</thead><tbody>{body}</tbody></table>"

    def _rows(self) -> list[dict[str, Any]]:
        return self.topics.to_dict("records")  # type: ignore[return-value]  # columns are strings

    def _headline(self) -> str:
        n_topics = len(self.labels)
        outliers = float(self.topics.loc[self.topics["topic"] == -1, "share"].sum())
        made = self.settings
        return (
            f"{n_topics} topic{'' if n_topics == 1 else 's'} of {len(self.contexts):,} contexts, {outliers:.0%} outliers "
            f"({made['embedder']}, {made['reduction']}, {made['clustering']}, seed {made['seed']})"
        )


def _mark(row: dict[str, Any]) -> str:
    """Return a question mark for an unstable topic, else a space."""
    return "?" if row["topic"] >= 0 and row.get("stable") is not None and not row.get("stable", True) else " "


def _label(row: dict[str, Any]) -> str:
    """Return the label to stand before the words, unless it is simply the first of them."""
    plain = row["topic"] < 0 or row["label"] == ", ".join(row["words"].split(", ")[:3]) or not row["words"]
    return "" if plain else f"{row['label']}: "


def _notes(rows: list[dict[str, Any]]) -> list[str]:
    unstable = [row for row in rows if _mark(row) == "?"]
    mostly = sum(row["share"] for row in unstable) > 0.5 and len(rows) > 1
    return [_MARKED] * bool(unstable) + [_MOSTLY] * mostly


def marked(table: pd.DataFrame, topics: TopicTables) -> pd.DataFrame:
    """Return a table of topics with the column `stable`, where a certificate says it."""
    if "stable" not in topics.topics.columns or "topic" not in table.columns:
        return table
    known = pd.Series(topics.topics["stable"].array, index=topics.topics["topic"].to_numpy())
    return table.assign(stable=known.reindex(table["topic"].to_numpy()).array)


def with_recipe(
    table: pd.DataFrame, topics: TopicTables, function: str, settings: dict[str, Any], packages: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Return a table made from topics with the recipe of both.

    Parameters
    ----------
    table : DataFrame
        What was made.
    topics : TopicTables
        What it was made from: their settings become a part of the settings, and their versions are kept.
    function : str
        The function's name, without ``toolkit.``.
    settings : dict
        Its settings as plain JSON values.
    packages : tuple of str
        Packages, besides those of the fit, whose version can change the table.
    """
    made = topics.topics.attrs.get("recipe", {"settings": topics.settings, "corpus": {}, "versions": {}})
    recipe = make_recipe(f"toolkit.{function}", {**settings, "topics": made["settings"]}, corpus_of(topics), packages)
    recipe["versions"] = {**made["versions"], **recipe["versions"]}

    return sealed(table.reset_index(drop=True), recipe)
