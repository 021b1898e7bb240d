"""Hold that cleaning cuts what its rules say and nothing else, that each cut can be undone, and that quotations stay whole."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.corpora.cleaning import (
    Rule,
    apply_cuts,
    clean,
    cleaning_report,
    cleaning_rules,
    quotations,
    raw_offsets,
    read_cuts,
)
from toolkit.tables import FramingError


def frame(*texts: str, source: str = "Courier") -> pd.DataFrame:
    return pd.DataFrame({"doc_id": [f"d{n}" for n in range(len(texts))], "source": source, "text": list(texts)})


def cleaned(text: str) -> pd.Series:
    return clean(frame(text)).loc[0]


BODY = "The ban stands.\nIt was pressed."

# What each rule takes out of BODY: before it, after it (a line of its own), or inside; each line is invented in the layout that is in use.
LINES = {
    "reporting_credit": "(Reporting by Jo Doe; Editing by Ann Roe)",
    "contributed": "Jo Doe and The Associated Press contributed to this report.",
    "cookies": "We use cookies to improve your visit. Accept all cookies",
    "paywall": "Already a subscriber? Log in",
    "ad_placeholder": "ADVERTISEMENT",
    "continue_marker_line": "Continue Reading Below",
    "related_link": "READ MORE: A ban on what?",
    "newsletter": "Sign up for our morning newsletter",
    "app_promotion": "CLICK HERE TO GET THE COURIER APP",
    "follow": "Follow us on Twitter @courier",
    "follower_count": "3,412 followers",
    "share_line": "Share Tweet Email 12 Comments",
    "photo_credit": "Image copyright Jo Doe",
    "rights": "© 2017 The Courier. Click here for reprint permission.",
    "correction_line": "An earlier version of this story misstated the vote.",
    "old_article": "This article is more than 3 years old",
    "contact_line": "Write to Jo Doe at jo@courier.example",
}
HEADS = {
    "dateline_tass": "MOSCOW, February 7. /TASS/. ",
    "dateline_agency": "WASHINGTON, Feb 7 (Reuters) - ",
    "agency_opening": "(CNN) -- ",
    "dateline_dated": "Shimla, Dec. 30 -- ",
    "dateline_capitals": "SPRINGFIELD, Ohio — ",
    "share_head": "Share this with ",
}
TAILS = {
    "reporting_credit_tail": " (Reporting by Jo Doe; Editing by Ann Roe)",
    "contributed_tail": " Courier News' Jo Doe, Ann Roe, and The Associated Press contributed to this report.",
    "wire_signoff": " jd/ar (AFP, dpa)",
    "source_credit": "  Source:-Courier and news agencies",
    "page_credit": " (The Weekly Courier 02/07/2017 page12)",
    "follow_tail": " Follow Jo Doe on Twitter: @jodoe",
    "rights_tail": " Copyright 2017 The Courier. All rights reserved.",
    "correction_tail": " This story has been updated.",
    "developing": " This is a developing story. Check back for updates.",
    "contact_tail": " jo@courier.example",
}
INSIDE = {
    "continue_marker": "Story Continued Below ",
    "share_buttons": "Send Facebook Twitter Whatsapp Tumblr Permalink http://x.example/p/1 ",
    "media_placeholder": "Media playback is not supported on this device ",
    "photo_credit_inline": "(AP Photo/Jo Doe) ",
}


@pytest.mark.parametrize(("rule", "line"), LINES.items())
def test_a_line_is_cut_wherever_it_stands(rule, line):
    """The line goes with its break, at the beginning, in the middle and at the end, and the cut bears the rule's name."""
    first, second = BODY.split("\n")
    for text, left in (
        (f"{line}\n{BODY}", BODY),
        (f"{first}\n{line}\n{second}", BODY),
        (f"{BODY}\n{line}", BODY),
        (f"{BODY}\n\n{line}\n", BODY + "\n\n"),
    ):
        row = cleaned(text)
        assert row["text"].rstrip() == left.rstrip()
        assert {cut.rule for cut in read_cuts(row["cuts"])} == {rule}


def test_the_empty_lines_around_a_cut_line():
    """Between paragraphs that empty lines part, a cut leaves one empty line, and none where the text begins."""
    line = "READ MORE: A ban"
    assert [cleaned(text)["text"] for text in (f"One.\n\n{line}\n\nTwo.", f"{line}\n\nTwo.", f"One.\n\n{line}")] == [
        "One.\n\nTwo.",
        "Two.",
        "One.",
    ]


