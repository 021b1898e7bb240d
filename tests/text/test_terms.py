"""Terms: every way of stating them says the same, what is written down is read back, and what cannot be meant is refused."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
from toolkit.text.notation import split_items
from toolkit.text.patterns import Pattern

PAGE = Path(__file__).resolve().parents[2] / "CONVENTIONS.md"

NESTED = {
    "reset": ["reset*", "!resettle*"],
    "migration": {
        "migrants": {"patterns": "migrant*", "note": "not refugees"},
        "bans": {"travel ban": {"patterns": ["travel ban*"], "exclude": "travel bandits"}, "US": "US (case)"},
    },
    "order": "executive order",
}


# How a pattern is read


@pytest.mark.parametrize(
    ("text", "words", "gaps", "breaks"),
    [
        ("Travel-ban*", ("Travel", "ban*"), ((0, 0), (0, 0)), (True, False)),
        ("ban {0,3} Muslims", ("ban", "Muslims"), ((0, 0), (0, 3)), (True, False)),
        ("ban {2} Muslims", ("ban", "Muslims"), ((0, 0), (2, 2)), (True, False)),
        ("a {1} {0,2} * b", ("a", "*", "b"), ((0, 0), (1, 3), (0, 0)), (True, False, False)),
        ("ban, {0,3} Muslims", ("ban", "Muslims"), ((0, 0), (0, 3)), (True, True)),
        ("ban {0,3}, Muslims", ("ban", "Muslims"), ((0, 0), (0, 3)), (True, True)),
        ("/re(set|boot)s?/ button", ("/re(set|boot)s?/", "button"), ((0, 0), (0, 0)), (True, False)),
        ("the /a{2}/", ("the", "/a{2}/"), ((0, 0), (0, 0)), (True, False)),
        ("and/or", ("and", "or"), ((0, 0), (0, 0)), (True, False)),
        ("travel / ban", ("travel", "ban"), ((0, 0), (0, 0)), (True, False)),
        ("24/7", ("24", "7"), ((0, 0), (0, 0)), (True, False)),
        ("Yahoo!", ("Yahoo",), ((0, 0),), (True,)),
    ],
)
def test_patterns_are_read_word_by_word(text, words, gaps, breaks):
    """Words, gaps and punctuation of a pattern are told apart; a slash inside a word parts it."""
    pattern = Pattern(text)
    assert (pattern.words, pattern.gaps, pattern.breaks) == (words, gaps, breaks)


def test_capitals_are_a_part_of_the_text():
    """A pattern in which capitals matter says so in its text, however it was asked for, and reading the text again changes nothing."""
    assert Pattern(" US (case) ") == Pattern("US", case=True) == Pattern("US (case)", case=True)
    assert (Pattern("US (case)").text, Pattern("US (case)").words, Pattern("US (case)").case) == (
        "US (case)",
        ("US",),
        True,
    )
    assert Pattern("US") != Pattern("US (case)")
    assert Pattern("the (case) for").case is False


GAP = "Write {0,3} for none to three words of any kind, {2} for exactly two; a brace is never a part of a word, so leave a literal one out."
END = (
    "begins an expression that has no end, or nothing in it. An expression stands for one word, without spaces, "
    "as in /re(set|boot)s?/. A slash is never a part of a word, so leave a literal one out."
)
OWN = "touches letters. A gap or an expression is a word by itself: put a space around it, or leave slashes and braces out."
RE2 = "The syntax is that of RE2: https://github.com/google/re2/wiki/Syntax."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a {3,1} b", f"'{{3,1}}' in the pattern 'a {{3,1}} b' is no gap. {GAP}"),
        ("a {x} b", f"'{{x}}' in the pattern 'a {{x}} b' is no gap. {GAP}"),
        ("a } b", f"'}}' in the pattern 'a }} b' is no gap. {GAP}"),
        ("{2} a", "The pattern '{2} a' begins or ends with a gap; a gap stands between two words."),
        ("a {2}", "The pattern 'a {2}' begins or ends with a gap; a gap stands between two words."),
        ("a {0,40} {20} b", "A gap spans 50 words at most; the pattern 'a {0,40} {20} b' asks for more."),
        ("ab{2}", f"In the pattern 'ab{{2}}', '{{2}}' {OWN}"),
        ("/usr/bin", f"In the pattern '/usr/bin', '/usr/' {OWN}"),
        ("/reset", f"'/reset' in the pattern '/reset' {END}"),
        ("/travel ban/", f"'/travel' in the pattern '/travel ban/' {END}"),
        ("//", f"'//' in the pattern '//' {END}"),
        ("/(a/", f"The expression /(a/ in the pattern '/(a/' is not valid (missing ): (a). {RE2}"),
        ("/a)(b/", f"The expression /a)(b/ in the pattern '/a)(b/' is not valid (unexpected ): a)(b). {RE2}"),
        (
            "/(?=a)/",
            f"The expression /(?=a)/ in the pattern '/(?=a)/' is not valid (invalid perl operator: (?=). {RE2}",
        ),
        ("\ud800", "The pattern '\\ud800' holds half a character (a lone surrogate)."),
    ],
)
def test_what_no_pattern_can_mean_is_refused(text, message):
    """Braces and slashes that are no gap or expression raise a sentence that says what to write."""
    with pytest.raises(tk.FramingError) as error:
        tk.Terms({"term": text})
    assert str(error.value) == message


# Ways of stating terms


def frame():
    return pd.DataFrame(
        [
            ("reset", "reset*", "resettle*", None, None, False),
            ("migrants", "migrant*", None, "not refugees", "migration", False),
            ("travel ban", "travel ban*", "travel bandits", None, "migration / bans", False),
            ("US", "US", None, None, "migration / bans", True),
            ("order", "executive order", None, None, None, False),
        ],
        columns=["term", "pattern", "exclude", "note", "group", "case"],
    )


TOML = """
reset = ["reset*", "!resettle*"]

