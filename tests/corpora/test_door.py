"""Hold the door to one table whatever comes in, and to an account of every file and document."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toolkit as tk
from toolkit.corpora import formats, read_articles
from toolkit.corpora.readers import all_readers, base, lines
from toolkit.tables import ARTICLES, FramingError, check_articles

FIRST = "doc_id source date title text standfirst url author section language page".split()
LAST = "file place format date_raw date_precision".split()


def write(path: Path, text: str | bytes) -> Path:
    """Write a file and return where it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return path


def notes(articles: pd.DataFrame) -> list[str]:
    """Return the notes of all problems in reading."""
    return [problem["note"] for file in articles.attrs["audit"] for problem in file["problems"]]


def error_of(*args: object, **kwargs: object) -> str:
    """Return what `read_articles` refuses this with."""
    with pytest.raises(FramingError) as caught:
        read_articles(*args, **kwargs)
    return str(caught.value)


def test_the_table_has_its_columns_in_order_and_their_types(tmp_path):
    """A table of one article gives the columns of articles, then its own, then where it came from."""
    path = write(tmp_path / "export.csv", "headline,body,published,pages_seen\nA reset,It begins.,2017-02-03,9\n")
    articles = read_articles(path, source="The Post")
    assert list(articles.columns) == [*FIRST, "pages_seen", *LAST]
    assert articles.dtypes.astype(str).to_dict() == dict.fromkeys(articles.columns, "str") | {"date": "datetime64[us]"}
    row = articles.iloc[0].dropna().to_dict()
    assert row == {
        "doc_id": "export:2", "source": "The Post", "date": pd.Timestamp("2017-02-03"), "title": "A reset",
        "text": "It begins.", "pages_seen": "9", "file": str(path), "place": "row 2", "format": "csv",
        "date_raw": "2017-02-03", "date_precision": "day",
    }  # fmt: skip
    (step,) = articles.attrs.pop("steps")
    assert (step["step"], step["settings"]) == ("read_articles", {"n_files": 1, "source": "The Post"})
    assert articles.attrs == {
        "corpus": "export",
        "kind": "articles",
        "audit": [{
            "file": str(path), "format": "csv", "encoding": "utf-8", "declared": None, "parsed": 1, "unparsed": 0,
            "merged": 0, "problems": [], "columns": {"published": "date", "headline": "title", "body": "text"},
        }],
    }  # fmt: skip
    check_articles(articles)


def test_a_folder_a_pattern_a_list_and_a_zip_give_the_same_articles(tmp_path):
    """Whatever way the same files come in, the same titles come out; hidden files and locks stay out."""
    folder = tmp_path / "exports"
    write(folder / "a.csv", "title,text\nReset,They call it a reset.\n")
    write(folder / "more" / "b.jsonl", '{"title": "Ban", "text": "A ban."}\n{"title": "Wall", "text": "A wall."}\n')
    for left_out in (".hidden.csv", ".~lock.a.csv#", "~$a.csv", "__MACOSX/a.csv", ".git/a.csv"):
        write(folder / left_out, "title,text\nNot this,Not this.\n")
    titles = ["Reset", "Ban", "Wall"]
    assert read_articles(folder)["title"].tolist() == titles
    assert read_articles(str(folder / "**" / "*.*"))["title"].tolist() == titles
    assert read_articles([folder / "a.csv", str(folder / "more")])["title"].tolist() == titles
    archive = shutil.make_archive(str(tmp_path / "packed"), "zip", folder)
    assert sorted(read_articles(archive)["title"]) == sorted(titles)
    assert read_articles(folder).attrs["corpus"] == "exports"
    assert read_articles([folder, folder / "a.csv"])["title"].tolist() == titles, "a file is read once"


