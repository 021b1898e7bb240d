"""Test collecting from the New York Times."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import toolkit as tk
from toolkit.corpora.collectors import collect_nyt, nyt


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set a key."""
    monkeypatch.setenv("NYT_API_KEY", "secret-0123")


def doc(n: int, day: date) -> dict[str, Any]:
    """Make one article."""
    return {
        "_id": f"nyt://article/{n}",
        "web_url": f"https://times.example/{n}",
        "abstract": f"Abstract {n}.",
        "snippet": "",
        "headline": {"main": f"Story {n}"},
        "pub_date": f"{day}T09:00:00Z",
    }


def answers(reply: Any, days: list[date], meta: str = "metadata") -> Any:
    """Make a service with articles of these days."""

    def answer(asked: Any) -> Any:
        if asked.path.startswith("/archive"):
            year, month = asked.path.removesuffix(".json").split("/")[-2:]
            found = [doc(n, d) for n, d in enumerate(days) if (d.year, d.month) == (int(year), int(month))]
            return reply({"copyright": "(c)", "response": {"docs": found, "meta": {"hits": len(found)}}})
        begin, end = asked.params["begin_date"], asked.params["end_date"]
        found = [doc(n, d) for n, d in enumerate(days) if begin <= f"{d:%Y%m%d}" <= end]
        page = int(asked.params["page"])
        return reply(
            {
                "status": "OK",
                "response": {"docs": found[10 * page : 10 * page + 10] or None, meta: {"hits": len(found)}},
            }
        )

    return answer


def collect(service: Any, query: str | None, folder: Path, first: str = "2017-02-01", last: str = "2017-02-28") -> Path:
    """Collect from the service of the test, without waiting."""
    return collect_nyt(query, first, last, folder, show_progress=False, base_url=service.url)


@pytest.mark.parametrize("meta", ["meta", "metadata"])
def test_all_pages_of_a_search(service: Any, reply: Any, tmp_path: Path, meta: str) -> None:
    """Ten an answer, in the shapes before and since 2025."""
    service.answer = answers(reply, [date(2017, 2, 3)] * 23, meta)
    folder = collect(service, "ban", tmp_path / "n")
    articles = tk.read_articles(folder)
    assert sorted(articles["doc_id"]) == sorted(f"nyt://article/{n}" for n in range(23))
    assert [a.params["page"] for a in service.asked] == ["0", "1", "2"]
    assert service.asked[0].path == "/search/v2/articlesearch.json"


def test_a_crowded_time_is_asked_for_in_halves(
    service: Any, reply: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No article is missed and none is there twice; a single day with too many is said."""
    monkeypatch.setattr(nyt, "MOST", 20)
    days = [date(2017, 2, 1) + timedelta(days=n % 28) for n in range(84)]
    service.answer = answers(reply, days)
    folder = collect(service, "ban", tmp_path / "n")
    assert sorted(tk.read_articles(folder)["doc_id"]) == sorted(f"nyt://article/{n}" for n in range(84))
    n = len(service.asked)
    collect(service, "ban", folder)
    assert len(service.asked) == n
    service.answer = answers(reply, [date(2017, 2, 3)] * 25)
    with pytest.warns(tk.FramingWarning) as caught:
        folder = collect(service, "ban", tmp_path / "m")
    assert str(caught[0].message) == (
        "On 1 days (2017-02-03 is one) the Times has more than 20 articles for this query; it hands out no more, so some are missing."
    )
    assert len(tk.read_articles(folder)) == 20


def test_the_archive_month_by_month(service: Any, reply: Any, tmp_path: Path) -> None:
    """Without a query, the months that the days lie in."""
    service.answer = answers(reply, [date(2016, 12, 31), date(2017, 1, 1), date(2017, 2, 1)])
    folder = collect(service, None, tmp_path / "n", "2016-12-15", "2017-01-15")
    assert [a.path for a in service.asked] == ["/archive/v1/2016/12.json", "/archive/v1/2017/1.json"]
    assert sorted(p.name for p in folder.glob("archive-*")) == ["archive-2016-12.json", "archive-2017-01.json"]
    assert len(tk.read_articles(folder)) == 2


def test_a_shape_that_is_not_known(service: Any, reply: Any, tmp_path: Path) -> None:
    """It is refused, not kept."""
    service.answer = lambda asked: reply({"status": "OK", "results": []})
    with pytest.raises(tk.FramingError) as caught:
        collect(service, "ban", tmp_path / "n")
    assert str(caught.value) == "The New York Times answered in a shape that is not known: it has no response.docs."
    assert list((tmp_path / "n").iterdir()) == []
