"""The index: codes that mean the words as written, on disk as in memory."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
from toolkit.text.tokens import Tokens, as_tokens, tokenize
from toolkit.text.words import split_words

WORDS = st.sampled_from(
    ["reset", "Reset", "RESETTLEMENT", "ban", "z", "internationalisation", "internationalization", "Erdoğan", "Ωmega",
     "перезагрузка", "中", "don’t", "don't", "U.S", "𠀀", "\ud800", "x" * 40, "x" * 41, "ȳ", "y"]
)  # fmt: skip
TEXTS = st.lists(st.lists(WORDS | st.text(max_size=6), max_size=12).map(" ".join), min_size=1, max_size=5)


def frame(texts, **columns):
    names = [f"d{n}" for n in range(len(texts))]  # as objects: text columns of pandas cannot hold lone surrogates
    return pd.DataFrame({"doc_id": names, "text": pd.Series(texts, dtype=object), **columns})


def words_of(tokens, field="text"):
    """Read the words back from the index, article by article."""
    texts = tokens.texts(field)
    at = tokens.fields.index(field)
    out = []
    for n, text in enumerate(texts):
        a, b = tokens.offsets[n * len(tokens.fields) + at : n * len(tokens.fields) + at + 2]
        words = [tokens.vocabulary.forms[c] for c in tokens.codes[a:b]]
        for word, start in zip(words, tokens.starts[a:b].tolist(), strict=True):
            assert text[start : start + len(word)] == word
        out.append(words)
    return out


def test_small_corpus_is_visible():
    """Codes follow the first appearance of each form; offsets part title and text of each article."""
    tokens = tokenize(frame(["A reset. A Reset!", None], title=["Reset", "No"]))
    assert tokens.fields == ("title", "text")
    assert tokens.vocabulary.forms[tokens.codes[0]] == "Reset"
    assert words_of(tokens) == [["A", "reset", "A", "Reset"], []]
    assert words_of(tokens, "title") == [["Reset"], ["No"]]
    assert tokens.n_words.tolist() == [5, 1]


def test_each_character_can_be_a_word():
    """Scripts that do not part words have as many words as characters, and all of them are kept."""
    assert words_of(tokenize(frame(["難民問題", "1テテ1"]))) == [list("難民問題"), ["1", "テ", "テ", "1"]]


@given(TEXTS)
def test_codes_spell_the_words_of_any_text(texts):
    """Grouping by packed characters is exact: the index spells what splitting each text by itself gives."""
    tokens = tokenize(frame(texts))
    assert words_of(tokens) == [split_words(t) for t in texts]
    assert len(set(tokens.vocabulary.forms)) == len(tokens.vocabulary)


def test_batches_do_not_show(monkeypatch):
    """A corpus worked on in many batches gives the same words as in one."""
    articles = tk.load("daily-brief")
    whole = tokenize(articles)
    monkeypatch.setattr("toolkit.text.coder._BATCH", 50)
    parts = tokenize(articles)
    for field in whole.fields:
        assert words_of(parts, field) == words_of(whole, field)
    assert (parts.breaks == whole.breaks).all()
    assert (parts.starts == whole.starts).all()


def test_counts_agree_with_an_independent_count():
    """The index counts each form of the news corpus as splitting each text by itself does."""
    articles = tk.load("news-2017").head(400)
    tokens = tokenize(articles, ["text"])
    expected = Counter(word for text in tokens.texts("text") for word in split_words(text))
    counted = dict(zip(tokens.vocabulary.forms, tokens.form_counts.tolist(), strict=True))
    assert counted == expected


def test_positions_are_sorted_by_form():
    """Positions by form are what argsort gives."""
    tokens = tokenize(tk.load("daily-brief"))
    order, ends = tokens.by_form
    assert (order == np.argsort(tokens.codes, kind="stable")).all()
    assert ends[-1] == len(tokens)
    some = [5, 3, 9]
    assert tokens.positions(some).tolist() == np.flatnonzero(np.isin(tokens.codes, some)).tolist()


def test_by_article_counts_words():
    """The sparse matrix has as many words in each article as the article has, and the key's count in each column."""
    tokens = tokenize(frame(["Ban ban's the", "the"]))
    keys = tokens.vocabulary.keys(possessive=True)[0].to_pylist()
    assert np.asarray(tokens.by_article.sum(axis=1)).ravel().tolist() == tokens.n_words.tolist()
    assert tokens.by_article[:, keys.index("ban")].toarray().ravel().tolist() == [2, 0]