def test_ids_say_file_and_place_and_stay_where_the_folder_goes(tmp_path):
    """Without an id of the archive's, file and place make one, and it does not tell where the folder lies."""
    for where in ("here", "there/deeper"):
        folder = tmp_path / where
        write(folder / "2017" / "a.csv", "title,text\nReset,A reset.\nBan,A ban.\n")
        write(folder / "a.txt", "A title\n\nA paragraph that is long enough to be one, with a full stop.")
        assert read_articles(folder)["doc_id"].tolist() == ["a", "2017/a:2", "2017/a:3"]


def test_a_repeated_id_gets_a_number_and_a_note(tmp_path):
    """No row is lost to a repeated id, and no repeat takes an id that is somebody else's."""
    path = write(tmp_path / "a.csv", "id,text\nx,One.\nx,Two.\nx-2,Three.\n,Four.\n")
    articles = read_articles(path)
    assert articles["doc_id"].tolist() == ["x", "x-2", "x-2-2", "a:5"]
    assert notes(articles) == [
        "The id 'x' occurs before; this article is 'x-2'.",
        "The id 'x-2' occurs before; this article is 'x-2-2'.",
    ]


def test_columns_are_named_as_said_then_as_usual(tmp_path):
    """`columns` goes before a column that has our name already; usual names need not be said."""
    path = write(tmp_path / "a.csv", "Headline,text,full,Outlet\nReset,An excerpt.,All of it.,The Post\n")
    articles = read_articles(path, columns={"text": "full"})
    assert articles.loc[0, ["title", "text", "source"]].tolist() == ["Reset", "All of it.", "The Post"]
    assert error_of(path, columns={"text": "ful"}) == (
        "No file has a column 'ful' to take as text; there are: Headline, text, full, Outlet. Did you mean 'full'?"
    )


def test_a_table_without_text_says_how_to_name_it(tmp_path):
    """No text and no title: the error spells the call. A title alone: a table of titles, with a note."""
    path = write(tmp_path / "a.csv", "number,content_of_it\n1,A reset.\n")
    what = (
        "It lacks the column text; it has: number, content_of_it. "
        "Say which it is: read_articles(..., columns={'text': '...'})."
    )
    assert error_of(path) == f"No article could be read. {path}: {what}"
    assert read_articles(path, columns={"text": "content_of_it"})["text"].tolist() == ["A reset."]
    titles = read_articles(write(tmp_path / "b.csv", "title,link\nReset,https://post.example/1\n"))
    assert titles["text"].tolist() == [""]
    assert titles["source"].tolist() == ["post.example"]
    assert notes(titles)[-1] == "1 articles name no source; the host of their url stands for it."


def test_a_database_is_no_source(tmp_path):
    """The host of an article in an archive's database, straight or through a library, is not taken for who published it."""
    hosts = (
        "www.proquest.com",
        "search.proquest.com.proxy.library.example",
        "advance-lexis-com.nexis.com",
        "post.example",
    )
    path = write(tmp_path / "a.csv", "title,text,link\n" + "".join(f"Reset,It is.,https://{h}/1\n" for h in hosts))
    articles = read_articles(path)
    assert articles["source"].fillna("").tolist() == ["", "", "", "post.example"]
    assert notes(articles) == ["1 articles name no source; the host of their url stands for it."]


def test_midnight_is_a_day(tmp_path):
    """Archives that know only the day write midnight: it counts as a day, in text as in a file's own dates."""
    path = write(tmp_path / "a.csv", "text,date\nOne.,2012-01-01T00:00:00Z\nTwo.,2012-01-01T00:05:00Z\n")
    assert read_articles(path)["date_precision"].tolist() == ["day", "minute"]


def test_columns_of_a_news_service(tmp_path):
    """The column names of an archive's own data service are known, and moments are told from the milliseconds that they are."""
    path = write(
        tmp_path / "a.csv",
        "title,body,publication_datetime,source_name,language_code\nReset,It is.,1510531200000,The Post,en\n",
    )
    assert read_articles(path).loc[0, ["source", "date", "language"]].tolist() == [
        "The Post",
        pd.Timestamp("2017-11-13"),
        "en",
    ]


