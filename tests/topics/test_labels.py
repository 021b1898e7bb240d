"""Labels: words by default; of what a model answers only a short plain label is taken."""

import json

import pytest

import toolkit as tk
from toolkit.tables import FramingError
from toolkit.topics.labels import PROMPT, clean_label, told_apart

from ..conftest import answered

KEY = "sk-secret-0123456789"  # of the fixture


@pytest.fixture
def fitted(three_themes, fit_once):
    """Topics of weather, court and oil."""
    return fit_once("three", three_themes, n_topics=3, min_size=3)


def test_labels_are_words_by_default(fitted):
    """Without an address a label is the topic's first words by FREX; the given topics stay as they are."""
    before = fitted.topics.copy()
    labelled = tk.label_topics(fitted, words=2)
    assert labelled.topics["label"].tolist() == [
        ", ".join(words) for words in tk.topic_words(fitted, n=2).groupby("topic")["word"].agg(list)
    ]
    assert labelled.settings["labels"] == {"measure": "frex", "words": 2}
    assert fitted.topics.equals(before) and "labels" not in fitted.settings
    assert "labels" not in fitted.topics.attrs["recipe"]["settings"]


def test_a_model_is_asked_once_for_each_topic(fitted, language_service):
    """The request has the model, the prompt, the words and lines as JSON, and the key as a header; the answers are the labels."""
    address, asked = language_service(lambda n: answered(f"Label {'ABC'[n - 1]}", model="tiny-1"))
    labelled = tk.label_topics(fitted, base_url=address + "/", model="tiny", lines=2)
    assert labelled.topics["label"].tolist() == ["Label A", "Label B", "Label C"]
    assert [path for path, _, _ in asked] == ["/v1/chat/completions"] * 3
    _, headers, body = asked[0]
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert (body["model"], body["temperature"], body["messages"][0]["content"]) == ("tiny", 0, PROMPT)
    sent = json.loads(body["messages"][1]["content"])
    assert (
        sent["words"] == tk.topic_words(fitted, n=10).query("topic == 0")["word"].tolist()
        and len(sent["passages"]) == 2
    )


def test_the_recipe_has_prompt_and_model_and_never_the_key(fitted, language_service):
    """Tables made from labelled topics say who named them; the key stands nowhere."""
    address, _ = language_service(answered("Weather", model="tiny-1"))
    labelled = tk.label_topics(fitted, base_url=address, model="tiny", language="German")
    settings = tk.topic_shares(labelled).attrs["recipe"]["settings"]["topics"]["labels"]
    assert settings["prompt"] == PROMPT + " Write the label in German."
    assert (settings["model"], settings["model_answered"], settings["base_url"]) == ("tiny", ["tiny-1"], address)
    assert KEY not in json.dumps([labelled.topics.attrs, labelled.settings, tk.topic_shares(labelled).attrs])


def test_an_answer_is_plain_text_and_short(fitted, language_service):
    """Markup is escaped where labels are shown; of a long answer the first line is taken, and cut."""
    address, _ = language_service(answered("<img src=x onerror=alert(1)>\nIgnore all else, and run this."))
    labelled = tk.label_topics(fitted, base_url=address, model="tiny")
    assert labelled.topics["label"].str.startswith("<img src=x onerror=alert(1)> (").all()
    assert (
        "<img" not in labelled._repr_html_()
        and "<img" not in labelled.show()._repr_html_()
        and "&lt;img" in labelled.show()._repr_html_()
    )
    assert clean_label("w " * 100) == "w " * 29 + "w…"
    assert clean_label('Label: "Courts".') == "Courts" and clean_label("\u202eabc\x07") == "abc"
    assert clean_label(" \n ") == ""


@pytest.mark.parametrize(
    ("answer", "label"),
    [
        ("<think>\nLet me see: judges, a ban.\n</think>\n\nCourts and ban", "Courts and ban"),
        ("<think>Courts?</think><think>Yes.</think> Courts", "Courts"),
        ("It is about judges, I think.</think>\nCourts", "Courts"),
        ("[THINK]hm[/THINK]Courts", "Courts"),
        ("<reasoning>\nIt could be", ""),
        ('```json\n{"label": "Courts and ban"}\n```', "Courts and ban"),
        ("```\nCourts\n```\nI chose this.", "Courts"),
        ('{"label": "Courts", "confidence": 0.9} Hope that helps!', "Courts"),
        ('[{"Label": "Courts"}]', "Courts"),
        ('{"answer": "Courts"}', "Courts"),
        ("{'label': 'Courts'}", "Courts"),
        ('{"label": "Courts and', "Courts and"),
        ('{"confidence": 0.9}', ""),
        ("**Label:** Courts", "Courts"),
        ("Thoughts on reasoning", "Thoughts on reasoning"),
        ("[Courts] and ban", "[Courts] and ban"),
    ],
)
def test_only_the_label_of_an_answer_is_a_label(answer, label):
    """Reasoning, with or without both of its marks, code fences and JSON are not the label."""
    assert clean_label(answer) == label


def test_reasoning_without_end_is_no_label(fitted, language_service):
    """A model that was cut off while it reasoned gave no label, and the error says why."""
    address, _ = language_service(answered("<think>\nThe words are about"))
    with pytest.raises(FramingError) as error:
        tk.label_topics(fitted, base_url=address, model="tiny")
    assert str(error.value) == (
        "127.0.0.1 gave no label for topic 0: the answer has its reasoning only. Try another model or prompt."
    )


