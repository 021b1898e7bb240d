"""Settings compared: each row is what a fit with them says."""

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from toolkit.measures.coherence import cooccurrence, counted_cv, diversity
from toolkit.models.vocabulary import TopicWords, english_stop_words
from toolkit.tables import TOPIC_SETTINGS, FramingError

from ..conftest import topic_npmi

COLUMNS = ["n_topics", "min_size", "n_found", "outlier_share", "npmi", "exclusivity", "diversity"]
STABLE = ["persistence", "stability", "word_stability", "stable_share"]


def test_each_row_is_a_fit(three_themes):
    """Topics, outliers, coherence, diversity and stability are those of a fit with the same settings."""
    fitted = tk.fit_topics(three_themes, runs=0)
    table = fitted.choose(n=[2, 3], min_size=[5, 14], runs=3)
    assert table.columns.tolist() == [*COLUMNS, *STABLE]
    assert table[["n_topics", "min_size"]].values.tolist() == [[2, 5], [2, 14], [3, 5], [3, 14]]
    for row in table.itertuples():
        alone = tk.fit_topics(three_themes, n_topics=row.n_topics, min_size=row.min_size, runs=3)
        real = alone.topics[alone.topics["topic"] >= 0]
        assert row.n_found == len(real)
        assert row.outlier_share == (alone.assignments["topic"] == -1).mean()
        assert row.npmi == pytest.approx(real["npmi"].mean())
        assert row.diversity == pytest.approx(diversity([words.split(", ") for words in real["words"]]))
        assert row.persistence == pytest.approx(real["persistence"].mean())
        assert row.stable_share == pytest.approx(real.loc[real["stable"], "share"].sum())
    assert table["outlier_share"].tolist()[3] == 12 / 48
    assert {*table.columns} <= {*TOPIC_SETTINGS.columns, *TOPIC_SETTINGS.optional}
    recipe = table.attrs["recipe"]
    assert recipe["function"] == "toolkit.Topics.choose" and recipe["settings"]["n"] == [2, 3]


def test_the_planted_number_stands_out(three_themes):
    """Of two, three and six topics of three themes, three are the most that hold still, and the most exclusive of these."""
    table = tk.fit_topics(three_themes, runs=0, min_size=3).choose(n=[2, 3, 6], runs=5).set_index("n_topics")
    assert table["stability"].to_dict()[3] == 1 and table["stability"].to_dict()[6] < 1
    assert table["exclusivity"].to_dict()[3] > 0.95 > table["exclusivity"].to_dict()[6]


def test_coherence_can_be_of_another_corpus(three_themes):
    """NPMI and C_v over given texts are what the measures say of them, whether texts come as a list or as articles."""
    fitted = tk.fit_topics(three_themes, runs=0)
    texts = ["Rain and wind and storm.", "A judge in court.", "Oil price and gas price.", "Wind and gas."] * 3
    cut = TopicWords(english_stop_words())
    documents = [cut(text) for text in texts]
    topics = [words.split(", ") for words in fitted.topics["words"]]
    found = fitted.choose(n=[3], reference=texts, runs=0)
    assert found["npmi"].tolist() == pytest.approx([np.nanmean(topic_npmi(topics, documents))])
    as_articles = fitted.choose(n=[3], reference=pd.DataFrame({"text": texts}), runs=0)
    assert as_articles["npmi"].tolist() == found["npmi"].tolist()
    words = sorted({word for topic in topics for word in topic})
    counts, n = cooccurrence(documents, words, window=110)
    expected = np.nanmean(counted_cv([[words.index(w) for w in topic] for topic in topics], counts, n))
    with_cv = fitted.choose(n=[3], reference=texts, coherence="c_v", runs=0)
    assert with_cv["c_v"].tolist() == pytest.approx([expected])
    assert "npmi" not in with_cv and "persistence" not in with_cv


def test_hdbscan_finds_its_own_number(three_themes):
    """With min_size only, the number asked for is missing and the number found is there."""
    table = tk.fit_topics(three_themes, reduction="none", clustering="hdbscan", runs=0).choose(min_size=[8, 48], runs=2)
    assert table["n_topics"].isna().all() and table["n_found"].tolist()[0] == 3
    assert table["outlier_share"].tolist()[1] == 1 and np.isnan(table["npmi"].tolist()[1])


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "Say what to compare: n=[5, 10, 20] for numbers of topics, min_size=[10, 20] for least sizes."),
        ({"n": [0, 3]}, "n is a list of whole numbers, 1 or more, as in [5, 10, 20]; this has 0."),
        ({"min_size": "ten"}, "min_size is a list of whole numbers, 1 or more, as in [5, 10, 20]; this has ten."),
        ({"n": [2], "coherence": "cv"}, "There is no coherence 'cv'. Did you mean 'c_v'? There are: npmi, c_v."),
        ({"n": [2], "reference": [""]}, "This reference has no text in which words could be counted."),
        ({"n": [2], "runs": 1.5}, "runs is a whole number, 0 or more; this is 1.5."),
    ],
)
def test_comparisons_that_cannot_be(three_themes, fit_once, settings, sentence):
    """Each gets one sentence."""
    with pytest.raises(FramingError) as error:
        fit_once("three", three_themes).choose(**settings)
    assert str(error.value) == sentence
