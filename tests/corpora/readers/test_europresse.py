"""Hold the reader of Europresse to its old and its new HTML, and to what is unbalanced in both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from toolkit.corpora.readers import europresse
from toolkit.corpora.readers.base import Document, File, Item, Problem
from toolkit.corpora.readers.europresse import READER

NUMBER = "news·20121004·PO·2040056000"
CERTIFICATE = f'<br><br><table><tr><td><img alt="Certificat">{NUMBER}</td></tr><tr><td>Ce certificat est émis à <b>Université</b></td></tr></table>'


def old(
    *,
    name: str = "Le Courrier, no. 5968",
    header: tuple[str, ...] = ("Politique, ", "jeudi ", "4 octobre 2012", ", p. 03"),
    above: str = "Surtitre<br>",
    title: str = 'Un <span style="color:red; font-weight:bold">départ</span> nouveau',
    below: str = "<br><br>Zoé Exemple<br><p></p>Cela <font>commence</font>.<p></p>Cela finit.<p></p>",
    number: str = NUMBER,
) -> str:
    spans = "".join(f'<span class="DocHeader">{part}</span>' for part in header)
    return (
        f'<p><br><br><table><tr><td><span class="DocPublicationName">{name}</span><br>{spans}<br><br>{above}'
        f'<span class="TitreArticleVisu">{title}</span>{below}<b><i>© 2012 Essai. Tous droits réservés.</i></b><p></p>'
        f"Numéro de document : {number}{CERTIFICATE if number else ''}</td></tr></table>\n"
    )


def new(
    *,
    header: str = "Communication, mardi 14 mars 2006, p. 16",
    title: str = "<p class='titreArticleVisu'>Un <mark>départ</mark> nouveau</p>",
    body: str = "<p>Cela <mark>commence</mark>.</p></div><p>Cela finit.</p>",
    author: str = "<div>Zoé Exemple</div>",
    number: str = "news·20060315·LM·0q1503_1256056",
) -> str:
    return (
        f'<article><header><div><span class="DocPublicationName">Le Courrier</span></div><div><span class="DocHeader">{header}</span></div>'
        f'<p>Surtitre</p><div class="titreArticle">{title}</div>{author}</header><section><div class="DocText clearfix">{body}</div></section>'
        f"<aside><p>Note(s) : Une note</p></aside><footer><small>© 2006 Essai. Tous droits réservés.</small>"
        f"<p>Numéro de document : {number}</p></footer></article></div>"
    )


def page(*articles: str) -> str:
    head = '<META http-equiv="Content-Type" content="text/html; charset=ISO-8859-1">'
    return f"<html><head>{head}</head><body>{''.join(articles)}</body></html>"


def items(tmp_path: Path, content: str | bytes) -> list[Item]:
    path = tmp_path / "export.html"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(READER.read(File("export.html", path)))


def documents(found: list[Item]) -> list[dict[str, Any]]:
    return [item.fields for item in found if isinstance(item, Document)]


def test_an_old_article(tmp_path: Path):
    """Every part of the old layout lands in its field, though the head says ISO-8859-1 and the bytes are UTF-8."""
    assert items(tmp_path, page(old())) == [
        Document(
            "document 1",
            {
                "source": "Le Courrier",
                "issue": "5968",
                "section": "Politique",
                "date": "4 octobre 2012",
                "page": "03",
                "title": "Un départ nouveau",
                "kicker": "Surtitre",
                "author": "Zoé Exemple",
                "copyright": "© 2012 Essai. Tous droits réservés.",
                "text": "Cela commence.\n\nCela finit.",
                "doc_id": NUMBER,
                "archive_id": NUMBER,
                "source_code": "PO",
            },
        )
    ]


def test_an_old_article_without_an_author(tmp_path: Path):
    """Text that begins right below the headline is not taken for the author."""
    (fields,) = documents(items(tmp_path, page(old(above="", below="<br><br>Cela commence.<p></p>Cela finit.<p></p>"))))
    assert (fields["text"], "author" in fields, "kicker" in fields) == ("Cela commence.\n\nCela finit.", False, False)


def test_old_articles_do_not_swallow_each_other(tmp_path: Path):
    """Tables that are never closed part no less, and a second name inside an article starts no new one."""
    broken = old().replace("</td></tr></table>", "")
    extra = old(below='<br><br>Cela commence.<span class="DocPublicationName">2</span><p></p>Fin.<p></p>')
    found = documents(items(tmp_path, page(broken, broken, old())))
    assert [fields["text"] for fields in found] == ["Cela commence.\n\nCela finit."] * 3
    assert len(documents(items(tmp_path, page(extra, old())))) == 2


def test_a_new_article(tmp_path: Path):
    """Every part of the new layout lands in its field; hits are plain words, and a stray closing tag costs no text."""
    assert items(tmp_path, page(new())) == [
        Document(
            "document 1",
            {
                "source": "Le Courrier",
                "section": "Communication",
                "date": "14 mars 2006",
                "page": "16",
                "title": "Un départ nouveau",
                "kicker": "Surtitre",
                "author": "Zoé Exemple",
                "copyright": "© 2006 Essai. Tous droits réservés.",
                "text": "Cela commence.\n\nCela finit.",
                "notes": "Note(s) : Une note",
                "doc_id": "news·20060315·LM·0q1503_1256056",
                "archive_id": "news·20060315·LM·0q1503_1256056",
                "source_code": "LM",
            },
        )
    ]


def test_the_number_is_a_second_source_for_the_date(tmp_path: Path):
    """Without a date in the header the one in the number is taken; far apart, the account says so."""
    found = items(tmp_path, page(new(header="Communication, p. 16")))
    assert found[0] == Problem(
        "document 1", "mended", "Its header has no date that can be read; the one in the document number was taken."
    )
    assert [documents(found)[0][name] for name in ("date", "section")] == ["2006-03-15", "Communication, p. 16"]
    found = items(tmp_path, page(new(header="mardi 14 mars 2005")))
    note = "Its header says '14 mars 2005', its document number 2006-03-15; the header was taken."
    assert found[0] == Problem("document 1", "odd", note)


def test_headers_in_several_languages(tmp_path: Path):
    """A header may have a weekday, a time, a length, a page and an edition, each or none, in the interface's language."""
    headers = {
        "World, Friday, March 14, 2006, p. A1": {"section": "World", "date": "March 14, 2006", "page": "A1"},
        "14 de marzo de 2006": {"date": "14 de marzo de 2006"},
        "Edition du soir, mardi 14 mars 2006 - 12:30 UTC +0100 134 mots, p. 11": {
            "section": "Edition du soir",
            "date": "14 mars 2006 12:30",
            "page": "11",
        },
    }
    for header, expected in headers.items():
        (fields,) = documents(items(tmp_path, page(new(header=header))))
        assert {name: fields.get(name) for name in expected} == expected


