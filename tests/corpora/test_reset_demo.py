"""Hold the labelled corpus to its card and its label guide: every hit is labelled, where it says, as what it may be."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from toolkit.corpora import load, mark_stories
from toolkit.corpora.cards import card

PATTERN = re.compile(r"(?<!\w)(?:reset(?:s|ting)?|neustart(?:s|es|e)?)(?!\w)", re.IGNORECASE)
MARKS = "\"'`“”‘’«»‹›„‚"
FLAGS = ["negated", "mentioned", "headline"]


def beside_the_card(name: str) -> pd.DataFrame:
    """Read a table of the corpus's folder: an empty cell is an empty string, true and false are booleans."""
    table = pd.read_csv(card("reset-demo").folder / name, keep_default_na=False)
    return table.assign(**{flag: table[flag].astype(bool) for flag in FLAGS if flag in table})


@pytest.fixture(scope="module")
def articles() -> pd.DataFrame:
    return load("reset-demo").set_index("doc_id", drop=False)


@pytest.fixture(scope="module")
def labels() -> pd.DataFrame:
    return beside_the_card("labels.csv")


@pytest.fixture(scope="module")
def quotations() -> pd.DataFrame:
    return beside_the_card("quotations.csv")


def inside(labels: pd.DataFrame, quotations: pd.DataFrame) -> pd.DataFrame:
    """For each label, the smallest quotation that it stands in; none, and the kind is missing."""
    keys = ["doc_id", "field"]
    pairs = labels.reset_index().merge(quotations, on=keys, suffixes=("", "_of"))
    pairs = pairs[(pairs["start_of"] <= pairs["start"]) & (pairs["end"] <= pairs["end_of"])]
    nearest = pairs.assign(size=pairs["end_of"] - pairs["start_of"]).sort_values("size").drop_duplicates("index")
    return labels.join(nearest.set_index("index")[["kind", "speaker_of", "cue_of"]])


def test_the_card_says_that_it_is_invented():
    """Nobody can take the pieces for press, or the labels for two people's: the card says what both are."""
    of = card("reset-demo")
    about = " ".join(of["about"].split())
    assert "They are written for this project. Every text, every outlet, every event" in about
    assert "no sentence here may be quoted as theirs" in about
    assert "There was no second coder" in of["labels"]


def test_it_is_as_large_as_the_card_says(articles, labels, quotations):
    """Each number of the card is that of the tables."""
    counts = card("reset-demo")["counts"]
    outlets = labels["doc_id"].map(articles["source"])
    found = {
        "articles_by_source": articles["source"].value_counts(),
        "articles_by_year": articles["date"].dt.year.astype(str).value_counts(),
        "articles_by_part": articles["part"].value_counts(),
        "articles_by_language": articles["language"].value_counts(),
        "hits_by_voice": labels["voice"].value_counts(),
        "hits_in_test_by_voice": labels.loc[labels["part"] == "test", "voice"].value_counts(),
        "hits_by_sense": labels["sense"].value_counts(),
        "hits_by_source": outlets.value_counts(),
        "hits_that_are": labels[FLAGS].sum(),
        "quotations_by_kind": quotations["kind"].value_counts(),
    }
    assert {name: numbers.to_dict() for name, numbers in found.items()} == counts
    assert len(articles) >= 90 and len(labels) >= 420
    assert 170 <= articles["text"].str.split().str.len().mean() <= 300


def test_every_hit_has_its_label_and_no_label_is_elsewhere(articles, labels):
    """What the pattern finds in titles and texts is what is labelled, to the character; the form is the text's slice."""
    found = [
        (doc_id, field, match.start(), match.end(), match.group())
        for doc_id, *fields in articles[["doc_id", "title", "text"]].itertuples(index=False)
        for field, content in zip(("title", "text"), fields, strict=True)
        for match in PATTERN.finditer(content)
    ]
    labelled = labels[["doc_id", "field", "start", "end", "form"]].itertuples(index=False, name=None)
    assert sorted(labelled) == sorted(found)


def test_labels_say_what_they_may_say(articles, labels):
    """Voices and senses are those of the guide; only a quoted or reported hit has a speaker or a cue."""
    assert set(labels["voice"]) == {"outlet", "scare_quote", "quoted", "reported"}
    assert set(labels["sense"]) == {"policy", "device", "sport", "personal", "other"}
    assert (labels["headline"] == (labels["field"] == "title")).all()
    own = labels["voice"].isin(["outlet", "scare_quote"])
    assert (labels.loc[own, ["speaker", "cue"]] == "").all(axis=None)
    for column in ("part", "language"):
        assert (labels[column] == labels["doc_id"].map(articles[column])).all()


def test_voices_agree_with_the_quotations(labels, quotations):
    """A quoted hit stands in a direct or mixed quotation, a reported one in an indirect, any other in none."""
    joined = inside(labels, quotations)
    kinds = joined.groupby("voice")["kind"].agg(lambda kind: sorted(kind.dropna().unique()))
    assert kinds.to_dict() == {
        "outlet": [],
        "quoted": ["direct", "mixed"],
        "reported": ["indirect"],
        "scare_quote": [],
    }
    spoken = joined[joined["voice"].isin(["quoted", "reported"])]
    assert spoken["kind"].notna().all()
    assert (spoken["speaker"] == spoken["speaker_of"]).all() and (spoken["cue"] == spoken["cue_of"]).all()


