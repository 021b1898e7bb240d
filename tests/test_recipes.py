"""What a recipe says of a table, and that it tells what was changed in the table since."""

from __future__ import annotations

import datetime as dt
import json
import pickle
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from toolkit.recipes import changes, corpus_of, make_recipe, plain, recorded, sealed, state
from toolkit.tables.content import ROWS_KEPT, content_changes, content_name, content_of

NAMES = st.text(min_size=1, max_size=8)  # any script
TEXTS = st.text(max_size=12)
KINDS = {
    "text": (TEXTS, "str"),
    "number": (st.floats(allow_nan=False, allow_infinity=False), "float64"),
    "count": (st.integers(-(2**63), 2**63 - 1), "int64"),
    "flag": (st.booleans(), "bool"),
    "day": (st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2200, 1, 1)), "datetime64[us]"),
    "kind": (st.sampled_from(["outlet", "quoted", "говорит", "語"]), "category"),
    "list": (st.lists(st.integers(0, 9), max_size=3), "object"),
}
quick = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def tables(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(KINDS), missing: bool = True) -> pd.DataFrame:
    """Draw a table of one to five columns of any kind and name."""
    n = draw(st.integers(1, 6))
    columns = {}
    for name in draw(st.lists(NAMES, min_size=1, max_size=5, unique=True)):
        kind = draw(st.sampled_from(kinds))
        values, dtype = KINDS[kind]
        column = pd.Series(draw(st.lists(values, min_size=n, max_size=n)), dtype=dtype)
        if missing and kind in ("text", "number", "day", "kind"):
            column = column.mask(pd.Series(draw(st.lists(st.booleans(), min_size=n, max_size=n))))
        columns[name] = column
    return pd.DataFrame(columns)


def usage() -> pd.DataFrame:
    """Return a small table with a recipe and the hash of its content."""
    table = pd.DataFrame(
        {
            "source": ["Post", "Post", "Wire", "Wire"],
            "term": ["reset", "ban", "reset", "ban"],
            "n_hits": [3, 1, 0, 2],
            "share": [0.5, 0.25, 0.0, np.nan],
        }
    )
    return sealed(table, make_recipe("toolkit.usage", {"by": ["source"]}, {"name": "daily-brief"}, ()))


# Content


@quick
@given(tables(), st.data())
def test_any_change_of_any_cell_is_told(table: pd.DataFrame, data: st.DataObject) -> None:
    """One cell that holds another value is a change, and its column is named."""
    content = content_of(table)
    row = data.draw(st.integers(0, len(table) - 1))
    at = data.draw(st.integers(0, table.shape[1] - 1))
    column = table.iloc[:, at]
    old = column.iloc[row]
    new = data.draw(st.one_of(TEXTS, st.integers(), st.floats(allow_nan=False), st.booleans(), st.none()))
    same_kind = isinstance(new, bool) == isinstance(old, (bool, np.bool_))
    assume(not (same_kind and _equal(old, new)))
    changed = table.copy()
    changed[table.columns[at]] = [new if i == row else value for i, value in enumerate(column.astype(object))]
    assert content_changes(content, changed) == {"columns_changed": [table.columns[at]]}


def _equal(old: object, new: object) -> bool:
    """Whether two values are the same cell: both missing, or equal."""
    if isinstance(old, list):
        return False
    if pd.isna(old) or new is None:
        return bool(pd.isna(old)) and new is None
    return bool(old == new)


@quick
@given(tables())
def test_no_change_is_not_told(table: pd.DataFrame) -> None:
    """A copy, a pickle, all columns as objects, columns and rows in another order and another index hold what they held."""
    content = content_of(table)
    variants = {
        "copy": table.copy(),
        "pickle": pickle.loads(pickle.dumps(table)),
        "objects": table.astype(object),
        "columns": table[table.columns[::-1]],
        "rows": table[::-1],
        "index": table.set_axis(range(5, 5 + len(table))),
        "concat": pd.concat([table]),
        "halves": pd.concat([table[:1], table[1:]]),
    }
    assert {name: told for name, variant in variants.items() if (told := content_changes(content, variant))} == {}


@quick
@given(tables(kinds=("text", "number", "count", "flag", "day", "kind", "list")))
def test_parquet_is_no_change(tmp_path_factory: pytest.TempPathFactory, table: pd.DataFrame) -> None:
    """A table that went through a Parquet file holds what it held, and so says its recipe."""
    path = tmp_path_factory.mktemp("parquet") / "table.parquet"
    sealed(table, make_recipe("toolkit.usage", {}, {}, ())).to_parquet(path)
    assert changes(pd.read_parquet(path)) == {}


