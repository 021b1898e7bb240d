"""The error of a search: samples whose weights give back the whole, sheets that survive a file, corrected rates."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import toolkit as tk
from toolkit.coding.samples import allocated
from toolkit.tables import TERM_ERROR, VALIDATION_SHEET, FramingError, FramingWarning

TEXTS = {
    "a": "A reset with Moscow, a reset, no more.",  # both relevant
    "b": "A password reset.\nA fresh start with Moscow.",  # not; missed
    "c": "A new start for the router.",  # of the net, not relevant
    "d": "Rain.",
    "e": "Reset the relations!",  # relevant
    "f": "A new start with Russia, a fresh start.",  # missed, missed
}
ARTICLES = pd.DataFrame(
    {
        "doc_id": list(TEXTS),
        "source": ["Post", "Post", "Wire", "Wire", "Wire", "Post"],
        "date": pd.to_datetime(["2017-01-02", "2017-01-03", "2017-02-04", "2017-02-05", "2017-02-06", "2017-02-07"]),
        "text": list(TEXTS.values()),
    }
)
RELEVANT = {("a", 2), ("a", 23), ("b", 20), ("e", 0), ("f", 2), ("f", 27)}
WIDE = {"wide": ["reset", "fresh start", "new start"]}


@pytest.fixture
def tokens():
    return tk.tokenize(ARTICLES)


@pytest.fixture
def hits(tokens):
    return tk.find(tokens, "reset")


@pytest.fixture
def wider(tokens):
    return tk.find(tokens, WIDE)


def coded(sheet):
    """Code a sheet of hits as RELEVANT says."""
    codes = ["yes" if pair in RELEVANT else "no" for pair in zip(sheet["doc_id"], sheet["start"], strict=True)]
    return sheet.assign(relevant=codes)


def message(call):
    with pytest.raises(FramingError) as caught:
        call()
    return str(caught.value)


# Samples


def test_a_sheet_has_the_columns_that_its_table_names(tokens, hits, wider):
    """Every column is named in VALIDATION_SHEET, each hit of the net that is no hit of the term is there once, with its text."""
    sheet = tk.sample_for_validation(hits, wider=wider, tokens=tokens, window=2)
    assert (
        set(VALIDATION_SHEET.columns) <= set(sheet.columns) <= {*VALIDATION_SHEET.columns, *VALIDATION_SHEET.optional}
    )
    assert sheet["retrieved"].sum() == 4
    rest = sheet[~sheet["retrieved"]].sort_values(["doc_id", "start"])
    assert rest["keyword"].tolist() == ["fresh start", "new start", "new start", "fresh start"]
    assert rest[["pre", "post"]].iloc[0].tolist() == ["reset. A ", " with Moscow."]
    assert sheet["relevant"].isna().all()
    assert sheet.attrs["recipe"]["function"] == "toolkit.sample_for_validation"


def test_a_hit_of_the_net_that_overlaps_a_hit_is_found(tokens):
    """ "password reset" of the net shares characters with the hit "reset", so it is none that was missed."""
    both = tk.find(tokens, {"w": ["password reset"]})
    with pytest.warns(FramingWarning, match="holds nothing beyond the hits of 'reset'"):
        assert tk.sample_for_validation(tk.find(tokens, "reset"), wider=both)["retrieved"].all()


def test_the_same_seed_draws_the_same_units(hits, wider):
    """A seed names one sample; another seed another one; and hits are left as they were."""
    before = hits.copy()
    one, same, other = (tk.sample_for_validation(hits, wider=wider, n=2, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, same)
    assert not one.drop(columns="unit_id").equals(other.drop(columns="unit_id"))
    pd.testing.assert_frame_equal(hits, before)


def test_articles_are_units_too(tokens, hits):
    """With articles as units, a mask or a table of articles is the net, and the sheet shows the whole text."""
    mask = ARTICLES["text"].str.contains("Moscow|Russia|relations", regex=True)
    by_mask = tk.sample_for_validation(hits, wider=mask, unit="article", tokens=tokens)
    by_table = tk.sample_for_validation(hits, wider=ARTICLES[mask], unit="article", tokens=tokens)
    pd.testing.assert_frame_equal(by_mask, by_table)
    assert sorted(by_mask["doc_id"][by_mask["retrieved"]]) == ["a", "b", "e"]
    assert by_mask["doc_id"][~by_mask["retrieved"]].tolist() == ["f"]
    assert by_mask.set_index("doc_id")["text"].to_dict()["b"] == TEXTS["b"]


def test_terms_have_samples_and_nets_of_their_own(tokens):
    """A net with the terms' names serves each term by its name."""
    hits = tk.find(tokens, {"reset": "reset", "start": "new start"})
    wider = tk.find(tokens, {"reset": ["reset", "router"], "start": ["new start", "fresh start"]})
    sheet = tk.sample_for_validation(hits, wider=wider)
    rest = sheet[~sheet["retrieved"]]
    assert rest.groupby("term")["form"].agg(lambda forms: sorted(set(forms))).to_dict() == {
        "reset": ["router"],
        "start": ["fresh start"],
    }