def test_scare_quotes_have_marks(articles, labels):
    """Around each scare quote stand an opening and a closing mark, with at most a few words between."""
    for hit in labels[labels["voice"] == "scare_quote"].itertuples():
        content = articles.loc[hit.doc_id, hit.field]
        before, after = content[max(0, hit.start - 20) : hit.start], content[hit.end : hit.end + 25]
        assert any(mark in before for mark in MARKS), (hit.doc_id, before)
        assert any(mark in after for mark in MARKS), (hit.doc_id, after)


def test_quotations_are_where_they_say(articles, quotations):
    """A direct or mixed quotation begins with a mark, an indirect one has no white space at its edges; its cue is printed."""
    for said in quotations.itertuples():
        content = articles.loc[said.doc_id, said.field][said.start : said.end]
        assert content and content == content.strip()
        assert said.kind == "indirect" or content[0] in MARKS, (said.doc_id, content)
        assert said.cue in articles.loc[said.doc_id, said.field], (said.doc_id, said.cue)
    assert set(quotations["kind"]) == {"direct", "indirect", "mixed"}
    assert (quotations["part"] == quotations["doc_id"].map(articles["part"])).all()


def test_two_quotations_are_apart_or_one_is_in_the_other(quotations):
    """Spans of one field never cross, and only a mixed quotation stands inside another: an indirect one."""
    for _, spans in quotations.groupby(["doc_id", "field"]):
        rows = list(spans.itertuples())
        for i, one in enumerate(rows):
            for other in rows[i + 1 :]:
                if one.start < other.end and other.start < one.end:
                    assert one.start <= other.start and other.end <= one.end, (one.doc_id, one.start, other.start)
                    assert (one.kind, other.kind) == ("indirect", "mixed"), (one.doc_id, one.start, other.start)


def test_each_class_is_large_enough_for_a_score(labels):
    """Every voice has at least 30 hits in the test part, and rejected, mentioned and headline hits are not rare."""
    assert labels.loc[labels["part"] == "test", "voice"].value_counts().min() >= 30
    whole = labels["voice"].value_counts()
    assert whole["outlet"] >= 130 and whole["quoted"] >= 110
    assert whole["reported"] >= 70 and whole["scare_quote"] >= 60
    assert labels["negated"].sum() >= 50 and labels["mentioned"].sum() >= 35 and labels["headline"].sum() >= 45
    assert 0.55 <= (labels["sense"] == "policy").mean() <= 0.65


def test_the_parts_are_whole_stories_of_all_outlets(articles):
    """About 40 % of the pieces are the test part; a story is in one part, and each outlet and language in both."""
    assert 0.38 <= (articles["part"] == "test").mean() <= 0.42
    assert articles[["story_gold", "part"]].drop_duplicates()["story_gold"].is_unique
    assert (articles.groupby("source")["part"].nunique() == 2).all()
    assert (articles.groupby("language")["part"].nunique() == 2).all()
    assert 0.15 <= (articles["language"] == "de").mean() <= 0.20


def test_the_copies_can_be_found(articles):
    """mark_stories finds exactly the stories that the author marked, and each copy names the agency."""
    marked = mark_stories(articles.reset_index(drop=True))
    pairs = marked[["story_id", "story_gold"]].drop_duplicates()
    assert pairs["story_id"].is_unique and pairs["story_gold"].is_unique
    copies = articles.groupby("story_gold").filter(lambda story: len(story) > 1)
    assert (copies["wire"] == "Wire Meridian").all() and len(copies) > 40


def test_every_kind_of_mark_is_there(articles):
    """Straight, curly, single, French and German marks stand in the texts, with marks in marks and a possessive after s."""
    running = "\n".join(articles["text"])
    for mark in ['"', "“", "”", "‘", "’", "«", "»", "›", "„", "‚", "``"]:
        assert mark in running, mark
    assert "“reset”,’" in running and "«The term «reset»" in running
    assert "supporters' trust" in running and "delegations' advisers" in running


def test_quotations_over_paragraphs_and_without_an_end(articles, quotations):
    """Three quotations run over paragraphs; of two, the closing mark never comes."""
    spans = [
        articles.loc[q.doc_id, q.field][q.start : q.end]
        for q in quotations[quotations["kind"] == "direct"].itertuples()
    ]
    assert len([span for span in spans if "\n\n" in span]) == 3
    assert len([span for span in spans if span[-1] not in MARKS]) == 2


def test_resettlement_is_no_hit(articles, labels):
    """reset* also matches resettlement: two pieces have it beside a labelled hit, one has it alone."""
    has = articles.index[articles["text"].str.contains("resettlement", case=False)]
    assert len(has) == 3 and (~has.isin(labels["doc_id"])).sum() == 1
