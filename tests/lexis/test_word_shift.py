"""Word shifts of two parts of a corpus: what each word adds to their difference."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from toolkit.tables import WORD_SHIFT

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "word_shift.json").read_text(encoding="utf-8"))
MEASURES = {"proportion": "proportion", "entropy": "entropy", "jsd": "jsd", "kld": "kl", "weighted_avg": "average"}
ARTICLES = pd.DataFrame(
    {
        "doc_id": list("abcd"),
        "source": ["x", "x", "y", "z"],
        "text": ["war war peace", "The war's end", "peace the peace", "the peace"],
    }
)
TOKENS = tk.tokenize(ARTICLES)
X = {"source": "x"}
SCORES = {"war": -3.0, "peace": 3.0, "end": 0.0, "absent": 2.0}


def texts_of(case):
    """The case's counts as a target and a reference article."""
    texts = [" ".join(np.repeat(case["words"], case[side])) for side in ("target", "reference")]
    return tk.tokenize(pd.DataFrame({"doc_id": ["t", "r"], "text": texts}))


@pytest.mark.parametrize("case", REFERENCE["cases"], ids=lambda case: case["id"])
def test_shifterator_s_values_from_texts(case):
    """From texts with its counts, total and contributions are shifterator's."""
    scores = {"scores": dict(zip(case["words"], case["scores"], strict=True))} if "scores" in case else {}
    shift = tk.word_shift(
        texts_of(case), [True, False], measure=MEASURES[case["kind"]], **scores, **case.get("settings", {})
    )
    assert shift.attrs["total"] == pytest.approx(case["total"], abs=1e-12)
    column = "contribution" if case["total"] == 0 else "contribution_share"
    expected = dict(zip((word.lower() for word in case["words"]), case["normalised"], strict=True))
    found = dict(zip(shift["word"], shift[column], strict=True))
    assert found == pytest.approx(expected, abs=1e-12)


def test_shares_and_counts_by_hand():
    """Six words in the target, five in the reference; the largest difference first, equal ones in the order of the alphabet."""
    shift = tk.word_shift(TOKENS, X).set_index("word")
    assert list(shift.reset_index().columns) == list(WORD_SHIFT.columns)
    assert shift.index.tolist() == ["war", "peace", "the", "end"]
    assert shift["contribution"].to_list() == pytest.approx([3 / 6, 1 / 6 - 3 / 5, 1 / 6 - 2 / 5, 1 / 6])
    assert shift.loc["war", ["n_target", "n_reference", "n_articles_target", "n_articles_reference"]].tolist() == [
        3,
        0,
        2,
        0,
    ]
    assert shift["kind"].tolist() == ["target", "reference", "reference", "target"]
    assert shift["contribution_share"].abs().sum() == pytest.approx(1)
    assert (shift.attrs["total"], shift["contribution"].sum()) == (0, pytest.approx(0))


@pytest.mark.parametrize(
    ("measure", "settings"),
    [
        ("proportion", {}),
        ("entropy", {}),
        ("entropy", {"alpha": 2}),
        ("jsd", {"weight": 0.3}),
        ("jsd", {"alpha": 0.5}),
        ("kl", {"smoothing": 0.5}),
        ("average", {"scores": SCORES}),
        ("average", {"scores": SCORES, "score_reference": 1.0}),
    ],
)
def test_contributions_sum_to_the_total(measure, settings):
    """The column sums to attrs["total"], also where only some rows are returned, and the recipe states the same."""
    shift = tk.word_shift(TOKENS, X, measure=measure, **settings)
    assert shift["contribution"].sum() == pytest.approx(shift.attrs["total"], abs=1e-12)
    assert shift.attrs["recipe"]["settings"]["total"] == shift.attrs["total"]
    top = tk.word_shift(TOKENS, X, measure=measure, n=2, **settings)
    pd.testing.assert_frame_equal(top, shift.head(2))
    assert top.attrs["total"] == shift.attrs["total"]


def test_an_average_score_and_its_kinds():
    """Words with a score only are in the shares; above the reference's average is high, and more or less is the target's share."""
    shift = tk.word_shift(TOKENS, X, measure="average", scores=SCORES)
    rows = shift.set_index("word")
    assert rows["p_target"].to_dict() == pytest.approx({"war": 3 / 5, "peace": 1 / 5, "end": 1 / 5})
    assert rows["p_reference"].to_dict() == {"war": 0, "peace": 1, "end": 0}
    assert shift.attrs["total"] == pytest.approx((3 * -3 + 3) / 5 - 3)
    assert rows["score"].to_dict() == {"war": -3, "peace": 3, "end": 0}
    # the reference's average is 3, so peace is neither high nor low
    assert rows["kind"].to_dict() == {"war": "low, more", "end": "low, more", "peace": "same"}
    at_zero = tk.word_shift(TOKENS, X, measure="average", scores=SCORES, score_reference=0.0).set_index("word")
    assert at_zero["kind"].to_dict() == {"war": "low, more", "peace": "high, less", "end": "same"}
    settings = shift.attrs["recipe"]["settings"]
    assert (settings["n_scores"], settings["n_scores_met"], settings["n_words_target"]) == (4, 3, 5)
    assert (settings["average_target"], settings["average_reference"]) == pytest.approx((-6 / 5, 3))


def test_scores_are_looked_up_as_words_are():
    """Capitals and possessives do not matter, and a Series will do; a word without a number has no score."""
    given = pd.Series({"WAR'S": -3.0, "Peace": 3.0, "the": np.nan})
    shift = tk.word_shift(TOKENS, X, measure="average", scores=given)
    assert set(shift["word"]) == {"war", "peace"}