def test_strata_have_two_units_at_least_and_weights_that_sum_to_their_size():
    """Of 90 hits in one outlet and 10 in another, 20 are dealt as 18 and 2, or in equal parts."""
    hits = pd.DataFrame(
        {
            "doc_id": [f"d{i}" for i in range(100)],
            "term": "t",
            "field": "text",
            "start": 0,
            "end": 5,
            "source": ["Post"] * 90 + ["Wire"] * 10,
            "date": pd.to_datetime("2017-01-05"),
        }
    )
    sheet = tk.sample_for_validation(hits, n=20, by="source", freq="M")
    assert sheet["stratum"].value_counts().to_dict() == {"Post | 2017-01-01": 18, "Wire | 2017-01-01": 2}
    assert sheet.groupby("source")["weight"].sum().to_dict() == {"Post": 90.0, "Wire": 10.0}
    equal = tk.sample_for_validation(hits, n=20, by="source", allocation="equal")
    assert equal["source"].value_counts().to_dict() == {"Post": 10, "Wire": 10}
    many = hits.assign(source=hits["doc_id"])
    assert message(lambda: tk.sample_for_validation(many, n=20, by="source")) == (
        "n is 20, and two units from each of 100 strata of the hits of 't' (source) make 100. Draw more, or use fewer strata."
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 200), min_size=1, max_size=30),
    st.integers(1, 3000),
    st.sampled_from(["proportional", "equal"]),
)
def test_allocation_deals_n_and_keeps_its_bounds(sizes, n, how):
    """What is dealt sums to n or to all that there is, with two or all of each stratum at least."""
    sizes = np.array(sizes)
    if np.minimum(sizes, 2).sum() > n:
        return
    dealt = allocated(sizes, n, how, "units")
    assert dealt.sum() == min(n, sizes.sum())
    assert (dealt <= sizes).all()
    assert (dealt >= np.minimum(sizes, 2)).all()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda hits, _: tk.sample_for_validation(hits.head(0)),
            "There is no hit to draw from. Look with tk.word_forms at what the patterns match.",
        ),
        (
            lambda hits, _: tk.sample_for_validation(hits, n=0),
            "n is a number of units, or a pair: of the hits and of the rest of the net; this is 0.",
        ),
        (
            lambda hits, _: tk.sample_for_validation(hits, unit="document"),
            "There is no unit 'document'. There are: hit, article.",
        ),
        (
            lambda hits, _: tk.sample_for_validation(hits, wider=ARTICLES),
            "The wider net consists of articles, and an article is not a missed hit. Give hits of broader patterns (tk.find), or code "
            "articles: unit='article'.",
        ),
        (
            lambda hits, _: tk.sample_for_validation(hits, wider=[True, False], unit="article"),
            "wider is a table of hits (tk.find), a table of articles, or, with tokens, a mask with True or False for each of its "
            "articles; this is a list.",
        ),
    ],
)
def test_what_cannot_be_drawn_is_said(hits, wider, call, said):
    """Each question that makes no sense is answered by one sentence."""
    assert message(lambda: call(hits, wider)) == said


