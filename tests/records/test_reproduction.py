"""Making all figures again names exactly those whose data changed, and a notebook that fails stops no other."""

from __future__ import annotations

import json
import math

import nbformat
import pytest
from nbclient import NotebookClient

from toolkit.records.reproduction import data_difference, reproduce
from toolkit.tables import FramingError


def as_tuples(report):
    return [tuple(row) for row in report[["figure", "notebook", "status", "what", "column"]].itertuples(index=False)]


def everything(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_figures_are_made_compared_and_named(write_notebook, saves, tmp_path):
    """New at first; the same again; then one changed datum, one new version, one missing figure and one error are named."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    one = write_notebook(
        folder / "00-one.ipynb", saves("reset"), ("print('a line of an article')", ["third-party-text"])
    )
    two = write_notebook(folder / "01-two.ipynb", saves("ban"), saves("gone"))
    write_notebook(folder / "template.ipynb", "raise RuntimeError('the template is not run')")

    report = reproduce(folder)
    assert list(report.columns) == ["figure", "notebook", "status", "what", "column", "relative_difference"]
    assert as_tuples(report) == [
        ("reset", "00-one.ipynb", "new", "", ""),
        ("ban", "01-two.ipynb", "new", "", ""),
        ("gone", "01-two.ipynb", "new", "", ""),
    ]
    kept = folder / "figures"
    assert sorted(p.name for p in kept.iterdir()) == sorted(
        f"{name}.{kind}" for name in ("reset", "ban", "gone") for kind in ("csv", "json", "png", "svg")
    )
    makers = {"ban": "01-two.ipynb", "gone": "01-two.ipynb", "reset": "00-one.ipynb"}
    assert json.loads((folder / "figures.json").read_text()) == makers
    written = nbformat.read(one, as_version=4)
    assert written.cells[0].outputs[0].data["text/plain"] == "PosixPath('figures/reset.png')"
    assert written.cells[1].outputs == []
    assert "a line of an article" not in one.read_text().replace("print('a line of an article')", "")

    # One datum, one version and one setting change, one figure is no longer made, and one notebook raises.
    before = everything(folder)
    changed = "usage.loc[0, 'n_hits'] = 4\nusage.loc[0, 'low'] *= 1 + 1e-12"
    recipe = json.loads((kept / "ban.json").read_text())
    recipe = {k: recipe[k] for k in ("function", "settings", "corpus")} | {
        "versions": {"framing-toolkit": "0.1.0", "pandas": "3.2.0"}
    }
    write_notebook(one, saves("reset", changed))
    write_notebook(two, saves("ban", recipe=recipe))
    write_notebook(folder / "02-three.ipynb", "1 + 1", "# a comment\nraise ValueError('no such outlet\\nmore')")
    sources = everything(folder)
    report = reproduce(folder, check=True)
    assert as_tuples(report) == [
        ("reset", "00-one.ipynb", "changed", "data: column n_hits differs in 1 of 2 rows", "n_hits"),
        ("ban", "01-two.ipynb", "same", "versions: pandas 3.1.1 -> 3.2.0", ""),
        (
            "",
            "02-three.ipynb",
            "failed",
            "02-three.ipynb stopped in cell 2 (# a comment): ValueError: no such outlet",
            "",
        ),
        ("gone", "01-two.ipynb", "missing", "the notebook no longer makes it", ""),
    ]
    assert report["relative_difference"][0] == 0.25
    assert everything(folder) == sources  # a check changes nothing
    assert {k: v for k, v in sources.items() if k.startswith("figures")} == {
        k: v for k, v in before.items() if k.startswith("figures")
    }


def test_running_twice_gives_the_same_bytes(write_notebook, saves, tmp_path):
    """Notebook and figures written back twice are the same files, and the second report says "same"."""
    write_notebook(tmp_path / "00-one.ipynb", saves("reset"), "object()", "{'b', 'a', 'c'}")
    reproduce(tmp_path)
    first = everything(tmp_path)
    report = reproduce(tmp_path, only="00-one")
    assert as_tuples(report) == [("reset", "00-one.ipynb", "same", "", "")]
    assert everything(tmp_path) == first


def test_a_notebook_run_by_hand_gives_the_same_manifest(write_notebook, saves, tmp_path):
    """Whoever runs the notebook, and in whatever front end, the four files are the same bytes."""
    by_hand = tmp_path / "by-hand"
    by_hand.mkdir()
    for folder in (by_hand, tmp_path):
        write_notebook(folder / "00-one.ipynb", saves("reset"))
    notebook = nbformat.read(by_hand / "00-one.ipynb", as_version=4)
    NotebookClient(notebook, resources={"metadata": {"path": str(by_hand)}}).execute()
    reproduce(tmp_path)
    assert everything(by_hand / "figures") == everything(tmp_path / "figures")
    assert len(everything(by_hand / "figures")) == 4


def test_a_table_changed_after_it_was_made_is_a_case_of_its_own(write_notebook, saves, tmp_path):
    """The data are the same as before, but they are not what the function made, and the report says how."""
    edit = "usage['share'] = 0.25"
    write_notebook(tmp_path / "00-one.ipynb", saves("reset", afterwards=edit))
    reproduce(tmp_path)
    report = reproduce(tmp_path, check=True)
    what = "the table was changed after toolkit.usage made it: columns changed: share"
    assert as_tuples(report) == [("reset", "00-one.ipynb", "edited", what, "")]


def test_what_nobody_knows_is_said(write_notebook, saves, recipe, tmp_path):
    """Unknown steps, a table without a recipe, and articles that were edited under their index are told of data that are the same."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    unknown = {**recipe, "corpus": {**recipe["corpus"], "steps": [{"step": "unknown", "n_articles": 9}]}}
    edited = {**recipe, "corpus": {**recipe["corpus"], "changed_afterwards": {"columns_changed": ["text"]}}}
    write_notebook(
        folder / "00-one.ipynb",
        saves("unknown", recipe=unknown),
        saves("edited", recipe=edited),
        saves("bare", afterwards="usage.attrs = {}"),
    )
    reproduce(folder)
    assert "unknown" in json.loads((folder / "figures" / "bare.json").read_text())["unproven"]
    assert as_tuples(reproduce(folder, check=True)) == [
        ("bare", "00-one.ipynb", "same", "unproven: the table carries no recipe, so how it was made is unknown", ""),
        (
            "edited",
            "00-one.ipynb",
            "edited",
            "the articles changed after they were indexed or counted: columns changed: text",
            "",
        ),
        ("unknown", "00-one.ipynb", "same", "what was done to the corpus is unknown", ""),
    ]


def test_manifests_of_the_first_schema_are_read(write_notebook, saves, recipe, tmp_path):
    """What the older manifest does not have is not compared, and its notebook is read from it."""
    write_notebook(tmp_path / "00-one.ipynb", saves("reset"), saves("gone"))
    reproduce(tmp_path)
    (tmp_path / "figures.json").unlink()
    for name in ("reset", "gone"):
        path = tmp_path / "figures" / f"{name}.json"
        older = json.loads(path.read_text()) | {"schema": 1, "notebook": "00-one.ipynb"}
        del older["content"]
        path.write_text(json.dumps(older))
    longer = recipe | {"corpus": recipe["corpus"] | {"steps": [{"step": "clean"}]}, "inputs": {"hits": {}}}
    write_notebook(tmp_path / "00-one.ipynb", saves("reset", recipe=longer))
    assert as_tuples(reproduce(tmp_path, check=True)) == [
        ("reset", "00-one.ipynb", "same", "", ""),
        ("gone", "00-one.ipynb", "missing", "the notebook no longer makes it", ""),
    ]


def test_a_notebook_that_fails_is_not_written_back(write_notebook, saves, tmp_path):
    """Its figures of before, and the notebook, are left as they were."""
    write_notebook(tmp_path / "00-one.ipynb", saves("reset"), "undefined")
    before = everything(tmp_path)
    report = reproduce(tmp_path)
    assert list(report["what"]) == [
        "00-one.ipynb stopped in cell 2 (undefined): NameError: name 'undefined' is not defined"
    ]
    assert everything(tmp_path) == before


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("n\n1\n", "n\n1\n", ("", "", math.nan)),
        ("s\n0.3333333333\n", "s\n0.3333333334\n", ("", "", math.nan)),
        (
            "s\n0.333333333\n",
            "s\n0.333333334\n",
            ("column s differs in 1 of 1 rows", "s", pytest.approx(3e-9, rel=1e-3)),
        ),
        ("n\n1000000000001\n", "n\n1000000000002\n", ("column n differs in 1 of 1 rows", "n", pytest.approx(1e-12))),
        ("a,n,m\nx,1,1\ny,2,2\n", "a,n,m\nx,1,9\ny,4,2\n", ("column n differs in 1 of 2 rows", "n", 0.5)),
        ("s\n0.5\n", "s\n\n", ("column s differs in 1 of 1 rows", "s", math.nan)),
        ("a\nx\n", "a\ny\n", ("column a differs in 1 of 1 rows", "a", math.nan)),
        ("a\nx\n", "a\nx\ny\n", ("1 rows before, 2 now", "", math.nan)),
        ("a,b\n1,2\n", "a,c\n1,2\n", ("columns differ: no longer b; now also c", "b", math.nan)),
        ("a,b\n1,2\n", "b,a\n2,1\n", ("columns differ: another order", "", math.nan)),
    ],
)
def test_integers_are_compared_exactly_and_other_numbers_closely(old, new, expected):
    """Words and integers must be equal; of other numbers nine digits count; the first column that differs is named."""
    sentence, column, difference = data_difference(old, new)
    assert (sentence, column) == expected[:2]
    assert difference == expected[2] or (math.isnan(difference) and math.isnan(expected[2]))


def test_one_notebook_alone_can_be_named(write_notebook, tmp_path):
    """A notebook that does not exist is told with those that are near; an empty list means all."""
    write_notebook(tmp_path / "02-one-fact-two-names.ipynb", "1")
    assert list(reproduce(tmp_path, check=True, only=[])["figure"]) == []
    with pytest.raises(FramingError) as error:
        reproduce(tmp_path, only="02-one-fact-two-name")
    assert str(error.value) == (
        "There is no notebook '02-one-fact-two-name'. Did you mean '02-one-fact-two-names'? "
        "There are: 02-one-fact-two-names."
    )


def test_a_folder_without_notebooks_is_refused(tmp_path):
    """A folder that is not there, and one that holds no notebook, are told apart."""
    with pytest.raises(FramingError) as error:
        reproduce(tmp_path / "nowhere")
    assert str(error.value) == (
        "There is no folder 'nowhere' with notebooks here. Run from the top of the checkout, or name the folder: "
        "reproduce('path/to/notebooks')."
    )
    (tmp_path / "empty").mkdir()
    with pytest.raises(FramingError) as error:
        reproduce(tmp_path / "empty")
    assert str(error.value) == "The folder 'empty' holds no notebook (*.ipynb)."