def test_a_mistyped_name_of_ours(tmp_path):
    """A name in `columns` that is nearly ours is refused; else the text would lie in another column."""
    path = write(tmp_path / "a.csv", "title,full\nReset,It is.\n")
    assert error_of(path, columns={"txt": "full"}).startswith("There is no column 'txt'. Did you mean 'text'")
    assert read_articles(path, columns={"text": "full", "remark": "title"}).loc[0, "remark"] == "Reset"


def test_facts_fill_only_what_is_missing(tmp_path):
    """A stated fact never goes over what the file says."""
    path = write(tmp_path / "a.csv", "text,source,date\nOne.,The Wire,\nTwo.,,2017-01-02\n")
    articles = read_articles(path, source="The Post", language="en", country="GB", date="2017-03-04")
    assert articles["source"].tolist() == ["The Wire", "The Post"]
    assert articles["language"].tolist() == ["en", "en"]
    assert articles["country"].tolist() == ["GB", "GB"]
    assert articles["date"].dt.day.tolist() == [4, 2]
    known = ", ".join([*ARTICLES.columns, *ARTICLES.optional, "format", "columns", "day_first"])
    assert error_of(path, sources="BBC") == (
        f"There is no column or argument 'sources'. Did you mean 'source'? There are: {known}."
    )
    assert error_of(path, text="x") == "text cannot be one for all articles; leave out text='x'."


def test_the_order_of_day_and_month_is_decided_per_file(tmp_path):
    """25/12 decides for its own file; a file without such a date says how to decide."""
    write(tmp_path / "a.csv", "text,date\nOne.,03/04/2017\nTwo.,25/12/2017\n")
    write(tmp_path / "b.csv", "text,date\nOne.,03/04/2017\nTwo.,05/06/2017\n")
    articles = read_articles(tmp_path)
    assert articles["date"].dt.strftime("%m-%d").fillna("-").tolist() == ["04-03", "12-25", "-", "-"]
    assert articles["date_raw"].tolist() == ["03/04/2017", "25/12/2017", "03/04/2017", "05/06/2017"]
    assert notes(articles) == [
        "2 dates can be day or month first (row 2: '03/04/2017'), and no date of the file tells; they are missing. "
        "Say it: read_articles(..., day_first=True) or day_first=False."
    ]
    assert read_articles(tmp_path / "b.csv", day_first=False)["date"].dt.month.tolist() == [3, 5]


def test_a_date_that_does_not_exist_is_missing_and_kept_as_printed(tmp_path):
    """31/02/2017 becomes no other day; the problem names its place."""
    articles = read_articles(write(tmp_path / "a.csv", "text,date\nOne.,31/02/2017\nTwo.,28/02/2017\n"))
    assert articles["date"].isna().tolist() == [True, False]
    assert articles["date_raw"].tolist() == ["31/02/2017", "28/02/2017"]
    problem = {"place": "row 2", "kind": "odd", "note": "The date '31/02/2017' cannot be read; it is missing."}
    assert articles.attrs["audit"][0]["problems"] == [problem]


def test_content_goes_before_the_suffix(tmp_path):
    """JSON Lines under the name of a table are read as JSON Lines."""
    path = write(tmp_path / "a.csv", '{"title": "Reset", "text": "A, b."}\n{"title": "Ban", "text": "C, d."}\n')
    assert read_articles(path)["format"].tolist() == ["jsonl", "jsonl"]


def test_a_format_can_be_forced_and_a_wrong_name_is_met_with_near_ones(tmp_path):
    """`format=` goes before what the content says."""
    path = write(tmp_path / "a.txt", "title,text\nReset,A reset.\n")
    assert read_articles(path, format="saved_text")["title"].tolist() == ["title,text"]
    known = ", ".join(reader.name for reader in all_readers())
    assert error_of(path, format="cvs") == f"There is no format 'cvs'. Did you mean 'csv'? There are: {known}."


