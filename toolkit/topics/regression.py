"""Own how topics differ between sources, periods and other groups: contrasts of shares, and a regression on covariates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.deprecation import old_name
from toolkit.measures.multiplicity import ADJUSTMENTS, adjusted
from toolkit.measures.sparse import summed_rows
from toolkit.tables import (
    TOPIC_CONTRASTS,
    TOPIC_REGRESSION,
    FramingError,
    columns_and_freq,
    listed,
    not_found,
    require,
    warn_user,
)
from toolkit.tables.checks import check_at_least, check_choice, check_confidence
from toolkit.tables.choices import Adjustment, Freq, Unit
from toolkit.tables.groups import numbered, story_numbers
from toolkit.tally.contrasts import compared
from toolkit.tally.stories import lay
from toolkit.tally.tally import Tally
from toolkit.topics.checks import check_topics, check_unit
from toolkit.topics.designs import design_of
from toolkit.topics.logits import coefficients
from toolkit.topics.record import Topics
from toolkit.topics.tables import marked, with_recipe

_FEW = 20  # clusters below which robust errors are too small
Time = Literal["spline", "linear"]

Ints = NDArray[np.int64]


def _topic_contrasts(
    topics: Topics,
    *,
    reference: Any,
    between: str = "source",
    by: str | Sequence[str] = (),
    freq: Freq | None = None,
    unit: Unit = "article",
    adjust: Adjustment | None = "holm",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Compare the shares of topics between sources, periods or other groups: difference and ratio with intervals.

    Parameters
    ----------
    topics : Topics
        From `tk.fit_topics`.
    between : str, keyword-only
        The column of the contexts whose values are compared; or "period", which needs `freq`.
    reference : keyword-only
        What each value is compared with; there is no default, since the answer depends on it. One of the values; "rest", all the
        others of the cell together; "pairs", each with each; of periods also "previous".
    by : str or list of str, keyword-only
        Columns inside whose combinations values are compared. "day", "week", "month", "quarter" or "year" means the period, as `freq`
        does, where there is no column of that name.
    freq : {"D", "W", "M", "Q", "Y"}, optional, keyword-only
        The periods inside which values are compared, or that are compared.
    unit : {"article", "story"}, keyword-only
        What is counted: contexts of every article, or of each story on each side those of its earliest article there.
    adjust : {"holm", "bonferroni", "fdr"} or None, keyword-only
        How `p_adjusted` takes account of the number of comparisons, that is, of pairs times topics.
    confidence : float, keyword-only
        Nominal coverage of the intervals.

    Returns
    -------
    DataFrame
        Topic contrasts: one row per value, reference, cell and topic. The `by` columns and the column `between`; `reference`;
        `topic`; `label`; `period` where there are periods. `difference`, share of the target less share of the reference, with `low` and
        `high`; `ratio` with `ratio_low` and `ratio_high`; `p`, two-sided; `p_adjusted`. Then for each side, with the endings
        `_target` and `_reference`: `share`, `n` (contexts of the topic) of `n_contexts` (all, outliers included), `n_stories` with the
        topic of `n_stories_total`. `n_stories_shared`; `correlation` of the two estimates; `covered`; with `freq` also `partial`.

    Raises
    ------
    FramingError
        If no reference is given, a column or choice is unknown, or there is only one value to compare.

    Notes
    -----
    The measure, its intervals and p are those of `tk.compare_usage` for shares of rivals, with topics as the rivals. The shares of one
    source add up to 1, so that where one topic has more, others have less. That another fit would draw the topics otherwise is
    not in the intervals: see the certificate.

    Examples
    --------
    >>> import pandas as pd, toolkit as tk
    >>> texts = [f"Rain and wind hit the coast on day {i}" for i in range(6)]
    >>> texts += [f"The judge and the court stopped the ban in case {i}" for i in range(6)]
    >>> contexts = pd.DataFrame({
    ...     "context_id": [f"c{i}" for i in range(12)], "doc_id": [f"d{i}" for i in range(12)],
    ...     "source": ["Post"] * 4 + ["Wire"] * 8, "text": texts,
    ... })
    >>> found = tk.topic_contrasts(tk.fit_topics(contexts, n_topics=2, min_size=3, resamples=0), reference="Wire")
    >>> found[["source", "reference", "n_target", "n_contexts_target", "n_reference", "difference"]]
      source reference  n_target  n_contexts_target  n_reference  difference
    0   Post      Wire         4                  4            2        0.75
    1   Post      Wire         0                  4            6       -0.75
    """
    check_topics(topics, "topic_contrasts")
    contexts = topics.contexts
    keys, period = columns_and_freq(by, freq, contexts.columns)
    if len(topics.topics) == 1:
        raise FramingError("There is only one topic, so its share is 1 everywhere and there is nothing to compare.")
    table, _ = compared(
        topics.__tally__(), None, between, None, reference, keys, period, unit, "rival_share", adjust, confidence, TOPIC_CONTRASTS
    )  # fmt: skip

    renamed: dict[str, str] = {}
    for side in ("target", "reference"):
        renamed |= {
            f"rival_share_{side}": f"share_{side}",
            f"n_hits_{side}": f"n_{side}",
            f"n_hits_rivals_{side}": f"n_contexts_{side}",
        }
    head = [*keys, between, "reference", "topic", "label", *(["period"] if period and between != "period" else [])]
    wanted = [c for c in TOPIC_CONTRASTS.columns if c not in head]
    partial = ["partial"] if "partial" in table.columns else []
    table = table.rename(columns=renamed)[[*head, *wanted, *partial]]
    settings = {
        "between": between,
        "reference": reference if isinstance(reference, (str, int, float, bool)) else str(reference),
        "by": keys,
        "freq": period,
        "unit": unit,
        "adjust": adjust,
        "confidence": confidence,
    }
    return with_recipe(marked(table, topics), topics, "topic_contrasts", settings)


