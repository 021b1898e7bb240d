"""Hold reading to the file that is wanted, and unzipping to what was declared."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from toolkit.corpora.files import check_hash, read, unzipped
from toolkit.tables import FramingError

PLACE = Path("some.zip")


def zipped(member: str, content: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(member, content)
    return held.getvalue()


def test_one_member_comes_out_whole():
    """A member of exactly the declared size comes out byte for byte, whatever its path is called."""
    assert unzipped(zipped("../../a.csv", b"12345"), "../../a.csv", 5, PLACE) == b"12345"


def test_a_member_above_the_declared_size_is_refused():
    """A member of 50 MB that was declared with 1,000 bytes is refused."""
    bomb = zipped("a.csv", bytes(50_000_000))
    assert len(bomb) < 100_000
    with pytest.raises(FramingError) as error:
        unzipped(bomb, "a.csv", 1000, PLACE)
    assert str(error.value) == "a.csv in some.zip is larger than the 1,000 bytes that the card tells: not used."


def test_a_size_that_lies_is_refused():
    """A zip whose index understates the size is refused too."""
    honest = zipped("a.csv", bytes(5000))
    lying = honest.replace((5000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != honest
    with pytest.raises(FramingError) as error:
        unzipped(lying, "a.csv", 1000, PLACE)
    assert str(error.value).startswith("some.zip cannot be unzipped (Bad CRC-32")


def test_a_zip_without_the_member():
    """A zip that does not hold the member is not the file described."""
    with pytest.raises(FramingError) as error:
        unzipped(zipped("b.csv", b"x"), "a.csv", 10, PLACE)
    assert str(error.value) == "some.zip does not hold 'a.csv': it is not the file that the card describes."


def test_not_a_zip():
    """What is not a zip, and a zip that was cut off, are named as damaged."""
    with pytest.raises(FramingError) as error:
        unzipped(b"not a zip", "a.csv", 10, PLACE)
    assert str(error.value) == "some.zip cannot be unzipped (File is not a zip file): it is damaged."


def test_a_wrong_hash_is_refused_with_both_values():
    """A file that is not the one described is refused with the hash wanted, the hash found and what to do."""
    check_hash("aa", "aa", PLACE, "Never said.")
    check_hash("aa", "", PLACE, "Never said: the card has no hash.")
    with pytest.raises(FramingError) as error:
        check_hash("bb", "aa", PLACE, "Get it again.")
    assert str(error.value) == (
        "some.zip is not the file that the card describes: its sha256 should be aa and is bb. Get it again."
    )


def test_values_are_text_as_they_stand(tmp_path):
    """NA, 007 and 1.0 stay what they are; an empty cell is empty; a byte order mark is no part of the first name."""
    (tmp_path / "a.csv").write_text("a,b,c,d\nNA,007,1.0,\n", encoding="utf-8-sig")
    assert read(tmp_path / "a.csv").to_dict("records") == [{"a": "NA", "b": "007", "c": "1.0", "d": ""}]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_what_parts_the_columns(tmp_path, mark):
    """Commas part the columns, or semicolons or tabs where the head line has no comma; text may hold the others."""
    (tmp_path / "a.csv").write_text(f'a{mark}b\n1{mark}"x, y; z"\n')
    assert read(tmp_path / "a.csv").to_dict("records") == [{"a": "1", "b": "x, y; z"}]


@pytest.mark.parametrize(
    ("name", "content", "wrong"),
    [
        ("a.csv", "", "cannot be read: No columns to parse from file."),
        ("a.csv", "a,b\n1,2,3\n", "cannot be read: Length of header or names does not match length of data. "
         "This leads to a loss of data with index_col=False."),
        ("a.csv", "a,b\n1,2\n1,2,3\n", "cannot be read: Error tokenizing data. C error: Expected 2 fields in line 3, saw 3."),
        ("a.csv", 'a,b\n1,"2\n', "cannot be read: Error tokenizing data. C error: EOF inside string starting at row 1."),
        ("a.csv.gz", "a,b\n", "cannot be read: Not a gzipped file (b'a,')."),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read(tmp_path, name, content, wrong):
    """A file that would lose anything in the reading is refused with the reason."""
    (tmp_path / name).write_text(content)
    with pytest.raises(FramingError) as error:
        read(tmp_path / name)
    assert str(error.value) == f"{tmp_path / name} {wrong}"


def test_a_parquet_file_that_is_none(tmp_path):
    """A file that only calls itself Parquet is refused."""
    (tmp_path / "a.parquet").write_text("a")
    with pytest.raises(FramingError) as error:
        read(tmp_path / "a.parquet")
    assert str(error.value).startswith(f"{tmp_path / 'a.parquet'} cannot be read as Parquet: ")


def test_another_encoding(tmp_path):
    """A CSV in another encoding is refused, not guessed at."""
    (tmp_path / "a.csv").write_bytes("a,b\nÜber,1\n".encode("latin-1"))
    with pytest.raises(FramingError) as error:
        read(tmp_path / "a.csv")
    assert str(error.value) == f"{tmp_path / 'a.csv'} is not text in UTF-8. Save it anew as CSV in UTF-8."
