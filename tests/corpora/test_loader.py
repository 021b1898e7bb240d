"""Hold the loading of one's own files to the columns, dates and sources that were asked for."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest

from toolkit.corpora import fingerprint, load, read_articles
from toolkit.tables import FramingError


def written(folder: Path, content: str, name: str = "export.csv") -> Path:
    (folder / name).write_text(content, encoding="utf-8")
    return folder / name


def message(*args, **kwargs) -> str:
    with pytest.raises(FramingError) as error:
        load(*args, **kwargs)
    return str(error.value)


def test_a_file_with_our_columns(tmp_path):
    """A file with our columns becomes articles: one row each, in order, nothing guessed and nothing dropped."""
    path = written(tmp_path, "doc_id,source,date,title,text,page\na,X,2017-01-05,A reset,One.,007\nb,X,,,,NA\n")
    table = load(path)
    assert table.astype(object).where(table.notna(), None).to_dict("records") == [
        {"doc_id": "a", "source": "X", "date": pd.Timestamp("2017-01-05"), "title": "A reset", "text": "One.",
         "date_raw": "2017-01-05", "repeat_of": None, "page": "007"},
        {"doc_id": "b", "source": "X", "date": None, "title": None, "text": "",
         "date_raw": "", "repeat_of": None, "page": "NA"},
    ]  # fmt: skip
    assert str(table["date"].dtype) == "datetime64[us]"
    assert (table.attrs["corpus"], table.attrs["kind"]) == ("export", "articles")
    found = {row["check"]: row["n"] for row in table.attrs["report"]}
    assert (found["missing dates"], found["empty texts"], found["missing titles"]) == (1, 1, 1)


def test_the_attributes_are_plain():
    """What is in attrs can be written as JSON and compared, so that pandas can carry it along."""
    attrs = load("daily-brief").attrs
    assert json.loads(json.dumps(attrs)) == attrs
    assert list(attrs) == ["corpus", "kind", "period", "report", "steps"]


def test_other_names_are_mapped(tmp_path):
    """`columns` names our columns by the file's; a column that already had our name gives way; doc_ids are numbers."""
    path = written(tmp_path, "published,outlet,text,body\n2017-01-05,X,teaser,Running text.\n")
    table = load(path, columns={"date": "published", "source": "outlet", "text": "body"})
    assert list(table.columns) == ["doc_id", "source", "date", "title", "text", "date_raw", "repeat_of"]
    assert table.loc[0, ["doc_id", "source", "text"]].tolist() == ["1", "X", "Running text."]


def test_one_column_can_serve_twice(tmp_path):
    """The same column of the file can be two of ours."""
    path = written(tmp_path, "date,site,text\n2017-01-05,X,One.\n")
    table = load(path, columns={"source": "site", "section": "site"})
    assert table.loc[0, ["source", "section"]].tolist() == ["X", "X"]


def test_a_file_of_one_outlet(tmp_path):
    """`source` names the outlet of all rows."""
    path = written(tmp_path, "date,text\n2017-01-05,One.\n2017-01-06,Two.\n")
    assert load(path, source="Harbour Post")["source"].tolist() == ["Harbour Post", "Harbour Post"]


def test_sources_from_links(tmp_path):
    """Without a source the host of the url stands for it, in lower case, without user and port; it is reported."""
    link = "https://me@WWW.Example.org:8080/a?b=c.d"
    path = written(tmp_path, f"url,date,text\n{link},2017-01-05,x\nno link,2017-01-05,y\n")
    table = load(path)
    assert table["source"].fillna("none").tolist() == ["www.example.org", "none"]
    found = {row["check"]: (row["n"], row["note"]) for row in table.attrs["report"]}
    assert found["unknown hosts"] == (1, "the host stands as the source: www.example.org")
    assert found["missing sources"] == (1, "kept")


