"""Two sides of a corpus: read from masks or conditions, whole or one article a story."""

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from toolkit.text.sides import earliest_of_stories, stated, two_sides, word_counts

ARTICLES = pd.DataFrame(
    {
        "doc_id": list("abcdef"),
        "source": ["x", "x", "y", "y", "z", None],
        "section": ["news", "sport", "news", "news", "sport", "news"],
        "story_id": ["s", "s", "s", None, "t", None],
        "date": pd.to_datetime(["2017-01-02", "2017-01-01", "2017-01-03", None, "2017-01-04", "2017-01-05"]),
        "text": ["ban ban order", "ban's", "order order", "rain ban", "rain", ""],
    }
)
TOKENS = tk.tokenize(ARTICLES)


def places(mask):
    return np.flatnonzero(mask).tolist()


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"source": "x"}, [0, 1]),
        ({"source": ["x", "z"]}, [0, 1, 4]),
        ({"source": ("x", "y"), "section": "news"}, [0, 2, 3]),
        ({"date": pd.Timestamp("2017-01-03")}, [2]),
        ("x", [0, 1]),
        (["x", "z"], [0, 1, 4]),
        (np.array(["z"]), [4]),
        ([True, False, False, False, False, True], [0, 5]),
        (ARTICLES["source"] == "y", [2, 3]),
    ],
)
def test_a_side_is_a_mask_or_conditions(condition, expected):
    """Sources, and columns with their values, all of which must be true, do what a mask does; the rest is the reference."""
    sides = two_sides(TOKENS, condition, None)
    assert places(sides.target) == expected
    assert places(sides.reference) == [i for i in range(6) if i not in expected]


@pytest.mark.parametrize("side", ["x", {"section": "news"}, [True, False, False, False, False, True]])
def test_target_and_reference_can_be_swapped(side):
    """Either side can be the rest, by its name; swapping the arguments swaps the masks and nothing else."""
    there, back = two_sides(TOKENS, side, "rest"), two_sides(TOKENS, "rest", side)
    assert places(there.target) == places(back.reference)
    assert places(there.reference) == places(back.target)
    assert places(two_sides(TOKENS, side).reference) == places(there.reference)


def test_a_source_can_be_called_rest():
    """The word "rest" alone means all others; as the value of a column it is that value."""
    tokens = tk.tokenize(ARTICLES.assign(source=["rest", "x", "x", "x", "x", "x"]))
    assert places(two_sides(tokens, {"source": "rest"}).target) == [0]
    assert places(two_sides(tokens, "rest", {"source": "rest"}).target) == [1, 2, 3, 4, 5]


def test_both_sides_can_be_named():
    """Articles of neither side are left out."""
    sides = two_sides(TOKENS, {"source": "x"}, {"source": "z"})
    assert (places(sides.target), places(sides.reference)) == ([0, 1], [4])


def test_with_the_story_as_unit_its_earliest_article_stands_for_it():
    """On each side once; undated articles come last, and an article without a story is one."""
    sides = two_sides(TOKENS, {"source": ["x", "z"]}, {"source": "y"}, "story")
    assert (places(sides.target), places(sides.reference)) == ([1, 4], [2, 3])
    undated = ARTICLES.assign(story_id="s", date=pd.to_datetime([None, None, "2017-01-03", None, None, None]))
    assert places(two_sides(tk.tokenize(undated), {"section": "news"}, None, "story").target) == [2]
    without = tk.tokenize(ARTICLES.drop(columns=["story_id", "date"]))
    assert places(two_sides(without, {"source": "x"}, None, "story").target) == [0, 1]


def test_each_cell_has_its_own_earliest_article():
    """A story that lies in two cells has an earliest article in each; what is in no cell is not counted."""
    cell = np.array([0, 0, 1, 1, 0, -1])
    assert places(earliest_of_stories(ARTICLES, cell)) == [1, 2, 3, 4]


