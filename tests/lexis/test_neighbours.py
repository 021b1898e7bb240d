"""Collocates: words near a node, counted once, against chance; and what differs in them between two sides."""

import json
import re
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import toolkit as tk
from toolkit.measures import association
from toolkit.tables import COLLOCATE_SHIFT, COLLOCATES

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "collocates.json").read_text(encoding="utf-8"))


def index(*texts, **columns):
    frame = pd.DataFrame({"doc_id": [f"d{n}" for n in range(len(texts))], "text": list(texts), **columns})
    return tk.tokenize(frame)


# Collocates


def test_counts_by_hand():
    """Window, sides, articles and corpus counts of a text one can read."""
    tokens = index("hot reset cold wind hot", "wind reset hot")
    table = tk.collocates(tokens, "reset", window=1, min_n=1).set_index("collocate")
    assert list(table.reset_index().columns) == list(COLLOCATES.columns)
    assert table.loc["hot", ["n", "n_left", "n_right", "n_articles", "n_corpus"]].tolist() == [2, 1, 1, 2, 3]
    assert table.loc["wind", ["n", "n_left", "n_right", "n_articles", "n_corpus"]].tolist() == [1, 1, 0, 1, 2]
    # two hits; four words in their windows, of six outside the node; hot is half of these
    assert table[["n_node", "n_window", "n_words"]].drop_duplicates().values.tolist() == [[2, 4, 6]]
    assert table.loc["hot", "n_expected"] == pytest.approx(4 * 3 / 6)


def test_each_measure_is_that_of_the_counts_beside_it():
    """A reader can redo every measure from the row: its cells are n, n_corpus - n, n_window - n and the rest of n_words."""
    row = tk.collocates(tk.tokenize(tk.load("daily-brief")), "reset*", min_n=1)
    a, b, c = row["n"], row["n_corpus"] - row["n"], row["n_window"] - row["n"]
    d = row["n_words"] - a - b - c
    expected = row["n_window"] * row["n_corpus"] / row["n_words"]
    ours = {
        "n_expected": expected,
        "logDice": association.log_dice(a, row["n_node"], row["n_corpus"]),
        "PMI": association.pointwise_mutual_information(a, expected),
        "MI3": association.cubed_mutual_information(a, expected),
        "log_ratio": association.log_ratio(a, b, row["n_window"], row["n_words"] - row["n_window"]),
        "log_odds": association.log_odds_ratio(a, b, c, d),
        "delta_p_given_node": a / row["n_window"] - b / (row["n_words"] - row["n_window"]),
        "delta_p_given_collocate": a / row["n_corpus"] - c / (row["n_words"] - row["n_corpus"]),
        "G2": association.log_likelihood(a, b, c, d),
        "t_score": association.t_score(a, expected),
        "z_score": association.z_score(a, expected),
    }
    assert len(row) > 20
    for name, values in ours.items():
        np.testing.assert_allclose(row[name], values, rtol=1e-12, err_msg=name)


def test_a_word_between_two_nodes_counts_once():
    """A word near two occurrences is counted for the nearer, once; the node is no collocate of itself."""
    table = tk.collocates(index("reset the great reset"), "reset", window=3, min_n=1).set_index("collocate")
    assert table[["n", "n_left", "n_right"]].to_dict("index") == {
        "the": {"n": 1, "n_left": 0, "n_right": 1},
        "great": {"n": 1, "n_left": 1, "n_right": 0},
    }


def test_windows_stay_in_their_article():
    """The first word of the next article is no neighbour."""
    table = tk.collocates(index("a reset", "b reset"), "reset", window=5, min_n=1)
    assert table["n"].sum() == 2


@pytest.mark.parametrize(
    ("window", "words"),
    [
        ((1, 0), {"hot"}),
        ((0, 2), {"cold", "wind"}),
        ("sentence", {"hot", "cold", "wind"}),
        ("paragraph", {"dry", "days", "hot", "cold", "wind"}),
    ],
)
def test_one_side_and_units(window, words):
    """A window can be on one side only, a sentence or a paragraph."""
    table = tk.collocates(index("Dry days. Hot reset cold wind.\nMore rain."), "reset", window=window, min_n=1)
    assert set(table["collocate"]) == words
    assert table["n_window"].unique().tolist() == [len(words)]