[migration.migrants]
patterns = "migrant*"
note = "not refugees"

[migration.bans]
US = "US (case)"

[migration.bans."travel ban"]
patterns = ["travel ban*"]
exclude = ["travel bandits"]

[order]
patterns = ["executive order"]
"""

LINES = """reset: reset* | !resettle*

[migration]
migrants: migrant*
    # not refugees

[migration / bans]
travel ban: travel ban* | !travel bandits
US: US (case)

[]
order: executive order"""


def test_all_ways_of_stating_terms_say_the_same(tmp_path):
    """A nested mapping, printed lines, a table and a TOML file give equal terms."""
    terms = tk.Terms(NESTED)
    assert str(terms) == LINES
    assert terms == tk.Terms.parse(LINES) == tk.Terms(frame()) == tk.Terms(terms)
    path = tmp_path / "terms.toml"
    path.write_text(TOML, encoding="utf-8-sig")
    read = tk.Terms.read(path)
    assert read == tk.Terms(path) == tk.Terms(str(path))
    assert list(read) == ["reset", "migrants", "US", "travel ban", "order"]  # as they stand in the file
    assert {name: read.clauses(name) for name in read} == {name: terms.clauses(name) for name in terms}
    assert terms.notes == read.notes == {"migrants": "not refugees"}
    assert terms.groups == {
        "reset": (),
        "migrants": ("migration",),
        "travel ban": ("migration", "bans"),
        "US": ("migration", "bans"),
        "order": (),
    }


def test_terms_are_stated_as_plain_values():
    """Recipes hold patterns and exclusions as JSON has them, and terms made of these count the same."""
    terms = tk.Terms(NESTED)
    assert terms.as_dict() == {
        "reset": ["reset*", "!resettle*"],
        "migrants": ["migrant*"],
        "travel ban": ["travel ban*", "!travel bandits"],
        "US": ["US (case)"],
        "order": ["executive order"],
    }
    again = tk.Terms(json.loads(json.dumps(terms.as_dict())))
    assert {name: again.clauses(name) for name in again} == {name: terms.clauses(name) for name in terms}
    assert terms.exclusions == {"reset": (Pattern("resettle*"),), "travel ban": (Pattern("travel bandits"),)}
    assert terms["reset"] == (Pattern("reset*"),)


def test_an_exclusion_in_a_list_holds_for_each():
    """In a plain list, where each pattern is its own term, an exclusion is none."""
    assert tk.Terms(["reset*", "ban", "!resettle*"]).as_dict() == {
        "reset*": ["reset*", "!resettle*"],
        "ban": ["ban", "!resettle*"],
    }


def test_case_holds_for_all():
    """case=True marks every pattern and exclusion, of terms that are there, too; in a mapping it marks one term."""
    marked = {"reset": ["Reset (case)", "!RESET (case)"]}
    assert tk.Terms({"reset": ["Reset", "!RESET"]}, case=True).as_dict() == marked
    assert tk.Terms(tk.Terms({"reset": ["Reset", "!RESET"]}), case=True).as_dict() == marked
    assert tk.Terms({"reset": {"patterns": "Reset", "exclude": "RESET", "case": True}}).as_dict() == marked


def test_a_table_may_mark_its_exclusions():
    """In a column of bool, exclude says whether the row's pattern is an exclusion; a cell may hold several patterns."""
    rows = pd.DataFrame(
        {"term": ["reset"] * 2, "pattern": ["reset* | reboot*", "resettle*"], "exclude": [False, True], "case": [0, 1]}
    )
    assert tk.Terms(rows).as_dict() == {"reset": ["reset*", "reboot*", "!resettle* (case)"]}
    assert rows.equals(
        pd.DataFrame(
            {
                "term": ["reset"] * 2,
                "pattern": ["reset* | reboot*", "resettle*"],
                "exclude": [False, True],
                "case": [0, 1],
            }
        )
    )


