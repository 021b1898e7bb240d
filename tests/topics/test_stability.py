"""The certificate: planted topics are found again, noise is not, and nothing depends on the order of rows."""

import random

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from toolkit.measures.intervals import wilson
from toolkit.tables import FramingError

from ..conftest import sentences


def made_up(draw, n):
    """Return `n` words of no language, all different."""
    words = set()
    while len(words) < n:
        words.add("".join(draw.choice("bdfgklmnprstvz") + draw.choice("aeiou") for _ in range(3)))
    return sorted(words)


def planted(themes, each, noise, seed=0):
    """Passages of themes with words of their own, and passages of words drawn from all others; and the theme of each."""
    draw = random.Random(seed)
    words = made_up(draw, 2000 + 15 * themes)
    draw.shuffle(words)
    pool, rest = words[:2000], words[2000:]
    texts, theme = [], []
    for at in range(themes):
        own = rest[15 * at : 15 * at + 15]
        texts += [" ".join(draw.sample(own, 8) + draw.sample(pool, 5)) for _ in range(each)]
        theme += [at] * each
    texts += [" ".join(draw.sample(pool, 13)) for _ in range(noise)]
    theme += [-1] * noise
    contexts = pd.DataFrame({"context_id": [f"c{i}" for i in range(len(texts))], "text": texts})
    return contexts, np.array(theme)


def of_themes(fitted, theme):
    """Return the rows of topics that are one theme (four fifths of either are in the other), and of those that are mostly noise."""
    topic = fitted.assignments["topic"].to_numpy()
    real = fitted.topics[fitted.topics["topic"] >= 0]
    whole, noise = [], []
    for number in real["topic"]:
        counts = np.bincount(theme[topic == number] + 1, minlength=theme.max() + 2)
        most = int(counts.argmax())
        whole.append(most > 0 and counts[most] >= 0.8 * max(counts.sum(), (theme == most - 1).sum()))
        noise.append(most == 0)
    return real[whole], real[noise]


@pytest.mark.parametrize("embedder", ["wordllama", "tfidf-svd"])
@pytest.mark.parametrize("seed", [0, 1])
def test_planted_topics_persist(embedder, seed):
    """Six themes of 40 passages are six topics, and each is found again in at least nine of ten runs."""
    contexts, theme = planted(6, 40, 0, seed)
    fitted = tk.fit_topics(contexts, embedder=embedder, n_topics=6, resamples=10, seed=seed)
    found, others = of_themes(fitted, theme)
    assert len(found) == 6 and len(others) == 0
    assert (found["persistence"] >= 0.9).all() and found["stable"].all()
    assert (found["word_stability"] > 0.5).all()
    assert (fitted.assignments["consensus"] == fitted.assignments["topic"]).all()
    assert fitted.assignments["probability"].mean() > 0.95


@pytest.mark.parametrize(("themes", "each", "words"), [(2, 60, 4), (2, 15, 6), (3, 15, 6), (12, 40, 8)])
def test_short_texts_of_few_themes_persist(themes, each, words):
    """Two themes of four-word texts hold still as twelve of eight words do, the larger ones with as much noise beside them, too."""
    draw = random.Random(1)
    made = made_up(draw, 20 * themes + 2000)
    draw.shuffle(made)
    texts = [" ".join(draw.sample(made[20 * at : 20 * at + 20], words)) for at in range(themes) for _ in range(each)]
    theme = np.repeat(np.arange(themes), each)
    for noise in (0, len(texts)) if each >= 40 else (0,):
        every = texts + [" ".join(draw.sample(made[20 * themes :], words)) for _ in range(noise)]
        contexts = pd.DataFrame({"context_id": [f"c{i}" for i in range(len(every))], "text": every})
        fitted = tk.fit_topics(contexts, embedder="tfidf-svd", n_topics=themes + (noise > 0), resamples=10)
        found, others = of_themes(fitted, np.concatenate([theme, np.full(noise, -1)]))
        assert len(found) == themes and (found["persistence"] >= 0.9).all()
        assert (others["persistence"] <= 0.2).all()


