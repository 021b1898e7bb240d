"""Own the files: making sure that a file is the one wanted, taking it out of a zip, and reading it as a raw table."""

from __future__ import annotations

import gzip
import io
import warnings
import zipfile
import zlib
from hashlib import file_digest, sha256
from pathlib import Path

import pandas as pd
import pyarrow

from toolkit.corpora.cards import CARD, Card, located
from toolkit.tables import FramingError

FORMATS = (".csv", ".csv.gz", ".parquet")


def read(place: Path, content: io.BytesIO | None = None) -> pd.DataFrame:
    """Read a file, or the content that came out of it; from a CSV every value as text and none as missing."""
    try:
        if place.name.lower().endswith(".parquet"):
            return pd.read_parquet(place)
        with warnings.catch_warnings():
            # A line with more fields than the head would lose the last ones, with no more than a warning.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            return pd.read_csv(
                content or place,
                sep="," if content else _separator(place),
                dtype=str,
                keep_default_na=False,
                index_col=False,
                encoding="utf-8-sig",
            )
    except UnicodeDecodeError:
        raise FramingError(f"{place} is not text in UTF-8. Save it anew as CSV in UTF-8.") from None
    except (pd.errors.ParserError, pd.errors.ParserWarning, pd.errors.EmptyDataError, OSError, EOFError) as error:
        raise FramingError(f"{place} cannot be read: {str(error).strip().rstrip('.')}.") from None
    except pyarrow.ArrowInvalid as error:
        raise FramingError(f"{place} cannot be read as Parquet: {str(error).strip().rstrip('.')}.") from None


def read_known(known: Card) -> pd.DataFrame:
    """Read the file that a card describes, and make sure that it is that file."""
    place = located(known)
    if place is None and known.carrier is None:
        raise FramingError(f"The card {known.folder / CARD} names the file {known.file!r}, which is not beside it.")
    if place is None:
        raise FramingError(
            f"The data of {known.name} are not on this machine. Get them: toolkit.fetch({known.name!r}), "
            f"or in a shell: framing fetch {known.name}."
        )
    what_now = "It is damaged or was changed; "
    what_now += f"get it again: toolkit.fetch({known.name!r})." if known.carrier else "if that is meant, mend the card."
    if place.suffix != ".zip":
        with place.open("rb") as opened:
            check_hash(file_digest(opened, "sha256").hexdigest(), known.sha256, place, what_now)
        return read(place)
    content = unzipped(place.read_bytes(), known.file, known.n_bytes, place)
    check_hash(sha256(content).hexdigest(), known.sha256, place, what_now)
    return read(place, io.BytesIO(content))


def check_hash(found: str, wanted: str, place: Path, what_now: str) -> None:
    """Raise unless the hash found is the one wanted; `what_now` is the sentence that says what to do."""
    if wanted and found != wanted:
        raise FramingError(
            f"{place} is not the file that the card describes: its sha256 should be {wanted} and is {found}. {what_now}"
        )


def unzipped(archive: bytes, member: str, n_bytes: int, place: Path) -> bytes:
    """Take one member of known size out of a zip, in memory; no path of the archive is ever used on disk."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened, opened.open(member) as file:
            # The size in the archive's index can lie; what is read cannot.
            content = file.read(n_bytes + 1)
    except KeyError:
        raise FramingError(f"{place} does not hold {member!r}: it is not the file that the card describes.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise FramingError(f"{place} cannot be unzipped ({error}): it is damaged.") from None
    if len(content) > n_bytes:
        raise FramingError(f"{member} in {place} is larger than the {n_bytes:,} bytes that the card tells: not used.")
    return content


def _separator(place: Path) -> str:
    """Return what parts the columns: a comma, or a semicolon or a tab where the head line has no comma."""
    with gzip.open(place) if place.name.lower().endswith(".gz") else place.open("rb") as file:
        head = file.readline(2**16)
    return "," if b"," in head else max((b";", b"\t"), key=head.count).decode()