def test_what_cannot_be_read_does_not_stop_the_rest(tmp_path):
    """One sound file among ten bad ones is read, and each bad one has its row and its reason."""
    write(tmp_path / "good.csv", "title,text\nReset,A reset.\n")
    write(tmp_path / "empty.csv", "")
    write(tmp_path / "blank.txt", " \n \n")
    write(tmp_path / "no.docx", "A DOCX by name alone: \x00\x01\x02")
    write(tmp_path / "half.docx", b"PK\x03\x04 half of a zip")
    write(tmp_path / "no.parquet", b"PAR1 and nothing more")
    write(tmp_path / "no.xlsx", b"PK\x03\x04")
    write(tmp_path / "old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    write(tmp_path / "deep.json", "[" * 100_000)
    write(tmp_path / "picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)
    write(tmp_path / "bare.zip", b"PK\x05\x06" + bytes(18))
    articles = read_articles(tmp_path)
    assert articles["title"].tolist() == ["Reset"]
    audit = {Path(file["file"]).name: file for file in articles.attrs["audit"]}
    assert len(audit) == 11
    assert {name for name, file in audit.items() if file["unparsed"] == 1} == set(audit) - {"good.csv"}
    assert all(file["problems"][0]["note"].endswith(".") for name, file in audit.items() if name != "good.csv")
    assert audit["empty.csv"]["problems"][0]["note"] == f"{tmp_path / 'empty.csv'} is empty."


def test_nothing_at_all_is_an_error_with_the_first_reasons(tmp_path):
    """Where not one article could be read, the error says why for the first five files and counts the rest."""
    for n in range(7):
        write(tmp_path / f"{n}.csv", "")
    reasons = " ".join(f"{tmp_path / str(n)}.csv is empty." for n in range(5))
    assert error_of(tmp_path) == f"No article could be read in 7 files. {reasons} And 2 more."


def test_a_path_that_leads_nowhere_is_an_error_at_once(tmp_path):
    """A mistyped path is met with what is near it."""
    write(tmp_path / "export.csv", "text\nA reset.\n")
    assert error_of(tmp_path / "exprt.csv") == (
        f"There is no file or folder {tmp_path / 'exprt.csv'}. Did you mean 'export.csv'?"
    )
    assert error_of(tmp_path / "*.docx") == f"No file matches {tmp_path / '*.docx'}."
    (tmp_path / "bare").mkdir()
    assert error_of(tmp_path / "bare") == f"The folder {tmp_path / 'bare'} has no file to read."
    assert error_of([]) == "read_articles takes a file, a folder, a pattern or a list of them; this list is empty."
    assert error_of(3) == "read_articles takes a file, a folder, a pattern or a list of them; this is 3."


def test_a_reader_that_fails_midway_keeps_what_it_had(tmp_path, monkeypatch):
    """Whatever a parser raises, the documents before it stay and the file has a problem that names the last place."""

    def read(file):
        yield base.Document("document 1", {"text": "A reset."})
        raise AttributeError("no such node")

    broken = base.Reader("broken", "Broken", (".bad",), lambda file: 100, read)
    monkeypatch.setattr("toolkit.corpora.door.all_readers", lambda: (broken,))
    path = write(tmp_path / "a.bad", "x")
    articles = read_articles(path)
    assert articles["text"].tolist() == ["A reset."]
    assert notes(articles) == [f"{path} could not be read further after document 1 (AttributeError: no such node)."]


def test_what_a_file_declares_is_compared_with_what_was_read(tmp_path, monkeypatch):
    """Merged and lost documents count towards what was declared; what is still missing is said."""

    def read(file):
        yield base.Declared(5)
        yield base.Document("document 1", {"text": "A reset."})
        yield base.Problem("document 2", "merged", "It is the rest of document 1.")
        yield base.Problem("document 3", "unparsed", "It has no body.")

    monkeypatch.setattr("toolkit.corpora.door.all_readers", lambda: (base.Reader("r", "R", (), lambda file: 1, read),))
    articles = read_articles(write(tmp_path / "a.bad", "x"))
    account = articles.attrs["audit"][0]
    assert {k: account[k] for k in ("declared", "parsed", "merged", "unparsed")} == {
        "declared": 5, "parsed": 1, "merged": 1, "unparsed": 1,
    }  # fmt: skip
    assert notes(articles)[-1] == "It declares 5 documents; 1 were read, 1 merged, 1 not read."


def test_a_line_without_end_is_refused_in_bounded_memory(tmp_path, monkeypatch):
    """A line beyond the bound, here of 1,000 bytes, stops its file and no other."""
    monkeypatch.setattr(lines, "LONGEST", 1_000)
    write(tmp_path / "a.csv", "title,text\nReset,A reset.\n")
    long = write(tmp_path / "b.jsonl", '{"text": "A ban."}\n{"text": "' + "a" * 5_000 + '"}\n{"text": "Never."}\n')
    articles = read_articles(tmp_path)
    assert articles["text"].tolist() == ["A reset.", "A ban."]
    assert notes(articles) == [
        f"Line 2 of {long} has more than 0 MB, so this is no file of lines, or a damaged one; nothing after it was read."
    ]


def test_text_is_cleaned_of_marks_that_are_no_text(tmp_path):
    """Byte order marks, carriage returns and halves of characters go; everything else stays as it is."""
    text = json.dumps({"title": "\ufeffReset", "text": "One\r\ntwo\rthree \ud83d \u00a0"})
    articles = read_articles(write(tmp_path / "a.json", f"[{text}]"))
    assert articles.loc[0, ["title", "text"]].tolist() == ["Reset", "One\ntwo\nthree \ufffd \u00a0"]


def test_entities_and_outside_files_are_never_read(tmp_path):
    """XML and HTML that ask for a file of this machine do not get it, and entities do not grow."""
    secret = write(tmp_path / "secret" / "secret.txt", "hunter2")
    outside = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]>'
    growing = (
        '<!DOCTYPE a [<!ENTITY a "'
        + "x" * 50
        + '">'
        + "".join(f'<!ENTITY {b} "{f"&{a};" * 50}">' for a, b in zip("abcdef", "bcdefg"))
        + "]>"
    )
    write(tmp_path / "in" / "good.csv", "title,text\nReset,A reset.\n")
    for n, head in enumerate((outside, growing)):
        for name, body in {
            "feed.xml": "<rss version='2.0'><channel><title>T</title><item><title>&x;&g;</title></item></channel></rss>",
            "page.html": "<html><body><article><h1>&x;&g;</h1><p>&x;&g;</p></article></body></html>",
            "factiva.xml": "<PPSResponse><ppsArticleResponse><article><headline>&x;&g;</headline></article></ppsArticleResponse></PPSResponse>",
        }.items():
            write(tmp_path / "in" / str(n) / name, f'<?xml version="1.0"?>{head}{body}')
    articles = read_articles(tmp_path / "in")
    assert "Reset" in articles["title"].tolist()
    assert "hunter2" not in articles.to_csv()
    assert len(articles.to_csv()) < 100_000


def test_formats_lists_each_reader_once():
    """The table has a row per format, and those of this package's own dependencies can be read here."""
    table = formats()
    assert list(table.columns) == ["format", "title", "suffixes", "extra", "here"]
    assert table["format"].is_unique
    assert table.loc[table["extra"].isna(), "here"].all()
    assert set(table["format"]) >= {"csv", "excel", "json", "jsonl", "parquet", "saved_text", "text"}


def test_the_audit_is_shared_not_copied_and_stays_plain(tmp_path):
    """A copied or filtered table has the same audit, and it can be written as JSON."""
    articles = read_articles(write(tmp_path / "a.csv", "title,text\nReset,A reset.\nBan,A ban.\n"))
    assert articles[:1].copy().attrs["audit"] is articles.attrs["audit"]
    assert json.loads(json.dumps(articles.attrs["audit"])) == articles.attrs["audit"]


def test_import_stays_light():
    """The door is in the tour of the front door."""
    assert {"read_articles", "formats", "audit"} <= set(tk.__all__)


SEEDS = (
    b'title,text,date\nReset,"A reset, of sorts.",2017-02-03\nBan,A ban.,31/02/2017\n',
    b'sep=;\ntitle;text\nReset;"A ""reset"""\n',
    b'[{"title": "Reset", "text": "A reset.", "tags": ["a", {"b": 1}]}, {"title": "Ban"}]',
    b'{"title": "Reset", "text": "A reset."}\n{"title": "Ban", "text": "A ban."}\n',
    b"---\ntitle: Reset\ntags:\n- a\n- b\n---\nA reset.\n",
    b"Harbour votes to reset fees\n\nThe board voted on Nov. 23 to reset the fees that freighters pay.\n\n(c) 2016\n",
    b"<html><head><title>Reset</title></head><body><article><h1>Reset</h1><p>A reset of fees.</p></article></body></html>",
    b"<?xml version='1.0'?><rss version='2.0'><channel><title>Post</title><item><title>Reset</title></item></channel></rss>",
    b"{\\rtf1\\ansi Reset\\par The Post\\par February 3, 2017\\par Body\\par A reset.\\par End of Document\\par}",
    b"                    1 of 1 DOCUMENTS\r\n\r\n          The Post\r\n\r\n     February 3, 2017\r\n\r\nReset\r\n\r\nLENGTH: 2 words\r\n\r\nA reset.\r\n",
    b'{"articles": [{"url": "https://post.example/1", "title": "Reset", "seendate": "20170203T081500Z", "domain": "post.example"}]}',
    b'{"response": {"status": "ok", "results": [{"id": "a", "webTitle": "Reset", "webPublicationDate": "2017-02-03T00:00:00Z"}]}}',
    b'{"response": {"docs": [{"_id": "nyt://1", "web_url": "https://x.example", "headline": {"main": "Reset"}, "pub_date": "2017"}]}}',
    b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 4\r\n\r\nHTTP\r\n\r\n",
    b"____________________________________________________________\n\nDocument 1 of 1\n\nReset\n\nFull text: A reset.\n",
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Take a small file and cut, double or overwrite parts of it."""
    content = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(content)))
        to = draw(st.integers(at, min(len(content), at + 40)))
        content[at:to] = draw(
            st.one_of(
                st.binary(max_size=8),
                st.sampled_from([b'"', b"\\", b"\x00", b"\xff", b"\n" * 9, b"{", b"<", b"&x;", b"\xf0\x9f", b"9" * 30]),
                st.just(bytes(content[at:to]) * 2),
            )
        )
    return bytes(content)


@pytest.mark.filterwarnings("ignore::toolkit.tables.FramingWarning")
@given(mutated(), st.sampled_from(["", *sorted(r.name for r in all_readers())]))
@settings(max_examples=150)
def test_no_mutated_file_raises_or_stops_the_others(content, forced):
    """Whatever stands in a file and whichever reader gets it, the sound file beside it is read, and nothing else is raised."""
    with tempfile.TemporaryDirectory() as folder:
        bad = write(Path(folder, "bad", "bad.txt"), content)
        good = write(Path(folder, "good.csv"), "title,text\nReset,A reset.\n")
        try:
            read_articles(bad, format=forced or None)
        except FramingError as error:
            assert re.match(r"No article could be read\. ", str(error))
        articles = read_articles([bad, good])
        assert articles.loc[articles["file"] == str(good), "title"].tolist() == ["Reset"]
        check_articles(articles)


@given(st.data())
@settings(max_examples=40)
def test_no_damaged_archive_raises_or_stops_the_others(data):
    """A zip with bytes overwritten gives its sound members or a reason, never another exception."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.zip")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.csv", SEEDS[0])
            archive.writestr("sub/b.jsonl", SEEDS[3])
        content = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(1, 3))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        path.write_bytes(content)
        good = write(Path(folder, "good.csv"), "title,text\nReset,A reset.\n")
        articles = read_articles([path, good])
        assert articles.loc[articles["file"] == str(good), "title"].tolist() == ["Reset"]


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("Pub. date", "date"), ("Date of publication", "date"), ("PUBLICATION-DATE", "date"), ("Published At", "date"),
        ("Newspaper", "source"), ("Publication_title", "source"), ("Publication Title", "source"), ("Media outlet", "source"),
        ("Full text", "text"), ("Full_Text", "text"), ("Story body", "text"), ("Article.Body", "text"),
        ("Head-line", None), ("HEADLINE", "title"), ("Article title", "title"),
    ],
)  # fmt: skip
def test_usual_names_are_known_whatever_parts_their_words(tmp_path, name, ours):
    """Capitals, points, hyphens and underscores make no difference, and the audit says which column was taken for what."""
    text = "" if ours == "text" else ",text"
    path = write(tmp_path / "export.csv", f"{name}{text},n\n2017-02-03{',A reset.' if text else ''},1\n")
    articles = read_articles(path)
    if ours is None:
        assert name in articles.columns
        return
    (file,) = articles.attrs["audit"]
    assert file["columns"][name] == ours and name not in articles.columns
    audit = tk.audit(articles).set_index("check")
    assert f"{name!r} as {ours}" in audit.loc["files with other column names", "note"]


