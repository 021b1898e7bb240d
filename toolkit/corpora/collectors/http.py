"""Own how collectors behave: one request after the other, patience with busy services, keys that stay hidden, folders that collecting can resume in."""

from __future__ import annotations

import email.utils
import hashlib
import json
import logging
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urljoin, urlsplit

from toolkit.corpora.cards import data_folder
from toolkit.files import replacing
from toolkit.tables import FramingError

BUSY = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 522, 524})
"""Answers that another try may better."""

LARGEST = 256 * 1024 * 1024  # bytes of an answer
_LOGGERS = ("urllib3.connectionpool", "urllib3.util.retry", "urllib3.connection", "requests")
_HOPS = 5  # redirections that are followed
_STATE = ".collection.json"


class Key:
    """A key from the environment, which no repr, message or log shows.

    Examples
    --------
    >>> os.environ["EXAMPLE_KEY"] = "abc123"
    >>> Key("EXAMPLE_KEY")
    Key(EXAMPLE_KEY)
    """

    __slots__ = ("_secret", "variable")

    def __init__(self, variable: str, where: str = "") -> None:
        secret = os.environ.get(variable, "").strip()
        if not secret:
            hint = f" Get one at {where}." if where else ""
            raise FramingError(
                f"The environment variable {variable} has no key.{hint} Set it outside the notebook, so that no file holds it."
            )
        self.variable, self._secret = variable, secret

    def __repr__(self) -> str:
        return f"Key({self.variable})"

    def reveal(self) -> str:
        """Return the key, to be sent and nothing else."""
        return self._secret

    def hidden_in(self, text: str) -> str:
        """Return a text without the key, plain or as addresses write it."""
        for form in {self._secret, quote(self._secret, safe=""), quote(self._secret)}:
            text = text.replace(form, "[key]")
        return text


class _Hide(logging.Filter):
    """Takes a key out of what the HTTP library logs: it logs addresses, and some services want the key there."""

    def __init__(self, key: Key) -> None:
        super().__init__()
        self._key = key

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        hidden = self._key.hidden_in(said)
        if hidden != said:
            record.msg, record.args = hidden, ()
        return True


@dataclass(frozen=True)
class Answer:
    """What a service answered."""

    status: int
    content: bytes
    headers: Mapping[str, str]
    url: str

    def said(self) -> str:
        """Return the beginning of the answer as one line, for a message."""
        text = re.sub(r"<[^>]{0,500}>", " ", self.content[:2000].decode("utf-8", "replace"))
        return re.sub(r"\s+", " ", text).strip()[:200].rstrip(" .")