# Errors


def test_a_sheet_that_is_coded_whole_gives_the_truth(hits, wider):
    """3 of 4 hits are relevant, and 3 of 4 others of the net: precision 3/4, recall 3/6, and 6 relevant uses for 4 hits."""
    error = tk.term_error(coded(tk.sample_for_validation(hits, wider=wider)))
    assert list(error.columns) == list(TERM_ERROR.columns)
    row = error.iloc[0]
    assert row[["precision", "recall", "F1", "correction"]].tolist() == pytest.approx([3 / 4, 3 / 6, 3 / 5, 6 / 4])
    assert row[["n_retrieved", "n_retrieved_relevant", "n_rest", "n_rest_relevant", "n_uncoded"]].tolist() == [
        4,
        3,
        4,
        3,
        0,
    ]


def test_weights_give_back_the_truth_where_all_is_coded():
    """Strata coded whole give the whole, however they were dealt, and a part of each gives it on average."""
    rng = np.random.default_rng(1)
    n = 300
    hits = pd.DataFrame(
        {
            "doc_id": [f"d{i}" for i in range(n)],
            "term": "t",
            "field": "text",
            "start": 0,
            "end": 5,
            "source": np.where(np.arange(n) < 250, "Post", "Wire"),
        }
    )
    truth = pd.Series((rng.random(n) < np.where(np.arange(n) < 250, 0.4, 0.9)).astype(int), hits["doc_id"])
    with pytest.warns(FramingWarning, match="Nothing of a wider net was drawn for t, so recall is unknown"):
        whole = tk.term_error(_with_codes(tk.sample_for_validation(hits, n=n, by="source"), truth))
    assert whole["precision"][0] == truth.mean()
    assert whole[["recall", "F1", "correction", "correction_low"]].isna().all(axis=None)
    parts = []
    for seed in range(60):
        sheet = tk.sample_for_validation(hits, n=60, by="source", allocation="equal", seed=seed)
        with pytest.warns(FramingWarning):
            parts.append(tk.term_error(_with_codes(sheet, truth))["precision"][0])
    assert abs(np.mean(parts) - truth.mean()) < 4 * np.std(parts) / np.sqrt(60)


def _with_codes(sheet, truth):
    return sheet.assign(relevant=sheet["doc_id"].map(truth))


def test_a_plain_sample_has_clopper_and_pearsons_interval():
    """Without strata and stories precision has the exact interval that scipy gives."""
    sheet = _sheet([True] * 40, ["yes"] * 31 + ["no"] * 9)
    with pytest.warns(FramingWarning):
        row = tk.term_error(sheet, confidence=0.9).iloc[0]
    exact = stats.binomtest(31, 40).proportion_ci(0.9, method="exact")
    assert row[["precision_low", "precision_high"]].tolist() == pytest.approx([exact.low, exact.high])


def _sheet(retrieved, relevant, **columns):
    retrieved = pd.Series(retrieved)
    n = retrieved.map(retrieved.value_counts())
    return pd.DataFrame(
        {
            "unit_id": [f"u{i}" for i in range(len(retrieved))],
            "doc_id": [f"d{i}" for i in range(len(retrieved))],
            "term": "t",
            "unit": "hit",
            "retrieved": retrieved,
            "stratum": "all",
            "n_units": n,
            "n_drawn": n,
            "relevant": relevant,
            **columns,
        }
    )


def test_wire_copies_make_the_interval_wider():
    """Forty units of four stories say less than of forty; a unit without a story is one."""
    codes = ["yes"] * 30 + ["no"] * 10
    with pytest.warns(FramingWarning):
        alone = tk.term_error(_sheet([True] * 40, codes, story_id=None)).iloc[0]
    with pytest.warns(FramingWarning):
        copied = tk.term_error(_sheet([True] * 40, codes, story_id=[f"s{i // 10}" for i in range(40)])).iloc[0]
    assert copied["precision"] == alone["precision"] == 0.75
    assert copied["precision_high"] - copied["precision_low"] > 2 * (alone["precision_high"] - alone["precision_low"])


