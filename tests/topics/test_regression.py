"""Topics between groups: contrasts as compare_usage has them, and a regression that answers to statsmodels and to chance."""

import json
import warnings

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from toolkit.measures.contrasts import contrast
from toolkit.measures.intervals import story_sums
from toolkit.tables import TOPIC_CONTRASTS, TOPIC_REGRESSION, FramingError
from toolkit.topics.designs import design_of, spline_basis
from toolkit.topics.logits import coefficients, jackknife
from toolkit.topics.record import Topics

NAN = float("nan")

topic_contrasts = tk.topic_contrasts.__wrapped__  # without the warning of an old name


@pytest.fixture
def make_topics():
    """Return a function that makes Topics of rows (source, article, topic), without fitting anything."""

    def make(rows, **columns):
        contexts = pd.DataFrame(rows, columns=["source", "doc_id", "topic"]).assign(**columns)
        labels = contexts.pop("topic").to_numpy()
        contexts.insert(0, "context_id", [f"c{i}" for i in range(len(rows))])
        names = sorted(set(labels), key=lambda topic: (topic < 0, topic))
        topics = pd.DataFrame({"topic": names, "label": ["outliers" if t < 0 else f"topic {t}" for t in names]})
        topics.attrs["recipe"] = {"settings": {"seed": 0}, "corpus": {"name": "x"}, "versions": {"bertopic": "0.17.4"}}
        assignments = pd.DataFrame({"context_id": contexts["context_id"], "topic": labels, "probability": NAN})
        return Topics(topics, pd.DataFrame(), assignments, contexts, None, {"seed": 0})

    return make


@pytest.fixture
def many(make_topics):
    """600 contexts in 200 articles of three sources with two leanings; topic 0 is likelier in B and in April."""
    draw = np.random.default_rng(5)
    article = np.sort(draw.integers(0, 200, 600))
    source = np.array(["A", "B", "C"])[article % 3]
    date = pd.Timestamp("2017-01-01") + pd.to_timedelta(draw.integers(0, 120, 200)[article], unit="D")
    p = 0.15 + 0.25 * (source == "B") + 0.5 * (date.month == 4)
    topic = np.where(draw.random(600) < p, 0, draw.choice([1, -1], 600, p=[0.8, 0.2]))
    rows = list(zip(source.tolist(), [f"d{i}" for i in article], topic.tolist(), strict=True))
    leaning = np.where(np.isin(source, ["A", "B"]), "left", "right")
    return make_topics(rows, date=date, leaning=leaning, story_id=[f"s{i // 2}" for i in article])


# Contrasts


def test_a_contrast_is_that_of_the_two_sources_stories(make_topics):
    """Difference, interval and p are those of the stories' sums on both sides; counts and denominators stand beside."""
    rows = [("Post", "a", 0), ("Post", "a", 0), ("Post", "b", 1), ("Wire", "c", 1), ("Wire", "d", 1), ("Wire", "d", -1)]
    table = topic_contrasts(make_topics(rows), reference="Wire")
    assert list(table.columns) == ["source", *TOPIC_CONTRASTS.columns]
    assert table[["source", "reference", "topic", "n_target", "n_contexts_target", "n_reference"]].values.tolist() == [
        ["Post", "Wire", 0, 2, 3, 0],
        ["Post", "Wire", 1, 1, 3, 2],
        ["Post", "Wire", -1, 0, 3, 1],
    ]
    assert table["difference"].tolist() == pytest.approx([2 / 3, 1 / 3 - 2 / 3, -1 / 3])
    found = contrast(story_sums([0, 1], [2, 1]), story_sums([1, 1], [1, 2]), whole=True, bundle=1.0, rest=4 / 3)
    row = table.iloc[1]
    assert (row["low"], row["high"], row["p"]) == pytest.approx((found.low[0], found.high[0], found.p[0]))


