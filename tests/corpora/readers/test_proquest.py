"""Hold the readers of ProQuest to its HTML, its e-mails and its text."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from toolkit.corpora.readers.base import Declared, Document, File, Item, Problem
from toolkit.corpora.readers.proquest import READERS

HTML, MAIL, TEXT = READERS
RULE = "_" * 60
LABELS = {
    "Subject": "Mayors; Budgets",
    "Publication title": "The Post, Late Edition (East Coast); Springfield, Ill.",
    "Pages": "A.2",
    "Publication year": "2010",
    "Publication date": "May 8, 2010",
    "Section": "Metro",
    "Language of publication": "English",
    "Document type": "News",
    "ProQuest document ID": "251439970",
    "Document URL": "https://search.example.org/docview/251439970",
    "Copyright": "(Copyright (c) 2010 The Post)",
}
FIELDS = {
    "doc_id": "251439970",
    "archive_id": "251439970",
    "title": "Mayor calls for a reset; Council waits",
    "author": "Sample, Ada",
    "source": "The Post",
    "edition": "Late Edition (East Coast)",
    "date": "May 8, 2010",
    "page": "A.2",
    "section": "Metro",
    "language": "English",
    "genre": "News",
    "subject": "Mayors; Budgets",
    "url": "https://search.example.org/docview/251439970",
    "copyright": "(Copyright (c) 2010 The Post)",
    "abstract": "She called.",
}


def article(
    body: str = '<text wordcount="5"><html><head><title>x</title></head><body><p>It begins.</p> <p>It <b>ends</b>.</p></body></html></text>',
    labels: dict[str, str] = LABELS,
    number: str = "251439970",
) -> str:
    rest = "".join(f"<p><strong>{name}: </strong>{value}</p>" for name, value in labels.items())
    return (
        f'<div><a name="DocID_MSTAR_{number}"></a><p></p><p style="font-weight:bold;">Mayor calls for a reset; Council waits</p>'
        "<p><strong>Author:  </strong>Sample, Ada</p><p><strong>Publication info:  </strong>The Post ; Springfield, Ill. "
        "[Springfield, Ill]08 May 2010: A.2.</p><p><a href='https://x.example'>ProQuest document link</a></p>"
        "<p><strong>Abstract:  </strong></p><p>She called.</p><div><strong>Links: </strong><a>Catalogue</a></div>"
        f"<p><strong>Full text: </strong>{body}</p>{rest}</div>"
    )


def items(tmp_path: Path, content: str | bytes, reader: Any = HTML, name: str = "export.html") -> list[Item]:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(reader.read(File(name, path)))


def documents(found: list[Item]) -> list[dict[str, Any]]:
    return [item.fields for item in found if isinstance(item, Document)]


def test_an_article_in_html(tmp_path: Path):
    """Each label is a field; the page inside `<text>` gives the text, and the title comes from the top."""
    assert items(tmp_path, article()) == [
        Document("document 1", {**FIELDS, "n_words_stated": 5, "text": "It begins.\n\nIt ends."})
    ]


def test_labels_that_lost_their_blanks(tmp_path: Path):
    """Labels are compared without blanks."""
    glued = {
        name.replace(" of ", " of").replace("Document type", "Documenttype"): value for name, value in LABELS.items()
    }
    assert set(glued) & {"Language ofpublication", "Documenttype"}
    assert documents(items(tmp_path, article(labels=glued)))[0]["language"] == "English"
    assert documents(items(tmp_path, article(labels=glued)))[0]["genre"] == "News"


def test_the_citation_fills_what_has_no_label(tmp_path: Path):
    """Outlet, date and page stand in the publication info, too."""
    (fields,) = documents(items(tmp_path, article(labels={})))
    assert [fields[name] for name in ("source", "date", "page")] == ["The Post", "08 May 2010", "A.2"]


def test_corrections_and_addresses(tmp_path: Path):
    """The notice of a correction and the writer's address are fields, not text."""
    body = "<text><p>CORRECTION: SEE CORRECTION APPENDED; It begins.</p><p>It ends.</p><p>--</p><p>ada@post.example</p></text>"
    (fields,) = documents(items(tmp_path, article(body)))
    assert [fields[name] for name in ("text", "correction", "contact")] == [
        "It begins.\n\nIt ends.",
        "CORRECTION: SEE CORRECTION APPENDED",
        "ada@post.example",
    ]


def test_the_abstract_stands_in_for_a_text(tmp_path: Path):
    """Without the full text, the abstract is the text, and says that it is an excerpt."""
    (fields,) = documents(items(tmp_path, article("Not available.")))
    assert (fields["text"], fields["text_is_excerpt"], "abstract" in fields) == ("She called.", True, False)


def test_a_page_inside_the_page_that_lacks_a_sign(tmp_path: Path):
    """A broken page inside one article does not swallow the next, and the bibliography is not an article."""
    broken = "<text>html&gt;<head><title>x</title></head><body><p>It begins.</p></body></html></text>"
    page = f'{article(broken)}{article(number="2")}<a name="Bibliography"></a><p>Sample, Ada. "Mayor"</p>'
    assert [fields["text"] for fields in documents(items(tmp_path, page))] == ["It begins.", "It begins.\n\nIt ends."]