def test_all_terms_together_stand_in_a_last_row():
    """3 of 4 and 1 of 4 are relevant: 4 of 8 together."""
    sheet = pd.concat([_sheet([True] * 4, [1, 1, 1, 0]), _sheet([True] * 4, [1, 0, 0, 0], term="u")], ignore_index=True)
    sheet["unit_id"] = range(8)
    with pytest.warns(FramingWarning, match="was drawn for t, u"):
        error = tk.term_error(sheet)
    assert error["term"].tolist() == ["t", "u", "(all)"]
    assert error["precision"].tolist() == [0.75, 0.25, 0.5]


def test_an_error_by_source_needs_strata_by_source(hits, wider):
    """By source, each has its own; a sample that was not stratified so cannot tell it."""
    error = tk.term_error(coded(tk.sample_for_validation(hits, wider=wider, by="source")), by="source").set_index(
        "source"
    )
    assert error["precision"].to_dict() == pytest.approx({"Post": 2 / 3, "Wire": 1.0})
    assert error["correction"].to_dict() == pytest.approx({"Post": 5 / 3, "Wire": 1.0})
    sheet = coded(tk.sample_for_validation(hits, wider=wider))
    assert message(lambda: tk.term_error(sheet, by="source")) == (
        "The sample was not stratified by source, so nothing says how many units each of its values stands for. "
        "Draw it with by=['source']."
    )


def test_units_that_were_not_coded_are_counted_and_left_out(hits, wider):
    """Without one of the four codes precision is that of the other three; a stratum without any code is warned of."""
    sheet = coded(tk.sample_for_validation(hits, wider=wider)).sort_values("retrieved", ignore_index=True)
    sheet.loc[7, "relevant"] = None
    row = tk.term_error(sheet).iloc[0]
    left = (sheet["relevant"][4:7] == "yes").mean()
    assert (row["precision"], row["n_uncoded"], row["n_retrieved_coded"], row["n_retrieved"]) == (left, 1, 3, 4)
    by = coded(tk.sample_for_validation(hits, wider=wider, by="source"))
    by.loc[by["retrieved"] & (by["source"] == "Wire"), "relevant"] = ""
    with pytest.warns(FramingWarning, match="1 of 4 strata have no coded unit; the others stand in for them."):
        assert tk.term_error(by)["precision"][0] == pytest.approx(2 / 3)


@pytest.mark.parametrize("options", [{}, {"dtype": "str", "keep_default_na": False}])
def test_a_sheet_survives_a_file(tmp_path, tokens, hits, wider, options):
    """Written as CSV and read either way, a sheet gives the same error; read as text, the same cells."""
    odd = hits.assign(doc_id=hits["doc_id"], story_id=[None, "007", "NA", 'a,\n"b"'], source='x;"é\n,')
    sheet = tk.sample_for_validation(odd, wider=wider.assign(source="NA", story_id=None), tokens=tokens, by="source")
    path = tmp_path / "sheet.csv"
    done = coded(sheet)
    done.to_csv(path, index=False)
    back = pd.read_csv(path, **options)
    pd.testing.assert_frame_equal(tk.term_error(back), tk.term_error(done), check_dtype=False)
    if options:
        written = done.astype(object).where(done.notna(), "").map(lambda cell: str(cell).removesuffix(" 00:00:00"))
        pd.testing.assert_frame_equal(back.astype(object), written, check_dtype=False)