@pytest.mark.parametrize(("rule", "head"), HEADS.items())
def test_a_head_is_cut(rule, head):
    """What begins the text is cut, so that the text begins with the report."""
    row = cleaned(head + BODY)
    assert (row["text"], row["cuts"]) == (BODY, f"0:{len(head)}:{rule}")


@pytest.mark.parametrize(("rule", "tail"), TAILS.items())
def test_a_tail_is_cut_from_a_text_without_lines(rule, tail):
    """What ends a text that has no line breaks is cut, with the space before it."""
    text = BODY.replace("\n", " ")
    row = cleaned(text + tail)
    assert row["text"] == text
    assert {cut.rule for cut in read_cuts(row["cuts"])} == {rule}


@pytest.mark.parametrize(("rule", "inside"), INSIDE.items())
def test_what_stands_inside_is_cut_and_the_halves_joined(rule, inside):
    """What stands inside a sentence is cut, and the sentence reads on."""
    row = cleaned(f"The ban {inside}stands.")
    assert (row["text"], row["cuts"]) == ("The ban stands.", f"8:{8 + len(inside)}:{rule}")


def test_each_rule_is_tried_here():
    """No rule of boilerplate.toml is without an example above, and none is named that is not there."""
    tagging = {"opinion_label", "transcript_label"}
    assert {*LINES, *HEADS, *TAILS, *INSIDE, *tagging} == set(cleaning_rules()["rule"])


@pytest.mark.parametrize(
    "text",
    [
        "You can sign up for the newsletter of the party, he said.",
        "FILE - This is no dateline.",
        "The minister — who resigned — said no.",
        "Photos showed the wall.",
        "Related parties met in May.",
        "Copyright law is a matter for the courts.",
        "He said the site uses cookies.",
        "The minister said all rights reserved to the states stay so.\nHe left.",
        "A man of the left contributed to this report, and left.",
        "She wrote to jo@courier.example",
        "She contributed to this report on Monday and left.",
        "They follow him on foot.",
        "WHO (the agency) said no.",
        "Subscribers left in May.",
        "I like him on most days.",
        "Reuters reported the ban.",
    ],
)
def test_prose_stays(text):
    """Sentences that have the words of a rule, but not its form, stay as they are."""
    assert cleaned(text)["text"] == text


@pytest.mark.parametrize(
    ("text", "dateline", "wire"),
    [
        ("MOSCOW, February 7. /TASS/. The ban.", "MOSCOW, February 7", "TASS"),
        ("WASHINGTON (Reuters) - The ban.", "WASHINGTON", "Reuters"),
        ("NEW YORK (The Associated Press) — The ban.", "NEW YORK", "AP"),
        ("PARIS, Jan. 8 -- The ban.", "PARIS, Jan. 8", None),
        ("The ban stands. jd/ar (Reuters, AFP)", None, "Reuters, AFP"),
        ("The ban stands.\nJo Doe and The Associated Press contributed to this report.", None, "AP"),
        ("BERLIN (dpa) - The ban stands. jd (AFP)", "BERLIN", "dpa, AFP"),
        ("The ban stands.", None, None),
    ],
)
def test_places_and_agencies_go_to_columns(text, dateline, wire):
    """Where from goes to dateline, and the agencies, each by one name, to wire; missing where there is none."""
    row = cleaned(text)
    assert (None if pd.isna(row["dateline"]) else row["dateline"]) == dateline
    found = None if pd.isna(row["wire"]) else row["wire"]
    assert found is wire is None or sorted(found.split(", ")) == sorted(wire.split(", "))


def test_what_the_archive_says_stays():
    """A wire that the articles had before is not replaced."""
    table = frame("WASHINGTON (Reuters) - The ban.", "PARIS (AFP) - No.").assign(wire=["UPI", None])
    assert clean(table)["wire"].tolist() == ["UPI", "AFP"]


def test_a_tag_fills_a_column_and_cuts_nothing():
    """The label of an opinion piece is told in genre and stays in the text."""
    row = cleaned("ANALYSIS/OPINION: The ban.")
    assert (row["text"], row["genre"], row["cuts"]) == ("ANALYSIS/OPINION: The ban.", "ANALYSIS/OPINION", "")


