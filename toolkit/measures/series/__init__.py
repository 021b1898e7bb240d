"""Own the numbers of series: the smooth line, breaks, bursts, interruptions, and who leads whom."""
