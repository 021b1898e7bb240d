"""The client of a language model asks politely, says in a sentence what goes wrong, and gives the key to nobody else."""

import json
import time

import pytest

from toolkit.models import language_model
from toolkit.models.language_model import LanguageModel, has_reasoning, without_reasoning
from toolkit.tables import FramingError

from ..conftest import answered

KEY = "sk-secret-0123456789"


def test_a_question_is_one_request(language_service):
    """The request has the model, the prompt, the question, no temperature, the seed, and the key as a header."""
    base_url, asked = language_service(answered("Courts", model="tiny-1"))
    assert LanguageModel(base_url, "tiny").ask("Name it.", "court, judge", seed=7) == ("Courts", "tiny-1")
    [(path, headers, body)] = asked
    assert path == "/v1/chat/completions" and headers["Authorization"] == f"Bearer {KEY}"
    assert body == {
        "model": "tiny",
        "messages": [{"role": "system", "content": "Name it."}, {"role": "user", "content": "court, judge"}],
        "temperature": 0,
        "seed": 7,
        "stream": False,
    }


def test_a_service_that_does_not_name_its_model(language_service):
    """Then the model is the one that was asked for; an answer without text is an empty one."""
    base_url, _ = language_service(answered(None))
    assert LanguageModel(base_url, "tiny").ask("Name it.", "court") == ("", "tiny")


@pytest.mark.parametrize("ending", ["", "/", "/chat/completions", "/chat/completions/"])
def test_a_full_address_is_used_as_it_is(language_service, ending):
    """An address with or without /chat/completions is asked at the same place."""
    base_url, asked = language_service(answered("Weather"))
    LanguageModel(base_url + ending, "tiny").ask("Name it.", "rain")
    assert [path for path, _, _ in asked] == ["/v1/chat/completions"]


def test_a_busy_service_is_asked_again(language_service):
    """After 429 with Retry-After the request is repeated."""
    base_url, asked = language_service(
        answered("Weather"), status=lambda n: 429 if n == 1 else 200, headers=[("Retry-After", "0")]
    )
    assert LanguageModel(base_url, "tiny").ask("Name it.", "rain")[0] == "Weather"
    assert len(asked) == 2


def test_a_service_that_stays_busy_is_given_up(language_service, monkeypatch):
    """Three requests are made, after 1 and 2 seconds where the service names no time, and the third refusal is told."""
    waited = []
    monkeypatch.setattr(language_model.time, "sleep", waited.append)
    base_url, asked = language_service({"detail": "busy"}, status=503)
    with pytest.raises(FramingError, match=r"^127\.0\.0\.1 refused the request for a question \(503\)\."):
        LanguageModel(base_url, "tiny").ask("Name it.", "rain")
    assert len(asked) == 3 and waited == [1.0, 2.0]


def test_no_service_makes_one_wait_long(language_service, monkeypatch):
    """A service that asks for an hour is asked again after 20 seconds."""
    waited = []
    monkeypatch.setattr(language_model.time, "sleep", waited.append)
    base_url, _ = language_service(
        answered("Weather"), status=lambda n: 429 if n == 1 else 200, headers=[("Retry-After", "3600")]
    )
    LanguageModel(base_url, "tiny").ask("Name it.", "rain")
    assert waited == [20.0]


def test_a_service_on_this_machine_needs_no_key(language_service, monkeypatch):
    """Without the variable no header is sent to a local address."""
    base_url, asked = language_service(answered("Weather"))
    monkeypatch.delenv("OPENAI_API_KEY")
    LanguageModel(base_url, "tiny").ask("Name it.", "rain")
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
            "127.0.0.1 refused the request for topic 0 (404). Is the address right up to its version (.../v1), and does the service "
            'have the model? It says: \'{"detail": "no"}\'.',
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
    ],
)
def test_what_a_service_says_wrong(language_service, answer, status, sentence):
    """Refusals and answers of another form are told, without the key."""
    base_url, _ = language_service(answer, status=status)
    with pytest.raises(FramingError) as error:
        LanguageModel(base_url, "tiny").ask("Name it.", "rain", about="topic 0")
    assert str(error.value) == sentence