def test_a_blind_sheet_is_judged_with_its_key(tokens, hits, wider):
    """A blind sheet says nothing of the draw; with the key of the same draw it gives the same error."""
    settings_ = {"wider": wider, "tokens": tokens, "seed": 4}
    key = tk.sample_for_validation(hits, **settings_)
    blind = tk.sample_for_validation(hits, blind=True, **settings_)
    assert not {"retrieved", "stratum", "n_units", "n_drawn", "weight"} & set(blind.columns)
    pd.testing.assert_frame_equal(blind, key[blind.columns])
    shuffled = coded(blind).sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(tk.term_error(shuffled, key=key), tk.term_error(coded(key)))
    assert message(lambda: tk.term_error(coded(blind))) == (
        "This sheet is blind: it does not say how its units were drawn. Draw the same sample with blind=False, and give it as key: "
        "tk.term_error(sheet, key=...)."
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"relevant": ["yes", "perhaps", "no", "maybe"]},
         "relevant is yes, no (or True, False, 1, 0) or empty; 2 of 4 are something else: 'perhaps', 'maybe'."),
        ({"relevant": None}, "None of these 4 units is coded: fill in the column relevant (yes or no)."),
        ({"unit_id": "u1"}, "A sheet has one row per unit; 1 stand more than once, for example 'u1'. Where several people coded, settle on one code first."),
        ({"n_units": "many"}, "n_units says how many units there are, 1 or more; it was changed in this sheet. Put the old column back."),
        ({"term": [None, "t", "t", "t"]}, "1 units have no term. Read the file with keep_default_na=False; otherwise a term such as 'NA' is read as missing."),
        ({"unit": ["hit", "article", "hit", "hit"]}, "Some units are hits and others articles: these are two samples. Judge each by itself."),
    ],
)  # fmt: skip
def test_a_sheet_that_cannot_be_judged_says_why(change, said):
    """Each fault of a sheet is named."""
    sheet = _sheet([True, True, False, False], ["yes"] * 4).assign(**change)
    assert message(lambda: tk.term_error(sheet)) == said


@pytest.mark.parametrize("yes", [True, "TRUE", " Yes", "y", 1, "1", 1.0])
def test_yes_is_read_however_it_is_written(yes):
    """Spellings of yes count as relevant."""
    assert tk.term_error(_sheet([True, False], [yes, yes]))["precision"][0] == 1.0


# Corrected rates


def test_a_corrected_rate_is_the_rate_times_precision_over_recall(tokens, hits, wider):
    """4 hits, of which 3 are relevant, and 3 that were missed: 6 relevant uses; the interval reaches beyond both its parts."""
    error = tk.term_error(coded(tk.sample_for_validation(hits, wider=wider)))
    table = tk.usage(tokens, "reset", by=[], error=error)
    row = table.iloc[0]
    assert row["corrected"] == pytest.approx(6 / row["n_words"] * 1e6)
    assert row["corrected"] == pytest.approx(row["per_million"] * error["precision"][0] / error["recall"][0])
    assert row["corrected_high"] / row["corrected"] > row["high"] / row["per_million"]
    assert row["corrected"] / row["corrected_low"] > row["per_million"] / row["low"]
    without = tk.usage(tokens, "reset", by=[])
    pd.testing.assert_frame_equal(table[without.columns], without)
    assert table.attrs["recipe"]["settings"]["error"][0]["correction"] == error["correction"][0]


def test_an_error_by_source_is_applied_by_source(tokens, hits, wider):
    """Each source is multiplied by its own correction; one that has none is left out with a warning."""
    error = tk.term_error(coded(tk.sample_for_validation(hits, wider=wider, by="source")), by="source")
    table = tk.usage(tokens, "reset", error=error).set_index("source")
    factor = error.set_index("source")["correction"]
    assert (table["corrected"] / table["per_million"]).to_dict() == pytest.approx(factor.to_dict())
    with pytest.warns(
        FramingWarning,
        match="For 1 cells no correction is known, and they are not corrected; the first: term='reset', source='Wire'.",
    ):
        part = tk.usage(tokens, "reset", error=error[error["source"] == "Post"]).set_index("source")
    assert np.isnan(part["corrected"]["Wire"])
    assert part["corrected"]["Post"] == table["corrected"]["Post"]


def test_a_share_is_corrected_by_an_error_of_articles(tokens, hits):
    """Two of three articles found are relevant, and one that was missed: three of six have the use."""
    sheet = tk.sample_for_validation(hits, wider=ARTICLES, unit="article")
    error = tk.term_error(sheet.assign(relevant=sheet["doc_id"].isin(["a", "e", "f"])))
    table = tk.usage(tokens, "reset", by=[], measure="share", error=error)
    assert table["corrected"][0] == pytest.approx(3 / 6)


