"""Own the cards: where the known corpora are listed, what a card must say, and the catalogue made of them."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources, util
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.tables import FramingError, listed, not_found

KINDS = ("articles", "counts")
CARD = "card.toml"


@dataclass(frozen=True)
class Carrier:
    """A published package that happens to carry a corpus's file, zipped."""

    package: str
    version: str
    member: str
    sha256: str
    n_bytes: int
    doi: str = ""

    @property
    def file(self) -> str:
        """The zip's own name."""
        return self.member.rpartition("/")[2]


@dataclass(frozen=True)
class Card:
    """What is known of a corpus: read from its `card.toml`.

    `rename` maps our columns to the file's; `sources` maps hosts to outlets; `columns`, `patterns` and `faults` are for
    the reader.
    """

    name: str
    folder: Path
    title: str
    file: str
    kind: str = ""
    sha256: str = ""
    n_bytes: int = 0
    period: tuple[str, str] | None = None
    rename: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    date_formats: tuple[str, ...] = ()
    whole_days: bool = False
    drop_outside: bool = False
    carrier: Carrier | None = None
    collector: Mapping[str, Any] = field(default_factory=dict)
    by_hand: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)

    @property
    def gathered(self) -> bool:
        """Whether its data are a folder of files outside the project: collected from a service, or put there by hand."""
        return bool(self.collector or self.by_hand)

    def __getitem__(self, key: str) -> Any:
        """Return what the card says under `key`, or an empty string."""
        return self.said.get(key, "")


