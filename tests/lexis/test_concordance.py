"""Concordance: lines as printed, in quanteda's columns, never beyond their field; sorted, drawn, and laid out to be read."""

import json
import re
import warnings
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
from toolkit.tables import CONCORDANCE

QUANTEDA = json.loads((Path(__file__).parents[1] / "reference" / "kwic.json").read_text(encoding="utf-8"))


def index(*texts, **columns):
    return tk.tokenize(pd.DataFrame({"doc_id": [f"d{n}" for n in range(len(texts))], "text": list(texts), **columns}))


# The lines


@pytest.mark.parametrize("case", QUANTEDA["cases"], ids=lambda case: case["id"])
def test_quantedas_lines(case):
    """The same words give quanteda's lines, counted from 0; the key of a dictionary stands in `term`."""
    texts = case["texts"]
    tokens = tk.tokenize(pd.DataFrame({"doc_id": list(texts), "text": list(texts.values())}))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", tk.FramingWarning)
        lines = tk.kwic(tokens, case["terms"], window=case["window"])
    lines = lines.assign(pre=lines["pre"].str.strip(), post=lines["post"].str.strip())
    lines[["from", "to"]] += 1
    if isinstance(case["terms"], dict):
        lines["pattern"] = lines["term"]
    columns = case["columns"]
    assert lines[columns].to_dict("records") == [{c: row[c] for c in columns} for row in case["expected"]]
    if "n_words" in case:
        assert tokens.n_words.tolist() == case["n_words"]


def test_lines_of_a_small_text():
    """Window, marks and ends of the text are as one reads them."""
    lines = tk.kwic(index("Reset it. They call it a “reset”,\nagain and again, reset."), "reset", window=2)
    assert lines[["pre", "keyword", "post", "from", "to"]].values.tolist() == [
        ["", "Reset", " it. They ", 0, 0],
        ["it a “", "reset", "”, again and ", 6, 6],
        ["and again, ", "reset", ".", 10, 10],
    ]


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ((2, 0), ["want a “", "reset", ""]),
        ((0, 2), ["", "reset", "”, and now."]),
        ((1, 3), ["a “", "reset", "”, and now. No "]),
        ("sentence", ["They want a “", "reset", "”, and now."]),
        ("paragraph", ["It rained. They want a “", "reset", "”, and now. No more."]),
    ],
)
def test_windows(window, expected):
    """A window of one side leaves the other empty; a sentence and a paragraph are whole, with their marks."""
    text = "It rained. They want a “reset”, and now. No more.\n\nSun."
    lines = tk.kwic(index(text), "reset", window=window)
    assert lines[["pre", "keyword", "post"]].values.tolist() == [expected]


def test_columns_are_quantedas_and_ours():
    """The columns are those of the tables file, in its order; the address is there where the articles have it."""
    articles = tk.load("daily-brief").drop(columns="url", errors="ignore")
    lines = tk.kwic(tk.tokenize(articles), "reset*")
    assert list(lines.columns) == list(CONCORDANCE.columns)
    assert lines["source"].notna().all()
    linked = tk.kwic(tk.tokenize(articles.assign(url="https://example.org/" + articles["doc_id"])), "reset*")
    assert list(linked.columns) == [*CONCORDANCE.columns, *CONCORDANCE.optional]
    assert (linked["url"] == "https://example.org/" + linked["doc_id"]).all()


@pytest.mark.parametrize("window", [5, "sentence", "paragraph"])
def test_lines_stay_in_their_field(window):
    """The line of a title ends with the title."""
    lines = tk.kwic(index("the text follows.", title=["A reset"]), "reset", window=window)
    assert lines[["pre", "post", "field"]].values.tolist() == [["A ", "", "title"]]


def test_line_joined_is_the_text():
    """With a window wider than the text, pre, keyword and post are the whole text."""
    articles = tk.load("daily-brief")
    lines = tk.kwic(tk.tokenize(articles), ["reset*", "travel ban*"], window=10_000)
    texts = articles.set_index("doc_id")
    for line in lines.to_dict("records"):
        whole = texts.loc[line["doc_id"], line["field"]]
        assert line["pre"] + line["keyword"] + line["post"] == re.sub(r"[\n\r\t\v\f]", " ", whole)