def test_contrasts_with_the_rest_in_pairs_and_between_periods(many):
    """The rest is all others together; pairs are each with each; months are compared with the one before."""
    rest = topic_contrasts(many, reference="rest")
    assert (rest["n_target"] + rest["n_reference"]).groupby(rest["topic"]).nunique().tolist() == [1, 1, 1]
    assert len(topic_contrasts(many, reference="pairs")) == 3 * 3
    months = topic_contrasts(many, between="period", reference="previous", freq="M")
    assert len(months) == 3 * 3 and months["p_adjusted"].ge(months["p"]).all()
    shares = tk.topic_shares(many, by=[], freq="M").set_index(["period", "topic"])["share"]
    first = months[months["topic"] == 0].iloc[0]
    assert first["difference"] == pytest.approx(shares[(first["period"], 0)] - shares[(first["reference"], 0)])


def test_months_among_the_columns_are_periods(many):
    """Sources compared inside months by name are those compared with freq="M"."""
    named = topic_contrasts(many, reference="rest", by="month", unit="story")
    pd.testing.assert_frame_equal(named, topic_contrasts(many, reference="rest", freq="M", unit="story"))
    assert named["period"].nunique() == 4


def test_shares_of_one_source_differ_in_sum_by_nothing(many):
    """Over all topics and outliers the differences of a pair add up to zero."""
    table = topic_contrasts(many, reference="A")
    assert table.groupby("source")["difference"].sum().abs().max() < 1e-12


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {"reference": None},
            "A comparison needs a reference, since the answer depends on it. reference= is one of: 'rest' (all others together), 'pairs' "
            "(each with each), or a source: 'A', 'B', 'C'.",
        ),
        ({"reference": "D"}, "There is no source 'D'. reference= is 'rest', 'pairs' or one of: 'A', 'B', 'C'."),
        (
            {"reference": "rest", "between": "topic"},
            "Nothing can be compared by topic: the table of topic contrasts has that column itself.",
        ),
    ],
)
def test_contrasts_that_cannot_be(many, settings, sentence):
    """What is missing is said, with what there is."""
    with pytest.raises(FramingError) as error:
        topic_contrasts(many, **settings)
    assert str(error.value) == sentence


def test_one_topic_has_nothing_to_contrast(make_topics):
    """Where all is one topic its share is 1 everywhere."""
    with pytest.raises(FramingError) as error:
        topic_contrasts(make_topics([("Post", "a", 0), ("Wire", "b", 0)]), reference="rest")
    assert str(error.value) == "There is only one topic, so its share is 1 everywhere and there is nothing to compare."


# Regression


def test_coefficients_are_those_of_statsmodels(many):
    """Log odds of sources and of time are those of a binomial GLM on contexts with a formula."""
    import statsmodels.formula.api as smf

    table = tk.topic_regression(many, "source", time="linear", reference={"source": "A"})
    frame = many.contexts.assign(y=(many.assignments["topic"] == 0).astype(float))
    frame["years"] = (frame["date"] - frame["date"].min()).dt.days / 365.25
    import statsmodels.api as sm

    done = smf.glm("y ~ C(source) + years", frame, family=sm.families.Binomial()).fit()
    own = table[table["topic"] == 0]
    assert own["estimate"].tolist() == pytest.approx(done.params.iloc[1:].tolist(), rel=1e-6)
    assert list(table.columns) == list(TOPIC_REGRESSION.columns)
    assert own["level"].tolist()[:2] == ["B", "C"] and own["n_clusters"].unique().tolist() == [100]


def test_errors_are_near_those_of_the_sandwich_where_clusters_are_many(many):
    """With a hundred stories leaving one out gives errors within a tenth of statsmodels' cluster-robust ones, and not below."""
    import statsmodels.api as sm
    import statsmodels.formula.api as smf

    frame = many.contexts.assign(y=(many.assignments["topic"] == 0).astype(float))
    done = smf.glm("y ~ C(source)", frame, family=sm.families.Binomial()).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(frame["story_id"])[0]}
    )
    own = tk.topic_regression(many, "source", reference={"source": "A"}).query("topic == 0")
    from scipy.stats import t

    errors = (own["high"] - own["low"]) / 2 / t.ppf(0.975, 99)
    ratio = errors.to_numpy() / done.bse.iloc[1:].to_numpy()
    assert ((ratio > 0.99) & (ratio < 1.1)).all()


