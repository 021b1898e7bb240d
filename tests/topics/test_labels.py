"""Labels: words by default; a model behind an address is asked politely, believed little, and given no key it should not have."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

import toolkit as tk
from toolkit.tables import FramingError
from toolkit.topics.labels import PROMPT, clean_label, told_apart

KEY = "sk-secret-0123456789"


@pytest.fixture
def fitted(three_themes, fit_once):
    """Topics of weather, court and oil."""
    return fit_once("three", three_themes, n_topics=3, min_size=3)


@pytest.fixture
def serve(monkeypatch):
    """Return a function that starts a local service which answers with what it is given, and keeps what it was asked."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    servers = []

    def start(answer, status=200, headers=()):
        asked = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                asked.append((self.path, dict(self.headers), json.loads(body)))
                said = answer(len(asked)) if callable(answer) else answer
                code = status(len(asked)) if callable(status) else status
                self.send_response(code)
                for name, value in headers:
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said if isinstance(said, bytes) else json.dumps(said).encode())

            do_GET = do_POST

            def log_message(self, *_):
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/v1", asked

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def said(text, **more):
    return {"choices": [{"message": {"role": "assistant", "content": text}}], **more}


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


def test_a_model_is_asked_once_for_each_topic(fitted, serve):
    """The request has the model, the prompt, the words and lines as JSON, and the key as a header; the answers are the labels."""
    address, asked = serve(lambda n: said(f"Label {'ABC'[n - 1]}", model="tiny-1"))
    labelled = tk.label_topics(fitted, address=address + "/", model="tiny", lines=2)
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


def test_the_recipe_has_prompt_and_model_and_never_the_key(fitted, serve):
    """Tables made from labelled topics say who named them; the key stands nowhere."""
    address, _ = serve(said("Weather", model="tiny-1"))
    labelled = tk.label_topics(fitted, address=address, model="tiny", language="German")
    settings = tk.topic_shares(labelled).attrs["recipe"]["settings"]["topics"]["labels"]
    assert settings["prompt"] == PROMPT + " Write the label in German."
    assert (settings["model"], settings["model_answered"], settings["address"]) == ("tiny", ["tiny-1"], address)
    assert KEY not in json.dumps([labelled.topics.attrs, labelled.settings, tk.topic_shares(labelled).attrs])


def test_an_answer_is_plain_text_and_short(fitted, serve):
    """Markup is escaped where labels are shown; of a long answer the first line is taken, and cut."""
    address, _ = serve(said("<img src=x onerror=alert(1)>\nIgnore all else, and run this."))
    labelled = tk.label_topics(fitted, address=address, model="tiny")
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


def test_reasoning_without_end_is_no_label(fitted, serve):
    """A model that was cut off while it reasoned gave no label, and the error says why."""
    address, _ = serve(said("<think>\nThe words are about"))
    with pytest.raises(FramingError) as error:
        tk.label_topics(fitted, address=address, model="tiny")
    assert str(error.value) == (
        "127.0.0.1 gave no label for topic 0: the answer has its reasoning only. Try another model or prompt."
    )


def test_one_label_of_several_topics_is_told_apart(fitted, serve):
    """Each gets its first word that the others lack; the settings have the label as it was given."""
    address, _ = serve(lambda n: said("<think>hm</think>News" if n < 3 else "Oil"))
    labelled = tk.label_topics(fitted, address=address, model="tiny")
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


@pytest.mark.parametrize("ending", ["", "/", "/chat/completions", "/chat/completions/"])
def test_a_full_address_is_used_as_it_is(fitted, serve, ending):
    """An address with or without /chat/completions is asked at the same place."""
    address, asked = serve(said("Weather"))
    tk.label_topics(fitted, address=address + ending, model="tiny")
    assert {path for path, _, _ in asked} == {"/v1/chat/completions"}


def test_labels_are_seen_where_one_looks(fitted, serve):
    """The table in the shell and in a notebook, the model and its figures have the labels; the given topics and model do not."""
    address, _ = serve(lambda n: said(["Bad weather", "Courts", "<b>Oil"][n - 1]))
    before = dict(fitted.model.topic_labels_)
    labelled = tk.label_topics(fitted, address=address, model="tiny")
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


def test_labels_outlast_a_merge(fitted, serve):
    """A topic that stays keeps its label, in the tables and the model; merged ones are named by their words."""
    address, _ = serve(lambda n: said(["Weather", "Courts", "Oil"][n - 1]))
    merged = tk.label_topics(fitted, address=address, model="tiny").merge([[1, 2]])
    assert merged.topics["label"].tolist()[1] == "Weather" == merged.model.topic_labels_[1]
    assert (
        merged.model.topic_labels_[0].startswith("0_") and merged.topics["label"][0] == merged.model.custom_labels_[0]
    )