def test_numbers_are_patterns_in_a_mapping():
    """A year needs no quotation marks."""
    assert tk.Terms({"year": [2016, 2017]}).as_dict() == {"year": ["2016", "2017"]}


def test_the_page_shows_terms_that_can_be_read(tmp_path):
    """The TOML on the page of conventions is what it says: a term with exclusions, and one with a note in a group."""
    block = re.search(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.S)
    path = tmp_path / "terms.toml"
    path.write_text(block[1], encoding="utf-8")
    terms = tk.Terms.read(path)
    assert list(terms.exclusions) == ["reset"]
    assert terms.groups["travel ban"] == ("migration",)
    assert list(terms.notes) == ["travel ban"]


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        (None, "Terms are names with patterns, or a list of patterns; None is neither."),
        (
            ["!resettle*"],
            "There is nothing to exclude '!resettle*' from. Name a pattern, too: ['reset*', '!resettle*'].",
        ),
        ({"x": ["!y"]}, "The term 'x' has no pattern but exclusions. Give it one: {'x': ['x']}."),
        ({"x": [None]}, "The patterns of the term 'x' are texts; None is none."),
        ({"x": [np.nan]}, "The patterns of the term 'x' are texts; nan is none."),
        ({"x": True}, "The patterns of the term 'x' are texts; True is none."),
        ({" ": "x"}, "A term or group needs a name; this one is empty."),
        ({"\udc00": "x"}, "The name '\\udc00' holds half a character (a lone surrogate)."),
        ({"g": {}}, "The group 'g' has no term."),
        (
            {"a": {"ban": "x"}, "b": {"c": {"ban": "y"}}},
            "The term 'ban' stands twice: in a and in b / c. Each needs its own name.",
        ),
        (
            {"ban": "x", "a": {"ban": "y"}},
            "The term 'ban' stands twice: in no group and in a. Each needs its own name.",
        ),
        (
            {"reset": {"pattern": "reset*"}},
            "'reset' has the key 'pattern', but no 'patterns'. A term needs them: {'reset': {'patterns': ['reset']}}; "
            "in a group, a term cannot be called 'pattern'.",
        ),
        (
            {"reset": {"patterns": "reset*", "notes": "x"}},
            "There is no setting of a term (here of 'reset') 'notes'. Did you mean 'note'? "
            "There are: patterns, exclude, note, case.",
        ),
        (
            {"patterns": "reset*", "exclude": "resettle*"},
            "These are the settings of a term without its name. "
            "Name it: {'reset': {'patterns': 'reset*', 'exclude': 'resettle*'}}.",
        ),
        (
            {"x": {"patterns": "y", "case": "no"}},
            "The setting case of the term 'x' is true or false; this is 'no'.",
        ),
        ({"x": {"patterns": "y", "note": 3}}, "The note of the term 'x' is a text; this is 3."),
        (
            "no-such.toml",
            "There is no file no-such.toml with terms. Write one: terms.write('no-such.toml').",
        ),
        (
            pd.DataFrame({"name": ["x"], "pattern": ["y"]}),
            "A table of terms needs the column term; this one has: name, pattern.",
        ),
        (
            pd.DataFrame({"term": ["x", None], "pattern": ["y", "z"]}),
            "Row 1 of this table of terms has no term; its pattern is 'z'.",
        ),
        (
            pd.DataFrame({"term": ["x", "x"], "pattern": ["y", "z"], "group": ["g", None]}),
            "The term 'x' stands twice: in g and in no group. Each needs its own name.",
        ),
        (
            pd.DataFrame({"term": ["x"], "pattern": ["y"], "case": ["yes"]}),
            "The column case is true or false; for the term 'x' it is 'yes'.",
        ),
        (
            pd.DataFrame({"term": ["g", "x"], "pattern": ["y", "z"], "group": [None, "g"]}),
            "'g' is the name of a term and, in the same place, of a group. Rename one of them.",
        ),
    ],
)
def test_terms_that_cannot_be_meant(terms, message):
    """What states no terms, or states them twice, is refused in a sentence."""
    with pytest.raises(tk.FramingError) as error:
        tk.Terms(terms)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("reset*", "Line 1 has no name before its patterns: 'reset*'. Write name: pattern | pattern."),
        ("\n[a", "Line 2 begins a group and does not end it: '[a'. Write [migration / people]."),
        ("a: x\na: y", "The term 'a' stands twice in the same group. Each needs its own name."),
        ("[g]\na: x\n[]\ng: y", "The term 'g' is also the name of a group there. Each needs its own name."),
        ("a:", "The term 'a' has no pattern. Give it one: {'a': ['a']}."),
        ("# nothing", "There is no term to look for. Name at least one: {'reset': ['reset', 'resets']}."),
    ],
)
def test_lines_that_cannot_be_meant(text, message):
    """What is wrong in written lines is said with the line."""
    with pytest.raises(tk.FramingError) as error:
        tk.Terms.parse(text)
    assert str(error.value) == message