@pytest.mark.parametrize("name", ["sep", "encoding", "date_format", "skiprows", "dtype"])
def test_arguments_of_pandas_are_refused(tmp_path, name):
    """An argument that pandas has and this door does not is refused, and becomes no column of the articles."""
    path = write(tmp_path / "export.csv", "title,text\nA,A reset.\n")
    with pytest.raises(tk.FramingError, match=f"has no argument {name}"):
        read_articles(path, **{name: ";"})


def test_a_mapping_the_wrong_way_round_is_turned_in_the_error(tmp_path):
    """columns= from the file's names to ours is refused with the mapping that is meant, which works."""
    path = write(tmp_path / "export.csv", "Heading,Story\nA,A reset.\n")
    with pytest.raises(tk.FramingError, match="other way round"):
        read_articles(path, columns={"Story": "text"})
    assert read_articles(path, columns={"text": "Story"})["text"].tolist() == ["A reset."]
    with pytest.raises(tk.FramingError, match="other way round"):
        tk.load(path, columns={"Story": "text"})


@pytest.mark.parametrize("name", ["data", "load_date", "story", "story_id"])
def test_a_column_of_something_else_is_not_taken(tmp_path, name):
    """A load date is no day of publication, and data are no date in most languages: such columns stay what they are."""
    path = write(tmp_path / "export.csv", f"title,text,{name}\nA,A reset.,2017-02-03\n")
    articles = read_articles(path)
    assert articles[name].tolist() == ["2017-02-03"] and articles["date"].isna().all()


@pytest.mark.parametrize(
    ("column", "printed", "kept"),
    [
        ("title", "No Headline In Original", None),
        ("title", "[No headline in original]", None),
        ("title", "No headline can hold the reset", "No headline can hold the reset"),
        ("author", "Ann Other&softReturn;Bo Ek", "Ann Other Bo Ek"),
        ("standfirst", "A vote came. https://harbour.example/a", "A vote came."),
        ("standfirst", "https://harbour.example/a", "https://harbour.example/a"),
    ],
)
def test_what_stands_in_for_something_is_told_apart(tmp_path, column, printed, kept):
    """What an archive prints for a missing title or a line break is no title and no text; an address at a standfirst's end is one."""
    path = tmp_path / "export.jsonl"
    path.write_text(json.dumps({"text": "A reset.", column: printed}) + "\n", encoding="utf-8")
    value = read_articles(path)[column].iloc[0]
    assert (None if pd.isna(value) else value) == kept