def test_leaving_out_a_cluster_is_what_refitting_does():
    """The one-step covariance is that of real refits without each cluster, to a few per cent."""
    import statsmodels.api as sm

    draw = np.random.default_rng(2)
    cluster = np.repeat(np.arange(40), 5)
    matrix = np.column_stack([np.ones(200), draw.normal(size=200)])
    y = (draw.random(200) < 1 / (1 + np.exp(-0.5 * matrix[:, 1] - draw.normal(size=40)[cluster]))).astype(float)
    family = sm.families.Binomial()
    beta = sm.GLM(y, matrix, family=family).fit().params
    without = [sm.GLM(y[cluster != g], matrix[cluster != g], family=family).fit().params - beta for g in range(40)]
    refitted = 39 / 40 * np.array(without).T @ np.array(without)
    found = jackknife(matrix, np.arange(200), y, np.ones(200), 1 / (1 + np.exp(-matrix @ beta)), cluster)
    assert np.abs(found / refitted - 1).max() < 0.05


@pytest.mark.parametrize(
    "sizes", [(1, 4), (1, 12), (20, 60)], ids=["small", "some large", "all larger than the design"]
)
def test_the_short_way_to_leave_out_a_cluster_is_the_long_one(sizes):
    """The covariance is that of solving with the information of all other clusters, one by one, whatever the clusters' sizes."""
    draw = np.random.default_rng(sizes[1])
    matrix = np.column_stack([np.ones(30), draw.normal(size=(30, 4))])
    cluster = draw.permutation(np.repeat(np.arange(50), draw.integers(*sizes, 50)))
    row = draw.integers(0, 30, len(cluster))
    weight = draw.integers(1, 5, len(cluster)).astype(float)
    share = draw.integers(0, 5, len(cluster)).clip(max=weight) / weight
    expected = 1 / (1 + np.exp(-matrix[row] @ draw.normal(size=5) / 3))
    x = matrix[row]
    information = x.T @ (x * (weight * expected * (1 - expected))[:, None])
    steps = []
    for g in range(50):
        own = cluster == g
        its = x[own].T @ (x[own] * (weight * expected * (1 - expected))[own, None])
        steps.append(np.linalg.solve(information - its, x[own].T @ (weight * (share - expected))[own]))
    slow = 49 / 50 * np.array(steps).T @ np.array(steps)
    assert jackknife(matrix, row, share, weight, expected, cluster) == pytest.approx(slow, rel=1e-9, abs=1e-12)


def test_a_heavy_cluster_is_left_out_exactly():
    """Where one cluster tells most of what is known, its step is the exact one; where it tells all, there is no variance."""
    matrix = np.array([[1.0, 0.0], [1.0, 1.0]])
    row, cluster = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 1, 2, 3, 3, 4])
    share, weight = np.array([0.0, 1.0, 0.0, 1.0, 0.0, 1.0]), np.array([1.0, 1.0, 1.0, 9.0, 9.0, 1.0])
    expected = np.array([1 / 3, 2 / 3 - 1 / 6])[row]
    x, w = matrix[row], weight * expected * (1 - expected)
    steps = []
    for g in range(5):
        own = cluster == g
        steps.append(np.linalg.solve((x[~own].T * w[~own]) @ x[~own], x[own].T @ (weight * (share - expected))[own]))
    assert jackknife(matrix, row, share, weight, expected, cluster) == pytest.approx(
        4 / 5 * np.array(steps).T @ np.array(steps), rel=1e-9
    )
    alone = jackknife(matrix, row, share, weight, expected, np.array([0, 1, 2, 3, 3, 3]))
    assert np.isfinite(alone[0, 0]) and np.isinf(alone[1]).all()


