"""Coherence against the tests and the output of other programs, fractions by hand, and the laws that it keeps."""

import json
import math
import warnings
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.measures import coherence
from toolkit.measures.coherence import cooccurrence, counted_cv, diversity, exclusivity, npmi

from ..conftest import topic_npmi

CASES = json.loads((Path(__file__).parents[1] / "reference" / "coherence.json").read_text(encoding="utf-8"))["cases"]
EPSILON = 1e-12

WORD = st.sampled_from("abcdef")
DOCUMENTS = st.lists(st.lists(WORD, max_size=8), min_size=1, max_size=10)


@pytest.fixture(autouse=True)
def no_warnings():
    """No measure warns: a word that occurs nowhere is an answer."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def of_kind(kind):
    return pytest.mark.parametrize(
        "case", [case for case in CASES if case["kind"] == kind], ids=lambda case: case["id"]
    )


@of_kind("probabilities")
def test_mean_npmi_is_that_of_palmettos_tests(case):
    """Given probabilities, the mean over the pairs of three words is what Palmetto's tests expect."""
    p = case["input"]["p"]  # by bit mask: words 1, 2 and 4
    pairs = [npmi(p[one | other], p[one], p[other], 1, epsilon=EPSILON) for one, other in combinations((1, 2, 4), 2)]
    assert float(np.mean(pairs)) == pytest.approx(case["expected"], abs=case["within"])


@of_kind("windows")
def test_sliding_windows_are_counted_as_palmetto_counts_them(case):
    """Windows with one word and with two are as many as Palmetto's tests expect; a short document is one window."""
    document = ["-"] * case["input"]["doc_len"]
    for word, places in zip("abc", case["input"]["positions"]):
        for place in places:
            document[place] = word
    counts, n = cooccurrence([document], "abc", window=case["input"]["window"])
    expected = case["expected"]  # by bit mask; those of three words are not ours to count
    assert [counts[0, 0], counts[1, 1], counts[2, 2]] == [expected[1], expected[2], expected[4]]
    assert [counts[0, 1], counts[0, 2], counts[1, 2]] == [expected[3], expected[5], expected[6]]
    assert n == max(1, case["input"]["doc_len"] - case["input"]["window"] + 1)


@of_kind("postings")
def test_npmi_of_a_pair_is_that_of_gensims_tests(case):
    """Two words with known documents get the normalised log ratio that gensim's tests expect."""
    a, b = (set(each) for each in case["input"]["postings"].values())
    value = npmi(len(a & b), len(a), len(b), case["input"]["num_docs"], epsilon=EPSILON)
    assert float(value) == pytest.approx(case["expected"], abs=case["within"])


@of_kind("topics")
def test_topic_npmi_is_gensims_c_npmi(case):
    """Over sliding windows, each topic gets gensim's C_NPMI."""
    given_ = case["input"]
    found = topic_npmi(given_["topics"], given_["texts"], window=given_["window"], epsilon=EPSILON)
    assert found.tolist() == pytest.approx(case["expected"], abs=case["within"])


def test_npmi_by_hand():
    """Of 16 documents 4 have x, 8 have y and 4 have both: ln(2) / ln(4) is one half."""
    assert float(npmi(4, 4, 8, 16)) == pytest.approx(1 / 2)


def test_npmi_at_its_ends():
    """1 where two words always meet, 0 as by chance, -1 where they never do, NaN where one is nowhere or both are everywhere (0/0)."""
    values = npmi([2, 2, 0, 0, 8], [2, 4, 4, 0, 8], [2, 4, 4, 4, 8], 8)
    assert values[:3].tolist() == [1.0, 0.0, -1.0]
    assert np.isnan(values[3:]).all() and math.isnan(npmi(8, 8, 8, 8, epsilon=1e-12))


def test_a_topic_of_identical_texts_has_no_npmi():
    """Words that are in every document tell nothing of each other; a pair with another word still counts."""
    documents = [["rain", "coast"]] * 4
    assert math.isnan(topic_npmi([["rain", "coast"]], documents)[0])
    documents = [["rain", "coast", "wind"], ["rain", "coast"]]
    assert topic_npmi([["rain", "coast", "wind"]], documents)[0] == pytest.approx(0)


def test_topic_npmi_by_hand():
    """ban and court meet in 2 of 4 documents, 2 and 3 have them: log(4/3) over log(2); oil never meets ban."""
    documents = [["ban", "court"], ["court", "ban", "ban"], ["oil"], ["oil", "court"]]
    together, never = math.log(4 / 3) / math.log(2), -1.0
    oil_court = math.log((1 / 4) / (1 / 2 * 3 / 4)) / math.log(4)
    found = topic_npmi([["ban", "court"], ["ban", "court", "oil"]], documents)
    assert found.tolist() == pytest.approx([together, (together + never + oil_court) / 3])


