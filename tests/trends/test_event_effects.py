"""tk.event_effects measures a planted step, keeps before and after apart, and says why where it cannot."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests

import toolkit as tk
from toolkit.measures.series.interruptions import interruption
from toolkit.tables import INTERRUPTIONS, FramingError

DAY = pd.Timestamp("2017-01-02")


def noisy(seed=0, n=40, factor=1.0, at=20):
    """Hits of each day, around 20, times a factor from a day on."""
    rng = np.random.default_rng(seed)
    return rng.poisson(np.where(np.arange(n) < at, 20.0, 20.0 * factor)).tolist()


def test_a_planted_step_is_measured(daily):
    """Hits double at the event: the step is near 2, its interval holds 2 and not 1; the slope does not change."""
    found = tk.event_effects(daily(Post=noisy(factor=2.0)), ["reset"], {"order": "2017-01-22"}, freq="D")
    assert list(found.columns[:3]) == ["term", "event", "date"] and set(INTERRUPTIONS.columns) <= set(found.columns)
    (row,) = found.itertuples()
    assert (row.event, row.date, row.period) == ("order", pd.Timestamp("2017-01-22"), pd.Timestamp("2017-01-22"))
    assert (row.n_periods_before, row.n_periods_after, row.note) == (20, 20, "")
    assert 1.2 < row.level_low < 2 < row.level_high and row.level_p < 0.001
    assert row.slope_low < 1 < row.slope_high and row.slope_p > 0.05


def test_the_numbers_are_those_of_the_measure(daily):
    """Ratios and their ends are e to the power of the fit's estimates; p is its p."""
    hits = noisy(3, factor=1.5)
    found = tk.event_effects(daily(Post=hits), ["reset"], {"order": "2017-01-22"}, freq="D").iloc[0]
    fit = interruption(hits, [100] * 40, range(40), 20)
    assert found["slope_before"] == pytest.approx(np.exp(fit.estimate[0]))
    assert found["level_ratio"] == pytest.approx(np.exp(fit.estimate[1]))
    assert found["slope_after"] == pytest.approx(np.exp(fit.estimate[0] + fit.estimate[2]))
    assert (found["level_p"], found["slope_p"]) == pytest.approx(tuple(fit.p[1:]))
    assert found["n_hits_before"] == sum(hits[:20]) and found["n_words_after"] == 2000


def test_the_period_of_the_event_is_neither_before_nor_after(daily):
    """An event on a Thursday: its week is left out; one on a Monday: its week is the first after."""
    corpus = daily(Post=noisy(n=40 * 7))
    for day, period, before, after in (
        ("2017-05-25", "2017-05-29", 20, 19),
        ("2017-05-22", "2017-05-22", 20, 20),
    ):
        (row,) = tk.event_effects(corpus, ["reset"], {"event": day}, freq="W").itertuples()
        assert (row.period, row.n_periods_before, row.n_periods_after) == (pd.Timestamp(period), before, after)


def test_each_event_has_the_periods_to_its_neighbours(daily):
    """Between two events lie the periods after the one and before the other; with a window as many as it says."""
    corpus = daily(Post=noisy(n=60))
    events = {"b": DAY + pd.Timedelta(days=40), "a": DAY + pd.Timedelta(days=15)}
    found = tk.event_effects(corpus, ["reset"], events, freq="D")
    assert found["event"].tolist() == ["a", "b"]
    assert found[["n_periods_before", "n_periods_after"]].to_numpy().tolist() == [[15, 25], [25, 20]]
    found = tk.event_effects(corpus, ["reset"], events, freq="D", window=18)
    assert found[["n_periods_before", "n_periods_after"]].to_numpy().tolist() == [[15, 18], [18, 18]]


def test_days_without_articles_are_not_zeros(daily):
    """Gaps are left out of the fit, and not counted as periods."""
    hits = noisy()
    hits[5], hits[30] = None, None
    (row,) = tk.event_effects(daily(Post=hits), ["reset"], {"order": "2017-01-22"}, freq="D").itertuples()
    assert (row.n_periods_before, row.n_periods_after, row.n_words_before) == (19, 19, 1900)
    assert np.isfinite(row.level_ratio)


