"""Keyness: two sides, four cells, one sign."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import toolkit as tk
from toolkit.tables import KEYNESS

ARTICLES = pd.DataFrame(
    {
        "doc_id": list("abcd"),
        "source": ["x", "x", "y", "y"],
        "text": ["ban ban order", "Ban's", "order order", "rain ban"],
    }
)
TOKENS = tk.tokenize(ARTICLES)
X = (ARTICLES["source"] == "x").to_numpy()


def test_counts_by_hand():
    """Counts and articles of each word are those one counts; capitals and possessives are one word."""
    table = tk.keyness(TOKENS, X, min_n=1).set_index("feature")
    assert list(tk.keyness(TOKENS, X).columns) == list(KEYNESS.columns)
    counts = table[["n_target", "n_reference", "n_articles_target", "n_articles_reference"]]
    assert counts.loc["ban"].tolist() == [3, 1, 2, 1]
    assert counts.loc["order"].tolist() == [1, 2, 1, 1]
    assert counts.loc["rain"].tolist() == [0, 1, 0, 1]


def test_g2_is_scipys():
    """G2 and p are those of scipy's log-likelihood test of the four cells, with the sign of the difference."""
    table = tk.keyness(TOKENS, X, min_n=1).set_index("feature")
    test = stats.chi2_contingency([[3, 1], [1, 3]], lambda_="log-likelihood", correction=False)
    assert table.loc["ban", "G2"] == pytest.approx(test.statistic)
    assert table.loc["ban", "p"] == pytest.approx(test.pvalue)
    assert table.loc["rain", "G2"] < 0


def test_swapping_sides_turns_the_sign():
    """Target and reference swapped, G2 and log ratio change their sign and nothing else."""
    tokens = tk.tokenize(tk.load("news-2017").head(300))
    target = (tokens.articles["source"] == "CNN").to_numpy()
    one = tk.keyness(tokens, target).set_index("feature").sort_index()
    two = tk.keyness(tokens, ~target).set_index("feature").sort_index()
    np.testing.assert_allclose(one["G2"], -two["G2"], atol=1e-9)
    np.testing.assert_allclose(one["log_ratio"], -two["log_ratio"], atol=1e-12)
    assert one["n_target"].tolist() == two["n_reference"].tolist()


def test_reference_can_be_named():
    """With a reference, the other articles are left out."""
    table = tk.keyness(TOKENS, [True, False, False, False], [False, False, True, False], min_n=1).set_index("feature")
    assert table.loc["ban", ["n_target", "n_reference"]].tolist() == [2, 0]


@pytest.mark.parametrize(
    ("target", "reference", "message"),
    [
        (np.zeros(4, bool), None, "The target has no article: the condition is true of none."),
        (np.ones(4, bool), None, "The reference has no article: the condition is true of none."),
        (X, X, "Target and reference share 2 articles; each belongs to one side."),
        (
            [1, 0],
            None,
            "The target is true or false for each of the 4 articles, such as tokens.articles['source'] == 'CNN'; "
            "this is int64 of shape (2,).",
        ),
    ],
)
def test_sides_that_are_none(target, reference, message):
    """A side that is empty, shared or no mask is refused in a sentence."""
    with pytest.raises(tk.FramingError) as error:
        tk.keyness(TOKENS, target, reference)
    assert str(error.value) == message
