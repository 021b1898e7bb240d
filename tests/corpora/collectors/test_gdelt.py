"""Test collecting from GDELT."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import toolkit as tk
from toolkit.corpora.collectors import collect_gdelt, gdelt


def listed(moment: datetime, n: int) -> dict[str, str]:
    """Make one article of a list."""
    return {
        "url": f"https://talbote.example/{n}",
        "title": f"Story {n}",
        "seendate": f"{moment:%Y%m%dT%H%M%SZ}",
        "domain": "talbote.example",
        "language": "German",
        "sourcecountry": "Germany",
    }


def answers(reply: Any, moments: list[datetime]) -> Any:
    """Make a service that saw articles at these moments, and hands out so many at once."""

    def answer(asked: Any) -> Any:
        start, end = (
            datetime.strptime(asked.params[name], "%Y%m%d%H%M%S") for name in ("startdatetime", "enddatetime")
        )
        found = [listed(m, n) for n, m in enumerate(moments) if start <= m <= end][: int(asked.params["maxrecords"])]
        return reply({"articles": found} if found else {})

    return answer


def collect(service: Any, folder: Path, **more: Any) -> Path:
    """Collect from the service of the test, without waiting."""
    return collect_gdelt(
        "ban",
        "2017-02-01",
        "2017-02-02",
        folder,
        show_progress=False,
        base_url=service.url,
        **more,
    )


def test_a_crowded_time_is_asked_for_in_halves(
    service: Any, reply: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No article is missed and none is there twice, though an answer has only a few."""
    monkeypatch.setattr(gdelt, "MOST", 4)
    start = datetime(2017, 2, 1)
    moments = [start + timedelta(minutes=15 * n) for n in (0, 1, 2, 40, 41, 42, 95, 96, 191, 191)]
    service.answer = answers(reply, moments)
    folder = collect(service, tmp_path / "g")
    assert sorted(tk.read_articles(folder)["title"]) == sorted(f"Story {n}" for n in range(10))
    assert service.asked[0].params["query"] == "ban"
    assert (service.asked[0].params["startdatetime"], service.asked[0].params["enddatetime"]) == (
        "20170201000000",
        "20170202235959",
    )
    n = len(service.asked)
    collect(service, folder)
    assert len(service.asked) == n


def test_a_quarter_of_an_hour_with_too_many(
    service: Any, reply: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What GDELT will not hand out is said."""
    monkeypatch.setattr(gdelt, "MOST", 2)
    service.answer = answers(reply, [datetime(2017, 2, 1, 10)] * 3)
    with pytest.warns(tk.FramingWarning) as caught:
        folder = collect(service, tmp_path / "g")
    assert str(caught[0].message) == (
        "In 1 quarters of an hour GDELT has 2 articles or more for 'ban'; it hands out no more, so some are missing."
    )
    assert len(tk.read_articles(folder)) == 2


def test_going_on_after_a_break(service: Any, reply: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretches that are there, and those that were halved, are not asked for again."""
    monkeypatch.setattr(gdelt, "MOST", 2)
    good = answers(reply, [datetime(2017, 2, 1, 10), datetime(2017, 2, 2, 10)])
    service.answer = lambda asked: (
        reply("down", 500) if asked.params["startdatetime"] == "20170202000000" else good(asked)
    )
    with pytest.raises(tk.FramingError):
        collect(service, tmp_path / "g")
    service.answer, before = good, len(service.asked)
    folder = collect(service, tmp_path / "g")
    assert [a.params["startdatetime"] for a in service.asked[before:]] == ["20170202000000"]
    assert len(tk.read_articles(folder)) == 2


def test_a_notice_in_words_is_waited_out(service: Any, reply: Any, tmp_path: Path) -> None:
    """GDELT says with status 200 that it was asked too often."""
    service.answer = answers(reply, [datetime(2017, 2, 1, 10)])
    service.troubles = [reply("Please limit requests to one every 5 seconds.", headers={"Content-Type": "text/html"})]
    assert len(tk.read_articles(collect(service, tmp_path / "g"))) == 1


def test_a_query_that_it_does_not_take(service: Any, reply: Any, tmp_path: Path) -> None:
    """Its reason, in words with status 200, becomes the error at once."""
    service.answer = lambda asked: reply("Your query was too short or too long.", headers={"Content-Type": "text/html"})
    with pytest.raises(tk.FramingError) as caught:
        collect(service, tmp_path / "g")
    assert (
        str(caught.value)
        == "GDELT did not answer in JSON (Your query was too short or too long). What was collected is kept."
    )
    assert len(service.asked) == 1


def test_titles_with_impossible_escapes(service: Any, reply: Any, tmp_path: Path) -> None:
    """They are kept as they came, and the reader mends them."""
    text = r'{"articles": [{"url": "https://talbote.example/1", "title": "It\'s", "seendate": "20170201T100000Z", "domain": "talbote.example"}]}'
    service.answer = lambda asked: reply(text)
    folder = collect(service, tmp_path / "g")
    assert list(tk.read_articles(folder)["title"]) == ["It's"]


def test_counts(service: Any, reply: Any, tmp_path: Path) -> None:
    """A timeline is collected whole."""
    data = [{"date": "20170201T000000Z", "value": 12, "norm": 2500}]
    service.answer = lambda asked: reply({"timeline": [{"series": "Article Count", "data": data}]})
    table = tk.read_articles(collect(service, tmp_path / "g", what="counts"))
    assert service.asked[0].params["mode"] == "timelinevolraw"
    assert (list(table["n_articles"]), list(table["n_articles_total"])) == ([12], [2500])