def read_card(folder: Path) -> Card:
    """Read the card in `folder`, or say what is wrong with it."""
    path = folder / CARD
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FramingError(
            f"There is no {CARD} in the folder {folder}. A corpus's folder needs one with a title and, under [data], "
            "the name of the file; or load the file itself: toolkit.load('articles.csv')."
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FramingError(f"The card {path} cannot be read: {error}. It must be a TOML file in UTF-8.") from None
    try:
        data, dates = _group(said, "data"), _group(said, "dates")
        carrier = _group(said, "carrier")
        collector = _group(said, "collector")
        gathered = bool(collector or said.get("by_hand"))
        if collector and not isinstance(collector.get("name"), str):
            raise ValueError('[collector] needs a name, as in name = "guardian"')
        card = Card(
            name=folder.resolve().name,
            folder=folder,
            title=_told(said, "title"),
            file="" if gathered else _told(data, "file", " under [data]"),
            kind=str(said.get("kind", "")),
            sha256=str(data.get("sha256", "")),
            n_bytes=int(data.get("n_bytes", 0)),
            period=_period(said.get("period")),
            rename=_group(said, "rename"),
            sources={host.casefold(): outlet for host, outlet in _group(said, "sources").items()},
            date_formats=tuple(dates.get("formats", ())),
            whole_days=bool(dates.get("whole_days", False)),
            drop_outside=dates.get("outside", "keep") == "missing",
            carrier=_carrier(carrier),
            collector=collector,
            by_hand=str(said.get("by_hand", "")),
            said=said,
        )
    except (TypeError, ValueError) as error:
        raise FramingError(f"The card {path} cannot be used: {error}.") from None
    if card.kind not in ("", *KINDS):
        raise FramingError(f"The card {path} cannot be used: kind is {card.kind!r}; it must be {' or '.join(KINDS)}.")
    if Path(card.file).name != card.file:
        raise FramingError(f"The card {path} cannot be used: the file {card.file!r} must lie beside the card.")
    return card


def _told(said: Mapping[str, Any], key: str, where: str = "") -> str:
    if not isinstance(said.get(key), str):
        raise ValueError(f'it needs a {key}{where}, as in {key} = "..."')
    return str(said[key])


def _group(said: Mapping[str, Any], key: str) -> dict[str, Any]:
    group = said.get(key, {})
    if not isinstance(group, dict):
        raise ValueError(f"{key} must be a group of lines under [{key}]")
    return group


def _period(said: Any) -> tuple[str, str] | None:
    if said is None:
        return None
    try:
        first, last = (date.fromisoformat(str(day)).isoformat() for day in said)
    except (TypeError, ValueError):
        raise ValueError("period must be two days, as in ['2016-12-01', '2017-03-31']") from None
    return first, last


def _carrier(said: dict[str, Any]) -> Carrier | None:
    try:
        return Carrier(**said) if said else None
    except TypeError:
        raise ValueError("[carrier] needs package, version, member, sha256 and n_bytes, and may have a doi") from None


def shelves() -> tuple[Path, ...]:
    """Return the folders that hold known corpora: inside an installed package, or beside `toolkit` in a checkout."""
    inside = Path(str(resources.files("toolkit"))) / "_corpora"
    beside = Path(__file__).resolve().parents[2] / "corpora"
    # In an installed package `beside` would be another package's folder: it is looked at only when `inside` is absent.
    return (inside,) if inside.is_dir() else (beside,) if beside.is_dir() else ()


def names() -> list[str]:
    """Return the names of the known corpora."""
    return sorted(path.parent.name for shelf in shelves() for path in shelf.glob(f"*/{CARD}"))


def card(name: str) -> Card:
    """Return the card of a known corpus.

    Examples
    --------
    >>> card("daily-brief").title
    'Daily Brief: eighteen short pieces written for this project'
    >>> card("daily brief")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    toolkit.tables.FramingError: There is no corpus 'daily brief'. Did you mean 'daily-brief'? There are: ...
    """
    known = names()
    if name not in known:
        raise not_found("corpus", str(name), known)
    return next(read_card(shelf / name) for shelf in shelves() if (shelf / name / CARD).is_file())


def data_folder() -> Path:
    """Return the user's folder for fetched data: `FRAMING_DATA` if it is set, else the system's cache."""
    if said := os.environ.get("FRAMING_DATA"):
        return Path(said).expanduser()
    import pooch  # here, since it takes a while and most corpora need no fetching

    return Path(pooch.os_cache("framing-toolkit"))


def in_package(carrier: Carrier) -> Path | None:
    """Return the carrier's file where the package is installed. The package itself is not imported."""
    spec = util.find_spec(carrier.package)
    top = carrier.member.partition("/")[2]
    for place in (spec.submodule_search_locations or ()) if spec else ():
        if (Path(place) / top).is_file():
            return Path(place) / top
    return None


def located(of: Card) -> Path | None:
    """Return where a corpus's data are on this machine: the file itself or the zip it is in. None if they are not."""
    if of.gathered:
        folder = data_folder() / of.name
        files = folder.rglob("[!.]*") if folder.is_dir() else iter(())
        return folder if any(path.is_file() for path in files) else None
    if of.carrier is None:
        return of.folder / of.file if (of.folder / of.file).is_file() else None
    fetched = data_folder() / of.name
    places = [fetched / of.carrier.file, fetched / of.file, in_package(of.carrier)]
    return next((place for place in places if place is not None and place.is_file()), None)


def catalogue() -> pd.DataFrame:
    """List the known corpora.

    Returns
    -------
    pandas.DataFrame
        One row per corpus: `name` (what `load` takes), `title`, `kind` (articles, or counts without text),
        `n_articles`, `n_sources` (outlets; both missing where nobody has counted them: a query), `period` (first and last
        day of the coverage; a few dates may lie outside), `licence`, `here` (bool, whether its data are on this
        machine) and `how` (how to get them). The numbers are the cards'; the rest of a card is in
        `corpora/<name>/card.toml`.

    Examples
    --------
    >>> known = catalogue().set_index("name")
    >>> known.loc[["abp-counts", "daily-brief", "news-2017"], ["kind", "n_articles"]]
                     kind  n_articles
    name
    abp-counts     counts       37554
    daily-brief  articles          18
    news-2017    articles        3824
    """
    rows = [
        {
            "name": of.name,
            "title": of.title,
            "kind": of.kind,
            "n_articles": of["n_articles"] or None,
            "n_sources": of["n_sources"] or None,
            "period": " to ".join(of.period) if of.period else "",
            "licence": of["licence"],
            "here": located(of) is not None,
            "how": of["how"],
        }
        for of in map(card, names())
    ]
    if not rows:
        raise FramingError(
            f"No corpus is listed: no folder with a {CARD} was found in {listed(shelves()) or 'this installation'}."
        )
    return pd.DataFrame(rows).astype({"n_articles": "Int64", "n_sources": "Int64"})