def test_copies_with_the_same_covariates_are_one_row_of_the_likelihood(many):
    """Contexts counted one by one, each a row, give the table of those added up by article."""
    summed = tk.topic_regression(many, ["source"], time="linear", cluster="story_id")
    single = Topics(
        many.topics, many.words, many.assignments, many.contexts.assign(doc_id=many.contexts["context_id"]), None, {}
    )
    pd.testing.assert_frame_equal(summed, tk.topic_regression(single, ["source"], time="linear"), rtol=1e-8)


def test_the_effect_is_the_difference_of_shares_where_there_is_one_covariate(many):
    """With source alone, the average marginal effect is the difference of the two sources' shares."""
    own = tk.topic_regression(many, "source", reference={"source": "A"}).query("topic == 1")
    shares = tk.topic_shares(many).query("topic == 1").set_index("source")["share"]
    assert own["effect"].tolist() == pytest.approx([shares["B"] - shares["A"], shares["C"] - shares["A"]])
    assert (own["effect_low"] < own["effect"]).all() and (own["effect"] < own["effect_high"]).all()


def test_a_slope_is_that_of_statsmodels_margins(many):
    """The average marginal effect of a number is statsmodels' get_margeff of a logit."""
    import statsmodels.api as sm

    many.contexts["length"] = np.random.default_rng(3).normal(size=len(many.contexts)).round(2)
    own = tk.topic_regression(many, ["leaning", "length"], cluster="doc_id", reference={"leaning": "left"}).query(
        "topic == 0"
    )
    y = (many.assignments["topic"] == 0).astype(float)
    x = np.column_stack([np.ones(600), many.contexts["leaning"] == "right", many.contexts["length"]]).astype(float)
    margins = sm.Logit(y, x).fit(disp=0).get_margeff().margeff
    assert own["effect"].iloc[1] == pytest.approx(margins[1], rel=1e-6)


def test_a_level_without_the_topic_is_infinite_and_leaves_the_others_alone(make_topics):
    """C never has topic 0: its log odds are minus infinity, with a note; B against A is as if C were not there."""
    draw = np.random.default_rng(1)
    rows = [(s, f"{s}{i}", int(draw.random() < p)) for s, p in (("A", 0.4), ("B", 0.6)) for i in range(40)]
    without = tk.topic_regression(make_topics(rows), "source", reference={"source": "A"}).query("topic == 0")
    table = tk.topic_regression(
        make_topics(rows + [("C", f"C{i}", 1) for i in range(30)]), "source", reference={"source": "A"}
    ).query("topic == 0")
    assert table["estimate"].iloc[0] == pytest.approx(without["estimate"].iloc[0])
    last = table.iloc[1]
    assert (last["level"], last["estimate"], last["note"]) == (
        "C",
        -np.inf,
        "none of 30 contexts with source C; tk.compare(topics, between='source') has an interval, other covariates aside",
    )
    assert np.isnan([last["low"], last["high"], last["p"], last["effect_low"], last["effect_high"]]).all()
    share = sum(topic == 0 for source, _, topic in rows if source == "A") / 40
    assert last["effect"] == pytest.approx(0 - share)
    turned = tk.topic_regression(
        make_topics(rows + [("C", f"C{i}", 1) for i in range(30)]), "source", reference={"source": "C"}
    ).query("topic == 0")
    assert turned["estimate"].tolist() == [np.inf, np.inf]
    assert turned["effect"].iloc[0] == pytest.approx(share)


