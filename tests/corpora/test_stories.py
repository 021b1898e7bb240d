"""Hold that stories are what they say: near-identical, bounded in time and likeness, and the same in whatever order."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.corpora.stories import _Index, _keys, likeness, mark_stories, overlap, shingles, signatures
from toolkit.tables import FramingError, FramingWarning

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "stories.json").read_text(encoding="utf-8"))


def report(seed: int, n: int = 60) -> str:
    """A text of n words that shares no pair of words with that of another seed."""
    return " ".join(f"w{seed}x{i}" for i in range(n))


def frame(*rows: tuple[str, str | None, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["doc_id", "date", "text"])
    return table.assign(date=pd.to_datetime(table["date"]))


def stories(marked: pd.DataFrame) -> set[frozenset[str]]:
    return {frozenset(group) for _, group in marked.groupby("story_id")["doc_id"]}


def test_copies_of_one_report_are_one_story():
    """A report that three outlets print within three days is one story, named by the earliest; another report is its own."""
    wire = report(1)
    marked = mark_stories(
        frame(
            ("late", "2017-02-09", wire + " so they say"),
            ("other", "2017-02-07", report(2)),
            ("first", "2017-02-07", wire),
            ("cut", "2017-02-08", wire[: len(wire) * 9 // 10]),
        )
    )
    assert marked["story_id"].tolist() == ["first", "other", "first", "first"]
    assert marked["story_role"].tolist() == ["copy", "first", "first", "copy"]


def test_similarity_is_the_shorter_texts_share():
    """Of the 59 pairs of a text of 60 words, a copy whose last ten words were changed has 49."""
    changed = report(1).split()[:50] + report(2).split()[:10]
    marked = mark_stories(frame(("a", "2017-02-07", report(1)), ("b", "2017-02-08", " ".join(changed))))
    assert marked["similarity"].tolist() == [1.0, 49 / 59]


def test_a_copy_that_was_cut_short_is_a_copy():
    """The first half of a long report is alike by containment: all of its pairs are in the whole."""
    whole = report(1, 200)
    marked = mark_stories(frame(("a", "2017-02-07", whole), ("b", "2017-02-07", " ".join(whole.split()[:100]))))
    assert marked["story_id"].tolist() == ["a", "a"]
    assert marked["similarity"].tolist() == [1.0, 1.0]


def test_a_short_text_has_to_be_alike_as_a_whole():
    """Thirty words that a longer text has, too, are no copy: below 50 words the Jaccard coefficient counts, here 29 of 99."""
    whole = report(1, 100)
    short = " ".join(whole.split()[:30])
    assert likeness(shingles(whole), shingles(short)) == 29 / 99
    assert len(stories(mark_stories(frame(("a", "2017-02-07", whole), ("b", "2017-02-07", short))))) == 2


def test_texts_too_short_are_their_own_stories():
    """Two empty texts, and two of 19 words, are four stories without a similarity; two of 20 words are one."""
    rows = [
        ("a", ""),
        ("b", ""),
        ("c", report(1, 19)),
        ("d", report(1, 19)),
        ("e", report(2, 20)),
        ("f", report(2, 20)),
    ]
    marked = mark_stories(frame(*((name, "2017-02-07", text) for name, text in rows)))
    assert marked["story_id"].tolist() == ["a", "b", "c", "d", "e", "e"]
    assert marked["similarity"].isna().tolist() == [True] * 4 + [False] * 2


def test_a_missing_text_is_an_empty_one():
    """An article without text is its own story."""
    table = frame(("a", "2017-02-07", report(1))).assign(text=pd.Series([None], dtype="str"))
    assert mark_stories(table)["story_role"].tolist() == ["first"]


def test_the_window_is_a_bound():
    """The same text three days later is a copy, a minute more and it is a story of its own; without a window it is a copy."""
    table = frame(
        ("a", "2017-02-07 00:00", report(1)), ("b", "2017-02-10 00:00", report(1)), ("c", "2017-02-10 00:01", report(1))
    )
    assert mark_stories(table)["story_id"].tolist() == ["a", "a", "c"]
    assert mark_stories(table, window=None)["story_id"].tolist() == ["a", "a", "a"]
    assert mark_stories(table, window="0D")["story_id"].tolist() == ["a", "b", "c"]


def test_a_chain_of_updates_ends():
    """Each of seven updates keeps 80 % of the one before; the story ends where less than .45 of its first is left."""
    words = report(1, 100).split()
    rows = []
    for step in range(7):
        rows.append((f"u{step}", f"2017-02-07 0{step}:00", " ".join(words)))
        words = words[20:] + report(10 + step, 20).split()
    marked = mark_stories(frame(*rows))
    assert marked["story_id"].tolist() == ["u0", "u0", "u0", "u3", "u3", "u3", "u6"]


def test_of_two_stories_the_more_alike_is_joined():
    """An article that is like two firsts joins the one it has more of."""
    one, other = report(1, 100).split(), report(2, 100).split()
    mixed = " ".join(one[:45] + other[:55])
    marked = mark_stories(
        frame(("a", "2017-02-07", " ".join(one)), ("b", "2017-02-08", " ".join(other)), ("c", "2017-02-09", mixed)),
        threshold=0.4,
    )
    assert marked["story_id"].tolist() == ["a", "b", "b"]


def test_undated_articles_join_only_what_is_nearly_the_same():
    """Of two undated articles, the one with one word of 60 changed joins, the one with ten changed does not; a warning says so."""
    near = [*report(1).split()[:59], "changed"]
    far = report(1).split()[:50] + report(2).split()[:10]
    table = frame(("a", "2017-02-07", report(1)), ("b", None, " ".join(near)), ("c", None, " ".join(far)))
    with pytest.warns(FramingWarning) as caught:
        marked = mark_stories(table)
    assert str(caught[0].message) == (
        "2 of 3 articles are undated: they join a story only where nine tenths of the text are the same. "
        "window=None leaves dates aside."
    )
    assert marked["story_id"].tolist() == ["a", "a", "c"]
    assert mark_stories(table, window=None)["story_id"].tolist() == ["a", "a", "a"]


def test_undated_copies_are_one_story():
    """Without any date the same text is still one story, the first by doc_id."""
    table = frame(("b", None, report(1)), ("a", None, report(1))).drop(columns="date")
    with pytest.warns(FramingWarning):
        assert mark_stories(table)["story_id"].tolist() == ["a", "a"]


def test_case_punctuation_and_apostrophes_do_not_matter():
    """A text in capitals, with other marks and curly apostrophes is the same text."""
    one = "The president's men don't say what they'd do, " * 6
    other = one.upper().replace("'", "’").replace(",", " –")
    assert overlap(shingles(one), shingles(other)) == (1.0, 1.0)


def test_scripts_without_spaces_are_compared_by_characters():
    """A Chinese report and its first half are one story."""
    whole = "".join(chr(0x4E00 + i) for i in range(120))
    marked = mark_stories(frame(("a", "2017-02-07", whole), ("b", "2017-02-07", whole[:60])))
    assert marked["story_id"].tolist() == ["a", "a"]


# Laws

# Texts made of few blocks of 15 words, so that drawn articles are often alike.
blocks = st.lists(st.integers(0, 4), min_size=1, max_size=6)
drawn = st.lists(st.tuples(blocks, st.integers(0, 6)), min_size=1, max_size=9)


def articles_of(rows: list[tuple[list[int], int]]) -> pd.DataFrame:
    return frame(
        *(
            (f"d{n}", f"2017-02-{1 + day:02d}", " ".join(report(block, 15) for block in parts))
            for n, (parts, day) in enumerate(rows)
        )
    )


@given(drawn, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, shuffled: random.Random):
    """Rows in another order give the same stories, roles and similarities, and stay in the order they were given."""
    table = articles_of(rows)
    order = list(range(len(table)))
    shuffled.shuffle(order)
    again = mark_stories(table.iloc[order])
    assert again["doc_id"].tolist() == table["doc_id"].iloc[order].tolist()
    pd.testing.assert_frame_equal(again.sort_index(), mark_stories(table))


@given(drawn)
def test_an_unrelated_article_changes_nothing(rows):
    """With an article that shares no words the others have the same stories."""
    table = articles_of(rows)
    more = pd.concat([frame(("alone", "2017-02-03", report(99))), table], ignore_index=True)
    assert stories(mark_stories(more)) == stories(mark_stories(table)) | {frozenset({"alone"})}


@given(drawn, st.integers(0, 3), st.integers(0, 3))
def test_exact_copies_are_together(rows, one, other):
    """Two articles of the same words, with no third copy beside them, are one story if they are within the window."""
    table = articles_of(rows)
    text = report(50, 40) + " " + str(table["text"].iloc[0])
    pair = frame(("p", f"2017-02-{1 + one:02d}", text), ("q", f"2017-02-{1 + other:02d}", text))
    marked = mark_stories(pd.concat([table, pair], ignore_index=True)).set_index("doc_id")
    assert marked.loc["p", "story_id"] == marked.loc["q", "story_id"]


@given(drawn)
def test_each_member_is_like_the_first_and_near_it(rows):
    """In every story the first is the earliest, the last is within the window, and each is alike to the first as the column says."""
    marked = mark_stories(articles_of(rows))
    for name, story in marked.groupby("story_id"):
        first = story[story["story_role"] == "first"].iloc[0]
        assert first["doc_id"] == name
        assert story["date"].min() == first["date"]
        assert story["date"].max() - first["date"] <= pd.Timedelta("3D")
        for text, similarity in zip(story["text"], story["similarity"]):
            if not np.isnan(similarity):
                assert similarity >= 0.45
                assert similarity == likeness(shingles(text), shingles(first["text"]))


def test_nothing_is_deleted_and_the_input_is_left_alone():
    """The result has the rows, the index and the columns of the input and three more; the input is as it was; settings are told."""
    table = frame(("a", "2017-02-07", report(1)), ("b", "2017-02-07", report(1))).set_index(pd.Index([7, 3]))
    table.attrs = {"corpus": "here"}
    before = table.copy()
    marked = mark_stories(table)
    pd.testing.assert_frame_equal(table, before)
    pd.testing.assert_frame_equal(marked[["doc_id", "date", "text"]], before)
    assert list(marked.columns) == ["doc_id", "date", "text", "story_id", "story_role", "similarity"]
    assert [step["step"] for step in marked.attrs["steps"]] == ["unknown", "mark_stories"]
    assert {key: value for key, value in marked.attrs.items() if key != "steps"} == {
        "corpus": "here",
        "stories": {"window": "3 days 00:00:00", "threshold": 0.45, "n_stories": 1, "n_copies": 1},
    }
    pd.testing.assert_frame_equal(mark_stories(marked), marked)


# MinHash


@pytest.mark.parametrize("case", REFERENCE["jaccard"])
def test_signatures_estimate_the_jaccard_coefficient(case):
    """The share of equal minima lies within four standard errors of the coefficient, at each length of the signature."""
    one, other = (shingles(case[side], 1) for side in "ab")
    jaccard = case["jaccard"]
    assert overlap(one, other)[1] == pytest.approx(jaccard, abs=1e-12)
    for k in (64, 128, 256, 512):
        estimate = np.equal(*signatures([one, other], k=k)).mean()
        assert abs(estimate - jaccard) <= 4 * np.sqrt(jaccard * (1 - jaccard) / k)


@pytest.mark.parametrize("case", REFERENCE["standard_error"])
def test_the_error_of_the_estimate_is_broders(case):
    """Over 400 pairs of sets with this coefficient the estimate errs by the published standard error, give or take a fifth."""
    rng = np.random.default_rng(0)
    n, jaccard, k = 1000, case["jaccard"], case["k"]
    both = round(n * jaccard)
    estimates = []
    for _ in range(400):
        values = rng.integers(0, 2**64, n, dtype=np.uint64)
        shared, one, other = values[:both], values[both : (n + both) // 2], values[(n + both) // 2 :]
        pair = signatures([np.concatenate([shared, one]), np.concatenate([shared, other])], k=k)
        estimates.append(np.equal(*pair).mean())
    assert np.mean(estimates) == pytest.approx(jaccard, abs=0.01)
    assert np.std(estimates) == pytest.approx(case["error"], rel=0.2)


@pytest.mark.parametrize("case", REFERENCE["s_curve"])
def test_the_chance_of_being_looked_at(case):
    """Pairs share a key as often as the formula says: over 2,000 random pairs, within four standard errors."""
    rng = np.random.default_rng(1)
    s, bands, rows = case["s"], case["bands"], case["rows"]
    chance = 1 - (1 - s**rows) ** bands
    assert chance == pytest.approx(case["chance"], abs=case["within"])
    met = 0
    for _ in range(2000):
        one = rng.integers(0, 2**32, bands * rows, dtype=np.uint32)
        other = np.where(rng.random(bands * rows) < s, one, one + np.uint32(1))
        met += bool(set(_keys(one, rows, bands)) & set(_keys(other, rows, bands)))
    assert abs(met / 2000 - chance) <= 4 * np.sqrt(chance * (1 - chance) / 2000) + 1e-9


def test_what_is_out_of_the_window_is_forgotten():
    """A story that can no longer be joined leaves nothing in the index."""
    index = _Index()
    sets = [shingles(report(n), 3) for n in range(3)]
    for n, signature in enumerate(signatures([*sets])):
        index.add(n, n, sets[n], signature)
    index.add(3, 3, sets[0], signatures(sets)[0])  # shares all its keys with the first
    index.forget(3)
    assert list(index.stories) == [3]
    assert set(index.by_key) == set(index.stories[3].keys)
    index.forget(4)
    assert not index.stories and not index.by_key


# Errors


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"window": "3 fortnights"},
            "window is a length of time, such as '3D' or '36h', or None; this is '3 fortnights'.",
        ),
        ({"window": "-1D"}, "window is a length of time, such as '3D' or '36h', or None; this is '-1D'."),
        ({"threshold": 0}, "threshold is a likeness above 0 and at most 1, such as 0.45; this is 0."),
        ({"threshold": 45}, "threshold is a likeness above 0 and at most 1, such as 0.45; this is 45."),
    ],
)
def test_settings_out_of_range_are_refused(settings, message):
    """A window that is no length of time and a threshold that is no share are refused in a sentence."""
    with pytest.raises(FramingError) as error:
        mark_stories(frame(("a", "2017-02-07", report(1))), **settings)
    assert str(error.value) == message
