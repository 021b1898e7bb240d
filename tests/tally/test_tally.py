"""Hold the tally: one count under every question, kinds that keep their own text, and nothing unmeasured shown as zero."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
from toolkit.tally.counts import columns_of_kinds

DAYS = pd.date_range("2017-01-02", periods=6)

ARTICLES = pd.DataFrame(
    {
        "doc_id": [f"d{number}" for number in range(12)],
        "source": ["Post"] * 6 + ["Wire"] * 6,
        "date": [*DAYS, *DAYS],
        "story_id": ["s", "t", None, None, "u", None, "s", None, "t", None, "u", None],
        "text": [
            "A reset, said Ann Lee. The ban stays.",
            "“The reset is over,” said Bo Ek.",
            "No news.",
            "A ban and a ban.",
            "The reset of the reset.",
            "Rain.",
            "A reset, said Ann Lee. The ban stays.",
            "The mayor says the ban will hold.",
            "“The reset is over,” said Bo Ek, and more.",
            "Snow.",
            "The reset of the reset.",
            "A ban.",
        ],
    }
)
TERMS = {"reset": "reset", "ban": "ban"}

LABELS = pd.DataFrame(
    {
        "doc_id": ["d0", "d0", "d1", "d2", "d3", "d7"],
        "source": ["Post"] * 5 + ["Wire"],
        "frame": ["conflict", "morality", "conflict", None, "morality", "conflict"],
    }
)


@pytest.fixture(scope="module")
def tokens():
    return tk.tokenize(ARTICLES)


@pytest.fixture(scope="module")
def hits(tokens):
    return tk.find(tokens, TERMS)


# What can be tallied


def test_articles_an_index_hits_and_counts_give_one_tally(tokens, hits):
    """Terms counted in texts, in an index, from hits laid on their articles, and from a counts corpus are the same usage."""
    counts = tk.count_hits(tokens, hits)
    expected = tk.usage(tokens, TERMS, freq="D")
    for tally in (
        tk.tally(ARTICLES, TERMS),
        tk.tally(tokens, TERMS),
        tk.tally(hits, articles=tokens),
        tk.tally(counts, ["reset", "ban"]),
        tk.tally(tk.tally(counts), ["reset", "ban"]),
    ):
        pd.testing.assert_frame_equal(tk.usage(tally, freq="D"), expected)


def test_a_dask_frame_is_tallied_part_by_part():
    """Articles in two parts, a story lying in both, give the tally of one frame."""
    frames = pytest.importorskip("dask.dataframe").from_pandas(ARTICLES, npartitions=2)
    tally = tk.tally(frames, TERMS)
    assert tally.frame()["n"].sum() == tk.tally(ARTICLES, TERMS).frame()["n"].sum()
    pd.testing.assert_frame_equal(tk.usage(tally, unit="story"), tk.usage(ARTICLES, TERMS, unit="story"))


def test_labels_by_hand():
    """Of three labelled articles of the Post two are conflict; the one without a label was looked at and has none."""
    table = tk.usage(tk.tally(LABELS), measure="share").set_index(["source", "frame"])
    assert table.loc[("Post", "conflict"), ["n_articles", "n_articles_total"]].tolist() == [2, 4]
    assert table.loc[("Post", "morality"), ["n_articles", "n_articles_total"]].tolist() == [2, 4]
    assert table.loc[("Wire", "morality"), ["n_articles", "n_articles_total", "share"]].tolist() == [0, 1, 0]


def test_labels_out_of_all_articles_that_were_read(tokens):
    """With the articles that were read, those without a label are in the denominator, and their words give a rate."""
    table = tk.usage(tk.tally(LABELS, articles=tokens)).set_index(["source", "frame"])
    words = tokens.n_words[:6].sum()
    assert table.loc[("Post", "conflict"), ["n_hits", "n_articles_total", "n_words"]].tolist() == [2, 6, words]
    assert table.loc[("Post", "conflict"), "per_million"] == pytest.approx(2e6 / words)


def test_weights_count_as_much_as_they_say():
    """A label of weight 2.5 and one of .5 are 3 of 4, and whole numbers stay whole."""
    labels = pd.DataFrame({"doc_id": ["a", "b", "c"], "kind": ["x", "x", "y"], "w": [2.5, 0.5, 1.0]})
    table = tk.usage(tk.tally(labels, weight="w"), by=[])
    assert table["n_hits"].tolist() == [3, 1]
    assert table["rival_share"].tolist() == [0.75, 0.25]
    assert table["n_articles"].tolist() == [2, 1]


def test_what_has_no_words_has_no_rate(hits):
    """Hits without their articles have shares, and neither words nor rates: these are missing, not zero."""
    table = tk.usage(tk.tally(hits, kind="voice"), by=[])
    assert table["n_words"].isna().all() and table["per_million"].isna().all()
    assert table["rival_share"].sum() == pytest.approx(1)
    with pytest.raises(tk.FramingError, match="no words to divide by"):
        tk.usage(tk.tally(hits, kind="voice"), measure="per_million")


def test_some_kinds_are_shares_of_all():
    """Kinds that are selected from a tally have the shares that they have among all."""
    whole = tk.usage(tk.tally(LABELS), by=[])
    part = tk.usage(tk.tally(LABELS, "morality"), by=[])
    pd.testing.assert_frame_equal(
        part.reset_index(drop=True), whole[whole["frame"] == "morality"].reset_index(drop=True), check_exact=True
    )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: tk.tally(LABELS, "conflit"), "There is no frame 'conflit'. Did you mean 'conflict'"),
        (lambda: tk.tally(LABELS, kind="farme"), "needs the column farme"),
        (lambda: tk.tally(LABELS.drop(columns="frame"), weight="w"), "which column holds the kinds"),
        (lambda: tk.tally(LABELS.assign(w=-1), weight="w"), "numbers of 0 or more"),
        (lambda: tk.tally(LABELS.assign(w="much"), weight="w"), "not numbers, so it cannot weight labels"),
        (lambda: tk.tally(LABELS, articles=ARTICLES.head(2)), "belong to none of the articles, for example"),
        (lambda: tk.tally(LABELS.head(0)), "no row"),
        (lambda: tk.tally(LABELS.assign(doc_id=None)), "doc_id is missing in 6 rows"),
        (lambda: tk.tally(ARTICLES), "There is no term to count"),
        (lambda: tk.tally(tk.tally(LABELS), kind="frame"), "counted already"),
        (lambda: tk.usage(tk.tally(LABELS), by="frame"), "has that column itself"),
        (lambda: tk.tally(LABELS.rename(columns={"frame": "share"}), kind="share"), "Kinds cannot be called share"),
        (lambda: tk.tally(LABELS, kind="source", articles=ARTICLES), "the articles have a column of that name"),
        (lambda: tk.tally(LABELS.assign(frame=[1, True, 1.0, "1", 2, 3])), "values of several types"),
        (lambda: tk.tally(LABELS.assign(frame=[["a", "b"]] * 6)), "several kinds in a row. Give each a row"),
        (lambda: tk.tally(LABELS.assign(frame=None), articles=ARTICLES), "None of these 6 labels says a kind"),
        (lambda: tk.tally(LABELS.assign(text="x")), "name the column that is counted"),
        (lambda: tk.tally(["a"]), "What can be tallied: .*this is a list"),
        (lambda: tk.usage(tk.tally(LABELS), by=None), "takes everything as one cell"),
        (lambda: tk.usage(pd.concat([ARTICLES, ARTICLES[["source"]]], axis=1), "ban"), "has the column source 2 times"),
        (lambda: tk.tally(LABELS).where(np.array([0, 2])), "true or false for each of the 6 units"),
        (lambda: tk.tally(LABELS).where(pd.Series([True] * 6, index=range(6, 12))), "another index"),
    ],
)
def test_what_cannot_be_tallied_is_said(make, message):
    """A source that cannot be counted so is refused in a sentence."""
    with pytest.raises(tk.FramingError, match=message.replace("(", r"\(").replace("?", r"\?")):
        make()


def test_inputs_stay_as_they_were(hits):
    """Neither hits nor labels are changed by a tally."""
    before, labels = hits.copy(), LABELS.copy()
    tk.usage(tk.tally(hits, kind="voice"))
    tk.usage(tk.tally(LABELS))
    pd.testing.assert_frame_equal(hits, before)
    pd.testing.assert_frame_equal(LABELS, labels)


def test_a_recipe_tells_two_parts_of_the_same_articles_apart(hits):
    """Of units that are hits, not only their articles are stated: other hits of the same articles are another part."""
    tally = tk.tally(hits, kind="term")
    twice = hits["doc_id"].duplicated(keep=False).to_numpy()
    first = twice & ~hits["doc_id"].duplicated().to_numpy()
    one, other = (
        tally.where(mask).select("reset").corpus["where"][-1]
        for mask in (first, twice & ~first & ~(hits.groupby("doc_id").cumcount() > 1).to_numpy())
    )
    assert (one["n_units"], one["doc_id"]) == (other["n_units"], other["doc_id"])
    assert one["units"] != other["units"]


def test_units_that_were_edited_in_place_are_told(tokens):
    """The recipe says what was edited after the count, also through a selection; a new column is no edit."""
    tally = tk.tally(tokens, TERMS)
    tally.units["leaning"] = "center"
    assert "units_changed_afterwards" not in tk.usage(tally).attrs["recipe"]["corpus"]
    tally.units.loc[0, "source"] = "Wire"
    for edited in (tally, tally.select("ban"), tally.where((tally.units["source"] == "Wire").to_numpy())):
        told = tk.usage(edited).attrs["recipe"]["corpus"]["units_changed_afterwards"]
        assert told == {"columns_changed": ["source"]}


def test_a_dask_frame_has_the_history_of_its_articles():
    """Name, fields and steps are those of one frame; a selection is a change by hand, and without attrs the steps are unknown."""
    dd = pytest.importorskip("dask.dataframe")
    cleaned = tk.clean(tk.load("daily-brief"))
    one = tk.usage(tk.tokenize(cleaned), ["reset"]).attrs["recipe"]["corpus"]
    many = dd.from_pandas(cleaned, npartitions=3)
    for door in (tk.usage(many, ["reset"]), tk.usage(tk.tally(many, ["reset"]))):
        corpus = door.attrs["recipe"]["corpus"]
        assert corpus == {key: one[key] for key in ("name", "fingerprint", "n_articles", "fields", "steps")}

    part = tk.usage(many[~many["date"].isna()], ["reset"]).attrs["recipe"]["corpus"]["steps"]
    assert [step["step"] for step in part] == ["load", "clean", "changed by hand"]
    bare = cleaned.assign(doc_id="x" + cleaned["doc_id"])  # Dask takes frames of one content for one frame
    bare.attrs = {}
    corpus = tk.usage(dd.from_pandas(bare, npartitions=3), ["reset"]).attrs["recipe"]["corpus"]
    assert (corpus["name"], [step["step"] for step in corpus["steps"]]) == ("unnamed", ["unknown"])


def test_a_recipe_says_what_was_labelled_and_which_part(tokens):
    """Other labels, other weights, a selection, a part of the units, and another column of cells each show in the recipe."""
    tallies = [
        tk.tally(LABELS),
        tk.tally(LABELS.assign(frame=LABELS["frame"].replace("conflict", "morality"))),
        tk.tally(LABELS.assign(w=2), weight="w"),
        tk.tally(LABELS).select("conflict"),
        tk.tally(LABELS).where((LABELS["source"] == "Post").to_numpy()),
    ]
    recipes = [tk.usage(tally, by=[]).attrs["recipe"] for tally in tallies]
    told = [(recipe["settings"]["terms"], recipe["corpus"]) for recipe in recipes]
    assert all(told[one] != told[other] for one in range(5) for other in range(one))

    leanings = [ARTICLES.assign(leaning=list(values)) for values in ("lr" * 6, "rl" * 6)]
    one, other = (tk.usage(articles, "ban", by="leaning").attrs["recipe"]["corpus"] for articles in leanings)
    assert one["fingerprint"] == other["fingerprint"] and one["cells_by"] != other["cells_by"]


@pytest.mark.parametrize("weight", [1 / 3, 0.001, 1000.0])
def test_the_unit_of_weights_changes_no_share(many, weight):
    """Weights of a third, a thousandth or a thousand give the shares, intervals, comparisons and lines that labels without weights give."""
    plain, weighted = tk.tally(many), tk.tally(many.assign(w=weight), weight="w")
    for question, columns in (
        (
            lambda tally: tk.usage(tally, pool=True),
            ["rival_share", "low", "high", "pooled", "pooled_low", "pooled_high"],
        ),
        (lambda tally: tk.compare(tally, reference="Wire"), ["difference", "low", "high", "p"]),
        (lambda tally: tk.trend(tally, freq="W"), ["smooth", "smooth_low", "smooth_high"]),
    ):
        np.testing.assert_allclose(question(weighted)[columns], question(plain)[columns], rtol=1e-9)


@pytest.mark.parametrize("weight", [1 / 3, 4.0])
def test_weights_change_no_share_of_articles(many, weight):
    """A share of articles asks only whether a label is there, so weights change neither it nor its ends."""
    plain, weighted = (
        tk.usage(t, measure="share") for t in (tk.tally(many), tk.tally(many.assign(w=weight), weight="w"))
    )
    columns = ["n_articles", "n_articles_total", "share", "low", "high"]
    np.testing.assert_allclose(weighted[columns], plain[columns], rtol=1e-12)


def test_weighted_labels_have_no_rates(tokens):
    """A rate per million words, and an interval that takes each hit by itself, are refused where labels are weighted."""
    tally = tk.tally(LABELS.assign(w=0.5), weight="w", articles=tokens)
    assert "rival_share" in tk.usage(tally).columns
    with pytest.raises(tk.FramingError, match="no rate per million words"):
        tk.usage(tally, measure="per_million")
    with pytest.raises(tk.FramingError, match="which weighted labels are not"):
        tk.usage(tally, measure="rival_share", interval="wilson")


def test_terms_that_were_filtered_away_are_not_zero(hits):
    """A term of which no hit was picked has no row, since nobody knows whether it was looked for; in hits as found it has one, of zero."""
    assert tk.tally(hits[hits["term"] == "ban"]).kinds == ["ban"]
    none = tk.find(tk.tokenize(ARTICLES), {"ban": "ban", "snowfall": "snowfall*"})
    assert tk.tally(none).kinds == ["ban", "snowfall"]


@pytest.mark.parametrize("value", [0.5, -1, np.inf, "many"])
def test_counts_are_whole_numbers(value):
    """Counts that are halves, below zero, endless or words are refused instead of being cut to whole numbers."""
    counts = pd.DataFrame({"doc_id": ["a"], "source": ["Post"], "n_words": [10], "n_ban": [value]})
    with pytest.raises(tk.FramingError, match="whole numbers, 0 or more; some in the column n_ban"):
        tk.usage(counts, ["ban"])


def test_figures_draw_whatever_was_tallied(many):
    """A figure of usage, comparison or trend takes a table of labels, names them, and keeps the table as it was given."""
    tally = tk.tally(many)
    for figure, table in (
        (tk.figures.plot_usage, tk.usage(tally)),
        (tk.figures.plot_contrasts, tk.compare(tally, reference="rest")),
        (tk.figures.plot_trend, tk.trend(tally, by="source", freq="W")),
    ):
        drawn = figure(table)
        words = " ".join(text.get_text() for text in drawn.findobj(lambda artist: hasattr(artist, "get_text")))
        assert "morality" in words
        pd.testing.assert_frame_equal(drawn.framing_table, table)


def test_units_have_the_columns_of_what_was_tallied(tokens, hits):
    """Neither a tally nor a table of counts has a column more than what it is made of, whatever the index of the rows."""
    labels = LABELS.set_axis(list("uvwxyz"))
    tally = tk.tally(labels)
    assert tally.units.columns.tolist() == ["doc_id", "source"]
    assert tally.units.index.tolist() == list(range(6))
    assert tally.corpus["n_articles"] == 5
    counts = tk.count_hits(tokens, hits)
    assert counts.columns.tolist() == ["doc_id", "source", "date", "story_id", "n_words", "n_reset", "n_ban"]


def test_hits_of_no_article_are_named(tokens, hits):
    """The first hit that is of no article, or of no term, is the example, and all of them are counted."""
    moved = hits.head(4)[["doc_id", "term"]].assign(doc_id=["d0", "d1", "x", "y"])
    with pytest.raises(
        tk.FramingError, match="2 of 4 hits belong to none of the articles of the index, for example 'x'"
    ):
        tk.count_hits(tokens, moved)
    other = hits.head(3)[["doc_id"]].assign(term=["reset", "ban", "wall"])
    with pytest.raises(tk.FramingError, match="1 of 3 hits belong to none of the terms to count, for example 'wall'"):
        tk.count_hits(tokens, other, terms=["reset", "ban"])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: tk.usage(tk.tally(LABELS), by="desk"), "column desk"),
        (lambda: tk.usage(tk.tally(LABELS), freq="M"), "column date"),
        (lambda: tk.tally(LABELS.assign(date="soon")), "date"),
        (lambda: tk.tally(LABELS, articles=ARTICLES.assign(date="soon")), "date"),
        (lambda: tk.tally(LABELS, articles=pd.concat([ARTICLES, ARTICLES])), "some occur more than once"),
    ],
)
def test_columns_that_cells_need_are_checked(make, message):
    """A column that is not there, texts for dates, and articles that occur twice are refused by name."""
    with pytest.raises(tk.FramingError, match=message):
        make()


# One count under everything


def test_voices_are_usage_of_a_tally_of_one_term(hits):
    """Shares of voices are the rival shares of the tally of voices, to the last digit."""
    one = hits[hits["term"] == "reset"]
    one.attrs = hits.attrs
    doors = tk.voice_shares(one, freq="D").set_index(["source", "period", "voice"])
    plain = tk.usage(tk.tally(one, kind="voice"), freq="D").set_index(["source", "period", "voice"])
    both = doors.join(plain, rsuffix="_usage", how="inner")
    assert len(both) == len(plain) and (both["n_hits"] == both["n_hits_usage"]).all()
    for name, other in (("share", "rival_share"), ("low", "low_usage"), ("high", "high_usage")):
        np.testing.assert_array_equal(both[name].to_numpy(), both[other].to_numpy())


def test_topic_shares_are_usage_of_the_topics(fit_once, three_themes):
    """Shares of topics are the rival shares of their contexts, to the last digit."""
    topics = fit_once("tally", three_themes, n_topics=3, resamples=0)
    doors, plain = tk.topic_shares(topics, by=[]), tk.usage(topics, by=[])
    assert plain["topic"].tolist() == doors["topic"].tolist()
    np.testing.assert_array_equal(plain["rival_share"].to_numpy(), doors["share"].to_numpy())
    np.testing.assert_array_equal(plain["low"].to_numpy(), doors["low"].to_numpy())


QUESTIONS = {
    "usage": lambda tally: tk.usage(tally),
    "pool": lambda tally: tk.usage(tally, pool=True),
    "bootstrap": lambda tally: tk.usage(tally, interval="bootstrap", resamples=100),
    "compare": lambda tally: tk.compare(tally, reference="rest"),
    "compare periods": lambda tally: tk.compare(tally, between="period", freq="W", reference="previous"),
    "compare groups": lambda tally: tk.compare(tally, target={"source": "Post"}, reference={"source": "Wire"}),
    "trend": lambda tally: tk.trend(tally, freq="D", segments=True),
    "change_points": lambda tally: tk.change_points(tally, freq="D", n_changes=1, resamples=9),
    "bursts": lambda tally: tk.bursts(tally, freq="D"),
    "event_effects": lambda tally: tk.event_effects(tally, events={"order": "2017-01-20"}, freq="D"),
    "lead_lag": lambda tally: tk.lead_lag(tally, freq="D", permutations=99),
}


@pytest.fixture(scope="module")
def many():
    """Forty days of two outlets with a label or two a day."""
    draw = np.random.default_rng(3)
    days = pd.date_range("2017-01-02", periods=40).repeat(4)
    frames = draw.choice(["конфликт", "morality", "人情"], size=len(days))
    sources = np.tile(["Post", "Wire"], len(days) // 2)
    names = [f"d{number}" for number in range(len(days))]
    return pd.DataFrame({"doc_id": names, "source": sources, "date": days, "frame": frames})


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.filterwarnings("ignore::toolkit.tables.FramingWarning")
def test_every_question_takes_every_tally(many, question):
    """What is asked of terms can be asked of labels in any script, and the kinds stand in the column that names them."""
    table = QUESTIONS[question](tk.tally(many))
    assert "frame" in table.columns and "term" not in table.columns
    assert set(table["frame"]) <= set(many["frame"])
    if question not in ("bursts", "change_points"):
        assert set(table["frame"]) == set(many["frame"])


@pytest.mark.filterwarnings("ignore::toolkit.tables.FramingWarning")
@given(order=st.permutations(range(12)))
def test_the_order_of_articles_changes_no_rate(order):
    """Rates, shares and their intervals do not depend on how the rows are sorted."""
    moved = ARTICLES.iloc[list(order)]
    pd.testing.assert_frame_equal(tk.usage(moved, TERMS, freq="D"), tk.usage(ARTICLES, TERMS, freq="D"))


@given(cut=st.integers(1, 11), unit=st.sampled_from(["article", "story"]))
def test_counts_of_two_halves_add_up(cut, unit):
    """Hits, words and articles of two parts of a corpus add up to those of the whole, where no story lies in both."""
    apart = ARTICLES.drop(columns="story_id")
    parts = [tk.usage(part, TERMS, by=[]) for part in (apart.head(cut), apart.tail(12 - cut))]
    whole = tk.usage(apart, TERMS, by=[])
    for column in ("n_hits", "n_articles", "n_articles_total", "n_words"):
        assert (parts[0][column] + parts[1][column]).tolist() == whole[column].tolist()


# Kinds are known by their own text

ANY_SCRIPT = st.text(
    st.characters(categories=["Lu", "Ll", "Lo", "Lm", "Mn", "Nd", "Zs", "Pd", "Po", "Sc"]), min_size=1, max_size=12
).filter(lambda name: name.strip() and name != "words")


@given(names=st.lists(ANY_SCRIPT, min_size=2, max_size=4, unique=True))
def test_no_two_names_are_taken_for_each_other(names):
    """Counts of picked hits keep each term's own name, in any script, and give back its own hits."""
    tokens = tk.tokenize(ARTICLES.head(4))
    rows = [("d0", name) for number, name in enumerate(names) for _ in range(number + 1)]
    hits = pd.DataFrame(rows, columns=["doc_id", "term"])
    counts = tk.count_hits(tokens, hits)
    for number, name in enumerate(names):
        assert counts[f"n_{name}"].tolist() == [number + 1, 0, 0, 0]
        assert tk.usage(counts, [name], by=[])["n_hits"].tolist() == [number + 1]

    labels = tk.tally(hits.rename(columns={"term": "kind"}))
    assert sorted(labels.kinds) == sorted(names)
    assert labels.counts.sum(axis=0).tolist() == [names.index(kind) + 1 for kind in labels.kinds]