@pytest.mark.parametrize("window", [2, (0, 3), "sentence"])
def test_each_source_by_itself(window):
    """The rows of a source are those of an index of its articles only, and so are those of a month."""
    articles = tk.load("daily-brief")
    whole = tk.collocates(tk.tokenize(articles), "reset*", window=window, by="source", min_n=1)
    assert len(whole["source"].unique()) > 1
    for source, part in whole.groupby("source"):
        own = tk.tokenize(articles[articles["source"] == source])
        alone = tk.collocates(own, "reset*", window=window, min_n=1)
        pd.testing.assert_frame_equal(part.drop(columns="source").reset_index(drop=True), alone)
    monthly = tk.collocates(tk.tokenize(articles), "reset*", window=window, freq="M", min_n=1)
    assert list(monthly.columns)[:2] == ["period", "collocate"]
    for period, part in monthly.groupby("period"):
        own = tk.tokenize(articles[articles["date"].dt.to_period("M").dt.start_time == period])
        alone = tk.collocates(own, "reset*", window=window, min_n=1)
        pd.testing.assert_frame_equal(part.drop(columns="period").reset_index(drop=True), alone)


def test_a_story_counts_once_in_each_cell():
    """With the story as unit its earliest article in the cell stands for it, in windows and in the corpus."""
    columns = {
        "source": ["Post", "Post", "Sun", "Sun"],
        "story_id": ["s", "s", "s", None],
        "date": pd.to_datetime(["2017-02-02", "2017-02-01", "2017-02-03", None]),
    }
    tokens = index("late hot reset", "hot reset", "hot reset", "cold reset", **columns)
    counts = ["collocate", "n", "n_articles", "n_node", "n_words"]
    once = tk.collocates(tokens, "reset", unit="story", min_n=1)
    assert once[counts].values.tolist() == [["cold", 1, 1, 2, 2], ["hot", 1, 1, 2, 2]]
    by_source = tk.collocates(tokens, "reset", unit="story", by="source", min_n=1)
    assert by_source[["source", *counts]].values.tolist() == [
        ["Post", "hot", 1, 1, 1, 1],
        ["Sun", "cold", 1, 1, 2, 2],
        ["Sun", "hot", 1, 1, 2, 2],
    ]
    assert tk.collocates(tokens, "reset", min_n=1).set_index("collocate").loc["hot", "n"] == 3


def test_cells_without_a_date_or_a_source():
    """A missing source is a cell, and undated articles are one; they come last."""
    tokens = index(
        "hot reset",
        "cold reset",
        "dry reset",
        source=["Post", None, "Post"],
        date=pd.to_datetime([None, None, "2017-02-03"]),
    )
    table = tk.collocates(tokens, "reset", by="source", freq="Q", min_n=1)
    assert table["collocate"].tolist() == ["dry", "hot", "cold"]
    assert table["source"].fillna("-").tolist() == ["Post", "Post", "-"]
    assert table["period"].tolist()[:1] == [pd.Timestamp("2017-01-01")]
    assert table["period"].isna().tolist() == [False, True, True]


def test_as_many_sources_as_articles():
    """Each of 20,000 articles is a source of its own: each has its own two rows."""
    n = 20_000
    tokens = index(*["hot reset now"] * n, source=[f"s{i}" for i in range(n)])
    table = tk.collocates(tokens, "reset", by="source", min_n=1)
    assert len(table) == 2 * n
    assert (table[["n", "n_corpus", "n_node", "n_words"]].to_numpy() == [1, 1, 1, 2]).all()


def test_sorting_by_another_measure():
    """The table is sorted by the column that is named, highest first, and that is in the recipe."""
    tokens = tk.tokenize(tk.load("daily-brief"))
    table = tk.collocates(tokens, "reset*", sort="G2")
    assert table["G2"].is_monotonic_decreasing
    assert not tk.collocates(tokens, "reset*")["G2"].is_monotonic_decreasing
    assert table.attrs["recipe"]["settings"]["sort"] == "G2"


def test_nltk_counts_where_windows_do_not_overlap():
    """In a window of one word to the right, pairs of two different words are counted as NLTK counts them."""
    case = REFERENCE["windows"]
    tokens = index(case["text"])
    for node, expected in case["n"].items():
        table = tk.collocates(tokens, node, window=tuple(case["window"]), min_n=1)
        assert dict(zip(table["collocate"], table["n"], strict=True)) == expected


