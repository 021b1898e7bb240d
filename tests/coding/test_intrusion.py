"""The intrusion test: sheets that do not give the answer away, and scores that can be counted by hand."""

import io
from dataclasses import replace

import pandas as pd
import pytest

import toolkit as tk
from toolkit.tables import INTRUSION_SCORES, FramingError


@pytest.fixture
def fitted(three_themes, fit_once):
    """Topics of weather, court and oil."""
    return fit_once("three", three_themes, n_topics=3, min_size=3)


@pytest.fixture
def four(make_contexts, fit_once):
    """Four topics that a reader can see."""
    texts = [f"{theme} {i}" for theme in ("rain wind coast storm", "judge court ban appeal", "oil gas price barrel",
             "goal match team league") for i in range(8)]  # fmt: skip
    return fit_once("four", make_contexts(texts), n_topics=4, min_size=3, resamples=0)


def test_an_intruding_word_is_of_another_topic(fitted):
    """Each question has five words of its topic and one that is among the ten highest of another and not of its own ten."""
    key = tk.intrusion_sheet(fitted, n=2, blind=False)
    assert len(key) == 6 and sorted(key["topic"]) == [0, 0, 1, 1, 2, 2]
    words = fitted.words.groupby("topic")["word"].agg(list)
    for row in key.to_dict("records"):
        options = [row[f"option_{i}"] for i in range(1, 7)]
        intruder = options.pop(row["intruder"] - 1)
        assert sorted(options) == sorted(words[row["topic"]][:5])
        assert intruder not in words[row["topic"]]
        assert any(intruder in words[other] for other in words.index if other != row["topic"])


def test_an_intruding_topic_is_not_the_passages_own(four):
    """Each question has a passage, four topics with its own among them, and the intruder is another."""
    key = tk.intrusion_sheet(four, kind="topic", n=2, blind=False)
    words = four.words[four.words["rank"] <= 5].groupby("topic")["word"].agg(", ".join)
    assert len(key) == 8
    for row in key.to_dict("records"):
        options = [row[f"option_{i}"] for i in range(1, 5)]
        assert words[row["topic"]] in options and options[row["intruder"] - 1] != words[row["topic"]]
        assert row["text"] in four.contexts["text"].tolist()


@pytest.mark.parametrize("kind", ["word", "topic"])
def test_the_sheet_is_blind_and_the_key_is_the_same_sheet(four, kind):
    """The sheet has no topic and no intruder, nor does its place tell; the key adds these two columns only."""
    sheet, key = (
        tk.intrusion_sheet(four, kind=kind, n=3, seed=4),
        tk.intrusion_sheet(four, kind=kind, n=3, seed=4, blind=False),
    )
    pd.testing.assert_frame_equal(sheet, key.drop(columns=["topic", "intruder"]))  # no runs, so no mark of stability
    assert len(set(key["intruder"])) > 1 and key["topic"].tolist() != sorted(key["topic"])
    other = tk.intrusion_sheet(four, kind=kind, n=3, seed=5)
    assert not sheet.equals(other)


def test_the_order_of_rows_decides_nothing(three_themes, fitted):
    """Shuffled contexts give the same sheet."""
    shuffled = tk.fit_topics(three_themes.sample(frac=1, random_state=2), n_topics=3, min_size=3)
    pd.testing.assert_frame_equal(tk.intrusion_sheet(fitted, n=2), tk.intrusion_sheet(shuffled, n=2))


def test_a_sheet_survives_a_file(four):
    """Written as CSV and read back with answers, sheet and key give the scores of the tables themselves."""
    sheet, key = tk.intrusion_sheet(four), tk.intrusion_sheet(four, blind=False)
    answered = sheet.assign(answer=key["intruder"].astype(str), coder="Ada")

    def back(table):
        return pd.read_csv(io.StringIO(table.to_csv(index=False)), dtype="str", keep_default_na=False)

    scores = tk.intrusion_scores(back(answered), back(key).astype({"topic": int, "intruder": int}))
    pd.testing.assert_frame_equal(scores, tk.intrusion_scores(answered, key))
    assert scores["precision"].tolist() == [1.0] * 5


@pytest.fixture
def key():
    """Two questions about topic 0 and one about topic 1, of three options each."""
    return pd.DataFrame(
        {
            "item_id": ["a", "b", "c"],
            "kind": "word",
            "option_1": ["rain", "sun", "judge"],
            "option_2": ["court", "wind", "court"],
            "option_3": ["wind", "oil", "rain"],
            "topic": [0, 0, 1],
            "intruder": [2, 3, 3],
        }
    )