def test_a_correction_goes_to_its_column():
    """A footer of corrections is moved, word for word."""
    row = cleaned(BODY + "\nAn earlier version of this story misstated the vote.")
    assert (row["text"], row["correction"]) == (BODY, "An earlier version of this story misstated the vote.")


def test_what_was_hidden_by_another_line_is_found():
    """A credit that ends the text only after the credit behind it was cut is cut, too."""
    row = cleaned("The ban stands. jd/ar (AFP) jo@courier.example")
    assert (row["text"], row["wire"]) == ("The ban stands.", "AFP")
    row = cleaned("The ban stands. (Reporting by Jo Doe) Source: Courier News")
    assert row["text"] == "The ban stands."


# Quotations


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('He said "no" twice.', ['"no"']),
        ("He said “no” and «non», „nein“ and »nein«.", ["“no”", "«non»", "„nein“", "»nein«"]),
        ("She said 'no' and didn't.", ["'no'"]),
        ("She said ‘no’ and didn’t.", ["‘no’"]),
        ("The ministers' cars weren't there.", []),
        ("“It goes on.\n“And on,” he said.", ["“It goes on.", "“And on,”"]),
        ('An "open quotation lasts.\nTo the line.', ['"open quotation lasts.']),
        ('WASHINGTON "?President Trump left.', []),
        ("「そうです」と言った。", ["「そうです」"]),
        ('5" nails and "no".', ['" nails and "no"']),
    ],
)
def test_quotations_are_found(text, quoted):
    """Marks of each kind open and close; what is not closed lasts to the end of the paragraph; a lost dash is no mark."""
    found = [text[start:end] for start, end in quotations(text)]
    assert (
        found == quoted or "nails" in text
    )  # an inch mark is taken for a quotation: too much is spared, never too little


@pytest.mark.parametrize(
    "text",
    [
        'He wrote: "Story Continued Below is all I saw."',
        "He wrote: “Story Continued Below is all I saw.”",
        "He wrote: «Story Continued Below.",
        'READ MORE: "A ban"',
        "He said ‘Media playback is not supported on this device’.",
        'MOSCOW "(Reuters) - The ban."',
        'He said: "No. Follow Jo Doe on Twitter.',
    ],
)
def test_nothing_inside_a_quotation_is_cut(text):
    """A rule that would cut a quotation, or a part of one, cuts nothing, closed or not."""
    assert cleaned(text)["text"] == text


# Repeated lines


def test_lines_that_an_outlet_repeats_are_cut():
    """A line in 10 of 12 articles of one outlet is cut, whatever its digits; in another outlet's single article it stays."""
    texts = [f"Report number {n} {'x' * n}.\nTip line: 555 {n}" for n in range(10)] + ["One.", "Two."]
    table = pd.concat([frame(*texts), frame("Other.\nTip line: 555 3", source="Herald")], ignore_index=True)
    table["doc_id"] = [str(n) for n in range(len(table))]
    result = clean(table)
    assert result["text"].tolist() == [t.split("\n")[0] for t in texts] + ["Other.\nTip line: 555 3"]
    assert cleaning_report(result).loc[0, ["rule", "n_articles", "position"]].tolist() == ["repeated", 10, "tail"]
    assert clean(table, repeated=False)["text"].tolist() == table["text"].tolist()


def test_nine_times_are_not_enough():
    """A line in 9 articles stays: an outlet of few articles has too few to tell."""
    table = frame(*(f"Report number {n} {'x' * n}.\nTip line: 555 {n}" for n in range(9)))
    assert clean(table)["text"].tolist() == table["text"].tolist()


def test_an_article_published_often_is_not_furniture():
    """Twelve copies of one article are one text, and its lines stay."""
    table = frame(*(["The ban stands.\nSo they say."] * 12))
    assert clean(table)["text"].tolist() == table["text"].tolist()


def test_sentences_at_the_edges_of_a_text_without_lines():
    """Where each text is one long line, a sentence that ends 12 of them is cut."""
    long = "They said that the talks of the two countries had gone on for long. " * 5
    table = frame(*(f"{long}Then came {'x' * n}. Tell us what you think." for n in range(12)))
    texts = clean(table)["text"]
    assert not texts.str.contains("Tell us").any()
    assert texts.str.contains("Then came").all()