class Client:
    """Asks one service, politely.

    Parameters
    ----------
    service : str
        What errors call it.
    pause : float
        Seconds between two requests, at least.
    key : Key, optional
        Hidden from logs and messages.
    tries : int
        Times that a request is made before it counts as failed.
    contact : str, optional
        An address that the user agent names, so that the service can write.
    longest : float
        Seconds that a service may ask to be left alone for; when it asks for more, the collecting stops, to be taken up later.
    """

    _sleep = staticmethod(time.sleep)  # tests count the seconds instead

    def __init__(
        self,
        service: str,
        *,
        pause: float,
        key: Key | None = None,
        tries: int = 6,
        contact: str | None = None,
        longest: float = 900,
        timeout: float = 60,
    ) -> None:
        try:
            import requests
        except ImportError:
            raise FramingError("Collecting needs requests: python -m pip install 'framing-toolkit[web]'.") from None
        from toolkit import __version__

        self.service, self.pause, self.key, self.tries, self.longest, self.timeout = (
            service,
            pause,
            key,
            tries,
            longest,
            timeout,
        )
        self._session = requests.Session()
        self._last: float | None = None
        who = f"; {re.sub(r'[^ -~]|[()]', '', contact)}" if contact else ""
        self._session.headers["User-Agent"] = f"framing-toolkit/{__version__} (media framing research{who})"
        self._filter = _Hide(key) if key else None

    def __enter__(self) -> Self:
        for name in _LOGGERS if self._filter else ():
            logging.getLogger(name).addFilter(self._filter)  # type: ignore[arg-type]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in _LOGGERS if self._filter else ():
            logging.getLogger(name).removeFilter(self._filter)  # type: ignore[arg-type]
        self._session.close()

    def get(
        self,
        url: str,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        largest: int = LARGEST,
        pause: float | None = None,
    ) -> Answer:
        """Return the answer to a request, made again with longer and longer waits while the service is busy or the line is cut.

        Redirections are not followed: with a key, they would hand it on.

        Raises
        ------
        FramingError
            When the last try failed too, or the service asks to wait for too long. What was collected stays, and the same call goes on from there.
        """
        self._check(url)
        fault, asked = "", 0.0
        for n in range(self.tries):
            if n:
                self._wait(max(asked, min(2.0 ** (n - 1), 60.0)))
            self._keep_pace(self.pause if pause is None else pause)
            answer, fault = self._once(url, params, headers, largest)
            if answer is None:
                asked = 0.0
                continue
            if answer.status not in BUSY:
                return answer
            fault = f"status {answer.status}" + (f": {self._hidden(answer.said())}" if answer.said() else "")
            asked = _asked(answer.headers.get("Retry-After"))
            if asked > self.longest:
                raise FramingError(
                    f"{self.service} asks to wait for {asked / 60:,.0f} minutes ({fault}). What was collected is kept; call the same again later to go on."
                )
        raise FramingError(
            f"{self.service} could not be reached in {self.tries} tries ({fault}). What was collected is kept; call the same again later to go on."
        )

    def json(
        self,
        url: str,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        loads: Callable[[str], Any] = json.loads,
        busy: Callable[[str], bool] = lambda text: False,
    ) -> tuple[bytes, dict[str, Any]]:
        """Return the bytes of an answer and the JSON object in them; answers that are broken are asked for again.

        Raises
        ------
        FramingError
            When the service refuses, saying why, or never sends sound JSON.
        """
        said = ""
        for n in range(self.tries):
            if n:
                self._wait(min(2.0**n, 60.0))
            answer = self.get(url, params, headers)
            if answer.status in (401, 403) and self.key:
                raise FramingError(
                    f"{self.service} refuses the key in {self.key.variable} (status {answer.status}: {self._hidden(answer.said())})."
                )
            if answer.status != 200:
                raise FramingError(
                    f"{self.service} refuses the request (status {answer.status}: {self._hidden(answer.said())})."
                )
            text = answer.content.decode("utf-8", "replace")
            said = self._hidden(answer.said())
            if busy(text):
                continue
            try:
                value = loads(text)
            except (ValueError, RecursionError):
                # Not the start of anything: a notice in words, and asking again would bring it again.
                if text.strip() and text.lstrip()[:1] not in "{[":
                    break
                continue
            if isinstance(value, dict):
                kept = answer.content
                if self.key and self.key.reveal().encode() in kept:
                    kept = self.key.hidden_in(text).encode()
                return kept, value
        raise FramingError(
            f"{self.service} did not answer in JSON ({said or 'it sent nothing'}). What was collected is kept."
        )

    def follow(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        allowed: Callable[[str], bool] = lambda url: True,
        largest: int = LARGEST,
        pause: float | None = None,
    ) -> Answer | None:
        """Return the answer at the end of redirections, each of them allowed; None where one is not. For requests without a key."""
        for _ in range(_HOPS):
            if urlsplit(url).scheme not in ("http", "https") or not allowed(url):
                return None
            answer = self.get(url, headers=headers, largest=largest, pause=pause)
            there = answer.headers.get("Location")
            if answer.status not in (301, 302, 303, 307, 308) or not there:
                return answer
            url = urljoin(url, there)
        raise FramingError(f"{self.service} sends on more than {_HOPS} times.")

    def _once(
        self, url: str, params: Mapping[str, Any] | None, headers: Mapping[str, str] | None, largest: int
    ) -> tuple[Answer | None, str]:
        """Make the request once: the answer, or what went wrong."""
        import requests

        content = bytearray()
        fault = ""
        try:
            # An auth that does nothing keeps requests from looking for passwords in the user's .netrc.
            with self._session.get(
                url,
                params=params,
                headers=headers,
                timeout=self.timeout,
                stream=True,
                allow_redirects=False,
                auth=_nothing,
            ) as response:
                for block in response.iter_content(65_536):
                    content += block
                    if len(content) > largest:
                        fault = f"more than {largest / 1e6:,.0f} MB"
                        break
                else:
                    return Answer(response.status_code, bytes(content), response.headers, url), ""
        except (requests.RequestException, OSError) as error:
            fault = type(error).__name__  # its text has the address, and so perhaps the key
        # Raised outside of the except clause, so that the error does not carry the other one along.
        if fault.startswith("more than"):
            raise FramingError(f"{self.service} answered with {fault}; that is not kept.")
        return None, fault

    def _check(self, url: str) -> None:
        parts = urlsplit(url)
        if self.key and parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise FramingError(f"A key is sent over https only; base_url is {parts.scheme}://{parts.netloc}.")

    def _hidden(self, text: str) -> str:
        return self.key.hidden_in(text) if self.key else text

    def _keep_pace(self, pause: float) -> None:
        if self._last is not None:
            self._wait(pause - (time.monotonic() - self._last))
        self._last = time.monotonic()

    def _wait(self, seconds: float) -> None:
        if seconds > 0:
            self._sleep(seconds)