def test_the_effect_of_a_level_without_the_topic_is_the_limit_of_the_model(make_topics):
    """Beside another covariate it is what statsmodels' fit predicts as the level's log odds fall: its contexts aside, all moved to it."""
    import statsmodels.api as sm

    draw = np.random.default_rng(4)
    source = np.repeat(["A", "B", "C"], [80, 80, 40])
    left = draw.random(200) < np.select([source == "A", source == "B"], [0.3, 0.7], 0.5)
    topic = np.where((draw.random(200) < 0.3 + 0.4 * left) & (source != "C"), 0, 1)
    rows = [(s, f"d{i}", int(t)) for i, (s, t) in enumerate(zip(source, topic, strict=True))]
    given = make_topics(rows, leaning=np.where(left, "left", "right"))
    own = tk.topic_regression(given, ["source", "leaning"], reference={"source": "A", "leaning": "right"})
    x = np.column_stack([np.ones(200), source == "B", source == "C", left]).astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = sm.GLM((topic == 0).astype(float), x, family=sm.families.Binomial())
        done = model.fit(maxiter=25, tol=0, tol_criterion="params")
    assert done.params[2] < -15
    moved = x[source != "C"]
    at_a, at_c = (
        model.predict(done.params, np.column_stack([moved[:, 0], 0 * moved[:, 0], c + 0 * moved[:, 0], moved[:, 3]]))
        for c in (0, 1)
    )
    for which, sign in ((0, 1), (1, -1)):
        row = own[(own["topic"] == which) & (own["level"] == "C")].iloc[0]
        assert row["effect"] == pytest.approx(sign * (at_c - at_a).mean(), abs=1e-6)
        assert row["estimate"] == -sign * np.inf and np.isnan(row["effect_low"])


def test_two_levels_without_the_topic_do_not_differ(make_topics):
    """Of two levels with none the ratio is not known and the effect is 0; of none and all it is infinite and 1."""
    rows = [("A", f"A{i}", 1) for i in range(20)] + [("B", f"B{i}", 1) for i in range(10)]
    rows += [("C", f"C{i}", 0) for i in range(10)] + [("D", f"D{i}", i % 2) for i in range(10)]
    own = tk.topic_regression(make_topics(rows), "source", reference={"source": "A"}).query("topic == 0")
    assert own["estimate"].tolist() == pytest.approx([NAN, np.inf, np.inf], nan_ok=True)
    assert own["effect"].tolist() == pytest.approx([0, 1, 0.5])
    assert own["note"].iloc[0].startswith("none of 10 contexts with source B and none of 20 contexts with source A; ")


def test_nothing_is_compared_with_a_reference_that_is_left_out_with_another_level(make_topics):
    """All of A is in leaning x, which lacks the topic: whatever B and C are, they are not compared with each other as if it were A."""
    draw = np.random.default_rng(1)
    rows = [("A", f"A{i}", 1) for i in range(20)] + [("B", f"Bx{i}", 1) for i in range(10)]
    rows += [(s, f"{s}{i}", int(draw.random() < p)) for s, p in (("B", 0.4), ("C", 0.7)) for i in range(40)]
    given = make_topics(rows, leaning=["x"] * 30 + ["y"] * 80)
    own = tk.topic_regression(given, ["leaning", "source"], reference={"source": "A"}).query("topic == 0")
    assert own["note"].tolist()[1:] == ["nothing is left to compare it with"] * 2
    assert own[["estimate", "effect", "p"]].iloc[1:].isna().all(axis=None)
    assert own["estimate"].iloc[0] == -np.inf


@pytest.mark.filterwarnings("error")
def test_numbers_far_away_warn_of_nothing(make_topics):
    """Contexts of a level that is left out may have log odds of thousands; the others are as without them, and no warning escapes."""
    draw = np.random.default_rng(3)
    length = draw.normal(size=200)
    topic = (draw.random(200) < 1 / (1 + np.exp(-length))).astype(int)
    rows = [("AB"[i % 2], f"d{i}", int(t)) for i, t in enumerate(topic)]
    without = tk.topic_regression(make_topics(rows, length=length), ["source", "length"])
    far = make_topics(rows + [("C", f"C{i}", -1) for i in range(9)], length=[*length, *[-1e4] * 4, *[1e4] * 5])
    table = tk.topic_regression(far, ["source", "length"])
    numbers = table[(table["covariate"] == "length") & (table["topic"] >= 0)]
    assert numbers["estimate"].tolist() == pytest.approx(
        without.loc[without["covariate"] == "length", "estimate"].tolist(), rel=1e-6
    )


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York", "UTC"])
def test_a_date_counts_in_its_own_local_day(many, zone):
    """Dates with a time zone and an hour give what their local days give, without any warning."""
    aware = many.contexts.assign(date=(many.contexts["date"] + pd.Timedelta(hours=23)).dt.tz_localize(zone))
    there = Topics(many.topics, many.words, many.assignments, aware, None, {})
    for form in ("spline", "linear"):
        pd.testing.assert_frame_equal(
            tk.topic_regression(there, "source", time=form), tk.topic_regression(many, "source", time=form)
        )
    for unit in ("article", "story"):
        pd.testing.assert_frame_equal(
            topic_contrasts(there, reference="rest", freq="M", unit=unit),
            topic_contrasts(many, reference="rest", freq="M", unit=unit),
        )


