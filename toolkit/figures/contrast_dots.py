"""Own the picture of contrasts: how many times as often each source uses a term as the reference does, or how much more."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal

import pandas as pd
from matplotlib.figure import Figure

from toolkit.figures import inputs, wording
from toolkit.figures.inputs import Row, drawn_from
from toolkit.figures.paper import Column
from toolkit.figures.rows import Axis, Mark, Rows, axis_reach, clear_sentence, doublings, draw_rows, marks_of, panels_of
from toolkit.figures.signs import Meaning, Sign, signs_of
from toolkit.tables import CONTRASTS, FramingError

_NEEDED = ("reference", "term", "p_adjusted", "n_hits_target", "n_hits_reference", "n_words_target", "covered")
_UNITS = {
    "per_million": ("hits per million words", "hits per million words", 1.0),
    "share": ("the share of articles with the term", "percentage points of the articles", 100.0),
    "rival_share": ("the share among rival terms", "percentage points of the hits of all rivals", 100.0),
}
_PERIODS = {"Y": "%Y", "Q": "%Y-%m", "M": "%Y-%m"}


@drawn_from
def plot_contrasts(
    contrasts: pd.DataFrame,
    *,
    of: Literal["ratio", "difference"] = "ratio",
    sort: bool = True,
    n_rows: int = 40,
    title: str | None = None,
    column: Column = "double",
) -> Figure:
    """Draw how much more or less each source, or period, uses each term than the reference does.

    A row is what is compared, a panel is a term. The dot is the ratio on an axis of doublings, or the difference; the line is
    its interval, and the upright rule is where both sides are equal. A dark dot has an adjusted p below 1 - confidence, the others are
    pale. Right of each row stand the hits on both sides. A row whose source or reference has no articles says so and has no mark,
    and so has, of a ratio, one where neither side has a hit. An open arrowhead at the end of the axis is a ratio of which one side is
    zero.

    Parameters
    ----------
    contrasts : DataFrame
        What ``tk.compare`` returns; where values are compared inside periods, of one period.
    of : {"ratio", "difference"}
        What to draw.
    sort : bool
        Order the rows by the first term, highest first; otherwise as in the table. Periods keep their order, and so do columns with
        one of their own, such as leanings, weekdays or an ordered Categorical: sorting is within them.
    n_rows : int
        How many rows to draw, those with the most words; the caption says of how many.
    title : str, optional
        A title above the figure; journals want none.
    column : {"double", "single"}
        7.2 or 3.5 inches wide.

    Returns
    -------
    Figure
        A matplotlib figure; ``figure.axes`` holds a panel for each term, ``figure.framing_table`` the table that was given.

    Raises
    ------
    FramingError
        If the table has no rows, lacks columns, has several periods of each row, or has nothing that is covered.

    See Also
    --------
    plot_usage : The rates themselves.

    Notes
    -----
    With many rows some intervals leave the rule of equality by chance; the dark dots allow for that.

    Examples
    --------
    >>> contrasts = pd.DataFrame({
    ...     "source": ["A", "B"], "reference": "rest", "term": "reset", "ratio": [2.0, 0.5], "ratio_low": [1.1, 0.2],
    ...     "ratio_high": [3.6, 1.4], "p_adjusted": [0.02, 0.2], "n_hits_target": [20, 5], "n_hits_reference": [5, 20],
    ...     "n_words_target": 1000, "n_words_reference": 1000, "covered": True})
    >>> axes = plot_contrasts(contrasts).axes[0]
    >>> [label.get_text() for label in axes.get_xticklabels()]
    ['1/4', '1/2', '1', '2', '4']
    """
    table = inputs.check_table(contrasts, CONTRASTS.name)
    if of not in ("ratio", "difference"):
        raise FramingError(f"plot_contrasts draws the 'ratio' or the 'difference', not {of!r}.")
    columns = ("ratio", "ratio_low", "ratio_high") if of == "ratio" else ("difference", "low", "high")
    inputs.check_columns(table, [*_NEEDED, *columns], CONTRASTS.name)
    settings = inputs.settings_of(inputs.recipe_of(table))
    over_time = _over_time(table, settings)
    frame = _named(table, settings, over_time)
    words = frame.groupby("row", sort=False)["n_words_target"].max()
    frame, selected = inputs.most_of(frame, words, n_rows, "rows", "words")
    if not frame["covered"].astype(bool).any():
        raise FramingError("Nothing can be drawn: no row of this table has articles on both sides (covered is False).")

    noun, unit, factor = _UNITS[_measure(table, settings)]
    alpha = 1 - float(settings.get("confidence", 0.95))
    against = _reference(frame)
    than = f"the {against}" if against in ("rest", "reference") else f"in {against}"
    # with no column but the period each row is one, and stands in the order of time
    cells = inputs.read_cells(
        frame, inputs.by_columns(table, CONTRASTS, {}) or ["row"], table["term"], of, sort=sort and not over_time
    )
    _, panels = panels_of(
        cells,
        lambda row: _mark(row, columns, factor, alpha, over_time),
        f"hits here / {against}",
        lambda row: _note(row, of),
    )
    reach = axis_reach(marks_of(panels), least=2.1 if of == "ratio" else 0.0)  # from a quarter to four times

    which = wording.adjusted_words(settings, int(table["p_adjusted"].notna().sum()), "comparison")
    lone = any(bool(row["n_words_target"]) and not row["covered"] for row in cells.at.values())
    label = f"times as much as {than}: {noun}" if of == "ratio" else f"more than {than}: {unit}"
    return draw_rows(
        Rows(
            cells.rows,
            panels,
            Axis(-reach, reach, label, doublings if of == "ratio" else None, ends=("less", "more"), rule=0.0),
            opening=[_opening(table, of, noun, against)],
            meanings={
                Sign.ZERO: Meaning("one side has no hit"),
                Sign.PARTIAL: Meaning("part of the period", "articles from a part of the period only"),
                Sign.PALE: Meaning("not significant", f"not significant, {which} of {alpha:.3g} or more"),
            },
            closing=[
                *clear_sentence(marks_of(panels), f"{which} below {alpha:.3g}"),
                *(["No reference: articles on this side only."] if lone else []),
                *selected,
                *_sizes(frame, cells.kinds, against, settings),
                *wording.corpus_sentences(inputs.recipe_of(table)),
            ],
            across=3 if column == "double" else 1,
        ),
        title=title,
        column=column,
    )


def _over_time(table: pd.DataFrame, settings: dict[str, Any]) -> bool:
    if "between" in settings:
        return bool(settings["between"] == "period")
    return "period" in table.columns and not inputs.by_columns(table, CONTRASTS, {})


def _named(table: pd.DataFrame, settings: dict[str, Any], over_time: bool) -> pd.DataFrame:
    """Name each row after what is compared; with several references, after these, too."""
    left = inputs.by_columns(table, CONTRASTS, {})
    frame = table.assign(term=table["term"].astype("str"))
    names = inputs.row_names(frame, left)
    stamp = _PERIODS.get(str(settings.get("freq")), "%Y-%m-%d")

    def written(values: pd.Series) -> pd.Series:
        when = pd.api.types.is_datetime64_any_dtype(values)
        return (values.dt.strftime(stamp) if when else values.astype("str")).where(values.notna(), "(unknown)")

    if over_time:
        names = names + " · " + written(frame["period"]) if left else written(frame["period"])

    frame["reference"] = written(frame["reference"])
    if len(frame["reference"].unique()) > 1:
        names = names + " : " + frame["reference"]
    frame["row"] = names.astype("str")

    if "period" in frame.columns and not over_time and len(frame["period"].unique()) > 1:
        raise FramingError(
            "plot_contrasts draws one mark for each row and term, and this table compares inside several periods. "
            "Draw one of them: contrasts[contrasts['period'] == '2017-02-01']."
        )
    inputs.check_once(frame, ["row", "term"], CONTRASTS.name)
    return frame


def _measure(table: pd.DataFrame, settings: Mapping[str, Any]) -> str:
    stated = settings.get("measure")
    there = [m for m in _UNITS if f"{m}_target" in table.columns]
    return str(stated) if stated in _UNITS else there[0] if there else "per_million"


def _reference(frame: pd.DataFrame) -> str:
    """Name what all rows are compared with."""
    names = frame["reference"].unique()
    return str(names[0]) if len(names) == 1 else "reference"


def _mark(row: Row, columns: tuple[str, str, str], factor: float, alpha: float, over_time: bool) -> Mark | None:
    """Return the mark of a row, ratios as binary logarithms, or nothing where there is no number."""
    if not row["covered"] or not inputs.known(row[columns[0]]):
        return None
    signs = signs_of(pale=not row["p_adjusted"] < alpha, partial=over_time and bool(row.get("partial", False)))
    value, low, high = (float(row[name]) for name in columns)
    if columns[0] == "difference":
        return Mark(value * factor, low * factor, high * factor, signs)

    value, low, high = (math.log2(v) if v > 0 else -math.inf if v == 0 else math.nan for v in (value, low, high))
    return Mark(value, low, high, signs | signs_of(zero=math.isinf(value)))


def _note(row: Row | None, of: str) -> str:
    if row is None:
        return "no row"
    if not row["n_words_target"]:
        return "no text" if row.get("n_articles_total_target") else "no articles"
    if not row["covered"]:
        return "no reference"
    if of == "ratio" and not inputs.known(row["ratio"]):
        return "no hits" if not row["n_hits_target"] and not row["n_hits_reference"] else "no ratio"
    return f"{wording.number(row['n_hits_target'])} / {wording.number(row['n_hits_reference'])}"


def _opening(table: pd.DataFrame, of: str, noun: str, against: str) -> str:
    recipe = inputs.recipe_of(table)
    each = "all of them together" if inputs.settings_of(recipe).get("adjust") == "bonferroni" else "each by itself"
    what = f"ratio of {noun}, row over {against}" if of == "ratio" else f"difference in {noun}, row less {against}"

    # what says how the interval is made looks for these names
    counts = table.rename(columns={f"{name}_target": name for name in ("n_stories_total", "n_articles_total")})
    return f"Dot: {what}; line: {wording.interval_words(counts, recipe)}, {each}."


def _sizes(frame: pd.DataFrame, terms: list[str], against: str, settings: Mapping[str, Any]) -> list[str]:
    """Say how many hits are compared; in pairs and chains each is on both sides, so that they add up to nothing."""
    if settings.get("reference") in ("pairs", "previous"):
        return []
    here = frame.groupby("term", sort=False)["n_hits_target"].sum()
    there = frame[frame["covered"].astype(bool)].groupby("term", sort=False)["n_hits_reference"].max()
    with_reference = against not in ("rest", "reference")
    hits = [
        f"{wording.quoted(term)} {wording.plural(here[term], 'hit')}"
        + (f" and {wording.number(there.get(term, 0))} in {against}" if with_reference else "")
        for term in terms
    ]
    return [f"n = {'; '.join(hits)}."]