def test_periods_can_have_errors_of_their_own(tokens, hits, wider):
    """An error by month, from a sheet that was drawn by month, meets the months of usage."""
    error = tk.term_error(coded(tk.sample_for_validation(hits, wider=wider, freq="M")), by="period")
    table = tk.usage(tokens, "reset", by=[], freq="M", error=error)
    assert (table["corrected"] / table["per_million"]).tolist() == pytest.approx(
        error.sort_values("period")["correction"].tolist()
    )


def test_an_error_that_does_not_fit_is_refused(tokens, hits, wider):
    """Other terms, other cells, another unit or confidence, and a recall that is not known are each named."""
    error = tk.term_error(coded(tk.sample_for_validation(hits, wider=wider)))
    by_source = tk.term_error(coded(tk.sample_for_validation(hits, wider=wider, by="source")), by="source")
    with pytest.warns(FramingWarning):
        no_recall = tk.term_error(coded(tk.sample_for_validation(hits)))
    said = {
        message(lambda: tk.usage(tokens, {"resets": "reset"}, error=error)),
        message(lambda: tk.usage(tokens, "reset", by=[], error=by_source)),
        message(lambda: tk.usage(tokens, "reset", measure="share", error=error)),
        message(lambda: tk.usage(tokens, "reset", confidence=0.9, error=error)),
        message(lambda: tk.usage(tokens, "reset", error=no_recall)),
        message(lambda: tk.usage(tokens, "reset", error=pd.concat([error, error]))),
        message(lambda: tk.usage(tokens, ["reset", "start"], measure="rival_share", error=error)),
    }
    assert said == {
        "There is no measured error of 'resets'. Did you mean 'reset'? There are: reset.",
        "The error was measured by source, and usage is counted by no column. Count by source, too, or measure the error without it.",
        "measure='share' counts articles, and the error was measured on hits. Draw the sample with unit='article'.",
        "The error has intervals of 95% and usage of 90%. Use one confidence for both.",
        "The correction of reset is not known: it needs recall, and so a coded sample of a wider net: tk.sample_for_validation(hits, wider=...).",
        "The table of errors has several rows for one term: keep one row for each.",
        "A share among rivals has the errors of all of them in numerator and denominator, which error= does not cover. "
        "Correct measure='per_million', or 'share'.",
    }


# Picked hits


def test_picked_hits_are_counted_as_the_hits_are(tokens, hits):
    """All hits give the usage of the term, in the words of all articles; some of them theirs."""
    own = tk.usage(tokens, "reset")
    pd.testing.assert_frame_equal(tk.usage(tk.count_hits(tokens, hits), ["reset"]), own)
    none = tk.usage(tk.count_hits(tokens, hits.head(0), terms=["reset"]), ["reset"])
    some = tk.usage(tk.count_hits(tokens, hits[hits["doc_id"] != "b"]), ["reset"])
    assert some["n_hits"].sum() == own["n_hits"].sum() - 1
    assert some["n_words"].tolist() == own["n_words"].tolist()
    assert (none["n_hits"].sum(), none["n_words"].tolist()) == (0, own["n_words"].tolist())


def test_hits_of_elsewhere_cannot_be_counted(tokens, hits):
    """A hit of an article or a term that is not there is named, and so is a term whose counts would be in n_words."""
    assert message(lambda: tk.count_hits(tokens, hits.assign(doc_id="z"))) == (
        "4 of 4 hits belong to none of the articles of the index, for example 'z'."
    )
    assert message(lambda: tk.count_hits(tokens, hits, terms=["ban"])) == (
        "4 of 4 hits belong to none of the terms to count, for example 'reset'."
    )
    assert message(lambda: tk.count_hits(tokens, hits, terms=["words"])) == (
        "The counts of a term called 'words' would be in n_words, which holds the words of the article."
    )
