"""What is not written down: keys by name or by look, at any depth, and the folders of a machine."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.disclosure import HIDDEN, is_secret_name, without_folders, without_secrets
from toolkit.recipes import plain
from toolkit.records.writes import json_text

LETTERS = string.ascii_letters + string.digits
WORDS = st.lists(st.sampled_from(["my", "open", "prod", "x", "guardian"]), max_size=2)
SECRETS = st.sampled_from(
    [("api", "key"), ("auth", "token"), ("access", "token"), ("password",), ("client", "secret"), ("auth",), ("token",)]
)


def spelled(words, way):
    if way == "camel":
        return "".join(word if n == 0 else word.title() for n, word in enumerate(words))
    return way.join(words)


@given(WORDS, SECRETS, st.sampled_from(["_", "-", ".", " ", "camel"]), st.booleans())
def test_a_secret_is_known_by_its_name_however_it_is_spelled(before, secret, way, capitals):
    """Words in front, hyphens, points, capitals: a setting that holds a key is one."""
    name = spelled([*before, *secret], way)
    assert is_secret_name(name.upper() if capitals and way != "camel" else name)


@pytest.mark.parametrize(
    "name", ["keyness", "tokens", "n_tokens", "keywords", "key", "author", "authority", "secretary", "term", "source"]
)
def test_other_names_are_written(name):
    """Words of this field that only sound like keys are none."""
    assert not is_secret_name(name) and plain({name: "abc"}) == {name: "abc"}


@given(
    st.recursive(
        st.just("s3cret-value"),
        lambda inner: st.lists(inner, min_size=1) | st.dictionaries(st.sampled_from("ab"), inner, min_size=1),
    )
)
def test_a_key_is_hidden_at_any_depth(nested):
    """Whatever lies around a setting that holds a key, its value is written nowhere."""

    def named(value):
        if isinstance(value, str):
            return {"X-Api-Key": value}
        return (
            [named(each) for each in value]
            if isinstance(value, list)
            else {key: named(each) for key, each in value.items()}
        )

    assert "s3cret-value" not in json_text(named(nested))


KEYS = st.one_of(
    st.text(LETTERS, min_size=24, max_size=40).map("sk-".__add__),
    st.text(LETTERS, min_size=24, max_size=40).map("hf_".__add__),
    st.text(LETTERS, min_size=36, max_size=36).map("ghp_".__add__),
    st.text(LETTERS + "_", min_size=30, max_size=60).map("github_pat_".__add__),
    st.text(string.digits, min_size=10, max_size=12).map(lambda n: f"xoxb-{n}-{n}-AbCdEfGh"),
    st.text(string.ascii_uppercase + string.digits, min_size=16, max_size=16).map("AKIA".__add__),
    st.text(LETTERS, min_size=35, max_size=35).map("AIza".__add__),
    st.text(LETTERS, min_size=12, max_size=30).map(lambda part: f"eyJ{part}.eyJ{part}.{part}"),
)


@given(
    KEYS,
    st.sampled_from(["{}", "key={}", "the key {} of mine", "({})", "https://a.example/?token={}&n=1", "Bearer {}"]),
)
def test_a_key_is_known_by_its_look(key, around):
    """Keys of known kinds are cut out of any text, also where a name of a corpus or a key of a dict holds one."""
    text = around.format(key)
    assert key not in without_secrets(text) and HIDDEN in without_secrets(text)
    assert key not in json_text({"name": text, text: 1, "list": [text]})


def test_an_address_loses_its_user_and_password():
    """The address stays, without what opens it."""
    assert without_secrets("https://ann:pw@example.org/a") == f"https://{HIDDEN}@example.org/a"


PART = st.text(LETTERS + " _-.", min_size=1, max_size=12).filter(lambda part: part.strip(" .") == part)
ROOTS = st.sampled_from(["/", "C:\\", "d:/", "\\\\server\\", "file:///", "~/"])


@given(ROOTS, st.lists(PART, min_size=1, max_size=4), st.text(LETTERS, min_size=1, max_size=9))
def test_a_path_keeps_its_last_part_only(root, folders, name):
    """A setting that is an absolute path, on any system and with spaces, is its file's name."""
    sign = "\\" if "\\" in root else "/"
    path = root + sign.join([*folders, f"{name}.csv"])
    if root == "/" and not folders[0]:
        return
    assert without_folders(path) == f"{name}.csv"
    assert plain_text(path) == f"{name}.csv"


def plain_text(path):
    import json

    return json.loads(json_text({"path": [path]}))["path"][0]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("read file:///home/ann/press/export.csv twice", "read export.csv twice"),
        ("see \\\\server\\share\\press\\export.csv now", "see export.csv now"),
        (
            "and/or, km/h, https://example.org/a/b, data/press.csv",
            "and/or, km/h, https://example.org/a/b, data/press.csv",
        ),
        ("a ratio of 3/4 and 1/2", "a ratio of 3/4 and 1/2"),
    ],
)
def test_paths_inside_a_sentence(text, left):
    """Paths in running text go, and what only has slashes stays."""
    assert without_folders(text) == left
