"""Own `Topics`, what a fit of topics hands out: its tables, and the verbs that other modules own as methods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from toolkit.deprecation import old_name, old_parameters
from toolkit.recipes import changes, corpus_of
from toolkit.tables.content import changes_told, frame_changes
from toolkit.tally.labels import from_codes
from toolkit.tally.tally import Tally
from toolkit.topics.display import TopicCards, topic_cards
from toolkit.topics.merges import Strategy, certify_topics, hierarchy_table, merge_topics, place_outliers
from toolkit.topics.settings import Coherence, compare_settings
from toolkit.topics.tables import TopicTables


class Topics(TopicTables):
    """Topics of contexts, as tables.

    A topic is a group of contexts that use similar words. It is not a frame.

    Attributes
    ----------
    topics : DataFrame
        One row per topic, the largest first, outliers (-1) last: `topic`; `label` (its first three words, its zero-shot
        description, or what `tk.label_topics` gave); `words` (joined by commas); `n` contexts; `share` of all contexts,
        outliers included; `npmi`, the coherence of its words. With a certificate (``resamples`` of the fit) also:
        `persistence`, the share of runs in which it is found again, with Wilson's interval (`persistence_low`,
        `persistence_high`); `stability`, the mean Jaccard index of its passages with those of its match, and
        `word_stability`, the mean average Jaccard index of its ranked words (Greene et al. 2014), with Student's
        intervals over runs (`stability_low`, ...); `cohesion`, how many times as alike in their words two of its
        passages are as any two, and `separation`, as one of it and one of the rest, with `chance_separation`, what
        topics of words dealt out at random reach (missing for a single topic); `stable`, whether its persistence is at
        least 0.8. These are missing for the outliers.
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
    labels : dict
        The label of each topic, outliers excluded.
    hierarchy : DataFrame
        See there.

    See Also
    --------
    toolkit.fit_topics : Makes topics.
    toolkit.topic_shares : Counts them by source and period.
    toolkit.topic_lines : Lines to read of each topic.

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

    @property
    def changed_afterwards(self) -> dict[str, Any]:
        """What was edited in `contexts` or `assignments` after the fit; new columns do not count. Empty as a rule."""
        told = {} if self.fit is None else frame_changes(self.fit.prepared.contexts, self.contexts)
        assigned = {key: what for key, what in (changes(self.assignments) or {}).items() if key != "columns_added"}
        return {**told, "assignments": changes_told(assigned)} if assigned else told

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
        about = {column: self.topics[column].array for column in ("label", "stable") if column in self.topics.columns}
        return from_codes(
            frame, code, list(place), "topic", corpus=corpus_of(self), stated=recipe["settings"], about=about
        )

    @cached_property
    def hierarchy(self) -> pd.DataFrame:
        """How topics would be merged, one merge a row, the most similar first.

        `parent`, a number for the merged topic (from one above the highest topic); `left` and `right`, what is merged;
        `topics`, all topics in it, joined by a bar; `distance` between the two (Ward's, on cosine distances of c-TF-IDF, as in
        BERTopic); `words` of the merged topic; with a certificate also `n_unstable`, how many of its topics are unstable.
        The certificate of ``topics.merge([...])`` says whether a merged topic is stable itself. Empty for fewer than two topics.

        Examples
        --------
        >>> import pandas as pd, toolkit as tk
        >>> texts = [f"{theme} {i}" for theme in ("rain wind coast", "rain snow ice", "judge court ban") for i in range(6)]
        >>> contexts = pd.DataFrame({"context_id": [f"c{i}" for i in range(18)], "text": texts})
        >>> topics = tk.fit_topics(contexts, n_topics=3, min_size=3, resamples=0)
        >>> topics.hierarchy[["parent", "left", "right"]].values.tolist()
        [[3, 1, 2], [4, 0, 3]]
        """
        return hierarchy_table(self)

    def merge(self, groups: Sequence[Sequence[int]]) -> Topics:
        """Return topics in which each group of topics is one; topics are renumbered by size.

        A certificate is judged anew on the same runs: in each, the groups that lie mostly in a merged topic are merged too.

        Parameters
        ----------
        groups : list of lists of int
            Topics to put together, as in ``[[1, 2], [4, 6, 7]]``.

        Raises
        ------
        FramingError
            When there is no such topic, or one is in two groups.

        See Also
        --------
        hierarchy : Which topics are most alike.

        Examples
        --------
        >>> import pandas as pd, toolkit as tk
        >>> texts = [f"{theme} {i}" for theme in ("rain wind coast", "rain snow ice", "judge court ban") for i in range(6)]
        >>> contexts = pd.DataFrame({"context_id": [f"c{i}" for i in range(18)], "text": texts})
        >>> tk.fit_topics(contexts, n_topics=3, min_size=3, resamples=0).merge([[0, 2]]).topics["n"].tolist()
        [12, 6]
        """
        return merge_topics(self, groups)

    def reduce_outliers(self, strategy: Strategy = "embeddings", *, threshold: float = 0.0) -> Topics:
        """Return topics in which each outlier is in the topic that it is most like; a certificate is judged anew.

        Contexts without text stay outliers. The fitted model keeps its own rule for new texts.

        Parameters
        ----------
        strategy : {"embeddings", "c-tf-idf", "distributions", "probabilities"}
            What is compared, as in BERTopic's reduce_outliers: vectors with the topic's mean vector, words with the
            topic's words, pieces of the text with the topic's words. "probabilities" needs HDBSCAN's; "distributions" is slow.
        threshold : float, keyword-only
            The least similarity; below it a context stays an outlier.

        Raises
        ------
        FramingError
            When there is no such strategy, or the clustering gives no probabilities.

        Examples
        --------
        >>> import pandas as pd, toolkit as tk
        >>> texts = [f"{theme} {i}" for theme in ("rain wind coast", "judge court ban") for i in range(6)] + ["wind"]
        >>> contexts = pd.DataFrame({"context_id": [f"c{i}" for i in range(13)], "text": texts})
        >>> topics = tk.fit_topics(contexts, n_topics=3, min_size=3, reduction="none", resamples=0)
        >>> topics.topics["topic"].tolist(), topics.reduce_outliers().topics["n"].tolist()
        ([0, 1, -1], [7, 6])
        """
        return place_outliers(self, strategy, threshold)

    @old_parameters(runs="resamples")
    def certify(self, *, resamples: int = 20) -> Topics:
        """Return the same topics with the columns of stability from another number of runs.

        Where topics were merged, the groups that lie mostly in them are merged in each run; where outliers were placed, the
        topics without them are sought.

        Parameters
        ----------
        resamples : int, keyword-only
            How often the fit is repeated on 80 % of the stories, drawn anew.

        Raises
        ------
        FramingError
            When `resamples` is no whole number of 1 or more.

        See Also
        --------
        toolkit.fit_topics : Its notes say when a topic is stable.
        compare_settings : The stability of other numbers of topics.

        Examples
        --------
        >>> import pandas as pd, toolkit as tk
        >>> texts = [f"{theme} {i}" for theme in ("rain wind coast", "judge court ban") for i in range(20)]
        >>> contexts = pd.DataFrame({"context_id": [f"c{i}" for i in range(40)], "text": texts})
        >>> topics = tk.fit_topics(contexts, n_topics=2, min_size=3, resamples=0)
        >>> topics.certify(resamples=10).topics[["persistence", "stable"]].values.tolist()
        [[1.0, True], [1.0, True]]
        """
        return certify_topics(self, resamples)

    def show(self, n: int = 3, *, topic: int | Sequence[int] | None = None) -> TopicCards:
        """Return a card of each topic, or of some: words by c-TF-IDF and FREX, collocates of the term, and `n` lines across sources.

        Parameters
        ----------
        n : int
            Lines per topic.
        topic : int or list of int, optional, keyword-only
            Which topics; by default all.

        Raises
        ------
        FramingError
            When there is no such topic, or `n` is no number of lines.

        See Also
        --------
        toolkit.topic_words, toolkit.topic_lines, toolkit.topic_collocates : The same as tables.
        """
        return topic_cards(self, n, topic)

    @old_parameters(runs="resamples")
    def compare_settings(
        self,
        *,
        n: Sequence[int] | None = None,
        min_size: Sequence[int] | None = None,
        coherence: Coherence = "npmi",
        reference: pd.DataFrame | Iterable[str] | None = None,
        resamples: int = 5,
    ) -> pd.DataFrame:
        """Compare numbers of topics and least sizes on the same contexts; vectors, neighbours and counts are computed once.

        Parameters
        ----------
        n : list of int, optional, keyword-only
            Numbers of topics (`n_topics`).
        min_size : list of int, optional, keyword-only
            Least sizes. With both, every pair is tried.
        coherence : {"npmi", "c_v"}, keyword-only
            NPMI over whole texts, or C_v over windows of 110 words.
        reference : DataFrame or list of str, optional, keyword-only
            Texts in which coherence is counted, as articles (their column text); by default the contexts. Another corpus
            than the one that was fitted judges more fairly.
        resamples : int, keyword-only
            How often each setting is repeated on 80 % of the stories; 0 omits the columns of stability.

        Returns
        -------
        DataFrame
            Topic settings: one row per setting, in the order given: `n_topics` asked (missing where left to the clustering) and
            `min_size`; `n_found` topics; `outlier_share` of contexts; `npmi` or `c_v`, `exclusivity`, means over topics, each topic
            counting alike; `diversity`, different words among all topics' words; `persistence`, `stability` and
            `word_stability`, means over topics; `adjusted_rand`, how alike the whole groupings of fit and run are, mean over
            runs: 1 where they are the same, 0 where they agree as two random ones of the same sizes would (Hubert and
            Arabie 1985), over the distinct texts that a run had, with the outliers as one group; `stable_share`, the share of
            contexts in stable topics.

        Raises
        ------
        FramingError
            If neither `n` nor `min_size` is given, or one of them is not a list of whole numbers.

        Notes
        -----
        No row is "right". The more topics there are, the more of them share a word, so exclusivity and diversity tend to fall
        (they are at least one over the number of topics); a single topic is always stable. Look for the finest setting whose topics
        are stable, and report the table. `persistence` and `stability` weigh topics alike, `adjusted_rand` is ruled by the large ones.

        Examples
        --------
        >>> import pandas as pd, toolkit as tk
        >>> texts = [f"{theme} {i}" for theme in ("rain wind coast", "judge court ban") for i in range(20)]
        >>> contexts = pd.DataFrame({"context_id": [f"c{i}" for i in range(40)], "text": texts})
        >>> topics = tk.fit_topics(contexts, n_topics=2, min_size=3, resamples=0)
        >>> topics.compare_settings(n=[1, 2])[["n_topics", "n_found", "outlier_share", "persistence", "adjusted_rand"]]
           n_topics  n_found  outlier_share  persistence  adjusted_rand
        0         1        1            0.0          1.0            1.0
        1         2        2            0.0          1.0            1.0
        """
        return compare_settings(
            self, n=n, min_size=min_size, coherence=coherence, reference=reference, resamples=resamples
        )

    certificate = old_name("certificate", "certify", certify, prefix="topics.")
    choose = old_name("choose", "compare_settings", compare_settings, prefix="topics.")
