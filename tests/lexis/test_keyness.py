"""Keyness: two sides, several measures of one difference, and what is sure about it."""

from typing import get_args

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import toolkit as tk
from toolkit.lexis.keyness import KeynessMeasure, _stages
from toolkit.measures.contrasts import contrast
from toolkit.measures.intervals import story_sums
from toolkit.measures.keyness import conservative_log_ratio, log_odds_z
from toolkit.tables import KEYNESS

from ..conftest import shared_sums

ARTICLES = pd.DataFrame(
    {
        "doc_id": list("abcd"),
        "source": ["x", "x", "y", "y"],
        "text": ["ban ban order", "Ban's", "order order", "rain ban"],
    }
)
TOKENS = tk.tokenize(ARTICLES)
X = (ARTICLES["source"] == "x").to_numpy()
MEASURES = ["G2", "log_ratio", "log_odds_z"]


def news(n=400):
    """Articles with words that come in bundles, half of them copies of another."""
    rng = np.random.default_rng(7)
    words = np.array([f"w{i}" for i in range(30)])
    texts = [
        " ".join([*np.repeat(words, rng.poisson(0.2, 30) * rng.integers(1, 5, 30)), *["the"] * rng.integers(3, 30)])
        for _ in range(n // 2)
    ]
    story = np.concatenate([np.arange(n // 2), rng.integers(0, n // 2, n - n // 2)])
    return pd.DataFrame(
        {
            "doc_id": [f"d{i}" for i in range(n)],
            "source": rng.choice(["x", "y", "z"], n),
            "date": pd.Timestamp("2017-01-01") + pd.to_timedelta(rng.integers(0, 30, n), unit="D"),
            "story_id": [f"s{s}" for s in story],
            "text": [texts[s] for s in story],
        }
    )


NEWS = news()
NEWS_TOKENS = tk.tokenize(NEWS)


def test_counts_by_hand():
    """Counts and articles of each word are those one counts; capitals and possessives are one word."""
    table = tk.keyness(TOKENS, X, min_n=1).set_index("feature")
    assert list(tk.keyness(TOKENS, X).columns) == list(KEYNESS.columns)
    counts = table[["n_target", "n_reference", "n_articles_target", "n_articles_reference"]]
    assert counts.loc["ban"].tolist() == [3, 1, 2, 1]
    assert counts.loc["order"].tolist() == [1, 2, 1, 1]
    assert counts.loc["rain"].tolist() == [0, 1, 0, 1]
    assert table["n_stories_target"].tolist() == table["n_articles_target"].tolist()


def test_g2_is_scipys():
    """G2 and p are those of scipy's log-likelihood test of the four cells, with the sign of the difference."""
    table = tk.keyness(TOKENS, X, min_n=1).set_index("feature")
    test = stats.chi2_contingency([[3, 1], [1, 3]], lambda_="log-likelihood", correction=False)
    assert table.loc["ban", "G2"] == pytest.approx(test.statistic)
    assert table.loc["ban", "p"] == pytest.approx(test.pvalue)
    assert table.loc["rain", "G2"] < 0


def test_swapping_sides_turns_the_sign():
    """Target and reference swapped, each measure changes its sign and the interval its ends, and nothing else."""
    one, two = (
        tk.keyness(NEWS_TOKENS, *sides, permutations=99).set_index("feature").sort_index()
        for sides in (({"source": "x"}, {"source": "y"}), ({"source": "y"}, {"source": "x"}))
    )
    for measure in MEASURES:
        np.testing.assert_allclose(one[measure], -two[measure], atol=1e-9)
    np.testing.assert_allclose(one["low"], -two["high"], atol=1e-9)
    np.testing.assert_allclose(one[["p", "p_permutation"]], two[["p", "p_permutation"]], atol=1e-12)
    assert one["n_target"].tolist() == two["n_reference"].tolist()
    assert one["n_stories_target"].tolist() == two["n_stories_reference"].tolist()


def test_reference_can_be_named():
    """With a reference, the other articles are left out."""
    table = tk.keyness(TOKENS, [True, False, False, False], [False, False, True, False], min_n=1).set_index("feature")
    assert table.loc["ban", ["n_target", "n_reference"]].tolist() == [2, 0]


def test_rare_words_can_be_left_out():
    """By occurrences and by articles on both sides together; common words stay."""
    assert set(tk.keyness(TOKENS, X, min_n=3)["feature"]) == {"ban", "order"}
    assert set(tk.keyness(TOKENS, X, min_n=1, min_articles=3)["feature"]) == {"ban"}
    none = tk.keyness(TOKENS, X, min_n=100, permutations=9)
    assert len(none) == 0
    assert list(none.columns) == [*KEYNESS.columns, "p_permutation", "q"]


# Further measures


def further(name, **settings):
    """One further measure of each word of four short articles."""
    return tk.keyness(TOKENS, X, min_n=1, measures=[name], **settings).set_index("feature")[name]


def test_further_measures_are_columns_in_the_order_asked_for():
    """Each measure is a column of its name behind the others; what is in every table anyway comes once."""
    asked = ["odds_ratio", "G2", "BIC", "odds_ratio"]
    table = tk.keyness(TOKENS, X, min_n=1, measures=asked, permutations=9)
    assert list(table.columns) == [*KEYNESS.columns, "odds_ratio", "BIC", "p_permutation", "q"]
    assert table.attrs["recipe"]["settings"]["measures"] == ["odds_ratio", "BIC"]
    assert list(tk.keyness(TOKENS, X, measures="BIC").columns) == [*KEYNESS.columns, "BIC"]


def test_every_further_measure_is_declared_and_changes_no_other_column():
    """All of them at once leave the table as it is, and the declaration of the table names each."""
    names = list(get_args(KeynessMeasure))
    table = tk.keyness(TOKENS, X, min_n=1, measures=names)
    pd.testing.assert_frame_equal(table[list(KEYNESS.columns)], tk.keyness(TOKENS, X, min_n=1))
    assert list(table.columns)[len(KEYNESS.columns) :] == names
    assert not table[names].isna().any(axis=None)
    assert set(names) <= set(KEYNESS.optional)


def test_tests_of_one_word_are_those_of_scipy():
    """ "ban" stands three times in 4 words and once in 4 (by hand); scipy tests the same two by two cells."""
    cells = [[3, 1], [1, 3]]
    assert further("fisher_p")["ban"] == pytest.approx(stats.fisher_exact(cells).pvalue)
    assert further("chi2")["ban"] == pytest.approx(stats.chi2_contingency(cells, correction=False).statistic) == 2
    assert (
        further("chi2_yates")["ban"] == pytest.approx(stats.chi2_contingency(cells, correction=True).statistic) == 0.5
    )
    assert further("chi2_conditional")["ban"] == further("chi2_yates")["ban"]  # a cell is expected twice, and 2 < 5
    g2 = stats.chi2_contingency(cells, correction=False, lambda_="log-likelihood").statistic
    assert further("BIC")["ban"] == pytest.approx(g2 - np.log(8))


def test_sizes_of_the_difference_by_hand():
    """3 of 4 words against 1 of 4: 200 percent more, odds of 3 to 1/3, and logarithms of ratios with .5 or 1 per million added."""
    assert further("percent_difference")["ban"] == pytest.approx(200)
    assert further("odds_ratio")["ban"] == pytest.approx(9)
    assert further("simple_maths")["ban"] == pytest.approx(750_001 / 250_001)
    assert further("smoothed_log_ratio")["ban"] == pytest.approx(np.log2(3.5 / 1.5))
    assert further("G2_two_cells")["ban"] == pytest.approx(2 * (3 * np.log(3 / 2) + np.log(1 / 2)))
    assert further("conservative_log_ratio")["ban"] == 0
    assert further("percent_difference")["rain"] == -100


def test_the_conservative_log_ratio_takes_account_of_the_words_in_the_table():
    """It is Evert's at the confidence of the table, corrected for as many words as the table has."""
    target = NEWS["text"].str.contains("w1 w1")
    table = tk.keyness(NEWS_TOKENS, target, measures="conservative_log_ratio", confidence=0.9)
    words = table.attrs["recipe"]["settings"]["n_words_target"], table.attrs["recipe"]["settings"]["n_words_reference"]
    alone = conservative_log_ratio(table["n_target"], table["n_reference"], *words, confidence=0.9, n_words=len(table))
    np.testing.assert_array_equal(table["conservative_log_ratio"], alone)
    assert (np.abs(alone) > 0).any()


def test_an_unknown_measure_is_answered_with_what_is_near():
    """A misspelt measure is refused, with a suggestion and all that there are."""
    with pytest.raises(tk.FramingError, match=r"There is no measure of keyness 'fisher'\. Did you mean 'fisher_p'"):
        tk.keyness(TOKENS, X, measures=["fisher"])


# Sides


def test_swapping_target_and_reference_turns_the_signs():
    """What is typical of the one is by as much untypical of the other; counts, p and odds change places."""
    names = ["chi2", "chi2_yates", "chi2_conditional", "G2_two_cells", "smoothed_log_ratio", "conservative_log_ratio"]
    there = tk.keyness(NEWS_TOKENS, "x", "rest", measures=[*names, "odds_ratio", "fisher_p", "BIC"]).set_index(
        "feature"
    )
    back = tk.keyness(NEWS_TOKENS, "rest", "x", measures=[*names, "odds_ratio", "fisher_p", "BIC"]).set_index("feature")
    back = back.loc[there.index]
    for name in ["G2", "log_ratio", "log_odds_z", *names]:
        np.testing.assert_allclose(there[name], -back[name], rtol=1e-9, atol=1e-9, err_msg=name)
    for name in ("p", "fisher_p", "BIC"):
        np.testing.assert_allclose(there[name], back[name], rtol=1e-9, err_msg=name)
    np.testing.assert_allclose(there["low"], -back["high"], rtol=1e-6)
    np.testing.assert_allclose(there["odds_ratio"] * back["odds_ratio"], 1)
    assert there["n_target"].tolist() == back["n_reference"].tolist()


@pytest.mark.parametrize("reference", [(), (None,), ("rest",), (["y", "z"],), ({"source": ["y", "z"]},)])
def test_a_side_is_a_source_a_condition_or_the_rest(reference):
    """However the sides are written, the same articles give the same table."""
    mask = (NEWS["source"] == "x").to_numpy()
    pd.testing.assert_frame_equal(tk.keyness(NEWS_TOKENS, "x", *reference), tk.keyness(NEWS_TOKENS, mask))


def test_articles_give_what_their_index_gives():
    """Articles are tokenised on the way; a condition on the frame is a side."""
    pd.testing.assert_frame_equal(tk.keyness(ARTICLES, ARTICLES["source"] == "x"), tk.keyness(TOKENS, X))


def test_the_old_name_of_the_corpus_still_works():
    """tokens=... is taken, with a warning that names corpus."""
    with pytest.warns(DeprecationWarning, match="keyness\\(tokens=...\\) is now called corpus"):
        table = tk.keyness(tokens=TOKENS, target=X)
    pd.testing.assert_frame_equal(table, tk.keyness(TOKENS, X))


def test_the_story_can_be_the_unit_of_counting():
    """Counted once a side, a copy adds nothing; where no story is known, each article is one."""
    articles = ARTICLES.assign(story_id=["s", "s", "t", "s"])
    tokens = tk.tokenize(articles)
    table = tk.keyness(tokens, X, min_n=1, unit="story").set_index("feature")
    assert table.loc["ban", ["n_target", "n_reference", "n_articles_target"]].tolist() == [2, 1, 1]
    counted = tk.keyness(tokens, X, min_n=1).set_index("feature")
    assert counted.loc["ban", ["n_target", "n_articles_target", "n_stories_target"]].tolist() == [3, 2, 1]
    pd.testing.assert_frame_equal(tk.keyness(TOKENS, X, unit="story"), tk.keyness(TOKENS, X))


def sums_by_hand(word):
    """The contrast of a word's rates in x and y, with story sums made one story at a time."""
    hits = NEWS["text"].str.split().map(lambda text: text.count(word))
    words = NEWS["text"].str.split().map(len)
    parts = pd.DataFrame({"source": NEWS["source"], "story": NEWS["story_id"], "x": hits, "n": words})
    parts = parts[parts["source"] != "z"].groupby(["source", "story"]).sum().reset_index()
    one, other = (parts[parts["source"] == source].set_index("story") for source in "xy")
    both = one.join(other, how="inner", suffixes=("1", "2"))
    shared = shared_sums(both["x1"], both["n1"], both["x2"], both["n2"])
    bundle = (parts["x"] ** 2).sum() / parts["x"].sum()
    sides = [story_sums(side["x"], side["n"]) for side in (one, other)]
    return contrast(*sides, shared, bundle=[bundle]), [int((side["x"] > 0).sum()) for side in (one, other)]


@pytest.mark.parametrize("word", ["w0", "w7", "w19", "the"])
def test_the_interval_is_that_of_two_rates_that_share_stories(word):
    """From sums of stories made by hand, the interval of the ratio is the same, copies and stories of both sides allowed for."""
    table = tk.keyness(NEWS_TOKENS, {"source": "x"}, {"source": "y"}, min_n=1).set_index("feature")
    expected, stories = sums_by_hand(word)
    low, high = np.log2(expected.ratio_low[0]), np.log2(expected.ratio_high[0])
    np.testing.assert_allclose(table.loc[word, ["low", "high"]].astype(float), [low, high], rtol=1e-9)
    assert table.loc[word, "log_ratio"] == pytest.approx(np.log2(expected.ratio[0]))
    assert table.loc[word, ["n_stories_target", "n_stories_reference"]].tolist() == stories


def test_one_story_does_not_make_a_sure_difference():
    """Thirty times in one article of twenty is no sure difference, though G2 is beyond doubt; once in each of twenty is."""
    texts = ["bundle " * 30 + "some other text of no account", *["some other text of no account"] * 19]
    even = ["even other text of no account"] * 20
    articles = pd.DataFrame(
        {"doc_id": [str(i) for i in range(60)], "text": [*texts, *even, *["plain other text of no account"] * 20]}
    )
    target = np.arange(60) < 40
    table = tk.keyness(tk.tokenize(articles), target, permutations=199, min_n=1).set_index("feature")
    assert table.loc["bundle", "p"] < 1e-4
    assert table.loc["bundle", "low"] < 0 < table.loc["even", "low"]
    assert table.loc["bundle", "p_permutation"] > 0.05 > table.loc["even", "p_permutation"]


def test_a_word_that_one_side_lacks_has_an_open_interval():
    """Its ratio may be anything beyond: the end on that side is infinite, the other is not."""
    table = tk.keyness(TOKENS, X, min_n=1).set_index("feature")
    assert table.loc["rain", "low"] == -np.inf
    assert np.isfinite(table.loc["rain", "high"])
    assert table.loc["rain", "log_ratio"] == pytest.approx(np.log2(0.5 / 4) - np.log2(1 / 4))


def test_more_confidence_is_a_wider_interval():
    """The interval of 99 % holds that of 90 %."""
    wide, narrow = (tk.keyness(NEWS_TOKENS, {"source": "x"}, confidence=c).set_index("feature") for c in (0.99, 0.9))
    assert (wide["low"] <= narrow["low"]).all()
    assert (wide["high"] >= narrow["high"])[narrow.index].all()


def test_log_odds_take_the_corpus_as_prior():
    """In the proportions of the whole corpus, articles of neither side included, and as many words as the smaller side has, or as said."""
    counts, total = {"ban": 4, "order": 3, "rain": 1}, 8
    sides = [True, False, False, False], [False, False, True, False]  # three words and two
    for words in (None, 100):
        table = tk.keyness(TOKENS, *sides, min_n=1, prior_words=words).set_index("feature")
        prior = np.array([(words or 2) * counts[word] / total for word in ("ban", "order", "rain")])
        expected = log_odds_z([2, 1, 0], [0, 2, 0], 3, 2, prior)
        np.testing.assert_allclose(table.loc[["ban", "order"], "log_odds_z"], expected[:2])


def test_the_permutation_p_is_the_part_of_the_ways_to_deal():
    """A word of one article of six, three on each side, is as extreme whoever has it; one of all three is so in 2 of 20 ways."""
    texts = ["once all", "some all", "some all", "some none", "some none", "some none"]
    articles = pd.DataFrame({"doc_id": list("abcdef"), "text": texts})
    table = tk.keyness(tk.tokenize(articles), np.arange(6) < 3, min_n=1, permutations=4999).set_index("feature")
    assert table.loc["once", "p_permutation"] == 1
    assert table.loc["all", "p_permutation"] == pytest.approx(0.1, abs=0.015)


def test_q_is_the_rate_of_false_discoveries():
    """q is Benjamini and Hochberg's of the permutation p over the words of the table, as scipy has it."""
    table = tk.keyness(NEWS_TOKENS, {"source": "x"}, permutations=99)
    np.testing.assert_allclose(table["q"], stats.false_discovery_control(table["p_permutation"]))


def test_the_same_seed_deals_the_same():
    """A seed gives the same p each time, another seed others, and the rest of the table does not depend on it."""
    one, again, other = (tk.keyness(NEWS_TOKENS, {"source": "x"}, permutations=99, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, again)
    assert (one["p_permutation"] != other["p_permutation"]).any()
    pd.testing.assert_frame_equal(one[list(KEYNESS.columns)], tk.keyness(NEWS_TOKENS, {"source": "x"}))


def test_words_in_doubt_are_dealt_more_often():
    """After 999 draws only words with few as extreme go on, so a clear one has a p below 1 in 1,000 and others are of 999."""
    articles = NEWS.assign(text=NEWS["text"].where(NEWS["source"] != "x", NEWS["text"] + " mark"))
    table = tk.keyness(tk.tokenize(articles), {"source": "x"}, permutations=2500).set_index("feature")
    assert table.loc["mark", "p_permutation"] == 1 / 2501
    unclear = table.loc[table["p_permutation"] > 0.1, "p_permutation"] * 1000
    assert len(unclear) > 5
    np.testing.assert_allclose(unclear, unclear.round(), atol=1e-9)


def test_sides_that_are_not_alike_are_warned_of():
    """Where the target's texts are all longer, labels cannot be dealt: p says nothing, and the warning why."""
    texts = ["short text"] * 12 + ["a text that is a good deal longer"] * 12
    articles = pd.DataFrame({"doc_id": [f"d{i}" for i in range(24)], "text": texts})
    with pytest.warns(tk.FramingWarning) as caught:
        table = tk.keyness(tk.tokenize(articles), np.arange(24) >= 12, permutations=9)
    assert [str(warning.message) for warning in caught] == [
        "0 of the 12 articles of the target can be dealt to the other side; the rest have no story there of as many articles and "
        "about as many words. p_permutation rests on these few: take sides that are more alike."
    ]
    assert (table["p_permutation"] == 1).all()


@pytest.mark.parametrize(
    ("permutations", "ends"), [(1, [1]), (999, [999]), (1000, [999, 1000]), (20_000, [999, 9999, 20_000])]
)
def test_after_how_many_draws_words_are_let_go(permutations, ends):
    """After 999, 9,999 and so on, and at the end."""
    assert _stages(permutations) == ends


def test_the_recipe_says_what_was_compared():
    """Sides, settings, sizes: all that is needed to do it again."""
    settings = tk.keyness(TOKENS, {"source": "x"}, min_n=2).attrs["recipe"]["settings"]
    assert settings == {
        "target": {"source": ["x"]},
        "reference": "all others",
        "measures": [],
        "min_n": 2,
        "min_articles": 1,
        "unit": "article",
        "confidence": 0.95,
        "prior_words": 4.0,
        "permutations": 0,
        "seed": 0,
        "n_articles_target": 2,
        "n_articles_reference": 2,
        "n_words_target": 4,
        "n_words_reference": 4,
    }


def test_odd_letters_and_empty_texts():
    """Words of any script are compared; empty and missing texts are articles without words; two articles are enough."""
    articles = pd.DataFrame(
        {"doc_id": list("abcd"), "text": ["Straße ünïcode 北 e\u0301tat", "STRASSE étát", "", None]}
    )
    table = tk.keyness(tk.tokenize(articles), [True, False, True, False], min_n=1, permutations=9).set_index("feature")
    assert table.loc["strasse", ["n_target", "n_reference"]].tolist() == [1, 1]
    assert table.loc["北", "n_target"] == 1
    assert table["p_permutation"].between(0, 1).all()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"confidence": 95}, "confidence is a number between 0 and 1, such as 0.95; this is 95."),
        ({"permutations": -1}, "permutations is how many times labels are dealt anew, 0 or more; this is -1."),
        ({"prior_words": 0}, "prior_words is how many words the prior adds to each side, more than 0, not 0."),
        ({"unit": "word"}, "There is no unit 'word'. There are: article, story."),
    ],
)
def test_settings_out_of_range(settings, message):
    """A setting that makes no sense is refused in a sentence."""
    with pytest.raises(tk.FramingError) as error:
        tk.keyness(TOKENS, X, **settings)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("target", "reference", "message"),
    [
        (np.zeros(4, bool), None, "The target has no article: the condition is true of none."),
        (np.ones(4, bool), None, "The reference has no article: the condition is true of none."),
        (X, X, "Target and reference share 2 articles; each belongs to one side."),
        ({"source": "CNN"}, None, "There is no source 'CNN'. There are: x, y."),
    ],
)
def test_sides_that_are_none(target, reference, message):
    """A side that is empty, shared or unknown is refused in a sentence."""
    with pytest.raises(tk.FramingError) as error:
        tk.keyness(TOKENS, target, reference)
    assert str(error.value) == message