@pytest.mark.parametrize("clustering", ["kmeans", "hdbscan"])
def test_noise_does_not_persist(clustering):
    """Of 400 passages of words drawn at random no topic is stable, whatever groups are made."""
    contexts, _ = planted(0, 0, 400)
    settings = {"n_topics": 8} if clustering == "kmeans" else {}
    fitted = tk.fit_topics(contexts, embedder="tfidf-svd", clustering=clustering, resamples=10, **settings)
    real = fitted.topics[fitted.topics["topic"] >= 0]
    assert len(real) >= 2
    assert (real["persistence"] <= 0.2).all() and not real["stable"].any()
    assert fitted._repr_html_().count("?</td>") == len(real)
    said = ["? found again in fewer than 80 % of runs on other stories"]
    if real["share"].sum() > 0.5:
        said.append(
            "Most contexts lie in unstable topics: topics.compare_settings(n=[...]) compares other numbers of topics."
        )
    assert repr(fitted).splitlines()[-len(said) :] == said


def test_planted_topics_persist_beside_noise():
    """Among as many passages of noise, the topics of the themes are found again and those of the noise are not."""
    contexts, theme = planted(4, 40, 160)
    fitted = tk.fit_topics(contexts, embedder="tfidf-svd", n_topics=7, resamples=10)
    found, others = of_themes(fitted, theme)
    assert len(found) == 4 and (found["persistence"] >= 0.9).all()
    assert len(others) >= 2 and (others["persistence"] <= 0.2).all()


@pytest.mark.parametrize("embedder", ["wordllama", "tfidf-svd"])
def test_a_heap_of_what_fits_nowhere_does_not_persist(embedder):
    """Left over in every run, the same passages of noise are together each time, but have no words in common."""
    contexts, theme = planted(4, 40, 160)
    fitted = tk.fit_topics(contexts, embedder=embedder, n_topics=5, resamples=10)
    found, others = of_themes(fitted, theme)
    assert len(found) == 4 and (found["persistence"] >= 0.9).all()
    assert len(others) == 1 and others["stability"].item() > 0.85
    assert others["persistence"].item() == 0 and not others["stable"].item()
    assert others["cohesion"].item() < 1 < found["cohesion"].min()
    assert (found["separation"] > found["chance_separation"]).all()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_regions_of_an_embedding_do_not_persist(seed):
    """Random words lie where they lie in a static embedding, in every run; that makes no topic of them."""
    contexts, _ = planted(0, 0, 800, seed)
    fitted = tk.fit_topics(contexts, n_topics=3, resamples=10)
    assert (fitted.topics["persistence"] == 0).all() and not fitted.topics["stable"].any()
    assert fitted.topics["stability"].max() > 0.5


@pytest.fixture(scope="module")
def with_stories():
    """Two themes in 60 stories, some with copies in other outlets, and noise."""
    contexts, _ = planted(2, 30, 20)
    contexts["doc_id"] = [f"d{i}" for i in range(80)]
    contexts["story_id"] = [f"s{i:03}" for i in range(80)]
    copies = contexts[::4].assign(
        context_id=lambda t: t["context_id"] + "b", doc_id=lambda t: t["doc_id"] + "b", source="Wire"
    )
    return pd.concat([contexts.assign(source="Post"), copies], ignore_index=True)


def test_the_order_of_rows_changes_no_certificate(with_stories):
    """Shuffled, the same contexts have the same stability columns, probabilities and consensus to the last digit."""
    settings = {"embedder": "tfidf-svd", "n_topics": 4, "resamples": 4}
    one = tk.fit_topics(with_stories, **settings)
    other = tk.fit_topics(with_stories.sample(frac=1, random_state=5), **settings)
    pd.testing.assert_frame_equal(one.topics, other.topics)
    by_id = [each.assignments.sort_values("context_id", ignore_index=True) for each in (one, other)]
    pd.testing.assert_frame_equal(*by_id)
    assert one.topics["stability"].min() < 1