def _nothing(request: Any) -> Any:
    return request


def _asked(value: str | None) -> float:
    """Return the seconds that a Retry-After header asks for: a number, or a date."""
    if not value:
        return 0.0
    if re.fullmatch(r"\s*\d{1,9}(?:\.\d+)?\s*", value):
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return 0.0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


class Collection:
    """A folder of raw answers, with a hidden state file that tells what is there, so that collecting can go on.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    request : dict
        What is collected, without any key. A folder belongs to one request.
    """

    def __init__(self, folder: Path, request: Mapping[str, Any]) -> None:
        self.folder, self._request = folder, json.loads(json.dumps(request))
        self._place = folder / _STATE
        self.parts: dict[str, dict[str, Any]] = {}
        self.finished = False
        try:
            folder.mkdir(parents=True, exist_ok=True)
            there = self._place.read_text(encoding="utf-8") if self._place.is_file() else None
            strangers = there is None and any(not path.name.startswith(".") for path in folder.iterdir())
        except OSError as error:
            raise FramingError(f"{folder} cannot be used ({error.strerror}). Name another folder.") from None
        if strangers:
            raise FramingError(
                f"{folder} holds files that no collecting put there. Name an empty folder, or a new one."
            )
        if there is not None:
            self._take_up(there)

    def _take_up(self, text: str) -> None:
        try:
            state = json.loads(text)
            request, parts, finished = state["request"], dict(state["parts"]), bool(state["finished"])
        except (ValueError, KeyError, TypeError):
            raise FramingError(f"{self._place} is damaged. Remove the folder, or name another one.") from None
        if request != self._request:
            other = {k: v for k, v in request.items() if self._request.get(k) != v} or request
            raise FramingError(
                f"{self.folder} holds the answers to another request ({_short(other)}). Name another folder."
            )
        # A file that somebody removed, or that is cut, is asked for again.
        self.parts = {k: v for k, v in parts.items() if v.get("file") is None or self._is_whole(v)}
        self.finished = finished and len(self.parts) == len(parts)

    def _is_whole(self, part: Mapping[str, Any]) -> bool:
        path = self.folder / str(part["file"])
        return path.is_file() and path.stat().st_size == part.get("bytes")

    def keep(self, part: str, file: str, content: bytes, **facts: Any) -> None:
        """Write an answer, then the state."""
        write(self.folder / file, content)
        self.note(part, file=file, bytes=len(content), **facts)

    def note(self, part: str, **facts: Any) -> None:
        """Write what is known of a part."""
        self.parts[part] = facts
        self._save()

    def finish(self) -> Path:
        """Write that all is there."""
        self.finished = True
        self._save()
        return self.folder

    def _save(self) -> None:
        state = {"request": self._request, "finished": self.finished, "parts": self.parts}
        write(self._place, json.dumps(state, ensure_ascii=False, indent=1).encode())