def test_a_file_that_is_no_toml_is_refused(tmp_path):
    """The file, the fault and a line as it should be are named."""
    path = tmp_path / "terms.toml"
    path.write_text("reset: reset*\n", encoding="utf-8")
    with pytest.raises(tk.FramingError) as error:
        tk.Terms.read(path)
    assert str(error.value).startswith(f"{path} is no TOML: Expected '=' after a key")
    assert str(error.value).endswith('A line of it is like: reset = ["reset*", "!resettle*"].')
    path.write_bytes(b"reset = '\xff'")
    with pytest.raises(tk.FramingError, match="is no TOML: 'utf-8' codec can't decode byte 0xff"):
        tk.Terms.read(path)


# Written down and read back

CHARS = st.characters(exclude_categories=("Cs",))
NAMES = st.text(CHARS, min_size=1, max_size=8).filter(lambda s: s.strip()) | st.sampled_from(
    ["a: b", '"x"', "[g]", "# n", "!no", "a / b", "travel ban", "a]", "x.toml", "note", "patterns", "\n", "=", "'"]
).filter(lambda s: s.strip())
PIECES = st.sampled_from(
    [
        "ban",
        "Ban*",
        "?a",
        "*",
        "{0,3}",
        "{2}",
        "/re(set|boot)s?/",
        "/a|b/",
        '"',
        "'",
        "|",
        ",",
        "-",
        "\\",
        "\n",
        "#",
        "[",
        ":",
        "(case)",
        "é",
        "x",
    ]
)
LOOSE = st.lists(PIECES, min_size=1, max_size=5).map(" ".join) | st.text(CHARS, max_size=8)
NOTES = st.text(CHARS, max_size=12)


