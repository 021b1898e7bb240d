"""Corpora that are gathered: a query that a collector asks, or files that have to be put in place by hand."""

import json

import pytest

import toolkit as tk
from toolkit.corpora import collectors


@pytest.fixture
def data(tmp_path, monkeypatch):
    """The user's data folder."""
    monkeypatch.setenv("FRAMING_DATA", str(tmp_path))
    return tmp_path


def test_what_is_not_here_says_how_to_get_it(data):
    """Loading a query that was not collected names the call that collects it."""
    with pytest.raises(tk.FramingError) as error:
        tk.load("guardian-travel-ban")
    assert str(error.value) == (
        f"The data of 'guardian-travel-ban' are not on this machine; they belong into {data / 'guardian-travel-ban'}. "
        "Get them: toolkit.fetch('guardian-travel-ban')."
    )


def test_a_query_is_collected_with_the_cards_settings(data, monkeypatch):
    """Fetching runs the collector with the query of the card, and what it leaves can be loaded."""
    asked = {}

    def collect(folder, **settings):
        asked.update(settings)
        folder.mkdir()
        item = {"webTitle": "Ban upheld", "webPublicationDate": "2017-02-01T10:00:00Z", "type": "article"}
        item |= {"id": "a/1", "webUrl": "https://www.example.org/a/1", "fields": {"bodyText": "The travel ban stands."}}
        answer = {"response": {"status": "ok", "total": 1, "results": [item]}}
        (folder / "page-1.json").write_text(json.dumps(answer))
        return folder

    monkeypatch.setattr(collectors, "collect_guardian", collect)
    assert tk.fetch("guardian-travel-ban") == data / "guardian-travel-ban"
    assert asked == {
        "query": '"travel ban" OR "Muslim ban"',
        "from_date": "2017-01-20",
        "to_date": "2017-06-30",
    }
    articles = tk.load("guardian-travel-ban")
    assert articles["text"].tolist() == ["The travel ban stands."]
    assert articles.attrs["corpus"] == "guardian-travel-ban"
    assert tk.catalogue().set_index("name").loc["guardian-travel-ban", "here"]


def test_by_hand(data):
    """A corpus that has to be got by hand says what to put where; put there, it loads with the card's names."""
    with pytest.raises(tk.FramingError, match=r"has to be got by hand: .* Put it into .*article-bias-prediction\.$"):
        tk.fetch("article-bias-prediction")
    folder = data / "article-bias-prediction" / "jsons"
    folder.mkdir(parents=True)
    for n, leaning in enumerate(["left", "right"]):
        row = {
            "ID": f"x{n}",
            "source": "Post",
            "date": "2013-02-01",
            "title": "Reset",
            "content_original": "A reset.",
            "bias_text": leaning,
        }
        (folder / f"x{n}.json").write_text(json.dumps(row))
    articles = tk.load("article-bias-prediction")
    assert articles[["doc_id", "source", "title", "text", "leaning"]].values.tolist() == [
        ["x0", "Post", "Reset", "A reset.", "left"],
        ["x1", "Post", "Reset", "A reset.", "right"],
    ]
