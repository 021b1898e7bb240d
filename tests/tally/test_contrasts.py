"""Contrasts: both sides as a plain loop sums them, intervals that agree with p, and laws of exchange."""

import json
import math

import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toolkit as tk
from toolkit.measures.contrasts import contrast
from toolkit.measures.intervals import story_sums
from toolkit.tables import CONTRASTS

from ..conftest import shared_sums

pytestmark = pytest.mark.filterwarnings("ignore::toolkit.tables.FramingWarning")

ARTICLES = pd.DataFrame(
    {
        "doc_id": list("abcdefgh"),
        "source": ["Post", "Post", "Post", "Wire", "Wire", "Sun", "Sun", "Sun"],
        "date": pd.to_datetime(
            ["2017-01-02", "2017-02-03", "2017-02-17", "2017-01-02", "2017-02-11", "2017-02-02", "2017-02-20", None]
        ),
        "story_id": ["s", None, None, "s", None, "s", None, None],
        "text": [
            "A reset of the reset.",  # 5 words, 2 hits, printed by all three
            "No news today.",
            "Reset, reset, reset.",
            "A reset of the reset!",
            "The rain is here, no reset.",
            "The reset of the reset.",
            "Sunny.",
            "Reset?",
        ],
    }
)


def rows(table, *columns):
    return table[list(columns)].values.tolist()


def test_both_sides_by_hand():
    """Hits, articles, words and shared stories of both sides are what one counts with a finger."""
    table = tk.compare(ARTICLES, "reset", reference="Wire")
    counts = ["n_hits", "n_articles", "n_articles_total", "n_stories", "n_stories_total", "n_words"]
    assert rows(table, "source", "reference", *(f"{c}_target" for c in counts)) == [
        ["Post", "Wire", 5, 2, 3, 2, 3, 11],
        ["Sun", "Wire", 3, 2, 3, 2, 3, 7],
    ]
    assert rows(table, *(f"{c}_reference" for c in counts), "n_stories_shared") == [[3, 2, 2, 2, 2, 11, 1]] * 2
    assert table["difference"].tolist() == pytest.approx([2e6 / 11, 3e6 / 7 - 3e6 / 11])
    assert table["ratio"].tolist() == pytest.approx([5 / 3, 11 / 7])
    assert table["covered"].all()


def test_the_rest_is_all_others_together():
    """Of the rest, a story that two others print is one story, with the hits of both or, as unit, of the earliest."""
    table = tk.compare(ARTICLES, "reset", reference="rest").set_index("source")
    post = table.loc["Post"]
    assert (post["n_hits_reference"], post["n_articles_total_reference"], post["n_stories_total_reference"]) == (
        6,
        5,
        4,
    )
    assert post["n_stories_shared"] == 1
    once = tk.compare(ARTICLES, "reset", reference="rest", unit="story").set_index("source")
    assert once.loc["Post", ["n_hits_reference", "n_stories_total_reference"]].tolist() == [
        4,
        4,
    ]  # d stands for d and f
    assert once.loc["Wire", ["n_hits_reference", "n_stories_total_reference"]].tolist() == [6, 5]  # a for a and f


def test_columns_are_those_of_the_table():
    """The columns are those that the tables file names, for each measure and kind of comparison."""
    plain = tk.compare(ARTICLES, "reset", reference="rest", by=[])
    measured = {"per_million_target", "per_million_reference"}
    assert set(plain.columns) == {"source", *CONTRASTS.columns, *measured}
    shares = tk.compare(ARTICLES, ["reset", "rain"], reference="rest", measure="rival_share", freq="M")
    extra = {f"{name}_{side}" for name in ("rival_share", "n_hits_rivals") for side in ("target", "reference")}
    assert set(shares.columns) == {"source", "period", "partial", *CONTRASTS.columns, *extra}
    assert {*extra, *measured, "partial"} < set(CONTRASTS.optional)


# A plain loop