def _valid(text):
    try:
        return bool(Pattern(text.lstrip("! ")).words) and bool(tk.Terms({"x": ["a", text]}))
    except tk.FramingError:
        return False


PATTERNS = LOOSE.filter(_valid)
EXCLUSIONS = PATTERNS.map(lambda text: "!" + text)


@st.composite
def many_terms(draw):
    names = draw(st.lists(NAMES, min_size=1, max_size=5, unique_by=str.strip))
    groups = draw(
        st.lists(st.lists(st.sampled_from(["g 1", "g/2", '"g"', "]", "G\n3"]), max_size=2), min_size=5, max_size=5)
    )
    nested = {}
    for name, path in zip(names, groups, strict=False):
        node = nested
        for part in path:
            node = node.setdefault(part, {})
        patterns = [
            draw(PATTERNS.filter(lambda s: not s.lstrip().startswith("!"))),
            *draw(st.lists(PATTERNS | EXCLUSIONS, max_size=3)),
        ]
        node[name] = {"patterns": patterns, "note": draw(NOTES)}
    return tk.Terms(nested)


@given(many_terms())
def test_printed_terms_are_read_back(terms):
    """Terms printed and parsed are the same terms, whatever their names, groups, notes and patterns hold."""
    assert tk.Terms.parse(str(terms)) == terms
    assert tk.Terms.parse(str(terms).replace("\n", "\r\n")) == terms


@given(many_terms())
def test_written_terms_are_read_back(tmp_path_factory, terms):
    """Terms written into a TOML file and read are the same terms."""
    path = tmp_path_factory.mktemp("terms") / "terms.toml"
    assert tk.Terms.read(terms.write(path)) == terms
    assert [file.name for file in path.parent.iterdir()] == ["terms.toml"]


@given(many_terms())
def test_terms_as_values_are_read_back(terms):
    """Terms as plain values, and groups of them, give the same patterns and exclusions."""
    for one in (terms, terms.by_group()):
        nested = {name: {"patterns": items} for name, items in one.as_dict().items()}
        again = tk.Terms(nested)
        assert {name: again.clauses(name) for name in again} == {name: one.clauses(name) for name in one}
        assert tk.Terms.parse(str(one)) == one


@given(st.lists(PATTERNS.filter(lambda s: not s.lstrip().startswith("!")), min_size=1, max_size=4))
def test_bars_part_patterns_and_nothing_else(patterns):
    """What is printed between bars is one pattern each; a bar in an expression is none."""
    texts = [pattern.text for pattern in tk.Terms({"x": patterns})["x"]]
    assert split_items(str(tk.Terms({"x": patterns})).removeprefix("x: ")) == texts


# Groups and growth