@quick
@given(tables(missing=False), st.data())
def test_a_part_is_told_as_a_part(table: pd.DataFrame, data: st.DataObject) -> None:
    """Some of the rows, as they were, are told by their number, and that none was altered."""
    kept = data.draw(st.lists(st.integers(0, len(table) - 1), max_size=len(table) - 1, unique=True))
    told = content_changes(content_of(table), table.iloc[kept])
    assert told == {"rows": f"{len(kept):,} of {len(table):,} rows, none of them altered"}


@given(NAMES, NAMES)
@quick
def test_a_name_in_any_script_is_a_name(old: str, new: str) -> None:
    """A column that is called otherwise is told by both names, whatever letters they are made of."""
    assume(old != new)
    table = pd.DataFrame({old: [1, 2]})
    assert content_changes(content_of(table), table.rename(columns={old: new})) == {"columns_renamed": {old: new}}


@quick
@given(st.sampled_from(["text", "number", "count", "flag", "day", "kind"]), st.integers(0, 999), st.data())
def test_what_was_hashed_before_is_not_taken_for_what_stands_there_now(
    kind: str, row: int, data: st.DataObject
) -> None:
    """A cell that is edited in place after a hash is told by the next one, in every kind of column that hashes are remembered of."""
    values, dtype = KINDS[kind]
    old, new = data.draw(st.lists(values, min_size=2, max_size=2, unique=True))
    assume(not _equal(old, new))
    table = pd.DataFrame(
        {"x": pd.Series([old] * 1000).astype(pd.CategoricalDtype([old, new]) if kind == "kind" else dtype)}
    )
    content = content_of(table)
    assert content_changes(content, table) == {}
    table.loc[row, "x"] = new
    assert content_changes(content, table) == {"columns_changed": ["x"]}
    table.loc[row, "x"] = old
    assert content_changes(content, table) == {}


def test_numbers_written_past_pandas_are_told() -> None:
    """An array that a frame shares with its maker can be written without pandas; the hash tells."""
    numbers = np.arange(1000.0)
    table = pd.DataFrame({"x": pd.Series(numbers, copy=False)}, copy=False)
    content = content_of(table)
    numbers[7] = -1.0
    assert table["x"].iloc[7] == -1.0
    assert content_changes(content, table) == {"columns_changed": ["x"]}


def test_dtypes_do_not_count_but_true_is_not_one() -> None:
    """5 and 5.0, strings and categories are the same; True and 1, "1" and 1, missing and empty are not."""
    base = pd.DataFrame({"n": [5, 0], "word": ["ban", ""], "flag": [True, False]})
    content = content_of(base)
    same = base.astype({"n": "Float64", "word": "category", "flag": "boolean"})
    assert content_changes(content, same) == {}
    assert content_changes(content, base.assign(flag=[1, 0])) == {"columns_changed": ["flag"]}
    assert content_changes(content, base.assign(n=["5", "0"])) == {"columns_changed": ["n"]}
    assert content_changes(content, base.assign(word=["ban", None])) == {"columns_changed": ["word"]}


def test_large_whole_numbers_and_nanoseconds_are_told_apart() -> None:
    """Neighbours that one float stands for, and times a nanosecond apart, are different values."""
    table = pd.DataFrame({"n": [2**53, 2**62], "at": pd.to_datetime([1, 2], unit="ns")})
    content = content_of(table)
    assert content_changes(content, table.assign(n=[2**53, 2**62 + 1])) == {"columns_changed": ["n"]}
    assert content_changes(content, table.assign(at=table["at"] + pd.Timedelta(1, "ns"))) == {"columns_changed": ["at"]}
    assert content_changes(content, table.assign(at=table["at"].dt.tz_localize("UTC"))) == {"columns_changed": ["at"]}


def test_half_a_surrogate_pair_is_a_value_like_any_other() -> None:
    """Text that no encoding has is hashed too, and changes nothing about the other values of its column."""
    table = pd.DataFrame({"form": pd.Series(["ban", "\ud83d"], dtype=object)})
    content = content_of(table)
    assert content_changes(content, table.copy()) == {}
    assert content_changes(content, table[:1]) == {"rows": "1 of 2 rows, none of them altered"}
    other = table.assign(form=pd.Series(["ban", "\ud83e"], dtype=object))
    assert content_changes(content, other) == {"columns_changed": ["form"]}


def test_values_that_move_to_other_rows_are_a_change() -> None:
    """A column whose values were dealt anew has the same values, and is told all the same."""
    table = usage()
    assert changes(table.assign(n_hits=[0, 1, 3, 2])) == {"columns_changed": ["n_hits"]}


def test_a_named_index_counts_as_a_column() -> None:
    """A column that moves into the index is still there; an index without a name is no content."""
    table = usage()
    assert changes(table.set_index(["source", "term"])) == {}
    assert changes(table.set_axis([7, 8, 9, 10])) == {}


