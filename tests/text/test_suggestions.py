"""Suggestions: what is proposed and why, that the counts are what accepting brings, and that what is accepted or declined is gone."""

import math
import warnings
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
from toolkit.text.likeness import BESIDE, Company, Words, edits
from toolkit.text.matches import match

COLUMNS = ["term", "form", "why", "like", "n_hits", "n_articles", "similarity", "pattern"]


def index(*texts):
    return tk.tokenize(pd.DataFrame({"doc_id": [f"d{n}" for n in range(len(texts))], "text": list(texts)}))


def rows(tokens, terms, **settings):
    table = tk.suggest_forms(tokens, terms, **settings)
    return table[["form", "why", "like", "n_hits", "n_articles", "pattern"]].astype(object).values.tolist()


@pytest.fixture(scope="module")
def news():
    return tk.tokenize(tk.load("news-2017"))


# Each kind


def test_inflections_have_the_lemma():
    """Words of the same lemma are proposed, irregular ones too, with how many hits they would add."""
    tokens = index("They ban it. He bans it, she banned it; Banning, banned! Bank.", "Banned.")
    assert rows(tokens, "ban") == [
        ["banned", "inflection", "ban", 3, 2, "banned"],
        ["banning", "inflection", "ban", 1, 1, "banning"],
        ["bans", "inflection", "ban", 1, 1, "bans"],
    ]
    assert rows(index("A man. Two men's votes."), {"man": "man"}) == [["men", "inflection", "man", 1, 1, "men"]]


def test_the_language_decides():
    """Lemmas are those of the language that was asked for."""
    tokens = index("Der Flüchtling, die Flüchtlinge, den Flüchtlingen.")
    assert [row[:3] for row in rows(tokens, "Flüchtling", language="de")] == [
        ["flüchtlinge", "inflection", "flüchtling"],
        ["flüchtlingen", "inflection", "flüchtling"],
    ]


def test_words_of_a_phrase_are_inflected_one_at_a_time():
    """A pattern keeps its other words, gaps and punctuation; its form is the most frequent one."""
    tokens = index(
        "The travel ban. Travel bans; bans on Muslims, ban on a Muslim, bans on the Muslims. Bans on Muslims."
    )
    assert rows(tokens, "travel ban") == [["travel bans", "inflection", "ban", 1, 1, "travel bans"]]
    assert rows(tokens, "ban {1,2} Muslims") == [
        ["bans on muslims", "inflection", "ban", 3, 1, "bans {1,2} Muslims"],
        ["ban on a muslim", "inflection", "muslims", 1, 1, "ban {1,2} muslim"],
    ]


def test_slips_are_proposed_and_other_words_are_not():
    """What the dictionary lacks is a slip; what it has is another word, unless it is spelled as across the ocean."""
    tokens = index("A reset, a rest, a preset, a resset, a rseet. Labour, labor; organise, organize. Erdoğan, Erdogan.")
    assert rows(tokens, {"reset": "reset"}) == [
        ["resset", "spelling", "reset", 1, 1, "resset"],
        ["rseet", "spelling", "reset", 1, 1, "rseet"],
    ]
    assert rows(tokens, "labour") == [["labor", "spelling", "labour", 1, 1, "labor"]]
    assert rows(tokens, "organize") == [["organise", "spelling", "organize", 1, 1, "organise"]]
    assert rows(tokens, "erdoğan") == [["erdogan", "spelling", "erdoğan", 1, 1, "erdogan"]]


def test_a_slip_in_the_pattern_finds_the_word():
    """Where the corpus lacks the pattern's own word, words of the dictionary near it are proposed."""
    assert rows(index("Immigrants, immigrants."), {"x": "imigrants"}) == [
        ["immigrants", "spelling", "imigrants", 2, 1, "immigrants"]
    ]


def test_hyphens_part_and_join():
    """A word that is parted by a hyphen anywhere, and words that are joined, are proposed; chance neighbours are not."""
    tokens = index("A reset, a re-set, a re set. Travel ban #TravelBan. He has to day in to get her.")
    assert rows(tokens, {"reset": "reset"}) == [["re set", "hyphenation", "reset", 2, 1, "re-set"]]
    assert rows(tokens, "travel ban") == [["travelban", "hyphenation", "travel ban", 1, 1, "travelban"]]
    assert rows(index("Today. To day. Together. Get her."), ["today", "together"]) == []
    assert rows(index("email", "No e-mails, e-mail, e–mail."), "email")[-1] == [
        "e mail",
        "hyphenation",
        "email",
        2,
        1,
        "e-mail",
    ]


