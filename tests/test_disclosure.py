"""Keys, passwords and the folders of a machine are not written down, however they are spelled."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.disclosure import is_secret_name, without_folders, without_secrets
from toolkit.recipes import make_recipe, plain
from toolkit.records.writes import json_text

quick = settings(deadline=None, max_examples=150)

WORDS = (
    "token",
    "auth",
    "authorization",
    "bearer",
    "password",
    "secret",
    "api key",
    "x api key",
    "access token",
    "client secret",
)
NAMES = st.tuples(
    st.sampled_from(WORDS),
    st.sampled_from(["_", "-", ".", ""]),
    st.sampled_from([str.lower, str.upper, str.title]),
    st.sampled_from(["", "my ", "nyt "]),
).map(lambda parts: parts[2](parts[3] + parts[0]).replace(" ", parts[1] if parts[3] == "" else parts[1] or "_"))
LETTERS = st.text("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", min_size=24, max_size=40)
VALUES = st.tuples(
    st.sampled_from(
        [
            "sk-",
            "sk-proj-",
            "hf_",
            "ghp_",
            "gho_",
            "github_pat_11A",
            "xoxb-12-",
            "xoxp-",
            "xapp-1-",
            "AIza",
            "glpat-",
            "npm_",
            "eyJhbGci.eyJ",
            "ya29.",
        ]
    ),
    LETTERS,
).map("".join) | st.text("ABCDEFGHIJKLMNOP23456", min_size=16, max_size=16).map("AKIA".__add__)
PLACES = st.sampled_from(
    ["{}", "said {}, twice", "({})", "key: {}", '"{}"', "https://example.org/?q={}", "a={}", "\n{}\n"]
)
SECRET = "hidden4mAt1on"


@quick
@given(NAMES, st.sampled_from([SECRET, [SECRET], {"x": {"y": SECRET}}, (SECRET, 3), SECRET.encode()]))
def test_what_a_key_like_name_holds_is_not_written(name: str, value: object) -> None:
    """In any case and with any separator, at any depth, whatever form the value has."""
    assert is_secret_name(name)
    for holder in ({name: value}, {"embedder": [{"headers": {name: value}}]}):
        assert SECRET not in json_text(holder)
        assert SECRET not in json.dumps(plain(holder))


SECRET_WORDS = st.sampled_from(["api key", "auth token", "access token", "password", "client secret", "auth", "token"])


@quick
@given(st.lists(st.sampled_from(["my", "open", "prod", "x", "guardian"]), max_size=2), SECRET_WORDS)
def test_names_in_camel_case_are_known(before: list[str], secret: str) -> None:
    """A name in one piece is cut where a capital begins a word."""
    first, *others = [*before, *secret.split()]
    assert is_secret_name(first + "".join(word.title() for word in others))


@quick
@given(
    st.recursive(
        st.just({"X-Api-Key": SECRET}),
        lambda inner: st.lists(inner, min_size=1) | st.dictionaries(st.sampled_from("ab"), inner, min_size=1),
    )
)
def test_a_key_is_hidden_at_any_depth(nested: object) -> None:
    """Whatever lies around a setting that holds a key, its value is written nowhere."""
    assert SECRET not in json_text({"settings": nested})


@quick
@given(VALUES, PLACES)
def test_what_looks_like_a_key_is_not_written(value: str, place: str) -> None:
    """As a value, inside a sentence or an address, as a name, in a corpus's name and in a note."""
    text = place.format(value)
    kept = value[-12:]
    assert kept not in without_secrets(text)
    recipe = make_recipe("toolkit.usage", {}, {"name": text}, ())
    assert kept not in json.dumps(recipe)
    assert kept not in json_text({"note": text, text: 1, "deep": [{"a": [text]}]})


@quick
@given(
    NAMES.filter(lambda name: "." not in name),
    st.sampled_from(
        ["{}={}", "{}: {}", '"{}": "{}"', "{} = '{}'", "https://x.org/a?b=1&{}={}", "https://x.org/#{}={}"]
    ),
)
def test_a_key_behind_its_name_is_not_written(name: str, form: str) -> None:
    """In settings that are one text: assignments, headers, JSON, addresses."""
    assert SECRET not in without_secrets(f"sent {form.format(name, SECRET)} there")


