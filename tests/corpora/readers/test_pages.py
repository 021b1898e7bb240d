"""Test the reading of saved news pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from toolkit.corpora.readers import all_readers, pages
from toolkit.corpora.readers.base import Document, File, Problem

PARAGRAPHS = (
    "The port of the town reopens today, a year after the storm closed it, the mayor said on Friday.",
    "Ships from three countries are expected before noon, and trains will run again from the harbour station.",
    "Shopkeepers on the quay said that they had waited long enough and were glad to see the first cranes move.",
    "The repair has cost more than was planned, and the council will vote on the remaining sum next week.",
)


def page(
    stated: Any = None,
    *,
    head: str = "",
    body: str | None = None,
    path: str = "/town/port-reopens",
    canonical: str | None = None,
) -> str:
    """Make a page of an invented outlet."""
    script = (
        f'<script type="application/ld+json">{stated if isinstance(stated, str) else json.dumps(stated, ensure_ascii=False)}</script>'
        if stated
        else ""
    )
    text = body if body is not None else "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    link = canonical or f"https://www.harbour-post.example{path}"
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>Port reopens | Harbour Post</title><link rel="canonical" href="{link}">{head}{script}</head>'
        f"<body><nav><a href='/'>Home</a></nav><article><h1>Port reopens</h1>{text}</article><footer>© Harbour Post</footer></body></html>"
    )


def article(**more: Any) -> dict[str, Any]:
    """Make what a page states of its article."""
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "Port reopens",
        "datePublished": "2017-02-03T10:36:00Z",
        "author": [{"@type": "Person", "name": "Ada Byron"}, {"@type": "Person", "name": "Al Mason"}],
        "publisher": {"@type": "Organization", "name": "Harbour Post"},
        **more,
    }


def read(path: Path, content: str | bytes) -> tuple[list[Document], list[Problem]]:
    """Read a page with the reader that is surest of it, which is the reader of pages."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    file = File(path.name, path)
    surest = max(all_readers(), key=lambda reader: reader.recognise(file))
    assert surest.name == "page"
    items = list(surest.read(file))
    return [i for i in items if isinstance(i, Document)], [i for i in items if isinstance(i, Problem)]


def test_what_a_page_states_comes_first(tmp_path: Path) -> None:
    """Title, date, authors, outlet and text are those of the JSON-LD; its text gets the paragraphs of the page."""
    stated = article(
        articleBody=" ".join(PARAGRAPHS),
        articleSection=["Town", "Ports"],
        description="What it means for the town",
        isAccessibleForFree="False",
        dateModified="2017-02-04T00:00:00Z",
    )
    documents, problems = read(tmp_path / "a.html", page(stated))
    assert documents == [
        Document(
            "page",
            {
                "source": "Harbour Post",
                "date": "2017-02-03T10:36:00Z",
                "title": "Port reopens",
                "text": "\n\n".join(PARAGRAPHS),
                "text_from": "json-ld",
                "standfirst": "What it means for the town",
                "url": "https://www.harbour-post.example/town/port-reopens",
                "author": "Ada Byron; Al Mason",
                "section": "Town; Ports",
                "language": "en",
                "free": False,
                "modified": "2017-02-04T00:00:00Z",
            },
        )
    ]
    assert problems == []


def test_a_page_that_states_no_text(tmp_path: Path) -> None:
    """The text is found on the page, without its title, captions and links to other stories."""
    related = '<figure><img src="x"><figcaption>Cranes on the quay</figcaption></figure><p><a href="/b">Another story of the same town</a></p>'
    documents, _ = read(tmp_path / "a.html", page(article(), body="".join(f"<p>{p}</p>" for p in PARAGRAPHS) + related))
    assert documents[0].fields["text"] == "\n\n".join(PARAGRAPHS)
    assert documents[0].fields["text_from"] == "page"


