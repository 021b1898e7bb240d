"""Frames that are given: every kind of column that pandas has is counted rightly, or refused in one sentence."""

import datetime as dt
import inspect
import re
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
from toolkit.tables.frames import as_plain

TEXTS = ("the reset was over " * 4, "reset of it", "no word of it", "a reset again", "the end", "a reset")
DAYS = pd.date_range("2017-01-29", periods=6)
MONTHS = [("2017-01", 5), ("2017-02", 2)]
EVENTS = pd.DataFrame({"date": [pd.Timestamp("2017-02-01")], "event": ["A vote"]})


def usual(**changes):
    columns = {"doc_id": list("uvwxyz"), "title": "A day", "source": list("aabbcc"), "date": DAYS, "text": TEXTS}
    return pd.DataFrame(columns | changes)


def months(frame):
    table = tk.usage(frame, "reset", by=(), freq="M")
    return [(f"{row.period:%Y-%m}", row.n_hits) for row in table.itertuples()]


def of_hits(function, **settings):
    return lambda frame: function(tk.find(frame, "reset"), by=(), **settings)


CALLS = {
    "adoption": of_hits(tk.adoption),
    "audit": tk.audit,
    "bursts": lambda frame: tk.bursts(frame, "reset", by=(), freq="D"),
    "change_points": lambda frame: tk.change_points(frame, "reset", by=(), freq="D"),
    "clean": tk.clean,
    "cleaning_report": lambda frame: tk.cleaning_report(tk.clean(frame)),
    "collocate_shift": lambda frame: tk.collocate_shift(frame, "reset", target={"doc_id": ["u"]}, permutations=99),
    "collocates": lambda frame: tk.collocates(frame, "reset"),
    "compare": lambda frame: tk.compare(frame, "reset", between="doc_id", reference="rest"),
    "contexts": lambda frame: tk.contexts(frame, "reset"),
    "count_hits": lambda frame: tk.count_hits(tk.tokenize(frame), tk.find(tk.tokenize(frame), "reset")),
    "coverage": lambda frame: tk.coverage(frame, by=()),
    "dispersion": lambda frame: tk.dispersion(frame, "reset"),
    "event_effects": lambda frame: tk.event_effects(frame, "reset", EVENTS, by=(), freq="D"),
    "find": lambda frame: tk.find(frame, "reset"),
    "keyness": lambda frame: tk.keyness(frame, {"doc_id": ["u", "v"]}),
    "kwic": lambda frame: tk.kwic(frame, "reset"),
    "lead_lag": lambda frame: tk.lead_lag(frame, ["reset", "word"], between="term", freq="D"),
    "mark_stories": tk.mark_stories,
    "quotations": tk.quotations,
    "raw_offsets": lambda frame: tk.raw_offsets(tk.clean(frame), frame["doc_id"].iloc[0], 0, 3),
    "sample_for_validation": lambda frame: tk.sample_for_validation(tk.find(frame, "reset"), n=2),
    "speakers": of_hits(tk.speakers),
    "suggest_forms": lambda frame: tk.suggest_forms(frame, "reset"),
    "tally": lambda frame: tk.tally(frame, "reset"),
    "tokenize": tk.tokenize,
    "trend": lambda frame: tk.trend(frame, "reset", by=(), freq="D"),
    "usage": lambda frame: tk.usage(frame, "reset", by=()),
    "voice_shares": of_hits(tk.voice_shares),
    "word_forms": lambda frame: tk.word_forms(frame, "reset", by=()),
    "word_shift": lambda frame: tk.word_shift(frame, {"doc_id": ["u", "v"]}),
}
ELSEWHERE = {
    "load_labels",
    "rejoin_corpus",
    "share_corpus",
    "senses",
    "fit_topics",
}  # need files or contexts of their own