@pytest.mark.parametrize("case", REFERENCE["bigrams"]["cases"], ids=lambda case: str(len(case["texts"])))
def test_quanteda_counts_of_two_words(case):
    """One word to the right: how often one word follows another is what quanteda counts."""
    tokens = index(*case["texts"])
    for pair, expected in case["n"].items():
        node, word = pair.split()
        table = tk.collocates(tokens, node, window=(0, 1), min_n=1).set_index("collocate")
        assert table.loc[word, "n"] == expected


def test_golden_window_counts_of_the_news_corpus():
    """On the news corpus, what stands within five words of "travel ban" is what a plain loop over words counts."""
    tokens = tk.tokenize(tk.load("news-2017"), ["text"])
    table = tk.collocates(tokens, "travel ban", window=5, min_n=1).set_index("collocate")
    expected: dict[str, int] = {}
    for text in tokens.texts("text"):
        if not re.search("travel", text, re.IGNORECASE):
            continue
        spans = [(m.start(), m.end()) for m in re.finditer(r"\btravel[\s\-–“”\"'‘’]+ban(?!\w)", text, re.IGNORECASE)]
        words, at = [], 0
        for word in tk.text.words.split_words(text):
            at = text.index(word, at)
            words.append((word, at, at + len(word)))
            at += len(word)
        node = {i for i, (_, a, b) in enumerate(words) for s, e in spans if s <= a and b <= e + 2}
        near = {j for i in node for j in range(i - 5, i + 6) if 0 <= j < len(words)}
        starts = sorted(i for i in node if i - 1 not in node)
        near = {j for i in starts for j in range(i - 5, i + 7) if 0 <= j < len(words)} - node
        for j in near:
            key = tk.text.words.fold(words[j][0], possessive=True)
            expected[key] = expected.get(key, 0) + 1
    assert table["n"].to_dict() == expected


def test_no_hit_is_an_empty_table():
    """A term that never occurs has no collocates; the table has its columns, by source too."""
    with pytest.warns(tk.FramingWarning, match="matches nothing"):
        table = tk.collocates(index("a b", "", source=["Post", "Sun"]), "reset", by="source")
    assert list(table.columns) == ["source", *COLLOCATES.columns]
    assert len(table) == 0