def test_capitals_that_matter_are_left_alone():
    """The small "us", and "we", are no forms of a term that asks for "US"."""
    tokens = index("The US gave us what we want from US.")
    assert rows(tokens, "US (case)") == []


def test_no_suggestion_is_a_table_too():
    """Without a suggestion the table has its columns; a recipe says how it was made."""
    table = tk.suggest_forms(index("x"), ["zebra", "* of ?"])
    assert list(table.columns) == COLUMNS
    assert table.dtypes.astype(str).tolist() == ["str"] * 4 + ["int64", "int64", "float64", "str"]
    recipe = table.attrs["recipe"]
    assert (recipe["function"], recipe["settings"]) == (
        "toolkit.suggest_forms",
        {"terms": {"zebra": ["zebra"], "* of ?": ["* of ?"]}, "language": "en", "n": 10},
    )
    assert len(tk.suggest_forms(index("", None), "zebra")) == 0


def test_bad_settings():
    """A language without a dictionary, and no suggestions at all, are refused."""
    with pytest.raises(tk.FramingError) as error:
        tk.suggest_forms(index("x"), "x", language="english")
    assert str(error.value).startswith("There is no dictionary for the language 'english'. ")
    assert ", de, el, en, enm, eo, es," in str(error.value)
    with pytest.raises(tk.FramingError) as error:
        tk.suggest_forms(index("x"), "x", n=0)
    assert str(error.value) == "Ask for at least one suggestion of each kind; this is n=0."


# Accepting and declining


@pytest.mark.parametrize("why", ["inflection", "spelling", "hyphenation", "company"])
def test_what_is_accepted_is_no_longer_proposed(news, why):
    """Adding a suggested pattern adds as many hits as were promised, and the suggestion is gone."""
    terms = tk.Terms(
        {
            "email": "email",
            "organization": "organization",
            "refugees": ["refugee*", "!refugee camp"],
            "qaeda": "al-Qaeda",
        }
    )
    table = tk.suggest_forms(news, terms, n=3)
    chosen = table[table["why"] == why]
    assert len(chosen) > 0
    for suggestion in chosen.itertuples():
        grown = terms.add({suggestion.term: suggestion.pattern})
        one, more = (tk.word_forms(news, {"x": t.as_dict()[suggestion.term]})["n_hits"].sum() for t in (terms, grown))
        assert more == one + suggestion.n_hits
    grown = terms.add(chosen)
    again = tk.suggest_forms(news, grown, n=1000)
    assert len(again.merge(chosen, on=["term", "pattern"])) == 0


def test_what_is_excluded_is_not_proposed():
    """An exclusion declines a suggestion."""
    tokens = index("A reset, resetting, a resset.")
    assert rows(tokens, {"reset": ["reset", "!resset", "!resetting"]}) == []


def test_at_most_n_of_each_kind(news):
    """n bounds the suggestions of each kind for a term; the most frequent and the most alike come first."""
    table = tk.suggest_forms(news, {"e": "email", "r": "refugee*"}, n=2)
    assert table.groupby(["term", "why"]).size().max() == 2
    everything = tk.suggest_forms(news, {"e": "email", "r": "refugee*"}, n=1000)
    kinds = everything.groupby(["term", "why"], sort=False)
    assert (
        everything.loc[everything["why"] != "company"]
        .groupby(["term", "why"])["n_hits"]
        .apply(lambda s: s.is_monotonic_decreasing)
        .all()
    )
    assert (
        everything[everything["why"] == "company"]
        .groupby("term")["similarity"]
        .apply(lambda s: s.is_monotonic_decreasing)
        .all()
    )
    pd.testing.assert_frame_equal(kinds.head(2).reset_index(drop=True), table)


def test_company_finds_words_used_alike(news):
    """On real news the words most like a term are those that a reader would name."""
    table = tk.suggest_forms(
        news, {"refugees": ["refugee", "refugees"], "undocumented": "undocumented", "org": "organization"}
    )
    first = table[table["why"] == "company"].groupby("term")["form"].apply(list)
    assert "migrants" in first["refugees"][:3]
    assert first["undocumented"][:2] == ["illegal", "unauthorized"]
    spelled = table[table["why"] == "spelling"].set_index("form")
    assert spelled.loc["organisation", "similarity"] > 0.2  # a word of the dictionary, taken for its company


# Edits


def plain_distance(one, other):
    """The definition: insertions, deletions, substitutions, and swaps of neighbours that are not edited again."""
    d = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            d[i, j] = min(d[i - 1, j] + 1, d[i, j - 1] + 1, d[i - 1, j - 1] + (one[i - 1] != other[j - 1]))
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                d[i, j] = min(d[i, j], d[i - 2, j - 2] + 1)
    return d[len(one), len(other)]


