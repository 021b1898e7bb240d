"""The command gives the shell what the functions give."""

import pandas as pd
import pytest
from typer.testing import CliRunner

import toolkit as tk
from toolkit import cli


def run(*arguments):
    return CliRunner().invoke(cli.app, list(arguments))


@pytest.mark.parametrize("command", ["load", "fetch", "usage", "kwic", "topics", "reproduce", "lab"])
def test_help_has_an_example(command):
    """Each command's help shows how it is called."""
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"Example: framing {command}" in result.output


def test_load_lists_and_describes():
    """Without a name the corpora are listed; with one its articles and oddities."""
    assert "daily-brief" in run("load").output
    shown = run("load", "daily-brief").output
    assert "18 articles of 4 sources" in shown
    assert "missing titles" in shown


def test_load_saves_an_index(tmp_path):
    """--save leaves an index that opens."""
    assert run("load", "daily-brief", "--save", str(tmp_path / "b.tokens")).exit_code == 0
    assert len(tk.Tokens.open(tmp_path / "b.tokens").articles) == 18


def test_usage_writes_the_table(tmp_path):
    """--out writes what tk.usage returns."""
    out = tmp_path / "usage.csv"
    result = run("usage", "daily-brief", "ban=travel ban|travel bans", "reset", "--freq", "M", "--out", str(out))
    assert result.exit_code == 0, result.output
    expected = tk.usage(tk.load("daily-brief"), {"ban": ["travel ban", "travel bans"], "reset": "reset"}, freq="M")
    written = pd.read_csv(out)
    assert written["n_hits"].tolist() == expected["n_hits"].tolist()
    assert [p.name for p in tmp_path.iterdir()] == ["usage.csv"]


def test_usage_of_a_counts_corpus():
    """A counts corpus is asked by the names of its terms."""
    result = run("usage", "abp-counts", "travel ban", "muslim ban", "--by", "leaning", "--measure", "rival_share")
    assert result.exit_code == 0
    assert "rival_share" in result.output


def test_kwic_prints_lines():
    """Lines are printed with the term between brackets."""
    shown = run("kwic", "daily-brief", "reset*", "-n", "3").output
    assert shown.count("[") == 3
    assert "3 lines" in shown


def test_errors_are_one_sentence(monkeypatch, capsys):
    """A foreseen error is printed as a sentence, and the exit code is 2."""
    monkeypatch.setattr("sys.argv", ["framing", "usage", "news2017", "reset"])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 2
    assert capsys.readouterr().err.splitlines() == [
        "error: There is no corpus 'news2017'. Did you mean 'news-2017' or 'cc-news'? There are: abp-counts, "
        "article-bias-prediction, cc-news, daily-brief, gdelt-travel-ban, guardian-travel-ban, mediacloud-travel-ban, news-2017, reset-demo."
    ]


def test_an_export_is_read_and_audited(tmp_path):
    """A folder that is no corpus is read through the door, and its audit is shown."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.jsonl").write_text(
        '{"title": "Reset", "body": "A reset is near.", "outlet": "Post", "published": "2017-02-01"}\n'
    )
    shown = run("load", str(tmp_path / "mine")).output
    assert "1 articles of 1 sources" in shown
    assert "files read" in shown
    assert "[reset]" in run("kwic", str(tmp_path / "mine"), "reset").output.lower()


def test_terms_come_from_a_file(tmp_path):
    """A TOML file of terms stands in for patterns, and --interval reaches the table."""
    terms, out = tmp_path / "terms.toml", tmp_path / "usage.csv"
    tk.Terms({"reset": ["reset*", "!resettle*"]}).write(terms)
    arguments = ["usage", "reset-demo", str(terms), "--by", "language", "--measure", "share", "--interval", "wilson"]
    assert run(*arguments, "--out", str(out)).exit_code == 0
    demo = tk.load("reset-demo")
    expected = tk.usage(demo, tk.Terms.read(terms), by="language", measure="share", interval="wilson")
    assert pd.read_csv(out)["n_hits"].tolist() == expected["n_hits"].tolist()
    assert pd.read_csv(out)["low"].tolist() == expected["low"].tolist()
