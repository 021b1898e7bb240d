"""Lines that were broken at a fixed width: they are joined, with the words that a hyphen parts, and nothing else is."""

import textwrap

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
from toolkit.corpora.cleaning import apply_cuts
from toolkit.corpora.lines import wrapped_joins

PARAGRAPHS = (
    "The council of Dunmore voted on Monday evening for a complete reset of the harbour plan, which the mayor had called late. "
    "Nine of the fourteen members were for it, among them two of the opposition, who had been against it for years.",
    "The old plan of 2009 had foreseen a second quay, a ferry to the islands and a hall for the fish market; none of these was "
    "ever built, and the land lay waste. Now a park is to come first, and after it, if the money suffices, a school for pilots.",
)


def joined(text, is_word=lambda word: True):
    for join in reversed(wrapped_joins(text, is_word)):
        text = text[: join.start] + join.becomes + text[join.end :]
    return text


@given(st.integers(35, 110), st.sampled_from(["\n", "\r\n", " \n"]))
def test_wrapping_is_undone(width, line_end):
    """Paragraphs that were wrapped at any width, with an empty line between them, come back as they were."""
    wrapped = ("\n\n").join(line_end.join(textwrap.wrap(each, width, break_on_hyphens=False)) for each in PARAGRAPHS)
    assert joined(wrapped) == "\n\n".join(PARAGRAPHS)


@given(st.integers(35, 90))
def test_lines_that_became_paragraphs_are_joined(width):
    """With an empty line behind each line, no phrase is lost at a line's end."""
    whole = " ".join(PARAGRAPHS)
    assert joined("\n\n".join(textwrap.wrap(whole, width, break_on_hyphens=False))) == whole


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join(PARAGRAPHS),
        "\n".join([*PARAGRAPHS, *PARAGRAPHS]),
        "\n".join(f"Item {n}: a ban." for n in range(20)),
        "\n\n".join(
            f"The plan was signed on Friday by the mayor of the town, and many came. Paragraph {n}."
            for n in range(10, 30)
        ),
        "\n".join(
            f"The plan was signed on Friday by the mayor of the town, it is said on page {n}!" for n in range(10, 30)
        ),
        "Roses are red,\nViolets are blue,\nSugar is sweet,\nAnd so are you,\nAnd so is the day,\nAnd the night too.",
        "the minister said that taxes would rise\nthe weather was fine\na reset came in may\nand then it rained\nnothing else\nno",
        "",
        "\n\n\n",
    ],
)
def test_other_line_breaks_stay(text):
    """Paragraphs, lists, verses and lines without full stops are left as they are."""
    assert joined(text) == text


def test_a_parted_word_is_joined_where_it_is_one():
    """A hyphen at a line's end goes where the corpus has the whole word, and stays where the word has its own."""
    text = "They spoke about the tra-\nvel ban and the so-\ncalled reset, which the\nmayor of the town had asked\nfor in the spring. It came."
    assert "travel ban" in joined(text, lambda word: word in ("travel", "so", "called"))
    assert "so-called reset" in joined(text, lambda word: word in ("travel", "so", "called"))
    assert "the travel ban" in joined(text, lambda word: False)


def test_cleaning_says_how_often_lines_were_joined_and_can_be_undone():
    """Joined lines are cuts like any other: counted, reported, and the raw text has them."""
    wrapped = "\n".join(textwrap.wrap(" ".join(PARAGRAPHS), 60)).replace("complete reset", "complete\nreset")
    articles = pd.DataFrame({"doc_id": ["a", "b"], "text": [wrapped, PARAGRAPHS[0]]})
    cleaned = tk.clean(articles)
    assert len(tk.find(cleaned, "complete reset", voices=False)) == 2
    assert cleaned["text_raw"].tolist() == articles["text"].tolist()
    assert [apply_cuts(*each) for each in zip(cleaned["text_raw"], cleaned["cuts"])] == cleaned["text"].tolist()
    report = tk.cleaning_report(cleaned).set_index("rule")
    assert report.loc["wrapped", "n_articles"] == 1
    assert tk.clean(cleaned)["text"].tolist() == cleaned["text"].tolist()
    audit = tk.audit(articles).set_index("check")["n"]
    assert audit["texts with wrapped lines"] == 1


