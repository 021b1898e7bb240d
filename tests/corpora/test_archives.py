"""Hold archives to giving out no more than is sane, and to writing nowhere but where they are told."""

from __future__ import annotations

import gzip
import re
import stat
import zipfile
from pathlib import Path

import pytest

from toolkit.corpora import archives, read_articles
from toolkit.tables import FramingError

CSV = "doc_id,title,text\na,Reset,They call it a reset.\n"


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    """Write a zip and return where it is."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def error_of(path: Path) -> str:
    """Return what `checked_zip` says of the archive, which it must refuse."""
    with pytest.raises(FramingError) as caught:
        archives.checked_zip(path, path.name)
    return str(caught.value)


def test_a_sound_archive_is_opened(tmp_path):
    """Its members are there to read."""
    with archives.checked_zip(zipped(tmp_path / "a.zip", {"a.csv": CSV.encode()})) as archive:
        assert archive.namelist() == ["a.csv"]


def test_what_is_no_zip_is_refused(tmp_path):
    """The error names the file and says what to do."""
    path = tmp_path / "export.docx"
    path.write_bytes(b"{\\rtf1 no zip at all}")
    assert error_of(path) == "export.docx is not a zip archive, or is cut off (File is not a zip file). Get it again."


def test_a_truncated_zip_is_refused(tmp_path):
    """Half an archive has no index."""
    path = zipped(tmp_path / "a.zip", {"a.csv": CSV.encode() * 50})
    path.write_bytes(path.read_bytes()[:-40])
    assert error_of(path) == "a.zip is not a zip archive, or is cut off (File is not a zip file). Get it again."


def test_a_bomb_is_refused_before_anything_is_unpacked(tmp_path):
    """A member of 10 MB of zeros packs to a thousandth: nothing that people write does."""
    path = zipped(tmp_path / "bomb.zip", {"a.txt": bytes(10 * 1024**2)})
    assert re.fullmatch(
        r"bomb.zip would unpack to 1,0\d\d times its size: this is a zip bomb, not used.", error_of(path)
    )


def test_a_bomb_beside_sound_members_is_refused(tmp_path):
    """The bomb is found although the archive as a whole is not out of proportion."""
    noise = bytes(range(256)) * 2
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.txt", bytes(10 * 1024**2))
        archive.writestr(zipfile.ZipInfo("noise.bin"), noise * 200)
    assert re.fullmatch(
        r"'zeros.txt' in bomb.zip would unpack to 1,0\d\d times its size: this is a zip bomb, not used.", error_of(path)
    )


def test_too_much_in_all_is_refused(tmp_path, monkeypatch):
    """The sum of what the index declares has a bound."""
    monkeypatch.setattr(archives, "LARGEST_TOTAL", 3_000_000)
    path = zipped(tmp_path / "a.zip", {"a.txt": b"ab" * 1_000_000, "b.txt": b"cd" * 1_000_000})
    assert error_of(path) == (
        "a.zip would unpack to 4 MB; up to 3 MB are read. If that is no mistake, unpack it and give the folder."
    )


def test_too_many_members_are_refused(tmp_path, monkeypatch):
    """The number of members has a bound."""
    monkeypatch.setattr(archives, "MOST_MEMBERS", 2)
    path = zipped(tmp_path / "a.zip", {"a.txt": b"a", "b.txt": b"b", "c.txt": b"c"})
    assert error_of(path) == "a.zip has 3 members; up to 2 are read. Split it."


def test_office_files_with_a_document_type_are_refused(tmp_path):
    """Entities come in by the document type, whatever encoding hides it."""
    for encoding in ("utf-8", "utf-16"):
        part = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
        path = zipped(
            tmp_path / "a.docx", {"[Content_Types].xml": b"<Types/>", "word/document.xml": part.encode(encoding)}
        )
        assert error_of(path) == (
            "'word/document.xml' in a.docx declares a document type, as no office file does: not used."
        )


def test_no_name_of_the_archive_is_used_on_disk(tmp_path):
    """Members whose names lead out are read all the same, told of, and written nowhere."""
    inside = tmp_path / "deep" / "down"
    inside.mkdir(parents=True)
    path = zipped(inside / "a.zip", {"../../out.csv": CSV.encode(), "/evil-absolute.csv": CSV.encode()})
    articles = read_articles(path)
    assert articles["title"].tolist() == ["Reset", "Reset"]
    assert [file["problems"][0]["note"] for file in articles.attrs["audit"]] == [
        f"{path}!../../out.csv has a name that leads out of the archive; it was read, and nothing was written there.",
        f"{path}!/evil-absolute.csv has a name that leads out of the archive; it was read, and nothing was written there.",
    ]
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a.zip", "deep", "down"]
    assert not Path("/evil-absolute.csv").exists()


def test_links_are_not_followed(tmp_path):
    """A link in an archive is a loss that is named, and what it points to is not read."""
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.csv", CSV)
    articles = read_articles(path)
    assert articles["file"].tolist() == [f"{path}!a.csv"]
    lost = {"place": "file", "kind": "unparsed", "note": f"{path}!link.csv is a link to another file, not followed."}
    assert articles.attrs["audit"][0]["problems"] == [lost]


def test_archives_in_archives_are_opened_once(tmp_path):
    """One level within is read; a level below that is named as not read."""
    inner = zipped(tmp_path / "inner.zip", {"a.csv": CSV.encode()})
    middle = zipped(tmp_path / "middle.zip", {"inner.zip": inner.read_bytes(), "b.csv": CSV.encode()})
    outer = zipped(tmp_path / "outer.zip", {"middle.zip": middle.read_bytes()})
    articles = read_articles(outer)
    assert articles["file"].tolist() == [f"{outer}!middle.zip!b.csv"]
    assert articles.attrs["audit"][0]["problems"][0]["note"] == (
        f"{outer}!middle.zip!inner.zip is an archive in an archive in an archive, not opened. "
        "Unpack the outermost and give the folder."
    )
    assert read_articles(middle)["file"].tolist() == [f"{middle}!inner.zip!a.csv", f"{middle}!b.csv"]


def test_a_bomb_within_an_archive_costs_only_itself(tmp_path):
    """The bomb is named, the rest is read."""
    bomb = zipped(tmp_path / "bomb.zip", {"a.txt": bytes(10 * 1024**2)})
    outer = zipped(tmp_path / "outer.zip", {"bomb.zip": bomb.read_bytes(), "a.csv": CSV.encode()})
    articles = read_articles(outer)
    assert articles["file"].tolist() == [f"{outer}!a.csv"]
    note = articles.attrs["audit"][0]["problems"][0]["note"]
    assert re.fullmatch(rf"{outer}!bomb.zip would unpack to \d,\d+ times its size: this is a zip bomb, not used.", note)


def test_all_that_an_archive_unpacks_is_counted_together(tmp_path, monkeypatch):
    """Archives in an archive cannot unpack more together than one may alone."""
    inner = zipped(tmp_path / "inner.zip", {"a.csv": CSV.encode() + b"b,Ban,They call it a ban.\n" * 100})
    size = zipfile.ZipFile(inner).infolist()[0].file_size
    outer = zipped(tmp_path / "outer.zip", {"one.zip": inner.read_bytes(), "two.zip": inner.read_bytes()})
    monkeypatch.setattr(archives, "LARGEST_TOTAL", size + 2 * inner.stat().st_size)
    articles = read_articles(outer)
    assert set(articles["file"]) == {f"{outer}!one.zip!a.csv"}
    assert articles.attrs["audit"][1]["problems"][0]["note"] == (
        f"{outer}!two.zip!a.csv was not unpacked: the archive holds more than is read at once. Split it."
    )


def test_gzip_is_unpacked_and_its_bombs_are_not(tmp_path):
    """A packed table is read by its inner name; what unpacks beyond all proportion is refused."""
    good, bad, cut = tmp_path / "a.csv.gz", tmp_path / "bad.csv.gz", tmp_path / "cut.csv.gz"
    good.write_bytes(gzip.compress(CSV.encode()))
    assert read_articles(good)["format"].tolist() == ["csv"]
    bad.write_bytes(gzip.compress(bytes(20 * 1024**2)))
    with pytest.raises(FramingError, match=r"bad\.csv\.gz unpacks to more than 250 times its size: not used\.$"):
        read_articles(bad)
    cut.write_bytes(gzip.compress(CSV.encode() * 100)[:-30])
    with pytest.raises(FramingError, match=r"cut\.csv\.gz cannot be unpacked \(.*\): it is damaged or cut off\.$"):
        read_articles(cut)


def test_a_damaged_member_costs_only_itself(tmp_path):
    """A wrong checksum is found and named; the next member is read."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.csv", CSV)
        archive.writestr("b.csv", CSV)
    path.write_bytes(path.read_bytes().replace(b"They call", b"They ball", 1))
    articles = read_articles(path)
    assert articles["file"].tolist() == [f"{path}!b.csv"]
    assert articles.attrs["audit"][0]["problems"][0]["note"] == (
        f"{path}!a.csv cannot be unzipped (Bad CRC-32 for file 'a.csv'): it is damaged."
    )