def test_saved_index_answers_as_the_first(tmp_path):
    """Saved and opened, an index gives the same tables, from arrays that stay on disk."""
    tokens = tokenize(tk.load("daily-brief"))
    again = Tokens.open(tokens.save(tmp_path / "brief.tokens"))
    assert isinstance(again.codes, np.memmap)
    assert again.fields == tokens.fields
    pd.testing.assert_frame_equal(again.articles, tokens.articles)
    terms = {"reset": ["reset*"], "ban": ["travel ban*", "Muslim ban*"]}
    for ask in (tk.find, tk.kwic, tk.usage, tk.word_forms):
        one, two = ask(tokens, terms), ask(again, terms)
        pd.testing.assert_frame_equal(one, two)
        assert one.attrs["recipe"] == two.attrs["recipe"]


def test_saving_replaces_an_index_and_nothing_else(tmp_path):
    """An old index is replaced whole; a folder of something else is left alone; no half-written folder stays."""
    tokens = tokenize(frame(["a reset"]))
    tokens.save(tmp_path / "x.tokens")
    tokenize(frame(["two words"])).save(tmp_path / "x.tokens")
    assert len(Tokens.open(tmp_path / "x.tokens")) == 2
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "notes.txt").write_text("keep")
    with pytest.raises(tk.FramingError, match="is not a saved index, so it is left alone"):
        tokens.save(mine)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine", "x.tokens"]