def test_parquet_and_csv_give_the_same_articles(tmp_path):
    """The same articles in Parquet, CSV and compressed CSV have one fingerprint."""
    articles = load("daily-brief")[["doc_id", "source", "date", "title", "standfirst", "text"]]
    articles.to_parquet(tmp_path / "a.parquet")
    articles.to_csv(tmp_path / "a.csv", index=False)
    articles.to_csv(tmp_path / "a.csv.gz", index=False)
    loaded = {fingerprint(load(tmp_path / name)) for name in ("a.parquet", "a.csv", "a.csv.gz")}
    assert loaded == {fingerprint(load("daily-brief"))}


def test_types_that_parquet_may_hold(tmp_path):
    """Numbers as ids become text, dates with a zone become UTC, lists and categories stay, missing text is empty."""
    stored = pd.DataFrame(
        {
            "doc_id": [1, 2],
            "source": pd.Categorical(["X", "Y"]),
            "date": pd.to_datetime(["2017-01-05T00:30:00+02:00", None]),
            "title": [None, None],
            "text": ["One.", None],
            "authors": [["a", "b"], []],
        }
    )
    stored.to_parquet(tmp_path / "a.parquet")
    table = load(tmp_path / "a.parquet")
    assert table["doc_id"].tolist() == ["1", "2"]
    assert table["date"].tolist() == [pd.Timestamp("2017-01-04T22:30:00"), pd.NaT]
    assert table["text"].tolist() == ["One.", ""] and table["title"].isna().all()
    assert list(table["authors"][0]) == ["a", "b"]


@pytest.mark.parametrize(
    ("as_written", "read"),
    [
        ("2017-02-07", "2017-02-07"),
        ("2017/2/7", "2017-02-07"),
        ("   2016/12/30 7:11", "2016-12-30T07:11"),
        ("2017-02-07 23:59:59", "2017-02-07T23:59:59"),
        ("2017-02-07T23:59:59.5Z", "2017-02-07T23:59:59.5"),
        ("2017-02-07T00:30+02:00", "2017-02-06T22:30"),
        ("20170207", "2017-02-07"),
        ("0001-11-30", "0001-11-30"),
        ("2017-02-30", None),
        ("0000-00-00", None),
        ("7 Feb", None),
        ("02/07/2017", None),
    ],
)
def test_how_dates_are_read(tmp_path, as_written, read):
    """Year first and ISO 8601 are read as they stand; what is ambiguous or impossible is missing, kept and reported."""
    table = load(written(tmp_path, f"source,date,text\nX,{as_written},x\nX,2017-01-01,y\n"))
    assert table["date"][0] is pd.NaT if read is None else table["date"][0] == pd.Timestamp(read)
    assert table["date_raw"][0] == as_written
    found = {row["check"]: row["n"] for row in table.attrs["report"]}
    assert found["dates set to missing"] == (1 if read is None else 0)


def test_date_format_goes_first(tmp_path):
    """With `date_format` 3/4/2017 is the third of April; it also goes before the year-first reading."""
    path = written(tmp_path, "source,date,text\nX,3/4/2017,x\n")
    assert load(path, date_format="%d/%m/%Y")["date"].tolist() == [pd.Timestamp("2017-04-03")]
    path = written(tmp_path, "source,date,text\nX,2017-04-03,x\n")
    assert load(path, date_format="%Y-%d-%m")["date"].tolist() == [pd.Timestamp("2017-03-04")]


def test_a_folder_with_a_card(tmp_path):
    """One's own folder with a card is loaded as the card says, and is called by the folder's name."""
    folder = tmp_path / "my-corpus"
    folder.mkdir()
    lines = ["key,day,link,words", "7,31.12.16,http://a.example/x,One.", "8,30.06.99,http://b.example/y,Two.", ""]
    written(folder, "\n".join(lines), "texts.csv")
    (folder / "card.toml").write_text(
        """
        title = "Mine"
        period = ["2016-01-01", "2017-12-31"]
        [data]
        file = "texts.csv"
        [rename]
        doc_id = "key"
        date = "day"
        url = "link"
        text = "words"
        [sources]
        "A.example" = "The A"
        [dates]
        formats = ["%d.%m.%y"]
        outside = "missing"
        """
    )
    table = load(folder)
    assert table["source"].tolist() == ["The A", "b.example"]
    assert table["date"].tolist() == [pd.Timestamp("2016-12-31"), pd.NaT]
    assert table.attrs["corpus"] == "my-corpus" and table.attrs["unknown_hosts"] == ["b.example"]
    assert load(str(folder)).equals(table)