def test_another_word_in_another_script_is_not_found():
    """A term that was not counted is refused, whatever its script, instead of being answered with another's counts."""
    tokens = tk.tokenize(pd.DataFrame({"doc_id": ["a"], "source": ["Post"], "text": ["перезагрузка и сброс"]}))
    counts = tk.count_hits(tokens, tk.find(tokens, {"перезагрузка": "перезагруз*", "санкции": "санкци*"}, voices=False))
    assert tk.usage(counts, ["перезагрузка"])["n_hits"].tolist() == [1]
    with pytest.raises(tk.FramingError, match="There is no count of 'сброс'"):
        tk.usage(counts, ["сброс"])


def test_published_counts_are_found_by_how_a_term_is_written():
    """ "Travel ban" finds n_travel_ban; where two columns could be meant, only the exact one is taken."""
    counts = pd.DataFrame(columns=["doc_id", "n_words", "n_travel_ban"])
    assert columns_of_kinds(counts, ["Travel ban"]) == {"Travel ban": "n_travel_ban"}
    two = pd.DataFrame(columns=["doc_id", "n_words", "n_travel_ban", "n_travel-ban"])
    assert columns_of_kinds(two, ["travel-ban"]) == {"travel-ban": "n_travel-ban"}
    with pytest.raises(tk.FramingError, match="There is no count of 'travel ban'"):
        columns_of_kinds(two, ["travel ban"])