@pytest.mark.parametrize("login", [f"jo:{SECRET}", SECRET, f"jo:{SECRET}@x", f"jo:a@{SECRET}", f":{SECRET}"])
def test_passwords_in_addresses_are_not_written(login: str) -> None:
    """User and password go, the address stays; a password may hold an @."""
    masked = without_secrets(f"from https://{login}@example.org:80/feed?page=2 on")
    assert SECRET not in masked
    assert "@example.org:80/feed?page=2 on" in masked


def test_authorization_headers_are_not_written() -> None:
    """A scheme and its value, and both words of a header."""
    for text in (f"Authorization: Bearer {SECRET}{SECRET}", f"Bearer {SECRET}{SECRET}", f"basic {SECRET}{SECRET}=="):
        assert SECRET not in without_secrets(text)


@pytest.mark.parametrize(
    "value",
    [
        {
            "keywords": ["reset"],
            "n_tokens": 3,
            "key": "source",
            "max_token": 5,
            "author": "Jo Reed",
            "authors": ["A"],
            "tokens": "news",
        },
        {"terms": {"password": ["password*"], "auth": ["auth"], "token": ["token: x", "bearer"]}},
        {"note": "The secret: nobody said a word. Passwords were reset; see https://example.org/a/@jo?page=2&q=token."},
        {
            "by": ["source"],
            "secretary": "Reed",
            "compass": "north",
            "embedder": "model2vec:skyline-and-other-long-names-here",
        },
        {
            "fingerprint": "580-0f3a9c1d0f3a9c1d0f3a9c1d0f3a9c1d",
            "sha256": "ab" * 32,
            "freq": "M",
            "at": "2017-01-27T12:00:00",
        },
    ],
)
def test_what_only_sounds_like_a_key_is_written(value: dict[str, object]) -> None:
    """Words of the language, counts, terms of the user's and hashes stay."""
    assert json.loads(json_text(value)) == value


def test_true_and_missing_are_no_secrets() -> None:
    """Whether there was a key may be said."""
    assert plain({"token": True, "password": None}) == {"token": True, "password": None}


PARTS = st.text("abcdefghABC 0123_-éж報.", min_size=1, max_size=9).filter(lambda part: part.strip(" .") == part)
FILES = st.sampled_from(["export.csv", "corpus", "notes_2.txt"])
ROOTS = st.sampled_from(
    [
        ("/", "/"),
        ("C:\\", "\\"),
        ("d:/", "/"),
        ("\\\\server\\", "\\"),
        ("//server/", "/"),
        ("file:///", "/"),
        ("file://localhost/", "/"),
        ("file:///C:/", "/"),
        ("~/", "/"),
    ]
)


@quick
@given(ROOTS, st.lists(PARTS, min_size=2, max_size=4), FILES)
def test_of_an_absolute_path_only_the_last_part_is_written(root: tuple[str, str], parts: list[str], file: str) -> None:
    """Of POSIX, Windows, shares and file addresses, with spaces and letters of any script; in lists, in names, at any depth."""
    start, mark = root
    path = start + mark.join([*parts, file])
    assert without_folders(path) == file
    assert without_folders(f'read "{path}" twice') == f'read "{file}" twice'
    assert json.loads(json_text({"a": [{"b": [path]}], path: 1})) == {"a": [{"b": [file]}], file: 1}


SIMPLE = st.text("abcdefghABC0123_-éж報", min_size=1, max_size=9)


@quick
@given(ROOTS, st.lists(st.lists(SIMPLE, min_size=1, max_size=3).map(" ".join), min_size=2, max_size=4), FILES)
def test_a_path_in_running_text_is_reduced_too(root: tuple[str, str], parts: list[str], file: str) -> None:
    """Where folders' names hold spaces, no folder is left."""
    start, mark = root
    assert without_folders(f"read from {start}{mark.join([*parts, file])}, twice") == f"read from {file}, twice"


@pytest.mark.parametrize(
    "text",
    [
        "and/or, km/h, https://example.org/a/b, data/press.csv",
        "Post / Wire / CNN",
        "24/7 and 1/2",
        "https://example.org:8080/a/b/c.html?x=1",
        "ftp://example.org/pub/a",
        "model2vec:potion/base",
        "2017/export:3",
        "a: b / c",
        "say \\d+ or \\w",
    ],
)
def test_what_is_no_path_stays(text: str) -> None:
    """Addresses, alternatives, fractions, relative paths and patterns are no place on a machine."""
    assert without_folders(text) == text