KEYS = st.text("abcé\U0001d49c", max_size=7)


@given(KEYS, st.lists(KEYS, max_size=5))
def test_edits_are_counted_as_defined(word, others):
    """Many distances at once are each what the definition gives."""
    assert edits(word, others).tolist() == [plain_distance(word, other) for other in others]


def test_published_distances():
    """The swap of neighbours is one edit, and "ca" to "abc" are three in the restricted distance."""
    assert edits("ca", ["abc", "ac", "ca", ""]).tolist() == [3, 1, 0, 2]
    assert edits("kitten", ["sitting"]).tolist() == [3]


@given(
    st.lists(st.text("abcd", min_size=1, max_size=7), min_size=1, max_size=12),
    st.text("abcde", min_size=1, max_size=7),
    st.integers(1, 2),
)
def test_no_spelling_is_missed(vocabulary, word, most):
    """The search that looks at letters first finds each word within reach, and no other."""
    words = Words.of(index(" ".join(vocabulary)))
    near = {key: plain_distance(word, key) for key in set(vocabulary)}
    assert words.spellings(word, most) == {key: d for key, d in near.items() if d <= most and key != word}


# Company


def plain_likeness(tokens, first, others):
    """The definition, word by word: cosine of log(1 + simple-ll) over the words beside."""
    words = [word.lower() for word in (tokens.vocabulary.forms[code] for code in tokens.codes)]
    field = np.searchsorted(tokens.offsets, np.arange(len(words)), side="right")
    total = Counter(words)

    def features(positions):
        seen = Counter(
            (shift, words[at + shift])
            for at in positions
            for shift in BESIDE
            if 0 <= at + shift < len(words) and field[at + shift] == field[at]
        )
        weights = {}
        for (shift, word), observed in seen.items():
            expected = len(positions) * total[word] / len(words)
            if observed > expected:
                weights[shift, word] = math.log(
                    1 + 2 * (observed * math.log(observed / expected) - (observed - expected))
                )
        return weights

    one = features(first)
    result = []
    for positions in others:
        two = features(positions)
        norm = math.sqrt(sum(w * w for w in one.values()) * sum(w * w for w in two.values()))
        result.append(sum(w * two.get(f, 0.0) for f, w in one.items()) / norm)
    return result


def test_likeness_is_the_cosine_of_what_stands_beside():
    """The likeness of each word's company is that of the definition, written out; to itself it is one."""
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.choice(list("abcdefgh"), size=40)) for _ in range(6)]
    tokens = index(*texts)
    words = Words.of(tokens)
    at = {key: tokens.positions(words.codes(words.place[key])) for key in "abc"}
    company = Company(tokens, words, at["a"], at["a"])
    found = company.likeness([(at[key], at[key]) for key in "abc"])
    assert found.tolist() == pytest.approx(plain_likeness(tokens, at["a"], [at[key] for key in "abc"]))
    assert found[0] == pytest.approx(1)
    back = Company(tokens, words, at["b"], at["b"]).likeness([(at["a"], at["a"])])
    assert back[0] == pytest.approx(found[1])


def test_few_occurrences_have_no_likeness():
    """Under ten occurrences on either side nothing is said."""
    tokens = index("a b " * 12 + "c b")
    words = Words.of(tokens)
    spans = {key: (tokens.positions(words.codes(words.place[key])),) * 2 for key in "abc"}
    assert np.isnan(Company(tokens, words, *spans["a"]).likeness([spans["c"]])).all()
    rare = Company(tokens, words, *spans["c"])
    assert np.isnan(rare.likeness([spans["a"]])).all()
    assert rare.candidates() == []


def test_candidates_hold_the_most_alike(news):
    """Of all words that could be compared, the five most alike are among the candidates that are."""
    words = Words.of(news)
    for term in ("undocumented", "wall", "climate change"):
        found = match(news, tk.Terms(term))
        company = Company(news, words, found.first, found.last)
        every = [key for key, count in zip(words.keys, words.counts) if count >= 10]
        spans = [(at, at) for at in (news.positions(words.codes(words.place[key])) for key in every)]
        best = np.argsort(-np.nan_to_num(company.likeness(spans)))[:5]
        assert {every[n] for n in best} <= set(company.candidates())


def test_suggestions_do_not_warn():
    """A term without a hit is what suggestions are for; it is told elsewhere."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tk.suggest_forms(index("resets"), "reset")