def by_hand(counts, arm, measure, bundles):
    """Sum the stories of two sets of articles and compare them, a story at a time."""
    totals = []
    for articles in arm:
        stories = {}
        for row in articles.to_dict("records"):
            x = {"per_million": row["n_reset"], "share": int(row["n_reset"] > 0), "rival_share": row["n_reset"]}[
                measure
            ]
            n = {"per_million": row["n_words"], "share": 1, "rival_share": row["n_reset"] + row["n_ban"]}[measure]
            before = stories.get(row["story"], (0, 0))
            stories[row["story"]] = (before[0] + x, before[1] + n)
        totals.append({s: t for s, t in stories.items() if t[1] > 0})
    sums = [story_sums([x for x, _ in t.values()], [n for _, n in t.values()], n_cells=1) for t in totals]
    both = [s for s in totals[0] if s in totals[1]]
    shared = shared_sums(*([totals[side][s][i] for s in both] for side in (0, 1) for i in (0, 1)), n_pairs=1)
    bundle, rest = bundles
    return contrast(*sums, shared, whole=measure != "per_million", bundle=bundle, rest=rest)


def bundles_of(counts, cells, measure):
    """How large bundles are over all cells, as the table shows it."""
    x = counts["n_reset"] if measure != "share" else (counts["n_reset"] > 0).astype(int)
    n = {"per_million": counts["n_words"], "share": 1, "rival_share": counts["n_reset"] + counts["n_ban"]}[measure]
    made = counts.assign(x=x, n=n, h=counts["n_reset"]).groupby([*cells, "story"], dropna=False)[["x", "n", "h"]].sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        if measure == "per_million":
            return np.maximum((made["x"] ** 2).sum() / np.float64(made["x"].sum()), 2.0), None
        other = ((made["x"] < made["n"]) & (made["n"] > 0)).sum()
        return made["x"].sum() / np.float64((made["h"] > 0).sum()), (made["n"] - made["x"]).sum() / np.float64(other)


def first_of_each(articles):
    """The earliest article of each story, undated ones last."""
    return articles.sort_values("date", kind="stable", na_position="last").drop_duplicates("story")


def close(row, expected, factor):
    found = [row["difference"], row["low"], row["high"]]
    wanted = [float(v[0]) * factor for v in (expected.difference, expected.low, expected.high)]
    assert found == pytest.approx(wanted, rel=1e-9, abs=1e-9, nan_ok=True)
    if math.isnan(row["difference"]):
        assert math.isnan(row["p"])
        return
    found = [row["ratio"], row["ratio_low"], row["ratio_high"], row["p"], row["correlation"]]
    wanted = [
        float(v[0]) for v in (expected.ratio, expected.ratio_low, expected.ratio_high, expected.p, expected.correlation)
    ]
    assert found == pytest.approx(wanted, rel=1e-5, abs=1e-9, nan_ok=True)  # p is found by steps


ROW = st.tuples(
    st.sampled_from(["A", "B", "C", None]),
    st.sampled_from(["2017-01-03", "2017-01-20", "2017-02-05", "2017-03-01", None]),
    st.sampled_from(["p", "q", "r", "s", None]),
    st.integers(0, 3),
    st.integers(0, 2),
    st.integers(5, 60),
    st.sampled_from(["x", "y"]),
)


def corpus_of(made):
    columns = ["source", "date", "story_id", "n_reset", "n_ban", "n_words", "section"]
    counts = pd.DataFrame(made, columns=columns).assign(doc_id=[f"d{i}" for i in range(len(made))])
    counts["date"] = pd.to_datetime(counts["date"])
    counts = counts.astype({"source": "str", "story_id": "str"})
    counts["story"] = counts["story_id"].fillna(counts["doc_id"])
    return counts