@given(st.text(st.sampled_from("a b\0\n\x85\u2028\u202e\ud800é.“"), max_size=12), st.sampled_from([3, "sentence"]))
def test_odd_text_makes_one_line(text, window):
    """Whatever stands around it (NUL, line separators, half a surrogate), a hit is one line of text."""
    articles = pd.DataFrame({"doc_id": ["a"], "text": pd.Series([f"{text} reset {text}"], dtype=object)})
    lines = tk.kwic(tk.tokenize(articles), "reset", window=window)
    assert lines["keyword"].tolist() == ["reset"]
    assert len((lines["pre"] + lines["post"])[0].splitlines()) <= 1


def test_nothing_found_is_an_empty_table_with_columns():
    """A pattern without a match warns and gives the columns without a row, however it is sorted and drawn."""
    for settings in ({}, {"window": "sentence", "sort": ["L1", "doc_id"], "n": 3, "by": "term"}):
        with pytest.warns(tk.FramingWarning):
            lines = tk.kwic(index("no such word", None, ""), "reset", **settings)
        assert len(lines) == 0
        assert "keyword" in lines.columns


def test_a_phrase_longer_than_any_article():
    """A pattern of more words than an article has matches nothing."""
    with pytest.warns(tk.FramingWarning):
        assert len(tk.kwic(index("a b", "a b"), "a b a b a b")) == 0


# Order


def test_sorting_by_words_beside():
    """Lines come in the order of the word left or right, whatever its capitals and accents, edges of the field first."""
    tokens = index("Zeal reset b", "été reset C", "eta reset a", "reset", "Eta reset B")
    right = tk.kwic(tokens, "reset", sort=["R1", "L1"])
    assert right["doc_id"].tolist() == ["d3", "d2", "d4", "d0", "d1"]
    left = tk.kwic(tokens, "reset", sort="L1")
    assert left["pre"].tolist() == ["", "eta ", "Eta ", "été ", "Zeal "]


def test_sorting_by_farther_words_and_past_a_phrase():
    """L2 and R2 count from the ends of the hit and stay inside its field."""
    tokens = index("b x travel ban y a", "a x travel ban y b", "x travel ban y", title=["z z", "z z", "z z"])
    assert tk.kwic(tokens, "travel ban", sort="L2")["doc_id"].tolist() == ["d2", "d1", "d0"]
    assert tk.kwic(tokens, "travel ban", sort="R2")["doc_id"].tolist() == ["d2", "d0", "d1"]


def test_sorting_by_columns():
    """Columns of the lines and of the articles sort, capitals apart, missing ones last; equals stay as they were."""
    tokens = index(
        "a reset",
        "A RESET",
        "one Reset",
        "no reset",
        source=["b", None, "A", "b"],
        date=pd.to_datetime(["2017-01-03", "2017-01-01", None, "2017-01-02"]),
        leaning=[2, 1, 1, 3],
    )
    assert tk.kwic(tokens, "reset", sort="source")["doc_id"].tolist() == ["d2", "d0", "d3", "d1"]
    assert tk.kwic(tokens, "reset", sort=["date"])["doc_id"].tolist() == ["d1", "d3", "d0", "d2"]
    assert tk.kwic(tokens, "reset", sort=["leaning", "L1"])["doc_id"].tolist() == ["d1", "d2", "d0", "d3"]
    assert tk.kwic(tokens, "reset", sort="keyword")["doc_id"].tolist() == ["d0", "d1", "d2", "d3"]


@given(st.lists(st.sampled_from(["a reset b", "b reset", "reset", "c reset a reset"]), min_size=1, max_size=6))
def test_sorting_changes_the_order_only(texts):
    """Sorted lines are the same lines, and sorting a second time by nothing leaves the corpus' order."""
    tokens = index(*texts)
    plain, ordered = tk.kwic(tokens, "reset"), tk.kwic(tokens, "reset", sort=["R1", "L2"])
    again = ordered.sort_values(["doc_id", "from"]).reset_index(drop=True)
    pd.testing.assert_frame_equal(again, plain.sort_values(["doc_id", "from"]).reset_index(drop=True))


# Draws