def test_groups_become_terms():
    """by_group joins the patterns of each group; a term's exclusions stay with its own patterns."""
    terms = tk.Terms(
        {
            "ban": {"travel ban": "travel ban*", "other bans": {"ban": ["ban*", "!travel ban*"]}},
            "order": "executive order",
        }
    )
    merged = terms.by_group()
    assert merged.as_dict() == {"ban": ["travel ban*", "||", "ban*", "!travel ban*"], "order": ["executive order"]}
    assert str(merged) == "ban: travel ban* || ban* | !travel ban*\norder: executive order"
    assert terms.by_group(2).as_dict() == {
        "ban": ["travel ban*"],
        "ban / other bans": ["ban*", "!travel ban*"],
        "order": ["executive order"],
    }
    assert terms.by_group(2).groups == {"ban": ("ban",), "ban / other bans": ("ban",), "order": ()}
    with pytest.raises(tk.FramingError, match=re.escape("Groups are counted from level 1, the outermost; this is 0.")):
        terms.by_group(0)
    clash = tk.Terms({"a": {"b": {"x": "x"}}, "a / b": "y"})
    with pytest.raises(tk.FramingError) as error:
        clash.by_group(2)
    assert str(error.value) == "'a / b' is the name of a group and of a term without one. Rename one of them."


def test_terms_grow_by_what_is_accepted():
    """add takes patterns and exclusions for terms that are there, from a mapping or rows of a table, and leaves the old terms alone."""
    terms = tk.Terms({"reset": {"patterns": ["reset"], "note": "x"}, "g": {"ban": ["ban*", "!bank*"]}})
    before = str(terms)
    grown = terms.add({"reset": ["resetting", "!password reset"], "ban": "travel-ban"})
    assert grown.as_dict() == {
        "reset": ["reset", "resetting", "!password reset"],
        "ban": ["ban*", "travel-ban", "!bank*"],
    }
    assert (grown.notes, grown.groups["ban"]) == ({"reset": "x"}, ("g",))
    rows = pd.DataFrame({"term": ["ban"], "form": ["banning"], "pattern": ["banning"]})
    assert terms.add(rows).as_dict()["ban"] == ["ban*", "banning", "!bank*"]
    assert terms.add({"reset": "!Reset"}, case=True).as_dict()["reset"] == ["reset", "!Reset (case)"]
    assert str(terms) == before
    with pytest.raises(tk.FramingError) as error:
        terms.add({"rest": "x"})
    assert str(error.value) == "There is no term 'rest'. Did you mean 'reset'? There are: reset, ban."


def test_equal_terms():
    """Terms are equal by names, patterns, exclusions, notes and groups, in their order."""
    assert tk.Terms({"a": "x", "b": "y"}) == tk.Terms({"a": ["x", "x"], "b": ["y"]})
    assert tk.Terms({"a": "x", "b": "y"}) != tk.Terms({"b": "y", "a": "x"})
    assert tk.Terms({"a": "x"}) != tk.Terms({"a": {"patterns": "x", "note": "n"}})
    assert tk.Terms({"a": "x"}) != tk.Terms({"g": {"a": "x"}})
    assert tk.Terms({"a": "x"}) != {"a": "x"}


def test_terms_show_their_patterns():
    """As text each term is a line, as in the notation that can be read again; the first line says how many there are."""
    terms = tk.Terms({"reset": ["reset*", "!resettle*"], "ban": "travel ban*"})
    assert repr(terms) == "Terms: 2 terms\nreset: reset* | !resettle*\nban: travel ban*"
    assert repr(tk.Terms("reset")) == "Terms: 1 term\nreset: reset"
    assert tk.Terms.parse(repr(terms).partition("\n")[2]) == terms


def test_terms_are_a_table_in_a_notebook():
    """Each term is a row with its patterns; groups and notes are columns where there are any, and all text is escaped."""
    plain = tk.Terms({"<b>": ["reset*", "!a & b"]})._repr_html_()
    assert "&lt;b&gt;" in plain and "reset* | !a &amp; b" in plain and "<b>" not in plain
    assert "group" not in plain and "note" not in plain
    full = tk.Terms({"bans": {"travel": {"patterns": "travel ban*", "note": "of <i>2017</i>"}}})._repr_html_()
    assert "<th" in full and ">group<" in full and ">bans<" in full
    assert "of &lt;i&gt;2017&lt;/i&gt;" in full and "<i>" not in full