def test_a_topic_without_a_pair_has_no_coherence():
    """One word, or words that are in no document, give NaN, not a number."""
    assert np.isnan(topic_npmi([["a"], [], ["x", "y"], ["a", "a"]], [["a"], ["b"]])).all()
    assert np.isnan(topic_npmi([["a", "b"]], [])).all()


def test_a_word_that_occurs_nowhere_leaves_the_other_pairs():
    """The mean is over the pairs that can be counted."""
    documents = [["a", "b"], ["a"], ["b"], ["c"]]
    assert topic_npmi([["a", "b", "nowhere"]], documents)[0] == topic_npmi([["a", "b"]], documents)[0]


@given(DOCUMENTS, st.one_of(st.none(), st.integers(1, 9)))
def test_cooccurrence_is_a_count_by_brute_force(documents, window):
    """Windows counted one by one give the same table, in blocks of any height."""
    windows = []
    for document in documents:
        if window is None or len(document) <= window:
            windows.append(set(document))
        else:
            windows += [set(document[i : i + window]) for i in range(len(document) - window + 1)]
    words = list("abcdef")
    expected = [[sum(one in each and other in each for each in windows) for other in words] for one in words]
    held = coherence._CELLS
    for cells in (held, 6, 20):
        coherence._CELLS = cells
        try:
            counts, n = cooccurrence(documents, words, window=window)
        finally:
            coherence._CELLS = held
        assert counts.tolist() == expected
        assert n == len(windows)


@given(DOCUMENTS)
def test_coherence_depends_on_no_order(documents):
    """Turned around, documents and words give the same coherence, and it lies between -1 and 1."""
    words = list("abcdef")
    one = topic_npmi([words], documents)[0]
    other = topic_npmi([words[::-1]], [document[::-1] for document in documents[::-1]])[0]
    assert one == pytest.approx(other, nan_ok=True)
    assert math.isnan(one) or -1 <= one <= 1


def test_diversity_by_hand():
    """Seven different words among nine, one among two, and no number where there is no word."""
    assert diversity([["a", "b", "c"], ["c", "d", "e"], ["a", "f", "g"]]) == 7 / 9
    assert diversity([["a"], ["a"]]) == 1 / 2
    assert math.isnan(diversity([[], []]))


def test_words_given_twice_and_empty_windows_are_refused():
    """A word twice would be counted with itself; a window of no word holds nothing."""
    with pytest.raises(ValueError, match=r"^Each word must be given once\.$"):
        cooccurrence([["a"]], ["a", "a"])
    with pytest.raises(ValueError, match=r"^A window has at least one word; this one has 0\.$"):
        cooccurrence([["a"]], ["a"], window=0)


OTHERS = json.loads((Path(__file__).parents[1] / "reference" / "topics.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", [case for case in OTHERS if "c_v" in case["id"]], ids=lambda case: case["id"])
def test_cv_is_gensims(case):
    """C_v of two topics over gensim's nine toy texts is gensim's, with windows longer and shorter than the texts."""
    topics, texts = case["input"]["topics"], case["input"]["texts"]
    words = sorted({word for topic in topics for word in topic})
    counts, n = cooccurrence(texts, words, window=case["input"]["window"])
    found = counted_cv([[words.index(word) for word in topic] for topic in topics], counts, n)
    assert found.tolist() == pytest.approx(case["expected"]["per_topic"], abs=case["within"])


def test_cv_leaves_out_what_never_occurs():
    """A word that occurs nowhere has no company; a topic with one word left has no C_v."""
    counts = np.array([[2, 1, 0], [1, 2, 0], [0, 0, 0]])
    assert counted_cv([[0, 1, 2]], counts, 4) == pytest.approx(counted_cv([[0, 1]], counts, 4))
    assert np.isnan(counted_cv([[0, 2]], counts, 4)).all()


@given(st.lists(st.lists(st.integers(0, 5), min_size=4, max_size=4), min_size=1, max_size=4))
def test_exclusivity_lies_between_nothing_and_one(rows):
    """Over all topics the parts of a word add up to 1 or, where nobody has it, to 0."""
    table = np.array(rows, dtype=float)
    for word in range(4):
        parts = exclusivity(table, [[word]] * len(table))
        assert parts.sum() == pytest.approx(1.0 if table[:, word].sum() else 0.0)
    assert np.isnan(exclusivity(table, [[]] * len(table))).all()


def test_windows_of_one_word_hold_no_pair():
    """A window of one word is allowed: a b a are three windows, and no word stands beside another in them."""
    counts, n = cooccurrence([["a", "b", "a"]], "ab", window=1)
    assert (counts.tolist(), n) == ([[2, 0], [0, 1]], 3)


def test_cv_of_two_words_that_avoid_each_other_by_hand():
    """Each in half of eight texts and both in one have NPMI -1/3, and (1, -1/3) and (2/3, 2/3) a cosine of 1 / sqrt(5)."""
    assert counted_cv([[0, 1]], np.array([[4, 1], [1, 4]]), 8) == pytest.approx(1 / math.sqrt(5), rel=1e-9)