def sheet_of(*answers):
    return pd.DataFrame(answers, columns=["item_id", "coder", "answer"])


def test_scores_by_hand(key):
    """Right answers over answers, by topic and in all, with the exact interval; empty cells are counted and left out."""
    sheet = sheet_of(
        ("a", "Ada", "2"), ("b", "Ada", "oil"), ("c", "Ada", "1"), ("a", "Bo", 2), ("b", "Bo", "1.0"), ("c", "Bo", None)
    )
    scores = tk.intrusion_scores(sheet, key)
    assert list(scores.columns) == list(INTRUSION_SCORES.columns)
    assert scores[["n_items", "n_coders", "n_answers", "n_right", "n_unanswered"]].values.tolist() == [
        [2, 2, 4, 3, 0],
        [1, 1, 1, 0, 1],
        [3, 2, 5, 3, 1],
    ]
    assert scores["precision"].tolist() == [3 / 4, 0, 3 / 5] and scores["chance"].tolist() == pytest.approx([1 / 3] * 3)
    from scipy.stats import binomtest

    exact = binomtest(3, 4).proportion_ci(method="exact")
    assert scores.loc[0, ["low", "high"]].tolist() == pytest.approx([exact.low, exact.high])
    assert scores.loc[1, ["low", "high"]].tolist() == pytest.approx([0, 0.975])


@pytest.mark.parametrize(
    ("sheet", "sentence"),
    [
        (
            sheet_of(("z", "Ada", "1")),
            "The key has no question 'z'. Make it as the sheet was made, from the same topics and seed, with blind=False.",
        ),
        (
            sheet_of(("a", "Ada", "1"), ("a", "Ada", "2")),
            "The coder 'Ada' answers the question 'a' more than once. Fill in the column coder, and keep one answer of each.",
        ),
        (
            sheet_of(("a", "Ada", "4")),
            "The answer '4' to the question 'a' is none of its options. Write the number of the option, 1 to 3, or leave the cell empty.",
        ),
        (
            sheet_of(("a", "Ada", "")),
            "No question is answered: the column answer is empty. Write into it the number of the option.",
        ),
    ],
)
def test_answers_that_cannot_be_scored(key, sheet, sentence):
    """A wrong key, a coder who answers twice, an answer that is none, and no answer at all are said."""
    with pytest.raises(FramingError) as error:
        tk.intrusion_scores(sheet, key)
    assert str(error.value) == sentence


def test_too_few_topics(make_contexts, fitted):
    """One topic has no other whose word could intrude; topics need four."""
    one = tk.fit_topics(make_contexts([f"rain wind {i}" for i in range(5)]), n_topics=1, min_size=3, resamples=0)
    with pytest.raises(FramingError) as error:
        tk.intrusion_sheet(one)
    assert str(error.value) == "An intrusion test by words needs at least 2 topics; there is 1."
    with pytest.raises(FramingError) as error:
        tk.intrusion_sheet(fitted, kind="topic")
    assert str(error.value) == "An intrusion test by topics needs at least 4 topics; there are 3."


def test_the_key_and_the_scores_mark_unstable_topics(fitted):
    """With a certificate the key says which topics are stable, the blind sheet does not; so do the scores, of a key from a file, too."""
    marks = pd.array([False, True, True], dtype="boolean")
    shaky = replace(fitted, topics=fitted.topics.assign(stable=marks))
    shaky.topics.attrs = fitted.topics.attrs
    sheet, key = tk.intrusion_sheet(shaky), tk.intrusion_sheet(shaky, blind=False)
    assert "stable" not in sheet.columns
    assert key.sort_values("topic")["stable"].tolist() == [False, True, True] and key["stable"].dtype == "boolean"
    sheet["answer"], sheet["coder"] = key["intruder"].astype("str"), "Ada"
    read = pd.read_csv(io.StringIO(key.to_csv(index=False)), dtype="str", keep_default_na=False)
    for known in (key, read):
        scores = tk.intrusion_scores(sheet, known)
        assert scores["stable"].tolist()[:3] == [False, True, True] and scores["stable"].isna().tolist()[3]
        assert set(scores.columns) == {*INTRUSION_SCORES.columns, "stable"}