@settings(max_examples=60)
@given(
    st.lists(ROW, min_size=3, max_size=25),
    st.sampled_from(["rest", "A", "pairs"]),
    st.sampled_from(["per_million", "share", "rival_share"]),
    st.sampled_from(["article", "story"]),
    st.booleans(),
)
def test_sources_compare_as_in_a_plain_loop(made, reference, measure, unit, sections):
    """For any corpus, difference, ratio, intervals, p and correlation are those of story totals summed one by one."""
    counts = corpus_of(made)
    if counts["source"].nunique(dropna=False) < 2 or (reference == "A" and "A" not in set(counts["source"])):
        return
    by = ["section"] if sections else []
    terms = ["reset", "ban"]
    kwargs = {"measure": measure, "unit": unit}
    table = tk.compare(counts, terms, reference=reference, by=by, **kwargs)
    seen = first_of_each if unit == "story" else lambda articles: articles
    cells = [*by, "source"]
    counted = pd.concat([seen(cell) for _, cell in counts.groupby(cells, dropna=False)])
    bundles = bundles_of(counted, cells, measure)
    factor = 1e6 if measure == "per_million" else 1
    n_rows = 0
    for row in table[table["term"] == "reset"].to_dict("records"):
        inside = counts[counts["section"] == row["section"]] if by else counts
        is_target = inside["source"].isna() if pd.isna(row["source"]) else inside["source"] == row["source"]
        is_other = inside["source"].isna() if pd.isna(row["reference"]) else inside["source"] == row["reference"]
        target, other = inside[is_target], inside[~is_target if reference == "rest" else is_other]
        n_rows += 1
        assert row["covered"] == (len(target) > 0 and len(other) > 0)
        assert row["n_stories_shared"] == len(set(target["story"]) & set(other["story"]))
        target, other = seen(target), seen(other)
        assert row["n_hits_target"] == target["n_reset"].sum()
        assert row["n_hits_reference"] == other["n_reset"].sum()
        assert row["n_words_reference"] == other["n_words"].sum()
        assert row["n_articles_total_reference"] == len(other)
        assert row["n_stories_total_reference"] == other["story"].nunique()
        if row["covered"]:
            close(row, by_hand(counts, (target, other), measure, bundles), factor)
        else:
            assert math.isnan(row["difference"]) and math.isnan(row["p"])
    sources = (
        counts.groupby("section")["source"].agg(lambda s: s.nunique(dropna=False))
        if by
        else [counts["source"].nunique(dropna=False)]
    )
    if reference == "rest":
        assert n_rows == sum(sources)
    if reference == "pairs":
        assert n_rows == sum(n * (n - 1) // 2 for n in sources)


@settings(max_examples=40)
@given(
    st.lists(ROW, min_size=3, max_size=25),
    st.sampled_from(["rest", "previous", "pairs"]),
    st.sampled_from(["article", "story"]),
)
def test_periods_compare_as_in_a_plain_loop(made, reference, unit):
    """Periods are compared like sources; each that lies between others has a row, undated articles are in none."""
    counts = corpus_of(made)
    month = counts["date"].dt.to_period("M")
    if month.nunique() < 2:
        return
    table = tk.compare(counts, ["reset"], between="period", freq="M", reference=reference, unit=unit)
    seen = first_of_each if unit == "story" else lambda articles: articles
    dated = counts[month.notna()].assign(month=month)
    counted = pd.concat([seen(cell) for _, cell in dated.groupby("month")])
    bundles = bundles_of(counted, ["month"], "per_million")
    span = pd.period_range(month.min(), month.max(), freq="M")
    n = len(span)
    assert len(table) == {"rest": n, "previous": n - 1, "pairs": n * (n - 1) // 2}[reference]
    for row in table.to_dict("records"):
        is_target = dated["month"] == row["period"].to_period("M")
        is_other = ~is_target if reference == "rest" else dated["month"] == row["reference"].to_period("M")
        target, other = seen(dated[is_target]), seen(dated[is_other])
        if reference == "previous":
            assert row["reference"].to_period("M") == row["period"].to_period("M") - 1
        if reference == "pairs":
            assert row["reference"] < row["period"]
        assert row["covered"] == (len(target) > 0 and len(other) > 0)
        if row["covered"]:
            close(row, by_hand(counts, (target, other), "per_million", bundles), 1e6)


# Laws


@settings(max_examples=40)
@given(st.lists(ROW, min_size=4, max_size=25), st.sampled_from(["per_million", "share"]))
def test_exchanging_target_and_reference_turns_the_sign(made, measure):
    """What A has more than B, B has less than A: the difference turns, the ratio is inverted, p stays."""
    counts = corpus_of(made)
    counts = counts[counts["source"].isin(["A", "B"])]
    if counts["source"].nunique() < 2:
        return
    one, other = (tk.compare(counts, ["reset"], reference=name, measure=measure).iloc[0] for name in ("B", "A"))
    assert one["difference"] == pytest.approx(-other["difference"])
    assert [one["low"], one["high"]] == pytest.approx([-other["high"], -other["low"]])
    with np.errstate(divide="ignore"):
        assert one["ratio"] == pytest.approx(1 / np.float64(other["ratio"]), nan_ok=True)
        assert one["ratio_low"] == pytest.approx(1 / np.float64(other["ratio_high"]), rel=1e-6)
    assert one["p"] == pytest.approx(other["p"], rel=1e-5)
    assert one["correlation"] == pytest.approx(other["correlation"])


@settings(max_examples=40)
@given(
    st.lists(ROW, min_size=6, max_size=30),
    st.sampled_from(["holm", "bonferroni", "fdr", None]),
    st.sampled_from([0.5, 0.8, 0.95]),
)
def test_p_and_interval_say_the_same(made, adjust, confidence):
    """p is below 1 - confidence exactly where the interval excludes 0; with Bonferroni the adjusted p is."""
    counts = corpus_of(made)
    if counts["source"].nunique(dropna=False) < 2:
        return
    table = tk.compare(counts, ["reset", "ban"], reference="rest", adjust=adjust, confidence=confidence)
    table = table[table["p"].notna()]
    excludes = (table["low"] > 0) | (table["high"] < 0)
    p = table["p_adjusted"] if adjust == "bonferroni" else table["p"]
    assert (excludes == (p < 1 - confidence)).all()
    assert (excludes == ((table["ratio_low"] > 1) | (table["ratio_high"] < 1))).all()
    assert (table["p_adjusted"] >= table["p"] - 1e-12).all()
    if adjust is None:
        assert (table["p_adjusted"] == table["p"]).all()


def test_simultaneous_intervals_are_wider():
    """With Bonferroni the intervals are those at 1 - 0.05 / m."""
    alone = tk.compare(ARTICLES, ["reset", "rain"], reference="Wire", confidence=1 - 0.05 / 4, adjust=None)
    together = tk.compare(ARTICLES, ["reset", "rain"], reference="Wire", adjust="bonferroni")
    columns = ["low", "high", "ratio_low", "ratio_high"]
    assert together[columns].values == pytest.approx(alone[columns].values)


def test_two_sources_that_print_the_same_do_not_differ():
    """Where two sources print the same stories, the interval of the difference is far narrower than without any in common."""
    n = 30
    both = pd.DataFrame(
        {
            "doc_id": [f"d{i}" for i in range(2 * n)],
            "source": ["Post"] * n + ["Sun"] * n,
            "story_id": [f"s{i}" for i in range(n)] * 2,
            "n_words": np.tile(np.arange(n) * 10 + 100, 2),
            "n_reset": np.tile(np.arange(n) % 3, 2),
        }
    )
    row = tk.compare(both, ["reset"], reference="Sun").iloc[0]
    assert (row["difference"], row["ratio"], row["p"]) == (0, 1, 1)
    assert row["correlation"] == pytest.approx(18 / 22)  # 18 stories' worth of hits, 30^2 / 50, and four not seen
    apart = tk.compare(both.drop(columns="story_id"), ["reset"], reference="Sun").iloc[0]
    assert apart["correlation"] == 0
    assert row["high"] - row["low"] < 0.6 * (apart["high"] - apart["low"])


# Gaps, order, doors


def test_what_is_not_covered_is_a_row_without_numbers():
    """A source or period without articles is compared in a row whose numbers are missing; a zero is a number."""
    table = tk.compare(ARTICLES, "reset", reference="Wire", freq="M")
    assert rows(table, "source", "period", "covered", "n_words_target", "n_words_reference") == [
        ["Post", pd.Timestamp("2017-01-01"), True, 5, 5],
        ["Post", pd.Timestamp("2017-02-01"), True, 6, 6],
        ["Sun", pd.Timestamp("2017-01-01"), False, 0, 5],
        ["Sun", pd.Timestamp("2017-02-01"), True, 6, 6],
        ["Sun", pd.NaT, False, 1, 0],
    ]
    gap = table.iloc[2]
    numbers = ["difference", "low", "high", "ratio", "ratio_low", "ratio_high", "p", "p_adjusted", "correlation"]
    assert gap[numbers].isna().all() and math.isnan(gap["per_million_target"]) and gap["per_million_reference"] > 0
    assert table["partial"].tolist() == [True, True, False, True, False]
    zero = tk.compare(ARTICLES, "rain", reference="Wire").set_index("source").loc["Post"]
    assert zero["difference"] < 0 and zero["ratio"] == 0 and zero["high"] > 0


def test_neither_side_has_a_hit():
    """Where neither side has a hit the difference is 0 with an interval, p is 1, and there is no ratio."""
    row = tk.compare(ARTICLES, "rain", reference="Sun").set_index("source").loc["Post"]
    assert (row["difference"], row["p"]) == (0, 1)
    assert row["low"] < 0 < row["high"]
    assert math.isnan(row["ratio"])


def test_a_reference_that_a_cell_lacks_is_not_covered():
    """Inside a section that the reference never prints, the others have rows that are not covered."""
    sections = ARTICLES.assign(section=["x", "x", "y", "x", "x", "x", "y", "y"])
    table = tk.compare(sections, "reset", reference="Wire", by="section")
    assert rows(table, "section", "source", "covered") == [
        ["x", "Post", True],
        ["x", "Sun", True],
        ["y", "Post", False],
        ["y", "Sun", False],
    ]
    lacking = table[table["section"] == "y"]
    counts = [c for c in table.columns if c.startswith("n_") and c.endswith("_reference")]
    assert counts and (lacking[counts] == 0).all(axis=None)
    assert lacking[["difference", "low", "high", "ratio", "p"]].isna().all(axis=None)


def test_leanings_keep_their_order():
    """Ordered categories are compared in their order, both as targets and as references."""
    order = ["Right", "Left", "Center"]
    leaning = pd.Categorical(
        ARTICLES["source"].map({"Post": "Left", "Wire": "Center", "Sun": "Right"}), order, ordered=True
    )
    table = tk.compare(ARTICLES.assign(leaning=leaning), "reset", between="leaning", reference="pairs")
    assert rows(table, "leaning", "reference") == [["Right", "Left"], ["Right", "Center"], ["Left", "Center"]]
    assert table["reference"].cat.ordered


def test_a_reference_may_be_a_number_or_a_date():
    """The value need not be a string, and a period is named by any day inside it."""
    wave = tk.compare(ARTICLES.assign(wave=[1, 1, 1, 2, 2, 3, 3, 3]), "reset", between="wave", reference=2)
    assert rows(wave, "wave", "reference") == [[1, 2], [3, 2]]
    month = tk.compare(ARTICLES, "reset", between="period", freq="M", reference="2017-01-15")
    assert rows(month, "period", "reference") == [[pd.Timestamp("2017-02-01"), pd.Timestamp("2017-01-01")]]
    assert month.attrs["recipe"]["settings"]["reference"] == "2017-01-15"


CHOICES = "'rest' (all others together), 'pairs' (each with each), or a"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"reference": None},
            f"A comparison needs a reference, since the answer depends on it. reference= is one of: {CHOICES} source: 'Post', 'Sun', 'Wire'."),
        (
            {"between": "period", "freq": "M", "reference": None},
            "A comparison needs a reference, since the answer depends on it. reference= is one of: 'previous' (the period before), "
            f"{CHOICES} period: '2017-01-01', '2017-02-01'.",
        ),
        ({"reference": "wire"}, "There is no source 'wire'. Did you mean 'Wire'? reference= is 'rest', 'pairs' or one of: 'Post', 'Sun', 'Wire'."),
        (
            {"between": "period", "freq": "M", "reference": "2018-01"},
            "There is no period '2018-01' in this corpus. reference= is 'previous', 'rest', 'pairs' or a date inside one of: "
            "'2017-01-01', '2017-02-01'.",
        ),
        ({"between": "period", "reference": "rest"}, "between='period' compares periods; say which: freq='M' (D, W, M, Q or Y)."),
        ({"reference": "rest", "by": "source"}, "'source' is compared, so it cannot be a part of the cell as well; leave it out of by."),
        (
            {"between": "paper", "reference": "rest"},
            "A table of articles needs the column paper; this one has: doc_id, source, date, story_id, text.",
        ),
        ({"reference": "rest", "adjust": "sidak"}, "There is no adjustment 'sidak'. There are: holm, bonferroni, fdr."),
        ({"reference": "rest", "measure": "rate"}, "There is no measure 'rate'. There are: per_million, share, rival_share."),
        ({"reference": "rest", "unit": "word"}, "There is no unit 'word'. There are: article, story."),
        ({"reference": "rest", "confidence": 95}, "confidence is a number between 0 and 1, such as 0.95; this is 95."),
    ],
)  # fmt: skip
def test_bad_questions(settings, message):
    """A question that makes no sense is refused in one sentence that names what there is."""
    with pytest.raises(tk.FramingError) as error:
        tk.compare(ARTICLES, "reset", **settings)
    assert str(error.value) == message


