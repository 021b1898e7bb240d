"""Test collecting from the Guardian, and with it the manners that all collecting shares."""

from __future__ import annotations

import json
import logging
import re
import traceback
from pathlib import Path
from typing import Any

import pytest

import toolkit as tk
from toolkit.corpora.collectors import collect_guardian
from toolkit.corpora.collectors.http import Client, Key

KEY = "se+cret/0123"


def article(n: int) -> dict[str, Any]:
    """Make one article as the service sends it."""
    return {
        "id": f"world/2017/feb/03/{n}",
        "type": "article",
        "sectionName": "World news",
        "webPublicationDate": "2017-02-03T10:36:00Z",
        "webTitle": f"Story {n}",
        "webUrl": f"https://guardian.example/{n}",
        "fields": {"body": f"<p>Text {n}.</p>"},
    }


def pages_of(total: int, size: int, reply: Any) -> Any:
    """Make a service that has so many articles."""

    def answer(asked: Any) -> Any:
        page = int(asked.params["page"])
        first = (page - 1) * size + 1
        results = [article(n) for n in range(first, min(first + size, total + 1))]
        head = {"status": "ok", "userTier": "developer", "total": total, "startIndex": first, "pageSize": size}
        return reply({"response": {**head, "currentPage": page, "pages": -(-total // size), "results": results}})

    return answer


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set a key that would be seen if it were shown."""
    monkeypatch.setenv("GUARDIAN_API_KEY", KEY)


def collect(service: Any, folder: Path, **more: Any) -> Path:
    """Collect from the service of the test, without waiting."""
    settings = {"page_size": 2, "show_progress": False, "base_url": service.url}
    return collect_guardian("travel ban", "2017-02-01", "2017-02-28", folder, **{**settings, **more})


def test_all_pages_are_collected_and_read(service: Any, reply: Any, tmp_path: Path) -> None:
    """A file a page, and the door reads them all, with nothing missing of what they declare."""
    service.answer = pages_of(5, 2, reply)
    folder = collect(service, tmp_path / "g")
    assert sorted(p.name for p in folder.glob("*.json") if not p.name.startswith(".")) == [
        "page-00001.json",
        "page-00002.json",
        "page-00003.json",
    ]
    articles = tk.read_articles(folder)
    assert list(articles["title"]) == [f"Story {n}" for n in range(1, 6)]
    assert list(articles["text"]) == [f"Text {n}." for n in range(1, 6)]
    assert [(a["declared"], a["parsed"]) for a in articles.attrs["audit"]] == [(2, 2), (2, 2), (1, 1)]
    first = service.asked[0]
    assert first.path == "/search"
    assert first.params["q"] == "travel ban"
    assert (first.params["from-date"], first.params["to-date"], first.params["api-key"]) == (
        "2017-02-01",
        "2017-02-28",
        KEY,
    )
    assert "body" in first.params["show-fields"]
    assert first.headers["User-Agent"].startswith("framing-toolkit/")


def test_what_is_there_is_not_asked_for_again(service: Any, reply: Any, tmp_path: Path) -> None:
    """A finished collection asks for nothing; an unfinished one goes on where it stopped."""
    service.answer = pages_of(5, 2, reply)
    collect(service, tmp_path / "g")
    collect(service, tmp_path / "g")
    assert len(service.asked) == 3
    folder = tmp_path / "h"
    good = service.answer
    service.answer = lambda asked: good(asked) if asked.params["page"] == "1" else reply("down", 503)
    with pytest.raises(tk.FramingError, match="could not be reached in 6 tries"):
        collect(service, folder)
    assert len(tk.read_articles(folder)) == 2
    service.answer, before = good, len(service.asked)
    collect(service, folder)
    assert [a.params["page"] for a in service.asked[before:]] == ["2", "3"]
    assert len(tk.read_articles(folder)) == 5


def test_a_lost_file_is_asked_for_again(service: Any, reply: Any, tmp_path: Path) -> None:
    """A page that somebody removed or cut is collected anew."""
    service.answer = pages_of(5, 2, reply)
    folder = collect(service, tmp_path / "g")
    (folder / "page-00002.json").write_text("{")
    collect(service, folder)
    assert [a.params["page"] for a in service.asked[3:]] == ["2"]
    assert len(tk.read_articles(folder)) == 5


def test_troubles_are_waited_out(service: Any, reply: Any, tmp_path: Path) -> None:
    """429 with Retry-After, 500, a cut line and broken JSON are tried again, with longer and longer waits."""
    service.answer = pages_of(1, 2, reply)
    service.troubles = [
        reply("slow down", 429, {"Retry-After": "7"}),
        reply("oh", 500),
        reply({"response": "x" * 1000}, cut=True),
        reply('{"response": {"sta'),
    ]
    folder = collect(service, tmp_path / "g", pause=0.0)
    assert len(service.asked) == 5
    assert service.waits[0] == 7.0
    assert service.waits[1:] == [2.0, 4.0, 2.0]
    assert len(tk.read_articles(folder)) == 1


def test_requests_keep_their_distance(service: Any, reply: Any, tmp_path: Path) -> None:
    """Between two requests there is the pause."""
    service.answer = pages_of(5, 2, reply)
    collect(service, tmp_path / "g", pause=30.0)
    assert len(service.waits) == 2
    assert all(25 < wait <= 30 for wait in service.waits)


def test_a_service_that_asks_for_hours(service: Any, reply: Any, tmp_path: Path) -> None:
    """A long Retry-After ends the collecting, to be taken up later."""
    service.troubles = [reply("daily limit", 429, {"Retry-After": "7200"})]
    with pytest.raises(tk.FramingError) as caught:
        collect(service, tmp_path / "g")
    assert str(caught.value) == (
        "The Guardian asks to wait for 120 minutes (status 429: daily limit). What was collected is kept; call the same again later to go on."
    )
    assert service.waits == []


def test_a_service_that_stays_down(service: Any, reply: Any, tmp_path: Path) -> None:
    """After the last try the error says so, and no file is left half-written."""
    service.answer = lambda asked: reply("down", 503)
    with pytest.raises(tk.FramingError) as caught:
        collect(service, tmp_path / "g", pause=0.0)
    assert str(caught.value) == (
        "The Guardian could not be reached in 6 tries (status 503: down). What was collected is kept; call the same again later to go on."
    )
    assert service.waits == [1.0, 2.0, 4.0, 8.0, 16.0]
    assert list((tmp_path / "g").iterdir()) == []


def test_json_that_stays_broken(service: Any, reply: Any, tmp_path: Path) -> None:
    """Broken answers are never kept."""
    service.answer = lambda asked: reply('{"response": ')
    with pytest.raises(tk.FramingError) as caught:
        collect(service, tmp_path / "g")
    assert str(caught.value) == 'The Guardian did not answer in JSON ({"response":). What was collected is kept.'
    assert list((tmp_path / "g").iterdir()) == []


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_names_the_variable_and_not_the_key(
    service: Any, reply: Any, tmp_path: Path, status: int
) -> None:
    """Even where the service repeats the key, the error does not."""
    service.answer = lambda asked: reply(f"key {KEY} is unknown", status)
    with pytest.raises(tk.FramingError) as caught:
        collect(service, tmp_path / "g")
    assert str(caught.value) == (
        f"The Guardian refuses the key in GUARDIAN_API_KEY (status {status}: key [key] is unknown)."
    )


def test_the_key_is_nowhere(
    service: Any, reply: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """No file, log line, output, repr or error carries the key, however the line breaks."""
    caplog.set_level(logging.DEBUG)
    good = pages_of(3, 2, reply)
    service.answer = lambda asked: reply({**json.loads(good(asked).content()), "echo": KEY})
    folder = collect(service, tmp_path / "g")
    service.answer = lambda asked: reply({"response": "x" * 1000}, cut=True)
    with pytest.raises(tk.FramingError) as cut:
        collect(service, tmp_path / "h")
    with pytest.raises(tk.FramingError) as closed:
        collect(service, tmp_path / "i", base_url="http://127.0.0.1:9")
    shown = [caplog.text, *capsys.readouterr(), repr(Key("GUARDIAN_API_KEY"))]
    shown += [path.read_text() for path in folder.rglob("*") if path.is_file()]
    for caught in (cut, closed):
        shown += ["".join(traceback.format_exception(caught.value)), repr(caught.value)]
        assert caught.value.__context__ is None
    assert "GET /search" in caplog.text
    for text in shown:
        assert not re.search(r"se(\+|%2B)cret", text)


def test_a_key_is_not_sent_in_the_clear(tmp_path: Path) -> None:
    """Another machine gets the key over https only."""
    with pytest.raises(
        tk.FramingError, match=r"^A key is sent over https only; base_url is http://guardian\.example\.$"
    ):
        collect_guardian(
            "ban", "2017-02-01", "2017-02-28", tmp_path / "g", base_url="http://guardian.example", show_progress=False
        )


def test_a_redirection_is_not_followed_with_a_key(service: Any, reply: Any, tmp_path: Path) -> None:
    """A service that sends elsewhere does not get the key carried there."""
    service.answer = lambda asked: reply("", 302, {"Location": f"{service.url}/elsewhere"})
    with pytest.raises(tk.FramingError, match="refuses the request"):
        collect(service, tmp_path / "g")
    assert [a.path for a in service.asked] == ["/search"]


def test_no_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a key the error says where it belongs."""
    monkeypatch.delenv("GUARDIAN_API_KEY")
    with pytest.raises(tk.FramingError) as caught:
        collect_guardian("ban", "2017-02-01", "2017-02-28", tmp_path / "g")
    assert str(caught.value) == (
        "The environment variable GUARDIAN_API_KEY has no key. Get one at https://open-platform.theguardian.com/access. "
        "Set it outside the notebook, so that no file holds it."
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ban", "2017-02-30", "2017-03-01"), "from_date is a date such as '2017-01-20'; this is '2017-02-30'."),
        (("ban", "2017-03-02", "2017-03-01"), "from_date (2017-03-02) is after to_date (2017-03-01)."),
        ((" ", "2017-03-01", "2017-03-01"), "query is empty; the Guardian is asked for something."),
    ],
)
def test_questions_that_make_no_sense(tmp_path: Path, arguments: tuple[str, str, str], message: str) -> None:
    """They are refused before anything is asked."""
    with pytest.raises(tk.FramingError) as caught:
        collect_guardian(*arguments, tmp_path / "g")
    assert str(caught.value) == message


def test_a_folder_belongs_to_one_request(service: Any, reply: Any, tmp_path: Path) -> None:
    """Another request, or a folder with other files, is refused."""
    service.answer = pages_of(1, 2, reply)
    folder = collect(service, tmp_path / "g")
    with pytest.raises(tk.FramingError) as caught:
        collect(service, folder, section="world")
    assert str(caught.value) == f"{folder} holds the answers to another request (section: None). Name another folder."
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("x")
    with pytest.raises(tk.FramingError, match="holds files that no collecting put there"):
        collect(service, tmp_path / "mine")
    (folder / ".collection.json").write_text("{")
    with pytest.raises(tk.FramingError, match="is damaged"):
        collect(service, folder)


def test_the_default_folder_is_in_the_data_folder(
    service: Any, reply: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a folder, one is named after the request."""
    monkeypatch.setenv("FRAMING_DATA", str(tmp_path))
    service.answer = pages_of(1, 2, reply)
    folder = collect(service, None)  # type: ignore[arg-type]
    assert folder.parent == tmp_path / "collected"
    assert re.fullmatch(r"guardian-travel-ban-[0-9a-f]{8}", folder.name)


def test_an_answer_without_end(service: Any, reply: Any) -> None:
    """An answer beyond a bound is not taken into memory."""
    service.answer = lambda asked: reply(b"x" * 300_000)
    with Client("The service", pause=0) as client, pytest.raises(tk.FramingError) as caught:
        client.get(service.url, largest=100_000)
    assert str(caught.value) == "The service answered with more than 0 MB; that is not kept."


def test_a_contact_is_named_and_cannot_break_the_header(service: Any, reply: Any, tmp_path: Path) -> None:
    """The user agent carries the address, without line breaks."""
    service.answer = pages_of(1, 2, reply)
    collect(service, tmp_path / "g", contact="me@uni.example\r\nX-Other: 1")
    assert service.asked[0].headers["User-Agent"].endswith("(media framing research; me@uni.exampleX-Other: 1)")
    assert "X-Other" not in service.asked[0].headers