def test_articles_in_graphs_and_lists(tmp_path: Path) -> None:
    """A type may be a list or stand in a graph, and an author may be a reference."""
    graph = {
        "@graph": [
            {"@type": "WebSite", "name": "Harbour Post"},
            {"@type": "Person", "@id": "#ada", "name": "Ada Byron"},
            article(**{"@type": ["Article", "OpinionNewsArticle"], "author": {"@id": "#ada"}}),
        ]
    }
    documents, _ = read(tmp_path / "a.html", page([graph]))
    assert (documents[0].fields["author"], documents[0].fields["genre"]) == ("Ada Byron", "OpinionNewsArticle")


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ({"@type": "Person", "name": "User Admin"}, None),
        ({"@type": "Organization", "name": "Harbour Desk"}, "Harbour Desk"),
        ("Ada Byron", "Ada Byron"),
        (["Ada Byron", "Ada Byron"], "Ada Byron"),
        ({"@type": "Person", "name": ["Ada Byron", "Al Mason"]}, "Ada Byron; Al Mason"),
        ({"@id": "#nobody"}, None),
        ("https://harbour-post.example/people/ada", None),
    ],
)
def test_authors_of_all_shapes(tmp_path: Path, author: Any, expected: str | None) -> None:
    """An author is a name, an object, a list, a reference, or a placeholder that is nobody."""
    documents, _ = read(tmp_path / "a.html", page(article(author=author)))
    assert documents[0].fields.get("author") == expected


@pytest.mark.parametrize(
    ("stated", "meta", "expected"),
    [
        ("Thu, 31 Mar 2016 22:44:00 GMT", None, "Thu, 31 Mar 2016 22:44:00 GMT"),
        ("2016-03-31", "2016-03-31T22:44:00Z", "2016-03-31"),
        ("", "1459464240", "1459464240"),
        ("soon", "2022-04-21 04:06:00", "2022-04-21 04:06:00"),
    ],
)
def test_dates_of_all_shapes(tmp_path: Path, stated: str, meta: str | None, expected: str) -> None:
    """The date that the JSON-LD states is taken if it is one, else that of the meta tags."""
    head = f'<meta property="article:published_time" content="{meta}">' if meta else ""
    documents, problems = read(tmp_path / "a.html", page(article(datePublished=stated), head=head))
    assert documents[0].fields["date"] == expected
    assert problems == []


def test_two_dates_that_disagree_are_reported(tmp_path: Path) -> None:
    """Where JSON-LD and meta tags are days apart, the first is taken and both are named."""
    head = '<meta property="article:published_time" content="2018-02-03">'
    documents, problems = read(tmp_path / "a.html", page(article(), head=head))
    assert documents[0].fields["date"] == "2017-02-03T10:36:00Z"
    assert problems == [
        Problem(
            "page",
            "odd",
            "The page states two dates, 2017-02-03T10:36:00Z in JSON-LD and 2018-02-03 in its meta tags; the first was taken.",
        )
    ]


def test_broken_json_is_reported_and_the_page_read(tmp_path: Path) -> None:
    """Meta tags and the page itself stand in."""
    head = '<meta property="og:type" content="article"><meta property="og:site_name" content="Harbour Post"><meta name="author" content="Ada Byron">'
    documents, problems = read(tmp_path / "a.html", page('{"@type": "NewsArticle", "headline": }', head=head))
    fields = documents[0].fields
    assert (fields["title"], fields["source"], fields["author"]) == ("Port reopens", "Harbour Post", "Ada Byron")
    assert fields["text"] == "\n\n".join(PARAGRAPHS)
    assert problems == [
        Problem("page", "odd", "The page states its article in broken JSON (1 of its blocks); that was left out.")
    ]


def test_an_archived_page_gets_its_own_address(tmp_path: Path) -> None:
    """The Internet Archive's prefix goes, and its moment stays."""
    text = page(
        article(),
        canonical="https://web.archive.org/web/20220724231339/https://www.harbour-post.example/town/port-reopens",
    )
    documents, _ = read(tmp_path / "a.html", text)
    assert documents[0].fields["url"] == "https://www.harbour-post.example/town/port-reopens"
    assert documents[0].fields["archived"] == "20220724231339"


def test_browsers_leave_the_address(tmp_path: Path) -> None:
    """Without a canonical link the address is the one that the browser wrote down."""
    text = page(article()).replace(
        '<link rel="canonical" href="https://www.harbour-post.example/town/port-reopens">', ""
    )
    text = text.replace("<html", "<!-- saved from url=(0040)https://harbour-post.example/town/port-r -->\n<html", 1)
    documents, _ = read(tmp_path / "a.html", text)
    assert documents[0].fields["url"] == "https://harbour-post.example/town/port-r"