def mail(html: str | None, plain: str) -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"] = "Fwd: ProQuest documents", "noreply@proquest.example"
    message.set_content(plain)
    if html is not None:
        message.add_alternative(html, subtype="html")
    return bytes(message)


def test_an_e_mail_is_read_once(tmp_path: Path):
    """Of the alternatives of a mail the HTML is read, though the plain text holds the same article."""
    found = items(tmp_path, mail(f"<html><body>{article()}{article()}</body></html>", text_article()), MAIL, "a.eml")
    assert [item.place for item in found] == ["document 1", "document 2"]
    assert documents(found)[0]["text"] == "It begins.\n\nIt ends."


def test_an_e_mail_of_plain_text(tmp_path: Path):
    """Where the HTML holds no article, the plain text is read; where neither does, the account says so."""
    found = documents(items(tmp_path, mail("<p>See below.</p>", f"{RULE}\n\n{text_article()}"), MAIL, "a.eml"))
    assert [fields["archive_id"] for fields in found] == ["251439970"]
    assert items(tmp_path, mail(None, "Hello."), MAIL, "a.eml")[-1] == Problem(
        "file", "odd", "No article was found in this e-mail."
    )


def text_article(title: str = "Mayor calls for a reset; Council waits", full: str = "It begins.\n\nIt ends.") -> str:
    first = f"{title}\n\nAuthor: Sample, Ada\n\nhttps://search.example.org/docview/251439970\n\nAbstract: She called.\n\nFull text: {full}\n\n"
    return first + "".join(f"{name}: {value}\n\n" for name, value in LABELS.items())


def report(*articles: str, total: int = 2) -> str:
    parts = [
        "",
        "\n\nReport Information from ProQuest\nDecember 08 2015 21:33\n",
        "\n\n",
        "\n\nTable of contents\n\n1. Mayor\n\nBibliography\n\n",
    ]
    parts += [f"\n\nDocument {n} of {total}\n\n{text}" for n, text in enumerate(articles, start=1)]
    parts.append(
        "\n\nContact us at: http://x.example\nDatabase copyright © 2022 ProQuest LLC. All rights reserved.\nTerms and Conditions: x\n"
    )
    return RULE.join(parts)


def test_a_text(tmp_path: Path):
    """Cover, contents and imprint are no articles; the total is declared once."""
    found = items(tmp_path, report(text_article(), text_article()), TEXT, "a.txt")
    assert found == [
        Declared(2, "document 1"),
        Document("document 1", {**FIELDS, "text": "It begins.\n\nIt ends."}),
        Document("document 2", {**FIELDS, "text": "It begins.\n\nIt ends."}),
    ]


def test_labels_inside_an_article(tmp_path: Path):
    """A paragraph that begins like a label does not end the text, unless another label follows upon it."""
    full = "It begins.\n\nLocation: the town hall.\n\nIt ends."
    (fields,) = documents(items(tmp_path, report(text_article(full=full)), TEXT, "a.txt"))
    assert (fields["text"], fields["subject"]) == (full, "Mayors; Budgets")


def test_a_rule_inside_an_article(tmp_path: Path):
    """What follows a rule inside an article still belongs to it."""
    full = f"It begins.\n\n{RULE}\n\nIt ends."
    (fields,) = documents(items(tmp_path, report(text_article(full=full)), TEXT, "a.txt"))
    assert fields["text"] == "It begins.\n\nIt ends."


def test_windows_line_ends_and_marks(tmp_path: Path):
    """A byte order mark and CRLF change nothing."""
    raw = b"\xef\xbb\xbf" + report(text_article()).replace("\n", "\r\n").encode()
    assert documents(items(tmp_path, raw, TEXT, "a.txt"))[0]["text"] == "It begins.\n\nIt ends."


@pytest.mark.parametrize("reader", READERS)
def test_an_empty_file(tmp_path: Path, reader: Any):
    """An empty file gives no article and raises nothing."""
    assert documents(items(tmp_path, "", reader)) == []


def test_a_file_that_was_cut_off(tmp_path: Path):
    """What there is of an article is read."""
    page = article()
    assert documents(items(tmp_path, page[: page.index("It <b>ends")]))[0]["text"] == "It begins."
    text = report(text_article(), text_article(), total=2)
    found = items(tmp_path, text[: text.rindex("It ends.")], TEXT, "a.txt")
    assert found[0] == Declared(2, "document 1")
    assert [fields["text"] for fields in documents(found)] == ["It begins.\n\nIt ends.", "It begins."]


def test_recognising(tmp_path: Path):
    """Each layout is recognised by its own reader only; other files by none."""
    files = [
        article(),
        mail(article(), "x"),
        report(text_article()),
        "<p><b>Author:</b> Ada</p>",
        f"{RULE}\nA rule\n",
        "",
    ]
    sure = []
    for content in files:
        (tmp_path / "a").write_bytes(content.encode() if isinstance(content, str) else content)
        sure.append([reader.recognise(File("a", tmp_path / "a")) for reader in READERS])
    assert sure == [[95, 0, 0], [0, 95, 0], [0, 0, 95], [0, 0, 0], [0, 0, 0], [0, 0, 0]]