def test_draw_is_repeatable_and_in_order():
    """The same seed draws the same lines, in the order of the corpus; a draw larger than all is all."""
    tokens = index(*[f"reset {n}" for n in range(50)])
    one, two = tk.kwic(tokens, "reset", n=5, seed=3), tk.kwic(tokens, "reset", n=5, seed=3)
    pd.testing.assert_frame_equal(one, two)
    assert one["doc_id"].str[1:].astype(int).is_monotonic_increasing
    assert len(tk.kwic(tokens, "reset", n=99)) == 50
    assert set(tk.kwic(tokens, "reset", n=5, seed=4)["doc_id"]) != set(one["doc_id"])


@given(st.lists(st.sampled_from(["x", "y", None]), min_size=1, max_size=30), st.integers(0, 4), st.integers(0, 9))
def test_strata(sources, n, seed):
    """Each group gives n lines, or all that it has; a missing value is a group; lines keep their order."""
    tokens = index(*["reset"] * len(sources), source=pd.Series(sources, dtype="str"))
    every, drawn = tk.kwic(tokens, "reset"), tk.kwic(tokens, "reset", n=n, by="source", seed=seed)
    expected = every["source"].fillna("none").value_counts().clip(upper=n)
    found = drawn["source"].fillna("none").value_counts().reindex(expected.index, fill_value=0)
    assert found.tolist() == expected.tolist()
    assert drawn["doc_id"].str[1:].astype(int).is_monotonic_increasing
    assert set(drawn["doc_id"]) <= set(every["doc_id"])


def test_strata_of_several_columns():
    """Groups are the combinations that occur, of columns of the lines and of the articles."""
    tokens = index(*["reset ban reset", "ban"] * 10, source=["x", "y"] * 10)
    drawn = tk.kwic(tokens, ["reset", "ban"], n=3, by=["term", "source"])
    counted = drawn.groupby(["term", "source"]).size()
    assert counted.to_dict() == {("ban", "x"): 3, ("ban", "y"): 3, ("reset", "x"): 3}


def test_each_line_has_the_same_chance():
    """Over many seeds each of ten lines is drawn about as often as the others, though half of them are in one article."""
    tokens = index("reset " * 5, *["reset"] * 5)
    drawn = [tk.kwic(tokens, "reset", n=2, seed=seed)[["doc_id", "from"]] for seed in range(500)]
    counts = pd.concat(drawn).value_counts()
    assert len(counts) == 10
    assert 60 <= counts.min() <= counts.max() <= 140  # 100 each expected, four standard deviations of 9 around it


def test_many_groups():
    """As many groups as lines give all lines."""
    tokens = index(*["reset"] * 5000, source=[f"s{n}" for n in range(5000)])
    assert len(tk.kwic(tokens, "reset", n=1, by="source")) == 5000


def test_the_recipe_states_settings_and_what_was_found():
    """Settings stand in the recipe as plain values, with how many lines there would have been."""
    lines = tk.kwic(index("reset " * 9), "reset", window=(2, 1), sort="R1", n=4, by=["term"], seed=1)
    settings = lines.attrs["recipe"]["settings"]
    assert json.loads(json.dumps(settings)) == {
        "terms": {"reset": ["reset"]},
        "window": [2, 1],
        "sort": ["R1"],
        "n": 4,
        "by": ["term"],
        "seed": 1,
        "language": None,
        "n_found": 9,
    }


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"window": -1},
            'A window is a number of words on each side, two numbers (left, right), "sentence" or "paragraph"; this is -1.',
        ),
        (
            {"window": "sentense"},
            "There is no window 'sentense'. Did you mean 'sentence'? There are: sentence, paragraph.",
        ),
        ({"n": -1}, "n is a number of lines, 0 or more; this is -1."),
        ({"n": 2.5}, "n is a number of lines, 0 or more; this is 2.5."),
        (
            {"n": 2, "by": "sorce"},
            "There is no column 'sorce'. Did you mean 'source'? There are: doc_id, term, pattern, field, text, source.",
        ),
        (
            {"by": "source"},
            "by=['source'] says in which groups lines are drawn, and n how many in each: give n, too. "
            "To order lines by a column, sort by it.",
        ),
        (
            {"sort": "L0"},
            "There is no place (L1, R1, ...) or column to sort by 'L0'. There are: doc_id, term, pattern, field, text, source.",
        ),
    ],
)
def test_questions_without_sense(settings, message):
    """What cannot be answered is refused in a sentence."""
    with pytest.raises(tk.FramingError) as error:
        tk.kwic(index("a reset", source=["x"]), "reset", **settings)
    assert str(error.value) == message


