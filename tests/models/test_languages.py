"""Whether the default embedder knows the language of texts: silence on English, a sentence on the rest."""

import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from toolkit.models.embedders import TfidfSvdEmbedder, WordLlamaEmbedder
from toolkit.models.languages import warn_of_language
from toolkit.tables import FramingWarning

PROBE = json.loads((Path(__file__).parents[1] / "benchmarks" / "embeddings_probe.json").read_text(encoding="utf-8"))
NAMES = [
    "Prime Minister Recep Tayyip Erdogan met Sergei Lavrov and Mohammad Javad Zarif in Astana.",
    "Xi Jinping received Rodrigo Duterte, Nguyen Xuan Phuc and Joko Widodo at Zhongnanhai.",
    "Angela Merkel, Jean-Claude Juncker and Viktor Orban quarrelled about Schengen in Brussels.",
    "Mikheil Saakashvili left Odessa after Petro Poroshenko dismissed him, Ukrainska Pravda wrote.",
    "Sheikh Tamim bin Hamad Al Thani flew from Doha to Riyadh, where King Salman bin Abdulaziz waited.",
    "Enrique Peña Nieto and Andrés Manuel López Obrador spoke in Guadalajara about the wall.",
    "Aung San Suu Kyi did not mention the Rohingya of Rakhine in her speech in Naypyidaw.",
    "The Frankfurter Allgemeine Zeitung asked Wolfgang Schäuble about Alexis Tsipras and Yanis Varoufakis.",
    "Abu Bakr al-Baghdadi preached in the Great Mosque of al-Nuri in Mosul, Haider al-Abadi recalled.",
    "Dmitry Peskov denied that Paul Manafort, Konstantin Kilimnik and Oleg Deripaska had met in Madrid.",
]


def sentences(language):
    return [text for theme in PROBE[language].values() for text in theme]


def said(texts, embedder=None, **columns):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        warn_of_language(embedder or WordLlamaEmbedder(), pd.DataFrame({"text": texts, **columns}))
    assert all(issubclass(each.category, FramingWarning) for each in told)
    return [str(each.message) for each in told]


@pytest.mark.parametrize("language", [name for name in PROBE if name != "English"])
def test_other_languages_are_noticed(language):
    """Forty sentences in German, French, Spanish, Russian, Chinese or Arabic bring the warning."""
    (message,) = said(sentences(language))
    assert message.startswith("The embedder 'wordllama' knows English only, and 40 of 40 texts look like another (")


def test_the_sentence_says_what_to_choose():
    """The whole sentence, with the languages that were told."""
    assert said(sentences("German")) == [
        "The embedder 'wordllama' knows English only, and 40 of 40 texts look like another (de 40). Its topics would follow names "
        "and spellings, not what is said. Choose embedder='e5', which knows a hundred languages (pip install "
        "'framing-toolkit[e5]'), or, with many texts, embedder='tfidf-svd', which learns from them; and say which language it is: "
        "language='de'."
    ]


def test_english_is_left_in_peace():
    """Neither plain English, nor English in which every other word is a foreign name, nor single words, nor nothing."""
    for texts in (sentences("English"), NAMES, ["ban", "wall"] * 20, ["", None] * 20):
        assert said(texts) == []


def test_words_without_grammar_are_left_in_peace():
    """Seven English words at random are taken for many languages, each a few times; that is no other language."""
    draw = np.random.default_rng(0)
    words = "coast judge wall ballot rain market camp storm harbour senate tariff nurse".split()
    assert said([" ".join(draw.choice(words, 7)) for _ in range(200)]) == []


def test_a_quarter_of_the_texts_matters():
    """Ten of forty in German are let pass, eleven are not; five are never enough."""
    english, german = sentences("English"), sentences("German")
    assert said(english[:30] + german[:10]) == []
    assert "11 of 40 texts" in said(english[:29] + german[:11])[0]
    assert said(german[:5]) == [] and "6 of 6 texts" in said(german[:6])[0]


def test_a_text_counts_once():
    """A text that stands there a thousand times is one text."""
    assert said(sentences("English") + sentences("German")[:3] * 1000) == []


def test_a_sample_of_many_texts_is_looked_at():
    """Of 20,000 texts at most 100 are looked at, from the whole alphabet."""
    (message,) = said([f"{at} {text}" for at in range(500) for text in sentences("French")])
    assert "and 100 of 100 texts look like another (fr 100)" in message


def test_the_column_language_counts():
    """Contexts that a column says are in another language bring the warning, whatever they look like; English in any spelling does not."""
    english = sentences("English")
    stated = ["de"] * 20 + ["fr", None] + ["en-GB", "English", "eng"] * 6
    (message,) = said(english, language=stated)
    assert message.startswith(
        "The embedder 'wordllama' knows English only, and by the column language 21 of 40 contexts are in another (de 20, fr 1). "
    )
    assert said(english, language=["en-GB", "English", "eng", "EN", None] * 8) == []
    assert said(english, language=pd.Series([None] * 40, dtype="str")) == []


def test_a_column_that_says_english_is_not_believed_against_the_texts():
    """A reader that wrote "en" everywhere does not silence the check."""
    assert "40 of 40 texts" in said(sentences("Russian"), language="en")[0]


def test_other_embedders_are_not_judged():
    """Of an embedder other than the default nothing is known, so nothing is said."""
    assert said(sentences("German"), TfidfSvdEmbedder()) == []
