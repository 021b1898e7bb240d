"""Own stacked bars: segments that fill a row, each with its per cent where there is room, and thin lines for intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from toolkit.figures.paper import INK, NOTE, text_height, text_width
from toolkit.figures.rows import Floats, axes_gid


@dataclass(frozen=True)
class Segment:
    """One segment of a bar: its name, its share in per cent, how it looks, the ink of its number, and the interval of the share."""

    name: str
    share: float
    look: Mapping[str, Any]
    ink: str
    low: float = math.nan
    high: float = math.nan


def paint_bars(axes: Axes, ys: Floats, bars: Sequence[Sequence[Segment]], *, last: bool = False) -> None:
    """Draw a bar for each row, and the interval of its first share above it; with `last` that of the last below it, from the right."""
    axes.grid(visible=False)
    thick = text_height(1, NOTE) + 0.02
    inches = axes.get_window_extent().width / axes.figure.dpi / 100  # for each per cent

    for y, bar in zip(map(float, ys), bars, strict=True):
        at = 0.0
        for segment in bar:
            if segment.share > 0:
                _paint_segment(axes, segment, at, y, thick, inches)
                at += segment.share

        # just above and just below the bar, so that the two never meet
        if bar and not math.isnan(bar[0].low):
            _paint_interval(axes, bar[0].low, bar[0].high, y - thick / 2 - 0.02)
        if last and bar and not math.isnan(bar[-1].low):
            _paint_interval(axes, 100 - bar[-1].high, 100 - bar[-1].low, y + thick / 2 + 0.02)


def _paint_segment(axes: Axes, segment: Segment, at: float, y: float, thick: float, inches: float) -> None:
    patch = Rectangle((at, y - thick / 2), segment.share, thick, zorder=2, **segment.look)
    patch.set_clip_on(False)
    patch.set_gid(f"{axes_gid(axes, segment.name)}-{round(y * 1000)}")
    axes.add_patch(patch)

    words = f"{segment.share:.0f}"
    if segment.share * inches > text_width(words, NOTE) + 0.06:
        ground = {"facecolor": segment.look["facecolor"], "edgecolor": "none", "pad": 0.8}
        axes.text(
            at + segment.share / 2,
            y,
            words,
            fontsize=NOTE,
            ha="center",
            va="center_baseline",
            color=segment.ink,
            zorder=4,
            bbox=ground if segment.look["hatch"] else None,
        )


def _paint_interval(axes: Axes, low: float, high: float, y: float) -> None:
    line = axes.hlines([y], low, high, color=INK, linewidth=0.8, zorder=5, gid=axes_gid(axes, "intervals"))
    line.set_clip_on(False)
