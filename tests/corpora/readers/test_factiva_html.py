"""Hold the reader of Factiva's HTML to both layouts, and to what browsers and interfaces do to them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from toolkit.corpora.readers.base import Document, File, Item, Problem
from toolkit.corpora.readers.factiva import n_words, of_lines
from toolkit.corpora.readers.factiva_html import READER

PAGE = (
    '<html><head><meta charset="{charset}"><title>Factiva</title></head><body><div id="contentLeft">{articles}</div>'
    '<div id="pageFooter">(c) Factiva</div></body></html>'
)
HEAD = [
    "808 words",
    "13 November 2017",
    "The Springfield Post",
    "SPOST",
    "1; National",
    "23",
    "English",
    "(c) 2017 Post Ltd",
]


def page(*articles: str, charset: str = "UTF-8") -> str:
    return PAGE.format(charset=charset, articles="<br><span></span>".join(articles))


def ordered(
    number: str = "SPOST00020171113edbd0001a",
    *,
    headline: str | None = "Mayor calls for a reset",
    before: tuple[str, ...] = ("News",),
    author: str | None = "By ADA SAMPLE  ",
    lines: list[str] = HEAD,
    body: str = '<p class="articleParagraph enarticleParagraph">It begins.</p><p class="articleParagraph enarticleParagraph">It ends.</p>',
    last: str = "<p>Post Holdings Inc.</p>",
    language: str = "en",
    document: str = "Document",
) -> str:
    """Build an article without field codes."""
    parts = [f"<div>{line}</div>" for line in before]
    if headline is not None:
        parts.append(f'<div id="hd"><span class="{language}Headline">{headline}\n</span></div>')
    if author:
        parts.append(f'<div class="author">{author}</div>')
    parts += [f"<div>{line}</div>" for line in lines]
    end = f"<p>{document} {number}</p>" if number else ""
    return f'<div class="article {language}Article"><p>\n</p>{"".join(parts)}<p></p>{body}{last}{end}</div>'


def coded(rows: dict[str, str], language: str = "fr") -> str:
    """Build an article with field codes."""
    cells = "".join(
        f'<tr><td class="index"><b>{code}</b>&nbsp;</td><td>{cell}</td></tr>' for code, cell in rows.items()
    )
    return f'<div class="article {language}Article"><table><tr><td></td></tr>{cells}</table><br/></div>'


def items(tmp_path: Path, content: str | bytes) -> list[Item]:
    path = tmp_path / "export.html"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(READER.read(File("export.html", path)))


def documents(found: list[Item]) -> list[dict[str, Any]]:
    return [item.fields for item in found if isinstance(item, Document)]


def test_an_article_without_codes(tmp_path: Path):
    """Below the headline, the order of the lines tells which is which; a byline loses its "By"."""
    assert items(tmp_path, page(ordered())) == [
        Document(
            "document 1",
            {
                "doc_id": "SPOST00020171113edbd0001a",
                "archive_id": "SPOST00020171113edbd0001a",
                "title": "Mayor calls for a reset",
                "author": "ADA SAMPLE",
                "section": "News",
                "text": "It begins.\n\nIt ends.",
                "publisher": "Post Holdings Inc.",
                "n_words_stated": 808,
                "date": "13 November 2017",
                "source": "The Springfield Post",
                "source_code": "SPOST",
                "copyright": "(c) 2017 Post Ltd",
                "language": "English",
                "page": "23",
                "edition": "1; National",
            },
        )
    ]


def test_an_article_with_codes(tmp_path: Path):
    """Codes name the cells: the lead is part of the text, and day and time make the date."""
    rows = {
        "SE": "Infos",
        "HD": "<b class='frHeadline'>Un nouveau départ</b>",
        "BY": "Par Zoé Exemple",
        "WC": "1 295 mots",
        "PD": "29 décembre 2011",
        "ET": "15:32",
        "SN": "Le Courrier d'Essai",
        "SC": "CESSAI",
        "ED": "Nord",
        "PG": "26",
        "LA": "Français",
        "CY": "(c) Essai.",
        "LP": '<p class="articleParagraph">À la une.</p>',
        "TD": '<p class="articleParagraph">Deux <b>mots</b>\ncoupés.</p><pre>a  1\nb  2</pre>',
        "NS": "<br/>gpol : Domestic Politics | gcat : Political News",
        "RE": "<br/>fra : France",
        "PUB": "Essai SA",
        "AN": "<br/>Document CESSAI0020111229e7ct0001r",
    }
    assert documents(items(tmp_path, page(coded(rows)))) == [
        {
            "doc_id": "CESSAI0020111229e7ct0001r",
            "archive_id": "CESSAI0020111229e7ct0001r",
            "title": "Un nouveau départ",
            "author": "Zoé Exemple",
            "source": "Le Courrier d'Essai",
            "source_code": "CESSAI",
            "section": "Infos",
            "edition": "Nord",
            "page": "26",
            "language": "Français",
            "copyright": "(c) Essai.",
            "subject": "gpol : Domestic Politics | gcat : Political News",
            "region": "fra : France",
            "publisher": "Essai SA",
            "date": "29 décembre 2011 15:32",
            "n_words_stated": 1295,
            "text": "À la une.\n\nDeux mots coupés.\n\na 1\nb 2",
        }
    ]


def test_a_table_inside_a_coded_text_is_text(tmp_path: Path):
    """The rows of a table in the running text are not taken for field codes."""
    rows = {"HD": "Prices", "SN": "Post", "PD": "1 May 2017", "TD": "<table><tr><td>GDP</td><td>3</td></tr></table>"}
    assert documents(items(tmp_path, page(coded(rows))))[0]["text"] == "GDP\t3"


@pytest.mark.parametrize("inner", ["article enArticle", "article"])
def test_pages_saved_by_a_browser_nest_the_class(tmp_path: Path, inner: str):
    """Each article of a nested page is read once, whether or not the inner element names a language."""
    numbers = ["SPOST00020171113edbd0001a", "SPOST00020171113edbd0001b"]
    one = [ordered(number).replace("article enArticle", inner) for number in numbers]
    nested = [f'<div id="article-{n}" class="article">{a}</div>' for n, a in zip(numbers, one)]
    found = documents(items(tmp_path, page(*nested)))
    assert [fields["archive_id"] for fields in found] == numbers
    assert {fields["text"] for fields in found} == {"It begins.\n\nIt ends."}


@pytest.mark.parametrize(
    ("language", "count", "day", "word", "document"),
    [
        ("en", "1,234 words", "13 November 2017", "English", "Document"),
        ("de", "1.234 Wörter", "9 Januar 1993", "Deutsch", "Dokument"),
        ("fr", "1 234 mots", "29 décembre 2011", "Français", "Document"),
        ("es", "1.234 palabras", "3 de abril de 2017", "Español", "Documento"),
        ("zhcn", "1234 字", "2018 年 10 月 7 日 17:04", "简体中文", "文件"),
        ("en", "1234 W\ufffdrter", "9 Januar 1993", "Englisch", "Dokument"),
    ],
)
def test_interface_languages(tmp_path: Path, language: str, count: str, day: str, word: str, document: str):
    """The labels follow the interface, and a unit that lost a letter is still one."""
    lines = [count, day, "The Springfield Post", "SPOST", word, "(c) 2017 Post Ltd"]
    (fields,) = documents(items(tmp_path, page(ordered(lines=lines, language=language, document=document))))
    assert [fields[name] for name in ("n_words_stated", "date", "source", "language", "archive_id")] == [
        1234,
        day,
        "The Springfield Post",
        word,
        "SPOST00020171113edbd0001a",
    ]
    assert fields["title"] == "Mayor calls for a reset"


def test_the_number_of_lines_varies():
    """Credit, time, edition, page and volume may be there or not, and none of them shifts the others."""
    number = "SPOST00020171113edbd0001a"
    short = ["80 words", "1 May 2017", "Post", "SPOST", "English", "(c) Post"]
    assert of_lines(short, number) == {
        "n_words_stated": 80,
        "date": "1 May 2017",
        "source": "Post",
        "source_code": "SPOST",
        "copyright": "(c) Post",
        "language": "English",
    }
    long = [
        "Special to the Post",
        "80 words",
        "1 May 2017",
        "08:30 PM",
        "Post",
        "SPOST",
        "Late",
        "A1, B2",
        "13/2017",
        "English",
        "(c) Post",
    ]
    assert of_lines(long, number) == {
        **of_lines(short, number),
        "credit": "Special to the Post",
        "date": "1 May 2017 08:30 PM",
        "edition": "Late",
        "page": "A1, B2",
        "volume": "13/2017",
    }


def test_a_missing_length_line():
    """Without the length, the date and the code with which the number begins hold the lines together."""
    fields = of_lines(
        ["Agency", "13 November 2017", "The Post, Late", "SPOST", "English", "Post Ltd 2017"],
        "SPOST00020171113edbd0001a",
    )
    assert fields == {
        "credit": "Agency",
        "date": "13 November 2017",
        "source": "The Post, Late",
        "source_code": "SPOST",
        "copyright": "Post Ltd 2017",
        "language": "English",
    }


def test_a_missing_headline(tmp_path: Path):
    """An article without a headline is read, and its section is not taken for one."""
    (fields,) = documents(items(tmp_path, page(ordered(headline=None, author=None))))
    assert "title" not in fields
    assert (fields["section"], fields["source"], fields["date"]) == ("News", "The Springfield Post", "13 November 2017")


def test_breaks_hits_and_links(tmp_path: Path):
    """Hard line breaks are blanks, hits and companies are plain words, and targets of links leave the text."""
    body = (
        '<p class="articleParagraph enarticleParagraph">The <b>reset</b> of\n<span class="companylink">Acme</span> '
        "is\nnear[http://example.org/near], says Ada [http://example.org/ada].</p>"
    )
    (fields,) = documents(items(tmp_path, page(ordered(body=body))))
    assert fields["text"] == "The reset of Acme is near, says Ada."
    assert fields["links"] == "http://example.org/near http://example.org/ada"


def test_a_snippet_is_an_excerpt(tmp_path: Path):
    """Where only the snippet was exported, the text says that it is an excerpt."""
    (fields,) = documents(
        items(tmp_path, page(ordered(body='<div class="snippet ensnippet">It begins ...</div>', last="")))
    )
    assert (fields["text"], fields["text_is_excerpt"]) == ("It begins ...", True)


def test_numbers_that_tools_put_before_headlines(tmp_path: Path):
    """Headlines of the class "counted" lose their number; others keep theirs."""
    marked = ordered(headline="3) Wins").replace("enHeadline", "enHeadline counted")
    found = documents(items(tmp_path, page(marked, ordered("SPOST00020171113edbd0001b", headline="3) Wins"))))
    assert [fields["title"] for fields in found] == ["Wins", "3) Wins"]


def test_captions_and_notes_below_the_text(tmp_path: Path):
    """Paragraphs without a class below the text are notes; the last, a name, is the publisher."""
    (fields,) = documents(items(tmp_path, page(ordered(last="<p>Ada at home.</p><p>Post GmbH & Co. KG</p>"))))
    assert (fields["notes"], fields["publisher"]) == ("Ada at home.", "Post GmbH & Co. KG")


def test_utf_8_whatever_the_head_says(tmp_path: Path):
    """Bytes that are UTF-8 are read as such; others as the head says."""
    text = page(ordered(headline="Zürich"), charset="ISO-8859-1")
    for encoding in ("utf-8", "latin-1"):
        assert documents(items(tmp_path, text.encode(encoding)))[0]["title"] == "Zürich"


def test_a_file_that_was_cut_off(tmp_path: Path):
    """What is there of the last article is read, and the account says that its end is missing."""
    text = page(ordered(), ordered("SPOST00020171113edbd0001b"))
    found = items(tmp_path, text[: text.rindex("It ends.")])
    assert [fields["text"] for fields in documents(found)] == ["It begins.\n\nIt ends.", "It begins."]
    assert [item for item in found if isinstance(item, Problem)] == [
        Problem("document 2", "odd", "It has no line with a document number: the file may be cut off here.")
    ]


def test_a_number_without_an_article(tmp_path: Path):
    """A document number outside of any article is one that was lost."""
    found = items(tmp_path, page("<p>Document SPOST00020171113edbd0001z</p>", ordered()))
    assert found[1:] == [
        Problem(
            "file",
            "unparsed",
            "The document number SPOST00020171113edbd0001z stands outside of any article that was found.",
        )
    ]


def test_an_article_with_nothing_in_it(tmp_path: Path):
    """An empty article is reported, and the next is read."""
    found = items(tmp_path, page('<div class="article enArticle"></div>', ordered()))
    assert found[0] == Problem(
        "document 1", "unparsed", "An article begins here, but there is neither headline nor text in it."
    )
    assert len(documents(found)) == 1


def test_an_empty_file(tmp_path: Path):
    """An empty file, and a page without articles, give nothing and raise nothing."""
    assert items(tmp_path, "") == [] and items(tmp_path, page()) == []


def test_recognising(tmp_path: Path):
    """The page is recognised by its title or its classes; another page is not."""
    sure = []
    for content in (page(ordered()), page().replace("<title>", "<title>\n"), "<html><p>News</p></html>", ""):
        (tmp_path / "a.html").write_text(content)
        sure.append(READER.recognise(File("a.html", tmp_path / "a.html")))
    assert sure == [95, 95, 0, 0]


def test_lengths():
    """A length is a number and a unit, and nothing else."""
    assert [n_words(text) for text in ("12 words", "1'200 Wörter", "12", "words", "12 angry men", "2 000 слов")] == [
        12,
        1200,
        None,
        None,
        None,
        2000,
    ]
