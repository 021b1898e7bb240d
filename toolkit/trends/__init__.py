"""Own change over time: smooth lines, change points, bursts, interruptions by events, and which source moves first.

All of it takes what `tk.usage` takes, counts in periods, and keeps periods without articles apart from zeros.
"""

from __future__ import annotations

from toolkit.trends.bursting import bursts
from toolkit.trends.chronologies import events
from toolkit.trends.interruptions import interrupted
from toolkit.trends.leads import lead_lag
from toolkit.trends.levels import change_points
from toolkit.trends.smoothing import trend

__all__ = ["bursts", "change_points", "events", "interrupted", "lead_lag", "trend"]