def test_large_tables_are_told_from_their_parts_by_numbers_alone() -> None:
    """Beyond the rows that are kept one by one, order does not count, an edit is told, and a part is told by its length."""
    n = ROWS_KEPT + 1
    table = pd.DataFrame({"doc_id": [f"a{i}" for i in range(n)], "n_hits": np.arange(n) % 7})
    content = content_of(table)
    assert "each_row" not in content
    assert content_changes(content, table[::-1]) == {}
    edited = table.copy()
    edited.loc[n // 2, "n_hits"] += 1
    assert content_changes(content, edited) == {"columns_changed": ["n_hits"]}
    assert content_changes(content, table[1:]) == {"rows": f"{n - 1:,} rows instead of {n:,}"}


def test_a_content_is_plain_json() -> None:
    """The content of a table survives JSON, which is how Parquet keeps attrs."""
    content = content_of(usage())
    assert json.loads(json.dumps(content)) == content
    assert content_name(content).startswith("4-")


# What pandas keeps, and what is said of it


def test_what_pandas_keeps_and_what_is_said() -> None:
    """Query, copy, concat, merge and groupby: an unchanged table is called so, every other one by what differs."""
    table = usage()
    attrs = table.attrs
    summed = table.groupby("term", as_index=False)["n_hits"].sum()
    sources = pd.DataFrame({"source": ["Post", "Wire"], "leaning": ["left", "right"]})
    merged = table.merge(sources, on="source")
    for frame in (summed, merged):
        frame.attrs = attrs  # as one who was told to put them back does

    assert changes(table.query("n_hits >= 0")) == {}
    assert changes(table.copy()) == {}
    assert changes(pickle.loads(pickle.dumps(table))) == {}
    assert changes(pd.concat([table])) == {}
    assert changes(table.merge(table[["source", "term"]], on=["source", "term"]).pipe(_with(attrs))) == {}
    assert changes(table.query("n_hits > 0")) == {"rows": "3 of 4 rows, none of them altered"}
    assert changes(pd.concat([table, table])) == {"rows": "4 rows added to 4"}
    assert changes(merged) == {"columns_added": ["leaning"]}
    assert changes(summed) == {"columns_removed": ["source", "share"], "rows": "2 rows instead of 4"}
    assert changes(table.drop(columns="share")) == {"columns_removed": ["share"]}
    assert changes(table.rename(columns={"share": "rate"}).assign(n_hits=0)) == {
        "columns_renamed": {"share": "rate"},
        "columns_changed": ["n_hits"],
    }
    part = table[table["term"] == "ban"].assign(n_hits=9)
    assert changes(part) == {"rows": "2 rows instead of 4, 0 of them as they were"}


def _with(attrs: dict) -> object:
    def put(frame: pd.DataFrame) -> pd.DataFrame:
        frame.attrs = attrs
        return frame

    return put


def test_tables_of_different_recipes_lose_them_together() -> None:
    """Two tables under each other that were made in two ways have no recipe, for neither holds for both."""
    other = sealed(usage(), make_recipe("toolkit.usage", {"by": ["term"]}, {}, ()))
    assert changes(pd.concat([usage(), other])) is None


def test_a_recipe_without_a_content_proves_nothing() -> None:
    """A recipe that was written by hand says so: nothing can be told."""
    table = pd.DataFrame({"n": [1]})
    assert changes(table) is None
    table.attrs = {"recipe": make_recipe("toolkit.usage", {}, {}, ())}
    assert changes(table) is None


# The decorator


@recorded(packages=("numpy",))
def counted(
    articles: pd.DataFrame, terms: list[str], *, by: tuple[str, ...] = ("source",), seed: int = 0
) -> pd.DataFrame:
    """Count rows by `by`, once for each term."""
    table = pd.concat([articles.groupby(list(by), as_index=False).size().assign(term=term) for term in terms])
    state(table, {"name": "daily-brief"}, terms={term: [term] for term in terms}, leave_out=("seed",))
    table.attrs["total"] = len(articles)
    return table


@recorded("toolkit.shares", packages=())
def shared(counts: pd.DataFrame, *, digits: int = 2, weights: pd.DataFrame | None = None) -> pd.DataFrame:
    """Add the share of each row."""
    return counts.assign(share=(counts["size"] / counts["size"].sum()).round(digits))


ARTICLES = pd.DataFrame({"doc_id": ["a", "b", "c"], "source": ["Post", "Post", "Wire"]})


def test_settings_come_from_the_signature_and_the_body_has_the_last_word() -> None:
    """Defaults are stated, terms as the body understood them, and a setting that played no part is left out."""
    table = counted(ARTICLES, ["reset"])
    recipe = table.attrs["recipe"]
    assert recipe["function"] == "toolkit.counted"
    assert recipe["settings"] == {"terms": {"reset": ["reset"]}, "by": ["source"]}
    assert recipe["corpus"] == {"name": "daily-brief"}
    assert sorted(recipe["versions"]) == ["framing-toolkit", "numpy"]
    assert table.attrs["total"] == 3
    assert changes(table) == {}


def test_a_recorded_function_calls_itself_as_it_was() -> None:
    """Name, docstring and signature are those of the function."""
    assert counted.__name__ == "counted"
    assert counted.__doc__ == "Count rows by `by`, once for each term."


def test_a_table_made_of_a_table_says_of_which() -> None:
    """The recipe of the input is inside that of the result, with its corpus, versions and content; calls do not double up."""
    first = counted(ARTICLES, ["reset"])
    table = shared(first)
    recipe = table.attrs["recipe"]
    assert recipe["function"] == "toolkit.shares"
    assert recipe["settings"] == {"digits": 2, "weights": None}
    assert recipe["corpus"] == {"name": "daily-brief"}
    told = recipe["inputs"]["counts"]
    assert told["function"] == "toolkit.counted"
    assert told["settings"]["terms"] == {"reset": ["reset"]}
    assert told["content"] == content_name(first.attrs["recipe"]["content"])
    assert "changed" not in told and "corpus" not in told
    assert "numpy" in recipe["versions"]
    assert changes(table) == {}


def test_an_input_that_was_changed_is_said_to_be() -> None:
    """What is made of a filtered or edited table says so, however it goes on."""
    first = counted(ARTICLES, ["reset"])
    part = shared(first[first["source"] == "Post"])
    assert part.attrs["recipe"]["inputs"]["counts"]["changed"] == {"rows": "1 of 2 rows, none of them altered"}
    again = shared(part, weights=first.assign(size=1)).attrs["recipe"]["inputs"]
    assert again["counts"]["inputs"]["counts"]["changed"] == {"rows": "1 of 2 rows, none of them altered"}
    assert again["weights"]["changed"] == {"columns_changed": ["size"]}


def test_a_function_that_gives_its_input_back_leaves_it_its_recipe() -> None:
    """The table that went in keeps its own recipe even if the same object comes out."""

    @recorded(packages=())
    def same(table: pd.DataFrame) -> pd.DataFrame:
        return table

    first = counted(ARTICLES, ["reset"])
    assert same(first).attrs["recipe"]["function"] == "toolkit.same"
    assert first.attrs["recipe"]["function"] == "toolkit.counted"


def test_a_recipe_that_the_body_made_is_taken_as_it_is() -> None:
    """A function that makes its whole recipe has it sealed."""

    @recorded(packages=("numpy",))
    def old(articles: pd.DataFrame) -> pd.DataFrame:
        table = pd.DataFrame({"n": [len(articles)]})
        table.attrs = {"recipe": make_recipe("toolkit.Topics.old", {"a": 1}, {"name": "x"}, ())}
        return table

    recipe = old(ARTICLES).attrs["recipe"]
    assert (recipe["function"], recipe["settings"], recipe["corpus"]) == ("toolkit.Topics.old", {"a": 1}, {"name": "x"})
    assert changes(old(ARTICLES)) == {}


def test_the_corpus_is_that_of_what_was_asked() -> None:
    """An index or a tally hands over its corpus, a table that of its recipe, a model that of its topics."""

    index = SimpleNamespace(corpus={"name": "news", "n_articles": 3})
    assert corpus_of(index) == {"name": "news", "n_articles": 3}
    assert corpus_of(usage()) == corpus_of(SimpleNamespace(topics=usage())) == {"name": "daily-brief"}


def test_no_key_enters_a_recipe() -> None:
    """Settings named as keys, keys in addresses and in texts, and the insides of unknown objects are not written down."""

    class Client:
        def __repr__(self) -> str:
            return "Client(key='s3cr3t')"

    stated = plain(
        {
            "api_key": "s3cr3t",
            "options": {"Authorization": "Bearer s3cr3ts3cr3ts3cr3t"},
            "base_url": "https://me:s3cr3t@example.org/v1?key=s3cr3t&n=2",
            "client": Client(),
            "header": "Bearer s3cr3ts3cr3ts3cr3t",
            "model": "sk-s3cr3ts3cr3ts3cr3t",
            "terms": {"password": ["password*"]},
        }
    )
    assert "s3cr3t" not in json.dumps(stated)
    assert stated["client"] == "test_no_key_enters_a_recipe.<locals>.Client"
    assert stated["terms"] == {"password": ["password*"]}
    assert stated["base_url"].endswith("&n=2")