def test_a_time_zone_is_no_obstacle():
    """The earliest of a story's articles is found among zoned dates, too."""
    zoned = ARTICLES.assign(date=ARTICLES["date"].dt.tz_localize("America/New_York"))
    assert places(two_sides(tk.tokenize(zoned), {"source": "x"}, None, "story").target) == [1]


@pytest.mark.parametrize("some", [[0], [0, 1, 2, 3, 4], [2, 3]])
def test_words_are_counted_from_either_side(some):
    """Counted directly or as what the rest leaves, the occurrences and articles of words are those one counts."""
    mask = np.isin(np.arange(6), some)
    occurrences, articles = word_counts(TOKENS, mask)
    keys = TOKENS.vocabulary.keys(possessive=True)[0].to_pylist()
    split = [text.replace("'s", "").split() for text in ARTICLES["text"].iloc[some]]
    assert dict(zip(keys, occurrences.tolist(), strict=True)) == {k: sum(t.count(k) for t in split) for k in keys}
    assert dict(zip(keys, articles.tolist(), strict=True)) == {k: sum(k in t for t in split) for k in keys}


def test_what_a_recipe_says_of_a_side():
    """Conditions as they are, in a list each; a mask is not written out."""
    assert stated({"source": "CNN", "year": [2016, 2017]}) == {"source": ["CNN"], "year": ["2016", "2017"]}
    assert stated("CNN") == stated(["CNN"]) == {"source": ["CNN"]}
    assert stated(None) == stated("rest") == "all others"
    assert stated([True, False]) == "a mask"


NONE = np.zeros(6, bool)


@pytest.mark.parametrize(
    ("target", "reference", "unit", "message"),
    [
        (NONE, None, "article", "The target has no article: the condition is true of none."),
        (~NONE, None, "article", "The reference has no article: the condition is true of none."),
        (
            {"source": "x"},
            {"section": "sport"},
            "article",
            "Target and reference share 1 article; each belongs to one side.",
        ),
        ({"doc_id": "f"}, None, "article", "The target has no word: its one article is empty."),
        ({"source": "x"}, None, "word", "There is no unit 'word'. There are: article, story."),
        ({"source": "xx"}, None, "article", "There is no source 'xx'. Did you mean 'x'? There are: x, y, z."),
        ({"source": 5}, None, "article", "There is no source '5'. There are: x, y, z."),
        ({}, None, "article", "The target has no condition. Name a column and its value, such as {'source': 'CNN'}."),
        (
            {"outlet": "x"},
            None,
            "article",
            "A table of articles needs the column outlet; this one has: doc_id, source, section, story_id, date, text. "
            "Did you mean 'source'?",
        ),
        (
            [1, 0],
            None,
            "article",
            'The target is a source, a list of sources, a dict of columns with their values, "rest", or true or false for '
            "each of the 6 articles, such as articles['source'] == 'CNN'; this is int64 of shape (2,).",
        ),
        ("xx", None, "article", "There is no source 'xx'. Did you mean 'x'? There are: x, y, z."),
        (
            "rest",
            None,
            "article",
            'Target and reference are both "rest", all articles of the other side. Say of one of them which articles it is.',
        ),
    ],
)
def test_sides_that_are_none(target, reference, unit, message):
    """A side that is empty, shared, unknown or no mask is refused in a sentence."""
    with pytest.raises(tk.FramingError) as error:
        two_sides(TOKENS, target, reference, unit)
    assert str(error.value) == message


def test_an_unknown_value_among_many_is_named_alone():
    """Where a column has thousands of values, the error does not list them."""
    doc_id = [f"d{i}" for i in range(60)]
    many = tk.tokenize(pd.DataFrame({"doc_id": doc_id, "source": [f"s{i}" for i in range(60)], "text": "rain"}))
    with pytest.raises(tk.FramingError) as error:
        two_sides(many, {"source": ["s1", "CNN"]}, None)
    assert str(error.value) == "There is no source 'CNN' in these articles."