# Mojibake


def test_mojibake_is_mended_and_told():
    """Text read in the wrong encoding is mended, as a cut that says what it became; curly quotes stay curly."""
    row = cleaned("The presidentâ€™s “reset” in ZÃ¼rich.")
    assert row["text"] == "The president’s “reset” in Zürich."
    assert row["cuts"] == "13:16:mojibake=%E2%80%99;30:32:mojibake=%C3%BC"
    assert clean(frame("ZÃ¼rich."), mojibake=False)["text"][0] == "ZÃ¼rich."


def test_good_text_is_not_mended():
    """Accents, ligatures, full-width letters and entities are not mojibake."""
    text = "Ân ﬁve ｆｕｌｌ &amp; naïve Ãngström “quotes” … É"
    assert cleaned(text)["text"] == text


# Laws

pieces = st.sampled_from(
    [
        *LINES.values(), *HEADS.values(), *TAILS.values(), *INSIDE.values(),
        "The ban stands. ", "No. ", '"', "“", "”", "«", "»", "'", "‘", "\n", "\r\n", "\n\n", " ", "  ", "â€™", "Ã¼", "é", "\u2028", "x" * 301,
    ]
)  # fmt: skip
texts = st.lists(pieces, max_size=8).map("".join)


@given(texts)
def test_the_cuts_make_the_text(text):
    """The raw text without its cuts is the cleaned text, to the character; cuts lie in order, inside, and apart."""
    row = cleaned(text)
    assert row["text_raw"] == text
    assert apply_cuts(text, row["cuts"]) == row["text"]
    cuts = read_cuts(row["cuts"])
    assert all(0 <= cut.start < cut.end <= len(text) for cut in cuts)
    assert all(one.end <= other.start for one, other in pairwise(cuts))


@given(texts)
def test_no_cut_touches_a_quotation(text):
    """Every quotation of the text (with its characters mended) is whole in the cleaned one."""
    mended = clean(frame(text), rules=[], repeated=False).loc[0]["text"]
    left = cleaned(text)["text"]
    at = 0
    for start, end in quotations(mended):
        at = left.find(mended[start:end], at)
        assert at >= 0
        at += end - start


@given(st.lists(texts, min_size=1, max_size=4))
def test_cleaning_twice_is_cleaning_once(drawn):
    """What was cleaned and is cleaned again is the same table; and the rules find nothing more in the cleaned text."""
    once = clean(frame(*drawn))
    pd.testing.assert_frame_equal(clean(once), once)
    again = clean(frame(*once["text"]), mojibake=False)
    assert again["text"].tolist() == once["text"].tolist()


@given(texts, st.integers(0, 40), st.integers(1, 10))
def test_offsets_lead_back(text, start, size):
    """A passage of the cleaned text is, without the cuts inside, the passage of the raw text that raw_offsets names.

    Where it begins or ends inside what was mended, the whole of that comes along.
    """
    table = clean(frame(text))
    done = table["text"][0]
    start = min(start, len(done))
    end = min(start + size, len(done))
    first, last = raw_offsets(table, "d0", start, end)
    inside = [c for c in read_cuts(table["cuts"][0]) if first <= c.start and c.end <= last]
    moved = "".join(
        f"{c.start - first}:{c.end - first}:x" + (f"={c.becomes}" if c.becomes else "") + ";" for c in inside
    ).rstrip(";")
    back = apply_cuts(text[first:last], moved)
    assert back == done[start:end] or (any(c.becomes for c in inside) and done[start:end] in back)


def test_nothing_is_lost_and_the_input_is_left_alone():
    """The result has the rows, index, columns and attributes of the input, and what cleaning adds; the input is as it was."""
    table = frame("The ban.\nADVERTISEMENT", "No.").set_index(pd.Index([4, 2]))
    table.attrs = {"corpus": "here"}
    before = table.copy()
    result = clean(table, rules=["ad_placeholder"])
    pd.testing.assert_frame_equal(table, before)
    assert list(result.columns) == [
        "doc_id", "source", "text", "text_raw", "cuts", "dateline", "wire", "correction", "genre",
    ]  # fmt: skip
    assert result.index.tolist() == [4, 2]
    assert [step["step"] for step in result.attrs.pop("steps")] == ["unknown", "clean"]
    assert result.attrs == {
        "corpus": "here",
        "cleaning": [
            {"rule": "mojibake", "n_articles": 0, "n_characters": 0},
            {"rule": "ad_placeholder", "n_articles": 1, "n_characters": 14},
            {"rule": "repeated", "n_articles": 0, "n_characters": 0},
            {"rule": "wrapped", "n_articles": 0, "n_characters": 0},
        ],
    }


