"""Vectors of texts: those of the packages they come from, safe for any text, the same in any company."""

import importlib.util
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.models import embedders
from toolkit.models.choice import as_embedder
from toolkit.models.embedders import Embedder, TfidfSvdEmbedder, WordLlamaEmbedder, unit_rows
from toolkit.tables import FramingError

ODD = [
    "",
    " ",
    "\x00",
    "🙂🙂 ok",
    "日本語のテキスト",
    "עברית",
    "\u0301",
    "a" * 5000,
    "<s></s><unk>",
    "Trump’s “ban”",
    "\ufffe",
]
PLAIN = ["The judge stopped the travel ban.", "Oil prices fell.", "Refugees crossed the border into Greece on Monday."]


@pytest.fixture(scope="module")
def wordllama_itself():
    """The package's own model, told where its files are so that it does not look for them on the network."""
    import wordllama

    folder = Path(wordllama.__file__).parent
    return wordllama.WordLlama.load(cache_dir=folder, disable_download=True)


def test_wordllama_vectors_are_those_of_the_package(wordllama_itself):
    """For plain and odd texts of all lengths, ours and wordllama's vectors have a cosine of 0.999999 or more."""
    texts = [text for text in ODD if text] + PLAIN + [" ".join(PLAIN * n) for n in range(1, 40)]
    theirs = wordllama_itself.embed(texts, norm=True)
    cosine = np.einsum("ij,ij->i", WordLlamaEmbedder().embed(texts).astype(float), theirs.astype(float))
    assert cosine.min() >= 0.999999


def test_wordllama_is_not_imported_for_it(run_python):
    """The table is read from the package's folder; neither the package nor what it pulls in is loaded."""
    code = "from toolkit.models.embedders import WordLlamaEmbedder as W; W().embed(['a ban']); import sys; print('wordllama' in sys.modules)"
    assert run_python(code) == "False"


def test_a_text_without_tokens_is_zeros():
    """Nothing has no direction: its vector is zero, and so no division fails."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        vectors = WordLlamaEmbedder().embed(["", "ban", None, float("nan")])
    assert (np.abs(vectors).sum(axis=1) > 0).tolist() == [False, True, False, False]
    assert vectors.dtype == np.float32


@given(st.lists(st.text(st.characters(codec=None), max_size=30), max_size=5))
@settings(max_examples=50)
def test_any_text_has_a_vector_of_length_one_or_zero(texts):
    """Any string, half surrogate pairs too, gives one row, finite, of length 1 or 0."""
    vectors = WordLlamaEmbedder().embed(texts)
    assert vectors.shape == (len(texts), 256)
    length = np.linalg.norm(vectors, axis=1)
    assert np.all((np.abs(length - 1) < 1e-5) | (length == 0))


def test_a_vector_does_not_depend_on_the_company(monkeypatch):
    """Alone, turned around, or in small chunks, each text gets the same vector to the last bit."""
    texts = PLAIN + [" ".join(PLAIN)] * 3
    together = WordLlamaEmbedder().embed(texts)
    alone = np.vstack([WordLlamaEmbedder().embed([text]) for text in texts])
    turned = WordLlamaEmbedder().embed(texts[::-1])[::-1]
    monkeypatch.setattr(embedders, "_CHUNK", 1)
    chunked = WordLlamaEmbedder().embed(texts)
    for other in (alone, turned, chunked):
        assert (together == other).all()


def test_tfidf_svd_parts_themes_in_any_language():
    """Texts with words in common are near, others are not, where words are parted and where they are not."""
    texts = ["难民问题在欧洲", "难民问题在德国", "石油价格上涨", "石油价格下跌"]
    for each in (texts, ["wall border now", "border wall", "oil price now", "price of oil"]):
        vectors = TfidfSvdEmbedder(dimensions=2).embed(each)
        near = vectors @ vectors.T
        assert near[0, 1] > 0.9 and near[2, 3] > 0.9 and abs(near[0, 2]) < 0.5


def test_tfidf_svd_depends_on_the_set_of_texts_only():
    """In another order the same texts get the same vectors, and a fitted one places texts that it has not seen."""
    texts = [*PLAIN, "The court stopped the ban.", "Prices of oil fell.", ""]
    one = TfidfSvdEmbedder(dimensions=3).embed(texts)
    other = TfidfSvdEmbedder(dimensions=3).embed(texts[::-1])[::-1]
    assert (one == other).all()
    assert not one[5].any()
    fitted = TfidfSvdEmbedder(dimensions=3).fit(texts)
    assert (fitted.embed(texts[:2]) == one[:2]).all()
    assert fitted.embed(["nothing known"]).tolist() == [[0.0, 0.0, 0.0]]


def test_fitting_leaves_the_embedder_as_it_was():
    """fit returns another embedder, whose fingerprint says what it was fitted on."""
    embedder = TfidfSvdEmbedder()
    fitted = embedder.fit(PLAIN)
    assert embedder.fingerprint == "tfidf-svd-100-0"
    assert fitted.fingerprint == TfidfSvdEmbedder().fit(PLAIN[::-1]).fingerprint
    assert (
        fitted.fingerprint.startswith("tfidf-svd-100-0-")
        and fitted.fingerprint != TfidfSvdEmbedder().fit(ODD).fingerprint
    )


def test_texts_without_a_word_cannot_be_learned_from():
    """The sentence says what is missing."""
    with pytest.raises(FramingError) as error:
        TfidfSvdEmbedder().fit(["1", "2 3"])
    assert str(error.value) == "These 2 texts have no word in common to learn from. Give more or longer texts."


def test_unit_rows_of_zeros_and_of_what_is_no_number():
    """A row of zeros, or with infinity or NaN in it, becomes zeros."""
    rows = unit_rows(np.array([[0.0, 0.0], [np.inf, 1.0], [np.nan, 1.0], [0.0, -2.0]]))
    assert rows.tolist() == [[0, 0], [0, 0], [0, 0], [0, -1]]


class Counting:
    """An embedder of one's own: letters and words."""

    name = "counting"
    fingerprint = "counting-1"

    def embed(self, texts):
        return np.array([[len(text), len(text.split())] for text in texts], dtype=np.float32)


