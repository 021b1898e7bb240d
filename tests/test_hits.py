"""Contexts: passages cut at words, sentences or paragraphs, merged where they overlap."""

import pandas as pd
import pytest

import toolkit as tk
from toolkit.tables import CONTEXTS

TEXT = "It rained. Mr. Putin spoke of a reset. The U.S. wants a reset too!\n\nNo reset here. Sun."


def index(*texts, **columns):
    return tk.tokenize(pd.DataFrame({"doc_id": [f"d{n}" for n in range(len(texts))], "text": list(texts), **columns}))


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (1, ["a reset. The", "a reset too", "No reset here"]),
        ((2, 0), ["of a reset", "wants a reset", "too!\n\nNo reset"]),
        (4, ["Putin spoke of a reset. The U.S. wants a reset too!\n\nNo reset here. Sun"]),
        ("sentence", ["Mr. Putin spoke of a reset.", "The U.S. wants a reset too!", "No reset here."]),
        ("paragraph", [TEXT.split("\n\n")[0], "No reset here. Sun."]),
    ],
)
def test_windows(window, expected):
    """Each kind of window cuts what it says."""
    assert tk.contexts(index(TEXT), "reset", window=window)["text"].tolist() == expected


def test_passages_point_at_the_text():
    """A passage is its field from start to end, and no two overlap when merged."""
    articles = tk.load("daily-brief")
    table = tk.contexts(tk.tokenize(articles), {"reset": "reset*", "ban": "travel ban*"}, window=6)
    texts = articles.set_index("doc_id")
    assert {*CONTEXTS.columns} <= set(table.columns)
    assert table["context_id"].is_unique
    for row in table.to_dict("records"):
        assert texts.loc[row["doc_id"], row["field"]][row["start"] : row["end"]] == row["text"]
    for _, group in table.groupby(["doc_id", "field"]):
        assert (group["start"].to_numpy()[1:] >= group["end"].to_numpy()[:-1]).all()


def test_every_hit_is_in_one_passage():
    """Merged or not, the hits of the passages are the hits of the term."""
    tokens = tk.tokenize(tk.load("daily-brief"))
    n = len(tk.find(tokens, "reset*"))
    assert tk.contexts(tokens, "reset*", window="sentence")["n_hits"].sum() == n
    apart = tk.contexts(tokens, "reset*", window="sentence", merge=False)
    assert len(apart) == n
    assert apart["context_id"].is_unique


def test_mask_hides_the_term():
    """With a mask the term itself is not in the passage, and its neighbours are."""
    table = tk.contexts(index(TEXT), "reset", window="paragraph", mask="___")
    assert not table["text"].str.contains("reset").any()
    assert table["text"].tolist()[1] == "No ___ here. Sun."


def test_terms_inside_are_named():
    """A passage with two terms names both."""
    table = tk.contexts(index("a reset and a ban"), ["ban", "reset"], window=5)
    assert table[["terms", "n_hits"]].values.tolist() == [["ban|reset", 2]]


@pytest.mark.parametrize(
    ("window", "message"),
    [
        ("pag", "There is no window 'pag'. Did you mean 'paragraph'? There are: sentence, paragraph, article."),
        (
            -1,
            'A window is a number of words on each side, two numbers (left, right), "sentence" or "paragraph"; this is -1.',
        ),
    ],
)
def test_odd_windows(window, message):
    """A window that is none is refused."""
    with pytest.raises(tk.FramingError) as error:
        tk.contexts(index("reset"), "reset", window=window)
    assert str(error.value) == message


def test_a_quotation_keeps_its_marks():
    """A sentence that is quoted comes with its marks, and the speaker's words after it are another sentence."""
    table = tk.contexts(index("“We want a reset.” He said so, and left."), "reset", window="sentence")
    assert table["text"].tolist() == ["“We want a reset.”"]


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (
            "sentence",
            ["It rained.", "Mr. Putin spoke of a reset.", "The U.S. wants a reset too!", "No reset here.", "Sun."],
        ),
        ("paragraph", [TEXT.split("\n\n")[0], "No reset here. Sun."]),
        ("article", [TEXT]),
    ],
)
def test_all_passages(window, expected):
    """Without terms every sentence, every paragraph or every text is a passage, an empty text none."""
    articles = pd.DataFrame({"doc_id": ["a", "b", "c"], "text": [TEXT, " ", None], "source": ["x", "y", "z"]})
    table = tk.contexts(tk.tokenize(articles), None, window=window)
    assert table["text"].tolist() == expected
    assert [TEXT[row.start : row.end] for row in table.itertuples()] == expected
    assert table["context_id"].is_unique and set(table["source"]) == {"x"}
    assert table["n_hits"].tolist() == [0] * len(expected) and set(table["terms"]) == {""}
    assert {*CONTEXTS.columns} - {"date"} <= set(table.columns)


def test_all_passages_need_a_unit():
    """Words around a hit, a mask and voices make no sense without hits."""
    with pytest.raises(tk.FramingError) as error:
        tk.contexts(index(TEXT), None)
    assert str(error.value) == (
        'Without terms a window is "sentence", "paragraph" or "article"; words before and after a hit need terms. This is 25.'
    )
    for settings in ({"mask": "___"}, {"voices": True}):
        with pytest.raises(tk.FramingError) as error:
            tk.contexts(index(TEXT), None, window="article", **settings)
        assert str(error.value) == "Without terms there are no hits, so none can be masked and none has a voice."