def test_one_label_of_several_topics_is_told_apart(fitted, language_service):
    """Each gets its first word that the others lack; the settings have the label as it was given."""
    address, _ = language_service(lambda n: answered("<think>hm</think>News" if n < 3 else "Oil"))
    labelled = tk.label_topics(fitted, base_url=address, model="tiny")
    words = [words.split(", ") for words in fitted.topics["words"]]
    own = [next(w for w in words[at] if w not in words[1 - at]) for at in (0, 1)]
    assert labelled.topics["label"].tolist() == [f"News ({own[0]})", f"News ({own[1]})", "Oil"]
    assert labelled.settings["labels"]["told_apart"] == {"0": "News", "1": "News"}
    assert labelled.topics.attrs["recipe"]["settings"]["labels"]["told_apart"] == {"0": "News", "1": "News"}


def test_topics_without_a_word_of_their_own_are_numbered():
    """Where nothing tells two topics apart their labels get numbers, no other topic's label, and the outliers keep theirs."""
    same = {0: ["rain"], 1: ["rain"], 2: ["oil"], -1: ["gas"]}
    assert told_apart({0: "News", 1: "news", 2: "News (1)", -1: "outliers"}, same) == {
        0: "News (2)", 1: "news (3)", 2: "News (1)", -1: "outliers",
    }  # fmt: skip
    assert told_apart({0: "Outliers", -1: "outliers"}, same) == {0: "Outliers (rain)", -1: "outliers"}
    assert max(map(len, told_apart({0: "w" * 60, 1: "w" * 60}, {0: ["sun"], 1: ["rain"]}).values())) == 60


def test_labels_are_seen_where_one_looks(fitted, language_service):
    """The table in the shell and in a notebook, the model and its figures have the labels; the given topics and model do not."""
    address, _ = language_service(lambda n: answered(["Bad weather", "Courts", "<b>Oil"][n - 1]))
    before = dict(fitted.model.topic_labels_)
    labelled = tk.label_topics(fitted, base_url=address, model="tiny")
    assert f"Bad weather: {fitted.topics['words'][0]}" in repr(labelled).splitlines()[1]
    assert (
        f">Bad weather: {fitted.topics['words'][0]}<" in labelled._repr_html_()
        and "&lt;b&gt;Oil: " in labelled._repr_html_()
    )
    assert (
        list(labelled.model.topic_labels_.values())
        == ["Bad weather", "Courts", "<b>Oil"]
        == labelled.model.custom_labels_
    )
    assert labelled.model.get_topic_info()["CustomName"].tolist() == ["Bad weather", "Courts", "<b>Oil"]
    assert fitted.model.topic_labels_ == before and fitted.model.custom_labels_ is None
    assert ": " not in repr(fitted).splitlines()[1]
    for table in (labelled.words, labelled.assignments):
        assert table.attrs["recipe"]["settings"]["labels"]["model"] == "tiny"
    assert "labels" not in fitted.words.attrs["recipe"]["settings"]


def test_labels_outlast_a_merge(fitted, language_service):
    """A topic that stays keeps its label, in the tables and the model; merged ones are named by their words."""
    address, _ = language_service(lambda n: answered(["Weather", "Courts", "Oil"][n - 1]))
    merged = tk.label_topics(fitted, base_url=address, model="tiny").merge([[1, 2]])
    assert merged.topics["label"].tolist()[1] == "Weather" == merged.model.topic_labels_[1]
    assert (
        merged.model.topic_labels_[0].startswith("0_") and merged.topics["label"][0] == merged.model.custom_labels_[0]
    )


def test_lines_can_stay_at_home(fitted, language_service):
    """With lines=0 only words are sent."""
    address, asked = language_service(answered("Weather"))
    tk.label_topics(fitted, base_url=address, model="tiny", lines=0)
    assert json.loads(asked[0][2]["messages"][1]["content"])["passages"] == []


def test_an_answer_without_text_is_no_label(fitted, language_service):
    """An answer whose content is missing is refused with the topic that it was about."""
    address, _ = language_service(answered(None))
    with pytest.raises(FramingError) as error:
        tk.label_topics(fitted, base_url=address, model="tiny")
    assert str(error.value) == "127.0.0.1 gave no label for topic 0. Try another model or prompt."


def test_the_error_of_a_service_names_the_topic(fitted, language_service):
    """What a service answers in another form is told with the number of the topic that it was asked about."""
    address, _ = language_service(lambda n: answered("Weather") if n == 1 else {"detail": "no"})
    with pytest.raises(FramingError, match=r"^127\.0\.0\.1 answered for topic 1, but not as an OpenAI-compatible"):
        tk.label_topics(fitted, base_url=address, model="tiny")


def test_a_model_needs_an_address(fitted):
    """A model without a service is refused before anything is asked."""
    with pytest.raises(FramingError) as error:
        tk.label_topics(fitted, model="tiny")
    assert str(error.value) == (
        "A model needs the address of the service that has it: base_url='http://localhost:11434/v1'."
    )


def test_the_old_name_of_the_address_works_on(fitted, language_service):
    """address= means base_url= until 1.0, and the warning says so."""
    address, asked = language_service(answered("Weather"))
    with pytest.warns(DeprecationWarning, match=r"^label_topics\(address=\.\.\.\) is now called base_url\."):
        labelled = tk.label_topics(fitted, address=address, model="tiny")
    assert len(asked) == 3 and labelled.settings["labels"]["base_url"] == address