def test_the_spline_is_a_natural_one():
    """The basis spans the space of patsy's natural cubic spline: each of its functions is found again."""
    patsy = pytest.importorskip("patsy")
    x = np.random.default_rng(0).random(80)
    own = np.column_stack([np.ones(80), spline_basis(x, 3)])
    inner = np.quantile(x, [1 / 3, 2 / 3])
    theirs = np.asarray(patsy.dmatrix("cr(x, knots=inner) - 1", {"x": x, "inner": inner}))
    fitted = own @ np.linalg.lstsq(own, theirs)[0]
    assert theirs.shape[1] == 4 and np.abs(fitted - theirs).max() < 1e-8


def test_time_has_one_row_and_a_joint_test(many):
    """A spline of time gives a p and no coefficient; what depends on the month is found."""
    table = tk.topic_regression(many, "source", time="spline", df=3)
    rows = table[table["covariate"] == "time"]
    assert len(rows) == 3 and rows["estimate"].isna().all()
    assert rows["note"].tolist() == ["joint test of 3 coefficients"] * 3
    assert rows["p"].iloc[0] < 0.01


@pytest.mark.slow
def test_where_nothing_differs_it_rejects_as_often_as_it_says():
    """300 corpora in which topics go by story: 5 % tests of source and of time reject in 3 to 8 %."""
    draw = np.random.default_rng(1)
    source_p, time_p = [], []
    for _ in range(300):
        story = np.repeat(np.arange(100), draw.integers(1, 5, 100))
        size = draw.integers(1, 6, len(story))
        hits = draw.binomial(size, draw.beta(0.4, 1.6, 100)[story]).astype(float)
        home = draw.integers(0, 3, 100)[story]
        source = np.where(draw.random(len(story)) < 0.7, home, draw.integers(0, 3, len(story)))
        day = pd.Timestamp("2017-01-01") + pd.to_timedelta(draw.integers(0, 60, 100)[story], unit="D")
        rows = pd.DataFrame({"source": np.array(list("ABC"))[source], "_date": day})
        design = design_of(rows, ["source"], time="spline", df=3, reference={"source": "A"}, weights=size)
        found = coefficients(hits[:, None], size.astype(float), design, story, 0.95)[0]
        source_p += [row["p"] for row in found[:2]]
        time_p.append(found[2]["p"])
    assert 0.03 <= np.mean(np.array(source_p) < 0.05) <= 0.08
    assert 0.03 <= np.mean(np.array(time_p) < 0.05) <= 0.08


def test_contexts_as_one_and_articles_as_many_are_one_likelihood(many):
    """Clusters decide errors only: by article the estimates are the same, the intervals others."""
    story = tk.topic_regression(many, "source")
    article = tk.topic_regression(many, "source", cluster="doc_id")
    assert story["estimate"].tolist() == pytest.approx(article["estimate"].tolist())
    assert story["n_clusters"].iloc[0] == 100 and article["n_clusters"].iloc[0] > 150
    assert (story["low"] != article["low"]).all()


def test_the_order_of_rows_decides_nothing_and_nothing_is_changed(many):
    """Shuffled contexts give the same table, and the topics are as they were."""
    before = many.contexts.copy()
    order = np.random.default_rng(0).permutation(len(before))
    shuffled = Topics(
        many.topics, many.words, many.assignments.iloc[order].reset_index(drop=True), before.iloc[order].reset_index(drop=True), None, {},
    )  # fmt: skip
    for made in (
        lambda t: tk.topic_regression(t, "source", time="spline", unit="story"),
        lambda t: topic_contrasts(t, reference="rest", unit="story"),
    ):
        pd.testing.assert_frame_equal(made(many), made(shuffled), rtol=1e-8)
    pd.testing.assert_frame_equal(many.contexts, before)
    assert json.loads(json.dumps(tk.topic_regression(many, "source").attrs["recipe"]))["settings"]["reference"] == {
        "source": "A"
    }


