"""Layouts that outsiders brought: lists of clippings, reports with contents, old rich text, and lines that look like another field."""

import pandas as pd
import pytest

import toolkit as tk


def read(tmp_path, content, name, encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(content.encode(encoding))
    return tk.read_articles(path)


def problems(articles):
    return [problem["note"] for file in articles.attrs["audit"] for problem in file["problems"]]


def declared(articles):
    return articles.attrs["audit"][0]["declared"]


CLIPPINGS = "\n\n\n".join(
    f"{n}. Titel nummer {n}\n\nDe Havengazet, woensdag {n} november 2011, p. 2{n}, 1{n}w.\n\nDe raad stemde voor plan {n} ..."
    for n in range(1, 6)
)
WHOLE = "\n\n\n\n".join(
    f"0{n}-11-2011, p.2{n}\n\n{'Cultuur' + chr(10) * 2 if n == 3 else ''}Titel nummer {n}\n\nDe raad stemde voor plan {n} op maandag."
    "\n\nEr was regen.\n\n© De Uitgever"
    for n in range(1, 6)
)


def test_numbered_clippings_are_articles(tmp_path):
    """Each clipping has its outlet, day, page and words; the last number is what the list declares."""
    articles = read(tmp_path, CLIPPINGS, "clippings.txt")
    assert declared(articles) == len(articles) == 5
    assert articles["source"].unique().tolist() == ["De Havengazet"]
    assert articles["date"].dt.day.tolist() == [1, 2, 3, 4, 5] and articles["page"].tolist() == [
        "21",
        "22",
        "23",
        "24",
        "25",
    ]
    assert articles["text"].tolist()[4] == "De raad stemde voor plan 5 ..." and articles["text_is_excerpt"].all()


@pytest.mark.parametrize("missing", [None, 2])
def test_whole_texts_below_a_list_take_the_place_of_their_beginnings(tmp_path, missing):
    """The whole texts belong to the clippings by their order and days; one that is missing leaves the beginning in its place."""
    parts = WHOLE.split("\n\n\n\n")
    if missing is not None:
        del parts[missing]
    articles = read(tmp_path, CLIPPINGS + "\n\n\n\n" + "\n\n\n\n".join(parts), "clippings.txt", "cp1252")
    assert len(articles) == 5
    whole = articles["text"].str.endswith("Er was regen.")
    assert whole.tolist() == [n != missing for n in range(5)]
    assert articles["copyright"].notna().tolist() == whole.tolist()
    if missing is None:
        assert articles["section"].tolist()[2] == "Cultuur" and problems(articles) == []
    else:
        assert problems(articles) == ["Its whole text is not below the list; its beginning stands for it."]


def test_a_whole_text_that_no_clipping_names_is_told(tmp_path):
    """As many texts as clippings, one of another day: it is in the account, and no text is given to a clipping of another day."""
    text = CLIPPINGS + "\n\n\n\n" + WHOLE.replace("03-11-2011", "13-11-2011")
    articles = read(tmp_path, text, "clippings.txt")
    assert articles["text"].str.endswith("Er was regen.").tolist() == [True, True, False, True, True]
    assert articles.attrs["audit"][0]["unparsed"] == 1
    assert "A whole text of 13-11-2011 stands below the list" in problems(articles)[0]


def test_a_page_of_the_same_publisher_is_no_list(tmp_path):
    """A saved page that only mentions the archive is read as a page."""
    page = f"<html><head><title>Plan signed, Yomiuri</title></head><body><article><h1>Plan signed</h1>{BODY}</article></body></html>"
    assert read(tmp_path, page, "page.html")["format"].tolist() == ["page"]


def test_a_gap_in_the_numbers_is_told(tmp_path):
    """A clipping that is missing from the list is in the account."""
    parts = CLIPPINGS.split("\n\n\n")
    articles = read(tmp_path, "\n\n\n".join(parts[:2] + parts[3:]), "clippings.txt")
    assert len(articles) == 4 and declared(articles) == 5
    assert "The clipping before it has the number 2." in problems(articles)


def test_a_numbered_list_in_an_article_is_no_list_of_clippings(tmp_path):
    """An article with numbered headings has no lines of outlet and day below them, so it is one article."""
    text = "---\ntitle: Five plans\n---\n" + "\n\n".join(
        f"{n}. A plan\n\nIt was the plan of the town, in 2011." for n in range(1, 6)
    )
    assert len(read(tmp_path, text, "note.txt")) == 1


def yomidasu(n):
    cells = [str(n), f"2009.01.{n:02}", f"港の計画{n}\u3000", "東京夕刊", "夕二面", f"0{n}頁", "152字", "01段"]
    head = "".join(f"<th>{cell}</th>" for cell in cells)
    return (
        f'<div id="heiseiDetailArea"><table class="contentsTable"><tbody><tr>{head}</tr></tbody></table></div>'
        f'<div id="heiseiDetailContents"><p class="mb10">町は<span class="marker">計画{n}</span>を決めた。</p></div>'
    )


def test_a_japanese_list_of_articles(tmp_path):
    """Over each article stands a table of number, day, headline, edition, section, page and size."""
    articles = read(tmp_path, "<html><body>" + "".join(map(yomidasu, range(1, 5))) + "</body></html>", "list.html")
    assert declared(articles) == len(articles) == 4
    first = articles.iloc[0]
    assert (first["title"], first["edition"], first["section"], first["page"]) == (
        "港の計画1",
        "東京夕刊",
        "夕二面",
        "1",
    )
    assert first["date"] == pd.Timestamp("2009-01-01") and first["n_characters_stated"] == 152
    assert articles["text"].tolist() == [f"町は計画{n}を決めた。" for n in range(1, 5)]


def test_a_report_with_contents(tmp_path):
    """Of a list of contents and documents below, each document has its own headline and its own text, lines joined."""
    names = ["ПЕРВАЯ", "ВТОРАЯ"]
    contents = "".join(
        f'{n}.<a href="#{n}">{name}</a><small>Порт; 09.02.1994; 6;</small><br>' for n, name in enumerate(names, 1)
    )
    documents = "".join(
        f'<a name="{n}"></a><table><tr><td>^ИС:\r\n Порт \r\n<br>^РБ:\r\n ГОРОД\r\n<br>^ДТ:\r\n 09.02.1994\r\n<br>^АВ:\r\n Иванова А.,\r\n'
        f"<br>^ЗГ:\r\n {name}\r\n<br>^ВР:\r\n 12:30\r\n<br></td></tr></table>"
        f"<h3>{name}\r\n</h3><pre>\r\n     Первый абзац текста\r\nномер {n}.\r\n     Второй.\r\n</pre>"
        for n, name in enumerate(names, 1)
    )
    page = f"<html><head><title>Report 12.05.2021 15:50:05</title></head><body>{contents}{documents}</body></html>"
    articles = read(tmp_path, page, "export.html", "cp1251")
    assert declared(articles) == 2 and articles["title"].tolist() == names
    assert articles["text"].tolist() == [f"Первый абзац текста номер {n}.\n\nВторой." for n in (1, 2)]
    assert articles["ВР"].tolist() == ["12:30"] * 2  # a mark without a name of ours keeps its own
    assert articles["section"].tolist() == ["ГОРОД"] * 2 and articles["author"].tolist() == ["Иванова А."] * 2


def old_lines(n):
    for i in range(1, n + 1):
        yield from (
            f"{i} of {n} DOCUMENTS",
            "",
            "",
            "The Harbour Gazette",
            "",
            f"June {i}, 2015 Monday",
            "",
            f"Title number {i}",
            "",
        )
        yield from (
            "BYLINE: By Ann Other",
            "",
            f"SECTION: NEWS; Pg. {i}",
            "",
            "LENGTH: 12 words",
            "",
            f"The council voted on day {i}.",
            "",
        )
        yield from (
            f"LOAD-DATE: June {i}, 2015",
            "",
            "LANGUAGE: ENGLISH",
            "",
            "Copyright 2015 The Harbour Gazette",
            "All Rights Reserved",
        )


@pytest.mark.parametrize("name", ["export.rtf", "export.DOC", "export.doc"])
@pytest.mark.parametrize("n", [1, 3, 12])
def test_old_rich_text_is_cut_at_its_counters(tmp_path, name, n):
    """ "1 of 3 DOCUMENTS" over each document, in RTF whatever the ending: as many articles as declared, each with its fields."""
    rtf = (
        r"{\rtf1\ansi\deff0{\fonttbl{\f0 Courier;}}\f0\fs20 " + "".join(f"{line}\\par " for line in old_lines(n)) + "}"
    )
    articles = read(tmp_path, rtf, name)
    assert declared(articles) == len(articles) == n
    assert articles["source"].tolist() == ["The Harbour Gazette"] * n
    assert articles["title"].tolist() == [f"Title number {i}" for i in range(1, n + 1)]
    assert articles["text"].tolist() == [f"The council voted on day {i}." for i in range(1, n + 1)]
    assert articles["language"].tolist() == ["en"] * n and articles["language_printed"].tolist() == ["ENGLISH"] * n


@pytest.mark.parametrize(
    "line", ["Provided by Wire Media Inc.", "Distributed by Wire Media", "Supplied by WIRE", "Bereitgestellt von Wire"]
)
def test_a_distributor_is_no_outlet(tmp_path, line):
    """A line of who provided the article is kept as a note, and the outlet is the line below."""
    text = (
        f"                               1 of 1 DOCUMENTS\n\n\n                        Copyright 2015 Harbour TV\n"
        f"                        {line}\n                          All Rights Reserved\n\n"
        "                               Harbour TV\n\n                          May 31, 2015 Sunday\n\nLENGTH: 12 words\n\n"
        "HEADLINE: A town votes\n\nBODY:\n\nThe council voted on Sunday.\n\nLOAD-DATE: June 1, 2015\n\n"
    )
    articles = read(tmp_path, text, "export.txt")
    assert articles["source"].tolist() == ["Harbour TV"]


@pytest.mark.parametrize(
    ("edition", "is_one"), [("Abend", True), ("Morgenausgabe", True), ("Wien", True), ("Neustart", False)]
)
def test_an_edition_above_a_headline_is_no_headline(tmp_path, edition, is_one):
    """A line of its own that names an edition is the edition; any other is the headline."""
    lines = [
        '"Hafen Zeitung" vom 23.10.2017 Seite: 2',
        "Ressort: Politik",
        "",
        edition,
        "",
        "Der Titel des Artikels",
        "",
        "Der Rat stimmte ab.",
    ]
    rtf = r"{\rtf1\ansi " + "".join(f"{line}\\par " for line in lines) + "}"
    articles = read(tmp_path, rtf, "export.rtf")
    assert articles["title"].tolist() == ["Der Titel des Artikels" if is_one else edition]
    if is_one:
        assert articles["edition"].tolist() == [edition]


def test_of_edition_page_and_volume_each_is_itself():
    """Three cells stand for edition, page and volume in this order; a single one that looks like a page is the page."""
    from toolkit.corpora.readers.factiva import of_lines

    head = ["120 words", "14 February 2013", "The Weekly Harbour", "WEEKH"]
    rights = ["English", "Copyright 2013 The Weekly Harbour"]
    fields = of_lines([*head, "WWO", "10", "7", *rights], "WEEKH0002013021")
    assert (fields["edition"], fields["page"], fields["volume"]) == ("WWO", "10", "7")
    assert of_lines([*head, "10", *rights], "WEEKH0002013021")["page"] == "10"


BODY = "".join(
    f"<p>The plan was signed on Friday by the mayor of the town, and many people came to see it. Paragraph {n}.</p>" * 3
    for n in range(6)
)


@pytest.mark.parametrize(
    "stamp",
    [
        '<time datetime="2017-11-27" itemprop="dateModified">27 November 2017</time>',
        '<time datetime="2017-11-27" class="updated">27 November 2017</time>',
        '<div class="comments"><p>Well said!</p><time datetime="2017-11-27">8 hours ago</time></div>',
        '<section id="comments"><time datetime="2017-11-27">8 hours ago</time></section>',
    ],
)
def test_the_time_of_a_change_or_a_comment_is_no_day_of_publication(tmp_path, stamp):
    """A page whose only times are those of changes or comments is undated, and the account says why."""
    page = f"<html><head><title>Plan signed</title></head><body><article><h1>Plan signed</h1>{stamp}{BODY}</article></body></html>"
    articles = read(tmp_path, page, "page.html")
    assert articles["date"].isna().all()
    assert "not the day of publication" in " ".join(problems(articles))


def test_the_day_of_publication_stays(tmp_path):
    """A day of publication beside that of a change is the date."""
    head = '<meta property="article:published_time" content="2017-01-29T12:00:00Z"><meta property="article:modified_time" content="2019-05-05">'
    page = f"<html><head><title>Plan signed</title>{head}</head><body><article><h1>Plan signed</h1>{BODY}</article></body></html>"
    assert read(tmp_path, page, "page.html")["date"].dt.strftime("%Y-%m-%d").tolist() == ["2017-01-29"]


@pytest.mark.parametrize(
    ("section", "page"), [("Editorial; A26", "A26"), ("NEWS; Pg. 4", "4"), ("News; Nation", None), ("Sports, D3", "D3")]
)
def test_a_page_stands_behind_its_section(tmp_path, section, page):
    """A page at the end of a section line is the page, with a word before it or not."""
    lines = [line.replace("NEWS; Pg. 1", section) for line in old_lines(1)]
    rtf = r"{\rtf1\ansi " + "".join(f"{line}\\par " for line in lines) + "}"
    value = read(tmp_path, rtf, "export.rtf")["page"].iloc[0]
    assert (None if pd.isna(value) else value) == page


@pytest.mark.parametrize(
    ("stamp", "day"),
    [('<time datetime="2017-01-29">29 January</time>', "2017-01-29"), ("", None)],
)
def test_a_change_in_the_head_hides_no_day_of_publication(tmp_path, stamp, day):
    """A page whose head states a change only: another day on the page is the date, and without one it is undated and said."""
    head = '<meta property="article:modified_time" content="2019-05-05">'
    page = (
        f"<html><head><title>Plan</title>{head}</head><body><article><h1>Plan</h1>{stamp}{BODY}</article></body></html>"
    )
    articles = read(tmp_path, page, "page.html")
    assert [None if pd.isna(each) else f"{each:%Y-%m-%d}" for each in articles["date"]] == [day]
    assert ("only when it was changed" in " ".join(problems(articles))) == (day is None)
    assert articles["modified"].tolist() == ["2019-05-05"]