class Encoder:
    """A model with encode, as model2vec and sentence-transformers have it."""

    def encode(self, texts):
        return np.array([[1.0, len(text)] for text in texts])


def test_choices_of_embedder():
    """Names make ours, an object with the protocol is passed on, a model with encode is wrapped."""
    assert isinstance(as_embedder("wordllama"), WordLlamaEmbedder)
    assert isinstance(as_embedder("tfidf-svd"), TfidfSvdEmbedder)
    own = Counting()
    assert as_embedder(own) is own and isinstance(own, Embedder)
    wrapped = as_embedder(Encoder())
    assert isinstance(wrapped, Embedder)
    assert wrapped.embed(["", "abc"]).round(3).tolist() == np.float32([[0, 0], [0.316, 0.949]]).tolist()
    assert wrapped.name.endswith(":Encoder") and "Encoder" in wrapped.fingerprint


def test_other_weights_have_another_fingerprint():
    """A model of the same name whose vectors differ is told apart."""

    class Other(Encoder):
        def encode(self, texts):
            return np.array([[2.0, len(text)] for text in texts])

    Other.__name__ = "Encoder"
    assert as_embedder(Encoder()).fingerprint == as_embedder(Encoder()).fingerprint != as_embedder(Other()).fingerprint


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        (
            "wordlama",
            "There is no embedder 'wordlama'. Did you mean 'wordllama'? "
            "There are: wordllama, tfidf-svd, e5, model2vec:<name or folder>, fastembed:<name or folder>, st:<name or folder>.",
        ),
        ("st:", "Write the model's name or folder after 'st:', for example 'st:all-MiniLM-L6-v2'."),
        (
            WordLlamaEmbedder,
            "An embedder is an object; this is the class WordLlamaEmbedder. Make one of it: WordLlamaEmbedder().",
        ),
        (
            7,
            "An embedder is one of 'wordllama', 'tfidf-svd', 'e5', 'model2vec:<name or folder>', 'fastembed:<name or folder>', "
            "'st:<name or folder>', a model2vec or sentence-transformers model, or an object with name, fingerprint and embed(texts); this is of type int.",
        ),
    ],
)
def test_a_choice_that_is_none(choice, sentence):
    """Each wrong choice gets a sentence with what there is."""
    with pytest.raises(FramingError) as error:
        as_embedder(choice)
    assert str(error.value) == sentence


def test_a_package_without_its_table_is_said(monkeypatch, tmp_path):
    """Where wordllama is missing, or another version has other files, the sentence says which is needed."""
    embedders._wordllama_files.cache_clear()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(FramingError) as error:
        embedders._wordllama_files()
    assert str(error.value) == (
        "The embedding 'wordllama' needs the package wordllama, which is not installed. Install it (pip install "
        "wordllama==0.4.0.post1) or choose embedder='tfidf-svd'."
    )
    spec = importlib.util.spec_from_file_location("wordllama", tmp_path / "__init__.py")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    with pytest.raises(
        FramingError, match=r"^The embedding 'wordllama' reads l2_supercat_256\.safetensors from the package "
    ):
        embedders._wordllama_files()


def test_running_a_cell_again_computes_nothing(monkeypatch):
    """The vectors of a list of texts are remembered, are handed out as copies, and the oldest are forgotten."""
    from toolkit.models import embedders

    monkeypatch.setattr(embedders, "_remembered", {})
    asked = []
    compute = embedders.WordLlamaEmbedder._computed
    monkeypatch.setattr(
        embedders.WordLlamaEmbedder, "_computed", lambda self, texts: asked.append(texts) or compute(self, texts)
    )
    embedder = embedders.WordLlamaEmbedder()
    first = embedder.embed(["A wall.", "A ban."])
    kept = first.copy()
    first[:] = 0
    assert np.array_equal(embedder.embed(["A wall.", "A ban."]), kept) and len(asked) == 1
    assert not np.array_equal(embedder.embed(["A wall.\0A ban."]), kept) and len(asked) == 2
    embedder.embed(["A\0wall", "ban"])
    assert (
        not np.array_equal(embedder.embed(["A", "wall\0ban"]), embedder.embed(["A\0wall", "ban"])) and len(asked) == 4
    )
    monkeypatch.setattr(embedders, "_REMEMBERED_BYTES", 1)
    embedder.embed(["A court."])
    embedder.embed(["A wall.", "A ban."])
    assert len(asked) == 6 and len(embedders._remembered) == 1
