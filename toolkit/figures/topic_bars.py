"""Own the picture of topic words: a panel for each topic, a bar for each word in all topics and, inside it, in this one."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from toolkit.figures import inputs, sheets, wording
from toolkit.figures.inputs import drawn_from
from toolkit.figures.keys import Entry
from toolkit.figures.paper import (
    INK,
    LABEL,
    MARGIN,
    MUTED,
    NOTE,
    PALETTE,
    TITLE,
    Column,
    n_lines,
    place,
    text_height,
    text_width,
    width_of,
    wrapped,
    write,
)
from toolkit.figures.signs import Sign, entries, sentences
from toolkit.figures.topic_captions import UNSTABLE, certificate_sentences, topic_names
from toolkit.tables.checks import check_at_least

_ROW = text_height(1, LABEL)  # inches
_PALE = "#cfd8e0"
_RANKED = {
    "frex": "FREX (frequent and exclusive)",
    "c_tfidf": "c-TF-IDF",
    "exclusivity": "exclusivity",
    "n": "frequency",
}


@drawn_from
def plot_topic_words(
    topic_words: pd.DataFrame,
    *,
    n_topics: int = 20,
    n_words: int = 8,
    title: str | None = None,
    column: Column = "double",
) -> Figure:
    """Draw the words of topics: how often each stands in all texts, and what part of that is in the topic.

    The pale bar is the word in all texts, the dark one in the topic; where the dark fills the pale one, the word belongs to the topic
    alone. The axis of each panel ends at its most frequent word; the counts stand beside. (After Sievert and Shirley 2014.)

    Parameters
    ----------
    topic_words : DataFrame
        What ``tk.topic_words`` returns.
    n_topics, n_words : int
        How many topics (the first ones, which are the largest) and words of each to draw.
    title : str, optional
        A title above the figure.
    column : {"double", "single"}
        7.2 or 3.5 inches wide.

    Returns
    -------
    Figure
        A matplotlib figure; ``figure.axes`` holds a panel for each topic, ``figure.framing_table`` the table that was given.

    Raises
    ------
    FramingError
        If the table has no rows or lacks columns.

    Examples
    --------
    >>> words = pd.DataFrame({
    ...     "topic": [0, 0, 1], "label": ["court", "court", "rain"], "rank": [1, 2, 1], "word": ["judge", "ban", "wind"],
    ...     "n": [5, 4, 3], "n_total": [5, 8, 3], "n_texts_total": [6, 6, 4]})
    >>> [axes.get_label() for axes in plot_topic_words(words).axes]
    ['court', 'rain']
    """
    table = inputs.check_table(topic_words, "topic words")
    inputs.check_columns(table, ["topic", "label", "rank", "word", "n", "n_total", "n_texts_total"], "topic words")
    check_at_least("n_topics", n_topics, 1, "how many topics to draw")
    check_at_least("n_words", n_words, 1, "how many words of each topic to draw")

    names = topic_names(table)
    topics = list(dict.fromkeys(table["topic"].tolist()))
    drawn = topics[:n_topics]
    recipe = inputs.recipe_of(table)
    measure = str(inputs.settings_of(recipe).get("measure", ""))
    used = [Sign.UNSTABLE] if any(names[topic].endswith("\N{NO-BREAK SPACE}?") for topic in drawn) else []
    meanings = {Sign.UNSTABLE: UNSTABLE}
    parts = [
        "Dark: occurrences of the word in the topic’s texts; pale: in all texts. “5 of 8”: 5 times in the topic, of 8 in all."
    ]
    if measure in _RANKED:
        parts.append(f"Words are ranked by {_RANKED[measure]}.")
    parts.append("Each panel has its own axis. Copies of a text are not counted.")
    if len(topics) > len(drawn):
        parts.append(f"Drawn are {len(drawn):,} of {len(topics):,} topics.")
    parts += [*sentences(used, meanings), *certificate_sentences(table)]

    texts = table.drop_duplicates("topic")["n_texts_total"].sum()
    parts.append(f"n = {wording.plural(texts, 'text')} in {wording.plural(len(topics), 'topic')}.")
    caption = " ".join([*parts, *wording.corpus_sentences(recipe)])
    frames = [table[table["topic"] == topic].sort_values("rank").head(n_words) for topic in drawn]
    return _drawn(frames, [names[t] for t in drawn], entries(used, meanings), caption, title, column)


def _drawn(
    frames: list[pd.DataFrame],
    names: list[str],
    key: Sequence[Entry],
    caption: str,
    title: str | None,
    column: Column,
) -> Figure:
    width = width_of(column)
    gap = 0.16
    cells = [
        [(str(r["word"]), f"{wording.number(r['n'])} of {wording.number(r['n_total'])}") for r in inputs.records(f)]
        for f in frames
    ]
    note = max((text_width(text, NOTE) for each in cells for _, text in each), default=0.0) + 0.06
    longest = max((text_width(word, LABEL) for each in cells for word, _ in each), default=0.0)

    # as many panels side by side as leave room for their bars
    across = min(len(frames), 4 if column == "double" else 2)
    while True:
        panel = (width - 2 * MARGIN - (across - 1) * gap) / across
        label = min(longest, panel * 0.42) + 0.06
        plot = panel - note - label
        if across == 1 or plot >= 0.3:
            break
        across -= 1
    titles = [wrapped(name, panel, TITLE, bold=True, most=3) for name in names]
    under = [wording.plural(int(f["n_texts_total"].max()), "text") if len(f) else "no words" for f in frames]
    rows = max(len(each) for each in cells)
    grid = [range(start, min(start + across, len(frames))) for start in range(0, len(frames), across)]
    heads = [max(text_height(n_lines(titles[i]), TITLE) for i in line) + text_height(1, NOTE) + 0.04 for line in grid]
    sheet = sheets.plan(column, title, caption, key)
    y = sheet.top
    tops = []
    for height in heads:
        tops.append(y)
        y += height + rows * _ROW + 0.14
    figure = sheets.begin(sheet, y)

    for line, top, height in zip(grid, tops, heads, strict=True):
        for position, index in enumerate(line):
            left = MARGIN + position * (panel + gap)
            bottom = top + height - 0.04
            write(figure, left, bottom, under[index], size=NOTE, va="bottom", color=MUTED)
            above = bottom - text_height(1, NOTE)
            write(figure, left, above, titles[index], size=TITLE, weight="bold", va="bottom", color=INK)
            axes = place(figure, left + label, top + height, plot, max(len(cells[index]), 1) * _ROW)
            axes.set_gid(f"panel-{index}")
            axes.set_label(names[index])
            axes.set(
                xlim=(0, max(int(frames[index]["n_total"].max()) if len(frames[index]) else 1, 1)), xticks=[], yticks=[]
            )
            axes.set_ylim(max(len(cells[index]), 1), 0)
            axes.grid(visible=False)
            axes.spines["bottom"].set_visible(False)

            for at, row in enumerate(inputs.records(frames[index])):
                axes.barh(
                    at + 0.5, row["n_total"], height=0.72, color=_PALE, linewidth=0, gid=f"panel-{index}-all-{at}"
                )
                axes.barh(at + 0.5, row["n"], height=0.72, color=PALETTE[0], linewidth=0, gid=f"panel-{index}-own-{at}")
                y_row = top + height + (at + 0.5) * _ROW
                word, counts = cells[index][at]
                short = wrapped(word, label - 0.05, LABEL, most=1)
                write(figure, left + label - 0.05, y_row, short, ha="right", va="center", color=INK)
                write(figure, left + panel, y_row, counts, size=NOTE, ha="right", va="center", color=MUTED)
    return figure