def test_a_standfirst_that_is_the_lead_counts_once():
    """A standfirst that the text begins with is set aside by cleaning, is counted, and is not lost."""
    lead = "A fresh start was voted on Monday in the town hall."
    articles = pd.DataFrame(
        {"doc_id": ["a", "b"], "standfirst": [lead, "Another vote, as so often."], "text": [f"{lead}\n\nLate."] * 2}
    )
    cleaned = tk.clean(articles)
    assert cleaned["standfirst"].isna().tolist() == [True, False] and cleaned["standfirst_raw"].tolist()[0] == lead
    assert tk.clean(cleaned)["standfirst_raw"].tolist()[0] == lead
    assert tk.cleaning_report(cleaned).set_index("rule").loc["standfirst", "n_articles"] == 1
    assert tk.audit(articles).set_index("check").loc["standfirsts that repeat the lead", "n"] == 1


def test_a_lead_stays_where_repeats_are_not_asked_for():
    """Without repeated=, cleaning leaves standfirsts as they are."""
    lead = "A fresh start was voted on Monday."
    articles = pd.DataFrame({"doc_id": ["a"], "standfirst": [lead], "text": [f"{lead}\n\nLate."]})
    assert tk.clean(articles, repeated=False)["standfirst"].tolist() == [lead]


@pytest.mark.parametrize(
    ("texts", "check"),
    [
        (["rain and wind and a reset " * 5] * 3, "texts without full stops"),
        (["rain and wind. a reset came. " * 12] * 3, "texts without capitals"),
        (["RAIN AND WIND. A RESET CAME. " * 12] * 3, "texts in capitals"),
        (
            ["1 of 3 DOCUMENTS\nRain.\n2 of 3 DOCUMENTS\nWind.\n3 of 3 DOCUMENTS\nSun."],
            "texts that hold several articles",
        ),
        (["Rain.\n=====\nWind.\n=====\nSun.\n=====\nSnow."], "texts that hold several articles"),
    ],
)
def test_broken_assumptions_are_told(texts, check):
    """What words, sentences and voices rest on is looked for, and an audit says where it does not hold."""
    articles = pd.DataFrame({"doc_id": [f"d{n}" for n in range(len(texts))], "text": texts})
    assert tk.audit(articles).set_index("check").loc[check, "n"] == len(texts)


def test_an_ordinary_corpus_has_no_such_lines():
    """Texts as they should be give none of these checks."""
    checks = set(tk.audit(pd.DataFrame({"doc_id": ["a"], "text": ["\n\n".join(PARAGRAPHS)]}))["check"])
    assert not any(
        check.startswith(("texts with wrapped", "texts that hold", "texts in", "dates far")) for check in checks
    )


@pytest.mark.parametrize(
    ("dates", "n"),
    [
        (["2017-01-01", "2017-01-03", "2071-01-02"], 1),
        (["2017-01-01"] * 300 + ["1917-01-01", "2017-02-01"], 1),
        (["2017-01-01"] * 300 + ["1970-01-01"] * 3, 3),
        (["1990-01-01", "2000-01-01", "2010-01-01", "2017-01-01"] * 50, 0),
        (["2017-01-01", None, "2018-01-01"], 0),
        ([None], 0),
    ],
)
def test_dates_far_from_the_rest_are_told(dates, n):
    """A few dates years from all others, or in the future, are told in the audit and when periods are laid out; a spread is not."""
    articles = pd.DataFrame(
        {"doc_id": [f"d{i}" for i in range(len(dates))], "date": pd.to_datetime(dates), "text": "A reset."}
    )
    checks = tk.audit(articles, near_duplicates=False).set_index("check")["n"]
    assert checks.get("dates far from the rest", 0) == n
    if n:
        with pytest.warns(tk.FramingWarning, match="future or years from all others"):
            tk.usage(articles, "reset", by=(), freq="Y")