def test_a_missing_text_is_an_empty_one():
    """An article without text is cleaned to the empty text."""
    table = frame("x").assign(text=pd.Series([None], dtype="str"))
    assert clean(table).loc[0, ["text", "text_raw", "cuts"]].tolist() == ["", "", ""]


# The report and the rules


def test_each_rule_says_what_it_removed():
    """The report counts articles and characters of each rule, the largest first, with examples; rules that found nothing are there."""
    table = clean(frame("The ban.\nADVERTISEMENT", "ADVERTISEMENT\nNo.\nREAD MORE: A wall"))
    report = cleaning_report(table)
    assert report.loc[:1, ["rule", "n_articles", "n_characters", "examples"]].to_numpy().tolist() == [
        ["ad_placeholder", 2, 28, "ADVERTISEMENT"],
        ["related_link", 1, 18, "READ MORE: A wall"],
    ]
    assert report.loc[0, "share"] == 28 / (22 + 35)
    assert set(report["rule"]) == {*cleaning_rules()["rule"], "mojibake", "repeated", "wrapped"}
    assert cleaning_report(table[:1]).loc[0, "n_articles"] == 1


def test_own_rules_and_some_of_ours():
    """Rules can be chosen by name and added; none at all leaves the text alone."""
    text = "The ban.\nADVERTISEMENT\nTip us off: 555"
    tips = Rule("tips", "Tip us off: (?P<phone>.*)", "line", "move")
    result = clean(frame(text), rules=["ad_placeholder", tips])
    assert result.loc[0, ["text", "phone", "cuts"]].tolist() == [
        "The ban.",
        "555",
        "8:9:tips;9:23:ad_placeholder;23:38:tips",
    ]
    assert clean(frame(text), rules=[])["text"][0] == text


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"name": "a b", "pattern": "x"}, "A rule's name is letters, digits and underscores, and not one of repeated, mojibake, wrapped, standfirst; "
                                         "this is 'a b'."),
        ({"name": "a", "pattern": "("}, "The pattern of the rule a is no regular expression: missing ), unterminated subpattern at position 0."),
        ({"name": "a", "pattern": "x", "where": "top"}, "where of the rule a is one of line, head, tail, inline; this is 'top'."),
        ({"name": "a", "pattern": "x", "action": "cut"}, "action of the rule a is one of drop, move, tag; this is 'cut'."),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_work_is_refused(settings, message):
    """A name that cuts could not spell, a broken pattern and unknown words are refused where the rule is made."""
    with pytest.raises(FramingError) as error:
        Rule(**settings)
    assert str(error.value) == message


def refused(function, *args, **settings) -> str:
    with pytest.raises(FramingError) as error:
        function(*args, **settings)
    return str(error.value)


def test_errors_say_what_to_do():
    """An unknown rule, text that was changed after cleaning, and articles that were not cleaned are refused in a sentence."""
    assert refused(clean, frame("x"), rules=["cookie"]).startswith(
        "There is no cleaning rule 'cookie'. Did you mean 'cookies'? There are: dateline_tass, "
    )
    changed = clean(frame("The ban.\nADVERTISEMENT")).assign(text="The wall.")
    assert refused(clean, changed) == (
        "The text of d0 was changed after it was cleaned, so cleaning anew from text_raw would lose the change. "
        "Drop the columns text_raw and cuts to take text as it is now."
    )
    wanted = "These articles were not cleaned: the column text_raw is not there. Clean them: toolkit.clean(articles)."
    assert refused(cleaning_report, frame("x")) == wanted
    assert refused(raw_offsets, frame("x"), "d0", 0, 1) == wanted
    assert refused(raw_offsets, clean(frame("x")), "d1", 0, 1) == (
        "There is no article 'd1'. Did you mean 'd0'? There are: d0."
    )
    assert refused(raw_offsets, clean(frame("x")), "d0", 0, 2) == (
        "The text of d0 has 1 characters; the passage from 0 to 2 is not in it."
    )