def runs(call, frame):
    """Whether a call runs, or says in one sentence of its own what it needs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            call(frame)
        except tk.FramingError as error:
            return str(error)
    return "runs"


def test_each_function_that_takes_articles_is_here():
    """A new public function that takes articles or hits is tried on odd frames, too."""
    takes = {"articles", "corpus", "tokens", "hits", "source"}
    public = {name for name in dir(tk) if inspect.isfunction(getattr(tk, name))}
    first = {name: next(iter(inspect.signature(getattr(tk, name)).parameters), "") for name in public}
    assert {name for name in public if first[name] in takes} - set(CALLS) - ELSEWHERE - {
        "load",
        "read_articles",
    } == set()


@pytest.mark.parametrize("name", CALLS)
def test_two_columns_are_enough(name):
    """Articles with an id and a text are enough, or an error names the column that the question needs."""
    said = runs(CALLS[name], usual()[["doc_id", "text"]])
    assert said == "runs" or "date" in said, said


KINDS = {
    "arrow": lambda: usual().convert_dtypes(dtype_backend="pyarrow"),
    "date32": lambda: usual(date=DAYS.astype("date32[pyarrow]")),
    "whole numbers": lambda: usual(date=[int(f"{day:%Y%m%d}") for day in DAYS]),
    "numbers": lambda: usual(date=[float(f"{day:%Y%m%d}") for day in DAYS]),
    "days of Python": lambda: usual(date=[day.date() for day in DAYS]),
    "periods": lambda: usual(date=DAYS.to_period("D")),
    "periods as objects": lambda: usual(date=pd.Series(list(DAYS.to_period("D")), dtype=object)),
    "categories": lambda: usual(date=pd.Categorical(DAYS), text=pd.Categorical(TEXTS)),
    "one zone": lambda: usual(date=DAYS.tz_localize("Asia/Tokyo")),
    "mixed zones": lambda: usual(
        date=pd.Series(
            [day.tz_localize(zone) for day, zone in zip(DAYS, ["UTC", "Asia/Tokyo", "America/New_York"] * 2)],
            dtype=object,
        )
    ),
    "zones of Python": lambda: usual(
        date=pd.Series([dt.datetime(d.year, d.month, d.day, 23, tzinfo=dt.UTC) for d in DAYS], dtype=object)
    ),
    "index named like a column": lambda: usual().set_index("text", drop=False),
    "several levels": lambda: usual().set_index(["source", "date"], drop=False),
    "index that repeats": lambda: usual().set_axis([0] * 6),
    "bytes": lambda: usual(text=pd.Series([text.encode() for text in TEXTS], dtype=object)),
    "sparse": lambda: usual(weight=pd.arrays.SparseArray([0, 0, 0, 1, 0, 0])),
    "category of sources": lambda: usual(source=pd.Categorical(list("aabbcc"), ["c", "b", "a", "none"])),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_column_is_counted(kind):
    """Counts by month are the same whatever the columns are made of."""
    assert months(KINDS[kind]()) == MONTHS


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "name", ["audit", "clean", "coverage", "mark_stories", "find", "trend", "voice_shares", "keyness"]
)
def test_each_kind_of_column_runs_everywhere(name, kind):
    """No kind of column stops a function with an error of pandas, and the frame stays as it was."""
    frame = KINDS[kind]()
    before = frame.copy(deep=True)
    assert runs(CALLS[name], frame) == "runs"
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"date": [1485648000 + 86400 * n for n in range(6)]}, "unit='s'"),
        ({"date": [20170132, *range(20170101, 20170106)]}, "20170132 is no day such as 20170129. Mend it"),
        ({"text": pd.Series([*TEXTS[:5], b"caf\xe9"], dtype=object)}, "'z'.* bytes that are not UTF-8"),
        ({"text": pd.Series([*TEXTS[:5], ["a", "reset"]], dtype=object)}, "'z'.* a list"),
        ({"text": pd.Series([*TEXTS[:5], np.array(["a", "reset"])], dtype=object)}, "'z'.* a ndarray"),
        ({"date": [np.inf, *range(20170101, 20170106)]}, "inf is no day"),
        ({"date": [7, *range(20170101, 20170106)]}, "7 is no day"),
        ({"date": ["29.1.2017"] * 6}, "not dates"),
    ],
)
def test_what_cannot_be_read_is_refused(changes, words):
    """What no rule reads is refused with the article or the format that is wanted."""
    with pytest.raises(tk.FramingError, match=words):
        months(usual(**changes))


def test_columns_of_several_levels_are_refused():
    """A pivoted frame is refused with the line that makes one level of its columns, and that line works."""
    frame = usual()
    frame.columns = pd.MultiIndex.from_product([["a"], frame.columns])
    with pytest.raises(tk.FramingError, match="2 levels"):
        months(frame)
    frame.columns = ["_".join(map(str, levels)) for levels in frame.columns]
    assert "a_text" in frame.columns


def test_columns_that_stand_twice_are_refused():
    """Of two columns of one name nobody can tell which is meant."""
    frame = usual()
    with pytest.raises(tk.FramingError, match="text 2 times"):
        months(pd.concat([frame, frame[["text"]]], axis=1))


@pytest.mark.parametrize(("first", "step"), [(1485648000, 86400), (1485648000000, 86400000), (42764, 1)])
def test_the_advice_about_numbers_works(first, step):
    """Of seconds, milliseconds and the days of a spreadsheet the line that the error gives reads the days that are meant."""
    articles = usual(date=[first + step * n for n in range(6)])
    with pytest.raises(tk.FramingError) as error:
        months(articles)
    way = dict(re.findall(r"(unit|origin)='([^']+)'", str(error.value)))
    assert months(articles.assign(date=pd.to_datetime(articles["date"], **way))) == MONTHS


def test_an_ordinary_frame_is_not_copied():
    """A frame that has nothing odd comes back itself."""
    frame = usual()
    assert as_plain(frame, "articles") is frame


def test_half_characters_are_replaced_where_they_stand():
    """Half of a pair becomes the sign for a lost character, and a whole pair its character."""
    frame = usual(text=pd.Series(["a reset \ud83d came", "\ud83d\ude00 reset", *TEXTS[2:]], dtype=object))
    assert as_plain(frame, "articles")["text"].tolist()[:2] == ["a reset \ufffd came", "\U0001f600 reset"]
    assert runs(CALLS["clean"], frame) == runs(CALLS["usage"], frame) == "runs"


@given(st.lists(st.one_of(st.none(), st.dates(dt.date(1800, 1, 1), dt.date(2100, 12, 31))), min_size=1))
def test_days_as_numbers_are_those_days(days):
    """A day that is written as a whole number is read as itself, and a missing one stays missing."""
    numbers = [np.nan if day is None else int(f"{day:%Y%m%d}") for day in days]
    read = as_plain(pd.DataFrame({"date": numbers}), "articles")["date"]
    assert [None if pd.isna(day) else day.date() for day in read] == days