@pytest.mark.parametrize(
    ("hits", "day", "note"),
    [
        (noisy(n=20), "2017-01-08", "6 covered periods before; 8 are needed"),
        (noisy(n=20), "2017-01-21", "1 covered period after; 8 are needed"),
        ([0] * 20 + noisy(n=20), "2017-01-22", "0 periods with a hit before; 2 are needed"),
        ([0] * 19 + [1] + noisy(n=20), "2017-01-22", "1 period with a hit before; 2 are needed"),
        ([0] * 40, "2017-01-22", "0 periods with a hit before; 2 are needed"),
        (noisy(), "2016-06-01", "outside the dates of the articles"),
        (noisy(), "2017-01-02", "outside the dates of the articles"),
        (noisy(), "2018-01-01", "outside the dates of the articles"),
        ([3], "2017-01-02", "outside the dates of the articles"),
    ],
)
def test_where_nothing_can_be_said_the_note_says_why(daily, hits, day, note):
    """Too few periods, too few hits and events outside the corpus are rows with a note and no numbers."""
    (row,) = tk.event_effects(daily(Post=hits), ["reset"], {"event": day}, freq="D").itertuples()
    assert row.note == note
    assert np.isnan([row.level_ratio, row.level_p, row.level_p_adjusted, row.slope_ratio]).all()


def test_many_tests_are_corrected_together(daily):
    """All p of the table, of steps and slopes, are corrected as statsmodels does; rows without one do not count."""
    corpus = daily(Post=noisy(1, factor=1.4), Sun=noisy(2, factor=1.2), Sky=noisy(n=10))
    for method, theirs in (("holm", "holm"), ("fdr", "fdr_bh")):
        found = tk.event_effects(corpus, ["reset"], {"order": "2017-01-22"}, by="source", freq="D", adjust=method)
        assert found["source"].tolist() == ["Post", "Sky", "Sun"] and found["note"].ne("").tolist() == [
            False,
            True,
            False,
        ]
        p = found[["level_p", "slope_p"]].to_numpy().ravel()
        expected = multipletests(p[np.isfinite(p)], method=theirs)[1]
        assert found[["level_p_adjusted", "slope_p_adjusted"]].dropna().to_numpy().ravel() == pytest.approx(expected)
    found = tk.event_effects(corpus, ["reset"], {"order": "2017-01-22"}, by="source", freq="D", adjust=None)
    assert found["level_p_adjusted"].equals(found["level_p"].rename("level_p_adjusted"))


def test_chronologies_are_taken_by_name_and_named_in_the_recipe():
    """The name of a chronology is enough; the recipe has its events with their days, and the settings."""
    found = tk.event_effects(tk.load("abp-counts").dropna(subset="date"), ["reset"], "us-russia-reset", freq="M")
    assert len(found) == len(tk.events("us-russia-reset"))
    settings = found.attrs["recipe"]["settings"]
    assert settings["events"]["Russia annexes Crimea"] == "2014-03-18"
    assert settings["window"] == "to the neighbouring events"
    assert (found["note"] == "outside the dates of the articles").sum() == 13


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"window": 3}, "window is how many periods to take on each side, 8 or more; this is 3."),
        ({"lags": -1}, "lags is how many earlier periods a period resembles, 0 or more; this is -1."),
        ({"adjust": "none"}, "There is no adjustment 'none'. There are: holm, bonferroni, fdr."),
    ],
)
def test_settings_out_of_range_are_refused(daily, settings, sentence):
    """Each setting is checked where it is made."""
    with pytest.raises(FramingError) as error:
        tk.event_effects(daily(Post=noisy()), ["reset"], {"order": "2017-01-22"}, freq="D", **settings)
    assert str(error.value) == sentence


def test_too_many_models_are_refused(counts):
    """Tens of thousands of sources are not fitted one by one for hours."""
    corpus = counts([(f"s{i}", DAY, 10, 1) for i in range(20_001)])
    with pytest.raises(FramingError) as error:
        tk.event_effects(corpus, ["reset"], {"order": "2017-01-22"}, by="source", freq="D")
    assert str(error.value) == (
        "Series times terms times events are 20,001 models; at most 20,000 are fitted at a time. "
        "Take fewer articles, terms or events."
    )