def test_no_redirect_is_followed(language_service):
    """An address that leads elsewhere gets the key once and no further."""
    other, asked_there = language_service(answered("Weather"))
    base_url, _ = language_service({}, status=307, headers=[("Location", other + "/chat/completions")])
    with pytest.raises(FramingError, match=r"\(307\)\. It redirects; give the address that it leads to\."):
        LanguageModel(base_url, "tiny").ask("Name it.", "rain")
    assert asked_there == []


def test_nobody_there():
    """A closed port is told in a sentence."""
    with pytest.raises(
        FramingError, match=r"^127\.0\.0\.1 cannot be reached: .*\. Does the service run at this address\?$"
    ):
        LanguageModel("http://127.0.0.1:9/v1", "tiny").ask("Name it.", "rain")


def test_a_service_that_is_too_slow(language_service):
    """An answer that takes longer than the timeout is not waited for, and the error says what would help."""
    base_url, _ = language_service(lambda n: time.sleep(0.5) or answered("Weather"))
    with pytest.raises(FramingError) as error:
        LanguageModel(base_url, "tiny", timeout=0.1).ask("Name it.", "rain", about="topic 3")
    assert str(error.value) == ("127.0.0.1 gave no answer for topic 3 within 0.1 seconds. Give it more: timeout=300.")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {"base_url": "localhost/v1"},
            "base_url looks like 'http://localhost:11434/v1' or 'https://.../v1'; this is 'localhost/v1'.",
        ),
        (
            {"base_url": "https://example.org/v1?key=1"},
            "base_url holds a user, a password or parameters. Put the key into the environment (key_from).",
        ),
        ({"base_url": "http://localhost/v1", "model": None}, "Say which model the service is to use: model='...'."),
        (
            {"base_url": "https://example.org/v1", "key_from": "NO_KEY_HERE"},
            "The environment variable NO_KEY_HERE holds no key for example.org. Set it before the notebook starts, or name another one with "
            "key_from.",
        ),
        (
            {"base_url": "http://example.org/v1"},
            "The key would go to example.org unencrypted. Use an address with https.",
        ),
        ({"base_url": "http://localhost/v1", "timeout": 0}, "timeout is a number of seconds above 0; this is 0."),
    ],
)
def test_addresses_that_are_not_asked(monkeypatch, settings, sentence):
    """What would not work, or would give the key away, is refused before anything is sent."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with pytest.raises(FramingError) as error:
        LanguageModel(**{"model": "tiny", **settings})
    assert str(error.value) == sentence


@pytest.mark.parametrize(
    ("answer", "rest", "reasons"),
    [
        ("<think>\nLet me see.\n</think>\n\nCourts", "Courts", True),
        ("<think>Courts?</think><think>Yes.</think> Courts", "Courts", True),
        ("It is about judges, I think.</think>\nCourts", "Courts", False),
        ("<reasoning>\nIt could be", "", True),
        ('```json\n{"label": "Courts"}\n```', '{"label": "Courts"}', False),
        ("Thoughts on reasoning", "Thoughts on reasoning", False),
    ],
)
def test_reasoning_and_fences_are_no_part_of_an_answer(answer, rest, reasons):
    """What a model says to itself is removed, with or without both of its marks, and so are code fences."""
    assert without_reasoning(answer) == rest
    assert has_reasoning(answer) is reasons


def test_the_key_is_in_no_representation(language_service):
    """Neither the client's own text nor what it sends besides the header has the key."""
    base_url, asked = language_service(answered("Weather"))
    model = LanguageModel(base_url, "tiny")
    model.ask("Name it.", "rain")
    assert KEY not in repr(model) and KEY not in json.dumps(asked[0][2])