def test_windows_that_hold_everything():
    """Where no word is outside the windows there is nothing to compare with: log_ratio is missing, G2 is 0, no warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        row = tk.collocates(index("hot reset"), "reset", min_n=1).iloc[0]
    assert (row["n"], row["PMI"], row["G2"]) == (1, 0, 0)
    assert np.isnan(row["log_ratio"])
    assert np.isnan(row["delta_p_given_node"])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"window": 0}, "A window is at least one word on one side; this is 0."),
        (
            {"sort": "logdice"},
            "There is no column to sort by 'logdice'. Did you mean 'logDice' or 'log_odds' or 'log_ratio'? There are: n, n_left, n_right, n_articles, n_node, "
            "n_window, n_corpus, n_words, n_expected, logDice, PMI, MI3, log_ratio, log_odds, delta_p_given_node, "
            "delta_p_given_collocate, G2, t_score, z_score.",
        ),
        ({"by": "outlet"}, "A table of articles needs the column outlet; this one has: doc_id, text."),
        ({"freq": "M"}, "A table of articles needs the column date; this one has: doc_id, text."),
        ({"freq": "H"}, "There is no period 'H'. There are: D (day), W (week), M (month), Q (quarter), Y (year)."),
        ({"unit": "storys"}, "There is no unit 'storys'. Did you mean 'story'? There are: article, story."),
    ],
)
def test_settings_that_make_no_sense(settings, message):
    """Each wrong setting is answered with what would be right."""
    with pytest.raises(tk.FramingError) as error:
        tk.collocates(index("a reset"), "reset", **settings)
    assert str(error.value) == message


def test_articles_give_what_their_index_gives():
    """Articles are tokenised on the way, and give the tables that their index gives."""
    articles = tk.load("daily-brief")
    tokens = tk.tokenize(articles)
    pd.testing.assert_frame_equal(tk.collocates(articles, "travel", min_n=1), tk.collocates(tokens, "travel", min_n=1))
    target = np.arange(len(articles)) % 2 == 0
    settings = {"min_n": 1, "permutations": 9}
    shifts = [tk.collocate_shift(corpus, "the", target, **settings) for corpus in (articles, tokens)]
    pd.testing.assert_frame_equal(*shifts)


def test_further_measures_of_association_by_hand():
    """Of "fresh reset no fresh reset": two of 4 words in windows, 3 of 9 in all, 2 hits of the node; then by hand."""
    tokens = index("A fresh reset. No fresh start, no fresh reset of ties.")
    names = ["Dice", "MI2", "local_MI", "minimum_sensitivity"]
    row = tk.collocates(tokens, "reset", window=1, min_n=1, measures=names).set_index("collocate").loc["fresh"]
    expected = 4 * 3 / 9
    assert row["Dice"] == 2 * 2 / (2 + 3)
    assert row["MI2"] == pytest.approx(np.log2(2**2 / expected))
    assert row["local_MI"] == pytest.approx(2 * np.log2(2 / expected))
    assert row["minimum_sensitivity"] == 2 / 4
    assert row["logDice"] == 14 + np.log2(row["Dice"])


def test_further_measures_are_columns_that_can_be_sorted_by():
    """They come behind the others in the order asked for, change none of them, and the highest can come first."""
    tokens = index("A fresh reset. No fresh start, no fresh reset of ties.")
    table = tk.collocates(tokens, "reset", min_n=1, measures=["local_MI", "G2", "Dice"], sort="local_MI")
    assert list(table.columns) == [*COLLOCATES.columns, "local_MI", "Dice"]
    assert table["local_MI"].is_monotonic_decreasing
    plain = tk.collocates(tokens, "reset", min_n=1).set_index("collocate")
    pd.testing.assert_frame_equal(table.set_index("collocate").loc[plain.index, plain.columns], plain)
    with pytest.raises(tk.FramingError, match=r"There is no measure of association 'dice'\. Did you mean 'Dice'"):
        tk.collocates(tokens, "reset", measures="dice")


def test_swapping_the_sides_of_a_collocate_shift_turns_the_signs():
    """Sides named by source, or one of them as the rest: differences, their intervals and z change sign, p does not."""
    texts = ["illegal migrants came"] * 4 + ["young migrants came"] * 3 + ["illegal young migrants"]
    corpus = index(*texts, source=["Post"] * 4 + ["Sun"] * 4)
    settings = {"min_n": 1, "permutations": 199}
    there = tk.collocate_shift(corpus, "migrants", "Post", "rest", **settings).set_index("collocate")
    back = tk.collocate_shift(corpus, "migrants", "rest", "Post", **settings).set_index("collocate").loc[there.index]
    for name in ("difference", "log_ratio"):
        np.testing.assert_allclose(there[name], -back[name], err_msg=name)
    np.testing.assert_allclose(there["low"], -back["high"], atol=1e-9)
    assert there["n_target"].tolist() == back["n_reference"].tolist()
    named = tk.collocate_shift(corpus, "migrants", {"source": "Post"}, ["Sun"], **settings)
    pd.testing.assert_frame_equal(named.set_index("collocate"), there)


def test_a_column_that_the_table_has_itself():
    """Cells cannot be made by a column named as one of the counts."""
    with pytest.raises(tk.FramingError) as error:
        tk.collocates(index("a reset", n=[1]), "reset", by="n")
    assert str(error.value) == "Cells cannot be made by n: the table of collocates has that column itself."


# Collocate shift


def shift_of(texts, sides, **settings):
    columns = {name: settings.pop(name) for name in ("story_id", "date") if name in settings}
    tokens = index(*texts, side=list(sides), **columns)
    return tk.collocate_shift(
        tokens, "reset", {"side": "T"}, {"side": "R"}, **{"min_n": 1, "permutations": 99, **settings}
    )


def test_shares_by_hand():
    """A hit has a word or not, however often; a word near two hits counts for both; words of the node count for none."""
    table = shift_of(["hot hot reset", "reset hot reset", "cold reset"], "TTR", window=2).set_index("collocate")
    assert list(table.reset_index().columns) == list(COLLOCATE_SHIFT.columns)
    hot = table.loc["hot"]
    assert hot[["n_target", "n_hits_target", "n_stories_target", "n_reference", "n_hits_reference"]].tolist() == [
        3,
        3,
        2,
        0,
        1,
    ]
    assert hot[["share_target", "share_reference", "difference"]].tolist() == [1, 0, 1]
    assert hot["log_ratio"] == 1  # 1 against half a hit of one
    assert "reset" not in table.index


def test_articles_on_neither_side_are_left_out():
    """What is neither target nor reference is not counted."""
    table = shift_of(["hot reset", "hot reset", "hot reset"], "TRX")
    assert table.loc[0, ["n_target", "n_reference", "n_hits_target", "n_hits_reference"]].tolist() == [1, 1, 1, 1]


@pytest.mark.filterwarnings("ignore:No story can change sides")
def test_the_story_as_unit():
    """Counted by article each copy counts; by story the earliest on each side."""
    texts = ["hot reset", "hot wet reset", "hot reset", "cold reset"]
    settings = {"story_id": ["s", "s", "s", None], "date": pd.to_datetime(["2017-02-02", "2017-02-01", None, None])}
    by_article = shift_of(texts, "TTRR", **settings).set_index("collocate")
    by_story = shift_of(texts, "TTRR", unit="story", **settings).set_index("collocate")
    counts = ["n_target", "n_hits_target", "n_stories_target", "n_reference", "n_hits_reference"]
    assert by_article.loc["hot", counts].tolist() == [2, 2, 1, 1, 2]
    assert by_story.loc["hot", counts].tolist() == [1, 1, 1, 1, 2]
    assert by_story.loc["wet", "n_target"] == 1  # the second article is the earlier one


def test_copies_are_shuffled_together():
    """Ten copies of one story are one thing: their word tells the sides apart no better than one article would."""
    copies = ["hot reset"] * 10 + ["cold reset"] * 6
    alone = shift_of(copies, "T" * 10 + "R" * 6, permutations=999).set_index("collocate")
    ids = ["s"] * 10 + [None] * 6
    with pytest.warns(tk.FramingWarning, match="No story can change sides"):
        together = shift_of(copies, "T" * 10 + "R" * 6, story_id=ids, permutations=999).set_index("collocate")
    assert alone.loc["hot", "p_permutation"] < 0.01
    assert together.loc["hot", "p_permutation"] == 1
    once = shift_of(copies, "T" * 10 + "R" * 6, story_id=ids, unit="story", permutations=999).set_index("collocate")
    assert once.loc["hot", "p_permutation"] > 0.2


def test_a_story_on_both_sides_stays_there():
    """It is in the counts and not in the test."""
    texts = ["hot reset", "hot reset", "wet reset", "wet reset", "cold reset", "cold reset"]
    table = shift_of(texts, "TRTTRR", story_id=["s", "s", None, None, None, None]).set_index("collocate")
    assert table.loc["hot", ["n_target", "n_reference", "z", "p_permutation"]].tolist() == [1, 1, 0, 1]
    settings = table.attrs["recipe"]["settings"]
    assert [settings[f"n_stories{end}"] for end in ("", "_on_both_sides", "_shuffled")] == [5, 1, 4]


SENTENCES = st.lists(st.text("xabcd", min_size=1, max_size=6).map(" ".join), min_size=2, max_size=10)


@given(SENTENCES.filter(lambda texts: "x" in texts[0] and "x" in texts[1]), st.integers(1, 3))
def test_sides_swapped(texts, window):
    """Target and reference swapped is the same table with the other signs, p included but for the shuffles."""
    tokens = index(*texts)
    target = np.arange(len(texts)) % 2 == 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", tk.FramingWarning)
        settings = {"window": window, "min_n": 1, "permutations": 9}
        there = tk.collocate_shift(tokens, "x", target, **settings).set_index("collocate").sort_index()
        back = tk.collocate_shift(tokens, "x", ~target, **settings).set_index("collocate").sort_index()
    assert there["n_target"].tolist() == back["n_reference"].tolist()
    for name in ("difference", "log_ratio", "z"):
        np.testing.assert_allclose(there[name], -back[name], atol=1e-9, err_msg=name)
    np.testing.assert_allclose(there["low"], -back["high"], atol=1e-9)
    assert (there["low"] <= there["difference"] + 1e-9).all()


def corpus(rng, n_stories, *, copies, more=0.0):
    """Make articles with a term that "hot" stands near in some 40 % of its hits, in the target in `more` of the rest as well.

    A story is a text, printed `copies` times at most, on a side that is drawn for each copy; so stories lie on both sides, too.
    """
    texts, sides, stories = [], [], []
    for story in range(n_stories):
        liking, n_hits = rng.beta(2, 3), 1 + rng.poisson(2)
        where = rng.random(1 + rng.integers(copies)) < 0.3
        if copies > 1 and rng.random() < 0.7:
            where[:] = where[0]
        liking = liking + (1 - liking) * more * where.all()
        words = ["hot reset" if rng.random() < liking else "cold reset" for _ in range(n_hits)]
        texts += [" filler filler ".join(words)] * len(where)
        sides += ["T" if side else "R" for side in where]
        stories += [f"s{story}"] * len(where)
    return texts, sides, stories


@pytest.mark.parametrize("copies", [1, 6], ids=["single", "syndicated"])
def test_p_is_uniform_without_a_difference(copies):
    """Over 250 corpora without a difference p is uniform (Kolmogorov and Smirnov), with copies in many places as well."""
    rng = np.random.default_rng(11)
    p = []
    for n in range(250):
        texts, sides, stories = corpus(rng, 60, copies=copies)
        table = shift_of(texts, sides, story_id=stories, window=(1, 0), permutations=499, seed=n)
        p.append(table.set_index("collocate").loc["hot", "p_permutation"])
    assert stats.kstest(p, "uniform").pvalue > 0.01
    assert np.mean(np.array(p) <= 0.05) <= stats.binom(250, 0.05).ppf(0.999) / 250


def test_a_planted_shift_is_found():
    """A word that the target has near half of the hits that would lack it stands first, with small q and p_max."""
    texts, sides, stories = corpus(np.random.default_rng(12), 120, copies=3, more=0.5)
    table = shift_of(texts, sides, story_id=stories, window=1, permutations=999)
    first = table.iloc[0]
    assert first["collocate"] == "hot"
    assert max(first[["p_permutation", "q", "p_max"]]) < 0.02
    assert 0 < first["low"] < first["difference"] < first["high"]


def test_q_is_benjamini_and_hochbergs():
    """q is what scipy makes of p, all words of the table together."""
    texts, sides, stories = corpus(np.random.default_rng(13), 40, copies=1, more=0.4)
    table = shift_of(texts, sides, story_id=stories)
    np.testing.assert_allclose(table["q"], stats.false_discovery_control(table["p_permutation"]))


def test_the_same_seed_gives_the_same_table():
    """Shuffles are drawn from the seed, which the recipe has."""
    texts, sides, stories = corpus(np.random.default_rng(14), 40, copies=2)
    first, again, other = (shift_of(texts, sides, story_id=stories, seed=seed) for seed in (3, 3, 4))
    pd.testing.assert_frame_equal(first, again)
    assert first["p_permutation"].tolist() != other["p_permutation"].tolist()
    assert first.attrs["recipe"]["settings"]["seed"] == 3


def test_masks_are_those_of_keyness():
    """A mask, conditions on columns, and a reference that is all the rest give the same table."""
    tokens = tk.tokenize(tk.load("daily-brief"))
    source = tokens.articles["source"]
    one = source.value_counts().index[0]
    settings = {"min_n": 1, "permutations": 19}
    by_mask = tk.collocate_shift(tokens, "reset*", source == one, source != one, **settings)
    by_name = tk.collocate_shift(tokens, "reset*", {"source": one}, **settings)
    pd.testing.assert_frame_equal(by_mask, by_name)
    assert by_name.attrs["recipe"]["settings"]["target"] == {"source": [one]}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"permutations": 0}, "permutations is how often stories are shuffled, 1 or more; this is 0."),
        ({"confidence": 95}, "confidence is a number between 0 and 1, such as 0.95; this is 95."),
        (
            {"window": -1},
            'A window is a number of words on each side, two numbers (left, right), "sentence" or "paragraph"; this is -1.',
        ),
        ({"unit": "word"}, "There is no unit 'word'. There are: article, story."),
    ],
)
def test_settings_of_a_shift_that_make_no_sense(settings, message):
    """Each wrong setting is answered with what would be right."""
    with pytest.raises(tk.FramingError) as error:
        shift_of(["hot reset", "cold reset"], "TR", **settings)
    assert str(error.value) == message


def test_a_side_without_a_hit():
    """Where one side never has the term there is nothing to compare."""
    with pytest.raises(tk.FramingError) as error:
        shift_of(["hot reset", "cold wind"], "TR")
    assert str(error.value) == "The term has no hit in the reference (articles: 1), so there is no company to compare."


def test_too_rare_words_give_an_empty_table():
    """Where no word is near enough hits, the table has its columns and no row."""
    with pytest.warns(tk.FramingWarning) as warned:
        table = shift_of(["hot reset", "cold wind reset reset"], "TR", min_n=9)
    assert list(table.columns) == list(COLLOCATE_SHIFT.columns)
    assert len(table) == 0
    assert str(warned[0].message) == (
        "No story can change sides, since each lies on both or has no like with about as many hits on the other, "
        "so p_permutation is 1. Take more articles."
    )