def test_a_folder_whose_file_was_changed(tmp_path):
    """Where the card has a hash the file must be that file."""
    path = written(tmp_path, "source,date,text\nX,2017-01-05,x\n", "texts.csv")
    (tmp_path / "card.toml").write_text("title = 'Mine'\n[data]\nfile = 'texts.csv'\nsha256 = 'abc'\n")
    found = sha256(path.read_bytes()).hexdigest()
    assert message(tmp_path) == (
        f"{path} is not the file that the card describes: its sha256 should be abc and is {found}. "
        "It is damaged or was changed; if that is meant, mend the card."
    )


def test_a_folder_whose_file_is_not_there(tmp_path):
    """A card without its file is answered with both names."""
    (tmp_path / "card.toml").write_text("title = 'Mine'\n[data]\nfile = 'texts.csv'\n")
    assert message(tmp_path) == f"The card {tmp_path / 'card.toml'} names the file 'texts.csv', which is not beside it."


def test_one_s_own_counts(tmp_path):
    """A file with n_words and no text is a counts corpus; its counts are whole numbers."""
    table = load(written(tmp_path, "doc_id,source,date,n_words,n_reset\na,X,2017-01-05,100,2\n"))
    assert table.attrs["kind"] == "counts"
    assert table[["n_words", "n_reset"]].to_numpy().tolist() == [[100, 2]]
    assert str(table["n_reset"].dtype) == "int64" and "title" not in table.columns


@pytest.mark.parametrize("bad", ["-1", "2.5", "", "two"])
def test_counts_that_are_none(tmp_path, bad):
    """A count below zero, a part of one, none at all or a word is refused, with its column."""
    path = written(tmp_path, f"doc_id,source,date,n_words,n_reset\na,X,2017-01-05,100,2\nb,X,2017-01-05,100,{bad}\n")
    assert message(path).startswith(
        "The column n_reset must hold counts, whole numbers from 0; in 1 of 2 rows it does not, for example "
    )


def test_no_such_corpus():
    """A name that nothing bears is answered with the names near it, and with all there are."""
    assert message("news2017") == (
        "There is no corpus 'news2017'. Did you mean 'news-2017' or 'cc-news'? There are: abp-counts, "
        "article-bias-prediction, cc-news, daily-brief, gdelt-travel-ban, guardian-travel-ban, mediacloud-travel-ban, news-2017, reset-demo."
    )
    assert (
        message("") == "There is no corpus ''. There are: abp-counts, "
        "article-bias-prediction, cc-news, daily-brief, gdelt-travel-ban, guardian-travel-ban, mediacloud-travel-ban, news-2017, reset-demo."
    )