def test_a_file_that_was_cut_off(tmp_path: Path):
    """What there is of the last article is read."""
    text = page(new(), new())
    assert [f["text"] for f in documents(items(tmp_path, text[: text.rindex("Cela finit")]))] == [
        "Cela commence.\n\nCela finit.",
        "Cela commence.",
    ]


def test_an_article_with_nothing_in_it(tmp_path: Path):
    """An empty article is reported, and the next is read."""
    found = items(tmp_path, page("<article></article>", new()))
    assert found[0] == Problem(
        "document 1", "unparsed", "An article begins here, but there is neither headline nor text in it."
    )
    assert len(documents(found)) == 1


def test_an_empty_file(tmp_path: Path):
    """An empty file, and a page without articles, give nothing."""
    assert items(tmp_path, "") == [] and items(tmp_path, page()) == []


def test_recognising(tmp_path: Path):
    """Both layouts are recognised, and another page with an article is not."""
    sure = []
    for content in (page(old()), page(new()), "<article><h1>News</h1></article>", ""):
        (tmp_path / "a.html").write_text(content)
        sure.append(READER.recognise(File("a.html", tmp_path / "a.html")))
    assert sure == [95, 95, 0, 0]


def test_an_offset_behind_the_time():
    """The distance to UTC that follows a time is no edition."""
    header = europresse._header("Monde, mercredi 15 mars 2006 - 09:12 UTC +01:00, p. 3")
    assert header == {"section": "Monde", "date": "15 mars 2006 09:12", "page": "3"}