# Sides, orders, periods


def test_groups_are_compared_as_sources_are(tokens):
    """A comparison of two conditions is that of two sources, and swapping them turns the sign."""
    by_value = tk.compare(tokens, "reset", target="Post", reference="Wire")
    by_group = tk.compare(
        tokens, "reset", target={"source": "Post"}, reference=(ARTICLES["source"] == "Wire").to_numpy()
    )
    turned = tk.compare(tokens, "reset", target={"source": "Wire"}, reference="rest")
    for column in ("difference", "low", "high", "ratio", "p"):
        assert by_group[column].tolist() == by_value[column].tolist()
    assert turned["difference"].tolist() == [-value for value in by_value["difference"]]
    assert turned["low"].tolist() == pytest.approx([-value for value in by_value["high"]])


def test_sides_that_share_articles_are_refused(tokens):
    """Two groups that have an article in common are no comparison."""
    with pytest.raises(tk.FramingError, match="share 6 articles"):
        tk.compare(tokens, "reset", target={"source": "Post"}, reference={"source": ["Post", "Wire"]})


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["right", "left", "center"], ["left", "center", "right"]),
        (["Friday", "Monday", "Wednesday"], ["Monday", "Wednesday", "Friday"]),
        (["b", "left", "a"], ["a", "b", "left"]),
        (pd.Categorical(["x", "y", "z"], categories=["z", "x", "y"]), ["z", "x", "y"]),
    ],
)
def test_steps_of_a_scale_keep_their_order(values, expected):
    """Leanings, weekdays and Categoricals stand in their own order, and other texts in that of the alphabet."""
    articles = pd.DataFrame({"doc_id": list("abc"), "group": values, "text": "A ban."})
    assert tk.usage(articles, "ban", by="group")["group"].astype("str").tolist() == expected
    table = tk.compare(articles, "ban", between="group", reference="pairs")
    assert table["group"].astype("str").tolist() == [expected[0], expected[0], expected[1]]


def test_a_full_last_period_is_full():
    """A month whose last day has an article is whole; one that ends a day earlier is partial, and so is a late first one."""
    days = pd.to_datetime(["2017-01-01", "2017-01-31", "2017-02-01", "2017-02-28"])
    articles = pd.DataFrame({"doc_id": list("abcd"), "date": days, "text": "A ban."})
    assert tk.usage(articles, "ban", by=[], freq="M")["partial"].tolist() == [False, False]
    assert tk.usage(articles.head(3), "ban", by=[], freq="M")["partial"].tolist() == [False, True]
    assert tk.usage(articles.tail(3), "ban", by=[], freq="M")["partial"].tolist() == [True, False]


def test_a_tally_tells_what_it_holds(tokens, hits):
    """The line that a tally shows names its kinds, its units and how much was counted."""
    assert repr(tk.tally(tokens, TERMS)) == "Tally of 2 terms (reset, ban) in 12 articles, 14 counted"
    assert repr(tk.tally(LABELS)) == "Tally of 2 frames (conflict, morality) in 6 units of articles, 5 counted"