def test_threads_change_no_certificate(run_python):
    """One thread gives the certificate that all give."""
    code = """
import random, pandas as pd, toolkit as tk
draw = random.Random(0)
words = [a + b + "x" for a in "bdfglmprtw" for b in "and ore ill ack est urn ine ale".split()]
texts = [" ".join(draw.sample(words, 9)) for _ in range(600)]
fitted = tk.fit_topics(pd.DataFrame({"context_id": [str(i) for i in range(600)], "text": texts}), resamples=3)
print(pd.util.hash_pandas_object(fitted.topics.astype(str)).sum(), fitted.assignments.astype(str).sum().str.len().sum(),
      fitted.assignments["probability"].sum().round(9))
"""
    assert run_python(code) == run_python(code, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")


def test_shares_and_outliers_add_up_to_one(with_stories):
    """In each cell the shares of topics and outliers are 1 together, with a certificate as without."""
    fitted = tk.fit_topics(with_stories, embedder="tfidf-svd", clustering="hdbscan", min_size=8, resamples=2)
    assert -1 in fitted.topics["topic"].tolist()
    assert fitted.topics["share"].sum() == pytest.approx(1)
    cells = tk.topic_shares(fitted, by="source").groupby("source")["share"].sum()
    assert cells.tolist() == pytest.approx([1, 1])


def test_the_columns_are_what_they_say(with_stories):
    """Persistence is a whole number of runs, its interval Wilson's; probabilities too are whole numbers of runs."""
    fitted = tk.fit_topics(with_stories, embedder="tfidf-svd", n_topics=4, resamples=4)
    real = fitted.topics[fitted.topics["topic"] >= 0]
    found = (real["persistence"] * 4).tolist()
    assert found == [round(x) for x in found]
    low, high = wilson(found, [4] * len(found))
    assert real["persistence_low"].tolist() == pytest.approx(low.tolist())
    assert real["persistence_high"].tolist() == pytest.approx(high.tolist())
    for name in ("stability", "word_stability"):
        assert (real[f"{name}_low"] <= real[name]).all() and (real[name] <= real[f"{name}_high"]).all()
    assert (real["stable"] == (real["persistence"] >= 0.8)).all()
    marks = dict(zip(real["topic"], real["stable"]))
    for table in (fitted.words, fitted.assignments):
        inside = table[table["topic"] >= 0]
        assert inside["stable"].tolist() == [marks[topic] for topic in inside["topic"]]
    votes = fitted.assignments["probability"] * 4
    assert votes.tolist() == votes.round().tolist()
    out = fitted.topics[fitted.topics["topic"] == -1]
    assert out[["persistence", "stable"]].isna().all().all()


def test_the_certificate_can_be_made_later(three_themes):
    """Asked for later, a certificate with as many runs is the same; without runs there are no such columns."""
    fitted = tk.fit_topics(three_themes, resamples=0)
    assert "persistence" not in fitted.topics.columns and "consensus" not in fitted.assignments.columns
    later = fitted.certify(resamples=3)
    at_once = tk.fit_topics(three_themes, resamples=3)
    pd.testing.assert_frame_equal(later.topics, at_once.topics)
    pd.testing.assert_frame_equal(later.assignments, at_once.assignments)
    assert later.settings["resamples"] == 3 and "persistence" not in fitted.topics.columns


def test_a_number_of_runs_that_cannot_be(three_themes):
    """A certificate without runs gets a sentence."""
    with pytest.raises(FramingError) as error:
        tk.fit_topics(three_themes, resamples=0).certify(resamples=0)
    assert str(error.value) == "resamples is a whole number, 1 or more; this is 0."


def test_merged_topics_have_a_certificate():
    """Halves of two themes do not persist; put together they do, and asked for later the certificate is the same."""
    contexts, theme = planted(2, 40, 0)
    settings = {"embedder": "tfidf-svd", "n_topics": 4}
    fitted = tk.fit_topics(contexts, resamples=10, **settings)
    of = [int(np.bincount(theme[fitted.assignments["topic"] == t]).argmax()) for t in range(4)]
    groups = [[t for t in range(4) if of[t] == each] for each in range(2)]
    assert [len(group) for group in groups] == [2, 2] and not fitted.topics["stable"].any()
    merged = fitted.merge(groups)
    assert merged.topics["n"].tolist() == [40, 40] and merged.topics["persistence"].tolist() == [1, 1]
    for table in (merged.topics, merged.words, merged.assignments):
        assert table["stable"].all()
    later = tk.fit_topics(contexts, resamples=0, **settings).merge(groups).certify(resamples=10)
    pd.testing.assert_frame_equal(later.topics, merged.topics)
    pd.testing.assert_frame_equal(later.assignments, merged.assignments)


def test_merging_makes_no_topic_of_noise():
    """Passages of random words do not persist when all their groups are put together, and the themes beside them do."""
    contexts, theme = planted(4, 40, 160)
    fitted = tk.fit_topics(contexts, embedder="tfidf-svd", n_topics=7, resamples=10)
    _, noise = of_themes(fitted, theme)
    merged = fitted.merge([noise["topic"].tolist()])
    found, others = of_themes(merged, theme)
    assert len(found) == 4 and found["stable"].all()
    assert others["stability"].item() > 0.9 and others["persistence"].item() == 0


def test_placed_outliers_change_no_certificate(with_stories):
    """What is to be found again is the topic as it was fitted; a passage placed by hand says how often it falls there."""
    settings = {"embedder": "tfidf-svd", "clustering": "hdbscan", "min_size": 8, "resamples": 3}
    before = tk.fit_topics(with_stories, **settings)
    after = before.reduce_outliers("c-tf-idf")
    placed = (before.assignments["topic"] == -1) & (after.assignments["topic"] >= 0)
    assert placed.sum() > 0
    same = [c for c in before.topics.columns if "stab" in c or "persist" in c]
    one = before.topics[before.topics["topic"] >= 0].sort_values("n")[same].reset_index(drop=True)
    other = after.topics[after.topics["topic"] >= 0].sort_values("persistence")[same].reset_index(drop=True)
    pd.testing.assert_frame_equal(one.sort_values(same, ignore_index=True), other.sort_values(same, ignore_index=True))
    assert after.assignments.loc[placed, "probability"].between(0, 1).all()
    pd.testing.assert_frame_equal(after.certify(resamples=3).topics, after.topics)


def test_one_topic_is_always_found_again(make_contexts):
    """Where there is nothing to part, the single topic persists, and its words are the same."""
    fitted = tk.fit_topics(make_contexts(["The rain fell."] * 12))
    assert fitted.topics[["persistence", "stability", "word_stability"]].values.tolist() == [[1.0, 1.0, 1.0]]


def test_the_seed_is_heard(with_stories):
    """Another seed draws other stories."""
    one, other = (
        tk.fit_topics(with_stories, embedder="tfidf-svd", n_topics=4, resamples=3, seed=seed) for seed in (0, 1)
    )
    assert one.topics["stability"].tolist() != other.topics["stability"].tolist()


def test_umap_and_objects_are_repeated_too(three_themes):
    """Every way has a certificate: UMAP with HDBSCAN, and objects of the user's."""
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.decomposition import PCA

    for settings in (
        {"reduction": "umap", "clustering": "hdbscan", "min_size": 8},
        {"reduction": PCA(3), "clustering": AgglomerativeClustering(3)},
        {"reduction": "pca", "n_topics": 3},
    ):
        topics = tk.fit_topics(three_themes, resamples=3, **settings).topics
        assert topics.loc[topics["topic"] >= 0, "persistence"].between(0, 1).all()
        assert topics["persistence"].notna().sum() >= 2


def test_texts_of_few_articles_are_drawn_one_by_one(make_contexts):
    """Where all passages stand in one article, passages are left out, not the article."""
    contexts = make_contexts(sentences("weather", 20) + sentences("court", 20)).assign(doc_id="d1")
    assert tk.fit_topics(contexts, n_topics=2, resamples=3).topics["persistence"].tolist() == [1.0, 1.0]