def _short(request: Mapping[str, Any]) -> str:
    return ", ".join(f"{k}: {v!r}" for k, v in request.items())[:200]


def write(path: Path, content: bytes) -> None:
    """Write an answer whole, or say why it could not be written."""
    try:
        with replacing(path) as beside:
            beside.write_bytes(content)
    except OSError as error:
        raise FramingError(f"{path} could not be written ({error.strerror}). Name another folder.") from None


def folder_for(service: str, folder: str | os.PathLike[str] | None, request: Mapping[str, Any]) -> Path:
    """Return the folder that was named, or one in the user's data folder that is named after the request."""
    if folder is not None:
        return Path(folder).expanduser()
    slug = re.sub(r"[^a-z0-9]+", "-", str(request.get("query") or "all").casefold()).strip("-")[:40] or "query"
    digest = hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()[:8]
    return data_folder() / "collected" / f"{service}-{slug}-{digest}"


def days(from_date: str | date, to_date: str | date) -> tuple[date, date]:
    """Return two days in order, from dates or ISO strings.

    Examples
    --------
    >>> days("2017-01-20", "2017-02-03")
    (datetime.date(2017, 1, 20), datetime.date(2017, 2, 3))
    """
    first, last = _day("from_date", from_date), _day("to_date", to_date)
    if first > last:
        raise FramingError(f"from_date ({first}) is after to_date ({last}).")
    return first, last


def _day(name: str, value: str | date) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise FramingError(f"{name} is a date such as '2017-01-20'; this is {value!r}.") from None


def progress(service: str, total: int | None = None, unit: str = "page", *, show: bool = True) -> Any:
    """Return a progress bar, for a `with` block."""
    from tqdm.auto import tqdm

    return tqdm(total=total, desc=service, unit=unit, disable=not show, leave=False)


class Robots:
    """What the robots.txt of each host allows.

    As RFC 9309 has it: where there is none (4xx), all is allowed; where the host fails to answer, nothing is.
    """

    def __init__(self, client: Client) -> None:
        self._client, self._known = client, dict[str, Any]()

    def allow(self, url: str) -> bool:
        """Tell whether the page may be fetched."""
        rules = self._rules(url)
        return bool(rules.can_fetch("framing-toolkit", url))

    def pause(self, url: str) -> float:
        """Return the seconds between two requests that the host asks for."""
        delay = self._rules(url).crawl_delay("framing-toolkit")
        return min(float(delay or 0), 60.0)

    def _rules(self, url: str) -> Any:
        from urllib.robotparser import RobotFileParser

        parts = urlsplit(url)
        host = f"{parts.scheme}://{parts.netloc}"
        if host not in self._known:
            rules = RobotFileParser()
            rules.modified()  # else it says no to all, as if nothing had been read
            try:
                answer = self._client.follow(f"{host}/robots.txt", largest=512 * 1024)
            except FramingError:
                answer = None
            if answer is None or answer.status >= 500:
                rules.disallow_all = True  # type: ignore[attr-defined]
            elif answer.status == 200:
                rules.parse(answer.content.decode("utf-8", "replace").splitlines())
            self._known[host] = rules
        return self._known[host]
