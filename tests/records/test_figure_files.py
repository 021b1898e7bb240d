"""A saved figure is four files, all or none, the same bytes each time, and enough to make it again."""

from __future__ import annotations

import hashlib
import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import matplotlib
import pandas as pd
import pytest
from matplotlib.figure import Figure

from toolkit import figures
from toolkit.recipes import sealed
from toolkit.records.figure_files import save_figure
from toolkit.tables import FramingError, FramingWarning
from toolkit.tables.content import content_name, content_of

FILES = ["reset.csv", "reset.json", "reset.png", "reset.svg"]


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


def test_four_files_are_written(usage, tmp_path):
    """The PNG is returned; data, drawing and manifest lie beside it, and nothing else."""
    path = save_figure(figures.plot_usage(usage), "reset", usage, folder=tmp_path)
    assert path == tmp_path / "reset.png"
    assert list(contents(tmp_path)) == FILES


def test_the_same_figure_gives_the_same_bytes(usage, tmp_path):
    """Two figures drawn and saved apart, one of them after other drawing, are equal to the byte in all four files."""
    save_figure(figures.plot_usage(usage), "reset", usage, folder=tmp_path / "a")
    figures.plot_usage(usage, title="something else").canvas.draw()
    with matplotlib.rc_context({"svg.hashsalt": None, "svg.fonttype": "path", "savefig.dpi": 50, "font.size": 20}):
        save_figure(figures.plot_usage(usage), "reset", usage, folder=tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_another_process_gives_the_same_bytes(usage, tmp_path):
    """Neither the process nor the order of its hashes shows in the files."""
    save_figure(figures.plot_usage(usage), "reset", usage, folder=tmp_path / "a")
    usage.to_json(tmp_path / "usage.json", orient="split")
    code = (
        "import json, sys, pandas as pd, toolkit as tk\n"
        "usage = pd.DataFrame(**json.load(open(sys.argv[1])))\nusage.attrs['recipe'] = json.loads(sys.argv[2])\n"
        "usage = usage.astype({c: float for c in ['per_million', 'share', 'low', 'high']})\n"
        "tk.save_figure(tk.figures.plot_usage(usage), 'reset', usage, folder=sys.argv[3])"
    )
    arguments = [tmp_path / "usage.json", json.dumps(usage.attrs["recipe"]), tmp_path / "b"]
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", code, *map(str, arguments)], check=True, env=environment)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_the_manifest_tells_how_to_make_it_again(usage, tmp_path):
    """Corpus, function, settings and versions come from the recipe; the hash is that of the CSV; no time is in it."""
    save_figure(figures.plot_usage(usage), "reset", usage, folder=tmp_path, note="As in chapter 2.")
    assert json.loads((tmp_path / "reset.json").read_text()) == {
        "schema": 2,
        "name": "reset",
        "corpus": {"name": "daily-brief", "fingerprint": "9-ab12", "n_articles": 9},
        "function": "toolkit.usage",
        "settings": {"by": ["source"], "measure": "per_million", "confidence": 0.95},
        "versions": {"framing-toolkit": "0.1.0", "pandas": "3.1.1"},
        "content": content_name(content_of(usage)),
        "data": {
            "sha256": hashlib.sha256((tmp_path / "reset.csv").read_bytes()).hexdigest(),
            "n_rows": 2,
            "columns": list(usage.columns),
        },
        "note": "As in chapter 2.",
    }


def test_no_path_and_no_key_is_written(usage, tmp_path):
    """A corpus named by its path keeps its file name; a key among the settings is left out."""
    usage.attrs["recipe"]["corpus"] = {"name": str(Path.home() / "press" / "export.csv")}
    usage.attrs["recipe"]["settings"]["api_key"] = "abc123"
    save_figure(Figure(), "reset", usage, folder=tmp_path, note=f"made in {tmp_path}")
    text = (tmp_path / "reset.json").read_text()
    assert json.loads(text)["corpus"] == {"name": "export.csv"}
    assert not any(word in text for word in ("abc123", str(Path.home()) + "/", str(tmp_path)))


def test_the_svg_keeps_text_as_text_and_has_no_date(usage, tmp_path):
    """Words in the drawing can be searched and edited."""
    save_figure(figures.plot_usage(usage), "reset", usage, folder=tmp_path)
    svg = (tmp_path / "reset.svg").read_text()
    assert "<text" in svg and "“reset”" in svg and "3 / 2 of 4" in svg
    assert "<dc:date>" not in svg


def test_the_png_has_200_dots_per_inch(usage, tmp_path):
    """A double column of 7.2 inches is 1,440 dots wide, whatever the session has set."""
    with matplotlib.rc_context({"savefig.bbox": "tight", "savefig.dpi": 72}):
        path = save_figure(figures.plot_usage(usage), "reset", usage, folder=tmp_path)
    assert struct.unpack(">I", path.read_bytes()[16:20]) == (1440,)


def test_the_folder_can_come_from_the_environment(usage, tmp_path, monkeypatch):
    """Without folder= figures go where FRAMING_FIGURES says, else to figures/ under the current folder."""
    monkeypatch.setenv("FRAMING_FIGURES", str(tmp_path / "elsewhere"))
    assert save_figure(Figure(), "reset", usage).parent == tmp_path / "elsewhere"
    monkeypatch.delenv("FRAMING_FIGURES")
    monkeypatch.chdir(tmp_path)
    assert save_figure(Figure(), "reset", usage) == Path("figures", "reset.png")


@pytest.mark.parametrize("failing", ["savefig", "replace"])
def test_all_or_nothing(usage, tmp_path, monkeypatch, failing):
    """If drawing or the first renaming fails, the files of the last saving are whole and no part of the new is left."""
    save_figure(Figure(), "reset", usage, folder=tmp_path)
    before = contents(tmp_path)

    def fail(*_, **__):
        raise OSError("disk full")

    monkeypatch.setattr(*((Figure, "savefig") if failing == "savefig" else (os, "replace")), fail)
    other = sealed(usage.assign(n_hits=usage["n_hits"] + 1), usage.attrs["recipe"])
    with pytest.raises(OSError, match="disk full"):
        save_figure(Figure(), "reset", other, folder=tmp_path)
    assert contents(tmp_path) == before


def test_nothing_is_left_where_the_first_saving_fails(usage, tmp_path, monkeypatch):
    """A folder that was made for the figure is removed again."""

    def fail(*_, **__):
        raise OSError("disk full")

    monkeypatch.setattr(Figure, "savefig", fail)
    with pytest.raises(OSError, match="disk full"):
        save_figure(Figure(), "reset", usage, folder=tmp_path / "figures")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../reset", "a/b", "..", "", "reset.png", "a b", "-reset", "a\x00b", 3])
def test_a_name_that_is_not_plain_is_refused(usage, tmp_path, name):
    """A name cannot lead out of the folder, or hide a file in it."""
    with pytest.raises(FramingError) as error:
        save_figure(Figure(), name, usage, folder=tmp_path)
    assert str(error.value) == (
        "The name of a figure is made of letters, digits, - and _, such as 'who-says-reset'; "
        f"this is {name!r}. To write elsewhere, give folder=."
    )
    assert list(tmp_path.iterdir()) == []


def test_axes_are_not_a_figure(usage, tmp_path):
    """Axes are refused with where to find their figure."""
    with pytest.raises(FramingError) as error:
        save_figure(figures.plot_usage(usage).axes[0], "reset", usage, folder=tmp_path)
    assert str(error.value) == ("save_figure saves a matplotlib figure; this is a Axes. Of axes, take axes.figure.")


def test_a_figure_without_its_data_is_refused(tmp_path):
    """A figure is not saved without the table that it shows."""
    with pytest.raises(FramingError) as error:
        save_figure(Figure(), "reset", [1, 2], folder=tmp_path)
    assert str(error.value) == (
        "save_figure keeps the figure's data, a pandas DataFrame; this is a list. "
        "Give the table that was drawn: tk.save_figure(figure, name, table)."
    )


def test_a_table_without_its_recipe_is_saved_with_a_warning(usage, tmp_path):
    """The manifest then says nothing of the origin, and the warning says so."""
    usage.attrs = {}
    with pytest.warns(FramingWarning) as caught:
        save_figure(Figure(), "reset", usage, folder=tmp_path)
    assert [str(w.message) for w in caught] == [
        "The table of figure 'reset' carries no recipe, so its manifest cannot say where it came from. "
        "pandas drops attrs in some steps; put them back: table.attrs = usage.attrs."
    ]
    assert caught[0].filename == __file__
    assert json.loads((tmp_path / "reset.json").read_text())["function"] is None


def manifest(folder: Path) -> dict:
    return json.loads((folder / "reset.json").read_text())


def warned(usage: pd.DataFrame, folder: Path) -> str:
    """Save a figure of a table that is not as it was made, and return the one warning."""
    with pytest.warns(FramingWarning) as caught:
        save_figure(Figure(), "reset", usage, folder=folder)
    assert [w.filename for w in caught] == [__file__]
    return str(caught[0].message)


def test_a_value_that_was_edited_is_told(usage, tmp_path):
    """A copy with another number keeps its recipe, and the manifest says which column no longer fits."""
    edited = usage.copy()
    edited["share"] = 0.5
    assert warned(edited, tmp_path) == (
        "The table of figure 'reset' was changed after toolkit.usage made it: columns changed: share. The manifest says so."
    )
    assert manifest(tmp_path)["changed_afterwards"] == {"columns_changed": ["share"]}
    assert manifest(tmp_path)["content"] == content_name(content_of(usage))  # what the recipe describes


def test_a_part_and_sums_are_told(usage, tmp_path):
    """Filtered rows are told as a part; sums with the recipe put back by hand are told by rows and columns."""
    part = usage[usage["n_hits"] > 0]
    assert "1 of 2 rows, none of them altered" in warned(part, tmp_path)
    sums = usage.groupby("term", as_index=False)["n_hits"].sum()
    sums.attrs = usage.attrs
    warned(sums, tmp_path)
    told = manifest(tmp_path)["changed_afterwards"]
    assert told["rows"] == "1 rows instead of 2"
    assert "source" in told["columns_removed"]


def test_a_table_that_nobody_changed_is_not_said_to_be(usage, tmp_path, recwarn):
    """Sorted, pickled, copied, through Parquet and back: the manifest has no word of a change, and nobody is warned."""
    usage.to_parquet(tmp_path / "usage.parquet")
    again = pd.read_parquet(tmp_path / "usage.parquet")
    for table in (usage, usage.copy(), usage[::-1], usage.query("n_hits >= 0"), pd.concat([usage]), again):
        save_figure(Figure(), "reset", table, folder=tmp_path)
        assert not [key for key in manifest(tmp_path) if key.startswith("changed")]
    assert [w for w in recwarn if issubclass(w.category, FramingWarning)] == []


def test_a_recipe_without_a_content_proves_nothing(usage, tmp_path):
    """A recipe that was written by hand is kept, and said to prove nothing."""
    usage.attrs["recipe"] = {key: value for key, value in usage.attrs["recipe"].items() if key != "content"}
    assert "does not say what its table held" in warned(usage, tmp_path)
    assert manifest(tmp_path)["unproven"] == "the recipe has no hash of the content"


def test_a_figure_that_knows_its_table_needs_none(usage, tmp_path):
    """The table that was drawn is saved, with the same files as if it had been given."""
    figure = Figure()
    figure.framing_table = usage
    save_figure(figure, "reset", folder=tmp_path / "a")
    save_figure(figure, "reset", usage.copy(), folder=tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert manifest(tmp_path / "a")["function"] == "toolkit.usage"


def test_a_table_that_is_not_the_drawn_one_is_refused(usage, tmp_path):
    """An edited table, a part and another term are refused with what differs, and nothing is written."""
    figure = Figure()
    figure.framing_table = usage
    with pytest.raises(FramingError) as error:
        save_figure(figure, "reset", usage[:1], folder=tmp_path)
    assert str(error.value) == (
        "This is not the table that the figure was drawn from: 1 of 2 rows, none of them altered. "
        "The figure knows its own, so leave the table out: tk.save_figure(figure, 'reset')."
    )
    for other in (usage.assign(share=0.5), usage.assign(term="ban"), usage.rename(columns={"share": "rate"})):
        with pytest.raises(FramingError, match="not the table that the figure was drawn from"):
            save_figure(figure, "reset", other, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_figure_that_does_not_know_its_table_needs_one(tmp_path):
    """Without a table there is nothing to keep beside a figure of one's own."""
    with pytest.raises(FramingError) as error:
        save_figure(Figure(), "reset", folder=tmp_path)
    assert str(error.value) == (
        "This figure does not know its data: it was not drawn by toolkit.figures. "
        "Give the table that it shows: tk.save_figure(figure, 'reset', table)."
    )


def test_table_and_figure_are_not_changed(usage, tmp_path):
    """Saving leaves the table and the settings of matplotlib as they were."""
    before, settings = usage.copy(deep=True), dict(matplotlib.rcParams)
    save_figure(figures.plot_usage(usage), "reset", usage, folder=tmp_path)
    pd.testing.assert_frame_equal(usage, before)
    assert usage.attrs == before.attrs and dict(matplotlib.rcParams) == settings