topic_contrasts = old_name("topic_contrasts", "compare", _topic_contrasts)


def topic_regression(
    topics: Topics,
    covariates: str | Sequence[str] = (),
    *,
    time: Time | None = None,
    df: int = 3,
    reference: dict[str, Any] | None = None,
    cluster: str = "story_id",
    unit: Unit = "article",
    adjust: Adjustment | None = "holm",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Regress the share of each topic on covariates at once, such as source, leaning and time; errors are robust by story.

    Parameters
    ----------
    topics : Topics
        From `tk.fit_topics`.
    covariates : str or list of str
        Columns of the contexts. Numbers enter as they are; everything else as levels against a reference.
    time : {"spline", "linear"}, optional, keyword-only
        How the date, by day, enters: as a natural cubic spline, or as a line (per year). A date with a time zone counts in its own
        local day.
    df : int, keyword-only
        Degrees of freedom of the spline, 2 or more.
    reference : dict, optional, keyword-only
        The level that each covariate's others are compared with, as in ``{"source": "BBC"}``; by default the one with the most
        contexts.
    cluster : str, keyword-only
        The column inside which contexts are not independent. If it is missing, the article, and then the context.
    unit : {"article", "story"}, keyword-only
        What is counted: contexts of every article, or of each story only those of its earliest article.
    adjust : {"holm", "bonferroni", "fdr"} or None, keyword-only
        How `p_adjusted` takes account of the number of p in the table.
    confidence : float, keyword-only
        Nominal coverage of the intervals.

    Returns
    -------
    DataFrame
        Topic regression: one row per topic and coefficient, outliers last: `topic`; `label`; `covariate`; `level` and `reference`;
        `estimate`, the log odds ratio, with `low` and `high`; `effect`, the average marginal effect, with `effect_low` and
        `effect_high`: by how much the topic's share would differ if all contexts had this level instead of the reference, their
        other covariates unchanged (of a number: the mean slope); `p`; `p_adjusted`; `n`, contexts of the topic; `n_contexts`;
        `n_clusters`; `note`; with a certificate `stable`, of the topic. A spline has one row, whose p is of the joint test that
        time does not matter.

    Raises
    ------
    FramingError
        If a column is missing or constant, covariates cannot be told apart (each source has one leaning), or there is nothing
        to regress on.

    Warns
    -----
    FramingWarning
        If contexts are omitted because a covariate is missing, and if there are fewer than 20 clusters.

    See Also
    --------
    topic_contrasts : Plain differences of shares, with intervals.
    topic_shares : The shares themselves.

    Notes
    -----
    The fractional logit of Papke and Wooldridge (1996): the part of each article's contexts that belongs to the topic, weighted by
    the number of its contexts, by quasi-likelihood (statsmodels GLM, binomial). Errors leave out one cluster at a time (CV3 of
    MacKinnon, Nielsen and Webb 2023), with Student's t of G - 1 degrees of freedom for G clusters; errors of effects follow by the
    delta method. The usual sandwich is too small where stories are few or unequal: in simulated corpora of 60 stories without any
    difference it called a spline significant at 5 % in 11 %, these errors do in 6 % (tests/benchmarks/topic_regression.md).
    Topics are regressed one by one; their shares add up to one, so the regressions are not independent.

    If a level has the topic in none, or in all, of its contexts, its log odds are infinite, and its predicted share is 0 or 1
    whatever the other covariates are. The effect is that share less the mean predicted share at the reference (the limit of the fitted
    model); it has no interval and no p, since leaving out stories says nothing of them: `tk.topic_contrasts` has an interval for the
    plain difference of shares. The level's contexts say nothing about the others, and effects are means over the contexts that remain.

    p is of the log odds, the interval of the effect is of shares: near shares of 0 or 1 they can disagree, so that an effect with an
    interval far from 0 has a p above 0.05. Associations are not effects of the covariates, and the assignment to topics is taken as it is.

    Examples
    --------
    One covariate with two levels gives the log of the odds ratio: 7 of 10 against 3 of 10.

    >>> import pandas as pd, toolkit as tk
    >>> rain, court = "Rain and wind hit the coast on day {}", "The judge and the court stopped the ban in case {}"
    >>> texts = [rain.format(i) for i in range(10)] + [court.format(i) for i in range(10)]
    >>> contexts = pd.DataFrame({
    ...     "context_id": [f"c{i}" for i in range(20)], "text": texts, "source": ["Post"] * 7 + ["Wire"] * 10 + ["Post"] * 3})
    >>> topics = tk.fit_topics(contexts, n_topics=2, min_size=3, resamples=0)
    >>> found = tk.topic_regression(topics, "source", reference={"source": "Wire"})
    >>> sorted(found["estimate"].round(3)), sorted(found["effect"].round(3))
    ([-1.695, 1.695], [-0.4, 0.4])
    """
    check_topics(topics, "topic_regression")
    contexts = topics.contexts
    check_unit(unit, contexts)
    keys = [covariates] if isinstance(covariates, str) else list(dict.fromkeys(covariates))
    needed = [*keys, *(["date"] if time else [])]
    _check_regression(keys, time, df, adjust, confidence)
    require(contexts, needed, "contexts")
    if cluster not in contexts.columns and cluster not in ("story_id", "doc_id"):
        raise not_found("column of the contexts", cluster, [str(c) for c in contexts.columns])

    rows, hits = _articles(topics, keys, cluster, unit)
    design = design_of(rows, keys, time=time, df=df, reference=reference or {}, weights=hits.sum(axis=1))
    if design.n_missing:
        warn_user(
            f"{design.n_missing:,} of {len(rows):,} articles are omitted, because {listed(needed)} is not known of them."
        )
    rows, hits = rows.iloc[design.kept].reset_index(drop=True), hits[design.kept]

    groups = pd.factorize(rows["_cluster"])[0]
    if (n_clusters := int(groups.max()) + 1) < _FEW:
        warn_user(f"There are {n_clusters:,} clusters; with fewer than {_FEW} robust errors are mostly too small.")

    size = hits.sum(axis=1).astype(float)
    by_topic = coefficients(hits.astype(float), size, design, groups, confidence)
    listed_rows: list[dict[str, Any]] = []
    for place, (topic, label) in enumerate(zip(topics.topics["topic"], topics.topics["label"], strict=True)):
        about = {"topic": int(topic), "label": str(label)}
        total = {"n": int(hits[:, place].sum()), "n_contexts": int(size.sum()), "n_clusters": n_clusters}
        listed_rows += [{**about, **row, **total} for row in by_topic[place]]

    table = pd.DataFrame(listed_rows)
    known = table["p"].notna().to_numpy()
    table["p_adjusted"] = np.nan
    table.loc[known, "p_adjusted"] = adjusted(table.loc[known, "p"].to_numpy(), adjust)
    for name in ("label", "covariate", "level", "reference", "note"):
        table[name] = table[name].astype("str")
    table = table[list(TOPIC_REGRESSION.columns)]

    settings = {
        "covariates": keys,
        "time": time,
        "df": df if time == "spline" else None,
        "reference": {name: str(level) for name, level in design.references.items()},
        "cluster": cluster,
        "unit": unit,
        "adjust": adjust,
        "confidence": confidence,
    }
    return with_recipe(marked(table, topics), topics, "topic_regression", settings, ("statsmodels", "scipy"))


def _check_regression(keys: list[str], time: str | None, df: int, adjust: str | None, confidence: float) -> None:
    check_choice("form of time", time, get_args(Time), optional=True)
    if not keys and time is None:
        raise FramingError(
            "There is nothing to regress on. Name covariates, as in ['source', 'leaning'], or time='spline'."
        )
    check_at_least("df", df, 2)
    check_choice("adjustment", adjust, ADJUSTMENTS, optional=True)
    check_confidence(confidence)


def _articles(topics: Topics, keys: list[str], cluster: str, unit: str) -> tuple[pd.DataFrame, Ints]:
    """Return one row per article and covariates, in the order of time, with its cluster, and the contexts of each topic in it."""
    tally = topics.__tally__()
    require(tally.units, keys, "counted contexts")  # texts are not among their columns
    counted = lay(tally, (), None, unit, what="contexts").unit
    rows = tally.units[keys].assign(_article=tally.article, _date=tally.date, _cluster=_clusters(tally, cluster))

    # contexts of one article can differ in a covariate, such as who speaks
    at = counted[np.argsort(tally.date.to_numpy()[counted], kind="stable")]
    row, articles = numbered(rows.iloc[at])
    return articles, summed_rows(tally.counts[at], row, len(articles)).toarray()


def _clusters(tally: Tally, cluster: str) -> Ints:
    """Number what contexts are not independent in; where the column of clusters is empty, that is the article."""
    if cluster == "doc_id":
        return tally.article
    if cluster == "story_id":
        return tally.story
    return story_numbers(tally.units[[cluster]].set_axis(["story_id"], axis="columns"), tally.article)
