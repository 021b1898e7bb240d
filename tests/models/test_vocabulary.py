"""Which words may name a topic."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.models.vocabulary import TopicWords, as_stop_words, english_stop_words, is_english
from toolkit.tables import FramingError


def test_words_are_the_toolkits_own_without_numbers_and_letters():
    """Curly apostrophes, possessives, hyphens and initials are cut as everywhere else; numbers and single letters go."""
    words = TopicWords()("Trump’s 2017 travel-ban didn’t pass a U.S. court: 7-2, 1,000 G20 x")
    assert words == ["trump", "travel", "ban", "didn't", "pass", "u.s", "court", "g20"]


def test_scripts_without_spaces_come_in_pairs_that_no_sign_parts():
    """Chinese characters come as pairs of neighbours; a comma, a space or another script parts them."""
    assert TopicWords()("难民、问题 欧洲EU法") == ["难民", "问题", "欧洲", "eu"]


def test_stop_words_of_news():
    """What carries news is not stopped though scikit-learn stops it; contractions and "said" are."""
    stopped = english_stop_words()
    assert not stopped & {"bill", "fire", "system", "amount", "interest"}
    assert stopped >= {"the", "of", "don't", "it's", "said", "mr"}


def test_choices_of_stop_words():
    """auto depends on the language; a list is folded like the words; None is none."""
    assert as_stop_words("auto", "en-GB") == as_stop_words("english", "de") == english_stop_words()
    assert as_stop_words("auto", "de") == as_stop_words(None, "en") == frozenset()
    assert as_stop_words(["Didn’t", "EU"], "en") == {"didn't", "eu"}
    assert is_english("English") and not is_english("enga")


def test_a_list_of_stop_words_that_is_not_there():
    """The sentence names the lists that are."""
    with pytest.raises(FramingError) as error:
        as_stop_words("german", "de")
    assert str(error.value) == (
        "There is no list of stop words 'german'. There are: auto, english, None, a list of your own."
    )
    with pytest.raises(FramingError) as error:
        as_stop_words(["the", 7], "en")
    assert str(error.value) == "Stop words are strings; one of these is a int: 7."


@given(st.text())
def test_any_text_is_cut(text):
    """Whatever the text, words are strings of two characters or more with a letter, and none is a stop word."""
    words = TopicWords(frozenset({"the"}))(text)
    assert all(len(word) > 1 and any(map(str.isalpha, word)) and word != "the" for word in words)


TEXTS = st.lists(st.text(alphabet="ab '’1難民テ\u3000 .-É\u0301", max_size=30), min_size=1, max_size=6)


@given(TEXTS)
def test_counting_at_once_is_counting_one_by_one(texts):
    """The counts of many texts are those of cutting each by itself, in any script."""
    cut = TopicWords(frozenset({"ab"}))
    words, counts = cut.count(texts)
    assert words == sorted(words)
    for text, row in zip(texts, counts.toarray().tolist()):
        assert {word: n for word, n in zip(words, row) if n} == dict(Counter(cut(text)))