def test_a_page_saved_as_one_file_with_its_pictures(tmp_path: Path) -> None:
    """The page is taken out of MHTML, quoted-printable letters and all."""
    text = page(article(headline="Öffnung")).replace("=", "=3D").replace("Ö", "=C3=96")
    mhtml = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://www.harbour-post.example/town/port-reopens\r\nSubject: Port\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="----x"\r\n\r\n------x\r\nContent-Type: text/html; charset="utf-8"\r\n'
        f"Content-Transfer-Encoding: quoted-printable\r\n\r\n{text}\r\n------x\r\nContent-Type: image/png\r\n\r\nx\r\n------x--\r\n"
    )
    documents, _ = read(tmp_path / "a.mhtml", mhtml)
    assert documents[0].fields["title"] == "Öffnung"


def test_home_and_section_pages_are_no_articles(tmp_path: Path) -> None:
    """They are reported, with their address."""
    teasers = "".join(
        f'<h3><a href="/{n}">A headline of the day</a></h3><p>A teaser of one line.</p>' for n in range(9)
    )
    home = page(body=teasers, path="/", head='<meta property="og:type" content="website">')
    section = page({"@type": "CollectionPage", "name": "Town"}, body=teasers, path="/town")
    other = page(body=teasers, path="/town", head='<meta property="og:type" content="website">')
    assert read(tmp_path / "a.html", home) == (
        [],
        [Problem("page", "unparsed", "This is a home page and no article (https://www.harbour-post.example/).")],
    )
    assert read(tmp_path / "b.html", section) == (
        [],
        [
            Problem(
                "page",
                "unparsed",
                "This is a section page or a list and no article (https://www.harbour-post.example/town).",
            )
        ],
    )
    assert read(tmp_path / "c.html", other) == (
        [],
        [
            Problem(
                "page",
                "unparsed",
                "No article is found on this page (https://www.harbour-post.example/town): it may be a home or section page.",
            )
        ],
    )


def test_a_section_page_that_states_many_articles(tmp_path: Path) -> None:
    """Several articles of which none has the page's address are a list."""
    many = [article(headline=f"Story {n}", url=f"https://www.harbour-post.example/{n}") for n in range(4)]
    teasers = "".join(f'<h3><a href="/{n}">A headline of the day</a></h3>' for n in range(9))
    documents, problems = read(tmp_path / "a.html", page(many, body=teasers, path="/town"))
    assert documents == []
    assert len(problems) == 1
    one = [*many, article(headline="Port reopens", url="https://harbour-post.example/town/port-reopens")]
    documents, _ = read(tmp_path / "b.html", page(one))
    assert documents[0].fields["title"] == "Port reopens"


def test_an_article_that_says_nothing_of_itself(tmp_path: Path) -> None:
    """Running text is enough to be read as an article."""
    documents, _ = read(tmp_path / "a.html", page())
    assert documents[0].fields["text"] == "\n\n".join(PARAGRAPHS)
    assert documents[0].fields["source"] == "harbour-post.example"


def test_encodings(tmp_path: Path) -> None:
    """A declared encoding is read; UTF-8 that is declared as something else is read as UTF-8."""
    head = '<meta charset="windows-1251"><meta property="og:type" content="article">'
    text = (
        page(article(headline=None), head=head).replace("Port reopens", "Порт открыт").replace('"headline": null, ', "")
    )
    documents, _ = read(tmp_path / "a.html", text.encode("cp1251"))
    assert documents[0].fields["title"] == "Порт открыт"
    documents, _ = read(tmp_path / "b.html", text.encode("utf-8"))
    assert documents[0].fields["title"] == "Порт открыт"


@pytest.mark.parametrize(
    "content",
    [
        '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]><html><head></head><body>&x;</body></html>',
        "<html>" + "<div>" * 5000 + "</html>",
        "<html><head><script type='application/ld+json'>" + "[" * 100_000 + "</script></head></html>",
        "<html>\x00\x01\x02</html>",
    ],
)
def test_hostile_pages_are_reported(tmp_path: Path, content: str) -> None:
    """Entities are not resolved, and depth without end does no harm."""
    documents, problems = read(tmp_path / "a.html", content)
    assert documents == []
    assert problems[-1].kind == "unparsed"
    assert not any(p.note.count("root") for p in problems)


def test_a_page_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """No page is read beyond a bound."""
    monkeypatch.setattr(pages, "LARGEST", 2_000_000)
    found = list(pages.read_page(b"x" * 2_000_001, place="page"))
    assert found == [Problem("page", "unparsed", "The page has 2 MB; pages are read up to 2 MB.")]
