"""Own the dated facts that usage is compared with: each with a label and the document that supports it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.corpora.cards import shelves
from toolkit.tables import EVENTS, FramingError, listed, not_found, require

FOLDER = "events"
_FIELDS = ("date", "label", "source")


def events(name_or_path: str | Path | None = None) -> pd.DataFrame:
    """List dated facts from a chronology.

    Parameters
    ----------
    name_or_path : str or Path, optional
        The name of a chronology in `corpora/events`, or a TOML file of your own; without it, all known ones.

    Returns
    -------
    DataFrame
        One row per event, by date: `date`, its day; `label`, a few words for a figure; `source`, the document that supports it
        (publisher, title, date); `chronology`, the name of the file.

    Raises
    ------
    FramingError
        If there is no such chronology, or the file is not one: the message says which event lacks what.

    Notes
    -----
    A file has a `title` and for each event a table ``[[event]]`` with `date` (a day, as 2009-03-06 without quotes), `label` and
    `source`, all required; `note` is for readers of the file. To use only some events, filter the table.

    The citations in the files that ship with the toolkit name documents, but were written from memory: check them before you
    publish.

    Examples
    --------
    >>> events("us-russia-reset")[["date", "label"]].head(2)
            date                                    label
    0 2009-02-07  Biden in Munich: press the reset button
    1 2009-03-06   Clinton gives Lavrov a button (Geneva)
    """
    known = {path.stem: path for shelf in shelves() for path in sorted((shelf / FOLDER).glob("*.toml"))}
    if name_or_path is None:
        paths = list(known.values())
    elif str(name_or_path) in known:
        paths = [known[str(name_or_path)]]
    elif Path(name_or_path).suffix == ".toml":
        paths = [Path(name_or_path)]
    else:
        raise not_found("chronology", str(name_or_path), sorted(known))
    table = pd.concat([_read(path) for path in paths], ignore_index=True)[list(EVENTS.columns)]
    return table.sort_values("date", kind="stable", ignore_index=True)


def _read(path: Path) -> pd.DataFrame:
    """Read a chronology, or say what is wrong with it."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FramingError(f"There is no file {path}.") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FramingError(f"The chronology {path} cannot be read: {error}. It must be a TOML file in UTF-8.") from None
    try:
        if not isinstance(said.get("title"), str):
            raise ValueError('it needs a title, as in title = "..."')
        told = said.get("event")
        if not isinstance(told, list) or not told or not all(isinstance(each, dict) for each in told):
            raise ValueError("it needs at least one event, as a table under [[event]]")
        rows = [_event(number, each) for number, each in enumerate(told, start=1)]
    except ValueError as error:
        raise FramingError(f"The chronology {path} cannot be used: {error}.") from None
    table = pd.DataFrame(rows, columns=list(_FIELDS)).astype({"label": "str", "source": "str"})
    table["date"] = pd.to_datetime(table["date"]).astype("datetime64[us]")
    return table.assign(chronology=pd.array([path.stem] * len(table), dtype="str"))


def _event(number: int, said: Mapping[str, Any]) -> dict[str, Any]:
    which = f"event {number}" + (f" ({said['label']})" if isinstance(said.get("label"), str) else "")
    missing = [field for field in _FIELDS if field not in said]
    if missing:
        raise ValueError(f"{which} has no {listed(missing)}")
    unknown = [field for field in said if field not in (*_FIELDS, "note")]
    if unknown:
        raise ValueError(f"{which} has {listed(unknown)}; an event may have {listed(_FIELDS)} and note")
    day = said["date"]
    if isinstance(day, datetime) or not isinstance(day, date):
        raise ValueError(f"the date of {which} must be a day without quotes, as in date = 2009-03-06, not {day!r}")
    for field in ("label", "source"):
        if not isinstance(said[field], str) or not said[field].strip():
            raise ValueError(f"the {field} of {which} must be words, not {said[field]!r}")
    return {"date": pd.Timestamp(day), "label": said["label"].strip(), "source": said["source"].strip()}


def events_of(given: Any) -> pd.DataFrame:
    """Return `date` and `label` of events given as a table, the name of a chronology, a file, or a dict of label to date.

    Examples
    --------
    >>> events_of({"button": "2009-03-06"})["date"].dt.year.tolist()
    [2009]
    """
    if isinstance(given, (str, Path)):
        given = events(given)
    elif isinstance(given, Mapping):
        try:
            days = pd.Series([pd.Timestamp(day) for day in given.values()], dtype="datetime64[us]")
        except (TypeError, ValueError) as error:
            raise FramingError(
                f"Events as a dict map a label to a day, as in {{'button': '2009-03-06'}}: {error}."
            ) from None
        given = pd.DataFrame({"date": days, "label": pd.array([str(label) for label in given], dtype="str")})
    if not isinstance(given, pd.DataFrame):
        raise FramingError(
            "Events are a table with date and label, the name of a chronology, a TOML file, or a dict of label to day; "
            f"this is a {type(given).__name__}."
        )
    require(given, ["date", "label"], "events")
    if len(given) == 0:
        raise FramingError("This table of events is empty: it has columns but no row.")
    if not pd.api.types.is_datetime64_any_dtype(given["date"]):
        raise FramingError(
            f"The column date of the events holds {given['date'].dtype}, not dates. "
            "Convert it: events['date'] = pd.to_datetime(events['date'])."
        )
    undated = given.loc[given["date"].isna(), "label"]
    if len(undated):
        raise FramingError(f"Events need a date; these have none: {listed(undated)}.")
    days = given["date"].dt.tz_localize(None) if given["date"].dt.tz is not None else given["date"]
    table = pd.DataFrame({"date": days.dt.normalize(), "label": given["label"].astype("str")})
    return table.sort_values("date", kind="stable", ignore_index=True)