def test_failing_save_leaves_the_old_index(tmp_path, monkeypatch):
    """If writing fails, the old index stays whole and nothing else is left behind."""
    tokens = tokenize(frame(["a reset"]))
    path = tokens.save(tmp_path / "x.tokens")

    def fail(*_args, **_kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(np, "save", fail)
    with pytest.raises(OSError, match="disk full"):
        tokens.save(path)
    monkeypatch.undo()
    assert len(Tokens.open(path)) == 2
    assert [p.name for p in tmp_path.iterdir()] == ["x.tokens"]


def test_opening_what_is_not_there(tmp_path):
    """A missing index says how to make one."""
    with pytest.raises(tk.FramingError) as error:
        Tokens.open(tmp_path / "no.tokens")
    where = tmp_path / "no.tokens"
    assert (
        str(error.value) == f"There is no saved index at {where}. Make one: tk.tokenize(articles).save({str(where)!r})."
    )


def test_damaged_index_is_refused(tmp_path):
    """Parts that do not fit together are an error, not a wrong count."""
    path = tokenize(frame(["a reset"])).save(tmp_path / "x.tokens")
    np.save(path / "codes.npy", np.zeros(7, dtype=np.int32))
    with pytest.raises(tk.FramingError, match="is damaged: its parts do not fit together"):
        Tokens.open(path)


@pytest.mark.parametrize(
    ("articles", "message"),
    [
        (pd.DataFrame({"doc_id": [], "text": []}), "This table of articles is empty: it has columns but no row."),
        (
            pd.DataFrame({"id": ["a"], "body": ["A reset."]}),
            "A table of articles needs the columns doc_id, text; this one has: id, body. If id is the doc_id and body is the "
            "text, rename them: articles.rename(columns={'id': 'doc_id', 'body': 'text'}).",
        ),
        (
            pd.DataFrame({"doc_id": ["a", "a"], "text": ["x", "y"]}),
            "doc_id must name one article each; 1 occur more than once, for example 'a'. "
            "Number the articles anew or drop the repeats: articles.drop_duplicates('doc_id').",
        ),
        ({"doc_id": "a"}, "A table of articles is a pandas DataFrame; this is a dict."),
    ],
)
def test_bad_articles(articles, message):
    """What cannot be indexed is refused in a sentence that says what would make it right."""
    with pytest.raises(tk.FramingError) as error:
        tokenize(articles)
    assert str(error.value) == message


def test_input_stays_as_it_was():
    """Tokenising changes neither the frame nor its index."""
    articles = frame(["a reset", None]).set_index(pd.Index([7, 3]))
    before = articles.copy(deep=True)
    tokenize(articles)
    pd.testing.assert_frame_equal(articles, before)


def test_articles_are_tokenised_once_and_said_once(capsys):
    """Equal articles have one index while Python runs, and the line that says so is written when it is made."""
    articles = frame(["An unheard reset of clocks."], source=["Post"])
    first = as_tokens(articles)
    assert as_tokens(articles.copy()) is first
    assert as_tokens(first) is first
    said = capsys.readouterr().err
    assert said == "Tokenised 1 article (text: 5 words). Their index is remembered while Python runs.\n"


@pytest.mark.parametrize(
    "edit",
    [
        lambda a: a.assign(text=["A ban.", "Another."]),
        lambda a: a.assign(source=["Sun", "Post"]),
        lambda a: a[::-1],
        lambda a: a[:1],
        lambda a: a.assign(title="Reset"),
        lambda a: a.assign(source=pd.Categorical(a["source"])),
    ],
    ids=["text", "source", "order", "rows", "column", "dtype"],
)
def test_edited_articles_are_tokenised_anew(edit):
    """Whatever of a frame is edited, its values, order or types: the index is made of the edited frame."""
    articles = frame(["A reset.", "A ban."], source=["Post", "Sun"])
    before = as_tokens(articles)
    edited = edit(articles)
    assert as_tokens(edited) is not before
    pd.testing.assert_frame_equal(as_tokens(edited).articles, edited.reset_index(drop=True))


def test_articles_edited_in_place_are_tokenised_anew():
    """A remembered index does not change with its articles, and is not given for them when they have changed."""
    articles = frame(["A reset.", "A ban."])
    before = as_tokens(articles)
    articles.loc[0, "text"] = "Nothing."
    assert words_of(before)[0] == ["A", "reset"]
    assert words_of(as_tokens(articles))[0] == ["Nothing"]


def test_few_indexes_are_remembered():
    """Of many corpora only the three used last stay in memory."""
    corpora = [frame([f"Text number {n}."]) for n in range(4)]
    first, *others = [as_tokens(articles) for articles in corpora]
    assert as_tokens(corpora[1]) is others[0]
    assert as_tokens(corpora[0]) is not first


@pytest.mark.parametrize("given, kind", [("reset", "str"), (None, "NoneType"), (pd.Series(["a"]), "pandas.*Series")])
def test_only_articles_or_their_index_are_a_corpus(given, kind):
    """What is neither a frame nor an index is refused with a sentence that names both."""
    with pytest.raises(tk.FramingError, match=rf"tk\.tokenize\(articles\); this is a {kind}"):
        as_tokens(given)


EDITS = {
    "text": lambda frame: frame.__setitem__("text", "No news."),
    "a cell": lambda frame: frame.__setitem__("source", frame["source"].where(frame["doc_id"] != "a", "Other")),
    "a place": lambda frame: frame.loc.__setitem__((1, "date"), pd.Timestamp("2018-01-01")),
    "a column": lambda frame: frame.__delitem__("story_id"),
    "an order": lambda frame: frame.__setitem__(list(frame.columns), frame[::-1].to_numpy()),
    "an id": lambda frame: frame.__setitem__("doc_id", ["a", "b", "x"]),
}


@pytest.mark.parametrize("used_before", [True, False])
@pytest.mark.parametrize("edit", EDITS)
def test_articles_that_were_edited_in_place_are_told(edit, used_before, tmp_path):
    """The recipe states the articles that were indexed and what was edited since, before or after first use, also of a saved index."""
    articles = pd.DataFrame(
        {
            "doc_id": ["a", "b", "c"],
            "source": ["Post", "Wire", "Post"],
            "story_id": ["s", "s", "t"],
            "date": pd.to_datetime(["2017-01-02", "2017-01-03", "2017-01-04"]),
            "text": ["A reset.", "A ban.", "No ban."],
        }
    )
    tokens = tk.tokenize(articles)
    expected = tk.tokenize(articles.copy()).corpus
    if used_before:
        assert tokens.corpus == expected
    tokens.articles["leaning"] = "center"
    assert tokens.corpus == expected

    EDITS[edit](tokens.articles)
    told = tokens.corpus["changed_afterwards"]
    assert told
    assert {key: value for key, value in tokens.corpus.items() if key != "changed_afterwards"} == expected
    again = tk.Tokens.open(tokens.save(tmp_path / "edited.tokens"))
    assert again.corpus == {**expected, "changed_afterwards": told}
    assert tk.find(again, "ban").attrs["recipe"]["corpus"]["changed_afterwards"] == told


def test_the_frame_that_was_indexed_can_be_edited():
    """Edits of the frame that was given, not of the index's own, change neither the index nor its recipe."""
    articles = pd.DataFrame({"doc_id": ["a"], "text": ["A reset."]})
    tokens = tk.tokenize(articles)
    articles.loc[0, "text"] = "No news."
    assert "changed_afterwards" not in tokens.corpus
    assert tokens.articles["text"].tolist() == ["A reset."]