def test_one_source_and_no_date():
    """One source has nothing to be compared with, and undated articles make no period."""
    with pytest.raises(tk.FramingError) as error:
        tk.compare(ARTICLES[ARTICLES["source"] == "Post"], "reset", reference="rest")
    assert str(error.value) == "There is only one source, 'Post', so there is nothing to compare it with."
    with pytest.raises(tk.FramingError) as error:
        tk.compare(ARTICLES.assign(date=pd.NaT), "reset", between="period", freq="M", reference="rest")
    assert str(error.value) == "No article has a date, so there are no periods to compare."
    with pytest.raises(tk.FramingError) as error:
        tk.compare(ARTICLES.assign(ratio="x"), "reset", between="ratio", reference="rest")
    assert str(error.value) == "Nothing can be compared by ratio: the table of contrasts has that column itself."


def test_too_many_pairs_are_refused_and_many_sources_are_not():
    """Each of very many sources with each is no table; each with the rest is, without a loop over them."""
    n = 20_000
    counts = pd.DataFrame(
        {"doc_id": range(n), "source": np.arange(n).astype("str"), "n_words": 100, "n_reset": np.arange(n) % 2}
    )
    table = tk.compare(counts, ["reset"], reference="rest")
    assert len(table) == n
    assert (table["n_hits_target"] + table["n_hits_reference"]).unique().tolist() == [n // 2]
    with pytest.raises(tk.FramingError) as error:
        tk.compare(counts, ["reset"], reference="pairs")
    assert str(error.value) == (
        "Each with each makes 199,990,000 comparisons, more than a table holds or a reader reads. "
        "Compare with one reference or with the rest."
    )


@pytest.mark.parametrize("reference", ["rest", "Wire", "pairs"])
@pytest.mark.parametrize("unit", ["article", "story"])
def test_dask_gives_the_same_table_to_the_digit(reference, unit):
    """Stories that span partitions are compared as in one frame."""
    one = tk.compare(ARTICLES, ["reset", "rain"], reference=reference, unit=unit)
    parts = tk.compare(dd.from_pandas(ARTICLES, npartitions=3), ["reset", "rain"], reference=reference, unit=unit)
    pd.testing.assert_frame_equal(parts, one, check_exact=True)


def test_recipe_and_inputs():
    """The recipe names every setting as plain values, and no input is changed."""
    articles = ARTICLES.copy(deep=True)
    recipe = tk.compare(articles, "reset", reference="Wire").attrs["recipe"]
    pd.testing.assert_frame_equal(articles, ARTICLES)
    assert json.loads(json.dumps(recipe)) == recipe
    assert recipe["function"] == "toolkit.compare"
    assert recipe["settings"] == {
        "terms": {"reset": ["reset"]},
        "between": "source",
        "reference": "Wire",
        "by": [],
        "freq": None,
        "unit": "article",
        "measure": "per_million",
        "adjust": "holm",
        "confidence": 0.95,
    }


@pytest.mark.parametrize("measure", ["per_million", "share"])
def test_both_sides_are_those_of_usage(measure):
    """Counts and rates of each side are those that tk.usage gives of the same cells."""
    counts = tk.load("abp-counts")
    usage = tk.usage(counts, ["reset"], by="leaning", measure=measure).set_index("leaning")
    table = tk.compare(counts, ["reset"], between="leaning", reference="pairs", measure=measure)
    for side, column in (("target", "leaning"), ("reference", "reference")):
        theirs = usage.loc[table[column]].reset_index(drop=True)
        for name in ("n_hits", "n_articles", "n_articles_total", "n_stories", "n_stories_total", "n_words", measure):
            assert table[f"{name}_{side}"].tolist() == theirs[name].tolist()
    assert len(table) == len(usage) * (len(usage) - 1) // 2


def test_sources_compared_inside_months_by_name():
    """by="month" compares inside the periods that freq="M" makes."""
    draw = np.random.default_rng(0)
    frame = pd.DataFrame({
        "doc_id": [f"d{i}" for i in range(60)], "source": ["Post", "Wire", "Sun"] * 20, "n_words": 100,
        "n_reset": draw.integers(0, 3, 60), "date": pd.Timestamp("2017-01-01") + pd.to_timedelta(np.arange(60), unit="D")})  # fmt: skip
    named = tk.compare(frame, ["reset"], reference="rest", by="month")
    pd.testing.assert_frame_equal(named, tk.compare(frame, ["reset"], reference="rest", freq="M"))
    assert named["period"].nunique() == 3


def test_targets_are_one_value_or_several():
    """A target is a name, a number or a date, or a list of these; the others have no row."""
    several = tk.compare(ARTICLES, "reset", target=["Sun", "Post"], reference="rest")
    assert rows(several, "source", "reference") == [["Post", "rest"], ["Sun", "rest"]]
    one = tk.compare(ARTICLES, "reset", target="Sun", reference="rest")
    pd.testing.assert_frame_equal(
        one.drop(columns="p_adjusted"), several.drop(columns="p_adjusted").tail(1).reset_index(drop=True)
    )
    waves = ARTICLES.assign(wave=[1, 1, 1, 2, 2, 3, 3, 3])
    wave = tk.compare(waves, "reset", between="wave", target=3, reference=1)
    assert rows(wave, "wave", "reference") == [[3, 1]]


def test_a_list_is_a_side():
    """A list of one value is that value, and of several the condition that names them, as in keyness."""
    one, as_list = (tk.compare(ARTICLES, "reset", reference=side) for side in ("Wire", ["Wire"]))
    pd.testing.assert_frame_equal(one, as_list)
    several = tk.compare(ARTICLES, "reset", reference=["Wire", "Sun"])
    condition = tk.compare(ARTICLES, "reset", reference={"source": ["Wire", "Sun"]})
    pd.testing.assert_frame_equal(several, condition)
    with pytest.raises(tk.FramingError, match="empty list"):
        tk.compare(ARTICLES, "reset", reference=[])
