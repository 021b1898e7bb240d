"""Serve what the tests of collecting ask for: a service on this machine that answers from a script."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from toolkit.corpora.collectors.http import Client


@dataclass
class Reply:
    """What the service answers: JSON, or bytes; cut breaks the line in the middle of the body."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False

    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


@dataclass
class Asked:
    """What the service was asked."""

    path: str
    params: dict[str, str]
    headers: dict[str, str]


class Service:
    """A service on this machine.

    Attributes
    ----------
    url : str
        Where it is.
    asked : list of Asked
        All requests so far.
    troubles : list of Reply
        Given first, one a request.
    answer : callable
        Gives the reply to a request once the troubles are over.
    waits : list of float
        Seconds that the client under test would have slept.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.troubles: list[Reply] = []
        self.waits: list[float] = []
        self.answer: Callable[[Asked], Reply] = lambda asked: Reply("no", 404)
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                asked = Asked(parts.path, dict(parse_qsl(parts.query)), dict(self.headers))
                service.asked.append(asked)
                robots = parts.path == "/robots.txt"
                reply = service.troubles.pop(0) if service.troubles and not robots else service.answer(asked)
                content = reply.content()
                self.send_response(reply.status)
                for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content[: len(content) // 2] if reply.cut else content)
                if reply.cut:
                    self.close_connection = True

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A service of its own for each test; clients note how long they would wait, and do not."""
    running = Service()
    monkeypatch.setattr(Client, "_sleep", running.waits.append)
    yield running
    running.close()


@pytest.fixture
def reply() -> type[Reply]:
    """The kind of thing that a service answers."""
    return Reply