def test_a_passage_has_the_voices_of_its_hits():
    """A passage with an own word and a quoted one names both; they are those that find tells."""
    tokens = index("The reset failed. “We want a reset,” she said.", "A reset came.")
    table = tk.contexts(tokens, "reset", window=20, voices=True)
    assert table["voice"].tolist() == ["outlet|quoted", "outlet"]
    assert set(tk.find(tokens, "reset")["voice"]) == {"outlet", "quoted"}
    assert "voice" not in tk.contexts(tokens, "reset", window=20).columns


@pytest.fixture
def three_fields():
    """Two articles with titles, standfirsts and texts; one has nothing but a title."""
    return tk.tokenize(
        pd.DataFrame(
            {
                "doc_id": ["a", "b"],
                "title": ["A reset?", "Rain"],
                "standfirst": ["", None],
                "text": [" “We want a reset,” she said. \n", ""],
                "source": ["x", "y"],
            }
        )
    )


def test_a_whole_article_is_one_passage(three_fields):
    """Its fields are joined by an empty line, those without text left out; start and end count through what is joined."""
    table = tk.contexts(three_fields, None, window="article")
    assert table["text"].tolist() == ["A reset?\n\n“We want a reset,” she said.", "Rain"]
    assert table[["context_id", "field", "start"]].values.tolist() == [
        ["a:article:0", "article", 0],
        ["b:article:0", "article", 0],
    ]
    assert table["end"].tolist() == table["text"].str.len().tolist()


def test_whole_articles_with_a_hit(three_fields):
    """An article with hits in its title and its text is one row, masked in both; hits apart are two rows of the same text."""
    table = tk.contexts(three_fields, "reset", window="article", mask="___", voices=True)
    assert table[["doc_id", "n_hits", "voice"]].values.tolist() == [["a", 2, "outlet|quoted"]]
    assert table["text"].tolist() == ["A ___?\n\n“We want a ___,” she said."]
    apart = tk.contexts(three_fields, "reset", window="article", mask="___", merge=False, voices=True)
    assert apart["text"].tolist() == [
        "A ___?\n\n“We want a reset,” she said.",
        "A reset?\n\n“We want a ___,” she said.",
    ]
    assert apart["context_id"].is_unique and apart["voice"].tolist() == ["outlet", "quoted"]
    assert len(tk.contexts(three_fields, "reset", window="sentence")) == 2


@pytest.mark.filterwarnings("error::toolkit.FramingWarning")
def test_a_single_field_keeps_its_name_and_places():
    """Where only the text was read, a whole article points into it, and a text with line breaks brings no warning."""
    table = tk.contexts(index("  A reset. \n\nRain. "), "reset", window="article")
    assert table[["context_id", "field", "start", "end"]].values.tolist() == [["d0:text:2", "text", 2, 18]]
    assert len(tk.contexts(index("  A reset. \n\nRain. "), None, window="paragraph")) == 2


def test_texts_without_line_breaks_are_told_of_once():
    """Paragraphs of such texts are whole fields: it is said once for an index."""
    tokens = index("A reset. Rain.", " Sun. \n")
    with pytest.warns(tk.FramingWarning) as told:
        assert len(tk.contexts(tokens, None, window="paragraph")) == 2
        tk.contexts(tokens, "reset", window="paragraph")
    assert [str(each.message) for each in told] == [
        "No text of these 2 articles has a line break, so each title and each text is one paragraph. For shorter passages give "
        'window="sentence" or a number of words; for one passage an article, window="article".'
    ]


def test_articles_give_what_their_index_gives():
    """find and contexts take articles, too, and tokenise them on the way."""
    articles = pd.DataFrame({"doc_id": ["a", "b"], "text": ["A reset? It rained.", "No reset."]})
    tokens = tk.tokenize(articles)
    pd.testing.assert_frame_equal(tk.find(articles, "reset"), tk.find(tokens, "reset"))
    pd.testing.assert_frame_equal(tk.contexts(articles, "reset", window=1), tk.contexts(tokens, "reset", window=1))
    pd.testing.assert_frame_equal(
        tk.contexts(articles, None, window="sentence"), tk.contexts(tokens, None, window="sentence")
    )


def test_passages_follow_the_language_of_their_article():
    """With a column language each article is cut into sentences by the rules of its own, with terms and without."""
    texts = ["Neustart in Wien. No. Bald.", "A reset in No. 3 of May. It rained."]
    articles = pd.DataFrame({"doc_id": ["a", "b"], "language": ["de", "en"], "text": texts})
    passages = tk.contexts(articles, None, window="sentence")["text"].tolist()
    assert passages == ["Neustart in Wien.", "No.", "Bald.", "A reset in No. 3 of May.", "It rained."]
    assert tk.contexts(articles, "reset", window="sentence")["text"].tolist() == ["A reset in No. 3 of May."]
    assert tk.contexts(articles, "reset", window="sentence", language="de")["text"].tolist() == ["A reset in No."]
