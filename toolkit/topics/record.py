"""Own what a fit of topics hands out: `Topics`, its tables, and how it shows itself."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from toolkit.tally.labels import from_codes
from toolkit.tally.tally import Tally
from toolkit.topics.nearest import Labels
from toolkit.topics.preparation import Prepared, Run, Way
from toolkit.topics.stability import Certificate

_MARKED = "? found again in fewer than 80 % of runs on other stories"
_MOSTLY = "Most contexts lie in topics that do not hold still: topics.choose(n=[...]) compares other numbers of topics."


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


@dataclass(frozen=True, eq=False)
class Topics:
    """Topics of contexts, as tables.

    A topic is a group of contexts that use similar words. It is not a frame.

    Attributes
    ----------
    topics : DataFrame
        One row per topic, the largest first, outliers (-1) last: `topic`; `label` (its first three words, its zero-shot
        description, or what `tk.label_topics` gave); `words` (joined by commas); `n` contexts; `share` of all contexts,
        outliers included; `npmi`, the coherence of its words. With a certificate (``runs`` of the fit) also:
        `persistence`, the share of runs in which it is found again, with Wilson's interval (`persistence_low`,
        `persistence_high`); `stability`, the mean Jaccard index of its passages with those of its match, and
        `word_stability`, the mean average Jaccard index of its ranked words (Greene et al. 2014), with Student's
        intervals over runs (`stability_low`, ...); `cohesion`, how many times as alike in their words two of its
        passages are as any two, and `separation`, as one of it and one of the rest, with `chance_separation`, what
        topics of words dealt out at random reach (missing for a single topic); `stable`, whether its persistence is at
        least 0.8. Missing for the outliers.
    words : DataFrame
        One row per topic and word: `topic`, `rank` (from 1), `word`, `weight` (c-TF-IDF: within a topic, higher is more
        telling; not comparable between two fits).
    assignments : DataFrame
        One row per context, in their order: `context_id`, `topic`, `probability`: the share of runs in which it falls in
        the match of its topic; without runs, what the clustering says (NaN for k-means). With a certificate also
        `consensus`, the topic in which it falls most often, the fit itself being one vote (ties go to the fit), and, as in
        `words`, `stable`, whether its topic is.
    contexts : DataFrame
        The contexts as they were given.
    model : bertopic.BERTopic
        The fitted model, for everything else that BERTopic offers. Labels that are given are its topic_labels_ and, for
        ``custom_labels=True``, its custom_labels_.
    settings : dict
        What they were fitted with.
    hierarchy : DataFrame
        See there.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> texts = [f"Rain and wind hit the coast on day {i}" for i in range(6)]
    >>> texts += [f"The judge and the court stopped the ban in case {i}" for i in range(6)]
    >>> contexts = pd.DataFrame({"context_id": [f"c{i}" for i in range(12)], "text": texts})
    >>> topics = tk.fit_topics(contexts, n_topics=2, min_size=3)
    >>> topics.topics["n"].tolist(), len(topics.assignments)
    ([6, 6], 12)
    """

    topics: pd.DataFrame
    words: pd.DataFrame
    assignments: pd.DataFrame
    contexts: pd.DataFrame = field(repr=False)
    model: Any = field(repr=False)
    settings: dict[str, Any]
    fit: Any = field(default=None, repr=False)

    def __tally__(self) -> Tally:
        """Return the contexts by topic as a tally; outliers (-1) are a topic of it, so that shares are out of all contexts."""
        place = {topic: number for number, topic in enumerate(self.topics["topic"].tolist())}
        code = np.array([place[topic] for topic in self.assignments["topic"].tolist()], dtype=np.int64)

        # a context that names no article is one of its own
        frame = self.contexts.drop(columns=["topic", "text"], errors="ignore").reset_index(drop=True)
        alone = "context:" + frame["context_id"].astype("str")
        frame["doc_id"] = (
            frame["doc_id"].astype("str").where(frame["doc_id"].notna(), alone) if "doc_id" in frame else alone
        )

        # the earliest article stands for its story, and of two on one day the first row, which must not hang on how rows are sorted
        order = np.argsort(frame["doc_id"].to_numpy(dtype=object), kind="stable")
        frame, code = frame.iloc[order].reset_index(drop=True), code[order]
        recipe = self.topics.attrs["recipe"]
        return from_codes(frame, code, list(place), "topic", corpus=recipe["corpus"], stated=recipe["settings"])

    def __repr__(self) -> str:
        rows: list[dict[str, Any]] = self.topics.to_dict("records")  # type: ignore[assignment]  # columns are strings
        lines = [
            f"{row['topic']:>4}{self._mark(row)} {row['n']:>7,}  {row['share']:>4.0%}  "
            + "".join(c if c.isprintable() else " " for c in self._label(row) + row["words"])
            for row in rows
        ]
        return "\n".join([self._headline(), *lines, *self._notes(rows)])

    def _repr_html_(self) -> str:
        rows: list[dict[str, Any]] = self.topics.to_dict("records")  # type: ignore[assignment]  # columns are strings
        body = "".join(
            f"<tr><td>{row['topic']}{self._mark(row).strip()}</td><td>{row['n']:,}</td><td>{row['share']:.1%}</td>"
            f"<td>{'' if np.isnan(row['npmi']) else format(row['npmi'], '.2f')}</td>"
            f"<td style='text-align:left'>{html.escape(self._label(row) + row['words'])}</td></tr>"
            for row in rows
        )
        named = any(self._label(row) for row in rows)
        last = f"<th style='text-align:left'>{'label: words' if named else 'words'}</th>"
        head = f"<tr><th>topic</th><th>contexts</th><th>share</th><th>NPMI</th>{last}</tr>"
        note = "".join(f"<p>{html.escape(each)}</p>" for each in self._notes(rows))
        return f"<p>{html.escape(self._headline())}</p>{note}<table><thead>{head}</thead><tbody>{body}</tbody></table>"

    def _notes(self, rows: list[dict[str, Any]]) -> list[str]:
        shaky = [row for row in rows if self._mark(row) == "?"]
        mostly = sum(row["share"] for row in shaky) > 0.5 and len(rows) > 1
        return [_MARKED] * bool(shaky) + [_MOSTLY] * mostly

    @staticmethod
    def _mark(row: dict[str, Any]) -> str:
        return "?" if row["topic"] >= 0 and row.get("stable") is not None and not row.get("stable", True) else " "

    @staticmethod
    def _label(row: dict[str, Any]) -> str:
        """Return the label, where it is not simply the first words, to stand before them."""
        plain = row["topic"] < 0 or row["label"] == ", ".join(row["words"].split(", ")[:3]) or not row["words"]
        return "" if plain else f"{row['label']}: "

    def _headline(self) -> str:
        n_topics = int((self.topics["topic"] >= 0).sum())
        outliers = float(self.topics.loc[self.topics["topic"] == -1, "share"].sum())
        by = self.settings
        return (
            f"{n_topics} topic{'' if n_topics == 1 else 's'} of {len(self.contexts):,} contexts, {outliers:.0%} outliers "
            f"({by['embedder']}, {by['reduction']}, {by['clustering']}, seed {by['seed']})"
        )

    @cached_property
    def hierarchy(self) -> pd.DataFrame:
        """How topics would be merged, one merge a row, the most similar first.

        `parent`, a number for the merged topic (from one above the highest topic); `left` and `right`, what is merged;
        `topics`, all topics in it, joined by a bar; `distance` between the two (Ward's, on cosine distances of c-TF-IDF, as in
        BERTopic); `words` of the merged topic; with a certificate also `n_unstable`, how many of its topics are not stable.
        Whether a merged topic is stable itself, the certificate of ``topics.merge([...])`` tells. Empty for fewer than two topics.

        Examples
        --------
        >>> import pandas as pd, toolkit as tk
        >>> texts = [f"{theme} {i}" for theme in ("rain wind coast", "rain snow ice", "judge court ban") for i in range(6)]
        >>> contexts = pd.DataFrame({"context_id": [f"c{i}" for i in range(18)], "text": texts})
        >>> topics = tk.fit_topics(contexts, n_topics=3, min_size=3, runs=0)
        >>> topics.hierarchy[["parent", "left", "right"]].values.tolist()
        [[3, 1, 2], [4, 0, 3]]
        """
        from toolkit.topics.merges import hierarchy_table

        return hierarchy_table(self)

    def merge(self, groups: Sequence[Sequence[int]]) -> Topics:
        """Return topics in which each group of topics is one; numbers go by size anew.

        A certificate is judged anew on the same runs: in each, the groups that lie mostly in a merged topic are put together too.

        Parameters
        ----------
        groups : list of lists of int
            Topics to put together, as in ``[[1, 2], [4, 6, 7]]``.

        Examples
        --------
        >>> import pandas as pd, toolkit as tk
        >>> texts = [f"{theme} {i}" for theme in ("rain wind coast", "rain snow ice", "judge court ban") for i in range(6)]
        >>> contexts = pd.DataFrame({"context_id": [f"c{i}" for i in range(18)], "text": texts})
        >>> tk.fit_topics(contexts, n_topics=3, min_size=3, runs=0).merge([[0, 2]]).topics["n"].tolist()
        [12, 6]
        """
        from toolkit.topics.merges import merged_topics

        return merged_topics(self, groups)

    def reduce_outliers(self, strategy: str = "embeddings", *, threshold: float = 0.0) -> Topics:
        """Return topics in which outliers are put to the topic that they are most like; a certificate is judged anew.

        Contexts without text stay outliers. The fitted model keeps its own rule for new texts.

        Parameters
        ----------
        strategy : {"embeddings", "c-tf-idf", "distributions", "probabilities"}
            What is compared, as in BERTopic's reduce_outliers: vectors with the topic's mean vector, words with the
            topic's words, pieces of the text with the topic's words. "probabilities" needs HDBSCAN's; "distributions" is slow.
        threshold : float, keyword-only
            The least similarity; below it a context stays an outlier.

        Examples
        --------
        >>> import pandas as pd, toolkit as tk
        >>> texts = [f"{theme} {i}" for theme in ("rain wind coast", "judge court ban") for i in range(6)] + ["wind"]
        >>> contexts = pd.DataFrame({"context_id": [f"c{i}" for i in range(13)], "text": texts})
        >>> topics = tk.fit_topics(contexts, n_topics=3, min_size=3, reduction="none", runs=0)
        >>> topics.topics["topic"].tolist(), topics.reduce_outliers().topics["n"].tolist()
        ([0, 1, -1], [7, 6])
        """
        from toolkit.topics.merges import without_outliers

        return without_outliers(self, strategy, threshold)

    def certificate(self, *, runs: int = 20) -> Topics:
        """Return the same topics with the columns of stability from another number of runs.

        Where topics were merged, the groups that lie mostly in them are merged in each run; where outliers were placed, the
        topics without them are sought.

        Parameters
        ----------
        runs : int, keyword-only
            Repetitions on four fifths of the stories each.

        Examples
        --------
        >>> import pandas as pd, toolkit as tk
        >>> texts = [f"{theme} {i}" for theme in ("rain wind coast", "judge court ban") for i in range(20)]
        >>> contexts = pd.DataFrame({"context_id": [f"c{i}" for i in range(40)], "text": texts})
        >>> topics = tk.fit_topics(contexts, n_topics=2, min_size=3, runs=0)
        >>> topics.certificate(runs=10).topics[["persistence", "stable"]].values.tolist()
        [[1.0, True], [1.0, True]]
        """
        from toolkit.topics.merges import certified

        return certified(self, runs)

    def show(self, n: int = 3, *, topic: int | Sequence[int] | None = None) -> Any:
        """Return a card of each topic, or of some: words by c-TF-IDF and FREX, collocates of the term, and `n` lines across sources."""
        from toolkit.topics.display import topic_cards

        return topic_cards(self, n, topic)

    def choose(self, **settings: Any) -> pd.DataFrame:
        """Compare settings on the same contexts: see `toolkit.topics.settings.compare_settings`."""
        from toolkit.topics.settings import compare_settings

        return compare_settings(self, **settings)
