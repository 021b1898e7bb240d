"""Who votes, what seeds and zero-shot topics do, and what copies get."""

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from toolkit.tables import FramingError
from toolkit.topics.origins import stories_and_votes

from ..conftest import THEMES, sentences


def votes(**columns):
    """Return who votes among contexts with these columns."""
    n = len(next(iter(columns.values())))
    return stories_and_votes(pd.DataFrame({"context_id": [f"c{i}" for i in range(n)], **columns}))[1].tolist()


def test_the_first_article_of_a_story_votes():
    """It is the one that story_role names, else the earliest, else the first by name; all of its contexts vote."""
    assert votes(doc_id=["b", "a", "b"]) == [True, True, True]
    assert votes(doc_id=["b", "a", "b"], story_id=["s", "s", "s"]) == [False, True, False]
    dates = pd.to_datetime(["2017-01-01", "2017-01-02", "2017-01-01"])
    assert votes(doc_id=["b", "a", "b"], story_id=["s", "s", "s"], date=dates) == [True, False, True]
    roles = ["copy", "first", "copy"]
    assert votes(doc_id=["b", "a", "b"], story_id=["s", "s", "s"], date=dates, story_role=roles) == [False, True, False]
    unknown = pd.to_datetime([None, "2017-01-02", None])
    assert votes(doc_id=["a", "b", "a"], story_id=["s", "s", "s"], date=unknown) == [False, True, False]


def test_what_belongs_to_no_story_votes_for_itself():
    """Without a story an article is its own; without an article a context is."""
    assert votes(doc_id=["a", None, "c"], story_id=[None, None, "s"]) == [True, True, True]
    assert votes(text=["x", "y"]) == [True, True]


@pytest.fixture
def syndicated(make_contexts):
    """30 stories about weather and 20 about a court; one court story has 40 copies, edited in the same way."""
    texts = sentences("weather", 30) + sentences("court", 20)
    contexts = make_contexts(texts, story_id=[f"s{i}" for i in range(50)], date=pd.Timestamp("2017-01-01"))
    last = texts[-1].rstrip(".") + " syndicated wire copy."
    copies = pd.DataFrame(
        {
            "context_id": [f"k{i}" for i in range(40)],
            "doc_id": [f"k{i}" for i in range(40)],
            "source": "Copyist",
            "story_id": "s49",
            "date": pd.Timestamp("2017-01-02"),
            "text": [texts[-1] if i % 2 else last for i in range(40)],
        }
    )
    return contexts, pd.concat([contexts, copies], ignore_index=True)


@pytest.mark.parametrize("clustering", ["kmeans", "hdbscan"])
def test_copies_do_not_vote(syndicated, clustering):
    """Forty copies change neither topics nor words nor the certificate of the others; they count in n and follow their story."""
    alone, with_copies = syndicated
    settings = {"n_topics": 2, "clustering": clustering, "min_size": 8, "reduction": "none", "resamples": 3}
    one, other = tk.fit_topics(alone, **settings), tk.fit_topics(with_copies, **settings)
    assert other.topics["n"].tolist() == [60, 30] and one.topics["n"].tolist() == [30, 20]
    words = [dict(list(each.topics[["label", "words"]].itertuples(index=False))) for each in (one, other)]
    assert words[0] == words[1]
    columns = ["label", "persistence", "stability", "word_stability", "npmi"]
    by_label = [each.topics[columns].sort_values("label", ignore_index=True) for each in (one, other)]
    pd.testing.assert_frame_equal(*by_label)
    court = other.assignments["topic"].tolist()[49]
    assert other.assignments["topic"].tolist()[50:] == [court] * 40
    assert {"syndicated", "wire"}.isdisjoint(other.model.vectorizer_model.get_feature_names_out())
    assert other.settings["n_voting"] == 50 and other.settings["n_contexts"] == 90
    assert list(other.model.transform(with_copies["text"].tolist())[0]) == other.assignments["topic"].tolist()


