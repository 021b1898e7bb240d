"""What is written down is the same each time, and holds no path and no key."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from toolkit.disclosure import without_folders
from toolkit.records.writes import beside, csv_text, json_text, plain, write_text


def absolute(*parts):
    return "/".join(["", *parts])


def test_csv_has_ten_digits_iso_dates_and_nothing_where_nothing_is():
    """Floats are written with ten significant digits, dates as ISO, missing values empty, truth as a word."""
    table = pd.DataFrame(
        {
            "source": pd.array(["A, B", None], dtype="str"),
            "period": pd.to_datetime(["2017-01-02", "2017-01-02 13:30"], format="mixed"),
            "n": [1, 20_000_000],
            "share": [1 / 3, np.nan],
            "covered": [True, False],
        }
    )
    assert csv_text(table) == (
        'source,period,n,share,covered\n"A, B",2017-01-02,1,0.3333333333,True\n,2017-01-02T13:30:00,20000000,,False\n'
    )


def test_a_named_index_is_written_and_a_plain_one_is_not():
    """An index with a name is a column."""
    table = pd.DataFrame({"n": [1]}, index=pd.Index(["A"], name="source"))
    assert csv_text(table) == "source,n\nA,1\n"
    assert csv_text(table.reset_index(drop=True)) == "n\n1\n"


def test_two_columns_of_one_name_are_both_written():
    """No column is lost for its name."""
    assert csv_text(pd.DataFrame([[1, 2]], columns=["n", "n"])) == "n,n\n1,2\n"


def test_values_become_plain_json():
    """numpy numbers, tuples, sets, dates and what is not finite have a plain form."""
    value = {"a": np.int64(1), "b": (np.float64(0.5), float("inf")), "c": {"y", "x"}, 4: pd.Timestamp("2017-01-27")}
    assert plain(value) == {"a": 1, "b": [0.5, None], "c": ["x", "y"], "4": "2017-01-27T00:00:00"}


@pytest.mark.parametrize("name", ["api_key", "OPENAI_API_KEY", "password", "client_secret", "auth_token"])
def test_keys_are_not_written(name):
    """What a setting named as a key or password holds is left out, at any depth."""
    assert "abc" not in json_text({"embedder": {name: "abc"}})


def test_a_setting_that_only_sounds_like_a_key_is_written():
    """Key words and tokens are not secrets."""
    assert plain({"keywords": ["reset"], "n_tokens": 3, "key": "source"}) == {
        "keywords": ["reset"],
        "n_tokens": 3,
        "key": "source",
    }


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (absolute("data", "press", "export.csv"), "export.csv"),
        (f"read {absolute('data', 'press', 'export.csv')}, twice", "read export.csv, twice"),
        ("C:" + "\\data\\press\\export.csv", "export.csv"),
        (
            "and/or, km/h, https://example.org/a/b, data/press.csv",
            "and/or, km/h, https://example.org/a/b, data/press.csv",
        ),
    ],
)
def test_absolute_paths_are_reduced_to_their_last_part(text, left):
    """Where a file lay on somebody's machine is not written; addresses, relative paths and slashes in words are."""
    assert without_folders(text) == left


def test_a_home_with_a_space_is_not_written(monkeypatch):
    """A home folder whose name has a space is removed as a whole."""
    home = absolute("somewhere", "Ada Example")
    monkeypatch.setattr(Path, "home", lambda: Path(home))
    assert without_folders(f"{home}/press/export.csv") == "export.csv"


def test_a_file_is_replaced_at_once(tmp_path, monkeypatch):
    """If the last step fails, the old file is whole and nothing else is left in the folder."""
    path = tmp_path / "a.txt"
    write_text(path, "old")

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_text(path, "new")
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"a.txt": "old"}


def test_a_folder_that_was_made_for_nothing_is_removed(tmp_path):
    """Where writing fails in a new folder, the folder goes too."""
    with pytest.raises(RuntimeError, match="half way"), beside(tmp_path / "a" / "b") as workshop:
        (workshop / "part").write_text("x")
        raise RuntimeError("half way")
    assert list(tmp_path.iterdir()) == []
