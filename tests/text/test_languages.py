"""Languages: whatever an archive prints is one code, and what nobody states is read from the texts."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
from toolkit.tables.languages import language_code
from toolkit.text.languages import languages_of_articles

ENGLISH = "The council met on Monday and talked about the reset, which the mayor had asked for in the spring. " * 4
GERMAN = (
    "Der Rat traf sich am Montag und sprach über den Neustart, den die Bürgermeisterin im Frühling verlangt hatte. " * 4
)


def languages(texts, stated=None, **columns):
    articles = pd.DataFrame({"doc_id": [f"d{n}" for n in range(len(texts))], "text": texts, **columns})
    return languages_of_articles(articles, stated)


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        (
            "en",
            [
                "en",
                "EN",
                "eng",
                "en-US",
                "en_GB",
                "English",
                "ENGLISH",
                "English (UK)",
                "Englisch",
                "anglais",
                "inglés",
            ],
        ),
        ("en", ["英文", "英语", "英語", "английский", "Engels", "ENGLISH; ENGLISCH", "anglais / English", " english "]),
        ("de", ["de", "ger", "deu", "de-AT", "German", "GERMAN; DEUTSCH", "Deutsch", "allemand", "немецкий", "德文"]),
        ("fr", ["fre", "fra", "French", "Français", "FRANÇAIS", "Französisch", "法文"]),
        ("es", ["spa", "Spanish", "español", "Castellano", "西班牙文"]),
        ("zh", ["zh", "zh-Hans", "chi", "zho", "Chinese", "中文", "Chinese (Simplified)"]),
        ("pt", ["pt-BR", "Portuguese", "português", "Portuguese (Brazil)"]),
        ("ru", ["rus", "Russian", "русский"]),
        ("nl", ["dut", "nld", "Dutch", "Nederlands"]),
        ("", ["", " ", "und", "mul", "n/a", "unknown", "Klingonese", "-", "42", "xx"]),
    ],
)
def test_each_printed_form_is_one_code(code, printed):
    """Codes of two and three letters, with regions, and names in the languages of archives mean one thing."""
    assert {name: language_code(name) for name in printed} == dict.fromkeys(printed, code)


@pytest.mark.parametrize("value", [None, float("nan"), pd.NA, pd.NaT, 3])
def test_what_is_no_text_is_missing(value):
    """A missing value states no language."""
    assert language_code(value) == ""


@given(st.text())
def test_any_text_is_read(text):
    """No text in the column stops a count, and its code is read as itself."""
    code = language_code(text)
    assert language_code(code) == code


def test_what_is_not_stated_is_detected():
    """Longer texts show their language, article by article; a stated one is believed."""
    found = languages([ENGLISH, GERMAN, GERMAN], language=["", None, "fr"])
    assert found.codes == ["en", "de", "fr"]
    assert found.origins == ["detected", "detected", "stated"]


def test_short_texts_are_taken_for_what_most_are():
    """Under 50 words the language of most of the corpus is assumed."""
    assert languages(["Kurz.", GERMAN, GERMAN, ENGLISH]).codes == ["de", "de", "de", "en"]
    assert languages(["Kurz.", GERMAN, GERMAN, ENGLISH]).origins[0] == "assumed"
    stated = languages(["Short.", "Kurz.", "Kurz."], language=[None, "German", "de"])
    assert stated.codes == ["de", "de", "de"] and stated.origins == ["assumed", "stated", "stated"]


def test_a_corpus_that_shows_nothing_is_english():
    """A few words that could be anything are read as English, as assumed."""
    assert languages(["A reset.", ""]) == (["en", "en"], ["assumed", "assumed"])


def test_a_call_states_the_language_by_code_name_or_column():
    """A code, a name or another column decides, and what is neither is refused with what is near."""
    for given_language in ("de", "German", "tongue"):
        assert languages([ENGLISH], given_language, tongue=["GERMAN"]).codes == ["de"]
    with pytest.raises(tk.FramingError, match="Did you mean 'german'"):
        languages([ENGLISH], "Germann")


def test_hits_say_how_their_language_is_known():
    """Hits have the code, and whether it was stated, detected or assumed; the voices of a printed name are those of the code."""
    text = "“We want a reset,” said Anna Berg. Paul Meyer said that the reset was dead. A reset came."
    articles = pd.DataFrame({"doc_id": ["a", "b"], "text": [text, text], "language": ["ENGLISH", None]})
    hits = tk.find(articles, "reset")
    assert hits["language"].tolist() == ["en"] * 6
    assert hits["language_origin"].tolist() == ["stated"] * 3 + ["assumed"] * 3
    assert hits["voice"].tolist() == ["quoted", "reported", "outlet"] * 2


def test_only_articles_with_a_hit_are_looked_at():
    """Texts without a hit are not read for their language, so their number costs nothing."""
    tokens = tk.tokenize(pd.DataFrame({"doc_id": ["a", "b"], "text": [ENGLISH, GERMAN]}))
    tk.find(tokens, "reset")
    assert tokens.detected == {0: "en"}


@pytest.mark.parametrize(("n", "origin"), [(49, "assumed"), (50, "detected"), (51, "detected")])
def test_fifty_words_are_enough(n, origin):
    """A text of 50 words shows its language, one of 49 does not."""
    assert languages([" ".join((GERMAN * 2).split()[:n]), ENGLISH, ENGLISH]).origins[0] == origin


def test_the_language_of_an_article_does_not_hang_on_the_term():
    """What is assumed is the language of most of the corpus, whichever articles have a hit."""
    texts = [ENGLISH.replace("reset", "ban"), GERMAN, GERMAN, "Neustart, ban."]
    articles = pd.DataFrame({"doc_id": list("abcd"), "text": texts})
    told = {}
    for term in ("ban", "Neustart"):
        hits = tk.find(tk.tokenize(articles), term)
        told[term] = hits.set_index("doc_id").loc["d", "language"]
    assert told == {"ban": "de", "Neustart": "de"}