def test_zero_shot_topics_take_what_is_like_them(three_themes):
    """Texts like a description are its topic, with its name; the others are grouped; new texts follow the same rule."""
    asked = ["rain wind storm coast flood snow forecast", "opera ballet violin"]
    fitted = tk.fit_topics(three_themes, zeroshot_topics=asked, min_similarity=0.6, n_topics=2, min_size=5, resamples=2)
    assert fitted.topics["label"].tolist()[0] == asked[0]
    assert asked[1] not in fitted.topics["label"].tolist()
    assert fitted.topics["n"].tolist() == [20, 16, 12]
    assert fitted.assignments["topic"].tolist() == [0] * 20 + [1] * 16 + [2] * 12
    assert fitted.topics["persistence"].tolist() == [1.0, 1.0, 1.0]
    new, _ = fitted.model.transform(["Wind, rain and snow on the coast.", "The judge made a ruling on the appeal."])
    assert list(new) == [0, 1]
    assert fitted.settings["zeroshot_topics"] == asked and fitted.settings["min_similarity"] == 0.6


def test_all_may_be_zero_shot(three_themes):
    """Where every text is like a description, nothing is left to group, and the tables are whole."""
    asked = [" ".join(words.split()) for words in THEMES.values()]
    fitted = tk.fit_topics(three_themes, zeroshot_topics=asked, min_similarity=-1, resamples=2)
    assert fitted.topics["n"].tolist() == [20, 16, 12]
    assert fitted.topics["label"].tolist() == asked
    assert list(fitted.model.transform(three_themes["text"].tolist())[0]) == fitted.assignments["topic"].tolist()
    assert fitted.merge([[0, 1]]).topics["label"].tolist()[1] == asked[2]


def test_seed_words_draw_texts_together(make_contexts):
    """Mixed passages part by the seeds that they are given, not by what else is in them, and seed words weigh more."""
    texts = sentences("weather", 20) + sentences("court", 20)
    contexts = make_contexts(texts)
    plain = tk.fit_topics(contexts, n_topics=2, resamples=0)
    guided = tk.fit_topics(contexts, n_topics=2, resamples=0, seed_topics=[["verdict", "lawsuit"], ["storm", "flood"]])
    weight = [each.words.set_index("word")["weight"] for each in (plain, guided)]
    assert weight[1]["verdict"] == pytest.approx(1.2 * weight[0]["verdict"])
    assert weight[1]["rain"] == pytest.approx(weight[0]["rain"])
    guide = guided.fit.prepared.guide
    vectors = plain.fit.prepared.vectors
    pulled = guide.pull(vectors)
    seeds = guide.seeds[:-1]
    nearest = (vectors @ seeds.T).argmax(axis=1)
    drawn = np.abs(pulled - vectors).max(axis=1) > 0
    rows = np.arange(len(vectors))
    assert drawn.sum() > 20
    assert ((pulled @ seeds.T)[rows, nearest] >= (vectors @ seeds.T)[rows, nearest] - 1e-6).all()
    assert np.linalg.norm(pulled, axis=1) == pytest.approx(np.ones(len(vectors)), abs=1e-5)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {"seed_topics": ["rain", "court"]},
            'seed_topics is a list of lists of words, one for each topic to look for, as in [["rain", "storm"], ["court"]].',
        ),
        (
            {"zeroshot_topics": "rain"},
            'zeroshot_topics is a list of short descriptions, as in ["bad weather", "courts"].',
        ),
        ({"zeroshot_topics": []}, 'zeroshot_topics is a list of short descriptions, as in ["bad weather", "courts"].'),
        ({"min_similarity": 2}, "min_similarity is a number from -1 to 1; this is 2."),
        ({"resamples": -1}, "resamples is a whole number, 0 or more; this is -1."),
    ],
)
def test_seeds_and_descriptions_that_cannot_be(three_themes, settings, sentence):
    """Each gets one sentence."""
    with pytest.raises(FramingError) as error:
        tk.fit_topics(three_themes, **settings)
    assert str(error.value) == sentence