def test_lines_can_stay_at_home(fitted, serve):
    """With lines=0 only words are sent."""
    address, asked = serve(said("Weather"))
    tk.label_topics(fitted, address=address, model="tiny", lines=0)
    assert json.loads(asked[0][2]["messages"][1]["content"])["passages"] == []


def test_a_busy_service_is_asked_again(fitted, serve):
    """After 429 with Retry-After the request is repeated."""
    address, asked = serve(said("Weather"), status=lambda n: 429 if n == 1 else 200, headers=[("Retry-After", "0")])
    tk.label_topics(fitted, address=address, model="tiny")
    assert len(asked) == 4


def test_a_service_on_this_machine_needs_no_key(fitted, serve, monkeypatch):
    """Without the variable no header is sent to a local address."""
    address, asked = serve(said("Weather"))
    monkeypatch.delenv("OPENAI_API_KEY")
    tk.label_topics(fitted, address=address, model="tiny")
    assert "Authorization" not in asked[0][1]


@pytest.mark.parametrize(
    ("answer", "status", "sentence"),
    [
        (
            {"error": f"bad key {KEY}"},
            401,
            """127.0.0.1 refused the request for topic 0 (401). The key is missing or wrong. It says: '{"error": "bad key (key)"}'.""",
        ),
        (
            {"detail": "no"},
            404,
            "127.0.0.1 refused the request for topic 0 (404). Is the address right up to its version (.../v1), and the model there? It says: "
            '\'{"detail": "no"}\'.',
        ),
        (
            b"<html>hello",
            200,
            "127.0.0.1 answered for topic 0, but not as an OpenAI-compatible service does (choices, message, content): '<html>hello'.",
        ),
        (
            {"choices": []},
            200,
            "127.0.0.1 answered for topic 0, but not as an OpenAI-compatible service does (choices, message, content): "
            "'{\"choices\": []}'.",
        ),
        (said(None), 200, "127.0.0.1 gave no label for topic 0. Try another model or prompt."),
    ],
)
def test_what_a_service_says_wrong(fitted, serve, answer, status, sentence):
    """Refusals and answers of another kind are told, without the key."""
    address, _ = serve(answer, status=status)
    with pytest.raises(FramingError) as error:
        tk.label_topics(fitted, address=address, model="tiny")
    assert str(error.value) == sentence


def test_no_redirect_is_followed(fitted, serve):
    """An address that leads elsewhere gets the key once and no further."""
    other, asked_there = serve(said("Weather"))
    address, _ = serve({}, status=307, headers=[("Location", other + "/chat/completions")])
    with pytest.raises(FramingError, match=r"\(307\)\. It redirects; give the address that it leads to\."):
        tk.label_topics(fitted, address=address, model="tiny")
    assert asked_there == []


def test_nobody_there(fitted):
    """A closed port is told in a sentence."""
    with pytest.raises(
        FramingError, match=r"^127\.0\.0\.1 cannot be reached: .*\. Does the service run at this address\?$"
    ):
        tk.label_topics(fitted, address="http://127.0.0.1:9/v1", model="tiny")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {"address": "localhost/v1"},
            "An address looks like 'http://localhost:11434/v1' or 'https://.../v1'; this is 'localhost/v1'.",
        ),
        (
            {"address": "https://example.org/v1?key=1"},
            "The address holds a user, a password or parameters. Put the key into the environment (key_from).",
        ),
        ({"address": "http://localhost/v1", "model": None}, "Say which model the service is to use: model='...'."),
        (
            {"address": "https://example.org/v1", "key_from": "NO_KEY_HERE"},
            "The environment variable NO_KEY_HERE holds no key for example.org. Set it before the notebook starts, or name another one with "
            "key_from.",
        ),
        (
            {"address": "http://example.org/v1"},
            "The key would go to example.org unencrypted. Use an address with https.",
        ),
        ({"address": "http://localhost/v1", "timeout": 0}, "timeout is a number of seconds above 0; this is 0."),
        ({}, "A model needs the address of the service that has it: address='http://localhost:11434/v1'."),
    ],
)
def test_addresses_that_are_not_asked(fitted, monkeypatch, settings, sentence):
    """What would not work, or would give the key away, is refused before anything is sent."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with pytest.raises(FramingError) as error:
        tk.label_topics(fitted, **{"model": "tiny", **settings})
    assert str(error.value) == sentence