# The lines to read


class Page(HTMLParser):
    """Gathers the elements and attributes of a page, and the text of its cells."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.cells, self.text = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag == "td":
            self.cells.append("")

    def handle_data(self, data):
        if self.cells:
            self.cells[-1] += data
        self.text.append(data)


def hostile(*texts, **columns):
    return tk.kwic(index(*texts, **columns), "reset")


def test_a_page_of_lines():
    """Source and date, what stands before, keyword, what stands after; the address is a link; a sentence says how many."""
    lines = hostile(
        "They want a reset now.",
        "No reset.",
        "reset",
        source=["Post", "Wire", None],
        date=pd.to_datetime(["2017-01-02", None, None]),
        url=["https://example.org/a?b=1&c=2", None, ""],
    )
    shown = tk.show_lines(lines, n=2)
    page = Page(shown._repr_html_())
    assert page.cells[:8] == [
        "Post 2017-01-02",
        "They want a ",
        "reset",
        " now.",
        "Wire",
        "No ",
        "reset",
        ".The first 2 of 3 lines.",
    ]
    links = [attrs for tag, attrs in page.elements if tag == "a"]
    assert [(a["href"], a["rel"]) for a in links] == [("https://example.org/a?b=1&c=2", "noopener noreferrer")]
    assert Page(tk.show_lines(lines.iloc[2:])._repr_html_()).cells[0] == "d2"


def test_plain_text_of_lines():
    """Where there is no HTML, keywords stand below each other, and the last line says how many are shown."""
    shown = repr(tk.show_lines(hostile("They want a reset now.", "No reset.", source=["Post", "The Wire"])))
    assert shown.splitlines() == [
        f"Post      {'They want a ':>50}[reset] now.",
        f"The Wire  {'No ':>50}[reset].",
        "All 2 lines.",
    ]
    assert "\x1b" not in repr(tk.show_lines(hostile("\x1b[31m reset \x1b[0m \x07")))


@pytest.mark.parametrize(
    ("n", "drawn", "said"),
    [
        (50, None, "All 3 lines."),
        (1, None, "The first 1 of 3 lines."),
        (50, 2, "2 lines; the corpus has 3."),
        (0, None, "The first 0 of 3 lines."),
    ],
)
def test_what_is_said_of_the_number(n, drawn, said):
    """The view says how many lines of how many it shows, and of a draw how many there are."""
    shown = tk.show_lines(tk.kwic(index("reset reset reset"), "reset", n=drawn), n=n)
    assert repr(shown).splitlines()[-1] == said
    assert said in shown._repr_html_()


def test_no_line_and_one_line():
    """An empty concordance and one of one line are laid out, too."""
    lines = hostile("reset")
    assert repr(tk.show_lines(lines.head(0))) == "No line; the corpus has 1."
    assert repr(tk.show_lines(lines)).endswith("\nOne line.")


ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "//example.org/a",
    "file:///a",
    'https://example.org/" onmouseover="alert(1)',
    "https://example.org/><script>",
    "https://",
    "vbscript:x",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_only_web_addresses_are_links(address):
    """An address that is not plainly http or https is no link, and its text is not in the page."""
    html = tk.show_lines(hostile("a reset", url=[address]))._repr_html_()
    assert {tag for tag, _ in Page(html).elements} == {"div", "table", "tr", "td", "span", "b", "p"}
    assert "alert" not in html


@given(
    st.text(st.sampled_from("<>&\"'` \u202e\u2066/=abcאبscript:;"), max_size=20),
    st.sampled_from(["text", "source", "url", "doc_id"]),
)
def test_nothing_of_the_articles_becomes_markup(text, column):
    """Whatever stands in texts, names and addresses, the page has its own elements and attributes only, and no script."""
    lines = hostile("a reset b", source=["x"], url=["https://example.org/"])
    if column == "text":
        lines = lines.assign(pre=text, keyword=text, post=text)
    else:
        lines[column] = text
    page = Page(tk.show_lines(lines)._repr_html_())
    assert {tag for tag, _ in page.elements} <= {"div", "table", "tr", "td", "span", "b", "p", "a"}
    assert {name for _, attrs in page.elements for name in attrs} <= {"style", "dir", "title", "href", "target", "rel"}
    assert all(attrs["href"].lower().startswith("http") for tag, attrs in page.elements if tag == "a")
    if column == "text":
        assert page.cells[2] == text
    if column == "doc_id":
        assert page.elements[3][1]["title"] == text


def test_nothing_is_fetched():
    """The page brings no script, style sheet, picture or font, and takes its colours from the notebook."""
    html = tk.show_lines(hostile("a reset", source=["x"]))._repr_html_()
    assert not re.search(r"<(script|style|link|img|iframe)|url\(|@import|https?:", html)
    assert not re.search(r"(?<!-)color:", html)


def test_lines_from_right_to_left():
    """A line that is mostly right-to-left has what comes before on the right; others leave it to each cell."""
    lines = tk.kwic(index("אחת reset שתיים שלוש", "one reset two אחת"), "reset")
    page = Page(tk.show_lines(lines)._repr_html_())
    assert page.cells[1:4] == [" שתיים שלוש", "reset", "אחת "]
    assert page.cells[5:8] == ["one ", "reset", " two אחתAll 2 lines."]
    ways = [attrs["dir"] for tag, attrs in page.elements if tag == "td"]
    assert ways == ["auto", "rtl", "rtl", "rtl", "auto", "auto", "auto", "auto"]


def test_long_sides_are_cut():
    """A side of more than 400 characters is cut at a word, with an ellipsis; the table itself keeps all."""
    lines = tk.kwic(index("long " * 200 + "reset" + " wide" * 200), "reset", window="paragraph")
    cells = Page(tk.show_lines(lines)._repr_html_()).cells
    assert cells[1].startswith("… long ")
    assert cells[3].removesuffix("One line.").endswith(" wide …")
    assert max(map(len, cells)) < 420
    assert tk.show_lines(lines).table["pre"].str.len().tolist() == [1000]


def test_what_is_no_concordance():
    """Another table, or none, is refused with what is missing."""
    with pytest.raises(tk.FramingError) as error:
        tk.show_lines(pd.DataFrame({"doc_id": ["a"], "keyword": ["b"]}))
    assert str(error.value) == (
        "A table of concordance lines needs the columns pre, post; this one has: doc_id, keyword."
    )
    with pytest.raises(tk.FramingError) as error:
        tk.show_lines("reset")
    assert str(error.value) == "A table of concordance lines is a pandas DataFrame, from tk.kwic; this is a str."


def test_the_view_changes_nothing():
    """The concordance is the same after it was shown."""
    lines = hostile("a reset", source=["x"])
    before = lines.copy(deep=True)
    shown = tk.show_lines(lines)
    repr(shown), shown._repr_html_()
    pd.testing.assert_frame_equal(lines, before)


def test_articles_give_what_their_index_gives():
    """Articles are tokenised on the way."""
    articles = pd.DataFrame({"doc_id": ["a", "b"], "text": ["A reset.", "No reset."]})
    pd.testing.assert_frame_equal(tk.kwic(articles, "reset"), tk.kwic(tk.tokenize(articles), "reset"))


def test_sentences_follow_the_language_of_each_article():
    """A code for all, the column with the codes, or nothing where the column is called language: sentences end accordingly."""
    texts = ["Ein Neustart kam am 3. Mai zustande. Es regnete.", "A reset came in No. 3 of May. It rained."]
    articles = pd.DataFrame({"doc_id": ["a", "b"], "language": ["de-AT", "en"], "text": texts})
    terms = ["Neustart", "reset"]
    own = tk.kwic(articles, terms, window="sentence")
    assert own["post"].tolist() == [" kam am 3. Mai zustande.", " came in No. 3 of May."]
    named = articles.rename(columns={"language": "code"})
    assert tk.kwic(named, terms, window="sentence", language="code")["post"].tolist() == own["post"].tolist()
    german = tk.kwic(articles, terms, window="sentence", language="de")["post"].tolist()
    assert german == [" kam am 3. Mai zustande.", " came in No."]
    with pytest.raises(tk.FramingError, match="A language is a code or a name"):
        tk.kwic(articles, terms, window="sentence", language="deutsch?")
