"""Collocates: words near a node, counted once, against what chance would give."""

import re

import pandas as pd
import pytest

import toolkit as tk
from toolkit.tables import COLLOCATES


def index(*texts):
    return tk.tokenize(pd.DataFrame({"doc_id": [f"d{n}" for n in range(len(texts))], "text": list(texts)}))


def test_counts_by_hand():
    """Window, sides, articles and corpus counts of a text one can read."""
    tokens = index("hot reset cold wind hot", "wind reset hot")
    table = tk.collocates(tokens, "reset", window=1, min_n=1).set_index("collocate")
    assert list(table.reset_index().columns) == list(COLLOCATES.columns)
    assert table.loc["hot", ["n", "n_left", "n_right", "n_articles", "n_corpus"]].tolist() == [2, 1, 1, 2, 3]
    assert table.loc["wind", ["n", "n_left", "n_right", "n_articles", "n_corpus"]].tolist() == [1, 1, 0, 1, 2]
    # four words in the windows, of six outside the node; hot is half of them
    assert table.loc["hot", "n_expected"] == pytest.approx(4 * 3 / 6)


def test_a_word_between_two_nodes_counts_once():
    """A word near two occurrences is counted for the nearer, once; the node is no collocate of itself."""
    table = tk.collocates(index("reset the great reset"), "reset", window=3, min_n=1).set_index("collocate")
    assert table[["n", "n_left", "n_right"]].to_dict("index") == {
        "the": {"n": 1, "n_left": 0, "n_right": 1},
        "great": {"n": 1, "n_left": 1, "n_right": 0},
    }


def test_windows_stay_in_their_article():
    """The first word of the next article is no neighbour."""
    table = tk.collocates(index("a reset", "b reset"), "reset", window=5, min_n=1)
    assert table["n"].sum() == 2


def test_golden_window_counts_of_the_news_corpus():
    """On the news corpus, what stands within five words of "travel ban" is what a plain loop over words counts."""
    tokens = tk.tokenize(tk.load("news-2017"), ["text"])
    table = tk.collocates(tokens, "travel ban", window=5, min_n=1).set_index("collocate")
    expected: dict[str, int] = {}
    for text in tokens.texts("text"):
        if not re.search("travel", text, re.IGNORECASE):
            continue
        spans = [(m.start(), m.end()) for m in re.finditer(r"\btravel[\s\-–“”\"'‘’]+ban(?!\w)", text, re.IGNORECASE)]
        words, at = [], 0
        for word in tk.text.words.split_words(text):
            at = text.index(word, at)
            words.append((word, at, at + len(word)))
            at += len(word)
        node = {i for i, (_, a, b) in enumerate(words) for s, e in spans if s <= a and b <= e + 2}
        near = {j for i in node for j in range(i - 5, i + 6) if 0 <= j < len(words)}
        starts = sorted(i for i in node if i - 1 not in node)
        near = {j for i in starts for j in range(i - 5, i + 7) if 0 <= j < len(words)} - node
        for j in near:
            key = tk.text.words.fold(words[j][0], possessive=True)
            expected[key] = expected.get(key, 0) + 1
    assert table["n"].to_dict() == expected


def test_window_of_nothing():
    """A window without words is refused."""
    with pytest.raises(tk.FramingError) as error:
        tk.collocates(index("reset"), "reset", window=0)
    assert str(error.value) == "A window is at least one word on each side; this is 0."
