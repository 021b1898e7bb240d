"""Tables are what their declarations say: each public function's on a small corpus, and what is told of them."""

from __future__ import annotations

import inspect
import re
from functools import cached_property

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from toolkit.tables import ARTICLES, COUNTS, COVERAGE, EVENTS, TABLES, USAGE, Column, FramingError, Table, reference
from toolkit.tables.declarations import COMMON

TERMS = {"reset": ["reset*", "!password reset"], "travel ban": ["travel ban"], "Muslim ban": ["Muslim ban"]}
NONE = {"nothing": ["zeppelin"]}

SENTENCES = [
    "The reset with Moscow began in Geneva.",
    "The minister said the reset was over.",
    "Nobody here wants a “reset” now.",
    "The travel ban stops students at the airport.",
    "Critics call it a Muslim ban, she said.",
    '"The travel ban is lawful," Ann Smith said.',
    "The court blocked the travel ban again.",
    "A password reset takes an hour.",
]
OTHERS = [
    "Trade talks go on while tariffs and prices fall.",
    "The judge wrote a long opinion for the appeals court.",
    "Farmers sow wheat in spring and pray for rain.",
    "The team won the final match before a large crowd.",
]


class World:
    """A made corpus of 96 articles in 48 stories, and what is made of it on the way to a table."""

    @cached_property
    def articles(self) -> pd.DataFrame:
        number = np.arange(96)
        return pd.DataFrame(
            {
                "doc_id": [f"d{n:02}" for n in number],
                "source": [("Alpha", "Beta", "Gamma")[n % 3] for n in number],
                "date": pd.Timestamp("2017-01-02") + pd.to_timedelta(5 * (number // 3), unit="D"),
                "title": [SENTENCES[n % 8] for n in number],
                "text": [f"{SENTENCES[n * 5 % 8]} {OTHERS[n % 4]} {SENTENCES[(n * 3 + 1) % 8]}" for n in number],
                "story_id": [f"s{n // 2:02}" for n in number],
                "leaning": [("left", "right", "left")[n % 3] for n in number],
            }
        )

    @cached_property
    def tokens(self) -> tk.Tokens:
        return tk.tokenize(self.articles)

    @cached_property
    def hits(self) -> pd.DataFrame:
        return tk.find(self.tokens, TERMS, voices=True)

    @cached_property
    def contexts(self) -> pd.DataFrame:
        return tk.contexts(self.tokens, TERMS)

    @cached_property
    def topics(self) -> tk.Topics:
        return tk.fit_topics(self.contexts, n_topics=4, min_size=5, embedder="tfidf-svd", runs=2)

    @cached_property
    def senses(self):
        return tk.senses(self.contexts, n_senses=2)

    @cached_property
    def sheet(self) -> pd.DataFrame:
        return tk.sample_for_validation(self.hits, wider=self.wider, by="source", n=20, tokens=self.tokens)

    @cached_property
    def wider(self) -> pd.DataFrame:
        return tk.find(self.tokens, {"wide": ["reset*", "ban"]})

    @cached_property
    def error(self) -> pd.DataFrame:
        coded = self.sheet.assign(relevant=[("yes", "no")[n % 2] for n in range(len(self.sheet))])
        return tk.term_error(coded, by="source")


@pytest.fixture(scope="module")
def world() -> World:
    return World()


DOORS = {
    "adoption": [
        ("adoption", lambda w: tk.adoption(w.hits)),
        ("adoption", lambda w: tk.adoption(w.hits, by=("source", "leaning"), freq="Q", unit="story")),
    ],
    "audit": [("audit", lambda w: tk.audit(w.articles))],
    "bursts": [
        ("bursts", lambda w: tk.bursts(w.tokens, TERMS, freq="W", gamma=0)),
        ("bursts", lambda w: tk.bursts(w.tokens, NONE, freq="W")),
    ],
    "catalogue": [("catalogue", lambda w: tk.catalogue())],
    "change_points": [
        ("change points", lambda w: tk.change_points(w.tokens, TERMS, by="source", n_changes=1, freq="W", resamples=9)),
        (
            "change points",
            lambda w: tk.change_points(w.tokens, TERMS, n_changes=1, freq="W", resamples=9, measure="share"),
        ),
        ("change points", lambda w: tk.change_points(w.tokens, NONE, freq="W", resamples=9)),
    ],
    "clean": [("articles", lambda w: tk.clean(w.articles))],
    "cleaning_report": [("cleaning report", lambda w: tk.cleaning_report(tk.clean(w.articles)))],
    "cleaning_rules": [("cleaning rules", lambda w: tk.cleaning_rules())],
    "collocate_shift": [
        (
            "collocate shift",
            lambda w: tk.collocate_shift(w.tokens, "reset", {"source": "Alpha"}, permutations=9),
        )
    ],
    "collocates": [
        ("collocates", lambda w: tk.collocates(w.tokens, "reset")),
        ("collocates", lambda w: tk.collocates(w.tokens, "reset", by="source", freq="M")),
        ("collocates", lambda w: tk.collocates(w.tokens, NONE)),
    ],
    "compare": [
        ("contrasts", lambda w: tk.compare(w.tokens, TERMS, reference="rest")),
        (
            "contrasts",
            lambda w: tk.compare(w.tokens, TERMS, reference="Alpha", freq="M", measure="rival_share"),
        ),
        (
            "contrasts",
            lambda w: tk.compare(
                w.tokens, TERMS, by="source", between="period", freq="M", reference="previous", measure="share"
            ),
        ),
    ],
    "contexts": [
        ("contexts", lambda w: tk.contexts(w.tokens, TERMS, voices=True)),
        ("contexts", lambda w: tk.contexts(w.tokens, TERMS, window="article")),
        ("contexts", lambda w: tk.contexts(w.tokens, None, window="sentence")),
        ("contexts", lambda w: tk.contexts(w.tokens, NONE)),
    ],
    "count_hits": [("counts", lambda w: tk.count_hits(w.tokens, w.hits))],
    "coverage": [
        ("coverage", lambda w: tk.coverage(w.articles)),
        ("coverage", lambda w: tk.coverage(w.articles, freq="M", by=())),
    ],
    "dispersion": [
        ("dispersion", lambda w: tk.dispersion(w.tokens, min_n=1)),
        ("dispersion", lambda w: tk.dispersion(w.tokens, TERMS, by=4)),
        ("dispersion", lambda w: tk.dispersion(w.tokens, NONE)),
    ],
    "events": [("events", lambda w: tk.events())],
    "find": [
        ("hits", lambda w: w.hits),
        ("hits", lambda w: tk.find(w.tokens, TERMS, voices=False)),
        ("hits", lambda w: tk.find(w.tokens, NONE)),
    ],
    "fit_topics": [
        ("topics", lambda w: w.topics.topics),
        ("assignments", lambda w: w.topics.assignments),
        ("hierarchy", lambda w: w.topics.hierarchy),
        ("topic settings", lambda w: w.topics.choose(n=[2, 3])),
    ],
    "formats": [("formats", lambda w: tk.formats())],
    "event_effects": [
        ("interruptions", lambda w: tk.event_effects(w.tokens, TERMS, {"turn": "2017-03-20"}, freq="W", window=8)),
        (
            "interruptions",
            lambda w: tk.event_effects(w.tokens, NONE, {"turn": "2017-03-20"}, freq="W", measure="share"),
        ),
    ],
    "intrusion_scores": [("intrusion scores", lambda w: scores(w))],
    "intrusion_sheet": [
        ("intrusion sheet", lambda w: tk.intrusion_sheet(w.topics)),
        ("intrusion sheet", lambda w: tk.intrusion_sheet(w.topics, kind="topic", blind=False)),
    ],
    "keyness": [("keyness", lambda w: tk.keyness(w.tokens, {"source": "Alpha"}, permutations=9))],
    "kwic": [
        ("concordance", lambda w: tk.kwic(w.tokens, TERMS)),
        ("concordance", lambda w: tk.kwic(tk.tokenize(w.articles.assign(url="https://example.org/1")), TERMS)),
        ("concordance", lambda w: tk.kwic(w.tokens, NONE)),
    ],
    "lead_lag": [
        ("leads", lambda w: tk.lead_lag(w.tokens, TERMS, freq="W", permutations=99)),
        ("leads", lambda w: tk.lead_lag(w.tokens, NONE, freq="W", permutations=99, measure="share")),
        ("lags", lambda w: tk.lead_lag(w.tokens, TERMS, freq="W", permutations=99, all_lags=True)),
        ("lags", lambda w: tk.lead_lag(w.tokens, NONE, freq="W", permutations=99, all_lags=True)),
    ],
    "load": [("articles", lambda w: tk.load("daily-brief"))],
    "mark_stories": [("articles", lambda w: tk.mark_stories(w.articles.drop(columns="story_id")))],
    "quotations": [
        ("quotations", lambda w: tk.quotations(w.articles)),
        ("quotations", lambda w: tk.quotations(w.articles.assign(title="Rain.", text="Rain again."))),
    ],
    "sample_for_validation": [
        ("validation sheet", lambda w: w.sheet),
        ("validation sheet", lambda w: tk.sample_for_validation(w.hits, unit="article", by="leaning", freq="Q", n=20)),
    ],
    "senses": [
        ("senses", lambda w: w.senses.senses),
        ("sense assignments", lambda w: w.senses.assignments),
    ],
    "speakers": [
        ("speakers", lambda w: tk.speakers(w.hits)),
        ("speakers", lambda w: tk.speakers(w.hits, freq="M", unit="story")),
    ],
    "suggest_forms": [
        ("suggestions", lambda w: tk.suggest_forms(w.tokens, TERMS)),
        ("suggestions", lambda w: tk.suggest_forms(w.tokens, {"wheat": ["wheat"]}, n=1)),
    ],
    "term_error": [("term error", lambda w: w.error)],
    "topic_collocates": [("topic collocates", lambda w: tk.topic_collocates(w.topics))],
    "topic_contrasts": [
        ("topic contrasts", lambda w: tk.topic_contrasts(w.topics, reference="rest")),
        ("topic contrasts", lambda w: tk.topic_contrasts(w.topics, between="source", reference="rest", freq="M")),
    ],
    "topic_lines": [("topic lines", lambda w: tk.topic_lines(w.topics))],
    "topic_map": [("topic map", lambda w: tk.topic_map(w.topics))],
    "topic_regression": [("topic regression", lambda w: tk.topic_regression(w.topics, ["source"]))],
    "topic_shares": [
        ("topic shares", lambda w: tk.topic_shares(w.topics, by="source")),
        ("topic shares", lambda w: tk.topic_shares(w.topics, by="source", freq="M", unit="story")),
    ],
    "topic_words": [("topic words", lambda w: tk.topic_words(w.topics))],
    "trend": [("usage", lambda w: tk.trend(w.tokens, TERMS, freq="M"))],
    "usage": [
        ("usage", lambda w: tk.usage(w.tokens, TERMS)),
        ("usage", lambda w: tk.usage(w.tokens, NONE, by=())),
        ("usage", lambda w: tk.usage(w.tokens, TERMS, freq="M", measure="share", unit="story", pool=True)),
        ("usage", lambda w: tk.usage(w.tokens, TERMS, by=("source", "leaning"), freq="Q", measure="rival_share")),
        ("usage", lambda w: tk.usage(w.tokens, TERMS, error=w.error)),
    ],
    "voice_shares": [
        ("voice shares", lambda w: tk.voice_shares(w.hits)),
        ("voice shares", lambda w: tk.voice_shares(w.hits, freq="M", unit="story")),
    ],
    "word_forms": [
        ("word forms", lambda w: tk.word_forms(w.tokens, TERMS, by=("source", "leaning"))),
        ("word forms", lambda w: tk.word_forms(w.tokens, NONE)),
    ],
    "word_shift": [
        ("word shift", lambda w: tk.word_shift(w.tokens, {"source": "Alpha"})),
        (
            "word shift",
            lambda w: tk.word_shift(w.tokens, {"source": "Alpha"}, measure="average", scores={"ban": 1, "rain": 5}),
        ),
    ],
}
"""What each public function returns: the name of the declared table, and a call."""

NO_TABLE_OF_OURS = {
    "load_labels": "a table is as the guide of its corpus describes it",
    "read_articles": "its readers are tested file by file; what it returns is the articles of tk.load",
}


def scores(w: World) -> pd.DataFrame:
    key = tk.intrusion_sheet(w.topics, kind="topic", blind=False)
    return tk.intrusion_scores(key.assign(answer="1", coder="A"), key)


CALLS = [
    pytest.param(table, call, id=f"{door}-{number}")
    for door, calls in DOORS.items()
    for number, (table, call) in enumerate(calls, start=1)
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "call"), CALLS)
def test_a_table_is_what_its_declaration_says(world, name, call):
    """Columns, order and dtypes are the declared ones, in tables without a row as well; to lay it out changes nothing."""
    table = {declared.name: declared for declared in TABLES}[name]
    frame = pd.DataFrame(call(world))
    assert table.misfits(frame) == []
    table.check(frame)
    pd.testing.assert_frame_equal(table.layout(frame), frame)


@pytest.mark.parametrize("name", sorted(tk.__all__))
def test_every_public_function_that_returns_a_table_is_checked(name):
    """A function that is annotated with a DataFrame has a declared table above, or a reason to have none."""
    function = getattr(tk, name)
    returns = str(inspect.signature(function).return_annotation) if inspect.isfunction(function) else ""
    is_old = (function.__doc__ or "").startswith("Old name")
    assert name in DOORS or name in NO_TABLE_OF_OURS or is_old or not re.fullmatch(r"(pd\.)?DataFrame", returns)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_declared_table_names_a_function_that_exists(table):
    """The function that makes a table is public, and its name is not an old one."""
    function = getattr(tk, re.match(r"tk\.(\w+)", table.made_by)[1])
    assert not (function.__doc__ or "").startswith("Old name")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_docstring_names_the_columns(table):
    """The function that makes a table names each of its columns, or the ending or the other side of one, such as `_target`."""
    function = re.fullmatch(r"tk\.(\w+)(\(all_lags=True\))?", table.made_by)
    words = set(re.findall(r"\w+", getattr(tk, function[1]).__doc__)) if function else set(table.columns)
    for name in table.columns.keys() - ARTICLES.columns.keys():
        base, _, ending = name.rpartition("_")
        other = {"reference": "target", "after": "before"}.get(ending, ending)
        assert words & {name, f"_{ending}", f"{base}_{other}"}, f"{table.made_by} does not name {name}"


def test_the_reference_page_is_up_to_date():
    """REFERENCE.md is what the declarations say now."""
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page(), "Run: python -m toolkit.tables.reference"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_is_told_in_the_reference(table):
    """The section of a table has one row for each column, in order, with a meaning that stands alone."""
    rows = re.findall(r"^\| \*?`([^`]+)`\*? \| (\w+) \| ([^|]*) \| ([^|]+) \|$", reference.section(table), re.M)
    assert [row[0] for row in rows] == list(table.order)
    assert all(len(meaning.strip()) > 2 for *_, meaning in rows)


def test_common_columns_are_used():
    """A column is declared as common because two tables share it, and none is left over."""
    uses = {key: sum(column is table.order.get(key) for table in TABLES) for key, column in COMMON.items()}
    bases = {key for key in COMMON for table in TABLES for name in table.order if name.startswith(f"{key}_")}
    assert [key for key, n in uses.items() if n == 0 and key not in bases] == []


RATES = Table(
    "rates",
    "one cell",
    "tk.rates",
    "<by> term? n_words [n_<term>? leaning?] rate",
    {
        "<by>": Column("any", "the cell"),
        "term": Column("str", "the term"),
        "n_words": Column("int", "words", "words"),
        "n_<term>": Column("int", "hits", "hits"),
        "leaning": Column("str", "the leaning"),
    },
    rate=Column("float", "hits per word"),
)


def test_a_frame_is_laid_out_by_the_declaration():
    """Columns take their order and dtype; the rest is as it was, and so is the frame that was given."""
    given = pd.DataFrame(
        {"rate": [1], "n_a": [2.0], "n_words": [3.0], "source": ["x"], "term": pd.Series(["t"], dtype=object)}
    )
    given.attrs = {"recipe": {"function": "tk.rates"}}
    before = given.copy()
    laid = RATES.layout(given)
    assert {name: str(dtype) for name, dtype in laid.dtypes.items()} == {
        "source": "str",
        "term": "str",
        "n_words": "int64",
        "n_a": "int64",
        "rate": "float64",
    }
    assert laid.attrs == before.attrs
    pd.testing.assert_frame_equal(given, before)


def test_a_table_without_rows_has_its_dtypes_too():
    """Laid out, a frame of column names alone fits the declaration."""
    for table in TABLES:
        assert table.misfits(table.layout(pd.DataFrame(columns=[*table.columns]))) == []


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ({"source": ["x"], "n_words": [1], "leaning": ["l"], "n_a": [1], "rate": [0.5]}, []),
        ({"n_words": [1]}, ["rate is missing"]),
        ({"n_words": [1.5], "rate": [0.5]}, ["n_words holds float64, not int"]),
        ({"n_words": pd.array([1], dtype="Int64"), "rate": [0.5]}, ["n_words holds Int64, not int"]),
        ({"rate": [0.5], "n_words": [1]}, ["the order of columns is rate, n_words, not n_words, rate"]),
        ({"n_words": [1], "term": ["t"], "rate": [0.5]}, ["the order of columns is n_words, term, rate, not term, n_words, rate"]),
        ({"term": pd.Series([3], dtype=object), "n_words": [1], "rate": [0.5]}, ["term holds object, not str"]),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said(frame, said):
    """Missing columns, wrong dtypes and a wrong order are told one by one; what fits is passed."""
    assert RATES.misfits(pd.DataFrame(frame)) == said
    if said:
        with pytest.raises(FramingError, match=r"^This is no table of rates, as tk\.rates returns: "):
            RATES.check(pd.DataFrame(frame))


def test_an_undeclared_column_is_said():
    """A table without a place for other columns has none."""
    frame = pd.DataFrame({"term": ["t"], "outlet": ["x"]})
    assert "outlet is not declared" in EVENTS.misfits(frame)
    assert "outlet is not declared" not in USAGE.misfits(frame)


def test_the_most_definite_name_in_brackets_is_a_columns_place():
    """`n_reset` is a count of a term, `outlet` an article's column, and `n_words` itself."""
    places = {name: COUNTS.place_of(name) for name in ("n_reset", "outlet", "n_words", "leaning")}
    assert places == {"n_reset": "n_<term>", "outlet": "<article>", "n_words": "n_words", "leaning": "leaning"}
    assert COVERAGE.place_of("source") == "<by>" and EVENTS.place_of("outlet") is None


def test_a_slip_in_a_declaration_is_refused():
    """A column without a meaning, and a meaning without a place, are errors where the table is declared."""
    with pytest.raises(KeyError, match="n_texts is not declared"):
        Table("texts", "one text", "tk.texts", "n_texts", {})
    with pytest.raises(KeyError, match="The order of texts has no n_text"):
        Table("texts", "one text", "tk.texts", "n_words", COMMON, n_text=Column("int", "texts"))


def test_endings_say_what_they_add():
    """The count of a side is that of the cell, of that side; the ends of an interval are of what they are named after."""
    columns = Table("t", "one", "tk.t", "n_words_target share_low", COMMON).columns
    assert columns["n_words_target"] == Column("int", "words in the cell, of the target", "words")
    assert columns["share_low"] == Column("float", "lower end of the interval of `share`", "share")