@pytest.mark.parametrize(
    ("given", "settings", "sentence"),
    [
        ([], {}, "There is nothing to regress on. Name covariates, as in ['source', 'leaning'], or time='spline'."),
        (["sauce"], {}, "A table of contexts needs the column sauce; this one has: context_id, source, doc_id, date, leaning, story_id."),
        (["source", "leaning"], {}, "leaning cannot be told apart from source: it follows from them, as when each source has one "
         "leaning. Leave one of them out."),
        (["one"], {}, "There is only one one, x, so nothing can be compared by it. Leave it out."),
        (["doc_id"], {}, "The column doc_id has 193 values; a regression takes at most 60, each with a coefficient. Put them into groups, or "
         "use numbers."),
        (["source"], {"reference": {"source": "Z"}}, "There is no source 'Z'. There are: A, B, C."),
        (["source"], {"time": "cubic"}, "There is no form of time 'cubic'. There are: spline, linear."),
        (["source"], {"cluster": "storyid"}, "There is no column of the contexts 'storyid'. Did you mean 'story_id'? There are: context_id, "
         "source, doc_id, date, leaning, story_id, one."),
    ],
)  # fmt: skip
def test_regressions_that_cannot_be(many, given, settings, sentence):
    """What is missing, constant, confounded or too many is said."""
    if "sauce" not in given:
        many.contexts["one"] = "x"
    with pytest.raises(FramingError) as error:
        tk.topic_regression(many, given, **settings)
    assert str(error.value) == sentence


def test_a_spline_needs_more_days_than_it_bends(many):
    """Two days carry a line and no spline; the sentence says what to ask for."""
    days = pd.Series(pd.Timestamp("2017-02-01") + pd.to_timedelta(np.arange(600) % 2, unit="D"))
    few = Topics(many.topics, many.words, many.assignments, many.contexts.assign(date=days), None, many.settings)
    with pytest.raises(FramingError) as error:
        tk.topic_regression(few, "source", time="spline")
    assert str(error.value) == "A spline of df=3 needs at least 4 different days; there are 2. Ask for time='linear'."
    assert tk.topic_regression(few, "source", time="linear")["p"].notna().any()


def test_missing_covariates_are_left_out_and_told(many):
    """Contexts of which a covariate is not known are not in n_contexts, and the warning counts their articles."""
    many.contexts.loc[many.contexts["source"] == "C", "leaning"] = None
    many.contexts.loc[many.contexts["source"] == "B", "leaning"] = "other"
    with pytest.warns(tk.FramingWarning, match=r"articles are omitted, because leaning is not known of them\.$"):
        table = tk.topic_regression(many, "leaning")
    assert table["n_contexts"].unique().tolist() == [int((many.contexts["source"] != "C").sum())]


def test_few_clusters_are_warned_of(make_topics):
    """Three articles cannot carry a robust error."""
    rows = [("A", "a", 0), ("A", "a", 1), ("B", "b", 0), ("B", "c", 1)]
    with pytest.warns(tk.FramingWarning, match=r"^There are 3 clusters; with fewer than 20"):
        table = tk.topic_regression(make_topics(rows), "source")
    assert len(table) == 2


def test_an_old_name_warns_and_compares_as_ever(many):
    """`topic_contrasts` names `tk.compare`, and both tell the same differences."""
    with pytest.warns(DeprecationWarning, match="now called tk.compare"):
        old = tk.topic_contrasts(many, reference="A")
    new = tk.compare(many, reference="A")
    assert old["difference"].tolist() == new["difference"].tolist()
    assert old["share_target"].tolist() == new["rival_share_target"].tolist()
    assert old["label"].tolist() == new["label"].tolist()