def test_smoothing_adds_to_each_word_on_each_side():
    """One more of each of the four words on either side: shares of ten and nine."""
    shift = tk.word_shift(TOKENS, X, measure="kl", smoothing=1).set_index("word")
    assert shift.loc["war", "p_target"] == pytest.approx(4 / 10)
    assert shift.loc["war", "p_reference"] == pytest.approx(1 / 9)
    assert shift.loc["war", "contribution"] == pytest.approx(0.4 * np.log2(0.4 * 9))


def test_swapping_the_sides_turns_the_sign():
    """A difference turns its sign; the divergence stays, and its kinds turn."""
    for measure, sign in (("proportion", -1), ("entropy", -1), ("jsd", 1)):
        one, other = (
            tk.word_shift(TOKENS, *sides, measure=measure).set_index("word").sort_index()
            for sides in ((X, {"source": "y"}), ({"source": "y"}, X))
        )
        np.testing.assert_allclose(one["contribution"], sign * other["contribution"], atol=1e-12)
        assert one["kind"].replace({"target": "reference", "reference": "target"}).tolist() == other["kind"].tolist()


def test_the_story_can_be_the_unit_of_counting():
    """Counted once a side, the second article of a story adds nothing."""
    tokens = tk.tokenize(ARTICLES.assign(story_id=["s", "s", "t", "t"]))
    shift = tk.word_shift(tokens, X, unit="story").set_index("word")
    assert shift["n_target"].to_dict() == {"war": 2, "peace": 1, "the": 0}
    assert shift["n_reference"].to_dict() == {"war": 0, "peace": 2, "the": 1}


def test_words_of_neither_side_are_left_out():
    """A word that only other articles have is no row, and changes no share."""
    shift = tk.word_shift(TOKENS, {"source": "y"}, {"source": "z"})
    assert set(shift["word"]) == {"the", "peace"}
    assert shift["p_target"].sum() == pytest.approx(1)


def test_the_articles_stay_as_they_were():
    """Asking changes neither articles nor scores."""
    articles, scores = ARTICLES.copy(), pd.Series(SCORES)
    tk.word_shift(tk.tokenize(articles), X, measure="average", scores=scores)
    pd.testing.assert_frame_equal(articles, ARTICLES)
    pd.testing.assert_series_equal(scores, pd.Series(SCORES))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"measure": "kld"},
            "There is no measure 'kld'. Did you mean 'kl'? There are: proportion, entropy, kl, jsd, average.",
        ),
        ({"measure": "average"}, "measure='average' needs scores: a dict or a Series of word and score."),
        ({"scores": SCORES}, "Scores are for measure='average'; this one is 'proportion'."),
        ({"score_reference": 1.0}, "score_reference is for measure='average'; this one is 'proportion'."),
        ({"alpha": 2}, "alpha is for measure='entropy' and 'jsd'; this one is 'proportion'."),
        ({"weight": 0.3, "measure": "kl"}, "weight is for measure='jsd'; this one is 'kl'."),
        ({"alpha": 0, "measure": "entropy"}, "alpha is a number above 0, not 0."),
        ({"weight": 1, "measure": "jsd"}, "weight is a number between 0 and 1, such as 0.5; this is 1."),
        ({"smoothing": -1}, "smoothing is what is added to each count, 0 or more; this is -1."),
        ({"n": 0}, "n is how many words to return, 1 or more; this is 0."),
        (
            {"measure": "kl"},
            "The Kullback-Leibler divergence is infinite: 2 words of the target, such as 'war', do not occur in the reference. "
            "Take measure='jsd', or add to each count: smoothing=0.5.",
        ),
        (
            {"measure": "average", "scores": {"rain": 1.0, "sun": 2.0}},
            "The target has no word with a score. A score belongs to one word, capitals or not; these are for 2.",
        ),
        (
            {"measure": "average", "scores": {"war": 1.0}},
            "The reference has no word with a score. A score belongs to one word, capitals or not; these are for 1.",
        ),
        (
            {"measure": "average", "scores": {"war": 1.0, "War": 2.0}},
            "The word 'war' has more than one score, capitals or not.",
        ),
        ({"measure": "average", "scores": {"war": "bad"}}, "A score is a number; these are str."),
    ],
)
def test_what_cannot_be_asked(settings, message):
    """A setting out of range, or of another measure, and a divergence that is infinite are refused in a sentence."""
    with pytest.raises(tk.FramingError) as error:
        tk.word_shift(TOKENS, X, **settings)
    assert str(error.value) == message


def test_a_side_without_articles_is_refused():
    """Sides are read as keyness reads them."""
    with pytest.raises(tk.FramingError) as error:
        tk.word_shift(TOKENS, {"source": "w"})
    assert str(error.value) == "There is no source 'w'. There are: x, y, z."


@pytest.mark.parametrize("measure", ["proportion", "jsd", "entropy"])
def test_sides_can_be_swapped_and_named(measure):
    """With target and reference swapped proportions and entropies change sign; the divergence keeps its size. Articles do, too."""
    articles = pd.DataFrame(
        {
            "doc_id": list("abc"),
            "source": ["x", "y", "y"],
            "text": ["ban ban order rain", "order order ban", "rain wind"],
        }
    )
    there = tk.word_shift(articles, "x", "rest", measure=measure).set_index("word")
    back = tk.word_shift(articles, "rest", "x", measure=measure).set_index("word").loc[there.index]
    np.testing.assert_allclose(
        there["contribution"], back["contribution"] * (1 if measure == "jsd" else -1), atol=1e-12
    )
    assert there["p_target"].tolist() == back["p_reference"].tolist()
    plain = tk.word_shift(tk.tokenize(articles), {"source": "x"}, measure=measure)
    pd.testing.assert_frame_equal(plain.set_index("word"), there)
