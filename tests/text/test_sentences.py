"""Sentences and paragraphs: where they end, which one holds a hit, and how much of a text is read for it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
from toolkit.text import sentences as module
from toolkit.text.matches import match
from toolkit.text.sentences import REACH, paragraph_spans, sentence_spans, unit_bounds, unit_spans


def index(*texts, **columns):
    return tk.tokenize(pd.DataFrame({"doc_id": [f"d{n}" for n in range(len(texts))], "text": list(texts), **columns}))


def spans(tokens, term, unit, language="en"):
    found = match(tokens, tk.Terms(term))
    low, high = unit_spans(tokens, found.first, found.last, unit, language)
    article = np.searchsorted(tokens.offsets, found.first, side="right") - 1
    texts = tokens.texts("text")
    return [texts[a][x:y] for a, x, y in zip(article.tolist(), low.tolist(), high.tolist(), strict=True)]


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("en", ["“We want a reset.”", "She left."]),
        ("en", ['"We want a reset."', "She left."]),
        ("en", ["“Do we want a reset?” she asked.", "Nobody spoke."]),
        ("en", ["He said, “A reset, now.”", "“Why?” they asked."]),
        ("en", ["(It rained.)", "Then came the reset [again.]", "So it went."]),
        ("en", ["Mr. Putin met Sen. Dole and Gov. Pratt.", "Prof. Hahn wrote it down."]),
        ("en", ["It began on Feb. 3 at No. 10.", "Nobody came."]),
        ("en", ["He is 45.", "She left."]),
        ("en", ["He sailed to the U.S.", "The U.S. Navy sank it."]),
        ("en", ["They met at 5 p.m.", "“We agreed,” he said."]),
        ("en", ["A first line ends nothing\nwhere a space would not.", "But here it does."]),
        ("en", ["A heading without a point", "The text below it."]),
        ("de", ["„Das war der Neustart.“", "Er ging.", "»Nein.«", "Sie blieb."]),
        ("fr", ["« C'était tout. »", "Il partit.", "« Oui », dit-elle."]),
        ("ru", ["Он сказал: «Нет.»", "И ушёл."]),
        ("zh", ["重置开始了。", "他说：“好。”", "然后走了！"]),
        ("xx", ["No rules here.", "Still two."]),
    ],
)
def test_ends(language, parts):
    """A sentence ends with its closing marks, not at an abbreviation, and at an empty line in any case."""
    gap = "\n\n" if parts[0].startswith("A heading") else "" if language == "zh" else " "
    text = gap.join(parts)
    assert [text[a:b] for a, b in sentence_spans(text, language)] == parts


@given(st.text(st.sampled_from("ab. !?\n“”»\u00a0\u2028AU.S中。"), max_size=60), st.sampled_from(["en", "de", "fr"]))
def test_sentences_cover_any_text(text, language):
    """Sentences come in order, do not overlap, and leave out nothing but white space."""
    at, rest = 0, ""
    for start, end in sentence_spans(text, language):
        assert at <= start < end <= len(text)
        rest += text[at:start]
        at = end
    assert (rest + text[at:]).strip() == ""


@given(st.text(st.sampled_from("ab \n\r\t"), max_size=40))
def test_paragraphs_are_the_lines_with_text(text):
    """Paragraphs are the lines that have a character, stripped."""
    lines = [line.strip() for line in text.replace("\r", "\n").split("\n") if line.strip()]
    assert [text[a:b] for a, b in paragraph_spans(text)] == lines


def test_the_unit_of_each_hit():
    """Each hit has its own sentence or paragraph, in whatever field and article."""
    tokens = index("It rained. A reset came! Then sun.\nNo reset since.", "Reset")
    assert spans(tokens, "reset", "sentence") == ["A reset came!", "No reset since.", "Reset"]
    assert spans(tokens, "reset", "paragraph") == ["It rained. A reset came! Then sun.", "No reset since.", "Reset"]


def test_a_hit_over_an_end_has_both_sentences():
    """A phrase with a point in it runs over two sentences and has both."""
    assert spans(index("It rained. No more. Resets came. Sun."), "more. resets", "sentence") == [
        "No more. Resets came."
    ]


def test_bounds_are_the_words_of_the_unit():
    """Bounds are the first and last word of the unit, inclusive, as positions in the whole corpus."""
    tokens = index("Rain. “A reset came,” they said. Sun.", "Reset now", title=["One two", "Three"])
    found = match(tokens, tk.Terms("reset"))
    left, right = unit_bounds(tokens, found.first, found.last, "sentence")
    assert [
        tokens.vocabulary.forms[c] for c in tokens.codes[left[0] : right[0] + 1]
    ] == "A reset came they said".split()
    assert (left[1], right[1]) == (len(tokens) - 2, len(tokens) - 1)


def test_no_hit_no_unit():
    """Without a hit the answer is empty."""
    nothing = np.empty(0, dtype=np.int64)
    assert [len(part) for part in unit_bounds(index("No news."), nothing, nothing, "sentence")] == [0, 0]


def test_a_text_is_read_in_parts_without_a_difference(monkeypatch):
    """A long text that is read part by part has the sentences that it has when read whole."""
    rng = np.random.default_rng(5)
    words = np.array(
        ["reset", "rain", "Mr. Ode", "ended.", "he said.”", "“No", "U.S. The", "why?", "so", "now!\n\nThen"]
    )
    texts = [" ".join(rng.choice(words, 400)) for _ in range(8)]
    tokens = index(*texts)
    found = match(tokens, tk.Terms("reset"))
    for unit, whole in (("sentence", sentence_spans), ("paragraph", paragraph_spans)):
        monkeypatch.setattr(module, "_PART", 10**6)
        expected = unit_spans(tokens, found.first, found.last, unit)
        monkeypatch.setattr(module, "_PART", 170)
        np.testing.assert_array_equal(unit_spans(tokens, found.first, found.last, unit), expected)
        article = np.searchsorted(tokens.offsets, found.first, side="right") - 1
        starts = tokens.starts[found.first]
        for a, start, low, high in zip(
            article.tolist(), starts.tolist(), *map(np.ndarray.tolist, expected), strict=True
        ):
            assert (low, high) in set(whole(texts[a]))
            assert low <= start < high


def test_a_text_without_an_end_is_cut(monkeypatch):
    """Where no end is near, the unit is cut at a word, and no more of the text is read than its surroundings."""
    text = "word " * 40_000 + "reset " + "word " * 40_000
    tokens = index(text)
    found = match(tokens, tk.Terms("reset"))
    read = []
    for unit, name in (("sentence", "sentence_spans"), ("paragraph", "paragraph_spans")):
        whole = getattr(module, name)
        monkeypatch.setattr(
            module, name, lambda piece, *more, whole=whole: read.append(len(piece)) or whole(piece, *more)
        )
        low, high = unit_spans(tokens, found.first, found.last, unit)
        assert text[int(low[0]) : int(high[0])].split() == ["word"] * 1999 + ["reset"] + ["word"] * 1999
        assert sum(read) < 3 * REACH
        read.clear()


def test_each_part_is_read_once(monkeypatch):
    """A thousand hits in one text cost one reading of it."""
    text = "Here is a reset. " * 1000
    tokens = index(text)
    found = match(tokens, tk.Terms("reset"))
    read = []
    monkeypatch.setattr(
        module, "sentence_spans", lambda piece, *more: read.append(len(piece)) or sentence_spans(piece, *more)
    )
    low, high = unit_spans(tokens, found.first, found.last, "sentence")
    assert (high - low == len("Here is a reset.")).all()
    assert sum(read) < 2 * len(text)


def test_odd_unit():
    """A unit that is none is refused."""
    nothing = np.empty(0, dtype=np.int64)
    with pytest.raises(tk.FramingError) as error:
        unit_bounds(index("No news."), nothing, nothing, "page")
    assert str(error.value) == 'A unit of text is "sentence" or "paragraph"; this is \'page\'.'