def test_no_such_file(tmp_path, monkeypatch):
    """A path to nothing is answered in full, with the files near it."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "x", "articles-2017.csv")
    assert message("articles2017.csv") == (
        f"There is no file or folder {tmp_path / 'articles2017.csv'}. Did you mean 'articles-2017.csv'?"
    )
    assert message(Path("nowhere") / "a.csv") == f"There is no file or folder {tmp_path / 'nowhere' / 'a.csv'}."


def test_a_file_of_another_kind(tmp_path):
    """A file that is neither CSV nor Parquet is read by its content, as read_articles reads it, or refused as there."""
    note = written(tmp_path, "---\ntitle: A vote\nsource: Gazette\ndate: 2021-03-03\n---\nThe reset came.", "note.txt")
    pd.testing.assert_frame_equal(load(note), read_articles(note))
    path = written(tmp_path, "x", "export.xlsx")
    with pytest.raises(FramingError) as error:
        read_articles(path)
    assert message(path) == str(error.value)


def test_a_table_in_another_encoding_is_read_as_the_other_door_reads_it(tmp_path):
    """A CSV of cp1252 with semicolons, which is no plain CSV, is the same table at both doors."""
    path = tmp_path / "export.csv"
    path.write_bytes("title;text;source;date\nÀ propos;Un été long;Le Môle;2014-04-25\n".encode("cp1252"))
    pd.testing.assert_frame_equal(load(path), read_articles(path))


def test_not_a_path():
    """A table in place of a name is refused."""
    assert message(pd.DataFrame()) == "load takes the name of a corpus, a folder or a file; this is a DataFrame."


def test_no_text(tmp_path, monkeypatch):
    """A file without text: what it lacks, what it has, and the call that maps the likely column."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "id,source,date,body\n1,X,2017-01-05,x\n")
    assert message("export.csv") == (
        "export.csv lacks the column text; it has: id, source, date, body. "
        "Say which they are: toolkit.load('export.csv', columns={'text': 'body'})."
    )


def test_no_dates(tmp_path, monkeypatch):
    """A file without dates: the call repeats what was said already, and marks with dots what cannot be guessed."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "id,outlet,body,when\n1,X,x,2017-01-05\n")
    assert message("export.csv", columns={"text": "body"}) == (
        "export.csv lacks the columns source, date; it has: id, outlet, body, when. "
        "Say which they are: toolkit.load('export.csv', columns={'text': 'body', 'source': 'outlet', 'date': '...'})."
    )


def test_no_source(tmp_path, monkeypatch):
    """A file that names no outlet: the way for a file of one outlet is named."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "date,text\n2017-01-05,x\n")
    assert message("export.csv") == (
        "export.csv lacks the column source; it has: date, text. Say which they are: "
        "toolkit.load('export.csv', columns={'source': '...'}). A file of one outlet: source='its name'."
    )


def test_a_column_that_is_not_there(tmp_path, monkeypatch):
    """A mapping to a column that the file does not have is refused with those it has."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "source,date,body\nX,2017-01-05,x\n")
    assert message("export.csv", columns={"text": "bodyy"}) == (
        "export.csv has no column 'bodyy' to take as text; it has: source, date, body."
    )


def test_no_date_can_be_read(tmp_path, monkeypatch):
    """Where no date can be read, the first is shown with the call that says how dates are written."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "source,date,text\nX,31/12/2016,x\nX,1/1/2017,y\n")
    assert message("export.csv") == (
        "No date in export.csv could be read; the first is '31/12/2016'. Say how dates are written, for example: "
        "toolkit.load('export.csv', date_format='%d/%m/%Y')."
    )


def test_no_row(tmp_path):
    """A file with a head line only is an empty table."""
    path = written(tmp_path, "doc_id,source,date,text\n")
    assert message(path) == "This table of articles is empty: it has columns but no row."


def test_an_id_twice(tmp_path):
    """Two articles cannot share a doc_id."""
    path = written(tmp_path, "doc_id,source,date,text\na,X,2017-01-05,x\na,X,2017-01-05,y\n")
    assert message(path) == (
        "doc_id must name one article each; 1 occur more than once, for example 'a'. "
        "Number the articles anew or drop the repeats: articles.drop_duplicates('doc_id')."
    )


def test_a_known_corpus_that_is_not_here(monkeypatch, tmp_path):
    """Where the data of a known corpus are not on the machine, the two ways to get them are named."""
    monkeypatch.setenv("FRAMING_DATA", str(tmp_path))
    monkeypatch.setattr("toolkit.corpora.cards.in_package", lambda carrier: None)
    assert message("news-2017") == (
        "The data of news-2017 are not on this machine. Get them: toolkit.fetch('news-2017'), "
        "or in a shell: framing fetch news-2017."
    )
