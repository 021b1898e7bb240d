"""Own change over time: smooth lines, change points, bursts, effects of events, and which source moves first."""
