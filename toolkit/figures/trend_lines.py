"""Own the picture of a trend: points for the periods, a smooth line with its band, and numbered events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from toolkit.figures import inputs, wording
from toolkit.figures.inputs import Reading, drawn_from
from toolkit.figures.multiples import draw_lines, unflagged, value_end
from toolkit.figures.paper import INK, NOTE, PALETTE, Column, spread, text_height, text_width, write
from toolkit.figures.periods import Periods, on_axis
from toolkit.figures.signs import Meaning, Sign
from toolkit.figures.usage_lines import line_panels, time_meanings
from toolkit.tables import FramingError, require

_SMOOTH = ("smooth", "smooth_low", "smooth_high")
_EVENT = "#8c8c8c"


@drawn_from
def plot_trend(
    trend: pd.DataFrame,
    *,
    events: pd.DataFrame | None = None,
    n_rows: int = 36,
    title: str | None = None,
    column: Column = "double",
) -> Figure:
    """Draw usage over time with a smooth line, its band, and dated events.

    A panel is a cell of the ``by`` columns, mostly a source; a line is a term's smooth with its band, a point its usage in one
    period. All panels share both axes. Where a source has no articles the ground is hatched and the line breaks; a zero is an open
    point on the axis; a half-filled point stands for a period that the source's articles cover only in part. Where the table has
    `segment`, a dotted upright line stands at each change point; where it has `burst`, a bar under the top edge spans each burst.

    Parameters
    ----------
    trend : DataFrame
        What ``tk.trend`` returns.
    events : DataFrame, optional
        With `date` and `label`, as ``tk.events`` returns: each is a numbered upright line, named in the caption. Events outside the
        periods are left out, and the caption says how many.
    n_rows : int
        How many panels to draw, those with the most articles; the caption says of how many.
    title : str, optional
        A title above the figure.
    column : {"double", "single"}
        7.2 or 3.5 inches wide.

    Returns
    -------
    Figure
        A matplotlib figure; ``figure.axes`` holds a panel for each source, ``figure.framing_table`` the table that was given.

    Raises
    ------
    FramingError
        If the table is not one of ``tk.trend``, has no covered cell, more terms than can be told apart, or more events than fit.

    See Also
    --------
    plot_usage_over_time : Usage without a smooth line.

    Notes
    -----
    The axis ends at twice what the lines and bands need, so that a week with three articles does not press them to the
    ground; points above it are double arrowheads at the top edge, and the caption says how high they reach.

    Examples
    --------
    >>> trend = pd.DataFrame({
    ...     "source": ["A", "A"], "term": ["reset", "reset"], "period": pd.to_datetime(["2017-01-01", "2017-02-01"]),
    ...     "n_hits": [3, 0], "n_articles": [2, 0], "n_articles_total": [4, 5], "n_words": [2000, 2500],
    ...     "per_million": [1500.0, 0.0], "low": [300.0, 0.0], "high": [5000.0, 1800.0], "covered": [True, True],
    ...     "smooth": [900.0, 400.0], "smooth_low": [300.0, 90.0], "smooth_high": [2500.0, 1900.0], "bandwidth": [2.0, 2.0]})
    >>> [axes.get_label() for axes in plot_trend(trend).axes]
    ['A']
    """
    reading = inputs.read_usage(trend)
    missing = [name for name in (*_SMOOTH, "bandwidth") if name not in trend.columns]
    if "period" not in trend.columns or missing:
        raise FramingError("plot_trend draws what tk.trend returns, with period, smooth, smooth_low and smooth_high.")
    inputs.check_terms(reading.terms, "plot_trend")
    reading, n_undated = inputs.dated(reading)
    reading, selected = inputs.largest(reading, n_rows, "n_articles_total", "panels")

    frame = reading.frame
    periods, points = line_panels(reading)
    # a smooth line is drawn through all periods, whatever stands behind each of them
    points = unflagged(points, "few", "alone")
    renamed = dict(zip((reading.measure, "low", "high"), (frame[name] for name in _SMOOTH), strict=True))
    _, smooth = line_panels(replace(reading, frame=frame.assign(**renamed)))
    lines = unflagged(smooth, "zero", "partial", "few", "alone")

    # the axis holds lines and bands, and points up to twice as high
    whole = 100.0 if inputs.MEASURES[reading.measure].factor == 100 else None
    top = value_end(lines, whole=whole)
    values = [line.value[np.isfinite(line.value)] for panel in points for line in panel.lines]
    highest = max((float(of_line.max(initial=0.0)) for of_line in values), default=0.0)
    top = max(top, min(1.05 * highest, 2 * top, whole or np.inf))

    marked, event_sentences = _events_within(events, periods)
    ylabel = inputs.MEASURES[reading.measure].label
    if len(reading.terms) == 1:
        ylabel = f"{wording.quoted(reading.terms[0])}, {ylabel}"

    beyond = np.concatenate([of_line[of_line > top] for of_line in values])
    above = f"{wording.plural(len(beyond), 'point')} above the panels, the highest at {wording.figure_of(beyond.max(initial=0.0))}"

    figure = draw_lines(
        lines,
        periods,
        top=top,
        ylabel=ylabel,
        opening=[_opening(trend, reading, periods)],
        meanings=time_meanings(reading, periods) | {Sign.OUTSIDE: Meaning("above the panel", above)},
        closing=[
            *_closing(reading, top),
            *selected,
            wording.hits_sentence(reading),
            *wording.corpus_sentences(reading.recipe, n_undated),
            *event_sentences,
        ],
        title=title,
        column=column,
        names=[wording.quoted(term) for term in reading.terms],
        points=points,
        above=text_height(1, NOTE) + 0.06 if len(marked) else 0.0,
    )

    for axes, row in zip(figure.axes, reading.rows, strict=True):
        _changes(axes, frame[frame["row"] == row], reading.terms, periods)
        _numbered(figure, axes, marked)
    return figure


def _events_within(events: pd.DataFrame | None, periods: Periods) -> tuple[pd.DataFrame, list[str]]:
    """Return the events that lie inside the periods, and what the caption says of them."""
    if events is None:
        return pd.DataFrame({"date": [], "label": []}), []
    if not isinstance(events, pd.DataFrame):
        raise FramingError(
            f"events is a table with date and label, as tk.events returns; this is a {type(events).__name__}."
        )
    require(events, ["date", "label"], "events")
    days = events["date"]
    if not pd.api.types.is_datetime64_any_dtype(days):
        raise FramingError(
            f"The column date of the events holds {days.dtype}, not dates. Convert it with pd.to_datetime."
        )

    inside = (days >= periods.starts[0]) & (days < periods.ends[-1])
    marked = events[inside].sort_values("date", kind="stable", ignore_index=True)

    sentences = []
    if len(marked):
        named = [
            f"({number}) {day.day} {day:%b %Y}, {label}"
            for number, (day, label) in enumerate(zip(marked["date"], marked["label"]), start=1)
        ]
        sentences.append("Events: " + "; ".join(named) + ".")
    if n_out := int((~inside).sum()):
        sentences.append(f"{wording.plural(n_out, 'event')} {'lies' if n_out == 1 else 'lie'} outside the periods.")
    return marked, sentences


def _opening(trend: pd.DataFrame, reading: Reading, periods: Periods) -> str:
    """Say what points, lines and bands are."""
    widths = reading.frame.groupby("term", sort=False)["bandwidth"].first()
    if len(set(widths)) == 1:
        given = f"{widths.iloc[0]:.3g}"
    else:
        given = ", ".join(f"{wording.quoted(str(term))} {width:.3g}" for term, width in widths.items())
    name = periods.name
    return (
        f"A point is a {name}; line: local line through the points, weighted by their denominators, bandwidth {given} {name}s; "
        f"band: {wording.interval_words(trend, reading.recipe)} of the line, {name} by {name}."
    )


def _closing(reading: Reading, top: float) -> list[str]:
    """Say what is cut, and what dotted lines and bars are, as far as they occur."""
    frame = reading.frame
    sentences = []
    high = frame["smooth_high"].max()
    band = 0.0 if pd.isna(high) else float(high) * inputs.MEASURES[reading.measure].factor
    if band > top * 1.000001:
        sentences.append(f"Bands are cut at the top of the panels; the highest reaches {wording.figure_of(band)}.")
    if "segment" in frame.columns:
        sentences.append("Dotted: change points.")
    if "burst" in frame.columns:
        sentences.append("Bar at the top: burst.")
    return sentences


def _changes(axes: Axes, cells: pd.DataFrame, terms: Sequence[str], periods: Periods) -> None:
    """Draw an upright dotted line where the segment changes, and a bar under the top edge over each burst."""
    place = {start: i for i, start in enumerate(periods.starts)}
    for number, term in enumerate(terms):
        own = cells[cells["term"] == term].sort_values("period")
        at = np.array([place[start] for start in own["period"]], dtype=int)

        if "segment" in own.columns:
            changed = np.flatnonzero(np.diff(own["segment"].to_numpy()) != 0) + 1
            for x in periods.left[at[changed]]:
                axes.axvline(float(x), color=PALETTE[number], linewidth=0.9, linestyle=(0, (1, 1.6)), zorder=1.2)

        if "burst" in own.columns:
            up = own["burst"].to_numpy() > 0
            for i in at[up]:
                height = 0.985 - 0.03 * number
                axes.plot(
                    [periods.left[i], periods.right[i]],
                    [height, height],
                    color=PALETTE[number],
                    linewidth=1.8,
                    solid_capstyle="butt",
                    transform=axes.get_xaxis_transform(),
                    zorder=2,
                    gid=f"{axes.get_gid()}-burst-{number}",
                )


def _numbered(figure: Figure, axes: Axes, events: pd.DataFrame) -> None:
    """Draw an upright line at each event, with its number over the panel, moved aside where two would meet."""
    if not len(events):
        return
    across, down = figure.get_size_inches()
    box = axes.get_position()
    left, width, top = box.x0 * across, box.width * across, (1 - box.y1) * down

    # numbers stand over their lines, moved aside where two would meet
    days = on_axis(pd.DatetimeIndex(events["date"]))
    low, high = axes.get_xlim()
    wanted = [left + (day - low) / (high - low) * width for day in days.tolist()]
    labels = [str(number) for number in range(1, len(events) + 1)]
    widths = [text_width(label, NOTE) + 0.03 for label in labels]
    if sum(widths) > width:
        fit = int(width / max(widths))
        raise FramingError(
            f"{len(events):,} events do not fit over a panel of this width; about {fit} do. Draw a part of them, fewer panels, or "
            "column='double'."
        )

    placed = spread(wanted, widths, left, left + width)
    for label, day, x_line, x_label in zip(labels, days.tolist(), wanted, placed, strict=True):
        axes.axvline(day, color=_EVENT, linewidth=0.5, zorder=1, gid=f"{axes.get_gid()}-event-{label}")
        figure.add_artist(
            Line2D(
                [x_line / across, x_label / across],
                [1 - top / down, 1 - (top - 0.05) / down],
                color=_EVENT,
                linewidth=0.5,
            )
        )
        write(
            figure,
            x_label,
            top - 0.06 - text_height(1, NOTE) * 0.8,
            label,
            size=NOTE,
            ha="center",
            color=INK,
            gid=f"{axes.get_gid()}-number-{label}",
        )
