"""Own the picture of a collocate shift: a row for each word, right of zero where the target has more of it."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from toolkit.figures import inputs, wording
from toolkit.figures.inputs import Row, drawn_from
from toolkit.figures.paper import Column
from toolkit.figures.rows import Axis, Mark, Numbers, Panel, Rows, axis_reach, clear_sentence, draw_rows
from toolkit.figures.signs import Meaning, Sign, signs_of
from toolkit.tables import COLLOCATE_SHIFT, require
from toolkit.tables.checks import check_at_least

_LEVEL = 0.05


@drawn_from
def plot_collocate_shift(
    shift: pd.DataFrame,
    *,
    n_rows: int = 30,
    sides: tuple[str, str] = ("target", "reference"),
    title: str | None = None,
    column: Column = "double",
) -> Figure:
    """Draw which collocates a term has more of on one side than on the other.

    A row is a word. The dot is the difference in the share of the term's hits that have the word near them, in percentage points;
    the line is its interval. Right of each row stand the hits with the word on both sides. A dark dot has a `q` or a `p_max` of at
    most 5 %, so it stands out among all words of the table, drawn or not; the others are pale.

    Parameters
    ----------
    shift : DataFrame
        What ``tk.collocate_shift`` returns.
    n_rows : int
        How many words to draw, those with the largest z on either side; the caption says of how many.
    sides : (str, str)
        What to call target and reference.
    title : str, optional
        A title above the figure; journals want none.
    column : {"double", "single"}
        7.2 or 3.5 inches wide.

    Returns
    -------
    Figure
        A matplotlib figure with one panel; ``figure.framing_table`` is the table that was given.

    Raises
    ------
    FramingError
        If the table has no rows, lacks columns, or has a word twice.

    See Also
    --------
    plot_keyness : Words that are more common in one of two groups of articles.

    Notes
    -----
    The intervals are for one word at a time, so some that exclude zero are pale.

    Examples
    --------
    >>> shift = pd.DataFrame({
    ...     "collocate": ["illegal", "young"], "n_target": [30, 2], "n_reference": [4, 12], "n_hits_target": 100,
    ...     "n_hits_reference": 80, "difference": [0.25, -0.13], "low": [0.1, -0.2], "high": [0.35, 0.02],
    ...     "z": [3.9, -2.1], "q": [0.002, 0.11], "p_max": [0.001, 0.6]})
    >>> axes = plot_collocate_shift(shift, sides=("Post", "Sun")).axes[0]
    >>> {line.get_gid(): [round(float(x)) for x in line.get_xdata()] for line in axes.lines if "dots" in line.get_gid()}
    {'panel-0-dots': [25], 'panel-0-dots-pale': [-13]}
    """
    kind = COLLOCATE_SHIFT.name
    table = inputs.check_table(shift, kind)
    needed = ["collocate", "n_target", "n_reference", "n_hits_target", "n_hits_reference"]
    require(table, [*needed, "difference", "low", "high", "z", "q", "p_max"], kind)
    inputs.check_once(table, ["collocate"], kind)
    check_at_least("n_rows", n_rows, 1, "how many words to draw")
    target, reference = wording.check_sides(sides) or ("target", "reference")

    largest = table["z"].abs().sort_values(ascending=False, kind="stable").index[:n_rows]
    drawn = table.loc[table.index.isin(largest)].sort_values("difference", ascending=False, kind="stable")
    rows = inputs.records(drawn)
    first = rows[0]
    marks = [_mark(row) for row in rows]
    reach = axis_reach(marks, most=100.0)

    counts = Numbers(
        f"of {wording.number(first['n_hits_target'])} / {wording.number(first['n_hits_reference'])} hits",
        [f"{wording.number(row['n_target'])} / {wording.number(row['n_reference'])}" for row in rows],
    )
    recipe = inputs.recipe_of(table)
    settings = inputs.settings_of(recipe)
    n_clear, n_drawn = sum(map(_clear, inputs.records(table))), sum(map(_clear, rows))
    shuffles = settings.get("permutations")
    shuffled = f" ({wording.plural(shuffles, 'shuffle')} of stories)" if shuffles else ""
    among = f"among {wording.plural(len(table), 'word')}{shuffled}"

    closing = clear_sentence(marks, f"q or p_max of at most {_LEVEL:g} {among}")
    if len(rows) < len(table):
        more = f"; {wording.plural(n_clear - n_drawn, 'word')} not drawn would be dark" if n_clear > n_drawn else ""
        closing.append(f"Drawn are the {len(rows):,} of {len(table):,} words with the largest z{more}.")
    closing.append(
        f"n = {wording.plural(first['n_hits_target'], 'hit')} and {wording.plural(first['n_hits_reference'], 'hit')}."
    )

    label = "difference in the share of hits with the word, percentage points"
    ends = (f"more in {reference}", f"more in {target}")
    return draw_rows(
        Rows(
            [str(row["collocate"]) for row in rows],
            [Panel("", marks, [counts])],
            Axis(-reach, reach, label, ends=ends, rule=0.0, reach=True),
            opening=[
                f"Dot: share of the hits of {_term(settings)} with the word {_where(settings.get('window'))} in {target}, "
                f"minus that in {reference}; line: {wording.confidence_words(settings)} interval for each word by itself (unit: the story)."
            ],
            meanings={Sign.PALE: Meaning("not significant", f"not significant, q and p_max above {_LEVEL:g} {among}")},
            closing=[*closing, *wording.corpus_sentences(recipe)],
        ),
        title=title,
        column=column,
    )


def _mark(row: Row) -> Mark:
    value, low, high = (100 * float(row[name]) for name in ("difference", "low", "high"))
    return Mark(value, low, high, signs_of(pale=not _clear(row)))


def _clear(row: Row) -> bool:
    return min(float(row["q"]), float(row["p_max"])) <= _LEVEL  # with few shuffles q cannot be small


def _term(settings: dict[str, Any]) -> str:
    terms = settings.get("terms")
    return (
        wording.joined([wording.quoted(str(name)) for name in terms])
        if isinstance(terms, dict) and terms
        else "the term"
    )


def _where(window: Any) -> str:
    if isinstance(window, str):
        return f"in its {window}"
    if isinstance(window, (list, tuple)) and len(window) == 2:
        left, right = window
        if not left or not right:
            side, n = ("before", left) if left else ("after", right)
            return f"right {side} it" if n == 1 else f"among the {wording.number(n)} words {side} it"
        return f"among the {wording.plural(left, 'word')} before or the {wording.plural(right, 'word')} after it"
    return f"within {wording.plural(window, 'word')}" if window else "near it"
